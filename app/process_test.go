package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"reconnect/app/ptytest"
)

// TestCrash panics in a page, in a command and at the start: the terminal is put
// back, and a short message without a word of what was typed is all there is.
func TestCrash(t *testing.T) {
	for _, where := range []string{"page", "command", "open"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			x := ptytest.Start(t, ptytest.Options{Bin: os.Args[0], Args: []string{where}, Env: []string{childVar + "=crash"}, Width: 160})
			switch where {
			case "page":
				x.Sees("Word").Type("typed").Press("ctrl+s")
			case "command":
				x.Sees("an answer").Press("o")
			}
			ends(t, x, 1)
			x.Sees("reconnect itself failed: panic of type", "children_test.go:").SeesNot("goroutine", "Caught panic")
			if strings.Contains(string(x.AllOutput()), secret) {
				t.Error("the secret was printed")
			}
		})
	}
}

// TestProcess traces nothing, and keeps every file from other people.
func TestProcess(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	trace := filepath.Join(home, "trace")
	x := at(t, home, data, ptytest.Options{Env: []string{"TEA_TRACE=" + trace, "TEA_DEBUG=1"}})
	x.Press("m").Sees("Support message").Press("1").Sees("complete").Press("s").Sees("Saved as").Press("q")
	ends(t, x, 0)
	if _, err := os.Stat(trace); err == nil {
		t.Error("a trace was written")
	}
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGoroutines wants every goroutine of the program to start where panics are caught.
func TestGoroutines(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "ptytest" || d.Name() == "crash"):
			return fs.SkipDir
		case filepath.Ext(path) != ".go", strings.HasSuffix(path, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			start, ok := n.(*ast.GoStmt)
			// The lowest floor does not know package crash: there guard recovers.
			if named, is := callee(start).(*ast.Ident); ok && !(is && named.Name == "guard" && strings.Contains(path, "platforms")) {
				t.Errorf("%s: use crash.Go", set.Position(start.Pos()))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// callee is what a go statement calls; nil for none.
func callee(start *ast.GoStmt) ast.Expr {
	if start == nil {
		return nil
	}
	return start.Call.Fun
}

// TestPlainLetters names every act of a page, and each does something when typed.
func TestPlainLetters(t *testing.T) {
	home := t.TempDir()
	data := oneCase(t, home)
	id := onlyCase(t, data).ID
	say := func(words string) string {
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--plain", "--case", id},
			Env: []string{"RECONNECT_DATA=" + data}}, words)
		if code != 0 {
			t.Fatalf("%q: code %d, %s\n%s", words, code, errs, out)
		}
		noControls(t, "plain face", []byte(out))
		return out
	}
	letters := regexp.MustCompile(`(?m)^(\S): .*`).FindAllStringSubmatch(say("?\nq\n"), -1)
	if len(letters) < 8 {
		t.Fatalf("only %d acts are named", len(letters))
	}
	for _, l := range letters {
		back := "b\n"
		if strings.ContainsAny(l[1], "en") {
			back = ".b\n"
		}
		switch {
		case l[1] == "q", l[1] == "b":
			continue
		case l[1] == "?", strings.Contains(l[0], "Not now:"): // the page stays
			back = ""
		}
		if out := say(l[1] + "\n" + back + "q\n"); strings.Contains(out, "is no answer here") || !strings.Contains(out, "is saved at Reconnect") {
			t.Errorf("%q does nothing or leads nowhere:\n%s", l[0], out)
		}
	}
}
