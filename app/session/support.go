package session

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows is the page of the support message.

// saveMessage writes the support message into the case's folder.
func (s *Session) saveMessage(ctx context.Context, v View) (turn, error) {
	body := message.Text(s.message(v))
	name, err := s.Log.Attach(ctx, v.Case, "message.txt", strings.NewReader(body.String()), maxShot)
	if err != nil {
		return turn{}, err
	}
	where := filepath.Join(s.Dir, name)
	return turn{events: one(ladder.MessageSaved, ladder.Data{File: filepath.Base(name)}), notice: text.Format("Saved as %s", text.Line(where))}, nil
}

// message is the support message of the case.
func (s *Session) message(v View) message.Message {
	return message.Of(v.Case, v.State, v.Log, guideOf(v.State.Platform), s.Now()).With(Linked(v.kin)...)
}

// Weighed is what a case's facts say now: to what they point, what is advised where
// it stands, and how complete its message is. kin are the other cases of its group,
// sibling the one of them on the same login, if there is one.
func Weighed(s ladder.State, log []ladder.Event, kin []store.Summary, sibling ladder.State, now time.Time) (diagnosis.Diagnosis, diagnosis.Advice, message.Completeness) {
	g := guideOf(s.Platform)
	d := diagnosis.Of(s, log, g)
	v := View{State: s, kin: slices.Clone(kin), sibling: sibling}
	v.sortKin()
	return d, d.Advise(s, g, now, v.sharing()...), message.Score(s, g)
}

// showMessage is the support message, whole, with what support would ask next.
func showMessage(s *Session, v View) screens.Page {
	if v.waiting() && v.name() != pageMessage {
		return showWaiting(s, v)
	}
	p := v.guidePage("support")
	p.Kind, p.Facts = screens.Reading, v.outside()
	p.Why, p.Side, p.Do = v.needed(p), append([]screens.Section{toSend(p.Do)}, p.Side...), nil
	score := message.Score(v.State, guideOf(v.State.Platform))
	p.Tag = text.Format("complete %s of 100", text.Int(score.Score))
	if v.State.Place == ladder.EndConnected || v.State.Place == ladder.EndNothing {
		p.Why = text.Const("Nothing has to be sent: it works. This is what happened, for whoever asks.")
	}
	if s != nil {
		p.Body = message.Text(s.message(v))
	}
	if next, _ := v.nextQuestion(); !next.Question.Empty() {
		p.Why = text.Format("%s Support would ask next: %s", p.Why, next.Question)
		asked := []screens.Choice{{ID: "next", Label: text.Const("Answer it")}}
		if without, ok := withouts[next.ID]; ok {
			asked = append(asked, without)
		}
		p.Choices = append(asked, p.Choices...)
	}
	if v.State.Place != ladder.AtSupport {
		p.Choices = slices.DeleteFunc(p.Choices, func(c screens.Choice) bool {
			return c.ID == "connected" || c.ID == "sent" && (v.State.IsEnded() || v.State.Wait != nil)
		})
	}
	return p
}

// needed is why the message is sent and where to.
func (v View) needed(p screens.Page) text.Safe {
	if len(p.Do) == 0 {
		return p.Why
	}
	return text.Format("%s %s, and paste this.", p.Why, p.Do[0].Text)
}

// toSend is what the guide says about sending the message.
func toSend(do []screens.Instruction) screens.Section {
	s := screens.Section{Heading: text.Const("HOW TO SEND IT")}
	for i, d := range do {
		s.Lines = append(s.Lines, screens.Fact{Label: text.Int(i + 1), Text: text.Join(". ", d.Text, d.Warn)})
	}
	return s
}

// answers says which page answers a missing part of the message. A part that
// none answers is asked by the ladder itself. Ids stand in the error, so it is
// recorded once more, with them.
var answers = map[string]layer{
	"error": {name: pageError}, "ids": {name: pageError}, "screenshot": {name: pageScreenshot}, "account": {name: pageCorrect},
	"login": {name: pageCorrect}, "impact": {name: pageCount, item: "missed"},
}

// withouts are the answers that there is nothing to give.
var withouts = map[string]screens.Choice{
	"error":      {ID: "no_error", Label: text.Const("There was no error text")},
	"ids":        {ID: "no_ids", Label: text.Const("There is none")},
	"screenshot": {ID: "no_shot", Label: text.Const("No screenshot possible")},
}

// nextQuestion is what support would ask next and can be answered now, and where.
func (v View) nextQuestion() (message.Part, layer) {
	next := message.Score(v.State, guideOf(v.State.Platform)).Next
	return next, answers[next.ID]
}

func takeMessage(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	switch {
	case v.waiting() && v.name() != pageMessage:
		return takeWaiting(ctx, s, v, a)
	case a.Pick == "next":
		_, l := v.nextQuestion()
		return turn{lay: &l}, nil
	case a.Pick == "no_error":
		return turn{events: one(ladder.ErrorRecorded, ladder.Data{Answer: "none", Grade: v.grade()})}, nil
	case a.Pick == "no_ids":
		return turn{events: one(ladder.FactSeen, ladder.Data{Item: "ids", Answer: "none", Grade: v.grade()})}, nil
	case a.Pick == "no_shot":
		return turn{events: one(ladder.ShotAdded, ladder.Data{Answer: "none"})}, nil
	case a.Pick == "connected":
		return turn{events: one(ladder.Attempted, ladder.Data{Answer: "connected", Place: v.State.Place, Grade: v.grade()})}, nil
	case a.Pick == "sent":
		return turn{events: one(ladder.MessageSent, ladder.Data{Place: v.State.Place}), clear: true}, nil
	}
	return turn{lift: true}, nil
}
