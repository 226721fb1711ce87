package screens

import (
	"fmt"
	"slices"
	"strings"

	"rsc.io/qr"
)

// quiet is the white edge that a code needs around it, in modules.
const quiet = 2

// PhoneCode draws url as a code that a phone can read, two modules a cell. It is
// meant to be shown light on dark. Where it does not fit into width and height, or url is too long for a
// code, the error says what is needed.
func PhoneCode(url string, width, height int) (string, error) {
	code, err := qr.Encode(url, qr.L)
	if err != nil {
		return "", fmt.Errorf("this link is too long for a code: open it from the line below")
	}
	size := code.Size + 2*quiet
	lines := (size + 1) / 2
	if size > width || lines > height {
		return "", fmt.Errorf("the code needs %d lines and %d columns: make the window larger", lines, size)
	}
	var out strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		if y > -quiet {
			out.WriteByte('\n')
		}
		for x := -quiet; x < code.Size+quiet; x++ {
			out.WriteString(half(light(code, x, y), y+1 < code.Size+quiet && light(code, x, y+1)))
		}
	}
	return out.String(), nil
}

// light tells whether the module is light; so is all around the code.
func light(code *qr.Code, x, y int) bool {
	return x < 0 || y < 0 || x >= code.Size || y >= code.Size || !code.Black(x, y)
}

// half is the cell with that upper and lower half lit.
func half(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

// PhoneView shows the code for link, with the link below it, or says why not.
func PhoneView(p Page, link Link, f Frame) string {
	if f.Width < minWidth || f.Height < minHeight {
		return tooSmall(f)
	}
	lines := topLines(p, f)
	below := linkText(link.URL.String(), f)
	code, err := PhoneCode(link.URL.String(), f.Width-2*margin, f.Height-len(lines)-len(below)-2)
	if err != nil {
		// Without the lines on top there may be room.
		lines = nil
		code, err = PhoneCode(link.URL.String(), f.Width-2*margin, f.Height-len(below)-1)
	}
	if err != nil {
		lines = topLines(p, f)
		for _, l := range wrap(sentence(err.Error()), f.Width-2*margin) {
			lines = append(lines, "  "+f.Theme.Notice.Render(l))
		}
		code = ""
	}
	for l := range strings.SplitSeq(code, "\n") {
		lines = append(lines, "  "+f.Theme.Code.Render(l))
	}
	lines = append(lines, below...)
	closes := "any key closes this"
	if i := slices.IndexFunc(p.Links, func(l Link) bool { return l.URL == link.URL }); i >= 0 && len(p.Links) > 1 {
		closes += "   " + common{page: p, link: i}.linkWords().String()
	}
	return fitted(append(lines, "  "+f.Theme.Muted.Render(closes)), f)
}
