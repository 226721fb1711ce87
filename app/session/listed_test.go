package session

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// shownByAibrify is a list with two Pages in trouble, an account in trouble, and one
// that is well.
var shownByAibrify = []Shown{
	{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Yellow},
	{Platform: platforms.Facebook, Account: text.Const("Example Cafe"), Colour: platforms.Red, Error: text.Const("(#190) Error validating access token: Session has expired")},
	{Platform: platforms.Facebook, Account: text.Const("Example Shop"), Colour: platforms.Green},
	{Platform: platforms.LinkedIn, Account: text.Const("Example Inc"), Colour: platforms.Red},
	{Platform: platforms.X, Account: text.Const("@example"), Colour: platforms.Green},
}

// fromList is the board after Aibrify's list was read and taken, and the answer that
// its rows give.
func fromList(t *testing.T, shows []Shown) (*Session, View, screens.Answer) {
	t.Helper()
	s := real(t)
	s.Prober = finds{ways: []Way{{ID: "feed", Label: text.Const("Read what Aibrify shows"), Quick: true}}, found: func(to Listener) Found {
		to.Tell(Progress{Now: text.Const("What Aibrify shows")})
		return Found{Read: true, At: time.Now(), Shows: shows}
	}}
	v, err := s.New(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	v = verify(t, s, v)
	if len(v.Page.Head.Rail) == 0 || v.Page.Title.String() != "What Aibrify shows" {
		t.Errorf("title %q, rail %v", v.Page.Title, v.Page.Head.Rail)
	}
	v = given(t, s, v, screens.Answer{Pick: "use"})
	rows := map[string]string{}
	if err := json.Unmarshal([]byte(v.Page.Draft), &rows); err != nil {
		t.Fatal(err)
	}
	return s, v, screens.Answer{Page: v.Page.Name, Values: rows}
}

// TestBoardTakesList: what Aibrify's own list shows of an account is in its case,
// and every troubled connection has one.
func TestBoardTakesList(t *testing.T) {
	s, v, answer := fromList(t, shownByAibrify)
	if want := map[string]string{"facebook": "red", "linkedin": "red", "x": "green"}; !maps.Equal(answer.Values, want) {
		t.Fatalf("rows %v", answer.Values)
	}
	v = given(t, s, v, answer)
	open, err := s.Log.Cases(t.Context(), store.Query{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	var accounts []string
	for _, c := range open {
		accounts = append(accounts, c.Account)
		one, err := s.Open(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if seen := one.Log[len(one.Log)-1]; seen.Kind != ladder.StatusSeen || seen.Data.Grade != platforms.Seen || one.State.Group == "" {
			t.Errorf("%s: %s %s, group %q", c.Account, seen.Kind, seen.Data.Grade, one.State.Group)
		}
		if errors := one.State.Errors; (len(errors) == 1) != (c.Account == "Example Cafe") {
			t.Errorf("%s has errors %v", c.Account, errors)
		}
	}
	slices.Sort(accounts)
	if want := []string{"Example Bakery", "Example Cafe", "Example Inc"}; !slices.Equal(accounts, want) {
		t.Errorf("cases of %v", accounts)
	}
	drafts, err := s.draftsOf(t.Context(), "")
	if err != nil || len(drafts) > 0 {
		t.Errorf("drafts stay: %v, %v", drafts, err)
	}
	if at := v.State.AccountName().String(); at != "Example Cafe" {
		t.Errorf("it begins with %q", at)
	}
}

// TestRowOverList: what a person marks is what counts, and then nothing of the list
// is taken for that row.
func TestRowOverList(t *testing.T) {
	s, v, answer := fromList(t, shownByAibrify[3:])
	answer.Values = map[string]string{"linkedin": "yellow", "tiktok": "unlisted"}
	given(t, s, v, answer)
	open, err := s.Log.Cases(t.Context(), store.Query{Open: true})
	if err != nil || len(open) != 2 {
		t.Fatalf("%d cases, %v", len(open), err)
	}
	for _, c := range open {
		if c.Account != "" {
			t.Errorf("%s: %s", c.Platform, c.Account)
		}
	}
}
