package session

import (
	"testing"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// TestTakenBackIsChanged: what was answered and taken back stands in the fields again.
func TestTakenBackIsChanged(t *testing.T) {
	s, v := asks(t, Found{})
	v = given(t, s, v, screens.Answer{Act: screens.Back})
	want := map[string]string{"account": "Example Bakery", "use": "Mika Novak", "last": ""}
	for _, f := range v.Page.Fields {
		if f.Value.String() != want[f.ID] {
			t.Errorf("%s has %q", f.ID, f.Value)
		}
	}
	v = given(t, s, v, screens.Answer{Act: screens.Back}, screens.Answer{Values: map[string]string{"changes": "password,role"}},
		screens.Answer{Act: screens.Back})
	if got := v.Page.Fields[0].Value.String(); got != "password,role" {
		t.Errorf("the changes are %q", got)
	}
	fresh, err := s.New(t.Context(), platforms.X)
	if err != nil {
		t.Fatal(err)
	}
	fresh = given(t, s, fresh, screens.Answer{Values: map[string]string{"x": "red"}}, screens.Answer{Values: map[string]string{"changes": ""}})
	if got := fresh.Page.Fields[0].Value.String(); got != "" {
		t.Errorf("another case begins with %q", got)
	}
}

// TestErrorTellsTheChange: what the exact error says for certain is ticked already.
func TestErrorTellsTheChange(t *testing.T) {
	for said, want := range map[string]string{
		`{"error":{"message":"Error validating access token","type":"OAuthException","code":190,"error_subcode":460}}`: "password",
		"(#190) Error validating access token": "",
	} {
		s, v, answer := fromList(t, []Shown{{Platform: platforms.Facebook, Account: text.Line("Example Bakery"), Colour: platforms.Red, Error: text.Line(said)}})
		v = given(t, s, v, answer)
		if got := v.Page.Fields[0].Value.String(); v.State.Place != ladder.AtChanged || got != want {
			t.Errorf("%s: at %s, %q", said, v.State.Place, got)
		}
	}
}
