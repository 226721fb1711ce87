package message

import (
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// A section is a heading and its rows. Both faces, plain text and Markdown, show
// the same sections.
type section struct {
	title text.Safe
	rows  []row
}

// A row is one line: a label, a value, or both. With a block it leads to foreign
// text of several lines, which is shown verbatim. A row without a
// value says "not recorded".
type row struct {
	label text.Safe
	value text.Safe
	block text.Safe
}

// sections are what the message says, in the order in which support asks.
func (m Message) sections() []section {
	all := []section{
		{text.Const("Problem"), m.problemRows()},
		{text.Format("What happens on %s", m.connecting()), m.errorRows()},
		{text.Const("What points where"), m.pointRows()},
		{text.Const("Screenshots"), m.shotRows()},
		{text.Const("Account"), m.accountRows()},
		{text.Const("What changed lately"), m.changeRows()},
		{text.Const("Steps tried"), m.triedRows()},
		{text.Const("Checks"), m.checkRows()},
		{text.Const("Alerts and posts"), m.alertRows()},
	}
	if len(m.Probes) > 0 {
		all = append(all, section{text.Const("What the platform said when it was asked"), m.probeRows()})
	}
	if len(m.Notes) > 0 { // support does not ask for notes: none is nothing missing
		all = append(all, section{text.Const("Notes"), m.noteRows(m.Notes)})
	}
	if len(m.Gaps) > 0 {
		all = append(all, section{text.Const("Where the guide did not match the screen"), m.noteRows(m.Gaps)})
	}
	return append(all, section{text.Const("Case"), m.caseRows()})
}

// Subject is m in one line.
func Subject(m Message) text.Safe {
	about := m.platform()
	if !m.Account.Name.Empty() {
		about = text.Format(`%s, %s "%s"`, about, m.Noun, m.Account.Name)
	}
	about = text.Format("%s: %s", about, m.short())
	if !m.Case.Empty() {
		about = text.Format("%s (case %s)", about, m.Case)
	}
	return oneLine(about)
}

// short is the problem in a few words.
func (m Message) short() text.Safe {
	last := m.Problem.Last
	switch {
	case m.Problem.Mended:
		return m.mended()
	case m.Problem.Failing:
		return text.Const("shows Connected, but posts fail")
	case last == nil && m.Problem.Shows == "":
		return text.Const("connection problem")
	case last == nil || last.Answer == "connected":
		return word(colours, m.Problem.Shows)
	case last.Answer == "other":
		return text.Format("%s does not work", m.connecting())
	}
	return text.Format("%s on %s, tried %s", m.answer(*last), m.connecting(), m.Problem.tries())
}

// mended is how a case went well.
func (m Message) mended() text.Safe {
	if m.First {
		return text.Const("is connected now")
	}
	return text.Const("is connected again")
}

func (m Message) problemRows() []row {
	rows := []row{{value: m.sentence()}}
	var also []text.Safe
	for _, l := range m.Linked {
		also = append(also, l.words())
	}
	if len(also) > 0 {
		rows = append(rows, row{label: text.Const("Also affected"), value: text.Join("; ", also...)})
	}
	return rows
}

// words are l in a few words: LinkedIn "Brightside GmbH" (case 9XYZ, at Checks).
func (l Linked) words() text.Safe {
	name := l.Platform.Or(text.Const("a platform"))
	if !l.Account.Empty() {
		name = text.Format(`%s "%s"`, name, l.Account)
	}
	where := l.Step
	switch {
	case !l.Open:
		where = text.Join(": ", text.Const("ended"), l.Step)
	case !l.Step.Empty():
		where = text.Format("at %s", l.Step)
	}
	id := l.Case
	if !id.Empty() {
		id = text.Format("case %s", id)
	}
	if where = text.Join(", ", id, where); where.Empty() {
		return name
	}
	return text.Format("%s (%s)", name, where)
}

// sentence is the problem in one sentence.
func (m Message) sentence() text.Safe {
	p := m.Problem
	shows := text.Format("%s: what the dashboard shows is not recorded", m.platform())
	switch {
	case p.Mended:
		shows = text.Format("%s %s: it shows Connected in Dashboard → Settings → Connected Platforms", m.platform(), m.mended())
	case p.Failing:
		shows = text.Format("%s shows Connected in Dashboard → Settings → Connected Platforms, but posts fail", m.platform())
	case p.Shows != "":
		shows = text.Format("%s %s in Dashboard → Settings → Connected Platforms", m.platform(), word(colours, p.Shows))
	}
	if !p.Since.IsZero() {
		shows = text.Format("%s, known since %s", shows, m.minute(p.Since))
	}
	switch {
	case p.Last == nil:
		return text.Format("%s; no try to connect is recorded.", shows)
	case p.Last.Already:
		return text.Format("%s; connecting was tried %s: %s.", shows, told(p.tries(), p.Last.When), m.answer(*p.Last))
	}
	return text.Format("%s; connecting was tried %s, last %s: %s.", shows, p.tries(), m.minute(p.Last.At), m.answer(*p.Last))
}

// told is s with when that was, if that is known.
func told(s, when text.Safe) text.Safe {
	if when.Empty() {
		return s
	}
	return text.Format("%s (%s)", s, when)
}

// errorRows are what reconnecting led to: how the last try ended, and the errors
// in full, newest first.
func (m Message) errorRows() []row {
	rows := []row{{label: text.Const("Last try")}}
	if m.Problem.Last != nil {
		rows[0].value = m.triedWords(*m.Problem.Last)
	}
	if len(m.Errors) == 0 {
		return append(rows, row{label: text.Const("Exact error")})
	}
	name, found := text.Const("Exact error"), false
	for _, e := range m.Errors {
		if e.None {
			rows = append(rows, row{label: name, value: text.Format("there was no error message, %s, at %s", m.minute(e.At), text.Line(e.Step.Title()))})
			name = text.Const("Earlier error")
			continue
		}
		label := text.Format("%s, %s, at %s", name, m.second(e.At), text.Line(e.Step.Title()))
		if len(e.Removed) > 0 {
			label = text.Format("%s (%s taken out)", label, list(e.Removed))
		}
		rows = append(rows, row{label: label, block: e.Text})
		if v := e.Verdict; v != nil && v.Cause != platforms.UnknownCause {
			rows = append(rows, row{label: text.Const("It reads as"), value: text.Format("%s, %s", CauseWords(v.Cause), text.Line(v.Confidence))})
		}
		if len(e.IDs) > 0 {
			found = true
			rows = append(rows, row{label: text.Const("Request ids"), value: m.ids(e)})
		}
		name = text.Const("Earlier error")
	}
	if m.NoIDs && !found {
		rows = append(rows, row{label: text.Const("Request ids"), value: text.Const("none is shown")})
	}
	return rows
}

// ids are the request ids of e with their time.
func (m Message) ids(e Error) text.Safe {
	var all []text.Safe
	for _, id := range e.IDs {
		all = append(all, text.Format("%s %s", id.Name, id.Value))
	}
	return text.Format("%s, recorded %s", text.Join(", ", all...), m.second(e.At))
}

// list is what was taken out, in words.
func list(removed []text.Removed) text.Safe {
	var all []text.Safe
	for _, r := range removed {
		all = append(all, text.Format("%s × %s", text.Int(r.Count), r.Kind))
	}
	return text.Join(", ", all...)
}

func (m Message) shotRows() []row {
	var rows []row
	for _, s := range m.Shots {
		name := text.Line(s.File)
		if !s.Was.Empty() {
			name = text.Format(`%s (was "%s")`, name, s.Was)
		}
		rows = append(rows, row{value: text.Format("%s, added %s", name, m.minute(s.At))})
	}
	switch {
	case len(rows) > 0:
		return rows
	case m.NoShot:
		return []row{{value: text.Const("no screenshot possible")}}
	}
	return []row{{value: text.Const("none attached")}}
}

// orNone is rows, or one that says that they are not recorded.
func orNone(rows []row) []row {
	if len(rows) == 0 {
		return []row{{}}
	}
	return rows
}

func (m Message) accountRows() []row {
	a := m.Account
	var came text.Safe
	switch {
	case a.Returned != "":
		came = text.Join(": ", word(accounts, a.Returned), a.CameBack)
	case m.Problem.Shows != platforms.Green && m.Problem.Last != nil:
		came = text.Const("it did not connect")
	}
	rows := []row{
		{label: text.Const("Account in Aibrify"), value: a.Name},
		{label: text.Const("Login to use"), value: a.Login},
		{label: text.Const("After connecting"), value: came},
	}
	if !a.LastBy.Empty() { // nobody has to know it
		rows = append(rows, row{label: text.Const("Connected last by"), value: a.LastBy})
	}
	if m.Snapshot != nil {
		rows = append(rows, row{label: text.Const("Written down before removing"), value: m.snapshot(*m.Snapshot)})
	}
	if m.agent || !a.Customer.Empty() {
		rows = append(rows, row{label: text.Const("Customer"), value: a.Customer})
	}
	return rows
}

// snapshot is what was written down before something was removed.
func (m Message) snapshot(s Snapshot) text.Safe {
	by := s.By
	if !by.Empty() {
		by = text.Format("connected by %s", by)
	}
	return text.Format("%s, %s", text.Join(", ", s.Connected, by, s.queue()).Or(text.Const("nothing")), m.minute(s.At))
}

// queue is how many posts waited; empty if nobody counted.
func (s Snapshot) queue() text.Safe {
	switch {
	case s.Queue == nil:
		return text.Safe{}
	case *s.Queue == 1:
		return text.Const("1 post waited")
	}
	return text.Format("%s posts waited", text.Int(*s.Queue))
}

func (m Message) changeRows() []row {
	if m.Changed == nil {
		return orNone(nil)
	}
	var rows []row
	for _, c := range m.Changed.Items {
		rows = append(rows, row{value: c.Label})
	}
	if len(rows) == 0 {
		return []row{{value: text.Const("Nothing, as far as is known.")}}
	}
	return rows
}

func (m Message) triedRows() []row {
	var rows []row
	for _, t := range m.Tried {
		rows = append(rows, row{value: m.triedWords(t)})
	}
	rows = orNone(rows)
	for _, step := range m.Outside {
		rows = append(rows, row{label: text.Const("Taken back in the case, but clicked outside, and still so"),
			value: word(clicks, step).Fill(m.words())})
	}
	return rows
}

// triedWords is t in a line.
func (m Message) triedWords(t Tried) text.Safe {
	step := text.Line(t.Step.Title())
	switch t.Kind {
	case Attempt:
		answer := graded(text.Join(": ", m.answer(t), t.Text), t.Grade)
		if t.Already {
			return text.Format("%s, %s: %s", step, told(text.Const("already tried before this case"), t.When), answer)
		}
		return text.Format("%s, %s: %s", m.minute(t.At), step, answer)
	case Detour:
		went := ons[t.Answer].Or(text.Const("Went straight to {step}")).Fill(map[string]text.Safe{"step": step})
		return text.Format("%s, %s: %s", m.minute(t.At), About(went, t.About, t.Text), t.Text)
	case Override:
		return text.Format("%s, %s: %s", m.minute(t.At), About(text.Format("%s taken although advised against", step), t.About, t.Text), t.Text)
	case Returned:
		return text.Format("%s, Connected: %s", m.minute(t.At),
			graded(text.Join(": ", word(accounts, t.Answer), t.Text), t.Grade))
	case Wait:
		return text.Format("%s, Waited until %s: %s (%s)", m.minute(t.At), m.minute(t.Until), t.Text,
			text.Join("; ", aboutWords(t.About, t.Text), m.waitEnd(t)))
	}
	return text.Line(string(t.Kind))
}

// waitEnd says how a wait ended.
func (m Message) waitEnd(t Tried) text.Safe {
	switch {
	case !t.Ended.IsZero() && t.Answer == "early":
		return text.Format("ended early, %s", m.minute(t.Ended))
	case !t.Ended.IsZero():
		return text.Format("over, %s", m.minute(t.Ended))
	case !t.Early.Empty():
		return text.Format("still waiting; it ends early when: %s", t.Early)
	}
	return text.Const("still waiting")
}

func (m Message) checkRows() []row {
	var rows []row
	for _, c := range m.Checks {
		answer := graded(word(outcomes, c.Outcome), c.Grade)
		if c.Mended != "" {
			answer = text.Join(", ", answer, word(mends, c.Mended))
		}
		rows = append(rows, row{label: c.Title, value: answer})
	}
	return orNone(rows)
}

// probeRows are what was found last in each way to ask: what failed and what could not
// be asked with what it rests on, the rest in a line.
func (m Message) probeRows() []row {
	rows := []row{{value: text.Const("Asked with an app of one's own: it tells about the account, not whether Aibrify's permission is healthy.")}}
	for _, p := range m.Probes {
		rows = append(rows, m.probe(p)...)
	}
	return rows
}

func (m Message) probe(p Probe) []row {
	asked := text.Join(", ", m.minute(p.At), text.Line(p.Service), p.Account)
	if p.Custom {
		asked = text.Format("%s, at other endpoints than the platform's own", asked)
	}
	rows := []row{{label: text.Const("Asked"), value: asked}}
	var passed []text.Safe
	for _, f := range p.Findings {
		switch f.Outcome {
		case platforms.Pass:
			passed = append(passed, f.Title)
		case platforms.Skipped:
		case platforms.Fail, platforms.Unsure:
			rests := text.Join(", ", f.Field, f.Request)
			rows = append(rows, row{label: f.Title, block: f.Answer,
				value: graded(text.Join(" ", text.Format("%s:", outcomes[f.Outcome]), f.Says, rests), platforms.Probed)})
		}
	}
	if len(passed) > 0 {
		rows = append(rows, row{label: text.Const("In order"), value: text.Join(" ", passed...)})
	}
	return rows
}

func (m Message) alertRows() []row {
	var seen []text.Safe
	for _, a := range m.Alerts {
		seen = append(seen, word(alerts, a))
	}
	rows := []row{
		{label: text.Const("Banner or e-mail"), value: text.Join(", ", seen...)},
		{label: text.Const("Posts that missed their time"), value: m.missed()},
	}
	if m.Snapshot != nil && m.Snapshot.Queue != nil {
		rows = append(rows, row{label: text.Const("Posts in the calendar"),
			value: text.Format("%s, counted %s", m.Snapshot.queue(), m.minute(m.Snapshot.At))})
	}
	return rows
}

func (m Message) missed() text.Safe {
	switch {
	case m.Missed == nil:
		return text.Safe{}
	case m.Missed.Answer == "none":
		return text.Const("none")
	case m.Missed.Answer == "unsure":
		return text.Const("not sure")
	case m.Missed.Count > 0:
		return text.Int(m.Missed.Count)
	}
	return text.Const("some, the number is not recorded")
}

// noteRows are notes; one of several lines is a block.
func (m Message) noteRows(notes []Note) []row {
	var rows []row
	for _, n := range notes {
		label := text.Join(", ", m.minute(n.At), text.Format("at %s", text.Line(n.Step.Title())), n.at())
		if len(n.Text.Lines()) > 1 {
			rows = append(rows, row{label: label, block: n.Text})
			continue
		}
		rows = append(rows, row{label: label, value: n.Text})
	}
	return rows
}

// at is the instruction that n is about. A gap may be about a page as a whole.
func (n Note) at() text.Safe {
	switch {
	case !n.Says.Empty():
		return text.Format(`"%s"`, n.Says)
	case n.Item == platforms.WholePage:
		return text.Safe{}
	}
	return text.Line(n.Item)
}

func (m Message) caseRows() []row {
	rows := []row{
		{label: text.Const("Id"), value: m.Case},
		{label: text.Const("Opened"), value: m.minute(m.Opened)},
		{label: text.Const("Written"), value: m.minute(m.Made)},
		{label: text.Const("Complete"), value: text.Format("%s of 100", text.Int(m.Complete))},
	}
	if len(m.Removed) > 0 {
		rows = append(rows, row{label: text.Const("Taken out of the texts above"), value: list(m.Removed)})
	}
	return rows
}
