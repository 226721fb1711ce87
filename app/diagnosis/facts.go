package diagnosis

import (
	"slices"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A weighing puts each fact to the causes it speaks for and against.
type weighing struct {
	state ladder.State
	guide platforms.Guide
	rules []platforms.Rule
	by    map[platforms.Cause]*Suspect
}

// weigh takes the facts of log in their order. What was taken back, and what was
// before the connection last worked, is past; checks that passed stay.
func (w weighing) weigh(log []ladder.Event) {
	since := w.lastConnected()
	latest := w.latest(log)
	for _, e := range log {
		if slices.Contains(w.state.Struck, e.Seq) || e.Seq < since && !(e.Kind == ladder.CheckDone && e.Data.Answer == string(platforms.Pass)) {
			continue
		}
		if newest, asked := latest[about(e)]; asked && newest != e.Seq {
			continue // answered anew since
		}
		w.take(e)
	}
}

// lastConnected is the number of the try that connected last; 0 if none did.
func (w weighing) lastConnected() int {
	for _, a := range slices.Backward(w.state.Attempts) {
		if a.Answer == "connected" {
			return a.Seq
		}
	}
	return 0
}

// about names what an event is an answer to, so that only the newest counts.
func about(e ladder.Event) string {
	switch e.Kind { //nolint:exhaustive // the others are no facts, or count each
	case ladder.StatusSeen, ladder.ChangeSeen, ladder.AccountReturned:
		return string(e.Kind)
	case ladder.Attempted, ladder.AlreadyTried:
		return "tried/" + e.Data.Answer
	case ladder.CheckDone:
		return "check/" + e.Data.Item
	case ladder.FactSeen:
		return "seen/" + e.Data.Item
	case ladder.ErrorRecorded:
		if v := e.Data.Verdict; v != nil {
			return "error/" + string(v.Cause)
		}
	}
	return ""
}

// latest is the number of the newest event about each thing.
func (w weighing) latest(log []ladder.Event) map[string]int {
	newest := map[string]int{}
	for _, e := range log {
		if key := about(e); key != "" && !slices.Contains(w.state.Struck, e.Seq) {
			newest[key] = e.Seq
		}
	}
	return newest
}

// take weighs one event.
func (w weighing) take(e ladder.Event) {
	switch e.Kind { //nolint:exhaustive // the others say nothing about a cause
	case ladder.StatusSeen:
		w.apply(e, "status", e.Data.Answer)
	case ladder.ChangeSeen:
		for _, item := range e.Data.Items {
			w.apply(e, "change", item)
		}
	case ladder.Attempted, ladder.AlreadyTried:
		w.apply(e, "tried", e.Data.Answer)
	case ladder.AccountReturned:
		w.apply(e, "returned", e.Data.Answer)
	case ladder.FactSeen:
		w.apply(e, e.Data.Item, e.Data.Answer)
	case ladder.CheckDone:
		w.check(e)
	case ladder.ErrorRecorded:
		w.verdict(e)
	}
}

// apply weighs e by the rules for its sort.
func (w weighing) apply(e ladder.Event, when, is string) {
	for _, r := range w.rules {
		if r.When != when || r.Is != "" && r.Is != is || len(r.Platforms) > 0 && !slices.Contains(r.Platforms, w.state.Platform) {
			continue
		}
		f := Fact{Seq: e.Seq, Says: r.Says.For(w.state.Audience).Fill(w.guide.Vars()), Grade: e.Data.Grade, Weight: r.Weight, Rule: r.ID,
			Source: r.Source, Read: r.Read, Certainty: r.Certainty, kind: when}
		for _, c := range r.For {
			w.add(c, f, true)
		}
		for _, c := range r.Against {
			w.add(c, f, false)
		}
	}
}

// checkRule begins the name of the rule that a check has of itself.
const checkRule = "check."

// check weighs a check: what fails speaks for its cause, what passes against it.
// That somebody sees it fail is decisive; that somebody says so is not.
func (w weighing) check(e ladder.Event) {
	c, ok := w.guide.Check(e.Data.Item)
	outcome := platforms.Outcome(e.Data.Answer)
	if !ok || outcome != platforms.Pass && outcome != platforms.Fail {
		return
	}
	f := Fact{Seq: e.Seq, Grade: e.Data.Grade, Weight: platforms.Strong, Rule: checkRule + c.ID,
		Source: c.Source, Read: c.Read, Certainty: c.Certainty, kind: "check"}
	answer := map[platforms.Outcome]text.Safe{platforms.Pass: text.Const("yes"), platforms.Fail: text.Const("no")}[outcome]
	f.Says = text.Format("%s %s", c.Ask.For(platforms.Own).Fill(w.guide.Vars()), answer)
	if outcome == platforms.Fail && e.Data.Grade != platforms.Told {
		f.Weight = platforms.Decisive
	}
	w.add(c.Cause, f, outcome == platforms.Fail)
}

// verdict weighs what a recorded error said when it was recorded.
func (w weighing) verdict(e ladder.Event) {
	v := e.Data.Verdict
	if v == nil || !v.Connection || v.Cause == platforms.UnknownCause {
		return
	}
	f := Fact{Seq: e.Seq, Grade: e.Data.Grade, Weight: platforms.Strong, Rule: v.Signature, Source: v.Source, kind: "error", next: v.Next,
		Says: v.Meaning.Or(text.Const("The recorded error says so."))}
	if v.Confidence == string(Certain) {
		f.Weight = platforms.Decisive
	}
	w.add(v.Cause, f, true)
}

// add puts f to a cause, unless that was put right or waited for since.
func (w weighing) add(c platforms.Cause, f Fact, speaksFor bool) {
	for _, done := range w.state.Settled {
		if speaksFor && done.Cause == string(c) && done.Seq > f.Seq {
			return
		}
	}
	if speaksFor && f.kind == "check" && w.mended(f) {
		return
	}
	p, ok := w.by[c]
	if !ok {
		p = &Suspect{Cause: c}
		w.by[c] = p
	}
	if speaksFor {
		p.For = append(p.For, f)
	} else {
		p.Against = append(p.Against, f)
	}
}

// mended tells whether the check that f tells of was mended since.
func (w weighing) mended(f Fact) bool {
	return slices.ContainsFunc(w.state.Checked, func(c ladder.Checked) bool { return c.Seq == f.Seq && c.Mended == "mended" })
}
