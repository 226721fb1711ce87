package session

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is what stands before a page of the ladder when the diagnosis says
// that the page's step is not the right one now: advice, and the way past it.

// adviceTitles say what is advised.
var adviceTitles = map[platforms.Move]text.Safe{
	platforms.FixFirst: text.Const("Put it right first"), platforms.WaitUntil: text.Const("Only time helps now"),
	platforms.AskSupport: text.Const("Straight to your team"),
}

// heldTitles ask about a step that is held back.
var heldTitles = map[platforms.Step]text.Safe{
	platforms.Disconnect: text.Const("Disconnect {platform}?"), platforms.Clear: text.Const("Remove Aibrify on {platform}'s side?"),
	platforms.Fresh: text.Const("Connect {platform} from scratch?"),
}

// showAdvice is what is advised here, what it rests on, and whose move it is.
func showAdvice(_ *Session, v View) screens.Page {
	a := v.Advice
	ask := text.Const("How do you go on?")
	if said, ok := asksAloud[a.Move]; ok && v.Audience == platforms.Agent {
		ask = said
	}
	p := screens.Page{Kind: screens.Steps, Title: v.adviceTitle(), Why: a.Why, Ask: ask,
		Side: v.side(platforms.Page{Why: sameWords(a.Why), Ask: sameWords(ask)})}
	if a.Held {
		p.Tag = text.Const("held back")
	}
	if a.Move == platforms.FixFirst {
		p.Do = v.mending()
		p.Links = linksOf(p.Do)
	}
	p.Facts = append(v.adviceFacts(), v.allTheSame()...)
	p.Choices = v.adviceChoices()
	return p
}

// asksAloud is what an agent asks on a call, by what is advised.
var asksAloud = map[platforms.Move]text.Safe{
	platforms.FixFirst:   text.Const("Can that be done now, and by whom?"),
	platforms.WaitUntil:  text.Const("Shall we look again at that time?"),
	platforms.AskSupport: text.Const("Shall I hand it to our team now?"),
}

func sameWords(s text.Safe) platforms.Words { return platforms.Words{Own: s, Agent: s, Onboarding: s} }

func (v View) adviceTitle() text.Safe {
	a := v.Advice
	switch {
	case a.About == diagnosis.Again:
		return text.Const("Look again first")
	case a.About == diagnosis.CoolDown:
		return text.Const("A pause before the next try")
	case a.Again:
		return text.Const("It is not put right yet")
	case a.Held:
		return heldTitles[a.Step].Fill(v.vars())
	case a.Move == platforms.SkipTo:
		return text.Format("Go straight to %s", text.Line(a.To.Title()))
	}
	return adviceTitles[a.Move]
}

// mending is what puts the cause right: what the check says, else the table, else
// what the error says.
func (v View) mending() []screens.Instruction {
	a := v.Advice
	list := a.Check.Mend
	if len(list) == 0 {
		list = a.Mend
	}
	var filled []platforms.Instruction
	for _, i := range list {
		i = i.Fill(v.vars())
		i.ID = "advice." + i.ID // its ticks are not those of the page below
		filled = append(filled, i)
	}
	do := v.instructions(filled)
	if said, ok := v.said(); len(do) == 0 && ok {
		for i, words := range said.Next.Do {
			id := "advice." + strconv.Itoa(i+1)
			do = append(do, screens.Instruction{ID: id, Text: words, Ticked: v.State.IsTicked(id)})
		}
	}
	return do
}

func linksOf(do []screens.Instruction) []screens.Link {
	var links []screens.Link
	for _, d := range do {
		if !d.Link.Empty() {
			links = append(links, screens.Link{Label: d.Text, URL: d.Link})
		}
	}
	return links
}

// adviceFacts say which cause it is, what that rests on, whose move it is, and
// how to see that it is done.
func (v View) adviceFacts() []screens.Fact {
	a := v.Advice
	var facts []screens.Fact
	fact := func(label, words text.Safe, g platforms.Grade) {
		if !words.Empty() {
			facts = append(facts, screens.Fact{Label: label, Text: words, Grade: g})
		}
	}
	if root, ok := v.Diagnosis.RootSuspect(); ok && a.About == string(root.Cause) {
		fact(text.Const("cause"), text.Format("%s, %s", message.CauseWords(root.Cause), text.Line(string(root.Confidence))), "")
	}
	if f, ok := a.Heaviest(); ok { // the others stand behind w
		said := f.Says
		if f.Rule == diagnosis.Repeated {
			said = answerWords(said.String())
		}
		fact(text.Const("because"), said, f.Grade)
	}
	if a.Owner != "" {
		fact(text.Const("whose move"), v.say(a.Check.WhoText.Fill(v.vars())).Or(OwnerWords(a.Owner)), "")
	}
	if a.Move == platforms.FixFirst {
		done := v.say(a.See.Fill(v.vars()))
		if done.Empty() && !a.Check.Ask.Own.Empty() {
			done = text.Format("%s: yes", a.Check.Title.Fill(v.vars()))
		}
		fact(text.Const("done when"), done, "")
	}
	if !a.Until.IsZero() {
		fact(text.Const("look again"), v.untilWords(), "")
		fact(text.Const("ends early"), a.Early, "")
	}
	return facts
}

// untilWords say when to look again, and whether that is our own figure.
func (v View) untilWords() text.Safe {
	return ownCaution(clock(v.Advice.Until, v.now), v.Advice.Own)
}

// ownCaution says of a time that no source gives it.
func ownCaution(at text.Safe, own bool) text.Safe {
	if own {
		return text.Format("%s (our own caution, no source names a time)", at)
	}
	return at
}

// allTheSame is what happens if the step is taken all the same.
func (v View) allTheSame() []screens.Fact {
	i := guideOf(v.State.Platform).Pages[string(v.State.Place)].Impact
	if !v.Advice.Held || i == nil || v.State.Place == ladder.AtFresh {
		return nil
	}
	filled := i.Fill(v.vars())
	if v.State.Place == ladder.AtDisconnect {
		filled.Falls = platforms.Words{} // only the login's own settings reach further
	}
	facts := append([]screens.Fact{{Label: text.Const("all the same (!)"), Text: text.Format("what %s does then:", text.Line(v.Advice.Step.Title()))}}, v.impact(filled)...)
	return v.withFalls(facts)
}

// withFalls hangs the channels that fall with the login under what falls.
func (v View) withFalls(facts []screens.Fact) []screens.Fact {
	at := slices.IndexFunc(facts, func(f screens.Fact) bool { return f.Label == fallsLabel })
	if at < 0 {
		return append(facts, v.falls...)
	}
	return slices.Insert(slices.Clone(facts), at+1, v.falls...)
}

// adviceChoices are the usual answers to advice.
func (v View) adviceChoices() []screens.Choice {
	a := v.Advice
	switch {
	case a.About == diagnosis.Again:
		return []screens.Choice{{ID: "connected", Label: text.Const("It shows Connected"), Colour: platforms.Green},
			{ID: "still", Label: text.Const("Still not: go on here")}}
	case a.Move == platforms.FixFirst:
		choices := []screens.Choice{{ID: "fixed", Label: text.Format("It is put right: %s", text.Line(a.To.Title()))}}
		if !a.Ask.Empty() {
			choices = append(choices, screens.Choice{ID: "ask", Label: text.Const("A message for the admin")})
		}
		return append(choices, screens.Choice{ID: "wait", Label: text.Const("It takes time: wait")},
			screens.Choice{ID: "nobody", Label: text.Const("Nobody can: go to Support")})
	case a.Move == platforms.WaitUntil:
		choices := []screens.Choice{{ID: "wait", Label: text.Format("Wait until %s", clock(a.Until, v.now))},
			{ID: "wait_other", Label: text.Const("Wait until another time")}}
		if a.About == string(platforms.PlatformOutage) {
			choices = append(choices, screens.Choice{ID: "clear_up", Label: text.Const("Its status page shows no fault")})
		}
		return choices
	}
	return []screens.Choice{{ID: "go", Label: text.Format("Go to %s", text.Line(a.To.Title()))}}
}

// takeAdvice follows the advice.
func takeAdvice(_ context.Context, _ *Session, v View, p screens.Answer) (turn, error) {
	a := v.Advice
	d := ladder.Data{Step: a.To, Item: a.About, Answer: a.How, Text: a.Why, Place: v.State.Place}
	switch p.Pick {
	case "nobody":
		d.Step, d.Text = platforms.Support, text.Format("nobody can put it right: %s", message.CauseWords(platforms.Cause(a.About)))
		return turn{events: one(ladder.DetourTaken, d)}, nil
	case "connected":
		return turn{events: one(ladder.StatusSeen, ladder.Data{Answer: string(platforms.Green), Grade: v.grade()})}, nil
	case "still":
		return turn{events: one(ladder.FactSeen, ladder.Data{Item: diagnosis.Again, Answer: "still", Text: text.Line(a.Case), Grade: v.grade()})}, nil
	case "fixed":
		d.Answer, d.Text = "mended", text.Format("put right: %s", message.CauseWords(platforms.Cause(a.About)))
		t := turn{events: one(ladder.DetourTaken, d), drop: true}
		if newLogin(platforms.Cause(a.About)) {
			t.lay = &layer{name: pageCorrect}
		}
		return t, nil
	case "ask":
		return turn{lay: &layer{name: pageAsk}}, nil
	case "wait_other":
		return turn{lay: &layer{name: pageWait, item: a.About}}, nil
	case "clear_up":
		return turn{events: one(ladder.FactSeen, ladder.Data{Item: "incident", Answer: "up", Grade: v.grade()})}, nil
	case "wait":
		if a.Until.IsZero() {
			return turn{lay: &layer{name: pageWait, item: a.About}}, nil
		}
		return turn{events: one(ladder.WaitStarted, ladder.Data{Item: a.About, Step: a.To, Text: a.Why, Until: a.Until.UTC(), Early: a.Early, Place: v.State.Place})}, nil
	}
	return turn{events: one(ladder.DetourTaken, d)}, nil
}

// newLogin tells whether putting a cause right changes which login to use.
func newLogin(c platforms.Cause) bool { return c == platforms.AccountChanged }

// asWritten is the step that the ladder has here, and what held it back: advice,
// a wait, or a detour that was taken. The second is empty if nothing does.
func (v View) asWritten() (platforms.Step, string) {
	s := v.State
	led := s.LedHere()
	switch {
	case v.Case == "" || s.IsEnded():
		return "", ""
	case s.Wait != nil:
		return s.Step(), orElse(s.Wait.About, "wait")
	case !v.Advice.None():
		return v.Advice.Step, v.Advice.About
	case led.Kind == ladder.DetourTaken && led.Data.Item != "" && led.Data.Place != "":
		if left := led.Data.Place; left != ladder.AtProof && left != ladder.AtMissed {
			s.Place = left // with what was tried since: a check belongs to the step that brought it
			return s.Step(), led.Data.Item
		}
		before, _ := s.Before()
		return before.Step(), led.Data.Item
	case s.Place == ladder.AtSupport && v.untaken() != "":
		return v.untaken(), string(platforms.Support)
	}
	return "", ""
}

// untaken is the first step of the ladder that this round left out on its way to
// Support; empty if there is none.
func (v View) untaken() platforms.Step {
	for _, step := range []platforms.Step{platforms.Reconnect, platforms.Disconnect, platforms.Clear, platforms.Fresh} {
		if !slices.ContainsFunc(v.State.Attempts, func(a ladder.Attempt) bool { return a.Step == step && a.Seq > v.State.Round }) {
			return step
		}
	}
	return ""
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// showAnyway asks why the ladder is taken as written.
func showAnyway(_ *Session, v View) screens.Page {
	step, _ := v.asWritten()
	return screens.Page{Kind: screens.Form, Title: text.Const("Take the ladder as written"),
		Why:    text.Format("%s all the same. The reason is recorded, for whoever reads the case.", text.Line(step.Title())),
		Fields: []screens.Field{{ID: "why", Kind: screens.Word, Label: text.Const("Why?"), Required: true, Help: v.lastReason()}}}
}

// lastReason is why the ladder was taken as written before: often it still holds.
func (v View) lastReason() text.Safe {
	if n := len(v.State.Overrides); n > 0 {
		return text.Format("last time: %s", text.Line(v.State.Overrides[n-1].Data.Text.String()))
	}
	return text.Const("for example: the team asked for it")
}

// takeAnyway records the reason and takes the step.
func takeAnyway(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	v.layers = nil // what is under it
	step, about := v.asWritten()
	if step == "" {
		return turn{lift: true}, nil
	}
	why, _ := text.Redact(text.Line(a.Values["why"]))
	events := one(ladder.DetourOverridden, ladder.Data{Step: step, Item: about, Text: why, Place: v.State.Place})
	switch {
	case v.State.Wait != nil:
		events = append(events, ladder.Event{Kind: ladder.WaitEnded, Data: ladder.Data{Answer: "early", Place: v.State.Place}})
	case v.Advice.None(): // back to where the detour left the ladder
		d := ladder.Data{Step: step, Text: why, Place: v.State.Place}
		if led := v.State.LedHere(); led.Kind == ladder.DetourTaken && led.Data.Place != ladder.AtProof && led.Data.Place != ladder.AtMissed {
			d.To = led.Data.Place
		}
		events = append(events, ladder.Event{Kind: ladder.DetourTaken, Data: d})
	}
	return turn{events: events, clear: true, drop: true}, nil
}

// showAsk is a message for the admin, who alone can put it right.
func showAsk(_ *Session, v View) screens.Page {
	p := screens.Page{Kind: screens.Reading, Title: text.Const("A message for the admin"),
		Why: text.Const("Copy it and send it to an admin. Then wait for the answer."), Body: v.request()}
	p.Choices = []screens.Choice{{ID: "wait", Label: text.Const("Sent: wait for the answer")}, {ID: "back", Label: text.Const("Back")}}
	return p
}

// request asks an admin for what only an admin can do.
func (v View) request() text.Safe {
	g := guideOf(v.State.Platform)
	return text.Join("\n\n",
		text.Format("Aibrify cannot publish to %s on %s any more, and only an admin of it can put that right.", v.vars()["account"], g.Name),
		v.Advice.Ask.Fill(v.vars()),
		text.Const("Please answer when it is done. Nobody needs your password."))
}

func takeAsk(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if a.Pick == "wait" {
		return turn{lift: true, lay: &layer{name: pageWait, item: v.Advice.About}}, nil
	}
	return turn{lift: true}, nil
}

// needsSnapshot tells whether something is about to be removed of which nothing
// is written down yet.
func (v View) needsSnapshot() bool {
	place := v.State.Place
	return (place == ladder.AtDisconnect || place == ladder.AtClear) && v.State.Snapshot == nil && v.State.Wait == nil
}

// showSnapshot asks what is there before it is gone.
func showSnapshot(_ *Session, v View) screens.Page {
	names := []text.Safe{v.State.AccountName()}
	for _, k := range v.kin {
		if sharesLogin(platforms.ID(k.Platform), v.State.Platform) {
			names = append(names, text.Line(k.Account))
		}
	}
	g := guideOf(v.State.Platform)
	return screens.Page{Kind: screens.Form, Title: text.Const("Write down what is there now"),
		Why: text.Const("Once it is removed, nobody can look it up. All of it may stay empty."),
		Fields: []screens.Field{
			{ID: "connected", Kind: screens.Word, Label: text.Const("Names and handles connected with this login"), Value: text.Join(", ", names...), Help: text.Format("for example %s", g.Example)},
			{ID: "by", Kind: screens.Word, Label: text.Const("Who connected it?"), Value: v.State.LastBy},
			{ID: "queue", Kind: screens.Number, Label: text.Const("How many posts wait in the calendar?"), Help: text.Const("Leave it empty if you did not count.")},
		}}
}

func takeSnapshot(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	d := ladder.Data{Account: line(a.Values["connected"]), Text: line(a.Values["by"]), Place: v.State.Place, Grade: v.grade()}
	if n, err := strconv.Atoi(strings.TrimSpace(a.Values["queue"])); err == nil && n >= 0 {
		d.Count, d.Answer = n, "counted"
	}
	return turn{events: one(ladder.SnapshotTaken, d), drop: true}, nil
}

// showElse asks which of the things it was that can happen instead of an answer.
func showElse(_ *Session, v View) screens.Page {
	p := v.guidePage(guideKey(v.State.Place))
	p.Name, p.Do, p.Facts, p.Links, p.Tag, p.Choices = pageElse, nil, nil, nil, text.Safe{}, nil
	p.Why, p.Ask = text.Const("Pick what comes nearest: each has its usual causes, and they are quick to test."), text.Const("What happened instead?")
	offered := v.guidePage(guideKey(v.State.Place)).Choices
	for _, b := range guideOf(v.State.Platform).Branches {
		if !slices.ContainsFunc(offered, func(c screens.Choice) bool { return c.ID == b.ID }) {
			c := screens.Choice{ID: b.ID, Label: v.say(b.Label.Fill(v.vars()))}
			if v.Audience == platforms.Agent {
				c.Listen = v.say(b.Listen.Fill(v.vars()))
			}
			p.Choices = append(p.Choices, c)
		}
	}
	p.Choices = append(p.Choices, screens.Choice{ID: "words", Label: text.Const("Something else, in my own words")})
	return p
}

func takeElse(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if a.Pick == "words" {
		return turn{lift: true, lay: &layer{name: pageCount, item: "seen"}}, nil
	}
	return turn{events: one(ladder.Attempted, v.failed(a.Pick)), clear: true, drop: true}, nil
}

// failed is a try that ended with answer, with the checks it brings: those of its
// branch, and those still open before anything is removed or handed over.
func (v View) failed(answer string) ladder.Data {
	d := ladder.Data{Answer: answer, Place: v.State.Place, Grade: v.grade()}
	if b, ok := guideOf(v.State.Platform).Branch(answer); ok {
		d.Checks = b.Checks
	}
	if v.State.Place != ladder.AtReconnect {
		d.Checks = append(slices.Clone(d.Checks), v.State.Open()...)
	}
	d.Checks = slices.DeleteFunc(slices.Clone(d.Checks), func(id string) bool {
		_, known := guideOf(v.State.Platform).Check(id)
		last, done := v.State.Check(id)
		return !known || done && last.Seq > v.State.Round && !v.waitedSince(last)
	})
	return v.askedAnew(d)
}

// waitedSince tells whether the cause of a check was waited for since it was
// answered: then it is looked at again.
func (v View) waitedSince(c ladder.Checked) bool {
	check, _ := checkOf(v.State.Platform, c.ID)
	return slices.ContainsFunc(v.State.Settled, func(done ladder.Settled) bool {
		return done.Cause == string(check.Cause) && done.How == "waited" && done.Seq > c.Seq
	})
}

// askedAnew is a failed try with the checks that have to be looked at again: those
// whose cause was waited for since, and those that were answered in an earlier
// round, unless this round's facts point elsewhere.
func (v View) askedAnew(d ladder.Data) ladder.Data {
	for _, id := range v.State.Checks {
		if last, done := v.State.Check(id); done && v.waitedSince(last) && !slices.Contains(d.Checks, id) {
			d.Checks = append(d.Checks, id)
		}
	}
	if v.State.Round == 0 {
		return d
	}
	e := ladder.Event{Seq: v.State.Seq + 1, At: v.now, Kind: ladder.Attempted, Data: d}
	next, err := ladder.Next(v.State, e)
	if err != nil {
		return d
	}
	g := guideOf(v.State.Platform)
	root := diagnosis.Of(next, append(slices.Clone(v.Log), e), g).Root
	for _, id := range v.State.Checks {
		c, _ := g.Check(id)
		last, done := v.State.Check(id)
		points := root == platforms.UnknownCause || root == c.Cause
		if done && last.Seq < v.State.Round && points && !slices.Contains(d.Checks, id) {
			d.Checks = append(d.Checks, id)
		}
	}
	return d
}
