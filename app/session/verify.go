package session

import (
	"context"
	"errors"
	"slices"

	"reconnect/app/ladder"
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

// cannotVerify says why v has nobody to ask; empty if it has.
func (s *Session) cannotVerify(v View) text.Safe {
	switch {
	case s == nil || s.Prober == nil:
		return text.Const("Nothing is set up to ask here. README, \"Let it look\", says how.")
	case v.Case == "" && !s.Prober.Ready(""):
		return text.Const("Aibrify's own list is not set up here. v asks the platform itself, once the case is open.")
	case v.Case != "" && !s.Prober.Ready(v.State.Platform):
		return text.Format("No app is set up to ask %s with. How: reconnect guide app %s", guideOf(v.State.Platform).Name, text.Line(string(v.State.Platform)))
	}
	return text.Safe{}
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
	if why := s.cannotVerify(v); !why.Empty() {
		return turn{notice: why}, nil
	}
	ways, err := s.Prober.Ways(ctx, v.about())
	if err != nil {
		return turn{}, err
	}
	ways = v.nearest(ways)
	t := turn{ways: ways, lay: &layer{name: pageVerify, item: verifyAsk}}
	if len(ways) > 0 && ways[0].Quick {
		t.lay.item, t.task = verifyRun, s.task(v, ways[0])
	}
	return t, nil
}

// nearest puts first how a person who is not at this computer can sign in: on a
// call that is who has to.
func (v View) nearest(ways []Way) []Way {
	if v.Audience != platforms.Agent {
		return ways
	}
	ways = slices.Clone(ways)
	rank := func(w Way) int {
		switch {
		case w.Spent:
			return 3
		case w.SignsIn && !w.Elsewhere:
			return 2
		case w.SignsIn:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(ways, func(a, b Way) int { return rank(a) - rank(b) })
	return ways
}

func (s *Session) task(v View, w Way) *Task { return &Task{prober: s.Prober, about: v.about(), way: w} }

// showVerify is the page at each of its stages.
func showVerify(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageVerify + "." + v.item(), Kind: screens.Steps, Tag: v.endpointsTag()}
	switch {
	case v.item() == verifyDone && v.found != nil:
		return v.showFound(p)
	case v.item() == verifyRun && v.Task != nil:
		return v.showAsking(p)
	}
	words := askFirst.Fill(v.vars())
	if len(v.ways) > 0 && !v.ways[0].SignsIn {
		words.Ask = askHeld
	}
	p.Title, p.Why, p.Ask = text.Format("Ask %s", v.asked()), v.say(words.Why).Or(v.only()), v.say(words.Ask)
	p.Side, p.Facts = v.side(words), v.askFacts()
	if v.Audience == platforms.Agent { // then the sentence of why is what to say
		p.Side = append(p.Side, askingOnly(v.custom()))
	}
	p.Choices = v.wayChoices(v.ways)
	return p
}

// askFacts are what to know before anybody asks.
func (v View) askFacts() []screens.Fact {
	var facts []screens.Fact
	if at := slices.IndexFunc(v.ways, func(w Way) bool { return !w.Costs.Empty() }); at >= 0 {
		facts = append(facts, screens.Fact{Label: text.Const("costs"), Text: v.ways[at].Costs})
	}
	for _, told := range v.State.Told() {
		if f := told.Finding; f.Outcome == platforms.Unsure && f.Retry.After(v.now) {
			facts = append(facts, screens.Fact{Label: text.Const("not before"), Text: text.Format("%s: %s", clock(f.Retry, v.now), causesOf(f)), Grade: told.Probe.Data.Grade})
			break
		}
	}
	if v.Case != "" && v.State.AccountName().Empty() {
		facts = append(facts, screens.Fact{Label: text.Const("note"), Text: text.Const("No account is written down yet. What is found is about the one that signs in, and answers nothing here.")})
	}
	return facts
}

// endpointsTag says beside a title that other endpoints than the platform's own are asked.
func (v View) endpointsTag() text.Safe {
	if v.custom() {
		return text.Const("other endpoints")
	}
	return text.Safe{}
}

// custom tells whether other endpoints than the platform's own are asked.
func (v View) custom() bool { return slices.ContainsFunc(v.ways, func(w Way) bool { return w.Custom }) }

// asked is who is asked.
func (v View) asked() text.Safe {
	if v.Case == "" {
		return text.Const("Aibrify")
	}
	return guideOf(v.State.Platform).Name
}

// only is what asking does, and what it never does.
func (v View) only() text.Safe {
	said := []text.Safe{readsOnly, text.Const("An app of your own is asked with, so it tells about the account, and not whether Aibrify's permission is healthy.")}
	if slices.ContainsFunc(v.ways, func(w Way) bool { return w.Aibrify }) {
		said[1] = text.Const("Aibrify's own app is asked with. Where that would end the live connection, no sign-in is offered here.")
	}
	if v.custom() {
		said = append(said, text.Const("Other endpoints than the platform's own are asked."))
	}
	return text.Join(" ", said...)
}

// readsOnly is what asking never does.
var readsOnly = text.Const("It only reads: nothing is changed, nothing is published.")

func (v View) wayChoices(ways []Way) []screens.Choice {
	var list []screens.Choice
	for _, w := range ways {
		list = append(list, screens.Choice{ID: "way." + w.ID, Label: w.label()})
	}
	return append(list, screens.Choice{ID: "stay", Label: text.Const("Go on without asking")})
}

// label is the way's label, and whether it costs: what it costs is told beside it.
func (w Way) label() text.Safe {
	if w.Costs.Empty() {
		return w.Label
	}
	return text.Format("%s (it costs)", w.Label)
}

// againChoices ask once more in the way that was taken, or lead to the others. From
// a sign-in that turned out to be of no use the best other way leads on.
func (v View) againChoices() []screens.Choice {
	var list []screens.Choice
	took := slices.IndexFunc(v.ways, func(w Way) bool { return w.ID == v.took })
	switch {
	case took >= 0 && v.ways[took].Spent && !v.ways[0].Spent:
		list = append(list, screens.Choice{ID: "way." + v.ways[0].ID, Label: v.ways[0].label()})
	case took >= 0:
		list = append(list, screens.Choice{ID: "way." + v.took, Label: text.Format("Again: %s", v.ways[took].label())})
	}
	if len(v.ways) > len(list) {
		list = append(list, screens.Choice{ID: "others", Label: text.Const("Ask in another way")})
	}
	return list
}

// showAsking is how far it is.
func (v View) showAsking(p screens.Page) screens.Page {
	said, question, _ := v.Task.state()
	if !question.Empty() {
		p.Name, p.Kind, p.Title = pageVerify+".secret", screens.Form, text.Const("One thing is needed first")
		p.Why = text.Const("What you type stays hidden, and it is in no draft, log or message.")
		p.Fields = []screens.Field{{ID: "secret", Kind: screens.Hidden, Label: question, Required: true}}
		return p
	}
	p.Title, p.Why = text.Format("Asking %s …", v.asked()), readsOnly
	p.Side = v.side(platforms.Page{})
	if in := said.SignIn; in != nil {
		return v.showSignIn(p, *in)
	}
	for _, f := range said.Done {
		p.Facts = append(p.Facts, screens.Fact{Label: outcomeWords(ladder.Checked{Outcome: f.Outcome}), Text: f.Says.Or(f.Title)})
	}
	if !said.Now.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("now"), Text: said.Now})
	}
	if said.Of > 0 {
		p.Tag = text.Join(", ", text.Format("%s of %s", text.Int(said.At), text.Int(said.Of)), v.endpointsTag())
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
	words := signInHere
	if !in.Listening {
		words = signInElsewhere
	}
	words = words.Fill(v.vars())
	p.Why, p.Side = v.say(words.Why), append(v.side(words), askingOnly(v.custom()))
	p.Links = []screens.Link{{Label: text.Const("Sign in"), URL: in.URL}}
	p.Actions = []screens.Action{{Act: screens.OpenURL}, {Act: screens.Back}, {Act: screens.Copy}, {Act: screens.Phone}, {Act: screens.Why}}
	p.Facts = []screens.Fact{{Label: text.Const("until"), Text: clock(in.Until, v.now)}}
	p.Choices = []screens.Choice{{ID: "paste", Label: text.Const("Paste the address that the browser landed on")},
		{ID: "words", Label: text.Const("The page shows an error instead")}, {ID: "stop", Label: text.Const("Stop")}}
	return p
}

// takeVerify goes on from each stage.
func takeVerify(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if secret, ok := a.Values["secret"]; ok && v.Task != nil {
		v.Task.answer(text.NewSecret(secret))
		return turn{}, nil
	}
	for _, w := range v.ways {
		if a.Pick == "way."+w.ID {
			return v.turnTo(s, w), nil
		}
	}
	switch a.Pick {
	case "words":
		return turn{lay: &layer{name: pageShown}}, nil
	case "paste":
		return turn{lay: &layer{name: pageLanded}}, nil
	case "others":
		return turn{lift: true, ways: v.ways, lay: &layer{name: pageVerify, item: verifyAsk}}, nil
	case "self":
		return v.bySelf(), nil
	case "use":
		f := v.fills()
		for page, draft := range f.drafts {
			if err := s.Draft(ctx, v, page, draft); err != nil {
				return turn{}, err
			}
		}
		return f.turn, nil
	}
	return turn{lift: true}, nil
}

// showShown takes the words of a page that does not come back.
func showShown(_ *Session, v View) screens.Page {
	return screens.Page{Name: pageShown, Kind: screens.Writing, Tag: v.endpointsTag(), Title: text.Const("What does the page say?"), Tell: v.tell,
		Why: text.Const("Paste it word for word. The sign-in ends with it. Passwords and tokens in it are taken out before anything is kept.")}
}

func takeShown(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	said, _, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	t := turn{lift: true}
	if v.Task != nil && !v.Task.over() {
		v.Task.Shown(said)
	} else { // nobody waits for it any more
		t = v.turnTo(s, v.tookWay(said))
	}
	return t, s.Draft(ctx, v, a.Page, "")
}

// tookWay is the way that was taken last, with the words of its page.
func (v View) tookWay(words text.Safe) Way {
	took := v.took
	if v.Task != nil {
		took = v.Task.way.ID
	}
	for _, w := range v.ways {
		if w.ID == took {
			w.Words = words
			return w
		}
	}
	return Way{ID: took, Words: words}
}

// turnTo asks in a way.
func (v View) turnTo(s *Session, w Way) turn {
	return turn{task: s.task(v, w), ways: v.ways, lay: &layer{name: pageVerify, item: verifyRun}}
}

// WritesFor tells whether somebody writes down what a task waits for.
func (v View) WritesFor(t *Task) bool {
	return t != nil && t == v.Task && (v.name() == pageShown || v.name() == pageLanded)
}

// showLanded takes the address that the browser landed on.
func showLanded(_ *Session, v View) screens.Page {
	return screens.Page{Name: pageLanded, Kind: screens.Form, Tag: v.endpointsTag(), Title: text.Const("The address that the browser landed on"),
		Why: text.Const("Copy it whole from the browser's address bar. It holds a code that works once, so it stays hidden here."),
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

// verifies tells whether a page of v is open.
func (v View) verifies() bool {
	return slices.ContainsFunc(v.layers, func(l layer) bool { return l.name == pageVerify })
}

// beneathVerify are the pages under those of v.
func (v View) beneathVerify() []layer {
	at := slices.IndexFunc(v.layers, func(l layer) bool { return l.name == pageVerify })
	if at < 0 {
		at = len(v.layers)
	}
	return slices.Clone(v.layers[:at])
}

// Done is v with what its task found. It is durable when it is shown.
func (s *Session) Done(ctx context.Context, v View) (View, error) {
	if v.Task == nil {
		return v, nil
	}
	_, _, found := v.Task.state()
	v.notice = text.Safe{}
	if found == nil || !v.verifies() {
		return v, nil
	}
	ways, err := s.Prober.Ways(ctx, v.about()) // signing in may have given a new one
	if err != nil {
		return v, err
	}
	v.took, v.Task, v.found, v.ways = v.Task.way.ID, nil, found, v.nearest(ways)
	v.layers = append(v.beneathVerify(), layer{pageVerify, verifyDone})
	if v.Case == "" || found.Probe == nil || len(found.Probe.Findings) == 0 {
		return s.shown(v), nil
	}
	t := turn{events: one(ladder.ProbeMade, ladder.Data{Probe: found.Probe, Grade: v.foundGrade(), Place: v.State.Place})}
	next, err := s.commit(ctx, v, t, screens.Answer{})
	if errors.Is(err, store.ErrStale) {
		next, err = s.addNow(ctx, v, t, screens.Answer{})
	}
	if err != nil {
		return v, err
	}
	return s.around(ctx, next)
}
