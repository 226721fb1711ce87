package live

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
)

// TestOwnWords: no verdict about an app of one's own speaks of Aibrify's app, and what
// is wrong with it is its operator's to mend.
func TestOwnWords(t *testing.T) {
	own := Client{Service: get(t, platforms.Facebook, "")}
	aibrify := Client{App: App{Aibrify: true}}
	for _, s := range explain.List() {
		v := explain.Verdict{Cause: s.Cause, Owner: s.Owner, Meaning: s.Meaning, Next: explain.Next{Step: platforms.Support, Do: []text.Safe{text.Const("Ask.")}}}
		for _, got := range []explain.Verdict{own.ownApp(v), own.ownGrant(v)} {
			words := strings.ReplaceAll(got.Meaning.String(), "That says nothing of Aibrify's.", "")
			if strings.Contains(words, "Aibrify") && s.Connection != "no" && s.Cause != platforms.MissingPermission && s.Cause != platforms.UserCancelled &&
				(s.Cause != platforms.PermissionRevoked || got.Next.Do[0] == again) {
				t.Errorf("%s: %s", s.ID, got.Meaning)
			}
			if s.Cause == platforms.AppMisconfigured && (got.Owner != platforms.Operator || got.Next.Step != explain.Fix) {
				t.Errorf("%s: %s, %v", s.ID, got.Owner, got.Next)
			}
		}
		if got := aibrify.ownGrant(aibrify.ownApp(v)); got.Meaning != v.Meaning || got.Owner != v.Owner {
			t.Errorf("%s: Aibrify's own app: %s", s.ID, got.Meaning)
		}
	}
}

// TestOwnGrant: what ended is the sign-in of one's own app, and a pasted token is
// nobody's known.
func TestOwnGrant(t *testing.T) {
	for _, row := range []struct {
		name           string
		pasted, direct bool
		says, mend     string
	}{
		{"held", false, false, "The sign-in of your own app has ended: the app was removed on Facebook, or its login was never finished. That says nothing of Aibrify's.", "Sign in again with your app."},
		{"Aibrify's app", false, true, "Aibrify may no longer act for this person.", "Reconnect with the login that owns the account."},
		{"pasted", true, false, "Aibrify may no longer act for this person.", "Reconnect with the login that owns the account."},
	} {
		w := sim.Started(t)
		c := simClient(t, w, sim.Facebook, platforms.Facebook, "")
		g := login(t, w, sim.Facebook, c)
		g.Pasted, c.App.Aibrify = row.pasted, row.direct
		owner := w.Owner(sim.Facebook).ID
		w.Edit(func(s *sim.State) { s.RemoveApp(sim.Facebook, owner) })
		f := c.Verify(t.Context(), g, Plan{}).Failed()
		if f == nil || !strings.Contains(f.Says.String(), row.says) || !strings.HasPrefix(f.Mend.String(), row.mend) {
			t.Errorf("%s: %+v", row.name, f)
		}
	}
}

// TestWrongSecret: the error of a sign-in says that the secret does not fit, where one
// was sent.
func TestWrongSecret(t *testing.T) {
	for _, row := range imitated {
		if row.sim == sim.X {
			continue // without a secret
		}
		w := sim.Started(t)
		c := simClient(t, w, row.sim, row.id, row.variant)
		w.Break(row.sim, platforms.AppMisconfigured)
		l := start(t, c, Ask{})
		done := wait(t, l)
		w.Register(row.sim, l.Prompt().Redirect)
		if _, err := w.Browse(t.Context(), l.Prompt().URL); err != nil {
			t.Fatal(err)
		}
		var refused *LoginError
		if got := <-done; !errors.As(got.err, &refused) || !refused.Secret || refused.Verdict.Owner != platforms.Operator || c.Accepted() {
			t.Errorf("%s: %+v", row.sim, got.err)
		}
		w.Mend(row.sim, platforms.AppMisconfigured)
		if login(t, w, row.sim, c); !c.Accepted() {
			t.Errorf("%s: the secret was taken", row.sim)
		}
	}
}

// TestMendOfCause: what mends a finding follows from its cause. When to ask again is
// said of limits and outages alone, and those are named.
func TestMendOfCause(t *testing.T) {
	x := func(code int, words string) string {
		return fmt.Sprintf(`{"errors":[{"code":%d,"message":%q}]}`, code, words)
	}
	meta := func(code int, words string) string {
		return fmt.Sprintf(`{"error":{"message":%q,"type":"OAuthException","code":%d}}`, words, code)
	}
	for _, row := range []struct {
		name    string
		id      platforms.ID
		status  int
		body    string
		outcome platforms.Outcome
		says    string
		mend    string
		retry   bool
	}{
		{"suspended", platforms.X, 403, x(64, "Your account is suspended and is not permitted to access this feature."), platforms.Fail, "suspended", "Appeal to the platform", false},
		{"locked", platforms.X, 403, x(326, "To protect our users from spam and other malicious activity, this account is temporarily locked."), platforms.Fail, "locked", "Open the platform itself and log in.", false},
		{"limit", platforms.Facebook, 400, meta(4, "(#4) Application request limit reached"), platforms.Unsure,
			"Facebook limits calls now (code 4). Your app made too many calls in a short time. It passes by itself.", "", true},
		{"limit without words", platforms.TikTok, 429, "", platforms.Unsure, "TikTok limits calls now (HTTP 429).", "", true},
		{"limit of TikTok", platforms.TikTok, 429, `{"error":{"code":"rate_limit_exceeded","message":"x","log_id":"1"}}`, platforms.Unsure, "TikTok limits calls now (", "", true},
		{"outage", platforms.Facebook, 500, meta(2, "An unexpected error has occurred. Please retry your request later."), platforms.Unsure,
			"Facebook has a fault now (code 2). Facebook has a fault for the moment.", "", true},
		{"outage of a proxy", platforms.LinkedIn, 502, "<html>", platforms.Unsure, "LinkedIn has a fault now (HTTP 502).", "", true},
		{"own app", platforms.Facebook, 400, meta(3, "(#3) Application does not have the capability to make this API call."), platforms.Unsure, "Could not check: Your app on Facebook lacks a feature", "Compare the settings of your app at Facebook", false},
	} {
		f := newFake(t, answering(row.status, row.body, "Retry-After", "600"))
		c := testClient(t, row.id, "", f.URL)
		got := c.Verify(t.Context(), testGrant(c), Plan{Paid: true, Only: []string{"login"}}).Findings[0]
		if got.Outcome != row.outcome || !strings.Contains(got.Says.String(), row.says) || !strings.HasPrefix(got.Mend.String(), row.mend) || got.Mend.Empty() != (row.mend == "") {
			t.Errorf("%s: %s %q, mend %q", row.name, got.Outcome, got.Says, got.Mend)
		}
		if got.Retry.IsZero() == row.retry {
			t.Errorf("%s: ask again from %v", row.name, got.Retry)
		}
	}
}

// TestRetryByCounter: where a limit comes without a time, the platform's counters tell.
func TestRetryByCounter(t *testing.T) {
	f := newFake(t, answering(400, `{"error":{"message":"(#4) Application request limit reached","code":4}}`,
		"X-App-Usage", `{"call_count":100}`, "X-Business-Use-Case-Usage", `{"1":[{"call_count":100,"estimated_time_to_regain_access":20}]}`))
	c := testClient(t, platforms.Facebook, "", f.URL)
	got := c.Verify(t.Context(), testGrant(c), Plan{Only: []string{"login"}}).Findings[0]
	if in := got.Retry.Sub(c.now()); in < 19*time.Minute || in > 20*time.Minute {
		t.Errorf("ask again in %s", in)
	}
}

// TestRetryUntold: where nobody says when to come back, the list of errors says how
// long to wait. Beside a time of the platform's it says nothing.
func TestRetryUntold(t *testing.T) {
	f := newFake(t, answering(400, `{"error":{"message":"(#4) Application request limit reached","code":4}}`))
	c := testClient(t, platforms.Facebook, "", f.URL)
	got := c.Verify(t.Context(), testGrant(c), Plan{Only: []string{"login"}}).Findings[0]
	if !got.Retry.IsZero() || !strings.HasPrefix(got.Mend.String(), "Wait an hour") {
		t.Errorf("ask again from %v, mend %q", got.Retry, got.Mend)
	}
	for _, at := range []time.Time{{}, c.now()} {
		v := explain.Explain(text.Const("too many requests"), platforms.X)
		f := SignInFinding(&LoginError{Verdict: v, Retry: at}, c.now())
		if f.Mend.Empty() != !at.IsZero() || !f.Retry.Equal(at) {
			t.Errorf("come back %v: %v, mend %q", at, f.Retry, f.Mend)
		}
	}
}

// TestJunk: a pasted text that is no token fails the first check, and nothing more is
// asked.
func TestJunk(t *testing.T) {
	for _, row := range imitated {
		w := sim.Started(t)
		c := simClient(t, w, row.sim, row.id, row.variant)
		g, err := c.Inspect("EAAjunk-and-nothing-else")
		if err != nil {
			t.Fatal(err)
		}
		r := c.Verify(t.Context(), g, Plan{Paid: true})
		f := r.Failed()
		if f == nil || r.Health.Colour != platforms.Red {
			t.Errorf("%s: %+v", row.sim, r.Findings)
			continue
		}
		if n := len(w.Requests()); n > 2 {
			t.Errorf("%s: asked %d times", row.sim, n)
		}
		if row.sim.Site() == sim.Facebook && (f.Check != "login" || f.Says.String() != text.Format("This is no token of %s, or it is cut.", c.Service.Name).String()) {
			t.Errorf("%s: %s %s", row.sim, f.Check, f.Says)
		}
	}
}

// TestSubject: the account is called as the platform calls it, and one that was not
// found has no name.
func TestSubject(t *testing.T) {
	for _, row := range imitated {
		w := sim.Started(t)
		c := simClient(t, w, row.sim, row.id, row.variant)
		g := login(t, w, row.sim, c)
		for target, found := range map[Target]bool{simTarget(w, row.sim): true, {ID: "7", Name: "Elsewhere"}: false, {}: false} {
			r := c.Verify(t.Context(), g, Plan{Target: target, Paid: true})
			if r.Subject.Empty() == found || found && tail(target.ID) == r.Subject.String() {
				t.Errorf("%s: %v is %q", row.sim, target, r.Subject)
			}
		}
	}
}

// TestPersonal: the mend of a personal account is to make it professional.
func TestPersonal(t *testing.T) {
	for _, row := range imitated {
		if row.id != platforms.Instagram {
			continue
		}
		w := sim.Started(t)
		c := simClient(t, w, row.sim, row.id, row.variant)
		g := login(t, w, row.sim, c)
		w.Break(row.sim, platforms.WrongAccountType)
		f := c.Verify(t.Context(), g, Plan{}).Failed()
		if f == nil || !strings.HasPrefix(f.Mend.String(), "Switch ") || strings.Contains(f.Mend.String(), "link it") {
			t.Errorf("%s: %+v", row.sim, f)
		}
	}
}

// TestNothingAsked: a report of checks that were all left out has no colour.
func TestNothingAsked(t *testing.T) {
	f := newFake(t, answering(http.StatusOK, "{}"))
	c := testClient(t, platforms.X, "", f.URL)
	g := testGrant(c)
	for ends, want := range map[time.Time]platforms.Colour{{}: UnknownColour, c.now().Add(-time.Hour): platforms.Red} {
		g.Refresh, g.Expires = text.Secret{}, ends
		if r := c.Verify(t.Context(), g, Plan{}); r.Asked() || r.Health.Colour != want {
			t.Errorf("%v: %+v", ends, r.Health)
		}
	}
}

// TestOwnMends: what mends an app of one's own is said for signatures that there are,
// and leads where the finding can be mended.
func TestOwnMends(t *testing.T) {
	known := map[string]explain.Signature{}
	for _, s := range explain.List() {
		known[s.ID] = s
	}
	for id := range ownMends {
		if s, ok := known[id]; !ok || s.Cause != platforms.AppMisconfigured {
			t.Errorf("%s is no signature of a misconfigured app", id)
		}
	}
	w := sim.Started(t)
	c := simClient(t, w, sim.X, platforms.X, "")
	g := login(t, w, sim.X, c)
	app := w.App(sim.X).ID
	w.Edit(func(s *sim.State) { s.Apps[sim.X][app].NoCredits = true })
	r := c.Verify(t.Context(), g, Plan{Paid: true})
	if f := r.Findings[0]; f.Outcome != platforms.Unsure || !strings.HasPrefix(f.Mend.String(), "Add credits") {
		t.Errorf("%+v", f)
	}
	for _, f := range r.Findings[1:] {
		if f.Outcome != platforms.Skipped {
			t.Errorf("%s says it again: %s", f.Check, f.Says)
		}
	}
}

// TestWorksNow: what ends within a day has no days left to tell.
func TestWorksNow(t *testing.T) {
	c := testClient(t, platforms.Facebook, "", "http://127.0.0.1")
	g := Grant{Expires: c.now().Add(time.Hour)}
	if said := g.works(c.now()).String(); said != "The token works; the access ends within a day." {
		t.Error(said)
	}
}
