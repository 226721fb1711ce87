package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"reconnect/app/connection"
	"reconnect/platforms/text"
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
		Long: "Give a grant that reconnect login got back to the platform, and forget its token. Where a platform has no\n" +
			"way to take it back, it says where to remove the app. \"logout feed\" forgets the token of Aibrify's feed.",
		Example:   "reconnect logout facebook\nreconnect logout --account @mikabakes\nreconnect logout --all\nreconnect logout x --forget",
		ValidArgs: append(connection.Names(), feedName), Args: serviceArg(false, feedName),
		RunE: func(c *cobra.Command, args []string) error {
			q.selection = selected(args, q.account)
			return p.logout(c, *o, q)
		},
	}
	flags := c.Flags()
	flags.StringVar(&q.account, "account", "", "the grant for this account, as Aibrify names it")
	flags.BoolVar(&q.all, "all", false, "every grant that fits, where there are several")
	flags.BoolVar(&q.forget, "forget", false, "forget it here without telling the platform")
	return c
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
	all, err := r.Held(ctx)
	if err != nil {
		return err
	}
	chosen := q.of(all)
	switch {
	case len(chosen) == 0 && q.account != "":
		return fmt.Errorf("no grant for %q is held. %s", text.Line(q.account), heldNow(all))
	case len(chosen) == 0:
		r.say(text.Const("No grant is held, so there is nothing to give back."))
		return nil
	case len(chosen) > 1 && !q.all:
		return fmt.Errorf("several grants fit: %s. Name one, as in reconnect logout %s, or take them all with --all", heldLines(chosen), chosen[0].Key)
	}
	var failed []error
	for _, h := range chosen {
		failed = append(failed, r.leave(ctx, h, q.forget))
	}
	return errors.Join(failed...)
}

// leave gives one grant back, or only forgets it.
func (r *liveRun) leave(ctx context.Context, h connection.Held, forget bool) error {
	if forget {
		if err := r.Forget(ctx, h); err != nil {
			return err
		}
		r.say(text.Format("%s is forgotten here. The platform was not told: it may still list the app.", heldLine(h)))
		return nil
	}
	said, err := r.Logout(ctx, h)
	if err != nil {
		return fmt.Errorf("%s is kept, because the platform could not be told: %w. Try again, or forget it here alone: reconnect logout %s --forget",
			heldLine(h), err, h.Key)
	}
	r.say(text.Format("%s is forgotten. %s", heldLine(h), said))
	return nil
}

func (r *liveRun) logoutFeed(ctx context.Context) error {
	if err := r.ForgetFeedToken(ctx); err != nil {
		return err
	}
	r.say(text.Const("The token of the feed is forgotten here. Aibrify was not told."))
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
