package sim_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/platforms/sim"
)

// TestTokenAnswers wants the fields of every platform's token answer, and no other.
func TestTokenAnswers(t *testing.T) {
	for svc, want := range map[sim.Service]struct {
		fields  string
		values  values // as written in JSON
		content []string
	}{
		sim.Facebook:          {"access_token expires_in token_type", values{"expires_in": "4815"}, []string{`"EAA`}},
		sim.InstagramFacebook: {"access_token expires_in token_type", values{"expires_in": "4815"}, nil},
		sim.Instagram: {"access_token permissions user_id", nil, []string{`"user_id":17841405822304915`, `"IGAA`,
			`"permissions":["instagram_business_basic","instagram_business_content_publish"]`}},
		sim.TikTok: {"access_token expires_in open_id refresh_expires_in refresh_token scope token_type",
			values{"expires_in": "7200", "refresh_expires_in": "15552000"},
			[]string{`"act.`, `"rft.`, `"scope":"user.info.basic,user.info.profile,video.publish,video.upload"`, `"token_type":"Bearer"`}},
		sim.TikTokBusiness: {"access_token expires_in open_id refresh_token refresh_token_expires_in scope token_type",
			values{"expires_in": "86400", "refresh_token_expires_in": "31536000"}, []string{`"code":0`}},
		sim.LinkedIn: {"access_token expires_in scope token_type", values{"expires_in": "5184000"},
			[]string{`"AQ`, `"scope":"openid,profile,w_organization_social,r_organization_social,rw_organization_admin"`}},
		sim.X: {"access_token expires_in refresh_token scope token_type", values{"expires_in": "7200"},
			[]string{`"scope":"tweet.read tweet.write users.read media.write offline.access"`, `"token_type":"bearer"`}},
	} {
		c := newClient(t, svc)
		a := c.exchange(c.code(nil), nil)
		body := a.json
		if svc == sim.TikTokBusiness {
			body, _ = a.json["data"].(map[string]any)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(body)), " "); a.status != http.StatusOK || got != want.fields {
			t.Errorf("%s: %d, fields %s\n%s", svc, a.status, got, a.text)
		}
		for name, value := range want.values {
			if !a.has(`"` + name + `":` + value) {
				t.Errorf("%s: %s is not %s: %s", svc, name, value, a.text)
			}
		}
		for _, piece := range want.content {
			if !a.has(piece) {
				t.Errorf("%s: no %s in %s", svc, piece, a.text)
			}
		}
	}
}

// TestRedirects wants the query that a platform sends back, word for word.
func TestRedirects(t *testing.T) {
	for _, row := range []struct {
		svc     sim.Service
		consent sim.Consent
		want    string // sorted by name, as url.Values writes it
		edit    func(*sim.App)
		changes values
	}{
		{svc: sim.Facebook, consent: sim.Consent{Answer: sim.Cancel},
			want: "error=access_denied&error_description=The+user+denied+your+request.&error_reason=user_denied&state=st"},
		{svc: sim.Facebook, consent: sim.Consent{Answer: sim.Cancel}, edit: func(a *sim.App) { a.Config = "77" }, changes: values{"config_id": "77"},
			want: "error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied&state=st"},
		{svc: sim.Instagram, consent: sim.Consent{Answer: sim.Cancel},
			want: "error=access_denied&error_description=The+user+denied+your+request&error_reason=user_denied&state=st"},
		{svc: sim.Instagram, edit: func(a *sim.App) { a.Testers = nil },
			want: "error=access_denied&error_description=Insufficient+developer+role&state=st"},
		{svc: sim.TikTok, consent: sim.Consent{Answer: sim.Cancel}, want: "error=access_denied&error_description=User+denied+access&state=st"},
		{svc: sim.TikTok, edit: func(a *sim.App) { a.Sandbox = true },
			want: "error=access_denied&error_description=&error_type=non_sandbox_target&state=st"},
		{svc: sim.TikTok, changes: values{"scope": "user.info.basic video.publish"}, want: "error=invalid_scope&error_description=scope&state=st"},
		{svc: sim.LinkedIn, consent: sim.Consent{Answer: sim.Cancel},
			want: "error=user_cancelled_authorize&error_description=The+user+cancelled+the+authorization&state=st"},
		{svc: sim.LinkedIn, consent: sim.Consent{Answer: sim.CancelLogin},
			want: "error=user_cancelled_login&error_description=The+user+cancelled+LinkedIn+login&state=st"},
		{svc: sim.LinkedIn, changes: values{"scope": "openid no_such_scope"}, want: "error=invalid_scope_error&error_description=Invalid+scope&state=st"},
		{svc: sim.LinkedIn, edit: func(a *sim.App) { a.Scopes = []string{"openid"} }, changes: values{"scope": "openid w_organization_social"},
			want: "error=unauthorized_scope_error&error_description=Scope+%26quot%3Bw_organization_social%26quot%3B+is+not+authorized+for+your+application&state=st"},
		{svc: sim.X, consent: sim.Consent{Answer: sim.Cancel}, want: "error=access_denied&state=st"},
	} {
		c := newClient(t, row.svc)
		if row.edit != nil {
			c.w.Edit(func(s *sim.State) { row.edit(s.Apps[row.svc][c.app.ID]) })
		}
		c.w.Consent(row.svc, row.consent)
		u, text := c.visit(c.authorize(row.changes))
		if u == nil || u.RawQuery != row.want || !strings.HasPrefix(text, c.redirect+"?") {
			t.Errorf("%s %v:\ngot  %s\nwant %s", row.svc, row.consent, text, row.want)
		}
	}
}

// TestAllowed wants what comes beside the code.
func TestAllowed(t *testing.T) {
	c := newClient(t, sim.Instagram)
	if _, text := c.visit(c.authorize(nil)); !strings.HasSuffix(text, "&state=st#_") {
		t.Errorf("Instagram ends the address with %s", text[max(0, len(text)-20):])
	}
	c = newClient(t, sim.TikTok)
	c.w.Consent(sim.TikTok, sim.Consent{Untick: []string{"video.upload", "user.info.basic"}})
	u, text := c.visit(c.authorize(nil))
	if got := u.Query().Get("scopes"); got != "user.info.basic,user.info.profile,video.publish" {
		t.Errorf("scopes %q", got)
	}
	if code := u.Query().Get("code"); !strings.Contains(code, "*") || strings.Contains(text, code) {
		t.Errorf("TikTok's code needs no decoding: %s", text)
	}
}

// TestPages wants a page that never calls back where the app must not be told.
func TestPages(t *testing.T) {
	const bummer, x, tiktok = "Bummer, something went wrong.", "weren't able to give access to the App", "correct the following and try again: "
	for _, row := range []struct {
		svc     sim.Service
		changes values
		want    string
	}{
		{sim.Facebook, values{"client_id": "1"}, "Invalid App ID"},
		{sim.Facebook, values{"redirect_uri": "http://127.0.0.1:41234/cb"}, "redirect URI is not whitelisted"},
		{sim.Facebook, values{"redirect_uri": "https://localhost.evil.invalid/cb"}, "redirect URI is not whitelisted"},
		{sim.Facebook, values{"redirect_uri": "http://user@localhost:1/cb"}, "redirect URI is not whitelisted"},
		{sim.Facebook, values{"state": ""}, "state"},
		{sim.Facebook, values{"response_type": "token"}, "response_type"},
		{sim.Facebook, values{"scope": "pages_show_list,publish_actions"}, "Invalid Scopes: publish_actions"},
		{sim.Instagram, values{"client_id": "1234567890123456"}, "Invalid platform app"},
		{sim.Instagram, values{"redirect_uri": "http://127.0.0.1:41234/callback/"}, "Invalid redirect_uri"},
		{sim.Instagram, values{"scope": "business_basic"}, "Invalid scope"},
		{sim.TikTok, values{"client_key": "", "client_id": "awsim0123456789abc"}, tiktok + "client_key"},
		{sim.TikTok, values{"redirect_uri": "http://127.0.0.1/callback/"}, tiktok + "redirect_uri"},
		{sim.TikTok, values{"redirect_uri": "http://127.0.0.1:41234/callback/?a=b"}, tiktok + "redirect_uri"},
		{sim.TikTok, values{"redirect_uri": "http://127.0.0.1:41234/other/"}, tiktok + "redirect_uri"},
		{sim.TikTok, values{"redirect_uri": "http://192.0.2.1:41234/callback/"}, tiktok + "redirect_uri"},
		{sim.TikTok, values{"scope": ""}, tiktok + "scope"},
		{sim.TikTok, values{"code_challenge": ""}, tiktok + "code_challenge"},
		{sim.TikTok, values{"code_challenge_method": "plain"}, tiktok + "code_challenge_method"},
		{sim.TikTokBusiness, values{"redirect_uri": "https://tool.invalid/tiktok"}, tiktok + "redirect_uri"},
		{sim.LinkedIn, values{"client_id": "nobody"}, bummer},
		{sim.LinkedIn, values{"redirect_uri": "http://127.0.0.1:41234/callback/"}, "does not match the registered value"},
		{sim.LinkedIn, values{"response_type": ""}, bummer},
		{sim.X, values{"client_id": ""}, x},
		{sim.X, values{"redirect_uri": "http://127.0.0.1:41234/callback/"}, x},
		{sim.X, values{"redirect_uri": "http://127.0.0.1:41235/callback"}, x},
		{sim.X, values{"code_challenge": ""}, x},
		{sim.X, values{"code_challenge_method": ""}, x},
		{sim.X, values{"state": ""}, x},
		{sim.X, values{"state": strings.Repeat("s", 501)}, x},
		{sim.X, values{"scope": "tweet.read,users.read"}, x},
	} {
		c := newClient(t, row.svc)
		if u, text := c.visit(c.authorize(row.changes)); u != nil || !strings.Contains(text, row.want) {
			t.Errorf("%s %v: %s", row.svc, row.changes, text)
		}
	}
	for _, svc := range sim.Services() { // and whatever the person leaves open
		for _, answer := range []sim.Answer{sim.Silence, sim.Checkpoint, sim.ErrorPage} {
			c := newClient(t, svc)
			c.w.ConsentOnce(svc, sim.Consent{Answer: answer, Text: "Feature Unavailable"})
			if u, text := c.visit(c.authorize(nil)); u != nil || answer == sim.ErrorPage && !strings.Contains(text, "Feature Unavailable") {
				t.Errorf("%s, %s: %s", svc, answer, text)
			}
			if c.code(nil) == "" {
				t.Errorf("%s: once is for ever", svc)
			}
		}
	}
	c := newClient(t, sim.Facebook)
	old := strings.Replace(c.authorize(nil), "/v26.0/", "/v20.0/", 1) // ended on 24 September 2026
	if u, text := c.visit(old); u != nil || !strings.Contains(text, "needs at least one supported permission") {
		t.Errorf("a retired version: %s", text)
	}
}

// TestRedirectRules wants what each platform takes besides the usual redirect.
func TestRedirectRules(t *testing.T) {
	c := newClient(t, sim.Facebook)
	c.redirect = "http://localhost:9/other"
	c.code(nil)
	c.w.Edit(func(s *sim.State) { s.Apps[sim.Facebook][c.app.ID].Live = true })
	c.w.Register(sim.Facebook, c.redirect)
	if u, _ := c.visit(c.authorize(nil)); u != nil {
		t.Error("a live app takes http")
	}
	c.redirect = "https://tool.invalid/cb"
	c.w.Register(sim.Facebook, c.redirect)
	c.code(nil)

	c = newClient(t, sim.TikTok)
	c.redirect = "http://127.0.0.1:5/callback/"
	c.code(nil)

	c = newClient(t, sim.LinkedIn)
	c.e.Authorize = c.e.Native
	pkce := values{"code_challenge": base64of(c.verifier), "code_challenge_method": "S256"}
	for redirect, taken := range map[string]bool{
		"http://127.0.0.1:3/any": true, "http://[::1]:4/any": true, "http://localhost:3/any": false, "https://tool.invalid/cb": false,
	} {
		c.redirect = redirect
		if u, text := c.visit(c.authorize(pkce)); (u != nil) != taken {
			t.Errorf("%s: %s", redirect, text)
		}
	}
	c.redirect = "http://127.0.0.1:3/any"
	if u, _ := c.visit(c.authorize(nil)); u != nil {
		t.Error("the native page takes a login without PKCE")
	}
	code := c.code(pkce)
	if a := c.exchange(code, values{"client_secret": "", "code_verifier": strings.Repeat("w", 43)}); a.str("error") != "invalid_redirect_uri" {
		t.Errorf("a wrong verifier: %s", a.text)
	}
	c.tokens(c.exchange(code, values{"client_secret": "", "code_verifier": c.verifier}))
	c.w.Edit(func(s *sim.State) { s.Apps[sim.LinkedIn][c.app.ID].Native = false })
	if u, _ := c.visit(c.authorize(pkce)); u != nil {
		t.Error("native PKCE works without LinkedIn's leave")
	}
}

// TestTokenErrors wants the error of every way to ask wrongly, and that the right
// way still works afterwards.
func TestTokenErrors(t *testing.T) {
	const lmixed = "appid/redirect uri/code verifier does not match authorization code"
	for _, row := range []struct {
		svc     sim.Service
		changes values
		status  int
		want    string
	}{
		{sim.Facebook, values{"client_id": ""}, 400, "Missing client_id parameter"},
		{sim.Facebook, values{"client_secret": ""}, 400, "Missing client_secret parameter"},
		{sim.Facebook, values{"client_secret": "wrong"}, 400, `"code":1,`},
		{sim.Facebook, values{"redirect_uri": "http://localhost:41234/cb/"}, 400, `"error_subcode":36008`},
		{sim.Facebook, values{"code": "AQwrong"}, 400, `"code":100`},
		{sim.Instagram, values{"client_id": "1234567890123456"}, 400, `{"code":400,"error_message":"Invalid platform app","error_type":"OAuthException"}`},
		{sim.Instagram, values{"redirect_uri": "http://127.0.0.1:1/x"}, 400, "Invalid redirect_uri"},
		{sim.Instagram, values{"client_secret": ""}, 400, "Error validating client secret"},
		{sim.Instagram, values{"grant_type": ""}, 400, "grant_type"},
		{sim.Instagram, values{"code": "AQwrong#_"}, 400, "Matching code was not found"},
		{sim.TikTok, values{"client_key": "", "client_id": "awsim0123456789abc"}, 200, "invalid_client"},
		{sim.TikTok, values{"client_secret": ""}, 200, "invalid_client"},
		{sim.TikTok, values{"redirect_uri": "http://127.0.0.1:1/callback/"}, 200, "Redirect_uri is not matched"},
		{sim.TikTok, values{"code_verifier": strings.Repeat("w", 43)}, 200, "Code verifier or code challenge is invalid"},
		{sim.TikTok, values{"code_verifier": ""}, 200, "Code verifier or code challenge is invalid"},
		{sim.TikTok, values{"code": "x%2A0%2155"}, 200, "invalid_grant"},
		{sim.TikTok, values{"grant_type": ""}, 200, `"error":"invalid_request"`},
		{sim.TikTok, values{"grant_type": "password"}, 200, "unsupported_grant_type"},
		{sim.TikTokBusiness, values{"client_secret": "wrong"}, 200, `"code":40001`},
		{sim.TikTokBusiness, values{"auth_code": "wrong"}, 200, `"code":40110`},
		{sim.LinkedIn, values{"client_secret": ""}, 400, `A required parameter \"client_secret\" is missing`},
		{sim.LinkedIn, values{"client_secret": "", "code_verifier": strings.Repeat("v", 43)}, 400, lmixed},
		{sim.LinkedIn, values{"client_secret": "wrong"}, 401, "invalid_client"},
		{sim.LinkedIn, values{"redirect_uri": "http://127.0.0.1:1/x"}, 400, lmixed},
		{sim.LinkedIn, values{"code": "AQwrong"}, 400, "authorization code not found"},
		{sim.LinkedIn, values{"grant_type": "password"}, 400, "unsupported_grant_type"},
		{sim.X, values{"client_id": ""}, 401, "invalid_client"},
		{sim.X, values{"client_secret": "anything"}, 401, "Missing valid authorization header"},
		{sim.X, values{"code_verifier": strings.Repeat("w", 43)}, 400, "Value passed for the authorization code was invalid."},
		{sim.X, values{"code_verifier": ""}, 400, "Value passed for the authorization code was invalid."},
		{sim.X, values{"redirect_uri": "http://127.0.0.1:1/x"}, 400, "Value passed for the authorization code was invalid."},
		{sim.X, values{"grant_type": "password"}, 400, "unsupported_grant_type"},
	} {
		c := newClient(t, row.svc)
		code := c.code(nil)
		if a := c.exchange(code, row.changes); a.status != row.status || !a.has(row.want) {
			t.Errorf("%s %v: %d %s", row.svc, row.changes, a.status, a.text)
		}
		c.tokens(c.exchange(code, nil))
	}
	c := newClient(t, sim.TikTok)
	c.w.Edit(func(s *sim.State) { s.TikTokTokenStatus = http.StatusBadRequest })
	if a := c.refresh("rft.unknown"); a.status != http.StatusBadRequest {
		t.Errorf("TikTok's other status: %d", a.status)
	}
	if a := c.post(strings.TrimSuffix(c.e.Token, "/"), url.Values{}); a.status == http.StatusOK {
		t.Errorf("TikTok's token endpoint without its slash: %d %s", a.status, a.text)
	}
	if a := c.get(c.e.Token + "?client_key=" + c.app.ID); a.status == http.StatusOK {
		t.Error("TikTok's token endpoint takes GET")
	}
}

// TestTikTokChallenge wants a challenge in base64url to fail at the token endpoint,
// as it does there.
func TestTikTokChallenge(t *testing.T) {
	c := newClient(t, sim.TikTok)
	code := c.code(values{"code_challenge": base64of(c.verifier)})
	if a := c.exchange(code, nil); a.str("error_description") != "Code verifier or code challenge is invalid." {
		t.Errorf("%d %s", a.status, a.text)
	}
}

// TestClientAuthentication wants X's confidential client in a header and nowhere
// else, and the header to be of no use at the others.
func TestClientAuthentication(t *testing.T) {
	c := newClient(t, sim.X)
	c.w.Edit(func(s *sim.State) {
		app := s.Apps[sim.X][c.app.ID]
		app.Public, app.Secret = false, "confidential"
	})
	code := c.code(nil)
	if a := c.exchange(code, values{"client_secret": "confidential"}); a.str("error") != "unauthorized_client" {
		t.Errorf("the secret in the body: %s", a.text)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.redirect}, "code_verifier": {c.verifier}}
	if a := c.post(c.e.Token, form, "Basic", c.app.ID+":wrong"); a.status != http.StatusUnauthorized || a.str("error") != "invalid_client" {
		t.Errorf("a wrong secret: %d %s", a.status, a.text)
	}
	c.tokens(c.post(c.e.Token, form, "Basic", c.app.ID+":confidential"))
	for _, svc := range []sim.Service{sim.Facebook, sim.Instagram, sim.TikTok, sim.LinkedIn} {
		c := newClient(t, svc)
		code := c.code(nil)
		a := c.post(c.e.Token, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.redirect},
			"code_verifier": {c.verifier}}, "Basic", c.app.ID+":"+c.app.Secret)
		if a.json["access_token"] != nil {
			t.Errorf("%s takes the secret in a header: %s", svc, a.text)
		}
		c.tokens(c.exchange(code, nil)) // and the code is not spent by it
	}
}

// TestCodes wants a code to work once, for its app, and for its time only.
func TestCodes(t *testing.T) {
	for svc, row := range map[sim.Service]struct {
		life        time.Duration
		spent, late string
	}{
		sim.Facebook:       {10 * time.Minute, `"error_subcode":36009`, `"error_subcode":36007`},
		sim.Instagram:      {time.Hour, "Matching code was not found", "Matching code was not found"},
		sim.TikTok:         {10 * time.Minute, "Authorization code is expired.", "Authorization code is expired."},
		sim.TikTokBusiness: {10 * time.Minute, "Auth_code is invalid", "Auth_code is invalid"},
		sim.LinkedIn:       {30 * time.Minute, "authorization code not found", "Or authorization code expired"},
		sim.X:              {30 * time.Second, "authorization code was invalid", "authorization code was invalid"},
	} {
		c := newClient(t, svc)
		code := c.code(nil)
		c.w.Advance(row.life)
		c.tokens(c.exchange(code, nil))
		if a := c.exchange(code, nil); !a.has(row.spent) {
			t.Errorf("%s, spent: %s", svc, a.text)
		}
		code = c.code(nil)
		c.w.Advance(row.life + time.Second)
		if a := c.exchange(code, nil); !a.has(row.late) {
			t.Errorf("%s, late: %s", svc, a.text)
		}
		code = c.code(nil)
		other := c.app
		other.ID, other.Redirects = other.ID+"1", append(other.Redirects, c.redirect)
		c.w.AddApp(svc, other)
		c.app = other
		if a := c.exchange(code, nil); a.has("access_token\":\"") {
			t.Errorf("%s: another app takes the code: %s", svc, a.text)
		}
	}
}

// TestRemembered wants what was declined once to stay so, until the app asks again
// or the person removes the app.
func TestRemembered(t *testing.T) {
	c := newClient(t, sim.Facebook)
	declined := `{"permission":"pages_manage_posts","status":"declined"}`
	look := func(what string, changes values, gone bool, has string) {
		t.Helper()
		token := c.tokens(c.exchange(c.code(changes), nil)).Access
		if a := c.ask(sim.Permissions, token); a.has(has) == gone {
			t.Errorf("%s: %s", what, a.text)
		}
		if a := c.ask(sim.Accounts, token); a.has(page1) == (has == declined && !gone) {
			t.Errorf("%s: Pages %s", what, a.text)
		}
	}
	c.w.ConsentOnce(sim.Facebook, sim.Consent{Untick: []string{"pages_manage_posts", page1}})
	look("unticked", nil, false, declined)
	look("again", nil, false, declined)
	look("asked again", values{"auth_type": "rerequest"}, true, declined)

	c.w.ConsentOnce(sim.Facebook, sim.Consent{Untick: []string{"pages_manage_posts", page1}})
	look("unticked again", values{"auth_type": "rerequest"}, false, declined)
	c.w.Edit(func(s *sim.State) { s.RemoveApp(sim.Facebook, s.SignedIn[sim.Facebook]) })
	look("after removing the app", nil, true, declined)

	c = newClient(t, sim.TikTok)
	c.w.ConsentOnce(sim.TikTok, sim.Consent{Untick: []string{"video.publish"}})
	for i, want := range []bool{false, false, true} {
		changes := values{}
		if i == 2 {
			changes["disable_auto_auth"] = "1"
		}
		u, _ := c.visit(c.authorize(changes))
		if got := strings.Contains(u.Query().Get("scopes"), "video.publish"); got != want {
			t.Errorf("TikTok, login %d: %s", i, u.Query().Get("scopes"))
		}
	}
}

// TestOtherLogins wants the logins that end earlier ones: X's second, and LinkedIn's
// with other scopes.
func TestOtherLogins(t *testing.T) {
	c := newClient(t, sim.X)
	first := c.login()
	c.code(nil) // a login that is not finished ends nothing
	if a := c.ask(sim.Me, first.Access); a.status != http.StatusOK {
		t.Errorf("X, before the exchange: %s", a.text)
	}
	second := c.login()
	if a := c.ask(sim.Me, first.Access); a.status != http.StatusUnauthorized {
		t.Errorf("X, the first login still works: %s", a.text)
	}
	if a := c.refresh(first.Refresh); !a.has("Value passed for the token was invalid.") {
		t.Errorf("X, the first refresh token: %s", a.text)
	}
	if a := c.ask(sim.Me, second.Access); a.status != http.StatusOK {
		t.Errorf("X, the second login: %s", a.text)
	}
	other := c.app
	other.ID = "b3RoZXItY2xpZW50"
	other.Redirects = []string{c.redirect}
	c.w.AddApp(sim.X, other)
	c.app = other
	c.login()
	if a := c.ask(sim.Me, second.Access); a.status != http.StatusOK {
		t.Errorf("X, another app's login ends this one: %s", a.text)
	}

	c = newClient(t, sim.LinkedIn)
	first, all := c.login(), c.scopes
	second = c.login()
	if a := c.ask(sim.Me, first.Access); a.status != http.StatusOK {
		t.Errorf("LinkedIn, the same scopes: %s", a.text)
	}
	c.scopes = all[:2]
	c.login()
	for _, token := range []string{first.Access, second.Access} {
		if a := c.ask(sim.Me, token); !a.has("REVOKED_ACCESS_TOKEN") {
			t.Errorf("LinkedIn, other scopes: %s", a.text)
		}
	}
}

// TestWithoutOffline wants no refresh token of X without its scope.
func TestWithoutOffline(t *testing.T) {
	c := newClient(t, sim.X)
	c.scopes = []string{"tweet.read", "users.read"}
	if got := c.login(); got.Refresh != "" {
		t.Error("a refresh token without offline.access")
	}
}
