package session

import (
	"context"
	"slices"
	"strings"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows is what a key does that is no answer to the page.

// act does what a key does that is no answer to the page.
func (s *Session) act(ctx context.Context, v View, a screens.Answer) (turn, error) {
	lay := func(name string) (turn, error) { return turn{lay: &layer{name: name}}, nil }
	switch a.Act { //nolint:exhaustive // the others are the face's own
	case screens.Back:
		return v.back(), nil
	case screens.Tried:
		return lay(pageTried)
	case screens.Error:
		if a.Text != "" { // pasted where no text field was
			typed := strings.TrimPrefix(v.drafts[pageError]+"\n"+a.Text, "\n") // behind what is there already
			if err := s.Draft(ctx, v, pageError, typed); err != nil {
				return turn{}, err
			}
		}
		return lay(pageError)
	case screens.Note:
		return lay(pageNote)
	case screens.Gap:
		return lay(pageGap)
	case screens.Why:
		return lay(pageWhy)
	case screens.More:
		return lay(pageMore)
	case screens.Anyway:
		return lay(pageAnyway)
	case screens.Verify:
		return s.verify(ctx, v)
	case screens.Shot:
		return lay(pageScreenshot)
	case screens.Edit:
		return lay(pageEdit)
	case screens.Save:
		return s.saveMessage(ctx, v)
	case screens.Copy:
		if v.name() == pageAsk {
			return turn{notice: text.Line(a.Text)}, nil
		}
		return turn{events: one(ladder.MessageCopied, ladder.Data{}), notice: text.Line(a.Text)}, nil
	case screens.Aud:
		return turn{as: nextAudience(v.Audience)}, nil
	}
	return turn{}, nil
}

func nextAudience(a platforms.Audience) platforms.Audience {
	all := platforms.Audiences()
	return all[(slices.Index(all, a)+1)%len(all)]
}

func one(k ladder.Kind, d ladder.Data) []ladder.Event { return []ladder.Event{{Kind: k, Data: d}} }

// back takes the top page off, or the last answer back, or leaves the case.
func (v View) back() turn {
	switch {
	case len(v.layers) > 0:
		return turn{lift: true}
	case v.Case == "":
		return turn{}
	case v.State.CanBack():
		return turn{events: one(ladder.WentBack, ladder.Data{})}
	}
	return turn{leave: true}
}

// takeClose leaves a page that is only read.
func takeClose(context.Context, *Session, View, screens.Answer) (turn, error) {
	return turn{lift: true}, nil
}
