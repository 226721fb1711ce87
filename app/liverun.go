package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"reconnect/app/connection"
	"reconnect/app/status"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// A liveRun is a command that asks the platforms: with what, and where it tells
// what it does. A person's lines go to stdout, and beside --json to stderr.
type liveRun struct {
	*connection.Connections
	program  Program
	settings settings
	json     bool
	out      io.Writer // where the result goes
	talk     io.Writer // where a person reads along
	db       *store.DB
	stop     context.CancelFunc
	locked   error // why the secrets stay closed: nobody is asked once more
}

// live opens what a command needs that asks the platforms. Its context ends with
// ctrl+c, as that of the plain face does.
func (p Program) live(c *cobra.Command, o options) (context.Context, *liveRun, error) {
	s, err := o.settings()
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(c.Context(), s.data, store.Options{})
	if err != nil {
		return nil, nil, err
	}
	r := &liveRun{Connections: connections(s, db, p.asker()), program: p, settings: s, json: o.json, db: db}
	r.out = folded(p.Stdout, c.OutOrStdout())
	r.talk = r.out
	if o.json {
		r.out, r.talk = c.OutOrStdout(), folded(p.Stderr, c.ErrOrStderr())
	}
	ctx, stop := signal.NotifyContext(c.Context(), ends()...)
	r.stop = stop
	return ctx, r, nil
}

func (r *liveRun) close() {
	r.stop()
	r.Close()
	_ = r.db.Close() // everything is durable already; closing only tidies up
}

// say tells a person a line.
func (r *liveRun) say(lines ...text.Safe) {
	for _, line := range lines {
		_, _ = fmt.Fprintln(r.talk, line) // what cannot be told changes nothing
	}
}

// unlocked does what may need the passphrase of the file with the secrets. Once a wrong
// one was typed as often as it may be, nobody is asked for it again.
func (r *liveRun) unlocked(do func() error) error {
	if r.locked != nil {
		return r.locked
	}
	err := connection.Unlocked(do)
	if errors.Is(err, secrets.ErrPassphrase) {
		r.locked = err
	}
	return err
}

// feedName is what login and logout call what Aibrify shows.
const feedName = "feed"

// servicesHelp names the services, and more, in a help.
func servicesHelp(more ...string) string {
	return inHelp("Services:", slices.Concat(connection.Names(), more))
}

// inHelp is a list in a help, on lines of its own.
func inHelp(what string, names []string) string {
	return status.Fold(text.Line(what+" "+strings.Join(names, ", ")+"."), "").String() + "\n"
}

// serviceArg takes one service at the most; more are names beside those of services.
func serviceArg(needed bool, more ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		known := slices.Concat(connection.Names(), more)
		list := strings.Join(known, ", ")
		switch {
		case len(args) > 1 || needed && len(args) == 0:
			return usage("%s needs the name of one service. Known are %s", c.CommandPath(), list)
		case len(args) == 1 && !slices.Contains(known, args[0]) && !isKey(args[0]):
			return usage("%q is no service. Known are %s", text.Line(args[0]), list)
		case needed && isKey(args[0]):
			return usage("%q is a grant. Name the service to sign in to: %s", text.Line(args[0]), list)
		}
		return nil
	}
}

// isKey tells whether a name can be the key of a grant: facebook/7qk2ab.
func isKey(name string) bool {
	service, _, is := strings.Cut(name, "/")
	_, known := connection.Find(service)
	return is && known
}

// A selection says which of the grants that are held are meant.
type selection struct {
	name    string // of a platform, of a service, or the key of a grant; empty: all
	account string // as Aibrify names it
}

// selected is the selection of a command with these arguments.
func selected(args []string, account string) selection {
	return selection{name: strings.Join(args, ""), account: account}
}

// named are the grants of that name.
func (s selection) named(all []connection.Held) []connection.Held {
	return slices.DeleteFunc(slices.Clone(all), func(h connection.Held) bool {
		return !slices.Contains([]string{"", h.Key, h.Service, string(h.Platform())}, s.name)
	})
}

// ofService are those of the very service that the name is.
func (s selection) ofService(all []connection.Held) []connection.Held {
	return slices.DeleteFunc(slices.Clone(all), func(h connection.Held) bool { return h.Service != s.name })
}

// of are the grants of that name that are known to be for the account, if one is named.
func (s selection) of(all []connection.Held) []connection.Held {
	return slices.DeleteFunc(s.named(all), func(h connection.Held) bool {
		return s.account != "" && !h.Is(text.Line(s.account))
	})
}

// none says that nothing is held of a selection, and what to do.
func (r *liveRun) none(s selection) error {
	service := strings.Split(s.name, "/")[0]
	if service == "" && len(r.settings.live.apps) == 0 {
		return errors.New("no app is set up, so nothing can be asked. How to register one: reconnect guide app facebook. Put its client_id under [apps.NAME] in config.toml")
	}
	if service != "" {
		if _, err := r.SetUp(service); err != nil {
			return err
		}
	}
	on := text.Const("any platform")
	if svc, err := platforms.Get(service); err == nil {
		on = svc.Guide().Name
	} else if service != "" {
		on = text.Line(service)
	}
	if s.account != "" {
		return fmt.Errorf("no grant for %q is held on %s. Sign in first: reconnect login %s", text.Line(s.account), on, first(service, "SERVICE"))
	}
	return fmt.Errorf("no grant is held on %s, so there is nothing to ask with. Sign in first: reconnect login %s", on, first(service, "SERVICE"))
}

// heldLine names a grant in a list.
func heldLine(h connection.Held) text.Safe {
	return text.Format("%s (%s)", text.Line(h.Key), h.Name())
}
