package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// A loginScene is one fault of a login: what goes wrong, and what must come of it.
type loginScene struct {
	name    string
	serve   http.HandlerFunc                 // the token endpoint; nil: a token
	change  func(*Client, *httptest.Server)  // may be nil
	save    func(Grant) error                // may be nil
	sent    func(good url.Values) []knock    // to the listener; nil: the right answer
	stop    func(exchanging <-chan struct{}) // returns when the program is closed; nil: it is not
	out     string                           // "grant", or the error's type
	kind    Kind                             // of a Fault
	timeout bool                             // a time-out ended it
	tries   int                              // how often a code was sent to the token endpoint
}

// A knock is one request to the listener, and its answer.
type knock struct {
	method string
	query  url.Values
	host   string // empty: the right one
	status int    // 0: the listener may close before it answers
}

func right(good url.Values) knock { return knock{http.MethodGet, good, "", http.StatusSeeOther} }
func wrong(q url.Values) knock    { return knock{http.MethodGet, q, "", http.StatusBadRequest} }

// with is q with other values of one parameter.
func with(q url.Values, key string, values ...string) url.Values {
	changed := maps.Clone(q)
	changed[key] = values
	return changed
}

func loginScenes(elsewhere string) []loginScene {
	flood := func(good url.Values) []knock {
		all := slices.Repeat([]knock{wrong(with(good, "state", "x"))}, maxBad)
		all[maxBad-1].status = 0
		return all
	}
	return []loginScene{
		{name: "port taken", change: func(c *Client, s *httptest.Server) { c.App.Redirect = s.URL + "/x/callback" }, out: "PortError"},
		{name: "no browser", change: func(c *Client, _ *httptest.Server) { c.wait = time.Millisecond }, sent: nobody, out: "TimeoutError", timeout: true},

		// What the listener refuses, and the right answer beside it.
		{name: "wrong state", sent: func(good url.Values) []knock {
			return []knock{wrong(with(good, "state", random())), right(good)}
		}, out: "grant", tries: 1},
		{name: "a second code after the first", sent: func(good url.Values) []knock {
			return []knock{right(good), wrong(with(good, "code", "another"))}
		}, out: "grant", tries: 1},
		{name: "foreign Host header", sent: func(good url.Values) []knock {
			return []knock{{http.MethodGet, good, "evil.example", http.StatusBadRequest}, right(good)}
		}, out: "grant", tries: 1},
		{name: "POST", sent: func(good url.Values) []knock {
			return []knock{{http.MethodPost, good, "", http.StatusBadRequest}, right(good)}
		}, out: "grant", tries: 1},
		{name: "two codes at once", sent: func(good url.Values) []knock {
			return []knock{wrong(with(good, "code", canaryCode, "another")), right(good)}
		}, out: "grant", tries: 1},
		{name: "20 wrong answers", sent: flood, out: "Restarted"},

		{name: "clean page not fetched", change: func(c *Client, _ *httptest.Server) { c.linger = time.Millisecond }, sent: func(good url.Values) []knock {
			return []knock{{method: http.MethodGet, query: good}}
		}, out: "grant", tries: 1},

		// What the token endpoint does. A code is good for one try.
		{name: "token: unreachable", change: func(c *Client, _ *httptest.Server) { c.Service.Endpoints.Token = "http://127.0.0.1:1/" }, out: "Fault", kind: Offline},
		{name: "token: 502 with HTML", serve: page4(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"), out: "Fault", kind: Unavailable, tries: 1},
		{name: "token: endless body", serve: endless(`{"access_token":"`, strings.Repeat("x", 4096)), out: "Fault", kind: TooLarge, tries: 1},
		{name: "token: 1 GB", serve: gigabyte, out: "Fault", kind: TooLarge, tries: 1},
		{name: "token: broken JSON", serve: answering(200, `{"access_token":}`), out: "Fault", kind: BrokenJSON, tries: 1},
		{name: "token: slow answer", serve: hang(""), change: short, out: "Fault", kind: TimedOut, timeout: true, tries: 1},
		{name: "token: slow body", serve: hang(`{"access_token":`), change: short, out: "Fault", kind: TimedOut, timeout: true, tries: 1},
		{name: "token: redirect to another host", serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
		}, out: "Fault", kind: Redirected, tries: 1},
		{name: "token: redirect loop", serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		}, out: "Fault", kind: Redirected, tries: 1},

		{name: "closed before the exchange", sent: nobody, stop: func(<-chan struct{}) {}, out: "Fault", kind: Cancelled},
		{name: "closed during the exchange", serve: hang(""), stop: func(exchanging <-chan struct{}) { <-exchanging }, out: "Fault", kind: Cancelled, tries: 1},
		{name: "saving fails", save: func(Grant) error { return errors.New("the disk is full") }, out: "SaveError", tries: 1},
	}
}

func nobody(url.Values) []knock { return nil }

// TestLoginFaults plays each fault against a login, and prints outcome, whether a
// time-out ended it, and memory held and allocated.
func TestLoginFaults(t *testing.T) {
	elsewhere := newFake(t, answering(200, tokenAnswer))
	for _, s := range loginScenes(elsewhere.URL) {
		t.Run(s.name, func(t *testing.T) { s.play(t) })
	}
	if len(elsewhere.asked) != 0 {
		t.Errorf("the code was sent elsewhere: %q", elsewhere.asked)
	}
}

func (s loginScene) play(t *testing.T) {
	serve, exchanging := s.serve, make(chan struct{}, 16)
	if serve == nil {
		serve = answering(200, tokenAnswer)
	}
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		exchanging <- struct{}{}
		serve(w, r)
	})
	c := loginClient(t, f.URL)
	c.wait, c.linger = time.Minute, time.Minute // nothing but a failure waits so long
	if s.change != nil {
		s.change(c, f.Server)
	}
	before, total, began := held(), allocated(), time.Now()
	w, opened := s.login(t, c, exchanging)
	took, memory, grown := time.Since(began), held()-before, allocated()-total
	ended := outcome(w.err) == "TimeoutError" || errors.Is(w.err, context.DeadlineExceeded)
	t.Logf("%-31s outcome %s, kind %s, ended by the time-out: %v, %d exchanges, held %d KiB of %d, %v", s.name, outcome(w.err), cmp.Or(kindOf(w.err), "none"), ended, f.count("POST"), memory>>10, grown>>10, took.Round(time.Millisecond))
	if outcome(w.err) != s.out || kindOf(w.err) != s.kind || ended != s.timeout {
		t.Errorf("%v", w.err)
	}
	// A grant that could not be saved comes all the same: it is the only copy.
	if is := w.grant.Access.Reveal() == canaryAccess; is != (s.out == "grant" || s.out == "SaveError") {
		t.Errorf("a grant: %v", is)
	}
	if f.count("POST") != s.tries || f.count("code="+canaryCode+"&") != s.tries {
		t.Errorf("exchanged: %q", f.asked)
	}
	for _, in := range opened {
		if !in.shut(t) {
			t.Errorf("%s is still open", in.host)
		}
	}
	if memory > 4<<20 || grown > 16<<20 {
		t.Errorf("%d MiB held, %d MiB allocated on the way", memory>>20, grown>>20)
	}
}

// shut tells that the port is closed. If somebody answers there although our own
// sockets are closed, another program got its number since.
func (in *listener) shut(t testing.TB) bool {
	t.Helper()
	return closed(t, in.host) || !slices.ContainsFunc(in.sockets, func(socket net.Listener) bool {
		return !errors.Is(socket.(*net.TCPListener).SetDeadline(time.Time{}), net.ErrClosed)
	})
}

// login is one login from its start to the end of its first wait, with what was
// listened to.
func (s loginScene) login(t *testing.T, c *Client, exchanging <-chan struct{}) (w waited, opened []*listener) {
	l, err := c.Start(Ask{Save: s.save})
	if err != nil {
		return waited{err: err}, nil
	}
	t.Cleanup(l.Close) // after it was seen that Wait closes
	opened = append(opened, l.listener)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p, done := l.Prompt(), make(chan waited, 1)
	go func() {
		g, err := l.Wait(ctx)
		done <- waited{g, err}
	}()
	s.knock(t, p)
	if s.stop != nil {
		s.stop(exchanging)
		cancel()
	}
	w = <-done
	if again, ok := errors.AsType[*Restarted](w.err); ok {
		opened = append(opened, l.listener)
		if closed(t, hostOf(again.Prompt.Redirect)) {
			t.Error("the new listener is not open")
		}
		l.Close()
	}
	return w, opened
}

// knock asks the listener what the scene says, in turn. If an answer was taken, the
// browser goes on to the clean page in the end.
func (s loginScene) knock(t *testing.T, p Prompt) {
	good := url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}}
	knocks := []knock{right(good)}
	if s.sent != nil {
		knocks = s.sent(good)
	}
	taken := false
	for n, k := range knocks {
		if k.status == 0 {
			k.dare(t, p)
			continue
		}
		status, _, _ := visit(t, k.method, redirectTo(p, k.query), k.host)
		if status != k.status {
			t.Errorf("knock %d: %d", n+1, status)
		}
		taken = taken || status == http.StatusSeeOther
	}
	if taken {
		goOn(t, p.Redirect)
	}
}

// goOn fetches the clean page, which ends the listener's wait for it.
func goOn(t testing.TB, redirect string) {
	t.Helper()
	if status, _, body := visit(t, http.MethodGet, "http://"+hostOf(redirect)+donePath, ""); status != http.StatusOK || body != page {
		t.Errorf("the clean page: %d %q", status, body)
	}
}

// dare knocks where the answer may not come any more.
func (k knock) dare(t *testing.T, p Prompt) {
	req, err := http.NewRequestWithContext(t.Context(), k.method, redirectTo(p, k.query), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := stopped.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

// allocated is all that was ever allocated, both ends of the wire: no peak is above
// its growth.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// outcome names what came out of a login.
func outcome(err error) string {
	if err == nil {
		return "grant"
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", err), "*live.")
}
