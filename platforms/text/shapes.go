package text

import (
	"encoding/base64"
	"strings"
)

// A shape is a token known by how it begins and what it is made of.
type shape struct {
	kind   kind
	prefix string
	fold   bool // the prefix in any case
	edge   bool // not inside of a word
	class  func(byte) bool
	min    int // bytes of class after the prefix
}

// shapes are the tokens and codes of the platforms that begin in a fixed way. No
// platform promises its shape: a new one is one more row.
var shapes = []shape{
	{accessToken, "EAA", true, false, alnum, 20},                   // Meta
	{accessToken, "IGQ", false, false, word, 21},                   // Instagram
	{accessToken, "IGAA", false, false, word, 20},                  // Instagram
	{accessToken, "act.", false, true, tiktok, 16},                 // TikTok access
	{accessToken, "rft.", false, true, tiktok, 16},                 // TikTok refresh
	{accessToken, "clt.", false, true, tiktok, 16},                 // TikTok client
	{accessToken, "AQ", false, false, word, 40},                    // LinkedIn tokens, LinkedIn and Meta codes
	{accessToken, "WPL_AP1.", false, false, padded, 8},             // LinkedIn, confidential clients
	{accessToken, "AAAAAAAAAAAAAAAAAA", false, false, escaped, 40}, // X, app only
}

func alnum(b byte) bool  { return digit(b) || letter(b) }
func digit(b byte) bool  { return '0' <= b && b <= '9' }
func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func word(b byte) bool   { return alnum(b) || b == '_' || b == '-' }
func dotted(b byte) bool { return word(b) || b == '.' }
func padded(b byte) bool { return dotted(b) || b == '=' }
func tiktok(b byte) bool { return dotted(b) || b == '~' || b == '*' || b == '!' || b == '%' }
func base64s(b byte) bool {
	return word(b) || b == '+' || b == '/'
}
func escaped(b byte) bool { return base64s(b) || b == '%' || b == '=' }

// secretFinders are all but those for e-mail and phone, the more certain first.
func secretFinders() []finder {
	return []finder{
		findPEM, findShapes, findJWT, findXTokens, findPairs, findTikTokCodes,
		findBearer, findHeaders, findCookieJar, findUserinfo, findQueries, findKeys,
	}
}

func findShapes(t string) []span {
	var spans []span
	for i := 0; i < len(t); i++ {
		for _, s := range shapes {
			if end := s.match(t, i); end > 0 {
				spans = append(spans, span{i, end, s.kind})
				i = end - 1
				break
			}
		}
	}
	return spans
}

// match is the end of the token that begins at i, or 0.
func (s shape) match(t string, i int) int {
	if t[i] != s.prefix[0] && (!s.fold || t[i]|0x20 != s.prefix[0]|0x20) || len(t)-i < len(s.prefix) {
		return 0
	}
	head := t[i : i+len(s.prefix)]
	if head != s.prefix && !(s.fold && strings.EqualFold(head, s.prefix)) || s.edge && !edge(t, i) {
		return 0
	}
	end, size := run(t, i+len(s.prefix), s.class)
	if size < s.min || s.fold && commit(t, i, end) {
		return 0
	}
	return end
}

// edge tells whether a word can begin at i: what stands before is no word, or
// an escape such as %3D or \n. A mark is a word, so that what was taken out
// before gives no new edge.
func edge(t string, i int) bool {
	if i == 0 || !alnum(t[i-1]) && t[i-1] != '_' && !marked(t[i-1]) {
		return true
	}
	return i >= 3 && t[i-3] == '%' || i >= 2 && t[i-2] == '\\'
}

// commit tells whether t[from:to] is a part of a commit id: small hexadecimal
// digits, with letters, as long as ids are.
func commit(t string, from, to int) bool {
	const longest = 64
	for n := 0; from > 0 && alnum(t[from-1]); n++ {
		if n == longest {
			return false
		}
		from--
	}
	return to-from <= longest && smallHex(t[from:to])
}

func smallHex(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// run is where a token made of class ends that begins at i, and how many bytes
// of class it has. It follows the token over line breaks.
func run(t string, i int, class func(byte) bool) (end, size int) {
	end = i + leading(t[i:], class)
	size = end - i
	for {
		gap := wrap(t[end:])
		if gap == 0 {
			return end, size
		}
		n := chunk(t[end+gap:], class)
		if n == 0 {
			return end, size
		}
		end += gap + n
		size += n
	}
}

// leading is how many bytes of class s begins with.
func leading(s string, class func(byte) bool) int {
	for i := range len(s) {
		if !class(s[i]) {
			return i
		}
	}
	return len(s)
}

// chunk is the length of what goes on with a wrapped token at the start of the
// line s, or 0 if the line begins with something else: a word, a key, a number,
// a commit id.
func chunk(s string, class func(byte) bool) int {
	n := leading(s, class)
	rest := s[n:]
	if n == 0 || rest != "" && (strings.Contains(":(=-_/@", rest[:1]) || marked(rest[0])) ||
		len(rest) > 1 && rest[0] == '.' && alnum(rest[1]) || n >= 7 && smallHex(s[:n]) {
		return 0
	}
	if _, value, found := strings.Cut(s[:n], "="); found && strings.Trim(value, "=") != "" {
		return 0
	}
	digits, lower, upper := makeup(s[:n])
	if digits && (lower || upper) || n >= 20 && lower && upper {
		return n
	}
	return 0
}

func makeup(s string) (digits, lower, upper bool) {
	for i := range len(s) {
		switch b := s[i]; {
		case digit(b):
			digits = true
		case 'a' <= b && b <= 'z':
			lower = true
		case 'A' <= b && b <= 'Z':
			upper = true
		}
	}
	return digits, lower, upper
}

// findJWT finds JSON web tokens: header and payload with a dot between them.
func findJWT(t string) []span {
	const head, part = "eyJ", 10
	var spans []span
	for i := 0; ; {
		n := strings.Index(t[i:], head)
		if n < 0 {
			return spans
		}
		i += n
		end, _ := run(t, i, dotted)
		if end-i > 2*part && strings.Contains(t[i+part:end-part], ".") {
			spans = append(spans, span{i, end, accessToken})
		}
		i = end // a token that begins inside would have had the same dots
	}
}

// findXTokens finds tokens and codes of X: base64 of a text that ends in time,
// two flags, "at", "rt" or "ac", and a flag.
func findXTokens(t string) []span {
	const shortest = 40
	var spans []span
	for i := 0; i < len(t); {
		if !base64s(t[i]) {
			i++
			continue
		}
		end, size := run(t, i, base64s)
		if size >= shortest && decodesToX(t[i:end]) {
			spans = append(spans, span{i, end, accessToken})
		}
		i = end
	}
	return spans
}

// decodesToX tries each way in which the token can be aligned in s.
func decodesToX(s string) bool {
	packed := make([]byte, 0, len(s))
	for i := range len(s) {
		switch b := s[i]; {
		case b == '-':
			packed = append(packed, '+')
		case b == '_':
			packed = append(packed, '/')
		case base64s(b):
			packed = append(packed, b)
		}
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(packed)))
	for shift := range min(4, len(packed)) {
		in := packed[shift:]
		n, _ := base64.RawStdEncoding.Decode(out, in[:len(in)-len(in)%4])
		tail, _ := base64.RawStdEncoding.Decode(out[n:], in[len(in)-len(in)%4:])
		if xText(out[:n+tail]) {
			return true
		}
	}
	return false
}

func xText(b []byte) bool {
	const form = ":0000000000000:0:0:aa:0"
	for i := 0; i+len(form) <= len(b); i++ {
		if b[i] != ':' {
			continue
		}
		ok := true
		for j := 1; ok && j < len(form); j++ {
			switch c := b[i+j]; form[j] {
			case '0':
				ok = digit(c)
			case 'a':
				ok = letter(c)
			default:
				ok = c == ':'
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// findPairs finds tokens that begin with an id: app|secret of Meta, user-token
// of OAuth 1.0a.
func findPairs(t string) []span {
	var spans []span
	for i := 0; i < len(t); {
		if !digit(t[i]) {
			i++
			continue
		}
		at := i + leading(t[i:], digit)
		if end := pair(t, at, at-i); end > 0 {
			spans = append(spans, span{i, end, accessToken})
			at = end
		}
		i = at
	}
	return spans
}

// pair is the end of what follows an id of so many digits that ends at i, or 0.
func pair(t string, i, digits int) int {
	rest := t[i:]
	switch {
	case digits >= 13 && strings.HasPrefix(rest, "|"):
		i++
	case digits >= 13 && len(rest) > 3 && strings.EqualFold(rest[:3], "%7C"):
		i += 3
	case digits >= 6 && strings.HasPrefix(rest, "-"):
		end, size := run(t, i+1, alnum)
		if size < 30 || smallHex(t[i+1:end]) {
			return 0
		}
		return end
	default:
		return 0
	}
	end, size := run(t, i, word)
	if size < 20 {
		return 0
	}
	return end
}

// findTikTokCodes finds codes by their end: *0!1234, also with escapes.
func findTikTokCodes(t string) []span {
	const shortest = 16
	var spans []span
	last := 0
	for i := 0; i < len(t); i++ {
		n := codeEnd(t[i:])
		if n == 0 {
			continue
		}
		from := i
		for from > last && (dotted(t[from-1]) || t[from-1] == '~') {
			from--
		}
		end := i + n
		end += leading(t[end:], dotted)
		if i-from >= shortest {
			spans = append(spans, span{from, end, signInCode})
		}
		last, i = end, end-1
	}
	return spans
}

// codeEnd is the length of *0!1 at the start of s, or 0.
func codeEnd(s string) int {
	if s[0] != '*' && s[0] != '%' {
		return 0
	}
	rest, ok := cutEither(s, "*", "%2A")
	if !ok || rest == "" || !digit(rest[0]) {
		return 0
	}
	rest, ok = cutEither(rest[1:], "!", "%21")
	if !ok || rest == "" || !digit(rest[0]) {
		return 0
	}
	return len(s) - len(rest) + 1
}

func cutEither(s, plain, escape string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, plain); ok {
		return rest, true
	}
	if len(s) >= len(escape) && strings.EqualFold(s[:len(escape)], escape) {
		return s[len(escape):], true
	}
	return s, false
}

// findPEM finds keys and certificates from BEGIN to END; where END is missing,
// to the end of what can belong to it.
func findPEM(t string) []span {
	const begin, end = "-----BEGIN ", "-----END "
	var spans []span
	open := false // no END from here on
	for i := 0; ; {
		n := strings.Index(t[i:], begin)
		if n < 0 {
			return spans
		}
		from := i + n
		body := from + len(begin)
		stop := -1
		if !open {
			stop = strings.Index(t[body:], end)
		}
		if open = stop < 0; open {
			i = body + leading(t[body:], pemByte)
		} else {
			i = body + stop + len(end)
			i += leading(t[i:], func(b byte) bool { return alnum(b) || b == ' ' || b == '-' })
		}
		spans = append(spans, span{from, i, privateKey})
	}
}

func pemByte(b byte) bool {
	return escaped(b) || b == '\n' || b == ' ' || b == '\\' || b == ':' || b == ','
}
