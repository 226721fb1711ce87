package screens

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// reading shows a long text that scrolls, with choices below it.
type reading struct {
	common
	view viewport.Model
	at   int // the choice under the cursor
}

func openReading(c common) reading {
	s := reading{common: c, view: viewport.New()}
	s.view.KeyMap = viewport.KeyMap{
		Up: c.keys.Up, Down: c.keys.Down, PageUp: c.keys.PageUp, PageDown: c.keys.PageDown,
	}
	s.view.KeyMap.Up.SetKeys("up", "k")
	s.view.KeyMap.Down.SetKeys("down", "j")
	s.keys.Down.SetHelp("↑↓", "scroll")
	s.keys.Pick = s.keys.pickHelp(len(c.page.Choices))
	s.keys.Enter.SetEnabled(len(c.page.Choices) > 0)
	return s.fit(s.body())
}

// fit lays the text out for f, so that drawing only has to show a part of it.
func (s reading) fit(f Frame) reading {
	var lines []string
	for _, l := range s.text(f) {
		lines = append(lines, l.text)
	}
	s.view.SetWidth(newBody(f).width)
	s.view.SetContentLines(lines)
	s.view.SetHeight(max(1, f.Height-len(s.above(f))-len(s.below(f))))
	return s
}

// text is the body with facts, second pane and links below it.
func (s reading) text(f Frame) []line {
	b := newBody(f)
	for _, l := range s.page.Body.Lines() {
		if l.Empty() {
			b.gap()
		}
		b.add(b.theme.Plain, "", l.String())
	}
	b.gap()
	b.facts(s.page.Facts)
	b.sections(s.page.Side)
	return b.lines
}

// above is what stands over the text.
func (s reading) above(f Frame) []line {
	b := newBody(f)
	b.intro(s.page, s.said)
	return b.visible(f.Height/2, -1)
}

// below are the choices.
func (s reading) below(f Frame) []line {
	if len(s.page.Choices) == 0 && s.page.Ask.Empty() {
		return nil
	}
	b := newBody(f)
	b.lines = append(b.lines, line{gap: true})
	b.choices(s.page, 0, s.at, false)
	return b.visible(f.Height/2, s.at)
}

func (s reading) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd, more tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, false); done {
		return s, cmd, answer
	}
	if at, ok := s.clicked(msg, s.lines); ok {
		s.at = at
		return s, cmd, nil
	}
	press, isKey := msg.(tea.KeyPressMsg)
	switch {
	case isKey && s.sideways(press) != 0:
		s.at = max(0, min(s.at+s.sideways(press), len(s.page.Choices)-1))
	case isKey && key.Matches(press, s.keys.First):
		s.view.GotoTop()
	case isKey && key.Matches(press, s.keys.Last):
		s.view.GotoBottom()
	case isKey && key.Matches(press, s.keys.Enter):
		return s, cmd, s.pick(s.page.Choices[s.at].ID)
	case isKey && key.Matches(press, s.keys.Pick) && digit(press) < len(s.page.Choices):
		return s, cmd, s.pick(s.page.Choices[digit(press)].ID)
	case isKey:
		s.common, answer = s.onAct(press)
	}
	s.view, more = s.view.Update(msg)
	return s.fit(s.body()), tea.Batch(cmd, more), answer
}

// sideways is what a key moves the cursor among the choices by: the keys that go
// sideways, and those that go up and down where nothing is left to scroll.
func (s reading) sideways(press keyPress) int {
	still := s.view.AtTop() && s.view.AtBottom()
	switch press.String() {
	case "left", "shift+tab":
		return -1
	case "right", "tab":
		return 1
	}
	if still {
		return s.moved(press)
	}
	return 0
}

func (s reading) View(f Frame) string { return draw(s.lines(f)) }

func (s reading) lines(f Frame) []line {
	if own := s.body(); f.Width != own.Width || f.Height != own.Height {
		s = s.fit(f)
	}
	lines := s.above(f)
	for l := range strings.SplitSeq(s.view.View(), "\n") {
		lines = append(lines, line{text: strings.TrimRight(l, " ")})
	}
	if !s.view.AtBottom() && len(lines) > 0 {
		lines[len(lines)-1] = line{text: f.Theme.Muted.Render("↓ more")}
	}
	lines = append(lines, s.below(f)...)
	return lines[:min(len(lines), max(0, f.Height))]
}

func (s reading) ShortHelp() []key.Binding {
	return s.keys.short(s.keys.Down, s.keys.Pick)
}

func (s reading) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.PageUp, s.keys.PageDown, s.keys.First, s.keys.Last, s.keys.Enter, s.keys.Pick)
}

// Beside is the page that reads out the second pane and the links of p: what w
// shows in a window without room for them.
func Beside(p Page) Page {
	return Page{
		Name:    p.Name + ".why",
		Kind:    Reading,
		Head:    p.Head,
		Over:    true,
		Title:   text.Join(": ", p.Title, text.Const("why")),
		Side:    p.Side,
		Links:   p.Links,
		Actions: []Action{{Act: Back}},
	}
}
