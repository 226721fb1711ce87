package session

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the pages of the ladder's own places.

// showStep is a place that the guide words by itself.
func showStep(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	if v.State.Place == ladder.AtFresh && v.State.FirstTime() && v.Audience == platforms.Own {
		v.Audience = platforms.Onboarding // it is the first time, not once more
	}
	p := v.guidePage(guideKey(v.State.Place))
	p.Tag = v.attemptTag()
	p.Facts = append(v.outside(), v.withFalls(p.Facts)...)
	if slices.Contains(connecting, v.State.Place) && !v.State.LastBy.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("connected last by"), Text: v.State.LastBy, Grade: platforms.Told})
	}
	return p
}

// guideKey is the guide's name for a place.
func guideKey(p ladder.Place) string {
	if p == ladder.AtFreshAccount {
		return string(ladder.AtAccount)
	}
	return string(p)
}

// waiting tells whether v shows a case that waits.
func (v View) waiting() bool { return v.Case != "" && v.State.Wait != nil && !v.State.IsEnded() }

// attemptTag counts the tries at this step.
func (v View) attemptTag() text.Safe {
	tries := 0
	for _, a := range v.State.Attempts {
		if a.Step == v.State.Step() {
			tries++
		}
	}
	switch {
	case v.State.Place == ladder.AtRetry, tries > 0 && v.State.Place == ladder.AtReconnect:
		return text.Format("try %s", text.Int(tries+1))
	default:
		return text.Safe{}
	}
}

// outside names what was clicked outside and taken back here.
func (v View) outside() []screens.Fact {
	said := map[platforms.Step]text.Safe{
		platforms.Disconnect: text.Const("you disconnected in Aibrify; that is still so"),
		platforms.Clear:      text.Const("you removed Aibrify on the platform; that is still so"),
		platforms.Support:    text.Const("you sent the message to your team; that is still so"),
	}
	var facts []screens.Fact
	for _, step := range v.State.Outside {
		if words, ok := said[step]; ok {
			facts = append(facts, screens.Fact{Label: text.Const("already done"), Text: words})
		}
	}
	return facts
}

// answered is the kind of event that an answer is at each place.
var answered = map[ladder.Place]ladder.Kind{
	ladder.AtBefore: ladder.BeforeReady, ladder.AtReconnect: ladder.Attempted, ladder.AtRetry: ladder.Attempted,
	ladder.AtDisconnect: ladder.Attempted, ladder.AtClear: ladder.Attempted, ladder.AtFresh: ladder.Attempted,
	ladder.AtChecks: ladder.CheckDone, ladder.AtMend: ladder.CheckMended, ladder.AtProof: ladder.AccountReturned,
}

// connecting are the places where a connection is tried.
var connecting = []ladder.Place{ladder.AtReconnect, ladder.AtRetry, ladder.AtFresh}

// takeStep turns the picked choice into the event it is at this place.
func takeStep(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if v.waiting() {
		return takeWaiting(ctx, s, v, a)
	}
	place := v.State.Place
	d := ladder.Data{Answer: a.Pick, Place: place, Grade: v.grade()}
	switch {
	case a.Pick == "error":
		return turn{lay: &layer{name: pageError, item: string(place)}}, nil
	case place == ladder.AtGreen:
		return takeGreen(a, d), nil
	case place == ladder.AtMissed:
		return takeMissed(a, d), nil
	case a.Pick == "later":
		return turn{lay: &layer{name: pageWait}}, nil
	case place == ladder.AtMend && a.Pick == "other_person":
		return turn{lay: &layer{name: pageWait, item: v.State.Failing()}}, nil
	case place == ladder.AtProof && a.Pick == "other":
		return turn{lay: &layer{name: pageCount, item: "other"}}, nil
	case a.Pick == "other" && len(guideOf(v.State.Platform).Branches) > 0:
		return turn{lay: &layer{name: pageElse}}, nil
	case a.Pick == "other":
		return turn{lay: &layer{name: pageCount, item: "seen"}}, nil
	case place == ladder.AtProof && v.State.FirstTime():
		// No post can have missed its time before the first connection.
		return turn{events: []ladder.Event{{Kind: ladder.AccountReturned, Data: d},
			{Kind: ladder.CaseResolved, Data: ladder.Data{Answer: "connected"}}}, drop: true}, nil
	case place == ladder.AtChecks:
		d.Item = v.nextCheck()
		if a.Pick == string(platforms.Unsure) || a.Pick == string(platforms.Skipped) {
			d.Grade = "" // nobody saw anything
		}
	case place == ladder.AtMend:
		return v.takeMend(d), nil
	case place == ladder.AtClear && a.Pick == "done":
		return turn{events: []ladder.Event{{Kind: ladder.Attempted, Data: d}, s.settling(v)}, drop: true}, nil
	case slices.Contains(connecting, place) && a.Pick != "connected":
		d = v.failed(a.Pick)
	}
	return turn{events: []ladder.Event{{Kind: answered[place], Data: d}}, drop: true}, nil
}

// takeMend goes on from a check that failed. If the account changed hands, the
// login to use is asked for again.
func (v View) takeMend(d ladder.Data) turn {
	d.Item = v.State.Failing()
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

// settling is the pause that a removal takes until a new connection starts clean.
func (s *Session) settling(v View) ladder.Event {
	settle := platforms.OwnCaution().Settle
	return ladder.Event{Kind: ladder.WaitStarted, Data: ladder.Data{Item: diagnosis.Settling, Until: s.Now().Add(settle.Wait).UTC(),
		Text: v.say(settle.Reason.Fill(v.vars()))}}
}

// nextCheck is the check that is asked next.
func (v View) nextCheck() string { return v.Diagnosis.NextCheck(v.State, guideOf(v.State.Platform)) }

func takeGreen(a screens.Answer, d ladder.Data) turn {
	if a.Pick == "nothing" {
		return turn{events: []ladder.Event{{Kind: ladder.CaseResolved, Data: d}}}
	}
	return turn{events: []ladder.Event{{Kind: ladder.StatusSeen, Data: d}}, lay: &layer{name: pageError}}
}

// takeMissed records the posts and ends the case. How many there are is asked only if there are some.
func takeMissed(a screens.Answer, d ladder.Data) turn {
	if a.Pick == "some" {
		return turn{lay: &layer{name: pageCount, item: "missed"}}
	}
	return turn{events: missed(d, true)}
}

// missed are the events of an answer about missed posts, with the end of the case if it is due.
func missed(d ladder.Data, end bool) []ladder.Event {
	events := []ladder.Event{{Kind: ladder.PostsMissed, Data: d}}
	if end {
		events = append(events, ladder.Event{Kind: ladder.CaseResolved, Data: ladder.Data{Answer: "connected", Place: d.Place}})
	}
	return events
}

// showBefore is what must be so before a platform is added.
func showBefore(s *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(s, v)
	}
	p := v.guidePage("before")
	for i, note := range guideOf(v.State.Platform).Before {
		id := "before" + text.Int(i+1).String()
		p.Do = append(p.Do, screens.Instruction{ID: id, Text: v.say(note.Text.Fill(v.vars())), Ticked: v.State.IsTicked(id)})
	}
	p.Choices = append(p.Choices, screens.Choice{ID: "later", Label: text.Const("Not yet: wait")})
	return p
}

// showChanged asks what changed lately.
func showChanged(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	p := v.guidePage("changed")
	if v.State.Round > 0 {
		p.Why = text.Format("It was connected again since. What changed after %s?", clock(v.shownAt(), v.now))
	}
	p.Kind, p.Choices, p.Notice = screens.Form, nil, v.oneRemoval()
	f := screens.Field{ID: "changes", Kind: screens.PickAny, Label: p.Ask}
	if !p.Notice.Empty() {
		f.Value = text.Const(removed)
	}
	for _, c := range guideOf(v.State.Platform).Changes {
		c = c.Fill(v.vars())
		f.Options = append(f.Options, screens.Choice{ID: c.ID, Label: c.Label})
		p.Side = append(p.Side, screens.Section{Heading: c.Label, Lines: []screens.Fact{{Text: v.say(c.Means)}}})
	}
	f.Options = append(f.Options, screens.Choice{ID: "unsure", Label: text.Const("I am not sure")})
	f.Help = text.Const("Tick what is so. With nothing ticked, go on: nothing changed.")
	p.Fields, p.Ask = []screens.Field{f}, text.Safe{}
	return p
}

// shownAt is when the dashboard showed Connected last.
func (v View) shownAt() time.Time {
	at := v.State.Opened
	for _, e := range v.Log {
		if e.Seq == v.State.Shown {
			at = e.At
		}
	}
	return at
}

func takeChanged(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if v.waiting() {
		return takeWaiting(ctx, s, v, a)
	}
	d := ladder.Data{Items: splitIDs(a.Values["changes"]), Place: v.State.Place, Grade: platforms.Told}
	return turn{events: []ladder.Event{{Kind: ladder.ChangeSeen, Data: d}}, drop: true}, nil
}

// showAccount asks which account to use before anything is clicked.
func showAccount(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	g := guideOf(v.State.Platform)
	p := v.guidePage("account")
	help := map[string]text.Safe{}
	for _, d := range p.Do {
		help[d.ID] = sentences(d.Text, d.Warn)
	}
	if v.Audience == platforms.Agent {
		delete(help, "private") // four fields leave no room; it stands in the second pane
	}
	p.Kind, p.Choices, p.Do, p.Ask = screens.Form, nil, nil, text.Safe{}
	p.Why, p.Notice = text.Join(" ", p.Why, v.changedHands()), v.cameBack()
	p.Fields = []screens.Field{
		{ID: "account", Kind: screens.Word, Label: text.Format("The %s in Aibrify", g.Noun), Help: text.Format("for example %s", g.Example), Value: v.State.AccountName()},
		{ID: "use", Kind: screens.Word, Label: text.Format("The %s to use", g.Login), Help: text.Join(" ", help["owner"], help["private"]), Value: v.State.LoginName().Or(v.sibling.LoginName()), Required: true},
		{ID: "last", Kind: screens.Word, Label: text.Const("Who connected it last?"), Help: text.Join(" ", help["last"], text.Const("May stay empty.")), Value: v.State.LastBy.Or(v.sibling.LastBy)},
	}
	if v.Audience == platforms.Agent {
		p.Fields = append(p.Fields, screens.Field{ID: "customer", Kind: screens.Word, Label: text.Const("Customer"), Value: v.State.CustomerName()})
	}
	return p
}

// sentences are texts one after the other, each with its full stop.
func sentences(parts ...text.Safe) text.Safe {
	var all []text.Safe
	for _, p := range parts {
		if !p.Empty() {
			all = append(all, text.Format("%s.", text.Line(strings.TrimSuffix(p.String(), "."))))
		}
	}
	return text.Join(" ", all...)
}

// changedHands is what follows for the login from what changed lately.
func (v View) changedHands() text.Safe {
	for _, c := range guideOf(v.State.Platform).Changes {
		if (c.ID == "owner" || c.ID == "role") && slices.Contains(v.State.Changes, c.ID) {
			return v.say(c.Fill(v.vars()).Means)
		}
	}
	return text.Safe{}
}

// cameBack says that another account came back than the one written down.
func (v View) cameBack() text.Safe {
	if v.State.Returned != "other" {
		return text.Safe{}
	}
	return text.Format("%s came back, not %s. Log out of it first, or use a private window.",
		v.State.CameBack.Or(text.Const("Another account")), v.State.AccountName().Or(text.Const("the one written down")))
}

func takeAccount(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if v.waiting() {
		return takeWaiting(ctx, s, v, a)
	}
	d := ladder.Data{Account: line(a.Values["account"]), Text: line(a.Values["use"]), Last: line(a.Values["last"]), Place: v.State.Place, Grade: platforms.Told}
	events := []ladder.Event{{Kind: ladder.AccountChosen, Data: d}}
	if customer := line(a.Values["customer"]); !customer.Empty() && customer != v.State.CustomerName() {
		events = append(events, ladder.Event{Kind: ladder.CaseCorrected, Data: ladder.Data{Customer: customer}})
	}
	return turn{events: events, drop: true}, nil
}

// line is typed text for a field that names an account: e-mail addresses stay, secrets go.
func line(raw string) text.Safe {
	safe, _ := text.RedactSecrets(text.Line(raw))
	return safe
}

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
	return p
}

// showProof compares the account that came back with the one written down.
func showProof(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	p := v.guidePage("proof")
	if v.wasGreen() {
		p.Why = text.Const("It was green before, and posts failed. Let one post go out, then compare.")
	}
	p.Facts = append([]screens.Fact{
		{Label: text.Const("account"), Text: v.State.AccountName().Or(text.Const("not written down"))},
		{Label: text.Const("login"), Text: v.State.LoginName().Or(text.Const("not written down"))},
	}, p.Facts...)
	return p
}

// wasGreen tells whether posts failed although the dashboard showed Connected:
// then Connected alone proves nothing.
func (v View) wasGreen() bool {
	return slices.ContainsFunc(v.Log, func(e ladder.Event) bool {
		return e.Kind == ladder.StatusSeen && e.Data.Answer == "failing" && e.Seq > v.State.Round && !slices.Contains(v.State.Struck, e.Seq)
	})
}

// showEnd is an end: what happens next, and where to go.
func showEnd(_ *Session, v View) screens.Page {
	p := v.guidePage(string(v.State.Place))
	p.Choices = nil
	if v.State.Place == ladder.EndConnected && v.State.FirstTime() {
		p.Title = text.Format("%s is connected and ready", guideOf(v.State.Platform).Name)
		p.Why = text.Const("From now on, posts for it can be scheduled and published.")
	}
	if v.State.Place == ladder.EndConnected {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("expires"), Text: v.say(guideOf(v.State.Platform).Expiry.Text.Fill(v.vars()))})
	}
	if m := v.State.Missed; m != nil && m.Answer == "some" {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("missed"), Text: countPosts(m.Count)})
	}
	p.Facts = append(v.outside(), p.Facts...)
	for _, k := range v.kin {
		if k.Open {
			name := guideOf(platforms.ID(k.Platform)).Name
			p.Choices = append(p.Choices, screens.Choice{ID: "case." + k.ID, Label: text.Format("Go on with %s", name)})
		}
	}
	p.Choices = append(p.Choices,
		screens.Choice{ID: "start", Label: text.Const("All cases")},
		screens.Choice{ID: "reopen", Label: reopenLabel(v.State.Place)})
	p.Ask = p.Ask.Or(text.Const("What next?"))
	return p
}

func reopenLabel(p ladder.Place) text.Safe {
	if brokeAgain(p) {
		return text.Const("It broke again: reopen")
	}
	return text.Const("Reopen this case")
}

// brokeAgain tells whether a case that ended at p is reopened because its
// connection broke again.
func brokeAgain(p ladder.Place) bool { return p == ladder.EndConnected || p == ladder.EndNothing }

func countPosts(n int) text.Safe {
	switch n {
	case 0:
		return text.Const("some posts, not counted")
	case 1:
		return text.Const("1 post")
	}
	return text.Format("%s posts", text.Int(n))
}

func takeEnd(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	switch {
	case a.Pick == "start":
		return turn{leave: true}, nil
	case a.Pick == "reopen":
		d := ladder.Data{}
		if brokeAgain(v.State.Place) {
			d.Answer = "broke" // what was found out before is of another time
		}
		return turn{events: one(ladder.CaseReopened, d)}, nil
	}
	return turn{enter: trimCase(a.Pick)}, nil
}

func trimCase(pick string) string {
	if len(pick) > 5 && pick[:5] == "case." {
		return pick[5:]
	}
	return pick
}

// asked are the values that an answer may still need.
var asked = map[string]struct {
	page  string // whose title it has
	field screens.Field
}{
	"missed": {"missed", screens.Field{ID: "missed", Kind: screens.Number, Label: text.Const("How many posts show Failed or Pending?"),
		Help: text.Const("Leave it empty if you did not count.")}},
	"other": {"proof", screens.Field{ID: "other", Kind: screens.Word, Label: text.Const("Which account came back?"),
		Help: text.Const("As the dashboard names it.")}},
	"seen": {"", screens.Field{ID: "seen", Kind: screens.Word, Label: text.Const("What do you see instead?"),
		Help: text.Const("A few words. May stay empty.")}},
}

// showCount asks for the one value that an answer still needs.
func showCount(_ *Session, v View) screens.Page {
	a := asked[v.item()]
	key := a.page
	if key == "" {
		key = guideKey(v.State.Place)
	}
	p := v.guidePage(key)
	p.Name, p.Kind = pageCount+"."+v.item(), screens.Form
	p.Why, p.Ask, p.Choices, p.Do, p.Facts, p.Links = text.Safe{}, text.Safe{}, nil, nil, nil, nil
	p.Fields = []screens.Field{a.field}
	return p
}

func takeCount(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	d := ladder.Data{Place: v.State.Place, Grade: v.grade(), Answer: "other"}
	said, _ := text.Redact(text.Line(a.Values[v.item()]))
	switch v.item() {
	case "other":
		d.Text = line(a.Values["other"])
		return turn{events: one(ladder.AccountReturned, d), clear: true, drop: true}, nil
	case "seen":
		d.Text = said
		return turn{events: one(ladder.Attempted, d), clear: true, drop: true}, nil
	}
	d.Answer = "some"
	d.Count, _ = strconv.Atoi(strings.TrimSpace(a.Values["missed"])) // the field takes whole numbers only; empty is 0
	return turn{events: missed(d, v.State.Place == ladder.AtMissed), clear: true, drop: true}, nil
}
