package app_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	_ "modernc.org/sqlite"

	"reconnect/app/ptytest"
	"reconnect/store"
)

// at opens the case that oneCase made, at the first try.
func at(t *testing.T, home, data string, o ptytest.Options) *ptytest.Terminal {
	t.Helper()
	if o.Bin == "" {
		o.Bin = ptytest.Build(t)
	}
	o.Home, o.Args = home, append(o.Args, "--case", onlyCase(t, data).ID)
	o.Env = append(o.Env, "RECONNECT_DATA="+data)
	return ptytest.Start(t, o).Sees("Reconnect Instagram")
}

// ends waits for the end and wants a code and a restored terminal.
func ends(t *testing.T, x *ptytest.Terminal, code int) {
	t.Helper()
	if got := x.Wait(); got != code {
		t.Errorf("ended with %d, want %d:\n%s", got, code, x.Screen())
	}
	if err := x.Restored(); err != nil {
		t.Error(err)
	}
}

// drafts are the texts that were typed and not yet answered.
func drafts(t *testing.T, data string) string {
	t.Helper()
	id := onlyCase(t, data).ID
	db, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	all, err := db.Drafts(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, d := range all {
		fmt.Fprintf(&said, "%s: %s\n", d.Page, d.Text)
	}
	return said.String()
}

// recorded is the last event of the only case.
func recorded(t *testing.T, data string) store.Event {
	t.Helper()
	log := onlyLog(t, data)
	return log[len(log)-1]
}

// TestUnknownNames wants a clear message for what the program does not know.
func TestUnknownNames(t *testing.T) {
	for args, want := range map[string]string{
		"--platform myspace": `no platform is called "myspace"; known are instagram`,
		"--case NONE":        `there is no case "NONE". reconnect cases lists`,
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: strings.Fields(args), Width: 120})
			code := 1
			if strings.Contains(args, "platform") {
				code = 2
			}
			ends(t, x, code)
			x.Sees("reconnect: " + want)
		})
	}
}

// lock keeps the database from all other programs until the test lets go of it.
func lock(t *testing.T, data string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "reconnect.db")+"?_pragma=busy_timeout(5000)&_pragma=locking_mode(EXCLUSIVE)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = tx.Rollback() // it wrote nothing
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLockedAtStart waits for another program, and says who to look for.
func TestLockedAtStart(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	defer lock(t, data)()
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"cases"}, Env: []string{"RECONNECT_DATA=" + data}}, "")
	if code != 1 || out != "" || !strings.Contains(errs, "another program has kept the case database locked. Close other windows") {
		t.Errorf("code %d, stdout %q, stderr %q", code, out, errs)
	}
}

// TestLockedInTheMiddle keeps what is typed while another program has the database.
func TestLockedInTheMiddle(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	x := at(t, home, data, ptytest.Options{Limit: 30 * time.Second})
	x.Press("e").Sees("take it")
	release := lockWrites(t, data)
	x.Type("An error from the dashboard").Sees("from the dashboard").Press("ctrl+s")
	x.Sees("Not saved.", "locked").Sees("An error from the dashboard")
	release()
	x.Press("ctrl+s").SeesSaved(5).Sees("Reconnect Instagram").Press("q")
	ends(t, x, 0)
	if e := recorded(t, data); !strings.Contains(string(e.Data), "An error from the dashboard") {
		t.Errorf("recorded %s %s", e.Kind, e.Data)
	}
}

// lockWrites keeps others from writing, as a backup program does.
func lockWrites(t *testing.T, data string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "reconnect.db")+"?_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = tx.Rollback() // it wrote nothing
		_ = db.Close()    // the same
	}
}

// TestUnusableDatabase refuses a damaged and a newer database, and changes nothing of it.
func TestUnusableDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  []string
	}{
		"corrupt": {func(t *testing.T, path string) { writeFile(t, path, strings.Repeat("no database ", 1000)) },
			[]string{"is damaged or no database", "Keep it: move it"}},
		"newer": {makeNewer, []string{"schema 4711", "this program knows "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			data := oneCase(t, home)
			path := filepath.Join(data, "reconnect.db")
			c.spoil(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{nil, {"--plain"}, {"cases"}, {"message", "NONE"}} {
				o := ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: args, Env: []string{"RECONNECT_DATA=" + data}, Width: 200}
				x := ptytest.Start(t, o)
				ends(t, x, 1)
				said := strings.Join(strings.Fields(x.Screen()), " ")
				for _, want := range c.want {
					if !strings.Contains(said, want) {
						t.Errorf("%q does not say %q: %s", args, want, said)
					}
				}
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
				t.Errorf("the database was changed, %v", err)
			}
		})
	}
}

// makeNewer gives the database a version that no program knows yet.
func makeNewer(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the journal mode below wrote everything
	for _, q := range []string{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)", "PRAGMA journal_mode = DELETE"} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLargeConfig refuses a settings file of more than 64 KiB. The other wrong
// settings are in the scripts.
func TestLargeConfig(t *testing.T) {
	t.Parallel()
	path := writeFile(t, filepath.Join(t.TempDir(), "config.toml"), strings.Repeat("# not a setting\n", 4097))
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"--config", path}}, "")
	if code != 1 || out != "" || !strings.Contains(errs, "larger than 64 KiB") || !strings.Contains(errs, path) {
		t.Errorf("code %d, stdout %q, stderr %q", code, out, errs)
	}
}

// TestScreenshots refuses what is no picture, by name and with a reason, in both faces.
func TestScreenshots(t *testing.T) {
	home := t.TempDir()
	data := oneCase(t, home)
	id := onlyCase(t, data).ID
	hostile := "a\x1b]0;title\abad\u202e.png"
	writeFile(t, filepath.Join(home, hostile), "no picture")
	writeFile(t, filepath.Join(home, "words.png"), "no picture")
	writeFile(t, filepath.Join(home, "words.txt"), "no picture")
	if err := os.Mkdir(filepath.Join(home, "folder.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"words.png":   "words.png is no image that can be read. Pick a PNG",
		"missing.png": "missing.png cannot be read: there is no such file",
		"folder.png":  "folder.png is not a file. Pick an image.",
		"words.txt":   "A picture, please",
		hostile:       "bad.png is no image that can be read",
	} {
		t.Run(fmt.Sprintf("plain %q", path), func(t *testing.T) {
			out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--plain", "--case", id},
				Env: []string{"RECONNECT_DATA=" + data}}, "m\nAdd a screenshot\n"+path+"\n.q\n")
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("code %d %s, does not say %q:\n%s", code, errs, want, out)
			}
			noControls(t, "plain face", []byte(out))
		})
	}
	x := at(t, home, data, ptytest.Options{})
	x.Press("m").Sees("Add a screenshot").Press("3").Sees("words.png", "folder.png").Sees("␛]0;title")
	noRaw(t, "screen", x.AllOutput())
	x.Press("j", "j", "j", "j", "enter").Sees("bad.png is no image that can be read")
	x.Press("tab").Sees("tab to the list").Paste(filepath.Join(home, hostile)).Sees("bad.png").Press("ctrl+s").Sees("bad.png cannot be read: there is no such file")
	x.Press("ctrl+c")
	ends(t, x, 0)
}

// TestTinyTerminal goes through sizes that show nothing, and back.
func TestTinyTerminal(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	x := at(t, home, data, ptytest.Options{})
	for _, page := range []string{"", "e", "m", "w"} {
		if page != "" {
			x.Press(page)
		}
		for _, size := range [][2]int{{1, 1}, {20, 5}, {2, 1}, {1, 40}, {200, 2}, {80, 24}} {
			x.Resize(size[0], size[1])
		}
		x.Sees("saved #4")
		if page != "" {
			x.Press(map[string]string{"e": "esc"}[page] + map[string]string{"m": "b", "w": "b"}[page])
			x.Sees("Reconnect Instagram")
		}
	}
	x.Press("q")
	ends(t, x, 0)
	tiny := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Width: 1, Height: 1, Env: []string{"RECONNECT_DATA=" + data}})
	tiny.Resize(80, 24).Sees("Welcome back").Resize(1, 1).Press("q")
	ends(t, tiny, 0)
}

// TestEndedFromOutside saves what is typed, and puts the terminal back, whoever
// ends the program.
func TestEndedFromOutside(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*ptytest.Terminal)
		code int
	}{
		"SIGTERM": {func(x *ptytest.Terminal) { x.Signal(syscall.SIGTERM) }, 0},
		"SIGINT":  {func(x *ptytest.Terminal) { x.Signal(os.Interrupt) }, 0},
		"SIGHUP":  {func(x *ptytest.Terminal) { x.Signal(syscall.SIGHUP) }, 0},
		"ctrl+c":  {func(x *ptytest.Terminal) { x.Press("ctrl+c") }, 0},
		"hang up": {func(x *ptytest.Terminal) { x.HangUp() }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			data := oneCase(t, home)
			x := at(t, home, data, ptytest.Options{})
			x.Press("e").Sees("take it").Type("Half a sentence").Sees("Half a sentence")
			began := time.Now()
			c.end(x)
			if code := x.Wait(); code != c.code {
				t.Errorf("ended with %d:\n%s", code, x.Screen())
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if name != "hang up" {
				ends(t, x, c.code)
				x.Sees("Case " + onlyCase(t, data).ID + " is saved at Reconnect")
			}
			if said := drafts(t, data); !strings.Contains(said, "Half a sentence") {
				t.Errorf("drafts: %q", said)
			}
		})
	}
}

// TestPlainEndedFromOutside says what is saved.
func TestPlainEndedFromOutside(t *testing.T) {
	for name, end := range map[string]func(*ptytest.Terminal){
		"SIGTERM":     func(x *ptytest.Terminal) { x.Signal(syscall.SIGTERM) },
		"SIGINT":      func(x *ptytest.Terminal) { x.Signal(os.Interrupt) },
		"ctrl+c":      func(x *ptytest.Terminal) { x.Press("ctrl+c") },
		"end of file": func(x *ptytest.Terminal) { x.CloseInput() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			data := oneCase(t, home)
			x := at(t, home, data, ptytest.Options{Args: []string{"--plain"}, Width: 120})
			x.Sees("t tried").Type("e\n").Sees("A line with a single dot ends it").Type("Half a sentence\n").Sees("Half a sentence")
			end(x)
			ends(t, x, 1)
			x.Sees("Everything answered before is saved").Sees("reconnect --case " + onlyCase(t, data).ID)
			noControls(t, "plain face", bytes.ReplaceAll(x.AllOutput(), []byte("\r\n"), []byte("\n")))
			if n := onlyCase(t, data).Seq; n != 4 {
				t.Errorf("%d events, want 4: an end is no answer", n)
			}
		})
	}
}

// hostile is a text as an attacker would have it pasted, and the raw bytes of it
// that must never come out again.
const hostile = "begin \x1b]52;c;SEVMTE8=\x07 \x1bP+q544e\x1b\\ \x1b[31;47mred\x1b[2;77H \u009b35mC1 \u202eevil\u2066 \xff\xfe\x00\x08 end"

// noRaw wants none of the control sequences of hostile among bytes that a
// terminal got, which has some of its own.
func noRaw(t *testing.T, where string, got []byte) {
	t.Helper()
	for _, raw := range []string{"\x1b]52", "\x1bP+q544e", "\x1b[31;47m", "\u009b", "\u202e", "\u2066", "\xff", "\x1b]0;title", "\x00"} {
		if bytes.Contains(got, []byte(raw)) {
			t.Errorf("%s has %q", where, raw)
		}
	}
}

// noControls wants no control character at all but line ends and tabs.
func noControls(t *testing.T, where string, got []byte) {
	t.Helper()
	if !utf8.Valid(got) {
		t.Errorf("%s is not valid UTF-8", where)
	}
	for _, r := range string(got) {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("%s has %U", where, r)
			return
		}
	}
}

// reports are everything that the program prints about the only case.
func reports(t *testing.T, home, data string) map[string][]byte {
	t.Helper()
	id := onlyCase(t, data).ID
	all := map[string][]byte{}
	for _, args := range []string{"message " + id, "message " + id + " --format md", "message " + id + " --json",
		"cases show " + id, "cases show " + id + " --json", "cases", "cases --json"} {
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: strings.Fields(args),
			Env: []string{"RECONNECT_DATA=" + data}}, "")
		if code != 0 {
			t.Fatalf("%s: %s", args, errs)
		}
		all[args] = []byte(out)
	}
	return all
}

// TestHostilePaste shows, stores and prints what is pasted, without its control codes.
func TestHostilePaste(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	x := at(t, home, data, ptytest.Options{})
	x.Press("e").Sees("take it").Type("typed before ").Sees("typed before").Paste(hostile).Sees("typed before begin ␛]52;c;SEVMTE8=")
	x.Press("ctrl+s").SeesSaved(5).Sees("Reconnect Instagram")
	x.Press("n").Sees("take it").Paste(hostile).Sees("SEVMTE8=").Press("ctrl+s").SeesSaved(6).Sees("The note is saved.")
	x.Press("m").Sees("Timeline").Press("2").Sees("Timeline of case").Press("b").Sees("Reconnect Instagram").Press("m").Sees("Correct the account")
	x.Press("5").Sees("The account in Aibrify").Paste(hostile).Sees("SEVMTE8=").Press("ctrl+s").SeesSaved(7).Sees("Reconnect Instagram")
	x.Press("q")
	ends(t, x, 0)
	noRaw(t, "screen", x.AllOutput())
	for where, got := range reports(t, home, data) {
		noControls(t, where, got)
	}
	for _, e := range onlyLog(t, data) {
		noControls(t, e.Kind, e.Data)
	}
	if e := onlyLog(t, data)[4]; !strings.Contains(string(e.Data), "typed before begin") || !strings.Contains(string(e.Data), " end") {
		t.Errorf("recorded %s %s", e.Kind, e.Data)
	}
}

// TestLargePaste takes 1 MiB in one line, and refuses more with its size.
func TestLargePaste(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	x := at(t, home, data, ptytest.Options{Limit: 40 * time.Second})
	x.Press("e").Sees("take it").Type("typed before").Sees("typed before")
	x.Paste(strings.Repeat("x", 1<<20)).Sees("Not pasted: that makes 1.1 MiB, and 1.0 MiB is the most").Sees("typed before")
	x.Paste(strings.Repeat("y", 1<<20-100)).Sees("Pasted text of").Sees("typed before")
	x.Press("ctrl+s").SeesSaved(5).Sees("Reconnect Instagram").Press("q")
	ends(t, x, 0)
	if e := recorded(t, data); !bytes.Contains(e.Data, []byte("typed before")) || bytes.Count(e.Data, []byte("y")) < 1<<20-200 || bytes.Contains(e.Data, []byte("xxx")) {
		t.Errorf("recorded %s of %d bytes", e.Kind, len(e.Data))
	}
}

// TestLargePlain does the same on plain lines.
func TestLargePlain(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--plain", "--case", onlyCase(t, data).ID},
		Env: []string{"RECONNECT_DATA=" + data}}, strings.Repeat("z", 1<<20+10)+"\ne\n"+strings.Repeat("x", 1<<20+10)+"\n.\n"+hostile+"\n.\nq\n")
	if code != 0 || strings.Count(out, "Not taken: that is 1.1 MiB, and 1.0 MiB is the most") != 2 {
		t.Errorf("code %d %s\n%.3000s", code, errs, out)
	}
	noControls(t, "plain face", []byte(out))
	if e := recorded(t, data); !strings.Contains(string(e.Data), "SEVMTE8=") {
		t.Errorf("recorded %s %s", e.Kind, e.Data)
	}
}
