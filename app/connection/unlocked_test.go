package connection

import (
	"errors"
	"fmt"
	"testing"

	"reconnect/store/secrets"
)

// TestUnlocked: a wrong passphrase is asked for anew, but not for ever, and nothing
// else is done twice.
func TestUnlocked(t *testing.T) {
	wrong, other := fmt.Errorf("not read: %w", secrets.ErrPassphrase), errors.New("something else")
	for _, row := range []struct {
		fails []error
		done  int
		want  error
	}{
		{[]error{nil}, 1, nil},
		{[]error{wrong, nil}, 2, nil},
		{[]error{wrong, other, nil}, 2, other},
		{[]error{wrong, wrong, wrong, nil}, secrets.Tries, wrong},
	} {
		done := 0
		err := Unlocked(func() error { done++; return row.fails[done-1] })
		if done != row.done || !errors.Is(err, row.want) {
			t.Errorf("%v: done %d times, %v", row.fails, done, err)
		}
	}
}
