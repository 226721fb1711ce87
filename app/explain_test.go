package app_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app"
	"reconnect/app/ptytest"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// explained runs explain with standard input, and returns what it wrote.
func explained(t *testing.T, stdin string, args ...string) (out, errs string, code int) {
	t.Helper()
	return ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: append([]string{"explain"}, args...)}, stdin)
}

// keysOf are the keys of a JSON object.
func keysOf(t *testing.T, raw string) []string {
	t.Helper()
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return slices.Sorted(maps.Keys(got))
}

// TestExplainKeys holds the documented shape of explain --json and of a batch.
func TestExplainKeys(t *testing.T) {
	t.Parallel()
	always := []string{"also", "cause", "confidence", "connection", "fields", "meaning", "next", "owner", "platform", "schema", "source"}
	for name, test := range map[string]struct {
		text string
		more []string
	}{
		"certain":        {"code 190, subcode 460", []string{"signature"}},
		"request id":     {"code 190, subcode 492, fbtrace_id=AbCdEfGhIjKl", []string{"signature", "ids"}},
		"secret":         {"facebook code 190 access_token=EAABsbCS1iHgBAKZCq2ZBabcdefghijklmnop", []string{"signature", "secrets"}},
		"unknown":        {"my post looks strange", []string{"questions"}},
		"no connection":  {"instagram: media rejected", []string{"signature"}},
		"nothing at all": {"", []string{"questions"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := slices.Sorted(slices.Values(slices.Concat(always, test.more)))
			alone, errs, code := explained(t, test.text, "-", "--json")
			if got := keysOf(t, alone); code != 0 || errs != "" || !slices.Equal(got, want) {
				t.Errorf("%d, %s, keys %v, want %v", code, errs, got, want)
			}
			line, err := json.Marshal(map[string]string{"id": "one", "text": test.text})
			if err != nil {
				t.Fatal(err)
			}
			batch, errs, code := explained(t, string(line), "--batch", "-")
			var one, many map[string]any
			if json.Unmarshal([]byte(alone), &one) != nil || json.Unmarshal([]byte(batch), &many) != nil || code != 0 {
				t.Fatalf("%d, %s, no JSON: %s, %s", code, errs, alone, batch)
			}
			one["id"] = "one"
			first, err := json.Marshal(one)
			second, err2 := json.Marshal(many)
			if err != nil || err2 != nil || string(first) != string(second) {
				t.Errorf("alone and with its id:\n%s\nin a batch:\n%s", first, second)
			}
		})
	}
}

// TestExplainTooMuch refuses what is larger than can be taken, with its size, and
// takes what is not.
func TestExplainTooMuch(t *testing.T) {
	t.Parallel()
	most := strings.Repeat("x ", text.MaxPaste/2)
	if _, errs, code := explained(t, most, "-"); code != 0 {
		t.Errorf("the most that can be taken: %d, %s", code, errs)
	}
	for size, said := range map[int]string{1: "has 1.1 MiB, and at most 1 MiB", 2 << 20: "has 3 MiB, and at most 1 MiB"} {
		out, errs, code := explained(t, most+strings.Repeat("y", size), "-")
		if code != 1 || out != "" || !strings.Contains(errs, said) {
			t.Errorf("%d, %s, %s", code, out, errs)
		}
	}
}

// TestExplainBatchLong: lines that are too long are told with their number and end
// nothing, and the most that can be taken is taken however it is escaped.
func TestExplainBatchLong(t *testing.T) {
	t.Parallel()
	line := func(id, body string) string { return `{"id":"` + id + `","text":"` + body + `"}` + "\n" }
	in := line("escaped", strings.Repeat(`\u0001`, text.MaxPaste)) + line("large", strings.Repeat("x", text.MaxPaste+1)) +
		line("long", strings.Repeat("x", 9<<20)) + strings.TrimSpace(line("last", "code 190 subcode 460"))
	out, errs, code := explained(t, in, "--batch", "-")
	var ids []string
	for answer := range strings.Lines(out) {
		var a struct{ ID string }
		if err := json.Unmarshal([]byte(answer), &a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ID)
	}
	if code != 1 || !slices.Equal(ids, []string{"escaped", "last"}) {
		t.Errorf("%d, answers %v", code, ids)
	}
	want := "reconnect: line 2: The text has 1.1 MiB, and at most 1 MiB can be taken. Paste only the part with the error.\n" +
		"reconnect: line 3: it is longer than 8 MiB. Shorten it.\n" +
		"reconnect: 2 lines could not be explained. Mend them; the others are done.\n"
	if errs != want {
		t.Errorf("errors:\n%s", errs)
	}
}

// TestExplainBatchStreams: an answer is there before the next line is.
func TestExplainBatchStreams(t *testing.T) {
	t.Parallel()
	c := exec.CommandContext(t.Context(), ptytest.Build(t), "explain", "--batch", "-") //nolint:gosec // our own program
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	answers := bufio.NewReader(out)
	for _, id := range []string{"1", "2", "3"} {
		if _, err := in.Write([]byte(`{"id":` + id + `,"text":"code 190"}` + "\n")); err != nil {
			t.Fatal(err)
		}
		if a, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(a, `{"id":`+id+`,`) {
			t.Fatalf("after line %s: %q, %v", id, a, err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

// TestExplainCodes names the exit codes, and that none of this makes a folder.
func TestExplainCodes(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		code int
		in   string
		args []string
	}{
		{app.ExitFine, "", []string{"code 190"}},
		{app.ExitFine, "", []string{"nothing that anybody knows"}},
		{app.ExitFine, "code 190", []string{"-"}},
		{app.ExitFine, "", []string{"-"}},
		{app.ExitFine, "", []string{"--list"}},
		{app.ExitFine, "", []string{"--help"}},
		{app.ExitFine, "", []string{"--batch", "-"}},
		{app.ExitFailed, "bad", []string{"--batch", "-"}},
		{app.ExitFailed, "", []string{"--batch", "nowhere"}},
		{app.ExitFailed, "", []string{"--file", "nowhere"}},
		{app.ExitFailed, "", []string{"--file", home}},
		{app.ExitUsage, "", []string{"--file", ""}},
		{app.ExitUsage, "", []string{"--platform", "myspace", "code 190"}},
		{app.ExitUsage, "", []string{"--list", "code 190"}},
		{app.ExitUsage, "", []string{"--frobnicate"}},
	} {
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: append([]string{"explain"}, c.args...),
			Env: []string{"RECONNECT_DATA=" + data}}, c.in)
		if code != c.code || (code == 0) != (errs == "") || code != 0 && out != "" {
			t.Errorf("%q: code %d, want %d\n%s%s", c.args, code, c.code, out, errs)
		}
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("there is a data folder: %v", err)
	}
	err := filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if strings.HasPrefix(d.Name(), "reconnect") {
			t.Errorf("in the home folder: %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestExplainTerminal: without a text, a person at a terminal is told how.
func TestExplainTerminal(t *testing.T) {
	t.Parallel()
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"explain"}, Width: 120})
	ends(t, x, app.ExitUsage)
	x.Sees("there is nothing to explain. Give the text in quotes, - for standard input, or --file")
	typed := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"explain", "-"}, Width: 120})
	typed.Type("code 190, subcode 460\n").CloseInput()
	ends(t, typed, app.ExitFine)
	typed.Sees("Password changed, certain, on Facebook.")
}

// TestCheckErrors: guide --check tests the known errors, and what diagnosis reads,
// with the guide, folder by folder.
func TestCheckErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, folder := range append([]platforms.ID{"common"}, platforms.IDs()...) {
		files, err := filepath.Glob(filepath.Join("..", "platforms", string(folder), "*.json"))
		if err != nil || len(files) < 2 {
			t.Fatalf("%s has %d files, %v", folder, len(files), err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(dir, string(folder), filepath.Base(file)), string(raw))
		}
	}
	check := func() (out, errs string, code int) {
		return ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"guide", "--check", dir}}, "")
	}
	if out, errs, code := check(); code != 0 || errs != "" {
		t.Fatalf("unchanged: %d\n%s%s", code, out, errs)
	}
	edit := func(name, old, edited string) {
		t.Helper()
		raw, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // a file of this test
		if err != nil || !strings.Contains(string(raw), old) {
			t.Fatalf("%s has no %q: %v", name, old, err)
		}
		writeFile(t, filepath.Join(dir, name), strings.Replace(string(raw), old, edited, 1))
	}
	edit("common/errors.json", `"cause": "user_cancelled"`, `"cause": "bad_weather"`)
	edit("facebook/guide.json", `"name"`, `"nome"`)
	edit("facebook/errors.json", `{"code": "190", "subcode": "459"}`, `{"code": "190", "subcode": "458"}`)
	edit("x/guide.json", `"name"`, `"nome"`)
	edit("common/rules.json", `"token_expired"`, `"bad_weather"`)
	edit("common/detours.json", `"do": "skip"`, `"do": "jump"`)
	edit("common/caution.json", `"wait": "15m"`, `"wait": "soon"`)
	writeFile(t, filepath.Join(dir, "myspace", "errors.json"), "{}")
	out, errs, code := check()
	var files []string
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+/[a-z]+\.json):\d+: `).FindAllStringSubmatch(out, -1) {
		files = append(files, m[1])
	}
	want := []string{"common/rules.json", "common/errors.json", "common/detours.json", "common/caution.json",
		"facebook/guide.json", "facebook/errors.json", "x/guide.json", "myspace/errors.json"}
	if code != app.ExitFailed || !slices.Equal(slices.Compact(files), want) || !strings.Contains(errs, "problems. Mend them") {
		t.Errorf("%d, files %v, want %v\n%s%s", code, files, want, out, errs)
	}
	if !strings.Contains(out, "contradicts facebook.api.190.458") {
		t.Errorf("the contradiction is not told:\n%s", out)
	}
	if err := os.Remove(filepath.Join(dir, "common", "errors.json")); err != nil {
		t.Fatal(err)
	}
	if out, _, code := check(); code != app.ExitFailed || !strings.Contains(out, "common/errors.json:1: ") {
		t.Errorf("without the common file: %d\n%s", code, out)
	}
}
