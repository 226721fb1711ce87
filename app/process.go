package app

import (
	"context"
	"io"
	"os"

	"reconnect/app/crash"
)

// settle prepares the process before anything else runs: no library traces to a
// file, and new files are the person's own.
func settle() {
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		_ = os.Unsetenv(name) // only fails for a name that is none
	}
	private()
}

// An input reads until its context ends. A read of a terminal cannot be called
// off, so it waits beside: a signal is answered at once.
type input struct {
	ctx    context.Context
	chunks chan chunk
	rest   []byte
	err    error // what the last read ended with
}

// A chunk is one read.
type chunk struct {
	bytes []byte
	err   error
}

func newInput(ctx context.Context, r io.Reader) *input {
	in := &input{ctx: ctx, chunks: make(chan chunk)}
	crash.Go(func() { in.fill(r) }, func(err error) { in.give(chunk{err: err}) })
	return in
}

// fill reads r to its end.
func (in *input) fill(r io.Reader) {
	for {
		bytes := make([]byte, 4096)
		n, err := r.Read(bytes)
		if !in.give(chunk{bytes[:n], err}) || err != nil {
			return
		}
	}
}

// give hands c over, and tells whether anybody still reads.
func (in *input) give(c chunk) bool {
	select {
	case in.chunks <- c:
		return true
	case <-in.ctx.Done():
		return false
	}
}

// Read reads what was typed, or ends with the context.
func (in *input) Read(into []byte) (int, error) {
	for len(in.rest) == 0 && in.err == nil {
		select {
		case c := <-in.chunks:
			in.rest, in.err = c.bytes, c.err
		case <-in.ctx.Done():
			return 0, in.ctx.Err()
		}
	}
	if len(in.rest) == 0 {
		return 0, in.err
	}
	n := copy(into, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}
