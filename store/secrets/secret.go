package secrets

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a token, a client secret or a passphrase. It prints [redacted]
// under every verb, in JSON and in logs, also as an unexported field of
// something printed. Only Reveal gives it away. The zero value is empty.
//
// Its bytes can be overwritten. What Go does not promise: that no copy is left.
// The collector and a growing stack move bytes, every string that Reveal gives
// stays until it is collected, and the libraries for keyring, age and HTTP keep
// buffers of their own. Wiping shortens the time a secret lies in memory. It is
// no proof against somebody who can read the memory of the process.
type Secret struct {
	// A function, for nothing looks into one: fmt follows a pointer to bytes in an
	// unexported field when the verb does not fit, and so do printers by reflection.
	b func() *[]byte
}

// NewSecret keeps s.
func NewSecret(s string) Secret { return secretOf([]byte(s)) }

// secretOf keeps b itself.
func secretOf(b []byte) Secret { return Secret{func() *[]byte { return &b }} }

// bytes are those of the secret itself, to be read and not kept.
func (s Secret) bytes() []byte {
	if s.b == nil {
		return nil
	}
	return *s.b()
}

// clone is the same secret in bytes of its own.
func (s Secret) clone() Secret { return secretOf(bytes.Clone(s.bytes())) }

// Reveal is the secret itself, for the one place that sends or stores it.
func (s Secret) Reveal() string { return string(s.bytes()) }

// Empty tells whether there is no secret.
func (s Secret) Empty() bool { return len(s.bytes()) == 0 }

// Equal compares in a time that does not depend on where the two differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare(s.bytes(), other.bytes()) == 1
}

// Wipe overwrites the bytes. The secret, and every copy of this value, is empty afterwards.
func (s Secret) Wipe() {
	if s.b != nil {
		wipe(*s.b())
		*s.b() = nil
	}
}

// wipe overwrites b; what it cannot reach, [Secret] says.
func wipe(b []byte) { clear(b) }

const redacted = "[redacted]"

// String is not the secret.
func (s Secret) String() string { return redacted }

// Format writes the same for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText is what JSON, XML and keys of maps show.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is what slog shows.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
