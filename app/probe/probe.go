// Package probe asks in place of a person: the platforms, with an app of one's
// own, and what Aibrify itself shows. It is what the key v of a case does.
//
// Here live the ways to ask, the sign-in on the way, and what of an answer becomes
// a fact of a case. Never here: the terminal, the store, what follows for the case.
package probe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"reconnect/app/connection"
	"reconnect/app/ladder"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// A Prober asks with what the settings have. It is a [session.Prober].
type Prober struct {
	Connections *connection.Connections
	// Quiet are the same with nobody there to be asked, for looking without a person.
	Quiet *connection.Connections
	// Feed reads what Aibrify shows, and when it looked; nil if there is no feed.
	Feed   func(context.Context) (at time.Time, shown []session.Shown, err error)
	Remote bool // no browser comes back to this computer
}

// Ready tells whether anything can be asked about a platform.
func (p *Prober) Ready(id platforms.ID) bool {
	return p.Feed != nil || id != "" && p.Connections.Ready(id)
}

// The sorts of ways, as the beginnings of their ids.
const (
	wayFeed  = "feed"
	wayAsk   = "ask"
	wayLogin = "login"
	wayPaste = "paste"
)

// Ways are the ways to ask about an account, the best first: with a grant that is
// held for it, with another one, by signing in, and what Aibrify shows alone.
func (p *Prober) Ways(ctx context.Context, about session.About) ([]session.Way, error) {
	var ways []session.Way
	if about.Platform != "" {
		held, err := p.Connections.HeldFor(ctx, about.Platform, about.Account)
		if err != nil {
			return nil, err
		}
		services := p.Connections.Of(about.Platform)
		several := len(services) > 1
		var useless []session.Way
		for i, h := range held[:min(len(held), 3)] {
			way := asking(h, several, i == 0 && (h.Is(about.Account) || len(held) == 1))
			if way.Aibrify = p.Connections.IsAibrify(h.Service); way.Spent {
				useless = append(useless, way)
			} else {
				ways = append(ways, way)
			}
		}
		for _, s := range services {
			ways = append(ways, p.signIn(s, several)...)
		}
		ways = append(ways, useless...)
	}
	if p.Feed != nil {
		ways = append(ways, session.Way{ID: wayFeed, Label: text.Const("Read what Aibrify shows"), Quick: len(ways) == 0})
	}
	return ways, nil
}

// asking is the way with a grant that is held. One that is of no use any more says
// why. What costs is said, and not taken without being asked for.
func asking(h connection.Held, several, sure bool) session.Way {
	s, _ := connection.Find(h.Service)
	w := session.Way{ID: wayAsk + "/" + h.Key, Label: text.Format("Ask as %s", who(h)), Quick: sure, Custom: h.Grant.Custom, Costs: s.Costs()}
	if several {
		w.Label = text.Join("", w.Label, through[s.Variant])
	}
	if why := spent(h); !why.Empty() {
		w.Label, w.Quick, w.Spent = text.Format("%s (%s)", w.Label, why), false, true
	}
	if !w.Costs.Empty() {
		w.Quick = false
	}
	return w
}

// who is who signed in, in words for a person.
func who(h connection.Held) text.Safe {
	a := h.Grant.Account
	if !h.Grant.Person.Empty() {
		return h.Grant.Person
	}
	if a.Username == "" && a.Name.Empty() { // an id of the platform says nothing to anybody
		return text.Format("the one who signed in on %s", text.Line(h.Grant.Issued.Local().Format("2 Jan 15:04")))
	}
	return h.Account()
}

// spent says why a grant is of no use for the account; empty if it may be.
func spent(h connection.Held) text.Safe {
	switch {
	case h.Wrong:
		return text.Const("another account")
	case slices.Contains([]platforms.Cause{platforms.TokenExpired, platforms.PermissionRevoked, platforms.PasswordChanged}, h.Cause):
		return text.Const("that sign-in has ended")
	}
	return text.Safe{}
}

// through says which way into a platform is meant, where there are several.
var through = map[live.Variant]text.Safe{
	live.FacebookLogin: text.Const(" through Facebook"), live.InstagramLogin: text.Const(" through Instagram itself"),
	live.Business: text.Const(" for business accounts"), live.Native: text.Const(" without a client secret"),
}

// signIn are the ways to sign in to a service. With Aibrify's own app there are none
// where a sign-in would end its live connection.
func (p *Prober) signIn(s connection.Service, several bool) []session.Way {
	if p.Connections.Harmless(s) != nil {
		return nil
	}
	var how text.Safe
	if several {
		how = through[s.Variant]
	}
	var ways []session.Way
	way := session.Way{ID: wayLogin + "/" + s.Key, SignsIn: true, Custom: p.Connections.IsCustom(s.Key), Aibrify: p.Connections.IsAibrify(s.Key),
		Costs: s.Costs(), // of what is asked after it
		Label: text.Format("Sign in%s with the browser of this computer", how)}
	if !p.Remote && !p.Connections.PasteOnly(s) {
		ways = append(ways, way)
	}
	way.ID, way.Elsewhere, way.Label = wayPaste+"/"+s.Key, true, text.Format("Sign in%s on another device, and paste where it lands", how)
	return append(ways, way)
}

// Probe asks. What Aibrify shows is read with every way.
func (p *Prober) Probe(ctx context.Context, about session.About, way session.Way, to session.Listener) session.Found {
	ctx = context.WithValue(ctx, listenerKey{}, to)
	var found session.Found
	p.read(ctx, about, to, &found)
	sort, key, _ := strings.Cut(way.ID, "/")
	switch {
	case !way.Words.Empty():
		found.Probe, found.Told = probeOf(p.Connections, key, text.Safe{}, []live.Finding{p.page(key, way.Words)}), true
	case sort == wayAsk:
		p.ask(ctx, about, key, to, &found)
	case sort != wayFeed:
		p.login(ctx, about, key, sort == wayPaste, to, &found)
	}
	return found
}

// read reads what Aibrify shows of the account.
func (p *Prober) read(ctx context.Context, about session.About, to session.Listener, found *session.Found) {
	if p.Feed == nil {
		return
	}
	to.Tell(session.Progress{Now: text.Const("What Aibrify shows")})
	at, shown, err := p.Feed(ctx)
	if err != nil {
		found.Notes = append(found.Notes, session.Sentence(err))
		return
	}
	found.At, found.Read, found.Shows = at, true, only(shown, about)
}

// only is what is shown of the account: by its name, or the only one of its platform.
func only(shown []session.Shown, about session.About) []session.Shown {
	if about.Platform == "" {
		return shown
	}
	var same, all []session.Shown
	for _, s := range shown {
		if s.Platform != about.Platform {
			continue
		}
		all = append(all, s)
		if connection.SameName(s.Account, about.Account) {
			same = append(same, s)
		}
	}
	switch {
	case len(same) == 1:
		return same
	case len(all) == 1 && about.Account.Empty():
		return all
	}
	return nil
}

// ask makes the checks with a grant that is held.
func (p *Prober) ask(ctx context.Context, about session.About, key string, to session.Listener, found *session.Found) {
	held, err := p.Connections.HeldFor(ctx, about.Platform, about.Account)
	if err != nil {
		found.Failed = text.Line(err.Error())
		return
	}
	for _, h := range held {
		if h.Key == key {
			p.check(ctx, about, h, to, found)
			return
		}
	}
	found.Failed = text.Const("That grant is no longer held. Sign in again.")
}

// check makes the checks and tells how far they are.
func (p *Prober) check(ctx context.Context, about session.About, h connection.Held, to session.Listener, found *session.Found) {
	var done []ladder.Finding
	plan := live.Plan{Target: live.Target{Name: about.Account.String()}, Paid: true, Progress: func(at live.Progress) {
		switch {
		case at.Finding != nil:
			done = append(done, finding(*at.Finding))
		case at.At == 1: // also when they are made once more, after a renewal
			done = nil
		}
		to.Tell(session.Progress{Now: at.Check.Title, At: at.At, Of: at.Of, Done: done})
	}}
	var report live.Report
	err := connection.Unlocked(func() (err error) {
		h, report, err = p.Connections.Check(ctx, h, plan)
		return err
	})
	if report.Findings == nil && err != nil {
		found.Failed = text.Line(err.Error())
		return
	}
	if err != nil {
		found.Notes = append(found.Notes, text.Line(err.Error()))
	}
	if report.Skew != 0 {
		found.Notes = append(found.Notes, text.Format("The clock of this computer differs by %s from the platform's.", text.Line(report.Skew.Round(time.Second).String())))
	}
	found.Probe = probeOf(p.Connections, h.Service, who(h), report.Findings)
	if about.Account.Empty() {
		ruleNothingOut(found.Probe)
		found.Notes = append(found.Notes, text.Const("No account is written down yet, so this is about the one that the sign-in shows, and fills nothing in."))
	}
}

// probeOf is what was found, as a fact of a case.
func probeOf(c *connection.Connections, service string, account text.Safe, findings []live.Finding) *ladder.Probe {
	probe := &ladder.Probe{Service: service, Account: account, Custom: c.IsCustom(service), Aibrify: c.IsAibrify(service)}
	for _, f := range findings {
		probe.Findings = append(probe.Findings, finding(f))
	}
	if slices.ContainsFunc(probe.Findings, func(f ladder.Finding) bool { return f.Outcome == platforms.Fail && f.Cause == platforms.WrongAccount }) {
		ruleNothingOut(probe) // what is in order is in order for another account
	}
	return probe
}

// ruleNothingOut takes from a probe what it says in favour of the case's account.
func ruleNothingOut(p *ladder.Probe) {
	for i := range p.Findings {
		p.Findings[i].RulesOut = nil
	}
}

// finding is a finding as a fact of a case.
func finding(f live.Finding) ladder.Finding {
	return ladder.Finding{Check: f.Check, Title: f.Title, Outcome: f.Outcome, Cause: f.Cause, Also: f.Also, RulesOut: f.RulesOut, Says: f.Says,
		Field: f.Field, Request: f.Request, Mend: f.Mend, Retry: f.Retry, Answer: f.Answer}
}

// login signs somebody in, and makes the checks with the grant that gives. What
// the platform says to the sign-in is a finding, too.
func (p *Prober) login(ctx context.Context, about session.About, service string, paste bool, to session.Listener, found *session.Found) {
	var l *connection.Login
	err := connection.Unlocked(func() (err error) {
		l, err = p.Connections.Login(ctx, service, about.Account, live.Ask{NoListener: paste})
		return err
	})
	if err != nil {
		found.Failed = text.Line(err.Error())
		return
	}
	defer l.Close()
	h, words, err := p.wait(ctx, l, to)
	var kept *live.SaveError
	var silence *live.TimeoutError
	switch {
	case !words.Empty():
		found.Probe, found.Told = probeOf(p.Connections, service, text.Safe{}, []live.Finding{p.page(service, words)}), true
	case err == nil:
		if where, err := p.Connections.Where(ctx); err == nil {
			found.Notes = append(found.Notes, text.Format("The sign-in is kept in %s.", where))
		}
		p.check(ctx, about, h, to, found)
	case errors.Is(err, context.Canceled):
		found.Failed = text.Const("The sign-in was stopped. Nothing was kept.")
	case errors.As(err, &kept):
		found.Failed = text.Line(kept.Error())
	default:
		found.Silent = errors.As(err, &silence)
		found.Probe = probeOf(p.Connections, service, text.Safe{}, []live.Finding{live.SignInFinding(err, p.Connections.Now())})
	}
}

// page is what the words of a page at the sign-in to a service say.
func (p *Prober) page(service string, words text.Safe) live.Finding {
	s, _ := connection.Find(service)
	return live.PageFinding(s.Service, live.App{Aibrify: p.Connections.IsAibrify(service)}, words, p.Connections.Now())
}

// wait waits for the browser. After too many wrong answers there is a new address.
// A page that does not come back ends it with its words.
func (p *Prober) wait(ctx context.Context, l *connection.Login, to session.Listener) (connection.Held, text.Safe, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	said := make(chan text.Safe, 1)
	shown := func(words text.Safe) {
		select {
		case said <- words:
			cancel()
		default: // one page is enough
		}
	}
	for {
		at := l.Prompt()
		to.Tell(session.Progress{SignIn: &session.SignIn{URL: at.Text(), Until: at.Until, Listening: at.Listening, Paste: l.Paste, Shown: shown}})
		h, err := l.Wait(ctx)
		var again *live.Restarted
		if errors.As(err, &again) {
			continue
		}
		select {
		case words := <-said:
			return h, words, err
		default:
			return h, text.Safe{}, err
		}
	}
}

// listenerKey is where a context has who answers for the person.
type listenerKey struct{}

// Ask asks whoever listens to the probe of ctx for a text that does not show.
func Ask(ctx context.Context, question text.Safe) (text.Secret, error) {
	to, ok := ctx.Value(listenerKey{}).(session.Listener)
	if !ok {
		return text.Secret{}, errors.New("nobody is there to be asked. Run reconnect login once, which asks")
	}
	return to.Ask(ctx, question)
}
