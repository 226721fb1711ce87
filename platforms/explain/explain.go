// Package explain says what an error text means: which platform, which cause, who
// must act, and the next step, with the reasons; or that the text does not tell.
//
// Here live the reader that takes typed fields out of any text, the signatures of
// known errors (data, in the folders of package platforms), and the judge that
// weighs them. Never here: the terminal, storage, the network, a clock, or a
// decision about a case. The same text always gets the same answer.
package explain

import (
	"cmp"
	"slices"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// Schema is the number of the JSON form of a [Verdict].
const Schema = 1

// A Confidence is how sure a verdict is. The zero value is unknown.
type Confidence int

// The confidences. Certain: a documented field decides and its meaning names one
// cause. Likely: words, or several fields agree. Unknown exactly when the cause is.
const (
	Unknown Confidence = iota
	Likely
	Certain
)

func (c Confidence) String() string { return [...]string{"unknown", "likely", "certain"}[c] }

// MarshalText writes the confidence as its word.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a word that MarshalText wrote. Another one is unknown.
func (c *Confidence) UnmarshalText(word []byte) error {
	*c = Unknown
	for _, known := range []Confidence{Likely, Certain} {
		if known.String() == string(word) {
			*c = known
		}
	}
	return nil
}

// UnknownPlatform stands in a verdict whose text tells no platform.
const UnknownPlatform platforms.ID = "unknown"

// Steps of a verdict that are not steps of the ladder.
const (
	Wait platforms.Step = "wait" // nothing helps but time
	Fix  platforms.Step = "fix"  // something must be put right before reconnecting
)

// A Next is the step to take and what to do in it.
type Next struct {
	Step platforms.Step `json:"step"` // status, reconnect, disconnect, clear, fresh, support, wait, fix
	Do   []text.Safe    `json:"do"`
}

// An ID is a request id that the platform's support asks for.
type ID struct {
	Name  text.Safe `json:"name"`
	Value text.Safe `json:"value"`
	Time  text.Safe `json:"time,omitzero"` // as the text has it
}

// A Verdict is what a text means.
type Verdict struct {
	Schema     int               `json:"schema"`
	Platform   platforms.ID      `json:"platform"`
	Cause      platforms.Cause   `json:"cause"`
	Confidence Confidence        `json:"confidence"`
	Connection bool              `json:"connection"` // false: this is no connection problem
	Also       []platforms.Cause `json:"also"`       // what else it can be
	Owner      platforms.Owner   `json:"owner"`
	Meaning    text.Safe         `json:"meaning"`
	Next       Next              `json:"next"`
	Questions  []text.Safe       `json:"questions,omitempty"` // whose answers would tell
	Fields     []Field           `json:"fields"`              // the court record
	Source     text.Safe         `json:"source"`
	Signature  string            `json:"signature,omitempty"` // the id of the signature that decided
	IDs        []ID              `json:"ids,omitempty"`
	Secrets    []text.Removed    `json:"secrets,omitempty"` // what Paste took out of the text
}

// Paste cleans and redacts what somebody pasted, and explains it. The second
// result is the text as it may be shown and stored. known are secrets to take out
// wherever they stand. More than [text.MaxPaste] bytes are a [*text.TooLarge].
func Paste(raw string, hint platforms.ID, known ...string) (Verdict, text.Safe, error) {
	clean, err := text.Paste(raw)
	if err != nil {
		return Verdict{}, text.Safe{}, err
	}
	clean, removed := text.Redact(clean, known...)
	v := Explain(clean, hint)
	v.Secrets = removed
	for _, r := range removed {
		if revocable(r.Kind.String()) {
			v.Next.Do = append(v.Next.Do, text.Const("The text held a secret. It was taken out here; have it revoked, since others may have seen it."))
			break
		}
	}
	return v, clean, nil
}

// revocable tells whether a removed thing opens doors: an address does not.
func revocable(kind string) bool { return kind != "e-mail address" && kind != "phone number" }

// Typing errors are forgiven in the report of a person: a text without fields, or a
// short one that may quote a number.
const (
	fuzzyBytes = 400
	fuzzyProse = 16 << 10
)

// Explain says what in means. hint is the platform if it is known, else empty:
// then the text alone tells it, or it stays unknown. Explain is pure, safe for
// concurrent use, and linear in the length of the text. Hand it redacted text: it
// quotes the values it decided on.
func Explain(in text.Safe, hint platforms.ID) Verdict {
	know := own()
	return know.explain(in.String(), hint)
}

func (k *knowledge) explain(raw string, hint platforms.ID) Verdict {
	if hint == UnknownPlatform {
		hint = ""
	}
	t := trial{know: k, given: hint}
	t.text, _ = decoded(raw)
	t.reports = read(t.text, k)
	t.folded = fold(t.text)
	tells := slices.ContainsFunc(t.reports, func(r report) bool { return r.tells() })
	fuzzy := len(t.text) <= fuzzyBytes || !tells && len(t.text) <= fuzzyProse
	t.heard = k.hear(t.folded.out, fuzzy, t.regionOf)
	if answer(t.text, t.reports) {
		t.heard.said = slices.DeleteFunc(t.heard.said, func(s said) bool { return len(k.rules[s.rule].sig.Match.Contains) == 0 })
	}
	shown := t.findPlatform()
	findings := t.findings()
	slices.SortStableFunc(findings, func(a, b finding) int { return cmp.Compare(b.rank, a.rank) })
	return t.verdict(findings, shown)
}

// regionOf is the report that a place of the folded text belongs to.
func (t *trial) regionOf(at int) int {
	if len(t.reports) == 1 {
		return 0
	}
	from := t.folded.origin(t.text, at)
	i, _ := slices.BinarySearchFunc(t.reports, from, func(r report, at int) int { return cmp.Compare(r.from, at+1) })
	return max(0, i-1)
}

// verdict words the decisive finding and names what the others say.
func (t *trial) verdict(findings []finding, platform platforms.ID) Verdict {
	f := findings[0]
	if platform == "" && f.sig != nil && !t.know.shared[f.sig.ID] {
		platform = f.sig.Platform
	}
	v := Verdict{
		Schema: Schema, Platform: platform, Cause: f.cause, Confidence: f.confidence, Connection: true,
		Also: f.also, Owner: platforms.Person,
	}
	if platform == "" {
		v.Platform = UnknownPlatform
	}
	for _, other := range findings[1:] {
		v.Also = append(v.Also, other.cause)
	}
	v.Also = tidy(v.Also, v.Cause)
	if v.Also == nil {
		v.Also = []platforms.Cause{}
	}
	t.word(&v, f)
	v.Fields = t.record(f, v.Platform)
	v.IDs = t.ids()
	return v
}

// unknownRemedy is what to do where nothing is known.
const unknownRemedy = "unknown"

// word gives a verdict its meaning, owner and next step.
func (t *trial) word(v *Verdict, f finding) {
	remedy, do := unknownRemedy, []text.Safe(nil)
	switch s := f.sig; {
	case s == nil:
		v.Meaning = text.Const("The text does not tell why the connection fails.")
	default:
		v.Meaning, v.Source, v.Owner, v.Signature = s.Meaning, s.Source, s.Owner, s.ID
		v.Connection = s.Connection != "no"
		remedy, do = s.Remedy, s.Do
	}
	r := t.know.remedies[remedy]
	if len(do) == 0 {
		do = r.For[string(v.Cause)]
	}
	if len(do) == 0 {
		do = r.Do
	}
	v.Next = Next{r.Step, slices.Clone(do)}
	if v.Cause == platforms.UnknownCause && v.Connection {
		v.Questions = t.know.ask(v.Also)
	}
}

// maxQuestions is how much one asks a person at a time.
const maxQuestions = 3

// ask are the questions that would tell the causes apart.
func (k *knowledge) ask(between []platforms.Cause) []text.Safe {
	var list []text.Safe
	if len(between) == 0 {
		between = []platforms.Cause{platforms.UnknownCause, platforms.PasswordChanged, platforms.NotAdmin}
	}
	for _, c := range between {
		if q, ok := k.questions[string(c)]; ok && len(list) < maxQuestions {
			list = append(list, q)
		}
	}
	return list
}
