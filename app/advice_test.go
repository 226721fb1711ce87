package app_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows walks where the diagnosis knows better than the ladder: the tests
// of a branch, the gate before what removes something, and errors that say what
// comes next.

// An advised is a walk, the end it reaches, and what its log and message then have.
type advised struct {
	end     ladder.Place
	walk    func(walk)
	logs    map[ladder.Kind]string // words of an event of this kind
	message string
}

// walkEach walks a walk of every platform in both faces, and compares the two.
func walkEach(t *testing.T, walks map[platforms.ID]advised) {
	t.Helper()
	for _, svc := range platforms.All() {
		w, ok := walks[svc.ID]
		if !ok {
			t.Errorf("%s has no walk", svc.ID)
			continue
		}
		t.Run(string(svc.ID), func(t *testing.T) {
			t.Parallel()
			full := walkScreen(t, svc, w.walk)
			if state := replayed(t, full.log); state.Place != w.end {
				t.Errorf("ended at %s, want %s", state.Place, w.end)
			}
			sameEvents(t, full.log, walkPlain(t, svc, w.walk).log)
			for kind, words := range w.logs {
				if !has(full.log, kind, words) {
					t.Errorf("no %s has %q", kind, words)
				}
			}
			if said := full.message(t); !strings.Contains(said, w.message) {
				t.Errorf("the message does not have %q:\n%s", w.message, said)
			}
		})
	}
}

// has tells whether an event of kind has all the words in its data.
func has(log []store.Event, kind ladder.Kind, words string) bool {
	return slices.ContainsFunc(log, func(e store.Event) bool {
		lacks := func(word string) bool { return !strings.Contains(string(e.Data), word) }
		return e.Kind == string(kind) && !slices.ContainsFunc(strings.Split(words, " … "), lacks)
	})
}

// What advice offers.
const (
	putRight   = "It is put right: Reconnect"
	takesTime  = "It takes time: wait"
	askAdmin   = "A message for the admin"
	adminAsked = "Sent: wait for the answer"
)

// waits waits for whoever has to put it right, until that is done.
func (w walk) waits() walk {
	w.form(w.title("wait"), "", "2d", "") // for whom is filled in
	return w.on("waiting", "over")
}

// asks asks an admin, and waits until that is done.
func (w walk) asks(title string) walk {
	w.pick(title, askAdmin)
	w.says(askAdmin, "Nobody needs your password")
	w.pick(askAdmin, adminAsked)
	return w.waits()
}

// TestNotOffered: the page or account is not in the list. The tests for that come
// first; one fails, is mended, and Reconnect follows at once.
func TestNotOffered(t *testing.T) {
	missing := func(test string) advised {
		return advised{ladder.EndConnected, func(w walk) {
			w.toReconnect(platforms.Red).on("reconnect", "not_offered").check(test, "fail").on("mend", "mended").
				pause().on("reconnect", "connected").connected()
		}, map[ladder.Kind]string{ladder.CheckMended: `"mended"`, ladder.DetourTaken: `"reconnect" … "mended"`}, "not offered"}
	}
	walkEach(t, map[platforms.ID]advised{
		platforms.Instagram: missing("ticked"),
		platforms.Facebook:  missing("ticked"),
		platforms.TikTok:    missing("login"),
		platforms.LinkedIn:  missing("admin"),
		platforms.X:         missing("login"),
	})
}

// A gate is a Disconnect that cannot cure what is wrong.
type gate struct {
	to     func(walk) // what makes it known, from the first try on
	why    string     // the reason that the gate gives
	move   string     // whose move it is
	follow func(walk) // from the gate to Connected
}

var gates = map[platforms.ID]gate{
	platforms.Instagram: {
		func(w walk) {
			w.on("reconnect", "disconnected").check("professional", "pass").check("linked", "pass").check("outage", "fail").
				anyway(onlyTime, theyInsist).on("mend", "go_on").on("retry", "disconnected")
		}, "Instagram seems to be down.", "Instagram itself",
		func(w walk) {
			w.nth(w.gate(), "Wait until ", 1)
			w.on("waiting", "over").board(map[platforms.ID]platforms.Colour{w.svc.ID: platforms.Red})
			w.on("reconnect", "connected").connected() // what changed, and which login, is known
		}},
	platforms.Facebook: {
		func(w walk) {
			w.on("reconnect", "disconnected").check("admin", "fail").on("mend", "go_on").
				check("active", "pass").outage("pass").on("retry", "disconnected")
		}, "Only an Admin of the Page can connect it.", "An Admin of the Page",
		func(w walk) { w.asks(w.gate()).on("reconnect", "connected").connected() }},
	platforms.TikTok: {
		func(w walk) {
			w.on("reconnect", "disconnected").check("business", "fail").on("mend", "go_on").
				hurry().on("retry", "disconnected")
		}, "Aibrify asks for a Business Account", "You, in the TikTok app",
		func(w walk) {
			w.pick(w.gate(), putRight)
			w.pause().on("reconnect", "connected").connected()
		}},
	platforms.LinkedIn: {
		func(w walk) {
			w.on("reconnect", "disconnected").check("admin", "fail").on("mend", "go_on").
				outage("pass").on("retry", "disconnected")
		}, "Only an admin of the company page can connect it.", "An admin of the company page",
		func(w walk) {
			w.pick(w.gate(), takesTime)
			w.waits().on("reconnect", "connected").connected()
		}},
	platforms.X: {
		func(w walk) {
			w.on("reconnect", "other").pick(instead, "X wants a security check")
			w.check("checkpoint", "fail").on("mend", "go_on").
				check("two_factor", "pass").outage("pass").on("retry", "disconnected")
		}, "X has locked the account", "You, on X itself",
		func(w walk) {
			w.pick(w.gate(), putRight)
			w.on("reconnect", "connected").connected()
		}},
}

// gate is the title of the gate before Disconnect.
func (w walk) gate() string { return "Disconnect " + w.svc.Name.String() + "?" }

// toGate walks from the board to the gate, and reads it.
func (w walk) toGate() walk {
	g := gates[w.svc.ID]
	w.toReconnect(platforms.Red)
	g.to(w)
	w.says(w.gate(), "eld back", g.why, g.move, "what Disconnect does then")
	return w
}

// TestGateFollowed: what Disconnect cannot cure holds it back. Whoever waits, or
// puts it right, comes to Connected, and nothing was disconnected.
func TestGateFollowed(t *testing.T) {
	walks := map[platforms.ID]advised{}
	for id, g := range gates {
		walks[id] = advised{ladder.EndConnected, func(w walk) { w.toGate(); g.follow(w) }, nil, ""}
	}
	walkEach(t, walks)
}

// TestGateOverridden: one key goes through the gate and asks for a reason, which
// stands in the log and in the message.
func TestGateOverridden(t *testing.T) {
	const reason = "the team asked for it"
	walks := map[platforms.ID]advised{}
	for id := range gates {
		walks[id] = advised{ladder.EndSent, func(w walk) {
			w.toGate().anyway(w.gate(), reason)
			if id != platforms.Facebook {
				w.disconnect("stuck").on("support", "sent").end(w.title("sent"))
				return
			}
			w.disconnect("done") // each step that removes something is held back
			w.anyway("Remove Aibrify on Facebook's side?", theyInsist).on("clear", "absent")
			w.anyway("Connect Facebook from scratch?", theyInsist)
			w.on("fresh", "disconnected").on("support", "sent").end(w.title("sent"))
		}, map[ladder.Kind]string{ladder.DetourOverridden: `"disconnect" … "` + reason + `"`}, reason}
	}
	walkEach(t, walks)
}

// TestErrorSaysNext: an error that names its cause changes the next step.
func TestErrorSaysNext(t *testing.T) {
	walks := map[platforms.ID]advised{
		platforms.Instagram: {end: ladder.EndConnected, walk: func(w walk) { // it says itself until when
			w.fails("(#4) Application request limit reached, retry-after: 5400")
			w.says(onlyTime, "rate limited, likely", "the platform")
			w.nth(onlyTime, "Wait until ", 1)
			w.key(w.title("waiting"), "m")
			w.pick("More", "It shows Connected now")
			w.connected()
		}},
		platforms.Facebook: {end: ladder.EndConnected, walk: func(w walk) {
			w.fails(roleLost)
			w.says(fixFirst, "not admin, certain", "An Admin of the Page")
			w.asks(fixFirst).on("reconnect", "connected").connected()
		}},
		platforms.TikTok: {end: ladder.EndSent, walk: func(w walk) {
			w.fails("error=invalid_client error_description=client authentication failed")
			w.says(toTeam, "app misconfigured, certain", "Aibrify")
			w.pick(toTeam, "Go to Support")
			w.on("support", "sent").end(w.title("sent"))
		}},
		platforms.LinkedIn: {end: ladder.EndConnected, walk: func(w walk) {
			w.fails("Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached.")
			w.says(onlyTime, "rate limited, likely", "the platform")
			w.pick(onlyTime, "Wait until another time")
			w.form(w.title("wait"), "", "tomorrow 2:00", "")
			w.early().checks("pass").on("retry", "connected").connected() // a limit is not over before its time
		}},
		platforms.X: {end: ladder.EndConnected, walk: func(w walk) {
			w.fails("To protect our users from spam and other malicious activity, this account is temporarily locked.")
			w.says(fixFirst, "account restricted, likely", "the person who connects")
			w.pick(fixFirst, putRight)
			w.on("reconnect", "connected").connected()
		}},
	}
	walkEach(t, walks)
}

// fails tries to connect, and records the error that this ends in.
func (w walk) fails(said string) walk {
	w.toReconnect(platforms.Red).on("reconnect", "error")
	w.write(w.title("error"), said)
	return w
}

// TestDueElsewhere: a case that waits becomes due while another one is open. The
// running wizard says so by itself, and the list has it on top.
func TestDueElsewhere(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only the test wrote with it
	// A minute is the shortest wait. Most of it is over when the wizard opens.
	const ahead = 8 * time.Second
	started := time.Now().Add(ahead - time.Minute)
	s := &session.Session{Log: db, Now: func() time.Time { return started }, By: text.Const("test"), Audience: platforms.Agent}
	waits := opensCase(t, s, platforms.Facebook)
	for _, a := range []screens.Answer{{Act: screens.More}, {Pick: "wait"}, {Values: map[string]string{"for": "the limit to reset", "until": "1m"}}} {
		a.Page = waits.Page.Name
		if waits, err = s.Answer(context.Background(), waits, a); err != nil {
			t.Fatal(err)
		}
	}
	other := opensCase(t, s, platforms.X)
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"--case", other.Case, "--as", "agent"}, Env: []string{"RECONNECT_DATA=" + data}})
	x.Sees("Reconnect X").SeesNot("is due now")
	x.Sees("Case "+waits.Case, "is due now", "Reconnect X")
	w := walk{screenWalker{t, x}, platforms.All()[1]}
	w.key("Reconnect X", "m")
	w.pick("More", "All cases")
	x.Sees("one is due", "due now").Press("enter")
	w.pick("The waiting is over", w.label("waiting", "over"))
	x.Sees("Reconnect Facebook").Press("q").Wait()
}

// opensCase opens a case and answers up to its first try.
func opensCase(t *testing.T, s *session.Session, id platforms.ID) session.View {
	t.Helper()
	v, err := s.New(t.Context(), id)
	for _, values := range []map[string]string{{string(id): string(platforms.Red)}, {}, {"account": account, "use": login}} {
		if err == nil {
			v, err = s.Answer(t.Context(), v, screens.Answer{Page: v.Page.Name, Values: values})
		}
	}
	if err != nil || v.State.Place != ladder.AtReconnect {
		t.Fatalf("at %s: %v", v.State.Place, err)
	}
	return v
}
