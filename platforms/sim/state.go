package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// State is everything that is so in a world. [World.Edit] gives it to a function;
// outside of one it must not be touched. People, apps and sign-ins are kept by
// site: Facebook, Instagram, TikTok, LinkedIn, X.
type State struct {
	People        map[Service]map[string]*Person // by id
	Pages         map[string]*Page               // Facebook
	Businesses    map[string]*Business           // Facebook business portfolios
	Organizations map[string]*Company            // LinkedIn company Pages
	Roles         []*Role                        // LinkedIn
	Apps          map[Service]map[string]*App    // by client id
	Grants        []*Grant
	Tokens        map[string]*Issued // by value
	SignedIn      map[Service]string // who is signed in in the browser

	Outage  map[Service]bool // the platform is down
	Limited map[Service]bool // the platform throttles
	Usage   map[Service]int  // percent of Meta's quota, for the usage headers

	WrapInstagram     bool // Instagram's token answer comes as {"data":[{…}]} [U]
	PersonalTold      bool // Instagram Login answers for a personal account with its type, not with an error [composed: the sheet has both]
	QuotaUsed         int  // posts of the Instagram quota used up
	TikTokTokenStatus int  // the status of TikTok's token errors: 200 [C] unless set
	TikTokLong        bool // TikTok's older lifetimes, 24 h and 365 days [D, older page]

	// Brief is how long an access token lives that comes with a refresh token: so
	// that somebody has to renew without a clock being moved. 0: as documented.
	Brief time.Duration

	codes map[string]*code
	calls map[string][]time.Time // by what is counted
	now   func() time.Time
	rng   *rand.Rand
}

// A Condition is what a platform holds against an account.
type Condition string

// The conditions.
const (
	Sound        Condition = ""
	Checkpointed Condition = "checkpointed" // a security step is asked of the person; on X: locked
	Unconfirmed  Condition = "unconfirmed"  // Facebook: not a confirmed user
	Limited      Condition = "limited"      // Facebook, Instagram: limited for some days
	Banned       Condition = "banned"       // TikTok: banned from posting
	Suspended    Condition = "suspended"    // X
	SuspendedV1  Condition = "suspended-v1" // X: told with the older code 64
	Capped       Condition = "capped"       // TikTok: the daily cap of posts is reached
	Pending      Condition = "pending"      // TikTok: too many unpublished drafts
	Locked       Condition = Checkpointed
)

// A Type is the type of an account on Instagram and TikTok.
type Type string

// The types.
const (
	PersonalType Type = "PERSONAL"
	BusinessType Type = "BUSINESS"
	CreatorType  Type = "MEDIA_CREATOR"
)

// A Person is a login on one site.
type Person struct {
	ID        string // on Instagram the professional id, on TikTok the union id
	Name      string
	Username  string
	Type      Type // Instagram, TikTok
	Condition Condition
	Private   bool // TikTok, X
	Verified  bool
	TwoFactor bool // Facebook
}

// A Page is a Facebook Page.
type Page struct {
	ID, Name    string
	Business    string              // the portfolio that owns it
	Client      string              // a portfolio that manages it for its owner
	Instagram   string              // the linked Instagram account
	Tasks       map[string][]string // by person; no entry is no role
	TwoFactor   bool                // demands two-factor login of its people
	Unpublished bool
	Deleted     bool
}

// A Business is a Facebook business portfolio.
type Business struct {
	ID, Name string
	People   []string
}

// A Company is a LinkedIn company Page.
type Company struct {
	ID, Name, Vanity string
	Deactivated      bool
}

// A Role is what a member is on a LinkedIn company Page.
type Role struct{ Person, Organization, Role, State string }

// An App is a registration with a platform's developers.
type App struct {
	ID     string // client id; TikTok: client key; Instagram: the Instagram App ID
	Name   string
	Secret string
	// Redirects are the registered addresses. TikTok desktop takes * for the port.
	Redirects []string
	Live      bool     // Meta: not in development mode
	Testers   []string // people with a role on a Meta app in development, TikTok's sandbox targets
	Sandbox   bool     // TikTok
	Disabled  bool     // X: suspended; Meta: not active
	Scopes    []string // what was approved for it; nil is every scope there is
	Config    string   // Facebook Login for Business: the config_id it must be called with
	Public    bool     // X: no secret
	Native    bool     // LinkedIn: PKCE for native apps is on; TikTok: desktop, so PKCE is a must
	Partner   bool     // LinkedIn: refresh tokens
	// ReuseKills ends the whole chain when a spent refresh token comes back (RFC
	// 9700 s.4.14; neither TikTok nor X documents it).
	ReuseKills bool
	NoCredits  bool   // X: 402
	Unenrolled bool   // X: 403 client-not-enrolled
	Bearer     string // X: an app-only bearer token
	Business   bool   // TikTok: an app of the API for Business
	Full       bool   // TikTok: the day's posting users are used up
}

// A Grant is what a person allowed an app. There is one per app and person.
type Grant struct {
	Site        Service
	App, Person string
	Scopes      []string // granted
	Declined    []string
	Lapsed      []string // Facebook: 90 days without use [C]
	Unticked    []string // Facebook: Pages left out in the dialog
	First       time.Time
	Login       time.Time // the newest
	DataUntil   time.Time // Facebook: data_access_expires_at; 90 days [U]
	Removed     bool
}

// An Ending is why a token is dead before its time.
type Ending string

// The endings.
const (
	Alive           Ending = ""
	PasswordChanged Ending = "password changed"
	LoggedOut       Ending = "logged out"
	Removed         Ending = "app removed"
	Superseded      Ending = "superseded" // by another login
	Rotated         Ending = "rotated"    // a refresh token that was used
	Inactive        Ending = "inactive"   // Facebook: the app was long unused
	Revoked         Ending = "revoked"
)

// A Kind is a sort of token.
type Kind string

// The kinds of token.
const (
	AccessToken  Kind = "access"
	LongToken    Kind = "long" // Meta: the 60-day token
	PageToken    Kind = "page"
	RefreshToken Kind = "refresh"
)

// Issued is a token that a platform gave out.
type Issued struct {
	Value       string
	Kind        Kind
	Site        Service
	App, Person string
	Page        string // of a Page token
	Scopes      []string
	At          time.Time
	Expires     time.Time // zero: never
	Ending      Ending
	Business    bool // TikTok API for Business
	chain       string
	lost        []string // scopes that a trouble took away
}

// code is an authorization code.
type code struct {
	value, app, person string
	site               Service
	redirect           string
	scopes             []string
	challenge, method  string
	at                 time.Time
	spent              bool
}

// Now is the world's time.
func (s *State) Now() time.Time { return s.now() }

// Grant is the live grant of a person to an app, or nil.
func (s *State) Grant(site Service, app, person string) *Grant {
	for _, g := range s.Grants {
		if g.Site == site.Site() && g.App == app && g.Person == person && !g.Removed {
			return g
		}
	}
	return nil
}

// End ends the tokens of a person that are still alive.
func (s *State) End(site Service, person string, why Ending) {
	s.endWhere(why, func(t *Issued) bool { return t.Site == site.Site() && t.Person == person })
}

// endWhere ends the living tokens that match.
func (s *State) endWhere(why Ending, match func(*Issued) bool) {
	for _, t := range s.Tokens {
		if t.Ending == Alive && match(t) {
			t.Ending = why
		}
	}
}

// Expire lets every token of a person run out, the refresh tokens too. What has no
// end by time goes on.
func (s *State) Expire(site Service, person string) {
	for _, t := range s.Tokens {
		if t.Site == site.Site() && t.Person == person && !t.Expires.IsZero() {
			t.Expires = s.now().Add(-5 * 24 * time.Hour)
		}
	}
}

// RemoveApp is the person removing apps on the platform: everything they granted
// on the site is gone, with every Page and Instagram account behind it [C].
func (s *State) RemoveApp(site Service, person string) {
	for _, g := range s.Grants {
		if g.Site == site.Site() && g.Person == person {
			g.Removed = true
		}
	}
	s.End(site, person, Removed)
}

// allow keeps what a person granted. What an earlier login granted stays granted
// on Meta and TikTok; a new one on LinkedIn and X says it all anew.
func (s *State) allow(site Service, app, person string, scopes, declined, unticked []string) *Grant {
	now := s.now()
	g := s.Grant(site, app, person)
	if g == nil {
		g = &Grant{Site: site, App: app, Person: person, First: now}
		s.Grants = append(s.Grants, g)
	}
	g.Login, g.DataUntil = now, now.Add(90*24*time.Hour)
	g.Scopes, g.Declined, g.Unticked = scopes, declined, unticked
	g.Lapsed = without(g.Lapsed, scopes)
	return g
}

// newCode is a code for what was just granted.
func (s *State) newCode(c code) *code {
	c.at = s.now()
	c.value = s.codeText(c.site)
	s.codes[c.value] = &c
	return &c
}

// issue makes a token. A lifetime of zero is one without an end.
func (s *State) issue(t Issued, lifetime time.Duration) *Issued {
	t.At = s.now()
	if lifetime > 0 {
		t.Expires = t.At.Add(lifetime)
	}
	t.Value = s.tokenText(t)
	s.Tokens[t.Value] = &t
	return &t
}

// over tells whether a token's time is over.
func (s *State) over(t *Issued) bool { return !t.Expires.IsZero() && !s.now().Before(t.Expires) }

// left is how many seconds a token has left; 0 if it has no end.
func (s *State) left(t *Issued) int64 {
	if t.Expires.IsZero() {
		return 0
	}
	return int64(t.Expires.Sub(s.now()) / time.Second)
}

// app is an app of a site, or nil.
func (s *State) app(site Service, id string) *App { return s.Apps[site][id] }

// person is a login of a site, or nil.
func (s *State) person(site Service, id string) *Person { return s.People[site][id] }

// count adds a call to what is counted and tells how many there are in the window.
// A call over the limit does not count.
func (s *State) count(what string, limit int, window time.Duration) (used int, oldest time.Time) {
	now := s.now()
	kept := slices.DeleteFunc(s.calls[what], func(at time.Time) bool { return now.Sub(at) >= window })
	used = len(kept) + 1
	if used <= limit {
		kept = append(kept, now)
	}
	s.calls[what] = kept
	return used, kept[0]
}

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	opaque  = letters + "-_"
)

// random is n characters of an alphabet.
func (s *State) random(alphabet string, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[s.rng.IntN(len(alphabet))]
	}
	return string(text)
}

// tokenText is a new token in the shape that the platform's have.
func (s *State) tokenText(t Issued) string {
	switch t.Site {
	case Facebook:
		return "EAA" + s.random(letters, 160)
	case Instagram:
		return "IGAA" + s.random(letters, 150)
	case TikTok:
		if t.Kind == RefreshToken {
			return "rft." + s.random(letters, 60) + "!" + s.random("0123456789", 4)
		}
		return "act." + s.random(letters, 60) + "!" + s.random("0123456789", 4)
	case LinkedIn: // about 500 characters, allow 1000 [D]
		return "AQ" + s.random(opaque, 348)
	case X:
		kind := "at"
		if t.Kind == RefreshToken {
			kind = "rt"
		}
		text := fmt.Sprintf("%s:%d:1:1:%s:1", s.random(letters, 43), t.At.UnixMilli(), kind)
		return base64.RawURLEncoding.EncodeToString([]byte(text))
	default:
		return s.random(letters, 64)
	}
}

// codeText is a new code in the shape that the platform's have. TikTok's has to be
// URL-decoded [D].
func (s *State) codeText(site Service) string {
	switch site {
	case TikTok:
		return s.random(opaque, 64) + "*0!" + s.random("0123456789", 4)
	case X:
		text := fmt.Sprintf("%s:%d:1:0:ac:1", s.random(letters, 43), s.now().UnixMilli())
		return base64.RawURLEncoding.EncodeToString([]byte(text))
	default:
		return "AQ" + s.random(opaque, 150)
	}
}

// scoped is an id that a platform shows to one app only, n digits long: Facebook's
// user id and Instagram's id [U].
func scoped(app, person string, n int) string {
	sum := sha256.Sum256([]byte(app + "/" + person))
	text := []byte{'1' + sum[0]%9}
	for _, b := range sum[1:] {
		text = append(text, '0'+b%10)
	}
	return string(text[:n])
}

// openID is TikTok's id of a person for one app [D].
func openID(app, person string) string {
	sum := sha256.Sum256([]byte(app + "/" + person))
	return "-000" + hex.EncodeToString(sum[:])[:32]
}

// without is list less the words of other.
func without(list, other []string) []string {
	var kept []string
	for _, word := range list {
		if !slices.Contains(other, word) {
			kept = append(kept, word)
		}
	}
	return kept
}

// only is list with only the words of other.
func only(list, other []string) []string { return without(list, without(list, other)) }

// words are the words of a list joined with commas or spaces.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// sameSet tells whether two lists hold the same words.
func sameSet(a, b []string) bool { return len(without(a, b)) == 0 && len(without(b, a)) == 0 }
