package session

import (
	"context"
	"slices"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the steps of the ladder: what is shown, and what an answer does.

// showStep is a place that the guide words by itself.
func showStep(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	if v.State.Place == ladder.AtFresh && v.State.FirstTime() && v.Audience == platforms.Own {
		v.Audience = platforms.Onboarding // it is the first time, not once more
	}
	p := v.guidePage(guideKey(v.State.Place))
	p.Tag = v.attemptTag()
	p.Facts = append(v.outside(), v.withFalls(p.Facts)...)
	if slices.Contains(connecting, v.State.Place) {
		p.Facts, p.Notice = append(p.Facts, v.standing(inTheWay)...), v.mendFirst()
		if !v.State.LastBy.Empty() {
			p.Facts = append(p.Facts, screens.Fact{Label: text.Const("connected last by"), Text: v.State.LastBy, Grade: platforms.Told})
		}
	}
	return p
}

// guideKey is the guide's name for a place.
func guideKey(p ladder.Place) string {
	if p == ladder.AtFreshAccount {
		return string(ladder.AtAccount)
	}
	return string(p)
}

// waiting tells whether v shows a case that waits.
func (v View) waiting() bool { return v.Case != "" && v.State.Wait != nil && !v.State.IsEnded() }

// attemptTag counts the tries at this step.
func (v View) attemptTag() text.Safe {
	tries := 0
	for _, a := range v.State.Attempts {
		if a.Step == v.State.Step() {
			tries++
		}
	}
	switch {
	case v.State.Place == ladder.AtRetry, tries > 0 && v.State.Place == ladder.AtReconnect:
		return text.Format("try %s", text.Int(tries+1))
	default:
		return text.Safe{}
	}
}

// outside names what was clicked outside and taken back here.
func (v View) outside() []screens.Fact {
	said := map[platforms.Step]text.Safe{
		platforms.Disconnect: text.Const("you disconnected in Aibrify; that is still so"),
		platforms.Clear:      text.Const("you removed Aibrify on the platform; that is still so"),
		platforms.Support:    text.Const("you sent the message to your team; that is still so"),
	}
	var facts []screens.Fact
	for _, step := range v.State.Outside {
		if words, ok := said[step]; ok {
			facts = append(facts, screens.Fact{Label: text.Const("already done"), Text: words})
		}
	}
	return facts
}

// answered is the kind of event that an answer is at each place.
var answered = map[ladder.Place]ladder.Kind{
	ladder.AtBefore: ladder.BeforeReady, ladder.AtReconnect: ladder.Attempted, ladder.AtRetry: ladder.Attempted,
	ladder.AtDisconnect: ladder.Attempted, ladder.AtClear: ladder.Attempted, ladder.AtFresh: ladder.Attempted,
	ladder.AtChecks: ladder.CheckDone, ladder.AtMend: ladder.CheckMended, ladder.AtProof: ladder.AccountReturned,
}

// connecting are the places where a connection is tried.
var connecting = []ladder.Place{ladder.AtReconnect, ladder.AtRetry, ladder.AtFresh}

// takeStep turns the picked choice into the event it is at this place.
func takeStep(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if v.waiting() {
		return takeWaiting(ctx, s, v, a)
	}
	place := v.State.Place
	d := ladder.Data{Answer: a.Pick, Place: place, Grade: v.grade()}
	switch {
	case a.Pick == "error":
		return turn{lay: &layer{name: pageError, item: string(place)}}, nil
	case place == ladder.AtGreen:
		return takeGreen(a, d), nil
	case place == ladder.AtMissed:
		return takeMissed(a, d), nil
	case a.Pick == "later":
		return turn{lay: &layer{name: pageWait}}, nil
	case place == ladder.AtMend && a.Pick == "other_person":
		return turn{lay: &layer{name: pageWait, item: v.State.Failing()}}, nil
	case place == ladder.AtProof && a.Pick == "other":
		return turn{lay: &layer{name: pageCount, item: "other"}}, nil
	case a.Pick == "other" && len(guideOf(v.State.Platform).Branches) > 0:
		return turn{lay: &layer{name: pageElse}}, nil
	case a.Pick == "other":
		return turn{lay: &layer{name: pageCount, item: "seen"}}, nil
	case place == ladder.AtProof && v.State.FirstTime():
		// No post can have missed its time before the first connection.
		return turn{events: []ladder.Event{{Kind: ladder.AccountReturned, Data: d},
			{Kind: ladder.CaseResolved, Data: ladder.Data{Answer: "connected"}}}, drop: true}, nil
	case place == ladder.AtChecks:
		d.Item = v.nextCheck()
		if a.Pick == string(platforms.Unsure) || a.Pick == string(platforms.Skipped) {
			d.Grade = "" // nobody saw anything
		}
	case place == ladder.AtMend:
		return v.takeMend(d), nil
	case place == ladder.AtClear && a.Pick == "done":
		return turn{events: []ladder.Event{{Kind: ladder.Attempted, Data: d}, s.settling(v)}, drop: true}, nil
	case slices.Contains(connecting, place) && a.Pick != "connected":
		d = v.failed(a.Pick)
	}
	return turn{events: []ladder.Event{{Kind: answered[place], Data: d}}, drop: true}, nil
}

// settling is the pause that a removal takes until a new connection starts clean.
func (s *Session) settling(v View) ladder.Event {
	settle := platforms.OwnCaution().Settle
	return ladder.Event{Kind: ladder.WaitStarted, Data: ladder.Data{Item: diagnosis.Settling, Until: s.Now().Add(settle.Wait).UTC(),
		Text: v.say(settle.Reason.Fill(v.vars()))}}
}

func takeGreen(a screens.Answer, d ladder.Data) turn {
	if a.Pick == "nothing" {
		return turn{events: []ladder.Event{{Kind: ladder.CaseResolved, Data: d}}}
	}
	return turn{events: []ladder.Event{{Kind: ladder.StatusSeen, Data: d}}, lay: &layer{name: pageError}}
}
