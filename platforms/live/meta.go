package live

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// What Facebook and Instagram through Facebook have in common: the Graph API, its
// Pages, and the tick-boxes of its dialog (fact sheet 1.2, 2.2).

const (
	graph      = "https://graph.facebook.com/v26.0"
	pageFields = "id,name,tasks,access_token,instagram_business_account{id,username}"
	maxPages   = 20 // pages of a list that are read
)

// What a person sees of an app, and what goes with it (fact sheet 1.1, 2).
var (
	metaRemoval = text.Const("at https://www.facebook.com/settings?tab=business_tools")
	metaFalls   = text.Const("It removes the app for the person who signed in: every Page and every Instagram account that they connected with it falls.")
)

// A pageRow is a Page of /me/accounts, or of a business portfolio.
type pageRow struct {
	id, name    string
	tasks       []string
	token       text.Secret
	instagramID string
	instagram   string // username
}

func rowOf(v value) pageRow {
	linked := v.at("instagram_business_account")
	return pageRow{
		id: v.at("id").text(), name: v.at("name").text(), tasks: v.at("tasks").strings(),
		token: text.NewSecret(v.at("access_token").text()), instagramID: linked.at("id").text(), instagram: linked.at("username").text(),
	}
}

// rows reads a list whole. The address of the next page is not followed, because
// the token would go wherever it says; its cursor is.
func (i *inquiry) rows(path string) ([]pageRow, error) {
	var rows []pageRow
	q := url.Values{"fields": {pageFields}, "limit": {"100"}}
	for range maxPages {
		v, err := i.get(path, q)
		if err != nil {
			return nil, err
		}
		_, isList := v.at("data").v.([]any)
		if err := want(isList, "data"); err != nil {
			return nil, err
		}
		for _, e := range v.at("data").list() {
			rows = append(rows, rowOf(e))
		}
		next := v.at("paging", "cursors", "after").text()
		if !v.at("paging", "next").there() || next == "" {
			break
		}
		q = url.Values{"fields": {pageFields}, "limit": {"100"}, "after": {next}}
	}
	return rows, nil
}

// names tells whether a row is what the target names: the Page, or for Instagram
// the account that is linked to it.
func (i *inquiry) names(r pageRow) bool {
	if i.client.Service.ID == platforms.Instagram {
		return r.instagramID != "" && i.target.is(r.instagramID, r.instagram)
	}
	return i.target.is(r.id, r.name)
}

// row is the Page that the target names; with an empty target the only one.
func (i *inquiry) row() (row pageRow, found bool, all []pageRow, err error) {
	all, err = i.rows("/me/accounts")
	if err != nil {
		return pageRow{}, false, nil, err
	}
	n := slices.IndexFunc(all, i.names)
	if n < 0 || !i.target.given() && len(all) > 1 {
		return pageRow{}, false, all, nil
	}
	return all[n], true, all, nil
}

// metaLogin asks who the token is for.
func metaLogin(i *inquiry) Finding {
	v, err := i.get("/me", url.Values{"fields": {"id,name"}})
	if err != nil {
		return i.refused(err)
	}
	id := v.at("id").string()
	if err := want(id != "", "id"); err != nil {
		return i.refused(err)
	}
	name := text.Line(v.at("name").text())
	i.learn(Account{ID: id, Name: name})
	i.grant.Person = name
	return i.pass("id is there", text.Format("Facebook takes the sign-in of %s.", name.Or(text.Const("this person"))))
}

// metaToken asks debug_token: until when, and what was allowed.
func metaToken(i *inquiry) Finding {
	v, err := i.client.debug(i, *i.grant)
	if err != nil {
		return i.refused(err)
	}
	d := v.at("data")
	valid, ok := d.at("is_valid").bool()
	if err := want(ok, "data.is_valid"); err != nil {
		return i.refused(err)
	}
	if !valid {
		return i.invalid(d)
	}
	i.grant.Expires, i.grant.DataExpires = d.at("expires_at").unix(), d.at("data_access_expires_at").unix()
	i.grant.Endless = d.at("expires_at").text() == "0"
	if scopes := d.at("scopes").strings(); scopes != nil {
		i.grant.Scopes = scopes
	}
	if until := i.grant.DataExpires; !until.IsZero() && !i.client.now().Before(until) {
		return i.over(platforms.TokenExpired, "data.data_access_expires_at = "+d.at("data_access_expires_at").text(),
			text.Format("Access to data ended on %s. It comes back with the next sign-in.", date(until)))
	}
	return i.pass("data.is_valid = true", i.grant.works(i.client.now()))
}

// invalid reads the error that debug_token nests under data.
func (i *inquiry) invalid(d value) Finding {
	e := d.at("error")
	said := i.client.clean(`{"error":{"message":` + jsonText(e.at("message").text()) + `,"code":` + number(e.at("code")) +
		`,"error_subcode":` + number(e.at("subcode")) + `}}`)
	verdict := i.client.explain(http.StatusBadRequest, said)
	f := i.over(platforms.TokenExpired, "data.is_valid = false", text.Const("Facebook says that this token is not valid any more."))
	if e.at("code").there() && verdict.Cause != platforms.UnknownCause {
		verdict = i.worded(verdict)
		f.Cause, f.Also, f.Says, f.Verdict, f.Answer, f.Mend = verdict.Cause, verdict.Also, verdict.Meaning, verdict, said, mended(verdict)
	}
	return f
}

// debug asks debug_token with the app's own token, or with the token itself where
// the app's secret is not at hand or the token is not the app's (fact sheet 1.1).
func (c *Client) debug(i *inquiry, g Grant) (value, error) {
	r := call{
		method: http.MethodGet, url: c.Service.Endpoints.Introspect, bearer: g.Access,
		query: url.Values{"input_token": {g.Access.Reveal()}},
	}
	if !c.App.Secret.Empty() && !g.Pasted {
		r.bearer = text.NewSecret(c.App.ClientID + "|" + c.App.Secret.Reveal())
	}
	a, err := i.do(r)
	if err == nil && r.bearer.Reveal() != g.Access.Reveal() {
		c.accept()
	}
	return a.json, err
}

// metaScopes asks which permissions were granted.
func metaScopes(i *inquiry) Finding {
	v, err := i.get("/me/permissions", nil)
	if err != nil {
		return i.refused(err)
	}
	_, isList := v.at("data").v.([]any)
	if err := want(isList, "data"); err != nil {
		return i.refused(err)
	}
	granted, declined := []string{}, []string(nil)
	for _, e := range v.at("data").list() {
		name := clip(e.at("permission").text())
		if e.at("status").text() == "granted" {
			granted = append(granted, name)
		} else {
			declined = append(declined, name)
		}
	}
	i.grant.Scopes, i.grant.Declined = granted, declined
	return i.judgeScopes("data[].status = granted")
}

// metaTicked looks for the Page where it would be if it was left out in the
// dialog: in the person's business portfolios, but not in their list.
func metaTicked(i *inquiry) Finding {
	_, found, _, err := i.row()
	switch {
	case err != nil:
		return i.refused(err)
	case found:
		return i.pass("data[] has it", text.Const("The Page was ticked in Facebook's dialog."))
	case !i.target.given():
		return i.aside(text.Const("Which one should be connected was not said."))
	case i.grant.Scopes != nil && !slices.Contains(i.grant.Scopes, "business_management"):
		return i.aside(text.Const("Business portfolios cannot be looked into without business_management."))
	}
	hidden, err := i.hidden()
	switch {
	case err != nil:
		return i.refused(err)
	case hidden:
		return i.fail(platforms.MissingPermission, "owned_pages or client_pages has it, /me/accounts has not",
			text.Format("%s was not ticked in Facebook's dialog.", text.Line(i.target.String())))
	}
	return i.aside(text.Const("The Page is not in a business portfolio of this person, which would tell it."))
}

// hidden tells whether a portfolio has what the target names.
func (i *inquiry) hidden() (bool, error) {
	v, err := i.get("/me/businesses", url.Values{"fields": {"id,name"}, "limit": {"100"}})
	if err != nil {
		return false, err
	}
	for _, b := range v.at("data").list() {
		for _, edge := range []string{"/owned_pages", "/client_pages"} {
			rows, err := i.rows("/" + url.PathEscape(b.at("id").text()) + edge)
			if err != nil {
				return false, err
			}
			if slices.ContainsFunc(rows, i.names) {
				return true, nil
			}
		}
	}
	return false, nil
}

// metaPage asks whether the person can see the Page.
func metaPage(i *inquiry) Finding {
	row, found, all, err := i.row()
	switch {
	case err != nil:
		return i.refused(err)
	case i.lost(found):
		return i.gone("data[].id has it not", text.Const("this person's Pages"), platforms.MissingPermission, platforms.AccountChanged)
	case len(all) == 0:
		return i.fail(platforms.WrongAccount, "data = []",
			text.Const("This person manages no Page, or left all of them unticked in Facebook's dialog."), platforms.MissingPermission, platforms.NotAdmin)
	case found:
		i.grant.Page = row.token
		i.subject(row.name)
		return i.pass("data[].id = "+row.id, text.Format("The Page %s is there.", text.Line(row.name)))
	case !i.target.given():
		var names []string
		for _, r := range all {
			names = append(names, r.name)
		}
		return i.which("data[] has several", names)
	}
	return i.fail(platforms.WrongAccount, "data[].id has it not",
		text.Format("This person's Pages are there, and %s is not among them.", text.Line(i.target.String())),
		platforms.NotAdmin, platforms.MissingPermission, platforms.AccountChanged)
}

// metaTasks asks what the person may do on the Page (fact sheet 1.2: MANAGE is full
// control). enough is what suffices besides.
func metaTasks(enough ...string) func(*inquiry) Finding {
	return func(i *inquiry) Finding {
		row, found, _, err := i.row()
		switch {
		case err != nil:
			return i.refused(err)
		case !found:
			return i.aside(text.Const("Which Page it is about is not known."))
		}
		has := "data[].tasks = " + strings.Join(row.tasks, ", ")
		switch {
		case slices.Contains(row.tasks, "MANAGE"):
			return i.pass(has, text.Format("This person has full control of %s.", text.Line(row.name)))
		case slices.ContainsFunc(row.tasks, func(t string) bool { return slices.Contains(enough, t) }):
			return i.pass(has, text.Format("This person may post on %s, without full control of it.", text.Line(row.name)))
		}
		return i.fail(platforms.NotAdmin, has, text.Format("This person has no full control of the Page %s.", text.Line(row.name)))
	}
}

// metaPublished asks whether the Page can be seen by others (fact sheet 1.2).
func metaPublished(i *inquiry) Finding {
	row, found, _, err := i.row()
	switch {
	case err != nil:
		return i.refused(err)
	case !found:
		return i.aside(text.Const("Which Page it is about is not known."))
	}
	token := row.token
	if token.Empty() {
		token = i.grant.Access
	}
	r := call{method: http.MethodGet, url: i.client.Service.Endpoints.API + "/" + url.PathEscape(row.id), bearer: token, query: url.Values{"fields": {"id,name,is_published"}}}
	a, err := i.do(r)
	if err == nil {
		err = want(a.json.at("id").string() != "", "id")
	}
	if err != nil {
		return i.refused(err)
	}
	switch is, ok := a.json.at("is_published").bool(); {
	case !ok:
		return i.unsure("is_published is not there", text.Const("Facebook did not say whether the Page is published."))
	case is:
		return i.pass("is_published = true", text.Format("The Page %s is published.", text.Line(row.name)))
	}
	return i.fail(platforms.AccountChanged, "is_published = false", text.Format("The Page %s is not published, so nobody can be reached through it.", text.Line(row.name)))
}
