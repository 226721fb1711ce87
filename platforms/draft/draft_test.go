package draft

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sighting is one report from the case id.
func sighting(platform platforms.ID, page, item, seen, id string) Sighting {
	return Sighting{platform, page, item, text.Block(seen), id, noon}
}

// gap is one report, grouped.
func gap(platform platforms.ID, page, item, seen string) Gap {
	return Group([]Sighting{sighting(platform, page, item, seen, "7QK2")})[0]
}

func embedded(t testing.TB) *Guides {
	t.Helper()
	g, err := Read(platforms.Raw())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// after is the embedded data with files changed, as a folder.
func after(t testing.TB, files ...File) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	err := fs.WalkDir(platforms.Raw(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(platforms.Raw(), name)
		folder[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		folder[f.Name] = &fstest.MapFile{Data: f.New}
	}
	return folder
}

// every is a gap at each instruction that a person can meet, with its words.
func every() map[string]struct {
	Gap
	words text.Safe
} {
	all := map[string]struct {
		Gap
		words text.Safe
	}{}
	for _, svc := range platforms.All() {
		put := func(page string, do []platforms.Instruction) {
			for _, in := range do {
				all[fmt.Sprintf("%s/%s/%s", svc.ID, page, in.ID)] = struct {
					Gap
					words text.Safe
				}{gap(svc.ID, page, in.ID, "The button is called \"Renew\"."), in.Text.Own}
			}
		}
		g := svc.Guide()
		for name, page := range g.Pages {
			put(name, page.Do)
		}
		for _, c := range slices.Concat(g.Checks, g.Tests) {
			put("check."+c.ID, c.How)
			put("mend."+c.ID, c.Mend)
		}
		for i, note := range g.Before {
			put("before", []platforms.Instruction{{ID: fmt.Sprintf("before%d", i+1), Text: note.Text}})
		}
	}
	return all
}

// TestEvery corrects each instruction of each page and check: the words are found,
// the guide stays valid, and nothing but that instruction changes.
func TestEvery(t *testing.T) {
	guides := embedded(t)
	cases := every()
	if len(cases) < 200 {
		t.Fatalf("only %d instructions: has the guide changed its form?", len(cases))
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place, ok := guides.Find(c.Gap)
			if !ok || place.Words != c.words {
				t.Fatalf("found %v, %q; the guide says %q", ok, place.Words, c.words)
			}
			files, left := guides.Correct([]Gap{c.Gap})
			if guides.noRoom(c.Gap, left) {
				return
			}
			if len(files) != 1 || len(left) != 0 {
				t.Fatalf("%d files, left %v", len(files), left)
			}
			if files[0].Name != fileOf(c.Platform) {
				t.Errorf("the draft is in %s", files[0].Name)
			}
			next := guides.with(files[0])
			if got, _ := next.Find(c.Gap); got.Words.String() != `Look for: The button is called "Renew"` {
				t.Errorf("the instruction is %q now", got.Words)
			}
			onlyThat(t, guides, next, c.Gap, files[0])
		})
	}
}

// with is g with a file as drafted. That this is valid, other tests look at.
func (g *Guides) with(f File) *Guides {
	next := &Guides{g.from, maps.Clone(g.raw), maps.Clone(g.trees)}
	next.raw[f.Name], next.trees[f.Name] = f.New, parse(f.New)
	return next
}

// noRoom tells whether the platform's file cannot take over a common list, because
// another instruction on it has no room there with the platform's own login.
func (g *Guides) noRoom(gap Gap, left []Left) bool {
	h, _ := g.find(gap)
	test, _ := g.trees[h.file].at(h.path[:2]...)
	return len(left) == 1 && h.file == common && h.path[0] == "tests" &&
		strings.Contains(left[0].Why.String(), "there is room for") && strings.Contains(string(g.raw[common][test.from:test.to]), "{use}")
}

// onlyThat wants the change to be one instruction, in its meaning and in its lines.
func onlyThat(t *testing.T, old, next *Guides, gap Gap, f File) {
	t.Helper()
	was, _ := old.find(gap)
	is, _ := next.find(gap)
	in, _ := next.at(is.file, is.path)
	if _, ok := in["read"]; ok || in["certainty"] != "unverified" || in["source"] != "seen by users in 1 case, last 2026-11-23" {
		t.Errorf("its source is %v", in)
	}
	before, _ := old.at(was.file, was.path)
	for _, kept := range []string{"id", "after", "warn", "link", "where"} {
		if !reflect.DeepEqual(in[kept], before[kept]) {
			t.Errorf("%s is %v, was %v", kept, in[kept], before[kept])
		}
	}
	removed, added := changedLines(string(f.Old), string(f.New))
	from, to := 1, 0
	if was.file == f.Name {
		from = 1 + strings.Count(string(f.Old[:was.in.from]), "\n")
		to = from + strings.Count(string(f.Old[was.in.from:was.in.to]), "\n")
	}
	lines := strings.Split(string(f.Old), "\n")
	for _, n := range removed {
		comma := len(removed) == 1 && slices.Contains(added, lines[n-1]+",")
		if (n < from || n > to) && !comma {
			t.Errorf("line %d is removed, which is not of the instruction (%d–%d)", n, from, to)
		}
	}
	if len(added) > 40 {
		t.Errorf("%d lines are added", len(added))
	}
	path := is.path
	if was.file == common && was.path[0] == "tests" {
		path = path[:3] // the list is copied
		if old, now := old.list(t, was), next.list(t, is); !reflect.DeepEqual(old, now) {
			t.Errorf("the rest of the list is %v, was %v", now, old)
		}
	}
	if !reflect.DeepEqual(without(t, f.Old, path), without(t, f.New, path)) {
		t.Error("something else changed")
	}
}

// list is the list that the instruction h stands in, without it.
func (g *Guides) list(t *testing.T, h home) any {
	t.Helper()
	v, _ := g.trees[h.file].at(h.path[:3]...)
	return without(t, g.raw[h.file][v.from:v.to], h.path[3:])
}

// at is an instruction as any JSON reader gets it.
func (g *Guides) at(file string, path []string) (map[string]any, bool) {
	v, ok := g.trees[file].at(path...)
	var in map[string]any
	return in, ok && json.Unmarshal(g.raw[file][v.from:v.to], &in) == nil
}

// changedLines are the numbers of the lines removed and the lines added.
func changedLines(old, now string) (removed []int, added []string) {
	a, b := strings.Split(old, "\n"), strings.Split(now, "\n")
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for n := head; n < len(a)-tail; n++ {
		removed = append(removed, n+1)
	}
	return removed, b[head : len(b)-tail]
}

// without is the meaning of raw without what stands at a path, and without what
// holds nothing then.
func without(t *testing.T, raw []byte, path []string) any {
	t.Helper()
	var root any
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatal(err)
	}
	return takenOut(root, path)
}

func takenOut(v any, path []string) any {
	if len(path) == 0 || v == nil {
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		if v[path[0]] = takenOut(v[path[0]], path[1:]); v[path[0]] == nil {
			delete(v, path[0])
		}
		if _, id := v["id"]; len(v) > 1 || len(v) == 1 && !id {
			return v
		}
	case []any:
		var rest []any
		for i, item := range v {
			id, _ := item.(map[string]any)["id"].(string)
			if id == path[0] || id == "" && fmt.Sprint(i+1) == path[0] {
				if item = takenOut(item, path[1:]); item == nil {
					continue
				}
			}
			rest = append(rest, item)
		}
		if len(rest) > 0 {
			return rest
		}
	}
	return nil
}

// TestAnyText drafts from any text: it is valid, it fits, it is one line.
func TestAnyText(t *testing.T) {
	guides := embedded(t)
	all := every()
	keys := slices.Sorted(maps.Keys(all))
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zA-Z{}".,→é 界👩‍👩‍👧\n]{0,9} ){0,30}`),
			rapid.StringMatching(`[Ll]ook for[a-z {}]{0,90}`), rapid.StringMatching(`[^ ]{60,200}`)).Draw(t, "seen")
		c := all[rapid.SampledFrom(keys).Draw(t, "instruction")]
		c.Gap = gap(c.Platform, c.Page, c.Item, raw)
		words := c.wording()
		if words.Empty() {
			if strings.Trim(flat(text.Block(raw)), ". ") != "" {
				t.Fatalf("%q gives no draft", raw)
			}
			return
		}
		if w := uniseg.StringWidth(words.String()); w > room || !strings.HasPrefix(words.String(), lookFor) || strings.ContainsAny(words.String(), "\n{}") {
			t.Fatalf("%d cells: %q", w, words)
		}
		files, left := guides.Correct([]Gap{c.Gap})
		if !guides.noRoom(c.Gap, left) && (len(files) != 1 || len(left) != 0) {
			t.Fatalf("%q gives %d files, left %v", words, len(files), left)
		}
	})
}

func TestWording(t *testing.T) {
	for seen, want := range map[string]string{
		"The button is called Renew.":     "Look for: The button is called Renew",
		"look for  \"Apps\"\nin the menu": "Look for \"Apps\" in the menu",
		"A {noun} is asked for":           "Look for: A (noun) is asked for",
		" . ":                             "",
		"There are two menus now, and the one that is called Connections is empty for me": "Look for: There are two menus now, and the one that is called…",
		strings.Repeat("x", 90): "Look for: " + strings.Repeat("x", 59) + "…",
		strings.Repeat("界", 90): "Look for: " + strings.Repeat("界", 29) + "…",
	} {
		if got := worded(text.Block(seen)).String(); got != want {
			t.Errorf("%q gives %q, want %q", seen, got, want)
		}
	}
}

// TestMostFrequent: what was seen most often is the draft; of equals the newest;
// what says nothing is passed over.
func TestMostFrequent(t *testing.T) {
	reports := []Sighting{
		sighting("x", "clear", "menu", "Rare", "A"), sighting("x", "clear", "menu", "Often", "B"),
		sighting("x", "clear", "menu", "Often\n", "B"), sighting("x", "clear", "menu", "…\n.", "C"),
	}
	g := Group(reports)
	if len(g) != 1 || g[0].Count != 4 || len(g[0].Cases) != 3 || len(g[0].Seen) != 3 || g[0].Seen[0].Count != 2 {
		t.Fatalf("%+v", g)
	}
	if got := g[0].wording().String(); got != "Look for: Often" {
		t.Errorf("got %q", got)
	}
	if got := g[0].source().String(); got != "seen by users in 3 cases, last 2026-11-23" {
		t.Errorf("got %q", got)
	}
	reports = reports[:2]
	reports[0].At = noon.Add(time.Hour)
	if got := Group(reports)[0].wording().String(); got != "Look for: Rare" {
		t.Errorf("of equals: %q", got)
	}
	if got := Group([]Sighting{sighting("x", "clear", "menu", ".", "A"), sighting("x", "clear", "menu", ".", "A"),
		sighting("x", "clear", "menu", "Apps", "A")})[0].wording().String(); got != "Look for: Apps" {
		t.Errorf("passed over: %q", got)
	}
}

// TestGroupOrder: the most frequent is first, whatever order they come in.
func TestGroupOrder(t *testing.T) {
	late := sighting("tiktok", "clear", "apps", "s", "E")
	late.At = noon.Add(time.Minute)
	reports := []Sighting{
		sighting("x", "clear", "menu", "s", "A"), sighting("x", "clear", "menu", "s", "A"), sighting("x", "clear", "menu", "s", "A"),
		sighting("facebook", "clear", "menu", "s", "B"), sighting("facebook", "clear", "menu", "s", "C"),
		sighting("x", "fresh", "add", "s", "B"), sighting("x", "fresh", "add", "s", "B"),
		late, sighting("x", "clear", "apps", "s", "D"),
	}
	rapid.Check(t, func(t *rapid.T) {
		var got []string
		for _, g := range Group(rapid.Permutation(reports).Draw(t, "order")) {
			got = append(got, fmt.Sprint(g.Platform, " ", g.Page, " ", g.Item, " ", g.Count, len(g.Cases)))
		}
		want := []string{"x clear menu 3 1", "facebook clear menu 2 2", "x fresh add 2 1", "tiktok clear apps 1 1", "x clear apps 1 1"}
		if !slices.Equal(got, want) {
			t.Fatalf("got %q", got)
		}
	})
}

// TestShared: a common instruction is corrected for one platform alone, for all
// together, and where a page is like another, there.
func TestShared(t *testing.T) {
	guides := embedded(t)
	var four, all []Gap
	for _, id := range platforms.IDs() {
		all = append(all, gap(id, "fresh", "add", "Renew"))
	}
	four = all[:4]
	retry := []Gap{gap("x", "retry", "click", "Renew"), gap("x", "reconnect", "click", "Renew")}
	for _, c := range []struct {
		name  string
		gaps  []Gap
		files []string
		draft string // stands in the first file once
	}{
		{"one", all[:1], []string{"instagram/guide.json"}, `"Look for: Renew"`},
		{"four", four, []string{"instagram/guide.json", "facebook/guide.json", "tiktok/guide.json", "linkedin/guide.json"}, `"seen by users in 1 case, last 2026-11-23"`},
		{"all", all, []string{common}, `"seen by users in 1 case, last 2026-11-23"`},
		{"test", []Gap{gap("x", "mend.popup", "allow", "Renew")}, []string{"x/guide.json"}, `"id": "popup"`},
		{"two of a test", []Gap{gap("x", "check.popup", "sign", "Renew"), gap("x", "check.popup", "behind", "Renew")}, []string{"x/guide.json"}, `"id": "popup"`},
		{"like", retry, []string{"x/guide.json"}, `"Look for: Renew"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, left := guides.Correct(c.gaps)
			var got []string
			for _, f := range files {
				got = append(got, f.Name)
			}
			if !slices.Equal(got, c.files) || len(left) > 0 {
				t.Fatalf("files %q, left %v", got, left)
			}
			if n := strings.Count(string(files[0].New), c.draft); n != 1 {
				t.Errorf("%s stands there %d times", c.draft, n)
			}
			next, err := Read(after(t, files...))
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range c.gaps {
				if place, _ := next.Find(g); place.Words.String() != "Look for: Renew" {
					t.Errorf("%s %s: %q", g.Platform, g.Page, place.Words)
				}
			}
			if place, _ := next.Find(gap("x", "fresh", "add", "")); (place.Words.String() == "Look for: Renew") != (c.name == "all") {
				t.Errorf("X says %q", place.Words)
			}
		})
	}
}

// TestLike: what a platform adds to a page does not stand on the pages like it.
func TestLike(t *testing.T) {
	folder := after(t)
	const in = `{"id": "extra", "text": "Look for more", "source": "s", "certainty": "unverified"},`
	const do = "\"reconnect\": {\n      \"do\": ["
	raw := strings.Replace(string(folder["x/guide.json"].Data), do, do+in, 1)
	folder["x/guide.json"] = &fstest.MapFile{Data: []byte(raw)}
	guides, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if place, ok := guides.Find(gap("x", "reconnect", "extra", "s")); !ok || place.Words.String() != "Look for more" {
		t.Errorf("on its own page: %v, %q", ok, place.Words)
	}
	if place, ok := guides.Find(gap("x", "retry", "extra", "s")); ok {
		t.Errorf("on the page like it: %q", place.Words)
	}
}

// TestLeft: what is no instruction of the guide gives no draft, and says so.
func TestLeft(t *testing.T) {
	gaps := []Gap{gap("x", "clear", platforms.WholePage, "All is new"), gap("x", "clear", "gone", "s"), gap("x", "nowhere", "menu", "s"),
		gap("x", "check.gone", "menu", "s"), gap("x", "check.", "menu", "s"), gap("x", "before", "before99", "s"),
		gap("../x", "clear", "menu", "s"), gap("common", "clear", "remove", "s"), gap("x", "", "", "s"), gap("x", "clear", "menu", "."), gap("x", "reconnect", "advice.role", "s")}
	files, left := embedded(t).Correct(gaps)
	if len(files) != 0 || len(left) != len(gaps) {
		t.Fatalf("%d files, left %v", len(files), left)
	}
	whys := map[string]int{}
	for _, l := range left {
		whys[l.Why.String()]++
	}
	if want := map[string]int{"it is about the whole page": 1, gaps[len(gaps)-1].Missing().String(): 1, "the guide has no such instruction now": 8, "what was seen says nothing in words": 1}; !reflect.DeepEqual(whys, want) {
		t.Errorf("got %v", whys)
	}
}

// TestRefused: a draft that breaks a rule of the guide is left out, the others stand.
func TestRefused(t *testing.T) {
	folder := after(t)
	long := `"warn": "` + strings.Repeat("{use} ", 4) + `end",`
	raw := strings.Replace(string(folder[common].Data), "\"id\": \"add\",\n", "\"id\": \"add\",\n"+long+"\n", 1)
	folder[common] = &fstest.MapFile{Data: []byte(raw)}
	guides, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	files, left := guides.Correct([]Gap{gap("instagram", "fresh", "add", "s"), gap("instagram", "fresh", "open", "s")})
	if len(files) != 1 || !strings.Contains(string(files[0].New), `"fresh"`) || strings.Contains(string(files[0].New), `"add"`) {
		t.Errorf("%d files", len(files))
	}
	if len(left) != 1 || left[0].Item != "add" || !strings.Contains(left[0].Why.String(), "the draft would not be valid: instagram/guide.json:") {
		t.Errorf("left %v", left)
	}
}

// TestTwice: a draft of a guide that has it changes nothing.
func TestTwice(t *testing.T) {
	gaps := []Gap{gap("x", "retry", "open", "s"), gap("x", "clear", "menu", "s"), gap("x", "before", "before1", "s"), gap("x", "mend.password", "reconnect", "s")}
	files, _ := embedded(t).Correct(gaps)
	next, err := Read(after(t, files...))
	if err != nil || len(files) != 1 {
		t.Fatal(len(files), err)
	}
	if again, left := next.Correct(gaps); len(again) > 0 || len(left) > 0 {
		t.Errorf("again: %v, left %v", again, left)
	}
}

// TestLayout writes like the file around it, however that is written.
func TestLayout(t *testing.T) {
	for name, c := range map[string]struct{ old, new string }{
		"no pages":   {"{\n  \"name\": \"X\",\n  \"checks\": []\n}", "{\n  \"name\": \"X\",\n  \"pages\": {\n    \"fresh\": {\n      \"do\": [\n        {I\n        }\n      ]\n    }\n  },\n  \"checks\": []\n}"},
		"no page":    {"{\n\t\"pages\": {\n\t\t\"leave\": {}\n\t}\n}", "{\n\t\"pages\": {\n\t\t\"fresh\": {\n\t\t\t\"do\": [\n\t\t\t\t{I\n\t\t\t\t}\n\t\t\t]\n\t\t},\n\t\t\"leave\": {}\n\t}\n}"},
		"no do":      {"{\"pages\": {\"fresh\": {\"title\": \"T\", \"more\": []}}}", "{\"pages\": {\"fresh\": {\"title\": \"T\", \"do\": [\n  {I\n  }\n], \"more\": []}}}"},
		"empty page": {"{\n  \"pages\": {\n    \"fresh\": {}\n  }\n}", "{\n  \"pages\": {\n    \"fresh\": {\n      \"do\": [\n        {I\n        }\n      ]\n    }\n  }\n}"},
		"behind":     {"{\n  \"pages\": {\n    \"fresh\": {\n      \"do\": [\n        {\"id\": \"open\"}\n      ]\n    }\n  }\n}", "{\n  \"pages\": {\n    \"fresh\": {\n      \"do\": [\n        {\"id\": \"open\"},\n        {I\n        }\n      ]\n    }\n  }\n}"},
		"before":     {"{\r\n  \"pages\": {\r\n    \"fresh\": {\r\n      \"do\": [\r\n        {\"id\": \"back\"}\r\n      ]\r\n    }\r\n  }\r\n}", "{\r\n  \"pages\": {\r\n    \"fresh\": {\r\n      \"do\": [\r\n        {I\r\n        },\r\n        {\"id\": \"back\"}\r\n      ]\r\n    }\r\n  }\r\n}"},
	} {
		t.Run(name, func(t *testing.T) {
			g := embedded(t)
			g.raw["x/guide.json"], g.trees["x/guide.json"] = []byte(c.old), parse([]byte(c.old))
			h, _ := g.home(common, "pages", "fresh", "do", "add")
			e := g.override(h, "x/guide.json", text.Const("Look for: s"), text.Const("seen"))
			got := string(edited([]byte(c.old), e))
			line := "\n"
			if strings.Contains(c.old, "\r") {
				line = "\r\n"
			}
			step := map[bool]string{true: "\t", false: "  "}[strings.Contains(c.old, "\t")]
			head, _, _ := strings.Cut(c.new, "{I")
			inner := head[strings.LastIndex(head, "\n")+1:] + step
			fields := line + inner + `"id": "add",` + line + inner + `"text": "Look for: s",` + line + inner + `"source": "seen", "certainty": "unverified"`
			if want := strings.Replace(c.new, "I", fields, 1); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestInPlace keeps what is not rewritten, whatever the order of the fields.
func TestInPlace(t *testing.T) {
	const now = `"certainty": "unverified"`
	for old, want := range map[string]string{
		`{"id": "a", "text": "T", "source": "s", "read": "d", "certainty": "code"}`:                                       `{"id": "a", "text": "W", "source": "S", ` + now + `}`,
		`{"read": "d", "id": "a", "certainty": "code", "text": {"own": "T", "agent": "t"}, "source": "s", "where":"web"}`: `{"id": "a", ` + now + `, "text": "W", "source": "S", "where":"web"}`,
		"{\"id\": \"a\", \"text\": \"T\",\n \"source\": \"s\",\n \"certainty\": \"code\",\n \"read\": \"d\"\n}":           "{\"id\": \"a\", \"text\": \"W\",\n \"source\": \"S\",\n " + now + "\n}",
		`{"text": "T", "source": "s"}`: `{"text": "W", "source": "S", ` + now + `}`,
	} {
		got := string(edited([]byte(old), inPlace(parse([]byte(old)), text.Const("W"), text.Const("S"))...))
		if got != want {
			t.Errorf("%s\ngives %s\nwant  %s", old, got, want)
		}
	}
}

// TestApplies: git and patch take the diff in a checkout.
func TestApplies(t *testing.T) {
	guides, all := embedded(t), every()
	var gaps []Gap
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if i%7 == 0 {
			gaps = append(gaps, all[name].Gap)
		}
	}
	files, left := guides.Correct(gaps)
	left = slices.DeleteFunc(left, func(l Left) bool { return guides.noRoom(l.Gap, []Left{l}) })
	if len(files) < 5 || len(left) > 0 {
		t.Fatalf("%d files, left %v", len(files), left)
	}
	var diff strings.Builder
	for _, f := range files {
		diff.WriteString(f.Diff())
	}
	for _, command := range [][]string{{"git", "apply", "-"}, {"patch", "-p1", "-s"}} {
		t.Run(command[0], func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skip(err)
			}
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "platforms"), platforms.Raw()); err != nil {
				t.Fatal(err)
			}
			c := exec.CommandContext(t.Context(), command[0], command[1:]...)
			c.Dir, c.Stdin = dir, strings.NewReader(diff.String())
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, out, diff.String())
			}
			for _, f := range files {
				got, err := os.ReadFile(filepath.Join(dir, "platforms", filepath.FromSlash(f.Name)))
				if err != nil || string(got) != string(f.New) {
					t.Errorf("%s is not as drafted: %v", f.Name, err)
				}
			}
			if problems := platforms.Validate(os.DirFS(filepath.Join(dir, "platforms"))); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}

// TestReadRefuses: guides that are wrong are not corrected.
func TestReadRefuses(t *testing.T) {
	folder := after(t)
	folder["x/guide.json"] = &fstest.MapFile{Data: []byte("{")}
	if _, err := Read(folder); err == nil || !strings.Contains(err.Error(), "x/guide.json:1: not valid JSON") {
		t.Errorf("got %v", err)
	}
}
