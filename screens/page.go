// Package screens shows one step and returns one answer.
//
// A [Page] is data: texts, instructions, choices, fields. One file a kind of
// page shows it as a small Bubble Tea model; the plain face asks the very same
// data line by line. Theme, key map, help and shared parts live here too. Never
// here: storage, HTTP, or the decision what comes next.
package screens

import (
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Kind says how a page is shown.
type Kind string

// The kinds of page.
const (
	Cases   Kind = "cases"   // Start: a list of cases and of things to begin
	Board   Kind = "board"   // the dashboard's own list, a row a platform
	Steps   Kind = "steps"   // instructions to tick, facts, one question with choices
	Form    Kind = "form"    // fields to fill in
	Writing Kind = "writing" // one text of many lines
	Files   Kind = "files"   // one file to pick
	Reading Kind = "reading" // a long text, perhaps with choices below
)

// A Page is what one step shows and asks, whatever the face. Empty parts are
// not shown.
type Page struct {
	Name   string // names the page in drafts, tests and golden files: "reconnect", "check.admin"
	Kind   Kind
	Head   Head
	Over   bool      // laid over another page: esc leaves it, as back does
	Notice text.Safe // one line that something happened: moved on elsewhere, could not save
	Title  text.Safe
	Tag    text.Safe // right of the title: "attempt 1 of 2"
	Why    text.Safe // one sentence; on a call the words to say

	Do      []Instruction
	Facts   []Fact
	Ask     text.Safe
	Choices []Choice
	Rows    []Row     // Board
	At      string    // Board: the platform at which the cursor starts
	Items   []Item    // Cases
	Fields  []Field   // Form
	Body    text.Safe // Reading
	Side    []Section // second pane from 110 columns, and behind w
	Actions []Action  // what can be done here besides answering, in the order of the bottom line
	Links   []Link

	// Tell says what a text means so far, if the page can; Writing shows it while
	// somebody types. It runs outside of Update and changes nothing.
	Tell func(typed string) []Fact

	Draft string // what was typed here before and not yet answered, as Screen.Draft gave it
}

// Head is what the top lines say: product, case, rail, what is saved.
type Head struct {
	Platform text.Safe // "Facebook", empty outside of a case
	Account  text.Safe
	Case     string    // "7QK2"
	Since    time.Time // start of the call for the clock; zero shows no clock
	Saved    int       // number of the last durable event; -1 shows nothing, 0 a tick only
	Rail     []Stop    // six, or empty for no rail
}

// A StopState is the state of a step on the rail.
type StopState string

// The states of a step on the rail, each with a sign: ○ ahead, ◉ here, ● done, ◐ waits, – skipped.
const (
	Ahead  StopState = "ahead"
	Here   StopState = "here"
	Done   StopState = "done"
	Waits  StopState = "waits"
	Passed StopState = "passed" // left out, not taken
)

// A Stop is one step on the rail.
type Stop struct {
	Step  platforms.Step
	State StopState
}

// An Instruction is one numbered thing to do.
type Instruction struct {
	ID     string
	Text   text.Safe
	Warn   text.Safe // shown below it with a !
	Note   text.Safe // dim, right of it or below: grade, "look for"
	Ticked bool
	Link   text.Safe // where it leads; the acts on a link take that of the instruction under the cursor
}

// A Fact is a labelled line: "stops", "stays", "whose move".
type Fact struct {
	Label text.Safe
	Text  text.Safe
	Grade platforms.Grade // shown dim behind it, if any
}

// A Choice is one answer to the page's question, picked by its number.
type Choice struct {
	ID     string
	Label  text.Safe
	Colour platforms.Colour // its sign and colour, if any
	Means  text.Safe        // Board: what a colour means, short enough for a row
	Listen text.Safe        // on a call: what the customer says when this is the answer
}

// A Row is one platform on the board.
type Row struct {
	Platform platforms.ID
	Name     text.Safe
	Colour   platforms.Colour // empty: not looked at yet
	Fixed    bool             // an open case of this row exists: shown, not changed
}

// An Item is one line to choose on the start page.
type Item struct {
	ID       string // case id, or "new", "connect"
	Platform text.Safe
	Account  text.Safe
	Step     text.Safe
	When     text.Safe // "due now", "2 days"
	Note     text.Safe // a second line: why it is due
	Due      bool
}

// A FieldKind says how a field is filled in.
type FieldKind string

// The kinds of field.
const (
	Word    FieldKind = "word"    // one line of text
	Number  FieldKind = "number"  // a whole number from 0
	Pick    FieldKind = "pick"    // one of Options
	PickAny FieldKind = "pickany" // any of Options
	Hidden  FieldKind = "hidden"  // one line that does not show and is in no draft: a secret
)

// A Field is one question of a form.
type Field struct {
	ID       string
	Kind     FieldKind
	Label    text.Safe
	Help     text.Safe
	Options  []Choice
	Value    text.Safe // what it starts with; for PickAny ids separated by commas
	Required bool
	// Check returns what is wrong with a value and what to do, or the empty text.
	Check func(value string) text.Safe
}

// A Section is a part of the second pane.
type Section struct {
	Heading text.Safe // "SAY", "WHAT WE KNOW"
	Lines   []Fact
}

// A Link can be opened, copied, and shown as a code for the phone.
type Link struct {
	Label text.Safe
	URL   text.Safe
}

// An Act is something that can be done besides answering. Every face has them
// all under the same key.
type Act string

// The acts. OpenURL, Copy, Phone, Help and Leave are for the face to do, the
// others for the session. Help and Leave are on every page; the three on links
// are wherever there is a link, and name the one that is meant in Answer.Text.
// A text pasted where no field is comes with the act Error.
const (
	Back    Act = "back"
	Tried   Act = "tried"
	Error   Act = "error"
	Note    Act = "note"
	Gap     Act = "gap"
	Why     Act = "why"
	More    Act = "more"
	Aud     Act = "audience"
	Edit    Act = "edit"
	Save    Act = "save"
	Shot    Act = "screenshot"
	Verify  Act = "verify" // ask the platform now
	Anyway  Act = "anyway" // take the ladder as written
	Copy    Act = "copy"
	OpenURL Act = "open"
	Phone   Act = "phone"
	Help    Act = "help"
	Leave   Act = "leave"
)

// An Action is an act that applies to a page, with the words for it here.
type Action struct {
	Act   Act
	Label text.Safe // "back", "the exact error"
	Off   text.Safe // why it cannot be done now; empty if it can
}

// An Answer is what a page returns. Exactly one of Pick, Act, Tick and Values
// says what was done.
type Answer struct {
	Page   string // the name of the page that was answered
	Pick   string // the id of a choice or item
	Act    Act
	Tick   string            // the id of an instruction ticked or unticked
	Values map[string]string // Form: by field id; PickAny: ids separated by commas. Board: colour by platform, "at": the row under the cursor, "alert": banner, email or both
	Text   string            // Writing: raw as typed or pasted; Files: the path; acts on a link: its address; Error: what was pasted, if it was pasted where no field is. The session makes it safe.
}
