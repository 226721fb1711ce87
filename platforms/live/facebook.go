package live

import (
	"time"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// facebook is Facebook Login for Pages (fact sheet 1).
func facebook() Service {
	return Service{
		ID: platforms.Facebook, Name: text.Const("Facebook"),
		Endpoints: metaEndpoints(),
		Scopes:    []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management"},
		Needs:     []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts"},
		Separator: ",", PKCE: NoPKCE, Auth: oauth2.AuthStyleInParams, ClientKey: "client_id",
		Again: map[string]string{"auth_type": "rerequest"},
		// Only the word localhost, on any port, and only while the app is in
		// development mode; nothing to register (fact sheet 1.1, redirect rules).
		Redirect:  Redirect{Host: "localhost"},
		Lifetimes: Lifetimes{Access: 60 * day},
		Renewal:   ExchangeLong,
		Removal:   metaRemoval, Falls: metaFalls,
		Checks: []Check{
			{ID: "login", Title: text.Const("Does Facebook take the sign-in?"), run: metaLogin,
				Mend: text.Const("Reconnect with the person who manages the Page.")},
			{ID: "token", Title: text.Const("Is the token valid?"), After: "login", run: metaToken,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: metaScopes,
				Mend: text.Const("Reconnect and leave every permission on.")},
			{ID: "ticked", Title: text.Const("Was the Page ticked at the sign-in?"), After: "login", run: metaTicked,
				Mend: text.Const("Reconnect and tick the Page. If Facebook does not ask, remove the app in Business integrations first.")},
			{ID: "page", Title: text.Const("Can this person see the Page?"), After: "ticked", run: metaPage,
				Mend: text.Const("Sign in as the person who manages the Page and tick it, or ask its admin for full control.")},
			{ID: "tasks", Title: text.Const("Does this person have full control of the Page?"), After: "page", run: metaTasks(), RulesOut: []platforms.Cause{platforms.NotAdmin},
				Mend: text.Const("Ask an admin of the Page for full control, then reconnect.")},
			{ID: "published", Title: text.Const("Is the Page published?"), After: "page", run: metaPublished,
				Mend: text.Const("Publish the Page in its settings, then reconnect.")},
		},
	}
}

func metaEndpoints() Endpoints {
	return Endpoints{
		Authorize: "https://www.facebook.com/v26.0/dialog/oauth",
		Token:     graph + "/oauth/access_token", Exchange: graph + "/oauth/access_token",
		Revoke: graph + "/{user}/permissions", Introspect: graph + "/debug_token", API: graph,
	}
}

const hour = time.Hour
