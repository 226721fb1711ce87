package session

import (
	"context"
	"errors"
	"slices"
	"strings"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the pages that take a written text: the exact error, a note,
// where the guide does not match, own words above the message.

// showWriting is one text of many lines.
func showWriting(_ *Session, v View) screens.Page {
	p := v.guidePage(v.name())
	p.Kind, p.Choices = screens.Writing, nil
	p.Name = v.name()
	if v.name() == pageError {
		p.Tell = v.tell
	}
	if v.name() == pageEdit {
		p.Title = text.Const("Own words above the message")
		p.Why = text.Const("They come first. What is recorded below stays as it is.")
		p.Body = v.State.Edit
	}
	if v.name() == pageGapAt {
		g := v.guidePage(pageGap)
		p.Title, p.Why = g.Title, text.Const("What do you see instead? The exact words of the menu help most.")
	}
	return p
}

// written is a.Text made safe. Too much of it is a notice, and the text stays.
func written(a screens.Answer) (text.Safe, []text.Removed, text.Safe) {
	safe, err := text.Paste(a.Text)
	var large *text.TooLarge
	if errors.As(err, &large) {
		return text.Safe{}, nil, text.Line(large.Error())
	}
	clean, removed := text.Redact(safe)
	if strings.TrimSpace(clean.String()) == "" {
		return text.Safe{}, nil, text.Const("Nothing is written yet. Going back leaves without recording.")
	}
	return clean, removed, text.Safe{}
}

// takeError records the exact error. Asked for by an answer, it gives that answer, too.
func takeError(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	safe, removed, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	said := verdict(safe, v.State.Platform)
	d := ladder.Data{Text: safe, Removed: removed, Verdict: recorded(said), IDs: message.RequestIDs(safe), Grade: v.grade()}
	t := turn{events: one(ladder.ErrorRecorded, d), drop: true, clear: true}
	if said.Cause != platforms.UnknownCause || !said.Connection {
		t.lay, t.notice = &layer{name: pageVerdict}, removedNotice(removed)
	} else {
		t.notice = removedNotice(removed).Or(text.Join(" ", append([]text.Safe{
			text.Const("The error is recorded, word for word. It does not tell the cause.")}, said.Questions[:min(1, len(said.Questions))]...)...))
	}
	if v.item() != "" {
		kind := ladder.Attempted
		if strings.HasPrefix(v.item(), pageTried) {
			kind = ladder.AlreadyTried
		}
		t.events = append(t.events, ladder.Event{Kind: kind, Data: v.failedWith(said)})
	}
	return t, nil
}

// failedWith is a try that ended with an error. What the error makes only likely
// is asked for, where a check can tell.
func (v View) failedWith(said explain.Verdict) ladder.Data {
	d := v.failed("error")
	for _, c := range slices.Concat(guideOf(v.State.Platform).Checks, guideOf(v.State.Platform).Tests) {
		_, done := v.State.Check(c.ID)
		if said.Confidence == explain.Likely && c.Cause == said.Cause && !done && !slices.Contains(v.State.Open(), c.ID) && !slices.Contains(d.Checks, c.ID) {
			d.Checks = append([]string{c.ID}, d.Checks...)
		}
	}
	return d
}

// removedNotice says what redaction took out, and what to do about it.
func removedNotice(removed []text.Removed) text.Safe {
	var kinds []text.Safe
	secret := false
	for _, r := range removed {
		kinds = append(kinds, text.Format("%s × %s", text.Int(r.Count), r.Kind))
		secret = secret || strings.Contains(r.Kind.String(), "token") || strings.Contains(r.Kind.String(), "secret") || strings.Contains(r.Kind.String(), "password")
	}
	if len(kinds) == 0 {
		return text.Safe{}
	}
	said := text.Format("Removed before saving: %s.", text.Join(", ", kinds...))
	if secret {
		said = text.Join(" ", said, text.Const("If somebody else saw the original, have it revoked."))
	}
	return said
}

func takeNote(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	safe, removed, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	d := ladder.Data{Text: safe, Removed: removed, Place: v.State.Place}
	return turn{events: one(ladder.NoteAdded, d), drop: true, lift: true, notice: text.Const("The note is saved.")}, nil
}

// takeEdit takes the own words above the message; empty takes them away.
func takeEdit(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	safe, err := text.Paste(a.Text)
	if err != nil {
		return turn{notice: text.Line(err.Error())}, nil
	}
	clean, removed := text.RedactSecrets(safe)
	return turn{events: one(ladder.MessageEdited, ladder.Data{Text: clean, Removed: removed}), drop: true, lift: true}, nil
}

// showGap asks at which instruction the guide does not match the screen.
func showGap(_ *Session, v View) screens.Page {
	p := v.guidePage(pageGap)
	p.Name, p.Do, p.Choices = pageGap, nil, nil
	under := v.below()
	for _, i := range under.Do {
		p.Choices = append(p.Choices, screens.Choice{ID: i.ID, Label: i.Text})
	}
	p.Choices = append(p.Choices, screens.Choice{ID: "page", Label: text.Const("something else on this page")})
	return p
}

// below is the page under the one on top.
func (v View) below() screens.Page {
	v.layers = v.layers[:len(v.layers)-1]
	p := v.room().show(nil, v)
	if p.Name == "" {
		p.Name = v.name()
	}
	return p
}

func takeGap(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	return turn{lift: true, lay: &layer{name: pageGapAt, item: a.Pick}}, nil
}

func takeGapText(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	safe, removed, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	d := ladder.Data{Item: v.item(), Text: safe, Removed: removed, Place: v.State.Place, Page: v.below().Name}
	return turn{events: one(ladder.GuideGap, d), drop: true, lift: true,
		notice: text.Const("Recorded. Look for a menu that means the same, and go on from there.")}, nil
}
