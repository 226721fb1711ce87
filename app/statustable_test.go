package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reconnect/app/ptytest"
	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// TestStatusTable: each of the five imitated platforms in every colour and as could not
// be checked, with the exit code of each, and the codes of what failed and of what was
// asked wrong.
func TestStatusTable(t *testing.T) {
	broken := map[string]platforms.Cause{"instagram": platforms.NotLinked, "facebook": platforms.NotAdmin, "tiktok": platforms.AccountRestricted,
		"linkedin": platforms.NotAdmin, "x": platforms.SecurityCheckpoint}
	type row struct {
		colour, says string
		code         int
		so           func(*stand, string)
	}
	rows := []row{
		{"green", "account ready", ExitFine, func(*stand, string) {}},
		{"green", "Connected", ExitFine, func(s *stand, name string) { s.shows(map[string]string{name: "connected"}) }},
		{"yellow", "ends soon", ExitAttention, func(s *stand, name string) {
			s.shows(map[string]string{name: "connected until " + s.world.Now().AddDate(0, 0, 10).Format(time.RFC3339)})
		}},
		{"yellow", "Warning", ExitAttention, func(s *stand, name string) { s.shows(map[string]string{name: "warning"}) }},
		{"yellow", "", ExitAttention, func(s *stand, name string) {
			s.shows(map[string]string{name: "connected"})
			s.world.Break(simulatedAs[name].svc, broken[name])
		}},
		{"red", "Disconnected", ExitBroken, func(s *stand, name string) { s.shows(map[string]string{name: "disconnected"}) }},
		{"red", "account not ready", ExitBroken, func(s *stand, name string) { s.world.Break(simulatedAs[name].svc, broken[name]) }},
		{"unknown", "could not check", ExitUnchecked, func(s *stand, name string) { s.world.Fault(simulatedAs[name].svc, sim.Any, sim.HTML(502)) }},
		{"unknown", "could not check", ExitUnchecked, func(s *stand, _ string) { s.world.Close() }},
		{"unknown", "could not check", ExitUnchecked, func(s *stand, name string) { s.world.Break(simulatedAs[name].svc, platforms.RateLimited) }},
		{"unknown", "could not check", ExitUnchecked, func(s *stand, name string) { s.world.Break(simulatedAs[name].svc, platforms.PermissionRevoked) }},
	}
	for _, name := range fivePlatforms {
		for i, r := range rows {
			t.Run(fmt.Sprintf("%s/%d %s", name, i+1, r.colour), func(t *testing.T) {
				t.Parallel()
				s := newStand(t, name)
				r.so(s, name)
				got, code := s.rows()
				if len(got.Rows) != 1 || string(got.Rows[0].Colour) != r.colour || code != r.code {
					t.Fatalf("code %d: %+v", code, got.Rows)
				}
				if out, code := s.status(); code != r.code || !strings.Contains(unwrapped(out), r.says) {
					t.Errorf("code %d\n%s", code, out)
				}
			})
		}
	}
	for args, code := range map[string]int{"status --ics=/nope/ends.ics": ExitFailed, "status myspace": ExitUsage} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			if out, errs, got := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: t.TempDir(), Args: strings.Fields(args)}, ""); got != code || errs == "" {
				t.Errorf("code %d\n%s%s", got, out, errs)
			}
		})
	}
}
