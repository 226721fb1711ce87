// Package live asks the platforms themselves: it signs a person in over OAuth,
// tests what a connection needs through the platforms' APIs, and knows when a
// grant runs out.
//
// Here live one value for each platform and way of signing in ([Service]), the
// login with its loopback listener ([Client.Start], [Login.Wait],
// [Client.Authorize]), the [Grant], the checks ([Client.Verify]), and the HTTP
// client that keeps tokens out of every error. Never here: the terminal, the
// browser, storage, publishing, or anything else that changes an account. The one
// exception is [Client.Revoke], which gives back a grant that this program minted.
//
// A check made with an app of one's own proves facts about the account. It never
// proves that Aibrify's grant is healthy, so every [Finding] is graded probed.
//
// The facts are from the fact sheet on the platforms as of 23 November 2026; its
// sections are named where they are used, and its list of errors, with sources, is
// platforms/explain/testdata/errors.jsonl.
package live

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// A Variant tells apart the ways to sign in to one platform. Most have one, the
// empty variant.
type Variant string

// The variants. LinkedIn's ordinary login and TikTok's Login Kit are the empty one.
const (
	FacebookLogin  Variant = "facebook-login"  // Instagram through a Facebook Page (fact sheet 2, A)
	InstagramLogin Variant = "instagram-login" // Instagram by itself (fact sheet 2, B)
	Business       Variant = "business"        // TikTok API for Business (fact sheet 3)
	Native         Variant = "native"          // LinkedIn with PKCE and without a secret (fact sheet 4.1)
)

// PKCE is the form of proof key that a platform takes.
type PKCE int

// The forms of PKCE.
const (
	NoPKCE  PKCE = iota // the platform documents none
	S256                // base64url of SHA-256, RFC 7636
	HexS256             // lower-case hex of SHA-256: TikTok (fact sheet 3.1)
)

// Endpoints are the addresses of a platform, each a whole URL. Empty: it has none.
type Endpoints struct {
	Authorize  string // the page in the browser
	Token      string // code → token
	Exchange   string // short → long-lived token (Meta)
	Refresh    string // where renewing is not at Token
	Revoke     string // {user} stands for the person's id (Facebook)
	Introspect string
	API        string // base of the API, without a slash at its end
}

// A Redirect says where the browser is sent back to.
type Redirect struct {
	Host string // "127.0.0.1", or "localhost", which is listened to on 127.0.0.1 and ::1
	Port int    // 0: any free port
	Path string // "": a random path for each login
	// Register is what to enter in the platform's developer console. It has an
	// empty text where nothing has to be registered.
	Register text.Safe
	// PasteOnly: the platform takes no loopback address. The person pastes the
	// address that the browser landed on, and App.Redirect has to name it.
	PasteOnly bool
}

// Lifetimes are what the documentation says. The answer of the platform counts;
// these are for texts only. Zero: not documented, or without end.
type Lifetimes struct {
	Code, Access, Refresh time.Duration
}

// Renewal is how a grant gets new life.
type Renewal int

// The ways to renew.
const (
	LoginAgain   Renewal = iota // only a new login
	RefreshToken                // RFC 6749, section 6
	ExchangeLong                // Facebook: exchange again while it is valid
	RefreshLong                 // Instagram Login: ig_refresh_token, from 24 hours of age on
)

// A Service is one way to sign in to one platform, and what can be asked there.
// It is a value; nobody changes one that was handed out.
type Service struct {
	ID        platforms.ID
	Variant   Variant
	Name      text.Safe
	Endpoints Endpoints
	Custom    bool // endpoints were overridden: every screen and report says so

	Scopes    []string // asked for, exactly these
	Needs     []string // of Scopes: without these the connection cannot publish
	Separator string   // between scopes, in the dialog and in answers
	PKCE      PKCE
	Auth      oauth2.AuthStyle  // with a secret
	Public    bool              // works without a secret
	Either    bool              // an app there has a secret or none, by the type that its owner chose
	ClientKey string            // how the client id is called: "client_id" or "client_key"
	Params    map[string]string // more parameters of the dialog
	Again     map[string]string // parameters that make it show the permissions once more

	Redirect  Redirect
	Lifetimes Lifetimes
	Renewal   Renewal
	Headers   map[string]string // on every call of the API
	// TokenHeader carries the token in calls of the API. Empty: Authorization.
	TokenHeader string

	// Harm says what a login with Aibrify's own client would break. Empty: nothing
	// known.
	Harm     text.Safe
	NoRevoke text.Safe // that there is no way to give a grant back; empty: there is one
	Removal  text.Safe // where a person removes an app
	// Falls is what else ends when a grant is given back. Empty: nothing.
	Falls text.Safe
	// Apart: a refresh token outlives the access that is given back, and has to be given
	// back itself.
	Apart bool
	// SameScopes: the harm comes only when the scopes differ from the live grant's.
	SameScopes bool

	Checks []Check

	json bool // the token endpoints take JSON: TikTok API for Business
}

// An App is the OAuth app that asks.
type App struct {
	ClientID string
	Secret   text.Secret // empty: a public client
	// Aibrify: this is Aibrify's own client. Then what would harm the live
	// connection is refused with a [*HarmError].
	Aibrify bool
	// LiveScopes are the scopes of Aibrify's live grant, if they are known.
	LiveScopes []string
	// Redirect is the registered address, if it is not the service's own. A
	// loopback address is listened to (port "*" or 0: any); with another one the
	// person pastes the address that the browser landed on.
	Redirect string
	// ConfigID is the configuration of Facebook Login for Business; it goes in
	// place of scopes (fact sheet 1.1).
	ConfigID string
}

// An Account is who a grant is for. Ids are strings as the platform wrote them.
// Only the fields that the platform told are filled.
type Account struct {
	ID       string    `json:"id,omitempty"`
	Username string    `json:"username,omitempty"`
	Name     text.Safe `json:"name,omitzero"`
}

// A Grant is what a person allowed. Its tokens print [redacted] under every verb
// and are no part of its JSON; whoever stores it keeps them apart, as secrets.
type Grant struct {
	Platform platforms.ID `json:"platform"`
	Variant  Variant      `json:"variant,omitempty"`
	Access   text.Secret  `json:"-"`
	Refresh  text.Secret  `json:"-"`
	Page     text.Secret  `json:"-"` // token of the Page, where one was read; not to be stored

	Issued         time.Time `json:"issued,omitzero"`
	Expires        time.Time `json:"expires,omitzero"`         // zero: not told, or without end
	RefreshExpires time.Time `json:"refresh_expires,omitzero"` // zero: not told
	DataExpires    time.Time `json:"data_expires,omitzero"`    // Facebook: calls for data fail after it
	Endless        bool      `json:"endless,omitempty"`        // the platform said that it has no end

	Scopes   []string `json:"scopes,omitempty"` // granted; nil: not told
	Declined []string `json:"declined,omitempty"`
	Account  Account  `json:"account,omitzero"`

	Client string    `json:"client,omitempty"` // fingerprint of the client id that minted it
	Person text.Safe `json:"person,omitzero"`  // who signed in, where that is not the account's own name
	Renews bool      `json:"renews,omitempty"` // it has a refresh token, which a bare one no longer shows
	Custom bool      `json:"custom,omitempty"` // minted at overridden endpoints
	Home   string    `json:"home,omitempty"`   // fingerprint of their hosts
	Pasted bool      `json:"pasted,omitempty"` // not minted here: never refreshed, never revoked
	Short  text.Safe `json:"short,omitzero"`   // why it was not made long-lived
}

// A Health is the colour of a grant and what it rests on.
type Health struct {
	Colour   platforms.Colour `json:"colour"` // green, yellow, red or UnknownColour
	Reason   text.Safe        `json:"reason"`
	Until    time.Time        `json:"until,omitzero"` // the end that the colour rests on
	Days     int              `json:"days"`           // whole days until then; 0 without Until
	Proposal bool             `json:"proposal"`       // rests on our own 14 days, not on a rule of anybody
}

// UnknownColour is the colour of what was not checked or could not be.
const UnknownColour platforms.Colour = "unknown"

// A Target is the account that should be connected, as the dashboard shows it.
// Any field may be empty; what is given is compared.
type Target struct {
	ID   string // Page id, Instagram professional id, organization id or URN, X id, TikTok open_id
	Name string // handle or name, with or without @
}

// A Check is one question to the platform.
type Check struct {
	ID    string
	Title text.Safe
	After string    // the check that must not have failed before
	Costs text.Safe // not empty: what the call costs; it is skipped unless allowed
	Mend  text.Safe // what to do when it fails
	// RulesOut are the causes that a pass speaks against: what is so of the account,
	// whichever app asks.
	RulesOut []platforms.Cause

	denies []string // error codes that answer the check with no, whatever their cause
	run    func(*inquiry) Finding
}

// A Finding is the answer to a check.
type Finding struct {
	Check   string            `json:"check"`
	Title   text.Safe         `json:"title"`
	Outcome platforms.Outcome `json:"outcome"`
	Grade   platforms.Grade   `json:"grade,omitempty"` // probed, or empty where no answer came
	// Cause is set when the check failed, and when it could not be made for a
	// reason that has a name (an outage, a limit, a misconfigured app).
	Cause platforms.Cause   `json:"cause,omitempty"`
	Also  []platforms.Cause `json:"also,omitempty"` // what else it can be
	// RulesOut are the causes that a pass speaks against.
	RulesOut []platforms.Cause `json:"rules_out,omitempty"`
	Request  text.Safe         `json:"request"`        // "GET graph.facebook.com/v26.0/me"; without query
	Field    text.Safe         `json:"field,omitzero"` // what it rests on: "data.is_valid = false"
	Says     text.Safe         `json:"says"`           // one sentence for a person
	Mend     text.Safe         `json:"mend,omitzero"`
	Answer   text.Safe         `json:"answer,omitzero"` // the platform's error word for word, redacted
	Retry    time.Time         `json:"retry,omitzero"`  // when asking again makes sense
	At       time.Time         `json:"at"`
	Verdict  *explain.Verdict  `json:"verdict,omitempty"` // what explain made of Answer
	// Untold: there are several accounts, and nobody said which one it is about.
	Untold bool `json:"untold,omitempty"`
	// Err is why the platform could not be asked: a [*Fault]. Then the outcome is
	// unsure, never fail.
	Err error `json:"-"`
	// pending: something is on its way, such as a role that waits for its approval.
	pending bool
	blocked bool // skipped, and so is what comes after it
	apart   bool // what comes after it is asked in another way, whatever it says
}

// Open tells whether a check brought no answer for want of something: the platform
// could not be asked, or it was not said which account it is about.
func (f Finding) Open() bool { return f.Outcome == platforms.Unsure && (f.Err != nil || f.Untold) }

// Progress tells that a check begins (Finding is nil) or ended.
type Progress struct {
	Check   Check
	At, Of  int // first is 1
	Finding *Finding
}

// A Plan says how to verify.
type Plan struct {
	Target   Target
	Paid     bool           // calls that cost money may be made
	Only     []string       // ids of checks; empty: all
	Seen     bool           // the grant reached the target before: if not any more, that was taken away
	Progress func(Progress) // may be nil; called from the goroutine of Verify
}

// A Report is what a verification found.
type Report struct {
	Platform platforms.ID  `json:"platform"`
	Variant  Variant       `json:"variant,omitempty"`
	Custom   bool          `json:"custom,omitempty"` // other endpoints than the platform's own were asked
	Findings []Finding     `json:"findings"`
	Grant    Grant         `json:"grant"`          // with what was learned: account, expiry, scopes
	Skew     time.Duration `json:"skew,omitempty"` // this clock minus the platform's, if over MaxSkew; ns
	Health   Health        `json:"health"`
	// Subject is what the platform calls the account of the plan's target, once it
	// found that one among what the grant reaches.
	Subject text.Safe `json:"-"`
}

// Asked tells whether the platform was asked anything.
func (r Report) Asked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Check == RenewalCheck && !as[*HarmError](f.Err) || f.Outcome != platforms.Skipped && !f.Request.Empty()
	})
}

// MaxSkew is how far this computer's clock may be off before it is reported.
const MaxSkew = 300 * time.Second

// Options are what a client needs from outside. Only Now has to be given.
type Options struct {
	Transport http.RoundTripper                          // nil: TLS verified, 10 s to connect
	Timeout   time.Duration                              // of one call; 0: 30 s
	Wait      time.Duration                              // for the browser; 0: LoginTime
	Linger    time.Duration                              // for the page after the login to be fetched; 0: 2 s
	Now       func() time.Time                           // the clock, time.Now in the real world
	Sleep     func(context.Context, time.Duration) error // nil: waits, or ends with the context
	Jitter    func(time.Duration) time.Duration          // nil: random up to the given time
}

// Failed is the first failed finding, or nil.
func (r Report) Failed() *Finding {
	for i := range r.Findings {
		if r.Findings[i].Outcome == platforms.Fail {
			return &r.Findings[i]
		}
	}
	return nil
}

// Finding is what check found, or nil.
func (r Report) Finding(check string) *Finding {
	for i := range r.Findings {
		if r.Findings[i].Check == check {
			return &r.Findings[i]
		}
	}
	return nil
}

// services are made anew for each caller, who may override endpoints.
func services() []Service {
	return []Service{
		instagramByFacebook(), instagramByInstagram(), facebook(),
		tiktok(), tiktokBusiness(), linkedin(), linkedinNative(), x(),
	}
}

// All are the services in the order of the dashboard. The first one of a platform
// is its default.
func All() []Service { return services() }

// Get is the service of a platform. An empty variant is the platform's default.
// The second result is false if there is none such.
func Get(id platforms.ID, variant Variant) (Service, bool) {
	all := services()
	i := slices.IndexFunc(all, func(s Service) bool {
		return s.ID == id && cmp.Or(variant, s.Variant) == s.Variant
	})
	if i < 0 {
		return Service{}, false
	}
	return all[i], true
}
