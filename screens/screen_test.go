package screens

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// run runs a command and what follows from it, without waiting for any clock.
func run(s Screen, cmd tea.Cmd) Screen {
	s, _ = follow(s, cmd)
	return s
}

func follow(s Screen, cmd tea.Cmd) (Screen, *Answer) {
	if cmd == nil {
		return s, nil
	}
	msg := result(cmd)
	if batch, ok := msg.(tea.BatchMsg); ok {
		var answer *Answer
		for _, c := range batch {
			var a *Answer
			if s, a = follow(s, c); a != nil {
				answer = a
			}
		}
		return s, answer
	}
	if value := reflect.ValueOf(msg); value.IsValid() && value.Kind() == reflect.Slice && value.Type().Elem() == reflect.TypeFor[tea.Cmd]() { // a sequence
		var answer *Answer
		for i := range value.Len() {
			if c, ok := value.Index(i).Interface().(tea.Cmd); ok {
				var a *Answer
				if s, a = follow(s, c); a != nil {
					answer = a
				}
			}
		}
		return s, answer
	}
	if msg == nil {
		return s, nil
	}
	s, next, answer := s.Update(msg)
	if answer != nil {
		return s, answer
	}
	return follow(s, next)
}

// result is what cmd gives, or nothing if it waits for a clock.
func result(cmd tea.Cmd) tea.Msg {
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		return msg
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}

// press is the message of a key by its name.
func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "space": tea.KeySpace, "tab": tea.KeyTab, "up": tea.KeyUp,
		"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "f1": tea.KeyF1,
	}
	switch {
	case name == "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case codes[name] != 0:
		return tea.KeyPressMsg{Code: codes[name]}
	case name == "shift+tab":
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	case strings.HasPrefix(name, "ctrl+"):
		return tea.KeyPressMsg{Code: rune(name[5]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// keys presses keys one after the other; the answer is the last one there was.
func keys(s Screen, names ...string) (Screen, *Answer) {
	var last *Answer
	for _, n := range names {
		var cmd tea.Cmd
		var answer *Answer
		s, cmd, answer = s.Update(press(n))
		if answer == nil {
			s, answer = follow(s, cmd)
		}
		if answer != nil {
			last = answer
		}
	}
	return s, last
}

// letters are the keys of a word.
func letters(word string) []string {
	var out []string
	for _, r := range word {
		if r == ' ' {
			out = append(out, "space")
			continue
		}
		out = append(out, string(r))
	}
	return out
}

func TestAnswers(t *testing.T) {
	url := "https://aibrify.example/settings/platforms"
	for name, c := range map[string]struct {
		page Page
		keys []string
		want *Answer
	}{
		"pick by number":           {sampleSteps(), []string{"4"}, &Answer{Pick: "error"}},
		"no such number":           {sampleSteps(), []string{"9"}, nil},
		"tick":                     {sampleSteps(), []string{"space"}, &Answer{Tick: "login"}},
		"untick":                   {sampleSteps(), []string{"home", "space"}, &Answer{Tick: "open"}},
		"enter ticks and moves on": {sampleSteps(), []string{"enter", "enter"}, &Answer{Tick: "approve"}},
		"enter passes a tick":      {sampleSteps(), []string{"home", "enter"}, nil},
		"cursor to a choice":       {sampleSteps(), []string{"down", "down", "down", "j", "enter"}, &Answer{Pick: "green"}},
		"last choice":              {sampleSteps(), []string{"end", "down", "enter"}, &Answer{Pick: "other"}},
		"up from the first":        {sampleSteps(), []string{"home", "up", "k", "space"}, &Answer{Tick: "open"}},
		"back":                     {sampleSteps(), []string{"b"}, &Answer{Act: Back}},
		"already tried":            {sampleSteps(), []string{"t"}, &Answer{Act: Tried}},
		"the exact error":          {sampleSteps(), []string{"e"}, &Answer{Act: Error}},
		"note":                     {sampleSteps(), []string{"n"}, &Answer{Act: Note}},
		"guide differs":            {sampleSteps(), []string{"g"}, &Answer{Act: Gap}},
		"why, from the side":       {sampleSteps(), []string{"w"}, &Answer{Act: Why}},
		"open the link":            {sampleSteps(), []string{"o"}, &Answer{Act: OpenURL, Text: url}},
		"copy the link":            {sampleSteps(), []string{"c"}, &Answer{Act: Copy, Text: url}},
		"code for the phone":       {sampleSteps(), []string{"Q"}, &Answer{Act: Phone, Text: url}},
		"help":                     {sampleSteps(), []string{"?"}, &Answer{Act: Help}},
		"leave":                    {sampleSteps(), []string{"q"}, &Answer{Act: Leave}},
		"leave by force":           {sampleSteps(), []string{"ctrl+c"}, &Answer{Act: Leave}},
		"not now":                  {sampleSteps(), []string{"v"}, nil},
		"no such act here":         {sampleSteps(), []string{"s"}, nil},
		"anyway":                   {sampleGate(), []string{"!"}, &Answer{Act: Anyway}},
		"cases: first":             {sampleCases(), []string{"enter"}, &Answer{Pick: "7QK2"}},
		"cases: third":             {sampleCases(), []string{"j", "down", "enter"}, &Answer{Pick: "new"}},
		"cases: search":            {sampleCases(), append(append([]string{"/"}, letters("bright")...), "enter", "enter"), &Answer{Pick: "8ABC"}},
		"cases: letters are text":  {sampleCases(), []string{"/", "q", "a", "?"}, nil},
		"cases: audience":          {sampleCases(), []string{"a"}, &Answer{Act: Aud}},
		"cases: v is no quit":      {sampleCases(), []string{"v"}, nil},
		"board: as it is": {sampleBoard(), []string{"enter"}, &Answer{Values: map[string]string{
			"instagram": "red", "facebook": "red", "tiktok": "green", "linkedin": "yellow", "at": "instagram"}}},
		"board: set, clear, alert": {sampleBoard(), []string{"1", "j", "3", "down", "4", "x", "x", "enter"}, &Answer{Values: map[string]string{
			"instagram": "green", "tiktok": "unlisted", "linkedin": "yellow", "at": "tiktok", "alert": "email"}}},
		"board: a row with a case": {sampleBoard(), []string{"end", "up", "1", "enter"}, &Answer{Values: map[string]string{
			"instagram": "red", "facebook": "red", "tiktok": "green", "linkedin": "yellow", "at": "linkedin"}}},
		"form": {sampleForm(), append(append(letters("me q"), "enter"), "7", "enter", "down", "down", "enter", "down", "space", "enter"), &Answer{Values: map[string]string{
			"login": "me q", "posts": "7", "kind": "business", "changed": "role"}}},
		"form: taken early":       {sampleForm(), append(letters("me"), "enter", "enter", "down", "ctrl+s"), &Answer{Values: map[string]string{"login": "me", "posts": "", "kind": "personal", "changed": ""}}},
		"form: nothing is needed": {sampleForm(), []string{"ctrl+s"}, nil},
		"form: not chosen":        {sampleForm(), append(letters("me"), "enter", "enter", "enter", "enter", "enter"), nil},
		"form: no number":         {sampleForm(), append(letters("me"), "enter", "x", "enter", "ctrl+s"), nil},
		"form: left":              {sampleForm(), []string{"x", "esc"}, &Answer{Act: Back}},
		"form: help":              {sampleForm(), []string{"f1"}, &Answer{Act: Help}},
		"form: act on a pick":     {sampleForm(), append(letters("me"), "enter", "enter", "w"), &Answer{Act: Why}},
		"writing":                 {sampleWriting(), append(letters("qb? 1"), "enter", "x", "ctrl+s"), &Answer{Text: "qb? 1\nx"}},
		"writing: left":           {sampleWriting(), []string{"x", "esc"}, &Answer{Act: Back}},
		"files: typed":            {sampleFiles(), append(append([]string{"tab"}, letters(" '/tmp/a b.PNG' ")...), "enter"), &Answer{Text: "/tmp/a b.PNG"}},
		"files: no picture":       {sampleFiles(), append(append([]string{"tab"}, letters("/tmp/a.txt")...), "ctrl+s"), nil},
		"files: left":             {sampleFiles(), []string{"tab", "b", "esc", "esc"}, &Answer{Act: Back}},
		"files: back":             {sampleFiles(), []string{"b"}, &Answer{Act: Back}},
		"reading: pick":           {sampleReading(), []string{"2"}, &Answer{Pick: "question"}},
		"reading: cursor":         {sampleReading(), []string{"j", "pgdown", "right", "enter"}, &Answer{Pick: "question"}},
		"reading: edit":           {sampleReading(), []string{"i"}, &Answer{Act: Edit}},
		"reading: screenshot":     {sampleReading(), []string{"p"}, &Answer{Act: Shot}},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := keys(open(c.page, sampleFrame(80, 24)), c.keys...)
			if c.want != nil {
				c.want.Page = c.page.Name
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// The board begins at the platform that the page names.
func TestBoardBeginsAt(t *testing.T) {
	p := sampleBoard()
	p.At = "tiktok"
	if _, got := keys(Open(p, sampleFrame(80, 24)), "enter"); got.Values["at"] != "tiktok" {
		t.Errorf("answered %v", got.Values)
	}
}

// Help and leave are the last keys, wherever the page has them.
func TestHelpAndLeaveAreLast(t *testing.T) {
	p := sampleSteps()
	p.Actions = []Action{{Act: Leave}, {Act: Help, Label: safe("all keys")}, {Act: Back}}
	acts := pageActs(p)
	if n := len(acts); acts[n-2].Bind.Help().Desc != "all keys" || acts[n-1].Act != Leave || acts[0].Act != Back {
		t.Errorf("%+v", acts)
	}
}

// A form is there at once, before any of its messages came back.
func TestFormAtOnce(t *testing.T) {
	f, p := sampleFrame(80, 24), sampleForm()
	if got := ansi.Strip(Draw(p, Open(p, f), f)); !strings.Contains(got, "Facebook login") {
		t.Errorf("nothing in\n%s", got)
	}
}

// A form does not complain before anybody touched it, and does when it is taken.
func TestNeededTick(t *testing.T) {
	f, p := sampleFrame(80, 24), sampleForm()
	p.Fields = p.Fields[3:]
	p.Fields[0].Required = true
	s := open(p, f)
	if got := ansi.Strip(Draw(p, s, f)); strings.Contains(got, "needed") {
		t.Errorf("complains at once:\n%s", got)
	}
	s, answer := keys(s, "enter")
	if got := ansi.Strip(Draw(p, s, f)); answer != nil || !strings.Contains(got, "This is needed to go on. (What changed lately?)") {
		t.Errorf("%+v\n%s", answer, got)
	}
	if _, answer = keys(s, "space", "enter"); answer == nil || answer.Values["changed"] != "password" {
		t.Errorf("answered %+v", answer)
	}
}

// An act that cannot be done now says why, and is left out of the help.
func TestOffSaysWhy(t *testing.T) {
	f, p := sampleFrame(80, 30), sampleSteps()
	s, _ := keys(Open(p, f), "v")
	if got := ansi.Strip(Draw(p, s, f)); !strings.Contains(got, "There is no app to check with") {
		t.Errorf("no reason in\n%s", got)
	}
	if got := ansi.Strip(HelpView(p, s, f)); strings.Contains(got, "verify") {
		t.Errorf("the help offers it:\n%s", got)
	}
	s, _ = keys(s, "j")
	if got := ansi.Strip(Draw(p, s, f)); strings.Contains(got, "no app to check") {
		t.Error("the reason stays after the next key")
	}
}

// Every act has one key, and no key two acts of one page.
func TestEveryActHasAKey(t *testing.T) {
	seen := map[string]Act{}
	for _, a := range actKeys() {
		for _, k := range a.Bind.Keys() {
			if other, ok := seen[k]; ok && other != More {
				t.Errorf("%s is the key of %s and of %s", k, other, a.Act)
			}
			seen[k] = a.Act
		}
	}
	if len(actKeys()) != 18 {
		t.Errorf("%d acts have keys", len(actKeys()))
	}
}

// Enter right after a paste answers nothing.
func TestEnterHeldAfterPaste(t *testing.T) {
	s := Open(sampleGate(), sampleFrame(80, 24))
	s, hold, _ := s.Update(tea.PasteMsg{Content: "x\n"})
	if s, got := keys(s, "enter"); got != nil {
		t.Errorf("answered %+v in %T", got, s)
	}
	if hold == nil {
		t.Fatal("nothing lets enter go again")
	}
	s, _, _ = s.Update(pastedMsg{1})
	if _, got := keys(s, "enter"); got == nil {
		t.Error("enter is still held back")
	}
	s, _, _ = s.Update(tea.PasteMsg{Content: "y"})
	s, _, _ = s.Update(pastedMsg{1}) // of the paste before
	if _, got := keys(s, "enter"); got != nil {
		t.Error("the hold of the paste before ended this one")
	}
}

func TestPastes(t *testing.T) {
	f := sampleFrame(80, 24)
	type pasted struct{ text, want, shown string }
	mebi := strings.Repeat(strings.Repeat("x", 99)+"\n", text.MaxPaste/100)
	for name, c := range map[string]pasted{
		"short":     {"(#200)\nPermissions error", "typed(#200)\nPermissions error", "Permissions error"},
		"long":      {mebi, "typed\n" + mebi, "Pasted text of 1023 KiB in 10486 lines"},
		"returns":   {strings.ReplaceAll(mebi, "\n", "\r"), "typed\n" + strings.ReplaceAll(mebi, "\n", "\r"), "Pasted text of 1023 KiB in 10486 lines"},
		"too large": {mebi + mebi, "typed", "Not pasted: that makes 2.0 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := keys(Open(sampleWriting(), f), letters("typed")...)
			s, _, _ = s.Update(tea.PasteMsg{Content: c.text})
			if got := ansi.Strip(Draw(sampleWriting(), s, f)); !strings.Contains(got, c.shown) {
				t.Errorf("no %q in\n%s", c.shown, got)
			}
			if s.Draft() != c.want {
				t.Errorf("draft of %d bytes, want %d", len(s.Draft()), len(c.want))
			}
			if _, got := keys(s, "ctrl+s"); got == nil || got.Text != c.want {
				t.Error("the answer is not the whole text")
			}
		})
	}
}

// More lines than the text area shows or usually takes are not cut.
func TestManyLinesAreKept(t *testing.T) {
	want := strings.TrimSuffix(strings.Repeat("line\n", 149), "\n")
	s := Open(sampleWriting(), sampleFrame(80, 24))
	s, _, _ = s.Update(tea.PasteMsg{Content: want})
	s, _ = keys(s, "enter", "x")
	if s.Draft() != want+"\nx" {
		t.Errorf("%d bytes of %d", len(s.Draft()), len(want)+2)
	}
}

func TestDrafts(t *testing.T) {
	for name, c := range map[string]struct {
		page  Page
		keys  []string
		want  string
		shown string
	}{
		"steps":             {sampleSteps(), []string{"j"}, "", "Reconnect"},
		"board untouched":   {sampleBoard(), []string{"j"}, "", "Disconnected"},
		"board":             {sampleBoard(), []string{"j", "2", "x"}, `{"alert":"banner","at":"facebook","facebook":"yellow","instagram":"red","linkedin":"yellow","tiktok":"green"}`, "Warning"},
		"form untouched":    {sampleForm(), nil, "", "Facebook login"},
		"form":              {sampleForm(), []string{"h", "i"}, `{"changed":"","kind":"","login":"hi","posts":""}`, "hi"},
		"writing untouched": {sampleWriting(), nil, "", "exact error"},
		"writing":           {sampleWriting(), append(letters("a b"), "enter", "ü"), "a b\nü", "a b"},
		"files":             {sampleFiles(), append([]string{"tab"}, letters("/tmp/x")...), "/tmp/x", "/tmp/x"},
	} {
		t.Run(name, func(t *testing.T) {
			f := sampleFrame(80, 24)
			s, _ := keys(open(c.page, f), c.keys...)
			if s.Draft() != c.want {
				t.Fatalf("draft %q, want %q", s.Draft(), c.want)
			}
			c.page.Draft = s.Draft()
			again := open(c.page, f)
			if again.Draft() != c.want {
				t.Errorf("opened again: %q, want %q", again.Draft(), c.want)
			}
			if got := ansi.Strip(Draw(c.page, again, f)); !strings.Contains(got, c.shown) {
				t.Errorf("opened again without %q:\n%s", c.shown, got)
			}
		})
	}
}

// Where a draft is what the text area would change, it is kept as it is.
func TestDraftOfAnyText(t *testing.T) {
	for _, draft := range []string{"\ttab", "\x1b[31mred", strings.Repeat("long ", 10000), "a\r\nb", "\n"} {
		p := sampleWriting()
		p.Draft = draft
		s := Open(p, sampleFrame(80, 24))
		if s.Draft() != draft {
			t.Errorf("%.20q came back as %.20q", draft, s.Draft())
		}
		if strings.Contains(Draw(p, s, sampleFrame(80, 24)), "\x1b[31mred") {
			t.Error("an escape code from outside is drawn")
		}
	}
}

func TestFilesFromAFolder(t *testing.T) {
	folder := t.TempDir()
	inside := filepath.Join(folder, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"shot.png", "\x1b[31mred.jpg", "note.txt", ".hidden.png"} {
		if err := os.WriteFile(filepath.Join(inside, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := sampleFrame(80, 24)
	s := run(Open(sampleFiles(), f), listing(folder))
	s, _ = keys(s, "enter")
	got := Draw(sampleFiles(), s, f)
	for _, want := range []string{"shot.png", "inside"} {
		if !strings.Contains(ansi.Strip(got), want) {
			t.Errorf("no %q in\n%s", want, ansi.Strip(got))
		}
	}
	for _, no := range []string{"note.txt", "hidden", "\x1b[31mred"} {
		if strings.Contains(got, no) {
			t.Errorf("%q is shown", no)
		}
	}
	if _, answer := keys(s, "end", "down", "enter"); answer == nil || answer.Text != filepath.Join(inside, "shot.png") {
		t.Errorf("answered %+v", answer)
	}
	s, _ = keys(s, "backspace")
	if got := ansi.Strip(Draw(sampleFiles(), s, f)); strings.Contains(got, "shot.png") || !strings.Contains(got, "inside/") {
		t.Errorf("not the folder above:\n%s", got)
	}
	s = run(s, listing(filepath.Join(folder, "none")))
	if got := ansi.Strip(Draw(sampleFiles(), s, f)); !strings.Contains(got, "cannot be opened") {
		t.Errorf("says nothing:\n%s", got)
	}
}

// A click on an answer puts the cursor there, also in columns.
func TestClick(t *testing.T) {
	f, p := sampleFrame(80, 24), sampleSteps()
	s := Open(p, f)
	lines := strings.Split(ansi.Strip(Draw(p, s, f)), "\n")
	for label, want := range map[string]string{"my Page is not": "notoffered", "▲ Warning": "yellow", "something": "other"} {
		for y, l := range lines {
			before, _, found := strings.Cut(l, label)
			if !found {
				continue
			}
			at, _, _ := s.Update(tea.MouseClickMsg{X: ansi.StringWidth(before), Y: y, Button: tea.MouseLeft})
			if _, got := keys(at, "enter"); got == nil || got.Pick != want {
				t.Errorf("a click on %q leads to %+v", label, got)
			}
		}
	}
}

// The wheel moves the cursor, and scrolls where there is only text.
func TestWheel(t *testing.T) {
	down := tea.MouseWheelMsg{Button: tea.MouseWheelDown}
	f := sampleFrame(60, 20)
	for _, p := range []Page{sampleSteps(), sampleCases(), sampleBoard(), sampleReading()} {
		s := open(p, f)
		after, _, _ := s.Update(down)
		if Draw(p, s, f) == Draw(p, after, f) {
			t.Errorf("%s: the wheel does nothing", p.Name)
		}
	}
}

// At 60×20 a full step scrolls, and the cursor stays in sight.
func TestCursorStaysVisible(t *testing.T) {
	f := sampleFrame(60, 20)
	for _, p := range samples() {
		s := open(p, f)
		if s.Typing() || p.Kind == Reading || p.Kind == Files {
			continue
		}
		for range 20 {
			if got := ansi.Strip(Draw(p, s, f)); !strings.Contains(got, "▸") {
				t.Fatalf("%s: no cursor in\n%s", p.Name, got)
			}
			s, _ = keys(s, "down")
		}
	}
}

// A resize keeps what was typed.
func TestResize(t *testing.T) {
	for _, p := range samples() {
		s, _ := keys(open(p, sampleFrame(80, 24)), "x", "y")
		before := s.Draft()
		for _, size := range [][2]int{{60, 20}, {1, 1}, {120, 40}, {80, 24}} {
			s, _, _ = s.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			f := sampleFrame(size[0], size[1])
			checkFits(t, p.Name, Draw(p, s, f), f)
		}
		if s.Draft() != before {
			t.Errorf("%s: %q became %q", p.Name, before, s.Draft())
		}
	}
}

// Every style is in the theme, and they are few.
func TestFewStyles(t *testing.T) {
	if n := reflect.TypeFor[Theme]().NumField(); n > 20 {
		t.Errorf("%d styles", n)
	}
}

// An answer is a copy: changing it changes no screen.
func TestValuesAreCopies(t *testing.T) {
	s, got := keys(Open(sampleBoard(), sampleFrame(80, 24)), "enter")
	want := maps.Clone(got.Values)
	got.Values["instagram"] = "green"
	if _, again := keys(s, "enter"); !maps.Equal(again.Values, want) {
		t.Error("the answer shares its map with the screen")
	}
}

// A key in a text area that is as full as it gets.
func BenchmarkWriting(b *testing.B) {
	f, p := sampleFrame(80, 24), sampleWriting()
	p.Draft = strings.Repeat(strings.Repeat("x", 40)+"\n", 149)
	b.Run("key", func(b *testing.B) {
		s := Open(p, f)
		for b.Loop() {
			s, _, _ = s.Update(press("x"))
			s, _, _ = s.Update(press("backspace"))
			Draw(p, s, f)
		}
	})
	b.Run("paste of 1 MiB", func(b *testing.B) {
		raw := strings.Repeat(strings.Repeat("x", 99)+"\n", 10400)
		for b.Loop() {
			s, _, _ := Open(sampleWriting(), f).Update(tea.PasteMsg{Content: raw})
			Draw(sampleWriting(), s, f)
		}
	})
}

func BenchmarkForm(b *testing.B) {
	f, p := sampleFrame(80, 24), sampleForm()
	s := open(p, f)
	for b.Loop() {
		s, _, _ = s.Update(press("x"))
		s, _, _ = s.Update(press("backspace"))
		Draw(p, s, f)
	}
}
