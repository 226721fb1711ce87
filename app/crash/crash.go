// Package crash turns a fault of the program itself into an error for a person.
//
// Never here: what was typed or shown. A crash goes into bug reports, so it says
// where the fault is and of which sort, and nothing that a panic carried along.
package crash

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
)

// An Error is a fault of the program: the sort of panic and its place in the source.
type Error struct{ Sort, Where string }

// Error says what happened, what is safe, and what to do.
func (e *Error) Error() string {
	return fmt.Sprintf("reconnect itself failed: %s at %s. Everything answered before is saved. Start it again; if it fails again, report this line", e.Sort, e.Where)
}

// Of is the error for what recover gave; nil for nil. It is called in the deferred
// function that recovered, while the stack of the panic is still there.
func Of(recovered any) error {
	if recovered == nil {
		return nil
	}
	return &Error{Sort: sort(recovered), Where: where()}
}

// Go runs f beside the caller. A panic in f goes to caught and ends nothing else.
func Go(f func(), caught func(error)) {
	go func() {
		defer func() {
			if err := Of(recover()); err != nil {
				caught(err)
			}
		}()
		f()
	}()
}

// sort names a panic without its words: only those of the Go runtime are known
// to hold numbers and types and nothing else.
func sort(recovered any) string {
	var fault runtime.Error
	if err, ok := recovered.(error); ok && errors.As(err, &fault) {
		return strings.TrimPrefix(fault.Error(), "runtime error: ")
	}
	return fmt.Sprintf("panic of type %T", recovered)
}

// where is the place in this program that panicked, or called what did.
func where() string {
	calls := make([]uintptr, 64)
	frames := runtime.CallersFrames(calls[:runtime.Callers(1, calls)])
	panicked := false
	for {
		frame, more := frames.Next()
		if panicked && strings.HasPrefix(frame.Function, "reconnect/") {
			return fmt.Sprintf("%s:%d", path.Join(folder(frame.Function), path.Base(frame.File)), frame.Line)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return "an unknown place"
		}
	}
}

// folder is the package's folder in the name of one of its functions.
func folder(function string) string {
	dir, name := path.Split(function)
	name, _, _ = strings.Cut(name, ".")
	return strings.TrimPrefix(dir+name, "reconnect/")
}
