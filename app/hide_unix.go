//go:build unix

package app

import (
	"golang.org/x/sys/unix"
)

// hide stops the terminal from showing what is typed, until show is called. A pipe
// shows nothing anyhow.
func hide(fd int) (show func()) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return func() {}
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	if unix.IoctlSetTermios(fd, setTermios, &silent) != nil {
		return func() {}
	}
	return func() { _ = unix.IoctlSetTermios(fd, setTermios, before) } // a terminal that is gone needs none
}
