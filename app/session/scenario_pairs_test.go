package session_test

import (
	"strings"
	"testing"

	"reconnect/platforms"
)

// pairs are the causes that are known to break each platform, from the collected
// errors. Those of "any" are errors that every platform may give.
var pairs = map[string]string{
	"instagram": "account_changed account_restricted app_misconfigured missing_permission not_admin not_linked password_changed permission_revoked platform_outage rate_limited security_checkpoint token_expired user_cancelled wrong_account_type",
	"facebook":  "account_changed account_restricted app_misconfigured missing_permission not_admin password_changed permission_revoked platform_outage rate_limited security_checkpoint token_expired user_cancelled wrong_account",
	"tiktok":    "account_restricted app_misconfigured missing_permission permission_revoked platform_outage rate_limited token_expired unknown user_cancelled wrong_account wrong_account_type",
	"linkedin":  "account_changed app_misconfigured missing_permission not_admin permission_revoked platform_outage rate_limited token_expired user_cancelled wrong_account",
	"x":         "account_restricted app_misconfigured missing_permission permission_revoked platform_outage rate_limited security_checkpoint token_expired user_cancelled",
	"any":       "app_misconfigured platform_outage token_expired user_cancelled",
}

// TestScenariosCover finds a scenario for every cause that is known of each
// platform, and enough of them, a third of which the first reconnect cures.
func TestScenariosCover(t *testing.T) {
	have := map[string]bool{}
	first := 0
	for _, s := range scenarios {
		have[string(s.platform)+" "+string(s.cause)] = true
		have["any "+string(s.cause)] = true
		if s.curedFirst() {
			first++
		}
	}
	n := 0
	for platform, causes := range pairs {
		for _, cause := range strings.Fields(causes) {
			n++
			if !have[platform+" "+cause] {
				t.Errorf("no scenario has %s on %s", cause, platform)
			}
		}
	}
	if n != 61 {
		t.Errorf("%d pairs of platform and cause, want 61", n)
	}
	if len(scenarios) < 80 || first*3 < len(scenarios) {
		t.Errorf("%d scenarios, of which the first reconnect cures %d; want 80 and a third", len(scenarios), first)
	}
}

// TestScenariosAreTold looks whether every scenario says all that happens in it:
// what a failing try shows, checks that exist somewhere, each situation once.
func TestScenariosAreTold(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenarios {
		name := string(s.platform) + ", " + s.about + ", " + string(s.cause)
		if seen[name] {
			t.Errorf("%s: twice", name)
		}
		seen[name] = true
		for tr := &s.trouble; tr != nil; tr = tr.later {
			if tr.cure != anyTry && len(tr.shows) == 0 {
				t.Errorf("%s: what does a failing try show?", name)
			}
			if tr.colour == platforms.Green && !tr.well && len(tr.shows) == 0 {
				t.Errorf("%s: with which error do posts fail?", name)
			}
		}
	}
}

// curedFirst tells whether the first reconnect cures it.
func (s scenario) curedFirst() bool {
	w := s.world()
	return w.status(s.platform) != platforms.Unlisted && !s.well && s.tried == 0 &&
		w.connect(s.platform).answer == "connected" && w.sound(s.platform)
}

// TestByArticle walks every scenario by the article, and looks at some in detail.
func TestByArticle(t *testing.T) {
	want := map[string]string{
		"facebook, 60 days are over":                   "R connected",
		"facebook, lost the role on the Page":          "Rr connected",
		"facebook, admin away until tomorrow":          "RDCFS sent",
		"facebook, pressed Cancel at the permissions":  "RDCF connected",
		"facebook, user limit reached":                 "RDCFS sent",
		"instagram, boxes unticked, not shown again":   "RCr connected",
		"instagram, app in development mode":           "RCrDFS sent",
		"instagram, personal account":                  "Rr connected",
		"instagram, green, and all is well":            " nothing",
		"instagram, green, daily quota used up":        "R connected, but posts fail",
		"facebook, Instagram red with it, role lost":   "Rr connected",
		"x, broken again within a month":               "RR connected",
		"linkedin, first connection, not an admin yet": "FS sent",
	}
	for _, s := range scenarios {
		o := byArticle(s)
		name := string(s.platform) + ", " + s.about
		if got, ok := o.path+" "+o.ending(), want[name]; ok != "" && got != ok {
			t.Errorf("%s: %s, want %s", name, got, ok)
		}
		delete(want, name)
		if again := byArticle(s); again.path != o.path || again.end != o.end || again.questions != o.questions {
			t.Errorf("%s: the article leads to %s, and then to %s", name, o.path, again.path)
		}
	}
	for name := range want {
		t.Errorf("no scenario is called %s", name)
	}
}

// ending is the end in words.
func (o outcome) ending() string {
	if o.hollow {
		return o.end + ", but posts fail"
	}
	return o.end
}
