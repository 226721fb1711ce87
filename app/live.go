package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"reconnect/app/connection"
	"reconnect/app/crash"
	"reconnect/app/feed"
	"reconnect/app/probe"
	"reconnect/app/session"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
	"reconnect/store/secrets"
)

// An asker asks a person for something that must not show. Nil: nobody is there.
type asker func(ctx context.Context, question text.Safe) (text.Secret, error)

// connections are what s says the platforms can be asked with.
func connections(s settings, db *store.DB, ask asker) *connection.Connections {
	// They are read now: before a browser is opened, they go.
	secret := map[string]text.Secret{}
	for _, service := range connection.Names() {
		secret[service] = text.NewSecret(os.Getenv(connection.Variable(service)))
	}
	given := func(service string) text.Secret { return secret[service] }
	o := connection.Options{
		LinkedInVersion: s.live.linkedInVersion,
		Apps:            s.live.apps,
		Secret:          given,
		Live:            live.Options{Now: time.Now},
	}
	if db != nil {
		o.Records = db
	}
	keeper := secrets.Options{Dir: s.data, Place: s.live.secrets, Go: crash.Go, NoPrompt: ask == nil}
	var c *connection.Connections
	if ask != nil {
		o.Ask = func(ctx context.Context, s connection.Service) (text.Secret, error) {
			where, err := c.Where(ctx)
			if err != nil {
				return text.Secret{}, err
			}
			return ask(ctx, text.Format("Client secret of your %s app, to be kept in %s. It stays hidden", s.Name, where))
		}
		keeper.Passphrase = ask.passphrase
	}
	o.Keeper = func(ctx context.Context) (*secrets.Keeper, error) { return secrets.Open(ctx, keeper) }
	c = connection.New(o)
	return c
}

// asker asks at the terminal; nil if nobody sits there.
func (p Program) asker() asker {
	if !term.IsTerminal(int(p.Stdin.Fd())) {
		return nil
	}
	return p.hidden
}

// passphrase asks for the passphrase of the file with the secrets.
func (ask asker) passphrase(ctx context.Context, file secrets.Ask) (secrets.Secret, error) {
	question := text.Format("Passphrase of %s", text.Name(file.Path))
	if file.New {
		question = text.Format("Choose a passphrase for the new encrypted file %s, 8 characters or more", text.Name(file.Path))
	}
	if file.Wrong != "" {
		question = text.Format("%s. %s", text.Line(strings.ToUpper(file.Wrong[:1])+file.Wrong[1:]), question)
	}
	typed, err := ask(ctx, question)
	if given := secrets.NewSecret(typed.Reveal()); err != nil || !file.New || !file.Takes(given) {
		return given, err
	}
	again, err := ask(ctx, text.Const("The same passphrase once more"))
	if err != nil || typed.Equal(again) {
		return secrets.NewSecret(typed.Reveal()), err
	}
	file.Wrong = "the two passphrases differ"
	return ask.passphrase(ctx, file)
}

// errNobody says that there is nobody to be asked.
var errNobody = errors.New("nobody is there to be asked. Run it in a terminal")

// hidden asks for a text that does not show, on stderr, so that stdout stays what
// was printed.
func (p Program) hidden(ctx context.Context, question text.Safe) (text.Secret, error) {
	fd := int(p.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return text.Secret{}, errNobody
	}
	// Before the question: whoever answers the moment it is there is not to be seen.
	prompt := func() { _, _ = fmt.Fprint(p.Stderr, question, ": ") } // one that cannot be written shows in what follows
	defer hide(fd, prompt)()
	typed := make(chan line, 1)
	crash.Go(func() { // a terminal gives one line, so nothing is read beyond it
		raw, err := screens.NewLines(p.Stdin).Next()
		typed <- line{raw, err}
	}, func(err error) { typed <- line{err: err} })
	prompt()
	defer func() { _, _ = fmt.Fprintln(p.Stderr) }() // the line that the person ended did not show
	select {
	case a := <-typed:
		if errors.Is(a.err, screens.ErrEnd) {
			a.err = errors.New("the input ended before there was an answer. Nothing was kept")
		}
		return text.NewSecret(a.text), a.err
	case <-ctx.Done():
		return text.Secret{}, ctx.Err()
	}
}

// secretLine reads one secret from a pipe: what reconnect check --token - takes.
func secretLine(in io.Reader) (text.Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(in, 8<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return text.Secret{}, fmt.Errorf("the token cannot be read: %w", err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return text.Secret{}, errors.New("no token came in. Pipe it in, on one line")
	}
	return text.NewSecret(line), nil
}

// feedSource is where to read what Aibrify shows.
func feedSource(s settings, c *connection.Connections) feed.Source {
	source := s.live.feed.source()
	source.Token, source.Now, source.Go = c.FeedToken, time.Now, crash.Go
	return source
}

// prober asks in place of a person, with what s has. quiet asks nobody.
func prober(s settings, c, quiet *connection.Connections) *probe.Prober {
	p := &probe.Prober{Connections: c, Quiet: quiet, Remote: remote()}
	if source := feedSource(s, c); source.Set() {
		p.Feed = func(ctx context.Context) (time.Time, []session.Shown, error) {
			read, err := source.Read(ctx)
			return read.At, shown(read), err
		}
	}
	return p
}

// shown is what was read, as a session takes it.
func shown(read feed.Feed) []session.Shown {
	var all []session.Shown
	for _, c := range read.Connections {
		all = append(all, session.Shown{Platform: c.Platform, Account: c.Account, Colour: c.Colour, Expires: c.Expires, Error: c.Error})
	}
	return all
}

// customNote is what every screen and report says if other endpoints are asked
// than the platforms' own.
func (s settings) customNote() text.Safe {
	if !s.live.custom {
		return text.Safe{}
	}
	return text.Const("Other endpoints than the platforms' own are asked (custom_endpoints = true in config.toml).")
}
