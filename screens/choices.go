package screens

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// choices draws the question and its answers, in as many columns as fit. first
// is the place of the first answer, at the place of the cursor.
func (b *body) choices(p Page, first, at int) {
	b.add(b.theme.Title.Bold(false), "", p.Ask.String())
	cells := make([]string, len(p.Choices))
	for i := range p.Choices {
		cells[i] = b.choice(p.Choices, i, first+i == at)
	}
	columns := b.columns(cells)
	if len(columns) <= 1 {
		for i, c := range p.Choices {
			from := len(b.lines)
			head, style := b.choiceHead(i, c, first+i == at)
			b.add(style, head, c.Label.String())
			b.mark(from, first+i)
		}
	}
	for i := 0; len(columns) > 1 && i < len(cells); i += len(columns) {
		b.row(cells[i:min(len(cells), i+len(columns))], columns, first+i)
	}
	if i := at - first; i >= 0 && i < len(p.Choices) && !p.Choices[i].Listen.Empty() {
		b.add(b.theme.Muted, "    ", "listen for: "+p.Choices[i].Listen.String())
	}
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
