//go:build unix

package app

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"reconnect/app/crash"
	"reconnect/app/wizard"
)

// hide stops the terminal from showing what is typed, until show is called. Whoever
// has the terminal while the program is stopped sees what they type; when it goes on,
// again asks once more. A pipe shows nothing anyhow.
func hide(fd int, again func()) (show func()) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return func() {}
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	set := func(to *unix.Termios) error { return unix.IoctlSetTermios(fd, setTermios, to) }
	if set(&silent) != nil {
		return func() {}
	}
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGTSTP, syscall.SIGCONT)
	crash.Go(func() {
		defer close(done)
		for sig := range signals {
			switch {
			case sig == syscall.SIGCONT: // also after a stop that nobody announced
				_ = set(&silent)
				again()
			case wizard.Wakeable():
				_ = set(before)
				_ = syscall.Kill(0, syscall.SIGSTOP) // the whole group, as the terminal itself would
			}
		}
	}, func(error) {})
	return func() {
		signal.Stop(signals)
		close(signals)
		<-done
		_ = set(before) // a terminal that is gone needs none
	}
}
