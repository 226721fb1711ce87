package ptytest

import (
	"fmt"
	"runtime"
	"testing"
)

// failing is a test that is expected to fail: it keeps what it was told.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Fatalf(format string, values ...any) {
	f.said = fmt.Sprintf(format, values...)
	runtime.Goexit()
}

func (f *failing) Fatal(values ...any) {
	f.said = fmt.Sprint(values...)
	runtime.Goexit()
}

// failure runs do to its failure and returns what it said.
func failure(t *testing.T, do func(testing.TB)) string {
	t.Helper()
	f := &failing{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(f)
	}()
	<-done
	if f.said == "" {
		t.Error("did not fail")
	}
	return f.said
}
