package screens

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// margin is the number of free columns on either side.
const margin = 2

// A line is one drawn line of a body.
type line struct {
	text string
	gap  bool  // a pause between thoughts: the first to go when room is short
	hits []hit // the parts of it that can be chosen
}

// A hit is a part of a line, in columns from the margin, and what it stands for.
type hit struct{ from, to, at int }

// A body collects the lines of a page within a width.
type body struct {
	theme *Theme
	width int // without the margins
	lines []line
}

func newBody(f Frame) *body {
	return &body{theme: f.Theme, width: max(1, f.Width-2*margin)}
}

// gap is a blank line, but never the first and never two.
func (b *body) gap() {
	if n := len(b.lines); n > 0 && !b.lines[n-1].gap {
		b.lines = append(b.lines, line{gap: true})
	}
}

// add wraps s into lines: the first begins with head, the others stand below
// where s began.
func (b *body) add(style lipgloss.Style, head, s string) {
	if s == "" && head == "" {
		return
	}
	indent := ansi.StringWidth(head)
	if indent > b.width*2/3 { // too little room beside it
		b.put(ansi.Truncate(head, b.width, "…"))
		head, indent = "", min(4, b.width/4)
	}
	for i, part := range wrap(s, b.width-indent) {
		if i > 0 || head == "" {
			head = strings.Repeat(" ", indent)
		}
		b.lines = append(b.lines, line{text: head + style.Render(part)})
	}
}

// put adds a finished line.
func (b *body) put(s string, hits ...hit) {
	b.lines = append(b.lines, line{text: s, hits: hits})
}

// mark makes all lines from the index on choosable as at.
func (b *body) mark(from, at int) {
	for i := from; i < len(b.lines); i++ {
		b.lines[i].hits = []hit{{0, b.width, at}}
	}
}

// intro is what every page begins with: what the screen has to say, the title
// with its tag, and the sentence of why.
func (b *body) intro(p Page, said text.Safe) {
	b.add(b.theme.Notice, "", said.String())
	title, tag := p.Title.String(), p.Tag.String()
	if room := b.width - ansi.StringWidth(title) - ansi.StringWidth(tag); tag != "" && room >= 2 {
		b.put(b.theme.Title.Render(title) + strings.Repeat(" ", room) + b.theme.Muted.Render(tag))
	} else {
		b.add(b.theme.Title, "", title)
		b.add(b.theme.Muted, "", tag)
	}
	for _, l := range p.Why.Lines() {
		b.add(b.theme.Plain, "", l.String())
	}
	b.gap()
}

// facts are labelled lines, their labels in one column.
func (b *body) facts(facts []Fact) {
	column := 0
	for _, f := range facts {
		if w := ansi.StringWidth(f.Label.String()); w <= b.width/3 {
			column = max(column, w)
		}
	}
	for _, f := range facts {
		b.fact(f, column)
	}
}

// fact draws one of them. A label too long for the column has a line of its own.
func (b *body) fact(f Fact, column int) {
	head, label := "", f.Label.String()
	switch {
	case ansi.StringWidth(label) > column:
		b.add(b.theme.Muted, "  ", label)
		head = "    "
	case column > 0:
		head = "  " + b.theme.Muted.Render(pad(label, column)) + "   "
	}
	for i, l := range f.Text.Lines() {
		if i > 0 {
			head = strings.Repeat(" ", ansi.StringWidth(head))
		}
		b.add(b.theme.Plain, head, l.String())
	}
	b.aside(string(f.Grade), ansi.StringWidth(head))
}

// aside puts a dim word behind the last line, or below it at indent if there is no room.
func (b *body) aside(word string, indent int) {
	if word == "" || len(b.lines) == 0 {
		return
	}
	last := &b.lines[len(b.lines)-1]
	room := b.width - ansi.StringWidth(last.text) - ansi.StringWidth(word)
	if room >= 3 {
		last.text += strings.Repeat(" ", room) + b.theme.Muted.Render(word)
		return
	}
	b.add(b.theme.Muted, strings.Repeat(" ", indent), word)
}

// squeeze drops pauses, the last first, until the lines fit into height.
func squeeze(lines []line, height int) []line {
	over := len(lines) - height
	if over <= 0 {
		return lines
	}
	kept := make([]line, 0, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].gap && over > 0 {
			over--
			continue
		}
		kept = append(kept, lines[i])
	}
	for i, j := 0, len(kept)-1; i < j; i, j = i+1, j-1 {
		kept[i], kept[j] = kept[j], kept[i]
	}
	return kept
}

// visible are the lines that fit into height with the place at kept in sight.
// Signs in the first and the last line say that there is more.
func (b *body) visible(height, at int) []line {
	lines := squeeze(b.lines, height)
	if len(lines) <= height || height <= 0 {
		return lines[:max(0, min(len(lines), height))]
	}
	first, last := place(lines, at)
	top := 0
	if last >= height-1 {
		top = min(last-height+2, len(lines)-height)
	}
	return window(lines, height, min(top, max(0, first-1)), b.more("", ""))
}

// more are the signs that there is more above and below. Behind them
// stands how to get there.
func (b *body) more(above, below string) [2]line {
	return [2]line{{text: b.theme.Muted.Render("↑ more" + above)}, {text: b.theme.Muted.Render("↓ more" + below)}}
}

// window are the lines from top on that fit into height, with the signs for more
// in place of the first and the last one where there is more.
func window(lines []line, height, top int, more [2]line) []line {
	if len(lines) <= height || height <= 0 {
		return lines[:max(0, min(len(lines), height))]
	}
	out := make([]line, height)
	copy(out, lines[top:])
	if top > 0 && height > 2 {
		out[0] = more[0]
	}
	if top+height < len(lines) && height > 1 {
		out[height-1] = more[1]
	}
	return out
}

// place is the first and the last line on which at can be chosen.
func place(lines []line, at int) (first, last int) {
	first = -1
	for i, l := range lines {
		for _, h := range l.hits {
			if h.at != at {
				continue
			}
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return max(0, first), last
}

// draw joins lines behind the margin.
func draw(lines []line) string {
	var out strings.Builder
	for i, l := range lines {
		if i > 0 {
			out.WriteByte('\n')
		}
		if text := strings.TrimRight(l.text, " "); text != "" {
			out.WriteString("  ")
			out.WriteString(text)
		}
	}
	return out.String()
}

// cleaned is a drawn field without the characters of what was typed that nobody
// sees, or that turn the direction of what follows. They are as wide as nothing;
// what was typed keeps them until it is answered.
func cleaned(drawn string) string {
	var out strings.Builder
	last := rune(0)
	for i, r := range drawn {
		size := utf8.RuneLen(r)
		if r >= utf8.RuneSelf && hides(r, last, drawn[min(len(drawn), i+max(1, size)):]) {
			continue
		}
		out.WriteRune(r)
		last = r
	}
	return out.String()
}

// hides tells whether r is dropped where last was drawn before it and rest follows.
func hides(r, last rune, rest string) bool {
	const sign = "→" // joiners and emoji styles may stand behind it
	next, _ := utf8.DecodeRuneInString(rest)
	joiner := r == '\u200c' || r == '\u200d'
	if joiner && (last < utf8.RuneSelf || next < utf8.RuneSelf) {
		return true
	}
	return text.Line(sign+string(r)+sign).String() == sign+sign
}

// wrap breaks s at spaces into lines of at most width cells; a longer word is
// broken. Spaces within a line stay, and what was indented stays indented.
func wrap(s string, width int) []string {
	width = max(1, width)
	if len(s) <= width || ansi.StringWidth(s) <= width {
		return []string{s}
	}
	rest := strings.TrimLeft(strings.TrimRight(s, " "), " ")
	indent := len(s) - len(strings.TrimLeft(s, " "))
	if indent > width/4 {
		indent = 0 // there is no room for it
	}
	w := wrapper{width: width - indent}
	for rest != "" {
		word := strings.TrimLeft(rest, " ")
		spaces := len(rest) - len(word)
		if end := strings.IndexByte(word, ' '); end >= 0 {
			word = word[:end]
		}
		rest = rest[spaces+len(word):]
		w.word(spaces, word)
	}
	lines := append(w.lines, w.line.String())
	for i := range lines {
		lines[i] = strings.Repeat(" ", indent) + lines[i]
	}
	return lines
}

// A wrapper fills lines with words.
type wrapper struct {
	width int
	lines []string
	line  strings.Builder // the one being filled
	used  int             // cells of it
}

// word puts a word with the spaces before it, on a new line if it does not fit.
func (w *wrapper) word(spaces int, word string) {
	cells := ansi.StringWidth(word)
	if w.used > 0 && w.used+spaces+cells > w.width {
		w.flush()
	}
	if w.used > 0 && cells > 0 {
		w.line.WriteString(strings.Repeat(" ", spaces))
		w.used += spaces
	}
	for cells > w.width {
		part, n := head(word, w.width)
		w.line.WriteString(part)
		w.flush()
		word = word[n:]
		cells = ansi.StringWidth(word)
	}
	w.line.WriteString(word)
	w.used += cells
}

func (w *wrapper) flush() {
	w.lines = append(w.lines, w.line.String())
	w.line.Reset()
	w.used = 0
}

// head is the longest beginning of s within width cells, but at least one
// character, and its length in bytes.
func head(s string, width int) (string, int) {
	n, used := 0, 0
	for n < len(s) {
		_, cells, size, _ := ansi.DecodeSequence(s[n:], ansi.NormalState, nil)
		if n > 0 && used+cells > width || size == 0 {
			break
		}
		n, used = n+size, used+cells
	}
	return s[:n], n
}

// pad fills s with spaces up to width cells.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}

// apart puts left and right at the two ends of width cells; left gives way.
func apart(left, right string, width int) string {
	room := width - ansi.StringWidth(right)
	left = ansi.Truncate(left, max(0, room-1), "…")
	return pad(left, room) + right
}

// shortened is s cut to width cells, with a sign that it was.
func shortened(s string, width int) string { return ansi.Truncate(s, max(0, width), "…") }
