package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // so that DecodeConfig knows it
	_ "image/jpeg"
	_ "image/png"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the pages laid over the case's own: they can be reached at any
// moment and lead back to where one was.

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
	case screens.Shot:
		return lay(pageScreenshot)
	case screens.Edit:
		return lay(pageEdit)
	case screens.Save:
		return s.saveMessage(ctx, v)
	case screens.Copy:
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
	d := ladder.Data{Text: safe, Removed: removed, Verdict: recorded(said), Grade: v.grade()}
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
		t.events = append(t.events, ladder.Event{Kind: kind, Data: ladder.Data{Answer: "error", Place: v.State.Place, Grade: v.grade()}})
	}
	return t, nil
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
	return v.room().show(nil, v)
}

func takeGap(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	return turn{lift: true, lay: &layer{name: pageGapAt, item: a.Pick}}, nil
}

func takeGapText(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	safe, removed, wrong := written(a)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	d := ladder.Data{Item: v.item(), Text: safe, Removed: removed, Place: v.State.Place}
	return turn{events: one(ladder.GuideGap, d), drop: true, lift: true,
		notice: text.Const("Recorded. Look for a menu that means the same, and go on from there.")}, nil
}

// triedAnswers are how a step can have ended that was tried before the case asked for it.
func triedAnswers(p ladder.Place) []string {
	var answers []string
	for _, m := range ladder.Moves(p) {
		if m.Kind == ladder.Attempted && m.Answer != "connected" {
			answers = append(answers, m.Answer)
		}
	}
	return answers
}

// showTried asks how the step ended when it was tried before.
func showTried(_ *Session, v View) screens.Page {
	p := v.guidePage(pageTried)
	p.Name, p.Do, p.Choices = pageTried, nil, nil
	p.Ask = text.Format("How did it end when you tried it before? (%s)", text.Line(v.State.Step().Title()))
	answers := triedAnswers(v.State.Place)
	for _, c := range v.guidePage(guideKey(v.State.Place)).Choices {
		if slices.Contains(answers, c.ID) {
			p.Choices = append(p.Choices, c)
		}
	}
	return p
}

func takeTried(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if a.Pick == "error" {
		return turn{lay: &layer{name: pageError, item: pageTried}}, nil
	}
	d := ladder.Data{Answer: a.Pick, Place: v.State.Place, Grade: platforms.Told}
	return turn{events: one(ladder.AlreadyTried, d), clear: true}, nil
}

// showWhy is the second pane as a page of its own.
func showWhy(_ *Session, v View) screens.Page {
	under := v.below()
	p := screens.Beside(under)
	p.Name, p.Title = pageWhy, text.Format("Why: %s", under.Title)
	return p
}

// more are the pages behind m.
var more = []struct {
	id    string
	label text.Safe
	ended bool // also after the end
}{
	{pageMessage, text.Const("Support message"), true},
	{pageTimeline, text.Const("Timeline"), true},
	{pageScreenshot, text.Const("Add a screenshot"), true},
	{pageWait, text.Const("Wait until a time"), false},
	{pageCorrect, text.Const("Correct the account"), true},
	{"connected", text.Const("It shows Connected now"), false},
	{"broken", text.Const("It shows Disconnected again"), false},
	{pageGoto, text.Const("Go to another step"), false},
	{pageClose, text.Const("Close the case"), false},
	{pageStart, text.Const("All cases"), true},
	{pageCount, text.Const("Missed posts"), true},
	{pageKept, text.Const("Kept answers"), true},
}

func showMore(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageMore, Kind: screens.Steps, Title: text.Const("More"), Ask: text.Const("What would you like to do?")}
	for _, m := range more {
		if v.State.IsEnded() && !m.ended || !v.offers(m.id) {
			continue
		}
		p.Choices = append(p.Choices, screens.Choice{ID: m.id, Label: m.label})
	}
	return p
}

// offers tells whether a page behind m makes sense where the case stands.
func (v View) offers(id string) bool {
	proving := v.State.Place == ladder.AtProof || v.State.Place == ladder.AtMissed
	switch id {
	case "connected":
		return !proving && v.State.Place != ladder.AtStatus && v.State.Place != ladder.AtGreen
	case "broken":
		return proving
	case pageCount: // while the case is open, the message and the end ask for them
		return v.State.IsEnded()
	case pageKept:
		for page := range v.drafts {
			if strings.HasPrefix(page, keptPrefix) {
				return true
			}
		}
		return false
	}
	return true
}

func takeMore(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	switch a.Pick {
	case pageStart:
		return turn{leave: true}, nil
	case pageCount:
		return turn{lift: true, lay: &layer{name: pageCount, item: "missed"}}, nil
	case "connected", "broken":
		seen := map[string]platforms.Colour{"connected": platforms.Green, "broken": platforms.Red}[a.Pick]
		d := ladder.Data{Answer: string(seen), Grade: v.grade()}
		var events []ladder.Event
		if v.State.Wait != nil {
			events = one(ladder.WaitEnded, ladder.Data{Answer: "early"})
		}
		return turn{events: append(events, one(ladder.StatusSeen, d)...), clear: true}, nil
	}
	return turn{lift: true, lay: &layer{name: a.Pick}}, nil
}

// showTimeline is the log of the case, the oldest first.
func showTimeline(s *Session, v View) screens.Page {
	p := screens.Page{Name: pageTimeline, Kind: screens.Reading, Title: text.Format("Timeline of case %s", text.Line(v.Case))}
	p.Body = Timeline(v.Log, v.State, s.Now())
	return p
}

// showScreenshot asks for a file.
func showScreenshot(_ *Session, v View) screens.Page {
	p := v.guidePage(pageScreenshot)
	p.Name, p.Kind, p.Choices, p.Do = pageScreenshot, screens.Files, nil, nil
	return p
}

// maxShot is the largest screenshot that is taken, in bytes.
const maxShot = 20 << 20

// takeScreenshot copies the image into the case's folder.
func takeScreenshot(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	raw, wrong := readImage(a.Text)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	ext := strings.ToLower(filepath.Ext(a.Text))
	name, err := s.Log.Attach(ctx, v.Case, "shot"+ext, bytes.NewReader(raw), maxShot)
	if err != nil {
		return turn{}, err
	}
	d := ladder.Data{File: filepath.Base(name), Text: fileName(a.Text), Place: v.State.Place}
	return turn{events: one(ladder.ShotAdded, d), drop: true, lift: true, notice: text.Format("The screenshot is in the case's folder as %s.", text.Name(name))}, nil
}

// fileName is the name of a file that a person gave, without secrets.
func fileName(path string) text.Safe {
	name, _ := text.RedactSecrets(text.Name(path))
	return name
}

// readImage reads an image file, or says what is wrong with it.
func readImage(path string) ([]byte, text.Safe) {
	name := fileName(path)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, text.Format("%s cannot be read: there is no such file, or no permission. Check the path.", name)
	case !info.Mode().IsRegular():
		return nil, text.Format("%s is not a file. Pick an image.", name)
	case info.Size() > maxShot:
		return nil, text.Format("%s is larger than 20 MB. Pick a smaller image.", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, text.Format("%s cannot be read: no permission. Copy it elsewhere first.", name)
	}
	defer f.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(io.LimitReader(f, maxShot))
	if err != nil || !isImage(raw) {
		return nil, text.Format("%s is no image that can be read. Pick a PNG, JPEG, GIF or WebP file.", name)
	}
	return raw, text.Safe{}
}

func isImage(raw []byte) bool {
	if http.DetectContentType(raw) == "image/webp" {
		return true // the standard library cannot decode it; its signature is clear
	}
	_, _, err := image.DecodeConfig(bytes.NewReader(raw))
	return err == nil
}

// saveMessage writes the support message into the case's folder.
func (s *Session) saveMessage(ctx context.Context, v View) (turn, error) {
	body := message.Text(s.message(v))
	name, err := s.Log.Attach(ctx, v.Case, "message.txt", strings.NewReader(body.String()), maxShot)
	if err != nil {
		return turn{}, err
	}
	where := filepath.Join(s.Dir, name)
	return turn{events: one(ladder.MessageSaved, ladder.Data{File: filepath.Base(name)}), notice: text.Format("Saved as %s", text.Line(where))}, nil
}

// message is the support message of the case.
func (s *Session) message(v View) message.Message {
	return message.Of(v.Case, v.State, v.Log, guideOf(v.State.Platform), s.Now()).With(Linked(v.kin)...)
}

// showMessage is the support message, whole, with what support would ask next.
func showMessage(s *Session, v View) screens.Page {
	if v.waiting() && v.name() != pageMessage {
		return showWaiting(s, v)
	}
	p := v.guidePage("support")
	p.Kind, p.Facts = screens.Reading, v.outside()
	p.Why, p.Side, p.Do = v.needed(p), append([]screens.Section{toSend(p.Do)}, p.Side...), nil
	score := message.Score(v.State, guideOf(v.State.Platform))
	p.Tag = text.Format("complete %s of 100", text.Int(score.Score))
	if s != nil {
		p.Body = message.Text(s.message(v))
	}
	if next, _ := v.nextQuestion(); !next.Question.Empty() {
		p.Why = text.Format("%s Support would ask next: %s", p.Why, next.Question)
		p.Choices = append(p.Choices, screens.Choice{ID: "next", Label: text.Const("Answer that question")})
		if without, ok := withouts[next.ID]; ok {
			p.Choices = append(p.Choices, without)
		}
	}
	if v.State.Place != ladder.AtSupport {
		p.Choices = slices.DeleteFunc(p.Choices, func(c screens.Choice) bool {
			return c.ID == "connected" || c.ID == "sent" && (v.State.IsEnded() || v.State.Wait != nil)
		})
	}
	return p
}

// needed is why the message is sent and where to.
func (v View) needed(p screens.Page) text.Safe {
	if len(p.Do) == 0 {
		return p.Why
	}
	return text.Format("%s %s, and paste this.", p.Why, p.Do[0].Text)
}

// toSend is what the guide says about sending the message.
func toSend(do []screens.Instruction) screens.Section {
	s := screens.Section{Heading: text.Const("HOW TO SEND IT")}
	for i, d := range do {
		s.Lines = append(s.Lines, screens.Fact{Label: text.Int(i + 1), Text: text.Join(". ", d.Text, d.Warn)})
	}
	return s
}

// answers says which page answers a missing part of the message. A part that
// none answers is asked by the ladder itself.
var answers = map[string]layer{
	"error": {name: pageError}, "screenshot": {name: pageScreenshot}, "account": {name: pageCorrect},
	"login": {name: pageCorrect}, "missed": {name: pageCount, item: "missed"},
}

// withouts are the answers that there is nothing to give.
var withouts = map[string]screens.Choice{
	"error":      {ID: "no_error", Label: text.Const("There was no message")},
	"screenshot": {ID: "no_shot", Label: text.Const("No screenshot possible")},
}

// nextQuestion is what support would ask next and can be answered now, and where.
func (v View) nextQuestion() (message.Part, layer) {
	for _, p := range message.Score(v.State, guideOf(v.State.Platform)).Missing {
		if l, ok := answers[p.ID]; ok {
			return p, l
		}
	}
	return message.Part{}, layer{}
}

func takeMessage(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	switch {
	case v.waiting() && v.name() != pageMessage:
		return takeWaiting(ctx, s, v, a)
	case a.Pick == "next":
		_, l := v.nextQuestion()
		return turn{lay: &l}, nil
	case a.Pick == "no_error":
		return turn{events: one(ladder.ErrorRecorded, ladder.Data{Answer: "none", Grade: v.grade()})}, nil
	case a.Pick == "no_shot":
		return turn{events: one(ladder.ShotAdded, ladder.Data{Answer: "none"})}, nil
	case a.Pick == "connected":
		return turn{events: one(ladder.Attempted, ladder.Data{Answer: "connected", Place: v.State.Place, Grade: v.grade()})}, nil
	case a.Pick == "sent":
		return turn{events: one(ladder.MessageSent, ladder.Data{Place: v.State.Place}), clear: true}, nil
	}
	return turn{lift: true}, nil
}

// showWait asks how long to wait, and for what.
func showWait(s *Session, v View) screens.Page {
	p := v.guidePage(pageWait)
	p.Name, p.Kind, p.Do, p.Choices = pageWait, screens.Form, nil, nil
	var reason text.Safe
	if c, ok := checkOf(v.State.Platform, v.item()); ok {
		reason = v.say(c.Fill(v.vars()).WhoText)
	}
	now := func() time.Time { return v.Since } // without a session the page is drawn, not asked
	if s != nil {
		now = s.Now
	}
	p.Fields = []screens.Field{
		{ID: "for", Kind: screens.Word, Label: text.Const("What does the case wait for?"), Value: reason, Required: true},
		{ID: "until", Kind: screens.Word, Label: p.Ask, Help: text.Const("for example 30m, 4h, 2d, 14:30, tomorrow 9:00 or 2026-12-01 9:00"), Required: true,
			Check: func(value string) text.Safe {
				_, err := parseUntil(value, now())
				if err != nil {
					return text.Line(err.Error())
				}
				return text.Safe{}
			}},
		{ID: "early", Kind: screens.Word, Label: text.Const("What would end it earlier?"), Help: text.Const("May stay empty.")},
	}
	p.Ask = text.Safe{} // it is the label of a field
	return p
}

func takeWait(_ context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	until, err := parseUntil(a.Values["until"], s.Now())
	if err != nil {
		return turn{notice: text.Line(err.Error())}, nil
	}
	d := ladder.Data{Text: line(a.Values["for"]), Until: until.UTC(), Early: line(a.Values["early"]), Place: v.State.Place}
	return turn{events: one(ladder.WaitStarted, d), clear: true, drop: true}, nil
}

// units are the lengths of time that can be written.
var units = map[string]time.Duration{
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
}

// parseUntil reads a time to come back. It lies ahead.
func parseUntil(in string, now time.Time) (time.Time, error) {
	wrong := fmt.Errorf("%q is not a time to come back. Write 30m, 4h, 2d, 14:30, tomorrow 9:00 or 2026-12-01 9:00", text.Line(in))
	in = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(in)), "in ")
	var n int
	var unit string
	if c, err := fmt.Sscanf(in, "%d%s", &n, &unit); err == nil && c == 2 && n > 0 && n < 10000 {
		if length, ok := units[unit]; ok {
			return now.Add(time.Duration(n) * length), nil
		}
	}
	day := now
	if rest, ok := strings.CutPrefix(in, "tomorrow"); ok {
		day, in = now.AddDate(0, 0, 1), strings.TrimSpace(rest)
	} else if len(in) > 10 && in[4] == '-' {
		parsed, err := time.ParseInLocation(time.DateOnly, in[:10], now.Location())
		if err != nil {
			return time.Time{}, wrong
		}
		day, in = parsed, strings.TrimSpace(in[10:])
	}
	if !strings.Contains(in, ":") {
		in += ":00"
	}
	at, err := time.ParseInLocation("15:04", in, now.Location())
	if err != nil {
		return time.Time{}, wrong
	}
	until := time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if !until.After(now) {
		return time.Time{}, fmt.Errorf("%s is past. Write a time that lies ahead", until.Format("2 Jan 15:04"))
	}
	return until, nil
}

// showWaiting is a case that waits.
func showWaiting(s *Session, v View) screens.Page {
	p := v.guidePage(pageWaiting)
	p.Name, p.Kind = pageWaiting, screens.Steps
	w := v.State.Wait
	if s != nil && v.State.Due(s.Now()) {
		p.Title, p.Why = text.Const("The waiting is over"), text.Const("Look again: is it so now?")
	}
	if s != nil {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("until"), Text: clock(w.Until, s.Now())})
	} else {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("until"), Text: text.Line(w.Until.Local().Format("2 Jan 15:04"))})
	}
	p.Facts = append(p.Facts, screens.Fact{Label: text.Const("for"), Text: w.For})
	if !w.Early.Empty() {
		p.Facts = append(p.Facts, screens.Fact{Label: text.Const("ends early"), Text: w.Early})
	}
	return p
}

func takeWaiting(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	if a.Pick == "longer" {
		return turn{lay: &layer{name: pageWait}}, nil
	}
	return turn{events: one(ladder.WaitEnded, ladder.Data{Answer: a.Pick, Place: v.State.Place})}, nil
}

// showCorrect corrects what the case is about.
func showCorrect(_ *Session, v View) screens.Page {
	g := guideOf(v.State.Platform)
	p := v.guidePage(pageCorrect)
	p.Name, p.Kind, p.Do, p.Choices = pageCorrect, screens.Form, nil, nil
	p.Fields = []screens.Field{
		{ID: "account", Kind: screens.Word, Label: text.Format("The %s in Aibrify", g.Noun), Help: p.Ask, Value: v.State.AccountName()},
		{ID: "use", Kind: screens.Word, Label: text.Format("The %s to use", g.Login), Value: v.State.LoginName()},
		{ID: "customer", Kind: screens.Word, Label: text.Const("Customer"), Value: v.State.CustomerName()},
	}
	p.Ask = text.Safe{} // it stands at its field
	return p
}

func takeCorrect(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	d := ladder.Data{Account: line(a.Values["account"]), Text: line(a.Values["use"]), Customer: line(a.Values["customer"])}
	return turn{events: one(ladder.CaseCorrected, d), lift: true, drop: true}, nil
}

// showClose asks why the case is closed without an end of its own.
func showClose(_ *Session, v View) screens.Page {
	p := v.guidePage(pageClose)
	p.Name = pageClose
	return p
}

func takeClosing(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	return turn{events: one(ladder.CaseClosed, ladder.Data{Answer: a.Pick, Place: v.State.Place}), clear: true}, nil
}

// showGoto asks for the step to go to, and why.
func showGoto(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageGoto, Kind: screens.Form, Title: text.Const("Go to another step"),
		Why: text.Const("The usual order helps most often. Your reason is recorded.")}
	step := screens.Field{ID: "step", Kind: screens.Pick, Label: text.Const("Which step?"), Required: true}
	for _, s := range platforms.Steps() {
		step.Options = append(step.Options, screens.Choice{ID: string(s), Label: text.Line(s.Title())})
	}
	p.Fields = []screens.Field{step, {ID: "why", Kind: screens.Word, Label: text.Const("Why?"), Required: true}}
	return p
}

func takeGoto(_ context.Context, _ *Session, v View, a screens.Answer) (turn, error) {
	var events []ladder.Event
	if v.State.Wait != nil {
		events = one(ladder.WaitEnded, ladder.Data{Answer: "early"})
	}
	d := ladder.Data{Step: platforms.Step(a.Values["step"]), Text: line(a.Values["why"]), Place: v.State.Place}
	return turn{events: append(events, one(ladder.DetourTaken, d)...), clear: true, drop: true}, nil
}

// showKept lists the answers that came too late.
func showKept(_ *Session, v View) screens.Page {
	p := screens.Page{Name: pageKept, Kind: screens.Reading, Title: text.Const("Kept answers"),
		Why: text.Const("Answers that were given while another window moved the case on. None was stored over the other's.")}
	var lines []text.Safe
	for _, page := range slices.Sorted(maps.Keys(v.drafts)) {
		if strings.HasPrefix(page, keptPrefix) {
			lines = append(lines, text.Block(v.drafts[page]))
		}
	}
	p.Body = text.Join("\n", lines...).Or(text.Const("There are none."))
	return p
}
