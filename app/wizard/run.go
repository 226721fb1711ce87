package wizard

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/app/crash"
)

// endTimeout is how long saving may take when the program is told to end.
const endTimeout = time.Second

// Run shows the wizard until a person leaves it, the window closes or ctx ends.
// What was typed is durable when it returns. The model says where the person was.
// A panic ends it like everything else: the terminal is restored, and the error
// says where it was.
func Run(ctx context.Context, o Options, in io.Reader, out io.Writer) (Model, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	first := New(ctx, o)
	defer first.cancel()
	first.stops = notifyStops()
	if f, ok := in.(*os.File); ok && runtime.GOOS != "windows" {
		in = &input{File: f}
	}
	l := &latest{Model: first, end: stop}
	_, err := tea.NewProgram(l, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	first.cancel()
	// The program's own context may be what ended it: saving gets another one.
	save, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if flushed := l.flush(save); flushed != nil && l.err == nil {
		l.err = flushed
	}
	switch {
	case l.err != nil:
		return l.Model, l.err
	case errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil:
		return l.Model, nil
	}
	return l.Model, err
}

// latest holds the newest model, so that it is there after a kill, too: then Run
// of Bubble Tea gives no model back. It catches panics before Bubble Tea does,
// which would print them whole.
type latest struct {
	Model
	end func() // ends the program at once
}

// crashedMsg says that a command panicked.
type crashedMsg struct{ err error }

// Init starts the model.
func (l *latest) Init() (cmd tea.Cmd) {
	defer func() { l.caught(crash.Of(recover())) }()
	return guarded(l.Model.Init())
}

// Update hands msg to the model.
func (l *latest) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer func() { l.caught(crash.Of(recover())) }()
	if crashed, ok := msg.(crashedMsg); ok {
		l.caught(crashed.err)
		return l, nil
	}
	next, cmd := l.Model.Update(msg)
	l.Model = next.(Model)
	return l, guarded(cmd)
}

// View draws the model.
func (l *latest) View() (v tea.View) {
	defer func() { l.caught(crash.Of(recover())) }()
	return l.Model.View()
}

// caught ends the program for a crash; nil is none.
func (l *latest) caught(err error) {
	if err != nil {
		l.err = err
		l.end()
	}
}

// flush is Flush, after a crash, too.
func (l *latest) flush(ctx context.Context) (err error) {
	defer func() {
		if crashed := crash.Of(recover()); crashed != nil {
			err = crashed
		}
	}()
	return l.Flush(ctx)
}

// guarded is cmd, and what it starts in turn, with a panic as a message.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if err := crash.Of(recover()); err != nil {
				msg = crashedMsg{err}
			}
		}()
		return guardedAll(cmd())
	}
}

// guardedAll guards the commands in msg, if it is a list of them: the type of a
// batch is known, that of a sequence is Bubble Tea's own.
func guardedAll(msg tea.Msg) tea.Msg {
	list := reflect.ValueOf(msg)
	if !list.IsValid() || list.Kind() != reflect.Slice || list.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return msg
	}
	for i := range list.Len() {
		cmd := guarded(list.Index(i).Interface().(tea.Cmd))
		list.Index(i).Set(reflect.ValueOf(cmd))
	}
	return msg
}
