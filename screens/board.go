package screens

import (
	"encoding/json"
	"maps"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// board is the dashboard's own list: a row a platform, each with its colour.
type board struct {
	common
	at      int
	colours map[platforms.ID]platforms.Colour // never changed, only replaced
	alert   string                            // one of alerts
}

// The names of the values that a board answers beside the colours.
const (
	valueAt    = "at"
	valueAlert = "alert"
)

// alerts are what may have been seen besides the list, in the order of the key.
func alerts() []string { return []string{"", "banner", "email", "both"} }

// alertWords say what alert means.
func alertWords(alert string) string {
	switch alert {
	case "banner":
		return "banner seen"
	case "email":
		return "e-mail seen"
	case "both":
		return "both seen"
	}
	return "not seen"
}

// boardColours are the colours in the order of their keys.
func boardColours() []platforms.Colour {
	return []platforms.Colour{platforms.Green, platforms.Yellow, platforms.Red, platforms.Unlisted}
}

// colourWord is what the dashboard calls a colour. What follows from it the page
// says, in Choice.Means.
func colourWord(c platforms.Colour) string {
	switch c {
	case platforms.Green:
		return "Connected"
	case platforms.Yellow:
		return "Warning"
	case platforms.Red:
		return "Disconnected"
	case platforms.Unlisted:
		return "not listed"
	}
	return "not looked at yet"
}

func openBoard(c common) board {
	s := board{common: c, colours: map[platforms.ID]platforms.Colour{}}
	s.keys.Down.SetHelp("↑↓", "row")
	s.keys.Enter.SetHelp("enter", "go on")
	for i, r := range c.page.Rows {
		s.colours[r.Platform] = r.Colour
		if string(r.Platform) == c.page.At {
			s.at = i
		}
	}
	return s.restore(c.page.Draft)
}

// restore sets what draft has for the rows that can be changed.
func (s board) restore(draft string) board {
	var values map[string]string
	if draft == "" || json.Unmarshal([]byte(draft), &values) != nil {
		return s
	}
	for i, r := range s.page.Rows {
		if string(r.Platform) == values[valueAt] {
			s.at = i
		}
		if !r.Fixed {
			s.colours[r.Platform] = knownColour(values[string(r.Platform)])
		}
	}
	for _, a := range alerts() {
		if a == values[valueAlert] {
			s.alert = a
		}
	}
	return s
}

// knownColour is c if there is such a colour, else none.
func knownColour(c string) platforms.Colour {
	for _, known := range boardColours() {
		if string(known) == c {
			return known
		}
	}
	return ""
}

func (s board) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, false); done {
		return s, cmd, answer
	}
	if at, ok := s.clicked(msg, s.lines); ok {
		s.at = at
		return s, cmd, nil
	}
	s.at = s.clamp(s.at + s.moved(msg))
	if press, ok := msg.(tea.KeyPressMsg); ok {
		s, answer = s.onKey(press)
	}
	return s, cmd, answer
}

// onKey handles a key that does not only move the cursor.
func (s board) onKey(press keyPress) (_ board, answer *Answer) {
	switch {
	case key.Matches(press, s.keys.First):
		s.at = 0
	case key.Matches(press, s.keys.Last):
		s.at = s.clamp(len(s.page.Rows))
	case key.Matches(press, s.keys.Colour) && len(s.page.Rows) > 0:
		s = s.set(boardColours()[digit(press)])
	case key.Matches(press, s.keys.Alert):
		s.alert = nextOf(alerts(), s.alert)
	case key.Matches(press, s.keys.Enter):
		answer = &Answer{Page: s.page.Name, Values: s.values()}
	default:
		s.common, answer = s.onAct(press)
	}
	return s, answer
}

func (s board) clamp(at int) int { return max(0, min(at, len(s.page.Rows)-1)) }

// set gives the current row a colour; the same one again takes it away.
func (s board) set(c platforms.Colour) board {
	row := s.page.Rows[s.at]
	if row.Fixed {
		s.said = text.Format("%s has an open case: its colour is changed there.", row.Name)
		return s
	}
	if s.colours[row.Platform] == c {
		c = ""
	}
	s.colours = maps.Clone(s.colours)
	s.colours[row.Platform] = c
	return s
}

// nextOf is the element after v, the first one after the last.
func nextOf(list []string, v string) string {
	for i, have := range list {
		if have == v {
			return list[(i+1)%len(list)]
		}
	}
	return list[0]
}

// values are what is answered: the colours that were set, the row under the
// cursor, and the alert.
func (s board) values() map[string]string {
	values := map[string]string{}
	for id, c := range s.colours {
		if c != "" {
			values[string(id)] = string(c)
		}
	}
	if s.at < len(s.page.Rows) {
		values[valueAt] = string(s.page.Rows[s.at].Platform)
	}
	if s.alert != "" {
		values[valueAlert] = s.alert
	}
	return values
}

func (s board) Draft() string {
	changed := s.alert != ""
	for _, r := range s.page.Rows {
		changed = changed || s.colours[r.Platform] != r.Colour
	}
	if !changed {
		return ""
	}
	return asJSON(s.values())
}

// asJSON is values as JSON, their names in order.
func asJSON(values map[string]string) string {
	raw, err := json.Marshal(values)
	if err != nil { // never: they are strings
		return ""
	}
	return string(raw)
}

func (s board) View(f Frame) string { return draw(s.lines(f)) }

func (s board) lines(f Frame) []line {
	b := newBody(f)
	b.intro(s.page, s.said)
	names := 0
	for _, r := range s.page.Rows {
		names = max(names, min(16, ansi.StringWidth(r.Name.String())))
	}
	for i, r := range s.page.Rows {
		from := len(b.lines)
		s.row(b, i, r, names)
		b.mark(from, i)
	}
	b.gap()
	b.legend()
	b.add(b.theme.Muted, b.theme.Key.Render("x")+" ", "banner on the dashboard or e-mail: "+alertWords(s.alert))
	b.gap()
	if s.together() {
		b.add(b.theme.Plain, "", togetherWords)
	}
	if s.alert != "" {
		b.add(b.theme.Plain, "", "A banner or an e-mail counts as a reason to look, even if all is green.")
	}
	b.facts(s.page.Facts)
	return b.visible(f.Height, s.at)
}

// row draws one platform: its name, the colour as sign and word, what it means.
func (s board) row(b *body, i int, r Row, names int) {
	const words = 12 // "Disconnected"
	colour := s.colours[r.Platform]
	cursor, ink := "  ", b.theme.Plain
	if i == s.at {
		cursor, ink = b.theme.Accent.Render("▸ "), b.theme.Accent
	}
	mark, style := sign(colour), b.theme.colour(colour)
	if colour == "" {
		mark = "·"
	}
	word, means := colourWord(colour), ""
	for _, c := range s.page.Choices {
		if c.ID == string(colour) {
			means = c.Means.String()
		}
	}
	name := pad(ansi.Truncate(r.Name.String(), names, "…"), names)
	head := cursor + ink.Render(name) + "   " + style.Render(mark+" "+word)
	if r.Fixed {
		means = "has an open case"
	}
	if means != "" {
		head += strings.Repeat(" ", max(0, words-ansi.StringWidth(word))+3)
	}
	b.add(b.theme.Muted, head, means)
}

// legend says which key sets which colour.
func (b *body) legend() {
	words := []string{"green", "yellow", "red", "not listed"}
	parts := make([]string, len(words))
	for i, c := range boardColours() {
		parts[i] = b.theme.Key.Render(string(rune('1'+i))) + " " + b.theme.colour(c).Render(sign(c)+" "+words[i])
	}
	b.put(strings.Join(parts, "   "))
}

// togetherWords are said when Instagram and Facebook are both red.
const togetherWords = "Instagram and Facebook are red together. Instagram usually hangs on the Facebook login, so one repair may mend both."

// together tells whether Instagram and Facebook are both red.
func (s board) together() bool {
	return s.colours[platforms.Instagram] == platforms.Red && s.colours[platforms.Facebook] == platforms.Red
}

func (s board) ShortHelp() []key.Binding {
	return s.keys.behind([]key.Binding{s.keys.Colour, s.keys.Alert, s.keys.Down}, s.keys.Enter)
}

func (s board) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Colour, s.keys.Alert, s.keys.Enter, s.keys.First, s.keys.Last)
}
