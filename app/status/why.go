package status

import (
	"context"
	"errors"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// longer is what gives it more time.
var longer = text.Const("reconnect status --timeout 5m")

// whyNot says why something could not be asked, and what to do about it. h is the
// grant that was to be asked with, if it was one.
func whyNot(err error, h connection.Held) (why, do text.Safe) {
	var lost *connection.LostError
	var elsewhere *connection.ElsewhereError
	var app *connection.NotSetUpError
	var secret *connection.NoSecretError
	var other *connection.OtherAppError
	switch {
	case errors.Is(err, secrets.ErrNoPassphrase):
		return sealed(h)
	case errors.As(err, &lost):
		return text.Const("its token is no longer where it was kept"), connection.SignIn(h)
	case errors.As(err, &elsewhere):
		return text.Const("its token is kept elsewhere, and the settings say to keep secrets in memory"),
			text.Const(`Take secrets = "memory" out of config.toml.`)
	case errors.As(err, &other):
		return text.Const("its grant was given to another app, or at other addresses, than config.toml has now"), connection.SignIn(h)
	case errors.As(err, &app):
		return text.Format("no app is set up for %s any more", app.Service.Name),
			text.Format("Put it back under [apps.%s] in config.toml, or: reconnect logout %s", text.Line(h.Service), text.Line(h.Service))
	case errors.As(err, &secret):
		return text.Format("the client secret of your %s app is not known here", secret.Service.Name), connection.SignIn(h)
	}
	if why, do, ok := told(err); ok {
		return why, do
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return text.Const("the time was over before it was asked"), longer
	case errors.Is(err, context.Canceled):
		return text.Const("it was ended before it was asked"), text.Safe{}
	}
	return clean(err.Error()), text.Safe{}
}

// sealed says that what is needed is in the encrypted file. Who is at a terminal is
// not asked either, so that it runs the same by itself. There is no variable for a
// passphrase: what unlocks tokens is not to stand where other programs read it.
func sealed(h connection.Held) (why, do text.Safe) {
	if h.Service == "" {
		return text.Const("its token is in the encrypted file, and status asks nobody for the passphrase"),
			text.Const("Have secrets kept in the keyring, or name a file or a command under [feed] in config.toml.")
	}
	return text.Format("its token is in the encrypted file, and status asks nobody for the passphrase; %s does", ask(h)), ask(h)
}

// told are the errors that say by themselves why, and what to do.
func told(err error) (why, do text.Safe, ok bool) {
	var shown *feed.Error
	var kept *store.Error
	locked := kindOf(err)
	if errors.As(err, &kept) {
		why, do, ok = text.Join(": ", clean(kept.What), clean(kept.Why)), clean(kept.Do), true
	}
	if !locked.Empty() { // in short: the words themselves name a file
		why = text.Format("its token could not be had, because %s", locked)
	}
	if errors.As(err, &shown) {
		ok, do = true, do.Or(clean(shown.Do))
		if locked.Empty() {
			why = clean(shown.Why)
		}
	}
	return why, do, ok
}

// kindOf is why a secret could not be had, in a few words; empty if it is something else.
func kindOf(err error) text.Safe {
	for _, kind := range []error{secrets.ErrLocked, secrets.ErrHangs, secrets.ErrKeyring, secrets.ErrPassphrase,
		secrets.ErrDamaged, secrets.ErrNewer, secrets.ErrTooHard, secrets.ErrSymlink, secrets.ErrPermission, secrets.ErrBusy} {
		if errors.Is(err, kind) {
			return text.Line(kind.Error())
		}
	}
	return text.Safe{}
}

// clean is a foreign error in words, without its full stop.
func clean(raw string) text.Safe {
	s, _ := text.Redact(text.Line(raw))
	return clause(s)
}
