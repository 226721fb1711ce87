package connection

import (
	"encoding/json"
	"strings"
	"testing"

	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// TestTokenForName: a token that somebody gave for the name of an account is not kept.
func TestTokenForName(t *testing.T) {
	const token = "EAACanaryCanaryCanaryCanaryCanaryCanary0123456789" //nolint:gosec // made up
	h := at(t, "facebook")
	look := func(what string) {
		t.Helper()
		raw, err := json.Marshal(h.held())
		if err != nil || strings.Contains(string(raw), token) || !strings.Contains(string(raw), "[removed: ") {
			t.Errorf("%s: %s, %v", what, raw, err)
		}
	}
	held := h.login("facebook", text.Const(token))
	look("login")
	for _, to := range []live.Target{{Name: token}, {ID: token}} {
		h.check(held, live.Plan{Target: to})
		look("check")
	}
}
