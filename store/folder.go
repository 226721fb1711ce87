package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"reconnect/store/private"
)

// makeFolder makes the folder and an empty database in it, or checks what is
// there. The database exists before SQLite opens it, because SQLite gives the
// files beside it the mode it finds.
func makeFolder(dir, path string) error {
	const what = "the data folder cannot be used"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explainFile(what, dir, err)
	}
	if err := tightenFolder(dir, path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist): // and is not opened: closing it would drop SQLite's locks
	case errors.Is(err, fs.ErrPermission):
		return unwritable(what, dir, err)
	case err != nil:
		return explainFile(what, dir, err)
	default:
		err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close(), syncNew(dir))
		if err != nil {
			return explainFile(what, dir, err)
		}
	}
	if err := checkFile(path); err != nil {
		return err
	}
	for _, p := range []string{path, dir} {
		if err := private.MayWrite(p); err != nil {
			return unwritable(what, p, err)
		}
	}
	return tightenFile(path)
}

// syncNew makes a new folder's name, and the names in it, durable.
func syncNew(dir string) error {
	for _, d := range []string{dir, filepath.Dir(dir)} {
		root, err := os.OpenRoot(d)
		if errors.Is(err, fs.ErrPermission) {
			continue // a parent may be closed to us; then we did not make the folder
		}
		if err != nil {
			return err
		}
		if err := errors.Join(private.SyncDir(root, "."), root.Close()); err != nil {
			return err
		}
	}
	return nil
}

// tightenFolder takes the folder away from others. One that others may read
// and that holds other things (a home folder, say) is left as it is: our
// files in it are 0600 anyway. One that others may write is refused.
func tightenFolder(dir, path string) error {
	fi, err := os.Stat(dir)
	if err != nil {
		return explainFile("the data folder cannot be used", dir, err)
	}
	if !private.OthersMay(fi, 0o077) {
		return nil
	}
	if !private.Owned(fi) {
		return foreign("the data folder cannot be used", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return explainFile("the data folder cannot be used", dir, err)
	}
	if _, err := os.Lstat(path); err == nil || len(entries) == 0 {
		if err := os.Chmod(dir, fi.Mode().Perm()&^0o077); err != nil {
			return unwritable("the data folder cannot be used", dir, err)
		}
		return nil
	}
	if private.OthersMay(fi, 0o022) {
		return &Error{What: "the data folder cannot be used", Why: fmt.Sprintf("others may write in %s", dir),
			Do: "Choose an empty folder with --data, or chmod 700 this one.", kind: ErrPermission}
	}
	return nil
}

// tightenFile takes the database away from others.
func tightenFile(path string) error {
	fi, err := os.Lstat(path)
	if err == nil && private.OthersMay(fi, 0o077) {
		err = os.Chmod(path, fi.Mode().Perm()&0o600)
	}
	if err != nil {
		return explainFile("the case database cannot be used", path, err)
	}
	return nil
}

// checkFile refuses what is no regular file of this user.
func checkFile(path string) error {
	const what = "the case database cannot be used"
	fi, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{What: what, Why: fmt.Sprintf("%s does not exist", path), kind: ErrMissing, Err: err,
			Do: "Check the folder given with --data, or start reconnect once to make it."}
	case err != nil:
		return explainFile(what, path, err)
	case fi.Mode()&fs.ModeSymlink != 0:
		return &Error{What: what, Why: fmt.Sprintf("%s is a symbolic link", path), kind: ErrSymlink,
			Do: "Put the file itself there, or choose the folder it really lies in with --data."}
	case !fi.Mode().IsRegular():
		return &Error{What: what, Why: fmt.Sprintf("%s is not a regular file", path), kind: ErrForeign,
			Do: "Move it away, or choose another folder with --data."}
	case !private.Owned(fi):
		return foreign(what, path)
	}
	return nil
}

func foreign(what, path string) error {
	return &Error{What: what, Why: fmt.Sprintf("%s belongs to another user", path), kind: ErrPermission,
		Do: "Choose a folder of your own with --data, or start reconnect as that user."}
}
