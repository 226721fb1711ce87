package store

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// busyTimeout is how long a writer waits for another program's transaction.
const busyTimeout = 5 * time.Second

// access says how a connection is opened. The zero value reads and writes.
type access struct {
	busy      time.Duration // 0: busyTimeout
	readOnly  bool
	immutable bool // only with readOnly: no locks, no WAL
	asIs      bool // in the journal mode the file is in: choosing one writes to it
	network   bool // the file lies on a network file system
}

// dsn is the one place that says how the database is opened. Nothing in it
// comes from a setting.
func dsn(path string, a access) string {
	if a.busy == 0 {
		a.busy = busyTimeout
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		// First: every pragma after it may have to wait for others.
		fmt.Sprintf("busy_timeout(%d)", a.busy.Milliseconds()),
	}}
	switch {
	case a.readOnly:
		q.Set("mode", "ro")
	case a.asIs:
	case a.network:
		// WAL needs memory shared between the programs; machines share none.
		q["_pragma"] = append(q["_pragma"], "journal_mode(DELETE)")
	default:
		q["_pragma"] = append(q["_pragma"], "journal_mode(WAL)")
	}
	if a.immutable {
		q.Set("immutable", "1")
	}
	q["_pragma"] = append(q["_pragma"], "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(1)", "trusted_schema(0)", "cell_size_check(1)")
	if runtime.GOOS == "darwin" {
		// fsync on macOS stops at the drive's cache; only this reaches the medium.
		q["_pragma"] = append(q["_pragma"], "fullfsync(1)", "checkpoint_fullfsync(1)")
	}
	return "file:" + escapePath(path) + "?" + q.Encode()
}

// escapePath writes a path so that neither the driver, which cuts at the
// first "?", nor SQLite, which decodes %XX and cuts at "#", misreads it.
func escapePath(path string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/data: the drive follows an empty authority
	}
	return "//" + (&url.URL{Path: p}).EscapedPath()
}

// connect opens a pool of one connection: SQLite has one writer anyway, and
// statements, pragmas and data_version belong to a connection.
func connect(dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}
