package explain

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"reconnect/platforms"
)

func TestDataIsValid(t *testing.T) {
	for _, err := range Validate(platforms.ErrorData) {
		t.Error(err)
	}
}

// edited is the embedded data with one text of a file replaced by another.
func edited(t *testing.T, name, from, to string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, folder := range folders() {
		raw, err := fs.ReadFile(platforms.ErrorData, folder+"/errors.json")
		if err != nil {
			t.Fatal(err)
		}
		files[folder+"/errors.json"] = &fstest.MapFile{Data: raw}
	}
	was := string(files[name].Data)
	now := strings.Replace(was, from, to, 1)
	if was == now {
		t.Fatalf("%s has no %q", name, from)
	}
	files[name] = &fstest.MapFile{Data: []byte(now)}
	return files
}

// extra is a signature put before the first one of a file.
func extra(match, rest string) string {
	return `"signatures": [
    {
      "id": "x.api.extra", "where": "api", "match": {` + match + `}, "cause": "rate_limited",
      "owner": "platform", "remedy": "wait_retry", "meaning": "A limit is reached.", ` + rest + `
    },`
}

// TestOneTime: what to do about a limit does not contradict how long it lasts.
func TestOneTime(t *testing.T) {
	k := own()
	for _, s := range k.list {
		do := s.Do
		if len(do) == 0 {
			do = k.remedies[s.Remedy].Do
		}
		for _, long := range []string{"one day", "a day", "daily", "quarter of an hour"} {
			if s.Cause == platforms.RateLimited && strings.Contains(s.Meaning.String(), long) && strings.Contains(fmt.Sprint(do), "Wait an hour") {
				t.Errorf("%s: %s %s", s.ID, s.Meaning, do)
			}
		}
	}
}

func TestValidateFindsFaults(t *testing.T) {
	const good = `"source": "text remembered", "certainty": "unverified"`
	for _, c := range []struct{ name, from, to, want string }{
		{"cause", `"cause": "rate_limited"`, `"cause": "rate_limit"`, `no cause "rate_limit"`},
		{"owner", `"owner": "platform"`, `"owner": "nobody"`, `no owner "nobody"`},
		{"remedy", `"remedy": "wait_retry"`, `"remedy": "hope"`, `no remedy "hope"`},
		{"source", `"signatures": [`, extra(`"code": "77777"`, `"certainty": "unverified"`), "source is missing"},
		{"day", `"signatures": [`, extra(`"code": "77777"`, `"source": "a page", "certainty": "documented"`), "day it was last read is missing"},
		{"contradiction", `"signatures": [`, extra(`"code": "99"`, good), "contradicts x.api.extra on line"},
		{"unreachable", `"signatures": [`, extra(`"code": "88"`, good), "never reached: x.api.extra on line"},
		{"shadowed phrase", `"signatures": [`, strings.ReplaceAll(extra(`"contains": ["over capacity"]`, good), `"where": "api"`, `"where": "words"`), "over capacity"},
		{"nothing asked", `"signatures": [`, extra(``, good), "asks for nothing"},
		{"no number", `"signatures": [`, extra(`"code": "ninety"`, good), "no number and no range"},
		{"synonym", `"signatures": [`, extra(`"say": ["@nonsense"]`, good), "no synonyms @nonsense"},
		{"field", `"signatures": [`, extra(`"colour": "red"`, good), "no such field"},
		{"twice", `"signatures": [`, strings.Replace(extra(`"code": "77777"`, good), "x.api.extra", "x.api.88", 1), "is there twice"},
		{"json", `"signatures": [`, `"signatures": `, "not valid JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := Validate(edited(t, "x/errors.json", c.from, c.to))
			if c.name == "shadowed phrase" {
				c.want = "contradicts x.api.extra"
			}
			for _, err := range problems {
				var p *platforms.Problem
				if errors.As(err, &p) && p.File == "x/errors.json" && p.Line > 0 && strings.Contains(p.Text, c.want) {
					return
				}
			}
			t.Errorf("not found: %s in %v", c.want, problems)
		})
	}
}

func TestValidateFindsSharedWithoutSignature(t *testing.T) {
	problems := Validate(edited(t, "x/errors.json", `"id": "x.words.could-not"`, `"id": "x.words.could-not-now"`))
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "common/errors.json") {
		t.Errorf("%v", problems)
	}
}

func TestValidateFindsStrangers(t *testing.T) {
	files := edited(t, "x/errors.json", `"signatures"`, `"signatures" `)
	files["myspace/errors.json"] = &fstest.MapFile{Data: []byte(`{}`)}
	problems := Validate(files)
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "myspace") {
		t.Errorf("%v", problems)
	}
}

func TestList(t *testing.T) {
	list := List()
	if len(list) < 194 {
		t.Errorf("%d signatures", len(list))
	}
	conditions := 0
	for _, s := range list {
		if s.Match.Condition != "" {
			conditions++
		}
	}
	if conditions != 6 {
		t.Errorf("%d conditions for live checks", conditions)
	}
}
