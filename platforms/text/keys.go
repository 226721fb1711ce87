package text

import "strings"

// secretWords are what the name of a key with a secret value ends in, but for
// one of the suffixes.
var secretWords = []string{
	"token", "secret", "verifier", "password", "passwd", "passphrase",
	"session", "signature", "signed_request", "api_key", "apikey",
}

// secretSuffixes may follow a secret word, after _ or - or nothing. Any other
// suffix names something about the secret, such as token_type, and its value
// goes only if it looks like a token.
var secretSuffixes = []string{"s", "id", "ids", "key", "value", "hash", "proof", "string", "data", "ss", "secret"}

// findKeys finds the values of keys that name a secret.
func findKeys(t string) []span {
	var spans []span
	for i := 0; i < len(t); {
		name := secretWord(t, i)
		if name == "" {
			i++
			continue
		}
		i += len(name)
		n := leading(t[i:], word)
		sep := separator(t[i+n:])
		if sep.size == 0 {
			continue
		}
		from := i + n + sep.size
		if !secretSuffix(t[i:i+n]) && !strong(prefix(t[from:], 256)) || from < len(t) && marked(t[from]) {
			continue // before the value is read: keys may stand one in the other's value
		}
		to := sep.value(t, from)
		if to > from && secretValue(t[from:to], t[to:], strings.EqualFold(name[:4], "pass"), sep) {
			spans = append(spans, span{from, to, secret})
			i = to
		}
	}
	return spans
}

// secretWord is the secret word at i, in the case it has there, or "".
func secretWord(t string, i int) string {
	switch t[i] | 0x20 {
	case 't', 's', 'v', 'p', 'a':
	default:
		return ""
	}
	for _, w := range secretWords {
		if len(t)-i >= len(w) && strings.EqualFold(t[i:i+len(w)], w) {
			return t[i : i+len(w)]
		}
	}
	return ""
}

// A sep is what stands between a key and its value.
type sep struct {
	size  int
	quote string // that opened the value, or ""
	loose bool   // blanks after an unquoted separator, as in prose and in lists
	query bool   // percent-encoded: the value ends at an escape, too
}

// quotes are the spellings of a quotation mark, longer ones first.
var quotes = []string{`\\\"`, `\"`, `"`, `'`, "&quot;", "&#34;", "&#39;", "%2522", "%22", "%27", "`"}

// separators are the spellings of what stands between a key and a value.
var separators = []string{":=", "=>", "=", ":", "%3D", "%3d", "%253D", "%253d", "%3A", "%3a"}

// separator reads what follows a key; its size is 0 if no value does.
func separator(s string) sep {
	at := len(leadingOf(s, quotes))
	if strings.HasPrefix(s[at:], "]") { // data[token]=
		at++
	}
	at += blanks(s[at:])
	mark := leadingOf(s[at:], separators)
	if mark == "" && strings.HasPrefix(s[at:], "value=") { // of an HTML field
		mark = "value="
	}
	if mark == "" {
		return sep{}
	}
	at += len(mark)
	gap := blanks(s[at:])
	at += gap
	quote := leadingOf(s[at:], quotes)
	return sep{size: at + len(quote), quote: quote, loose: gap > 0 && quote == "", query: mark[0] == '%'}
}

func leadingOf(s string, forms []string) string {
	for _, f := range forms {
		if strings.HasPrefix(s, f) {
			return f
		}
	}
	return ""
}

// blanks is how many spaces s begins with, four at most.
func blanks(s string) int {
	n := 0
	for n < 4 && n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// value is where the value ends that begins at i: at its closing quote if that
// is on the same or a wrapped line, else at what separates values.
func (s sep) value(t string, i int) int {
	if s.quote != "" {
		if n := quoted(t[i:], s.quote); n >= 0 {
			return i + n
		}
	}
	end := i
	for end < len(t) && !s.ends(t, end) {
		end++
	}
	if s.loose {
		end = i + len(strings.TrimRight(t[i:end], `.,;:)]}"'`))
	}
	const long = 20 // a short value at the end of a line is rarely a wrapped one
	if gap := wrap(t[end:]); gap > 0 && (end-i >= long || chunk(t[end+gap:], escaped) >= long) {
		end, _ = run(t, end, escaped)
	}
	return end
}

// quoted is the length of the value that ends at quote, on the same line or on
// one that goes on with it; -1 if there is none. The quote is looked for first:
// the next value has one of its own, so no part of a text is read twice.
func quoted(s, quote string) int {
	n := strings.Index(s, quote)
	if n < 0 {
		return -1
	}
	line := strings.IndexByte(s[:n], '\n')
	if line < 0 {
		return n
	}
	if end, _ := run(s, line, escaped); end == n {
		return n
	}
	return -1
}

// ends tells whether an unquoted value ends at i.
func (s sep) ends(t string, i int) bool {
	switch t[i] {
	case ' ', '\n', '"', '<', '>':
		return true
	case '&', '\'', ',', ';', ')', ']', '}', '\\', '`':
		return !s.loose
	case '%':
		return s.query && leadingOf(t[i:], []string{"%26", "%2526", "%22", "%2522", "%20", "%2C"}) != ""
	case 0xE2:
		return strings.HasPrefix(t[i:], "↵") || strings.HasPrefix(t[i:], "…")
	}
	return false
}

func lineEnd(t string, i int) int {
	if n := strings.IndexByte(t[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(t)
}

// literals are values that are no secret.
var literals = []string{"true", "false", "null", "nil", "none", "undefined", "bearer", "{", "[", "..."}

// secretValue tells whether value, followed by rest, is to go; strict is for
// keys whose value may be any word.
func secretValue(value, rest string, strict bool, s sep) bool {
	if strings.HasPrefix(value, "…") || leading(value, punctuation) == len(value) {
		return false
	}
	for _, l := range literals {
		if strings.EqualFold(value, l) {
			return false
		}
	}
	if s.loose && plain(value) { // "access token: Session has expired"
		more := rest != "" && rest[0] != '\n' && !strings.HasPrefix(rest, "↵")
		return strict && !more
	}
	return true
}

// punctuation is what a hidden or a missing value consists of.
func punctuation(b byte) bool { return b < 0x80 && !alnum(b) }

// secretSuffix tells whether suffix leaves a key that names the secret itself.
func secretSuffix(suffix string) bool {
	suffix = strings.ToLower(strings.TrimLeft(suffix, "_-"))
	if leading(suffix, digit) == len(suffix) {
		return true
	}
	for _, s := range secretSuffixes {
		if suffix == s {
			return true
		}
	}
	return leadingOf(suffix, []string{"id_", "id-"}) != "" // as in sessionid_ss
}

// plain tells whether value is a word of prose.
func plain(value string) bool {
	for i := range len(value) {
		b := value[i]
		if digit(b) || i > 0 && 'A' <= b && b <= 'Z' || strings.IndexByte("+/=%$#*!_|~^@\\", b) >= 0 {
			return false
		}
	}
	return true
}

// strong tells whether value looks like a token whatever its key says.
func strong(value string) bool {
	n := leading(value, escaped)
	digits, lower, upper := makeup(value[:n])
	return n >= 20 && digits && lower && upper || n >= 32 && smallHex(value[:n])
}

// findBearer finds what follows Bearer, wherever it stands.
func findBearer(t string) []span {
	const scheme, shortest = "bearer", 16
	var spans []span
	for i := 0; i < len(t); i++ {
		if t[i]|0x20 != 'b' || len(t)-i <= len(scheme) || !strings.EqualFold(t[i:i+len(scheme)], scheme) {
			continue
		}
		from := i + len(scheme)
		gap := blanks(t[from:])
		if gap == 0 {
			gap = len(leadingOf(t[from:], []string{"%20", "+"}))
		}
		if gap == 0 {
			continue
		}
		from += gap
		end, size := run(t, from, func(b byte) bool { return escaped(b) || b == '.' || b == '~' })
		if digits, _, upper := makeup(t[from:end]); size >= shortest && (digits || upper) {
			spans = append(spans, span{from, end, accessToken})
		}
		i = end - 1
	}
	return spans
}

// headers are those whose whole value goes.
var headers = []struct {
	name string
	kind kind
}{
	{"proxy-authorization", secret},
	{"authorization", secret},
	{"set-cookie", cookie},
	{"cookie", cookie},
}

// findHeaders finds the values of headers, to the end of the line or of the
// quotes that stand around the value or the header.
func findHeaders(t string) []span {
	var spans []span
	for i := 0; i < len(t); i++ {
		switch t[i] | 0x20 {
		case 'a', 'p', 's', 'c':
		default:
			continue
		}
		for _, h := range headers {
			if len(t)-i <= len(h.name) || !strings.EqualFold(t[i:i+len(h.name)], h.name) {
				continue
			}
			if from, to := headerValue(t, i, len(h.name)); to > from {
				spans = append(spans, span{from, to, h.kind})
				i = to - 1
			}
			break
		}
	}
	return spans
}

// headerValue is where the value of the header is whose name of n bytes begins
// at i. An access key such as authorization_code is no header.
func headerValue(t string, i, n int) (from, to int) {
	s := separator(t[i+n:])
	if s.size == 0 {
		return 0, 0
	}
	from = i + n + s.size
	if from == len(t) || marked(t[from]) || strings.HasPrefix(t[from:], "…") {
		return 0, 0
	}
	quote := s.quote
	if quote == "" {
		quote = quoteBefore(t[:i])
	}
	if quote != "" {
		if n := quoted(t[from:], quote); n >= 0 {
			return from, from + n
		}
	}
	if proseHeader(t[from:]) {
		return 0, 0
	}
	line := lineEnd(t, from)
	if n := strings.Index(t[from:line], "↵"); n >= 0 {
		line = from + n
	}
	to, _ = run(t, line, escaped)
	return from, to
}

// proseHeader tells whether a header-like line is a sentence: three plain words
// and more, as in "authorization: the user has not approved".
func proseHeader(value string) bool {
	value, _, _ = strings.Cut(prefix(value, 256), "\n")
	value, _, _ = strings.Cut(value, "↵")
	words := strings.Fields(value)
	for _, w := range words {
		if !plain(w) {
			return false
		}
	}
	return len(words) >= 3
}

func quoteBefore(t string) string {
	for _, q := range quotes {
		if strings.HasSuffix(t, q) {
			return q
		}
	}
	return ""
}

// findCookieJar finds the values in lines of a cookie jar: domain, flag, path,
// flag, time, name, value. Cleaning has made spaces of the tabs.
func findCookieJar(t string) []span {
	if !strings.Contains(t, "TRUE") && !strings.Contains(t, "FALSE") {
		return nil
	}
	var spans []span
	at := 0
	for line := range strings.SplitSeq(t, "\n") {
		if n := jarValue(line); n > 0 && n < len(line) && !marked(line[n]) {
			spans = append(spans, span{at + n, at + len(line), cookie})
		}
		at += len(line) + 1
	}
	return spans
}

// jarValue is where the value begins in a line of a cookie jar, or 0.
func jarValue(line string) int {
	at := 0
	for field := range 6 {
		at += leading(line[at:], func(b byte) bool { return b == ' ' })
		n := strings.IndexByte(line[at:], ' ')
		if n <= 0 {
			return 0
		}
		f := line[at : at+n]
		switch field {
		case 1, 3:
			if f != "TRUE" && f != "FALSE" {
				return 0
			}
		case 4:
			if leading(f, digit) != len(f) {
				return 0
			}
		}
		at += n + 1
	}
	return at
}

// findUserinfo finds the password of an address such as https://name:pass@host.
func findUserinfo(t string) []span {
	const head = "://"
	var spans []span
	for i := 0; ; {
		n := strings.Index(t[i:], head)
		if n < 0 {
			return spans
		}
		i += n + len(head)
		size := strings.IndexAny(t[i:], "/?# \n\"'<>")
		if size < 0 {
			size = len(t) - i
		}
		host := strings.LastIndexByte(t[i:i+size], '@')
		colon := strings.IndexByte(t[i:i+size], ':')
		if from := i + colon + 1; colon >= 0 && from < i+host && !marked(t[from]) {
			spans = append(spans, span{from, i + host, secret})
		}
		i += size
	}
}

// queryStarts are the spellings of what stands before a parameter in a query or
// a fragment, longer ones first.
var queryStarts = []string{"&amp;", "%2526", "%253F", "%26", "%3F", "%3f", "%23", `\u0026`, "?", "&", "#"}

// findQueries finds the values of code and state, and only inside of a query:
// "code=190" and "state: disconnected" are what support needs.
func findQueries(t string) []span {
	var spans []span
	var ends [2]int // of the last value, for one that begins inside of it; plain and encoded
	for i := 0; i < len(t); i++ {
		if t[i] != 'c' && t[i] != 's' {
			continue
		}
		name := leadingOf(t[i:], []string{"code", "state"})
		mark := leadingOf(t[i+len(name):], []string{"=", "%3D", "%3d", "%253D", "%253d"})
		if name == "" || mark == "" {
			continue
		}
		s := sep{query: mark[0] == '%'}
		from := i + len(name) + len(mark)
		end := &ends[0]
		if s.query {
			end = &ends[1]
		}
		if from >= *end {
			*end = s.value(t, from)
		}
		to := *end
		if to == from || marked(t[from]) || status(t[from:to]) || !inQuery(t, i, to) {
			continue
		}
		spans = append(spans, span{from, to, signInCode})
		i = to - 1
	}
	return spans
}

// status tells whether value is a short number, which is an error code.
func status(value string) bool { return len(value) <= 6 && leading(value, digit) == len(value) }

// inQuery tells whether the parameter that begins at i and whose value ends at
// to stands in a query, or at the start of one that was pasted without its address.
func inQuery(t string, i, to int) bool {
	for _, q := range queryStarts {
		if strings.HasSuffix(t[:i], q) {
			return true
		}
	}
	return edge(t, i) && (i == 0 || t[i-1] != '-') && leadingOf(t[to:], []string{"&", "%26"}) != ""
}
