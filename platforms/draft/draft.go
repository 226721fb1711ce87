// Package draft makes draft corrections of the guide out of what people saw
// instead: it groups their reports, finds where an instruction stands in the data
// files, and edits the bytes there and no others.
//
// A draft is valid guide data that says "unverified"; a support writer makes a
// text of it. Never here: the terminal, storage, or what a report is in a log.
package draft

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// common is the file that all platforms share.
const common = "common/guide.json"

// Guides are a folder of guide files.
type Guides struct {
	from  fs.FS
	raw   map[string][]byte // by name: common/guide.json
	trees map[string]value
}

// Read reads a folder laid out like [platforms.Raw]. It takes valid guides only.
func Read(from fs.FS) (*Guides, error) {
	if problems := platforms.Validate(from); len(problems) > 0 {
		return nil, fmt.Errorf("the guide files cannot be used as they are. The first problem: %w", problems[0])
	}
	g := &Guides{from, map[string][]byte{}, map[string]value{}}
	for _, name := range names() {
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		g.raw[name], g.trees[name] = raw, parse(raw)
	}
	return g, nil
}

// names are the files in their order.
func names() []string {
	all := []string{common}
	for _, id := range platforms.IDs() {
		all = append(all, fileOf(id))
	}
	return all
}

func fileOf(id platforms.ID) string { return string(id) + "/guide.json" }

// A Place is where an instruction stands, and its words.
type Place struct {
	File  string
	Line  int
	Words text.Safe // for a person on their own; placeholders are not filled in
}

// Find is where the instruction of a gap stands. It is false for a whole page and
// for what the guides do not have. Where an instruction is called [platforms.WholePage], too,
// it is taken to be meant.
func (g *Guides) Find(gap Gap) (Place, bool) {
	h, ok := g.find(gap)
	if !ok {
		return Place{}, false
	}
	words, _ := h.in.at("text")
	if own, ok := words.at("own"); ok {
		words = own
	}
	line := 1 + strings.Count(string(g.raw[h.file][:h.in.from]), "\n")
	return Place{h.file, line, text.Block(words.text)}, true
}

// A home is an instruction in the file and at the path where it stands.
type home struct {
	file string
	path []string
	in   value
}

func (g *Guides) home(file string, path ...string) (home, bool) {
	in, ok := g.trees[file].at(path...)
	return home{file, path, in}, ok && in.kind == '{'
}

// find looks where the guide's texts come from: the platform's own page, its page
// that this one is like, the common page. It is the way [platforms.Service.Guide]
// lays them over each other, read backwards.
func (g *Guides) find(gap Gap) (home, bool) {
	if !slices.Contains(platforms.IDs(), gap.Platform) {
		return home{}, false
	}
	own := fileOf(gap.Platform)
	if n, found := strings.CutPrefix(gap.Item, "before"); found && gap.Page == "before" {
		return g.home(own, "before", n)
	}
	if lists := ofCheck(own, gap.Page); lists != nil {
		return g.first(lists, gap.Item)
	}
	like, _ := g.trees[common].at("pages", gap.Page, "like")
	path := []string{"pages", gap.Page, "do", gap.Item}
	over := []string{"pages", like.text, "do", gap.Item}
	shared, ok := g.home(common, path...)
	if _, has := g.trees[common].at(path[:3]...); !has {
		shared, ok = g.home(common, over...)
	}
	if here, ok := g.home(own, path...); ok {
		return here, true
	}
	if there, found := g.home(own, over...); found && ok {
		return there, true
	}
	return shared, ok
}

// A list is where instructions stand: its file and its path.
type list struct {
	file string
	path []string
}

// ofCheck are the lists that a page of a check shows the first of; none for
// another page.
func ofCheck(own, page string) []list {
	name, check, _ := strings.Cut(page, ".")
	do := map[string]string{"check": "how", "mend": "mend"}[name]
	if do == "" || check == "" {
		return nil
	}
	return []list{{own, []string{"checks", check, do}}, {own, []string{"tests", check, do}}, {common, []string{"tests", check, do}}}
}

// first is the instruction item of the first list that is there.
func (g *Guides) first(lists []list, item string) (home, bool) {
	for _, l := range lists {
		if _, ok := g.trees[l.file].at(l.path...); ok {
			return g.home(l.file, append(slices.Clone(l.path), item)...)
		}
	}
	return home{}, false
}

// A Left is a gap that got no draft, and why.
type Left struct {
	Gap
	Why text.Safe
}

// Missing says why there is nothing to correct for a gap that is not found.
func (g Gap) Missing() text.Safe {
	switch {
	case g.Item == platforms.WholePage:
		return text.Const("it is about the whole page")
	case strings.HasPrefix(g.Item, "advice."):
		return text.Const("it is advice: its words stand in common/detours.json, or with the check it is about")
	}
	return text.Const("the guide has no such instruction now")
}

// A target is what one draft corrects. The gaps may be of several pages, when one
// is like the other, or of all platforms.
type target struct {
	home
	into string // the file to write to; another one than the home's gets its own instruction
	gaps []Gap
}

// Correct drafts a correction of each gap that is about one instruction. What all
// platforms share is corrected for those alone whose users saw something else,
// unless that is all of them.
func (g *Guides) Correct(gaps []Gap) ([]File, []Left) {
	targets, left := g.targets(gaps)
	now := g
	for _, t := range targets {
		next, err := now.corrected(t)
		if err != nil {
			left = append(left, Left{merged(t.gaps), text.Line(err.Error())})
			continue
		}
		now = next
	}
	return g.changed(now), left
}

// targets are what there is to correct, in the order of the gaps.
func (g *Guides) targets(gaps []Gap) ([]*target, []Left) {
	var all []*target
	var left []Left
	for _, gap := range gaps {
		h, ok := g.find(gap)
		if !ok {
			left = append(left, Left{gap, gap.Missing()})
			continue
		}
		into := h.file
		if h.file == common && !g.everywhere(h, gaps) {
			into = fileOf(gap.Platform)
		}
		i := slices.IndexFunc(all, func(t *target) bool { return t.into == into && slices.Equal(t.path, h.path) })
		if i < 0 {
			i = len(all)
			all = append(all, &target{home: h, into: into})
		}
		all[i].gaps = append(all[i].gaps, gap)
	}
	return all, left
}

// everywhere tells whether gaps of all platforms are about the instruction h.
func (g *Guides) everywhere(h home, gaps []Gap) bool {
	missing := platforms.IDs()
	for _, gap := range gaps {
		if o, ok := g.find(gap); ok && o.file == h.file && slices.Equal(o.path, h.path) {
			missing = slices.DeleteFunc(missing, func(id platforms.ID) bool { return id == gap.Platform })
		}
	}
	return len(missing) == 0
}

// corrected is g with one draft. A draft that the guide's rules refuse is an error.
func (g *Guides) corrected(t *target) (*Guides, error) {
	gap := merged(t.gaps)
	words := gap.wording()
	if words.Empty() {
		return nil, errors.New("what was seen says nothing in words")
	}
	h, _ := g.find(t.gaps[0]) // again: an earlier draft may have moved it
	edits := inPlace(h.in, words, gap.source())
	if t.into != h.file {
		edits = []edit{g.override(h, t.into, words, gap.source())}
	}
	next := &Guides{g.from, maps.Clone(g.raw), maps.Clone(g.trees)}
	next.raw[t.into] = edited(g.raw[t.into], edits...)
	next.trees[t.into] = parse(next.raw[t.into])
	if problems := platforms.Validate(next); len(problems) > 0 {
		return nil, fmt.Errorf("the draft would not be valid: %w", problems[0])
	}
	return next, nil
}

// inPlace rewrites an instruction: text and source, and nothing else of it.
func inPlace(in value, words, source text.Safe) []edit {
	return append(in.drop("read"), in.set("text", words.String()),
		in.set("source", source.String()), in.set("certainty", string(platforms.Unverified)))
}

// Open and ReadFile make g a folder with its edits, for [platforms.Validate].
func (g *Guides) Open(name string) (fs.File, error) { return g.from.Open(name) }

// ReadFile gives a guide as edited.
func (g *Guides) ReadFile(name string) ([]byte, error) {
	if raw, ok := g.raw[name]; ok {
		return slices.Clone(raw), nil
	}
	return fs.ReadFile(g.from, name)
}

// A File is a guide file before and after the drafts.
type File struct {
	Name     string // facebook/guide.json
	Old, New []byte
}

// changed are the files in which now differs from g.
func (g *Guides) changed(now *Guides) []File {
	var files []File
	for _, name := range names() {
		if f := (File{name, g.raw[name], now.raw[name]}); string(f.Old) != string(f.New) {
			files = append(files, f)
		}
	}
	return files
}

// Diff is f as a unified diff, for patch -p1 or git apply at the top of the
// repository.
func (f File) Diff() string {
	return udiff.Unified("a/platforms/"+f.Name, "b/platforms/"+f.Name, string(f.Old), string(f.New))
}
