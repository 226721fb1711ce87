// Package diagnosis says why a connection does not work, how well that is known,
// and what follows for the next step.
//
// Here live the weighing of a case's facts by the rules of the data, the ranking
// of causes, and the advice that the table of detours gives at a place of the
// ladder. All of it is a pure function of the case and its log; a time comes in as
// an argument. Never here: storage, the terminal, or an event: advice changes
// nothing until somebody takes it.
package diagnosis

import (
	"cmp"
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Confidence says how well a cause is known.
type Confidence string

// The confidences. Certain needs a decisive fact, likely a strong one, with not
// more against it than leaves as many points.
const (
	Certain  Confidence = "certain"
	Likely   Confidence = "likely"
	Possible Confidence = "possible"
	RuledOut Confidence = "ruled out"
)

// confidences are in the order in which suspects stand.
var confidences = map[Confidence]int{Certain: 0, Likely: 1, Possible: 2, RuledOut: 3}

// A Fact is one thing that is known and speaks for or against a cause.
type Fact struct {
	Seq       int                 `json:"seq"` // of the event
	Says      text.Safe           `json:"says"`
	Grade     platforms.Grade     `json:"grade,omitempty"`
	Weight    platforms.Weight    `json:"weight"`
	Rule      string              `json:"rule"` // the id of the rule that applied
	Source    text.Safe           `json:"source,omitzero"`
	Read      string              `json:"read,omitempty"`
	Certainty platforms.Certainty `json:"certainty,omitempty"`

	next platforms.Step // what a recorded error offers as its next step
	kind string
	at   time.Time
	gone bool // somebody went on without putting it right
	is   bool // it was looked at, or the platform was asked, and it is so: nobody only says it
}

// A Suspect is a cause with what speaks for and against it.
type Suspect struct {
	Cause      platforms.Cause `json:"cause"`
	Confidence Confidence      `json:"confidence"`
	Points     int             `json:"points"` // for less against
	Owner      platforms.Owner `json:"owner"`
	For        []Fact          `json:"for,omitempty"`
	Against    []Fact          `json:"against,omitempty"`
	Follows    platforms.Cause `json:"follows,omitempty"` // from the root cause: it is no problem of its own

	since int // number of the event that spoke for it first
}

// A Diagnosis is what the facts of a case say about its cause.
type Diagnosis struct {
	Root     platforms.Cause `json:"root"`     // unknown if nothing is likely
	Suspects []Suspect       `json:"suspects"` // the root first, then the surer, then by points
}

// Of weighs the facts of a case. g is the guide of its platform.
func Of(s ladder.State, log []ladder.Event, g platforms.Guide) Diagnosis {
	w := &weighing{state: s, guide: g, rules: platforms.Rules(), by: map[platforms.Cause]*Suspect{}}
	w.weigh(log)
	d := Diagnosis{Root: platforms.UnknownCause, Suspects: []Suspect{}}
	for _, c := range platforms.Causes() {
		if suspect, ok := w.by[c]; ok && len(suspect.For)+len(suspect.Against) > 0 {
			d.Suspects = append(d.Suspects, suspect.judged())
		}
	}
	slices.SortStableFunc(d.Suspects, func(a, b Suspect) int {
		return cmp.Or(confidences[a.Confidence]-confidences[b.Confidence], cmp.Compare(b.Points, a.Points))
	})
	d.findRoot()
	for i := range d.Suspects {
		d.Suspects[i].Owner = owner(s.Platform, d.Suspects[i])
	}
	return d
}

// judged is p with its points and how well it is known.
func (p Suspect) judged() Suspect {
	heaviest := 0
	for _, f := range p.For {
		p.Points += f.Weight.Points()
		heaviest = max(heaviest, f.Weight.Points())
	}
	for _, f := range p.Against {
		p.Points -= f.Weight.Points()
	}
	switch {
	case p.Points <= 0:
		p.Confidence = RuledOut
	case min(heaviest, p.Points) >= platforms.Decisive.Points():
		p.Confidence = Certain
	case min(heaviest, p.Points) >= platforms.Strong.Points():
		p.Confidence = Likely // weak facts do not add up to it
	default:
		p.Confidence = Possible
	}
	return p
}

// Known tells whether p is at least likely.
func (p Suspect) Known() bool { return p.Confidence == Certain || p.Confidence == Likely }

// follows says from which causes a cause can follow: then it is no problem of its own.
var follows = map[platforms.Cause][]platforms.Cause{
	platforms.TokenExpired: {platforms.PasswordChanged, platforms.PermissionRevoked, platforms.AccountChanged, platforms.NotAdmin,
		platforms.AccountRestricted, platforms.SecurityCheckpoint},
	platforms.PermissionRevoked: {platforms.NotAdmin, platforms.AccountRestricted},
	platforms.MissingPermission: {platforms.NotAdmin, platforms.WrongAccountType, platforms.WrongAccount, platforms.NotLinked},
	platforms.NotAdmin:          {platforms.AccountChanged, platforms.WrongAccount},
	platforms.UserCancelled:     {platforms.SecurityCheckpoint},
	platforms.AccountChanged:    {platforms.WrongAccountType},
}

// findRoot names the root: the surest of those that are known, or the one that
// it follows from. What follows from the root comes behind it.
func (d *Diagnosis) findRoot() {
	if len(d.Suspects) == 0 || !d.Suspects[0].Known() {
		return
	}
	root := 0
	for i := 0; i < len(d.Suspects); i++ {
		if i != root && d.Suspects[i].Known() && slices.Contains(follows[d.Suspects[root].Cause], d.Suspects[i].Cause) {
			root, i = i, -1 // and from which does that one follow? The table has no circle.
		}
	}
	first := d.Suspects[root]
	d.Suspects = slices.Insert(slices.Delete(d.Suspects, root, root+1), 0, first)
	d.Root = first.Cause
	for i := 1; i < len(d.Suspects); i++ {
		if p := &d.Suspects[i]; p.Confidence != RuledOut && slices.Contains(follows[p.Cause], d.Root) {
			p.Follows = d.Root
		}
	}
}

// RootSuspect is the root with its facts; false if nothing is likely.
func (d Diagnosis) RootSuspect() (Suspect, bool) {
	if d.Root == platforms.UnknownCause || len(d.Suspects) == 0 {
		return Suspect{}, false
	}
	return d.Suspects[0], true
}

// owner says whose move a cause is: what the newest error about it said, else the table.
func owner(id platforms.ID, p Suspect) platforms.Owner {
	if row, ok := rowFor(id, p, nil); ok {
		return row.Owner
	}
	return platforms.Person
}
