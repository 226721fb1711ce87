package ptytest

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Run runs the program without a terminal: stdin, stdout and stderr are pipes.
// It returns what was written and the exit code. A program that does not end
// within the limit is killed and fails the test.
func Run(t testing.TB, o Options, stdin string) (stdout, stderr string, code int) {
	t.Helper()
	o = o.filled(t)
	ctx, cancel := context.WithTimeout(context.Background(), o.Limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.Bin, o.Args...)
	cmd.Dir = o.Dir
	cmd.Env = o.environment(t)
	withoutTerminal(cmd)
	cmd.Cancel = func() error { killGroup(cmd.Process); return nil }
	cmd.WaitDelay = time.Second // a grandchild may hold the pipes open
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("%s %q did not end within %s.\nstdout:\n%s\nstderr:\n%s", o.Bin, o.Args, o.Limit, &out, &errs)
	case err != nil && !errors.As(err, &exit):
		t.Fatalf("%s %q: %v\nstdout:\n%s\nstderr:\n%s", o.Bin, o.Args, err, &out, &errs)
	}
	return out.String(), errs.String(), exitCode(cmd.ProcessState)
}
