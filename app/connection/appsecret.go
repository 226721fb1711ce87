package connection

import (
	"context"
	"errors"
	"fmt"

	"reconnect/platforms/explain"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store/secrets"
)

// A client secret that somebody typed is kept only when the platform took it, and
// forgotten when the platform refuses it.

// keepSecret keeps a typed client secret that the platform took.
func (c *Connections) keepSecret(ctx context.Context, s Service, client *live.Client) error {
	c.mu.Lock()
	typed, found := c.typed[s.Key]
	c.mu.Unlock()
	if !found || !client.Accepted() {
		return nil
	}
	k, err := c.keeperNow(ctx)
	if err != nil {
		return err
	}
	if err := k.Put(context.WithoutCancel(ctx), secretName(s), secrets.NewSecret(typed.Reveal())); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.typed, s.Key)
	return nil
}

// misfit is err. If it says that the client secret does not fit, that one is
// forgotten, and the error tells so; and if it says that one is missing, how to give it.
func (c *Connections) misfit(ctx context.Context, s Service, err error) error {
	var refused *live.LoginError
	if !errors.As(err, &refused) || !refused.Secret && !refused.Lacks {
		return err
	}
	if refused.Lacks {
		return mended(refused, text.Format("Your app at %s has a client secret, and none was sent.", s.Name),
			text.Format("Write confidential = true under [apps.%s] in config.toml, or set %s.", text.Line(s.Key), text.Line(Variable(s.Key))), again(s))
	}
	do := text.Format("It stands in %s: set the right one there.", text.Line(Variable(s.Key)))
	if !c.fromEnvironment(s) {
		do = text.Const("It was forgotten, and the next sign-in asks for it.")
		if _, err := c.ForgetApp(context.WithoutCancel(ctx), s.Key); err != nil {
			do = text.Format("It could not be forgotten: %s.", text.Line(err.Error()))
		}
	}
	copied := text.Format("Copy the client secret from the settings of your app at %s.", s.Name)
	if s.Either {
		copied = text.Format("%s If it is of the type Native App, it has none: take confidential out of [apps.%s] in config.toml.", copied, text.Line(s.Key))
	}
	return mended(refused, text.Format("The client secret of your app does not fit. %s", do), copied, again(s))
}

// mended is a refusal of the app in other words, with what to do about it.
func mended(refused *live.LoginError, meaning text.Safe, do ...text.Safe) error {
	next := *refused
	next.Verdict.Meaning, next.Verdict.Next = meaning, explain.Next{Step: explain.Fix, Do: do}
	return &next
}

// again is how to sign in to a service once more.
func again(s Service) text.Safe {
	return text.Format("Sign in again: reconnect login %s", text.Line(s.Key))
}

// fromEnvironment tells whether the client secret of a service comes from there.
func (c *Connections) fromEnvironment(s Service) bool {
	return c.options.Secret != nil && !c.options.Secret(s.Key).Empty()
}

// ForgetApp forgets the client secret of a service, and tells whether one was kept.
// One in the environment stays there.
func (c *Connections) ForgetApp(ctx context.Context, service string) (forgotten bool, err error) {
	var none *NotSetUpError
	s, err := c.SetUp(service)
	if err != nil && !errors.As(err, &none) {
		return false, err
	}
	c.mu.Lock()
	delete(c.clients, s.Key)
	delete(c.typed, s.Key)
	c.mu.Unlock()
	k, err := c.keeperNow(ctx)
	if err != nil {
		return false, err
	}
	if _, err = k.Get(ctx, secretName(s)); isUnknown(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, k.Delete(ctx, secretName(s))
}

// An ElsewhereError says that a grant is not among those in memory, where alone
// secrets are now.
type ElsewhereError struct{ Held Held }

func (e *ElsewhereError) Error() string {
	return fmt.Sprintf("%s is kept elsewhere, and the settings say to keep secrets in memory. Take secrets = \"memory\" out of config.toml to reach it", e.Held.Name())
}

// away tells whether a grant is remembered, and its secrets are kept elsewhere than
// in memory, where alone secrets are now.
func (c *Connections) away(ctx context.Context, h Held) (bool, error) {
	k, err := c.keeperNow(ctx)
	if err != nil || k.Place() != secrets.Memory {
		return false, err
	}
	c.mu.Lock()
	_, here := c.passing[h.Key]
	c.mu.Unlock()
	if here {
		return false, nil
	}
	records, err := c.options.Records.Records(ctx, recordPrefix+h.Key)
	return len(records) > 0, err
}
