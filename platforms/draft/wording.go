package draft

import (
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"reconnect/platforms/text"
)

// room is what an instruction may take, in cells. [platforms.Validate] is the judge.
const room = 70

// lookFor begins what nobody verified.
const lookFor = "Look for"

// wording is the draft made from what was seen most often; empty if that says nothing.
func (g Gap) wording() text.Safe {
	for _, seen := range g.Seen {
		if words := worded(seen.Text); !words.Empty() {
			return words
		}
	}
	return text.Safe{}
}

// worded is what was seen as an instruction.
func worded(seen text.Safe) text.Safe {
	s := strings.NewReplacer("{", "(", "}", ")").Replace(flat(seen)) // braces are for placeholders
	s = strings.TrimRight(text.Line(s).String(), ". ")
	switch {
	case s == "":
		return text.Safe{}
	case len(s) > len(lookFor) && strings.EqualFold(s[:len(lookFor)], lookFor):
		s = lookFor + s[len(lookFor):]
	default:
		s = lookFor + ": " + s
	}
	return text.Line(cut(s))
}

// cut is s as far as there is room, to the end of a word where one is near.
func cut(s string) string {
	if uniseg.StringWidth(s) <= room {
		return s
	}
	end, word, width := 0, 0, 0
	for g := uniseg.NewGraphemes(s); g.Next() && width+g.Width() < room; { // one cell is for the ellipsis
		if g.Str() == " " {
			word = end
		}
		end += len(g.Str())
		width += g.Width()
	}
	if word > end/2 {
		end = word
	}
	return strings.TrimRight(s[:end], " ,;:.…") + "…"
}

// source says where the draft comes from.
func (g Gap) source() text.Safe {
	cases := text.Format("%s cases", text.Int(len(g.Cases)))
	if len(g.Cases) == 1 {
		cases = text.Const("1 case")
	}
	return text.Format("seen by users in %s, last %s", cases, text.Line(g.Last.UTC().Format(time.DateOnly)))
}
