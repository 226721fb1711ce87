package screens

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"reconnect/platforms/text"
)

// ErrEnd says that the input ended before there was an answer. An end is never
// an answer; nor is a last line without its line end.
var ErrEnd = errors.New("the input ended before there was an answer")

// Lines is what the plain face reads, line by line.
type Lines struct {
	in      *bufio.Reader
	pending chan read // a line that Await reads, and nobody has taken yet
}

// read is a line, or why there is none.
type read struct {
	line string
	err  error
}

// NewLines reads lines from r. Nobody else may read from r then.
func NewLines(r io.Reader) *Lines { return &Lines{in: bufio.NewReader(r)} }

// Await is Next, given up when ctx ends. A line that comes in after that is not
// lost: it is the next one. Reading is started with spawn, which recovers.
func (l *Lines) Await(ctx context.Context, spawn func(f func(), caught func(error))) (string, error) {
	if l.pending == nil {
		pending := make(chan read, 1)
		l.pending = pending
		spawn(func() {
			line, err := l.next()
			pending <- read{line, err}
		}, func(err error) { pending <- read{"", err} })
	}
	select {
	case r := <-l.pending:
		l.pending = nil
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Heard tells whether the line that comes before ctx ends is a word. Another one is
// not lost: it is the next one.
func (l *Lines) Heard(ctx context.Context, word string, spawn func(f func(), caught func(error))) bool {
	line, err := l.Await(ctx, spawn)
	switch {
	case err == nil && line == word:
		return true
	case err != nil && errors.Is(err, ctx.Err()):
		return false
	}
	l.pending = make(chan read, 1)
	l.pending <- read{line, err}
	return false
}

// Next is the next line without its end. At the end of the input it is [ErrEnd].
// A line of more than [text.MaxPaste] bytes is a *text.TooLarge and is read over.
func (l *Lines) Next() (string, error) {
	if l.pending != nil {
		r := <-l.pending
		l.pending = nil
		return r.line, r.err
	}
	return l.next()
}

func (l *Lines) next() (string, error) {
	var line []byte
	size := 0
	for {
		part, err := l.in.ReadSlice('\n')
		size += len(part)
		if size <= text.MaxPaste+2 {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return "", ErrEnd
		case err != nil:
			return "", fmt.Errorf("read a line: %w", err)
		case size > text.MaxPaste+2:
			return "", &text.TooLarge{Size: size, Max: text.MaxPaste}
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
}

// Ask tells p in plain lines and listens for the answer: the same page and the
// same answers as the full screen, without any escape code. It ends with ErrEnd
// at the end of the input and with ctx before the next question; a read that
// waits is ended by closing the input.
func Ask(ctx context.Context, p Page, in *Lines, out io.Writer, width int) (Answer, error) {
	if err := Tell(p, out, width); err != nil {
		return Answer{}, err
	}
	return Listen(ctx, p, in, out, width)
}

// Tell writes p as plain lines of at most width cells; without a width nothing is
// wrapped, and links never are.
func Tell(p Page, out io.Writer, width int) error {
	w := &teller{out: out, width: width}
	w.head(p.Head)
	w.say(p.Notice.String())
	w.say(ended(p.Title.String()), sentence(p.Tag.String()))
	w.block(p.Why)
	for i, d := range p.Do {
		w.instruction(i, d)
	}
	w.block(p.Body)
	w.facts(p.Facts)
	if p.Kind == Reading {
		for _, s := range p.Side {
			w.say(sentence(s.Heading.String()))
			w.facts(s.Lines)
		}
	}
	for i, it := range p.Items {
		w.say(itemLine(i, it))
	}
	for i, l := range p.Links {
		w.link(l, i, len(p.Links))
	}
	return w.err
}

// Say writes words as Tell does: wrapped at spaces, without any escape code.
func Say(words text.Safe, out io.Writer, width int) error {
	w := &teller{out: out, width: width}
	w.block(words)
	return w.err
}

// Acted is the act of p that a word names by its key or its name. known tells that the
// word meant something, although there is nothing to answer: the help, which is said.
func Acted(p Page, word string, out io.Writer, width int) (a *Answer, known bool) {
	l := &listener{page: p, acts: pageActs(p), teller: teller{out: out, width: width}}
	return l.acted(word)
}

// Listen asks the question of p and reads until there is an answer. After a tick
// it is enough: the page need not be told again.
func Listen(ctx context.Context, p Page, in *Lines, out io.Writer, width int) (Answer, error) {
	l := &listener{ctx: ctx, page: p, acts: pageActs(p), in: in, teller: teller{out: out, width: width}}
	switch p.Kind {
	case Board:
		return l.board()
	case Form:
		return l.form()
	case Writing:
		return l.writing()
	case Files:
		return l.files()
	case Cases, Steps, Reading:
	}
	return l.choice()
}

// A teller writes plain lines.
type teller struct {
	out   io.Writer
	width int
	err   error // the first one; nothing is written after it
}

// say writes the parts that are not empty as one paragraph.
func (w *teller) say(parts ...string) {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return
	}
	lines := []string{strings.Join(kept, " ")}
	if w.width > 0 {
		lines = wrap(lines[0], w.width)
	}
	w.write(strings.Join(lines, "\n") + "\n")
}

func (w *teller) write(s string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, s)
	}
}

func (w *teller) block(s text.Safe) {
	for _, l := range s.Lines() {
		w.say(l.String())
	}
}

// head says the step, what it is about, and what is saved.
func (w *teller) head(h Head) {
	step := ""
	for i, s := range h.Rail {
		if s.State == Here {
			step = fmt.Sprintf("Step %d of %d: %s.", i+1, len(h.Rail), s.Step.Title())
		}
	}
	about := text.Join(", ", h.Platform, h.Account).String()
	if h.Case != "" {
		about = strings.TrimPrefix(about+", case "+h.Case, ", ")
	}
	kept := ""
	switch {
	case h.Saved == 0:
		kept = "Saved."
	case h.Saved > 0:
		kept = fmt.Sprintf("Saved %d.", h.Saved)
	}
	w.say(step, ended(about), kept)
}

// ended is s with a full stop.
func ended(s string) string {
	if last, _ := utf8.DecodeLastRuneInString(s); s == "" || strings.ContainsRune(".?!:…", last) {
		return s
	}
	return s + "."
}

// sentence is s with a capital and a full stop.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return ended(string(unicode.ToUpper(first)) + s[size:])
}

func (w *teller) instruction(i int, d Instruction) {
	done := ""
	if d.Ticked {
		done = "Done."
	}
	w.say(fmt.Sprintf("%d. %s", i+1, ended(d.Text.String())), sentence(d.Note.String()), done)
	if !d.Warn.Empty() {
		w.say("Warning: " + ended(d.Warn.String()))
	}
}

func (w *teller) facts(facts []Fact) {
	for _, f := range facts {
		label := ""
		if !f.Label.Empty() {
			label = f.Label.String() + ":"
		}
		grade := ""
		if f.Grade != "" {
			grade = "(" + string(f.Grade) + ")"
		}
		w.say(label, f.Text.String(), grade)
	}
}

// link writes a link alone on its line, whole. Where there are several it has a
// number.
func (w *teller) link(l Link, i, of int) {
	label := l.Label.Or(text.Const("Link"))
	if of > 1 {
		label = text.Join(", ", text.Format("Link %s", text.Int(i+1)), l.Label)
	}
	w.say(label.String() + ":")
	w.write(l.URL.String() + "\n")
}

func itemLine(i int, it Item) string {
	line := text.Join(", ", it.Platform, it.Account, it.Step, it.When).String()
	return strings.TrimSpace(fmt.Sprintf("%d. %s %s", i+1, ended(line), sentence(it.Note.String())))
}

// choiceWords are the numbered answers in one sentence.
func choiceWords(choices []Choice) string {
	parts := make([]string, len(choices))
	for i, c := range choices {
		parts[i] = fmt.Sprintf("%d %s", i+1, c.Label)
	}
	return strings.Join(parts, ", ")
}

// A listener asks for the answer to one page.
type listener struct {
	teller
	ctx  context.Context
	page Page
	acts []ActKey
	in   *Lines
}

// line asks and reads one line.
func (l *listener) line() (string, error) {
	if l.err != nil {
		return "", l.err
	}
	if err := l.ctx.Err(); err != nil {
		return "", err
	}
	l.write("> ")
	return l.in.Next()
}

// short reads one line that is not too large.
func (l *listener) short() (string, error) {
	for {
		line, err := l.line()
		var large *text.TooLarge
		if !errors.As(err, &large) {
			return line, err
		}
		l.say(tooLargeWords(large.Size))
	}
}

// choice reads until one of the choices, items, ticks or acts is named.
func (l *listener) choice() (Answer, error) {
	l.ask()
	for {
		raw, err := l.short()
		if err != nil {
			return Answer{}, err
		}
		word := strings.TrimSpace(raw)
		if answer, ok := l.picked(word); ok {
			return answer, nil
		}
		if answer, ok := l.ticked(word); ok {
			return answer, nil
		}
		answer, known := l.acted(word)
		if answer != nil {
			return *answer, nil
		}
		if !known {
			l.unknown(word)
		}
	}
}

// ask writes the question, its answers, and the first acts.
func (l *listener) ask() {
	answers := ended(choiceWords(l.page.Choices))
	if len(l.page.Items) > 0 {
		answers = ended("Open: 1 to " + strconv.Itoa(len(l.page.Items)))
	}
	l.say(l.page.Ask.String(), answers, l.or())
}

// or names the first acts; the others are behind the question mark.
func (l *listener) or() string {
	const few = 4
	var parts []string
	for _, a := range l.acts {
		if a.Off.Empty() && a.Act != Help && a.Act != Leave && len(parts) < few {
			parts = append(parts, a.Bind.Help().Key+" "+a.Bind.Help().Desc)
		}
	}
	return "Or: " + strings.Join(append(parts, "? more."), ", ")
}

// picked is the answer that word names: the number of a choice or an item, or the
// words of a choice.
func (l *listener) picked(word string) (Answer, bool) {
	n, err := strconv.Atoi(word)
	for i, c := range l.page.Choices {
		if err == nil && n == i+1 || strings.EqualFold(word, c.Label.String()) {
			return Answer{Page: l.page.Name, Pick: c.ID}, true
		}
	}
	if err == nil && n >= 1 && n <= len(l.page.Items) {
		return Answer{Page: l.page.Name, Pick: l.page.Items[n-1].ID}, true
	}
	return Answer{}, false
}

// ticked is the tick that word names: .3 or done 3.
func (l *listener) ticked(word string) (Answer, bool) {
	number, ok := strings.CutPrefix(word, ".")
	if !ok {
		number, ok = strings.CutPrefix(word, "done ")
	}
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if !ok || err != nil || n < 1 || n > len(l.page.Do) {
		return Answer{}, false
	}
	return Answer{Page: l.page.Name, Tick: l.page.Do[n-1].ID}, true
}

// acted is the act that word names by its key or its name. known tells that the
// word meant something, although there is nothing to answer: the help, a search,
// an act that cannot be done now.
func (l *listener) acted(word string) (_ *Answer, known bool) {
	if words, ok := strings.CutPrefix(word, "/"); ok && len(l.page.Items) > 0 {
		l.search(strings.TrimSpace(words))
		return nil, true
	}
	word, number := l.numbered(word)
	for _, a := range l.acts {
		switch {
		case word != a.Bind.Help().Key && !strings.EqualFold(word, string(a.Act)), number > 0 && !a.onLink():
			continue
		case !a.Off.Empty():
			l.say(a.Off.String())
			return nil, true
		case a.Act == Help:
			l.help()
			return nil, true
		}
		if number > len(l.page.Links) {
			l.say(fmt.Sprintf("There are %d links, as in %s %d.", len(l.page.Links), word, len(l.page.Links)))
			return nil, true
		}
		return common{page: l.page, link: max(0, number-1)}.act(a.Act), true
	}
	return nil, false
}

// numbered cuts the number of a link off an act, where there are several links.
// It is 0 where none was said.
func (l *listener) numbered(word string) (act string, number int) {
	act, last, _ := strings.Cut(word, " ")
	number, err := strconv.Atoi(strings.TrimSpace(last))
	if err != nil || number < 1 || len(l.page.Links) < 2 {
		return word, 0
	}
	return act, number
}

// search tells the items that have all words in them.
func (l *listener) search(words string) {
	found := false
	for i, it := range l.page.Items {
		if hasWords(entry{it}.FilterValue(), words) {
			found = true
			l.say(itemLine(i, it))
		}
	}
	if !found {
		l.say("Nothing here matches.")
	}
}

// help tells everything that can be typed.
func (l *listener) help() {
	if n := len(l.page.Choices) + len(l.page.Items); n > 0 {
		l.say(fmt.Sprintf("1 to %d: answer.", n))
	}
	if n := len(l.page.Do); n > 0 {
		l.say(fmt.Sprintf(".1 to .%d, or done 1: tick that instruction, or take the tick away.", n))
	}
	if len(l.page.Items) > 0 {
		l.say("/ and words: search.")
	}
	for _, a := range l.acts {
		reason := ""
		if !a.Off.Empty() {
			reason = "Not now: " + a.Off.String()
		}
		key, others := a.Bind.Help().Key, ""
		if n := len(l.page.Links); n > 1 && a.onLink() {
			others = fmt.Sprintf("%s 2: the same with link 2, and so on up to %d.", key, n)
		}
		l.say(ended(key+": "+a.Long), others, reason)
	}
}

// unknown says what can be typed.
func (l *listener) unknown(word string) {
	what := "Nothing was typed."
	if word != "" {
		what = fmt.Sprintf("%q is no answer here.", text.Line(word).String())
	}
	l.say(what)
	l.ask()
}

func tooLargeWords(size int) string {
	return fmt.Sprintf("Not taken: that is %s, and %s is the most. Give the part with the error.", bytes(size), bytes(text.MaxPaste))
}
