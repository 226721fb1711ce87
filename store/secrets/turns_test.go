package secrets

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a keyring that takes a while for each answer.
type slow struct {
	*fake
	takes time.Duration
}

func (s *slow) Get(service, user string) (string, error) {
	<-time.After(s.takes)
	return s.fake.Get(service, user)
}

// TestTurns: each call has its time from its own turn on, however many came before it.
// Behind one that hangs, nobody waits for long.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &slow{fake: newFake()}
		k := opened(t, options(t.TempDir(), Keyring, r))
		put(t, k, "client/x", "secret")
		for _, row := range []struct {
			takes time.Duration
			fail  int
		}{{maxTimeout / 2, 0}, {time.Hour, 24}} {
			r.takes = row.takes
			var all sync.WaitGroup
			var mu sync.Mutex
			failed := 0
			for range 24 {
				all.Go(func() {
					if _, err := k.Get(t.Context(), "client/x"); err != nil {
						mu.Lock()
						failed++
						mu.Unlock()
					}
				})
			}
			all.Wait()
			turn := k.place.(*keyring).turn
			turn <- struct{}{} // what hangs comes back at last
			<-turn
			if failed != row.fail {
				t.Errorf("%v each: %d of 24 failed", row.takes, failed)
			}
		}
	})
}
