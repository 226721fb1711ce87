package screens

import (
	"io"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/list"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// cases is the start: a list of cases and of things to begin, to be searched and
// opened. The list keeps items, cursor and filter; the lines are drawn here,
// because items are of different heights.
type cases struct {
	common
	list list.Model
}

// entry is an item as the list takes it.
type entry struct{ Item }

// FilterValue is what a search looks into.
func (e entry) FilterValue() string {
	return text.Join(" ", e.Platform, e.Account, e.Step, e.When, e.Note).String()
}

// plain tells whether e is something to begin, not a case.
func (e entry) plain() bool { return e.Step.Empty() && e.When.Empty() }

// rows tells the list that an item is one row; it draws nothing.
type rows struct{}

func (rows) Height() int                                  { return 1 }
func (rows) Spacing() int                                 { return 0 }
func (rows) Update(tea.Msg, *list.Model) tea.Cmd          { return nil }
func (rows) Render(io.Writer, list.Model, int, list.Item) {}

func openCases(c common) cases {
	items := make([]list.Item, len(c.page.Items))
	for i, it := range c.page.Items {
		items[i] = entry{it}
	}
	l := list.New(items, rows{}, 80, len(items)+10) // one page holds them all
	l.DisableQuitKeybindings()
	l.SetShowHelp(false)
	l.SetShowTitle(false)
	l.SetShowStatusBar(false)
	l.SetShowPagination(false)
	c.keys.Down.SetHelp("↑↓", "choose")
	c.keys.Enter.SetHelp("enter", "open")
	l.FilterInput.KeyMap.Paste.Unbind() // it would read the clipboard of the machine this runs on
	l.Filter = filter
	l.KeyMap = listKeys(l.KeyMap, c.keys)
	return cases{common: c, list: l}
}

// filter finds the targets that have every word of term in them, in their order.
func filter(term string, targets []string) []list.Rank {
	var ranks []list.Rank
	for i, t := range targets {
		if hasWords(t, term) {
			ranks = append(ranks, list.Rank{Index: i})
		}
	}
	return ranks
}

// hasWords tells whether every word of words is somewhere in s.
func hasWords(s, words string) bool {
	s = strings.ToLower(s)
	for w := range strings.FieldsSeq(strings.ToLower(words)) {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// listKeys are the keys of a list without those that mean something else here.
func listKeys(m list.KeyMap, keys Keys) list.KeyMap {
	m.CursorUp, m.CursorDown = keys.Up, keys.Down
	m.GoToStart, m.GoToEnd, m.Filter = keys.First, keys.Last, keys.Search
	for _, b := range []*key.Binding{&m.PrevPage, &m.NextPage, &m.ShowFullHelp, &m.CloseFullHelp, &m.Quit, &m.ForceQuit} {
		b.Unbind()
	}
	return m
}

// Typing tells whether a search is being typed.
func (s cases) Typing() bool { return s.list.FilterState() == list.Filtering }

func (s cases) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd, more tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, s.Typing()); done {
		return s, cmd, answer
	}
	if at, ok := s.clicked(msg, s.lines); ok {
		s.list.Select(at)
		return s, cmd, nil
	}
	press, isKey := msg.(tea.KeyPressMsg)
	switch {
	case isKey && !s.Typing() && key.Matches(press, s.keys.Enter):
		if e, ok := s.list.SelectedItem().(entry); ok {
			answer = s.pick(e.ID)
		}
		return s, cmd, answer
	case isKey && !s.Typing() && !(s.list.FilterState() == list.FilterApplied && key.Matches(press, s.keys.Esc)):
		if s.common, answer = s.onAct(press); answer != nil {
			return s, cmd, answer
		}
	case !s.Typing() && s.moved(msg) != 0:
		s.list.Select(max(0, min(s.list.Index()+s.moved(msg), len(s.list.VisibleItems())-1)))
	}
	s.list, more = s.list.Update(msg)
	return s, tea.Batch(cmd, more), nil
}

func (s cases) View(f Frame) string { return draw(s.lines(f)) }

func (s cases) lines(f Frame) []line {
	b := newBody(f)
	b.intro(s.page, s.said)
	if s.list.FilterState() != list.Unfiltered {
		s.search(b)
	}
	visible := s.list.VisibleItems()
	widths := s.columns(visible)
	cased := false
	for i, it := range visible {
		e, ok := it.(entry)
		if !ok {
			continue
		}
		if e.plain() && cased {
			b.gap()
		}
		cased = !e.plain()
		from := len(b.lines)
		s.item(b, e, i == s.list.Index(), widths)
		b.mark(from, i)
	}
	b.gap()
	b.facts(s.page.Facts)
	return b.visible(f.Height, s.list.Index())
}

// search draws what is being searched for and how much of it there is.
func (s cases) search(b *body) {
	caret := ""
	if s.Typing() {
		caret = "▏"
	}
	b.add(b.theme.Accent, b.theme.Key.Render("/")+" ", text.Line(s.list.FilterValue()).String()+caret)
	if len(s.list.VisibleItems()) == 0 {
		b.add(b.theme.Muted, "  ", "nothing here matches")
	}
	b.gap()
}

// columns are the widths of platform, account, step and time.
func (s cases) columns(items []list.Item) [4]int {
	var widths [4]int
	for _, it := range items {
		e, ok := it.(entry)
		if !ok {
			continue
		}
		cells := e.cells()
		if cells[1] != "" {
			widths[0] = max(widths[0], ansi.StringWidth(cells[0]))
		}
		for i := 1; i < len(cells) && !e.plain(); i++ {
			widths[i] = max(widths[i], ansi.StringWidth(cells[i]))
		}
	}
	return widths
}

func (e entry) cells() [4]string {
	return [4]string{e.Platform.String(), e.Account.String(), e.Step.String(), e.When.String()}
}

// item draws one item: a line of columns where they fit, else two lines.
func (s cases) item(b *body, e entry, here bool, widths [4]int) {
	head, ink, when := "  ", b.theme.Plain, b.theme.Muted
	if here {
		head, ink = b.theme.Accent.Render("▸ "), b.theme.Accent
	}
	if e.Due {
		when = b.theme.Warn
	}
	cells := e.cells()
	const between = "   "
	first := pad(cells[0], widths[0]) + between + cells[1]
	rest := pad(cells[2], widths[2]) + between
	whole := 2 + widths[0] + widths[1] + widths[2] + widths[3] + 3*len(between)
	switch {
	case e.plain() && cells[1] == "":
		b.add(ink, head, cells[0])
	case e.plain():
		b.add(b.theme.Muted, head+ink.Render(pad(cells[0], widths[0]))+between, cells[1])
	case whole <= b.width:
		first = pad(cells[0], widths[0]) + between + pad(cells[1], widths[1]) + between
		b.put(head + ink.Render(first) + b.theme.Muted.Render(rest) + when.Render(cells[3]))
	default:
		b.add(ink, head, strings.TrimRight(first, " "))
		b.add(when, "    "+b.theme.Muted.Render(cells[2]+between), cells[3])
	}
	if !e.Note.Empty() {
		b.add(b.theme.Muted, "    ", e.Note.String())
	}
}

func (s cases) ShortHelp() []key.Binding {
	if s.Typing() {
		return []key.Binding{named(s.keys.Enter, "enter", "keep"), named(s.keys.Esc, "esc", "all cases"), s.keys.Quit}
	}
	return s.keys.short(s.keys.Down, s.keys.Enter, s.keys.Search)
}

func (s cases) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Enter, s.keys.Search, s.keys.First, s.keys.Last)
}
