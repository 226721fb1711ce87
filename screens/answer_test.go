package screens

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// sampleLinks is a step with three links, the third of them not of an instruction.
func sampleLinks() Page {
	p := sampleGate()
	p.Do = []Instruction{{ID: "one", Text: safe("Do the first")}, {ID: "two", Text: safe("Do the second"), Link: safe("https://example.com/two")}}
	p.Links = []Link{
		{Label: safe("the first"), URL: safe("https://example.com/one")},
		{Label: safe("the second"), URL: safe("https://example.com/two")},
		{Label: safe("the third"), URL: safe("https://example.com/three")},
	}
	return p
}

// Esc leaves a page that is laid over another one, and no page of the ladder.
func TestEscLeavesWhatIsOver(t *testing.T) {
	f := sampleFrame(80, 24)
	for _, p := range samples() {
		if p.Kind == Form || p.Kind == Writing || p.Kind == Files { // esc leaves a field
			continue
		}
		p.Actions = []Action{{Act: Back}}
		if _, got := keys(open(p, f), "esc"); got != nil {
			t.Errorf("%s: esc answers %+v", p.Name, got)
		}
		p.Over = true
		s := open(p, f)
		if _, got := keys(s, "esc"); got == nil || got.Act != Back {
			t.Errorf("%s: esc over another page answers %+v", p.Name, got)
		}
		if got := ansi.Strip(HelpView(p, s, f)); !strings.Contains(got, "b esc") || !strings.Contains(got, "leave this page") {
			t.Errorf("%s: the help does not say so:\n%s", p.Name, got)
		}
		p.Actions = nil
		if _, got := keys(open(p, f), "esc"); got != nil {
			t.Errorf("%s: esc answers %+v without back", p.Name, got)
		}
	}
}

// In a list that was searched, esc ends the search first.
func TestEscEndsSearchFirst(t *testing.T) {
	p := sampleCases()
	p.Over, p.Actions = true, []Action{{Act: Back}}
	s, _ := keys(open(p, sampleFrame(80, 24)), append(append([]string{"/"}, letters("bright")...), "enter")...)
	s, got := keys(s, "esc")
	if got != nil {
		t.Fatalf("esc answers %+v during a search", got)
	}
	if _, got = keys(s, "esc"); got == nil || got.Act != Back {
		t.Errorf("the second esc answers %+v", got)
	}
}

// What is pasted where no field is, is an error to note, or is refused with words.
func TestPasteWithoutField(t *testing.T) {
	f, raw := sampleFrame(80, 24), "(#200)\nPermissions error\n"
	for _, p := range samples() {
		if p.Kind == Writing || p.Kind == Files {
			continue
		}
		p.Actions = []Action{{Act: Error}}
		p.Fields = sampleForm().Fields[2:] // nothing to type
		_, _, got := open(p, f).Update(tea.PasteMsg{Content: raw})
		if got == nil || got.Act != Error || got.Text != raw || got.Page != p.Name {
			t.Errorf("%s answers %+v", p.Name, got)
		}
		p.Actions = []Action{{Act: Error, Off: safe("not now")}}
		s, _, got := open(p, f).Update(tea.PasteMsg{Content: raw})
		if drawn := ansi.Strip(Draw(p, s, f)); got != nil || !strings.Contains(drawn, "Not pasted: there is no field") {
			t.Errorf("%s answers %+v and shows\n%s", p.Name, got, drawn)
		}
	}
	s := Open(sampleSteps(), f)
	if _, _, got := s.Update(tea.PasteMsg{Content: " \n"}); got != nil {
		t.Errorf("nothing at all answers %+v", got)
	}
	s, _, got := s.Update(tea.PasteMsg{Content: strings.Repeat("x", text.MaxPaste+1)})
	if drawn := ansi.Strip(Draw(sampleSteps(), s, f)); got != nil || !strings.Contains(drawn, "Not taken: that is 1.1 MiB") {
		t.Errorf("too much answers %v and shows\n%s", got != nil, drawn)
	}
}

// The keys on a link take that of the instruction under the cursor; elsewhere each
// press takes the next one. Which one it is, is said.
func TestWhichLink(t *testing.T) {
	f := sampleFrame(80, 30)
	for _, c := range []struct {
		keys []string
		want string
		says string
	}{
		{[]string{"o"}, "one", "Link 1 of 3: the first. o again for the next one."},
		{[]string{"o", "o"}, "two", "Link 2 of 3: the second."},
		{[]string{"o", "o", "o"}, "three", "Link 3 of 3: the third."},
		{[]string{"o", "o", "o", "o"}, "one", "Link 1 of 3: the first."},
		{[]string{"o", "o", "c"}, "one", "Link 1 of 3: the first. c again"},
		{[]string{"j", "Q"}, "two", "Link 2 of 3: the second."},
		{[]string{"j", "c", "c"}, "two", "Link 2 of 3: the second."},
	} {
		p := sampleLinks()
		s, got := keys(Open(p, f), c.keys...)
		if got == nil || got.Text != "https://example.com/"+c.want {
			t.Errorf("%v: %+v, want %s", c.keys, got, c.want)
		}
		if drawn := ansi.Strip(Draw(p, s, f)); !strings.Contains(drawn, c.says) {
			t.Errorf("%v: no %q in\n%s", c.keys, c.says, drawn)
		}
	}
	if got := ansi.Strip(PhoneView(sampleLinks(), Link{URL: safe("https://example.com/two")}, f)); !strings.Contains(got, "Link 2 of 3: the second.") {
		t.Errorf("the code does not say where it leads:\n%s", got)
	}
	p := sampleReading()
	p.Links = sampleLinks().Links
	if s, _ := keys(Open(p, f), "c"); strings.Contains(ansi.Strip(Draw(p, s, f)), "Link 1 of 3") {
		t.Error("the message is copied, and a link is named")
	}
}

// On a call what the customer says stands behind the answers, where it fits.
func TestListenBehindAnswers(t *testing.T) {
	p := sampleSteps()
	for i := range p.Choices {
		p.Choices[i].Listen = safe("they say " + p.Choices[i].ID)
	}
	shown := func(f Frame) int { return strings.Count(ansi.Strip(Draw(p, Open(p, f), f)), "they say") }
	if n := shown(sampleFrame(80, 24)); n != 0 {
		t.Errorf("%d on a page that is full", n)
	}
	if n := shown(sampleFrame(120, 40)); n != 0 {
		t.Errorf("%d beside the second pane", n)
	}
	p.Facts = nil
	for _, f := range []Frame{sampleFrame(80, 24), sampleFrame(60, 30)} {
		got := ansi.Strip(Draw(p, Open(p, f), f))
		if shown(f) != len(p.Choices) || strings.Contains(got, "↓ more") || !strings.Contains(got, "2 ▲ Warning                they say yellow") {
			t.Errorf("%d of %d in\n%s", shown(f), len(p.Choices), got)
		}
	}
}

// In a small window the answers stay in sight, and everything can be reached.
func TestAnswersStayInSight(t *testing.T) {
	for _, p := range []Page{sampleSteps(), sampleGate()} {
		f := sampleFrame(60, 20)
		if len(p.Do) == 0 {
			f.Height = 16
		}
		s, seen := Screen(Open(p, f)), ""
		for _, k := range []string{"pgup", "pgup", "pgdown", "pgdown", "pgdown", "pgup", "down", "home", "down", "end"} {
			s, _ = keys(s, k)
			got := ansi.Strip(Draw(p, s, f))
			seen += got
			for _, c := range p.Choices {
				if !strings.Contains(got, c.Label.String()) {
					t.Fatalf("%s after %s lacks %q:\n%s", p.Name, k, c.Label, got)
				}
			}
		}
		p.Ask, p.Choices = text.Safe{}, nil
		for _, word := range append(words(p), strings.Fields(p.Why.String())...) {
			if !strings.Contains(seen, word) {
				t.Errorf("%s: %q is never seen", p.Name, word)
			}
		}
		for _, fact := range p.Facts {
			for _, word := range strings.Fields(fact.Text.String()) {
				if !strings.Contains(seen, word) {
					t.Errorf("%s: %q is never seen", p.Name, word)
				}
			}
		}
	}
}

// What nobody sees, and what turns the direction, is typed but not drawn.
func TestTypedHiddenCharacters(t *testing.T) {
	f := sampleFrame(80, 24)
	typed := []string{"a", "\u202e", "b", "\u200b", "c", "\u2066", "\u200d", "d", "\u00ad", "ü"}
	files, _ := keys(Open(sampleFiles(), f), "tab")
	for _, s := range []Screen{open(sampleForm(), f), Open(sampleWriting(), f), files} {
		p := sampleForm()
		s, _ = keys(s, typed...)
		drawn := Draw(p, s, f)
		if i := strings.IndexAny(drawn, "\u202e\u200b\u2066\u200d\u00ad"); i >= 0 {
			t.Errorf("%T draws %q", s, drawn[i:i+4])
		}
		if !strings.Contains(ansi.Strip(drawn), "abcdü") {
			t.Errorf("%T hides more:\n%s", s, ansi.Strip(drawn))
		}
		if !strings.Contains(s.Draft(), strings.Join(typed, "")) {
			t.Errorf("%T keeps %q", s, s.Draft())
		}
	}
	for _, whole := range []string{"👩\u200d👩", "می\u200cخواهم", "❤️", "e\u0301", "plain"} {
		if got := cleaned(whole); got != whole {
			t.Errorf("%q is drawn as %q", whole, got)
		}
	}
}

// What a colour means is what the page says, and nothing else.
func TestBoardMeans(t *testing.T) {
	f, p := sampleFrame(80, 24), sampleBoard()
	p.Choices = []Choice{{ID: string(platforms.Red), Means: safe("red means this")}}
	got := ansi.Strip(Draw(p, Open(p, f), f))
	if !strings.Contains(got, "■ Disconnected   red means this") || strings.Contains(got, "no action needed") {
		t.Errorf("the board says\n%s", got)
	}
}
