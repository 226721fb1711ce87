package explain

import (
	"cmp"
	"slices"

	"reconnect/platforms"
)

// A trial is one text being judged.
type trial struct {
	know     *knowledge
	text     string // decoded
	folded   folder
	reports  []report
	heard    heard
	given    platforms.ID // what the person who asks says
	platform platforms.ID // what all signs together say; empty if nothing does
}

// A finding is what one report means.
type finding struct {
	region     int
	sig        *signature // nil where nothing is known
	words      *said      // the words that decided or agreed
	cause      platforms.Cause
	confidence Confidence
	also       []platforms.Cause
	rank       int
}

// findings judge each report on its own.
func (t *trial) findings() []finding {
	var all []finding
	next := 0
	words := t.heard.said
	slices.SortStableFunc(words, func(a, b said) int { return a.region - b.region })
	for i := range t.reports {
		from := next
		for next < len(words) && words[next].region == i {
			next++
		}
		all = append(all, t.judge(i, words[from:next]))
	}
	return all
}

// judge weighs the fields of a report and the words that stand with them. Fields
// decide; words decide only between what the fields leave open, or alone.
func (t *trial) judge(region int, words []said) finding {
	r := &t.reports[region]
	field, rivals := t.byFields(r, words)
	word, saying := t.byWords(words)
	f := finding{region: region, cause: platforms.UnknownCause, confidence: Unknown}
	switch {
	case field == nil && word == nil:
		return f
	case field == nil || onlyStatus(field) && word != nil:
		f.settle(word, Likely)
		f.words = saying
		f.also = append(f.also, t.otherWords(word, words)...)
	case word == nil || word.Cause == field.Cause:
		f.settle(field, t.sure(r, field, rivals))
		f.words = saying
	case leavesOpen(field) && slices.Contains(field.Also, word.Cause) && !t.divided(words, word, field.Cause):
		f.settle(word, Likely)
		f.words = saying
		f.also = append(f.also, field.Cause)
	default:
		f.settle(field, t.sure(r, field, rivals))
		if len(word.Match.Contains) > 0 && word.Cause != platforms.UnknownCause && !slices.Contains(word.Also, field.Cause) {
			f.confidence = min(f.confidence, Likely)
			f.also = append(f.also, word.Cause)
		}
	}
	if own := ruleOf(f.sig, words); own != nil {
		f.words = own
	}
	for _, other := range rivals {
		f.also = append(f.also, other.Cause)
	}
	f.also = tidy(f.also, f.cause)
	return f
}

// settle takes the meaning of a signature.
func (f *finding) settle(s *signature, c Confidence) {
	f.sig, f.cause, f.confidence = s, s.Cause, c
	f.also = append(f.also, s.Also...)
	if s.Cause == platforms.UnknownCause {
		f.confidence = Unknown
	}
	f.rank = int(f.confidence)*100 + min(s.score, 99)
	if s.Cause == platforms.RateLimited || s.Cause == platforms.PlatformOutage {
		f.rank -= 20 // passes by itself, so another fault beside it matters more
	}
}

// divided tells whether other words as specific say cause: then words decide nothing.
func (t *trial) divided(words []said, word *signature, cause platforms.Cause) bool {
	return slices.ContainsFunc(words, func(w said) bool {
		s := t.know.rules[w.rule].sig
		return !w.gone && s.Cause == cause && !s.Match.fields() && t.allowed(s) && t.weight(s, nil) >= t.weight(word, nil)
	})
}

// openCauses is from how many other causes on a field asks words to choose.
const openCauses = 4

// leavesOpen tells whether a field leaves so much open that words decide: a bare 190, or
// what means something else on every platform. Elsewhere the words beside a field
// are the platform's own for the same thing.
func leavesOpen(s *signature) bool { return s.Platform == "" || len(s.Also) >= openCauses }

// onlyStatus tells whether nothing but the HTTP status speaks for s.
func onlyStatus(s *signature) bool { return !s.Match.fields() && len(s.Match.Contains) == 0 }

// sure is how certain a decision by fields is: certain only where a documented
// field decides, its meaning names one cause, and no field speaks against it.
func (t *trial) sure(r *report, s *signature, rivals []*signature) Confidence {
	if s.Certainty != platforms.Documented || s.Read == "" || len(s.Also) > 0 || !s.Match.fields() || len(rivals) > 0 {
		return Likely
	}
	if s.Match.Code == "" && s.Match.Subcode == "" {
		return Certain
	}
	for i := range r.fields {
		if f := &r.fields[i]; !f.weak && (s.code.holds(f.code) && f.kind == kindCode || s.subcode.holds(f.code) && f.kind == kindSubcode) {
			return Certain
		}
	}
	return Likely
}

// byFields is the most specific signature that the fields of r fit, and those as
// specific that say otherwise.
func (t *trial) byFields(r *report, words []said) (best *signature, rivals []*signature) {
	for _, s := range t.candidates(r) {
		if !t.allowed(s) || !t.fits(s, r, words) {
			continue
		}
		switch weight := t.weight(s, r); {
		case best == nil || weight > t.weight(best, r):
			best, rivals = s, nil
		case weight == t.weight(best, r) && s.Cause != best.Cause:
			rivals = append(rivals, s)
		}
	}
	return best, rivals
}

// weight is the score of a signature here: the platform's own word counts more,
// and so does the place it was written for.
func (t *trial) weight(s *signature, r *report) int {
	w := s.score
	if s.Platform == t.platform {
		w += 2
	}
	if s.Where == "redirect" && r != nil && r.fromAddress() {
		w += weighWhere
	}
	return w
}

// candidates are the signatures that share a field with r.
func (t *trial) candidates(r *report) []*signature {
	var buf [32]*signature
	list := buf[:0]
	for i := range r.fields {
		f := &r.fields[i]
		switch f.kind {
		case kindCode:
			list = append(list, t.know.byCode[f.code]...)
			list = append(list, t.know.bySubcode[f.code]...)
			list = append(list, t.know.byHTTP[f.code]...)
		case kindSubcode:
			list = append(list, t.know.bySubcode[f.code]...)
		case kindHTTP:
			list = append(list, t.know.byHTTP[f.code]...)
		case kindError, kindType, kindReason, kindState:
			list = append(list, t.know.symbols[f.key]...)
			list = append(list, t.know.byState[f.value]...)
			if f.kind == kindError && f.query {
				list = append(list, t.know.any...)
			}
		case notAField, kindMessage, kindID, kindTime:
		}
	}
	return list
}

// allowed tells whether a signature may be asked here. A bare number means
// something only on its platform.
func (t *trial) allowed(s *signature) bool {
	if s.Match.Given != "" && t.given == "" {
		return false
	}
	if s.Platform == "" || s.Platform == t.platform {
		return true
	}
	if s.Platform == platforms.Facebook && t.platform == platforms.Instagram {
		return true // its answers are Facebook's
	}
	return t.platform == "" && !s.Match.fields() && s.Match.HTTP == ""
}

// fits tells whether all that s asks for holds in r.
func (t *trial) fits(s *signature, r *report, words []said) bool {
	m := &s.Match
	status := r.first(kindHTTP)
	switch {
	case !s.subcode.none() && !r.hasSubcode(s),
		!s.code.none() && s.subcode.none() && !r.hasCode(s.code),
		!s.code.none() && !s.subcode.none() && r.first(kindCode) != nil && r.first(kindSubcode) != nil && !r.hasCode(s.code) && !r.hasCode(span{102, 102}),
		m.Error != "" && m.Error != "*" && !r.hasSymbol(s.errorKey),
		m.Type != "" && !r.hasSymbol(s.typeKey),
		m.State != "" && !r.hasState(m.State),
		s.rule >= 0 && !hears(words, s.rule):
		return false
	}
	if s.http.none() {
		return true
	}
	if status != nil {
		return s.http.holds(status.code)
	}
	return m.fields() && !r.fromAddress() || r.hasCode(s.http)
}

func hears(words []said, rule int) bool {
	return slices.ContainsFunc(words, func(w said) bool { return w.rule == rule && !w.gone })
}

// ruleOf is where the words stand that a signature asks for beside its fields.
func ruleOf(s *signature, words []said) *said {
	for i := range words {
		if s.rule == words[i].rule && !words[i].gone {
			return &words[i]
		}
	}
	return nil
}

func (r *report) hasCode(s span) bool {
	return slices.ContainsFunc(r.fields, func(f field) bool { return f.kind == kindCode && s.holds(f.code) })
}

// hasSubcode looks for a subcode, which some tools print as the only code. So a
// small one counts only under its own name.
func (r *report) hasSubcode(s *signature) bool {
	bare := r.first(kindSubcode) == nil && s.subcode.low > 400
	return slices.ContainsFunc(r.fields, func(f field) bool {
		return s.subcode.holds(f.code) && (f.kind == kindSubcode || bare && f.kind == kindCode)
	})
}

func (r *report) hasSymbol(key string) bool {
	return slices.ContainsFunc(r.fields, func(f field) bool { return f.key == key && f.kind != kindMessage })
}

func (r *report) hasState(state string) bool {
	return slices.ContainsFunc(r.fields, func(f field) bool { return f.kind == kindState && f.value == state })
}

// byWords is the most specific signature that is only words; of two, the one whose
// words stand nearer to each other.
func (t *trial) byWords(words []said) (best *signature, saying *said) {
	for i := range words {
		s := t.know.rules[words[i].rule].sig
		if words[i].gone || s.Match.fields() || s.Match.HTTP != "" || !t.allowed(s) {
			continue
		}
		more := 1
		if best != nil {
			more = cmp.Or(t.weight(s, nil)-t.weight(best, nil), saying.end-saying.start-(words[i].end-words[i].start))
		}
		if more > 0 {
			best, saying = s, &words[i]
		}
	}
	return best, saying
}

// otherWords are the causes of other words that are as specific.
func (t *trial) otherWords(best *signature, words []said) []platforms.Cause {
	var causes []platforms.Cause
	for i := range words {
		s := t.know.rules[words[i].rule].sig
		if !words[i].gone && !s.Match.fields() && t.allowed(s) && s.score+weighGroup >= best.score && s.Cause != platforms.UnknownCause {
			causes = append(causes, s.Cause)
		}
	}
	return causes
}

// maxAlso is how many alternatives are worth naming.
const maxAlso = 5

// tidy leaves out what is said already.
func tidy(also []platforms.Cause, cause platforms.Cause) []platforms.Cause {
	var kept []platforms.Cause
	for _, c := range also {
		if c != cause && c != platforms.UnknownCause && !slices.Contains(kept, c) && len(kept) < maxAlso {
			kept = append(kept, c)
		}
	}
	return kept
}
