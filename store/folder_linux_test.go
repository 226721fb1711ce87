package store

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// ordinary runs f so that modes bind, for root as well: on a thread whose
// file system user is nobody. The thread is thrown away afterwards.
func ordinary(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		if _, err := unix.SetfsuidRetUid(65534); err != nil {
			t.Error(err)
			return
		}
		f()
	}()
	<-done
}

// protect takes the right to write away from everybody.
func protect(t *testing.T, dir string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Join(dir, fileName), mode); err != nil {
		t.Fatal(err)
	}
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(d, 0o700) })
	}
}

func TestWriteProtected(t *testing.T) {
	dir := filled(t, 2)
	protect(t, dir, 0o444)
	before := hash(t, filepath.Join(dir, fileName))
	ordinary(t, func() {
		_, err := Open(t.Context(), dir, Options{})
		_ = wantKind(t, err, ErrReadOnly)
		d, err := Open(t.Context(), dir, Options{ReadOnly: true})
		if err != nil {
			t.Errorf("reading: %v", err)
			return
		}
		defer func() { _ = d.Close() }()
		if all, err := d.Cases(t.Context(), Query{}); err != nil || len(all) != 2 {
			t.Errorf("%d cases, %v", len(all), err)
		}
	})
	if hash(t, filepath.Join(dir, fileName)) != before {
		t.Error("the database was changed")
	}
}

func TestNotReadable(t *testing.T) {
	dir := filled(t, 1)
	protect(t, dir, 0o000)
	ordinary(t, func() {
		_, err := Open(t.Context(), dir, Options{ReadOnly: true})
		_ = wantKind(t, err, ErrPermission)
	})
}

func TestAnotherUsersDatabase(t *testing.T) {
	// Every user finds a file here that is another's: root makes one, for the
	// others there are root's.
	path := "/etc/passwd"
	if os.Geteuid() == 0 {
		path = filepath.Join(filled(t, 1), fileName)
		if err := os.Chown(path, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	_ = wantKind(t, checkFile(path), ErrPermission)
}

func TestNetworkFileSystems(t *testing.T) {
	if onNetwork("/proc") || freeDisk(t.TempDir()) <= 0 {
		t.Error("a local file system is taken for a network's, or its space is unknown")
	}
	for _, magic := range []uint32{unix.NFS_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.FUSE_SUPER_MAGIC} {
		if !networked[magic] {
			t.Errorf("%#x is not taken for a network file system", magic)
		}
	}
}

// What a cut-off transaction left behind is not passed over in silence.
func TestWriteProtectedWithJournal(t *testing.T) {
	for _, ending := range []string{"-wal", "-journal"} {
		dir := filled(t, 1)
		if err := os.WriteFile(filepath.Join(dir, fileName+ending), []byte("something"), 0o644); err != nil {
			t.Fatal(err)
		}
		protect(t, dir, 0o444)
		ordinary(t, func() {
			d, err := Open(t.Context(), dir, Options{ReadOnly: true})
			if err == nil {
				_ = d.Close()
				t.Errorf("%s: opened as if it were whole", ending)
			}
		})
	}
}
