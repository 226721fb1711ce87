package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// with is the embedded migrations and some more.
func with(t *testing.T, more map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	source := Options{}.source()
	names, err := fs.Glob(source, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(source, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: b}
	}
	for name, text := range more {
		all[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return all
}

func backups(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, backupsName, "*.db"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestMigrationWithBackup(t *testing.T) {
	dir := filled(t, 2)
	o := Options{migrations: with(t, map[string]string{
		"90001_more.sql": "CREATE TABLE more (x TEXT) STRICT;",
		"90002_less.sql": "DROP TABLE drafts;",
	})}
	d := open(t, dir, o)
	if all, err := d.Cases(t.Context(), Query{}); err != nil || len(all) != 2 {
		t.Errorf("%d cases after migrating, %v", len(all), err)
	}
	made := backups(t, dir)
	if len(made) != 2 { // one before each
		t.Fatalf("backups are %v, want two", made)
	}
	// The first one is the store as it was, and this program opens it.
	old := t.TempDir()
	b, err := os.ReadFile(made[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, fileName), b, 0o600); err != nil {
		t.Fatal(err)
	}
	was := open(t, old, Options{})
	if events, err := was.Events(t.Context(), "case-1", 0); err != nil || len(events) != 3 {
		t.Errorf("%d events in the backup, %v", len(events), err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if again := open(t, dir, o); again == nil || len(backups(t, dir)) != 2 {
		t.Error("opening again made another backup")
	}
}

func TestFailedMigrationLeavesTheFile(t *testing.T) {
	dir := filled(t, 2)
	_, err := Open(t.Context(), dir, Options{migrations: with(t, map[string]string{
		"90001_bad.sql": "CREATE TABLE half (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);",
	})})
	if err == nil || !strings.Contains(err.Error(), "brought up to date") {
		t.Fatalf("error is %v", err)
	}
	d := open(t, dir, Options{})
	var n int
	if err := d.sql.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema WHERE name = 'half'").Scan(&n); err != nil || n != 0 {
		t.Errorf("half a migration stayed: %d, %v", n, err)
	}
}

func TestBackupThatCannotBeMadeStopsTheMigration(t *testing.T) {
	dir := filled(t, 1)
	if err := os.WriteFile(filepath.Join(dir, backupsName), nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{migrations: with(t, map[string]string{"90001_more.sql": "CREATE TABLE more (x);"})})
	if err == nil || !strings.Contains(err.Error(), "no backup") {
		t.Fatalf("error is %v", err)
	}
	open(t, dir, Options{})
}

func TestNewerIsRefusedUntouched(t *testing.T) {
	dir := filled(t, 1)
	newer := Options{migrations: with(t, map[string]string{"90099_future.sql": "CREATE TABLE future (x TEXT) STRICT;"})}
	if err := open(t, dir, newer).Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fileName)
	before := hash(t, path)
	for _, readOnly := range []bool{false, true} {
		_, err := Open(t.Context(), dir, Options{ReadOnly: readOnly})
		e := wantKind(t, err, ErrNewer)
		if !strings.Contains(e.Why, "90099") || !strings.Contains(e.Why, "knows "+strconv.FormatInt(target(Options{}.source()), 10)) {
			t.Errorf("%q does not name both numbers", e.Why)
		}
	}
	if hash(t, path) != before {
		t.Error("the refused file was changed")
	}
}

func TestOlderIsNotReadWithoutMigrating(t *testing.T) {
	dir := filled(t, 1)
	_, err := Open(t.Context(), dir, Options{ReadOnly: true, migrations: with(t, map[string]string{"90001_more.sql": "CREATE TABLE more (x);"})})
	_ = wantKind(t, err, ErrReadOnly)
}

// A store that is made now keeps no copies of what was empty.
func TestNewStoreHasNoBackups(t *testing.T) {
	dir := filled(t, 1)
	if made := backups(t, dir); len(made) != 0 {
		t.Errorf("backups are %v", made)
	}
}
