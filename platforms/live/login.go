package live

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// Limits of a login (security.md, OAuth).
const (
	LoginTime   = 5 * time.Minute // a state lives, and the browser is waited for
	maxQuery    = 8 << 10         // bytes of a redirect's query and header
	maxBad      = 20              // wrong answers before the listener starts again
	maxRestarts = 5
)

// An Ask says how to log in.
type Ask struct {
	// Reconnect: with Aibrify's own client, this login is meant to replace the live
	// grant. Without it a harmful login is refused with a [*HarmError].
	Reconnect bool
	// NoListener: no loopback is possible (SSH, a customer on the phone). The person
	// pastes the address that the browser landed on.
	NoListener bool
	// Again makes the platform show its permissions once more, where it can.
	Again bool
	// Save keeps a grant for good before its access token is used. It may be nil.
	Save func(Grant) error
	// Show gets the address before the wait begins, and a new one after a restart.
	// Only Authorize calls it.
	Show func(Prompt)
	// Paste brings addresses that a person pasted; only Authorize reads it. The
	// answer to each goes to Pasted, if it is not nil.
	Paste  <-chan string
	Pasted func(error)
}

// A Prompt is what a person needs to log in.
type Prompt struct {
	URL       string // to open in a browser
	Redirect  string // where the browser is sent back to
	Listening bool   // false: the address has to be pasted
	Until     time.Time
}

// Text is the address as it may be shown.
func (p Prompt) Text() text.Safe { return text.Block(p.URL) }

// A Login is one authorization under way. Its methods may be called from several
// goroutines. Whoever starts one ends it with Wait or Close.
type Login struct {
	client *Client
	ask    Ask

	mu       sync.Mutex
	prompt   Prompt
	state    text.Secret
	verifier text.Secret
	used     bool
	bad      int
	restarts int
	listener *listener
	got      chan callback // holds at most one
	flooded  chan struct{} // closed when there were too many wrong answers
}

// A callback is what the browser brought back.
type callback struct {
	code   text.Secret
	scopes []string // TikTok tells them here (fact sheet 3.1)
	err    error
}

// Start begins a login: it opens the listener, where there is one, and makes the
// address to open. The errors are a [*HarmError], a [*ConfigError] or a [*PortError].
func (c *Client) Start(ask Ask) (*Login, error) {
	if err := c.Service.Harmless(c.App, ask); err != nil {
		return nil, err
	}
	if err := c.complete(); err != nil {
		return nil, err
	}
	l := &Login{client: c, ask: ask}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

// Authorize is Start, Show, Wait and Paste in one: it returns the grant, or why
// there is none. Besides the errors of Start these are a [*TimeoutError], a
// [*LoginError] in the platform's own words, a [*Fault], a [*ForgedError] or a
// [*SaveError]; the latter comes with the grant.
func (c *Client) Authorize(ctx context.Context, ask Ask) (Grant, error) {
	l, err := c.Start(ask)
	if err != nil {
		return Grant{}, err
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go guard(func() { l.takePastes(ctx) })
	for {
		if ask.Show != nil {
			ask.Show(l.Prompt())
		}
		g, err := l.Wait(ctx)
		if _, again := errors.AsType[*Restarted](err); !again {
			return g, err
		}
	}
}

func (l *Login) takePastes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case address, open := <-l.ask.Paste:
			if !open {
				return
			}
			if err := l.Paste(address); l.ask.Pasted != nil {
				l.ask.Pasted(err)
			}
		}
	}
}

// Harmless refuses a login that would break the live connection with a [*HarmError]
// (fact sheet 0, facts 1 and 7). It needs no secret of the app.
func (s Service) Harmless(app App, ask Ask) error {
	if !app.Aibrify || ask.Reconnect || s.Harm.Empty() {
		return nil
	}
	if s.SameScopes && len(app.LiveScopes) > 0 &&
		len(missing(s.Scopes, app.LiveScopes)) == 0 && len(missing(app.LiveScopes, s.Scopes)) == 0 {
		return nil
	}
	return &HarmError{s.ID, s.Harm}
}

// complete tells what of the app is missing.
func (c *Client) complete() error {
	switch {
	case c.App.ClientID == "":
		return &ConfigError{"client id", "there is none; register an app and enter its id"}
	case c.App.Secret.Empty() && !c.Service.Public:
		return &ConfigError{"client secret", c.Service.Name.String() + " takes no sign-in without one"}
	}
	return nil
}

// open makes new secrets, a new listener and a new address.
func (l *Login) open() error {
	spot, err := l.client.Service.spot(l.client.App.Redirect)
	if err != nil {
		return err
	}
	got, flooded := make(chan callback, 1), make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	if spot.listen && !l.ask.NoListener {
		if l.listener, err = listen(l, spot); err != nil {
			return err
		}
		spot.port = l.listener.port
	} else if spot.port == 0 && spot.listen {
		spot.port = deadPort()
	}
	l.state, l.verifier = text.NewSecret(random()), text.NewSecret(random())
	l.client.know(l.state.Reveal(), l.verifier.Reveal())
	l.used, l.bad, l.got, l.flooded = false, 0, got, flooded
	l.prompt = Prompt{Redirect: spot.address(), Listening: l.listener != nil, Until: l.client.now().Add(l.client.wait)}
	l.prompt.URL = l.client.authorizeURL(l.prompt.Redirect, l.state, l.verifier, l.ask.Again)
	return nil
}

// random are 32 random bytes as 43 characters that any URL takes.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// deadPort is a port that nobody of us listens to: the browser is to land on a
// dead page, whose address is pasted.
func deadPort() int {
	const first, count = 49152, 65536 - 49152
	n, _ := rand.Int(rand.Reader, big.NewInt(count))
	return first + int(n.Int64())
}

// config is the platform's endpoint for x/oauth2. The style is fixed, since
// probing burns the code (fact sheet 7.2).
func (c *Client) config(redirect string) *oauth2.Config {
	s := c.Service
	conf := &oauth2.Config{
		ClientID: c.App.ClientID, ClientSecret: c.App.Secret.Reveal(), RedirectURL: redirect,
		Endpoint: oauth2.Endpoint{AuthURL: s.Endpoints.Authorize, TokenURL: s.Endpoints.Token, AuthStyle: s.Auth},
	}
	if c.App.Secret.Empty() {
		conf.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	if len(s.Scopes) > 0 && c.App.ConfigID == "" {
		conf.Scopes = []string{strings.Join(s.Scopes, s.Separator)}
	}
	return conf
}

func (c *Client) authorizeURL(redirect string, state, verifier text.Secret, again bool) string {
	s, opts := c.Service, []oauth2.AuthCodeOption(nil)
	set := func(k, v string) { opts = append(opts, oauth2.SetAuthURLParam(k, v)) }
	for k, v := range s.Params {
		set(k, v)
	}
	if again {
		for k, v := range s.Again {
			set(k, v)
		}
	}
	if c.App.ConfigID != "" {
		set("config_id", c.App.ConfigID)
	}
	if s.ClientKey != "client_id" {
		set(s.ClientKey, c.App.ClientID)
	}
	switch s.PKCE {
	case S256:
		opts = append(opts, oauth2.S256ChallengeOption(verifier.Reveal()))
	case HexS256:
		sum := sha256.Sum256([]byte(verifier.Reveal()))
		set("code_challenge", hex.EncodeToString(sum[:]))
		set("code_challenge_method", "S256")
	case NoPKCE:
	}
	address := c.config(redirect).AuthCodeURL(state.Reveal(), opts...)
	if s.ClientKey == "client_id" {
		return address
	}
	return without(address, "client_id")
}

// without is address without a parameter that x/oauth2 always writes.
func without(address, param string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Del(param)
	u.RawQuery = q.Encode()
	return u.String()
}

// Prompt is what to show now.
func (l *Login) Prompt() Prompt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.prompt
}

// Wait waits for the browser or a pasted address, exchanges the code once, saves
// the grant and returns it. When it returns, the listener is closed, except that
// after a [*Restarted] a new one is open and Wait is to be called again.
func (l *Login) Wait(ctx context.Context) (Grant, error) {
	l.mu.Lock()
	got, flooded, until := l.got, l.flooded, l.prompt.Until
	l.mu.Unlock()
	timer := time.NewTimer(until.Sub(l.client.now()))
	defer timer.Stop()
	select {
	case back := <-got:
		defer l.closeAfterPage(ctx)
		if back.err != nil {
			return Grant{}, back.err
		}
		return l.client.redeem(ctx, l, back)
	case <-flooded:
		return Grant{}, l.restart()
	case <-ctx.Done():
		l.Close()
		return Grant{}, faultOf(ctx, ctx.Err())
	case <-timer.C:
		l.Close()
		return Grant{}, &TimeoutError{l.client.wait, text.Const("did the browser show an error page? Paste its text.")}
	}
}

// restart closes the listener and opens another one with new secrets.
func (l *Login) restart() error {
	l.Close()
	if l.restarts++; l.restarts > maxRestarts {
		return &ForgedError{maxRestarts}
	}
	if err := l.open(); err != nil {
		return err
	}
	return &Restarted{l.Prompt()}
}

// Close ends the login and closes the listener. It may be called more than once.
func (l *Login) Close() {
	l.mu.Lock()
	open := l.listener
	l.listener, l.used = nil, true
	l.mu.Unlock()
	if open != nil {
		open.close()
	}
}

// closeAfterPage lets the browser fetch the clean page first.
func (l *Login) closeAfterPage(ctx context.Context) {
	l.mu.Lock()
	open := l.listener
	l.mu.Unlock()
	if open != nil {
		open.awaitPage(ctx, l.client.linger)
	}
	l.Close()
}

// Paste takes the address that the browser landed on, for where no listener is or
// it could not be reached. A [*PasteError] says what is wrong with it; then the
// login goes on waiting.
func (l *Login) Paste(address string) error {
	address = strings.TrimSpace(address)
	if len(address) > maxQuery {
		return &PasteError{text.Const("That is longer than an address can be. Copy only the line of the browser's address bar.")}
	}
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return &PasteError{text.Const("That is no whole address. Copy all of the browser's address bar, from http to its end.")}
	}
	u.Fragment, u.RawFragment = "", "" // Instagram puts #_ there, Facebook #_=_ (fact sheet 2.1)
	query := u.RawQuery
	u.RawQuery = ""
	if landing(u.String()) != landing(l.Prompt().Redirect) {
		return &PasteError{text.Const("That is not the address that this sign-in leads back to. After the last click the browser shows a page that cannot be opened; copy that one's address.")}
	}
	back, ours := l.take(query)
	if !ours {
		return &PasteError{text.Const("That address does not belong to this sign-in, or it was used already. Open the address of the sign-in once more and paste what the browser shows then.")}
	}
	l.answer(back)
	return nil
}

// answer hands over what was taken, which happens once.
func (l *Login) answer(back callback) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got <- back
}

// take takes a redirect's query if it is the answer to this login, once.
func (l *Login) take(raw string) (callback, bool) {
	q, err := url.ParseQuery(raw)
	if err != nil || len(raw) > maxQuery {
		return callback{}, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ours(q) {
		return callback{}, false
	}
	l.used = true
	l.client.know(q.Get("code"))
	back := callback{code: text.NewSecret(q.Get("code")), scopes: split(q.Get("scopes"))}
	if q.Has("error") || !q.Has("code") {
		back.err = l.client.redirectError(raw)
	}
	return back, true
}

// ours compares the state before anything else, in constant time. Then it wants
// exactly one code or an error, and the right sender.
func (l *Login) ours(q url.Values) bool {
	same := len(q["state"]) == 1 && subtle.ConstantTimeCompare([]byte(q["state"][0]), []byte(l.state.Reveal())) == 1
	if !same || l.used || !l.client.now().Before(l.prompt.Until) {
		return false
	}
	codes := len(q["code"])
	wrong := q.Has("error") || q.Has("error_code") || q.Has("error_message")
	if codes > 1 || len(q["error"]) > 1 || (codes == 1) == wrong || codes == 1 && q.Get("code") == "" {
		return false
	}
	return l.client.issued(q)
}

// issued checks iss where it is present (RFC 9207): the host has to be the one of
// the dialog.
func (c *Client) issued(q url.Values) bool {
	if !q.Has("iss") {
		return true
	}
	iss, err := url.Parse(q.Get("iss"))
	site := func(host string) string { return strings.TrimPrefix(host, "www.") }
	return err == nil && len(q["iss"]) == 1 && iss.Host != "" && site(iss.Host) == site(hostOf(c.Service.Endpoints.Authorize))
}

// redirectError is the platform's refusal in the redirect, word for word but for
// the state.
func (c *Client) redirectError(raw string) error {
	kept := slices.DeleteFunc(strings.Split(raw, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return name == "state" || name == "code"
	})
	said := c.clean("?" + strings.Join(kept, "&"))
	return &LoginError{Where: "redirect", Says: said, Verdict: c.ownApp(explain.Explain(said, c.Service.ID))}
}

// spot is where the browser is sent back to.
type spot struct {
	host   string
	port   int
	path   string
	listen bool
	given  string // the registered address: platforms compare it to the letter
}

// address is what is sent: the registered address with the port in it, if it leaves that open.
func (s spot) address() string {
	at := "//" + s.host + ":" + strconv.Itoa(s.port)
	if s.given != "" {
		return strings.Replace(s.given, "//"+s.host+":0", at, 1)
	}
	return "http:" + at + s.path
}

// landing is an address as a browser shows it.
func landing(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":80")
	}
	u.Host, u.Path = strings.ToLower(u.Host), cmp.Or(u.Path, "/")
	return u.String()
}

// Redirects tells what is wrong with an address that an app has registered, with a
// [*ConfigError]. Without one the platform's own rules hold.
func (s Service) Redirects(registered string) error {
	_, err := s.spot(registered)
	return err
}

// spot follows the app's registered address, or else the platform's rules.
func (s Service) spot(registered string) (spot, error) {
	r := s.Redirect
	switch {
	case registered == "" && r.PasteOnly:
		return spot{}, &ConfigError{"redirect", s.Name.String() + " takes no address of this computer; enter the one that is registered"}
	case registered == "":
		return spot{host: r.Host, port: r.Port, path: cmp.Or(r.Path, "/"+random()), listen: true}, nil
	}
	// url.Parse refuses the * that TikTok writes for any port.
	registered = strings.Replace(registered, ":*", ":0", 1)
	u, err := url.Parse(registered)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.RawQuery != "" {
		return spot{}, &ConfigError{"redirect", "it is no address, or it has a query or a fragment"}
	}
	if u.Scheme != "http" || !loopback(u.Hostname()) {
		if u.Scheme != "https" {
			return spot{}, &ConfigError{"redirect", "only https, or http to this computer"}
		}
		return spot{given: registered}, nil
	}
	port, err := strconv.Atoi(cmp.Or(u.Port(), "80"))
	if err != nil || port > 65535 {
		return spot{}, &ConfigError{"redirect", "its port is no number up to 65535"}
	}
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return spot{host: host, port: port, path: cmp.Or(u.EscapedPath(), "/"), listen: true, given: registered}, nil
}
