//go:build unix

package ptytest

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// inTerminal gives cmd a session whose controlling terminal is its input.
func inTerminal(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// withoutTerminal gives cmd a session without a terminal, so that the program
// cannot open the one the tests were started from.
func withoutTerminal(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

// killGroup ends p and whatever it started, unless p was waited for already:
// its number may be somebody else's by then.
func killGroup(p *os.Process) {
	if p.Signal(syscall.Signal(0)) == nil {
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}

// exitCode returns what a shell would: the code, or 128 and the signal.
func exitCode(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return s.ExitCode()
}

// pollable returns f as a file whose reads end when it is closed. (Opening a
// pty makes its file blocking; a blocking read cannot be called off.)
func pollable(f *os.File) (*os.File, error) {
	defer func() { _ = f.Close() }() // the copy is what counts
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}
