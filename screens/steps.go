package screens

import (
	"maps"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// steps shows instructions to tick, facts, and a question with its choices. The
// cursor runs through the instructions and then through the choices.
type steps struct {
	common
	at     int
	ticked map[string]bool // by instruction; never changed, only replaced
}

func openSteps(c common) steps {
	s := steps{common: c, ticked: map[string]bool{}}
	s.keys.Tick.SetEnabled(len(c.page.Do) > 0)
	s.keys.Pick = s.keys.pickHelp(len(c.page.Choices))
	s.at = len(c.page.Do)
	for i, d := range c.page.Do {
		s.ticked[d.ID] = d.Ticked
		if !d.Ticked {
			s.at = min(s.at, i)
		}
	}
	s.at = s.clamp(s.at)
	return s
}

// clamp keeps at within the instructions and choices.
func (s steps) clamp(at int) int {
	return max(0, min(at, len(s.page.Do)+len(s.page.Choices)-1))
}

func (s steps) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg); done {
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
func (s steps) onKey(press keyPress) (_ steps, answer *Answer) {
	switch {
	case key.Matches(press, s.keys.First):
		s.at = 0
	case key.Matches(press, s.keys.Last):
		s.at = s.clamp(len(s.page.Do) + len(s.page.Choices))
	case key.Matches(press, s.keys.Tick) && s.at < len(s.page.Do):
		s, answer = s.tick(s.at)
	case key.Matches(press, s.keys.Enter):
		s, answer = s.enter()
	case key.Matches(press, s.keys.Pick) && digit(press) < len(s.page.Choices):
		answer = s.pick(s.page.Choices[digit(press)].ID)
	default:
		s.common, answer = s.onAct(press)
	}
	return s, answer
}

// tick turns the tick of instruction i.
func (s steps) tick(i int) (steps, *Answer) {
	id := s.page.Do[i].ID
	s.ticked = maps.Clone(s.ticked)
	s.ticked[id] = !s.ticked[id]
	return s, &Answer{Page: s.page.Name, Tick: id}
}

// enter ticks an instruction and moves on, or answers with the choice.
func (s steps) enter() (steps, *Answer) {
	n := len(s.page.Do)
	switch {
	case s.at < n:
		var answer *Answer
		if !s.ticked[s.page.Do[s.at].ID] {
			s, answer = s.tick(s.at)
		}
		s.at = s.clamp(s.at + 1)
		return s, answer
	case s.at-n < len(s.page.Choices):
		return s, s.pick(s.page.Choices[s.at-n].ID)
	}
	return s, nil
}

func (s steps) View(f Frame) string { return draw(s.lines(f)) }

// lines are the lines of the page that fit into f.
func (s steps) lines(f Frame) []line {
	b := newBody(f)
	b.intro(s.page, s.said)
	for i := range s.page.Do {
		from := len(b.lines)
		s.instruction(b, i)
		b.mark(from, i)
	}
	b.gap()
	b.facts(s.page.Facts)
	b.gap()
	b.choices(s.page, len(s.page.Do), s.at)
	return b.visible(f.Height, s.at)
}

// instruction draws one instruction with its note and its warning.
func (s steps) instruction(b *body, i int) {
	d := s.page.Do[i]
	cursor, tick, style := " ", " ", b.theme.Plain
	if s.ticked[d.ID] {
		tick, style = b.theme.Good.Render("✓"), b.theme.Muted
	}
	if i == s.at {
		cursor, style = b.theme.Accent.Render("▸"), b.theme.Accent
	}
	number := pad(strconv.Itoa(i+1), 2)
	b.add(style, cursor+" "+tick+" "+style.Render(number)+" ", d.Text.String())
	b.aside(d.Note.String())
	if !d.Warn.Empty() {
		b.add(b.theme.Warn, "       "+b.theme.Warn.Render("!")+" ", d.Warn.String())
	}
}

func (s steps) ShortHelp() []key.Binding {
	return s.keys.short(s.keys.Tick, s.keys.Pick)
}

func (s steps) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Tick, named(s.keys.Enter, "enter", "tick and go on, or answer"), s.keys.Pick, s.keys.First, s.keys.Last)
}
