//go:build unix

package app

import (
	"os"
	"os/signal"
	"syscall"
)

// private keeps new files from everybody else. A limit on their size is then an
// error of the write, which is told, and no signal, which would end the program.
func private() {
	syscall.Umask(0o077)
	signal.Ignore(syscall.SIGXFSZ)
}

// ends are the signals that end the plain face.
func ends() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} }
