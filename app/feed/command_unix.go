//go:build unix

package feed

import (
	"os/exec"
	"syscall"
)

// together puts a command and all that it starts in one group, which ends as one.
func together(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
