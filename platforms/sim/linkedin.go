package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	linkedinAccess  = 60 * 24 * time.Hour  // 5184000 s [L-FLOW, D]
	linkedinRefresh = 365 * 24 * time.Hour // from the first login, not extended by use [L-REF, D]
	linkedinCode    = 30 * time.Minute     // [L-FLOW, C]
	// linkedinVersion is the newest month seen of the LinkedIn-Version header [L-VER, D].
	linkedinVersion = "202607"
)

// linkedinScopes are those for Pages and identity [L-ACL, D; PZ, C].
var linkedinScopes = []string{
	"openid", "profile", "email", "r_basicprofile", "w_member_social", "w_organization_social", "r_organization_social",
	"rw_organization_admin", "r_organization_admin",
}

func linkedinRoutes() []route {
	return []route{
		{"GET /oauth/v2/authorization", Authorize, linkedinAuthorize},
		{"GET /oauth/native-pkce/authorization", Authorize, linkedinAuthorize},
		{"POST /oauth/v2/accessToken", Token, linkedinToken},
		{"POST /oauth/v2/introspectToken", Introspect, linkedinIntrospect},
		{"POST /oauth/v2/revoke", Revoke, linkedinRevoke},
		{"GET /v2/userinfo", Me, linkedinUser},
		{"GET /rest/organizationAcls", Roles, linkedinRoles},
		{"GET /v2/organizationalEntityAcls", Roles, linkedinRoles},
		{"GET /rest/organizations/{id}", Organization, linkedinCompany},
		{"GET /v2/organizations/{id}", Organization, linkedinCompany},
	}
}

// linkedinFail is an error of the API [L-ERR, D; PUB, C]. number 0 is left in.
func linkedinFail(s *State, status, number int, code, message string) reply {
	body := obj{"status": status, "message": message}
	if code != "" {
		body["serviceErrorCode"], body["code"] = number, code
	}
	return s.linkedinSay(status, body)
}

// linkedinSay adds the headers that help LinkedIn's support [L-EV, C].
func (s *State) linkedinSay(status int, body any) reply {
	return say(status, body).with("x-li-uuid", s.random(opaque, 22)+"==").with("x-li-fabric", "prod-lor1")
}

// linkedinOAuth is an error of the OAuth endpoints [L-FLOW, D].
func linkedinOAuth(s *State, status int, code, description string) reply {
	return s.linkedinSay(status, obj{"error": code, "error_description": description})
}

func linkedinMissing(s *State, _ *call) reply {
	return linkedinFail(s, http.StatusNotFound, 0, "RESOURCE_NOT_FOUND", "No virtual resource found")
}

func linkedinDown(s *State, _ *call) reply {
	return linkedinFail(s, http.StatusInternalServerError, 0, "INTERNAL_SERVER_ERROR", "Internal Server Error")
}

func linkedinLimited(s *State, _ *call) reply {
	return linkedinFail(s, http.StatusTooManyRequests, 101, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource is reached.")
}

// linkedinAuthorize is the authorize page, standard or native [L-FLOW, L-NAT, D]. A
// wrong client id or redirect never calls back [C].
func linkedinAuthorize(s *State, c *call) reply {
	q, native := c.query, strings.Contains(c.r.URL.Path, "native-pkce")
	redirect, app := q.Get("redirect_uri"), s.app(LinkedIn, q.Get("client_id"))
	const bummer = "Bummer, something went wrong."
	switch {
	case app == nil, q.Get("response_type") != "code", native && !app.Native:
		return page(http.StatusOK, bummer)
	case native && (q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256"):
		return page(http.StatusOK, bummer)
	case native && !loopback(redirect, "127.0.0.1", "::1"), // loopback IP only, any port [D]
		!native && !slices.Contains(app.Redirects, redirect): // exact [D]
		return page(http.StatusOK, bummer+" The redirect_uri does not match the registered value")
	}
	refuse := func(code, description string) reply {
		return back(redirect, url.Values{"error": {code}, "error_description": {description}, "state": {q.Get("state")}}, "")
	}
	asked, approved := strings.Fields(q.Get("scope")), linkedinScopes
	if app.Scopes != nil {
		approved = app.Scopes
	}
	if len(asked) == 0 || len(without(asked, linkedinScopes)) > 0 { // C
		return refuse("invalid_scope_error", "Invalid scope")
	}
	if bad := without(asked, approved); len(bad) > 0 { // one fails all [D]; HTML inside the query [C]
		return refuse("unauthorized_scope_error", "Scope &quot;"+bad[0]+"&quot; is not authorized for your application")
	}
	p, stop := s.meet(LinkedIn, c, redirect)
	if stop != nil {
		return *stop
	}
	switch c.consent.Answer {
	case CancelLogin:
		return refuse("user_cancelled_login", "The user cancelled LinkedIn login")
	case Cancel:
		return refuse("user_cancelled_authorize", "The user cancelled the authorization")
	default:
	}
	var before []string
	if g := s.Grant(LinkedIn, app.ID, p.ID); g != nil {
		before = g.Scopes
	}
	s.otherScopes(app.ID, p.ID, before, asked)
	s.allow(LinkedIn, app.ID, p.ID, asked, nil, nil) // all or nothing: there are no boxes [D]
	issued := code{site: LinkedIn, app: app.ID, person: p.ID, redirect: redirect, scopes: asked}
	if native {
		issued.challenge, issued.method = q.Get("code_challenge"), "S256"
	}
	code := s.newCode(issued)
	return back(redirect, url.Values{"code": {code.value}, "state": {q.Get("state")}}, "")
}

// otherScopes ends every earlier token of a member and app when a login asks for
// another set of scopes [L-FLOW, D].
func (s *State) otherScopes(app, person string, before, asked []string) {
	if before != nil && !sameSet(before, asked) {
		s.endWhere(Superseded, func(t *Issued) bool { return t.Site == LinkedIn && t.App == app && t.Person == person })
	}
}

// linkedinToken exchanges a code or refreshes. The secret is in the body; with
// native PKCE the verifier stands in its place [L-FLOW, D; PUB, C].
func linkedinToken(s *State, c *call) reply {
	f := c.form
	need := func(names ...string) *reply {
		for _, name := range names {
			if f.Get(name) == "" {
				r := linkedinOAuth(s, http.StatusBadRequest, "invalid_request", fmt.Sprintf("A required parameter %q is missing", name))
				return &r
			}
		}
		return nil
	}
	if stop := need("grant_type", "client_id"); stop != nil {
		return *stop
	}
	app := s.app(LinkedIn, f.Get("client_id"))
	switch f.Get("grant_type") {
	case "authorization_code":
		if stop := need("code", "redirect_uri"); stop != nil {
			return *stop
		}
		if f.Get("code_verifier") == "" || app != nil && !app.Native {
			if stop := need("client_secret"); stop != nil {
				return *stop
			}
		}
		return s.linkedinRedeem(c, app)
	case "refresh_token":
		if stop := need("refresh_token", "client_secret"); stop != nil {
			return *stop
		}
		return s.linkedinRenew(c, app)
	}
	return linkedinOAuth(s, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported") // composed
}

// linkedinRedeem spends a code.
func (s *State) linkedinRedeem(c *call, app *App) reply {
	f := c.form
	if app == nil || f.Get("client_secret") != "" && !same(app.Secret, f.Get("client_secret")) { // U
		return linkedinOAuth(s, http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	}
	code := s.codes[f.Get("code")]
	switch {
	case code == nil || code.site != LinkedIn || code.spent: // D
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_request", "Unable to retrieve access token: authorization code not found")
	case code.app != app.ID || code.redirect != f.Get("redirect_uri") || s.after(code, linkedinCode) ||
		(code.challenge != "" || f.Get("client_secret") == "") && !pkceOK(code, f.Get("code_verifier")): // a mixed bag [D]
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_redirect_uri", "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired. Or external member binding exists")
	}
	g := s.Grant(LinkedIn, app.ID, code.person)
	if g == nil {
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_request", "Unable to retrieve access token: authorization code not found")
	}
	code.spent, c.who = true, code.person
	access, refresh := s.mint(LinkedIn, g, code.scopes, false)
	return s.linkedinTokens(access, refresh)
}

// pkceOK tells whether a verifier is the one behind a code's challenge: base64url
// without padding, or plain (RFC 7636 s.4.6).
func pkceOK(c *code, verifier string) bool {
	if !verifierOK(verifier) {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	if c.method == "plain" {
		return same(c.challenge, verifier)
	}
	return same(c.challenge, base64.RawURLEncoding.EncodeToString(sum[:]))
}

// mintLinkedIn gives an access token, and for partners a refresh token that ends a
// year after the first login [L-REF, D].
func (s *State) mintLinkedIn(t Issued, g *Grant) (access, refresh *Issued) {
	access = s.issue(t, linkedinAccess)
	if s.app(LinkedIn, t.App).Partner {
		t.Kind = RefreshToken
		refresh = s.issue(t, g.First.Add(linkedinRefresh).Sub(s.now()))
	}
	return access, refresh
}

// linkedinRenew gives an access token for a refresh token, which stays as it is.
func (s *State) linkedinRenew(c *call, app *App) reply {
	if app == nil || !same(app.Secret, c.form.Get("client_secret")) {
		return linkedinOAuth(s, http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	}
	t := s.Tokens[c.form.Get("refresh_token")]
	if t == nil || t.Kind != RefreshToken || t.App != app.ID || t.Ending != Alive || s.over(t) || s.Grant(LinkedIn, app.ID, t.Person) == nil {
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_request", "The provided authorization grant or refresh token is invalid, expired or revoked") // D
	}
	c.who = t.Person
	access := s.issue(Issued{Kind: AccessToken, Site: LinkedIn, App: t.App, Person: t.Person, Scopes: t.Scopes}, linkedinAccess)
	return s.linkedinTokens(access, t)
}

func (s *State) linkedinTokens(access, refresh *Issued) reply {
	body := obj{"access_token": access.Value, "expires_in": s.left(access), "scope": strings.Join(access.Scopes, ","), "token_type": "Bearer"}
	if refresh != nil {
		body["refresh_token"], body["refresh_token_expires_in"] = refresh.Value, s.left(refresh)
	}
	return s.linkedinSay(http.StatusOK, body)
}

// linkedinIntrospect tells active, expired or revoked outright: 400 for a bad
// client id or token, 401 for a bad secret [L-INT, D].
func linkedinIntrospect(s *State, c *call) reply {
	app, t := s.app(LinkedIn, c.form.Get("client_id")), s.Tokens[c.form.Get("token")]
	switch {
	case app == nil || c.form.Get("token") == "": // text composed
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_request", "The client id or the token is invalid")
	case !same(app.Secret, c.form.Get("client_secret")):
		return linkedinOAuth(s, http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	case t == nil || t.Site != LinkedIn || t.App != app.ID: // text composed
		return linkedinOAuth(s, http.StatusBadRequest, "invalid_request", "The client id or the token is invalid")
	}
	c.who = t.Person
	status := "active"
	switch {
	case t.Ending != Alive || s.Grant(LinkedIn, app.ID, t.Person) == nil:
		status = "revoked"
	case s.over(t):
		status = "expired"
	}
	body := obj{"active": status == "active", "status": status, "client_id": app.ID, "auth_type": "3L",
		"created_at": t.At.Unix(), "authorized_at": t.At.Unix(), "expires_at": unix(t.Expires), "scope": strings.Join(t.Scopes, ",")}
	return s.linkedinSay(http.StatusOK, body)
}

// linkedinRevoke ends a token [U]. It answers 200 for an unknown one, too (RFC 7009).
func linkedinRevoke(s *State, c *call) reply {
	app := s.app(LinkedIn, c.form.Get("client_id"))
	if app == nil || !same(app.Secret, c.form.Get("client_secret")) {
		return linkedinOAuth(s, http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	}
	if t := s.Tokens[c.form.Get("token")]; t != nil && t.App == app.ID {
		c.who = t.Person
		s.leave(t)
	}
	return s.linkedinSay(http.StatusOK, obj{})
}

// linkedinCaller is the token of a call, or the refusal [L-ERR, D; codes C].
func (s *State) linkedinCaller(c *call) (*Issued, *reply) {
	fail := func(number int, code, message string) (*Issued, *reply) {
		r := linkedinFail(s, http.StatusUnauthorized, number, code, message)
		return nil, &r
	}
	token, other := c.bearer()
	t := s.Tokens[token]
	switch {
	case other:
		return fail(0, "", "Unknown authentication scheme")
	case token == "":
		return fail(65604, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token")
	case t == nil || t.Site != LinkedIn || t.Kind != AccessToken:
		return fail(65600, "INVALID_ACCESS_TOKEN", "Invalid access token")
	case t.Ending != Alive || s.Grant(LinkedIn, t.App, t.Person) == nil:
		return fail(65601, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user")
	case s.over(t):
		return fail(65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
	}
	return t, nil
}

// denied is what a token without the right scope hears [C].
func denied(s *State, what string) reply {
	return linkedinFail(s, http.StatusForbidden, 100, "ACCESS_DENIED", "Not enough permissions to access: "+what)
}

func linkedinUser(s *State, c *call) reply {
	t, stop := s.linkedinCaller(c)
	if stop != nil {
		return *stop
	}
	if len(only(t.Scopes, []string{"openid", "profile"})) < 2 {
		return denied(s, "userinfo.GET.NO_VERSION")
	}
	p := s.person(LinkedIn, t.Person)
	given, family, _ := strings.Cut(p.Name, " ")
	return s.linkedinSay(http.StatusOK, obj{"sub": p.ID, "name": p.Name, "given_name": given, "family_name": family,
		"picture": pictureURL, "locale": obj{"country": "US", "language": "en"}})
}

// versioned tells what is wrong with the LinkedIn-Version header of a /rest call. A
// month lives at least 12 months and ended on the 15th or 16th [L-VER, L-MIG, D].
func (s *State) versioned(c *call) *reply {
	if !strings.HasPrefix(c.r.URL.Path, "/rest/") {
		return nil
	}
	fail := func(status int, code, message string) *reply {
		r := s.linkedinSay(status, obj{"status": status, "code": code, "message": message})
		return &r
	}
	v := c.r.Header.Get("LinkedIn-Version")
	if v == "" { // U
		return fail(http.StatusBadRequest, "VERSION_MISSING", "A version must be present. Please specify a version by adding the LinkedIn-Version header.")
	}
	month, err := time.Parse("200601", v)
	if err != nil || v > linkedinVersion || s.now().After(month.AddDate(1, 0, 15)) { // C
		return fail(http.StatusUpgradeRequired, "NONEXISTENT_VERSION", "Requested version "+v+" is not active")
	}
	return nil
}

// linkedinRoles are a member's roles on company Pages [L-ACL, D]; the older form
// names the Page otherwise [PZ, C].
func linkedinRoles(s *State, c *call) reply {
	t, stop := s.linkedinCaller(c)
	if stop != nil {
		return *stop
	}
	if stop := s.versioned(c); stop != nil {
		return *stop
	}
	name, what := "organization", "partnerApiOrganizationAcls.FINDER-roleAssignee.20260701"
	if strings.HasPrefix(c.r.URL.Path, "/v2/") {
		name, what = "organizationalTarget", "organizationalEntityAcls.FINDER-roleAssignee.NO_VERSION"
	}
	if len(only(t.Scopes, []string{"rw_organization_admin", "r_organization_admin"})) == 0 {
		return denied(s, what)
	}
	if c.query.Get("q") != "roleAssignee" { // composed
		return linkedinFail(s, http.StatusBadRequest, 0, "ILLEGAL_ARGUMENT", "Query parameter q must be roleAssignee")
	}
	rows := []any{}
	for _, r := range s.Roles {
		role, state := c.query.Get("role"), c.query.Get("state")
		if r.Person == t.Person && (role == "" || role == r.Role) && (state == "" || state == r.State) {
			rows = append(rows, obj{"roleAssignee": "urn:li:person:" + r.Person, "role": r.Role, "state": r.State,
				name: "urn:li:organization:" + r.Organization})
		}
	}
	from, _ := strconv.Atoi(c.query.Get("start"))
	count, err := strconv.Atoi(c.query.Get("count"))
	if err != nil || count < 1 || count > 100 {
		count = 10
	}
	from = max(0, min(from, len(rows)))
	return s.linkedinSay(http.StatusOK, obj{"elements": rows[from:min(from+count, len(rows))],
		"paging": obj{"start": from, "count": count, "total": len(rows), "links": []any{}}})
}

// linkedinCompany is a company Page. Its id is a number here, as LinkedIn has it.
func linkedinCompany(s *State, c *call) reply {
	t, stop := s.linkedinCaller(c)
	if stop != nil {
		return *stop
	}
	if stop := s.versioned(c); stop != nil {
		return *stop
	}
	if len(only(t.Scopes, []string{"rw_organization_admin", "r_organization_admin", "r_organization_social"})) == 0 {
		return denied(s, "organizations.GET.NO_VERSION")
	}
	o := s.Organizations[c.r.PathValue("id")]
	if o == nil || o.Deactivated { // C
		return linkedinFail(s, http.StatusNotFound, 0, "RESOURCE_NOT_FOUND", "Could not find entity")
	}
	full := obj{"id": number(o.ID), "localizedName": o.Name, "vanityName": o.Vanity}
	if p := strings.Trim(c.query.Get("projection"), "()"); p != "" {
		some := obj{}
		for _, name := range words(p) {
			if value, ok := full[name]; ok {
				some[name] = value
			}
		}
		full = some
	}
	return s.linkedinSay(http.StatusOK, full)
}
