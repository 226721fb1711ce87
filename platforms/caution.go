package platforms

import "time"

// A Caution holds the figures that no source gives: Aibrify's guide and the
// platforms say only that haste does harm. They are our own, and the screen says so.
type Caution struct {
	CoolDown []CoolDown `json:"coolDown"` // the first row that fits a platform counts
	Settle   Settle     `json:"settle"`
	Spike    Spike      `json:"spike"`
}

// A CoolDown says how many tries to connect may follow one another.
type CoolDown struct {
	Platforms []ID          `json:"platforms,omitempty"` // empty: all
	After     int           `json:"after"`               // failed tries
	Within    time.Duration `json:"within"`
	Wait      time.Duration `json:"wait"` // after the last of them
	Reason    Words         `json:"reason"`
	Fact
}

// Settle is how long a removal may take until a new connection starts clean.
type Settle struct {
	Wait   time.Duration `json:"wait"`
	Reason Words         `json:"reason"`
	Fact
}

// A Spike is when many new cases of one platform look like an incident: at least
// Least of them within Within, and at least Times as many as usual for such a span
// over the time Usual before it. Look is when to look again.
type Spike struct {
	Within time.Duration `json:"within"`
	Usual  time.Duration `json:"usual"`
	Times  int           `json:"times"`
	Least  int           `json:"least"`
	Look   time.Duration `json:"look"`
	Reason Words         `json:"reason"`
	Fact
}
