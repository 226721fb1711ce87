package app

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A spot is a place in a settings file, both counted from 1.
type spot struct{ line, column int }

func (s spot) String() string { return fmt.Sprintf("line %d, column %d", s.line, s.column) }

// A where knows the spot of each key of a settings file, by its whole name, such as
// apps.facebook.client_id. Tables have one, too.
type where map[string]spot

// spots finds the keys of a settings file. What follows broken TOML has none.
func spots(raw []byte) where {
	found := where{}
	var p unstable.Parser
	p.Reset(raw)
	table := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind { //nolint:exhaustive // comments are no keys
		case unstable.Table, unstable.ArrayTable:
			table = found.note(&p, "", e)
		case unstable.KeyValue:
			found.value(&p, table, e)
		}
	}
	return found
}

// value notes a key with its value, which may be a table of its own: {file = "…"}.
func (w where) value(p *unstable.Parser, table string, e *unstable.Node) {
	key := w.note(p, table, e)
	if e.Value().Kind != unstable.InlineTable {
		return
	}
	for inside := e.Value().Children(); inside.Next(); {
		if n := inside.Node(); n.Kind == unstable.KeyValue {
			w.value(p, key, n)
		}
	}
}

// note notes a key, and those that it goes through, and gives its whole name.
func (w where) note(p *unstable.Parser, table string, e *unstable.Node) string {
	name := table
	for parts := e.Key(); parts.Next(); {
		part := parts.Node()
		name = strings.TrimPrefix(name+"."+string(part.Data), ".")
		if _, known := w[name]; !known {
			at := p.Shape(part.Raw).Start
			w[name] = spot{at.Line, at.Column}
		}
	}
	return name
}

// of is the spot of a key, or of the table that it is missing from.
func (w where) of(key string) (spot, bool) {
	for {
		if at, known := w[key]; known {
			return at, true
		}
		cut := strings.LastIndex(key, ".")
		if cut < 0 {
			return spot{}, false
		}
		key = key[:cut]
	}
}

// whole is the whole name of a key that stands at a spot: of one in {…} the decoder
// names the last part alone.
func (w where) whole(key []string, at spot) []string {
	for name, there := range w {
		if parts := strings.Split(name, "."); there == at && len(parts) > len(key) && parts[len(parts)-1] == key[len(key)-1] {
			return parts
		}
	}
	return key
}
