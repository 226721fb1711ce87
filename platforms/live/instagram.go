package live

import (
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// instagramByFacebook is Instagram through Facebook Login (fact sheet 2, A): the
// account is professional and linked to a Page.
func instagramByFacebook() Service {
	return Service{
		ID: platforms.Instagram, Variant: FacebookLogin, Name: text.Const("Instagram"),
		Endpoints: metaEndpoints(),
		Scopes:    []string{"instagram_basic", "instagram_content_publish", "pages_show_list", "pages_read_engagement", "business_management"},
		Needs:     []string{"instagram_basic", "instagram_content_publish", "pages_show_list", "pages_read_engagement"},
		Separator: ",", PKCE: NoPKCE, Auth: oauth2.AuthStyleInParams, ClientKey: "client_id",
		Again:     map[string]string{"auth_type": "rerequest"},
		Redirect:  Redirect{Host: "localhost"},
		Lifetimes: Lifetimes{Access: 60 * day},
		Renewal:   ExchangeLong,
		Removal:   metaRemoval, Falls: metaFalls,
		Checks: []Check{
			{ID: "login", Title: text.Const("Does Facebook take the sign-in?"), run: metaLogin,
				Mend: text.Const("Reconnect with the Facebook person who manages the linked Page.")},
			{ID: "token", Title: text.Const("Is the token valid?"), After: "login", run: metaToken,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: metaScopes,
				Mend: text.Const("Reconnect and leave every permission on.")},
			{ID: "ticked", Title: text.Const("Was the linked Page ticked at the sign-in?"), After: "login", run: metaTicked,
				Mend: text.Const("Reconnect and tick the Page and the account. If Facebook does not ask, remove the app in Business integrations first.")},
			{ID: "linked", Title: text.Const("Is a professional account linked to a Page?"), After: "ticked", run: instagramLinked, RulesOut: []platforms.Cause{platforms.NotLinked, platforms.WrongAccountType},
				Mend: text.Const("Make the account professional, link it to the Page, then reconnect.")},
			{ID: "account", Title: text.Const("Is it the right account?"), After: "linked", run: instagramAccount,
				Mend: text.Const("Sign in as the person whose Page the account is linked to, and tick the Page and the account.")},
			{ID: "tasks", Title: text.Const("May this person post on the linked Page?"), After: "account", run: metaTasks("CREATE_CONTENT"), RulesOut: []platforms.Cause{platforms.NotAdmin},
				Mend: text.Const("Ask an admin of the Page for full control, then reconnect.")},
			{ID: "quota", Title: text.Const("Is there room for more posts today?"), After: "account", run: instagramQuota,
				Mend: text.Const("Wait a day: Instagram counts the posts of the last 24 hours.")},
		},
	}
}

// instagramByInstagram is Instagram Login (fact sheet 2, B): no Page is needed.
func instagramByInstagram() Service {
	const api = "https://graph.instagram.com"
	return Service{
		ID: platforms.Instagram, Variant: InstagramLogin, Name: text.Const("Instagram"),
		Endpoints: Endpoints{
			Authorize: "https://www.instagram.com/oauth/authorize", Token: "https://api.instagram.com/oauth/access_token",
			Exchange: api + "/access_token", Refresh: api + "/refresh_access_token", API: api + "/v26.0",
		},
		Scopes:    []string{"instagram_business_basic", "instagram_business_content_publish"},
		Needs:     []string{"instagram_business_basic", "instagram_business_content_publish"},
		Separator: ",", PKCE: NoPKCE, Auth: oauth2.AuthStyleInParams, ClientKey: "client_id",
		Again: map[string]string{"force_reauth": "true"},
		// The exact address is registered, and plain http may be refused (2.1).
		Redirect:  Redirect{PasteOnly: true, Register: text.Const("https address of your own, exactly as entered here")},
		NoRevoke:  text.Const("Instagram has no way for an app to give a grant back."),
		Removal:   text.Const("at https://www.instagram.com/accounts/manage_access/"),
		Lifetimes: Lifetimes{Code: hour, Access: 60 * day},
		Renewal:   RefreshLong,
		Checks: []Check{
			{ID: "login", Title: text.Const("Does Instagram take the sign-in?"), run: instagramLogin,
				Mend: text.Const("Reconnect.")},
			{ID: "type", Title: text.Const("Is the account professional?"), After: "login", run: instagramType, RulesOut: []platforms.Cause{platforms.WrongAccountType},
				Mend: text.Const("Switch to a professional account in the Instagram app, then reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: grantedScopes,
				Mend: text.Const("Reconnect and leave every permission on.")},
			{ID: "account", Title: text.Const("Is it the right account?"), After: "login", run: instagramSelf,
				Mend: text.Const("Sign out of instagram.com, sign in as the right account, then reconnect.")},
		},
	}
}

// instagramLinked looks for a linked professional account on the person's Pages.
func instagramLinked(i *inquiry) Finding {
	all, err := i.rows("/me/accounts")
	switch {
	case err != nil:
		return i.refused(err)
	case len(all) == 0:
		return i.fail(platforms.WrongAccount, "data = []",
			text.Const("This person manages no Page, or left all of them unticked in Facebook's dialog."), platforms.MissingPermission, platforms.NotLinked)
	}
	for _, row := range all {
		if row.instagramID != "" {
			return i.pass("data[].instagram_business_account.id = "+row.instagramID,
				text.Format("The Page %s has a professional account linked to it.", text.Line(row.name)))
		}
	}
	return i.unlinked(all)
}

// unlinked tells no link from a linked personal account: the latter shows as
// connected_instagram_account alone (fact sheet 2.2, remembered).
func (i *inquiry) unlinked(all []pageRow) Finding {
	const enough = 5
	list := i.last
	for _, row := range all[:min(len(all), enough)] {
		v, err := i.get("/"+url.PathEscape(row.id), url.Values{"fields": {"instagram_business_account,connected_instagram_account"}})
		if err == nil && v.at("connected_instagram_account").there() && !v.at("instagram_business_account").there() {
			return i.fail(platforms.WrongAccountType, "connected_instagram_account is there, instagram_business_account is not",
				text.Format("The account that is linked to %s is personal.", text.Line(row.name))).
				mend(text.Const("Switch the account to Business or Creator in the Instagram app, then reconnect."))
		}
	}
	i.last = list
	return i.fail(platforms.NotLinked, "data[].instagram_business_account is not there",
		text.Const("No Page of this person has a professional Instagram account linked to it."),
		platforms.WrongAccountType, platforms.NotAdmin, platforms.AccountChanged)
}

// instagramAccount asks who the linked account is.
func instagramAccount(i *inquiry) Finding {
	row, found, all, err := i.row()
	if err != nil {
		return i.refused(err)
	}
	var names []string
	for _, r := range all {
		if !found && r.instagramID != "" {
			row, names = r, append(names, "@"+r.instagram)
		}
	}
	if len(names) > 1 && !i.target.given() {
		return i.which("data[].instagram_business_account is there for several", names)
	}
	v, err := i.get("/"+url.PathEscape(row.instagramID), url.Values{"fields": {"id,username,name"}})
	if err == nil {
		err = want(v.at("id").string() != "", "id")
	}
	if err != nil {
		return i.refused(err)
	}
	i.learn(Account{ID: v.at("id").text(), Username: v.at("username").text(), Name: text.Line(v.at("name").text())})
	return i.rightAccount(v.at("id").text(), v.at("username").text())
}

// instagramQuota asks how many posts of the day are used. The sheet has two numbers
// for the most; the answer's own counts (fact sheet 2.2).
func instagramQuota(i *inquiry) Finding {
	row, found, _, err := i.row()
	switch {
	case err != nil:
		return i.refused(err)
	case !found:
		return i.aside(text.Const("Which account it is about is not known."))
	}
	v, err := i.get("/"+url.PathEscape(row.instagramID)+"/content_publishing_limit", url.Values{"fields": {"quota_usage,config"}})
	_, isList := v.at("data").v.([]any)
	if err == nil {
		err = want(isList, "data")
	}
	if err != nil {
		return i.refused(err)
	}
	data := v.at("data").list()
	if len(data) == 0 || !data[0].at("config", "quota_total").there() {
		return i.unsure("data[].config.quota_total is not there", text.Const("Instagram did not say how many posts are left."))
	}
	used, total := data[0].at("quota_usage"), data[0].at("config", "quota_total")
	field := "quota_usage = " + used.text() + " of " + total.text()
	if used.int() >= total.int() {
		return i.fail(platforms.RateLimited, field, text.Const("Today's posts through apps are used up."))
	}
	return i.pass(field, text.Format("%s of %s posts of the day are used.", text.Line(used.text()), text.Line(total.text())))
}

// instagramMe is the account of an Instagram Login.
func (i *inquiry) instagramMe() (value, error) {
	return i.get("/me", url.Values{"fields": {"user_id,username,account_type,name"}})
}

func instagramLogin(i *inquiry) Finding {
	v, err := i.instagramMe()
	if err == nil {
		err = want(v.at("user_id").string() != "", "user_id")
	}
	if err != nil {
		return i.refused(err)
	}
	i.learn(Account{ID: v.at("user_id").text(), Username: v.at("username").text(), Name: text.Line(v.at("name").text())})
	return i.pass("user_id is there", text.Format("Instagram takes the sign-in of %s.", text.Line(i.grant.Account.Username)))
}

func instagramType(i *inquiry) Finding {
	v, err := i.instagramMe()
	if err != nil {
		return i.refused(err)
	}
	kind := v.at("account_type").text()
	field := "account_type = " + kind
	switch strings.ToUpper(kind) {
	case "BUSINESS", "MEDIA_CREATOR":
		return i.pass(field, text.Const("The account is professional."))
	case "":
		return i.unsure("account_type is not there", text.Const("Instagram did not say what kind of account it is."))
	}
	return i.fail(platforms.WrongAccountType, field, text.Const("The account is not professional."))
}

func instagramSelf(i *inquiry) Finding {
	v, err := i.instagramMe()
	if err != nil {
		return i.refused(err)
	}
	return i.rightAccount(v.at("user_id").text(), v.at("username").text())
}
