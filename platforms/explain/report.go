package explain

import "strings"

// A field is one typed value that a text gives.
type field struct {
	kind  kind
	name  string // as it stands in the text
	value string
	key   string // a symbolic value made comparable
	code  int    // a numeric value
	at    int    // where the name stands in the decoded text
	weak  bool   // a number without a name beside it
	query bool   // from an address
}

// A report is the fields that stand together: one error of a text.
type report struct {
	fields   []field
	from, to int // its part of the decoded text
}

// first is the first field of a kind, or nil.
func (r *report) first(k kind) *field {
	for i := range r.fields {
		if r.fields[i].kind == k {
			return &r.fields[i]
		}
	}
	return nil
}

// tells whether the report has anything that can decide.
func (r *report) tells() bool {
	for _, f := range r.fields {
		switch f.kind {
		case kindCode, kindSubcode, kindHTTP, kindError, kindType, kindReason, kindState:
			return true
		case notAField, kindMessage, kindID, kindTime:
		}
	}
	return false
}

// takes tells whether f belongs to r, or begins an error of its own: it does when
// r has another value of its kind.
func (r *report) takes(f field) bool {
	switch f.kind {
	case kindID, kindTime, kindType, notAField:
		return true
	case kindMessage:
		return r.fits(f, f.name)
	case kindError, kindReason, kindState:
		return r.fits(f, f.name)
	case kindCode, kindSubcode, kindHTTP:
		return r.fits(f, "")
	}
	return true
}

// fits tells whether r has no other value of f's kind (and name, if given).
func (r *report) fits(f field, name string) bool {
	for _, o := range r.fields {
		if o.kind == f.kind && (name == "" || o.name == name) && o.value != f.value && !o.weak && !f.weak {
			return false
		}
	}
	return true
}

// fromAddress tells whether the error came in an address.
func (r *report) fromAddress() bool {
	for i := range r.fields {
		if r.fields[i].kind == kindError && r.fields[i].query {
			return true
		}
	}
	return false
}

// answer tells whether the text is a whole JSON answer that reports no error. What
// such an answer means, a live check knows; its words are names, not sentences.
func answer(s string, reports []report) bool {
	s = strings.TrimSpace(s)
	head := strings.TrimLeft(s, "[ \n\t")
	whole := len(s) > 1 && (s[len(s)-1] == '}' || s[len(s)-1] == ']') && head != "" && (head[0] == '{' || head[0] == ']')
	if !whole {
		return false
	}
	for _, r := range reports {
		if r.tells() || r.first(kindMessage) != nil {
			return false
		}
	}
	return !sentences(s)
}

// nameWords is how many words a name has at most; a longer text is a sentence.
const nameWords = 3

// sentences tells whether more words than a name has follow each other.
func sentences(s string) bool {
	words := 1
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			if words++; words > nameWords {
				return true
			}
		case c == '"', c == '{', c == '[', c == ':', c == '=', c == '\n':
			words = 1
		}
	}
	return false
}
