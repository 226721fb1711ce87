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
	Next    Part   `json:"next,omitzero"` // what support would ask next; the zero Part when nothing more can be answered
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
	// That there is no error message, no id and no screenshot are answers, too.
	{"error", 20, text.Const("What does the error say, word for word?"),
		func(s ladder.State) bool { return len(s.Errors) > 0 }},
	{"symptom", 15, text.Const("{symptom}"),
		func(s ladder.State) bool { return tries(s, platforms.Reconnect, platforms.Fresh) }},
	{"platform", 10, text.Const("Which platform is affected?"),
		func(s ladder.State) bool { return s.Platform != "" }},
	{"account", 10, text.Const("Which {noun} is it, as Aibrify names it?"),
		func(s ladder.State) bool { return !s.AccountName().Empty() }},
	{"steps", 10, text.Const("Did you disconnect, remove Aibrify on {platform}'s side and start fresh? How did it end?"),
		func(s ladder.State) bool { // what was advised against is no gap
			return tries(s, platforms.Disconnect, platforms.Clear, platforms.Fresh) || s.Went(platforms.Support)
		}},
	{"ids", 8, text.Const("Which request id does the error name, such as {ids}, and when?"), hasIDs},
	{"screenshot", 8, text.Const("Can you add a screenshot of what you see?"),
		func(s ladder.State) bool { return len(s.Shots) > 0 }},
	{"login", 7, text.Const("Which {login} did you use?"),
		func(s ladder.State) bool { return !s.LoginName().Empty() }},
	{"impact", 6, text.Const("Did posts miss their time, and how many?"),
		func(s ladder.State) bool { return s.Missed != nil || s.Snapshot != nil && s.Snapshot.Counted }},
	{"changed", 3, text.Const("What changed lately: the password, somebody's role, the type of the account?"),
		func(s ladder.State) bool { return s.Changed }},
	{"checks", 3, text.Const("What did {platform}'s own checks say?"),
		func(s ladder.State) bool { return s.Seq > 0 && s.Pending() == "" }},
}

// hasIDs tells whether an error names a request, or nothing does.
func hasIDs(s ladder.State) bool {
	return slices.ContainsFunc(s.Seen, noIDs) || slices.ContainsFunc(s.Errors, func(e ladder.Entry) bool {
		return noMessage(e) || len(e.Data.IDs) > 0 || len(RequestIDs(e.Data.Text)) > 0
	})
}

// noMessage tells whether e says that there was no error message.
func noMessage(e ladder.Entry) bool { return e.Data.Answer == "none" && e.Data.Text.Empty() }

// noIDs tells whether e says that the error names no request.
func noIDs(e ladder.Entry) bool { return e.Data.Item == "ids" && e.Data.Answer == "none" }

// idNames are the ids by which each platform finds a request.
var idNames = map[platforms.ID]text.Safe{
	platforms.Instagram: text.Const("fbtrace_id"), platforms.Facebook: text.Const("fbtrace_id"),
	platforms.TikTok: text.Const("log_id"), platforms.LinkedIn: text.Const("x-li-uuid"), platforms.X: text.Const("x-transaction-id"),
}

// Score says how complete the support message of s is, and what support would
// ask next. More of the parts never score lower.
func Score(s ladder.State, g platforms.Guide) Completeness {
	words := asked(s, g)
	c := Completeness{Missing: []Part{}}
	for _, p := range parts {
		part := Part{p.id, p.weight, p.have(s), p.question.Fill(words)}
		c.Parts = append(c.Parts, part)
		if part.Have {
			c.Score += part.Weight
			continue
		}
		c.Missing = append(c.Missing, part)
	}
	if i := slices.IndexFunc(c.Missing, func(p Part) bool { return slices.Contains(asks, p.ID) }); i >= 0 {
		c.Next = c.Missing[i]
	}
	return c
}

// asks are the parts that can be answered at any time. What the ladder's own steps
// tell, nobody is asked for beside them.
var asks = []string{"error", "account", "ids", "screenshot", "login", "impact"}

// asked are what the questions leave open.
func asked(s ladder.State, g platforms.Guide) map[string]text.Safe {
	words := map[string]text.Safe{
		"platform": g.Name.Or(text.Line(string(s.Platform))).Or(text.Const("the platform")),
		"noun":     g.Noun.Or(text.Const("account")),
		"login":    g.Login.Or(text.Const("login")),
		"ids":      idNames[s.Platform].Or(text.Const("fbtrace_id, log_id or x-request-id")),
	}
	symptom := text.Const("What happens when you try to reconnect {platform}?")
	switch {
	case s.Colour == "":
		symptom = text.Const("What does the dashboard show for {platform}?")
	case s.FirstTime():
		symptom = text.Const("What happens when you try to connect {platform}?")
	}
	words["symptom"] = symptom.Fill(words)
	return words
}

// tries tells whether one of the steps was tried.
func tries(s ladder.State, steps ...platforms.Step) bool {
	return slices.ContainsFunc(s.Attempts, func(a ladder.Attempt) bool { return slices.Contains(steps, a.Step) })
}
