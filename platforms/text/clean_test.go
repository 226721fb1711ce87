package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func TestBlock(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Error 190\nthe end", "Error 190\nthe end"},
		{"invalid UTF-8", "a\xffb", "a\uFFFDb"},
		{"colours", "\x1b[1;31mred\x1b[0m and \u009b4mline\x1b[m", "red and line"},
		{"colours with colons", "\x1b[38:2:1:2:3mx", "x"},
		{"nested colours", "\x1b\x1b[m[31mx", "␛[31mx"},
		{"cursor", "\x1b[2Jgone?", "␛[2Jgone?"},
		{"operating system command", "\x1b]8;;https://x\x07link", "␛]8;;https://x␇link"},
		{"controls", "a\x00b\x7fc\u0090d", "a␀b␡c\uFFFDd"},
		{"line ends", "a\rb\r\nc\vd\fe\u0085f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"},
		{"tab", "a\tb", "a b"},
		{"spaces of other widths", "a\u00a0b\u2009c\u3000d", "a b c d"},
		{"bidi", "a\u202eb\u2066c\u200fd", "abcd"},
		{"zero width", "E\u200bA\u2060A\ufeffB", "EAAB"},
		{"fillers", "a\u3164b\u115fc\uffa0d\u2800e", "abcde"},
		{"tags", "a\U000e0041b\U000e007f", "ab"},
		{"soft hyphen", "pass\u00adword", "password"},
		{"joiner in ASCII", "a\u200db\u200cc", "abc"},
		{"joiner before ASCII", "é\u200db", "éb"},
		{"joiner in Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiners in a row", "é\u200d\u200d\u200cé", "é\u200dé"},
		{"many joiners", strings.Repeat("é\u200d", 20) + "é", strings.Repeat("é\u200d", 8) + strings.Repeat("é", 13)},
		{"family", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"selector in a word", "E\ufe0fA\ufe0fA", "EAA"},
		{"selector of a letter", "é\ufe0f", "é"},
		{"private use", "a\ue000b\U000f0000", "a\uFFFDb\uFFFD"},
		{"no character", "a\ufffeb", "a\uFFFDb"},
		{"marks", "e" + strings.Repeat("\u0301", 9) + "x", "e" + strings.Repeat("\u0301", 4) + "x"},
		{"mark without a base", "\u0301a\n\u0301b", "◌\u0301a\n◌\u0301b"},
		{"joined signs", "a\x00\ufe0f\x00\u200d\x00", "a␀␀␀"},
		{"CJK", "日本語のエラー", "日本語のエラー"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Block(c.in).s; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	if got := Line("a\r\nb\tc").s; got != "a↵b c" {
		t.Errorf("line ends: %q", got)
	}
	for _, c := range []struct {
		name, in string
		cells    int
	}{
		{"fits", strings.Repeat("a", 512), 512},
		{"one too many", strings.Repeat("a", 513), 512},
		{"wide", strings.Repeat("日", 300), 511},
		{"huge", strings.Repeat("a", 1<<20), 512},
		{"hidden", strings.Repeat("\u200b", 1<<20) + "a", 1},
	} {
		got := Line(c.in)
		if w := ansi.StringWidth(got.s); w != c.cells || (got.s != c.in) != strings.HasSuffix(got.s, "…") {
			t.Errorf("%s: %d cells, ends in %q", c.name, w, got.s[max(0, len(got.s)-8):])
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", maxBlock+100)
	got := Block(long)
	if len(got.s) > maxBlock || !strings.HasSuffix(got.s, "\n… (cut: 148 bytes more)") {
		t.Errorf("%d bytes, ends in %q", len(got.s), got.s[len(got.s)-40:])
	}
	if signs := Block(strings.Repeat("\x00", maxBlock)); len(signs.s) > maxBlock || Block(signs.s) != signs {
		t.Errorf("signs longer than controls: %d bytes", len(signs.s))
	}
	if runes := Block(strings.Repeat("é", maxBlock)); !utf8.ValidString(runes.s) || len(runes.s) > maxBlock {
		t.Error("cut inside of a rune")
	}
	if s, err := Paste(strings.Repeat("x", MaxPaste)); err != nil || len(s.s) != MaxPaste {
		t.Errorf("1 MiB: %d bytes, %v", len(s.s), err)
	}
	_, err := Paste(strings.Repeat("x", MaxPaste+1))
	var large *TooLarge
	if !errors.As(err, &large) || large.Size != MaxPaste+1 {
		t.Fatalf("%v", err)
	}
	const want = "The text has 1.1 MiB, and at most 1 MiB can be taken. Paste only the part with the error."
	if err.Error() != want {
		t.Error(err)
	}
}

func TestJSONKeepsAPaste(t *testing.T) {
	in, err := Paste(strings.Repeat("é\n", 300_000))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out Safe
	if err := json.Unmarshal(raw, &out); err != nil || out != in {
		t.Errorf("%d bytes became %d, %v", len(in.s), len(out.s), err)
	}
	if err := json.Unmarshal([]byte(`"a\u001b[2J\u202e"`), &out); err != nil || out.s != "a␛[2J" {
		t.Errorf("a stored row is cleaned: %q, %v", out, err)
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"shot.png": "shot.png", "/home/ann/shot.png": "shot.png", `C:\Users\ann\shot.png`: "shot.png",
		"dir/": "dir", "..": "", "a/..": "", "": "", "/": "", "a\nb\u202egnp.exe": "a↵bgnp.exe",
	} {
		if got := Name(in).s; got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSuspicious(t *testing.T) {
	for in, want := range map[string]string{
		"Mika Bakes":               "",
		"Müller & Søn, 日本ビル Tokyo": "",
		"Привет, hello":            "",
		"❤\ufe0f\u200d🔥":           "",
		"\x1b[31mred":              "",
		"p\u0430ypal":              "letters of several alphabets in one word: p\u0430ypal",
		"a\u202eb":                 "1 hidden character was removed",
		"p\u200d\u0430y":           "1 hidden character was removed; letters of several alphabets in one word: p\u0430y",
		"aа bа cа dа aа":           "letters of several alphabets in one word: aа, bа, cа and 1 more",
	} {
		if got := Join("; ", Suspicious(in)...).s; got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSecret(t *testing.T) {
	const raw = "EAABsecret"
	s := NewSecret(raw)
	type holder struct {
		Open   Secret
		hidden Secret
	}
	h := holder{s, s}
	inJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "h", h)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
		for _, v := range []any{s, &s, h, []Secret{s}, map[Secret]Secret{s: s}} {
			log.WriteString(fmt.Sprintf(verb, v))
		}
	}
	log.Write(inJSON)
	if got := log.String(); strings.Contains(got, raw) || strings.Contains(got, fmt.Sprintf("%x", raw)) || strings.Contains(got, fmt.Sprintf("%X", raw)) {
		t.Error(got)
	}
	if s.Reveal() != raw || !s.Equal(NewSecret(raw)) || s.Equal(Secret{}) || !(Secret{}).Empty() {
		t.Error("the secret itself is lost")
	}
}

// rawText draws text with what the cleaner has to deal with in it.
func rawText() *rapid.Generator[string] {
	pieces := []string{
		"a", "Z9", " ", "é", "日", "👩", "❤", "\ufe0f", "\u200d", "\u200c", "\u0301", "\u0903", "◌", "↵", "…",
		"\n", "\r", "\r\n", "\t", "\x1b", "[", "m", "31", ";", "\x1b[1m", "\u009b", "\u202e", "\u200b", "\ue000",
		"\xff", "\xe2\x80", "\u2028", "\u0600", "\u1100", "\u3164", "\U000e0100", "🇩", "\u0085", "\x00",
	}
	return rapid.Map(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String())),
		func(p []string) string { return strings.Join(p, "") })
}

func TestCleanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkClean(t, rawText().Draw(t, "raw")) })
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func checkClean(t failer, raw string) {
	t.Helper()
	line, block := Line(raw), Block(raw)
	if again := Line(line.s); again != line {
		t.Fatalf("Line twice: %q, %q", line.s, again.s)
	}
	if again := Block(block.s); again != block {
		t.Fatalf("Block twice: %q, %q", block.s, again.s)
	}
	if w := max(ansi.StringWidth(line.s), uniseg.StringWidth(line.s)); w > maxCells {
		t.Fatalf("%d cells", w)
	}
	if strings.Contains(line.s, "\n") {
		t.Fatalf("a line end in %q", line.s)
	}
	checkHarmless(t, block.s)
	checkHarmless(t, line.s)
}

func checkHarmless(t failer, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("invalid UTF-8 in %q", s)
	}
	for i, r := range s {
		joiner := r == zwj || r == zwnj
		if joiner && (i == 0 || s[i-1] < utf8.RuneSelf || i+3 >= len(s) || s[i+3] < utf8.RuneSelf) ||
			r != '\n' && unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || !joiner && r != emojiStyle && invisible(r) {
			t.Fatalf("%U in %q", r, s)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x1b[31mb\x1b]0;t\x07", "é\u200d\u0301\ufe0f", "\u202e\u2066\xff\r\n", strings.Repeat("e\u0301", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) { checkClean(t, raw) })
}
