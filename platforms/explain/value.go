package explain

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// separator skips what stands between a name and its value, and says what it was:
// ':', '=', '#', or 0 for a space.
func separator(s string, i int) (int, byte) {
	sep := byte(0)
	limit := min(len(s), i+32)
	for ; i < limit; i++ {
		switch c := s[i]; c {
		case '"', '\'', '`', ']', ' ', '\t':
			if sep != 0 && (c == '"' || c == '\'' || c == '`') {
				return i, sep
			}
		case '#':
			if sep != 0 && sep != ' ' {
				continue
			}
			sep = '='
		case ':', '=':
			sep = c
		case '>':
			if sep == 0 {
				sep = '='
			}
		case '\n', '\r':
			if sep == 0 {
				return i, 0
			}
		case 'u', 'b':
			if sep != 0 && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '"') {
				continue
			}
			return i, sep
		default:
			return i, sep
		}
	}
	return i, sep
}

// valueAt is the value at i: a quoted text, or what reaches to the next sign.
func valueAt(s string, i int) (value string, after int, quoted bool) {
	limit := min(len(s), i+maxValue)
	if c := s[i]; c == '"' || c == '\'' || c == '`' {
		for end := i + 1; end < limit; end++ {
			if s[end] == c && closes(s, end) {
				return s[i+1 : end], end + 1, true
			}
		}
		return cut(s[i+1 : limit]), limit, true
	}
	end := i
	for end < limit && !stops(s[end]) {
		end++
	}
	return strings.TrimRight(cut(s[i:end]), ".:!"), end, false
}

// stops tells whether c ends a value that has no quotes.
func stops(c byte) bool {
	switch c {
	case ',', ';', '}', ']', ')', '"', '\'', '\n', '\r', '<', '&', '|', '{', '(', '[':
		return true
	case ' ', '\t', '#':
		return true
	}
	return false
}

// closes tells whether the quote at i ends its value: what follows is a sign that
// stands behind values. So it'll and quotes within a message do not.
func closes(s string, i int) bool {
	for i++; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t':
			continue
		case ',', '}', ']', ')', ';', '\n', '\r', '>', '"', '\'', '=', ':', '&', '|':
			return true
		}
		return false
	}
	return true
}

// cut leaves out a character that was cut in the middle.
func cut(s string) string {
	for len(s) > 0 {
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// codeOf reads a number that can be a code.
func codeOf(s string) (int, bool) {
	s = strings.TrimPrefix(s, "#")
	digits := strings.TrimPrefix(s, "-")
	if len(digits) == 0 || len(digits) > maxDigits {
		return 0, false
	}
	for i := range len(digits) {
		if !digit(digits[i]) {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func httpStatus(s string) (int, bool) {
	if len(s) != 3 || s[0] < '1' || s[0] > '5' || !digit(s[1]) || !digit(s[2]) {
		return 0, false
	}
	return int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0'), true
}

// skipType skips what PHP's var_dump writes before a value: int(190), string(5) "…".
func skipType(s string, i int) int {
	if i >= len(s) {
		return i
	}
	if strings.HasPrefix(s[i:], "int(") {
		return i + len("int(")
	}
	if strings.HasPrefix(s[i:], "string(") {
		if end := strings.Index(s[i:min(len(s), i+maxName)], ") "); end > 0 {
			return i + end + len(") ")
		}
	}
	return i
}
