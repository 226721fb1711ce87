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
