package screens

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"one two", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"AA -A", 2, []string{"AA", "-A"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"a abcdefgh i", 3, []string{"a", "abc", "def", "gh", "i"}},
		{"  in dented text", 8, []string{"  in", "  dented", "  text"}},
		{"label    text that is long", 14, []string{"label    text", "that is long"}},
		{"日本語", 4, []string{"日本", "語"}},
		{"ends  ", 4, []string{"ends"}},
	} {
		if got := wrap(c.in, c.width); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

// No line is too wide, and nothing but spaces gets lost.
func TestWrapAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ReplaceAll(someLine().Draw(t, "s").String(), "\n", " ")
		width := rapid.IntRange(2, 90).Draw(t, "width")
		lines := wrap(s, width)
		for _, l := range lines {
			if ansi.StringWidth(l) > width {
				t.Fatalf("%q is wider than %d", l, width)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(s, " ", ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}
