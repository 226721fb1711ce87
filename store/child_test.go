package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests start this binary again as another program on the same store;
// the variable says what it shall do.
const childVar = "RECONNECT_STORE_TEST_CHILD"

var children = map[string]func(dir, arg string) error{
	"hold":   childHold,
	"append": childAppend,
	"write":  childWrite,
	"fsize":  childFullDisk,
}

func TestMain(m *testing.M) {
	if task, ok := children[os.Getenv(childVar)]; ok {
		arg := ""
		if len(os.Args) > 2 {
			arg = os.Args[2]
		}
		if err := task(os.Args[1], arg); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A process is a running child.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func child(t *testing.T, task string, args ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), childVar+"="+task)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &process{t, cmd, in, bufio.NewScanner(out)}
}

// await waits for a line of the child and returns what ends the child.
func (p *process) await(line string) (release func()) {
	p.t.Helper()
	if !p.lines.Scan() || p.lines.Text() != line {
		p.t.Fatalf("child says %q, want %q", p.lines.Text(), line)
	}
	return func() {
		_ = p.in.Close()
		p.done()
	}
}

// done waits for the end and returns what else the child printed.
func (p *process) done() []string {
	p.t.Helper()
	var rest []string
	for p.lines.Scan() {
		rest = append(rest, p.lines.Text())
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("child failed: %v, %s", err, strings.Join(rest, "; "))
	}
	return rest
}

// childHold keeps the database locked until its input ends.
func childHold(dir, _ string) error {
	d, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	conn, err := d.sql.Conn(context.Background())
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(context.Background(), "BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// childAppend appends to one case without end and prints each number once it
// is durable.
func childAppend(dir, id string) error {
	d, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	after := 0
	switch s, err := d.Case(context.Background(), id); {
	case err == nil:
		after = s.Seq
	case !errors.Is(err, ErrUnknownCase):
		return err
	}
	for {
		last, err := d.Append(context.Background(), sample(id, after, 1))
		if err != nil {
			return err
		}
		after = last[0]
		fmt.Println(after)
	}
}

// childWrite opens the store and writes: to a case of its own, and now and
// then to one that all write to.
func childWrite(dir, name string) error {
	d, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	for i := range writes {
		if _, err := d.Append(context.Background(), sample(name, i, 1)); err != nil {
			return fmt.Errorf("write %d: %w", i, err)
		}
		if i%10 == 0 {
			if err := appendShared(d); err != nil {
				return fmt.Errorf("shared write %d: %w", i, err)
			}
		}
	}
	return nil
}

// appendShared appends to the case of all, again when it has moved on.
func appendShared(d *DB) error {
	for {
		s, err := d.Case(context.Background(), "shared")
		if err != nil && !errors.Is(err, ErrUnknownCase) {
			return err
		}
		_, err = d.Append(context.Background(), sample("shared", s.Seq, 1))
		if !errors.Is(err, ErrStale) && !errors.Is(err, ErrTaken) {
			return err
		}
	}
}

const (
	writers = 6
	writes  = 60
)

// Six programs start on an empty folder at the same moment and write.
func TestWritersAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all []*process
	for i := range writers {
		all = append(all, child(t, "write", dir, fmt.Sprint("w", i)))
	}
	for _, p := range all {
		p.done()
	}
	d := open(t, dir, Options{})
	for i := range writers {
		if s, err := d.Case(t.Context(), fmt.Sprint("w", i)); err != nil || s.Seq != writes {
			t.Errorf("writer %d: %d events, %v; want %d", i, s.Seq, err, writes)
		}
	}
	if events, err := d.Events(t.Context(), "shared", 0); err != nil || len(events) != writers*writes/10 {
		t.Errorf("%d shared events, %v; want %d", len(events), err, writers*writes/10)
	}
}

// A program killed at any moment loses nothing it had called saved.
func TestKilled(t *testing.T) {
	kills := 50
	if n, err := strconv.Atoi(os.Getenv("RECONNECT_KILLS")); err == nil {
		kills = n
	}
	if testing.Short() {
		kills = 5
	}
	dir := t.TempDir()
	saved := 0
	for k := range kills {
		p := child(t, "append", dir, "case")
		// Another number of events each time, so that the kill falls on all
		// parts of a transaction and of a checkpoint.
		for range 1 + (k*37)%23 {
			if !p.lines.Scan() {
				break
			}
			saved = number(t, p.lines.Text())
		}
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for p.lines.Scan() { // printed before it died
			saved = number(t, p.lines.Text())
		}
		_ = p.cmd.Wait()
		saved = verify(t, dir, "case", saved)
	}
	t.Logf("%d kills, %d events", kills, saved)
}

// A program killed while it makes the store leaves one that opens. The delay
// is what is tried out: it moves the kill through the start.
func TestKilledWhileOpening(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	for k := range rounds {
		dir := t.TempDir()
		p := child(t, "append", dir, "case")
		<-time.After(time.Duration(k) * 500 * time.Microsecond)
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		saved := 0
		for p.lines.Scan() {
			saved = number(t, p.lines.Text())
		}
		_ = p.cmd.Wait()
		d, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatalf("killed after %d × 0.5 ms: %v", k, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if saved > 0 {
			verify(t, dir, "case", saved)
		}
	}
}

func number(t *testing.T, line string) int {
	t.Helper()
	n, err := strconv.Atoi(line)
	if err != nil {
		t.Fatalf("child says %q", line)
	}
	return n
}

// verify wants at least saved events, without a gap and as they were written,
// and a whole database. It returns how many there are.
func verify(t *testing.T, dir, id string, saved int) int {
	t.Helper()
	d, err := Open(t.Context(), dir, Options{}) // checks the pages
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	events, err := d.Events(t.Context(), id, 0)
	if err != nil || len(events) < saved {
		t.Fatalf("%d events, %v; %d were saved", len(events), err, saved)
	}
	for i, e := range events {
		if want := fmt.Sprintf(`{"n":%d}`, i+1); e.Seq != i+1 || string(e.Data) != want {
			t.Fatalf("event %d is #%d %s", i+1, e.Seq, e.Data)
		}
	}
	if s, err := d.Case(t.Context(), id); err != nil || s.Seq != len(events) {
		t.Fatalf("the summary says %d, %v; there are %d", s.Seq, err, len(events))
	}
	return len(events)
}
