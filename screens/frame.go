package screens

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// The window from which the second pane is shown, and the smallest one that a
// page is drawn into.
const (
	wideFrom  = 110
	minWidth  = 30
	minHeight = 8
)

// Draw draws the whole window: the top lines, the page with its second pane, its
// links, and the keys that work here. It takes head, notice, links and second
// pane from p, so that a screen can stay while the numbers around it move on.
func Draw(p Page, s Screen, f Frame) string {
	if f.Width < minWidth || f.Height < minHeight {
		return tooSmall(f)
	}
	in := bodyFrame(p, f)
	lines := in.above
	lines = append(lines, beside(s.View(in.Frame), p.Side, in, f)...)
	lines = append(lines, in.below...)
	lines = append(lines, "  "+f.Theme.Rule.Render(strings.Repeat("─", f.Width-2*margin)))
	lines = append(lines, "  "+bottomLine(s.ShortHelp(), f))
	return fitted(lines, f)
}

// tooSmall is all there is to say in a window that holds no page.
func tooSmall(f Frame) string {
	return fitted(wrap("Make the window larger", max(1, f.Width)), f)
}

// fitted joins lines and cuts what is over the frame.
func fitted(lines []string, f Frame) string {
	lines = lines[:min(len(lines), max(0, f.Height))]
	for i, l := range lines {
		if len(l) > f.Width && ansi.StringWidth(l) > f.Width {
			lines[i] = ansi.Truncate(l, max(0, f.Width), "")
		}
	}
	return strings.Join(lines, "\n")
}

// An inner frame is the place of the body within the window.
type inner struct {
	Frame
	above, below []string // the lines above it, and those between it and the keys
}

// bodyFrame is the place that is left for the body of p in the window f.
func bodyFrame(p Page, f Frame) inner {
	in := inner{f, topLines(p, f), linkLines(p.Links, f)}
	in.Height = max(1, f.Height-len(in.above)-len(in.below)-2)
	if wide(p, f) {
		in.Width = f.Width * 3 / 5
	}
	return in
}

// wide tells whether the second pane is beside the page. A text to read has it
// below instead.
func wide(p Page, f Frame) bool {
	return f.Width >= wideFrom && len(p.Side) > 0 && p.Kind != Reading
}

// topLines are the lines above the body: what this is about, the rail, and what
// happened.
func topLines(p Page, f Frame) []string {
	lines := []string{"  " + headLine(p.Head, f)}
	if len(p.Head.Rail) > 0 {
		lines = append(lines, "  "+rail(p.Head.Rail, f))
	}
	if p.Notice.Empty() {
		return append(lines, "")
	}
	// It takes the place of the pause, so that a short one moves nothing.
	for _, l := range wrap(p.Notice.String(), f.Width-2*margin) {
		lines = append(lines, "  "+f.Theme.Notice.Render(l))
	}
	return lines[:min(len(lines), f.Height/2)]
}

// headLine is the first line: product, platform, account and case; at its end
// the clock and what is saved. The product gives way first.
func headLine(h Head, f Frame) string {
	var about []string
	for _, s := range []string{h.Platform.String(), h.Account.String(), caseNumber(h)} {
		if s != "" {
			about = append(about, s)
		}
	}
	left := strings.Join(about, " · ")
	right := f.Theme.Muted.Render(saved(h.Saved))
	if !h.Since.IsZero() {
		right = clock(f.Now.Sub(h.Since)) + "   " + right
	}
	room := f.Width - 2*margin
	const brand = "reconnect"
	if left == "" || len(brand)+4+ansi.StringWidth(left)+ansi.StringWidth(right) <= room {
		left = strings.TrimRight(f.Theme.Brand.Render(brand)+"   "+left, " ")
	}
	return apart(left, right, room)
}

func caseNumber(h Head) string {
	if h.Case == "" {
		return ""
	}
	return "case " + h.Case
}

func saved(n int) string {
	switch {
	case n < 0:
		return ""
	case n == 0:
		return "saved ✓"
	}
	return fmt.Sprintf("saved #%d", n)
}

// clock is d as minutes and seconds.
func clock(d time.Duration) string {
	d = max(0, d)
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// rail is the line of six steps. Where their names do not fit, the step that the
// case is on keeps its name.
func rail(stops []Stop, f Frame) string {
	long := railOf(stops, f.Theme, true)
	if ansi.StringWidth(long) <= f.Width-2*margin {
		return long
	}
	return railOf(stops, f.Theme, false)
}

func railOf(stops []Stop, t *Theme, names bool) string {
	parts := make([]string, len(stops))
	at := ""
	for i, s := range stops {
		sign, style := stopSign(s.State, t)
		parts[i] = sign
		if names || s.State == Here {
			parts[i] += " " + s.Step.Title()
		}
		if s.State == Here && !names {
			at = fmt.Sprintf("   step %d of %d", i+1, len(stops))
		}
		parts[i] = style.Render(parts[i])
	}
	return strings.Join(parts, t.Rule.Render(" ─ ")) + t.Muted.Render(at)
}

// stopSign is the sign and style of a step on the rail.
func stopSign(s StopState, t *Theme) (string, lipgloss.Style) {
	switch s {
	case Here:
		return "◉", t.Accent
	case Done:
		return "●", t.Good
	case Waits:
		return "◐", t.Warn
	case Passed:
		return "–", t.Muted
	case Ahead:
	}
	return "○", t.Muted
}

// beside are the lines of the body, filled up to its height, with the second
// pane at their right where there is room for it.
func beside(view string, side []Section, in inner, f Frame) []string {
	lines := strings.Split(view, "\n")
	lines = lines[:min(len(lines), in.Height)]
	for len(lines) < in.Height {
		lines = append(lines, "")
	}
	if in.Width == f.Width {
		return lines
	}
	right := sideLines(side, Frame{Width: f.Width - in.Width, Height: in.Height, Theme: f.Theme})
	bar := f.Theme.Rule.Render("│")
	for i := range lines {
		lines[i] = pad(ansi.Truncate(lines[i], in.Width-1, ""), in.Width-1) + bar
		if i < len(right) {
			lines[i] += right[i]
		}
	}
	return lines
}

// sideLines draws the second pane.
func sideLines(side []Section, f Frame) []string {
	b := newBody(f)
	b.sections(side)
	return strings.Split(draw(b.visible(f.Height, -1)), "\n")
}

// sections are the parts of the second pane one below the other.
func (b *body) sections(side []Section) {
	for _, s := range side {
		b.gap()
		b.add(b.theme.Muted, "", s.Heading.String())
		b.facts(s.Lines)
	}
}

// linkLines shows every link as plain text on a line of its own. One that fits
// stands behind the margin; a longer one begins at the very left and is broken
// only at the edge of the window, so that nothing is inserted into it. More than
// a quarter of the window they do not take, the first one half of it: the others
// are behind w.
func linkLines(links []Link, f Frame) []string {
	var lines []string
	for i, l := range links {
		url := linkText(l.URL.String(), f)
		switch need := len(lines) + len(url); {
		case need <= max(1, f.Height/4), i == 0 && need <= f.Height/2:
			lines = append(lines, url...)
		case i == 0:
			said := fmt.Sprintf("The link needs %d lines here. c copies it, Q shows it for a phone.", need)
			return []string{"  " + f.Theme.Muted.Render(ansi.Truncate(said, f.Width-2*margin, "…"))}
		default:
			return lines
		}
	}
	return lines
}

// linkText is url in lines for a window of that width.
func linkText(url string, f Frame) []string {
	if ansi.StringWidth(url) <= f.Width-2*margin {
		return []string{"  " + f.Theme.Accent.Render(url)}
	}
	var parts []string
	for url != "" {
		part, n := head(url, max(1, f.Width))
		parts = append(parts, f.Theme.Accent.Render(part))
		url = url[n:]
	}
	return parts
}

// bottomLine names the keys that work here. Where not all fit, those that come
// later go first, but never the two at the end: help and leave.
func bottomLine(keys []key.Binding, f Frame) string {
	var parts []string
	for _, k := range keys {
		if h := k.Help(); k.Enabled() && h.Key != "" {
			parts = append(parts, f.Theme.Key.Render(h.Key)+" "+f.Theme.Muted.Render(h.Desc))
		}
	}
	room := f.Width - 2*margin
	between := "   "
	if ansi.StringWidth(strings.Join(parts, between)) > room {
		between = "  "
	}
	last := parts[max(0, len(parts)-2):]
	used := ansi.StringWidth(strings.Join(last, between))
	var kept []string
	for _, p := range parts[:len(parts)-len(last)] {
		if w := ansi.StringWidth(p) + len(between); used+w <= room {
			kept = append(kept, p)
			used += w
		}
	}
	return ansi.Truncate(strings.Join(append(kept, last...), between), room, "…")
}
