package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
)

// A walker answers pages the way a person does. The full screen and the plain
// face each have one, so that the same walk runs in both.
type walker interface {
	board(colours map[platforms.ID]platforms.Colour) // the status board
	pick(title, label string)                        // a page with choices: the title seen, the choice taken
	nth(title, label string, n int)                  // the same, where a time of day ends the label of choice n
	form(title string, fields ...string)             // a page with fields
	write(title, words string)                       // a page with one long text
	key(title, key string)                           // an act
	says(words ...string)                            // what the page has to say, each within one line
	end(title string)                                // the last page
}

// A walk is one case from the board to an end.
type walk struct {
	walker
	svc platforms.Service
}

var (
	account = "Example Bakery"
	login   = "owner@example.com"
)

func (w walk) fill(s text.Safe) string {
	g := w.svc.Guide()
	return s.Fill(map[string]text.Safe{"platform": g.Name, "noun": g.Noun, "login": g.Login,
		"account": text.Line(account), "use": text.Line(login)}).String()
}

func (w walk) title(page string) string { return w.fill(w.svc.Guide().Pages[page].Title) }

// on answers a page of the guide with one of its choices.
func (w walk) on(page, choice string) walk {
	w.pick(w.title(page), w.label(page, choice))
	return w
}

// label is how the guide words a choice.
func (w walk) label(page, choice string) string {
	for _, c := range w.svc.Guide().Pages[page].Choices {
		if c.ID == choice {
			return w.fill(c.Label)
		}
	}
	panic(page + " has no choice " + choice)
}

// toReconnect walks from the board to the first try.
func (w walk) toReconnect(c platforms.Colour) walk {
	w.board(map[platforms.ID]platforms.Colour{w.svc.ID: c})
	w.form(w.title("changed"), "")
	return w.account()
}

// account writes down which account it is, and with which login.
func (w walk) account() walk {
	w.form(w.title("account"), account, login, "")
	return w
}

// checks answers every check with outcome: the platform's own, then whether it is up.
func (w walk) checks(outcome string) walk {
	for _, c := range w.svc.Guide().Checks {
		if c.Change == "" { // the others are answered by what changed lately
			w.check(c.ID, outcome)
		}
	}
	return w.outage(outcome)
}

// outage answers whether the platform is up, where a page says so.
func (w walk) outage(outcome string) walk {
	if _, asked := w.svc.Guide().Check("outage"); asked {
		w.check("outage", outcome)
	}
	return w
}

// check answers one check.
func (w walk) check(id, outcome string) walk {
	c, ok := w.svc.Guide().Check(id)
	if !ok {
		panic(w.svc.ID + " has no check " + platforms.ID(id))
	}
	w.pick(w.fill(c.Title), w.label("check", outcome))
	return w
}

// What stands before a page of the ladder when its step is not the right one now.
const (
	pauseFirst = "A pause before the next try"
	fixFirst   = "Put it right first"
	onlyTime   = "Only time helps now"
	toTeam     = "Straight to your team"
	asWritten  = "Take the ladder as written"
	snapshot   = "Write down what is there now"
	instead    = "What happened instead?"
	inMyWords  = "Something else, in my own words"
	theyInsist = "they cannot wait"
)

// anyway takes the ladder as written, although the page with this title advises
// against it.
func (w walk) anyway(title, why string) walk {
	w.key(title, "!")
	w.form(asWritten, why)
	return w
}

// hurry goes past the pause that TikTok needs between two tries.
func (w walk) hurry() walk {
	if w.svc.ID == platforms.TikTok {
		w.anyway(pauseFirst, theyInsist)
	}
	return w
}

// pause waits where TikTok needs a pause, and then goes on before it is over.
func (w walk) pause() walk {
	if w.svc.ID == platforms.TikTok {
		w.nth(pauseFirst, "Wait until ", 1)
		w.early()
	}
	return w
}

// early ends a wait that was advised, and says why.
func (w walk) early() walk {
	w.on("waiting", "early").form(asWritten, theyInsist)
	return w
}

// retry tries once more.
func (w walk) retry(answer string) walk { return w.hurry().on("retry", answer) }

// disconnect writes down what is there, and disconnects.
func (w walk) disconnect(answer string) walk {
	w.form(snapshot, "", "", "")
	return w.on("disconnect", answer)
}

// cleared removes Aibrify, and does not wait until that has settled.
func (w walk) cleared() walk { return w.on("clear", "done").early() }

// connected ends the case with the right account and no missed posts.
func (w walk) connected() walk {
	w.on("proof", "same").on("missed", "none")
	w.end(w.title("resolved"))
	return w
}

// expired is an error that leaves the ladder as it is: to reconnect cures it.
const expired = "The access token has expired."

// walks are the ways through the ladder, by the end they reach.
var walks = []struct {
	name string
	end  ladder.Place
	walk func(walk)
}{
	{"all six steps to support", ladder.EndSent, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").retry("disconnected").
			disconnect("done").cleared().on("fresh", "disconnected").on("support", "sent").end(w.title("sent"))
	}},
	{"connected after reconnect", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Yellow).on("reconnect", "connected").connected()
	}},
	{"connected after the checks", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "warning").checks("unsure").pause().on("retry", "connected").connected()
	}},
	{"connected after disconnect", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "other")
		w.pick(instead, inMyWords)
		w.form(w.title("reconnect"), "the window closed by itself")
		w.checks("skipped").retry("warning").disconnect("connected").connected()
	}},
	{"connected after clear", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").retry("disconnected").
			disconnect("gone").on("clear", "connected").connected()
	}},
	{"connected after start fresh", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").retry("disconnected").
			disconnect("done").on("clear", "absent").pause().on("fresh", "connected").connected()
	}},
	{"connected after support", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").retry("disconnected").
			disconnect("stuck").on("support", "connected").connected()
	}},
	{"not listed: Add Platform", ladder.EndConnected, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Unlisted})
		w.on("before", "ready").account()
		w.on("fresh", "disconnected").checks("pass").hurry().on("fresh", "connected").on("proof", "same")
		w.end(w.svc.Name.String() + " is connected and ready") // the first connection missed no posts
	}},
	{"nothing needed", ladder.EndNothing, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Green})
		w.on("green", "nothing").end(w.title("nothing"))
	}},
	{"green, but posts fail", ladder.EndSent, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Green})
		w.on("green", "failing")
		w.write(w.title("error"), expired)
		w.pick("What the error says", "Go on here")
		w.form(w.title("changed"), "")
		w.account().on("reconnect", "disconnected").checks("pass").retry("disconnected").
			disconnect("done").on("clear", "stuck").hurry().on("fresh", "warning").on("support", "sent").end(w.title("sent"))
	}},
	{"closed", ladder.EndClosed, func(w walk) {
		w.toReconnect(platforms.Red).key(w.title("reconnect"), "m")
		w.pick("More", "Close the case")
		w.on("close", "given_up").end(w.title("closed"))
	}},
	{"waiting, then connected", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).key(w.title("reconnect"), "m")
		w.pick("More", "Wait until a time")
		w.form(w.title("wait"), "the limit to reset", "4h", "")
		w.on("waiting", "early").on("reconnect", "connected").connected()
	}},
	{"an error on the way", ladder.EndSent, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "error")
		w.write(w.title("error"), expired)
		w.pick("What the error says", "Go on here")
		w.checks("pass").retry("disconnected").disconnect("done").cleared().
			on("fresh", "disconnected").on("support", "sent").end(w.title("sent"))
	}},
	{"the wrong account, then the right one", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "connected").on("proof", "other")
		w.form(w.title("proof"), "Somebody else's Page") // which account and login it should be is known
		w.pick(fixFirst, "It is put right: Reconnect")
		w.on("reconnect", "connected").connected()
	}},
}

// A screenWalker walks the full screen in a real terminal.
type screenWalker struct {
	t *testing.T
	*ptytest.Terminal
}

func (w screenWalker) board(colours map[platforms.ID]platforms.Colour) {
	w.Sees("What does Aibrify show?").Press("home") // --platform and a case put the cursor on their row
	for i, svc := range platforms.All() {
		if i > 0 {
			w.Press("j")
		}
		if c, ok := colours[svc.ID]; ok {
			w.Press(map[platforms.Colour]string{platforms.Green: "1", platforms.Yellow: "2", platforms.Red: "3", platforms.Unlisted: "4"}[c])
		}
	}
	w.Press("enter")
}

func (w screenWalker) pick(title, label string) {
	w.Sees(title, label)
	number := regexp.MustCompile(`(\d+) (?:[●▲■–] )?` + regexp.QuoteMeta(label)).FindStringSubmatch(w.Screen())
	if number == nil {
		w.t.Fatalf("no number stands before %q:\n%s", label, w.Screen())
	}
	if len(number[1]) == 1 {
		w.Press(number[1])
		return
	}
	for range 9 {
		w.Press("j")
	}
	w.t.Fatalf("%q has a number that no key has:\n%s", label, w.Screen())
}

func (w screenWalker) nth(title, label string, n int) {
	w.Sees(title, strconv.Itoa(n)+" "+label).Press(strconv.Itoa(n))
}

func (w screenWalker) form(title string, fields ...string) {
	w.Sees(title)
	for i, f := range fields {
		if f != "" {
			w.Type(f)
		}
		if i < len(fields)-1 {
			w.Press("tab")
		}
	}
	w.Press("ctrl+s")
}

func (w screenWalker) write(title, words string) { w.Sees(title).Type(words).Press("ctrl+s") }

func (w screenWalker) key(title, key string) { w.Sees(title).Press(key) }

func (w screenWalker) says(words ...string) { w.Sees(words...) }

func (w screenWalker) end(title string) { w.Sees(title) }

// A plainWalker writes down what a person would type, and what is to be read.
type plainWalker struct{ lines, said *[]string }

func (w plainWalker) say(lines ...string) { *w.lines = append(*w.lines, lines...) }

func (w plainWalker) board(colours map[platforms.ID]platforms.Colour) {
	for _, svc := range platforms.All() {
		w.say(strings.ReplaceAll(string(colours[svc.ID]), "unlisted", "not listed"))
	}
	w.say("") // no banner, no e-mail
}

func (w plainWalker) pick(_, label string)            { w.say(label) }
func (w plainWalker) nth(_, _ string, n int)          { w.say(strconv.Itoa(n)) }
func (w plainWalker) form(_ string, fields ...string) { w.say(fields...) }
func (w plainWalker) write(_, words string)           { w.say(words, ".") }
func (w plainWalker) key(_, key string)               { w.say(key) }
func (w plainWalker) says(words ...string)            { *w.said = append(*w.said, words...) }
func (w plainWalker) end(string)                      { w.say("q") }

// A walked is a walk that was walked: a home with one case.
type walked struct {
	home, data string
	log        []store.Event
}

// message is the support message of the case.
func (w walked) message(t *testing.T) string {
	t.Helper()
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: w.home, Args: []string{"message", onlyCase(t, w.data).ID},
		Env: []string{"RECONNECT_DATA=" + w.data}}, "")
	if code != 0 {
		t.Fatalf("message: %d, %s", code, errs)
	}
	return out
}

// walkScreen runs a walk in the full screen.
func walkScreen(t *testing.T, svc platforms.Service, run func(walk), args ...string) walked {
	t.Helper()
	w := walked{home: t.TempDir(), data: filepath.Join(t.TempDir(), "data")}
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Home: w.home, Args: append([]string{"--platform", string(svc.ID)}, args...),
		Env: []string{"RECONNECT_DATA=" + w.data}})
	run(walk{screenWalker{t, x}, svc})
	x.Press("q")
	if code := x.Wait(); code != 0 {
		t.Fatalf("left with %d:\n%s", code, x.Screen())
	}
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
	w.log = onlyLog(t, w.data)
	return w
}

// walkPlain runs the same walk in the plain face, from a script of answers.
func walkPlain(t *testing.T, svc platforms.Service, run func(walk), args ...string) walked {
	t.Helper()
	w := walked{home: t.TempDir(), data: filepath.Join(t.TempDir(), "data")}
	var lines, said []string
	run(walk{plainWalker{&lines, &said}, svc})
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: w.home,
		Args: append([]string{"--plain", "--platform", string(svc.ID)}, args...), Env: []string{"RECONNECT_DATA=" + w.data}},
		strings.Join(lines, "\n")+"\n")
	if code != 0 || strings.ContainsRune(out, 0x1b) || strings.Contains(out, "is no answer here") {
		t.Fatalf("plain face: code %d, %s\n%s\nscript:\n%s", code, errs, out, strings.Join(lines, "\n"))
	}
	rest := out
	for _, words := range said {
		_, after, found := strings.Cut(rest, words)
		if !found {
			t.Fatalf("the plain face does not say %q, at least not there:\n%s", words, out)
		}
		rest = after
	}
	w.log = onlyLog(t, w.data)
	return w
}

// onlyLog is the log of the only case in data.
func onlyLog(t *testing.T, data string) []store.Event {
	t.Helper()
	db, err := store.Open(context.Background(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	cases, err := db.Cases(context.Background(), store.Query{})
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v; want one", len(cases), err)
	}
	log, err := db.Events(context.Background(), cases[0].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// TestWalks walks every platform to every end, in the full screen and in the
// plain face, and compares the two event for event.
func TestWalks(t *testing.T) {
	for _, svc := range platforms.All() {
		for i, w := range walks {
			t.Run(fmt.Sprintf("%s/%s", svc.ID, w.name), func(t *testing.T) {
				t.Parallel()
				full, plain := walkScreen(t, svc, w.walk), walkPlain(t, svc, w.walk)
				state := replayed(t, full.log)
				if state.Place != w.end {
					t.Errorf("ended at %s, want %s", state.Place, w.end)
				}
				if i == 0 && !slices.Equal(state.Visited, []platforms.Step{platforms.Status, platforms.Reconnect, platforms.Disconnect, platforms.Clear, platforms.Fresh, platforms.Support}) {
					t.Errorf("visited %v, want all six steps", state.Visited)
				}
				sameEvents(t, full.log, plain.log)
			})
		}
	}
}

func replayed(t *testing.T, rows []store.Event) ladder.State {
	t.Helper()
	log := &memory{rows}
	_, state, err := session.Load(context.Background(), log, "")
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// memory is a log that was read already.
type memory struct{ rows []store.Event }

func (m *memory) Events(context.Context, string, int) ([]store.Event, error) { return m.rows, nil }

// sameEvents fails where two logs differ in more than their times.
func sameEvents(t *testing.T, a, b []store.Event) {
	t.Helper()
	for i := range max(len(a), len(b)) {
		var l, r string
		if i < len(a) {
			l = a[i].Kind + " " + withoutTimes(a[i].Data)
		}
		if i < len(b) {
			r = b[i].Kind + " " + withoutTimes(b[i].Data)
		}
		if l != r {
			t.Errorf("event %d differs:\n full  %s\n plain %s", i+1, l, r)
		}
	}
}

func withoutTimes(data json.RawMessage) string {
	return regexp.MustCompile(`"until":"[^"]*"`).ReplaceAllString(string(data), `"until":"…"`)
}
