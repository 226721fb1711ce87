//go:build unix

package secrets

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const dirsSync = true

// owned says whether the file belongs to the user the program runs as.
func owned(fi fs.FileInfo) bool {
	st, ok := fi.Sys().(*syscall.Stat_t)
	return ok && int64(st.Uid) == int64(os.Geteuid())
}

// othersMay says whether the mode has any of the bits.
func othersMay(fi fs.FileInfo, bits fs.FileMode) bool { return fi.Mode().Perm()&bits != 0 }

func isQuota(err error) bool { return errors.Is(err, unix.EDQUOT) }

// tryLock takes the lock file or says that somebody else has it, in this
// program or another. It goes with the file.
func tryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
