package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
	"reconnect/screens"
)

// View draws the window.
func (m Model) View() tea.View {
	page := m.page()
	var drawn string
	switch m.over {
	case overHelp:
		drawn = screens.HelpFrom(page, m.screen, m.frame, m.helpAt)
	case overPhone:
		drawn = screens.PhoneView(page, m.phone, m.frame)
	case overNone:
		drawn = screens.Draw(page, m.screen, m.frame)
	}
	v := tea.NewView(drawn)
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "reconnect"
	return v
}

// page is the page of the view, with what the face itself has to say.
func (m Model) page() screens.Page {
	page := m.view.Page
	page.Notice = m.notice.Or(page.Notice)
	return page
}

// browseTimeout is how long a browser may take to be started.
const browseTimeout = 10 * time.Second

// browse opens a link, and says honestly what came of it.
func (m Model) browse(url string) tea.Cmd {
	if m.options.Remote {
		return say(text.Const("This terminal is on another machine, so no browser is opened here. Copy the link, or press Q for the phone."))
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, browseTimeout)
		defer cancel()
		if err := m.options.Browse(ctx, url); err != nil {
			return saidMsg{text.Const("No browser could be started. Copy the link, or press Q for the phone.")}
		}
		return saidMsg{text.Const("The link was handed to your browser.")}
	}
}

// copied puts the link, or the message, on the clipboard. The terminal gives no
// answer, so it says what was done and not what came of it.
func (m Model) copied(a screens.Answer) (Model, tea.Cmd) {
	what, said := a.Text, text.Const("The link was sent to your terminal's clipboard. If nothing arrives, select it by hand.")
	message := m.view.Page.Kind == screens.Reading && !m.view.Page.Body.Empty()
	if message {
		what, said = m.view.Page.Body.String(), text.Const("The message was sent to your terminal's clipboard. If nothing arrives, save it with s.")
	}
	if m.options.Remote {
		said = text.Join(" ", said, text.Const("Over SSH it depends on your terminal."))
	}
	if !message || m.session == nil {
		return m, tea.Batch(tea.SetClipboard(what), say(said))
	}
	m.busy = true
	a.Text = said.String()
	return m, tea.Batch(tea.SetClipboard(what), m.save(a))
}

func say(notice text.Safe) tea.Cmd {
	return func() tea.Msg { return saidMsg{notice} }
}
