package session

import (
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// did are the kinds of event in words. What is in the event follows them.
var did = map[ladder.Kind]text.Safe{
	ladder.CaseOpened:       text.Const("case opened"),
	ladder.CaseCorrected:    text.Const("account corrected"),
	ladder.CaseResolved:     text.Const("ended"),
	ladder.CaseClosed:       text.Const("closed"),
	ladder.CaseReopened:     text.Const("reopened"),
	ladder.StatusSeen:       text.Const("dashboard shows"),
	ladder.AlertSeen:        text.Const("notice from Aibrify"),
	ladder.BeforeReady:      text.Const("prerequisites are met"),
	ladder.ChangeSeen:       text.Const("changed lately"),
	ladder.AccountChosen:    text.Const("login to use"),
	ladder.AccountReturned:  text.Const("account that came back"),
	ladder.Ticked:           text.Const("ticked"),
	ladder.Unticked:         text.Const("unticked"),
	ladder.Attempted:        text.Const("tried"),
	ladder.AlreadyTried:     text.Const("tried before"),
	ladder.CheckDone:        text.Const("check"),
	ladder.CheckMended:      text.Const("check mended"),
	ladder.ErrorRecorded:    text.Const("exact error"),
	ladder.NoteAdded:        text.Const("note"),
	ladder.GuideGap:         text.Const("guide does not match"),
	ladder.ShotAdded:        text.Const("screenshot"),
	ladder.PostsMissed:      text.Const("missed posts"),
	ladder.MessageEdited:    text.Const("own words above the message"),
	ladder.MessageCopied:    text.Const("message copied"),
	ladder.MessageSaved:     text.Const("message saved"),
	ladder.MessageSent:      text.Const("message sent in Dashboard → Messages"),
	ladder.WaitStarted:      text.Const("waits"),
	ladder.WaitEnded:        text.Const("wait ended"),
	ladder.DetourTaken:      text.Const("went to another step"),
	ladder.DetourOverridden: text.Const("taken all the same"),
	ladder.WentBack:         text.Const("took the last answer back"),
}

// timelineLine is one event on one line: when, what, how well it is known.
func timelineLine(e ladder.Event, s ladder.State, now time.Time) text.Safe {
	d := e.Data
	parts := []text.Safe{eventAnswer(e), d.Account, text.Line(d.Text.String()), text.Line(d.File)}
	if d.Step != "" {
		parts = append(parts, text.Line(d.Step.Title()))
	}
	if !d.Until.IsZero() {
		parts = append(parts, text.Format("until %s", clock(d.Until, now)))
	}
	if e.Kind == ladder.PostsMissed && d.Count > 0 {
		parts = append(parts, countPosts(d.Count))
	}
	said := text.Join(": ", did[e.Kind].Or(text.Line(string(e.Kind))), text.Join(", ", parts...))
	if d.Grade != "" {
		said = text.Format("%s (%s)", said, text.Line(string(d.Grade)))
	}
	if slices.Contains(s.Struck, e.Seq) {
		said = text.Format("– taken back: %s", said)
	}
	return text.Format("%s  %s  %s", text.Format("#%s", text.Int(e.Seq)), clock(e.At, now), said)
}

// eventAnswer is what was answered, in the words of the screen.
func eventAnswer(e ladder.Event) text.Safe {
	d := e.Data
	switch e.Kind { //nolint:exhaustive // the others carry no answer in words
	case ladder.Attempted, ladder.AlreadyTried:
		return text.Format("%s: %s", placeName(d.Place), answerWords(d.Answer))
	case ladder.CheckDone, ladder.CheckMended:
		return text.Format("%s: %s", text.Line(d.Item), text.Line(d.Answer))
	case ladder.ChangeSeen:
		var items []text.Safe
		for _, i := range d.Items {
			items = append(items, text.Line(i))
		}
		return text.Join(", ", items...).Or(text.Const("nothing"))
	case ladder.Ticked, ladder.Unticked, ladder.GuideGap:
		return text.Line(d.Item)
	case ladder.StatusSeen:
		return colourWords(platforms.Colour(d.Answer))
	}
	return text.Line(d.Answer)
}

// placeName is the step that a place belongs to, in words.
func placeName(p ladder.Place) text.Safe {
	return placeTitle(ladder.State{Position: ladder.Position{Place: p}})
}

// Timeline is a case's log in words, an event a line, the oldest first.
func Timeline(log []ladder.Event, s ladder.State, now time.Time) text.Safe {
	var lines []text.Safe
	for _, e := range log {
		lines = append(lines, timelineLine(e, s, now))
	}
	return text.Join("\n", lines...)
}
