package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/app/session"
	"reconnect/platforms/text"
)

// How often another program's events are looked for, and how far a draft may lag
// behind what is typed.
const (
	watchEvery = time.Second
	draftAfter = 300 * time.Millisecond
)

// watch waits until the store has changed since the view was read. What changed
// between reading the view and the first look counts, too. It ends with the program.
func (m Model) watch() tea.Msg {
	every := time.NewTicker(watchEvery)
	defer every.Stop()
	for {
		select {
		case <-m.ctx.Done():
			return nil
		case <-every.C:
		}
		if changed, err := m.session.Changed(m.ctx, m.view); err == nil && changed {
			return changedMsg{}
		}
	}
}

// refresh reads the view again.
func (m Model) refresh() tea.Cmd {
	return m.inTurn(func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
		defer cancel()
		v, err := m.session.Refresh(ctx, m.view)
		return refreshedMsg{v, m.answers, err}
	})
}

// onRefreshed shows what another program added, and watches on. What this program
// wrote itself is known already, and leaves the page alone.
func (m Model) onRefreshed(msg refreshedMsg) (tea.Model, tea.Cmd) {
	switch {
	case msg.err != nil:
		m.notice = text.Format("Could not look for changes. %s", session.Sentence(msg.err))
		return m, m.watch
	case m.busy, msg.answers != m.answers:
		return m, m.watch // it was read before the last answer, and is not what is shown now
	case m.view.Case == "" && (m.screen.Typing() || !m.view.Lists() || m.view.Page.Name != msg.view.Page.Name):
		// What is being filled in before there is a case belongs to this window alone.
		known := m
		known.view = m.view.Known(msg.view)
		return known, known.watch
	case m.view.Case != "" && msg.view.State.Seq <= m.view.State.Seq && msg.view.Page.Title == m.view.Page.Title &&
		(msg.view.Page.Notice.Empty() || msg.view.Page.Notice == m.view.Page.Notice):
		known := m
		known.view = msg.view
		return m, known.watch
	}
	if msg.view.Page.Name == m.view.Page.Name {
		// The other window may have answered this very page, and its draft went with that.
		m.drafted.saved = msg.view.Page.Draft
	}
	keep := m.saveDraft()
	moved := msg.view.Page.Name != m.view.Page.Name || !m.screen.Typing()
	m.view = msg.view
	if !moved {
		return m, tea.Batch(keep, m.watch) // somebody types here: the page stays, the notice tells
	}
	m, cmd := m.show()
	return m, tea.Batch(tea.Sequence(keep, cmd), m.watch)
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
	return m.inTurn(func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
		defer cancel()
		return draftedMsg{page, typed, s.Draft(ctx, v, v.Page.Name, typed)}
	})
}

// onDrafted remembers what is durable now.
func (m Model) onDrafted(msg draftedMsg) Model {
	switch {
	case msg.err != nil:
		m.notice = text.Format("What you type is not saved. %s", session.Sentence(msg.err))
	case msg.page == m.drafted.page:
		m.drafted.saved = msg.typed
	}
	return m
}

// A turn lets the commands that use the session run one after the other, in the
// order in which they were given out: a draft that is still being saved must not
// come after the answer that makes it needless, nor after a newer one.
type turn struct{ last chan struct{} }

// inTurn is do, after all that were given out before it.
func (m Model) inTurn(do func() tea.Msg) tea.Cmd {
	before, done := m.turn.last, make(chan struct{})
	m.turn.last = done
	return func() tea.Msg {
		defer close(done)
		if before != nil {
			select {
			case <-before:
			case <-m.ctx.Done():
			}
		}
		return do()
	}
}
