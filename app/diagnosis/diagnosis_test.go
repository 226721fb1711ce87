package diagnosis_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// A told is one event of a case, a minute after the one before.
type told struct {
	kind ladder.Kind
	data ladder.Data
}

func seen(kind ladder.Kind, answer string) told {
	return told{kind, ladder.Data{Answer: answer, Grade: platforms.Seen}}
}

func changed(items ...string) told {
	return told{ladder.ChangeSeen, ladder.Data{Items: items, Grade: platforms.Told}}
}

func login() told {
	return told{ladder.AccountChosen, ladder.Data{Account: text.Const("Example Bakery"), Text: text.Const("owner@example")}}
}

func says(c platforms.Cause, confidence string, next platforms.Step) told {
	return told{ladder.ErrorRecorded, ladder.Data{Text: text.Const("an error"), Grade: platforms.Seen, Verdict: &ladder.Verdict{
		Cause: c, Confidence: confidence, Connection: true, Next: next, Signature: "sample"}}}
}

func asked(c platforms.Cause) told {
	return told{ladder.ProbeMade, ladder.Data{Grade: platforms.Probed, Probe: &ladder.Probe{Service: "facebook",
		Findings: []ladder.Finding{{Check: "tasks", Outcome: platforms.Fail, Cause: c, Says: text.Const("it says so")}}}}}
}

func checked(id string, o platforms.Outcome, g platforms.Grade) told {
	return told{ladder.CheckDone, ladder.Data{Item: id, Answer: string(o), Grade: g}}
}

func incident(answer string) told {
	return told{ladder.FactSeen, ladder.Data{Item: "incident", Answer: answer, Grade: platforms.Seen}}
}

func detour(to platforms.Step, about, how string) told {
	return told{ladder.DetourTaken, ladder.Data{Step: to, Item: about, Answer: how, Text: text.Const("why")}}
}

var climbed = []told{seen(ladder.StatusSeen, "red"), changed(), login()}

// failing is climbed with a first try that failed.
func failing(more ...told) []told {
	return slices.Concat(climbed, []told{seen(ladder.Attempted, "disconnected")}, more)
}

// read is a case with these events.
func read(t failer, id platforms.ID, all ...told) (ladder.State, []ladder.Event, platforms.Guide) {
	t.Helper()
	svc, err := platforms.Get(string(id))
	if err != nil {
		t.Fatal(err)
	}
	var checks []string
	for _, c := range svc.Guide().Checks {
		checks = append(checks, c.ID)
	}
	all = append([]told{{ladder.CaseOpened, ladder.Data{Platform: id, Checks: checks}}}, all...)
	var log []ladder.Event
	for i, e := range all {
		log = append(log, ladder.Event{Seq: i + 1, At: start.Add(time.Duration(i) * time.Minute), Kind: e.kind, Data: e.data})
	}
	s, err := ladder.Replay(log)
	if err != nil {
		t.Fatal(err)
	}
	return s, log, svc.Guide()
}

// TestOf weighs the facts of small cases.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		name       string
		id         platforms.ID
		told       []told
		root       platforms.Cause
		confidence diagnosis.Confidence
	}{
		{"nothing is known", platforms.Facebook, nil, platforms.UnknownCause, ""},
		{"yellow alone is no root", platforms.Facebook, []told{seen(ladder.StatusSeen, "yellow")}, platforms.UnknownCause, ""},
		{"a change that was told is likely", platforms.Facebook, []told{seen(ladder.StatusSeen, "red"), changed("password")}, platforms.PasswordChanged, diagnosis.Likely},
		{"an error that is certain", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix")), platforms.NotAdmin, diagnosis.Certain},
		{"an error that is likely", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "likely", "fix")), platforms.NotAdmin, diagnosis.Likely},
		{"a check that is seen to fail", platforms.Facebook, failing(checked("admin", platforms.Fail, platforms.Seen)), platforms.NotAdmin, diagnosis.Certain},
		{"a check that is told to fail", platforms.Facebook, failing(checked("admin", platforms.Fail, platforms.Told)), platforms.NotAdmin, diagnosis.Likely},
		{"a check that passes outweighs a likely error", platforms.Facebook, failing(says(platforms.NotAdmin, "likely", "fix"), checked("admin", platforms.Pass, platforms.Seen)), platforms.UnknownCause, ""},
		{"unsure says nothing", platforms.Facebook, failing(checked("admin", platforms.Unsure, "")), platforms.UnknownCause, ""},
		{"the status page says so", platforms.X, append(climbed, incident("down")), platforms.PlatformOutage, diagnosis.Certain},
		{"the newest look counts", platforms.X, append(climbed, incident("down"), incident("up")), platforms.UnknownCause, ""},
		{"a token that expired with the password is the password", platforms.Facebook,
			[]told{seen(ladder.StatusSeen, "red"), changed("password"), login(), says(platforms.TokenExpired, "certain", platforms.Reconnect)}, platforms.PasswordChanged, diagnosis.Likely},
		{"what was mended is past", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix"), detour(platforms.Reconnect, "not_admin", "mended")), platforms.UnknownCause, ""},
		{"what comes again after it is not", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix"), detour(platforms.Reconnect, "not_admin", "mended"),
			says(platforms.NotAdmin, "certain", "fix")), platforms.NotAdmin, diagnosis.Certain},
		{"what was before it connected is past", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix"), seen(ladder.Attempted, "connected")), platforms.UnknownCause, ""},
		{"another account came back", platforms.Facebook, append(climbed, seen(ladder.Attempted, "connected"), seen(ladder.AccountReturned, "other")), platforms.WrongAccount, diagnosis.Certain},
		{"no connection problem", platforms.Facebook, append(climbed, told{ladder.ErrorRecorded, ladder.Data{Text: text.Const("a picture is too large"),
			Verdict: &ladder.Verdict{Cause: platforms.MissingPermission, Confidence: "certain"}}}), platforms.UnknownCause, ""},
	} {
		s, log, g := read(t, c.id, c.told...)
		d := diagnosis.Of(s, log, g)
		root, _ := d.RootSuspect()
		if d.Root != c.root || root.Confidence != c.confidence {
			t.Errorf("%s: %s, %s; want %s, %s: %+v", c.name, d.Root, root.Confidence, c.root, c.confidence, d.Suspects)
		}
	}
}

// TestRootMutes names what follows from the root, behind it.
func TestRootMutes(t *testing.T) {
	s, log, g := read(t, platforms.Facebook, append(climbed, says(platforms.TokenExpired, "certain", platforms.Reconnect), says(platforms.NotAdmin, "likely", "fix"))...)
	d := diagnosis.Of(s, log, g)
	if d.Root != platforms.NotAdmin || d.Suspects[1].Cause != platforms.TokenExpired || d.Suspects[1].Follows != platforms.NotAdmin {
		t.Errorf("root %s, then %+v", d.Root, d.Suspects[1:])
	}
	for _, p := range d.Suspects {
		for _, f := range slices.Concat(p.For, p.Against) {
			if f.Seq == 0 || f.Rule == "" || f.Says.Empty() {
				t.Errorf("%s rests on a fact that does not say what, where or by which rule: %+v", p.Cause, f)
			}
		}
	}
	raw, err := json.Marshal(d)
	if err != nil || !json.Valid(raw) {
		t.Errorf("%s, %v", raw, err)
	}
}

// TestAdvise looks at what is advised where a small case stands.
func TestAdvise(t *testing.T) {
	retry := func(more ...told) []told {
		return failing(slices.Concat(more, []told{checked("admin", platforms.Unsure, ""), checked("active", platforms.Unsure, ""), checked("owner", platforms.Unsure, "")})...)
	}
	disconnect := func(more ...told) []told {
		return slices.Concat(retry(), []told{seen(ladder.Attempted, "warning")}, more)
	}
	for _, c := range []struct {
		name string
		id   platforms.ID
		told []told
		move platforms.Move
		to   platforms.Step
		held bool
	}{
		{"nothing is known", platforms.Facebook, climbed, "", "", false},
		{"reconnecting can cure it", platforms.Facebook, append(climbed, says(platforms.TokenExpired, "certain", platforms.Reconnect)), "", "", false},
		{"the role comes first", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix")), platforms.FixFirst, platforms.Reconnect, false},
		{"what is only likely is tried once", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "likely", "fix")), "", "", false},
		{"only time helps", platforms.X, append(climbed, says(platforms.RateLimited, "certain", "wait")), platforms.WaitUntil, platforms.Status, false},
		{"until midnight UTC", platforms.LinkedIn, append(climbed, says(platforms.RateLimited, "certain", "wait")), platforms.WaitUntil, platforms.Status, false},
		{"only Aibrify can", platforms.X, append(climbed, says(platforms.AppMisconfigured, "certain", platforms.Support)), platforms.AskSupport, platforms.Support, false},
		{"before the account is asked, too", platforms.X, []told{seen(ladder.StatusSeen, "red"), says(platforms.AppMisconfigured, "certain", platforms.Support)}, platforms.AskSupport, platforms.Support, false},
		{"mended and come again goes to support", platforms.Facebook, append(climbed, says(platforms.NotAdmin, "certain", "fix"), detour(platforms.Reconnect, "not_admin", "mended"),
			says(platforms.NotAdmin, "certain", "fix")), platforms.AskSupport, platforms.Support, false},
		{"mended, and the platform says no", platforms.Facebook, append(climbed, asked(platforms.NotAdmin), detour(platforms.Reconnect, "not_admin", "mended"),
			asked(platforms.NotAdmin)), platforms.FixFirst, platforms.Reconnect, false},
		{"mended, and the own grant still ended", platforms.Facebook, append(climbed, asked(platforms.TokenExpired), detour(platforms.Reconnect, "token_expired", "mended"),
			asked(platforms.TokenExpired)), platforms.SkipTo, platforms.Disconnect, false},
		{"waited and come again goes to support", platforms.X, append(climbed, says(platforms.RateLimited, "certain", "wait"), detour(platforms.Reconnect, "rate_limited", "waited"),
			says(platforms.RateLimited, "certain", "wait")), platforms.AskSupport, platforms.Support, false},
		{"a missing role holds back Disconnect", platforms.Facebook, disconnect(says(platforms.NotAdmin, "certain", "fix")), platforms.FixFirst, platforms.Reconnect, true},
		{"an outage holds back Disconnect", platforms.Facebook, disconnect(incident("down")), platforms.WaitUntil, platforms.Status, true},
		{"a spike holds back Disconnect", platforms.Facebook, disconnect(told{ladder.FactSeen, ladder.Data{Item: "cases", Answer: "spike"}}), platforms.WaitUntil, platforms.Status, true},
		{"a spike does not hold back Reconnect", platforms.Facebook, append(climbed, told{ladder.FactSeen, ladder.Data{Item: "cases", Answer: "spike"}}), "", "", false},
		{"a cancelled sign-in holds back Disconnect", platforms.Facebook, append(disconnect(), says(platforms.UserCancelled, "certain", platforms.Reconnect)), platforms.SkipTo, platforms.Reconnect, true},
		{"an expired token does not", platforms.Facebook, disconnect(says(platforms.TokenExpired, "certain", platforms.Reconnect)), "", "", false},
		{"the same twice ends a step", platforms.Facebook, append(retry(), seen(ladder.Attempted, "disconnected"), detour(platforms.Reconnect, "", "")), platforms.SkipTo, platforms.Disconnect, false},
		{"not the same does not", platforms.Facebook, append(disconnect(), detour(platforms.Reconnect, "", "")), "", "", false},
		{"TikTok cools down after one try", platforms.TikTok, append(climbed, seen(ladder.Attempted, "disconnected"), detour(platforms.Reconnect, "", "")), platforms.WaitUntil, "", false},
		{"Facebook does not", platforms.Facebook, append(climbed, seen(ladder.Attempted, "disconnected"), detour(platforms.Reconnect, "", "")), "", "", false},
	} {
		s, log, g := read(t, c.id, c.told...)
		a := diagnosis.Of(s, log, g).Advise(s, g, s.Last.Add(time.Minute))
		if a.Move != c.move || a.To != c.to || a.Held != c.held {
			t.Errorf("%s, at %s: %q to %q, held %v (about %q); want %q to %q, held %v", c.name, s.Place, a.Move, a.To, a.Held, a.About, c.move, c.to, c.held)
		}
		if a.Again != (c.name == "mended, and the platform says no") {
			t.Errorf("%s: it is not put right %v", c.name, a.Again)
		}
		if a.None() {
			continue
		}
		if a.Why.Empty() {
			t.Errorf("%s: advice without a reason", c.name)
		}
		if a.Move == platforms.WaitUntil && !a.Until.After(s.Last) {
			t.Errorf("%s: wait until %s", c.name, a.Until)
		}
		if a.Move == platforms.FixFirst && len(a.Mend) == 0 && len(a.Check.Mend) == 0 {
			t.Errorf("%s: nothing says what to put right", c.name)
		}
	}
}

// TestMidnight: LinkedIn counts anew at midnight UTC.
func TestMidnight(t *testing.T) {
	s, log, g := read(t, platforms.LinkedIn, append(climbed, says(platforms.RateLimited, "certain", "wait"))...)
	a := diagnosis.Of(s, log, g).Advise(s, g, s.Last)
	if want := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC); !a.Until.Equal(want) {
		t.Errorf("until %s, want %s", a.Until, want)
	}
	if late := diagnosis.Of(s, log, g).Advise(s, g, a.Until.Add(time.Minute)); late.To != platforms.Status || late.Move != platforms.SkipTo {
		t.Errorf("past its time: %+v", late)
	}
}

// TestAgain looks once more where a linked case on the same login was mended.
func TestAgain(t *testing.T) {
	s, log, g := read(t, platforms.Instagram, seen(ladder.StatusSeen, "red"))
	d := diagnosis.Of(s, log, g)
	kin := diagnosis.Kin{Case: "9XYZ", Name: text.Const("Facebook"), Mended: s.Last.Add(time.Hour)}
	if a := d.Advise(s, g, s.Last, kin); a.About != diagnosis.Again || a.Case != "9XYZ" {
		t.Errorf("not to be looked at again: %+v", a)
	}
	kin.Mended = start.Add(-time.Hour)
	if a := d.Advise(s, g, s.Last, kin); !a.None() {
		t.Errorf("mended before the case was opened: %+v", a)
	}
	s, log, _ = read(t, platforms.Instagram, seen(ladder.StatusSeen, "red"), told{ladder.FactSeen, ladder.Data{Item: diagnosis.Again, Answer: "still"}})
	kin.Mended = s.Last.Add(-time.Second)
	if a := diagnosis.Of(s, log, g).Advise(s, g, s.Last, kin); !a.None() {
		t.Errorf("looked at since: %+v", a)
	}
}

// TestNextCheck asks first what the likeliest cause has a check for.
func TestNextCheck(t *testing.T) {
	s, log, g := read(t, platforms.Facebook, failing()...)
	if got := diagnosis.Of(s, log, g).NextCheck(s, g); got != "admin" {
		t.Errorf("with nothing known %q is asked first", got)
	}
	s, log, g = read(t, platforms.Facebook, append(climbed, says(platforms.AccountRestricted, "likely", "fix"), seen(ladder.Attempted, "error"))...)
	if got := diagnosis.Of(s, log, g).NextCheck(s, g); got != "active" {
		t.Errorf("a restricted account is likely, and %q is asked first", got)
	}
}

// TestPure weighs drawn facts twice, and never more than once.
func TestPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(platforms.IDs()).Draw(t, "platform")
		var all []told
		for range rapid.IntRange(0, 12).Draw(t, "errors") {
			all = append(all, says(rapid.SampledFrom(platforms.Causes()).Draw(t, "cause"), rapid.SampledFrom([]string{"certain", "likely"}).Draw(t, "confidence"), "fix"))
		}
		s, log, g := read(t, id, append(climbed, all...)...)
		d := diagnosis.Of(s, log, g)
		if again := diagnosis.Of(s, log, g); !reflect.DeepEqual(d, again) {
			t.Fatal("the same facts give another diagnosis")
		}
		for i, p := range d.Suspects {
			points := 0
			for _, f := range p.For {
				points += f.Weight.Points()
			}
			for _, f := range p.Against {
				points -= f.Weight.Points()
			}
			if points != p.Points {
				t.Fatalf("%s has %d points, its facts %d", p.Cause, p.Points, points)
			}
			if i > 1 && d.Suspects[i-1].Confidence == p.Confidence && d.Suspects[i-1].Points < p.Points {
				t.Fatal("the suspects are not in the order of their points")
			}
		}
		if d.Root != platforms.UnknownCause && d.Suspects[0].Cause != d.Root {
			t.Fatal("the root does not come first")
		}
	})
}

// A failer is a test, or one that draws.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// TestNamedEnd reads when a limit ends out of errors.
func TestNamedEnd(t *testing.T) {
	for said, want := range map[string]time.Duration{
		`{"estimated_time_to_regain_access": 42}`:               42 * time.Minute,
		"HTTP 429\nRetry-After: 90":                             90 * time.Second,
		"x-rate-limit-reset: 1795431600":                        time.Unix(1795431600, 0).Sub(start),
		"Please try again in 30 minutes.":                       30 * time.Minute,
		"You are temporarily blocked. Try again after 24 hours": 24 * time.Hour,
		"x-rate-limit-reset: 1000000000":                        0,
		"Try again later.":                                      0,
		"Retry-After: 0":                                        0,
		"valid for 9999 hours":                                  0,
	} {
		got := diagnosis.NamedEnd(text.Block(said), start)
		if want == 0 && !got.IsZero() || want != 0 && !got.Equal(start.Add(want)) {
			t.Errorf("%q ends %s, want after %s", said, got, want)
		}
	}
}
