package ptytest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"
)

// The test binary starts itself as the program to drive, named by PROGRAM.
func TestMain(m *testing.M) {
	program, ok := map[string]func() int{
		"screen": screenProgram,
		"lines":  linesProgram,
		"deaf":   deafProgram,
		"codes":  codesProgram,
		"sleep":  func() int { time.Sleep(time.Hour); return 0 },
	}[os.Getenv("PROGRAM")]
	if ok {
		os.Exit(program())
	}
	os.Exit(m.Run())
}

// own returns the options that start the named program of this file.
func own(t testing.TB, program string, env ...string) Options {
	t.Helper()
	bin, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Bin: bin, Env: append([]string{"PROGRAM=" + program}, env...)}
}

// page is a small full-screen program: it shows what it gets.
type page struct {
	got           []string
	saved         int
	width, height int
}

func screenProgram() int {
	_, err := tea.NewProgram(page{}).Run()
	if os.Getenv("LEAVE") != "" { // something on
		fmt.Print("\x1b[?1003h\x1b[?25l\x1b[>1u")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("good bye")
	return 7
}

func (p page) Init() tea.Cmd { return tea.RequestBackgroundColor }

func (p page) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.width, p.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		p.got = append(p.got, fmt.Sprintf("dark:%t", msg.IsDark()))
	case tea.PasteMsg:
		p.got = append(p.got, fmt.Sprintf("\npaste:%q", msg.Content))
	case tea.MouseClickMsg:
		p.got = append(p.got, fmt.Sprintf("\nclick:%d,%d", msg.X, msg.Y))
	case tea.KeyPressMsg:
		p.saved++
		p.got = append(p.got, msg.String())
		switch msg.String() {
		case "ctrl+c":
			return p, tea.Quit
		case "P":
			panic("the page broke")
		}
	}
	return p, nil
}

func (p page) View() tea.View {
	v := tea.NewView(fmt.Sprintf("A page  saved #%d\n%dx%d\n表 wide ❤️ [button]\n\x1b[1;31mred\x1b[m <&>\n╭──╮\n%s",
		p.saved, p.width, p.height, strings.Join(p.got, " ")))
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	return v
}

// linesProgram asks on plain lines.
func linesProgram() int {
	fmt.Print("Your name? ")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		fmt.Printf("Hello %s.\n", in.Text())
		fmt.Fprintln(os.Stderr, "asked")
	}
	fmt.Println("no more")
	return 3
}

// deafProgram asks the terminal a thousand things and never reads.
func deafProgram() int {
	signal.Ignore(os.Interrupt)
	if _, err := term.MakeRaw(0); err != nil { // no echo
		return 1
	}
	fmt.Print(strings.Repeat("\x1b[c\x1b[?2026$p", 1000), "\x1b[2J\x1b[Hnot listening")
	time.Sleep(time.Hour)
	return 0
}

// codesProgram writes CODES, with \e for an escape and \n for a new line, and
// waits for the end of its input.
func codesProgram() int {
	_, _ = strings.NewReplacer(`\e`, "\x1b", `\n`, "\n").WriteString(os.Stdout, os.Getenv("CODES"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}
