package session

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// TestLeadsOn follows whatever is advised from random states, while nothing that
// is tried ever works: it comes to Support, whatever the person says on the way,
// and to no step twice for ever.
func TestLeadsOn(t *testing.T) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("rapid.checks", "100") }()
	rapid.Check(t, func(t *rapid.T) {
		clock := now
		s := quiet()
		s.Now = func() time.Time { return clock }
		v := s.shown(drawn(t, s))
		var way []string
		for range 300 {
			if v.State.IsEnded() || v.name() == string(ladder.AtSupport) {
				return
			}
			if w := v.State.Wait; w != nil && clock.Before(w.Until) {
				clock = w.Until
			}
			v = s.shown(v)
			a := inVain(t, v)
			way = append(way, v.Page.Name+"/"+v.Advice.About+"/"+a.Pick)
			v = given1(t, s, v, a)
			clock = clock.Add(time.Minute)
		}
		t.Fatalf("goes round: %v", way[max(0, len(way)-24):])
	})
}

// inVain is an answer of somebody for whom nothing works.
func inVain(t *rapid.T, v View) screens.Answer {
	a := screens.Answer{Page: v.Page.Name}
	pick := func(ids ...string) {
		offered := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
			return !slices.ContainsFunc(v.Page.Choices, func(c screens.Choice) bool { return c.ID == id })
		})
		if len(offered) == 0 {
			t.Fatalf("%s offers none of %v: %v", v.name(), ids, v.Page.Choices)
		}
		a.Pick = rapid.SampledFrom(offered).Draw(t, "pick")
	}
	switch {
	case v.Page.Name == pageWaiting:
		pick("over", "early")
	case v.name() == pageAdvice:
		pick("go", "fixed", "wait", "nobody", "still", "clear_up")
	case v.name() == pageVerdict:
		pick("stay", "next")
	case v.name() == string(ladder.AtStatus):
		a.Values = map[string]string{string(v.State.Platform): string(rapid.SampledFrom([]platforms.Colour{platforms.Red, platforms.Unlisted}).Draw(t, "colour"))}
	case v.Page.Kind == screens.Form:
		a.Values = map[string]string{"use": "owner@example", "for": "it", "until": "1h", "why": "it", "seen": "it"}
	case v.name() == string(ladder.AtGreen):
		pick("failing", "nothing")
	case v.Page.Kind == screens.Writing:
		a.Act = screens.Back
	case v.name() == string(ladder.AtProof), v.name() == string(ladder.AtMissed):
		pick("same", "unsure", "none")
	case v.name() == string(ladder.AtMend):
		pick("mended", "go_on")
	case v.name() == string(ladder.AtChecks):
		pick("pass", "fail", "unsure")
	case v.name() == pageElse:
		pick("no_page", "popup", "security", "two_factor", "wrong_account")
	default:
		pick("disconnected", "not_offered", "warning", "other", "done", "stuck", "ready", "failing")
	}
	return a
}

// given1 is v after one answer, without a store.
func given1(t *rapid.T, s *Session, v View, a screens.Answer) View {
	turn, err := s.turn(context.Background(), v, a)
	if err != nil {
		t.Fatalf("%s, %+v: %v", v.name(), a, err)
	}
	if len(turn.opened) > 0 {
		t.Fatalf("%s opens another case", v.name())
	}
	_, next, err := s.appends(v, &turn, a)
	if err != nil {
		t.Fatalf("%s, %+v: %v", v.name(), a, err)
	}
	return s.shown(s.follow(next, turn))
}

// TestWaitsAtChecks: a case can wait where an earlier answer would settle the next
// check; that is settled once the wait is over.
func TestWaitsAtChecks(t *testing.T) {
	s := quiet()
	for _, svc := range platforms.All() {
		v := at(t, svc, platforms.Own, ladder.AtChecks) // nothing changed, so a check about changes is settled
		_, _, waits, err := s.extend(v.Case, v.State, one(ladder.WaitStarted, ladder.Data{Text: text.Const("the limit"), Until: now.Add(time.Hour)}))
		if err != nil || waits.Wait == nil {
			t.Errorf("%s cannot wait at its checks: %v", svc.ID, err)
			continue
		}
		if _, _, goes, err := s.extend(v.Case, waits, one(ladder.WaitEnded, ladder.Data{Answer: "over"})); err != nil || goes.Wait != nil {
			t.Errorf("%s waits for ever: %v", svc.ID, err)
		}
	}
}
