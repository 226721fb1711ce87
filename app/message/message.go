// Package message makes the support message of a case: what support needs to
// know, whole, in the order in which support asks for it.
//
// Here live the message as data, the words around it, its faces as plain text,
// Markdown and JSON, and the score of what is still missing. All of it is a pure
// function of a case and its log. Never here: a clock, storage, the terminal, or
// the sending: a person sends the message.
package message

import (
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Schema is the number of the message's shape in JSON. It grows when a field
// changes its meaning or goes.
const Schema = 1

// A Message is the support message of a case. Times are UTC. What was not
// recorded is empty, and is left out in JSON.
type Message struct {
	Schema    int                 `json:"schema"`
	Case      text.Safe           `json:"case,omitzero"` // the case's id
	Made      time.Time           `json:"made"`
	Opened    time.Time           `json:"opened,omitzero"`
	Platform  platforms.ID        `json:"platform,omitempty"`
	Name      text.Safe           `json:"name,omitzero"`   // the platform's name
	Noun      text.Safe           `json:"noun,omitzero"`   // what is connected: account, Page
	First     bool                `json:"first,omitempty"` // it is connected for the first time
	Own       text.Safe           `json:"own,omitzero"`    // own words, on top
	Problem   Problem             `json:"problem"`
	Linked    []Linked            `json:"linked,omitempty"` // what else of the customer is affected
	Errors    []Error             `json:"errors,omitempty"` // newest first: the first is the error
	Diagnosis diagnosis.Diagnosis `json:"diagnosis"`        // what the facts point to: the root first, with what follows from it
	NoIDs     bool                `json:"noIds,omitempty"`  // somebody looked: the error names no request
	Shots     []Shot              `json:"screenshots,omitempty"`
	NoShot    bool                `json:"noScreenshot,omitempty"` // none can be made
	Account   Account             `json:"account"`
	Snapshot  *Snapshot           `json:"snapshot,omitempty"`
	Changed   *Changed            `json:"changed,omitempty"` // nil: the question is open
	Tried     []Tried             `json:"tried,omitempty"`   // oldest first
	Outside   []platforms.Step    `json:"outside,omitempty"` // taken back here, but clicked outside: that is still so
	Checks    []Check             `json:"checks,omitempty"`
	Probes    []Probe             `json:"probes,omitempty"` // newest first: what the platform said itself
	Alerts    []string            `json:"alerts,omitempty"` // banner, email
	Missed    *Missed             `json:"missed,omitempty"`
	Notes     []Note              `json:"notes,omitempty"`
	Gaps      []Note              `json:"gaps,omitempty"`    // where the guide did not match the screen
	Removed   []text.Removed      `json:"removed,omitempty"` // what was taken out of the texts above
	Complete  int                 `json:"complete"`          // 0 to 100, as [Score] has it
	Missing   []string            `json:"missing,omitempty"` // ids of the parts that are missing

	zone  *time.Location // in which people read the times; nil is UTC
	agent bool           // the case is a customer's: support asks whose
}

// With is m with the linked cases: the other platforms of the same customer.
func (m Message) With(linked ...Linked) Message {
	m.Linked = append([]Linked(nil), linked...)
	m.Removed = append([]text.Removed(nil), m.Removed...)
	m.Removed = sum(m.Removed, redacted(&m.Linked))
	return m
}

// A Linked is the case of another platform of the same customer.
type Linked struct {
	Case     text.Safe `json:"case,omitzero"`    // its id
	Platform text.Safe `json:"platform"`         // its name
	Account  text.Safe `json:"account,omitzero"` // in Aibrify
	Step     text.Safe `json:"step,omitzero"`    // where it stands, or how it ended
	Open     bool      `json:"open"`
}

// A Problem is what the dashboard shows and how often connecting was tried.
type Problem struct {
	Shows   platforms.Colour `json:"shows,omitempty"`
	Failing bool             `json:"failing,omitempty"` // it shows Connected although posts fail
	Mended  bool             `json:"mended,omitempty"`  // it is connected again, by the case
	Since   time.Time        `json:"since,omitzero"`    // known since then; it may be older
	Tries   int              `json:"tries"`             // to connect, in this case
	Before  int              `json:"before,omitempty"`  // to connect, before this case
	Last    *Tried           `json:"last,omitempty"`    // of this case, if it has one
}

// An Error is a recorded error, word for word, or that there was no message.
type Error struct {
	Seq     int            `json:"seq"`
	At      time.Time      `json:"at,omitzero"`
	Step    platforms.Step `json:"step"`
	Text    text.Safe      `json:"text"`
	None    bool           `json:"none,omitempty"` // there was no error message
	Removed []text.Removed `json:"removed,omitempty"`
	IDs     []RequestID    `json:"ids,omitempty"`
	// Verdict is what the error said when it was recorded; nil if nothing.
	Verdict *ladder.Verdict `json:"verdict,omitempty"`
}

// A Shot is a screenshot in the case's folder.
type Shot struct {
	Seq  int       `json:"seq"`
	At   time.Time `json:"at,omitzero"`
	File string    `json:"file"`
	Was  text.Safe `json:"was,omitzero"` // the name it had
}

// An Account is what is connected, and with which login.
type Account struct {
	Name     text.Safe `json:"name,omitzero"` // in Aibrify
	Login    text.Safe `json:"login,omitzero"`
	Returned string    `json:"returned,omitempty"` // same, other, unsure
	CameBack text.Safe `json:"cameBack,omitzero"`
	Customer text.Safe `json:"customer,omitzero"`
	LastBy   text.Safe `json:"lastBy,omitzero"` // who connected it last
}

// A Snapshot is what was written down before something was removed.
type Snapshot struct {
	Seq       int       `json:"seq"`
	At        time.Time `json:"at,omitzero"`
	Connected text.Safe `json:"connected,omitzero"` // names and handles that the login connected
	By        text.Safe `json:"by,omitzero"`        // who connected it
	Queue     *int      `json:"queue,omitempty"`    // posts that waited; nil if nobody counted
}

// Changed is what changed lately; no items say that nothing did.
type Changed struct {
	Items []Named `json:"items,omitempty"`
}

// A Named is something of the guide, by its id there and its words.
type Named struct {
	ID    string    `json:"id"`
	Label text.Safe `json:"label"`
}

// A Tried is one step that was tried, or something else that moved the case on
// its way: a detour, a step taken against advice, a wait, an account that came back.
type Tried struct {
	Seq     int             `json:"seq"`
	At      time.Time       `json:"at,omitzero"`
	Kind    TriedKind       `json:"kind"`
	Step    platforms.Step  `json:"step,omitempty"`
	Answer  string          `json:"answer,omitempty"` // how it ended; of a detour: mended, waited, or empty
	About   string          `json:"about,omitempty"`  // the cause that a detour, an override or a wait is about, or settle, cool_down and their kind
	Grade   platforms.Grade `json:"grade,omitempty"`
	Already bool            `json:"already,omitempty"` // tried before the case asked for it
	When    text.Safe       `json:"when,omitzero"`     // when, if Already; At is when it was told
	Text    text.Safe       `json:"text,omitzero"`     // the reason, what was waited for, which account, or what was seen
	Until   time.Time       `json:"until,omitzero"`
	Early   text.Safe       `json:"early,omitzero"` // what ends a wait early
	Ended   time.Time       `json:"ended,omitzero"`

	still bool // it ended as it began
}

// A TriedKind says what a [Tried] is.
type TriedKind string

// The kinds of [Tried].
const (
	Attempt  TriedKind = "attempt"
	Detour   TriedKind = "detour"
	Override TriedKind = "override"
	Wait     TriedKind = "wait"
	Returned TriedKind = "returned"
)

// A Check is one of the platform's own checks. An empty outcome: not asked yet.
type Check struct {
	ID      string            `json:"id"`
	Title   text.Safe         `json:"title"`
	At      time.Time         `json:"at,omitzero"`
	Outcome platforms.Outcome `json:"outcome,omitempty"`
	Grade   platforms.Grade   `json:"grade,omitempty"`
	Mended  string            `json:"mended,omitempty"` // mended, go_on
}

// A Probe is what the platform said when it was asked with an app of one's own.
type Probe struct {
	Seq int       `json:"seq"`
	At  time.Time `json:"at,omitzero"`
	ladder.Probe
}

// Missed are the posts that missed their time.
type Missed struct {
	Answer string `json:"answer"` // none, some, unsure
	Count  int    `json:"count,omitempty"`
}

// A Note is something written down at a step.
type Note struct {
	Seq  int            `json:"seq"`
	At   time.Time      `json:"at,omitzero"`
	Step platforms.Step `json:"step"`
	Item string         `json:"item,omitempty"` // the id of the guide's instruction, for a gap
	Says text.Safe      `json:"says,omitzero"`  // the words of that instruction
	Text text.Safe      `json:"text"`
}
