package screens

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// sampleList is a form with one list, of any or of one of many options.
func sampleList(kind FieldKind) Page {
	p := sampleForm()
	field := Field{ID: "changed", Kind: kind, Label: safe("What changed lately, before the connection broke?"), Help: safe("as many as you know")}
	for i := range 9 {
		field.Options = append(field.Options, Choice{ID: fmt.Sprint(i), Label: safe(fmt.Sprintf("change number %d", i))})
	}
	p.Fields = []Field{field}
	return p
}

// resized is s in a window of another size.
func resized(s Screen, width, height int) Screen {
	s, cmd, _ := s.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return run(s, cmd)
}

// A window made small and large again shows the form as before, and the small
// one shows the option under the cursor.
func TestFormSmallAndLargeAgain(t *testing.T) {
	f := sampleFrame(80, 24)
	for _, kind := range []FieldKind{Pick, PickAny} {
		for _, size := range [][2]int{{50, 12}, {20, 5}, {36, 14}} {
			p := sampleList(kind)
			s, _ := keys(open(p, f), "end", "down", "down", "down", "down", "down", "down", "down", "down", "down")
			before := Draw(p, s, f)
			s = resized(s, size[0], size[1])
			if small := ansi.Strip(Draw(p, s, sampleFrame(size[0], size[1]))); size[1] > 10 && !strings.Contains(small, "change number 8") {
				t.Errorf("%s at %v hides the option under the cursor:\n%s", kind, size, small)
			}
			s = resized(s, 80, 24)
			if after := Draw(p, s, f); after != before {
				t.Errorf("%s after %v:\n%s\nbefore:\n%s", kind, size, ansi.Strip(after), ansi.Strip(before))
			}
		}
	}
}

// What does not show and was refused is gone: the next paste stands alone.
func TestRefusedHidden(t *testing.T) {
	f, p := sampleFrame(80, 24), sampleForm()
	p.Fields = []Field{{ID: "address", Kind: Hidden, Label: safe("Address"), Required: true}}
	s, _, _ := open(p, f).Update(tea.PasteMsg{Content: "http://wrong"})
	s, answer := keys(released(s), "enter")
	if answer == nil || answer.Values["address"] != "http://wrong" {
		t.Fatalf("answered %+v", answer)
	}
	s, _, _ = s.Update(Refused{})
	s, _, _ = s.Update(tea.PasteMsg{Content: "http://right"})
	if _, answer = keys(released(s), "enter"); answer == nil || answer.Values["address"] != "http://right" {
		t.Errorf("answered %+v", answer)
	}
}

// released is s some time after a paste.
func released(s Screen) Screen {
	for n := range 3 {
		s, _, _ = s.Update(pastedMsg{n + 1})
	}
	return s
}

// What is missing is said, and the cursor is there.
func TestCursorAtWhatIsMissing(t *testing.T) {
	_, answer := keys(open(sampleForm(), sampleFrame(80, 24)), "x", "enter", "2", "enter", "down", "enter", "ctrl+s")
	if answer == nil {
		t.Fatal("a form with all that is needed is not taken")
	}
	s, answer := keys(open(sampleForm(), sampleFrame(80, 24)), "tab", "ctrl+s")
	if answer != nil {
		t.Fatalf("answered %+v", answer)
	}
	if got := s.(form).focused(); got != 0 {
		t.Errorf("the cursor is in field %d", got)
	}
	if shown := ansi.Strip(Draw(sampleForm(), s, sampleFrame(80, 24))); !strings.Contains(shown, "This is needed to go on. (Facebook login)") {
		t.Error(shown)
	}
}

// What is wrong is said where it is seen, in every window: above the fields, and with
// nothing cut below them.
func TestWrongIsSeen(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 20}, {120, 40}} {
		for _, press := range []string{"enter", "ctrl+s"} {
			f, p := sampleFrame(size[0], size[1]), sampleForm()
			p.Fields = []Field{{ID: "address", Kind: Hidden, Label: safe("Address"), Required: true, Help: safe("It begins with http.")}}
			s, answer := keys(open(p, f), press)
			if shown := ansi.Strip(Draw(p, s, f)); answer != nil || !strings.Contains(shown, "This is needed to go on.") || strings.Contains(shown, "↓ more") {
				t.Errorf("%s at %v:\n%s", press, size, shown)
			}
		}
	}
}
