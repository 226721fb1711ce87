package screens

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// files picks one picture: from the list of a folder, or by a path that is typed
// or pasted. The list is our own: the picker of Bubbles reads the disk while it
// draws, and draws names as they are on the disk, escape codes and all.
type files struct {
	common
	folder string
	names  []name
	read   bool // the folder was read
	at     int
	path   textinput.Model
}

// A name is one entry of a folder: as on the disk, and as it may be shown.
type name struct {
	raw    string
	shown  text.Safe
	folder bool
}

// listedMsg is the answer of listing: what is in the folder.
type listedMsg struct {
	folder string
	names  []name
	err    error
}

// pictures are the endings of files that can be picked. Whether it is a picture
// the app finds out.
func pictures() []string { return []string{".png", ".jpg", ".jpeg", ".gif", ".webp"} }

// picture tells whether path ends like a picture.
func picture(path string) bool {
	return slices.Contains(pictures(), strings.ToLower(filepath.Ext(path)))
}

func openFiles(c common) files {
	path := textinput.New()
	path.Prompt = ""
	path.KeyMap.Paste.Unbind() // it would read the clipboard of the machine this runs on
	styles := textinput.DefaultStyles(true)
	styles.Focused.Text, styles.Blurred.Text = c.window.Theme.Plain, c.window.Theme.Plain
	styles.Cursor.Color, styles.Cursor.Blink = c.window.Theme.cursor(), false
	path.SetStyles(styles)
	path.SetValue(c.page.Draft)
	if c.page.Draft != "" {
		path.Focus()
	}
	s := files{common: c, folder: ".", path: path}
	s.keys.Enter.SetHelp("enter", "take it")
	return s
}

func (s files) Init() tea.Cmd { return listing(s.folder) }

// listing reads a folder: the folders in it and the pictures, by name.
func listing(folder string) tea.Cmd {
	return func() tea.Msg {
		folder, err := filepath.Abs(folder)
		if err != nil {
			return listedMsg{err: err}
		}
		entries, err := os.ReadDir(folder)
		return listedMsg{folder: folder, names: namesOf(entries), err: err}
	}
}

// namesOf are the folders and then the pictures among entries. Hidden ones are
// left out.
func namesOf(entries []os.DirEntry) []name {
	var folders, found []name
	for _, e := range entries {
		n := name{raw: e.Name(), shown: text.Line(e.Name()), folder: e.IsDir()}
		switch {
		case strings.HasPrefix(n.raw, "."):
		case n.folder:
			folders = append(folders, n)
		case picture(n.raw):
			found = append(found, n)
		}
	}
	return append(folders, found...)
}

// Typing tells whether a path is being typed.
func (s files) Typing() bool { return s.path.Focused() }

func (s files) Draft() string { return s.path.Value() }

func (s files) Update(msg tea.Msg) (Screen, tea.Cmd, *Answer) {
	var cmd, more tea.Cmd
	var answer *Answer
	var done bool
	if s.common, cmd, answer, done = s.before(msg, true); done {
		return s, cmd, answer
	}
	if at, ok := s.clicked(msg, s.lines); ok {
		s.at = at
		s.path.Blur()
	}
	switch msg := msg.(type) {
	case listedMsg:
		return s.listed(msg), nil, nil
	case tea.PasteMsg:
		s.path.SetValue(s.path.Value() + text.Line(strings.TrimSpace(msg.Content)).String())
		s.path.CursorEnd()
		return s, tea.Batch(cmd, s.path.Focus()), nil
	case tea.KeyPressMsg:
		if s.Typing() {
			return s.typed(msg)
		}
		return s.browsed(msg)
	}
	s.at = s.clamp(s.at + s.moved(msg))
	s.path, more = s.path.Update(msg)
	return s, tea.Batch(cmd, more), nil
}

func (s files) clamp(at int) int { return max(0, min(at, len(s.names)-1)) }

// listed shows a folder that was read, or why it could not be.
func (s files) listed(msg listedMsg) files {
	switch {
	case errors.Is(msg.err, fs.ErrPermission):
		s.said = text.Const("This folder cannot be opened: you may not read it.")
	case msg.err != nil:
		s.said = text.Const("This folder cannot be opened.")
	default:
		s.folder, s.names, s.at, s.read = msg.folder, msg.names, 0, true
	}
	return s
}

// typed handles a key in the line for the path.
func (s files) typed(press keyPress) (Screen, tea.Cmd, *Answer) {
	var cmd tea.Cmd
	switch {
	case key.Matches(press, s.keys.Take, s.keys.Enter):
		return s.take(s.path.Value())
	case key.Matches(press, s.keys.Esc, s.keys.Other):
		s.path.Blur()
		return s, nil, nil
	case press.String() == "f1":
		return s, nil, s.act(Help)
	}
	s.path, cmd = s.path.Update(press)
	return s, cmd, nil
}

// browsed handles a key in the list.
func (s files) browsed(press keyPress) (Screen, tea.Cmd, *Answer) {
	var answer *Answer
	switch {
	case key.Matches(press, s.keys.Esc):
		return s, nil, s.leave()
	case key.Matches(press, s.keys.Other):
		return s, s.path.Focus(), nil
	case key.Matches(press, s.keys.Folder):
		return s, listing(filepath.Dir(s.folder)), nil
	case key.Matches(press, s.keys.Enter) && s.at < len(s.names):
		at := filepath.Join(s.folder, s.names[s.at].raw)
		if s.names[s.at].folder {
			return s, listing(at), nil
		}
		return s.take(at)
	}
	s.at = s.clamp(s.at + s.moved(press))
	s.common, answer = s.onAct(press)
	return s, nil, answer
}

// take answers with path if it ends like a picture.
func (s files) take(path string) (Screen, tea.Cmd, *Answer) {
	path = trimPath(path)
	if !picture(path) {
		s.said = notPicture()
		return s, nil, nil
	}
	return s, nil, &Answer{Page: s.page.Name, Text: path}
}

// trimPath is a path without the spaces and quotes that a paste brings.
func trimPath(path string) string { return strings.Trim(strings.TrimSpace(path), `"'`) }

// notPicture says which files can be picked.
func notPicture() text.Safe {
	return text.Const("A picture, please: a file that ends in .png, .jpg, .jpeg, .gif or .webp.")
}

func (s files) View(f Frame) string { return draw(s.lines(f)) }

func (s files) lines(f Frame) []line {
	b := newBody(f)
	b.intro(s.page, s.said)
	b.facts(s.page.Facts)
	b.add(b.theme.Plain, "", s.page.Ask.String())
	mark := "  "
	if s.Typing() {
		mark = b.theme.Accent.Render("▸ ")
	}
	path := s.path
	path.SetWidth(max(1, b.width-9))
	b.put(mark + b.theme.Muted.Render("Path") + "  " + cleaned(path.View()))
	b.gap()
	b.add(b.theme.Muted, "  ", shortened(text.Line(s.folder).String(), b.width-2))
	if s.read && len(s.names) == 0 {
		b.add(b.theme.Muted, "    ", "no folders and no pictures here")
	}
	for i, n := range s.names {
		head, ink, shown := "    ", b.theme.Plain, n.shown.String()
		if i == s.at && !s.Typing() {
			head, ink = b.theme.Accent.Render("  ▸ "), b.theme.Accent
		}
		if n.folder {
			shown += "/"
		}
		b.put(head+ink.Render(shortened(shown, b.width-4)), hit{0, b.width, i})
	}
	return b.visible(f.Height, s.at)
}

func (s files) ShortHelp() []key.Binding {
	if s.Typing() {
		other := named(s.keys.Other, "tab", "to the list")
		return append([]key.Binding{s.keys.Enter, other}, s.keys.typingHelp()...)
	}
	return s.keys.short(s.keys.Enter, named(s.keys.Other, "tab", "type a path"), s.keys.Down, s.keys.Folder)
}

func (s files) FullHelp() [][]key.Binding {
	return s.keys.full(named(s.keys.Down, "↑↓ j k", s.keys.Down.Help().Desc), s.keys.Enter, s.keys.Folder, s.keys.Other, s.keys.Take, s.keys.Esc)
}
