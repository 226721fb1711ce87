package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

func TestColour(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	access, refresh := text.NewSecret("a"), text.NewSecret("r")
	in := func(d time.Duration) time.Time { return now.Add(d) }
	for _, row := range []struct {
		name     string
		grant    Grant
		colour   platforms.Colour
		days     int
		proposal bool
	}{
		{"no grant", Grant{}, UnknownColour, 0, false},
		{"Facebook, 60 days", Grant{Access: access, Expires: in(60 * day)}, platforms.Green, 60, true},
		{"15 days", Grant{Access: access, Expires: in(15 * day)}, platforms.Green, 15, true},
		{"14 days and a second", Grant{Access: access, Expires: in(14*day + time.Second)}, platforms.Green, 14, true},
		{"14 days", Grant{Access: access, Expires: in(14 * day)}, platforms.Yellow, 14, true},
		{"an hour", Grant{Access: access, Expires: in(hour)}, platforms.Yellow, 0, true},
		{"over", Grant{Access: access, Expires: in(-time.Second)}, platforms.Red, 0, false},
		{"this second", Grant{Access: access, Expires: now}, platforms.Red, 0, false},
		{"Page token", Grant{Access: access, Endless: true}, platforms.Green, 0, false},
		{"Page token, data soon over", Grant{Access: access, Endless: true, DataExpires: in(10 * day)}, platforms.Yellow, 10, true},
		{"data over", Grant{Access: access, Expires: in(60 * day), DataExpires: in(-day)}, platforms.Red, 0, false},
		{"a permission declined", Grant{Access: access, Expires: in(60 * day), Declined: []string{"video.publish"}}, platforms.Yellow, 60, true},
		{"TikTok", Grant{Access: access, Refresh: refresh, Expires: in(hour), RefreshExpires: in(180 * day)}, platforms.Green, 180, true},
		{"TikTok, access over", Grant{Access: access, Refresh: refresh, Expires: in(-hour), RefreshExpires: in(180 * day)}, platforms.Green, 180, true},
		{"TikTok, refresh soon over", Grant{Access: access, Refresh: refresh, Expires: in(hour), RefreshExpires: in(13 * day)}, platforms.Yellow, 13, true},
		{"X", Grant{Access: access, Refresh: refresh, Expires: in(hour)}, platforms.Green, 0, false},
		{"X without offline.access", Grant{Access: access, Expires: in(2 * hour)}, platforms.Yellow, 0, true},
		{"not told", Grant{Access: access}, UnknownColour, 0, false},
	} {
		h := row.grant.Colour(now)
		if h.Colour != row.colour || h.Days != row.days || h.Proposal != row.proposal || h.Reason.Empty() {
			t.Errorf("%s: %+v", row.name, h)
		}
	}
}

func TestReportHealth(t *testing.T) {
	now := time.Now()
	g := Grant{Access: text.NewSecret("a"), Expires: now.Add(60 * day)}
	soonOver := Grant{Access: text.NewSecret("a"), Expires: now.Add(day)}
	over := Grant{Access: text.NewSecret("a"), Expires: now.Add(-day)}
	fail := Finding{Outcome: platforms.Fail}
	could := Finding{Outcome: platforms.Unsure, Err: &Fault{Kind: Offline}}
	waits := Finding{Outcome: platforms.Fail, pending: true}
	unsure := Finding{Outcome: platforms.Unsure}
	for n, row := range []struct {
		grant    Grant
		findings []Finding
		colour   platforms.Colour
	}{
		{g, nil, platforms.Green}, {g, []Finding{unsure}, platforms.Green}, {g, []Finding{could, fail}, platforms.Red}, {g, []Finding{could, waits}, UnknownColour},
		{g, []Finding{waits}, platforms.Yellow}, {soonOver, nil, platforms.Yellow}, {soonOver, []Finding{could}, UnknownColour}, {over, []Finding{could}, platforms.Red},
	} {
		if h := Weigh(row.findings, row.grant, now); h.Colour != row.colour {
			t.Errorf("row %d: %s", n, h.Colour)
		}
	}
}

func TestRenew(t *testing.T) {
	for _, row := range []struct {
		id      platforms.ID
		variant Variant
		has     []string
		lacks   string
	}{
		{platforms.TikTok, "", []string{"POST /v2/oauth/token/", "client_key=client-7", "grant_type=refresh_token", "refresh_token=" + canaryRefresh}, "client_id"},
		{platforms.TikTok, Business, []string{"POST /open_api/v1.3/tt_user/oauth2/refresh_token/", `"refresh_token":"` + canaryRefresh}, "client_key"},
		{platforms.X, "", []string{"POST /2/oauth2/token", "refresh_token=" + canaryRefresh}, "client_secret"},
		{platforms.LinkedIn, "", []string{"POST /oauth/v2/accessToken", "client_id=client-7", "client_secret="}, "client_key"},
		{platforms.Facebook, "", []string{"GET /v26.0/oauth/access_token?", "fb_exchange_token=" + canaryAccess}, "refresh_token"},
		{platforms.Instagram, InstagramLogin, []string{"GET /refresh_access_token?", "grant_type=ig_refresh_token"}, "client_secret"},
	} {
		f := newFake(t, answering(200, `{"access_token":"new-access-1","refresh_token":"new-refresh-1","expires_in":60}`))
		c := testClient(t, row.id, row.variant, f.URL)
		g := testGrant(c)
		g.Issued = g.Issued.Add(-25 * hour)
		var kept []Grant
		n, err := c.Renew(t.Context(), g, func(g Grant) error {
			kept = append(kept, g)
			if len(f.asked) != 1 {
				t.Errorf("%s: %d calls before it is kept", row.id, len(f.asked))
			}
			return nil
		})
		if err != nil || n.Access.Reveal() != "new-access-1" || n.Refresh.Reveal() != "new-refresh-1" || len(kept) != 1 || n.Account.ID != "me-1" || len(n.Scopes) == 0 {
			t.Errorf("%s: %+v %v", row.id, n, err)
			continue
		}
		for _, part := range row.has {
			if !strings.Contains(f.asked[0], part) {
				t.Errorf("%s %s: no %s in %s", row.id, row.variant, part, f.asked[0])
			}
		}
		if strings.Contains(f.asked[0], row.lacks) {
			t.Errorf("%s %s: %s in %s", row.id, row.variant, row.lacks, f.asked[0])
		}
		if again, err := c.Renew(t.Context(), g, nil); err != nil || again.Fingerprint() != n.Fingerprint() || len(f.asked) != 1 {
			t.Errorf("%s: the loser asked again", row.id)
		}
	}
}

func TestRenewTogether(t *testing.T) {
	n := 0
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		answering(200, fmt.Sprintf(`{"access_token":"access-%d","refresh_token":"refresh-%d","expires_in":60}`, n, n))(w, r)
	})
	c := testClient(t, platforms.X, "", f.URL)
	g := testGrant(c)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got, err := c.Renew(t.Context(), g, nil); err != nil || got.Access.Reveal() != "access-1" {
				t.Errorf("%v %v", got.Fingerprint(), err)
			}
		})
	}
	all.Wait()
	if len(f.asked) != 1 {
		t.Errorf("refreshed %d times", len(f.asked))
	}
}

func TestOnlyOursIsChanged(t *testing.T) {
	f := newFake(t, answering(200, tokenAnswer))
	for name, change := range map[string]func(*Client, *Grant){
		"pasted":         func(_ *Client, g *Grant) { g.Pasted = true },
		"of Aibrify":     func(c *Client, _ *Grant) { c.App.Aibrify = true },
		"another client": func(_ *Client, g *Grant) { g.Client = "x" },
		"another one":    func(_ *Client, g *Grant) { g.Platform = platforms.TikTok },
		"another host":   func(c *Client, _ *Grant) { c.Service.Endpoints.API = "http://127.0.0.1:1/2" },
		"the platform's": func(_ *Client, g *Grant) { g.Custom, g.Home = false, "" },
	} {
		c := testClient(t, platforms.X, "", f.URL)
		g := testGrant(c)
		change(c, &g)
		_, renew := c.Renew(t.Context(), g, nil)
		for _, err := range []error{renew, c.Revoke(t.Context(), g)} {
			if _, ok := errors.AsType[*HarmError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	c := testClient(t, platforms.X, "", f.URL)
	g, err := c.Inspect("  " + canaryAccess + "\n")
	if err != nil || !g.Pasted || g.Access.Reveal() != canaryAccess {
		t.Fatalf("%+v %v", g, err)
	}
	if _, err := c.Renew(t.Context(), g, nil); err == nil {
		t.Error("a pasted token was renewed")
	}
	if len(f.asked) != 0 {
		t.Errorf("asked: %q", f.asked)
	}
	for _, wrong := range []string{"", " ", "a b", "a\nb", "ä", strings.Repeat("x", 2049)} {
		if _, err := c.Inspect(wrong); err == nil {
			t.Errorf("%.10q is a token", wrong)
		}
	}
}

func TestRevoke(t *testing.T) {
	for _, row := range []struct {
		id   platforms.ID
		sent string
		body string
	}{
		{platforms.Facebook, "DELETE /v26.0/me-1/permissions ", `{"success":true}`},
		{platforms.TikTok, "client_key=client-7", ``},
		{platforms.TikTok, "POST /v2/oauth/revoke/", `{}`},
		{platforms.LinkedIn, "POST /oauth/v2/revoke", ``},
		{platforms.LinkedIn, "token=" + canaryRefresh, ``},
		{platforms.X, "token=" + canaryRefresh, `{"revoked":true}`}, // what outlives the access goes first
	} {
		f := newFake(t, answering(200, row.body))
		c := testClient(t, row.id, "", f.URL)
		if row.id == platforms.Facebook {
			c.Service.Endpoints.Revoke = f.URL + "/v26.0/{user}/permissions"
		}
		if err := c.Revoke(t.Context(), testGrant(c)); err != nil || !strings.Contains(f.asked[0], row.sent) {
			t.Errorf("%s: %v %q", row.id, err, f.asked)
		}
		if access := f.asked[len(f.asked)-1]; row.id != platforms.Facebook && !strings.Contains(access, "token="+canaryAccess) {
			t.Errorf("%s: the access is left: %q", row.id, access)
		}
	}
	c := New(instagramByInstagram(), testApp(), testOptions())
	err := c.Revoke(t.Context(), testGrant(c))
	if e, ok := errors.AsType[*UnsupportedError](err); !ok || !strings.Contains(e.Reason.String(), "manage_access") {
		t.Errorf("Instagram Login: %v", err)
	}
}

func TestStale(t *testing.T) {
	now := time.Now()
	g := Grant{Access: text.NewSecret("a"), Refresh: text.NewSecret("r"), Expires: now}
	if !g.Stale(now) || g.Stale(now.Add(-time.Minute)) {
		t.Error("stale at the wrong time")
	}
	if g.Pasted = true; g.Stale(now) {
		t.Error("a pasted token is to be renewed")
	}
}

// TestServices looks at every service as a value.
func TestServices(t *testing.T) {
	seen := map[platforms.ID]bool{}
	for _, s := range All() {
		seen[s.ID] = true
		before := map[string]bool{}
		for _, c := range s.Checks {
			if c.After != "" && !before[c.After] {
				t.Errorf("%s %s: %s waits for %s, which does not come before it", s.ID, s.Variant, c.ID, c.After)
			}
			if before[c.ID] || c.Title.Empty() || c.run == nil {
				t.Errorf("%s %s: check %q", s.ID, s.Variant, c.ID)
			}
			before[c.ID] = true
		}
		if lacking := missing(s.Needs, s.Scopes); len(lacking) > 0 {
			t.Errorf("%s %s needs %v and does not ask for it", s.ID, s.Variant, lacking)
		}
		if s.Auth == 0 || s.ClientKey == "" || s.Name.Empty() || s.Separator == "" {
			t.Errorf("%s %s: incomplete", s.ID, s.Variant)
		}
		if s.Endpoints.Revoke == "" && s.NoRevoke.Empty() || s.Removal.Empty() {
			t.Errorf("%s %s: no way to log out, and no word about it", s.ID, s.Variant)
		}
		for name, address := range s.Endpoints.fields() {
			u, err := url.Parse(*address)
			if err != nil || *address != "" && u.Scheme != "https" {
				t.Errorf("%s %s: endpoint %s is %q", s.ID, s.Variant, name, *address)
			}
		}
	}
	for _, id := range platforms.IDs() {
		if !seen[id] {
			t.Errorf("no service for %s", id)
		}
	}
}

// canaries are secrets in every spelling.
func canaries(more ...string) []string {
	return append([]string{canaryAccess, canaryRefresh, canarySecret, canaryCode}, more...)
}

func grep(t *testing.T, what string, v any, secrets []string) {
	t.Helper()
	for _, s := range shown(v, secrets) {
		t.Errorf("%s: %q shows", what, s)
	}
}

// shown are the secrets that any print of v shows.
func shown(v any, secrets []string) []string {
	var found []string
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", v)
	}
	if raw, err := json.Marshal(v); err == nil {
		out.Write(raw)
	}
	if err, ok := v.(error); ok {
		for e := err; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&out, "%+v %T\n", e, e)
		}
	}
	for _, s := range secrets {
		hexed := fmt.Sprintf("%x", s)
		if strings.Contains(out.String(), s) || strings.Contains(out.String(), hexed) {
			found = append(found, s)
		}
	}
	return found
}

// TestCanaryIsFound makes sure that the search can find.
func TestCanaryIsFound(t *testing.T) {
	type leaky struct{ inner *struct{ token string } }
	for _, v := range []any{canaryCode, errors.New("x " + canaryCode), fmt.Errorf("%w", &url.Error{Op: "Get", URL: canaryCode, Err: io.EOF}), leaky{&struct{ token string }{canaryCode}}} {
		if len(shown(v, canaries())) != 1 {
			t.Errorf("%T hides it", v)
		}
	}
}

// TestCanaries plays logins, checks and renewals against a platform that echoes
// every secret, and looks for them in whatever can be printed.
func TestCanaries(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		said := r.URL.RawQuery + " " + string(body) + " " + r.Header.Get("Authorization") + " " + r.Header.Get("Access-Token")
		raw, _ := json.Marshal(map[string]any{"error": map[string]any{"message": said, "code": 190}, "error_description": said})
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(raw)
	}
	html := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(502)
		_, _ = fmt.Fprintf(w, "<html>%s %s %s</html>", r.URL.RawQuery, body, r.Header.Get("Authorization"))
	}
	for kind, h := range map[string]http.HandlerFunc{"echo": echo, "html": html, "ok": answering(200, tokenAnswer), "gone": nil} {
		f := newFake(t, h)
		if h == nil {
			f.Close()
		}
		for _, s := range All() {
			c := testClient(t, s.ID, s.Variant, f.URL)
			what := fmt.Sprint(kind, " ", s.ID, " ", s.Variant)
			if s.Redirect.PasteOnly {
				c.App.Redirect = "https://app.example/cb"
			}
			l := start(t, c, Ask{NoListener: true})
			p := l.Prompt()
			secrets := canaries(l.verifier.Reveal())
			state := query(t, p.URL).Get("state")
			if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {state}})); err != nil {
				t.Fatal(err)
			}
			grep(t, what+" login", l, secrets)
			g, err := l.Wait(t.Context())
			grep(t, what+" error of the login", err, append(secrets, state))
			grep(t, what+" grant", g, secrets)
			g = testGrant(c)
			g.Page = text.NewSecret(canaryAccess)
			g.Issued = g.Issued.Add(-25 * hour)
			grep(t, what+" report", c.Verify(t.Context(), g, Plan{Paid: true}), secrets)
			_, err = c.Renew(t.Context(), g, func(Grant) error { return errors.New("full") })
			grep(t, what+" error of renewing", err, secrets)
			grep(t, what+" error of revoking", c.Revoke(t.Context(), g), secrets)
			grep(t, what+" client", c, secrets)
			grep(t, what+" app", c.App, secrets)
			grep(t, what+" ask", Ask{}, secrets)
		}
	}
}

// TestErrorsHoldNoErrors keeps errors of other libraries out of a Fault, because
// they print addresses and bodies.
func TestErrorsHoldNoErrors(t *testing.T) {
	for _, v := range []any{Fault{}, LoginError{}, TimeoutError{}, PasteError{}, PortError{}, HarmError{}} {
		for i := range reflect.TypeOf(v).NumField() {
			f := reflect.TypeOf(v).Field(i)
			if f.Type.Implements(reflect.TypeFor[error]()) && f.Type.Kind() == reflect.Interface {
				t.Errorf("%T.%s is an error", v, f.Name)
			}
		}
	}
}
