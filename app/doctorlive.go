package app

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"reconnect/app/connection"
	"reconnect/app/crash"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
)

// aboutLive is what asking the platforms stands on. It asks no person, and no
// platform unless an app is set up for it.
func aboutLive(ctx context.Context, s settings) []finding {
	c := connections(s, nil, nil) // nothing here reads a record
	defer c.Close()
	kept, err := c.Keeping(ctx)
	found := []finding{aboutSecrets(kept, err, s.live.set()), aboutBrowser(runtime.GOOS, exec.LookPath)}
	found = append(found, aboutApps(c, kept)...)
	found = append(found, aboutFeed(s.live.feed, kept))
	return append(found, aboutNetwork(ctx, c)...)
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
// hand. It names no client id.
func aboutApps(c *connection.Connections, kept connection.Keeping) []finding {
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
	if len(found) == 0 {
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

// aboutFeed says whether what Aibrify shows is read. It does not read it.
func aboutFeed(feed feedTable, kept connection.Keeping) finding {
	f := finding{Part: "feed", Outcome: "fine"}
	switch {
	case feed.URL != "" && kept.FeedToken():
		f.Found = text.Const("set: an address, with a token")
	case feed.URL != "" && kept.Listed:
		f.Found, f.Do = text.Const("set: an address, without a token"), text.Const("If it wants one: reconnect login feed.")
	case feed.URL != "":
		f.Found = text.Const("set: an address")
	case feed.File != "":
		f.Found = text.Const("set: a file")
	case len(feed.Command) > 0:
		f.Found = text.Const("set: a command")
	default:
		f.Found = text.Const("not set: what Aibrify shows is told by a person")
	}
	return f
}

// reachTime is how long an address has to answer.
const reachTime = 5 * time.Second

// A place is an address that checks need, and what it is called in a report.
type place struct {
	address string
	name    text.Safe
	part    string
}

// aboutNetwork tries the addresses of the services that are set up, all at once.
func aboutNetwork(ctx context.Context, c *connection.Connections) []finding {
	places := placesOf(c)
	if len(places) == 0 {
		return []finding{{Part: "network", Outcome: "fine", Found: text.Const("not tried: without an app nothing is asked")}}
	}
	type answer struct {
		at   int
		skew time.Duration
		err  error
	}
	answers := make(chan answer, 2*len(places)) // what an address gave, and what a panic after it would give
	for i, p := range places {
		crash.Go(func() {
			skew, err := live.Reach(ctx, p.address, live.Options{Now: time.Now, Timeout: reachTime})
			answers <- answer{i, skew, err}
		}, func(err error) { answers <- answer{at: i, err: err} })
	}
	found, clock := make([]finding, len(places)), finding{}
	for range places {
		a := <-answers
		found[a.at] = places[a.at].found(a.err)
		if a.err == nil && (clock.Part == "" || a.skew != 0) {
			clock = aboutClock(a.skew)
		}
	}
	if clock.Part != "" {
		found = append(found, clock)
	}
	return found
}

// placesOf are the addresses of sign-in, tokens and API, one for each host. Others
// than the platform's own are named by what they are for, not by their address.
func placesOf(c *connection.Connections) []place {
	var places []place
	seen := map[string]bool{}
	for _, own := range connection.Services() {
		s, err := c.SetUp(own.Key)
		if err != nil || s.Key != own.Key {
			continue
		}
		for _, e := range []struct {
			name      text.Safe
			own, used string
		}{
			{text.Const("authorize"), own.Endpoints.Authorize, s.Endpoints.Authorize},
			{text.Const("token"), own.Endpoints.Token, s.Endpoints.Token}, {text.Const("api"), own.Endpoints.API, s.Endpoints.API},
		} {
			host := live.Host(e.used)
			if seen[host] {
				continue
			}
			seen[host] = true
			p := place{address: e.used, name: text.Line(host), part: "network"}
			if e.used != e.own {
				p.part, p.name = "endpoints", text.Format("%s of %s (custom_endpoints)", e.name, text.Line(s.Key))
			}
			places = append(places, p)
		}
	}
	return places
}

// found is what came of trying a place.
func (p place) found(err error) finding {
	f := finding{Part: p.part, Outcome: "fine", Found: text.Format("%s answers", p.name)}
	var fault *live.Fault
	switch {
	case err == nil:
		return f
	case errors.As(err, &fault):
		f.Found = text.Format("%s: %s", p.name, fault.Words())
	default:
		f.Found = text.Format("%s: %s", p.name, text.Line(err.Error()))
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
