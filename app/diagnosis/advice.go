package diagnosis

import (
	"slices"
	"strings"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Advice is what to do at a place instead of what the ladder has there. The zero
// Advice says that the ladder is right.
type Advice struct {
	Move  platforms.Move  `json:"move"`
	About string          `json:"about"`         // the cause, or cool_down, repeated, again, broke_again
	How   string          `json:"how,omitempty"` // taking it says that the cause was waited for
	Owner platforms.Owner `json:"owner,omitempty"`
	Step  platforms.Step  `json:"step"`            // where it is given
	Held  bool            `json:"held,omitempty"`  // Step would destroy something, and is held back
	To    platforms.Step  `json:"to,omitempty"`    // where to go on
	Until time.Time       `json:"until,omitzero"`  // when to look again
	Why   text.Safe       `json:"why"`             // one sentence
	Rests []Fact          `json:"rests,omitempty"` // the facts it rests on
	Own   bool            `json:"own,omitempty"`   // a figure in it is our own caution
	Again bool            `json:"again,omitempty"` // it was said to be put right, and is not

	Check platforms.Check         `json:"-"` // asks whether it is put right, and says how; the zero Check if none does
	Mend  []platforms.Instruction `json:"-"`
	See   platforms.Words         `json:"-"` // how to see that it is done
	Ask   text.Safe               `json:"-"` // what to ask an admin for
	Early text.Safe               `json:"-"` // what ends the wait earlier
	Case  string                  `json:"-"` // the linked case to look at
}

// None tells whether the ladder's own step is right.
func (a Advice) None() bool { return a.Move == "" || a.Move == platforms.GoOn }

// Heaviest is the newest of the facts that weigh most.
func (a Advice) Heaviest() (Fact, bool) {
	var heaviest Fact
	for _, f := range a.Rests {
		if f.Weight.Points() >= heaviest.Weight.Points() {
			heaviest = f
		}
	}
	return heaviest, len(a.Rests) > 0
}

// RestsOn tells whether one of the recorded errors is what the advice rests on.
func (a Advice) RestsOn(errors []ladder.Entry) bool {
	return slices.ContainsFunc(a.Rests, func(f Fact) bool {
		return slices.ContainsFunc(errors, func(e ladder.Entry) bool { return e.Seq == f.Seq })
	})
}

// What advice can be about besides a cause.
const (
	CoolDown = "cool_down" // tries followed one another too fast
	Repeated = "repeated"  // the same failed twice
	Again    = "again"     // a linked case was mended: look again
	Broke    = "broke_again"
	Settling = "settle" // a removal takes its time
)

// Kin is a linked case whose channel hangs on the same login.
type Kin struct {
	Case   string
	Name   text.Safe // of its platform
	Mended time.Time // connected again; zero if it is not
}

// Advise says what to do where the case stands. now is the time, kin are the
// linked cases that share its login.
func (d Diagnosis) Advise(s ladder.State, g platforms.Guide, now time.Time, kin ...Kin) Advice {
	if s.IsEnded() || s.Wait != nil {
		return Advice{}
	}
	a := advisor{d, s, g, now}
	for _, ask := range []func() Advice{func() Advice { return a.again(kin) }, a.detour, a.repeated, a.brokeAgain, a.coolDown} {
		if found := ask(); !found.None() {
			found.Step = s.Step()
			if !overridden(s, found) {
				return found
			}
		}
	}
	return Advice{}
}

type advisor struct {
	Diagnosis
	state ladder.State
	guide platforms.Guide
	now   time.Time
}

// overridden tells whether somebody took this step all the same, and nothing new
// speaks for the advice since. One reason is enough, whatever else is advised here.
func overridden(s ladder.State, a Advice) bool {
	newest := 0
	for _, f := range a.Rests {
		newest = max(newest, f.Seq)
	}
	return slices.ContainsFunc(s.Overrides, func(o ladder.Entry) bool {
		return o.Data.Step == a.Step && o.Seq > newest
	})
}

// destructive are the places where something would be lost.
var destructive = []ladder.Place{ladder.AtDisconnect, ladder.AtClear, ladder.AtFresh}

// connecting are the places where a connection is tried.
var connecting = []ladder.Place{ladder.AtReconnect, ladder.AtRetry, ladder.AtFresh}

// before are the places where one is still asking.
var before = []ladder.Place{ladder.AtChanged, ladder.AtAccount, ladder.AtFreshAccount}

// detour is what the table says about the root cause here.
func (a advisor) detour() Advice {
	root, ok := a.RootSuspect()
	if !ok {
		return Advice{}
	}
	row, ok := rowFor(a.state.Platform, root, a.tried(root.Cause))
	if !ok || !a.applies(root, row) {
		return Advice{}
	}
	return a.fromRow(root, row)
}

// applies tells whether a row of the table matters where the case stands.
func (a advisor) applies(root Suspect, row platforms.Detour) bool {
	at := a.state.Place
	climbing := slices.Contains(connecting, at) || slices.Contains(destructive, at)
	if a.held(row) {
		return true
	}
	switch row.Do {
	case platforms.GoOn:
		return false
	case platforms.WaitUntil, platforms.AskSupport:
		if !rests(root, firsthand...) {
			return false // what only this store's cases say holds back what destroys, and no more
		}
		return climbing || slices.Contains(before, at) || at == ladder.AtChecks || at == ladder.AtMend
	case platforms.FixFirst:
		// What is only likely is tried once, and looked at first where a check asks for it.
		sure := root.Confidence == Certain
		if slices.ContainsFunc(root.For, func(f Fact) bool { return f.gone }) {
			return false // that was said already: what connects is tried, what destroys is held back
		}
		return climbing && (sure || len(a.state.Attempts) > 0) || at == ladder.AtChecks && (sure || !a.canAsk(root.Cause))
	case platforms.SkipTo:
		steps := platforms.Steps()
		return (climbing || at == ladder.AtChecks) && slices.Index(steps, a.state.Step()) < slices.Index(steps, row.To)
	}
	return false
}

// held tells whether the case stands before a step that destroys and cannot cure.
// Where nothing was connected before, there is nothing to destroy.
func (a advisor) held(row platforms.Detour) bool {
	return slices.Contains(destructive, a.state.Place) && !a.state.FirstTime() && a.state.Colour != platforms.Unlisted && !slices.Contains(row.Cures, a.state.Step())
}

// firsthand are the kinds of fact that come from the case itself.
var firsthand = []string{"status", "change", "check", "probe", "error", "tried", "returned", "incident"}

// rests tells whether a fact of one of the kinds speaks for p.
func rests(p Suspect, kinds ...string) bool {
	return slices.ContainsFunc(p.For, func(f Fact) bool { return slices.Contains(kinds, f.kind) })
}

// canAsk tells whether a check that is still open asks for the cause.
func (a advisor) canAsk(c platforms.Cause) bool {
	return slices.ContainsFunc(a.state.Open(), func(id string) bool {
		check, ok := a.guide.Check(id)
		return ok && check.Cause == c
	})
}

// fromRow makes advice of a row of the table.
func (a advisor) fromRow(root Suspect, row platforms.Detour) Advice {
	out := Advice{Move: row.Do, About: string(root.Cause), Owner: row.Owner, To: row.To, Held: a.held(row),
		Rests: root.For, Mend: row.Mend, See: row.See, Ask: row.Request, Again: row.Do == platforms.FixFirst && a.denied(root)}
	fill := func(w platforms.Words) text.Safe { return w.For(a.state.Audience).Fill(a.guide.Vars()) }
	out.Why, out.Early = fill(row.Reason), fill(row.Early)
	out.Check = checkFor(a.guide, root, row)
	switch row.Do {
	case platforms.GoOn: // held back: this cannot help, but connecting can
		out.Move, out.To = platforms.SkipTo, ConnectStep(a.state)
	case platforms.SkipTo:
		out.To = row.To
	case platforms.FixFirst:
		out.To = ConnectStep(a.state)
	case platforms.AskSupport:
		out.To = platforms.Support
	case platforms.WaitUntil:
		out.To, out.Until, out.Own = platforms.Status, waitsUntil(row, newest(root)), row.Certainty == platforms.Unverified
		if named := a.namedEnd(root); !named.IsZero() {
			out.Until, out.Own = named, false
		}
		if spike := platforms.OwnCaution().Spike; !rests(root, firsthand...) { // only this store's cases say so
			out.Until, out.Own, out.Why = newest(root).Add(spike.Look), true, fill(spike.Reason)
		}
		return a.lapsed(root, out)
	}
	return a.possible(out)
}

// possible is advice that leads on: a step that ended here, or would be held back
// itself, is none, and what is left then is the team.
func (a advisor) possible(out Advice) Advice {
	if out.Move != platforms.SkipTo {
		return out
	}
	ended := out.To == ConnectStep(a.state) && len(a.sameFailures(out.To)) > 1
	switch {
	case out.To == a.state.Step() && !out.Held:
		return Advice{}
	case out.Held && (ended || out.To == a.state.Step()):
		out.Move, out.To, out.Owner = platforms.AskSupport, platforms.Support, platforms.Aibrify
		out.Why = text.Const("The same failed twice, and removing cannot cure it. Your team can look further.")
	}
	return out
}

// waitsUntil is when a row's wait that began at from is over.
func waitsUntil(row platforms.Detour, from time.Time) time.Time {
	at, err := time.Parse("15:04", row.At)
	if err != nil {
		return from.Add(row.Wait)
	}
	y, m, d := from.UTC().Date()
	end := time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, time.UTC)
	if !end.After(from) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// newest is when the newest fact that speaks for p was seen.
func newest(p Suspect) time.Time {
	var at time.Time
	for _, f := range p.For {
		at = later(at, f.at)
	}
	return at
}

// lapsed is advice to wait, or, once its time is over, to look again. What only
// this store's cases said is no reason for it any more.
func (a advisor) lapsed(root Suspect, out Advice) Advice {
	switch {
	case a.now.Before(out.Until):
		return out
	case !rests(root, firsthand...):
		return Advice{}
	}
	return Advice{Move: platforms.SkipTo, About: out.About, How: "waited", To: platforms.Status, Rests: out.Rests,
		Why: text.Const("The time that it takes is over. Look again before anything else.")}
}

// ConnectStep is the step at which a connection can be tried now: what was
// disconnected, or never listed, has to be added.
func ConnectStep(s ladder.State) platforms.Step {
	if s.FirstTime() || s.Colour == platforms.Unlisted {
		return platforms.Fresh
	}
	for _, t := range s.Attempts {
		if t.Seq > s.Shown && t.Step == platforms.Disconnect && (t.Answer == "done" || t.Answer == "gone") {
			return platforms.Fresh
		}
	}
	return platforms.Reconnect
}

// namedEnd is when the newest error about the root says that its limit ends; zero
// if it does not say.
func (a advisor) namedEnd(root Suspect) time.Time {
	for _, f := range slices.Backward(root.For) {
		for _, e := range a.state.Errors {
			if f.kind == "error" && e.Seq == f.Seq {
				return NamedEnd(e.Data.Text, e.At)
			}
		}
	}
	return time.Time{}
}

// checkFor is the check that says how to put a cause right: the one that failed,
// else, unless the row says it itself, the first that has the cause.
func checkFor(g platforms.Guide, root Suspect, row platforms.Detour) platforms.Check {
	for _, f := range root.For {
		if f.kind == "check" {
			c, _ := g.Check(strings.TrimPrefix(f.Rule, checkRule))
			return c
		}
	}
	for _, c := range slices.Concat(g.Checks, g.Tests) {
		if c.Cause == root.Cause && len(row.Mend) == 0 {
			return c
		}
	}
	return platforms.Check{}
}

// mended is how it is said that a cause was put right.
const mended = "mended"

// denied tells whether a cause was said to be put right, and was found since by
// whoever looked or asked: then it was not.
func (a advisor) denied(p Suspect) bool {
	return slices.ContainsFunc(a.state.Settled, func(done ladder.Settled) bool {
		return done.How == mended && done.Cause == string(p.Cause) &&
			slices.ContainsFunc(p.For, func(f Fact) bool { return f.is && f.Seq > done.Seq })
	})
}

// tried is what was tried against a cause, in the words of the table.
func (a advisor) tried(c platforms.Cause) []string {
	var words []string
	root, _ := a.RootSuspect()
	for _, done := range a.state.Settled {
		if done.Cause == string(c) && done.Seq > a.state.Shown && (done.How != mended || !a.denied(root)) {
			words = append(words, done.How)
		}
	}
	for _, t := range a.state.Attempts {
		// The try that told of the cause is not one that was made against it; its error
		// stands right before it.
		if t.Connects() && t.Answer != "connected" && t.Seq > root.since+1 {
			words = append(words, "failed")
			break
		}
	}
	return words
}

// rowFor is the first row of the table that fits.
func rowFor(id platforms.ID, p Suspect, tried []string) (platforms.Detour, bool) {
	var next []platforms.Step
	for _, f := range p.For {
		if f.next != "" {
			next = append(next, f.next)
		}
	}
	for _, row := range platforms.Detours() {
		fits := row.Cause == p.Cause &&
			(len(row.Platforms) == 0 || slices.Contains(row.Platforms, id)) &&
			(row.Next == "" || slices.Contains(next, row.Next)) &&
			(row.Tried == "" || slices.Contains(tried, row.Tried))
		if fits {
			return row, true
		}
	}
	return platforms.Detour{}, false
}

// repeated ends a step on which the same failed twice with nothing put right in between.
func (a advisor) repeated() Advice {
	if a.state.Place != ladder.AtReconnect && a.state.Place != ladder.AtRetry {
		return Advice{}
	}
	same := a.sameFailures(platforms.Reconnect)
	if len(same) < 2 {
		return Advice{}
	}
	return Advice{Move: platforms.SkipTo, About: Repeated, To: platforms.Disconnect, Rests: same,
		Why: text.Const("The same failed twice here. A third try changes nothing.")}
}

// brokeAgain leads to the team instead of into another reset, where one was made
// already and did not last, or where it broke more than once.
func (a advisor) brokeAgain() Advice {
	if !slices.Contains(destructive, a.state.Place) || a.state.Breaks == 0 || a.state.Outside != nil {
		return Advice{}
	}
	reset := slices.ContainsFunc(a.state.Attempts, func(t ladder.Attempt) bool {
		return t.Seq < a.state.Round && t.Step == platforms.Fresh && t.Answer == "connected"
	})
	if !reset && a.state.Breaks < 2 || ConnectStep(a.state) == platforms.Fresh {
		return Advice{}
	}
	why := text.Const("It was connected again and broke again, more than once. Your team can look for the reason.")
	if reset {
		why = text.Const("It was set up from scratch already, and broke again. Your team can look for the reason.")
	}
	return Advice{Move: platforms.AskSupport, About: Broke, Owner: platforms.Aibrify, To: platforms.Support, Held: true, Why: why,
		Rests: []Fact{{Seq: a.state.Round, Says: text.Const("It was connected, and broke again."), Grade: platforms.Seen, Rule: Broke, kind: "tried"}}}
}

// sameFailures are the last tries at a step that ended alike, since something was
// put right or waited for.
func (a advisor) sameFailures(step platforms.Step) []Fact {
	since := 0
	for _, done := range a.state.Settled {
		if done.Cause != CoolDown && done.Cause != Settling { // a pause alone changes nothing
			since = max(since, done.Seq)
		}
	}
	var same []Fact
	var last ladder.Attempt
	for _, t := range slices.Backward(a.state.Attempts) {
		if t.Step != step || t.Seq < since || t.Seq < a.state.Shown {
			break
		}
		if len(same) > 0 && (t.Answer != last.Answer || a.errorAt(t) != a.errorAt(last)) {
			break
		}
		last = t
		same = append(same, Fact{Seq: t.Seq, Says: text.Line(t.Answer), Grade: t.Grade, Rule: Repeated, kind: "tried"})
	}
	return same
}

// errorAt is what tells the error of a try apart from another: its text.
func (a advisor) errorAt(t ladder.Attempt) string {
	if t.Answer != "error" {
		return t.Said.String()
	}
	for _, e := range slices.Backward(a.state.Errors) {
		if e.Seq < t.Seq {
			if v := e.Data.Verdict; v != nil && v.Signature != "" {
				return v.Signature
			}
			return e.Data.Text.String()
		}
	}
	return ""
}

// coolDown holds tries apart that follow one another too fast.
func (a advisor) coolDown() Advice {
	if !slices.Contains(connecting, a.state.Place) {
		return Advice{}
	}
	for _, row := range platforms.OwnCaution().CoolDown {
		if len(row.Platforms) > 0 && !slices.Contains(row.Platforms, a.state.Platform) {
			continue
		}
		recent := a.recent(row.Within)
		if len(recent) < row.After {
			return Advice{}
		}
		until := recent[len(recent)-1].At.Add(row.Wait)
		if !a.now.Before(until) || a.waited(recent[len(recent)-1].Seq) {
			return Advice{}
		}
		return Advice{Move: platforms.WaitUntil, About: CoolDown, Owner: platforms.Person, Until: until, Own: true,
			Why:   row.Reason.For(a.state.Audience).Fill(a.guide.Vars()),
			Rests: []Fact{{Seq: recent[len(recent)-1].Seq, Says: text.Format("Failed tries in the last %s minutes: %s", text.Int(int(row.Within.Minutes())), text.Int(len(recent))), Rule: CoolDown, Source: row.Source, Certainty: row.Certainty, kind: "tried"}}}
	}
	return Advice{}
}

// recent are the failed tries of this case within a span before now, oldest first.
func (a advisor) recent(within time.Duration) []ladder.Attempt {
	var list []ladder.Attempt
	for _, t := range a.state.Attempts {
		if t.Connects() && !t.Already && t.Answer != "connected" && t.At.After(a.now.Add(-within)) && !t.At.After(a.now) {
			list = append(list, t)
		}
	}
	return list
}

// waited tells whether a cool-down was waited for since seq.
func (a advisor) waited(seq int) bool {
	return slices.ContainsFunc(a.state.Settled, func(done ladder.Settled) bool { return done.Cause == CoolDown && done.Seq > seq })
}

// again asks to look once more where a linked case on the same login was mended
// since this one was looked at.
func (a advisor) again(kin []Kin) Advice {
	at := a.state.Place
	if !slices.Contains(before, at) && !slices.Contains(connecting, at) && !slices.Contains(destructive, at) && at != ladder.AtChecks {
		return Advice{}
	}
	for _, k := range kin {
		if k.Mended.IsZero() || k.Mended.Before(a.looked()) {
			continue
		}
		return Advice{Move: platforms.SkipTo, About: Again, To: platforms.Status, Case: k.Case,
			Why: text.Format("%s is connected again, and both hang on one login.", k.Name)}
	}
	return Advice{}
}

// looked is when the dashboard was looked at last.
func (a advisor) looked() time.Time {
	at := a.state.Opened
	for _, t := range a.state.Attempts {
		at = later(at, t.At)
	}
	for _, e := range a.state.Seen {
		if e.Data.Item == Again {
			at = later(at, e.At)
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// NextCheck is the check to ask next: of those that are open, one for the
// likeliest cause, else the first.
func (d Diagnosis) NextCheck(s ladder.State, g platforms.Guide) string {
	open := s.Open()
	for _, p := range d.Suspects {
		if p.Confidence == RuledOut || p.Follows != "" {
			continue
		}
		for _, id := range open {
			if c, ok := g.Check(id); ok && c.Cause == p.Cause {
				return id
			}
		}
	}
	if len(open) == 0 {
		return ""
	}
	return open[0]
}
