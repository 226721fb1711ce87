package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/connection"
	"reconnect/app/crash"
	"reconnect/app/feed"
	"reconnect/app/ladder"
	"reconnect/app/ptytest"
	"reconnect/app/status"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// A stand is a home whose connections are imitated platforms, with a grant for each
// that it was made for. Its clock is theirs.
type stand struct {
	t     *testing.T
	world *sim.World
	dir   string
	asks  *connection.Connections
	run   statusRun
	said  *strings.Builder
}

// simulatedAs are the services of the settings with their names in the imitation,
// and what the account of each is called in Aibrify.
var simulatedAs = map[string]struct {
	svc     sim.Service
	account string
}{
	"instagram": {sim.InstagramFacebook, "@mikabakes"}, "facebook": {sim.Facebook, "Mika Bakes"}, "tiktok": {sim.TikTok, "@mikabakes"},
	"linkedin": {sim.LinkedIn, "Mika Bakes"}, "x": {sim.X, "@mikabakes"},
}

// fivePlatforms are all of them, by their default service.
var fivePlatforms = []string{"instagram", "facebook", "tiktok", "linkedin", "x"}

// newStand signs in to services.
func newStand(t *testing.T, services ...string) *stand {
	t.Helper()
	s := &stand{t: t, world: sim.Started(t), dir: t.TempDir(), said: &strings.Builder{}}
	db, err := store.Open(t.Context(), s.dir, store.Options{Now: s.world.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s.asks = s.connections(db, secrets.Options{Dir: s.dir, Place: secrets.Memory})
	s.run = statusRun{query: statusQuery{paid: true, timeout: time.Minute}, now: s.world.Now, db: db, asks: s.asks,
		feed: feed.Source{Now: s.world.Now}, note: text.Const("Other endpoints are asked."), apps: services, out: s.said}
	for _, name := range services {
		s.login(name)
	}
	return s
}

// connections ask the imitation, with secrets as o says.
func (s *stand) connections(db *store.DB, o secrets.Options) *connection.Connections {
	o.Go = crash.Go
	made := connection.Options{Apps: map[string]connection.App{}, Records: db,
		Keeper: func(ctx context.Context) (*secrets.Keeper, error) { return secrets.Open(ctx, o) },
		Secret: func(name string) text.Secret { return text.NewSecret(s.world.App(simulatedAs[name].svc).Secret) },
		Live: live.Options{Now: s.world.Now, Linger: 10 * time.Second, Jitter: func(time.Duration) time.Duration { return 0 },
			Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}}
	for name, as := range simulatedAs {
		app := s.world.App(as.svc)
		one := connection.App{ClientID: app.ID, ConfigID: app.Config, Endpoints: s.world.Endpoints(as.svc).ByName()}
		switch name {
		case "x", "linkedin":
			one.Redirect = "http://127.0.0.1:0/callback"
		case "tiktok":
			one.Redirect = "http://127.0.0.1:*/callback/"
		}
		made.Apps[name] = one
	}
	c := connection.New(made)
	s.t.Cleanup(c.Close)
	return c
}

// login signs in through the imitated browser.
func (s *stand) login(name string) {
	s.t.Helper()
	as := simulatedAs[name]
	l, err := s.asks.Login(s.t.Context(), name, text.Line(as.account), live.Ask{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	p := l.Prompt()
	s.world.Register(as.svc, p.Redirect)
	browsed := make(chan error, 1)
	go func() {
		_, err := s.world.Browse(context.Background(), p.URL)
		browsed <- err
	}()
	_, err = l.Wait(s.t.Context())
	if err = errors.Join(err, <-browsed); err != nil {
		s.t.Fatal(err)
	}
}

// feed writes a file in the place of what Aibrify shows.
func (s *stand) feed(content string) {
	s.t.Helper()
	s.run.feed.File = filepath.Join(s.dir, "feed.json")
	if err := os.WriteFile(s.run.feed.File, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// lacksTasks takes full control of the Page from who signed in.
func (s *stand) lacksTasks() {
	owner := s.world.Owner(sim.Facebook).ID
	s.world.Edit(func(state *sim.State) { state.Pages["1029384756"].Tasks[owner] = []string{"MODERATE"} })
}

// shows writes what Aibrify shows, a status for each service.
func (s *stand) shows(of map[string]string) {
	s.t.Helper()
	rows := []map[string]any{}
	for name, word := range of {
		row := map[string]any{"platform": string(simulatedAs[name].svc.Platform()), "account": simulatedAs[name].account, "status": word}
		if ends, found := strings.CutPrefix(word, "connected until "); found {
			row["status"], row["expires"] = "connected", ends
		}
		rows = append(rows, row)
	}
	raw, err := json.Marshal(map[string]any{"schema": 1, "at": s.world.Now(), "connections": rows})
	if err != nil {
		s.t.Fatal(err)
	}
	s.feed(string(raw))
}

// served is the same at an address, until gone is called.
func (s *stand) served(of map[string]string) (gone func()) {
	s.t.Helper()
	s.shows(of)
	raw, err := os.ReadFile(s.run.feed.File)
	if err != nil {
		s.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(raw) }))
	s.t.Cleanup(server.Close)
	s.run.feed.File, s.run.feed.URL = "", server.URL
	return server.Close
}

// happened writes a case about a service: its events, a kind and an answer each.
func (s *stand) happened(id, name string, events ...string) {
	s.t.Helper()
	platform := simulatedAs[name].svc.Platform()
	all := []store.Event{{Kind: string(ladder.CaseOpened), Data: s.json(ladder.Data{Platform: platform, Audience: platforms.Own})}}
	for _, e := range events {
		kind, answer, _ := strings.Cut(e, "/")
		all = append(all, store.Event{Kind: kind, At: s.world.Now(), Data: s.json(ladder.Data{Answer: answer, Text: text.Const("@mikabakes"), Grade: platforms.Seen})})
	}
	last := all[len(all)-1].Kind
	_, err := s.run.db.Append(s.t.Context(), store.Append{Case: id, Events: all, Summary: store.Summary{ID: id, Platform: string(platform),
		Account: simulatedAs[name].account, Step: "Status", Open: last != string(ladder.CaseResolved)}})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) json(v any) json.RawMessage {
	s.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// status runs it and gives what was printed, and the exit code.
func (s *stand) status() (string, int) {
	s.t.Helper()
	s.said.Reset()
	err := statusOf(s.t.Context(), s.run)
	if code := exitCode(err); code == ExitFailed || code == ExitUsage {
		s.t.Fatal(err)
	}
	s.secret(s.said.String())
	return s.said.String(), exitCode(err)
}

// secret fails if out has a token, a secret or what leads to one.
func (s *stand) secret(out string) {
	s.t.Helper()
	s.world.Edit(func(state *sim.State) {
		for value := range state.Tokens {
			if strings.Contains(out, value) {
				s.t.Errorf("a token is printed:\n%s", out)
			}
		}
		for _, apps := range state.Apps {
			for _, app := range apps {
				if app.Secret != "" && strings.Contains(out, app.Secret) {
					s.t.Errorf("a client secret is printed:\n%s", out)
				}
			}
		}
	})
}

// A statusJSON is what --json prints.
type statusJSON struct {
	Schema  int
	At      time.Time
	Custom  bool
	Rows    []status.Row
	Worst   platforms.Colour
	Changes []string
	Notes   []string
}

// rows runs it with --json.
func (s *stand) rows() (statusJSON, int) {
	s.t.Helper()
	s.run.query.json = true
	out, code := s.status()
	s.run.query.json = false
	var got statusJSON
	d := json.NewDecoder(strings.NewReader(out))
	if err := d.Decode(&got); err != nil || got.Schema != 1 || !got.At.Equal(s.world.Now()) || d.More() {
		s.t.Fatalf("%v: %s", err, out)
	}
	return got, code
}

// A statusScene is what is so, and what status makes of it.
type statusScene struct {
	name string
	for_ []string // the services that are signed in to
	so   func(*stand)
	want string // colours by service, in the order of the dashboard
	says string // part of what is printed
	code int
}

func statusScenes() []statusScene {
	facebook := []string{"facebook"}
	until := func(s *stand, days int) string {
		return "connected until " + s.world.Now().AddDate(0, 0, days).Format(time.RFC3339)
	}
	return []statusScene{
		{"nothing is known", nil, func(*stand) {}, "", "No connection is known here", ExitUnchecked},
		{"nothing is known, with an app", nil, func(s *stand) { s.run.apps = []string{"facebook", "tiktok-business"} }, "",
			"No grant is held for facebook, tiktok-business. Sign in to each: reconnect login NAME", ExitUnchecked},
		{"grants end with the program", nil, func(s *stand) { s.run.apps, s.run.brief = []string{"facebook"}, true }, "",
			"Grants are kept in memory alone", ExitUnchecked},
		{"nothing is known of one platform", facebook, func(s *stand) {
			s.run.query.platform, s.run.apps = platforms.X, []string{"tiktok", "x"}
		}, "", "So nothing could be checked. No grant is held for x: reconnect login x", ExitUnchecked},
		{"green, and an app without a grant", facebook, func(s *stand) { s.run.apps = []string{"facebook", "x"} }, "facebook green", "No grant is held for x: reconnect login x", ExitFine},
		{"green by probe", fivePlatforms, func(*stand) {},
			"instagram green, facebook green, tiktok green, linkedin green, x green", "account ready asked with your own app Nothing wrong was found.", ExitFine},
		{"green by feed", nil, func(s *stand) { s.shows(map[string]string{"x": "connected", "tiktok": until(s, 15)}) },
			"tiktok green, x green", "Connected", ExitFine},
		{"green by feed and probe", facebook, func(s *stand) { s.shows(map[string]string{"facebook": "connected"}) }, "facebook green", "Aibrify shows, 2026-11-23", ExitFine},
		{"green by a case that ended", nil, func(s *stand) {
			s.happened("7QK2", "x", "status.seen/green", "case.resolved/nothing")
			s.ended("9XYZ", "x")
		},
			"x green", "in case 9XYZ", ExitFine},

		{"green, and the own grant is prolonged", facebook, func(s *stand) { s.world.Advance(50 * 24 * time.Hour) }, "facebook green", "in 40 days", ExitFine},
		{"yellow by expiry of the own grant", facebook, func(s *stand) {
			s.world.Advance(50 * 24 * time.Hour)
			s.world.Fault(sim.Facebook, sim.Exchange, sim.HTML(502)) // so that it is not prolonged
		}, "facebook yellow", "Its grant ends within 14 days.", ExitAttention},
		{"yellow by expiry that the feed tells", nil, func(s *stand) { s.shows(map[string]string{"x": until(s, 14)}) }, "x yellow", "in 14 days.", ExitAttention},
		{"yellow by feed", nil, func(s *stand) { s.shows(map[string]string{"x": "warning"}) }, "x yellow", "Warning", ExitAttention},
		{"yellow, feed green and probe red", facebook, func(s *stand) {
			s.shows(map[string]string{"facebook": "connected"})
			s.world.Break(sim.Facebook, platforms.NotAdmin)
		}, "facebook yellow", "Aibrify shows Connected; your own app finds:", ExitAttention},

		{"red by probe", facebook, func(s *stand) { s.world.Break(sim.Facebook, platforms.NotAdmin) }, "facebook red", "■ Facebook Mika Bakes account not ready", ExitBroken},
		{"red by probe, with its mend", facebook, func(s *stand) { s.lacksTasks() }, "facebook red", "→ Ask an admin of the Page for full control, then reconnect.", ExitBroken},
		{"red by probe, remembered with its mend", facebook, func(s *stand) {
			s.lacksTasks()
			s.status()
			s.run.query.offline = true
		}, "facebook red", "→ Ask an admin of the Page for full control, then reconnect.", ExitBroken},
		{"red by probe, the account itself", []string{"x"}, func(s *stand) { s.world.Break(sim.X, platforms.AccountRestricted) }, "x red", "→ Appeal to the platform: only it can lift this.", ExitBroken},
		{"red by feed", facebook, func(s *stand) { s.shows(map[string]string{"facebook": "disconnected"}) }, "facebook red", "your own app finds nothing wrong.", ExitBroken},
		{"red by an open case", nil, func(s *stand) { s.happened("7QK2", "x", "status.seen/red") }, "x red", "reconnect --case 7QK2", ExitBroken},

		{"could not check, its own grant was revoked", facebook, func(s *stand) { s.world.Break(sim.Facebook, platforms.PermissionRevoked) }, "facebook unknown",
			"The sign-in of your own app has ended. That says nothing of Aibrify's. → reconnect login facebook", ExitUnchecked},
		{"could not check, its own grant ended by its date, offline", facebook, func(s *stand) { s.world.Advance(61 * 24 * time.Hour); s.run.query.offline = true },
			"facebook unknown", "The sign-in of your own app has ended.", ExitUnchecked},
		{"green by feed, its own grant was revoked", facebook, func(s *stand) {
			s.shows(map[string]string{"facebook": "connected"})
			s.world.Break(sim.Facebook, platforms.PermissionRevoked)
		}, "facebook green", "Aibrify shows Connected; the sign-in of your own app has ended.", ExitFine},
		{"yellow, the feed does not list it", []string{"x"}, func(s *stand) { s.shows(map[string]string{"facebook": "connected"}) },
			"facebook green, x yellow", "not listed", ExitAttention},
		{"could not check, nobody there", facebook, func(s *stand) { s.world.Close() }, "facebook unknown", "could not check", ExitUnchecked},
		{"could not check, a page", facebook, func(s *stand) { s.world.Fault(sim.Facebook, sim.Any, sim.HTML(502)) }, "facebook unknown", "could not check", ExitUnchecked},
		{"could not check, time-out", facebook, func(s *stand) {
			s.world.Fault(sim.Facebook, sim.Any, sim.Slow(nil))
			s.run.query.timeout = 100 * time.Millisecond
		}, "facebook unknown", "could not check", ExitUnchecked},
		{"could not check, no time at all", facebook, func(s *stand) { s.run.query.timeout = 1 }, "facebook unknown", "The time was over before it was asked.", ExitUnchecked},
		{"could not check, locked secrets", nil, func(s *stand) { s.locked("facebook"); s.run.apps = facebook }, "facebook unknown",
			"status asks nobody for the passphrase; reconnect check facebook does.", ExitUnchecked},
		{"locked secrets, and what was known before", nil, func(s *stand) { s.checked("facebook"); s.run.apps = facebook }, "facebook green",
			"Asked with your own app on 2026-11-23 08:15. Nothing wrong was found; it was not asked now:", ExitFine},
		{"could not check, the app is gone", facebook, func(s *stand) { s.run.asks = s.without("facebook") }, "facebook unknown", "No app is set up", ExitUnchecked},
		{"could not check, no feed", nil, func(s *stand) { s.run.feed.File = "/of/none.json" }, " unknown", "/of/none.json is not there.", ExitUnchecked},
		{"could not check, a feed that is none", nil, func(s *stand) { s.feed("no feed") }, " unknown", "/feed.json: it is no JSON object.", ExitUnchecked},
		{"not checked, it costs", []string{"x"}, func(s *stand) { s.run.query.paid = false }, "x unknown", "not checked yet", ExitUnchecked},
		{"not checked, an open case without a look", nil, func(s *stand) { s.happened("7QK2", "x") }, "x unknown", "not checked yet", ExitUnchecked},

		{"worst: yellow before green", nil, func(s *stand) { s.shows(map[string]string{"x": "warning", "tiktok": "connected"}) }, "tiktok green, x yellow", "", ExitAttention},
		{"worst: could not check before yellow", facebook, func(s *stand) {
			s.shows(map[string]string{"x": "warning"})
			s.world.Fault(sim.Facebook, sim.Any, sim.HTML(200))
		}, "facebook unknown, x yellow", "", ExitUnchecked},
		{"worst: red before could not check", facebook, func(s *stand) {
			s.shows(map[string]string{"x": "disconnected"})
			s.world.Fault(sim.Facebook, sim.Any, sim.Closed())
		}, "facebook unknown, x red", "", ExitBroken},
		{"worst of five", fivePlatforms, func(s *stand) {
			s.shows(map[string]string{"instagram": "connected", "x": "warning"})
			s.world.Break(sim.LinkedIn, platforms.NotAdmin)
			s.world.Fault(sim.TikTok, sim.Any, sim.HTML(503))
		}, "instagram green, facebook yellow, tiktok unknown, linkedin red, x yellow", "", ExitBroken},
		{"one platform of many", fivePlatforms, func(s *stand) {
			s.world.Break(sim.LinkedIn, platforms.NotAdmin)
			s.run.query.platform = platforms.X
		}, "x green", "", ExitFine},
	}
}

// ended writes a case that ended connected.
func (s *stand) ended(id, name string) {
	s.happened(id, name, "status.seen/red", "change.seen/", "account.chosen/", "step.attempted/connected", "account.returned/same", "case.resolved/connected")
}

// locked puts a grant into an encrypted file, and asks with nobody there who knows
// the passphrase.
func (s *stand) locked(name string) {
	o := secrets.Options{Dir: s.dir, Place: secrets.File}
	open := o
	open.Passphrase = func(context.Context, secrets.Ask) (secrets.Secret, error) {
		return secrets.NewSecret("correct horse battery"), nil
	}
	s.asks = s.connections(s.run.db, open)
	s.login(name)
	s.run.asks = s.connections(s.run.db, o)
}

// checked is the same, once somebody who knows the passphrase asked with the grant.
func (s *stand) checked(name string) {
	s.locked(name)
	held, err := s.asks.Held(s.t.Context())
	if err != nil || len(held) != 1 {
		s.t.Fatal(held, err)
	}
	if _, _, err := s.asks.Check(s.t.Context(), held[0], live.Plan{}); err != nil {
		s.t.Fatal(err)
	}
}

// without are connections that hold the same and have no app for a service.
func (s *stand) without(name string) *connection.Connections {
	held, err := s.asks.Held(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, h := range held {
		if err := s.run.db.PutRecord(s.t.Context(), store.Record{Name: "grant/" + h.Key, Data: s.json(h)}); err != nil {
			s.t.Fatal(err)
		}
	}
	return connection.New(connection.Options{Records: s.run.db, Live: live.Options{Now: s.world.Now}})
}

// TestStatus: every colour and could not check, over the five imitated platforms,
// with the exit code of each, and what wins.
func TestStatus(t *testing.T) {
	for _, c := range statusScenes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, c.for_...)
			c.so(s)
			got, code := s.rows()
			var colours []string
			for _, r := range got.Rows {
				colours = append(colours, fmt.Sprintf("%s %s", r.Platform, r.Colour))
			}
			if is := strings.Join(colours, ", "); is != c.want || code != c.code || got.Worst != status.Worst(got.Rows) {
				t.Errorf("%s, code %d, worst %s\n%+v\n%v", is, code, got.Worst, got.Rows, got.Notes)
			}
			out, code := s.status()
			if code != c.code || !strings.Contains(unwrapped(out), c.says) {
				t.Errorf("code %d\n%s", code, out)
			}
			for line := range strings.Lines(out) {
				if n := len([]rune(strings.TrimRight(line, "\n"))); n > status.Width && len(strings.Fields(line)) > 1 {
					t.Errorf("%d cells: %s", n, line)
				}
			}
			if custom := slices.ContainsFunc(got.Rows, func(r status.Row) bool { return r.Custom }); got.Custom != custom || strings.Contains(out, "Other endpoints are asked.") != custom {
				t.Errorf("other endpoints: %t, %t\n%s", custom, got.Custom, out)
			}
			t.Logf("%d %s\n%s", code, got.Worst, out)
		})
	}
}

// TestStatusNotes: each note is there where something on the page rests on it.
func TestStatusNotes(t *testing.T) {
	const mine, own, look = "It does not prove", "no rule of Aibrify", "It cannot look by itself yet"
	for _, c := range []struct {
		name string
		for_ []string
		so   func(*stand)
		want []string
	}{
		{"nothing", nil, func(*stand) {}, []string{look}},
		{"nothing, offline", nil, func(s *stand) { s.run.query.offline = true }, nil},
		{"a case", nil, func(s *stand) { s.happened("7QK2", "x", "status.seen/red") }, []string{look}},
		{"the feed", nil, func(s *stand) { s.shows(map[string]string{"x": "connected"}) }, nil},
		{"the feed, an end soon", nil, func(s *stand) {
			s.shows(map[string]string{"x": "connected until " + s.world.Now().AddDate(0, 0, 3).Format(time.RFC3339)})
		}, []string{own}},
		{"a probe", []string{"facebook"}, func(*stand) {}, []string{mine}},
		{"a probe beside the feed", []string{"facebook"}, func(s *stand) { s.shows(map[string]string{"facebook": "warning"}) }, []string{mine}},
		{"no answer", []string{"facebook"}, func(s *stand) { s.world.Close() }, nil},
		{"never asked, offline", []string{"facebook"}, func(s *stand) { s.run.query.offline = true }, nil},
		{"asked, offline", []string{"facebook"}, func(s *stand) {
			s.status()
			s.run.query.offline = true
		}, []string{mine}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, c.for_...)
			c.so(s)
			out, _ := s.status()
			for _, note := range []string{mine, own, look} {
				if strings.Contains(unwrapped(out), note) != slices.Contains(c.want, note) {
					t.Errorf("%q, wanted %v:\n%s", note, c.want, out)
				}
			}
			if other := len(c.for_) > 0; strings.Contains(out, "Other endpoints are asked.") != other {
				t.Errorf("other endpoints, wanted %t:\n%s", other, out)
			}
		})
	}
}

// unwrapped is a text without its line ends.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestStatusCosts: a call that costs money is not made unless that is allowed.
func TestStatusCosts(t *testing.T) {
	s := newStand(t, "x")
	s.world.Forget()
	s.run.query.paid = false
	if out, code := s.status(); code != ExitUnchecked || !strings.Contains(out, "--paid") {
		t.Errorf("code %d\n%s", code, out)
	}
	if asked := s.world.Requests(); len(asked) > 0 {
		t.Errorf("asked: %v", asked)
	}
	held, err := s.asks.Held(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.asks.Check(t.Context(), held[0], live.Plan{}); err != nil { // a check that asks nothing finds nothing
		t.Fatal(err)
	}
	if out, code := s.status(); code != ExitUnchecked || !strings.Contains(out, "not checked yet") || !strings.Contains(out, "→ reconnect check x --paid") {
		t.Errorf("code %d\n%s", code, out)
	}
	s.run.query.paid = true
	if _, code := s.status(); code != ExitFine || len(s.world.Requests()) == 0 {
		t.Errorf("code %d", code)
	}
	s.world.Forget()
	s.run.query.paid = false // what was asked before still tells
	if out, code := s.status(); code != ExitFine || !strings.Contains(out, "on 2026-11-23") || len(s.world.Requests()) > 0 {
		t.Errorf("code %d\n%s", code, out)
	}
}

// TestStatusOffline: nobody is asked, and what was known is told with its time.
func TestStatusOffline(t *testing.T) {
	s := newStand(t, "facebook", "linkedin")
	s.world.Break(sim.LinkedIn, platforms.NotAdmin)
	gone := s.served(map[string]string{"tiktok": "connected"})
	before, code := s.rows()
	if code != ExitBroken {
		t.Fatalf("code %d: %+v", code, before.Rows)
	}
	gone()
	s.world.Forget()
	s.world.Advance(2 * time.Hour)
	s.run.query.offline = true
	after, code := s.rows()
	if code != ExitBroken || len(s.world.Requests()) > 0 || len(after.Rows) != len(before.Rows) {
		t.Fatalf("code %d: %+v", code, after.Rows)
	}
	for i, r := range after.Rows {
		if r.Colour != before.Rows[i].Colour || !strings.Contains(r.Rests.String(), "2026-11-23 08:15") {
			t.Errorf("%+v", r)
		}
	}
	s.run.query.offline = false // now it is wished to be read, and cannot be
	again, _ := s.rows()
	if r := again.Rows[0]; r.Platform != "" || r.Colour != status.Unknown || !strings.Contains(r.Reason.String(), "what it showed on 2026-11-23 08:15 is used") {
		t.Errorf("%+v", r)
	}
}

// TestStatusChanges: three runs; the first tells everything, the second nothing,
// the third what broke. The exit code is as ever.
func TestStatusChanges(t *testing.T) {
	s := newStand(t, "facebook", "linkedin")
	s.run.query.changes = true
	first, code := s.status()
	if code != ExitFine || strings.Count(first, "●") != 2 {
		t.Errorf("first run: code %d\n%s", code, first)
	}
	if second, code := s.status(); code != ExitFine || second != "" {
		t.Errorf("second run: code %d\n%s", code, second)
	}
	s.world.Break(sim.Facebook, platforms.NotAdmin)
	third, code := s.status()
	if code != ExitBroken || !strings.Contains(third, "■ Facebook Mika Bakes: account not ready, was account ready.") || strings.Contains(third, "LinkedIn") {
		t.Errorf("third run: code %d\n%s", code, third)
	}
	s.run.query.json = true
	if fourth, code := s.status(); code != ExitBroken || !strings.Contains(fourth, `"changes": []`) {
		t.Errorf("fourth run: code %d\n%s", code, fourth)
	}
	s.world.Mend(sim.Facebook, platforms.NotAdmin)
	if mended, _ := s.rows(); len(mended.Changes) != 1 || len(mended.Rows) != 2 || !strings.Contains(mended.Changes[0], "account ready, was account not ready") {
		t.Errorf("%+v", mended)
	}
	s.run.query.platform = platforms.Facebook // what was told of one is kept apart
	if one, _ := s.status(); !strings.Contains(one, "Facebook") {
		t.Errorf("of one platform:\n%s", one)
	}
}

// TestStatusReadOnly: a store that is only read is read, and nothing is kept.
func TestStatusReadOnly(t *testing.T) {
	s := newStand(t)
	s.happened("7QK2", "x", "status.seen/red")
	s.shows(map[string]string{"tiktok": "connected"})
	db, err := store.Open(t.Context(), s.dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	s.run.db, s.run.asks, s.run.query.changes = db, s.connections(db, secrets.Options{Place: secrets.Memory}), true
	for range 2 {
		if out, code := s.status(); code != ExitBroken || !strings.Contains(out, "■ X @mikabakes") || !strings.Contains(out, "TikTok") {
			t.Errorf("code %d\n%s", code, out)
		}
	}
}

// TestStatusCases: which cases speak of a connection.
func TestStatusCases(t *testing.T) {
	s := newStand(t)
	rows := func() string {
		got, _ := s.rows()
		var all []string
		for _, r := range got.Rows {
			all = append(all, fmt.Sprintf("%s %s %s", r.Platform, r.Colour, r.Case))
		}
		return strings.Join(all, ", ")
	}
	s.ended("AAAA", "x")
	if got := rows(); got != "x green " {
		t.Errorf("ended connected: %s", got)
	}
	s.world.Advance(time.Hour)
	s.happened("BBBB", "x", "status.seen/yellow")
	if got := rows(); got != "x yellow BBBB" {
		t.Errorf("and an open one: %s", got)
	}
	s.happened("CCCC", "tiktok", "status.seen/green", "status.seen/failing")
	s.happened("DDDD", "facebook", "status.seen/red", "back/", "status.seen/yellow")
	if got := rows(); got != "facebook yellow DDDD, tiktok yellow CCCC, x yellow BBBB" {
		t.Errorf("one that shows green, and one that went back: %s", got)
	}
	s.world.Advance(91 * 24 * time.Hour)
	s.ended("EEEE", "linkedin")
	if got := rows(); !strings.HasPrefix(got, "facebook yellow DDDD, tiktok yellow CCCC, linkedin green , x yellow BBBB") {
		t.Errorf("open ones stay: %s", got)
	}
	s.world.Advance(91 * 24 * time.Hour)
	if got := rows(); strings.Contains(got, "linkedin") {
		t.Errorf("ended long ago: %s", got)
	}
}

// TestStatusAgain: what was broken stays so when it is asked again, also where the
// answer is that the grant is for somebody else.
func TestStatusAgain(t *testing.T) {
	s := newStand(t, "facebook")
	s.status()
	s.world.Break(sim.Facebook, platforms.NotAdmin)
	for range 3 {
		if got, code := s.rows(); code != ExitBroken || len(got.Rows) != 1 || got.Rows[0].Account.String() != "Mika Bakes" {
			t.Errorf("code %d: %+v", code, got.Rows)
		}
	}
}

// TestStatusEnded: told to end, it keeps and prints nothing.
func TestStatusEnded(t *testing.T) {
	s := newStand(t, "facebook")
	ctx, cancel := context.WithCancel(t.Context())
	s.world.Fault(sim.Facebook, sim.Any, sim.Slow(nil))
	s.world.Forget()
	go func() {
		defer cancel()
		_ = s.world.Await(ctx, sim.Facebook, sim.Me, 1) // also if it is never asked, it ends
	}()
	s.run.query.changes = true
	if err := statusOf(ctx, s.run); !errors.Is(err, context.Canceled) || exitCode(err) != ExitFailed || s.said.Len() > 0 || strings.Contains(err.Error(), "context") {
		t.Errorf("%v\n%s", err, s.said)
	}
	if kept, err := s.run.db.Records(t.Context(), "status/last"); err != nil || len(kept) > 0 {
		t.Errorf("%v, %v", kept, err)
	}
}

// TestStatusCommand: without settings it says how to let it look; what does not go
// together is refused; a feed of the settings is read.
func TestStatusCommand(t *testing.T) {
	home := t.TempDir()
	shown := filepath.Join(home, "feed.json")
	config := filepath.Join(home, "feed.toml")
	now := time.Now().UTC().Format(time.RFC3339)
	for name, content := range map[string]string{config: fmt.Sprintf("[feed]\nfile = %q\n", shown),
		shown: `{"schema":1,"at":"` + now + `","connections":[{"platform":"x","account":"@cafe","status":"disconnected"}]}`} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args, says string
		code       int
	}{
		{"status", "It cannot look by itself yet.", ExitUnchecked},
		{"status tiktok --offline", "No connection is known here", ExitUnchecked},
		{"status --json", `"rows": [], "schema": 1, "worst": "unknown"`, ExitUnchecked},
		{"status --ics", "BEGIN:VCALENDAR\r\n", ExitUnchecked},
		{"status --changes", "", ExitUnchecked},
		{"status --config " + config, "■ X @cafe Disconnected", ExitBroken},
		{"status tiktok --config " + config, "No connection is known here", ExitUnchecked},
		{"status --config " + config + " --ics=/nope/a.ics", "was not written to /nope/a.ics: ", ExitFailed},
		{"status --help", "or no connection is known here", ExitFine},
		{"status myspace", "myspace", ExitUsage},
		{"status x tiktok", "takes one platform", ExitUsage},
		{"status --timeout 0s", "--timeout", ExitUsage},
		{"status --offline --paid", "--offline asks nobody", ExitUsage},
		{"status --ics ends.ics", "--ics=ends.ics", ExitUsage},
		{"status --ics --json", "--ics=FILE", ExitUsage},
		{"status --ics --changes", "--ics=FILE", ExitUsage},
	} {
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: strings.Fields(c.args)}, "")
		out += errs
		if code != c.code || !strings.Contains(unwrapped(out), strings.TrimSpace(c.says)) {
			t.Errorf("%s: code %d\n%s", c.args, code, out)
		}
	}
}

// TestStatusCalendar: --ics holds the ends that are known, line by line.
func TestStatusCalendar(t *testing.T) {
	s := newStand(t, fivePlatforms...)
	s.shows(map[string]string{"x": "connected until 2027-03-04T05:06:07Z", "facebook": "warning"})
	known, _ := s.rows()
	want := map[string]string{}
	for _, r := range known.Rows {
		for _, e := range r.Expires {
			want[e.At.Format("20060102")+" "+string(r.Platform)+" "+e.Of] = ""
		}
	}
	s.run.query.ics = toStdout
	out, code := s.status()
	if code != ExitAttention {
		t.Errorf("code %d", code)
	}
	events := calendarEvents(t, out)
	if len(events) != len(want) || len(events) < 4 {
		t.Errorf("%d events and %d ends: %v", len(events), len(want), want)
	}
	seen := map[string]bool{}
	for _, e := range events {
		if seen[e["UID"]] || e["DTSTAMP"] != "20261123T081542Z" || e["SUMMARY"] == "" || !strings.Contains(e["DESCRIPTION"], "reconnect ") ||
			strings.Contains(e["SUMMARY"], "own app") != strings.Contains(e["DESCRIPTION"], "Other endpoints") {
			t.Errorf("%v", e)
		}
		seen[e["UID"]] = true
	}
	file := filepath.Join(s.dir, "ends.ics")
	s.run.query.ics = file
	rows, _ := s.status()
	raw, err := os.ReadFile(file)
	if err != nil || string(raw) != out || !strings.Contains(rows, "▲ TikTok") {
		t.Errorf("%v\n%s", err, rows)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	s.run.query.ics = filepath.Join(s.dir, "none", "ends.ics")
	if err := statusOf(t.Context(), s.run); exitCode(err) != ExitFailed || errors.Is(err, fs.ErrInvalid) || !strings.Contains(err.Error(), s.run.query.ics) {
		t.Errorf("%v", err)
	}
}

// calendarEvents reads a calendar as RFC 5545 has it.
func calendarEvents(t *testing.T, out string) []map[string]string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out, "\r\n"), "\r\n")
	var whole []string
	for _, l := range lines {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") {
			t.Errorf("%d octets: %q", len(l), l)
		}
		if more, folded := strings.CutPrefix(l, " "); folded {
			whole[len(whole)-1] += more
		} else {
			whole = append(whole, l)
		}
	}
	var events []map[string]string
	var inside []string
	for _, l := range whole {
		name, value, ok := strings.Cut(l, ":")
		switch {
		case !ok:
			t.Fatalf("%q is no property", l)
		case name == "BEGIN":
			if inside = append(inside, value); value == "VEVENT" {
				events = append(events, map[string]string{})
			}
		case name == "END":
			if len(inside) == 0 || inside[len(inside)-1] != value {
				t.Fatalf("%q ends in %v", l, inside)
			}
			inside = inside[:len(inside)-1]
		case slices.Equal(inside, []string{"VCALENDAR", "VEVENT"}):
			events[len(events)-1][name] = value
		}
	}
	if len(inside) > 0 || whole[0] != "BEGIN:VCALENDAR" || whole[1] != "VERSION:2.0" || !strings.HasPrefix(whole[2], "PRODID:") {
		t.Errorf("no calendar: %q, %v", whole[:3], inside)
	}
	return events
}
