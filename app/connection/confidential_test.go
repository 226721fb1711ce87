package connection

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
)

// TestConfidential: the client secret of an app that has one is asked for, kept and read
// by the next run, also where most apps have none. A wrong choice says how to mend it.
func TestConfidential(t *testing.T) {
	h := at(t, "x")
	asked := 0
	h.options.Secret = nil
	h.options.Ask = func(context.Context, Service) (text.Secret, error) {
		asked++
		return text.NewSecret("the-secret"), nil
	}
	app := h.options.Apps["x"]
	kind := func(public, confidential bool) {
		h.world.Edit(func(s *sim.State) {
			s.Apps[sim.X][app.ClientID].Public, s.Apps[sim.X][app.ClientID].Secret = public, "the-secret"
		})
		app.Confidential = confidential
		h.options.Apps["x"] = app
		h.again()
	}
	kind(false, true)
	h.login("x", text.Safe{})
	h.again()
	h.login("x", text.Safe{})
	if names, err := h.kept.List(t.Context()); err != nil || asked != 1 || !slices.Contains(names, "client/x") {
		t.Errorf("asked %d times, kept %q, %v", asked, names, err)
	}
	for _, row := range []struct {
		public, confidential bool
		says, do             string
	}{
		{false, false, "Your app at X has a client secret, and none was sent.", "Write confidential = true under [apps.x] in config.toml"},
		{true, true, "The client secret of your app does not fit. It was forgotten", "take confidential out of [apps.x]"},
	} {
		kind(row.public, row.confidential)
		_, err := h.try("x", text.Safe{})
		var refused *live.LoginError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), row.says) || !strings.Contains(text.Join(" ", refused.Verdict.Next.Do...).String(), row.do) ||
			refused.Verdict.Owner != platforms.Operator {
			t.Errorf("%+v: %v", row, err)
		}
	}
}
