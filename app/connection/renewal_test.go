package connection

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"reconnect/app/crash"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/sim"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// sent lets do run for every request before it is sent, and loses the answer to one whose
// context ended meanwhile.
type sent func(*http.Request)

func (do sent) RoundTrip(r *http.Request) (*http.Response, error) {
	do(r)
	res, err := http.DefaultTransport.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
	if err == nil && r.Context().Err() != nil {
		_ = res.Body.Close()
		return nil, r.Context().Err()
	}
	return res, err
}

// impatient makes the secrets of h ones that hardly wait for anybody.
func (h *home) impatient() {
	h.t.Helper()
	k, err := secrets.Open(h.t.Context(), secrets.Options{Dir: h.dir, Place: secrets.Memory, Wait: 50 * time.Millisecond})
	if err != nil {
		h.t.Fatal(err)
	}
	h.kept = k
}

// busy does something while another one changes a secret.
func (h *home) busy(name string, do func()) {
	h.t.Helper()
	if _, err := h.kept.Update(h.t.Context(), name, func(old secrets.Secret) (secrets.Secret, error) { do(); return old, errRenewed }); !errors.Is(err, errRenewed) {
		h.t.Fatal(err)
	}
}

// works wants a check to find nothing wrong.
func (h *home) works(held Held) {
	h.t.Helper()
	if _, r, err := h.Check(h.t.Context(), held, live.Plan{Paid: true}); err != nil || r.Failed() != nil || r.Health.Colour != platforms.Green {
		h.t.Errorf("%+v %+v %v", r.Health, r.Failed(), err)
	}
}

// again is another run of the program.
func (h *home) again() { h.clients = map[string]*live.Client{} }

// TestCancelledRenewal: who leaves while the platform spends a refresh token loses
// nothing of what it gives.
func TestCancelledRenewal(t *testing.T) {
	h := at(t, "x")
	held := h.login("x", text.Safe{})
	h.world.Advance(3 * time.Hour)
	ctx, leave := context.WithCancel(t.Context())
	h.options.Live.Transport = sent(func(*http.Request) { leave() })
	h.again()
	if _, _, err := h.Check(ctx, held, live.Plan{Paid: true}); err != nil {
		t.Error(err)
	}
	h.again()
	h.works(h.held()[0])
	if n := h.asked(sim.Refresh, 200); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

// TestCloseWaits: the end of the program waits for a renewal under way.
func TestCloseWaits(t *testing.T) {
	h := at(t, "x")
	held, once, saved := h.login("x", text.Safe{}), sync.Once{}, make(chan bool, 1)
	h.world.Advance(3 * time.Hour)
	h.options.Live.Transport = sent(func(*http.Request) {
		once.Do(func() {
			crash.Go(func() {
				h.Close()
				h.mu.Lock()
				defer h.mu.Unlock()
				saved <- h.passing[held.Key].Fingerprint != held.Fingerprint
			}, func(error) { saved <- false })
		})
	})
	h.again()
	_, _, _ = h.Check(t.Context(), held, live.Plan{Paid: true}) // the secrets are gone by its end
	if !<-saved {
		t.Error("nobody waited for the renewal")
	}
}

// TestSavedLater: what renews is saved before the access that comes with it. Where that
// fails, the access is not used, and the next who asks saves both.
func TestSavedLater(t *testing.T) {
	h := at(t, "x")
	h.impatient()
	held := h.login("x", text.Safe{})
	value := func(name string) string {
		s, err := h.kept.Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return s.Reveal()
	}
	refresh, access := value(refreshName(held.Key)), value(accessName(held.Key))
	h.world.Advance(3 * time.Hour)
	h.busy(refreshName(held.Key), func() {
		var unsaved *live.SaveError
		if _, _, err := h.Check(t.Context(), held, live.Plan{Paid: true}); !errors.As(err, &unsaved) || value(accessName(held.Key)) != access {
			t.Errorf("not saved: %v", err)
		}
	})
	h.works(held)
	if value(refreshName(held.Key)) == refresh || h.asked(sim.Refresh, 200) != 1 {
		t.Errorf("renewed %d times, and what renews was not saved", h.asked(sim.Refresh, 200))
	}
	h.world.Advance(3 * time.Hour)
	h.works(h.held()[0])

	fresh := Held{Key: "x/new", Service: "x"}
	h.busy(refreshName(fresh.Key), func() {
		g := live.Grant{Access: text.NewSecret("access"), Refresh: text.NewSecret("refresh")}
		if _, err := h.keep(t.Context(), fresh, g); err == nil {
			t.Error("a sign-in was kept without what renews it")
		}
		if _, err := h.kept.Get(t.Context(), accessName(fresh.Key)); !isUnknown(err) {
			t.Errorf("its access is kept before what renews it: %v", err)
		}
	})
}

// TestTwoPrograms: of two programs with one grant, one renews it. The other waits, and
// takes what was saved.
func TestTwoPrograms(t *testing.T) {
	h := at(t, "x")
	h.impatient()
	held := h.login("x", text.Safe{})
	o, other := h.options, New(h.options)
	h.world.Advance(3 * time.Hour)
	var waits error
	h.options.Live.Transport = sent(func(*http.Request) {
		if waits == nil {
			_, _, waits = other.Check(t.Context(), held, live.Plan{Paid: true})
		}
	})
	h.again()
	h.works(held)
	if !errors.Is(waits, secrets.ErrBusy) || h.asked(sim.Refresh, 200) != 1 {
		t.Errorf("the other one did not wait: %v; renewed %d times", waits, h.asked(sim.Refresh, 200))
	}

	h.options = o
	h.again()
	h.world.Forget()
	h.world.Edit(func(s *sim.State) { // before its time, so that both find out by asking
		for _, token := range s.Tokens {
			if token.Kind == sim.AccessToken {
				token.Ending = sim.Revoked
			}
		}
	})
	now, first := h.held()[0], true
	_, r, err := other.Check(t.Context(), now, live.Plan{Paid: true, Progress: func(p live.Progress) {
		if p.Finding != nil && first {
			first = false
			h.works(now)
		}
	}})
	if err != nil || r.Failed() != nil || h.asked(sim.Refresh, 200) != 1 {
		t.Errorf("the second: %+v %v; renewed %d times", r.Failed(), err, h.asked(sim.Refresh, 200))
	}
}

// TestEndedBetween: the program ended between what it remembers of a grant and the
// access, either way round. The next run renews it.
func TestEndedBetween(t *testing.T) {
	for name, undo := range map[string]func(h *home, was Held, access secrets.Secret){
		"before the access was saved": func(h *home, was Held, access secrets.Secret) {
			if err := h.kept.Put(h.t.Context(), accessName(was.Key), access); err != nil {
				h.t.Fatal(err)
			}
		},
		"before it was remembered": func(h *home, was Held, _ secrets.Secret) { h.passing[was.Key] = was },
	} {
		t.Run(name, func(t *testing.T) {
			h := at(t, "x")
			was := h.login("x", text.Safe{})
			access, err := h.kept.Get(t.Context(), accessName(was.Key))
			if err != nil {
				t.Fatal(err)
			}
			h.world.Advance(3 * time.Hour)
			h.works(was)
			undo(h, was, access)
			h.again()
			h.world.Advance(3 * time.Hour)
			h.world.Forget()
			h.works(h.held()[0])
			if now := h.held()[0]; !now.Grant.Expires.After(h.Now()) || h.asked(sim.Refresh, 200) != 1 {
				t.Errorf("it ends on %v; renewed %d times", now.Grant.Expires, h.asked(sim.Refresh, 200))
			}
		})
	}
}

// TestEndUnknown: access of which no end is remembered has one again after a check.
func TestEndUnknown(t *testing.T) {
	h := at(t, "instagram-login")
	held := h.login("instagram-login", text.Safe{})
	held.Fingerprint, held.Grant.Expires = "of another", h.Now().Add(time.Hour)
	h.passing[held.Key] = held
	h.world.Advance(25 * time.Hour)
	h.works(held)
	if now := h.held()[0]; now.Grant.Expires.Sub(h.Now()) < 59*24*time.Hour {
		t.Errorf("it ends on %v", now.Grant.Expires)
	}
}

// full is a store that keeps no record.
type full struct{ recorded }

type recorded = Records // a field of another name than its method

func (full) ReplaceRecord(context.Context, store.Record) error { return errors.New("the disk is full") }

// TestNotRemembered: a renewal that cannot be remembered is none. Its successor waits,
// and what renews it is kept for another run.
func TestNotRemembered(t *testing.T) {
	h := at(t, "x")
	k, err := secrets.Open(t.Context(), secrets.Options{Dir: h.dir, Place: secrets.File,
		Passphrase: func(context.Context, secrets.Ask) (secrets.Secret, error) {
			return secrets.NewSecret("correct horse"), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	h.kept = k
	held, records := h.login("x", text.Safe{}), h.options.Records
	h.world.Advance(3 * time.Hour)
	h.options.Records = full{records}
	var unsaved *live.SaveError
	if _, _, err := h.Check(t.Context(), held, live.Plan{Paid: true}); !errors.As(err, &unsaved) {
		t.Errorf("not remembered: %v", err)
	}
	h.options.Records = records
	h.again()
	h.world.Advance(3 * time.Hour)
	h.works(h.held()[0])
}

// TestGivenBackMeanwhile: a grant that was given back while it was checked stays away.
func TestGivenBackMeanwhile(t *testing.T) {
	h := at(t, "x")
	held, first := h.login("x", text.Safe{}), true
	_, _, err := h.Check(t.Context(), held, live.Plan{Paid: true, Progress: func(p live.Progress) {
		if p.Finding != nil && first {
			first = false
			if _, _, err := h.Logout(t.Context(), held); err != nil {
				t.Error(err)
			}
		}
	}})
	if names, _ := h.kept.List(t.Context()); err != nil || first || len(h.held()) != 0 || len(names) != 0 {
		t.Errorf("held %d, secrets %q, %v", len(h.held()), names, err)
	}
}

// TestProlonged: access that renews itself gets new life by a check in good time, once.
// Where that fails, the check goes on.
func TestProlonged(t *testing.T) {
	const day = 24 * time.Hour
	for name, by := range map[string]sim.Endpoint{"facebook": sim.Exchange, "instagram": sim.Exchange, "instagram-login": sim.Refresh} {
		t.Run(name, func(t *testing.T) {
			h := at(t, name)
			account := text.Const("@mikabakes")
			if name == "facebook" {
				account = text.Const("Mika Bakes")
			}
			h.login(name, account)
			for _, row := range []struct {
				after   time.Duration
				breaks  bool
				renewed int
				left    int
			}{{23 * time.Hour, false, 0, 59}, {6 * day, false, 0, 53}, {25 * day, true, 0, 28}, {0, false, 1, 60}, {0, false, 0, 60}, {25 * day, false, 0, 35}, {6 * day, false, 1, 60}} {
				h.world.Advance(row.after)
				h.world.Forget()
				if row.breaks {
					h.world.Fault(imitations[name], by, sim.HTML(502))
				}
				h.works(h.held()[0])
				h.world.Repair(imitations[name])
				left := h.held()[0].Grant.Expires.Sub(h.Now()).Round(day)
				if n := h.asked(by, 200); n != row.renewed || left != time.Duration(row.left)*day {
					t.Errorf("%+v: renewed %d times, %v left", row, n, left)
				}
			}
		})
	}
}
