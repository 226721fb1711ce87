package crash_test

import (
	"errors"
	"strings"
	"testing"

	"reconnect/app/crash"
)

// A crash says its sort and its place, and nothing that the panic held.
func TestErrorHoldsNoWords(t *testing.T) {
	const secret = "EAABsbCS1234567890abcdefghij"
	var none []string
	for name, fault := range map[string]struct {
		run  func()
		sort string
	}{
		"words":   {func() { panic(secret) }, "panic of type string"},
		"error":   {func() { panic(errors.New(secret)) }, "panic of type *errors.errorString"},
		"runtime": {func() { _ = none[len(secret)] }, "index out of range [28] with length 0"},
	} {
		t.Run(name, func(t *testing.T) {
			caught := make(chan error, 1)
			crash.Go(fault.run, func(err error) { caught <- err })
			said := (<-caught).Error()
			if strings.Contains(said, secret) || !strings.Contains(said, fault.sort) || !strings.Contains(said, "crash_test/crash_test.go:") && !strings.Contains(said, "crash_test.go:") {
				t.Errorf("says %q", said)
			}
		})
	}
}
