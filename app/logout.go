package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"reconnect/app/connection"
	"reconnect/platforms/text"
	"reconnect/store"
)

// leaving are the flags of logout.
type leaving struct {
	selection
	all, forget bool
}

// logoutCommand gives grants back and forgets them.
func (p Program) logoutCommand(o *options) *cobra.Command {
	var q leaving
	c := &cobra.Command{
		Use: "logout [SERVICE]", Short: "Give a grant back to the platform, and forget it",
		Long: "Give a grant that reconnect login got back to the platform, and forget its\n" +
			"token. Where a platform has no way to take it back, it says where to remove\n" +
			"the app. \"logout feed\" forgets the token of Aibrify's feed.\n" + servicesHelp(feedName),
		Example: "reconnect logout facebook\nreconnect logout --account @mikabakes\n" +
			"reconnect logout --all --json\nreconnect logout x --forget",
		ValidArgs: append(connection.Names(), feedName), Args: serviceArg(false, feedName),
		RunE: func(c *cobra.Command, args []string) error {
			q.selection = selected(args, q.account)
			return p.logout(c, *o, q)
		},
	}
	flags := c.Flags()
	flags.StringVar(&q.account, "account", "", "the grant for this account, as Aibrify names it")
	flags.BoolVar(&q.all, "all", false, "every grant that fits, where there are several")
	flags.BoolVar(&q.forget, "forget", false, "forget it here, and the app's client secret, without telling the platform")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	return c
}

// A left is what became of a grant, as --json prints it.
type left struct {
	Key       string    `json:"key"`
	Service   string    `json:"service"`
	Account   text.Safe `json:"account,omitzero"`
	Revoked   bool      `json:"revoked"`             // the platform took it back
	Forgotten bool      `json:"forgotten"`           // its token is no longer here
	FellWith  string    `json:"fell_with,omitempty"` // the key of the grant whose giving back ended it
	Says      text.Safe `json:"says,omitzero"`
	Error     text.Safe `json:"error,omitzero"` // why it is kept
}

func (p Program) logout(c *cobra.Command, o options, q leaving) error {
	ctx, r, err := p.live(c, o)
	if err != nil {
		return err
	}
	defer r.close()
	if q.name == feedName {
		return r.logoutFeed(ctx)
	}
	chosen, err := r.leaving(ctx, q)
	if err != nil {
		return err
	}
	all, failed := []left{}, []error(nil)
	for _, h := range chosen {
		if slices.ContainsFunc(all, func(l left) bool { return l.Key == h.Key && l.Forgotten }) {
			continue // it fell with another one
		}
		l, err := r.leave(ctx, h, q.forget)
		all, failed = append(all, l...), append(failed, err)
	}
	secrets, err := r.forgetApps(ctx, q)
	failed = append(failed, err)
	if r.json {
		failed = append(failed, writeJSON(r.out, map[string]any{"schema": schema, "grants": all, "client_secrets": secrets}))
	}
	return errors.Join(failed...)
}

// forgetApps forgets the client secrets of the services that are meant, where nothing
// but forgetting was asked for, and gives their names.
func (r *liveRun) forgetApps(ctx context.Context, q leaving) ([]string, error) {
	forgotten := []string{}
	for _, s := range connection.Services() {
		if !q.forget || q.account != "" || q.name != s.Key && !(q.all && q.name == "") {
			continue
		}
		var kept bool
		err := r.unlocked(func() (err error) {
			kept, err = r.ForgetApp(ctx, s.Key)
			return err
		})
		if err != nil {
			return forgotten, err
		}
		if kept {
			forgotten = append(forgotten, s.Key)
			r.say(text.Format("The client secret of your %s app is forgotten, too.", s.Name))
		}
	}
	return forgotten, nil
}

// leaving are the grants that are meant.
func (r *liveRun) leaving(ctx context.Context, q leaving) ([]connection.Held, error) {
	all, err := r.Held(ctx)
	if err != nil {
		return nil, err
	}
	chosen := q.of(all)
	if !q.all { // the name of a platform's default service means that one, where it is held
		if own := q.ofService(chosen); len(own) > 0 {
			chosen = own
		}
	}
	switch {
	case len(chosen) == 0 && q.account != "":
		return nil, fmt.Errorf("no grant for %q is held. %s", text.Line(q.account), heldNow(all))
	case len(chosen) == 0 && isKey(q.name):
		return nil, fmt.Errorf("no grant is called %s. %s", text.Line(q.name), heldNow(all))
	case len(chosen) == 0 && len(all) > 0:
		r.say(text.Format("No grant of %s is held, so there is nothing to give back. %s.", text.Line(q.name), heldNow(all)))
	case len(chosen) == 0:
		r.say(text.Const("No grant is held, so there is nothing to give back."))
	case len(chosen) > 1 && !q.all:
		return nil, usage("several grants fit: %s. Name one, as in reconnect logout %s, or take them all with --all", heldLines(chosen), chosen[0].Key)
	}
	return chosen, nil
}

// leave gives one grant back, or only forgets it. What else falls is said before.
func (r *liveRun) leave(ctx context.Context, h connection.Held, forget bool) ([]left, error) {
	if forget {
		l, err := r.leaveOne(ctx, h, true)
		return []left{l}, err
	}
	falls, others, err := r.Falling(ctx, h)
	if err != nil {
		return nil, err
	}
	if !falls.Empty() {
		r.say(text.Format("Now %s is given back. %s", heldLine(h), falls))
	}
	if len(others) > 0 {
		r.say(text.Format("Held with the same app: %s.", heldLines(others)))
	}
	l, err := r.leaveOne(ctx, h, false)
	all := []left{l}
	for _, other := range others {
		if l.Revoked && err == nil {
			all = append(all, r.fell(ctx, other, h))
		}
	}
	return all, err
}

// fell says what became of a grant of the same app as one that was given back.
func (r *liveRun) fell(ctx context.Context, h, with connection.Held) left {
	l := left{Key: h.Key, Service: h.Service, Account: h.Name()}
	err := r.unlocked(func() (err error) {
		l.Forgotten, err = r.Fell(ctx, h)
		return err
	})
	switch {
	case err != nil:
		l.Error = text.Format("whether it fell could not be asked: %s", reason(err))
		r.say(text.Format("%s is kept: %s. To ask: reconnect check %s", heldLine(h), l.Error, text.Line(h.Key)))
	case l.Forgotten:
		l.Revoked, l.FellWith, l.Says = true, with.Key, text.Const("It fell with the other one.")
		r.say(text.Format("%s fell with it, and is forgotten, too.", heldLine(h)))
	default:
		l.Says = text.Const("It still works, and is kept.")
		r.say(text.Format("%s still works, and is kept.", heldLine(h)))
	}
	return l
}

// leaveOne gives one grant back, or only forgets it.
func (r *liveRun) leaveOne(ctx context.Context, h connection.Held, forget bool) (left, error) {
	l := left{Key: h.Key, Service: h.Service, Account: h.Name()}
	err := r.unlocked(func() (err error) {
		if forget {
			l.Says = text.Const("The platform was not told: it may still list the app.")
			if s, known := connection.Find(h.Service); known {
				l.Says = text.Format("%s %s", l.Says, s.RemoveIt())
			}
			return r.Forget(ctx, h)
		}
		l.Says, l.Revoked, err = r.Logout(ctx, h)
		return err
	})
	if err != nil {
		l.Says, l.Error = text.Safe{}, reason(err)
		return l, keptWords(ctx, h, err)
	}
	l.Forgotten = true
	if forget {
		r.say(text.Format("%s is forgotten here. %s", heldLine(h), l.Says))
	} else {
		r.say(text.Format("%s is forgotten. %s", heldLine(h), l.Says))
	}
	return l, nil
}

// keptWords say why a grant is kept: because of this computer, or of the platform.
func keptWords(ctx context.Context, h connection.Held, err error) error {
	var own *store.Error
	var elsewhere *connection.ElsewhereError
	var other *connection.OtherAppError
	switch {
	case errors.As(err, &other):
		return fmt.Errorf("%s is kept, because it cannot be given back: %w. Or forget it here alone: reconnect logout %s --forget. The person removes the app %s",
			heldLine(h), err, h.Key, other.Removal)
	case cancelled(ctx):
		return fmt.Errorf("stopped. %s is kept", heldLine(h))
	case errors.As(err, &elsewhere): // it says so itself
		return err
	case errors.As(err, &own):
		return fmt.Errorf("%s is kept, because %w", heldLine(h), err)
	}
	return fmt.Errorf("%s is kept, because the platform could not be told: %w. Try again, or forget it here alone: reconnect logout %s --forget",
		heldLine(h), err, h.Key)
}

func (r *liveRun) logoutFeed(ctx context.Context) error {
	var forgotten bool
	err := r.unlocked(func() (err error) {
		forgotten, err = r.ForgetFeedToken(ctx)
		return err
	})
	if err != nil {
		return err
	}
	says := text.Const("No token of the feed is kept here, so there is nothing to forget.")
	if forgotten {
		says = text.Const("The token of the feed is forgotten here. Aibrify was not told.")
	}
	r.say(says)
	if r.json {
		return writeJSON(r.out, map[string]any{"schema": schema, "grants": []left{}, "feed": map[string]bool{"forgotten": forgotten}})
	}
	return nil
}

// heldNow is a sentence about what is held.
func heldNow(all []connection.Held) text.Safe {
	if len(all) == 0 {
		return text.Const("None is held at all")
	}
	return text.Format("Held are: %s", heldLines(all))
}

func heldLines(all []connection.Held) text.Safe {
	var names []text.Safe
	for _, h := range all {
		names = append(names, heldLine(h))
	}
	return text.Join(", ", names...)
}
