package message

import (
	"reflect"
	"slices"

	"reconnect/app/ladder"
	"reconnect/platforms/text"
)

// Texts are redacted when they are recorded. What follows is the second fence:
// each text once more on its own, before it is folded or escaped, because that
// would cut a token into shapes that nothing knows.

// takeOut cleans and redacts every text of m, and counts what was taken out, now
// and when it was recorded.
func (m *Message) takeOut(log []ladder.Event) {
	for _, e := range log {
		if e.Kind == ladder.MessageEdited && e.Data.Text != m.Own {
			continue // words that were replaced since
		}
		m.Removed = sum(m.Removed, e.Data.Removed)
	}
	m.Removed = sum(m.Removed, redacted(m))
}

// redacted cleans and redacts every text in *v, and tells what was taken out.
func redacted[T any](v *T) []text.Removed {
	var found []text.Removed
	each(reflect.ValueOf(v).Elem(), func(s text.Safe) text.Safe {
		s, removed := text.RedactSecrets(s)
		found = sum(found, removed)
		return s
	})
	return found
}

// sum is a and b with each kind once.
func sum(a, b []text.Removed) []text.Removed {
	for _, r := range b {
		i := slices.IndexFunc(a, func(o text.Removed) bool { return o.Kind == r.Kind })
		if i < 0 {
			a = append(a, r)
			continue
		}
		a[i].Count += r.Count
	}
	return a
}

var safeType = reflect.TypeFor[text.Safe]()

// each puts change(s) in the place of every text s in v. Ids come from a log,
// and a log may be a stranger's: they are cleaned first.
func each(v reflect.Value, change func(text.Safe) text.Safe) {
	switch {
	case !v.CanSet(): // inside of a time or a zone
	case v.Type() == safeType:
		s, _ := v.Interface().(text.Safe)
		v.Set(reflect.ValueOf(change(s)))
	case v.Kind() == reflect.String:
		v.SetString(change(text.Line(v.String())).String())
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), change)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		each(v.Elem(), change)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			each(v.Field(i), change)
		}
	}
}
