// Package secrets keeps tokens and client secrets: each under a name, in the
// keyring of the computer, in one file encrypted with a passphrase, or in memory
// until the program ends.
//
// What lives here: where a secret is kept, how long a keyring may take, how two
// programs share one secret, and what went wrong when it cannot be had. What
// never does: what a secret is good for, how it is renewed, and the person at the
// terminal; the passphrase comes from a function of the caller. Never in a plain
// file, in the database, in an environment variable, in an argument or in the text
// of an error: a secret or a passphrase. The names of secrets in a keyring are
// in a plain file of this user; those in the encrypted file are inside of it.
//
// It keeps secrets from other users, from backups and from everybody who gets
// hold of the disk. It cannot keep them from a program that runs as the same user
// while the keyring is open, nor from somebody who can read this program's memory.
package secrets

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"reconnect/store"
)

// maxSecret is how many bytes a secret may have: what every keyring takes.
const maxSecret = 2048

// A Place is where secrets are kept.
type Place string

const (
	// Auto goes where secrets are already: keyring, then file. If there are none
	// it takes the keyring, and the file where there is no keyring.
	Auto    Place = ""
	Keyring Place = "keyring"
	File    Place = "file"
	Memory  Place = "memory" // only when asked for
)

// Options say how to open a Keeper.
type Options struct {
	// Dir is the state folder. The package makes a folder of its own in it.
	Dir   string
	Place Place
	// Passphrase asks the person for the passphrase of the file. Its error ends
	// the call and comes back as it is. Nil: nobody can be asked.
	Passphrase func(context.Context, Ask) (Secret, error)
	// Go starts a goroutine that recovers: the helper of the program. The keyring
	// needs it, because its calls may hang.
	Go func(f func(), caught func(error))
	// NoPrompt finds a locked keyring locked and opens no window to unlock it: for
	// runs with nobody there. Systems other than Linux decide that themselves.
	NoPrompt bool
	// Timeout is for each call of the keyring; 0, or more than 3 s: 3 s.
	Timeout time.Duration
	// Wait is how long to wait for another program that changes the same secret;
	// 0: two minutes, which a slow renewal takes.
	Wait time.Duration

	ring   ring              // nil: of this computer
	factor int               // 0: writeFactor
	at     func(step string) // see folder
}

// A place is one of the three.
type place interface {
	where() string
	// ready finds out whether a put will work, and opens what has to be opened.
	ready(ctx context.Context) error
	// ask does of that what a person has to do, so that it is done before others
	// are kept waiting by a lock. Nobody is asked to delete from what is not there.
	ask(ctx context.Context, deleting bool) error
	get(ctx context.Context, name string) (Secret, error)
	put(ctx context.Context, name string, s Secret) error
	drop(ctx context.Context, name string) error
	names(ctx context.Context) ([]string, error)
	// lock keeps everybody else from changing the secret.
	lock(ctx context.Context, name string) (unlock func(), err error)
	close()
}

// A Keeper keeps secrets in one place. It may be used by many goroutines, and
// many programs may have one on the same folder. Names are words with slashes
// between them: "client/facebook", "grant/facebook/1234".
//
// Every error that is not the caller's own is a [*store.Error] of a kind named in
// this package.
type Keeper struct {
	place    place
	kind     Place
	fallback error
}

// Open finds the place for secrets and changes nothing there. A keyring that is
// locked or does not answer is an error, and no reason to go elsewhere: the person
// unlocks it, or chooses the file. The same holds for a keyring that cannot be
// reached and has secrets of this folder.
func Open(ctx context.Context, o Options) (*Keeper, error) {
	k, err := open(ctx, o)
	return k, named("the place for secrets cannot be used", err)
}

func open(ctx context.Context, o Options) (*Keeper, error) {
	if o.Timeout <= 0 || o.Timeout > maxTimeout {
		o.Timeout = maxTimeout
	}
	if o.Wait <= 0 {
		o.Wait = 2 * time.Minute
	}
	if o.factor == 0 {
		o.factor = writeFactor
	}
	if o.ring == nil {
		o.ring = system{}
	}
	if o.Place == Memory {
		return &Keeper{place: newMemory(o.Wait), kind: Memory}, nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, fault(ErrInvalid, "the state folder is not known", "Name it with its full path: --data.")
	}
	in := folder{state: dir, wait: o.Wait, at: o.at}
	f := &file{folder: in, person: o.Passphrase, factor: o.factor, turn: make(chan struct{}, 1)}
	if o.Place == File {
		return &Keeper{place: f, kind: File}, nil
	}
	if o.Go == nil {
		return nil, fault(ErrInvalid, "Options.Go is not set", "This is a defect of the program; please report it.")
	}
	k := &keyring{folder: in, ring: o.ring, run: o.Go, timeout: o.Timeout, noPrompt: o.NoPrompt, turn: make(chan struct{}, 1)}
	switch o.Place {
	case Keyring:
		if err := k.ready(ctx); err != nil {
			return nil, err
		}
		return &Keeper{place: k, kind: Keyring}, nil
	case Auto:
		return choose(ctx, k, f)
	default:
		return nil, fault(ErrInvalid, fmt.Sprintf("%q is no place for secrets", o.Place), "Name keyring, file or memory.")
	}
}

// choose finds where secrets are, or where they may go.
func choose(ctx context.Context, k *keyring, f *file) (*Keeper, error) {
	listed, err := k.names(ctx)
	if err != nil {
		return nil, err
	}
	if len(listed) == 0 {
		there, err := f.exists()
		if err != nil {
			return nil, err
		}
		if there {
			return &Keeper{place: f, kind: File}, nil
		}
	}
	err = k.ready(ctx)
	switch {
	case err == nil:
		return &Keeper{place: k, kind: Keyring}, nil
	case len(listed) == 0 && errors.Is(err, ErrKeyring):
		return &Keeper{place: f, kind: File, fallback: named("the keyring cannot be used", err)}, nil
	}
	return nil, err
}

// Place is where this Keeper keeps secrets; never Auto.
func (k *Keeper) Place() Place { return k.kind }

// Where is that in words: "the keyring of this computer", "the encrypted file
// /…/secrets.age", "memory, until the program ends".
func (k *Keeper) Where() string { return k.place.where() }

// Fallback is why the keyring was not taken; nil if it was, or was not wanted.
func (k *Keeper) Fallback() error { return k.fallback }

// Unlock asks for what a Put will need, the passphrase, and tries it. Called
// before a login it prevents that a fresh token finds no place.
func (k *Keeper) Unlock(ctx context.Context) error {
	return named("the place for secrets cannot be opened", k.place.ready(ctx))
}

// Get gives the secret of that name; ErrUnknown if there is none.
func (k *Keeper) Get(ctx context.Context, name string) (Secret, error) {
	if err := checkName(name); err != nil {
		return Secret{}, err
	}
	s, err := k.place.get(ctx, name)
	return s, named(notRead, err)
}

// Put keeps s under the name, in the place of what was there. When it returns nil
// the secret is safe against the end of the program (not in memory, of course).
func (k *Keeper) Put(ctx context.Context, name string, s Secret) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := checkSecret(s)
	if err == nil {
		err = k.locked(ctx, name, false, func() error { return k.place.put(ctx, name, s) })
	}
	return named(notSaved, err)
}

// Delete removes the secret; that there is none is no error.
func (k *Keeper) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	return named("a secret was not deleted", k.locked(ctx, name, true, func() error { return k.place.drop(ctx, name) }))
}

// List gives the names of all secrets, sorted. Of the keyring it reads what this
// folder has put there, without asking it. For the file it needs the passphrase.
func (k *Keeper) List(ctx context.Context) ([]string, error) {
	names, err := k.place.names(ctx)
	return names, named("the names of the secrets cannot be listed", err)
}

// Update renews a secret: change gets the one there is, empty if there is none,
// and gives the new one. Nobody else changes the secret meanwhile, in this
// program or another; who came second gets in old what the first has saved. An
// error of change, which comes back as it is, and a secret equal to the old one
// leave everything as it was. change must not use the same name of a Keeper.
//
// Update returns the secret that holds now. If change gave a new one and it could
// not be saved, it returns that one and the error, for it may be the only one that
// still works. Saving does not stop when ctx ends.
func (k *Keeper) Update(ctx context.Context, name string, change func(old Secret) (Secret, error)) (now Secret, err error) {
	if err := checkName(name); err != nil {
		return now, err
	}
	err = k.locked(ctx, name, false, func() error {
		old, err := k.place.get(ctx, name)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return named(notRead, err)
		}
		mine := old.clone() // change may wipe what it was given
		defer mine.Wipe()
		if now, err = change(old); err != nil {
			now = Secret{}
			return err
		}
		if err = checkSecret(now); err == nil && !now.Equal(mine) {
			err = k.place.put(context.WithoutCancel(ctx), name, now)
		}
		return named(notSaved, err)
	})
	return now, named(notRead, err)
}

// Close forgets the passphrase, and with the place memory all secrets.
func (k *Keeper) Close() { k.place.close() }

// locked runs do while nobody else changes the secret.
func (k *Keeper) locked(ctx context.Context, name string, deleting bool, do func() error) error {
	if err := k.place.ask(ctx, deleting); err != nil {
		return err
	}
	unlock, err := k.place.lock(ctx, name)
	if err != nil {
		return err
	}
	defer unlock()
	return do()
}

var validName = regexp.MustCompile(`^[a-z]{1,16}(/[A-Za-z0-9._:@+~=-]{1,128}){1,3}$`)

// checkName does not repeat a wrong name: it may be a secret in the wrong argument.
func checkName(name string) error {
	if validName.MatchString(name) && !strings.Contains(name, "/.") {
		return nil
	}
	return named("a secret cannot be found", fault(ErrInvalid, "its name is not of the form grant/facebook/1234",
		"This is a defect of the program; please report it."))
}

// What happened. The name of a secret is no word for a person.
const (
	notRead  = "a secret cannot be read"
	notSaved = "a secret was not saved"
)

func checkSecret(s Secret) error {
	switch n := len(s.bytes()); {
	case n == 0:
		return fault(ErrInvalid, "it is empty", "Give the secret itself.")
	case n > maxSecret:
		return fault(ErrTooBig, fmt.Sprintf("it has %d bytes, at most %d are possible", n, maxSecret),
			"A token of that size is none that the platforms give: check what was pasted.")
	}
	return nil
}

func unknown(where string) *store.Error {
	return fault(ErrUnknown, "there is none in "+where, "Sign in, so that there is one.")
}

// lockOf is the name of the lock of a secret. It says nothing about the account.
func lockOf(name string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:16]
}
