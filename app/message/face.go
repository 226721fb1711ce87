package message

import (
	"strings"

	"reconnect/platforms/text"
)

// A face says how the parts of a message look: plain, or in Markdown.
type face struct {
	subject func(text.Safe) text.Safe
	title   func(text.Safe) text.Safe
	prose   func(text.Safe) text.Safe          // own words, of several lines
	row     func(label, v text.Safe) text.Safe // one line; one of them may be empty
	lead    func(text.Safe) text.Safe          // the line above a block
}

// render is m with the looks of f.
func render(m Message, f face) text.Safe {
	parts := []text.Safe{f.subject(sealed(Subject(m))), f.prose(sealed(m.Own))}
	for _, s := range m.sections() {
		parts = append(parts, f.section(s)...)
	}
	return text.Join("\n\n", parts...)
}

// section is s as paragraphs: rows of one line stay together, a block stands alone.
func (f face) section(s section) []text.Safe {
	var parts []text.Safe
	lines := []text.Safe{f.title(s.title)}
	flush := func() {
		parts = append(parts, text.Join("\n", lines...))
		lines = nil
	}
	for _, r := range s.rows {
		if r.block.Empty() {
			lines = append(lines, f.line(r))
			continue
		}
		flush()
		parts = append(parts, f.lead(sealed(oneLine(r.label))), fenced(sealed(r.block)))
	}
	flush()
	return parts
}

// sealed is a piece of the message after the last pass of redaction: every piece
// takes it, before it is folded or escaped, since that hides a token and spoils
// the marks. The pieces take it one by one: the whole has a size that redaction
// would cut, and an error that ends in "password:" would take the fence below it
// for the password.
func sealed(s text.Safe) text.Safe {
	s, _ = text.RedactSecrets(s)
	return s
}

// line is r in one line. What it does not say is not recorded.
func (f face) line(r row) text.Safe {
	if r.value.Empty() {
		return f.row(sealed(oneLine(r.label)), text.Const("not recorded"))
	}
	return f.row(sealed(oneLine(r.label)), sealed(oneLine(r.value)))
}

// fenced is s, untouched, between two fences longer than any in it.
func fenced(s text.Safe) text.Safe {
	longest, run := 0, 0
	for _, r := range s.String() {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := again(strings.Repeat("`", max(3, longest+1)))
	return text.Join("\n", fence, s, fence)
}

// oneLine is s with its line ends shown.
func oneLine(s text.Safe) text.Safe {
	if !strings.Contains(s.String(), "\n") {
		return s
	}
	return again(strings.ReplaceAll(s.String(), "\n", " ↵ "))
}

// again makes s, which was made of safe texts, one again. It goes through the
// cleaner in pieces, because a piece has a largest size and the whole has none.
func again(s string) text.Safe {
	const piece = 32 << 10
	var parts []text.Safe
	for len(s) > piece {
		cut := piece
		for cut > piece/2 && s[cut]&0xC0 == 0x80 { // not inside of a character
			cut--
		}
		parts = append(parts, text.Block(s[:cut]))
		s = s[cut:]
	}
	return text.Join("", append(parts, text.Block(s))...)
}
