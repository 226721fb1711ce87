package connection

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reconnect/app/crash"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// imitations are the services by the names that the imitation has for them.
var imitations = map[string]sim.Service{
	"facebook": sim.Facebook, "instagram": sim.InstagramFacebook, "instagram-login": sim.Instagram,
	"tiktok": sim.TikTok, "linkedin": sim.LinkedIn, "x": sim.X,
}

// A home is the imitated platforms, and connections that ask them, on the world's clock.
type home struct {
	*Connections
	t     *testing.T
	world *sim.World
	dir   string
	kept  *secrets.Keeper
}

// at is a home with the apps of services, all with their secrets in the environment.
func at(t *testing.T, services ...string) *home {
	t.Helper()
	h := &home{t: t, world: sim.Started(t), dir: t.TempDir()}
	db, err := store.Open(t.Context(), h.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if h.kept, err = secrets.Open(t.Context(), secrets.Options{Dir: h.dir, Place: secrets.Memory}); err != nil {
		t.Fatal(err)
	}
	apps := map[string]App{}
	for _, name := range services {
		apps[name] = h.app(name)
	}
	h.Connections = New(Options{
		Apps: apps, Records: db, Live: live.Options{Now: h.world.Now, Linger: 10 * time.Second, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
		Keeper: func(context.Context) (*secrets.Keeper, error) { return h.kept, nil },
		Secret: func(name string) text.Secret { return text.NewSecret(h.world.App(imitations[name]).Secret) },
	})
	return h
}

// app is the app of a service, with the endpoints of the imitation.
func (h *home) app(name string) App {
	svc := imitations[name]
	s, _ := Find(name)
	e, own := h.world.Endpoints(svc), s.Endpoints
	a := App{ClientID: h.world.App(svc).ID, ConfigID: h.world.App(svc).Config, Endpoints: map[string]string{}}
	for endpoint, pair := range map[string][2]string{
		"authorize": {own.Authorize, e.Authorize}, "token": {own.Token, e.Token}, "exchange": {own.Exchange, e.Exchange}, "api": {own.API, e.API},
		"refresh": {own.Refresh, e.Refresh}, "revoke": {own.Revoke, e.Revoke}, "introspect": {own.Introspect, e.Introspect},
	} {
		if pair[0] != "" {
			a.Endpoints[endpoint] = pair[1]
		}
	}
	switch svc { // addresses that have to be registered, on a port that is free now
	case sim.X, sim.LinkedIn, sim.Instagram:
		a.Redirect = "http://127.0.0.1:0/callback"
	case sim.TikTok:
		a.Redirect = "http://127.0.0.1:*/callback/"
	default:
	}
	return a
}

// login signs the owner in.
func (h *home) login(name string, account text.Safe) Held {
	h.t.Helper()
	held, err := h.try(name, account)
	if err != nil {
		h.t.Fatal(err)
	}
	return held
}

// try signs the owner in, as far as that goes.
func (h *home) try(name string, account text.Safe) (Held, error) {
	h.t.Helper()
	l, err := h.Login(h.t.Context(), name, account, live.Ask{})
	if err != nil {
		h.t.Fatal(err)
	}
	defer l.Close()
	type answer struct {
		held Held
		err  error
	}
	done := make(chan answer, 1)
	crash.Go(func() { held, err := l.Wait(h.t.Context()); done <- answer{held, err} }, func(err error) { done <- answer{err: err} })
	h.world.Register(imitations[name], l.Prompt().Redirect)
	if _, err := h.world.Browse(h.t.Context(), l.Prompt().URL); err != nil {
		h.t.Fatal(err)
	}
	a := <-done
	return a.held, a.err
}

// keys are the keys of what is held.
func (h *home) keys() []string {
	h.t.Helper()
	keys := []string{}
	for _, one := range h.held() {
		keys = append(keys, one.Key)
	}
	return keys
}

// check asks with a grant, and gives what is remembered of it then.
func (h *home) check(held Held, plan live.Plan) Held {
	h.t.Helper()
	if _, _, err := h.Check(h.t.Context(), held, plan); err != nil {
		h.t.Fatal(err)
	}
	all := h.held()
	at := slices.IndexFunc(all, func(one Held) bool { return one.Key == held.Key })
	if at < 0 {
		h.t.Fatalf("%s is held no more", held.Key)
	}
	return all[at]
}

// revoke removes the app on a platform, for the owner.
func (h *home) revoke(svc sim.Service) {
	owner := h.world.Owner(svc).ID
	h.world.Edit(func(s *sim.State) { s.RemoveApp(svc, owner) })
}

func (h *home) held() []Held {
	h.t.Helper()
	all, err := h.Held(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// asked counts the requests to an endpoint that were answered with a status.
func (h *home) asked(e sim.Endpoint, status int) int {
	n := 0
	for _, r := range h.world.Requests() {
		if r.Endpoint == e && r.Status == status {
			n++
		}
	}
	return n
}

func TestServices(t *testing.T) {
	want := []string{"instagram", "instagram-login", "facebook", "tiktok", "tiktok-business", "linkedin", "linkedin-native", "x"}
	if got := Names(); !slices.Equal(got, want) {
		t.Errorf("services are %q", got)
	}
	for _, s := range Services() {
		if found, ok := Find(s.Key); !ok || found.ID != s.ID || found.Variant != s.Variant {
			t.Errorf("%s finds %s %s", s.Key, found.ID, found.Variant)
		}
	}
	if got := Variable("instagram-login"); got != "RECONNECT_SECRET_INSTAGRAM_LOGIN" {
		t.Error(got)
	}
}

// TestSetUp: the name of a platform means the service of it that has an app.
func TestSetUp(t *testing.T) {
	c := New(Options{Apps: map[string]App{
		"tiktok-business": {ClientID: "1"}, "linkedin": {ClientID: "2", Endpoints: map[string]string{"api": "http://127.0.0.1:1"}},
		"facebook": {ClientID: "3", Endpoints: map[string]string{"api": "http://elsewhere.example"}},
	}, LinkedInVersion: "202609"})
	for name, key := range map[string]string{"tiktok": "tiktok-business", "tiktok-business": "tiktok-business", "linkedin": "linkedin"} {
		if s, err := c.SetUp(name); err != nil || s.Key != key {
			t.Errorf("%s means %s, %v", name, s.Key, err)
		}
	}
	if s, _ := c.SetUp("linkedin"); s.Endpoints.API != "http://127.0.0.1:1" || !s.Custom || s.Headers["LinkedIn-Version"] != "202609" {
		t.Errorf("linkedin asks %s, %v", s.Endpoints.API, s.Headers)
	}
	if s, _ := Find("linkedin"); s.Headers["LinkedIn-Version"] == "202609" {
		t.Error("a setting changed the service for everybody")
	}
	if _, err := c.SetUp("facebook"); err == nil || !strings.Contains(err.Error(), "apps.facebook.endpoints") {
		t.Errorf("plain http elsewhere: %v", err)
	}
	var missing *NotSetUpError
	if _, err := c.SetUp("x"); !errors.As(err, &missing) || !strings.Contains(err.Error(), "reconnect guide app x") {
		t.Errorf("x: %v", err)
	}
	if _, err := c.SetUp("myspace"); err == nil || errors.As(err, &missing) {
		t.Errorf("myspace: %v", err)
	}
	if c.Ready(platforms.X) || !c.Ready(platforms.TikTok) || !slices.Equal(c.Custom(), []string{"facebook", "linkedin"}) {
		t.Error("what is ready, and what is custom")
	}
}

// TestSecret: the environment comes first, then what is kept, then the person, whose
// word is not kept before the platform took it.
func TestSecret(t *testing.T) {
	ctx, asked := t.Context(), 0
	kept, err := secrets.Open(ctx, secrets.Options{Dir: t.TempDir(), Place: secrets.Memory})
	if err != nil {
		t.Fatal(err)
	}
	from := func(env string, ask bool) (string, error) {
		o := Options{Keeper: func(context.Context) (*secrets.Keeper, error) { return kept, nil },
			Secret: func(string) text.Secret { return text.NewSecret(env) }}
		if ask {
			o.Ask = func(context.Context, Service) (text.Secret, error) {
				asked++
				return text.NewSecret("typed"), nil
			}
		}
		s, _ := Find("facebook")
		got, err := New(o).secret(ctx, s)
		return got.Reveal(), err
	}
	var none *NoSecretError
	if _, err := from("", false); !errors.As(err, &none) || !strings.Contains(err.Error(), "RECONNECT_SECRET_FACEBOOK") {
		t.Errorf("nobody there: %v", err)
	}
	for _, row := range []struct {
		env, want string
		ask       bool
	}{{"", "typed", true}, {"", "typed", true}, {"set", "set", true}} {
		if got, err := from(row.env, row.ask); got != row.want || err != nil {
			t.Errorf("%+v: %q, %v", row, got, err)
		}
	}
	if names, err := kept.List(ctx); err != nil || len(names) != 0 {
		t.Errorf("kept: %q %v", names, err)
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}

// TestHeld keeps a grant: its secrets where secrets are, the rest in a record without
// them. A check adds what was learned, and a new login takes its place.
func TestHeld(t *testing.T) {
	h := at(t, "facebook", "x")
	first := h.login("facebook", text.Const("Mika Bakes"))
	if len(h.held()) != 1 || first.Fingerprint == "" || !first.Grant.Access.Empty() {
		t.Fatalf("%+v", h.held())
	}
	checked, report, err := h.Check(t.Context(), first, live.Plan{Target: live.Target{Name: "Mika Bakes"}})
	if err != nil || report.Failed() != nil || checked.Checked.IsZero() || checked.Health.Colour != platforms.Green || checked.Grant.Account.ID == "" {
		t.Fatalf("%+v %+v %v", checked, report.Failed(), err)
	}
	x := h.login("x", text.Safe{})
	for account, want := range map[text.Safe]int{text.Const("mika bakes"): 2, text.Const("@MIKA BAKES"): 2, text.Const("somebody"): 0, {}: 0} {
		of, err := h.HeldFor(t.Context(), platforms.Facebook, account)
		if err != nil || len(of) != 1 || matches(of[0], account) != want {
			t.Errorf("%q: %+v %v", account, of, err)
		}
	}
	h.world.Advance(time.Hour)
	second := h.login("facebook", text.Const("Mika Bakes"))
	if _, _, err := h.Check(t.Context(), second, live.Plan{}); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, one := range h.held() {
		keys = append(keys, one.Key)
	}
	if !slices.Equal(keys, []string{second.Key, x.Key}) {
		t.Errorf("held are %q, not %q", keys, []string{second.Key, x.Key})
	}
	var lost *LostError
	if _, _, err := h.Check(t.Context(), first, live.Plan{}); !errors.As(err, &lost) {
		t.Errorf("the grant that was replaced: %v", err)
	}
	h.grep()
}

// grep fails where a token or a client secret is in a file.
func (h *home) grep() {
	h.t.Helper()
	var all bytes.Buffer
	files, err := filepath.Glob(filepath.Join(h.dir, "*"))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, name := range files {
		if raw, err := os.ReadFile(name); err == nil { // a folder is none
			all.Write(raw)
		}
	}
	h.world.Edit(func(s *sim.State) {
		for token := range s.Tokens {
			if bytes.Contains(all.Bytes(), []byte(token)) {
				h.t.Error("a token is in a file")
			}
		}
	})
}

// TestRenew: access that ran out is renewed by one of those who need it, and what
// renews the next time is kept.
func TestRenew(t *testing.T) {
	h := at(t, "x")
	held := h.login("x", text.Safe{})
	for range 3 {
		h.world.Advance(3 * time.Hour)
		h.world.Forget()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, r, err := h.Check(t.Context(), held, live.Plan{Paid: true}); err != nil || r.Failed() != nil {
					t.Errorf("%+v %v", r.Failed(), err)
				}
			})
		}
		all.Wait()
		if n := h.asked(sim.Refresh, 200); n != 1 {
			t.Errorf("renewed %d times", n)
		}
		held = h.held()[0]
	}
	owner := h.world.Owner(sim.X).ID
	h.world.Edit(func(s *sim.State) { s.RemoveApp(sim.X, owner) })
	h.world.Advance(3 * time.Hour)
	_, r, err := h.Check(t.Context(), held, live.Plan{Paid: true})
	if f := r.Finding(live.RenewalCheck); err != nil || f == nil || f.Outcome != platforms.Fail || r.Health.Colour != live.UnknownColour {
		t.Errorf("the app was removed: %+v %v", r, err)
	}
	h.grep()
}

// TestEndsEarly: access that the platform no longer takes before its time is renewed
// once, and then asked with. What renews it is not touched for anything else.
func TestEndsEarly(t *testing.T) {
	for name, svc := range map[string]sim.Service{"x": sim.X, "tiktok": sim.TikTok} {
		h := at(t, name)
		held := h.login(name, text.Safe{})
		h.world.Edit(func(s *sim.State) {
			for _, token := range s.Tokens {
				if token.Kind == sim.AccessToken {
					token.Ending = sim.Revoked
				}
			}
		})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, r, err := h.Check(t.Context(), held, live.Plan{Paid: true}); err != nil || r.Failed() != nil || !r.Asked() {
					t.Errorf("%s: %+v %v", name, r.Failed(), err)
				}
			})
		}
		all.Wait()
		if n := h.asked(sim.Refresh, 200); n != 1 {
			t.Errorf("%s: renewed %d times", name, n)
		}
		h.world.Forget()
		h.world.Edit(func(s *sim.State) { s.Limited[svc] = true })
		h.check(h.held()[0], live.Plan{Paid: true})
		if n := h.asked(sim.Refresh, 200); n != 0 {
			t.Errorf("%s: renewed because of a limit", name)
		}
		h.grep()
	}
}

// TestLogout gives a grant back where the platform takes it, and keeps it where the
// platform could not be asked.
// TestAibrifyUnrenewed: access of Aibrify's app that ran out is not renewed. That is why
// nothing could be checked, and no fault of this computer; and nobody was asked.
func TestAibrifyUnrenewed(t *testing.T) {
	h := at(t, "x")
	held := h.login("x", text.Safe{})
	app := h.options.Apps["x"]
	app.Aibrify = true
	h.options.Apps["x"] = app
	h.clients = map[string]*live.Client{}
	h.world.Advance(3 * time.Hour)
	h.world.Forget()
	_, report, err := h.Check(t.Context(), held, live.Plan{Paid: true})
	f := report.Finding(live.RenewalCheck)
	if err != nil || f == nil || f.Outcome != platforms.Unsure || f.Mend.Empty() || report.Asked() || report.Health.Colour != live.UnknownColour {
		t.Errorf("%+v, %v", report, err)
	}
	if asked := h.world.Requests(); len(asked) > 0 {
		t.Errorf("asked: %v", asked)
	}
}

func TestLogout(t *testing.T) {
	for name, row := range map[string]struct {
		service string
		before  func(*home)
		says    string
		revoked int // answers of the platform
		kept    bool
	}{
		"given back":    {"x", nil, "The platform took it back.", 2, false}, // what renews it, too
		"all in one":    {"tiktok", nil, "The platform took it back.", 1, false},
		"after a check": {"instagram", nil, "The platform took it back.", 1, false}, // the account is not who signed in
		"no way":        {"instagram-login", nil, "https://www.instagram.com/accounts/manage_access/", 0, false},
		"gone": {"facebook", func(h *home) {
			owner := h.world.Owner(sim.Facebook).ID
			h.world.Edit(func(s *sim.State) { s.RemoveApp(sim.Facebook, owner) })
		}, "did not know it any more", 0, false},
		"outage":  {"x", func(h *home) { h.world.Edit(func(s *sim.State) { s.Outage[sim.X] = true }) }, "", 0, true},
		"a proxy": {"tiktok", func(h *home) { h.world.Fault(sim.TikTok, sim.Revoke, sim.HTML(502)) }, "", 0, true},
		"offline": {"linkedin", func(h *home) { h.world.Close() }, "", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, row.service)
			held := h.login(row.service, text.Safe{})
			held, _, err := h.Check(t.Context(), held, live.Plan{})
			if err != nil {
				t.Fatal(err)
			}
			if row.before != nil {
				row.before(h)
			}
			said, revoked, err := h.Logout(t.Context(), held)
			if (err != nil) != row.kept || !strings.Contains(said.String(), row.says) || (len(h.held()) == 1) != row.kept {
				t.Errorf("said %q, %v, held %d", said, err, len(h.held()))
			}
			if revoked != (said.String() == "The platform took it back.") {
				t.Errorf("revoked %v, and said %q", revoked, said)
			}
			if n := h.asked(sim.Revoke, 200); n != row.revoked {
				t.Errorf("revoked %d times", n)
			}
			h.world.Edit(func(s *sim.State) {
				for _, token := range s.Tokens {
					if row.revoked > 0 && token.Ending == sim.Alive {
						t.Errorf("the platform still takes a token of kind %s", token.Kind)
					}
				}
			})
			if err := h.Forget(t.Context(), held); err != nil || len(h.held()) != 0 {
				t.Errorf("forgotten: %v, held %d", err, len(h.held()))
			}
			if names, err := h.kept.List(t.Context()); err != nil || len(names) != 0 {
				t.Errorf("secrets are left: %q %v", names, err)
			}
		})
	}
}

// TestAibrifyEverywhere: a client id that is Aibrify's in one table of the settings is
// in every other, so nothing that it was given is given back.
func TestAibrifyEverywhere(t *testing.T) {
	h := at(t, "facebook", "instagram", "x")
	aibrify := h.options.Apps["instagram"]
	aibrify.Aibrify = true
	h.options.Apps["instagram"] = aibrify
	if !h.IsAibrify("facebook") || !h.IsAibrify("instagram") || h.IsAibrify("x") || h.IsAibrify("tiktok") {
		t.Error("whose the apps are")
	}
	h.login("instagram", text.Safe{})
	held := h.login("facebook", text.Const("Mika Bakes"))
	if what, others, err := h.Falling(t.Context(), held); !what.Empty() || others != nil || err != nil {
		t.Errorf("falling: %s %v %v", what, others, err)
	}
	if said, revoked, err := h.Logout(t.Context(), held); revoked || err != nil || !strings.Contains(said.String(), "Aibrify's own app") {
		t.Errorf("%s %v", said, err)
	}
	if n := h.asked(sim.Revoke, 200); n != 0 {
		t.Errorf("revoked %d times", n)
	}
}

// TestOtherApp: a token goes to the app and the hosts that it was given to, and
// nowhere else.
func TestOtherApp(t *testing.T) {
	elsewhere := sim.Started(t)
	for name, change := range map[string]func(*App){
		"another client":          func(a *App) { a.ClientID = "999" },
		"another server":          func(a *App) { a.Endpoints["api"] = elsewhere.Endpoints(sim.Facebook).API },
		"the platform's own":      func(a *App) { a.Endpoints = nil },
		"the platform's, in part": func(a *App) { delete(a.Endpoints, "introspect") },
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, "facebook")
			held := h.login("facebook", text.Const("Mika Bakes"))
			h.world.Forget()
			app := h.app("facebook")
			change(&app)
			h.options.Apps["facebook"] = app
			clear(h.clients)
			var other *OtherAppError
			_, _, asked := h.Check(t.Context(), held, live.Plan{})
			_, _, left := h.Logout(t.Context(), held)
			for _, err := range []error{asked, left} {
				if !errors.As(err, &other) || !strings.Contains(other.Removal.String(), "https://www.facebook.com/") {
					t.Errorf("%v", err)
				}
			}
			if of, err := h.HeldFor(t.Context(), platforms.Facebook, text.Const("Mika Bakes")); len(of) != 0 || err != nil {
				t.Errorf("to ask with: %v %v", of, err)
			}
			if n := len(h.world.Requests()) + len(elsewhere.Requests()); n != 0 || len(h.held()) != 1 {
				t.Errorf("%d requests, held %d", n, len(h.held()))
			}
			h.options.Apps["facebook"] = h.app("facebook")
			clear(h.clients)
			if _, revoked, err := h.Logout(t.Context(), held); !revoked || err != nil {
				t.Errorf("put back: %v", err)
			}
		})
	}
}

// TestFalls: on Facebook giving back removes the app, and takes the grants with it
// that the same person gave to it.
func TestFalls(t *testing.T) {
	for _, fell := range []bool{true, false} {
		h := at(t, "facebook", "instagram", "x")
		person := h.world.Owner(sim.Facebook).ID
		if !fell {
			person = h.world.Stranger(sim.Facebook).ID
		}
		held, x := h.login("facebook", text.Const("Mika Bakes")), h.login("x", text.Safe{})
		h.world.Consent(sim.InstagramFacebook.Site(), sim.Consent{Person: person})
		other := h.login("instagram", text.Safe{})
		what, others, err := h.Falling(t.Context(), held)
		if err != nil || !strings.Contains(what.String(), "every Page and every Instagram account") || len(others) != 1 || others[0].Key != other.Key {
			t.Errorf("falling: %s %v %v", what, others, err)
		}
		if what, others, err := h.Falling(t.Context(), x); !what.Empty() || len(others) > 0 || err != nil {
			t.Errorf("falling with X: %s %v %v", what, others, err)
		}
		if _, revoked, err := h.Logout(t.Context(), held); !revoked || err != nil {
			t.Fatal(err)
		}
		if is, err := h.Fell(t.Context(), other); is != fell || err != nil || slices.Contains(h.keys(), other.Key) == fell {
			t.Errorf("%q: fell %v, %v, held %q", person, is, err, h.keys())
		}
	}
}

// TestInspect looks at a pasted token and keeps nothing of it.
func TestInspect(t *testing.T) {
	h := at(t, "linkedin")
	r, err := h.Inspect(t.Context(), "linkedin", text.NewSecret(h.world.Issue(sim.LinkedIn).Access), live.Plan{})
	if err != nil || r.Failed() != nil || !r.Grant.Pasted || !r.Custom {
		t.Errorf("%+v %v", r, err)
	}
	names, err := h.kept.List(t.Context())
	if err != nil || len(names) != 0 || len(h.held()) != 0 {
		t.Errorf("kept: %q %v", names, err)
	}
	var wrong *live.PasteError
	if _, err := h.Inspect(t.Context(), "linkedin", text.NewSecret("two words"), live.Plan{}); !errors.As(err, &wrong) {
		t.Errorf("no token: %v", err)
	}
}

// TestFeedToken keeps the token of the feed beside the other secrets.
func TestFeedToken(t *testing.T) {
	h := at(t)
	ctx, s := t.Context(), Services()[0]
	look := func(want string) {
		t.Helper()
		token, err := h.FeedToken(ctx)
		kept, told := h.Keeping(ctx)
		if err != nil || told != nil || token.Reveal() != want || kept.FeedToken() != (want != "") || !kept.Listed || kept.Secret(s) {
			t.Errorf("%v %v, %+v", err, told, kept)
		}
	}
	look("")
	if err := h.PutFeedToken(ctx, func(context.Context) (text.Secret, error) { return text.NewSecret("bearer"), nil }); err != nil {
		t.Fatal(err)
	}
	look("bearer")
	stopped := errors.New("stopped")
	if err := h.PutFeedToken(ctx, func(context.Context) (text.Secret, error) { return text.Secret{}, stopped }); !errors.Is(err, stopped) {
		t.Error(err)
	}
	look("bearer")
	if was, err := h.ForgetFeedToken(ctx); err != nil || !was {
		t.Fatal(err)
	}
	look("")
}

// TestFeedTokenInFile: the encrypted file is in the way of the feed only where a token
// of it was put into the file.
func TestFeedTokenInFile(t *testing.T) {
	h, ctx := at(t), t.Context()
	open := func(o secrets.Options) {
		t.Helper()
		o.Dir, o.Place = h.dir, secrets.File
		k, err := secrets.Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		h.kept, h.keeper = k, nil
	}
	phrase := func(context.Context, secrets.Ask) (secrets.Secret, error) {
		return secrets.NewSecret("correct horse battery"), nil
	}
	look := func(want string, locked bool) {
		t.Helper()
		open(secrets.Options{NoPrompt: true})
		if token, err := h.FeedToken(ctx); token.Reveal() != "" || errors.Is(err, secrets.ErrNoPassphrase) != locked {
			t.Errorf("locked: %v", err)
		}
		open(secrets.Options{Passphrase: phrase})
		if token, err := h.FeedToken(ctx); token.Reveal() != want || err != nil {
			t.Errorf("unlocked: %v", err)
		}
	}
	open(secrets.Options{Passphrase: phrase})
	if err := h.kept.Put(ctx, "client/facebook", secrets.NewSecret("another")); err != nil {
		t.Fatal(err)
	}
	look("", false)
	if err := h.PutFeedToken(ctx, func(context.Context) (text.Secret, error) { return text.NewSecret("bearer"), nil }); err != nil {
		t.Fatal(err)
	}
	look("bearer", true)
	if _, err := h.ForgetFeedToken(ctx); err != nil {
		t.Fatal(err)
	}
	look("", false)
}

// TestFailing: the check that the health rests on decides what to do.
func TestFailing(t *testing.T) {
	mend := text.Const("Ask an admin.")
	says := func(s string) text.Safe { return text.Line(s) }
	finding := func(says text.Safe, cause platforms.Cause, mend text.Safe) live.Finding {
		return live.Finding{Outcome: platforms.Fail, Says: says, Cause: cause, Mend: mend}
	}
	waits, role := finding(says("The role waits."), platforms.NotAdmin, text.Const("Wait.")), finding(says("No role."), platforms.AccountRestricted, mend)
	for _, c := range []struct {
		name   string
		found  []live.Finding
		health string
		cause  platforms.Cause
		mend   string
	}{
		{"none", []live.Finding{{Outcome: platforms.Pass, Says: says("Fine.")}}, "Fine.", "", ""},
		{"one", []live.Finding{role}, "No role.", platforms.AccountRestricted, "Ask an admin."},
		{"the worse of two", []live.Finding{waits, role}, "No role.", platforms.AccountRestricted, "Ask an admin."},
		{"the first where the dates decide", []live.Finding{waits, role}, "It ended.", platforms.NotAdmin, "Wait."},
	} {
		cause, mend := Failing(live.Report{Findings: c.found, Health: live.Health{Reason: says(c.health)}})
		if cause != c.cause || mend.String() != c.mend {
			t.Errorf("%s: %q, %q", c.name, cause, mend)
		}
	}
}
