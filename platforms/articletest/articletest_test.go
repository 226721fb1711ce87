package articletest

import (
	"strings"
	"testing"

	"reconnect/platforms"
)

// TestMissing wants a gap for every statement when nothing is rendered, and the
// line breaks of a screen not to matter.
func TestMissing(t *testing.T) {
	nothing := func(platforms.Service, platforms.Audience, string) string { return "" }
	if got := len(Missing(nothing)); got < len(Rows())*len(platforms.Audiences()) {
		t.Errorf("nothing was rendered, but only %d gaps were found", got)
	}
	wrapped := func(s platforms.Service, a platforms.Audience, place string) string {
		return strings.ReplaceAll(strings.ToUpper(Text(s, a, place)), " ", "\n   ")
	}
	for _, gap := range Missing(wrapped) {
		t.Error(gap)
	}
}

// TestRows wants every row to say where it is carried, but for headings.
func TestRows(t *testing.T) {
	for _, row := range Rows() {
		if (len(row.At) == 0) != (len(row.Words) == 0) {
			t.Errorf("%q has places or words, but not both", row.Says)
		}
	}
	if left := Uncovered("Step 1: Fully disconnect first, then dance\n"); len(left) != 1 || !strings.Contains(left[0], "then dance") {
		t.Errorf("uncovered is %v", left)
	}
}
