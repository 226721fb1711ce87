package app_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/app/ptytest"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
)

// A shown is what cases show --json has beside the case and its events.
type shown struct {
	Diagnosis struct {
		diagnosis.Diagnosis
		Advice *diagnosis.Advice `json:"advice"`
	} `json:"diagnosis"`
	Evidence []struct {
		diagnosis.Fact
		For     []platforms.Cause `json:"for"`
		Against []platforms.Cause `json:"against"`
	} `json:"evidence"`
	Completeness message.Completeness `json:"completeness"`
}

// weighedCase is a case whose facts point to a changed password, before what comes last.
func weighedCase(last ...ladder.Event) []ladder.Event {
	e := func(k ladder.Kind, d ladder.Data) ladder.Event { return ladder.Event{Kind: k, Data: d} }
	return append([]ladder.Event{opened(platforms.Facebook),
		e(ladder.StatusSeen, ladder.Data{Answer: "red", Grade: platforms.Seen}),
		e(ladder.ChangeSeen, ladder.Data{Items: []string{"password"}, Grade: platforms.Told}),
		e(ladder.AccountChosen, ladder.Data{Account: text.Const("Example Bakery"), Text: text.Const("owner@example.com")}),
		e(ladder.ErrorRecorded, ladder.Data{Text: text.Const("(#190) fbtrace_id: AbC12345"), Grade: platforms.Seen,
			IDs: []ladder.RequestID{{Name: text.Const("fbtrace_id"), Value: text.Const("AbC12345")}},
			Verdict: &ladder.Verdict{Platform: platforms.Facebook, Cause: platforms.TokenExpired, Confidence: "certain", Connection: true,
				Owner: platforms.Person, Next: platforms.Reconnect, Signature: "meta.190"}}),
		e(ladder.FactSeen, ladder.Data{Item: "incident", Answer: "up", Grade: platforms.Seen}),
		e(ladder.Attempted, ladder.Data{Answer: "error", Grade: platforms.Seen})}, last...)
}

// TestShowSaysTheSame: the screen, the message in its formats and the report of
// one case have the same root, the same counts and the same score.
func TestShowSaysTheSame(t *testing.T) {
	home := t.TempDir()
	data, put := gapStore(t)
	put("7QK2", true, weighedCase(ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Support, Text: text.Const("they want to")}})...)
	run := func(args ...string) string {
		t.Helper()
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: args, Env: []string{"RECONNECT_DATA=" + data}}, "")
		if code != 0 || errs != "" {
			t.Fatalf("%v: code %d %s", args, code, errs)
		}
		return out
	}
	var got shown
	var said message.Message
	for out, into := range map[string]any{run("cases", "show", "7QK2", "--json"): &got, run("message", "7QK2", "--json"): &said} {
		if err := json.Unmarshal([]byte(out), into); err != nil {
			t.Fatal(err)
		}
	}
	const counted = "password changed, likely: 1 for, 0 against, 4 points"
	score := "complete " + strconv.Itoa(got.Completeness.Score) + " of 100"
	v := onScreen(t, data, "7QK2")
	for where, line := range map[string]string{
		"cases show --json":   message.Pointed(got.Diagnosis.Diagnosis).String() + ", " + score,
		"message --json":      message.Pointed(said.Diagnosis).String() + ", complete " + strconv.Itoa(said.Complete) + " of 100",
		"cases show":          run("cases", "show", "7QK2"),
		"message":             strings.Replace(run("message", "7QK2"), "  Complete: ", "complete ", 1),
		"message --format md": strings.Replace(run("message", "7QK2", "--format", "md"), "**Complete:** ", "complete ", 1),
		"the screen":          v,
	} {
		if !strings.Contains(line, counted) || !strings.Contains(line, score) {
			t.Errorf("%s has not %q and %q:\n%s", where, counted, score, line)
		}
	}
	if got.Completeness.Score != 83 || got.Completeness.Next.ID != "screenshot" || got.Diagnosis.Advice != nil {
		t.Errorf("%+v\n%+v", got.Completeness, got.Diagnosis)
	}
	if p := got.Diagnosis.Suspects[1]; p.Cause != platforms.TokenExpired || p.Follows != platforms.PasswordChanged {
		t.Errorf("not muted: %+v", p)
	}
	if len(got.Evidence) < 3 || got.Evidence[0].Rule != "change.password" || got.Evidence[0].Source.Empty() || got.Evidence[0].Grade != platforms.Told ||
		len(got.Evidence[0].For) != 1 || len(got.Evidence[len(got.Evidence)-1].Against)+len(got.Evidence[len(got.Evidence)-1].For) == 0 {
		t.Errorf("evidence: %+v", got.Evidence)
	}
}

// onScreen is what the screen says to which cause the facts point, and the score.
func onScreen(t *testing.T, data, id string) string {
	t.Helper()
	db, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	s := &session.Session{Log: db, Now: time.Now, Audience: platforms.Own}
	v, err := s.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{v.Page.Tag.String()}
	for _, section := range v.Page.Side {
		for _, line := range section.Lines {
			all = append(all, line.Text.String())
		}
	}
	return strings.Join(all, "\n")
}

// TestShowAdvice: where the ladder's own step is not the right one, the report
// says what is, as JSON and in words.
func TestShowAdvice(t *testing.T) {
	home := t.TempDir()
	data, put := gapStore(t)
	put("7QK2", true, weighedCase(
		ladder.Event{Kind: ladder.CheckDone, Data: ladder.Data{Item: "admin", Answer: "fail", Grade: platforms.Seen}},
		ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Disconnect, Text: text.Const("they want to")}})...)
	report := func(args ...string) string {
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: append([]string{"cases", "show", "7QK2"}, args...),
			Env: []string{"RECONNECT_DATA=" + data}}, "")
		if code != 0 || errs != "" {
			t.Fatalf("code %d %s", code, errs)
		}
		return out
	}
	var got shown
	if err := json.Unmarshal([]byte(report("--json")), &got); err != nil {
		t.Fatal(err)
	}
	a := got.Diagnosis.Advice
	if a == nil || a.Move != platforms.FixFirst || a.About != string(platforms.NotAdmin) || !a.Held || a.Owner != platforms.Admin {
		t.Errorf("advice: %+v of %+v", a, got.Diagnosis.Diagnosis)
	}
	if out := report(); !strings.Contains(out, "\nadvised: put it right first. ") || !strings.Contains(out, "not admin, certain: 1 for, 0 against, 8 points\n") {
		t.Errorf("no advice in\n%s", out)
	}
}
