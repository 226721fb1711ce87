package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is a case that waits: for what, until when, and what then.

// showWait asks how long to wait, and for what.
func showWait(s *Session, v View) screens.Page {
	p := v.guidePage(pageWait)
	p.Name, p.Kind, p.Do, p.Choices = pageWait, screens.Form, nil, nil
	var reason text.Safe
	about, c := v.waitsFor()
	switch {
	case c.ID != "":
		reason = text.Join(": ", v.say(c.Fill(v.vars()).WhoText), c.Title.Fill(v.vars()))
	case v.State.Wait != nil:
		reason = v.State.Wait.For
	case about != "" && about == v.Advice.About:
		reason = v.Advice.Why
	}
	now := func() time.Time { return v.Since } // without a session the page is drawn, not asked
	if s != nil {
		now = s.Now
	}
	p.Fields = []screens.Field{
		{ID: "for", Kind: screens.Word, Label: text.Const("What does the case wait for?"), Value: reason, Required: true},
		{ID: "until", Kind: screens.Word, Label: p.Ask, Help: text.Const("for example 30m, 4h, 2d, 14:30, tomorrow 9:00 or 2026-12-01 9:00"), Required: true,
			Check: func(value string) text.Safe {
				_, err := parseUntil(value, now())
				if err != nil {
					return text.Line(err.Error())
				}
				return text.Safe{}
			}},
		{ID: "early", Kind: screens.Word, Label: text.Const("What would end it earlier?"), Help: text.Const("May stay empty.")},
	}
	p.Ask = text.Safe{} // it is the label of a field
	return p
}

func takeWait(_ context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	until, err := parseUntil(a.Values["until"], s.Now())
	if err != nil {
		return turn{notice: text.Line(err.Error())}, nil
	}
	d := ladder.Data{Text: line(a.Values["for"]), Until: until.UTC(), Early: line(a.Values["early"]), Place: v.State.Place}
	d.Item, _ = v.waitsFor()
	switch {
	case v.State.Wait != nil: // it waits longer, for the same
		d.Step = v.State.Wait.Then
	case d.Item == v.Advice.About:
		d.Step = v.Advice.To
	case d.Item != "": // a check that somebody else puts right
		d.Step = diagnosis.ConnectStep(v.State)
	}
	return turn{events: one(ladder.WaitStarted, d), clear: true, drop: true}, nil
}

// waitsFor is the cause that a wait asked for here is about, and the check that
// tells it; both are empty if a person just chose to wait.
func (v View) waitsFor() (string, platforms.Check) {
	if c, ok := checkOf(v.State.Platform, v.item()); ok {
		return string(c.Cause), c
	}
	if v.item() == "" {
		return "", platforms.Check{}
	}
	return v.item(), v.Advice.Check
}

// units are the lengths of time that can be written.
var units = map[string]time.Duration{
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
}

// parseUntil reads a time to come back. It lies ahead.
func parseUntil(in string, now time.Time) (time.Time, error) {
	wrong := fmt.Errorf("%q is not a time to come back. Write 30m, 4h, 2d, 14:30, tomorrow 9:00 or 2026-12-01 9:00", text.Line(in))
	in = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(in)), "in ")
	var n int
	var unit string
	if c, err := fmt.Sscanf(in, "%d%s", &n, &unit); err == nil && c == 2 && n > 0 && n < 10000 {
		if length, ok := units[unit]; ok {
			return now.Add(time.Duration(n) * length), nil
		}
	}
	day := now
	if rest, ok := strings.CutPrefix(in, "tomorrow"); ok {
		day, in = now.AddDate(0, 0, 1), strings.TrimSpace(rest)
	} else if len(in) > 10 && in[4] == '-' {
		parsed, err := time.ParseInLocation(time.DateOnly, in[:10], now.Location())
		if err != nil {
			return time.Time{}, wrong
		}
		day, in = parsed, strings.TrimSpace(in[10:])
	}
	if !strings.Contains(in, ":") {
		in += ":00"
	}
	at, err := time.ParseInLocation("15:04", in, now.Location())
	if err != nil {
		return time.Time{}, wrong
	}
	until := time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if !until.After(now) {
		return time.Time{}, fmt.Errorf("%s is past. Write a time that lies ahead", until.Format("2 Jan 15:04"))
	}
	return until, nil
}

// showWaiting is a case that waits.
func showWaiting(_ *Session, v View) screens.Page {
	w, due := v.State.Wait, v.State.Due(v.now)
	g := guideOf(v.State.Platform).Pages[pageWaiting]
	g.Choices = waitingChoices(g.Choices, timed(w.About), due)
	p := v.paged(g)
	p.Name, p.Kind = pageWaiting, screens.Steps
	if due {
		p.Title, p.Why = text.Const("The waiting is over"), text.Const("Look again: is it so now?")
	}
	own := w.About == diagnosis.Settling || w.About == diagnosis.CoolDown
	p.Facts = append(p.Facts, screens.Fact{Label: text.Const("until"), Text: ownCaution(clock(w.Until, v.now), own)})
	p.Facts = append(p.Facts, screens.Fact{Label: text.Const("for"), Text: w.For})
	if !w.Early.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("ends early"), Text: w.Early})
	}
	return p
}

// waitingChoices are the answers that make sense: what only its time ends is not
// over before that, and what is due did or did not happen.
func waitingChoices(choices []platforms.Choice, timed, due bool) []platforms.Choice {
	without := func(id string) []platforms.Choice {
		return slices.DeleteFunc(slices.Clone(choices), func(c platforms.Choice) bool { return c.ID == id })
	}
	switch {
	case timed && due:
		return without("early")
	case timed:
		return without("over")
	case !due:
		return choices
	}
	choices = slices.Clone(choices)
	for i, c := range choices {
		if c.ID == "early" {
			choices[i].Label, choices[i].Listen = text.Const("It did not happen"), text.Const("no, nothing came of it")
		}
	}
	return choices
}

// timed tells whether a wait is over when its time is, and not before.
func timed(about string) bool {
	return about == diagnosis.Settling || about == diagnosis.CoolDown || about == string(platforms.RateLimited)
}

// takeWaiting ends the wait. What was waited for to its end is put right, or past:
// the case goes on where that can be seen.
func takeWaiting(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	w, place := v.State.Wait, v.State.Place
	switch {
	case a.Pick == "longer":
		return turn{lay: &layer{name: pageWait, item: w.About}}, nil
	case a.Pick == "early" && w.About != "" && !v.State.Due(v.now): // against advice: with a reason
		return turn{lay: &layer{name: pageAnyway}}, nil
	}
	events := one(ladder.WaitEnded, ladder.Data{Answer: a.Pick, Place: place})
	if a.Pick != "over" || w.Then == "" {
		return turn{events: events}, nil
	}
	d := ladder.Data{Step: w.Then, Item: w.About, Answer: "waited", Place: place, Text: text.Const("the wait is over: look again")}
	if w.Then != platforms.Status {
		d.Answer, d.Text = "mended", text.Format("put right: %s", message.CauseWords(platforms.Cause(w.About)))
		if id := v.State.Failing(); place == ladder.AtMend && id != "" {
			events = append(events, ladder.Event{Kind: ladder.CheckMended, Data: ladder.Data{Item: id, Answer: "mended", Place: place}})
			d.Place = ladder.AtChecks
		}
	}
	return turn{events: append(events, ladder.Event{Kind: ladder.DetourTaken, Data: d})}, nil
}
