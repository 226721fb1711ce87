package app

import (
	"strings"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// connected works a case of a service off to its good end, and gives its id.
func (s *stand) connected(name string) string {
	s.t.Helper()
	at := &session.Session{Log: s.run.db, Now: s.world.Now, Audience: platforms.Own, By: text.Const("me")}
	id := simulatedAs[name].svc.Platform()
	v, err := at.New(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range []screens.Answer{
		{Values: map[string]string{string(id): "red"}}, {Values: map[string]string{"changes": ""}},
		{Values: map[string]string{"account": simulatedAs[name].account, "use": "mika"}},
		{Pick: "connected"}, {Pick: "same"}, {Pick: "none"},
	} {
		a.Page = v.Page.Name
		if v, err = at.Answer(s.t.Context(), v, a); err != nil {
			s.t.Fatal(err)
		}
	}
	if v.State.Place != ladder.EndConnected {
		s.t.Fatalf("at %s", v.State.Place)
	}
	return v.Case
}

// state is a case as it is stored.
func (s *stand) state(id string) ladder.State {
	s.t.Helper()
	_, state, err := session.Load(s.t.Context(), s.run.db, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// TestStatusLooksAgain: what ended connected is looked at after an hour and after a
// day. What Aibrify shows red then, and what the platform says is in the way, is
// open again by itself; what it shows green stays ended.
func TestStatusLooksAgain(t *testing.T) {
	for _, row := range []struct {
		name   string
		breaks func(*stand)
		after  time.Duration
		broken bool
	}{
		{"still connected", func(s *stand) { s.shows(map[string]string{"facebook": "connected"}) }, 2 * time.Hour, false},
		{"Aibrify shows red", func(s *stand) { s.shows(map[string]string{"facebook": "disconnected"}) }, 2 * time.Hour, true},
		{"Aibrify shows yellow", func(s *stand) { s.shows(map[string]string{"facebook": "warning"}) }, 30 * time.Hour, true},
		{"too early", func(s *stand) { s.shows(map[string]string{"facebook": "disconnected"}) }, 30 * time.Minute, false},
		{"the account is in the way", (*stand).lacksTasks, 2 * time.Hour, true},
		{"only the own grant ended", func(s *stand) { s.world.Break(sim.Facebook, platforms.PermissionRevoked) }, 2 * time.Hour, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStand(t, "facebook")
			id := s.connected("facebook")
			s.world.Advance(row.after)
			row.breaks(s)
			out, _ := s.status()
			state := s.state(id)
			if state.IsEnded() == row.broken || row.broken && (state.Breaks != 1 || !strings.Contains(out, "broke again")) {
				t.Errorf("at %s after %d breaks:\n%s", state.Place, state.Breaks, out)
			}
			before := state.Seq
			s.status()
			if again := s.state(id); again.Seq != before {
				t.Errorf("looked twice: %d events, then %d", before, again.Seq)
			}
		})
	}
}
