package screens

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// What is more than this is kept aside and not put into the text area, which
// lays out every line anew on every key.
const (
	areaBytes = 8 << 10
	areaLines = 150
)

// writing takes one text of many lines. A long pasted text is kept aside, whole
// and as it came, and shown by its first lines and its size.
type writing struct {
	common
	area  textarea.Model
	aside string
	head  text.Safe // the first lines of aside

	telling telling
}

func openWriting(c common) writing {
	area := textarea.New()
	area.Prompt, area.ShowLineNumbers = "│ ", false
	area.CharLimit, area.MaxHeight, area.MaxWidth = 0, 0, 0 // its own limits cut without a word
	area.KeyMap.Paste.Unbind()                              // it would read the clipboard of the machine this runs on
	area.KeyMap.CopySelection.Unbind()
	styles := textarea.DefaultStyles(true)
	styles.Focused.Base, styles.Focused.Text = c.window.Theme.Plain, c.window.Theme.Plain
	styles.Focused.CursorLine, styles.Focused.EndOfBuffer = c.window.Theme.Plain, c.window.Theme.Plain
	styles.Focused.Prompt = c.window.Theme.Rule
	styles.Cursor.Color, styles.Cursor.Blink = c.window.Theme.cursor(), false
	area.SetStyles(styles)
	area.Focus()
	s := writing{common: c, area: area}
	s.keys.Enter.SetHelp("enter", "new line")
	s.area.SetValue(c.page.Draft)
	if s.area.Value() != c.page.Draft || tooLong(c.page.Draft) {
		s.area.SetValue("")
		s = s.put(c.page.Draft)
	}
	return s.fit()
}

// tooLong tells whether s is too much for the text area.
func tooLong(s string) bool { return len(s) > areaBytes || strings.Count(s, "\n") > areaLines }

// put keeps raw aside, behind what is there already.
func (s writing) put(raw string) writing {
	if s.aside != "" {
		raw = s.aside + "\n" + raw
	}
	s.aside = raw
	lines := strings.SplitN(raw[:min(len(raw), 2<<10)], "\n", 4)
	s.head = text.Block(strings.Join(lines[:min(3, len(lines))], "\n"))
	return s
}

// fit gives the text area the room that the page leaves.
func (s writing) fit() writing {
	f := s.body()
	b := s.above(f)
	s.area.SetWidth(b.width)
	s.area.SetHeight(max(1, f.Height-len(b.lines)-len(s.told(f))))
	s.area, _ = s.area.Update(nil) // scrolls to the cursor
	return s
}

// whole is the text as typed and pasted.
func (s writing) whole() string {
	typed := s.area.Value()
	switch {
	case s.aside == "":
		return typed
	case typed == "":
		return s.aside
	}
	return typed + "\n" + s.aside
}

func (s writing) Draft() string { return s.whole() }

func (s writing) Typing() bool { return true }

func (s writing) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd, more tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, true); done {
		return s, cmd, answer
	}
	if next, ask, told := s.onTold(msg); told {
		return next, tea.Batch(cmd, ask), nil
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return s.fit(), cmd, nil
	case tea.PasteMsg:
		s, more = s.paste(msg.Content).fit().tell()
		return s, tea.Batch(cmd, more), nil
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, s.keys.Esc):
			return s, cmd, s.leave()
		case key.Matches(msg, s.keys.Take):
			return s, cmd, &Answer{Page: s.page.Name, Text: s.whole()}
		case msg.String() == "f1":
			return s, cmd, s.act(Help)
		case key.Matches(msg, s.keys.Drop) && s.aside != "":
			s.aside, s.head = "", text.Safe{}
			return s.fit(), cmd, nil
		}
	}
	s.area, more = s.area.Update(msg)
	s, ask := s.fit().tell()
	return s, tea.Batch(cmd, more, ask), nil
}

// paste takes raw: into the text area if it is short, else aside. What is more
// than can be taken is refused with its size, and nothing else changes.
func (s writing) paste(raw string) writing {
	if size := len(raw) + len(s.whole()); size > text.MaxPaste {
		s.said = text.Format("Not pasted: that makes %s, and %s is the most. Paste the part with the error.",
			text.Line(bytes(size)), text.Line(bytes(text.MaxPaste)))
		return s
	}
	s.said = text.Safe{}
	if tooLong(s.area.Value() + raw) {
		return s.put(raw)
	}
	s.area.InsertString(text.Block(raw).String())
	return s
}

// bytes is n for people, rounded up: one byte too many never reads like the limit.
func bytes(n int) string {
	switch {
	case n >= 1<<20:
		tenths := (n*10 + 1<<20 - 1) >> 20
		return fmt.Sprintf("%d.%d MiB", tenths/10, tenths%10)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// lineCount says how many lines a text has. A terminal may send a carriage return for
// the end of one.
func lineCount(s string) string {
	n := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n") + 1
	if n == 1 {
		return "one line"
	}
	return fmt.Sprintf("%d lines", n)
}

// above is what stands over the text area.
func (s writing) above(f Frame) *body {
	b := newBody(f)
	b.intro(s.page, s.said)
	b.facts(s.page.Facts)
	b.add(b.theme.Plain, "", s.page.Ask.String())
	if s.aside != "" {
		b.add(b.theme.Notice, "", fmt.Sprintf("Pasted text of %s in %s is kept whole and begins:", bytes(len(s.aside)), lineCount(s.aside)))
		for _, l := range s.head.Lines() {
			b.add(b.theme.Muted, "  ", shortened(l.String(), b.width-2))
		}
		b.gap()
	}
	return b
}

func (s writing) View(f Frame) string {
	b := s.above(f)
	head := b.visible(max(0, f.Height-1), -1)
	for l := range strings.SplitSeq(cleaned(s.area.View()), "\n") {
		head = append(head, line{text: l})
	}
	head = append(head, s.told(f)...)
	return draw(head[:min(len(head), max(0, f.Height))])
}

func (s writing) ShortHelp() []key.Binding {
	drop := s.keys.Drop
	drop.SetEnabled(s.aside != "")
	return append([]key.Binding{s.keys.Take, s.keys.Esc, drop}, s.keys.typingHelp()...)
}

func (s writing) FullHelp() [][]key.Binding {
	return [][]key.Binding{{s.keys.Enter, s.keys.Take, s.keys.Esc, s.keys.Drop, s.keys.Quit}}
}
