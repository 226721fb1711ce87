package explain

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxReports = 512 // different errors of one text; more of them decide nothing
	maxFields  = 24  // of one error
	maxName    = 24  // letters of a field's name
	maxValue   = 256 // bytes of a value that are looked at
	maxDigits  = 7   // of a code; what is longer is an id or a time
)

// A reader takes the typed fields out of a text, whatever the text is: JSON whole
// or cut, Python and PHP dumps, addresses, headers, log lines. It does not parse
// any of these; it looks for names that it knows and takes what stands behind
// them. So it needs no beginning and no end.
type reader struct {
	text    string
	know    *knowledge
	reports []report
	now     report
	seen    map[uint64]bool // what earlier reports said, once there are many
	prev    string          // the word before
	prev2   string          // and the one before that
	ended   int             // where the word before ended
}

// read takes the fields out of a decoded text. There is always one report.
func read(text string, know *knowledge) []report {
	r := reader{text: text, know: know}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case letter(c) || c == '_' || c >= utf8.RuneSelf:
			i = r.word(i)
		case digit(c):
			i = r.number(i)
		case c == '(' || c == '[':
			i = r.bracket(i)
		default:
			i++
		}
	}
	r.close(len(text))
	if len(r.reports) == 0 {
		r.reports = append(r.reports, report{})
	}
	r.reports[0].from = 0
	for i := range r.reports[1:] {
		r.reports[i].to = r.reports[i+1].from
	}
	r.reports[len(r.reports)-1].to = len(text)
	return r.reports
}

// wordEnd is the end of the word at i: letters, digits, and the signs within
// names.
func wordEnd(s string, i int) int {
	for i < len(s) && (letter(s[i]) || digit(s[i]) || s[i] == '_' || s[i] >= utf8.RuneSelf || s[i] == '-' && i+1 < len(s) && letter(s[i+1])) {
		i++
	}
	return i
}

// word reads the word at i, which may be the name of a field or a symbolic code.
func (r *reader) word(i int) int {
	end := wordEnd(r.text, i)
	word := r.text[i:end]
	if len(word) == 1 && end < len(r.text) && (r.text[end] == '\'' || r.text[end] == '"') {
		return end // u'…' and b'…' of Python
	}
	if strings.Trim(r.text[r.ended:i], " -_") != "" {
		r.prev, r.prev2 = "", "" // a sign stands between: they do not belong together
	}
	k := r.know.kindOf(word)
	next := end
	switch {
	case k == notAField:
		r.symbol(word, i)
	case k == kindHTTP && strings.HasPrefix(r.text[end:], "/"):
		next = r.protocol(end, i)
	default:
		next = r.value(k, word, i, end)
	}
	r.prev2, r.prev, r.ended = r.prev, word, end
	return next
}

// symbol takes a symbolic code that stands alone: "reached_active_user_cap, HTTP 403".
func (r *reader) symbol(word string, at int) {
	if len(word) < 8 || len(word) > 64 || !strings.ContainsAny(word, "_-") {
		return
	}
	if key := symbolKey(word); r.know.symbols[key] != nil && !r.now.hasSymbol(key) {
		r.add(field{kind: kindError, value: word, key: key, at: at, query: r.inAddress(at)})
	}
}

// protocol reads HTTP/1.1 403.
func (r *reader) protocol(i, at int) int {
	for i < len(r.text) && (digit(r.text[i]) || r.text[i] == '/' || r.text[i] == '.') {
		i++
	}
	for i < len(r.text) && r.text[i] == ' ' {
		i++
	}
	end := i
	for end < len(r.text) && digit(r.text[end]) {
		end++
	}
	if status, ok := httpStatus(r.text[i:end]); ok {
		r.add(field{kind: kindHTTP, name: "HTTP", value: r.text[i:end], code: status, at: at})
		return end
	}
	return i
}

// value reads what stands behind a name and takes the field.
func (r *reader) value(k kind, name string, at, end int) int {
	i, sep := separator(r.text, end)
	if i = skipType(r.text, i); i >= len(r.text) {
		return end
	}
	f := field{kind: k, name: name, at: at}
	value, after, quoted := valueAt(r.text, i)
	if value == "" {
		return end
	}
	f.value = value
	f.query = sep == '=' && (r.inAddress(at) || strings.HasPrefix(r.text[after:], "&"))
	if n, ok := codeOf(value); ok {
		if k == kindMessage || sep == 0 && !numbered(k) {
			return end
		}
		f.code = n
		r.numeric(f)
		return max(end, after)
	}
	if sep == 0 || k == kindSubcode {
		return end
	}
	if k == kindMessage || quoted && strings.ContainsAny(value, " {") {
		r.message(f)
		return i // a message may hold fields itself
	}
	r.symbolic(f)
	return i
}

// numbered tells whether a number may stand behind a name with nothing between.
func numbered(k kind) bool {
	return k == kindCode || k == kindSubcode || k == kindHTTP || k == kindError
}

// numeric takes a field whose value is a number. What a tool calls it need not be
// what it is: a "code" of 401 may be the status, a "status" of 3013046 the code.
func (r *reader) numeric(f field) {
	switch f.kind {
	case kindCode, kindError, kindReason:
		if beforeCode(lower(r.prev)) || beforeCode(lower(r.prev2)) {
			return
		}
		prev := lower(r.prev)
		if prev == "status" || prev == "http" {
			f.kind = kindHTTP
		} else if prev == "sub" || prev == "subcode" {
			f.kind = kindSubcode
		} else {
			f.kind = kindCode
		}
	case kindHTTP:
		if f.code > 599 || f.code < 0 {
			f.kind = kindCode
		}
	case kindType, kindState, kindMessage:
		return
	case kindID, kindTime, kindSubcode, notAField:
	}
	if f.kind == kindHTTP {
		if _, ok := httpStatus(f.value); !ok {
			return
		}
	}
	r.add(f)
}

// symbolic takes a field whose value is a word.
func (r *reader) symbolic(f field) {
	switch f.kind {
	case kindCode, kindSubcode:
		f.kind = kindError
	case kindHTTP:
		f.kind = kindState
	case kindState:
		if lower(f.value) != "false" {
			return
		}
		f.value = "is_valid=false"
	case kindError, kindType, kindReason, kindID, kindTime, kindMessage, notAField:
	}
	f.key = symbolKey(f.value)
	r.add(f)
}

// message takes the words of a platform.
func (r *reader) message(f field) {
	switch f.kind {
	case kindID, kindState, kindHTTP, kindCode, kindSubcode:
		return
	case kindTime:
	default:
		if key := symbolKey(f.value); f.kind != kindMessage && r.know.symbols[key] != nil {
			f.key = key
			break
		}
		f.kind = kindMessage
	}
	r.add(f)
}

// symbolKey makes symbolic codes comparable: case and signs do not matter, and of
// an address the last part counts.
func symbolKey(s string) string {
	if at := strings.LastIndexByte(s, '/'); at >= 0 && strings.HasPrefix(s, "http") {
		s = s[at+1:]
	}
	if len(s) > 64 {
		return ""
	}
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 'a' && s[i] <= 'z' || s[i] == '_' || digit(s[i])
	}
	if plain {
		return s
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c == '-' || c == ' ' || c == '+' || c == '.':
			return '_'
		}
		return c
	}, s)
}

// inAddress tells whether the name at i is a parameter of an address.
func (r *reader) inAddress(i int) bool {
	if i == 0 {
		return strings.IndexByte(r.text[:min(len(r.text), 128)], '&') > 0
	}
	c := r.text[i-1]
	return c == '?' || c == '&' || c == '#' || c == '/'
}

// lower is s in lower case, if it is short enough to be a word that matters.
func lower(s string) string {
	if len(s) > maxName {
		return ""
	}
	return strings.ToLower(s)
}

// add puts a field to the report that is being read, or begins a new one.
func (r *reader) add(f field) {
	if len(r.now.fields) >= maxFields && (f.kind == kindID || f.kind == kindTime || f.kind == kindType || f.kind == kindMessage) {
		return
	}
	if len(r.now.fields) > 0 && (!r.now.takes(f) || len(r.now.fields) >= maxFields) {
		r.close(f.at)
	}
	if len(r.now.fields) == 0 {
		r.now.from = f.at
	}
	r.now.fields = append(r.now.fields, f)
}

// close ends the report that is being read. One that only repeats is left out, and
// its room is used again.
func (r *reader) close(at int) {
	now := r.now
	r.now = report{from: at, fields: now.fields[:0]}
	if len(now.fields) == 0 || len(r.reports) >= maxReports {
		return
	}
	if len(r.reports) > 8 {
		if r.seen == nil {
			r.seen = map[uint64]bool{}
		}
		gist := now.gist()
		if r.seen[gist] {
			return
		}
		r.seen[gist] = true
	}
	now.fields = slices.Clone(now.fields)
	r.reports = append(r.reports, now)
}

// gist is a sum of what tells two reports apart (FNV-1a).
func (r *report) gist() uint64 {
	sum := uint64(14695981039346656037)
	for i := range r.fields {
		f := &r.fields[i]
		if f.kind == kindID || f.kind == kindTime || f.kind == kindMessage {
			continue
		}
		for _, c := range []byte(f.value) {
			sum = (sum ^ uint64(c)) * 1099511628211
		}
		sum = (sum ^ uint64(f.kind)) * 1099511628211
	}
	return sum
}
