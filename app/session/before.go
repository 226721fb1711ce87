package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is asked before the first try: what must be so, what changed, and
// which login to use.

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
	if told := v.errorTells(); told != "" {
		f.Value = text.Line(told)
	}
	if back, ok := v.takenBack(ladder.ChangeSeen); ok {
		f.Value = text.Line(strings.Join(back.Items, ","))
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

// follows are the changes that a cause comes from.
var follows = map[platforms.Cause]string{platforms.PasswordChanged: "password", platforms.PermissionRevoked: removed}

// errorTells is the change that the exact error speaks of for certain; empty if it
// does not. A person unticks it if it is not so.
func (v View) errorTells() string {
	e, ok := v.State.LastError()
	if !ok || e.Data.Verdict == nil || e.Data.Verdict.Confidence != string(diagnosis.Certain) {
		return ""
	}
	change := follows[e.Data.Verdict.Cause]
	if !slices.ContainsFunc(guideOf(v.State.Platform).Changes, func(c platforms.Change) bool { return c.ID == change }) {
		return ""
	}
	return change
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
	back, _ := v.takenBack(ladder.AccountChosen)
	p.Fields = []screens.Field{
		{ID: "account", Kind: screens.Word, Label: text.Format("The %s in Aibrify", g.Noun), Help: text.Format("for example %s", g.Example), Value: v.State.AccountName().Or(back.Account)},
		{ID: "use", Kind: screens.Word, Label: text.Format("The %s to use", g.Login), Help: text.Join(" ", help["owner"], help["private"]), Value: v.State.LoginName().Or(back.Text).Or(v.sibling.LoginName()), Required: true},
		{ID: "last", Kind: screens.Word, Label: text.Const("Who connected it last?"), Help: text.Join(" ", help["last"], text.Const("May stay empty.")), Value: v.State.LastBy.Or(back.Last).Or(v.sibling.LastBy)},
	}
	if v.Audience == platforms.Agent {
		p.Fields = append(p.Fields, screens.Field{ID: "customer", Kind: screens.Word, Label: text.Const("Customer"), Value: v.State.CustomerName()})
	}
	return p
}

// takenBack is what was answered here last, if that was taken back: it is changed,
// not typed anew.
func (v View) takenBack(kind ladder.Kind) (ladder.Data, bool) {
	for _, e := range slices.Backward(v.Log) {
		if e.Kind == kind && e.Data.Place == v.State.Place && e.Seq > v.State.Round {
			return e.Data, slices.Contains(v.State.Struck, e.Seq)
		}
	}
	return ladder.Data{}, false
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
