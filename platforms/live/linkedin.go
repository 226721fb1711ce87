package live

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// LinkedInVersion is the month of the /rest API that is asked, the newest that the
// fact sheet saw (4.1). Each month lives a year; then LinkedIn answers 426.
const LinkedInVersion = "202607"

// linkedin is the ordinary, confidential login (fact sheet 4).
func linkedin() Service {
	const oauth = "https://www.linkedin.com/oauth/v2"
	return Service{
		ID: platforms.LinkedIn, Name: text.Const("LinkedIn"),
		Endpoints: Endpoints{
			Authorize: oauth + "/authorization", Token: oauth + "/accessToken", Refresh: oauth + "/accessToken",
			Revoke: oauth + "/revoke", Introspect: oauth + "/introspectToken", API: "https://api.linkedin.com",
		},
		Scopes:    []string{"openid", "profile", "w_organization_social", "r_organization_social", "rw_organization_admin"},
		Needs:     []string{"w_organization_social"},
		Separator: " ", PKCE: NoPKCE, Auth: oauth2.AuthStyleInParams, ClientKey: "client_id",
		Redirect:   Redirect{Host: "127.0.0.1", Port: 8976, Path: "/linkedin/callback", Register: text.Const("http://127.0.0.1:8976/linkedin/callback")},
		Lifetimes:  Lifetimes{Code: 30 * 60 * 1e9, Access: 60 * day, Refresh: 365 * day},
		Renewal:    RefreshToken, // approved partners only: others get no refresh token
		Removal:    text.Const("at https://www.linkedin.com/psettings/permitted-services"),
		Apart:      true,
		Headers:    map[string]string{"LinkedIn-Version": LinkedInVersion, "X-Restli-Protocol-Version": "2.0.0"},
		Harm:       text.Const("This is Aibrify's own app. LinkedIn ends all earlier tokens of a member and an app when a sign-in asks for other permissions, so the live connection could break. Use an app of your own, or say that this sign-in is the reconnect itself."),
		SameScopes: true,
		Checks: []Check{
			{ID: "token", Title: text.Const("Is the token active?"), run: linkedinToken,
				Mend: text.Const("Reconnect.")},
			{ID: "login", Title: text.Const("Does LinkedIn take the sign-in?"), After: "token", run: linkedinLogin,
				Mend: text.Const("Reconnect.")},
			{ID: "scopes", Title: text.Const("Was everything allowed?"), After: "login", run: grantedScopes,
				Mend: text.Const("Reconnect. LinkedIn has no boxes to tick: the app has to ask for it.")},
			{ID: "role", Title: text.Const("Is this member an admin of the Page?"), After: "login", run: linkedinRole, RulesOut: []platforms.Cause{platforms.NotAdmin},
				Mend: text.Const("Ask an admin of the Page for the role of super admin, then reconnect; or sign in as the member who has it.")},
			{ID: "organization", Title: text.Const("Is the Page still there?"), After: "role", run: linkedinOrganization,
				Mend: pageGone},
		},
	}
}

// linkedinNative is the login for native apps: PKCE, no secret, any port of the
// loopback address. LinkedIn has to switch it on for an app (fact sheet 4.1).
func linkedinNative() Service {
	s := linkedin()
	s.Variant = Native
	s.Endpoints.Authorize = "https://www.linkedin.com/oauth/native-pkce/authorization"
	s.PKCE, s.Public = S256, true
	s.Redirect = Redirect{Host: "127.0.0.1"}
	return s
}

// linkedinToken asks LinkedIn for the state of the token, with the app's secret.
func linkedinToken(i *inquiry) Finding {
	if i.client.App.Secret.Empty() {
		return i.aside(text.Const("LinkedIn tells this only to an app with a secret."))
	}
	r := i.client.authenticated(call{
		method: http.MethodPost, url: i.client.Service.Endpoints.Introspect,
		form: url.Values{"token": {i.grant.Access.Reveal()}},
	})
	a, err := i.do(r)
	if err != nil {
		switch f := faultOf(i.ctx, err); {
		case i.grant.Pasted && f.Worded && f.Status == http.StatusBadRequest: // no token of this app (4.1)
			return i.inactive("")
		case f.Worded && f.Status == http.StatusUnauthorized: // a wrong secret (4.1), which says nothing of the token
			return i.badSecret(f)
		}
		return i.refused(err)
	}
	i.client.accept()
	v := a.json
	active, ok := v.at("active").bool()
	if err := want(ok, "active"); err != nil {
		return i.refused(err)
	}
	if !active {
		return i.inactive(v.at("status").text())
	}
	i.grant.Expires = v.at("expires_at").unix()
	if v.at("scope").there() {
		i.grant.Scopes = v.at("scope").strings()
	}
	return i.pass("status = "+v.at("status").text(), i.grant.works(i.client.now()))
}

// badSecret is the finding for an app whose secret is not taken. It does not stand before
// what the token itself can show.
func (i *inquiry) badSecret(f *Fault) Finding {
	return Finding{Outcome: platforms.Unsure, Cause: platforms.AppMisconfigured, Field: field(f), Answer: f.Answer, Err: f, apart: true,
		Says: text.Format("Could not check: %s does not take the client secret of the app that asked.", i.client.Service.Name),
		Mend: text.Format("Copy the client secret from the settings of that app at %s.", i.client.Service.Name)}
}

func (i *inquiry) inactive(status string) Finding {
	field := "status = " + status
	switch {
	case status == "revoked":
		return i.over(platforms.PermissionRevoked, field, text.Const("LinkedIn says that the access was taken back."))
	case status == "expired":
		return i.over(platforms.TokenExpired, field, text.Const("LinkedIn says that the access has run out."))
	case i.grant.Pasted:
		return i.unsure("active = false", text.Const("LinkedIn does not know this token as one of this app, and tells no more about others'."))
	}
	return i.over(platforms.TokenExpired, "active = false", text.Const("LinkedIn says that the token is not active."), platforms.PermissionRevoked)
}

func linkedinLogin(i *inquiry) Finding {
	v, err := i.get("/v2/userinfo", nil)
	if err == nil {
		err = want(v.at("sub").string() != "", "sub")
	}
	if err != nil {
		return i.refused(err)
	}
	i.learn(Account{ID: v.at("sub").text(), Name: text.Line(v.at("name").text())})
	return i.pass("sub is there", text.Format("LinkedIn takes the sign-in of %s.", i.grant.Account.Name))
}

// A role is one of a member's roles on a Page.
type role struct{ role, state, organization string }

// roles asks without a filter: what was revoked or only requested explains more
// than an empty list (fact sheet 4.2).
func (i *inquiry) roles() ([]role, error) {
	const size = 100
	var roles []role
	for n := range maxPages {
		q := url.Values{"q": {"roleAssignee"}, "count": {strconv.Itoa(size)}, "start": {strconv.Itoa(n * size)}}
		v, err := i.get("/rest/organizationAcls", q)
		if err != nil {
			return nil, err
		}
		list, isList := v.at("elements").v.([]any)
		if err := want(isList, "elements"); err != nil {
			return nil, err
		}
		for _, e := range v.at("elements").list() {
			roles = append(roles, role{e.at("role").text(), e.at("state").text(), e.at("organization").text()})
		}
		if len(list) < size {
			break
		}
	}
	return roles, nil
}

func linkedinRole(i *inquiry) Finding {
	all, err := i.roles()
	if err != nil {
		return i.refused(err)
	}
	mine, err := i.onTarget(all)
	switch {
	case err != nil:
		return i.noPage(err)
	case i.lost(len(mine) > 0):
		return i.gone("elements[].organization has it not", text.Const("the Pages that this member has a role on"), platforms.AccountChanged)
	case len(all) == 0:
		return i.fail(platforms.WrongAccount, "elements = []",
			text.Const("This member has no role on any Page: it is the wrong member, or the role is gone."), platforms.NotAdmin)
	case len(mine) == 0:
		return i.fail(platforms.WrongAccount, "elements[].organization has it not",
			text.Format("This member has roles on other Pages, and none on %s.", text.Line(i.target.String())),
			platforms.NotAdmin, platforms.AccountChanged)
	}
	if pages := i.undecided(mine); len(pages) > 1 {
		return i.which("elements[] has several", i.pageNames(pages))
	}
	best := slices.MinFunc(mine, func(a, b role) int { return a.rank() - b.rank() })
	return i.judgeRole(best)
}

// rank orders roles, the one that suffices first.
func (r role) rank() int {
	switch {
	case r.state == "APPROVED" && r.role == "ADMINISTRATOR":
		return 0
	case r.state == "APPROVED":
		return 1
	case r.state == "REQUESTED":
		return 2
	}
	return 3
}

func (i *inquiry) judgeRole(r role) Finding {
	field := "role = " + r.role + ", state = " + r.state
	shown := text.Line(r.role)
	switch r.rank() {
	case 0:
		return i.pass(field, text.Const("This member is an admin of the Page."))
	case 1:
		return i.fail(platforms.NotAdmin, field, text.Format("This member has the role %s, and only ADMINISTRATOR suffices.", shown))
	case 2:
		f := i.fail(platforms.AccountChanged, field, text.Format("The role %s was asked for and is not approved yet.", shown), platforms.NotAdmin)
		f.pending = true
		return f
	}
	return i.fail(platforms.AccountChanged, field, text.Format("The role %s on the Page was taken away or refused.", shown), platforms.NotAdmin)
}

// onTarget are the roles on the Page that the target names; all of them if it names
// none. If it is not among them and one of the Pages could not be read, that may be it:
// then the error says why.
func (i *inquiry) onTarget(all []role) ([]role, error) {
	if !i.target.given() {
		return all, nil
	}
	var unread error
	mine := slices.DeleteFunc(slices.Clone(all), func(r role) bool {
		if i.target.ID != "" {
			return tail(i.target.ID) != tail(r.organization)
		}
		v, err := i.organization(r.organization)
		unread = cmp.Or(unread, err)
		return err != nil || !i.target.is("", v.at("localizedName").text(), v.at("vanityName").text())
	})
	if len(mine) > 0 {
		return mine, nil
	}
	return nil, unread
}

// undecided are the Pages that a member may manage, when nobody said which is meant.
func (i *inquiry) undecided(roles []role) []string {
	var pages []string
	for _, r := range roles {
		if !i.target.given() && r.state == "APPROVED" && !slices.Contains(pages, r.organization) {
			pages = append(pages, r.organization)
		}
	}
	return pages
}

// pageNames are the names of the first Pages, as far as they can be read: each is a call.
func (i *inquiry) pageNames(pages []string) []string {
	const enough = 5
	names := slices.Clone(pages)
	for n := range min(len(names), enough) {
		if v, err := i.organization(names[n]); err == nil {
			names[n] = v.at("localizedName").text()
		}
	}
	return names
}

func (i *inquiry) organization(urn string) (value, error) {
	list := i.last
	v, err := i.get("/v2/organizations/"+url.PathEscape(tail(urn)), url.Values{"projection": {"(id,localizedName,vanityName)"}})
	if err == nil {
		err = want(v.at("id").there() && v.at("localizedName").string() != "", "localizedName")
	}
	if err == nil && i.check.ID != "organization" {
		i.last = list // the finding rests on the roles
	}
	return v, err
}

// noPage is the finding for a Page that could not be read. Only that it is not found
// says something; a refusal can come from the app's products alone.
func (i *inquiry) noPage(err error) Finding {
	f := i.refused(err)
	switch {
	case f.Outcome == platforms.Fail && f.Cause == platforms.AccountChanged:
		return f.mend(pageGone)
	case f.Outcome == platforms.Fail:
		f.Outcome, f.Err = platforms.Unsure, faultOf(i.ctx, err)
	}
	return f
}

var pageGone = text.Const("Find out whether the Page was merged or deactivated, and connect the one that is left.")

// linkedinOrganization asks for the Page itself.
func linkedinOrganization(i *inquiry) Finding {
	all, err := i.roles()
	if err != nil {
		return i.refused(err)
	}
	mine, err := i.onTarget(all)
	switch {
	case err != nil:
		return i.noPage(err)
	case len(mine) == 0, len(i.undecided(mine)) > 1:
		return i.aside(text.Const("Which Page it is about is not known."))
	}
	v, err := i.organization(mine[0].organization)
	if err != nil {
		return i.noPage(err)
	}
	i.subject(v.at("localizedName").text())
	return i.pass("id = "+v.at("id").text(), text.Format("The Page %s is there.", text.Line(v.at("localizedName").text())))
}
