// Package plain is the plain face: the same pages and the same answers as the
// full screen, as numbered prompts on plain lines, for screen readers, dumb
// terminals and pipes.
//
// It drives a session; the pages print themselves. Never here: storage, the
// ladder, escape codes.
package plain

import (
	"context"
	"errors"
	"fmt"
	"io"

	"reconnect/app/session"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// A Face is where the plain face reads and writes.
type Face struct {
	In    *screens.Lines
	Out   io.Writer
	Width int // to wrap at; 0 does not wrap
	// Browse opens a link, or says why not.
	Browse func(ctx context.Context, url string) error
	// Hide stops the terminal from showing what is typed, until show is called. Nil:
	// it cannot.
	Hide func() (show func())
}

// Run takes a person through pages from v on, until they leave. The end of the
// input is [screens.ErrEnd]; all answers up to there are durable.
func (f Face) Run(ctx context.Context, s *session.Session, v session.View) (session.View, error) {
	v, err := f.lookAgain(ctx, s, v)
	if err != nil {
		return v, err
	}
	tell := true
	for {
		if tell {
			if err := screens.Tell(v.Page, f.Out, f.Width); err != nil {
				return v, err
			}
		}
		answer, err := screens.Listen(ctx, v.Page, f.In, f.Out, f.Width)
		var large *text.TooLarge
		switch {
		case errors.As(err, &large):
			f.say(text.Line(large.Error()))
			tell = false
			continue
		case err != nil:
			return v, err
		case answer.Act == screens.Leave:
			return v, nil
		}
		if f.own(ctx, v, answer) {
			tell = false
			continue
		}
		next, err := s.Answer(ctx, v, answer)
		if err != nil {
			f.say(text.Format("Not saved. %s", session.Sentence(err)))
			tell = false
			continue
		}
		// A tick changes nothing that was told.
		tell = answer.Tick == "" || !next.Page.Notice.Empty()
		if !tell {
			f.say(text.Format("Saved %s.", text.Int(next.State.Seq)))
		}
		switch v, err = f.asked(ctx, s, next); {
		case errors.Is(err, errLeft):
			return v, nil
		case err != nil:
			return v, err
		}
	}
}

// own does what the face does itself, and tells whether it did.
func (f Face) own(ctx context.Context, v session.View, a screens.Answer) bool {
	switch a.Act {
	case screens.OpenURL:
		if err := f.Browse(ctx, a.Text); err != nil {
			f.say(text.Const("No browser could be started. Copy the link."))
		} else {
			f.say(text.Const("The link was handed to your browser."))
		}
	case screens.Copy:
		f.say(text.Const("A plain terminal has no clipboard. Select the text above, or save it with s."))
	case screens.Phone:
		code, err := screens.PhoneCode(a.Text, 200, 200)
		if err != nil {
			f.say(text.Line(err.Error()))
		} else {
			_, _ = fmt.Fprintln(f.Out, code) // a write that fails shows at the next page
		}
	default:
		return false
	}
	return true
}

func (f Face) say(words text.Safe) {
	_ = screens.Say(words, f.Out, f.Width) // a write that fails shows at the next page
}

// hidden stops the terminal from showing what is typed, where it can.
func (f Face) hidden() (show func()) {
	if f.Hide == nil {
		return func() {}
	}
	return f.Hide()
}
