package screens

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// tellAfter is how long typing has to rest before the text is told.
const tellAfter = 200 * time.Millisecond

// A telling is what the text of a writing page says so far. It is worked out
// outside of Update, a moment after the last key, and shown below the text.
type telling struct {
	asked string // the text that was asked about last
	facts []Fact
}

// restedMsg says that typing rested on this text; toldMsg is what it says.
type (
	restedMsg struct{ text string }
	toldMsg   struct {
		text  string
		facts []Fact
	}
)

// tell asks what the text says once typing rests on it.
func (s writing) tell() (writing, tea.Cmd) {
	typed := s.whole()
	if s.page.Tell == nil || typed == s.telling.asked {
		return s, nil
	}
	s.telling.asked = typed
	return s, tea.Tick(tellAfter, func(time.Time) tea.Msg { return restedMsg{typed} })
}

// onTold takes the answers about the text. What is about an older text is dropped.
func (s writing) onTold(msg tea.Msg) (writing, tea.Cmd, bool) {
	switch msg := msg.(type) {
	case restedMsg:
		if msg.text != s.telling.asked {
			return s, nil, true
		}
		tell := s.page.Tell
		return s, func() tea.Msg { return toldMsg{msg.text, tell(msg.text)} }, true
	case toldMsg:
		if msg.text == s.telling.asked {
			s.telling.facts = msg.facts
		}
		return s.fit(), nil, true
	}
	return s, nil, false
}

// told are the lines below the text: at most a third of the page.
func (s writing) told(f Frame) []line {
	if len(s.telling.facts) == 0 {
		return nil
	}
	b := newBody(f)
	b.facts(s.telling.facts)
	return b.visible(max(1, f.Height/3), -1)
}
