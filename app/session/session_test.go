package session

import (
	"context"
	"reflect"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/screens"
	"reconnect/store"
)

// real is a session on a real store.
func real(t *testing.T) *Session {
	t.Helper()
	db, err := store.Open(context.Background(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &Session{Log: db, Now: time.Now, Audience: platforms.Own, Dir: t.TempDir()}
}

// given gives answers one after the other.
func given(t *testing.T, s *Session, v View, all ...screens.Answer) View {
	t.Helper()
	for _, a := range all {
		a.Page = v.Page.Name
		next, err := s.Answer(context.Background(), v, a)
		if err != nil {
			t.Fatalf("%s: %v", v.Page.Name, err)
		}
		if !next.Page.Notice.Empty() && next.Page.Name == v.Page.Name && a.Act == "" {
			t.Fatalf("%s: %s", v.Page.Name, next.Page.Notice)
		}
		v = next
	}
	return v
}

// TestAnswerIsWhatIsStored answers pages and finds the very same case when it is
// read again from the store.
func TestAnswerIsWhatIsStored(t *testing.T) {
	s := real(t)
	v, err := s.New(context.Background(), platforms.Facebook)
	if err != nil {
		t.Fatal(err)
	}
	v = given(t, s, v,
		screens.Answer{Values: map[string]string{"facebook": "red", "instagram": "red", "alert": "both"}},
		screens.Answer{Values: map[string]string{"changes": "password,owner"}},
		screens.Answer{Values: map[string]string{"account": "Example Bakery", "use": "owner@example.com"}},
		screens.Answer{Tick: "open"},
		screens.Answer{Pick: "error"},
		screens.Answer{Text: "Error (#190)\r\ntoken=abcdefghijklmnop"},
		screens.Answer{Pick: "pass"},
		screens.Answer{Act: screens.Back},
		screens.Answer{Act: screens.Note},
		screens.Answer{Text: "a note"},
	)
	again, err := s.Open(context.Background(), v.Case)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(v.State, again.State) || !reflect.DeepEqual(v.Log, again.Log) {
		t.Errorf("the case after its answers differs from what is stored:\n%+v\n%+v", v.State, again.State)
	}
	if len(again.kin) != 1 || again.kin[0].Platform != "instagram" {
		t.Errorf("linked cases: %+v, want one on Instagram", again.kin)
	}
}
