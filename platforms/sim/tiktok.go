package sim

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The newest lifetimes: 2 hours and 180 days [T-TOK2, D]; an older page says 24
// hours and 365 days [T-TOK1, D].
const (
	tiktokAccess     = 2 * time.Hour
	tiktokRefresh    = 180 * 24 * time.Hour
	tiktokOldAccess  = 24 * time.Hour
	tiktokOldRefresh = 365 * 24 * time.Hour
	tiktokCode       = 10 * time.Minute // [U]
	// tiktokInfoLimit is how often creator_info answers per minute and token [T-CRE, D].
	tiktokInfoLimit = 20
)

// tiktokScopes are those of Login Kit and Content Posting [T-SCOPE, T-MIG, D], then
// those of the Business API [T-BIZ, C].
var tiktokScopes = []string{
	"user.info.basic", "user.info.profile", "user.info.stats", "video.publish", "video.upload", "video.list",
	"user.account.type", "user.info.username",
}

func tiktokRoutes() []route {
	return append([]route{
		{"GET /v2/auth/authorize/{$}", Authorize, tiktokAuthorize},
		{"POST /v2/oauth/token/{$}", Token, tiktokToken},
		{"POST /v2/oauth/revoke/{$}", Revoke, tiktokRevoke},
		{"GET /v2/user/info/{$}", Me, tiktokUser},
		{"POST /v2/post/publish/creator_info/query/{$}", CreatorInfo, tiktokCreator},
	}, tiktokBusinessRoutes()...)
}

// tiktokFail is an error of the API: HTTP status and a text code, under data and
// error [T-AERR, D].
func tiktokFail(s *State, status int, code, message string) reply {
	return say(status, obj{"data": obj{}, "error": obj{"code": code, "message": message, "log_id": s.logID()}})
}

// tiktokOAuth is an error of the OAuth endpoints: flat [T-OERR, D], and seen with
// HTTP 200 [C].
func tiktokOAuth(s *State, code, description string) reply {
	status := http.StatusOK
	if s.TikTokTokenStatus != 0 {
		status = s.TikTokTokenStatus
	}
	return say(status, obj{"error": code, "error_description": description, "log_id": s.logID()})
}

func (s *State) logID() string {
	return s.now().UTC().Format("20060102150405") + s.random("0123456789ABCDEF", 20)
}

func tiktokMissing(_ *State, _ *call) reply { return page(http.StatusNotFound, "404 page not found") }

func tiktokDown(s *State, c *call) reply {
	switch {
	case strings.HasPrefix(c.r.URL.Path, "/open_api/"): // composed
		r := tiktokBusinessFail(s, 50000, "System error")
		r.status = http.StatusServiceUnavailable
		return r
	case strings.HasPrefix(c.r.URL.Path, "/v2/oauth/"):
		return tiktokOAuth(s, "temporarily_unavailable", "Service is temporarily unavailable.")
	}
	return tiktokFail(s, http.StatusInternalServerError, "internal_error", "Internal error.")
}

func tiktokLimited(s *State, c *call) reply {
	if strings.HasPrefix(c.r.URL.Path, "/open_api/") { // composed
		r := tiktokBusinessFail(s, 40100, "Too many requests. Please retry later.")
		r.status = http.StatusTooManyRequests
		return r
	}
	return tiktokFail(s, http.StatusTooManyRequests, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
}

// tiktokAuthorize is the authorize page [T-DESK, T-WEB, D]. What is wrong with the
// request is named on the page, and the app hears nothing [U].
func tiktokAuthorize(s *State, c *call) reply {
	q := c.query
	redirect, app := q.Get("redirect_uri"), s.app(TikTok, q.Get("client_key"))
	wrong := func(what string) reply {
		return page(http.StatusOK, "We couldn't log in with TikTok. This may be due to specific app settings. If you're a developer, correct the following and try again: "+what)
	}
	switch {
	case app == nil:
		return wrong("client_key")
	case q.Get("response_type") != "code":
		return wrong("response_type")
	case !tiktokRedirect(app, redirect):
		return wrong("redirect_uri")
	case q.Get("scope") == "":
		return wrong("scope")
	case app.Native && q.Get("code_challenge") == "":
		return wrong("code_challenge")
	case app.Native && q.Get("code_challenge_method") != "S256":
		return wrong("code_challenge_method")
	}
	state := q.Get("state")
	// Scopes are joined with commas only. One that is not approved, or several
	// joined with spaces, fail the login [T-OERR, D].
	asked, allowed := strings.Split(q.Get("scope"), ","), tiktokScopes
	if app.Scopes != nil {
		allowed = app.Scopes
	}
	if len(without(asked, allowed)) > 0 {
		return back(redirect, url.Values{"error": {"invalid_scope"}, "error_description": {"scope"}, "state": {state}}, "")
	}
	p, stop := s.meet(TikTok, c, redirect)
	if stop != nil {
		return *stop
	}
	switch {
	case app.Sandbox && !slices.Contains(app.Testers, p.ID): // C
		return back(redirect, url.Values{"error": {"access_denied"}, "error_type": {"non_sandbox_target"}, "error_description": {""}, "state": {state}}, "")
	case c.consent.Answer == Cancel, c.consent.Answer == CancelLogin:
		return back(redirect, url.Values{"error": {"access_denied"}, "error_description": {"User denied access"}, "state": {state}}, "")
	}
	granted := s.tiktokAllow(app, p, asked, c.consent.Untick, q.Get("disable_auto_auth") == "1")
	code := s.newCode(code{site: TikTok, app: app.ID, person: p.ID, redirect: redirect, scopes: granted,
		challenge: q.Get("code_challenge"), method: q.Get("code_challenge_method")})
	return back(redirect, url.Values{"code": {code.value}, "scopes": {strings.Join(granted, ",")}, "state": {state}}, "")
}

// tiktokAllow is the person allowing scopes one by one; user.info.basic always
// comes along [D]. Whom the app knows already is not shown the boxes again, so what
// was declined stays declined, unless disable_auto_auth says otherwise [D for web, U
// for desktop].
func (s *State) tiktokAllow(app *App, p *Person, asked, untick []string, show bool) []string {
	untick = without(untick, []string{"user.info.basic"})
	before := s.Grant(TikTok, app.ID, p.ID)
	if before != nil && !show {
		untick = append(slices.Clone(untick), before.Declined...)
	}
	granted, declined := without(asked, untick), only(asked, untick)
	all := granted
	if before != nil {
		all = append(without(before.Scopes, append(slices.Clone(granted), declined...)), granted...)
	}
	s.allow(TikTok, app.ID, p.ID, all, declined, nil)
	return granted
}

// tiktokRedirect tells whether a redirect is registered. A desktop app's is http or
// https to localhost or 127.0.0.1 with a port, and may have * for it; a web app's is
// https and exact [T-DESK, T-WEB, D]; that of the API for Business ends in a slash [C],
// and may be either [composed: the authorize page is the same one].
func tiktokRedirect(app *App, redirect string) bool {
	u, err := url.Parse(redirect)
	if err != nil || u.RawQuery != "" || u.Fragment != "" || len(redirect) >= 512 {
		return false
	}
	host := u.Hostname()
	local := u.Port() != "" && (host == "localhost" || host == "127.0.0.1")
	exact := slices.Contains(app.Redirects, redirect)
	wild := local && slices.Contains(app.Redirects, u.Scheme+"://"+host+":*"+u.Path)
	switch {
	case app.Business:
		return strings.HasSuffix(redirect, "/") && (exact || wild)
	case app.Native:
		return local && (exact || wild)
	}
	return u.Scheme == "https" && exact
}

// tiktokToken exchanges a code or refreshes [T-TOK1, T-TOK2, D]. The client is
// client_key and client_secret in the form; nothing else is read.
func tiktokToken(s *State, c *call) reply {
	app := s.app(TikTok, c.form.Get("client_key"))
	if app == nil || !same(app.Secret, c.form.Get("client_secret")) {
		return tiktokOAuth(s, "invalid_client", "Client key or secret is incorrect.")
	}
	switch c.form.Get("grant_type") {
	case "authorization_code":
		code, why := s.tiktokRedeem(app, c.form.Get("code"), c.form.Get("redirect_uri"), c.form.Get("code_verifier"))
		if why != nil {
			return *why
		}
		c.who = code.person
		access, refresh := s.mint(TikTok, s.Grant(TikTok, app.ID, code.person), code.scopes, false)
		return say(http.StatusOK, s.tiktokTokens(access, refresh))
	case "refresh_token":
		old := s.spend(TikTok, app, c.form.Get("refresh_token"), false)
		if old == nil {
			return tiktokOAuth(s, "invalid_grant", "Refresh token is invalid or expired.")
		}
		c.who = old.Person
		access, refresh := s.mintTikTok(Issued{Site: TikTok, App: old.App, Person: old.Person, Scopes: old.Scopes, chain: old.chain})
		return say(http.StatusOK, s.tiktokTokens(access, refresh))
	case "":
		return tiktokOAuth(s, "invalid_request", "The request parameters are malformed.")
	}
	return tiktokOAuth(s, "unsupported_grant_type", "The authorization grant type is not supported.")
}

// tiktokRedeem spends a code. The challenge is the hexadecimal SHA-256 of the
// verifier, not base64url [T-DESK, D].
func (s *State) tiktokRedeem(app *App, value, redirect, verifier string) (*code, *reply) {
	fail := func(name, description string) (*code, *reply) {
		r := tiktokOAuth(s, name, description)
		return nil, &r
	}
	code := s.codes[value]
	switch {
	case value == "" || redirect == "":
		return fail("invalid_request", "The request parameters are malformed.")
	case code == nil || code.site != TikTok || code.app != app.ID || code.spent || s.after(code, tiktokCode) ||
		s.Grant(TikTok, app.ID, code.person) == nil:
		return fail("invalid_grant", "Authorization code is expired.")
	case code.redirect != redirect:
		return fail("invalid_request", "Redirect_uri is not matched with the uri when requesting code.")
	case code.challenge != "" && !verifierOK(verifier), code.challenge != "" && hexOf(verifier) != code.challenge:
		return fail("invalid_request", "Code verifier or code challenge is invalid.")
	}
	code.spent = true
	return code, nil
}

// hexOf is TikTok's challenge for a verifier.
func hexOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return hex.EncodeToString(sum[:])
}

// verifierOK tells whether a verifier is 43 to 128 unreserved characters (RFC 7636
// s.4.1).
func verifierOK(verifier string) bool {
	return len(verifier) >= 43 && len(verifier) <= 128 && strings.Trim(verifier, opaque+".~") == ""
}

// spend takes a refresh token out of use, or is nil if it is not good any more. One
// that was rotated away ends its whole chain where the app says so.
func (s *State) spend(site Service, app *App, value string, business bool) *Issued {
	t := s.Tokens[value]
	if t == nil || t.Site != site || t.App != app.ID || t.Kind != RefreshToken || t.Business != business {
		return nil
	}
	if t.Ending == Rotated && app.ReuseKills {
		s.endWhere(Revoked, func(o *Issued) bool { return o.chain == t.chain })
	}
	if t.Ending != Alive || s.over(t) || s.Grant(site, app.ID, t.Person) == nil {
		return nil
	}
	t.Ending = Rotated
	return t
}

// mintTikTok gives an access and a refresh token; each refresh gives new ones.
func (s *State) mintTikTok(t Issued) (access, refresh *Issued) {
	life, long := tiktokAccess, tiktokRefresh
	if s.TikTokLong {
		life, long = tiktokOldAccess, tiktokOldRefresh
	}
	return s.pair(t, life, long)
}

// pair gives an access and a refresh token of one chain.
func (s *State) pair(t Issued, life, long time.Duration) (access, refresh *Issued) {
	if t.chain == "" {
		t.chain = s.random(letters, 16)
	}
	t.Kind = AccessToken
	access = s.issue(t, cmp.Or(s.Brief, life))
	t.Kind = RefreshToken
	return access, s.issue(t, long)
}

func (s *State) tiktokTokens(access, refresh *Issued) obj {
	return obj{"access_token": access.Value, "expires_in": s.left(access), "open_id": openID(access.App, access.Person),
		"refresh_token": refresh.Value, "refresh_expires_in": s.left(refresh), "scope": strings.Join(access.Scopes, ","),
		"token_type": "Bearer"}
}

// tiktokRevoke ends a token; the app vanishes from the person's list. The answer is
// an empty body or {} [T-REV, D].
func tiktokRevoke(s *State, c *call) reply {
	app := s.app(TikTok, c.form.Get("client_key"))
	if app == nil || !same(app.Secret, c.form.Get("client_secret")) {
		return tiktokOAuth(s, "invalid_client", "Client key or secret is incorrect.")
	}
	t := s.Tokens[c.form.Get("token")]
	if t == nil || t.App != app.ID {
		return tiktokOAuth(s, "invalid_request", "The request parameters are malformed.")
	}
	c.who = t.Person
	s.leave(t)
	return say(http.StatusOK, obj{})
}

// leave removes the grant behind a token, with all its tokens.
func (s *State) leave(t *Issued) {
	if g := s.Grant(t.Site, t.App, t.Person); g != nil {
		g.Removed = true
	}
	s.endWhere(Revoked, func(o *Issued) bool { return o.Site == t.Site && o.App == t.App && o.Person == t.Person })
}

// tiktokCaller is the token of a call to Login Kit, or the refusal. One code stands
// for expired, revoked and unknown [T-AERR, D].
func (s *State) tiktokCaller(c *call, scope string) (*Issued, *reply) {
	fail := func(status int, code, message string) (*Issued, *reply) {
		r := tiktokFail(s, status, code, message)
		return nil, &r
	}
	token, _ := c.bearer()
	t := s.Tokens[token]
	switch {
	case t == nil || t.Site != TikTok || t.Business || t.Kind != AccessToken || t.Ending != Alive || s.over(t) ||
		s.Grant(TikTok, t.App, t.Person) == nil:
		return fail(http.StatusUnauthorized, "access_token_invalid", "The access token is invalid or not found in the request.")
	case !slices.Contains(t.Scopes, scope):
		return fail(http.StatusUnauthorized, "scope_not_authorized", "The user did not authorize the scope required for completing this request.")
	}
	return t, nil
}

// tiktokUser is who a token belongs to. There is no field that tells a personal
// account from a business one [T-USER, D].
func tiktokUser(s *State, c *call) reply {
	t, stop := s.tiktokCaller(c, "user.info.basic")
	if stop != nil {
		return *stop
	}
	p := s.person(TikTok, t.Person)
	basic := obj{"open_id": openID(t.App, p.ID), "union_id": p.ID, "display_name": p.Name, "avatar_url": pictureURL}
	profile := obj{"username": p.Username, "is_verified": p.Verified, "bio_description": "", "profile_deep_link": ""}
	stats := obj{"follower_count": 120, "following_count": 7, "likes_count": 900, "video_count": 12}
	fields, user := words(c.query.Get("fields")), obj{}
	if len(fields) == 0 {
		return tiktokFail(s, http.StatusBadRequest, "invalid_params", "One or more fields in request is invalid.")
	}
	for _, f := range fields {
		more := ""
		switch {
		case basic[f] != nil:
			user[f] = basic[f]
		case profile[f] != nil:
			user[f], more = profile[f], "user.info.profile"
		case stats[f] != nil:
			user[f], more = stats[f], "user.info.stats"
		default:
			return tiktokFail(s, http.StatusBadRequest, "invalid_params", "One or more fields in request is invalid.")
		}
		if more != "" && !slices.Contains(t.Scopes, more) {
			return tiktokFail(s, http.StatusBadRequest, "scope_permission_missed", "Additional scopes are required for some of the requested fields.")
		}
	}
	return s.tiktokOK(obj{"user": user})
}

// tiktokOK is a success, which carries an error object, too [T-CRE, D].
func (s *State) tiktokOK(data obj) reply {
	return say(http.StatusOK, obj{"data": data, "error": obj{"code": "ok", "message": "", "log_id": s.logID()}})
}

// tiktokCreator tells whether a person may post. What keeps the account from it
// comes with HTTP 200 on purpose [T-CRE, D].
func tiktokCreator(s *State, c *call) reply {
	t, stop := s.tiktokCaller(c, "video.publish")
	if stop != nil {
		return *stop
	}
	if used, _ := s.count("tiktok creator_info "+t.Value, tiktokInfoLimit, time.Minute); used > tiktokInfoLimit {
		return tiktokLimited(s, c)
	}
	p := s.person(TikTok, t.Person)
	switch p.Condition {
	case Banned:
		return tiktokFail(s, http.StatusOK, "spam_risk_user_banned_from_posting", "The user is banned from making new posts.")
	case Capped:
		return tiktokFail(s, http.StatusOK, "spam_risk_too_many_posts", "The daily post cap from the API is reached for the current user.")
	case Pending:
		return tiktokFail(s, http.StatusOK, "spam_risk_too_many_pending_share", "Too many pending shares.")
	default:
	}
	if s.app(TikTok, t.App).Full {
		return tiktokFail(s, http.StatusOK, "reached_active_user_cap", "The daily quota for active publishing users from your client is reached.")
	}
	options := []string{"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}
	if p.Private {
		options = []string{"FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}
	}
	return s.tiktokOK(obj{"creator_username": p.Username, "creator_nickname": p.Name, "creator_avatar_url": pictureURL,
		"privacy_level_options": options, "comment_disabled": false, "duet_disabled": false, "stitch_disabled": false,
		"max_video_post_duration_sec": 600})
}

// The API for Business is another API with its own hosts, bodies and errors: JSON
// in, HTTP 200 and a number out [PZ, T-BIZ, C].

func tiktokBusinessRoutes() []route {
	const base = "/open_api/v1.3"
	return []route{
		{"POST " + base + "/tt_user/oauth2/token/{$}", Token, tiktokBusinessToken},
		{"POST " + base + "/tt_user/oauth2/refresh_token/{$}", Refresh, tiktokBusinessRefresh},
		{"POST " + base + "/tt_user/oauth2/revoke/{$}", Revoke, tiktokBusinessRevoke},
		{"POST " + base + "/tt_user/token_info/get/{$}", Introspect, tiktokBusinessInfo},
		{"GET " + base + "/business/get/{$}", BusinessAccount, tiktokBusinessGet},
	}
}

func tiktokBusinessFail(s *State, code int, message string) reply {
	return say(http.StatusOK, obj{"code": code, "message": message, "request_id": s.logID(), "data": obj{}})
}

func tiktokBusinessOK(s *State, data obj) reply {
	return say(http.StatusOK, obj{"code": 0, "message": "OK", "request_id": s.logID(), "data": data})
}

// mintTikTokBusiness gives tokens of 1 day and 1 year [PZ, C].
func (s *State) mintTikTokBusiness(t Issued) (access, refresh *Issued) {
	t.Business = true
	return s.pair(t, tiktokOldAccess, tiktokOldRefresh)
}

// tiktokBusinessApp is the app of a call with a JSON body [C], or the refusal.
func (s *State) tiktokBusinessApp(c *call) (*App, *reply) {
	app := s.app(TikTok, c.form.Get("client_id"))
	if app == nil || c.json == nil || !same(app.Secret, c.form.Get("client_secret")) { // composed
		r := tiktokBusinessFail(s, 40001, "Invalid client_id or client_secret.")
		return nil, &r
	}
	return app, nil
}

func (s *State) tiktokBusinessTokens(access, refresh *Issued) reply {
	return tiktokBusinessOK(s, obj{"access_token": access.Value, "expires_in": s.left(access), "token_type": "Bearer",
		"refresh_token": refresh.Value, "refresh_token_expires_in": s.left(refresh), "scope": strings.Join(access.Scopes, ","),
		"open_id": openID(access.App, access.Person)})
}

func tiktokBusinessToken(s *State, c *call) reply {
	app, stop := s.tiktokBusinessApp(c)
	if stop != nil {
		return *stop
	}
	code := s.codes[c.form.Get("auth_code")]
	if code == nil || code.site != TikTok || code.app != app.ID || code.spent || s.after(code, tiktokCode) || code.redirect != c.form.Get("redirect_uri") { // composed
		return tiktokBusinessFail(s, 40110, "Auth_code is invalid or expired.")
	}
	code.spent, c.who = true, code.person
	access, refresh := s.mint(TikTokBusiness, s.Grant(TikTok, app.ID, code.person), code.scopes, false)
	return s.tiktokBusinessTokens(access, refresh)
}

func tiktokBusinessRefresh(s *State, c *call) reply {
	app, stop := s.tiktokBusinessApp(c)
	if stop != nil {
		return *stop
	}
	value := c.form.Get("refresh_token")
	late := s.Tokens[value] != nil && s.over(s.Tokens[value])
	old := s.spend(TikTok, app, value, true)
	switch { // both composed, after those of an access token
	case old == nil && late:
		return tiktokBusinessFail(s, 40105, "Refresh token has expired")
	case old == nil:
		return tiktokBusinessFail(s, 40105, "Refresh token is incorrect or has been revoked.")
	}
	c.who = old.Person
	access, refresh := s.mintTikTokBusiness(Issued{Site: TikTok, App: old.App, Person: old.Person, Scopes: old.Scopes, chain: old.chain})
	return s.tiktokBusinessTokens(access, refresh)
}

func tiktokBusinessRevoke(s *State, c *call) reply {
	app, stop := s.tiktokBusinessApp(c)
	if stop != nil {
		return *stop
	}
	if t := s.Tokens[c.form.Get("access_token")]; t != nil && t.App == app.ID {
		c.who = t.Person
		s.leave(t)
	}
	return tiktokBusinessOK(s, obj{})
}

// tiktokBusinessDead is what is wrong with a token of this API, or nil. The texts
// count; what the number means is told differently [C].
func (s *State) tiktokBusinessDead(t *Issued) *reply {
	message := ""
	switch {
	case t == nil || !t.Business || t.Kind != AccessToken || t.Ending != Alive || s.Grant(TikTok, t.App, t.Person) == nil:
		message = "Access token is incorrect or has been revoked."
	case s.over(t):
		message = "Access token has expired"
	default:
		return nil
	}
	r := tiktokBusinessFail(s, 40105, message)
	return &r
}

// tiktokBusinessInfo tells app, person and scope of a token [T-BIZ, C].
func tiktokBusinessInfo(s *State, c *call) reply {
	t := s.Tokens[c.form.Get("access_token")]
	if stop := s.tiktokBusinessDead(t); stop != nil {
		return *stop
	}
	c.who = t.Person
	return tiktokBusinessOK(s, obj{"app_id": t.App, "creator_id": openID(t.App, t.Person), "scope": strings.Join(t.Scopes, ",")})
}

// tiktokBusinessGet is the one place that tells whether an account is a business
// account; is_business_account needs the scope user.account.type [T-BIZ, C; U].
func tiktokBusinessGet(s *State, c *call) reply {
	t := s.Tokens[c.r.Header.Get("Access-Token")]
	if stop := s.tiktokBusinessDead(t); stop != nil {
		return *stop
	}
	p := s.person(TikTok, t.Person)
	if c.query.Get("business_id") != openID(t.App, t.Person) { // composed
		return tiktokBusinessFail(s, 40002, fmt.Sprintf("business_id %q does not belong to this token.", c.query.Get("business_id")))
	}
	full := obj{"username": p.Username, "display_name": p.Name, "profile_image": pictureURL}
	if slices.Contains(t.Scopes, "user.account.type") {
		full["is_business_account"] = p.Type != PersonalType
	}
	data := obj{}
	for _, f := range words(strings.NewReplacer("[", " ", "]", " ", `"`, " ").Replace(c.query.Get("fields"))) {
		if value, ok := full[f]; ok {
			data[f] = value
		}
	}
	return tiktokBusinessOK(s, data)
}
