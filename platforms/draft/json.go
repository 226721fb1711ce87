package draft

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// A value is a part of a JSON text that knows where it stands: raw[from:to].
type value struct {
	from, to int
	kind     byte   // '{', '[', '"', or 0 for a number, true, false and null
	text     string // of a text
	fields   []field
	items    []value
}

// A field is one key of an object, from its quote on, with its value.
type field struct {
	from int
	name string
	value
}

// parse reads a whole JSON text that is known to be valid.
func parse(raw []byte) value {
	return (&parser{raw, json.NewDecoder(bytes.NewReader(raw))}).value()
}

type parser struct {
	raw    []byte
	tokens *json.Decoder
}

// next is the next token and where it begins. In a valid text it cannot fail.
func (p *parser) next() (json.Token, int) {
	from := int(p.tokens.InputOffset())
	for strings.IndexByte(" \t\r\n,:", p.raw[from]) >= 0 {
		from++
	}
	token, err := p.tokens.Token()
	if err != nil {
		panic(err)
	}
	return token, from
}

func (p *parser) value() value {
	token, from := p.next()
	v := value{from: from}
	switch token := token.(type) {
	case string:
		v.kind, v.text = '"', token
	case json.Delim:
		v.kind = byte(token)
		p.inside(&v)
	}
	v.to = int(p.tokens.InputOffset())
	return v
}

// inside reads what stands between the brackets of v.
func (p *parser) inside(v *value) {
	for p.tokens.More() {
		if v.kind == '[' {
			v.items = append(v.items, p.value())
			continue
		}
		token, from := p.next()
		name, _ := token.(string)
		v.fields = append(v.fields, field{from, name, p.value()})
	}
	p.next() // the closing bracket
}

// at is the value at a path: a field by its name, an item of a list by its id or,
// where it has none, by its number from 1.
func (v value) at(path ...string) (value, bool) {
	for _, name := range path {
		i := v.index(name)
		if i < 0 {
			return value{}, false
		}
		if v.kind == '[' {
			v = v.items[i]
		} else {
			v = v.fields[i].value
		}
	}
	return v, true
}

// index is where v has what is called name, or -1.
func (v value) index(name string) int { return slices.Index(v.names(), name) }

// names are what the fields or items of v are called.
func (v value) names() []string {
	var names []string
	for _, f := range v.fields {
		names = append(names, f.name)
	}
	for i, item := range v.items {
		names = append(names, cmp.Or(item.id(), strconv.Itoa(i+1)))
	}
	return names
}

// id is the id of an item; empty if it has none.
func (v value) id() string {
	id, _ := v.at("id")
	return id.text
}

// starts are where the fields or items of v begin.
func (v value) starts() []int {
	var all []int
	for _, f := range v.fields {
		all = append(all, f.from)
	}
	for _, i := range v.items {
		all = append(all, i.from)
	}
	return all
}

// end is where the last field or item of v ends; there is one.
func (v value) end() int {
	if v.kind == '[' {
		return v.items[len(v.items)-1].to
	}
	return v.fields[len(v.fields)-1].to
}

// An edit puts with in the place of raw[from:to].
type edit struct {
	from, to int
	with     string
}

// edited is raw with edits that do not overlap.
func edited(raw []byte, edits ...edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.from, a.from) })
	out := slices.Clone(raw)
	for _, e := range edits {
		out = slices.Replace(out, e.from, e.to, []byte(e.with)...)
	}
	return out
}

// set puts a text in the place of a field of v, or behind its last field.
func (v value) set(name, with string) edit {
	if f, ok := v.at(name); ok {
		return edit{f.from, f.to, quoted(with)}
	}
	return edit{v.end(), v.end(), ", " + quoted(name) + ": " + quoted(with)}
}

// drop takes a field of v away, with one comma.
func (v value) drop(name string) []edit {
	i := v.index(name)
	switch {
	case i < 0:
		return nil
	case i > 0:
		return []edit{{v.fields[i-1].to, v.fields[i].to, ""}}
	case len(v.fields) > 1:
		return []edit{{v.fields[0].from, v.fields[1].from, ""}}
	}
	return []edit{{v.fields[0].from, v.fields[0].to, ""}}
}

// quoted is s as a JSON text, written as a person would.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s) // a string cannot fail
	}
	return strings.TrimSuffix(b.String(), "\n")
}
