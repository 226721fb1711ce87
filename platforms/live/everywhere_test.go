package live

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// wire are the faults of the wire by name. With late a time-out has to end them.
var wire = []struct {
	name  string
	fault sim.Fault
	late  bool
}{
	{"400 with HTML", sim.HTML(http.StatusBadRequest), false}, {"401 with HTML", sim.HTML(http.StatusUnauthorized), false},
	{"403 with HTML", sim.HTML(http.StatusForbidden), false}, {"404 with HTML", sim.HTML(http.StatusNotFound), false},
	{"500 with HTML", sim.HTML(http.StatusInternalServerError), false}, {"502 with HTML", sim.HTML(http.StatusBadGateway), false},
	{"200 with HTML", sim.HTML(http.StatusOK), false},
	{"429", sim.TooMany(""), false}, {"429 with Retry-After", sim.TooMany("600"), false},
	{"closed", sim.Closed(), false}, {"cut", sim.Cut(), false}, {"empty", sim.Empty(), false}, {"{}", sim.Respond(http.StatusOK, "{}"), false},
	{"broken JSON", sim.BrokenJSON(), false}, {"deep JSON", sim.Deep(40), false}, {"a key twice", sim.DuplicateKeys(), false},
	{"wrong types", sim.WrongTypes(), false},
	{"redirect loop", sim.RedirectLoop(), false}, {"redirect elsewhere", sim.RedirectTo("http://elsewhere.invalid/"), false},
	{"1 GB", sim.Huge(1 << 30), false}, {"endless", sim.Endless(), false},
	{"slow", sim.Slow(nil), true}, {"slow body", sim.SlowBody(nil), true},
}

// TestFaultsEverywhere plays each fault of the wire at each endpoint that the checks
// of each service ask, with nothing wrong with the account: what rests on it could not
// be checked. Nothing is told as broken, and nothing as in order that was not read.
func TestFaultsEverywhere(t *testing.T) {
	for _, row := range imitated {
		t.Run(string(row.sim), func(t *testing.T) {
			w := sim.Started(t)
			c := simClient(t, w, row.sim, row.id, row.variant)
			g, target := login(t, w, row.sim, c), namedTarget(w, row.sim)
			w.Forget()
			sound := c.Verify(t.Context(), g, Plan{Target: target, Paid: true})
			var endpoints []sim.Endpoint
			for _, r := range w.Requests() {
				if !slices.Contains(endpoints, r.Endpoint) {
					endpoints = append(endpoints, r.Endpoint)
				}
			}
			for _, at := range endpoints {
				for _, f := range wire {
					w.Fault(row.sim, at, f.fault)
					c := simClient(t, w, row.sim, row.id, row.variant) // knows of no limits yet
					if c.timeout = time.Minute; f.late {
						c.timeout = 50 * time.Millisecond
					}
					before := held()
					r := c.Verify(t.Context(), g, Plan{Target: target, Paid: true})
					memory := held() - before
					w.Repair(row.sim)
					judgeFaulty(t, string(at)+", "+f.name, sound, r, f.late)
					if memory > 4<<20 {
						t.Errorf("%s, %s: %d MiB held", at, f.name, memory>>20)
					}
				}
			}
		})
	}
}

// judgeFaulty wants the first finding that is not as in a sound world to be unsure, for
// a reason that has a name, and none to be broken.
func judgeFaulty(t *testing.T, name string, sound, r Report, late bool) {
	t.Helper()
	unsure := 0
	for n, f := range r.Findings {
		switch f.Outcome {
		case platforms.Fail:
			t.Errorf("%s: %s is told as broken: %s", name, f.Check, f.Says)
		case platforms.Unsure:
			unsure++
			if kindOf(f.Err) == "" || f.Says.Empty() {
				t.Errorf("%s: %s could not be checked, and no reason: %s", name, f.Check, f.Says)
			}
			if late != (kindOf(f.Err) == TimedOut) {
				t.Errorf("%s: %s ended as %s", name, f.Check, kindOf(f.Err))
			}
		case platforms.Pass:
			if f.Says != sound.Findings[n].Says || f.Field != sound.Findings[n].Field {
				t.Errorf("%s: %s passes with %q (%s), not with %q", name, f.Check, f.Says, f.Field, sound.Findings[n].Says)
			}
		case platforms.Skipped:
		}
	}
	if unsure == 0 {
		t.Errorf("%s: everything was checked", name)
	}
	if r.Health.Colour != UnknownColour {
		t.Errorf("%s: the colour is %s: %s", name, r.Health.Colour, r.Health.Reason)
	}
	t.Logf("%-40s unsure %s, ended by the time-out: %v", name, strconv.Itoa(unsure), late)
}

// namedTarget is the owner's account by its name, as a person would give it.
func namedTarget(w *sim.World, svc sim.Service) Target {
	switch svc {
	case sim.Facebook, sim.LinkedIn:
		return Target{Name: "Mika Bakes"}
	default:
		return simTarget(w, svc)
	}
}
