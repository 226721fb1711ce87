package app

import (
	"bytes"
	"fmt"
	"testing"
)

// TestFolding breaks at spaces, sets in what follows, and leaves an address whole.
func TestFolding(t *testing.T) {
	const address = "https://x.com/i/oauth2/authorize?state=1"
	for said, want := range map[string]string{
		"one two three four five six\n":  "one two three four\nfive six\n",
		"  ● yes  two three four five\n": "  ● yes  two three\n    four five\n",
		"Open " + address + " now\n":     "Open\n" + address + "\nnow\n",
		address + "\n":                   address + "\n",
		"short\n\nlines\n":               "short\n\nlines\n",
		"a line that has not ended":      "",
	} {
		var out bytes.Buffer
		w := &folding{to: &out, width: 20}
		for _, part := range []string{said[:3], said[3:]} {
			if _, err := fmt.Fprint(w, part); err != nil {
				t.Fatal(err)
			}
		}
		if got := out.String(); got != want {
			t.Errorf("%q:\n%q, want\n%q", said, got, want)
		}
	}
}
