package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A World is all platforms with what is so in them. Its methods can be called from
// any goroutine.
type World struct {
	mu       sync.Mutex
	state    *State
	now      func() time.Time
	ahead    time.Duration // how far Advance moved the clock
	skew     time.Duration
	base     map[Service]string
	consent  map[Service]Consent
	queue    map[Service][]Consent
	faults   []*armed
	requests []Request
	asked    chan struct{} // closed and made anew with every request
	servers  []*http.Server
	mended   map[string]func() // by app: gives back the redirects that a trouble took
}

// Options are what a world can be told at its start.
type Options struct {
	// Now is the clock. Without it the clock stands at 23 November 2026, 08:15:42
	// UTC, until Advance.
	Now  func() time.Time
	Seed uint64 // of ids and tokens; the same seed gives the same ones
}

// Start is where the clock of a world stands that was given none.
var start = time.Date(2026, 11, 23, 8, 15, 42, 0, time.UTC)

// New is a sound world. It serves nothing until [World.Start].
func New(o Options) *World {
	w := &World{
		now: o.Now, base: map[Service]string{}, consent: map[Service]Consent{},
		queue: map[Service][]Consent{}, asked: make(chan struct{}), mended: map[string]func(){},
	}
	if w.now == nil {
		w.now = func() time.Time { return start }
	}
	w.state = sound()
	w.state.now = func() time.Time { return w.now().Add(w.ahead) }
	w.state.rng = rand.New(rand.NewChaCha8([32]byte{byte(o.Seed), byte(o.Seed >> 8), byte(o.Seed >> 16)}))
	return w
}

// Start serves every platform on a port of 127.0.0.1 until ctx ends or [World.Close].
func (w *World) Start(ctx context.Context) error {
	for _, site := range sites() {
		var lc net.ListenConfig
		listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			w.Close()
			return fmt.Errorf("listen for %s: %w", site, err)
		}
		server := &http.Server{Handler: w.Handler(site), ReadHeaderTimeout: 5 * time.Second}
		w.mu.Lock()
		w.servers = append(w.servers, server)
		w.base[site] = "http://" + listener.Addr().String()
		w.mu.Unlock()
		go guard(func() { _ = server.Serve(listener) }) // always ErrServerClosed after Close
	}
	context.AfterFunc(ctx, w.Close)
	return nil
}

// guard runs f: a fault of the imitation must not end the program.
func guard(f func()) {
	defer func() { _ = recover() }()
	f()
}

// Close stops serving at once. Requests that hang are cut.
func (w *World) Close() {
	w.mu.Lock()
	servers := w.servers
	w.servers = nil
	w.mu.Unlock()
	for _, server := range servers {
		_ = server.Close()
	}
}

// TB is what [Started] needs of a test.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Started is a new world that serves until the test is over.
func Started(t TB) *World {
	t.Helper()
	w := New(Options{})
	t.Cleanup(w.Close)
	if err := w.Start(context.Background()); err != nil {
		t.Fatalf("start the imitated platforms: %v", err)
	}
	return w
}

// Base is the address of the server of a service.
func (w *World) Base(svc Service) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.base[svc.Site()]
}

// Endpoints are the addresses of a service in a world that was started.
func (w *World) Endpoints(svc Service) Endpoints { return svc.endpoints(w.Base(svc)) }

// Edit lets f change what is so. f must not keep the state nor call the world.
func (w *World) Edit(f func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.state)
}

// Now is the world's time.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.now()
}

// Advance moves the clock on.
func (w *World) Advance(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += by
}

// Skew lets the Date header of the answers be off, as if a clock were wrong.
func (w *World) Skew(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skew = by
}

// App is a copy of the app that a service knows from the start.
func (w *World) App(svc Service) App {
	w.mu.Lock()
	defer w.mu.Unlock()
	app := *w.state.app(svc.Site(), firstApp(svc))
	app.Redirects = slices.Clone(app.Redirects)
	return app
}

// AddApp registers another app, such as Aibrify's own beside the operator's.
func (w *World) AddApp(svc Service, app App) {
	w.Edit(func(s *State) { s.Apps[svc.Site()][app.ID] = &app })
}

// Register adds a redirect address to the app that a service knows from the start.
func (w *World) Register(svc Service, redirect string) {
	w.Edit(func(s *State) {
		app := s.app(svc.Site(), firstApp(svc))
		app.Redirects = append(app.Redirects, redirect)
	})
}

// Owner is a copy of the person who owns everything on a service: on
// [InstagramFacebook] their Facebook login.
func (w *World) Owner(svc Service) Person { return w.copyOf(svc, owner(svc)) }

// Stranger is a copy of the person who owns nothing.
func (w *World) Stranger(svc Service) Person { return w.copyOf(svc, stranger(svc)) }

func (w *World) copyOf(svc Service, id string) Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.state.person(svc.Site(), id)
}

// Tokens are what a login gave, as a client would have it.
type Tokens struct {
	Access, Refresh string
	Page            string // Facebook: the token of the first Page
	Scopes          []string
	Expires         time.Time
}

// Issue logs the owner in without a browser, with every scope the app may ask for.
// On Meta the token is the long-lived one.
func (w *World) Issue(svc Service) Tokens {
	return w.IssueTo(svc, w.App(svc).ID, w.Owner(svc).ID, Scopes(svc))
}

// IssueTo logs a person in to an app without a browser.
func (w *World) IssueTo(svc Service, app, person string, scopes []string) Tokens {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, site := w.state, svc.Site()
	g := s.Grant(site, app, person)
	var before []string
	if g != nil {
		before = g.Scopes
	}
	switch site {
	case LinkedIn:
		s.otherScopes(app, person, before, scopes)
	case Facebook, Instagram, TikTok:
		scopes = append(without(before, scopes), scopes...)
	default:
	}
	g = s.allow(site, app, person, scopes, nil, nil)
	access, refresh := s.mint(svc, g, scopes, true)
	got := Tokens{Access: access.Value, Scopes: slices.Clone(access.Scopes), Expires: access.Expires}
	if refresh != nil {
		got.Refresh = refresh.Value
	}
	if site == Facebook {
		if pages := s.pagesOf(g); len(pages) > 0 {
			got.Page = s.pageToken(access, pages[0]).Value
		}
	}
	return got
}

// mint gives the tokens of a grant: what a code is exchanged for, or, with long,
// what a client keeps in the end.
func (s *State) mint(svc Service, g *Grant, scopes []string, long bool) (access, refresh *Issued) {
	t := Issued{Kind: AccessToken, Site: g.Site, App: g.App, Person: g.Person, Scopes: slices.Clone(scopes)}
	if long && (g.Site == Facebook || g.Site == Instagram) {
		t.Kind = LongToken
		return s.issue(t, longLife), nil
	}
	switch svc {
	case Facebook, InstagramFacebook:
		return s.issue(t, facebookShort), nil
	case Instagram:
		return s.issue(t, instagramShort), nil
	case LinkedIn:
		return s.mintLinkedIn(t, g)
	case TikTok:
		return s.mintTikTok(t)
	case TikTokBusiness:
		return s.mintTikTokBusiness(t)
	case X:
		return s.mintX(t)
	}
	return nil, nil
}
