package explain

import (
	"slices"
	"strings"
	"unicode/utf8"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Role is what a field did to a verdict.
type Role string

// The roles of a field.
const (
	Decisive   Role = "decisive"
	Consistent Role = "consistent" // it agrees, and would not have been enough
	Irrelevant Role = "irrelevant"
)

// A Field is one entry of the court record: what stood where, what it did to the
// verdict, and by which rule.
type Field struct {
	Name   text.Safe `json:"name"`
	Value  text.Safe `json:"value"`
	Where  text.Safe `json:"where"` // line and column, of the decoded text
	Role   Role      `json:"role"`
	Rule   string    `json:"rule,omitempty"` // the signature, or "platform"
	Source text.Safe `json:"source,omitzero"`
	Read   string    `json:"read,omitempty"`
	at     int
}

const (
	maxRecord = 24 // entries
	maxQuote  = 160
	maxIDs    = 8
	// maxLogLine is how far before an id its log line may begin.
	maxLogLine = 4096
)

// record lists the fields of the decisive report, the words that mattered, and
// what told the platform.
func (t *trial) record(f finding, platform platforms.ID) []Field {
	r := &t.reports[f.region]
	list := make([]Field, 0, min(maxRecord, len(r.fields)+2))
	for i := range r.fields {
		if len(list) < maxRecord-2 {
			list = append(list, t.entry(&r.fields[i], f))
		}
	}
	if f.words != nil {
		list = append(list, t.quote(f))
	}
	if sign := t.heard.platform[platformIndex(platform)]; sign.weight > 0 && t.given == "" {
		from, to := t.folded.origin(t.text, sign.at), t.folded.origin(t.text, sign.to)
		list = append(list, Field{
			Name: text.Const("platform"), Value: t.words(from, to), Role: Decisive, Rule: "platform", at: from,
		})
	}
	slices.SortStableFunc(list, func(a, b Field) int { return a.at - b.at })
	t.place(list)
	return list
}

// entry is a field with its role.
func (t *trial) entry(f *field, by finding) Field {
	name := f.name
	if name == "" || name == "(#)" {
		name = f.kind.String()
	}
	e := Field{Name: text.Line(name), Value: text.Line(shorten(f.value)), Role: Irrelevant, at: f.at}
	s := by.sig
	if s == nil || !t.agrees(f, by) {
		return e
	}
	e.Role, e.Rule, e.Source, e.Read = Consistent, s.ID, s.Source, s.Read
	if decides(f, s) {
		e.Role = Decisive
	}
	return e
}

// decides tells whether the signature asks for the field.
func decides(f *field, s *signature) bool {
	switch f.kind {
	case kindCode:
		return s.code.holds(f.code) && !s.code.none() || s.subcode.holds(f.code) && !s.subcode.none() ||
			s.code.none() && s.http.holds(f.code) && !s.http.none()
	case kindSubcode:
		return s.subcode.holds(f.code) && !s.subcode.none()
	case kindHTTP:
		return s.http.holds(f.code) && !s.http.none()
	case kindError, kindType, kindReason, kindState:
		return f.key != "" && (f.key == s.errorKey || f.key == s.typeKey) || f.value == s.Match.State && f.value != "" ||
			s.Match.Error == "*" && f.kind == kindError
	case notAField, kindMessage, kindID, kindTime:
	}
	return false
}

// agrees tells whether the field points where the verdict points.
func (t *trial) agrees(f *field, by finding) bool {
	if decides(f, by.sig) {
		return true
	}
	if f.kind == kindMessage {
		return by.words != nil && by.words.region == by.region && f.at <= t.folded.origin(t.text, by.words.to) &&
			t.folded.origin(t.text, by.words.from) <= f.at+len(f.name)+len(f.value)+8
	}
	r := report{fields: []field{*f}}
	for _, s := range t.candidates(&r) {
		if t.allowed(s) && s.rule < 0 && (s.Cause == by.cause || slices.Contains(s.Also, by.cause)) {
			return true
		}
	}
	return false
}

// quote is the words of the text that mattered.
func (t *trial) quote(f finding) Field {
	s := t.know.rules[f.words.rule].sig
	from, to := t.folded.origin(t.text, f.words.from), t.folded.origin(t.text, f.words.to)
	e := Field{Name: text.Const("words"), Value: t.words(from, to), Rule: s.ID, Source: s.Source, Read: s.Read, Role: Consistent, at: from}
	if s == f.sig {
		e.Role = Decisive
	}
	return e
}

// words is the text from at to to, to the end of its last word.
func (t *trial) words(from, to int) text.Safe {
	for to < len(t.text) && (letter(t.text[to]) || t.text[to] >= utf8.RuneSelf) {
		to++
	}
	return text.Line(shorten(t.text[from:max(from, to)]))
}

// shorten keeps the beginning of a long value.
func shorten(s string) string {
	if len(s) <= maxQuote {
		return s
	}
	return cut(s[:maxQuote]) + "…"
}

// place says where each entry stands. The list is in the order of the text.
func (t *trial) place(list []Field) {
	line, start, from := 1, 0, 0
	for i := range list {
		at := min(list[i].at, len(t.text))
		for {
			n := strings.IndexByte(t.text[from:at], '\n')
			if n < 0 {
				break
			}
			from += n + 1
			start = from
			line++
		}
		from = max(from, at)
		list[i].Where = text.Format("line %s, column %s", text.Int(line), text.Int(at-start+1))
	}
}

// ids are the request ids of all reports, with their time as far as it is told.
func (t *trial) ids() []ID {
	var list []ID
	for i := range t.reports {
		r := &t.reports[i]
		for j := range r.fields {
			f := &r.fields[j]
			if f.kind != kindID || len(list) == maxIDs {
				continue
			}
			id := ID{Name: text.Line(f.name), Value: text.Line(shorten(f.value)), Time: t.timeOf(r, f)}
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}

// timeOf is when a request was made: the time beside it, the one in TikTok's
// log_id, or the one at the head of its log line.
func (t *trial) timeOf(r *report, id *field) text.Safe {
	if f := r.first(kindTime); f != nil {
		return text.Line(shorten(f.value))
	}
	if s := id.value; len(s) > 14 && strings.HasPrefix(s, "20") && allDigits(s[:14]) {
		return text.Line(s[:4] + "-" + s[4:6] + "-" + s[6:8] + " " + s[8:10] + ":" + s[10:12] + ":" + s[12:14])
	}
	from := max(0, id.at-maxLogLine)
	head := t.text[from+strings.LastIndexByte(t.text[from:id.at], '\n')+1:]
	head = strings.TrimLeft(head, "[(\"EWIDF, ")
	if len(head) >= 19 && allDigits(head[:4]) && head[4] == '-' && allDigits(head[5:7]) && allDigits(head[11:13]) && head[13] == ':' {
		return text.Line(head[:19])
	}
	return text.Safe{}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}
