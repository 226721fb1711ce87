//go:build !linux

package app_test

func systemChildren() map[string]func() int { return nil }
