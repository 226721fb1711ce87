package store

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAttach(t *testing.T) {
	d := open(t, t.TempDir(), Options{})
	for _, c := range []struct{ id, name, want string }{
		{"Ab-1", "../../etc/Secret Photo.PNG", "files/ab-1/shot-1.png"},
		{"aB-1", "again.png", "files/ab-1/shot-2.png"},
		{"ab-1", "Foto vom 3. Mai.PNG", "files/ab-1/shot-3.png"},
		{"ab-1", "marianne.jpeg", "files/ab-1/shot-1.jpeg"},
		{"ab-1", "message.txt", "files/ab-1/message-1.txt"},
		{"ab-1", "message.txt", "files/ab-1/message-2.txt"},
		{"ab-1", "message.md", "files/ab-1/message-1.md"},
		{"ab-1", "Message.txt", "files/ab-1/file-1.txt"},
		{"ab-1", "../message.txt", "files/ab-1/file-2.txt"},
		{"ab-1", "abcdefghijklmnopq.txt", "files/ab-1/file-3.txt"},
		{"ab-1", "con1.txt", "files/ab-1/file-4.txt"},
		{"ab-1", ".txt", "files/ab-1/file-5.txt"},
		{"ab-1", "no ending", "files/ab-1/file-1.bin"},
		{"ab-1", "odd.p/ng\x1b[31m", "files/ab-1/file-2.bin"},
	} {
		got, err := d.Attach(t.Context(), c.id, c.name, strings.NewReader(c.name), 100)
		if err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
			continue
		}
		f, err := d.File(got)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(f); err != nil || string(b) != c.name {
			t.Errorf("%s holds %q, %v", got, b, err)
		}
		_ = f.Close()
	}
}

func TestAttachRefuses(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, Options{})
	for _, id := range []string{"", "..", "a/b", ".hidden", "a\\b", "ä", strings.Repeat("x", 65)} {
		_, err := d.Attach(t.Context(), id, "x.png", strings.NewReader(""), 1)
		_ = wantKind(t, err, ErrInvalid)
	}
	if _, err := d.Attach(t.Context(), "a", "x.png", strings.NewReader("123"), 3); err != nil {
		t.Errorf("a file of exactly the limit: %v", err)
	}
	_, err := d.Attach(t.Context(), "a", "x.png", strings.NewReader("1234"), 3)
	_ = wantKind(t, err, ErrTooBig)
	broken := errors.New("broken pipe")
	if _, err = d.Attach(t.Context(), "a", "x.png", io.MultiReader(strings.NewReader("1"), failing{broken}), 10); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = d.Attach(ctx, "a", "x.png", strings.NewReader("1"), 10); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "files", "a")); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A link planted in the store's folder leads nowhere.
func TestAttachStaysInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	d := open(t, dir, Options{})
	if err := os.Mkdir(filepath.Join(dir, filesName), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, filesName, "a")); err != nil {
		t.Fatal(err)
	}
	if name, err := d.Attach(t.Context(), "a", "x.png", strings.NewReader("x"), 10); err == nil {
		t.Errorf("attached as %s", name)
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("written outside: %v, %v", left, err)
	}
	for _, name := range []string{fileName, "files/../" + fileName, "/etc/passwd", "files/a/x", "files/../../x"} {
		if f, err := d.File(name); err == nil {
			_ = f.Close()
			t.Errorf("%s was opened", name)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
