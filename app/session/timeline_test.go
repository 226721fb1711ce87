package session

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
)

// told is the timeline of a Facebook case to which events happened, one every
// step of time, the first at start.
func told(t *testing.T, start time.Time, step time.Duration, at time.Time, events ...ladder.Event) []string {
	t.Helper()
	var s ladder.State
	opened := ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: platforms.Facebook, Checks: checkIDs(platforms.Facebook)}}
	log := append([]ladder.Event{opened}, events...)
	for i := range log {
		log[i].Seq, log[i].At = i+1, start.Add(time.Duration(i)*step)
		next, err := ladder.Next(s, log[i])
		if err != nil {
			t.Fatalf("event %d: %v", i+1, err)
		}
		s = next
	}
	return slices.Collect(strings.SplitSeq(Timeline(log, s, at).String(), "\n"))
}

var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func event(k ladder.Kind, d ladder.Data) ladder.Event { return ladder.Event{Kind: k, Data: d} }

// TestTimelineWords has every kind of event in the words of the screen and of the
// guide, with no id in them.
func TestTimelineWords(t *testing.T) {
	g := guideOf(platforms.Facebook)
	words := func(s string) text.Safe { return text.Block(s) }
	var events []ladder.Event
	var want []string
	add := func(k ladder.Kind, d ladder.Data, line string) {
		events, want = append(events, event(k, d)), append(want, line)
	}
	want = append(want, "case opened: Facebook")
	add(ladder.AlertSeen, ladder.Data{Answer: "email"}, "notice from Aibrify: an e-mail notification")
	add(ladder.StatusSeen, ladder.Data{Answer: "red", Grade: platforms.Seen}, "dashboard shows: Disconnected (seen)")
	add(ladder.ChangeSeen, ladder.Data{Items: []string{"password", "unsure"}}, "changed lately: "+label(t, "password")+", not sure")
	add(ladder.AccountChosen, ladder.Data{Account: words("Example Bakery"), Text: words("owner@example.com"), Last: words("Ann")},
		"login to use: owner@example.com, for Example Bakery, last connected by Ann")
	add(ladder.ErrorRecorded, ladder.Data{Text: words("it failed\nfor (#1)"), IDs: []ladder.RequestID{{Name: words("fbtrace_id"), Value: words("AbC1")}, {Name: words("x-fb-request-id"), Value: words("Q-2")}}},
		"exact error: it failed↵for (#1), ids kept: fbtrace_id AbC1, x-fb-request-id Q-2")
	add(ladder.ErrorRecorded, ladder.Data{Answer: "none"}, "exact error: there was no message")
	add(ladder.FactSeen, ladder.Data{Item: "ids", Answer: "none", Grade: platforms.Told}, "found: the error names no request id (told)")
	add(ladder.FactSeen, ladder.Data{Item: "incident", Answer: "down", Grade: platforms.Seen}, "found: Facebook has a fault (seen)")
	add(ladder.FactSeen, ladder.Data{Item: "incident", Answer: "up", Grade: platforms.Seen}, "found: Facebook has no fault (seen)")
	add(ladder.FactSeen, ladder.Data{Item: "cases", Answer: "spike", Text: words("5 others lately")}, "found: many cases of Facebook at once: 5 others lately")
	add(ladder.FactSeen, ladder.Data{Item: "cases", Answer: "calm", Text: words("1 others lately")}, "found: no more cases of Facebook than usual: 1 others lately")
	add(ladder.FactSeen, ladder.Data{Item: "cases", Answer: "shared", Text: words("Instagram is red, too")}, "found: another channel on the same login: Instagram is red, too")
	add(ladder.FactSeen, ladder.Data{Item: "again", Answer: "still", Text: words("9XYZ")}, "found: still not connected, although a linked case is: 9XYZ")
	add(ladder.FactSeen, ladder.Data{Item: "moon", Answer: "full"}, "found: moon: full")
	add(ladder.SnapshotTaken, ladder.Data{Account: words("Example Bakery, @b"), Text: words("Ann"), Count: 1, Answer: "counted", Grade: platforms.Seen},
		"written down before removing: Example Bakery, @b, connected by Ann, 1 post waits (seen)")
	add(ladder.SnapshotTaken, ladder.Data{Count: 14, Answer: "counted"}, "written down before removing: 14 posts wait")
	add(ladder.SnapshotTaken, ladder.Data{}, "written down before removing: nothing")
	add(ladder.CaseCorrected, ladder.Data{Account: words("Example Bakery"), Text: words("boss@example.com"), Customer: words("Example Ltd")},
		"corrected: login boss@example.com, customer Example Ltd")
	add(ladder.CaseCorrected, ladder.Data{Account: words("Example Bakery")}, "corrected: nothing")
	add(ladder.Ticked, ladder.Data{Item: "login"}, `ticked: "Log in with boss@example.com"`)
	add(ladder.GuideGap, ladder.Data{Item: "click", Text: words("It says\nRenew.")}, `guide does not match: "`+said(t, "reconnect", "click")+`": It says↵Renew.`)
	add(ladder.GuideGap, ladder.Data{Item: "page", Text: words("All is new.")}, "guide does not match: Reconnect: All is new.")
	add(ladder.AlreadyTried, ladder.Data{Answer: "disconnected", Text: words("on Sunday"), Grade: platforms.Told},
		"tried before this case: Reconnect: Disconnected, on Sunday (told)")
	for i, id := range checkIDs(platforms.Facebook) {
		c, _ := g.Check(id)
		c = c.Fill(g.Vars())
		outcome := []string{"pass", "fail", "unsure", "skipped"}[i%4]
		yes := []string{"yes (told)", "no (told)", "could not check", "not checked"}[i%4]
		add(ladder.CheckDone, ladder.Data{Item: c.ID, Answer: outcome, Grade: platforms.Told}, "check: "+c.Title.String()+": "+yes)
		if outcome == "fail" {
			add(ladder.CheckMended, ladder.Data{Item: c.ID, Answer: "go_on"}, "check: "+c.Title.String()+": gone on without mending")
		}
	}
	add(ladder.WaitStarted, ladder.Data{Item: "rate_limited", Text: words("the limit"), Until: morning.Add(30 * time.Hour), Early: words("a green page")},
		"waits: the limit (rate limited), until 24 Nov 15:00, or until: a green page")
	add(ladder.WaitEnded, ladder.Data{Answer: "early"}, "wait ended: went on early")
	add(ladder.DetourOverridden, ladder.Data{Step: platforms.Clear, Text: words("they insist")}, "taken all the same: Clear: they insist")
	add(ladder.DetourOverridden, ladder.Data{Step: platforms.Clear, Item: "cool_down", Text: words("they insist")},
		"taken all the same: Clear (tries too close together): they insist")
	add(ladder.Attempted, ladder.Data{Answer: "connected"}, "– taken back: tried: Reconnect, once more: Connected")
	add(ladder.WentBack, ladder.Data{}, "took the last answer back")
	add(ladder.PostsMissed, ladder.Data{Answer: "some", Count: 14}, "missed posts: 14 posts")
	add(ladder.PostsMissed, ladder.Data{Answer: "none"}, "missed posts: none")
	add(ladder.ShotAdded, ladder.Data{File: "shot-1.png", Text: words("Photo.png")}, "screenshot: Photo.png, shot-1.png")
	add(ladder.ShotAdded, ladder.Data{Answer: "none"}, "screenshot: none possible")
	add(ladder.Attempted, ladder.Data{Answer: "connected"}, "tried: Reconnect, once more: Connected")
	add(ladder.AccountReturned, ladder.Data{Answer: "unsure"}, "account that came back: not sure which")
	add(ladder.CaseResolved, ladder.Data{Answer: "connected"}, "ended: connected")
	add(ladder.CaseReopened, ladder.Data{}, "reopened")
	add(ladder.CaseClosed, ladder.Data{Answer: "given_up"}, "closed: stopped here")
	got := told(t, morning, time.Minute, morning.Add(2*time.Hour), events...)
	for i, line := range got {
		if _, said, _ := strings.Cut(line, ":"); !strings.HasSuffix(line, "  "+want[i]) || said == "" {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
}

// TestTimelineGoesOn has tries that a login stopped, and how the case went on, in
// words; what is ticked in advice stands as it was shown.
func TestTimelineGoesOn(t *testing.T) {
	words := func(s string) text.Safe { return text.Block(s) }
	on := func(step platforms.Step, item, answer, why string) ladder.Event {
		return event(ladder.DetourTaken, ladder.Data{Step: step, Item: item, Answer: answer, Text: words(why)})
	}
	tried := func(answer string) ladder.Event { return event(ladder.Attempted, ladder.Data{Answer: answer}) }
	extra := event(ladder.Attempted, ladder.Data{Answer: "popup", Checks: []string{"popup"}})
	window, _ := guideOf(platforms.Facebook).Check("popup")
	limit := text.Block("(#4) Application request limit reached")
	said := recorded(verdict(limit, platforms.Facebook))
	do := verdict(limit, platforms.Facebook).Next.Do[0]
	events := []ladder.Event{
		on(platforms.Reconnect, "", "", "it is known"), tried("no_page"),
		on(platforms.Reconnect, "not_admin", "mended", "put right: a role"), tried("security"),
		on(platforms.Reconnect, "rate_limited", "waited", "the wait is over"), tried("two_factor"),
		on(platforms.Reconnect, "rate_limited", "mended", "put right: rate limited"), tried("wrong_account"),
		on(platforms.Reconnect, "", "", "again"), extra, event(ladder.CheckDone, ladder.Data{Item: "popup", Answer: "fail", Grade: platforms.Seen}),
		event(ladder.Ticked, ladder.Data{Item: window.Mend[0].ID}),
		event(ladder.ErrorRecorded, ladder.Data{Text: limit, Verdict: said}), event(ladder.Ticked, ladder.Data{Item: "advice.1"}),
		on(platforms.Support, "app_misconfigured", "", "only your team can"), event(ladder.Ticked, ladder.Data{Item: "advice.99"}),
	}
	want := []string{
		"went to another step: Reconnect: it is known", "tried: Reconnect: logged in but chose no Page",
		"went on: Reconnect (not admin): put right: a role", "tried: Reconnect: a security check",
		"went on: Reconnect (rate limited): the wait is over", "tried: Reconnect: the two-factor code",
		"went on: Reconnect: put right: rate limited", "tried: Reconnect: connected to the wrong account",
		"went to another step: Reconnect: again", "tried: Reconnect: the login window did not open",
		"check: " + window.Title.String() + ": no (seen)",
		`ticked: "` + window.Mend[0].Fill(guideOf(platforms.Facebook).Vars()).Text.Own.String() + `"`,
		"exact error: (#4) Application request limit reached", `ticked: "` + do.String() + `"`,
		"went to another step: Support (app misconfigured): only your team can", "ticked: advice.99",
	}
	for i, line := range told(t, morning, time.Minute, morning.Add(2*time.Hour), events...)[1:] {
		if !strings.HasSuffix(line, "  "+want[i]) {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
}

// label and said are words of the guide.
func label(t *testing.T, id string) string {
	t.Helper()
	for _, c := range guideOf(platforms.Facebook).Changes {
		if c.ID == id {
			return c.Label.String()
		}
	}
	t.Fatalf("the guide has no change %s", id)
	return ""
}

func said(t *testing.T, page, id string) string {
	t.Helper()
	g := guideOf(platforms.Facebook)
	for _, i := range g.Fill(g.Vars()).Pages[page].Do {
		if i.ID == id {
			return i.Text.Own.String()
		}
	}
	t.Fatalf("the guide has no instruction %s", id)
	return ""
}

// TestTimelineColumns: the days are shown when they are not today, and what
// happened begins in one column.
func TestTimelineColumns(t *testing.T) {
	var notes []ladder.Event
	for range 10 {
		notes = append(notes, event(ladder.NoteAdded, ladder.Data{Text: text.Const("NOTE")}))
	}
	paris := time.FixedZone("", 3600)
	for name, c := range map[string]struct {
		step time.Duration
		now  time.Time
		want string // of the times
	}{
		"today":     {time.Minute, morning.Add(time.Hour), `^#\d+ +09:\d\d  `},
		"days":      {5 * time.Hour, morning.Add(60 * time.Hour), `^#\d+ +2[345] Nov \d\d:\d\d  `},
		"month":     {80 * time.Hour, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), `^#\d+ +(\d| )\d (Nov|Dec) \d\d:\d\d  `},
		"years":     {time.Minute, time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC), `^#\d+ +2026-11-23 09:\d\d  `},
		"no day":    {time.Minute, time.Time{}, `^#\d+ +2026-11-23 09:\d\d  `},
		"elsewhere": {time.Minute, morning.In(paris), `^#\d+ +10:\d\d  `},
	} {
		t.Run(name, func(t *testing.T) {
			column := 0
			for i, line := range told(t, morning, c.step, c.now, notes...) {
				if !regexp.MustCompile(c.want).MatchString(line) {
					t.Errorf("%q is not like %s", line, c.want)
				}
				at := strings.Index(line, "note:")
				if i > 1 && at != column {
					t.Errorf("in column %d, not in %d: %q", at, column, line)
				}
				column = at
			}
		})
	}
	until := told(t, morning, time.Minute, time.Time{}, event(ladder.WaitStarted, ladder.Data{Text: text.Const("it"), Until: morning.Add(time.Hour)}))
	if !strings.HasSuffix(until[1], "until 2026-11-23 10:00") {
		t.Errorf("no day in %q", until[1])
	}
}

func TestLinked(t *testing.T) {
	got := Linked([]store.Summary{{ID: "9XYZ", Platform: "linkedin", Account: "Brightside GmbH", Step: "Checks", Open: true}})
	want := message.Linked{Case: text.Const("9XYZ"), Platform: text.Const("LinkedIn"), Account: text.Const("Brightside GmbH"),
		Step: text.Const("Checks"), Open: true}
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
