package screens

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// choices draws the question and its answers, in as many columns as fit. first
// is the place of the first answer, at the place of the cursor.
// With listens what the customer says stands dim behind each of them.
func (b *body) choices(p Page, first, at int, listens bool) {
	b.add(b.theme.Title.Bold(false), "", p.Ask.String())
	cells := make([]string, len(p.Choices))
	for i := range p.Choices {
		cells[i] = b.choice(p.Choices, i, first+i == at)
	}
	var columns []int
	widest := 0
	for _, c := range cells {
		widest = max(widest, ansi.StringWidth(c))
	}
	if !listens {
		columns = b.columns(cells)
	}
	if len(columns) <= 1 {
		for i, c := range p.Choices {
			from := len(b.lines)
			head, style := b.choiceHead(i, c, first+i == at)
			b.add(style, head, c.Label.String())
			if listens {
				b.listen(c.Listen, widest)
			}
			b.mark(from, first+i)
		}
	}
	for i := 0; len(columns) > 1 && i < len(cells); i += len(columns) {
		b.row(cells[i:min(len(cells), i+len(columns))], columns, first+i)
	}
	if i := at - first; !listens && i >= 0 && i < len(p.Choices) && !p.Choices[i].Listen.Empty() {
		b.add(b.theme.Muted, "    ", "listen for: "+p.Choices[i].Listen.String())
	}
}

// listen puts what the customer says behind the last line, at the column, or below it.
func (b *body) listen(words text.Safe, column int) {
	if words.Empty() {
		return
	}
	last := &b.lines[len(b.lines)-1]
	if said := "   " + words.String(); column+ansi.StringWidth(said) <= b.width {
		last.text = pad(last.text, column) + b.theme.Muted.Render(said)
		return
	}
	b.add(b.theme.Muted, "      ", words.String())
}

// row draws the answers that stand beside each other.
func (b *body) row(cells []string, columns []int, first int) {
	var out strings.Builder
	var hits []hit
	x := 0
	for i, cell := range cells {
		hits = append(hits, hit{x, x + columns[i], first + i})
		out.WriteString(pad(cell, columns[i]))
		x += columns[i]
	}
	b.put(strings.TrimRight(out.String(), " "), hits...)
}

// choiceHead is what stands before the label of answer i, and the label's style.
func (b *body) choiceHead(i int, c Choice, here bool) (string, lipgloss.Style) {
	cursor, ink := "  ", b.theme.Plain
	if here {
		cursor, ink = b.theme.Accent.Render("▸ "), b.theme.Accent
	}
	head := cursor + b.theme.Key.Render(strconv.Itoa(i+1)) + " "
	if c.Colour != "" {
		head += b.theme.colour(c.Colour).Render(sign(c.Colour)) + " "
	}
	return head, ink
}

func (b *body) choice(choices []Choice, i int, here bool) string {
	head, ink := b.choiceHead(i, choices[i], here)
	return head + ink.Render(choices[i].Label.String())
}

// columns are the widths of the most columns, at most three, that hold the cells.
func (b *body) columns(cells []string) []int {
	for n := min(3, len(cells)); n > 1; n-- {
		widths := make([]int, n)
		for i, c := range cells {
			widths[i%n] = max(widths[i%n], ansi.StringWidth(c)+3)
		}
		total := -3
		for _, w := range widths {
			total += w
		}
		if total <= b.width {
			return widths
		}
	}
	return nil
}
