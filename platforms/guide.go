package platforms

import "reconnect/platforms/text"

// Words are one text in the wording of each audience. In the data a plain
// string is the same wording for all, and an audience that is left out gets the
// words of a person on their own.
type Words struct {
	Own        text.Safe `json:"own"`
	Agent      text.Safe `json:"agent"`
	Onboarding text.Safe `json:"onboarding"`
}

// For is the wording for a.
func (w Words) For(a Audience) text.Safe {
	switch a {
	case Agent:
		return w.Agent
	case Onboarding:
		return w.Onboarding
	case Own:
	}
	return w.Own
}

// A Fact says where a statement comes from.
type Fact struct {
	Source    text.Safe `json:"source"`    // where it stands, as the fact sheet names it
	Read      string    `json:"read"`      // the day it was last read, YYYY-MM-DD; empty if unverified
	Certainty Certainty `json:"certainty"` // "documented", "code" or "unverified"
}

// A Note is something worth knowing, with its source.
type Note struct {
	Text Words `json:"text"`
	Fact
}

// For is the wording for a.
func (n Note) For(a Audience) text.Safe { return n.Text.For(a) }

// WholePage stands for the instruction where a report that the guide does not
// match is about no single one. No instruction has this id.
const WholePage = "page"

// An Instruction is one thing to do, and is ticked when done.
type Instruction struct {
	ID    string    `json:"id"`
	After string    `json:"after,omitempty"` // platform data only: put behind that instruction of the common page; "-" is the front
	Text  Words     `json:"text"`
	Warn  Words     `json:"warn,omitzero"`   // the warning that matters at this instruction
	Link  text.Safe `json:"link,omitzero"`   // https address that can be opened
	Where string    `json:"where,omitempty"` // "web", "app", or empty where both are the same
	Fact
}

// A Choice words one usual answer. Which choices a page has, and what they lead
// to, the ladder decides; the data words them by id.
type Choice struct {
	ID     string    `json:"id"`
	Label  text.Safe `json:"label"`
	Means  text.Safe `json:"means,omitzero"`  // what it means, short enough for a row of the board
	Listen text.Safe `json:"listen,omitzero"` // what a customer says on a call when this is the answer
}

// Impact says what a destructive step does.
type Impact struct {
	Stops   Words `json:"stops"`
	Deleted Words `json:"deleted"`
	Stays   Words `json:"stays"`
	Falls   Words `json:"falls"` // what else falls with it
	Unknown Words `json:"unknown"`
	Fact
}

// A Page is the text of one page of the guide.
type Page struct {
	Like    string        `json:"like,omitempty"` // data only: the page that says what this one does not
	Title   text.Safe     `json:"title"`
	Why     Words         `json:"why"` // one sentence; for an agent the words to say
	Do      []Instruction `json:"do,omitempty"`
	Ask     Words         `json:"ask"` // the question; for an agent as asked aloud
	Choices []Choice      `json:"choices,omitempty"`
	Impact  *Impact       `json:"impact,omitempty"`
	More    []Note        `json:"more,omitempty"` // what is worth knowing here: second pane, and behind w
}

// A Check is one of the platform's own preconditions.
type Check struct {
	ID        string        `json:"id"`
	Platforms []ID          `json:"platforms,omitempty"` // common tests only: which have it; empty: all
	Title     text.Safe     `json:"title"`
	Ask       Words         `json:"ask"`              // a question that yes answers well
	Why       Words         `json:"why"`              // why it matters
	How       []Instruction `json:"how"`              // how to look
	Mend      []Instruction `json:"mend"`             // how to mend it
	Who       Owner         `json:"who"`              // who can mend it
	WhoText   Words         `json:"whoText"`          // the same in words
	Change    string        `json:"change,omitempty"` // a change asked about earlier that answers this check
	Cause     Cause         `json:"cause"`            // the cause when it fails
	Fact
}

// A Change is something that may have changed lately.
type Change struct {
	ID    string    `json:"id"` // password, username, role, owner, account_type, app_removed, devices
	Label text.Safe `json:"label"`
	Means Words     `json:"means"` // what follows from it
	Fact
}

// A Guide is one platform's guide: the common pages with the platform's own words in them.
type Guide struct {
	Name     text.Safe       `json:"name"`    // Instagram
	Noun     text.Safe       `json:"noun"`    // what is connected: "account", "Page"
	Login    text.Safe       `json:"login"`   // what one signs in with: "Facebook login"
	Example  text.Safe       `json:"example"` // an account as one would write it: "@example.bakery"
	Before   []Note          `json:"before"`  // prerequisites, said first when onboarding
	Pages    map[string]Page `json:"pages"`
	Checks   []Check         `json:"checks"`   // the help article's own, in its order
	Tests    []Check         `json:"tests"`    // more to look at, where a branch or a cause asks for it
	Branches []Branch        `json:"branches"` // what can be behind an answer after trying to connect
	Changes  []Change        `json:"changes"`
	Expiry   Note            `json:"expiry"` // when to expect the next expiry
	Outage   Instruction     `json:"outage"` // where the platform says that it is down
}

// Check is the check called id, of the article's own or of the further ones.
func (g Guide) Check(id string) (Check, bool) {
	for _, checks := range [][]Check{g.Checks, g.Tests} {
		for _, c := range checks {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Check{}, false
}

// Branch is the branch called id.
func (g Guide) Branch(id string) (Branch, bool) {
	for _, b := range g.Branches {
		if b.ID == id {
			return b, true
		}
	}
	return Branch{}, false
}
