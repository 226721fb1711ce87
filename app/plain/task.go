package plain

import (
	"context"
	"errors"
	"strings"
	"time"

	"reconnect/app/crash"
	"reconnect/app/session"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows waits for the task of a page: it tells how far it is, a line each,
// and asks for what the task needs.

// asked is v once its task is over, with what it found. Without a task it is v.
func (f Face) asked(ctx context.Context, s *session.Session, v session.View) (session.View, error) {
	if v.Task == nil {
		return v, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	news, over := make(chan struct{}, 1), make(chan struct{})
	crash.Go(func() {
		defer close(over)
		v.Task.Run(ctx, func() {
			select {
			case news <- struct{}{}:
			default: // it is known already
			}
		})
	}, func(error) {})
	told := ""
	for {
		f.hear(ctx, v, news, over)
		select {
		case <-over:
			return f.done(ctx, s, v)
		case <-news:
		}
		next, _ := s.Told(v)
		v = next
		if line := progressLine(v.Page); line != told && len(v.Page.Links) == 0 {
			if told == "" && len(v.Page.Fields) == 0 {
				f.say(text.Const("The word stop ends the asking."))
			}
			told = line
			f.say(text.Line(line))
		}
		if err := f.needed(ctx, s, &v, news, over); err != nil {
			return v, err
		}
	}
}

// errLeft says that the person left while a task ran.
var errLeft = errors.New("left")

// stop is the word that ends a task.
const stop = "stop"

// hear waits until the task has something to tell or is over, and takes the word that
// ends it. What else is typed is for what is asked next.
func (f Face) hear(ctx context.Context, v session.View, news chan struct{}, over <-chan struct{}) {
	waiting, end := context.WithCancel(ctx)
	defer end()
	f.endOn(waiting, end, news, over, func() bool { return true })
	if f.In.Heard(waiting, stop, crash.Go) {
		f.stop(v)
	}
	<-waiting.Done()
}

func (f Face) stop(v session.View) {
	f.say(text.Const("Stopped."))
	v.Task.Stop()
}

// endOn ends a wait when the task is over, or has told something that counts, which is
// left to be read.
func (f Face) endOn(waiting context.Context, end func(), news chan struct{}, over <-chan struct{}, counts func() bool) {
	crash.Go(func() {
		defer end()
		for {
			select {
			case <-over:
				return
			case <-waiting.Done():
				return
			case <-news:
			}
			if counts() {
				select {
				case news <- struct{}{}:
				default: // there is more already
				}
				return
			}
		}
	}, func(error) {})
}

// done is v with what its task found.
func (f Face) done(ctx context.Context, s *session.Session, v session.View) (session.View, error) {
	if ctx.Err() != nil {
		return v, ctx.Err()
	}
	return s.Done(ctx, v)
}

// progressLine is what is asked now.
func progressLine(p screens.Page) string {
	if len(p.Facts) == 0 || len(p.Links) > 0 {
		return p.Title.String()
	}
	now := p.Facts[len(p.Facts)-1].Text
	if !strings.Contains(p.Tag.String(), " of ") {
		return now.String()
	}
	return text.Join(" ", p.Tag, now).String()
}

// needed asks for what the task needs: a secret, or the address that the browser
// landed on. While the browser is waited for, the task may end first.
func (f Face) needed(ctx context.Context, s *session.Session, v *session.View, news chan struct{}, over <-chan struct{}) error {
	switch {
	case len(v.Page.Fields) > 0:
		return f.secret(ctx, s, v)
	case len(v.Page.Links) > 0:
		return f.signIn(ctx, v, news, over)
	}
	return nil
}

// secret asks for one, without showing it where the terminal can.
func (f Face) secret(ctx context.Context, s *session.Session, v *session.View) error {
	defer f.hidden()()
	field := v.Page.Fields[0]
	f.say(text.Format("%s:", field.Label))
	line, err := f.In.Await(ctx, crash.Go)
	if err != nil {
		return err
	}
	*v, err = s.Answer(ctx, *v, screens.Answer{Page: v.Page.Name, Values: map[string]string{field.ID: line}})
	return err
}

// signIn shows the address, opens it, and takes a pasted one, until the task goes on.
// What is pasted holds a code, so it does not show.
func (f Face) signIn(ctx context.Context, v *session.View, news chan struct{}, over <-chan struct{}) error {
	defer f.hidden()()
	p, at := v.Page, v.Page.Links[0].URL
	p.Head = screens.Head{Saved: -1}    // it was told
	_ = screens.Tell(p, f.Out, f.Width) // a write that fails shows at the next page
	if v.Listening() {
		f.own(ctx, *v, screens.Answer{Act: screens.OpenURL, Text: at.String()})
	}
	waiting, end := context.WithCancel(ctx)
	defer end()
	f.endOn(waiting, end, news, over, func() bool { return v.Task.SignsIn() != at })
	return f.pasted(ctx, waiting, v)
}

// pasted asks for the address that the browser landed on until one is taken. While it
// waits the task may go on by itself.
func (f Face) pasted(ctx, waiting context.Context, v *session.View) error {
	ask := text.Const("Paste the address that the browser landed on. It does not show.")
	if v.Listening() {
		ask = text.Const("Or paste the address that the browser landed on. It does not show.")
	}
	for {
		f.say(text.Join(" ", ask, text.Const("The word error tells what the page says instead, stop gives up.")))
		line, err := f.In.Await(waiting, crash.Go)
		var large *text.TooLarge
		switch {
		case waiting.Err() != nil && ctx.Err() == nil:
			return nil
		case errors.Is(err, screens.ErrEnd): // nobody can paste any more, and the browser may still come back
			<-waiting.Done()
			return ctx.Err()
		case errors.As(err, &large):
			f.say(text.Const("That is longer than an address can be. Copy only the line of the browser's address bar."))
			continue
		case err != nil:
			return err
		case line == stop, line == "b", line == ".b":
			f.stop(*v)
			return nil
		case line == "q", line == ".q":
			return errLeft
		case line == "error":
			return f.page(waiting, v)
		case f.acted(ctx, *v, line):
			continue
		}
		err = v.Task.Paste(line)
		if err == nil {
			f.say(text.Const("The address was taken."))
			return nil
		}
		f.say(text.Line(err.Error()))
	}
}

// acted does what a key of the page of a sign-in does, and tells whether the line was one.
func (f Face) acted(ctx context.Context, v session.View, line string) bool {
	p := v.Page
	p.Choices, p.Side, p.Actions = nil, nil, nil // what can be answered was said
	a, known := screens.Acted(p, line, f.Out, f.Width)
	return known && (a == nil || f.own(ctx, v, *a))
}

// page asks for the words of a page that does not come back, on one line. They end
// the sign-in.
func (f Face) page(ctx context.Context, v *session.View) error {
	f.say(text.Const("What does the page say? Paste it on one line. Passwords and tokens in it are taken out before anything is kept."))
	line, err := f.In.Await(ctx, crash.Go)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return err
	}
	words, err := text.Paste(line)
	if err != nil {
		return err
	}
	clean, _ := text.Redact(words)
	v.Task.Shown(clean)
	return nil
}

// lookTime ends looking again at what was connected.
const lookTime = 20 * time.Second

// lookAgain looks, once, at what was connected and is due to be looked at, and
// says what came of it.
func (f Face) lookAgain(ctx context.Context, s *session.Session, v session.View) (session.View, error) {
	if s.Prober == nil {
		return v, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	looked, err := s.LookAgain(ctx, s.Prober)
	switch said := looked.Says(); {
	case err != nil:
		f.say(text.Format("Could not look again. %s", session.Sentence(err)))
	case !said.Empty():
		f.say(said)
		return s.Refresh(ctx, v)
	}
	return v, nil
}
