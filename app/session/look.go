package session

import (
	"context"
	"errors"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows looks again at what was connected: after an hour, after a day, and
// before the permission ends. What broke again goes on by itself.

// A Looker looks without a person.
type Looker interface {
	// Look tells, for each account, what it sees. It asks nobody for anything.
	Look(ctx context.Context, abouts []About) []Look
}

// A Look is what was seen: the colour that Aibrify shows, or what the platform said
// no to when an app of one's own asked it. With neither it could not be told.
type Look struct {
	Colour platforms.Colour
	Grade  platforms.Grade
	Says   text.Safe // what it rests on
	Error  text.Safe // the error that Aibrify shows, word for word
	At     time.Time // when it was so; zero: now
	Until  time.Time // when the permission ends, if that is known
	Probe  *ladder.Probe
}

// Tells tells whether anything was seen.
func (l Look) Tells() bool { return l.Colour != "" || l.Probe != nil }

// Looked is what came of looking again.
type Looked struct {
	Held   []string // cases that are still connected
	Broken []string // cases that broke again, and are open now
	Found  []string // those of them for which the platform said no to an app of one's own
}

// Says is what came of it in a line; empty if nothing was looked at.
func (l Looked) Says() text.Safe {
	var held, broken text.Safe
	switch n := len(l.Held); {
	case n == 1:
		held = text.Format("Case %s was looked at again: it is still connected.", text.Line(l.Held[0]))
	case n > 1:
		held = text.Format("%s cases were looked at again: they are still connected.", text.Int(n))
	}
	switch n := len(l.Broken); {
	case n == 1 && len(l.Found) == 1:
		broken = text.Format("Case %s broke again, and is open: your own app finds what is in the way.", text.Line(l.Broken[0]))
	case n == 1:
		broken = text.Format("Case %s broke again, and is open.", text.Line(l.Broken[0]))
	case n > 1:
		broken = text.Format("%s cases broke again, and are open.", text.Int(n))
	}
	return text.Join(" ", broken, held)
}

// maxLooks is how many cases are looked at in one go.
const maxLooks = 50

// dueLooks are the ended cases that are due to be looked at again.
func (s *Session) dueLooks(ctx context.Context) ([]store.Summary, error) {
	return s.Log.Cases(ctx, store.Query{DueBy: s.Now(), Ended: true, Limit: maxLooks})
}

// LookAgain looks at the cases that are due, and records what was seen. A case
// that is no longer connected is open again, with that as its first fact.
func (s *Session) LookAgain(ctx context.Context, looker Looker) (Looked, error) {
	due, err := s.dueLooks(ctx)
	if err != nil || len(due) == 0 {
		return Looked{}, err
	}
	abouts := make([]About, len(due))
	for i, c := range due {
		abouts[i] = About{platforms.ID(c.Platform), text.Line(c.Account)}
	}
	var looked Looked
	own := *s
	own.By = text.Const("reconnect")
	for i, look := range looker.Look(ctx, abouts) {
		if !look.Tells() {
			continue
		}
		switch err := own.record(ctx, due[i].ID, look); {
		case errors.Is(err, errOld): // it tells how it was before
		case errors.Is(err, store.ErrStale): // somebody is at it: they see for themselves
		case err != nil:
			return looked, err
		case look.Colour == platforms.Green:
			looked.Held = append(looked.Held, due[i].ID)
		default:
			looked.Broken = append(looked.Broken, due[i].ID)
			if look.Probe != nil {
				looked.Found = append(looked.Found, due[i].ID)
			}
		}
	}
	return looked, nil
}

var errOld = errors.New("seen before it was connected")

// record adds a look to a case.
func (s *Session) record(ctx context.Context, id string, look Look) error {
	_, state, err := Load(ctx, s.Log, id)
	if err != nil || state.NextLook().IsZero() {
		return err
	}
	if !look.At.IsZero() && look.At.Before(state.LedHere().At) {
		return errOld
	}
	one, _, _, err := s.extend(id, state, look.events(state.Platform))
	if err != nil {
		return err
	}
	_, err = s.Log.Append(ctx, one)
	return err
}

// events are what a look is in the log of a case that ended connected. What is wrong
// belongs to the round that it opens. What Aibrify shows is the first answer there;
// what the platform says is none, for it tells nothing of Aibrify's permission: the
// dashboard is still to be looked at.
func (l Look) events(id platforms.ID) []ladder.Event {
	looked := ladder.Data{Item: ladder.Look, Answer: string(l.Colour), Text: l.Says, Grade: l.Grade, Until: l.Until.UTC()}
	if l.Probe != nil {
		looked.Answer = ladder.Found
	}
	events := one(ladder.FactSeen, looked)
	if l.Colour == platforms.Green {
		return events
	}
	events = append(events, ladder.Event{Kind: ladder.CaseReopened, Data: ladder.Data{Answer: "broke"}})
	if l.Probe != nil {
		return append(events, one(ladder.ProbeMade, ladder.Data{Probe: l.Probe, Grade: l.Grade})...)
	}
	if !l.Error.Empty() {
		events = append(events, shownError(l.Error, id)...)
	}
	return append(events, one(ladder.StatusSeen, ladder.Data{Answer: string(l.Colour), Grade: l.Grade, Text: l.Says})...)
}

// lookPrefix begins the answers to the question whether it is still connected.
const lookPrefix = "look."

// looks are the answers to that question, where it is due.
func (v View) looks() []screens.Choice {
	if due := v.State.NextLook(); due.IsZero() || v.now.Before(due) {
		return nil
	}
	return []screens.Choice{
		{ID: lookPrefix + string(platforms.Green), Label: text.Const("Still Connected"), Colour: platforms.Green},
		{ID: lookPrefix + string(platforms.Yellow), Label: text.Const("Warning"), Colour: platforms.Yellow},
		{ID: lookPrefix + string(platforms.Red), Label: text.Const("Disconnected"), Colour: platforms.Red},
	}
}

// takeLook takes what the dashboard shows now.
func (v View) takeLook(c platforms.Colour) turn {
	t := turn{events: Look{Colour: c, Grade: v.grade()}.events(v.State.Platform)}
	if c == platforms.Green {
		t.notice = text.Const("Noted. That was the last look.")
		if due := v.after(t.events).State.NextLook(); !due.IsZero() {
			t.notice = text.Format("Noted. The next look is due at %s.", clock(due, v.now))
		}
	}
	return t
}

// after is v once events have happened.
func (v View) after(events []ladder.Event) View {
	for _, e := range events {
		e.Seq, e.At = v.State.Seq+1, v.now
		if next, err := ladder.Next(v.State, e); err == nil {
			v.State = next
		}
	}
	return v
}

// goesOn are how long the permission lasts, by Aibrify's own date where that is
// known, and when it is looked at again.
func (v View) goesOn() []screens.Fact {
	ends := v.say(guideOf(v.State.Platform).Expiry.Text.Fill(v.vars()))
	if at := v.State.Expires(); !at.IsZero() {
		ends = text.Format("%s, by Aibrify's own list", clock(at, v.now))
	}
	facts := []screens.Fact{{Label: text.Const("expires"), Text: ends}}
	if due := v.State.NextLook(); v.now.Before(due) {
		facts = append(facts, screens.Fact{Label: text.Const("next look"), Text: clock(due, v.now)})
	}
	return facts
}

// fillsLook takes what Aibrify shows as what is seen when it is looked at again.
func (v View) fillsLook(shown Shown) filled {
	if v.older() {
		return filled{}
	}
	look := Look{Colour: shown.Colour, Grade: v.shownGrade(), Says: asOf(v.found.At, v.now), Error: shown.Error, Until: shown.Expires}
	f := filled{facts: []screens.Fact{fills(text.Const("the answer"), colourWords(shown.Colour), look.Grade)}}
	f.turn = turn{lift: true, events: look.events(v.State.Platform)}
	return f
}

// lookItem is a case to look at again, in a list.
func lookItem(c store.Summary, now time.Time) screens.Item {
	i := item(c, now)
	i.Due, i.When, i.Step = true, text.Const("due now"), text.Const("look again")
	i.Note = text.Const("It was connected. Does the dashboard still show that?")
	return i
}
