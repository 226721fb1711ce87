package screens

import (
	"strings"

	"charm.land/bubbles/v2/help"
	tea "charm.land/bubbletea/v2"
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
	groups := s.FullHelp()
	if view := h.FullHelpView(groups); fits(view, b.width, f.Height-6) {
		for l := range strings.SplitSeq(view, "\n") {
			b.put(l)
		}
	} else {
		for _, group := range groups {
			for _, k := range group {
				if k.Enabled() {
					b.add(f.Theme.Muted, f.Theme.Key.Render(pad(k.Help().Key, 9))+" ", k.Help().Desc)
				}
			}
		}
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

// fits tells whether view is whole within width and height.
func fits(view string, width, height int) bool {
	lines := strings.Split(view, "\n")
	for _, l := range lines {
		if pad(l, width) != l && len(pad(l, width)) < len(l) {
			return false
		}
	}
	return len(lines) <= height && !strings.Contains(view, "…")
}

// Closes tells whether msg closes the help or the code for the phone.
func Closes(msg tea.Msg) bool {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.MouseClickMsg:
		return true
	}
	return false
}
