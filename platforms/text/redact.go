package text

import (
	"cmp"
	"slices"
	"strings"
)

// Removed says what redaction took out of a text: the kind, for people
// ("access token"), and how often.
type Removed struct {
	Kind  Safe `json:"kind"`
	Count int  `json:"count"`
}

// Redact takes tokens, codes, secrets, e-mail addresses and phone numbers out of
// s, marks each place, and says what it took. known are values to take out
// wherever they stand, in any encoding; shorter than four bytes they are left,
// since they would tear up ordinary words. A second Redact changes nothing.
//
// The result has at most MaxPaste bytes. Redact is linear in the length of s
// and still takes a while for a large text: call it outside of Update.
func Redact(s Safe, known ...string) (Safe, []Removed) {
	return redact(s, known, append(secretFinders(), contactFinders()...))
}

// RedactSecrets is Redact for a field that names an account: it leaves e-mail
// addresses and phone numbers.
func RedactSecrets(s Safe, known ...string) (Safe, []Removed) {
	return redact(s, known, secretFinders())
}

// A kind is what was taken out. Within this package a mark is one byte, the
// kind itself, which no clean text contains: so no finder reads or splits one.
type kind byte

const (
	accessToken kind = 1 + iota
	signInCode
	secret
	privateKey
	cookie
	email
	phone
	kinds = iota
)

var kindNames = [...]Safe{
	accessToken: {"access token"},
	signInCode:  {"sign-in code"},
	secret:      {"secret"},
	privateKey:  {"private key"},
	cookie:      {"cookie"},
	email:       {"e-mail address"},
	phone:       {"phone number"},
}

const markStart, markEnd = "[removed: ", "]"

func (k kind) mark() string { return markStart + kindNames[k].s + markEnd }

// marked tells whether b stands for a mark.
func marked(b byte) bool { return b != 0 && int(b) <= kinds }

// A span is a part of a text to take out.
type span struct {
	from, to int
	kind     kind
}

// A finder returns what it finds in a text, in any order.
type finder func(string) []span

// maxRounds bounds the work on a text made to need many.
const maxRounds = 4

// redact repeats until it finds nothing, since taking one thing out can bring
// another to light; so a second redaction finds nothing either.
func redact(s Safe, known []string, finders []finder) (Safe, []Removed) {
	t := packMarks(s.s)
	var all []span
	for range maxRounds {
		spans := merge(find(t, known, finders))
		if len(spans) == 0 {
			break
		}
		t = replace(t, spans)
		all = append(all, spans...)
	}
	if len(all) == 0 && len(s.s) <= MaxPaste {
		return s, nil
	}
	return Safe{unpackMarks(t)}, count(all)
}

// find runs the finders on t without its signs, and looks for the known values.
func find(t string, known []string, finders []finder) []span {
	view, dropped := squeeze(t, false)
	var spans []span
	for _, f := range finders {
		spans = append(spans, f(view)...)
	}
	stretch(spans, dropped)
	return append(findKnown(t, known), spans...)
}

// merge sorts spans and unites those that overlap. The united span has the kind
// that was found first, which is the more certain one.
func merge(spans []span) []span {
	rank := make([]int, len(spans))
	for i := range rank {
		rank[i] = i
	}
	slices.SortFunc(rank, func(a, b int) int {
		return cmp.Or(cmp.Compare(spans[a].from, spans[b].from), cmp.Compare(a, b))
	})
	var out []span
	best := 0
	for _, i := range rank {
		s := spans[i]
		if last := len(out) - 1; last >= 0 && s.from < out[last].to {
			out[last].to = max(out[last].to, s.to)
			if i < best {
				best, out[last].kind = i, s.kind
			}
			continue
		}
		out, best = append(out, s), i
	}
	return out
}

// replace puts a packed mark in the place of each span.
func replace(t string, spans []span) string {
	var b strings.Builder
	b.Grow(len(t))
	at := 0
	for _, s := range spans {
		b.WriteString(t[at:s.from])
		b.WriteByte(byte(s.kind))
		at = s.to
	}
	b.WriteString(t[at:])
	return b.String()
}

func count(spans []span) []Removed {
	var counts [kinds + 1]int
	for _, s := range spans {
		counts[s.kind]++
	}
	var out []Removed
	for k, n := range counts {
		if n > 0 {
			out = append(out, Removed{kindNames[k], n})
		}
	}
	return out
}

// packMarks turns the marks of an earlier redaction into their bytes.
func packMarks(s string) string {
	if !strings.Contains(s, markStart) {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, markStart)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		k := leadingKind(after)
		if k == 0 {
			b.WriteString(markStart)
			s = after
			continue
		}
		b.WriteByte(byte(k))
		s = after[len(kindNames[k].s)+len(markEnd):]
	}
}

// leadingKind is the kind whose name and end of mark s begins with, or 0.
func leadingKind(s string) kind {
	for k := kind(1); k <= kinds; k++ {
		if rest, ok := strings.CutPrefix(s, kindNames[k].s); ok && strings.HasPrefix(rest, markEnd) {
			return k
		}
	}
	return 0
}

// unpackMarks writes the marks out and keeps the text within MaxPaste, since a
// mark can be longer than what it stands for.
func unpackMarks(t string) string {
	size := 0
	for i := range len(t) {
		size += unpacked(t[i])
	}
	if size <= MaxPaste {
		return writeMarks(t, size)
	}
	at, kept := 0, 0
	for kept+unpacked(t[at]) <= MaxPaste-cutRoom {
		kept += unpacked(t[at])
		at++
	}
	head := prefix(t, at)
	return writeMarks(head, kept) + cutMark(size-kept)
}

func unpacked(b byte) int {
	if marked(b) {
		return len(kind(b).mark())
	}
	return 1
}

func writeMarks(t string, size int) string {
	if size == len(t) {
		return t
	}
	var b strings.Builder
	b.Grow(size)
	at := 0
	for i := range len(t) {
		if marked(t[i]) {
			b.WriteString(t[at:i])
			b.WriteString(kind(t[i]).mark())
			at = i + 1
		}
	}
	b.WriteString(t[at:])
	return b.String()
}
