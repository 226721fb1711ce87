package live

import (
	"net/url"
	"slices"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// x is OAuth 2.0 of X, as a confidential client with a secret and as a public one
// without (fact sheet 5).
func x() Service {
	const api = "https://api.x.com/2"
	return Service{
		ID: platforms.X, Name: text.Const("X"),
		Endpoints: Endpoints{
			Authorize: "https://x.com/i/oauth2/authorize", Token: api + "/oauth2/token",
			Refresh: api + "/oauth2/token", Revoke: api + "/oauth2/revoke", API: api,
		},
		Scopes:    []string{"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"},
		Needs:     []string{"tweet.read", "tweet.write", "users.read"},
		Separator: " ", PKCE: S256, Auth: oauth2.AuthStyleInHeader, Public: true, Either: true, ClientKey: "client_id",
		// No wildcard: one port, one path, exactly as registered (5.1).
		Redirect:  Redirect{Host: "127.0.0.1", Port: 8977, Path: "/x/callback", Register: text.Const("http://127.0.0.1:8977/x/callback")},
		Lifetimes: Lifetimes{Code: 30 * 1e9, Access: 2 * hour},
		Renewal:   RefreshToken,
		Removal:   text.Const("at https://x.com/settings/connected_apps"),
		Apart:     true,
		Harm:      text.Const("This is Aibrify's own app. X keeps one live grant for each app and person, so this sign-in would end the live connection at once. Use an app of your own, or say that this sign-in is the reconnect itself."),
		Checks: []Check{
			{ID: "login", Title: text.Const("Does X take the sign-in?"), Costs: xCosts, run: xLogin,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: xScopes,
				Mend: text.Const("Reconnect; the app has to ask for it.")},
			{ID: "account", Title: text.Const("Is it the right account?"), After: "login", Costs: xCosts, run: xAccount,
				Mend: text.Const("Switch to the right account on x.com, then reconnect.")},
			{ID: "state", Title: text.Const("Is the account free of locks?"), After: "login", Costs: xCosts, run: xState,
				Mend: text.Const("Sign in at x.com and do what it asks, then reconnect.")},
		},
	}
}

// xCosts is what reading a user costs; the three checks share one call (fact sheet
// 0, fact 10).
var xCosts = text.Const("about 0.010 USD for reading a user on X's pay-per-use plan; the same user again on the same day (UTC) is free")

func (i *inquiry) xMe() (value, error) {
	return i.get("/users/me", url.Values{"user.fields": {"username,name,protected,verified,verified_type,created_at"}})
}

func xLogin(i *inquiry) Finding {
	v, err := i.xMe()
	if err == nil {
		err = want(v.at("data", "id").string() != "", "data.id")
	}
	if err != nil {
		return i.refused(err)
	}
	d := v.at("data")
	i.learn(Account{ID: d.at("id").text(), Username: d.at("username").text(), Name: text.Line(d.at("name").text())})
	return i.pass("data.id is there", text.Format("X takes the sign-in of @%s.", text.Line(i.grant.Account.Username)))
}

// xScopes tells also what the documentation ties to single scopes (5.1, 5.2).
func xScopes(i *inquiry) Finding {
	f := grantedScopes(i)
	if f.Outcome != platforms.Pass {
		return f
	}
	for _, lacks := range []struct {
		scope string
		says  text.Safe
	}{
		{"media.write", text.Const("Posts without pictures work. Pictures and videos were not allowed (media.write).")},
		{"offline.access", text.Const("Publishing works for two hours only, because renewing was not allowed (offline.access).")},
	} {
		if !slices.Contains(i.grant.Scopes, lacks.scope) {
			return i.fail(platforms.MissingPermission, "scope lacks "+lacks.scope, lacks.says)
		}
	}
	return f
}

func xAccount(i *inquiry) Finding {
	v, err := i.xMe()
	if err != nil {
		return i.refused(err)
	}
	d := v.at("data")
	return i.rightAccount(d.at("id").text(), d.at("username").text())
}

// xState reads errors that come beside data. No call tells a locked or suspended
// account beforehand, so the pass says no more than that (fact sheet 5.2).
func xState(i *inquiry) Finding {
	v, err := i.xMe()
	if err != nil {
		return i.refused(err)
	}
	if errs := v.at("errors"); len(errs.list()) > 0 {
		f := &Fault{Kind: Refused, Worded: true, Status: 200, Answer: i.client.clean(rendered(errs))}
		f.Verdict = i.client.explain(200, f.Answer)
		return i.refused(f)
	}
	return i.pass("no errors beside data", text.Const("X read the account without a word of a lock or suspension. Some locks show only when something is posted."))
}
