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
	looked := ladder.Event{Kind: ladder.FactSeen, Data: ladder.Data{Item: "ids", Answer: "none"}}
	steps := []struct {
		event ladder.Event
		score int
		next  string // id
	}{
		{opened, 10, "error"},
		{says(ladder.ErrorRecorded, "(#200)"), 30, "account"},
		{answer(ladder.StatusSeen, "red"), 30, "account"},
		{answer(ladder.ChangeSeen, ""), 33, "account"},
		{says(ladder.AccountChosen, "owner"), 40, "account"},
		{answer(ladder.Attempted, "error"), 55, "account"},
		{named, 65, "ids"},
		{shot, 73, "ids"},
		{check("admin", "unsure", ""), 76, "ids"},
		{answer(ladder.Attempted, "error"), 76, "ids"},
		{answer(ladder.Attempted, "done"), 86, "ids"},
		{looked, 94, "impact"},
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

// have are the parts that s has, and its score.
func have(s ladder.State) ([]string, int) {
	c := message.Score(s, guide)
	var ids []string
	for _, p := range c.Parts {
		if p.Have {
			ids = append(ids, p.ID)
		}
	}
	return ids, c.Score
}

// TestAnswersThatCount: what makes up a part, and what does not yet.
func TestAnswersThatCount(t *testing.T) {
	begin := []ladder.Event{open(), answer(ladder.StatusSeen, "red"), answer(ladder.ChangeSeen, ""), says(ladder.AccountChosen, "owner")}
	before, _ := played(t, slices.Clone(begin)...)
	had, score := have(before)
	for _, c := range []struct {
		name  string
		event ladder.Event
		adds  []string
		score int
	}{
		{"an error without ids", says(ladder.ErrorRecorded, "(#200)"), []string{"error"}, 20},
		{"an error with one in its text", says(ladder.ErrorRecorded, lastError), []string{"error", "ids"}, 28},
		{"an error with one lifted out", lifted("it failed"), []string{"error", "ids"}, 28},
		{"no message", answer(ladder.ErrorRecorded, "none"), []string{"error", "ids"}, 28},
		{"no ids", seen("ids", "none"), []string{"ids"}, 8},
		{"no fault", seen("incident", "up"), nil, 0},
		{"no screenshot", answer(ladder.ShotAdded, "none"), []string{"screenshot"}, 8},
		{"what waited, counted", snapped(14, "counted"), []string{"impact"}, 6},
		{"what waited, none of it", snapped(0, "counted"), []string{"impact"}, 6},
		{"what waited, not counted", snapped(0, ""), nil, 0},
		{"missed posts, not sure", answer(ladder.PostsMissed, "unsure"), []string{"impact"}, 6},
		{"a login that stopped", answer(ladder.Attempted, "security"), []string{"symptom"}, 15},
	} {
		s, _ := played(t, append(slices.Clone(begin), c.event)...)
		now, is := have(s)
		adds := slices.DeleteFunc(now, func(id string) bool { return slices.Contains(had, id) })
		if !slices.Equal(adds, c.adds) || is != score+c.score {
			t.Errorf("%s adds %v, %d; want %v, %d", c.name, adds, is-score, c.adds, c.score)
		}
	}
}

// TestAsks: the questions fit the case. Nobody is asked to reconnect what was
// never connected, and each platform's ids have their own name.
func TestAsks(t *testing.T) {
	first, _ := played(t, unlisted()...)
	red, _ := played(t, open(), answer(ladder.StatusSeen, "red"))
	tiktok := red
	tiktok.Platform = platforms.TikTok
	for _, c := range []struct {
		id, want string
		of       ladder.State
	}{
		{"symptom", "What does the dashboard show for Facebook?", ladder.State{}},
		{"symptom", "What happens when you try to reconnect Facebook?", red},
		{"symptom", "What happens when you try to connect Facebook?", first},
		{"ids", "Which request id does the error name, such as fbtrace_id, and when?", red},
		{"ids", "Which request id does the error name, such as log_id, and when?", tiktok},
		{"ids", "Which request id does the error name, such as fbtrace_id, log_id or x-request-id, and when?", ladder.State{}},
		{"login", "Which Facebook login did you use?", red},
	} {
		all := message.Score(c.of, guide).Parts
		i := slices.IndexFunc(all, func(p message.Part) bool { return p.ID == c.id })
		if got := all[i].Question.String(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.id, got, c.want)
		}
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
