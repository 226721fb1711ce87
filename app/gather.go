package app

import (
	"context"
	"slices"
	"time"

	"reconnect/app/connection"
	"reconnect/app/crash"
	"reconnect/app/feed"
	"reconnect/app/ladder"
	"reconnect/app/session"
	"reconnect/app/status"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
)

// gather is all that is known of the connections, now: what Aibrify shows, what the
// platforms say, and what was seen in cases. notes are what a person should know of
// the gathering itself. It asks nobody for anything, and waits for whom it asked:
// a permission that is being renewed has to be kept.
func gather(ctx context.Context, r statusRun) (known status.Known, notes []text.Safe, err error) {
	known = status.Known{Now: r.now(), Offline: r.query.offline}
	if known.Cases, notes, err = r.cases(ctx, known.Now); err != nil {
		return known, nil, err
	}
	held, err := r.asks.Held(ctx)
	if err != nil {
		return known, nil, err
	}
	notes = append(notes, r.unsigned(held)...)
	held = slices.DeleteFunc(held, func(h connection.Held) bool {
		return r.query.platform != "" && h.Platform() != r.query.platform
	})
	ctx, cancel := context.WithTimeout(ctx, r.query.timeout)
	defer cancel()
	known.Grants = make([]status.Grant, len(held))
	tasks := []task{{func() { known.Feed, known.FeedErr = r.shows(ctx) }, func(err error) { known.FeedErr = err }}}
	for i, h := range held {
		tasks = append(tasks, task{func() { known.Grants[i] = r.ask(ctx, h) },
			func(err error) {
				known.Grants[i] = status.Grant{Held: h, Err: err, Aibrify: r.asks.IsAibrify(h.Service)}
			}})
	}
	together(tasks)
	return known, notes, nil
}

// unsigned names the services that an app is set up for and nobody signed in to.
func (r statusRun) unsigned(held []connection.Held) []text.Safe {
	var names []text.Safe
	for _, name := range r.apps {
		s, known := connection.Find(name)
		wanted := known && (r.query.platform == "" || s.ID == r.query.platform)
		if wanted && !slices.ContainsFunc(held, func(h connection.Held) bool { return h.Service == name }) {
			names = append(names, text.Line(name))
		}
	}
	switch {
	case len(names) == 0:
		return nil
	case r.brief:
		return []text.Safe{text.Const("Grants are kept in memory alone (secrets in config.toml), so there is none to ask with.")}
	case len(names) == 1:
		return []text.Safe{text.Format("No grant is held for %s: reconnect login %s", names[0], names[0])}
	}
	return []text.Safe{text.Format("No grant is held for %s. Sign in to each: reconnect login NAME", text.Join(", ", names...))}
}

// A task is something to do beside others, and what to do if it fails the program.
type task struct {
	do     func()
	failed func(error)
}

// together does tasks at once and waits for all of them.
func together(tasks []task) {
	done := make(chan struct{}, len(tasks))
	for _, t := range tasks {
		crash.Go(func() { t.do(); done <- struct{}{} }, func(err error) { t.failed(err); done <- struct{}{} })
	}
	for range tasks {
		<-done
	}
}

// ask asks a platform with a grant, where that is allowed.
func (r statusRun) ask(ctx context.Context, h connection.Held) status.Grant {
	g := status.Grant{Held: h, Aibrify: r.asks.IsAibrify(h.Service)}
	switch {
	case r.query.offline:
		return g
	case !r.query.paid && costs(h.Service):
		g.Skipped = text.Const("asking it costs money, which --paid allows")
		return g
	case ctx.Err() != nil:
		g.Err = ctx.Err()
		return g
	}
	now, report, err := r.asks.Check(ctx, h, live.Plan{Paid: r.query.paid})
	if report.Findings == nil {
		g.Err = err
		return g
	}
	now.For = h.For                 // the row stays that of the account, also if the answer is that the grant is for another one
	g.Held, g.Report = now, &report // what could not be remembered of it is asked again next time
	return g
}

// costs tells whether nothing can be asked of a service without money.
func costs(service string) bool {
	s, ok := connection.Find(service)
	return ok && !slices.ContainsFunc(s.Checks, func(k live.Check) bool { return k.After == "" && k.Costs.Empty() })
}

// lastFeed is the name of the record of what Aibrify showed last.
const lastFeed = "status/feed"

// shows is what Aibrify shows: as it is read now, or else as it was read last. A file
// is read without asking anybody.
func (r statusRun) shows(ctx context.Context) (*feed.Feed, error) {
	if !r.feed.Set() {
		return nil, nil
	}
	var last feed.Feed
	known, err := r.recall(ctx, lastFeed, &last)
	if err != nil {
		return nil, err
	}
	if !r.query.offline || r.feed.File != "" {
		var now feed.Feed
		if now, err = r.feed.Read(ctx); err == nil {
			return &now, r.remember(ctx, lastFeed, now)
		}
	}
	if !known {
		return nil, err
	}
	return &last, err
}

// cases are the cases that say something of a connection as it is now: of each
// account the newest one that is open, or else ended as connected lately. An end
// without a connection after it leaves none.
func (r statusRun) cases(ctx context.Context, now time.Time) (found []status.Case, notes []text.Safe, err error) {
	open, err := everyCase(ctx, r.db, store.Query{Open: true})
	if err != nil {
		return nil, nil, err
	}
	ended, err := r.endedSince(ctx, now.Add(-status.Lately))
	if err != nil {
		return nil, nil, err
	}
	decided := map[string]bool{}
	for _, sum := range append(open, ended...) {
		if r.query.platform != "" && sum.Platform != string(r.query.platform) || decided[accountKey(sum)] {
			continue
		}
		log, state, err := session.Load(ctx, r.db, sum.ID)
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case err != nil:
			notes = append(notes, session.Sentence(err))
			continue
		case sum.Open || state.Place == ladder.EndConnected:
			found = append(found, lastSeen(sum, log, state))
		case state.Place != ladder.EndSent && state.Ended != "given_up": // it was no case of this connection after all
			continue
		}
		decided[accountKey(sum)] = true
	}
	return found, notes, nil
}

// accountKey is the same for cases about one account.
func accountKey(s store.Summary) string {
	if s.Account == "" {
		return s.ID
	}
	return s.Platform + "\n" + feed.Bare(text.Line(s.Account))
}

// endedSince are the cases that ended since then, newest first.
func (r statusRun) endedSince(ctx context.Context, since time.Time) ([]store.Summary, error) {
	var all []store.Summary
	q := store.Query{Limit: 500}
	for {
		page, err := r.db.Cases(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, s := range page {
			if !s.Open && s.Updated.After(since) {
				all = append(all, s)
			}
		}
		if len(page) < q.Limit || page[len(page)-1].Updated.Before(since) {
			return all, nil
		}
		q.Before = page[len(page)-1].Mark
	}
}

// lastSeen is a case with what the dashboard showed last in this round of it.
func lastSeen(sum store.Summary, log []ladder.Event, state ladder.State) status.Case {
	c := status.Case{Summary: sum}
	for _, e := range slices.Backward(log) {
		if e.Seq <= state.Round {
			break
		}
		colour, seen := shownIn(e)
		if seen && !slices.Contains(state.Struck, e.Seq) {
			c.Colour, c.Failing, c.Seen, c.Grade = colour, e.Data.Answer == "failing", e.At, e.Data.Grade
			break
		}
	}
	return c
}

// shownIn is the colour that an event says the dashboard showed.
func shownIn(e ladder.Event) (platforms.Colour, bool) {
	switch {
	case e.Kind == ladder.StatusSeen && e.Data.Answer == "failing":
		return platforms.Green, true
	case e.Kind == ladder.StatusSeen, e.Kind == ladder.FactSeen && e.Data.Item == ladder.Look && e.Data.Answer != ladder.Found:
		return platforms.Colour(e.Data.Answer), true
	case (e.Kind == ladder.Attempted || e.Kind == ladder.AlreadyTried) && e.Data.Answer == "connected":
		return platforms.Green, true
	}
	return "", false
}
