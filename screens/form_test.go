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
