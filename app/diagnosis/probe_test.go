package diagnosis_test

import (
	"testing"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// TestProbe: what the platform says of the account is certain, what it says of the
// grant that asked or what can be several things is likely, and what holds for the asking app alone is nothing.
func TestProbe(t *testing.T) {
	for _, row := range []struct {
		cause   platforms.Cause
		outcome platforms.Outcome
		also    []platforms.Cause
		want    diagnosis.Confidence // empty: it is no suspect
	}{
		{platforms.NotAdmin, platforms.Fail, nil, diagnosis.Certain},
		{platforms.NotLinked, platforms.Fail, []platforms.Cause{platforms.WrongAccountType, platforms.NotAdmin}, diagnosis.Likely},
		{platforms.MissingPermission, platforms.Fail, nil, diagnosis.Likely},
		{platforms.PlatformOutage, platforms.Unsure, nil, diagnosis.Likely},
		{platforms.UserCancelled, platforms.Fail, nil, ""},
		{platforms.AppMisconfigured, platforms.Unsure, nil, ""},
		{platforms.RateLimited, platforms.Unsure, nil, ""},
	} {
		found := ladder.Finding{Check: "tasks", Outcome: row.outcome, Cause: row.cause, Also: row.also, Says: text.Const("it says so")}
		probe := told{ladder.ProbeMade, ladder.Data{Grade: platforms.Probed, Probe: &ladder.Probe{Service: "facebook", Findings: []ladder.Finding{found}}}}
		d := diagnosis.Of(read(t, platforms.Facebook, append(failing(), probe)...))
		var got diagnosis.Confidence
		for _, p := range d.Suspects {
			if p.Cause == row.cause {
				got = p.Confidence
			}
		}
		if got != row.want {
			t.Errorf("%s, %s: %q, want %q", row.cause, row.outcome, got, row.want)
		}
	}
}
