package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// bare is the least a durable row can cost: a table without an index, one
// prepared INSERT that commits by itself, the same pragmas.
func bare(b *testing.B) func() {
	b.Helper()
	db, err := connect(dsn(filepath.Join(b.TempDir(), "bare.db"), access{}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.ExecContext(b.Context(), "CREATE TABLE events (n INTEGER PRIMARY KEY, case_id TEXT, seq INT, at INT, kind TEXT, by TEXT, data TEXT) STRICT"); err != nil {
		b.Fatal(err)
	}
	insert, err := db.PrepareContext(b.Context(), "INSERT INTO events (case_id, seq, at, kind, by, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	return func() {
		n++
		if _, err := insert.ExecContext(b.Context(), "case", n, time.Now().UnixMilli(), "k", "person", `{"n":1}`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareInsert(b *testing.B) {
	insert := bare(b)
	for b.Loop() {
		insert()
	}
}

// BenchmarkAppend times a durable append of one event with its summary, in
// turn with a bare insert into another file, so that both meet the same disk.
func BenchmarkAppend(b *testing.B) {
	insert := bare(b)
	d := open(b, b.TempDir(), Options{})
	var ours, theirs []time.Duration
	seq := 0
	for b.Loop() {
		b.StopTimer()
		t0 := time.Now()
		insert()
		theirs = append(theirs, time.Since(t0))
		a := sample("case", seq, 1)
		b.StartTimer()
		t0 = time.Now()
		if _, err := d.Append(b.Context(), a); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(t0))
		seq++
	}
	for _, p := range []int{50, 99} {
		mine, other := percentile(ours, p), percentile(theirs, p)
		b.ReportMetric(float64(mine)/float64(other), fmt.Sprintf("x-bare-p%d", p))
		b.ReportMetric(float64(other), fmt.Sprintf("bare-p%d-ns", p))
	}
}

func percentile(all []time.Duration, p int) time.Duration {
	slices.Sort(all)
	return all[len(all)*p/100]
}

// stocked is a store of n cases with three events each, every tenth open.
func stocked(b *testing.B, n int) *DB {
	b.Helper()
	d := open(b, b.TempDir(), Options{})
	for from := 0; from < n; from += 500 {
		var some []Append
		for i := from; i < min(n, from+500); i++ {
			a := sample(fmt.Sprintf("case-%06d", i*7919%n), 0, 3)
			a.Summary.Open = i%10 == 0
			some = append(some, a)
		}
		if _, err := d.Append(b.Context(), some...); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

func BenchmarkCases(b *testing.B) {
	for _, n := range []int{1_000, 30_000} {
		d := stocked(b, n)
		for name, q := range map[string]Query{"first": {}, "deep": {Before: int64(n)}, "open": {Open: true, Before: int64(n)}} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if page, err := d.Cases(b.Context(), q); err != nil || len(page) == 0 {
						b.Fatal(len(page), err)
					}
				}
			})
		}
	}
}

func BenchmarkEvents(b *testing.B) {
	d := stocked(b, 10_000)
	if _, err := d.Append(b.Context(), sample("long", 0, 60)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if events, err := d.Events(b.Context(), "long", 0); err != nil || len(events) != 60 {
			b.Fatal(len(events), err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := filledFast(b, n)
			for b.Loop() {
				d, err := Open(b.Context(), dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				_ = d.Close()
				b.StartTimer()
			}
		})
	}
}

func filledFast(b *testing.B, n int) string {
	b.Helper()
	d := stocked(b, n)
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	return d.dir
}

func BenchmarkChanges(b *testing.B) {
	d := open(b, b.TempDir(), Options{})
	for b.Loop() {
		if _, err := d.Changes(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
