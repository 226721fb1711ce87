package draft

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Sighting is one report that the guide does not match a screen.
type Sighting struct {
	Platform platforms.ID
	Page     string // as the guide names it, "check.admin" and "mend.admin" for a check
	Item     string // id of the instruction, or [platforms.WholePage]
	Text     text.Safe
	Case     string
	At       time.Time
}

// A Gap is an instruction that did not match, with all that was seen instead.
type Gap struct {
	Platform platforms.ID `json:"platform"`
	Page     string       `json:"page"`
	Item     string       `json:"item"`
	Count    int          `json:"count"` // reports
	Cases    []string     `json:"cases"` // the newest report first
	First    time.Time    `json:"first"`
	Last     time.Time    `json:"last"`
	Seen     []Seen       `json:"seen"` // most frequent first

	all []Sighting
}

// A Seen is one text, however often it was written. White space does not count.
type Seen struct {
	Text  text.Safe `json:"text"` // as it was written last
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// Group makes one gap of all sightings of an instruction, most frequent first.
func Group(all []Sighting) []Gap {
	type key struct {
		platform   platforms.ID
		page, item string
	}
	groups := map[key][]Sighting{}
	for _, s := range all {
		k := key{s.Platform, s.Page, s.Item}
		groups[k] = append(groups[k], s)
	}
	var gaps []Gap
	for _, g := range groups {
		gaps = append(gaps, gapOf(g))
	}
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(b.Count-a.Count, len(b.Cases)-len(a.Cases), b.Last.Compare(a.Last),
			cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Item, b.Item))
	})
	return gaps
}

// gapOf is one gap of sightings, of which there is at least one. It is named for
// the newest.
func gapOf(all []Sighting) Gap {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Sighting) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Case, b.Case), cmp.Compare(a.Text.String(), b.Text.String()))
	})
	last := all[0]
	g := Gap{Platform: last.Platform, Page: last.Page, Item: last.Item, Count: len(all),
		First: all[len(all)-1].At, Last: last.At, all: all}
	for _, s := range all {
		if !slices.Contains(g.Cases, s.Case) {
			g.Cases = append(g.Cases, s.Case)
		}
		g.see(s)
	}
	slices.SortStableFunc(g.Seen, func(a, b Seen) int { return b.Count - a.Count })
	return g
}

// see counts one text. The newest come first.
func (g *Gap) see(s Sighting) {
	same := func(o Seen) bool { return flat(o.Text) == flat(s.Text) }
	if i := slices.IndexFunc(g.Seen, same); i >= 0 {
		g.Seen[i].Count++
		return
	}
	g.Seen = append(g.Seen, Seen{s.Text, 1, s.At})
}

// flat is s on one line.
func flat(s text.Safe) string { return strings.Join(strings.Fields(s.String()), " ") }

// merged is one gap of several.
func merged(gaps []Gap) Gap {
	var all []Sighting
	for _, g := range gaps {
		all = append(all, g.all...)
	}
	return gapOf(all)
}
