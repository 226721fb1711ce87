package app_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// The benchmarks here measure what a person waits for, each time beside the least
// it could cost: a bare program of the same kind, in the same run. The two take
// turns, so that a slow moment of the machine meets both, and what counts is the
// ratio of the medians, ×bare. For figures to rely on:
//
//	go test ./app -run '^$' -bench . -benchtime 100x

// BenchmarkFirstFrame starts the program on a case, until its first text is
// painted and until the case's step is. The database is opened in between.
func BenchmarkFirstFrame(b *testing.B) {
	bin, bare := ptytest.Build(b), compiled(b, "bare")
	home, data := b.TempDir(), b.TempDir()
	id := caseAtReconnect(b, data)
	var ours, step, theirs times
	for b.Loop() {
		theirs.add(func() *ptytest.Terminal {
			return ptytest.Start(b, ptytest.Options{Bin: bare, Home: home}).Sees("bare")
		}, leave)
		from := time.Now()
		ours.add(func() *ptytest.Terminal {
			return ptytest.Start(b, ptytest.Options{Bin: bin, Args: []string{"--case", id, "--data", data}, Home: home}).Sees("reconnect")
		}, func(x *ptytest.Terminal) {
			x.Sees("▸   1")
			step = append(step, time.Since(from))
			leave(x)
		})
	}
	report(b, "text", ours, theirs)
	report(b, "step", step, theirs)
}

// BenchmarkKey presses a key until the screen shows what it did. Bubble Tea paints
// sixty times a second, so both wait for that; a person's keys come at any moment
// between two paints, and so do these.
func BenchmarkKey(b *testing.B) {
	data := b.TempDir()
	id := caseAtReconnect(b, data)
	x := ptytest.Start(b, ptytest.Options{Bin: ptytest.Build(b), Args: []string{"--case", id, "--data", data}}).Sees("▸   1")
	y := ptytest.Start(b, ptytest.Options{Bin: compiled(b, "bare")}).Sees("▸ row 0")
	var ours, theirs times
	for b.Loop() {
		for _, key := range []struct{ name, ours, bare string }{{"j", "▸   2", "▸ row 1"}, {"k", "▸   1", "▸ row 0"}} {
			time.Sleep(rand.N(time.Second / 60))
			theirs.add(func() *ptytest.Terminal { return y.Press(key.name).Sees(key.bare) }, nil)
			time.Sleep(rand.N(time.Second / 60))
			ours.add(func() *ptytest.Terminal { return x.Press(key.name).Sees(key.ours) }, nil)
		}
	}
	report(b, "paint", ours, theirs)
	leave(x)
	leave(y)
}

// BenchmarkAnswer has an answer taken and made durable, and the next page made,
// beside one row inserted durably into a database of its own. The case is as long
// as cases are.
func BenchmarkAnswer(b *testing.B) {
	const length = 40
	insert := bareInsert(b)
	data := b.TempDir()
	db, err := store.Open(b.Context(), data, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	s := &session.Session{Log: db, Now: time.Now, By: text.Const("bench"), Audience: platforms.Own, Dir: data}
	var v session.View
	var ours, theirs times
	for b.Loop() {
		if v.Case == "" || len(v.Log) >= length {
			v = atReconnect(b, s)
		}
		theirs.add(func() *ptytest.Terminal { insert(); return nil }, nil)
		tick := screens.Answer{Page: v.Page.Name, Tick: v.Page.Do[0].ID}
		ours.add(func() *ptytest.Terminal {
			if v, err = s.Answer(b.Context(), v, tick); err != nil {
				b.Fatal(err)
			}
			return nil
		}, nil)
	}
	report(b, "answer", ours, theirs)
}

// BenchmarkStart runs what opens no case, as a whole process, beside a program
// that says hello. What makes the difference is package-level initialisation; who
// costs what: GODEBUG=inittrace=1 reconnect --version
func BenchmarkStart(b *testing.B) {
	bin, hello := ptytest.Build(b), compiled(b, "hello")
	run := func(name string, args ...string) func() *ptytest.Terminal {
		return func() *ptytest.Terminal {
			if err := exec.CommandContext(b.Context(), name, args...).Run(); err != nil {
				b.Fatal(err)
			}
			return nil
		}
	}
	for _, flag := range []string{"--version", "--help"} {
		b.Run(flag[2:], func(b *testing.B) {
			var ours, theirs times
			for b.Loop() {
				theirs.add(run(hello), nil)
				ours.add(run(bin, flag), nil)
			}
			report(b, "run", ours, theirs)
		})
	}
}

// times are how long something took, again and again.
type times []time.Duration

// add times do, and hands what it gave to after, which is not timed.
func (ts *times) add(do func() *ptytest.Terminal, after func(*ptytest.Terminal)) {
	from := time.Now()
	x := do()
	*ts = append(*ts, time.Since(from))
	if after != nil {
		after(x)
	}
}

func (ts times) median() time.Duration {
	sorted := slices.Sorted(slices.Values(ts))
	return sorted[len(sorted)/2]
}

// report reports the medians, in milliseconds, and their ratio.
func report(b *testing.B, what string, ours, bare times) {
	mine, theirs := ours.median(), bare.median()
	b.ReportMetric(0, "ns/op") // would be all of it together
	b.ReportMetric(float64(mine.Microseconds())/1000, what+"-ms")
	b.ReportMetric(float64(theirs.Microseconds())/1000, "bare-ms")
	b.ReportMetric(float64(mine)/float64(theirs), what+"×bare")
}

// leave ends a full-screen program.
func leave(x *ptytest.Terminal) { x.Press("q").Wait() }

// compiled builds one of the programs in testdata to compare with.
func compiled(b *testing.B, name string) string {
	b.Helper()
	bin := filepath.Join(b.TempDir(), name)
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", bin, "./testdata/"+name).CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// caseAtReconnect makes a case in data and returns its id.
func caseAtReconnect(b *testing.B, data string) string {
	b.Helper()
	db, err := store.Open(b.Context(), data, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	v := atReconnect(b, &session.Session{Log: db, Now: time.Now, Audience: platforms.Own, Dir: data})
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return v.Case
}

// atReconnect opens a case and answers up to its first try.
func atReconnect(b *testing.B, s *session.Session) session.View {
	b.Helper()
	v, err := s.New(b.Context(), platforms.Facebook)
	for _, values := range []map[string]string{
		{string(platforms.Facebook): string(platforms.Red)}, {}, {"account": account, "use": login},
	} {
		if err == nil {
			v, err = s.Answer(b.Context(), v, screens.Answer{Page: v.Page.Name, Values: values})
		}
	}
	if err != nil || v.State.Place != ladder.AtReconnect {
		b.Fatalf("at %s: %v", v.State.Place, err)
	}
	return v
}

// bareInsert is the least a durable row can cost: a table without an index, one
// prepared INSERT that commits by itself, as durable as the store.
func bareInsert(b *testing.B) func() {
	b.Helper()
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(1)", "trusted_schema(0)", "cell_size_check(1)"}}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(b.TempDir(), "bare.db"))+"?"+q.Encode())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	ctx := context.Background()
	if _, err := db.ExecContext(ctx, "CREATE TABLE events (n INTEGER PRIMARY KEY, case_id TEXT, seq INT, at INT, kind TEXT, by TEXT, data TEXT) STRICT"); err != nil {
		b.Fatal(err)
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO events (case_id, seq, at, kind, by, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = insert.Close() })
	n := 0
	return func() {
		n++
		if _, err := insert.ExecContext(ctx, "case", n, time.Now().UnixMilli(), "step.ticked", "bench", `{"place":"reconnect","item":"log-in"}`); err != nil {
			b.Fatal(err)
		}
	}
}
