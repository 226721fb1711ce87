package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"runtime"
	"strings"
	"time"

	"golang.org/x/term"

	"reconnect/app/connection"
	"reconnect/app/plain"
	"reconnect/app/probe"
	"reconnect/app/session"
	"reconnect/app/wizard"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// wizard opens the wizard in the face that fits the terminal.
func (p Program) wizard(ctx context.Context, o options) error {
	s, err := o.settings()
	if err != nil {
		return err
	}
	if o.platform != "" {
		if _, err := platform(o.platform); err != nil {
			return err
		}
		if o.openCase != "" {
			return usage("--platform starts a new case and --case opens one. Use one of them")
		}
	}
	w := &work{options: o, settings: s}
	defer w.close()
	if s.plain || !p.fullScreen() {
		return p.plainFace(ctx, w)
	}
	last, err := wizard.Run(ctx, wizard.Options{Open: w.open, Browse: browse, Now: time.Now, Remote: remote()}, p.Stdin, p.Stdout)
	if err != nil {
		return err
	}
	p.goodbye(last.Last(), o)
	return nil
}

// fullScreen tells whether the terminal can show the full screen.
func (p Program) fullScreen() bool {
	return term.IsTerminal(int(p.Stdin.Fd())) && term.IsTerminal(int(p.Stdout.Fd())) &&
		os.Getenv("TERM") != "dumb" && os.Getenv("ACCESSIBLE") == ""
}

func (p Program) plainFace(ctx context.Context, w *work) error {
	ctx, stop := signal.NotifyContext(ctx, ends()...)
	defer stop()
	s, v, err := w.open(ctx)
	if err != nil {
		return err
	}
	face := plain.Face{In: screens.NewLines(newInput(ctx, p.Stdin)), Out: p.Stdout, Width: p.width(), Browse: browse,
		Hide: func() func() { return hide(int(p.Stdin.Fd()), func() {}) }}
	v, err = face.Run(ctx, s, v)
	if err != nil {
		return explainEnd(err, endOf(v, w.options))
	}
	p.goodbye(v, w.options)
	return nil
}

// width is where plain lines wrap: at the terminal's edge, and nowhere in a pipe.
func (p Program) width() int {
	width, _, err := term.GetSize(int(p.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// goodbye says that the case is saved and how to come back to it.
func (p Program) goodbye(v session.View, o options) {
	if v.Case == "" {
		return
	}
	_, _ = fmt.Fprintf(p.Stdout, "Case %s is saved at %s.\n%s\n", v.Case, session.PlaceTitle(v.State), howToReturn(v, o)) // nothing depends on it
}

// endOf is what an error at the end of the input adds, for the same. The command
// ends its line, so that the full stop of an error does not become part of it.
func endOf(v session.View, o options) string {
	if v.Case == "" {
		return ""
	}
	return ". " + howToReturn(v, o) + "\nThe case opens where it stands"
}

// howToReturn is the command that opens the case of v again, to be copied: nothing
// follows it. It finds the case in the folder that this one was told.
func howToReturn(v session.View, o options) string {
	command := "Go on with: reconnect --case " + v.Case
	for _, flag := range []struct{ name, value string }{{"--data", o.data}, {"--config", o.config}} {
		if flag.value != "" {
			command += " " + flag.name + " " + text.Argument(flag.value, runtime.GOOS).String()
		}
	}
	return command
}

// work is an open store and its session.
type work struct {
	options  options
	settings settings
	db       *store.DB

	connections *connection.Connections
	quiet       *connection.Connections // the same, with nobody there to be asked
}

// open opens the store and gives the first view: a case, the board for a new one, or the start.
func (w *work) open(ctx context.Context) (*session.Session, session.View, error) {
	db, err := store.Open(ctx, w.settings.data, store.Options{})
	if errors.Is(err, store.ErrReadOnly) {
		return nil, session.View{}, fmt.Errorf("%w Cases can still be read: reconnect cases", err)
	}
	if err != nil {
		return nil, session.View{}, err
	}
	w.db = db
	s := &session.Session{Log: db, Now: time.Now, By: text.Line(first(w.settings.name, currentUser())), Audience: w.settings.audience, Dir: w.settings.data}
	if w.settings.live.set() {
		w.connections = connections(w.settings, db, probe.Ask)
		w.quiet = connections(w.settings, db, nil)
		s.Prober = prober(w.settings, w.connections, w.quiet)
	}
	var v session.View
	switch {
	case w.options.openCase != "":
		v, err = s.Open(ctx, w.options.openCase)
	case w.options.platform != "":
		var svc platforms.Service
		if svc, err = platform(w.options.platform); err == nil {
			v, err = s.New(ctx, svc.ID)
		}
	default:
		v, err = s.Start(ctx)
	}
	return s, v, err
}

// currentUser is who is logged in, as the system knows them; empty if it does not.
func currentUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username[strings.LastIndex(u.Username, `\`)+1:] // without its Windows domain
}

func (w *work) close() {
	if w.connections != nil {
		w.connections.Close()
		w.quiet.Close()
	}
	if w.db != nil {
		_ = w.db.Close() // everything is durable already; closing only tidies up
	}
}

// remote tells whether the terminal is reached over SSH.
func remote() bool { return os.Getenv("SSH_CONNECTION") != "" || os.Getenv("SSH_TTY") != "" }
