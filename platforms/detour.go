package platforms

import (
	"time"

	"reconnect/platforms/text"
)

// A Weight says how much a fact speaks for or against a cause.
type Weight string

// The weights, lightest first. A decisive fact is enough to be certain.
const (
	Weak     Weight = "weak"
	Strong   Weight = "strong"
	Decisive Weight = "decisive"
)

// Points is the weight as a number, so that facts can be added up.
func (w Weight) Points() int {
	switch w {
	case Weak:
		return 2
	case Strong:
		return 4
	case Decisive:
		return 8
	}
	return 0
}

// A Rule says for or against which causes a fact speaks.
type Rule struct {
	ID        string  `json:"id"`                  // names the rule where it is shown
	When      string  `json:"when"`                // the sort of fact: one of [RuleKinds]
	Is        string  `json:"is,omitempty"`        // which of its sort; empty: any
	Platforms []ID    `json:"platforms,omitempty"` // empty: all
	For       []Cause `json:"for,omitempty"`
	Against   []Cause `json:"against,omitempty"`
	Weight    Weight  `json:"weight"`
	Says      Words   `json:"says"` // what follows from the fact, one sentence
	Fact
}

// RuleKinds are the sorts of fact that rules speak of, and what Is names: an
// answer to the status check; a change; an answer after trying to connect; a
// branch that was entered; which account came back; a look at the platform's
// status page (down, up); this store's own cases (spike, shared).
//
// That a check which fails speaks for its cause, and a recorded error for the
// causes of its signature, needs no rule.
func RuleKinds() []string {
	return []string{"status", "change", "tried", "returned", "incident", "cases"}
}

// A Move is what to do about a cause.
type Move string

// The moves.
const (
	GoOn       Move = "continue" // the ladder's own next step is right
	FixFirst   Move = "fix"      // something has to be put right before connecting can work
	WaitUntil  Move = "wait"     // nothing helps but time
	SkipTo     Move = "skip"     // the steps between cannot cure it
	AskSupport Move = "support"  // only Aibrify can
)

// A Detour says what to do about a cause instead of the ladder's next step. The
// first row that fits counts.
type Detour struct {
	Cause     Cause         `json:"cause"`
	Platforms []ID          `json:"platforms,omitempty"` // empty: all
	Next      Step          `json:"next,omitempty"`      // only if the recorded error's own next step is this one, as [Step] or wait, fix
	Tried     string        `json:"tried,omitempty"`     // one of [TriedWords]; empty: whatever was tried
	Owner     Owner         `json:"owner"`               // whose move it is
	Do        Move          `json:"do"`
	To        Step          `json:"to,omitempty"`     // where it goes on: after the fix, or past the steps left out
	Cures     []Step        `json:"cures,omitempty"`  // the steps that can cure it; the destructive ones that are not here are held back
	Reason    Words         `json:"reason"`           // why, one sentence
	See       Words         `json:"see,omitzero"`     // how to see that it is done, where no check asks for it
	Mend      []Instruction `json:"mend,omitempty"`   // what to do, where no check says it
	Request   text.Safe     `json:"request,omitzero"` // what to ask an admin for, as one writes it to them
	Wait      time.Duration `json:"wait,omitempty"`   // how long; in the data as "1h"
	At        string        `json:"at,omitempty"`     // or until which time of day, UTC, as "00:00"
	Early     Words         `json:"early,omitzero"`   // what ends the wait earlier
	Fact
}

// TriedWords are what a detour can depend on: the step was tried and failed since
// the cause is known; it was put right and came again; it was waited for and came
// again.
func TriedWords() []string { return []string{"failed", "mended", "waited"} }

// BranchIDs are the answers that branch off: the Page is not offered, none was
// chosen, a window did not open, a security step, a second factor, and the wrong
// account that came back.
func BranchIDs() []string {
	return []string{"not_offered", "no_page", "popup", "security", "two_factor", "wrong_account"}
}

// A Branch is what can be behind an answer after trying to connect: tests, each
// done in a minute, the likeliest first. They are checks, named by their ids.
type Branch struct {
	ID        string   `json:"id"`                  // the answer: one of [BranchIDs]
	Platforms []ID     `json:"platforms,omitempty"` // common data only: which have it; empty: all
	Label     Words    `json:"label"`               // the answer in words, short
	Title     Words    `json:"title"`               // of its pages
	Checks    []string `json:"checks"`
	Listen    Words    `json:"listen,omitzero"` // what a customer says on a call when this is it
	Fact
}
