package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
)

// gapStore makes a folder with cases, and gives what writes one into it.
func gapStore(t *testing.T) (dir string, put func(id string, open bool, events ...ladder.Event)) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir, func(id string, open bool, events ...ladder.Event) {
		t.Helper()
		a := store.Append{Case: id, Summary: store.Summary{ID: id, Platform: string(events[0].Data.Platform), Open: open}}
		for i, e := range events {
			data, err := json.Marshal(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			at := time.Date(2026, 11, 20, 9, i, 0, 0, time.UTC)
			a.Events = append(a.Events, store.Event{At: at, Kind: string(e.Kind), By: "marianne", Data: data})
		}
		if _, err := db.Append(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

func opened(id platforms.ID) ladder.Event {
	d := ladder.Data{Platform: id, Audience: platforms.Own}
	if svc, err := platforms.Get(string(id)); err == nil {
		for _, c := range svc.Guide().Checks {
			d.Checks = append(d.Checks, c.ID)
		}
	}
	return ladder.Event{Kind: ladder.CaseOpened, Data: d}
}

func did(kind ladder.Kind, answer, item string) ladder.Event {
	return ladder.Event{Kind: kind, Data: ladder.Data{Answer: answer, Item: item, Text: text.Const("owner@example.com")}}
}

func gapAt(page, item, seen string) ladder.Event {
	return ladder.Event{Kind: ladder.GuideGap, Data: ladder.Data{Page: page, Item: item, Text: text.Block(seen)}}
}

// gapsOf runs guide gaps on the folder data.
func gapsOf(t *testing.T, data string, args ...string) (out, errs string, code int) {
	t.Helper()
	return ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: t.TempDir(), Args: append([]string{"guide", "gaps"}, args...),
		Env: []string{"RECONNECT_DATA=" + data, "TZ=UTC"}}, "")
}

// A gapJSON is what --json says of a gap.
type gapJSON struct {
	Platform, Page, Item, Words, File string
	Line, Count                       int
	Cases                             []string
	First, Last                       time.Time
	Seen                              []struct {
		Text  string
		Count int
	}
}

func gapsJSON(t *testing.T, out string) []gapJSON {
	t.Helper()
	var got struct {
		Schema int
		Gaps   []gapJSON
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Schema != 1 {
		t.Fatalf("schema %d, %v: %s", got.Schema, err, out)
	}
	return got.Gaps
}

// TestGapsOfOldLogs: where the page is not recorded, it is the one that the case stood at.
func TestGapsOfOldLogs(t *testing.T) {
	t.Parallel()
	data, put := gapStore(t)
	toCheck := []ladder.Event{opened("facebook"), did(ladder.StatusSeen, "red", ""), did(ladder.ChangeSeen, "", ""),
		did(ladder.AccountChosen, "", ""), gapAt("", "click", "a"), did(ladder.Attempted, "other", ""), gapAt("", "switch", "b"),
		did(ladder.CheckDone, "fail", "admin"), gapAt("", "ask", "c")}
	put("OLD1", true, toCheck...)
	put("OLD2", true, opened("facebook"), did(ladder.StatusSeen, "unlisted", ""), gapAt("", "before1", "d"),
		did(ladder.BeforeReady, "ready", ""), gapAt("", "owner", "e"))
	put("NEW1", false, opened("facebook"), gapAt("fresh_account", "owner", "f"), gapAt("board", "find", "g"),
		gapAt("retry", "click", "h"), did(ladder.CaseClosed, "given_up", ""))
	out, errs, code := gapsOf(t, data, "--json")
	if code != 0 || errs != "" {
		t.Fatalf("%d: %s", code, errs)
	}
	var got []string
	for _, g := range gapsJSON(t, out) {
		if g.Words == "" || g.File == "" || g.Line == 0 {
			t.Errorf("%s, %s: the guide's words are not found", g.Page, g.Item)
		}
		got = append(got, fmt.Sprint(g.Page, " ", g.Item, " ", g.Count))
	}
	slices.Sort(got)
	want := []string{"account owner 2", "before before1 1", "check.admin switch 1", "mend.admin ask 1", "reconnect click 1", "retry click 1", "status find 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestGapsOfMany reads all pages of a large store, and lists the most frequent first.
func TestGapsOfMany(t *testing.T) {
	t.Parallel()
	const cases = 1003
	data, put := gapStore(t)
	for i := range cases {
		seen := "It says \"Sign in again\""
		if i%3 == 0 {
			seen = "It says\n\"Renew\""
		}
		put(fmt.Sprintf("C%d", i), i%2 == 0, opened("tiktok"), gapAt("clear", "apps", seen))
	}
	put("ONE", true, opened("x"), gapAt("clear", "menu", "s"))
	out, errs, code := gapsOf(t, data, "--json")
	if code != 0 || errs != "" {
		t.Fatalf("%d: %s", code, errs)
	}
	gaps := gapsJSON(t, out)
	if len(gaps) != 2 || gaps[0].Count != cases || len(gaps[0].Cases) != cases || gaps[1].Item != "menu" {
		t.Fatalf("%d gaps, the first %d times in %d cases", len(gaps), gaps[0].Count, len(gaps[0].Cases))
	}
	if s := gaps[0].Seen; len(s) != 2 || s[0].Count != 668 || s[0].Text != "It says \"Sign in again\"" || s[1].Count != 335 {
		t.Errorf("seen %v", s)
	}
	at := time.Date(2026, 11, 20, 9, 1, 0, 0, time.UTC)
	if !gaps[0].First.Equal(at) || !gaps[0].Last.Equal(at) {
		t.Errorf("first %v, last %v", gaps[0].First, gaps[0].Last)
	}
}

// TestGapsApply: what --diff prints is taken by git in a checkout, and makes a guide
// that is fine and has no more to correct.
func TestGapsApply(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	data, put := gapStore(t)
	put("A", true, opened("facebook"), gapAt("clear", "settings", "Only \"Apps\" {there}"), gapAt("mend.admin", "ask", "Nobody is listed"),
		gapAt("before", "before1", "Task access is another word"))
	put("B", false, opened("linkedin"), gapAt("retry", "back", "It stays on the page"), gapAt("fresh", "choose", strings.Repeat("very long ", 30)))
	diff, errs, code := gapsOf(t, data, "--diff")
	if code != 0 || errs != "" {
		t.Fatalf("%d: %s", code, errs)
	}
	dir := t.TempDir()
	guides := filepath.Join(dir, "platforms")
	if err := os.CopyFS(guides, platforms.Raw()); err != nil {
		t.Fatal(err)
	}
	git := exec.CommandContext(t.Context(), "git", "apply", "-")
	git.Dir, git.Stdin = dir, strings.NewReader(diff)
	if out, err := git.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, diff)
	}
	if problems := platforms.Validate(os.DirFS(guides)); len(problems) > 0 {
		t.Errorf("%v\n%s", problems, diff)
	}
	if n := strings.Count(diff, "\n+") - strings.Count(diff, "\n+++"); n == 0 || strings.Count(diff, "unverified") < 5 {
		t.Errorf("too little is drafted:\n%s", diff)
	}
	if again, errs, code := gapsOf(t, data, "--diff", "--dir", guides); code != 0 || again != "" || errs != "" {
		t.Errorf("%d, again: %s%s", code, again, errs)
	}
	if list, _, _ := gapsOf(t, data, "--dir", guides); !strings.Contains(list, "The guide says  Look for: Only \"Apps\" (there)\n") {
		t.Errorf("the edited guide is not read:\n%s", list)
	}
}

// TestGapsHostile: names and texts from a log are cleaned; a log that cannot be read
// and a platform that nobody knows hide nothing.
func TestGapsHostile(t *testing.T) {
	t.Parallel()
	data, put := gapStore(t)
	raw := "\x1b]0;x\a\x1b[31mred\u202e"
	put("A", true, opened("x"), ladder.Event{Kind: ladder.GuideGap, Data: ladder.Data{Page: "clear" + raw, Item: raw, Text: text.Block(raw)}})
	put("B", true, opened("../x"), gapAt("clear", "menu", "of another platform"))
	put("C", true, opened("x"), ladder.Event{Kind: "no.such.kind"})
	put("D", true, opened("x"), gapAt("clear", "menu", "All the same"))
	for _, args := range [][]string{nil, {"--json"}, {"--diff"}} {
		out, errs, code := gapsOf(t, data, args...)
		if code != 1 || !strings.Contains(errs, "1 unreadable case left out: case C cannot be read") {
			t.Errorf("%v: %d, %s", args, code, errs)
		}
		if !strings.Contains(out, "All the same") {
			t.Errorf("%v hides the others:\n%s", args, out)
		}
		for _, r := range out + errs {
			if r < ' ' && r != '\n' || r == 0x7f || r == '\u202e' {
				t.Errorf("%v prints %U", args, r)
			}
		}
		if len(args) == 0 && (!strings.Contains(out, "../x, clear, menu") || !strings.Contains(out, "No draft        the guide has no such instruction now")) {
			t.Errorf("the strange ones are not listed:\n%s", out)
		}
	}
}
