//go:build unix

package wizard

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// notifyStops is told when the program shall stop.
func notifyStops() chan os.Signal {
	stops := make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGTSTP)
	return stops
}

// Wakeable tells whether a shell could let the program go on again: one that made
// it a job, in a group of its own.
func Wakeable() bool {
	session, err := unix.Getsid(0)
	return err == nil && session != syscall.Getpgrp()
}

// Run stops the program's whole group, as the terminal itself would, until it is
// told to go on.
func (suspension) Run() error {
	goOn := make(chan os.Signal, 1)
	signal.Notify(goOn, syscall.SIGCONT)
	defer signal.Stop(goOn)
	if err := syscall.Kill(0, syscall.SIGSTOP); err != nil {
		return err
	}
	<-goOn
	return nil
}
