package screens

import (
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
)

// HelpView is the whole help for the page that s shows: every key that works
// there, in a frame of its own.
func HelpView(p Page, s Screen, f Frame) string {
	if f.Width < minWidth || f.Height < minHeight {
		return tooSmall(f)
	}
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
	for l := range strings.SplitSeq(view, "\n") {
		b.put(l)
	}
	lines := topLines(p, f)
	for _, l := range b.visible(f.Height-len(lines)-1, -1) {
		lines = append(lines, "  "+l.text)
	}
	for len(lines) < f.Height-1 {
		lines = append(lines, "")
	}
	return fitted(append(lines, "  "+f.Theme.Muted.Render("any key closes the help")), f)
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
