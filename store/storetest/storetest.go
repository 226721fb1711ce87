// Package storetest is the contract of a case log, as tests. Every
// implementation runs the same ones: one line in its own tests.
//
// Only what every implementation must do stands here. Files, permissions and
// migrations are tested where they are made.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reconnect/store"
)

// Log is what the contract speaks about.
type Log interface {
	Append(ctx context.Context, appends ...store.Append) ([]int, error)
	Events(ctx context.Context, caseID string, after int) ([]store.Event, error)
	Case(ctx context.Context, id string) (store.Summary, error)
	Cases(ctx context.Context, q store.Query) ([]store.Summary, error)
	SaveDraft(ctx context.Context, d store.Draft) error
	Drafts(ctx context.Context, caseID string) ([]store.Draft, error)
	DropDraft(ctx context.Context, caseID, page string) error
	Changes(ctx context.Context) (int64, error)
	Opened(ctx context.Context, q store.Opened) (int, error)
}

// Run tests an implementation. open returns a new, empty log each time and
// closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) Log) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Log)
	}{
		{"events come back as written", comesBack},
		{"the summary is replaced", summaryReplaced},
		{"a stale writer is refused", stale},
		{"an id is taken once", taken},
		{"an unknown case is named", unknown},
		{"all appends or none", allOrNone},
		{"what is no record is refused", invalid},
		{"ids compare without case", idsWithoutCase},
		{"cases come newest first, page by page", pages},
		{"cases by open, due and group", filters},
		{"cases are counted by whose they are", openedCounts},
		{"drafts are kept and dropped", drafts},
		{"an append drops drafts", appendDrops},
		{"changes grow", changesGrow},
		{"writers in one program", writers},
		{"an ended context is noticed", ended},
		{"text is kept as it is", textKept},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

var start = time.Date(2025, 3, 1, 9, 30, 0, 123e6, time.UTC)

// event returns the nth event of a made-up case.
func event(n int) store.Event {
	return store.Event{At: start.Add(time.Duration(n) * time.Second), Kind: fmt.Sprintf("kind.%d", n),
		By: "person", Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}
}

func newCase(id string) store.Append {
	return store.Append{Case: id, Events: []store.Event{event(1)}, Summary: store.Summary{Open: true, Opened: start, Updated: start}}
}

func must(t *testing.T, l Log, appends ...store.Append) []int {
	t.Helper()
	last, err := l.Append(t.Context(), appends...)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	return last
}

func wantErr(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error is %v, want %v", err, kind)
	}
	var e *store.Error
	if !errors.As(err, &e) || e.What == "" || e.Do == "" {
		t.Fatalf("error %#v does not say what happened and what to do", err)
	}
}

func comesBack(t *testing.T, l Log) {
	a := newCase("a")
	a.Events = append(a.Events, event(2), store.Event{Kind: "bare"})
	if last := must(t, l, a); last[0] != 3 {
		t.Fatalf("last Seq is %d, want 3", last[0])
	}
	events, err := l.Events(t.Context(), "a", 0)
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v; want 3", len(events), err)
	}
	for i, e := range events[:2] {
		want := event(i + 1)
		if e.Seq != i+1 || !e.At.Equal(want.At) || e.At.Location() != time.UTC || e.Kind != want.Kind ||
			e.By != want.By || string(e.Data) != string(want.Data) {
			t.Errorf("event %d is %+v, want %+v", i+1, e, want)
		}
	}
	if e := events[2]; e.Data != nil || e.At.IsZero() {
		t.Errorf("an event without data and time came back as %+v", e)
	}
	if rest, err := l.Events(t.Context(), "a", 2); err != nil || len(rest) != 1 || rest[0].Seq != 3 {
		t.Errorf("after 2 come %v, %v", rest, err)
	}
	if rest, err := l.Events(t.Context(), "a", 3); err != nil || len(rest) != 0 {
		t.Errorf("after the last come %v, %v", rest, err)
	}
}

func summaryReplaced(t *testing.T, l Log) {
	a := newCase("a")
	a.Summary = store.Summary{Platform: "p", Account: "@a", Customer: "c", Step: "one", Open: true,
		Due: start.Add(time.Hour), Opened: start, Updated: start, Group: "g"}
	must(t, l, a)
	got, err := l.Case(t.Context(), "a")
	want := a.Summary
	want.ID, want.Seq, want.Mark = "a", 1, got.Mark
	if err != nil || got != want || got.Mark <= 0 {
		t.Fatalf("summary is %+v, %v; want %+v", got, err, want)
	}
	later := store.Summary{Step: "two", Opened: start.Add(time.Hour), Updated: start.Add(time.Minute)}
	must(t, l, store.Append{Case: "a", After: 1, Events: []store.Event{event(2)}, Summary: later})
	before := got.Mark
	got, err = l.Case(t.Context(), "a")
	want = store.Summary{ID: "a", Step: "two", Opened: start, Updated: start.Add(time.Minute), Seq: 2, Mark: got.Mark}
	if err != nil || got != want || got.Mark <= before {
		t.Fatalf("summary is %+v, %v; want %+v with a mark over %d", got, err, want, before)
	}
}

func stale(t *testing.T, l Log) {
	must(t, l, newCase("a"))
	next := store.Append{Case: "a", After: 1, Events: []store.Event{event(2)}}
	must(t, l, next)
	_, err := l.Append(t.Context(), next)
	wantErr(t, err, store.ErrStale)
	next.After = 7
	_, err = l.Append(t.Context(), next)
	wantErr(t, err, store.ErrStale)
	if events, err := l.Events(t.Context(), "a", 0); err != nil || len(events) != 2 {
		t.Fatalf("%d events after a refusal, %v; want 2", len(events), err)
	}
}

func taken(t *testing.T, l Log) {
	must(t, l, newCase("a"))
	for _, id := range []string{"a", "A"} {
		_, err := l.Append(t.Context(), newCase(id))
		wantErr(t, err, store.ErrTaken)
	}
}

func unknown(t *testing.T, l Log) {
	_, err := l.Case(t.Context(), "nobody")
	wantErr(t, err, store.ErrUnknownCase)
	if !strings.Contains(err.Error(), "nobody") {
		t.Errorf("%v does not name the case", err)
	}
	_, err = l.Events(t.Context(), "nobody", 0)
	wantErr(t, err, store.ErrUnknownCase)
	_, err = l.Append(t.Context(), store.Append{Case: "nobody", After: 3, Events: []store.Event{event(1)}})
	wantErr(t, err, store.ErrUnknownCase)
}

func allOrNone(t *testing.T, l Log) {
	must(t, l, newCase("a"))
	if err := l.SaveDraft(t.Context(), store.Draft{Case: "b", Page: "p", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	b := newCase("b")
	b.Drop = []string{"p"}
	_, err := l.Append(t.Context(), b, newCase("a"))
	wantErr(t, err, store.ErrTaken)
	_, err = l.Case(t.Context(), "b")
	wantErr(t, err, store.ErrUnknownCase)
	if d, err := l.Drafts(t.Context(), "b"); err != nil || len(d) != 1 {
		t.Errorf("the draft went with an append that failed: %v, %v", d, err)
	}
	more := store.Append{Case: "a", After: 1, Events: []store.Event{event(2)}}
	if last := must(t, l, b, more); last[0] != 1 || last[1] != 2 {
		t.Errorf("last numbers are %v, want 1 and 2", last)
	}
}

func invalid(t *testing.T, l Log) {
	for name, a := range map[string]store.Append{
		"no id":       {Events: []store.Event{event(1)}},
		"no event":    {Case: "a"},
		"no kind":     {Case: "a", Events: []store.Event{{By: "x"}}},
		"no JSON":     {Case: "a", Events: []store.Event{{Kind: "k", Data: json.RawMessage("{")}}},
		"before zero": {Case: "a", After: -1, Events: []store.Event{event(1)}},
	} {
		if _, err := l.Append(t.Context(), a); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if all, err := l.Cases(t.Context(), store.Query{}); err != nil || len(all) != 0 {
		t.Errorf("after refusals there are %v, %v", all, err)
	}
}

func idsWithoutCase(t *testing.T, l Log) {
	must(t, l, newCase("Ab-1"))
	must(t, l, store.Append{Case: "aB-1", After: 1, Events: []store.Event{event(2)}})
	s, err := l.Case(t.Context(), "AB-1")
	if err != nil || s.ID != "Ab-1" || s.Seq != 2 {
		t.Fatalf("%+v, %v; want Ab-1 with two events", s, err)
	}
	if events, err := l.Events(t.Context(), "ab-1", 0); err != nil || len(events) != 2 {
		t.Fatalf("%d events, %v; want 2", len(events), err)
	}
}

func pages(t *testing.T, l Log) {
	for i := range 7 {
		must(t, l, newCase(fmt.Sprint("c", i)))
	}
	// The clock does not count: a case with an older time moves to the front.
	must(t, l, store.Append{Case: "c2", After: 1, Events: []store.Event{event(2)},
		Summary: store.Summary{Updated: start.Add(-time.Hour)}})
	var ids []string
	for q := (store.Query{Limit: 3}); ; {
		page, err := l.Cases(t.Context(), q)
		if err != nil || len(page) > 3 {
			t.Fatalf("a page of %d, %v", len(page), err)
		}
		if len(page) == 0 {
			break
		}
		for _, s := range page {
			ids = append(ids, s.ID)
		}
		q.Before = page[len(page)-1].Mark
	}
	if got := strings.Join(ids, " "); got != "c2 c6 c5 c4 c3 c1 c0" {
		t.Errorf("cases come as %s", got)
	}
}

func filters(t *testing.T, l Log) {
	for id, s := range map[string]store.Summary{
		"open":   {Open: true},
		"closed": {Group: "call"},
		"due":    {Open: true, Due: start, Group: "call"},
		"later":  {Open: true, Due: start.Add(time.Hour)},
		"gone":   {Due: start},
	} {
		must(t, l, store.Append{Case: id, Events: []store.Event{event(1)}, Summary: s})
	}
	for _, c := range []struct {
		name string
		q    store.Query
		want string
	}{
		{"all", store.Query{}, "closed due gone later open"},
		{"open", store.Query{Open: true}, "due later open"},
		{"due", store.Query{DueBy: start}, "due"},
		{"due soon", store.Query{DueBy: start.Add(2 * time.Hour)}, "due later"},
		{"group", store.Query{Group: "call"}, "closed due"},
		{"open in group", store.Query{Group: "call", Open: true}, "due"},
		{"nothing", store.Query{Group: "x"}, ""},
	} {
		page, err := l.Cases(t.Context(), c.q)
		if got := sortedIDs(page); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func openedCounts(t *testing.T, l Log) {
	for id, s := range map[string]store.Summary{
		"a1": {Platform: "x", Customer: "Anna", Account: "@a", Opened: start},
		"a2": {Platform: "x", Customer: "Anna", Account: "@b", Opened: start.Add(time.Minute)},
		"b1": {Platform: "x", Account: "@b", Opened: start.Add(time.Minute)},
		"n1": {Platform: "x", Opened: start.Add(time.Minute)},
		"n2": {Platform: "x", Opened: start.Add(time.Minute)},
		"f1": {Platform: "facebook", Customer: "Ben", Opened: start},
		"l1": {Platform: "x", Customer: "Cleo", Opened: start.Add(time.Hour)},
	} {
		must(t, l, store.Append{Case: id, Events: []store.Event{event(1)}, Summary: s})
	}
	for _, c := range []struct {
		platform    string
		from, until time.Duration
		except      string
		want        int
	}{
		{"x", 0, time.Hour, "", 3},
		{"x", 0, time.Hour + 1, "", 3},
		{"x", 0, 2 * time.Hour, "", 4},
		{"x", time.Second, time.Hour, "", 3},
		{"x", 0, time.Hour, "b1", 2},
		{"facebook", 0, time.Hour, "", 1},
		{"tiktok", 0, time.Hour, "", 0},
	} {
		n, err := l.Opened(t.Context(), store.Opened{Platform: c.platform, From: start.Add(c.from), Until: start.Add(c.until), Except: c.except})
		if err != nil || n != c.want {
			t.Errorf("%s from %s to %s but %q: %d, %v; want %d", c.platform, c.from, c.until, c.except, n, err, c.want)
		}
	}
	for _, c := range []struct {
		kind string
		data []string
		want int
	}{{string(event(1).Kind), []string{"no such", string(event(1).Data)}, 4}, {string(event(1).Kind), []string{"no such"}, 0}, {"other", []string{""}, 0}} {
		q := store.Opened{Platform: "x", From: start, Until: start.Add(2 * time.Hour), Kind: c.kind, Data: c.data}
		if n, err := l.Opened(t.Context(), q); err != nil || n != c.want {
			t.Errorf("with %s of %v: %d, %v; want %d", c.kind, c.data, n, err, c.want)
		}
	}
}

func drafts(t *testing.T, l Log) {
	for _, d := range []store.Draft{
		{Case: "", Page: "account", Text: "@a", At: start},
		{Case: "a", Page: "note", Text: "one", At: start},
		{Case: "A", Page: "note", Text: "two", At: start.Add(time.Second)},
		{Case: "a", Page: "error", Text: "three", At: start},
	} {
		if err := l.SaveDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	got, err := l.Drafts(t.Context(), "a")
	if err != nil || len(got) != 2 || got[0].Page != "error" || got[1].Text != "two" || !got[1].At.Equal(start.Add(time.Second)) {
		t.Fatalf("drafts are %+v, %v", got, err)
	}
	for range 2 { // the second time there is nothing to drop
		if err := l.DropDraft(t.Context(), "a", "note"); err != nil {
			t.Fatal(err)
		}
	}
	if got, err = l.Drafts(t.Context(), "a"); err != nil || len(got) != 1 {
		t.Fatalf("drafts are %+v, %v; want one", got, err)
	}
	if got, err = l.Drafts(t.Context(), ""); err != nil || len(got) != 1 || got[0].Text != "@a" {
		t.Fatalf("drafts without a case are %+v, %v", got, err)
	}
}

func appendDrops(t *testing.T, l Log) {
	for _, d := range []store.Draft{{Page: "account"}, {Page: "other"}, {Case: "a", Page: "note"}, {Case: "a", Page: "kept"}} {
		if err := l.SaveDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	a := newCase("a")
	a.Drop, a.DropNew = []string{"note"}, []string{"account"}
	must(t, l, a)
	for id, want := range map[string]string{"": "other", "a": "kept"} {
		got, err := l.Drafts(t.Context(), id)
		if err != nil || len(got) != 1 || got[0].Page != want {
			t.Errorf("drafts of %q are %+v, %v; want %s", id, got, err, want)
		}
	}
}

func changesGrow(t *testing.T, l Log) {
	read := func() int64 {
		t.Helper()
		n, err := l.Changes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := read()
	if again := read(); again != first {
		t.Errorf("nothing changed, but changes went from %d to %d", first, again)
	}
	must(t, l, newCase("a"))
	second := read()
	if second <= first {
		t.Errorf("after an append changes went from %d to %d", first, second)
	}
	if err := l.SaveDraft(t.Context(), store.Draft{Case: "a", Page: "p"}); err != nil {
		t.Fatal(err)
	}
	if third := read(); third <= second {
		t.Errorf("after a draft changes went from %d to %d", second, third)
	}
}

// writers race for one case: each number is given once, losers are told.
func writers(t *testing.T, l Log) {
	must(t, l, newCase("a"))
	const each, many = 10, 4
	var wg sync.WaitGroup
	for w := range many {
		wg.Go(func() {
			for done := 0; done < each; {
				s, err := l.Case(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				_, err = l.Append(t.Context(), store.Append{Case: "a", After: s.Seq, Events: []store.Event{{Kind: "k", By: fmt.Sprint(w)}}})
				switch {
				case err == nil:
					done++
				case !errors.Is(err, store.ErrStale):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	events, err := l.Events(t.Context(), "a", 0)
	if err != nil || len(events) != 1+each*many {
		t.Fatalf("%d events, %v; want %d", len(events), err, 1+each*many)
	}
	for i, e := range events {
		if e.Seq != i+1 {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
	}
}

func ended(t *testing.T, l Log) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Append(ctx, newCase("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("Append: %v, want context.Canceled", err)
	}
	if _, err := l.Cases(ctx, store.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Cases: %v, want context.Canceled", err)
	}
	_, err := l.Case(t.Context(), "a")
	wantErr(t, err, store.ErrUnknownCase)
}

func textKept(t *testing.T, l Log) {
	const odd = "'; DROP TABLE cases; -- % _ \\ \" 日本 \U0001F600 \r\n\t"
	a := newCase(odd)
	a.Events[0].By, a.Events[0].Kind = odd, odd
	a.Events[0].Data, _ = json.Marshal(odd)
	a.Summary.Account, a.Summary.Group = odd, odd
	must(t, l, a)
	s, err := l.Cases(t.Context(), store.Query{Group: odd})
	if err != nil || len(s) != 1 || s[0].ID != odd || s[0].Account != odd {
		t.Fatalf("%+v, %v", s, err)
	}
	events, err := l.Events(t.Context(), odd, 0)
	if err != nil || len(events) != 1 || events[0].By != odd || events[0].Kind != odd {
		t.Fatalf("%+v, %v", events, err)
	}
	var back string
	if err := json.Unmarshal(events[0].Data, &back); err != nil || back != odd {
		t.Errorf("data is %q, %v", back, err)
	}
}

func sortedIDs(page []store.Summary) string {
	var ids []string
	for _, s := range page {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}
