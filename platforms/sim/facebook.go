package sim

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// facebookShort is the lifetime of a token before its exchange: 1 to 2 hours, a
	// sample says 4815 s [M-IGFB, C].
	facebookShort = 4815 * time.Second
	facebookCode  = 10 * time.Minute // [U]
)

// facebookScopes are what publishing to a Page and, for variant A of Instagram, to
// an account needs [PZ, M-IGFB, C], and some more that exist [M-PERM, D].
var facebookScopes = []string{
	"public_profile", "email", "pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management",
	"pages_manage_engagement", "pages_manage_metadata", "pages_read_user_content", "read_insights", "instagram_basic",
	"instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights", "ads_management", "ads_read",
}

// pageScopes are those of which one is needed to act as a Page [C].
var pageScopes = []string{
	"pages_read_engagement", "pages_manage_metadata", "pages_read_user_content", "pages_manage_ads", "pages_show_list", "pages_messaging",
}

func facebookRoutes() []route {
	return []route{
		{"GET /{version}/dialog/oauth", Authorize, facebookDialog},
		{"GET /{version}/oauth/access_token", Token, facebookToken},
		{"POST /{version}/oauth/access_token", Token, facebookToken},
		{"GET /{version}/debug_token", Introspect, facebookDebug},
		{"GET /{version}/me", Me, graph(facebookMe)},
		{"GET /{version}/me/permissions", Permissions, graph(facebookPermissions)},
		{"GET /{version}/me/accounts", Accounts, graph(facebookAccounts)},
		{"GET /{version}/me/businesses", Businesses, graph(facebookBusinesses)},
		{"GET /{version}/{id}/owned_pages", OwnedPages, graph(facebookOwned)},
		{"GET /{version}/{id}/client_pages", ClientPages, graph(facebookClient)},
		{"GET /{version}/{id}/content_publishing_limit", PublishingLimit, graph(facebookLimit)},
		{"GET /{version}/{id}", Object, graph(facebookObject)},
		{"DELETE /{version}/{id}/permissions", Revoke, graph(facebookRevoke)},
		{"DELETE /{version}/{id}/permissions/{permission}", Revoke, graph(facebookRevoke)},
	}
}

// facebookDialog is the login dialog [M-FLOW, D]. A wrong client id or redirect
// never calls back.
func facebookDialog(s *State, c *call) reply {
	q := c.query
	redirect, app := q.Get("redirect_uri"), s.app(Facebook, q.Get("client_id"))
	asked := words(q.Get("scope"))
	switch {
	case !version().MatchString(c.r.PathValue("version")): // C
		return page(http.StatusOK, "It looks like this app isn't available. This app needs at least one supported permission.")
	case app == nil: // composed
		return page(http.StatusOK, "Invalid App ID: The provided app ID does not look like a valid app ID.")
	case app.Disabled: // U
		return page(http.StatusOK, "App not active: This app is not accessible right now and the app developer is aware of the issue.")
	case !facebookRedirect(app, redirect): // C
		return page(http.StatusOK, "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings.")
	case q.Get("state") == "": // one of the required trio [D]; text composed
		return page(http.StatusOK, "The parameter state is required.")
	case q.Get("response_type") != "" && q.Get("response_type") != "code":
		return page(http.StatusOK, "The parameter response_type is not supported here.")
	case app.Config != "" && q.Get("config_id") != app.Config: // C
		return page(http.StatusOK, "It looks like this app isn't available. This app needs at least one supported permission.")
	}
	allowed := facebookScopes
	if app.Scopes != nil {
		allowed = app.Scopes
	}
	if app.Config != "" { // the configuration names them
		asked = allowed
	}
	if bad := without(asked, allowed); len(bad) > 0 { // U
		return page(http.StatusOK, "Invalid Scopes: "+strings.Join(bad, ", ")+". This message is only shown to developers.")
	}
	p, stop := s.meet(Facebook, c, redirect)
	if stop != nil {
		return *stop
	}
	if !app.Live && !slices.Contains(app.Testers, p.ID) { // U
		return page(http.StatusOK, "App not active: This app is not accessible right now and the app developer is aware of the issue.")
	}
	if a := c.consent.Answer; a == Cancel || a == CancelLogin {
		return back(redirect, facebookCancel(app, q.Get("state")), "")
	}
	g := s.facebookAllow(app, p, asked, c.consent.Untick, q.Get("auth_type") == "rerequest")
	code := s.newCode(code{site: Facebook, app: app.ID, person: p.ID, redirect: redirect, scopes: g.Scopes})
	return back(redirect, url.Values{"code": {code.value}, "state": {q.Get("state")}}, "")
}

// facebookCancel is what the app hears of a person who cancelled: M-FLOW's query
// [D], or with Login for Business the other one [C].
func facebookCancel(app *App, state string) url.Values {
	q := url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"}, "state": {state},
		"error_description": {"The user denied your request."}}
	if app.Config != "" {
		q.Set("error_code", "200")
		q.Set("error_description", "Permissions error")
	}
	return q
}

// facebookRedirect tells whether a redirect is allowed: an exact one, or in
// development any port of localhost, which live apps refuse like all http [C].
func facebookRedirect(app *App, redirect string) bool {
	if app.Live && !strings.HasPrefix(redirect, "https://") {
		return false
	}
	return slices.Contains(app.Redirects, redirect) || !app.Live && loopback(redirect, "localhost")
}

// facebookAllow is the person pressing Continue. Whom the app knows already is not
// shown the boxes again: what was declined or not ticked stays so, unless the app
// asks again with auth_type=rerequest [U, C].
func (s *State) facebookAllow(app *App, p *Person, asked, untick []string, rerequest bool) *Grant {
	var granted, declined, unticked []string
	if g := s.Grant(Facebook, app.ID, p.ID); g != nil {
		granted = g.Scopes
		if !rerequest {
			declined, unticked = g.Declined, g.Unticked
		}
	}
	refused := append(slices.Clone(declined), only(untick, asked)...)
	granted = append(without(granted, untick), without(asked, append(slices.Clone(granted), refused...))...)
	for id := range s.Pages {
		if slices.Contains(untick, id) && !slices.Contains(unticked, id) {
			unticked = append(unticked, id)
		}
	}
	return s.allow(Facebook, app.ID, p.ID, granted, without(refused, granted), unticked)
}

// facebookToken exchanges a code, or a short token for a long one [M-FLOW, M-LONG].
// GET with a query is documented; POST with a form works [U]. The secret is a
// parameter; a header is not read [C].
func facebookToken(s *State, c *call) reply {
	fail := func(e graphError) reply { return graphFail(s, e) }
	app := s.app(Facebook, c.param("client_id"))
	switch {
	case c.param("client_id") == "": // composed
		return fail(graphError{Code: 101, Message: "Missing client_id parameter."})
	case app == nil: // composed
		return fail(graphError{Code: 101, Message: "Error validating application. Cannot get application info due to a system error."})
	case c.param("client_secret") == "": // composed; the secret is mandatory [C]
		return fail(graphError{Code: 1, Message: "Missing client_secret parameter."})
	case !same(c.param("client_secret"), app.Secret): // U
		return fail(graphError{Code: 1, Message: "Error validating client secret."})
	case c.param("grant_type") == "fb_exchange_token":
		return s.facebookExchange(c, app)
	}
	code := s.codes[c.param("code")]
	switch {
	case code == nil || code.site != Facebook || code.app != app.ID: // composed
		return fail(graphError{Code: 100, Message: "Invalid verification code format."})
	case code.spent: // U
		return fail(graphError{Code: 100, Subcode: 36009, Message: "This authorization code has been used."})
	case s.after(code, facebookCode): // U
		return fail(graphError{Code: 100, Subcode: 36007, Message: "This authorization code has expired."})
	case code.redirect != c.param("redirect_uri"): // U
		return fail(graphError{Code: 100, Subcode: 36008, Message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"})
	}
	code.spent, c.who = true, code.person
	g := s.Grant(Facebook, app.ID, code.person)
	if g == nil {
		return fail(graphError{190, 458, "Error validating access token: The user has not authorized application " + app.ID + ".", false})
	}
	t, _ := s.mint(Facebook, g, g.Scopes, false)
	return say(http.StatusOK, obj{"access_token": t.Value, "token_type": "bearer", "expires_in": s.left(t)})
}

// facebookExchange gives a token of about 60 days for one that is not over [D/C].
func (s *State) facebookExchange(c *call, app *App) reply {
	old := s.Tokens[c.param("fb_exchange_token")]
	if old == nil || old.Site != Facebook || old.App != app.ID || old.Kind == PageToken {
		return graphFail(s, graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
	}
	c.who = old.Person
	if e := s.dead(old); e != nil {
		return graphFail(s, *e)
	}
	t := s.issue(Issued{Kind: LongToken, Site: Facebook, App: old.App, Person: old.Person, Scopes: old.Scopes}, longLife)
	return say(http.StatusOK, obj{"access_token": t.Value, "token_type": "bearer", "expires_in": s.left(t)})
}

// facebookDebug is debug_token [RESTFB, C]. It answers 200 for a dead token, with
// the error nested and its subcode under another name.
func facebookDebug(s *State, c *call) reply {
	if !s.mayDebug(graphToken(c), c.query.Get("input_token")) { // composed
		return graphFail(s, graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
	}
	t := s.Tokens[c.query.Get("input_token")]
	if t == nil || t.Site != Facebook {
		return say(http.StatusOK, obj{"data": obj{"is_valid": false, "scopes": []string{},
			"error": obj{"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}}})
	}
	app, g := s.app(Facebook, t.App), s.Grant(Facebook, t.App, t.Person)
	c.who = t.Person
	data := obj{"app_id": t.App, "application": app.Name, "type": "USER", "is_valid": true, "scopes": []string{},
		"user_id": scoped(t.App, t.Person, 15), "expires_at": unix(t.Expires), "issued_at": t.At.Unix()}
	if t.Kind == PageToken {
		data["type"], data["profile_id"] = "PAGE", t.Page
	}
	e := s.dead(t)
	if e == nil && t.Kind == PageToken {
		e = s.deadPage(t, g)
	}
	if g != nil {
		data["data_access_expires_at"] = unix(g.DataUntil)
	}
	if e != nil && e.Code == 190 {
		inner := obj{"code": e.Code, "message": e.Message}
		if e.Subcode != 0 {
			inner["subcode"] = e.Subcode
		}
		data["is_valid"], data["error"] = false, inner
		return say(http.StatusOK, obj{"data": data})
	}
	data["scopes"], data["granular_scopes"] = g.Scopes, s.granular(g)
	return say(http.StatusOK, obj{"data": data})
}

// mayDebug tells whether a token, or id|secret of an app, may look at another
// token: one of the same app [C].
func (s *State) mayDebug(token, input string) bool {
	t := s.Tokens[input]
	if id, secret, ok := strings.Cut(token, "|"); ok {
		app := s.app(Facebook, id)
		return app != nil && same(app.Secret, secret) && (t == nil || t.App == id)
	}
	with := s.Tokens[token]
	return with != nil && with.Site == Facebook && (t == nil || t.App == with.App) && (with == t || s.dead(with) == nil)
}

// granular are the scopes with the Pages that were ticked; without target_ids it
// is all of them [RESTFB sample, C; reading U].
func (s *State) granular(g *Grant) []obj {
	rows := []obj{}
	for _, scope := range g.Scopes {
		if !strings.HasPrefix(scope, "pages_") && !strings.HasPrefix(scope, "instagram_") {
			continue
		}
		row := obj{"scope": scope}
		if len(g.Unticked) > 0 {
			ids := []string{}
			for _, p := range s.managed(g.Person) {
				if !slices.Contains(g.Unticked, p.ID) {
					ids = append(ids, p.ID)
				}
			}
			row["target_ids"] = ids
		}
		rows = append(rows, row)
	}
	return rows
}

// facebookRevoke removes the app for a person, or one permission of it [U].
func facebookRevoke(s *State, c *call, t *Issued, g *Grant) reply {
	if id := c.r.PathValue("id"); id != "me" && id != scoped(t.App, t.Person, 15) {
		return gone(s, id)
	}
	if scope := c.r.PathValue("permission"); scope != "" {
		g.Scopes = without(g.Scopes, []string{scope})
		return say(http.StatusOK, obj{"success": true})
	}
	g.Removed = true
	s.endWhere(Removed, func(o *Issued) bool { return o.Site == Facebook && o.App == t.App && o.Person == t.Person })
	return say(http.StatusOK, obj{"success": true})
}

// unix is a time in seconds; 0 for never.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// same compares secrets.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
