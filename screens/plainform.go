package screens

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// errActed ends a dialogue of several lines with an act instead of an answer.
type errActed struct{ answer Answer }

func (*errActed) Error() string { return "an act was chosen" }

// acting is the answer of a dialogue that ended with err.
func acting(err error) (Answer, error) {
	var acted *errActed
	if errors.As(err, &acted) {
		return acted.answer, nil
	}
	return Answer{}, err
}

// field reads a text of one line, or an act after a dot.
func (l *listener) field() (string, error) { return l.dotted(l.short) }

// dotted reads a line. A dot and a key is an act; two dots begin a text with one.
func (l *listener) dotted(read func() (string, error)) (string, error) {
	for {
		raw, err := read()
		if err != nil {
			return "", err
		}
		dotted, ok := strings.CutPrefix(raw, ".")
		switch {
		case !ok || dotted == "":
			return raw, nil
		case strings.HasPrefix(dotted, "."):
			return dotted, nil
		}
		answer, known := l.acted(strings.TrimSpace(dotted))
		if answer != nil {
			return "", &errActed{*answer}
		}
		if !known {
			return raw, nil
		}
	}
}

// dots says how acts are named where letters are text.
func (l *listener) dots() string { return "Or: .b back, .q leave, .? more." }

// word reads a word that is no free text, in small letters: an act needs no dot.
func (l *listener) word() (string, error) {
	for {
		raw, err := l.field()
		if err != nil {
			return "", err
		}
		word := strings.TrimSpace(raw)
		answer, known := l.acted(word)
		if answer != nil {
			return "", &errActed{*answer}
		}
		if !known {
			return strings.ToLower(word), nil
		}
	}
}

// colourNames are what can be typed for a colour.
func colourNames() map[string]platforms.Colour {
	return map[string]platforms.Colour{
		"green": platforms.Green, "yellow": platforms.Yellow, "red": platforms.Red,
		"not listed": platforms.Unlisted, "unlisted": platforms.Unlisted,
		"1": platforms.Green, "2": platforms.Yellow, "3": platforms.Red, "4": platforms.Unlisted,
	}
}

// colourName is what a colour is called where it is asked for.
func colourName(c platforms.Colour) string {
	switch c {
	case platforms.Unlisted:
		return "not listed"
	case platforms.Green, platforms.Yellow, platforms.Red:
		return string(c)
	}
	return "not looked at"
}

// board asks for the colour of one row after the other, for banner and e-mail,
// and which row to begin with.
func (l *listener) board() (Answer, error) {
	s := openBoard(common{page: l.page, keys: newKeys(l.page)})
	l.say(l.page.Ask.String(), l.or())
	for i, r := range l.page.Rows {
		if r.Fixed {
			l.say(fmt.Sprintf("%d %s: %s, has an open case.", i+1, r.Name, colourName(s.colours[r.Platform])))
			continue
		}
		colour, err := l.colour(i, r.Name, s.colours[r.Platform])
		if err != nil {
			return acting(err)
		}
		s.colours[r.Platform] = colour
	}
	alert, err := l.alert(s.alert)
	if err != nil {
		return acting(err)
	}
	s.alert = alert
	if s.at, err = l.beginWith(s); err != nil {
		return acting(err)
	}
	return Answer{Page: l.page.Name, Values: s.values()}, nil
}

// colour asks for the colour of one row; enter keeps what it has.
func (l *listener) colour(i int, name text.Safe, have platforms.Colour) (platforms.Colour, error) {
	for {
		l.say(fmt.Sprintf("%d %s? 1 green, 2 yellow, 3 red, 4 not listed (enter: %s)", i+1, name, colourName(have)))
		word, err := l.word()
		if err != nil {
			return "", err
		}
		if word == "" {
			return have, nil
		}
		if c, ok := colourNames()[word]; ok {
			return c, nil
		}
		l.say(fmt.Sprintf("%q is no colour here.", text.Line(word).String()))
	}
}

// alert asks for what was seen besides the list.
func (l *listener) alert(have string) (string, error) {
	for {
		l.say(fmt.Sprintf("A banner on the dashboard, or an e-mail? banner, email, both, none (enter: %s)", alertWords(have)))
		word, err := l.word()
		word = strings.ReplaceAll(word, "e-mail", "email")
		switch {
		case err != nil:
			return "", err
		case word == "":
			return have, nil
		case word == "none":
			return "", nil
		case slices.Contains(alerts(), word):
			return word, nil
		}
		l.say(fmt.Sprintf("%q is none of these.", text.Line(word).String()))
	}
}

// beginWith is the row to begin with: the only one that needs something, or the
// one that is named.
func (l *listener) beginWith(s board) (int, error) {
	if s.together() {
		l.say(togetherWords)
	}
	var names []string
	var rows []int
	for i, r := range l.page.Rows {
		if c := s.colours[r.Platform]; c != "" && c != platforms.Green {
			rows = append(rows, i)
			names = append(names, fmt.Sprintf("%d %s", i+1, r.Name))
		}
	}
	if len(rows) == 0 {
		return s.at, nil
	}
	for len(rows) > 1 {
		l.say(fmt.Sprintf("Begin with which? %s (enter: %d)", strings.Join(names, ", "), rows[0]+1))
		word, err := l.word()
		if err != nil || word == "" {
			return rows[0], err
		}
		if n, err := strconv.Atoi(word); err == nil && slices.Contains(rows, n-1) {
			return n - 1, nil
		}
		l.say("One of these numbers, please.")
	}
	return rows[0], nil
}

// form asks one field after the other.
func (l *listener) form() (Answer, error) {
	l.say(l.page.Ask.String(), l.dots())
	values := map[string]string{}
	if l.page.Draft != "" && json.Unmarshal([]byte(l.page.Draft), &values) != nil {
		values = map[string]string{}
	}
	answer := Answer{Page: l.page.Name, Values: map[string]string{}}
	for i, f := range l.page.Fields {
		have := f.Value.String()
		if v, ok := values[f.ID]; ok {
			have = v
		}
		value, err := l.value(i, f, have)
		if err != nil {
			return acting(err)
		}
		answer.Values[f.ID] = value
	}
	return answer, nil
}

// value asks for one field until its value is right; enter keeps what it has.
func (l *listener) value(i int, f Field, have string) (string, error) {
	keeps := "leave it empty"
	if have != "" {
		keeps = text.Line(f.words(have)).String()
	} else if f.Required {
		keeps = "needed"
	}
	for {
		l.say(fmt.Sprintf("%d of %d: %s", i+1, len(l.page.Fields), ended(f.Label.String())), sentence(f.Help.String()),
			ended(choiceWords(f.Options)), f.manner()+"(enter: "+keeps+")")
		raw, err := l.field()
		if err != nil {
			return "", err
		}
		value, problem := f.read(raw, have)
		if problem.Empty() {
			problem = f.problem(value)
		}
		if problem.Empty() {
			return value, nil
		}
		l.say(problem.String())
	}
}

// manner says how to give several values.
func (f Field) manner() string {
	if f.Kind == PickAny {
		return "Several numbers with commas between, or none. "
	}
	return ""
}

// read is the value that a line means: options are named by number or words.
func (f Field) read(raw, have string) (string, text.Safe) {
	word := strings.TrimSpace(raw)
	switch {
	case word == "":
		return have, text.Safe{}
	case f.Kind == PickAny && strings.EqualFold(word, "none"):
		return "", text.Safe{}
	case f.Kind == Number:
		return word, text.Safe{}
	case f.Kind == Word, f.Kind == Hidden:
		return raw, text.Safe{}
	}
	words := []string{word}
	if f.Kind == PickAny {
		words = strings.FieldsFunc(word, func(r rune) bool { return r == ',' || r == ' ' })
	}
	var ids []string
	for _, w := range words {
		id, ok := f.option(w)
		if !ok {
			return "", text.Format("%s is none of the options: name one by its number.", text.Line(w))
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, ","), text.Safe{}
}

// option is the id of the option with that number or those words.
func (f Field) option(word string) (string, bool) {
	n, err := strconv.Atoi(word)
	for i, o := range f.Options {
		if err == nil && n == i+1 || strings.EqualFold(word, o.Label.String()) {
			return o.ID, true
		}
	}
	return "", false
}

// words is value as a person reads it.
func (f Field) words(value string) string {
	if len(f.Options) == 0 {
		return value
	}
	var labels []string
	for id := range strings.SplitSeq(value, ",") {
		for _, o := range f.Options {
			if o.ID == id {
				labels = append(labels, o.Label.String())
			}
		}
	}
	return strings.Join(labels, ", ")
}

// writing reads lines until one that is a single dot.
func (l *listener) writing() (Answer, error) {
	l.say(l.page.Ask.String(), "Type or paste it. A line with a single dot ends it.", l.dots())
	if l.page.Draft != "" {
		l.say(fmt.Sprintf("%s from before are kept, and what comes now is added.", bytes(len(l.page.Draft))))
	}
	for {
		typed, size, err := l.lines()
		switch {
		case err != nil:
			return acting(err)
		case size+len(l.page.Draft) > text.MaxPaste:
			l.say(tooLargeWords(size + len(l.page.Draft)))
		case l.page.Draft != "" && typed != "":
			return Answer{Page: l.page.Name, Text: l.page.Draft + "\n" + typed}, nil
		default:
			return Answer{Page: l.page.Name, Text: l.page.Draft + typed}, nil
		}
	}
}

// lines reads up to a line with a single dot and gives the text and its size. Of
// more than can be taken only the size is kept. Only the first line may be an
// act: in a pasted text a line like that is text.
func (l *listener) lines() (_ string, size int, err error) {
	var typed strings.Builder
	var large *text.TooLarge
	for next, err := l.dotted(l.line); ; next, err = l.in.Next() {
		switch {
		case errors.As(err, &large):
			size += large.Size
			continue
		case err != nil:
			return "", 0, err
		case next == ".":
			return typed.String(), size, nil
		}
		if size > 0 {
			typed.WriteByte('\n')
		}
		if size += len(next) + 1; size <= text.MaxPaste {
			typed.WriteString(next)
		}
	}
}

// files reads the path of a picture.
func (l *listener) files() (Answer, error) {
	l.say(l.page.Ask.String(), "The path of the picture.", l.dots())
	for {
		raw, err := l.field()
		if err != nil {
			return acting(err)
		}
		path := trimPath(raw)
		if path == "" {
			path = l.page.Draft
		}
		if picture(path) {
			return Answer{Page: l.page.Name, Text: path}, nil
		}
		l.say(notPicture().String())
	}
}
