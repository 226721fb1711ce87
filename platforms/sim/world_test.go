package sim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// TestStranger wants the one who owns nothing to be somebody else everywhere.
func TestStranger(t *testing.T) {
	for _, svc := range sim.Services() {
		w := sim.New(sim.Options{})
		if w.Owner(svc).ID == w.Stranger(svc).ID || w.Stranger(svc).ID == "" {
			t.Errorf("%s: %q and %q", svc, w.Owner(svc).ID, w.Stranger(svc).ID)
		}
	}
	c := newClient(t, sim.LinkedIn)
	c.w.SignIn(sim.LinkedIn, c.w.Stranger(sim.LinkedIn).ID)
	if a := c.ask(sim.Roles, c.login().Access); !a.has(`"elements":[]`) || !a.has(`"total":0`) {
		t.Errorf("%s", a.text)
	}
	c.w.ConsentOnce(sim.LinkedIn, sim.Consent{Person: c.w.Owner(sim.LinkedIn).ID})
	if a := c.ask(sim.Me, c.login().Access); !a.has(c.w.Owner(sim.LinkedIn).ID) {
		t.Errorf("another login than the browser's: %s", a.text)
	}
	c.w.SignIn(sim.LinkedIn, "nobody")
	if u, text := c.visit(c.authorize(nil)); u != nil {
		t.Errorf("nobody is logged in: %s", text)
	}
}

// TestMissing wants each platform's own answer where there is nothing.
func TestMissing(t *testing.T) {
	for svc, want := range map[sim.Service]string{
		sim.Facebook: `"code":100`, sim.Instagram: `"code":100`, sim.TikTok: "404", sim.LinkedIn: "RESOURCE_NOT_FOUND", sim.X: "Not Found",
	} {
		c := newClient(t, svc)
		if a := c.get(c.w.Base(svc) + "/no/such/place/here/at/all"); a.status < 400 || !a.has(want) {
			t.Errorf("%s: %d %s", svc, a.status, a.text)
		}
	}
}

// TestBodies wants bodies that are odd to be refused, and empty ones taken.
func TestBodies(t *testing.T) {
	c := newClient(t, sim.TikTok)
	token := c.login().Access
	if a := c.do(http.MethodPost, c.e.Token, "application/x-www-form-urlencoded", "a="+strings.Repeat("b", 2<<20)); a.status != http.StatusBadRequest {
		t.Errorf("2 MiB: %d", a.status)
	}
	if a := c.do(http.MethodPost, c.e.Token, "application/json", "{"); a.status != http.StatusBadRequest {
		t.Errorf("broken JSON: %d", a.status)
	}
	for _, body := range []io.Reader{nil, strings.NewReader(""), io.LimitReader(strings.NewReader("x"), 0)} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.e.API+"/post/publish/creator_info/query/", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("an empty body: %d", res.StatusCode)
		}
	}
}

// TestExpire wants only one person's tokens to run out, and none without an end.
func TestExpire(t *testing.T) {
	c := newClient(t, sim.Facebook)
	mine := c.w.Issue(sim.Facebook)
	other := c.w.IssueTo(sim.Facebook, c.app.ID, c.w.Stranger(sim.Facebook).ID, c.scopes)
	tiktok := c.w.Issue(sim.TikTok)
	c.w.Break(sim.Facebook, platforms.TokenExpired)
	for what, row := range map[string]struct {
		token string
		dead  bool
	}{"the owner's": {mine.Access, true}, "the Page's": {mine.Page, false}, "the stranger's": {other.Access, false}} {
		if a := c.ask(sim.Me, row.token); (a.status != http.StatusOK) != row.dead {
			t.Errorf("%s: %d %s", what, a.status, a.text)
		}
	}
	tt := &client{t: t, w: c.w, svc: sim.TikTok, app: c.w.App(sim.TikTok), e: c.w.Endpoints(sim.TikTok)}
	if a := tt.ask(sim.Me, tiktok.Access); a.status != http.StatusOK {
		t.Errorf("another platform's: %s", a.text)
	}
}

// TestPortfolio wants a Page to name the portfolio that owns it.
func TestPortfolio(t *testing.T) {
	c := newClient(t, sim.Facebook)
	token := c.login().Access
	a := c.get(c.e.API+"/"+page2+"?fields=name,business", "Authorization", "Bearer "+token)
	if !a.has(`"business":{"id":"8800110022"}`) {
		t.Errorf("%s", a.text)
	}
	c.w.Edit(func(s *sim.State) { s.Businesses["8800110022"].People = nil })
	if a := c.ask(sim.Businesses, token); !a.has(`{"data":[]}`) {
		t.Errorf("a portfolio of others: %s", a.text)
	}
	if a := c.ask(sim.OwnedPages, token); !a.has(`"error_subcode":33`) {
		t.Errorf("its Pages: %s", a.text)
	}
}

// TestSlowBody wants the beginning of a slow body before its end.
func TestSlowBody(t *testing.T) {
	c := newClient(t, sim.X)
	release := make(chan struct{})
	c.w.Fault(sim.X, sim.Me, sim.SlowBody(release))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.e.API+"/users/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	begin := make([]byte, 8)
	if _, err := io.ReadFull(res.Body, begin); err != nil || string(begin) != `{"data":` {
		t.Fatalf("%s %v", begin, err)
	}
	close(release)
	if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != "{}}" {
		t.Errorf("%s %v", rest, err)
	}
}

// TestBreak wants a cause that a service cannot have to be told, and mending twice
// or without need to change nothing.
func TestBreak(t *testing.T) {
	c := newClient(t, sim.X)
	if c.w.Break(sim.X, platforms.NotLinked) || c.w.Mend(sim.X, platforms.NotLinked) {
		t.Error("X has links to Pages")
	}
	for _, svc := range sim.Services() {
		c := newClient(t, svc)
		for _, tr := range sim.Troubles(svc) {
			if tr.Service != svc || tr.Name == "" || tr.Looks == "" || tr.Shows == "" && tr.Lacks == "" {
				t.Errorf("not whole: %+v", tr)
			}
			c.w.Undo(tr) // nothing is broken
		}
		for _, tr := range sim.Troubles(svc) {
			c.w.Apply(tr)
			c.w.Apply(tr)
		}
		for _, tr := range sim.Troubles(svc) {
			c.w.Undo(tr)
			c.w.Undo(tr)
		}
		held := c.login()
		for _, tr := range sim.Troubles(svc) {
			if tr.At == sim.Refresh || tr.ByPage && held.Page == "" {
				continue
			}
			if text := c.looks(tr, held); tr.Shows != "" && strings.Contains(text, tr.Shows) || tr.Lacks != "" && !strings.Contains(text, tr.Lacks) {
				t.Errorf("%s: %s is still there: %s", svc, tr.Name, text)
			}
			if svc == sim.X || tr.At == sim.Token || tr.At == sim.Authorize {
				held = c.login()
			}
		}
	}
	// A person's own choice is not a trouble's.
	c.w.Consent(sim.X, sim.Consent{Answer: sim.Silence})
	c.w.Mend(sim.X, platforms.UserCancelled)
	if u, _ := c.visit(c.authorize(nil)); u != nil {
		t.Error("mending a cancel undoes a silence")
	}
}

// TestRefreshed wants the tokens of a refresh to work, and the older access token
// to live to its end.
func TestRefreshed(t *testing.T) {
	for _, svc := range []sim.Service{sim.TikTok, sim.TikTokBusiness, sim.X, sim.LinkedIn} {
		c := newClient(t, svc)
		c.w.Edit(func(s *sim.State) { s.Apps[svc.Site()][c.app.ID].Partner = true })
		ask := sim.Me
		if svc == sim.TikTokBusiness {
			ask = sim.BusinessAccount
		}
		old := c.login()
		held := c.tokens(c.refresh(old.Refresh))
		for what, token := range map[string]string{"new": held.Access, "old": old.Access} {
			if a := c.ask(ask, token); a.status != http.StatusOK || !a.has("mikabakes") && !a.has("AbC123mika") {
				t.Errorf("%s, the %s token: %s", svc, what, a.text)
			}
		}
		for what, token := range map[string]string{"an access token": held.Access, "garbage": "rft.garbage", "nothing": ""} {
			if a := c.refresh(token); a.has(`access_token":"`) {
				t.Errorf("%s refreshes by %s", svc, what)
			}
		}
		other := c.app
		other.ID += "9"
		c.w.AddApp(svc, other)
		c.app = other
		if a := c.refresh(held.Refresh); a.has(`access_token":"`) {
			t.Errorf("%s refreshes for another app: %s", svc, a.text)
		}
	}
}

// TestVerifiers wants verifiers of 43 to 128 unreserved characters and no other,
// even if the challenge was made of them (RFC 7636 s.4.1).
func TestVerifiers(t *testing.T) {
	for verifier, good := range map[string]bool{
		strings.Repeat("a", 42): false, strings.Repeat("a", 43): true, strings.Repeat("~", 128): true,
		strings.Repeat("a", 129): false, strings.Repeat("a", 43) + "+": false, strings.Repeat("a", 43) + "%20": false,
	} {
		for _, svc := range []sim.Service{sim.TikTok, sim.X} {
			c := newClient(t, svc)
			c.verifier = verifier
			if got := c.exchange(c.code(nil), nil).has(`"access_token":"`); got != good {
				t.Errorf("%s, %d characters %.3s…%s: %v", svc, len(verifier), verifier, verifier[40:], got)
			}
		}
	}
	c := newClient(t, sim.X)
	c.tokens(c.exchange(c.code(values{"code_challenge": c.verifier, "code_challenge_method": "plain"}), nil))
	if a := c.exchange(c.code(values{"code_challenge": hexof(c.verifier)}), nil); a.has(`access_token":"`) {
		t.Error("X takes TikTok's challenge")
	}
}

// TestWebApp wants TikTok's web apps: https, exact, and no PKCE.
func TestWebApp(t *testing.T) {
	c := newClient(t, sim.TikTok)
	c.w.Edit(func(s *sim.State) { s.Apps[sim.TikTok][c.app.ID].Native = false })
	none := values{"code_challenge": "", "code_challenge_method": ""}
	c.w.Register(sim.TikTok, "https://tool.invalid/cb")
	c.w.Register(sim.TikTok, "http://tool.invalid/cb")
	for redirect, taken := range map[string]bool{
		"https://tool.invalid/cb": true, "http://tool.invalid/cb": false, "https://tool.invalid/cb/": false,
		"https://tool.invalid/cb#f": false, "https://tool.invalid/cb?a=b": false, c.redirect: false,
	} {
		c.redirect = redirect
		if u, text := c.visit(c.authorize(none)); (u != nil) != taken {
			t.Errorf("%s: %s", redirect, text)
		}
	}
	c.redirect = "https://tool.invalid/cb"
	c.tokens(c.exchange(c.code(none), values{"code_verifier": ""}))
}

// TestBorders wants what belongs to one Page, person, app or kind of token to stay
// there.
func TestBorders(t *testing.T) {
	c := newClient(t, sim.Facebook)
	held := c.login()
	ask := func(method, path, token string) answer {
		return c.do(method, c.e.API+path, "", "", "Authorization", "Bearer "+token)
	}
	if a := ask(http.MethodGet, "/"+page2, held.Page); !a.has(`"error_subcode":33`) {
		t.Errorf("a Page token shows another Page: %s", a.text)
	}
	if a := ask(http.MethodGet, "/"+page1, held.Page); a.text != `{"id":"1029384756","name":"Mika Bakes"}` {
		t.Errorf("a Page without fields: %s", a.text)
	}
	if a := ask(http.MethodGet, "/me/accounts", held.Access); !a.has(`"tasks"`) || !a.has(`"category":"Bakery"`) {
		t.Errorf("Pages without fields: %s", a.text)
	}
	q := "grant_type=fb_exchange_token&client_id=" + c.app.ID + "&client_secret=" + c.app.Secret + "&fb_exchange_token="
	for what, token := range map[string]string{"a Page token": held.Page, "garbage": "EAAx", "Instagram's": c.w.Issue(sim.Instagram).Access} {
		if a := c.get(c.e.Exchange + "?" + q + token); !a.has(`"code":190`) {
			t.Errorf("exchanged %s: %s", what, a.text)
		}
	}
	stranger := c.w.IssueTo(sim.Facebook, c.app.ID, c.w.Stranger(sim.Facebook).ID, c.scopes)
	if a := ask(http.MethodDelete, "/12345/permissions", held.Access); !a.has(`"error_subcode":33`) {
		t.Errorf("somebody else's permissions: %s", a.text)
	}
	c.w.Break(sim.Facebook, platforms.PermissionRevoked)
	if a := c.ask(sim.Me, stranger.Access); a.status != http.StatusOK {
		t.Errorf("the owner removed the app for the stranger: %s", a.text)
	}
	id, _ := c.ask(sim.Me, stranger.Access).json["id"].(string)
	if a := ask(http.MethodGet, "/"+id, stranger.Access); !a.has("Ada Stray") {
		t.Errorf("oneself by id: %s", a.text)
	}
	if a := ask(http.MethodDelete, "/"+id+"/permissions", stranger.Access); !a.has(`"success":true`) {
		t.Errorf("one's own permissions by id: %s", a.text)
	}

	ig := newClient(t, sim.Instagram)
	token := ig.login().Access
	ig.w.Break(sim.Instagram, platforms.SecurityCheckpoint)
	if a := ig.ask(sim.Me, token); a.has("error_subcode") { // as it was seen
		t.Errorf("Instagram's checkpoint with a subcode: %s", a.text)
	}

	tt := newClient(t, sim.TikTokBusiness)
	token = tt.login().Access
	other := tt.app
	other.ID += "7"
	tt.w.AddApp(sim.TikTokBusiness, other)
	tt.postJSON(tt.e.Revoke, values{"client_id": other.ID, "client_secret": other.Secret, "access_token": token})
	if a := tt.ask(sim.BusinessAccount, token); !a.has(`"code":0`) {
		t.Errorf("another app revoked the token: %s", a.text)
	}

	li := newClient(t, sim.LinkedIn)
	li.w.Edit(func(s *sim.State) { s.Apps[sim.LinkedIn][li.app.ID].Native = false })
	if a := li.exchange(li.code(nil), values{"client_secret": "", "code_verifier": li.verifier}); !a.has(`\"client_secret\" is missing`) {
		t.Errorf("PKCE without LinkedIn's leave: %s", a.text)
	}
	token = li.login().Access
	a := li.get(li.e.API+"/rest/organizationAcls?q=roleAssignee&start=99", "Authorization", "Bearer "+token, "LinkedIn-Version", "202607")
	if a.status != http.StatusOK || !a.has(`"elements":[]`) {
		t.Errorf("past the end: %d %s", a.status, a.text)
	}
	li.w.Fault(sim.LinkedIn, sim.Me, sim.Respond(418, ` {"a":1}`, "X-Odd", "1"))
	if a := li.ask(sim.Me, token); a.status != 418 || a.header.Get("X-Odd") != "1" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("%d %v", a.status, a.header)
	}
}
