package platforms

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"reconnect/platforms/text"
)

// TestAll fails on anything that is wrong with the embedded guides.
func TestAll(t *testing.T) {
	for _, problem := range Validate(data) {
		t.Error(problem)
	}
	for i, s := range All() {
		if s.ID != IDs()[i] {
			t.Errorf("platform %d is %s, want %s", i, s.ID, IDs()[i])
		}
		g := s.Guide()
		if g.Name != s.Name {
			t.Errorf("%s is called %s in the program and %s in the data", s.ID, s.Name, g.Name)
		}
		for _, shape := range Shapes() {
			if len(g.Pages[shape.Page].Choices) != len(shape.Choices) {
				t.Errorf("%s: page %s has the answers %v", s.ID, shape.Page, g.Pages[shape.Page].Choices)
			}
			for i, id := range shape.Choices {
				if c := g.Pages[shape.Page].Choices[i]; c.ID != id {
					t.Errorf("%s: page %s: answer %d is %s, want %s", s.ID, shape.Page, i+1, c.ID, id)
				}
			}
		}
	}
}

func TestGet(t *testing.T) {
	for name, want := range map[string]ID{"facebook": Facebook, "LinkedIn": LinkedIn, " x ": X, "Twitter": X} {
		if s, err := Get(name); err != nil || s.ID != want {
			t.Errorf("Get(%q) = %v, %v", name, s.ID, err)
		}
	}
	_, err := Get("orkut")
	var unknown *UnknownPlatform
	if !errors.As(err, &unknown) || unknown.Name != "orkut" {
		t.Fatalf("err = %v", err)
	}
	if want := `no platform is called "orkut"; known are instagram, facebook, tiktok, linkedin, x`; err.Error() != want {
		t.Errorf("err = %q, want %q", err, want)
	}
}

// TestMerge looks at what a platform's page takes from the common one.
func TestMerge(t *testing.T) {
	common := Page{
		Title:   text.Const("common"),
		Do:      []Instruction{{ID: "a"}, {ID: "b"}},
		Choices: []Choice{{ID: "yes", Label: text.Const("Yes")}},
		Impact:  &Impact{Stops: Words{Own: text.Const("posts")}},
		More:    []Note{{}},
	}
	own := Page{
		Do:      []Instruction{{ID: "c", After: "a"}, {ID: "b", Where: "web"}, {ID: "d", After: "-"}, {ID: "e"}},
		Choices: []Choice{{ID: "yes", Listen: text.Const("sure")}},
		Impact:  &Impact{Falls: Words{Own: text.Const("Pages")}},
		More:    []Note{{}},
	}
	p := merge(common, own)
	var ids string
	for _, in := range p.Do {
		ids += in.ID + in.Where
	}
	if ids != "dacbwebe" {
		t.Errorf("instructions are %s", ids)
	}
	if c := p.Choices[0]; c.Label.String() != "Yes" || c.Listen.String() != "sure" {
		t.Errorf("answer is %v", c)
	}
	if p.Title.String() != "common" || p.Impact.Stops.Own.String() != "posts" || p.Impact.Falls.Own.String() != "Pages" || len(p.More) != 2 {
		t.Errorf("page is %v", p)
	}
	if len(common.Do) != 2 || !common.Choices[0].Listen.Empty() || !common.Impact.Falls.Own.Empty() {
		t.Error("merge changed the common page")
	}
}

// TestFits lays the pages that are whole on a screen of 80 by 24 out, and counts lines.
func TestFits(t *testing.T) {
	for _, s := range All() {
		g := s.Guide()
		g = g.Fill(g.Vars())
		for _, a := range Audiences() {
			for name, p := range g.Pages {
				if name == "fresh" {
					p.Impact = nil // it takes nothing away any more, so it stands beside the page
				}
				if n := lines(p, a); n > 24 {
					t.Errorf("%s, %s: page %s takes %d lines", s.ID, a, name, n)
				}
			}
			for _, c := range slices.Concat(g.Checks, g.Tests) {
				p := g.Pages["check"]
				p.Title, p.Why, p.Ask, p.Do = c.Title, c.Why, c.Ask, c.How
				if n := lines(p, a); n > 24 {
					t.Errorf("%s, %s: check %s takes %d lines", s.ID, a, c.ID, n)
				}
			}
		}
	}
}

// lines is how many lines a page takes: head, rail, blank, title, why, blank,
// instructions, impact, blank, question, answers, blank, rule, keys.
func lines(p Page, a Audience) int {
	rows := func(s text.Safe, room int) int { return (uniseg.StringWidth(s.String()) + room - 1) / room }
	n := 4 + rows(p.Why.For(a), 74) + 1
	for _, in := range p.Do {
		n += rows(in.Text.For(a), 70) + rows(in.Warn.For(a), 68)
	}
	if p.Impact != nil {
		n += 6
	}
	n += 1 + rows(p.Ask.For(a), 74)
	width := 0
	for _, c := range p.Choices {
		if width -= uniseg.StringWidth(c.Label.String()) + 5; width < 0 {
			n, width = n+1, 76-uniseg.StringWidth(c.Label.String())-5
		}
	}
	return n + 3
}

// TestFilled wants no placeholder left in what is printed.
func TestFilled(t *testing.T) {
	for _, s := range All() {
		for _, a := range Audiences() {
			md := Markdown(s, a).String()
			if strings.ContainsAny(md, "{}") {
				t.Errorf("%s: a placeholder is left in the Markdown", s.ID)
			}
			if !strings.HasPrefix(md, "# "+s.Guide().Name.String()+"\n\n") || strings.Contains(md, "\n\n\n") {
				t.Errorf("%s: the Markdown is not well spaced:\n%s", s.ID, md)
			}
			g := s.Guide()
			g = g.Fill(g.Vars())
			for _, c := range g.Tests {
				if !strings.Contains(md, "\n### "+c.Title.String()+"\n") {
					t.Errorf("%s: the Markdown has no test %s", s.ID, c.ID)
				}
			}
			for _, b := range g.Branches {
				first, _ := g.Check(b.Checks[0])
				if !strings.Contains(md, "\n- "+b.Label.For(a).String()+": look at "+first.Title.String()) {
					t.Errorf("%s: the Markdown has no branch %s", s.ID, b.ID)
				}
			}
			if !strings.Contains(md, "## Our own caution\n") || !strings.Contains(md, "as usual over 14 days") {
				t.Errorf("%s: the Markdown has no caution of our own", s.ID)
			}
		}
		raw, err := json.Marshal(DocumentOf(s))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range placeholders {
			if strings.Contains(string(raw), "{"+name+"}") {
				t.Errorf("%s: {%s} is left in the document", s.ID, name)
			}
		}
		var back struct {
			Schema int
			Pages  []struct{ Page, Title string }

			Tests, Branches []struct{ ID string }
			Caution         struct {
				CoolDown []struct{ Wait string }
			}
		}
		if err := json.Unmarshal(raw, &back); err != nil || back.Schema != 1 || len(back.Pages) != len(Shapes()) || back.Pages[0].Page != "status" {
			t.Errorf("%s: the document reads back as %v, %v", s.ID, back, err)
		}
		if g := s.Guide(); len(back.Tests) != len(g.Tests) || len(back.Branches) != len(g.Branches) || len(back.Caution.CoolDown) != 1 || back.Caution.CoolDown[0].Wait != "15m" {
			t.Errorf("%s: of tests, branches and caution the document has %v", s.ID, back)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	basis := ownBasis()
	for b.Loop() {
		g, _ := readGuide(data, Facebook)
		g.over(basis, Facebook)
	}
}
