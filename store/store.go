// Package store keeps cases durable: the append-only log of every case, one
// summary row a case, drafts of what is being typed, the files of a case, and
// the migrations of all that. It lives in one folder: a SQLite database and a
// tree of files.
//
// What lives here never knows the ladder or a platform: kinds are opaque text
// and data is opaque JSON. Never here: secrets, redaction (what comes in is
// taken to be clean), decisions about what comes next.
//
// A [DB] is safe for use by several goroutines, and several programs may have
// the same folder open. No lock is held between calls; a writer that has not
// seen the newest event of a case gets [ErrStale] and reads again.
package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"sync"
	"time"
)

// An Event is one thing that happened in a case. Events are never changed.
type Event struct {
	Seq  int             // 1, 2, 3 … within its case; filled in by the store
	At   time.Time       // UTC, whole milliseconds; zero when written: now
	Kind string          // opaque
	By   string          // opaque
	Data json.RawMessage // opaque JSON, or nil
}

// A Summary is what lists show of a case. It is replaced as a whole by every
// append, except Opened, which keeps what was written first.
type Summary struct {
	ID       string
	Platform string
	Account  string
	Customer string
	Step     string
	Open     bool
	Due      time.Time // zero: the case is not waiting
	Opened   time.Time // zero when written: now
	Updated  time.Time // zero when written: the time of the last event
	Seq      int       // last event; filled in by the store
	Group    string    // cases opened together share it; "" for none

	// Mark is the place of the case's last append among the appends to all
	// cases; it orders lists. Filled in by the store, see [Query].
	Mark int64
}

// An Append adds events to one case.
type Append struct {
	Case    string
	After   int // last Seq the writer has seen; 0: a new case
	Events  []Event
	Summary Summary
	Drop    []string // pages of this case whose drafts the events make obsolete
	DropNew []string // the same for drafts saved before the case had an id
}

// A Draft is text somebody was typing on a page of a case when it was saved.
type Draft struct {
	Case string // "": no case yet
	Page string
	Text string
	At   time.Time // zero when written: now
}

// A Record is something remembered beside the cases, under a name.
type Record struct {
	Name string
	Data json.RawMessage // opaque JSON; never a secret
	At   time.Time       // zero when written: now
}

// Options say how to open a store. The zero value opens it for reading and
// writing with the system's clock.
type Options struct {
	// Now is the clock for times the caller leaves out; nil: time.Now.
	Now func() time.Time
	// ReadOnly never writes to the database, not even to repair or migrate
	// it. It is how a damaged or write-protected store is looked at and
	// exported.
	ReadOnly bool

	busy       time.Duration // wait for a lock; 0: busyTimeout
	migrations fs.FS         // nil: the embedded ones
	network    bool          // taken for a network file system whatever the system says
}

const (
	fileName = "reconnect.db"
	lockName = "reconnect.lock"
)

// DB is an open store. Make one with [Open].
type DB struct {
	sql      *sql.DB
	dir      string
	path     string
	now      func() time.Time
	readOnly bool
	network  bool

	insertEvent *sql.Stmt
	upsertCase  *sql.Stmt

	changes changes
	files   sync.Mutex // one Attach at a time, so that numbers have no gaps
}

// Open opens the store in dir and makes it if there is none: the folder with
// mode 0700, its files with 0600. An older schema is migrated after a
// verified backup; a newer one is refused. The order of checks is owner, mode
// and symlink, then whose file it is, then its version, then its pages: what
// fails one check is not touched by the next. Errors are [*Error].
func Open(ctx context.Context, dir string, o Options) (*DB, error) {
	d, err := newDB(dir, o)
	if err != nil {
		return nil, err
	}
	if o.ReadOnly {
		if err := d.openReadOnly(ctx, o); err != nil {
			return nil, err
		}
		return d, nil
	}
	if err := makeFolder(d.dir, d.path); err != nil {
		return nil, err
	}
	d.network = o.network || onNetwork(d.dir)
	if err := d.openReadWrite(ctx, o); err != nil {
		return nil, err
	}
	return d, nil
}

func newDB(dir string, o Options) (*DB, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, &Error{What: "the data folder cannot be found", Why: err.Error(),
			Do: "Name the folder with its full path.", kind: ErrPermission, Err: err}
	}
	d := &DB{dir: abs, path: filepath.Join(abs, fileName), now: o.Now, readOnly: o.ReadOnly}
	if d.now == nil {
		d.now = time.Now
	}
	return d, nil
}

func (d *DB) openReadWrite(ctx context.Context, o Options) error {
	if err := d.prepare(ctx, o); err != nil {
		return err
	}
	db, err := connect(dsn(d.path, access{busy: o.busy, network: d.network}))
	if err != nil {
		return d.explain("the case database cannot be opened", err)
	}
	d.sql = db
	if err := d.prepareStatements(ctx); err != nil {
		_ = db.Close()
		return d.explain("the case database cannot be opened", err)
	}
	return nil
}

// openReadOnly opens what is there and writes nothing. A folder that cannot
// be written has no place for the shared memory of WAL; if no journal is left
// over, the file is complete without it and nobody can change it, and SQLite
// is told so (immutable).
func (d *DB) openReadOnly(ctx context.Context, o Options) error {
	const what = "the case database cannot be read"
	if err := checkFile(d.path); err != nil {
		return err
	}
	d.network = o.network || onNetwork(d.dir)
	for _, a := range []access{
		{busy: o.busy, readOnly: true},
		{busy: o.busy, readOnly: true, immutable: true},
	} {
		if a.immutable && !d.complete() {
			break
		}
		db, err := connect(dsn(d.path, a))
		if err != nil {
			return d.explain(what, err)
		}
		h, err := readHeader(ctx, db)
		if err == nil {
			err = d.checkReadable(h, o)
		}
		if err == nil {
			d.sql = db
			return nil
		}
		_ = db.Close()
		if err = d.explain(what, err); !needsShared(err) || a.immutable {
			return err
		}
	}
	return &Error{What: what, Why: "its last changes lie in a journal beside it, and the folder cannot be written",
		Do: "Copy the whole folder to a place you can write, and open it there.", kind: ErrReadOnly}
}

// complete says whether the database file holds everything by itself.
func (d *DB) complete() bool {
	return fileSize(d.path+"-wal") == 0 && fileSize(d.path+"-journal") == 0
}

// tx runs f in a transaction. An error or a panic in f undoes it.
//
// Once begun it is not cancelled: an append that was interrupted half-way
// would leave the caller not knowing whether it is durable. It is short, and
// waits at most busyTimeout for others.
func (d *DB) tx(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := d.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after Commit
	if err := f(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	d.changes.own()
	return nil
}

// Close writes the WAL back into the database, so that the next start need
// not, and closes it. It waits for nobody: what others are still reading is
// left for the last one to write back.
func (d *DB) Close() error {
	if !d.readOnly {
		var busy, pages, done int
		row := d.sql.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
		_ = row.Scan(&busy, &pages, &done)
		for _, s := range []*sql.Stmt{d.insertEvent, d.upsertCase} {
			_ = s.Close()
		}
	}
	return d.explain("the case database cannot be closed", d.sql.Close())
}

// millis and fromMillis are how times are kept: Unix milliseconds.
func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
