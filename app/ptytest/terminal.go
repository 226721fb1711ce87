package ptytest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// A Terminal is a program in a window and the person in front of it. Its
// methods are for the test's own goroutine.
type Terminal struct {
	t       testing.TB
	options Options
	cmd     *exec.Cmd
	master  *os.File
	input   *queue
	before  *term.State // of the terminal, before the program had it

	drained chan struct{} // closed when the program's output has ended
	done    chan struct{} // closed when the program has ended and all is taken in
	code    int           // read after done
	after   *term.State   // read after done; nil if it could not be asked

	lastSeen string // the screen that satisfied the last Sees
	esc      escape // the last esc key

	mu       sync.Mutex // guards what follows
	tty      *os.File   // the program's side; nil when it has ended
	emulator *vt.Emulator
	modes    map[ansi.Mode]bool // what the program has switched on
	painting bool               // between the two ends of a marked paint
	frame    []string           // the lines before the paint under way
	output   []byte
	stopped  error         // why reading ended
	changed  chan struct{} // closed and replaced when something arrived
}

// Start starts the program in a terminal of its own. It skips the test where
// the system has no pseudo-terminals.
func Start(t testing.TB, o Options) *Terminal {
	t.Helper()
	o = o.filled(t)
	x := &Terminal{
		t:        t,
		options:  o,
		drained:  make(chan struct{}),
		done:     make(chan struct{}),
		changed:  make(chan struct{}),
		modes:    map[ansi.Mode]bool{},
		emulator: vt.NewEmulator(o.Width, o.Height),
	}
	x.teach()
	if err := x.open(); errors.Is(err, pty.ErrUnsupported) {
		t.Skip("no pseudo-terminals here")
	} else if err != nil {
		t.Fatalf("ptytest: no terminal: %v", err)
	}
	x.cmd = exec.CommandContext(context.Background(), o.Bin, o.Args...)
	x.cmd.Dir = o.Dir
	x.cmd.Env = o.environment(t)
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = x.tty, x.tty, x.tty
	inTerminal(x.cmd)
	if err := x.cmd.Start(); err != nil {
		_ = x.tty.Close()
		_ = x.master.Close()
		t.Fatalf("ptytest: cannot start the program: %v", err)
	}
	x.input = newQueue()
	go x.input.writeTo(x.master)
	go x.answer()
	go x.read()
	go x.reap()
	t.Cleanup(x.cleanUp)
	return x
}

// open opens the pty.
func (x *Terminal) open() error {
	master, tty, err := pty.Open()
	if err != nil {
		return err
	}
	size := &pty.Winsize{Cols: uint16(x.options.Width), Rows: uint16(x.options.Height)}
	if err := pty.Setsize(tty, size); err != nil {
		return errors.Join(err, tty.Close(), master.Close())
	}
	if x.before, err = term.GetState(int(tty.Fd())); err != nil {
		return errors.Join(err, tty.Close(), master.Close())
	}
	if x.master, err = pollable(master); err != nil {
		return errors.Join(err, tty.Close())
	}
	x.tty = tty
	return nil
}

// teach makes the emulator keep track of modes and offer two more: marked
// paints, so that no half-painted screen is looked at, and grapheme widths,
// which the emulator has anyway.
func (x *Terminal) teach() {
	x.emulator.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { x.setMode(m, true) },
		DisableMode: func(m ansi.Mode) { x.setMode(m, false) },
	})
	x.emulator.RegisterCsiHandler(ansi.Command('?', '$', 'p'), func(p ansi.Params) bool {
		n, _, _ := p.Param(0, 0)
		mode := ansi.DECMode(n)
		if mode != ansi.ModeSynchronizedOutput && mode != ansi.ModeUnicodeCore {
			return false
		}
		setting := ansi.ModeReset
		if x.modes[mode] {
			setting = ansi.ModeSet
		}
		_, _ = io.WriteString(x.emulator.InputPipe(), ansi.ReportMode(mode, setting))
		return true
	})
}

// setMode is called by the emulator, with x.mu held.
func (x *Terminal) setMode(m ansi.Mode, on bool) {
	x.modes[m] = on
	if m != ansi.ModeSynchronizedOutput {
		return
	}
	if on && !x.painting {
		x.frame = x.cells()
	}
	x.painting = on
}

// answer queues what the emulator replies. It must never wait for the program:
// the emulator stands still until its replies are taken.
func (x *Terminal) answer() {
	buf := make([]byte, 4096)
	for {
		n, err := x.emulator.Read(buf)
		x.input.add(buf[:n])
		if err != nil {
			return
		}
	}
}

// read takes in the program's output until it ends.
func (x *Terminal) read() {
	defer close(x.drained)
	buf := make([]byte, 64<<10)
	for {
		n, err := x.master.Read(buf)
		n += x.readRest(buf, n)
		if n > 0 {
			x.takeIn(buf[:n])
		}
		if err != nil {
			x.mu.Lock()
			x.stopped = err
			x.mu.Unlock()
			return
		}
	}
}

// readRest reads on if the n bytes in buf end in a character that the next
// piece of output may add to: the emulator would take the halves for two.
func (x *Terminal) readRest(buf []byte, n int) (more int) {
	for n > 0 && n+more < len(buf) && buf[n+more-1] >= 0x80 {
		if x.master.SetReadDeadline(time.Now().Add(5*time.Millisecond)) != nil {
			return more
		}
		m, err := x.master.Read(buf[n+more:])
		_ = x.master.SetReadDeadline(time.Time{})
		more += m
		if err != nil {
			return more
		}
	}
	return more
}

func (x *Terminal) takeIn(p []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.output = append(x.output, p...)
	_, _ = x.emulator.Write(p)
	x.tell()
}

// tell wakes everybody who waits for output. It needs x.mu.
func (x *Terminal) tell() {
	close(x.changed)
	x.changed = make(chan struct{})
}

// reap waits for the program. The terminal's own side stays open until then:
// so its last state can be asked, and no output is lost on any system.
func (x *Terminal) reap() {
	_ = x.cmd.Wait() // what it says is in ProcessState
	x.code = exitCode(x.cmd.ProcessState)
	x.mu.Lock()
	if state, err := term.GetState(int(x.tty.Fd())); err == nil {
		x.after = state
	}
	_ = x.tty.Close()
	x.tty = nil
	x.mu.Unlock()
	select {
	case <-x.drained:
	case <-time.After(2 * time.Second): // something it started holds the terminal
	}
	x.mu.Lock()
	x.painting = false // a paint cut short is on the screen as far as it came
	x.mu.Unlock()
	close(x.done)
}

// cleanUp leaves nothing behind, whatever state the test left x in.
func (x *Terminal) cleanUp() {
	if !x.ended() {
		killGroup(x.cmd.Process)
	}
	_ = x.master.Close() // ends read, and hangs up on what is still there
	select {
	case <-x.done:
	case <-time.After(x.options.Limit):
		x.t.Errorf("ptytest: process %d cannot be ended", x.cmd.Process.Pid)
	}
	x.input.close()
	if pipe, ok := x.emulator.InputPipe().(io.Closer); ok {
		_ = pipe.Close() // ends answer
	}
}

// ended reports whether the program has ended and all it wrote was taken in.
func (x *Terminal) ended() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// until waits for ok, which is called with x.mu held, now and after every
// piece of output. It returns nil, or why it gave up.
func (x *Terminal) until(ok func() bool) error {
	limit := time.NewTimer(x.options.Limit)
	defer limit.Stop()
	for {
		ended := x.ended() // asked first: what came before the end still counts
		x.mu.Lock()
		good, changed := ok(), x.changed
		x.mu.Unlock()
		if good {
			return nil
		}
		if ended {
			return fmt.Errorf("the program has ended with code %d", x.code)
		}
		select {
		case <-changed:
		case <-x.done:
		case <-limit.C:
			return fmt.Errorf("it was not so within %s", x.options.Limit)
		}
	}
}
