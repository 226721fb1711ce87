package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"reconnect/app/connection"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/screens"
	"reconnect/store"
)

// TestWorst: the worst code wins.
func TestWorst(t *testing.T) {
	for _, row := range []struct {
		want  int
		codes []int
	}{
		{ExitFine, nil}, {ExitFine, []int{ExitFine}}, {ExitAttention, []int{ExitFine, ExitAttention}},
		{ExitUnchecked, []int{ExitAttention, ExitUnchecked, ExitFine}}, {ExitFailed, []int{ExitFailed, ExitUnchecked}},
		{ExitBroken, []int{ExitUnchecked, ExitBroken, ExitAttention}}, {ExitBroken, []int{ExitFailed, ExitBroken}},
	} {
		if got := worst(row.codes...); got != row.want {
			t.Errorf("%v: %d, want %d", row.codes, got, row.want)
		}
	}
}

// TestNoGrant: each end of a login says why, and what to do.
func TestNoGrant(t *testing.T) {
	s, _ := connection.Find("x")
	for _, row := range []struct {
		err  error
		says []string
	}{
		{&live.TimeoutError{After: live.LoginTime}, []string{"within 5 minutes", "error page", "reconnect explain"}},
		{&live.Fault{Kind: live.NoName}, []string{"the name of the host was not found", "Nothing was kept", "Sign in again"}},
		{&live.Fault{Kind: live.Cancelled}, []string{"stopped", "Nothing was kept"}},
		{&live.ForgedError{Restarts: 5}, []string{"keeps sending wrong answers", "5 restarts"}},
		{screens.ErrEnd, []string{"the input ended", "Nothing was kept"}},
	} {
		var out bytes.Buffer
		r := &liveRun{Connections: connection.New(connection.Options{Live: live.Options{Now: time.Now}}), out: &out, talk: &out}
		err := r.noGrant(row.err, s)
		for _, part := range row.says {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%T: %v lacks %q", row.err, err, part)
			}
		}
	}
}

// TestLeaving: the name of a platform means its default service, where a grant of that
// is held, and the other one where not.
func TestLeaving(t *testing.T) {
	grant := func(key, service string) connection.Held {
		return connection.Held{Key: key, Service: service, Grant: live.Grant{Platform: platforms.Instagram}}
	}
	both := []connection.Held{grant("instagram/1", "instagram"), grant("instagram-login/2", "instagram-login")}
	for _, row := range []struct {
		name string
		held []connection.Held
		want string
	}{
		{"instagram", both, "instagram/1"}, {"instagram-login", both, "instagram-login/2"}, {"instagram-login/2", both, "instagram-login/2"},
		{"instagram", both[1:], "instagram-login/2"},
	} {
		kept := &records{}
		for _, h := range row.held {
			kept.put(t, h)
		}
		var out bytes.Buffer
		r := &liveRun{Connections: connection.New(connection.Options{Records: kept}), out: &out, talk: &out}
		got, err := r.leaving(t.Context(), leaving{selection: selection{name: row.name}})
		if err != nil || len(got) != 1 || got[0].Key != row.want {
			t.Errorf("%s: %v, %v", row.name, got, err)
		}
	}
}

// records are the records of grants.
type records struct{ all []store.Record }

func (r *records) put(t *testing.T, h connection.Held) {
	t.Helper()
	raw, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	r.all = append(r.all, store.Record{Name: "grant/" + h.Key, Data: raw})
}

func (r *records) PutRecord(context.Context, store.Record) error { return nil }

func (r *records) ReplaceRecord(context.Context, store.Record) error { return nil }

func (r *records) Records(context.Context, string) ([]store.Record, error) { return r.all, nil }

func (r *records) DropRecord(context.Context, string) error { return nil }

// TestNotBegun: a login that cannot begin says how it can.
func TestNotBegun(t *testing.T) {
	s, _ := connection.Find("x")
	for want, err := range map[string]error{
		"reconnect login x --reconnect": &live.HarmError{Platform: platforms.X, Reason: s.Harm},
		"reconnect login x --paste":     &live.PortError{Port: 8977, Taken: true},
		"apps.x: redirect: it is none":  &live.ConfigError{Field: "redirect", Reason: "it is none"},
		"stopped. Nothing was kept":     stopped(context.Canceled),
		"something else":                errors.New("something else"),
	} {
		if got := notBegun(err, s).Error(); !strings.Contains(got, want) {
			t.Errorf("%T: %s lacks %q", err, got, want)
		}
	}
}

// TestBrowserFound looks for what opens a browser on each system.
func TestBrowserFound(t *testing.T) {
	t.Setenv("SSH_TTY", "")
	t.Setenv("SSH_CONNECTION", "")
	only := func(there string) func(string) (string, error) {
		return func(name string) (string, error) {
			if name != there {
				return "", exec.ErrNotFound
			}
			return "/bin/" + name, nil
		}
	}
	for _, row := range []struct{ system, there, outcome string }{
		{"linux", "xdg-open", "fine"}, {"linux", "www-browser", "fine"}, {"linux", "", "attention"}, {"freebsd", "xdg-open", "fine"},
		{"darwin", "open", "fine"}, {"darwin", "xdg-open", "attention"}, {"windows", "rundll32", "fine"},
	} {
		if f := aboutBrowser(row.system, only(row.there)); f.Outcome != row.outcome {
			t.Errorf("%s with %q: %s", row.system, row.there, f.Outcome)
		}
	}
	t.Setenv("SSH_TTY", "/dev/pts/1")
	if f := aboutBrowser("linux", only("xdg-open")); f.Outcome != "attention" || !strings.Contains(f.Found.String(), "SSH") {
		t.Errorf("over SSH: %+v", f)
	}
}
