package platforms

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"reconnect/platforms/text"
)

// What fits on a screen of 80 columns and 24 lines, in cells.
const (
	maxTitle   = 48
	maxWhy     = 2 * 74
	maxText    = 70 // an instruction
	maxWarn    = 2 * 68
	maxAsk     = 74
	maxLabel   = 24 // an answer
	maxMeans   = 46
	maxImpact  = 62
	maxChange  = 50
	maxWhoText = 74
	maxSays    = 74 // a rule
	maxBranch  = 40 // an answer that branches off
	maxPage    = 44 // the title of its pages
	maxDo      = 6  // instructions
)

// placeholders are the names that a text may have in braces.
var placeholders = []string{"platform", "noun", "login", "account", "use"}

// longest are values as long as a placeholder of the basis can become.
func longest() map[string]text.Safe {
	return map[string]text.Safe{
		"platform": text.Const("Instagram"),
		"noun":     text.Const("account"),
		"login":    text.Const("Instagram or Facebook login"),
		"account":  text.Const("Brightside Bakery GmbH"),
		"use":      text.Const("owner@brightside-bakery.example"),
	}
}

func (f *file) checkBasis(b basis) {
	f.vars = longest()
	for _, s := range shapes {
		page, ok := b.Pages[s.Page]
		path := under("pages", s.Page)
		if !ok {
			f.bad(path, "the page is missing")
			continue
		}
		f.checkPage(path, page)
		f.checkWhole(path, page, s)
		if _, ok := b.Pages[page.Like]; page.Like != "" && !ok {
			f.bad(under(path, "like"), "no such page")
		}
	}
	f.checkNames(b.Pages)
	f.checkTests(b.Tests, nil, nil)
	f.checkBranches(b.Branches, b.Branches)
	for _, id := range BranchIDs() {
		if !slices.ContainsFunc(b.Branches, func(o Branch) bool { return o.ID == id }) {
			f.bad("branches", "the branch %q is missing", id)
		}
	}
}

// checkNames finds pages and answers that the ladder does not know.
func (f *file) checkNames(pages map[string]Page) {
	for name, page := range pages {
		path := under("pages", name)
		shape, ok := shapeOf(name)
		if !ok {
			f.bad(path, "no such page")
			continue
		}
		var seen []string
		for i, c := range page.Choices {
			at := fmt.Sprintf("%s.choices[%d].id", path, i)
			if !slices.Contains(shape.Choices, c.ID) {
				f.bad(at, "this page has no answer %q; it has %s", c.ID, list(shape.Choices))
			}
			if slices.Contains(seen, c.ID) {
				f.bad(at, "the answer %q is there twice", c.ID)
			}
			seen = append(seen, c.ID)
		}
	}
}

// checkWhole tells whether a page of the basis has all that a page needs.
func (f *file) checkWhole(path string, p Page, s Shape) {
	f.need(under(path, "title"), p.Title)
	f.need(under(path, "why"), p.Why.Own)
	if len(s.Choices) > 0 {
		f.need(under(path, "ask"), p.Ask.Own)
	}
	for _, id := range s.Choices {
		at := slices.IndexFunc(p.Choices, func(c Choice) bool { return c.ID == id })
		if at < 0 {
			f.bad(under(path, "choices"), "the answer %q is missing", id)
			continue
		}
		f.need(fmt.Sprintf("%s.choices[%d].label", path, at), p.Choices[at].Label)
	}
}

// checkPage tests what holds for the pages of the basis and of a platform.
func (f *file) checkPage(path string, p Page) {
	f.fits(under(path, "title"), p.Title, maxTitle)
	f.fit(under(path, "why"), p.Why, maxWhy)
	f.fit(under(path, "ask"), p.Ask, maxAsk)
	f.checkDo(under(path, "do"), p.Do)
	f.checkNotes(under(path, "more"), p.More)
	for i, c := range p.Choices {
		f.fits(fmt.Sprintf("%s.choices[%d].label", path, i), c.Label, maxLabel)
		f.fits(fmt.Sprintf("%s.choices[%d].means", path, i), c.Means, maxMeans)
	}
	if p.Impact == nil {
		return
	}
	at := under(path, "impact")
	f.checkFact(at, p.Impact.Fact)
	f.fit(under(at, "stops"), p.Impact.Stops, maxImpact)
	f.fit(under(at, "deleted"), p.Impact.Deleted, maxImpact)
	f.fit(under(at, "stays"), p.Impact.Stays, maxImpact)
	f.fit(under(at, "falls"), p.Impact.Falls, maxImpact)
	f.fit(under(at, "unknown"), p.Impact.Unknown, maxImpact)
}

func (f *file) checkDo(path string, do []Instruction) {
	if len(do) > maxDo {
		f.bad(path, "%d instructions; %d fit on a page", len(do), maxDo)
	}
	var seen []string
	for i, in := range do {
		at := fmt.Sprintf("%s[%d]", path, i)
		if slices.Contains(seen, in.ID) {
			f.bad(under(at, "id"), "the instruction %q is there twice", in.ID)
		}
		seen = append(seen, in.ID)
		f.checkInstruction(at, in)
	}
}

func (f *file) checkInstruction(path string, in Instruction) {
	if in.ID == "" {
		f.bad(under(path, "id"), "the id is missing")
	}
	if in.ID == WholePage {
		f.bad(under(path, "id"), "%q means the whole page where somebody reports that the guide does not match: use another id", WholePage)
	}
	f.need(under(path, "text"), in.Text.Own)
	f.fit(under(path, "text"), in.Text, maxText)
	f.fit(under(path, "warn"), in.Warn, maxWarn)
	if !slices.Contains([]string{"", "web", "app"}, in.Where) {
		f.bad(under(path, "where"), `this must be "web" or "app", or left out`)
	}
	if link := in.Link.String(); link != "" {
		f.checkLink(under(path, "link"), link)
	}
	f.checkFact(path, in.Fact)
	f.checkHonest(under(path, "text"), in)
}

// checkHonest wants a path that nobody verified to be worded as one. Menus of
// phone apps change often, so there only an official page counts.
func (f *file) checkHonest(path string, in Instruction) {
	if in.Certainty == Documented || in.Certainty == InCode && in.Where != "app" {
		return
	}
	for _, a := range Audiences() {
		if !strings.Contains(strings.ToLower(in.Text.For(a).String()), "look for") {
			f.bad(path, `not verified, so it must say "look for" (wording %q)`, a)
			return
		}
	}
}

func (f *file) checkNotes(path string, notes []Note) {
	for i, n := range notes {
		f.checkNote(fmt.Sprintf("%s[%d]", path, i), n)
	}
}

func (f *file) checkNote(path string, n Note) {
	f.need(under(path, "text"), n.Text.Own)
	f.checkFact(path, n.Fact)
}

func (f *file) checkLink(path, link string) {
	u, err := url.Parse(link)
	switch {
	case err != nil:
		f.bad(path, "not an address: %v", err)
	case u.Scheme != "https" || u.Host == "" || u.User != nil:
		f.bad(path, "this must be a whole https address")
	}
}

func (f *file) checkFact(path string, fact Fact) {
	f.need(under(path, "source"), fact.Source)
	if fact.Certainty == "" {
		f.bad(under(path, "certainty"), "the certainty is missing")
	} else if !slices.Contains([]Certainty{Documented, InCode, Unverified}, fact.Certainty) {
		f.bad(under(path, "certainty"), `this must be "documented", "code" or "unverified"`)
	}
	_, err := time.Parse(time.DateOnly, fact.Read)
	switch {
	case fact.Certainty == Unverified && fact.Read != "":
		f.bad(under(path, "read"), "nobody read what is unverified: leave the day out")
	case fact.Certainty != Unverified && fact.Read == "":
		f.bad(under(path, "read"), "the day it was last read is missing")
	case fact.Read != "" && err != nil:
		f.bad(under(path, "read"), "this must be a day written as 2006-01-02")
	}
}

func (f *file) checkGuide(g Guide, b basis, id ID) {
	f.vars = g.Vars()
	f.need("name", g.Name)
	f.need("noun", g.Noun)
	f.need("login", g.Login)
	f.need("example", g.Example)
	f.checkNotes("before", g.Before)
	f.checkNote("expiry", g.Expiry)
	if len(g.Before) == 0 {
		f.bad("before", "the prerequisites are missing")
	}
	f.checkInstruction("outage", g.Outage)
	f.checkNames(g.Pages)
	for name, page := range g.Pages {
		f.checkPage(under("pages", name), page)
		f.checkMerge(under("pages", name), page, b.Pages[name])
		if page.Like != "" {
			f.bad(under(under("pages", name), "like"), "only a common page can be like another one")
		}
	}
	f.checkChanges(g.Changes)
	f.checkChecks(g)
	whole := g.over(b, id)
	f.checkTests(g.Tests, whole.Tests, g.Changes)
	f.checkBranches(g.Branches, whole.Branches)
	f.checkNamed(g, whole)
}

// checkTests tests further checks. whole are the same with what the common ones
// say; a common test stands for itself.
func (f *file) checkTests(own, whole []Check, changes []Change) {
	var seen []string
	for i, c := range own {
		path := fmt.Sprintf("tests[%d]", i)
		if c.ID == "" {
			f.bad(under(path, "id"), "the id is missing")
		}
		if slices.Contains(seen, c.ID) {
			f.bad(under(path, "id"), "the test %q is there twice", c.ID)
		}
		seen = append(seen, c.ID)
		f.checkPlatforms(under(path, "platforms"), c.Platforms)
		if whole != nil && len(c.Platforms) > 0 {
			f.bad(under(path, "platforms"), "only a common test names platforms")
		}
		if at := slices.IndexFunc(whole, func(o Check) bool { return o.ID == c.ID }); at >= 0 {
			c = whole[at]
		}
		f.checkCheck(path, c, changes)
	}
}

func (f *file) checkBranches(own, whole []Branch) {
	var seen []string
	for i, b := range own {
		path := fmt.Sprintf("branches[%d]", i)
		if !slices.Contains(BranchIDs(), b.ID) {
			f.bad(under(path, "id"), "no branch %q; known are %s", b.ID, list(BranchIDs()))
			continue
		}
		if slices.Contains(seen, b.ID) {
			f.bad(under(path, "id"), "the branch %q is there twice", b.ID)
		}
		seen = append(seen, b.ID)
		f.checkPlatforms(under(path, "platforms"), b.Platforms)
		at := slices.IndexFunc(whole, func(o Branch) bool { return o.ID == b.ID })
		if at < 0 {
			f.bad(under(path, "id"), "the common branch %q is not for this platform", b.ID)
			continue
		}
		f.checkBranch(path, whole[at])
	}
}

func (f *file) checkBranch(path string, b Branch) {
	f.need(under(path, "label"), b.Label.Own)
	f.fit(under(path, "label"), b.Label, maxBranch)
	f.need(under(path, "title"), b.Title.Own)
	f.fit(under(path, "title"), b.Title, maxPage)
	f.need(under(path, "listen"), b.Listen.Own)
	f.checkFact(path, b.Fact)
	if len(b.Checks) == 0 {
		f.bad(under(path, "checks"), "the checks are missing")
	}
}

// checkNamed tells whether the ids of a whole guide's checks differ, and whether
// its branches name checks that there are.
func (f *file) checkNamed(own, whole Guide) {
	for i, c := range own.Checks {
		if slices.ContainsFunc(whole.Tests, func(t Check) bool { return t.ID == c.ID }) {
			f.bad(fmt.Sprintf("checks[%d].id", i), "a test is called %q, too", c.ID)
		}
	}
	for _, b := range whole.Branches {
		path := "branches"
		if at := slices.IndexFunc(own.Branches, func(o Branch) bool { return o.ID == b.ID }); at >= 0 {
			path = fmt.Sprintf("branches[%d]", at)
		}
		for i, id := range b.Checks {
			at := fmt.Sprintf("%s.checks[%d]", path, i)
			if _, ok := whole.Check(id); !ok {
				f.bad(at, "the branch %q names a check %q that this platform does not have", b.ID, id)
			}
			if slices.Contains(b.Checks[:i], id) {
				f.bad(at, "the branch %q names the check %q twice", b.ID, id)
			}
		}
	}
}

// checkMerge tells whether a platform's page can be laid over the common one.
func (f *file) checkMerge(path string, own, common Page) {
	do := slices.Clone(common.Do)
	for i, in := range own.Do {
		at := fmt.Sprintf("%s.do[%d].after", path, i)
		has := func(id string) bool {
			return slices.ContainsFunc(do, func(o Instruction) bool { return o.ID == id })
		}
		switch {
		case in.After != "" && has(in.ID):
			f.bad(at, "the instruction replaces %q of the common page, so it stands where that stood", in.ID)
		case in.After != "" && in.After != "-" && !has(in.After):
			f.bad(at, "there is no instruction %q to stand behind", in.After)
		}
		do = place(do, in)
	}
	if len(do) > maxDo {
		f.bad(under(path, "do"), "%d instructions together with the common page; %d fit on a page", len(do), maxDo)
	}
	if own.Impact != nil && common.Impact == nil {
		f.bad(under(path, "impact"), "the common page has no impact to add to")
	}
}

func (f *file) checkChanges(changes []Change) {
	if len(changes) == 0 {
		f.bad("changes", "the changes are missing")
	}
	var seen []string
	for i, c := range changes {
		path := fmt.Sprintf("changes[%d]", i)
		if !slices.Contains(changeIDs, c.ID) {
			f.bad(under(path, "id"), "no change %q; known are %s", c.ID, list(changeIDs))
		}
		if slices.Contains(seen, c.ID) {
			f.bad(under(path, "id"), "the change %q is there twice", c.ID)
		}
		seen = append(seen, c.ID)
		f.need(under(path, "label"), c.Label)
		f.fits(under(path, "label"), c.Label, maxChange)
		f.need(under(path, "means"), c.Means.Own)
		f.checkFact(path, c.Fact)
	}
}

func (f *file) checkChecks(g Guide) {
	var seen []string
	for i, c := range g.Checks {
		path := fmt.Sprintf("checks[%d]", i)
		if c.ID == "" {
			f.bad(under(path, "id"), "the id is missing")
		}
		if slices.Contains(seen, c.ID) {
			f.bad(under(path, "id"), "the check %q is there twice", c.ID)
		}
		seen = append(seen, c.ID)
		f.checkCheck(path, c, g.Changes)
	}
}

func (f *file) checkCheck(path string, c Check, changes []Change) {
	f.need(under(path, "title"), c.Title)
	f.fits(under(path, "title"), c.Title, maxTitle)
	f.need(under(path, "ask"), c.Ask.Own)
	f.fit(under(path, "ask"), c.Ask, maxAsk)
	f.need(under(path, "why"), c.Why.Own)
	f.fit(under(path, "why"), c.Why, maxWhy)
	f.need(under(path, "whoText"), c.WhoText.Own)
	f.fit(under(path, "whoText"), c.WhoText, maxWhoText)
	if len(c.How) == 0 {
		f.bad(under(path, "how"), "how to look is missing")
	}
	if len(c.Mend) == 0 {
		f.bad(under(path, "mend"), "how to mend it is missing")
	}
	f.checkDo(under(path, "how"), c.How)
	f.checkDo(under(path, "mend"), c.Mend)
	f.checkFact(path, c.Fact)
	if !slices.Contains(Owners(), c.Who) {
		f.bad(under(path, "who"), "no such owner %q", c.Who)
	}
	if !slices.Contains(Causes(), c.Cause) {
		f.bad(under(path, "cause"), "no such cause %q", c.Cause)
	}
	if c.Change != "" && !slices.ContainsFunc(changes, func(o Change) bool { return o.ID == c.Change }) {
		f.bad(under(path, "change"), "this platform has no change %q", c.Change)
	}
}

// checkBraces finds placeholders that nobody fills in.
func (f *file) checkBraces(path, s string) {
	for {
		_, rest, found := strings.Cut(s, "{")
		if !found {
			return
		}
		name, after, _ := strings.Cut(rest, "}")
		if !slices.Contains(placeholders, name) {
			f.bad(path, "no placeholder {%s}; known are %s", name, list(placeholders))
		}
		s = after
	}
}

func (f *file) need(path string, s text.Safe) {
	if s.Empty() && !f.has(path) {
		f.bad(path, "the text is missing")
	}
}

// fit tells whether the wordings of w have room, in cells.
func (f *file) fit(path string, w Words, room int) {
	for _, a := range Audiences() {
		at := path
		if f.has(under(path, string(a))) {
			at = under(path, string(a))
		}
		if !f.fits(at, w.For(a), room) {
			return
		}
	}
}

func (f *file) fits(path string, s text.Safe, room int) bool {
	cells := uniseg.StringWidth(s.Fill(f.vars).String())
	if cells > room {
		f.bad(path, "the text takes %d cells; there is room for %d", cells, room)
	}
	return cells <= room
}

func list[S ~string](names []S) string {
	plain := make([]string, len(names))
	for i, name := range names {
		plain[i] = string(name)
	}
	return strings.Join(plain, ", ")
}
