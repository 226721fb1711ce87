package platforms

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"reconnect/platforms/text"
)

// A file is a data file being read: where its fields stand, and what is wrong.
type file struct {
	name     string
	lines    map[string]int // by field
	problems []error
	unread   bool // it could not be read at all
	vars     Vars // what to fill in to measure a text
	fields   map[reflect.Type]map[string][]int
}

// open reads the file called name into v, which is a pointer to a struct. What
// does not belong there is a problem of the file, and is left out.
func open(from fs.FS, name string, v any) *file {
	f := &file{name: name, lines: map[string]int{"": 1}, fields: map[reflect.Type]map[string][]int{}}
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		f.unread = true
		f.bad("", "the file cannot be read: %v", err)
		return f
	}
	root, line, err := parse(raw)
	if err != nil {
		f.unread, f.lines[""] = true, line
		f.bad("", "not valid JSON: %v", err)
		return f
	}
	f.decode("", root, reflect.ValueOf(v).Elem())
	return f
}

// bad notes a problem of a field. A field that is not there is looked for where
// the object stands that should have it.
func (f *file) bad(path, format string, args ...any) {
	at := path
	line, ok := f.lines[at]
	for !ok {
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
		line, ok = f.lines[at]
	}
	f.problems = append(f.problems, &Problem{f.name, line, path, fmt.Sprintf(format, args...)})
}

// has tells whether the file has the field.
func (f *file) has(path string) bool {
	_, ok := f.lines[path]
	return ok
}

var (
	safeType  = reflect.TypeFor[text.Safe]()
	wordsType = reflect.TypeFor[Words]()
	spanType  = reflect.TypeFor[time.Duration]()
)

// decode puts n into v and remembers where it stood.
func (f *file) decode(path string, n node, v reflect.Value) {
	f.lines[path] = n.line
	switch {
	case v.Type() == safeType:
		v.Set(reflect.ValueOf(f.safe(path, n)))
	case v.Type() == wordsType && n.kind == '"':
		s := f.safe(path, n)
		v.Set(reflect.ValueOf(Words{s, s, s}))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.decode(path, n, v.Elem())
	case v.Kind() == reflect.String:
		if f.is(path, n, '"') {
			v.SetString(n.text)
		}
	case v.Type() == spanType:
		v.SetInt(int64(f.span(path, n)))
	case v.Kind() == reflect.Int:
		v.SetInt(int64(f.number(path, n)))
	case v.Kind() == reflect.Slice:
		f.list(path, n, v)
	case v.Kind() == reflect.Map:
		f.table(path, n, v)
	default:
		f.object(path, n, v)
	}
}

// is tells whether n is of a kind, and notes it if not.
func (f *file) is(path string, n node, kind byte) bool {
	names := map[byte]string{'{': "an object", '[': "a list", '"': "a text", 0: "a number, true, false or null"}
	if n.kind != kind {
		f.bad(path, "this must be %s, not %s", names[kind], names[n.kind])
	}
	return n.kind == kind
}

// safe is the text of n. A text that cleaning would change is a problem: nobody
// would see what stands in the file.
func (f *file) safe(path string, n node) text.Safe {
	if !f.is(path, n, '"') {
		return text.Safe{}
	}
	s := text.Block(n.text)
	if s.String() != n.text {
		f.bad(path, "the text has control, hidden or direction-changing characters, or is too long")
	}
	if strings.TrimSpace(n.text) == "" {
		f.bad(path, "the text is empty")
	} else if strings.TrimSpace(n.text) != n.text {
		f.bad(path, "the text begins or ends with a space")
	}
	f.checkBraces(path, n.text)
	return s
}

// span is a length of time, written as hours or minutes.
func (f *file) span(path string, n node) time.Duration {
	if !f.is(path, n, '"') {
		return 0
	}
	d, err := time.ParseDuration(n.text)
	if err != nil || spanText(d) != n.text {
		f.bad(path, `this must be a time such as "15m" or "24h"`)
		return 0
	}
	return d
}

// spanText is d as the data has it: whole hours, else whole minutes.
func spanText(d time.Duration) string {
	if d%time.Hour == 0 && d != 0 {
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return strconv.Itoa(int(d/time.Minute)) + "m"
}

// number is a whole number.
func (f *file) number(path string, n node) int {
	i, err := strconv.Atoi(n.text)
	if n.kind != 0 || err != nil {
		f.bad(path, "this must be a whole number")
		return 0
	}
	return i
}

func (f *file) list(path string, n node, v reflect.Value) {
	if !f.is(path, n, '[') {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		f.decode(fmt.Sprintf("%s[%d]", path, i), item, v.Index(i))
	}
}

// table reads an object whose keys are names, such as the pages.
func (f *file) table(path string, n node, v reflect.Value) {
	if !f.is(path, n, '{') {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, k := range f.unique(path, n) {
		value := reflect.New(v.Type().Elem()).Elem()
		f.decode(under(path, k.name), k.value, value)
		f.lines[under(path, k.name)] = k.line
		v.SetMapIndex(reflect.ValueOf(k.name), value)
	}
}

// object reads an object with known fields.
func (f *file) object(path string, n node, v reflect.Value) {
	if !f.is(path, n, '{') {
		return
	}
	known := f.fieldsOf(v.Type())
	for _, k := range f.unique(path, n) {
		index, ok := known[k.name]
		if !ok {
			f.lines[under(path, k.name)] = k.line
			f.bad(under(path, k.name), "no such field here")
			continue
		}
		f.decode(under(path, k.name), k.value, v.FieldByIndex(index))
	}
	if v.Type() == wordsType {
		f.words(path, v.Addr().Interface().(*Words))
	}
}

// words fills the wordings that were left out: they are as the person's own.
func (f *file) words(path string, w *Words) {
	if w.Own.Empty() {
		f.bad(under(path, "own"), "the text is missing")
	}
	if !f.has(under(path, "agent")) && !f.has(under(path, "onboarding")) {
		f.bad(path, "only one wording: write it as a plain text")
	}
	w.Agent = w.Agent.Or(w.Own)
	w.Onboarding = w.Onboarding.Or(w.Own)
}

// unique are the keys of n; one that stands there twice is a problem.
func (f *file) unique(path string, n node) []field {
	var keys []field
	for _, k := range n.keys {
		if slices.ContainsFunc(keys, func(o field) bool { return o.name == k.name }) {
			f.problems = append(f.problems, &Problem{f.name, k.line, under(path, k.name), "the field is there twice"})
			continue
		}
		keys = append(keys, k)
	}
	return keys
}

// fieldsOf are the places of the fields of t by their names in JSON.
func (f *file) fieldsOf(t reflect.Type) map[string][]int {
	if known, ok := f.fields[t]; ok {
		return known
	}
	known := map[string][]int{}
	f.fields[t] = known
	for _, sf := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name != "" {
			known[name] = sf.Index
		}
	}
	return known
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
