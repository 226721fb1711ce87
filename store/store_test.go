package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t testing.TB, dir string, o Options) *DB {
	t.Helper()
	d, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// filled makes a store with n cases of three events and closes it.
func filled(t testing.TB, n int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	d := open(t, dir, Options{})
	for i := range n {
		if _, err := d.Append(t.Context(), sample(fmt.Sprint("case-", i), 0, 3)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sample is an append of n events whose data can be told from their number.
func sample(id string, after, n int) Append {
	a := Append{Case: id, After: after, Summary: Summary{Platform: "p", Account: "@" + id, Step: "one", Open: true}}
	for i := range n {
		a.Events = append(a.Events, Event{Kind: "k", By: "person", Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, after+i+1))})
	}
	return a
}

// wantKind wants an error with words for a person, of a kind.
func wantKind(t *testing.T, err, kind error) *Error {
	t.Helper()
	var e *Error
	if !errors.Is(err, kind) || !errors.As(err, &e) {
		t.Fatalf("error is %v, want one of kind %q", err, kind)
	}
	if e.What == "" || e.Why == "" || e.Do == "" {
		t.Fatalf("error %+v does not say what, why and what to do", e)
	}
	return e
}

func hash(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

func TestFilesAreOurs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	d := open(t, dir, Options{})
	if _, err := d.Append(t.Context(), sample("a", 0, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Attach(t.Context(), "a", "x.png", strings.NewReader("x"), 10); err != nil {
		t.Fatal(err)
	}
	if err := d.backup(t.Context(), d.sql, 1); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := e.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if got := fi.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		seen++
		return nil
	})
	if err != nil || seen < 9 { // database, wal, shm, lock, backup, picture and the folders
		t.Errorf("%d files seen, %v", seen, err)
	}
}

func TestOpenFolderIsTightened(t *testing.T) {
	dir := filled(t, 1)
	for _, p := range []string{dir, filepath.Join(dir, fileName)} {
		if err := os.Chmod(p, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir, Options{})
	for p, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, fileName): 0o600} {
		if fi, err := os.Stat(p); err != nil || fi.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %o", p, fi.Mode(), err, want)
		}
	}
}

func TestFolderOthersMayWrite(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "other.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	_ = wantKind(t, err, ErrPermission)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
	if fi, err := os.Stat(dir); err != nil || fi.Mode().Perm() != 0o755 {
		t.Errorf("a folder with other things in it was changed to %v, %v", fi.Mode(), err)
	}
}

func TestOddPaths(t *testing.T) {
	for _, name := range []string{"a?b", "a#b", "a%20b", "a b&c=d;e", "ä日本😀", "a?mode=ro&_pragma=x", `a\b'"`, "-x", "%", "+"} {
		dir := filepath.Join(t.TempDir(), name)
		for after := range 2 { // made, then found again
			d := open(t, dir, Options{})
			if _, err := d.Append(t.Context(), sample("a", after, 1)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := d.Close(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if fi, err := os.Stat(filepath.Join(dir, fileName)); err != nil || fi.Size() == 0 {
			t.Errorf("%s: the database is not where it was asked for: %v", name, err)
		}
		open(t, dir, Options{ReadOnly: true})
	}
}

func TestDSN(t *testing.T) {
	d := open(t, t.TempDir(), Options{})
	for pragma, want := range map[string]string{
		"busy_timeout": "5000", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
		"secure_delete": "1", "trusted_schema": "0", "cell_size_check": "1", "application_id": fmt.Sprint(applicationID),
	} {
		var got string
		if err := d.sql.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
		}
	}
	net := dsn("/x", access{network: true})
	if strings.Contains(net, "WAL") || !strings.Contains(net, "journal_mode%28DELETE%29") {
		t.Errorf("on a network file system the DSN is %s", net)
	}
	if first := strings.Index(net, "_pragma="); !strings.HasPrefix(net[first:], "_pragma=busy_timeout") ||
		!strings.Contains(net, "_txlock=immediate") {
		t.Errorf("busy_timeout does not come first in %s", net)
	}
}

// A store on a network file system has no WAL, and one that had takes it off.
func TestWithoutWAL(t *testing.T) {
	for name, dir := range map[string]string{"had": filled(t, 1), "new": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			d := open(t, dir, Options{network: true})
			if _, err := d.Append(t.Context(), sample("more", 0, 2)); err != nil {
				t.Fatal(err)
			}
			if i, err := d.Info(t.Context()); err != nil || i.Journal != "delete" || !i.Network {
				t.Errorf("info is %+v, %v", i, err)
			}
			if _, err := os.Stat(filepath.Join(dir, fileName+"-wal")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("there is a WAL: %v", err)
			}
			if events, err := d.Events(t.Context(), "more", 0); err != nil || len(events) != 2 {
				t.Errorf("%d events, %v", len(events), err)
			}
		})
	}
}

// A kill right after the file was made leaves it empty; the next start goes on.
func TestEmptyFileIsFinished(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, dir, Options{})
	if _, err := d.Append(t.Context(), sample("a", 0, 1)); err != nil {
		t.Fatal(err)
	}
}

func TestEventsNeverChange(t *testing.T) {
	d := open(t, filled(t, 1), Options{})
	if _, err := d.sql.ExecContext(t.Context(), "UPDATE events SET kind = 'x'"); err == nil {
		t.Error("an event was changed")
	}
}

func TestTwoHandles(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir, Options{}), open(t, dir, Options{})
	changes := func() int64 {
		t.Helper()
		n, err := b.Changes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := changes()
	if _, err := a.Append(t.Context(), sample("x", 0, 1)); err != nil {
		t.Fatal(err)
	}
	after := changes()
	if after <= before {
		t.Errorf("changes by another went from %d to %d", before, after)
	}
	if again := changes(); again != after {
		t.Errorf("nothing changed, but changes went from %d to %d", after, again)
	}
	if _, err := b.Append(t.Context(), sample("x", 1, 1)); err != nil {
		t.Fatal(err)
	}
	_, err := a.Append(t.Context(), sample("x", 1, 1))
	_ = wantKind(t, err, ErrStale)
}

// A new connection has its own data_version; nothing may hide behind it.
func TestChangesOnANewConnection(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir, Options{}), open(t, dir, Options{})
	before, err := b.Changes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.sql.SetMaxIdleConns(-1) // drops the connection
	b.sql.SetMaxIdleConns(1)
	if _, err := a.Append(t.Context(), sample("x", 0, 1)); err != nil {
		t.Fatal(err)
	}
	if after, err := b.Changes(t.Context()); err != nil || after <= before {
		t.Errorf("changes went from %d to %d, %v", before, after, err)
	}
	if _, err := b.Append(t.Context(), sample("x", 1, 1)); err != nil {
		t.Errorf("the statements did not survive: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	dir := filled(t, 2)
	before := hash(t, filepath.Join(dir, fileName))
	d := open(t, dir, Options{ReadOnly: true})
	if all, err := d.Cases(t.Context(), Query{}); err != nil || len(all) != 2 {
		t.Errorf("%d cases, %v", len(all), err)
	}
	_, err := d.Append(t.Context(), sample("new", 0, 1))
	_ = wantKind(t, err, ErrReadOnly)
	_ = wantKind(t, d.SaveDraft(t.Context(), Draft{}), ErrReadOnly)
	_ = wantKind(t, d.PutRecord(t.Context(), Record{}), ErrReadOnly)
	_ = wantKind(t, d.DropRecord(t.Context(), "a"), ErrReadOnly)
	_ = wantKind(t, d.DropDraft(t.Context(), "", ""), ErrReadOnly)
	_, err = d.Attach(t.Context(), "a", "x", strings.NewReader(""), 1)
	_ = wantKind(t, err, ErrReadOnly)
	// And SQLite itself refuses, should a method forget to.
	_, err = d.sql.ExecContext(t.Context(), "DELETE FROM drafts")
	_ = wantKind(t, d.explain("x", err), ErrReadOnly)
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if hash(t, filepath.Join(dir, fileName)) != before {
		t.Error("reading changed the database")
	}
	_, err = Open(t.Context(), t.TempDir(), Options{ReadOnly: true})
	_ = wantKind(t, err, ErrMissing)
}

func TestInfo(t *testing.T) {
	d := open(t, filled(t, 2), Options{})
	if _, err := d.Append(t.Context(), sample("more", 0, 1)); err != nil {
		t.Fatal(err)
	}
	i, err := d.Info(t.Context())
	if err != nil || i.Check != "ok" || i.Cases != 3 || i.Events != 7 || i.Journal != "wal" || i.Synchronous != "full" ||
		i.Schema != i.Known || i.Schema < 1 || i.Size == 0 || i.WAL == 0 || i.Free <= 0 || i.SQLite == "" || i.Path != d.path {
		t.Errorf("info is %+v, %v", i, err)
	}
}

func TestCloseLeavesNoWAL(t *testing.T) {
	dir := filled(t, 3)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-wal") || strings.HasSuffix(e.Name(), "-shm") {
			t.Errorf("%s is left over", e.Name())
		}
	}
}

// Every list walks an index; what is sorted is two pages at most.
func TestPlansUseIndexes(t *testing.T) {
	d := open(t, t.TempDir(), Options{})
	for _, q := range []Query{{}, {Open: true}, {Group: "g"}} {
		text, args := q.sql()
		rows, err := d.sql.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Fatal(err)
		}
		searches := 0
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(detail, "SCAN cases") {
				t.Errorf("%+v: %s", q, detail)
			}
			if strings.Contains(detail, "mark<?") {
				searches++
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // a test that fails ends
			t.Fatal(err)
		}
		if searches == 0 {
			t.Errorf("%+v: the mark is not looked up in an index", q)
		}
	}
}

// Records are kept by name, replaced whole, and listed by the beginning of a name.
func TestRecords(t *testing.T) {
	d := open(t, t.TempDir(), Options{})
	put := func(name, data string) {
		t.Helper()
		if err := d.PutRecord(t.Context(), Record{Name: name, Data: json.RawMessage(data)}); err != nil {
			t.Fatal(err)
		}
	}
	put("grant/b", `1`)
	put("grant/a", `{"x":"%"}`)
	put("grantee", `2`)
	put("grant/b", `3`)
	for _, name := range []string{"grant/b", "grant/none"} { // only what is there
		if err := d.ReplaceRecord(t.Context(), Record{Name: name, Data: json.RawMessage(`4`)}); err != nil {
			t.Error(err)
		}
	}
	if err := d.DropRecord(t.Context(), "grant/none"); err != nil {
		t.Error(err)
	}
	got, err := d.Records(t.Context(), "grant/")
	if err != nil || len(got) != 2 || got[0].Name != "grant/a" || string(got[0].Data) != `{"x":"%"}` || string(got[1].Data) != `4` || got[0].At.IsZero() {
		t.Fatalf("%+v %v", got, err)
	}
	if err := d.DropRecord(t.Context(), "grant/a"); err != nil {
		t.Error(err)
	}
	if got, _ := d.Records(t.Context(), ""); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	if got, _ := d.Records(t.Context(), "grant%"); len(got) != 0 {
		t.Errorf("a sign of patterns counts as itself: %+v", got)
	}
}
