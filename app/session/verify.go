package session

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows asks the platform, and Aibrify's own list, in place of a person: the
// key v. What was found fills answers in; the person takes them or knows better.

// Stages of the page, as the item of its layer.
const (
	verifyAsk  = "ask"  // which way to ask
	verifyRun  = "run"  // it is asked
	verifyDone = "done" // what was found
)

// canVerify tells whether v has anything to ask about.
func (s *Session) canVerify(v View) bool {
	if s.Prober == nil || len(v.layers) > 0 && v.name() != pageBoard {
		return false
	}
	if v.Case == "" {
		return v.name() == pageBoard && s.Prober.Ready("")
	}
	return s.Prober.Ready(v.State.Platform)
}

// about is what v asks about.
func (v View) about() About {
	if v.Case == "" {
		return About{}
	}
	return About{v.State.Platform, v.State.AccountName()}
}

// verify opens the page. One quick way is taken at once.
func (s *Session) verify(ctx context.Context, v View) (turn, error) {
	if !s.canVerify(v) {
		return turn{notice: text.Const("Nothing is set up to ask here. reconnect doctor says what is missing.")}, nil
	}
	ways, err := s.Prober.Ways(ctx, v.about())
	if err != nil {
		return turn{}, err
	}
	t := turn{ways: ways, lay: &layer{name: pageVerify, item: verifyAsk}}
	if len(ways) > 0 && ways[0].Quick {
		t.lay.item, t.task = verifyRun, s.task(v, ways[0])
	}
	return t, nil
}

func (s *Session) task(v View, w Way) *Task { return &Task{prober: s.Prober, about: v.about(), way: w} }

// showVerify is the page at each of its stages.
func showVerify(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageVerify + "." + v.item(), Kind: screens.Steps}
	if slices.ContainsFunc(v.ways, func(w Way) bool { return w.Custom }) {
		p.Tag = text.Const("other endpoints")
	}
	switch {
	case v.item() == verifyDone && v.found != nil:
		return v.showFound(p)
	case v.item() == verifyRun && v.Task != nil:
		return v.showAsking(p)
	}
	p.Title, p.Why = text.Format("Ask %s", v.asked()), v.only()
	p.Ask = text.Const("How shall it be asked?")
	p.Choices = v.wayChoices(v.ways)
	return p
}

// asked is who is asked.
func (v View) asked() text.Safe {
	if v.Case == "" {
		return text.Const("Aibrify")
	}
	return guideOf(v.State.Platform).Name
}

// only is what asking does, and what it never does.
func (v View) only() text.Safe {
	said := text.Const("It only reads: nothing is changed, nothing is published. An app of your own is asked with, so it tells about the account, and not whether Aibrify's permission is healthy.")
	if slices.ContainsFunc(v.ways, func(w Way) bool { return w.Custom }) {
		said = text.Join(" ", said, text.Const("Other endpoints than the platform's own are asked."))
	}
	return said
}

func (v View) wayChoices(ways []Way) []screens.Choice {
	var list []screens.Choice
	for _, w := range ways {
		list = append(list, screens.Choice{ID: "way." + w.ID, Label: w.Label})
	}
	return append(list, screens.Choice{ID: "stay", Label: text.Const("Go on without asking")})
}

// showAsking is how far it is.
func (v View) showAsking(p screens.Page) screens.Page {
	said, question, _ := v.Task.state()
	if !question.Empty() {
		p.Name, p.Kind, p.Title = pageVerify+".secret", screens.Form, text.Const("One thing is needed first")
		p.Why = text.Const("It does not show while you type, and it is in no draft, log or message.")
		p.Fields = []screens.Field{{ID: "secret", Kind: screens.Hidden, Label: question, Required: true}}
		return p
	}
	p.Title, p.Why = text.Format("Asking %s …", v.asked()), text.Const("It only reads: nothing is changed, nothing is published.")
	if in := said.SignIn; in != nil {
		return v.showSignIn(p, *in)
	}
	for _, f := range said.Done {
		p.Facts = append(p.Facts, screens.Fact{Label: outcomeWords(ladder.Checked{Outcome: f.Outcome}), Text: f.Title})
	}
	if !said.Now.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("now"), Text: said.Now})
	}
	if said.Of > 0 {
		p.Tag = text.Format("%s of %s", text.Int(said.At), text.Int(said.Of))
	}
	p.Choices = []screens.Choice{{ID: "stop", Label: text.Const("Stop")}}
	return p
}

// Listening tells whether v waits for a browser that comes back by itself.
func (v View) Listening() bool {
	if v.Task == nil {
		return false
	}
	said, _, _ := v.Task.state()
	return said.SignIn != nil && said.SignIn.Listening
}

// showSignIn is the address to sign in at.
func (v View) showSignIn(p screens.Page, in SignIn) screens.Page {
	p.Name, p.Title = pageVerify+".signin", text.Format("Sign in to %s", v.asked())
	p.Why = text.Const("Open the address with o, or on another device with Q. This page goes on by itself when the browser comes back.")
	if !in.Listening {
		p.Why = text.Const("Open the address on the device where the person is signed in. The page it ends on may not load: its address is what is needed here.")
	}
	p.Links = []screens.Link{{Label: text.Const("Sign in"), URL: in.URL}}
	p.Facts = []screens.Fact{{Label: text.Const("until"), Text: clock(in.Until, v.now)}}
	p.Choices = []screens.Choice{{ID: "paste", Label: text.Const("Paste the address that the browser landed on")},
		{ID: "words", Label: text.Const("The page shows an error instead")}, {ID: "stop", Label: text.Const("Stop")}}
	return p
}

// showFound is what was found, what it fills in, and how to go on.
func (v View) showFound(p screens.Page) screens.Page {
	f := *v.found
	p.Title, p.Why, p.Ask = text.Format("What %s says", v.asked()), v.askedWith(), text.Const("How do you go on?")
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
			facts = append(facts, screens.Fact{Label: text.Const("could not check"), Text: text.Join(" ", f.Title, f.Says)})
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

// takeVerify goes on from each stage.
func takeVerify(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if secret, ok := a.Values["secret"]; ok && v.Task != nil {
		v.Task.answer(text.NewSecret(secret))
		return turn{}, nil
	}
	for _, w := range v.ways {
		if a.Pick == "way."+w.ID {
			return turn{lift: true, task: s.task(v, w), ways: v.ways, lay: &layer{name: pageVerify, item: verifyRun}}, nil
		}
	}
	switch a.Pick {
	case "words":
		return turn{lay: &layer{name: pageShown}}, nil
	case "paste":
		return turn{lay: &layer{name: pageLanded}}, nil
	case "use":
		f := v.fills()
		if f.rows != nil {
			return f.turn, s.Draft(ctx, v, pageBoard, asJSON(f.rows))
		}
		return f.turn, nil
	}
	return turn{lift: true}, nil
}

// showShown takes the words of a page that does not come back.
func showShown(_ *Session, v View) screens.Page {
	return screens.Page{Name: pageShown, Kind: screens.Writing, Title: text.Const("What does the page say?"), Tell: v.tell,
		Why: text.Const("Paste it word for word. The sign-in ends with it.")}
}

func takeShown(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	said, _, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	if v.Task != nil {
		v.Task.Shown(said)
	}
	return turn{lift: true}, s.Draft(ctx, v, a.Page, "")
}

// showLanded takes the address that the browser landed on.
func showLanded(_ *Session, v View) screens.Page {
	return screens.Page{Name: pageLanded, Kind: screens.Form, Title: text.Const("The address that the browser landed on"),
		Why: text.Const("Copy it whole from the browser's address bar. It holds a code that works once, so it does not show here."),
		Fields: []screens.Field{{ID: "address", Kind: screens.Hidden, Label: text.Const("Address"), Required: true,
			Help: text.Const("It begins with http and has code= or error= in it.")}}}
}

func takeLanded(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if v.Task == nil {
		return turn{lift: true}, nil
	}
	if err := v.Task.Paste(a.Values["address"]); err != nil {
		return turn{notice: text.Line(err.Error())}, nil
	}
	return turn{lift: true}, nil
}

// Told is v with what its task told last. ended tells that the task is over: then
// Done is next.
func (s *Session) Told(v View) (next View, ended bool) {
	if v.Task == nil {
		return v, false
	}
	_, _, found := v.Task.state()
	return s.shown(v), found != nil
}

// Done is v with what its task found. It is durable when it is shown.
func (s *Session) Done(ctx context.Context, v View) (View, error) {
	if v.Task == nil {
		return v, nil
	}
	_, _, found := v.Task.state()
	v.notice = text.Safe{}
	base := slices.IndexFunc(v.layers, func(l layer) bool { return l.name == pageVerify })
	if found == nil || base < 0 {
		return v, nil
	}
	ways, err := s.Prober.Ways(ctx, v.about()) // signing in may have given a new one
	if err != nil {
		return v, err
	}
	v.Task, v.found, v.ways = nil, found, ways
	v.layers = append(slices.Clone(v.layers[:base]), layer{pageVerify, verifyDone})
	if v.Case == "" || found.Probe == nil || len(found.Probe.Findings) == 0 {
		return s.shown(v), nil
	}
	t := turn{events: one(ladder.ProbeMade, ladder.Data{Probe: found.Probe, Grade: platforms.Probed, Place: v.State.Place})}
	next, err := s.commit(ctx, v, t, screens.Answer{})
	if errors.Is(err, store.ErrStale) {
		next, err = s.addNow(ctx, v, t, screens.Answer{})
	}
	if err != nil {
		return v, err
	}
	return s.around(ctx, next)
}

// filled is what a probe fills in: what it is, and what taking it does.
type filled struct {
	facts []screens.Fact
	turn  turn
	rows  map[string]string // of the board, before there is a case
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
	case v.State.Place == ladder.AtChecks:
		return v.fillsChecks()
	case v.State.Place == ladder.AtMend:
		return v.fillsMend()
	}
	return v.fillsShown()
}

func fills(label, words text.Safe, g platforms.Grade) screens.Fact {
	return screens.Fact{Label: text.Const("fills in"), Text: text.Join(": ", label, words), Grade: g}
}

// fillsBoard are the rows of the dashboard, before there is a case. A platform
// that Aibrify does not list stays open: it may never have been connected.
func (v View) fillsBoard() filled {
	rows := map[string]string{}
	if v.drafts[pageBoard] != "" {
		_ = json.Unmarshal([]byte(v.drafts[pageBoard]), &rows) // what cannot be read is filled in anew
	}
	worst := map[platforms.Colour]int{platforms.Red: 3, platforms.Yellow: 2, platforms.Green: 1}
	for _, shown := range v.found.Shows {
		if worst[shown.Colour] >= worst[platforms.Colour(rows[string(shown.Platform)])] {
			rows[string(shown.Platform)] = string(shown.Colour)
		}
	}
	if len(v.found.Shows) == 0 {
		return filled{}
	}
	return filled{[]screens.Fact{fills(text.Const("the rows"), text.Int(len(rows)), platforms.Seen)}, turn{lift: true}, rows}
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
			break
		}
	}
	f.turn.lift = true
	return f
}

// fillsMend says that the check which failed is in order now.
func (v View) fillsMend() filled {
	id := v.State.Failing()
	if v.outcomeOf(id) != platforms.Pass {
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
		switch {
		case f.Outcome == platforms.Fail && f.Cause == c.Cause:
			return platforms.Fail
		case f.Outcome == platforms.Pass && slices.Contains(f.RulesOut, c.Cause):
			outcome = platforms.Pass
		}
	}
	return outcome
}

// fillsShown takes what Aibrify shows as what is seen here, and its error word for
// word.
func (v View) fillsShown() filled {
	if !v.found.Read || len(v.found.Shows) != 1 {
		return filled{}
	}
	shown, f := v.found.Shows[0], filled{turn: turn{lift: true}}
	if said := shown.Error; !said.Empty() && !v.knows(said) {
		f.turn.events = one(ladder.ErrorRecorded, ladder.Data{Text: said, Grade: platforms.Seen,
			Verdict: recorded(verdict(said, v.State.Platform)), IDs: message.RequestIDs(said)})
		f.facts = append(f.facts, fills(text.Const("the exact error"), text.Line(said.String()), platforms.Seen))
	}
	seen := v.seen(shown)
	if len(seen) == 0 || v.older() {
		return f
	}
	for i, e := range seen {
		seen[i].Data.Place, seen[i].Data.Grade = v.State.Place, platforms.Seen
		seen[i].Data.Text = e.Data.Text.Or(text.Format("read from Aibrify's own list, as of %s", clock(v.found.At, v.now)))
	}
	f.turn.events = append(f.turn.events, seen...)
	f.facts = append(f.facts, fills(text.Const("the answer"), colourWords(shown.Colour), platforms.Seen))
	return f
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
	case place == ladder.EndConnected:
		return Look{Colour: c, Until: shown.Expires}.events()
	case connects && c == platforms.Green && v.wasGreen():
		return nil // green is what it was
	case connects && c == platforms.Green:
		return one(ladder.Attempted, ladder.Data{Answer: "connected"})
	case connects && c == platforms.Yellow:
		return one(ladder.Attempted, v.failed("warning"))
	case connects:
		return one(ladder.Attempted, v.failed("disconnected"))
	case place == ladder.AtStatus, after && c != platforms.Green:
		return one(ladder.StatusSeen, ladder.Data{Answer: string(c)})
	}
	return nil
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

// asJSON is a draft of the board.
func asJSON(rows map[string]string) string {
	raw, err := json.Marshal(rows)
	if err != nil { // never: they are strings
		return ""
	}
	return string(raw)
}
