package platforms

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"reconnect/platforms/text"
)

// data are the guides and the tables as support writers wrote them.
//
//go:embed common/guide.json common/rules.json common/detours.json common/caution.json instagram/guide.json facebook/guide.json tiktok/guide.json linkedin/guide.json x/guide.json
var data embed.FS

// A basis is the guide that all platforms share: pages with placeholders, and what
// to look at.
type basis struct {
	Pages    map[string]Page `json:"pages"`
	Tests    []Check         `json:"tests"`
	Branches []Branch        `json:"branches"`
}

// ownBasis is the basis of the embedded data.
var ownBasis = sync.OnceValue(func() basis {
	b, f := readBasis(data)
	f.mustBeGood()
	return b
})

// ownGuide is the guide of the embedded data. What [Validate] tests beyond the
// form of the files, a test has tested.
func ownGuide(id ID) Guide {
	g, f := readGuide(data, id)
	f.mustBeGood()
	return g.over(ownBasis(), id)
}

func (f *file) mustBeGood() {
	if len(f.problems) > 0 {
		panic(f.problems[0])
	}
}

func readBasis(from fs.FS) (basis, *file) {
	var b basis
	f := open(from, "common/guide.json", &b)
	likeOthers(b.Pages)
	return b, f
}

// readGuide reads what a platform's folder says, and no more.
func readGuide(from fs.FS, id ID) (Guide, *file) {
	var g Guide
	f := open(from, string(id)+"/guide.json", &g)
	return g, f
}

// over is the whole guide of a platform: g laid over what all platforms share.
func (g Guide) over(b basis, id ID) Guide {
	g.Tests, g.Branches = overTests(b.Tests, g.Tests, id), overBranches(b.Branches, g.Branches, id)
	pages := make(map[string]Page, len(b.Pages))
	for name, common := range b.Pages {
		pages[name] = merge(common, also(g.Pages[name], g.Pages[common.Like], common))
	}
	g.Pages = pages
	return g
}

// also adds to a platform's page what it says on the page that the common one is
// like: the instructions that stand on both, answers, and what is worth knowing.
func also(own, other, common Page) Page {
	var do []Instruction
	for _, in := range other.Do {
		if slices.ContainsFunc(common.Do, func(o Instruction) bool { return o.ID == in.ID }) {
			do = append(do, in)
		}
	}
	own.Do = append(do, own.Do...)
	own.Choices = append(slices.Clone(other.Choices), own.Choices...)
	own.More = append(slices.Clone(other.More), own.More...)
	return own
}

// likeOthers gives the pages that are like another one what they do not say
// themselves: question, answers, instructions, what is worth knowing.
func likeOthers(pages map[string]Page) {
	for name, p := range pages {
		other, ok := pages[p.Like]
		if p.Like == "" || !ok {
			continue
		}
		p.Ask = p.Ask.or(other.Ask)
		if len(p.Choices) == 0 {
			p.Choices = other.Choices
		}
		if len(p.Do) == 0 {
			p.Do = other.Do
		}
		if len(p.More) == 0 {
			p.More = other.More
		}
		pages[name] = p
	}
}

// Validate reads a folder laid out like the embedded data (guide.json and the tables
// in common, and a folder with guide.json for each platform) and returns everything
// that is wrong with it, each a [*Problem], in the order of files and lines.
func Validate(from fs.FS) []error {
	b, f := readBasis(from)
	if !f.unread {
		f.checkBasis(b)
	}
	problems := f.sorted()
	var rest []error
	guides := map[ID]Guide{}
	for _, id := range IDs() {
		g, own := readGuide(from, id)
		if !own.unread {
			own.checkGuide(g, b, id)
		}
		if !own.unread && !f.unread {
			guides[id] = g.over(b, id)
		}
		rest = append(rest, own.sorted()...)
	}
	problems = append(problems, checkTables(from, guides)...)
	return append(append(problems, rest...), strangers(from)...)
}

// strangers are guides of platforms that the program does not know.
func strangers(from fs.FS) []error {
	found, _ := fs.Glob(from, "*/guide.json") // the pattern is well formed, so there is no error
	var problems []error
	for _, name := range found {
		id := ID(name[:len(name)-len("/guide.json")])
		if id != "common" && !slices.Contains(IDs(), id) {
			text := (&UnknownPlatform{Name: string(id), Known: IDs()}).Error()
			problems = append(problems, &Problem{File: name, Line: 1, Text: text})
		}
	}
	return problems
}

// merge lays a platform's page over the common one. What the platform gives
// replaces, instruction by instruction and answer by answer; more is added.
func merge(common, own Page) Page {
	p := common
	p.Like = ""
	p.Title = own.Title.Or(p.Title)
	p.Why = own.Why.or(p.Why)
	p.Ask = own.Ask.or(p.Ask)
	p.Do = slices.Clone(p.Do)
	for _, in := range own.Do {
		p.Do = place(p.Do, in)
	}
	p.Choices = slices.Clone(p.Choices)
	for _, c := range own.Choices {
		at := slices.IndexFunc(p.Choices, func(o Choice) bool { return o.ID == c.ID })
		if at < 0 {
			continue // already noted as a problem
		}
		p.Choices[at].Means = c.Means.Or(p.Choices[at].Means)
		p.Choices[at].Label = c.Label.Or(p.Choices[at].Label)
		p.Choices[at].Listen = c.Listen.Or(p.Choices[at].Listen)
	}
	p.Impact = mergeImpact(common.Impact, own.Impact)
	p.More = append(slices.Clone(p.More), own.More...)
	return p
}

// place puts an instruction where it belongs: in the place of the one with its
// id, behind the one it names, at the front, or at the end.
func place(do []Instruction, in Instruction) []Instruction {
	index := func(id string) int {
		return slices.IndexFunc(do, func(o Instruction) bool { return o.ID == id })
	}
	if at := index(in.ID); at >= 0 {
		do[at] = in
		return do
	}
	at := len(do)
	if in.After == "-" {
		at = 0
	} else if behind := index(in.After); behind >= 0 {
		at = behind + 1
	}
	in.After = ""
	return slices.Insert(do, at, in)
}

func mergeImpact(common, own *Impact) *Impact {
	if own == nil || common == nil {
		return common
	}
	i := *common
	i.Stops = own.Stops.or(i.Stops)
	i.Deleted = own.Deleted.or(i.Deleted)
	i.Stays = own.Stays.or(i.Stays)
	i.Falls = own.Falls.or(i.Falls)
	i.Unknown = own.Unknown.or(i.Unknown)
	if !own.Source.Empty() {
		i.Fact = own.Fact
	}
	return &i
}

// or is w, or other where w says nothing.
func (w Words) or(other Words) Words {
	if w.Own.Empty() {
		return other
	}
	return w
}

// Vars are the values of the placeholders as far as the guide knows them. A case
// that knows its account and which login to use puts those in their place.
func (g Guide) Vars() map[string]text.Safe {
	return map[string]text.Safe{
		"platform": g.Name,
		"noun":     g.Noun,
		"login":    g.Login,
		"account":  text.Format("your %s", g.Noun),
		"use":      text.Format("the %s that owns the %s", g.Login, g.Noun),
	}
}

// sorted are the problems of a file in the order of its lines.
func (f *file) sorted() []error {
	slices.SortStableFunc(f.problems, func(a, b error) int { return lineOf(a) - lineOf(b) })
	return f.problems
}

func lineOf(err error) int {
	if p, ok := err.(*Problem); ok {
		return p.Line
	}
	panic(fmt.Sprintf("not a problem of a file: %v", err))
}
