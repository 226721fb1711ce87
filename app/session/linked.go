package session

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows is what other cases say about this one: those of the same
// customer, and how many there are of the platform lately.

// hangsOn says whose login a platform's channels hang on: an Instagram account is
// usually connected through the login that connects Facebook Pages (fact sheet, 2).
var hangsOn = map[platforms.ID]platforms.ID{platforms.Instagram: platforms.Facebook}

// loginOf is the platform whose login connects channels of id.
func loginOf(id platforms.ID) platforms.ID { return cmp.Or(hangsOn[id], id) }

// sharesLogin tells whether channels of two platforms can hang on one login.
func sharesLogin(a, b platforms.ID) bool { return a != b && loginOf(a) == loginOf(b) }

// sortKin puts the linked cases in the order of repair: the one that may share a
// login first, then as they were opened.
func (v *View) sortKin() {
	slices.SortStableFunc(v.kin, func(a, b store.Summary) int {
		first := func(c store.Summary) int {
			if sharesLogin(platforms.ID(c.Platform), v.State.Platform) {
				return 0
			}
			return 1
		}
		return cmp.Or(first(a)-first(b), a.Opened.Compare(b.Opened), cmp.Compare(a.Mark, b.Mark))
	})
}

// sharing are the linked cases on the same login, as the diagnosis wants them.
func (v View) sharing() []diagnosis.Kin {
	var kin []diagnosis.Kin
	for _, k := range v.kin {
		if !sharesLogin(platforms.ID(k.Platform), v.State.Platform) || v.sibling.Platform != platforms.ID(k.Platform) {
			continue
		}
		one := diagnosis.Kin{Case: k.ID, Name: guideOf(v.sibling.Platform).Name}
		if v.sibling.Place == ladder.EndConnected {
			one.Mended = v.sibling.LedHere().At
		}
		kin = append(kin, one)
	}
	return kin
}

// readSibling is the linked case on the same login, as it stands. One that cannot
// be read says nothing.
func (s *Session) readSibling(ctx context.Context, v View) (ladder.State, error) {
	return Sibling(ctx, s.Log, v.State, v.kin)
}

// Sibling is the case of kin on the same login as s, as it stands; the zero State
// if there is none.
func Sibling(ctx context.Context, log eventLog, s ladder.State, kin []store.Summary) (ladder.State, error) {
	for _, k := range kin {
		if sharesLogin(platforms.ID(k.Platform), s.Platform) {
			_, state, err := Load(ctx, log, k.ID)
			if err != nil {
				return ladder.State{}, ctx.Err()
			}
			return state, nil
		}
	}
	return ladder.State{}, nil
}

// removed is the change that one removal of Aibrify explains here, too, if it was
// told for the channel on the same login.
const removed = "app_removed"

// oneRemoval says that it was.
func (v View) oneRemoval() text.Safe {
	if !slices.Contains(v.sibling.Changes, removed) {
		return text.Safe{}
	}
	return text.Format("Aibrify was removed for %s, and both hang on one login: that removal explains both.", guideOf(v.sibling.Platform).Name)
}

// mends counts the rows that the repair of one may mend: its own, and those that
// hang on its login.
func mends(one rowSeen, rows []rowSeen) int {
	n := 0
	for _, r := range rows {
		if r.platform == one.platform || hangsOn[r.platform] == one.platform {
			n++
		}
	}
	return n
}

// shared is the fact that another troubled row hangs on the same login.
func shared(one rowSeen, rows []rowSeen) []ladder.Event {
	for _, r := range rows {
		if sharesLogin(r.platform, one.platform) && r.colour == platforms.Red && one.colour == platforms.Red {
			return []ladder.Event{{Kind: ladder.FactSeen, Data: ladder.Data{Item: "cases", Answer: "shared", Grade: platforms.Seen,
				Text: text.Format("%s is red, too", guideOf(r.platform).Name)}}}
		}
	}
	return nil
}

// oneLogin says what one login explains about several troubled rows, and where the
// repair begins.
func oneLogin(rows []rowSeen) text.Safe {
	for _, r := range rows {
		on := hangsOn[r.platform]
		if !slices.ContainsFunc(rows, func(o rowSeen) bool { return o.platform == on }) {
			continue
		}
		return text.Format("%s usually hangs on the %s login, so one repair may mend both.", guideOf(r.platform).Name, guideOf(on).Name)
	}
	return text.Safe{}
}

// troubles are the answers to the status check that can be part of an incident: a
// first connection is none.
var troubles = []string{`"answer":"red"`, `"answer":"yellow"`, `"answer":"failing"`}

// lookAround records, before a step that removes something, whether this store's
// cases look like an incident: the newest look counts.
func (s *Session) lookAround(ctx context.Context, before, v View) (View, error) {
	came := v.Case != before.Case || v.State.Place != before.State.Place
	if v.Case == "" || !came || !slices.Contains([]ladder.Place{ladder.AtDisconnect, ladder.AtClear, ladder.AtFresh}, v.State.Place) {
		return v, nil
	}
	now, spike := s.Now(), platforms.OwnCaution().Spike
	recent, err := s.Log.Opened(ctx, store.Opened{Platform: string(v.State.Platform), From: now.Add(-spike.Within), Until: now.Add(time.Second), Except: v.Case, Kind: string(ladder.StatusSeen), Data: troubles})
	if err != nil {
		return v, err
	}
	past, err := s.Log.Opened(ctx, store.Opened{Platform: string(v.State.Platform), From: now.Add(-spike.Within - spike.Usual), Until: now.Add(-spike.Within), Except: v.Case, Kind: string(ladder.StatusSeen), Data: troubles})
	if err != nil {
		return v, err
	}
	answer := "calm"
	if usual := float64(past) * float64(spike.Within) / float64(max(1, spike.Usual)); recent >= spike.Least && float64(recent) >= usual*float64(spike.Times) {
		answer = "spike"
	}
	known := slices.ContainsFunc(v.State.Seen, func(e ladder.Entry) bool { return e.Data.Item == "cases" && e.Data.Answer == "spike" })
	if answer == "calm" && !known {
		return v, nil // nothing to tell
	}
	d := ladder.Data{Item: "cases", Answer: answer, Count: recent, Grade: platforms.Seen,
		Text: text.Format("%s others lately", text.Int(recent))}
	next, err := s.commit(ctx, v, turn{events: one(ladder.FactSeen, d)}, screens.Answer{})
	if errors.Is(err, store.ErrStale) {
		return v, nil // another window moved it on, and looks itself
	}
	return next, err
}

// most is how many other channels are named that fall with a login.
const most = 5

// readFalls names what else falls when Aibrify is removed from the login: the
// customer's other channels that hang on it, as far as cases tell.
func (s *Session) readFalls(ctx context.Context, v View) ([]screens.Fact, error) {
	if v.Case == "" || v.State.Place != ladder.AtClear {
		return nil, nil
	}
	all, err := s.Log.Cases(ctx, store.Query{Limit: 200})
	if err != nil {
		return nil, err
	}
	var names []text.Safe
	for _, c := range all {
		if !v.sameHands(c) {
			continue
		}
		_, other, err := Load(ctx, s.Log, c.ID)
		if err != nil {
			continue // a case that cannot be read says nothing
		}
		name := text.Join(" ", guideOf(other.Platform).Name, other.AccountName())
		if used := other.LoginName(); used.Empty() || v.State.LoginName().Empty() || used == v.State.LoginName() {
			name = text.Format("%s, case %s, %s", name, text.Line(c.ID), text.Line(c.Step))
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return branches(names), nil
}

// sameHands tells whether c is another case of v's customer on a login that v's
// channel may hang on, too.
func (v View) sameHands(c store.Summary) bool {
	id := platforms.ID(c.Platform)
	return c.ID != v.Case && loginOf(id) == loginOf(v.State.Platform) &&
		(c.Group != "" && c.Group == v.State.Group || c.Customer == v.State.CustomerName().String() && (c.Customer != "" || v.State.Audience != platforms.Agent)) &&
		(id != v.State.Platform || c.Account != v.State.AccountName().String())
}

// branches draws names as the branches of a tree.
func branches(names []text.Safe) []screens.Fact {
	var facts []screens.Fact
	for i, name := range names[:min(most, len(names))] {
		mark := text.Const("├")
		if i == len(names)-1 {
			mark = text.Const("└")
		}
		facts = append(facts, screens.Fact{Text: text.Format("%s %s", mark, name)})
	}
	if more := len(names) - most; more > 0 {
		facts = append(facts, screens.Fact{Text: text.Format("└ and %s more", text.Int(more))})
	}
	return facts
}

// nowDue says that another case became due while this one was open.
func (v View) nowDue(since, now time.Time) text.Safe {
	for _, c := range v.open {
		if c.ID != v.Case && !c.Due.IsZero() && c.Due.After(since) && !c.Due.After(now) {
			return text.Format("Case %s (%s) is due now: m, all cases.", text.Line(c.ID),
				text.Join(", ", guideOf(platforms.ID(c.Platform)).Name, text.Line(c.Account)))
		}
	}
	return text.Safe{}
}
