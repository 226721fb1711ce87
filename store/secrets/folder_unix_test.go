//go:build unix

package secrets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func init() { children["full"] = childFull }

// childFull puts until the system takes no more bytes.
func childFull(dir, _ string) error {
	k, err := Open(context.Background(), options(dir, File, nil))
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // as on a full disk: an error, no signal
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000}); err != nil {
		return err
	}
	err = k.Put(context.Background(), "client/y", NewSecret(strings.Repeat("s", maxSecret)))
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("want ErrFull: %w", err)
	}
	return nil
}

func TestFull(t *testing.T) {
	dir, path, raw := filled(t)
	child(t, "full", dir, "").done()
	wantSame(t, path, raw)
	if _, err := os.Stat(path + ".new"); err == nil {
		t.Error("half a file is left")
	}
}

// TestModes: whatever the umask, what is made is for this user only; what others
// could read is taken away from them.
func TestModes(t *testing.T) {
	for _, mask := range []int{0, 0o777} {
		old := syscall.Umask(mask)
		dir := t.TempDir()
		syscall.Umask(old)
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, p := range []Place{File, Keyring} {
			k := opened(t, options(dir, p, newFake()))
			old := syscall.Umask(mask)
			err := errors.Join(k.Put(t.Context(), "client/x", NewSecret("one")), k.Put(t.Context(), "client/x", NewSecret("two")))
			syscall.Umask(old)
			if err != nil {
				t.Fatal(err)
			}
		}
		wantModes(t, dir)
	}
	dir, path, _ := filled(t)
	if err := errors.Join(os.Chmod(path, 0o644), os.Chmod(filepath.Dir(path), 0o755)); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, opened(t, options(dir, File, nil)), "client/x", "one")
	wantModes(t, dir)
}

func wantModes(t *testing.T, dir string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(filepath.Join(dir, folderName), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := d.Info()
		if err != nil {
			return err
		}
		seen++
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700 | fs.ModeDir
		}
		if fi.Mode() != want {
			t.Errorf("%s is %s", path, fi.Mode())
		}
		return nil
	})
	if err != nil || seen < 3 {
		t.Errorf("%d files, %v", seen, err)
	}
}

// TestNotOurs: links, things that are no files, and folders that others may
// change are refused; nothing behind a link is read or written.
func TestNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(dir, path string) error
		kind  error
	}{
		"a link to the file": {func(dir, path string) error {
			return errors.Join(os.Rename(path, filepath.Join(dir, "elsewhere")), os.Symlink(filepath.Join(dir, "elsewhere"), path))
		}, ErrSymlink},
		"a link within the folder": {func(_, path string) error {
			return errors.Join(os.Rename(path, path+"2"), os.Symlink(filepath.Base(path)+"2", path))
		}, ErrSymlink},
		"a link to nothing": {func(_, path string) error {
			return errors.Join(os.Remove(path), os.Symlink("nothing", path))
		}, ErrSymlink},
		"a link to the folder": {func(dir, path string) error {
			return errors.Join(os.Rename(filepath.Dir(path), filepath.Join(dir, "elsewhere")), os.Symlink("elsewhere", filepath.Dir(path)))
		}, ErrSymlink},
		"a folder": {func(_, path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		}, ErrDamaged},
		"a pipe": {func(_, path string) error {
			return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600))
		}, ErrDamaged},
		"a file for the folder": {func(_, path string) error {
			return errors.Join(os.RemoveAll(filepath.Dir(path)), os.WriteFile(filepath.Dir(path), nil, 0o600))
		}, ErrDamaged},
		"others may write": {func(dir, _ string) error { return os.Chmod(dir, 0o777) }, ErrPermission},
		"another user's file": {func(_, path string) error {
			return chown(t, path)
		}, ErrPermission},
		"another user's folder": {func(_, path string) error {
			return chown(t, filepath.Dir(path))
		}, ErrPermission},
	} {
		t.Run(name, func(t *testing.T) {
			dir, path, _ := filled(t)
			err := c.spoil(dir, path)
			if errors.Is(err, errNotRoot) {
				// An ordinary user cannot give a file away; every one finds one of root's.
				fi, err := os.Stat("/etc/passwd")
				if err != nil {
					t.Fatal(err)
				}
				wantKind(t, named("x", checkOwn(fi, "/etc/passwd", 0)), ErrPermission)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			before := listing(t, dir)
			k := opened(t, options(dir, File, nil))
			wantKind(t, second(k.Get(t.Context(), "client/x")), c.kind)
			wantKind(t, k.Put(t.Context(), "client/x", NewSecret("new")), c.kind)
			wantKind(t, k.Delete(t.Context(), "client/x"), c.kind)
			wantKind(t, second(Open(t.Context(), options(dir, Auto, newFake()))), c.kind)
			if after := listing(t, dir); after != before {
				t.Errorf("before %s\nafter %s", before, after)
			}
		})
	}
}

var errNotRoot = errors.New("not root")

func chown(t *testing.T, path string) error {
	t.Helper()
	if os.Geteuid() != 0 {
		return errNotRoot
	}
	return os.Chown(path, 12345, 12345)
}

// listing is what lies in the folder, but for locks.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(path, ".lock") {
			return err
		}
		var raw []byte
		if d.Type().IsRegular() {
			if raw, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		fmt.Fprintf(&all, "%s %s %x\n", path, d.Type(), raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
