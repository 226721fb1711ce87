package ptytest

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// Press presses keys by name, in order: "enter", "esc", "tab", "shift+tab",
// "space", "backspace", "up", "pgdown", "f1", "ctrl+s", "alt+x", or the
// character itself ("j", "?", "ü"). A program must have painted something
// before it gets keys: until it has taken the terminal over they mean
// something else.
func (x *Terminal) Press(keys ...string) *Terminal {
	x.t.Helper()
	for _, key := range keys {
		x.mu.Lock()
		bytes, ok := keyBytes(key, x.modes[ansi.ModeCursorKeys])
		x.mu.Unlock()
		if !ok {
			x.t.Fatalf("ptytest: there is no key %q", key)
		}
		x.send(bytes)
		if bytes == "\x1b" {
			x.esc = escape{at: time.Now(), output: len(x.AllOutput())}
		}
	}
	return x
}

// Type types text; a newline is the enter key.
func (x *Terminal) Type(text string) *Terminal {
	x.t.Helper()
	x.send(carriageReturns(text))
	return x
}

// Paste pastes text in one piece, in brackets if the program asked for them.
func (x *Terminal) Paste(text string) *Terminal {
	x.t.Helper()
	text = carriageReturns(text)
	x.mu.Lock()
	if x.modes[ansi.ModeBracketedPaste] {
		text = ansi.BracketedPasteStart + text + ansi.BracketedPasteEnd
	}
	x.mu.Unlock()
	x.send(text)
	return x
}

// carriageReturns replaces line ends by what the enter key sends; terminals
// do the same when they paste.
func carriageReturns(text string) string {
	return strings.NewReplacer("\r\n", "\r", "\n", "\r").Replace(text)
}

// Click clicks on the first character of text on the screen, with the left
// button. It fails the test if the text is not there or the program has not
// asked for the mouse.
func (x *Terminal) Click(text string) *Terminal {
	x.t.Helper()
	x.mu.Lock()
	listens := x.modes[ansi.ModeMouseExtSgr] &&
		(x.modes[ansi.ModeMouseNormal] || x.modes[ansi.ModeMouseButtonEvent] || x.modes[ansi.ModeMouseAnyEvent])
	x.mu.Unlock()
	if !listens {
		x.t.Fatal("The program has not asked for the mouse.")
	}
	lines := x.Lines()
	for row, line := range lines {
		if before, _, found := strings.Cut(line, text); found {
			at := fmt.Sprintf("%d;%d", ansi.StringWidth(before)+1, row+1)
			x.send("\x1b[<0;" + at + "M\x1b[<0;" + at + "m")
			return x
		}
	}
	x.t.Fatalf("There is no %q to click on.\n%s", text, framed(lines))
	return x
}

// CloseInput ends the input as a person does, with ctrl+d: a program that
// reads lines gets the end of its input, a full-screen program gets the key.
func (x *Terminal) CloseInput() *Terminal {
	x.t.Helper()
	return x.Press("ctrl+d")
}

// Resize changes the window's size, in cells, and tells the program.
func (x *Terminal) Resize(width, height int) *Terminal {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.emulator.Resize(width, height)
	if x.tty == nil {
		return x
	}
	if err := pty.Setsize(x.tty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		x.t.Errorf("ptytest: cannot resize: %v", err)
	}
	return x
}

// An escape is when the esc key was pressed and how much output there was.
type escape struct {
	at     time.Time
	output int
}

// Programs tell the esc key from the start of a longer key by what follows
// within 50 ms. A person is slower than that; a test must be, too.
const (
	escPause = 75 * time.Millisecond
	escLimit = time.Second
)

// send queues bytes as typed.
func (x *Terminal) send(bytes string) {
	x.waitAfterEsc()
	x.input.add([]byte(bytes))
}

// waitAfterEsc lets the program notice a lone esc key: it waits until the
// program has painted since, and at least as long as programs themselves do.
func (x *Terminal) waitAfterEsc() {
	if x.esc.at.IsZero() {
		return
	}
	pause, limit := time.After(time.Until(x.esc.at.Add(escPause))), time.After(escLimit)
	<-pause
	for {
		x.mu.Lock()
		painted, changed := len(x.output) > x.esc.output, x.changed
		x.mu.Unlock()
		if painted {
			break
		}
		select {
		case <-changed:
			continue
		case <-x.done:
		case <-limit:
		}
		break
	}
	x.esc = escape{}
}
