// Bare is the least a full-screen program can be: a list and a mark that moves.
// The benchmarks start it beside ours.
package main

import (
	"fmt"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"
)

type model int

func (m model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return m, nil
	}
	switch press.String() {
	case "j":
		m++
	case "k":
		m--
	case "q":
		return m, tea.Quit
	}
	return m, nil
}

func (m model) View() tea.View {
	var s strings.Builder
	s.WriteString("bare\n\n")
	for row := range model(16) {
		mark := " "
		if row == m {
			mark = "▸"
		}
		fmt.Fprintf(&s, "%s row %d of a list that a person reads\n", mark, row)
	}
	v := tea.NewView(s.String())
	v.AltScreen = true
	return v
}

func main() {
	if _, err := tea.NewProgram(model(0)).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
