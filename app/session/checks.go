package session

import (
	"slices"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the checks, one by one, and what mends the one that failed.

// checkOf is a platform's check by id.
func checkOf(id platforms.ID, check string) (platforms.Check, bool) {
	return guideOf(id).Check(check)
}

// showCheck is the platform's check that is next.
func showCheck(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	c, _ := checkOf(v.State.Platform, v.nextCheck())
	g := guideOf(v.State.Platform).Pages["check"]
	g.Title, g.Why, g.Ask, g.Do = c.Title, c.Why, c.Ask, c.How
	p := v.paged(g)
	p.Name = "check." + c.ID
	if open := len(v.State.Open()); open > 1 {
		p.Tag = text.Format("%s checks to go", text.Int(open))
	} else {
		p.Tag = text.Const("the last check")
	}
	if b, ok := v.branchOf(c.ID); ok {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("looking into"), Text: v.say(b.Title.Fill(v.vars()))})
	}
	p.Facts = append(p.Facts, v.standing(func(f ladder.Finding) bool { return tells(f, c) != "" })...)
	return p
}

// branchOf is what the last try ended in, if the check looks into that.
func (v View) branchOf(check string) (platforms.Branch, bool) {
	last, _ := v.State.LastTry()
	b, ok := guideOf(v.State.Platform).Branch(last.Answer)
	return b, ok && slices.Contains(b.Checks, check)
}

// showMend is how to mend the check that failed, and who can.
func showMend(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	c, _ := checkOf(v.State.Platform, v.State.Failing())
	c = c.Fill(v.vars())
	g := guideOf(v.State.Platform).Pages["mend"]
	g.Do = c.Mend
	p := v.paged(g)
	p.Name, p.Tag = "mend."+c.ID, text.Format("not so: %s", c.Title)
	p.Facts = append(p.Facts, screens.Fact{Label: text.Const("who can"), Text: v.say(c.WhoText)})
	if last, ok := v.State.Check(c.ID); ok && last.Grade == platforms.Probed {
		p.Choices = append(p.Choices, screens.Choice{ID: "overruled", Label: text.Const("It is in order, whatever the platform says")})
	}
	return p
}

// takeMend goes on from a check that failed. If the account changed hands, the
// login to use is asked for again.
func (v View) takeMend(d ladder.Data) turn {
	d.Item = v.State.Failing()
	if d.Answer == "overruled" {
		c, _ := checkOf(v.State.Platform, d.Item)
		d.Items = []string{string(c.Cause)}
	}
	t := turn{events: []ladder.Event{{Kind: ladder.CheckMended, Data: d}}, drop: true}
	if d.Answer != "mended" {
		return t
	}
	c, _ := checkOf(v.State.Platform, d.Item)
	if newLogin(c.Cause) {
		t.lay = &layer{name: pageCorrect}
	}
	t.events = append(t.events, ladder.Event{Kind: ladder.DetourTaken, Data: ladder.Data{Step: diagnosis.ConnectStep(v.State),
		Item: string(c.Cause), Answer: "mended", Place: ladder.AtChecks, Text: text.Format("put right: %s", c.Title.Fill(v.vars()))}})
	t.notice = text.Const("What stood in the way is put right. The other checks follow if it still fails.")
	return t
}

// nextCheck is the check that is asked next.
func (v View) nextCheck() string { return v.Diagnosis.NextCheck(v.State, guideOf(v.State.Platform)) }
