package live

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// routes answer by path; what is not there is not found.
type routes map[string]string

func (r routes) with(path, body string) routes {
	out := routes{path: body}
	for p, b := range r {
		if p != path {
			out[p] = b
		}
	}
	return out
}

func (r routes) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, ok := r[req.URL.Path]
	if !ok {
		answering(404, `{"error":{"message":"no such path in this test","code":-7}}`)(w, req)
		return
	}
	if status, rest, found := strings.Cut(body, " {"); found && len(status) == 3 {
		answering(int(status[0]-'0')*100+int(status[1]-'0')*10+int(status[2]-'0'), "{"+rest)(w, req)
		return
	}
	answering(200, body)(w, req)
}

const (
	page1      = `{"id":"11","name":"Mika Bakes","access_token":"EAAPAGETOKEN","tasks":["MANAGE","CREATE_CONTENT"],"instagram_business_account":{"id":"17841","username":"mikabakes"}}`
	permission = `{"data":[{"permission":"pages_show_list","status":"granted"},{"permission":"pages_read_engagement","status":"granted"},{"permission":"pages_manage_posts","status":"granted"},{"permission":"business_management","status":"granted"},{"permission":"instagram_basic","status":"granted"},{"permission":"instagram_content_publish","status":"granted"}]}`
)

func facebookSound() routes {
	return routes{
		"/v26.0/me": `{"id":"100","name":"Mika"}`, "/v26.0/me/permissions": permission,
		"/v26.0/debug_token": `{"data":{"app_id":"1","type":"USER","is_valid":true,"expires_at":1999999999,"data_access_expires_at":1999999999,"scopes":["pages_show_list","business_management"]}}`,
		"/v26.0/me/accounts": `{"data":[` + page1 + `]}`, "/v26.0/me/businesses": `{"data":[{"id":"900","name":"B"}]}`,
		"/v26.0/900/owned_pages": `{"data":[]}`, "/v26.0/900/client_pages": `{"data":[]}`,
		"/v26.0/11": `{"id":"11","name":"Mika Bakes","is_published":true}`, "/v26.0/17841": `{"id":"17841","username":"mikabakes","name":"Mika"}`,
		"/v26.0/17841/content_publishing_limit": `{"data":[{"quota_usage":3,"config":{"quota_total":50,"quota_duration":86400}}]}`,
	}
}

func linkedinSound() routes {
	return routes{
		"/oauth/v2/introspectToken": `{"active":true,"status":"active","scope":"openid,profile,w_organization_social","expires_at":1999999999}`,
		"/v2/userinfo":              `{"sub":"AbC","name":"Mika"}`,
		"/rest/organizationAcls":    `{"elements":[{"role":"ADMINISTRATOR","state":"APPROVED","organization":"urn:li:organization:12"}]}`,
		"/v2/organizations/12":      `{"id":12,"localizedName":"Mika Bakes","vanityName":"mikabakes"}`,
	}
}

func tiktokSound() routes {
	return routes{
		"/v2/user/info/":                       `{"data":{"user":{"open_id":"-000a","union_id":"u","display_name":"Mika Bakes","username":"mikabakes"}},"error":{"code":"ok","message":"","log_id":"1"}}`,
		"/v2/post/publish/creator_info/query/": `{"data":{"creator_username":"mikabakes","privacy_level_options":["PUBLIC_TO_EVERYONE"]},"error":{"code":"ok","message":"","log_id":"1"}}`,
	}
}

func businessSound() routes {
	return routes{
		"/open_api/v1.3/tt_user/token_info/get/": `{"code":0,"message":"OK","request_id":"1","data":{"app_id":"1","creator_id":"-000b","scope":"user.info.basic,video.publish"}}`,
		"/open_api/v1.3/business/get/":           `{"code":0,"message":"OK","request_id":"1","data":{"is_business_account":true,"username":"mikabakes","display_name":"Mika"}}`,
	}
}

// TestChecks walks each service through a sound account and through one with one
// thing wrong: the check that tells it fails with its cause, the ones before it pass.
func TestChecks(t *testing.T) {
	fb, li, tt, tb := facebookSound(), linkedinSound(), tiktokSound(), businessSound()
	ig := routes{"/v26.0/me": `{"user_id":"17841","username":"mikabakes","account_type":"MEDIA_CREATOR","name":"Mika"}`}
	me := routes{"/2/users/me": `{"data":{"id":"22","name":"Mika","username":"mikabakes","protected":false}}`}
	mika, page11, org := Target{Name: "@MikaBakes"}, Target{ID: "11"}, Target{ID: "urn:li:organization:12"}
	for _, row := range []struct {
		name    string
		id      platforms.ID
		variant Variant
		routes  routes
		target  Target
		change  func(*Grant)
		check   string // the first that fails; empty: none
		cause   platforms.Cause
		also    string // "check outcome" that must hold besides
	}{
		{"sound", platforms.Facebook, "", fb, page11, nil, "", "", "published pass"},
		{"sound, by name", platforms.Facebook, "", fb, Target{Name: "mika  bakes"}, nil, "", "", "page pass"},
		{"sound, no target", platforms.Facebook, "", fb, Target{}, nil, "", "", "tasks pass"},
		{"a scope declined", platforms.Facebook, "", fb.with("/v26.0/me/permissions", strings.Replace(permission, `"pages_manage_posts","status":"granted"`, `"pages_manage_posts","status":"declined"`, 1)), page11, nil, "scopes", platforms.MissingPermission, "page pass"},
		{"not valid", platforms.Facebook, "", fb.with("/v26.0/debug_token", `{"data":{"is_valid":false,"error":{"code":190,"subcode":460,"message":"m"}}}`), page11, nil, "token", platforms.PasswordChanged, ""},
		{"data access over", platforms.Facebook, "", fb.with("/v26.0/debug_token", `{"data":{"is_valid":true,"expires_at":0,"data_access_expires_at":1500000000}}`), page11, nil, "token", platforms.TokenExpired, ""},
		{"debug_token refused", platforms.Facebook, "", fb.with("/v26.0/debug_token", `400 {"error":{"message":"(#100) The App_id in the input_token did not match the Viewing App","code":100}}`), page11, nil, "", "", "token unsure"},
		{"no Page at all", platforms.Facebook, "", fb.with("/v26.0/me/accounts", `{"data":[]}`), page11, nil, "page", platforms.WrongAccount, "tasks skipped"},
		{"Page not ticked", platforms.Facebook, "", fb.with("/v26.0/me/accounts", `{"data":[]}`).with("/v26.0/900/client_pages", `{"data":[`+page1+`]}`), page11, nil, "ticked", platforms.MissingPermission, "page skipped"},
		{"somebody else's Page", platforms.Facebook, "", fb, Target{ID: "77"}, nil, "page", platforms.WrongAccount, "tasks skipped"},
		{"several Pages, no target", platforms.Facebook, "", fb.with("/v26.0/me/accounts", `{"data":[`+page1+`,{"id":"12","name":"B"}]}`), Target{}, nil, "", "", "page unsure"},
		{"Editor", platforms.Facebook, "", fb.with("/v26.0/me/accounts", strings.Replace(`{"data":[`+page1+`]}`, `"MANAGE",`, "", 1)), page11, nil, "tasks", platforms.NotAdmin, "published pass"},
		{"unpublished", platforms.Facebook, "", fb.with("/v26.0/11", `{"id":"11","is_published":false}`), page11, nil, "published", platforms.AccountChanged, "tasks pass"},

		{"sound", platforms.Instagram, FacebookLogin, fb, mika, nil, "", "", "quota pass"},
		{"not linked", platforms.Instagram, FacebookLogin, fb.with("/v26.0/me/accounts", `{"data":[{"id":"11","name":"P","tasks":["MANAGE"]}]}`).with("/v26.0/11", `{"id":"11"}`), mika, nil, "linked", platforms.NotLinked, "account skipped"},
		{"linked but personal", platforms.Instagram, FacebookLogin, fb.with("/v26.0/me/accounts", `{"data":[{"id":"11","name":"P","tasks":["MANAGE"]}]}`).with("/v26.0/11", `{"id":"11","connected_instagram_account":{"id":"5"}}`), mika, nil, "linked", platforms.WrongAccountType, ""},
		{"another account", platforms.Instagram, FacebookLogin, fb, Target{Name: "other"}, nil, "account", platforms.WrongAccount, "tasks skipped"},
		{"may only post", platforms.Instagram, FacebookLogin, fb.with("/v26.0/me/accounts", strings.Replace(`{"data":[`+page1+`]}`, `"MANAGE",`, "", 1)), mika, nil, "", "", "tasks pass"},
		{"may not post", platforms.Instagram, FacebookLogin, fb.with("/v26.0/me/accounts", strings.Replace(`{"data":[`+page1+`]}`, `"MANAGE","CREATE_CONTENT"`, `"ANALYZE"`, 1)), mika, nil, "tasks", platforms.NotAdmin, ""},
		{"quota used up", platforms.Instagram, FacebookLogin, fb.with("/v26.0/17841/content_publishing_limit", `{"data":[{"quota_usage":50,"config":{"quota_total":50}}]}`), mika, nil, "quota", platforms.RateLimited, ""},

		{"sound", platforms.Instagram, InstagramLogin, ig, mika, nil, "", "", "type pass"},
		{"personal", platforms.Instagram, InstagramLogin, ig.with("/v26.0/me", `{"user_id":"17841","username":"mikabakes","account_type":"PERSONAL"}`), mika, nil, "type", platforms.WrongAccountType, ""},
		{"another account", platforms.Instagram, InstagramLogin, ig, Target{ID: "99"}, nil, "account", platforms.WrongAccount, ""},
		{"scopes not told", platforms.Instagram, InstagramLogin, ig, mika, func(g *Grant) { g.Scopes = nil }, "", "", "scopes unsure"},

		{"sound", platforms.TikTok, "", tt, mika, nil, "", "", "business skipped"},
		{"a scope unticked", platforms.TikTok, "", tt, mika, func(g *Grant) { g.Scopes = []string{"user.info.basic"} }, "scopes", platforms.MissingPermission, "creator skipped"},
		{"another account", platforms.TikTok, "", tt, Target{Name: "@other"}, nil, "account", platforms.WrongAccount, "creator pass"},
		{"daily cap", platforms.TikTok, "", tt.with("/v2/post/publish/creator_info/query/", `{"data":{},"error":{"code":"spam_risk_too_many_posts","message":"m","log_id":"1"}}`), mika, nil, "creator", platforms.RateLimited, ""},
		{"banned", platforms.TikTok, "", tt.with("/v2/post/publish/creator_info/query/", `{"data":{},"error":{"code":"spam_risk_user_banned_from_posting","message":"m","log_id":"1"}}`), mika, nil, "creator", platforms.AccountRestricted, ""},
		{"the app's cap", platforms.TikTok, "", tt.with("/v2/post/publish/creator_info/query/", `{"data":{},"error":{"code":"reached_active_user_cap","message":"m","log_id":"1"}}`), mika, nil, "", "", "creator unsure"},

		{"sound", platforms.TikTok, Business, tb, mika, nil, "", "", "business pass"},
		{"personal", platforms.TikTok, Business, tb.with("/open_api/v1.3/business/get/", `{"code":0,"message":"OK","request_id":"1","data":{"is_business_account":false,"username":"mikabakes"}}`), mika, nil, "business", platforms.WrongAccountType, "account pass"},
		{"removed", platforms.TikTok, Business, tb.with("/open_api/v1.3/tt_user/token_info/get/", `{"code":40105,"message":"Access token is incorrect or has been revoked.","request_id":"1"}`), mika, nil, "token", platforms.PermissionRevoked, "login skipped"},

		{"sound", platforms.LinkedIn, "", li, org, nil, "", "", "organization pass"},
		{"sound, by name", platforms.LinkedIn, "", li, Target{Name: "Mika Bakes"}, nil, "", "", "role pass"},
		{"revoked", platforms.LinkedIn, "", li.with("/oauth/v2/introspectToken", `{"active":false,"status":"revoked"}`), org, nil, "token", platforms.PermissionRevoked, "login skipped"},
		{"expired", platforms.LinkedIn, "", li.with("/oauth/v2/introspectToken", `{"active":false,"status":"expired"}`), org, nil, "token", platforms.TokenExpired, "role skipped"},
		{"a pasted token of another app", platforms.LinkedIn, "", li.with("/oauth/v2/introspectToken", `{"active":false}`), org, func(g *Grant) { g.Pasted = true }, "", "", "token unsure"},
		{"a pasted text that is no token", platforms.LinkedIn, "", li.with("/oauth/v2/introspectToken", `400 {"error":"invalid_request","error_description":"Unable to introspect token"}`).with("/v2/userinfo", `401 {"status":401,"serviceErrorCode":65600,"code":"INVALID_ACCESS_TOKEN","message":"Invalid access token"}`), org, func(g *Grant) { g.Pasted = true }, "login", platforms.TokenExpired, "token unsure"},
		{"profile missing", platforms.LinkedIn, "", li.with("/v2/userinfo", `403 {"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: userinfo.GET.NO_VERSION"}`), org, nil, "login", platforms.MissingPermission, "role skipped"},
		{"Page gone, by name", platforms.LinkedIn, "", li.with("/v2/organizations/12", `404 {"status":404,"serviceErrorCode":0,"code":"RESOURCE_NOT_FOUND","message":"Could not find entity"}`), Target{Name: "Mika Bakes"}, nil, "role", platforms.AccountChanged, "organization skipped"},
		{"Page not to be read, by name", platforms.LinkedIn, "", li.with("/v2/organizations/12", `403 {"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions"}`), Target{Name: "Mika Bakes"}, nil, "", "", "role unsure"},
		{"analyst", platforms.LinkedIn, "", li.with("/rest/organizationAcls", `{"elements":[{"role":"ANALYST","state":"APPROVED","organization":"urn:li:organization:12"}]}`), org, nil, "role", platforms.NotAdmin, ""},
		{"role taken away", platforms.LinkedIn, "", li.with("/rest/organizationAcls", `{"elements":[{"role":"ADMINISTRATOR","state":"REVOKED","organization":"urn:li:organization:12"}]}`), org, nil, "role", platforms.AccountChanged, ""},
		{"two roles", platforms.LinkedIn, "", li.with("/rest/organizationAcls", `{"elements":[{"role":"ANALYST","state":"APPROVED","organization":"urn:li:organization:12"},{"role":"ADMINISTRATOR","state":"APPROVED","organization":"urn:li:organization:12"}]}`), org, nil, "", "", "role pass"},
		{"other Pages only", platforms.LinkedIn, "", li, Target{ID: "99"}, nil, "role", platforms.WrongAccount, "organization skipped"},
		{"Page merged", platforms.LinkedIn, "", li.with("/v2/organizations/12", `404 {"status":404,"serviceErrorCode":0,"code":"RESOURCE_NOT_FOUND","message":"Could not find entity"}`), org, nil, "organization", platforms.AccountChanged, ""},
		{"Page not to be read", platforms.LinkedIn, "", li.with("/v2/organizations/12", `403 {"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions"}`), org, nil, "", "", "organization unsure"},

		{"sound", platforms.X, "", me, mika, nil, "", "", "state pass"},
		{"renamed, same id", platforms.X, "", me, Target{ID: "22", Name: "@old"}, nil, "", "", "account pass"},
		{"another account", platforms.X, "", me, Target{ID: "23", Name: "@mikabakes"}, nil, "account", platforms.WrongAccount, ""},
		{"no media.write", platforms.X, "", me, mika, func(g *Grant) { g.Scopes = []string{"tweet.read", "tweet.write", "users.read", "offline.access"} }, "scopes", platforms.MissingPermission, ""},
		{"locked beside data", platforms.X, "", me.with("/2/users/me", `{"data":{"id":"22","username":"mikabakes"},"errors":[{"code":326,"message":"To protect our users, this account is temporarily locked. Please log in to https://twitter.com to unlock your account."}]}`), mika, nil, "state", platforms.SecurityCheckpoint, "account pass"},
	} {
		t.Run(string(row.id)+"/"+row.name, func(t *testing.T) {
			f := newFake(t, row.routes.ServeHTTP)
			c := testClient(t, row.id, row.variant, f.URL)
			g := testGrant(c)
			if row.change != nil {
				row.change(&g)
			}
			r := c.Verify(t.Context(), g, Plan{Target: row.target, Paid: true})
			got := r.Failed()
			switch {
			case row.check == "" && got != nil, row.check != "" && (got == nil || got.Check != row.check || got.Cause != row.cause):
				t.Errorf("failed: %+v", got)
			case got != nil && (got.Mend.Empty() || got.Field.Empty() || got.Says.Empty() || got.Err != nil || r.Health.Colour != platforms.Red):
				t.Errorf("incomplete: %+v", got)
			}
			check, outcome, found := strings.Cut(row.also, " ")
			if found && string(r.Finding(check).Outcome) != outcome {
				t.Errorf("%s: %+v", check, r.Finding(check))
			}
			if row.name == "sound" && r.Health.Colour != platforms.Green && row.variant != InstagramLogin {
				t.Errorf("a sound account is %s: %s", r.Health.Colour, r.Health.Reason)
			}
			for _, a := range f.asked {
				if strings.HasPrefix(a, "GET") || strings.Contains(a, "creator_info/query") || strings.Contains(a, "introspectToken") || strings.Contains(a, "token_info/get") {
					continue
				}
				t.Errorf("not read-only: %s", a)
			}
		})
	}
}

// TestIDsStay keeps ids in what is shown, even where they look like phone numbers.
func TestIDsStay(t *testing.T) {
	f := newFake(t, routes{"/v26.0/me/accounts": `{"data":[{"id":"1029384756","name":"P","tasks":["MANAGE"]}]}`, "/v26.0/1029384756": `{"is_published":true}`}.ServeHTTP)
	c := testClient(t, platforms.Facebook, "", f.URL)
	page := byID(t, c.Service, "page").Run(t.Context(), c, testGrant(c), Target{})
	published := byID(t, c.Service, "published").Run(t.Context(), c, testGrant(c), Target{})
	if page.Field.String() != "data[].id = 1029384756" || !strings.HasSuffix(published.Request.String(), "/v26.0/1029384756") {
		t.Errorf("%q %q", page.Field, published.Request)
	}
}

func TestCosts(t *testing.T) {
	f := newFake(t, routes{"/2/users/me": `{"data":{"id":"22","username":"mikabakes"}}`}.ServeHTTP)
	c := testClient(t, platforms.X, "", f.URL)
	r := c.Verify(t.Context(), testGrant(c), Plan{})
	for _, f := range r.Findings { // what was allowed is known of the sign-in
		if free := f.Check == "scopes"; (f.Outcome == platforms.Skipped) == free || (f.Grade == "") == free {
			t.Errorf("%s: %s, %s", f.Check, f.Outcome, f.Grade)
		}
	}
	if len(f.asked) != 0 || r.Asked() {
		t.Errorf("it cost: %q", f.asked)
	}
	c.Verify(t.Context(), testGrant(c), Plan{Paid: true})
	if len(f.asked) != 1 {
		t.Errorf("%d calls to answer four checks", len(f.asked))
	}
}

func TestProgress(t *testing.T) {
	f := newFake(t, facebookSound().ServeHTTP)
	c := testClient(t, platforms.Facebook, "", f.URL)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var seen []string
	r := c.Verify(ctx, testGrant(c), Plan{Target: Target{ID: "11"}, Progress: func(p Progress) {
		if p.Of != len(c.Service.Checks) {
			t.Errorf("%d of %d", p.At, p.Of)
		}
		if p.Finding == nil {
			seen = append(seen, p.Check.ID)
		} else if p.Check.ID == "token" {
			cancel()
		}
	}})
	if len(seen) != len(c.Service.Checks) || r.Findings[1].Outcome != platforms.Pass || r.Findings[2].Outcome != platforms.Skipped || len(f.asked) != 2 {
		t.Errorf("cancelled after two checks: %v, %d calls", seen, len(f.asked))
	}
}

func TestIntrospect(t *testing.T) {
	f := newFake(t, facebookSound().ServeHTTP)
	c := testClient(t, platforms.Facebook, "", f.URL)
	g, found, err := c.Introspect(t.Context(), testGrant(c))
	if err != nil || found.Outcome != platforms.Pass || g.Expires.Unix() != 1999999999 || !slices.Contains(g.Scopes, "business_management") {
		t.Errorf("%+v %v", found, err)
	}
	if _, _, err := New(x(), testApp(), testOptions()).Introspect(t.Context(), Grant{Access: text.NewSecret("a")}); err == nil {
		t.Error("X has no introspection")
	}
}
