package secrets

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	zalando "github.com/zalando/go-keyring"
)

// TestHangs: a keyring that does not answer is an error in time. What comes
// meanwhile does not pile up behind it, and nothing overtakes it.
func TestHangs(t *testing.T) {
	dir, r := t.TempDir(), newFake()
	o := options(dir, Keyring, r)
	k := opened(t, o)
	put(t, k, "client/x", "old")
	ring := k.place.(*keyring)
	hold := make(chan struct{})
	r.mu.Lock()
	r.hold, r.calls = hold, nil
	r.mu.Unlock()

	ring.timeout = time.Millisecond
	wantKind(t, k.Put(t.Context(), "client/x", NewSecret("late")), ErrHangs)
	wantKind(t, second(k.Get(t.Context(), "client/x")), ErrHangs)
	wantKind(t, k.Put(t.Context(), "grant/x/1", NewSecret("never")), ErrHangs)
	wantKind(t, k.Delete(t.Context(), "client/x"), ErrHangs)
	wantKind(t, k.Unlock(t.Context()), ErrHangs)
	if names, err := k.List(t.Context()); err != nil || !slices.Equal(names, []string{"client/x", "grant/x/1"}) {
		t.Errorf("what may still come to pass is not listed: %q, %v", names, err)
	}

	ring.timeout = maxTimeout
	r.mu.Lock()
	if want := []string{"set client/x late"}; !slices.Equal(r.calls, want) {
		t.Errorf("calls %q, want %q", r.calls, want)
	}
	r.hold = nil
	r.mu.Unlock()
	close(hold)
	wantSecret(t, k, "client/x", "late")
	wantKind(t, second(k.Get(t.Context(), "grant/x/1")), ErrUnknown)
	put(t, k, "client/x", "new")
	wantSecret(t, k, "client/x", "new")
}

func TestOpenHangs(t *testing.T) {
	for _, p := range []Place{Keyring, Auto} {
		r := newFake()
		r.hold = make(chan struct{})
		o := options(t.TempDir(), p, r)
		o.Timeout = time.Millisecond
		_, err := Open(t.Context(), o)
		wantKind(t, err, ErrHangs)
		close(r.hold)
	}
	// What ends because its time is over says nothing about the keyring: there is
	// one. Answer and time-out are there at once, and a select takes either: hence
	// the tries, and a helper that waits for what it starts.
	for range 30 {
		r := newFake()
		r.waits, r.stand = true, absent("a test")
		o := options(t.TempDir(), Auto, r)
		o.Timeout, o.Go = time.Millisecond, func(f func(), _ func(error)) { f() }
		_, err := Open(t.Context(), o)
		wantKind(t, err, ErrHangs)
	}
	o := options(t.TempDir(), Keyring, newFake())
	o.Timeout = time.Hour
	if got := opened(t, o).place.(*keyring).timeout; got != 3*time.Second {
		t.Errorf("the time-out is %s", got)
	}
}

// TestKeyringFails: each failure has its kind, and a secret that is not kept is
// not listed.
func TestKeyringFails(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*fake)
		kind  error
	}{
		"refuses":      {func(r *fake) { r.err = errors.New("no") }, ErrKeyring},
		"is too small": {func(r *fake) { r.err = zalando.ErrSetDataTooBig }, ErrTooBig},
		"is none":      {func(r *fake) { r.err = zalando.ErrUnsupportedPlatform }, ErrKeyring},
		"panics":       {func(r *fake) { r.panic = true }, ErrKeyring},
		"loses":        {func(r *fake) { r.loses = true }, ErrKeyring},
	} {
		t.Run(name, func(t *testing.T) {
			r := newFake()
			k := opened(t, options(t.TempDir(), Keyring, r))
			put(t, k, "client/x", "old")
			c.spoil(r)
			wantKind(t, k.Put(t.Context(), "client/y", NewSecret("new")), c.kind)
			wantKind(t, k.Put(t.Context(), "client/x", NewSecret("new")), c.kind)
			wantKind(t, k.Delete(t.Context(), "client/x"), c.kind)
			now, err := k.Update(t.Context(), "client/x", func(Secret) (Secret, error) { return NewSecret("renewed"), nil })
			wantKind(t, err, c.kind)
			if name == "loses" && now.Reveal() != "renewed" {
				t.Error("the secret that could not be saved was not given back")
			}
			r.err, r.panic, r.loses = nil, false, false
			wantSecret(t, k, "client/x", "old")
			if names, err := k.List(t.Context()); err != nil || !slices.Equal(names, []string{"client/x"}) {
				t.Errorf("names %q, %v", names, err)
			}
		})
	}
}

// Two folders know nothing of each other, and a folder that moves takes its
// secrets along.
func TestFoldersApart(t *testing.T) {
	r, dir := newFake(), t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	put(t, opened(t, options(a, Keyring, r)), "client/x", "of a")
	put(t, opened(t, options(b, Keyring, r)), "client/x", "of b")
	if err := opened(t, options(b, Keyring, r)).Delete(t.Context(), "client/x"); err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(dir, "c")
	if err := os.Rename(a, moved); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, opened(t, options(moved, Keyring, r)), "client/x", "of a")
	if len(r.all) != 1 {
		t.Errorf("%d entries in the keyring", len(r.all))
	}
}

// A damaged list of names is told and left as it is.
func TestDamagedNames(t *testing.T) {
	good := `{"format":1,"id":"abcdefgh23","names":["client/x"]}`
	for name, c := range map[string]struct {
		raw  string
		kind error
	}{
		"empty":        {"", ErrDamaged},
		"cut off":      {good[:30], ErrDamaged},
		"more":         {good + good, ErrDamaged},
		"another key":  {`{"format":1,"id":"abcdefgh23","names":[],"x":1}`, ErrDamaged},
		"no id":        {`{"format":1,"names":["client/x"]}`, ErrDamaged},
		"a wrong id":   {`{"format":1,"id":"../../../x","names":[]}`, ErrDamaged},
		"a wrong name": {`{"format":1,"id":"abcdefgh23","names":["client/\u001b[2J"]}`, ErrDamaged},
		"newer":        {`{"format":2,"what":1}`, ErrNewer},
		"huge":         {strings.Repeat(" ", maxFile+1), ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			k := opened(t, options(dir, Keyring, newFake()))
			put(t, k, "client/x", "old")
			path := filepath.Join(dir, folderName, indexName)
			if err := os.WriteFile(path, []byte(c.raw), 0o600); err != nil {
				t.Fatal(err)
			}
			wantKind(t, second(k.List(t.Context())), c.kind)
			wantKind(t, second(k.Get(t.Context(), "client/x")), c.kind)
			wantKind(t, k.Put(t.Context(), "client/y", NewSecret("s")), c.kind)
			wantKind(t, k.Delete(t.Context(), "client/x"), c.kind)
			wantKind(t, second(Open(t.Context(), options(dir, Auto, newFake()))), c.kind)
			if raw, err := os.ReadFile(path); err != nil || string(raw) != c.raw {
				t.Errorf("the file was changed: %q, %v", raw, err)
			}
		})
	}
}
