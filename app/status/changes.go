package status

import (
	"slices"

	"reconnect/app/feed"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Changes are what changed between two runs, a text each: what is new, what has
// another state or another reason, and what is no longer there. A date that moved
// on is no change: grants are renewed all the time.
func Changes(before, now []Row) []text.Safe {
	all := []text.Safe{}
	for _, r := range now {
		was, known := r.in(before)
		switch {
		case !known:
			all = append(all, r.told(r.State))
		case was.Colour != r.Colour || was.State != r.State && r.Colour != platforms.Green:
			all = append(all, r.told(text.Format("%s, was %s", r.State, was.State)))
		case was.Cause != r.Cause || was.By != r.By && r.Colour != platforms.Green:
			all = append(all, r.told(text.Format("still %s, for another reason", r.State)))
		}
	}
	for _, r := range before {
		if _, there := r.in(now); !there {
			all = append(all, r.gone())
		}
	}
	return all
}

// in is the row of the same connection among others.
func (r Row) in(others []Row) (Row, bool) {
	i := slices.IndexFunc(others, func(o Row) bool {
		return o.Platform == r.Platform && feed.Bare(o.Account) == feed.Bare(r.Account)
	})
	if i < 0 {
		return Row{}, false
	}
	return others[i], true
}

// told is a row with what happened to it.
func (r Row) told(what text.Safe) text.Safe {
	return text.Join("\n", text.Format("%s %s: %s. %s", sign(r.Colour), r.name(), what, r.Reason), r.todo())
}

// gone is a row that is no longer there.
func (r Row) gone() text.Safe {
	if r.Platform == "" {
		return text.Format("● %s: can be read again.", r.name())
	}
	return text.Format("· %s: no longer known here; it was %s.", r.name(), r.State)
}

// name names the connection.
func (r Row) name() text.Safe {
	return text.Join(" ", platformName(r.Platform), r.Account)
}

// platformName is the platform's name as it writes itself.
func platformName(id platforms.ID) text.Safe {
	s, err := platforms.Get(string(id))
	if err != nil {
		return text.Safe{}
	}
	return s.Guide().Name
}

// todo is what to do, as a line of its own: it is there to be copied.
func (r Row) todo() text.Safe {
	if r.Do.Empty() {
		return text.Safe{}
	}
	return text.Format("→ %s", r.Do)
}

// sign is the colour for those who see none.
func sign(c platforms.Colour) text.Safe {
	switch c {
	case platforms.Green:
		return text.Const("●")
	case platforms.Yellow:
		return text.Const("▲")
	case platforms.Red:
		return text.Const("■")
	default:
		return text.Const("?")
	}
}
