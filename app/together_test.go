package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
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

// toldWithin is how soon a window shows what another one did: two seconds, and
// one for a machine that is busy with other tests.
const toldWithin = 3 * time.Second

// What a window says about another one.
const (
	saysMoved = "Another window moved this case on."
	saysAdded = "Another window added to this case."
	saysKept  = "Your answer is kept"
)

// A pair is two windows on one case, which stands at Reconnect, and somebody who
// writes into the store behind their backs.
type pair struct {
	t     *testing.T
	svc   platforms.Service
	data  string
	id    string
	db    *store.DB
	third *session.Session
	a, b  window
}

// A window is a program and the screen it shows.
type window struct{ screenWalker }

func newPair(t *testing.T) *pair {
	data := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // only the test wrote with it
	p := &pair{t: t, svc: platforms.All()[0], data: data, db: db}
	p.third = &session.Session{Log: db, Now: time.Now, By: text.Const("third"), Audience: platforms.Own}
	v, err := p.third.New(t.Context(), p.svc.ID)
	for _, values := range []map[string]string{
		{string(p.svc.ID): string(platforms.Red), "at": string(p.svc.ID)}, {"changes": ""}, {"account": account, "use": login},
	} {
		if err == nil {
			v, err = p.third.Answer(t.Context(), v, screens.Answer{Page: v.Page.Name, Values: values})
		}
	}
	if err != nil || v.State.Place != ladder.AtReconnect {
		t.Fatalf("the case is at %q: %v", v.State.Place, err)
	}
	p.id = v.Case
	p.a, p.b = p.open(data), p.open(data)
	for _, w := range []window{p.a, p.b} {
		w.Sees(p.title("reconnect"), p.saved())
	}
	return p
}

func (p *pair) open(data string) window {
	x := ptytest.Start(p.t, ptytest.Options{Bin: ptytest.Build(p.t), Args: []string{"--case", p.id}, Env: []string{"RECONNECT_DATA=" + data}})
	return window{screenWalker{p.t, x}}
}

func (p *pair) title(page string) string { return walk{svc: p.svc}.title(page) }

// label is the choice's label on a page of the guide.
func (p *pair) label(page, choice string) string {
	for _, c := range p.svc.Guide().Pages[page].Choices {
		if c.ID == choice {
			return walk{svc: p.svc}.fill(c.Label)
		}
	}
	p.t.Fatalf("%s has no choice %s", page, choice)
	return ""
}

func (p *pair) log() []store.Event {
	p.t.Helper()
	log, err := p.db.Events(context.Background(), p.id, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return log
}

func (p *pair) place() ladder.Place { return replayed(p.t, p.log()).Place }

// saved is what the windows show when they have the whole log.
func (p *pair) saved() string { return fmt.Sprintf("saved #%d", len(p.log())) }

// says counts the events of kind that say words.
func (p *pair) says(kind ladder.Kind, words string) int {
	n := 0
	for _, e := range p.log() {
		if e.Kind == string(kind) && strings.Contains(string(e.Data), words) {
			n++
		}
	}
	return n
}

// does gives answers behind the windows' backs.
func (p *pair) does(answers ...screens.Answer) {
	p.t.Helper()
	v, err := p.third.Open(context.Background(), p.id)
	for _, a := range answers {
		if err == nil {
			a.Page = v.Page.Name
			v, err = p.third.Answer(context.Background(), v, a)
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// moves moves the case from Reconnect to the checks.
func (p *pair) moves() { p.t.Helper(); p.does(screens.Answer{Pick: "disconnected"}) }

// justLooked returns when w has looked for changes a moment ago, so that it will
// not do so in the next moment.
func (p *pair) justLooked(w window) {
	p.t.Helper()
	p.does(screens.Answer{Act: screens.Note}, screens.Answer{Text: "seen by everybody"})
	w.Sees(p.saved(), saysAdded)
}

// told fails if w does not show signs within the time that is left since begun.
func (p *pair) told(w window, begun time.Time, signs ...string) {
	p.t.Helper()
	w.Sees(signs...)
	if took := time.Since(begun); took > toldWithin {
		p.t.Errorf("%q was shown after %s", signs, took.Round(time.Millisecond))
	}
}

// TestTogetherTold: what one window answers the other one shows, without a key.
func TestTogetherTold(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	from, to := p.a, p.b
	for range 3 {
		n := len(p.log())
		from.pick(p.title("reconnect"), p.label("reconnect", "disconnected"))
		from.SeesSaved(n + 1)
		p.told(to, time.Now(), saysMoved, p.saved(), "checks to go")
		n = len(p.log())
		to.Press("b").Sees(p.title("reconnect")).SeesSaved(n + 1)
		p.told(from, time.Now(), saysMoved, p.saved(), p.title("reconnect"))
		from, to = to, from
	}
}

// TestTogetherTick: a tick in one window is a tick in the other one.
func TestTogetherTick(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.a.Press("home", "space").SeesSaved(len(p.log()) + 1)
	p.told(p.b, time.Now(), saysAdded, p.saved(), "✓ 1 ")
}

// TestTogetherStale: an answer to a step that the case has left is not stored
// over the other's, and not lost.
func TestTogetherStale(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	late := p.label("reconnect", "connected")
	p.justLooked(p.b)
	p.moves()
	before := p.log()
	p.b.pick(p.title("reconnect"), late)
	p.b.Sees("moved this case on to", saysKept, p.saved(), "checks to go")
	if after := p.log(); len(after) != len(before) {
		t.Errorf("%d events were stored over the other's", len(after)-len(before))
	}
	p.b.Press("m").Sees("More", "Kept answers").Press("end", "enter").
		Sees("Kept answers", p.title("reconnect")+": "+late)
}

// TestTogetherTickStale: a tick on a page that the case has left ticks nothing on
// the page where it is now.
func TestTogetherTickStale(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.justLooked(p.b)
	p.moves()
	p.b.Press("home", "space").Sees("moved this case on to", p.saved(), "checks to go")
	if n := p.says(ladder.Ticked, ""); n != 0 {
		t.Errorf("%d ticks are in the log %v", n, p.log())
	}
}

// TestTogetherTwiceStale: of two late answers to the same step both are kept.
func TestTogetherTwiceStale(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	var late []string
	for _, answer := range []string{"connected", "warning"} {
		label := p.label("reconnect", answer)
		p.justLooked(p.b)
		p.moves()
		p.b.pick(p.title("reconnect"), label)
		p.b.Sees(saysKept, p.saved())
		p.does(screens.Answer{Act: screens.Back})
		p.b.Sees(p.title("reconnect"), p.saved())
		late = append(late, p.title("reconnect")+": "+label)
	}
	p.b.Press("m").Sees("More", "Kept answers").Press("end", "enter").Sees(slices.Concat([]string{"Kept answers"}, late)...)
}

// TestTogetherAtOnce: of two answers given at the same moment one counts.
func TestTogetherAtOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n := len(p.log())
	a, b := p.label("reconnect", "disconnected"), p.label("reconnect", "warning")
	p.justLooked(p.a)
	p.b.Sees(p.saved())
	p.a.pick(p.title("reconnect"), a)
	p.b.pick(p.title("reconnect"), b)
	p.a.Sees("checks to go")
	p.b.Sees("checks to go")
	if got := p.says(ladder.Attempted, ""); got != 1 || len(p.log()) < n+2 {
		t.Errorf("%d answers to one step are in the log, want one", got)
	}
	if kept := strings.Contains(p.a.Screen()+p.b.Screen(), saysKept); !kept {
		t.Errorf("nobody was told that an answer is kept:\n%s\n%s", p.a.Screen(), p.b.Screen())
	}
}

// TestTogetherTyping: what somebody types survives that another window moves the
// case, and is recorded whole.
func TestTogetherTyping(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(*pair) // the page of the error in window b
	}{
		{"asked for with e", func(p *pair) { p.b.Press("e") }},
		{"asked for by an answer", func(p *pair) { p.b.pick(p.title("reconnect"), p.label("reconnect", "error")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			c.open(p)
			p.b.Sees(p.title("error")).Type("Permissions").Sees("Permissions")
			p.a.pick(p.title("reconnect"), p.label("reconnect", "disconnected"))
			p.a.Sees("checks to go")
			p.told(p.b, time.Now(), saysMoved, "Permissions", p.saved())
			p.b.Type(" error").Sees("Permissions error").Press("ctrl+s").Sees("What the error says")
			if p.says(ladder.ErrorRecorded, "Permissions error") != 1 || p.place() != ladder.AtChecks {
				t.Errorf("at %s, with the log %v", p.place(), p.log())
			}
			if n := p.says(ladder.Attempted, ""); n != 1 {
				t.Errorf("%d answers to one step are in the log, want one", n)
			}
		})
	}
}

// TestTogetherTypingStale: an error that is sent before the window was told is
// recorded, and does not answer the step that the case has left.
func TestTogetherTypingStale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		open func(*pair)
		says string // what follows ctrl+s
	}{
		{"asked for with e", func(p *pair) { p.b.Press("e") }, "What the error says"},
		{"asked for by an answer", func(p *pair) { p.b.pick(p.title("reconnect"), p.label("reconnect", "error")) }, saysKept},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			c.open(p)
			p.b.Sees(p.title("error")).Type("Permissions error").Sees("Permissions error")
			p.justLooked(p.b)
			p.moves()
			p.b.Press("ctrl+s").Sees(c.says)
			if c.says == saysKept { // the text is still there, and no answer any more
				p.b.Sees("Permissions error", p.saved()).Press("ctrl+s").Sees("What the error says")
			}
			if p.says(ladder.ErrorRecorded, "Permissions error") != 1 || p.says(ladder.Attempted, "") != 1 || p.place() != ladder.AtChecks {
				t.Errorf("at %s, with the log %v", p.place(), p.log())
			}
		})
	}
}

// TestTogetherDraft: who records an error does not take away what somebody else
// has typed of another one.
func TestTogetherDraft(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.b.Press("e").Sees(p.title("error")).Type("half-typed").Sees("half-typed")
	p.drafted("half-typed")
	p.a.Press("e").Sees(p.title("error"), "half-typed").Type(" and whole").Sees("and whole").Press("ctrl+s").Sees("The error is recorded")
	p.told(p.b, time.Now(), saysAdded, "half-typed", p.saved())
	p.drafted("half-typed")
	p.b.Kill()
	p.open(p.data).Sees(p.title("reconnect")).Press("e").Sees(p.title("error"), "half-typed")
}

// drafted waits until the half-typed error in the store begins with words.
func (p *pair) drafted(words string) {
	p.t.Helper()
	limit, again := time.After(toldWithin), time.NewTicker(20*time.Millisecond)
	defer again.Stop()
	for {
		drafts, err := p.db.Drafts(context.Background(), p.id)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, d := range drafts {
			if d.Page == "error" && strings.HasPrefix(d.Text, words) {
				return
			}
		}
		select {
		case <-again.C:
		case <-limit:
			p.t.Fatalf("%q is no draft within %s", words, toldWithin)
		}
	}
}

// TestTogetherNotes: notes that two people save at once are both there.
func TestTogetherNotes(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for i := range 3 {
		for _, w := range []window{p.a, p.b} {
			w.Press("n").Sees(p.title("note"))
		}
		p.a.Type(fmt.Sprintf("first %d", i)).Sees("first")
		p.b.Type(fmt.Sprintf("second %d", i)).Sees("second")
		n := len(p.log())
		p.a.Press("ctrl+s")
		p.b.Press("ctrl+s")
		p.a.SeesSaved(n + 2).Sees(p.title("reconnect"))
		p.b.SeesSaved(n + 2).Sees(p.title("reconnect"))
		for _, words := range []string{"first", "second"} {
			if p.says(ladder.NoteAdded, fmt.Sprintf("%s %d", words, i)) != 1 {
				t.Errorf("note %q %d is not in the log %v", words, i, p.log())
			}
		}
	}
}
