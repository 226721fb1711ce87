package diagnosis

import (
	"slices"
	"time"

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

	old bool      // what is weighed was answered anew since: it only tells how long a cause is known
	at  time.Time // of what is weighed
}

// weigh takes the facts of log in their order. What was taken back, what was
// before this round, and what spoke against the connection before it last worked
// is past.
func (w *weighing) weigh(log []ladder.Event) {
	latest := w.latest(log)
	for _, e := range log {
		passed := e.Kind == ladder.CheckDone && e.Data.Answer == string(platforms.Pass)
		if slices.Contains(w.state.Struck, e.Seq) || e.Seq < w.state.Round || e.Seq < w.state.Shown && !passed {
			continue
		}
		newest, asked := latest[w.about(e)]
		w.old = asked && newest != e.Seq // answered anew since
		w.at = e.At
		w.take(e)
	}
}

// about names what an event is an answer to, so that only the newest counts.
func (w *weighing) about(e ladder.Event) string {
	switch e.Kind { //nolint:exhaustive // the others are no facts, or count each
	case ladder.StatusSeen, ladder.ChangeSeen, ladder.AccountReturned:
		return string(e.Kind)
	case ladder.Attempted, ladder.AlreadyTried:
		return "tried/" + e.Data.Answer
	case ladder.CheckDone:
		if c, _ := w.guide.Check(e.Data.Item); c.Cause == platforms.PlatformOutage {
			return incident // the status page was looked at, whoever asked for it
		}
		return "check/" + e.Data.Item
	case ladder.FactSeen:
		if e.Data.Answer == "shared" {
			return "seen/shared"
		}
		return "seen/" + e.Data.Item
	case ladder.ErrorRecorded:
		if v := e.Data.Verdict; v != nil {
			return "error/" + string(v.Cause)
		}
	}
	return ""
}

// incident names the looks at the platform's status page.
const incident = "seen/incident"

// latest is the number of the newest event about each thing.
func (w *weighing) latest(log []ladder.Event) map[string]int {
	newest := map[string]int{}
	for _, e := range log {
		if key := w.about(e); key != "" && !slices.Contains(w.state.Struck, e.Seq) {
			newest[key] = e.Seq
		}
	}
	return newest
}

// take weighs one event.
func (w *weighing) take(e ladder.Event) {
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
	case ladder.ProbeMade:
		w.probe(e)
	}
}

// apply weighs e by the rules for its sort.
func (w *weighing) apply(e ladder.Event, when, is string) {
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
func (w *weighing) check(e ladder.Event) {
	c, ok := w.guide.Check(e.Data.Item)
	outcome := platforms.Outcome(e.Data.Answer)
	if !ok || outcome != platforms.Pass && outcome != platforms.Fail {
		return
	}
	f := Fact{Seq: e.Seq, Grade: e.Data.Grade, Weight: platforms.Strong, Rule: checkRule + c.ID,
		Source: c.Source, Read: c.Read, Certainty: c.Certainty, kind: "check"}
	answer := map[platforms.Outcome]text.Safe{platforms.Pass: text.Const("yes"), platforms.Fail: text.Const("no")}[outcome]
	f.Says = text.Format("%s: %s", c.Title.Fill(w.guide.Vars()), answer)
	f.gone = w.left(e.Seq)
	if outcome == platforms.Fail && e.Data.Grade != platforms.Told {
		f.Weight, f.is = platforms.Decisive, true
	}
	w.add(c.Cause, f, outcome == platforms.Fail)
}

// left tells whether somebody went on without putting right what a check found.
func (w *weighing) left(seq int) bool {
	return slices.ContainsFunc(w.state.Checked, func(c ladder.Checked) bool { return c.Seq == seq && c.Mended == "go_on" })
}

// verdict weighs what a recorded error said when it was recorded.
func (w *weighing) verdict(e ladder.Event) {
	v := e.Data.Verdict
	if v == nil || !v.Connection || v.Cause == platforms.UnknownCause || Foreign(v.Platform, w.state.Platform) {
		return
	}
	f := Fact{Seq: e.Seq, Grade: e.Data.Grade, Weight: platforms.Strong, Rule: v.Signature, Source: v.Source, kind: "error", next: v.Next,
		Says: v.Meaning.Or(text.Const("The recorded error says so."))}
	if v.Confidence == string(Certain) {
		f.Weight = platforms.Decisive
	}
	w.add(v.Cause, f, true)
}

// probeRule begins the name of the rule that a probe's finding has of itself.
const probeRule = "probe."

// aboutGrant are causes that an app's own grant shows, and no other app's: that
// Aibrify's shows them, too, is likely and not certain.
var aboutGrant = []platforms.Cause{platforms.TokenExpired, platforms.PermissionRevoked, platforms.MissingPermission, platforms.WrongAccount}

// AboutGrant tells whether a cause is one that an app's own grant shows.
func AboutGrant(c platforms.Cause) bool { return slices.Contains(aboutGrant, c) }

// aboutAsking are causes that say why the platform could not be asked, and that
// hold for the app that asked alone.
var aboutAsking = []platforms.Cause{platforms.RateLimited, platforms.AppMisconfigured, platforms.UnknownCause, platforms.UserCancelled}

// probe weighs what the platform said itself. What it says of the account is
// decisive; what it says of the grant that asked is strong, and so is what can have
// several causes.
func (w *weighing) probe(e ladder.Event) {
	for _, found := range e.Data.Probe.Findings {
		w.old = !w.state.Stands(e.Seq, e.Data.Probe.Service, found)
		asking := slices.Contains(aboutAsking, found.Cause) && (found.Outcome != platforms.Fail || found.Cause == platforms.UserCancelled)
		f := Fact{Seq: e.Seq, Says: found.Says, Grade: e.Data.Grade, Weight: platforms.Decisive, Rule: probeRule + found.Check,
			Source: text.Join(", ", found.Request, found.Field), Read: e.At.UTC().Format(time.DateOnly), Certainty: platforms.Documented, kind: "probe"}
		switch {
		case found.Outcome == platforms.Pass:
			for _, c := range found.RulesOut {
				w.add(c, f, false)
			}
			continue
		case found.Cause == "", found.Outcome == platforms.Skipped, asking && !e.Data.Probe.Aibrify, w.overruled(e.Seq, found.Cause):
			continue
		case AboutGrant(found.Cause), found.Outcome == platforms.Unsure, len(found.Also) > 0:
			f.Weight = platforms.Strong
		}
		f.is = found.Outcome == platforms.Fail && !AboutGrant(found.Cause) && e.Data.Grade != platforms.Told
		w.add(found.Cause, f, true)
		f.Weight, f.is = platforms.Weak, false
		for _, c := range found.Also {
			w.add(c, f, true)
		}
	}
}

// overruled tells whether somebody looked after a probe, and answered the check that
// looks for a cause otherwise: a person knows better.
func (w *weighing) overruled(seq int, c platforms.Cause) bool {
	return slices.ContainsFunc(w.guide.Checks, func(k platforms.Check) bool { return k.Cause == c && w.state.Overruled(seq, k.ID) })
}

// Foreign tells whether an error is another platform's than the case's. Instagram
// hangs on Facebook, and each speaks in the other's name.
func Foreign(told, id platforms.ID) bool {
	meta := func(p platforms.ID) bool { return p == platforms.Facebook || p == platforms.Instagram }
	return slices.Contains(platforms.IDs(), told) && told != id && !(meta(told) && meta(id))
}

// add puts f to a cause, unless that was put right or waited for since.
func (w *weighing) add(c platforms.Cause, f Fact, speaksFor bool) {
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
	if speaksFor && (p.since == 0 || f.Seq < p.since) {
		p.since = f.Seq
	}
	f.at = w.at
	switch {
	case w.old:
	case speaksFor && f.Weight != platforms.Weak:
		p.Against = slices.DeleteFunc(p.Against, func(o Fact) bool { return o.Seq < f.Seq }) // seen anew: what was looked at before is outdated
		p.For = append(p.For, f)
	case speaksFor:
		p.For = append(p.For, f)
	default:
		p.Against = append(p.Against, f)
	}
}

// mended tells whether the check that f tells of was mended since, or somebody
// knows better.
func (w *weighing) mended(f Fact) bool {
	return slices.ContainsFunc(w.state.Checked, func(c ladder.Checked) bool {
		return c.Seq == f.Seq && (c.Mended == "mended" || c.Mended == "overruled")
	})
}
