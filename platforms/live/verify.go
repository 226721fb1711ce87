package live

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// Verify makes the service's checks one after another and returns what was found.
// It only reads. A check whose predecessor failed or could not be asked is skipped,
// and so is one that costs money unless the plan allows it. When ctx ends, the rest
// is skipped too. The grant of the report has what was learned on the way.
//
// Renew a grant that is Stale before, or the answer is merely that it ran out.
func (c *Client) Verify(ctx context.Context, g Grant, plan Plan) Report {
	i := &inquiry{ctx: ctx, client: c, grant: &g, target: plan.Target, seen: plan.Seen, asked: map[string]asked{}}
	c.know(g.Access.Reveal(), g.Refresh.Reveal(), g.Page.Reveal())
	checks := slices.DeleteFunc(slices.Clone(c.Service.Checks), func(k Check) bool {
		return len(plan.Only) > 0 && !slices.Contains(plan.Only, k.ID)
	})
	r := Report{Platform: c.Service.ID, Variant: c.Service.Variant, Custom: c.Service.Custom}
	for n, k := range checks {
		tell(plan, Progress{Check: k, At: n + 1, Of: len(checks)})
		f := i.make(k, r, plan.Paid)
		r.Findings = append(r.Findings, f)
		tell(plan, Progress{Check: k, At: n + 1, Of: len(checks), Finding: &f})
	}
	r.Grant, r.Skew = g, c.Skew()
	r.Subject = i.named
	r.Health = Weigh(r.Findings, g, c.now())
	if !r.Asked() && r.Health.Colour != platforms.Red {
		r.Health = Health{Colour: UnknownColour, Reason: text.Const("Nothing was asked of the platform."), Until: r.Health.Until, Days: r.Health.Days}
	}
	if ctx.Err() != nil && r.Health.Colour != platforms.Red {
		r.Health = Health{Colour: UnknownColour, Reason: endedBy(ctx), Until: r.Health.Until, Days: r.Health.Days}
	}
	return r
}

// endedBy says what ended the asking before all was asked.
func endedBy(ctx context.Context) text.Safe {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return text.Const("The time was over before all was asked.")
	}
	return text.Const("It was stopped before all was asked.")
}

func tell(plan Plan, p Progress) {
	if plan.Progress != nil {
		plan.Progress(p)
	}
}

// Run makes one check by itself, without its predecessors. Costs are not asked about.
func (k Check) Run(ctx context.Context, c *Client, g Grant, t Target) Finding {
	i := &inquiry{ctx: ctx, client: c, grant: &g, target: t, asked: map[string]asked{}}
	c.know(g.Access.Reveal(), g.Refresh.Reveal(), g.Page.Reveal())
	return i.make(k, Report{}, true)
}

// Introspect asks the platform about the token itself: Facebook's debug_token,
// LinkedIn's introspectToken, TikTok's token_info. The grant comes back with what was
// learned. A platform without such a call is an [*UnsupportedError].
func (c *Client) Introspect(ctx context.Context, g Grant) (Grant, Finding, error) {
	n := slices.IndexFunc(c.Service.Checks, func(k Check) bool { return k.ID == "token" })
	if n < 0 {
		return g, Finding{}, &UnsupportedError{c.Service.ID, text.Format("%s does not tell about tokens. Make the checks instead.", c.Service.Name)}
	}
	r := c.Verify(ctx, g, Plan{Only: []string{"token"}})
	return r.Grant, r.Findings[0], nil
}

// An inquiry is one verification under way. What was asked once is not asked again.
type inquiry struct {
	ctx    context.Context
	client *Client
	grant  *Grant
	target Target
	seen   bool // the grant reached the target before
	check  Check
	last   text.Safe // the request made last
	named  text.Safe // what the platform calls the target, once it was found
	asked  map[string]asked
}

type asked struct {
	answer answer
	err    error
}

// make makes one check, unless something stands against it.
func (i *inquiry) make(k Check, before Report, paid bool) Finding {
	i.check, i.last = k, text.Safe{}
	f := Finding{}
	switch p := before.Finding(k.After); {
	case i.ctx.Err() != nil:
		f = i.skip(text.Format("Not asked. %s", endedBy(i.ctx)))
	case k.After != "" && p != nil && blocks(*p):
		f = i.skip(text.Format("Not asked, because this stands first: %s", p.Title))
	case !k.Costs.Empty() && !paid: // which says nothing about what comes after it
		f = i.aside(text.Format("Not asked, because it costs: %s", k.Costs))
	default:
		f = k.run(i)
	}
	f.Check, f.Title, f.At, f.Request = k.ID, k.Title, i.client.now(), i.last
	if f.Outcome != platforms.Skipped && answered(f.Err) {
		f.Grade = platforms.Probed
	}
	switch {
	case f.Outcome == platforms.Fail && f.Mend.Empty():
		f.Mend = mended(f.Verdict).Or(k.Mend)
	case f.Outcome == platforms.Pass:
		f.RulesOut = k.RulesOut
	}
	return f
}

// blocks tells whether there is no point in asking what comes after f.
func blocks(f Finding) bool {
	fault, could := errors.AsType[*Fault](f.Err)
	if f.apart {
		return false
	}
	switch f.Outcome {
	case platforms.Fail:
		return !f.pending
	case platforms.Skipped:
		return f.blocked
	case platforms.Unsure:
		return could && (!fault.Worded || slices.Contains([]platforms.Cause{platforms.RateLimited, platforms.PlatformOutage, platforms.AppMisconfigured}, f.Cause))
	case platforms.Pass:
	}
	return false
}

func (i *inquiry) pass(field string, says text.Safe) Finding {
	return Finding{Outcome: platforms.Pass, Field: i.client.named(field), Says: says}
}

func (i *inquiry) fail(cause platforms.Cause, field string, says text.Safe, also ...platforms.Cause) Finding {
	return Finding{Outcome: platforms.Fail, Cause: cause, Also: also, Field: i.client.named(field), Says: says}
}

func (i *inquiry) unsure(field string, says text.Safe) Finding {
	return Finding{Outcome: platforms.Unsure, Field: i.client.named(field), Says: says}
}

// which is for a sign-in that reaches several accounts, when nobody said which one is
// meant: what is so of one of them says nothing of another.
func (i *inquiry) which(field string, names []string) Finding {
	const enough = 10
	shown := listed(names[:min(len(names), enough)])
	if more := len(names) - enough; more > 0 {
		shown = text.Format("%s, and %s more", listed(names[:enough]), text.Int(more))
	}
	f := i.unsure(field, text.Format("This sign-in reaches %s, and which one should be connected was not said.", shown))
	f.Untold = true
	return f.mend(text.Const("Say which one, by its name or its id."))
}

// skip is for what was not asked for want of something before it.
func (i *inquiry) skip(says text.Safe) Finding {
	return Finding{Outcome: platforms.Skipped, Says: says, blocked: true}
}

// aside is for what does not apply here; what comes after it is asked.
func (i *inquiry) aside(says text.Safe) Finding {
	return Finding{Outcome: platforms.Skipped, Says: says}
}

// notTheAccount are causes that say why a question got no answer, and nothing
// about the account.
var notTheAccount = []platforms.Cause{
	platforms.PlatformOutage, platforms.RateLimited, platforms.AppMisconfigured, platforms.UnknownCause, platforms.UserCancelled,
}

// refused is the finding for a call that brought no success. The platform's own
// word about the account is a failure of the check. Everything else means that it
// could not be checked, which is never a failure.
func (i *inquiry) refused(err error) Finding {
	f := faultOf(i.ctx, err)
	v := i.worded(f.Verdict)
	out := Finding{Answer: f.Answer, Verdict: v, Cause: f.Cause(), Retry: comeBack(f.Cause(), f.Retry)}
	if i.grant.Pasted && v != nil && v.Signature == noToken {
		return i.junk(out)
	}
	mine := f.Verdict != nil && f.Verdict.Connection && !slices.Contains(notTheAccount, out.Cause) && out.Cause != ""
	if out.Cause == platforms.AppMisconfigured && i.client.App.Aibrify && f.Worded {
		mine = true // its own app is what Aibrify's connection stands on
	}
	if f.Worded && (mine || i.denies(f)) {
		out.Outcome, out.Also, out.Says = platforms.Fail, v.Also, v.Meaning
		out.Field = field(f)
		return out
	}
	out.Outcome, out.Err = platforms.Unsure, f
	out.Says = i.unanswered(f, v)
	if out.Cause == platforms.AppMisconfigured || passes(out.Cause) {
		out.Mend = unlessTold(v, out.Retry)
	}
	out.Mend = out.Mend.Or(f.mend())
	return out
}

// unanswered says why a question got no answer: what the platform's words mean, if
// it said any that are known, else what went wrong on the way.
func (i *inquiry) unanswered(f *Fault, v *explain.Verdict) text.Safe {
	why := map[platforms.Cause]text.Safe{
		platforms.RateLimited:    text.Format("%s limits calls", i.client.Service.Name),
		platforms.PlatformOutage: text.Format("%s has a fault", i.client.Service.Name),
	}[f.Cause()]
	switch {
	case f.Kind == Held || f.Cause() == "" || v == nil && why.Empty():
		return text.Format("Could not check: %s.", text.Line(f.happened()))
	case v == nil || v.Cause != f.Cause():
		return text.Format("%s now (HTTP %s).", why, text.Int(f.Status))
	case why.Empty():
		return text.Format("Could not check: %s", v.Meaning)
	}
	return text.Format("%s now (%s). %s", why, text.Line(strings.ReplaceAll(field(f).String(), " = ", " ")), v.Meaning)
}

// noToken is the signature of a text that is no token, or only a part of one.
const noToken = "facebook.api.190.cannot-parse-access-token"

// junk is the finding for a pasted text that the platform takes for no token.
func (i *inquiry) junk(f Finding) Finding {
	f.Outcome, f.Cause, f.Field = platforms.Fail, platforms.UnknownCause, decided(f.Verdict)
	f.Says = text.Format("This is no token of %s, or it is cut.", i.client.Service.Name)
	f.Mend = text.Const("Copy the whole token, and paste it again.")
	return f
}

// worded is a verdict in the words of whoever owns the app that asked. Whose a
// pasted token is, nobody knows.
func (i *inquiry) worded(v *explain.Verdict) *explain.Verdict {
	if v == nil || i.grant.Pasted {
		return v
	}
	own := i.client.ownGrant(*v)
	return &own
}

// over is the finding for a grant that the platform says has ended.
func (i *inquiry) over(cause platforms.Cause, field string, says text.Safe, also ...platforms.Cause) Finding {
	if i.grant.Pasted || i.client.App.Aibrify {
		return i.fail(cause, field, says, also...)
	}
	return i.fail(cause, field, ended(says), also...).mend(again)
}

// mend is f with what mends it.
func (f Finding) mend(how text.Safe) Finding {
	f.Mend = how
	return f
}

// denies are error codes that answer the check itself, though their cause is one
// that elsewhere only holds an answer back (fact sheet 3.2).
func (i *inquiry) denies(f *Fault) bool {
	return f.Verdict != nil && f.has(i.check.denies...)
}

// has tells whether an answer has one of these error codes.
func (f *Fault) has(codes ...string) bool {
	return slices.ContainsFunc(codes, func(code string) bool { return strings.Contains(f.Answer.String(), `"`+code+`"`) })
}

// field is what of an error decided.
func field(f *Fault) text.Safe {
	return decided(f.Verdict).Or(text.Format("HTTP %s", text.Int(f.Status)))
}

// decided are the fields that decided a verdict.
func decided(v *explain.Verdict) text.Safe {
	parts := []text.Safe{}
	for _, e := range v.Fields {
		part := text.Format("%s = %s", e.Name, e.Value)
		if e.Role == explain.Decisive && !slices.Contains(parts, part) { // a code may stand in the words, too
			parts = append(parts, part)
		}
	}
	return text.Join(", ", parts...)
}

// get asks the API for a path.
func (i *inquiry) get(path string, query url.Values) (value, error) {
	return i.api(http.MethodGet, path, query, nil)
}

// api asks the API with the grant's token. The same question is asked once.
func (i *inquiry) api(method, path string, query url.Values, body any) (value, error) {
	s := i.client.Service
	r := call{method: method, url: s.Endpoints.API + path, query: query, json: body, header: map[string]string{}}
	for name, v := range s.Headers {
		r.header[name] = v
	}
	if s.TokenHeader == "" {
		r.bearer = i.grant.Access
	} else {
		r.header[s.TokenHeader] = i.grant.Access.Reveal()
	}
	a, err := i.do(r)
	return a.json, err
}

func (i *inquiry) do(r call) (answer, error) {
	i.last = i.client.name(r)
	key := r.method + " " + r.url + "?" + r.query.Encode() + " " + fingerprint(r.bearer.Reveal())
	if was, ok := i.asked[key]; ok {
		return was.answer, was.err
	}
	a, err := i.client.do(i.ctx, r)
	i.asked[key] = asked{a, err}
	return a, err
}

// learn keeps who the grant is for.
func (i *inquiry) learn(a Account) {
	i.grant.Account = Account{
		ID: clip(cmp.Or(a.ID, i.grant.Account.ID)), Username: clip(cmp.Or(a.Username, i.grant.Account.Username)),
		Name: a.Name.Or(i.grant.Account.Name),
	}
}

// subject keeps what the platform calls the target.
func (i *inquiry) subject(name string) {
	if i.target.given() {
		i.named = text.Line(name)
	}
}

// given tells whether the account to compare with is known.
func (t Target) given() bool { return t.ID != "" || t.Name != "" }

// String is the target as a person wrote it.
func (t Target) String() string { return cmp.Or(t.Name, t.ID) }

// is compares an account with the target: by id where both have one, else by name.
// It is true for a target that names nothing.
func (t Target) is(id string, names ...string) bool {
	if t.ID != "" && id != "" {
		return tail(t.ID) == tail(id)
	}
	return t.Name == "" || slices.ContainsFunc(names, func(n string) bool { return plain(n) != "" && plain(n) == plain(t.Name) })
}

// tail is an id without the URN before it.
func tail(id string) string { return id[strings.LastIndex(id, ":")+1:] }

// plain is a handle or name as people compare them.
func plain(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(strings.TrimSpace(name), "@")), " "))
}

// lost tells whether the target, which the grant reached before, is not found any more.
func (i *inquiry) lost(found bool) bool { return i.seen && !found && i.target.given() }

// gone is the finding for a Page that is not among those of the person any more. It is
// no wrong sign-in: it was among them.
func (i *inquiry) gone(field string, among text.Safe, also ...platforms.Cause) Finding {
	return i.fail(platforms.NotAdmin, field, text.Format("%s is not among %s any more: the role was taken away, or the Page is gone.",
		text.Line(i.target.String()), among), also...).mend(text.Const("Ask an admin of the Page for full control, then reconnect."))
}

// rightAccount compares who signed in with who should have. A name that was not told is
// nothing to compare with.
func (i *inquiry) rightAccount(id string, names ...string) Finding {
	shown := text.Line(cmp.Or(append(names, id)...))
	is := "account = " + cmp.Or(append(names, id)...)
	byName := i.target.ID == "" || id == ""
	switch {
	case !i.target.given():
		return i.unsure(is, text.Format("The sign-in is for %s. Which account should be connected was not said.", shown))
	case byName && (i.target.Name == "" || slices.Contains(names, "") && !i.target.is(id, names...)):
		return i.unsure(is, text.Format("%s did not tell all by which the account could be compared with %s.", i.client.Service.Name, text.Line(i.target.String())))
	case i.target.is(id, names...):
		i.subject(cmp.Or(append(names, id)...))
		return i.pass(is, text.Format("This is the right account: %s.", shown))
	}
	return i.fail(platforms.WrongAccount, is, text.Format("The sign-in is for %s, and %s should be connected.", shown, text.Line(i.target.String())))
}

// grantedScopes judges the scopes that the grant is known to have.
func grantedScopes(i *inquiry) Finding {
	if i.grant.Scopes == nil {
		return i.unsure("", text.Const("The platform did not say what was allowed with this token."))
	}
	return i.judgeScopes("scope")
}

// judgeScopes compares the grant's scopes with those that publishing needs.
func (i *inquiry) judgeScopes(field string) Finding {
	lacking := missing(i.client.Service.Needs, i.grant.Scopes)
	if len(lacking) == 0 {
		return i.pass(field+" has all that is needed", text.Const("Everything that publishing needs was allowed."))
	}
	return i.fail(platforms.MissingPermission, field+" lacks "+strings.Join(lacking, ", "),
		text.Format("Not allowed: %s. Without it nothing can be published.", listed(lacking)))
}
