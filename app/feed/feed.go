// Package feed reads what Aibrify itself shows of its connections, so that nobody
// has to look and type it: from a file, from an address, or from what a command
// prints. README.md beside this file is the format.
//
// What comes in is foreign: it is read strictly, cleaned and redacted, and what is
// wrong with it is said with the name of the field. Never here: what a colour
// means, storage, the terminal, and a token in any text.
package feed

import (
	"context"
	"net/http" //nolint:depguard // the feed is Aibrify's, no platform's: platforms know nothing of it
	"slices"
	"strings"
	"time"

	"reconnect/app/crash"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// MaxTime is the longest that a Read takes.
const MaxTime = 30 * time.Second

// StaleAfter is the age from which a feed does not tell how things are now.
const StaleAfter = 24 * time.Hour

// A Connection is one row of Aibrify's dashboard.
type Connection struct {
	Platform platforms.ID     `json:"platform"`
	Account  text.Safe        `json:"account"`          // as Aibrify names it
	Colour   platforms.Colour `json:"colour"`           // green, yellow, red
	Expires  time.Time        `json:"expires,omitzero"` // if Aibrify tells
	Error    text.Safe        `json:"error,omitzero"`   // the exact words, if one is shown
}

// A Feed is what Aibrify showed.
type Feed struct {
	At          time.Time    `json:"at"` // when Aibrify looked
	Connections []Connection `json:"connections"`
}

// Find is the connection of an account. An account that is not named, or the only
// one of its platform, needs no name that fits; @ and case do not matter. It is
// false where more than one could be meant.
func (f Feed) Find(id platforms.ID, account text.Safe) (Connection, bool) {
	all := slices.DeleteFunc(slices.Clone(f.Connections), func(c Connection) bool { return c.Platform != id })
	for _, c := range all {
		if Bare(c.Account) == Bare(account) {
			return c, true
		}
	}
	if len(all) != 1 {
		return Connection{}, false
	}
	return all[0], true
}

// Stale tells whether the feed is too old to say how things are now.
func (f Feed) Stale(now time.Time) bool { return now.Sub(f.At) > StaleAfter }

// Bare is a name as people compare it: without @, case and spaces around it.
func Bare(account text.Safe) string {
	name := strings.TrimPrefix(strings.TrimSpace(account.String()), "@")
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}

// A Source is where a feed comes from: one of File, URL and Command.
type Source struct {
	File    string
	URL     string   // https, or http to a loopback address
	Command []string // a program and its arguments; no shell reads them
	// Token is what URL is asked with. Nil, or an empty one: without.
	Token  func(context.Context) (text.Secret, error)
	Client *http.Client              //nolint:forbidigo // the type alone; a test brings its own roots
	Now    func() time.Time          // nil: time.Now
	Go     func(func(), func(error)) // nil: crash.Go
	// Timeout is for a whole Read; 0, or more than MaxTime: MaxTime.
	Timeout time.Duration
}

// Set tells whether there is anything to read.
func (s Source) Set() bool { return s.File != "" || s.URL != "" || len(s.Command) > 0 }

// Read reads the feed. It returns within the time-out, whatever the source does, and soon
// after the end of ctx. The time begins when there is a token: for that a person may have
// to type. Its last part is for ending what hangs. Every error is an [*Error].
func (s Source) Read(ctx context.Context) (Feed, error) {
	limit := MaxTime
	if s.Timeout > 0 {
		limit = min(s.Timeout, MaxTime)
	}
	grace := min(graceTime, limit/2)
	var token text.Secret
	if s.File == "" && s.URL != "" {
		var err error
		if token, err = beside(ctx, s, grace, s.token); err != nil {
			return Feed{}, s.ended(ctx, ctx, limit, err)
		}
	}
	inner, cancel := context.WithTimeout(ctx, limit-grace)
	defer cancel()
	f, err := beside(inner, s, grace, func(ctx context.Context) (Feed, error) { return s.read(ctx, token) })
	return f, s.ended(ctx, inner, limit, err)
}

// beside is what do gives, which hears ctx or is left behind some time after its end.
func beside[T any](ctx context.Context, s Source, grace time.Duration, do func(context.Context) (T, error)) (T, error) {
	type answer struct {
		given T
		err   error
	}
	done := make(chan answer, 2) // what do gave, and what a panic after it would give
	start := s.Go
	if start == nil {
		start = crash.Go
	}
	start(func() {
		given, err := do(ctx)
		done <- answer{given, err}
	}, func(err error) { done <- answer{err: unread(err.Error(), "")} })
	a := answer{err: context.DeadlineExceeded}
	select {
	case a = <-done:
	case <-after(ctx, grace):
	}
	return a.given, a.err
}

// after is done some time after ctx is.
func after(ctx context.Context, d time.Duration) <-chan struct{} {
	late, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(d, end) })
	return late.Done()
}

// ended says that the time was over, where that is why there is an error.
func (s Source) ended(outer, inner context.Context, limit time.Duration, err error) error {
	switch {
	case err == nil || inner.Err() == nil:
		return err
	case outer.Err() != nil:
		return &Error{What: what, Why: "it was ended before the answer was there", Err: outer.Err()}
	}
	return &Error{What: what, Why: s.name() + " gave no whole answer within " + limit.String(),
		Do: "Look whether it answers at all, then try again.", Err: context.DeadlineExceeded}
}

// name is the source as it may be shown.
func (s Source) name() string {
	switch {
	case s.File != "":
		return text.Line(s.File).String() // whole, as the person gave it
	case s.URL != "":
		return host(s.URL)
	case len(s.Command) > 0:
		return text.Join(" ", text.Const("the command"), text.Name(s.Command[0])).String()
	}
	return "nothing"
}

func (s Source) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// An Error says what happened, why, and what to do next, in words for a person.
// It holds no token and no query. A file is named with its whole path.
type Error struct {
	What string
	Why  string
	Do   string // whole sentences
	Err  error  // the end of a context, or nil
}

const what = "what Aibrify shows could not be read"

// unread is the error for why.
func unread(why, do string) *Error { return &Error{What: what, Why: why, Do: do} }

// Error returns what happened, why and what to do on one line.
func (e *Error) Error() string {
	said := e.What + ": " + e.Why
	if e.Do != "" {
		said += ". " + e.Do
	}
	return said
}

// Unwrap lets errors.Is find the end of a context.
func (e *Error) Unwrap() error { return e.Err }
