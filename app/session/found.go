package session

import (
	"slices"
	"strings"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is the page with what was found when the platform was asked.

// showFound is what was found, what it fills in, and how to go on.
func (v View) showFound(p screens.Page) screens.Page {
	f := *v.found
	p.Title, p.Why, p.Ask = v.foundTitle(), v.askedWith(), text.Const("How do you go on?")
	p.Side = v.side(platforms.Page{Why: sameWords(p.Why)})
	if f.Probe != nil && f.Probe.Ready() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("result"), Text: text.Const("The account is ready to be connected.")})
	}
	for _, note := range f.Notes {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("note"), Text: note})
	}
	if !f.Failed.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("could not check"), Text: f.Failed})
	}
	var rest []screens.Fact
	if f.Probe != nil {
		var matters []screens.Fact
		matters, rest = findingFacts(f.Probe.Findings, v.foundGrade(), v.now)
		p.Facts = append(p.Facts, matters...)
		p.Side = append([]screens.Section{restsOn(*f.Probe)}, p.Side...)
	}
	p.Facts = append(p.Facts, v.shownFacts()...)
	if filled := v.fills(); len(filled.facts) > 0 {
		p.Facts = append(p.Facts, filled.facts...)
		p.Choices = append(p.Choices, screens.Choice{ID: "use", Label: filled.label()})
		p.Choices = append(p.Choices, screens.Choice{ID: "self", Label: text.Const("Answer it myself")})
	} else {
		p.Facts = append(p.Facts, v.unansweredHere()...)
		p.Choices = append(p.Choices, screens.Choice{ID: "stay", Label: text.Const("Go on")})
	}
	p.Facts = append(p.Facts, rest...)
	if f.Silent {
		p.Choices = append(p.Choices, screens.Choice{ID: "words", Label: text.Const("It showed an error page: its words")})
	}
	p.Choices = append(p.Choices, v.againChoices()...)
	return p
}

// unansweredHere says that the check which is open is none that the platform answers.
func (v View) unansweredHere() []screens.Fact {
	if v.Case == "" || v.State.Place != ladder.AtChecks || v.found.Probe == nil {
		return nil
	}
	c, ok := checkOf(v.State.Platform, v.nextCheck())
	if !ok {
		return nil
	}
	return []screens.Fact{{Label: text.Const("look yourself"), Text: c.Title.Fill(v.vars())}}
}

// foundGrade is how well it is known: a person may have read it on a page.
func (v View) foundGrade() platforms.Grade {
	if v.found.Told {
		return v.grade()
	}
	return platforms.Probed
}

// foundTitle says who said it.
func (v View) foundTitle() text.Safe {
	switch f := *v.found; {
	case f.Silent:
		return text.Const("Nothing came back from the browser")
	case f.Probe != nil:
		return text.Format("What %s says", v.asked())
	case f.Failed.Empty() && f.Read:
		return text.Const("What Aibrify shows")
	}
	return text.Format("%s could not be asked", v.asked())
}

// askedWith says what the answer rests on.
func (v View) askedWith() text.Safe {
	probe := v.found.Probe
	switch {
	case probe == nil, v.found.Silent:
		return text.Const("Nothing was changed, nothing was published.")
	case v.found.Told:
		return text.Const("You read it on the page of the sign-in to an app of your own.")
	case v.Audience == platforms.Agent: // to be said
		return text.Format("%s says this about the account, to an app of our own%s. It does not tell whether Aibrify's permission is healthy.", v.asked(), as(probe.Account))
	case probe.Aibrify:
		return text.Format("Asked with Aibrify's own app%s.", as(probe.Account))
	case probe.Custom:
		return text.Format("Asked with an app of your own%s, at other endpoints than the platform's own. It tells about the account, not about Aibrify's permission.", as(probe.Account))
	}
	return text.Format("Asked with an app of your own%s. It tells about the account, and not whether Aibrify's permission is healthy.", as(probe.Account))
}

func as(account text.Safe) text.Safe {
	if account.Empty() {
		return text.Safe{}
	}
	return text.Format(", as %s", account)
}

// findingFacts are the findings in their own words: what matters, which is what failed
// and what could not be asked, and the rest: what is in order, and what was not asked.
// Beside something that matters the rest is counted; w tells it.
func findingFacts(findings []ladder.Finding, grade platforms.Grade, now time.Time) (facts, rest []screens.Fact) {
	var passed, could []screens.Fact
	var skipped []text.Safe
	told := 0 // in full: more than two leave no room
	for _, f := range findings {
		switch f.Outcome {
		case platforms.Pass:
			passed = append(passed, screens.Fact{Label: text.Const("yes"), Text: f.Says.Or(f.Title)})
		case platforms.Skipped:
			skipped = append(skipped, f.Title)
		case platforms.Fail:
			if told++; told > 2 {
				facts = append(facts, screens.Fact{Label: text.Const("no"), Text: f.Title})
				continue
			}
			facts = append(facts, screens.Fact{Label: text.Const("cause"), Text: causesOf(f), Grade: grade},
				screens.Fact{Label: text.Const("no"), Text: f.Says.Or(f.Title)})
			facts = append(facts, mendFact(f)...)
		case platforms.Unsure:
			if told++; told > 2 {
				could = append(could, screens.Fact{Label: text.Const("could not check"), Text: f.Title})
				continue
			}
			could = append(could, unsureFacts(f, grade, now)...)
		}
	}
	facts = append(facts, could...)
	const few = 3
	if len(facts) > 0 && len(passed) > few {
		passed = []screens.Fact{{Label: text.Const("yes"), Text: text.Format("%s others are in order (w)", text.Int(len(passed)))}}
	}
	rest = passed
	if len(skipped) > 0 {
		asked := text.Join(" ", skipped...)
		if len(facts) > 0 && len(skipped) > few {
			asked = text.Format("%s more, because this stands first (w)", text.Int(len(skipped)))
		}
		rest = append(rest, screens.Fact{Label: text.Const("not checked"), Text: asked})
	}
	return facts, rest
}

// mendFact is how to mend it, if anybody knows.
func mendFact(f ladder.Finding) []screens.Fact {
	if f.Mend.Empty() {
		return nil
	}
	return []screens.Fact{{Label: text.Const("mend"), Text: f.Mend}}
}

// unsureFacts say what could not be checked, why, and when to ask again.
func unsureFacts(f ladder.Finding, grade platforms.Grade, now time.Time) []screens.Fact {
	why := text.Line(strings.TrimPrefix(f.Says.String(), "Could not check: ")) // the label says that
	facts := []screens.Fact{{Label: text.Const("could not check"), Text: text.Join(" ", f.Title, why)}}
	again := text.Safe{}
	if !f.Retry.IsZero() {
		again = text.Format("ask again from %s on", clock(f.Retry, now))
	}
	if f.Cause != "" && f.Cause != platforms.UnknownCause {
		facts = append(facts, screens.Fact{Label: text.Const("because"), Text: text.Join("; ", causesOf(f), again), Grade: grade})
	} else if !again.Empty() {
		facts = append(facts, screens.Fact{Label: text.Const("later"), Text: again})
	}
	return append(facts, mendFact(f)...)
}

// causesOf are the cause of what failed, and what else it can be.
func causesOf(f ladder.Finding) text.Safe { return message.CausesWords(f.Cause, f.Also) }

// restsOn is, for each finding, the question, the request that was made and the field
// that the answer rests on.
func restsOn(p ladder.Probe) screens.Section {
	var lines []screens.Fact
	for _, f := range p.Findings {
		lines = append(lines, screens.Fact{Label: outcomeWords(ladder.Checked{Outcome: f.Outcome}), Text: text.Join(" ", f.Title, text.Join(": ", f.Request, f.Field))})
		if !f.Answer.Empty() {
			lines = append(lines, screens.Fact{Label: text.Const("answer"), Text: text.Line(f.Answer.String())})
		}
	}
	return screens.Section{Heading: text.Const("WHAT IT RESTS ON"), Lines: lines}
}

// shownFacts are what Aibrify shows.
func (v View) shownFacts() []screens.Fact {
	f := v.found
	if !f.Read {
		return nil
	}
	facts := []screens.Fact{{Label: text.Const("Aibrify looked"), Text: aged(f.At, v.now)}}
	fact := func(label, words text.Safe, g platforms.Grade) {
		if !words.Empty() {
			facts = append(facts, screens.Fact{Label: label, Text: words, Grade: g})
		}
	}
	for _, shown := range f.Shows {
		words := colourWords(shown.Colour)
		if v.Case == "" {
			words = text.Join(": ", text.Join(", ", guideOf(shown.Platform).Name, shown.Account), words)
		}
		fact(text.Const("it shows"), words, v.shownGrade())
		fact(text.Const("its error"), text.Line(shown.Error.String()), "")
		if !shown.Expires.IsZero() {
			fact(text.Const("expires"), clock(shown.Expires, v.now), "")
		}
	}
	switch missing := (list{Shows: f.Shows}).names(false); { // they may never have been connected: a person knows
	case v.Case == "" && !missing.Empty():
		fact(text.Const("not in its list"), text.Format("%s. If one was connected, mark it: not listed.", missing), "")
	case v.Case != "" && len(f.Shows) == 0:
		fact(text.Const("it shows"), text.Const("nothing that is surely this account"), "")
	case v.Case != "" && v.older():
		fact(text.Const("note"), text.Const("That was before this step. Look on the dashboard, or ask again once Aibrify has looked again."), "")
	}
	return facts
}

// probed are the newest findings that failed, as what is known of the case.
func (v View) probed() []screens.Fact {
	var facts []screens.Fact
	for _, told := range v.State.Told() {
		if told.Finding.Outcome == platforms.Fail {
			facts = append(facts, screens.Fact{Label: told.Finding.Title, Text: text.Join(", ", text.Const("no"), causesOf(told.Finding)), Grade: told.Probe.Data.Grade})
		}
	}
	return facts
}

// standing is what the platform said last, in this round, and what was not put
// right since, for the page of a step: what a person should see before they answer.
func (v View) standing(about func(ladder.Finding) bool) []screens.Fact {
	var facts []screens.Fact
	if n := len(v.State.Probes); n > 0 && v.State.Probes[n-1].Data.Probe.Ready() && v.State.Probes[n-1].Seq > v.State.Round && v.State.Place != ladder.AtChecks {
		last := v.State.Probes[n-1]
		facts = append(facts, screens.Fact{Label: text.Const("the platform says"), Grade: last.Data.Grade, Text: text.Format("The account is ready (asked %s)", clock(last.At, v.now))})
	}
	for _, told := range v.State.Told() {
		if f := told.Finding; !v.isPast(told) && about(f) {
			facts = append(facts, screens.Fact{Label: text.Const("the platform says"), Grade: told.Probe.Data.Grade,
				Text: text.Format("%s (asked %s)", f.Says.Or(causesOf(f)), clock(told.Probe.At, v.now))})
		}
	}
	return facts
}

// isPast tells whether what was found then was put right since, was overruled by
// somebody who looked, or is of another round.
func (v View) isPast(told ladder.Told) bool {
	seq := told.Probe.Seq
	return seq < v.State.Round || slices.ContainsFunc(v.State.Settled, func(s ladder.Settled) bool {
		return s.Seq > seq && s.Cause == string(told.Finding.Cause)
	}) || slices.ContainsFunc(guideOf(v.State.Platform).Checks, func(c platforms.Check) bool {
		return c.Cause == told.Finding.Cause && v.State.Overruled(seq, c.ID)
	})
}

// mendFirst is what to do before a click that the platform said no to. After a new
// password the click itself is what mends; the sign-in to one's own app can wait.
func (v View) mendFirst() text.Safe {
	for _, told := range v.State.Told() {
		f := told.Finding
		if own := f.Cause == platforms.PasswordChanged; inTheWay(f) && !own && !v.isPast(told) && !f.Mend.Empty() {
			return text.Format("First: %s", f.Mend)
		}
	}
	return text.Safe{}
}

// inTheWay tells whether a finding is a no about the account. That the permission of
// the app that asked has ended says nothing of it.
func inTheWay(f ladder.Finding) bool {
	return f.Outcome == platforms.Fail && f.Cause != platforms.TokenExpired && f.Cause != platforms.PermissionRevoked
}
