package explain

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"reconnect/platforms"
)

// Validate reads a folder laid out like the embedded data (common/errors.json and a
// folder with errors.json for each platform) and returns everything that is wrong
// with the signatures, each a [*platforms.Problem], in the order of files and lines.
func Validate(from fs.FS) []error {
	var common file
	basis := platforms.ReadSheet(from, "common/errors.json", &common)
	if !basis.Read() {
		return basis.Problems()
	}
	v := validation{common: common, ids: map[string]string{}}
	var problems []error
	for _, folder := range folders() {
		f, sheet := common, basis
		if folder != "common" {
			f = file{}
			sheet = platforms.ReadSheet(from, folder+"/errors.json", &f)
		}
		if sheet.Read() {
			v.check(folder, f, sheet)
		}
		problems = append(problems, sheet.Problems()...)
	}
	return append(problems, strangers(from)...)
}

// strangers are signatures of platforms that the program does not know.
func strangers(from fs.FS) []error {
	found, _ := fs.Glob(from, "*/errors.json") // the pattern is well formed, so there is no error
	var problems []error
	for _, name := range found {
		if folder, _, _ := strings.Cut(name, "/"); !slices.Contains(folders(), folder) {
			text := (&platforms.UnknownPlatform{Name: folder, Known: platforms.IDs()}).Error()
			problems = append(problems, &platforms.Problem{File: name, Line: 1, Text: text})
		}
	}
	return problems
}

// A validation holds what the files say together.
type validation struct {
	common file
	ids    map[string]string // where each id stands
}

// check tests the signatures of one file, each alone and against those before it.
func (v *validation) check(folder string, f file, sheet platforms.Sheet) {
	v.checkBasis(folder, f, sheet)
	for i := range f.Signatures {
		s := &f.Signatures[i]
		c := checker{v, s, sheet, fmt.Sprintf("signatures[%d]", i)}
		c.checkID(folder)
		c.checkWords()
		c.checkSource()
		c.checkMatch()
		for j := range f.Signatures[:i] {
			if c.against(&f.Signatures[j], sheet.Line(fmt.Sprintf("signatures[%d]", j))) {
				break
			}
		}
	}
	for i, id := range f.Shared { // the common file is the last one, so all ids are known
		if _, ok := v.ids[id]; !ok {
			sheet.Bad(fmt.Sprintf("shared[%d]", i), "no signature %q", id)
		}
	}
}

// maxDo leaves room for one thing more: to revoke a secret that was pasted.
const maxDo = 3

// checkBasis tests what only the common file has.
func (v *validation) checkBasis(folder string, f file, sheet platforms.Sheet) {
	if folder != "common" {
		if len(f.Remedies)+len(f.Questions)+len(f.Synonyms)+len(f.Shared) > 0 {
			sheet.Bad("", "remedies, questions, synonyms and shared stand in common/errors.json")
		}
		return
	}
	steps := append(platforms.Steps(), Wait, Fix)
	for name, r := range f.Remedies {
		if !slices.Contains(steps, r.Step) {
			sheet.Bad("remedies."+name+".step", "no step %q", r.Step)
		}
		if len(r.Do) == 0 || len(r.Do) > maxDo {
			sheet.Bad("remedies."+name, "a remedy has one to %d things to do", maxDo)
		}
	}
	if _, ok := f.Remedies[unknownRemedy]; !ok {
		sheet.Bad("remedies", "the remedy %q is missing", unknownRemedy)
	}
	for name := range f.Questions {
		if !slices.Contains(platforms.Causes(), platforms.Cause(name)) {
			sheet.Bad("questions."+name, "no cause %q", name)
		}
	}
}

// A checker tests one signature.
type checker struct {
	*validation
	s     *Signature
	sheet platforms.Sheet
	path  string
}

func (c checker) bad(field, format string, args ...any) {
	c.sheet.Bad(c.path+"."+field, format, args...)
}

func (c checker) checkID(folder string) {
	switch first, twice := c.ids[c.s.ID]; {
	case c.s.ID == "":
		c.bad("id", "the id is missing")
	case twice:
		c.bad("id", "the id %q is there twice; first in %s", c.s.ID, first)
	case !strings.HasPrefix(c.s.ID, folder+"."):
		c.bad("id", "an id of this file begins with %q", folder+".")
	}
	c.ids[c.s.ID] = folder + "/errors.json"
	if c.s.Platform != "" {
		c.bad("platform", "the folder says the platform")
	}
}

// checkWords tests what must be one of the known words, and the meaning.
func (c checker) checkWords() {
	s := c.s
	oneOf(c, "where", s.Where, []string{"api", "token", "redirect", "ui", "words"})
	oneOf(c, "cause", s.Cause, platforms.Causes())
	for i, cause := range s.Also {
		oneOf(c, fmt.Sprintf("also[%d]", i), cause, platforms.Causes())
	}
	oneOf(c, "owner", s.Owner, platforms.Owners())
	oneOf(c, "connection", s.Connection, []string{"", "no"})
	if _, ok := c.common.Remedies[s.Remedy]; !ok {
		c.bad("remedy", "no remedy %q in common/errors.json", s.Remedy)
	}
	if len(s.Do) > maxDo {
		c.bad("do", "there are at most %d things to do", maxDo)
	}
	if s.Meaning.Empty() {
		c.bad("meaning", "the meaning is missing")
	} else if n := strings.Count(s.Meaning.String()+" ", ". "); n < 1 || n > 3 {
		c.bad("meaning", "a meaning has one to three sentences, each with its full stop")
	}
}

func oneOf[T ~string](c checker, field string, word T, list []T) {
	if !slices.Contains(list, word) {
		c.bad(field, "no %s %q", strings.TrimRight(field, "[]0123456789"), word)
	}
}

// checkSource tests where the signature comes from. What nobody has read has no
// day on which it was read.
func (c checker) checkSource() {
	s := c.s
	if s.Source.Empty() {
		c.bad("source", "the source is missing")
	}
	oneOf(c, "certainty", s.Certainty, []platforms.Certainty{platforms.Documented, platforms.InCode, platforms.Unverified})
	_, err := time.Parse(time.DateOnly, s.Read)
	switch {
	case s.Certainty == platforms.Unverified && s.Read != "":
		c.bad("read", "what is not verified was not read: leave the day out")
	case s.Certainty != platforms.Unverified && s.Read == "":
		c.bad("read", "the day it was last read is missing")
	case s.Read != "" && err != nil:
		c.bad("read", "a day is written 2026-11-23")
	}
}

// checkMatch finds a match that no text can fit.
func (c checker) checkMatch() {
	m := c.s.Match
	if m.Condition != "" {
		return // for a live check, not for a text
	}
	if !m.fields() && m.HTTP == "" && len(m.Contains)+len(m.Say) == 0 {
		c.bad("match", "never reached: it asks for nothing")
	}
	for field, number := range map[string]string{"code": m.Code, "subcode": m.Subcode, "http": m.HTTP} {
		if number != "" && !isSpan(number) {
			c.bad("match."+field, "never reached: %q is no number and no range", number)
		}
	}
	if m.Error == "*" && c.s.Where != "redirect" {
		c.bad("match.error", "never reached: * is for redirects")
	}
	if _, err := strconv.Atoi(m.Within); m.Within != "" && err != nil {
		c.bad("match.within", "%q is no number of words", m.Within)
	}
	oneOf(c, "match.given", m.Given, []string{"", "platform"})
	if len(m.Say)+min(len(m.Contains), 1) > maxGroups {
		c.bad("match.say", "more than %d groups of words", maxGroups)
	}
	for i, group := range m.Say {
		for word := range strings.SplitSeq(group, "|") {
			c.checkWord(fmt.Sprintf("match.say[%d]", i), word)
		}
	}
	for i, word := range append(slices.Clone(m.Unless), m.Contains...) {
		c.checkWord(fmt.Sprintf("match.unless[%d]", i), word)
	}
}

// checkWord finds words that can never be heard.
func (c checker) checkWord(field, word string) {
	name, synonym := strings.CutPrefix(word, "@")
	bare := strings.TrimSuffix(strings.TrimSpace(word), "*")
	letters := strings.Trim(string(fold(bare).out), " ")
	switch {
	case synonym && len(c.common.Synonyms[name]) == 0:
		c.bad(field, "no synonyms @%s in common/errors.json", name)
	case letters == "":
		c.bad(field, "never heard: %q has no letters", word)
	case !synonym && strings.Contains(bare, "*"):
		c.bad(field, "never heard: a star stands at the end only, not as in %q", word)
	}
}

// isSpan tells whether s is a number or a range that goes up.
func isSpan(s string) bool {
	low, high, ranged := strings.Cut(strings.TrimPrefix(s, "-"), "-")
	from, err := strconv.Atoi(low)
	if !ranged {
		return err == nil
	}
	to, err2 := strconv.Atoi(high)
	return err == nil && err2 == nil && from < to
}

// against compares with a signature before it in the same file: the same match
// with another cause is a contradiction; one that is matched by all that fits this
// one, and is as specific, leaves this one unreachable.
func (c checker) against(o *Signature, line int) bool {
	s := c.s
	if s.Match.Condition != "" || o.Match.Condition != "" || len(s.Match.Contains)+len(o.Match.Contains) > 0 && s.Where != o.Where {
		return false
	}
	redirects := s.Where == "redirect" || o.Where == "redirect"
	if redirects && s.Where != o.Where {
		return false
	}
	same := sameMatch(s.Match, o.Match)
	switch {
	case same && s.Cause != o.Cause:
		c.bad("match", "contradicts %s on line %d: the same match, another cause (%s)", o.ID, line, o.Cause)
	case same, wider(o.Match, s.Match) && o.Match.score() >= s.Match.score():
		c.bad("match", "never reached: %s on line %d takes all that fits it", o.ID, line)
	default:
		return false
	}
	return true
}

func sameMatch(a, b Match) bool {
	first, err := json.Marshal(a)
	second, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(first) == string(second)
}

// wider tells whether all that fits narrow fits wide as well.
func wider(wide, narrow Match) bool {
	covers := func(w, n string) bool {
		if w == "" || w == n {
			return true
		}
		a, b := spanOf(w), spanOf(n)
		return n != "" && isSpan(w) && isSpan(n) && a.low <= b.low && b.high <= a.high
	}
	word := func(w, n string) bool { return w == "" || symbolKey(w) == symbolKey(n) }
	return covers(wide.Code, narrow.Code) && covers(wide.Subcode, narrow.Subcode) && covers(wide.HTTP, narrow.HTTP) &&
		word(wide.Error, narrow.Error) && word(wide.Type, narrow.Type) && word(wide.State, narrow.State) &&
		word(wide.Given, narrow.Given) && len(wide.Unless) == 0 && widerWords(wide, narrow)
}

// widerWords tells whether each phrase of narrow holds one of wide, and each group
// of wide is one of narrow's.
func widerWords(wide, narrow Match) bool {
	for _, group := range wide.Say {
		if !slices.Contains(narrow.Say, group) {
			return false
		}
	}
	if len(wide.Contains) == 0 {
		return true
	}
	return len(narrow.Contains) > 0 && !slices.ContainsFunc(narrow.Contains, func(n string) bool {
		return !slices.ContainsFunc(wide.Contains, func(w string) bool { return holdsPhrase(n, w) })
	})
}

func holdsPhrase(text, phrase string) bool {
	stem := strings.HasSuffix(phrase, "*")
	want := string(fold(strings.TrimSuffix(phrase, "*")).out)
	if stem {
		want = strings.TrimRight(want, " ")
	}
	return strings.Contains(string(fold(strings.TrimSuffix(text, "*")).out), want)
}
