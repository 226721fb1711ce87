package wizard

import (
	"io"

	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// suspendMsg says that the program was told to stop.
type suspendMsg struct{}

// awaitStop waits until somebody tells the program to stop (SIGTSTP). The key
// ctrl+z takes the same way from there on.
func (m Model) awaitStop() tea.Msg {
	select {
	case <-m.ctx.Done():
		return nil
	case <-m.stops:
		return suspendMsg{}
	}
}

// suspend saves what is typed, gives the terminal back, stops the program, and
// takes the terminal again when it goes on.
func (m Model) suspend() (Model, tea.Cmd) {
	if !Wakeable() {
		m.notice = text.Const("No shell here could wake the program again. Leave it instead: the case is saved.")
		return m, nil
	}
	stop := tea.Exec(suspension{}, func(error) tea.Msg { return nil })
	return m, tea.Sequence(m.saveDraft(), stop)
}

// A suspension stops the program while Bubble Tea has let go of the terminal. It
// reads and writes nothing itself.
type suspension struct{}

func (suspension) SetStdin(io.Reader)  {}
func (suspension) SetStdout(io.Writer) {}
func (suspension) SetStderr(io.Writer) {}
