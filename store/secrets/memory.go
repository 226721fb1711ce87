package secrets

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// A memory keeps secrets until the program ends, and nobody else sees them.
type memory struct {
	wait time.Duration // for a lock

	mu   sync.Mutex
	all  map[string]Secret
	held map[string]chan struct{} // the locks of the names; a token in it: taken
}

func newMemory(wait time.Duration) *memory {
	return &memory{wait: wait, all: map[string]Secret{}, held: map[string]chan struct{}{}}
}

func (m *memory) where() string { return "memory, until the program ends" }

func (m *memory) ready(ctx context.Context) error { return ctx.Err() }

func (m *memory) ask(ctx context.Context, _ bool) error { return ctx.Err() }

func (m *memory) get(_ context.Context, name string) (Secret, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.all[name]; ok {
		return s.clone(), nil
	}
	return Secret{}, unknown(m.where())
}

func (m *memory) put(_ context.Context, name string, s Secret) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[name].Wipe()
	m.all[name] = s.clone()
	return nil
}

func (m *memory) drop(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[name].Wipe()
	delete(m.all, name)
	return nil
}

func (m *memory) names(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.all)), nil
}

func (m *memory) lock(ctx context.Context, name string) (func(), error) {
	m.mu.Lock()
	held, ok := m.held[name]
	if !ok {
		held = make(chan struct{}, 1)
		m.held[name] = held
	}
	m.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, m.wait, busy(m.wait))
	defer cancel()
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (m *memory) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.all {
		s.Wipe()
	}
	clear(m.all)
}
