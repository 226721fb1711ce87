//go:build unix

package private

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const dirsSync = true

// Owned says whether the file belongs to the user the program runs as.
func Owned(fi fs.FileInfo) bool {
	st, ok := fi.Sys().(*syscall.Stat_t)
	return ok && int64(st.Uid) == int64(os.Geteuid())
}

// OthersMay says whether the mode has any of the bits.
func OthersMay(fi fs.FileInfo, bits fs.FileMode) bool { return fi.Mode().Perm()&bits != 0 }

// MayWrite says why path cannot be written. The file is not opened, because closing
// it would drop the locks SQLite holds on it.
func MayWrite(path string) error {
	return unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK, unix.AT_EACCESS)
}

// IsQuota tells whether err says that the user has no room left.
func IsQuota(err error) bool { return errors.Is(err, unix.EDQUOT) }

// TryLock takes the lock file or says that somebody else has it, in this program or
// another. It goes with the file.
func TryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
