package app_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"reconnect/app/ptytest"
)

// The documents of the top level are true, or these tests fail.
const (
	readme       = "README.md"
	contributing = "CONTRIBUTING.md"
)

// checkout is the top of the repository.
func checkout() fs.FS { return os.DirFS("..") }

func document(t *testing.T, name string) string {
	t.Helper()
	raw, err := fs.ReadFile(checkout(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestDocumentPaths: every file, folder and package that the documents name is there.
func TestDocumentPaths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{readme, contributing} {
		named := paths(document(t, name))
		if len(named) == 0 {
			t.Errorf("%s names no path: has its form changed?", name)
		}
		for _, p := range named {
			if _, err := fs.Stat(checkout(), p); err != nil {
				t.Errorf("%s names %s: %v", name, p, err)
			}
		}
	}
}

var (
	inCode   = regexp.MustCompile("`([^`\n]+)`")
	linked   = regexp.MustCompile(`\]\(([^)#]+)\)`)
	command  = regexp.MustCompile(`(?m)^(?:go|bash) .*`)
	pathlike = regexp.MustCompile(`^\.?[A-Za-z][\w-]*([/.][\w.-]+)*$`)
)

// paths are the names in a document that look like paths of the repository.
func paths(doc string) []string {
	var found []string
	for _, m := range linked.FindAllStringSubmatch(doc, -1) {
		if !strings.Contains(m[1], "://") {
			found = append(found, m[1])
		}
	}
	for _, m := range inCode.FindAllStringSubmatch(doc, -1) {
		first, _, inFolder := strings.Cut(m[1], "/")
		known := slices.Contains([]string{"app", "screens", "platforms", "store", "main.go", "go.mod"}, first)
		host := strings.Contains(strings.TrimPrefix(first, "."), ".") // a module: modernc.org/sqlite
		if pathlike.MatchString(m[1]) && (known || inFolder && !host) {
			found = append(found, m[1])
		}
	}
	for _, m := range command.FindAllString(doc, -1) {
		for word := range strings.FieldsSeq(m) {
			p := strings.TrimSuffix(strings.TrimPrefix(word, "./"), "/...")
			if p != word && p != "..." || strings.HasPrefix(word, ".ci") {
				found = append(found, p)
			}
		}
	}
	return found
}

// TestMap: every package is on the map of CONTRIBUTING.md, and the map names no other.
func TestMap(t *testing.T) {
	t.Parallel()
	var mapped []string
	for _, row := range regexp.MustCompile("(?m)^\\| [123] \\| `([^`]+)` \\|").FindAllStringSubmatch(document(t, contributing), -1) {
		mapped = append(mapped, row[1])
	}
	there := []string{"main.go"}
	for _, floor := range []string{"app", "screens", "platforms", "store"} {
		err := fs.WalkDir(checkout(), floor, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.Name() == "testdata":
				return fs.SkipDir
			case path.Ext(p) == ".go" && !slices.Contains(there, path.Dir(p)):
				there = append(there, path.Dir(p))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	differ(t, "packages", there, mapped)
}

// TestReadmeCommands: the README shows every command and flag that the program's
// help has, and no other.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	bin, doc := ptytest.Build(t), document(t, readme)
	var commands []string
	flags := map[string]bool{}
	var walk func(command ...string)
	walk = func(command ...string) {
		help, errs, code := ptytest.Run(t, ptytest.Options{Bin: bin, Args: append(command, "--help")}, "")
		if code != 0 {
			t.Fatalf("%v --help: %d %s", command, code, errs)
		}
		for _, m := range regexp.MustCompile(`--([a-z][a-z-]+)\b`).FindAllStringSubmatch(help, -1) {
			flags[m[1]] = true
		}
		_, list, _ := strings.Cut(help, "COMMANDS")
		list, _, _ = strings.Cut(list, "FLAGS")
		for _, m := range regexp.MustCompile(`(?m)^ {4}([a-z]+)\b`).FindAllStringSubmatch(list, -1) {
			below := append(slices.Clone(command), m[1])
			commands = append(commands, strings.Join(below, " "))
			if m[1] != "help" && !slices.Contains(command, "completion") { // a shell's own flags are in its help
				walk(below...)
			}
		}
	}
	walk()
	if len(commands) == 0 {
		t.Fatal("the help names no command: has its form changed?")
	}
	for _, c := range commands {
		if !shows(doc, c) {
			t.Errorf("the README does not show: reconnect %s", c)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^reconnect ([a-z]+)`).FindAllStringSubmatch(doc, -1) {
		if !slices.Contains(commands, m[1]) {
			t.Errorf("the README shows %q, which is no command", m[0])
		}
	}
	for _, m := range regexp.MustCompile(`--([a-z][a-z-]+)\b`).FindAllStringSubmatch(doc, -1) {
		if !flags[m[1]] {
			t.Errorf("the README names %s, which is no flag", m[0])
		}
	}
	for f := range flags {
		ofEveryProgram := slices.Contains([]string{"flags", "help", "version"}, f)
		if !ofEveryProgram && !strings.Contains(doc, "--"+f) {
			t.Errorf("the README does not name --%s", f)
		}
	}
}

// shows tells whether a line of doc shows the command: "cases show" in
// "reconnect cases show 7QK2".
func shows(doc, command string) bool {
	parent, last, nested := strings.Cut(command, " ")
	if !nested {
		return regexp.MustCompile(`(?m)^reconnect ` + parent + `\b`).MatchString(doc)
	}
	return regexp.MustCompile(`(?m)^reconnect ` + parent + `\b.*\b` + last + `\b`).MatchString(doc)
}

// TestReadmeSettings: the README's table has the keys that config.toml can have.
func TestReadmeSettings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte("no_such_key = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, _ := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"cases", "--config", file}}, "")
	_, known, found := strings.Cut(errs, "Known are ")
	if !found {
		t.Fatalf("an unknown key is not told with the known ones: %s", errs)
	}
	_, table, _ := strings.Cut(document(t, readme), "| key | value |")
	table, _, _ = strings.Cut(table, "\n\n")
	var told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(table, -1) {
		told = append(told, m[1])
	}
	words := regexp.MustCompile(`[a-z_]+`).FindAllString(known, -1)
	words = slices.DeleteFunc(words, func(w string) bool { return w == "and" })
	differ(t, "settings", words, told)
}

// TestReadmeRuns: the gate runs the very test command that the README names.
func TestReadmeRuns(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"go run .", "go test ./..."} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(command) + `( |$)`).MatchString(document(t, readme)) {
			t.Errorf("the README does not name %q", command)
		}
	}
	if gate := document(t, ".ci/run"); !strings.Contains(gate, "go test ./...") {
		t.Error(".ci/run does not run the README's test command")
	}
}

// differ fails where a document names other things than there are.
func differ(t *testing.T, what string, there, named []string) {
	t.Helper()
	for _, p := range there {
		if !slices.Contains(named, p) {
			t.Errorf("%s: %s is there and not in the document", what, p)
		}
	}
	for _, p := range named {
		if !slices.Contains(there, p) {
			t.Errorf("%s: %s is in the document and not there", what, p)
		}
	}
}
