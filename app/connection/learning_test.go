package connection

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/store/secrets"
)

// TestNothingAsked: checks that asked nothing leave what was remembered, and a grant
// with which nobody asked has no health.
func TestNothingAsked(t *testing.T) {
	h := at(t, "x")
	held := h.check(h.login("x", text.Safe{}), live.Plan{})
	if !held.Checked.IsZero() || held.Health.Colour != "" {
		t.Errorf("never asked: %+v", held)
	}
	h.revoke(sim.X)
	red := h.check(held, live.Plan{Paid: true})
	if red.Health.Colour != live.UnknownColour || red.Cause == "" || red.Checked.IsZero() || red.Mend.String() != "Sign in again with your app." {
		t.Fatalf("the app was removed: %+v", red)
	}
	h.world.Advance(time.Hour)
	for name, plan := range map[string]live.Plan{"not paid": {}, "one that asks nothing": {Only: []string{"scopes"}}} {
		if after := h.check(red, plan); after.Health != red.Health || after.Cause != red.Cause || after.Mend != red.Mend || !after.Checked.Equal(red.Checked) {
			t.Errorf("%s: %+v", name, after)
		}
	}
	_, report, err := h.Check(t.Context(), red, live.Plan{})
	if err != nil || report.Asked() || report.Health.Colour != live.UnknownColour {
		t.Errorf("nothing was asked: %+v %v", report.Health, err)
	}
}

// TestMissed: what could not be asked is remembered beside the last answer, and takes
// nothing from it.
func TestMissed(t *testing.T) {
	h := at(t, "facebook")
	held, plan := h.login("facebook", text.Const("Mika Bakes")), live.Plan{Target: live.Target{Name: "Mika Bakes"}}
	h.world.Fault(sim.Facebook, sim.Any, sim.Closed())
	never := h.check(held, plan)
	if !never.Checked.IsZero() || never.Health.Colour != "" || never.Tried.IsZero() || never.Missed.Empty() {
		t.Errorf("never answered: %+v", never)
	}
	h.world.Repair(sim.Facebook)
	owner := h.world.Owner(sim.Facebook).ID
	h.world.Edit(func(s *sim.State) { s.Pages["1029384756"].Tasks[owner] = []string{"MODERATE"} })
	red := h.check(never, plan)
	if red.Health.Colour != platforms.Red || red.Cause != platforms.NotAdmin || !red.Missed.Empty() || !red.Tried.IsZero() {
		t.Fatalf("answered: %+v", red)
	}
	for name, at := range map[string]sim.Endpoint{"all of it": sim.Any, "the last part": sim.Accounts} {
		h.world.Advance(time.Minute)
		h.world.Fault(sim.Facebook, at, sim.Closed())
		blip := h.check(red, plan)
		if blip.Health != red.Health || blip.Cause != red.Cause || blip.Mend != red.Mend || !blip.Checked.Equal(red.Checked) || blip.Missed.Empty() || !blip.Tried.Equal(h.world.Now()) {
			t.Errorf("%s: %+v", name, blip)
		}
		h.world.Repair(sim.Facebook)
	}
}

// TestOtherAccount: a check for another account than the grant's changes nothing that
// is remembered, but that the sign-in itself fails.
func TestOtherAccount(t *testing.T) {
	for name, row := range map[string]struct {
		service string
		account text.Safe // at the sign-in
		before  func(*home)
		target  live.Target
		shown   string // who the report is about
		red     bool   // remembered
		is      text.Safe
	}{
		"another Page":        {"facebook", text.Const("Mika Bakes"), nil, live.Target{Name: "Mika Bakes Wholesale"}, "Mika Bakes Wholesale", false, text.Const("Mika Bakes")},
		"another platform's":  {"instagram", text.Safe{}, nil, live.Target{Name: "Mika Bakes"}, "Mika Bakes", false, text.Safe{}},
		"its own":             {"instagram", text.Safe{}, nil, live.Target{Name: "@mikabakes"}, "@mikabakes", false, text.Const("@mikabakes")},
		"its own, not there":  {"facebook", text.Const("Elsewhere"), nil, live.Target{Name: "elsewhere"}, "elsewhere", true, text.Const("elsewhere")},
		"its own by id":       {"facebook", text.Const("Mika Bakes Wholesale"), nil, live.Target{ID: "1029384756"}, "Mika Bakes", false, text.Const("Mika Bakes Wholesale")},
		"by id, nobody named": {"facebook", text.Safe{}, nil, live.Target{ID: "1029384756"}, "Mika Bakes", false, text.Const("Mika Bakes")},
		"an id of nothing":    {"facebook", text.Const("Mika Bakes"), nil, live.Target{ID: "7"}, "7", false, text.Const("Mika Bakes")},
		"the sign-in ended":   {"facebook", text.Const("Mika Bakes"), func(h *home) { h.revoke(sim.Facebook) }, live.Target{Name: "Elsewhere"}, "Elsewhere", true, text.Const("Mika Bakes")},
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, row.service)
			held := h.login(row.service, row.account)
			if row.before != nil {
				row.before(h)
			}
			back, _, err := h.Check(t.Context(), held, live.Plan{Target: row.target})
			if err != nil || back.Name().String() != row.shown {
				t.Errorf("it is about %q, %v", back.Name(), err)
			}
			now := h.held()[0]
			if (now.Health.Colour == platforms.Red) != row.red || now.For != row.is || now.Wrong && row.is != text.Const("elsewhere") {
				t.Errorf("remembered: %q, wrong %v, %+v", now.For, now.Wrong, now.Health)
			}
		})
	}
}

// TestReplaced: a new sign-in takes the place of grants that ended, and on X of those
// that nobody checked, unless they are another account's.
func TestReplaced(t *testing.T) {
	for name, row := range map[string]struct {
		service    string
		first, new text.Safe
		between    func(*home, Held)
		left       bool
	}{
		"X, not checked":             {service: "x"},
		"X, for another account":     {"x", text.Const("@a"), text.Const("@b"), nil, true},
		"X, found ended":             {"x", text.Safe{}, text.Const("@mikabakes"), func(h *home, held Held) { h.revoke(sim.X); h.check(held, live.Plan{Paid: true}) }, false},
		"X, checked, and it works":   {"x", text.Safe{}, text.Safe{}, func(h *home, held Held) { h.check(held, live.Plan{Paid: true}) }, true},
		"not checked":                {service: "facebook", left: true},
		"ended":                      {"facebook", text.Const("Mika Bakes"), text.Const("mika bakes"), func(h *home, held Held) { h.revoke(sim.Facebook); h.check(held, live.Plan{}) }, false},
		"ended, another account's":   {"facebook", text.Const("Mika Bakes"), text.Const("Elsewhere"), func(h *home, held Held) { h.revoke(sim.Facebook); h.check(held, live.Plan{}) }, true},
		"ran out, and was not asked": {"facebook", text.Safe{}, text.Safe{}, func(h *home, _ Held) { h.world.Advance(61 * 24 * time.Hour) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, row.service)
			first := h.login(row.service, row.first)
			if row.between != nil {
				row.between(h, first)
			}
			h.world.Advance(time.Minute)
			second := h.login(row.service, row.new)
			if keys := h.keys(); slices.Contains(keys, first.Key) != row.left || !slices.Contains(keys, second.Key) {
				t.Errorf("held are %q; first %s, second %s", keys, first.Key, second.Key)
			}
			if _, err := h.kept.Get(t.Context(), accessName(first.Key)); isUnknown(err) == row.left {
				t.Errorf("the first token: %v", err)
			}
		})
	}
}

// TestInherited: a sign-in that names no account is for the account of the grant that
// it replaces, so that what was red is asked about again.
func TestInherited(t *testing.T) {
	mika := text.Const("Mika Bakes")
	for name, row := range map[string]struct {
		service  string
		first    text.Safe
		stranger bool
		is       text.Safe // the account of the new one
		held     int
	}{
		"a Page":           {"facebook", mika, false, mika, 1},
		"a Page, LinkedIn": {"linkedin", mika, false, mika, 1},
		"a wrong account":  {"tiktok", text.Const("@other"), false, text.Const("@other"), 1},
		"somebody else":    {"facebook", mika, true, text.Safe{}, 2},
		"none was named":   {"facebook", text.Safe{}, false, text.Safe{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, row.service)
			h.check(h.login(row.service, row.first), live.Plan{Target: live.Target{Name: row.first.String()}})
			h.world.Advance(time.Minute)
			if row.stranger {
				svc := imitations[row.service]
				h.world.Consent(svc.Site(), sim.Consent{Person: h.world.Stranger(svc).ID})
			}
			second := h.login(row.service, text.Safe{})
			after := h.check(second, live.Plan{Target: live.Target{Name: second.For.String()}})
			if after.For != row.is || second.For != row.is || len(h.held()) != row.held {
				t.Errorf("it is for %q, then %q; held %q", second.For, after.For, h.keys())
			}
			if row.service == "tiktok" && (!after.Wrong || after.Health.Colour != platforms.Red) {
				t.Errorf("it was red, and is %+v", after.Health)
			}
		})
	}
}

// TestInheritedLate: where it comes out only by a check whom a grant replaces, the
// account is still to be checked; and of several accounts none is dropped.
func TestInheritedLate(t *testing.T) {
	h := at(t, "facebook")
	first := h.check(h.login("facebook", text.Const("Mika Bakes")), live.Plan{Target: live.Target{Name: "Mika Bakes"}})
	h.world.Advance(time.Minute)
	h.world.Fault(sim.Facebook, sim.Me, sim.Closed())
	second := h.login("facebook", text.Safe{})
	h.world.Repair(sim.Facebook)
	if len(h.held()) != 2 || !second.For.Empty() {
		t.Fatalf("held %q", h.keys())
	}
	other := first
	other.Key, other.For = "facebook/other", text.Const("Mika Bakes Wholesale")
	if err := h.put(t.Context(), other, true); err != nil {
		t.Fatal(err)
	}
	if after := h.check(second, live.Plan{}); !after.For.Empty() || len(h.held()) != 3 {
		t.Errorf("for %q, held %q", after.For, h.keys())
	}
	if err := h.Forget(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if after := h.check(second, live.Plan{}); after.For != first.For || !after.Checked.IsZero() || after.Health.Colour != "" || len(h.held()) != 1 {
		t.Errorf("for %q, %+v, held %q", after.For, after.Health, h.keys())
	}
}

// TestKeptElsewhere: with secrets in memory, what a keyring or a file holds is neither
// replaced nor dropped.
func TestKeptElsewhere(t *testing.T) {
	h := at(t, "x", "linkedin")
	memory := h.kept
	file, err := secrets.Open(t.Context(), secrets.Options{Dir: h.dir, Place: secrets.File,
		Passphrase: func(context.Context, secrets.Ask) (secrets.Secret, error) {
			return secrets.NewSecret("correct horse battery"), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	var first []Held
	h.kept, h.keeper = file, nil
	for _, name := range []string{"x", "linkedin"} {
		first = append(first, h.check(h.login(name, text.Safe{}), live.Plan{Paid: true}))
	}
	h.revoke(sim.X)
	first[0] = h.check(first[0], live.Plan{Paid: true})
	h.world.Advance(time.Hour)
	h.kept, h.keeper = memory, nil
	for i, name := range []string{"x", "linkedin"} {
		h.check(h.login(name, text.Safe{}), live.Plan{Paid: true})
		if keys := h.keys(); !slices.Contains(keys, first[i].Key) {
			t.Errorf("%s: held are %q", name, keys)
		}
		var elsewhere *ElsewhereError
		_, _, out := h.Logout(t.Context(), first[i])
		_, _, asked := h.Check(t.Context(), first[i], live.Plan{})
		for _, err := range []error{out, asked, h.Forget(t.Context(), first[i])} {
			if !errors.As(err, &elsewhere) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if len(h.held()) != 4 {
		t.Errorf("held are %q", h.keys())
	}
}
