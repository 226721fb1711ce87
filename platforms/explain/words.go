package explain

import (
	"encoding/binary"
	"strings"
)

// A term is one stem, word or phrase that some rule or platform listens for.
type term uint16

// A lexicon finds terms in a folded text, in one walk. It is a tree of letters
// that is entered at the beginning of each word, so the cost is the length of the
// text times the few letters until a word is seen to be none of its own.
type lexicon struct {
	next  [][edges]uint16   // by node, then letter; 0 is nothing
	wide  map[uint64]uint16 // by node and byte, for letters beyond ASCII
	ends  [][]ending        // by node
	terms map[string]term
	count term
}

// edges are the letters, the digits and the space.
const edges = 26 + 10 + 1

// An ending says that a term ends at a node.
type ending struct {
	term term
	stem bool // more letters may follow
	one  bool // a single word, long enough to be known by all but one letter
}

func newLexicon() *lexicon {
	return &lexicon{next: make([][edges]uint16, 1), wide: map[uint64]uint16{}, ends: make([][]ending, 1), terms: map[string]term{}}
}

// Typing errors are forgiven in words that are long enough to stay unlike others:
// of a stem, and of what was written.
const (
	minFuzzy = 5
	minTyped = 6
	maxTyped = 24
)

// add is the term for a word, a phrase, or a stem that ends in a star.
func (l *lexicon) add(word string) term {
	if t, ok := l.terms[word]; ok {
		return t
	}
	l.count++
	t := l.count
	l.terms[word] = t
	bare, stem := strings.CutSuffix(word, "*")
	f := fold(bare)
	letters := strings.Trim(string(f.out), " ")
	node := uint16(0)
	for i := range len(letters) {
		node = l.grow(node, letters[i])
	}
	one := len(letters) >= minFuzzy && !strings.Contains(letters, " ")
	l.ends[node] = append(l.ends[node], ending{t, stem, one})
	return t
}

func (l *lexicon) grow(node uint16, c byte) uint16 {
	if to := l.step(node, c); to != 0 {
		return to
	}
	to := uint16(len(l.next))
	l.next = append(l.next, [edges]uint16{})
	l.ends = append(l.ends, nil)
	if e := edge(c); e >= 0 {
		l.next[node][e] = to
	} else {
		l.wide[wideKey(node, c)] = to
	}
	return to
}

func wideKey(node uint16, c byte) uint64 {
	return uint64(binary.BigEndian.Uint32([]byte{byte(node >> 8), byte(node), 0, c}))
}

// edge is the number of a letter, or -1 for one beyond ASCII.
func edge(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	case c == ' ':
		return edges - 1
	}
	return -1
}

func (l *lexicon) step(node uint16, c byte) uint16 {
	if e := edge(c); e >= 0 {
		return l.next[node][e]
	}
	return l.wide[wideKey(node, c)]
}

// A hit is one place where a term stands.
type hit struct {
	term term
	at   int // in the folded text
	end  int // behind its last letter
	word int // counted from the beginning
}

// find calls yield for each term in the folded text, in its order. With fuzzy, a
// word that is no term may be one with a single typing error.
func (l *lexicon) find(text []byte, fuzzy bool, yield func(hit)) {
	word := -1
	for i := 0; i+1 < len(text); i++ {
		if text[i] != ' ' {
			continue
		}
		word++
		h := hit{at: i + 1, word: word}
		if !l.exact(text[i+1:], h, yield) && fuzzy {
			l.almost(text[i+1:], h, yield)
		}
	}
}

// exact tells whether it found a term of one word at the beginning of s.
func (l *lexicon) exact(s []byte, h hit, yield func(hit)) bool {
	found := false
	node := uint16(0)
	for i := 0; i < len(s); i++ {
		if node = l.step(node, s[i]); node == 0 {
			break
		}
		for _, end := range l.ends[node] {
			if end.stem || i+1 == len(s) || s[i+1] == ' ' {
				h.term, h.end = end.term, h.at+i+1
				found = true
				yield(h)
			}
		}
	}
	return found
}

// almost finds the terms that the first word of s is but for one letter left
// out, put in, changed, or two exchanged. The first letter must be right.
func (l *lexicon) almost(s []byte, h hit, yield func(hit)) {
	n := 0
	for n < len(s) && s[n] != ' ' && n <= maxTyped {
		if s[n] >= '0' && s[n] <= '9' {
			return
		}
		n++
	}
	if n < minTyped || n > maxTyped {
		return
	}
	w := s[:n]
	h.end = h.at + n
	seen := term(0)
	try := func(node uint16, rest []byte) {
		for node != 0 {
			for _, end := range l.ends[node] {
				if end.one && (end.stem || len(rest) == 0) && end.term != seen {
					h.term, seen = end.term, end.term
					yield(h)
				}
			}
			if len(rest) == 0 {
				return
			}
			node, rest = l.step(node, rest[0]), rest[1:]
		}
	}
	node := l.step(0, w[0])
	for i := 1; i < n && node != 0; i++ {
		try(node, w[i+1:]) // one letter too many
		for _, to := range l.next[node][:26] {
			if to != 0 {
				try(to, w[i:])   // one left out
				try(to, w[i+1:]) // one changed
			}
		}
		if i+1 < n {
			if to := l.step(node, w[i+1]); to != 0 {
				try(l.step(to, w[i]), w[i+2:]) // two exchanged
			}
		}
		node = l.step(node, w[i])
	}
}
