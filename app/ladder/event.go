package ladder

import (
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Kind names what happened.
type Kind string

// The kinds of event. What Data each needs stands in the table kinds.
const (
	CaseOpened       Kind = "case.opened"
	CaseCorrected    Kind = "account.corrected"
	CaseResolved     Kind = "case.resolved" // Answer: connected, nothing
	CaseClosed       Kind = "case.closed"   // Answer: given_up, duplicate, mistake
	CaseReopened     Kind = "case.reopened" // Answer broke: it broke again, a new round
	StatusSeen       Kind = "status.seen"   // Answer: a colour, or failing for green although posts fail; Until: when the permission ends, if that is shown
	AlertSeen        Kind = "alert.seen"    // Answer: banner, email
	BeforeReady      Kind = "before.ready"
	ChangeSeen       Kind = "change.seen"       // Items: the changes; none is an answer, too
	AccountChosen    Kind = "account.chosen"    // Account: in Aibrify; Text: the login to use
	AccountReturned  Kind = "account.returned"  // Answer: same, other, unsure; Text: which
	Ticked           Kind = "step.ticked"       // Item
	Unticked         Kind = "step.unticked"     // Item
	Attempted        Kind = "step.attempted"    // Answer: how it ended; Until: when the permission ends, if that is shown
	AlreadyTried     Kind = "step.already"      // the same, done before this case asked for it; Text: when
	CheckDone        Kind = "check.done"        // Item, Answer: an outcome
	CheckMended      Kind = "check.mended"      // Item, Answer: mended, go_on, overruled: somebody knows better than the probe; Items: its cause
	ErrorRecorded    Kind = "error.recorded"    // Text: the exact error; Answer none: there was no message
	NoteAdded        Kind = "note.added"        // Text
	GuideGap         Kind = "guide.gap"         // Item: the instruction; Text: what was seen instead
	ShotAdded        Kind = "screenshot.added"  // File, Text: the name it had; Answer none: none can be made
	PostsMissed      Kind = "posts.missed"      // Answer: none, some, unsure; Count
	MessageEdited    Kind = "message.edited"    // Text: words of one's own above the message
	MessageCopied    Kind = "message.copied"    //
	MessageSaved     Kind = "message.saved"     // File
	MessageSent      Kind = "message.sent"      // in Dashboard → Messages
	WaitStarted      Kind = "wait.started"      // Until, Text: what for, Early: what ends it early; Item: about which cause, or settle, cool_down; Step: where to then
	WaitEnded        Kind = "wait.ended"        // Answer: over, early
	DetourTaken      Kind = "detour.taken"      // Step: where to, Text: why; Item: about which cause; Answer: mended, waited
	DetourOverridden Kind = "detour.overridden" // Step: taken although advised against, Text: why; Item: what the advice was about
	FactSeen         Kind = "fact.seen"         // Item: incident, cases, again, ids, look; Answer: what was seen; Until: when it ends, if that is known
	ProbeMade        Kind = "probe.made"        // Probe: what the platform was asked, and what it said
	SnapshotTaken    Kind = "snapshot.taken"    // Account: what the login connected; Text: who connected it; Answer counted: Count posts wait
	WentBack         Kind = "back"
)

// An Event is one line of a case's log.
type Event struct {
	Seq  int       `json:"seq"` // from 1, without gaps
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	By   text.Safe `json:"by"`
	Data Data      `json:"data"`
}

// Data is what an event carries. Each kind uses a few of the fields.
type Data struct {
	Platform platforms.ID       `json:"platform,omitempty"`
	Account  text.Safe          `json:"account,omitzero"`  // the account or Page, as Aibrify names it
	Customer text.Safe          `json:"customer,omitzero"` // whose case it is, on a call
	Audience platforms.Audience `json:"audience,omitempty"`
	Group    string             `json:"group,omitempty"`  // cases opened together share it
	Checks   []string           `json:"checks,omitempty"` // the checks to ask: of the platform when the case was opened, of a branch with a try that failed
	Place    Place              `json:"place,omitempty"`  // where the answer was given
	To       Place              `json:"to,omitempty"`     // detour.taken: the very place, where Step alone does not tell
	With     bool               `json:"with,omitempty"`   // it belongs to the event before: back takes both away
	Page     string             `json:"page,omitempty"`   // guide.gap: the page that does not match, as "reconnect" or "check.admin"
	Step     platforms.Step     `json:"step,omitempty"`
	Item     string             `json:"item,omitempty"`
	Items    []string           `json:"items,omitempty"`
	Answer   string             `json:"answer,omitempty"`
	Text     text.Safe          `json:"text,omitzero"`
	Removed  []text.Removed     `json:"removed,omitempty"` // what redaction took out of Text
	IDs      []RequestID        `json:"ids,omitempty"`     // error.recorded: the requests it names; platforms forget them
	Last     text.Safe          `json:"last,omitzero"`     // account.chosen: who connected it last
	Verdict  *Verdict           `json:"verdict,omitempty"` // what a recorded error says
	Probe    *Probe             `json:"probe,omitempty"`   // what was asked of the platform, and found
	Grade    platforms.Grade    `json:"grade,omitempty"`
	Until    time.Time          `json:"until,omitzero"`
	Early    text.Safe          `json:"early,omitzero"`
	Count    int                `json:"count,omitempty"`
	File     string             `json:"file,omitempty"`
}

// A RequestID names one request at the platform, by which its support finds it.
type RequestID struct {
	Name  text.Safe `json:"name"` // fbtrace_id, x-li-uuid
	Value text.Safe `json:"value"`
}

// A Probe is what the platform said when it was asked about the account, with an
// app of one's own. It does not tell whether Aibrify's own permission is healthy.
type Probe struct {
	Service  string    `json:"service"`           // how it was asked: facebook, instagram-login
	Account  text.Safe `json:"account,omitzero"`  // who the grant is for
	Custom   bool      `json:"custom,omitempty"`  // other endpoints than the platform's own were asked
	Aibrify  bool      `json:"aibrify,omitempty"` // with Aibrify's own app
	Findings []Finding `json:"findings"`
}

// A Finding is the answer to one question of a probe.
type Finding struct {
	Check    string            `json:"check"`
	Title    text.Safe         `json:"title"`
	Outcome  platforms.Outcome `json:"outcome"`
	Cause    platforms.Cause   `json:"cause,omitempty"`     // of what failed, or why it could not be asked
	Also     []platforms.Cause `json:"also,omitempty"`      // what else it can be
	RulesOut []platforms.Cause `json:"rules_out,omitempty"` // what a pass speaks against
	Says     text.Safe         `json:"says"`
	Field    text.Safe         `json:"field,omitzero"`   // what it rests on
	Request  text.Safe         `json:"request,omitzero"` // what was asked, without a query
	Mend     text.Safe         `json:"mend,omitzero"`
	Retry    time.Time         `json:"retry,omitzero"`  // when asking again makes sense
	Answer   text.Safe         `json:"answer,omitzero"` // the platform's words, redacted
}

// A Verdict is what a recorded error says, as it was read when it was recorded.
type Verdict struct {
	Platform   platforms.ID    `json:"platform"`
	Cause      platforms.Cause `json:"cause"`
	Confidence string          `json:"confidence"` // certain, likely, unknown
	Connection bool            `json:"connection"` // false: no connection problem
	Owner      platforms.Owner `json:"owner"`
	Next       platforms.Step  `json:"next"`                // also wait and fix
	Signature  string          `json:"signature,omitempty"` // what decided
	Meaning    text.Safe       `json:"meaning,omitzero"`    // of the signature
	Source     text.Safe       `json:"source,omitzero"`     // where that stands
}

// A rule says what a kind of event needs and whether it moves the case.
type rule struct {
	moves bool                         // it moves the case, and back withdraws it; otherwise it stays
	ended bool                         // it is taken after the end, too
	needs func(Data) text.Safe         // what is missing, for the screen; nil needs nothing
	keep  func(*Kept, Event, Position) // for what stays
	move  func(*Position, Event)       // for facts that back takes away again
}

func needsText(d Data) text.Safe {
	if d.Text.Empty() {
		return text.Const("It needs a text.")
	}
	return text.Safe{}
}

func needsItem(d Data) text.Safe {
	if d.Item == "" {
		return text.Const("It needs to say what it is about.")
	}
	return text.Safe{}
}

func needsSeen(d Data) text.Safe {
	if d.Answer == "" {
		return text.Const("It needs to say what was seen.")
	}
	return needsItem(d)
}

func needsProbe(d Data) text.Safe {
	if d.Probe == nil || len(d.Probe.Findings) == 0 {
		return text.Const("It needs what was found.")
	}
	return text.Safe{}
}

func needsUntil(d Data) text.Safe {
	if d.Until.IsZero() {
		return text.Const("It needs a time to come back.")
	}
	return needsText(d)
}

// broke is the answer that a case is reopened because it broke again.
const broke = "broke"

func needsDetour(d Data) text.Safe {
	if d.To != "" && (steps[d.To] == "" || d.To.End()) {
		return text.Const("It needs a place of the ladder.")
	}
	if _, known := entrances[d.Step]; !known {
		return text.Const("It needs a step of the ladder.")
	}
	return needsText(d)
}

// none is the answer that there was no error message, or that no screenshot can be made.
const none = "none"

func needsError(d Data) text.Safe {
	if d.Answer == none {
		return text.Safe{}
	}
	return needsText(d)
}

func needsFile(d Data) text.Safe {
	if d.File == "" && d.Answer != none {
		return text.Const("It needs a file.")
	}
	return text.Safe{}
}

func needsAnswer(answers ...string) func(Data) text.Safe {
	return func(d Data) text.Safe {
		for _, a := range answers {
			if d.Answer == a {
				return text.Safe{}
			}
		}
		return text.Const("That is no answer to this question.")
	}
}

// kinds is what is known of each kind of event. A kind that is not here is refused.
var kinds = map[Kind]rule{
	CaseCorrected:    {ended: true, keep: correct},
	AlertSeen:        {needs: needsAnswer("banner", "email"), keep: keepAlert},
	Ticked:           {needs: needsItem, keep: tick},
	Unticked:         {needs: needsItem, keep: untick},
	ErrorRecorded:    {ended: true, needs: needsError, keep: keepError},
	NoteAdded:        {ended: true, needs: needsText, keep: keepNote},
	GuideGap:         {ended: true, needs: needsText, keep: keepGap},
	ShotAdded:        {ended: true, needs: needsFile, keep: keepShot},
	PostsMissed:      {ended: true, needs: needsAnswer("none", "some", "unsure"), keep: keepMissed},
	MessageEdited:    {ended: true, keep: keepEdit},
	MessageCopied:    {ended: true, keep: keepMessage},
	MessageSaved:     {ended: true, keep: keepMessage},
	DetourOverridden: {needs: needsDetour, keep: keepOverride},
	FactSeen:         {ended: true, needs: needsSeen, keep: keepSeen},
	ProbeMade:        {ended: true, needs: needsProbe, keep: keepProbe},
	SnapshotTaken:    {ended: true, keep: keepSnapshot},

	StatusSeen:      {moves: true, move: seeStatus},
	BeforeReady:     {moves: true},
	ChangeSeen:      {moves: true, move: seeChange},
	AccountChosen:   {moves: true, needs: needsText, move: chooseAccount},
	AccountReturned: {moves: true, move: returnAccount},
	Attempted:       {moves: true, move: attempt},
	AlreadyTried:    {moves: true, move: attempt},
	CheckDone:       {moves: true, needs: needsItem, move: check},
	CheckMended:     {moves: true, needs: needsItem, move: mend},
	MessageSent:     {moves: true, move: sent},
	WaitStarted:     {moves: true, needs: needsUntil, move: wait},
	WaitEnded:       {moves: true, needs: needsAnswer("over", "early"), move: endWait},
	DetourTaken:     {moves: true, needs: needsDetour, move: detour},
	CaseResolved:    {moves: true, move: end},
	CaseClosed:      {moves: true, needs: needsAnswer("given_up", "duplicate", "mistake"), move: end},
	CaseReopened:    {moves: true, ended: true},
}

// Moves tells whether events of this kind move the case, so that back takes them away again.
func (k Kind) Moves() bool { return k == WentBack || kinds[k].moves }
