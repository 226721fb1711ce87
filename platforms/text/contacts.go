package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// contactFinders find how to reach a person.
func contactFinders() []finder { return []finder{findEmails, findPhones} }

// findEmails finds e-mail addresses, also with %40 for the @.
func findEmails(t string) []span {
	var spans []span
	last := 0
	for i := 0; i < len(t); i++ {
		at := leadingOf(t[i:], []string{"@", "%40", "%2540"})
		if at == "" {
			continue
		}
		from := localPart(t, last, i)
		end := i + len(at)
		if n := domain(t[end:]); n > 0 && from < i {
			end += n
			spans = append(spans, span{from, end, email})
		}
		last, i = end, end-1
	}
	return spans
}

// localPart is where the part before the @ at i begins, not before last.
func localPart(t string, last, i int) int {
	for i > last {
		r, size := utf8.DecodeLastRuneInString(t[last:i])
		if r < utf8.RuneSelf && !dotted(t[i-1]) && strings.IndexByte("+%'", t[i-1]) < 0 ||
			r >= utf8.RuneSelf && !european(r) {
			break
		}
		i -= size
	}
	for i < len(t) && strings.IndexByte(".'", t[i]) >= 0 { // punctuation before an address
		i++
	}
	return i
}

// european tells whether r is a letter of a script that puts spaces between
// words; in others the address would run into the text before it.
func european(r rune) bool { return r < 0x1200 && unicode.In(r, unicode.L, unicode.M) }

// domain is the length of the host that s begins with, or 0 if there is none: at
// least two labels, the last of two letters or more.
func domain(s string) int {
	const longest = 255
	end, label, labels := 0, 0, 0
	top := true // the label has letters only
	finish := func(at int) {
		if labels++; labels > 1 && top && at-label >= 2 {
			end = at
		}
	}
	i := 0
	for i < len(s) && i < longest {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '.' && i > label:
			finish(i)
			label, top = i+1, true
		case r < utf8.RuneSelf && alnum(s[i]), european(r):
			top = top && !digit(s[i])
		case r == '-' && i > label:
			top = strings.HasPrefix(s[label:], "xn--")
		default:
			if i > label {
				finish(i)
			}
			return end
		}
		i += size
	}
	if i > label {
		finish(i)
	}
	return end
}

// findPhones finds numbers that are written like a phone number: with + or 00,
// or grouped as phone numbers are. Ids, times and error codes are not.
func findPhones(t string) []span {
	var spans []span
	for i := 0; i < len(t); {
		b := t[i]
		if !digit(b) && b != '+' && b != '(' && b != '%' {
			i++
			continue
		}
		if edge(t, i) && (i == 0 || strings.IndexByte("-./:#", t[i-1]) < 0) {
			if n := phoneNumber(t[i:]); n > 0 {
				spans = append(spans, span{i, i + n, phone})
				i += n
				continue
			}
		}
		i += max(1, leading(t[i:], digit))
	}
	return spans
}

// phoneNumber is the length of the phone number that s begins with, or 0.
func phoneNumber(s string) int {
	rest, plus := strings.CutPrefix(s, "+")
	if !plus {
		rest, plus = strings.CutPrefix(s, "%2B")
	}
	n := readNumber(rest)
	end := len(s) - len(rest) + n.size
	if after := s[end:]; after != "" && (word(after[0]) || marked(after[0]) || after[0] == ':' ||
		len(after) > 1 && strings.IndexByte("./", after[0]) >= 0 && digit(after[1])) {
		return 0
	}
	switch {
	case plus && n.digits >= 8 && n.digits <= 15 && rest[0] != '0':
	case !plus && strings.HasPrefix(rest, "00") && n.digits >= 10 && n.digits <= 17 && rest[2] != '0':
	case !plus && n.american():
	case !plus && n.national(rest):
	default:
		return 0
	}
	return end
}

// A number is digits in groups.
type number struct {
	size, digits int
	groups       []int // digits in each
	gaps         string
}

// readNumber reads groups of digits with one separator between two, or with
// brackets around one.
func readNumber(s string) number {
	const most = 8
	var n number
	for i := 0; len(n.groups) < most; {
		gap := phoneGap(s[i:], len(n.groups) == 0)
		d := leading(s[i+gap:], digit)
		if d == 0 || d > 17 || gap == 0 && len(n.groups) > 0 {
			break
		}
		if gap > 0 && len(n.groups) > 0 {
			n.gaps += s[i+gap-1 : i+gap]
		}
		i += gap + d
		n.size, n.digits, n.groups = i, n.digits+d, append(n.groups, d)
	}
	return n
}

// phoneGap is the length of what stands between two groups of digits.
func phoneGap(s string, first bool) int {
	i := 0
	if !first {
		i = len(leadingOf(s, []string{") ", ")-", ")", " - ", "-", ".", " / ", "/", " "}))
	}
	if (first || i > 0) && i < len(s) && s[i] == '(' || !first && strings.HasPrefix(s, "(") {
		i++
	}
	return i
}

// american tells whether n is grouped 3-3-4, perhaps after a 1.
func (n number) american() bool {
	g := n.groups
	if len(g) == 4 && g[0] == 1 {
		g = g[1:]
	}
	return len(g) == 3 && g[0] == 3 && g[1] == 3 && g[2] == 4
}

// national tells whether n, as s has it, begins with one 0 and is grouped, and
// is no date.
func (n number) national(s string) bool {
	s = strings.TrimPrefix(s, "(")
	if len(n.groups) < 2 || n.digits < 9 || n.digits > 12 || s[0] != '0' || s[1] == '0' {
		return false
	}
	for i, g := range n.groups {
		if g < 2 || i == 0 && g > 5 {
			return false
		}
	}
	date := len(n.groups) >= 3 && n.groups[0] == 2 && n.groups[1] == 2 && n.groups[2] == 4
	return !date && strings.Count(n.gaps, ".") == 0
}
