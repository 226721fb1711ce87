package platforms

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// edited is the embedded data with one file changed.
func edited(t *testing.T, name string, edit func(string) string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, dir := range append(IDs(), "common") {
		path := string(dir) + "/guide.json"
		raw, err := fs.ReadFile(data, path)
		if err != nil {
			t.Fatal(err)
		}
		if path == name {
			changed := edit(string(raw))
			if changed == string(raw) {
				t.Fatalf("the edit changes nothing in %s", name)
			}
			raw = []byte(changed)
		}
		files[path] = &fstest.MapFile{Data: raw}
	}
	return files
}

// lineAt is the line of the first place where part stands in s.
func lineAt(t *testing.T, s, part string) int {
	t.Helper()
	before, _, found := strings.Cut(s, part)
	if !found {
		t.Fatalf("%q is not in the file", part)
	}
	return 1 + strings.Count(before, "\n")
}

// TestValidate breaks the data in one place and wants that place named.
func TestValidate(t *testing.T) {
	const common, facebook, x = "common/guide.json", "facebook/guide.json", "x/guide.json"
	for _, test := range []struct {
		name, file, old, new string
		line                 string // stands on the line that is named
		field, says          string
	}{
		{"unknown field", common, `"why": "Reconnecting cannot`, `"wy": "Reconnecting cannot`, `"wy"`, "pages.check.wy", "no such field here"},
		{"missing text", common, `"title": "Check {platform}",`, ``, `"check": {`, "pages.check.title", "the text is missing"},
		{"empty text", common, `"title": "Check {platform}"`, `"title": " "`, `"title": " "`, "pages.check.title", "the text is empty"},
		{"space at the end", x, `"The X password"`, `"The X password "`, `"The X password "`, "changes[1].label", "begins or ends with a space"},
		{"hidden character", x, `"The X password"`, `"The X\u0007 password"`, `\u0007`, "changes[1].label", "control, hidden or direction-changing"},
		{"duplicate key", x, `"noun": "account",`, `"noun": "account", "noun": "account",`, `"noun"`, "noun", "the field is there twice"},
		{"wrong type", x, `"noun": "account",`, `"noun": 7,`, `"noun"`, "noun", "this must be a text, not a number"},
		{"not JSON", x, `"noun": "account",`, `"noun": "account"`, `"login"`, "", "not valid JSON"},
		{"unknown page", x, `"clear": {`, `"clean": {`, `"clean": {`, "pages.clean", "no such page"},
		{"missing page", common, `"leave": {`, `"left": {`, `"pages": {`, "pages.leave", "the page is missing"},
		{"unknown answer", x, `"id": "not_offered"`, `"id": "not_offerd"`, `"not_offerd"`, "pages.reconnect.choices[0].id", `this page has no answer "not_offerd"`},
		{"missing answer", common, `{"id": "ready", "label": "Yes, ready", "listen": "yes, I have all that"}`, ``, `"choices": []`, "pages.before.choices", `the answer "ready" is missing`},
		{"unknown cause", facebook, `"cause": "not_admin"`, `"cause": "no_admin"`, `"no_admin"`, "checks[0].cause", `no such cause "no_admin"`},
		{"unknown owner", facebook, `"who": "admin"`, `"who": "boss"`, `"boss"`, "checks[0].who", `no such owner "boss"`},
		{"unknown change", x, `"label": "The X username"`, `"id": "handle", "label": "The X username"`, `"handle"`, "changes[0].id", "the field is there twice"},
		{"change of another platform", x, `"change": "username"`, `"change": "devices"`, `"devices"`, "checks[0].change", `this platform has no change "devices"`},
		{"missing source", x, `"source": "X documentation, incidents page: https://docs.x.com/incidents", `, ``, `"outage": {`, "outage.source", "the text is missing"},
		{"bad link", x, `https://x.com/settings`, `http://x.com/settings`, `http://x.com/settings`, "pages.clear.do[0].link", "this must be a whole https address"},
		{"unknown placeholder", common, `"title": "Check {platform}"`, `"title": "Check {plattform}"`, `{plattform}`, "pages.check.title", "no placeholder {plattform}"},
		{"too long", common, `"title": "Check {platform}"`, `"title": "Check {platform}, and then check everything else again"`, `else again`, "pages.check.title", "there is room for 48"},
		{"one wording", common, `"title": "Check {platform}",
      "why": "`, `"title": "Check {platform}",
      "why": {"own": "Because."}, "ask2": "`, `"Because."`, "pages.check.why", "only one wording"},
		{"nothing to stand behind", x, `"after": "settings"`, `"after": "setings"`, `"setings"`, "pages.clear.do[1].after", `there is no instruction "setings"`},
		{"certainty", x, `"certainty": "documented"`, `"certainty": "sure"`, `"sure"`, "before[0].certainty", `this must be "documented"`},
		{"day", x, `"read": "2026-11-23"`, `"read": "23.11.2026"`, `23.11.2026`, "before[0].read", "this must be a day"},
		{"missing day", x, `"read": "2026-11-23", `, ``, "{\n      \"text\": {\n        \"own\": \"The X account", "before[0].read", "the day it was last read is missing"},
		{"not verified", x, "incidents\", \"read\": \"2026-11-23\", \"certainty\": \"documented\"", "incidents\", \"certainty\": \"unverified\"",
			`"Open developer.x.com`, "outage.text", `not verified, so it must say "look for"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var text string
			files := edited(t, test.file, func(s string) string {
				text = strings.Replace(s, test.old, test.new, 1)
				return text
			})
			line := lineAt(t, text, test.line)
			problems := Validate(files)
			if !slices.ContainsFunc(problems, func(err error) bool {
				p := err.(*Problem)
				return p.File == test.file && p.Line == line && p.Field == test.field && strings.Contains(p.Text, test.says)
			}) {
				t.Errorf("want %s:%d: %s: …%s…\ngot %v", test.file, line, test.field, test.says, problems)
			}
		})
	}
}

// TestValidateReportsAll wants every problem of every file, in the order of the lines.
func TestValidateReportsAll(t *testing.T) {
	files := edited(t, "x/guide.json", func(s string) string {
		s = strings.ReplaceAll(s, `"who": "person"`, `"who": "nobody"`)
		return strings.Replace(s, `"noun": "account",`, ``, 1)
	})
	delete(files, "tiktok/guide.json")
	files["twiter/guide.json"] = &fstest.MapFile{Data: []byte("{}")}
	problems := Validate(files)
	var got []string
	for _, p := range problems {
		file, rest, _ := strings.Cut(p.Error(), ":")
		_, text, _ := strings.Cut(rest, ": ")
		got = append(got, file+": "+text)
	}
	want := []string{
		"tiktok/guide.json: the file cannot be read: open tiktok/guide.json: file does not exist",
		"x/guide.json: noun: the text is missing",
		`x/guide.json: checks[0].who: no such owner "nobody"`,
		`x/guide.json: checks[1].who: no such owner "nobody"`,
		`twiter/guide.json: no platform is called "twiter"; known are instagram, facebook, tiktok, linkedin, x`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestREADME wants the limits that the README tells writers to be the true ones.
func TestREADME(t *testing.T) {
	raw, err := os.ReadFile("common/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		fmt.Sprintf("| title | %d |", maxTitle),
		fmt.Sprintf("| why | %d (two lines) |", maxWhy),
		fmt.Sprintf("| instruction | %d, at most %d on a page |", maxText, maxDo),
		fmt.Sprintf("| warning | %d (two lines) |", maxWarn),
		fmt.Sprintf("| question | %d |", maxAsk),
		fmt.Sprintf("| answer | %d; its meaning %d |", maxLabel, maxMeans),
		fmt.Sprintf("| impact | %d each |", maxImpact),
		fmt.Sprintf("| change | %d |", maxChange),
	} {
		if !strings.Contains(string(raw), row+"\n") {
			t.Errorf("the README does not say %q", row)
		}
	}
}
