// Package text makes text from outside safe, once, at the door.
//
// Here live the type [Safe], the cleaner that makes it, and redaction, which
// takes tokens, codes and secrets out. Views, logs and messages take Safe and
// nothing else. Nothing here knows a platform, a step or a screen.
package text

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Safe is text that may be shown, stored and sent: valid UTF-8 without control,
// bidirectional or hidden characters, capped in length. Only this package makes
// one. The zero value is the empty text.
type Safe struct{ s string }

// constant is unexported, so that outside of this package only an untyped
// string constant converts to it.
type constant string

// Const is a text written in the program itself.
func Const(s constant) Safe { return Safe{string(s)} }

// Int is n in decimal digits.
func Int(n int) Safe { return Safe{strconv.Itoa(n)} }

// String is the text itself.
func (s Safe) String() string { return s.s }

// Empty tells whether there is no text.
func (s Safe) Empty() bool { return s.s == "" }

// Or is s, or other where s is empty.
func (s Safe) Or(other Safe) Safe {
	if s.Empty() {
		return other
	}
	return s
}

// Lines are the lines of s.
func (s Safe) Lines() []Safe {
	var lines []Safe
	for line := range strings.SplitSeq(s.s, "\n") {
		lines = append(lines, Safe{line})
	}
	return lines
}

// Format puts args in the places of %s in f, in order. %% is a percent sign.
func Format(f constant, args ...Safe) Safe {
	var b strings.Builder
	rest := string(f)
	for {
		before, after, found := strings.Cut(rest, "%")
		b.WriteString(before)
		if !found {
			return Safe{b.String()}
		}
		switch {
		case strings.HasPrefix(after, "s") && len(args) > 0:
			b.WriteString(args[0].s)
			args, after = args[1:], after[1:]
		case strings.HasPrefix(after, "%"):
			b.WriteByte('%')
			after = after[1:]
		default:
			b.WriteByte('%')
		}
		rest = after
	}
}

// Join puts separator between the parts that are not empty.
func Join(separator constant, parts ...Safe) Safe {
	var kept []string
	for _, p := range parts {
		if !p.Empty() {
			kept = append(kept, p.s)
		}
	}
	return Safe{strings.Join(kept, string(separator))}
}

// Fill replaces each {name} of s by vars[name]. A name that vars does not have
// stays as it is, so that a test can find it.
func (s Safe) Fill(vars map[string]Safe) Safe {
	if !strings.Contains(s.s, "{") {
		return s
	}
	pairs := make([]string, 0, 2*len(vars))
	for name, value := range vars {
		pairs = append(pairs, "{"+name+"}", value.s)
	}
	return Safe{strings.NewReplacer(pairs...).Replace(s.s)}
}

// MarshalJSON writes s as a JSON string.
func (s Safe) MarshalJSON() ([]byte, error) { return json.Marshal(s.s) }

// UnmarshalJSON reads a JSON string and cleans it: a stored row is text from
// outside, too. It keeps up to MaxPaste bytes, because a stored error may be as
// long as a paste.
func (s *Safe) UnmarshalJSON(raw []byte) error {
	var in string
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*s = lines(in, MaxPaste)
	return nil
}

// IsZero lets encoding/json leave empty texts out with omitzero.
func (s Safe) IsZero() bool { return s.s == "" }
