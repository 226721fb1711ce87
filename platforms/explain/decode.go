package explain

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxRounds is how often a text may be escaped within itself.
const maxRounds = 4

// decoded is s without escapes: \" and \u00fc of JSON, %XX of addresses and
// &quot; of HTML, however often they were put over each other. The text that has
// none is not copied. Decoding never makes a text longer.
func decoded(s string) (view string, changed bool) {
	if !strings.ContainsAny(s, `\%&`) {
		return s, false
	}
	b := []byte(s)
	for range maxRounds {
		before := len(b)
		b = decodeOnce(b)
		if len(b) == before {
			break
		}
		changed = true
	}
	if !changed {
		return s, false
	}
	return string(b), true
}

// decodeOnce takes one layer of escapes off b, in place.
func decodeOnce(b []byte) []byte {
	from := bytes.IndexAny(b, `\%&`)
	if from < 0 {
		return b
	}
	out := b[:from]
	for i := from; i < len(b); {
		r, n := rune(-1), 0
		switch b[i] {
		case '\\':
			r, n = backslash(b[i:])
		case '%':
			if n = hexByte(b[i+1:]); n >= 0 {
				out, i = append(out, byte(n)), i+3
				continue
			}
			n = 0
		case '&':
			r, n = entity(b[i:])
		}
		switch {
		case n == 0:
			out, i = append(out, b[i]), i+1
		case r < 0:
			i += n
		default:
			out, i = utf8.AppendRune(out, r), i+n
		}
	}
	return out
}

// backslash reads one escape. n is 0 for a backslash that escapes nothing.
func backslash(b []byte) (r rune, n int) {
	if len(b) < 2 {
		return -1, 0
	}
	switch c := b[1]; c {
	case '"', '\'', '/', '`', '\\':
		return -1, 1 // what it protects stays
	case 'n', 'r', 't':
		return '\n', 2
	case 'u':
		return unicodeEscape(b)
	}
	return -1, 0
}

func unicodeEscape(b []byte) (rune, int) {
	r, ok := hex4(b)
	if !ok {
		return -1, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(b[6:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), 12
		}
		return '?', 6 // shorter than the sign for it would matter nowhere
	}
	return r, 6
}

// hex4 reads \uXXXX.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	high, low := hexByte(b[2:]), hexByte(b[4:])
	return rune(high<<8 | low), high >= 0 && low >= 0
}

// hexByte reads two hexadecimal digits, or is -1.
func hexByte(b []byte) int {
	if len(b) < 2 {
		return -1
	}
	high, low := hexDigit(b[0]), hexDigit(b[1])
	if high < 0 || low < 0 {
		return -1
	}
	return high<<4 | low
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// longestEntity is the longest HTML entity that is looked for.
const longestEntity = 8

// entity reads the HTML entities that quote characters of a message.
func entity(b []byte) (rune, int) {
	end := bytes.IndexByte(b[:min(len(b), longestEntity)], ';')
	if end < 2 {
		return -1, 0
	}
	name := string(b[1:end])
	switch name {
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "nbsp":
		return ' ', end + 1
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return -1, 0
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	r, err := strconv.ParseUint(digits, base, 16)
	if err != nil || r < ' ' {
		return -1, 0
	}
	return rune(r), end + 1
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
