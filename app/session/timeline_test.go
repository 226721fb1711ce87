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
	checks := guideOf(platforms.Facebook).Checks
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
	add(ladder.AccountChosen, ladder.Data{Account: words("Example Bakery"), Text: words("owner@example.com")},
		"login to use: owner@example.com, for Example Bakery")
	add(ladder.CaseCorrected, ladder.Data{Account: words("Example Bakery"), Text: words("boss@example.com"), Customer: words("Example Ltd")},
		"corrected: login boss@example.com, customer Example Ltd")
	add(ladder.CaseCorrected, ladder.Data{Account: words("Example Bakery")}, "corrected: nothing")
	add(ladder.Ticked, ladder.Data{Item: "login"}, `ticked: "Log in with boss@example.com"`)
	add(ladder.GuideGap, ladder.Data{Item: "click", Text: words("It says\nRenew.")}, `guide does not match: "`+said(t, "reconnect", "click")+`": It says↵Renew.`)
	add(ladder.GuideGap, ladder.Data{Item: "page", Text: words("All is new.")}, "guide does not match: Reconnect: All is new.")
	add(ladder.AlreadyTried, ladder.Data{Answer: "disconnected", Text: words("on Sunday"), Grade: platforms.Told},
		"tried before this case: Reconnect: Disconnected, on Sunday (told)")
	for i, c := range checks {
		outcome := []string{"pass", "fail", "unsure", "skipped"}[i%4]
		yes := []string{"yes (told)", "no (told)", "could not check", "not checked"}[i%4]
		add(ladder.CheckDone, ladder.Data{Item: c.ID, Answer: outcome, Grade: platforms.Told}, "check: "+c.Title.String()+": "+yes)
		if outcome == "fail" {
			add(ladder.CheckMended, ladder.Data{Item: c.ID, Answer: "go_on"}, "check: "+c.Title.String()+": gone on without mending")
		}
	}
	add(ladder.WaitStarted, ladder.Data{Text: words("the limit"), Until: morning.Add(30 * time.Hour), Early: words("a green page")},
		"waits: the limit, until 24 Nov 15:00, or until: a green page")
	add(ladder.WaitEnded, ladder.Data{Answer: "early"}, "wait ended: went on early")
	add(ladder.DetourOverridden, ladder.Data{Step: platforms.Clear, Text: words("they insist")}, "taken all the same: Clear: they insist")
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
