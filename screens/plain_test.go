package screens

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reconnect/platforms/text"
)

// ask answers p with the lines of script and gives what was printed.
func ask(p Page, script string) (Answer, string, error) {
	var out strings.Builder
	answer, err := Ask(context.Background(), p, NewLines(strings.NewReader(script)), &out, 78)
	return answer, out.String(), err
}

func TestPlainGolden(t *testing.T) {
	for _, p := range samples() {
		t.Run(p.Name, func(t *testing.T) {
			_, out, err := ask(p, "?\n")
			if !errors.Is(err, ErrEnd) {
				t.Errorf("ended with %v", err)
			}
			golden.RequireEqual(t, out)
		})
	}
}

func TestPlainAnswers(t *testing.T) {
	url := "https://aibrify.example/settings/platforms"
	long := strings.Repeat("x", text.MaxPaste+10)
	for name, c := range map[string]struct {
		page   Page
		script string
		want   Answer
		says   string
	}{
		"pick":                  {sampleSteps(), "4\n", Answer{Pick: "error"}, "4 an error"},
		"pick by words":         {sampleSteps(), " my page is not offered \r\n", Answer{Pick: "notoffered"}, ""},
		"tick":                  {sampleSteps(), ".4\n", Answer{Tick: "approve"}, ""},
		"tick in words":         {sampleSteps(), "done 1\n", Answer{Tick: "open"}, ""},
		"no such tick":          {sampleSteps(), ".9\n1\n", Answer{Pick: "green"}, `".9" is no answer here.`},
		"back":                  {sampleSteps(), "b\n", Answer{Act: Back}, "Or: b back"},
		"back in words":         {sampleSteps(), "Back\n", Answer{Act: Back}, ""},
		"phone, not quit":       {sampleSteps(), "Q\n", Answer{Act: Phone, Text: url}, url},
		"link 2":                {sampleLinks(), "o 2\n", Answer{Act: OpenURL, Text: "https://example.com/two"}, "Link 2, the second:"},
		"link 2 in words":       {sampleLinks(), "copy 2\n", Answer{Act: Copy, Text: "https://example.com/two"}, ""},
		"the first link":        {sampleLinks(), "o\n", Answer{Act: OpenURL, Text: "https://example.com/one"}, "Link 1, the first:"},
		"no such link":          {sampleLinks(), "o 4\nb 2\nq\n", Answer{Act: Leave}, "There are 3 links, as in o 3. > \"b 2\" is no answer here."},
		"help on links":         {sampleLinks(), "?\nq\n", Answer{Act: Leave}, "o 2: the same with link 2, and so on up to 3."},
		"one link":              {sampleSteps(), "o 2\nq\n", Answer{Act: Leave}, "is no answer here."},
		"why":                   {sampleSteps(), "w\n", Answer{Act: Why}, ""},
		"leave":                 {sampleSteps(), "q\n", Answer{Act: Leave}, ""},
		"not now":               {sampleSteps(), "v\nq\n", Answer{Act: Leave}, "There is no app to check with"},
		"help, then an answer":  {sampleSteps(), "?\n2\n", Answer{Pick: "yellow"}, "g: the guide does not match my screen."},
		"nonsense":              {sampleSteps(), "\x1b[31mred\n\n1\n", Answer{Pick: "green"}, "is no answer here."},
		"a case":                {sampleCases(), "2\n", Answer{Pick: "8ABC"}, "2. LinkedIn, Brightside GmbH, Checks, 2 days."},
		"a search":              {sampleCases(), "/bright checks\n/zzz\n3\n", Answer{Pick: "new"}, "Nothing here matches."},
		"reading":               {sampleReading(), "1\n", Answer{Pick: "sent"}, "Is it right?"},
		"reading: edit":         {sampleReading(), "i\n", Answer{Act: Edit}, ""},
		"writing":               {sampleWriting(), "(#200)\nPermissions error\n..\n.\n", Answer{Text: "(#200)\nPermissions error\n.."}, "single dot"},
		"writing: an act":       {sampleWriting(), ".b\n", Answer{Act: Back}, ".b back"},
		"writing: later a text": {sampleWriting(), "x\n.b\n.\n", Answer{Text: "x\n.b"}, ""},
		"writing: empty":        {sampleWriting(), ".\n", Answer{}, ""},
		"writing: too large":    {sampleWriting(), long + "\n.\nx\n" + long + "\n.\nshort\n.\n", Answer{Text: "short"}, "Not taken"},
		"files":                 {sampleFiles(), "a.txt\n\"/tmp/a b.png\"\n", Answer{Text: "/tmp/a b.png"}, "A picture, please"},
		"files: an act":         {sampleFiles(), ".q\n", Answer{Act: Leave}, ""},
		"form": {sampleForm(), "\nme\nmany\n-1\n7\n9\nbusiness\n1, 2\n", Answer{Values: map[string]string{
			"login": "me", "posts": "7", "kind": "business", "changed": "password,role"}}, "A whole number, please"},
		"form: defaults":    {sampleForm(), "me\n\n1\n\n", Answer{Values: map[string]string{"login": "me", "posts": "", "kind": "personal", "changed": ""}}, "(enter: leave it empty)"},
		"form: a dot first": {sampleForm(), "..b\n\n1\nnone\n", Answer{Values: map[string]string{"login": ".b", "posts": "", "kind": "personal", "changed": ""}}, ""},
		"form: an act":      {sampleForm(), "me\n.w\n", Answer{Act: Why}, ""},
		"board": {sampleBoard(), "blue\ngreen\n\n4\nunlisted\ne-mail\n5\n", Answer{Values: map[string]string{
			"instagram": "green", "facebook": "red", "tiktok": "unlisted", "linkedin": "yellow", "x": "unlisted", "alert": "email", "at": "x"}}, `"blue" is no colour here.`},
		"board: as it is": {sampleBoard(), "\n\n\n\n\n\n", Answer{Values: map[string]string{
			"instagram": "red", "facebook": "red", "tiktok": "green", "linkedin": "yellow", "at": "instagram"}}, "Instagram and Facebook are red together."},
	} {
		t.Run(name, func(t *testing.T) {
			got, out, err := ask(c.page, c.script)
			c.want.Page = c.page.Name
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+.200v, %v, want %+v\n%s", got, err, c.want, out)
			}
			if flat := strings.Join(strings.Fields(out), " "); !strings.Contains(flat, c.says) {
				t.Errorf("does not say %q:\n%s", c.says, out)
			}
			if strings.ContainsRune(out, 0x1b) {
				t.Errorf("an escape byte in %q", out)
			}
		})
	}
}

// The end of the input is never an answer, wherever it comes.
func TestPlainEnd(t *testing.T) {
	for _, p := range samples() {
		for _, script := range []string{"", "1", "\n", "x", "me\n\n"} {
			if p.Kind == Cases && script == "\n" {
				continue
			}
			got, _, err := ask(p, script)
			if !errors.Is(err, ErrEnd) {
				t.Errorf("%s with %q: %+v, %v", p.Name, script, got, err)
			}
		}
	}
}

func TestPlainCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Ask(ctx, sampleSteps(), NewLines(strings.NewReader("1\n")), io.Discard, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// broken is an output that fails.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPlainBrokenOutput(t *testing.T) {
	for _, p := range samples() {
		if _, err := Ask(context.Background(), p, NewLines(strings.NewReader(strings.Repeat("1\n", 20))), broken{}, 0); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: ended with %v", p.Name, err)
		}
	}
}

// A draft from the full screen is what the plain face begins with.
func TestPlainDraft(t *testing.T) {
	p := sampleWriting()
	p.Draft = "before"
	if got, _, err := ask(p, "after\n.\n"); err != nil || got.Text != "before\nafter" {
		t.Errorf("%q, %v", got.Text, err)
	}
	form := sampleForm()
	form.Draft = `{"login":"me","kind":"business"}`
	if got, _, err := ask(form, "\n\n\n\n"); err != nil || got.Values["login"] != "me" || got.Values["kind"] != "business" {
		t.Errorf("%v, %v", got.Values, err)
	}
}

// Both faces say the same and take the same.
func TestPlainAnyPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePage(Steps, Board, Cases, Form, Writing, Files, Reading).Draw(t, "page")
		width := rapid.IntRange(0, 100).Draw(t, "width")
		var out strings.Builder
		script := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "b", "?", ".1", ".b", ".", "", "none", "green", "x"}), 0, 30).Draw(t, "script"), "\n")
		answer, err := Ask(context.Background(), p, NewLines(strings.NewReader(script)), &out, width)
		if err == nil && answer.Page != p.Name {
			t.Fatalf("answered %+v", answer)
		}
		for line := range strings.SplitSeq(out.String(), "\n") {
			if width > 1 && ansi.StringWidth(line) > width+2 && !strings.Contains(line, "https://") {
				t.Fatalf("a line of %d cells at %d: %q", ansi.StringWidth(line), width, line)
			}
		}
		if strings.ContainsRune(out.String(), 0x1b) {
			t.Fatal("an escape byte")
		}
	})
}
