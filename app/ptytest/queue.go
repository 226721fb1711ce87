package ptytest

import (
	"io"
	"sync"
)

// A queue takes bytes without ever waiting and writes them in order. Keys and
// the emulator's answers go through one, so a program that does not read
// cannot bring the emulator, or the test, to a stop.
type queue struct {
	mu     sync.Mutex
	filled *sync.Cond
	bytes  []byte
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.filled = sync.NewCond(&q.mu)
	return q
}

func (q *queue) add(p []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes = append(q.bytes, p...)
	q.filled.Signal()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}

// writeTo writes until the queue is closed or w fails.
func (q *queue) writeTo(w io.Writer) {
	for {
		q.mu.Lock()
		for len(q.bytes) == 0 && !q.closed {
			q.filled.Wait()
		}
		p, closed := q.bytes, q.closed
		q.bytes = nil
		q.mu.Unlock()
		if closed {
			return
		}
		if _, err := w.Write(p); err != nil {
			return
		}
	}
}
