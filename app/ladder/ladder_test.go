package ladder_test

import (
	"errors"
	"flag"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func opened(checks ...string) ladder.Event {
	return ladder.Event{Seq: 1, At: start, Kind: ladder.CaseOpened, Data: ladder.Data{
		Platform: platforms.Facebook, Audience: platforms.Own, Checks: checks}}
}

// anyKind has every kind twice: moving ones are drawn with the answers that fit
// where the case stands, so that walks get far.
var allKinds = []ladder.Kind{
	ladder.CaseOpened, ladder.CaseCorrected, ladder.CaseResolved, ladder.CaseClosed, ladder.CaseReopened,
	ladder.StatusSeen, ladder.AlertSeen, ladder.BeforeReady, ladder.ChangeSeen, ladder.AccountChosen,
	ladder.AccountReturned, ladder.Ticked, ladder.Unticked, ladder.Attempted, ladder.AlreadyTried,
	ladder.CheckDone, ladder.CheckMended, ladder.ErrorRecorded, ladder.NoteAdded, ladder.GuideGap,
	ladder.ShotAdded, ladder.PostsMissed, ladder.MessageEdited, ladder.MessageCopied, ladder.MessageSaved,
	ladder.MessageSent, ladder.WaitStarted, ladder.WaitEnded, ladder.DetourTaken, ladder.DetourOverridden,
	ladder.FactSeen, ladder.SnapshotTaken, ladder.WentBack, "no.such.kind",
}

var anyAnswer = []string{"", "green", "yellow", "red", "unlisted", "failing", "connected", "warning", "disconnected",
	"error", "not_offered", "other", "done", "gone", "absent", "stuck", "pass", "fail", "unsure", "skipped", "mended",
	"go_on", "no_page", "popup", "security", "two_factor", "wrong_account", "down", "counted", "same", "over", "early", "nothing", "given_up", "duplicate", "mistake", "banner", "email", "none", "some"}

// drawEvent draws an event for s: three times in four one that the place knows.
func drawEvent(t *rapid.T, s ladder.State) ladder.Event {
	kind := rapid.SampledFrom(allKinds).Draw(t, "kind")
	answer := rapid.SampledFrom(anyAnswer).Draw(t, "answer")
	if rapid.IntRange(0, 3).Draw(t, "fits") > 0 {
		if moves := ladder.Moves(s.Place); len(moves) > 0 {
			m := rapid.SampledFrom(moves).Draw(t, "move")
			kind = m.Kind
			if m.Answer != "" {
				answer = m.Answer
			}
		}
	}
	e := ladder.Event{Seq: s.Seq + 1, At: start.Add(time.Duration(s.Seq) * time.Minute), Kind: kind, Data: ladder.Data{
		Platform: platforms.Facebook, Answer: answer, Text: text.Const("words"), File: "shot-1.png",
		Step: rapid.SampledFrom(platforms.Steps()).Draw(t, "step"), Until: start.Add(time.Hour),
		Item: rapid.SampledFrom([]string{"", "open", "click", s.Pending(), s.Failing()}).Draw(t, "item"),
		With: s.Seq > 1 && rapid.IntRange(0, 9).Draw(t, "with") == 0,
	}}
	switch kind { //nolint:exhaustive // only these are about a check
	case ladder.CheckDone:
		if open := s.Open(); len(open) > 0 {
			e.Data.Item = rapid.SampledFrom(open).Draw(t, "check") // in any order
		}
	case ladder.Attempted:
		e.Data.Checks = rapid.SampledFrom([][]string{nil, nil, {"ticked"}, {"login", "admin"}}).Draw(t, "branch")
	case ladder.DetourTaken:
		e.Data.Answer = rapid.SampledFrom([]string{"", "mended", "waited"}).Draw(t, "settled")
		e.Data.To = rapid.SampledFrom([]ladder.Place{"", "", ladder.AtChecks, ladder.AtRetry, ladder.EndClosed}).Draw(t, "to")
	case ladder.CaseReopened:
		e.Data.Answer = rapid.SampledFrom([]string{"", "broke"}).Draw(t, "round")
	case ladder.CheckMended:
		e.Data.Item = s.Failing()
	}
	if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
		e.Data.Text, e.Data.Until, e.Data.File = text.Safe{}, time.Time{}, ""
	}
	return e
}

// recorded counts what stays of a case.
func recorded(s ladder.State) int {
	return len(s.Errors) + len(s.Notes) + len(s.Gaps) + len(s.Shots) + len(s.Messages) + len(s.Overrides) + len(s.Corrections) + len(s.Seen)
}

// TestProperties walks at least 100,000 generated sequences of events and looks
// at every step: nothing panics, a refusal has a reason and changes nothing, an
// accepted event counts, stays, and is found again by replay; back restores
// position and facts exactly.
func TestProperties(t *testing.T) {
	if err := flag.Set("rapid.checks", "100000"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("rapid.checks", "100") }()
	var accepted, refused, backs, ends int
	rapid.Check(t, func(t *rapid.T) {
		log := []ladder.Event{opened("admin", "active")}
		s, err := ladder.Replay(log)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 24).Draw(t, "length") {
			e := drawEvent(t, s)
			next, err := ladder.Next(s, e)
			if err != nil {
				refused++
				mustRefuse(t, s, next, err)
				continue
			}
			accepted++
			log = append(log, e)
			if next.Seq != s.Seq+1 || recorded(next) < recorded(s) {
				t.Fatalf("%s was accepted and is lost", e.Kind)
			}
			if next.IsEnded() {
				ends++
			}
			if e.Kind != ladder.WentBack && moved(s, next) && !e.Data.With {
				backs++
				mustGoBack(t, s, next)
			}
			s = next
		}
		again, err := ladder.Replay(log)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("replay of %d events differs: %v", len(log), err)
		}
	})
	t.Logf("%d events accepted, %d refused, %d taken back, %d ends", accepted, refused, backs, ends)
}

func moved(s, next ladder.State) bool { return next.LedHere().Seq != s.LedHere().Seq }

func mustRefuse(t *rapid.T, s, next ladder.State, err error) {
	var refusal *ladder.Refusal
	if !errors.As(err, &refusal) || refusal.Reason.Empty() {
		t.Fatalf("a refusal without a reason: %v", err)
	}
	if !reflect.DeepEqual(s, next) {
		t.Fatalf("a refusal changed the case: %v", err)
	}
}

func mustGoBack(t *rapid.T, s, next ladder.State) {
	back, err := ladder.Next(next, ladder.Event{Seq: next.Seq + 1, At: next.Last, Kind: ladder.WentBack})
	if err != nil {
		t.Fatalf("back from %s was refused: %v", next.Place, err)
	}
	if !reflect.DeepEqual(back.Position, s.Position) {
		t.Fatalf("back from %s is not exactly %s", next.Place, s.Place)
	}
	if !slices.Contains(back.Struck, next.LedHere().Seq) {
		t.Fatal("the event taken back is not struck")
	}
	kept := back.Kept
	kept.Struck, kept.Outside = next.Struck, next.Outside
	if !reflect.DeepEqual(kept, next.Kept) {
		t.Fatal("back took away what stays")
	}
}

// TestEndReachable finds from every place a way to each end that helps, and to
// closing, without a detour.
func TestEndReachable(t *testing.T) {
	s, err := ladder.Replay([]ladder.Event{opened("admin")})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[ladder.Place]ladder.State{}
	explore(s, seen)
	for _, p := range ladder.Places() {
		at, found := seen[p]
		if !found {
			t.Errorf("%s is never reached", p)
			continue
		}
		if p.End() {
			continue
		}
		from := map[ladder.Place]ladder.State{}
		explore(at, from)
		for _, end := range []ladder.Place{ladder.EndConnected, ladder.EndSent, ladder.EndClosed} {
			if _, ok := from[end]; !ok {
				t.Errorf("from %s, %s cannot be reached", p, end)
			}
		}
	}
}

// explore walks every move from s, each place once.
func explore(s ladder.State, seen map[ladder.Place]ladder.State) {
	if _, again := seen[s.Place]; again {
		return
	}
	seen[s.Place] = s
	moves := append(ladder.Moves(s.Place), ladder.Move{Kind: ladder.CaseClosed, Answer: "given_up"})
	for _, m := range moves {
		item := s.Pending()
		if m.Kind == ladder.CheckMended {
			item = s.Failing()
		}
		next, err := ladder.Next(s, ladder.Event{Seq: s.Seq + 1, Kind: m.Kind, Data: ladder.Data{
			Answer: m.Answer, Item: item, Text: text.Const("words")}})
		if err == nil {
			explore(next, seen)
		}
	}
}

// TestOldLogs replays logs as the first version wrote them: what they meant then
// they mean still.
func TestOldLogs(t *testing.T) {
	e := func(kind ladder.Kind, answer string) ladder.Event {
		return ladder.Event{Kind: kind, Data: ladder.Data{Answer: answer, Text: text.Const("words")}}
	}
	climbed := []ladder.Event{e(ladder.StatusSeen, "red"), e(ladder.ChangeSeen, ""), e(ladder.AccountChosen, ""), e(ladder.Attempted, "disconnected"),
		{Kind: ladder.CheckDone, Data: ladder.Data{Item: "admin", Answer: "pass"}}, e(ladder.Attempted, "disconnected"),
		e(ladder.Attempted, "done"), e(ladder.Attempted, "done"), e(ladder.Attempted, "disconnected")}
	for name, c := range map[string]struct {
		more []ladder.Event
		at   ladder.Place
	}{
		"connected at Support, and red again": {[]ladder.Event{e(ladder.Attempted, "connected"), e(ladder.StatusSeen, "red")}, ladder.AtRetry},
		"green at Support, and red again":     {[]ladder.Event{e(ladder.StatusSeen, "green"), e(ladder.StatusSeen, "red")}, ladder.AtRetry},
		"sent and reopened":                   {[]ladder.Event{e(ladder.MessageSent, ""), e(ladder.CaseReopened, "")}, ladder.AtSupport},
		"the wrong account twice, with a reopening between": {[]ladder.Event{e(ladder.Attempted, "connected"), e(ladder.AccountReturned, "other"),
			e(ladder.AccountChosen, ""), e(ladder.Attempted, "connected"), e(ladder.AccountReturned, "same"), e(ladder.CaseResolved, "connected"),
			e(ladder.CaseReopened, ""), e(ladder.StatusSeen, "red"), e(ladder.ChangeSeen, ""), e(ladder.AccountChosen, ""),
			e(ladder.Attempted, "connected"), e(ladder.AccountReturned, "other")}, ladder.AtSupport},
	} {
		log := append([]ladder.Event{opened("admin")}, slices.Concat(climbed, c.more)...)
		for i := range log {
			log[i].Seq, log[i].At = i+1, start.Add(time.Duration(i)*time.Minute)
		}
		if s, err := ladder.Replay(log); err != nil || s.Place != c.at {
			t.Errorf("%s: at %s, %v; want %s", name, s.Place, err, c.at)
		}
	}
}
