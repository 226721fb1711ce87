package secrets

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/godbus/dbus/v5"
)

const (
	secretService = "org.freedesktop.secrets"
	secretPath    = dbus.ObjectPath("/org/freedesktop/secrets")
	secretLogin   = secretPath + "/collection/login"
	secretIface   = "org.freedesktop.Secret.Service"
)

// standing looks at the Secret Service before go-keyring does. That one would
// start a bus of its own where there is none, and tells no missing service from a
// locked one. Nothing here opens a window.
func (system) standing(ctx context.Context) error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return absent("there is no session bus (D-Bus) here")
	}
	defer conn.Close() //nolint:errcheck // nothing was written
	if errors.Join(conn.Auth(nil), conn.Hello()) != nil {
		return absent("the session bus (D-Bus) does not let the program in")
	}
	if !served(ctx, conn) {
		return absent("no program on the session bus keeps secrets (Secret Service)")
	}
	return collection(ctx, conn)
}

// served tells whether the Secret Service runs or would be started.
func served(ctx context.Context, conn *dbus.Conn) bool {
	for _, method := range []string{"ListNames", "ListActivatableNames"} {
		var names []string
		err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus."+method, 0).Store(&names)
		if err == nil && slices.Contains(names, secretService) {
			return true
		}
	}
	return false
}

// collection looks at the keyring that go-keyring will use: the one called login,
// else the default one.
func collection(ctx context.Context, conn *dbus.Conn) error {
	all := conn.Object(secretService, secretPath)
	var paths []dbus.ObjectPath
	if err := property(ctx, all, secretIface, "Collections", &paths); err != nil {
		return absent("the Secret Service does not start" + code(err))
	}
	path := secretLogin
	if !slices.Contains(paths, path) {
		err := all.CallWithContext(ctx, secretIface+".ReadAlias", 0, "default").Store(&path)
		if err != nil || path == "/" {
			return absent("the Secret Service holds no keyring yet")
		}
	}
	var locked bool
	if err := property(ctx, conn.Object(secretService, path), "org.freedesktop.Secret.Collection", "Locked", &locked); err != nil {
		return err
	}
	if locked {
		return lockedFault()
	}
	return nil
}

func property(ctx context.Context, o dbus.BusObject, iface, name string, into any) error {
	var v dbus.Variant
	if err := o.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, iface, name).Store(&v); err != nil {
		return err
	}
	return v.Store(into)
}

func isLocked(err error) bool { return busError(err) == "org.freedesktop.Secret.Error.IsLocked" }

var plainError = regexp.MustCompile(`^[A-Za-z0-9._]{1,100}$`)

// busError is the name of a D-Bus error, which is none of its words.
func busError(err error) string {
	var e dbus.Error
	if errors.As(err, &e) && plainError.MatchString(e.Name) {
		return e.Name
	}
	return ""
}
