//go:build unix

package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/ptytest"
	"reconnect/platforms/sim"
)

// A liveRun is a home whose settings ask an imitation of the platforms, for the
// commands that do.
type liveRun struct {
	*simulated
	file string // config.toml
}

// custom is what every report says whose endpoints are others.
const custom = "Other endpoints than the platforms' own are asked (custom_endpoints = true in config.toml)."

// limit is what every report says of itself.
const limit = "This tells about the account. It does not prove that Aibrify's own permission is healthy."

// live is such a home. Secrets are kept in memory, unless changes say otherwise:
// pairs of what the settings have and what they are to have.
func live(t *testing.T, services []string, changes ...string) *liveRun {
	t.Helper()
	r := &liveRun{simulated: simulate(t, services...)}
	r.file = filepath.Join(r.home, "config.toml")
	r.change(changes...)
	return r
}

// change changes the settings once more.
func (r *liveRun) change(changes ...string) {
	r.t.Helper()
	raw, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	writeFile(r.t, r.file, strings.NewReplacer(changes...).Replace(string(raw)))
}

// anyPort is the line of an app whose address is registered exactly.
const anyPort = "redirect = \"http://127.0.0.1:0/callback\"\n"

func quote(s string) string { return fmt.Sprintf("%q", s) }

// A jsonReport is a report as --json prints it.
type jsonReport struct {
	Key, Service, Fingerprint, Account, Error string
	Custom                                    bool
	Findings                                  []struct{ Check, Outcome, Grade, Request, Field, Says, Mend, Answer, Cause string }
	Health                                    struct{ Colour, Reason string }
	Skew                                      time.Duration
}

// checkReports are those of --json, which is all that was printed.
func checkReports(t *testing.T, out string) []jsonReport {
	t.Helper()
	var got struct {
		Schema  int
		Custom  bool
		Reports []jsonReport
	}
	d := json.NewDecoder(strings.NewReader(out))
	if err := d.Decode(&got); err != nil || got.Schema != 1 || !got.Custom {
		t.Fatalf("no JSON: %v\n%s", err, out)
	}
	if err := d.Decode(new(any)); err != io.EOF {
		t.Fatalf("something follows the JSON: %v", err)
	}
	return got.Reports
}

// inFile has secrets kept in the encrypted file.
var inFile = []string{`secrets = "memory"`, `secrets = "file"`}

func (r *liveRun) options(args []string) ptytest.Options {
	return ptytest.Options{Bin: ptytest.Build(r.t), Home: r.home, Args: append(args, "--config", r.file), Env: r.env, Width: 160, Height: 50}
}

// terminal starts the program in a terminal.
func (r *liveRun) terminal(args ...string) *ptytest.Terminal {
	r.t.Helper()
	return ptytest.Start(r.t, r.options(args))
}

// pipe runs the program without a terminal.
func (r *liveRun) pipe(stdin string, args ...string) (out, errs string, code int) {
	r.t.Helper()
	return ptytest.Run(r.t, r.options(args), stdin)
}

// piped is everything that was written, when the program ended with code.
func (r *liveRun) piped(code int, stdin string, args ...string) (out, errs string) {
	r.t.Helper()
	out, errs, got := r.pipe(stdin, args...)
	if got != code {
		r.t.Fatalf("%v: code %d, want %d:\n%s%s", args, got, code, out, errs)
	}
	r.keepsSecrets(out, errs)
	return out, errs
}

var shownAddress = regexp.MustCompile(`(?m)^(http\S+[?&]state=\S+)\r?$`)

// address is the address that a login shows on a line of its own.
func (r *liveRun) address(x *ptytest.Terminal) string {
	r.t.Helper()
	x.Sees("Waiting until")
	m := shownAddress.FindSubmatch(x.AllOutput())
	if m == nil {
		r.t.Fatalf("no address on a line of its own:\n%s", x.AllOutput())
	}
	return string(m[1])
}

// choosePassphrase answers the questions for a new file of secrets.
func choosePassphrase(x *ptytest.Terminal) {
	x.Sees("Choose a passphrase").Type(filePhrase + "\n").Sees("once more").Type(filePhrase + "\n")
}

// ended is everything the program wrote, when it ended with code.
func (r *liveRun) ended(x *ptytest.Terminal, code int) string {
	r.t.Helper()
	got, said := x.Wait(), string(x.AllOutput())
	if got != code {
		r.t.Fatalf("code %d, want %d:\n%s", got, code, said)
	}
	r.keepsSecrets(said)
	return said
}

// keepsSecrets fails where something that was written holds a secret: a token that
// the platform gave out, or what an app or a file is opened with.
func (r *liveRun) keepsSecrets(texts ...string) {
	r.t.Helper()
	secrets := map[string]string{filePhrase: "the passphrase"}
	r.world.Edit(func(s *sim.State) {
		for value := range s.Tokens {
			secrets[value] = "a token"
		}
		for _, apps := range s.Apps {
			for _, a := range apps {
				secrets[a.Secret] = "a client secret"
			}
		}
	})
	delete(secrets, "")
	for _, said := range append(texts, string(folderBytes(r.t, filepath.Join(r.home, "data")))) {
		for _, secret := range slices.Sorted(maps.Keys(secrets)) {
			if strings.Contains(said, secret) || strings.Contains(said, url.QueryEscape(secret)) {
				r.t.Errorf("%s is in what was written", secrets[secret])
			}
		}
	}
}

// says fails where said lacks one of parts.
func says(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("lacks %q:\n%s", part, said)
		}
	}
}

// TestLiveServices signs in to every service in the browser, checks the account in
// a program that starts later, and gives the grant back.
func TestLiveServices(t *testing.T) {
	for key, svc := range imitations {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			r := live(t, []string{key}, inFile...)
			login := []string{"login", key}
			if svc == sim.Facebook { // the person has two Pages
				login = append(login, "--account", "Mika Bakes")
			}
			x := r.terminal(login...)
			choosePassphrase(x)
			says(t, r.ended(x, 0), "never publishes", custom, "Secrets are kept in the encrypted file", "Signed in.")

			x = r.terminal("check", key, "--paid")
			x.Sees("Passphrase of").Type(filePhrase + "\n")
			says(t, r.ended(x, 0), "● yes  ", "The evidence is probed", "1 of ", "● Green", custom, limit)

			r.world.Forget()
			x = r.terminal("logout", key, "--json")
			x.Sees("Passphrase of").Type(filePhrase + "\n")
			says(t, r.ended(x, 0), `"schema": 1`, `"forgotten": true`, "is forgotten.", fmt.Sprintf(`"revoked": %t`, svc != sim.Instagram),
				map[bool]string{true: "The platform took it back.", false: "https://www.instagram.com/accounts/manage_access/"}[svc != sim.Instagram])
			revoked := slices.ContainsFunc(r.world.Requests(), func(q sim.Request) bool { return q.Endpoint == sim.Revoke && q.Status == 200 })
			if revoked != (svc != sim.Instagram) {
				t.Errorf("revoked: %v, in %v", revoked, r.world.Requests())
			}
			if _, errs := r.piped(5, "", "check", key); !strings.Contains(errs, "no grant is held") {
				t.Errorf("after the logout: %s", errs)
			}
		})
	}
}

// TestLiveNative signs in to LinkedIn without a secret.
func TestLiveNative(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"linkedin"})
	e := r.world.Endpoints(sim.LinkedIn)
	r.change("[apps.linkedin", "[apps.linkedin-native", anyPort, "", quote(e.Authorize), quote(e.Native))
	r.env = slices.DeleteFunc(r.env, func(pair string) bool { return strings.HasPrefix(pair, "RECONNECT_SECRET") })
	out, _ := r.piped(0, "", "login", "linkedin-native")
	says(t, out, "● yes  This member is an admin of the Page.", "in memory alone")
}

// TestLoginEnvironment gives a browser no secret, and stdout nothing but JSON.
func TestLoginEnvironment(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"})
	seen := filepath.Join(r.home, "environment")
	at := slices.IndexFunc(r.env, func(pair string) bool { return strings.HasPrefix(pair, "PATH=") })
	script := filepath.Join(strings.TrimPrefix(r.env[at], "PATH="), "xdg-open")
	raw, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, script, strings.Replace(string(raw), "\n", "\nexport >'"+seen+"'\n", 1))
	r.env = append(r.env, "SOME_API_KEY=canary", "DISPLAY=:1")
	out, errs := r.piped(0, "", "login", "facebook", "--account", "Mika Bakes", "--json")
	if got := checkReports(t, out); len(got) != 1 || !strings.HasPrefix(got[0].Key, "facebook/") || got[0].Fingerprint == "" || got[0].Account != "Mika Bakes" || got[0].Health.Colour != "green" {
		t.Errorf("--json: %s", out)
	}
	says(t, errs, "never publishes", "Signed in.")
	given, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	says(t, string(given), "DISPLAY", "HOME")
	for _, not := range []string{"SECRET", "canary"} {
		if strings.Contains(string(given), not) {
			t.Errorf("the browser was given %s:\n%s", not, given)
		}
	}
}

// TestLoginRefused tells the platform's own words at the sign-in, and what they mean.
func TestLoginRefused(t *testing.T) {
	for key, row := range map[string]struct {
		consent sim.Consent
		words   []string
	}{
		"facebook":        {sim.Consent{Answer: sim.Cancel}, []string{"error=access_denied", "error_reason=user_denied", "User cancelled", "Next step:"}},
		"instagram-login": {sim.Consent{Answer: sim.Cancel}, []string{"error=access_denied", "User cancelled"}},
		"tiktok": {sim.Consent{Answer: sim.Refuse, Text: "error=access_denied&error_type=non_sandbox_target"},
			[]string{"error_type=non_sandbox_target", "App misconfigured", "Whose move:"}},
		"linkedin": {sim.Consent{Answer: sim.CancelLogin}, []string{"error=user_cancelled_login", "User cancelled"}},
		"x":        {sim.Consent{Answer: sim.Cancel}, []string{"error=access_denied", "User cancelled"}},
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			r := live(t, []string{key})
			r.world.Consent(imitations[key], row.consent)
			out, errs := r.piped(1, "", "login", key)
			says(t, out, append(row.words, "The platform said:")...)
			says(t, errs, "the platform gave no grant", "Nothing was kept")
			out, errs = r.piped(1, "", "login", key, "--json")
			says(t, errs, row.words...)
			if got := checkReports(t, out); len(got) != 1 || got[0].Findings[0].Check != "sign_in" || got[0].Findings[0].Answer == "" {
				t.Errorf("--json: %s", out)
			}
			if _, errs := r.piped(5, "", "check", key); !strings.Contains(errs, "reconnect login "+key) {
				t.Errorf("something was kept: %s", errs)
			}
		})
	}
}

// TestLoginLimited tells one time to try again: the platform's own.
func TestLoginLimited(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"linkedin"})
	r.world.Fault(sim.LinkedIn, sim.Token, sim.TooMany("600"))
	out, _ := r.piped(1, "", "login", "linkedin")
	says(t, out, "Rate limited", "1. Try again from ")
	if strings.Contains(out, "Wait an hour") {
		t.Errorf("two times:\n%s", out)
	}
}

// TestLoginHarm refuses what would break Aibrify's live connection, and asks nobody.
func TestLoginHarm(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"x", "linkedin", "tiktok"} {
		r := live(t, []string{key})
		r.change("[apps."+key+"]\n", "[apps."+key+"]\naibrify_app = true\n")
		_, errs := r.piped(1, "", "login", key)
		says(t, errs, "This is Aibrify's own app", "reconnect login "+key+" --reconnect")
		if asked := r.world.Requests(); len(asked) != 0 {
			t.Errorf("%s: the platform was asked: %v", key, asked)
		}
		out, _ := r.piped(0, "", "login", key, "--reconnect")
		says(t, out, "With Aibrify's own app", "It can end the grant that Aibrify has", "Signed in.", "Now connect the account in Aibrify's dashboard.")
		for _, not := range []string{"changes nothing", "app of your own"} {
			if strings.Contains(out, not) {
				t.Errorf("%s: says %q:\n%s", key, not, out)
			}
		}
	}
}

// TestLoginPaste signs in where no browser of this computer can answer.
func TestLoginPaste(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(*liveRun) []string{
		"asked for": func(*liveRun) []string { return []string{"--paste"} },
		"over SSH":  func(r *liveRun) []string { r.env = append(r.env, "SSH_TTY=/dev/pts/9"); return nil },
	} {
		r := live(t, []string{"x"})
		x := r.terminal(append([]string{"login", "x"}, how(r)...)...)
		address := r.address(x)
		x.Sees("lives for 30 seconds")
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		r.world.Register(sim.X, u.Query().Get("redirect_uri"))
		x.Type("hello there\n").Sees("That is no whole address")
		x.Type(u.Query().Get("redirect_uri") + "?code=1&state=2\n").Sees("does not belong to this sign-in")
		landed, err := r.world.Visit(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		x.Type(landed.Address + "\n")
		says(t, r.ended(x, 0), "The address was taken.", "Signed in.", "· Not checked")
		if len(r.landed) != 0 {
			t.Errorf("%s: a browser was opened", name)
		}
	}
}

// TestPastedCode pastes the address that holds the code where letters show, in the
// command and in the plain face: it is never on the screen, and letters show again
// at the end.
func TestPastedCode(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*liveRun) *ptytest.Terminal{
		"command": func(r *liveRun) *ptytest.Terminal { return r.terminal("login", "facebook", "--paste") },
		"plain":   plainSignIn,
	} {
		r := live(t, []string{"facebook"})
		x := begin(r)
		address := pasteAddress.FindString(string(x.Sees("It does not show.").AllOutput()))
		landed, err := r.world.Visit(t.Context(), address)
		if err != nil {
			t.Fatal(name, err)
		}
		u, err := url.Parse(landed.Address)
		if err != nil {
			t.Fatal(name, err)
		}
		x.Type(landed.Address[:len(landed.Address)/2] + "\n").Sees("That ")
		x.Type(landed.Address + "\n").Sees("The address was taken.")
		if name == "plain" {
			x.Sees("Take it: ").Press("ctrl+c")
		}
		if err := x.Restored(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		code := u.Query().Get("code")
		for _, secret := range []string{code, code[:8]} {
			if strings.Contains(string(x.AllOutput()), secret) {
				t.Errorf("%s: the code showed:\n%s", name, x.AllOutput())
			}
		}
	}
}

// pasteAddress is the address of a sign-in, alone on its line.
var pasteAddress = regexp.MustCompile(`(?m)^http\S+[?&]state=[\w-]+`)

// plainSignIn is the plain face that waits for a pasted address.
func plainSignIn(r *liveRun) *ptytest.Terminal {
	r.t.Helper()
	x := r.terminal("--plain", "--platform", "facebook")
	for _, step := range []struct{ sees, types string }{
		{"1 Instagram?", ""}, {"2 Facebook?", "3"}, {"3 TikTok?", ""}, {"4 LinkedIn?", ""}, {"5 X?", ""},
		{"A banner on the dashboard", ""}, {"What changed since Facebook last worked?", ""}, {"The Page in Aibrify", "Mika Bakes"},
		{"The Facebook login to use", "Mika Novak"}, {"Who connected it last?", ""}, {"What do you see now?", "3"},
		{"Are you an Admin of the Facebook Page?", "v"}, {howToAsk, "2"},
	} {
		x.Sees(step.sees).Type(step.types + "\n")
	}
	return x
}

// TestRestored: letters show again after a sign-in that was stopped or came to nothing.
func TestRestored(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"x"})
	x := r.terminal("login", "x", "--paste")
	r.address(x)
	x.Press("ctrl+c")
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
	if said := r.ended(x, 1); strings.Contains(said, "not checked") || !strings.Contains(said, "reconnect: stopped. Nothing was kept.") {
		t.Errorf("no calm end:\n%s", said)
	}
	r = live(t, []string{"facebook"})
	r.world.Consent(sim.Facebook, sim.Consent{Answer: sim.Cancel})
	x = r.terminal("login", "facebook")
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
}

// TestPhoneCode shows the code only where it is asked for.
func TestPhoneCode(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{{}, {"--qr"}} {
		r := live(t, []string{"x"})
		o := r.options(append([]string{"login", "x", "--no-browser"}, flags...))
		o.Height = 80
		x := ptytest.Start(t, o)
		r.address(x)
		x.Press("ctrl+c")
		said := r.ended(x, 1)
		if asked := len(flags) > 0; strings.Contains(said, "█▀") != asked || strings.Contains(said, "Add --qr") == asked {
			t.Errorf("%v:\n%s", flags, said)
		}
	}
}

// TestLoginStops ends at ctrl+c, at the end of the input, and where its port is
// taken; each with its reason, and nobody listens any more.
func TestLoginStops(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // nothing was said on it
	r := live(t, []string{"x"})
	r.change(anyPort, fmt.Sprintf("redirect = \"http://%s/callback\"\n", taken.Addr()))
	_, errs := r.piped(1, "", "login", "x")
	says(t, errs, "taken by another program", "reconnect login x --paste")
	_, errs = r.piped(1, "", "login", "x", "--paste")
	says(t, errs, "the input ended before an address was pasted")

	r = live(t, []string{"x"})
	x := r.terminal("login", "x", "--no-browser")
	u, err := url.Parse(r.address(x))
	if err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil {
		t.Fatal(err)
	}
	x.Press("ctrl+c")
	says(t, r.ended(x, 1), "stopped. Nothing was kept")
	if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", back.Host); err == nil {
		t.Errorf("somebody still listens to %s", c.RemoteAddr())
	}
}

// TestLoginForged gives a new address after too many wrong answers.
func TestLoginForged(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"})
	x := r.terminal("login", "facebook", "--no-browser")
	u, err := url.Parse(r.address(x))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		wrong, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.Query().Get("redirect_uri")+"?code=1&state=forged", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(wrong)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
	}
	// What is typed is answered after the new address was shown.
	x.Sees("The address above is dead").Type("hello\n").Sees("That is no whole address").Press("ctrl+c")
	shown := shownAddress.FindAllString(r.ended(x, 1), -1)
	if len(shown) != 2 || shown[0] == shown[1] {
		t.Errorf("addresses: %q", shown)
	}
}
