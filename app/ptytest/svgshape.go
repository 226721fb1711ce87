package ptytest

import "strings"

// blocks are the parts of a cell that a block character fills, as left, top,
// width and height, each a share of the cell. Codes for the phone are made of
// them.
var blocks = map[string][4]float64{
	"█": {0, 0, 1, 1}, "▀": {0, 0, 1, 0.5}, "▄": {0, 0.5, 1, 0.5}, "▌": {0, 0, 0.5, 1}, "▐": {0.5, 0, 0.5, 1},
	"▁": {0, 0.875, 1, 0.125}, "▔": {0, 0, 1, 0.125}, "▏": {0, 0, 0.125, 1}, "▎": {0, 0, 0.25, 1}, "▕": {0.875, 0, 0.125, 1},
}

// arms say where the lines of a box character go from the middle of its cell:
// up, right, down, left. Capitals are thick lines.
var arms = map[string]string{
	"─": "rl", "│": "ud", "┌": "rd", "┐": "dl", "└": "ur", "┘": "ul",
	"├": "urd", "┤": "udl", "┬": "rdl", "┴": "url", "┼": "urdl",
	"╭": "rd", "╮": "dl", "╰": "ur", "╯": "ul",
	"━": "RL", "┃": "UD", "┏": "RD", "┓": "DL", "┗": "UR", "┛": "UL",
	"┣": "URD", "┫": "UDL", "┳": "RDL", "┻": "URL", "╋": "URDL",
}

const (
	rounded = "╭╮╰╯"
	across  = "─━█▀▄▁▔" // reach from side to side: a row of them is one shape
)

// shape draws a block or box character over the whole cell at x, y, as often
// as it is repeated, and reports whether it was one. Fonts leave gaps between
// such characters.
func (p *picture) shape(character string, repeated int, x, y float64, fill, opacity string) bool {
	width := cellWidth * float64(repeated)
	if b, ok := blocks[character]; ok {
		p.add(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" shape-rendering="crispEdges"%s/>`+"\n",
			px(x+b[0]*cellWidth), px(y+b[1]*cellHeight), px(b[2]*width), px(b[3]*cellHeight), fill, opacity)
		return true
	}
	directions, ok := arms[character]
	if !ok {
		return false
	}
	middle := px(x+cellWidth/2) + " " + px(y+cellHeight/2)
	ends := make([]string, len(directions))
	for i, d := range strings.ToLower(directions) {
		ends[i] = map[rune]string{
			'u': px(x+cellWidth/2) + " " + px(y),
			'r': px(x+width) + " " + px(y+cellHeight/2),
			'd': px(x+cellWidth/2) + " " + px(y+cellHeight),
			'l': px(x) + " " + px(y+cellHeight/2),
		}[d]
	}
	path := "M" + strings.Join(ends, "L"+middle+"M") + "L" + middle
	if strings.Contains(rounded, character) {
		path = "M" + ends[0] + "Q" + middle + " " + ends[1]
	}
	thickness := "1.2"
	if directions != strings.ToLower(directions) {
		thickness = "2.4"
	}
	p.add(`<path d="%s" fill="none" stroke="%s" stroke-width="%s"%s/>`+"\n", path, fill, thickness, opacity)
	return true
}
