//go:build unix

package app_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reconnect/platforms/sim"
)

// TestLoginWithout signs in on a computer that lacks something: it says what, and the
// sign-in works all the same.
func TestLoginWithout(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(r *liveRun)
		says   string
		phrase bool // secrets go into the file
	}{
		"no browser": {func(r *liveRun) { r.path(r.t.TempDir()) },
			"No browser was opened, because no program for that is installed. Open the address above yourself.", false},
		"a browser that does not start": {func(r *liveRun) {
			dir := r.t.TempDir()
			for _, opener := range []string{"xdg-open", "open"} {
				if err := os.WriteFile(filepath.Join(dir, opener), []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
					r.t.Fatal(err)
				}
			}
			r.path(dir)
		}, "No browser could be opened: ", false},
		"no keyring": {func(r *liveRun) {
			r.path(r.t.TempDir())
			r.change("secrets = \"memory\"\n", "")
			r.env = append(r.env, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus")
		}, "Choose a passphrase", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := live(t, []string{"facebook"})
			row.change(r)
			x := r.terminal("login", "facebook")
			if x.Sees(row.says); row.phrase {
				x.Type(filePhrase + "\n").Sees("once more").Type(filePhrase + "\n")
			}
			address := r.address(x)
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			r.world.Register(sim.Facebook, u.Query().Get("redirect_uri"))
			if _, err := r.world.Browse(context.WithoutCancel(t.Context()), address); err != nil {
				t.Fatal(err)
			}
			says(t, r.ended(x, 0), "Signed in.")
		})
	}
}

// path is where the program looks for others.
func (r *liveRun) path(dir string) {
	for i, pair := range r.env {
		if strings.HasPrefix(pair, "PATH=") {
			r.env[i] = "PATH=" + dir
		}
	}
}
