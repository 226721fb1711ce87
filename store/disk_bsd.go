//go:build darwin || freebsd || dragonfly

package store

import "golang.org/x/sys/unix"

// onNetwork says whether the folder lies on a network file system. What
// cannot be asked is taken for a local disk.
func onNetwork(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && st.Flags&unix.MNT_LOCAL == 0
}

// freeDisk is what this user may still write, in bytes; -1: unknown.
func freeDisk(dir string) int64 {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return -1
	}
	return int64(st.Bavail) * int64(st.Bsize)
}
