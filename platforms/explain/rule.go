package explain

import (
	"strconv"
	"strings"

	"reconnect/platforms"
)

const (
	nearWords = 12 // how far the words of a rule may stand apart
	besides   = 8  // how near a word that speaks against it must stand
	maxGroups = 6  // of one rule
)

// A rule is what a signature listens for: a word of each group, near each other.
type rule struct {
	sig    *signature
	groups int
	within int
}

// A post says which rule waits for a term, and in which group; or which platform
// the term tells.
type post struct {
	rule     int
	group    int // unlessGroup speaks against the rule
	platform platforms.ID
	weight   int
}

const (
	unlessGroup   = -1
	platformGroup = -2
)

// addRule makes the words of a signature heard.
func (k *knowledge) addRule(sig *signature, synonyms map[string][]string) int {
	at := len(k.rules)
	m := sig.Match
	r := rule{sig: sig, within: nearWords}
	if n, err := strconv.Atoi(m.Within); err == nil {
		r.within = n
	}
	if len(m.Contains) > 0 {
		k.post(m.Contains, post{rule: at, group: r.groups}, nil)
		r.groups++
	}
	for _, group := range m.Say {
		k.post(strings.Split(group, "|"), post{rule: at, group: r.groups}, synonyms)
		r.groups++
	}
	k.post(m.Unless, post{rule: at, group: unlessGroup}, synonyms)
	k.rules = append(k.rules, r)
	return at
}

// listen makes words tell a platform.
func (k *knowledge) listen(id platforms.ID, words []string, weight int) {
	k.post(words, post{group: platformGroup, platform: id, weight: weight}, nil)
}

func (k *knowledge) post(words []string, p post, synonyms map[string][]string) {
	for _, w := range words {
		if name, ok := strings.CutPrefix(w, "@"); ok {
			k.post(synonyms[name], p, nil)
			continue
		}
		t := k.words.add(w)
		for int(t) >= len(k.posts) {
			k.posts = append(k.posts, nil)
		}
		k.posts[t] = append(k.posts[t], p)
	}
}

// A said is a rule whose words were found.
type said struct {
	rule     int
	from, to int // in the folded text
	region   int // the report it stands in
	start    int // the first word
	end      int
	gone     bool // something beside it speaks against it
}

// heard is what the words of a text say.
type heard struct {
	said     []said
	platform [6]sign // by platform
}

// A sign tells a platform.
type sign struct {
	weight int
	at     int // the first one, in the folded text
	to     int
}

// platformIndex is the place of a platform in heard.platform.
func platformIndex(id platforms.ID) int {
	for i, other := range platforms.IDs() {
		if other == id {
			return i
		}
	}
	return len(platforms.IDs())
}

// A listener follows the rules through a text.
type listener struct {
	know    *knowledge
	last    [][maxGroups]place // by rule
	unless  []int              // by rule: the word after the last one against it
	active  []int              // by rule: its last entry in said, plus 1
	regions func(at int) int
	heard
}

// A place is where a group's word stood last; word counts from 1.
type place struct{ word, at, end int32 }

// listen hears the folded text once.
func (k *knowledge) hear(text []byte, fuzzy bool, regions func(at int) int) heard {
	l := listener{
		know: k, last: make([][maxGroups]place, len(k.rules)), unless: make([]int, len(k.rules)),
		active: make([]int, len(k.rules)), regions: regions,
	}
	k.words.find(text, fuzzy, func(h hit) {
		for _, p := range k.posts[h.term] {
			l.take(p, h)
		}
	})
	return l.heard
}

func (l *listener) take(p post, h hit) {
	switch p.group {
	case platformGroup:
		s := &l.platform[platformIndex(p.platform)]
		if s.weight == 0 {
			s.at, s.to = h.at, h.end
		}
		s.weight += p.weight
	case unlessGroup:
		l.unless[p.rule] = h.word + 1
		if at := l.active[p.rule]; at > 0 && h.word-l.said[at-1].end <= besides {
			l.said[at-1].gone = true
			l.active[p.rule] = 0
		}
	default:
		l.last[p.rule][p.group] = place{int32(h.word + 1), int32(h.at), int32(h.end)}
		l.complete(p.rule, h)
	}
}

// complete notes a rule whose groups have all been heard near each other.
func (l *listener) complete(at int, h hit) {
	r := &l.know.rules[at]
	first, end := place{word: int32(h.word + 1), at: int32(h.at)}, int32(h.end)
	for _, p := range l.last[at][:r.groups] {
		if p.word == 0 || h.word+1-int(p.word) > r.within {
			return
		}
		if p.word < first.word {
			first = p
		}
		end = max(end, p.end)
	}
	if n := l.unless[at]; n > 0 && int(first.word)-n <= besides {
		return
	}
	region := l.regions(h.at)
	if n := l.active[at]; n > 0 && l.said[n-1].region == region {
		return
	}
	l.said = append(l.said, said{rule: at, from: int(first.at), to: int(end), region: region, start: int(first.word) - 1, end: h.word})
	l.active[at] = len(l.said)
}
