package secrets

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tests start this binary again as another program on the same folder; the
// variable says what it shall do.
const childVar = "RECONNECT_SECRETS_TEST_CHILD"

var children = map[string]func(dir, arg string) error{
	"count": childCount,
	"stop":  childStop,
	"hold":  childHold,
}

func TestMain(m *testing.M) {
	if task, ok := children[os.Getenv(childVar)]; ok {
		if err := task(os.Args[1], os.Args[2]); err != nil {
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

func child(t *testing.T, task, dir, arg string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], dir, arg)
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

func (p *process) await(line string) {
	p.t.Helper()
	if !p.lines.Scan() || p.lines.Text() != line {
		p.t.Fatalf("child says %q, want %q", p.lines.Text(), line)
	}
}

func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait() // killed
}

func (p *process) done() {
	p.t.Helper()
	_ = p.in.Close()
	var rest []string
	for p.lines.Scan() {
		rest = append(rest, p.lines.Text())
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("child failed: %v, %s", err, strings.Join(rest, "; "))
	}
}

func childCount(dir, _ string) error {
	k, err := Open(context.Background(), options(dir, File, nil))
	if err != nil {
		return err
	}
	return count(context.Background(), k, 25)
}

// childStop writes, says how far it is, and stays at the step it was told.
func childStop(dir, step string) error {
	o := options(dir, File, nil)
	o.at = func(now string) {
		if now == step {
			fmt.Println("at", step)
			_, _ = io.Copy(io.Discard, os.Stdin)
		}
	}
	k, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	return k.Put(context.Background(), "client/x", NewSecret("new"))
}

// childHold changes a secret until its input ends.
func childHold(dir, _ string) error {
	k, err := Open(context.Background(), options(dir, File, nil))
	if err != nil {
		return err
	}
	_, err = k.Update(context.Background(), "client/x", func(Secret) (Secret, error) {
		fmt.Println("held")
		_, err := io.Copy(io.Discard, os.Stdin)
		return NewSecret("of the child"), err
	})
	return err
}

// TestTwoPrograms: none of the changes of three programs on one file is lost.
func TestTwoPrograms(t *testing.T) {
	dir := t.TempDir()
	one, two := child(t, "count", dir, ""), child(t, "count", dir, "")
	k := opened(t, options(dir, File, nil))
	if err := count(t.Context(), k, 25); err != nil {
		t.Error(err)
	}
	one.done()
	two.done()
	wantSecret(t, k, "client/x", "75")
}

// TestOtherProgramHolds: a program that changes a secret keeps another waiting,
// and lets go when it is killed.
func TestOtherProgramHolds(t *testing.T) {
	dir, _, _ := filled(t)
	p := child(t, "hold", dir, "")
	p.await("held")
	o := options(dir, File, nil)
	k := opened(t, o)
	o.Wait = 1
	impatient := opened(t, o)
	wantKind(t, impatient.Put(t.Context(), "client/x", NewSecret("mine")), ErrBusy)
	wantSecret(t, k, "client/x", "one")
	put(t, k, "client/y", "another")
	p.kill()
	put(t, k, "client/x", "mine")
	wantSecret(t, k, "client/x", "mine")

	p = child(t, "hold", dir, "")
	p.await("held")
	p.done()
	wantSecret(t, k, "client/x", "of the child")
}

// TestKilled: wherever a write is cut off, the file is the old one or the new
// one, and the next write goes through and tidies up.
func TestKilled(t *testing.T) {
	for _, c := range []struct{ step, want string }{{"created", "one"}, {"half", "one"}, {"synced", "one"}, {"renamed", "new"}} {
		t.Run(c.step, func(t *testing.T) {
			dir, path, _ := filled(t)
			p := child(t, "stop", dir, c.step)
			p.await("at " + c.step)
			p.kill()
			_, err := os.Stat(path + ".new")
			if left := err == nil; left != (c.want == "one") {
				t.Errorf("beside the file: %v", err)
			}
			k := opened(t, options(dir, File, nil))
			wantSecret(t, k, "client/x", c.want)
			wantSecret(t, k, "grant/x/1", "two")
			put(t, k, "client/x", "after")
			wantSecret(t, opened(t, options(dir, File, nil)), "client/x", "after")
			if left, err := filepath.Glob(filepath.Join(dir, folderName, "*.new")); err != nil || len(left) > 0 {
				t.Errorf("left: %q, %v", left, err)
			}
		})
	}
}

// TestSecretNotLost: a renewed secret that cannot be saved is given back with the error.
func TestSecretNotLost(t *testing.T) {
	dir, path, raw := filled(t)
	k := opened(t, options(dir, File, nil))
	now, err := k.Update(t.Context(), "client/x", func(Secret) (Secret, error) {
		// A folder in the way of the new file.
		return NewSecret("renewed"), errors.Join(os.Mkdir(path+".new", 0o700), os.WriteFile(filepath.Join(path+".new", "x"), nil, 0o600))
	})
	if err == nil || !strings.Contains(err.Error(), "a secret was not saved") || now.Reveal() != "renewed" {
		t.Errorf("%q, %v", now.Reveal(), err)
	}
	wantSame(t, path, raw)
}
