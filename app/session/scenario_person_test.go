package session_test

import (
	"fmt"
	"slices"
	"strings"

	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/screens"
)

// A person answers every page as somebody would in whose world it happens. It
// knows the page's name and the ids of its answers, and reads what the page says;
// it does what it is advised to if it can be done, and never looks inside.
type person struct {
	*world
	error string // the message that is before their eyes
	shot  shown  // how the last try ended

	told       bool // the error that was known before the case
	askedAdmin bool
	overrode   bool
	alreadies  int // how often it was told that reconnecting was tried before the case

	// What happened, to tell a new question from one that was asked before.
	rounds, waits, errors, links, events int
}

// answer is the answer to v's page.
func (p *person) answer(v session.View) (screens.Answer, error) {
	a := screens.Answer{Page: v.Page.Name}
	if act := p.acts(v); act != "" {
		a.Act = act
		return a, nil
	}
	kind, id, _ := strings.Cut(v.Page.Name, ".")
	switch kind {
	case "board", "status":
		a.Values = p.looks()
	case "green":
		a.Pick = either(p.sound(v.State.Platform), "nothing", "failing")
		if a.Pick == "failing" {
			p.error = p.shown().text
			p.events++
		}
	case "before":
		a.Pick = "ready"
	case "reconnect", "retry", "fresh":
		a.Pick = p.attempts(v)
	case "tried":
		p.shot, p.alreadies = p.shown(), p.alreadies+1
		p.events++
		p.error, a.Pick = p.shot.text, p.shot.answer
	case "something_else":
		a.Pick = either(offers(v, p.shot.branch), p.shot.branch, "words")
	case "error":
		a.Text = p.error
		p.errors++
		p.events++
	case "verdict":
		p.follows(v)
		a.Pick = either(offers(v, "next"), "next", "stay")
	case "check":
		a.Pick = string(p.check(id))
		p.events++
	case "mend":
		a.Pick = p.mends(v, id)
	case "disconnect":
		a.Pick = "done"
		p.events++
	case "clear":
		p.removed = true
		p.events++
		a.Pick = either(p.absent, "absent", "done")
	case "support":
		a.Pick = "sent"
	case "proof":
		a.Pick = either(p.wrong, "other", "same")
	case "missed":
		a.Pick = either(p.missed > 0, "some", "none")
	case "advice":
		a.Pick = p.takes(v)
	case "waiting":
		a.Pick = p.awaits(v)
	case "ask":
		a.Pick = "wait" // they send it
	default:
		if v.Page.Kind != screens.Form {
			return a, fmt.Errorf("does not know the page %q, which offers %v", v.Page.Name, choices(v))
		}
	}
	if v.Page.Kind == screens.Form && a.Values == nil {
		a.Values = p.fills(v)
	}
	if a.Pick != "" && !offers(v, a.Pick) {
		return a, fmt.Errorf("the page %q does not offer %q, only %v", v.Page.Name, a.Pick, choices(v))
	}
	return a, nil
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func choices(v session.View) []string {
	var ids []string
	for _, c := range v.Page.Choices {
		ids = append(ids, c.ID)
	}
	return ids
}

func offers(v session.View, id string) bool { return slices.Contains(choices(v), id) }

func can(v session.View, act screens.Act) bool {
	return slices.ContainsFunc(v.Page.Actions, func(a screens.Action) bool { return a.Act == act && a.Off.Empty() })
}

// acts is what is done at a page beside answering it.
func (p *person) acts(v session.View) screens.Act {
	switch {
	case v.Page.Kind == screens.Reading && len(v.Page.Choices) == 0:
		return screens.Back // it is read
	case p.knows != "" && !p.told && slices.Contains([]string{"changed", "reconnect"}, v.Page.Name) && can(v, screens.Error):
		p.told, p.error = true, p.knows
		return screens.Error
	case p.alreadies == 0 && p.tried > 0 && slices.Contains([]string{"reconnect", "retry"}, v.Page.Name) && can(v, screens.Tried):
		return screens.Tried
	case p.override != "" && !p.overrode && v.Page.Name == "advice" && can(v, screens.Anyway):
		p.overrode = true
		return screens.Anyway
	}
	return ""
}

// looks is what the dashboard shows. Only what is troubled is marked.
func (p *person) looks() map[string]string {
	seen := map[string]string{"at": string(p.platform), string(p.platform): string(p.status(p.platform))}
	if p.linked != "" {
		seen[string(p.linked)] = string(p.status(p.linked))
	}
	if p.missed > 0 {
		seen["alert"] = "email"
	}
	return seen
}

// attempts connects, as the page says.
func (p *person) attempts(v session.View) string {
	p.shot = p.connect(v.State.Platform)
	p.error = p.shot.text
	p.events++
	if p.shot.answer == "connected" {
		p.links++
	}
	return p.shot.answer
}

// fills fills in a form.
func (p *person) fills(v session.View) map[string]string {
	known := map[string]string{
		"changes": strings.ReplaceAll(p.changed, " ", ","), "account": "Example Bakery", "use": "owner@example.com",
		"seen": "a page with nothing on it", "other": "@somebody.else", "missed": fmt.Sprint(p.missed),
		"for": "it to be put right", "until": either(p.page == down, "2h", "1d"), "early": "",
		"connected": "Example Bakery", "by": "owner@example.com", "queue": "3", "why": p.override,
	}
	values := map[string]string{}
	for _, f := range v.Page.Fields {
		value, ok := known[f.ID]
		switch {
		case f.ID == "changes":
			value = p.knownChanges(f)
		case !f.Value.Empty() && f.ID != "account" && f.ID != "use":
			value = f.Value.String() // what is proposed
		case !ok && len(f.Options) > 0:
			value = f.Options[0].ID
		case f.Kind == screens.Number && value == "":
			value = "1"
		case !ok && f.Required:
			value = "so it is"
		}
		values[f.ID] = value
	}
	if v.Page.Name == "count.other" {
		p.switched = true // they log out of it
	}
	return values
}

// knownChanges are the changes of this world that the page asks about.
func (p *person) knownChanges(f screens.Field) string {
	var ids []string
	for _, o := range f.Options {
		if listed(p.changed, o.ID) {
			ids = append(ids, o.ID)
		}
	}
	return strings.Join(ids, ",")
}

// mends does what the page of a failed check says.
func (p *person) mends(v session.View, id string) string {
	p.events++
	switch {
	case p.mend(id):
		return "mended"
	case p.inVain():
		return "go_on"
	case offers(v, "other_person"):
		p.askedAdmin = true
		return "other_person" // or it takes its time
	}
	return "go_on"
}

// takes takes an advice: what can be put right now is; else whoever can is asked,
// and they wait, or they go where it says.
func (p *person) takes(v session.View) string {
	switch {
	case p.inVain() && offers(v, "nobody"):
		return "nobody"
	case offers(v, "connected") && offers(v, "still"): // advice to look again
		return either(p.status(v.State.Platform) == platforms.Green, "connected", "still")
	case offers(v, "clear_up") && p.page == allWell:
		return "clear_up"
	case offers(v, "fixed") && (p.follows(v) || p.reached()): // it is right, as far as they can see
		p.events++
		return "fixed"
	case offers(v, "ask") && !p.askedAdmin:
		p.askedAdmin = true
		return "ask"
	case offers(v, "fixed"):
		p.askedAdmin = true
		return "wait"
	}
	return either(offers(v, "wait"), "wait", "go")
}

// awaits lets the time pass. An admin who was asked puts it right meanwhile. Then
// they look whether it is over, as far as that can be seen: on the status page, or
// by the admin's answer.
func (p *person) awaits(v session.View) string {
	p.waits++
	p.events++
	if p.askedAdmin && p.reached() {
		p.fixed = true
	}
	if p.inVain() {
		return "early" // it did not happen
	}
	still := p.page == down && p.incident() == platforms.Fail && mentions(v, "status page", "fault", "outage") ||
		p.askedAdmin && !p.reached()
	return either(still && offers(v, "longer"), "longer", "over")
}

// inVain tells whether an admin who never answers was asked and waited for.
func (p *person) inVain() bool { return p.admin > 100*day && p.askedAdmin && p.waits > 0 }

// passes lets the time pass until which a case waits.
func (p *person) passes(v session.View) {
	if w := v.State.Wait; w != nil && p.now.Before(w.Until) {
		p.now = w.Until
	}
}

// follows does what a page says, if it speaks of what is wrong and it can be done
// now. It tells whether it is right then.
func (p *person) follows(v session.View) bool {
	fix, _, _ := strings.Cut(p.cure.fix, " ")
	if fix == "" || p.fixed || !speaks(v, fix) {
		return p.fixed
	}
	return p.mend(fix)
}

// words are those by which somebody knows what they are told to put right.
var words = map[string][]string{
	"admin": {"admin", "full control", "role"}, "owner": {"owner", "admin"}, "transferred": {"owner", "admin"},
	"linked": {"link", "connect account"}, "professional": {"professional"}, "business": {"business account"},
	"checkpoint": {"security", "confirm", "asks", "log in to", "log in at", "unlock"}, "two_factor": {"two-factor", "code"},
	"login": {"log out", "sign out", "private window", "log in with", "the login"}, "ticked": {"tick", "every", "all permissions"},
	"popup": {"pop-up", "popup"}, "portfolio": {"portfolio"}, "devices": {"device"},
}

// speaks tells whether a page says to put fix right.
func speaks(v session.View, fix string) bool { return mentions(v, words[fix]...) }

// mentions tells whether any of some words stands on a page.
func mentions(v session.View, any ...string) bool {
	said := []string{v.Page.Title.String(), v.Page.Why.String(), v.Page.Ask.String()}
	for _, d := range v.Page.Do {
		said = append(said, d.Text.String(), d.Warn.String())
	}
	for _, f := range v.Page.Facts {
		said = append(said, f.Label.String(), f.Text.String())
	}
	all := strings.ToLower(strings.Join(said, "\n"))
	return slices.ContainsFunc(any, func(w string) bool { return strings.Contains(all, w) })
}
