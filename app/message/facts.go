package message

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"reconnect/app/diagnosis"
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
		Account:  Account{s.AccountName(), s.LoginName(), s.Returned, s.CameBack, s.CustomerName(), s.LastBy},
		Alerts:   slices.Clone(s.Alerts),
		Snapshot: snapshot(s.Snapshot), Diagnosis: diagnosis.Of(s, log, g),
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
		m.Gaps = append(m.Gaps, Note{e.Seq, utc(e.At), e.Step, e.Data.Item, Instruction(stood[e.Seq], log, e.Event, g), e.Data.Text})
	}
	c := Score(s, g)
	m.Complete = c.Score
	for _, p := range c.Missing {
		m.Missing = append(m.Missing, p.ID)
	}
	m.takeOut(log)
	m.Problem = problem(m.Tried, s, log) // what is lifted out of the texts comes behind takeOut
	for i, e := range m.Errors {
		if len(e.IDs) == 0 { // older programs did not record them
			m.Errors[i].IDs = RequestIDs(e.Text)
		}
	}
	return m
}

func snapshot(of *ladder.Snapshot) *Snapshot {
	if of == nil {
		return nil
	}
	s := &Snapshot{Seq: of.Seq, At: utc(of.At), Connected: of.Connected, By: of.By}
	if of.Counted {
		queue := of.Queue
		s.Queue = &queue
	}
	return s
}

// record fills in what was written down.
func (m *Message) record(k ladder.Kept) {
	for _, e := range slices.Backward(k.Errors) {
		m.Errors = append(m.Errors, Error{Seq: e.Seq, At: utc(e.At), Step: e.Step, Text: e.Data.Text, None: noMessage(e),
			Removed: slices.Clone(e.Data.Removed), IDs: slices.Clone(e.Data.IDs), Verdict: clone(e.Data.Verdict)})
	}
	for _, e := range slices.Backward(k.Probes) {
		p := *e.Data.Probe
		p.Findings = slices.DeleteFunc(slices.Clone(p.Findings), func(f ladder.Finding) bool { return !k.Stands(e.Seq, p.Service, f) })
		if len(p.Findings) > 0 { // what was asked anew since says nothing any more
			m.Probes = append(m.Probes, Probe{e.Seq, utc(e.At), p})
		}
	}
	m.NoIDs = slices.ContainsFunc(k.Seen, noIDs)
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

// clone is a copy of *p: takeOut cleans what the message holds, never the log.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
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

// Instruction is the guide's instruction that e is about, as it was on the page of
// a case that stood like s before it; empty if the guide has none there. log is the
// whole log.
func Instruction(s ladder.State, log []ladder.Event, e ladder.Event, g platforms.Guide) text.Safe {
	vars := g.Vars()
	vars["account"], vars["use"] = s.AccountName().Or(vars["account"]), s.LoginName().Or(vars["use"])
	at := slices.IndexFunc(log, func(o ladder.Event) bool { return o.Seq == e.Seq })
	item, list := e.Data.Item, []platforms.Instruction(nil)
	if advised, ok := strings.CutPrefix(item, Advised); ok {
		item, list = advised, advice(s, log[:max(0, at)], g, e.At)
	} else {
		list = instructions(s, log[:max(0, at)], g, e.Data.Page)
	}
	for _, i := range list {
		if i.ID == item {
			return i.Text.For(platforms.Own).Fill(vars)
		}
	}
	return text.Safe{}
}

// Advised begins the items of advice: its ticks are not those of the page below.
const Advised = "advice."

// advice is what was advised to do at a time. What an error says is not in it.
func advice(s ladder.State, log []ladder.Event, g platforms.Guide, at time.Time) []platforms.Instruction {
	a := diagnosis.Of(s, log, g).Advise(s, g, at)
	if len(a.Check.Mend) > 0 {
		return a.Check.Mend
	}
	return a.Mend
}

// instructions are what the page of a case that stands like s tells to do. page is
// its name, if it was recorded.
func instructions(s ladder.State, log []ladder.Event, g platforms.Guide, page string) []platforms.Instruction {
	var all []platforms.Instruction
	switch s.Place { //nolint:exhaustive // the others have a page of their own
	case ladder.AtChecks:
		id, named := strings.CutPrefix(page, "check.")
		if !named {
			id = diagnosis.Of(s, log, g).NextCheck(s, g)
		}
		if c, ok := g.Check(id); ok {
			return c.How
		}
	case ladder.AtMend:
		if c, ok := g.Check(s.Failing()); ok {
			return c.Mend
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
		known, _ := g.Check(id)
		return Check{ID: id, Title: known.Title.Fill(g.Vars()).Or(text.Line(id))}
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
	for _, id := range s.Open() {
		all = append(all, titled(id))
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
		all = append(all, Tried{Seq: o.Seq, At: utc(o.At), Kind: Override, Step: o.Data.Step, About: o.Data.Item, Text: o.Data.Text})
	}
	waiting := -1
	for e := range standing(s, log) {
		t := Tried{Seq: e.Seq, At: utc(e.At), About: e.Data.Item, Text: e.Data.Text}
		switch e.Kind { // the other kinds are no steps, or are in the state
		case ladder.DetourTaken:
			t.Kind, t.Step, t.Answer = Detour, e.Data.Step, e.Data.Answer
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
