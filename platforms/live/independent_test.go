package live

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// issuerClients are both forms of X: without a secret the issuer demands PKCE,
// with one it does not. The secret has what a header has to escape.
var issuerClients = []struct{ name, id, secret string }{
	{"public client", "public", ""},
	{"client with a secret", "confidential", "s+c/r%t: =&\u00fc"},
}

// TestIndependentLogin is the life of a grant at a provider of another project.
func TestIndependentLogin(t *testing.T) {
	s := newIssuer(t)
	for _, row := range issuerClients {
		t.Run(row.name, func(t *testing.T) {
			c := s.client(t, row.id, row.secret, nil)
			l, p, in := s.begin(t, c)
			done := wait(t, l)
			land(t, s.browse(t, p.URL).String())
			w := <-done
			g := w.grant
			if w.err != nil || !s.takes(t, g.Access) || g.Refresh.Empty() || !g.Custom || g.Expires.IsZero() {
				t.Fatalf("no grant of the issuer's: %+v %v", g, w.err)
			}
			if !slices.Equal(g.Scopes, []string{"openid", "offline_access"}) || !slices.Equal(g.Declined, []string{"tweet.write"}) {
				t.Errorf("scopes %q, declined %q", g.Scopes, g.Declined)
			}
			if !in.shut(t) {
				t.Error("the listener is still open")
			}
			s.proves(t)
			s.renews(t, c, g)
		})
	}
}

// proves compares the last dialog with the last exchange, by RFC 7636 and not by
// our own code.
func (s *issuer) proves(t testing.TB) {
	t.Helper()
	dialogs, exchanges := s.saw(issuerDialog), s.saw(issuerToken)
	asked, verifier := dialogs[len(dialogs)-1], exchanges[len(exchanges)-1].Get("code_verifier")
	sum := sha256.Sum256([]byte(verifier))
	switch {
	case asked.Get("code_challenge_method") != "S256":
		t.Errorf("the dialog has the method %q", asked.Get("code_challenge_method"))
	case len(verifier) < 43:
		t.Errorf("a verifier of %d characters", len(verifier))
	case asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]):
		t.Error("the challenge does not belong to the verifier")
	}
}

// renews takes a grant through a renewal to its end. The issuer rotates.
func (s *issuer) renews(t testing.TB, c *Client, old Grant) {
	t.Helper()
	var kept Grant
	g, err := c.Renew(t.Context(), old, func(g Grant) error { kept = g; return nil })
	if err != nil || !s.takes(t, g.Access) || s.takes(t, old.Access) || g.Refresh.Reveal() == old.Refresh.Reveal() || kept.Fingerprint() != g.Fingerprint() {
		t.Fatalf("renewed: %+v %v", g, err)
	}
	again := New(c.Service, c.App, testOptions()) // c remembers the successor
	if _, err := again.Renew(t.Context(), old, nil); !refusedWith(err, "token", `"invalid_grant"`) {
		t.Errorf("a spent refresh token: %v", err)
	}
	if err := c.Revoke(t.Context(), g); err != nil || s.takes(t, g.Access) {
		t.Errorf("revoked: %v", err)
	}
}

// refusedWith tells that the issuer refused in its own words.
func refusedWith(err error, where, words string) bool {
	e, ok := errors.AsType[*LoginError](err)
	return ok && e.Where == where && strings.Contains(e.Says.String(), words)
}

// A tamper changes the form of each request on its way.
type tamper struct{ change func(url.Values) }

func (m tamper) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	m.change(form)
	changed := req.Clone(req.Context())
	body = []byte(form.Encode())
	changed.Body, changed.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return http.DefaultTransport.RoundTrip(changed)
}

// TestIndependentPKCE shows that the issuer holds a client to its verifier, also
// one with a secret.
func TestIndependentPKCE(t *testing.T) {
	s := newIssuer(t)
	for _, row := range []struct {
		name   string
		change func(url.Values)
		words  string // of the refusal; empty: there is none
	}{
		{"as it was sent", func(url.Values) {}, ""},
		{"another verifier", func(f url.Values) { f.Set("code_verifier", random()) }, `"invalid code_verifier"`},
		{"the challenge for a verifier", func(f url.Values) {
			dialogs := s.saw(issuerDialog)
			f.Set("code_verifier", dialogs[len(dialogs)-1].Get("code_challenge"))
		}, `"invalid code_verifier"`},
		{"an empty verifier", func(f url.Values) { f.Set("code_verifier", "") }, `"code_verifier required"`},
		{"no verifier", func(f url.Values) { f.Del("code_verifier") }, `"code_verifier required"`},
	} {
		for _, as := range issuerClients {
			t.Run(row.name+"/"+as.name, func(t *testing.T) {
				l, p, in := s.begin(t, s.client(t, as.id, as.secret, tamper{row.change}))
				done := wait(t, l)
				land(t, s.browse(t, p.URL).String())
				if w := <-done; row.words == "" {
					if w.err != nil || !s.takes(t, w.grant.Access) {
						t.Errorf("%v", w.err)
					}
					s.proves(t)
				} else {
					w.refused(t, "token", row.words)
				}
				if !in.shut(t) {
					t.Error("the listener is still open")
				}
			})
		}
	}
}

// refused wants the issuer's words and no part of a grant.
func (w waited) refused(t testing.TB, where, words string) {
	t.Helper()
	if e, ok := errors.AsType[*LoginError](w.err); ok {
		t.Logf("refused at the %s: %s", e.Where, e.Says)
	}
	if !refusedWith(w.err, where, words) {
		t.Errorf("not refused at the %s with %q: %#v", where, words, w.err)
	}
	if !w.grant.Access.Empty() || !w.grant.Refresh.Empty() {
		t.Error("a grant came with the refusal")
	}
}

// TestIndependentState brings a good code with a bad state: the listener refuses,
// asks the issuer nothing, and waits on for the right answer.
func TestIndependentState(t *testing.T) {
	s := newIssuer(t)
	for _, row := range []struct {
		name  string
		state func(t *testing.T, c *Client, right string) string
	}{
		{"wrong", func(*testing.T, *Client, string) string { return random() }},
		{"missing", func(*testing.T, *Client, string) string { return "" }},
		{"cut", func(_ *testing.T, _ *Client, right string) string { return right[:len(right)-1] }},
		{"of another login", func(t *testing.T, c *Client, _ string) string {
			return query(t, start(t, c, Ask{}).Prompt().URL).Get("state")
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := s.client(t, "public", "", nil)
			l, p, in := s.begin(t, c)
			right := s.browse(t, p.URL)
			wrong := replaced(right, map[string]string{"state": row.state(t, c, right.Query().Get("state"))})
			exchanges, done := len(s.saw(issuerToken)), wait(t, l)
			if status, h, _ := visit(t, http.MethodGet, wrong, ""); status != http.StatusBadRequest || h.Get("Location") != "" {
				t.Errorf("the listener answers %d", status)
			}
			select {
			case w := <-done:
				t.Fatalf("it ended the wait: %v", w.err)
			default:
			}
			if l.taken() || len(s.saw(issuerToken)) != exchanges {
				t.Error("it was taken")
			}
			land(t, right.String())
			if w := <-done; w.err != nil || !s.takes(t, w.grant.Access) {
				t.Errorf("the right one after it: %v", w.err)
			}
			if n := len(s.saw(issuerToken)) - exchanges; n != 1 || !in.shut(t) {
				t.Errorf("%d exchanges, or the listener is still open", n)
			}
		})
	}
}

// TestIndependentCodes brings a code that is not this login's with the right
// state. Only the issuer can tell, and its refusal ends the login.
func TestIndependentCodes(t *testing.T) {
	s := newIssuer(t)
	for _, row := range []struct {
		name, where, words string
		sent               func(t *testing.T, p Prompt) string
	}{
		{"made up", "token", `"invalid code"`, func(t *testing.T, p Prompt) string {
			return replaced(s.browse(t, p.URL), map[string]string{"code": "made-up-code"})
		}},
		{"used before", "token", `"invalid code"`, func(t *testing.T, p Prompt) string {
			return replaced(s.browse(t, p.URL), map[string]string{"code": s.spent(t)})
		}},
		// Its challenge is ours, so that nothing but the client is wrong.
		{"of a foreign client", "token", `{"error":"invalid_grant"}`, func(t *testing.T, p Prompt) string {
			s.register("foreign", "", p.Redirect)
			return s.other(t, p, map[string]string{"client_id": "foreign"})
		}},
		// What an attacker would put in: a code of our client, for another account.
		{"of our client, with another challenge", "token", `"invalid code_verifier"`, func(t *testing.T, p Prompt) string {
			return s.other(t, p, map[string]string{"code_challenge": random()})
		}},
		{"none, the issuer refuses", "redirect", "login_required", func(t *testing.T, p Prompt) string {
			return s.other(t, p, map[string]string{"prompt": "none"})
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			l, p, in := s.begin(t, s.client(t, "public", "", nil))
			sent := row.sent(t, p)
			exchanges, done := len(s.saw(issuerToken)), wait(t, l)
			land(t, sent)
			(<-done).refused(t, row.where, row.words)
			wanted := 1
			if row.where == "redirect" {
				wanted = 0
			}
			if n := len(s.saw(issuerToken)) - exchanges; n != wanted {
				t.Errorf("%d exchanges", n)
			}
			if !in.shut(t) {
				t.Error("the listener is still open")
			}
		})
	}
}

// spent is the code of a login that is over.
func (s *issuer) spent(t testing.TB) string {
	t.Helper()
	l, p, _ := s.begin(t, s.client(t, "public", "", nil))
	done, sent := wait(t, l), s.browse(t, p.URL)
	land(t, sent.String())
	if w := <-done; w.err != nil {
		t.Fatal(w.err)
	}
	return sent.Query().Get("code")
}

// other is where the issuer sends a browser whose dialog was changed.
func (s *issuer) other(t testing.TB, p Prompt, by map[string]string) string {
	t.Helper()
	dialog, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s.browse(t, replaced(dialog, by)).String()
}
