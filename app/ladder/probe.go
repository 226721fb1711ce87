package ladder

import (
	"slices"

	"reconnect/platforms"
)

// answered tells whether a finding is an answer, and not why there was none.
func (f Finding) answered() bool { return f.Outcome == platforms.Pass || f.Outcome == platforms.Fail }

// Ready tells whether all that was asked is in order, and something was asked.
func (p Probe) Ready() bool {
	passed := false
	for _, f := range p.Findings {
		if f.Outcome == platforms.Fail || f.Outcome == platforms.Unsure {
			return false
		}
		passed = passed || f.Outcome == platforms.Pass
	}
	return passed
}

// replaces tells whether what p found takes the place of a finding of an earlier probe
// of the same service: it answers the same question, or all of p got past what was
// asked then. What could not be checked takes no answer back.
func (p Probe) replaces(f Finding) bool {
	if i := slices.IndexFunc(p.Findings, func(n Finding) bool { return n.Check == f.Check }); i >= 0 {
		return p.Findings[i].answered() || !f.answered()
	}
	return slices.ContainsFunc(p.Findings, func(n Finding) bool { return n.Outcome == platforms.Pass })
}

// Stands tells whether a finding of the probe with that number is still what the
// platform said last.
func (k Kept) Stands(seq int, service string, f Finding) bool {
	return !slices.ContainsFunc(k.Probes, func(e Entry) bool {
		return e.Seq > seq && e.Data.Probe.Service == service && e.Data.Probe.replaces(f)
	})
}

// A Told is a finding with the probe that brought it.
type Told struct {
	Probe   Entry
	Finding Finding
}

// Told are the findings that still stand, those of the newest probe first.
func (k Kept) Told() []Told {
	var all []Told
	for _, e := range slices.Backward(k.Probes) {
		for _, f := range e.Data.Probe.Findings {
			if k.Stands(e.Seq, e.Data.Probe.Service, f) {
				all = append(all, Told{e, f})
			}
		}
	}
	return all
}

// Overruled tells whether somebody answered a check of the guide with yes after the
// probe with that number said no for the cause that the check looks for.
func (p Position) Overruled(seq int, check string) bool {
	c, ok := p.Check(check)
	return ok && c.Seq > seq && c.Outcome == platforms.Pass && c.Grade != platforms.Probed
}
