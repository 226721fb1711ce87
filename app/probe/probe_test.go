package probe

import (
	"strings"
	"testing"
	"time"

	"reconnect/app/connection"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// TestOfAnotherAccount: what is in order for another account rules nothing out.
func TestOfAnotherAccount(t *testing.T) {
	fine := live.Finding{Check: "linked", Outcome: platforms.Pass, RulesOut: []platforms.Cause{platforms.NotLinked}}
	c := connection.New(connection.Options{})
	if p := probeOf(c, "instagram", text.Safe{}, []live.Finding{fine}); len(p.Findings[0].RulesOut) != 1 {
		t.Errorf("%+v", p.Findings)
	}
	p := probeOf(c, "instagram", text.Safe{}, []live.Finding{fine, {Check: "account", Outcome: platforms.Fail, Cause: platforms.WrongAccount}})
	if len(p.Findings[0].RulesOut) != 0 || p.Findings[1].Outcome != platforms.Fail {
		t.Errorf("%+v", p.Findings)
	}
}

// TestAsking: what is of no use says why and is not taken at once, and who asks is
// named in words.
func TestAsking(t *testing.T) {
	issued := time.Date(2026, 11, 24, 9, 30, 0, 0, time.Local)
	named := live.Grant{Issued: issued, Account: live.Account{Name: text.Const("Mika Novak"), ID: "17"}}
	for _, row := range []struct {
		name  string
		held  connection.Held
		quick bool
		says  string
	}{
		{"fit", connection.Held{Service: "facebook", Grant: named}, true, "Ask as Mika Novak"},
		{"another account's", connection.Held{Service: "facebook", Grant: named, Wrong: true}, false, "Ask as Mika Novak (another account)"},
		{"ended", connection.Held{Service: "facebook", Grant: named, Cause: platforms.TokenExpired}, false, "Ask as Mika Novak (that sign-in has ended)"},
		{"a role is missing", connection.Held{Service: "facebook", Grant: named, Cause: platforms.NotAdmin}, true, "Ask as Mika Novak"},
		{"costs", connection.Held{Service: "x", Grant: named}, false, "Ask as Mika Novak"},
		{"an id alone", connection.Held{Service: "tiktok", Grant: live.Grant{Issued: issued, Account: live.Account{ID: "-000fd92797"}}}, true,
			"Ask as the one who signed in on 24 Nov 09:30"},
	} {
		w := asking(row.held, false, true)
		if costs := w.Costs.Empty(); costs == (row.held.Service == "x") {
			t.Errorf("%s: what it costs is %q", row.name, w.Costs)
		}
		if w.Quick != row.quick || !strings.HasPrefix(w.Label.String(), row.says) {
			t.Errorf("%s: %q, quick %v", row.name, w.Label, w.Quick)
		}
	}
	if w := asking(connection.Held{Service: "tiktok-business", Grant: named}, true, true); !strings.Contains(w.Label.String(), "for business accounts") {
		t.Errorf("one of several services: %q", w.Label)
	}
}

// TestRuleNothingOut keeps what a probe found, and takes what it rules out.
func TestRuleNothingOut(t *testing.T) {
	p := &ladder.Probe{Findings: []ladder.Finding{{Outcome: platforms.Pass, RulesOut: []platforms.Cause{platforms.NotAdmin}}}}
	ruleNothingOut(p)
	if p.Findings[0].Outcome != platforms.Pass || p.Findings[0].RulesOut != nil {
		t.Errorf("%+v", p)
	}
}
