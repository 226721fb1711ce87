package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// MaxPaste is the most that Paste takes, in bytes.
const MaxPaste = 1 << 20

const (
	maxBlock   = 64 << 10 // bytes of free text, and of what Line looks at
	maxCells   = 512      // cells of a one-line field
	maxMarks   = 4        // combining marks on one base
	maxJoiners = 8        // joiners between two ASCII characters
	cutRoom    = 48       // bytes that the longest cut mark needs
)

// Line cleans raw for a field of one line: at most 512 cells on any terminal,
// line ends shown as ↵. A longer text ends in an ellipsis.
func Line(raw string) Safe {
	head := prefix(raw, maxBlock)
	c := cleaner{oneLine: true, bytes: maxBlock, room: maxCells}
	if c.clean(head) == len(raw) {
		return Safe{c.out.String()}
	}
	c = cleaner{oneLine: true, bytes: maxBlock, room: maxCells - 1}
	c.clean(head)
	return Safe{c.out.String() + "…"}
}

// Block cleans raw free text of several lines: at most 64 KiB. A longer text
// ends in a line that says how many bytes were cut.
func Block(raw string) Safe { return lines(raw, maxBlock) }

// Paste cleans pasted text of several lines. More than 1 MiB is a *TooLarge.
func Paste(raw string) (Safe, error) {
	if len(raw) > MaxPaste {
		return Safe{}, &TooLarge{Size: len(raw), Max: MaxPaste}
	}
	return lines(raw, MaxPaste), nil
}

// Name cleans the name of a file for showing: one line, the last element only,
// so that no folder of a person is shown. A name that names nothing ("", ".",
// "..") is the empty text. A Name is data; no file is opened by it.
func Name(raw string) Safe {
	raw = strings.TrimRight(raw, `/\`)
	raw = raw[strings.LastIndexAny(raw, `/\`)+1:]
	name := Line(raw)
	if name.s == "." || name.s == ".." {
		return Safe{}
	}
	return name
}

// TooLarge says that a text was refused for its size, in bytes.
type TooLarge struct{ Size, Max int }

// Error is a sentence for the person who pasted.
func (e *TooLarge) Error() string {
	return "The text has " + mebibytes(e.Size) + ", and at most " + mebibytes(e.Max) +
		" can be taken. Paste only the part with the error."
}

// mebibytes rounds up, so that one byte too many never reads like the limit.
func mebibytes(n int) string {
	tenths := (n*10 + 1<<20 - 1) >> 20
	if tenths%10 == 0 {
		return fmt.Sprintf("%d MiB", tenths/10)
	}
	return fmt.Sprintf("%d.%d MiB", tenths/10, tenths%10)
}

// lines cleans raw to at most limit bytes, the cut mark included. The limit
// holds for what goes in and for what comes out, since a sign is longer than
// the control it shows; only so a second cleaning changes nothing.
func lines(raw string, limit int) Safe {
	head := prefix(raw, limit)
	c := cleaner{bytes: limit, room: unlimited}
	if c.clean(head) == len(raw) {
		return Safe{c.out.String()}
	}
	c = cleaner{bytes: limit - cutRoom, room: unlimited}
	taken := c.clean(head)
	return Safe{c.out.String() + cutMark(len(raw)-taken)}
}

// cutMark starts a line of its own, so that nothing before it can join it.
func cutMark(bytes int) string { return fmt.Sprintf("\n… (cut: %d bytes more)", bytes) }

// prefix is at most limit bytes of s and ends where a rune does.
func prefix(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

const unlimited = int(^uint(0) >> 1)

// A cleaner writes clean text and remembers what the next rune depends on. It
// looks at what it wrote, never at what it read: that makes it idempotent.
type cleaner struct {
	out     strings.Builder
	oneLine bool
	bytes   int  // that out may have
	room    int  // cells left
	last    rune // written last; 0 at the start of a line
	marks   int  // on the last base
	joiner  rune // read, and written only between non-ASCII; 0 if none
	joiners int  // written since the last ASCII
}

// clean writes raw until it ends or the cleaner is full, and returns how many
// bytes of raw it took.
func (c *cleaner) clean(raw string) int {
	c.out.Grow(min(len(raw), c.bytes))
	for i := 0; i < len(raw); {
		if n := printable(raw[i:]); n > 0 {
			fits := min(n, c.bytes-c.out.Len(), c.room)
			c.plain(raw[i : i+fits])
			if fits < n {
				return i + fits
			}
			i += n
			continue
		}
		r, size := next(raw[i:])
		if !c.put(r) {
			return i
		}
		i += size
	}
	return len(raw)
}

// printable is the length of the printable ASCII that s begins with.
func printable(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return i
		}
	}
	return len(s)
}

// plain writes printable ASCII that fits.
func (c *cleaner) plain(s string) {
	if s == "" {
		return
	}
	c.out.WriteString(s)
	c.room -= len(s)
	c.last, c.marks, c.joiner, c.joiners = rune(s[len(s)-1]), 0, 0, 0
}

// put writes r as far as it may stand after what was written. It is false when
// there is no room.
func (c *cleaner) put(r rune) bool {
	mark := unicode.Is(unicode.M, r)
	switch {
	case r == colour || r == hidden:
		return true
	case r == zwj || r == zwnj:
		if c.joiner == 0 && c.last >= utf8.RuneSelf && !isSign(c.last) && c.joiners < maxJoiners {
			c.joiner = r
		}
		return true
	case mark && c.marks == maxMarks, r == emojiStyle && !symbol(c.last):
		return true
	case r == '\n' && c.oneLine:
		r = '↵'
	}
	return c.write(r, mark)
}

// write writes r with what has to stand before it.
func (c *cleaner) write(r rune, mark bool) bool {
	var b [12]byte
	glyph := b[:0]
	if c.joiner != 0 && r >= utf8.RuneSelf {
		glyph = utf8.AppendRune(glyph, c.joiner)
	}
	cells := width(r, mark)
	if mark && c.last == 0 { // it would combine with what a view puts before the line
		glyph = utf8.AppendRune(glyph, '◌')
		cells++
	}
	joined := len(glyph) > 0 && c.joiner != 0
	glyph = utf8.AppendRune(glyph, r)
	if c.out.Len()+len(glyph) > c.bytes || cells > c.room {
		return false
	}
	c.out.Write(glyph)
	c.room -= cells
	c.joiner = 0
	c.last = r
	if r == '\n' || r == '↵' && c.oneLine {
		c.last = 0
	}
	switch {
	case r < utf8.RuneSelf:
		c.joiners = 0
	case joined:
		c.joiners++
	}
	if c.marks++; !mark {
		c.marks = 0
	}
	return true
}

// width is the most cells that any terminal draws r with. Terminals disagree
// about clusters; the sum over the runes is safe with all of them.
func width(r rune, mark bool) int {
	switch {
	case r == '\n':
		return 0
	case r == emojiStyle, mark && unicode.Is(unicode.Mc, r):
		return 1
	case mark:
		return 0
	}
	return max(1, ansi.StringWidth(string(r)))
}

const (
	colour     = -1 // a sequence that only sets colours
	hidden     = -2 // a character nobody sees
	zwj        = '\u200d'
	zwnj       = '\u200c'
	emojiStyle = '\ufe0f'
)

// next reads one character of s and returns what stands for it, and its length.
func next(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == 0x1b || r == 0x9b:
		if n := colours(s[size:], r == 0x9b); n > 0 {
			return colour, size + n
		}
	case r == '\r' && strings.HasPrefix(s[size:], "\n"):
		return '\n', size + 1
	}
	return shown(r), size
}

// colours is the length of the rest of an SGR sequence: what follows ESC, or
// the C1 control that is short for ESC [. It is 0 for anything else.
func colours(s string, short bool) int {
	at := 0
	if !short {
		if !strings.HasPrefix(s, "[") {
			return 0
		}
		at = 1
	}
	for at < len(s) && (digit(s[at]) || s[at] == ';' || s[at] == ':') {
		at++
	}
	if at < len(s) && s[at] == 'm' {
		return at + 1
	}
	return 0
}

// shown is what stands for r: itself, a sign, or hidden.
func shown(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n'
	case r == '\t':
		return ' '
	case r < ' ':
		return r + 0x2400
	case r == 0x7f:
		return '␡'
	case r < 0x7f || r == zwj || r == zwnj || r == emojiStyle:
		return r
	case r < 0xa0:
		return utf8.RuneError
	case unicode.Is(unicode.Zs, r):
		return ' '
	case invisible(r):
		return hidden
	case unicode.In(r, unicode.Co, unicode.Noncharacter_Code_Point):
		return utf8.RuneError
	}
	return r
}

// invisible tells whether r shows nothing: bidi controls, zero width, fillers,
// tags, soft hyphen, variation selectors, and the blank braille pattern.
func invisible(r rune) bool {
	if unicode.Is(unicode.Cf, r) {
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return r == 0x2800 || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// symbol tells whether r can be an emoji, which alone may be followed by the
// selector of the emoji style.
func symbol(r rune) bool {
	return r >= utf8.RuneSelf && !isSign(r) && !unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// isSign tells whether r stands for a character that was not shown. Nothing
// joins it: redaction looks through signs, and must not meet a joiner instead.
func isSign(r rune) bool { return r == utf8.RuneError || '␀' <= r && r <= '␡' }
