package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNamed is how many words Suspicious names.
const maxNamed = 3

// Suspicious says, in short notes for a person, what about raw may deceive the
// eye: characters that show nothing, which cleaning dropped, and words that mix
// alphabets, as a forged name does. Ordinary text has none. A view puts the
// notes beside the text; the text itself carries no marks, so that redaction
// and error matching see whole words. It looks at the first MaxPaste bytes.
func Suspicious(raw string) []Safe {
	raw = prefix(raw, MaxPaste)
	var notes []Safe
	if n := dropped(raw); n == 1 {
		notes = append(notes, Const("1 hidden character was removed"))
	} else if n > 1 {
		notes = append(notes, Format("%s hidden characters were removed", Int(n)))
	}
	words := mixed(lines(raw, MaxPaste).s)
	if len(words) == 0 {
		return notes
	}
	named := words[:min(len(words), maxNamed)]
	note := Format("letters of several alphabets in one word: %s", Join(", ", named...))
	if more := len(words) - len(named); more > 0 {
		note = Format("%s and %s more", note, Int(more))
	}
	return append(notes, note)
}

// dropped counts the characters of raw that cleaning drops; colours and the
// parts of an emoji do not count.
func dropped(raw string) int {
	n := 0
	var before rune
	for i := 0; i < len(raw); {
		r, size := next(raw[i:])
		ascii := i+size >= len(raw) || raw[i+size] < utf8.RuneSelf
		if r == hidden || (r == zwj || r == zwnj) && (before < utf8.RuneSelf || ascii) {
			n++
		}
		before = r
		i += size
	}
	return n
}

// mixed lists the words of s that mix alphabets, each once, in their order.
func mixed(s string) []Safe {
	var words []Safe
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M) && r != zwj && r != zwnj
	}) {
		if len(word) == printable(word) || !mixes(word) {
			continue
		}
		if w := Line(word); !slices.Contains(words, w) && len(words) < 100 {
			words = append(words, w)
		}
	}
	return words
}

// alphabets are the scripts whose letters are taken for each other's. Scripts
// that are written together, as in Japanese, are not among them.
var alphabets = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian,
	unicode.Cherokee, unicode.Coptic, unicode.Hebrew, unicode.Arabic, unicode.Lisu,
}

// mixes tells whether word has letters of two alphabets.
func mixes(word string) bool {
	var first *unicode.RangeTable
	for _, r := range word {
		if first != nil && unicode.Is(first, r) {
			continue
		}
		for _, a := range alphabets {
			if !unicode.Is(a, r) {
				continue
			}
			if first != nil {
				return true
			}
			first = a
			break
		}
	}
	return false
}
