package session

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"reconnect/app/feed"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the answers that a probe fills in. A person takes them, or
// answers for themselves.

// filled is what a probe fills in: what it is, and what taking it does.
type filled struct {
	facts  []screens.Fact
	turn   turn
	drafts map[string]string // of the board, before there is a case
	no     platforms.Cause   // of the check that is answered with no
}

// fills is what was found fills in where the case stands.
func (v View) fills() filled {
	switch {
	case v.found == nil:
		return filled{}
	case v.Case == "":
		return v.fillsBoard()
	case v.State.IsEnded() && v.State.Place != ladder.EndConnected || v.State.Wait != nil:
		return filled{}
	case v.isWell():
		return v.fillsShown()
	case v.State.Place == ladder.AtChecks:
		return v.fillsChecks()
	case v.State.Place == ladder.AtMend:
		return v.fillsMend()
	}
	return v.fillsShown()
}

// label is the answer that takes it: what comes first of it, and how much more.
func (f filled) label() text.Safe {
	first := text.Line(strings.TrimPrefix(f.facts[0].Text.String(), "the rows: "))
	if n := len(f.facts) - 1; n > 0 {
		return text.Format("Take it: %s, and %s more", first, text.Int(n))
	}
	return text.Format("Take it: %s", first)
}

func fills(label, words text.Safe, g platforms.Grade) screens.Fact {
	return screens.Fact{Label: text.Const("fills in"), Text: text.Join(": ", label, words), Grade: g}
}

// fillsBoard are the rows of the dashboard, before there is a case, the worst
// connection of each platform. A platform that Aibrify does not list stays open: it
// may never have been connected.
func (v View) fillsBoard() filled {
	rows := map[string]string{}
	if v.drafts[pageBoard] != "" {
		_ = json.Unmarshal([]byte(v.drafts[pageBoard]), &rows) // what cannot be read is filled in anew
	}
	all := list{v.found.At, v.found.Shows}
	for _, svc := range platforms.All() {
		if colour := all.worst(svc.ID); colour != "" {
			rows[string(svc.ID)] = string(colour)
		}
	}
	if len(all.Shows) == 0 {
		return filled{}
	}
	return filled{facts: []screens.Fact{fills(text.Const("the rows"), all.names(true), platforms.Seen)}, turn: turn{lift: true},
		drafts: map[string]string{pageBoard: asJSON(rows), boardList: all.asJSON()}}
}

// fillsChecks answers the checks that are open, up to the first that fails.
func (v View) fillsChecks() filled {
	var f filled
	for _, id := range v.State.Open() {
		outcome := v.outcomeOf(id)
		if outcome == "" {
			continue
		}
		c, _ := checkOf(v.State.Platform, id)
		f.facts = append(f.facts, fills(c.Title.Fill(v.vars()), outcomeWords(ladder.Checked{Outcome: outcome}), platforms.Probed))
		f.turn.events = append(f.turn.events, ladder.Event{Kind: ladder.CheckDone,
			Data: ladder.Data{Item: id, Answer: string(outcome), Place: ladder.AtChecks, Grade: platforms.Probed}})
		if outcome == platforms.Fail {
			f.no = c.Cause
			break
		}
	}
	f.turn.lift = true
	return f
}

// bySelf leaves the answer to the person. What the platform said no to is asked all the
// same, though it would stand before the question.
func (v View) bySelf() turn {
	no := v.fills().no
	if no == "" {
		return turn{lift: true}
	}
	return turn{lift: true, events: one(ladder.DetourOverridden, ladder.Data{Step: v.State.Step(), Item: string(no), Place: v.State.Place,
		Text: text.Const("a person looks, and answers for themselves")})}
}

// isWell tells whether Aibrify shows Connected since the case stands where a check
// failed, or is asked.
func (v View) isWell() bool {
	return (v.State.Place == ladder.AtChecks || v.State.Place == ladder.AtMend) && len(v.found.Shows) == 1 &&
		v.found.Shows[0].Colour == platforms.Green && !v.older()
}

// fillsMend says that the check which failed is in order now.
func (v View) fillsMend() filled {
	id := v.State.Failing()
	if v.outcomeOf(id) != platforms.Pass && !v.passesNow(id) {
		return filled{}
	}
	c, _ := checkOf(v.State.Platform, id)
	t := v.takeMend(ladder.Data{Answer: "mended", Place: ladder.AtMend, Grade: platforms.Probed})
	t.lift = true
	return filled{facts: []screens.Fact{fills(c.Title.Fill(v.vars()), text.Const("in order now"), platforms.Probed)}, turn: t}
}

// outcomeOf is what the probe says to a check of the guide: the platform was asked
// for the very cause that the check looks for. Empty if it does not tell.
func (v View) outcomeOf(check string) platforms.Outcome {
	c, ok := checkOf(v.State.Platform, check)
	if !ok || v.found.Probe == nil {
		return ""
	}
	var outcome platforms.Outcome
	for _, f := range v.found.Probe.Findings {
		switch tells(f, c) { //nolint:exhaustive // nothing else is told
		case platforms.Fail:
			return platforms.Fail
		case platforms.Pass:
			outcome = platforms.Pass
		}
	}
	return outcome
}

// passesNow tells whether what the platform said no to, for the cause that a check
// looks for, is a yes now.
func (v View) passesNow(check string) bool {
	c, ok := checkOf(v.State.Platform, check)
	if !ok || v.found.Probe == nil {
		return false
	}
	for _, before := range slices.Backward(v.State.Probes) {
		i := slices.IndexFunc(before.Data.Probe.Findings, func(f ladder.Finding) bool { return f.Outcome == platforms.Fail && f.Cause == c.Cause })
		if i < 0 {
			continue
		}
		failed := before.Data.Probe.Findings[i].Check
		return slices.ContainsFunc(v.found.Probe.Findings, func(f ladder.Finding) bool { return f.Check == failed && f.Outcome == platforms.Pass })
	}
	return false
}

// tells is what one finding says to a check of the guide; empty if it does not.
func tells(f ladder.Finding, c platforms.Check) platforms.Outcome {
	switch {
	case f.Outcome == platforms.Fail && f.Cause == c.Cause:
		return platforms.Fail
	case f.Outcome == platforms.Pass && slices.Contains(f.RulesOut, c.Cause):
		return platforms.Pass
	}
	return ""
}

// fillsShown takes what Aibrify shows as what is seen here, and its error word for
// word.
func (v View) fillsShown() filled {
	if !v.found.Read || len(v.found.Shows) != 1 {
		return filled{}
	}
	shown, f := v.found.Shows[0], filled{turn: turn{lift: true}}
	if v.State.Place == ladder.EndConnected {
		return v.fillsLook(shown)
	}
	if said := shown.Error; !said.Empty() && !v.knows(said) {
		f.turn.events = shownError(said, v.State.Platform)
		f.facts = append(f.facts, fills(text.Const("the exact error"), text.Line(said.String()), platforms.Seen))
	}
	seen := v.seen(shown)
	if len(seen) == 0 || v.older() {
		return f
	}
	for i, e := range seen {
		seen[i].Data.Place, seen[i].Data.Grade = v.State.Place, v.shownGrade()
		seen[i].Data.Text = e.Data.Text.Or(asOf(v.found.At, v.now))
	}
	f.turn.events = append(f.turn.events, seen...)
	f.facts = append(f.facts, fills(text.Const("the answer"), colourWords(shown.Colour), v.shownGrade()))
	return f
}

// shownError records the error that Aibrify shows.
func shownError(said text.Safe, id platforms.ID) []ladder.Event {
	return one(ladder.ErrorRecorded, ladder.Data{Text: said, Grade: platforms.Seen,
		Verdict: recorded(verdict(said, id)), IDs: message.RequestIDs(said)})
}

// asOf says what a colour rests on that was read.
func asOf(at, now time.Time) text.Safe {
	return text.Format("read from Aibrify's own list, as of %s", aged(at, now))
}

// aged is a time with a word on what is too old to say how things are now.
func aged(at, now time.Time) text.Safe {
	if (feed.Feed{At: at}).Stale(now) {
		return text.Format("%s, more than a day ago", clock(at, now))
	}
	return clock(at, now)
}

// shownGrade is how well it is known what Aibrify shows: of what is old it is only
// said that it was so.
func (v View) shownGrade() platforms.Grade {
	if (feed.Feed{At: v.found.At}).Stale(v.now) {
		return platforms.Told
	}
	return platforms.Seen
}

// older tells whether Aibrify looked before the case came here, so that it does
// not tell what came of the click. On Status there was none.
func (v View) older() bool {
	return v.State.Place != ladder.AtStatus && v.found.At.Before(v.State.LedHere().At)
}

// knows tells whether an error is recorded already.
func (v View) knows(said text.Safe) bool {
	return slices.ContainsFunc(v.State.Errors, func(e ladder.Entry) bool { return e.Data.Text == said })
}

// seen are the events that what Aibrify shows is where the case stands.
func (v View) seen(shown Shown) []ladder.Event {
	place, c := v.State.Place, shown.Colour
	connects, after := slices.Contains(connecting, place), place == ladder.AtProof || place == ladder.AtMissed
	switch {
	case connects && c == platforms.Green && v.wasGreen():
		return nil // green is what it was
	case connects && c == platforms.Green:
		return one(ladder.Attempted, ladder.Data{Answer: "connected", Until: shown.Expires.UTC()})
	case connects && c == platforms.Yellow:
		return one(ladder.Attempted, v.failed("warning"))
	case connects:
		return one(ladder.Attempted, v.failed("disconnected"))
	case place == ladder.AtStatus, after && c != platforms.Green, v.isWell():
		return one(ladder.StatusSeen, ladder.Data{Answer: string(c), Until: shown.Expires.UTC()})
	}
	return nil
}

// asJSON is a draft of the board.
func asJSON(rows map[string]string) string {
	raw, err := json.Marshal(rows)
	if err != nil { // never: they are strings
		return ""
	}
	return string(raw)
}
