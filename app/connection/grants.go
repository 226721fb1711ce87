package connection

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// A Held is a grant that this computer holds, without its secrets.
type Held struct {
	Key         string      `json:"key"`     // facebook/7qk2
	Service     string      `json:"service"` // facebook, instagram-login
	Grant       live.Grant  `json:"grant"`   // its tokens are empty
	Fingerprint string      `json:"fingerprint,omitempty"`
	For         text.Safe   `json:"for,omitzero"`     // the account that it was verified for, as Aibrify names it
	Saw         bool        `json:"saw,omitempty"`    // it reached that account once
	Wrong       bool        `json:"wrong,omitempty"`  // it was found to be another account's, or to see that one no more
	Checked     time.Time   `json:"checked,omitzero"` // when the platform answered last
	Health      live.Health `json:"health"`           // what it said then
	Tried       time.Time   `json:"tried,omitzero"`   // when it was asked since, and could not be
	Missed      text.Safe   `json:"missed,omitzero"`  // and why

	Cause platforms.Cause `json:"cause,omitempty"` // of the check that the health rests on, if one failed
	Mend  text.Safe       `json:"mend,omitzero"`   // and how to mend that
}

// Platform is the platform of the grant.
func (h Held) Platform() platforms.ID { return h.Grant.Platform }

// Account names who the grant is for, as far as the platform told.
func (h Held) Account() text.Safe {
	a := h.Grant.Account
	if a.Username != "" {
		return text.Format("@%s", text.Line(strings.TrimPrefix(a.Username, "@")))
	}
	return a.Name.Or(text.Line(a.ID))
}

// Name is the account as a person knows it: the one it was verified for, else the
// one that signed in.
func (h Held) Name() text.Safe { return h.For.Or(h.Account()).Or(text.Line(h.Key)) }

// Unnamed tells whether the name that signed in says nothing about the account: on
// these platforms a person signs in, and a Page or an organization is connected.
func (h Held) Unnamed() bool {
	return h.For.Empty() && (h.Platform() == platforms.Facebook || h.Platform() == platforms.LinkedIn)
}

// SignIn is the command that gives h a successor, for the same account.
func SignIn(h Held) text.Safe {
	command := text.Format("reconnect login %s", text.Line(h.Service))
	if h.For.Empty() {
		return command
	}
	return text.Format("%s --account %s", command, text.Argument(h.For.String(), runtime.GOOS))
}

// recordPrefix begins the names of the records of grants.
const recordPrefix = "grant/"

// Held are the grants that this computer holds, by service and then by key. It
// asks nobody.
func (c *Connections) Held(ctx context.Context) ([]Held, error) {
	records, err := c.options.Records.Records(ctx, recordPrefix)
	if err != nil {
		return nil, err
	}
	all := []Held{}
	for _, r := range records {
		var h Held
		if err := json.Unmarshal(r.Data, &h); err != nil {
			h = unread(strings.TrimPrefix(r.Name, recordPrefix))
		}
		if h.Service != "" {
			all = append(all, h)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(c.passing)) {
		all = append(all, c.passing[key])
	}
	return all, nil
}

// unread is a grant of which only the key can be read: it stands in nobody's way. It has
// no service if the key names none.
func unread(key string) Held {
	name, _, _ := strings.Cut(key, "/")
	s, _ := Find(name)
	return Held{Key: key, Service: s.Key, Grant: live.Grant{Platform: s.ID, Variant: s.Variant}}
}

// HeldFor are the grants for a platform that can still be asked with: the app that they
// were given to is set up, with the hosts of then. Those that were verified for the
// account come first, then the newest.
func (c *Connections) HeldFor(ctx context.Context, id platforms.ID, account text.Safe) ([]Held, error) {
	all, err := c.Held(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(h Held) bool {
		return h.Platform() != id || c.minted(h) != nil
	})
	slices.SortStableFunc(all, func(a, b Held) int {
		return cmp.Or(matches(b, account)-matches(a, account), b.Grant.Issued.Compare(a.Grant.Issued))
	})
	return all, nil
}

// matches is how well a grant fits the account.
func matches(h Held, account text.Safe) int {
	switch {
	case h.Is(account) && !h.Wrong:
		return 2
	case h.Is(account):
		return 1
	}
	return 0
}

// Is tells whether the grant is known to be for the account, as Aibrify names it.
func (h Held) Is(account text.Safe) bool {
	a := h.Grant.Account
	return slices.ContainsFunc([]text.Safe{h.For, text.Line(a.Username), a.Name, text.Line(a.ID)},
		func(name text.Safe) bool { return SameName(name, account) })
}

// SameName tells whether two names mean one account: @ and case do not matter. An
// empty name means none.
func SameName(a, b text.Safe) bool {
	bare := func(s text.Safe) string {
		return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s.String()), "@"))
	}
	return bare(a) != "" && bare(a) == bare(b)
}

// newKey names a new grant of a service.
func newKey(service string) string {
	return service + "/" + strings.ToLower(rand.Text()[:6])
}

// keep makes a grant durable: what renews it first, then the access, then what is
// remembered of it.
func (c *Connections) keep(ctx context.Context, h Held, g live.Grant) (Held, error) {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return h, err
	}
	for _, part := range []struct {
		name  string
		token text.Secret
	}{{refreshName(h.Key), g.Refresh}, {accessName(h.Key), g.Access}} {
		if part.token.Empty() {
			continue
		}
		if err := k.Put(ctx, part.name, secrets.NewSecret(part.token.Reveal())); err != nil {
			return h, err
		}
	}
	return c.record(ctx, h, g, true)
}

// remember keeps what is known of a grant beside its secrets, unless it was given back
// meanwhile.
func (c *Connections) remember(ctx context.Context, h Held, g live.Grant) (Held, error) {
	return c.record(ctx, h, g, false)
}

// record writes what is known of a grant: one that is new, or one that is still held.
func (c *Connections) record(ctx context.Context, h Held, g live.Grant, isNew bool) (Held, error) {
	h.Fingerprint = g.Fingerprint()
	h.Grant = g.Bare()
	return h, c.put(ctx, h, isNew)
}

// put writes h as it is, if it is new or still held.
func (c *Connections) put(ctx context.Context, h Held, isNew bool) error {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return err
	}
	if k.Place() == secrets.Memory {
		c.mu.Lock()
		defer c.mu.Unlock()
		if _, there := c.passing[h.Key]; there || isNew {
			c.passing[h.Key] = h
		}
		return nil
	}
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	put := c.options.Records.ReplaceRecord
	if isNew {
		put = c.options.Records.PutRecord
	}
	return put(ctx, store.Record{Name: recordPrefix + h.Key, Data: raw, At: c.Now()})
}

func accessName(key string) string  { return "grant/" + key + "/access" }
func refreshName(key string) string { return "grant/" + key + "/refresh" }

// grant is a grant with its secrets, for the app and the hosts that it was given to.
func (c *Connections) grant(ctx context.Context, h Held) (live.Grant, error) {
	if err := c.minted(h); err != nil {
		return live.Grant{}, err
	}
	k, err := c.keeperNow(ctx)
	if err != nil {
		return live.Grant{}, err
	}
	access, err := k.Get(ctx, accessName(h.Key))
	if isUnknown(err) {
		return live.Grant{}, c.lost(ctx, h)
	}
	if err != nil {
		return live.Grant{}, err
	}
	g := h.Grant
	g.Access = text.NewSecret(access.Reveal())
	refresh, err := k.Get(ctx, refreshName(h.Key))
	if err != nil && !isUnknown(err) {
		return live.Grant{}, err
	}
	g.Refresh = text.NewSecret(refresh.Reveal())
	return g, nil
}

// minted refuses a grant that was given to another app than the settings name now, or
// at other hosts, with an [*OtherAppError].
func (c *Connections) minted(h Held) error {
	s, err := c.SetUp(h.Service)
	if err != nil || s.Minted(c.app(s), h.Grant) {
		return err
	}
	return &OtherAppError{h, s.Removal}
}

// An OtherAppError says that a grant was given to another app than the settings name
// now, or at other hosts. Its token is sent nowhere.
type OtherAppError struct {
	Held    Held
	Removal text.Safe // where the person removes that app
}

func (e *OtherAppError) Error() string {
	return fmt.Sprintf("%s was given to another app, or at other addresses, than config.toml has now, so its token is sent nowhere. Put those back, or sign in again: %s", e.Held.Name(), SignIn(e.Held))
}

// lost says why the token of a grant is not there.
func (c *Connections) lost(ctx context.Context, h Held) error {
	away, err := c.away(ctx, h)
	switch {
	case err != nil:
		return err
	case away:
		return &ElsewhereError{h}
	}
	return &LostError{h}
}

// A LostError says that a grant is remembered, and its token is not where it was kept.
type LostError struct{ Held Held }

func (e *LostError) Error() string {
	return fmt.Sprintf("the token of %s is no longer where it was kept. Sign in again: %s", e.Held.Name(), SignIn(e.Held))
}

// drop forgets a grant and its secrets. One that is kept elsewhere is refused with an
// [*ElsewhereError].
func (c *Connections) drop(ctx context.Context, h Held) error {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return err
	}
	if away, err := c.away(ctx, h); err != nil {
		return err
	} else if away {
		return &ElsewhereError{h}
	}
	for _, name := range []string{accessName(h.Key), refreshName(h.Key)} {
		if err := k.Delete(ctx, name); err != nil {
			return err
		}
	}
	c.mu.Lock()
	delete(c.passing, h.Key)
	c.mu.Unlock()
	return c.options.Records.DropRecord(ctx, recordPrefix+h.Key)
}

// renewed is a grant with new access. Another program may be at it, too: the lock is on
// the access, and who comes second takes what the first one saved. What renews the next
// time is saved before what is remembered of the new access, and that before the access
// itself, so that the program can end in between: access that is not the one remembered
// is renewed the next time.
func (c *Connections) renewed(ctx context.Context, client *live.Client, h Held, g live.Grant) (Held, live.Grant, error) {
	c.renewing.RLock()
	defer c.renewing.RUnlock()
	k, err := c.keeperNow(ctx)
	if err != nil {
		return h, g, err
	}
	next := g
	_, err = k.Update(ctx, accessName(h.Key), func(old secrets.Secret) (secrets.Secret, error) {
		if old.Reveal() != g.Access.Reveal() { // somebody renewed it meanwhile
			return old, errRenewed
		}
		var err error
		next, err = client.Renew(ctx, g, func(n live.Grant) error {
			ctx := context.WithoutCancel(ctx)
			if !n.Refresh.Empty() {
				if err := k.Put(ctx, refreshName(h.Key), secrets.NewSecret(n.Refresh.Reveal())); err != nil {
					return err
				}
			}
			h, err = c.remember(ctx, h, n)
			return err
		})
		return secrets.NewSecret(next.Access.Reveal()), err
	})
	if errors.Is(err, errRenewed) {
		return c.reread(ctx, h)
	}
	return h, next, err
}

// describes tells whether g is the access that h was remembered of.
func (h Held) describes(g live.Grant) bool { return h.Fingerprint == g.Fingerprint() }

var errRenewed = errors.New("renewed by another program")

// reread is a grant as it is kept now. Of access that is not the one remembered no end is
// known.
func (c *Connections) reread(ctx context.Context, h Held) (Held, live.Grant, error) {
	all, err := c.Held(ctx)
	if err != nil {
		return h, live.Grant{}, err
	}
	for _, one := range all {
		if one.Key == h.Key {
			h = one
		}
	}
	g, err := c.grant(ctx, h)
	if !h.describes(g) {
		g.Expires = time.Time{}
	}
	return h, g, err
}

func isUnknown(err error) bool { return errors.Is(err, secrets.ErrUnknown) }
