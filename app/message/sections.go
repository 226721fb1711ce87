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
		{text.Const("What happens on reconnecting"), m.errorRows()},
		{text.Const("Screenshots"), m.shotRows()},
		{text.Const("Account"), m.accountRows()},
		{text.Const("What changed lately"), m.changeRows()},
		{text.Const("Steps tried"), m.triedRows()},
		{text.Const("Checks"), m.checkRows()},
		{text.Const("Alerts and posts"), m.alertRows()},
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
	case m.Problem.Failing:
		return text.Const("shows Connected, but posts fail")
	case last == nil && m.Problem.Shows == "":
		return text.Const("connection problem")
	case last == nil || last.Answer == "connected":
		return word(colours, m.Problem.Shows)
	case last.Answer == "other":
		return text.Const("reconnecting does not work")
	}
	return text.Format("%s on reconnecting, tried %s", m.answer(*last), times(m.Problem.Tries))
}

func (m Message) problemRows() []row {
	return []row{
		{label: text.Const("Platform"), value: m.Name},
		{label: text.Const("Problem"), value: m.sentence()},
	}
}

// sentence is the problem in one sentence.
func (m Message) sentence() text.Safe {
	p := m.Problem
	shows := text.Const("what the dashboard shows is not recorded")
	switch {
	case p.Failing:
		shows = text.Format("%s shows Connected in Dashboard → Settings → Connected Platforms, but posts fail", m.platform())
	case p.Shows != "":
		shows = text.Format("%s %s in Dashboard → Settings → Connected Platforms", m.platform(), word(colours, p.Shows))
	}
	if !p.Since.IsZero() {
		shows = text.Format("%s, known since %s", shows, m.minute(p.Since))
	}
	if p.Last == nil {
		return text.Format("%s; no try to connect is recorded.", shows)
	}
	return text.Format("%s; connecting was tried %s, last %s: %s.", shows, times(p.Tries), m.when(*p.Last), m.answer(*p.Last))
}

// when says when t was.
func (m Message) when(t Tried) text.Safe {
	switch {
	case !t.Already:
		return m.minute(t.At)
	case t.When.Empty():
		return text.Const("before the case asked for it")
	}
	return text.Format("before the case asked for it (%s)", t.When)
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
	name := text.Const("Exact error")
	for _, e := range m.Errors {
		label := text.Format("%s, %s, at %s", name, m.second(e.At), text.Line(e.Step.Title()))
		if len(e.Removed) > 0 {
			label = text.Format("%s (%s taken out)", label, list(e.Removed))
		}
		rows = append(rows, row{label: label, block: e.Text})
		if len(e.IDs) > 0 {
			rows = append(rows, row{label: text.Const("Request ids"), value: m.ids(e)})
		}
		name = text.Const("Earlier error")
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
	return orNone(rows)
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
	return []row{
		{label: text.Const("Account in Aibrify"), value: a.Name},
		{label: text.Const("Login to use"), value: a.Login},
		{label: text.Const("After connecting"), value: came},
		{label: text.Const("Customer"), value: a.Customer},
	}
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
		if t.Already {
			return text.Format("%s, %s: %s", step, m.when(t), graded(m.answer(t), t.Grade))
		}
		return text.Format("%s, %s: %s", m.minute(t.At), step, graded(m.answer(t), t.Grade))
	case Detour:
		return text.Format("%s, Went straight to %s: %s", m.minute(t.At), step, t.Text)
	case Override:
		return text.Format("%s, %s taken although advised against: %s", m.minute(t.At), step, t.Text)
	case Returned:
		return text.Format("%s, Connected: %s", m.minute(t.At),
			graded(text.Join(": ", word(accounts, t.Answer), t.Text), t.Grade))
	case Wait:
		return text.Format("%s, Waited until %s: %s (%s)", m.minute(t.At), m.minute(t.Until), t.Text, m.waitEnd(t))
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

func (m Message) alertRows() []row {
	var seen []text.Safe
	for _, a := range m.Alerts {
		seen = append(seen, word(alerts, a))
	}
	return []row{
		{label: text.Const("Banner or e-mail"), value: text.Join(", ", seen...)},
		{label: text.Const("Posts that missed their time"), value: m.missed()},
	}
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
		label := text.Join(", ", m.minute(n.At), text.Format("at %s", text.Line(n.Step.Title())), text.Line(n.Item))
		if len(n.Text.Lines()) > 1 {
			rows = append(rows, row{label: label, block: n.Text})
			continue
		}
		rows = append(rows, row{label: label, value: n.Text})
	}
	return rows
}

func (m Message) caseRows() []row {
	rows := []row{
		{label: text.Const("Id"), value: m.Case},
		{label: text.Const("Opened"), value: m.minute(m.Opened)},
		{label: text.Const("Written"), value: m.minute(m.Made)},
	}
	if len(m.Removed) > 0 {
		rows = append(rows, row{label: text.Const("Taken out of the texts above"), value: list(m.Removed)})
	}
	return rows
}
