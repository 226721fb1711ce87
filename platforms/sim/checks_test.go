package sim_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"reconnect/platforms/sim"
)

// firstRow is the first element of a list called data.
func firstRow(a answer) map[string]any {
	if list, _ := a.json["data"].([]any); len(list) > 0 {
		row, _ := list[0].(map[string]any)
		return row
	}
	return nil
}

// epoch is a time of the world in seconds.
func epoch(c *client, later int) string {
	return fmt.Sprint(c.w.Now().Add(time.Duration(later) * time.Second).Unix())
}

// TestAnswers wants what every endpoint says in a sound world.
func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		svc  sim.Service
		ask  sim.Endpoint
		want []string
	}{
		{sim.Facebook, sim.Me, []string{`"name":"Mika Novak"`, `{"id":"`}},
		{sim.Facebook, sim.Permissions, []string{`{"data":[{"permission":"pages_show_list","status":"granted"},`}},
		{sim.Facebook, sim.Accounts, []string{`"id":"1029384756"`, `"name":"Mika Bakes"`, `"access_token":"EAA`,
			`"tasks":["ADVERTISE","ANALYZE","CREATE_CONTENT","MANAGE","MESSAGING","MODERATE"]`, `"id":"5647382910"`, `"paging":{"cursors":{"after":"c2","before":"c0"}}`}},
		{sim.Facebook, sim.Businesses, []string{`{"data":[{"id":"8800110022","name":"Mika Novak Ltd"}]`}},
		{sim.Facebook, sim.OwnedPages, []string{`"id":"5647382910"`, `"access_token":"EAA`}},
		{sim.Facebook, sim.ClientPages, []string{`{"data":[]}`}},
		{sim.Facebook, sim.Object, []string{`{"id":"1029384756","is_published":true,"name":"Mika Bakes"}`}},
		{sim.InstagramFacebook, sim.Accounts, []string{`"instagram_business_account":{"id":"17841405822304915","username":"mikabakes"}`}},
		{sim.InstagramFacebook, sim.Object, []string{`{"id":"17841405822304915","name":"Mika Bakes","username":"mikabakes"}`}},
		{sim.InstagramFacebook, sim.PublishingLimit, []string{`{"data":[{"config":{"quota_duration":86400,"quota_total":50},"quota_usage":3}]}`}},
		{sim.Instagram, sim.Me, []string{`"user_id":"17841405822304915"`, `"account_type":"MEDIA_CREATOR"`, `"username":"mikabakes"`, `"name":"Mika Bakes"`}},
		{sim.Instagram, sim.Object, []string{`"username":"mikabakes"`}},
		{sim.TikTok, sim.Me, []string{`{"data":{"user":{`, `"open_id":"-000`, `"union_id":"u-7c1e6f0b-mika"`, `"display_name":"Mika Bakes"`,
			`"username":"mikabakes"`, `"is_verified":false`, `"error":{"code":"ok","log_id":"20261123`}},
		{sim.TikTok, sim.CreatorInfo, []string{`"creator_username":"mikabakes"`, `"privacy_level_options":["PUBLIC_TO_EVERYONE",`,
			`"max_video_post_duration_sec":600`, `"code":"ok"`}},
		{sim.TikTokBusiness, sim.BusinessAccount, []string{`{"code":0,"data":{`, `"is_business_account":true`, `"username":"mikabakes"`, `"request_id":"`}},
		{sim.LinkedIn, sim.Me, []string{`"sub":"AbC123mika"`, `"name":"Mika Novak"`}},
		{sim.LinkedIn, sim.Roles, []string{`{"organization":"urn:li:organization:12345678","role":"ADMINISTRATOR","roleAssignee":"urn:li:person:AbC123mika","state":"APPROVED"}`,
			`"start":0`, `"count":10`}},
		{sim.LinkedIn, sim.Organization, []string{`{"id":12345678,"localizedName":"Mika Bakes","vanityName":"mika-bakes"}`}},
		{sim.X, sim.Me, []string{`{"data":{`, `"id":"2244994945"`, `"username":"mikabakes"`, `"protected":false`, `"verified":false`, `"created_at":"`}},
	} {
		c := newClient(t, row.svc)
		a := c.ask(row.ask, c.login().Access)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s %s: %d %s", row.svc, row.ask, a.status, a.text)
		}
		for _, piece := range row.want {
			if !a.has(piece) {
				t.Errorf("%s %s: no %s in %s", row.svc, row.ask, piece, a.text)
			}
		}
	}
}

// TestNoToken wants what is said without a token, with garbage, and with the token
// of another platform.
func TestNoToken(t *testing.T) {
	fb, ig := newClient(t, sim.Facebook), newClient(t, sim.Instagram)
	li, x, tt := newClient(t, sim.LinkedIn), newClient(t, sim.X), newClient(t, sim.TikTok)
	instagram := fb.w.Issue(sim.Instagram).Access
	facebook := ig.w.Issue(sim.Facebook).Access
	for _, row := range []struct {
		a      answer
		status int
		want   string
	}{
		{fb.get(fb.e.API + "/me"), 400, `"code":2500`},
		{fb.ask(sim.Me, "garbage"), 400, "Cannot parse access token"},
		{fb.ask(sim.Me, instagram), 400, "Unsupported request - method type: get"},
		{fb.get(strings.Replace(fb.e.API, "v26.0", "v9.0", 1) + "/me"), 400, `"code":100`},
		{ig.get(ig.e.API + "/me"), 400, `"code":2500`},
		{ig.ask(sim.Me, "garbage"), 400, "Cannot parse access token"},
		{ig.ask(sim.Me, facebook), 400, "Unsupported request - method type: get"},
		{tt.get(tt.e.API + "/user/info/?fields=open_id"), 401, "access_token_invalid"},
		{tt.ask(sim.Me, "garbage"), 401, "access_token_invalid"},
		{tt.get(tt.e.API+"/user/info/?fields=open_id,nonsense", "Authorization", "Bearer "+tt.login().Access), 400, "invalid_params"},
		{li.get(li.e.API + "/v2/userinfo"), 401, "EMPTY_ACCESS_TOKEN"},
		{li.ask(sim.Me, "garbage"), 401, "INVALID_ACCESS_TOKEN"},
		{li.get(li.e.API+"/v2/userinfo", "Authorization", "Basic abc"), 401, "Unknown authentication scheme"},
		{li.get(li.e.API+"/rest/organizationAcls?q=roleAssignee", "Authorization", "Bearer "+li.login().Access), 400, "VERSION_MISSING"},
		{x.get(x.e.API + "/users/me"), 401, `{"detail":"Unauthorized","status":401,"title":"Unauthorized","type":"about:blank"}`},
		{x.ask(sim.Me, x.app.Bearer), 403, `{"errors":[{"detail":"Authenticating with OAuth 2.0 Application-Only`},
	} {
		if row.a.status != row.status || !row.a.has(row.want) {
			t.Errorf("want %d %s, got %d %s", row.status, row.want, row.a.status, row.a.text)
		}
	}
	if got := fb.ask(sim.Me, "garbage").header.Get("WWW-Authenticate"); !strings.Contains(got, "invalid_token") {
		t.Errorf("WWW-Authenticate %q", got)
	}
}

// TestGraphShape wants Meta's error to be whole, and the fields of a call obeyed.
func TestGraphShape(t *testing.T) {
	c := newClient(t, sim.Facebook)
	held := c.login()
	a := c.ask(sim.Me, "garbage")
	inner, _ := a.json["error"].(map[string]any)
	if inner["type"] != "OAuthException" || inner["message"] == nil || len(fmt.Sprint(inner["fbtrace_id"])) != 23 {
		t.Errorf("%s", a.text)
	}
	auth := []string{"Authorization", "Bearer " + held.Access}
	if a := c.get(c.e.API+"/me/accounts?fields=name", auth...); a.has("access_token") || !a.has(`"id":"1029384756"`) {
		t.Errorf("fields=name: %s", a.text)
	}
	if a := c.get(c.e.API+"/me?fields=id,nonsense", auth...); a.status != http.StatusBadRequest || !a.has("(#100) Tried accessing nonexisting field (nonsense)") {
		t.Errorf("an unknown field: %s", a.text)
	}
	if a := c.get(c.e.API + "/me?access_token=" + held.Access); a.status != http.StatusOK {
		t.Errorf("the token as a parameter: %s", a.text)
	}
	if a := c.get(c.e.API+"/999", auth...); !a.has(`"error_subcode":33`) {
		t.Errorf("an unknown object: %s", a.text)
	}
	// Instagram's account is not to be seen without its scope.
	if a := c.ask(sim.Accounts, held.Access); a.has("instagram_business_account") {
		t.Errorf("without instagram_basic: %s", a.text)
	}
}

// TestPaging follows paging.next to the end.
func TestPaging(t *testing.T) {
	c := newClient(t, sim.Facebook)
	c.w.Edit(func(s *sim.State) {
		for i := range 7 {
			id := fmt.Sprintf("60000000%d", i)
			s.Pages[id] = &sim.Page{ID: id, Name: "Page " + id, Tasks: map[string][]string{s.SignedIn[sim.Facebook]: {"ANALYZE"}}}
		}
	})
	token, seen := c.login().Access, map[string]bool{}
	next, turns := c.e.API+"/me/accounts?fields=id,tasks&limit=2", 0
	for ; next != ""; turns++ {
		a := c.get(next, "Authorization", "Bearer "+token)
		list, _ := a.json["data"].([]any)
		for _, row := range list {
			id, _ := row.(map[string]any)["id"].(string)
			if seen[id] {
				t.Fatalf("%s twice", id)
			}
			seen[id] = true
		}
		paging, _ := a.json["paging"].(map[string]any)
		next, _ = paging["next"].(string)
	}
	if len(seen) != 9 || turns != 5 {
		t.Errorf("%d Pages in %d turns", len(seen), turns)
	}
}

// TestHiddenPage wants the Page that was not ticked to be found through its portfolio.
func TestHiddenPage(t *testing.T) {
	c := newClient(t, sim.Facebook)
	c.w.Consent(sim.Facebook, sim.Consent{Untick: []string{page2}})
	token := c.login().Access
	if a := c.ask(sim.Accounts, token); a.has(page2) || !a.has(page1) {
		t.Errorf("accounts: %s", a.text)
	}
	if a := c.ask(sim.OwnedPages, token); !a.has(page2) || a.has("access_token") {
		t.Errorf("owned_pages: %s", a.text)
	}
	c = newClient(t, sim.Facebook)
	c.scopes = []string{"pages_show_list", "pages_read_engagement"}
	token = c.login().Access
	if a := c.ask(sim.Accounts, token); a.has(page2) {
		t.Errorf("a portfolio's Page without business_management: %s", a.text)
	}
	if a := c.ask(sim.Businesses, token); !a.has(`"code":200`) {
		t.Errorf("businesses: %s", a.text)
	}
}

// TestPersonalInstagram wants the two ways of saying that a linked account is
// personal.
func TestPersonalInstagram(t *testing.T) {
	c := newClient(t, sim.InstagramFacebook)
	held := c.login()
	get := func() answer {
		return c.get(c.e.API+"/"+page1+"?fields=instagram_business_account,connected_instagram_account", "Authorization", "Bearer "+held.Page)
	}
	if a := get(); !a.has(`"instagram_business_account":{"id":"`+igID) || !a.has("connected_instagram_account") {
		t.Errorf("sound: %s", a.text)
	}
	c.w.Break(sim.InstagramFacebook, "wrong_account_type")
	if a := get(); a.has("instagram_business_account") || !a.has(`"connected_instagram_account":{"id":"`+igID) {
		t.Errorf("personal: %s", a.text)
	}
	if a := c.ask(sim.Object, held.Access); !a.has(`"error_subcode":33`) {
		t.Errorf("the account itself: %s", a.text)
	}
}

// TestTikTokFields wants fields to need their scopes, and privacy to be told.
func TestTikTokFields(t *testing.T) {
	c := newClient(t, sim.TikTok)
	c.scopes = []string{"user.info.basic"}
	token := c.login().Access
	if a := c.ask(sim.Me, token); a.status != http.StatusBadRequest || !a.has("scope_permission_missed") {
		t.Errorf("username without its scope: %d %s", a.status, a.text)
	}
	if a := c.get(c.e.API+"/user/info/?fields=open_id,display_name", "Authorization", "Bearer "+token); !a.has(`"display_name":"Mika Bakes"`) {
		t.Errorf("basic: %s", a.text)
	}
	if a := c.ask(sim.CreatorInfo, token); a.status != http.StatusUnauthorized || !a.has("scope_not_authorized") {
		t.Errorf("creator_info: %d %s", a.status, a.text)
	}
	c = newClient(t, sim.TikTok)
	c.w.Edit(func(s *sim.State) {
		s.People[sim.TikTok][s.SignedIn[sim.TikTok]].Private = true
		s.People[sim.TikTok][s.SignedIn[sim.TikTok]].Condition = sim.Sound
	})
	if a := c.ask(sim.CreatorInfo, c.login().Access); !a.has(`"privacy_level_options":["FOLLOWER_OF_CREATOR"`) {
		t.Errorf("private: %s", a.text)
	}
	c = newClient(t, sim.TikTokBusiness)
	c.scopes = []string{"user.info.basic", "user.info.username"}
	if a := c.ask(sim.BusinessAccount, c.login().Access); a.has("is_business_account") || !a.has(`"username"`) {
		t.Errorf("without user.account.type: %s", a.text)
	}
}

// TestLimits wants X's and TikTok's own limits, with what the headers say.
func TestLimits(t *testing.T) {
	c := newClient(t, sim.X)
	token := c.login().Access
	for i := range 75 {
		a := c.ask(sim.Me, token)
		if got := a.header.Get("x-rate-limit-remaining"); a.status != http.StatusOK || got != fmt.Sprint(74-i) || a.header.Get("x-rate-limit-limit") != "75" {
			t.Fatalf("call %d: %d, %s left", i, a.status, got)
		}
	}
	a := c.ask(sim.Me, token)
	if a.status != http.StatusTooManyRequests || a.header.Get("x-rate-limit-remaining") != "0" || a.header.Get("x-rate-limit-reset") != epoch(c, 900) {
		t.Errorf("call 76: %d %v", a.status, a.header)
	}
	c.w.Advance(15 * time.Minute)
	if a := c.ask(sim.Me, token); a.status != http.StatusOK {
		t.Errorf("after the window: %s", a.text)
	}

	c = newClient(t, sim.TikTok)
	token = c.login().Access
	for range 20 {
		if a := c.ask(sim.CreatorInfo, token); a.status != http.StatusOK {
			t.Fatalf("%s", a.text)
		}
	}
	if a := c.ask(sim.CreatorInfo, token); a.status != http.StatusTooManyRequests || !a.has("rate_limit_exceeded") {
		t.Errorf("call 21: %s", a.text)
	}
	c.w.Advance(time.Minute)
	if a := c.ask(sim.CreatorInfo, token); a.status != http.StatusOK {
		t.Errorf("a minute later: %s", a.text)
	}

	c = newClient(t, sim.Facebook)
	token = c.login().Access
	c.w.Edit(func(s *sim.State) { s.Usage[sim.Facebook] = 81 })
	if a := c.ask(sim.Me, token); !strings.Contains(a.header.Get("X-App-Usage"), `"call_count":81`) {
		t.Errorf("X-App-Usage %q", a.header.Get("X-App-Usage"))
	}
	c.w.Break(sim.Facebook, "rate_limited")
	if a := c.ask(sim.Me, token); !strings.Contains(a.header.Get("X-Business-Use-Case-Usage"), `"estimated_time_to_regain_access":15`) {
		t.Errorf("throttled: %v", a.header)
	}
}

// TestLinkedInVersions wants each month of the header to live a year.
func TestLinkedInVersions(t *testing.T) {
	c := newClient(t, sim.LinkedIn)
	token := c.login().Access
	for version, status := range map[string]int{
		"202511": http.StatusUpgradeRequired, "202512": http.StatusOK, "202607": http.StatusOK,
		"202608": http.StatusUpgradeRequired, "nonsense": http.StatusUpgradeRequired,
	} {
		a := c.get(c.e.API+"/rest/organizationAcls?q=roleAssignee", "Authorization", "Bearer "+token, "LinkedIn-Version", version)
		if a.status != status || status != http.StatusOK && !a.has("NONEXISTENT_VERSION") {
			t.Errorf("%s: %d %s", version, a.status, a.text)
		}
		if a.header.Get("x-li-uuid") == "" || a.header.Get("x-li-fabric") == "" {
			t.Errorf("no headers for support: %v", a.header)
		}
	}
}

// TestLinkedInRoles wants the filters, the pages, and the older form.
func TestLinkedInRoles(t *testing.T) {
	c := newClient(t, sim.LinkedIn)
	c.w.Edit(func(s *sim.State) {
		for i := range 11 {
			s.Roles = append(s.Roles, &sim.Role{Person: s.SignedIn[sim.LinkedIn], Organization: fmt.Sprint(900 + i), Role: "ANALYST", State: "REVOKED"})
		}
	})
	token := c.login().Access
	get := func(query string) answer {
		return c.get(c.e.API+"/rest/organizationAcls?"+query, "Authorization", "Bearer "+token, "LinkedIn-Version", "202607")
	}
	for query, rows := range map[string]int{
		"q=roleAssignee": 10, "q=roleAssignee&start=10": 2, "q=roleAssignee&count=100": 12,
		"q=roleAssignee&role=ADMINISTRATOR&state=APPROVED": 1, "q=roleAssignee&role=ADMINISTRATOR&state=REVOKED": 0,
	} {
		if got := strings.Count(get(query).text, "roleAssignee"); got != rows {
			t.Errorf("%s: %d rows", query, got)
		}
	}
	if a := get("q=organization"); a.status != http.StatusBadRequest {
		t.Errorf("another finder: %d", a.status)
	}
	a := c.get(c.e.API+"/v2/organizationalEntityAcls?q=roleAssignee", "Authorization", "Bearer "+token)
	if !a.has(`"organizationalTarget":"urn:li:organization:12345678"`) {
		t.Errorf("the older form: %s", a.text)
	}
}

// TestScopedIDs wants the ids that differ by app, and those that do not.
func TestScopedIDs(t *testing.T) {
	c := newClient(t, sim.TikTok)
	other := c.app
	other.ID = "awother9876543210"
	c.w.AddApp(sim.TikTok, other)
	first := c.ask(sim.Me, c.login().Access)
	c.app = other
	second := c.ask(sim.Me, c.login().Access)
	user := func(a answer) map[string]any {
		data, _ := a.json["data"].(map[string]any)
		u, _ := data["user"].(map[string]any)
		return u
	}
	if user(first)["open_id"] == user(second)["open_id"] || user(first)["union_id"] != user(second)["union_id"] {
		t.Errorf("%s\n%s", first.text, second.text)
	}
	a := c.get(c.e.API+"/user/info/?"+url.Values{"fields": {"open_id"}}.Encode(), "Authorization", "Bearer "+c.login().Access)
	if a.has("union_id") {
		t.Errorf("more than asked for: %s", a.text)
	}
}
