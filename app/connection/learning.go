package connection

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// What a check leaves behind: what is remembered of its grant, and which other
// grants the one that works replaces.

// learned is h with what is remembered of a report. Checks that asked nothing, and a
// few that found nothing wrong, leave what was known; so do those that could not be
// made, and that is remembered beside it. Those for another account than the grant's
// tell of the sign-in alone, and only that it fails.
func (h Held) learned(plan live.Plan, report live.Report, now time.Time) Held {
	to, some := plan.Target, len(plan.Only) > 0 && report.Failed() == nil
	if !report.Asked() || some {
		return h
	}
	if !h.own(to, report) {
		report.Findings = slices.DeleteFunc(slices.Clone(report.Findings), func(f live.Finding) bool {
			return f.Outcome != platforms.Fail || !slices.Contains(anyAccount, f.Check)
		})
		report.Health = live.Weigh(report.Findings, report.Grant, now)
		if len(report.Findings) == 0 {
			return h
		}
	} else if name := meant(to, report); !name.Empty() {
		h.Saw = !report.Subject.Empty() || h.Saw && SameName(h.For, name)
		h.For, h.Wrong = name, wrong(report)
	}
	if unanswered(report, now) {
		h.Tried, h.Missed = now, report.Health.Reason
		return h
	}
	h.Checked, h.Health, h.Tried, h.Missed = now, report.Health, time.Time{}, text.Safe{}
	h.Cause, h.Mend = Failing(report)
	return h
}

// unanswered tells whether a report is only that there was no answer. What was
// answered before stands then.
func unanswered(report live.Report, now time.Time) bool {
	answered := report.Failed() != nil || report.Health.Reason == report.Grant.Colour(now).Reason ||
		slices.ContainsFunc(report.Findings, func(f live.Finding) bool { return f.Untold })
	return !answered && report.Health.Colour == live.UnknownColour
}

// OfAccount is a report of a grant that an app of one's own was given. That such a
// grant has ended says nothing of the account, nor of Aibrify's connection: both could
// not be checked. A new password is another matter, because it ends both.
func OfAccount(report live.Report, now time.Time) live.Report {
	cause, _ := Failing(report)
	over := slices.Contains(Ended, cause) || report.Health.Reason == report.Grant.Colour(now).Reason // by its dates
	if over && report.Health.Colour == platforms.Red {
		report.Health.Colour = live.UnknownColour
	}
	return report
}

// Ended are the causes that leave nothing of a grant: only another one helps.
var Ended = []platforms.Cause{platforms.TokenExpired, platforms.PermissionRevoked}

// gone are the causes that leave no grant to give back. With any other one the
// platform may still have it.
var gone = append([]platforms.Cause{platforms.PasswordChanged}, Ended...)

// anyAccount are the checks whose answer holds whichever account is meant.
var anyAccount = []string{live.RenewalCheck, "token", "login", "scopes"}

// learnedGrant is the grant of a report. Looking for another account does not change
// whose the grant is.
func (h Held) learnedGrant(to live.Target, report live.Report) live.Grant {
	g := report.Grant
	if h.Grant.Account.ID != "" && !h.own(to, report) {
		g.Account = h.Grant.Account
	}
	return g
}

// own tells whether a target is the account that the grant is for. A grant that was
// verified for none yet is for the first one that is found with it.
func (h Held) own(to live.Target, report live.Report) bool {
	name := meant(to, report)
	switch {
	case to == live.Target{}, to.ID != "" && to.ID == h.Grant.Account.ID:
		return true
	case h.For.Empty():
		return !report.Subject.Empty() || h.Is(name)
	}
	return SameName(h.For, name) || h.Is(name)
}

// meant is the account of a target: of an id, what the platform calls it.
func meant(to live.Target, report live.Report) text.Safe {
	if to.ID != "" {
		return report.Subject
	}
	return text.Line(to.Name)
}

// askedAbout is h with the account that was asked about: of an id, what the platform
// calls it.
func (h Held) askedAbout(to live.Target, report live.Report) Held {
	name := meant(to, report).Or(text.Line(cmp.Or(to.Name, to.ID)))
	if !name.Empty() {
		h.For, h.Wrong = name, wrong(report)
	}
	return h
}

// wrong tells whether a grant was found to be another account's than the one meant.
func wrong(report live.Report) bool {
	return slices.ContainsFunc(report.Findings, func(f live.Finding) bool {
		return f.Outcome == platforms.Fail && f.Cause == platforms.WrongAccount
	})
}

// supersede forgets the grants that h replaces, unless they are kept elsewhere. If
// nobody said which account h is for, it is for theirs, and has yet to be checked for
// it. Where they are for several, none is replaced: each goes on being told of. One that
// was given back meanwhile replaces none.
func (c *Connections) supersede(ctx context.Context, h Held) (Held, error) {
	all, err := c.Held(ctx)
	if err != nil {
		return h, err
	}
	if !slices.ContainsFunc(all, func(one Held) bool { return one.Key == h.Key }) {
		return h, nil
	}
	all = slices.DeleteFunc(all, func(old Held) bool { return !c.replaces(h, old) })
	if h.For.Empty() {
		for _, old := range all {
			if !h.For.Empty() && !old.For.Empty() && !SameName(h.For, old.For) {
				h.For = text.Safe{}
				return h, nil
			}
			h.For = h.For.Or(old.For)
		}
		if !h.For.Empty() {
			h.Checked, h.Health, h.Tried, h.Missed, h.Cause, h.Mend = time.Time{}, live.Health{}, time.Time{}, text.Safe{}, "", text.Safe{}
			if err := c.put(ctx, h, false); err != nil {
				return h, err
			}
		}
	}
	for _, old := range all {
		var elsewhere *ElsewhereError
		if err := c.drop(ctx, old); err != nil && !errors.As(err, &elsewhere) {
			return h, err
		}
	}
	return h, nil
}

// replaces tells whether h takes the place of an older grant of the same service and
// app: one of the same person, one for the same account of which it never came out
// who that was, and one that ended, unless that is known to be another account's. X
// keeps one grant for each app and person, so there one that nobody checked goes, too.
func (c *Connections) replaces(h, old Held) bool {
	if old.Key == h.Key || old.Service != h.Service || old.Grant.Client != h.Grant.Client || !old.Grant.Issued.Before(h.Grant.Issued) {
		return false
	}
	who, was := h.Grant.Account.ID, old.Grant.Account.ID
	over := old.ended(c.Now()) || old.Platform() == platforms.X && old.Checked.IsZero()
	switch {
	case who != "" && (was == who || was == "" && SameName(old.For, h.For)):
		return true
	case h.ended(c.Now()) || !over:
		return false
	case !h.For.Empty() && !old.For.Empty():
		return SameName(old.For, h.For)
	}
	return was == "" || was == who || old.Is(h.For)
}

// ended tells whether a grant is known to be over.
func (h Held) ended(now time.Time) bool {
	return h.Grant.Colour(now).Colour == platforms.Red || slices.Contains(gone, h.Cause)
}
