package screens

import (
	"maps"
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// steps shows instructions to tick, facts, and a question with its choices. The
// cursor runs through the instructions and then through the choices.
type steps struct {
	common
	at     int
	ticked map[string]bool // by instruction; never changed, only replaced
	// Where the page does not fit it can be scrolled, until the cursor moves.
	scrolled bool
	line     int
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
	if s.common, cmd, answer, done = s.before(msg, false); done {
		return s, cmd, answer
	}
	if at, ok := s.clicked(msg, s.lines); ok {
		s.at, s.scrolled = at, false
		return s, cmd, nil
	}
	if by := s.moved(msg); by != 0 {
		s.at, s.scrolled = s.clamp(s.at+by), false
	}
	if press, ok := msg.(tea.KeyPressMsg); ok {
		s, answer = s.onKey(press)
	}
	return s, cmd, answer
}

// onKey handles a key that does not only move the cursor.
func (s steps) onKey(press keyPress) (_ steps, answer *Answer) {
	switch {
	case key.Matches(press, s.keys.First):
		s.at, s.scrolled = 0, false
	case key.Matches(press, s.keys.Last):
		s.at, s.scrolled = s.clamp(len(s.page.Do)+len(s.page.Choices)), false
	case press.String() == "pgup":
		s = s.scroll(-1)
	case press.String() == "pgdown":
		s = s.scroll(1)
	case key.Matches(press, s.keys.Tick) && s.at < len(s.page.Do):
		s, answer = s.tick(s.at)
	case key.Matches(press, s.keys.Enter):
		s, answer = s.enter()
	case key.Matches(press, s.keys.Pick) && digit(press) < len(s.page.Choices):
		answer = s.pick(s.page.Choices[digit(press)].ID)
	default:
		s, answer = s.onAct(press)
	}
	return s, answer
}

// onAct answers the key of an act. An act on a link takes that of the instruction
// under the cursor, if it has one.
func (s steps) onAct(press keyPress) (_ steps, answer *Answer) {
	a, ok := s.keys.act(press)
	if !ok || !a.onLink() || !a.Off.Empty() || s.at >= len(s.page.Do) || s.page.Do[s.at].Link.Empty() {
		s.common, answer = s.common.onAct(press)
		return s, answer
	}
	url := s.page.Do[s.at].Link
	i := slices.IndexFunc(s.page.Links, func(l Link) bool { return l.URL == url })
	if len(s.page.Links) > 1 && i >= 0 {
		s.link, s.linked = i, a.Act
		s.said = s.linkWords()
	}
	return s, &Answer{Page: s.page.Name, Act: a.Act, Text: url.String()}
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
		s.at, s.scrolled = s.clamp(s.at+1), false
		return s, answer
	case s.at-n < len(s.page.Choices):
		return s, s.pick(s.page.Choices[s.at-n].ID)
	}
	return s, nil
}

func (s steps) View(f Frame) string { return draw(s.lines(f)) }

// lines are the lines of the page that fit into f: all of it, on a call with what
// the customer says if that fits, too; else what is above the question scrolls and
// the answers stay in sight.
func (s steps) lines(f Frame) []line {
	for _, listens := range []bool{s.listens(), false} {
		b := newBody(f)
		s.work(b, s.page)
		b.gap()
		s.answers(b, listens)
		if whole := squeeze(b.lines, f.Height); len(whole) <= f.Height {
			return whole
		}
	}
	work, answers := s.parted(f)
	room := f.Height - len(answers)
	more := newBody(f).more(": pgup", ": pgdn")
	return append(window(work, room, s.top(work, room), more), answers...)
}

// listens tells whether the page has words to listen for that no second pane shows.
func (s steps) listens() bool {
	return !wide(s.page, s.window) &&
		slices.ContainsFunc(s.page.Choices, func(c Choice) bool { return !c.Listen.Empty() })
}

// work draws what is above the question of p.
func (s steps) work(b *body, p Page) {
	b.intro(p, s.said)
	for i := range p.Do {
		from := len(b.lines)
		s.instruction(b, i)
		b.mark(from, i)
	}
	b.gap()
	b.facts(p.Facts)
}

// answers draws the question and its answers.
func (s steps) answers(b *body, listens bool) {
	b.choices(s.page, len(s.page.Do), s.at, listens)
}

// parted is the page without its pauses, in two parts: what scrolls, and the
// answers below it. Where there is something to do, the sentence of why gives way
// and stands behind the facts. Answers too many to stay scroll with the rest.
func (s steps) parted(f Frame) (work, answers []line) {
	p, b := s.page, newBody(f)
	if len(p.Do) > 0 {
		p.Why = text.Safe{}
	}
	s.work(b, p)
	for _, l := range s.page.Why.Lines() {
		if len(p.Do) > 0 {
			b.add(b.theme.Muted, "", l.String())
		}
	}
	below := newBody(f)
	s.answers(below, false)
	if len(below.lines)*2 > f.Height+1 {
		return squeeze(append(b.lines, below.lines...), 0), nil
	}
	return squeeze(b.lines, 0), below.lines
}

// top is the first line of work in sight: where it was scrolled to, else so that
// the cursor is in sight. At the answers it is the end of what there is to do.
func (s steps) top(work []line, room int) int {
	most := max(0, len(work)-room)
	first, last := place(work, s.at)
	switch {
	case s.scrolled:
		return max(0, min(s.line, most))
	case s.at >= len(s.page.Do) && len(s.page.Do) > 0 && last == 0: // it is below, at the answers
		return most
	case last < room-1:
		return 0
	}
	return min(last-room+2, most, max(0, first-1))
}

// scroll moves what is above the question by pages and leaves the cursor.
func (s steps) scroll(pages int) steps {
	f := s.body()
	work, answers := s.parted(f)
	room := f.Height - len(answers)
	at := s.top(work, room) + pages*max(1, room-2)
	s.line, s.scrolled = max(0, min(at, len(work)-room)), true
	return s
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
	head := cursor + " " + tick + " " + style.Render(number) + " "
	b.add(style, head, d.Text.String())
	b.aside(d.Note.String(), ansi.StringWidth(head))
	if !d.Warn.Empty() {
		b.add(b.theme.Warn, "       "+b.theme.Warn.Render("!")+" ", d.Warn.String())
	}
}

func (s steps) ShortHelp() []key.Binding {
	return s.keys.short(s.keys.Tick, s.keys.Pick)
}

func (s steps) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Tick, named(s.keys.Enter, "enter", "tick and go on, or answer"), s.keys.Pick, s.keys.First, s.keys.Last, named(s.keys.PageDown, "pgup pgdn", "scroll a long page"))
}
