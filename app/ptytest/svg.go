package ptytest

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Measures of the picture, in pixels. A cell is 0.6 of the font's size wide,
// as in most monospaced fonts; where a viewer's font differs, each piece of
// text is stretched to its cells.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14
	baseline   = 13.5 // from the top of a cell
	margin     = 14.0
	barHeight  = 34.0
)

const (
	paper  = "#14171c"
	frame  = "#2b313a"
	ink    = "#d6dbe3"
	subtle = "#8b95a3"
)

// palette are the sixteen colours that a terminal's theme decides, chosen to
// be readable on paper.
var palette = [16]string{
	"#2b313a", "#f0716b", "#5fd38a", "#e6c067", "#6cb0f5", "#c792ea", "#5ccfe6", ink,
	subtle, "#ff8f88", "#85e6a8", "#f5d68a", "#93c8ff", "#dcb3f7", "#8ae3f5", "#ffffff",
}

// SVG draws the screen as a picture that needs no other file: dark, with a
// title bar if title is not empty. Every piece of text stands at the place of
// its cells, and lines and blocks are drawn, so that it lines up with any
// font. The size depends on the screen's, and the picture on nothing else.
func (x *Terminal) SVG(title string) []byte {
	x.t.Helper()
	var picture []byte
	err := x.until(func() bool {
		if x.painting {
			return false
		}
		picture = x.draw(title)
		return true
	})
	if err != nil {
		x.fail("cannot be drawn", err)
	}
	return picture
}

// draw needs x.mu.
func (x *Terminal) draw(title string) []byte {
	top := margin
	if title != "" {
		top = barHeight + margin/2
	}
	width := 2*margin + cellWidth*float64(x.emulator.Width())
	height := top + margin + cellHeight*float64(x.emulator.Height())
	p := &picture{top: top}
	p.add(`<svg xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve" width="%s" height="%s" viewBox="0 0 %s %s" `+
		`font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="%d">`+"\n",
		px(width), px(height), px(width), px(height), fontSize)
	if title != "" {
		p.add("<title>%s</title>\n", escaped(title))
	}
	p.add(`<rect x="0.5" y="0.5" width="%s" height="%s" rx="8" fill="%s" stroke="%s"/>`+"\n", px(width-1), px(height-1), paper, frame)
	if title != "" {
		p.bar(title, width)
	}
	for row := range x.emulator.Height() {
		p.row(row, x.row(row))
	}
	if at := x.emulator.CursorPosition(); !x.emulator.CursorHidden() {
		p.add(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" fill-opacity="0.5"/>`+"\n",
			px(left(at.X)), px(p.y(at.Y)), px(cellWidth), px(cellHeight), ink)
	}
	p.add("</svg>\n")
	return []byte(p.String())
}

// row returns the cells of a row, none of them nil. It needs x.mu.
func (x *Terminal) row(row int) []uv.Cell {
	cells := make([]uv.Cell, x.emulator.Width())
	for column := range cells {
		cells[column] = uv.EmptyCell
		if cell := x.emulator.CellAt(column, row); cell != nil {
			cells[column] = *cell
		}
	}
	return cells
}

type picture struct {
	strings.Builder
	top float64
}

func (p *picture) add(format string, values ...any) {
	_, _ = fmt.Fprintf(p, format, values...) // a Builder does not fail
}

func (p *picture) y(row int) float64 { return p.top + cellHeight*float64(row) }

func left(column int) float64 { return margin + cellWidth*float64(column) }

func (p *picture) bar(title string, width float64) {
	for i, dot := range []string{"#f0716b", "#e6c067", "#5fd38a"} {
		p.add(`<circle cx="%s" cy="17" r="5.5" fill="%s"/>`, px(20+18*float64(i)), dot)
	}
	p.add(`<text x="%s" y="21.5" fill="%s" font-size="13" text-anchor="middle">%s</text>`+"\n", px(width/2), subtle, escaped(title))
}

// row draws the backgrounds of a row, then what stands on them.
func (p *picture) row(row int, cells []uv.Cell) {
	for from := 0; from < len(cells); {
		_, ground := colours(cells[from])
		to := from + 1
		for to < len(cells) && sameGround(cells[to], ground) {
			to++
		}
		if ground != "" {
			p.add(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
				px(left(from)), px(p.y(row)), px(cellWidth*float64(to-from)), px(cellHeight), ground)
		}
		from = to
	}
	for from := 0; from < len(cells); {
		from = p.piece(row, from, cells)
	}
}

// sameGround reports whether the cell continues a background; the second half
// of a wide character does.
func sameGround(cell uv.Cell, ground string) bool {
	_, other := colours(cell)
	return cell.Width == 0 || other == ground
}

// piece draws the cells that can be drawn as one, and returns where the next
// piece starts.
func (p *picture) piece(row, from int, cells []uv.Cell) (to int) {
	cell := cells[from]
	if blank(cell) {
		return from + 1
	}
	repeated := 1
	for strings.Contains(across, cell.Content) && from+repeated < len(cells) && cells[from+repeated].Equal(&cell) {
		repeated++
	}
	if fill, _ := colours(cell); p.shape(cell.Content, repeated, left(from), p.y(row), fill, opacity(cell)) {
		return from + repeated
	}
	text, to := cell.Content, from+max(1, cell.Width)
	for ; plain(cell) && to < len(cells) && plain(cells[to]) && cells[to].Style.Equal(&cell.Style); to++ {
		text += cells[to].Content
	}
	// Blanks at the end are not shown; blanks inside keep the piece together.
	if style := cell.Style; style.Underline == 0 && style.Attrs&uv.AttrStrikethrough == 0 {
		text = strings.TrimRight(text, " ")
	}
	cellsWide := ansi.StringWidth(text)
	if !plain(cell) {
		cellsWide = max(1, cell.Width)
	}
	p.add(`<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" %s>%s</text>`+"\n",
		px(left(from)), px(p.y(row)+baseline), px(cellWidth*float64(cellsWide)), attributes(cell), escaped(text))
	return to
}

// blank reports whether nothing of the cell but its background is visible.
func blank(cell uv.Cell) bool {
	style := cell.Style
	if cell.Width == 0 || cell.Content == "" || style.Attrs&uv.AttrConceal != 0 {
		return true
	}
	return cell.Content == " " && style.Underline == 0 && style.Attrs&uv.AttrStrikethrough == 0
}

// plain reports whether every monospaced font has the cell's character, so
// that it can share a piece with its neighbours.
func plain(cell uv.Cell) bool {
	return len(cell.Content) == 1 && cell.Content[0] >= ' ' && cell.Content[0] < 0x7f
}

func attributes(cell uv.Cell) string {
	style := cell.Style
	fill, _ := colours(cell)
	s := `fill="` + fill + `"` + opacity(cell)
	if style.Attrs&uv.AttrBold != 0 {
		s += ` font-weight="bold"`
	}
	if style.Attrs&uv.AttrItalic != 0 {
		s += ` font-style="italic"`
	}
	var lines []string
	if style.Underline != 0 {
		lines = append(lines, "underline")
	}
	if style.Attrs&uv.AttrStrikethrough != 0 {
		lines = append(lines, "line-through")
	}
	if lines != nil {
		s += ` text-decoration="` + strings.Join(lines, " ") + `"`
	}
	return s
}

func opacity(cell uv.Cell) string {
	if cell.Style.Attrs&uv.AttrFaint != 0 {
		return ` fill-opacity="0.6" stroke-opacity="0.6"`
	}
	return ""
}

// colours returns the colour of the cell's text and of its background, which
// is empty when it is the paper's.
func colours(cell uv.Cell) (text, ground string) {
	text, ground = hex(cell.Style.Fg), hex(cell.Style.Bg)
	if cell.Style.Attrs&uv.AttrReverse != 0 {
		if text == "" {
			text = ink
		}
		if ground == "" {
			ground = paper
		}
		return ground, text
	}
	if text == "" {
		text = ink
	}
	return text, ground
}

// hex returns a colour as SVG writes it, empty for the terminal's own.
func hex(c color.Color) string {
	switch c := c.(type) {
	case nil:
		return ""
	case ansi.BasicColor:
		return palette[c%16]
	case ansi.IndexedColor:
		if c < 16 {
			return palette[c]
		}
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// px writes a length without needless digits.
func px(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// escaped makes text fit for XML; what XML cannot hold becomes U+FFFD.
func escaped(text string) string {
	var s strings.Builder
	_ = xml.EscapeText(&s, []byte(text)) // a Builder does not fail
	return s.String()
}
