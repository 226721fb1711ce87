package session

import (
	"slices"
	"strings"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is around every page: the top lines, the rail, the keys that
// apply, and the second pane.

// head is what the top lines say.
func (s *Session) head(v View) screens.Head {
	h := screens.Head{Saved: -1}
	if v.Case == "" {
		if slices.ContainsFunc(v.layers, func(l layer) bool { return l.name == pageBoard }) {
			h.Rail = rail(ladder.State{Position: ladder.Position{Place: ladder.AtStatus}})
		}
		h.Saved = 0
		return h
	}
	h = screens.Head{Platform: guideOf(v.State.Platform).Name, Account: v.State.AccountName(), Case: v.Case,
		Saved: v.State.Seq, Rail: rail(v.State)}
	if v.Audience == platforms.Agent {
		h.Since = v.Since
		h.Account = text.Join(" · ", h.Account, v.State.CustomerName())
	}
	return h
}

// rail is the state of the six steps: done are those that were taken before the
// one where the case is; those that were left out on the way are passed.
func rail(s ladder.State) []screens.Stop {
	all := platforms.Steps()
	here := slices.Index(all, s.Step())
	stops := make([]screens.Stop, len(all))
	for i, step := range all {
		stops[i] = screens.Stop{Step: step, State: screens.Ahead}
		switch {
		case i == here:
			stops[i].State = hereState(s)
		case i < here && took(s, step):
			stops[i].State = screens.Done
		case i < here:
			stops[i].State = screens.Passed
		}
	}
	return stops
}

// took tells whether a step was taken, not only stood before: what was held back
// and left out was not.
func took(s ladder.State, step platforms.Step) bool {
	if step != platforms.Disconnect && step != platforms.Clear {
		return slices.Contains(s.Visited, step)
	}
	return slices.ContainsFunc(s.Attempts, func(a ladder.Attempt) bool { return a.Step == step })
}

// hereState is the state of the step where the case is.
func hereState(s ladder.State) screens.StopState {
	switch {
	case s.Place == ladder.EndClosed:
		return screens.Passed
	case s.IsEnded():
		return screens.Done
	case s.Wait != nil:
		return screens.Waits
	}
	return screens.Here
}

// acts are all acts in the order of the bottom line: what does not fit is cut from its end.
var acts = []screens.Act{
	screens.Back, screens.Anyway, screens.Verify, screens.Error, screens.Copy, screens.Save, screens.Shot, screens.More, screens.OpenURL, screens.Edit,
	screens.Tried, screens.Why, screens.Phone, screens.Note, screens.Gap, screens.Aud, screens.Help, screens.Leave,
}

// actions are the acts that apply to v, in the order of the bottom line.
func (s *Session) actions(v View) []screens.Action {
	on := map[screens.Act]bool{screens.Help: true, screens.Leave: true}
	inCase, layered, name := v.Case != "", len(v.layers) > 0, v.name()
	on[screens.Back] = layered || inCase
	if !inCase {
		on[screens.Aud] = name == pageStart
	} else if !layered || name == pageMessage {
		message := name == pageMessage || name == string(ladder.AtSupport)
		for _, a := range []screens.Act{screens.Error, screens.Why, screens.Note, screens.Gap, screens.More} {
			on[a] = true
		}
		asWritten, _ := v.asWritten()
		on[screens.Anyway] = !layered && asWritten != ""
		on[screens.Tried] = !layered && v.name() == string(v.State.Place) && len(triedAnswers(v.State.Place)) > 0 && v.State.Wait == nil
		on[screens.Copy], on[screens.Save], on[screens.Edit], on[screens.Shot] = message, message, message, message
	}
	asks := name == pageBoard || inCase && !layered
	on[screens.Verify] = asks
	if name == pageAsk {
		on[screens.Copy] = true
	}
	if len(v.Page.Links) > 0 {
		on[screens.OpenURL], on[screens.Copy], on[screens.Phone] = true, true, true
	}
	off := map[screens.Act]text.Safe{screens.Verify: s.cannotVerify(v)}
	var list []screens.Action
	for _, a := range acts {
		if on[a] {
			list = append(list, screens.Action{Act: a, Off: off[a]})
		}
	}
	return list
}

// side is the second pane: the words to say on a call, what is known, why this happens.
func (v View) side(p platforms.Page) []screens.Section {
	var side []screens.Section
	section := func(heading text.Safe, lines ...screens.Fact) {
		lines = slices.DeleteFunc(lines, func(f screens.Fact) bool { return f.Text.Empty() })
		if len(lines) > 0 {
			side = append(side, screens.Section{Heading: heading, Lines: lines})
		}
	}
	if v.Audience == platforms.Agent {
		section(text.Const("SAY"), screens.Fact{Text: v.say(p.Why)})
		section(text.Const("ASK"), screens.Fact{Text: v.say(p.Ask)})
		var listen []screens.Fact
		for i, c := range p.Choices {
			if !c.Listen.Empty() {
				listen = append(listen, screens.Fact{Label: text.Int(i + 1), Text: c.Listen})
			}
		}
		section(text.Const("LISTEN FOR"), listen...)
	}
	section(text.Const("WHAT WE KNOW"), v.known()...)
	section(text.Const("WHAT POINTS WHERE"), v.suspects()...)
	var more []screens.Fact
	for _, w := range p.More {
		more = append(more, screens.Fact{Text: v.say(w.Text)})
	}
	section(text.Const("WHY THIS HAPPENS"), more...)
	side = append(append(side, v.court()...), sources(p.Do)...)
	section(text.Const("WHAT ELSE IT COULD BE"), v.others()...)
	return side
}

// known are the facts so far, each with its evidence.
func (v View) known() []screens.Fact {
	if v.Case == "" {
		return nil
	}
	s := v.State
	var facts []screens.Fact
	fact := func(label, words text.Safe, g platforms.Grade) {
		if !words.Empty() {
			facts = append(facts, screens.Fact{Label: label, Text: words, Grade: g})
		}
	}
	for _, e := range v.Log {
		if e.Kind == ladder.StatusSeen && !slices.Contains(s.Struck, e.Seq) {
			fact(text.Const("dashboard"), colourWords(platforms.Colour(e.Data.Answer)), e.Data.Grade)
		}
	}
	for _, a := range s.Alerts {
		fact(text.Const("notice"), map[string]text.Safe{"banner": text.Const("a banner on the dashboard"), "email": text.Const("an e-mail notification")}[a], platforms.Told)
	}
	fact(text.Const("account"), s.AccountName(), "")
	fact(text.Const("login"), s.LoginName(), platforms.Told)
	fact(text.Const("connected by"), s.LastBy, platforms.Told)
	for _, c := range guideOf(s.Platform).Changes {
		if slices.Contains(s.Changes, c.ID) {
			fact(text.Const("changed"), c.Label.Fill(v.vars()), platforms.Told)
		}
	}
	for _, c := range s.Checked {
		check, _ := checkOf(s.Platform, c.ID)
		fact(check.Title.Fill(v.vars()), outcomeWords(c), c.Grade)
	}
	facts = append(facts, v.probed()...)
	for _, a := range s.Attempts {
		fact(text.Line(a.Step.Title()), answerWords(a.Answer), a.Grade)
	}
	if e, ok := s.LastError(); ok && e.Data.Answer != "none" {
		fact(text.Const("error"), text.Line(e.Data.Text.String()), "")
		if said := e.Data.Verdict; said != nil && said.Cause != platforms.UnknownCause {
			fact(text.Const("it says"), text.Format("%s, %s", message.CauseWords(said.Cause), text.Line(said.Confidence)), "")
		}
	}
	return facts
}

// suspects are the causes that are at least likely, with what speaks for and
// against them. What follows from the root is named, and no more.
func (v View) suspects() []screens.Fact {
	var facts []screens.Fact
	for _, p := range v.Diagnosis.Suspects {
		if p.Known() {
			facts = append(facts, weighed(p)...)
		}
	}
	if v.Case != "" && len(facts) == 0 {
		return []screens.Fact{{Text: text.Const("Nothing points to one cause yet.")}}
	}
	return facts
}

// others are the causes that are only possible, or ruled out.
func (v View) others() []screens.Fact {
	var facts []screens.Fact
	for _, p := range v.Diagnosis.Suspects {
		if !p.Known() {
			facts = append(facts, weighed(p)...)
		}
	}
	return facts
}

// weighed is a cause with its facts, each with the rule that applied.
func weighed(p diagnosis.Suspect) []screens.Fact {
	facts := []screens.Fact{{Text: suspectLine(p)}}
	if p.Follows != "" {
		return facts
	}
	for _, f := range p.For {
		facts = append(facts, screens.Fact{Label: text.Const("+"), Text: ruled(f), Grade: f.Grade})
	}
	for _, f := range p.Against {
		facts = append(facts, screens.Fact{Label: text.Const("–"), Text: ruled(f), Grade: f.Grade})
	}
	return facts
}

// ruled is a fact with the rule that applied, and where that stands.
func ruled(f diagnosis.Fact) text.Safe {
	return text.Format("%s (%s)", f.Says, text.Join(", ", text.Line(f.Rule), f.Source))
}

// suspectLine is a cause with how well it is known, and by how many facts.
func suspectLine(p diagnosis.Suspect) text.Safe {
	if p.Follows != "" {
		return text.Format("%s: follows from %s", message.CauseWords(p.Cause), message.CauseWords(p.Follows))
	}
	return text.Format("%s, %s: %s", message.CauseWords(p.Cause), text.Line(string(p.Confidence)), message.Counted(p))
}

// colourWords are the states of the dashboard in words.
func colourWords(c platforms.Colour) text.Safe {
	switch c {
	case platforms.Green:
		return text.Const("Connected")
	case platforms.Yellow:
		return text.Const("Warning")
	case platforms.Red:
		return text.Const("Disconnected")
	case platforms.Unlisted:
		return text.Const("not listed")
	}
	return text.Const("Connected, but posts fail")
}

// outcomeWords keep broken, could not check and not checked apart.
func outcomeWords(c ladder.Checked) text.Safe {
	words := map[platforms.Outcome]text.Safe{
		platforms.Pass: text.Const("yes"), platforms.Fail: text.Const("no"),
		platforms.Unsure: text.Const("could not check"), platforms.Skipped: text.Const("not checked"),
	}[c.Outcome]
	switch c.Mended {
	case "mended":
		return text.Const("no, mended since")
	case "overruled":
		return text.Const("yes, whatever the platform says")
	}
	return words
}

// answerWords are the ways a try can end, in words.
func answerWords(answer string) text.Safe {
	words, ok := map[string]text.Safe{
		"connected": text.Const("Connected"), "warning": text.Const("Warning"), "disconnected": text.Const("still Disconnected"),
		"error": text.Const("an error"), "not_offered": text.Const("the account was not offered"), "other": text.Const("something else"),
		"done": text.Const("done"), "gone": text.Const("there was nothing to disconnect"), "absent": text.Const("Aibrify was not in the list"),
		"stuck": text.Const("could not be done"),
	}[answer]
	if !ok {
		return message.Stopped(answer).Or(text.Line(answer))
	}
	return words
}

// sources say where the click paths come from, and how sure they are.
func sources(list []platforms.Instruction) []screens.Section {
	var lines []screens.Fact
	for n, i := range list {
		if i.Source.Empty() || i.Certainty == platforms.Documented && !strings.HasPrefix(i.Source.String(), "http") {
			continue
		}
		said := i.Source
		if i.Read != "" {
			said = text.Format("%s, read %s", i.Source, text.Line(i.Read))
		}
		lines = append(lines, screens.Fact{Label: text.Int(n + 1), Text: said})
	}
	if len(lines) == 0 {
		return nil
	}
	return []screens.Section{{Heading: text.Const("WHERE IT STANDS"), Lines: lines}}
}

// placeTitle names where a case is, as the guide's pages are titled.
func placeTitle(s ladder.State) text.Safe {
	if s.Wait != nil {
		return text.Format("%s, waiting", text.Line(s.Step().Title()))
	}
	switch s.Place { //nolint:exhaustive // the others are called like their step
	case ladder.AtChecks, ladder.AtMend:
		return text.Const("Checks")
	case ladder.AtRetry:
		return text.Const("Reconnect, once more")
	case ladder.AtProof, ladder.AtMissed:
		return text.Const("Connected, to be compared")
	case ladder.EndConnected:
		if s.FirstTime() {
			return text.Const("Connected")
		}
		return text.Const("Connected again")
	case ladder.EndNothing:
		return text.Const("Nothing needed")
	case ladder.EndSent:
		return text.Const("Sent to support")
	case ladder.EndClosed:
		return text.Const("Closed")
	}
	return text.Line(s.Step().Title())
}

// PlaceTitle names where a case is.
func PlaceTitle(s ladder.State) text.Safe { return placeTitle(s) }

// clock is a time as a person at this machine reads it.
func clock(t, now time.Time) text.Safe {
	local := t.In(now.Location())
	if local.YearDay() == now.YearDay() && local.Year() == now.Year() {
		return text.Line(local.Format("15:04"))
	}
	if local.Year() != now.Year() {
		return text.Line(local.Format("2 Jan 2006 15:04"))
	}
	return text.Line(local.Format("2 Jan 15:04"))
}

// ago is how long t is past, in the largest unit that fits.
func ago(t, now time.Time) text.Safe {
	d := now.Sub(t)
	units := []struct {
		length time.Duration
		name   text.Safe
	}{
		{24 * time.Hour, text.Const("day")}, {time.Hour, text.Const("hour")}, {time.Minute, text.Const("minute")},
	}
	for _, u := range units {
		switch n := int(d / u.length); {
		case n == 1:
			return text.Format("1 %s", u.name)
		case n > 1:
			return text.Format("%s %ss", text.Int(n), u.name)
		}
	}
	return text.Const("just now")
}

func splitIDs(list string) []string {
	return slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
}
