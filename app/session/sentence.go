package session

import (
	"unicode"
	"unicode/utf8"

	"reconnect/platforms/text"
)

// Sentence words err as a sentence of its own, to stand behind another.
func Sentence(err error) text.Safe {
	said := text.Line(err.Error()).String()
	first, size := utf8.DecodeRuneInString(said)
	return text.Line(string(unicode.ToUpper(first)) + said[size:])
}
