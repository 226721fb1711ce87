package app

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"reconnect/app/crash"
)

// openers are the commands that open an address, by system; the first that is there
// does it. None is a shell.
var openers = map[string][][]string{
	"darwin":  {{"open"}},
	"windows": {{"rundll32", "url.dll,FileProtocolHandler"}},
	"":        {{"xdg-open"}, {"x-www-browser"}, {"www-browser"}, {"wslview"}},
}

// opener is the command that opens an address on a system, nil if there is none.
func opener(system string, look func(string) (string, error)) []string {
	all, known := openers[system]
	if !known {
		all = openers[""]
	}
	at := slices.IndexFunc(all, func(c []string) bool { _, err := look(c[0]); return err == nil })
	if at < 0 {
		return nil
	}
	return all[at]
}

// browse opens an https address in the system browser, which inherits no secret and
// writes nothing on the screen.
func browse(ctx context.Context, url string) error {
	with := opener(runtime.GOOS, exec.LookPath)
	if with == nil {
		return &exec.Error{Name: "a browser", Err: exec.ErrNotFound}
	}
	c := exec.CommandContext(context.WithoutCancel(ctx), with[0], append(with[1:len(with):len(with)], url)...) // it stays open
	c.Env = withoutSecrets(os.Environ())
	done := make(chan error, 1)
	crash.Go(func() { done <- c.Run() }, func(err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// withoutSecrets is an environment without what looks like a secret by its name.
func withoutSecrets(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(pair), "=")
		return slices.ContainsFunc([]string{"SECRET", "TOKEN", "PASSWORD", "PASSPHRASE", "CREDENTIAL", "API_KEY", "PRIVATE_KEY"},
			func(word string) bool { return strings.Contains(name, word) })
	})
}
