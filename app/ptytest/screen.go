package ptytest

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Sees waits until the screen shows all texts at once, each within one line.
// It fails the test, with the screen, when that does not happen within the
// limit or the program ends without it.
//
// A text that was on the screen already is seen at once: after a key, wait
// for something new.
func (x *Terminal) Sees(texts ...string) *Terminal {
	x.t.Helper()
	err := x.until(func() bool {
		screen := strings.Join(x.lines(), "\n")
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		x.lastSeen = screen
		return true
	})
	if err != nil {
		x.fail(fmt.Sprintf("does not show %q", texts), err)
	}
	return x
}

// SeesNot fails the test if one of texts is on the very screen that satisfied
// the last Sees: "after the paint that shows this, that is absent".
func (x *Terminal) SeesNot(texts ...string) *Terminal {
	x.t.Helper()
	for _, text := range texts {
		if strings.Contains(x.lastSeen, text) {
			x.t.Fatalf("The screen shows %q.\n%s", text, framed(strings.Split(x.lastSeen, "\n")))
		}
	}
	return x
}

// Gone waits until none of texts is on the screen.
func (x *Terminal) Gone(texts ...string) *Terminal {
	x.t.Helper()
	err := x.until(func() bool {
		screen := strings.Join(x.lines(), "\n")
		here := func(text string) bool { return strings.Contains(screen, text) }
		if slices.ContainsFunc(texts, here) {
			return false
		}
		x.lastSeen = screen
		return true
	})
	if err != nil {
		x.fail(fmt.Sprintf("still shows one of %q", texts), err)
	}
	return x
}

// SeesSaved waits until the screen says that event n, or a later one, is
// durable.
func (x *Terminal) SeesSaved(n int) *Terminal {
	x.t.Helper()
	err := x.until(func() bool {
		x.lastSeen = strings.Join(x.lines(), "\n")
		return saved(x.lastSeen) >= n
	})
	if err != nil {
		x.fail(fmt.Sprintf("does not show saved #%d or later", n), err)
	}
	return x
}

// Saved returns the N of "saved #N" on the screen, -1 when it is not there.
func (x *Terminal) Saved() int { return saved(x.Screen()) }

var savedMark = regexp.MustCompile(`saved #([0-9]+)`)

func saved(screen string) int {
	match := savedMark.FindStringSubmatch(screen)
	if match == nil {
		return -1
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return -1
	}
	return n
}

// Screen returns the text on the screen, one line each, without colours and
// trailing blanks. During a marked paint it is the screen before it.
func (x *Terminal) Screen() string { return strings.Join(x.Lines(), "\n") }

// Lines returns the screen's lines, as many as it is high.
func (x *Terminal) Lines() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.lines())
}

// lines returns the last whole frame. It needs x.mu.
func (x *Terminal) lines() []string {
	if x.painting {
		return x.frame
	}
	return x.cells()
}

// cells reads the emulator's screen. A wide character has a second, empty
// cell of width 0; it is no text. It needs x.mu.
func (x *Terminal) cells() []string {
	lines := make([]string, x.emulator.Height())
	for row := range lines {
		var line strings.Builder
		for column := range x.emulator.Width() {
			cell := x.emulator.CellAt(column, row)
			switch {
			case cell == nil:
				line.WriteByte(' ')
			case cell.Width > 0:
				line.WriteString(cell.Content)
			}
		}
		lines[row] = strings.TrimRight(line.String(), " ")
	}
	return lines
}

// above returns the text that has scrolled out at the top. It needs x.mu.
func (x *Terminal) above() []string {
	lines := make([]string, x.emulator.ScrollbackLen())
	for row := range lines {
		var line strings.Builder
		for column := range x.emulator.Width() {
			if cell := x.emulator.ScrollbackCellAt(column, row); cell != nil {
				line.WriteString(cell.Content)
			}
		}
		lines[row] = strings.TrimRight(line.String(), " ")
	}
	return lines
}

// fail ends the test with the screen, and, when the program has ended, with
// what scrolled out above it: a panic is longer than a screen.
func (x *Terminal) fail(what string, err error) {
	x.t.Helper()
	x.mu.Lock()
	lines := slices.Clone(x.lines())
	if x.ended() {
		lines = append(x.above(), lines...)
	}
	x.mu.Unlock()
	x.t.Fatalf("The screen %s: %v.\n%s%s", what, err, framed(lines), x.whyBlank(lines))
}

// whyBlank is what there is to know about a screen on which nothing stands: what
// the program wrote, and what each of its goroutines is doing.
func (x *Terminal) whyBlank(lines []string) string {
	if strings.TrimSpace(strings.Join(lines, "")) != "" || runtime.GOOS == "windows" {
		return ""
	}
	wrote := len(x.AllOutput())
	_ = x.cmd.Process.Signal(syscall.SIGQUIT) // it may have ended already
	select {
	case <-x.done:
	case <-time.After(5 * time.Second):
	}
	x.mu.Lock()
	ended := x.stopped
	x.mu.Unlock()
	return fmt.Sprintf("\n%d bytes until then, reading ended with %v, process %v, now:\n%q", wrote, ended, x.cmd.ProcessState, x.AllOutput())
}

// framed sets lines off from the rest of a test's output.
func framed(lines []string) string {
	return "  ┌\n  │ " + strings.Join(lines, "\n  │ ") + "\n  └"
}

// AllOutput returns every byte the program wrote so far.
func (x *Terminal) AllOutput() []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.output)
}
