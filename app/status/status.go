// Package status says how every connection stands: one row each, with its colour,
// what that rests on, when it ends, and what to do.
//
// It is pure: what is known comes in as values, with the time. Three sources are
// weighed: what Aibrify itself shows (a feed), what a platform says to an app of
// one's own (a probe), and what somebody saw in a case. Only the first and the last
// are about Aibrify's own permission. Never here: a clock, a file, the network,
// storage, the terminal.
package status

import (
	"cmp"
	"slices"
	"time"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
)

// Lately is how long something that was seen or asked still gives a row a colour.
const Lately = 90 * 24 * time.Hour

// Standing is how long what was found to be fine stands, where it is to be asked again
// and a passphrase is in the way. What was found to be broken stands as ever.
const Standing = 24 * time.Hour

// Unknown is the colour of what could not be checked, or was not yet.
const Unknown = live.UnknownColour

// A Known is all that rows are made of.
type Known struct {
	Now     time.Time
	Feed    *feed.Feed // nil: none was read, now or before
	FeedErr error      // why it could not be read now, although there is one
	Offline bool       // nobody was asked, because that was wished
	Grants  []Grant
	Cases   []Case
}

// A Grant is one that this computer holds, and what the platform said to it.
type Grant struct {
	Held    connection.Held
	Report  *live.Report // nil: it was not asked now
	Err     error        // why it could not be asked
	Skipped text.Safe    // why it was not to be asked
	Aibrify bool         // it was given to Aibrify's own app
}

// app says whose app a grant was given to.
func (g Grant) app() text.Safe {
	if g.Aibrify {
		return text.Const("Aibrify's app")
	}
	return text.Const("your own app")
}

// A Case is what was seen of a connection in a case that is open, or that ended
// as connected lately.
type Case struct {
	store.Summary
	Colour  platforms.Colour // seen last; empty: none yet
	Failing bool             // green, and posts failed all the same
	Seen    time.Time
	Grade   platforms.Grade
}

// A Row is one connection.
type Row struct {
	Platform     platforms.ID     `json:"platform,omitempty"` // empty: the row is what Aibrify shows itself
	Account      text.Safe        `json:"account"`
	Colour       platforms.Colour `json:"colour"` // green, yellow, red, unknown
	State        text.Safe        `json:"state"`  // the colour in words; could not check and not checked yet are two
	Reason       text.Safe        `json:"reason"`
	Cause        platforms.Cause  `json:"cause,omitempty"`
	Rests        text.Safe        `json:"rests_on"`
	By           string           `json:"by,omitempty"` // feed, app, case: what decided
	Grade        platforms.Grade  `json:"grade,omitempty"`
	At           time.Time        `json:"at,omitzero"`        // when that was seen or asked
	Expires      []End            `json:"expires"`            // only of grants that are held, or that the feed tells
	Proposal     bool             `json:"proposal,omitempty"` // yellow by our own 14 days, no rule of anybody
	Do           text.Safe        `json:"do,omitzero"`
	Case         string           `json:"case,omitempty"` // the open case about it
	Fingerprints []string         `json:"fingerprints,omitempty"`
	Custom       bool             `json:"custom,omitempty"` // other endpoints than the platform's own were asked

	probed bool // rests on what an app of one's own found, too
	plain  bool // the state says all that the reason does
}

// Probed tells whether the row rests on what an app of one's own found, too. It is
// known of the rows that [Rows] made.
func (r Row) Probed() bool { return r.probed }

// An End is when a permission ends.
type End struct {
	At      time.Time `json:"at"`
	Days    int       `json:"days"`              // whole days left; 0 when it is over
	Of      string    `json:"of"`                // aibrify, own app, or aibrify app
	Service string    `json:"service,omitempty"` // of a grant that is held here
}

// Whose permission ends.
const (
	OfAibrify     = "aibrify" // its own
	OfOwnApp      = "own app"
	OfAibrifysApp = "aibrify app" // another one of Aibrify's app, held here
)

// What decided a row.
const (
	byFeed = "feed"
	byApp  = "app"
	byCase = "case"
)

// Rows are the connections of k in the order of the dashboard. Where what Aibrify
// shows is missing or old, the first row says that.
func Rows(k Known) []Row {
	links := k.links()
	slices.SortStableFunc(links, func(a, b *link) int {
		return cmp.Or(rank(a.platform)-rank(b.platform), cmp.Compare(feed.Bare(a.account), feed.Bare(b.account)))
	})
	rows := append([]Row{}, k.about()...)
	for _, l := range links {
		rows = append(rows, k.row(*l))
	}
	return rows
}

func rank(id platforms.ID) int { return slices.Index(platforms.IDs(), id) }

// Worst is the colour that counts for all: red before could not check before
// yellow. Without a row it is unknown: that nothing is known is not that all is fine.
func Worst(rows []Row) platforms.Colour {
	if len(rows) == 0 {
		return Unknown
	}
	worst := platforms.Green
	for _, r := range rows {
		if order(r.Colour) > order(worst) {
			worst = r.Colour
		}
	}
	return worst
}

// order is how much a colour counts.
func order(c platforms.Colour) int {
	return slices.Index([]platforms.Colour{platforms.Green, platforms.Yellow, Unknown, platforms.Red}, c)
}

// A link is a connection with all that is known of it.
type link struct {
	platform platforms.ID
	account  text.Safe
	shown    *feed.Connection
	grants   []Grant
	kase     *Case
}

// links are the connections: what the feed shows, then what grants and cases add.
func (k Known) links() []*link {
	var all []*link
	if k.Feed != nil {
		for _, c := range k.Feed.Connections {
			all = append(all, &link{platform: c.Platform, account: c.Account, shown: &c})
		}
	}
	for _, g := range k.Grants {
		at := place(all, g.Held.Platform(), func(l *link) bool { return g.Held.Is(l.account) })
		if at == nil && g.Held.Unnamed() {
			at = only(all, g.Held.Platform())
		}
		if at == nil {
			at = &link{platform: g.Held.Platform(), account: g.Held.Name()}
			all = append(all, at)
		}
		at.grants = append(at.grants, g)
	}
	for _, c := range k.Cases {
		id, account := platforms.ID(c.Platform), text.Line(c.Account)
		at := place(all, id, func(l *link) bool { return l.is(account) })
		if at == nil && account.Empty() {
			at = only(all, id)
		}
		if at == nil {
			at = &link{platform: id, account: account.Or(text.Format("case %s", text.Line(c.ID)))}
			all = append(all, at)
		}
		if at.kase == nil || c.Open && !at.kase.Open {
			at.kase = &c
		}
	}
	return all
}

// place is the link of a platform that fits.
func place(all []*link, id platforms.ID, fits func(*link) bool) *link {
	at := slices.IndexFunc(all, func(l *link) bool { return l.platform == id && fits(l) })
	if at < 0 {
		return nil
	}
	return all[at]
}

// only is the link of a platform that has no other.
func only(all []*link, id platforms.ID) *link {
	var found []*link
	for _, l := range all {
		if l.platform == id {
			found = append(found, l)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// is tells whether an account is the one of the link.
func (l *link) is(account text.Safe) bool {
	return connection.SameName(l.account, account) ||
		slices.ContainsFunc(l.grants, func(g Grant) bool { return g.Held.Is(account) })
}

// gone are the causes by which a grant is over before its date.
var gone = append([]platforms.Cause{platforms.PasswordChanged}, connection.Ended...)

// ends are the ends of the link's permissions that are known. A grant that is known
// to be over has none any more.
func (k Known) ends(l link) []End {
	ends := []End{}
	if l.shown != nil && !l.shown.Expires.IsZero() {
		ends = append(ends, k.end(l.shown.Expires, OfAibrify, ""))
	}
	for _, g := range l.grants {
		if v := k.probed(g); v.over || slices.Contains(gone, v.cause) {
			continue
		}
		if until := g.newest().Colour(k.Now).Until; !until.IsZero() {
			of := OfOwnApp
			if g.Aibrify {
				of = OfAibrifysApp
			}
			ends = append(ends, k.end(until, of, g.Held.Service))
		}
	}
	return ends
}

func (k Known) end(at time.Time, of, service string) End {
	return End{At: at.UTC(), Days: int(max(at.Sub(k.Now), 0) / (24 * time.Hour)), Of: of, Service: service}
}

// newest is the grant with what was learned now.
func (g Grant) newest() live.Grant {
	if g.Report != nil {
		return g.Report.Grant
	}
	return g.Held.Grant
}

// about is the row about the feed itself, where it does not tell how things are now.
func (k Known) about() []Row {
	r := Row{Account: text.Const("what Aibrify shows"), Colour: Unknown, State: couldNot, Rests: text.Const("Aibrify's own list"), By: byFeed, Expires: []End{}}
	switch {
	case k.FeedErr != nil:
		why, do := whyNot(k.FeedErr, connection.Held{})
		r.Reason, r.Do = sentence(why), do
		if k.Feed != nil {
			r.Reason = sentence(text.Format("%s; what it showed on %s is used", why, k.moment(k.Feed.At)))
		}
	case k.Feed != nil && k.Feed.Stale(k.Now) && !k.Offline:
		r.Reason = text.Format("It was written on %s, more than a day ago.", k.moment(k.Feed.At))
		r.Do = text.Const("See that what writes it runs.")
	default:
		return nil
	}
	if k.Feed != nil {
		r.At = k.Feed.At.UTC()
	}
	return []Row{r}
}
