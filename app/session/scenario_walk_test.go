package session_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// follow prints every page and answer of some scenarios:
//
//	go test ./app/session -tags scenarios -run TestScenarios$ -v -scenario "role lost"
var follow = flag.String("scenario", "", "print the walks of the scenarios whose platform, cause or situation has this in it")

// TestScenarios takes every scenario through the wizard and through the article,
// prints them all, and finds the wizard better: no destructive step where it
// cannot cure, never a worse end, nothing asked twice, and fewer steps.
func TestScenarios(t *testing.T) {
	var lines []line
	for _, s := range scenarios {
		lines = append(lines, line{s, withWizard(t, s), byArticle(s)})
	}
	t.Log(table(lines))
	for _, bad := range judged(lines) {
		t.Error(bad)
	}
}

// TestUnknowable prints the cases that no fact tells apart beside the article: the
// wizard ends no worse there, goes round in none, and asks nothing twice.
func TestUnknowable(t *testing.T) {
	var lines []line
	for _, s := range unknowable {
		l := line{s, withWizard(t, s), byArticle(s)}
		for _, bad := range l.bad() {
			if !strings.Contains(bad, "cannot cure") {
				t.Errorf("%s, %s, %s: %s", l.platform, l.cause, l.about, bad)
			}
		}
		lines = append(lines, l)
	}
	t.Log(table(lines))
}

// A walk is a case on its way through the wizard.
type walk struct {
	outcome
	*person
	session *session.Session
	log     func(format string, a ...any)
	entered map[string]bool // steps, by case and visit
	asked   map[string]int  // questions, with what had happened when they were asked
}

// withWizard is how a case goes with the wizard.
func withWizard(t *testing.T, s scenario) outcome {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w := &walk{person: &person{world: s.world()}, entered: map[string]bool{}, asked: map[string]int{}}
	w.session = &session.Session{Log: db, Now: func() time.Time { return w.now }, By: text.Const("test"), Audience: s.as, Dir: dir}
	w.log = func(string, ...any) {}
	if *follow != "" && strings.Contains(fmt.Sprint(s.platform, ", ", s.cause, ", ", s.about), *follow) {
		w.log = t.Logf
		w.log("%s, %s, %s", s.platform, s.cause, s.about)
	}
	if w.session.Audience == "" {
		w.session.Audience = platforms.Own
	}
	if s.spike {
		if err := w.crowd(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.whole(); err != nil {
		w.faults = append(w.faults, err.Error())
		if w.end == "" {
			w.end = "stuck"
		}
	}
	return w.outcome
}

// crowd is what went on in this store before: a case now and then, and many of them
// in the last minutes, each for another customer.
func (w *walk) crowd() error {
	for i, before := range []time.Duration{25 * day, 18 * day, 9 * day, 28 * time.Minute, 21 * time.Minute,
		17 * time.Minute, 12 * time.Minute, 8 * time.Minute, 3 * time.Minute} {
		w.now = start.Add(-before)
		v, err := w.session.New(context.Background(), w.platform)
		for _, values := range []map[string]string{{string(w.platform): string(platforms.Red)}, {"changes": ""},
			{"account": fmt.Sprint("Shop ", i), "use": fmt.Sprintf("owner@shop%d.example", i)}} {
			if err == nil {
				v, err = w.session.Answer(context.Background(), v, screens.Answer{Page: v.Page.Name, Values: values})
			}
		}
		if err != nil {
			return err
		}
	}
	w.now = start
	return nil
}

// whole takes the case to its end, what is linked to it after it, and again from
// the start if it breaks again.
func (w *walk) whole() error {
	v, err := w.session.New(context.Background(), w.platform)
	for {
		if err == nil {
			v, err = w.toEnd(v)
		}
		if err != nil {
			return err
		}
		pick := w.goesOn(v)
		if pick == "" {
			return nil
		}
		v, err = w.session.Answer(context.Background(), v, screens.Answer{Page: v.Page.Name, Pick: pick})
	}
}

// goesOn is what is picked at an end: the linked case, or the same one that breaks again.
func (w *walk) goesOn(v session.View) string {
	ends := map[ladder.Place]string{ladder.EndConnected: "connected", ladder.EndNothing: "nothing", ladder.EndSent: "sent", ladder.EndClosed: "closed"}
	end := outcome{end: ends[v.State.Place]}
	end.hollow = end.rank() == 3 && !w.sound(v.State.Platform)
	if w.end == "" || w.rank() > end.rank() || w.rank() == 3 { // the worst of the linked ones counts
		w.end, w.hollow = end.end, end.hollow
	}
	for _, c := range choices(v) {
		if strings.HasPrefix(c, "case.") {
			return c
		}
	}
	if end.rank() == 3 && w.breaksAgain() {
		w.end, w.hollow = "", false
		w.rounds++
		w.events++
		return "reopen"
	}
	return ""
}

// toEnd answers page after page until the case has ended.
func (w *walk) toEnd(v session.View) (session.View, error) {
	for range 120 {
		if v.Case != "" && v.State.IsEnded() && len(v.Page.Fields) == 0 && v.Page.Name != "verdict" {
			return v, nil
		}
		if v.Page.Name == "waiting" { // the person comes back when it is time
			w.passes(v)
			refreshed, err := w.session.Refresh(context.Background(), v)
			if err != nil {
				return v, err
			}
			v = refreshed
		}
		w.counts(v)
		happened, observes := w.happened(v) // before the answer, which makes something happen
		a, err := w.answer(v)
		if err != nil {
			return v, err
		}
		if a.Act == "" {
			w.asks(v, happened, observes)
		}
		w.log("  %s  %-15s %-45s %s%s %v %.60s", w.now.Format("2 Jan 15:04"), v.Page.Name, v.Page.Title, a.Pick, a.Act, a.Values, a.Text)
		next, err := w.session.Answer(context.Background(), v, a)
		if err != nil {
			return v, fmt.Errorf("the page %q: %w", v.Page.Name, err)
		}
		if next.Page.Name == v.Page.Name && next.State.Seq == v.State.Seq && a.Act == "" {
			return v, fmt.Errorf("the page %q does not take %q%v: %s", v.Page.Name, a.Pick, a.Values, next.Page.Notice)
		}
		w.now = w.now.Add(time.Minute)
		v = next
	}
	return v, fmt.Errorf("goes round at %q", v.Page.Name)
}

// counts counts a step whose own page is shown for the first time on this visit.
func (w *walk) counts(v session.View) {
	name := v.Page.Name
	if letters[name] == "" {
		return
	}
	visit := fmt.Sprint(v.Case, " ", name, " ", v.State.Visits[ladder.Place(name)])
	if !w.entered[visit] {
		w.entered[visit] = true
		w.enter(w.world, name)
	}
}

// asks counts a question, and finds out whether it was asked before. A fact is
// asked once in a case, whatever happens. What may be new after something
// happened may be asked once after each time.
func (w *walk) asks(v session.View, happened int, observes bool) {
	w.questions++
	name := v.Page.Name
	if name == "fresh_account" {
		name = "account"
	}
	key := v.Case + " " + name
	last, before := w.asked[key]
	switch {
	case before && !observes:
		w.faults = append(w.faults, "asks twice: "+name)
	case before && last == happened:
		w.faults = append(w.faults, "asks again though nothing happened: "+name)
	case w.inOtherWords(v, name):
		w.faults = append(w.faults, "asks twice, in other words: "+name)
	}
	w.asked[key] = happened
}

// happened is how much has happened that the page v can ask about anew, and whether
// it asks about such a thing at all.
func (w *walk) happened(v session.View) (int, bool) {
	kind, _, _ := strings.Cut(v.Page.Name, ".")
	switch kind {
	case "board", "status", "green", "again": // what the dashboard shows
		return w.rounds + w.waits + w.links, true
	case "reconnect", "retry", "fresh", "disconnect", "clear", "support": // how a try ends
		return v.State.Visits[ladder.Place(kind)] + w.waits, true
	case "changed": // what changed since it was connected again is a question about another time
		return w.rounds, true
	case "check": // so are the checks, where the new round's facts point to one
		if v.Page.Name == "check.outage" { // and the platform's status page, once one waited for it
			return w.rounds + w.waits, true
		}
		return w.rounds, true
	case "error", "something_else", "count": // what a try shows
		return w.tries + w.errors + w.links + w.rounds + w.alreadies, true
	case "verdict":
		return w.errors, true
	case "tried":
		return w.alreadies, true
	case "mend", "wait", "waiting", "ask": // whether it is so now
		return w.rounds + w.waits, true
	case "proof", "missed":
		return w.links, true
	case "advice", "anyway": // what follows from all that is known
		return w.events, true
	}
	return 0, false
}

// inOtherWords tells whether a check asks what the question about changes has answered.
func (w *walk) inOtherWords(v session.View, name string) bool {
	id, isCheck := strings.CutPrefix(name, "check.")
	if _, asked := w.asked[v.Case+" changed"]; !isCheck || !asked || listed(w.changed, "unsure") {
		return false
	}
	svc, err := platforms.Get(string(v.State.Platform))
	if err != nil {
		return false
	}
	for _, c := range svc.Guide().Checks {
		if c.ID == id && c.Change != "" {
			return true
		}
	}
	return false
}
