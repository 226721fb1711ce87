package secrets

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"filippo.io/age"

	"reconnect/store"
)

const (
	ageName     = "secrets.age"
	ageIntro    = "age-encryption.org/v1"
	ageFormat   = 1  // of what is inside
	writeFactor = 17 // scrypt runs 2^17 rounds: 128 MiB and about half a second
	readFactor  = 18 // a file that asks for more is refused before anything is computed

	minPassphrase = 8 // characters
)

// Tries is how often a passphrase may be typed before it is told to be wrong.
const Tries = 3

// An Ask says which passphrase is wanted.
type Ask struct {
	Path  string // of the file
	New   bool   // the file is made now: the person chooses a passphrase, of 8 characters or more
	Wrong string // what is wrong with the one given last; empty: nothing, or there was none
}

// Takes tells whether a passphrase can be tried, or chosen for a new file.
func (a Ask) Takes(given Secret) bool { return a.refuses(given) == nil }

// refuses tells what is wrong with a passphrase, before it is tried.
func (a Ask) refuses(given Secret) *store.Error {
	switch n := utf8.RuneCount(given.bytes()); {
	case n == 0:
		return fault(ErrPassphrase, "the passphrase is empty", "Type it, then try again.")
	case a.New && n < minPassphrase:
		return fault(ErrPassphrase, fmt.Sprintf("the passphrase has %d characters; fewer than %d are guessed quickly", n, minPassphrase),
			"Choose a longer one: four or five words are good.")
	case len(given.bytes()) > maxSecret:
		return fault(ErrPassphrase, fmt.Sprintf("the passphrase has %d bytes, at most %d are possible", len(given.bytes()), maxSecret), "Choose a shorter one.")
	}
	return nil
}

// A file keeps all secrets in one file that age encrypts with a passphrase;
// `age --decrypt` opens it, too. The passphrase is written nowhere. It is kept in
// memory from the first time it is needed until close.
//
// The file is read anew for every call, so that what another program wrote is
// seen. The key of the version read last is remembered: opening the same version
// again costs nothing.
type file struct {
	folder folder
	person func(context.Context, Ask) (Secret, error)
	factor int // to write with

	turn  chan struct{} // held by the call that works: one takes 128 MiB
	pass  Secret
	wrong string // with the one given last
	last  struct {
		stanza *age.Stanza
		key    Secret
	}
}

// sealed is what the file has inside.
type sealed struct {
	Format  int               `json:"format"`
	Secrets map[string][]byte `json:"secrets"`
}

func (s sealed) wipe() {
	for _, b := range s.Secrets {
		wipe(b)
	}
}

func (f *file) where() string { return "the encrypted file " + f.path() }

func (f *file) path() string { return f.folder.path(ageName) }

// exists tells whether there is a file, of whatever sort.
func (f *file) exists() (bool, error) {
	raw, err := f.folder.read(ageName)
	return raw != nil, err
}

// alone runs do while no other call works.
func (f *file) alone(ctx context.Context, do func() error) error {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return do()
}

// ready asks for the passphrase and tries it, so that a put that follows needs
// nobody any more.
func (f *file) ready(ctx context.Context) error {
	return f.alone(ctx, func() error {
		in, found, err := f.open(ctx)
		in.wipe()
		if err != nil {
			return err
		}
		return f.passphrase(ctx, !found)
	})
}

func (f *file) ask(ctx context.Context, deleting bool) error {
	if deleting {
		if there, err := f.exists(); err != nil || !there {
			return err
		}
	}
	return f.ready(ctx)
}

func (f *file) get(ctx context.Context, name string) (s Secret, err error) {
	err = f.alone(ctx, func() error {
		in, _, err := f.open(ctx)
		defer in.wipe()
		if err != nil {
			return err
		}
		b, ok := in.Secrets[name]
		if !ok {
			return unknown(f.where())
		}
		s = secretOf(bytes.Clone(b))
		return nil
	})
	return s, err
}

func (f *file) names(ctx context.Context) (names []string, err error) {
	err = f.alone(ctx, func() error {
		in, _, err := f.open(ctx)
		defer in.wipe()
		names = slices.Sorted(maps.Keys(in.Secrets))
		return err
	})
	return names, err
}

func (f *file) put(ctx context.Context, name string, s Secret) error {
	return f.change(ctx, func(in sealed) bool {
		if old, ok := in.Secrets[name]; ok {
			wipe(old)
		}
		in.Secrets[name] = bytes.Clone(s.bytes())
		return true
	})
}

func (f *file) drop(ctx context.Context, name string) error {
	return f.change(ctx, func(in sealed) bool {
		old, ok := in.Secrets[name]
		wipe(old)
		delete(in.Secrets, name)
		return ok
	})
}

// change writes what edit makes of the file, if that says it changed something.
// The last secret takes the file with it.
func (f *file) change(ctx context.Context, edit func(sealed) bool) error {
	return f.alone(ctx, func() error {
		unlock, err := f.folder.lock(ctx, filesLock)
		if err != nil {
			return err
		}
		defer unlock()
		in, _, err := f.open(ctx)
		defer in.wipe()
		if err != nil || !edit(in) {
			return err
		}
		if len(in.Secrets) == 0 {
			return f.folder.remove(ageName)
		}
		raw, err := f.seal(in)
		if err != nil {
			return err
		}
		return f.folder.write(ageName, raw)
	})
}

func (f *file) lock(ctx context.Context, name string) (func(), error) {
	return f.folder.lock(ctx, lockOf(name))
}

func (f *file) close() {
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	f.forget()
}

func (f *file) forget() {
	f.pass.Wipe()
	f.last.key.Wipe()
	f.last.stanza = nil
}

// passphrase asks for the passphrase if it is not known.
func (f *file) passphrase(ctx context.Context, fresh bool) error {
	if !f.pass.Empty() {
		return nil
	}
	if f.person == nil {
		return fault(ErrNoPassphrase, fmt.Sprintf("%s needs its passphrase, and nobody can be asked for it here", f.path()),
			"Start reconnect in a terminal, or keep the secrets in the keyring of this computer.")
	}
	a := Ask{Path: f.path(), New: fresh, Wrong: f.wrong}
	given, err := f.person(ctx, a)
	if err != nil {
		return err
	}
	if err := a.refuses(given); err != nil {
		f.wrong = err.Why
		return err
	}
	f.pass = given.clone()
	return nil
}

// open reads and decrypts the file. Without one it gives an empty sealed and false.
func (f *file) open(ctx context.Context) (in sealed, found bool, err error) {
	empty := sealed{Format: ageFormat, Secrets: map[string][]byte{}}
	raw, err := f.folder.read(ageName)
	if raw == nil || err != nil {
		return empty, false, err
	}
	if err := f.checkHeader(raw); err != nil {
		return empty, true, err
	}
	plain, err := f.decrypt(ctx, raw)
	defer wipe(plain)
	if err != nil {
		return empty, true, err
	}
	in, err = f.parse(plain)
	if err != nil {
		return empty, true, err
	}
	f.wrong = ""
	return in, true, nil
}

var factorShape = regexp.MustCompile(`^[1-9][0-9]*$`)

// checkHeader looks at the first two lines, "age-encryption.org/v1" and
// "-> scrypt SALT FACTOR", before anybody is asked for a passphrase.
func (f *file) checkHeader(raw []byte) error {
	lines := strings.SplitN(string(raw[:min(len(raw), 512)]), "\n", 3)
	if len(lines) < 3 || lines[0] != ageIntro {
		return damaged(f.path(), "it does not begin as an age file does")
	}
	words := strings.Split(lines[1], " ")
	if len(words) != 4 || words[0] != "->" || words[1] != "scrypt" || !factorShape.MatchString(words[3]) {
		return damaged(f.path(), "it is not encrypted with a passphrase")
	}
	if n, err := strconv.Atoi(words[3]); err != nil || n > readFactor {
		return fault(ErrTooHard, fmt.Sprintf("%s asks for 2^%s rounds to open it, at most 2^%d are allowed", f.path(), words[3], readFactor),
			"This program did not write it so. It was left as it is: move it away and find out who put it there.")
	}
	return nil
}

func (f *file) decrypt(ctx context.Context, raw []byte) ([]byte, error) {
	id := &identity{f: f, ctx: ctx}
	r, err := age.Decrypt(bytes.NewReader(raw), id)
	switch {
	case id.failed != nil:
		return nil, id.failed
	case errors.Is(err, age.ErrIncorrectIdentity):
		f.forget()
		f.wrong = "that did not open it"
		return nil, fault(ErrPassphrase, fmt.Sprintf("the passphrase does not open %s", f.path()),
			"Type it once more. If it is surely the right one, the beginning of the file is damaged: it was left as it is, "+
				"and can be replaced from a backup, or moved away to sign in again.")
	case err != nil:
		return nil, damaged(f.path(), "it was cut off or changed")
	}
	// Room for all of it, so that no smaller buffer is left behind unwiped.
	plain := bytes.NewBuffer(make([]byte, 0, len(raw)+bytes.MinRead))
	if _, err := plain.ReadFrom(r); err != nil {
		wipe(plain.Bytes())
		return nil, damaged(f.path(), "it was cut off or changed")
	}
	return plain.Bytes(), nil
}

func (f *file) parse(plain []byte) (sealed, error) {
	var in sealed
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	var version struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(plain, &version); err == nil && version.Format > ageFormat {
		return in, newer(f.path(), version.Format, ageFormat)
	}
	if err := d.Decode(&in); err != nil || in.Format != ageFormat || in.Secrets == nil || d.More() {
		in.wipe()
		return in, damaged(f.path(), "what is inside is not a list of secrets")
	}
	for name := range in.Secrets {
		if !validName.MatchString(name) {
			in.wipe()
			return in, damaged(f.path(), "a name inside is not valid")
		}
	}
	return in, nil
}

// seal encrypts with the passphrase and a new salt.
func (f *file) seal(in sealed) ([]byte, error) {
	plain, err := json.Marshal(in)
	defer wipe(plain)
	if err != nil {
		return nil, damaged(f.path(), "it cannot be encoded")
	}
	// age takes a string, which nobody can wipe.
	scrypt, err := age.NewScryptRecipient(f.pass.Reveal())
	if err != nil {
		return nil, fault(ErrPassphrase, "the passphrase is empty", "Type it, then try again.")
	}
	scrypt.SetWorkFactor(f.factor)
	var raw bytes.Buffer
	w, err := age.Encrypt(&raw, recipient{scrypt, f})
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close())
	}
	switch {
	case err != nil: // a buffer takes everything: this is a defect
		return nil, fault(ErrInvalid, "the file could not be encrypted", "This is a defect of the program; please report it.")
	case raw.Len() > maxFile:
		return nil, fault(ErrTooBig, fmt.Sprintf("%s would have %d bytes, at most %d are possible", f.path(), raw.Len(), maxFile),
			"Log out of connections that are not needed any more.")
	}
	return raw.Bytes(), nil
}

// remember keeps the key that a file with this stanza is encrypted with.
func (f *file) remember(stanza *age.Stanza, key []byte) {
	f.last.key.Wipe()
	f.last.stanza, f.last.key = stanza, secretOf(bytes.Clone(key))
}

func (f *file) remembers(s *age.Stanza) bool {
	l := f.last.stanza
	return l != nil && l.Type == s.Type && slices.Equal(l.Args, s.Args) && bytes.Equal(l.Body, s.Body)
}

// An identity opens a file with the passphrase, or with the key if the file is
// the one read or written last.
type identity struct {
	f      *file
	ctx    context.Context
	failed error // asking for the passphrase
}

func (i *identity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) == 1 && i.f.remembers(stanzas[0]) {
		return bytes.Clone(i.f.last.key.bytes()), nil
	}
	if i.failed = i.f.passphrase(i.ctx, false); i.failed != nil {
		return nil, i.failed
	}
	scrypt, err := age.NewScryptIdentity(i.f.pass.Reveal())
	if err != nil {
		return nil, err
	}
	scrypt.SetMaxWorkFactor(readFactor)
	key, err := scrypt.Unwrap(stanzas)
	if err == nil {
		i.f.remember(stanzas[0], key)
	}
	return key, err
}

// A recipient remembers the key of the file it writes.
type recipient struct {
	*age.ScryptRecipient
	f *file
}

func (r recipient) WrapWithLabels(key []byte) ([]*age.Stanza, []string, error) {
	stanzas, labels, err := r.ScryptRecipient.WrapWithLabels(key)
	if err == nil && len(stanzas) == 1 {
		r.f.remember(stanzas[0], key)
	}
	return stanzas, labels, err
}
