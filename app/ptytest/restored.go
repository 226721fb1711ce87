package ptytest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Restored waits for the program's end and says whether it left the terminal
// as it found it: line editing and echo, the main screen, the cursor, mouse,
// paste and keyboard modes, colours. It returns everything that was not put
// back, or nil.
func (x *Terminal) Restored() error {
	x.t.Helper()
	x.Wait()
	var errs []error
	if x.after != nil && *x.after != *x.before {
		errs = append(errs, errors.New("the terminal was not set back to reading lines with echo"))
	}
	for _, what := range leftOn(x.AllOutput()) {
		errs = append(errs, errors.New("left on: "+what))
	}
	return errors.Join(errs...)
}

// modeNames say what a mode does to a person's shell.
var modeNames = map[int]string{
	1:    "application cursor keys",
	9:    "mouse clicks",
	47:   "the alternate screen",
	1000: "mouse clicks",
	1002: "mouse drags",
	1003: "mouse movements",
	1004: "focus reports",
	1006: "mouse coordinates",
	1047: "the alternate screen",
	1049: "the alternate screen",
	2004: "bracketed paste",
	2026: "an unfinished paint",
	2027: "grapheme widths",
	2031: "colour scheme reports",
	2048: "size reports",
}

// A remainder is what a program's output leaves switched on in a terminal.
type remainder struct {
	modes      map[int]bool // those that differ from how a terminal starts
	alternate  bool
	keyboard   [2][]int // kitty's stacks of flags: main and alternate screen
	otherKeys  bool
	keypad     bool
	cursor     bool // an unusual shape
	colours    map[int]bool
	link, busy bool
	pen        uv.Style
}

// leftOn reads a program's whole output and names what it left switched on.
func leftOn(output []byte) []string {
	r := remainder{modes: map[int]bool{}, colours: map[int]bool{}}
	p := ansi.NewParser()
	p.SetHandler(ansi.Handler{HandleCsi: r.csi, HandleEsc: r.esc, HandleOsc: r.osc})
	for _, b := range output {
		p.Advance(b)
	}
	return r.names()
}

func (r *remainder) csi(cmd ansi.Cmd, params ansi.Params) {
	first, _, _ := params.Param(0, 0)
	second, _, _ := params.Param(1, 0)
	switch int(cmd) {
	case ansi.Command('?', 0, 'h'):
		params.ForEach(0, func(_, mode int, _ bool) { r.mode(mode, true) })
	case ansi.Command('?', 0, 'l'):
		params.ForEach(0, func(_, mode int, _ bool) { r.mode(mode, false) })
	case 'm':
		uv.ReadStyle(params, &r.pen)
	case ansi.Command('>', 0, 'm'):
		r.otherKeys = first == 4 && second > 0
	case ansi.Command(0, ' ', 'q'):
		r.cursor = first > 1
	case ansi.Command('>', 0, 'u'):
		r.stack(func(s []int) []int { return append(s, first) })
	case ansi.Command('<', 0, 'u'):
		r.stack(func(s []int) []int { return s[:max(0, len(s)-max(1, first))] })
	case ansi.Command('=', 0, 'u'):
		r.stack(func(s []int) []int { return append(s[:max(0, len(s)-1)], first) })
	}
}

// mode notes a mode; 7 (wrap) and 25 (cursor) are on in a fresh terminal, 12
// (blink) and 1048 (save the cursor) leave nothing behind.
func (r *remainder) mode(mode int, on bool) {
	switch mode {
	case 12, 1048:
		return
	case 7, 25:
		r.modes[mode] = !on
		return
	case 47, 1047, 1049:
		r.alternate = on
	}
	r.modes[mode] = on
}

// stack changes the keyboard flags of the screen the program is on.
func (r *remainder) stack(change func([]int) []int) {
	screen := 0
	if r.alternate {
		screen = 1
	}
	r.keyboard[screen] = change(r.keyboard[screen])
}

func (r *remainder) esc(cmd ansi.Cmd) {
	switch int(cmd) {
	case 'c': // full reset
		*r = remainder{modes: map[int]bool{}, colours: map[int]bool{}}
	case '=':
		r.keypad = true
	case '>':
		r.keypad = false
	}
}

func (r *remainder) osc(cmd int, data []byte) {
	parts := bytes.Split(data, []byte(";"))
	switch cmd {
	case 8:
		r.link = len(parts) > 2 && len(parts[2]) > 0
	case 9:
		if len(parts) > 2 && string(parts[1]) == "4" {
			r.busy = string(parts[2]) != "0"
		}
	case 10, 11, 12:
		if len(parts) > 1 && string(parts[1]) != "?" {
			r.colours[cmd] = true
		}
	case 110, 111, 112:
		r.colours[cmd-100] = false
	}
}

func (r *remainder) names() []string {
	var names []string
	for _, mode := range slices.Sorted(maps.Keys(r.modes)) {
		switch {
		case !r.modes[mode]:
		case mode == 7:
			names = append(names, "no wrapping of long lines")
		case mode == 25:
			names = append(names, "a hidden cursor")
		case modeNames[mode] != "":
			names = append(names, fmt.Sprintf("%s (mode %d)", modeNames[mode], mode))
		default:
			names = append(names, fmt.Sprintf("mode %d", mode))
		}
	}
	flagged := func(flags int) bool { return flags != 0 }
	for _, left := range []struct {
		is   bool
		name string
	}{
		{slices.ContainsFunc(r.keyboard[0], flagged), "the extended keyboard"},
		{slices.ContainsFunc(r.keyboard[1], flagged), "the extended keyboard on the alternate screen"},
		{r.otherKeys, "other keys (modifyOtherKeys)"},
		{r.keypad, "the application's keypad"},
		{r.cursor, "the cursor's shape"},
		{r.colours[10], "the text's colour"},
		{r.colours[11], "the background's colour"},
		{r.colours[12], "the cursor's colour"},
		{r.link, "a link"},
		{r.busy, "the progress bar"},
		{!r.pen.IsZero(), "colours or attributes of text"},
	} {
		if left.is {
			names = append(names, left.name)
		}
	}
	return names
}
