package draft

import (
	"slices"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A level is a part of a platform's file around an instruction: what it is called,
// what stands behind it, and how it is written where it is missing.
type level struct {
	name   string
	behind []string
	new    part
}

// The fields of a platform's file, a page and a test in their order, as far as
// something new may stand before them.
var (
	behindPages = []string{"checks", "tests", "branches", "changes", "expiry", "outage"}
	behindDo    = []string{"ask", "choices", "impact", "more"}
	behindHow   = []string{"mend", "who", "whoText", "change", "cause", "source", "read", "certainty"}
)

// override writes the platform's own instruction into its file, in the place of
// the common one h. What is missing around it is written with it.
func (g *Guides) override(h home, into string, words, source text.Safe) edit {
	at := g.trees[into]
	l := layoutOf(g.raw[into], at)
	p := l.instruction(g.raw[h.file], h.in, words, source)
	levels := l.ofPage(h.path[1], p)
	if h.path[0] == "tests" {
		levels = g.ofTest(l, h, inPlace(h.in, words, source))
	}
	for _, level := range levels {
		inner, ok := at.at(level.name)
		if !ok {
			return l.insert(at, at.before(level.behind), level.new)
		}
		at = inner
	}
	do, _ := g.trees[h.file].at(h.path[:3]...)
	return l.insert(at, at.before(do.behind(h.path[3])), p)
}

// ofPage are the levels around an instruction of a page.
func (l layout) ofPage(page string, p part) []level {
	do := named("do", l.block("[]", p))
	whole := named(page, l.block("{}", do))
	return []level{{"pages", behindPages, named("pages", l.block("{}", whole))}, {page, pagesBehind(page), whole}, {"do", behindDo, do}}
}

// ofTest are the levels around a list of a test. A platform says the whole list
// anew, so the other instructions are copied.
func (g *Guides) ofTest(l layout, h home, edits []edit) []level {
	raw, name := g.raw[h.file], h.path[2]
	tests, _ := g.trees[h.file].at("tests")
	from, _ := tests.at(h.path[1:3]...)
	for i := range edits {
		edits[i].from, edits[i].to = edits[i].from-from.from, edits[i].to-from.from
	}
	do := named(name, l.moved(string(edited(raw[from.from:from.to], edits...)), layout{raw: raw}.indent(from.from)))
	test := l.block("{}", words(`"id": `+quoted(h.path[1])), do)
	return []level{{"tests", behindPages[2:], named("tests", l.block("[]", test))},
		{h.path[1], tests.behind(h.path[1]), test}, {name, behindHow, do}}
}

// instruction is a draft of in, which stands in raw.
func (l layout) instruction(raw []byte, in value, text, source text.Safe) part {
	var lines []part
	for _, f := range in.fields {
		switch f.name {
		case "text":
			lines = append(lines, words(`"text": `+quoted(text.String())))
		case "source", "read", "certainty":
		default:
			lines = append(lines, l.moved(string(raw[f.from:f.to]), layout{raw: raw}.indent(f.from)))
		}
	}
	known := `"source": ` + quoted(source.String()) + `, "certainty": ` + quoted(string(platforms.Unverified))
	return l.block("{}", append(lines, words(known))...)
}

// before is where something goes that stands before the names behind it.
func (v value) before(behind []string) int {
	names := v.names()
	for i, name := range names {
		if slices.Contains(behind, name) {
			return i
		}
	}
	return len(names)
}

// behind are the names behind one.
func (v value) behind(name string) []string { return v.names()[v.index(name)+1:] }

// pagesBehind are the pages that stand behind one.
func pagesBehind(page string) []string {
	var all []string
	for _, s := range platforms.Shapes() {
		all = append(all, s.Page)
	}
	return all[slices.Index(all, page)+1:]
}
