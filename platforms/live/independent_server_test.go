package live

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// An issuer is an OpenID provider that shares no code with this package: another
// project's, with its own login page and its own idea of the protocol. It keeps
// what it was asked.
type issuer struct {
	*httptest.Server
	clients map[string]*storage.Client

	mu    sync.Mutex
	asked map[string][]url.Values // path → query and form of each request
}

const (
	issuerDialog = "/auth"
	issuerToken  = "/oauth/token"
)

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	silence(t)
	s := &issuer{Server: httptest.NewUnstartedServer(nil), clients: map[string]*storage.Client{}, asked: map[string][]url.Values{}}
	address := "http://" + s.Listener.Addr().String()
	kept := storage.NewStorageWithClients(storage.NewUserStore(address), s.clients)
	s.Config.Handler = s.watch(exampleop.SetupServer(address, kept, nil, false))
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// silence keeps the issuer's log out of the test's. It goes by the log package,
// since a replaced default of slog cannot be put back.
func silence(t testing.TB) {
	before := log.Writer()
	log.SetOutput(io.Discard)
	t.Cleanup(func() { log.SetOutput(before) })
}

func (s *issuer) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			panic(err)
		}
		s.mu.Lock()
		s.asked[r.URL.Path] = append(s.asked[r.URL.Path], r.Form)
		s.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// saw is what was asked at a path.
func (s *issuer) saw(path string) []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// client is X moved to the issuer, as a public client or as one with a secret. X
// is the one with a loopback redirect, S256 and refresh tokens. The scopes are the
// issuer's, and one that it does not have.
func (s *issuer) client(t testing.TB, id, secret string, through http.RoundTripper) *Client {
	t.Helper()
	moved, err := get(t, platforms.X, "").Override(map[string]string{
		"authorize": s.URL + issuerDialog, "token": s.URL + issuerToken, "refresh": s.URL + issuerToken, "revoke": s.URL + "/revoke",
	})
	if err != nil {
		t.Fatal(err)
	}
	moved.Scopes = []string{"openid", "offline_access", "tweet.write"}
	o := testOptions()
	o.Transport, o.Wait, o.Linger = through, time.Minute, time.Minute // nothing but a failure waits so long
	return New(moved, App{ClientID: id, Secret: text.NewSecret(secret), Redirect: "http://127.0.0.1:0/x/callback"}, o)
}

// begin starts a login and registers where it leads back to, which is known only
// then.
func (s *issuer) begin(t testing.TB, c *Client) (*Login, Prompt, *listener) {
	t.Helper()
	l := start(t, c, Ask{})
	p := l.Prompt()
	s.register(c.App.ClientID, c.App.Secret.Reveal(), p.Redirect)
	return l, p, l.listener
}

// register makes a client known: without a secret a native one, whose port is free.
func (s *issuer) register(id, secret, redirect string) {
	s.clients[id] = storage.NativeClient(id, redirect)
	if secret != "" {
		s.clients[id] = storage.WebClient(id, secret, redirect)
	}
}

// browse opens an address, signs in where a page asks for it, and follows until it
// is sent away from the issuer. That address is the result; nobody went there yet.
func (s *issuer) browse(t testing.TB, address string) *url.URL {
	t.Helper()
	at, sent := s.follow(t, http.MethodGet, address)
	if id := at.Query().Get("authRequestID"); sent == nil && id != "" {
		form := url.Values{"id": {id}, "username": {"test-user2"}, "password": {"verysecure"}}
		at, sent = s.follow(t, http.MethodPost, s.URL+"/login/username?"+form.Encode())
	}
	if sent == nil {
		t.Fatalf("the browser is left at %s", at)
	}
	return sent
}

// follow follows redirects as long as they stay at the issuer: at is the last page
// there, sent is where else it sends, nil if nowhere.
func (s *issuer) follow(t testing.TB, method, address string) (at, sent *url.URL) {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		if next.URL.Host != hostOf(s.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	sent, _ = res.Location() // its error is that there is none
	return res.Request.URL, sent
}

// takes tells whether the issuer knows an access token.
func (s *issuer) takes(t testing.TB, token text.Secret) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/userinfo", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	res, err := stopped.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// land brings an address to the listener, as the browser would, and goes on to
// the clean page.
func land(t testing.TB, address string) {
	t.Helper()
	status, h, _ := visit(t, http.MethodGet, address, "")
	if status != http.StatusSeeOther || h.Get("Location") != donePath {
		t.Fatalf("the listener answers %d %v", status, h)
	}
	goOn(t, address)
}

// replaced is an address with other parameters; an empty value takes one out.
func replaced(address *url.URL, by map[string]string) string {
	u, q := *address, address.Query()
	for k, v := range by {
		if q.Set(k, v); v == "" {
			q.Del(k)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
