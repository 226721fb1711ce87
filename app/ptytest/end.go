package ptytest

import (
	"errors"
	"os"
	"time"
)

// Wait waits until the program has ended by itself and returns its exit code;
// 128+N if a signal N ended it. It fails the test, with the screen, when the
// program still runs after the limit.
func (x *Terminal) Wait() int {
	x.t.Helper()
	limit := time.NewTimer(x.options.Limit)
	defer limit.Stop()
	select {
	case <-x.done:
	case <-limit.C:
		x.fail("is still there", errors.New("the program has not ended"))
	}
	return x.code
}

// Kill ends the program, and what it started, with no chance to tidy up
// (SIGKILL), and waits until it is gone.
func (x *Terminal) Kill() {
	x.t.Helper()
	killGroup(x.cmd.Process)
	x.Wait()
}

// Signal sends sig to the program.
func (x *Terminal) Signal(sig os.Signal) *Terminal {
	x.t.Helper()
	if err := x.cmd.Process.Signal(sig); err != nil {
		x.t.Fatalf("ptytest: cannot send %v: %v", sig, err)
	}
	return x
}

// HangUp closes the window: the program gets SIGHUP, and whatever it writes
// goes nowhere.
func (x *Terminal) HangUp() *Terminal {
	_ = x.master.Close()
	return x
}
