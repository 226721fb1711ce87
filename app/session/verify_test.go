package session

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// finds is a prober that finds what the test says.
type finds struct {
	ways  []Way
	found func(to Listener) Found
	looks []Look
}

func (f finds) Ready(platforms.ID) bool                                    { return true }
func (f finds) Ways(context.Context, About) ([]Way, error)                 { return f.ways, nil }
func (f finds) Look(context.Context, []About) []Look                       { return f.looks }
func (f finds) Probe(_ context.Context, _ About, _ Way, to Listener) Found { return f.found(to) }

var (
	askMika = Way{ID: "ask/facebook/abc", Label: text.Const("Ask as Mika Novak"), Quick: true}
	signIn  = Way{ID: "login/facebook", Label: text.Const("Sign in with the browser of this computer"), SignsIn: true}
	pasting = Way{ID: "paste/facebook", Label: text.Const("Sign in on another device, and paste where it lands"), SignsIn: true, Elsewhere: true}

	inOrder = ladder.Finding{Check: "login", Title: text.Const("Does Facebook take the sign-in?"), Outcome: platforms.Pass,
		Says: text.Const("Facebook takes the sign-in of Mika Novak."), Request: text.Const("GET graph.facebook.com/v26.0/me"), Field: text.Const("id is there")}
	noControl = ladder.Finding{Check: "tasks", Title: text.Const("Does this person have full control of the Page?"), Outcome: platforms.Fail,
		Cause: platforms.NotAdmin, Also: []platforms.Cause{platforms.WrongAccount}, Says: text.Const("This person has no full control of the Page Example Bakery."),
		Field: text.Const("data[].tasks = CREATE_CONTENT, MODERATE"), Request: text.Const("GET graph.facebook.com/v26.0/me/accounts"),
		Mend: text.Const("Ask an admin of the Page for full control, then reconnect.")}
	otherPage = ladder.Finding{Check: "page", Title: text.Const("Can this person see the Page?"), Outcome: platforms.Fail, Cause: platforms.WrongAccount,
		Says: text.Const("This person cannot see the Page Example Bakery."), Mend: text.Const("Sign in as the person who manages the Page.")}
	control = ladder.Finding{Check: "tasks", Title: noControl.Title, Outcome: platforms.Pass, RulesOut: []platforms.Cause{platforms.NotAdmin},
		Says: text.Const("This person has full control of the Page.")}
	noAnswer = ladder.Finding{Check: "published", Title: text.Const("Is the Page published?"), Outcome: platforms.Unsure, Cause: platforms.PlatformOutage,
		Says: text.Const("Could not check: the platform cannot answer now (HTTP 503)."), Retry: now.Add(time.Minute)}
	declined = ladder.Finding{Check: "scopes", Title: text.Const("Was everything allowed?"), Outcome: platforms.Fail, Cause: platforms.MissingPermission,
		Says: text.Const("Not allowed: pages_manage_posts. Without it nothing can be published."), Mend: text.Const("Reconnect and leave every permission on."),
		Request: text.Const("GET graph.facebook.com/v26.0/me/permissions"), Field: text.Const("data[].status = granted lacks pages_manage_posts")}
	notAsked = ladder.Finding{Check: "page", Title: text.Const("Can this person see the Page?"), Outcome: platforms.Skipped}
)

// probe is what was found, as a task brings it.
func probe(findings ...ladder.Finding) Found {
	return Found{Probe: &ladder.Probe{Service: "facebook", Account: text.Const("Mika Novak"), Findings: findings}}
}

// passes is a check that found all in order.
func passes(check, says string) ladder.Finding {
	return ladder.Finding{Check: check, Title: text.Line(check + "?"), Outcome: platforms.Pass, Says: text.Line(says)}
}

// doneWith is the page with what was found, over v.
func doneWith(v View, f Found) View {
	v = over(v, pageVerify, verifyDone)
	v.found, v.ways, v.took = &f, []Way{askMika, signIn}, askMika.ID
	return v
}

// verified are the pages of v at all its stages, over v.
func verified(t testing.TB, v View) map[string]View {
	t.Helper()
	asking := func(p Progress, question text.Safe) View {
		over := over(v, pageVerify, verifyRun)
		over.Task, over.ways = &Task{progress: p, question: question}, []Way{askMika, signIn}
		return over
	}
	done := func(f Found) View {
		if f.Probe != nil {
			v := with(t, v, ladder.Event{Kind: ladder.ProbeMade, Data: ladder.Data{Probe: f.Probe, Grade: platforms.Probed}})
			return doneWith(v, f)
		}
		return doneWith(v, f)
	}
	choose, costly := over(v, pageVerify, verifyAsk), over(v, pageVerify, verifyAsk)
	choose.ways = []Way{askMika, signIn}
	for _, w := range []Way{askMika, signIn, pasting} {
		w.Costs, w.Custom = text.Const("about 0.010 USD for reading a user on X's pay-per-use plan; the same user again on the same day (UTC) is free"), true
		costly.ways = append(costly.ways, w)
	}
	address := SignIn{URL: text.Const("https://www.facebook.com/v26.0/dialog/oauth?client_id=1234567890123456&redirect_uri=http%3A%2F%2Flocalhost%3A49152%2FqJ8Zl0mX2vT5yB7nC4dK9sH1wE6rU3pA-fGiLoQkMzY&response_type=code&scope=pages_show_list%2Cpages_read_engagement%2Cpages_manage_posts%2Cbusiness_management&state=Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5"), Until: now.Add(5 * time.Minute), Listening: true}
	elsewhere := address
	elsewhere.Listening = false
	other := probe(inOrder, noControl, noAnswer, notAsked)
	other.Probe.Custom = true
	all7 := probe(inOrder, passes("token", "The token works, until 22 January 2027 (59 days)."), passes("scopes", "Everything that publishing needs was allowed."),
		passes("ticked", "The Page was ticked in Facebook's dialog."), passes("page", "The Page Example Bakery is there."), control, passes("published", "The Page Example Bakery is published."))
	worst := probe(append(slices.Clone(all7.Probe.Findings[:5]), declined, noControl, noAnswer)...)
	worst.Probe.Custom = true
	silent := Found{Silent: true, Probe: probe(ladder.Finding{Check: "sign_in", Title: text.Const("Does the platform take the sign-in?"), Outcome: platforms.Unsure,
		Says: text.Const("Nothing came back from the browser in time. A cancelled sign-in, a closed window and an error page look the same from here.")}).Probe}
	shows := Found{Read: true, At: now, Shows: []Shown{{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Red,
		Expires: now.Add(240 * time.Hour), Error: text.Const("(#190) Error validating access token")}}}
	all := map[string]View{
		"verify.ask": choose, "verify.ask.costs": costly, "verify.run": asking(Progress{Now: control.Title, At: 3, Of: 7, Done: []ladder.Finding{inOrder}}, text.Safe{}),
		"verify.secret": asking(Progress{}, text.Const("Passphrase of secrets.age")), "verify.signin": asking(Progress{SignIn: &address}, text.Safe{}),
		"verify.signin.elsewhere": asking(Progress{SignIn: &elsewhere}, text.Safe{}),
		"verify.done":             done(probe(inOrder, noControl, notAsked)), "verify.done.custom": done(other), "verify.done.feed": done(shows),
		"verify.done.ready": done(all7), "verify.done.worst": done(worst), "verify.done.silent": done(silent),
		"verify.failed": done(Found{Failed: text.Const("the keyring is locked. Unlock it, and ask again")}),
	}
	for _, name := range []string{pageLanded, pageShown} {
		on := asking(Progress{SignIn: &address}, text.Safe{})
		on.layers = append(on.layers, layer{name: name})
		all["verify."+name] = on
	}
	return all
}

// TestVerifyFrames draws the pages of v at three sizes.
func TestVerifyFrames(t *testing.T) {
	svc := platforms.All()[1]
	all := verified(t, at(t, svc, platforms.Own, ladder.AtReconnect))
	all["verify.done.fills"] = verified(t, at(t, svc, platforms.Own, ladder.AtChecks))["verify.done"]
	for name, v := range all {
		t.Run(name, func(t *testing.T) { frames(t, v) })
	}
}

// asks is a case of Facebook at Reconnect whose platform finds what is said.
func asks(t *testing.T, found Found) (*Session, View) {
	t.Helper()
	s := real(t)
	s.Prober = finds{ways: []Way{askMika, signIn}, found: func(to Listener) Found {
		to.Tell(Progress{Now: inOrder.Title, At: 1, Of: 2})
		return found
	}}
	v, err := s.New(t.Context(), platforms.Facebook)
	if err != nil {
		t.Fatal(err)
	}
	return s, given(t, s, v,
		screens.Answer{Values: map[string]string{"facebook": "red"}},
		screens.Answer{Values: map[string]string{"changes": ""}},
		screens.Answer{Values: map[string]string{"account": "Example Bakery", "use": "Mika Novak"}})
}

// failed is the answer that brings the checks.
var failed = screens.Answer{Pick: "disconnected"}

// verify presses v and gives the page with what was found.
func verify(t *testing.T, s *Session, v View) View {
	t.Helper()
	v = given(t, s, v, screens.Answer{Act: screens.Verify})
	if v.Task == nil {
		t.Fatalf("nothing is asked: %s", v.Page.Title)
	}
	told := 0
	v.Task.Run(t.Context(), func() { told++ })
	if _, ended := s.Told(v); !ended || told == 0 {
		t.Fatalf("ended %v, told %d times", ended, told)
	}
	v, err := s.Done(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func offers(v View, id string) bool {
	for _, c := range v.Page.Choices {
		if c.ID == id {
			return true
		}
	}
	return false
}

// TestVerifyFillsIn: what was found answers the check as probed, the cause that was
// found is the root, and once it is put right v says so, too.
func TestVerifyFillsIn(t *testing.T) {
	s, v := asks(t, probe(inOrder, noControl))
	v = verify(t, s, given(t, s, v, failed))
	if len(v.State.Probes) != 1 || !offers(v, "use") {
		t.Fatalf("%d probes, choices %v", len(v.State.Probes), v.Page.Choices)
	}
	v = given(t, s, v, screens.Answer{Pick: "use"})
	done, _ := v.State.Check("admin")
	if v.State.Place != ladder.AtMend || done.Outcome != platforms.Fail || done.Grade != platforms.Probed {
		t.Fatalf("at %s, %+v", v.State.Place, done)
	}
	if root, _ := v.Diagnosis.RootSuspect(); root.Cause != platforms.NotAdmin || root.Confidence != "certain" {
		t.Errorf("the root is %s, %s", root.Cause, root.Confidence)
	}
	s.Prober = finds{ways: []Way{askMika}, found: func(to Listener) Found { to.Tell(Progress{}); return probe(inOrder, control) }}
	v = given(t, s, verify(t, s, v), screens.Answer{Pick: "use"})
	if v.State.Failing() != "" || v.State.Place == ladder.AtMend {
		t.Errorf("still to be mended: %s at %s", v.State.Failing(), v.State.Place)
	}
	again, err := s.Open(t.Context(), v.Case)
	if err != nil || again.State.Seq != v.State.Seq || len(again.State.Probes) != 2 {
		t.Errorf("stored: %d events, %d probes, %v", again.State.Seq, len(again.State.Probes), err)
	}
}

// TestProbedStandsThere: what the platform said stands on Reconnect, and on the page
// of the check that it is about, also where nobody follows the advice.
func TestProbedStandsThere(t *testing.T) {
	says := func(v View, f ladder.Finding) bool {
		return slices.ContainsFunc(v.Page.Facts, func(fact screens.Fact) bool {
			return fact.Label.String() == "the platform says" && strings.HasPrefix(fact.Text.String(), f.Says.String()) && fact.Grade == platforms.Probed
		})
	}
	s, v := asks(t, probe(inOrder, otherPage))
	v = given(t, s, verify(t, s, v), screens.Answer{Pick: "stay"})
	if v.State.Place != ladder.AtReconnect || !says(v, otherPage) {
		t.Errorf("%s says %v", v.Page.Name, v.Page.Facts)
	}
	if got := v.Page.Notice.String(); got != "First: "+otherPage.Mend.String() {
		t.Errorf("the page says first %q", got)
	}
	changed := otherPage
	changed.Cause, changed.Mend = platforms.PasswordChanged, text.Const("Sign in again with your app.")
	s, v = asks(t, probe(inOrder, changed))
	if v = given(t, s, verify(t, s, v), screens.Answer{Pick: "stay"}); !v.Page.Notice.Empty() {
		t.Errorf("a new password is mended by the click, and the page says first %q", v.Page.Notice)
	}
	s, v = asks(t, probe(inOrder, noControl))
	v = given(t, s, v, failed)
	if v.Page.Name != "check.admin" || says(v, noControl) {
		t.Fatalf("%s says %v before anybody was asked", v.Page.Name, v.Page.Facts)
	}
	v = given(t, s, verify(t, s, v), screens.Answer{Pick: "stay"}, screens.Answer{Act: screens.Anyway},
		screens.Answer{Values: map[string]string{"why": "the team asked for it"}})
	if v.Page.Name != "check.admin" || !says(v, noControl) {
		t.Errorf("%s says %v", v.Page.Name, v.Page.Facts)
	}
	if v = given(t, s, v, screens.Answer{Pick: "pass"}); says(v, noControl) {
		t.Errorf("%s is not about it, and says so", v.Page.Name)
	}
}

// TestVerifyIsOverruled: the person knows better than the platform, and it stays
// so; going back asks the person.
func TestVerifyIsOverruled(t *testing.T) {
	s, v := asks(t, probe(inOrder, noControl))
	v = given(t, s, verify(t, s, given(t, s, v, failed)), screens.Answer{Pick: "use"})
	back := given(t, s, v, screens.Answer{Act: screens.Back})
	if back.State.Place != ladder.AtChecks || back.State.Pending() == "" {
		t.Errorf("back leads to %s", back.State.Place)
	}
	v = given(t, s, back, screens.Answer{Pick: "fail"})
	if offers(v, "overruled") {
		t.Error("what a person said is not overruled")
	}
	v = given(t, s, v, screens.Answer{Act: screens.Back})
	v = given(t, s, verify(t, s, v), screens.Answer{Pick: "use"})
	if !offers(v, "overruled") {
		t.Fatalf("choices %v", v.Page.Choices)
	}
	v = given(t, s, v, screens.Answer{Pick: "overruled"})
	if v.State.Place == ladder.AtMend || v.State.Failing() != "" {
		t.Errorf("at %s, failing %q", v.State.Place, v.State.Failing())
	}
	if root, ok := v.Diagnosis.RootSuspect(); ok && root.Cause == platforms.NotAdmin {
		t.Errorf("%s is still the root: %+v", root.Cause, root.For)
	}
}

// TestAnswerItMyself: who does not take the platform's no is asked, with what it said
// beside the question, and the answer stands against it.
func TestAnswerItMyself(t *testing.T) {
	s, v := asks(t, probe(inOrder, noControl))
	v = given(t, s, verify(t, s, given(t, s, v, failed)), screens.Answer{Pick: "self"})
	if v.Page.Name != "check.admin" || !slices.ContainsFunc(v.Page.Facts, func(f screens.Fact) bool { return f.Label.String() == "the platform says" }) {
		t.Fatalf("%s asks with %v", v.Page.Name, v.Page.Facts)
	}
	v = given(t, s, v, screens.Answer{Pick: "pass"})
	if done, _ := v.State.Check("admin"); done.Outcome != platforms.Pass || done.Grade == platforms.Probed {
		t.Errorf("%+v", done)
	}
	for _, p := range v.Diagnosis.Suspects {
		for _, f := range p.For {
			if strings.HasPrefix(f.Rule, "probe.") {
				t.Errorf("it still speaks for %s: %+v", p.Cause, f)
			}
		}
	}
}

// TestNoAnswerTakesNoneBack: that it could not be checked again leaves what was found,
// and an answer takes its place.
func TestNoAnswerTakesNoneBack(t *testing.T) {
	mute := ladder.Finding{Check: "tasks", Title: noControl.Title, Outcome: platforms.Unsure, Says: text.Const("Could not check: the answer is broken JSON.")}
	for name, row := range map[string]struct {
		then  []ladder.Finding
		stays bool
	}{
		"could not check":          {[]ladder.Finding{inOrder, mute}, true},
		"not even signed in":       {[]ladder.Finding{{Check: "sign_in", Outcome: platforms.Unsure, Says: text.Const("Nothing came back.")}}, true},
		"not asked":                {[]ladder.Finding{{Check: "tasks", Outcome: platforms.Skipped}}, true},
		"in order now":             {[]ladder.Finding{inOrder, control}, false},
		"asked otherwise, and got": {[]ladder.Finding{inOrder}, false},
	} {
		s, v := asks(t, probe(inOrder, noControl))
		v = given(t, s, verify(t, s, v), screens.Answer{Pick: "stay"})
		s.Prober = finds{ways: []Way{askMika}, found: func(to Listener) Found { to.Tell(Progress{}); return probe(row.then...) }}
		v = given(t, s, verify(t, s, v), screens.Answer{Pick: "stay"})
		root, _ := v.Diagnosis.RootSuspect()
		if stays := root.Cause == platforms.NotAdmin; stays != row.stays {
			t.Errorf("%s: it stays: %v; %s is the root", name, stays, root.Cause)
		}
	}
}

// TestVerifyProvesNothing: a probe that finds everything in order is no connection.
func TestVerifyProvesNothing(t *testing.T) {
	s, v := asks(t, probe(inOrder, control))
	if v = verify(t, s, v); offers(v, "use") {
		t.Errorf("a probe offers an answer to %s: %v", v.State.Place, v.Page.Facts)
	}
	if said := v.Page.Why.String(); !strings.Contains(said, "not whether Aibrify's permission is healthy") {
		t.Error(said)
	}
}

// TestVerifyReadsAibrify: what Aibrify shows after the click is seen, and before it
// is none.
func TestVerifyReadsAibrify(t *testing.T) {
	green := Shown{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Green}
	for _, row := range []struct {
		name  string
		shown Shown
		age   time.Duration
		place ladder.Place
	}{
		{"connected", green, -time.Minute, ladder.AtProof},
		{"connected, before the click", green, time.Hour, ladder.AtReconnect},
		{"broken", Shown{Platform: platforms.Facebook, Account: green.Account, Colour: platforms.Red}, -time.Minute, ladder.AtChecks},
	} {
		found := Found{Read: true, At: time.Now().Add(-row.age), Shows: []Shown{row.shown}}
		s, v := asks(t, found)
		v = verify(t, s, v)
		if offered := offers(v, "use"); offered != (row.place != ladder.AtReconnect) {
			t.Errorf("%s: offered %v", row.name, offered)
			continue
		}
		pick := "stay"
		if row.place != ladder.AtReconnect {
			pick = "use"
		}
		v = given(t, s, v, screens.Answer{Pick: pick})
		if v.State.Place != row.place {
			t.Errorf("%s: at %s, want %s", row.name, v.State.Place, row.place)
		}
		if last, ok := v.State.LastTry(); ok && pick == "use" && last.Grade != platforms.Seen {
			t.Errorf("%s: %+v", row.name, last)
		}
	}
}

// TestSecretsStayOut: what is typed for a task is in no draft and in no event.
func TestSecretsStayOut(t *testing.T) {
	const secret = "correct horse battery"
	got := ""
	s, v := asks(t, Found{})
	s.Prober = finds{ways: []Way{askMika}, found: func(to Listener) Found {
		given, err := to.Ask(context.Background(), text.Const("Passphrase"))
		if err == nil {
			got = given.Reveal()
		}
		return probe(inOrder)
	}}
	v = given(t, s, v, screens.Answer{Act: screens.Verify})
	asked := make(chan struct{}, 1)
	ended := make(chan struct{})
	task := v.Task
	go func() {
		defer close(ended)
		task.Run(t.Context(), func() { asked <- struct{}{} })
	}()
	<-asked
	v, _ = s.Told(v)
	if v.Page.Kind != screens.Form || v.Page.Fields[0].Kind != screens.Hidden {
		t.Fatalf("%+v", v.Page)
	}
	v = given(t, s, v, screens.Answer{Values: map[string]string{"secret": secret}})
	<-ended
	v, err := s.Done(t.Context(), v)
	if err != nil || got != secret {
		t.Fatalf("%q %v", got, err)
	}
	rows, err := s.Log.Events(t.Context(), v.Case, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(string(row.Data), secret) {
			t.Errorf("event %d has it: %s", row.Seq, row.Data)
		}
	}
	drafts, err := s.draftsOf(t.Context(), v.Case)
	for page, typed := range drafts {
		if strings.Contains(typed, secret) {
			t.Errorf("the draft of %s has it", page)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestLookAgain: a case that ended connected is looked at when that is due. What
// holds stays ended, what broke is open again with its first answer given.
func TestLookAgain(t *testing.T) {
	at := time.Now()
	s, v := asks(t, Found{})
	s.Now = func() time.Time { return at }
	v = given(t, s, v, screens.Answer{Pick: "connected"}, screens.Answer{Pick: "same"}, screens.Answer{Pick: "none"})
	if v.State.Place != ladder.EndConnected {
		t.Fatalf("at %s", v.State.Place)
	}
	look := func(later time.Duration, l Look) Looked {
		t.Helper()
		at = at.Add(later)
		looked, err := s.LookAgain(t.Context(), finds{looks: []Look{l}})
		if err != nil {
			t.Fatal(err)
		}
		return looked
	}
	red := Look{Colour: platforms.Red, Grade: platforms.Seen, Says: text.Const("Aibrify's own list shows it")}
	if l := look(30*time.Minute, red); len(l.Held)+len(l.Broken) > 0 {
		t.Errorf("looked too early: %+v", l)
	}
	if l := look(time.Hour, Look{}); len(l.Held)+len(l.Broken) > 0 {
		t.Errorf("what cannot be told is no look: %+v", l)
	}
	start, err := s.Start(t.Context())
	if err != nil || start.Page.Items[0].ID != v.Case || !start.Page.Items[0].Due {
		t.Errorf("the start does not list it: %+v %v", start.Page.Items, err)
	}
	asked, err := s.Open(t.Context(), v.Case)
	if err != nil || !offers(asked, "look.green") || !offers(asked, "look.red") {
		t.Errorf("its page does not ask: %+v %v", asked.Page.Choices, err)
	}
	old := red
	old.At = at.Add(-24 * time.Hour)
	if l := look(0, old); len(l.Broken) > 0 {
		t.Error("what was seen before it was connected broke it")
	}
	if l := look(0, Look{Colour: platforms.Green, Grade: platforms.Seen}); len(l.Held) != 1 {
		t.Errorf("%+v", l)
	}
	if l := look(time.Minute, red); len(l.Broken) > 0 {
		t.Error("looked twice for one hour")
	}
	l := look(24*time.Hour, red)
	if len(l.Broken) != 1 || l.Says().Empty() {
		t.Fatalf("%+v", l)
	}
	again, err := s.Open(t.Context(), v.Case)
	if err != nil || again.State.Place == ladder.EndConnected || again.State.IsEnded() || again.State.Breaks != 1 || again.State.Colour != platforms.Red {
		t.Errorf("at %s, %d breaks, %v", again.State.Place, again.State.Breaks, err)
	}
	if timeline := Timeline(again.Log, again.State, at).String(); !strings.Contains(timeline, "looked again: Disconnected") {
		t.Error(timeline)
	}
}

// TestMendedByTheSameCheck: the check that said no says yes now, so that what stood
// in the way is put right, also where it rules nothing out.
func TestMendedByTheSameCheck(t *testing.T) {
	locked := ladder.Finding{Check: "published", Title: text.Const("May it post?"), Outcome: platforms.Fail, Cause: platforms.AccountRestricted, Says: text.Const("It may not post.")}
	free := locked
	free.Outcome, free.Cause, free.Says = platforms.Pass, "", text.Const("It may post.")
	s, v := asks(t, probe(inOrder, locked))
	v = given(t, s, v, failed)
	v = given(t, s, v, screens.Answer{Pick: "pass"})
	v = verify(t, s, v)
	if !offers(v, "use") {
		t.Fatalf("%s offers %v", v.Page.Name, v.Page.Choices)
	}
	v = given(t, s, v, screens.Answer{Pick: "use"})
	if v.State.Place != ladder.AtMend {
		t.Fatalf("at %s", v.State.Place)
	}
	s.Prober = finds{ways: []Way{askMika}, found: func(to Listener) Found { to.Tell(Progress{}); return probe(inOrder, free) }}
	if v = verify(t, s, v); !offers(v, "use") {
		t.Fatalf("nothing is offered: %v", v.Page.Facts)
	}
	if v = given(t, s, v, screens.Answer{Pick: "use"}); v.State.Place == ladder.AtMend {
		t.Errorf("still at %s", v.State.Place)
	}
}

// TestTold: what a person read on the page of the sign-in is seen, not probed.
func TestTold(t *testing.T) {
	found := probe(noControl)
	found.Told = true
	s, v := asks(t, found)
	v = verify(t, s, v)
	if last := v.State.Probes[0].Data; last.Grade != platforms.Seen {
		t.Errorf("it is %s", last.Grade)
	}
	for _, f := range v.Page.Facts {
		if f.Grade == platforms.Probed {
			t.Errorf("%s %s is called probed", f.Label, f.Text)
		}
	}
}

// TestAgain: what was asked is offered once more, but a sign-in that is of no use
// any more leads on to the next best way.
func TestAgain(t *testing.T) {
	ended := askMika
	ended.Spent = true
	for name, row := range map[string]struct {
		ways []Way
		want []string
	}{
		"fit":           {[]Way{askMika, signIn}, []string{"way." + askMika.ID, "others"}},
		"the only way":  {[]Way{askMika}, []string{"way." + askMika.ID}},
		"ended":         {[]Way{signIn, ended}, []string{"way." + signIn.ID, "others"}},
		"no longer one": {[]Way{signIn}, []string{"others"}},
		"nothing else":  {[]Way{ended}, []string{"way." + askMika.ID}},
	} {
		var got []string
		for _, c := range (View{ways: row.ways, took: askMika.ID}).againChoices() {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, not %v", name, got, row.want)
		}
	}
}

// silence is a sign-in that nothing comes back from, until somebody tells what its
// page said.
type silence struct{ finds }

func (silence) Probe(_ context.Context, _ About, w Way, to Listener) Found {
	to.Tell(Progress{SignIn: &SignIn{Until: now, Shown: func(text.Safe) {}, Paste: func(string) error { return nil }}})
	if w.Words.Empty() {
		return Found{Silent: true, Probe: probe(ladder.Finding{Check: "sign_in", Outcome: platforms.Unsure, Says: text.Const("Nothing came back.")}).Probe}
	}
	return Found{Told: true, Probe: probe(ladder.Finding{Check: "sign_in", Outcome: platforms.Fail, Cause: platforms.AppMisconfigured, Says: w.Words}).Probe}
}

// TestSilence: where nothing came back, the words of the page can still be told; and
// who writes them down while the time runs out writes on.
func TestSilence(t *testing.T) {
	const words = "You weren't able to give access to the App."
	run := func(s *Session, v View) View {
		t.Helper()
		if v.Task == nil {
			t.Fatalf("nothing is asked at %s", v.Page.Name)
		}
		v.Task.Run(t.Context(), func() {})
		v, err := s.Done(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, late := range map[string]bool{"afterwards": false, "while the time runs out": true} {
		s, v := asks(t, Found{})
		s.Prober = silence{finds{ways: []Way{{ID: "login/facebook", Label: text.Const("Sign in"), SignsIn: true, Quick: true}}}}
		v = given(t, s, v, screens.Answer{Act: screens.Verify})
		if late {
			v.Task.Run(t.Context(), func() {}) // it ended, and nobody took what it found yet
			v, _ = s.Told(v)
			v.layers = append(v.layers, layer{name: pageShown})
			if v = s.shown(v); !v.WritesFor(v.Task) {
				t.Errorf("%s: the page would be taken away", name)
			}
		} else {
			if v = run(s, v); !offers(v, "words") || v.Page.Title.String() != "Nothing came back from the browser" {
				t.Fatalf("%s: %s offers %v", name, v.Page.Title, v.Page.Choices)
			}
			v = given(t, s, v, screens.Answer{Pick: "words"})
		}
		v = given(t, s, v, screens.Answer{Text: words})
		v = run(s, v)
		if v.found == nil || !v.found.Told || v.found.Probe.Findings[0].Says.String() != words || len(v.layers) != 1 {
			t.Errorf("%s: %+v, layers %v", name, v.found, v.layers)
		}
	}
}

// TestBrokeAgain: what was wrong when a case was looked at again belongs to the round
// that it opens, whoever looked. What the platform says to an app of one's own is no
// look at the dashboard, and is weighed; so is the error that Aibrify shows.
func TestBrokeAgain(t *testing.T) {
	password := text.Const("(#190) Error validating access token: The session has been invalidated because the user changed their password")
	red := Shown{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Red, Error: password}
	probed := Look{Grade: platforms.Probed, Says: noControl.Says, Probe: probe(inOrder, noControl).Probe}
	for _, row := range []struct {
		name   string
		breaks func(*Session, View) error
		place  ladder.Place
		root   platforms.Cause
		says   string
	}{
		{"the platform says no", byItself(t, probed), ladder.AtStatus, platforms.NotAdmin, "looked again with an app of one's own: This person has no full control"},
		{"Aibrify shows an error", byItself(t, Look{Colour: red.Colour, Grade: platforms.Seen, Error: red.Error, Says: text.Const("Aibrify's own list")}),
			ladder.AtChanged, platforms.TokenExpired, "dashboard shows: Disconnected (seen)"},
		{"v reads the error", func(s *Session, v View) error {
			s.Prober = finds{ways: []Way{askMika}, found: func(to Listener) Found {
				to.Tell(Progress{})
				return Found{Read: true, At: s.Now(), Shows: []Shown{red}}
			}}
			given(t, s, verify(t, s, v), screens.Answer{Pick: "use"})
			return nil
		}, ladder.AtChanged, platforms.TokenExpired, "dashboard shows: Disconnected (seen)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			at := time.Now()
			s, v := asks(t, Found{})
			s.Now = func() time.Time { return at }
			v = given(t, s, v, screens.Answer{Pick: "connected"}, screens.Answer{Pick: "same"}, screens.Answer{Pick: "none"})
			at = at.Add(61 * time.Minute)
			if err := row.breaks(s, v); err != nil {
				t.Fatal(err)
			}
			v, err := s.Open(t.Context(), v.Case)
			if err != nil || v.State.Place != row.place || v.State.Breaks != 1 || v.Diagnosis.Root != row.root {
				t.Errorf("at %s after %d breaks, the root is %s, %v", v.State.Place, v.State.Breaks, v.Diagnosis.Root, err)
			}
			timeline := Timeline(v.Log, v.State, at).String()
			if !strings.Contains(timeline, row.says) || strings.Contains(timeline, "Disconnected (probed)") {
				t.Error(timeline)
			}
			if row.root == platforms.NotAdmin {
				leads(t, s, v)
			}
		})
	}
}

// byItself looks without a person.
func byItself(t *testing.T, l Look) func(*Session, View) error {
	return func(s *Session, _ View) error {
		looked, err := s.LookAgain(t.Context(), finds{looks: []Look{l}})
		if said := looked.Says().String(); strings.Contains(said, "your own app finds") != (l.Probe != nil) {
			t.Error(said)
		}
		return err
	}
}

// leads tells whether what the platform found stands on the page of the status, and
// is put right before Reconnect.
func leads(t *testing.T, s *Session, v View) {
	t.Helper()
	if !slices.ContainsFunc(v.Page.Facts, func(f screens.Fact) bool { return strings.HasPrefix(f.Text.String(), noControl.Says.String()) }) {
		t.Errorf("the page of the status says %v", v.Page.Facts)
	}
	v = given(t, s, v, screens.Answer{Values: map[string]string{"facebook": "red"}}, screens.Answer{Values: map[string]string{"changes": ""}},
		screens.Answer{Values: map[string]string{"account": "Example Bakery", "use": "Mika Novak"}})
	if v.State.Place != ladder.AtReconnect || v.Advice.Move != platforms.FixFirst || v.Advice.About != string(platforms.NotAdmin) {
		t.Errorf("at %s: %+v", v.State.Place, v.Advice)
	}
}

// TestAibrifyShowedItLongAgo: what is older than a day is told as that, and not as
// seen.
func TestAibrifyShowedItLongAgo(t *testing.T) {
	for age, grade := range map[time.Duration]platforms.Grade{time.Hour: platforms.Seen, 30 * time.Hour: platforms.Told} {
		s, v := asks(t, Found{Read: true, At: time.Now().Add(-age), Shows: []Shown{{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Red}}})
		v = given(t, s, v, screens.Answer{Act: screens.Back}, screens.Answer{Act: screens.Back}, screens.Answer{Act: screens.Back})
		v = verify(t, s, v)
		told := slices.ContainsFunc(v.Page.Facts, func(f screens.Fact) bool { return strings.Contains(f.Text.String(), "more than a day ago") })
		v = given(t, s, v, screens.Answer{Pick: "use"})
		last := v.Log[len(v.Log)-1]
		if last.Kind != ladder.StatusSeen || last.Data.Grade != grade || told != (grade == platforms.Told) ||
			strings.Contains(last.Data.Text.String(), "more than a day ago") != told {
			t.Errorf("%v ago, said to be old %v: %+v", age, told, last)
		}
	}
}

// TestEndSaysWhatFollows: the end of the permission is the date that Aibrify shows,
// and the page says when it is looked at again.
func TestEndSaysWhatFollows(t *testing.T) {
	at := time.Now()
	ends := at.Add(30 * 24 * time.Hour)
	s, v := asks(t, Found{Read: true, At: at.Add(time.Minute), Shows: []Shown{{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Green, Expires: ends}}})
	s.Now = func() time.Time { return at }
	v = given(t, s, verify(t, s, v), screens.Answer{Pick: "use"}, screens.Answer{Pick: "same"}, screens.Answer{Pick: "none"})
	says := func(label string, want text.Safe) {
		t.Helper()
		if !slices.ContainsFunc(v.Page.Facts, func(f screens.Fact) bool {
			return f.Label.String() == label && strings.HasPrefix(f.Text.String(), want.String())
		}) {
			t.Errorf("%s is not %s: %v", label, want, v.Page.Facts)
		}
	}
	says("expires", clock(ends, at))
	says("next look", clock(at.Add(time.Hour), at))
	ended := at
	at = at.Add(2 * time.Hour)
	v, err := s.Open(t.Context(), v.Case)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = s.Answer(t.Context(), v, screens.Answer{Page: v.Page.Name, Pick: "look.green"}); err != nil {
		t.Fatal(err)
	}
	says("expires", clock(ends, at))
	if due := clock(ended.Add(24*time.Hour), at); !strings.HasSuffix(v.Page.Notice.String(), due.String()+".") {
		t.Errorf("%s, due %s", v.Page.Notice, due)
	}
}
