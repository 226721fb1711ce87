package live

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"reconnect/platforms"
)

// A row of errors.jsonl: the error catalogue of the fact sheet.
type errorRow struct {
	Platform platforms.ID    `json:"platform"`
	Where    string          `json:"where"`
	Example  string          `json:"example"`
	Cause    platforms.Cause `json:"cause"`
	Match    struct {
		HTTP      int    `json:"http"`
		Condition string `json:"condition"`
		Contains  string `json:"contains"`
	} `json:"match"`
}

func errorRows(t *testing.T) []errorRow {
	t.Helper()
	raw, err := os.ReadFile("../explain/testdata/errors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var rows []errorRow
	for line := range strings.Lines(string(raw)) {
		var r errorRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// status is the HTTP status that goes with an example.
func (r errorRow) status() int {
	switch {
	case r.Match.HTTP != 0:
		return r.Match.HTTP
	case r.Platform == platforms.X || r.Platform == platforms.LinkedIn:
		return http.StatusForbidden
	case strings.Contains(r.Example, `"status":"`), strings.Contains(r.Example, "is_valid"):
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// body is the JSON of an example, which may have words around it.
func (r errorRow) body() string {
	i := strings.IndexAny(r.Example, "{[")
	if i < 0 {
		return ""
	}
	if _, err := parse([]byte(r.Example[i:])); err != nil {
		return ""
	}
	return r.Example[i:]
}

// TestAPIErrors answers a check with each error of the catalogue: the finding has
// its cause, and what is not about the account is never a failure.
func TestAPIErrors(t *testing.T) {
	tried := 0
	for _, row := range errorRows(t) {
		body := row.body()
		if row.Where != "api" || row.Match.Condition != "" || body == "" || row.Platform == "any" {
			continue
		}
		if strings.Contains(body, "auth_removed") {
			continue // the state of a post: nothing is published here, so nobody asks
		}
		if strings.Contains(body, `"subcode":460`) {
			row.Cause = platforms.PasswordChanged // the sheet: read data.error again by the rows of 190
		}
		tried++
		f := newFake(t, answering(row.status(), body))
		c := testClient(t, row.Platform, "", f.URL)
		check := c.Service.Checks[0]
		if strings.Contains(body, `"status":"`) && row.Platform == platforms.LinkedIn || strings.Contains(body, "is_valid") {
			check = byID(t, c.Service, "token")
		} else if row.Platform == platforms.LinkedIn {
			check = byID(t, c.Service, "role")
		} else if row.Platform == platforms.TikTok && strings.Contains(body, "spam_risk") {
			check = byID(t, c.Service, "creator")
		}
		if row.Platform == platforms.TikTok && !strings.Contains(body, "log_id") {
			c = testClient(t, row.Platform, Business, f.URL)
			check = byID(t, c.Service, "business")
			f.Config.Handler = answering(http.StatusOK, body)
		}
		got := check.Run(t.Context(), c, testGrant(c), Target{})
		if got.Cause != row.Cause && (row.Cause != platforms.UnknownCause || got.Cause != "") {
			t.Errorf("%s %s: %s\n  is %s %q, not %q: %s", row.Platform, check.ID, body, got.Outcome, got.Cause, row.Cause, got.Says)
		}
		account := row.Cause != platforms.PlatformOutage && row.Cause != platforms.AppMisconfigured && row.Cause != platforms.UnknownCause &&
			(row.Cause != platforms.RateLimited || strings.Contains(body, "spam_risk_too_many"))
		if (got.Outcome == platforms.Fail) != account {
			t.Errorf("%s: %s\n  is %s", row.Platform, body, got.Outcome)
		}
		if (got.Err != nil) == (got.Outcome == platforms.Fail) || got.Request.Empty() || got.Says.Empty() || got.Grade != platforms.Probed {
			t.Errorf("%s: %s\n  incomplete: %+v", row.Platform, body, got)
		}
		if got.Outcome == platforms.Fail && got.Field.Empty() {
			t.Errorf("%s: %s\n  rests on no field", row.Platform, body)
		}
	}
	t.Logf("%d errors tried", tried)
	if tried < 90 {
		t.Errorf("only %d errors tried", tried)
	}
}

// TestFacebookErrorsOfInstagram: with Facebook Login, Instagram gets Facebook's
// errors (fact sheet 2.3).
func TestFacebookErrorsOfInstagram(t *testing.T) {
	for _, row := range errorRows(t) {
		body := row.body()
		if row.Platform != platforms.Facebook || row.Where != "api" || row.Match.Condition != "" || body == "" || strings.Contains(body, "is_valid") {
			continue
		}
		f := newFake(t, answering(row.status(), body))
		c := testClient(t, platforms.Instagram, FacebookLogin, f.URL)
		if got := byID(t, c.Service, "login").Run(t.Context(), c, testGrant(c), Target{}); got.Cause != row.Cause {
			t.Errorf("%s: %s %q, not %s", body, got.Outcome, got.Cause, row.Cause)
		}
	}
}

func byID(t testing.TB, s Service, id string) Check {
	t.Helper()
	for _, c := range s.Checks {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("%s has no check %s", s.ID, id)
	return Check{}
}

// TestRedirectErrors lets a login end in each redirect error of the catalogue.
func TestRedirectErrors(t *testing.T) {
	tried := 0
	for _, row := range errorRows(t) {
		if row.Where != "redirect" {
			continue
		}
		_, raw, found := strings.Cut(row.Example, "?")
		if !found {
			raw = row.Example
		}
		raw, _, _ = strings.Cut(raw, " ")
		q, err := url.ParseQuery(raw)
		if err != nil || !q.Has("error") {
			t.Logf("no redirect: %s", row.Example)
			continue
		}
		id := row.Platform
		if id == "any" {
			id = platforms.X
		}
		tried++
		l := start(t, testClient(t, id, "", "http://127.0.0.1:1"), Ask{NoListener: true})
		p := l.Prompt()
		q.Del("code")
		q.Set("state", query(t, p.URL).Get("state"))
		if err := l.Paste(redirectTo(p, q)); err != nil {
			t.Errorf("%s: %v", row.Example, err)
			continue
		}
		_, err = l.Wait(t.Context())
		e, ok := errors.AsType[*LoginError](err)
		if !ok || e.Where != "redirect" || e.Verdict.Cause != row.Cause || !strings.Contains(e.Says.String(), q.Get("error")) {
			t.Errorf("%s %s: %v, not %s", id, row.Example, err, row.Cause)
			if ok {
				t.Errorf("  cause %s of %s", e.Verdict.Cause, e.Says)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d redirects tried", tried)
	}
}

// TestTokenErrors lets the exchange end in each token error of the catalogue.
func TestTokenErrors(t *testing.T) {
	tried := 0
	for _, row := range errorRows(t) {
		body := row.body()
		if row.Where != "token" || body == "" {
			continue
		}
		id := row.Platform
		if id == "any" {
			id = platforms.LinkedIn
		}
		tried++
		f := newFake(t, answering(row.status(), body))
		l := start(t, testClient(t, id, "", f.URL), Ask{NoListener: true})
		p := l.Prompt()
		if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})); err != nil {
			t.Fatal(err)
		}
		_, err := l.Wait(t.Context())
		e, ok := errors.AsType[*LoginError](err)
		if !ok || e.Where != "token" || e.Verdict.Cause != row.Cause {
			t.Errorf("%s %s: %v, not %s", id, body, err, row.Cause)
		}
	}
	if tried < 15 {
		t.Errorf("only %d token errors tried", tried)
	}
}

// TestConditions answers with each condition row: a success that says what is wrong.
func TestConditions(t *testing.T) {
	checks := map[string]struct {
		variant Variant
		check   string
	}{
		"page_list_empty": {"", "page"}, "instagram_business_account_absent": {FacebookLogin, "linked"},
		"is_business_account_false": {Business, "business"}, "role_state_not_approved": {"", "role"},
		"role_list_empty": {"", "role"}, "role_not_administrator": {"", "role"},
	}
	tried := 0
	for _, row := range errorRows(t) {
		if row.Match.Condition == "" {
			continue
		}
		how, ok := checks[row.Match.Condition]
		if !ok {
			t.Errorf("no check tells %s", row.Match.Condition)
			continue
		}
		tried++
		f := newFake(t, answering(200, row.Example))
		c := testClient(t, row.Platform, how.variant, f.URL)
		got := byID(t, c.Service, how.check).Run(t.Context(), c, testGrant(c), Target{})
		if got.Outcome != platforms.Fail || got.Cause != row.Cause || got.Field.Empty() || got.Mend.Empty() || got.Err != nil {
			t.Errorf("%s: %s %s, not %s: %s", row.Match.Condition, got.Outcome, got.Cause, row.Cause, got.Says)
		}
	}
	if tried != len(checks) {
		t.Errorf("%d of %d conditions tried", tried, len(checks))
	}
}
