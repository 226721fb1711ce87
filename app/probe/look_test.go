package probe

import (
	"testing"
	"time"

	"reconnect/app/connection"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// TestLookAt: what Aibrify shows is about an account by its name, or where it is the
// only one and nobody said a name. What could be another's tells nothing.
func TestLookAt(t *testing.T) {
	cafe := session.Shown{Platform: platforms.X, Account: text.Const("@Cafe"), Colour: platforms.Red, Error: text.Const("Could not authenticate you.")}
	bar := session.Shown{Platform: platforms.X, Account: text.Const("@bar"), Colour: platforms.Green}
	page := session.Shown{Platform: platforms.Facebook, Account: text.Const("Cafe"), Colour: platforms.Yellow}
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name  string
		shown []session.Shown
		about session.About
		want  platforms.Colour
	}{
		{"by name", []session.Shown{bar, cafe, page}, session.About{Platform: platforms.X, Account: text.Const("cafe")}, platforms.Red},
		{"another platform", []session.Shown{cafe, page}, session.About{Platform: platforms.Facebook, Account: text.Const("cafe")}, platforms.Yellow},
		{"no name, the only one", []session.Shown{bar, page}, session.About{Platform: platforms.X}, platforms.Green},
		{"no name, two", []session.Shown{bar, cafe}, session.About{Platform: platforms.X}, ""},
		{"another name, the only one", []session.Shown{bar}, session.About{Platform: platforms.X, Account: text.Const("@cafe")}, ""},
		{"the name twice", []session.Shown{cafe, cafe}, session.About{Platform: platforms.X, Account: text.Const("@cafe")}, ""},
		{"nothing", nil, session.About{Platform: platforms.X}, ""},
	} {
		if old := LookAt(row.shown, at, at.Add(30*time.Hour), row.about); old.Tells() {
			t.Errorf("%s: it is too old, and tells %+v", row.name, old)
		}
		got := LookAt(row.shown, at, at, row.about)
		if got.Colour != row.want || got.Tells() != (row.want != "") || row.want == platforms.Red && got.Error != cafe.Error || (row.want != "") != (got.Grade == platforms.Seen && got.At == at && !got.Says.Empty()) {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

// TestLookOf: only what is in the way of the account itself breaks a connection. A
// grant of one's own that ended, and a platform that does not answer, break nothing;
// that all is in order proves nothing. What breaks it is no colour of the dashboard.
func TestLookOf(t *testing.T) {
	c := connection.New(connection.Options{})
	find := func(o platforms.Outcome, cause platforms.Cause) live.Report {
		return live.Report{Findings: []live.Finding{{Check: "login", Outcome: platforms.Pass}, {Check: "tasks", Title: text.Const("Full control?"), Outcome: o, Cause: cause}}}
	}
	for _, row := range []struct {
		report live.Report
		breaks bool
	}{
		{find(platforms.Fail, platforms.NotAdmin), true},
		{find(platforms.Fail, platforms.AccountRestricted), true},
		{find(platforms.Fail, platforms.TokenExpired), false},
		{find(platforms.Fail, platforms.PermissionRevoked), false},
		{find(platforms.Fail, platforms.WrongAccount), false},
		{find(platforms.Fail, platforms.RateLimited), false},
		{find(platforms.Unsure, platforms.PlatformOutage), false},
		{find(platforms.Pass, ""), false},
		{live.Report{}, false},
	} {
		got := LookOf(c, connection.Held{Service: "facebook"}, row.report)
		if got.Tells() != row.breaks || got.Colour != "" || row.breaks != (got.Probe != nil && got.Grade == platforms.Probed) {
			t.Errorf("%+v: %+v", row.report.Findings, got)
		}
	}
}
