package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"reconnect/store/private"
)

// Kinds of failure, for errors.Is. Every one comes inside an [*Error].
var (
	ErrUnknownCase = errors.New("unknown case")
	ErrStale       = errors.New("the case moved on elsewhere")
	ErrTaken       = errors.New("the case id is taken")
	ErrInvalid     = errors.New("the record is not valid")
	ErrLocked      = errors.New("the database is locked")
	ErrCorrupt     = errors.New("the database is damaged")
	ErrForeign     = errors.New("the database belongs to another program")
	ErrNewer       = errors.New("the database is newer than the program")
	ErrReadOnly    = errors.New("the database cannot be written")
	ErrPermission  = errors.New("no permission")
	ErrSymlink     = errors.New("the database is a symbolic link")
	ErrMissing     = errors.New("there is no database")
	ErrFull        = errors.New("the disk takes no more")
	ErrDisk        = errors.New("the disk failed")
	ErrTooBig      = errors.New("the file is too big")
)

// An Error says what happened, why, and what to do next, in words for a
// person. errors.Is finds its kind (ErrLocked, ErrCorrupt …) and its cause.
type Error struct {
	What string // what happened: "the answer could not be saved"
	Why  string // "the disk is full"
	Do   string // whole sentences
	Err  error  // the cause, nil if there is none below

	kind error
}

// Error returns what happened, why and what to do on one line.
func (e *Error) Error() string {
	s := e.What
	if e.Why != "" {
		s += ": " + e.Why
	}
	if e.Do != "" {
		s += ". " + e.Do
	}
	return s
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.kind, e.Err} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// explain turns an error of SQLite or of the file system into an [*Error], by
// its code. What already is one, and the end of a context, stay as they are.
func (d *DB) explain(what string, err error) error {
	var own *Error
	var coded *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &coded):
		return d.explainCode(what, coded)
	}
	return explainFile(what, d.dir, err)
}

// explainCode tells the meaning of a result code (sqlite.org/rescode.html).
func (d *DB) explainCode(what string, err *sqlite.Error) *Error {
	e := &Error{What: what, Err: err}
	switch code := err.Code(); code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		e.kind, e.Why = ErrLocked, "another program has kept the case database locked"
		e.Do = "Close other windows of reconnect, backup or sync programs that use it, then try again."
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT:
		return corrupt(what, d.path, err)
	case sqlite3.SQLITE_READONLY:
		return unwritable(what, d.path, err)
	case sqlite3.SQLITE_FULL:
		return full(what, d.dir, err)
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN:
		e.kind, e.Why = ErrPermission, fmt.Sprintf("%s cannot be opened", d.path)
		e.Do = "Check that the folder exists and belongs to you, or choose another with --data."
	case sqlite3.SQLITE_IOERR:
		return d.explainIO(what, code, err)
	default:
		e.Why = fmt.Sprintf("SQLite answered with code %d", code)
		e.Do = "Run reconnect doctor and report what it prints."
	}
	return e
}

// explainIO tells an unfinished write from a disk that cannot be read. SQLite
// knows ENOSPC by itself; a quota or a size limit arrives as a failed write.
func (d *DB) explainIO(what string, code int, err error) *Error {
	switch code {
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE,
		sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC:
		return full(what, d.dir, err)
	case sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR_DATA, sqlite3.SQLITE_IOERR_SHORT_READ:
		return corrupt(what, d.path, err)
	}
	return &Error{What: what, Why: "the disk gave an error", kind: ErrDisk, Err: err,
		Do: fmt.Sprintf("Copy %s to another disk and check this one.", d.dir)}
}

// explainFile tells the meaning of an error of the file system.
func explainFile(what, path string, err error) *Error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG), private.IsQuota(err):
		return full(what, path, err)
	case errors.Is(err, syscall.EROFS):
		return unwritable(what, path, err)
	case errors.Is(err, fs.ErrPermission):
		return &Error{What: what, Why: fmt.Sprintf("%s is not yours to use", path), kind: ErrPermission, Err: err,
			Do: "Give yourself access to it, or choose another folder with --data."}
	}
	return &Error{What: what, Why: err.Error(), Do: "Run reconnect doctor and report what it prints.", Err: err}
}

func corrupt(what, path string, err error) *Error {
	return &Error{What: what, Why: fmt.Sprintf("%s is damaged or no database", path), kind: ErrCorrupt, Err: err,
		Do: fmt.Sprintf("Keep it: move it and the files beside it (-wal, -shm) to another folder. "+
			"Then put the newest file of %s in its place, if there is one, or start with an empty folder.",
			filepath.Join(filepath.Dir(path), backupsName))}
}

func unwritable(what, path string, err error) *Error {
	return &Error{What: what, Why: fmt.Sprintf("%s cannot be written", path), kind: ErrReadOnly, Err: err,
		Do: "Make it writable for you, or choose another folder with --data. Cases can still be read."}
}

func full(what, path string, err error) *Error {
	return &Error{What: what, Why: "the disk took no more data: it is full, over a quota or a size limit, or failing",
		kind: ErrFull, Err: err, Do: fmt.Sprintf("Free some space on the disk of %s, then try again. What was saved before is safe.", path)}
}

// needsShared says whether a read-only open failed because the shared memory
// of WAL could not be made or used.
func needsShared(err error) bool {
	var coded *sqlite.Error
	if !errors.As(err, &coded) {
		return false
	}
	switch coded.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR:
		return true
	}
	return false
}
