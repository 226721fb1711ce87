package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOverwrittenPages(t *testing.T) {
	for name, c := range map[string]struct {
		at, n int64
		kind  error
	}{
		"header": {0, 100, ErrCorrupt},
		"tables": {4096, 40 * 4096, ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t, 200)
			path := filepath.Join(dir, fileName)
			overwrite(t, path, c.at, c.n)
			before := hash(t, path)
			_, err := Open(t.Context(), dir, Options{})
			_ = wantKind(t, err, c.kind)
			if hash(t, path) != before {
				t.Error("the damaged original was changed")
			}
		})
	}
}

func overwrite(t *testing.T, path string, at, n int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fi, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	n = min(n, fi.Size()-at)
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5", int(n))), at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// One bad page: the store is refused for writing, and what can still be read
// is read without a write.
func TestDamagedIsStillRead(t *testing.T) {
	dir := filled(t, 400)
	path := filepath.Join(dir, fileName)
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, fi.Size()-4096, 4096)
	_, err = Open(t.Context(), dir, Options{})
	_ = wantKind(t, err, ErrCorrupt)
	before := hash(t, path)
	d := open(t, dir, Options{ReadOnly: true})
	if events, err := d.Events(t.Context(), "case-0", 0); err != nil || len(events) != 3 {
		t.Errorf("%d events, %v", len(events), err)
	}
	if i, err := d.Info(t.Context()); err != nil || i.Check == "ok" || i.Check == "" {
		t.Errorf("info of a damaged store is %+v, %v", i, err)
	}
	if hash(t, path) != before {
		t.Error("the damaged original was changed")
	}
}

func TestNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte("a letter, and no database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	_ = wantKind(t, err, ErrCorrupt)
}

func TestAnotherProgramsDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	db, err := connect(dsn(path, access{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE theirs (x)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := hash(t, path)
	_, err = Open(t.Context(), dir, Options{})
	_ = wantKind(t, err, ErrForeign)
	if hash(t, path) != before {
		t.Error("another program's database was changed")
	}
}

func TestSymlink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(filled(t, 1), fileName), filepath.Join(dir, fileName)); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		_, err := Open(t.Context(), dir, Options{ReadOnly: readOnly})
		_ = wantKind(t, err, ErrSymlink)
	}
}

func TestFolderWhereTheDatabaseShouldBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	_ = wantKind(t, err, ErrForeign)
}

func TestLocked(t *testing.T) {
	dir := filled(t, 1)
	d := open(t, dir, Options{busy: time.Millisecond})
	release := child(t, "hold", dir).await("held")
	_, err := d.Append(t.Context(), sample("case-0", 3, 1))
	_ = wantKind(t, err, ErrLocked)
	release()
	if _, err := d.Append(t.Context(), sample("case-0", 3, 1)); err != nil {
		t.Errorf("after the lock is gone: %v", err)
	}
}

func TestFullDatabase(t *testing.T) {
	d := open(t, filled(t, 1), Options{})
	if _, err := d.sql.ExecContext(t.Context(), "PRAGMA max_page_count = 30"); err != nil {
		t.Fatal(err)
	}
	big := Append{Case: "case-0", After: 3, Events: []Event{{Kind: "k", Data: json.RawMessage(`"` + strings.Repeat("x", 20_000) + `"`)}}}
	var err error
	for err == nil {
		if _, err = d.Append(t.Context(), big); err == nil {
			big.After++
		}
	}
	_ = wantKind(t, err, ErrFull)
	if events, err := d.Events(t.Context(), "case-0", 0); err != nil || len(events) != big.After {
		t.Errorf("%d events, %v; want %d", len(events), err, big.After)
	}
	if _, err := d.sql.ExecContext(t.Context(), "PRAGMA max_page_count = 3000"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Append(t.Context(), big); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

func TestFileErrors(t *testing.T) {
	for cause, kind := range map[error]error{
		syscall.ENOSPC: ErrFull, syscall.EFBIG: ErrFull, syscall.EDQUOT: ErrFull,
		syscall.EROFS: ErrReadOnly, syscall.EACCES: ErrPermission, syscall.EPERM: ErrPermission,
	} {
		err := explainFile("x", "y", &os.PathError{Op: "write", Path: "y", Err: cause})
		_ = wantKind(t, err, kind)
		if !errors.Is(err, cause) {
			t.Errorf("%v hides its cause", err)
		}
	}
	if e := wantKind(t, explainFile("x", "y", fmt.Errorf("odd: %w", os.ErrClosed)), os.ErrClosed); e.kind != nil {
		t.Errorf("%v has a kind", e)
	}
}
