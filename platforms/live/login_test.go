package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

const tokenAnswer = `{"access_token":"` + canaryAccess + `","refresh_token":"` + canaryRefresh + `","expires_in":7200,"token_type":"bearer","scope":"tweet.read tweet.write users.read media.write offline.access"}`

// stopped is a browser that does not follow redirects.
var stopped = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// visit asks an address with any method, host and header, and returns the status.
func visit(t testing.TB, method, address, host string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	res, err := stopped.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

func query(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func redirectTo(p Prompt, q url.Values) string { return p.Redirect + "?" + q.Encode() }

// freeX is X with a free fixed port registered.
func loginClient(t testing.TB, base string) *Client {
	c := testClient(t, platforms.X, "", base)
	c.App.Redirect = "http://127.0.0.1:0/x/callback"
	return c
}

type waited struct {
	grant Grant
	err   error
}

func wait(t testing.TB, l *Login) <-chan waited {
	out := make(chan waited, 1)
	go func() {
		g, err := l.Wait(t.Context())
		out <- waited{g, err}
	}()
	return out
}

func start(t testing.TB, c *Client, ask Ask) *Login {
	t.Helper()
	l, err := c.Start(ask)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func TestForgedRedirects(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	forged, accepted := 0, 0
	for round := 0; forged < 1000; round++ {
		c := loginClient(t, f.URL)
		l := start(t, c, Ask{})
		p, done := l.Prompt(), wait(t, l)
		state := query(t, p.URL).Get("state")
		good := url.Values{"code": {canaryCode}, "state": {state}}
		for n := range maxBad - 1 {
			method, address, host := forge(p, state, round*maxBad+n)
			status, h, body := visit(t, method, address, host)
			if forged++; status != http.StatusBadRequest || h.Get("Location") != "" {
				accepted++
				t.Errorf("%s %s (%s): %d", method, address, host, status)
			}
			if body != "" {
				t.Errorf("it echoes %q", body)
			}
		}
		select {
		case w := <-done:
			t.Fatalf("a forged redirect ended the wait: %v", w.err)
		default:
		}
		if status, h, _ := visit(t, "GET", redirectTo(p, good), ""); status != http.StatusSeeOther || h.Get("Location") != donePath {
			t.Fatalf("the real one: %d %v", status, h)
		}
		if w := <-done; w.err != nil || w.grant.Access.Reveal() != canaryAccess {
			t.Fatalf("after the real one: %v", w.err)
		}
	}
	t.Logf("%d forged, %d accepted", forged, accepted)
}

// forge makes the n-th wrong redirect: each kind with values of its own.
func forge(p Prompt, state string, n int) (method, address, host string) {
	v := fmt.Sprint("v", n)
	near := state[:len(state)-1] + string('A'+(state[len(state)-1]+1)%26)
	q := url.Values{"code": {v}, "state": {state}}
	kinds := []func(){
		func() { q.Set("state", v) },
		func() { q.Set("state", near) },
		func() { q.Set("state", state[:len(state)-1]) },
		func() { q.Set("state", state+"A") },
		func() { q.Set("state", strings.ToUpper(state)) },
		func() { q.Del("state") },
		func() { q.Add("state", state) },
		func() { q.Add("code", v) },
		func() { q.Del("code") },
		func() { q.Set("code", "") },
		func() { q.Set("error", "access_denied") },
		func() { q.Del("code"); q["error"] = []string{"a", "b"} },
		func() { q.Add("code", v); q.Set("error", "access_denied") },
		func() { q.Set("iss", "https://evil.example") },
		func() { method = http.MethodPost },
		func() { method = http.MethodHead },
		func() { host = "evil.example" },
		func() { host = "localhost" + p.Redirect[strings.LastIndex(p.Redirect, ":"):][:6] },
		func() { host = "127.0.0.1" },
		func() {
			address = strings.Replace(p.Redirect, "/x/callback", "/tiktok/callback/", 1) + "?" + q.Encode()
		},
		func() { address = p.Redirect + "/?" + q.Encode() },
		func() { address = p.Redirect + "?" + q.Encode() + "&a=%zz" },
		func() { address = p.Redirect + "?" + q.Encode() + ";x=1" },
	}
	method = http.MethodGet
	kinds[n%len(kinds)]() // net/http itself refuses one that is too long: TestLongRedirect
	if address == "" {
		address = redirectTo(p, q)
	}
	return method, address, host
}

func TestLongRedirect(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	l := start(t, loginClient(t, f.URL), Ask{})
	p := l.Prompt()
	q := url.Values{"code": {"c"}, "state": {query(t, p.URL).Get("state")}, "x": {strings.Repeat("x", maxQuery)}}
	if status, _, _ := visit(t, "GET", redirectTo(p, q), ""); status/100 != 4 {
		t.Errorf("a query of more than 8 KiB: %d", status)
	}
	if l.taken() {
		t.Error("it was taken")
	}
	if s := l.listener.server; s.ReadHeaderTimeout != 5*time.Second || s.MaxHeaderBytes+4096 != 8<<10 {
		t.Errorf("limits of the listener: %v, %d", s.ReadHeaderTimeout, s.MaxHeaderBytes)
	}
}

func TestRestartAfterTwentyWrongAnswers(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	l := start(t, loginClient(t, f.URL), Ask{})
	first, done := l.Prompt(), wait(t, l)
	for n := range maxBad {
		visit(t, "GET", first.Redirect+fmt.Sprintf("?code=c&state=%d", n), "")
	}
	w := <-done
	again, ok := errors.AsType[*Restarted](w.err)
	if !ok {
		t.Fatalf("after %d wrong answers: %v", maxBad, w.err)
	}
	if query(t, first.URL).Get("state") == query(t, again.Prompt.URL).Get("state") {
		t.Error("the state is the same as before")
	}
	good := url.Values{"code": {canaryCode}, "state": {query(t, first.URL).Get("state")}}
	if first.Redirect != again.Prompt.Redirect {
		if !closed(t, hostOf(first.Redirect)) {
			t.Error("the old port is still open")
		}
	} else if status, _, _ := visit(t, "GET", redirectTo(first, good), ""); status != 400 {
		t.Error("the old state is still taken")
	}
	done = wait(t, l)
	good.Set("state", query(t, again.Prompt.URL).Get("state"))
	visit(t, "GET", redirectTo(again.Prompt, good), "")
	if w := <-done; w.err != nil {
		t.Error(w.err)
	}
}

func TestGiveUpAfterRestarts(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	shown := 0
	_, err := loginClient(t, f.URL).Authorize(t.Context(), Ask{Show: func(p Prompt) {
		shown++
		for range maxBad {
			visit(t, "GET", p.Redirect+"?code=c&state=s", "")
		}
	}})
	if _, ok := errors.AsType[*ForgedError](err); !ok || shown != maxRestarts+1 {
		t.Errorf("%v after %d addresses", err, shown)
	}
}

func TestRedirectOnce(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	c := loginClient(t, f.URL)
	c.linger = time.Minute // until the page is fetched
	l := start(t, c, Ask{})
	p, done := l.Prompt(), wait(t, l)
	good := redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})
	_, h, body := visit(t, "GET", good, "")
	for name, wanted := range map[string]string{"Location": donePath, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'"} {
		if h.Get(name) != wanted {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	if strings.Contains(body, canaryCode) {
		t.Error("the code is echoed")
	}
	if status, _, _ := visit(t, "GET", good, ""); status != 400 {
		t.Errorf("the second callback: %d", status)
	}
	status, h, body := visit(t, "GET", "http://"+hostOf(p.Redirect)+donePath, "")
	if status != 200 || body != page || h.Get("Content-Security-Policy") != "default-src 'none'" {
		t.Errorf("the clean page: %d %q", status, body)
	}
	if w := <-done; w.err != nil {
		t.Error(w.err)
	}
	if n := f.count("POST /2/oauth2/token"); n != 1 {
		t.Errorf("the code was exchanged %d times", n)
	}
	if !closed(t, hostOf(p.Redirect)) {
		t.Error("the listener is still open")
	}
}

func TestExchangeIsNotRetried(t *testing.T) {
	for _, status := range []int{500, 502, 503, 429} {
		f := newFake(t, answering(status, `{"error":"server_error"}`, "Retry-After", "0"))
		l := start(t, loginClient(t, f.URL), Ask{NoListener: true})
		p := l.Prompt()
		if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})); err != nil {
			t.Fatal(err)
		}
		_, err := l.Wait(t.Context())
		if e, ok := errors.AsType[*LoginError](err); !ok || e.Where != "token" {
			t.Errorf("%d: %v", status, err)
		}
		if n := f.count("POST"); n != 1 {
			t.Errorf("%d: asked %d times", status, n)
		}
	}
}

func TestPaste(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	for _, tail := range []string{"", "#_", "#_=_"} {
		l := start(t, loginClient(t, f.URL), Ask{NoListener: true})
		p := l.Prompt()
		if p.Listening || l.listener != nil {
			t.Fatal("it listens")
		}
		state := query(t, p.URL).Get("state")
		good := redirectTo(p, url.Values{"code": {canaryCode}, "state": {state}})
		for _, wrong := range []string{
			"", "hello", "code=" + canaryCode, p.Redirect, strings.Replace(good, "127.0.0.1", "evil.example", 1),
			redirectTo(p, url.Values{"code": {canaryCode}, "state": {"x"}}), good + "&state=" + state, good + strings.Repeat("x", maxQuery),
		} {
			err := l.Paste(wrong)
			if _, ok := errors.AsType[*PasteError](err); !ok {
				t.Errorf("%.60q: %v", wrong, err)
			} else if strings.Contains(fmt.Sprintf("%+v %#v", err, err), canaryCode) {
				t.Error("the code is in the error")
			}
		}
		if err := l.Paste("  " + good + tail + "\n"); err != nil {
			t.Errorf("%q: %v", tail, err)
		}
		if err := l.Paste(good); err == nil {
			t.Error("it was taken twice")
		}
		if _, err := l.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if n := f.count("code=" + canaryCode + "&"); n != 3 {
		t.Errorf("codes with a tail: %q", f.asked)
	}
}

func TestAuthorizeWithChannels(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	paste, pasted := make(chan string, 2), make(chan error, 2)
	var saved []Grant
	g, err := loginClient(t, f.URL).Authorize(t.Context(), Ask{
		NoListener: true, Paste: paste, Pasted: func(err error) { pasted <- err },
		Save: func(g Grant) error { saved = append(saved, g); return nil },
		Show: func(p Prompt) {
			paste <- "nonsense"
			paste <- redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})
		},
	})
	if err != nil || g.Refresh.Reveal() != canaryRefresh || len(saved) != 1 || saved[0].Access.Reveal() != canaryAccess {
		t.Errorf("%v, saved %d", err, len(saved))
	}
	if first, second := <-pasted, <-pasted; first == nil || second != nil {
		t.Errorf("pasted: %v, %v", first, second)
	}
}

func TestSilence(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	c := loginClient(t, f.URL)
	c.wait = time.Millisecond
	l := start(t, c, Ask{})
	p := l.Prompt()
	_, err := l.Wait(t.Context())
	if e, ok := errors.AsType[*TimeoutError](err); !ok || !strings.Contains(e.Question.String(), "did the browser show an error page?") {
		t.Errorf("%v", err)
	}
	if !closed(t, hostOf(p.Redirect)) {
		t.Error("the listener is still open")
	}
	if New(c.Service, c.App, Options{Now: time.Now}).wait != 5*time.Minute {
		t.Error("the wait is not 5 minutes")
	}
}

func TestStateEnds(t *testing.T) {
	now := time.Now()
	c := loginClient(t, "http://127.0.0.1:1")
	c.now = func() time.Time { return now }
	l := start(t, c, Ask{NoListener: true})
	p := l.Prompt()
	now = now.Add(5 * time.Minute)
	if err := l.Paste(redirectTo(p, url.Values{"code": {"c"}, "state": {query(t, p.URL).Get("state")}})); err == nil {
		t.Error("a state of 5 minutes was taken")
	}
}

func TestCancelLogin(t *testing.T) {
	l := start(t, loginClient(t, "http://127.0.0.1:1"), Ask{})
	p := l.Prompt()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !closed(t, hostOf(p.Redirect)) {
		t.Error("the listener is still open")
	}
}

// TestCloseBeforeServe: the port closes even where its goroutine has not begun.
func TestCloseBeforeServe(t *testing.T) {
	open, port, err := sockets("127.0.0.1", 0)
	if err != nil {
		t.Fatal(err)
	}
	in := &listener{server: &http.Server{ReadHeaderTimeout: headerTime}, sockets: open}
	in.close()
	if !closed(t, fmt.Sprint("127.0.0.1:", port)) {
		t.Error("the port is still open")
	}
}

func TestPortTaken(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // a test
	c := loginClient(t, "http://127.0.0.1:1")
	c.App.Redirect = "http://" + other.Addr().String() + "/x/callback"
	_, err = c.Start(Ask{})
	e, ok := errors.AsType[*PortError](err)
	if !ok || !e.Taken || e.Port != other.Addr().(*net.TCPAddr).Port {
		t.Fatalf("%v", err)
	}
	l := start(t, c, Ask{NoListener: true})
	if l.Prompt().Redirect != c.App.Redirect {
		t.Errorf("pasting leads back to %s", l.Prompt().Redirect)
	}
}

func TestLocalhostListensTwice(t *testing.T) {
	c := testClient(t, platforms.Facebook, "", "http://127.0.0.1:1")
	l := start(t, c, Ask{})
	p := l.Prompt()
	port := strings.Split(hostOf(p.Redirect), ":")[1]
	if !strings.HasPrefix(p.Redirect, "http://localhost:"+port+"/") || len(p.Redirect) < len("http://localhost:12345/")+43 {
		t.Errorf("the redirect %s has no random path", p.Redirect)
	}
	addresses := []string{"127.0.0.1"}
	if six, err := net.Listen("tcp", "[::1]:0"); err == nil { //nolint:noctx // a test
		_ = six.Close()
		addresses = append(addresses, "::1")
	}
	for _, a := range addresses {
		if closed(t, net.JoinHostPort(a, port)) {
			t.Errorf("%s is not listened to", a)
		}
	}
}

// TestAuthorizeURLs compares each platform's dialog with the fact sheet.
func TestAuthorizeURLs(t *testing.T) {
	for _, row := range []struct {
		id      platforms.ID
		variant Variant
		address string
		scope   string
		pkce    int // length of the challenge
		key     string
		listen  string
	}{
		{platforms.Facebook, "", "https://www.facebook.com/v26.0/dialog/oauth", "pages_show_list,pages_read_engagement,pages_manage_posts,business_management", 0, "client_id", "http://localhost:"},
		{platforms.Instagram, FacebookLogin, "https://www.facebook.com/v26.0/dialog/oauth", "instagram_basic,instagram_content_publish,pages_show_list,pages_read_engagement,business_management", 0, "client_id", "http://localhost:"},
		{platforms.Instagram, InstagramLogin, "https://www.instagram.com/oauth/authorize", "instagram_business_basic,instagram_business_content_publish", 0, "client_id", "https://app.example/cb"},
		{platforms.TikTok, "", "https://www.tiktok.com/v2/auth/authorize/", "user.info.basic,user.info.profile,video.publish,video.upload", 64, "client_key", "http://127.0.0.1:"},
		{platforms.LinkedIn, "", "https://www.linkedin.com/oauth/v2/authorization", "openid profile w_organization_social r_organization_social rw_organization_admin", 0, "client_id", "http://127.0.0.1:8976/"},
		{platforms.LinkedIn, Native, "https://www.linkedin.com/oauth/native-pkce/authorization", "openid profile w_organization_social r_organization_social rw_organization_admin", 43, "client_id", "http://127.0.0.1:"},
		{platforms.X, "", "https://x.com/i/oauth2/authorize", "tweet.read tweet.write users.read media.write offline.access", 43, "client_id", "http://127.0.0.1:8977/"},
	} {
		app := testApp()
		if row.variant == InstagramLogin {
			app.Redirect = row.listen
		}
		l, err := New(get(t, row.id, row.variant), app, testOptions()).Start(Ask{NoListener: true})
		if err != nil {
			t.Fatal(row.id, err)
		}
		p := l.Prompt()
		q := query(t, p.URL)
		base, _, _ := strings.Cut(p.URL, "?")
		switch {
		case base != row.address, q.Get("scope") != row.scope, len(q.Get("code_challenge")) != row.pkce,
			q.Get(row.key) != "client-7", q.Get("response_type") != "code", len(q.Get("state")) != 43,
			q.Get("redirect_uri") != p.Redirect, !strings.HasPrefix(p.Redirect, row.listen),
			row.pkce > 0 && q.Get("code_challenge_method") != "S256", row.key == "client_key" && q.Has("client_id"):
			t.Errorf("%s %s: %s", row.id, row.variant, p.URL)
		}
		verifier := l.verifier.Reveal()
		if row.pkce == 43 && q.Get("code_challenge") != oauth2.S256ChallengeFromVerifier(verifier) {
			t.Errorf("%s: the challenge does not belong to the verifier", row.id)
		}
		if len(verifier) != 43 {
			t.Errorf("%s: a verifier of %d characters", row.id, len(verifier))
		}
		l.Close()
	}
}

// TestExchangeForms compares each platform's exchange with the fact sheet.
func TestExchangeForms(t *testing.T) {
	for _, row := range []struct {
		id        platforms.ID
		variant   Variant
		public    bool
		has, lack []string
		basic     bool
	}{
		{platforms.Facebook, "", false, []string{"client_id=client-7", "client_secret="}, []string{"code_verifier"}, false},
		{platforms.TikTok, "", false, []string{"client_key=client-7", "client_secret=", "code_verifier="}, []string{"client_id"}, false},
		{platforms.TikTok, Business, false, []string{`"client_id":"client-7"`, `"auth_code":"` + canaryCode}, []string{"code_verifier"}, false},
		{platforms.LinkedIn, "", false, []string{"client_id=client-7", "client_secret="}, []string{"code_verifier"}, false},
		{platforms.LinkedIn, Native, true, []string{"client_id=client-7", "code_verifier="}, []string{"client_secret"}, false},
		{platforms.X, "", false, []string{"code_verifier="}, []string{"client_secret"}, true},
		{platforms.X, "", true, []string{"client_id=client-7", "code_verifier="}, []string{"client_secret"}, false},
	} {
		basic := false
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "POST" {
				_, _, basic = r.BasicAuth()
			}
			answering(200, tokenAnswer)(w, r)
		})
		c := testClient(t, row.id, row.variant, f.URL)
		if row.public {
			c.App.Secret = text.Secret{}
		}
		l := start(t, c, Ask{NoListener: true})
		p := l.Prompt()
		if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(row.id, err)
		}
		sent := f.asked[0]
		for _, s := range row.has {
			if !strings.Contains(sent, s) {
				t.Errorf("%s %s: no %s in %s", row.id, row.variant, s, sent)
			}
		}
		for _, s := range row.lack {
			if strings.Contains(sent, s) {
				t.Errorf("%s %s: %s in %s", row.id, row.variant, s, sent)
			}
		}
		if basic != row.basic {
			t.Errorf("%s: basic is %v", row.id, basic)
		}
	}
}

func TestNeverHarm(t *testing.T) {
	for _, row := range []struct {
		id    platforms.ID
		app   App
		ask   Ask
		harms bool
	}{
		{platforms.X, App{Aibrify: true}, Ask{}, true},
		{platforms.X, App{Aibrify: true}, Ask{Reconnect: true}, false},
		{platforms.X, App{}, Ask{}, false},
		{platforms.TikTok, App{Aibrify: true}, Ask{}, true},
		{platforms.TikTok, App{Aibrify: true}, Ask{Reconnect: true}, false},
		{platforms.LinkedIn, App{Aibrify: true}, Ask{}, true},
		{platforms.LinkedIn, App{Aibrify: true, LiveScopes: []string{"openid"}}, Ask{}, true},
		{platforms.LinkedIn, App{Aibrify: true, LiveScopes: linkedin().Scopes}, Ask{}, false},
		{platforms.Facebook, App{Aibrify: true}, Ask{}, false},
	} {
		row.app.ClientID, row.app.Secret = "client-7", text.NewSecret(canarySecret)
		row.ask.NoListener = true
		_, err := New(get(t, row.id, ""), row.app, testOptions()).Start(row.ask)
		e, refused := errors.AsType[*HarmError](err)
		if refused != row.harms || err != nil && !refused {
			t.Errorf("%s %+v %+v: %v", row.id, row.app, row.ask, err)
		}
		if refused && (e.Reason.Empty() || e.Platform != row.id) {
			t.Errorf("%s: no reason", row.id)
		}
	}
}

func TestIncompleteApps(t *testing.T) {
	for _, row := range []struct {
		id      platforms.ID
		variant Variant
		app     App
		field   string
	}{
		{platforms.X, "", App{}, "client id"},
		{platforms.Facebook, "", App{ClientID: "1"}, "client secret"},
		{platforms.Instagram, InstagramLogin, App{ClientID: "1", Secret: text.NewSecret("s")}, "redirect"},
		{platforms.X, "", App{ClientID: "1", Redirect: "http://evil.example/cb"}, "redirect"},
		{platforms.X, "", App{ClientID: "1", Redirect: "https://a.example/cb?x=1"}, "redirect"},
		{platforms.X, "", App{ClientID: "1", Redirect: "ftp://127.0.0.1/cb"}, "redirect"},
	} {
		_, err := New(get(t, row.id, row.variant), row.app, testOptions()).Start(Ask{})
		if e, ok := errors.AsType[*ConfigError](err); !ok || e.Field != row.field {
			t.Errorf("%s %+v: %v", row.id, row.app, err)
		}
	}
}

func TestIssuer(t *testing.T) {
	for iss, ok := range map[string]bool{"https://x.com": true, "https://evil.example": false, "": false, "x.com": false} {
		l := start(t, New(x(), testApp(), testOptions()), Ask{NoListener: true})
		p := l.Prompt()
		err := l.Paste(redirectTo(p, url.Values{"code": {"c"}, "state": {query(t, p.URL).Get("state")}, "iss": {iss}}))
		if (err == nil) != ok {
			t.Errorf("iss %q: %v", iss, err)
		}
		l.Close()
	}
}

func TestOverride(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://proxy.example/2": true, "http://127.0.0.1:8/2": true, "http://localhost/2": true, "http://[::1]:8": true,
		"http://proxy.example": false, "http://127.0.0.1.evil.example": false, "https://u:p@a.example": false,
		"https://a.example?x=1": false, "ftp://a.example": false, "": false, "a.example": false,
	} {
		s, err := x().Override(map[string]string{"api": address})
		if (err == nil) != ok || ok && (!s.Custom || s.Endpoints.API != address) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := x().Override(map[string]string{"nothing": "https://a.example"}); err == nil {
		t.Error("an unknown endpoint")
	}
	if x().Custom {
		t.Error("the built-in service is custom")
	}
}

func TestSaveFails(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	full := errors.New("the disk is full")
	l := start(t, loginClient(t, f.URL), Ask{NoListener: true, Save: func(Grant) error { return full }})
	p := l.Prompt()
	if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})); err != nil {
		t.Fatal(err)
	}
	g, err := l.Wait(t.Context())
	if !errors.Is(err, full) || g.Refresh.Reveal() != canaryRefresh {
		t.Errorf("%v: the grant is lost", err)
	}
}

func TestLongLived(t *testing.T) {
	for _, ok := range []bool{true, false} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == "POST":
				answering(200, `{"access_token":"short-token-1","expires_in":4815}`)(w, r)
			case ok:
				answering(200, `{"access_token":"`+canaryAccess+`","expires_in":5184000}`)(w, r)
			default:
				answering(400, `{"error":{"message":"no","type":"OAuthException","code":1}}`)(w, r)
			}
		})
		var saved []string
		c := testClient(t, platforms.Facebook, "", f.URL)
		l := start(t, c, Ask{NoListener: true, Save: func(g Grant) error { saved = append(saved, g.Access.Reveal()); return nil }})
		p := l.Prompt()
		if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}}) + "#_=_"); err != nil {
			t.Fatal(err)
		}
		g, err := l.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if wanted := map[bool]string{true: canaryAccess, false: "short-token-1"}[ok]; g.Access.Reveal() != wanted || g.Short.Empty() != ok || saved[len(saved)-1] != wanted {
			t.Errorf("long-lived %v: %+v", ok, g)
		}
		if n := f.count("fb_exchange_token="); n != 1 {
			t.Errorf("exchanged %d times", n)
		}
	}
}

func TestWrappedAnswers(t *testing.T) {
	c := New(instagramByInstagram(), testApp(), testOptions())
	for _, body := range []string{
		`{"access_token":"IGtok","user_id":17841405822304915,"permissions":"instagram_business_basic,instagram_business_content_publish"}`,
		`{"data":[{"access_token":"IGtok","user_id":"17841405822304915","permissions":["instagram_business_basic","instagram_business_content_publish"]}]}`,
	} {
		v, err := parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		g, err := c.grant(v, time.Now())
		if err != nil || g.Account.ID != "17841405822304915" || len(g.Scopes) != 2 {
			t.Errorf("%s: %+v %v", body, g, err)
		}
	}
	for _, body := range []string{`{}`, `{"access_token":""}`, `{"access_token":7}`, `{"access_token":"a b"}`, `{"access_token":"` + strings.Repeat("x", 2049) + `"}`, `{"access_token":"a\nb"}`} {
		v, err := parse([]byte(body))
		if err == nil {
			_, err = c.grant(v, time.Now())
		}
		if err == nil {
			t.Errorf("%.40s was taken", body)
		}
	}
}
