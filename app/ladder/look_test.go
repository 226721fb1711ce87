package ladder

import (
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A connection that worked is looked at after an hour, after a day, and before its
// end. One look late serves for all that were due before it.
func TestNextLook(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var s State
	take := func(after time.Duration, k Kind, d Data) {
		t.Helper()
		next, err := Next(s, Event{Seq: s.Seq + 1, At: at.Add(after), Kind: k, By: text.Const("me"), Data: d})
		if err != nil {
			t.Fatal(k, err)
		}
		s = next
	}
	want := func(after time.Duration) {
		t.Helper()
		if got := s.NextLook(); got != at.Add(after) {
			t.Errorf("next look at %v, want %v", got, at.Add(after))
		}
	}
	ends := func(after time.Duration) {
		t.Helper()
		if got := s.Expires(); got != at.Add(after) {
			t.Errorf("ends at %v, want %v", got, at.Add(after))
		}
	}
	take(0, CaseOpened, Data{Platform: platforms.X})
	if !s.NextLook().IsZero() {
		t.Error("an open case is looked at by whoever works on it")
	}
	take(0, StatusSeen, Data{Answer: "red"})
	take(0, ChangeSeen, Data{})
	take(0, AccountChosen, Data{Text: text.Const("me")})
	take(0, Attempted, Data{Answer: "connected", Until: at.Add(10 * 24 * time.Hour)})
	take(0, AccountReturned, Data{Answer: "same"})
	take(0, CaseResolved, Data{Answer: "connected"})
	want(time.Hour)
	take(time.Minute, FactSeen, Data{Item: Look, Answer: "green"})
	want(time.Hour)
	take(61*time.Minute, FactSeen, Data{Item: Look, Answer: "green"})
	want(24 * time.Hour)
	ends(10 * 24 * time.Hour)
	take(25*time.Hour, FactSeen, Data{Item: Look, Answer: "green"})
	want(9 * 24 * time.Hour) // two weeks before is past
	take(30*time.Hour, FactSeen, Data{Item: Look, Answer: "green", Until: at.Add(60 * 24 * time.Hour)})
	want(46 * 24 * time.Hour)
	ends(60 * 24 * time.Hour)
	take(47*24*time.Hour, FactSeen, Data{Item: Look, Answer: "green", Until: at.Add(60 * 24 * time.Hour)})
	if got := s.NextLook(); !got.IsZero() {
		t.Errorf("looked at %v once more", got)
	}
	take(48*24*time.Hour, CaseReopened, Data{Answer: "broke"})
	if s.Breaks != 1 || !s.NextLook().IsZero() {
		t.Errorf("%d breaks, next look %v", s.Breaks, s.NextLook())
	}
}
