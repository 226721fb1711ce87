package ptytest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFullScreen(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "screen"))
	x.Sees("A page", "80x24", "dark:true", "saved #0", "表 wide ❤️ [button]")
	x.Press("j", "down", "shift+tab", "space", "ctrl+s", "alt+x", "ü", "f5", "enter").
		Sees("j down shift+tab space ctrl+s alt+x ü f5 enter", "saved #9")
	if x.Saved() != 9 {
		t.Errorf("Saved() = %d", x.Saved())
	}
	x.Press("esc", "k", "esc", "[", "A").Sees("enter esc k esc [ A").SeesNot("alt+k", "alt+[", "up")
	x.Paste("two\nlines").Sees(`paste:"two\rlines"`)
	x.Click("[button]").Sees("click:11,2")
	x.Resize(60, 20).Sees("60x20").Gone("80x24")
	if n := len(x.Lines()); n != 20 {
		t.Errorf("%d lines after resizing", n)
	}
	x.Type("zq").SeesSaved(16)
	if code := x.Press("ctrl+c").Wait(); code != 7 {
		t.Errorf("exit code %d", code)
	}
	x.Sees("good bye").SeesNot("A page")
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
}

func TestPaintsAreMarked(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "screen"))
	x.Sees("dark:true").Press("j").Sees("saved #1").Press("k").Sees("saved #2")
	if !strings.Contains(string(x.AllOutput()), "\x1b[?2026h") {
		t.Error("the program does not mark its paints, so a screen may be seen half-painted")
	}
}

func TestHalfAPaintIsNotSeen(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "codes", `CODES=whole\e[?2026h\e[2J\e[Hhalf`))
	for !strings.HasSuffix(string(x.AllOutput()), "half") {
		runtime.Gosched()
	}
	x.Sees("whole").SeesNot("half").CloseInput()
	x.Wait()
	x.Sees("half")
}

func TestLines(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "lines"))
	x.Sees("Your name?").Type("Zoë\n").Sees("Hello Zoë.", "asked").CloseInput().Sees("no more")
	if code := x.Wait(); code != 3 {
		t.Errorf("exit code %d", code)
	}
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
}

func TestEcho(t *testing.T) {
	t.Parallel()
	cat, err := exec.LookPath("cat")
	if err != nil {
		t.Fatal(err)
	}
	x := Start(t, Options{Bin: cat, Width: 20, Height: 4})
	x.Type("one\n").Sees("one\none").Paste("two\n").Sees("two\ntwo").CloseInput()
	if code := x.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestWindowTooSmallToShowIt(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "lines"))
	x.Sees("name?").Type(strings.Repeat("line\n", 40) + "last\n").Sees("Hello last.")
	if strings.Contains(x.Screen(), "name?") {
		t.Error("a screen is 24 lines, but the first of 40 is still there")
	}
}

func TestProgramThatDoesNotRead(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "deaf"))
	x.Sees("not listening").Paste(strings.Repeat("x", 1<<20)).Sees("not listening")
	x.Signal(os.Interrupt).Kill()
	if code := x.Wait(); code != 128+int(syscall.SIGKILL) {
		t.Errorf("exit code %d", code)
	}
}

func TestHangUp(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "lines"))
	if code := x.Sees("name?").HangUp().Wait(); code != 128+int(syscall.SIGHUP) {
		t.Errorf("exit code %d", code)
	}
}

func TestRestoredNamesWhatIsLeft(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "screen", "LEAVE=1"))
	x.Sees("A page").Press("ctrl+c").Wait()
	err := x.Restored()
	for _, want := range []string{"mouse movements", "hidden cursor", "extended keyboard"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not name %q", err, want)
		}
	}
	x = Start(t, own(t, "screen"))
	x.Sees("A page").Kill()
	err = x.Restored()
	for _, want := range []string{"lines with echo", "alternate screen", "bracketed paste"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not name %q", err, want)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	out, errs, code := Run(t, own(t, "lines"), "Ada\nBob")
	if out != "Your name? Hello Ada.\nHello Bob.\nno more\n" || errs != "asked\nasked\n" || code != 3 {
		t.Errorf("%q, %q, %d", out, errs, code)
	}
}

func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("SECRET_OF_THIS_MACHINE", "1")
	env, err := exec.LookPath("env")
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	out, _, _ := Run(t, Options{Bin: env, Home: home, Env: []string{"RECONNECT_DATA=here", "TERM=dumb"}}, "")
	for _, want := range []string{"HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, ".local", "state"), "RECONNECT_DATA=here", "TERM=dumb"} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "SECRET_OF_THIS_MACHINE") {
		t.Error("the machine's environment reaches the program")
	}
}

func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole program")
	}
	bin := Build(t)
	if bin != Build(t) {
		t.Error("built twice")
	}
	if _, err := exec.LookPath(bin); err != nil {
		t.Error(err)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	short := func(program string, env ...string) Options {
		o := own(t, program, env...)
		o.Limit = 300 * time.Millisecond
		return o
	}
	for _, c := range []struct {
		name string
		do   func(testing.TB)
		want []string
	}{
		{"not there", func(t testing.TB) { Start(t, short("lines")).Sees("Your", "nothing") },
			[]string{"nothing", "within 300ms", "│ Your name?"}},
		{"still there", func(t testing.TB) { Start(t, short("lines")).Sees("Your").Gone("name") },
			[]string{"still shows", "│ Your name?"}},
		{"there, but should not be", func(t testing.TB) { Start(t, own(t, "lines")).Sees("Your").SeesNot("name") },
			[]string{`shows "name"`}},
		{"ended", func(t testing.TB) { Start(t, own(t, "lines")).CloseInput().Sees("nothing") },
			[]string{"ended with code 3", "no more"}},
		{"a panic", func(t testing.TB) { Start(t, own(t, "screen")).Sees("A page").Press("P").Sees("nothing") },
			[]string{"ended with code", "the page broke"}},
		{"runs on", func(t testing.TB) { Start(t, short("deaf")).Wait() },
			[]string{"has not ended"}},
		{"runs on without a terminal", func(t testing.TB) { Run(t, short("sleep"), "") },
			[]string{"did not end within 300ms"}},
		{"no such key", func(t testing.TB) { Start(t, own(t, "lines")).Press("entre") },
			[]string{`no key "entre"`}},
		{"no mouse", func(t testing.TB) { Start(t, own(t, "lines")).Sees("name").Click("name") },
			[]string{"not asked for the mouse"}},
		{"no such program", func(t testing.TB) { Start(t, Options{Bin: filepath.Join(t.TempDir(), "none")}) },
			[]string{"cannot start"}},
		{"no program at all", func(t testing.TB) { Start(t, Options{}) },
			[]string{"Options.Bin is empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := failure(t, c.do)
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in\n%s", want, said)
				}
			}
		})
	}
}
