package platforms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// A Problem is one thing that is wrong with a data file, and where.
type Problem struct {
	File  string // the path in its folder, with slashes
	Line  int    // from 1
	Field string // pages.reconnect.do[2].text; empty for the whole file
	Text  string
}

func (p *Problem) Error() string {
	where := fmt.Sprintf("%s:%d: ", p.File, p.Line)
	if p.Field != "" {
		where += p.Field + ": "
	}
	return where + p.Text
}

func quote(s string) string { return strconv.Quote(s) }

// A node is one value of a JSON file that knows its line.
type node struct {
	line  int
	kind  byte // '{', '[', '"', or 0 for a number, true, false and null
	text  string
	keys  []field
	items []node
}

// A field is one key of an object with its value.
type field struct {
	name  string
	line  int
	value node
}

// parse reads a whole JSON text. Its error says the line it stands on.
func parse(raw []byte) (node, int, error) {
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		line := 1 + bytes.Count(raw, []byte("\n"))
		if at := (*json.SyntaxError)(nil); errors.As(err, &at) {
			line = 1 + bytes.Count(raw[:min(int(at.Offset), len(raw))], []byte("\n"))
		}
		return node{}, line, err
	}
	p := parser{raw: raw, tokens: json.NewDecoder(bytes.NewReader(raw)), line: 1}
	p.tokens.UseNumber()
	return p.value(), 0, nil
}

// A parser turns the tokens of a valid JSON text into nodes.
type parser struct {
	raw    []byte
	tokens *json.Decoder
	line   int
	seen   int64
}

// next is the next token; p.line is then its line. In a valid text it cannot fail.
func (p *parser) next() json.Token {
	token, err := p.tokens.Token()
	if err != nil {
		panic(err)
	}
	at := p.tokens.InputOffset()
	p.line += bytes.Count(p.raw[p.seen:at], []byte("\n"))
	p.seen = at
	return token
}

func (p *parser) value() node {
	token := p.next()
	n := node{line: p.line}
	switch token := token.(type) {
	case string:
		n.kind, n.text = '"', token
	case json.Delim:
		n.kind = byte(token)
		p.inside(&n)
	default:
		n.text = fmt.Sprint(token)
	}
	return n
}

// inside reads what stands between the brackets of n.
func (p *parser) inside(n *node) {
	for p.tokens.More() {
		if n.kind == '[' {
			n.items = append(n.items, p.value())
			continue
		}
		name, _ := p.next().(string)
		n.keys = append(n.keys, field{name: name, line: p.line, value: node{}})
		n.keys[len(n.keys)-1].value = p.value()
	}
	p.next() // the closing bracket
}
