package session

import (
	"context"
	"maps"
	"slices"
	"strings"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the pages behind a key that lead back to where one was: already
// tried, why, more, and what is behind it.

// triedAnswers are how a step can have ended that was tried before the case asked for it.
func triedAnswers(p ladder.Place) []string {
	var answers []string
	for _, m := range ladder.Moves(p) {
		if m.Kind == ladder.Attempted && m.Answer != "connected" {
			answers = append(answers, m.Answer)
		}
	}
	return answers
}

// showTried asks how the step ended when it was tried before.
func showTried(_ *Session, v View) screens.Page {
	p := v.guidePage(pageTried)
	p.Name, p.Do, p.Choices = pageTried, nil, nil
	p.Ask = text.Format("How did it end when you tried it before? (%s)", text.Line(v.State.Step().Title()))
	answers := triedAnswers(v.State.Place)
	for _, c := range v.guidePage(guideKey(v.State.Place)).Choices {
		if slices.Contains(answers, c.ID) {
			p.Choices = append(p.Choices, c)
		}
	}
	return p
}

func takeTried(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if a.Pick == "error" {
		return turn{lay: &layer{name: pageError, item: pageTried}}, nil
	}
	d := ladder.Data{Answer: a.Pick, Place: v.State.Place, Grade: platforms.Told}
	return turn{events: one(ladder.AlreadyTried, d), clear: true}, nil
}

// showWhy is the second pane as a page of its own.
func showWhy(_ *Session, v View) screens.Page {
	under := v.below()
	p := screens.Beside(under)
	p.Name, p.Title = pageWhy, text.Format("Why: %s", under.Title)
	if v.verifies() {
		p.Tag = v.endpointsTag()
	}
	return p
}

// more are the pages behind m.
var more = []struct {
	id    string
	label text.Safe
	ended bool // also after the end
}{
	{pageMessage, text.Const("Support message"), true},
	{pageTimeline, text.Const("Timeline"), true},
	{pageScreenshot, text.Const("Add a screenshot"), true},
	{pageWait, text.Const("Wait until a time"), false},
	{pageCorrect, text.Const("Correct the account"), true},
	{"connected", text.Const("It shows Connected now"), false},
	{"broken", text.Const("It shows Disconnected again"), false},
	{pageGoto, text.Const("Go to another step"), false},
	{pageClose, text.Const("Close the case"), false},
	{pageStart, text.Const("All cases"), true},
	{pageCount, text.Const("Missed posts"), true},
	{pageKept, text.Const("Kept answers"), true},
}

func showMore(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageMore, Kind: screens.Steps, Title: text.Const("More"), Ask: text.Const("What would you like to do?")}
	for _, m := range more {
		if v.State.IsEnded() && !m.ended || !v.offers(m.id) {
			continue
		}
		p.Choices = append(p.Choices, screens.Choice{ID: m.id, Label: m.label})
	}
	return p
}

// offers tells whether a page behind m makes sense where the case stands.
func (v View) offers(id string) bool {
	proving := v.State.Place == ladder.AtProof || v.State.Place == ladder.AtMissed
	switch id {
	case "connected":
		return !proving && v.State.Place != ladder.AtStatus && v.State.Place != ladder.AtGreen
	case "broken":
		return proving
	case pageCount: // while the case is open, the message and the end ask for them
		return v.State.IsEnded()
	case pageKept:
		for page := range v.drafts {
			if strings.HasPrefix(page, keptPrefix) {
				return true
			}
		}
		return false
	}
	return true
}

func takeMore(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	switch a.Pick {
	case pageStart:
		return turn{leave: true}, nil
	case pageCount:
		return turn{lift: true, lay: &layer{name: pageCount, item: "missed"}}, nil
	case "connected", "broken":
		seen := map[string]platforms.Colour{"connected": platforms.Green, "broken": platforms.Red}[a.Pick]
		d := ladder.Data{Answer: string(seen), Grade: v.grade()}
		var events []ladder.Event
		if v.State.Wait != nil {
			events = one(ladder.WaitEnded, ladder.Data{Answer: "early"})
		}
		return turn{events: append(events, one(ladder.StatusSeen, d)...), clear: true}, nil
	}
	return turn{lift: true, lay: &layer{name: a.Pick}}, nil
}

// showTimeline is the log of the case, the oldest first.
func showTimeline(s *Session, v View) screens.Page {
	p := screens.Page{Name: pageTimeline, Kind: screens.Reading, Title: text.Format("Timeline of case %s", text.Line(v.Case))}
	p.Body = Timeline(v.Log, v.State, s.Now())
	return p
}

// showCorrect corrects what the case is about.
func showCorrect(_ *Session, v View) screens.Page {
	g := guideOf(v.State.Platform)
	p := v.guidePage(pageCorrect)
	p.Name, p.Kind, p.Do, p.Choices = pageCorrect, screens.Form, nil, nil
	p.Fields = []screens.Field{
		{ID: "account", Kind: screens.Word, Label: text.Format("The %s in Aibrify", g.Noun), Help: p.Ask, Value: v.State.AccountName()},
		{ID: "use", Kind: screens.Word, Label: text.Format("The %s to use", g.Login), Value: v.State.LoginName()},
		{ID: "customer", Kind: screens.Word, Label: text.Const("Customer"), Value: v.State.CustomerName()},
	}
	p.Ask = text.Safe{} // it stands at its field
	return p
}

func takeCorrect(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	d := ladder.Data{Account: line(a.Values["account"]), Text: line(a.Values["use"]), Customer: line(a.Values["customer"])}
	return turn{events: one(ladder.CaseCorrected, d), lift: true, drop: true}, nil
}

// showClose asks why the case is closed without an end of its own.
func showClose(_ *Session, v View) screens.Page {
	p := v.guidePage(pageClose)
	p.Name = pageClose
	return p
}

func takeClosing(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	return turn{events: one(ladder.CaseClosed, ladder.Data{Answer: a.Pick, Place: v.State.Place}), clear: true}, nil
}

// showGoto asks for the step to go to, and why.
func showGoto(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageGoto, Kind: screens.Form, Title: text.Const("Go to another step"),
		Why: text.Const("The usual order helps most often. Your reason is recorded.")}
	step := screens.Field{ID: "step", Kind: screens.Pick, Label: text.Const("Which step?"), Required: true}
	for _, s := range platforms.Steps() {
		step.Options = append(step.Options, screens.Choice{ID: string(s), Label: text.Line(s.Title())})
	}
	p.Fields = []screens.Field{step, {ID: "why", Kind: screens.Word, Label: text.Const("Why?"), Required: true}}
	return p
}

func takeGoto(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	var events []ladder.Event
	if v.State.Wait != nil {
		events = one(ladder.WaitEnded, ladder.Data{Answer: "early"})
	}
	d := ladder.Data{Step: platforms.Step(a.Values["step"]), Text: line(a.Values["why"]), Place: v.State.Place}
	return turn{events: append(events, one(ladder.DetourTaken, d)...), clear: true, drop: true}, nil
}

// showKept lists the answers that came too late.
func showKept(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageKept, Kind: screens.Reading, Title: text.Const("Kept answers"),
		Why: text.Const("Answers that were given while another window moved the case on. None was stored over the other's.")}
	var lines []text.Safe
	for _, page := range slices.Sorted(maps.Keys(v.drafts)) {
		if strings.HasPrefix(page, keptPrefix) {
			lines = append(lines, text.Block(v.drafts[page]))
		}
	}
	p.Body = text.Join("\n", lines...).Or(text.Const("There are none."))
	return p
}
