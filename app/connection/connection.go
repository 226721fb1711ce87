// Package connection is what this computer can ask the platforms with: the OAuth
// apps of the settings, and the grants that people gave to them.
//
// Here live the names of the services, a grant's way into the keyring and out of
// it, its renewal under a lock, and the one place where a client of
// platforms/live is made. What is remembered of a grant beside its secrets, such
// as its account and its end, is a record of the store. Never here: the terminal,
// a case, what a colour means for Aibrify.
//
// A grant here is one that an app of one's own was given. It tells facts about
// the account, and never that Aibrify's grant is healthy.
package connection

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// An App is one OAuth app of the settings.
type App struct {
	ClientID   string
	Aibrify    bool     // Aibrify's own client: what would harm its live grant is refused
	LiveScopes []string // of Aibrify's live grant, if they are known
	Redirect   string   // if another address is registered than the service's own
	ConfigID   string   // of Facebook Login for Business
	Endpoints  map[string]string
	// Confidential: it has a client secret, where an app can have one or none.
	Confidential bool
}

// Records keep what is known of a grant beside its secrets. [store.DB] does.
type Records interface {
	PutRecord(ctx context.Context, r store.Record) error
	ReplaceRecord(ctx context.Context, r store.Record) error // one that is still there
	Records(ctx context.Context, prefix string) ([]store.Record, error)
	DropRecord(ctx context.Context, name string) error
}

// Options say what to work with.
type Options struct {
	// LinkedInVersion is the month of LinkedIn's API, if it is not the one that
	// platforms/live knows: each lives a year.
	LinkedInVersion string
	Apps            map[string]App // by the name of the service
	Records         Records
	// Keeper opens the place for secrets. It is called when the first secret is
	// needed, so that nobody is asked for a passphrase before.
	Keeper func(context.Context) (*secrets.Keeper, error)
	// Secret is a client secret from the environment, empty if there is none there.
	Secret func(service string) text.Secret
	// Ask asks a person for a client secret, which is kept once the platform took it.
	// Nil: nobody is there.
	Ask  func(ctx context.Context, service Service) (text.Secret, error)
	Live live.Options
}

// Connections ask the platforms. They are safe for use by many goroutines.
type Connections struct {
	options Options

	mu      sync.Mutex
	keeper  *secrets.Keeper
	clients map[string]*live.Client
	typed   map[string]text.Secret // client secrets that no platform took yet, by service
	passing map[string]Held        // those whose tokens are in memory: they end with the program

	renewing sync.RWMutex // read-locked by each renewal
}

// New is what o says. It asks nobody and opens nothing.
func New(o Options) *Connections {
	return &Connections{options: o, clients: map[string]*live.Client{}, typed: map[string]text.Secret{}, passing: map[string]Held{}}
}

// Close forgets passphrases and, with the place memory, all secrets. It waits for a
// renewal under way: what the platform gives is saved, for it gives it once.
func (c *Connections) Close() {
	c.renewing.Lock()
	defer c.renewing.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keeper != nil {
		c.keeper.Close()
	}
	c.keeper = nil
}

// A Service is a way to sign in to a platform, under the name that the settings
// and the command line have for it: facebook, instagram-login, tiktok-business.
type Service struct {
	live.Service
	Key string
}

// Services are all services in the order of the dashboard, the default of a
// platform first.
func Services() []Service {
	var all []Service
	seen := map[platforms.ID]bool{}
	for _, s := range live.All() {
		key := string(s.Variant)
		switch {
		case !seen[s.ID]:
			key = string(s.ID)
		case !strings.HasPrefix(key, string(s.ID)):
			key = string(s.ID) + "-" + key
		}
		seen[s.ID] = true
		all = append(all, Service{s, key})
	}
	return all
}

// Names are the names of all services.
func Names() []string {
	var names []string
	for _, s := range Services() {
		names = append(names, s.Key)
	}
	return names
}

// Find is the service of that name.
func Find(name string) (Service, bool) {
	all := Services()
	i := slices.IndexFunc(all, func(s Service) bool { return s.Key == name })
	if i < 0 {
		return Service{}, false
	}
	return all[i], true
}

// Of are the services of a platform that the settings have an app for, the
// platform's default first.
func (c *Connections) Of(id platforms.ID) []Service {
	return slices.DeleteFunc(Services(), func(s Service) bool {
		return s.ID != id || c.options.Apps[s.Key].ClientID == ""
	})
}

// SetUp is the service that name means: itself, or, for the name of a platform,
// the one of its services that has an app.
func (c *Connections) SetUp(name string) (Service, error) {
	s, ok := Find(name)
	if !ok {
		return Service{}, fmt.Errorf("no service is called %q. Known are %s", text.Line(name), strings.Join(Names(), ", "))
	}
	if c.options.Apps[name].ClientID != "" {
		return c.overridden(s)
	}
	if name == string(s.ID) {
		if own := c.Of(s.ID); len(own) > 0 {
			return c.overridden(own[0])
		}
	}
	return s, &NotSetUpError{s}
}

// overridden is s with the endpoints and the type of app of the settings.
func (c *Connections) overridden(s Service) (Service, error) {
	s.Public = s.Public && !c.options.Apps[s.Key].Confidential
	if month := c.options.LinkedInVersion; month != "" && s.ID == platforms.LinkedIn {
		s.Headers = maps.Clone(s.Headers)
		s.Headers["LinkedIn-Version"] = month
	}
	by := c.options.Apps[s.Key].Endpoints
	if len(by) == 0 {
		return s, nil
	}
	other, err := s.Override(by)
	if err != nil {
		return s, fmt.Errorf("apps.%s.endpoints: %w", s.Key, err)
	}
	return Service{other, s.Key}, nil
}

// A NotSetUpError says that there is no app to ask with.
type NotSetUpError struct{ Service Service }

func (e *NotSetUpError) Error() string {
	return fmt.Sprintf("no app is set up for %s, so nothing can be asked there. How to register one: reconnect guide app %s. Put its client_id under [apps.%s] in config.toml",
		e.Service.Name, e.Service.ID, e.Service.Key)
}

// keeperNow is the open keeper.
func (c *Connections) keeperNow(ctx context.Context) (*secrets.Keeper, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keeper != nil {
		return c.keeper, nil
	}
	k, err := c.options.Keeper(ctx)
	if err != nil {
		return nil, err
	}
	c.keeper = k
	return k, nil
}

// Where says in words where secrets are kept.
func (c *Connections) Where(ctx context.Context) (text.Safe, error) {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return text.Safe{}, err
	}
	return text.Line(k.Where()), nil
}

// client is the client of a service that is set up. There is one for each, so
// that what it learned of limits holds.
func (c *Connections) client(ctx context.Context, s Service) (*live.Client, error) {
	c.mu.Lock()
	have := c.clients[s.Key]
	c.mu.Unlock()
	if have != nil {
		return have, nil
	}
	secret, err := c.secret(ctx, s)
	if err != nil {
		return nil, err
	}
	app := c.app(s)
	app.Secret = secret
	made := live.New(s.Service, app, c.options.Live)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clients[s.Key] = made
	return made, nil
}

// app is the app of a service, without its secret.
func (c *Connections) app(s Service) live.App {
	a := c.options.Apps[s.Key]
	return live.App{ClientID: a.ClientID, Aibrify: c.IsAibrify(s.Key), LiveScopes: a.LiveScopes, Redirect: a.Redirect, ConfigID: a.ConfigID}
}

// secret is the client secret of a service: from the environment, from where
// secrets are kept, or from the person, and then it is kept as soon as the platform
// took it. An app that works without one has it from the environment alone.
func (c *Connections) secret(ctx context.Context, s Service) (text.Secret, error) {
	if c.options.Secret != nil {
		if found := c.options.Secret(s.Key); !found.Empty() {
			return found, nil
		}
	}
	if s.Public {
		return text.Secret{}, nil
	}
	k, err := c.keeperNow(ctx)
	if err != nil {
		return text.Secret{}, err
	}
	kept, err := k.Get(ctx, secretName(s))
	if err == nil {
		return text.NewSecret(kept.Reveal()), nil
	}
	if !isUnknown(err) {
		return text.Secret{}, err
	}
	if c.options.Ask == nil {
		return text.Secret{}, &NoSecretError{s}
	}
	given, err := c.options.Ask(ctx, s)
	if err != nil || given.Empty() {
		return given, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.typed[s.Key] = given
	return given, nil
}

func secretName(s Service) string { return "client/" + s.Key }

// A NoSecretError says that an app's secret is nowhere.
type NoSecretError struct{ Service Service }

func (e *NoSecretError) Error() string {
	return fmt.Sprintf("the client secret of your %s app is not known here. Run reconnect login %s once, which asks for it, or set %s",
		e.Service.Name, e.Service.Key, Variable(e.Service.Key))
}

// Variable is the environment variable that may hold the client secret of a service.
func Variable(service string) string {
	return "RECONNECT_SECRET_" + strings.ToUpper(strings.ReplaceAll(service, "-", "_"))
}

// Now is the clock.
func (c *Connections) Now() time.Time { return c.options.Live.Now() }

// IsCustom tells whether a service asks other endpoints than the platform's own.
func (c *Connections) IsCustom(service string) bool {
	return len(c.options.Apps[service].Endpoints) > 0
}

// PasteOnly tells whether a service takes no address of this computer, so that a
// person pastes where the browser landed.
func (c *Connections) PasteOnly(s Service) bool {
	return !s.Listens(c.options.Apps[s.Key].Redirect)
}

// Harmless refuses a sign-in to a service that would break Aibrify's live connection,
// with a [*live.HarmError].
func (c *Connections) Harmless(s Service) error { return s.Harmless(c.app(s), live.Ask{}) }

// IsAibrify tells whether a service asks with Aibrify's own app. One app can serve
// several services, and a client id that is Aibrify's in one table is in every other.
func (c *Connections) IsAibrify(service string) bool {
	id := c.options.Apps[service].ClientID
	for _, a := range c.options.Apps {
		if a.Aibrify && a.ClientID == id {
			return true
		}
	}
	return false
}

// Custom are the names of the services that ask other endpoints than the
// platform's own.
func (c *Connections) Custom() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.options.Apps)) {
		if len(c.options.Apps[name].Endpoints) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// Harms tells whether a sign-in to a service could end Aibrify's live grant.
func (c *Connections) Harms(s Service) bool { return s.Harmless(c.app(s), live.Ask{}) != nil }
