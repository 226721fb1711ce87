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
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// connections are what s says the platforms can be asked with. asks tells whether
// somebody is there to be asked for a passphrase or a secret.
func (p Program) connections(s settings, db *store.DB, asks bool) *connection.Connections {
	o := connection.Options{
		LinkedInVersion: s.live.linkedInVersion,
		Apps:            s.live.apps,
		Records:         db,
		Secret:          func(service string) text.Secret { return text.NewSecret(os.Getenv(connection.Variable(service))) },
		Live:            live.Options{Now: time.Now},
	}
	keeper := secrets.Options{Dir: s.data, Place: s.live.secrets, Go: crash.Go, NoPrompt: !asks}
	if asks {
		o.Ask = p.askSecret
		keeper.Passphrase = p.askPassphrase
	}
	o.Keeper = func(ctx context.Context) (*secrets.Keeper, error) { return secrets.Open(ctx, keeper) }
	return connection.New(o)
}

// asks tells whether somebody sits at the terminal.
func (p Program) asks() bool { return term.IsTerminal(int(p.Stdin.Fd())) }

// askSecret asks for the secret of an app, once: it is kept then.
func (p Program) askSecret(ctx context.Context, s connection.Service) (text.Secret, error) {
	return p.hidden(ctx, fmt.Sprintf("Client secret of your %s app (it does not show; it is kept where secrets are): ", s.Name))
}

// askPassphrase asks for the passphrase of the file with the secrets.
func (p Program) askPassphrase(ctx context.Context, ask secrets.Ask) (secrets.Secret, error) {
	question := "Passphrase of " + text.Name(ask.Path).String() + ": "
	if ask.Again {
		question = "That did not open it. " + question
	}
	if !ask.New {
		typed, err := p.hidden(ctx, question)
		return secrets.NewSecret(typed.Reveal()), err
	}
	typed, err := p.hidden(ctx, "There is no keyring here. Choose a passphrase for "+text.Name(ask.Path).String()+" (8 characters or more): ")
	if err != nil {
		return secrets.Secret{}, err
	}
	again, err := p.hidden(ctx, "The same once more: ")
	if err == nil && !typed.Equal(again) {
		err = errors.New("the two passphrases differ. Nothing was kept; start again")
	}
	return secrets.NewSecret(typed.Reveal()), err
}

// errNobody says that there is nobody to be asked.
var errNobody = errors.New("nobody is there to be asked. Run it in a terminal")

// hidden asks for a text that does not show. From a pipe it is a line. The terminal
// is asked on stderr, so that stdout stays what was printed.
func (p Program) hidden(ctx context.Context, question string) (text.Secret, error) {
	fd := int(p.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return text.Secret{}, errNobody
	}
	before, err := term.GetState(fd)
	if err != nil {
		return text.Secret{}, err
	}
	_, _ = fmt.Fprint(p.Stderr, question)            // a prompt that cannot be written shows in what follows
	defer func() { _, _ = fmt.Fprintln(p.Stderr) }() // the line that the person ended did not show
	type answer struct {
		typed []byte
		err   error
	}
	typed := make(chan answer, 1)
	crash.Go(func() {
		raw, err := term.ReadPassword(fd)
		typed <- answer{raw, err}
	}, func(err error) { typed <- answer{nil, err} })
	select {
	case a := <-typed:
		if errors.Is(a.err, io.EOF) {
			a.err = errors.New("the input ended before there was an answer")
		}
		return text.NewSecret(strings.TrimRight(string(a.typed), "\r\n")), a.err
	case <-ctx.Done():
		_ = term.Restore(fd, before) // the program ends; nothing is left to be done about it
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

// customNote is what every screen and report says if other endpoints are asked
// than the platforms' own.
func (s settings) customNote() text.Safe {
	if !s.live.custom {
		return text.Safe{}
	}
	return text.Const("Other endpoints than the platforms' own are asked (custom_endpoints = true in config.toml).")
}
