package session

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
)

// did are the kinds of event in words. What is in the event follows them.
var did = map[ladder.Kind]text.Safe{
	ladder.CaseOpened:       text.Const("case opened"),
	ladder.CaseCorrected:    text.Const("corrected"),
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
	ladder.AlreadyTried:     text.Const("tried before this case"),
	ladder.CheckDone:        text.Const("check"),
	ladder.CheckMended:      text.Const("check"),
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

// inWords are the answers to the questions that are asked outside of the steps,
// in words, behind the kind of event.
var inWords = map[ladder.Kind]map[string]text.Safe{
	ladder.AlertSeen: {"banner": text.Const("a banner on the dashboard"), "email": text.Const("an e-mail notification")},
	ladder.AccountReturned: {"same": text.Const("the same"), "other": text.Const("another one"),
		"unsure": text.Const("not sure which")},
	ladder.CheckMended:  {"mended": text.Const("mended"), "go_on": text.Const("gone on without mending")},
	ladder.CaseResolved: {"connected": text.Const("connected"), "nothing": text.Const("nothing needed")},
	ladder.CaseClosed: {"given_up": text.Const("stopped here"), "duplicate": text.Const("a duplicate"),
		"mistake": text.Const("opened by mistake")},
	ladder.PostsMissed:   {"none": text.Const("none"), "unsure": text.Const("not sure")},
	ladder.WaitEnded:     {"over": text.Const("it is over"), "early": text.Const("went on early")},
	ladder.ErrorRecorded: {"none": text.Const("there was no message")},
	ladder.ShotAdded:     {"none": text.Const("none possible")},
}

// A teller tells one event of a case.
type teller struct {
	ladder.Event
	stood ladder.State // the case before it
	guide platforms.Guide
	clock func(time.Time) text.Safe
}

// Timeline is a case's log in words, an event a line, the oldest first. If all of
// it is of today, the times have no day; with a now of year 1, none is.
func Timeline(log []ladder.Event, s ladder.State, now time.Time) text.Safe {
	if len(log) == 0 {
		return text.Safe{}
	}
	guide, stood, layout := guideOf(s.Platform), message.Before(log), timeLayout(log, now)
	until := func(t time.Time) text.Safe {
		if now.Year() == 1 {
			return text.Line(t.In(now.Location()).Format(layout))
		}
		return clock(t, now)
	}
	width := len("#") + len(strconv.Itoa(log[len(log)-1].Seq))
	var lines []text.Safe
	for _, e := range log {
		number := "#" + strconv.Itoa(e.Seq)
		said := teller{e, stood[e.Seq], guide, until}.line()
		if slices.Contains(s.Struck, e.Seq) {
			said = text.Format("– taken back: %s", said)
		}
		lines = append(lines, text.Format("%s  %s  %s", text.Line(number+strings.Repeat(" ", width-len(number))),
			text.Line(e.At.In(now.Location()).Format(layout)), said))
	}
	return text.Join("\n", lines...)
}

// timeLayout is the shortest that tells the times of log apart: all are written
// the same way, so that what happened begins in one column.
func timeLayout(log []ladder.Event, now time.Time) string {
	layout := "15:04"
	for _, e := range log {
		at := e.At.In(now.Location())
		switch {
		case at.Year() != now.Year():
			return "2006-01-02 15:04"
		case at.YearDay() != now.YearDay():
			layout = "_2 Jan 15:04"
		}
	}
	return layout
}

// line says what happened, and how well it is known.
func (t teller) line() text.Safe {
	said := text.Join(": ", did[t.Kind].Or(text.Line(string(t.Kind))), t.what())
	if t.Data.Grade == "" || t.Kind == ladder.CheckDone && t.Data.Answer != string(platforms.Pass) && t.Data.Answer != string(platforms.Fail) {
		return said // of what was not found out there is no evidence
	}
	return text.Format("%s (%s)", said, text.Line(string(t.Data.Grade)))
}

// what is in the event, in the words of the screen.
func (t teller) what() text.Safe {
	d, said := t.Data, text.Line(t.Data.Text.String())
	answer := inWords[t.Kind][d.Answer].Or(text.Line(d.Answer))
	switch t.Kind { //nolint:exhaustive // the others carry an answer, a text or a file, and no more
	case ladder.CaseOpened:
		return text.Join(", ", t.guide.Name, d.Account, d.Customer)
	case ladder.CaseCorrected:
		return t.corrected()
	case ladder.StatusSeen:
		return colourWords(platforms.Colour(d.Answer))
	case ladder.ChangeSeen:
		return t.changes()
	case ladder.AccountChosen:
		return text.Join(", for ", said, d.Account)
	case ladder.Attempted, ladder.AlreadyTried:
		return text.Join(": ", placeTitle(ladder.State{Position: ladder.Position{Place: t.stood.Place}}), text.Join(", ", t.ending(), said))
	case ladder.CheckDone:
		return text.Join(": ", t.check(), outcomeWords(ladder.Checked{Outcome: platforms.Outcome(d.Answer)}).Or(answer))
	case ladder.CheckMended:
		return text.Join(": ", t.check(), answer)
	case ladder.Ticked, ladder.Unticked, ladder.GuideGap:
		return text.Join(": ", t.instruction(), said)
	case ladder.PostsMissed:
		if d.Answer == "some" {
			return countPosts(d.Count)
		}
	case ladder.WaitStarted:
		return t.wait(said)
	case ladder.DetourTaken, ladder.DetourOverridden:
		return text.Join(": ", text.Line(d.Step.Title()), said)
	}
	return text.Join(", ", answer, said, text.Line(d.File))
}

// corrected is what differs since, of what a correction names.
func (t teller) corrected() text.Safe {
	var changed []text.Safe
	for _, c := range []struct{ name, was, is text.Safe }{
		{t.guide.Noun.Or(text.Const("account")), t.stood.AccountName(), t.Data.Account},
		{text.Const("login"), t.stood.LoginName(), t.Data.Text},
		{text.Const("customer"), t.stood.CustomerName(), t.Data.Customer},
	} {
		if !c.is.Empty() && c.is != c.was {
			changed = append(changed, text.Format("%s %s", c.name, text.Line(c.is.String())))
		}
	}
	return text.Join(", ", changed...).Or(text.Const("nothing"))
}

// changes are what changed lately.
func (t teller) changes() text.Safe {
	var labels []text.Safe
	for _, id := range t.Data.Items {
		label := text.Line(id)
		if id == "unsure" {
			label = text.Const("not sure")
		}
		for _, c := range t.guide.Changes {
			if c.ID == id {
				label = c.Fill(t.guide.Vars()).Label
			}
		}
		labels = append(labels, label)
	}
	return text.Join(", ", labels...).Or(text.Const("nothing"))
}

// ending is how a try ended. How it was before the one that was told of is not known.
func (t teller) ending() text.Safe {
	if t.Kind == ladder.AlreadyTried && t.Data.Answer == "disconnected" {
		return colourWords(platforms.Red)
	}
	return answerWords(t.Data.Answer)
}

// check is the check that the event is about, as the guide calls it.
func (t teller) check() text.Safe {
	for _, c := range t.guide.Checks {
		if c.ID == t.Data.Item {
			return c.Title.Fill(t.guide.Vars())
		}
	}
	return text.Line(t.Data.Item)
}

// instruction is the one that the event is about, in the guide's words.
func (t teller) instruction() text.Safe {
	words := message.Instruction(t.stood, t.guide, t.Data.Item)
	switch {
	case !words.Empty():
		return text.Format(`"%s"`, words)
	case t.Data.Item == message.WholePage:
		return placeTitle(t.stood)
	}
	return text.Line(t.Data.Item)
}

// wait says what the case waits for, until when, and what ends it earlier.
func (t teller) wait(reason text.Safe) text.Safe {
	early := t.Data.Early
	if !early.Empty() {
		early = text.Format("or until: %s", text.Line(early.String()))
	}
	return text.Join(", ", reason, text.Format("until %s", t.clock(t.Data.Until)), early)
}

// Linked are the other cases of a group, as the support message names them.
func Linked(kin []store.Summary) []message.Linked {
	var all []message.Linked
	for _, c := range kin {
		all = append(all, message.Linked{Case: text.Line(c.ID), Platform: guideOf(platforms.ID(c.Platform)).Name,
			Account: text.Line(c.Account), Step: text.Line(c.Step), Open: c.Open})
	}
	return all
}
