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
	paths := []string{"common/rules.json", "common/detours.json", "common/caution.json"}
	for _, dir := range append(IDs(), "common") {
		paths = append(paths, string(dir)+"/guide.json")
	}
	for _, path := range paths {
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
	const rules, detours, caution = "common/rules.json", "common/detours.json", "common/caution.json"
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
		{"reserved id", facebook, `"id": "switch"`, `"id": "page"`, `"id": "page"`, "checks[0].how[0].id", "means the whole page"},
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
		{"test without a question", common, `"ask": "Do pop-up windows open for Aibrify?",`, ``, "{\n      \"id\": \"popup\"", "tests[1].ask", "the text is missing"},
		{"test without a cause", facebook, `"cause": "missing_permission",`, `"cuase": "missing_permission",`, `"cuase"`, "tests[1].cuase", "no such field here"},
		{"two tests", common, `"id": "popup",`, `"id": "login",`, "\"id\": \"login\",\n      \"title\": \"Pop-up", "tests[1].id", `the test "login" is there twice`},
		{"test named like a check", facebook, `"id": "ticked",`, `"id": "admin",`, "\"id\": \"admin\",\n      \"title\": \"Admin of the Page\"", "checks[0].id", `a test is called "admin", too`},
		{"test for platforms", facebook, `"id": "portfolio",`, `"id": "portfolio", "platforms": ["x"],`, `"id": "portfolio"`, "tests[2].platforms", "only a common test names platforms"},
		{"test of no platform", common, `"platforms": ["instagram", "facebook", "linkedin", "x"]`, `"platforms": ["instagram", "fakebook"]`, `"fakebook"`, "tests[4].platforms[1]", `no platform is called "fakebook"`},
		{"test that is not verified", facebook, `"text": "Look for your name among`, `"text": "Find your name among`, `"text": "Find your name among`, "tests[2].how[1].text", `must say "look for"`},
		{"unknown branch", common, `"id": "no_page"`, `"id": "nopage"`, `"nopage"`, "branches[1].id", `no branch "nopage"`},
		{"missing branch", common, `"id": "no_page"`, `"id": "nopage"`, `"branches": [`, "branches", `the branch "no_page" is missing`},
		{"branch without a check", facebook, `["ticked", "admin", "login", "portfolio", "published"]`, `["ticked", "admin", "login", "portfolio", "public"]`, `"public"]`, "branches[0].checks[4]", `names a check "public" that this platform does not have`},
		{"branch with a check twice", facebook, `["ticked", "login"]`, `["ticked", "ticked"]`, `["ticked", "ticked"]`, "branches[1].checks[1]", `names the check "ticked" twice`},
		{"branch of other platforms", x, `"id": "not_offered",` + "\n      \"listen\"", `"id": "no_page",` + "\n      \"listen\"", `"id": "no_page"`, "branches[0].id", `the common branch "no_page" is not for this platform`},
		{"long branch", common, `"label": "The two-factor code does not come"`, `"label": "The two-factor code does not come to my phone"`, `to my phone"`, "branches[4].label", "there is room for 40"},
		{"no rules", rules, `"rules": [`, `"rules": [], "rest": [`, `"rules": []`, "rules", "the rules are missing"},
		{"two rules", rules, `"id": "status.red"`, `"id": "status.yellow"`, `"id": "status.yellow", "when": "status", "is": "red"`, "rules[1].id", `the rule "status.yellow" is there twice`},
		{"unknown sort of fact", rules, `"when": "incident", "is": "down"`, `"when": "outage", "is": "down"`, `"outage"`, "rules[33].when", `no sort of fact "outage"; known are status, change`},
		{"unknown fact", rules, `"is": "devices"`, `"is": "device"`, `"device"`, "rules[16].is", `change has no "device"`},
		{"fact of another platform", rules, `"is": "devices", "platforms": ["tiktok"]`, `"is": "devices", "platforms": ["x"]`, `"is": "devices"`, "rules[16].is", `x has no change "devices"`},
		{"rule about nothing", rules, `"for": ["security_checkpoint", "token_expired"],`, ``, "{\n      \"id\": \"change.devices\"", "rules[16]", "neither for nor against"},
		{"rule for the unknown", rules, `"for": ["security_checkpoint", "token_expired"]`, `"for": ["unknown"]`, `"for": ["unknown"]`, "rules[16].for[0]", `no such cause "unknown"`},
		{"rule for and against", rules, `"for": ["security_checkpoint", "token_expired"]`, `"for": ["token_expired"], "against": ["token_expired"]`, `"against": ["token_expired"], "weight"`, "rules[16].against[0]", "it speaks for token_expired, too"},
		{"weight", rules, `"weight": "decisive"`, `"weight": "sure"`, `"sure"`, "rules[31].weight", `this must be "weak", "strong" or "decisive"`},
		{"long rule", rules, `"says": "No Page was ticked, so none was granted."`, `"says": "No Page was ticked, so none was granted, and none can be connected before one is."`, `before one is."`, "rules[25].says", "there is room for 74"},
		{"rule without a source", rules, `"source": "our own caution", `, ``, "{\n      \"id\": \"cases.spike\"", "rules[37].source", "the text is missing"},
		{"unknown cause of a detour", detours, `"cause": "not_linked", "platforms": ["instagram"]`, `"cause": "unlinked", "platforms": ["instagram"]`, `"unlinked"`, "detours[35].cause", `no such cause "unlinked"`},
		{"cause without a row", detours, `"cause": "not_linked", "platforms": ["instagram"]`, `"cause": "unlinked", "platforms": ["instagram"]`, `"detours": [`, "detours", "not_linked has no row on instagram"},
		{"unknown owner of a detour", detours, `"owner": "operator"`, `"owner": "nobody"`, `"nobody"`, "detours[40].owner", `no such owner "nobody"`},
		{"unknown move", detours, `"do": "wait", "wait": "15m"`, `"do": "sleep", "wait": "15m"`, `"sleep"`, "detours[46].do", `this must be "continue"`},
		{"time", detours, `"wait": "15m"`, `"wait": "a while"`, `"a while"`, "detours[46].wait", `this must be a time such as "15m"`},
		{"time as a number", detours, `"wait": "15m"`, `"wait": 15`, `"wait": 15`, "detours[46].wait", "this must be a text, not a number"},
		{"odd time", detours, `"wait": "15m"`, `"wait": "0.25h"`, `"0.25h"`, "detours[46].wait", "this must be a time"},
		{"missing time", detours, `"wait": "15m",`, `"cures": [],`, "{\n      \"cause\": \"rate_limited\", \"platforms\": [\"x\"], \"owner\"", "detours[46].wait", "the field is missing with this move"},
		{"wait that cures", detours, `"wait": "15m",`, `"wait": "15m", "cures": ["clear"],`, `"cures": ["clear"]`, "detours[46].cures", "no step can cure it"},
		{"missing end of a wait", detours, `"early": "Midnight UTC is past.",`, ``, "{\n      \"cause\": \"rate_limited\", \"platforms\": [\"linkedin\"]", "detours[47].early", "the field is missing with this move"},
		{"unknown step", detours, `"cures": ["reconnect", "fresh"]`, `"cures": ["reconnect", "support"]`, `"support"]`, "detours[36].cures[1]", `no step "support" that can cure`},
		{"skip to nowhere", detours, `"to": "disconnect", "cures": ["disconnect", "clear", "fresh"]`, `"to": "support", "cures": ["disconnect", "clear", "fresh"]`, `"to": "support"`, "detours[0].to", `no step "support" to go on at`},
		{"fix that destroys", detours, `"do": "fix", "to": "reconnect", "cures": ["reconnect"]`, `"do": "fix", "to": "reconnect", "cures": ["clear"]`, `"cures": ["clear"]`, "detours[8].cures", "no other step can cure"},
		{"to without need", detours, `"do": "continue"`, `"do": "continue", "to": "fresh"`, `"to": "fresh"`, "detours[1].to", "no such field with this move"},
		{"see without mend", detours, `"see": "{platform} opens in the browser.",`, ``, "{\n      \"cause\": \"platform_outage\", \"next\": \"fix\", \"owner\"", "detours[52]", "mend and see belong together"},
		{"what was tried", detours, `"tried": "waited"`, `"tried": "slept"`, `"slept"`, "detours[45].tried", "this must be one of failed, mended, waited"},
		{"next step", detours, `"next": "fix"`, `"next": "mend"`, `"next": "mend"`, "detours[40].next", `no such next step "mend"`},
		{"row that is never used", detours, `"platforms": ["x"], "owner": "person", "do": "continue"`, `"owner": "person", "do": "continue"`, "{\n      \"cause\": \"account_changed\", \"platforms\": [\"facebook\"", "detours[8]", "it is never used"},
		{"going round", detours, `"cause": "security_checkpoint", "tried": "mended"`, `"cause": "security_checkpoint", "tried": "failed"`, "{\n      \"cause\": \"security_checkpoint\", \"platforms\": [\"x\"]", "detours[57]", `a row with tried "mended" must come before`},
		{"waiting round", detours, `"cause": "rate_limited", "tried": "waited"`, `"cause": "rate_limited", "tried": "mended"`, "{\n      \"cause\": \"rate_limited\", \"platforms\": [\"x\"], \"owner\"", "detours[46]", `a row with tried "waited" must come before`},
		{"fix without a check", detours, `"platforms": ["facebook"], "owner": "admin", "do": "fix"`, `"platforms": ["x"], "owner": "admin", "do": "fix"`, "{\n      \"cause\": \"not_admin\", \"platforms\": [\"x\"]", "detours[26]", "x has no check for not_admin, so mend and see are missing"},
		{"mend that is not verified", detours, `"text": "Look for another website: does it open?"`, `"text": "Open another website"`, `"Open another website"`, "detours[52].mend[0].text", `must say "look for"`},
		{"no whole number", caution, `"after": 1`, `"after": 1.5`, `"after": 1.5`, "coolDown[0].after", "this must be a whole number"},
		{"number as text", caution, `"least": 4`, `"least": "4"`, `"least": "4"`, "spike.least", "this must be a whole number"},
		{"no tries", caution, `"after": 3`, `"after": 0`, `"after": 0`, "coolDown[1].after", "a whole number from 1"},
		{"missing figure", caution, `"times": 3, `, ``, `"spike": {`, "spike.times", "a whole number from 1"},
		{"missing span", caution, `"wait": "5m",`, ``, `"settle": {`, "settle.wait", "the time is missing"},
		{"usual is shorter", caution, `"usual": "336h"`, `"usual": "2h"`, `"usual": "2h"`, "spike.usual", "this must be longer than within"},
		{"cool-down of all", caution, `"platforms": ["tiktok"], `, ``, "{\n      \"after\": 3", "coolDown[1]", "never used"},
		{"cool-down of some", caution, `"after": 3`, `"platforms": ["x"], "after": 3`, `"coolDown": [`, "coolDown", "a row for all platforms is missing"},
		{"caution without a source", caution, `"source": "our own caution", "certainty": "unverified"
  },
  "spike"`, `"certainty": "unverified"
  },
  "spike"`, `"settle": {`, "settle.source", "the text is missing"},
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
	delete(files, "common/rules.json")
	files["twiter/guide.json"] = &fstest.MapFile{Data: []byte("{}")}
	problems := Validate(files)
	var got []string
	for _, p := range problems {
		file, rest, _ := strings.Cut(p.Error(), ":")
		_, text, _ := strings.Cut(rest, ": ")
		got = append(got, file+": "+text)
	}
	want := []string{
		"common/rules.json: the file cannot be read: open common/rules.json: file does not exist",
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
		fmt.Sprintf("| branch | %d; its title %d |", maxBranch, maxPage),
		fmt.Sprintf("| rule | %d |", maxSays),
		fmt.Sprintf("| detour | %d (two lines); see and early %d |", maxWhy, maxAsk),
	} {
		if !strings.Contains(string(raw), row+"\n") {
			t.Errorf("the README does not say %q", row)
		}
	}
}
