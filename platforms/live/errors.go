package live

import (
	"strconv"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// A HarmError refuses what would break a connection that works.
type HarmError struct {
	Platform platforms.ID
	Reason   text.Safe // a sentence for a person
}

func (e *HarmError) Error() string { return e.Reason.String() }

// An UnsupportedError says that a platform has no way to do something.
type UnsupportedError struct {
	Platform platforms.ID
	Reason   text.Safe // a sentence for a person, with what to do instead
}

func (e *UnsupportedError) Error() string { return e.Reason.String() }

// A TimeoutError says that nothing came back from the browser. A cancelled dialog,
// a closed tab and a platform's error page all look like this (fact sheet 7.3).
type TimeoutError struct {
	After    time.Duration
	Question text.Safe
}

func (e *TimeoutError) Error() string {
	return "no answer from the browser within " + e.After.String() + "; " + e.Question.String()
}

// A LoginError is the platform's own error, at the redirect or at the exchange of
// the code.
type LoginError struct {
	Where   string    // "redirect" or "token"
	Says    text.Safe // the platform's words, redacted
	Verdict explain.Verdict
	Retry   time.Time // when the platform says to come back
	// Secret: the credentials of the app did not fit, and there was a secret among them.
	Secret bool
	Lacks  bool // the app has a secret, and there was none among them
}

func (e *LoginError) Error() string {
	return "the sign-in failed at the " + e.Where + ": " + e.Verdict.Meaning.String()
}

// A PasteError says why a pasted address was not taken. The login goes on waiting.
type PasteError struct{ Reason text.Safe }

func (e *PasteError) Error() string { return e.Reason.String() }

// A PortError says that the login's port cannot be listened to.
type PortError struct {
	Port  int // 0: any
	Taken bool
}

func (e *PortError) Error() string {
	s := "port " + strconv.Itoa(e.Port) + " of this computer cannot be listened to"
	if e.Taken {
		s = "port " + strconv.Itoa(e.Port) + " of this computer is taken by another program"
	}
	return s + "; end that program, or paste the address that the browser lands on"
}

// A Restarted says that the listener was closed after too many wrong answers and
// opened again. The old address is dead: show the new prompt and wait again.
type Restarted struct{ Prompt Prompt }

func (e *Restarted) Error() string {
	return "too many wrong answers came in; the sign-in was started again with a new address"
}

// A ForgedError says that the login was given up, because wrong answers kept
// coming in after several restarts.
type ForgedError struct{ Restarts int }

func (e *ForgedError) Error() string {
	return "another program keeps sending wrong answers to this sign-in; it was given up after " +
		strconv.Itoa(e.Restarts) + " restarts"
}

// A SaveError says that a new grant could not be saved. The old refresh token may
// be spent by now: the grant that comes with this error is the only copy.
type SaveError struct{ err error }

func (e *SaveError) Error() string { return "the new grant could not be saved: " + e.err.Error() }

// Unwrap is the error of the function that saves.
func (e *SaveError) Unwrap() error { return e.err }

// A ConfigError says what is wrong with an app or an endpoint.
type ConfigError struct {
	Field  string
	Reason string
}

func (e *ConfigError) Error() string { return e.Field + ": " + e.Reason }
