package status

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store/secrets"
)

// A verdict is what one source says of a connection.
type verdict struct {
	colour platforms.Colour
	state  text.Safe
	reason text.Safe // without its full stop, to be joined
	cause  platforms.Cause
	rests  text.Safe
	by     string
	grade  platforms.Grade
	at     time.Time
	do     text.Safe

	app      text.Safe // whose app was asked with
	mend     text.Safe // of the check that failed, where that is not for want of a grant
	probed   bool      // rests on what an app of one's own found, too
	proposal bool      // rests on our own 14 days
	plain    bool      // the state says all that the reason does
	over     bool      // the grant ended: it says nothing of the account
}

// The states that no dashboard has.
var (
	couldNot   = text.Const("could not check")
	notChecked = text.Const("not checked yet")
)

// states are the colours in the words of the dashboard.
var states = map[platforms.Colour]text.Safe{
	platforms.Green: text.Const("Connected"), platforms.Yellow: text.Const("Warning"),
	platforms.Red: text.Const("Disconnected"), platforms.Unlisted: text.Const("not listed"), Unknown: couldNot,
}

// found are the colours that an app of one's own found: Aibrify's words are for what
// Aibrify shows.
var found = map[platforms.Colour]text.Safe{
	platforms.Green: text.Const("account ready"), platforms.Yellow: text.Const("needs a look"),
	platforms.Red: text.Const("account not ready"), Unknown: couldNot,
}

// The states of what Aibrify shows as Connected, where more is known than
// it shows: that is a warning of ours and none of Aibrify's.
var (
	endsSoon  = text.Const("Connected, ends soon")
	overByNow = text.Const("Connected, over by its date")
	needsLook = text.Const("Connected, needs a look")
	postsFail = text.Const("Connected, posts fail")
)

// row weighs what is known of a link.
func (k Known) row(l link) Row {
	v := k.weigh(l)
	r := Row{Platform: l.platform, Account: l.account, Colour: v.colour, State: v.state, Reason: sentence(v.reason), Cause: v.cause,
		Rests: v.rests, By: v.by, Grade: v.grade, At: v.at.UTC(), Expires: k.ends(l), Do: v.do,
		Proposal: v.proposal, probed: v.probed, plain: v.plain}
	if l.kase != nil && l.kase.Open {
		r.Case = l.kase.ID
		if r.Colour != platforms.Green {
			r.Do = text.Format("reconnect --case %s", text.Line(l.kase.ID))
		}
		if !v.mend.Empty() {
			r.Do = text.Format("%s Its case is open: reconnect --case %s", v.mend, text.Line(l.kase.ID))
		}
	}
	for _, g := range l.grants {
		r.Custom = r.Custom || g.newest().Custom || g.Report != nil && g.Report.Custom
		if g.Held.Fingerprint != "" {
			r.Fingerprints = append(r.Fingerprints, g.Held.Fingerprint)
		}
	}
	return r
}

// weigh is what the sources of a link say together. What Aibrify showed last is the
// colour of the connection. A probe takes nothing from it but its green: it never
// proves Aibrify's permission, and never disproves it. Where nothing of Aibrify's is
// known, or only of a case that is over, the probe alone speaks, unless its grant ended.
func (k Known) weigh(l link) verdict {
	seen, isSeen := k.seen(l)
	asked, isAsked := k.asked(l)
	ofNow := seen.by == byFeed || l.kase != nil && l.kase.Open
	switch {
	case !isSeen && !isAsked:
		return verdict{colour: Unknown, state: notChecked, reason: text.Const("nobody has looked yet"), rests: text.Const("nothing yet")}
	case !isAsked || isSeen && asked.state == notChecked:
		return seen
	case isSeen && asked.over:
		return seen.with(asked)
	case !isSeen || !ofNow:
		return asked
	case l.shown == nil && order(asked.colour) > order(seen.colour):
		return asked.beside(seen)
	}
	return seen.with(asked)
}

// seen is what Aibrify showed last, by the feed or in a case.
func (k Known) seen(l link) (verdict, bool) {
	var v verdict
	switch {
	case l.shown != nil:
		v = k.fed(*l.shown)
	case k.unlisted(l):
		v = verdict{colour: platforms.Yellow, state: states[platforms.Unlisted], by: byFeed, grade: platforms.Seen, at: k.Feed.At,
			rests: text.Format("Aibrify's list, %s", k.moment(k.Feed.At)), reason: text.Const("Aibrify's list does not have it under this name"), do: repair(l.platform)}
	}
	if c := l.kase; c != nil && c.Colour != "" && (v.by == "" || c.Seen.After(v.at)) {
		v = k.looked(*c)
	}
	return v, v.by != ""
}

// unlisted tells whether Aibrify's list, as it is now, lacks the account that a grant
// is for. An open case knows better what is seen there.
func (k Known) unlisted(l link) bool {
	fresh := k.Feed != nil && k.FeedErr == nil && !k.Feed.Stale(k.Now)
	return fresh && l.shown == nil && (l.kase == nil || !l.kase.Open) &&
		slices.ContainsFunc(l.grants, func(g Grant) bool { return !g.Held.Unnamed() })
}

// with is what Aibrify shows, and what a probe adds to it.
func (v verdict) with(probe verdict) verdict {
	v.rests, v.probed, v.mend = text.Join("; ", v.rests, probe.rests), probe.probed, probe.mend
	switch {
	case probe.colour == platforms.Green:
		v.reason = text.Format("%s; %s finds nothing wrong", v.reason, probe.app)
		v.plain = v.plain && v.colour == platforms.Green
	case probe.over:
		v.reason, v.plain, v.do = text.Format("%s; %s", v.reason, probe.reason), false, v.do.Or(probe.do)
	case probe.colour == Unknown:
		v.reason = text.Format("%s; %s could not ask: %s", v.reason, probe.app, probe.reason)
		v.plain = false
	default:
		v.reason = text.Format("%s; %s finds: %s", v.reason, probe.app, probe.reason)
		v.plain, v.do = false, v.mend.Or(v.do).Or(probe.do)
	}
	if v.colour == platforms.Green && probe.colour == platforms.Red {
		v.colour, v.state, v.cause, v.by, v.grade, v.do = platforms.Yellow, needsLook, probe.cause, probe.by, probe.grade, probe.do
	}
	return v
}

// beside is what a probe says, and what was seen of Aibrify before.
func (v verdict) beside(seen verdict) verdict {
	v.rests = text.Join("; ", v.rests, seen.rests)
	v.reason, v.plain = text.Format("%s; %s", v.reason, seen.reason), false
	return v
}

// fed is what the feed says.
func (k Known) fed(c feed.Connection) verdict {
	at := k.Feed.At
	v := verdict{colour: c.Colour, state: states[c.Colour], by: byFeed, grade: platforms.Seen, at: at,
		rests: text.Format("Aibrify shows, %s", k.moment(at)), reason: text.Format("Aibrify shows %s", states[c.Colour]), plain: c.Error.Empty()}
	if k.Feed.Stale(k.Now) {
		v.reason = text.Format("Aibrify showed %s on %s", states[c.Colour], k.day(at))
	}
	if !c.Error.Empty() {
		v.reason = text.Format("%s: %s", v.reason, short(c.Error))
		if says := explain.Explain(c.Error, c.Platform); says.Connection && says.Cause != platforms.UnknownCause {
			v.cause, v.reason = says.Cause, text.Format("%s. %s", v.reason, clause(says.Meaning))
		}
	}
	if v.colour != platforms.Green {
		v.do = repair(c.Platform)
	}
	if left := c.Expires.Sub(k.Now); v.colour == platforms.Green && !c.Expires.IsZero() && left <= soonest {
		v.colour, v.state, v.do, v.proposal, v.plain = platforms.Yellow, endsSoon, repair(c.Platform), left > 0, false
		if left <= 0 {
			v.state = overByNow
		}
		v.reason = text.Format("%s, and its permission %s", v.reason, soonWords(left))
	}
	return v
}

const soonest = live.SoonDays * 24 * time.Hour

// soonWords say that a permission ends soon. The date stands beside the row.
func soonWords(left time.Duration) text.Safe {
	if left <= 0 {
		return text.Const("is over by its date")
	}
	return text.Format("ends within %s days", text.Int(live.SoonDays))
}

// looked is what somebody saw in a case.
func (k Known) looked(c Case) verdict {
	v := verdict{colour: c.Colour, state: states[c.Colour], by: byCase, grade: c.Grade, at: c.Seen,
		rests:  text.Format("seen on %s in case %s", k.day(c.Seen), text.Line(c.ID)),
		reason: text.Format("Aibrify showed %s on %s", states[c.Colour], k.day(c.Seen)), plain: true}
	switch {
	case c.Colour == platforms.Unlisted:
		v.colour = platforms.Red
	case c.Failing:
		v.colour, v.state, v.reason, v.plain = platforms.Yellow, postsFail, text.Format("%s, and posts failed", v.reason), false
	}
	if v.colour != platforms.Green {
		v.do = repair(platforms.ID(c.Platform))
	}
	return v
}

// asked is what the platform says to the grants of a link: the worst of it. A grant
// that ended counts where there is no other.
func (k Known) asked(l link) (verdict, bool) {
	if len(l.grants) == 0 {
		return verdict{}, false
	}
	var all []verdict
	for _, g := range l.grants {
		all = append(all, k.probed(g))
	}
	return slices.MaxFunc(all, func(a, b verdict) int { return a.weight() - b.weight() }), true
}

// weight is how much a verdict counts among those of several grants.
func (v verdict) weight() int {
	if v.over {
		return -1
	}
	return order(v.colour)
}

// probed is what the platform says to a grant.
func (k Known) probed(g Grant) verdict {
	v := verdict{by: byApp, grade: platforms.Probed, at: k.Now, app: g.app(), rests: text.Format("a grant of %s", g.app()), colour: Unknown, state: couldNot}
	switch {
	case g.Report == nil && g.Err == nil:
		return k.remembered(g, v)
	case g.Report == nil && errors.Is(g.Err, secrets.ErrNoPassphrase) && k.remembers(g.Held):
		return k.sealed(g, v)
	case g.Report == nil:
		v.reason, v.do = whyNot(g.Err, g.Held)
		return v
	case !g.Report.Asked():
		g.Held.Grant, g.Report, g.Skipped = g.Report.Grant, nil, g.Skipped.Or(unrenewed(*g.Report)).Or(text.Const("nothing was asked this time"))
		return k.remembered(g, v)
	}
	v.rests = text.Format("asked with %s", g.app())
	v.cause, v.mend = connection.Failing(*g.Report)
	v = k.judged(v, whole(g.Report.Health, g.Report.Grant, k.Now), g)
	if !g.Held.Missed.Empty() && k.remembers(g.Held) { // what it said before is not forgotten
		g.Held.Missed = text.Safe{}
		v.reason = text.Format("%s; on %s it was: %s", v.reason, k.moment(g.Held.Checked), k.remembered(g, verdict{}).state)
	}
	return v
}

// unrenewed is why access that ran out was not renewed, if that is why nothing was asked.
func unrenewed(r live.Report) text.Safe {
	if f := r.Finding(live.RenewalCheck); f != nil {
		return f.Says
	}
	return text.Safe{}
}

// sealed is what was known of a grant whose token is behind a passphrase.
func (k Known) sealed(g Grant, v verdict) verdict {
	why, do := sealed(g.Held)
	g.Skipped = text.Format("it was not asked now: %s", why)
	v = k.remembered(g, v)
	if k.Now.Sub(g.Held.Checked) <= Standing || order(v.colour) >= order(Unknown) {
		return v
	}
	v.reason = text.Format("it was %s then, more than a day ago; %s", v.state, g.Skipped)
	v.colour, v.state, v.do, v.probed, v.proposal = Unknown, couldNot, do, false, false
	return v
}

// whole is a health without what is no trouble: that nobody told when a grant ends.
func whole(h live.Health, g live.Grant, now time.Time) live.Health {
	if h.Colour == Unknown && h.Reason == g.Colour(now).Reason {
		h.Colour = platforms.Green
	}
	return h
}

// ending is what a grant that ended says: nothing of the account.
func (v verdict) ending(g Grant) verdict {
	v.colour, v.state, v.cause, v.mend, v.over = Unknown, couldNot, "", text.Safe{}, true
	v.reason, v.do = text.Const("the sign-in of your own app has ended. That says nothing of Aibrify's"), connection.SignIn(g.Held)
	if g.Aibrify { // another sign-in could end more than this
		v.reason, v.do = text.Const("the sign-in with Aibrify's app on this computer has ended. Whether Aibrify's own has ended, too, its dashboard shows"), repair(g.Held.Platform())
	}
	return v
}

// judged takes over what was found of a grant. Signing in again is for a grant that
// ended, or ends soon; what a check found on the account is mended there.
func (k Known) judged(v verdict, h live.Health, g Grant) verdict {
	dated := h.Reason == g.newest().Colour(k.Now).Reason
	over := slices.Contains(connection.Ended, v.cause) || dated
	if over && h.Colour == Unknown || dated && h.Colour == platforms.Red {
		return v.ending(g)
	}
	v.colour, v.state, v.reason, v.probed = h.Colour, found[h.Colour], clause(h.Reason), h.Colour != Unknown
	if over || v.colour == platforms.Green || v.colour == Unknown {
		v.mend = text.Safe{}
	}
	switch {
	case v.colour == platforms.Green:
		v.reason = text.Const("nothing wrong was found")
	case v.colour == Unknown:
		v.do = k.later(g)
	case h.Proposal:
		v.reason, v.do, v.proposal = text.Format("its grant %s", soonWords(time.Hour)), connection.SignIn(g.Held), true
	case over:
		v.do = connection.SignIn(g.Held)
	case !v.mend.Empty():
		v.do = v.mend
	case v.cause == "":
		v.do = ask(g.Held)
	default:
		v.do = repair(g.Held.Platform())
	}
	return v
}

// later is how to ask again: from when on, where the platform said that, or as the
// check says that got no answer.
func (k Known) later(g Grant) text.Safe {
	again := ask(g.Held)
	if g.Report == nil {
		return again
	}
	for _, f := range g.Report.Findings {
		switch {
		case f.Says != g.Report.Health.Reason:
		case f.Retry.After(k.Now):
			return text.Format("from %s on: %s", k.moment(f.Retry), again)
		case !f.Mend.Empty():
			return f.Mend
		}
	}
	return again
}

// remembered is what was known of a grant that is not asked now. Its dates go on
// counting.
func (k Known) remembered(g Grant, v verdict) verdict {
	dates := whole(g.Held.Grant.Colour(k.Now), g.Held.Grant, k.Now)
	old := whole(g.Held.Health, g.Held.Grant, k.Now)
	v.at = g.Held.Checked
	switch {
	case dates.Colour == platforms.Red:
		v = k.judged(v, dates, g)
	case !k.remembers(g.Held) && !g.Held.Missed.Empty():
		v.reason, v.at, v.do = clause(g.Held.Missed), g.Held.Tried, ask(g.Held)
	case !k.remembers(g.Held):
		v.state, v.reason = notChecked, text.Const("the platform was not asked with it yet")
		if g.Held.Health.Colour != "" && !v.at.IsZero() {
			v.reason = text.Format("the platform was asked last on %s", k.day(v.at))
		}
		v.do = ask(g.Held)
	case old.Colour == platforms.Green || old.Proposal:
		v = k.judged(v, dates, g)
	default:
		v.cause, v.mend = g.Held.Cause, g.Held.Mend
		v = k.judged(v, old, g)
	}
	if !v.at.IsZero() && (g.Held.Health.Colour != "" || !g.Held.Missed.Empty()) {
		v.rests = text.Format("asked with %s on %s", g.app(), k.moment(v.at))
	}
	if k.remembers(g.Held) && !g.Held.Missed.Empty() && !v.over {
		v.reason, v.plain = text.Format("%s; asked again on %s, and could not check: %s", v.reason, k.moment(g.Held.Tried), unchecked(g.Held.Missed)), false
	}
	if !g.Skipped.Empty() && !v.over {
		v.reason, v.plain = text.Format("%s; %s", v.reason, clause(g.Skipped)), false
	}
	return v
}

// remembers tells whether a platform said something lately.
func (k Known) remembers(h connection.Held) bool {
	return h.Health.Colour != "" && !h.Checked.IsZero() && k.Now.Sub(h.Checked) <= Lately
}

// repair is what opens the wizard on a platform.
func repair(id platforms.ID) text.Safe {
	return text.Format("reconnect --platform %s", text.Line(string(id)))
}

// ask is what asks a platform with a grant. Where a person signs in and something of
// theirs is connected, the name of that has to be said once.
func ask(h connection.Held) text.Safe {
	command := text.Format("reconnect check %s", text.Line(h.Service))
	if s, known := connection.Find(h.Service); known && !s.Costs().Empty() {
		command = text.Format("%s --paid", command)
	}
	if h.Unnamed() {
		command = text.Format("%s --account NAME", command)
	}
	return command
}

// day and moment are times as a person reads them, where the person is.
func (k Known) day(t time.Time) text.Safe {
	return text.Line(t.In(k.Now.Location()).Format(time.DateOnly))
}

func (k Known) moment(t time.Time) text.Safe {
	return text.Line(t.In(k.Now.Location()).Format("2006-01-02 15:04"))
}

// endWords say when a permission ends: "ends on 2027-01-20, in 58 days".
func (k Known) endWords(e End) text.Safe {
	switch {
	case !e.At.After(k.Now):
		return text.Format("ended on %s", k.day(e.At))
	case e.Days == 0:
		return text.Format("ends on %s, within a day", k.day(e.At))
	case e.Days == 1:
		return text.Format("ends on %s, in 1 day", k.day(e.At))
	}
	return text.Format("ends on %s, in %s days", k.day(e.At), text.Int(e.Days))
}

// unchecked is why something could not be checked, without saying that once more.
func unchecked(why text.Safe) text.Safe {
	return clause(text.Line(strings.TrimPrefix(why.String(), "Could not check: ")))
}

// clause is a sentence without its full stop.
func clause(s text.Safe) text.Safe { return text.Line(strings.TrimRight(s.String(), ".")) }

// sentence begins large, unless it begins with a name, such as that of a file, and
// has its full stop.
func sentence(s text.Safe) text.Safe {
	words := clause(s).String()
	first, size := utf8.DecodeRuneInString(words)
	word, _, _ := strings.Cut(words, " ")
	named := strings.ContainsFunc(word, func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' && c != ',' && c != ':' && c != ';' })
	switch {
	case size == 0:
		return s
	case named:
		return text.Format("%s.", text.Line(words))
	}
	return text.Format("%s.", text.Line(string(unicode.ToUpper(first))+words[size:]))
}

// short is the beginning of an error's words, on one line.
func short(s text.Safe) text.Safe {
	const enough = 160
	words := strings.Join(strings.Fields(s.String()), " ")
	return text.Line(ansi.Truncate(strings.TrimRight(words, "."), enough, "…"))
}
