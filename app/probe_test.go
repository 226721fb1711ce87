//go:build unix

package app_test

import (
	"encoding/json"
	"html"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"reconnect/app/message"
	"reconnect/app/ptytest"
	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// A prober is somebody at a case who lets the platform be asked.
type prober struct {
	*simulated
	x       *ptytest.Terminal
	service string
}

const (
	whatNext   = "How do you go on?"
	howToAsk   = "How shall it be asked?"
	inBrowser  = "Sign in with the browser of this computer"
	pageErrors = "The page shows an error instead"
)

// A catalogued is what the list of errors has and v named: a cause, or the condition that
// it was concluded from.
type catalogued struct {
	cause     platforms.Cause
	condition string
}

// TestProbe hides every cause that the list of errors knows for a platform, behind
// a connection that shows red: v names it. Put right, v finds it in order.
func TestProbe(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	named := make(chan map[platforms.ID][]catalogued, len(imitations))
	t.Run("services", func(t *testing.T) {
		for service := range imitations {
			t.Run(service, func(t *testing.T) {
				t.Parallel()
				p := startProber(t, service)
				named <- map[platforms.ID][]catalogued{p.platform(service): p.troubles()}
			})
		}
	})
	close(named)
	known := map[platforms.ID][]catalogued{}
	for some := range named {
		for id, causes := range some {
			known[id] = append(known[id], causes...)
		}
	}
	for id, rows := range catalogue(t) {
		for _, row := range rows {
			if !slices.ContainsFunc(known[id], func(s catalogued) bool {
				return s.cause == row.cause && (row.condition == "" || s.condition == row.condition)
			}) {
				t.Errorf("%s: nothing showed %s %s", id, row.cause, row.condition)
			}
		}
	}
}

// catalogue is every cause that the list of errors has for a platform, and every
// condition.
func catalogue(t *testing.T) map[platforms.ID][]catalogued {
	t.Helper()
	raw, err := os.ReadFile("../platforms/explain/testdata/errors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	known := map[platforms.ID][]catalogued{}
	for line := range strings.Lines(string(raw)) {
		var row struct {
			Platform platforms.ID
			Cause    platforms.Cause
			Match    struct{ Condition string }
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if row.Platform != "any" && row.Cause != platforms.UnknownCause {
			known[row.Platform] = append(known[row.Platform], catalogued{row.Cause, row.Match.Condition})
		}
	}
	return known
}

// startProber is at the first step of a red case, and signed in once.
func startProber(t *testing.T, service string) *prober {
	t.Helper()
	p := &prober{simulated: simulate(t, service), service: service}
	p.toFirstStep()
	p.x.Press("v").Sees(howToAsk)
	if screen := p.signIn(); !inOrder(screen) {
		t.Fatalf("%s is not in order to begin with:\n%s", service, screen)
	}
	return p
}

// toFirstStep brings a red case to its first step.
func (p *prober) toFirstStep() {
	p.t.Helper()
	service, t := p.service, p.t
	svc, err := platforms.Get(string(p.platform(service)))
	if err != nil {
		t.Fatal(err)
	}
	p.start("--platform", string(svc.ID)).Sees("What does Aibrify show?")
	w := walk{screenWalker{t, p.x}, svc}
	w.board(map[platforms.ID]platforms.Colour{svc.ID: platforms.Red})
	w.form(w.title("changed"), "")
	w.form(w.title("account"), p.account(service), "Mika Novak", "")
	p.x.Sees(w.title("reconnect"), "v verify")
}

// start starts the program.
func (p *prober) start(args ...string) *ptytest.Terminal {
	p.t.Helper()
	p.x = ptytest.Start(p.t, ptytest.Options{Bin: ptytest.Build(p.t), Home: p.home, Env: p.env, Width: 100, Height: 40,
		Args: append(args, "--config", p.home+"/config.toml")})
	return p.x
}

// anew leaves the program and comes back to its case: what it knew of the
// platform's limits is forgotten.
func (p *prober) anew() {
	p.t.Helper()
	id := regexp.MustCompile(`case (\w{4})`).FindStringSubmatch(p.x.Screen())[1]
	p.x.Press("q").Wait()
	p.start("--case", id).Sees("v verify").Press("v").Sees(howToAsk)
}

// signIn signs in through the browser, and gives what was found.
func (p *prober) signIn() string {
	p.t.Helper()
	saved := p.x.Saved()
	p.way(inBrowser)
	if at := <-p.landed; at.err != nil {
		p.t.Fatal(at.err)
	}
	return p.x.SeesSaved(saved + 1).Sees(whatNext).Screen()
}

// signInBriefly signs in for an access that is to be renewed the next time it is used.
func (p *prober) signInBriefly() {
	p.t.Helper()
	brief := func(d time.Duration) { p.world.Edit(func(s *sim.State) { s.Brief = d }) }
	brief(9 * time.Second) // less than what Grant.Stale leaves for the way
	p.signIn()
	brief(0)
}

// ask asks with the grant that is held, and gives what was found.
func (p *prober) ask() string {
	p.t.Helper()
	saved := p.x.Saved()
	p.way("Ask as ")
	return p.x.SeesSaved(saved + 1).Sees(whatNext).Screen()
}

// way asks in the way with that label, also where it is behind the others.
func (p *prober) way(label string) {
	p.t.Helper()
	if screen := p.x.Screen(); !strings.Contains(screen, label) && strings.Contains(screen, otherWay) {
		p.choose(otherWay)
		p.x.Sees(howToAsk)
	}
	p.choose(label)
}

// choose takes the choice with that label.
func (p *prober) choose(label string) {
	p.t.Helper()
	number := regexp.MustCompile(`(\d) (?:Again: )?` + regexp.QuoteMeta(label)).FindStringSubmatch(p.x.Sees(label).Screen())
	if number == nil {
		p.t.Fatalf("no number stands before %q:\n%s", label, p.x.Screen())
	}
	p.x.Press(number[1])
}

// troubles hides one trouble after the other, and gives what was named.
func (p *prober) troubles() []catalogued {
	p.t.Helper()
	var named []catalogued
	for _, trouble := range sim.Troubles(imitations[p.service]) {
		if trouble.At == sim.Refresh {
			p.signInBriefly()
		}
		p.stranger.Store(trouble.Name == "redirect not registered")
		p.world.Apply(trouble)
		screen := p.look(trouble)
		if !p.names(screen, trouble) {
			p.t.Errorf("%s, %s: %s is not named:\n%s", p.service, trouble.Name, trouble.Cause, screen)
		}
		named = append(named, catalogued{trouble.Cause, trouble.Concludes})
		p.world.Undo(trouble)
		p.stranger.Store(false)
		if trouble.Cause == platforms.RateLimited {
			p.anew()
		}
		if screen := p.signIn(); !inOrder(screen) {
			p.t.Errorf("%s, %s: mended, and still:\n%s", p.service, trouble.Name, screen)
		}
	}
	return named
}

// look is what is shown with a trouble: by asking, or by signing in where it shows
// only there.
func (p *prober) look(trouble sim.Trouble) string {
	p.t.Helper()
	if !trouble.Login && trouble.At != sim.Authorize && trouble.At != sim.Token {
		return p.ask()
	}
	saved := p.x.Saved()
	p.way(inBrowser)
	at := <-p.landed
	switch {
	case at.err != nil:
		p.t.Fatal(at.err)
	case strings.Contains(at.Page, "The answer arrived"):
		return p.x.SeesSaved(saved + 1).Sees(whatNext).Screen()
	}
	// The page never calls back: its words are typed in.
	p.choose(pageErrors)
	p.x.Sees("What does the page say?").Paste(words(at.Page)).Press("ctrl+s")
	return p.x.SeesSaved(saved + 1).Sees(whatNext).Screen()
}

// otherWay leads from what was found to the ways to ask.
const otherWay = "Ask in another way"

// found begins each line of what was found.
var found = regexp.MustCompile(`(?m)^ +(cause|because|no|could not check|yes) `)

// inOrder tells whether all that was asked is in order, and something was.
func inOrder(screen string) bool {
	yes := false
	for _, line := range found.FindAllStringSubmatch(screen, -1) {
		if line[1] != "yes" {
			return false
		}
		yes = true
	}
	return yes
}

// words are what a page says.
func words(page string) string {
	text := regexp.MustCompile(`(?s)<(style|script|title).*?</(style|script|title)>|<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

// vague are the troubles that the platform does not tell apart from another one, with
// the cause that it speaks for most. The true one stands behind it.
var vague = map[string]platforms.Cause{
	"facebook, Page deleted":    platforms.NotAdmin,  // the Page is not in the list any more, as for a person who lost the role
	"facebook, Page not ticked": platforms.NotAdmin,  // and it is in no portfolio that would tell
	"instagram, role lost":      platforms.NotLinked, // the linked Page is not in the list, and another one is
	"instagram, account gone":   platforms.NotLinked,
}

// named is what stands behind the words for a cause, up to its grade.
var named = regexp.MustCompile(` (cause|because) (.*?) (probed|seen)`)

// names tells whether the screen names the cause of a trouble first, or the one that
// the platform's answer speaks for and then the true one.
func (p *prober) names(screen string, trouble sim.Trouble) bool {
	first, speaksFor := trouble.Cause, vague[p.service+", "+trouble.Name]
	for _, found := range named.FindAllStringSubmatch(strings.Join(strings.Fields(screen), " "), -1) {
		said, _, _ := strings.Cut(found[2], ";") // when to ask again stands behind it
		causes := strings.Split(said, ", or ")
		has := func(c platforms.Cause) bool { return slices.Contains(causes, message.CauseWords(c).String()) }
		switch says := func(c platforms.Cause) bool { return c != "" && causes[0] == message.CauseWords(c).String() }; {
		case speaksFor != "":
			if says(speaksFor) && has(first) {
				return true
			}
		case says(first), says(trouble.Looks):
			return true
		}
	}
	return false
}

// TestProbePlain asks in the plain face: the passphrase does not show, the browser
// comes back by itself, and what was found fills the check in.
func TestProbePlain(t *testing.T) {
	t.Parallel()
	s := simulate(t, "facebook")
	s.setting("secrets = \"file\"")
	owner := s.world.Owner(sim.Facebook).ID
	s.world.Edit(func(state *sim.State) { state.Pages["1029384756"].Tasks[owner] = []string{"CREATE_CONTENT"} })
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Home: s.home, Env: s.env, Width: 100, Height: 50,
		Args: []string{"--plain", "--platform", "facebook", "--config", s.home + "/config.toml"}})
	answer := func(sees, types string) {
		t.Helper()
		x.Sees(sees).Type(types + "\n")
	}
	answer("1 Instagram?", "")
	answer("2 Facebook?", "3")
	answer("3 TikTok?", "")
	answer("4 LinkedIn?", "")
	answer("5 X?", "")
	answer("A banner on the dashboard", "")
	answer("What changed since Facebook last worked?", "")
	answer("The Page in Aibrify", "Mika Bakes")
	answer("The Facebook login to use", "Mika Novak")
	answer("Who connected it last?", "")
	answer("What do you see now?", "3")
	answer("Are you an Admin of the Facebook Page?", "v")
	answer(howToAsk, "1")
	answer("Choose a passphrase", "abc")
	answer("The passphrase has 3 characters", filePhrase)
	answer("The same passphrase once more", "another one")
	answer("The two passphrases differ", filePhrase)
	answer("The same passphrase once more", filePhrase)
	x.Sees("http://127.0.0.1:", "Or paste the address that the browser landed on")
	if at := <-s.landed; at.err != nil {
		t.Fatal(at.err)
	}
	x.Sees("The sign-in is kept in the encrypted file")
	answer("Take it: Admin of the Page: no", "1")
	x.Sees("Somebody else")
	if strings.Contains(string(x.AllOutput()), filePhrase) {
		t.Error("the passphrase showed")
	}
}

// TestStopPlain: in the plain face the address of the sign-in has its time and its
// code for the phone; once the browser is back nothing waits for an address any more,
// and the word stop ends the checks.
func TestStopPlain(t *testing.T) {
	t.Parallel()
	s := simulate(t, "linkedin")
	s.world.Fault(sim.LinkedIn, sim.Roles, sim.Slow(nil))
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Home: s.home, Env: s.env, Width: 100, Height: 80,
		Args: []string{"--plain", "--platform", "linkedin", "--config", s.home + "/config.toml"}})
	for _, step := range []struct{ sees, types string }{
		{"1 Instagram?", ""}, {"2 Facebook?", ""}, {"3 TikTok?", ""}, {"4 LinkedIn?", "3"}, {"5 X?", ""},
		{"A banner on the dashboard", ""}, {"What changed since LinkedIn last worked?", ""}, {"The Page in Aibrify", "Mika Bakes"},
		{"The LinkedIn login to use", "Mika Novak"}, {"Who connected it last?", ""}, {"What do you see now?", "v"}, {howToAsk, "2"},
	} {
		x.Sees(step.sees).Type(step.types + "\n")
	}
	x.Sees("until:", "Other endpoints").Type("Q\n").Sees("█").Type("?\n").Sees("Q: ")
	address := pasteAddress.FindString(string(x.AllOutput()))
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s.world.Register(sim.LinkedIn, u.Query().Get("redirect_uri"))
	landed, err := s.world.Visit(t.Context(), address)
	if err != nil || landed.Address == "" {
		t.Fatal(landed, err)
	}
	x.Type(landed.Address + "\n").Sees("The address was taken.").Sees("of ").Type("stop\n").Sees("Stopped.").Sees("How do you go on?")
}

// filePhrase opens the file with the secrets.
const filePhrase = "correct horse battery"

// TestQuitInMidLogin leaves the program while the browser is waited for: it ends at
// once, and the port is closed.
func TestQuitInMidLogin(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(x *ptytest.Terminal){
		"ctrl+c": func(x *ptytest.Terminal) { x.Press("ctrl+c") },
		"q":      func(x *ptytest.Terminal) { x.Press("q") },
		"SIGHUP": func(x *ptytest.Terminal) { x.Signal(syscall.SIGHUP) },
	} {
		p := &prober{simulated: simulate(t, "facebook"), service: "facebook"}
		p.world.Consent(sim.Facebook, sim.Consent{Answer: sim.Silence})
		p.toFirstStep()
		p.x.Press("v").Sees(howToAsk)
		p.way(inBrowser)
		at := <-p.landed
		u, err := url.Parse(at.address)
		if at.err != nil || err != nil {
			t.Fatal(at.err, err)
		}
		p.x.Sees("Paste the address that")
		leave(p.x)
		if code := p.x.Wait(); code != 0 {
			t.Errorf("%s: left with %d", name, code)
		}
		if err := p.x.Restored(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		back, err := url.Parse(u.Query().Get("redirect_uri"))
		if err != nil {
			t.Fatal(err)
		}
		if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", back.Port())); err == nil {
			_ = conn.Close()
			t.Errorf("%s: the port is still open", name)
		}
	}
}
