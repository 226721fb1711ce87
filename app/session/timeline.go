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
	ladder.FactSeen:         text.Const("found"),
	ladder.ProbeMade:        text.Const("asked"),
	ladder.SnapshotTaken:    text.Const("written down before removing"),
	ladder.WentBack:         text.Const("took the last answer back"),
}

// inWords are the answers to the questions that are asked outside of the steps,
// in words, behind the kind of event.
var inWords = map[ladder.Kind]map[string]text.Safe{
	ladder.AlertSeen: {"banner": text.Const("a banner on the dashboard"), "email": text.Const("an e-mail notification")},
	ladder.AccountReturned: {"same": text.Const("the same"), "other": text.Const("another one"),
		"unsure": text.Const("not sure which")},
	ladder.CheckMended: {"mended": text.Const("mended"), "go_on": text.Const("gone on without mending"),
		"overruled": text.Const("it is in order, whatever the platform says")},
	ladder.CaseReopened: {"broke": text.Const("it broke again")},
	ladder.CaseResolved: {"connected": text.Const("connected"), "nothing": text.Const("nothing needed")},
	ladder.CaseClosed: {"given_up": text.Const("stopped here"), "duplicate": text.Const("a duplicate"),
		"mistake": text.Const("opened by mistake")},
	ladder.PostsMissed:   {"none": text.Const("none"), "unsure": text.Const("not sure")},
	ladder.WaitEnded:     {"over": text.Const("it is over"), "early": text.Const("went on early")},
	ladder.ErrorRecorded: {"none": text.Const("there was no message")},
	ladder.ShotAdded:     {"none": text.Const("none possible")},
}

// seen are the facts that were looked up, by what was looked at and what was found.
var seen = map[string]text.Safe{
	"incident/down": text.Const("{platform} has a fault"),
	"incident/up":   text.Const("{platform} has no fault"),
	"cases/spike":   text.Const("many cases of {platform} at once"),
	"cases/calm":    text.Const("no more cases of {platform} than usual"),
	"cases/shared":  text.Const("another channel on the same login"),
	"look/green":    text.Const("looked again: still Connected"),
	"look/yellow":   text.Const("looked again: Warning"),
	"look/red":      text.Const("looked again: Disconnected"),
	"look/found":    text.Const("looked again with an app of one's own"),
	"again/still":   text.Const("still not connected, although a linked case is"),
	"ids/none":      text.Const("the error names no request id"),
}

// A teller tells one event of a case.
type teller struct {
	ladder.Event
	stood ladder.State   // the case before it
	log   []ladder.Event // the whole
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
		said := teller{e, stood[e.Seq], log, guide, until}.line()
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
	said := text.Join(": ", t.did(), t.what())
	if t.Data.Grade == "" || t.Kind == ladder.CheckDone && t.Data.Answer != string(platforms.Pass) && t.Data.Answer != string(platforms.Fail) {
		return said // of what was not found out there is no evidence
	}
	return text.Format("%s (%s)", said, text.Line(string(t.Data.Grade)))
}

// did is the kind of event. On from a cause that was put right is no detour.
func (t teller) did() text.Safe {
	if t.Kind == ladder.DetourTaken && (t.Data.Answer == "mended" || t.Data.Answer == "waited") {
		return text.Const("went on")
	}
	return did[t.Kind].Or(text.Line(string(t.Kind)))
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
		return t.chosen(said)
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
		return text.Join(": ", message.About(text.Line(d.Step.Title()), d.Item, said), said)
	case ladder.ErrorRecorded:
		return text.Join(", ", answer, said, t.ids())
	case ladder.FactSeen:
		found := text.Line(d.Item + ": " + d.Answer)
		return text.Join(": ", seen[d.Item+"/"+d.Answer].Fill(t.guide.Vars()).Or(found), said)
	case ladder.SnapshotTaken:
		return t.snapshot(said)
	case ladder.ProbeMade:
		return t.probe()
	}
	return text.Join(", ", answer, said, text.Line(d.File))
}

// chosen is the login to use, with the account it is for and who connected it last.
func (t teller) chosen(login text.Safe) text.Safe {
	last := text.Line(t.Data.Last.String())
	if !last.Empty() {
		last = text.Format("last connected by %s", last)
	}
	return text.Join(", ", text.Join(", for ", login, t.Data.Account), last)
}

// ids are those that were lifted out of the error when it was recorded.
func (t teller) ids() text.Safe {
	var all []text.Safe
	for _, id := range t.Data.IDs {
		all = append(all, text.Format("%s %s", text.Line(id.Name.String()), text.Line(id.Value.String())))
	}
	if len(all) == 0 {
		return text.Safe{}
	}
	return text.Format("ids kept: %s", text.Join(", ", all...))
}

// probe is who was asked, and what was found.
func (t teller) probe() text.Safe {
	var found []text.Safe
	for _, f := range t.Data.Probe.Findings {
		if f.Outcome != platforms.Skipped {
			found = append(found, text.Format("%s %s", text.Line(f.Title.String()), outcomeWords(ladder.Checked{Outcome: f.Outcome})))
		}
	}
	asked := t.guide.Name
	if t.Data.Probe.Custom {
		asked = text.Format("%s, at other endpoints than its own", asked)
	}
	return text.Format("%s: %s", asked, text.Join("; ", found...).Or(text.Const("nothing could be asked")))
}

// snapshot is what was there before something was removed.
func (t teller) snapshot(by text.Safe) text.Safe {
	if !by.Empty() {
		by = text.Format("connected by %s", by)
	}
	var queue text.Safe
	switch {
	case t.Data.Answer != "counted":
	case t.Data.Count == 1:
		queue = text.Const("1 post waits")
	default:
		queue = text.Format("%s posts wait", text.Int(t.Data.Count))
	}
	return text.Join(", ", text.Line(t.Data.Account.String()), by, queue).Or(text.Const("nothing"))
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
	return message.Stopped(t.Data.Answer).Or(answerWords(t.Data.Answer))
}

// check is the check that the event is about, as the guide calls it.
func (t teller) check() text.Safe {
	c, _ := t.guide.Check(t.Data.Item)
	return c.Title.Fill(t.guide.Vars()).Or(text.Line(t.Data.Item))
}

// instruction is the one that the event is about, in the guide's words.
func (t teller) instruction() text.Safe {
	words := message.Instruction(t.stood, t.log, t.Event, t.guide).Or(t.saidToDo())
	switch {
	case !words.Empty():
		return text.Format(`"%s"`, words)
	case t.Data.Item == platforms.WholePage:
		return placeTitle(t.stood)
	}
	return text.Line(t.Data.Item)
}

// saidToDo is the instruction that the newest error gave, where the event is about one.
func (t teller) saidToDo() text.Safe {
	number, advised := strings.CutPrefix(t.Data.Item, message.Advised)
	n, err := strconv.Atoi(number)
	said, ok := View{State: t.stood}.said()
	if !advised || err != nil || !ok || n < 1 || n > len(said.Next.Do) {
		return text.Safe{}
	}
	return said.Next.Do[n-1]
}

// wait says what the case waits for, until when, and what ends it earlier.
func (t teller) wait(reason text.Safe) text.Safe {
	early := t.Data.Early
	if !early.Empty() {
		early = text.Format("or until: %s", text.Line(early.String()))
	}
	return text.Join(", ", message.About(reason, t.Data.Item, reason), text.Format("until %s", t.clock(t.Data.Until)), early)
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
