package secrets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"reconnect/store/private"
)

const (
	folderName = "secrets" // in the state folder
	maxFile    = 1 << 20   // bytes of a file that is read
	filesLock  = "files"   // held while a file is changed; last after a lock of a name
)

// A folder holds the files of this package, readable by this user only. It is
// made by the first write.
type folder struct {
	state string            // the state folder
	wait  time.Duration     // for a lock
	at    func(step string) // for tests: told how far a write is; may be nil
}

func (f folder) path(name string) string { return filepath.Join(f.state, folderName, name) }

// open gives the folder, checked. If there is none it makes one, or gives nil.
func (f folder) open(create bool) (*os.Root, error) {
	path := f.path("")
	if create {
		if err := os.MkdirAll(f.state, 0o700); err != nil {
			return nil, explainFile(f.state, err)
		}
	}
	if fi, err := os.Stat(f.state); err == nil && private.OthersMay(fi, 0o022) {
		return nil, fault(ErrPermission, fmt.Sprintf("others may write in %s", f.state),
			"Choose an empty folder with --data, or chmod 700 this one.")
	}
	if create {
		err := os.Mkdir(path, 0o700)
		if err == nil {
			err = errors.Join(os.Chmod(path, 0o700), syncPath(f.state)) // the umask may have taken bits we need
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, explainFile(f.state, err)
		}
	}
	fi, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explainFile(path, err)
	}
	if err := checkOwn(fi, path, fs.ModeDir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, explainFile(path, err)
	}
	opened, err := root.Stat(".")
	if err == nil && !os.SameFile(fi, opened) {
		err = fault(ErrSymlink, fmt.Sprintf("%s was exchanged meanwhile", path), "Find out who did that before you go on.")
	}
	if err == nil && private.OthersMay(opened, 0o077) {
		err = root.Chmod(".", 0o700)
	}
	if err != nil {
		_ = root.Close()
		return nil, explainFile(path, err)
	}
	return root, nil
}

// checkOwn refuses what is not of this sort (0: a regular file) and this user's.
func checkOwn(fi fs.FileInfo, path string, sort fs.FileMode) error {
	switch {
	case fi.Mode()&fs.ModeSymlink != 0:
		return fault(ErrSymlink, fmt.Sprintf("%s is a symbolic link", path),
			"Put the file itself there, or choose the folder it really lies in with --data.")
	case fi.Mode().Type() != sort:
		return fault(ErrDamaged, fmt.Sprintf("%s is not of the right sort (%s)", path, fi.Mode().Type()),
			"Move it away, or choose another folder with --data.")
	case !private.Owned(fi):
		return fault(ErrPermission, fmt.Sprintf("%s belongs to another user", path),
			"Choose a folder of your own with --data, or start reconnect as that user.")
	}
	return nil
}

// read gives the bytes of a file, nil if there is none.
func (f folder) read(name string) ([]byte, error) {
	root, err := f.open(false)
	if root == nil {
		return nil, err
	}
	defer root.Close()
	path := f.path(name)
	fi, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explainFile(path, err)
	}
	if err := checkOwn(fi, path, 0); err != nil {
		return nil, err
	}
	if fi.Size() > maxFile {
		return nil, damaged(path, fmt.Sprintf("it has %d bytes, at most %d are possible", fi.Size(), maxFile))
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, explainFile(path, err)
	}
	raw, err := readOpened(file, fi, path)
	return raw, explainFile(path, errors.Join(err, file.Close()))
}

// readOpened reads the file that was checked, and takes it away from others.
func readOpened(file *os.File, checked fs.FileInfo, path string) ([]byte, error) {
	fi, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !os.SameFile(fi, checked):
		// Another program replaced it just now, which is how it is written: the
		// file that is open is checked in its place.
		if err := checkOwn(fi, path, 0); err != nil {
			return nil, err
		}
	}
	if private.OthersMay(fi, 0o077) {
		if err := file.Chmod(0o600); err != nil {
			return nil, err
		}
	}
	raw, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err == nil && raw == nil {
		raw = []byte{}
	}
	return raw, err
}

// write puts a whole file in the place of the old one, or leaves the old one as
// it is. The caller holds the lock of the files.
func (f folder) write(name string, data []byte) error {
	root, err := f.open(true)
	if err != nil {
		return err
	}
	defer root.Close()
	next := name + ".new"
	if err := root.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a write that was cut off
		return explainFile(f.path(next), err)
	}
	err = f.writeNew(root, next, data)
	if err == nil {
		f.step("synced")
		err = root.Rename(next, name)
	}
	if err != nil {
		_ = root.Remove(next)
		return explainFile(f.path(name), err)
	}
	f.step("renamed")
	return explainFile(f.path(name), private.SyncDir(root, "."))
}

func (f folder) writeNew(root *os.Root, name string, data []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	f.step("created")
	_, err = file.Write(data[:len(data)/2])
	if err == nil {
		f.step("half")
		_, err = file.Write(data[len(data)/2:])
	}
	return errors.Join(err, file.Chmod(0o600), file.Sync(), file.Close())
}

func (f folder) step(name string) {
	if f.at != nil {
		f.at(name)
	}
}

// remove deletes a file. The caller holds the lock of the files.
func (f folder) remove(name string) error {
	root, err := f.open(false)
	if root == nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explainFile(f.path(name), err)
	}
	return explainFile(f.path(name), private.SyncDir(root, "."))
}

// lock waits until nobody else holds what, in this program or another, and
// takes it. A program that ends, however it ends, lets go of its locks.
func (f folder) lock(ctx context.Context, what string) (unlock func(), err error) {
	root, err := f.open(true)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := what + ".lock" // stays: a lock file that is removed is no lock
	file, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = file.Chmod(0o600) // the umask may have taken bits that the next one needs
	}
	if err != nil {
		return nil, explainFile(f.path(name), err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.wait, busy(f.wait))
	defer cancel()
	ask := time.NewTicker(20 * time.Millisecond)
	defer ask.Stop()
	for {
		ok, err := private.TryLock(file)
		if ok {
			return func() { _ = file.Close() }, nil
		}
		if err == nil {
			select {
			case <-ask.C:
				continue
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		_ = file.Close()
		return nil, explainFile(f.path(name), err)
	}
}

func busy(wait time.Duration) error {
	return fault(ErrBusy, fmt.Sprintf("another reconnect is changing it, for more than %s", wait),
		"Wait until it is ready, or close it, then try again.")
}

// syncPath makes the names in the folder at dir durable.
func syncPath(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	return errors.Join(private.SyncDir(root, "."), root.Close())
}
