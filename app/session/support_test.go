package session

import (
	"context"
	"slices"
	"testing"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// atSupport is a Facebook case at Support in which events happened before.
func atSupport(t *testing.T, events ...ladder.Event) View {
	t.Helper()
	v := View{Case: "7QK2", Audience: platforms.Own, drafts: map[string]string{}}
	all := []ladder.Event{event(ladder.CaseOpened, ladder.Data{Platform: platforms.Facebook, Account: text.Const("Example Bakery")}),
		event(ladder.StatusSeen, ladder.Data{Answer: "red", Grade: platforms.Seen})}
	all = append(append(all, events...), event(ladder.DetourTaken, ladder.Data{Step: platforms.Support, Text: text.Const("only the team can")}))
	for i, e := range all {
		e.Seq, e.At = i+1, morning
		next, err := ladder.Next(v.State, e)
		if err != nil {
			t.Fatal(err)
		}
		v.State, v.Log = next, append(v.Log, e)
	}
	return v
}

func recordedError(words string) ladder.Event {
	return event(ladder.ErrorRecorded, ladder.Data{Text: text.Block(words)})
}

// TestNextQuestion: one key answers what support would ask next, another says that
// there is nothing to give, and the next question is another one then.
func TestNextQuestion(t *testing.T) {
	shot := event(ladder.ShotAdded, ladder.Data{Answer: "none"})
	s := &Session{Now: func() time.Time { return morning }}
	for _, c := range []struct {
		part, page, item, none string
		kind                   ladder.Kind
		before                 []ladder.Event
	}{
		{"error", pageError, "", "no_error", ladder.ErrorRecorded, nil},
		{"ids", pageError, "", "no_ids", ladder.FactSeen, []ladder.Event{recordedError("(#200)")}},
		{"screenshot", pageScreenshot, "", "no_shot", ladder.ShotAdded, []ladder.Event{recordedError("fbtrace_id: AbC12345")}},
		{"login", pageCorrect, "", "", "", []ladder.Event{recordedError("fbtrace_id: AbC12345"), shot}},
		{"impact", pageCount, "missed", "", "", []ladder.Event{recordedError("fbtrace_id: AbC12345"), shot,
			event(ladder.CaseCorrected, ladder.Data{Text: text.Const("owner")})}},
	} {
		v := atSupport(t, c.before...)
		p := showMessage(s, v)
		asks := func(id string) bool {
			return slices.ContainsFunc(p.Choices, func(o screens.Choice) bool { return o.ID == id })
		}
		if next, _ := v.nextQuestion(); next.ID != c.part || !asks("next") || c.none != "" && !asks(c.none) {
			t.Errorf("%s: asks %s with %v", c.part, next.ID, p.Choices)
		}
		laid, err := takeMessage(context.Background(), s, v, screens.Answer{Pick: "next"})
		if err != nil || laid.lay == nil || *laid.lay != (layer{c.page, c.item}) {
			t.Errorf("%s: lays %+v, %v", c.part, laid.lay, err)
		}
		if c.none == "" {
			continue
		}
		none, err := takeMessage(context.Background(), s, v, screens.Answer{Pick: c.none})
		if err != nil || len(none.events) != 1 || none.events[0].Kind != c.kind {
			t.Fatalf("%s: %+v, %v", c.part, none.events, err)
		}
		if next, _ := atSupport(t, append(slices.Clone(c.before), none.events...)...).nextQuestion(); next.ID == c.part {
			t.Errorf("%s is asked again", c.part)
		}
	}
}

// mended is a case that connected again at a time.
func mended(t testing.TB, id platforms.ID, at time.Time) ladder.State {
	t.Helper()
	var log []ladder.Event
	for i, e := range []ladder.Event{event(ladder.CaseOpened, ladder.Data{Platform: id}), event(ladder.StatusSeen, ladder.Data{Answer: "red"}),
		event(ladder.StatusSeen, ladder.Data{Answer: "green"}), event(ladder.AccountReturned, ladder.Data{Answer: "same"}),
		event(ladder.CaseResolved, ladder.Data{Answer: "connected"})} {
		e.Seq, e.At = i+1, at
		log = append(log, e)
	}
	s, err := ladder.Replay(log)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWeighed: a report says what the screen says, with the linked cases.
func TestWeighed(t *testing.T) {
	v := atSupport(t, event(ladder.ChangeSeen, ladder.Data{Items: []string{"password"}, Grade: platforms.Told}),
		event(ladder.AccountChosen, ladder.Data{Text: text.Const("owner")}))
	v.kin = []store.Summary{{ID: "9XYZ", Platform: "instagram", Step: "Connected again", Updated: morning.Add(time.Hour)}}
	v.sibling = mended(t, platforms.Instagram, morning.Add(time.Hour))
	s := &Session{Now: func() time.Time { return morning.Add(2 * time.Hour) }}
	for _, place := range []ladder.Place{ladder.AtSupport, ladder.AtReconnect} {
		v.State.Place = place
		shown := s.diagnosed(v)
		d, a, complete := Weighed(v.State, v.Log, v.kin, v.sibling, s.Now())
		if !slices.EqualFunc(d.Suspects, shown.Diagnosis.Suspects, func(a, b diagnosis.Suspect) bool { return a.Cause == b.Cause && a.Points == b.Points }) ||
			d.Root != shown.Diagnosis.Root || a.About != shown.Advice.About || a.Case != shown.Advice.Case || len(d.Suspects) == 0 {
			t.Errorf("at %s it says %+v, %+v; the screen %+v, %+v", place, d, a, shown.Diagnosis, shown.Advice)
		}
		if place == ladder.AtReconnect && a.Case != "9XYZ" {
			t.Errorf("the linked case is not in %+v", a)
		}
		if want := text.Format("complete %s of 100", text.Int(complete.Score)); place == ladder.AtSupport && showMessage(s, shown).Tag != want {
			t.Errorf("the screen says %q, not %q", showMessage(s, shown).Tag, want)
		}
	}
}

// TestNoneIsTaken: that there are no ids is offered exactly where the case takes it.
func TestNoneIsTaken(t *testing.T) {
	for name, end := range map[string][]ladder.Event{"open": nil, "ended": {event(ladder.MessageSent, ladder.Data{})}} {
		v := atSupport(t, recordedError("(#200)"))
		for _, e := range end {
			e.Seq = v.State.Seq + 1
			v.State, _ = ladder.Next(v.State, e)
		}
		offered := slices.ContainsFunc(showMessage(nil, v).Choices, func(c screens.Choice) bool { return c.ID == "no_ids" })
		_, err := ladder.Next(v.State, ladder.Event{Seq: v.State.Seq + 1, Kind: ladder.FactSeen, Data: ladder.Data{Item: "ids", Answer: "none"}})
		if offered != (err == nil) || v.State.IsEnded() != (end != nil) {
			t.Errorf("%s: offered %v, taken: %v", name, offered, err)
		}
	}
}
