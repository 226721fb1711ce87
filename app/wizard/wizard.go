// Package wizard is the full screen: the root Bubble Tea model around one page.
//
// It does four things: it resizes, routes messages to the page, has answers made
// durable, and opens the page that follows. What a page shows comes from the
// session, how it looks from screens. Never here: storage, the ladder, styling.
package wizard

import (
	"context"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/app/session"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// Options are what the wizard needs from outside.
type Options struct {
	// Open opens the store and gives the session with its first view. It runs
	// beside the first frame.
	Open func(context.Context) (*session.Session, session.View, error)
	// Browse opens an https address in the system browser.
	Browse func(ctx context.Context, url string) error
	Now    func() time.Time
	// Remote says that the terminal is reached over SSH: a browser and a
	// clipboard here are not the person's own.
	Remote bool
}

// A Model is the root model.
type Model struct {
	options  Options
	ctx      context.Context // ends with the program
	cancel   context.CancelFunc
	session  *session.Session
	view     session.View
	screen   screens.Screen
	frame    screens.Frame
	over     over
	phone    screens.Link // what the code for the phone leads to
	helpAt   int          // the first line of the help that shows
	notice   text.Safe    // of the face itself; the page's own is in the view
	busy     bool         // an answer is being saved
	waiting  []tea.Msg    // keys pressed and texts pasted meanwhile
	drafted  draft
	task     task
	finding  bool  // what is being saved was found, and no answer
	answers  int   // taken so far, to tell what was read before the last one
	turn     *turn // shared by all copies
	ticking  bool  // the clock on a call runs
	answered bool  // the terminal has said its colours
	err      error // why the program could not go on
	stops    chan os.Signal
}

// over is what is laid over the page by the face itself.
type over string

const (
	overNone  over = ""
	overHelp  over = "help"
	overPhone over = "phone"
)

// A draft is what was typed on which page, and what of it is durable.
type draft struct {
	page    string // case and page
	saved   string
	pending bool // a save is due
}

// New is the wizard before anything is open. Commands end with ctx.
func New(ctx context.Context, o Options) Model {
	ctx, cancel := context.WithCancel(ctx)
	m := Model{options: o, ctx: ctx, cancel: cancel, turn: &turn{}}
	m.frame = screens.Frame{Width: 80, Height: 24, Theme: screens.NewTheme(true), Now: o.Now()}
	m.view.Page = screens.Page{Name: "opening", Kind: screens.Steps, Head: screens.Head{Saved: -1}, Title: text.Const("Opening your cases …")}
	m.screen = screens.Open(m.view.Page, m.frame)
	return m
}

// Err is why the program could not go on; nil if a person left it.
func (m Model) Err() error { return m.err }

// Last is where the person was when the program ended.
func (m Model) Last() session.View { return m.view }

// ioTimeout ends every command that reads or writes.
const ioTimeout = 15 * time.Second

// openedMsg is the answer of open.
type openedMsg struct {
	session *session.Session
	view    session.View
	err     error
}

// savedMsg is the answer of save: the view after an answer, or why it was not saved.
type savedMsg struct {
	view session.View
	err  error
	tick bool // only a tick: the page stays as it is
}

// changedMsg says that the store changed; refreshedMsg is the view read again.
type (
	changedMsg   struct{}
	refreshedMsg struct {
		view    session.View
		answers int // as they were when it was read
		err     error
	}
)

// saidMsg is a notice of a command of the face.
type saidMsg struct{ notice text.Safe }

// tickMsg moves the clock on a call.
type tickMsg time.Time

// draftMsg says that it is time to save what was typed.
type draftMsg struct{}

// draftedMsg says that a draft is durable, or why not.
type draftedMsg struct {
	page, typed string
	err         error
}

// Init opens the store and asks for the colour of the background.
func (m Model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.open, m.screen.Init(), m.awaitStop)
}

func (m Model) open() tea.Msg {
	ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
	defer cancel()
	s, v, err := m.options.Open(ctx)
	return openedMsg{s, v, err}
}

// Update handles msg.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.frame.Width, m.frame.Height = msg.Width, msg.Height
		return m.toPage(msg)
	case tea.BackgroundColorMsg:
		m.frame.Theme, m.answered = screens.NewTheme(msg.IsDark()), true
		if m.err != nil {
			return m, tea.Quit
		}
		return m.toPage(msg)
	case openedMsg:
		return m.onOpened(msg)
	case savedMsg:
		return m.onSaved(msg)
	case changedMsg:
		return m, m.refresh()
	case refreshedMsg:
		return m.onRefreshed(msg)
	case lookedMsg:
		return m.onLooked(msg)
	case toldMsg:
		return m.onTold(msg)
	case endedMsg:
		return m.onEnded(msg)
	case draftMsg:
		return m.onDraft()
	case draftedMsg:
		return m.onDrafted(msg), nil
	case saidMsg:
		m.notice = msg.notice
		return m, nil
	case tickMsg:
		return m.onTick(time.Time(msg))
	case suspendMsg:
		m, stop := m.suspend()
		return m, tea.Batch(stop, m.awaitStop)
	case tea.PasteMsg:
		if m.busy {
			m.waiting = append(m.waiting, msg)
			return m, nil
		}
	case tea.KeyPressMsg:
		return m.onKey(msg)
	case tea.MouseWheelMsg:
		if m.over == overHelp {
			return m.onHelp(msg)
		}
	}
	return m.toPage(msg)
}

// onKey handles the keys that no page sees, and queues keys while an answer is saved.
func (m Model) onKey(press tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch {
	case press.String() == "ctrl+z":
		return m.suspend()
	case press.String() == "ctrl+c":
		return m.leave()
	case m.session == nil:
		if press.String() == "q" {
			return m.leave()
		}
		return m, nil
	case m.over == overHelp:
		return m.onHelp(press)
	case m.over != overNone:
		m.over = overNone
		return m, nil
	case m.busy:
		m.waiting = append(m.waiting, press)
		return m, nil
	}
	m.notice = text.Safe{}
	return m.toPage(press)
}

// onHelp scrolls the help, or closes it.
func (m Model) onHelp(msg tea.Msg) (tea.Model, tea.Cmd) {
	at, stays := screens.ScrollHelp(m.page(), m.screen, m.frame, m.helpAt, msg)
	if m.helpAt = at; !stays {
		m.over = overNone
	}
	return m, nil
}

// toPage routes msg to the page and takes its answer.
func (m Model) toPage(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, paste := msg.(tea.PasteMsg); paste && m.busy {
		m.waiting = append(m.waiting, msg)
		return m, nil
	}
	screen, cmd, answer := m.screen.Update(msg)
	m.screen = screen
	if answer != nil {
		next, then := m.take(*answer)
		return next, tea.Batch(cmd, then)
	}
	m, save := m.noteDraft()
	return m, tea.Batch(cmd, save)
}

// show opens the page of m.view.
func (m Model) show() (Model, tea.Cmd) {
	m.screen = screens.Open(m.view.Page, m.frame)
	m.drafted = draft{page: m.pageKey(), saved: m.screen.Draft()}
	m.over = overNone
	m, cmd := m.tasked()
	cmd = tea.Batch(cmd, m.screen.Init())
	if !m.ticking && !m.view.Page.Head.Since.IsZero() {
		m.ticking = true
		cmd = tea.Batch(cmd, clock())
	}
	return m, cmd
}

// pageKey names the page of the view among all pages of all cases.
func (m Model) pageKey() string { return m.view.Case + "/" + m.view.Page.Name }

// onOpened shows the first page, and starts to watch for other programs.
func (m Model) onOpened(msg openedMsg) (tea.Model, tea.Cmd) {
	if msg.err != nil {
		m.err = msg.err
		return m, m.giveUp()
	}
	m.session, m.view = msg.session, msg.view
	m, init := m.show()
	return m, tea.Batch(init, m.watch, m.lookAgain)
}

// answerPause is how long the terminal may take to answer what it was asked.
const answerPause = 500 * time.Millisecond

// giveUp ends the program that cannot go on, when the terminal has answered: an
// answer that came later would stand on the person's prompt.
func (m Model) giveUp() tea.Cmd {
	if m.answered {
		return tea.Quit
	}
	return tea.Tick(answerPause, func(time.Time) tea.Msg { return tea.QuitMsg{} })
}

// take does what the face can do itself, and has the rest made durable.
func (m Model) take(a screens.Answer) (Model, tea.Cmd) {
	switch a.Act { //nolint:exhaustive // the others are the session's
	case screens.Leave:
		next, cmd := m.leave()
		return next.(Model), cmd
	case screens.Help:
		m.over, m.helpAt = overHelp, 0
		return m, nil
	case screens.Phone:
		m.over, m.phone = overPhone, screens.Link{URL: text.Line(a.Text)}
		return m, nil
	case screens.OpenURL:
		return m, m.browse(a.Text)
	case screens.Copy:
		return m.copied(a)
	}
	if m.session == nil {
		return m, nil
	}
	m.busy = true
	return m, m.save(a)
}

// save makes an answer durable. What was typed on the page is durable first, so
// that leaving a page never loses it.
func (m Model) save(a screens.Answer) tea.Cmd {
	s, v, typed := m.session, m.view, m.screen.Draft()
	unsaved := typed != m.drafted.saved && a.Values == nil && (a.Text == "" || a.Act != "")
	return m.inTurn(func() tea.Msg {
		ctx, cancel := context.WithTimeout(m.ctx, ioTimeout)
		defer cancel()
		if unsaved {
			if err := s.Draft(ctx, v, v.Page.Name, typed); err != nil {
				return savedMsg{view: v, err: err}
			}
		}
		next, err := s.Answer(ctx, v, a)
		return savedMsg{view: next, err: err, tick: a.Tick != ""}
	})
}

// onSaved opens the page that follows. If saving failed, the page stays as it was.
func (m Model) onSaved(msg savedMsg) (tea.Model, tea.Cmd) {
	m.busy = false
	m.answers++
	if m.finding { // keys pressed before it was seen are no answer to it
		m.finding, m.waiting = false, nil
	}
	same := m.pageKey()
	if msg.err != nil {
		m.notice = text.Format("Not saved. %s", session.Sentence(msg.err))
		m.waiting = nil
		if msg.tick {
			next, cmd := m.show()
			next.notice = m.notice
			return next, cmd
		}
		return m, nil
	}
	m.view = msg.view
	var cmd, found tea.Cmd
	refused := !m.view.Page.Notice.Empty() && m.pageKey() == same && m.screen.Typing()
	switch {
	case refused:
		m.screen, cmd, _ = m.screen.Update(screens.Refused{})
	case !msg.tick || m.pageKey() != same:
		m, cmd = m.show()
	}
	m, found = m.found()
	return m.replay(tea.Batch(cmd, found))
}

// replay hands the keys that were pressed while saving to the page.
func (m Model) replay(cmd tea.Cmd) (tea.Model, tea.Cmd) {
	queue := m.waiting
	m.waiting = nil
	var model tea.Model = m
	cmds := []tea.Cmd{cmd}
	for _, msg := range queue {
		next, c := model.Update(msg)
		model, cmds = next, append(cmds, c)
	}
	return model, tea.Batch(cmds...)
}

// leave saves what is typed and ends the program.
func (m Model) leave() (tea.Model, tea.Cmd) {
	return m, tea.Sequence(m.saveDraft(), tea.Quit)
}

// Flush makes durable what is typed and was not saved yet. It is for ends that
// leave no time for commands.
func (m Model) Flush(ctx context.Context) error {
	if m.session == nil || m.screen.Draft() == m.drafted.saved {
		return nil
	}
	return m.session.Draft(ctx, m.view, m.view.Page.Name, m.screen.Draft())
}

// onTick moves the clock, once a second and only on a call.
func (m Model) onTick(now time.Time) (tea.Model, tea.Cmd) {
	m.frame.Now = now
	m.ticking = !m.view.Page.Head.Since.IsZero()
	if !m.ticking {
		return m, nil
	}
	return m, clock()
}

func clock() tea.Cmd {
	return tea.Every(time.Second, func(t time.Time) tea.Msg { return tickMsg(t) })
}
