package secrets

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	zalando "github.com/zalando/go-keyring"

	"reconnect/store"
)

const (
	service    = "reconnect" // what the keyring's own program shows
	indexName  = "names.json"
	indexKnown = 1

	maxTimeout = 3 * time.Second
)

// A ring is a keyring of an operating system. Its calls may hang for ever.
type ring interface {
	// standing looks whether it can be used, and changes nothing: ErrLocked, or
	// ErrKeyring if there is none.
	standing(ctx context.Context) error
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// A system is the keyring of this computer.
type system struct{}

func (system) Set(service, user, secret string) error   { return zalando.Set(service, user, secret) }
func (system) Get(service, user string) (string, error) { return zalando.Get(service, user) }
func (system) Delete(service, user string) error        { return zalando.Delete(service, user) }

// A keyring keeps each secret as one entry of the keyring of the computer.
// Keyrings cannot be asked for what they hold, so the names are in a file. A
// name may be in it without its entry: after a crash between the two, or if
// somebody removed the entry with another program. The other way round it
// cannot be, so that nothing is forgotten in the keyring.
type keyring struct {
	folder   folder
	ring     ring
	run      func(f func(), caught func(error))
	timeout  time.Duration
	noPrompt bool

	turn  chan struct{} // held by the call that runs, also after its time is over
	calls atomic.Int64  // that began
}

// index is the file with the names. Its id tells the entries of this folder from
// those of another one, and goes where the folder goes.
type index struct {
	Format int      `json:"format"`
	ID     string   `json:"id"`
	Names  []string `json:"names"`
}

// service is the name under which the entries of this folder are kept.
func (i index) service() string { return service + " " + i.ID }

func (k *keyring) where() string { return "the keyring of this computer" }

// ready asks the keyring for an entry that nobody has: this finds out whether it
// answers and is open.
func (k *keyring) ready(ctx context.Context) error {
	return k.call(ctx, func(ctx context.Context) error {
		standing := k.ring.standing(ctx)
		if standing != nil && (k.noPrompt || !errors.Is(standing, ErrLocked)) {
			return standing
		}
		_, err := k.ring.Get(service, "probe") // of a locked one: opens the window that unlocks it
		switch {
		case errors.Is(err, zalando.ErrNotFound):
			return nil
		case err != nil && standing != nil:
			return standing
		}
		return err
	})
}

// ask is left to the keyring, which has a window for it.
func (k *keyring) ask(ctx context.Context, _ bool) error { return ctx.Err() }

func (k *keyring) get(ctx context.Context, name string) (Secret, error) {
	in, err := k.index()
	if err != nil {
		return Secret{}, err
	}
	if !slices.Contains(in.Names, name) {
		return Secret{}, unknown(k.where())
	}
	return k.entry(ctx, in, name)
}

func (k *keyring) entry(ctx context.Context, in index, name string) (Secret, error) {
	found := make(chan Secret, 1)
	err := k.call(ctx, func(context.Context) error {
		s, err := k.ring.Get(in.service(), name) // a string, which nobody can wipe
		found <- NewSecret(s)
		return err
	})
	if err != nil {
		return Secret{}, err
	}
	return <-found, nil
}

// put says that the secret is kept only after it was read back: some keyrings
// report nothing when the person refuses in their window.
func (k *keyring) put(ctx context.Context, name string, s Secret) error {
	in, added, err := k.list(ctx, name)
	if err != nil {
		return err
	}
	kept := s.clone() // the caller may wipe s while a call still hangs
	err = k.call(ctx, func(context.Context) error {
		defer kept.Wipe()
		return k.ring.Set(in.service(), name, kept.Reveal())
	})
	if err == nil {
		err = k.verify(ctx, in, name, s)
	}
	if err != nil && added && !pending(err) {
		err = errors.Join(err, k.unlist(ctx, name))
	}
	return err
}

// pending tells whether the call may still come to pass.
func pending(err error) bool {
	return errors.Is(err, ErrHangs) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (k *keyring) verify(ctx context.Context, in index, name string, want Secret) error {
	got, err := k.entry(ctx, in, name)
	defer got.Wipe()
	if errors.Is(err, ErrUnknown) || err == nil && !got.Equal(want) {
		return fault(ErrKeyring, "the keyring of this computer took the secret and does not give it back",
			"If a window asked for permission, allow it and try again. Otherwise choose the encrypted file as the place for secrets.")
	}
	return err
}

func (k *keyring) drop(ctx context.Context, name string) error {
	in, err := k.index()
	if err != nil || !slices.Contains(in.Names, name) {
		return err
	}
	err = k.call(ctx, func(context.Context) error { return k.ring.Delete(in.service(), name) })
	if err != nil && !errors.Is(err, ErrUnknown) {
		return err
	}
	left, err := k.entry(ctx, in, name)
	left.Wipe()
	switch {
	case errors.Is(err, ErrUnknown):
		return k.unlist(ctx, name)
	case err == nil:
		return fault(ErrKeyring, "the keyring of this computer still has it", "If a window asked for permission, allow it and try again.")
	}
	return err
}

func (k *keyring) names(context.Context) ([]string, error) {
	in, err := k.index()
	return in.Names, err
}

func (k *keyring) lock(ctx context.Context, name string) (func(), error) {
	return k.folder.lock(ctx, lockOf(name))
}

func (k *keyring) close() {}

// call runs f beside the caller, for at most the time-out from its turn on. A call that hangs
// cannot be ended from outside. It keeps its turn until it ends by itself, so that
// calls never overtake each other, and never more than one hangs; what comes
// meanwhile is told that the keyring does not answer.
func (k *keyring) call(ctx context.Context, f func(context.Context) error) error {
	if err := k.queue(ctx); err != nil {
		return err
	}
	in, cancel := k.limited(ctx)
	defer cancel()
	done := make(chan error, 1)
	k.run(func() {
		defer func() { <-k.turn }()
		done <- f(in)
	}, func(error) {
		done <- fault(ErrKeyring, "the part of the program that talks to the keyring failed",
			"Choose the encrypted file as the place for secrets, and report this.")
	})
	select {
	case err := <-done:
		if err != nil && in.Err() != nil { // it ended because its time was over
			return context.Cause(in)
		}
		return told(err)
	case <-in.Done():
		return context.Cause(in)
	}
}

// queue waits for the turn, as long as calls come and go. Where none did for the time of
// one, the keyring does not answer.
func (k *keyring) queue(ctx context.Context) error {
	for ctx.Err() == nil {
		before := k.calls.Load()
		in, cancel := k.limited(ctx)
		select {
		case k.turn <- struct{}{}:
			k.calls.Add(1)
			cancel()
			return nil
		case <-in.Done():
		}
		over := context.Cause(in)
		cancel()
		if k.calls.Load() == before {
			return over
		}
	}
	return context.Cause(ctx)
}

// limited is ctx for the time of one call.
func (k *keyring) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, k.timeout, fault(ErrHangs,
		fmt.Sprintf("the keyring of this computer did not answer within %s", k.timeout),
		"It may be waiting for its password in a window of its own: unlock it there, then try again. "+
			"If there is no such window, choose the encrypted file as the place for secrets."))
}

// told turns what a keyring answered into an error of this package. Its words are
// left out: nobody knows what is in them.
func told(err error) error {
	var own *store.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return err
	case errors.Is(err, zalando.ErrNotFound):
		return unknown("the keyring of this computer")
	case errors.Is(err, zalando.ErrSetDataTooBig):
		return fault(ErrTooBig, "it is bigger than the keyring of this computer takes", "Choose the encrypted file as the place for secrets.")
	case errors.Is(err, zalando.ErrUnsupportedPlatform):
		return absent("this system has none that the program knows")
	case isLocked(err):
		return lockedFault()
	}
	return fault(ErrKeyring, "the keyring of this computer refused"+code(err),
		"Open it with its own program and see whether it is unlocked, then try again. Otherwise choose the encrypted file as the place for secrets.")
}

// code is what can be told of a foreign error without its words.
func code(err error) string {
	var exit *exec.ExitError
	var number syscall.Errno
	switch {
	case busError(err) != "":
		return " (" + busError(err) + ")"
	case errors.As(err, &exit):
		return fmt.Sprintf(" (exit code %d)", exit.ExitCode())
	case errors.As(err, &number):
		return fmt.Sprintf(" (system error %d)", uintptr(number))
	}
	return ""
}

func absent(why string) error {
	return fault(ErrKeyring, "there is no keyring to use: "+why,
		"Start reconnect in the desktop session of this computer, or choose the encrypted file as the place for secrets.")
}

func lockedFault() error {
	return fault(ErrLocked, "the keyring of this computer is locked",
		"Unlock it: in the window that asks for its password, or with its own program. Then try again. "+
			"Or choose the encrypted file as the place for secrets.")
}

// index reads the file with the names; without one there are no names.
func (k *keyring) index() (index, error) {
	in := index{Format: indexKnown}
	path := k.folder.path(indexName)
	raw, err := k.folder.read(indexName)
	if raw == nil || err != nil {
		return in, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var version struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(raw, &version); err == nil && version.Format > indexKnown {
		return in, newer(path, version.Format, indexKnown)
	}
	if err := d.Decode(&in); err != nil || in.Format != indexKnown || !validID.MatchString(in.ID) || d.More() {
		return in, damaged(path, "it is not a list of names")
	}
	for _, name := range in.Names {
		if !validName.MatchString(name) {
			return in, damaged(path, "a name in it is not valid")
		}
	}
	return in, nil
}

var validID = regexp.MustCompile(`^[a-z2-7]{10}$`)

// list puts a name into the index and tells whether it is new there.
func (k *keyring) list(ctx context.Context, name string) (in index, added bool, err error) {
	unlock, err := k.folder.lock(ctx, filesLock)
	if err != nil {
		return in, false, err
	}
	defer unlock()
	in, err = k.index()
	if err != nil || slices.Contains(in.Names, name) {
		return in, false, err
	}
	if in.ID == "" {
		in.ID = strings.ToLower(rand.Text()[:10])
	}
	in.Names = append(in.Names, name)
	slices.Sort(in.Names)
	return in, true, k.writeIndex(in)
}

// unlist takes a name out. The caller's context may be over; this is still done.
func (k *keyring) unlist(ctx context.Context, name string) error {
	unlock, err := k.folder.lock(context.WithoutCancel(ctx), filesLock)
	if err != nil {
		return err
	}
	defer unlock()
	in, err := k.index()
	if err != nil {
		return err
	}
	in.Names = slices.DeleteFunc(in.Names, func(n string) bool { return n == name })
	return k.writeIndex(in)
}

func (k *keyring) writeIndex(in index) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if len(raw) > maxFile {
		return fault(ErrTooBig, "there are too many names", "Give back grants that are not needed any more: reconnect logout.")
	}
	return k.folder.write(indexName, raw)
}
