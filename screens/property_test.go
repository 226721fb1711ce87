package screens

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// someText is a text as pages have them: words, some long, some wide.
func someText(lines int) *rapid.Generator[text.Safe] {
	word := rapid.OneOf(rapid.StringN(0, 12, 40), rapid.SampledFrom([]string{
		"Reconnect", "a", "日本語テキスト", "ünïcödé", "→", "e\u0301e\u0301", "👩‍👩‍👧", strings.Repeat("x", 90),
		"https://example.com/" + strings.Repeat("path/", 30), "(#200)",
	}))
	return rapid.Custom(func(t *rapid.T) text.Safe {
		out := make([]string, rapid.IntRange(0, lines).Draw(t, "lines"))
		for i := range out {
			out[i] = strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "words"), " ")
		}
		return text.Block(strings.Join(out, "\n"))
	})
}

func someLine() *rapid.Generator[text.Safe] {
	return rapid.Map(someText(1), func(s text.Safe) text.Safe { return text.Line(s.String()) })
}

func someChoices() *rapid.Generator[[]Choice] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Choice {
		return Choice{
			ID:     rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "id"),
			Label:  someLine().Draw(t, "label"),
			Colour: rapid.SampledFrom(append(boardColours(), "")).Draw(t, "colour"),
			Listen: someLine().Draw(t, "listen"),
		}
	}), 0, 12)
}

func someFacts() *rapid.Generator[[]Fact] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fact {
		return Fact{someLine().Draw(t, "label"), someText(2).Draw(t, "text"), rapid.SampledFrom([]platforms.Grade{"", platforms.Seen}).Draw(t, "grade")}
	}), 0, 4)
}

// somePage is any page at all.
func somePage(kinds ...Kind) *rapid.Generator[Page] {
	return rapid.Custom(func(t *rapid.T) Page {
		p := Page{
			Name: "any", Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Head: sampleHead(),
			Title: someLine().Draw(t, "title"), Tag: someLine().Draw(t, "tag"), Why: someText(2).Draw(t, "why"),
			Notice: someLine().Draw(t, "notice"), Ask: someLine().Draw(t, "ask"), Body: someText(30).Draw(t, "body"),
			Choices: someChoices().Draw(t, "choices"), Facts: someFacts().Draw(t, "facts"), Actions: sampleActions(),
		}
		p.Head.Account = someLine().Draw(t, "account")
		for i := range rapid.IntRange(0, 9).Draw(t, "instructions") {
			p.Do = append(p.Do, Instruction{ID: string(rune('a' + i)), Text: someLine().Draw(t, "do"), Warn: someLine().Draw(t, "warn"), Note: someLine().Draw(t, "note")})
		}
		for i, id := range []platforms.ID{platforms.Instagram, platforms.Facebook, platforms.X}[:rapid.IntRange(0, 3).Draw(t, "rows")] {
			p.Rows = append(p.Rows, Row{Platform: id, Name: someLine().Draw(t, "name"), Fixed: i == 1})
		}
		for i := range rapid.IntRange(0, 5).Draw(t, "items") {
			p.Items = append(p.Items, Item{ID: string(rune('a' + i)), Platform: someLine().Draw(t, "platform"), Account: someLine().Draw(t, "of"), Step: someLine().Draw(t, "step"), When: someLine().Draw(t, "when"), Note: someLine().Draw(t, "why due")})
		}
		for i, kind := range []FieldKind{Word, Pick, Number, PickAny}[:rapid.IntRange(0, 4).Draw(t, "fields")] {
			p.Fields = append(p.Fields, Field{ID: string(rune('a' + i)), Kind: kind, Label: someLine().Draw(t, "field"), Help: someLine().Draw(t, "help"), Options: someChoices().Draw(t, "options")})
		}
		if rapid.Bool().Draw(t, "side") {
			p.Side = []Section{{someLine().Draw(t, "heading"), someFacts().Draw(t, "side facts")}}
		}
		if rapid.Bool().Draw(t, "link") {
			p.Links = []Link{{URL: text.Line("https://example.com/" + strings.Repeat("a", rapid.IntRange(0, 300).Draw(t, "long")))}}
		}
		return p
	})
}

// someKeys are keys, pastes, sizes and clicks.
func someMessage() *rapid.Generator[tea.Msg] {
	names := []string{"enter", "esc", "space", "tab", "shift+tab", "up", "down", "left", "right", "backspace", "home",
		"end", "pgdown", "pgup", "f1", "ctrl+s", "ctrl+x", "ctrl+v", "1", "2", "3", "4", "9", "/", "?", "j", "k", "b", "v", "x", "ü"}
	return rapid.Custom(func(t *rapid.T) tea.Msg {
		switch rapid.IntRange(0, 9).Draw(t, "message") {
		case 0:
			return tea.PasteMsg{Content: rapid.String().Draw(t, "paste")}
		case 1:
			return tea.WindowSizeMsg{Width: rapid.IntRange(0, 150).Draw(t, "w"), Height: rapid.IntRange(0, 50).Draw(t, "h")}
		case 2:
			return tea.MouseClickMsg{X: rapid.IntRange(0, 150).Draw(t, "x"), Y: rapid.IntRange(0, 50).Draw(t, "y"), Button: tea.MouseLeft}
		case 3:
			return tea.MouseWheelMsg{Button: tea.MouseWheelDown}
		}
		return press(rapid.SampledFrom(names).Draw(t, "key"))
	})
}

// Whatever the page, the size and the keys: a window is never larger than the
// terminal, drawing changes nothing, and a draft comes back exactly.
func TestAnyPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePage(Steps, Board, Cases, Form, Writing, Files, Reading).Draw(t, "page")
		f := sampleFrame(rapid.IntRange(0, 140).Draw(t, "width"), rapid.IntRange(0, 50).Draw(t, "height"))
		s := Open(p, f)
		if p.Kind == Form {
			s = run(s, s.Init())
		}
		for _, msg := range rapid.SliceOfN(someMessage(), 0, 12).Draw(t, "messages") {
			var cmd tea.Cmd
			var answer *Answer
			s, cmd, answer = s.Update(msg)
			if answer == nil && p.Kind == Form {
				s = run(s, cmd)
			}
			if size, ok := msg.(tea.WindowSizeMsg); ok {
				f.Width, f.Height = size.Width, size.Height
			}
			drawn := Draw(p, s, f)
			checkFits(t, p.Name, drawn, f)
			if again := Draw(p, s, f); again != drawn {
				t.Fatalf("drawn twice it differs:\n%s\n%s", drawn, again)
			}
			at, _ := ScrollHelp(p, s, f, rapid.IntRange(0, 40).Draw(t, "offset"), msg)
			checkFits(t, "help", HelpFrom(p, s, f, at), f)
		}
		draft := s.Draft()
		p.Draft = draft
		if again := Open(p, f).Draft(); again != draft {
			t.Fatalf("the draft %q came back as %q", draft, again)
		}
	})
}

// What is chosen or ticked in the full screen are the page's own ids.
func TestAnyAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePage(Steps, Cases, Reading).Draw(t, "page")
		s := Open(p, sampleFrame(80, 24))
		ids := map[string]bool{"": true}
		for _, c := range p.Choices {
			ids[c.ID] = true
		}
		for _, it := range p.Items {
			ids[it.ID] = true
		}
		for _, msg := range rapid.SliceOfN(someMessage(), 0, 20).Draw(t, "messages") {
			var answer *Answer
			if s, _, answer = s.Update(msg); answer != nil && (!ids[answer.Pick] || answer.Page != p.Name) {
				t.Fatalf("answered %+v", answer)
			}
		}
	})
}

// All words of a page that fits are there at 80×24.
func TestAnyWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePage(Steps).Draw(t, "page")
		drawn := ansi.Strip(Draw(p, Open(p, sampleFrame(80, 24)), sampleFrame(80, 24)))
		if strings.Contains(drawn, "more") && strings.ContainsAny(drawn, "↓↑") {
			return
		}
		flat := strings.Join(strings.Fields(drawn), "")
		for _, word := range words(p) {
			if !strings.Contains(flat, word) {
				t.Fatalf("no %q in\n%s", word, drawn)
			}
		}
	})
}
