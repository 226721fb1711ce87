package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"reconnect/platforms/text"
)

const (
	graceTime = time.Second   // for ending what hangs
	leftTime  = graceTime / 2 // for what a command left behind to close the output
	maxStderr = 4 << 10
)

// run is what the command prints. It has no terminal, no shell, and none of this
// program's own variables: a client secret may be among them.
func (s Source) run(ctx context.Context) ([]byte, error) {
	ctx, kill := context.WithCancel(ctx)
	defer kill()
	out, errs := &head{limit: maxBody + 1, full: kill}, &head{limit: maxStderr, full: func() {}}
	c := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	c.Env = withoutOwn(os.Environ())
	c.Stdout, c.Stderr, c.WaitDelay = out, errs, leftTime
	together(c)
	err := c.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		_ = c.Cancel() // what it left behind; an error is that there is nothing any more
	}
	if err == nil || out.isFull() { // too much is for the parser to say
		return out.bytes(), nil
	}
	return nil, s.commandError(err, errs.bytes())
}

func withoutOwn(env []string) []string {
	var kept []string
	for _, v := range env {
		if !strings.HasPrefix(v, "RECONNECT_") {
			kept = append(kept, v)
		}
	}
	return kept
}

// commandError says how a command failed, with the first line of what it said.
func (s Source) commandError(err error, stderr []byte) error {
	var ended *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		return unread("there is no program called "+text.Name(s.Command[0]).String(), "Mend command under [feed] in config.toml.")
	case errors.Is(err, exec.ErrWaitDelay):
		return unread(s.name()+" left a program behind that keeps its output open", "Let it end with all that it starts.")
	case !errors.As(err, &ended):
		return unread(s.name()+" cannot be started", "Check that it is a program that you may run.")
	}
	why := fmt.Sprintf("%s ended with exit code %d", s.name(), ended.ExitCode())
	if ended.ExitCode() < 0 {
		why = fmt.Sprintf("%s was ended by a signal", s.name())
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(stderr), []byte("\n"))
	if said, _ := text.Redact(text.Line(string(first))); !said.Empty() {
		why += " and said: " + strings.TrimRight(said.String(), ".")
	}
	return unread(why, "Run it by hand and see.")
}

// A head keeps the beginning of what is written to it.
type head struct {
	buffer bytes.Buffer
	limit  int
	full   func() // called when more than that came
}

func (h *head) Write(p []byte) (int, error) {
	h.buffer.Write(p[:min(len(p), h.limit-h.buffer.Len())])
	if h.isFull() {
		h.full()
	}
	return len(p), nil
}

func (h *head) isFull() bool  { return h.buffer.Len() == h.limit }
func (h *head) bytes() []byte { return h.buffer.Bytes() }
