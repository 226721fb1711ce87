package message

import (
	"strings"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// The words of the message: the same thing has the name it has on the screens.

// colours are what the dashboard shows, behind the platform's name.
var colours = map[platforms.Colour]text.Safe{
	platforms.Green:    text.Const("shows Connected"),
	platforms.Yellow:   text.Const("shows Warning"),
	platforms.Red:      text.Const("shows Disconnected"),
	platforms.Unlisted: text.Const("is not listed"),
}

// answers are how an attempt ended, and which account came back.
var answers = map[string]text.Safe{
	"connected":    text.Const("Connected"),
	"warning":      text.Const("Warning"),
	"disconnected": text.Const("Disconnected"),
	"error":        text.Const("an error"),
	"not_offered":  text.Const("the {noun} was not offered"),
	"other":        text.Const("something else"),
	"done":         text.Const("done"),
	"gone":         text.Const("was not listed any more"),
	"absent":       text.Const("Aibrify was not listed there"),
	"stuck":        text.Const("could not be done"),
}

// stops are how a login stopped on its way.
var stops = map[string]text.Safe{
	"no_page":       text.Const("logged in but chose no Page"),
	"popup":         text.Const("the login window did not open"),
	"security":      text.Const("a security check"),
	"two_factor":    text.Const("the two-factor code"),
	"wrong_account": text.Const("connected to the wrong account"),
}

// Stopped is how a login stopped on its way, in words; empty for another answer.
func Stopped(answer string) text.Safe { return stops[answer] }

// ons are how a case came to another step once something was put right or waited for.
var ons = map[string]text.Safe{
	"mended": text.Const("Went on at {step}"),
	"waited": text.Const("Went on at {step}"),
}

// abouts are what advice is about besides a cause.
var abouts = map[string]text.Safe{
	"cool_down": text.Const("tries too close together"),
	"repeated":  text.Const("the same failed twice"),

	"broke_again": text.Const("it broke again"),
	"again":       text.Const("a linked case was mended"),
	"settle":      text.Const("a removal settles"),
	"wait":        text.Const("a wait"),
}

// CausesWords name a cause, and what else it can be: up to four, since more tell nothing.
func CausesWords(c platforms.Cause, also []platforms.Cause) text.Safe {
	const others = 3
	words := []text.Safe{CauseWords(c)}
	for _, other := range also[:min(len(also), others)] {
		words = append(words, CauseWords(other))
	}
	return text.Join(", or ", words...)
}

// CauseWords name a cause.
func CauseWords(c platforms.Cause) text.Safe {
	return text.Line(strings.ReplaceAll(string(c), "_", " "))
}

// About is what, and in brackets what it is about: a cause, or what else advice can
// be about. What reason tells already is not told twice.
func About(what text.Safe, item string, reason text.Safe) text.Safe {
	about := aboutWords(item, reason)
	if about.Empty() {
		return what
	}
	return text.Format("%s (%s)", what, about)
}

// aboutWords are what something is about; empty if reason tells it.
func aboutWords(item string, reason text.Safe) text.Safe {
	about := abouts[item].Or(CauseWords(platforms.Cause(item)))
	if strings.Contains(reason.String(), about.String()) {
		return text.Safe{}
	}
	return about
}

var accounts = map[string]text.Safe{
	"same":   text.Const("the same account came back"),
	"other":  text.Const("another account came back"),
	"unsure": text.Const("not sure which account came back"),
}

var outcomes = map[platforms.Outcome]text.Safe{
	platforms.Pass:    text.Const("in order"),
	platforms.Fail:    text.Const("not in order"),
	platforms.Unsure:  text.Const("could not be told"),
	platforms.Skipped: text.Const("skipped, not checked"),
	"":                text.Const("not checked yet"),
}

var mends = map[string]text.Safe{
	"mended": text.Const("mended since"),
	"go_on":  text.Const("not mended, gone on"),

	"overruled": text.Const("the person says it is in order"),
}

var alerts = map[string]text.Safe{
	"banner": text.Const("a banner on the dashboard"),
	"email":  text.Const("an e-mail notification"),
}

// clicks are what was done outside, by the step it belongs to.
var clicks = map[platforms.Step]text.Safe{
	platforms.Disconnect: text.Const("{platform} was disconnected in Aibrify"),
	platforms.Clear:      text.Const("Aibrify was removed on {platform}'s side"),
	platforms.Support:    text.Const("a message was sent in Dashboard → Messages"),
}

// word is the words for id; an id without words is said as it is.
func word[K ~string](words map[K]text.Safe, id K) text.Safe {
	if w, ok := words[id]; ok {
		return w
	}
	return text.Line(string(id))
}

// words are what the texts above leave open.
func (m Message) words() map[string]text.Safe {
	return map[string]text.Safe{"platform": m.platform(), "noun": m.Noun}
}

func (m Message) platform() text.Safe { return m.Name.Or(text.Const("The platform")) }

// answer is how t ended, in words.
func (m Message) answer(t Tried) text.Safe {
	said := Stopped(t.Answer).Or(word(answers, t.Answer)).Fill(m.words())
	if t.still && t.Answer == "disconnected" {
		return text.Format("still %s", said)
	}
	return said
}

// connecting is what the case tries to do.
func (m Message) connecting() text.Safe {
	if m.First {
		return text.Const("connecting")
	}
	return text.Const("reconnecting")
}

// tries is how often that was tried, in words.
func (p Problem) tries() text.Safe {
	switch {
	case p.Before == 0:
		return times(p.Tries)
	case p.Tries == 0:
		return text.Format("%s before this case", times(p.Before))
	}
	return text.Format("%s, and %s before this case", times(p.Tries), times(p.Before))
}

// minute and second are t for people, in their zone.
func (m Message) minute(t time.Time) text.Safe { return m.clock(t, "2006-01-02 15:04") }
func (m Message) second(t time.Time) text.Safe { return m.clock(t, "2006-01-02 15:04:05") }

func (m Message) clock(t time.Time, layout string) text.Safe {
	if t.IsZero() {
		return text.Const("time not recorded")
	}
	if m.zone != nil {
		t = t.In(m.zone)
	}
	if _, offset := t.Zone(); offset != 0 {
		return text.Line(t.Format(layout + " UTC-07:00")) // a zone's letters can mean several zones
	}
	return text.Line(t.Format(layout + " UTC"))
}

// times is n times in words.
func times(n int) text.Safe {
	if n == 1 {
		return text.Const("once")
	}
	return text.Format("%s times", text.Int(n))
}

// graded is s with how well it is known.
func graded(s text.Safe, g platforms.Grade) text.Safe {
	if g == "" {
		return s
	}
	return text.Format("%s (%s)", s, text.Line(string(g)))
}
