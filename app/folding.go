package app

import (
	"bytes"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// A folding writer breaks lines at spaces where the terminal would break them inside
// a word. A word that is longer than a line stays whole: an address is there to be
// copied.
type folding struct {
	to    io.Writer
	width int    // in cells; 0 breaks nothing
	begun []byte // of a line that has not ended
}

// folded writes to a file: at the edge of a terminal lines are broken, in a pipe none is.
func folded(f *os.File, to io.Writer) io.Writer {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return to
	}
	return &folding{to: to, width: width}
}

// folded is where a command prints what is read at a terminal.
func (p Program) folded(c *cobra.Command) io.Writer { return folded(p.Stdout, c.OutOrStdout()) }

// Write writes the lines that have ended.
func (w *folding) Write(p []byte) (int, error) {
	w.begun = append(w.begun, p...)
	for {
		line, rest, whole := bytes.Cut(w.begun, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		w.begun = rest
		if _, err := io.WriteString(w.to, foldLine(string(line), w.width)+"\n"); err != nil {
			return 0, err
		}
	}
}

// foldLine breaks a line. What follows is set in as far as it was, and a little more.
func foldLine(line string, width int) string {
	if width <= 0 || ansi.StringWidth(line) <= width {
		return line
	}
	words := strings.TrimLeft(line, " ")
	lead := line[:len(line)-len(words)]
	hang := lead + strings.Repeat(" ", min(2, len(lead)))
	all := strings.Split(words, " ")
	lines := []string{lead + all[0]}
	for _, word := range all[1:] {
		last := &lines[len(lines)-1]
		if longer := *last + " " + word; ansi.StringWidth(longer) <= width {
			*last = longer
		} else {
			lines = append(lines, hang+word)
		}
	}
	return strings.Join(lines, "\n")
}
