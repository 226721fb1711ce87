package session_test

import (
	"slices"
	"strings"
	"time"

	"reconnect/platforms"
)

// What follows is the world that the scenarios happen in: what is wrong with a
// connection, what puts it right, and what a person can see of it. The wizard
// reads nothing of it. A person answers out of it, and the article is followed
// in it.

// A scenario is one case as it is in the world.
type scenario struct {
	platform platforms.ID
	cause    platforms.Cause // hidden; only the table prints it
	about    string          // the situation
	trouble
}

// A trouble is what is wrong, and what is else so while it lasts.
type trouble struct {
	colour platforms.Colour // on the dashboard; red if empty
	cure   cure
	shows  []shown // what tries end in that cannot connect; the last one stands for all that follow
	well   bool    // nothing is wrong at all

	changed string // what changed lately, as the question has it
	also    string // checks that fail as well; they can be put right, which cures nothing
	bad     string // checks that fail until it is over, and nobody here can mend them
	unsure  string // checks that the person cannot tell
	forced  string // a check at which the platform itself makes the person put it right

	admin    time.Duration // only an admin can put it right, and is reached after this time
	page     statusPage
	spike    bool         // this store had many cases on the platform in the last half hour
	linked   platforms.ID // red, too, by the same login: mending the platform mends it
	stranger bool         // the browser is logged in with another account, which connects first
	absent   bool         // Aibrify is not in the platform's list any more
	tried    int          // tries to reconnect before the case was opened
	knows    string       // an error that was seen before the case was opened
	missed   int          // posts that missed their time
	override string       // why this person takes no advice once
	as       platforms.Audience

	later *trouble // once it is connected again, it breaks again like this
}

// A cure is what has to be so for a try to connect. The zero cure is any try.
type cure struct {
	fix    string        // put right: checks that find it, the first is its name
	wait   time.Duration // so long after the beginning
	quiet  time.Duration // so long without a try
	second bool          // the second try, the same as the first
	reset  bool          // Aibrify was removed on the platform
	never  bool          // not by connecting, unless reset says otherwise
}

var (
	anyTry    = cure{}
	secondTry = cure{second: true}
	fullReset = cure{reset: true, never: true}
	onlyTeam  = cure{never: true} // only Aibrify's team can
)

func mend(fix string) cure      { return cure{fix: fix} }
func wait(d time.Duration) cure { return cure{wait: d} }
func (c cure) orReset() cure    { c.reset = true; return c }
func (c cure) quietly(d time.Duration) cure {
	c.quiet = d
	return c
}

// A statusPage is what the platform's status page says.
type statusPage string

const (
	allWell statusPage = ""     // no incident
	down    statusPage = "down" // an incident, until it is over
	noPage  statusPage = "none" // nobody finds one
)

// A shown is how a try ends, as the wizard's answers have it.
type shown struct {
	answer string // connected, disconnected, warning, error, not_offered, other
	text   string // of the error
	branch string // what it is, if it is something else
}

func says(texts ...string) []shown {
	var all []shown
	for _, t := range texts {
		all = append(all, shown{answer: "error", text: t})
	}
	return all
}

var (
	stillRed   = []shown{{answer: "disconnected"}}
	warns      = []shown{{answer: "warning"}}
	notOffered = []shown{{answer: "not_offered"}}
)

func sees(branch string) []shown { return []shown{{answer: "other", branch: branch}} }

// start is when all cases begin.
var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// A world is a scenario while it happens.
type world struct {
	scenario
	trouble   // the one of this round; that of the scenario is the first
	now       time.Time
	since     time.Time // when this round began
	last      time.Time // of the last try
	tries     int
	fixed     bool
	settled   string // of also, what was put right
	removed   bool   // Aibrify, on the platform
	switched  bool   // the stranger is logged out
	wrong     bool   // the stranger's account is connected
	connected map[platforms.ID]bool
}

func (s scenario) world() *world {
	w := &world{scenario: s, now: start}
	w.begin(s.trouble)
	return w
}

// begin is a new trouble.
func (w *world) begin(t trouble) {
	w.trouble, w.since, w.last = t, w.now, w.now
	w.tries, w.fixed, w.settled, w.removed = t.tried, false, "", false
	w.connected = map[platforms.ID]bool{}
}

// breaksAgain begins the next trouble, a month later, if there is one.
func (w *world) breaksAgain() bool {
	if w.later == nil {
		return false
	}
	w.now = w.now.AddDate(0, 1, 0)
	w.begin(*w.later)
	return true
}

// over tells whether a try made now, after tries others, connects.
func (w *world) over(tries int) bool {
	c := w.cure
	switch {
	case c.reset && w.removed:
		return true
	case c.never, c.fix != "" && !w.fixed, c.second && tries == 0:
		return false
	}
	return !w.now.Before(w.since.Add(c.wait)) && !w.now.Before(w.last.Add(c.quiet))
}

// resetCures tells whether disconnecting, removing and connecting afresh would cure it now.
func (w *world) resetCures() bool { return w.cure.reset || w.over(max(w.tries, 1)) }

// connect tries to connect p.
func (w *world) connect(p platforms.ID) shown {
	ok := w.over(w.tries)
	w.tries++
	w.last = w.now
	switch {
	case ok:
		w.connected[p], w.wrong = true, w.stranger && !w.switched
		if p == w.platform {
			w.connected[w.linked] = true
		}
	case w.colour != platforms.Green:
		return w.shown()
	}
	return shown{answer: "connected"}
}

// shown is how the last try ended, which did not connect.
func (w *world) shown() shown { return w.shows[min(max(w.tries, 1), len(w.shows))-1] }

// status is what the dashboard shows of p.
func (w *world) status(p platforms.ID) platforms.Colour {
	switch {
	case w.connected[p]:
		return platforms.Green
	case w.colour == "":
		return platforms.Red
	}
	return w.colour
}

// sound tells whether p works: the right account is connected, and posts go out.
func (w *world) sound(p platforms.ID) bool {
	switch {
	case w.wrong:
		return false
	case w.colour != platforms.Green || w.well:
		return w.well || w.connected[p]
	case w.cure.fix != "" || w.cure.wait > 0 || w.cure.quiet > 0:
		return w.over(1) // time or the person cures it; nothing has to be connected anew
	}
	return w.connected[p]
}

// called are the names under which a check may be asked that finds the same.
var called = map[string]string{
	"admin":      "admin role",
	"role":       "admin role",
	"ticked":     "ticked chosen no_page",
	"login":      "login wrong_account",
	"checkpoint": "checkpoint security active",
	"outage":     "outage incident",
}

func names(fix, id string) bool {
	for _, f := range strings.Fields(fix) {
		if f == id || slices.Contains(strings.Fields(called[f]), id) {
			return true
		}
	}
	return false
}

func listed(list, id string) bool { return slices.Contains(strings.Fields(list), id) }

// check is what somebody finds who looks at a check.
func (w *world) check(id string) platforms.Outcome {
	switch {
	case names("outage", id):
		return map[statusPage]platforms.Outcome{down: w.incident(), noPage: platforms.Unsure, allWell: platforms.Pass}[w.page]
	case listed(w.unsure, id):
		return platforms.Unsure
	case id == w.forced:
		w.fixed = true
	case w.fails(id):
		return platforms.Fail
	}
	return platforms.Pass
}

func (w *world) incident() platforms.Outcome {
	if w.over(1) {
		return platforms.Pass
	}
	return platforms.Fail
}

func (w *world) fails(id string) bool {
	return names(w.cure.fix, id) && !w.fixed || listed(w.also, id) && !listed(w.settled, id) || listed(w.bad, id) && !w.over(1)
}

// mend puts right what makes a check fail, if that can be done now. It tells whether it is right.
func (w *world) mend(id string) bool {
	if names(w.cure.fix, id) && w.reached() {
		w.fixed = true
	}
	if listed(w.also, id) {
		w.settled += " " + id
	}
	return !w.fails(id)
}

// reached tells whether whoever has to put it right can be reached.
func (w *world) reached() bool { return !w.now.Before(w.since.Add(w.admin)) }
