// Package private is what a system says of a file or folder that is for one user
// alone: whose it is, who may read it, who holds its lock, and how its name becomes
// durable.
//
// Here live the differences between systems that the store and the secrets share.
// Never here: what to do about an answer, or words for a person.
package private

import (
	"errors"
	"os"
)

// SyncDir makes the names in a folder of root durable, where a folder can be synced.
func SyncDir(root *os.Root, dir string) error {
	if !dirsSync {
		return nil
	}
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
