package live

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

var tiktokHarm = text.Const("This is Aibrify's own app, and another sign-in with it counts as one of the rapid sign-ins that TikTok holds against an account. Use an app of your own, or say that this sign-in is the reconnect itself.")

var tiktokRemoval = text.Const("in TikTok: profile → ☰ → Settings and privacy → Security & permissions → App and service permissions")

// tiktok is Login Kit for desktop with the Content Posting API (fact sheet 3).
func tiktok() Service {
	const api = "https://open.tiktokapis.com/v2"
	return Service{
		ID: platforms.TikTok, Name: text.Const("TikTok"),
		Endpoints: Endpoints{
			Authorize: "https://www.tiktok.com/v2/auth/authorize/", Token: api + "/oauth/token/",
			Refresh: api + "/oauth/token/", Revoke: api + "/oauth/revoke/", API: api,
		},
		Scopes:    []string{"user.info.basic", "user.info.profile", "video.publish", "video.upload"},
		Needs:     []string{"user.info.basic", "video.publish"},
		Separator: ",", PKCE: HexS256, Auth: oauth2.AuthStyleInParams, ClientKey: "client_key",
		Again: map[string]string{"disable_auto_auth": "1"},
		// Any port by a wildcard, but one registered path, with its slash (3.1).
		Redirect:  Redirect{Host: "127.0.0.1", Path: "/tiktok/callback/", Register: text.Const("http://127.0.0.1:*/tiktok/callback/")},
		Lifetimes: Lifetimes{Access: 2 * hour, Refresh: 180 * day},
		Renewal:   RefreshToken,
		Removal:   tiktokRemoval,
		Harm:      tiktokHarm,
		Checks: []Check{
			{ID: "login", Title: text.Const("Does TikTok take the sign-in?"), run: tiktokLogin,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: grantedScopes,
				Mend: text.Const("Reconnect and leave every permission on.")},
			{ID: "account", Title: text.Const("Is it the right account?"), After: "login", run: tiktokAccount,
				Mend: text.Const("Sign out of tiktok.com, sign in as the right account, then reconnect.")},
			{ID: "creator", Title: text.Const("May this account post now?"), After: "scopes", run: tiktokCreator, RulesOut: []platforms.Cause{platforms.AccountRestricted},
				denies: []string{"spam_risk_too_many_posts", "spam_risk_too_many_pending_share"},
				Mend:   text.Const("Open TikTok and do what it asks; a daily limit ends by itself.")},
			{ID: "business", Title: text.Const("Is it a Business Account?"), After: "login", run: tiktokNoBusiness},
		},
	}
}

// tiktokBusiness is the TikTok API for Business (fact sheet 3): the one that tells
// whether an account is a Business Account. Bodies are JSON, marks there are C.
func tiktokBusiness() Service {
	const api = "https://business-api.tiktok.com/open_api/v1.3"
	return Service{
		ID: platforms.TikTok, Variant: Business, Name: text.Const("TikTok"),
		Endpoints: Endpoints{
			Authorize: "https://www.tiktok.com/v2/auth/authorize/", Token: api + "/tt_user/oauth2/token/",
			Refresh: api + "/tt_user/oauth2/refresh_token/", Revoke: api + "/tt_user/oauth2/revoke/",
			Introspect: api + "/tt_user/token_info/get/", API: api,
		},
		Scopes:    []string{"user.info.basic", "user.info.username", "user.account.type", "video.publish"},
		Needs:     []string{"user.info.basic", "video.publish"},
		Separator: ",", PKCE: NoPKCE, Auth: oauth2.AuthStyleInParams, ClientKey: "client_key", json: true,
		TokenHeader: "Access-Token",
		Redirect:    Redirect{Host: "127.0.0.1", Path: "/tiktok/callback/", Register: text.Const("http://127.0.0.1:*/tiktok/callback/")},
		Lifetimes:   Lifetimes{Access: day, Refresh: 365 * day},
		Renewal:     RefreshToken,
		Removal:     tiktokRemoval,
		Harm:        tiktokHarm,
		Checks: []Check{
			{ID: "token", Title: text.Const("Does TikTok know the token?"), run: businessToken,
				Mend: text.Const("Reconnect.")},
			{ID: "login", Title: text.Const("Does TikTok take the sign-in?"), After: "token", run: businessLogin,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: grantedScopes,
				Mend: text.Const("Reconnect and leave every permission on.")},
			{ID: "account", Title: text.Const("Is it the right account?"), After: "login", run: businessSelf,
				Mend: text.Const("Sign out of tiktok.com, sign in as the right account, then reconnect.")},
			{ID: "business", Title: text.Const("Is it a Business Account?"), After: "login", run: businessType, RulesOut: []platforms.Cause{platforms.WrongAccountType},
				Mend: text.Const("Switch to a Business Account in the TikTok app, then reconnect.")},
		},
	}
}

// tiktokUser asks for what the scopes allow: a field too many is refused (3.2). Where
// they are not known, as with a pasted token, that is how it shows.
func (i *inquiry) tiktokUser() (value, error) {
	const fields, profile = "open_id,union_id,display_name", ",username,is_verified"
	ask := func(fields string) (value, error) {
		v, err := i.get("/user/info/", url.Values{"fields": {fields}})
		return v.at("data", "user"), err
	}
	switch {
	case slices.Contains(i.grant.Scopes, "user.info.profile"):
		return ask(fields + profile)
	case i.grant.Scopes != nil:
		return ask(fields)
	}
	u, err := ask(fields + profile)
	if f, refused := errors.AsType[*Fault](err); refused && f.has("scope_not_authorized", "scope_permission_missed") {
		return ask(fields)
	}
	return u, err
}

func tiktokLogin(i *inquiry) Finding {
	u, err := i.tiktokUser()
	if err == nil {
		err = want(u.at("open_id").string() != "", "data.user.open_id")
	}
	if err != nil {
		return i.refused(err)
	}
	i.learn(Account{ID: u.at("open_id").text(), Username: u.at("username").text(), Name: text.Line(u.at("display_name").text())})
	return i.pass(`error.code = ok`, text.Format("TikTok takes the sign-in of %s.", i.grant.Account.Name))
}

func tiktokAccount(i *inquiry) Finding {
	u, err := i.tiktokUser()
	if err != nil {
		return i.refused(err)
	}
	if u.at("username").text() == "" && i.target.ID == "" && i.target.given() && !i.target.is("", u.at("display_name").text()) {
		return i.unsure("data.user.username is not there", text.Const("TikTok tells the username only with the permission user.info.profile."))
	}
	return i.rightAccount(u.at("open_id").text(), u.at("username").text(), u.at("display_name").text())
}

// tiktokCreator asks what TikTok lets the account post. It is a POST with an empty
// body that changes nothing (fact sheet 3.2).
func tiktokCreator(i *inquiry) Finding {
	v, err := i.api(http.MethodPost, "/post/publish/creator_info/query/", nil, struct{}{})
	if err == nil {
		err = want(v.at("error", "code").text() == "ok" && v.at("data", "privacy_level_options").there(), "data.privacy_level_options")
	}
	if err != nil {
		return i.refused(err)
	}
	options := v.at("data", "privacy_level_options").strings()
	switch {
	case slices.Contains(options, "PUBLIC_TO_EVERYONE"):
		return i.pass("error.code = ok", text.Const("The account may post now, and is public."))
	case slices.Contains(options, "FOLLOWER_OF_CREATOR"):
		return i.pass("error.code = ok", text.Const("The account may post now, and is private: only followers see its posts."))
	}
	return i.pass("error.code = ok", text.Const("The account may post now."))
}

// tiktokNoBusiness says what nobody can ask (fact sheet 3.2).
func tiktokNoBusiness(i *inquiry) Finding {
	return i.aside(text.Const("TikTok does not tell this to an app of Login Kit. Look in the TikTok app: Settings and privacy, Account."))
}

// businessToken asks whose token it is and what it allows (fact sheet 3.1,
// introspection). A pasted token's account becomes known by it.
func businessToken(i *inquiry) Finding {
	a, err := i.do(call{method: http.MethodPost, url: i.client.Service.Endpoints.Introspect, json: map[string]string{
		"app_id": i.client.App.ClientID, "access_token": i.grant.Access.Reveal(),
	}})
	if err == nil {
		err = want(a.json.at("data", "creator_id").string() != "", "data.creator_id")
	}
	if err != nil {
		return i.refused(err)
	}
	d := a.json.at("data")
	i.learn(Account{ID: d.at("creator_id").text()})
	if d.at("scope").there() {
		i.grant.Scopes = d.at("scope").strings()
	}
	return i.pass("code = 0", text.Const("TikTok knows the token."))
}

// businessAccount asks the Business API.
func (i *inquiry) businessAccount() (value, error) {
	v, err := i.get("/business/get/", url.Values{
		"business_id": {i.grant.Account.ID}, "fields": {`["is_business_account","username","display_name"]`},
	})
	d := v.at("data")
	if err == nil { // which of them it tells depends on the scopes
		err = want(d.at("username").there() || d.at("display_name").there() || d.at("is_business_account").there(), "data.username")
	}
	return d, err
}

func businessLogin(i *inquiry) Finding {
	if i.grant.Account.ID == "" {
		return i.unsure("open_id is not known", text.Const("Could not check: TikTok's Business API needs the account's open_id, which a pasted token does not tell."))
	}
	d, err := i.businessAccount()
	if err != nil {
		return i.refused(err)
	}
	i.learn(Account{Username: d.at("username").text(), Name: text.Line(d.at("display_name").text())})
	return i.pass("code = 0", text.Format("TikTok takes the sign-in of %s.", i.grant.Account.Name.Or(text.Line(i.grant.Account.Username))))
}

func businessSelf(i *inquiry) Finding {
	d, err := i.businessAccount()
	if err != nil {
		return i.refused(err)
	}
	return i.rightAccount(i.grant.Account.ID, d.at("username").text(), d.at("display_name").text())
}

func businessType(i *inquiry) Finding {
	d, err := i.businessAccount()
	if err != nil {
		return i.refused(err)
	}
	switch is, ok := d.at("is_business_account").bool(); {
	case !ok:
		return i.unsure("data.is_business_account is not there", text.Const("TikTok did not say what kind of account it is."))
	case is:
		return i.pass("data.is_business_account = true", text.Const("The account is a Business Account."))
	}
	return i.fail(platforms.WrongAccountType, "data.is_business_account = false", text.Const("The account is personal, and no Business Account."))
}
