package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"reconnect/app/ptytest"
)

// nobody is a user that owns nothing.
const nobody = 65534

func systemChildren() map[string]func() int {
	return map[string]func() int{"become": become, "shell": shell}
}

// become becomes the program in $PROGRAM, as nobody if $NOBODY says so, and
// leaves its number in $PIDFILE.
func become() int {
	if path := os.Getenv("PIDFILE"); path != "" {
		if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
			return failed(err)
		}
	}
	if os.Getenv("NOBODY") != "" {
		for _, drop := range []func() error{
			func() error { return syscall.Setgroups(nil) }, func() error { return syscall.Setgid(nobody) }, func() error { return syscall.Setuid(nobody) },
		} {
			if err := drop(); err != nil {
				return failed(err)
			}
		}
	}
	program := os.Getenv("PROGRAM")
	return failed(syscall.Exec(program, append([]string{program}, os.Args[1:]...), os.Environ()))
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 125
}

// shell runs the program in $PROGRAM as a job: when the job is stopped, it says
// so and waits for a line to let it go on.
func shell() int {
	signal.Ignore(syscall.SIGTTOU)
	cmd := exec.CommandContext(context.Background(), os.Getenv("PROGRAM"), os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		return failed(err)
	}
	lines := bufio.NewReader(os.Stdin)
	for stops := 1; ; stops++ {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil {
			return failed(err)
		}
		if err := foreground(os.Getpid()); err != nil {
			return failed(err)
		}
		if !status.Stopped() {
			return status.ExitStatus()
		}
		fmt.Println("job stopped", stops) // the screen behind the program's still shows the last one
		if line, err := lines.ReadString('\n'); err != nil || line != "fg\n" {
			return failed(fmt.Errorf("read %q, %v", line, err))
		}
		if err := foreground(cmd.Process.Pid); err != nil {
			return failed(err)
		}
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGCONT); err != nil {
			return failed(err)
		}
	}
}

// foreground gives the terminal to a group.
func foreground(group int) error { return unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, group) }

// TestSuspend stops the wizard by key and by signal, with the terminal given back
// and what was typed saved, and goes on where it was.
func TestSuspend(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	pid := filepath.Join(home, "pid")
	x := at(t, home, data, ptytest.Options{Bin: os.Args[0], Env: []string{childVar + "=shell", "PROGRAM=" + inChild(t, home), "PIDFILE=" + pid}})
	x.Press("e").Sees("take it").Type("Half a sentence").Sees("Half a sentence")
	for i, stop := range []func(){
		func() { x.Press("ctrl+z") },
		func() { signalTo(t, pid, syscall.SIGTSTP) },
	} {
		stop()
		x.Sees(fmt.Sprint("job stopped ", i+1)).SeesNot("Half a sentence")
		if said := drafts(t, data); !strings.Contains(said, "Half a sentence") {
			t.Errorf("drafts: %q", said)
		}
		x.Type("fg\n").Sees("Half a sentence").SeesNot("job stopped")
	}
	x.Type(", and its end").Sees("Half a sentence, and its end").Press("ctrl+s").SeesSaved(5).Press("q")
	ends(t, x, 0)
}

// TestSuspendHidden stops the program where it waits for something that does not show:
// the shell has a terminal that shows what is typed, and when the program goes on it
// asks once more and shows nothing again.
func TestSuspendHidden(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args  string
		asks  string
		again string
		stop  func(x *ptytest.Terminal, pid string)
	}{
		"address, by key": {"login linkedin --paste", "Waiting until", "Still waiting.",
			func(x *ptytest.Terminal, _ string) { x.Press("ctrl+z") }},
		"token, by signal": {"check linkedin --token -", "Token of LinkedIn", "Token of LinkedIn",
			func(_ *ptytest.Terminal, pid string) { signalTo(t, pid, syscall.SIGTSTP) }},
	} {
		r := live(t, []string{"linkedin"})
		pid := filepath.Join(r.home, "pid")
		o := r.options(strings.Fields(row.args))
		o.Bin, o.Env = os.Args[0], append(o.Env, childVar+"=shell", "PROGRAM="+inChild(t, r.home), "PIDFILE="+pid)
		x := ptytest.Start(t, o)
		x.Sees(row.asks)
		row.stop(x, pid)
		x.Sees("job stopped 1").Type("fg").Sees("fg").Type("\n").Sees("fg\n" + row.again)
		x.Type("canary\n").Press("ctrl+c")
		if code := x.Wait(); code == 0 {
			t.Errorf("%s: it ended well", name)
		}
		if said := string(x.AllOutput()); strings.Contains(said, "canary") {
			t.Errorf("%s: what was pasted shows:\n%s", name, said)
		}
		if err := x.Restored(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// inChild is a program that becomes reconnect and leaves its number in $PIDFILE.
func inChild(t *testing.T, home string) string {
	t.Helper()
	script := writeFile(t, filepath.Join(home, "program"), "#!/bin/sh\necho $$ > \"$PIDFILE\"\nexec "+ptytest.Build(t)+" \"$@\"\n")
	if err := os.Chmod(script, 0o700); err != nil {
		t.Fatal(err)
	}
	return script
}

func signalTo(t *testing.T, pidFile string, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(number(t, pidFile), sig); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, path string) int {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSuspendWithoutShell stays where nobody could wake the program.
func TestSuspendWithoutShell(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	x := at(t, home, data, ptytest.Options{})
	x.Press("ctrl+z").Sees("No shell here could wake the program").Press("q")
	ends(t, x, 0)
}

// TestFullDisk keeps the page and what is typed when the disk is full in the
// middle of a case, and takes the answer when there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	pid := filepath.Join(home, "pid")
	x := at(t, home, data, ptytest.Options{Bin: os.Args[0], Env: []string{childVar + "=become", "PROGRAM=" + ptytest.Build(t), "PIDFILE=" + pid}})
	x.Press("e").Sees("take it")
	limit := func(most uint64) {
		if err := unix.Prlimit(number(t, pid), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: most, Max: unix.RLIM_INFINITY}, nil); err != nil {
			t.Fatal(err)
		}
	}
	limit(1)
	x.Type("An error from the dashboard").Sees("the disk took no more")
	x.Sees("An error from the dashboard").Press("ctrl+s").Sees("Not saved.", "the disk took no more").Sees("An error from the dashboard").Sees("saved #4")
	limit(unix.RLIM_INFINITY)
	x.Press("ctrl+s").SeesSaved(5).Sees("Reconnect Instagram").Press("1").SeesSaved(6).Press("q")
	ends(t, x, 0)
	if e := onlyLog(t, data)[4]; !strings.Contains(string(e.Data), "An error from the dashboard") {
		t.Errorf("recorded %s %s", e.Kind, e.Data)
	}
}

// TestReadOnly reads a folder that cannot be written, and says why the wizard does not open.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	o := ptytest.Options{Bin: ptytest.Build(t), Home: home, Env: []string{"RECONNECT_DATA=" + data}, Width: 200}
	if os.Geteuid() == 0 { // nothing is read-only for root
		o = asNobody(t, o, data)
	}
	for path, mode := range map[string]os.FileMode{filepath.Join(data, "reconnect.db"): 0o400, data: 0o500} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	before := folderBytes(t, data)
	x := ptytest.Start(t, o)
	ends(t, x, 1)
	if said := strings.Join(strings.Fields(x.Screen()), " "); !strings.Contains(said, "cannot be written") || !strings.Contains(said, "Cases can still be read: reconnect cases") {
		t.Errorf("says %s", said)
	}
	o.Args = []string{"cases"}
	out, errs, code := ptytest.Run(t, o, "")
	if code != 0 || !strings.Contains(out, "Example Bakery") {
		t.Errorf("cases: code %d, %s %s", code, out, errs)
	}
	o.Args = []string{"doctor"}
	out, errs, code = ptytest.Run(t, o, "")
	if code != 1 || !strings.Contains(out, "■ folder    cannot be written") {
		t.Errorf("doctor: code %d, %s %s", code, out, errs)
	}
	if string(folderBytes(t, data)) != string(before) {
		t.Error("the folder was changed")
	}
}

// asNobody runs the program as a user for whom modes count, on data of its own.
func asNobody(t *testing.T, o ptytest.Options, data string) ptytest.Options {
	t.Helper()
	program := filepath.Join(t.TempDir(), "reconnect")
	copyFile(t, o.Bin, program)
	for dir := filepath.Dir(data); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	for dir := filepath.Dir(program); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	for _, root := range []string{data, o.Home} {
		err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, nobody, nobody)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	o.Bin, o.Env = os.Args[0], append(o.Env, childVar+"=become", "NOBODY=1", "PROGRAM="+program)
	return o
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
