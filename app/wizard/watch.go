package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// How often another program's events are looked for, and how far a draft may lag
// behind what is typed.
const (
	watchEvery = time.Second
	draftAfter = 300 * time.Millisecond
)

// watch waits until the store has changed since the view was read, and reads the
// view again. It ends with the program.
func (m Model) watch() tea.Msg {
	every := time.NewTicker(watchEvery)
	defer every.Stop()
	seen, err := m.session.Log.Changes(m.ctx)
	for {
		select {
		case <-m.ctx.Done():
			return nil
		case <-every.C:
		}
		var now int64
		if now, err = m.session.Log.Changes(m.ctx); err == nil && now != seen {
			return changedMsg{}
		}
	}
}

// refresh reads the view again.
func (m Model) refresh() tea.Msg {
	ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
	defer cancel()
	v, err := m.session.Refresh(ctx, m.view)
	return refreshedMsg{v, err}
}

// onRefreshed shows what another program added. What this program wrote itself is
// known already, and leaves the page alone.
func (m Model) onRefreshed(msg refreshedMsg) (tea.Model, tea.Cmd) {
	switch {
	case msg.err != nil:
		m.notice = text.Format("Could not look for changes. %s", text.Line(msg.err.Error()))
		return m, nil
	case m.busy, msg.view.Case != m.view.Case, m.view.Case != "" && msg.view.State.Seq <= m.view.State.Seq:
		return m, nil
	case m.view.Case == "" && (m.screen.Typing() || m.view.Page.Name != msg.view.Page.Name):
		return m, nil
	}
	keep := m.saveDraft()
	moved := msg.view.Page.Name != m.view.Page.Name || !m.screen.Typing()
	m.view = msg.view
	if !moved {
		return m, keep // somebody types here: the page stays, the notice tells
	}
	m, cmd := m.show()
	return m, tea.Sequence(keep, cmd)
}

// noteDraft starts the clock of a draft when something was typed.
func (m Model) noteDraft() (Model, tea.Cmd) {
	if m.session == nil || m.drafted.pending || m.drafted.page != m.pageKey() || m.screen.Draft() == m.drafted.saved {
		return m, nil
	}
	m.drafted.pending = true
	return m, tea.Tick(draftAfter, func(time.Time) tea.Msg { return draftMsg{} })
}

func (m Model) onDraft() (tea.Model, tea.Cmd) {
	m.drafted.pending = false
	if m.busy {
		return m, nil // the answer saves it, or makes it needless
	}
	return m, m.saveDraft()
}

// saveDraft makes durable what is typed; nil if there is nothing new.
func (m Model) saveDraft() tea.Cmd {
	if m.session == nil || m.screen.Draft() == m.drafted.saved {
		return nil
	}
	s, v, page, typed := m.session, m.view, m.pageKey(), m.screen.Draft()
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
		defer cancel()
		return draftedMsg{page, typed, s.Draft(ctx, v, v.Page.Name, typed)}
	}
}

// onDrafted remembers what is durable now.
func (m Model) onDrafted(msg draftedMsg) Model {
	switch {
	case msg.err != nil:
		m.notice = text.Format("What you type is not saved. %s", text.Line(msg.err.Error()))
	case msg.page == m.drafted.page:
		m.drafted.saved = msg.typed
	}
	return m
}
