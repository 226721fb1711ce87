package sim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"reconnect/platforms/sim"
)

// TestRotation wants each refresh to give a new refresh token and to end the old
// one, whose second use ends the chain.
func TestRotation(t *testing.T) {
	for svc, want := range map[sim.Service]string{
		sim.TikTok:         `"error":"invalid_grant"`,
		sim.TikTokBusiness: "Refresh token is incorrect",
		sim.X:              "Value passed for the token was invalid.",
	} {
		c := newClient(t, svc)
		first := c.login()
		second := c.tokens(c.refresh(first.Refresh))
		if second.Refresh == first.Refresh || second.Access == first.Access {
			t.Errorf("%s rotates nothing", svc)
		}
		third := c.tokens(c.refresh(second.Refresh))
		if a := c.refresh(first.Refresh); !a.has(want) {
			t.Errorf("%s, reused: %s", svc, a.text)
		}
		if a := c.refresh(third.Refresh); !a.has(want) {
			t.Errorf("%s: the chain goes on after a reuse: %s", svc, a.text)
		}
		other := c.login()
		c.w.Edit(func(s *sim.State) { s.Apps[svc.Site()][c.app.ID].ReuseKills = false })
		next := c.tokens(c.refresh(other.Refresh))
		if a := c.refresh(other.Refresh); !a.has(want) {
			t.Errorf("%s, reused without an end: %s", svc, a.text)
		}
		c.tokens(c.refresh(next.Refresh))
		if a := c.refresh(next.Access); !a.has(want) {
			t.Errorf("%s, an access token as refresh token: %s", svc, a.text)
		}
	}
}

// TestLifetimes wants tokens to die on time, not before, and refresh tokens, too.
func TestLifetimes(t *testing.T) {
	for svc, row := range map[sim.Service]struct {
		access, refresh time.Duration
		ask             sim.Endpoint
		want            string
	}{
		sim.Facebook:       {4815 * time.Second, 0, sim.Me, `"error_subcode":463`},
		sim.Instagram:      {time.Hour, 0, sim.Me, "Session has expired"},
		sim.TikTok:         {2 * time.Hour, 180 * 24 * time.Hour, sim.Me, "access_token_invalid"},
		sim.TikTokBusiness: {24 * time.Hour, 365 * 24 * time.Hour, sim.BusinessAccount, "Access token has expired"},
		sim.LinkedIn:       {60 * 24 * time.Hour, 0, sim.Me, "EXPIRED_ACCESS_TOKEN"},
		sim.X:              {2 * time.Hour, 180 * 24 * time.Hour, sim.Me, "Unauthorized"},
	} {
		c := newClient(t, svc)
		held := c.login()
		c.w.Advance(row.access - time.Second)
		if a := c.ask(row.ask, held.Access); a.has(row.want) {
			t.Errorf("%s, a second before: %s", svc, a.text)
		}
		c.w.Advance(time.Second)
		if a := c.ask(row.ask, held.Access); !a.has(row.want) {
			t.Errorf("%s, on time: %s", svc, a.text)
		}
		if row.refresh == 0 {
			continue
		}
		c.w.Advance(row.refresh - row.access - time.Second)
		held = c.tokens(c.refresh(held.Refresh))
		c.w.Advance(row.refresh)
		if a := c.refresh(held.Refresh); a.has(`access_token":"`) {
			t.Errorf("%s: a refresh token lives too long", svc)
		}
	}
	c := newClient(t, sim.TikTok)
	c.w.Edit(func(s *sim.State) { s.TikTokLong = true })
	if a := c.exchange(c.code(nil), nil); !a.has(`"expires_in":86400,`) || !a.has(`"refresh_expires_in":31536000`) {
		t.Errorf("TikTok's older lifetimes: %s", a.text)
	}
}

// TestLongLived wants Meta's exchanges: 60 days, not for a token that is over, and
// on Facebook a Page token without an end.
func TestLongLived(t *testing.T) {
	c := newClient(t, sim.Facebook)
	short := c.login()
	exchange := func(token string) answer {
		return c.get(c.e.Exchange + "?" + url.Values{"grant_type": {"fb_exchange_token"}, "client_id": {c.app.ID},
			"client_secret": {c.app.Secret}, "fb_exchange_token": {token}}.Encode())
	}
	a := exchange(short.Access)
	if !a.has(`"expires_in":5184000`) {
		t.Errorf("Facebook: %s", a.text)
	}
	long := c.tokens(a)
	page, _ := firstRow(c.ask(sim.Accounts, long.Access))["access_token"].(string)
	c.w.Advance(2 * time.Hour)
	if a := exchange(short.Access); !a.has(`"error_subcode":463`) {
		t.Errorf("Facebook exchanges a token that is over: %s", a.text)
	}
	if a := c.ask(sim.Me, short.Page); !a.has(`"error_subcode":463`) {
		t.Errorf("a Page token of a short login lives on: %s", a.text)
	}
	c.w.Advance(61 * 24 * time.Hour)
	if a := c.ask(sim.Me, long.Access); !a.has(`"error_subcode":463`) {
		t.Errorf("Facebook after 60 days: %s", a.text)
	}
	if a := c.ask(sim.Me, page); !a.has(`"name":"Mika Bakes"`) {
		t.Errorf("the Page token died by time: %s", a.text)
	}
	c.w.Advance(30 * 24 * time.Hour)
	if a := c.ask(sim.Me, page); !a.has(`"code":10`) {
		t.Errorf("data access after 90 days: %s", a.text)
	}

	c = newClient(t, sim.Instagram)
	short = c.login()
	swap := func(secret string) answer {
		return c.get(c.e.Exchange + "?grant_type=ig_exchange_token&client_secret=" + secret + "&access_token=" + short.Access)
	}
	if a := swap("wrong"); !a.has("Error validating client secret") {
		t.Errorf("Instagram, a wrong secret: %s", a.text)
	}
	a = swap(c.app.Secret)
	if !a.has(`"expires_in":5184000`) {
		t.Errorf("Instagram: %s", a.text)
	}
	long = c.tokens(a)
	c.w.Advance(24*time.Hour - time.Second)
	if a := c.refresh(long.Access); !a.has("at least 24 hours old") {
		t.Errorf("Instagram refreshes too early: %s", a.text)
	}
	c.w.Advance(time.Second)
	next := c.tokens(c.refresh(long.Access))
	c.w.Advance(59*24*time.Hour + time.Hour)
	if a := c.refresh(long.Access); !a.has("Session has expired") {
		t.Errorf("Instagram refreshes a token that is over: %s", a.text)
	}
	if a := c.ask(sim.Me, next.Access); a.status != http.StatusOK {
		t.Errorf("60 new days: %s", a.text)
	}
	c.w.Edit(func(s *sim.State) { s.WrapInstagram = true })
	if a := c.exchange(c.code(nil), nil); !strings.HasPrefix(a.text, `{"data":[{"access_token":"IGAA`) ||
		!a.has(`"permissions":"instagram_business_basic,instagram_business_content_publish"`) {
		t.Errorf("the wrapped answer: %s", a.text)
	}
}

// TestPartner wants LinkedIn's refresh tokens for partners, which end a year after
// the first login and not later.
func TestPartner(t *testing.T) {
	c := newClient(t, sim.LinkedIn)
	if got := c.login(); got.Refresh != "" {
		t.Error("a refresh token for everybody")
	}
	c = newClient(t, sim.LinkedIn)
	c.w.Edit(func(s *sim.State) { s.Apps[sim.LinkedIn][c.app.ID].Partner = true })
	a := c.exchange(c.code(nil), nil)
	if !a.has(`"refresh_token_expires_in":31536000`) {
		t.Errorf("%s", a.text)
	}
	held := c.tokens(a)
	c.w.Advance(300 * 24 * time.Hour)
	a = c.refresh(held.Refresh)
	if !a.has(`"refresh_token_expires_in":5616000`) || !a.has(`"expires_in":5184000`) {
		t.Errorf("65 days before its end: %s", a.text)
	}
	again := c.exchange(c.code(nil), nil)
	if !again.has(`"refresh_token_expires_in":5616000`) {
		t.Errorf("a second login extends it: %s", again.text)
	}
	c.w.Advance(65 * 24 * time.Hour)
	if a := c.refresh(held.Refresh); !a.has("refresh token is invalid, expired or revoked") || a.str("error") != "invalid_request" {
		t.Errorf("after a year: %s", a.text)
	}
}

// TestRevoke wants a token that was revoked to be refused, and its grant gone.
func TestRevoke(t *testing.T) {
	for svc, want := range map[sim.Service]string{
		sim.Facebook: `"error_subcode":458`, sim.TikTok: "access_token_invalid", sim.TikTokBusiness: "Access token is incorrect",
		sim.LinkedIn: "REVOKED_ACCESS_TOKEN", sim.X: "Unauthorized",
	} {
		c := newClient(t, svc)
		held := c.login()
		ask := sim.Me
		if svc == sim.TikTokBusiness {
			ask = sim.BusinessAccount
		}
		var a answer
		switch svc {
		case sim.Facebook:
			a = c.do(http.MethodDelete, strings.Replace(c.e.Revoke, "{user}", "me", 1), "", "", "Authorization", "Bearer "+held.Access)
		case sim.TikTok:
			a = c.post(c.e.Revoke, url.Values{"client_key": {c.app.ID}, "client_secret": {c.app.Secret}, "token": {held.Access}})
		case sim.TikTokBusiness:
			a = c.postJSON(c.e.Revoke, values{"client_id": c.app.ID, "client_secret": c.app.Secret, "access_token": held.Access})
		case sim.LinkedIn:
			a = c.post(c.e.Revoke, url.Values{"client_id": {c.app.ID}, "client_secret": {c.app.Secret}, "token": {held.Access}})
		case sim.X:
			if a := c.post(c.e.Revoke, url.Values{"client_id": {c.app.ID}, "token": {"unknown"}}); !a.has(`"revoked":true`) {
				t.Errorf("X, an unknown token: %s", a.text)
			}
			a = c.post(c.e.Revoke, url.Values{"client_id": {c.app.ID}, "token": {held.Access}})
		default:
		}
		if a.status != http.StatusOK {
			t.Errorf("%s: %d %s", svc, a.status, a.text)
		}
		if a := c.ask(ask, held.Access); !a.has(want) {
			t.Errorf("%s works after it was revoked: %s", svc, a.text)
		}
		if svc == sim.X { // the access token only
			held = c.tokens(c.refresh(held.Refresh))
			c.post(c.e.Revoke, url.Values{"client_id": {c.app.ID}, "token": {held.Refresh}})
			if a := c.ask(ask, held.Access); !a.has(want) {
				t.Errorf("X: the refresh token takes nothing along: %s", a.text)
			}
		}
	}
	c := newClient(t, sim.Facebook)
	held := c.login()
	c.do(http.MethodDelete, c.e.API+"/me/permissions/pages_manage_posts", "", "", "Authorization", "Bearer "+held.Access)
	if a := c.ask(sim.Permissions, held.Access); a.has("pages_manage_posts") || !a.has("pages_show_list") {
		t.Errorf("one permission: %s", a.text)
	}
}

// TestIntrospect wants the answers of those that look at tokens.
func TestIntrospect(t *testing.T) {
	c := newClient(t, sim.Facebook)
	held := c.login()
	a := c.ask(sim.Introspect, held.Access)
	for _, piece := range []string{`"is_valid":true`, `"type":"USER"`, `"app_id":"1234567890123456"`, `"user_id":"`, `"expires_at":` + epoch(c, 4815),
		`"data_access_expires_at":` + epoch(c, 90*86400), `"scopes":["pages_show_list"`} {
		if !a.has(piece) {
			t.Errorf("no %s: %s", piece, a.text)
		}
	}
	if a.has("target_ids") {
		t.Errorf("Pages named though all were ticked: %s", a.text)
	}
	if a := c.ask(sim.Introspect, held.Page); !a.has(`"type":"PAGE"`) || !a.has(`"profile_id":"1029384756"`) {
		t.Errorf("a Page token: %s", a.text)
	}
	c.w.Break(sim.Facebook, "password_changed")
	if a := c.ask(sim.Introspect, held.Access); a.status != http.StatusOK || !a.has(`"is_valid":false`) || !a.has(`"subcode":460`) || a.has("error_subcode") {
		t.Errorf("a dead token: %d %s", a.status, a.text)
	}
	if a := c.get(c.e.Introspect+"?input_token="+held.Access, "Authorization", "Bearer "+c.app.ID+"|wrong"); !a.has(`"code":190`) {
		t.Errorf("a wrong secret: %s", a.text)
	}
	if a := c.get(c.e.Introspect+"?input_token="+held.Access, "Authorization", "Bearer "+held.Access); !a.has(`"subcode":460`) {
		t.Errorf("by itself: %s", a.text)
	}
	c.w.ConsentOnce(sim.Facebook, sim.Consent{Untick: []string{page2}})
	if a := c.ask(sim.Introspect, c.login().Access); !a.has(`"target_ids":["1029384756"]`) {
		t.Errorf("ticked Pages: %s", a.text)
	}

	c = newClient(t, sim.LinkedIn)
	held = c.login()
	a = c.ask(sim.Introspect, held.Access)
	for _, piece := range []string{`"active":true`, `"status":"active"`, `"client_id":"77abcsimclient0"`, `"auth_type":"3L"`, `"expires_at":` + epoch(c, 5184000),
		`"scope":"openid,profile,`, `"created_at":` + epoch(c, 0), `"authorized_at":`} {
		if !a.has(piece) {
			t.Errorf("LinkedIn, no %s: %s", piece, a.text)
		}
	}
	if a := c.ask(sim.Introspect, "AQgarbage"); a.status != http.StatusBadRequest {
		t.Errorf("LinkedIn, a bad token: %d %s", a.status, a.text)
	}
	good := c.app.Secret
	c.app.Secret = "wrong"
	if a := c.ask(sim.Introspect, held.Access); a.status != http.StatusUnauthorized {
		t.Errorf("LinkedIn, a bad secret: %d %s", a.status, a.text)
	}
	c.app.Secret = good
	c.w.Advance(60 * 24 * time.Hour)
	if a := c.ask(sim.Introspect, held.Access); !a.has(`"status":"expired"`) || !a.has(`"active":false`) {
		t.Errorf("LinkedIn, expired: %s", a.text)
	}
	c.w.Break(sim.LinkedIn, "permission_revoked")
	if a := c.ask(sim.Introspect, held.Access); !a.has(`"status":"revoked"`) {
		t.Errorf("LinkedIn, revoked: %s", a.text)
	}

	c = newClient(t, sim.TikTokBusiness)
	if a := c.ask(sim.Introspect, c.login().Access); !a.has(`"app_id":"7300000000000000001"`) || !a.has(`"scope":"user.info.basic,`) || !a.has(`"creator_id":"-000`) {
		t.Errorf("token_info: %s", a.text)
	}
}
