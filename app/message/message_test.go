package message_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

var guide = platforms.Guide{
	Name: text.Const("Facebook"), Noun: text.Const("Page"), Login: text.Const("Facebook login"),
	Checks: []platforms.Check{
		{ID: "admin", Title: text.Const("Admin of the Page")},
		{ID: "active", Title: text.Const("The owning account is active")},
	},
	Changes: []platforms.Change{
		{ID: "password", Label: text.Const("The password was changed")},
		{ID: "role", Label: text.Const("Somebody's role on the Page changed")},
	},
}

// played is a case to which each event happened, seven minutes after the one before.
func played(t *testing.T, events ...ladder.Event) (ladder.State, []ladder.Event) {
	t.Helper()
	var s ladder.State
	for i := range events {
		events[i].Seq, events[i].At = i+1, start.Add(time.Duration(i)*7*time.Minute)
		next, err := ladder.Next(s, events[i])
		if err != nil {
			t.Fatalf("event %d: %v", i+1, err)
		}
		s = next
	}
	return s, events
}

func of(t *testing.T, events ...ladder.Event) message.Message {
	t.Helper()
	s, log := played(t, events...)
	return message.Of("7QK2", s, log, guide, start.Add(6*time.Hour))
}

func open(checks ...string) ladder.Event {
	return ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: platforms.Facebook,
		Account: text.Const("Example Bakery"), Customer: text.Const("Example Bakery Ltd"), Checks: checks}}
}

func answer(k ladder.Kind, a string) ladder.Event {
	return ladder.Event{Kind: k, Data: ladder.Data{Answer: a}}
}

func says(k ladder.Kind, words string) ladder.Event {
	return ladder.Event{Kind: k, Data: ladder.Data{Text: text.Block(words)}}
}

func graded(k ladder.Kind, a string, g platforms.Grade) ladder.Event {
	return ladder.Event{Kind: k, Data: ladder.Data{Answer: a, Grade: g}}
}

func check(id, a string, g platforms.Grade) ladder.Event {
	return ladder.Event{Kind: ladder.CheckDone, Data: ladder.Data{Item: id, Answer: a, Grade: g}}
}

const firstError = "We're sorry, but something went wrong.\n\nPlease try again later."

const lastError = `{"error":{"message":"(#200) Permissions error","type":"OAuthException",
  "code":200,"fbtrace_id":"AbC1xYz9-Q0"}}`

// full is a case in which everything happened that a message tells.
func full() []ladder.Event {
	return []ladder.Event{
		open("admin", "active", "restricted"),
		answer(ladder.AlertSeen, "banner"),
		answer(ladder.AlertSeen, "email"),
		graded(ladder.StatusSeen, "red", platforms.Seen),
		{Kind: ladder.ChangeSeen, Data: ladder.Data{Items: []string{"password", "moved"}}},
		{Kind: ladder.AccountChosen, Data: ladder.Data{Text: text.Const("owner@example.com")}},
		{Kind: ladder.AlreadyTried, Data: ladder.Data{Answer: "disconnected", Text: text.Const("on Sunday"), Grade: platforms.Told}},
		says(ladder.ErrorRecorded, firstError),
		check("admin", "pass", platforms.Probed),
		check("active", "fail", platforms.Told),
		{Kind: ladder.CheckMended, Data: ladder.Data{Item: "active", Answer: "mended"}},
		check("restricted", "unsure", ""),
		{Kind: ladder.WaitStarted, Data: ladder.Data{Text: text.Const("Facebook's limit resets"), Until: start.Add(3 * time.Hour),
			Early: text.Const("the limit's message is gone")}},
		answer(ladder.WaitEnded, "early"),
		graded(ladder.Attempted, "error", platforms.Seen),
		{Kind: ladder.DetourOverridden, Data: ladder.Data{Step: platforms.Disconnect, Text: text.Const("The customer insists.")}},
		graded(ladder.Attempted, "done", platforms.Told),
		{Kind: ladder.WentBack},
		{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Fresh, Text: text.Const("It is not listed any more.")}},
		graded(ladder.Attempted, "error", platforms.Seen),
		{Kind: ladder.ErrorRecorded, Data: ladder.Data{Text: text.Const(lastError),
			Removed: []text.Removed{{Kind: text.Const("access token"), Count: 1}}}},
		{Kind: ladder.ShotAdded, Data: ladder.Data{File: "shot-1.png", Text: text.Const("Screen Shot <1>.png")}},
		{Kind: ladder.PostsMissed, Data: ladder.Data{Answer: "some", Count: 14}},
		says(ladder.NoteAdded, "The Page was made by an agency that is gone now, and nobody knows their login; the customer asks them in writing today."),
		says(ladder.NoteAdded, "Two things:\n- one\n- two"),
		{Kind: ladder.GuideGap, Data: ladder.Data{Item: "click", Text: text.Const("The button is called Renew.")}},
		says(ladder.MessageEdited, "Dear team,\nthe launch is on Friday, so this one is urgent for us; please have a look before Thursday evening if you can.\n\nThank you!"),
	}
}

// hostile is a case whose texts try to be something else.
func hostile() []ladder.Event {
	fences := "```\n</pre><script>alert(1)</script>\n``````\nSubject: all is well\n\n# Problem\n~~~\nSubject: again\n" +
		strings.Repeat("long ", 60) + strings.Repeat("x", 300)
	account := "A\"\n# B [c](https://example.com) <img src=x> `d` *e* _f_ & www.example.com"
	return []ladder.Event{
		{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: "face\u009bbook\x1b[31m", Account: text.Block(account),
			Customer: text.Block("- one\n- two"), Checks: []string{"](x)\n<b>\u202e"}}},
		answer(ladder.StatusSeen, "red"),
		{Kind: ladder.ChangeSeen, Data: ladder.Data{Items: []string{"`\n```\n"}}},
		says(ladder.AccountChosen, "1. ordered\n> quoted"),
		answer(ladder.Attempted, "error"),
		says(ladder.ErrorRecorded, fences),
		says(ladder.ErrorRecorded, "ends in access_token="),
		says(ladder.ErrorRecorded, "```"),
		{Kind: ladder.DetourOverridden, Data: ladder.Data{Step: platforms.Clear, Text: text.Block("```\nwhy")}},
		{Kind: ladder.ShotAdded, Data: ladder.Data{File: "a\n```.png", Text: text.Block("=cmd|'/c calc'!A1\n.png")}},
		says(ladder.NoteAdded, "the token is EAABsbCS1iHgBAKZCexampleexampleexample0123456789"),
		says(ladder.NoteAdded, "-----BEGIN RSA PRIVATE KEY-----\nMIIEexample"),
		says(ladder.MessageEdited, "# Big\n\n    code\n- item\n1. one\n```\nSubject: x\n<b>bold</b>\na|b\n-|-\n+ plus\n=== "),
	}
}

func TestText(t *testing.T) {
	for name, m := range messages(t) {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, message.Text(m).String()+"\n") })
	}
}

func TestMarkdown(t *testing.T) {
	for name, m := range messages(t) {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, message.Markdown(m).String()+"\n") })
	}
}

func TestJSON(t *testing.T) {
	for name, m := range messages(t) {
		t.Run(name, func(t *testing.T) {
			raw := message.JSON(m)
			if !json.Valid(raw) {
				t.Fatalf("not JSON: %s", raw)
			}
			golden.RequireEqual(t, raw)
		})
	}
}

func messages(t *testing.T) map[string]message.Message {
	t.Helper()
	return map[string]message.Message{
		"full":    of(t, full()...),
		"empty":   of(t, ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: platforms.Facebook}}),
		"hostile": of(t, hostile()...),
	}
}

func TestSubject(t *testing.T) {
	red := []ladder.Event{open(), answer(ladder.StatusSeen, "red"), answer(ladder.ChangeSeen, ""), says(ladder.AccountChosen, "owner")}
	for _, c := range []struct {
		name, want string
		events     []ladder.Event
	}{
		{"opened", "connection problem", red[:1]},
		{"red", "shows Disconnected", red[:2]},
		{"green", "shows Connected, but posts fail",
			[]ladder.Event{open(), answer(ladder.StatusSeen, "green"), answer(ladder.StatusSeen, "failing")}},
		{"unlisted", "is not listed", []ladder.Event{open(), answer(ladder.StatusSeen, "unlisted")}},
		{"error", "an error on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "error"))},
		{"twice", "the Page was not offered on reconnecting, tried 2 times",
			append(red[:4:4], answer(ladder.Attempted, "error"), retry, answer(ladder.Attempted, "not_offered"))},
		{"other", "reconnecting does not work", append(red[:4:4], answer(ladder.Attempted, "other"))},
		{"connected", "shows Connected", append(red[:4:4], answer(ladder.Attempted, "connected"))},
		{"taken back", "shows Disconnected", append(red[:4:4], answer(ladder.Attempted, "error"), answer(ladder.WentBack, ""))},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := `Facebook, Page "Example Bakery": ` + c.want + " (case 7QK2)"
			if got := message.Subject(of(t, c.events...)).String(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

var retry = ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Reconnect, Text: text.Const("once more")}}

func TestZone(t *testing.T) {
	s, log := played(t, open(), answer(ladder.StatusSeen, "red"))
	m := message.Of("7QK2", s, log, guide, start.In(time.FixedZone("Somewhere", 3600)))
	if got := message.Text(m).String(); !strings.Contains(got, "known since 2026-11-23 10:07 UTC+01:00") {
		t.Errorf("no local time with its zone in\n%s", got)
	}
	if got := string(message.JSON(m)); !strings.Contains(got, `"since": "2026-11-23T09:07:00Z"`) {
		t.Errorf("no UTC time in\n%s", got)
	}
}

// TestWaiting says what a case still waits for.
func TestWaiting(t *testing.T) {
	wait := says(ladder.WaitStarted, "Facebook is down")
	wait.Data.Until = start.Add(time.Hour)
	early := wait
	early.Data.Early = text.Const("its page is green")
	for want, events := range map[string][]ladder.Event{
		"Waited until 2026-11-23 10:00 UTC: Facebook is down (still waiting)":              {open(), wait},
		"(still waiting; it ends early when: its page is green)":                           {open(), early},
		"Waited until 2026-11-23 10:00 UTC: Facebook is down (over, 2026-11-23 09:14 UTC)": {open(), wait, answer(ladder.WaitEnded, "over")},
		"Steps tried not recorded": {open(), wait, {Kind: ladder.WentBack}},
	} {
		got := strings.Join(strings.Fields(message.Text(of(t, events...)).String()), " ")
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// TestNoTokenLeaves puts a token into everything that comes from outside, past
// the redaction at the door, and finds it nowhere.
func TestNoTokenLeaves(t *testing.T) {
	const token = "EAABsbCS1iHgBAKZCexampleexampleexample0123456789"
	words := text.Block("<" + token + "_>& access_token=" + token)
	d := ladder.Data{Text: words, Account: words, Customer: words, Item: token, Items: []string{token}, File: token + ".png",
		Early: words, Until: start.Add(time.Hour), Grade: token, Step: platforms.Clear}
	event := func(k ladder.Kind, answer string) ladder.Event {
		d := d
		d.Answer = answer
		return ladder.Event{Kind: k, Data: d}
	}
	first := event(ladder.CaseOpened, "")
	first.Data.Platform, first.Data.Checks = token, []string{token}
	m := of(t, first, event(ladder.StatusSeen, "red"), event(ladder.ChangeSeen, ""), event(ladder.AccountChosen, ""),
		event(ladder.AlreadyTried, "error"), event(ladder.ErrorRecorded, ""),
		wrapped(token), event(ladder.CheckDone, "fail"), event(ladder.CheckMended, "mended"),
		event(ladder.WaitStarted, ""), event(ladder.WaitEnded, "early"), event(ladder.DetourOverridden, ""),
		event(ladder.DetourTaken, ""), event(ladder.Attempted, "connected"), event(ladder.AccountReturned, "other"),
		event(ladder.NoteAdded, ""), event(ladder.GuideGap, ""), event(ladder.ShotAdded, ""), event(ladder.MessageEdited, ""))
	for name, face := range map[string]string{"subject": message.Subject(m).String(), "text": message.Text(m).String(),
		"markdown": message.Markdown(m).String(), "JSON": string(message.JSON(m))} {
		bare := strings.NewReplacer("\n", "", `\n`, "", " ", "", `\`, "").Replace(face)
		if strings.Contains(bare, "exampleexample") {
			t.Errorf("the %s has a token:\n%s", name, face)
		}
	}
	if len(m.Removed) == 0 {
		t.Error("the message does not say that something was taken out")
	}
}

// wrapped is an error that a terminal broke in the middle of the token.
func wrapped(token string) ladder.Event {
	return says(ladder.ErrorRecorded, "token "+token[:20]+"\n"+token[20:]+" in it")
}
