package secrets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
)

// filled is a folder with a file of two secrets, its path and its bytes.
func filled(t *testing.T) (dir, path string, raw []byte) {
	t.Helper()
	dir = t.TempDir()
	k := opened(t, options(dir, File, nil))
	put(t, k, "client/x", "one")
	put(t, k, "grant/x/1", "two")
	path = filepath.Join(dir, folderName, ageName)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir, path, raw
}

// wantSame wants the file to be what it was.
func wantSame(t *testing.T, path string, raw []byte) {
	t.Helper()
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, raw) {
		t.Errorf("the file was changed, %v", err)
	}
}

// sealedWith is what age makes of the text with these recipients.
func sealedWith(t *testing.T, text string, r ...age.Recipient) []byte {
	t.Helper()
	var raw bytes.Buffer
	w, err := age.Encrypt(&raw, r...)
	if err == nil {
		_, err = w.Write([]byte(text))
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

func withWords(t *testing.T, text string) []byte {
	r, err := age.NewScryptRecipient(words)
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(1)
	return sealedWith(t, text, r)
}

// TestDamage: whatever is wrong with the file, the error has its kind, and no
// call changes the file.
func TestDamage(t *testing.T) {
	dir, path, raw := filled(t)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		raw  []byte
		kind error
	}{
		"empty":                {nil, ErrDamaged},
		"zeros":                {make([]byte, len(raw)), ErrDamaged},
		"text":                 {[]byte("token = 1\n"), ErrDamaged},
		"huge":                 {make([]byte, maxFile+1), ErrDamaged},
		"more at the end":      {append(slices.Clone(raw), 'x'), ErrDamaged},
		"twice":                {append(slices.Clone(raw), raw...), ErrDamaged},
		"for a key":            {sealedWith(t, "{}", key.Recipient()), ErrDamaged},
		"work of 19":           {bytes.Replace(raw, []byte(" 1\n"), []byte(" 19\n"), 1), ErrTooHard},
		"work of 30":           {bytes.Replace(raw, []byte(" 1\n"), []byte(" 30\n"), 1), ErrTooHard},
		"work without end":     {bytes.Replace(raw, []byte(" 1\n"), []byte(" "+strings.Repeat("9", 40)+"\n"), 1), ErrTooHard},
		"work of 2":            {bytes.Replace(raw, []byte(" 1\n"), []byte(" 2\n"), 1), ErrPassphrase},
		"no JSON inside":       {withWords(t, "token"), ErrDamaged},
		"nothing inside":       {withWords(t, ""), ErrDamaged},
		"no secrets inside":    {withWords(t, `{"format":1}`), ErrDamaged},
		"another key inside":   {withWords(t, `{"format":1,"secrets":{},"x":1}`), ErrDamaged},
		"two inside":           {withWords(t, `{"format":1,"secrets":{}}{}`), ErrDamaged},
		"a wrong name inside":  {withWords(t, `{"format":1,"secrets":{"x":"eA=="}}`), ErrDamaged},
		"a wrong value inside": {withWords(t, `{"format":1,"secrets":{"client/x":"CanaryCanary!"}}`), ErrDamaged},
		"a newer one":          {withWords(t, `{"format":2,"x":1}`), ErrNewer},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, c.raw, 0o600); err != nil {
				t.Fatal(err)
			}
			k := opened(t, options(dir, File, nil))
			for _, err := range []error{second(k.Get(t.Context(), "client/x")), second(k.List(t.Context())), k.Unlock(t.Context()),
				k.Put(t.Context(), "client/x", NewSecret("new")), k.Delete(t.Context(), "client/x"),
				second(k.Update(t.Context(), "client/x", func(Secret) (Secret, error) { t.Error("change was called"); return NewSecret("new"), nil }))} {
				wantKind(t, err, c.kind)
				if strings.Contains(fmt.Sprint(err), "CanaryCanary") {
					t.Errorf("it tells what is inside: %v", err)
				}
			}
			if c.raw == nil {
				c.raw = []byte{}
			}
			wantSame(t, path, c.raw)
		})
	}
}

// TestDamageAnywhere changes each byte and cuts at each place: for somebody who
// opens it for the first time, and for somebody who has read it before.
func TestDamageAnywhere(t *testing.T) {
	dir, path, raw := filled(t)
	before := opened(t, options(dir, File, nil))
	wantSecret(t, before, "client/x", "one")
	seen := map[error]int{}
	try := func(what string, bad []byte) {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, k := range []*Keeper{opened(t, options(dir, File, nil)), before} {
			_, err := k.Get(t.Context(), "client/x")
			wantKind(t, err, kindOf(err))
			seen[kindOf(err)]++
			if kindOf(err) == nil {
				t.Errorf("%s: %v", what, err)
			}
			if k != before {
				k.Close()
			}
		}
		wantSame(t, path, bad)
	}
	for i := range raw {
		bad := slices.Clone(raw)
		bad[i] ^= 1 << (i % 8)
		try(fmt.Sprintf("byte %d changed", i), bad)
		try(fmt.Sprintf("cut at %d", i), raw[:i])
	}
	if seen[ErrPassphrase] == 0 || seen[ErrDamaged] < seen[ErrPassphrase] {
		t.Errorf("%v", seen)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, before, "client/x", "one")
}

// kindOf is the kind of damage that an error tells.
func kindOf(err error) error {
	for _, kind := range []error{ErrPassphrase, ErrDamaged, ErrTooHard} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

// TestWork: 17 is written; 18 is opened; 19 is refused before anybody is asked.
func TestWork(t *testing.T) {
	dir := t.TempDir()
	o := options(dir, File, nil)
	o.factor = 0
	put(t, opened(t, o), "client/x", "one")
	path := filepath.Join(dir, folderName, ageName)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Split(string(raw), "\n")[:2]
	if first[0] != "age-encryption.org/v1" || !strings.HasPrefix(first[1], "-> scrypt ") || !strings.HasSuffix(first[1], " 17") {
		t.Errorf("the file begins with %q", first)
	}
	for factor, kind := range map[string]error{"18": ErrPassphrase, "19": ErrTooHard} {
		if err := os.WriteFile(path, bytes.Replace(raw, []byte(" 17\n"), []byte(" "+factor+"\n"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		a := &asker{says: words}
		o.Passphrase = a.ask
		wantKind(t, second(opened(t, o).Get(t.Context(), "client/x")), kind)
		if (len(a.asks) == 1) != (kind == ErrPassphrase) {
			t.Errorf("%s: asked %d times", factor, len(a.asks))
		}
	}
}

func TestPassphrase(t *testing.T) {
	dir, path, raw := filled(t)
	a := &asker{says: "something else"}
	o := options(dir, File, nil)
	o.Passphrase = a.ask
	k := opened(t, o)
	wantKind(t, second(k.Get(t.Context(), "client/x")), ErrPassphrase)
	wantKind(t, k.Put(t.Context(), "client/x", NewSecret("new")), ErrPassphrase)
	wantKind(t, k.Delete(t.Context(), "client/x"), ErrPassphrase)
	wantSame(t, path, raw)
	a.says = ""
	wantKind(t, k.Unlock(t.Context()), ErrPassphrase)
	a.says, a.err = words, context.Canceled
	if err := k.Unlock(t.Context()); err != context.Canceled {
		t.Errorf("the error of the one who asks became %v", err)
	}
	a.err = nil
	wantSecret(t, k, "client/x", "one")
	put(t, k, "client/x", "three") // without asking again
	wantSecret(t, k, "client/x", "three")
	for i, wrong := range []string{"", "that did not open it", "that did not open it", "that did not open it", "the passphrase is empty", "the passphrase is empty"} {
		if want := (Ask{Path: path, Wrong: wrong}); len(a.asks) != 6 || a.asks[i] != want {
			t.Errorf("asked %+v", a.asks)
		}
	}
	k.Close()
	wantSecret(t, k, "client/x", "three")
	if len(a.asks) != 7 || a.asks[6] != (Ask{Path: path}) {
		t.Errorf("after it was closed asked %+v", a.asks[6:])
	}

	given := NewSecret(words)
	o.Passphrase = func(context.Context, Ask) (Secret, error) { return given, nil }
	k = opened(t, o)
	if err := k.Unlock(t.Context()); err != nil {
		t.Error(err)
	}
	given.Wipe() // is the caller's own
	put(t, k, "client/x", "four")

	o.Passphrase = nil
	k = opened(t, o)
	wantKind(t, second(k.Get(t.Context(), "client/x")), ErrNoPassphrase)
	wantKind(t, second(k.List(t.Context())), ErrNoPassphrase)
}

// A new file wants a passphrase that is worth something; without a file nobody is asked to read.
func TestNewPassphrase(t *testing.T) {
	dir := t.TempDir()
	a := &asker{says: "sevenßß"}
	o := options(dir, File, nil)
	o.Passphrase = a.ask
	k := opened(t, o)
	wantKind(t, second(k.Get(t.Context(), "client/x")), ErrUnknown)
	if names, err := k.List(t.Context()); err != nil || len(names) != 0 || len(a.asks) != 0 {
		t.Errorf("names %q, %v, asked %v", names, err, a.asks)
	}
	wantKind(t, k.Put(t.Context(), "client/x", NewSecret("s")), ErrPassphrase)
	a.says = strings.Repeat("x", maxSecret+1)
	wantKind(t, k.Put(t.Context(), "client/x", NewSecret("s")), ErrPassphrase)
	a.says = "sevenßßß"
	if err := k.Unlock(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, folderName)); err == nil {
		t.Error("asking made a folder")
	}
	put(t, k, "client/x", "s")
	if path := filepath.Join(dir, folderName, ageName); len(a.asks) != 3 || a.asks[0] != (Ask{Path: path, New: true}) ||
		a.asks[1].Wrong != "the passphrase has 7 characters; fewer than 8 are guessed quickly" || !strings.Contains(a.asks[2].Wrong, "at most") {
		t.Errorf("asked %+v", a.asks)
	}
	k.Close()
	wantSecret(t, k, "client/x", "s")
	if err := k.Delete(t.Context(), "client/x"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, folderName, ageName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the last secret left the file: %v", err)
	}
}

// TestOldVersion: what another program wrote is seen, although the key of the
// version before is remembered.
func TestOldVersion(t *testing.T) {
	dir, path, raw := filled(t)
	a := &asker{says: words}
	o := options(dir, File, nil)
	o.Passphrase = a.ask
	k, other := opened(t, o), opened(t, options(dir, File, nil))
	wantSecret(t, k, "client/x", "one")
	put(t, other, "client/x", "other")
	wantSecret(t, k, "client/x", "other")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, k, "client/x", "one")
	// The file is an age file, whoever opens it.
	id, err := age.NewScryptIdentity(words)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(raw), id); err != nil {
		t.Error(err)
	}
}

// TestManySecrets: the file has an end, and is whole when it is reached.
func TestManySecrets(t *testing.T) {
	dir := t.TempDir()
	k := opened(t, options(dir, File, nil))
	f := k.place.(*file)
	err := f.ready(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	add := func(n int) error {
		return f.change(t.Context(), func(in sealed) bool {
			for i := range n {
				in.Secrets[fmt.Sprintf("grant/x/%d", i)] = bytes.Repeat([]byte("s"), maxSecret)
			}
			return true
		})
	}
	if err := add(300); err != nil {
		t.Fatal(err)
	}
	wantKind(t, named("x", add(500)), ErrTooBig)
	if names, err := opened(t, options(dir, File, nil)).List(t.Context()); err != nil || len(names) != 300 {
		t.Errorf("%d names, %v", len(names), err)
	}
}
