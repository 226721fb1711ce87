package connection

import (
	"errors"

	"reconnect/store/secrets"
)

// Unlocked does what may need the passphrase of the file with the secrets, and does it
// again while a wrong one was typed.
func Unlocked(do func() error) error {
	err := do()
	for n := 1; n < secrets.Tries && errors.Is(err, secrets.ErrPassphrase); n++ {
		err = do()
	}
	return err
}
