package connection

import (
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
)

// TestLost: what a sign-in reached once and reaches no more was taken away from it. Who
// never reached it signed in as the wrong one.
func TestLost(t *testing.T) {
	for name, lose := range map[string]func(*sim.State){
		"facebook": func(s *sim.State) { clear(s.Pages["1029384756"].Tasks) },
		"linkedin": func(s *sim.State) { s.Roles = nil },
	} {
		for cause, before := range map[platforms.Cause]bool{platforms.NotAdmin: true, platforms.WrongAccount: false} {
			h := at(t, name)
			held := h.login(name, text.Const("Mika Bakes"))
			plan := live.Plan{Target: live.Target{Name: "Mika Bakes"}}
			if before {
				held = h.check(held, plan)
			}
			h.world.Edit(lose)
			after, r, err := h.Check(t.Context(), held, plan)
			if f := r.Failed(); err != nil || f == nil || f.Cause != cause {
				t.Errorf("%s, reached before %v: %+v %v", name, before, f, err)
			}
			if after.Wrong != (cause == platforms.WrongAccount) {
				t.Errorf("%s, reached before %v: another account's: %v", name, before, after.Wrong)
			}
		}
	}
}
