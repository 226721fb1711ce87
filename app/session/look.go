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

// A Look is what was seen. Without a colour it could not be told.
type Look struct {
	Colour platforms.Colour
	Grade  platforms.Grade
	Says   text.Safe // what it rests on
	At     time.Time // when it was so; zero: now
	Until  time.Time // when the permission ends, if that is known
	Probe  *ladder.Probe
}

// Looked is what came of looking again.
type Looked struct {
	Held   []string // cases that are still connected
	Broken []string // cases that broke again, and are open now
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
// that is no longer connected is open again, with that as its first answer.
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
		if look.Colour == "" {
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
	one, _, _, err := s.extend(id, state, look.events())
	if err != nil {
		return err
	}
	_, err = s.Log.Append(ctx, one)
	return err
}

// events are what a look is in the log of a case that ended connected.
func (l Look) events() []ladder.Event {
	var events []ladder.Event
	if l.Probe != nil {
		events = append(events, ladder.Event{Kind: ladder.ProbeMade, Data: ladder.Data{Probe: l.Probe, Grade: platforms.Probed}})
	}
	events = append(events, ladder.Event{Kind: ladder.FactSeen, Data: ladder.Data{Item: ladder.Look, Answer: string(l.Colour),
		Text: l.Says, Grade: l.Grade, Until: l.Until.UTC()}})
	if l.Colour == platforms.Green {
		return events
	}
	return append(events, ladder.Event{Kind: ladder.CaseReopened, Data: ladder.Data{Answer: "broke"}},
		ladder.Event{Kind: ladder.StatusSeen, Data: ladder.Data{Answer: string(l.Colour), Grade: l.Grade, Text: l.Says}})
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
	t := turn{events: Look{Colour: c, Grade: v.grade()}.events()}
	if c == platforms.Green {
		t.notice = text.Const("Noted. It is looked at again when that is due.")
	}
	return t
}

// lookItem is a case to look at again, in a list.
func lookItem(c store.Summary, now time.Time) screens.Item {
	i := item(c, now)
	i.Due, i.When, i.Step = true, text.Const("due now"), text.Const("look again")
	i.Note = text.Const("It was connected. Does the dashboard still show that?")
	return i
}
