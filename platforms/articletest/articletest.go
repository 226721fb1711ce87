// Package articletest tells whether something that shows the guide carries every
// statement of the help article.
//
// It holds a table: each sentence of the article, the place of the guide where a
// person needs it, and the words that must stand there. Whoever shows the guide
// supplies a function that renders one place for one audience; [Missing] names
// what is not there. Nothing here knows how a place is rendered.
package articletest

import (
	"fmt"
	"slices"
	"strings"

	"reconnect/platforms"
)

// A Row is one statement of the article.
type Row struct {
	Says string         // the article's words
	On   []platforms.ID // the platforms it is about; empty for all
	// At are the places that carry it: the name of a page, "check.ID",
	// "change.ID" or "expiry". Each of them must. None for a heading.
	At []string
	// Words must all occur, whatever the case and the line breaks. " | " stands
	// between alternatives, {platform} for the platform's name.
	Words []string
}

// Render is the text of a place, as a person of that audience gets it.
type Render func(p platforms.Service, a platforms.Audience, place string) string

// A Gap is a statement that does not reach a person.
type Gap struct {
	Row      Row
	Platform platforms.ID
	Audience platforms.Audience
	Place    string
	Words    string // that are not there
}

func (g Gap) Error() string {
	return fmt.Sprintf("%s, %s, %s: %q is missing, of the article's %q", g.Platform, g.Audience, g.Place, g.Words, g.Row.Says)
}

// Missing are the statements that render does not carry.
func Missing(render Render) []Gap {
	var gaps []Gap
	for _, s := range platforms.All() {
		for _, a := range platforms.Audiences() {
			pages := map[string]string{}
			for _, row := range Rows() {
				if len(row.On) == 0 || slices.Contains(row.On, s.ID) {
					gaps = append(gaps, row.missing(s, a, pages, render)...)
				}
			}
		}
	}
	return gaps
}

// missing are the gaps of one statement. pages keeps what was rendered.
func (r Row) missing(s platforms.Service, a platforms.Audience, pages map[string]string, render Render) []Gap {
	var gaps []Gap
	for _, place := range r.At {
		if _, ok := pages[place]; !ok {
			pages[place] = flat(render(s, a, place))
		}
		for _, words := range r.Words {
			if !carries(pages[place], strings.ReplaceAll(words, "{platform}", s.Guide().Name.String())) {
				gaps = append(gaps, Gap{r, s.ID, a, place, words})
			}
		}
	}
	return gaps
}

// carries tells whether one of the alternatives occurs in a flat text.
func carries(page, words string) bool {
	for alternative := range strings.SplitSeq(words, " | ") {
		if strings.Contains(page, flat(alternative)) {
			return true
		}
	}
	return false
}

// flat is s in small letters on one line.
func flat(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// Uncovered are the lines of the article that have words which no row quotes,
// with those words.
func Uncovered(article string) []string {
	var lines []string
	for line := range strings.Lines(article) {
		rest := line
		for _, row := range Rows() {
			rest = strings.ReplaceAll(rest, row.Says, "")
		}
		if rest = strings.Trim(rest, " \n\r-—:;.,0123456789"); rest != "" {
			lines = append(lines, fmt.Sprintf("%q in %q", rest, strings.TrimSpace(line)))
		}
	}
	return lines
}

// Text renders a place from the guide's data, with everything the data has for it.
func Text(s platforms.Service, a platforms.Audience, place string) string {
	g := s.Guide()
	g = g.Fill(g.Vars())
	var b strings.Builder
	kind, id, _ := strings.Cut(place, ".")
	switch kind {
	case "check":
		for _, c := range g.Checks {
			if c.ID == id {
				fmt.Fprintln(&b, c.Title, c.Ask.For(a), c.Why.For(a), c.WhoText.For(a))
				writeDo(&b, a, c.How)
				writeDo(&b, a, c.Mend)
			}
		}
	case "change":
		for _, c := range g.Changes {
			if c.ID == id {
				fmt.Fprintln(&b, c.Label, c.Means.For(a))
			}
		}
	case "expiry":
		fmt.Fprintln(&b, g.Expiry.For(a))
	default:
		writePage(&b, a, g.Pages[place])
	}
	if place == "before" {
		for _, n := range g.Before {
			fmt.Fprintln(&b, n.For(a))
		}
	}
	return b.String()
}

func writePage(b *strings.Builder, a platforms.Audience, p platforms.Page) {
	fmt.Fprintln(b, p.Title, p.Why.For(a))
	writeDo(b, a, p.Do)
	fmt.Fprintln(b, p.Ask.For(a))
	for _, c := range p.Choices {
		fmt.Fprintln(b, c.Label, c.Means)
	}
	if i := p.Impact; i != nil {
		fmt.Fprintln(b, i.Stops.For(a), i.Deleted.For(a), i.Stays.For(a), i.Falls.For(a), i.Unknown.For(a))
	}
	for _, n := range p.More {
		fmt.Fprintln(b, n.For(a))
	}
}

func writeDo(b *strings.Builder, a platforms.Audience, do []platforms.Instruction) {
	for _, in := range do {
		fmt.Fprintln(b, in.Text.For(a), in.Warn.For(a))
	}
}
