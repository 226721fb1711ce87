package ladder

import (
	"slices"
	"strconv"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A State is a case as its log tells it. The zero State is no case yet.
type State struct {
	Seq    int // number of the last event
	Opened time.Time
	Last   time.Time // of the last event
	Case
	Position
	Kept
}

// A Case is what the case is about.
type Case struct {
	Platform platforms.ID
	Customer text.Safe
	Audience platforms.Audience
	Group    string
	Checks   []string // ids of the platform's checks, in order
}

// A Position is where the case stands and the facts that led there. Going back
// restores it exactly.
type Position struct {
	Place    Place
	Round    int   // number of the event that began this round, after it broke again; 0 in the first
	Breaks   int   // how often it broke again after it was connected
	Shown    int   // number of the event after which the dashboard showed Connected last
	Wait     *Wait // what the case waits for, if it waits
	Colour   platforms.Colour
	Changes  []string  // what changed lately
	Changed  bool      // the question was answered, perhaps with "nothing"
	Account  text.Safe // in Aibrify
	Use      text.Safe // the login to use
	Returned string    // same, other, unsure
	CameBack text.Safe // which account came back, if another one
	LastBy   text.Safe // who connected it last
	Brought  []Brought // checks that a try asks for, beside the platform's own
	Checked  []Checked
	Attempts []Attempt
	Settled  []Settled        // what was put right or waited for
	Visited  []platforms.Step // steps entered, in order
	Visits   map[Place]int    // how often each place was entered
	Ended    string           // how it ended: connected, nothing, given_up, duplicate, mistake
	Ends     time.Time        // when the permission ends, if what showed Connected told

	named  int       // number of the event that named account and login
	by     Event     // the event that led here
	before *Position // the position before; nil at the first
}

// Kept is what stays when a case goes back.
type Kept struct {
	Ticks       map[string]bool // instructions ticked, by Position.TickKey
	Alerts      []string        // banner, email
	Errors      []Entry
	Notes       []Entry
	Gaps        []Entry
	Shots       []Entry
	Messages    []Entry // copied, saved, sent
	Overrides   []Entry
	Probes      []Entry
	Seen        []Entry // incidents, this store's cases, looks at a linked case
	Snapshot    *Snapshot
	Missed      *Missed
	Corrections []Entry          // of account, login or customer
	Edit        text.Safe        // own words above the support message
	Struck      []int            // numbers of the events taken back
	Outside     []platforms.Step // clicked outside and taken back here: that is still so
}

// An Entry is something recorded, with its event.
type Entry struct {
	Event
	Step platforms.Step // the step it was recorded at
}

// An Attempt is one try at a step.
type Attempt struct {
	Seq     int
	At      time.Time
	Place   Place
	Step    platforms.Step
	Answer  string
	Already bool // tried before the case asked for it
	When    text.Safe
	Said    text.Safe // what was seen, where the answer alone does not tell
	Grade   platforms.Grade
}

// A Brought is a check that a try asks for, whatever was answered before it.
type Brought struct {
	ID  string
	Seq int // of the try
}

// A Checked is a check with its answer.
type Checked struct {
	Seq     int
	ID      string
	Outcome platforms.Outcome
	Grade   platforms.Grade
	Mended  string // mended, go_on, overruled; empty if nothing had to be mended or not yet
}

// A Settled is a cause that was put right, or waited for: what spoke for it
// before is past.
type Settled struct {
	Seq   int
	Cause string // as a [platforms.Cause], or settle, cool_down
	How   string // mended, waited, overruled
}

// A Snapshot is what was written down before something is removed.
type Snapshot struct {
	Seq       int
	At        time.Time
	Connected text.Safe // names and handles that the login connected
	By        text.Safe // who connected it
	Queue     int       // posts that wait
	Counted   bool      // Queue was counted
}

// A Wait is what a case waits for.
type Wait struct {
	Seq   int
	About string         // the cause it is waited for, or settle, cool_down; empty if a person chose to wait
	Then  platforms.Step // where to go on once it is over; empty: here
	For   text.Safe
	Until time.Time
	Early text.Safe // what ends it early
}

// Missed are the posts that missed their time.
type Missed struct {
	Answer string // none, some, unsure
	Count  int
	Seq    int
}

// Step is the step the case is at. A connection that worked belongs to the step
// that brought it.
func (p Position) Step() platforms.Step {
	if (p.Place == AtChecks || p.Place == AtMend) && (p.FirstTime() || p.failedFresh()) {
		return platforms.Fresh
	}
	if s := steps[p.Place]; s != "" {
		return s
	}
	if len(p.Visited) > 0 {
		return p.Visited[len(p.Visited)-1]
	}
	return platforms.Status
}

// AccountName is the account or Page as Aibrify names it, with what was corrected since.
func (s State) AccountName() text.Safe {
	return s.corrected(s.Account, func(d Data) text.Safe { return d.Account })
}

// LoginName is the login to use, with what was corrected since.
func (s State) LoginName() text.Safe {
	return s.corrected(s.Use, func(d Data) text.Safe { return d.Text })
}

// CustomerName is whose case it is, with what was corrected since.
func (s State) CustomerName() text.Safe {
	name := s.Customer
	for _, c := range s.Corrections {
		name = c.Data.Customer.Or(name)
	}
	return name
}

// corrected is name, unless it was corrected after it was given.
func (s State) corrected(name text.Safe, of func(Data) text.Safe) text.Safe {
	for _, c := range s.Corrections {
		if c.Seq > s.named || name.Empty() {
			name = of(c.Data).Or(name)
		}
	}
	return name
}

// FirstTime tells whether the platform is connected for the first time: it was
// not listed, and nothing had to be reconnected.
func (p Position) FirstTime() bool { return p.Visits[AtBefore] > 0 && p.Visits[AtReconnect] == 0 }

// failedFresh tells whether the last try was to start fresh, and failed: what
// there was before is gone, so that only another fresh start can connect.
func (p Position) failedFresh() bool {
	last, ok := p.LastTry()
	return ok && last.Place == AtFresh && last.Seq > p.Shown
}

// LastTry is the last try to connect.
func (p Position) LastTry() (Attempt, bool) {
	for _, a := range slices.Backward(p.Attempts) {
		if a.Connects() {
			return a, true
		}
	}
	return Attempt{}, false
}

// Went tells whether a detour of this round led to a step.
func (p Position) Went(to platforms.Step) bool {
	for at := &p; at != nil && at.by.Seq > p.Round; at = at.before {
		if at.by.Kind == DetourTaken && at.by.Data.Step == to {
			return true
		}
	}
	return false
}

// Connects tells whether a was a try to connect.
func (a Attempt) Connects() bool {
	return a.Place == AtReconnect || a.Place == AtRetry || a.Place == AtFresh
}

// IsEnded tells whether the case has ended.
func (s State) IsEnded() bool { return s.Place.End() }

// Before is the position that the last answer led away from; false at the first.
func (p Position) Before() (Position, bool) {
	if p.before == nil {
		return Position{}, false
	}
	return *p.before, true
}

// CanBack tells whether there is an answer to take back.
func (p Position) CanBack() bool { return p.before != nil }

// LedHere is the event that led to this position.
func (p Position) LedHere() Event { return p.by }

// Pending is the first check to answer; empty if all are answered.
func (s State) Pending() string {
	if open := s.Open(); len(open) > 0 {
		return open[0]
	}
	return ""
}

// Open are the checks that are not answered yet: those that a try brought first,
// then the platform's own. An answer stands until a try asks for it anew.
func (s State) Open() []string {
	var open []string
	ask := func(id string, since int) {
		if last, done := s.Check(id); (!done || last.Seq < since) && !slices.Contains(open, id) {
			open = append(open, id)
		}
	}
	for _, b := range s.Brought {
		ask(b.ID, b.Seq)
	}
	for _, id := range s.Checks {
		ask(id, 0)
	}
	return open
}

// Failing is the check that failed last and waits to be mended; empty if none.
func (p Position) Failing() string {
	for _, c := range slices.Backward(p.Checked) {
		if c.Outcome == platforms.Fail && c.Mended == "" {
			return c.ID
		}
	}
	return ""
}

// Check is the latest answer to a check.
func (p Position) Check(id string) (Checked, bool) {
	for _, c := range slices.Backward(p.Checked) {
		if c.ID == id {
			return c, true
		}
	}
	return Checked{}, false
}

// TickKey names an instruction of this visit to this place. Coming again for
// another try starts with fresh ticks; going back finds the old ones.
func (p Position) TickKey(item string) string {
	return string(p.Place) + "#" + strconv.Itoa(p.Visits[p.Place]) + "/" + item
}

// IsTicked tells whether an instruction of the current page is ticked.
func (s State) IsTicked(item string) bool { return s.Ticks[s.TickKey(item)] }

// Due tells whether the case waited and its time has come.
func (p Position) Due(now time.Time) bool { return p.Wait != nil && !now.Before(p.Wait.Until) }

// LastError is the newest recorded error.
func (k Kept) LastError() (Entry, bool) {
	if len(k.Errors) == 0 {
		return Entry{}, false
	}
	return k.Errors[len(k.Errors)-1], true
}
