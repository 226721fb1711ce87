package ladder

import (
	"maps"
	"slices"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// What follows is what each kind of event does to what is known. State is a
// value: nothing that an older State still holds is changed, so every write makes
// a copy.

func add[T any](list []T, v T) []T { return append(slices.Clone(list), v) }

func entry(e Event, p Position) Entry { return Entry{Event: e, Step: p.Step()} }

func keepError(k *Kept, e Event, p Position)    { k.Errors = add(k.Errors, entry(e, p)) }
func keepNote(k *Kept, e Event, p Position)     { k.Notes = add(k.Notes, entry(e, p)) }
func keepGap(k *Kept, e Event, p Position)      { k.Gaps = add(k.Gaps, entry(e, p)) }
func keepShot(k *Kept, e Event, p Position)     { k.Shots = add(k.Shots, entry(e, p)) }
func keepMessage(k *Kept, e Event, p Position)  { k.Messages = add(k.Messages, entry(e, p)) }
func keepOverride(k *Kept, e Event, p Position) { k.Overrides = add(k.Overrides, entry(e, p)) }
func keepSeen(k *Kept, e Event, p Position)     { k.Seen = add(k.Seen, entry(e, p)) }
func keepProbe(k *Kept, e Event, p Position)    { k.Probes = add(k.Probes, entry(e, p)) }
func keepEdit(k *Kept, e Event, _ Position)     { k.Edit = e.Data.Text }

func keepSnapshot(k *Kept, e Event, _ Position) {
	next := Snapshot{Seq: e.Seq, At: e.At, Connected: e.Data.Account, By: e.Data.Text,
		Queue: e.Data.Count, Counted: e.Data.Answer == "counted"}
	if before := k.Snapshot; before != nil { // what a later one leaves out is still known
		next.Connected, next.By = next.Connected.Or(before.Connected), next.By.Or(before.By)
		if !next.Counted {
			next.Queue, next.Counted = before.Queue, before.Counted
		}
	}
	k.Snapshot = &next
}

func correct(k *Kept, e Event, p Position) { k.Corrections = add(k.Corrections, entry(e, p)) }

func keepMissed(k *Kept, e Event, _ Position) {
	k.Missed = &Missed{Answer: e.Data.Answer, Count: e.Data.Count, Seq: e.Seq}
}

func keepAlert(k *Kept, e Event, _ Position) {
	if !slices.Contains(k.Alerts, e.Data.Answer) {
		k.Alerts = add(k.Alerts, e.Data.Answer)
	}
}

func tick(k *Kept, e Event, p Position)   { k.setTick(p.TickKey(e.Data.Item), true) }
func untick(k *Kept, e Event, p Position) { k.setTick(p.TickKey(e.Data.Item), false) }

func (k *Kept) setTick(key string, on bool) {
	ticks := maps.Clone(k.Ticks)
	if ticks == nil {
		ticks = map[string]bool{}
	}
	if on {
		ticks[key] = true
	} else {
		delete(ticks, key)
	}
	k.Ticks = ticks
}

func seeStatus(p *Position, e Event) {
	if c := platforms.Colour(e.Data.Answer); c != "failing" {
		p.Colour, p.Ends = c, e.Data.Until
	}
}

func seeChange(p *Position, e Event) {
	p.Changes, p.Changed = slices.Clone(e.Data.Items), true
}

func chooseAccount(p *Position, e Event) {
	if !e.Data.Account.Empty() {
		p.Account = e.Data.Account
	}
	p.named = e.Seq
	p.LastBy = e.Data.Last.Or(p.LastBy)
	p.Use, p.Returned, p.CameBack = e.Data.Text, "", text.Safe{} // nothing came back yet
}

func returnAccount(p *Position, e Event) {
	p.Returned, p.CameBack = e.Data.Answer, e.Data.Text
}

func attempt(p *Position, e Event) {
	a := Attempt{Seq: e.Seq, At: e.At, Place: p.Place, Step: p.Step(), Answer: e.Data.Answer, Grade: e.Data.Grade}
	if e.Kind == AlreadyTried {
		a.Already, a.When = true, e.Data.Text
	} else {
		a.Said = e.Data.Text
	}
	p.Attempts = add(p.Attempts, a)
	for _, id := range e.Data.Checks {
		p.Brought = add(p.Brought, Brought{id, e.Seq})
	}
	if a.Answer == "connected" {
		p.Colour, p.Ends = platforms.Green, e.Data.Until
	}
}

func check(p *Position, e Event) {
	p.Checked = add(p.Checked, Checked{Seq: e.Seq, ID: e.Data.Item, Outcome: platforms.Outcome(e.Data.Answer), Grade: e.Data.Grade})
}

func mend(p *Position, e Event) {
	if e.Data.Answer == "overruled" {
		for _, cause := range e.Data.Items {
			p.Settled = add(p.Settled, Settled{e.Seq, cause, "overruled"})
		}
	}
	p.Checked = slices.Clone(p.Checked)
	for i := range slices.Backward(p.Checked) {
		if p.Checked[i].ID == e.Data.Item {
			p.Checked[i].Mended = e.Data.Answer
			return
		}
	}
}

func wait(p *Position, e Event) {
	p.Wait = &Wait{Seq: e.Seq, About: e.Data.Item, Then: e.Data.Step, For: e.Data.Text, Until: e.Data.Until, Early: e.Data.Early}
}

// endWait ends a wait. What was waited for to its end is past.
func endWait(p *Position, e Event) {
	if about := p.Wait.About; about != "" && e.Data.Answer == "over" {
		p.Settled = add(p.Settled, Settled{e.Seq, about, "waited"})
	}
	p.Wait = nil
}

func detour(p *Position, e Event) {
	if e.Data.Item != "" && e.Data.Answer != "" {
		p.Settled = add(p.Settled, Settled{e.Seq, e.Data.Item, e.Data.Answer})
	}
}

func end(p *Position, e Event) { p.Ended, p.Wait = e.Data.Answer, nil }

func sent(p *Position, _ Event) { p.Ended = "sent" }
