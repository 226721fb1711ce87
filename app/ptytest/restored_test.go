package ptytest

import (
	"slices"
	"testing"
)

func TestLeftOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		output string
		want   []string
	}{
		{"plain\r\n", nil},
		{"\x1b[?1049h\x1b[?25l\x1b[?2004h …\x1b[?25h\x1b[?2004l\x1b[?1049l", nil},
		{"\x1b[?1049h\x1b[?25l", []string{"a hidden cursor", "the alternate screen (mode 1049)"}},
		{"\x1b[?7l\x1b[?1002;1006h", []string{"no wrapping of long lines", "mouse drags (mode 1002)", "mouse coordinates (mode 1006)"}},
		{"\x1b[?4711h", []string{"mode 4711"}},
		{"\x1b[?1049h\x1b[>1u\x1b[?1049l", []string{"the extended keyboard on the alternate screen"}},
		{"\x1b[?1049h\x1b[>1u\x1b[<u\x1b[?1049l", nil},
		{"\x1b[=5;1u", []string{"the extended keyboard"}},
		{"\x1b[>4;2m", []string{"other keys (modifyOtherKeys)"}},
		{"\x1b[>4;2m\x1b[>4m", nil},
		{"\x1b[1;31mred", []string{"colours or attributes of text"}},
		{"\x1b[1;31mred\x1b[m", nil},
		{"\x1b[4 q\x1b=", []string{"the application's keypad", "the cursor's shape"}},
		{"\x1b]11;?\a", nil},
		{"\x1b]11;#102030\a", []string{"the background's colour"}},
		{"\x1b]11;#102030\a\x1b]111\a", nil},
		{"\x1b]8;;https://example.com\atext", []string{"a link"}},
		{"\x1b]8;;https://example.com\atext\x1b]8;;\a", nil},
		{"\x1b]9;4;1;50\a", []string{"the progress bar"}},
		{"\x1b[?1049h\x1b[?25l\x1b[31m\x1bc", nil},
	} {
		if got := leftOn([]byte(c.output)); !slices.Equal(got, c.want) {
			t.Errorf("%q leaves %q, want %q", c.output, got, c.want)
		}
	}
}
