package explain

import (
	"strings"
	"unicode/utf8"
)

// number reads the number at i, which is an HTTP status or a code only by the
// words beside it.
func (r *reader) number(i int) int {
	end := i
	for end < len(r.text) && (digit(r.text[end]) || letter(r.text[end]) || r.text[end] == '_') {
		end++
	}
	value := r.text[i:end]
	free := (i == 0 || strings.IndexByte(" \t\n`'\"([:=", r.text[i-1]) >= 0) && !strings.HasPrefix(r.text[end:], ":") || i == 0
	if !free || len(value) > maxDigits || end < len(r.text) && r.text[end] == '.' && end+1 < len(r.text) && digit(r.text[end+1]) {
		return end
	}
	if status, ok := httpStatus(value); ok && status >= 400 && r.isStatus(end) {
		r.add(field{kind: kindHTTP, value: value, code: status, at: i})
		return end
	}
	if n, ok := codeOf(value); ok && strings.HasPrefix(r.text[end:], " - ") && sentence(r.text, end+3) && (i == 0 || r.text[i-1] != ':') {
		r.add(field{kind: kindCode, value: value, code: n, at: i, weak: true})
	}
	return end
}

// isStatus looks at the words around a number of three digits.
func (r *reader) isStatus(end int) bool {
	i := end
	for i < len(r.text) && strings.IndexByte(" :(-`\"'", r.text[i]) >= 0 {
		i++
	}
	if stop := wordEnd(r.text, i); stop > i && stop-i < maxName && afterStatus(lower(r.text[i:stop])) {
		return true
	}
	if end < len(r.text) && r.text[end] == '{' || i < len(r.text) && r.text[i] == '{' {
		return true
	}
	return end-3-r.ended < 4 && beforeStatus(lower(r.prev)) && (end == len(r.text) || strings.IndexByte(" \n,.;:)`\"'", r.text[end]) >= 0)
}

// sentence tells whether a sentence begins at i.
func sentence(s string, i int) bool {
	return i < len(s) && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= utf8.RuneSelf || s[i] == '"')
}

// bracket reads "(#200)" and "(64) Your account".
func (r *reader) bracket(i int) int {
	start := i + 1
	hash := strings.HasPrefix(r.text[start:], "#")
	if hash {
		start++
	}
	end := start
	if end < len(r.text) && r.text[end] == '-' {
		end++
	}
	for end < len(r.text) && digit(r.text[end]) && end-start <= maxDigits {
		end++
	}
	n, ok := codeOf(r.text[start:end])
	if !ok || end >= len(r.text) || r.text[end] != ')' && r.text[end] != ']' {
		return i + 1
	}
	f := field{kind: kindCode, value: r.text[start:end], code: n, at: i}
	switch {
	case hash && r.text[i] == '(':
		f.name = "(#)"
		r.add(f)
	case r.text[i] == '(' && strings.HasPrefix(r.text[end+1:], " ") && sentence(r.text, end+2):
		f.weak = true
		r.add(f)
	case r.text[i] == '(' && beforeStatus(lower(r.prev)) && n >= 400 && n < 600:
		f.kind = kindHTTP
		r.add(f)
	default:
		return i + 1
	}
	return end + 1
}
