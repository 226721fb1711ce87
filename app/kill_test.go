package app_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

var (
	kills    = flag.Int("kills", 300, "how often TestKill kills the program")
	killSeed = flag.Uint64("kill-seed", 0, "where TestKill's random choices start; 0: anywhere")
)

const (
	lanes = 4 // programs that are walked and killed at the same time
	// draftAge is how old a half-typed error may be. A machine on which several
	// lanes wait for one disk is late for reasons of its own; that is busyAge.
	draftAge = 500 * time.Millisecond
	busyAge  = 500 * time.Millisecond
	// aCase is the number of events after which a lane takes a new case.
	aCase = 80
	// enough kills are expected to meet every step.
	enough = 300
	// aText is the number of words after which an error is recorded.
	aText = 40
)

// TestKill kills the program at random moments of random walks: after a kill no
// event that was on the screen is missing, none is changed, the log leads to a
// step, and the program opens on that step. More kills:
//
//	go test ./app -run TestKill -kills 10000 -timeout 3h
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program for a minute")
	}
	seed := *killSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	bin := ptytest.Build(t)
	begun := time.Now()
	var all toll
	var adding sync.Mutex
	t.Run("lanes", func(t *testing.T) {
		for i := range lanes {
			t.Run(fmt.Sprint(i+1), func(t *testing.T) {
				t.Parallel()
				l := newLane(t, bin, rand.New(rand.NewPCG(seed, uint64(i))))
				for range (*kills + i) / lanes {
					l.round()
				}
				l.allThere()
				adding.Lock()
				defer adding.Unlock()
				all = all.and(l.toll)
			})
		}
	})
	t.Logf("%s in %s, -kill-seed %d", all, time.Since(begun).Round(time.Second), seed)
	if *kills < enough {
		return
	}
	l := newLane(t, bin, rand.New(rand.NewPCG(seed, lanes)))
	l.climbs = true
	for range *kills { // chance alone may leave a step out
		if all.and(l.toll).whole() {
			return
		}
		l.round()
	}
	t.Errorf("never got further than %s", all.and(l.toll))
}

// A toll is what the kills of a test met.
type toll struct {
	kills, cases, events int
	unsaved              int           // kills after an event that no screen showed yet
	texts                int           // kills in a half-typed text
	oldest               time.Duration // of what was painted and not yet saved
	pages                []string      // where the program opened again, each once
	steps                []platforms.Step
}

func (a toll) and(b toll) toll {
	return toll{a.kills + b.kills, a.cases + b.cases, a.events + b.events, a.unsaved + b.unsaved, a.texts + b.texts,
		max(a.oldest, b.oldest), once(append(a.pages, b.pages...)), once(append(a.steps, b.steps...))}
}

// whole tells whether kills met every step, and a page of advice.
func (a toll) whole() bool {
	return len(a.steps) == len(platforms.Steps()) && slices.Contains(a.pages, "advice")
}

// once is a list with everything in it once.
func once[T cmp.Ordered](list []T) []T { return slices.Compact(slices.Sorted(slices.Values(list))) }

func (a toll) String() string {
	return fmt.Sprintf("%d kills in %d cases with %d events, %d after an event that no screen showed yet, %d in a half-typed text, of which the oldest lost word was %s old, at %d steps, opened again at %s",
		a.kills, a.cases, a.events, a.unsaved, a.texts, a.oldest.Round(time.Millisecond), len(a.steps), strings.Join(a.pages, ", "))
}

// A lane is one data folder and one person, who starts the program again after
// every kill and goes on.
type lane struct {
	toll
	climbs bool // it takes the answers that lead up the ladder

	t    *testing.T
	bin  string
	home string
	rng  *rand.Rand
	svc  platforms.Service

	id    string                   // the case; empty before there is one
	known map[string][]store.Event // what was in the log after the last kill
	state ladder.State
	page  screens.Page // that the case has to open on
	draft string       // the half-typed error, as it is in the store

	x     *ptytest.Terminal
	doom  *doomed
	words []word // typed since the last start
	long  int    // words in the half-typed error
	count int    // of words ever typed, so that none comes twice
}

// A word was typed and seen on the screen.
type word struct {
	word string
	seen time.Time
}

func newLane(t *testing.T, bin string, rng *rand.Rand) *lane {
	all := platforms.All()
	return &lane{t: t, bin: bin, home: t.TempDir(), rng: rng, svc: all[rng.IntN(len(all))], known: map[string][]store.Event{}}
}

func (l *lane) data() string { return filepath.Join(l.home, "data") }

// round starts the program, looks whether it is where it should be, goes on for
// a while, kills it, and looks at what is left.
func (l *lane) round() {
	l.start()
	defer l.doom.end()
	switch l.rng.IntN(6) {
	case 0: // in the middle of a text that is older than it may be lost
		l.behind(draftAge+busyAge, l.typeOn)
	case 1, 2: // in the middle of anything
		l.behind(0, l.act)
	default: // right after a key
		l.alive(func() {
			for range l.rng.IntN(4) {
				l.act()
			}
			l.doom.blind = true // from here on nothing is waited for
			l.act()
		})
	}
	l.doom.strike()
	l.doom.calm = true
	l.x.Wait()
	l.look(<-l.doom.struck)
}

// behind does something again and again, and the kill comes from behind, at some
// moment after least.
func (l *lane) behind(least time.Duration, do func()) {
	l.alive(func() {
		clock := least + time.Duration(l.rng.Int64N(int64(draftAge)))
		defer time.AfterFunc(clock, l.doom.strike).Stop()
		for range 1000 { // more than anybody can do in this time
			do()
		}
	})
}

// A doomed test drives a program that is killed at a moment of its own. That it
// cannot go on then is no failure.
type doomed struct {
	*testing.T
	kill   func()
	once   sync.Once
	dead   atomic.Bool
	struck chan time.Time
	blind  bool // whoever wants to wait for something is stopped, too
	calm   bool // what fails now is a failure
	after  []func()
}

// errKilled stops a person whose program is gone.
var errKilled = errors.New("the program was killed")

// strike kills the program, once.
func (d *doomed) strike() {
	d.once.Do(func() {
		d.struck <- time.Now()
		d.dead.Store(true)
		d.kill()
	})
}

func (d *doomed) Fatalf(format string, args ...any) {
	d.Helper()
	if d.dead.Load() && !d.calm {
		panic(errKilled)
	}
	d.T.Fatalf(format, args...)
}

// Cleanup keeps what tidies up after the program for the end of the round:
// thousands of terminals are too many to keep.
func (d *doomed) Cleanup(f func()) { d.after = append(d.after, f) }

func (d *doomed) end() {
	for _, f := range slices.Backward(d.after) {
		f()
	}
}

// alive does what a person does until the program is gone.
func (l *lane) alive(do func()) {
	defer func() {
		if r := recover(); r != nil && r != errKilled {
			panic(r)
		}
	}()
	do()
}

// start starts the program on the lane's case, or for a new one, and sees
// whether it opens where the log ends.
func (l *lane) start() {
	args := []string{"--case", l.id}
	if l.id == "" {
		args = []string{"--platform", string(l.svc.ID)}
	}
	l.words, l.long = nil, len(strings.Fields(l.draft))
	l.doom = &doomed{T: l.t, struck: make(chan time.Time, 1)}
	l.x = ptytest.Start(l.doom, ptytest.Options{Bin: l.bin, Home: l.home, Args: args, Env: []string{"RECONNECT_DATA=" + l.data()}})
	l.doom.kill = func() { l.x.Signal(os.Kill) }
	if l.id == "" {
		l.x.Sees(l.title("status"))
		return
	}
	l.pages = once(append(l.pages, l.page.Name))
	l.x.Sees(l.page.Title.String(), fmt.Sprintf("saved #%d", l.state.Seq))
	if got := l.x.Saved(); got != l.state.Seq {
		l.t.Fatalf("case %s opens as saved #%d, and its log ends with #%d:\n%s", l.id, got, l.state.Seq, l.x.Screen())
	}
	if typed := strings.Fields(l.draft); len(typed) > 0 && l.canNote() {
		l.x.Press("e").Sees(l.title("error"), typed[len(typed)-1])
	}
}

func (l *lane) title(page string) string { return walk{svc: l.svc}.title(page) }

// canNote tells whether letters are keys on the page of the state.
func (l *lane) canNote() bool {
	return l.page.Kind == screens.Steps || l.page.Kind == screens.Reading
}

// onPage is the name of the page on the screen: the one with the longest title
// that begins a line.
func (l *lane) onPage() string {
	screen := l.x.Lines()
	if strings.Contains(l.x.Screen(), instead) { // it has the title of its step
		return instead
	}
	found, long := "", ""
	try := func(page, title string) {
		begins := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), title) }
		if title != "" && len(title) > len(long) && slices.ContainsFunc(screen, begins) {
			found, long = page, title
		}
	}
	for page := range l.svc.Guide().Pages {
		try(page, l.title(page))
	}
	for _, c := range slices.Concat(l.svc.Guide().Checks, l.svc.Guide().Tests) {
		try("check", walk{svc: l.svc}.fill(c.Title))
	}
	name := l.svc.Name.String()
	try(string(ladder.EndConnected), name+" is connected and ready") // for the first time
	try("waiting", "The waiting is over")
	for title, page := range map[string]string{fixFirst: "advice", "It is not put right yet": "advice", onlyTime: "advice", pauseFirst: "advice", toTeam: "advice", "Go straight to ": "advice",
		"Disconnect " + name + "?": "advice", "Remove Aibrify on " + name + "'s side?": "advice", "Connect " + name + " from scratch?": "advice",
		asWritten: asWritten, instead: instead} {
		try(page, title)
	}
	if found == "" {
		if strings.Contains(l.x.Screen(), "take it") {
			return "form"
		}
		l.doom.Fatalf("this is no page that is known here:\n%s", l.x.Screen())
	}
	return found
}

// act does one thing that makes sense on the page that is on the screen.
func (l *lane) act() {
	switch page := l.onPage(); page {
	case "status":
		l.board()
	case "account":
		l.account()
	case asWritten:
		l.typed()
		l.commit(func() { l.x.Press("ctrl+s") })
	case "error":
		l.typeError()
	case "note":
		l.typed()
		l.commit(func() { l.x.Press("ctrl+s") })
	case string(ladder.EndConnected), string(ladder.EndNothing), string(ladder.EndSent), string(ladder.EndClosed):
		l.pick(page, platforms.Choice{ID: "reopen", Label: text.Const("reopen")})
	case instead:
		l.pick(page, l.oneOf(page))
	default:
		if strings.Contains(l.x.Screen(), "take it") {
			l.commit(func() { l.x.Press("ctrl+s") }) // a form that may stay empty
			return
		}
		l.onStep(page)
	}
}

// onStep does one of the things that can be done at a step.
func (l *lane) onStep(page string) {
	switch n := l.rng.IntN(20); {
	case n < 3 && strings.Contains(l.x.Screen(), "space tick"):
		l.commit(func() { l.x.Press("home", "space") })
	case n < 5:
		l.open(func() { l.x.Press("n") }, l.title("note"))
	case n < 8:
		l.open(func() { l.x.Press("e") }, l.title("error"))
	case n == 8:
		l.commit(func() { l.x.Press("b") })
	case n < 15 && page == "advice": // most go on, and few do what is advised first
		l.open(func() { l.x.Press("!") }, asWritten)
	default:
		l.pick(page, l.oneOf(page))
	}
}

// oneOf is one of the answers on the screen.
func (l *lane) oneOf(page string) platforms.Choice {
	choices := l.choices(page)
	if len(choices) == 0 {
		l.doom.Fatalf("page %q has no choices:\n%s", page, l.x.Screen())
	}
	if up := slices.DeleteFunc(slices.Clone(choices), func(c platforms.Choice) bool { return !climbing[c.ID] }); l.climbs && len(up) > 0 {
		choices = up
	}
	return choices[l.rng.IntN(len(choices))]
}

// climbing are the answers that lead up the ladder.
var climbing = map[string]bool{"disconnected": true, "pass": true, "done": true, "gone": true, "absent": true, "over": true, "failing": true}

// choices are the answers on the screen. Who waits for somebody else, or longer,
// comes no further, and does so at another time.
func (l *lane) choices(page string) []platforms.Choice {
	choices := slices.Clone(l.svc.Guide().Pages[page].Choices)
	say := func(id, label string) { choices = append(choices, platforms.Choice{ID: id, Label: text.Line(label)}) }
	switch page {
	case "advice":
		say("wait", "Wait until ")
		say("up", "Its status page shows no fault")
		say("nobody", "Nobody can: go to Support")
		for _, step := range platforms.Steps() {
			say("fixed", "It is put right: "+step.Title())
			say("go", "Go to "+step.Title())
		}
	case instead:
		for _, b := range l.svc.Guide().Branches {
			choices = append(choices, platforms.Choice{ID: b.ID, Label: b.Label.Own})
		}
		say("other", inMyWords)
	}
	return slices.DeleteFunc(choices, func(c platforms.Choice) bool {
		return c.ID == "other_person" || c.ID == "longer" || l.number(c) == ""
	})
}

// number is the key of a choice, empty if it is not on the screen.
func (l *lane) number(c platforms.Choice) string {
	label := walk{svc: l.svc}.fill(c.Label)
	found := regexp.MustCompile(`(?i)(?:^|\s)(\d) (?:[●▲■–] )?(?:it broke again: )?` + regexp.QuoteMeta(label)).FindStringSubmatch(l.x.Screen())
	if found == nil {
		return ""
	}
	return found[1]
}

// asks names the answers that are asked about before they are recorded.
var asks = map[string]bool{"missed/some": true}

func (l *lane) pick(page string, c platforms.Choice) {
	press := func() { l.x.Press(l.number(c)) }
	switch {
	case c.ID == "error":
		l.open(press, l.title("error"))
	case c.ID == "other" && page != instead && page != string(ladder.AtProof):
		l.open(press, instead)
	case c.ID == "other", asks[page+"/"+c.ID]:
		l.open(press, "take it")
	case c.ID == "early": // it may be asked why
		press()
		if !l.doom.blind {
			l.x.Gone(l.title(page), "The waiting is over")
		}
	default:
		l.commit(press)
	}
}

// commit does what adds an event, and waits until it is durable.
func (l *lane) commit(do func()) {
	n := max(0, l.x.Saved())
	do()
	if !l.doom.blind {
		l.x.SeesSaved(n + 1)
	}
}

// open does what opens a page with sign on it.
func (l *lane) open(do func(), sign string) {
	do()
	if !l.doom.blind {
		l.x.Sees(sign)
	}
}

// board marks the row of the lane's platform, if it is not marked yet.
func (l *lane) board() {
	row := regexp.MustCompile(`▸ \S+ .*· not looked at yet`)
	l.commit(func() {
		if row.MatchString(l.x.Screen()) {
			l.x.Press([]string{"3", "3", "2", "4", "1"}[l.rng.IntN(5)])
		}
		l.x.Press("enter")
	})
}

func (l *lane) account() {
	login := "┃ The " + walk{svc: l.svc}.fill(l.svc.Guide().Login) + " to use"
	if !strings.Contains(l.x.Screen(), login) {
		l.open(func() { l.x.Press("tab") }, login)
	}
	l.commit(func() { l.x.Type("owner@example.com").Press("ctrl+s") })
}

// typeError types some words into the error, and records it when it is long.
func (l *lane) typeError() {
	for range 1 + l.rng.IntN(aText) {
		l.typed()
	}
	if l.long > aText || l.rng.IntN(3) == 0 {
		l.record()
	}
}

// typeOn types a word of an error, if the page takes one, else it goes on.
func (l *lane) typeOn() {
	switch {
	case l.onPage() == "error" && l.long > 3*aText: // as much as the screen shows
		l.record()
	case l.onPage() == "error":
		l.typed()
	case strings.Contains(l.x.Screen(), "e error"):
		l.open(func() { l.x.Press("e") }, l.title("error"))
	default:
		l.act()
	}
}

// record records the half-typed error.
func (l *lane) record() {
	l.commit(func() { l.x.Press("ctrl+s") })
	l.long = 0
}

// typed types one word and waits until it is on the screen.
func (l *lane) typed() {
	l.count++
	l.long++
	w := letters(l.count)
	for _, c := range w + " " {
		l.x.Press(string(c))
	}
	if !l.doom.blind {
		l.x.Sees(w)
		l.words = append(l.words, word{w, time.Now()})
	}
}

// letters is n as a word that is in no dictionary and like no secret.
func letters(n int) string {
	w := []byte("q____")
	for i := range w[1:] {
		w[i+1] = byte('a' + n%26)
		n /= 26
	}
	return string(w)
}

// look opens the store after the kill and compares it with what was seen.
func (l *lane) look(killed time.Time) {
	l.kills++
	ctx := context.Background()
	db, err := store.Open(ctx, l.data(), store.Options{})
	if err != nil {
		l.t.Fatalf("after kill %d the store does not open: %v", l.kills, err)
	}
	defer db.Close() //nolint:errcheck // only read
	if l.kills%10 == 0 {
		l.sound(db)
	}
	shown := l.shown()
	if l.id == "" && !l.opened(db) {
		if shown > 0 {
			l.t.Fatalf("a case was shown as saved #%d, and there is none:\n%s", shown, l.x.Screen())
		}
		return
	}
	log := l.log(db, l.id)
	l.state = replayed(l.t, log)
	last := len(log)
	if last < shown {
		l.t.Errorf("case %s: saved #%d was on the screen, and the log ends with #%d", l.id, shown, last)
	}
	if last > max(shown, 0) {
		l.unsaved++
	}
	l.events += last - len(l.known[l.id])
	l.known[l.id] = log
	l.steps = once(append(l.steps, l.state.Visited...))
	l.opens(db)
	l.summary(db)
	l.typedKept(db, log, killed)
	if last > aCase || l.state.IsEnded() && l.rng.IntN(2) == 0 {
		l.id, l.state, l.page, l.draft = "", ladder.State{}, screens.Page{}, ""
	}
}

// shown is the number of the last durable event on the last whole paint.
func (l *lane) shown() int {
	out := l.x.AllOutput()
	if bytes.LastIndex(out, []byte("\x1b[?2026h")) > bytes.LastIndex(out, []byte("\x1b[?2026l")) {
		return -1 // cut short: what is on the screen is half of two numbers
	}
	return l.x.Saved()
}

// opened finds the case that was opened since the last kill.
func (l *lane) opened(db *store.DB) bool {
	cases, err := db.Cases(context.Background(), store.Query{Limit: 2})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range cases {
		if _, old := l.known[c.ID]; !old {
			l.id = c.ID
			l.cases++
		}
	}
	return l.id != ""
}

// log reads the log of a case, which has no gaps and begins with what it was.
func (l *lane) log(db *store.DB, id string) []store.Event {
	log, err := db.Events(context.Background(), id, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	for i, e := range log {
		if e.Seq != i+1 {
			l.t.Fatalf("case %s: event %d has the number %d", id, i+1, e.Seq)
		}
	}
	known := l.known[id]
	if len(log) < len(known) || !reflect.DeepEqual(log[:len(known)], known) && len(known) > 0 {
		l.t.Fatalf("case %s: the log was\n%v\nand is\n%v", id, known, log)
	}
	return log
}

// opens finds out on which page the case has to open.
func (l *lane) opens(db *store.DB) {
	s := &session.Session{Log: db, Now: time.Now, Audience: platforms.Own}
	v, err := s.Open(context.Background(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	l.page = v.Page
}

// summary compares the row of the lists with the log.
func (l *lane) summary(db *store.DB) {
	s, err := db.Case(context.Background(), l.id)
	if err != nil || s.Seq != l.state.Seq || s.Open == l.state.IsEnded() {
		l.t.Errorf("case %s: the list has #%d, open %t (%v), and the log #%d, ended %t", l.id, s.Seq, s.Open, err, l.state.Seq, l.state.IsEnded())
	}
}

// typedKept looks for every word that was typed: in the draft or in the log.
func (l *lane) typedKept(db *store.DB, log []store.Event, killed time.Time) {
	drafts, err := db.Drafts(context.Background(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	l.draft = ""
	var kept strings.Builder
	for _, d := range drafts {
		kept.WriteString(d.Text + " ")
		if d.Page == "error" {
			l.draft = d.Text
		}
	}
	var recorded strings.Builder
	for _, e := range log {
		recorded.Write(e.Data)
	}
	l.stale(recorded.String())
	if len(l.words) > 0 {
		l.texts++
	}
	for _, w := range l.words {
		if strings.Contains(kept.String(), w.word) || strings.Contains(recorded.String(), w.word) {
			continue
		}
		age := killed.Sub(w.seen)
		l.oldest = max(l.oldest, age)
		if age > draftAge+busyAge {
			l.t.Errorf("case %s: %q was on the screen for %s, and is neither in the draft %q nor in the log", l.id, w.word, age, l.draft)
		}
	}
}

// stale fails if what was recorded is a draft still. A word that a kill cut
// short may be the beginning of another.
func (l *lane) stale(recorded string) {
	for _, w := range strings.Fields(l.draft) {
		if len(w) >= len(letters(0)) && strings.Contains(recorded, w) {
			l.t.Errorf("case %s: %q is recorded and still a draft", l.id, w)
		}
	}
}

// sound fails if the database is damaged.
func (l *lane) sound(db *store.DB) {
	info, err := db.Info(context.Background())
	if err != nil || info.Check != "ok" || info.Synchronous != "full" {
		l.t.Fatalf("the database after kill %d: %+v, %v", l.kills, info, err)
	}
}

// allThere looks at all cases of the lane once more.
func (l *lane) allThere() {
	db, err := store.Open(context.Background(), l.data(), store.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	l.sound(db)
	for id := range l.known {
		l.log(db, id)
	}
}
