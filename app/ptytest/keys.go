package ptytest

import (
	"strings"
	"unicode/utf8"
)

// keys are the bytes an xterm sends.
var keys = map[string]string{
	"enter":     "\r",
	"esc":       "\x1b",
	"tab":       "\t",
	"shift+tab": "\x1b[Z",
	"space":     " ",
	"backspace": "\x7f",
	"insert":    "\x1b[2~",
	"delete":    "\x1b[3~",
	"pgup":      "\x1b[5~",
	"pgdown":    "\x1b[6~",
	"f1":        "\x1bOP",
	"f2":        "\x1bOQ",
	"f3":        "\x1bOR",
	"f4":        "\x1bOS",
	"f5":        "\x1b[15~",
	"f6":        "\x1b[17~",
	"f7":        "\x1b[18~",
	"f8":        "\x1b[19~",
	"f9":        "\x1b[20~",
	"f10":       "\x1b[21~",
	"f11":       "\x1b[23~",
	"f12":       "\x1b[24~",
}

// cursorKeys are the keys whose bytes a program can change (DECCKM).
var cursorKeys = map[string]string{
	"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F",
}

// keyBytes returns what the named key sends; application says that the
// program asked for the application's cursor keys.
func keyBytes(name string, application bool) (string, bool) {
	if final, ok := cursorKeys[name]; ok {
		if application {
			return "\x1bO" + final, true
		}
		return "\x1b[" + final, true
	}
	if bytes, ok := keys[name]; ok {
		return bytes, true
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return ctrl(rest)
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		bytes, ok := keyBytes(rest, application)
		return "\x1b" + bytes, ok
	}
	return name, utf8.RuneCountInString(name) == 1
}

// ctrl returns what the named key sends with ctrl held: for the characters
// from @ to _ the control character, for a cursor key a modified one.
func ctrl(name string) (string, bool) {
	if final, ok := cursorKeys[name]; ok {
		return "\x1b[1;5" + final, true
	}
	if name == "space" {
		return "\x00", true
	}
	if len(name) != 1 {
		return "", false
	}
	c := strings.ToUpper(name)[0]
	if c < '@' || c > '_' {
		return "", false
	}
	return string(rune(c - '@')), true
}
