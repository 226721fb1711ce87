package live

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Secrets that must never show up anywhere.
const (
	canaryAccess  = "canary-access-5f2d8c1ab4e7"
	canaryRefresh = "canary-refresh-93b7d0ce61f8"
	canarySecret  = "canary-secret-0a4c77e2d915"
	canaryCode    = "canary-code-c8e31b9f0d26"
)

// served is the service with all its endpoints moved to one server, paths kept.
func served(t testing.TB, s Service, base string) Service {
	t.Helper()
	by := map[string]string{}
	for name, address := range s.Endpoints.fields() {
		if *address == "" {
			continue
		}
		u, err := url.Parse(*address)
		if err != nil {
			t.Fatal(err)
		}
		by[name] = base + u.Path
	}
	moved, err := s.Override(by)
	if err != nil {
		t.Fatal(err)
	}
	return moved
}

func get(t testing.TB, id platforms.ID, v Variant) Service {
	t.Helper()
	s, ok := Get(id, v)
	if !ok {
		t.Fatalf("no service %s %s", id, v)
	}
	return s
}

// A fake answers what the test says, and keeps what it was asked.
type fake struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // method, path, query or form
}

func newFake(t testing.TB, h http.HandlerFunc) *fake {
	t.Helper()
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.asked = append(f.asked, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		f.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		h(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) count(part string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.asked {
		if strings.Contains(a, part) {
			n++
		}
	}
	return n
}

// answering answers everything alike.
func answering(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func testOptions() Options {
	return Options{Now: time.Now, Sleep: noSleep, Linger: time.Millisecond, Timeout: 10 * time.Second}
}

func testApp() App {
	return App{ClientID: "client-7", Secret: text.NewSecret(canarySecret)}
}

func testGrant(c *Client) Grant {
	return Grant{
		Platform: c.Service.ID, Variant: c.Service.Variant, Custom: c.Service.Custom, Home: c.Service.home(),
		Client: fingerprint(c.App.ClientID), Issued: c.now(),
		Access: text.NewSecret(canaryAccess), Refresh: text.NewSecret(canaryRefresh), Expires: c.now().Add(time.Hour),
		Scopes: c.Service.Scopes, Account: Account{ID: "me-1"},
	}
}

// client is a client of a service whose endpoints are all at base.
func testClient(t testing.TB, id platforms.ID, v Variant, base string) *Client {
	t.Helper()
	return New(served(t, get(t, id, v), base), testApp(), testOptions())
}

// closed tells that nobody listens at an address.
func closed(t testing.TB, address string) bool {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err != nil
}
