package session

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// drawn is a case with a random history: answers that fit where it stands, errors
// that say anything, incidents, waits, detours and steps back.
func drawn(t *rapid.T, s *Session) View {
	svc := rapid.SampledFrom(platforms.All()).Draw(t, "platform")
	v := View{Case: "7QK2", Audience: platforms.Own, Since: now, drafts: map[string]string{}}
	take := func(e ladder.Event) {
		if _, log, state, err := s.extend(v.Case, v.State, []ladder.Event{e}); err == nil {
			v.State, v.Log = state, append(slices.Clone(v.Log), log...)
		}
	}
	take(ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: svc.ID, Checks: checkIDs(svc.ID)}})
	for range rapid.IntRange(0, 30).Draw(t, "length") {
		take(drawAny(t, v.State))
	}
	return v
}

func drawAny(t *rapid.T, s ladder.State) ladder.Event {
	d := ladder.Data{Grade: rapid.SampledFrom([]platforms.Grade{platforms.Told, platforms.Seen}).Draw(t, "grade")}
	switch rapid.IntRange(0, 13).Draw(t, "sort") {
	case 0:
		d.Text = text.Const("an error")
		d.Verdict = &ladder.Verdict{Platform: s.Platform, Connection: true, Signature: "drawn",
			Cause:      rapid.SampledFrom(platforms.Causes()).Draw(t, "cause"),
			Confidence: rapid.SampledFrom([]string{"certain", "likely"}).Draw(t, "confidence"),
			Next:       rapid.SampledFrom([]platforms.Step{"wait", "fix", platforms.Reconnect, platforms.Support}).Draw(t, "next")}
		return ladder.Event{Kind: ladder.ErrorRecorded, Data: d}
	case 1:
		d.Item, d.Answer = "incident", rapid.SampledFrom([]string{"down", "up"}).Draw(t, "incident")
		return ladder.Event{Kind: ladder.FactSeen, Data: d}
	case 2:
		d.Item, d.Answer = "cases", rapid.SampledFrom([]string{"spike", "calm", "shared"}).Draw(t, "cases")
		return ladder.Event{Kind: ladder.FactSeen, Data: d}
	case 3:
		d.Text, d.Until, d.Item = text.Const("it"), now.Add(time.Hour), rapid.SampledFrom([]string{"", "rate_limited", diagnosis.Settling}).Draw(t, "about")
		return ladder.Event{Kind: rapid.SampledFrom([]ladder.Kind{ladder.WaitStarted, ladder.WentBack}).Draw(t, "wait"), Data: d}
	case 4:
		d.Answer = rapid.SampledFrom([]string{"over", "early"}).Draw(t, "ended")
		return ladder.Event{Kind: ladder.WaitEnded, Data: d}
	case 5:
		d.Text, d.Step, d.Place = text.Const("why"), rapid.SampledFrom(platforms.Steps()).Draw(t, "step"), s.Place
		d.Item = string(rapid.SampledFrom(platforms.Causes()).Draw(t, "about"))
		d.Answer = rapid.SampledFrom([]string{"", "mended", "waited"}).Draw(t, "settled")
		return ladder.Event{Kind: ladder.DetourTaken, Data: d}
	case 6, 7:
		if slices.Contains(connecting, s.Place) {
			d.Answer = "disconnected"
			return ladder.Event{Kind: ladder.Attempted, Data: d}
		}
		d.Step, d.Text = platforms.Reconnect, text.Const("once more")
		return ladder.Event{Kind: ladder.DetourTaken, Data: d}
	}
	moves := ladder.Moves(s.Place)
	if len(moves) == 0 {
		return ladder.Event{Kind: ladder.CaseReopened}
	}
	m := rapid.SampledFrom(moves).Draw(t, "move")
	d.Answer, d.Text, d.Item, d.Items = m.Answer, text.Const("words"), s.Failing(), rapid.SampledFrom([][]string{nil, {"password"}, {"role"}, {"owner"}}).Draw(t, "changes")
	if m.Kind == ladder.CheckDone && len(s.Open()) > 0 {
		d.Item = rapid.SampledFrom(s.Open()).Draw(t, "check")
	}
	return ladder.Event{Kind: m.Kind, Data: d}
}

// TestAsWritten takes the ladder as written from thousands of states: where advice
// or a wait stands before a step, or a detour left it, one key and a reason lead
// to that step's own page.
func TestAsWritten(t *testing.T) {
	if err := flag.Set("rapid.checks", "5000"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("rapid.checks", "100") }()
	held := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := quiet()
		v := s.shown(drawn(t, s))
		step, about := v.asWritten()
		offered := slices.ContainsFunc(v.Page.Actions, func(a screens.Action) bool { return a.Act == screens.Anyway })
		if offered != (step != "") {
			t.Fatalf("at %s, advice %q: the key is offered %v", v.State.Place, v.Advice.About, offered)
		}
		if hides := v.name() == pageAdvice || v.State.Wait != nil && !v.State.IsEnded(); hides && !offered {
			t.Fatalf("at %s something hides the ladder, and no key leads past it", v.State.Place)
		}
		if step == "" {
			return
		}
		held[about]++
		turn, err := takeAnyway(context.Background(), s, over(v, pageAnyway, ""), screens.Answer{Values: map[string]string{"why": "the team asked for it"}})
		if err != nil {
			t.Fatal(err)
		}
		_, log, state, err := s.extend(v.Case, v.State, turn.events)
		if err != nil {
			t.Fatalf("at %s, about %s: %v", v.State.Place, about, err)
		}
		after := v
		after.State, after.Log, after.layers = state, append(slices.Clone(v.Log), log...), nil
		after = s.shown(after)
		if after.name() == pageAdvice || after.State.Wait != nil {
			t.Fatalf("at %s, about %s: still at %s about %q", v.State.Place, about, after.name(), after.Advice.About)
		}
		if after.State.Step() != step {
			t.Fatalf("at %s, about %s: the step is %s, want %s", v.State.Place, about, after.State.Step(), step)
		}
		if last := after.State.Overrides; len(last) == 0 || last[len(last)-1].Data.Text.Empty() {
			t.Fatal("the reason is not recorded")
		}
	})
	for _, about := range []string{string(platforms.NotAdmin), string(platforms.RateLimited), string(platforms.AppMisconfigured), diagnosis.Repeated, diagnosis.Settling, "wait"} {
		if held[about] == 0 {
			t.Errorf("no state was drawn in which %s hides the ladder", about)
		}
	}
	t.Logf("%v", held)
}
