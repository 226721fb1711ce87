package explain

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// cjk is where scripts begin that write no space between words: there every
// character is a word.
const cjk = 0x2e80

// A folder makes words comparable: lower case, no accents, no apostrophes, one
// space for all that stands between words. The result is never longer than the
// text by more than one byte a character of a script without spaces.
type folder struct {
	out  []byte
	gaps []int32 // where in the text every gapEvery-th byte of out came from
}

// gapEvery is how far apart the places are that a folder remembers.
const gapEvery = 8

// fold is s folded, with a space in front and behind.
func fold(s string) folder {
	f := folder{out: make([]byte, 0, len(s)+2), gaps: make([]int32, 0, len(s)/gapEvery+4)}
	f.space(0)
	for i := 0; i < len(s); {
		i = f.next(s, i)
	}
	f.space(len(s))
	return f
}

// next folds the character at i and returns where the one after it begins.
func (f *folder) next(s string, i int) int {
	c := s[i]
	if c >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s[i:])
		f.rune(r, i)
		return i + n
	}
	switch class := ascii[c]; class {
	case ' ':
		f.space(i)
	case '\'':
		f.apostrophe(s, i)
	default:
		f.byte(class, i)
	}
	return i + 1
}

// ascii says what stands for a byte: itself in lower case, a space, or '.
var ascii = [utf8.RuneSelf]byte{
	'\'': '\'', '`': '\'',
	'0': '0', '1': '1', '2': '2', '3': '3', '4': '4', '5': '5', '6': '6', '7': '7', '8': '8', '9': '9',
	'a': 'a', 'b': 'b', 'c': 'c', 'd': 'd', 'e': 'e', 'f': 'f', 'g': 'g', 'h': 'h', 'i': 'i', 'j': 'j', 'k': 'k',
	'l': 'l', 'm': 'm', 'n': 'n', 'o': 'o', 'p': 'p', 'q': 'q', 'r': 'r', 's': 's', 't': 't', 'u': 'u', 'v': 'v',
	'w': 'w', 'x': 'x', 'y': 'y', 'z': 'z',
	'A': 'a', 'B': 'b', 'C': 'c', 'D': 'd', 'E': 'e', 'F': 'f', 'G': 'g', 'H': 'h', 'I': 'i', 'J': 'j', 'K': 'k',
	'L': 'l', 'M': 'm', 'N': 'n', 'O': 'o', 'P': 'p', 'Q': 'q', 'R': 'r', 'S': 's', 'T': 't', 'U': 'u', 'V': 'v',
	'W': 'w', 'X': 'x', 'Y': 'y', 'Z': 'z',
}

func (f *folder) byte(c byte, at int) {
	if c == 0 {
		f.space(at)
		return
	}
	if len(f.out)%gapEvery == 0 {
		f.gaps = append(f.gaps, int32(at))
	}
	f.out = append(f.out, c)
}

func (f *folder) space(at int) {
	if n := len(f.out); n == 0 || f.out[n-1] != ' ' {
		if n%gapEvery == 0 {
			f.gaps = append(f.gaps, int32(at))
		}
		f.out = append(f.out, ' ')
	}
}

// apostrophe leaves the sign out within a word: can't is cant. At its edge it is
// a quotation mark.
func (f *folder) apostrophe(s string, i int) {
	within := i > 0 && letter(s[i-1]) && i+1 < len(s) && letter(s[i+1])
	if !within {
		f.space(i)
	}
}

// rune folds a character beyond ASCII.
func (f *folder) rune(r rune, at int) {
	if plain, ok := letters(r); ok {
		for i := range len(plain) {
			f.byte(plain[i], at)
		}
		return
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		f.space(at)
		return
	}
	var buf [utf8.UTFMax]byte
	r = base(r, &buf)
	if r < utf8.RuneSelf {
		f.byte(ascii[r], at)
		return
	}
	if r >= cjk {
		f.space(at)
	}
	for _, c := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
		f.byte(c, at)
	}
	if r >= cjk {
		f.space(at)
	}
}

// letters are what people write for a character that is no letter with an accent.
func letters(r rune) (string, bool) {
	switch r {
	case '’', 'ʼ':
		return "", true // as in can’t; around words it stands beside a space anyway
	case 'ß':
		return "ss", true
	case 'ø', 'Ø':
		return "o", true
	case 'ł', 'Ł':
		return "l", true
	case 'đ', 'Đ':
		return "d", true
	case 'æ', 'Æ':
		return "a", true
	case 'ı':
		return "i", true
	}
	return "", unicode.Is(unicode.Mn, r)
}

// base is r without its accents.
func base(r rune, buf *[utf8.UTFMax]byte) rune {
	for { // twice at most: a letter of Vietnamese bears two marks
		n := utf8.EncodeRune(buf[:], r)
		d := norm.NFD.Properties(buf[:n]).Decomposition()
		if d == nil {
			return r
		}
		next, _ := utf8.DecodeRune(d)
		if next == r {
			return r
		}
		r = next
	}
}

// origin is where in the text the folded byte at came from: it folds again from the
// last place that was remembered.
func (f *folder) origin(s string, at int) int {
	gap := min(at/gapEvery, len(f.gaps)-1)
	i := int(f.gaps[gap])
	again := folder{out: make([]byte, 0, 4*gapEvery), gaps: make([]int32, 0, 8)}
	want := at - gap*gapEvery
	if gap > 0 {
		again.out = append(again.out, f.out[gap*gapEvery-1])
		want++
	} else if len(f.out) > 0 && f.out[0] == ' ' {
		again.space(0) // which folding began with
	}
	for i < len(s) {
		next := again.next(s, i)
		if len(again.out) > want {
			return i
		}
		i = next
	}
	return i
}
