package wizard

import (
	"os"
	"regexp"
	"unicode/utf8"
)

// The marks that a terminal puts around what is pasted.
const (
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// An input is the terminal's input with pasted text made harmless. The decoder
// behind it takes control sequences within a paste for answers of the terminal:
// it would swallow them with the text they hold, and one without an end would
// swallow the end of the paste. So an ESC becomes the sign for it; colours go.
//
// It is a terminal to whoever asks, and never holds back what was typed.
type input struct {
	*os.File
	pasting bool
	begun   int    // bytes of pasteBegin seen
	held    []byte // of the paste: what the next read decides on
}

// signs are longer than what they stand for: so much less is read at once.
const longestSign = 3

var (
	colour     = regexp.MustCompile("^\x1b\\[[0-9;:]*m")
	unfinished = regexp.MustCompile("^\x1b(\\[[0-9;:]{0,32})?$")
)

// Read reads what was typed and pasted.
func (in *input) Read(into []byte) (int, error) {
	raw := make([]byte, max(1, (len(into)-len(pasteEnd)-40)/longestSign))
	n, err := in.File.Read(raw)
	return copy(into, in.filtered(raw[:n])), err
}

// filtered is raw, and what was held back, made harmless.
func (in *input) filtered(raw []byte) []byte {
	raw = append(in.held, raw...)
	in.held = nil
	var out []byte
	for len(raw) > 0 {
		part, n := raw[:1], 1
		if in.pasting {
			part, n = in.pasted(raw)
		} else {
			in.typed(raw[0])
		}
		if n == 0 {
			in.held = append(in.held, raw...)
			break
		}
		out, raw = append(out, part...), raw[n:]
	}
	return out
}

// typed looks for the beginning of a paste.
func (in *input) typed(b byte) {
	switch {
	case b == pasteBegin[in.begun]:
		in.begun++
	case b == pasteBegin[0]:
		in.begun = 1
	default:
		in.begun = 0
	}
	if in.begun == len(pasteBegin) {
		in.pasting, in.begun = true, 0
	}
}

// pasted gives the first piece of a paste, and how much of raw it is; 0 if that
// cannot be told yet.
func (in *input) pasted(raw []byte) (part []byte, n int) {
	switch {
	case len(raw) >= len(pasteEnd) && string(raw[:len(pasteEnd)]) == pasteEnd:
		in.pasting = false
		return raw[:len(pasteEnd)], len(pasteEnd)
	case colour.Match(raw):
		return nil, len(colour.Find(raw))
	case unfinished.Match(raw), !utf8.FullRune(raw):
		return nil, 0
	case raw[0] == 0x1b:
		return []byte("␛"), 1
	}
	r, size := utf8.DecodeRune(raw)
	if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
		return []byte("␦"), size // the decoder would drop U+FFFD, and obey the others
	}
	return raw[:size], size
}
