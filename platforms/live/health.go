package live

import (
	"cmp"
	"slices"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// SoonDays is how many days before its end a grant turns yellow. It is the fact
// sheet's own proposal (section 7.4), not a rule of Aibrify or of a platform.
const SoonDays = 14

const (
	day  = 24 * time.Hour
	soon = SoonDays * day
)

// Colour is what the dates and scopes of a grant say at a time (fact sheet 7.4). It
// asks nobody: a grant that was revoked stays green here until a check fails.
func (g Grant) Colour(now time.Time) Health {
	h := g.byDate(now)
	if h.Colour != platforms.Green || len(g.Declined) == 0 {
		return h
	}
	h.Colour, h.Reason = platforms.Yellow, text.Format("Not everything was allowed: %s is missing.", listed(g.Declined))
	return h
}

func (g Grant) byDate(now time.Time) Health {
	end, what := g.end()
	switch {
	case g.Access.Empty() && g.Issued.IsZero():
		return Health{Colour: UnknownColour, Reason: text.Const("There is no grant.")}
	case !end.IsZero():
		return dated(end, what, now)
	case g.Endless:
		return Health{Colour: platforms.Green, Reason: text.Const("It has no end date. It ends only by an event: a password, a role, a removal.")}
	case g.renews():
		return Health{Colour: platforms.Green, Reason: text.Const("It renews itself; the platform names no end.")}
	}
	return Health{Colour: UnknownColour, Reason: text.Const("The platform did not say when it ends.")}
}

// works says of a token that works until when it does.
func (g Grant) works(now time.Time) text.Safe {
	end, what := g.end()
	switch days := text.Int(int(max(end.Sub(now), 0) / day)); {
	case g.Endless && end.IsZero():
		return text.Const("The token works, and has no end date.")
	case end.IsZero():
		return text.Const("The token works; its end was not told.")
	case end.Sub(now) < day:
		return text.Format("The token works; %s ends within a day.", what)
	case end.Equal(g.Expires):
		return text.Format("The token works, until %s (%s days).", date(end), days)
	default:
		return text.Format("The token works; %s ends on %s (%s days).", what, date(end), days)
	}
}

// end is the end that matters: of the refresh token where there is one, of the
// access token otherwise, and of access to data where that comes first.
func (g Grant) end() (time.Time, text.Safe) {
	end, what := g.Expires, text.Const("the access")
	if g.renews() {
		end, what = g.RefreshExpires, text.Const("the permission to renew")
	}
	if !g.DataExpires.IsZero() && (end.IsZero() || g.DataExpires.Before(end)) {
		return g.DataExpires, text.Const("the access to data")
	}
	return end, what
}

func dated(end time.Time, what text.Safe, now time.Time) Health {
	left := end.Sub(now)
	h := Health{Until: end, Days: int(max(left, 0) / day)}
	switch {
	case left <= 0:
		h.Colour, h.Reason = platforms.Red, text.Format("%s ended on %s.", capital(what), date(end))
	case left < day:
		h.Colour, h.Proposal = platforms.Yellow, true
		h.Reason = text.Format("%s ends within a day.", capital(what))
	case left <= soon:
		h.Colour, h.Proposal = platforms.Yellow, true
		h.Reason = text.Format("%s ends on %s, in %s days.", capital(what), date(end), text.Int(h.Days))
	default:
		h.Colour, h.Proposal = platforms.Green, true
		h.Reason = text.Format("%s lasts until %s, %s days more.", capital(what), date(end), text.Int(h.Days))
	}
	return h
}

func date(t time.Time) text.Safe { return text.Line(t.UTC().Format("2 January 2006")) }

func capital(s text.Safe) text.Safe {
	words := s.String()
	return text.Line(string(words[0]-'a'+'A') + words[1:])
}

// listed are names in a sentence: "a, b and c".
func listed(names []string) text.Safe {
	if len(names) == 0 {
		return text.Safe{}
	}
	out := text.Line(names[0])
	for i, n := range names[1:] {
		if i == len(names)-2 {
			out = text.Format("%s and %s", out, text.Line(n))
		} else {
			out = text.Format("%s, %s", out, text.Line(n))
		}
	}
	return out
}

// Weigh is the colour of what was found and what the grant's dates say; the worst
// counts: red before could not check before yellow.
func Weigh(findings []Finding, g Grant, now time.Time) Health {
	h := g.Colour(now)
	worst := slices.MaxFunc(append([]Finding{{Outcome: platforms.Pass}}, findings...), func(a, b Finding) int {
		return cmp.Compare(weight(a), weight(b))
	})
	switch weight(worst) {
	case 3:
		return Health{Colour: platforms.Red, Reason: worst.Says, Until: h.Until, Days: h.Days}
	case 2:
		if h.Colour != platforms.Red {
			return Health{Colour: UnknownColour, Reason: worst.Says, Until: h.Until, Days: h.Days}
		}
	case 1:
		if h.Colour == platforms.Green {
			return Health{Colour: platforms.Yellow, Reason: worst.Says, Until: h.Until, Days: h.Days}
		}
	}
	return h
}

// weight orders findings: broken, could not be asked, worth a look, fine.
func weight(f Finding) int {
	switch {
	case f.Outcome == platforms.Fail && f.pending:
		return 1
	case f.Outcome == platforms.Fail:
		return 3
	case f.Open():
		return 2
	}
	return 0
}
