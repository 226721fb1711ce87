// Package ptytest drives a built program in a real pseudo-terminal, the way a
// person does: look at the screen, press keys, look again.
//
//	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t)})
//	x.Sees("What do you see now?").Press("down", "enter").Sees("saved #2")
//
// The program's output goes into a terminal emulator and the emulator's
// answers go back to the program, so a full-screen program behaves as it does
// in a window. Waiting is by event: the screen is looked at again after every
// piece of output. A program that marks its paints (synchronized output, which
// the emulator offers) is never seen half-painted.
//
// A test that fails, or panics, leaves nothing behind: the process group is
// killed and the terminal closed when the test ends.
//
// The package is for tests only. It knows nothing about the ladder, the store
// or a platform; the one thing it reads from a screen is "saved #N".
package ptytest

import (
	"testing"
	"time"
)

const (
	defaultWidth  = 80
	defaultHeight = 24
	// defaultLimit is generous: two busy cores are slow, and a test that
	// passes never waits for it.
	defaultLimit = 20 * time.Second
)

// Options say what to start and where. The zero value of each field but Bin
// is a good one.
type Options struct {
	Bin  string   // the program; see [Build]
	Args []string // its arguments, without its name
	// Env is added to the clean environment of every run and wins over it:
	// "RECONNECT_DATA=…", "NO_COLOR=1". See Home for what is there already.
	Env []string
	// Home is the home directory; all XDG directories and the temporary one
	// lie inside. Empty means a fresh one, which goes when the test ends. A
	// test that starts a program twice on the same data gives it.
	//
	// PATH is an empty directory, so that no browser, clipboard tool or
	// keyring helper of the machine is started by accident. A test that wants
	// one puts its own PATH into Env.
	Home          string
	Dir           string        // the working directory; empty means Home
	Width, Height int           // in cells; 80×24 if zero
	Limit         time.Duration // for every wait; 20 s if zero
}

// filled returns o with its zero fields replaced.
func (o Options) filled(t testing.TB) Options {
	t.Helper()
	if o.Bin == "" {
		t.Fatal("ptytest: Options.Bin is empty; Build returns the program's path")
	}
	if o.Home == "" {
		o.Home = t.TempDir()
	}
	if o.Dir == "" {
		o.Dir = o.Home
	}
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	if o.Height <= 0 {
		o.Height = defaultHeight
	}
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	return o
}
