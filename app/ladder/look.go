package ladder

import "time"

// Look is the item of a fact that a connection which worked was looked at again.
const Look = "look"

// Found is the answer to a look that the dashboard was not looked at, and that the
// platform said no to an app of one's own. It is no colour.
const Found = "found"

// looks are how long after it worked a connection is looked at again: what breaks
// soon does so within a day.
var looks = []time.Duration{time.Hour, 24 * time.Hour}

// looksBefore are how long before a known end a connection is looked at once more:
// the first of them that is still to come when the others are over. Two weeks are a
// proposal of the fact sheet (7.4), not a rule of a platform; what ends sooner is
// looked at the day before.
var looksBefore = []time.Duration{14 * 24 * time.Hour, 24 * time.Hour}

// NextLook is when a case that ended connected is to be looked at again: after an
// hour, after a day, and before its permission ends, if that is known. It is zero
// for every other case, and when all looks are done.
func (s State) NextLook() time.Time {
	if s.Place != EndConnected {
		return time.Time{}
	}
	ended := s.by
	var last time.Time
	for _, e := range s.Seen {
		if e.Data.Item == Look && e.Seq > ended.Seq {
			last = e.At
		}
	}
	due := make([]time.Time, 0, len(looks)+1)
	for _, after := range looks {
		due = append(due, ended.At.Add(after))
	}
	for _, before := range looksBefore {
		if at := s.Expires().Add(-before); len(due) == len(looks) && at.After(due[len(due)-1]) {
			due = append(due, at)
		}
	}
	for _, at := range due {
		if last.Before(at) {
			return at
		}
	}
	return time.Time{}
}

// Expires is when the permission of what was connected ends, by the newest look at
// it that told; zero if none did.
func (s State) Expires() time.Time {
	expires := s.Ends
	for _, e := range s.Seen {
		if e.Data.Item == Look && e.Seq > s.Shown && !e.Data.Until.IsZero() {
			expires = e.Data.Until
		}
	}
	return expires
}
