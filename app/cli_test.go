package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"reconnect/app"
	"reconnect/app/ptytest"
	"reconnect/store"
)

// The tests start this binary again as another program; the variable says which.
const childVar = "RECONNECT_APP_TEST_CHILD"

func TestMain(m *testing.M) {
	if run, ok := children()[os.Getenv(childVar)]; ok {
		os.Exit(run())
	}
	testscript.Main(m, map[string]func(){"reconnect": func() {
		os.Exit(app.Run(context.Background(), app.Program{
			Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Version: "test"}))
	}})
}

// TestScripts runs every command and flag from scripts.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			for name, value := range map[string]string{"HOME": home, "USERPROFILE": home, "USER": "marianne", "TZ": "UTC",
				"XDG_STATE_HOME": "", "XDG_CONFIG_HOME": "", "RECONNECT_DATA": "", "TERM": "xterm-256color"} {
				e.Setenv(name, value)
			}
			return os.MkdirAll(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"json": scriptJSON, "caseid": scriptCaseID, "plainbytes": scriptPlainBytes, "mode": scriptMode,
		},
	})
}

// scriptJSON wants one JSON value on stdout, with a schema number and the keys
// that are named, and nothing else. "events" are looked at one by one.
func scriptJSON(ts *testscript.TestScript, _ bool, keys []string) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var got map[string]json.RawMessage
	ts.Check(d.Decode(&got))
	if err := d.Decode(new(any)); err != io.EOF {
		ts.Fatalf("something follows the JSON: %v", err)
	}
	if string(got["schema"]) != "1" {
		ts.Fatalf("schema is %q", got["schema"])
	}
	for _, key := range keys {
		if len(got[key]) == 0 {
			ts.Fatalf("there is no %q", key)
		}
	}
	var events []map[string]any
	if slices.Contains(keys, "events") {
		ts.Check(json.Unmarshal(got["events"], &events))
	}
	for i, e := range events {
		if names := slices.Sorted(maps.Keys(e)); !slices.Equal(names, []string{"at", "by", "data", "kind", "seq"}) {
			ts.Fatalf("event has %q", names)
		}
		at, _ := e["at"].(string)
		if _, err := time.Parse(time.RFC3339, at); err != nil || !strings.HasSuffix(at, "Z") || e["seq"] != float64(i+1) {
			ts.Fatalf("event %d has at %q, seq %v", i+1, at, e["seq"])
		}
	}
}

// scriptCaseID puts the id of the first case on stdout into $ID.
func scriptCaseID(ts *testscript.TestScript, _ bool, _ []string) {
	var got struct{ Cases []struct{ ID string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	if len(got.Cases) == 0 {
		ts.Fatalf("there is no case")
	}
	ts.Setenv("ID", got.Cases[0].ID)
}

// scriptPlainBytes wants no control bytes in what was written.
func scriptPlainBytes(ts *testscript.TestScript, _ bool, _ []string) {
	for _, name := range []string{"stdout", "stderr"} {
		if i := strings.IndexFunc(ts.ReadFile(name), func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			ts.Fatalf("%s has a control character at %d", name, i)
		}
	}
}

// scriptMode wants the mode of a file to be as named.
func scriptMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[0] {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

// TestExitCodes names every exit code, and what gives it.
func TestExitCodes(t *testing.T) {
	home := t.TempDir()
	data := oneCase(t, home)
	id := onlyCase(t, data).ID
	damaged := filepath.Join(t.TempDir(), "damaged")
	writeFile(t, filepath.Join(damaged, "reconnect.db"), "no database")
	wrong := writeFile(t, filepath.Join(t.TempDir(), "config.toml"), "colour = true\n")
	for _, c := range []struct {
		code int
		args string
		in   string
	}{
		{app.ExitFine, "--help", ""},
		{app.ExitFine, "--version", ""},
		{app.ExitFine, "completion bash", ""},
		{app.ExitFine, "cases", ""},
		{app.ExitFine, "cases show " + id, ""},
		{app.ExitFine, "message " + id, ""},
		{app.ExitFine, "guide tiktok", ""},
		{app.ExitFine, "doctor", ""},
		{app.ExitFine, "--plain", "q\n"},
		{app.ExitFailed, "--plain", ""},
		{app.ExitFailed, "cases show NONE", ""},
		{app.ExitFailed, "message NONE", ""},
		{app.ExitFailed, "--case NONE", ""},
		{app.ExitFailed, "cases --data " + damaged, ""},
		{app.ExitFailed, "doctor --data " + damaged, ""},
		{app.ExitFailed, "cases --config " + wrong, ""},
		{app.ExitFailed, "guide --check " + damaged, ""},
		{app.ExitUsage, "frobnicate", ""},
		{app.ExitUsage, "--frobnicate", ""},
		{app.ExitUsage, "cases show", ""},
		{app.ExitUsage, "message", ""},
		{app.ExitUsage, "message " + id + " --format pdf", ""},
		{app.ExitUsage, "guide myspace", ""},
		{app.ExitUsage, "guide --as pirate", ""},
		{app.ExitUsage, "--platform myspace", ""},
		{app.ExitUsage, "--as pirate", ""},
		{app.ExitUsage, "--platform x --case " + id, ""},
		{app.ExitUsage, "help frobnicate", ""},
		{app.ExitUsage, "completion frobnicate", ""},
	} {
		t.Run(strings.ReplaceAll(c.args, "/", "_"), func(t *testing.T) {
			t.Parallel()
			out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: strings.Fields(c.args),
				Env: []string{"RECONNECT_DATA=" + data}}, c.in)
			if code != c.code {
				t.Errorf("code %d, want %d\n%s%s", code, c.code, out, errs)
			}
			if (code == 0) != (errs == "") {
				t.Errorf("code %d, and on stderr:\n%s", code, errs)
			}
			if strings.Contains(out, "reconnect: ") {
				t.Errorf("an error on stdout:\n%s", out)
			}
		})
	}
}

// toReconnectPlain are the answers from the board to the first try, for Instagram.
const toReconnectPlain = "red\n\n\n\n\n\n" + "none\n" + "Example Bakery\nowner@example.com\n\n"

// oneCase makes a folder with one case, at the first try of Instagram.
func oneCase(t *testing.T, home string) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	_, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--plain", "--platform", "instagram"},
		Env: []string{"RECONNECT_DATA=" + data}}, toReconnectPlain+"q\n")
	if code != 0 {
		t.Fatalf("no case was made: %s", errs)
	}
	return data
}

// onlyCase is the only case in data.
func onlyCase(t *testing.T, data string) store.Summary {
	t.Helper()
	db, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	cases, err := db.Cases(t.Context(), store.Query{})
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v; want one", len(cases), err)
	}
	return cases[0]
}

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// folderBytes is everything in the files below dir.
func folderBytes(t *testing.T, dir string) []byte {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all.WriteString(path)
		all.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}
