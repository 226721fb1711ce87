package screens

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"reconnect/platforms/text"
)

// open is the screen of p with its first command run.
func open(p Page, f Frame) Screen {
	s := Open(p, f)
	if p.Kind != Files { // a golden file shows no folder of this machine
		s = run(s, s.Init())
	}
	return s
}

func TestGolden(t *testing.T) {
	for _, p := range samples() {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
			t.Run(fmt.Sprintf("%s/%dx%d", p.Name, size[0], size[1]), func(t *testing.T) {
				f := sampleFrame(size[0], size[1])
				golden.RequireEqual(t, bare(Draw(p, open(p, f), f)))
			})
		}
	}
}

// bare is a drawn window without colours and spaces at line ends.
func bare(s string) string {
	lines := strings.Split(ansi.Strip(s), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestGoldenColour(t *testing.T) {
	for name, dark := range map[string]bool{"dark": true, "light": false} {
		t.Run(name, func(t *testing.T) {
			f := sampleFrame(80, 24)
			f.Theme = NewTheme(dark)
			golden.RequireEqual(t, Draw(sampleSteps(), Open(sampleSteps(), f), f))
		})
	}
}

func TestGoldenOverlays(t *testing.T) {
	f := sampleFrame(80, 24)
	p := sampleSteps()
	t.Run("help", func(t *testing.T) { golden.RequireEqual(t, bare(HelpView(p, Open(p, f), f))) })
	t.Run("phone", func(t *testing.T) { golden.RequireEqual(t, bare(PhoneView(p, p.Links[0], f))) })
	t.Run("phone small", func(t *testing.T) {
		golden.RequireEqual(t, bare(PhoneView(p, p.Links[0], sampleFrame(60, 14))))
	})
	t.Run("why", func(t *testing.T) {
		why := Beside(p)
		golden.RequireEqual(t, bare(Draw(why, Open(why, f), f)))
	})
	t.Run("call", func(t *testing.T) {
		p.Head.Since = f.Now.Add(-12*time.Minute - 41*time.Second)
		p.Notice = safe("Somebody else moved this case on. You see where it is now.")
		golden.RequireEqual(t, bare(Draw(p, Open(p, f), f)))
	})
}

// A working step as full as one gets is whole at 80×24.
func TestWholeAt80x24(t *testing.T) {
	f := sampleFrame(80, 24)
	for _, p := range []Page{sampleSteps(), sampleGate(), sampleCases(), sampleBoard()} {
		got := ansi.Strip(Draw(p, Open(p, f), f))
		if strings.Contains(got, "more") && strings.Contains(got, "↓") {
			t.Errorf("%s scrolls at 80×24:\n%s", p.Name, got)
		}
		for _, word := range words(p) {
			if !strings.Contains(got, word) {
				t.Errorf("%s lacks %q:\n%s", p.Name, word, got)
			}
		}
	}
}

// words are the words of title, question, instructions and answers.
func words(p Page) []string {
	texts := []text.Safe{p.Title, p.Ask}
	for _, d := range p.Do {
		texts = append(texts, d.Text, d.Warn)
	}
	for _, c := range p.Choices {
		texts = append(texts, c.Label)
	}
	var out []string
	for _, s := range texts {
		out = append(out, strings.Fields(s.String())...)
	}
	return out
}

func TestSmallWindows(t *testing.T) {
	for _, p := range samples() {
		for _, size := range [][2]int{{0, 0}, {1, 1}, {20, 5}, {29, 24}, {30, 8}, {31, 9}, {40, 10}, {80, 7}, {200, 8}, {109, 24}, {110, 24}} {
			f := sampleFrame(size[0], size[1])
			checkFits(t, p.Name, Draw(p, open(p, f), f), f)
			checkFits(t, p.Name+" help", HelpView(p, Open(p, f), f), f)
			checkFits(t, p.Name+" phone", PhoneView(p, Link{URL: safe("https://example.com/" + strings.Repeat("a", 90))}, f), f)
		}
	}
	f := sampleFrame(20, 5)
	if got := Draw(sampleSteps(), Open(sampleSteps(), f), f); !strings.Contains(got, "Make the window") {
		t.Errorf("20×5 says %q", got)
	}
}

// fatal is what a test of any kind fails with.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkFits fails if a drawn window is larger than f.
func checkFits(t fatal, name, drawn string, f Frame) {
	t.Helper()
	lines := strings.Split(drawn, "\n")
	if len(lines) > max(1, f.Height) {
		t.Fatalf("%s at %d×%d has %d lines:\n%s", name, f.Width, f.Height, len(lines), ansi.Strip(drawn))
	}
	for _, l := range lines {
		if w := ansi.StringWidth(l); w > f.Width {
			t.Fatalf("%s at %d×%d has a line of %d cells: %q", name, f.Width, f.Height, w, ansi.Strip(l))
		}
	}
}

// A link stands alone on its line; a long one is broken at the edge only, with
// nothing put in between.
func TestLinksWhole(t *testing.T) {
	long := "https://www.facebook.com/dialog/oauth?client_id=123456789012345&redirect_uri=https%3A%2F%2Faibrify.example%2Fback&scope=pages_manage_posts"
	for _, url := range []string{"https://aibrify.example/a", long} {
		f := sampleFrame(60, 24)
		p := sampleGate()
		p.Links = []Link{{URL: safe(url)}}
		got := ansi.Strip(Draw(p, Open(p, f), f))
		if !strings.Contains(strings.ReplaceAll(got, "\n", ""), url) {
			t.Errorf("%s is not whole:\n%s", url, got)
		}
	}
}

// Without colour nothing is lost: every state has its sign or word.
func TestSignsWithoutColour(t *testing.T) {
	f := sampleFrame(80, 24)
	p := sampleBoard()
	got := ansi.Strip(Draw(p, Open(p, f), f))
	for _, sign := range []string{"■ Disconnected", "● Connected", "▲ Warning", "not looked at yet", "– not listed", "▸", "◉"} {
		if !strings.Contains(got, sign) {
			t.Errorf("no %q in\n%s", sign, got)
		}
	}
}

func TestBottomLineKeepsHelpAndLeave(t *testing.T) {
	for width := minWidth; width < 130; width++ {
		f := sampleFrame(width, 24)
		p := sampleSteps()
		lines := strings.Split(ansi.Strip(Draw(p, Open(p, f), f)), "\n")
		last := lines[len(lines)-1]
		if !strings.Contains(last, "? help") || !strings.Contains(last, "q leave") {
			t.Fatalf("%d: %q", width, last)
		}
	}
}

func BenchmarkSteps(b *testing.B) {
	f, p := sampleFrame(80, 24), sampleSteps()
	s := Open(p, f)
	b.Run("view", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.View(f)
		}
	})
	b.Run("window", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Draw(p, s, f)
		}
	})
}
