package ladder

import (
	"cmp"
	"maps"
	"slices"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Refusal says why an event was not taken. The case is as it was.
type Refusal struct {
	Place  Place
	Event  Event
	Reason text.Safe // fit for the screen
}

func (r *Refusal) Error() string {
	return "ladder: " + string(r.Event.Kind) + " at " + string(r.Place) + ": " + r.Reason.String()
}

// Next is the state after e. It is total and pure: every event in every state
// gives a new state or a [*Refusal].
func Next(s State, e Event) (State, error) {
	refuse := func(why text.Safe) (State, error) {
		return s, &Refusal{Place: s.Place, Event: e, Reason: why}
	}
	if e.Seq != s.Seq+1 {
		return refuse(text.Const("The case has moved on since."))
	}
	next, why := s.take(e)
	if !why.Empty() {
		return refuse(why)
	}
	next.Seq, next.Last = e.Seq, e.At
	return next, nil
}

// Replay folds a log into the state it describes. An event that is refused stops it.
func Replay(log []Event) (State, error) {
	var s State
	for _, e := range log {
		next, err := Next(s, e)
		if err != nil {
			return s, err
		}
		s = next
	}
	return s, nil
}

// take is s after e, or why not.
func (s State) take(e Event) (State, text.Safe) {
	if s.Seq == 0 {
		return open(e)
	}
	if e.Kind == CaseOpened {
		return s, text.Const("The case is open already.")
	}
	if e.Kind == WentBack {
		return s.back(e)
	}
	rule, known := kinds[e.Kind]
	switch {
	case !known:
		return s, text.Const("This version does not know that kind of event.")
	case s.IsEnded() && !rule.ended:
		return s, text.Const("The case has ended. Reopen it first.")
	}
	if rule.needs != nil {
		if missing := rule.needs(e.Data); !missing.Empty() {
			return s, missing
		}
	}
	if rule.keep != nil {
		rule.keep(&s.Kept, e, s.Position)
		return s, text.Safe{}
	}
	to, why := s.target(e)
	if !why.Empty() {
		return s, why
	}
	return s.moved(e, rule, to), text.Safe{}
}

// target is where e leads from here, or why it leads nowhere.
func (s State) target(e Event) (Place, text.Safe) {
	switch e.Kind { //nolint:exhaustive // what works at every open place; the rest is in the table
	case CaseReopened:
		return s.reopensAt()
	case CaseClosed:
		return EndClosed, text.Safe{}
	case MessageSent:
		return EndSent, text.Safe{}
	case WaitStarted:
		return s.Place, text.Safe{}
	case WaitEnded:
		if s.Wait == nil {
			return "", text.Const("The case does not wait.")
		}
		return s.Place, text.Safe{}
	}
	if s.Wait != nil {
		return "", text.Const("The case waits. End the wait first.")
	}
	if e.Kind == DetourTaken {
		return cmp.Or(e.Data.To, entrances[e.Data.Step]), text.Safe{}
	}
	if e.Data.Place != "" && e.Data.Place != s.Place {
		return "", text.Const("The case is at another step now.")
	}
	if e.Kind == CheckDone && !slices.Contains(s.Open(), e.Data.Item) || e.Kind == CheckMended && e.Data.Item != s.Failing() {
		return "", text.Const("Another check is next.")
	}
	to, ok := lookUp(s.Place, e.Kind, e.Data.Answer)
	if !ok {
		return "", text.Const("That is no answer to this step.")
	}
	if len(e.Data.Checks) > 0 && to != AtProof {
		return AtChecks, text.Safe{} // a try that failed in a way that can be looked into
	}
	if to == AtSupport && s.Place == AtFresh && s.FirstTime() && s.Pending() != "" {
		return AtChecks, text.Safe{} // the platform's checks come first
	}
	return s.limited(e, to), text.Safe{}
}

// limited is to, unless e has come too often.
func (s State) limited(e Event, to Place) Place {
	for _, l := range limits {
		if on(string(e.Kind)+"/"+e.Data.Answer) != l.on {
			continue
		}
		times := 1
		for p := &s.Position; p != nil && p.by.Seq > s.Round; p = p.before {
			if p.by.Kind == e.Kind && p.by.Data.Answer == e.Data.Answer {
				times++
			}
		}
		if times >= l.times {
			return l.to
		}
	}
	return to
}

// reopensAt is where an ended case goes on: at the status if it was connected,
// else where it ended.
func (s State) reopensAt() (Place, text.Safe) {
	switch s.Place {
	case EndConnected, EndNothing:
		return AtStatus, text.Safe{}
	case EndSent, EndClosed:
		return s.before.Place, text.Safe{}
	default:
		return "", text.Const("The case is open.")
	}
}

// moved is s at to, with the position before it remembered.
func (s State) moved(e Event, r rule, to Place) State {
	before := s.Position
	s.before, s.by = &before, e
	if r.move != nil {
		r.move(&s.Position, e)
	}
	s.settle(e, to)
	s.Place = to
	if to == AtChecks && s.Pending() == "" {
		s.Place = s.afterChecks()
	}
	s.enter()
	return s
}

// afterChecks is where it goes on when all checks are answered: the connection is
// tried once more, the way it was tried before.
func (s State) afterChecks() Place {
	if s.FirstTime() || s.failedFresh() {
		return AtFresh
	}
	return AtRetry
}

// settle forgets what e makes untrue.
func (s *State) settle(e Event, to Place) {
	switch {
	case e.Kind == CaseReopened && to == AtStatus: // what does the dashboard show now?
		s.Ended, s.Colour, s.Visited = "", "", nil
		if e.Data.Answer == broke {
			s.Breaks++
			s.Round, s.Changes, s.Changed, s.Brought, s.Settled = e.Seq, nil, false, nil, nil
		}
	case e.Kind == CaseReopened:
		s.Ended = ""
	case to == AtProof: // connected: nothing of what was clicked outside still stands
		s.Outside, s.Shown = nil, e.Seq
	case (e.Kind == Attempted || e.Kind == AlreadyTried) && e.Data.Answer == "done":
		at := s.before.Step()
		s.Outside = slices.DeleteFunc(slices.Clone(s.Outside), func(step platforms.Step) bool { return step == at })
	}
}

// enter counts the visit to the place and its step.
func (p *Position) enter() {
	if p.before != nil && p.before.Place == p.Place && p.Place != AtChecks {
		return
	}
	p.Visits = maps.Clone(p.Visits)
	if p.Visits == nil {
		p.Visits = map[Place]int{}
	}
	p.Visits[p.Place]++
	if step := steps[p.Place]; step != "" && (len(p.Visited) == 0 || p.Visited[len(p.Visited)-1] != step) {
		p.Visited = add(p.Visited, step)
	}
}

// back takes back the last answer that moved the case.
func (s State) back(Event) (State, text.Safe) {
	if s.before == nil {
		return s, text.Const("There is no answer to take back.")
	}
	for {
		taken := s.by
		s.Struck = add(s.Struck, taken.Seq)
		if step := outside(taken, s.before.Step()); step != "" && !slices.Contains(s.Outside, step) {
			s.Outside = add(s.Outside, step)
		}
		s.Position = *s.before
		if !taken.Data.With || s.before == nil {
			return s, text.Safe{}
		}
	}
}

// outside is the step whose click outside of this program e reported, if going
// back does not undo it.
func outside(e Event, at platforms.Step) platforms.Step {
	switch {
	case (e.Kind == Attempted || e.Kind == AlreadyTried) && e.Data.Answer == "done", e.Kind == MessageSent:
		return at
	default:
		return ""
	}
}

// open is the first state of a case.
func open(e Event) (State, text.Safe) {
	d := e.Data
	switch {
	case e.Kind != CaseOpened:
		return State{}, text.Const("A case has to be opened first.")
	case d.Platform == "":
		return State{}, text.Const("A case needs a platform.")
	}
	s := State{Opened: e.At, Case: Case{Platform: d.Platform, Customer: d.Customer, Audience: d.Audience,
		Group: d.Group, Checks: slices.Clone(d.Checks)}}
	if s.Audience == "" {
		s.Audience = platforms.Own
	}
	s.Account, s.Place, s.by = d.Account, AtStatus, e
	s.enter()
	return s, text.Safe{}
}
