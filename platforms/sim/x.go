package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	xCode    = 30 * time.Second     // [X-AUTH, D]
	xAccess  = 2 * time.Hour        // [X-AUTH, D]
	xRefresh = 180 * 24 * time.Hour // not documented; six months is folklore [U]
	xLimit   = 75                   // /2/users/me by user
	xWindow  = 15 * time.Minute     // [X-LIM, D]
	xProblem = "https://api.x.com/2/problems/"
)

// xScopes are those of X's OAuth 2.0 that matter for posting, and some more [X-OAS, D].
var xScopes = []string{
	"tweet.read", "tweet.write", "users.read", "media.write", "offline.access", "users.email", "follows.read", "like.read",
}

func xRoutes() []route {
	return []route{
		{"GET /i/oauth2/authorize", Authorize, xAuthorize},
		{"POST /2/oauth2/token", Token, xToken},
		{"POST /2/oauth2/revoke", Revoke, xRevoke},
		{"GET /2/users/me", Me, xMe},
	}
}

// xProblemReply is a v2 problem: 401 is bare, 403 is wrapped in errors [X-PLAY, D].
func xProblemReply(status int, title, detail, kind string, wrapped bool) reply {
	problem := obj{"title": title, "detail": detail, "type": kind, "status": status}
	answer := say(status, problem)
	if wrapped {
		answer = say(status, obj{"errors": []any{problem}})
	}
	answer.header.Set("Content-Type", "application/problem+json")
	return answer
}

// xCodes is an error in the older shape, with a number [X-ERRH, D].
func xCodes(status, code int, message string) reply {
	return say(status, obj{"errors": []any{obj{"code": code, "message": message}}})
}

func xOAuth(status int, code, description string) reply {
	return say(status, obj{"error": code, "error_description": description})
}

func xMissing(_ *State, _ *call) reply {
	return xProblemReply(http.StatusNotFound, "Not Found", "Not Found", "about:blank", false)
}

func xDown(_ *State, _ *call) reply {
	return xProblemReply(http.StatusServiceUnavailable, "Service Unavailable", "Service Unavailable", "about:blank", false)
}

// xLimited is 429 with the headers that tell when the window is over [X-LIM, D].
func xLimited(s *State, _ *call) reply {
	return xUsage(xProblemReply(http.StatusTooManyRequests, "Too Many Requests", "Too Many Requests", "about:blank", false),
		0, s.now().Add(xWindow))
}

func xUsage(r reply, left int, reset time.Time) reply {
	return r.with("x-rate-limit-limit", strconv.Itoa(xLimit)).with("x-rate-limit-remaining", strconv.Itoa(left)).
		with("x-rate-limit-reset", strconv.FormatInt(reset.Unix(), 10))
}

// xAuthorize is the authorize page. Whatever is wrong with the request, X shows one
// page and never calls back [X-MCP, D].
func xAuthorize(s *State, c *call) reply {
	q := c.query
	redirect, state, app := q.Get("redirect_uri"), q.Get("state"), s.app(X, q.Get("client_id"))
	method := q.Get("code_challenge_method")
	asked := strings.Fields(q.Get("scope"))
	switch {
	case app == nil, app.Disabled, !slices.Contains(app.Redirects, redirect), // exact, the trailing slash too [X-APPS, D]
		q.Get("response_type") != "code", state == "", len(state) > 500, // [X-AUTH, D]
		q.Get("code_challenge") == "", method != "S256" && method != "plain", // PKCE is a must [D]
		len(asked) == 0, len(without(asked, xScopes)) > 0:
		return page(http.StatusOK, "Something went wrong. You weren't able to give access to the App. Go back and try logging in again.")
	}
	p, stop := s.meet(X, c, redirect)
	if stop != nil {
		return *stop
	}
	if a := c.consent.Answer; a == Cancel || a == CancelLogin {
		return back(redirect, url.Values{"error": {"access_denied"}, "state": {state}}, "")
	}
	code := s.newCode(code{site: X, app: app.ID, person: p.ID, redirect: redirect, scopes: asked,
		challenge: q.Get("code_challenge"), method: method})
	return back(redirect, url.Values{"code": {code.value}, "state": {state}}, "")
}

// xClient is the client of a token call, or the refusal: a public one by its id in
// the body, a confidential one by a Basic header only [X-USER, X-ADSM, X-URL, D].
func (s *State) xClient(c *call) (*App, *reply) {
	fail := func(code, description string) (*App, *reply) {
		r := xOAuth(http.StatusUnauthorized, code, description)
		return nil, &r
	}
	if id, secret, ok := c.r.BasicAuth(); ok {
		id, _ = url.QueryUnescape(id) // RFC 6749 s.2.3.1
		secret, _ = url.QueryUnescape(secret)
		app := s.app(X, id)
		if app == nil || app.Public || !same(app.Secret, secret) { // U
			return fail("invalid_client", "Client authentication failed")
		}
		return app, nil
	}
	switch app := s.app(X, c.form.Get("client_id")); {
	case app == nil: // U
		return fail("invalid_client", "Client authentication failed")
	case !app.Public || c.form.Get("client_secret") != "": // D
		return fail("unauthorized_client", "Missing valid authorization header")
	default:
		return app, nil
	}
}

// xToken exchanges a code or refreshes. Both say invalid_request where the RFC says
// invalid_grant [C].
func xToken(s *State, c *call) reply {
	app, stop := s.xClient(c)
	if stop != nil {
		return *stop
	}
	switch c.form.Get("grant_type") {
	case "authorization_code":
		code := s.codes[c.form.Get("code")]
		if code == nil || code.site != X || code.app != app.ID || code.spent || s.after(code, xCode) ||
			code.redirect != c.form.Get("redirect_uri") || !pkceOK(code, c.form.Get("code_verifier")) {
			return xOAuth(http.StatusBadRequest, "invalid_request", "Value passed for the authorization code was invalid.")
		}
		code.spent, c.who = true, code.person
		g := s.allow(X, app.ID, code.person, code.scopes, nil, nil)
		access, refresh := s.mint(X, g, code.scopes, false)
		return say(http.StatusOK, s.xTokens(access, refresh))
	case "refresh_token":
		old := s.spend(X, app, c.form.Get("refresh_token"), false)
		if old == nil {
			return xOAuth(http.StatusBadRequest, "invalid_request", "Value passed for the token was invalid.")
		}
		c.who = old.Person
		access, refresh := s.pair(Issued{Site: X, App: old.App, Person: old.Person, Scopes: old.Scopes, chain: old.chain}, xAccess, xRefresh)
		return say(http.StatusOK, s.xTokens(access, refresh))
	}
	return xOAuth(http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported") // composed
}

// mintX gives the tokens of a login, and ends those of the login before: there is
// one live grant per app and user [X-ADSM, D]. A refresh token comes only with
// offline.access [X-AUTH, D].
func (s *State) mintX(t Issued) (access, refresh *Issued) {
	s.endWhere(Superseded, func(o *Issued) bool { return o.Site == X && o.App == t.App && o.Person == t.Person })
	if !slices.Contains(t.Scopes, "offline.access") {
		return s.issue(t, xAccess), nil
	}
	return s.pair(t, xAccess, xRefresh)
}

func (s *State) xTokens(access, refresh *Issued) obj {
	body := obj{"token_type": "bearer", "expires_in": s.left(access), "access_token": access.Value, "scope": strings.Join(access.Scopes, " ")}
	if refresh != nil {
		body["refresh_token"] = refresh.Value
	}
	return body
}

// xRevoke ends a token [X-USER, D]; an unknown one, too, is 200 (RFC 7009). A
// refresh token takes its grant along, an access token only itself [composed].
func xRevoke(s *State, c *call) reply {
	app, stop := s.xClient(c)
	if stop != nil {
		return *stop
	}
	if t := s.Tokens[c.form.Get("token")]; t != nil && t.Site == X && t.App == app.ID {
		c.who = t.Person
		if t.Kind == RefreshToken {
			s.leave(t)
		} else if t.Ending == Alive {
			t.Ending = Revoked
		}
	}
	return say(http.StatusOK, obj{"revoked": true})
}

// xMe is the account behind a token. A 401 is the same for expired, revoked and
// superseded [X-ERR, D]; nothing tells a locked or suspended account beforehand.
func xMe(s *State, c *call) reply {
	unauthorized := xProblemReply(http.StatusUnauthorized, "Unauthorized", "Unauthorized", "about:blank", false)
	token, _ := c.bearer()
	if token == "" {
		return unauthorized
	}
	for _, app := range s.Apps[X] {
		if app.Bearer != "" && same(app.Bearer, token) { // D
			return xProblemReply(http.StatusForbidden, "Unsupported Authentication", "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].", xProblem+"unsupported-authentication", true)
		}
	}
	t := s.Tokens[token]
	if t == nil || t.Site != X || t.Kind != AccessToken || t.Ending != Alive || s.over(t) || s.Grant(X, t.App, t.Person) == nil {
		return unauthorized
	}
	used, oldest := s.count("x users/me "+t.Person, xLimit, xWindow)
	if used > xLimit {
		return xUsage(xLimited(s, c), 0, oldest.Add(xWindow))
	}
	return xUsage(s.xAccount(c, t), xLimit-used, oldest.Add(xWindow))
}

// xAccount is the account, or what keeps the app or the person from it.
func (s *State) xAccount(c *call, t *Issued) reply {
	app, p := s.app(X, t.App), s.person(X, t.Person)
	switch {
	case app.Disabled: // D
		return xCodes(http.StatusUnauthorized, 416, "Invalid / suspended application")
	case app.Unenrolled: // D
		return say(http.StatusForbidden, obj{"title": "Client Forbidden", "type": xProblem + "client-forbidden", "status": 403,
			"detail": "This request must be made using an approved developer account that is enrolled in the requested endpoint.",
			"reason": "client-not-enrolled", "client_id": app.ID, "registration_url": "https://developer.x.com/"})
	case app.NoCredits: // C
		return xProblemReply(http.StatusPaymentRequired, "CreditsDepleted", "Your enrolled account does not have any credits to fulfill this request.", "about:blank", false)
	case p.Condition == Checkpointed: // D
		return xCodes(http.StatusForbidden, 326, "To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://x.com to unlock your account.")
	case p.Condition == SuspendedV1: // D
		return xCodes(http.StatusForbidden, 64, "Your account is suspended and is not permitted to access this feature.")
	case p.Condition == Suspended: // C
		return xProblemReply(http.StatusForbidden, "Forbidden", "The user is suspended", xProblem+"user-suspended", true)
	case len(only(t.Scopes, []string{"tweet.read", "users.read"})) < 2: // D
		return xProblemReply(http.StatusForbidden, "Authorization Error", "Sorry, you are not authorized to see the user.", xProblem+"not-authorized-for-resource", true)
	}
	full := obj{"id": p.ID, "name": p.Name, "username": p.Username, "protected": p.Private, "verified": p.Verified,
		"verified_type": "none", "created_at": "2015-03-01T09:00:00.000Z"}
	data := obj{"id": p.ID, "name": p.Name, "username": p.Username}
	for _, f := range words(c.query.Get("user.fields")) {
		value, ok := full[f]
		if !ok {
			return xProblemReply(http.StatusBadRequest, "Invalid Request", "The user.fields query parameter value ["+f+"] is not one of the allowed values", xProblem+"invalid-request", false)
		}
		data[f] = value
	}
	return say(http.StatusOK, obj{"data": data})
}
