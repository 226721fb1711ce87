package session

import (
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
	p.Title, p.Why, p.Ask = text.Format("What %s says", v.asked()), v.askedWith(), text.Const("How do you go on?")
	if f.Probe == nil && !f.Failed.Empty() {
		p.Title = text.Format("%s could not be asked", v.asked())
	}
	for _, note := range f.Notes {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("note"), Text: note})
	}
	if !f.Failed.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("could not check"), Text: f.Failed})
	}
	p.Facts = append(p.Facts, v.shownFacts()...)
	if f.Probe != nil {
		p.Facts = append(p.Facts, findingFacts(f.Probe.Findings, v.now)...)
		p.Side = append([]screens.Section{restsOn(*f.Probe)}, v.side(platforms.Page{})...)
	}
	if filled := v.fills(); len(filled.facts) > 0 {
		p.Facts = append(p.Facts, filled.facts...)
		p.Choices = append(p.Choices, screens.Choice{ID: "use", Label: text.Const("Take what it fills in")})
		p.Choices = append(p.Choices, screens.Choice{ID: "stay", Label: text.Const("Answer it myself")})
	} else {
		p.Choices = append(p.Choices, screens.Choice{ID: "stay", Label: text.Const("Go on")})
	}
	p.Choices = append(p.Choices, v.wayChoices(v.ways)[:len(v.ways)]...)
	return p
}

// askedWith says what the answer rests on.
func (v View) askedWith() text.Safe {
	probe := v.found.Probe
	switch {
	case probe == nil:
		return text.Const("Nothing was changed, nothing was published.")
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

// findingFacts are the findings: what failed and what could not be asked each with
// its words, the rest in a line.
func findingFacts(findings []ladder.Finding, now time.Time) []screens.Fact {
	var facts []screens.Fact
	var passed, skipped []text.Safe
	for _, f := range findings {
		switch f.Outcome {
		case platforms.Pass:
			passed = append(passed, f.Title)
		case platforms.Skipped:
			skipped = append(skipped, f.Title)
		case platforms.Fail:
			facts = append(facts, screens.Fact{Label: text.Const("cause"), Text: causesOf(f), Grade: platforms.Probed},
				screens.Fact{Label: text.Const("no"), Text: text.Join(" ", f.Title, f.Says)})
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
				facts = append(facts, screens.Fact{Label: text.Const("because"), Text: causesOf(f), Grade: platforms.Probed})
			}
		}
	}
	if len(passed) > 0 {
		facts = append(facts, screens.Fact{Label: text.Const("yes"), Text: text.Join(" ", passed...)})
	}
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
	var facts []screens.Fact
	for _, shown := range f.Shows {
		words := text.Join(", ", colourWords(shown.Colour), text.Format("read at %s", clock(f.At, v.now)))
		if v.Case == "" {
			words = text.Join(": ", guideOf(shown.Platform).Name, words)
		}
		facts = append(facts, screens.Fact{Label: text.Const("Aibrify shows"), Text: words, Grade: platforms.Seen})
		if v.Case != "" && v.older() {
			facts = append(facts, screens.Fact{Label: text.Const("note"), Text: text.Const("Aibrify looked before this step. Look on the dashboard, or ask again later.")})
		}
		if !shown.Error.Empty() {
			facts = append(facts, screens.Fact{Label: text.Const("its error"), Text: text.Line(shown.Error.String())})
		}
		if !shown.Expires.IsZero() {
			facts = append(facts, screens.Fact{Label: text.Const("expires"), Text: clock(shown.Expires, v.now)})
		}
	}
	if len(f.Shows) == 0 {
		facts = append(facts, screens.Fact{Label: text.Const("Aibrify shows"), Text: text.Format("nothing that is surely this account, read at %s", clock(f.At, v.now))})
	}
	return facts
}

// probed are the newest findings that failed, as what is known of the case.
func (v View) probed() []screens.Fact {
	if len(v.State.Probes) == 0 {
		return nil
	}
	var facts []screens.Fact
	for _, f := range v.State.Probes[len(v.State.Probes)-1].Data.Probe.Findings {
		if f.Outcome == platforms.Fail {
			facts = append(facts, screens.Fact{Label: f.Title, Text: text.Join(", ", text.Const("no"), causesOf(f)), Grade: platforms.Probed})
		}
	}
	return facts
}
