//go:build !linux

package secrets

import "context"

// standing: the system's keyring is always there; the first call says the rest.
func (system) standing(context.Context) error { return nil }

func isLocked(error) bool { return false }

func busError(error) string { return "" }
