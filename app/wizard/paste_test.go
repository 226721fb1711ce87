package wizard

import (
	"strings"
	"testing"
)

// A paste loses its colours and its control codes, however it is cut into reads;
// what is typed around it stays as it is.
func TestPasteIsHarmless(t *testing.T) {
	const raw = "\x1bOP\x1b[A" + pasteBegin + "a\x1b]52;c;QQ==\x07b\x1b[31;1mred\x1b[0m \x1b[2J\x1bPx\x1b\\ ü\u009b1m\x9d\xff 日" + pasteEnd + "\x1b]z\x1b" + pasteBegin + "\x1b" + pasteEnd + "\xff"
	const want = "\x1bOP\x1b[A" + pasteBegin + "a␛]52;c;QQ==\x07bred ␛[2J␛Px␛\\ ü␦1m␦␦ 日" + pasteEnd + "\x1b]z\x1b" + pasteBegin + "␛" + pasteEnd + "\xff"
	for size := 1; size <= len(raw); size++ {
		var in input
		var got strings.Builder
		for rest := raw; rest != ""; rest = rest[min(size, len(rest)):] {
			got.Write(in.filtered([]byte(rest[:min(size, len(rest))])))
		}
		if got.String() != want {
			t.Fatalf("in reads of %d bytes: %q\nwant %q", size, got.String(), want)
		}
	}
}
