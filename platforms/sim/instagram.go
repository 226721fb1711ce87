package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	instagramShort = time.Hour      // [M-IGAT, D]
	instagramCode  = time.Hour      // single use [M-IGFB, C]
	instagramYoung = 24 * time.Hour // a younger token cannot be refreshed [M-IGRT, D]
)

// instagramScopes are the ones since 27 January 2025, when the old names died [M-IGBL, D].
var instagramScopes = []string{
	"instagram_business_basic", "instagram_business_content_publish", "instagram_business_manage_comments",
	"instagram_business_manage_messages", "instagram_business_manage_insights",
}

func instagramRoutes() []route {
	list := []route{
		{"GET /oauth/authorize", Authorize, instagramAuthorize},
		{"POST /oauth/access_token", Token, instagramToken},
		{"GET /access_token", Exchange, instagramExchange},
		{"GET /refresh_access_token", Refresh, instagramRefresh},
	}
	return append(list,
		route{"GET /me", Me, instagramGraph(instagramMe)}, // the host takes it with and without a version
		route{"GET /{version}/me", Me, instagramGraph(instagramMe)},
		route{"GET /{version}/{id}", Object, instagramGraph(instagramMe)})
}

// instagramAuthorize is the authorize page of Instagram Login [M-IGAUTH, D]. A wrong
// client id or redirect never calls back.
func instagramAuthorize(s *State, c *call) reply {
	q := c.query
	redirect, app := q.Get("redirect_uri"), s.app(Instagram, q.Get("client_id"))
	wrong := func(what string) reply {
		return page(http.StatusOK, "Invalid Request: Request parameters are invalid: "+what)
	}
	allowed := instagramScopes
	if app != nil && app.Scopes != nil {
		allowed = app.Scopes
	}
	asked := words(q.Get("scope"))
	switch {
	case app == nil: // the Meta app id is no Instagram App ID [C]
		return wrong("Invalid platform app")
	case !slices.Contains(app.Redirects, redirect): // exact, mind the trailing slash [D]
		return wrong("Invalid redirect_uri")
	case q.Get("response_type") != "code": // composed
		return wrong("Invalid response_type")
	case len(asked) == 0, len(without(asked, allowed)) > 0: // composed
		return wrong("Invalid scope: " + strings.Join(without(asked, allowed), ","))
	}
	p, stop := s.meet(Instagram, c, redirect)
	if stop != nil {
		return *stop
	}
	switch {
	case !app.Live && !slices.Contains(app.Testers, p.ID): // not an accepted tester [C]
		return back(redirect, url.Values{"error": {"access_denied"}, "error_description": {"Insufficient developer role"}, "state": {q.Get("state")}}, "")
	case c.consent.Answer == Cancel, c.consent.Answer == CancelLogin:
		return back(redirect, url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"},
			"error_description": {"The user denied your request"}, "state": {q.Get("state")}}, "")
	}
	granted, declined := without(asked, c.consent.Untick), only(asked, c.consent.Untick)
	s.allow(Instagram, app.ID, p.ID, granted, declined, nil)
	code := s.newCode(code{site: Instagram, app: app.ID, person: p.ID, redirect: redirect, scopes: granted})
	return back(redirect, url.Values{"code": {code.value}, "state": {q.Get("state")}}, "#_") // D
}

// instagramToken exchanges a code. Its errors are flat, unlike the API's [C]; the
// secret is a must [M-IGAT, D].
func instagramToken(s *State, c *call) reply {
	fail := func(message string) reply {
		return say(http.StatusBadRequest, obj{"error_type": "OAuthException", "code": 400, "error_message": message})
	}
	app := s.app(Instagram, c.form.Get("client_id"))
	switch {
	case app == nil: // C
		return fail("Invalid platform app")
	case !same(app.Secret, c.form.Get("client_secret")): // composed
		return fail("Error validating client secret.")
	case c.form.Get("grant_type") != "authorization_code": // composed
		return fail("Invalid grant_type")
	}
	code := s.codes[c.form.Get("code")]
	switch {
	case !slices.Contains(app.Redirects, c.form.Get("redirect_uri")): // C
		return fail("Invalid redirect_uri")
	case code == nil || code.site != Instagram || code.app != app.ID || code.spent || s.after(code, instagramCode): // U
		return fail("Matching code was not found or was already used.")
	case code.redirect != c.form.Get("redirect_uri"): // composed
		return fail("Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request")
	}
	g := s.Grant(Instagram, app.ID, code.person)
	if g == nil {
		return fail("Matching code was not found or was already used.")
	}
	code.spent, c.who = true, code.person
	t, _ := s.mint(Instagram, g, code.scopes, false)
	// user_id is a number that no float64 can hold; no expires_in [C].
	flat := obj{"access_token": t.Value, "user_id": number(code.person), "permissions": code.scopes}
	if s.WrapInstagram { // U
		flat["permissions"] = strings.Join(code.scopes, ",")
		return say(http.StatusOK, obj{"data": []any{flat}})
	}
	return say(http.StatusOK, flat)
}

// instagramAlive is a token that is good for calls, or the refusal.
func (s *State) instagramAlive(c *call) (*Issued, *reply) {
	fail := func(e graphError) (*Issued, *reply) {
		r := graphFail(s, e)
		return nil, &r
	}
	token := graphToken(c)
	t := s.Tokens[token]
	switch {
	case token == "": // U
		return fail(graphError{Code: 2500, Message: "An active access token must be used to query information about the current user."})
	case t != nil && t.Site == Facebook: // wrong host for the token [U]
		r := graphMissing(s, c)
		return nil, &r
	case t == nil || t.Site != Instagram:
		return fail(graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
	}
	if e := s.dead(t); e != nil {
		return fail(*e)
	}
	return t, nil
}

// instagramExchange gives a token of 60 days for a short one [M-IGAT, D].
func instagramExchange(s *State, c *call) reply {
	t, stop := s.instagramAlive(c)
	if stop != nil {
		return *stop
	}
	switch {
	case c.query.Get("grant_type") != "ig_exchange_token": // composed
		return graphFail(s, graphError{Code: 100, Message: "Unsupported grant_type"})
	case !same(s.app(Instagram, t.App).Secret, c.query.Get("client_secret")): // U
		return graphFail(s, graphError{Code: 1, Message: "Error validating client secret."})
	}
	long, _ := s.mint(Instagram, s.Grant(Instagram, t.App, t.Person), t.Scopes, true)
	return say(http.StatusOK, obj{"access_token": long.Value, "token_type": "bearer", "expires_in": s.left(long)})
}

// instagramRefresh gives 60 more days to a long-lived token that is a day old, not
// over, and may read the profile [M-IGRT, D].
func instagramRefresh(s *State, c *call) reply {
	t, stop := s.instagramAlive(c)
	if stop != nil {
		return *stop
	}
	switch {
	case c.query.Get("grant_type") != "ig_refresh_token": // composed
		return graphFail(s, graphError{Code: 100, Message: "Unsupported grant_type"})
	case t.Kind != LongToken, s.now().Sub(t.At) < instagramYoung: // text composed
		return graphFail(s, graphError{Code: 100, Message: "The access token must be long-lived and at least 24 hours old."})
	case !slices.Contains(t.Scopes, "instagram_business_basic"):
		return graphFail(s, graphError{Code: 10, Message: "(#10) Application does not have permission for this action"})
	}
	long, _ := s.mint(Instagram, s.Grant(Instagram, t.App, t.Person), t.Scopes, true)
	return say(http.StatusOK, obj{"access_token": long.Value, "token_type": "bearer", "expires_in": s.left(long),
		"permissions": strings.Join(t.Scopes, ",")})
}

// instagramGraph is a handler behind a token of Instagram. A personal account
// cannot use the API at all [M-BDA, C].
func instagramGraph(h func(*State, *call, *Issued, *Person) reply) handler {
	return func(s *State, c *call) reply {
		if v := c.r.PathValue("version"); v != "" && !version().MatchString(v) {
			return graphMissing(s, c)
		}
		t, stop := s.instagramAlive(c)
		if stop != nil {
			return *stop
		}
		p := s.person(Instagram, t.Person)
		g := s.Grant(Instagram, t.App, t.Person)
		id := c.r.PathValue("id")
		switch {
		case id != "" && id != p.ID && id != scoped(t.App, p.ID, 17):
			return gone(s, id)
		case p.Type == PersonalType && !s.PersonalTold: // C
			return graphFail(s, graphError{Code: 10, Message: "(#10) The user is not an Instagram Business"})
		}
		if stop := lacks(s, g, "instagram_business_basic"); stop != nil {
			return *stop
		}
		return usage(h(s, c, t, p), s.Usage[Instagram], c)
	}
}

// instagramMe is the account. user_id is the professional id, a text here; id is the
// app's own [M-IGGS, C]. account_type came in upper case [PUB, C].
func instagramMe(s *State, c *call, t *Issued, p *Person) reply {
	full := obj{"id": scoped(t.App, p.ID, 17), "user_id": p.ID, "username": p.Username, "name": p.Name,
		"account_type": string(p.Type), "profile_picture_url": pictureURL, "followers_count": 120, "follows_count": 7, "media_count": 12}
	return chosen(s, c, full, "id,user_id", "IGUser")
}
