package screens

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"reconnect/platforms/text"
)

// form asks the fields of a page with a Huh form. The form and what was filled in
// are on the heap, so that unlike the other screens an old copy of this one
// changes with the new one.
type form struct {
	common
	huh    *huh.Form
	start  tea.Cmd   // the form's first command
	filled []*filled // in the order of the fields
	fields []huh.Field
}

// filled is what was filled in for one field.
type filled struct {
	field Field
	one   string   // of Word, Number and Pick
	any   []string // of PickAny
}

func (v *filled) value() string {
	if v.field.Kind == PickAny {
		return strings.Join(v.any, ",")
	}
	return v.one
}

func (v *filled) set(value string) {
	v.one, v.any = value, nil
	if v.field.Kind == PickAny && value != "" {
		v.any = strings.Split(value, ",")
	}
}

// problem says what is wrong with value and what to do, or nothing.
func (f Field) problem(value string) text.Safe {
	switch {
	case f.Required && strings.TrimSpace(value) == "":
		return text.Const("This is needed to go on.")
	case f.Kind == Number && value != "" && !whole(value):
		return text.Const("A whole number, please: 0, 1, 2 and so on.")
	case f.Check != nil && value != "":
		return f.Check(value)
	}
	return text.Safe{}
}

// whole tells whether s is a whole number from 0.
func whole(s string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil && n >= 0
}

func openForm(c common) form {
	s := form{common: c}
	s.keys.Enter.SetHelp("enter", "next")
	for _, f := range c.page.Fields {
		v := &filled{field: f}
		v.set(f.Value.String())
		s.filled = append(s.filled, v)
	}
	var draft map[string]string
	if c.page.Draft != "" && json.Unmarshal([]byte(c.page.Draft), &draft) == nil {
		for _, v := range s.filled {
			if value, ok := draft[v.field.ID]; ok {
				v.set(value)
			}
		}
	}
	return s.built()
}

// built is s with a new form that shows what was filled in so far.
func (s form) built() form {
	if len(s.filled) == 0 { // Huh panics on a form without fields
		return s
	}
	s.fields = make([]huh.Field, len(s.filled))
	for i, v := range s.filled {
		s.fields[i] = v.asHuh()
	}
	theme := s.window.Theme.Form
	s.huh = huh.NewForm(huh.NewGroup(s.fields...)).
		WithTheme(huh.ThemeFunc(func(bool) *huh.Styles { return theme })).
		WithKeyMap(formKeys()).
		WithShowHelp(false).
		WithShowErrors(false) // it has them under all the room there is: they stand over the page here
	s.start = s.huh.Init()
	s.fit()
	return s
}

// fit gives the form the size that the window leaves for it. Huh only ever makes
// its fields lower, so each gets its own height first.
func (s form) fit() {
	f := s.body()
	b := s.above(f)
	for i, v := range s.filled {
		v.fit(s.fields[i], b.width)
	}
	s.huh.WithWidth(b.width).WithHeight(max(3, f.Height-len(b.lines)))
	for _, field := range s.fields {
		if list, ok := field.(*huh.MultiSelect[string]); ok {
			list.Update(tea.KeyPressMsg{}) // only at a key it scrolls to its cursor
		}
	}
	s.huh.Update(struct{}{}) // it lays itself out only when something happens
}

// above is what stands over the form. Where little room is left, it goes without
// the sentence of why.
func (s form) above(f Frame) *body {
	const least = 7
	b := newBody(f)
	b.intro(s.page, s.said)
	if f.Height-len(b.lines) < least {
		brief := s.page
		brief.Why = text.Safe{}
		b = newBody(f)
		b.intro(brief, s.said)
		b.lines = squeeze(b.lines, len(b.lines)-1)
	}
	return b
}

// fit words the field that asks for v for width and gives it the height that it
// needs to be seen whole.
func (v *filled) fit(field huh.Field, width int) {
	title := wrap(v.field.Label.String(), width-4)
	help := wrap(v.field.Help.String(), width-4)
	words, rule := strings.Join(title, "\n"), strings.Join(help, "\n")
	switch field := field.(type) {
	case *huh.Input:
		field.Title(words).Description(rule)
	case *huh.Select[string]:
		field.Title(words).Description(rule).Height(0)
	case *huh.MultiSelect[string]:
		// Without a height it is too low by the lines of its title.
		height := len(title)
		if rule != "" {
			height += len(help)
		}
		for _, o := range v.field.Options {
			height += len(wrap(o.Label.String(), width-8))
		}
		field.Title(words).Description(rule).Height(height)
	}
}

// asHuh is the field that asks for v; fit words it.
func (v *filled) asHuh() huh.Field {
	check := func(value string) error {
		if p := v.field.problem(value); !p.Empty() {
			return errors.New(p.String())
		}
		return nil
	}
	options := make([]huh.Option[string], 0, len(v.field.Options)+1)
	if v.one == "" && v.field.Kind == Pick {
		// Without it the first option would be the answer of whoever presses enter.
		options = append(options, huh.NewOption("not chosen yet", ""))
	}
	for _, o := range v.field.Options {
		options = append(options, huh.NewOption(o.Label.String(), o.ID))
	}
	switch {
	case v.field.Kind == Pick && len(options) > 1:
		return huh.NewSelect[string]().Key(v.field.ID).Options(options...).Value(&v.one).Validate(check)
	case v.field.Kind == PickAny && len(options) > 0:
		// It checks itself before anybody touched it, so that nothing ticked is
		// found out only when the form is taken.
		lenient := func(any []string) error {
			if len(any) == 0 {
				return nil
			}
			return check(strings.Join(any, ","))
		}
		return huh.NewMultiSelect[string]().Key(v.field.ID).Options(options...).Filterable(false).
			Value(&v.any).Validate(lenient)
	}
	input := huh.NewInput().Key(v.field.ID).Value(&v.one).Validate(check)
	if v.field.Kind == Hidden {
		input = input.EchoMode(huh.EchoModePassword).CharLimit(maxHidden)
	}
	return input
}

// formKeys are Huh's keys without those that mean something else here.
func formKeys() *huh.KeyMap {
	m := huh.NewDefaultKeyMap()
	for _, b := range []*key.Binding{
		&m.Quit, &m.Input.AcceptSuggestion, &m.Select.Filter, &m.Select.GotoTop, &m.Select.GotoBottom,
		&m.MultiSelect.Filter, &m.MultiSelect.GotoTop, &m.MultiSelect.GotoBottom,
	} {
		b.Unbind()
	}
	m.MultiSelect.Toggle.SetKeys("space")
	return m
}

func (s form) Init() tea.Cmd { return s.start }

// Typing tells whether the cursor is in a field of text.
func (s form) Typing() bool {
	if s.huh == nil {
		return false
	}
	_, ok := s.huh.GetFocusedField().(*huh.Input)
	return ok
}

func (s form) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd, more tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, s.Typing()); done || s.huh == nil {
		return s, cmd, answer
	}
	if paste, ok := msg.(tea.PasteMsg); ok { // huh shows what it gets
		msg = tea.PasteMsg{Content: s.pasted(paste.Content)}
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.fit()
		return s, cmd, nil
	case Refused:
		s = s.emptied()
		return s, s.start, nil
	case tea.KeyPressMsg:
		if key.Matches(msg, s.keys.Take) {
			return s.take(cmd)
		}
		if s, answer, done = s.onKey(msg); done {
			return s, cmd, answer
		}
		if to, ok := s.moves(msg); ok {
			return s.move(to, cmd)
		}
	}
	if f, c := s.huh.Update(msg); f != nil {
		s.huh, more = f.(*huh.Form), c
	}
	if s.huh.State == huh.StateCompleted {
		return s.take(cmd)
	}
	return s, tea.Batch(cmd, more), nil
}

// Refused tells a screen that its answer was not taken, and that it stays.
type Refused struct{}

// emptied is s without what does not show: what is typed next would be put behind it.
func (s form) emptied() form {
	at := s.focused()
	for _, v := range s.filled {
		if v.field.Kind == Hidden {
			v.set("")
		}
	}
	s = s.built()
	s.focus(at)
	return s
}

// maxHidden is the most that a hidden field takes, in bytes: an address that a
// browser landed on is longer than a line.
const maxHidden = 8 << 10

// pasted is a paste as the field takes it. A secret loses nothing but what is no
// part of one: it does not show.
func (s form) pasted(raw string) string {
	raw = strings.TrimSpace(raw)
	if s.filled[s.focused()].field.Kind != Hidden {
		return text.Line(raw).String()
	}
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(raw, ""))
	return clean[:min(len(clean), maxHidden)]
}

// onKey handles the keys that are not the form's own. done tells that there is
// nothing left to do for it.
func (s form) onKey(press keyPress) (_ form, answer *Answer, done bool) {
	switch {
	case key.Matches(press, s.keys.Esc):
		return s, s.leave(), true
	case press.String() == "ctrl+v": // it would read the clipboard of the machine this runs on
		return s, nil, true
	case press.String() == "f1":
		return s, s.act(Help), true
	case !s.Typing():
		s.common, answer = s.onAct(press)
	}
	return s, answer, answer != nil || !s.said.Empty()
}

// focused is the number of the field that the cursor is in.
func (s form) focused() int {
	id := s.huh.GetFocusedField().GetKey()
	return slices.IndexFunc(s.filled, func(v *filled) bool { return v.field.ID == id })
}

// moves tells which field a key leads to. Huh moves by a message that comes later
// than the next key; who types fast would type into the field before.
func (s form) moves(press keyPress) (to int, ok bool) {
	at := s.focused()
	switch press.String() {
	case "enter":
		return at + 1, true
	case "tab":
		return min(at+1, len(s.filled)-1), true
	case "shift+tab":
		return max(at-1, 0), true
	}
	return at, false
}

// move puts the cursor into the field number to. Behind the last one the form is
// answered. A field that is not valid keeps the cursor, and it says why.
func (s form) move(to int, cmd tea.Cmd) (Screen, tea.Cmd, *Answer) {
	if to >= len(s.filled) {
		return s.take(cmd)
	}
	from := s.focused()
	cmd = tea.Batch(cmd, s.focus(to))
	if from != to && s.focused() == from {
		s.said = s.filled[from].problem()
	}
	return s, cmd, nil
}

// problem says what is wrong with what was filled in, and where.
func (v *filled) problem() text.Safe {
	if p := v.field.problem(v.value()); !p.Empty() {
		return text.Format("%s (%s)", p, v.field.Label)
	}
	return text.Safe{}
}

// focus puts the cursor into the field number to. Huh does not leave a field that
// is not valid, so it may stop before.
func (s form) focus(to int) tea.Cmd {
	var cmds []tea.Cmd
	for at := s.focused(); at != to; {
		if at < to {
			cmds = append(cmds, s.huh.NextField())
		} else {
			cmds = append(cmds, s.huh.PrevField())
		}
		if now := s.focused(); now == at {
			break
		} else {
			at = now
		}
	}
	return tea.Batch(cmds...)
}

// take answers with what was filled in, or says what is wrong with it. The form
// is built anew, for a finished one shows nothing.
func (s form) take(cmd tea.Cmd) (Screen, tea.Cmd, *Answer) {
	if s.huh.State != huh.StateNormal {
		s = s.built()
		cmd = tea.Batch(cmd, s.start)
	}
	for i, v := range s.filled {
		if p := v.problem(); !p.Empty() {
			s.said = p
			return s, tea.Batch(cmd, s.focus(i)), nil
		}
	}
	return s, cmd, &Answer{Page: s.page.Name, Values: s.values()}
}

func (s form) values() map[string]string {
	values := make(map[string]string, len(s.filled))
	for _, v := range s.filled {
		values[v.field.ID] = v.value()
	}
	return values
}

func (s form) Draft() string {
	shown := s.values()
	for _, v := range s.filled {
		if v.field.Kind == Hidden {
			delete(shown, v.field.ID)
		}
	}
	if !slices.ContainsFunc(s.filled, func(v *filled) bool { return v.field.Kind != Hidden && v.value() != v.field.Value.String() }) {
		return ""
	}
	return asJSON(shown)
}

func (s form) View(f Frame) string {
	b := s.above(f)
	if s.huh != nil {
		for l := range strings.SplitSeq(strings.TrimRight(cleaned(s.huh.View()), "\n "), "\n") {
			b.put(l)
		}
	}
	return draw(b.visible(f.Height, -1))
}

func (s form) ShortHelp() []key.Binding {
	own := []key.Binding{s.keys.Take, s.keys.Enter}
	if s.huh != nil && s.focused() == len(s.filled)-1 { // there enter takes it, too
		own = []key.Binding{named(s.keys.Enter, "enter", s.keys.Take.Help().Desc)}
	}
	if s.Typing() {
		return append(append(own, s.keys.Esc), s.keys.typingHelp()...)
	}
	return s.keys.short(append(own, named(s.keys.Tick, "space", "choose"), s.keys.Esc)...)
}

// FullHelp are, in a field of text, the keys that are no text there.
func (s form) FullHelp() [][]key.Binding {
	if s.Typing() {
		return [][]key.Binding{append([]key.Binding{s.keys.Take, s.keys.Enter, named(s.keys.Next, "tab", "next field"), s.keys.Esc}, s.keys.typingHelp()...)}
	}
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Tick, s.keys.Enter, s.keys.Take, s.keys.Esc)
}
