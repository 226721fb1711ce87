package session

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows comes once it connected, and at the ends: which account came back,
// which posts missed their time, and what next.

// showProof compares the account that came back with the one written down.
func showProof(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	p := v.guidePage("proof")
	if v.wasGreen() {
		p.Why = text.Const("It was green before, and posts failed. Let one post go out, then compare.")
	}
	p.Facts = append([]screens.Fact{
		{Label: text.Const("account"), Text: v.State.AccountName().Or(text.Const("not written down"))},
		{Label: text.Const("login"), Text: v.State.LoginName().Or(text.Const("not written down"))},
	}, p.Facts...)
	return p
}

// wasGreen tells whether posts failed although the dashboard showed Connected:
// then Connected alone proves nothing.
func (v View) wasGreen() bool {
	return slices.ContainsFunc(v.Log, func(e ladder.Event) bool {
		return e.Kind == ladder.StatusSeen && e.Data.Answer == "failing" && e.Seq > v.State.Round && !slices.Contains(v.State.Struck, e.Seq)
	})
}

// takeMissed records the posts and ends the case. How many there are is asked only if there are some.
func takeMissed(a screens.Answer, d ladder.Data) turn {
	if a.Pick == "some" {
		return turn{lay: &layer{name: pageCount, item: "missed"}}
	}
	return turn{events: missed(d, true)}
}

// missed are the events of an answer about missed posts, with the end of the case if it is due.
func missed(d ladder.Data, end bool) []ladder.Event {
	events := []ladder.Event{{Kind: ladder.PostsMissed, Data: d}}
	if end {
		events = append(events, ladder.Event{Kind: ladder.CaseResolved, Data: ladder.Data{Answer: "connected", Place: d.Place}})
	}
	return events
}

// showEnd is an end: what happens next, and where to go.
func showEnd(_ *Session, v View) screens.Page {
	p := v.guidePage(string(v.State.Place))
	p.Choices = nil
	if v.State.Place == ladder.EndConnected && v.State.FirstTime() {
		p.Title = text.Format("%s is connected and ready", guideOf(v.State.Platform).Name)
		p.Why = text.Const("From now on, posts for it can be scheduled and published.")
	}
	if v.State.Place == ladder.EndConnected {
		p.Facts = append(p.Facts, v.goesOn()...)
	}
	if m := v.State.Missed; m != nil && m.Answer == "some" {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("missed"), Text: countPosts(m.Count)})
	}
	if v.State.Place == ladder.EndConnected {
		p.Facts = append(p.Facts, v.standing(inTheWay)...)
	}
	p.Facts = append(v.outside(), p.Facts...)
	for _, k := range v.kin {
		if k.Open {
			name := guideOf(platforms.ID(k.Platform)).Name
			p.Choices = append(p.Choices, screens.Choice{ID: "case." + k.ID, Label: text.Format("Go on with %s", name)})
		}
	}
	if again := v.looks(); len(again) > 0 {
		p.Ask = text.Format("It was connected at %s. What does the dashboard show now?", clock(v.shownAt(), v.now))
		p.Choices = append(again, p.Choices...)
	}
	p.Choices = append(p.Choices,
		screens.Choice{ID: "start", Label: text.Const("All cases")},
		screens.Choice{ID: "reopen", Label: reopenLabel(v.State.Place)})
	p.Ask = p.Ask.Or(text.Const("What next?"))
	return p
}

func reopenLabel(p ladder.Place) text.Safe {
	if brokeAgain(p) {
		return text.Const("It broke again: reopen")
	}
	return text.Const("Reopen this case")
}

// brokeAgain tells whether a case that ended at p is reopened because its
// connection broke again.
func brokeAgain(p ladder.Place) bool { return p == ladder.EndConnected || p == ladder.EndNothing }

func countPosts(n int) text.Safe {
	switch n {
	case 0:
		return text.Const("some posts, not counted")
	case 1:
		return text.Const("1 post")
	}
	return text.Format("%s posts", text.Int(n))
}

func takeEnd(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	seen, look := strings.CutPrefix(a.Pick, lookPrefix)
	switch {
	case look:
		return v.takeLook(platforms.Colour(seen)), nil
	case a.Pick == "start":
		return turn{leave: true}, nil
	case a.Pick == "reopen":
		d := ladder.Data{}
		if brokeAgain(v.State.Place) {
			d.Answer = "broke" // what was found out before is of another time
		}
		return turn{events: one(ladder.CaseReopened, d)}, nil
	}
	return turn{enter: trimCase(a.Pick)}, nil
}

func trimCase(pick string) string {
	if len(pick) > 5 && pick[:5] == "case." {
		return pick[5:]
	}
	return pick
}

// asked are the values that an answer may still need.
var asked = map[string]struct {
	page  string // whose title it has
	field screens.Field
}{
	"missed": {"missed", screens.Field{ID: "missed", Kind: screens.Number, Label: text.Const("How many posts show Failed or Pending?"),
		Help: text.Const("Leave it empty if you did not count.")}},
	"other": {"proof", screens.Field{ID: "other", Kind: screens.Word, Label: text.Const("Which account came back?"),
		Help: text.Const("As the dashboard names it.")}},
	"seen": {"", screens.Field{ID: "seen", Kind: screens.Word, Label: text.Const("What do you see instead?"),
		Help: text.Const("A few words. May stay empty.")}},
}

// showCount asks for the one value that an answer still needs.
func showCount(_ *Session, v View) screens.Page {
	a := asked[v.item()]
	key := a.page
	if key == "" {
		key = guideKey(v.State.Place)
	}
	p := v.guidePage(key)
	p.Name, p.Kind = pageCount+"."+v.item(), screens.Form
	p.Why, p.Ask, p.Choices, p.Do, p.Facts, p.Links = text.Safe{}, text.Safe{}, nil, nil, nil, nil
	p.Fields = []screens.Field{a.field}
	return p
}

func takeCount(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	d := ladder.Data{Place: v.State.Place, Grade: v.grade(), Answer: "other"}
	said, _ := text.Redact(text.Line(a.Values[v.item()]))
	switch v.item() {
	case "other":
		d.Text = line(a.Values["other"])
		return turn{events: one(ladder.AccountReturned, d), clear: true, drop: true}, nil
	case "seen":
		d.Text = said
		return turn{events: one(ladder.Attempted, d), clear: true, drop: true}, nil
	}
	d.Answer = "some"
	d.Count, _ = strconv.Atoi(strings.TrimSpace(a.Values["missed"])) // the field takes whole numbers only; empty is 0
	return turn{events: missed(d, v.State.Place == ladder.AtMissed), clear: true, drop: true}, nil
}
