package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// TestDoctorFeed: the feed is read, and what is wrong with it is worth a look, in its
// own words.
func TestDoctorFeed(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	of := func(content string) feed.Source {
		file := filepath.Join(t.TempDir(), "feed.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return feed.Source{File: file}
	}
	answers := func(code int) feed.Source {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		t.Cleanup(server.Close)
		return feed.Source{URL: server.URL}
	}
	locked := answers(http.StatusOK)
	locked.Token = func(context.Context) (text.Secret, error) {
		return text.Secret{}, &store.Error{What: "no", Why: "locked", Err: secrets.ErrNoPassphrase}
	}
	const row = `[{"platform":"x","account":"@cafe","status":"connected"}]`
	for _, c := range []struct {
		name           string
		source         feed.Source
		outcome, found string
	}{
		{"none", feed.Source{}, "fine", "not set"},
		{"read", of(`{"schema":1,"at":"2026-11-23T08:15:42Z","connections":` + row + `}`), "fine", "read: 1 connection, as of 2026-11-23 08:15 UTC"},
		{"old", of(`{"schema":1,"at":"2026-11-20T08:15:42Z","connections":[]}`), "attention", "read: 0 connections, as of 2026-11-20"},
		{"not there", feed.Source{File: "/of/none.json"}, "attention", "/of/none.json is not there"},
		{"bad", of("{\n!}"), "attention", "it is broken JSON in line 2"},
		{"wants a token", answers(http.StatusUnauthorized), "attention", "(HTTP 401) wants a token"},
		{"in trouble", answers(http.StatusBadGateway), "attention", "(HTTP 502) is in trouble"},
		{"its token is locked", locked, "attention", "doctor asks nobody for the passphrase"},
		{"no such command", feed.Source{Command: []string{"reconnect-no-such-program"}}, "attention", "there is no program called"},
	} {
		c.source.Now = func() time.Time { return now }
		found := aboutFeed(t.Context(), c.source, false)
		if len(found) != 1 || found[0].Outcome != c.outcome || !strings.Contains(found[0].Found.String(), c.found) || (found[0].Do.Empty()) != (c.outcome == "fine") {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
	if found := aboutFeed(t.Context(), feed.Source{}, true); len(found) > 0 {
		t.Errorf("with partial settings: %+v", found)
	}
}

// TestReaches: what each service asks is on one line, and a host is tried once.
func TestReaches(t *testing.T) {
	const meta = "network instagram: www.facebook.com, graph.facebook.com answer"
	for _, c := range []struct {
		name   string
		apps   map[string]connection.App
		places int
		want   []string
	}{
		{"none", nil, 0, nil},
		{"two on the same hosts", map[string]connection.App{"instagram": {ClientID: "1"}, "facebook": {ClientID: "2"}}, 2,
			[]string{meta, strings.Replace(meta, "instagram", "facebook", 1)}},
		{"one address elsewhere", map[string]connection.App{"x": {ClientID: "1", Endpoints: map[string]string{"revoke": "https://proxy.example/revoke", "api": "https://proxy.example"}}}, 3,
			[]string{"network x: x.com, api.x.com answer", "endpoints x: api, revoke answer (custom_endpoints)"}},
	} {
		places, reaches := reachesOf(connection.New(connection.Options{Apps: c.apps}))
		var got []string
		for _, r := range reaches {
			got = append(got, r.part+" "+r.found().Found.String())
		}
		if !slices.Equal(got, c.want) || len(places) != c.places {
			t.Errorf("%s: %d places\n%s", c.name, len(places), strings.Join(got, "\n"))
		}
	}
}

// TestReachFound: what does not answer is named with why, after what does.
func TestReachFound(t *testing.T) {
	fine, off, slow := &place{}, &place{err: errors.New("no connection")}, &place{err: errors.New("too slow")}
	for _, c := range []struct {
		part   string
		places []*place
		want   string
	}{
		{"network", []*place{fine, fine, fine}, "x: a, b, c answer"},
		{"network", []*place{off, fine, slow}, "x: b answers; a: no connection; c: too slow"},
		{"endpoints", []*place{off, off, off}, "x: a, b, c: no connection (custom_endpoints)"},
	} {
		f := reach{part: c.part, service: "x", names: []string{"a", "b", "c"}, places: c.places}.found()
		broken := slices.Contains(c.places, off)
		if f.Found.String() != c.want || (f.Outcome == "broken") != broken || f.Do.Empty() == broken {
			t.Errorf("%+v", f)
		}
	}
}

// TestPrintFindings: lines are whole at the edge of a terminal, and in a pipe.
func TestPrintFindings(t *testing.T) {
	for width, want := range map[int]string{
		0:  "■ network   one two three four\n            five six seven eight\n",
		24: "■ network   one two\n              three four\n            five six\n              seven\n              eight\n",
	} {
		var out strings.Builder
		err := printFindings(&out, width, []finding{{Part: "network", Outcome: "broken", Found: text.Const("one two three four"), Do: text.Const("five six seven eight")}})
		if err != nil || out.String() != want {
			t.Errorf("%d: %v\n%s", width, err, out.String())
		}
	}
}

// TestDoctorPartial: where the settings are wrong, the rest is still looked at, and
// nothing is said to be missing that could not be read.
func TestDoctorPartial(t *testing.T) {
	s := settings{data: t.TempDir(), partial: true, live: liveSettings{secrets: secrets.Memory}}
	var parts []string
	for _, f := range append(aboutData(t.Context(), s), aboutLive(t.Context(), s)...) {
		parts = append(parts, f.Part)
	}
	if want := []string{"folder", "database", "secrets", "browser", "network"}; !slices.Equal(parts, want) {
		t.Errorf("%v", parts)
	}
}
