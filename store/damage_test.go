package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Whatever is flipped in the file: an answer or an error, never a panic, and
// never no end.
func TestDamaged(t *testing.T) {
	copies := 300
	if n, err := strconv.Atoi(os.Getenv("RECONNECT_DAMAGED")); err == nil {
		copies = n
	}
	if testing.Short() {
		copies = 30
	}
	whole, err := os.ReadFile(filepath.Join(filled(t, 20), fileName))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	refused := 0
	for range copies {
		b := append([]byte(nil), whole...)
		for range 1 + random.IntN(40) {
			b[random.IntN(len(b))] = byte(random.Uint32())
		}
		if random.IntN(10) == 0 {
			b = b[:random.IntN(len(b))]
		}
		clearFolder(t, dir)
		if err := os.WriteFile(filepath.Join(dir, fileName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{true, false} {
			if err := exercise(t.Context(), dir, readOnly); errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("seed %d: no end", seed)
			} else if err != nil {
				refused++
				checkWords(t, err)
			}
		}
	}
	t.Logf("seed %d: %d of %d openings ended in an error", seed, refused, 2*copies)
}

// exercise opens a store and uses all of it, up to the first error.
func exercise(ctx context.Context, dir string, readOnly bool) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	d, err := Open(ctx, dir, Options{ReadOnly: readOnly})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if _, err := d.Info(ctx); err != nil {
		return err
	}
	all, err := d.Cases(ctx, Query{})
	if err != nil {
		return err
	}
	for _, s := range all {
		if _, err := d.Events(ctx, s.ID, 0); err != nil {
			return err
		}
		if readOnly {
			continue
		}
		if _, err := d.Append(ctx, sample(s.ID, s.Seq, 1)); err != nil {
			return err
		}
	}
	_, err = d.Changes(ctx)
	return err
}

func clearFolder(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

func checkWords(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.What == "" || e.Do == "" {
		t.Errorf("error %v does not say what to do", err)
	}
}
