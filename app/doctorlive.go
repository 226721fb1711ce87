package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// aboutLive is what asking the platforms stands on. It asks no person, and no
// platform unless an app is set up for it.
func aboutLive(ctx context.Context, s settings) []finding {
	c := connections(s, nil, nil) // nothing here reads a record
	defer c.Close()
	kept, err := c.Keeping(ctx)
	found := []finding{aboutSecrets(kept, err, s.live.set()), aboutBrowser(runtime.GOOS, exec.LookPath)}
	found = append(found, aboutApps(c, kept, s.partial)...)
	var shows, network []finding
	together([]task{
		{func() { shows = aboutFeed(ctx, feedSource(s, c), s.partial) }, func(err error) { shows = failedPart("feed", err) }},
		{func() { network = aboutNetwork(ctx, c, s.partial) }, func(err error) { network = failedPart("network", err) }},
	})
	return slices.Concat(found, shows, network)
}

// failedPart is the finding for a part that failed the program.
func failedPart(part string, err error) []finding {
	return []finding{{Part: part, Outcome: "broken", Found: text.Line(err.Error())}}
}

// aboutSecrets says where secrets are kept. Without a place for them only asking
// the platforms does not work.
func aboutSecrets(kept connection.Keeping, err error, needed bool) finding {
	f := finding{Part: "secrets", Outcome: "fine", Found: text.Format("kept in %s", kept.Where)}
	var e *store.Error
	switch {
	case errors.As(err, &e):
		f.Found, f.Do = text.Line(e.What+": "+e.Why), text.Line(e.Do)
	case err != nil:
		f.Found = text.Line(err.Error())
	case errors.As(kept.Fallback, &e):
		f.Found = text.Format("%s, because %s", f.Found, text.Line(e.Why))
	}
	switch {
	case err != nil && needed:
		f.Outcome = "broken"
	case err != nil:
		f.Outcome = "attention"
	}
	return f
}

// openers are the programs that open an address, by system. Windows needs none.
var openers = map[string][]string{"darwin": {"open"}, "windows": nil}

// aboutBrowser looks for a program that could open a browser, and starts none.
func aboutBrowser(system string, look func(string) (string, error)) finding {
	f := finding{Part: "browser", Outcome: "fine", Found: text.Const("can be opened")}
	names, known := openers[system]
	if !known {
		names = []string{"xdg-open", "x-www-browser", "www-browser", "wslview"}
	}
	there := func(name string) bool { _, err := look(name); return err == nil }
	switch {
	case remote():
		f.Outcome, f.Found = "attention", text.Const("you are here over SSH: a browser would open on that computer, not on yours")
		f.Do = text.Const("Sign in with the address that is shown, and paste where the browser landed.")
	case len(names) > 0 && !slices.ContainsFunc(names, there):
		f.Outcome, f.Found = "attention", text.Const("no program was found that opens one")
		f.Do = text.Const("Open addresses yourself: they are always shown, too.")
	}
	return f
}

// aboutApps says for which services an app is set up, and whether its secret is at
// hand. It names no client id. With partial settings it does not say that there is none.
func aboutApps(c *connection.Connections, kept connection.Keeping, partial bool) []finding {
	var found []finding
	for _, s := range connection.Services() {
		own, err := c.SetUp(s.Key)
		if err != nil || own.Key != s.Key {
			continue
		}
		f := finding{Part: "apps", Outcome: "fine", Found: text.Format("%s: an app of your own", text.Line(s.Key))}
		if c.IsAibrify(s.Key) {
			f.Found = text.Format("%s: Aibrify's own app; what would harm a live connection is refused", text.Line(s.Key))
		}
		found = append(found, withSecret(f, s, kept))
	}
	if len(found) == 0 && !partial {
		found = []finding{{Part: "apps", Outcome: "fine", Found: text.Const("none is set up: accounts are looked at by a person")}}
	}
	return found
}

// withSecret adds to a finding where the secret of its app is.
func withSecret(f finding, s connection.Service, kept connection.Keeping) finding {
	say := func(where text.Safe) { f.Found = text.Format("%s; %s", f.Found, where) }
	variable := text.Line(connection.Variable(s.Key))
	switch {
	case os.Getenv(connection.Variable(s.Key)) != "":
		say(text.Format("its secret is in %s", variable))
	case kept.Secret(s):
		say(text.Const("its secret is kept"))
	case s.Public:
		say(text.Const("it needs no secret"))
	case !kept.Listed:
		say(text.Const("whether its secret is kept shows only with the passphrase"))
	default:
		f.Outcome = "attention"
		say(text.Const("its secret is not known here"))
		f.Do = text.Format("reconnect login %s asks for it once; or set %s.", text.Line(s.Key), variable)
	}
	return f
}

// feedTime is how long the feed has to be read.
const feedTime = 10 * time.Second

// aboutFeed reads what Aibrify shows, and says whether that worked. With partial
// settings it does not say that there is none.
func aboutFeed(ctx context.Context, source feed.Source, partial bool) []finding {
	switch {
	case source.Set():
		source.Timeout = feedTime
		read, err := source.Read(ctx)
		return []finding{aboutShown(read, err, source.Now())}
	case partial:
		return nil
	}
	return []finding{{Part: "feed", Outcome: "fine", Found: text.Const("not set: what Aibrify shows is told by a person")}}
}

// aboutShown is what came of reading the feed.
func aboutShown(read feed.Feed, err error, now time.Time) finding {
	f := finding{Part: "feed", Outcome: "attention"}
	var wrong *feed.Error
	switch {
	case errors.Is(err, secrets.ErrNoPassphrase):
		f.Found = text.Const("not read: its token is in the encrypted file, and doctor asks nobody for the passphrase")
		f.Do = text.Const("The wizard asks for it: open a case with reconnect, and press v.")
	case errors.As(err, &wrong):
		f.Found, f.Do = text.Line(wrong.Why), text.Line(wrong.Do)
	case err != nil:
		f.Found = text.Line(err.Error())
	default:
		f.Found = text.Line(fmt.Sprintf("read: %s, as of %s", counted(len(read.Connections), "connection"), read.At.UTC().Format("2006-01-02 15:04 UTC")))
		if !read.Stale(now) {
			f.Outcome = "fine"
			return f
		}
		f.Do = text.Const("That is more than a day ago. See that what writes it runs.")
	}
	return f
}

// reachTime is how long an address has to answer.
const reachTime = 5 * time.Second

// A place is a host that asking needs.
type place struct {
	address string // one of those that it has
	part    string // network, or endpoints where it is not the platform's own
	serves  []text.Safe
}

// aboutNetwork tries the hosts of the services that are set up, all at once.
func aboutNetwork(ctx context.Context, c *connection.Connections, partial bool) []finding {
	places := placesOf(c)
	if len(places) == 0 {
		f := finding{Part: "network", Outcome: "fine", Found: text.Const("not tried: without an app nothing is asked")}
		if partial {
			f.Found = text.Const("not tried: no app could be taken from the settings, and without one nothing is asked")
		}
		return []finding{f}
	}
	found, skews := make([]finding, len(places)), make([]time.Duration, len(places))
	tasks := make([]task, len(places))
	for i, p := range places {
		tasks[i] = task{func() {
			skew, err := live.Reach(ctx, p.address, live.Options{Now: time.Now, Timeout: reachTime})
			found[i], skews[i] = p.found(err), skew
		}, func(err error) { found[i] = p.found(err) }}
	}
	together(tasks)
	if slices.ContainsFunc(found, func(f finding) bool { return f.Outcome == "fine" }) {
		found = append(found, aboutClock(cmp.Or(skews...)))
	}
	return found
}

// placesOf are the hosts of all addresses of the services that are set up. A host
// that several need is one place, which says for what each of them needs it.
func placesOf(c *connection.Connections) []*place {
	var places []*place
	for _, own := range connection.Services() {
		s, err := c.SetUp(own.Key)
		if err != nil || s.Key != own.Key {
			continue
		}
		uses := map[*place][]string{}
		usual := usesOf(own.Endpoints)
		for i, used := range usesOf(s.Endpoints) {
			if used.address == "" {
				continue
			}
			part := "network"
			if used != usual[i] {
				part = "endpoints"
			}
			p := placeOf(&places, used.address, part)
			uses[p] = append(uses[p], used.name)
		}
		for p, names := range uses {
			p.serves = append(p.serves, text.Format("%s of %s", text.Line(strings.Join(names, ", ")), text.Line(own.Key)))
		}
	}
	return places
}

// A use is an address with what it is for, as the settings call it.
type use struct{ name, address string }

// usesOf are the addresses of a service, empty where it has none.
func usesOf(e live.Endpoints) []use {
	return []use{{"authorize", e.Authorize}, {"token", e.Token}, {"exchange", e.Exchange}, {"refresh", e.Refresh},
		{"api", e.API}, {"introspect", e.Introspect}, {"revoke", e.Revoke}}
}

// placeOf is the place of an address, put to the others if it is new.
func placeOf(places *[]*place, address, part string) *place {
	for _, p := range *places {
		if p.part == part && live.Host(p.address) == live.Host(address) {
			return p
		}
	}
	p := &place{address: address, part: part}
	*places = append(*places, p)
	return p
}

// name is what a place is called in a report. One that is not the platform's own is
// called by what it is for, not by its address.
func (p *place) name() text.Safe {
	serves := text.Join("; ", p.serves...)
	if p.part == "endpoints" {
		return text.Format("%s (custom_endpoints)", serves)
	}
	return text.Format("%s (%s)", text.Line(live.Host(p.address)), serves)
}

// found is what came of trying a place.
func (p *place) found(err error) finding {
	f := finding{Part: p.part, Outcome: "fine", Found: text.Format("%s: answers", p.name())}
	var fault *live.Fault
	switch {
	case err == nil:
		return f
	case errors.As(err, &fault):
		f.Found = text.Format("%s: %s", p.name(), fault.Words())
	default:
		f.Found = text.Format("%s: %s", p.name(), text.Line(err.Error()))
	}
	f.Outcome, f.Do = "broken", text.Const("Check the network, a proxy and the clock of this computer.")
	if p.part == "endpoints" {
		f.Do = text.Const("Check the endpoints in config.toml, and that what they lead to runs.")
	}
	return f
}

// aboutClock compares the clocks. Up to five minutes apart nothing suffers.
func aboutClock(skew time.Duration) finding {
	f := finding{Part: "clock", Outcome: "fine", Found: text.Const("right to within five minutes")}
	if skew != 0 {
		f.Outcome, f.Found = "attention", clockWords(skew)
		f.Do = text.Const("Set it right: ends and sign-ins depend on it.")
	}
	return f
}
