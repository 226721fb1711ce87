package live

import (
	"net/http"
	"strings"
	"testing"

	"reconnect/platforms"
)

// TestNameNotTold: where the platform did not tell the name, there is nothing to compare
// with, which is no wrong account.
func TestNameNotTold(t *testing.T) {
	for _, row := range []struct {
		id      platforms.ID
		variant Variant
		body    string
		check   string
		target  Target
		want    platforms.Outcome
	}{
		{platforms.X, "", `{"data":{"id":"7"}}`, "account", Target{Name: "@mikabakes"}, platforms.Unsure},
		{platforms.X, "", `{"data":{"id":"7"}}`, "account", Target{ID: "7", Name: "@mikabakes"}, platforms.Pass},
		{platforms.X, "", `{"data":{"id":"7"}}`, "account", Target{ID: "8"}, platforms.Fail},
		{platforms.X, "", `{"data":{"id":"7","username":"ada"}}`, "account", Target{Name: "@mikabakes"}, platforms.Fail},
		{platforms.Instagram, InstagramLogin, `{"user_id":"7"}`, "account", Target{Name: "@mikabakes"}, platforms.Unsure},
		{platforms.TikTok, Business, `{"code":0,"request_id":"1","data":{"display_name":"Mika Bakes"}}`, "account", Target{Name: "@mikabakes"}, platforms.Unsure},
		{platforms.TikTok, Business, `{"code":0,"request_id":"1","data":{"display_name":"Mika Bakes"}}`, "account", Target{Name: "Mika Bakes"}, platforms.Pass},
	} {
		c := testClient(t, row.id, row.variant, newFake(t, answering(200, row.body)).URL)
		for _, k := range c.Service.Checks {
			if k.ID != row.check {
				continue
			}
			if f := k.Run(t.Context(), c, testGrant(c), row.target); f.Outcome != row.want {
				t.Errorf("%s %s %+v: %s %s", row.id, row.body, row.target, f.Outcome, f.Says)
			}
		}
	}
}

// TestTikTokPasted: what a pasted token of TikTok allows shows by asking. Without the
// profile its other checks are made all the same.
func TestTikTokPasted(t *testing.T) {
	for _, code := range []string{"scope_not_authorized", "scope_permission_missed"} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.Contains(r.URL.RawQuery, "username"):
				answering(401, `{"data":{},"error":{"code":"`+code+`","message":"The user did not authorize the scope required for completing this request.","log_id":"x"}}`)(w, r)
			case strings.Contains(r.URL.Path, "user/info"):
				answering(200, `{"data":{"user":{"open_id":"1","display_name":"Mika Bakes"}},"error":{"code":"ok","message":""}}`)(w, r)
			default:
				answering(200, `{"data":{"privacy_level_options":["PUBLIC_TO_EVERYONE"]},"error":{"code":"ok","message":""}}`)(w, r)
			}
		})
		c := testClient(t, platforms.TikTok, "", f.URL)
		g, err := c.Inspect(canaryAccess)
		if err != nil {
			t.Fatal(err)
		}
		r := c.Verify(t.Context(), g, Plan{Target: Target{Name: "@mikabakes"}})
		for check, want := range map[string]platforms.Outcome{"login": platforms.Pass, "account": platforms.Unsure, "creator": platforms.Pass} {
			if f := r.Finding(check); f == nil || f.Outcome != want {
				t.Errorf("%s, %s: %+v", code, check, f)
			}
		}
		if n := f.count("/user/info/"); n != 2 {
			t.Errorf("%s: asked %d times", code, n)
		}
	}
}
