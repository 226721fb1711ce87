package message_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

var guide = platforms.Guide{
	Name: text.Const("Facebook"), Noun: text.Const("Page"), Login: text.Const("Facebook login"),
	Checks: []platforms.Check{
		{ID: "admin", Title: text.Const("Admin of the {noun}"), Ask: asks("Is it an Admin?"), Cause: platforms.NotAdmin,
			Fact: platforms.Fact{Source: text.Const("help article"), Read: "2026-11-23", Certainty: platforms.Documented}},
		{ID: "active", Title: text.Const("The owning account is active"), Ask: asks("Is the account active?"), Cause: platforms.AccountRestricted,
			Mend: []platforms.Instruction{instruct("wake", "Sign in as {use} once")},
			How:  []platforms.Instruction{instruct("open", "Sign in as {use}")}},
	},
	Tests: []platforms.Check{{ID: "window", Title: text.Const("The login window"), Ask: asks("Does it open?"), Cause: platforms.UserCancelled,
		How: []platforms.Instruction{instruct("allow", "Allow windows of {platform}")}}},
	Before: []platforms.Note{{Text: platforms.Words{Own: text.Const("You are an Admin of the {noun}.")}}},
	Pages: map[string]platforms.Page{
		"reconnect": {Do: []platforms.Instruction{instruct("open", "Open Dashboard → Settings"), instruct("click", "Click \"Reconnect\" next to {platform}")}},
		"fresh":     {Do: []platforms.Instruction{instruct("click", "Click \"Add\"")}},
	},
	Changes: []platforms.Change{
		{ID: "password", Label: text.Const("The password was changed")},
		{ID: "role", Label: text.Const("Somebody's role on the Page changed")},
	},
}

func asks(words string) platforms.Words { return platforms.Words{Own: text.Block(words)} }

func instruct(id string, words string) platforms.Instruction {
	return platforms.Instruction{ID: id, Text: platforms.Words{Own: text.Block(words), Agent: text.Block("Ask them: " + words)}}
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

// seen is a fact that was looked up.
func seen(item, answer string) ladder.Event {
	return ladder.Event{Kind: ladder.FactSeen, Data: ladder.Data{Item: item, Answer: answer, Grade: platforms.Seen}}
}

// snapped is what was written down before something was removed.
func snapped(queue int, answer string) ladder.Event {
	return ladder.Event{Kind: ladder.SnapshotTaken, Data: ladder.Data{Account: text.Const("Example Bakery, @example.bakery"),
		Text: text.Const("agency@example.com"), Count: queue, Answer: answer, Grade: platforms.Seen}}
}

// lifted is an error whose ids were kept when it was recorded.
func lifted(words string) ladder.Event {
	e := says(ladder.ErrorRecorded, words)
	e.Data.IDs = []ladder.RequestID{{Name: text.Const("fbtrace_id"), Value: text.Const("KeptThen-1")}}
	return e
}

// verdict is an error that said something when it was recorded.
func verdict(c platforms.Cause, confidence string) ladder.Event {
	e := says(ladder.ErrorRecorded, "it failed")
	e.Data.Grade, e.Data.Verdict = platforms.Seen, &ladder.Verdict{Platform: platforms.Facebook, Cause: c, Confidence: confidence,
		Connection: true, Signature: "meta.code", Next: platforms.Reconnect}
	return e
}

// settled is e, about a cause and how that was settled.
func settled(e ladder.Event, about, how string) ladder.Event {
	e.Data.Item, e.Data.Answer = about, how
	return e
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
		{Kind: ladder.AccountChosen, Data: ladder.Data{Text: text.Const("owner@example.com"), Last: text.Const("agency@example.com")}},
		{Kind: ladder.AlreadyTried, Data: ladder.Data{Answer: "disconnected", Text: text.Const("on Sunday"), Grade: platforms.Told}},
		says(ladder.ErrorRecorded, firstError),
		check("admin", "pass", platforms.Probed),
		check("active", "fail", platforms.Told),
		{Kind: ladder.CheckMended, Data: ladder.Data{Item: "active", Answer: "mended"}},
		check("restricted", "unsure", ""),
		seen("incident", "up"),
		{Kind: ladder.WaitStarted, Data: ladder.Data{Item: "rate_limited", Text: text.Const("Facebook's limit resets"), Until: start.Add(3 * time.Hour),
			Early: text.Const("the limit's message is gone")}},
		answer(ladder.WaitEnded, "early"),
		graded(ladder.Attempted, "error", platforms.Seen),
		{Kind: ladder.DetourOverridden, Data: ladder.Data{Step: platforms.Disconnect, Item: "password_changed", Text: text.Const("The customer insists.")}},
		snapped(14, "counted"),
		graded(ladder.Attempted, "done", platforms.Told),
		{Kind: ladder.WentBack},
		settled(to(platforms.Reconnect), "rate_limited", "waited"),
		graded(ladder.Attempted, "security", platforms.Seen),
		{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Fresh, Text: text.Const("It is not listed any more.")}},
		graded(ladder.Attempted, "error", platforms.Seen),
		{Kind: ladder.ErrorRecorded, Data: ladder.Data{Text: text.Const(lastError), Grade: platforms.Seen,
			IDs: []ladder.RequestID{{Name: text.Const("fbtrace_id"), Value: text.Const("AbC1xYz9-Q0")}},
			Verdict: &ladder.Verdict{Platform: platforms.Facebook, Cause: platforms.MissingPermission, Confidence: "likely", Connection: true,
				Owner: platforms.Person, Next: platforms.Reconnect, Signature: "meta.200"},
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
		{Kind: ladder.AccountChosen, Data: ladder.Data{Text: text.Block("1. ordered\n> quoted"), Last: text.Block("# last\n```")}},
		answer(ladder.Attempted, "error"),
		{Kind: ladder.SnapshotTaken, Data: ladder.Data{Account: text.Block("```\n# gone"), Text: text.Block("<i>by</i>\n- x"), Count: -3, Answer: "counted"}},
		{Kind: ladder.ErrorRecorded, Data: ladder.Data{Text: text.Const("it failed"), Grade: "`\n```", IDs: []ladder.RequestID{{Name: text.Block("a\n```"), Value: text.Block("# b <x>")}},
			Verdict: &ladder.Verdict{Cause: platforms.RateLimited, Confidence: "](x)\n<b>", Connection: true, Signature: "\x1b[31m```"}}},
		says(ladder.ErrorRecorded, fences),
		says(ladder.ErrorRecorded, "ends in access_token="),
		says(ladder.ErrorRecorded, "```"),
		{Kind: ladder.DetourOverridden, Data: ladder.Data{Step: platforms.Clear, Item: "[a](b)\n```", Text: text.Block("```\nwhy")}},
		{Kind: ladder.FactSeen, Data: ladder.Data{Item: "incident", Answer: "down", Grade: "<s>\n# e"}},
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
		{"still", "still Disconnected on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "disconnected"))},
		{"lost", "Disconnected on reconnecting, tried 2 times",
			append(red[:4:4], answer(ladder.Attempted, "warning"), retry, answer(ladder.Attempted, "disconnected"))},
		{"yellow", "Warning on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "warning"))},
		{"before", "Disconnected on reconnecting, tried once before this case", append(red[:4:4], answer(ladder.AlreadyTried, "disconnected"))},
		{"before and now", "an error on reconnecting, tried once, and once before this case",
			append(red[:4:4], answer(ladder.Attempted, "error"), retry, answer(ladder.AlreadyTried, "warning"))},
		{"first", "an error on connecting, tried once", append(unlisted(), answer(ladder.Attempted, "error"))},
		{"first, other", "connecting does not work", append(unlisted(), answer(ladder.Attempted, "other"))},
		{"first, connected", "is connected now", append(unlisted(), answer(ladder.Attempted, "connected"))},
		{"twice", "the Page was not offered on reconnecting, tried 2 times",
			append(red[:4:4], answer(ladder.Attempted, "error"), retry, answer(ladder.Attempted, "not_offered"))},
		{"no Page", "logged in but chose no Page on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "no_page"))},
		{"no window", "the login window did not open on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "popup"))},
		{"security", "a security check on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "security"))},
		{"second factor", "the two-factor code on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "two_factor"))},
		{"wrong account", "connected to the wrong account on reconnecting, tried once", append(red[:4:4], answer(ladder.Attempted, "wrong_account"))},
		{"other", "reconnecting does not work", append(red[:4:4], answer(ladder.Attempted, "other"))},
		{"connected", "is connected again", append(red[:4:4], answer(ladder.Attempted, "connected"))},
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

var retry = to(platforms.Reconnect)

func to(step platforms.Step) ladder.Event {
	return ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: step, Text: text.Const("once more")}}
}

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

// unlisted is a platform that is connected for the first time, before the first try.
func unlisted() []ladder.Event {
	return []ladder.Event{open(), answer(ladder.StatusSeen, "unlisted"), answer(ladder.BeforeReady, ""), says(ladder.AccountChosen, "owner")}
}

// TestSays finds words in the message of a case, and does not find others.
func TestSays(t *testing.T) {
	red := func(more ...ladder.Event) []ladder.Event {
		return append([]ladder.Event{open("admin", "active"), graded(ladder.StatusSeen, "red", platforms.Seen), answer(ladder.ChangeSeen, ""),
			says(ladder.AccountChosen, "owner@example.com")}, more...)
	}
	gap := func(item string) ladder.Event {
		return ladder.Event{Kind: ladder.GuideGap, Data: ladder.Data{Item: item, Text: text.Const("It is called Renew.")}}
	}
	ticked := func(k ladder.Kind, page, item string) ladder.Event {
		return ladder.Event{Kind: k, Data: ladder.Data{Item: item, Page: page, Text: text.Const("It is elsewhere.")}}
	}
	extra := answer(ladder.Attempted, "popup")
	extra.Data.Checks = []string{"window"}
	wait := says(ladder.WaitStarted, "the window")
	wait.Data.Until = start.Add(3 * time.Hour)
	change := func(item string) []ladder.Event {
		all := red()
		all[2].Data.Items, all[2].Data.Grade = []string{item}, platforms.Told
		return all
	}
	alone := open()
	alone.Data.Customer = text.Safe{}
	call := alone
	call.Data.Audience = platforms.Agent
	for _, c := range []struct {
		name   string
		events []ladder.Event
		want   []string
		not    string
	}{
		{"tried before", red(graded(ladder.AlreadyTried, "warning", platforms.Told)),
			[]string{"Steps tried Reconnect, already tried before this case: Warning (told) Checks", "tried once before this case: Warning."}, "still"},
		{"tried before, when", red(ladder.Event{Kind: ladder.AlreadyTried, Data: ladder.Data{Answer: "disconnected", Text: text.Const("on Sunday")}}),
			[]string{"Reconnect, already tried before this case (on Sunday): Disconnected Checks", "tried once before this case (on Sunday): Disconnected."}, "still"},
		{"tried before, told late", red(answer(ladder.Attempted, "disconnected"), retry, answer(ladder.AlreadyTried, "error")),
			[]string{"connecting was tried once, and once before this case, last 2026-11-23 09:28 UTC: still Disconnected.",
				"Last try: 2026-11-23 09:28 UTC, Reconnect: still Disconnected"}, "tried 2 times"},
		{"added, but disconnected", red(answer(ladder.Attempted, "error"), to(platforms.Disconnect), answer(ladder.Attempted, "done"),
			to(platforms.Fresh), answer(ladder.Attempted, "disconnected")), []string{"Start fresh: Disconnected"}, "still Disconnected"},
		{"gap", red(gap("click")), []string{`at Reconnect, "Click "Reconnect" next to Facebook": It is called Renew.`}, "Ask them"},
		{"gap at a check", red(answer(ladder.Attempted, "error"), check("admin", "pass", ""), gap("open")), []string{`at Reconnect, "Sign in as owner@example.com": It`}, "Dashboard → Settings\""},
		{"gap before", append(unlisted()[:2:2], gap("before1")), []string{`at Start fresh, "You are an Admin of the Page.": It`}, "before1"},
		{"gap on a page", red(gap("page")), []string{"at Reconnect: It is called Renew."}, "page:"},
		{"gap nobody knows", red(gap("nowhere")), []string{"at Reconnect, nowhere: It is called Renew."}, ""},
		{"no screenshot", red(), []string{"Screenshots none attached"}, "Screenshots not recorded"},
		{"no customer", []ladder.Event{alone}, []string{"Login to use: not recorded"}, "Customer"},
		{"no customer on a call", []ladder.Event{call}, []string{"Customer: not recorded"}, ""},
		{"problem", red(), []string{"Problem Facebook shows Disconnected in Dashboard"}, "Problem:"},
		{"check skipped", red(answer(ladder.Attempted, "error"), check("admin", "skipped", platforms.Seen), check("active", "unsure", platforms.Told)),
			[]string{"Admin of the Page: skipped, not checked The owning account is active: could not be told Alerts"}, "(told)"},
		{"check answered", red(answer(ladder.Attempted, "error"), check("admin", "pass", platforms.Probed)), []string{"in order (probed)"}, ""},
		{"taken back", red(to(platforms.Disconnect), answer(ladder.Attempted, "done"), answer(ladder.WentBack, "")),
			[]string{"Taken back in the case, but clicked outside, and still so: Facebook was disconnected"}, ""},
		{"first", append(unlisted(), answer(ladder.Attempted, "error")), []string{"What happens on connecting"}, "reconnecting"},
		{"connected", red(graded(ladder.Attempted, "connected", platforms.Seen)),
			[]string{"Problem Facebook is connected again: it shows Connected in Dashboard → Settings → Connected Platforms, known since 2026-11-23 09:28 UTC; connecting was tried once"}, ""},
		{"connected, seen", red(answer(ladder.Attempted, "error"), answer(ladder.StatusSeen, "green"), answer(ladder.AccountReturned, "same"),
			answer(ladder.PostsMissed, "none"), answer(ladder.CaseResolved, "connected")), []string{"Problem Facebook is connected again: "}, ""},
		{"connected, then not", red(answer(ladder.Attempted, "connected"), answer(ladder.StatusSeen, "red")), []string{"Problem Facebook shows Disconnected"}, "again"},
		{"nothing known", red(), []string{"What points where Nothing points to one cause yet. Screenshots"}, "Not it"},
		{"a check fails", red(answer(ladder.Attempted, "error"), check("admin", "fail", platforms.Seen)),
			[]string{"What points where Cause: not admin, certain: 1 for, 0 against, 8 points For it: Admin of the Page: no (seen) Screenshots"}, "Nothing points"},
		{"not it", red(answer(ladder.Attempted, "error"), check("admin", "pass", platforms.Probed), seen("incident", "up")),
			[]string{"Nothing points to one cause yet. Not it: Admin of the Page (probed); platform outage (seen) Screenshots"}, "not admin"},
		{"for and against", append(change("role"), answer(ladder.Attempted, "error"), check("admin", "pass", platforms.Seen)),
			[]string{"Not it: not admin, ruled out: 1 for, 1 against, 0 points"}, ""},
		{"possible", red(answer(ladder.Attempted, "warning")), []string{"Nothing points to one cause yet. May also be: missing permission, possible: 1 for, 0 against, 2 points Screenshots"}, ""},
		{"what follows is muted", append(change("password"), verdict(platforms.TokenExpired, "certain")),
			[]string{"Cause: password changed, likely: 1 for, 0 against, 4 points For it: A changed password invalidates existing tokens. (told) Follows from it: token expired Screenshots"}, "token expired, certain:"},
		{"against the root", red(verdict(platforms.PlatformOutage, "certain"), seen("incident", "up")),
			[]string{"platform outage, likely: 1 for, 1 against, 4 points", "Against it: Facebook's status page says that all is well. (seen)"}, ""},
		{"put right", append(red(verdict(platforms.NotAdmin, "certain"), answer(ladder.Attempted, "error")), settled(to(platforms.Reconnect), "not_admin", "mended")),
			[]string{"Went on at Reconnect (not admin): once more", "Nothing points"}, "straight"},
		{"straight on", append(red(), settled(to(platforms.Support), "rate_limited", "")), []string{"Went straight to Support (rate limited): once more"}, ""},
		{"all the same", red(ladder.Event{Kind: ladder.DetourOverridden, Data: ladder.Data{Step: platforms.Clear, Item: "cool_down", Text: text.Const("they insist")}}),
			[]string{"Clear taken although advised against (tries too close together): they insist"}, ""},
		{"said already", red(ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: platforms.Support, Item: "rate_limited", Text: text.Const("rate limited again")}}),
			[]string{"Went straight to Support: rate limited again"}, ""},
		{"waits about", red(settled(wait, "user_cancelled", "")), []string{": the window (user cancelled; still waiting)"}, ""},
		{"stopped", red(graded(ladder.Attempted, "two_factor", platforms.Told)), []string{"Reconnect: the two-factor code (told)", "last 2026-11-23 09:28 UTC: the two-factor code."}, "two_factor"},
		{"connected last by", []ladder.Event{open(), answer(ladder.StatusSeen, "red"), answer(ladder.ChangeSeen, ""),
			{Kind: ladder.AccountChosen, Data: ladder.Data{Text: text.Const("owner"), Last: text.Const("agency")}}}, []string{"Connected last by: agency"}, ""},
		{"nobody knows who", red(), nil, "Connected last by"},
		{"snapshot", red(snapped(1, "counted")), []string{"Written down before removing: Example Bakery, @example.bakery, connected by agency@example.com, 1 post waited, 2026-11-23 09:28 UTC",
			"Posts in the calendar: 1 post waited, counted 2026-11-23 09:28 UTC"}, ""},
		{"snapshot, none waits", red(snapped(0, "counted")), []string{"Posts in the calendar: 0 posts waited"}, ""},
		{"snapshot, not counted", red(snapped(0, "")), []string{"connected by agency@example.com, 2026-11-23 09:28 UTC"}, "Posts in the calendar"},
		{"empty snapshot", red(ladder.Event{Kind: ladder.SnapshotTaken}), []string{"Written down before removing: nothing, 2026-11-23 09:28 UTC"}, ""},
		{"ids kept", red(lifted("it failed")), []string{"Request ids: fbtrace_id KeptThen-1, recorded 2026-11-23 09:28:00 UTC"}, "none is shown"},
		{"ids of an older program", red(says(ladder.ErrorRecorded, lastError)), []string{"Request ids: fbtrace_id AbC1xYz9-Q0, recorded 2026-11-23 09:28:00 UTC"}, ""},
		{"no ids", red(says(ladder.ErrorRecorded, "(#200)"), seen("ids", "none")), []string{"Request ids: none is shown"}, ""},
		{"no ids, then some", red(seen("ids", "none"), lifted("it failed")), []string{"KeptThen-1"}, "none is shown"},
		{"complete", red(), []string{"Complete: 30 of 100"}, ""},
		{"a further check", red(extra, ticked(ladder.GuideGap, "", "allow")), []string{`"Allow windows of Facebook": It is elsewhere.`, "The login window: not checked yet"}, "allow:"},
		{"a gap at a check by its page", red(answer(ladder.Attempted, "error"), ticked(ladder.GuideGap, "check.active", "open")), []string{`"Sign in as owner@example.com": It is elsewhere.`}, ""},
		{"a gap in advice", red(verdict(platforms.AccountRestricted, "certain"), ticked(ladder.GuideGap, "advice", "advice.wake")),
			[]string{`"Sign in as owner@example.com once": It is elsewhere.`}, "advice.wake"},
		{"something else", red(ladder.Event{Kind: ladder.Attempted, Data: ladder.Data{Answer: "other", Text: text.Const("the window closed"), Grade: platforms.Told}}),
			[]string{"Reconnect: something else: the window closed (told)"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole := message.Text(of(t, c.events...)).String()
			got := strings.Join(strings.Fields(whole), " ")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, whole)
				}
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q is in\n%s", c.not, whole)
			}
		})
	}
}

// TestNoMessage: that there was no error message, and that no screenshot can be
// made, is said as an answer.
func TestNoMessage(t *testing.T) {
	s, log := played(t, open(), answer(ladder.StatusSeen, "red"), says(ladder.ErrorRecorded, "(#200)"))
	none := ladder.Entry{Event: answer(ladder.ErrorRecorded, "none"), Step: platforms.Reconnect}
	none.At = start.Add(time.Hour)
	with := s
	with.Errors, with.Shots = append(slices.Clone(s.Errors), none), []ladder.Entry{none}
	only := s
	only.Errors = []ladder.Entry{none}
	for want, state := range map[string]ladder.State{
		"Exact error: there was no error message, 2026-11-23 10:00 UTC, at Reconnect Earlier error, 2026-11-23 09:14:00 UTC, at Reconnect: ``` (#200) ``` What points where Nothing points to one cause yet. Screenshots no screenshot possible Account": with,
		"Exact error: there was no error message, 2026-11-23 10:00 UTC, at Reconnect What points where Nothing points to one cause yet. Screenshots none attached":                                                                                       only,
	} {
		m := message.Of("7QK2", state, log, guide, start)
		if got := strings.Join(strings.Fields(message.Text(m).String()), " "); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, message.Text(m))
		}
		if got := string(message.JSON(m)); !strings.Contains(got, `"none": true`) || strings.Contains(got, `"file"`) {
			t.Errorf("JSON:\n%s", got)
		}
	}
}

// TestDoneAgain: what was taken back and done again since stands as it was done.
func TestDoneAgain(t *testing.T) {
	s, log := played(t, open(), to(platforms.Disconnect), answer(ladder.Attempted, "done"), answer(ladder.WentBack, ""),
		answer(ladder.Attempted, "done"), answer(ladder.Attempted, "done"), answer(ladder.WentBack, ""))
	s.Outside = []platforms.Step{platforms.Disconnect, platforms.Clear}
	m := message.Of("7QK2", s, log, guide, start)
	if !slices.Equal(m.Outside, []platforms.Step{platforms.Clear}) {
		t.Errorf("taken back and still so: %v", m.Outside)
	}
}

// TestLinked names the other platforms of the same customer.
func TestLinked(t *testing.T) {
	m := of(t, open())
	if got := message.Text(m).String(); strings.Contains(got, "Also affected") {
		t.Errorf("nothing else is affected, and it says\n%s", got)
	}
	linked := m.With(
		message.Linked{Case: text.Const("9XYZ"), Platform: text.Const("LinkedIn"), Account: text.Const("Brightside GmbH"), Step: text.Const("Checks"), Open: true},
		message.Linked{Case: text.Const("8ABC"), Platform: text.Const("Instagram"), Step: text.Const("Connected again")},
		message.Linked{Platform: text.Const("X"), Account: text.Const("access_token=EAABsbCS1iHgBAKZCexampleexampleexample0123456789"), Open: true})
	want := `Also affected: LinkedIn "Brightside GmbH" (case 9XYZ, at Checks); Instagram (case 8ABC, ended: Connected again); X "`
	for _, face := range []string{message.Text(linked).String(), string(message.JSON(linked))} {
		if strings.Contains(face, "exampleexample") {
			t.Errorf("a token is in\n%s", face)
		}
	}
	if got := strings.Join(strings.Fields(message.Text(linked).String()), " "); !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
	if got := string(message.JSON(linked)); !strings.Contains(got, `"case": "9XYZ"`) || len(linked.Removed) == 0 || len(m.Linked)+len(m.Removed) != 0 {
		t.Errorf("removed %v; the message before has %v; and JSON:\n%s", linked.Removed, m.Linked, got)
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
	d := ladder.Data{Last: words, IDs: []ladder.RequestID{{Name: words, Value: words}},
		Verdict: &ladder.Verdict{Platform: token, Cause: platforms.RateLimited, Confidence: token, Connection: true, Owner: token, Next: token, Signature: token},
		Text:    words, Account: words, Customer: words, Item: token, Items: []string{token}, File: token + ".png",
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
		event(ladder.NoteAdded, ""), event(ladder.GuideGap, ""), event(ladder.ShotAdded, ""), event(ladder.MessageEdited, ""),
		event(ladder.FactSeen, token), event(ladder.SnapshotTaken, "counted"), event(ladder.ErrorRecorded, ""))
	if len(m.Diagnosis.Suspects) == 0 || m.Snapshot == nil {
		t.Fatal("nothing that was weighed, or no snapshot, is in it")
	}
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

// TestOneCase: text, Markdown and JSON have the same root with the same counts,
// and Of changes nothing of the log it reads.
func TestOneCase(t *testing.T) {
	dirty := verdict("rate_limited", "certain")
	dirty.Data.Verdict.Signature = "access_token=EAABsbCS1iHgBAKZCexampleexampleexample0123456789"
	s, log := played(t, open(), answer(ladder.StatusSeen, "red"), dirty)
	m := message.Of("7QK2", s, log, guide, start)
	var read message.Message
	if err := json.Unmarshal(message.JSON(m), &read); err != nil {
		t.Fatal(err)
	}
	root, ok := read.Diagnosis.RootSuspect()
	if !ok || root.Points != 8 || message.Pointed(read.Diagnosis) != message.Pointed(diagnosis.Of(s, log, guide)) {
		t.Errorf("JSON says %+v", read.Diagnosis)
	}
	for _, face := range []text.Safe{message.Text(m), message.Markdown(m)} {
		if !strings.Contains(face.String(), "rate limited, certain: 1 for, 0 against, 8 points") {
			t.Errorf("it has other numbers:\n%s", face)
		}
	}
	if !strings.Contains(log[2].Data.Verdict.Signature, "EAAB") {
		t.Errorf("the log was changed: %q", log[2].Data.Verdict.Signature)
	}
}
