package ladder

import "time"

// Look is the item of a fact that a connection which worked was looked at again.
const Look = "look"

// looks are how long after it worked a connection is looked at again: what breaks
// soon does so within a day.
var looks = []time.Duration{time.Hour, 24 * time.Hour}

// lookBefore is how long before a known end a connection is looked at once more.
// It is a proposal of the fact sheet (7.4), not a rule of a platform.
const lookBefore = 14 * 24 * time.Hour

// NextLook is when a case that ended connected is to be looked at again: after an
// hour, after a day, and before its permission ends, if that is known. It is zero
// for every other case, and when all looks are done.
func (s State) NextLook() time.Time {
	if s.Place != EndConnected {
		return time.Time{}
	}
	ended := s.by
	var last, expires time.Time
	for _, e := range s.Seen {
		if e.Data.Item == Look && e.Seq > ended.Seq {
			last = e.At
			if !e.Data.Until.IsZero() {
				expires = e.Data.Until
			}
		}
	}
	due := make([]time.Time, 0, len(looks)+1)
	for _, after := range looks {
		due = append(due, ended.At.Add(after))
	}
	if at := expires.Add(-lookBefore); !expires.IsZero() && at.After(due[len(due)-1]) {
		due = append(due, at)
	}
	for _, at := range due {
		if last.Before(at) {
			return at
		}
	}
	return time.Time{}
}
