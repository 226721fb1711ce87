package message_test

import (
	"slices"
	"testing"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// TestScore adds one part after the other, and takes what support would ask next.
func TestScore(t *testing.T) {
	opened := ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: platforms.Facebook, Checks: []string{"admin"}}}
	named := says(ladder.CaseCorrected, "")
	named.Data.Account = text.Const("Example Bakery")
	shot := ladder.Event{Kind: ladder.ShotAdded, Data: ladder.Data{File: "shot-1.png"}}
	steps := []struct {
		event ladder.Event
		score int
		next  string // id
	}{
		{opened, 10, "error"},
		{says(ladder.ErrorRecorded, "(#200)"), 30, "reconnect"},
		{answer(ladder.StatusSeen, "red"), 30, "reconnect"},
		{answer(ladder.ChangeSeen, ""), 35, "reconnect"},
		{says(ladder.AccountChosen, "owner"), 45, "reconnect"},
		{answer(ladder.Attempted, "error"), 60, "account"},
		{named, 70, "screenshot"},
		{shot, 80, "steps"},
		{check("admin", "unsure", ""), 85, "steps"},
		{answer(ladder.Attempted, "error"), 85, "steps"},
		{answer(ladder.Attempted, "done"), 95, "missed"},
		{answer(ladder.PostsMissed, "unsure"), 100, ""},
	}
	var events []ladder.Event
	for _, step := range steps {
		events = append(events, step.event)
		s, _ := played(t, slices.Clone(events)...)
		c := message.Score(s, guide)
		if c.Score != step.score || c.Next.ID != step.next {
			t.Errorf("after %s: %d, next %q; want %d, next %q", step.event.Kind, c.Score, c.Next.ID, step.score, step.next)
		}
	}
}

// TestNone: that there was no message, and that no screenshot can be made, are answers.
func TestNone(t *testing.T) {
	s, _ := played(t, open(), answer(ladder.StatusSeen, "red"))
	before := message.Score(s, guide)
	none := ladder.Entry{Event: answer(ladder.ErrorRecorded, "none")}
	s.Errors, s.Shots = []ladder.Entry{none}, []ladder.Entry{none}
	if c := message.Score(s, guide); c.Score != before.Score+30 || c.Next.ID == "error" {
		t.Errorf("%d, next %q; before %d", c.Score, c.Next.ID, before.Score)
	}
	s.Errors, s.Shots = nil, nil
	if c := message.Score(s, guide); c.Score != before.Score || c.Next.ID != "error" {
		t.Errorf("without an answer: %d, next %q", c.Score, c.Next.ID)
	}
}

// TestAsksFirst: nobody is asked to reconnect what was never connected.
func TestAsksFirst(t *testing.T) {
	s, _ := played(t, unlisted()...)
	if got := message.Score(s, guide).Parts[1].Question.String(); got != "What happens when you try to connect Facebook?" {
		t.Errorf("asks %q", got)
	}
}

func TestParts(t *testing.T) {
	all := message.Score(ladder.State{}, platforms.Guide{})
	if all.Score != 0 || len(all.Missing) != len(all.Parts) {
		t.Errorf("no case scores %d", all.Score)
	}
	sum := 0
	for _, p := range all.Parts {
		sum += p.Weight
	}
	if sum != 100 {
		t.Errorf("the weights are %d together, not 100", sum)
	}
	if !slices.IsSortedFunc(all.Parts, func(a, b message.Part) int { return b.Weight - a.Weight }) {
		t.Error("the parts do not stand in the order of their weight")
	}
	if got := message.Score(ladder.State{}, guide).Parts[4].Question.String(); got != "Which Facebook login did you use?" {
		t.Errorf("asks %q", got)
	}
}

func TestRequestIDs(t *testing.T) {
	for in, want := range map[string][]string{
		`"fbtrace_id":"AbC1xYz9"`:                              {"fbtrace_id AbC1xYz9"},
		`{\"fbtrace_id\":\"AbC1xYz9\"}`:                        {"fbtrace_id AbC1xYz9"},
		"X-Request-Id: 7f3c-11\nx-li-uuid: AAYk+0/x==":         {"X-Request-Id 7f3c-11", "x-li-uuid AAYk+0/x=="},
		"log_id=202611230914 log_id=202611230914":              {"log_id 202611230914"},
		"code: 190, state: disconnected, user_id: 12345678901": nil,
		"the x-request-id was not shown":                       nil,
		"x-request-id: [removed]":                              nil,
	} {
		var got []string
		for _, id := range message.RequestIDs(text.Block(in)) {
			got = append(got, id.Name.String()+" "+id.Value.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}
