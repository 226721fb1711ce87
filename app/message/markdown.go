package message

import (
	"regexp"
	"strings"
	"sync"

	"reconnect/platforms/text"
)

// Markdown is m in Markdown. Foreign text stands in fences or is escaped: it is
// never a link, an image, a heading or HTML.
func Markdown(m Message) text.Safe {
	return render(m, face{
		subject: func(s text.Safe) text.Safe { return text.Format("# %s", escape(s)) },
		title:   func(s text.Safe) text.Safe { return text.Format("## %s\n", escape(s)) },
		prose:   paragraphs,
		row: func(label, value text.Safe) text.Safe {
			if label.Empty() {
				return text.Format("- %s", escape(value))
			}
			return text.Format("- **%s:** %s", escape(label), escape(value))
		},
		lead: func(label text.Safe) text.Safe { return text.Format("**%s:**", escape(label)) },
	})
}

// marks are the characters that mean something to Markdown or HTML inside of a
// line; an address is kept from becoming a link.
var marks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"://", `\://`, "www.", `www\.`)

// begin is what means something at the beginning of a line.
var begin = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[#+=-]|[0-9]{1,9}[.)])`) })

// escape is one line of foreign text that means nothing to Markdown.
func escape(s text.Safe) text.Safe {
	line := marks.Replace(strings.Trim(s.String(), " \t"))
	line = begin().ReplaceAllStringFunc(line, func(found string) string {
		return found[:len(found)-1] + `\` + found[len(found)-1:]
	})
	return again(line)
}

// paragraphs is foreign text of several lines: empty lines part paragraphs,
// other line ends stay.
func paragraphs(s text.Safe) text.Safe {
	var whole []text.Safe
	var lines []text.Safe
	for _, line := range append(s.Lines(), text.Safe{}) {
		if line = escape(line); !line.Empty() {
			lines = append(lines, line)
			continue
		}
		whole = append(whole, text.Join("\\\n", lines...))
		lines = nil
	}
	return text.Join("\n\n", whole...)
}
