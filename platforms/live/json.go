package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of what is read (security.md, Text from outside).
const (
	maxBody  = 1 << 20 // bytes of an answer, after inflation
	maxDepth = 32      // of its JSON
)

// A value is JSON from a platform, read strictly: no key twice, not too deep,
// nothing behind it. Numbers stay as they were written, because ids are longer
// than a float is exact (fact sheet 2.1, Go note).
type value struct{ v any }

// parse reads the JSON of a body. Its errors are faults without a request.
func parse(body []byte) (value, error) {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return value{}, &Fault{Kind: EmptyBody}
	case trimmed[0] != '{' && trimmed[0] != '[':
		return value{}, &Fault{Kind: NotJSON}
	}
	d := json.NewDecoder(bytes.NewReader(trimmed))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err == nil && !json.Valid(body) { // single tokens do not tell what stands around them
		err = &Fault{Kind: BrokenJSON}
	}
	return value{v}, err
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, &Fault{Kind: BrokenJSON}
	}
	open, ok := t.(json.Delim)
	if !ok {
		return t, nil
	}
	if depth++; depth > maxDepth {
		return nil, &Fault{Kind: TooDeep}
	}
	if open == '[' {
		return parseList(d, depth)
	}
	return parseMap(d, depth)
}

func parseList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, closing(d)
}

func parseMap(d *json.Decoder, depth int) (any, error) {
	m := map[string]any{}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, &Fault{Kind: BrokenJSON}
		}
		if _, twice := m[name]; twice {
			return nil, &Fault{Kind: DuplicateKey}
		}
		if m[name], err = parseValue(d, depth); err != nil {
			return nil, err
		}
	}
	return m, closing(d)
}

// closing reads the end of a list or map.
func closing(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return &Fault{Kind: BrokenJSON}
	}
	return nil
}

// at goes down by names. What is not there is the empty value.
func (v value) at(names ...string) value {
	for _, name := range names {
		m, _ := v.v.(map[string]any)
		v = value{m[name]}
	}
	return v
}

// there tells whether there is a value other than null.
func (v value) there() bool { return v.v != nil }

// list are the elements of a list.
func (v value) list() []value {
	l, _ := v.v.([]any)
	out := make([]value, len(l))
	for i := range l {
		out[i] = value{l[i]}
	}
	return out
}

// text is a string, or a number as it was written: an id may come as either.
func (v value) text() string {
	switch s := v.v.(type) {
	case string:
		return s
	case json.Number:
		return s.String()
	}
	return ""
}

// string is a string, and empty for anything else: a token is never a number.
func (v value) string() string {
	s, _ := v.v.(string)
	return s
}

// bool is a truth value; the second result is false if it is none.
func (v value) bool() (is, ok bool) {
	is, ok = v.v.(bool)
	return is, ok
}

// int is a whole number, also in quotes; 0 if it is none.
func (v value) int() int64 {
	n, err := strconv.ParseInt(v.text(), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// seconds is a span of time in whole seconds, within 100 years.
func (v value) seconds() time.Duration {
	const century = 100 * 365 * 24 * 3600
	return time.Duration(min(max(v.int(), 0), century)) * time.Second
}

// unix is a moment in seconds since 1970; zero if there is none.
func (v value) unix() time.Time {
	n := v.int()
	if n <= 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// strings are the texts of a list, or the words of one text parted by spaces or commas.
func (v value) strings() []string {
	if s, ok := v.v.(string); ok {
		return split(s)
	}
	var out []string
	for _, e := range v.list() {
		if s := e.text(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// want says that v is not what the documentation says, unless ok.
func want(ok bool, field string) error {
	if ok {
		return nil
	}
	return &Fault{Kind: WrongType, Detail: fmt.Sprintf("%q is not there, or not of its kind", field)}
}

// split parts scopes, which platforms join by space or comma.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
}

// missing are the words of need that have does not hold.
func missing(need, have []string) []string {
	return slices.DeleteFunc(slices.Clone(need), func(s string) bool { return slices.Contains(have, s) })
}

// jsonText is s in JSON.
func jsonText(s string) string {
	b, _ := json.Marshal(s) // a string always can be
	return string(b)
}

// number is a number as it was written, or null.
func number(v value) string {
	if n, ok := v.v.(json.Number); ok {
		return n.String()
	}
	return "null"
}

// rendered is v as JSON again.
func rendered(v value) string {
	b, _ := json.Marshal(v.v) // made of JSON
	return string(b)
}
