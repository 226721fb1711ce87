package explain

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A Signature is one thing that is known about errors: what it looks like, what
// it means, and where that stands.
type Signature struct {
	ID        string              `json:"id"`
	Platform  platforms.ID        `json:"platform,omitempty"` // from the folder; empty for all platforms
	Where     string              `json:"where"`              // api, token, redirect, ui, words
	Match     Match               `json:"match"`
	Cause     platforms.Cause     `json:"cause"`
	Also      []platforms.Cause   `json:"also,omitempty"` // what else it can mean; words may pick one of these
	Owner     platforms.Owner     `json:"owner"`
	Remedy    string              `json:"remedy"`
	Do        []text.Safe         `json:"do,omitempty"` // in place of the remedy's words, where these do not fit
	Meaning   text.Safe           `json:"meaning"`
	Source    text.Safe           `json:"source"`
	Read      string              `json:"read,omitempty"` // YYYY-MM-DD; empty where nobody has read it
	Certainty platforms.Certainty `json:"certainty"`
	// Connection is "no" for an error that is not about the connection.
	Connection string `json:"connection,omitempty"`
}

// A Match says what an error looks like. All that is given must hold together;
// an http beside another field must only not be contradicted.
type Match struct {
	Code      string   `json:"code,omitempty"`      // 190, or a range: 200-299
	Subcode   string   `json:"subcode,omitempty"`   // 460
	HTTP      string   `json:"http,omitempty"`      // 401, or a range: 500-599
	Error     string   `json:"error,omitempty"`     // invalid_grant; * is any
	Type      string   `json:"type,omitempty"`      // a second symbolic code
	State     string   `json:"state,omitempty"`     // what an introspection answers
	Contains  []string `json:"contains,omitempty"`  // one of these phrases
	Say       []string `json:"say,omitempty"`       // words near each other, each "this|or this|@synonyms"; a star ends a stem
	Unless    []string `json:"unless,omitempty"`    // but not beside one of these
	Within    string   `json:"within,omitempty"`    // how many words apart; 12 if not given
	Condition string   `json:"condition,omitempty"` // concluded by a live check from a good answer; no text matches it
	Given     string   `json:"given,omitempty"`     // "platform": only where the platform is given, so a connection is known
}

// file is what an errors.json says. Only the common one has synonyms, remedies,
// questions, and phrases that tell no platform.
type file struct {
	Signs      []string             `json:"signs"` // hosts, libraries, field names of the platform
	Names      []string             `json:"names"` // how people call the platform
	Synonyms   map[string][]string  `json:"synonyms"`
	Remedies   map[string]remedy    `json:"remedies"`
	Questions  map[string]text.Safe `json:"questions"` // by cause
	Shared     []string             `json:"shared"`
	Signatures []Signature          `json:"signatures"`
}

// A remedy is what to do, as a step of the ladder and in words.
type remedy struct {
	Step platforms.Step         `json:"step"`
	Do   []text.Safe            `json:"do"`
	For  map[string][]text.Safe `json:"for,omitempty"` // by cause, where it differs
}

// knowledge is all signatures, ready to be asked.
type knowledge struct {
	list      []Signature
	byCode    map[int][]*signature
	bySubcode map[int][]*signature
	byHTTP    map[int][]*signature
	byState   map[string][]*signature
	symbols   map[string][]*signature
	any       []*signature // match any symbolic code
	names     map[string]kind
	words     *lexicon
	rules     []rule
	posts     [][]post // by term
	shared    map[string]bool
	remedies  map[string]remedy
	questions map[string]text.Safe
}

// A signature is a [Signature] ready to be compared.
type signature struct {
	*Signature
	code, subcode, http span
	errorKey, typeKey   string
	rule                int // its words, or -1
	score               int // how specific it is
}

// A span is a number or a range of numbers; the zero span is none.
type span struct{ low, high int }

func (s span) none() bool       { return s == span{} }
func (s span) holds(n int) bool { return n >= s.low && n <= s.high }

// own is the knowledge of the embedded data, read when it is first asked for.
var own = sync.OnceValue(func() *knowledge {
	k, err := load(platforms.ErrorData)
	if err != nil {
		panic(err) // a test has read them
	}
	return k
})

// List are all signatures, platform by platform, those for all platforms last.
func List() []Signature { return slices.Clone(own().list) }

// folders are the folders of the data, in the order of the dashboard.
func folders() []string {
	var names []string
	for _, id := range platforms.IDs() {
		names = append(names, string(id))
	}
	return append(names, "common")
}

// load reads the signatures of a folder laid out like the embedded data.
func load(from fs.FS) (*knowledge, error) {
	k := &knowledge{
		byCode: map[int][]*signature{}, bySubcode: map[int][]*signature{}, byHTTP: map[int][]*signature{},
		byState: map[string][]*signature{}, symbols: map[string][]*signature{}, shared: map[string]bool{},
		names: fieldNames(), words: newLexicon(),
	}
	files := map[string]file{}
	for _, folder := range folders() {
		f, err := open(from, folder)
		if err != nil {
			return nil, fmt.Errorf("error signatures of %s: %w", folder, err)
		}
		files[folder] = f
		k.list = append(k.list, f.Signatures...)
	}
	k.learn(files)
	return k, nil
}

// open reads the file of one folder, which says the platform.
func open(from fs.FS, folder string) (file, error) {
	var f file
	raw, err := fs.ReadFile(from, folder+"/errors.json")
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if folder != "common" {
		for i := range f.Signatures {
			f.Signatures[i].Platform = platforms.ID(folder)
		}
	}
	return f, err
}

// learn makes what the files say ready to be asked.
func (k *knowledge) learn(files map[string]file) {
	common := files["common"]
	k.remedies, k.questions = common.Remedies, common.Questions
	for _, id := range common.Shared {
		k.shared[id] = true
	}
	for i := range k.list {
		if k.list[i].Match.Condition == "" {
			k.index(&k.list[i], common.Synonyms)
		}
	}
	for _, id := range platforms.IDs() {
		k.listen(id, files[string(id)].Signs, signWeight)
		k.listen(id, files[string(id)].Names, nameWeight)
	}
}

// How much a sign and a name tell the platform.
const (
	signWeight = 3
	nameWeight = 2
)

// index makes a signature known under its most telling field.
func (k *knowledge) index(s *Signature, synonyms map[string][]string) {
	m := s.Match
	sig := &signature{
		Signature: s, rule: -1, code: spanOf(m.Code), subcode: spanOf(m.Subcode), http: spanOf(m.HTTP),
		errorKey: symbolKey(m.Error), typeKey: symbolKey(m.Type), score: m.score(),
	}
	if len(m.Contains)+len(m.Say) > 0 {
		sig.rule = k.addRule(sig, synonyms)
	}
	switch {
	case !sig.subcode.none():
		addSpan(k.bySubcode, sig.subcode, sig)
	case !sig.code.none():
		addSpan(k.byCode, sig.code, sig)
	case m.Error == "*":
		k.any = append(k.any, sig)
	case m.Error != "":
		k.symbols[sig.errorKey] = append(k.symbols[sig.errorKey], sig)
	case m.State != "":
		k.byState[m.State] = append(k.byState[m.State], sig)
	case m.Type != "":
		k.symbols[sig.typeKey] = append(k.symbols[sig.typeKey], sig)
	case !sig.http.none():
		addSpan(k.byHTTP, sig.http, sig)
	}
}

func addSpan(to map[int][]*signature, s span, sig *signature) {
	for n := s.low; n <= s.high; n++ {
		to[n] = append(to[n], sig)
	}
}

// spanOf reads "190", "-1" and "200-299".
func spanOf(s string) span {
	if s == "" {
		return span{}
	}
	low, high, ranged := strings.Cut(strings.TrimPrefix(s, "-"), "-")
	if !ranged {
		n, _ := strconv.Atoi(s)
		return span{n, n}
	}
	from, _ := strconv.Atoi(low)
	to, _ := strconv.Atoi(high)
	return span{from, to}
}

// The weight of what a signature asks for: fields first, words only then.
const (
	weighState   = 70
	weighSubcode = 40
	weighCode    = 20
	weighRange   = 18
	weighError   = 20
	weighAny     = 15
	weighType    = 14
	weighHTTP    = 5
	weighPhrase  = 10
	weighGroup   = 3
	weighGiven   = 4
	weighWhere   = 5
)

// score is how specific a match is. More specific beats less specific.
func (m Match) score() int {
	n := 0
	add := func(given bool, weight int) {
		if given {
			n += weight
		}
	}
	add(m.State != "", weighState)
	add(m.Subcode != "", weighSubcode)
	add(m.Code != "" && !strings.Contains(m.Code[1:], "-"), weighCode)
	add(m.Code != "" && strings.Contains(m.Code[1:], "-"), weighRange)
	add(m.Error != "" && m.Error != "*", weighError)
	add(m.Error == "*", weighAny)
	add(m.Type != "", weighType)
	add(m.HTTP != "", weighHTTP)
	add(m.Given != "", weighGiven)
	if len(m.Contains) > 0 {
		n += weighPhrase + min(len(m.Contains[0])/10, 3)
	}
	return n + weighGroup*len(m.Say)
}

// fields tells whether a field is asked for, beyond the HTTP status.
func (m Match) fields() bool {
	return m.Code != "" || m.Subcode != "" || m.Error != "" || m.Type != "" || m.State != ""
}

// kindOf is what the word names, if it names a field.
func (k *knowledge) kindOf(word string) kind {
	if len(word) > maxName || len(word) < 2 {
		return notAField
	}
	var buf [maxName]byte
	n := 0
	for i := range len(word) {
		switch c := word[i]; {
		case c == '_' || c == '-':
		case c >= 'A' && c <= 'Z':
			buf[n] = c + 'a' - 'A'
			n++
		default:
			buf[n] = c
			n++
		}
	}
	return k.names[string(buf[:n])]
}
