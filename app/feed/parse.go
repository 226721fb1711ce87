package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Limits of what is read (security.md, Text from outside) and of what makes sense.
const (
	maxBody   = 1 << 20
	maxDepth  = 32
	maxAhead  = 5 * time.Minute           // of the two clocks
	oldest    = 365 * 24 * time.Hour      // nothing can be told from an older look
	farthest  = 50 * 365 * 24 * time.Hour // no permission ends later
	mendIt    = "Mend what writes it; app/feed/README.md is the format."
	ranToEnd  = "Look whether what writes it ran to its end."
	showsLess = 80 // cells of a foreign value in an error
)

// colours are the dashboard's states by their words on the wire.
var colours = map[string]platforms.Colour{
	"connected": platforms.Green, "warning": platforms.Yellow, "disconnected": platforms.Red,
}

// parse reads a feed. known are values to take out of its texts. Every error is an
// [*Error] that names the field.
func parse(raw []byte, now time.Time, known ...string) (Feed, error) {
	if len(raw) > maxBody {
		return Feed{}, unread("it is larger than 1 MiB", mendIt)
	}
	raw = bytes.Trim(bytes.TrimPrefix(raw, []byte("\uFEFF")), " \t\r\n") // what JSON calls white space
	if err := whole(raw); err != nil {
		return Feed{}, err
	}
	if err := ours(raw); err != nil {
		return Feed{}, err
	}
	r := reader{tokens: json.NewDecoder(bytes.NewReader(raw)), now: now, known: known}
	r.tokens.UseNumber()
	return r.feed()
}

// whole tells what keeps raw from being one JSON object.
func whole(raw []byte) error {
	switch {
	case len(raw) == 0:
		return unread("it is empty", ranToEnd)
	case raw[0] == '<':
		return unread("it is a page and no JSON, perhaps of a login or of a proxy", "Open it yourself and see what comes.")
	case !utf8.Valid(raw):
		return unread("it is not in UTF-8", mendIt)
	case raw[0] != '{':
		return unread("it is no JSON object", mendIt)
	case depth(raw) > maxDepth:
		return unread(fmt.Sprintf("it is nested deeper than %d levels", maxDepth), mendIt)
	}
	return syntax(json.Unmarshal(raw, new(json.RawMessage)), raw)
}

// syntax says where JSON is broken, or that it was cut.
func syntax(err error, raw []byte) error {
	var at *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at) && at.Offset < int64(len(raw)):
		return unread(fmt.Sprintf("it is broken JSON in line %d", 1+bytes.Count(raw[:at.Offset], []byte("\n"))), mendIt)
	}
	return unread("it breaks off: the end of the JSON is missing", ranToEnd)
}

// depth is how deep raw is nested, as far as it can be read; it stops past the limit.
func depth(raw []byte) int {
	d := json.NewDecoder(bytes.NewReader(raw))
	now, most := 0, 0
	for most <= maxDepth {
		token, err := d.Token()
		if err != nil {
			return most
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			now++
		case json.Delim('}'), json.Delim(']'):
			now--
		}
		most = max(most, now)
	}
	return most
}

// ours looks at the schema before anything else: what another one has is not to be
// called wrong by the rules of this one.
func ours(raw []byte) error {
	var head struct {
		Schema json.RawMessage `json:"schema"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return syntax(err, raw)
	}
	switch number := string(head.Schema); number {
	case "1":
		return nil
	case "":
		return unread("schema is missing", mendIt)
	default:
		return unread(fmt.Sprintf("schema is %s, and this program reads schema 1", shown(number)), "A newer reconnect may read it; else let it be written as schema 1.")
	}
}

// A reader reads JSON that is known to be valid, by the fields that may be there.
type reader struct {
	tokens *json.Decoder
	now    time.Time
	known  []string
}

func (r *reader) feed() (Feed, error) {
	f := Feed{Connections: []Connection{}}
	one := func(at string) error {
		c, err := r.connection(at)
		f.Connections = append(f.Connections, c)
		return err
	}
	err := r.object("", map[string]func(string) error{
		"schema":      func(string) error { _, err := r.next(); return err }, // ours has looked at it
		"at":          into(&f.At, r.moment),
		"connections": func(at string) error { return r.list(at, one) },
	}, "at", "connections")
	if err == nil {
		err = r.sound(f)
	}
	if err != nil {
		return Feed{}, err
	}
	return f, nil
}

func (r *reader) connection(at string) (Connection, error) {
	var c Connection
	return c, r.object(at, map[string]func(string) error{
		"platform": into(&c.Platform, oneOf(r, "platform", named())),
		"status":   into(&c.Colour, oneOf(r, "status", colours)),
		"account":  into(&c.Account, r.account),
		"expires":  into(&c.Expires, r.end),
		"error":    into(&c.Error, r.said),
	}, "platform", "account", "status")
}

// named are the platforms by their names.
func named() map[string]platforms.ID {
	all := map[string]platforms.ID{}
	for _, id := range platforms.IDs() {
		all[string(id)] = id
	}
	return all
}

// sound tells what does not make sense, though it is well written.
func (r *reader) sound(f Feed) error {
	switch ahead := f.At.Sub(r.now); {
	case ahead > maxAhead:
		return bad("at", "is %s ahead of this computer's clock", inWords(ahead))
	case ahead < -oldest:
		return bad("at", "is more than a year ago")
	}
	seen := map[string]int{}
	for i, c := range f.Connections {
		key := string(c.Platform) + "\n" + Bare(c.Account)
		if first, twice := seen[key]; twice {
			return bad(fmt.Sprintf("connections[%d].account", i), "is the same account as connections[%d]", first)
		}
		seen[key] = i
	}
	return nil
}

// inWords is a time in its largest whole unit.
func inWords(d time.Duration) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "days"}, {time.Hour, "hours"}} {
		if d >= 2*unit.of {
			return fmt.Sprintf("%d %s", d/unit.of, unit.name)
		}
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

// into puts what read gives where to points.
func into[T any](to *T, read func(at string) (T, error)) func(string) error {
	return func(at string) (err error) {
		*to, err = read(at)
		return err
	}
}

// oneOf reads one of the words that are known.
func oneOf[T any](r *reader, kind string, known map[string]T) func(string) (T, error) {
	return func(at string) (T, error) {
		s, err := r.text(at)
		v, ok := known[s]
		if err == nil && !ok {
			err = bad(at, "is %s, which is no %s. Known are %s", r.shown(s), kind, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		return v, err
	}
}

// account names an account: what looks like an address or a phone number stays.
func (r *reader) account(at string) (text.Safe, error) {
	s, err := r.text(at)
	name, _ := text.RedactSecrets(text.Line(strings.TrimSpace(s)), r.known...)
	if err == nil && Bare(name) == "" {
		err = bad(at, "names nobody")
	}
	return name, err
}

// said is the error that the dashboard shows, in its words.
func (r *reader) said(at string) (text.Safe, error) {
	s, err := r.text(at)
	words, _ := text.Redact(text.Block(strings.TrimSpace(s)), r.known...)
	return words, err
}

// end is when a permission ends.
func (r *reader) end(at string) (time.Time, error) {
	t, err := r.moment(at)
	if err == nil && t.Sub(r.now).Abs() > farthest {
		err = bad(at, "is %s, when no permission ends", t.Format(time.DateOnly))
	}
	return t, err
}

// moment is a time with its zone.
func (r *reader) moment(at string) (time.Time, error) {
	s, err := r.text(at)
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, bad(at, "is %s, and has to be a time such as 2026-11-23T08:15:42Z", r.shown(s))
	}
	return t.UTC(), nil
}

func (r *reader) text(at string) (string, error) {
	token, err := r.next()
	s, ok := token.(string)
	if err == nil && !ok {
		err = bad(at, "is %s, and has to be a text", kind(token))
	}
	return s, err
}

func (r *reader) list(at string, each func(at string) error) error {
	if err := r.open(at, '[', "a list"); err != nil {
		return err
	}
	for i := 0; r.tokens.More(); i++ {
		if err := each(fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	_, err := r.next()
	return err
}

// object reads an object whose keys are known, each once.
func (r *reader) object(at string, known map[string]func(at string) error, needed ...string) error {
	if err := r.open(at, '{', "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for r.tokens.More() {
		token, err := r.next()
		if err != nil {
			return err
		}
		key, _ := token.(string) // of an object in valid JSON
		read, ok := known[key]
		switch {
		case seen[key]:
			return bad(under(at, key), "is there twice")
		case !ok:
			return bad(under(at, r.shown(key)), "is no field here. Known are %s", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		seen[key] = true
		if err := read(under(at, key)); err != nil {
			return err
		}
	}
	for _, key := range needed {
		if !seen[key] {
			return bad(under(at, key), "is missing")
		}
	}
	_, err := r.next()
	return err
}

// open reads the beginning of an object or a list.
func (r *reader) open(at string, delim json.Delim, what string) error {
	token, err := r.next()
	if err == nil && token != delim {
		err = bad(at, "is %s, and has to be %s", kind(token), what)
	}
	return err
}

// next is the next token, which valid JSON has.
func (r *reader) next() (json.Token, error) {
	token, err := r.tokens.Token()
	if err != nil {
		return nil, unread("it is broken JSON", mendIt)
	}
	return token, nil
}

func under(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// kind names what a token is, and never its value.
func kind(token json.Token) string {
	switch token {
	case nil:
		return "null"
	case json.Delim('{'):
		return "an object"
	case json.Delim('['):
		return "a list"
	case true, false:
		return "true or false"
	}
	if _, ok := token.(string); ok {
		return "a text"
	}
	return "a number"
}

// shown is a foreign value as an error may quote it: its beginning, redacted.
func (r *reader) shown(raw string) string { return shown(raw, r.known...) }

func shown(raw string, known ...string) string {
	words, _ := text.Redact(text.Line(raw), known...)
	return strconv.Quote(ansi.Truncate(words.String(), showsLess, "…"))
}

// bad is the error for a field.
func bad(at, format string, args ...any) error {
	return unread(at+" "+fmt.Sprintf(format, args...), mendIt)
}
