package draft

import (
	"bytes"
	"strings"
)

// A layout writes new JSON the way the file around it is written.
type layout struct {
	raw  []byte
	unit string // one step of indentation
	line string // how a line ends
}

func layoutOf(raw []byte, root value) layout {
	l := layout{raw, "  ", "\n"}
	if bytes.Contains(raw, []byte("\r\n")) {
		l.line = "\r\n"
	}
	if starts := root.starts(); len(starts) > 0 && l.indent(starts[0]) != "" {
		l.unit = l.indent(starts[0])
	}
	return l
}

// indent is the white space that the line of a place begins with.
func (l layout) indent(at int) string {
	line := l.raw[bytes.LastIndexByte(l.raw[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// A part is JSON that is to be written at an indentation.
type part func(indent string) string

// block puts lines between brackets, each a step further in.
func (l layout) block(brackets string, lines ...part) part {
	return func(indent string) string {
		var b strings.Builder
		b.WriteString(brackets[:1])
		for i, line := range lines {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(l.line + indent + l.unit + line(indent+l.unit))
		}
		b.WriteString(l.line + indent + brackets[1:])
		return b.String()
	}
}

// named is a field.
func named(name string, p part) part {
	return func(indent string) string { return quoted(name) + ": " + p(indent) }
}

// words is a text that stands as it is.
func words(s string) part { return func(string) string { return s } }

// moved is JSON that stood at the indentation old.
func (l layout) moved(raw, old string) part {
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	return func(indent string) string { return strings.ReplaceAll(raw, "\n"+old, l.line+indent) }
}

// insert puts p before the field or item number at of v, or behind the last one.
func (l layout) insert(v value, at int, p part) edit {
	starts := v.starts()
	if len(starts) == 0 {
		brackets := string(l.raw[v.from]) + string(l.raw[v.to-1])
		return edit{v.from, v.to, l.block(brackets, p)(l.indent(v.from))}
	}
	indent, between := l.indent(starts[0]), " "
	if bytes.Contains(l.raw[v.from:starts[0]], []byte("\n")) {
		between = l.line + indent
	}
	if at < len(starts) {
		return edit{starts[at], starts[at], p(indent) + "," + between}
	}
	return edit{v.end(), v.end(), "," + between + p(indent)}
}
