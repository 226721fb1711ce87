package message

import (
	"slices"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Part is one thing that support needs to know. Its id names the page that
// answers it; account and login are answered on one page, or by correcting them.
type Part struct {
	ID       string    `json:"id"`
	Weight   int       `json:"weight"`
	Have     bool      `json:"have"`
	Question text.Safe `json:"question"` // what support would ask
}

// Completeness says how much of what support needs is there.
type Completeness struct {
	Score   int    `json:"score"` // 0 to 100
	Parts   []Part `json:"parts"` // all, the weightiest first
	Missing []Part `json:"missing"`
	Next    Part   `json:"next,omitzero"` // what support would ask next; the zero Part when nothing is missing
}

// parts is what support needs, the weightiest first; the weights are 100
// together. The help article asks for platform, what happens, the exact error
// and a screenshot; the rest saves support a question.
var parts = []struct {
	id       string
	weight   int
	question text.Safe
	have     func(ladder.State) bool
}{
	// That there is no error message, and that no screenshot can be made, are answers, too.
	{"error", 20, text.Const("What does the error say, word for word?"),
		func(s ladder.State) bool { return len(s.Errors) > 0 }},
	{"reconnect", 15, text.Const("What happens when you try to {reconnect} {platform}?"),
		func(s ladder.State) bool { return tries(s, platforms.Reconnect, platforms.Fresh) }},
	{"platform", 10, text.Const("Which platform is affected?"),
		func(s ladder.State) bool { return s.Platform != "" }},
	{"account", 10, text.Const("Which {noun} is it, as Aibrify names it?"),
		func(s ladder.State) bool { return !s.AccountName().Empty() }},
	{"login", 10, text.Const("Which {login} did you use?"),
		func(s ladder.State) bool { return !s.LoginName().Empty() }},
	{"screenshot", 10, text.Const("Can you add a screenshot of what you see?"),
		func(s ladder.State) bool { return len(s.Shots) > 0 }},
	{"steps", 10, text.Const("Did you disconnect, remove Aibrify on {platform}'s side and start fresh? How did it end?"),
		func(s ladder.State) bool { return tries(s, platforms.Disconnect, platforms.Clear, platforms.Fresh) }},
	{"changed", 5, text.Const("What changed lately: the password, somebody's role, the type of the account?"),
		func(s ladder.State) bool { return s.Changed }},
	{"checks", 5, text.Const("What did {platform}'s own checks say?"),
		func(s ladder.State) bool { return s.Seq > 0 && s.Pending() == "" }},
	{"missed", 5, text.Const("Did posts miss their time, and how many?"),
		func(s ladder.State) bool { return s.Missed != nil }},
}

// Score says how complete the support message of s is, and what support would
// ask next. More of the parts never score lower.
func Score(s ladder.State, g platforms.Guide) Completeness {
	words := map[string]text.Safe{
		"platform": g.Name.Or(text.Line(string(s.Platform))).Or(text.Const("the platform")),
		"noun":     g.Noun.Or(text.Const("account")),
		"login":    g.Login.Or(text.Const("login")),

		"reconnect": text.Const("reconnect"),
	}
	if s.FirstTime() {
		words["reconnect"] = text.Const("connect")
	}
	var c Completeness
	for _, p := range parts {
		part := Part{p.id, p.weight, p.have(s), p.question.Fill(words)}
		c.Parts = append(c.Parts, part)
		if part.Have {
			c.Score += part.Weight
			continue
		}
		c.Missing = append(c.Missing, part)
	}
	if len(c.Missing) > 0 {
		c.Next = c.Missing[0]
	}
	return c
}

// tries tells whether one of the steps was tried.
func tries(s ladder.State, steps ...platforms.Step) bool {
	return slices.ContainsFunc(s.Attempts, func(a ladder.Attempt) bool { return slices.Contains(steps, a.Step) })
}
