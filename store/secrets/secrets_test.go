package secrets

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	zalando "github.com/zalando/go-keyring"

	"reconnect/store"
)

const words = "correct horse battery"

// beside is the program's helper for goroutines, as a test needs it.
func beside(f func(), caught func(error)) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				caught(fmt.Errorf("panic: %v", r))
			}
		}()
		f()
	}()
}

// An asker answers with words and counts.
type asker struct {
	says string
	err  error
	asks []Ask
}

func (a *asker) ask(_ context.Context, ask Ask) (Secret, error) {
	a.asks = append(a.asks, ask)
	return NewSecret(a.says), a.err
}

// asked is a function that answers with words.
func asked(says string) func(context.Context, Ask) (Secret, error) {
	return func(context.Context, Ask) (Secret, error) { return NewSecret(says), nil }
}

// A fake is a keyring that does as it is told.
type fake struct {
	mu    sync.Mutex
	all   map[string]string
	stand error
	waits bool          // standing takes until its time is over
	err   error         // of each call, the secret put behind it
	loses bool          // takes and keeps nothing, and says nothing
	hold  chan struct{} // not nil: calls wait until it is closed
	calls []string
	panic bool
}

func (f *fake) standing(ctx context.Context) error {
	if f.waits {
		<-ctx.Done()
	}
	return f.stand
}

func (f *fake) enter(call string) {
	f.mu.Lock()
	f.calls = append(f.calls, call)
	hold, panics := f.hold, f.panic
	f.mu.Unlock()
	if hold != nil {
		<-hold
	}
	if panics {
		panic(call)
	}
}

func (f *fake) Set(service, user, secret string) error {
	f.enter("set " + user + " " + secret)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return fmt.Errorf("%w: %s", f.err, secret)
	}
	if !f.loses {
		f.all[service+"\x00"+user] = secret
	}
	return nil
}

func (f *fake) Get(service, user string) (string, error) {
	f.enter("get " + user)
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.all[service+"\x00"+user]
	switch {
	case f.err != nil:
		return "", fmt.Errorf("%w: %s", f.err, s)
	case !ok:
		return "", zalando.ErrNotFound
	}
	return s, nil
}

func (f *fake) Delete(service, user string) error {
	f.enter("delete " + user)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	if !f.loses {
		delete(f.all, service+"\x00"+user)
	}
	return nil
}

func newFake() *fake { return &fake{all: map[string]string{}} }

// options are those of a test: quick to encrypt, nobody waits long.
func options(dir string, p Place, r ring) Options {
	return Options{Dir: dir, Place: p, Passphrase: asked(words), Go: beside, ring: r, factor: 1, Wait: 20 * time.Second}
}

func opened(t *testing.T, o Options) *Keeper {
	t.Helper()
	k, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

// wantKind wants a whole error of that kind, for a person.
func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	var e *store.Error
	if !errors.Is(err, kind) || !errors.As(err, &e) || e.What == "" || e.Why == "" || e.Do == "" {
		t.Errorf("error %v, want the kind %q with what, why and what to do", err, kind)
	}
}

func wantSecret(t *testing.T, k *Keeper, name, want string) {
	t.Helper()
	if s, err := k.Get(t.Context(), name); err != nil || s.Reveal() != want {
		t.Errorf("%s is %q (%d bytes), %v", name, s.Reveal(), len(s.Reveal()), err)
	}
}

func put(t *testing.T, k *Keeper, name, secret string) {
	t.Helper()
	if err := k.Put(t.Context(), name, NewSecret(secret)); err != nil {
		t.Fatal(err)
	}
}

// everywhere runs the test in each place; open gives a new Keeper on the same
// secrets, as another program would have it.
func everywhere(t *testing.T, test func(t *testing.T, open func() *Keeper)) {
	for _, p := range []Place{Keyring, File, Memory} {
		t.Run(string(p), func(t *testing.T) {
			dir, r := t.TempDir(), newFake()
			var only *Keeper
			test(t, func() *Keeper {
				if p != Memory || only == nil {
					only = opened(t, options(dir, p, r))
				}
				return only
			})
		})
	}
}

func TestKeeper(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *Keeper) {
		k, ctx := open(), t.Context()
		if names, err := k.List(ctx); err != nil || len(names) != 0 {
			t.Errorf("at first %q, %v", names, err)
		}
		_, err := k.Get(ctx, "client/x")
		wantKind(t, err, ErrUnknown)
		if err := k.Delete(ctx, "client/x"); err != nil {
			t.Error(err)
		}
		most := strings.Repeat("\x00\xff\n'\"", maxSecret/5) + "end"
		put(t, k, "grant/facebook/12", "first")
		put(t, k, "grant/facebook/12", "second")
		put(t, k, "grant/linkedin/urn:li:organization:7", most)
		put(t, k, "client/facebook", "third")
		mine := NewSecret("fourth")
		if err := k.Put(ctx, "client/x", mine); err != nil {
			t.Error(err)
		}
		mine.Wipe() // is the caller's own
		for range 2 {
			wantSecret(t, k, "grant/facebook/12", "second")
			wantSecret(t, k, "grant/linkedin/urn:li:organization:7", most)
			wantSecret(t, k, "client/facebook", "third")
			wantSecret(t, k, "client/x", "fourth")
			s, _ := k.Get(ctx, "client/x")
			s.Wipe() // and so is this
			k = open()
		}
		names, err := k.List(ctx)
		if want := []string{"client/facebook", "client/x", "grant/facebook/12", "grant/linkedin/urn:li:organization:7"}; err != nil || !slices.Equal(names, want) {
			t.Errorf("names %q, %v", names, err)
		}
		for _, name := range names {
			if err := k.Delete(ctx, name); err != nil {
				t.Error(err)
			}
			_, err := k.Get(ctx, name)
			wantKind(t, err, ErrUnknown)
		}
		if names, err := open().List(ctx); err != nil || len(names) != 0 {
			t.Errorf("at last %q, %v", names, err)
		}
	})
}

func TestRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *Keeper) {
		k, ctx := open(), t.Context()
		put(t, k, "client/x", "old")
		err := k.Put(ctx, "client/x", NewSecret(strings.Repeat("x", maxSecret+1)))
		wantKind(t, err, ErrTooBig)
		if !strings.Contains(fmt.Sprint(err), "2049") || !strings.Contains(fmt.Sprint(err), "2048") {
			t.Errorf("%v does not say the sizes", err)
		}
		wantKind(t, k.Put(ctx, "client/x", Secret{}), ErrInvalid)
		_, err = k.Update(ctx, "client/x", func(Secret) (Secret, error) { return NewSecret(strings.Repeat("x", maxSecret+1)), nil })
		wantKind(t, err, ErrTooBig)
		for _, name := range []string{"", "x", "client/", "/x", "client/../x", "client/a b", "client/ä", "client/a\nb", "client/a\x1bb",
			"Client/x", "a/b/c/d/e", "client/" + strings.Repeat("x", 129), "EAAcanary", `a/b\c`, "-s/x"} {
			for _, err := range []error{k.Put(ctx, name, NewSecret("s")), k.Delete(ctx, name), second(k.Get(ctx, name)),
				second(k.Update(ctx, name, func(Secret) (Secret, error) { return NewSecret("s"), nil }))} {
				wantKind(t, err, ErrInvalid)
				if len(name) > 8 && strings.Contains(fmt.Sprint(err), name) {
					t.Errorf("the wrong name is repeated: %v", err)
				}
			}
		}
		wantSecret(t, k, "client/x", "old")
		if names, err := k.List(ctx); err != nil || len(names) != 1 {
			t.Errorf("names %q, %v", names, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestUpdate(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *Keeper) {
		k, ctx := open(), t.Context()
		now, err := k.Update(ctx, "client/x", func(old Secret) (Secret, error) {
			if !old.Empty() {
				t.Errorf("at first %q", old.Reveal())
			}
			return NewSecret("one"), nil
		})
		if err != nil || now.Reveal() != "one" {
			t.Errorf("%q, %v", now.Reveal(), err)
		}
		mine := errors.New("the platform refused")
		if now, err = k.Update(ctx, "client/x", func(Secret) (Secret, error) { return NewSecret("two"), mine }); err != mine || !now.Empty() {
			t.Errorf("%q, %v", now.Reveal(), err)
		}
		wantSecret(t, open(), "client/x", "one")
		ended, end := context.WithCancel(ctx)
		now, err = k.Update(ended, "client/x", func(old Secret) (Secret, error) {
			old.Wipe()
			end() // ctrl+c after the platform gave the new one and before it is saved
			return NewSecret("three"), nil
		})
		if err != nil || now.Reveal() != "three" {
			t.Errorf("%q, %v", now.Reveal(), err)
		}
		wantSecret(t, open(), "client/x", "three")
	})
}

// TestLock: while one changes a secret, another waits, and then reads what the
// first has saved. Other secrets do not wait.
func TestLock(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *Keeper) {
		k, other := open(), open()
		impatient := *other
		switch p := other.place.(type) {
		case *file:
			impatient.place = &file{folder: folder{state: p.folder.state, wait: time.Millisecond}, person: p.person, factor: 1, turn: make(chan struct{}, 1)}
		case *keyring:
			impatient.place = &keyring{folder: folder{state: p.folder.state, wait: time.Millisecond}, ring: p.ring, run: beside, timeout: maxTimeout, turn: make(chan struct{}, 1)}
		}
		put(t, k, "client/x", "1")
		seen := make(chan string, 1)
		_, err := k.Update(t.Context(), "client/x", func(Secret) (Secret, error) {
			put(t, other, "client/y", "another")
			if m, ok := other.place.(*memory); ok {
				m.wait = time.Millisecond
			}
			wantKind(t, second(impatient.Update(t.Context(), "client/x", func(Secret) (Secret, error) { return NewSecret("no"), nil })), ErrBusy)
			wantKind(t, impatient.Put(t.Context(), "client/x", NewSecret("no")), ErrBusy)
			wantKind(t, impatient.Delete(t.Context(), "client/x"), ErrBusy)
			if m, ok := other.place.(*memory); ok {
				m.wait = 20 * time.Second
			}
			ended, end := context.WithCancel(t.Context())
			end()
			if err := other.Put(ended, "client/x", NewSecret("no")); !errors.Is(err, context.Canceled) {
				t.Errorf("waiting does not end with the context: %v", err)
			}
			beside(func() {
				_, err := other.Update(t.Context(), "client/x", func(old Secret) (Secret, error) {
					seen <- old.Reveal()
					return old, nil
				})
				if err != nil {
					seen <- err.Error()
				}
			}, func(err error) { seen <- err.Error() })
			return NewSecret("2"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got != "2" {
			t.Errorf("the second one got %q", got)
		}
	})
}

// count adds one to a number n times.
func count(ctx context.Context, k *Keeper, n int) error {
	for range n {
		_, err := k.Update(ctx, "client/x", func(old Secret) (Secret, error) {
			i, _ := strconv.Atoi(old.Reveal())
			return NewSecret(strconv.Itoa(i + 1)), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestTogether(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *Keeper) {
		var wg sync.WaitGroup
		for i := range 4 {
			k := open()
			wg.Go(func() {
				if err := count(t.Context(), k, 5); err != nil {
					t.Error(err)
				}
				if err := k.Put(t.Context(), fmt.Sprintf("grant/x/%d", i), NewSecret("s")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		wantSecret(t, open(), "client/x", "20")
		if names, err := open().List(t.Context()); err != nil || len(names) != 5 {
			t.Errorf("names %q, %v", names, err)
		}
	})
}

func TestWhere(t *testing.T) {
	dir := t.TempDir()
	for p, want := range map[Place]string{Keyring: "the keyring of this computer", Memory: "memory, until the program ends",
		File: "the encrypted file " + filepath.Join(dir, "secrets", "secrets.age")} {
		if k := opened(t, options(dir, p, newFake())); k.Where() != want || k.Place() != p {
			t.Errorf("%s: %q", p, k.Where())
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("opening made %v, %v", left, err)
	}
	for _, o := range []Options{{Dir: dir, Place: "cloud", Go: beside}, {Place: File}, {Dir: dir}} {
		_, err := Open(t.Context(), o)
		wantKind(t, err, ErrInvalid)
	}
}

// TestAuto: where secrets go, by what is there already and how the keyring stands.
func TestAuto(t *testing.T) {
	locked, none := lockedFault(), absent("a test")
	for name, c := range map[string]struct {
		ring, file bool // has secrets of this folder
		stand      error
		err        error
		prompt     bool
		want       Place
		kind       error
	}{
		"a keyring":                          {want: Keyring},
		"no keyring":                         {stand: none, want: File},
		"a keyring that refuses":             {err: errors.New("no"), want: File},
		"a locked keyring":                   {stand: locked, kind: ErrLocked},
		"a locked keyring, refused":          {stand: locked, err: errors.New("no"), prompt: true, kind: ErrLocked},
		"a locked keyring, unlocked":         {stand: locked, prompt: true, want: Keyring},
		"a file":                             {file: true, want: File},
		"a file and a locked keyring":        {file: true, stand: locked, want: File},
		"secrets in the keyring":             {ring: true, want: Keyring},
		"secrets in both":                    {ring: true, file: true, want: Keyring},
		"secrets in a keyring that is gone":  {ring: true, stand: none, kind: ErrKeyring},
		"secrets in a keyring and no way in": {ring: true, file: true, stand: none, kind: ErrKeyring},
	} {
		t.Run(name, func(t *testing.T) {
			dir, r := t.TempDir(), newFake()
			if c.ring {
				put(t, opened(t, options(dir, Keyring, r)), "client/x", "in the keyring")
			}
			if c.file {
				put(t, opened(t, options(dir, File, r)), "client/x", "in the file")
			}
			r.stand, r.err = c.stand, c.err
			o := options(dir, Auto, r)
			o.NoPrompt = !c.prompt
			k, err := Open(t.Context(), o)
			if c.kind != nil {
				wantKind(t, err, c.kind)
				if k != nil {
					t.Error("there is a Keeper beside the error")
				}
				return
			}
			if err != nil || k.Place() != c.want {
				t.Fatalf("%v, %v, want %s", k, err, c.want)
			}
			if fell := c.want == File && !c.file; fell != (k.Fallback() != nil) {
				t.Errorf("fallback: %v", k.Fallback())
			} else if fell {
				wantKind(t, k.Fallback(), ErrKeyring)
			}
		})
	}
}

// TestCanary uses every place, well and badly, and then looks for the secrets and
// the passphrase in every file and every error.
func TestCanary(t *testing.T) {
	const pass = "canary passphrase of five words"
	secret := func(i int) string { return fmt.Sprintf("EAACanaryCanaryCanary%dCanaryCanary", i) }
	dir, ctx := t.TempDir(), t.Context()
	var said strings.Builder
	tell := func(err error) {
		fmt.Fprintf(&said, "%v %+v %#v %q\n", err, err, err, err)
		for ; err != nil; err = errors.Unwrap(err) {
			raw, _ := json.Marshal(err)
			fmt.Fprintf(&said, "%v %#v %s\n", err, err, raw)
		}
	}
	ring := newFake()
	fail := errors.New("the keyring says")
	for _, p := range []Place{Keyring, File, Memory} {
		o := options(dir, p, ring)
		o.Passphrase = asked(pass)
		k := opened(t, o)
		for i := range 4 {
			put(t, k, fmt.Sprintf("grant/x/%d", i), secret(i))
		}
		_, err := k.Update(ctx, "grant/x/1", func(Secret) (Secret, error) { return NewSecret(secret(7)), nil })
		if err != nil {
			t.Fatal(err)
		}
		tell(second(k.Update(ctx, "grant/x/1", func(Secret) (Secret, error) { return NewSecret(secret(8)), errors.New("no") })))
		tell(k.Put(ctx, "grant/x/0", NewSecret(strings.Repeat(secret(0), 100))))
		tell(k.Put(ctx, secret(0), NewSecret("grant/x/0")))
		tell(second(k.Get(ctx, "grant/x/9")))
		tell(second(k.List(ctx)))
		fmt.Fprintf(&said, "%v %+v %#v\n", k, k, k)
		ring.err = fail
		tell(k.Put(ctx, "grant/x/2", NewSecret(secret(2))))
		tell(second(k.Get(ctx, "grant/x/2")))
		tell(k.Delete(ctx, "grant/x/2"))
		ring.err, ring.panic = nil, true
		tell(k.Put(ctx, "grant/x/2", NewSecret(secret(2))))
		ring.panic, ring.loses = false, true
		tell(k.Put(ctx, "grant/x/2", NewSecret(secret(9))))
		tell(k.Delete(ctx, "grant/x/2"))
		ring.loses = false
		k.Close()
	}
	o := options(dir, File, ring)
	o.Passphrase = asked(pass + "!")
	tell(second(opened(t, o).List(ctx)))
	path := filepath.Join(dir, folderName, ageName)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil { // as a cut-off write leaves it
		t.Fatal(err)
	}

	files := 0
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		raw, err := os.ReadFile(path)
		said.WriteString(path)
		said.Write(raw)
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%d files, %v", files, err)
	}
	all := said.String()
	if !strings.Contains(all, "grant/x/2") || !strings.Contains(all, "refused") {
		t.Error("nothing was said at all")
	}
	for _, word := range []string{"CanaryCanary", pass, pass[:12], base64.StdEncoding.EncodeToString([]byte(secret(3)))[:20],
		base64.StdEncoding.EncodeToString([]byte("CanaryCanary"))[:12], hex.EncodeToString([]byte("Canary")), fail.Error()} {
		if at := strings.Index(all, word); at >= 0 {
			t.Errorf("%q was found: %q", word, all[max(0, at-80):min(len(all), at+80)])
		}
	}
}
