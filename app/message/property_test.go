package message_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

var kinds = []ladder.Kind{
	ladder.CaseCorrected, ladder.CaseResolved, ladder.CaseClosed, ladder.CaseReopened, ladder.StatusSeen, ladder.AlertSeen,
	ladder.BeforeReady, ladder.ChangeSeen, ladder.AccountChosen, ladder.AccountReturned, ladder.Attempted, ladder.AlreadyTried,
	ladder.CheckDone, ladder.CheckMended, ladder.ErrorRecorded, ladder.NoteAdded, ladder.GuideGap, ladder.ShotAdded,
	ladder.PostsMissed, ladder.MessageEdited, ladder.MessageSent, ladder.WaitStarted, ladder.WaitEnded, ladder.DetourTaken,
	ladder.DetourOverridden, ladder.FactSeen, ladder.SnapshotTaken, ladder.WentBack,
}

var pieces = []string{"a", "word ", "`", "```", "\n", "\n\n", "~~~", "# ", "<b>", "&", "*", "_", "[x](y)", "\x1b[0m", "\u0085",
	"\u202e", "é", "日本", "Subject: x", "- ", "1. ", "|", "fbtrace_id: AbC12345", "\t", "EAA", "password:",
	"access_token=", "Authorization: Bearer ", "Cookie: a=", "-----BEGIN PRIVATE KEY-----", "\n```", "token", "?code="}

// drawText draws a text that means something to Markdown, HTML or a terminal.
func drawText(t *rapid.T, name string) text.Safe {
	return text.Block(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, name), ""))
}

// drawEvent draws an event that s takes, or one that it may refuse.
func drawEvent(t *rapid.T, s ladder.State) ladder.Event {
	kind, answer := rapid.SampledFrom(kinds).Draw(t, "kind"), ""
	if moves := ladder.Moves(s.Place); len(moves) > 0 && rapid.Bool().Draw(t, "fits") {
		m := rapid.SampledFrom(moves).Draw(t, "move")
		kind, answer = m.Kind, m.Answer
	}
	if answer == "" {
		answer = rapid.SampledFrom([]string{"banner", "none", "over", "early", "mistake", "mended", "error", "same"}).Draw(t, "answer")
	}
	e := ladder.Event{Seq: s.Seq + 1, At: start.Add(time.Duration(s.Seq) * time.Minute), Kind: kind, Data: ladder.Data{
		Answer: answer, Text: drawText(t, "text"), File: "shot-1.png", Until: start.Add(time.Hour),
		Step:  rapid.SampledFrom(platforms.Steps()).Draw(t, "step"),
		Items: []string{drawText(t, "item").String()}, Item: "open", Last: drawText(t, "last"),
	}}
	switch kind { //nolint:exhaustive // only these are about a check
	case ladder.CheckDone:
		e.Data.Item = s.Pending()
	case ladder.CheckMended:
		e.Data.Item = s.Failing()
	case ladder.FactSeen:
		e.Data.Item = rapid.SampledFrom([]string{"ids", "incident", "cases", "again"}).Draw(t, "looked at")
		e.Data.Answer = rapid.SampledFrom([]string{"none", "up", "down", "spike", "still"}).Draw(t, "found")
	case ladder.SnapshotTaken:
		e.Data.Account = drawText(t, "connected")
		e.Data.Answer = rapid.SampledFrom([]string{"", "counted"}).Draw(t, "queue")
		if s.Snapshot != nil { // the newest counts, and nobody is asked twice
			e.Data.Answer = "counted"
		}
	case ladder.DetourTaken, ladder.DetourOverridden, ladder.WaitStarted:
		e.Data.Item = rapid.SampledFrom([]string{"", "not_admin", "cool_down", "`# <b>\n"}).Draw(t, "about")
		e.Data.Answer = rapid.SampledFrom([]string{"", "mended", "waited"}).Draw(t, "settled")
	case ladder.ErrorRecorded:
		e.Data.IDs = []ladder.RequestID{{Name: drawText(t, "id"), Value: drawText(t, "value")}}
		e.Data.Verdict = &ladder.Verdict{Connection: true, Confidence: rapid.SampledFrom([]string{"certain", "likely", "`*<b>"}).Draw(t, "confidence"),
			Cause: rapid.SampledFrom(platforms.Causes()).Draw(t, "cause"), Signature: drawText(t, "signature").String()}
	}
	return e
}

// drawCase draws a case, and looks at each event that it takes.
func drawCase(t *rapid.T, look func(before, after ladder.State, e ladder.Event)) (ladder.State, []ladder.Event) {
	s, log := ladder.State{}, []ladder.Event{}
	e := ladder.Event{Seq: 1, At: start, Kind: ladder.CaseOpened, Data: ladder.Data{Platform: platforms.Facebook,
		Account: drawText(t, "account"), Customer: drawText(t, "customer"), Checks: []string{"admin", "active"}}}
	for range rapid.IntRange(1, 30).Draw(t, "events") {
		if next, err := ladder.Next(s, e); err == nil {
			if look != nil {
				look(s, next, e)
			}
			s, log = next, append(log, e)
		}
		e = drawEvent(t, s)
	}
	return s, log
}

// TestProperties: whatever happened, the message has every error word for word
// and every attempt that stands, and what they point to, and its fences hold.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, log := drawCase(t, nil)
		m := message.Of("7QK2", s, log, guide, start.Add(time.Hour))
		plain, markdown := message.Text(m).String(), message.Markdown(m).String()
		if raw := message.JSON(m); !json.Valid(raw) {
			t.Fatalf("not JSON: %q", raw)
		}
		for _, face := range []string{plain, markdown, message.Subject(m).String() + "\n"} {
			if i := strings.IndexFunc(face, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }); i >= 0 {
				t.Fatalf("a control character at byte %d of %q", i, face)
			}
		}
		for _, e := range s.Errors {
			if e.Data.Text.Empty() {
				continue // there was no message
			}
			word, _ := text.RedactSecrets(e.Data.Text)
			for _, face := range []string{plain, markdown} {
				if !holds(face, word.String()) {
					t.Fatalf("the error %q does not stand in a fence of its own in\n%s", word, face)
				}
			}
		}
		if got := attempts(m); got != len(s.Attempts) {
			t.Fatalf("%d attempts, want %d", got, len(s.Attempts))
		}
		pointed := strings.Join(strings.Fields(message.Pointed(m.Diagnosis).String()), " ")
		if !strings.Contains(strings.Join(strings.Fields(plain), " "), pointed) {
			t.Fatalf("%q is not in\n%s", pointed, plain)
		}
		if strings.Contains(message.Subject(m).String(), "\n") {
			t.Fatalf("a subject of several lines: %q", message.Subject(m))
		}
		for _, b := range outside(markdown) {
			if strings.ContainsAny(b, "<>") || strings.Contains(strings.ReplaceAll(b, "\\`", ""), "`") {
				t.Fatalf("not escaped: %q in\n%s", b, markdown)
			}
		}
	})
}

func attempts(m message.Message) int {
	n := 0
	for _, t := range m.Tried {
		if t.Kind == message.Attempt {
			n++
		}
	}
	return n
}

// holds tells whether s is all that stands in one of the fences of face, read as
// a reader of Markdown does.
func holds(face, s string) bool {
	found := false
	blocks(face, func(block string) { found = found || block == s }, func(string) {})
	return found
}

// outside are the lines of face that stand in no fence.
func outside(face string) []string {
	var lines []string
	blocks(face, func(string) {}, func(line string) { lines = append(lines, line) })
	return lines
}

// blocks takes face apart. A fence begins with three backticks or more alone on
// a line, and ends with as many or more.
func blocks(face string, block, line func(string)) {
	fence, inside := "", []string(nil)
	for l := range strings.SplitSeq(face, "\n") {
		ticks := len(l) >= 3 && strings.Trim(l, "`") == ""
		switch {
		case fence == "" && ticks:
			fence = l
		case fence == "":
			line(l)
		case ticks && len(l) >= len(fence):
			block(strings.Join(inside, "\n"))
			fence, inside = "", nil
		default:
			inside = append(inside, l)
		}
	}
}

// TestScoreGrows: nothing but going back makes a message less complete.
func TestScoreGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawCase(t, func(before, after ladder.State, e ladder.Event) {
			was, is := message.Score(before, guide), message.Score(after, guide)
			if is.Score < was.Score && e.Kind != ladder.WentBack {
				t.Fatalf("%s: %d, before %d", e.Kind, is.Score, was.Score)
			}
			for _, p := range is.Missing {
				if beside := []string{"symptom", "platform", "steps", "changed", "checks"}; is.Next.ID == "" && !slices.Contains(beside, p.ID) {
					t.Fatalf("%s is missing and can be answered, but nothing is next", p.ID)
				}
			}
			if is.Score == 100 && is.Next.ID != "" {
				t.Fatalf("100 of 100, but next is %q", is.Next.ID)
			}
		})
	})
}

// TestLong: what is long stays whole, and a message does not take long.
func TestLong(t *testing.T) {
	long, err := text.Paste(strings.Repeat("`", 200_000) + strings.Repeat("\nan error & more", 40_000))
	if err != nil {
		t.Fatal(err)
	}
	m := of(t, open(), ladder.Event{Kind: ladder.ErrorRecorded, Data: ladder.Data{Text: long}})
	if got := message.Markdown(m).String(); !holds(got, long.String()) {
		t.Error("a long error is not whole")
	}
}
