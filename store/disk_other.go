//go:build !linux && !darwin && !freebsd && !dragonfly && !windows

package store

// onNetwork cannot tell here, and takes every folder for a network file
// system: a journal without shared memory is right on both kinds.
func onNetwork(string) bool { return true }

// freeDisk is unknown here.
func freeDisk(string) int64 { return -1 }
