package message

import (
	"regexp"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// width is where prose is folded, in cells.
const width = 76

// Text is m as plain text, fit to be pasted into Dashboard → Messages. Prose is
// folded; what was recorded word for word is not.
func Text(m Message) text.Safe {
	return render(m, face{
		subject: func(s text.Safe) text.Safe { return s },
		title:   func(s text.Safe) text.Safe { return s },
		prose:   prose,
		row: func(label, value text.Safe) text.Safe {
			return fold(text.Join(": ", label, value), "  ", "    ")
		},
		lead: func(label text.Safe) text.Safe { return fold(text.Format("%s:", label), "  ", "    ") },
	})
}

// fence is what begins a block of code where Messages reads Markdown.
var fence = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?m)^(```|~~~)") })

// prose is own words. A fence in them is set in, so that it does not swallow
// what stands below.
func prose(s text.Safe) text.Safe {
	return again(fence().ReplaceAllString(fold(s, "", "").String(), "    $1"))
}

// fold folds each line of s at spaces. A word that is wider than a line stays
// whole, so that an address stays one.
func fold(s text.Safe, first, rest string) text.Safe {
	var lines []string
	for line := range strings.SplitSeq(s.String(), "\n") {
		at, used := first, 0
		b := strings.Builder{}
		for _, word := range strings.Fields(line) {
			w := ansi.StringWidth(word)
			if used > 0 && used+1+w > width {
				b.WriteString("\n")
				at, used = rest, 0
			}
			if used == 0 {
				b.WriteString(at)
				used = len(at)
			} else {
				b.WriteString(" ")
				used++
			}
			b.WriteString(word)
			used += w
		}
		lines = append(lines, b.String())
	}
	return again(strings.Join(lines, "\n"))
}
