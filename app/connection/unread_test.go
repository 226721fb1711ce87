package connection

import (
	"encoding/json"
	"errors"
	"testing"

	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// TestUnread: a record that cannot be read stands in nobody's way. Whose its grant is and
// where it was given is not known, so its token is sent nowhere; it can be forgotten.
func TestUnread(t *testing.T) {
	h := at(t, "x")
	for _, name := range []string{"grant/x/aaaaaa", "grant/myspace/bbbbbb"} {
		if err := h.options.Records.PutRecord(t.Context(), store.Record{Name: name, Data: json.RawMessage(`{"key":1}`)}); err != nil {
			t.Fatal(err)
		}
	}
	if all := h.held(); len(all) != 1 || all[0].Key != "x/aaaaaa" || all[0].Platform() != "x" {
		t.Fatalf("held %+v", all)
	}
	h.works(h.login("x", text.Safe{}))
	if err := h.kept.Put(t.Context(), accessName("x/aaaaaa"), secrets.NewSecret(h.world.Issue(sim.X).Access)); err != nil {
		t.Fatal(err)
	}
	h.passing["x/aaaaaa"] = h.held()[0] // as if it were not kept elsewhere
	var other *OtherAppError
	if _, _, err := h.Check(t.Context(), h.held()[0], live.Plan{Paid: true}); !errors.As(err, &other) {
		t.Error(err)
	}
	if err := h.Forget(t.Context(), h.held()[0]); err != nil {
		t.Error(err)
	}
	for _, one := range h.held() {
		if one.Key == "x/aaaaaa" {
			t.Error("it is held still")
		}
	}
}
