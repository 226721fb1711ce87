package live

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
)

// imitated are the services by the names that the simulator has for them.
var imitated = []struct {
	sim     sim.Service
	id      platforms.ID
	variant Variant
}{
	{sim.Facebook, platforms.Facebook, ""}, {sim.InstagramFacebook, platforms.Instagram, FacebookLogin},
	{sim.Instagram, platforms.Instagram, InstagramLogin}, {sim.TikTok, platforms.TikTok, ""},
	{sim.TikTokBusiness, platforms.TikTok, Business}, {sim.LinkedIn, platforms.LinkedIn, ""}, {sim.X, platforms.X, ""},
}

// simClient is a client of a simulated platform, with the app that it knows.
func simClient(t testing.TB, w *sim.World, svc sim.Service, id platforms.ID, v Variant) *Client {
	t.Helper()
	s, err := get(t, id, v).Override(w.Endpoints(svc).ByName())
	if err != nil {
		t.Fatal(err)
	}
	app := w.App(svc)
	a := App{ClientID: app.ID, ConfigID: app.Config}
	if !app.Public {
		a.Secret = text.NewSecret(app.Secret)
	}
	switch svc { // addresses that have to be registered, on a port that is free now
	case sim.X, sim.LinkedIn, sim.Instagram:
		a.Redirect = "http://127.0.0.1:0/" + string(id) + "/callback"
	case sim.TikTok, sim.TikTokBusiness:
		a.Redirect = "http://127.0.0.1:*/callback/"
	default:
	}
	o := testOptions()
	o.Now, o.Linger = w.Now, 10*time.Second // the browser follows to the clean page
	return New(s, a, o)
}

// login goes through the simulated browser.
func login(t testing.TB, w *sim.World, svc sim.Service, c *Client) Grant {
	t.Helper()
	l := start(t, c, Ask{})
	p, done := l.Prompt(), wait(t, l)
	w.Register(svc, p.Redirect)
	landing, err := w.Browse(context.Background(), p.URL)
	if err != nil || landing.Status != http.StatusOK || landing.Page != page {
		t.Fatalf("%s: the browser landed on %d %.300s %v", svc, landing.Status, landing.Page, err)
	}
	got := <-done
	if got.err != nil {
		t.Fatalf("%s: %v", svc, got.err)
	}
	return got.grant
}

// TestDefaultRedirects signs in with the address that each guide has people register,
// and none in the settings.
func TestDefaultRedirects(t *testing.T) {
	for _, row := range []struct {
		svc     sim.Service
		id      platforms.ID
		variant Variant
	}{
		{sim.TikTok, platforms.TikTok, ""}, {sim.TikTokBusiness, platforms.TikTok, Business},
		{sim.LinkedIn, platforms.LinkedIn, ""}, {sim.X, platforms.X, ""},
	} {
		w := sim.Started(t)
		c := simClient(t, w, row.svc, row.id, row.variant)
		c.App.Redirect = ""
		l := start(t, c, Ask{NoListener: true}) // its port may be taken where the tests run
		done := wait(t, l)
		landing, err := w.Visit(t.Context(), l.Prompt().URL)
		if err != nil || l.Paste(landing.Address) != nil {
			t.Fatalf("%s: landed on %q: %v\n%.300s", row.svc, landing.Address, err, landing.Page)
		}
		if got := <-done; got.err != nil || got.grant.Access.Empty() {
			t.Errorf("%s: %v", row.svc, got.err)
		}
	}
}

// TestDefaultListener listens to the address that TikTok's guide has people register,
// on a port that is free.
func TestDefaultListener(t *testing.T) {
	w := sim.Started(t)
	c := simClient(t, w, sim.TikTok, platforms.TikTok, "")
	c.App.Redirect = ""
	l := start(t, c, Ask{})
	done := wait(t, l)
	landing, err := w.Browse(t.Context(), l.Prompt().URL)
	if err != nil || landing.Page != page {
		t.Fatalf("landed on %d %.300s %v", landing.Status, landing.Page, err)
	}
	if got := <-done; got.err != nil {
		t.Error(got.err)
	}
}

// target is the account that the owner has.
func simTarget(w *sim.World, svc sim.Service) Target {
	switch svc {
	case sim.Facebook:
		var t Target
		w.Edit(func(s *sim.State) {
			for id := range s.Pages {
				if t.ID == "" || id < t.ID {
					t.ID = id
				}
			}
		})
		return t
	case sim.LinkedIn:
		var t Target
		w.Edit(func(s *sim.State) {
			for id := range s.Organizations {
				t.ID = id
			}
		})
		return t
	case sim.InstagramFacebook:
		return Target{Name: w.Owner(sim.Instagram).Username}
	default:
		return Target{Name: w.Owner(svc).Username}
	}
}

// TestSoundWorld logs in everywhere over real HTTP and passes every check.
func TestSoundWorld(t *testing.T) {
	for _, row := range imitated {
		t.Run(string(row.sim), func(t *testing.T) {
			w := sim.Started(t)
			c := simClient(t, w, row.sim, row.id, row.variant)
			g := login(t, w, row.sim, c)
			r := c.Verify(t.Context(), g, Plan{Target: simTarget(w, row.sim), Paid: true})
			for _, f := range r.Findings {
				t.Logf("%-12s %-7s %s | %s | %s", f.Check, f.Outcome, f.Says, f.Field, f.Request)
				if f.Outcome != platforms.Pass && !(row.sim == sim.TikTok && f.Check == "business") {
					t.Errorf("%s: %s %s %v %s", f.Check, f.Outcome, f.Says, f.Err, f.Answer)
				}
			}
			if r.Health.Colour != platforms.Green || !r.Custom || r.Skew != 0 {
				t.Errorf("health %+v, skew %v", r.Health, r.Skew)
			}
		})
	}
}

// TestRotation renews against a platform that ends the old refresh token.
func TestRotation(t *testing.T) {
	for _, row := range imitated {
		w := sim.Started(t)
		c := simClient(t, w, row.sim, row.id, row.variant)
		g := login(t, w, row.sim, c)
		if g.Refresh.Empty() && c.Service.Renewal != RefreshLong && c.Service.Renewal != ExchangeLong {
			continue
		}
		w.Advance(25 * time.Hour)
		n, err := c.Renew(t.Context(), g, nil)
		if err != nil {
			t.Errorf("%s: %v", row.sim, err)
			continue
		}
		if r := c.Verify(t.Context(), n, Plan{Paid: true}); r.Failed() != nil {
			t.Errorf("%s: after renewing: %+v", row.sim, r.Failed())
		}
		if err := c.Revoke(t.Context(), n); err != nil && c.Service.Endpoints.Revoke != "" {
			t.Errorf("%s: revoke: %v", row.sim, err)
		} else if err == nil {
			if r := c.Verify(t.Context(), n, Plan{Paid: true}); r.Failed() == nil {
				t.Errorf("%s: works after it was revoked: %+v", row.sim, r.Findings)
			}
		}
	}
}

// TestHiddenCauses changes one thing behind a connection that works: the checks
// name it. Where it can be put right, they pass again after a new login.
func TestHiddenCauses(t *testing.T) {
	const page1, org = "1029384756", "12345678"
	person := func(svc sim.Service, f func(*sim.Person)) func(*sim.World) {
		return func(w *sim.World) {
			id := w.Owner(svc).ID
			w.Edit(func(s *sim.State) { f(s.People[svc][id]) })
		}
	}
	state := func(f func(*sim.State)) func(*sim.World) { return func(w *sim.World) { w.Edit(f) } }
	ended := func(svc sim.Service, why sim.Ending) func(*sim.World) {
		return func(w *sim.World) {
			id := w.Owner(svc).ID
			w.Edit(func(s *sim.State) { s.End(svc, id, why) })
		}
	}
	removed := func(svc sim.Service) func(*sim.World) {
		return func(w *sim.World) {
			id := w.Owner(svc).ID
			w.Edit(func(s *sim.State) { s.RemoveApp(svc, id) })
		}
	}
	expired := func(svc sim.Service) func(*sim.World) {
		return func(w *sim.World) {
			id := w.Owner(svc).ID
			w.Edit(func(s *sim.State) { s.Expire(svc, id) })
		}
	}
	outage := func(svc sim.Service) func(*sim.World) {
		return state(func(s *sim.State) { s.Outage[svc] = true })
	}
	limited := func(svc sim.Service) func(*sim.World) {
		return state(func(s *sim.State) { s.Limited[svc] = true })
	}
	for _, row := range []struct {
		name  string
		svc   sim.Service
		hide  func(*sim.World)
		cause platforms.Cause
	}{
		{"password", sim.Facebook, ended(sim.Facebook, sim.PasswordChanged), platforms.PasswordChanged},
		{"app removed", sim.Facebook, removed(sim.Facebook), platforms.PermissionRevoked},
		{"expired", sim.Facebook, expired(sim.Facebook), platforms.TokenExpired},
		{"checkpoint", sim.Facebook, person(sim.Facebook, func(p *sim.Person) { p.Condition = sim.Checkpointed }), platforms.SecurityCheckpoint},
		{"role lost", sim.Facebook, state(func(s *sim.State) { clear(s.Pages[page1].Tasks) }), platforms.WrongAccount},
		{"Editor", sim.Facebook, func(w *sim.World) {
			id := w.Owner(sim.Facebook).ID
			w.Edit(func(s *sim.State) { s.Pages[page1].Tasks[id] = []string{"CREATE_CONTENT", "MODERATE"} })
		}, platforms.NotAdmin},
		{"unpublished", sim.Facebook, state(func(s *sim.State) { s.Pages[page1].Unpublished = true }), platforms.AccountChanged},
		{"outage", sim.Facebook, outage(sim.Facebook), platforms.PlatformOutage},
		{"limited", sim.Facebook, limited(sim.Facebook), platforms.RateLimited},
		{"not linked", sim.InstagramFacebook, state(func(s *sim.State) { s.Pages[page1].Instagram = "" }), platforms.NotLinked},
		{"personal", sim.InstagramFacebook, person(sim.Instagram, func(p *sim.Person) { p.Type = sim.PersonalType }), platforms.WrongAccountType},
		{"quota", sim.InstagramFacebook, state(func(s *sim.State) { s.QuotaUsed = 50 }), platforms.RateLimited},
		{"password", sim.Instagram, ended(sim.Instagram, sim.PasswordChanged), platforms.PasswordChanged},
		{"app removed", sim.Instagram, removed(sim.Instagram), platforms.PermissionRevoked},
		{"personal", sim.Instagram, person(sim.Instagram, func(p *sim.Person) { p.Type = sim.PersonalType }), platforms.WrongAccountType},
		{"checkpoint", sim.Instagram, person(sim.Instagram, func(p *sim.Person) { p.Condition = sim.Checkpointed }), platforms.SecurityCheckpoint},
		{"removed", sim.TikTok, removed(sim.TikTok), platforms.TokenExpired}, // one code for all (fact sheet 3.3)
		{"banned", sim.TikTok, person(sim.TikTok, func(p *sim.Person) { p.Condition = sim.Banned }), platforms.AccountRestricted},
		{"daily cap", sim.TikTok, person(sim.TikTok, func(p *sim.Person) { p.Condition = sim.Capped }), platforms.RateLimited},
		{"personal", sim.TikTokBusiness, person(sim.TikTok, func(p *sim.Person) { p.Type = sim.PersonalType }), platforms.WrongAccountType},
		{"removed", sim.LinkedIn, removed(sim.LinkedIn), platforms.PermissionRevoked},
		{"expired", sim.LinkedIn, expired(sim.LinkedIn), platforms.TokenExpired},
		{"analyst", sim.LinkedIn, state(func(s *sim.State) { s.Roles[0].Role = "ANALYST" }), platforms.NotAdmin},
		{"role taken away", sim.LinkedIn, state(func(s *sim.State) { s.Roles[0].State = "REVOKED" }), platforms.AccountChanged},
		{"no role", sim.LinkedIn, state(func(s *sim.State) { s.Roles = nil }), platforms.WrongAccount},
		{"deactivated", sim.LinkedIn, state(func(s *sim.State) { s.Organizations[org].Deactivated = true }), platforms.AccountChanged},
		{"removed", sim.X, removed(sim.X), platforms.TokenExpired}, // 401 is bare (fact sheet 5.3)
		{"locked", sim.X, person(sim.X, func(p *sim.Person) { p.Condition = sim.Checkpointed }), platforms.SecurityCheckpoint},
		{"suspended", sim.X, person(sim.X, func(p *sim.Person) { p.Condition = sim.Suspended }), platforms.AccountRestricted},
		{"suspended, older code", sim.X, person(sim.X, func(p *sim.Person) { p.Condition = sim.SuspendedV1 }), platforms.AccountRestricted},
		{"no credits", sim.X, func(w *sim.World) {
			id := w.App(sim.X).ID
			w.Edit(func(s *sim.State) { s.Apps[sim.X][id].NoCredits = true })
		}, platforms.AppMisconfigured},
		{"limited", sim.X, limited(sim.X), platforms.RateLimited},
	} {
		t.Run(string(row.svc)+"/"+row.name, func(t *testing.T) {
			w := sim.Started(t)
			var c *Client
			for _, known := range imitated {
				if known.sim == row.svc {
					c = simClient(t, w, row.svc, known.id, known.variant)
				}
			}
			g, target := login(t, w, row.svc, c), simTarget(w, row.svc)
			row.hide(w)
			r := c.Verify(t.Context(), g, Plan{Target: target, Paid: true})
			var causes []platforms.Cause
			for _, f := range r.Findings {
				if f.Cause != "" {
					causes = append(causes, f.Cause)
				}
			}
			if len(causes) == 0 || causes[0] != row.cause {
				t.Errorf("causes %v, not %s", causes, row.cause)
				for _, f := range r.Findings {
					t.Logf("%s %s %s | %s | %s", f.Check, f.Outcome, f.Says, f.Field, f.Answer)
				}
			}
			secrets := []string{g.Access.Reveal()}
			if !c.App.Secret.Empty() {
				secrets = append(secrets, c.App.Secret.Reveal())
			}
			grep(t, "report", r, secrets)
		})
	}
}

// TestAnswersInTheBrowser is what a person does at the platform's page.
func TestAnswersInTheBrowser(t *testing.T) {
	for _, row := range []struct {
		svc     sim.Service
		consent sim.Consent
		cause   platforms.Cause // empty: silence
	}{
		{sim.Facebook, sim.Consent{Answer: sim.Cancel}, platforms.UserCancelled},
		{sim.Instagram, sim.Consent{Answer: sim.Cancel}, platforms.UserCancelled},
		{sim.TikTok, sim.Consent{Answer: sim.Cancel}, platforms.UserCancelled},
		{sim.TikTok, sim.Consent{Answer: sim.Refuse, Text: "error=access_denied&error_type=non_sandbox_target"}, platforms.AppMisconfigured},
		{sim.LinkedIn, sim.Consent{Answer: sim.Cancel}, platforms.UserCancelled},
		{sim.LinkedIn, sim.Consent{Answer: sim.CancelLogin}, platforms.UserCancelled},
		{sim.X, sim.Consent{Answer: sim.Cancel}, platforms.UserCancelled},
		{sim.X, sim.Consent{Answer: sim.Silence}, ""},
		{sim.X, sim.Consent{Answer: sim.ErrorPage, Text: "You weren't able to give access to the App"}, ""},
	} {
		w := sim.Started(t)
		var c *Client
		for _, known := range imitated {
			if known.sim == row.svc {
				c = simClient(t, w, row.svc, known.id, known.variant)
			}
		}
		if row.cause == "" {
			c.wait = 300 * time.Millisecond
		}
		w.Consent(row.svc, row.consent)
		l := start(t, c, Ask{})
		p, done := l.Prompt(), wait(t, l)
		w.Register(row.svc, p.Redirect)
		if _, err := w.Browse(t.Context(), p.URL); err != nil {
			t.Fatal(err)
		}
		err := (<-done).err
		refused, isRefused := errors.AsType[*LoginError](err)
		_, isSilent := errors.AsType[*TimeoutError](err)
		if row.cause == "" && !isSilent || row.cause != "" && (!isRefused || refused.Verdict.Cause != row.cause) {
			t.Errorf("%s %+v: %v", row.svc, row.consent, err)
		}
		// Whatever a person does there, it breaks nothing.
		f := SignInFinding(err, c.now())
		if h := Weigh([]Finding{f}, Grant{}, c.now()); f.Outcome != platforms.Unsure || f.Err == nil || h.Colour != UnknownColour {
			t.Errorf("%s %+v: %s, %s", row.svc, row.consent, f.Outcome, h.Colour)
		}
	}
}

// TestUntickedInTheBrowser leaves the Page or a permission out in the dialog.
func TestUntickedInTheBrowser(t *testing.T) {
	for _, row := range []struct {
		svc    sim.Service
		untick string
		target Target
		check  string
	}{
		{sim.Facebook, "5647382910", Target{ID: "5647382910"}, "ticked"}, // owned by a portfolio
		{sim.Facebook, "pages_manage_posts", Target{ID: "1029384756"}, "scopes"},
		{sim.TikTok, "video.publish", Target{}, "scopes"},
		{sim.Instagram, "instagram_business_content_publish", Target{}, "scopes"},
	} {
		w := sim.Started(t)
		var c *Client
		for _, known := range imitated {
			if known.sim == row.svc {
				c = simClient(t, w, row.svc, known.id, known.variant)
			}
		}
		w.Consent(row.svc, sim.Consent{Untick: []string{row.untick}})
		r := c.Verify(t.Context(), login(t, w, row.svc, c), Plan{Target: row.target, Paid: true})
		if f := r.Failed(); f == nil || f.Check != row.check || f.Cause != platforms.MissingPermission {
			t.Errorf("%s without %s: %+v", row.svc, row.untick, f)
		}
	}
}

// TestConfiguration logs in with a configuration of Facebook Login for Business, which
// names the permissions; without it the page says so.
func TestConfiguration(t *testing.T) {
	w := sim.Started(t)
	id := w.App(sim.Facebook).ID
	w.Edit(func(s *sim.State) { s.Apps[sim.Facebook][id].Config = "777" })
	c := simClient(t, w, sim.Facebook, platforms.Facebook, "")
	g := login(t, w, sim.Facebook, c)
	if r := c.Verify(t.Context(), g, Plan{Target: simTarget(w, sim.Facebook)}); r.Failed() != nil || r.Health.Colour != platforms.Green {
		t.Errorf("%+v %+v", r.Failed(), r.Health)
	}
	c.App.ConfigID = ""
	l := start(t, c, Ask{NoListener: true})
	defer l.Close()
	landing, err := w.Visit(t.Context(), l.Prompt().URL)
	if err != nil || landing.Address != "" {
		t.Errorf("without a configuration: %q %v", landing.Address, err)
	}
}

// TestOtherClients logs in with LinkedIn's native flow and X's confidential one.
func TestOtherClients(t *testing.T) {
	w := sim.Started(t)
	c := simClient(t, w, sim.LinkedIn, platforms.LinkedIn, Native)
	c.App.Redirect = ""
	c.Service.Endpoints.Authorize = w.Endpoints(sim.LinkedIn).Native
	c.App.Secret = text.Secret{}
	g := login(t, w, sim.LinkedIn, c)
	if r := c.Verify(t.Context(), g, Plan{Target: simTarget(w, sim.LinkedIn)}); r.Failed() != nil {
		t.Errorf("native: %+v", r.Failed())
	}
	secret := "sim-secret-of-a-confidential-client"
	w.AddApp(sim.X, sim.App{ID: "confidential-1", Secret: secret})
	c = simClient(t, w, sim.X, platforms.X, "")
	c.App.ClientID, c.App.Secret = "confidential-1", text.NewSecret(secret)
	l := start(t, c, Ask{})
	p, done := l.Prompt(), wait(t, l)
	w.Edit(func(s *sim.State) { s.Apps[sim.X]["confidential-1"].Redirects = []string{p.Redirect} })
	if _, err := w.Browse(t.Context(), p.URL); err != nil {
		t.Fatal(err)
	}
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if _, err := c.Renew(t.Context(), got.grant, nil); err != nil {
		t.Errorf("confidential: %v", err)
	}
}
