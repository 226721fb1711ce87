package screens

import (
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/cursor"
	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"reconnect/platforms/text"
)

// A Frame is what a page is drawn into. Width and Height are those of the window
// for [Draw] and [Open], and those of the body for [Screen.View].
type Frame struct {
	Width, Height int
	Theme         *Theme
	Now           time.Time // for the clock on a call
}

// A Screen is one page. The app owns exactly one at a time. It is a value:
// Update returns the next one and leaves the old one as it was.
type Screen interface {
	Init() tea.Cmd
	// Update handles msg. A non-nil answer is what the page was left or ticked
	// with; the app decides whether the page stays.
	Update(msg tea.Msg) (Screen, tea.Cmd, *Answer)
	// View draws the body of the page into f and changes nothing.
	View(f Frame) string
	help.KeyMap
	// Draft is what was typed or set here and not yet answered, "" for nothing.
	// A page opened with it in Page.Draft shows the same again.
	Draft() string
	// Typing tells whether letters are text now and no keys.
	Typing() bool
}

// Open shows p in a window of the size of f.
func Open(p Page, f Frame) Screen {
	c := common{page: p, keys: newKeys(p), window: f}
	switch p.Kind {
	case Cases:
		return openCases(c)
	case Board:
		return openBoard(c)
	case Form:
		return openForm(c)
	case Writing:
		return openWriting(c)
	case Files:
		return openFiles(c)
	case Reading:
		return openReading(c)
	case Steps:
	}
	return openSteps(c)
}

// keyPress is a key that was pressed.
type keyPress = tea.KeyPressMsg

// common is what every kind of screen has.
type common struct {
	page   Page
	keys   Keys
	window Frame     // the size of the window, to know what a click meant
	said   text.Safe // why a key did nothing
	pastes int       // pastes so far
	held   bool      // enter is held back: something was just pasted
	link   int       // the number of the link that the last act on one meant
	linked Act       // that act
}

// pasteHold is how long enter is held back after a paste, so that a line end in
// the pasted text answers nothing.
const pasteHold = 300 * time.Millisecond

// pastedMsg says that enter may count again after the paste of that number.
type pastedMsg struct{ number int }

func (c common) Init() tea.Cmd { return nil }

func (c common) Draft() string { return "" }

func (c common) Typing() bool { return false }

// before handles what is alike on every page: the size, the hold after a paste,
// a paste where no letters are text, and leaving. done tells that there is nothing
// left to do for msg.
func (c common) before(msg tea.Msg, typing bool) (_ common, cmd tea.Cmd, answer *Answer, done bool) {
	if msg == cursor.Blink() {
		return c, nil, nil, true // a text cursor stands still: nothing moves while nothing happens
	}
	switch msg := msg.(type) {
	case cursor.BlinkMsg:
		return c, nil, nil, true
	case tea.WindowSizeMsg:
		c.window.Width, c.window.Height = msg.Width, msg.Height
	case tea.PasteMsg:
		c.held = true
		c.pastes++
		number := c.pastes
		cmd = tea.Tick(pasteHold, func(time.Time) tea.Msg { return pastedMsg{number} })
		if !typing {
			c, answer = c.pasted(msg.Content)
			return c, cmd, answer, true
		}
	case pastedMsg:
		c.held = c.held && msg.number != c.pastes
		return c, nil, nil, true
	case tea.KeyPressMsg:
		c.said = text.Safe{}
		if key.Matches(msg, c.keys.Quit) {
			return c, nil, c.act(Leave), true
		}
		return c, nil, nil, c.held && c.page.Kind != Writing && key.Matches(msg, c.keys.Enter)
	}
	return c, cmd, nil, false
}

// pasted takes a text that was pasted where no field is: it is an error to note,
// where errors can be noted.
func (c common) pasted(raw string) (common, *Answer) {
	i := slices.IndexFunc(c.keys.Acts, func(a ActKey) bool { return a.Act == Error && a.Off.Empty() })
	switch {
	case strings.TrimSpace(raw) == "":
		return c, nil
	case i < 0:
		c.said = text.Const("Not pasted: there is no field for text on this page.")
		return c, nil
	case len(raw) > text.MaxPaste:
		c.said = text.Line(tooLargeWords(len(raw)))
		return c, nil
	}
	return c, &Answer{Page: c.page.Name, Act: Error, Text: raw}
}

// onAct answers the key of an act. One that cannot be done now says why.
func (c common) onAct(press keyPress) (common, *Answer) {
	a, ok := c.keys.act(press)
	switch {
	case !ok:
		return c, nil
	case !a.Off.Empty():
		c.said = a.Off
		return c, nil
	case len(c.page.Links) > 1 && a.onLink() && (a.Act != Copy || c.page.Body.Empty()): // a message is what is copied
		c = c.nextLink(a)
	}
	return c, c.act(a.Act)
}

// nextLink turns to the link that the act a means: the first one, and each time
// the key is pressed again the next one. It says which one that is.
func (c common) nextLink(a ActKey) common {
	if c.link++; c.linked != a.Act || c.link >= len(c.page.Links) {
		c.link = 0
	}
	c.linked = a.Act
	c.said = text.Format("%s %s again for the next one.", c.linkWords(), text.Line(a.Bind.Help().Key))
	return c
}

// linkWords say which link is meant.
func (c common) linkWords() text.Safe {
	of := text.Format("Link %s of %s", text.Int(c.link+1), text.Int(len(c.page.Links)))
	return text.Line(ended(text.Join(": ", of, c.page.Links[c.link].Label).String()))
}

// onLink tells whether a is done with a link.
func (a ActKey) onLink() bool { return a.Act == OpenURL || a.Act == Copy || a.Act == Phone }

// act is the answer that a was chosen. Acts on a link name the one that is meant.
func (c common) act(a Act) *Answer {
	answer := &Answer{Page: c.page.Name, Act: a}
	if (ActKey{Act: a}).onLink() && c.link < len(c.page.Links) {
		answer.Text = c.page.Links[c.link].URL.String()
	}
	return answer
}

// pick is the answer that the choice id was chosen.
func (c common) pick(id string) *Answer { return &Answer{Page: c.page.Name, Pick: id} }

// leave is the answer that a text field was left.
func (c common) leave() *Answer { return &Answer{Page: c.page.Name, Act: Back} }

// body is the frame of the body in the window.
func (c common) body() Frame { return bodyFrame(c.page, c.window).Frame }

// digit is the number of a digit key, from 0 for "1".
func digit(press keyPress) int { return int(press.String()[0] - '1') }

// moved is what a key or the wheel moves the cursor by.
func (c common) moved(msg tea.Msg) int {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, c.keys.Up):
			return -1
		case key.Matches(msg, c.keys.Down):
			return 1
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return -1
		case tea.MouseWheelDown:
			return 1
		}
	}
	return 0
}

// clicked is what stands where the mouse was clicked, given the lines of the body.
func (c common) clicked(msg tea.Msg, lines func(Frame) []line) (at int, ok bool) {
	click, isClick := msg.(tea.MouseClickMsg)
	if !isClick || click.Button != tea.MouseLeft {
		return 0, false
	}
	frame := bodyFrame(c.page, c.window)
	y := click.Y - len(frame.above)
	shown := lines(frame.Frame)
	if y < 0 || y >= len(shown) {
		return 0, false
	}
	for _, h := range shown[y].hits {
		if x := click.X - margin; x >= h.from && x < h.to {
			return h.at, true
		}
	}
	return 0, false
}
