package status

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// Calendar is an iCalendar (RFC 5545) with a whole day for each end that is known,
// and an alarm before it. An end that moves keeps its UID, so that a calendar which
// reads it again moves the day as well. Days are those where the person is: the
// place of now.
func Calendar(rows []Row, now time.Time) string {
	c := &calendar{}
	c.put("BEGIN", "VCALENDAR")
	c.put("VERSION", "2.0")
	c.put("PRODID", "-//reconnect//status//EN")
	c.put("CALSCALE", "GREGORIAN")
	for _, r := range rows {
		for _, e := range r.Expires {
			c.event(r, e, now)
		}
	}
	c.put("END", "VCALENDAR")
	return c.String()
}

// A calendar is content lines.
type calendar struct{ strings.Builder }

// put writes a property whose value needs no escaping.
func (c *calendar) put(name, value string) { c.WriteString(folded(name + ":" + value)) }

// say writes a property whose value is text.
func (c *calendar) say(name string, value text.Safe) { c.put(name, escaped(value.String())) }

const (
	icsDay  = "20060102"
	icsTime = "20060102T150405Z"
)

func (c *calendar) event(r Row, e End, now time.Time) {
	day := e.At.In(now.Location())
	what := text.Format("%s: %s ends", r.name(), whose(e))
	c.put("BEGIN", "VEVENT")
	c.put("UID", uid(r, e))
	c.put("DTSTAMP", now.UTC().Format(icsTime))
	c.put("DTSTART;VALUE=DATE", day.Format(icsDay))
	c.put("DTEND;VALUE=DATE", day.AddDate(0, 0, 1).Format(icsDay))
	c.put("TRANSP", "TRANSPARENT")
	c.say("SUMMARY", what)
	c.say("DESCRIPTION", r.advice(e, now))
	c.put("BEGIN", "VALARM")
	c.put("ACTION", "DISPLAY")
	c.put("TRIGGER", fmt.Sprintf("-P%dD", live.SoonDays))
	c.say("DESCRIPTION", what)
	c.put("END", "VALARM")
	c.put("END", "VEVENT")
}

// uid names the end of a permission, wherever it moves.
func uid(r Row, e End) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(r.Platform), feed.Bare(r.Account), e.Of, e.Service}, "\n")))
	return hex.EncodeToString(sum[:16]) + "@reconnect"
}

// advice is what to do about an end.
func (r Row) advice(e End, now time.Time) text.Safe {
	again := connection.SignIn(connection.Held{Service: e.Service})
	do := text.Format("Before that day: %s", again)
	switch over := !e.At.After(now); {
	case e.Of == OfAibrify && over:
		do = text.Format("It is over. Reconnect it in Aibrify: %s", repair(r.Platform))
	case e.Of == OfAibrify:
		do = text.Format("Reconnect it in Aibrify before that day: %s", repair(r.Platform))
	case over:
		do = text.Format("It is over: %s", again)
	}
	asked := text.Safe{}
	if r.Custom && e.Of != OfAibrify {
		asked = text.Const("Other endpoints than the platform's own were asked.")
	}
	return text.Join("\n", do, text.Format("The alarm comes %s days before. That is our own proposal, and no rule of Aibrify or of the platform.",
		text.Int(live.SoonDays)), asked)
}

// escaped is a text as a value (RFC 5545, 3.3.11).
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(s)
}

// maxLine is the longest line in octets, without its end (RFC 5545, 3.1).
const maxLine = 75

// folded is a content line with its end, folded between characters.
func folded(line string) string {
	var b strings.Builder
	room := maxLine
	for _, c := range line {
		if n := utf8.RuneLen(c); n > room {
			b.WriteString("\r\n ")
			room = maxLine - 1 - n
		} else {
			room -= n
		}
		b.WriteRune(c)
	}
	return b.String() + "\r\n"
}
