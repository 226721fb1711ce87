package session

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/articletest"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// now is when all frames are drawn.
var now = time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)

// still is a session whose store holds what the test puts there.
type still struct {
	Log
	cases []store.Summary
}

func (s still) Cases(context.Context, store.Query) ([]store.Summary, error) { return s.cases, nil }

func quiet(cases ...store.Summary) *Session {
	return &Session{Log: still{cases: cases}, Now: func() time.Time { return now }, Dir: "/cases"}
}

// ways are the answers that lead to each place of the ladder.
var ways = map[ladder.Place][]ladder.Move{
	ladder.AtStatus:       {},
	ladder.AtGreen:        {{Kind: ladder.StatusSeen, Answer: "green"}},
	ladder.AtBefore:       {{Kind: ladder.StatusSeen, Answer: "unlisted"}},
	ladder.AtChanged:      {{Kind: ladder.StatusSeen, Answer: "red"}},
	ladder.AtAccount:      {{Kind: ladder.ChangeSeen}},
	ladder.AtReconnect:    {{Kind: ladder.AccountChosen}},
	ladder.AtChecks:       {{Kind: ladder.Attempted, Answer: "disconnected"}},
	ladder.AtMend:         {{Kind: ladder.CheckDone, Answer: "fail"}},
	ladder.AtRetry:        {{Kind: ladder.CheckDone, Answer: "pass"}, {Kind: ladder.CheckDone, Answer: "unsure"}, {Kind: ladder.CheckDone, Answer: "skipped"}, {Kind: ladder.CheckDone, Answer: "pass"}},
	ladder.AtDisconnect:   {{Kind: ladder.Attempted, Answer: "disconnected"}, {Kind: ladder.SnapshotTaken}},
	ladder.AtClear:        {{Kind: ladder.Attempted, Answer: "done"}},
	ladder.AtFresh:        {{Kind: ladder.Attempted, Answer: "done"}},
	ladder.AtSupport:      {{Kind: ladder.Attempted, Answer: "disconnected"}},
	ladder.EndSent:        {{Kind: ladder.MessageSent}},
	ladder.AtProof:        {{Kind: ladder.Attempted, Answer: "connected"}},
	ladder.AtMissed:       {{Kind: ladder.AccountReturned, Answer: "same"}},
	ladder.EndConnected:   {{Kind: ladder.CaseResolved, Answer: "connected"}},
	ladder.AtFreshAccount: {{Kind: ladder.BeforeReady}},
	ladder.EndNothing:     {{Kind: ladder.CaseResolved, Answer: "nothing"}},
	ladder.EndClosed:      {{Kind: ladder.CaseClosed, Answer: "duplicate"}},
}

// before says from which place a way goes on.
var before = map[ladder.Place]ladder.Place{
	ladder.AtGreen: ladder.AtStatus, ladder.AtBefore: ladder.AtStatus, ladder.AtChanged: ladder.AtStatus,
	ladder.AtAccount: ladder.AtChanged, ladder.AtReconnect: ladder.AtAccount, ladder.AtChecks: ladder.AtReconnect,
	ladder.AtMend: ladder.AtChecks, ladder.AtRetry: ladder.AtChecks, ladder.AtDisconnect: ladder.AtRetry,
	ladder.AtClear: ladder.AtDisconnect, ladder.AtFresh: ladder.AtClear, ladder.AtSupport: ladder.AtFresh,
	ladder.EndSent: ladder.AtSupport, ladder.AtProof: ladder.AtReconnect, ladder.AtMissed: ladder.AtProof,
	ladder.EndConnected: ladder.AtMissed, ladder.AtFreshAccount: ladder.AtBefore, ladder.EndNothing: ladder.AtGreen,
	ladder.EndClosed: ladder.AtReconnect,
}

// at is a case of svc at place.
func at(t testing.TB, svc platforms.Service, a platforms.Audience, place ladder.Place) View {
	v := View{Case: "7QK2", Audience: a, Since: now.Add(-3 * time.Minute), drafts: map[string]string{}}
	v = with(t, v, ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: svc.ID, Audience: a, Checks: checkIDs(svc.ID)}})
	return walkTo(t, v, svc, place)
}

func walkTo(t testing.TB, v View, svc platforms.Service, place ladder.Place) View {
	if p, ok := before[place]; ok {
		v = walkTo(t, v, svc, p)
	}
	for _, m := range ways[place] {
		d := ladder.Data{Answer: m.Answer, Item: v.State.Pending(), Grade: platforms.Seen}
		switch m.Kind { //nolint:exhaustive // the others need nothing more
		case ladder.AccountChosen:
			d.Account, d.Text = text.Const("Example Bakery"), text.Const("owner@example")
		case ladder.CheckDone:
			if d.Item == "" {
				continue // this platform has fewer checks
			}
		}
		if m.Kind == ladder.SnapshotTaken {
			d.Account, d.Text, d.Answer, d.Count = text.Const("Example Bakery"), text.Const("owner@example"), "counted", 14
		}
		v = with(t, v, ladder.Event{Kind: m.Kind, Data: d})
	}
	if v.State.Place != place {
		t.Fatalf("%s: at %s, want %s", svc.ID, v.State.Place, place)
	}
	return v
}

// with is v after e.
func with(t testing.TB, v View, e ladder.Event) View {
	e.Seq, e.At = v.State.Seq+1, now.Add(-time.Hour).Add(time.Duration(v.State.Seq)*time.Minute)
	next, err := ladder.Next(v.State, e)
	if err != nil {
		t.Fatal(err)
	}
	v.State, v.Log = next, append(slices.Clone(v.Log), e)
	return v
}

// over is v with a page laid over it.
func over(v View, name, item string) View {
	v.layers = []layer{{name: name, item: item}}
	return v
}

// pages are all pages there are, by the name of their golden file.
func pages(t testing.TB, svc platforms.Service, a platforms.Audience) map[string]View {
	all := map[string]View{}
	for _, p := range ladder.Places() {
		all[string(p)] = at(t, svc, a, p)
	}
	start := View{Audience: a, open: []store.Summary{
		{ID: "7QK2", Platform: "instagram", Account: "@example.bakery", Step: "Reconnect, waiting", Due: now.Add(-10 * time.Minute), Updated: now.Add(-3 * time.Hour), Open: true},
		{ID: "9XYZ", Platform: "linkedin", Account: "Brightside GmbH", Step: "Checks", Updated: now.Add(-50 * time.Hour), Open: true}}}
	all[pageStart] = start
	all[pageBoard], all[pageConnect] = over(start, pageBoard, ""), over(start, pageConnect, "")
	all[pageEnded] = over(start, pageEnded, "")
	reconnect := all[string(ladder.AtReconnect)]
	for _, name := range []string{pageTried, pageError, pageNote, pageGap, pageWhy, pageMore, pageTimeline,
		pageMessage, pageEdit, pageWait, pageCorrect, pageClose, pageGoto, pageKept} {
		all[name] = over(reconnect, name, "")
	}
	all[pageGapAt] = over(reconnect, pageGapAt, "click")
	all["count.missed"] = over(all[string(ladder.AtMissed)], pageCount, "missed")
	all["count.other"] = over(all[string(ladder.AtProof)], pageCount, "other")
	all[pageScreenshot] = over(reconnect, pageScreenshot, "")
	advised(t, svc, a, all)
	for name, v := range verified(t, reconnect) {
		all[name] = v
	}
	for name, v := range verified(t, all[string(ladder.AtChecks)]) {
		all[name+" at the checks"] = v
	}
	all[pageWaiting] = with(t, reconnect, ladder.Event{Kind: ladder.WaitStarted, Data: ladder.Data{
		Text: text.Const("the limit to reset"), Until: now.Add(4 * time.Hour), Early: text.Const("somebody mends the role")}})
	return all
}

// advised are the pages that stand before the ladder's own.
func advised(t testing.TB, svc platforms.Service, a platforms.Audience, all map[string]View) {
	said := func(v View, cause platforms.Cause, next platforms.Step) View {
		return with(t, v, ladder.Event{Kind: ladder.ErrorRecorded, Data: ladder.Data{Text: text.Const("an error (#200)"), Grade: platforms.Seen,
			Verdict: &ladder.Verdict{Platform: svc.ID, Cause: cause, Confidence: "certain", Connection: true, Next: next, Signature: "drawn"}}})
	}
	reconnect, disconnect := all[string(ladder.AtReconnect)], all[string(ladder.AtDisconnect)]
	all["advice.fix"] = said(reconnect, platforms.SecurityCheckpoint, "fix")
	all["advice.wait"] = said(reconnect, platforms.RateLimited, "wait")
	all["advice.support"] = said(reconnect, platforms.AppMisconfigured, platforms.Support)
	all["advice.held.fix"] = said(disconnect, platforms.NotAdmin, "fix")
	all["advice.held.wait"] = with(t, disconnect, ladder.Event{Kind: ladder.FactSeen, Data: ladder.Data{Item: "incident", Answer: "down", Grade: platforms.Seen}})
	all["advice.held.spike"] = with(t, disconnect, ladder.Event{Kind: ladder.FactSeen, Data: ladder.Data{Item: "cases", Answer: "spike", Count: 7, Grade: platforms.Seen}})
	all["advice.held.clear"] = said(all[string(ladder.AtClear)], platforms.UserCancelled, platforms.Reconnect)
	twice := all[string(ladder.AtDisconnect)]
	twice = with(t, twice, ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Reconnect, Text: text.Const("once more")}})
	all["advice.repeated"] = twice
	again := all[string(ladder.AtChanged)]
	again.kin = []store.Summary{{ID: "9XYZ", Platform: "instagram", Step: "Connected again", Updated: now}}
	if svc.ID == platforms.Instagram {
		again.kin[0].Platform = "facebook"
	}
	again.sibling = mended(t, platforms.ID(again.kin[0].Platform), now)
	if loginOf(svc.ID) == platforms.Facebook {
		all["advice.again"] = again
	}
	all[pageAnyway], all[pageAsk] = over(all["advice.held.fix"], pageAnyway, ""), over(all["advice.held.fix"], pageAsk, "")
	all[pageElse] = over(reconnect, pageElse, "")
	bare := at(t, svc, a, ladder.AtRetry)
	all[pageSnapshot] = with(t, bare, ladder.Event{Kind: ladder.Attempted, Data: ladder.Data{Answer: "warning"}})
	branch, _ := svc.Guide().Branch("not_offered")
	all["branch"] = with(t, reconnect, ladder.Event{Kind: ladder.Attempted, Data: ladder.Data{Answer: "not_offered", Checks: branch.Checks}})
	all["settling"] = with(t, all[string(ladder.AtFresh)], ladder.Event{Kind: ladder.WaitStarted, Data: ladder.Data{Item: diagnosis.Settling,
		Text: text.Const("the removal settles"), Until: now.Add(5 * time.Minute)}})
	tree := all[string(ladder.AtClear)]
	tree.falls = branches([]text.Safe{text.Const("Instagram @example.bakery, case 9XYZ, Reconnect"), text.Const("Facebook Bakery North, case 8ABC, Connected again")})
	all["clear, with what falls"] = tree
}

// sizes are the windows that every page is looked at in.
var sizes = [][2]int{{60, 20}, {80, 24}, {120, 40}}

func draw(t testing.TB, v View, size [2]int) string {
	if v.Page.Kind == screens.Files { // it shows the folder it is in
		here, err := os.Getwd()
		if err != nil || os.Chdir("/") != nil {
			t.Fatal("the folder cannot be changed")
		}
		defer os.Chdir(here) //nolint:errcheck // it was there a moment ago
	}
	f := screens.Frame{Width: size[0], Height: size[1], Theme: screens.NewTheme(true), Now: now}
	return screens.Draw(v.Page, screens.Open(v.Page, f), f)
}

// TestFrames draws every page at three sizes, with and without colour.
func TestFrames(t *testing.T) {
	svc := platforms.All()[1]
	for name, v := range pages(t, svc, platforms.Own) {
		t.Run(name, func(t *testing.T) { frames(t, v) })
	}
	t.Run("reconnect on a call", func(t *testing.T) { frames(t, at(t, svc, platforms.Agent, ladder.AtReconnect)) })
	t.Run("before, onboarding", func(t *testing.T) { frames(t, at(t, platforms.All()[0], platforms.Onboarding, ladder.AtBefore)) })
}

func frames(t *testing.T, v View) {
	v = quiet().shown(v)
	var plain, colour strings.Builder
	for _, size := range sizes {
		drawn := draw(t, v, size)
		bare := ansi.Strip(drawn)
		plain.WriteString(bare + "\n\n")
		colour.WriteString(drawn + "\n\n")
		for i, l := range strings.Split(bare, "\n") {
			if ansi.StringWidth(l) > size[0] {
				t.Errorf("%dx%d, line %d is %d cells wide: %q", size[0], size[1], i+1, ansi.StringWidth(l), l)
			}
		}
		if n := strings.Count(bare, "\n") + 1; n > size[1] {
			t.Errorf("%dx%d has %d lines", size[0], size[1], n)
		}
	}
	t.Run("plain", func(t *testing.T) { golden.RequireEqual(t, plain.String()) })
	t.Run("colour", func(t *testing.T) { golden.RequireEqual(t, colour.String()) })
}

// TestFits looks at every page of the ladder, for every platform and audience, in
// a window of 80×24: it is whole, without scrolling.
func TestFits(t *testing.T) {
	for _, svc := range platforms.All() {
		for _, a := range platforms.Audiences() {
			for name, v := range pages(t, svc, a) {
				v = quiet().shown(v)
				if v.Page.Kind == screens.Reading || name == pageScreenshot {
					continue // long texts scroll
				}
				if bare := ansi.Strip(draw(t, v, [2]int{80, 24})); strings.Contains(bare, "↓ more") {
					t.Errorf("%s, %s, %s is not whole at 80×24:\n%s", svc.ID, a, name, bare)
				}
				if left := regexp.MustCompile(`\{[a-z]+\}`).FindString(ansi.Strip(draw(t, v, [2]int{200, 60}))); left != "" {
					t.Errorf("%s, %s, %s: %s is not filled in", svc.ID, a, name, left)
				}
			}
		}
	}
}

// TestArticle finds every statement of the help article on the screen that a
// person of each audience sees for each platform.
func TestArticle(t *testing.T) {
	for _, gap := range articletest.Missing(func(svc platforms.Service, a platforms.Audience, place string) string {
		return readable(t, svc, a, place)
	}) {
		t.Error(gap)
	}
}

// readable is everything a person can read at a place of the guide: the page, its
// second pane, and what is behind w.
func readable(t *testing.T, svc platforms.Service, a platforms.Audience, place string) string {
	v := viewOf(t, svc, a, place)
	if !v.State.Use.Empty() { // the article does not know its name
		v.State.Use = text.Const("the account that you want to connect")
	}
	v = quiet().shown(v)
	f := screens.Frame{Width: 100, Height: 300, Theme: screens.NewTheme(true), Now: now}
	beside := screens.Beside(v.Page)
	return ansi.Strip(screens.Open(v.Page, f).View(f) + "\n" + screens.Open(beside, f).View(f) + "\n" + v.Page.Body.String())
}

func viewOf(t *testing.T, svc platforms.Service, a platforms.Audience, place string) View {
	kind, id, _ := strings.Cut(place, ".")
	switch kind {
	case "check":
		if id != "" {
			return checkView(t, svc, a, id)
		}
	case "change":
		return at(t, svc, a, ladder.AtChanged)
	case "expiry":
		return at(t, svc, a, ladder.EndConnected)
	}
	v, ok := pages(t, svc, a)[place]
	if !ok {
		t.Fatalf("no page is called %s", place)
	}
	return v
}

// checkView is the page of a check, with how to mend it.
func checkView(t *testing.T, svc platforms.Service, a platforms.Audience, id string) View {
	v := at(t, svc, a, ladder.AtChecks)
	for v.State.Pending() != id {
		v = with(t, v, ladder.Event{Kind: ladder.CheckDone, Data: ladder.Data{Item: v.State.Pending(), Answer: "pass"}})
	}
	return v
}

// TestNothingCut finds every word of every page again, at each width, in a window
// that is high enough: no line is cut.
func TestNothingCut(t *testing.T) {
	for _, svc := range platforms.All() {
		for _, a := range platforms.Audiences() {
			for name, v := range pages(t, svc, a) {
				v = quiet().shown(v)
				v.Page.Draft = boardDraft(v.Page)
				for _, size := range sizes {
					drawn := ansi.Strip(draw(t, v, [2]int{size[0], 300}))
					for _, word := range words(v.Page) {
						if !strings.Contains(drawn, word) {
							t.Errorf("%s, %s, %s at %d columns: %q is cut", svc.ID, a, name, size[0], word)
						}
					}
				}
			}
		}
	}
}

// boardDraft marks every row of a board, so that its meaning shows.
func boardDraft(p screens.Page) string {
	if p.Kind != screens.Board {
		return ""
	}
	return `{"instagram":"green","facebook":"red","tiktok":"yellow","linkedin":"unlisted","x":"red"}`
}

// words are all words that a page shows beside its second pane.
func words(p screens.Page) []string {
	texts := []text.Safe{p.Title, p.Tag, p.Why, p.Body}
	if p.Kind != screens.Board { // its question is its rows
		texts = append(texts, p.Ask)
	}
	for _, d := range p.Do {
		texts = append(texts, d.Text, d.Warn, d.Note)
	}
	for _, f := range p.Facts {
		texts = append(texts, f.Label, f.Text)
	}
	for _, c := range p.Choices {
		texts = append(texts, c.Means)
		if p.Kind != screens.Board {
			texts = append(texts, c.Label)
		}
	}
	for _, i := range p.Items {
		texts = append(texts, i.Platform, i.Account, i.Step, i.When, i.Note)
	}
	for _, f := range p.Fields {
		texts = append(texts, f.Label, f.Help)
		for _, o := range f.Options {
			texts = append(texts, o.Label)
		}
	}
	var all []string
	for _, s := range texts {
		all = append(all, strings.Fields(s.String())...)
	}
	return all
}
