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
	p.Side = v.side(platforms.Page{})
	for _, note := range f.Notes {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("note"), Text: note})
	}
	if !f.Failed.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("could not check"), Text: f.Failed})
	}
	if f.Probe != nil {
		p.Facts = append(p.Facts, findingFacts(f.Probe.Findings, v.foundGrade(), v.now)...)
		p.Side = append([]screens.Section{restsOn(*f.Probe)}, p.Side...)
	}
	p.Facts = append(p.Facts, v.shownFacts()...)
	if filled := v.fills(); len(filled.facts) > 0 {
		p.Facts = append(p.Facts, filled.facts...)
		p.Choices = append(p.Choices, screens.Choice{ID: "use", Label: filled.label()})
		p.Choices = append(p.Choices, screens.Choice{ID: "self", Label: text.Const("Answer it myself")})
	} else {
		p.Choices = append(p.Choices, screens.Choice{ID: "stay", Label: text.Const("Go on")})
	}
	p.Choices = append(p.Choices, v.againChoices()...)
	if v.Audience == platforms.Agent { // the words before it were to be said
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("say"), Text: text.Const("That is what the platform says about the account. It does not tell whether Aibrify's permission is healthy.")})
	}
	return p
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
	case probe == nil:
		return text.Const("Nothing was changed, nothing was published.")
	case v.found.Told:
		return text.Const("You read it on the page of the sign-in to an app of your own.")
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

// findingFacts are the findings in their own words: first what failed and what could
// not be asked, then what is in order, and what was not asked.
func findingFacts(findings []ladder.Finding, grade platforms.Grade, now time.Time) []screens.Fact {
	var facts, passed []screens.Fact
	var skipped []text.Safe
	for _, f := range findings {
		switch f.Outcome {
		case platforms.Pass:
			passed = append(passed, screens.Fact{Label: text.Const("yes"), Text: f.Says.Or(f.Title)})
		case platforms.Skipped:
			skipped = append(skipped, f.Title)
		case platforms.Fail:
			facts = append(facts, screens.Fact{Label: text.Const("cause"), Text: causesOf(f), Grade: grade},
				screens.Fact{Label: text.Const("no"), Text: f.Says.Or(f.Title)})
			if !f.Mend.Empty() {
				facts = append(facts, screens.Fact{Label: text.Const("mend"), Text: f.Mend})
			}
		case platforms.Unsure:
			why := text.Line(strings.TrimPrefix(f.Says.String(), "Could not check: ")) // the label says that
			facts = append(facts, screens.Fact{Label: text.Const("could not check"), Text: text.Join(" ", f.Title, why)})
			if !f.Retry.IsZero() {
				facts = append(facts, screens.Fact{Label: text.Const("ask again"), Text: text.Format("from %s on", clock(f.Retry, now))})
			}
			if f.Cause != "" && f.Cause != platforms.UnknownCause {
				facts = append(facts, screens.Fact{Label: text.Const("because"), Text: causesOf(f), Grade: grade})
			}
		}
	}
	facts = append(facts, passed...)
	if len(skipped) > 0 {
		facts = append(facts, screens.Fact{Label: text.Const("not checked"), Text: text.Join(" ", skipped...)})
	}
	return facts
}

// causesOf are the cause of what failed, and what else it can be.
func causesOf(f ladder.Finding) text.Safe {
	causes := []text.Safe{message.CauseWords(f.Cause)}
	for _, also := range f.Also {
		causes = append(causes, message.CauseWords(also))
	}
	return text.Join(", or ", causes...)
}

// restsOn is, for each finding, the request that was made and the field it rests on.
func restsOn(p ladder.Probe) screens.Section {
	var lines []screens.Fact
	for _, f := range p.Findings {
		if rests := text.Join(": ", f.Request, f.Field); !rests.Empty() {
			lines = append(lines, screens.Fact{Label: outcomeWords(ladder.Checked{Outcome: f.Outcome}), Text: rests})
		}
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
	facts := []screens.Fact{{Label: text.Const("Aibrify looked"), Text: clock(f.At, v.now)}}
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
		fact(text.Const("it shows"), words, platforms.Seen)
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

// mendFirst is what to do before a click that the platform said no to.
func (v View) mendFirst() text.Safe {
	for _, told := range v.State.Told() {
		if f := told.Finding; inTheWay(f) && !v.isPast(told) && !f.Mend.Empty() {
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
