package screens

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// In a field of text the help has no key that is text there.
func TestHelpOfText(t *testing.T) {
	p := sampleForm()
	p.Fields = []Field{{ID: "address", Kind: Hidden, Label: safe("Address")}}
	for _, group := range Open(p, sampleFrame(80, 24)).FullHelp() {
		for _, b := range group {
			for _, k := range b.Keys() {
				if len(k) == 1 || k == "space" {
					t.Errorf("%q %s is text there", k, b.Help().Desc)
				}
			}
		}
	}
}

// Every key of the help can be read in a small window, by scrolling.
func TestHelpScrolls(t *testing.T) {
	f, p := sampleFrame(60, 14), sampleSteps()
	s := Open(p, f)
	for name, down := range map[string]tea.Msg{"down": press("down"), "pgdown": press("pgdown"), "wheel": tea.MouseWheelMsg{Button: tea.MouseWheelDown}} {
		seen, at := "", 0
		for range 40 {
			drawn := HelpFrom(p, s, f, at)
			checkFits(t, "help", drawn, f)
			seen += ansi.Strip(drawn)
			var stays bool
			if at, stays = ScrollHelp(p, s, f, at, down); !stays {
				t.Fatalf("%s closes the help", name)
			}
		}
		for _, group := range s.FullHelp() {
			for _, k := range group {
				if k.Enabled() && !strings.Contains(seen, k.Help().Key+" ") {
					t.Errorf("%s: %q is never seen", name, k.Help().Key)
				}
			}
		}
		if last := ansi.Strip(HelpFrom(p, s, f, at)); !strings.Contains(last, "q         leave") || !strings.Contains(last, "↑↓ scroll   any other key closes") {
			t.Errorf("%s ends with\n%s", name, last)
		}
		if at, _ = ScrollHelp(p, s, f, at, press("home")); at != 0 {
			t.Errorf("home leads to line %d", at)
		}
	}
	if _, stays := ScrollHelp(p, s, f, 3, press("q")); stays {
		t.Error("q does not close the help")
	}
	if _, stays := ScrollHelp(p, s, sampleFrame(80, 24), 0, press("down")); stays {
		t.Error("down does not close a help that is all there")
	}
}
