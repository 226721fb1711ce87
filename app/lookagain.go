package app

import (
	"context"
	"errors"

	"reconnect/app/connection"
	"reconnect/app/probe"
	"reconnect/app/session"
	"reconnect/app/status"
	"reconnect/platforms/text"
	"reconnect/store"
)

// lookAgain looks, with what was gathered, at the cases that ended connected and
// are due to be looked at. What broke again is open now, and known has it. Where
// nothing may be written, nothing is looked at.
func (r statusRun) lookAgain(ctx context.Context, known status.Known) (status.Known, []text.Safe, error) {
	s := &session.Session{Log: r.db, Now: r.now}
	looked, err := s.LookAgain(ctx, gathered{known, r.asks})
	switch {
	case errors.Is(err, store.ErrReadOnly), looked.Says().Empty() && err == nil:
		return known, nil, nil
	case err != nil:
		return known, nil, err
	}
	known.Cases, _, err = r.cases(ctx, known.Now)
	return known, []text.Safe{looked.Says()}, err
}

// gathered looks with what was gathered. It is a [session.Looker].
type gathered struct {
	status.Known
	asks *connection.Connections
}

// Look tells what Aibrify shows of each account, or, where it does not tell, what the
// platform says of it.
func (g gathered) Look(_ context.Context, abouts []session.About) []session.Look {
	looks := make([]session.Look, len(abouts))
	for i, about := range abouts {
		looks[i] = g.shown(about)
		for _, grant := range g.Grants {
			if !looks[i].Tells() && grant.Report != nil && grant.Held.Platform() == about.Platform && grant.Held.Is(about.Account) {
				looks[i] = probe.LookOf(g.asks, grant.Held, *grant.Report)
			}
		}
	}
	return looks
}

// shown is what Aibrify shows of an account.
func (g gathered) shown(about session.About) session.Look {
	if g.Feed == nil || about.Account.Empty() {
		return session.Look{}
	}
	return probe.LookAt(shown(*g.Feed), g.Feed.At, g.Now, about)
}
