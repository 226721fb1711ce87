//go:build unix

package store

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"testing"
)

// childFullDisk appends until the system takes no more bytes, and prints how
// many events it had called saved.
func childFullDisk(dir, _ string) error {
	d, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // as on a full disk: an error, no signal
	limit := syscall.Rlimit{Cur: 300_000, Max: 300_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for after := 0; ; after++ {
		_, err := d.Append(context.Background(), sample("case", after, 1))
		var e *Error
		switch {
		case errors.Is(err, ErrFull) && errors.As(err, &e) && e.Do != "":
			fmt.Println(after)
			return nil
		case err != nil:
			return err
		case after > 10_000:
			return errors.New("the limit does not bind")
		}
	}
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	said := child(t, "fsize", dir).done()
	if len(said) != 1 {
		t.Fatalf("child says %q", said)
	}
	saved := number(t, said[0])
	if n := verify(t, dir, "case", saved); n != saved || n == 0 {
		t.Errorf("%d events, want %d", n, saved)
	}
}
