package connection

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// A Login is a sign-in under way.
type Login struct {
	*live.Login
	Service Service

	connections *Connections
	held        Held
	kept        bool
}

// Login begins a sign-in to the service of that name. account is who it is for, as
// Aibrify names it, if that is known. Where the grant will be kept is opened
// before, so that it finds its place. The errors of [live.Client.Start] come back.
func (c *Connections) Login(ctx context.Context, name string, account text.Safe, ask live.Ask) (*Login, error) {
	s, err := c.SetUp(name)
	if err != nil {
		return nil, err
	}
	if err := s.Harmless(c.app(s), ask); err != nil { // before anybody is asked for anything
		return nil, err
	}
	k, err := c.keeperNow(ctx)
	if err != nil {
		return nil, err
	}
	if err := k.Unlock(ctx); err != nil {
		return nil, err
	}
	client, err := c.client(ctx, s)
	if err != nil {
		return nil, err
	}
	l := &Login{Service: s, connections: c, held: Held{Key: newKey(s.Key), Service: s.Key, For: named(account.String())}}
	ask.Save = func(g live.Grant) error {
		var err error
		l.held, err = c.keep(context.WithoutCancel(ctx), l.held, g)
		l.kept = l.kept || err == nil
		return errors.Join(err, c.keepSecret(ctx, s, client))
	}
	l.Login, err = client.Start(ask)
	return l, err
}

// Wait waits for the browser or a pasted address and gives the grant, which is
// kept by then. A [*live.Restarted] means that there is a new address; wait again.
// Other errors are those of [live.Login.Wait]. A client secret that the platform
// refused is forgotten. A grant that came takes the place of those that it replaces,
// and if nobody said which account it is for, it is for theirs.
func (l *Login) Wait(ctx context.Context) (Held, error) {
	c := l.connections
	g, err := l.Login.Wait(ctx)
	if err != nil || !l.kept {
		return l.held, c.misfit(ctx, l.Service, err)
	}
	if l.held.For.Empty() {
		err = l.identify(ctx, g)
	}
	if err == nil {
		l.held, err = c.supersede(context.WithoutCancel(ctx), l.held)
	}
	return l.held, err
}

// identify asks who signed in, where that costs nothing and tells which of the grants
// with an account this one replaces. If it cannot be asked, the check finds out.
func (l *Login) identify(ctx context.Context, g live.Grant) error {
	c := l.connections
	all, err := c.Held(ctx)
	older := slices.ContainsFunc(all, func(old Held) bool {
		return old.Key != l.held.Key && old.Service == l.held.Service && !old.For.Empty()
	})
	if err != nil || !older || !l.Service.Costs().Empty() {
		return err
	}
	client, err := c.client(ctx, l.Service)
	if err != nil {
		return err
	}
	g.Account = client.Verify(ctx, g, live.Plan{Only: []string{"login"}}).Grant.Account
	l.held, err = c.remember(context.WithoutCancel(ctx), l.held, g)
	return err
}

// Check asks the platform with a grant: it renews the access if that ran out or can be
// prolonged, makes the checks of the plan, and remembers what was learned. A plan without
// a target is about the account that the grant was verified for. If the platform
// refuses to renew it, that is the report. What was found for another account than
// the grant's is not remembered; the Held that comes back names the one that was
// asked about all the same.
//
// An error means that it could not be asked at all, because of what is on this
// computer: no app, no secret, no keyring.
func (c *Connections) Check(ctx context.Context, h Held, plan live.Plan) (Held, live.Report, error) {
	s, err := c.SetUp(h.Service)
	if err != nil {
		return h, live.Report{}, err
	}
	if plan.Target == (live.Target{}) {
		plan.Target.Name = h.For.String()
	}
	g, err := c.grant(ctx, h)
	if err != nil {
		return h, live.Report{}, err
	}
	if !h.describes(g) { // renewed since h was read
		if h, g, err = c.reread(ctx, h); err != nil {
			return h, live.Report{}, err
		}
	}
	client, err := c.client(ctx, s)
	if err != nil {
		return h, live.Report{}, err
	}
	plan.Target = live.Target{ID: named(plan.Target.ID).String(), Name: named(plan.Target.Name).String()}
	plan.Seen = h.Saw && SameName(h.For, text.Line(plan.Target.Name))
	h, report, err := c.verified(ctx, s, client, h, g, plan)
	if err != nil {
		return h, report, err
	}
	if !c.IsAibrify(h.Service) {
		report = OfAccount(report, c.Now())
	}
	ctx = context.WithoutCancel(ctx)
	h, err = c.remember(ctx, h.learned(plan, report, c.Now()), h.learnedGrant(plan.Target, report))
	if err == nil {
		h, err = c.supersede(ctx, h)
	}
	return h.askedAbout(plan.Target, report), report, errors.Join(err, c.keepSecret(ctx, s, client))
}

// named is the name of an account as it may be kept: a token can stand in its place.
func named(account string) text.Safe {
	safe, _ := text.RedactSecrets(text.Line(account))
	return safe
}

// verified makes the checks. A grant that is due is renewed before; access that the
// platform refuses as one that ran out is renewed then, and the checks are made once
// more: it may have ended early (fact sheet 3.3, 5.3). A renewal that the platform
// refuses is the report, unless the access works without it.
func (c *Connections) verified(ctx context.Context, s Service, client *live.Client, h Held, g live.Grant, plan live.Plan) (Held, live.Report, error) {
	for due := client.Due(g) || !h.describes(g); ; due = true {
		if due {
			newer, next, err := c.renewed(ctx, client, h, g)
			switch {
			case err == nil:
				h, g = newer, next
			case g.Stale(c.Now()) || client.Renews(g):
				return c.unrenewed(ctx, s, h, g, err)
			}
		}
		report := client.Verify(ctx, g, plan)
		if f := report.Failed(); due || f == nil || f.Cause != platforms.TokenExpired || !client.Renews(g) {
			return h, report, nil
		}
	}
}

// unrenewed is the report of a grant that could not be renewed, where the platform says
// why.
func (c *Connections) unrenewed(ctx context.Context, s Service, h Held, g live.Grant, err error) (Held, live.Report, error) {
	err = c.misfit(ctx, s, err)
	f, told := live.RenewalFinding(err, c.Now())
	if !told {
		return h, live.Report{}, err
	}
	report := live.Report{Platform: s.ID, Variant: s.Variant, Custom: s.Custom, Findings: []live.Finding{f}, Grant: g}
	report.Health = live.Weigh(report.Findings, g, c.Now())
	return h, report, nil
}

// Failing is the cause of the failed check that the health of a report rests on, and
// how to mend it; empty if none failed.
func Failing(r live.Report) (platforms.Cause, text.Safe) {
	f := r.Failed()
	for i, other := range r.Findings {
		if other.Outcome == platforms.Fail && other.Says == r.Health.Reason {
			f = &r.Findings[i]
			break
		}
	}
	if f == nil {
		return "", text.Safe{}
	}
	return f.Cause, f.Mend
}

// Inspect makes the checks with a token that somebody pasted, and forgets it.
func (c *Connections) Inspect(ctx context.Context, name string, token text.Secret, plan live.Plan) (live.Report, error) {
	s, err := c.SetUp(name)
	if err != nil {
		return live.Report{}, err
	}
	client, err := c.client(ctx, s)
	if err != nil {
		return live.Report{}, err
	}
	g, err := client.Inspect(token.Reveal())
	if err != nil {
		return live.Report{}, err
	}
	report := client.Verify(ctx, g, plan)
	return report, c.keepSecret(context.WithoutCancel(ctx), s, client)
}

// Logout gives a grant back to the platform, where it takes it, and forgets it.
// What is said tells a person where to remove the app, if the platform has no way;
// revoked tells that the platform took it back. If the platform could not be asked,
// the grant is kept, and the error says why.
func (c *Connections) Logout(ctx context.Context, h Held) (said text.Safe, revoked bool, err error) {
	s, err := c.SetUp(h.Service)
	if err != nil {
		return said, false, err
	}
	g, err := c.grant(ctx, h)
	var lost *LostError
	switch {
	case errors.As(err, &lost):
		return text.Const("Its token was gone already."), false, c.drop(ctx, h)
	case err != nil:
		return said, false, err
	}
	client, err := c.client(ctx, s)
	if err != nil {
		return said, false, err
	}
	g.Account.ID = "" // it names what was looked at, an Instagram account say: the token itself says who signed in
	err = c.misfit(ctx, s, client.Revoke(ctx, g))
	var unsupported *live.UnsupportedError
	var harm *live.HarmError
	var refused *live.LoginError
	switch {
	case err == nil:
		said, revoked = text.Const("The platform took it back."), true
	case errors.As(err, &unsupported):
		said = unsupported.Reason
	case errors.As(err, &harm):
		said = harm.Reason
	case errors.As(err, &refused) && slices.Contains(gone, refused.Verdict.Cause):
		said = text.Format("The platform did not know it any more: %s", refused.Verdict.Meaning)
	case errors.As(err, &refused):
		return said, false, fmt.Errorf("it answered with an error: %s", refused.Verdict.Meaning)
	default:
		return said, false, err
	}
	return said, revoked, c.drop(context.WithoutCancel(ctx), h)
}

// Falling is what else ends when h is given back, empty if nothing does, and which
// others of the grants that are held that may be: those of the same app.
func (c *Connections) Falling(ctx context.Context, h Held) (what text.Safe, others []Held, err error) {
	s, err := c.SetUp(h.Service)
	if err != nil || s.Falls.Empty() || c.IsAibrify(h.Service) || c.minted(h) != nil { // else it is not given back
		return text.Safe{}, nil, nil
	}
	all, err := c.Held(ctx)
	return s.Falls, slices.DeleteFunc(all, func(other Held) bool {
		same, err := c.SetUp(other.Service)
		return other.Key == h.Key || err != nil || same.Endpoints.Revoke != s.Endpoints.Revoke || other.Grant.Client != h.Grant.Client
	}), err
}

// Fell tells whether a grant ended with another one that was given back, and forgets
// it then.
func (c *Connections) Fell(ctx context.Context, h Held) (bool, error) {
	_, report, err := c.Check(ctx, h, live.Plan{Only: []string{"login"}})
	f := report.Finding("login")
	switch {
	case err != nil || f == nil:
		return false, err
	case f.Outcome == platforms.Fail && slices.Contains(gone, f.Cause):
		return true, c.drop(context.WithoutCancel(ctx), h)
	}
	return false, f.Err
}

// Forget forgets a grant and its secrets without telling the platform.
func (c *Connections) Forget(ctx context.Context, h Held) error { return c.drop(ctx, h) }

// Costs is what asking a service costs, empty if it costs nothing.
func (s Service) Costs() text.Safe {
	for _, k := range s.Checks {
		if !k.Costs.Empty() {
			return k.Costs
		}
	}
	return text.Safe{}
}

// Ready tells whether anything can be asked on a platform.
func (c *Connections) Ready(id platforms.ID) bool { return len(c.Of(id)) > 0 }
