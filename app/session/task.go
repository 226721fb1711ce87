package session

import (
	"context"
	"sync"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Prober asks in place of a person: the platforms, with an app of one's own, and
// what Aibrify itself shows.
type Prober interface {
	Looker
	// Ready tells whether anything can be asked about a platform; "" asks for what
	// shows all of them. It looks at nothing but the settings.
	Ready(id platforms.ID) bool
	// Ways are the ways to ask about an account, the best first. It looks only at
	// what is on this computer.
	Ways(ctx context.Context, about About) ([]Way, error)
	// Probe asks, and changes nothing on the platform. It ends with ctx, or within
	// its own time-outs.
	Probe(ctx context.Context, about About, way Way, to Listener) Found
}

// About is what is asked about. Without a platform it is all that Aibrify shows.
type About struct {
	Platform platforms.ID
	Account  text.Safe // as Aibrify names it; empty if it is not known
}

// A Way is one way to ask.
type Way struct {
	ID        string
	Label     text.Safe
	Quick     bool // nobody has to sign in, and it costs nothing: v takes it at once
	Elsewhere bool // the person who signs in can be anywhere
	SignsIn   bool // somebody has to sign in
	Spent     bool // its sign-in has ended or is another account's: another way comes first
	Custom    bool // other endpoints than the platform's own are asked
	Aibrify   bool // with Aibrify's own app

	Costs text.Safe // what asking costs; empty: nothing
	// Words are what a page of the sign-in said that did not come back. Then nobody
	// signs in: they are what was found.
	Words text.Safe
}

// A Listener hears how it goes, and answers for the person.
type Listener interface {
	Tell(Progress)
	// Ask asks the person for a text that does not show. It waits.
	Ask(ctx context.Context, question text.Safe) (text.Secret, error)
}

// Progress is how far a probe is.
type Progress struct {
	Now    text.Safe // what is asked now
	At, Of int
	Done   []ladder.Finding
	SignIn *SignIn // somebody has to sign in
}

// A SignIn is what a person needs to sign in.
type SignIn struct {
	URL       text.Safe
	Until     time.Time
	Listening bool               // the browser comes back here by itself
	Paste     func(string) error // takes the address that the browser landed on
	Shown     func(text.Safe)    // takes the words of a page that does not come back
}

// Found is what a probe found.
type Found struct {
	Probe  *ladder.Probe
	Shows  []Shown   // what Aibrify shows, of all platforms that were asked about
	At     time.Time // when Aibrify looked
	Read   bool      // Aibrify was read
	Notes  []text.Safe
	Told   bool      // it rests on what a person read on the platform's page
	Silent bool      // nothing came back from the browser in time
	Failed text.Safe // why nothing could be asked, and what to do
}

// Shown is a connection as Aibrify shows it.
type Shown struct {
	Platform platforms.ID
	Account  text.Safe
	Colour   platforms.Colour
	Expires  time.Time
	Error    text.Safe
}

// A Task is a probe under way. The face runs it beside everything else, shows the
// page again whenever it has something to tell, and hands it back when it ended.
// The page of a view is made of what the task told last.
type Task struct {
	prober Prober
	about  About
	way    Way

	mu       sync.Mutex
	changed  func()
	progress Progress
	question text.Safe
	answers  chan text.Secret
	stop     context.CancelFunc
	found    *Found
}

// Run asks until there is an answer or ctx ends, and calls changed whenever the
// page has something new to show. It is called once.
func (t *Task) Run(ctx context.Context, changed func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.mu.Lock()
	t.changed, t.stop = changed, cancel
	t.mu.Unlock()
	found := t.prober.Probe(ctx, t.about, t.way, t)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.found, t.question = &found, text.Safe{}
}

// Stop ends the task: what was found so far is the answer.
func (t *Task) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop != nil {
		t.stop()
	}
}

// SignsIn is the address at which somebody has to sign in now; empty if nobody has to.
func (t *Task) SignsIn() text.Safe {
	if said, _, _ := t.state(); said.SignIn != nil {
		return said.SignIn.URL
	}
	return text.Safe{}
}

// Paste takes the address that the browser landed on. An error says what is wrong
// with it, and the sign-in goes on waiting.
func (t *Task) Paste(address string) error {
	said, _, _ := t.state()
	if said.SignIn == nil {
		return nil
	}
	return said.SignIn.Paste(address)
}

// Shown takes the words of a page that does not come back.
func (t *Task) Shown(words text.Safe) {
	if said, _, _ := t.state(); said.SignIn != nil {
		said.SignIn.Shown(words)
	}
}

// Tell takes how far it is.
func (t *Task) Tell(p Progress) {
	t.mu.Lock()
	t.progress = p
	changed := t.changed
	t.mu.Unlock()
	changed()
}

// Ask shows a question and waits for the answer.
func (t *Task) Ask(ctx context.Context, question text.Safe) (text.Secret, error) {
	answers := make(chan text.Secret, 1)
	t.mu.Lock()
	t.question, t.answers = question, answers
	changed := t.changed
	t.mu.Unlock()
	changed()
	select {
	case a := <-answers:
		return a, nil
	case <-ctx.Done():
		return text.Secret{}, ctx.Err()
	}
}

// answer gives the person's answer to the question, once.
func (t *Task) answer(s text.Secret) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.question.Empty() {
		return
	}
	t.question = text.Safe{}
	t.answers <- s
}

// over tells whether the task ended.
func (t *Task) over() bool {
	_, _, found := t.state()
	return found != nil
}

// state is what the task told last.
func (t *Task) state() (p Progress, question text.Safe, found *Found) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.progress, t.question, t.found
}
