package sim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"reconnect/platforms/sim"
)

// got is what came of a request, whole or not.
type got struct {
	status  int // 0: nothing came
	header  http.Header
	address string
	body    []byte
	err     error
}

// raw asks an endpoint and reads no more than limit.
func (c *client) raw(ctx context.Context, limit int64) got {
	c.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.e.API+"/users/me", nil)
	if err != nil {
		return got{err: err}
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return got{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, limit))
	return got{res.StatusCode, res.Header, req.URL.RequestURI(), body, err}
}

// TestFaults wants each fault of the wire to be what it says.
func TestFaults(t *testing.T) {
	const most = 4 << 20
	for _, row := range []struct {
		name  string
		fault sim.Fault
		is    func(got) bool
	}{
		{"HTML", sim.HTML(502), func(g got) bool {
			return g.err == nil && g.status == 502 && strings.HasPrefix(string(g.body), "<html>") && g.header.Get("Content-Type") == "text/html"
		}},
		{"429", sim.TooMany(""), func(g got) bool {
			return g.err == nil && g.status == 429 && g.header.Get("Retry-After") == ""
		}},
		{"429 with Retry-After", sim.TooMany("7"), func(g got) bool {
			return g.err == nil && g.status == 429 && g.header.Get("Retry-After") == "7"
		}},
		{"endless", sim.Endless(), func(g got) bool { return g.err == nil && len(g.body) == most }},
		{"huge", sim.Huge(1 << 20), func(g got) bool {
			return g.err == nil && len(g.body) >= 1<<20 && len(g.body) < 1<<20+1<<10 && json.Valid(g.body)
		}},
		{"deep", sim.Deep(5000), func(g got) bool {
			return g.err == nil && json.Valid(g.body) && bytes.Count(g.body, []byte("[")) == 5000
		}},
		{"broken JSON", sim.BrokenJSON(), func(g got) bool {
			return g.err == nil && g.status == 200 && len(g.body) > 0 && !json.Valid(g.body)
		}},
		{"wrong types", sim.WrongTypes(), func(g got) bool { return g.err == nil && json.Valid(g.body) }},
		{"duplicate keys", sim.DuplicateKeys(), func(g got) bool {
			return g.err == nil && json.Valid(g.body) && bytes.Count(g.body, []byte(`"data":`)) == 2
		}},
		{"empty", sim.Empty(), func(g got) bool {
			return g.err == nil && g.status == 200 && len(g.body) == 0
		}},
		{"cut", sim.Cut(), func(g got) bool {
			return g.status != 0 && len(g.body) > 0 && errors.Is(g.err, io.ErrUnexpectedEOF)
		}},
		{"closed", sim.Closed(), func(g got) bool { return g.status == 0 && g.err != nil }},
		{"redirect loop", sim.RedirectLoop(), func(g got) bool {
			return g.err == nil && g.status == 307 && g.header.Get("Location") == g.address
		}},
		{"redirect away", sim.RedirectTo("http://elsewhere.invalid/x"), func(g got) bool {
			return g.err == nil && g.status == 307 && g.header.Get("Location") == "http://elsewhere.invalid/x"
		}},
	} {
		c := newClient(t, sim.X)
		c.w.Fault(sim.X, sim.Me, row.fault)
		if g := c.raw(t.Context(), most); !row.is(g) {
			t.Errorf("%s: %d %v %.200s %v", row.name, g.status, g.header, g.body, g.err)
		}
	}
}

// TestSlow wants a slow answer to wait for its release, and to end with the client
// or the world. Nothing here waits for a time.
func TestSlow(t *testing.T) {
	c := newClient(t, sim.X)
	release := make(chan struct{})
	c.w.Fault(sim.X, sim.Me, sim.Slow(release))
	ended := make(chan error, 1)
	ask := func(ctx context.Context) {
		g := c.raw(ctx, 1<<10)
		if g.err == nil && string(g.body) != "{}" {
			g.err = errors.New("got " + string(g.body))
		}
		ended <- g.err
	}
	go ask(t.Context())
	if err := c.w.Await(t.Context(), sim.X, sim.Me, 1); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}

	for name, fault := range map[string]sim.Fault{"answer": sim.Slow(nil), "body": sim.SlowBody(nil)} {
		c := newClient(t, sim.X)
		c.w.Fault(sim.X, sim.Me, fault)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.raw(ctx, 1<<10).err }()
		if err := c.w.Await(t.Context(), sim.X, sim.Me, 1); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-ended; err == nil {
			t.Errorf("slow %s: the client gave up and got an answer", name)
		}
		go func() { ended <- c.raw(t.Context(), 1<<10).err }()
		if err := c.w.Await(t.Context(), sim.X, sim.Me, 2); err != nil {
			t.Fatal(err)
		}
		c.w.Close()
		if err := <-ended; err == nil {
			t.Errorf("slow %s: it goes on after the world was closed", name)
		}
	}
}

// TestFaultPlaces wants a fault where it was put, as often as it was said.
func TestFaultPlaces(t *testing.T) {
	c := newClient(t, sim.TikTok)
	token := c.login().Access
	c.w.Fault(sim.TikTok, sim.API, sim.HTML(503))
	if c.ask(sim.Me, token).status != 503 || c.ask(sim.CreatorInfo, token).status != 503 {
		t.Error("API does not cover the API")
	}
	held := c.login() // and the login goes on
	c.w.Repair(sim.TikTok)
	if c.ask(sim.Me, token).status != 200 {
		t.Error("it goes on after the repair")
	}
	c.w.Fault(sim.TikTok, sim.Refresh, sim.HTML(500).Once())
	if c.login(); c.refresh(held.Refresh).status != 500 {
		t.Error("a fault of the refresh does not show")
	}
	c.tokens(c.refresh(held.Refresh))
	c.w.Fault(sim.TikTok, sim.Authorize, sim.HTML(504).Once())
	if u, text := c.visit(c.authorize(nil)); u != nil || !strings.Contains(text, "504") {
		t.Errorf("authorize: %s", text)
	}
	c.w.Fault(sim.LinkedIn, sim.Any, sim.HTML(500))
	if c.ask(sim.Me, token).status != 200 {
		t.Error("a fault of LinkedIn shows on TikTok")
	}
	fb := newClient(t, sim.Facebook)
	short := fb.login().Access
	fb.w.Fault(sim.Facebook, sim.Exchange, sim.HTML(500))
	fb.login()
	if a := fb.get(fb.e.Exchange + "?grant_type=fb_exchange_token&fb_exchange_token=" + short); a.status != 500 {
		t.Errorf("the exchange: %d", a.status)
	}
}

// TestOutage wants the documented answers while a platform is down, and no call back.
func TestOutage(t *testing.T) {
	for _, svc := range sim.Services() {
		c := newClient(t, svc)
		code := c.code(nil)
		c.w.Break(svc, "platform_outage")
		if u, _ := c.visit(c.authorize(nil)); u != nil {
			t.Errorf("%s logs people in while it is down", svc)
		}
		if a := c.exchange(code, nil); a.has(`access_token":"`) {
			t.Errorf("%s gives tokens while it is down: %s", svc, a.text)
		}
		c.w.Mend(svc, "platform_outage")
		c.tokens(c.exchange(code, nil))
	}
}

// TestRequests wants the log to tell who asked what, without a secret in it.
func TestRequests(t *testing.T) {
	for _, svc := range sim.Services() {
		c := newClient(t, svc)
		code := c.code(nil)
		held := c.tokens(c.exchange(code, nil))
		ask := sim.Me
		if svc == sim.TikTokBusiness {
			ask = sim.BusinessAccount
		}
		c.ask(ask, held.Access)
		if held.Refresh != "" {
			c.refresh(held.Refresh)
		}
		var seen []sim.Endpoint
		for _, r := range c.w.Requests() {
			seen = append(seen, r.Endpoint)
			if r.Site != svc.Site() || r.Method == "" || r.Path == "" || r.At.IsZero() || r.Who != c.w.Owner(svc).ID || r.Status == 0 {
				t.Errorf("%s: %+v", svc, r)
			}
			all, _ := url.QueryUnescape(r.Path + r.Query + r.Form + r.Token)
			for name, secret := range map[string]string{"code": code, "access": held.Access, "refresh": held.Refresh,
				"secret": c.app.Secret, "verifier": c.verifier, "challenge": base64of(c.verifier), "hex": hexof(c.verifier)} {
				if secret != "" && strings.Contains(all, secret) {
					t.Errorf("%s: the %s is in the log: %+v", svc, name, r)
				}
			}
		}
		if len(seen) < 3 || seen[0] != sim.Authorize || seen[1] != sim.Token {
			t.Errorf("%s: %v", svc, seen)
		}
		c.w.Forget()
		if len(c.w.Requests()) != 0 {
			t.Error("it remembers")
		}
	}
}

// TestClock wants the clock to stand, to go on when told, and to be in the answers.
func TestClock(t *testing.T) {
	c := newClient(t, sim.X)
	if got := c.w.Now().Format(time.RFC3339); got != "2026-11-23T08:15:42Z" {
		t.Errorf("it starts at %s", got)
	}
	c.w.Advance(time.Hour)
	if got := c.ask(sim.Me, "t").header.Get("Date"); got != "Mon, 23 Nov 2026 09:15:42 GMT" {
		t.Errorf("Date %s", got)
	}
	c.w.Skew(-10 * time.Minute)
	if got := c.ask(sim.Me, "t").header.Get("Date"); got != "Mon, 23 Nov 2026 09:05:42 GMT" {
		t.Errorf("Date with skew %s", got)
	}
	own := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	w := sim.New(sim.Options{Now: func() time.Time { return own }})
	w.Advance(time.Second)
	if got := w.Now().Sub(own); got != time.Second {
		t.Errorf("the caller's clock is off by %s", got)
	}
}

// TestIssue wants tokens without a browser to be as good as others.
func TestIssue(t *testing.T) {
	for _, svc := range sim.Services() {
		c := newClient(t, svc)
		held := c.w.Issue(svc)
		ask := sim.Me
		if svc == sim.TikTokBusiness {
			ask = sim.BusinessAccount
		}
		if a := c.ask(ask, held.Access); a.status != http.StatusOK || a.has("40105") {
			t.Errorf("%s: %s", svc, a.text)
		}
		if (svc == sim.Facebook) != (held.Page != "") && svc != sim.InstagramFacebook {
			t.Errorf("%s: Page token %q", svc, held.Page)
		}
	}
}

// TestLoopback lets the simulated browser come to a listener.
func TestLoopback(t *testing.T) {
	c := newClient(t, sim.X)
	arrived := make(chan string, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /callback", func(rw http.ResponseWriter, r *http.Request) {
		arrived <- r.URL.Query().Get("state")
		_, _ = io.WriteString(rw, "You can close this page.")
	})
	server := newServer(t, mux)
	c.redirect = server + "/callback"
	c.w.Register(sim.X, c.redirect)
	l, err := c.w.Browse(t.Context(), c.authorize(nil))
	if err != nil || l.Page != "You can close this page." || <-arrived != "st" {
		t.Errorf("%+v %v", l, err)
	}
}

// TestDeterminism wants two worlds of one seed to be alike, and of two not.
func TestDeterminism(t *testing.T) {
	token := func(seed uint64) string { return sim.New(sim.Options{Seed: seed}).Issue(sim.X).Access }
	if first, again := token(1), token(1); first != again || first == token(2) {
		t.Error("the seed decides nothing, or not all")
	}
}
