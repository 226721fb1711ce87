package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
)

// Info is what is worth knowing about a store in trouble.
type Info struct {
	Path     string // of the database
	ReadOnly bool
	Network  bool // on a network file system, and so without WAL

	Schema      int64 // version of the file
	Known       int64 // version of the program
	SQLite      string
	Journal     string // "wal", "delete" …
	Synchronous string // "full" …

	Size int64 // bytes of the database
	WAL  int64 // bytes not yet written back into it
	Free int64 // bytes free on its disk; -1: unknown

	Cases  int64
	Events int64
	Check  string // "ok", or the first thing quick_check found wrong
}

// Info gathers what `doctor` prints. It reads the whole database. A damaged
// one is no error: Check says so, and what could not be read is zero.
func (d *DB) Info(ctx context.Context) (Info, error) {
	i := Info{Path: d.path, ReadOnly: d.readOnly, Network: d.network, Known: target(Options{}.source()),
		Free: freeDisk(d.dir), Size: fileSize(d.path), WAL: fileSize(d.path + "-wal"), Check: "ok"}
	err := d.askSQLite(ctx, &i)
	if err == nil {
		err = quickCheck(ctx, d.sql, d.path)
	}
	err = d.explain("the case database cannot be read", err)
	if errors.Is(err, ErrCorrupt) {
		i.Check = err.Error()
		var e *Error
		if errors.As(err, &e) && e.Err != nil {
			i.Check = e.Err.Error()
		}
		err = nil
	}
	return i, err
}

func (d *DB) askSQLite(ctx context.Context, i *Info) error {
	h, err := readHeader(ctx, d.sql)
	if err != nil {
		return err
	}
	i.Schema = h.version
	var level int
	for _, q := range []struct {
		query string
		dest  any
	}{
		{"SELECT sqlite_version()", &i.SQLite},
		{"PRAGMA journal_mode", &i.Journal},
		{"PRAGMA synchronous", &level},
		{"SELECT count(*) FROM cases", &i.Cases},
		{"SELECT count(*) FROM events", &i.Events},
	} {
		err := d.sql.QueryRowContext(ctx, q.query).Scan(q.dest)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	i.Synchronous = [...]string{"off", "normal", "full", "extra"}[level&3]
	return nil
}

func fileSize(path string) int64 {
	fi, err := os.Lstat(path)
	if err != nil {
		return 0
	}
	return fi.Size()
}
