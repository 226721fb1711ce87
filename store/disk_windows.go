package store

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// onNetwork says whether the folder lies on a network drive. What cannot be
// asked is taken for a local disk.
func onNetwork(dir string) bool {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(dir) + `\`)
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

// freeDisk is what this user may still write, in bytes; -1: unknown.
func freeDisk(dir string) int64 {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return -1
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(name, &free, nil, nil) != nil {
		return -1
	}
	return int64(free)
}
