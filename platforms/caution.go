package platforms

import (
	"encoding/json"
	"slices"
	"time"
)

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

// For is the caution for one platform: of the cool-downs the one that counts there.
func (c Caution) For(id ID) Caution {
	at := slices.IndexFunc(c.CoolDown, func(row CoolDown) bool { return has(row.Platforms, id) })
	if at < 0 {
		c.CoolDown = nil
		return c
	}
	row := c.CoolDown[at]
	row.Platforms = nil
	c.CoolDown = []CoolDown{row}
	return c
}

// Fill is a copy of c with the placeholders filled in.
func (c Caution) Fill(vars Vars) Caution {
	c.CoolDown = slices.Clone(c.CoolDown)
	for i := range c.CoolDown {
		c.CoolDown[i].Reason = c.CoolDown[i].Reason.Fill(vars)
	}
	c.Settle.Reason, c.Spike.Reason = c.Settle.Reason.Fill(vars), c.Spike.Reason.Fill(vars)
	return c
}

// MarshalJSON writes the times as the data has them.
func (c CoolDown) MarshalJSON() ([]byte, error) {
	type plain CoolDown
	return json.Marshal(struct {
		plain
		Within string `json:"within"`
		Wait   string `json:"wait"`
	}{plain(c), spanText(c.Within), spanText(c.Wait)})
}

// MarshalJSON writes the time as the data has it.
func (s Settle) MarshalJSON() ([]byte, error) {
	type plain Settle
	return json.Marshal(struct {
		plain
		Wait string `json:"wait"`
	}{plain(s), spanText(s.Wait)})
}

// MarshalJSON writes the times as the data has them.
func (s Spike) MarshalJSON() ([]byte, error) {
	type plain Spike
	return json.Marshal(struct {
		plain
		Within string `json:"within"`
		Usual  string `json:"usual"`
		Look   string `json:"look"`
	}{plain(s), spanText(s.Within), spanText(s.Usual), spanText(s.Look)})
}
