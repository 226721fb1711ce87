package session

import (
	"context"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// A room is one page: what it shows, and what its answer does.
type room struct {
	show func(*Session, View) screens.Page
	take func(context.Context, *Session, View, screens.Answer) (turn, error)
}

// The pages that are no place of the ladder.
const (
	pageStart      = "start"
	pageBoard      = "board"   // status check before there is a case
	pageConnect    = "connect" // platforms to connect for the first time
	pageEnded      = "ended"   // cases that ended
	pageTried      = "tried"
	pageError      = "error"
	pageNote       = "note"
	pageGap        = "gap"
	pageGapAt      = "gap_at"
	pageVerdict    = "verdict"
	pageWhy        = "why"
	pageMore       = "more"
	pageTimeline   = "timeline"
	pageScreenshot = "screenshot"
	pageMessage    = "message"
	pageEdit       = "edit"
	pageWait       = "wait"
	pageWaiting    = "waiting"
	pageCorrect    = "correct"
	pageClose      = "close"
	pageGoto       = "goto"
	pageCount      = "count"
	pageKept       = "kept"
	pageAdvice     = "advice"         // stands before the ladder's page
	pageSnapshot   = "snapshot"       // stands before what removes something
	pageAnyway     = "anyway"         // take the ladder as written
	pageAsk        = "ask"            // a message for the admin
	pageElse       = "something_else" // what happened instead
	pageVerify     = "verify"         // ask the platform
	pageLanded     = "landed"         // the address that the browser landed on
	pageShown      = "shown"          // the words of a page that does not come back
)

// rooms are all pages by name. The ladder's places come first.
func rooms() map[string]room {
	return map[string]room{
		string(ladder.AtStatus):       {showBoard, takeBoard},
		string(ladder.AtGreen):        {showStep, takeStep},
		string(ladder.AtBefore):       {showBefore, takeStep},
		string(ladder.AtChanged):      {showChanged, takeChanged},
		string(ladder.AtAccount):      {showAccount, takeAccount},
		string(ladder.AtReconnect):    {showStep, takeStep},
		string(ladder.AtChecks):       {showCheck, takeStep},
		string(ladder.AtMend):         {showMend, takeStep},
		string(ladder.AtRetry):        {showStep, takeStep},
		string(ladder.AtDisconnect):   {showStep, takeStep},
		string(ladder.AtClear):        {showStep, takeStep},
		string(ladder.AtFreshAccount): {showAccount, takeAccount},
		string(ladder.AtFresh):        {showStep, takeStep},
		string(ladder.AtSupport):      {showMessage, takeMessage},
		string(ladder.AtProof):        {showProof, takeStep},
		string(ladder.AtMissed):       {showStep, takeStep},
		string(ladder.EndConnected):   {showEnd, takeEnd},
		string(ladder.EndNothing):     {showEnd, takeEnd},
		string(ladder.EndSent):        {showEnd, takeEnd},
		string(ladder.EndClosed):      {showEnd, takeEnd},

		pageStart:      {showStart, takeStart},
		pageBoard:      {showBoard, takeBoard},
		pageConnect:    {showConnect, takeConnect},
		pageEnded:      {showEnded, takeEnded},
		pageTried:      {showTried, takeTried},
		pageError:      {showWriting, takeError},
		pageNote:       {showWriting, takeNote},
		pageGap:        {showGap, takeGap},
		pageGapAt:      {showWriting, takeGapText},
		pageVerdict:    {showVerdict, takeVerdict},
		pageWhy:        {showWhy, takeClose},
		pageMore:       {showMore, takeMore},
		pageTimeline:   {showTimeline, takeClose},
		pageScreenshot: {showScreenshot, takeScreenshot},
		pageMessage:    {showMessage, takeMessage},
		pageEdit:       {showWriting, takeEdit},
		pageWait:       {showWait, takeWait},
		pageWaiting:    {showWaiting, takeWaiting},
		pageCorrect:    {showCorrect, takeCorrect},
		pageClose:      {showClose, takeClosing},
		pageGoto:       {showGoto, takeGoto},
		pageCount:      {showCount, takeCount},
		pageKept:       {showKept, takeClose},
		pageAdvice:     {showAdvice, takeAdvice},
		pageSnapshot:   {showSnapshot, takeSnapshot},
		pageAnyway:     {showAnyway, takeAnyway},
		pageAsk:        {showAsk, takeAsk},
		pageElse:       {showElse, takeElse},
		pageVerify:     {showVerify, takeVerify},
		pageLanded:     {showLanded, takeLanded},
		pageShown:      {showShown, takeShown},
	}
}

// room is the page that v is at. A case that waits shows that before its step.
func (v View) room() room { return rooms()[v.name()] }

// guideOf is the guide of a platform the log names. A platform that this version
// does not know has an empty guide, so that its cases can still be read.
func guideOf(id platforms.ID) platforms.Guide {
	p, err := platforms.Get(string(id))
	if err != nil {
		return platforms.Guide{Name: text.Line(string(id))}
	}
	return p.Guide()
}

// vars are the words that stand for {names} in the guide.
func (v View) vars() map[string]text.Safe {
	if v.Case == "" {
		return map[string]text.Safe{"platform": text.Const("a platform"), "noun": text.Const("account"), "login": text.Const("login")}
	}
	vars := guideOf(v.State.Platform).Vars()
	vars["account"] = v.State.AccountName().Or(vars["account"])
	vars["use"] = v.State.LoginName().Or(vars["use"])
	return vars
}

// say is words in the wording of v's audience.
func (v View) say(w platforms.Words) text.Safe { return w.For(v.Audience) }

// guidePage is the guide's page called key in v's words: the part that all pages
// have in common.
func (v View) guidePage(key string) screens.Page {
	return v.paged(guideOf(v.State.Platform).Pages[key])
}

// paged is a page of the guide in v's words.
func (v View) paged(g platforms.Page) screens.Page {
	g = g.Fill(v.vars())
	p := screens.Page{Kind: screens.Steps, Title: g.Title, Why: v.say(g.Why), Ask: v.say(g.Ask),
		Do: v.instructions(g.Do), Links: v.links(g.Do), Side: v.side(g)}
	for _, c := range g.Choices {
		p.Choices = append(p.Choices, v.choice(c))
	}
	switch {
	case g.Impact == nil || v.State.FirstTime():
	case v.State.Place == ladder.AtFresh: // it takes nothing away any more, so it stands beside
		p.Side = append(p.Side, screens.Section{Heading: text.Const("WHAT THIS STEP DOES"), Lines: v.impact(*g.Impact)})
	default:
		p.Facts = v.impact(*g.Impact)
	}
	return p
}

// choice is one answer. On a call it says what the customer says.
func (v View) choice(c platforms.Choice) screens.Choice {
	out := screens.Choice{ID: c.ID, Label: c.Label, Colour: colours[c.ID], Means: c.Means}
	if v.Audience == platforms.Agent {
		out.Listen = c.Listen
	}
	return out
}

// colours are the answers that are states of the dashboard.
var colours = map[string]platforms.Colour{
	"connected": platforms.Green, "warning": platforms.Yellow, "disconnected": platforms.Red,
}

// instructions are what to do, with what is ticked and how sure a path is.
func (v View) instructions(list []platforms.Instruction) []screens.Instruction {
	var out []screens.Instruction
	for _, i := range list {
		out = append(out, screens.Instruction{ID: i.ID, Text: v.say(i.Text), Warn: v.say(i.Warn),
			Ticked: v.State.IsTicked(i.ID), Link: i.Link})
	}
	return out
}

func (v View) links(list []platforms.Instruction) []screens.Link {
	var out []screens.Link
	for _, i := range list {
		if !i.Link.Empty() {
			out = append(out, screens.Link{Label: v.say(i.Text), URL: i.Link})
		}
	}
	return out
}

// fallsLabel names what else falls with a step.
var fallsLabel = text.Const("falls too")

// impact is what a destructive step does, as facts.
func (v View) impact(i platforms.Impact) []screens.Fact {
	var facts []screens.Fact
	for _, f := range []struct {
		label text.Safe
		words platforms.Words
	}{
		{text.Const("stops"), i.Stops}, {text.Const("deleted"), i.Deleted}, {text.Const("stays"), i.Stays},
		{fallsLabel, i.Falls}, {text.Const("not known"), i.Unknown},
	} {
		if said := v.say(f.words); !said.Empty() {
			facts = append(facts, screens.Fact{Label: f.label, Text: said})
		}
	}
	return facts
}

// tick ticks or unticks an instruction.
func (v View) tick(id string) turn {
	kind := ladder.Ticked
	if v.State.IsTicked(id) {
		kind = ladder.Unticked
	}
	return turn{events: []ladder.Event{{Kind: kind, Data: ladder.Data{Item: id, Place: v.State.Place}}}}
}

// grade is how well an answer given now is known: on a call it is told.
func (v View) grade() platforms.Grade {
	if v.Audience == platforms.Agent {
		return platforms.Told
	}
	return platforms.Seen
}
