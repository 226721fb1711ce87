//go:build unix

package app

import (
	"os"
	"syscall"
)

// private keeps new files from everybody else.
func private() { syscall.Umask(0o077) }

// ends are the signals that end the plain face.
func ends() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} }
