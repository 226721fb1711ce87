package session

import (
	"context"
	"errors"
	"slices"
	"strings"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is what a recorded error says: while it is typed, as facts of the
// case, and as the next step that it offers.

// verdict explains an error for a case on id. A text that names another platform
// by itself is explained as that platform's.
func verdict(safe text.Safe, id platforms.ID) explain.Verdict {
	alone := explain.Explain(safe, "")
	if diagnosis.Foreign(alone.Platform, id) {
		return alone
	}
	return explain.Explain(safe, id)
}

// recorded is what of a verdict becomes a fact of the case.
func recorded(v explain.Verdict) *ladder.Verdict {
	return &ladder.Verdict{Platform: v.Platform, Cause: v.Cause, Confidence: v.Confidence.String(),
		Connection: v.Connection, Owner: v.Owner, Next: v.Next.Step, Signature: v.Signature, Meaning: v.Meaning, Source: v.Source}
}

// tell is what a half-typed error says so far.
func (v View) tell(typed string) []screens.Fact {
	safe, err := text.Paste(typed)
	var large *text.TooLarge
	if errors.As(err, &large) || strings.TrimSpace(typed) == "" {
		return nil
	}
	clean, _ := text.Redact(safe)
	said := verdict(clean, v.State.Platform)
	facts := []screens.Fact{{Label: text.Const("this says"), Text: causeLine(said)}}
	if said.Cause != platforms.UnknownCause {
		facts = append(facts, screens.Fact{Label: text.Const("whose move"), Text: OwnerWords(said.Owner)},
			screens.Fact{Label: text.Const("next"), Text: NextWords(said.Next.Step)})
	}
	return facts
}

// causeLine is a verdict on one line.
func causeLine(v explain.Verdict) text.Safe {
	switch {
	case !v.Connection:
		return text.Const("no connection problem")
	case v.Cause == platforms.UnknownCause:
		return text.Const("not enough to tell the cause")
	}
	line := text.Format("%s, %s", message.CauseWords(v.Cause), text.Line(v.Confidence.String()))
	var also []text.Safe
	for _, c := range v.Also {
		also = append(also, message.CauseWords(c))
	}
	if len(also) > 0 && len(also) < 4 {
		line = text.Format("%s (or %s)", line, text.Join(", ", also...))
	}
	return line
}

// OwnerWords say whose move it is.
func OwnerWords(o platforms.Owner) text.Safe {
	words, ok := map[platforms.Owner]text.Safe{
		platforms.Person: text.Const("the person who connects"), platforms.Admin: text.Const("an admin of the Page"),
		platforms.Platform: text.Const("the platform"), platforms.Aibrify: text.Const("Aibrify"),
		platforms.Operator: text.Const("whoever set up the app used here"),
	}[o]
	if !ok {
		return text.Line(string(o))
	}
	return words
}

// NextWords name the step that a verdict offers.
func NextWords(s platforms.Step) text.Safe {
	switch s { //nolint:exhaustive // the steps of the ladder have their titles
	case explain.Wait:
		return text.Const("Wait")
	case explain.Fix:
		return text.Const("Put it right first, then reconnect")
	}
	return text.Line(s.Title())
}

// said is the verdict on the newest recorded error.
func (v View) said() (explain.Verdict, bool) {
	e, ok := v.State.LastError()
	if !ok || e.Data.Text.Empty() {
		return explain.Verdict{}, false
	}
	return verdict(e.Data.Text, v.State.Platform), true
}

// showVerdict is what the recorded error says, and the step it offers.
func showVerdict(_ *Session, v View) screens.Page {
	said, _ := v.said()
	p := screens.Page{Name: pageVerdict, Kind: screens.Steps, Title: text.Const("What the error says"), Why: said.Meaning,
		Ask: text.Const("How do you go on?"), Side: v.court()}
	p.Facts = []screens.Fact{{Label: text.Const("cause"), Text: causeLine(said)}}
	if diagnosis.Foreign(said.Platform, v.State.Platform) {
		p.Notice = text.Format("This error is from %s, and the case is on %s.", guideOf(said.Platform).Name, guideOf(v.State.Platform).Name)
	}
	if said.Cause != platforms.UnknownCause {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("whose move"), Text: OwnerWords(said.Owner)})
	}
	for i, do := range said.Next.Do {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Format("do %s", text.Int(i+1)), Text: do})
	}
	for _, q := range said.Questions {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("ask"), Text: q})
	}
	p.Choices = []screens.Choice{{ID: "stay", Label: text.Const("Go on here")}}
	if offer := v.offer(said); !offer.Empty() {
		p.Choices = append(p.Choices, screens.Choice{ID: "next", Label: offer})
	}
	return p
}

// offer is the step that a verdict offers, unless the case is there already.
func (v View) offer(said explain.Verdict) text.Safe {
	switch step := target(said.Next.Step); {
	case said.Next.Step == explain.Wait:
		return text.Const("Wait until a time")
	case said.Cause == platforms.UnknownCause, v.State.IsEnded(), v.State.Wait != nil:
		return text.Safe{}
	case step == platforms.Reconnect && v.triedReconnect() && !(said.Cause == platforms.UserCancelled && v.tries() < 2):
		return text.Safe{} // the ladder comes back to it, after its checks
	case step == v.State.Step() && step != platforms.Reconnect, v.State.Place == ladder.AtReconnect && step == platforms.Reconnect:
		return text.Safe{}
	default:
		return text.Format("Go to %s", text.Line(step.Title()))
	}
}

// triedReconnect tells whether reconnecting failed already.
func (v View) triedReconnect() bool {
	last, tried := v.State.LastTry()
	return tried && last.Answer != "connected" && last.Step == platforms.Reconnect
}

// tries counts the tries to connect.
func (v View) tries() int {
	n := 0
	for _, a := range v.State.Attempts {
		if a.Connects() {
			n++
		}
	}
	return n
}

// target is the step of the ladder that a verdict's next step is taken at.
func target(s platforms.Step) platforms.Step {
	if s == explain.Fix {
		return platforms.Reconnect // once it is put right
	}
	return s
}

func takeVerdict(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	said, _ := v.said()
	switch {
	case a.Pick != "next":
		return turn{lift: true}, nil
	case said.Next.Step == explain.Wait:
		return turn{lift: true, lay: &layer{name: pageWait}}, nil
	}
	d := ladder.Data{Step: target(said.Next.Step), Place: v.State.Place,
		Text: text.Format("the error says: %s", causeLine(said))}
	return turn{events: one(ladder.DetourTaken, d), clear: true}, nil
}

// court is the record of the newest error: which of its fields decided, and by what rule.
func (v View) court() []screens.Section {
	said, ok := v.said()
	if !ok {
		return nil
	}
	var lines []screens.Fact
	for _, f := range said.Fields {
		line := text.Format("%s = %s: %s", f.Name, f.Value, text.Line(string(f.Role)))
		if f.Rule != "" {
			line = text.Format("%s (%s)", line, text.Join(", ", text.Line(f.Rule), f.Source, text.Line(f.Read)))
		}
		if !slices.Contains(lines, screens.Fact{Text: line}) { // a text may say a field twice
			lines = append(lines, screens.Fact{Text: line})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []screens.Section{{Heading: text.Const("WHAT THE ERROR'S FIELDS SAY"), Lines: lines}}
}
