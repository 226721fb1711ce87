package live

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// Fingerprint is a short hash that tells two tokens apart in logs and files. It
// does not give the token away.
func (g Grant) Fingerprint() string { return fingerprint(g.Access.Reveal()) }

func fingerprint(s string) string {
	if s == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("reconnect " + s))
	return hex.EncodeToString(sum[:6])
}

// Bare is what of a grant may be stored outside of where secrets are: everything
// but its tokens.
func (g Grant) Bare() Grant {
	g.Renews = g.renews()
	g.Access, g.Refresh, g.Page = text.Secret{}, text.Secret{}, text.Secret{}
	return g
}

// renews tells whether the grant has a refresh token.
func (g Grant) renews() bool { return !g.Refresh.Empty() || g.Renews && g.Access.Empty() }

// Stale tells whether the access ran out and Renew can bring it back. Ten seconds
// are for the way to the platform.
func (g Grant) Stale(now time.Time) bool {
	return !g.Pasted && !g.Refresh.Empty() && !g.Expires.IsZero() && !now.Add(10*time.Second).Before(g.Expires)
}

// Due tells whether g is to be renewed before it is used: its access ran out, or, where
// access renews itself while it is valid, half of its life is over, or it ends soon. That
// is a day old then: Instagram takes no younger one, and more often brings nothing.
func (c *Client) Due(g Grant) bool {
	if c.Service.Renewal != ExchangeLong && c.Service.Renewal != RefreshLong {
		return g.Stale(c.now())
	}
	age, left := c.now().Sub(g.Issued), g.Expires.Sub(c.now())
	return c.mine(g) == nil && age >= day && left > 0 && left < max(age, soon)
}

// redeem exchanges the code, once, saves the grant, and makes it long-lived where
// the platform has that.
func (c *Client) redeem(ctx context.Context, l *Login, back callback) (Grant, error) {
	g, err := c.exchange(ctx, l, back.code)
	if err != nil {
		return Grant{}, err
	}
	if g.Scopes == nil && len(back.scopes) > 0 {
		g.Scopes = back.scopes
	}
	if g.Scopes != nil {
		g.Declined = missing(c.Service.Scopes, g.Scopes)
	}
	if err := save(l.ask.Save, g); err != nil {
		return g, err
	}
	if c.Service.Endpoints.Exchange == "" {
		return g, nil
	}
	long, err := c.lengthen(ctx, g)
	if err != nil {
		g.Short = text.Format("It was not made long-lived: %s.", text.Line(err.Error()))
		return g, save(l.ask.Save, g)
	}
	return long, save(l.ask.Save, long)
}

func save(f func(Grant) error, g Grant) error {
	if f == nil {
		return nil
	}
	if err := f(g); err != nil {
		return &SaveError{err}
	}
	return nil
}

// exchange turns the code into a grant. x/oauth2 makes the request; its answer is
// read here, because x/oauth2 loses Meta's errors, wrapped answers and long ids
// (fact sheet 7.2), and its errors print bodies.
func (c *Client) exchange(ctx context.Context, l *Login, code text.Secret) (Grant, error) {
	l.mu.Lock()
	redirect, verifier := l.prompt.Redirect, l.verifier
	l.mu.Unlock()
	a, err := c.redeemCode(ctx, redirect, verifier, code)
	if err != nil {
		return Grant{}, c.tokenError(err)
	}
	c.accept()
	return c.grant(a.json, c.now())
}

func (c *Client) redeemCode(ctx context.Context, redirect string, verifier, code text.Secret) (answer, error) {
	if c.Service.json {
		return c.do(ctx, call{method: http.MethodPost, url: c.Service.Endpoints.Token, once: true, json: map[string]string{
			"client_id": c.App.ClientID, "client_secret": c.App.Secret.Reveal(),
			"grant_type": "authorization_code", "auth_code": code.Reveal(), "redirect_uri": redirect,
		}})
	}
	conf, opts := c.config(redirect), []oauth2.AuthCodeOption(nil)
	if c.Service.PKCE != NoPKCE {
		opts = append(opts, oauth2.VerifierOption(verifier.Reveal()))
	}
	if key := c.Service.ClientKey; key != "client_id" {
		opts = append(opts, oauth2.SetAuthURLParam(key, conf.ClientID))
		conf.ClientID = "" // else x/oauth2 sends client_id as well
	}
	tap := &tap{client: c}
	// A redirect would carry code and secret elsewhere, so it is not followed.
	ctx = context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: tap, CheckRedirect: c.http.CheckRedirect})
	_, err := conf.Exchange(ctx, code.Reveal(), opts...)
	if tap.err == nil && tap.answer.status == 0 {
		return answer{}, &Fault{Kind: faultOf(ctx, err).Kind, Request: tap.name}
	}
	return tap.answer, tap.err
}

// A tap lets x/oauth2 send through the client, and keeps what came back.
type tap struct {
	client *Client
	name   text.Safe
	answer answer
	err    error
}

// RoundTrip sends once and judges the answer as the client does any other.
func (t *tap) RoundTrip(req *http.Request) (*http.Response, error) {
	t.name = t.client.named(req.Method + " " + req.URL.Host + req.URL.EscapedPath())
	a, err := t.client.send(req.Context(), req, t.client.timeout)
	if err == nil {
		a, err = t.client.judge(a, false)
	}
	t.answer = a
	if err != nil {
		f := faultOf(req.Context(), err)
		f.Request = t.name
		t.err = f
	}
	if a.status == 0 {
		return nil, errors.New("no answer")
	}
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header,
		Body: io.NopCloser(bytes.NewReader(a.body)), Request: req,
	}, nil
}

// tokenError makes the platform's own words at the token endpoint a [*LoginError].
func (c *Client) tokenError(err error) error {
	f, ok := errors.AsType[*Fault](err)
	if !ok || !f.Worded {
		return err
	}
	v := c.ownApp(verdict(f))
	sent := !c.App.Secret.Empty()
	return &LoginError{Where: "token", Says: f.Answer, Verdict: v, Retry: comeBack(f.Cause(), f.Retry),
		Secret: sent && slices.Contains(refusesSecret, v.Signature), Lacks: !sent && slices.Contains(wantsSecret, v.Signature)}
}

func verdict(f *Fault) explain.Verdict {
	if f.Verdict == nil {
		return explain.Verdict{}
	}
	return *f.Verdict
}

// grant reads a token answer: flat, or wrapped in data as Instagram's and TikTok's
// Business API have it (fact sheet 2.1, 3.1).
func (c *Client) grant(body value, now time.Time) (Grant, error) {
	v := body
	if data := body.at("data"); data.there() && !body.at("access_token").there() {
		v = data
		if list := data.list(); len(list) > 0 {
			v = list[0]
		}
	}
	access := v.at("access_token").string()
	if err := want(sendable(access), "access_token"); err != nil {
		return Grant{}, err
	}
	refresh := v.at("refresh_token").string()
	if err := want(!v.at("refresh_token").there() || sendable(refresh), "refresh_token"); err != nil {
		return Grant{}, err
	}
	c.know(access, refresh)
	g := Grant{
		Platform: c.Service.ID, Variant: c.Service.Variant, Custom: c.Service.Custom, Home: c.Service.home(),
		Client: fingerprint(c.App.ClientID), Issued: now,
		Access: text.NewSecret(access), Refresh: text.NewSecret(refresh),
		Expires: after(now, v.at("expires_in")),
	}
	for _, name := range []string{"refresh_expires_in", "refresh_token_expires_in"} {
		if v.at(name).there() {
			g.RefreshExpires = after(now, v.at(name))
		}
	}
	for _, name := range []string{"scope", "permissions"} {
		if v.at(name).there() {
			g.Scopes = v.at(name).strings()
		}
	}
	g.Account.ID = clip(cmp.Or(v.at("open_id").text(), v.at("user_id").text()))
	return g, nil
}

// after is now and the given seconds, on the monotonic clock; zero if not given.
func after(now time.Time, v value) time.Time {
	d := v.seconds()
	if d == 0 {
		return time.Time{}
	}
	return now.Add(d)
}

// sendable tells whether a token is one that can stand in a header.
func sendable(token string) bool {
	const longest = 2048 // bytes of an entry of the keyring (security.md, Tokens)
	return token != "" && len(token) <= longest &&
		strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// clip bounds a short text from outside and takes control characters out.
func clip(s string) string { return text.Line(s).String() }

// lengthen makes Meta's short token a long-lived one (fact sheet 1.1, 2.1). The
// parameters go in the query, because the platform demands it.
func (c *Client) lengthen(ctx context.Context, g Grant) (Grant, error) {
	q := url.Values{"client_secret": {c.App.Secret.Reveal()}}
	if c.Service.Renewal == ExchangeLong {
		q.Set("grant_type", "fb_exchange_token")
		q.Set("client_id", c.App.ClientID)
		q.Set("fb_exchange_token", g.Access.Reveal())
	} else {
		q.Set("grant_type", "ig_exchange_token")
		q.Set("access_token", g.Access.Reveal())
	}
	return c.next(ctx, g, call{method: http.MethodGet, url: c.Service.Endpoints.Exchange, query: q, once: true})
}

// next asks for g's successor, which keeps what the answer does not say anew.
func (c *Client) next(ctx context.Context, g Grant, r call) (Grant, error) {
	c.know(g.Access.Reveal(), g.Refresh.Reveal())
	a, err := c.do(ctx, r)
	if err != nil {
		return Grant{}, c.tokenError(err)
	}
	if r.url != c.Service.Endpoints.Refresh || c.Service.Renewal == RefreshToken { // the others go without
		c.accept()
	}
	n, err := c.grant(a.json, c.now())
	if err != nil {
		return Grant{}, err
	}
	if n.Refresh.Empty() {
		n.Refresh, n.RefreshExpires = g.Refresh, g.RefreshExpires
	}
	if n.Scopes == nil {
		n.Scopes = g.Scopes
	}
	n.Declined, n.DataExpires, n.Person = g.Declined, g.DataExpires, g.Person
	if n.Account.ID == "" || n.Account.ID == g.Account.ID {
		n.Account = g.Account
	}
	return n, nil
}

// Renew gives a grant new life in the platform's own way, and hands it to save
// before it returns: a rotated refresh token is kept before its access token is
// used. A second caller with the same old grant gets the first one's result, once that
// was saved. Across processes the caller holds a lock and reads the grant anew.
//
// Where the call spends a refresh token, the end of ctx does not stop it once it began,
// only its own time: what the platform answers may be the only grant that works.
//
// A pasted token, one of another client, and any of Aibrify's own client are
// refused with a [*HarmError], since refreshing takes it from whoever holds it
// (fact sheet 0, fact 7). A platform that cannot renew is an [*UnsupportedError].
func (c *Client) Renew(ctx context.Context, g Grant, keep func(Grant) error) (Grant, error) {
	if err := c.mine(g); err != nil {
		return Grant{}, err
	}
	r, err := c.renewal(g)
	if err != nil {
		return Grant{}, err
	}
	c.renewing.Lock()
	defer c.renewing.Unlock()
	if c.Service.Renewal == RefreshToken && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	n, ok := c.renewed[g.Fingerprint()]
	if !ok {
		if n.Grant, err = c.next(ctx, g, r); err != nil {
			return Grant{}, owned(err, c.ownGrant)
		}
	}
	if !n.kept {
		err = save(keep, n.Grant)
		n.kept = err == nil
	}
	c.renewed[g.Fingerprint()] = n
	return n.Grant, err
}

// A successor is what came of renewing a grant. The platform gives it once, so that one
// which could not be saved is saved by the next who asks.
type successor struct {
	Grant
	kept bool
}

// Renews tells whether a refresh token can bring g new access, whether or not the old
// one ran out, and whether that is this client's to do.
func (c *Client) Renews(g Grant) bool {
	return c.Service.Renewal == RefreshToken && !g.Refresh.Empty() && c.mine(g) == nil
}

// mine refuses to change a grant that this program did not mint.
func (c *Client) mine(g Grant) error {
	reason := text.Safe{}
	switch {
	case g.Pasted:
		reason = text.Const("A pasted token is only looked at: renewing or revoking it would take it from whoever holds it.")
	case c.App.Aibrify:
		reason = text.Const("This is Aibrify's own app: renewing or revoking its tokens here would disconnect the customer.")
	case !c.Service.Minted(c.App, g):
		reason = text.Const("This grant was made with another app, or at other addresses. Sign in again with this one.")
	}
	if reason.Empty() {
		return nil
	}
	return &HarmError{c.Service.ID, reason}
}

// renewal is the call that renews g.
func (c *Client) renewal(g Grant) (call, error) {
	address := cmp.Or(c.Service.Endpoints.Refresh, c.Service.Endpoints.Token)
	switch c.Service.Renewal {
	case RefreshToken:
		if !g.Refresh.Empty() {
			return c.refresh(address, g), nil
		}
	case ExchangeLong:
		return call{method: http.MethodGet, url: c.Service.Endpoints.Exchange, once: true, query: url.Values{
			"grant_type": {"fb_exchange_token"}, "client_id": {c.App.ClientID},
			"client_secret": {c.App.Secret.Reveal()}, "fb_exchange_token": {g.Access.Reveal()},
		}}, nil
	case RefreshLong:
		if c.now().Sub(g.Issued) < day {
			return call{}, &UnsupportedError{c.Service.ID, text.Const("Instagram renews a token only when it is at least 24 hours old.")}
		}
		return call{method: http.MethodGet, url: address, once: true, query: url.Values{
			"grant_type": {"ig_refresh_token"}, "access_token": {g.Access.Reveal()},
		}}, nil
	case LoginAgain:
	}
	return call{}, &UnsupportedError{c.Service.ID, text.Const("This grant cannot be renewed. Sign in again.")}
}

// refresh is the refresh grant by hand: TikTok wants client_key, X its secret in a
// header (fact sheet 3.1, 5.1).
func (c *Client) refresh(address string, g Grant) call {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.Refresh.Reveal()}}
	r := c.authenticated(call{method: http.MethodPost, url: address, form: form, once: true})
	if c.Service.json {
		r.json, r.form = flat(r.form), nil
	}
	return r
}

// authenticated adds the app's own credentials to a form, in the platform's style.
func (c *Client) authenticated(r call) call {
	if c.Service.Auth == oauth2.AuthStyleInHeader && !c.App.Secret.Empty() {
		r.basic = true
		return r
	}
	r.form.Set(cmp.Or(c.Service.ClientKey, "client_id"), c.App.ClientID)
	if c.Service.json {
		r.form.Del(c.Service.ClientKey)
		r.form.Set("client_id", c.App.ClientID)
	}
	if !c.App.Secret.Empty() {
		r.form.Set("client_secret", c.App.Secret.Reveal())
	}
	return r
}

func flat(form url.Values) map[string]string {
	m := map[string]string{}
	for k := range form {
		m[k] = form.Get(k)
	}
	return m
}

// Revoke gives the grant back, so that the platform forgets it (logout), with what
// else [Service.Falls] then: what renews it first, where that lives by itself. It
// refuses what Renew refuses; a platform without a way is an [*UnsupportedError] that
// says where a person can do it.
func (c *Client) Revoke(ctx context.Context, g Grant) error {
	if err := c.mine(g); err != nil {
		return err
	}
	if c.Service.Endpoints.Revoke == "" {
		return &UnsupportedError{c.Service.ID, text.Format("%s %s", c.Service.NoRevoke, c.Service.RemoveIt())}
	}
	c.know(g.Access.Reveal(), g.Refresh.Reveal())
	if c.Service.Apart && !g.Refresh.Empty() {
		if _, err := c.do(ctx, c.revocation(g, g.Refresh)); err != nil {
			return c.tokenError(err)
		}
	}
	_, err := c.do(ctx, c.revocation(g, g.Access))
	return c.tokenError(err)
}

// RemoveIt says where a person removes the app.
func (s Service) RemoveIt() text.Safe { return text.Format("Remove it %s", s.Removal) }

// revocation is the call that gives a token of g back.
func (c *Client) revocation(g Grant, token text.Secret) call {
	address := c.Service.Endpoints.Revoke
	if user := "{user}"; strings.Contains(address, user) {
		return call{method: http.MethodDelete, plain: true, once: true, bearer: token,
			url: strings.Replace(address, user, url.PathEscape(cmp.Or(g.Account.ID, "me")), 1)}
	}
	r := c.authenticated(call{method: http.MethodPost, url: address, form: url.Values{"token": {token.Reveal()}}, plain: true, once: true})
	if c.Service.json {
		r.json, r.form = map[string]string{
			"client_id": c.App.ClientID, "client_secret": c.App.Secret.Reveal(), "access_token": token.Reveal(),
		}, nil
	}
	return r
}

// Inspect takes a token that somebody pasted, to be looked at with Verify and then
// forgotten. It is never refreshed and never revoked. A text that can be no token
// is a [*PasteError].
func (c *Client) Inspect(token string) (Grant, error) {
	token = strings.TrimSpace(token)
	if !sendable(token) {
		return Grant{}, &PasteError{text.Const("That is no access token: it is empty, too long, or has spaces in it.")}
	}
	c.know(token)
	return Grant{
		Platform: c.Service.ID, Variant: c.Service.Variant, Custom: c.Service.Custom,
		Access: text.NewSecret(token), Pasted: true,
	}, nil
}
