package sim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What follows is the Graph API of Facebook's Pages, and of the Instagram accounts
// that are linked to them.

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
		if slices.Contains(s.pagesOf(g), p) {
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
