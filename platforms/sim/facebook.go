package sim

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// facebookShort is the lifetime of a token before its exchange: 1 to 2 hours, a
	// sample says 4815 s [M-IGFB, C].
	facebookShort = 4815 * time.Second
	facebookCode  = 10 * time.Minute // [U]
)

// facebookScopes are what publishing to a Page and, for variant A of Instagram, to
// an account needs [PZ, M-IGFB, C], and some more that exist [M-PERM, D].
var facebookScopes = []string{
	"public_profile", "email", "pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management",
	"pages_manage_engagement", "pages_manage_metadata", "pages_read_user_content", "read_insights", "instagram_basic",
	"instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights", "ads_management", "ads_read",
}

// pageScopes are those of which one is needed to act as a Page [C].
var pageScopes = []string{
	"pages_read_engagement", "pages_manage_metadata", "pages_read_user_content", "pages_manage_ads", "pages_show_list", "pages_messaging",
}

func facebookRoutes() []route {
	return []route{
		{"GET /{version}/dialog/oauth", Authorize, facebookDialog},
		{"GET /{version}/oauth/access_token", Token, facebookToken},
		{"POST /{version}/oauth/access_token", Token, facebookToken},
		{"GET /{version}/debug_token", Introspect, facebookDebug},
		{"GET /{version}/me", Me, graph(facebookMe)},
		{"GET /{version}/me/permissions", Permissions, graph(facebookPermissions)},
		{"GET /{version}/me/accounts", Accounts, graph(facebookAccounts)},
		{"GET /{version}/me/businesses", Businesses, graph(facebookBusinesses)},
		{"GET /{version}/{id}/owned_pages", OwnedPages, graph(facebookOwned)},
		{"GET /{version}/{id}/client_pages", ClientPages, graph(facebookClient)},
		{"GET /{version}/{id}/content_publishing_limit", PublishingLimit, graph(facebookLimit)},
		{"GET /{version}/{id}", Object, graph(facebookObject)},
		{"DELETE /{version}/{id}/permissions", Revoke, graph(facebookRevoke)},
		{"DELETE /{version}/{id}/permissions/{permission}", Revoke, graph(facebookRevoke)},
	}
}

// facebookDialog is the login dialog [M-FLOW, D]. A wrong client id or redirect
// never calls back.
func facebookDialog(s *State, c *call) reply {
	q := c.query
	redirect, app := q.Get("redirect_uri"), s.app(Facebook, q.Get("client_id"))
	asked := words(q.Get("scope"))
	switch {
	case !version().MatchString(c.r.PathValue("version")): // C
		return page(http.StatusOK, "It looks like this app isn't available. This app needs at least one supported permission.")
	case app == nil: // composed
		return page(http.StatusOK, "Invalid App ID: The provided app ID does not look like a valid app ID.")
	case app.Disabled: // U
		return page(http.StatusOK, "App not active: This app is not accessible right now and the app developer is aware of the issue.")
	case !facebookRedirect(app, redirect): // C
		return page(http.StatusOK, "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings.")
	case q.Get("state") == "": // one of the required trio [D]; text composed
		return page(http.StatusOK, "The parameter state is required.")
	case q.Get("response_type") != "" && q.Get("response_type") != "code":
		return page(http.StatusOK, "The parameter response_type is not supported here.")
	case app.Config != "" && q.Get("config_id") != app.Config: // C
		return page(http.StatusOK, "It looks like this app isn't available. This app needs at least one supported permission.")
	}
	if app.Config != "" {
		asked = app.Scopes
	}
	allowed := facebookScopes
	if app.Scopes != nil {
		allowed = app.Scopes
	}
	if bad := without(asked, allowed); len(bad) > 0 { // U
		return page(http.StatusOK, "Invalid Scopes: "+strings.Join(bad, ", ")+". This message is only shown to developers.")
	}
	p, stop := s.meet(Facebook, c, redirect)
	if stop != nil {
		return *stop
	}
	if !app.Live && !slices.Contains(app.Testers, p.ID) { // U
		return page(http.StatusOK, "App not active: This app is not accessible right now and the app developer is aware of the issue.")
	}
	if a := c.consent.Answer; a == Cancel || a == CancelLogin {
		return back(redirect, facebookCancel(app, q.Get("state")), "")
	}
	g := s.facebookAllow(app, p, asked, c.consent.Untick, q.Get("auth_type") == "rerequest")
	code := s.newCode(code{site: Facebook, app: app.ID, person: p.ID, redirect: redirect, scopes: g.Scopes})
	return back(redirect, url.Values{"code": {code.value}, "state": {q.Get("state")}}, "")
}

// facebookCancel is what the app hears of a person who cancelled: M-FLOW's query
// [D], or with Login for Business the other one [C].
func facebookCancel(app *App, state string) url.Values {
	q := url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"}, "state": {state},
		"error_description": {"The user denied your request."}}
	if app.Config != "" {
		q.Set("error_code", "200")
		q.Set("error_description", "Permissions error")
	}
	return q
}

// facebookRedirect tells whether a redirect is allowed: an exact one, or in
// development any port of localhost, which live apps refuse like all http [C].
func facebookRedirect(app *App, redirect string) bool {
	if app.Live && !strings.HasPrefix(redirect, "https://") {
		return false
	}
	return slices.Contains(app.Redirects, redirect) || !app.Live && loopback(redirect, "localhost")
}

// facebookAllow is the person pressing Continue. Whom the app knows already is not
// shown the boxes again: what was declined or not ticked stays so, unless the app
// asks again with auth_type=rerequest [U, C].
func (s *State) facebookAllow(app *App, p *Person, asked, untick []string, rerequest bool) *Grant {
	var granted, declined, unticked []string
	if g := s.Grant(Facebook, app.ID, p.ID); g != nil {
		granted = g.Scopes
		if !rerequest {
			declined, unticked = g.Declined, g.Unticked
		}
	}
	refused := append(slices.Clone(declined), only(untick, asked)...)
	granted = append(without(granted, untick), without(asked, append(slices.Clone(granted), refused...))...)
	for id := range s.Pages {
		if slices.Contains(untick, id) && !slices.Contains(unticked, id) {
			unticked = append(unticked, id)
		}
	}
	return s.allow(Facebook, app.ID, p.ID, granted, without(refused, granted), unticked)
}

// facebookToken exchanges a code, or a short token for a long one [M-FLOW, M-LONG].
// GET with a query is documented; POST with a form works [U]. The secret is a
// parameter; a header is not read [C].
func facebookToken(s *State, c *call) reply {
	fail := func(e graphError) reply { return graphFail(s, e) }
	app := s.app(Facebook, c.param("client_id"))
	switch {
	case c.param("client_id") == "": // composed
		return fail(graphError{Code: 101, Message: "Missing client_id parameter."})
	case app == nil: // composed
		return fail(graphError{Code: 101, Message: "Error validating application. Cannot get application info due to a system error."})
	case c.param("client_secret") == "": // composed; the secret is mandatory [C]
		return fail(graphError{Code: 1, Message: "Missing client_secret parameter."})
	case !same(c.param("client_secret"), app.Secret): // U
		return fail(graphError{Code: 1, Message: "Error validating client secret."})
	case c.param("grant_type") == "fb_exchange_token":
		return s.facebookExchange(c, app)
	}
	code := s.codes[c.param("code")]
	switch {
	case code == nil || code.site != Facebook || code.app != app.ID: // composed
		return fail(graphError{Code: 100, Message: "Invalid verification code format."})
	case code.spent: // U
		return fail(graphError{Code: 100, Subcode: 36009, Message: "This authorization code has been used."})
	case s.after(code, facebookCode): // U
		return fail(graphError{Code: 100, Subcode: 36007, Message: "This authorization code has expired."})
	case code.redirect != c.param("redirect_uri"): // U
		return fail(graphError{Code: 100, Subcode: 36008, Message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"})
	}
	code.spent, c.who = true, code.person
	g := s.Grant(Facebook, app.ID, code.person)
	if g == nil {
		return fail(graphError{190, 458, "Error validating access token: The user has not authorized application " + app.ID + ".", false})
	}
	t, _ := s.mint(Facebook, g, g.Scopes, false)
	return say(http.StatusOK, obj{"access_token": t.Value, "token_type": "bearer", "expires_in": s.left(t)})
}

// facebookExchange gives a token of about 60 days for one that is not over [D/C].
func (s *State) facebookExchange(c *call, app *App) reply {
	old := s.Tokens[c.param("fb_exchange_token")]
	if old == nil || old.Site != Facebook || old.App != app.ID || old.Kind == PageToken {
		return graphFail(s, graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
	}
	c.who = old.Person
	if e := s.dead(old); e != nil {
		return graphFail(s, *e)
	}
	t := s.issue(Issued{Kind: LongToken, Site: Facebook, App: old.App, Person: old.Person, Scopes: old.Scopes}, longLife)
	return say(http.StatusOK, obj{"access_token": t.Value, "token_type": "bearer", "expires_in": s.left(t)})
}

// facebookDebug is debug_token [RESTFB, C]. It answers 200 for a dead token, with
// the error nested and its subcode under another name.
func facebookDebug(s *State, c *call) reply {
	if !s.mayDebug(graphToken(c), c.query.Get("input_token")) { // composed
		return graphFail(s, graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
	}
	t := s.Tokens[c.query.Get("input_token")]
	if t == nil || t.Site != Facebook {
		return say(http.StatusOK, obj{"data": obj{"is_valid": false, "scopes": []string{},
			"error": obj{"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}}})
	}
	app, g := s.app(Facebook, t.App), s.Grant(Facebook, t.App, t.Person)
	c.who = t.Person
	data := obj{"app_id": t.App, "application": app.Name, "type": "USER", "is_valid": true, "scopes": []string{},
		"user_id": scoped(t.App, t.Person, 15), "expires_at": unix(t.Expires), "issued_at": t.At.Unix()}
	if t.Kind == PageToken {
		data["type"], data["profile_id"] = "PAGE", t.Page
	}
	e := s.dead(t)
	if e == nil && t.Kind == PageToken {
		e = s.deadPage(t, g)
	}
	if g != nil {
		data["data_access_expires_at"] = unix(g.DataUntil)
	}
	if e != nil && e.Code == 190 {
		inner := obj{"code": e.Code, "message": e.Message}
		if e.Subcode != 0 {
			inner["subcode"] = e.Subcode
		}
		data["is_valid"], data["error"] = false, inner
		return say(http.StatusOK, obj{"data": data})
	}
	data["scopes"], data["granular_scopes"] = g.Scopes, s.granular(g)
	return say(http.StatusOK, obj{"data": data})
}

// mayDebug tells whether a token, or id|secret of an app, may look at another
// token: one of the same app [C].
func (s *State) mayDebug(token, input string) bool {
	t := s.Tokens[input]
	if id, secret, ok := strings.Cut(token, "|"); ok {
		app := s.app(Facebook, id)
		return app != nil && same(app.Secret, secret) && (t == nil || t.App == id)
	}
	with := s.Tokens[token]
	return with != nil && with.Site == Facebook && (t == nil || t.App == with.App) && (with == t || s.dead(with) == nil)
}

// granular are the scopes with the Pages that were ticked; without target_ids it
// is all of them [RESTFB sample, C; reading U].
func (s *State) granular(g *Grant) []obj {
	rows := []obj{}
	for _, scope := range g.Scopes {
		if !strings.HasPrefix(scope, "pages_") && !strings.HasPrefix(scope, "instagram_") {
			continue
		}
		row := obj{"scope": scope}
		if len(g.Unticked) > 0 {
			ids := []string{}
			for _, p := range s.managed(g.Person) {
				if !slices.Contains(g.Unticked, p.ID) {
					ids = append(ids, p.ID)
				}
			}
			row["target_ids"] = ids
		}
		rows = append(rows, row)
	}
	return rows
}

// graph is a handler behind a token of Facebook: it gets the token and its grant.
func graph(h func(*State, *call, *Issued, *Grant) reply) handler {
	return func(s *State, c *call) reply {
		token := graphToken(c)
		t := s.Tokens[token]
		switch {
		case !version().MatchString(c.r.PathValue("version")):
			return graphMissing(s, c)
		case token == "": // U
			return graphFail(s, graphError{Code: 2500, Message: "An active access token must be used to query information about the current user."})
		case t != nil && t.Site == Instagram: // wrong host for the token [U]
			return graphMissing(s, c)
		case t == nil || t.Site != Facebook: // U
			return graphFail(s, graphError{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
		}
		if e := s.dead(t); e != nil {
			return graphFail(s, *e)
		}
		g := s.Grant(Facebook, t.App, t.Person)
		if t.Kind == PageToken {
			if e := s.deadPage(t, g); e != nil {
				return graphFail(s, *e)
			}
		}
		return usage(h(s, c, t, g), s.Usage[Facebook], c)
	}
}

// deadPage is what is wrong with a Page token beyond its person's [M-ERR, D; the
// texts without a subcode C].
func (s *State) deadPage(t *Issued, g *Grant) *graphError {
	p, person := s.Pages[t.Page], s.person(Facebook, t.Person)
	switch {
	case p == nil || p.Deleted || p.Unpublished && len(p.Tasks[t.Person]) == 0:
		return &graphError{Code: 190, Message: "This Page access token belongs to a Page that is not accessible."}
	case len(p.Tasks[t.Person]) == 0:
		return &graphError{190, 492, "Error validating access token: The user associated with the Page access token does not have an appropriate role on the Page.", false}
	case p.TwoFactor && !person.TwoFactor:
		return &graphError{Code: 190, Message: "The user must be an administrator, editor, or moderator of the page in order to impersonate it. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor Authentication."}
	case slices.Contains(g.Unticked, p.ID), len(only(g.Scopes, pageScopes)) == 0:
		return &graphError{Code: 190, Message: "Any of the pages_read_engagement, pages_manage_metadata, pages_read_user_content, pages_manage_ads, pages_show_list or pages_messaging permission(s) must be granted before impersonating a user's page."}
	}
	return nil
}

// lacks is the error of a permission that was not granted [M-ERR, D].
func lacks(s *State, g *Grant, scope string) *reply {
	if slices.Contains(g.Scopes, scope) && !slices.Contains(g.Lapsed, scope) {
		return nil
	}
	e := graphError{Code: 200, Message: "(#200) Requires " + scope + " permission to manage the object"}
	if slices.Contains(g.Lapsed, scope) { // 90 days without use [C]
		e = graphError{Code: 10, Message: "(#10) Application does not have permission for this action"}
	}
	answer := graphFail(s, e)
	return &answer
}

// facebookMe is who a token belongs to: the person, or with a Page token the Page.
func facebookMe(s *State, c *call, t *Issued, g *Grant) reply {
	if t.Kind == PageToken {
		return s.pageObject(c, t, g, s.Pages[t.Page])
	}
	full := obj{"id": scoped(t.App, t.Person, 15), "name": s.person(Facebook, t.Person).Name}
	return chosen(s, c, full, "id,name", "User", "email", "picture", "first_name", "last_name")
}

// chosen is an object with the fields of the call, or else with those of usual.
func chosen(s *State, c *call, full obj, usual, kind string, known ...string) reply {
	text := c.query.Get("fields")
	if text == "" {
		text = usual
	}
	some, err := picked(full, fieldsOf(text), kind, known...)
	if err != nil {
		return graphFail(s, *err)
	}
	return say(http.StatusOK, some)
}

// facebookPermissions is what was granted, declined, or lapsed [PZ, C; expired U].
func facebookPermissions(_ *State, _ *call, _ *Issued, g *Grant) reply {
	rows := []obj{}
	for _, scope := range g.Scopes {
		status := "granted"
		if slices.Contains(g.Lapsed, scope) {
			status = "expired"
		}
		rows = append(rows, obj{"permission": scope, "status": status})
	}
	for _, scope := range g.Declined {
		rows = append(rows, obj{"permission": scope, "status": "declined"})
	}
	return say(http.StatusOK, obj{"data": rows})
}

// managed are the Pages on which a person has a role, in the order of their ids.
func (s *State) managed(person string) []*Page {
	var list []*Page
	for _, id := range sorted(s.Pages) {
		if p := s.Pages[id]; !p.Deleted && len(p.Tasks[person]) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// pagesOf are the Pages that /me/accounts shows: with a role, ticked, and if a
// portfolio owns the Page only with business_management [C].
func (s *State) pagesOf(g *Grant) []*Page {
	return slices.DeleteFunc(s.managed(g.Person), func(p *Page) bool {
		return slices.Contains(g.Unticked, p.ID) || p.Business != "" && !slices.Contains(g.Scopes, "business_management")
	})
}

// facebookAccounts are the Pages of a person with their tasks and tokens [M-PAGES, D].
func facebookAccounts(s *State, c *call, t *Issued, g *Grant) reply {
	if stop := lacks(s, g, "pages_show_list"); stop != nil {
		return *stop
	}
	return s.pageRows(c, t, g, s.pagesOf(g), "access_token,category,category_list,name,id,tasks")
}

func facebookBusinesses(s *State, c *call, t *Issued, g *Grant) reply {
	if stop := lacks(s, g, "business_management"); stop != nil {
		return *stop
	}
	rows := []any{}
	for _, id := range sorted(s.Businesses) {
		if b := s.Businesses[id]; slices.Contains(b.People, t.Person) {
			rows = append(rows, obj{"id": b.ID, "name": b.Name})
		}
	}
	return paged(c, rows)
}

func facebookOwned(s *State, c *call, t *Issued, g *Grant) reply {
	return s.businessPages(c, t, g, func(p *Page, id string) bool { return p.Business == id })
}

func facebookClient(s *State, c *call, t *Issued, g *Grant) reply {
	return s.businessPages(c, t, g, func(p *Page, id string) bool { return p.Client == id })
}

// businessPages are the Pages of a portfolio, those that were not ticked among
// them: that is how they are found [PZ, C]. Such a row has no token.
func (s *State) businessPages(c *call, t *Issued, g *Grant, is func(*Page, string) bool) reply {
	if stop := lacks(s, g, "business_management"); stop != nil {
		return *stop
	}
	id := c.r.PathValue("id")
	b := s.Businesses[id]
	if b == nil || !slices.Contains(b.People, t.Person) {
		return gone(s, id)
	}
	var pages []*Page
	for _, key := range sorted(s.Pages) {
		if p := s.Pages[key]; !p.Deleted && is(p, id) {
			pages = append(pages, p)
		}
	}
	return s.pageRows(c, t, g, pages, "id,name")
}

// gone is an object that is not there, or not for this person's eyes [C].
func gone(s *State, id string) reply {
	return graphFail(s, graphError{100, 33, "Unsupported get request. Object with ID '" + id +
		"' does not exist, cannot be loaded due to missing permissions, or does not support this operation.", false})
}

// pageRows are the rows of Pages, page by page.
func (s *State) pageRows(c *call, t *Issued, g *Grant, pages []*Page, usual string) reply {
	text := c.query.Get("fields")
	if text == "" {
		text = usual
	}
	rows := []any{}
	for _, p := range pages {
		row, err := picked(s.pageFields(t, g, p), fieldsOf(text), "Page", pageFields...)
		if err != nil {
			return graphFail(s, *err)
		}
		rows = append(rows, row)
	}
	return paged(c, rows)
}

// pageFields are the fields that a Page can be without.
var pageFields = []string{
	"instagram_business_account", "connected_instagram_account", "access_token", "tasks", "username", "picture",
	"link", "category_list", "category", "business",
}

// pageFields are a Page's fields as a person sees them. instagram_business_account
// is there when the linked account is professional [C], connected_instagram_account
// for any [U].
func (s *State) pageFields(t *Issued, g *Grant, p *Page) obj {
	full := obj{"id": p.ID, "name": p.Name, "is_published": !p.Unpublished, "category": "Bakery"}
	if tasks := p.Tasks[t.Person]; len(tasks) > 0 {
		full["tasks"] = tasks
		if slices.Contains(s.pagesOf(g), p) && s.deadPage(&Issued{Page: p.ID, Person: t.Person}, g) == nil {
			full["access_token"] = s.pageToken(t, p).Value
		}
	}
	if p.Business != "" {
		full["business"] = obj{"id": p.Business, "name": s.Businesses[p.Business].Name}
	}
	if ig := s.person(Instagram, p.Instagram); ig != nil && slices.Contains(g.Scopes, "instagram_basic") {
		account := obj{"id": ig.ID, "username": ig.Username, "name": ig.Name, "profile_picture_url": pictureURL}
		full["connected_instagram_account"] = account
		if ig.Type != PersonalType {
			full["instagram_business_account"] = account
		}
	}
	return full
}

const pictureURL = "https://cdn.invalid/picture.jpg"

// pageToken is the token of a Page for a person. One that was fetched with a
// long-lived token never ends by time [M-LONG, C]; else it ends with the person's.
func (s *State) pageToken(t *Issued, p *Page) *Issued {
	long := t.Kind == LongToken
	for _, old := range s.Tokens {
		if old.Kind == PageToken && old.Ending == Alive && old.App == t.App && old.Person == t.Person && old.Page == p.ID && old.Expires.IsZero() == long {
			return old
		}
	}
	var life time.Duration
	if !long {
		life = t.Expires.Sub(s.now())
	}
	return s.issue(Issued{Kind: PageToken, Site: Facebook, App: t.App, Person: t.Person, Page: p.ID, Scopes: t.Scopes}, life)
}

// paged is a list, limit rows at a time, with cursors and the address of the next.
func paged(c *call, rows []any) reply {
	if len(rows) == 0 {
		return say(http.StatusOK, obj{"data": rows})
	}
	limit, err := strconv.Atoi(c.query.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 25
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(c.query.Get("after"), "c"))
	from = max(0, min(from, len(rows)))
	to := min(from+limit, len(rows))
	paging := obj{"cursors": obj{"before": fmt.Sprintf("c%d", from), "after": fmt.Sprintf("c%d", to)}}
	if to < len(rows) {
		q := url.Values{}
		for name, values := range c.query {
			q[name] = values
		}
		q.Set("after", fmt.Sprintf("c%d", to))
		paging["next"] = c.base + c.r.URL.Path + "?" + q.Encode()
	}
	return say(http.StatusOK, obj{"data": rows[from:to], "paging": paging})
}

// facebookObject is a Page, or an Instagram account behind one.
func facebookObject(s *State, c *call, t *Issued, g *Grant) reply {
	id := c.r.PathValue("id")
	if p := s.Pages[id]; p != nil && s.visible(p, t, g) {
		return s.pageObject(c, t, g, p)
	}
	if ig, stop := s.instagramBehind(t, g, id); ig != nil || stop != nil {
		if stop != nil {
			return *stop
		}
		return chosen(s, c, obj{"id": ig.ID, "username": ig.Username, "name": ig.Name, "profile_picture_url": pictureURL},
			"id", "IGUser", "followers_count", "media_count", "biography", "website")
	}
	if id == scoped(t.App, t.Person, 15) {
		return facebookMe(s, c, t, g)
	}
	return gone(s, id)
}

// visible tells whether a person sees a Page through an app.
func (s *State) visible(p *Page, t *Issued, g *Grant) bool {
	return !p.Deleted && (t.Kind != PageToken || t.Page == p.ID) && slices.Contains(s.pagesOf(g), p)
}

func (s *State) pageObject(c *call, t *Issued, g *Grant, p *Page) reply {
	return chosen(s, c, s.pageFields(t, g, p), "id,name", "Page", pageFields...)
}

// instagramBehind is the professional account with an id that is linked to a Page
// the person sees [C]. Unlinked, or personal again, it is gone [C].
func (s *State) instagramBehind(t *Issued, g *Grant, id string) (*Person, *reply) {
	for _, p := range s.Pages {
		ig := s.person(Instagram, p.Instagram)
		if ig == nil || ig.ID != id || ig.Type == PersonalType || !s.visible(p, t, g) {
			continue
		}
		if ig.Condition == Limited {
			answer := graphFail(s, graphError{25, 2207050, "The Instagram account is restricted.", false})
			return nil, &answer
		}
		return ig, lacks(s, g, "instagram_basic")
	}
	return nil, nil
}

// facebookLimit is how much of Instagram's quota is used [M-IGFB, C].
func facebookLimit(s *State, c *call, t *Issued, g *Grant) reply {
	id := c.r.PathValue("id")
	ig, stop := s.instagramBehind(t, g, id)
	if stop != nil {
		return *stop
	}
	if ig == nil {
		return gone(s, id)
	}
	return quota(s)
}

// quota is the publishing limit: 50 or 100, the docs contradict themselves [C].
func quota(s *State) reply {
	return say(http.StatusOK, obj{"data": []any{obj{"quota_usage": s.QuotaUsed, "config": obj{"quota_total": 50, "quota_duration": 86400}}}})
}

// facebookRevoke removes the app for a person, or one permission of it [U].
func facebookRevoke(s *State, c *call, t *Issued, g *Grant) reply {
	if id := c.r.PathValue("id"); id != "me" && id != scoped(t.App, t.Person, 15) {
		return gone(s, id)
	}
	if scope := c.r.PathValue("permission"); scope != "" {
		g.Scopes = without(g.Scopes, []string{scope})
		return say(http.StatusOK, obj{"success": true})
	}
	g.Removed = true
	s.endWhere(Removed, func(o *Issued) bool { return o.Site == Facebook && o.App == t.App && o.Person == t.Person })
	return say(http.StatusOK, obj{"success": true})
}

// unix is a time in seconds; 0 for never.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// same compares secrets.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
