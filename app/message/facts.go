package message

import (
	"cmp"
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Of is the support message of the case id. Its people read times in the zone of
// now. g names the platform, its checks and what may have changed; what it does
// not know is named by its id.
func Of(id string, s ladder.State, log []ladder.Event, g platforms.Guide, now time.Time) Message {
	m := Message{
		Schema: Schema, Case: text.Line(id), Made: utc(now), Opened: utc(s.Opened), zone: now.Location(),
		Platform: s.Platform, Name: g.Name.Or(text.Line(string(s.Platform))), Noun: g.Noun.Or(text.Const("account")),
		First: s.FirstTime(), Own: s.Edit, agent: s.Audience == platforms.Agent,
		Account: Account{s.AccountName(), s.LoginName(), s.Returned, s.CameBack, s.CustomerName()},
		Alerts:  slices.Clone(s.Alerts),
	}
	stood := Before(log)
	m.Outside = outside(s, log, stood)
	if s.Missed != nil {
		m.Missed = &Missed{s.Missed.Answer, s.Missed.Count}
	}
	if s.Changed {
		m.Changed = changed(s, g)
	}
	m.Tried = tried(s, log)
	m.Checks = checks(s, log, g)
	m.record(s.Kept)
	for _, e := range s.Gaps {
		m.Gaps = append(m.Gaps, Note{e.Seq, utc(e.At), e.Step, e.Data.Item, Instruction(stood[e.Seq], g, e.Data.Item), e.Data.Text})
	}
	c := Score(s, g)
	m.Complete = c.Score
	for _, p := range c.Missing {
		m.Missing = append(m.Missing, p.ID)
	}
	m.takeOut(log)
	m.Problem = problem(m.Tried, s, log) // what is lifted out of the texts comes behind takeOut
	for i := range m.Errors {
		m.Errors[i].IDs = RequestIDs(m.Errors[i].Text)
	}
	return m
}

// record fills in what was written down.
func (m *Message) record(k ladder.Kept) {
	for _, e := range slices.Backward(k.Errors) {
		m.Errors = append(m.Errors, Error{Seq: e.Seq, At: utc(e.At), Step: e.Step, Text: e.Data.Text,
			None: e.Data.Answer == "none" && e.Data.Text.Empty(), Removed: slices.Clone(e.Data.Removed), Verdict: e.Data.Verdict})
	}
	for _, e := range k.Shots {
		if e.Data.Answer == "none" && e.Data.File == "" {
			m.NoShot = true
			continue
		}
		m.Shots = append(m.Shots, Shot{e.Seq, utc(e.At), e.Data.File, e.Data.Text})
	}
	for _, e := range k.Notes {
		m.Notes = append(m.Notes, Note{Seq: e.Seq, At: utc(e.At), Step: e.Step, Text: e.Data.Text})
	}
}

// Before is where the case stood before each event of log, by the event's number.
func Before(log []ladder.Event) map[int]ladder.State {
	stood := make(map[int]ladder.State, len(log))
	var s ladder.State
	for _, e := range log {
		stood[e.Seq] = s
		if next, err := ladder.Next(s, e); err == nil {
			s = next
		}
	}
	return stood
}

// outside are the steps that were taken back here but clicked outside. One that
// was done again since is not among them: that one is told as it stands.
func outside(s ladder.State, log []ladder.Event, stood map[int]ladder.State) []platforms.Step {
	var steps []platforms.Step
	for _, step := range s.Outside {
		taken, done := 0, 0 // numbers of the last event of each sort
		for _, e := range log {
			clicked := (e.Kind == ladder.Attempted || e.Kind == ladder.AlreadyTried) && e.Data.Answer == "done" || e.Kind == ladder.MessageSent
			switch {
			case !clicked || stood[e.Seq].Step() != step:
			case slices.Contains(s.Struck, e.Seq):
				taken = e.Seq
			default:
				done = e.Seq
			}
		}
		if done <= taken {
			steps = append(steps, step)
		}
	}
	return steps
}

// WholePage is the item of a gap that is about no single instruction.
const WholePage = "page"

// Instruction is the guide's instruction item, as it was on the page of a case
// that stood like s; empty if the guide has none there.
func Instruction(s ladder.State, g platforms.Guide, item string) text.Safe {
	vars := g.Vars()
	vars["account"], vars["use"] = s.AccountName().Or(vars["account"]), s.LoginName().Or(vars["use"])
	for _, i := range instructions(s, g) {
		if i.ID == item {
			return i.Text.For(platforms.Own).Fill(vars)
		}
	}
	return text.Safe{}
}

// instructions are what the page of a case that stands like s tells to do.
func instructions(s ladder.State, g platforms.Guide) []platforms.Instruction {
	var all []platforms.Instruction
	switch s.Place { //nolint:exhaustive // the others have a page of their own
	case ladder.AtChecks, ladder.AtMend:
		for _, c := range g.Checks {
			switch {
			case s.Place == ladder.AtChecks && c.ID == s.Pending():
				return c.How
			case s.Place == ladder.AtMend && c.ID == s.Failing():
				return c.Mend
			}
		}
	case ladder.AtBefore:
		for i, note := range g.Before {
			all = append(all, platforms.Instruction{ID: "before" + text.Int(i+1).String(), Text: note.Text})
		}
	case ladder.AtFreshAccount:
		return g.Pages[string(ladder.AtAccount)].Do
	}
	return append(all, g.Pages[string(s.Place)].Do...)
}

func changed(s ladder.State, g platforms.Guide) *Changed {
	c := &Changed{}
	for _, id := range s.Changes {
		label := text.Line(id)
		for _, known := range g.Changes {
			if known.ID == id {
				label = known.Label.Or(label)
			}
		}
		c.Items = append(c.Items, Named{id, label})
	}
	return c
}

// checks are the answered checks in the order of their answers, then the open ones.
func checks(s ladder.State, log []ladder.Event, g platforms.Guide) []Check {
	titled := func(id string) Check {
		c := Check{ID: id, Title: text.Line(id)}
		for _, known := range g.Checks {
			if known.ID == id {
				c.Title = known.Title.Or(c.Title)
			}
		}
		return c
	}
	var all []Check
	for _, done := range s.Checked {
		c := titled(done.ID)
		c.Outcome, c.Mended = done.Outcome, done.Mended
		if known := done.Outcome == platforms.Pass || done.Outcome == platforms.Fail; known {
			c.Grade = done.Grade // of what was not found out there is no evidence
		}
		if i := slices.IndexFunc(log, func(e ladder.Event) bool { return e.Seq == done.Seq }); i >= 0 {
			c.At = utc(log[i].At)
		}
		all = append(all, c)
	}
	for _, id := range s.Checks {
		if _, done := s.Check(id); !done {
			all = append(all, titled(id))
		}
	}
	return all
}

// tried is what was tried, oldest first. What was taken back is not in it.
func tried(s ladder.State, log []ladder.Event) []Tried {
	var all []Tried
	red := disconnected(s, log)
	for _, a := range s.Attempts {
		all = append(all, Tried{Seq: a.Seq, At: utc(a.At), Kind: Attempt, Step: a.Step, Answer: a.Answer,
			Grade: a.Grade, Already: a.Already, When: a.When, Text: a.Said, still: red[a.Seq] && !a.Already})
	}
	for _, o := range s.Overrides {
		all = append(all, Tried{Seq: o.Seq, At: utc(o.At), Kind: Override, Step: o.Data.Step, Text: o.Data.Text})
	}
	waiting := -1
	for e := range standing(s, log) {
		t := Tried{Seq: e.Seq, At: utc(e.At), Text: e.Data.Text}
		switch e.Kind { // the other kinds are no steps, or are in the state
		case ladder.DetourTaken:
			t.Kind, t.Step = Detour, e.Data.Step
		case ladder.AccountReturned:
			t.Kind, t.Answer, t.Grade = Returned, e.Data.Answer, e.Data.Grade
		case ladder.WaitStarted:
			t.Kind, t.Until, t.Early = Wait, utc(e.Data.Until), e.Data.Early
			waiting = len(all)
		case ladder.WaitEnded:
			if waiting >= 0 {
				all[waiting].Answer, all[waiting].Ended = e.Data.Answer, utc(e.At)
			}
			continue
		default:
			continue
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b Tried) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// disconnected tells, by the number of an attempt, whether the dashboard showed
// Disconnected before it.
func disconnected(s ladder.State, log []ladder.Event) map[int]bool {
	before := map[int]bool{}
	red := false
	for e := range standing(s, log) {
		before[e.Seq] = red
		i := slices.IndexFunc(s.Attempts, func(a ladder.Attempt) bool { return a.Seq == e.Seq })
		colour, _ := shown(e)
		switch {
		case colour != "":
			red = colour == platforms.Red
		case i >= 0 && s.Attempts[i].Step == platforms.Disconnect && e.Data.Answer != "stuck":
			red = false // it is not listed any more
		}
	}
	return before
}

// problem is what the dashboard shows by the newest answer about it, and the
// tries to connect.
func problem(all []Tried, s ladder.State, log []ladder.Event) Problem {
	p := Problem{Mended: s.Place == ladder.AtProof || s.Place == ladder.AtMissed || s.Place == ladder.EndConnected}
	for e := range standing(s, log) {
		colour, failing := shown(e)
		if colour == "" || colour == p.Shows && failing == p.Failing {
			continue
		}
		p.Shows, p.Failing, p.Since = colour, failing, utc(e.At)
	}
	if p.Shows == "" {
		p.Shows = s.Colour
	}
	for _, t := range all {
		switch {
		case !t.connects():
		case t.Already:
			p.Before++
			if p.Tries == 0 {
				p.Last = &t
			}
		default:
			p.Tries++
			p.Last = &t
		}
	}
	return p
}

// shown is the colour that e says the dashboard shows; empty if it says nothing
// about it. What was tried before the case is no news about now.
func shown(e ladder.Event) (c platforms.Colour, failing bool) {
	switch e.Kind { //nolint:exhaustive // the others say nothing about the dashboard
	case ladder.StatusSeen:
		if e.Data.Answer == "failing" {
			return platforms.Green, true
		}
		return platforms.Colour(e.Data.Answer), false
	case ladder.Attempted:
		return map[string]platforms.Colour{"connected": platforms.Green, "warning": platforms.Yellow,
			"disconnected": platforms.Red}[e.Data.Answer], false
	}
	return "", false
}

// connects tells whether t was a try to connect.
func (t Tried) connects() bool {
	return t.Kind == Attempt && (t.Step == platforms.Reconnect || t.Step == platforms.Fresh)
}

// standing are the events of log that were not taken back.
func standing(s ladder.State, log []ladder.Event) func(yield func(ladder.Event) bool) {
	return func(yield func(ladder.Event) bool) {
		for _, e := range log {
			if e.Kind != ladder.WentBack && !slices.Contains(s.Struck, e.Seq) && !yield(e) {
				return
			}
		}
	}
}

// utc is t in UTC. A time that RFC 3339 cannot say is none.
func utc(t time.Time) time.Time {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
