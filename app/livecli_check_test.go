//go:build unix

package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app"
	"reconnect/app/connection"
	"reconnect/app/ptytest"
	"reconnect/platforms"
	livecheck "reconnect/platforms/live"
	"reconnect/platforms/sim"
)

// TestCheckCodes inspects pasted tokens: each exit code, with what stands behind it.
func TestCheckCodes(t *testing.T) {
	const page = "1029384756"
	for name, row := range map[string]struct {
		key   string
		world func(*liveRun)
		args  string
		code  int
		says  []string
	}{
		"green": {"facebook", nil, "--id " + page, app.ExitFine, []string{"● Green", "● yes  The token works, until ", "● yes  The Page Mika Bakes is published."}},
		"soon": {"facebook", func(r *liveRun) {
			r.world.Edit(func(s *sim.State) {
				for _, token := range s.Tokens {
					token.Expires = time.Now().Add(5*24*time.Hour + time.Hour)
				}
			})
		}, "--id " + page, app.ExitAttention, []string{"▲ Yellow", "in 5 days"}},
		"role lost": {"facebook", func(r *liveRun) { r.world.Break(sim.Facebook, platforms.NotAdmin) }, "--id " + page, app.ExitBroken,
			[]string{"■ no  This person's Pages are there, and 1029384756 is not among them.", "■ Red",
				"cause: wrong account, or not admin, or missing permission, or account changed", "how to mend it: Sign in as the person who manages the Page and tick it", "it rests on: data[].id has it not", "asked: GET", "evidence: probed"}},
		"password": {"instagram-login", func(r *liveRun) { r.world.Break(sim.Instagram, platforms.PasswordChanged) }, "", app.ExitBroken,
			[]string{"■ no  ", "the platform's own words:", `"code":190`, "· not checked  3 checks. Not asked, because this stands first: "}},
		"wrong account": {"linkedin", nil, "--account Elsewhere", app.ExitBroken, []string{"■ no  This member has roles on other Pages, and none on Elsewhere."}},
		"a page of a proxy": {"linkedin", func(r *liveRun) { r.world.Fault(sim.LinkedIn, sim.Any, sim.HTML(502)) }, "", app.ExitUnchecked,
			[]string{"? could not check  Is the token active?", "? Could not check everything", "HTTP 502"}},
		"no way": {"linkedin", func(r *liveRun) { r.world.Fault(sim.LinkedIn, sim.Any, sim.Closed()) }, "", app.ExitUnchecked,
			[]string{"? could not check  Is the token active? No connection could be made.", "how to mend it: Check the network", "? Could not check everything. No connection could be made."}},
		"without a call": {"x", nil, "--only scopes", app.ExitFine, []string{"● Nothing wrong was found. Nothing was asked of the platform."}},
		"no end told":    {"tiktok", nil, "", app.ExitFine, []string{"● Nothing wrong was found", "did not say when it ends"}},
		"not paid":       {"x", nil, "", app.ExitUnchecked, []string{"· Not checked: nothing of this was asked", "0.010 USD"}},
		"paid":           {"x", nil, "--paid", app.ExitFine, []string{"Asking X costs money: about 0.010 USD", "● yes  X takes the sign-in of @mikabakes."}},
		"one check":      {"linkedin", nil, "--only role", app.ExitFine, []string{"● yes  This member is an admin of the Page."}},
		"in time":        {"linkedin", func(r *liveRun) { r.world.Fault(sim.LinkedIn, sim.Any, sim.Slow(nil)) }, "--timeout 1s", app.ExitUnchecked, []string{"? could not check  ", "Not asked. The time was over before all was asked.", "The time was over"}},
		"clock": {"linkedin", func(r *liveRun) { r.world.Skew(-10 * time.Minute) }, "", app.ExitFine,
			[]string{"the clock of this computer is 10m", "ahead of the platform's"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := live(t, []string{row.key})
			token := r.world.Issue(imitations[row.key]).Access
			if row.world != nil {
				row.world(r)
			}
			out, errs := r.piped(row.code, token+"\n", append([]string{"check", row.key, "--token", "-"}, strings.Fields(row.args)...)...)
			says(t, out, append(row.says, "a pasted token", custom)...)
			if asked := len(r.world.Requests()) > 0; strings.Contains(out, limit) != asked {
				t.Errorf("asked: %v, and it says:\n%s", asked, out)
			}
			if told := strings.Contains(out, "evidence: probed") || strings.Contains(out, "asked just now"); told && (name == "no way" || name == "in time") {
				t.Errorf("nobody answered, and it says:\n%s", out)
			}
			if errs != "" {
				t.Errorf("on stderr:\n%s", errs)
			}
			for _, q := range r.world.Requests() {
				if slices.Contains([]sim.Endpoint{sim.Token, sim.Refresh, sim.Exchange, sim.Revoke}, q.Endpoint) {
					t.Errorf("a pasted token was used for %s %s", q.Method, q.Path)
				}
			}
			if name == "one check" && strings.Contains(out, "userinfo") {
				t.Errorf("more than one check was made:\n%s", out)
			}
		})
	}
}

// TestCheckPastedExpired never renews a token that was pasted, also one that ran out.
func TestCheckPastedExpired(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"x", "tiktok", "linkedin"} {
		r := live(t, []string{key})
		token := r.world.Issue(imitations[key]).Access
		owner := r.world.Owner(imitations[key]).ID
		r.world.Edit(func(s *sim.State) { s.Expire(imitations[key].Site(), owner) })
		out, _ := r.piped(app.ExitBroken, token, "check", key, "--token", "-", "--paid", "--json")
		got := checkReports(t, out)
		if len(got) != 1 || got[0].Key != "" || got[0].Fingerprint == "" || got[0].Health.Colour != "red" || got[0].Service != key {
			t.Errorf("%s: %+v", key, got)
		}
		for _, q := range r.world.Requests() {
			if slices.Contains([]sim.Endpoint{sim.Token, sim.Refresh, sim.Revoke}, q.Endpoint) {
				t.Errorf("%s was asked to %s", key, q.Endpoint)
			}
		}
		if _, errs := r.piped(app.ExitUnchecked, "", "check", key); !strings.Contains(errs, "no grant is held") {
			t.Errorf("the token was kept: %s", errs)
		}
	}
}

// TestCheckPrompt takes a pasted token at a prompt that shows nothing.
func TestCheckPrompt(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"linkedin"})
	token := r.world.Issue(sim.LinkedIn).Access
	x := r.terminal("check", "linkedin", "--token", "-")
	x.Sees("Token of LinkedIn (it does not show").Type(token + "\n")
	says(t, r.ended(x, 0), "1 of 5  Is the token active", "● yes  ")
	x = r.terminal("check", "linkedin", "--token", "-")
	x.Sees("Token of LinkedIn (it does not show").Press("ctrl+c")
	says(t, r.ended(x, 1), "stopped. Nothing was kept")
	x = r.terminal("check", "linkedin", "--token", "-")
	x.Sees("Token of LinkedIn (it does not show").Press("ctrl+d")
	says(t, r.ended(x, 1), "the input ended before there was an answer")
}

// TestLiveErrors ends with the code of the error before anybody is asked.
func TestLiveErrors(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"x", "facebook"})
	for args, row := range map[string]struct {
		code int
		says string
	}{
		"check":                   {app.ExitUnchecked, "no grant is held on any platform"},
		"check x":                 {app.ExitUnchecked, "reconnect login x"},
		"check x --account @mika": {app.ExitUnchecked, "reconnect login x"},
		"check tiktok":            {app.ExitUnchecked, "no app is set up for TikTok"},
		"check tiktok --token -":  {app.ExitFailed, "no app is set up for TikTok"},
		"check x --token -":       {app.ExitFailed, "no token came in"},
		"check --token -":         {app.ExitUsage, "--token needs the name of the service"},
		"check x --token AAAA":    {app.ExitUsage, "a token is never an argument"},
		"check myspace":           {app.ExitUsage, "is no service. Known are instagram"},
		"check x facebook":        {app.ExitUsage, "one service"},
		"check x --only page":     {app.ExitUsage, "is no check here. Known are login, scopes, account, state"},
		"check x --timeout -1s":   {app.ExitUsage, "--timeout"},
		"login":                   {app.ExitUsage, "needs the name of one service"},
		"login myspace":           {app.ExitUsage, "is no service"},
		"login x/abcdef":          {app.ExitUsage, "is a grant"},
		"login linkedin":          {app.ExitFailed, "reconnect guide app linkedin"},
		"login feed":              {app.ExitFailed, "no feed is read from an address"},
		"logout myspace":          {app.ExitUsage, "is no service"},
		"logout --account @mika":  {app.ExitFailed, "None is held at all"},
	} {
		out, errs, code := r.pipe("", strings.Fields(args)...)
		if code != row.code || !strings.Contains(errs, row.says) || out != "" {
			t.Errorf("%s: code %d, want %d and %q:\n%s%s", args, code, row.code, row.says, out, errs)
		}
	}
	if asked := r.world.Requests(); len(asked) != 0 {
		t.Errorf("asked: %v", asked)
	}
	out, _ := r.piped(0, "", "logout")
	says(t, out, "No grant is held, so there is nothing to give back.")
	out, _ = r.piped(app.ExitUnchecked, "", "check", "--json")
	says(t, out, `"schema": 1`, `"reports": []`)
	out, _, _ = ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: r.home, Args: []string{"__complete", "login", ""}}, "")
	says(t, out, "instagram-login\n", "tiktok-business\n", "linkedin-native\n", "feed\n")
}

// TestTwoGrants has two grants: one command cannot mean both, a platform that is
// down keeps its own, and each is forgotten by itself.
func TestTwoGrants(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"x", "facebook"}, inFile...)
	x := r.terminal("login", "facebook", "--account", "Mika Bakes")
	choosePassphrase(x)
	says(t, r.ended(x, 0), "● yes  This person has full control of Mika Bakes.")
	unlocked := func(code int, args ...string) string {
		t.Helper()
		x := r.terminal(args...)
		x.Sees("Passphrase of").Type(filePhrase + "\n")
		return r.ended(x, code)
	}
	unlocked(0, "login", "x")
	says(t, unlocked(0, "check", "--paid"), "1 of 7  Does Facebook take the sign-in?", "1 of 4  Does X take the sign-in?", "Facebook · Mika Bakes", "X · @")
	_, errs := r.piped(2, "", "logout")
	says(t, errs, "several grants fit: facebook/", "(Mika Bakes), x/", "--all")
	_, errs = r.piped(1, "", "logout", "x/zzz")
	says(t, errs, "no grant is called x/zzz. Held are: facebook/")
	out, _ := r.piped(0, "", "logout", "tiktok")
	says(t, out, "No grant of tiktok is held, so there is nothing to give back. Held are: facebook/")
	r.change(`secrets = "file"`, `secrets = "memory"`)
	_, errs = r.piped(1, "", "logout", "x", "--forget")
	says(t, errs, `is kept elsewhere`, `Take secrets = "memory" out of config.toml`)
	if strings.Contains(errs, "Try again") {
		t.Errorf("it advises what failed:\n%s", errs)
	}
	r.change(`secrets = "memory"`, `secrets = "file"`)

	r.world.Edit(func(s *sim.State) { s.Outage[sim.X] = true })
	says(t, unlocked(1, "logout", "x"), "is kept, because the platform could not be told", "--forget")
	says(t, unlocked(0, "logout", "x", "--forget"), "is forgotten here. The platform was not told")
	says(t, unlocked(0, "logout", "--account", "mika bakes"), "The platform took it back.")
	r.piped(5, "", "check")
}

// TestFallsTogether: what else falls when a grant is given back is said before, and
// what became of it after. One that cannot be given back is kept.
func TestFallsTogether(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook", "instagram"}, inFile...)
	x := r.terminal("login", "facebook", "--account", "Mika Bakes")
	choosePassphrase(x)
	r.ended(x, 0)
	unlocked := func(code int, args ...string) string {
		t.Helper()
		x := r.terminal(args...)
		x.Sees("Passphrase of").Type(filePhrase + "\n")
		return r.ended(x, code)
	}
	unlocked(0, "login", "instagram", "--account", "@mikabakes")
	id := quote(r.world.App(sim.Facebook).ID)
	r.change("client_id = "+id, `client_id = "999"`)
	_, errs := r.piped(1, "", "logout", "facebook")
	says(t, errs, "is kept, because it cannot be given back", "reconnect logout facebook/", "--forget", "The person removes the app at https://www.facebook.com/")
	out, _ := r.piped(5, "", "check", "instagram")
	says(t, out, "was given to another app, or at other addresses", "its token is sent nowhere")
	r.change(`client_id = "999"`, "client_id = "+id)
	said := unlocked(0, "logout", "facebook", "--json")
	says(t, said, "It removes the app for the person who signed in", "Held with the same app: instagram/", "fell with it, and is forgotten, too.", `"fell_with": "facebook/`)
	if before, after := strings.Index(said, "is given back"), strings.Index(said, "The platform took it back."); before < 0 || after < before {
		t.Errorf("it is not said before:\n%s", said)
	}
	_, errs = r.piped(5, "", "check")
	says(t, errs, "no grant is held")
}

// TestCheckAsStatus: which of several Pages is meant has to be said, and that one's own
// grant ended could not be checked: both say so, and end alike.
func TestCheckAsStatus(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"}, inFile...)
	x := r.terminal("login", "facebook")
	choosePassphrase(x)
	says(t, r.ended(x, 0), "reaches Mika Bakes and Mika Bakes Wholesale, and which one should be connected was not said", "? Could not check everything.")
	check := func(code int, args ...string) string {
		t.Helper()
		x := r.terminal(append([]string{"check", "facebook"}, args...)...)
		x.Sees("Passphrase of").Type(filePhrase + "\n")
		return r.ended(x, code)
	}
	status := func(code int, parts ...string) {
		t.Helper()
		out, _ := r.piped(code, "", "status")
		says(t, strings.Join(strings.Fields(out), " "), parts...)
	}
	says(t, check(5), "to say it: --account NAME, or --id")
	status(5, "? Facebook Mika Novak could not check", "reaches Mika Bakes and Mika Bakes Wholesale", "reconnect check facebook --account NAME")
	owner := r.world.Owner(sim.Facebook).ID
	r.world.Edit(func(s *sim.State) { delete(s.Pages["1029384756"].Tasks, owner) })
	says(t, check(4, "--account", "Mika Bakes"), "Mika Bakes is not among them")
	status(4, "■ Facebook Mika Bakes account not ready")
	r.world.Edit(func(s *sim.State) { s.RemoveApp(sim.Facebook, owner) })
	says(t, check(5), "? Could not check everything. The sign-in of your own app has ended", "That says nothing of Aibrify's.")
	status(5, "? Facebook Mika Bakes could not check", "The sign-in of your own app has ended", "reconnect login facebook --account 'Mika Bakes'")
}

// TestCheckLocal: what is wrong on this computer is told as that, for each grant.
func TestCheckLocal(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"}, inFile...)
	x := r.terminal("login", "facebook")
	choosePassphrase(x)
	r.ended(x, 0)
	out, _ := r.piped(app.ExitUnchecked, "", "check", "--json")
	if got := checkReports(t, out); len(got) != 1 || !strings.Contains(got[0].Error, "passphrase") || got[0].Findings == nil || len(got[0].Findings) != 0 {
		t.Errorf("%+v", got)
	}
	if err := os.RemoveAll(filepath.Join(r.home, "data", "secrets")); err != nil {
		t.Fatal(err)
	}
	out, _ = r.piped(app.ExitUnchecked, "", "check")
	says(t, out, "? This computer was in the way: ", "reconnect login facebook", "· Not checked")
	if strings.Contains(out, "It only read") {
		t.Errorf("nothing was asked, and it says:\n%s", out)
	}
	out, _ = r.piped(0, "", "logout")
	says(t, out, "Its token was gone already.")
}

// TestWrongPassphrase asks for the passphrase three times, then could not check: no
// name of a secret is shown, and nothing is said to have been read.
func TestWrongPassphrase(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"}, inFile...)
	x := r.terminal("login", "facebook", "--account", "Mika Bakes")
	x.Sees("Choose a passphrase").Type("short\n").Sees("The passphrase has 5 characters; fewer than 8 are guessed quickly. Choose a passphrase")
	x.Type(filePhrase + "\n").Sees("once more").Type(filePhrase + "\n")
	r.ended(x, 0)
	for command, code := range map[string]int{"check": app.ExitUnchecked, "login facebook": app.ExitFailed, "logout": app.ExitFailed} {
		x := r.terminal(strings.Fields(command)...)
		x.Sees("Passphrase of").Type("wrong one\n").Sees("That did not open it").Type("wrong two\n")
		x.Type("wrong three\n")
		said := r.ended(x, code)
		says(t, said, "the passphrase does not open")
		if strings.Count(said, "Passphrase of") != 3 {
			t.Errorf("%s: not asked three times:\n%s", command, said)
		}
		for _, not := range []string{"grant/", "/access", "It only read. "} {
			if strings.Contains(said, not) {
				t.Errorf("%s: says %q:\n%s", command, not, said)
			}
		}
	}
	x = r.terminal("check")
	x.Sees("Passphrase of").Type("wrong one\n").Sees("That did not open it").Type(filePhrase + "\n")
	says(t, r.ended(x, 0), "● Green")
}

// TestFeedToken keeps the token of the feed, which does not show, and forgets it.
func TestFeedToken(t *testing.T) {
	t.Parallel()
	r := live(t, nil, inFile...)
	f, err := os.OpenFile(r.file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("[feed]\nurl = \"https://feed.example.com/connections\"\n"); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	x := r.terminal("login", "feed", "--json")
	choosePassphrase(x)
	x.Sees("Bearer token of the feed").Type("feed-canary-1234567890\n").Sees(`"kept": true`)
	if said := r.ended(x, 0); !strings.Contains(said, "The token of the feed is kept in the encrypted file") || strings.Contains(said, "canary") {
		t.Error(said)
	}
	if strings.Contains(string(folderBytes(t, filepath.Join(r.home, "data"))), "feed-canary") {
		t.Error("the token is on the disk as it is")
	}
	x = r.terminal("logout", "feed")
	x.Sees("Passphrase of").Type(filePhrase + "\n")
	says(t, r.ended(x, 0), "The token of the feed is forgotten here.")
	out, _ := r.piped(0, "", "logout", "feed") // the file went with its last secret
	says(t, out, "No token of the feed is kept here")
}

// TestStatusInTerminal asks for no passphrase there either, and names what does.
func TestStatusInTerminal(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"}, inFile...)
	x := r.terminal("login", "facebook", "--account", "Mika Bakes")
	choosePassphrase(x)
	r.ended(x, 0)
	said := r.ended(r.terminal("status"), app.ExitFine)
	says(t, said, "account ready", "it was not asked now", "status asks nobody for the", "reconnect check facebook")
	if strings.Contains(said, "Passphrase of") {
		t.Errorf("it asks:\n%s", said)
	}
}

// TestDoctorLive tries what asking the platforms stands on, and names nobody.
func TestDoctorLive(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook", "x"})
	out, errs := r.piped(0, "", "doctor")
	says(t, out, "● secrets   kept in memory", "● browser   can be opened", "● apps      facebook: an app of your own; its secret is in RECONNECT_SECRET_FACEBOOK",
		"● apps      x: an app of your own; it needs no secret", "● endpoints facebook: authorize, token, exchange, api, introspect, revoke answer (custom_endpoints)",
		"● endpoints x: authorize, token, refresh, api, revoke answer (custom_endpoints)", "● feed      not set", "● clock     right")
	for _, not := range []string{r.world.App(sim.Facebook).ID, r.world.App(sim.X).ID, "Mika", r.home, "127.0.0.1"} {
		if strings.Contains(out+errs, not) {
			t.Errorf("the report names %q:\n%s", not, out)
		}
	}
	r.world.Skew(time.Hour)
	out, _ = r.piped(0, "", "doctor")
	says(t, out, "▲ clock     the clock of this computer is", "behind the platform's")
	r.world.Close()
	out, errs = r.piped(1, "", "doctor")
	says(t, out, "■ endpoints facebook: authorize, token, exchange, api, introspect, revoke: no connection could be made (custom_endpoints)")
	says(t, errs, "See the part called endpoints")

	r = live(t, nil)
	r.env = append(r.env, "PATH="+t.TempDir(), "SSH_TTY=")
	out, _ = r.piped(0, "", "doctor")
	says(t, out, "● network   not tried", "● apps      none is set up", "▲ browser   no program")
}

// TestPlatformGuides: what each platform's README says of registering an app is what
// the program asks with.
func TestPlatformGuides(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, id := range platforms.IDs() {
		doc := document(t, "platforms/"+string(id)+"/README.md")
		if lines := strings.Count(doc, "\n"); lines > 90 {
			t.Errorf("%s: %d lines", id, lines)
		}
		for _, s := range connection.Services() {
			if s.ID != id {
				continue
			}
			wants := []string{"[apps." + s.Key + "]"}
			for _, scope := range s.Scopes {
				wants = append(wants, "`"+scope+"`")
			}
			for _, check := range s.Checks {
				wants = append(wants, "`"+check.ID+"`")
			}
			if wants = append(wants, s.Redirect.Register.String()); s.Redirect.Register.Empty() {
				wants = append(wants, "http://"+s.Redirect.Host)
			}
			if id == platforms.LinkedIn {
				wants = append(wants, livecheck.LinkedInVersion)
			}
			if !s.Public || id == platforms.X {
				wants = append(wants, connection.Variable(s.Key))
			}
			says(t, doc, wants...)
		}
		for i, m := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(doc, -1) {
			// Lines that are switched off are right as well.
			for _, settings := range []string{m[1], strings.ReplaceAll(m[1], "\n# ", "\n")} {
				file := writeFile(t, filepath.Join(home, "config.toml"), settings)
				if _, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"cases", "--config", file}}, ""); code != 0 {
					t.Errorf("%s, settings %d: %s\n%s", id, i+1, errs, settings)
				}
			}
		}
	}
}

// TestForgetApp: forgetting forgets the client secret that is kept, and one in the
// environment is not.
func TestForgetApp(t *testing.T) {
	t.Parallel()
	r := live(t, []string{"facebook"}, inFile...)
	x := r.terminal("login", "facebook")
	choosePassphrase(x)
	r.ended(x, 0)
	x = r.terminal("logout", "facebook", "--forget", "--json")
	x.Sees("Passphrase of").Type(filePhrase + "\n")
	said := r.ended(x, 0)
	says(t, said, "is forgotten here.", `"client_secrets": [`)
	if strings.Contains(said, "The client secret of your Facebook app is forgotten, too.") {
		t.Error("it came from the environment, and is there still")
	}
}
