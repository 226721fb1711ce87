package probe

import (
	"context"
	"slices"
	"time"

	"reconnect/app/connection"
	"reconnect/app/diagnosis"
	"reconnect/app/feed"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// Look tells of each account what Aibrify shows, or, where it does not tell, what
// the platform says of the account to an app of one's own. It asks nobody for
// anything, and makes no call that costs money. That the platform finds nothing
// wrong does not prove that Aibrify's permission holds, so it is no answer.
func (p *Prober) Look(ctx context.Context, abouts []session.About) []session.Look {
	looks := make([]session.Look, len(abouts))
	var at time.Time
	var shown []session.Shown
	if p.Feed != nil {
		at, shown, _ = p.Feed(ctx) // what cannot be read tells nothing; status says why
	}
	for i, about := range abouts {
		if looks[i] = LookAt(shown, at, p.Connections.Now(), about); !looks[i].Tells() {
			looks[i] = p.lookAt(ctx, about)
		}
	}
	return looks
}

// LookAt is what Aibrify showed of an account at a time. What is too old to say how
// it is now tells nothing.
func LookAt(shown []session.Shown, at, now time.Time, about session.About) session.Look {
	seen := only(shown, about)
	if len(seen) != 1 || (feed.Feed{At: at}).Stale(now) {
		return session.Look{}
	}
	return session.Look{Colour: seen[0].Colour, Grade: platforms.Seen, Until: seen[0].Expires, At: at, Error: seen[0].Error,
		Says: text.Format("Aibrify's own list shows it, as of %s", text.Line(at.UTC().Format("2006-01-02 15:04 UTC")))}
}

// lookAt asks the platform with a grant that is surely for the account.
func (p *Prober) lookAt(ctx context.Context, about session.About) session.Look {
	held, err := p.Quiet.HeldFor(ctx, about.Platform, about.Account)
	if err != nil || len(held) == 0 || !held[0].Is(about.Account) {
		return session.Look{}
	}
	h, report, err := p.Quiet.Check(ctx, held[0], live.Plan{Target: live.Target{Name: about.Account.String()}})
	if err != nil {
		return session.Look{}
	}
	return LookOf(p.Quiet, h, report)
}

// passing are causes that end by themselves, or are the asking app's own.
var passing = []platforms.Cause{platforms.RateLimited, platforms.PlatformOutage, platforms.AppMisconfigured}

// LookOf is what a report says to whether the connection still holds: no, if the
// account itself is in the way; otherwise nothing.
func LookOf(c *connection.Connections, h connection.Held, report live.Report) session.Look {
	broken := slices.IndexFunc(report.Findings, func(f live.Finding) bool {
		return f.Outcome == platforms.Fail && !diagnosis.AboutGrant(f.Cause) && !slices.Contains(passing, f.Cause)
	})
	if broken < 0 {
		return session.Look{}
	}
	f := report.Findings[broken]
	return session.Look{Grade: platforms.Probed, Says: f.Says.Or(f.Title), Probe: probeOf(c, h.Service, h.Account(), report.Findings)}
}
