package message

import (
	"slices"
	"strings"

	"reconnect/app/diagnosis"
	"reconnect/platforms/text"
)

// Counted is how many facts speak for and against a cause. The screen and the
// message say it in the same words.
func Counted(p diagnosis.Suspect) text.Safe {
	return text.Format("%s for, %s against, %s points", text.Int(len(p.For)), text.Int(len(p.Against)), text.Int(p.Points))
}

// Pointed is what the facts point to, in a line.
func Pointed(d diagnosis.Diagnosis) text.Safe {
	root, ok := d.RootSuspect()
	if !ok {
		return text.Const("Nothing points to one cause yet.")
	}
	return suspected(root)
}

// suspected is a cause with how well it is known, and by how many facts.
func suspected(p diagnosis.Suspect) text.Safe {
	return text.Format("%s, %s: %s", CauseWords(p.Cause), text.Line(string(p.Confidence)), Counted(p))
}

// pointRows are the root cause with its facts, what else may be, what follows from
// the root, and what it is not.
func (m Message) pointRows() []row {
	said := Pointed(m.Diagnosis)
	root, known := m.Diagnosis.RootSuspect()
	if !known {
		rows := []row{{value: said}}
		return append(rows, m.otherRows(m.Diagnosis.Suspects)...)
	}
	rows := []row{{label: text.Const("Cause"), value: said}}
	for _, f := range root.For {
		rows = append(rows, row{label: text.Const("For it"), value: graded(f.Says, f.Grade)})
	}
	for _, f := range root.Against {
		rows = append(rows, row{label: text.Const("Against it"), value: graded(f.Says, f.Grade)})
	}
	return append(rows, m.otherRows(m.Diagnosis.Suspects[1:])...)
}

// otherRows are the causes that are not the root, a sort a line.
func (m Message) otherRows(others []diagnosis.Suspect) []row {
	var may, muted, not []text.Safe
	for _, p := range others {
		switch {
		case p.Follows != "":
			muted = append(muted, CauseWords(p.Cause))
		case p.Confidence == diagnosis.RuledOut:
			not = append(not, m.notIt(p)...)
		default:
			may = append(may, suspected(p))
		}
	}
	var rows []row
	for _, r := range []row{
		{label: text.Const("May also be"), value: text.Join("; ", may...)},
		{label: text.Const("Follows from it"), value: text.Join(", ", muted...)},
		{label: text.Const("Not it"), value: text.Join("; ", not...)},
	} {
		if !r.value.Empty() {
			rows = append(rows, r)
		}
	}
	return rows
}

// notIt is what rules a cause out: a check by its title, else the cause, each with
// its grade. Where something speaks for the cause, too, it is said with its counts.
func (m Message) notIt(p diagnosis.Suspect) []text.Safe {
	if len(p.For) > 0 {
		return []text.Safe{suspected(p)}
	}
	var names []text.Safe
	for _, f := range p.Against {
		name := CauseWords(p.Cause)
		if id, ok := strings.CutPrefix(f.Rule, "check."); ok {
			name = m.checkTitle(id).Or(name)
		}
		if name = graded(name, f.Grade); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// checkTitle is the title of a check that was asked; empty if it was not.
func (m Message) checkTitle(id string) text.Safe {
	for _, c := range m.Checks {
		if c.ID == id {
			return c.Title
		}
	}
	return text.Safe{}
}
