package text

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Secret is a token, a client secret or a passphrase. It prints [redacted]
// under every verb, in JSON and in logs, also as an unexported field of
// something printed. Only Reveal gives it away. The zero value is empty.
type Secret struct{ s *string } // fmt shows of an unexported field the address, no more

// NewSecret keeps s.
func NewSecret(s string) Secret { return Secret{&s} }

// Reveal is the secret itself, for the one place that sends or stores it.
func (s Secret) Reveal() string {
	if s.s == nil {
		return ""
	}
	return *s.s
}

// Empty tells whether there is no secret.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// Equal compares in a time that does not depend on where the two differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

const redacted = "[redacted]"

// String is not the secret.
func (s Secret) String() string { return redacted }

// Format writes the same for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText is what JSON, XML and keys of maps show.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is what slog shows.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
