package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/app/session"
	"reconnect/platforms/text"
)

// What follows runs the task of a page beside everything else: it begins when its
// page opens, and is cancelled when that page is left.

// A task is the one that runs, with what ends it.
type task struct {
	*session.Task
	cancel  context.CancelFunc
	changed chan struct{} // it has something to tell
	over    bool          // it ended
}

// toldMsg says that a task has something to tell; endedMsg that it is over.
type (
	toldMsg  struct{ of *session.Task }
	endedMsg struct{ of *session.Task }
)

// tasked is m with the task of its page begun, and another one ended.
func (m Model) tasked() (Model, tea.Cmd) {
	if m.view.Task == m.task.Task {
		return m, nil
	}
	if m.task.cancel != nil {
		m.task.cancel()
	}
	m.task = task{Task: m.view.Task}
	if m.task.Task == nil {
		return m, nil
	}
	ctx, cancel := context.WithCancel(m.ctx)
	m.task.cancel, m.task.changed = cancel, make(chan struct{}, 1)
	of, changed := m.task.Task, m.task.changed
	run := func() tea.Msg {
		defer cancel()
		of.Run(ctx, func() {
			select {
			case changed <- struct{}{}:
			default: // it is known already
			}
		})
		return endedMsg{of}
	}
	return m, tea.Batch(run, m.listen(ctx))
}

// listen waits for the running task to tell something.
func (m Model) listen(ctx context.Context) tea.Cmd {
	of, changed := m.task.Task, m.task.changed
	return func() tea.Msg {
		select {
		case <-changed:
			return toldMsg{of}
		case <-ctx.Done():
			return nil
		}
	}
}

// onTold shows what the task told. A page in which somebody types stays.
func (m Model) onTold(msg toldMsg) (tea.Model, tea.Cmd) {
	if msg.of != m.task.Task || m.task.over {
		return m, nil
	}
	again := m.listen(m.ctx)
	if m.busy {
		return m, again // the answer that is being saved shows it
	}
	before := m.view.Page
	m.view, _ = m.session.Told(m.view)
	page := m.view.Page
	if page.Name == before.Name && (m.screen.Typing() || len(page.Links) > 0) {
		return m, again
	}
	m, show := m.show()
	if len(page.Links) > 0 && page.Name != before.Name && m.view.Listening() && !m.options.Remote {
		show = tea.Batch(show, m.browse(page.Links[0].URL.String()))
	}
	return m, tea.Batch(show, again)
}

// onEnded takes what the task found, as soon as no answer is being saved.
func (m Model) onEnded(msg endedMsg) (tea.Model, tea.Cmd) {
	if msg.of != m.task.Task {
		return m, nil
	}
	m.task.over, m.notice = true, text.Safe{} // that the browser was opened is past
	return m.found()
}

// found makes durable what the task found, if it is over. What somebody is writing
// down for it is not taken from under their hands.
func (m Model) found() (Model, tea.Cmd) {
	if !m.task.over || m.busy || m.view.Task == nil || m.view.WritesFor(m.view.Task) {
		return m, nil
	}
	m.busy, m.finding = true, true
	s, v := m.session, m.view
	return m, m.inTurn(func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
		defer cancel()
		next, err := s.Done(ctx, v)
		return savedMsg{view: next, err: err}
	})
}

// lookTime ends looking again at what was connected.
const lookTime = time.Minute

// lookedMsg says what came of looking again.
type lookedMsg struct {
	looked session.Looked
	err    error
}

// lookAgain looks, once, at what was connected and is due to be looked at.
func (m Model) lookAgain() tea.Msg {
	if m.session.Prober == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(m.ctx, lookTime)
	defer cancel()
	looked, err := m.session.LookAgain(ctx, m.session.Prober)
	return lookedMsg{looked, err}
}

// onLooked says it. Cases that are open again come into the list by themselves.
func (m Model) onLooked(msg lookedMsg) (tea.Model, tea.Cmd) {
	switch said := msg.looked.Says(); {
	case msg.err != nil:
		m.notice = text.Format("Could not look again. %s", session.Sentence(msg.err))
	case !said.Empty():
		m.notice = said
	}
	return m, nil
}
