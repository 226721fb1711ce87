package text

import "strings"

// Argument is a word of a command as the shells of a system read it: to be copied, and
// never more than that one word.
func Argument(word, system string) Safe {
	word = Block(word).String()
	switch {
	case system == "windows" && bare(word, `\`):
		return Block(word)
	case system == "windows":
		return Block(`"` + strings.ReplaceAll(word, `"`, "") + `"`) // nothing escapes one in every shell there
	case bare(word, "@%,="):
		return Block(word)
	}
	return Block("'" + strings.ReplaceAll(word, "'", `'\''`) + "'")
}

// bare tells whether a word stands for itself without quotes.
func bare(word, also string) bool {
	return word != "" && strings.IndexFunc(word, func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		return !letter && !strings.ContainsRune("_./:+-"+also, c)
	}) < 0
}
