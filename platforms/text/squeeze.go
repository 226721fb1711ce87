package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// squeeze returns t without the signs that stand for controls, and the parts of
// t it left out: a token with a control between its letters is still a token.
// With wraps it leaves out line breaks, too, with the indentation around them.
func squeeze(t string, wraps bool) (string, []span) {
	if !strings.Contains(t, "\u2400"[:2]) && !strings.Contains(t, "\uFFFD") &&
		!(wraps && strings.ContainsAny(t, "\n↵")) {
		return t, nil
	}
	var b strings.Builder
	var dropped []span
	at := 0
	for i := 0; i < len(t); {
		n := sign(t[i:])
		if n > 0 {
			n += marksOf(t[i+n:])
		} else if wraps {
			n = wrap(t[i:])
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(t[at:i])
		dropped = append(dropped, span{from: i, to: i + n})
		i += n
		at = i
	}
	b.WriteString(t[at:])
	return b.String(), dropped
}

// sign is the length of the sign for a control that s begins with. With the
// sign of ESC goes what was the rest of a sequence, which no terminal shows.
func sign(s string) int {
	const size = len("␛")
	if len(s) < size || s[0] != 0xE2 && s[0] != 0xEF {
		return 0
	}
	switch r := s[:size]; {
	case r == "\uFFFD":
		return size
	case r < "␀" || r > "␡":
		return 0
	case r != "␛" || !strings.HasPrefix(s[size:], "["):
		return size
	}
	at := size + 1
	for at < len(s) && s[at] >= ' ' && s[at] <= '?' {
		at++
	}
	if at < len(s) && s[at] >= '@' && s[at] <= '~' {
		return at + 1
	}
	return size
}

// marksOf is the length of the combining marks that s begins with.
func marksOf(s string) int {
	for i, r := range s {
		if r < utf8.RuneSelf || !unicode.Is(unicode.M, r) {
			return i
		}
	}
	return len(s)
}

// wrapEdge is what a terminal, a mail or a shell puts around a wrapped line.
const wrapEdge = " >|\\│"

// wrap is the length of the line break that s begins with, with the edges of
// both lines; 0 if there is none. It looks no further than 64 bytes.
func wrap(s string) int {
	if s == "" || !strings.Contains("\n= >|\\\xE2", s[:1]) {
		return 0
	}
	s = s[:min(len(s), 64)]
	rest := strings.TrimPrefix(s, "=") // quoted-printable
	rest = strings.TrimLeft(rest, wrapEdge)
	after, found := strings.CutPrefix(rest, "\n")
	if !found {
		after, found = strings.CutPrefix(rest, "↵")
	}
	if !found {
		return 0
	}
	return len(s) - len(strings.TrimLeft(after, wrapEdge))
}

// stretch moves spans from a squeezed text to the text it was made of.
func stretch(spans []span, dropped []span) {
	if len(dropped) == 0 {
		return
	}
	// at[i] is where dropped[i] would stand in the squeezed text.
	at := make([]int, len(dropped))
	gone := 0
	for i, d := range dropped {
		at[i] = d.from - gone
		gone += d.to - d.from
	}
	original := func(pos int) int { // of the character at pos
		i, _ := slices.BinarySearch(at, pos+1)
		if i == 0 {
			return pos
		}
		return dropped[i-1].to + pos - at[i-1]
	}
	for i, s := range spans {
		spans[i].from, spans[i].to = original(s.from), original(s.to-1)+1
	}
}
