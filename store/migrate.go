package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"reconnect/store/private"
)

//go:embed migrations/*.sql
var embedded embed.FS

// applicationID marks the file as ours ("RCNT").
const applicationID = 0x52434e54

// checkAtStart is the largest database whose pages are checked at every
// start. quick_check reads every page: at 8 MiB, some ten thousand events, it
// costs a few hundredths of a second beside the first paint; past that a
// start would wait for it, so it is left to doctor and to the backup before a
// migration, which checks the same pages.
const checkAtStart = 8 << 20

const backupsName = "backups"

// A header is what a database says about itself.
type header struct {
	application int64
	version     int64 // last migration applied; 0: none
	pages       int64 // 0: an empty file
	size        int64
}

func readHeader(ctx context.Context, db *sql.DB) (header, error) {
	var h header
	var pageSize, tables int64
	row := db.QueryRowContext(ctx, `
		SELECT (SELECT application_id FROM pragma_application_id), (SELECT page_count FROM pragma_page_count),
			(SELECT page_size FROM pragma_page_size),
			(SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version')`)
	if err := row.Scan(&h.application, &h.pages, &pageSize, &tables); err != nil {
		return h, err
	}
	h.size = h.pages * pageSize
	if tables == 0 {
		return h, nil
	}
	row = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied")
	return h, row.Scan(&h.version)
}

// checkHeader says whether the file is ours and not from the future.
func (d *DB) checkHeader(h header, o Options) error {
	if h.application != applicationID && h.pages > 0 {
		return &Error{What: "the case database cannot be used", Why: fmt.Sprintf("%s belongs to another program", d.path),
			Do: "Move it away, or choose another folder with --data. It was not changed.", kind: ErrForeign}
	}
	if newest := target(o.source()); h.version > newest {
		return &Error{What: "the case database cannot be used", kind: ErrNewer,
			Why: fmt.Sprintf("it has schema %d, this program knows %d", h.version, newest),
			Do:  "Install the newer reconnect that wrote it. The file was not changed."}
	}
	return nil
}

// checkReadable says whether the file can be read without migrating it.
func (d *DB) checkReadable(h header, o Options) error {
	if err := d.checkHeader(h, o); err != nil {
		return err
	}
	if newest := target(o.source()); h.version < newest {
		return &Error{What: "the case database cannot be read", kind: ErrReadOnly,
			Why: fmt.Sprintf("it has schema %d and must be brought up to %d first", h.version, newest),
			Do:  "Copy the whole folder to a place you can write, and open it there."}
	}
	return nil
}

func (o Options) source() fs.FS {
	if o.migrations != nil {
		return o.migrations
	}
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the path is a constant
	}
	return sub
}

// target is the number of the newest migration.
func target(source fs.FS) int64 {
	names, _ := fs.Glob(source, "*.sql")
	var newest int64
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}

// prepare brings the file to the schema of this program. It looks at it
// through a connection that cannot write, so that what is refused is not
// touched.
func (d *DB) prepare(ctx context.Context, o Options) error {
	h, err := d.inspect(ctx, o, true)
	if err != nil {
		return err
	}
	if h.version == target(o.source()) {
		return nil
	}
	unlock, err := d.lock(ctx, o)
	if err != nil {
		return err
	}
	defer unlock()
	// Another program may have migrated it while this one waited.
	if h, err = d.inspect(ctx, o, false); err != nil || h.version == target(o.source()) {
		return err
	}
	return d.migrate(ctx, o, h)
}

// inspect reads and checks the header and, if asked, the pages.
func (d *DB) inspect(ctx context.Context, o Options, pages bool) (header, error) {
	h, err := d.look(ctx, o, pages, access{busy: o.busy, readOnly: true})
	var coded *sqlite.Error
	if errors.As(err, &coded) && coded.Code()&0xff == sqlite3.SQLITE_READONLY {
		// A transaction was cut off and must be rolled back before anything
		// can be read. That restores what was saved, and does no more.
		h, err = d.look(ctx, o, pages, access{busy: o.busy, asIs: true})
	}
	return h, err
}

func (d *DB) look(ctx context.Context, o Options, pages bool, a access) (header, error) {
	const what = "the case database cannot be opened"
	db, err := connect(dsn(d.path, a))
	if err != nil {
		return header{}, d.explain(what, err)
	}
	defer db.Close()
	h, err := readHeader(ctx, db)
	if err != nil {
		return h, d.explain(what, err)
	}
	if err := d.checkHeader(h, o); err != nil {
		return h, err
	}
	if pages && h.size <= checkAtStart {
		return h, d.explain(what, quickCheck(ctx, db, d.path))
	}
	return h, nil
}

// quickCheck returns nil if the pages of the database agree with each other.
func quickCheck(ctx context.Context, db *sql.DB, path string) error {
	var answer string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return corrupt("the case database cannot be used", path, errors.New(answer))
	}
	return nil
}

// migrate runs the migrations that are missing, each in its own transaction,
// with a verified copy of the file as it was before each.
func (d *DB) migrate(ctx context.Context, o Options, h header) error {
	const what = "the case database cannot be brought up to date"
	if h.pages == 0 {
		if err := d.stamp(ctx, o); err != nil {
			return d.explain("the case database cannot be made", err)
		}
	}
	db, err := connect(dsn(d.path, access{busy: o.busy, network: d.network}))
	if err != nil {
		return d.explain(what, err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, o.source(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return d.explain(what, err)
	}
	for v := h.version; v < target(o.source()); {
		if h.version > 0 { // what was empty has nothing to lose
			if err := d.backup(ctx, db, v); err != nil {
				return err
			}
		}
		r, err := provider.UpByOne(ctx)
		if err != nil {
			return d.explain(what, err)
		}
		v = r.Source.Version
	}
	return nil
}

// stamp marks an empty file as ours before WAL is chosen, because choosing it
// writes the first page by itself: so the file is empty or ours at every
// moment, whoever looks and whenever the power goes.
func (d *DB) stamp(ctx context.Context, o Options) error {
	db, err := connect(dsn(d.path, access{busy: o.busy, asIs: true}))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return err
}

// backup copies the database as of version v and checks the copy.
func (d *DB) backup(ctx context.Context, db *sql.DB, v int64) error {
	const what = "the case database was not brought up to date: no backup of it could be made"
	dir := filepath.Join(d.dir, backupsName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explainFile(what, dir, err)
	}
	name := fmt.Sprintf("schema-%d-%s.db", v, d.now().UTC().Format("20060102T150405.000"))
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return explainFile(what, dir, err)
	}
	err = errors.Join(f.Chmod(0o600), d.copyTo(ctx, db, path), f.Sync(), f.Close())
	if err != nil {
		_ = os.Remove(path) // half a backup is worse than none
		return d.explain(what, err)
	}
	return nil
}

func (d *DB) copyTo(ctx context.Context, db *sql.DB, path string) error {
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?1", path); err != nil {
		return err
	}
	db, err := connect(dsn(path, access{readOnly: true}))
	if err != nil {
		return err
	}
	defer db.Close()
	return quickCheck(ctx, db, path)
}

// lock makes programs that start at the same time migrate one after another.
// It is not needed for anything else.
func (d *DB) lock(ctx context.Context, o Options) (unlock func(), err error) {
	const what = "the case database cannot be brought up to date"
	f, err := os.OpenFile(filepath.Join(d.dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, explainFile(what, d.dir, err)
	}
	busy := o.busy
	if busy == 0 {
		busy = busyTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, busy, &Error{What: what, Why: "another reconnect is doing it", kind: ErrLocked,
		Do: "Wait until it is ready, then start again."})
	defer cancel()
	ask := time.NewTicker(20 * time.Millisecond)
	defer ask.Stop()
	for {
		ok, err := private.TryLock(f)
		if ok {
			return func() { _ = f.Close() }, nil
		}
		if err != nil {
			_ = f.Close()
			return nil, explainFile(what, d.dir, err)
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, context.Cause(ctx)
		case <-ask.C:
		}
	}
}
