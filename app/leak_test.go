//go:build unix

package app_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"reconnect/app/ptytest"
	"reconnect/platforms"
)

// A wiretap stands between the program and the imitation, and keeps every token,
// code, verifier and secret that goes through.
type wiretap struct {
	mu   sync.Mutex
	kept map[string]bool
}

// secretKeys are the names under which a secret travels, in a query, a form or JSON.
var secretKeys = regexp.MustCompile(`(?:^|[?&"{,\s])(access_token|refresh_token|code|auth_code|code_verifier|client_secret|fb_exchange_token|input_token|token)"?\s*[=:]\s*"?([^"&\s,}#]{8,})`)

// bearers are the headers that carry one.
var bearers = []string{"Authorization", "Access-Token", "Location"}

func (w *wiretap) hear(words string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, found := range secretKeys.FindAllStringSubmatch(words, -1) {
		w.kept[found[2]] = true
		if plain, err := url.QueryUnescape(found[2]); err == nil {
			w.kept[plain] = true
		}
	}
}

// headers hears what a header carries.
func (w *wiretap) headers(h http.Header) {
	for _, name := range bearers {
		value := h.Get(name)
		w.hear(value)
		if sort, token, ok := strings.Cut(value, " "); ok && len(token) > 8 {
			w.mu.Lock()
			w.kept[token] = true
			if plain, err := base64.StdEncoding.DecodeString(token); sort == "Basic" && err == nil {
				_, secret, _ := strings.Cut(string(plain), ":")
				w.kept[secret] = true
			}
			w.mu.Unlock()
		}
	}
}

// before is an address that leads through the wiretap to target.
func (w *wiretap) before(t *testing.T, target string) string {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	through := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			body, _ := io.ReadAll(r.In.Body) // what cannot be read fails at the imitation
			r.Out.Body = io.NopCloser(bytes.NewReader(body))
			w.hear(r.In.URL.RawQuery)
			w.hear(string(body))
			w.headers(r.In.Header)
			r.SetURL(to)
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			w.hear(string(body))
			w.headers(r.Header)
			return err
		},
	})
	t.Cleanup(through.Close)
	return through.URL
}

// secrets are what went through, the longest first.
func (w *wiretap) secrets() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for s := range w.kept {
		if len(s) >= 8 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// tapped is a home whose program goes through a wiretap.
func tapped(t *testing.T, service string) (*simulated, *wiretap) {
	t.Helper()
	s, w := simulate(t, service), &wiretap{kept: map[string]bool{filePhrase: true}}
	path := filepath.Join(s.home, "config.toml")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	base := s.world.Base(imitations[service])
	through := w.before(t, base)
	s.bases[through] = imitations[service]
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(raw), base, through)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.setting("secrets = \"file\"")
	return s, w
}

// TestNothingLeaks signs in, asks, records an error that has every secret in it, ends
// in mid-login, prints every report and signs out, with the file for secrets: no token,
// code, verifier, secret or passphrase that went over the wire is in a file or in what
// was printed.
func TestNothingLeaks(t *testing.T) {
	for service := range imitations {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			s, w := tapped(t, service)
			printed := fullRun(t, s, w, service)
			printed["files"] = folderBytes(t, s.home)
			secrets := w.secrets()
			if len(secrets) < 4 {
				t.Fatalf("only %d secrets went through", len(secrets))
			}
			for where, got := range printed {
				if len(got) == 0 {
					t.Errorf("%s: %s printed nothing", service, where)
				}
				for _, secret := range secrets {
					if bytes.Contains(got, []byte(secret)) {
						t.Errorf("%s: %s has a secret of %d characters: %.6s…", service, where, len(secret), secret)
					}
				}
			}
			t.Logf("%s: %d secrets, %d places", service, len(secrets), len(printed))
		})
	}
}

// fullRun does everything, and gives what was printed.
func fullRun(t *testing.T, s *simulated, w *wiretap, service string) map[string][]byte {
	t.Helper()
	printed := map[string][]byte{}
	run := func(name string, does func(x *ptytest.Terminal), args ...string) {
		t.Helper()
		x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Home: s.home, Env: s.env, Width: 100, Height: 50,
			Args: append(args, "--config", s.home+"/config.toml")})
		does(x)
		x.Wait()
		printed[name] = x.AllOutput()
	}
	come := func() {
		t.Helper()
		if at := <-s.landed; at.err != nil {
			t.Fatal(at.err)
		}
	}
	run("login", func(x *ptytest.Terminal) {
		x.Sees("Choose a passphrase").Type(filePhrase + "\n").Sees("once more").Type(filePhrase + "\n")
		come()
	}, "login", service, "--account", s.account(service))
	id := ""
	run("wizard", func(x *ptytest.Terminal) { id = verified(t, s, service, x, come) }, "--platform", string(s.platform(service)))
	run("error", func(x *ptytest.Terminal) { record(x, w.secrets()) }, "--case", id)
	delete(printed, "error") // what somebody pastes is on the screen until it is saved
	run("killed in mid-login", func(x *ptytest.Terminal) {
		p := &prober{simulated: s, x: x, service: service}
		p.unlocked()
		p.way("Sign in on another device")
		x.Sees("Paste the address that").Signal(syscall.SIGQUIT)
	}, "--case", id)
	run("check", func(x *ptytest.Terminal) { x.Sees("Passphrase").Type(filePhrase + "\n") }, "check", service, "--json", "--paid")
	for _, args := range [][]string{{"status", "--json"}, {"status", "--ics"}, {"cases", "show", id, "--json"}, {"message", id, "--format", "json"}, {"message", id}, {"doctor", "--json"}} {
		run(strings.Join(args[:1], " "), func(*ptytest.Terminal) {}, args...)
	}
	run("logout", func(x *ptytest.Terminal) { x.Sees("Passphrase").Type(filePhrase + "\n") }, "logout", service)
	return printed
}

// record records an error in which each secret stands, as platforms, browsers and logs
// write them.
func record(x *ptytest.Terminal, secrets []string) {
	said := "begin"
	for _, s := range secrets {
		s = url.QueryEscape(s)
		said += "\n{\"error\":{\"message\":\"Error validating\",\"code\":190},\"access_token\":\"" + s + "\"}" +
			"\nGET /callback?code=" + s + "&state=x HTTP/1.1\nclient_secret=" + s + "&code_verifier=" + s + "\nAuthorization: Bearer " + s
	}
	saved := x.Sees("v verify").Saved()
	x.Press("e").Sees("The exact error").Paste(said).Sees("this says").Press("ctrl+s").SeesSaved(saved + 1).Press("ctrl+c")
}

// verified asks in the wizard, and gives the case's id.
func verified(t *testing.T, s *simulated, service string, x *ptytest.Terminal, come func()) (id string) {
	t.Helper()
	svc, err := platforms.Get(string(s.platform(service)))
	if err != nil {
		t.Fatal(err)
	}
	x.Sees("What does Aibrify show?")
	w := walk{screenWalker{t, x}, svc}
	w.board(map[platforms.ID]platforms.Colour{svc.ID: platforms.Red})
	w.form(w.title("changed"), "")
	w.form(w.title("account"), s.account(service), "Mika Novak", "")
	p := &prober{simulated: s, x: x, service: service}
	p.unlocked()
	p.way(inBrowser)
	come()
	x.Sees(whatNext)
	id = regexp.MustCompile(`case (\w{4})`).FindStringSubmatch(x.Screen())[1]
	x.Press("q")
	return id
}

// unlocked asks with the grant that is held, whose file has to be opened first.
func (p *prober) unlocked() {
	p.t.Helper()
	p.x.Sees("v verify").Press("v")
	if p.service == "x" { // it costs, so it is not taken at once
		p.choose("Ask as ")
	}
	p.x.Sees("Passphrase").Type(filePhrase + "\n").Sees(whatNext)
}
