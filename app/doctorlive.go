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
	db, err := s.readable(ctx)
	if err != nil {
		db = nil // aboutData tells why: what is asked here needs little of it
	} else {
		defer db.Close() //nolint:errcheck // only read
	}
	c := connections(s, db, nil)
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

// aboutBrowser looks for a program that could open a browser, and starts none.
func aboutBrowser(system string, look func(string) (string, error)) finding {
	f := finding{Part: "browser", Outcome: "fine", Found: text.Const("can be opened")}
	switch {
	case remote():
		f.Outcome, f.Found = "attention", text.Const("you are here over SSH: a browser would open on that computer, not on yours")
		f.Do = text.Const("Sign in with the address that is shown, and paste where the browser landed.")
	case opener(system, look) == nil:
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
		found = append(found, withSecret(f, own, kept))
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

// A place is a host that asking needs, and what came of trying it.
type place struct {
	address string // one of those that it has
	skew    time.Duration
	err     error
}

// A reach is what a service asks: the platform's own hosts, or calls that go elsewhere.
type reach struct {
	part    string // network, or endpoints where it is not the platform's own
	service string
	names   []string // a host, or a call as the settings have it: an address elsewhere is not told
	places  []*place // of each name
}

// aboutNetwork tries the hosts of the services that are set up, all at once.
func aboutNetwork(ctx context.Context, c *connection.Connections, partial bool) []finding {
	places, reaches := reachesOf(c)
	if len(places) == 0 {
		f := finding{Part: "network", Outcome: "fine", Found: text.Const("not tried: without an app nothing is asked")}
		if partial {
			f.Found = text.Const("not tried: no app could be taken from the settings, and without one nothing is asked")
		}
		return []finding{f}
	}
	tasks := make([]task, len(places))
	for i, p := range places {
		tasks[i] = task{func() {
			p.skew, p.err = live.Reach(ctx, p.address, live.Options{Now: time.Now, Timeout: reachTime})
		}, func(err error) { p.err = err }}
	}
	together(tasks)
	var found []finding
	for _, r := range reaches {
		found = append(found, r.found())
	}
	if slices.ContainsFunc(places, func(p *place) bool { return p.err == nil }) {
		found = append(found, aboutClock(places))
	}
	return found
}

// reachesOf are what the services that are set up ask, and the hosts of that, each once.
func reachesOf(c *connection.Connections) (places []*place, reaches []reach) {
	for _, own := range connection.Services() {
		s, err := c.SetUp(own.Key)
		if err != nil || s.Key != own.Key {
			continue
		}
		network, elsewhere := reach{part: "network", service: own.Key}, reach{part: "endpoints", service: own.Key}
		usual := usesOf(own.Endpoints)
		for i, used := range usesOf(s.Endpoints) {
			switch {
			case used.address == "":
			case used != usual[i]:
				elsewhere.add(used.name, placeOf(&places, used.address))
			default:
				network.add(live.Host(used.address), placeOf(&places, used.address))
			}
		}
		reaches = append(reaches, network, elsewhere)
	}
	return places, slices.DeleteFunc(reaches, func(r reach) bool { return len(r.names) == 0 })
}

// add puts a name to the others, unless it is there.
func (r *reach) add(name string, at *place) {
	if !slices.Contains(r.names, name) {
		r.names, r.places = append(r.names, name), append(r.places, at)
	}
}

// A use is an address with what it is for, as the settings call it.
type use struct{ name, address string }

// usesOf are the addresses of a service, empty where it has none.
func usesOf(e live.Endpoints) []use {
	return []use{{"authorize", e.Authorize}, {"token", e.Token}, {"exchange", e.Exchange}, {"refresh", e.Refresh},
		{"api", e.API}, {"introspect", e.Introspect}, {"revoke", e.Revoke}}
}

// placeOf is the place of an address, put to the others if it is new.
func placeOf(places *[]*place, address string) *place {
	for _, p := range *places {
		if live.Host(p.address) == live.Host(address) {
			return p
		}
	}
	p := &place{address: address}
	*places = append(*places, p)
	return p
}

// found is what came of trying, one line for all of it.
func (r reach) found() finding {
	f := finding{Part: r.part, Outcome: "fine"}
	by := map[string][]string{} // names, by what is wrong with them
	var wrongs []string
	for i, p := range r.places {
		wrong := p.wrong()
		if by[wrong] == nil {
			wrongs = append(wrongs, wrong)
		}
		by[wrong] = append(by[wrong], r.names[i])
	}
	slices.Sort(wrongs) // what answers comes first
	var said []string
	for _, wrong := range wrongs {
		said = append(said, answersOf(by[wrong], wrong))
	}
	f.Found = text.Line(r.service + ": " + strings.Join(said, "; "))
	if r.part == "endpoints" {
		f.Found = text.Format("%s (custom_endpoints)", f.Found)
	}
	if wrongs[len(wrongs)-1] != "" {
		f.Outcome, f.Do = "broken", r.mend()
	}
	return f
}

// wrong is why a place does not answer, empty if it does.
func (p *place) wrong() string {
	if fault, ok := errors.AsType[*live.Fault](p.err); ok {
		return fault.Words().String()
	}
	if p.err != nil {
		return p.err.Error()
	}
	return ""
}

// answersOf says of names that they answer, or what is wrong with them.
func answersOf(names []string, wrong string) string {
	all := strings.Join(names, ", ")
	switch {
	case wrong != "":
		return all + ": " + wrong
	case len(names) == 1:
		return all + " answers"
	}
	return all + " answer"
}

// mend is what to do where something does not answer.
func (r reach) mend() text.Safe {
	if r.part == "endpoints" {
		return text.Const("Check the endpoints in config.toml, and that what they lead to runs.")
	}
	return text.Const("Check the network, a proxy and the clock of this computer.")
}

// aboutClock compares the clocks. Up to five minutes apart nothing suffers.
func aboutClock(places []*place) finding {
	var skew time.Duration
	for _, p := range places {
		skew = cmp.Or(skew, p.skew)
	}
	f := finding{Part: "clock", Outcome: "fine", Found: text.Const("right to within five minutes")}
	if skew != 0 {
		f.Outcome, f.Found = "attention", clockWords(skew)
		f.Do = text.Const("Set it right: ends and sign-ins depend on it.")
	}
	return f
}
