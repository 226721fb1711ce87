package screens

import (
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// HelpView is the whole help for the page that s shows: every key that works
// there, in a frame of its own. [HelpFrom] is the same for a window that may be
// too small for all of it.
func HelpView(p Page, s Screen, f Frame) string { return HelpFrom(p, s, f, 0) }

// HelpFrom is the help from the line number offset on.
func HelpFrom(p Page, s Screen, f Frame, offset int) string {
	if f.Width < minWidth || f.Height < minHeight {
		return tooSmall(f)
	}
	out, all := topLines(p, f), helpLines(s, f)
	room := f.Height - len(out) - 1
	most := max(0, len(all)-room)
	offset = max(0, min(offset, most))
	shown := all[offset:min(len(all), offset+room)]
	for i, l := range shown {
		switch {
		case i == 0 && offset > 0:
			l = f.Theme.Muted.Render("↑ more")
		case i == len(shown)-1 && offset < most:
			l = f.Theme.Muted.Render("↓ more")
		}
		out = append(out, "  "+l)
	}
	for len(out) < f.Height-1 {
		out = append(out, "")
	}
	closes := "any key closes the help"
	if most > 0 {
		closes = "↑↓ scroll   any other key closes the help"
	}
	return fitted(append(out, "  "+f.Theme.Muted.Render(closes)), f)
}

// ScrollHelp is where the help is after msg, a key or the wheel. stays is false
// for a key that closes it.
func ScrollHelp(p Page, s Screen, f Frame, offset int, msg tea.Msg) (next int, stays bool) {
	room := max(1, f.Height-len(topLines(p, f))-1)
	most := max(0, len(helpLines(s, f))-room)
	keys := newKeys(p)
	by := common{page: p, keys: keys}.moved(msg)
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, keys.PageUp):
			by = 2 - room
		case key.Matches(press, keys.PageDown):
			by = room - 2
		case key.Matches(press, keys.First):
			by = -most
		case key.Matches(press, keys.Last):
			by = most
		case by == 0:
			return offset, false
		}
		if most == 0 {
			return 0, false
		}
	}
	return max(0, min(offset+by, most)), true
}

// helpLines are all lines of the help in the width of f: in columns where they fit
// into it, else one key a line.
func helpLines(s Screen, f Frame) []string {
	h := help.New()
	h.Styles = f.Theme.Help
	h.SetWidth(f.Width - 2*margin)
	b := newBody(f)
	b.add(f.Theme.Title, "", "Keys on this page")
	b.gap()
	view := h.FullHelpView(s.FullHelp())
	if strings.Contains(view, "…") || strings.Count(view, "\n") > f.Height-6 {
		view = ""
		b.keyList(s.FullHelp())
	}
	for l := range strings.SplitSeq(strings.TrimRight(view, "\n"), "\n") {
		b.put(l)
	}
	lines := make([]string, len(b.lines))
	for i, l := range b.lines {
		lines[i] = l.text
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// keyList names one key a line.
func (b *body) keyList(groups [][]key.Binding) {
	for _, group := range groups {
		for _, k := range group {
			if k.Enabled() {
				b.add(b.theme.Muted, b.theme.Key.Render(pad(k.Help().Key, 9))+" ", k.Help().Desc)
			}
		}
	}
}
