package live

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A scene is one fault of the wire: what serves it, and what must come of it.
type scene struct {
	name    string
	serve   http.HandlerFunc
	change  func(*Client, *httptest.Server)
	ctx     func(context.Context) (context.Context, context.CancelFunc)
	secure  func(*x509.Certificate) *tls.Config // what is trusted of a server with TLS; nil: it has none
	kind    Kind
	cause   platforms.Cause
	timeout bool // the time-out ended it
	tries   int  // how often it was asked; 0: never mind
}

func faultScenes() []scene {
	html := "<html><body><h1>502 Bad Gateway</h1></body></html>"
	return []scene{
		{name: "no network", change: func(_ *Client, s *httptest.Server) { s.Close() }, kind: Offline},
		{name: "DNS failure", change: func(c *Client, _ *httptest.Server) {
			dial(c, func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.x.com", IsNotFound: true}}
			})
		}, kind: NoName, tries: 0},
		{name: "TLS error: nobody vouches for it", secure: func(*x509.Certificate) *tls.Config { return newTransport().TLSClientConfig }, kind: BadTLS, tries: 0},
		{name: "TLS error: another host", secure: func(c *x509.Certificate) *tls.Config { return trusting(c, time.Now, "api.x.com") }, kind: BadTLS},
		{name: "wrong clock: behind", secure: func(c *x509.Certificate) *tls.Config {
			return trusting(c, func() time.Time { return c.NotBefore.Add(-time.Hour) }, "")
		}, kind: WrongClock},
		{name: "wrong clock: ahead", secure: func(c *x509.Certificate) *tls.Config {
			return trusting(c, func() time.Time { return c.NotAfter.Add(time.Hour) }, "")
		}, kind: WrongClock},
		{name: "connect hangs", change: func(c *Client, _ *httptest.Server) {
			dial(c, func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() })
			c.timeout = 20 * time.Millisecond
		}, kind: TimedOut, timeout: true},
		{name: "400 with HTML", serve: page4(400, html), kind: NotJSON, tries: 1},
		{name: "403 with HTML", serve: page4(403, html), kind: NotJSON, tries: 1},
		{name: "500 with HTML", serve: page4(500, html), kind: Unavailable, cause: platforms.PlatformOutage, tries: 3},
		{name: "502 with HTML", serve: page4(502, html), kind: Unavailable, cause: platforms.PlatformOutage, tries: 3},
		{name: "503 without a body", serve: answering(503, ""), kind: Unavailable, cause: platforms.PlatformOutage, tries: 3},
		{name: "200 with HTML", serve: page4(200, html), kind: NotJSON, tries: 1},
		{name: "429 without Retry-After", serve: answering(429, `{"title":"Too Many Requests","status":429}`), kind: Refused, cause: platforms.RateLimited, tries: 1},
		{name: "429 with Retry-After 2", serve: answering(429, `{"title":"Too Many Requests","status":429}`, "Retry-After", "2"), kind: Refused, cause: platforms.RateLimited, tries: 3},
		{name: "429 with Retry-After 61", serve: answering(429, "", "Retry-After", "61"), kind: Unavailable, cause: platforms.RateLimited, tries: 1},
		{name: "slow answer", serve: hang(""), change: short, kind: TimedOut, timeout: true, tries: 1},
		{name: "slow body", serve: hang(`{"data":`), change: short, kind: TimedOut, timeout: true, tries: 1},
		{name: "endless body", serve: endless(`{"data":"`, strings.Repeat("x", 4096)), kind: TooLarge, tries: 1},
		{name: "1 GB", serve: gigabyte, kind: TooLarge, tries: 1},
		{name: "1 GB inflated", serve: bomb, kind: TooLarge, tries: 1},
		{name: "endless headers", serve: manyHeaders, kind: TooLarge},
		{name: "broken JSON", serve: answering(200, `{"data":{"id":}`), kind: BrokenJSON, tries: 1},
		{name: "JSON cut", serve: answering(200, `{"data":{"id":"1"`), kind: BrokenJSON, tries: 1},
		{name: "body cut", serve: cutBody, kind: CutBody, tries: 3},
		{name: "two values", serve: answering(200, `{"data":{"id":"1"}} {}`), kind: BrokenJSON, tries: 1},
		{name: "deep JSON", serve: answering(200, strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40)), kind: TooDeep, tries: 1},
		{name: "a key twice", serve: answering(200, `{"data":{"id":"1","id":"2"}}`), kind: DuplicateKey, tries: 1},
		{name: "wrong type", serve: answering(200, `{"data":{"id":["1"]}}`), kind: WrongType, tries: 1},
		{name: "empty body", serve: answering(200, ""), kind: EmptyBody, tries: 1},
		{name: "redirect loop", serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
		}, kind: Redirected, tries: 1},
		{name: "redirect to another host", serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://evil.example/", http.StatusTemporaryRedirect)
		}, kind: Redirected, tries: 1},
		{name: "limit used up", change: func(c *Client, _ *httptest.Server) {
			c.heed(c.Service.Endpoints.API+"/users/me", http.Header{"X-Rate-Limit-Remaining": {"0"}, "X-Rate-Limit-Reset": {fmt.Sprint(time.Now().Add(time.Hour).Unix())}})
		}, kind: Held, cause: platforms.RateLimited},
		{name: "cancelled", serve: hang(""), ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			return ctx, cancel
		}, kind: Cancelled},
		{name: "the caller's time-out", serve: hang(""), ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Millisecond)
		}, kind: TimedOut, timeout: true},
	}
}

func dial(c *Client, f func(context.Context, string, string) (net.Conn, error)) {
	t := newTransport()
	t.DialContext = f
	c.http.Transport = t
}

// trusting trusts a certificate at a time, for a host if it is named.
func trusting(c *x509.Certificate, now func() time.Time, host string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(c)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, Time: now, ServerName: host}
}

func short(c *Client, _ *httptest.Server) { c.timeout = 30 * time.Millisecond }

func page4(status int, body string) http.HandlerFunc {
	return answering(status, body, "Content-Type", "text/html")
}

// hang sends a beginning and then nothing until the client is gone.
func hang(begin string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if begin != "" {
			_, _ = io.WriteString(w, begin)
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	}
}

func endless(begin, more string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, begin)
		for err == nil {
			_, err = io.WriteString(w, more)
		}
	}
}

func gigabyte(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1073741824")
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	for range 1 << 14 {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// bomb is 1 GB of zeros that is 1 MB on the wire.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	chunk := make([]byte, 64<<10)
	for range 1 << 14 {
		if _, err := z.Write(chunk); err != nil {
			return
		}
	}
	_ = z.Close()
}

func manyHeaders(w http.ResponseWriter, _ *http.Request) { raw(w, manyHeaderLines) }

func manyHeaderLines(b *bufio.ReadWriter) {
	_, _ = b.WriteString("HTTP/1.1 200 OK\r\n")
	for n := range 1 << 16 {
		if _, err := fmt.Fprintf(b, "X-%d: %s\r\n", n, strings.Repeat("x", 100)); err != nil {
			return
		}
	}
}

func cutBody(w http.ResponseWriter, _ *http.Request) {
	raw(w, func(b *bufio.ReadWriter) {
		_, _ = b.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"data\":")
	})
}

func raw(w http.ResponseWriter, write func(*bufio.ReadWriter)) {
	conn, b, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close() //nolint:errcheck // a test
	write(b)
	_ = b.Flush()
}

// TestFaults plays each fault against a check, and prints outcome, whether the
// time-out ended it, and memory held.
func TestFaults(t *testing.T) {
	for _, s := range faultScenes() {
		t.Run(s.name, func(t *testing.T) { s.play(t) })
	}
}

func (s scene) play(t *testing.T) {
	serve := s.serve
	if serve == nil {
		serve = answering(200, `{"data":{"id":"1","username":"u","name":"n"}}`)
	}
	arrived := make(chan struct{}, 16)
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		serve(w, r)
	})
	var slept []time.Duration
	c := testClient(t, platforms.X, "", f.URL)
	if s.secure != nil {
		c = s.overTLS(t, f)
	}
	c.sleep = func(ctx context.Context, d time.Duration) error { slept = append(slept, d); return ctx.Err() }
	if s.change != nil {
		s.change(c, f.Server)
	}
	ctx := t.Context()
	if s.ctx != nil {
		var cancel context.CancelFunc
		ctx, cancel = s.ctx(ctx)
		defer cancel()
		if s.kind == Cancelled {
			go func() { <-arrived; cancel() }()
		}
	}
	before := held()
	began := time.Now()
	r := c.Verify(ctx, testGrant(c), Plan{Paid: true})
	took, memory := time.Since(began), held()-before
	got := r.Findings[0]
	t.Logf("%-26s outcome %s, kind %s, ended by the time-out: %v, held %d KiB, %v", s.name, got.Outcome, kindOf(got.Err), errors.Is(got.Err, context.DeadlineExceeded), memory>>10, took.Round(time.Millisecond))
	if got.Outcome != platforms.Unsure || kindOf(got.Err) != s.kind || got.Cause != s.cause {
		t.Errorf("outcome %s, kind %s, cause %q (%s)", got.Outcome, kindOf(got.Err), got.Cause, got.Says)
	}
	if errors.Is(got.Err, context.DeadlineExceeded) != s.timeout {
		t.Errorf("ended by the time-out: %v", !s.timeout)
	}
	if memory > 4<<20 {
		t.Errorf("%d MiB held", memory>>20)
	}
	if n := f.count("GET /2/users/me"); s.tries != 0 && n != s.tries {
		t.Errorf("asked %d times", n)
	}
	for n, d := range slept {
		if d > maxRetryAfter || d <= 0 {
			t.Errorf("wait %d: %v", n, d)
		}
	}
	for _, later := range r.Findings[1:] {
		if later.Outcome != platforms.Skipped {
			t.Errorf("%s after it: %s", later.Check, later.Outcome)
		}
	}
	if r.Health.Colour != UnknownColour {
		t.Errorf("could not check is shown as %s", r.Health.Colour)
	}
}

// overTLS is a client that reaches f through TLS, and trusts what the scene says.
func (s scene) overTLS(t *testing.T, f *fake) *Client {
	t.Helper()
	server := httptest.NewUnstartedServer(f.Config.Handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of handshakes that are meant to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	c := testClient(t, platforms.X, "", server.URL)
	way := newTransport()
	way.TLSClientConfig = s.secure(server.Certificate())
	c.http.Transport = way
	return c
}

func kindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return ""
}

// held is the heap in use after a collection, signed so that less is less.
func held() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // a heap is smaller than 8 EiB
}

// TestPeakMemory bounds what is allocated on the way, not only what is held.
func TestPeakMemory(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{"1 GB": gigabyte, "1 GB inflated": bomb, "endless": endless("{", "        ")} {
		f := httptest.NewServer(h)
		c := testClient(t, platforms.X, "", f.URL)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := c.do(t.Context(), call{method: http.MethodGet, url: f.URL + "/x"})
		runtime.ReadMemStats(&after)
		f.Close()
		total := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%-14s %d MiB allocated in all, server included", name, total)
		if kindOf(err) != TooLarge || total > 16 {
			t.Errorf("%s: %v, %d MiB allocated", name, err, total)
		}
	}
}

// TestTLS: what is vouched for is taken, and nothing is taken unseen.
func TestTLS(t *testing.T) {
	f := httptest.NewUnstartedServer(answering(200, `{}`))
	f.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of handshakes that are meant to fail
	f.StartTLS()
	defer f.Close()
	c := testClient(t, platforms.X, "", f.URL)
	tr := newTransport()
	tr.TLSClientConfig = trusting(f.Certificate(), time.Now, "")
	c.http.Transport = tr
	if _, err := c.do(t.Context(), call{method: http.MethodGet, url: f.URL + "/x"}); err != nil {
		t.Errorf("a known certificate: %v", err)
	}
	if newTransport().TLSClientConfig.InsecureSkipVerify {
		t.Error("TLS is not verified")
	}
}

func TestSkew(t *testing.T) {
	now := time.Now()
	for off, reported := range map[time.Duration]bool{0: false, 299 * time.Second: false, 302 * time.Second: true, -302 * time.Second: true, 24 * time.Hour: true} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			answering(200, `{"data":{"id":"1","username":"u"}}`, "Date", now.UTC().Format(http.TimeFormat))(w, r)
		})
		c := testClient(t, platforms.X, "", f.URL)
		c.now = func() time.Time { return now.Add(off) }
		r := c.Verify(t.Context(), testGrant(c), Plan{Paid: true})
		if (r.Skew != 0) != reported || reported && (r.Skew-off).Abs() > time.Second {
			t.Errorf("%v off: reported %v", off, r.Skew)
		}
	}
}

func TestPostIsNotRetried(t *testing.T) {
	f := newFake(t, answering(503, "", "Retry-After", "0"))
	c := testClient(t, platforms.TikTok, "", f.URL)
	if _, err := c.do(t.Context(), call{method: http.MethodPost, url: f.URL + "/x", json: struct{}{}}); err == nil {
		t.Error("503 is a success")
	}
	if n := f.count("POST"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// TestTriesShareTheTime: three slow failures do not take three times 30 s.
func TestTriesShareTheTime(t *testing.T) {
	now := time.Now()
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		now = now.Add(16 * time.Second)
		answering(503, "")(w, r)
	})
	c := testClient(t, platforms.X, "", f.URL)
	c.now, c.timeout = func() time.Time { return now }, callTime
	if _, err := c.do(t.Context(), call{method: http.MethodGet, url: f.URL + "/x"}); err == nil {
		t.Error("503 is a success")
	}
	if n := f.count("GET"); n != 2 {
		t.Errorf("asked %d times, 16 s each", n)
	}
}

func TestAuthStaysAtItsHost(t *testing.T) {
	other := newFake(t, answering(200, `{"data":[]}`))
	var auth []string
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		auth = append(auth, r.Header.Get("Authorization"))
		next := `,"paging":{"cursors":{"after":"Q"},"next":"` + other.URL + `/steal?access_token=x"}`
		if r.URL.Query().Get("after") == "Q" {
			next = ""
		}
		answering(200, `{"data":[{"id":"1","name":"a","tasks":["MANAGE"]}]`+next+`}`)(w, r)
	})
	c := testClient(t, platforms.Facebook, "", f.URL)
	i := &inquiry{ctx: t.Context(), client: c, grant: &Grant{Access: text.NewSecret(canaryAccess)}, asked: map[string]asked{}}
	rows, err := i.rows("/me/accounts")
	if err != nil || len(rows) != 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if len(other.asked) != 0 {
		t.Errorf("the other host was asked: %q", other.asked)
	}
	if len(auth) == 0 || auth[0] != "Bearer "+canaryAccess {
		t.Errorf("authorization: %q", auth)
	}
	if n := f.count("access_token=" + canaryAccess); n != 0 {
		t.Error("the token is in an address")
	}
}

func TestMetaUsage(t *testing.T) {
	for header, full := range map[string]bool{
		`{"call_count":100,"total_time":3,"total_cputime":2}`:                                            true,
		`{"call_count":99,"total_time":3,"total_cputime":2}`:                                             false,
		`{"10":[{"type":"pages","call_count":10,"total_time":120,"estimated_time_to_regain_access":7}]}`: true,
		`nonsense`: false, "": false,
	} {
		is, minutes := usage(header)
		if is != full || full && strings.Contains(header, "regain") && minutes != 7 {
			t.Errorf("%s: %v, %d", header, is, minutes)
		}
	}
	f := newFake(t, answering(200, `{"id":"1","name":"n"}`, "X-App-Usage", `{"call_count":100}`))
	c := testClient(t, platforms.Facebook, "", f.URL)
	r := c.Verify(t.Context(), testGrant(c), Plan{})
	if r.Findings[0].Outcome != platforms.Pass || kindOf(r.Findings[1].Err) != Held || len(f.asked) != 1 {
		t.Errorf("%d calls; %v", len(f.asked), r.Findings[1].Err)
	}
}

// TestLimits compares the built-in limits with security.md.
func TestLimits(t *testing.T) {
	c := New(x(), testApp(), Options{Now: time.Now})
	tr, ok := c.http.Transport.(*http.Transport)
	if !ok || tr.TLSHandshakeTimeout != 10*time.Second || connectTime != 10*time.Second || c.timeout != 30*time.Second ||
		maxTries != 3 || maxRetryAfter != time.Minute || maxBody != 1<<20 || maxDepth != 32 || maxQuery != 8<<10 || maxBad != 20 {
		t.Errorf("a limit is not the one of security.md")
	}
	for n := range 100 {
		if d := c.jitter(firstWait); d <= 0 || d > firstWait {
			t.Errorf("jitter %d: %v", n, d)
		}
	}
}

func TestStrictJSON(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for body, kind := range map[string]Kind{
		`{"a":1}`: "", `[]`: "", deep(32): "", deep(33): TooDeep, "": EmptyBody, " \n": EmptyBody, "<html>": NotJSON, "null": NotJSON, `"a"`: NotJSON,
		`{"a":1,"a":1}`: DuplicateKey, `{"a":{"b":1,"b":2}}`: DuplicateKey, `{"a":1`: BrokenJSON, `{"a":1}}`: BrokenJSON, `{"a" 1}`: BrokenJSON, `{a:1}`: BrokenJSON, `[1,]`: BrokenJSON,
	} {
		if _, err := parse([]byte(body)); kindOf(err) != kind {
			t.Errorf("%.30s: %v", body, err)
		}
	}
	v, err := parse([]byte(`{"id":17841405822304915,"list":["a",1]}`))
	if err != nil || v.at("id").text() != "17841405822304915" || len(v.at("list").strings()) != 2 {
		t.Errorf("%v %v", v, err)
	}
}

// TestExchangeFaults plays the same faults at the exchange of the code: once asked,
// never a grant, never the platform's word where it gave none.
func TestExchangeFaults(t *testing.T) {
	for _, s := range faultScenes() {
		if s.serve == nil || s.ctx != nil || s.kind == WrongType {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			f := newFake(t, s.serve)
			c := loginClient(t, f.URL)
			if s.change != nil {
				s.change(c, f.Server)
			}
			l := start(t, c, Ask{})
			p, done := l.Prompt(), wait(t, l)
			before := held()
			visit(t, "GET", redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}}), "")
			w := <-done
			if memory := held() - before; memory > 4<<20 {
				t.Errorf("%d MiB held", memory>>20)
			}
			kind := kindOf(w.err)
			if e, ok := errors.AsType[*LoginError](w.err); ok {
				kind = Refused
				if e.Where != "token" || e.Verdict.Cause != s.cause {
					t.Errorf("%+v", e)
				}
			}
			if kind != s.kind || errors.Is(w.err, context.DeadlineExceeded) != s.timeout || !w.grant.Access.Empty() {
				t.Errorf("kind %s: %v", kind, w.err)
			}
			if n := f.count("POST"); n != 1 {
				t.Errorf("the code was sent %d times", n)
			}
			if !closed(t, hostOf(p.Redirect)) {
				t.Error("the listener is still open")
			}
		})
	}
}
