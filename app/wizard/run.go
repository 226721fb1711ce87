package wizard

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// endTimeout is how long saving may take when the program is told to end.
const endTimeout = time.Second

// Run shows the wizard until a person leaves it, the window closes or ctx ends.
// What was typed is durable when it returns. The model says where the person was.
func Run(ctx context.Context, o Options, in io.Reader, out io.Writer) (Model, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	first := New(ctx, o)
	defer first.cancel()
	final, err := tea.NewProgram(&latest{Model: first}, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	last := first
	if l, ok := final.(*latest); ok && l != nil {
		last = l.Model
	}
	first.cancel()
	// The program's own context may be what ended it: saving gets another one.
	save, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if flushed := last.Flush(save); flushed != nil && last.err == nil {
		last.err = flushed
	}
	switch {
	case last.err != nil:
		return last, last.err
	case errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil:
		return last, nil
	}
	return last, err
}

// latest holds the newest model, so that it is there after a kill, too: then Run
// of Bubble Tea gives no model back.
type latest struct{ Model }

func (l *latest) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := l.Model.Update(msg)
	l.Model = next.(Model)
	return l, cmd
}

// Terminal tells whether f is a terminal that can show the full screen.
func Terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
