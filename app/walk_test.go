package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
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
	form(title string, fields ...string)             // a page with fields
	write(title, words string)                       // a page with one long text
	key(title, key string)                           // an act
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
	w.form(w.title("account"), account, login)
	return w
}

// checks answers every check with outcome.
func (w walk) checks(outcome string) walk {
	for _, c := range w.svc.Guide().Checks {
		if c.Change == "" { // the others are answered by what changed lately
			w.pick(w.fill(c.Title), w.label("check", outcome))
		}
	}
	return w
}

// connected ends the case with the right account and no missed posts.
func (w walk) connected() walk {
	w.on("proof", "same").on("missed", "none")
	w.end(w.title("resolved"))
	return w
}

// walks are the ways through the ladder, by the end they reach.
var walks = []struct {
	name string
	end  ladder.Place
	walk func(walk)
}{
	{"all six steps to support", ladder.EndSent, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").on("retry", "disconnected").
			on("disconnect", "done").on("clear", "done").on("fresh", "disconnected").on("support", "sent").end(w.title("sent"))
	}},
	{"connected after reconnect", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Yellow).on("reconnect", "connected").connected()
	}},
	{"connected after the checks", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "warning").checks("unsure").on("retry", "connected").connected()
	}},
	{"connected after disconnect", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "other")
		w.form(w.title("reconnect"), "the window closed by itself")
		w.checks("skipped").on("retry", "not_offered").on("disconnect", "connected").connected()
	}},
	{"connected after clear", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").on("retry", "disconnected").
			on("disconnect", "gone").on("clear", "connected").connected()
	}},
	{"connected after start fresh", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").on("retry", "disconnected").
			on("disconnect", "done").on("clear", "absent").on("fresh", "connected").connected()
	}},
	{"connected after support", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "disconnected").checks("pass").on("retry", "disconnected").
			on("disconnect", "stuck").on("support", "connected").connected()
	}},
	{"not listed: Add Platform", ladder.EndConnected, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Unlisted})
		w.on("before", "ready")
		w.form(w.title("account"), account, login)
		w.on("fresh", "disconnected").checks("pass").on("fresh", "connected").on("proof", "same")
		w.end(w.svc.Name.String() + " is connected and ready") // the first connection missed no posts
	}},
	{"nothing needed", ladder.EndNothing, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Green})
		w.on("green", "nothing").end(w.title("nothing"))
	}},
	{"green, but posts fail", ladder.EndSent, func(w walk) {
		w.board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Green})
		w.on("green", "failing")
		w.write(w.title("error"), "Error (#200) Permissions error")
		w.pick("What the error says", "Go on here")
		w.form(w.title("changed"), "")
		w.form(w.title("account"), account, login)
		w.on("reconnect", "disconnected").checks("pass").on("retry", "disconnected").
			on("disconnect", "done").on("clear", "stuck").on("fresh", "warning").on("support", "sent").end(w.title("sent"))
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
	{"an error that says what to do", ladder.EndSent, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "error")
		w.write(w.title("error"), "error=invalid_client error_description=client authentication failed")
		w.pick("What the error says", "Go to Support")
		w.on("support", "sent").end(w.title("sent"))
	}},
	{"an error on the way", ladder.EndSent, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "error")
		w.write(w.title("error"), "Error (#200) Permissions error")
		w.pick("What the error says", "Go on here")
		w.checks("pass").on("retry", "disconnected").on("disconnect", "done").on("clear", "done").
			on("fresh", "disconnected").on("support", "sent").end(w.title("sent"))
	}},
	{"the wrong account, then the right one", ladder.EndConnected, func(w walk) {
		w.toReconnect(platforms.Red).on("reconnect", "connected").on("proof", "other")
		w.form(w.title("proof"), "Somebody else's Page")
		w.form(w.title("account"), "", "") // both are filled in already
		w.on("reconnect", "connected").connected()
	}},
}

// A screenWalker walks the full screen in a real terminal.
type screenWalker struct {
	t *testing.T
	*ptytest.Terminal
}

func (w screenWalker) board(colours map[platforms.ID]platforms.Colour) {
	w.Sees("What does Aibrify show?")
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

func (w screenWalker) end(title string) { w.Sees(title) }

// A plainWalker writes down what a person would type.
type plainWalker struct{ lines *[]string }

func (w plainWalker) say(lines ...string) { *w.lines = append(*w.lines, lines...) }

func (w plainWalker) board(colours map[platforms.ID]platforms.Colour) {
	for _, svc := range platforms.All() {
		w.say(strings.ReplaceAll(string(colours[svc.ID]), "unlisted", "not listed"))
	}
	w.say("") // no banner, no e-mail
}

func (w plainWalker) pick(_, label string)            { w.say(label) }
func (w plainWalker) form(_ string, fields ...string) { w.say(fields...) }
func (w plainWalker) write(_, words string)           { w.say(words, ".") }
func (w plainWalker) key(_, key string)               { w.say(key) }
func (w plainWalker) end(string)                      { w.say("q") }

// walkScreen runs a walk in the full screen and returns the case's log.
func walkScreen(t *testing.T, svc platforms.Service, run func(walk), args ...string) []store.Event {
	data := filepath.Join(t.TempDir(), "data")
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: append([]string{"--platform", string(svc.ID)}, args...),
		Env: []string{"RECONNECT_DATA=" + data}})
	// --platform puts the cursor on its row; the walk starts at the first one.
	x.Sees("What does Aibrify show?").Press("home")
	run(walk{screenWalker{t, x}, svc})
	x.Press("q")
	if code := x.Wait(); code != 0 {
		t.Fatalf("left with %d:\n%s", code, x.Screen())
	}
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
	return onlyLog(t, data)
}

// walkPlain runs the same walk in the plain face, from a script of answers.
func walkPlain(t *testing.T, svc platforms.Service, run func(walk), args ...string) []store.Event {
	data := filepath.Join(t.TempDir(), "data")
	var lines []string
	run(walk{plainWalker{&lines}, svc})
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t),
		Args: append([]string{"--plain", "--platform", string(svc.ID)}, args...), Env: []string{"RECONNECT_DATA=" + data}},
		strings.Join(lines, "\n")+"\n")
	if code != 0 || strings.ContainsRune(out, 0x1b) {
		t.Fatalf("plain face: code %d, %s\n%s\nscript:\n%s", code, errs, out, strings.Join(lines, "\n"))
	}
	return onlyLog(t, data)
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
				state := replayed(t, full)
				if state.Place != w.end {
					t.Errorf("ended at %s, want %s", state.Place, w.end)
				}
				if i == 0 && !slices.Equal(state.Visited, []platforms.Step{platforms.Status, platforms.Reconnect, platforms.Disconnect, platforms.Clear, platforms.Fresh, platforms.Support}) {
					t.Errorf("visited %v, want all six steps", state.Visited)
				}
				sameEvents(t, full, plain)
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
