package platforms

import (
	"slices"
	"time"

	"reconnect/platforms/text"
)

// told is the order in which the whole guide is told on paper. Pages that are
// only about the case, such as notes, are left out.
var told = []string{
	"before", "status", "green", "changed", "account", "reconnect", "", "retry",
	"disconnect", "clear", "fresh", "support", "proof", "missed", "resolved",
} // "" stands for the checks

// Markdown is the whole guide of a platform worded for a, with the pages in the
// order of the ladder, its checks and tests, our own caution, and the source of what
// is not from the help article.
func Markdown(s Service, a Audience) text.Safe {
	g := s.Guide()
	m := &paper{guide: g.Fill(g.Vars()), audience: a}
	m.add(text.Format("# %s", g.Name))
	m.add(text.Const("\nWhat names no source is from the help article."))
	for _, name := range told {
		if name == "" {
			m.checks()
			continue
		}
		m.page(name, m.guide.Pages[name])
	}
	m.branches()
	m.add(text.Const("\n## If the platform is down"))
	m.do([]Instruction{m.guide.Outage})
	m.caution(OwnCaution().For(s.ID).Fill(g.Vars()))
	return text.Format("%s\n", text.Join("\n", m.lines...))
}

// paper is a Markdown text being written.
type paper struct {
	guide    Guide
	audience Audience
	lines    []text.Safe
}

func (m *paper) add(lines ...text.Safe) { m.lines = append(m.lines, lines...) }

// page writes one page, with what the guide says beside the page itself.
func (m *paper) page(name string, p Page) {
	m.add(text.Format("\n## %s", m.heading(name, p)))
	m.add(text.Format("\n%s", p.Why.For(m.audience)))
	switch name {
	case "before":
		m.notes(m.guide.Before)
	case "changed":
		m.changes()
	}
	m.do(p.Do)
	m.choices(p)
	if p.Impact != nil {
		m.impact(*p.Impact)
	}
	more := p.More
	if name == "resolved" {
		more = append(slices.Clone(more), m.guide.Expiry)
	}
	if len(more) > 0 {
		m.add(text.Const("\nWorth knowing:"))
		m.notes(more)
	}
}

// heading is the title of a page behind the name of its step.
func (m *paper) heading(name string, p Page) text.Safe {
	shape, _ := shapeOf(name)
	title := stepTitle(shape.Step)
	if title.Empty() {
		return p.Title
	}
	return text.Format("%s: %s", title, p.Title)
}

// stepTitle is the name of a step as a text; empty for none.
func stepTitle(s Step) text.Safe { return text.Line(s.Title()) }

// list writes a list, apart from what is above it.
func (m *paper) list(items []text.Safe) {
	if len(items) > 0 {
		m.add(text.Format("\n%s", text.Join("\n", items...)))
	}
}

func (m *paper) do(do []Instruction) {
	var items []text.Safe
	for i, in := range do {
		items = append(items, text.Format("%s. %s%s", text.Int(i+1), in.Text.For(m.audience), source(in.Fact)))
		if warn := in.Warn.For(m.audience); !warn.Empty() {
			items = append(items, text.Format("   Careful: %s", warn))
		}
		if !in.Link.Empty() {
			items = append(items, text.Format("   <%s>", in.Link))
		}
	}
	m.list(items)
}

func (m *paper) notes(notes []Note) {
	var items []text.Safe
	for _, n := range notes {
		items = append(items, text.Format("- %s%s", n.For(m.audience), source(n.Fact)))
	}
	m.list(items)
}

func (m *paper) choices(p Page) {
	if ask := p.Ask.For(m.audience); !ask.Empty() {
		m.add(text.Format("\n**%s**", ask))
	}
	var items []text.Safe
	for _, c := range p.Choices {
		item := text.Format("- %s", c.Label)
		if !c.Means.Empty() {
			item = text.Format("%s: %s", item, c.Means)
		}
		if m.audience == Agent && !c.Listen.Empty() {
			item = text.Format("%s (listen for: %s)", item, c.Listen)
		}
		items = append(items, item)
	}
	m.list(items)
}

func (m *paper) impact(i Impact) {
	m.add(text.Format("\nWhat it does%s:", source(i.Fact)))
	m.list([]text.Safe{
		text.Format("- stops: %s", i.Stops.For(m.audience)),
		text.Format("- is deleted: %s", i.Deleted.For(m.audience)),
		text.Format("- stays: %s", i.Stays.For(m.audience)),
		text.Format("- falls with it: %s", i.Falls.For(m.audience)),
		text.Format("- not known: %s", i.Unknown.For(m.audience)),
	})
}

func (m *paper) changes() {
	var items []text.Safe
	for _, c := range m.guide.Changes {
		items = append(items, text.Format("- %s: %s%s", c.Label, c.Means.For(m.audience), source(c.Fact)))
	}
	m.list(items)
}

func (m *paper) checks() {
	m.add(text.Const("\n## Reconnect: the checks"))
	m.add(text.Format("\n%s", m.guide.Pages["check"].Why.For(m.audience)))
	m.notes(m.guide.Pages["check"].More)
	for _, c := range m.guide.Checks {
		m.check(c)
	}
	m.add(text.Const("\n## More to look at"))
	m.add(text.Const("\nEach takes a minute. They come where connecting ended in a way that they can explain."))
	for _, c := range m.guide.Tests {
		m.check(c)
	}
}

func (m *paper) check(c Check) {
	m.add(text.Format("\n### %s", c.Title))
	m.add(text.Format("\n%s%s", c.Why.For(m.audience), source(c.Fact)))
	m.add(text.Format("\n**%s**", c.Ask.For(m.audience)))
	m.do(c.How)
	m.add(text.Format("\nIf not, who can mend it: %s", c.WhoText.For(m.audience)))
	m.do(c.Mend)
}

// branches say what to look at after each answer, by the titles of the checks.
func (m *paper) branches() {
	m.add(text.Const("\n## If connecting ends in another way"))
	var items []text.Safe
	for _, b := range m.guide.Branches {
		var titles []text.Safe
		for _, id := range b.Checks {
			c, _ := m.guide.Check(id)
			titles = append(titles, c.Title)
		}
		item := text.Format("- %s: look at %s%s", b.Label.For(m.audience), text.Join("; ", titles...), source(b.Fact))
		if m.audience == Agent {
			item = text.Format("%s (listen for: %s)", item, b.Listen.For(m.audience))
		}
		items = append(items, item)
	}
	m.list(items)
}

// caution writes the figures that no source gives.
func (m *paper) caution(c Caution) {
	m.add(text.Const("\n## Our own caution"))
	m.add(text.Const("\nNo source gives these figures. They are ours, and may change."))
	var items []text.Safe
	for _, row := range c.CoolDown {
		items = append(items, text.Format("- Failed tries in %s: after %s, wait %s. %s",
			spanWords(row.Within), text.Int(row.After), spanWords(row.Wait), row.Reason.For(m.audience)))
	}
	items = append(items,
		text.Format("- After a removal: wait %s. %s", spanWords(c.Settle.Wait), c.Settle.Reason.For(m.audience)),
		text.Format("- Many new cases: at least %s in %s, and %s times as many as usual over %s: look again after %s. %s",
			text.Int(c.Spike.Least), spanWords(c.Spike.Within), text.Int(c.Spike.Times), spanWords(c.Spike.Usual),
			spanWords(c.Spike.Look), c.Spike.Reason.For(m.audience)))
	m.list(items)
}

// spanWords is d in words, in the largest unit that says it whole.
func spanWords(d time.Duration) text.Safe {
	for _, unit := range []struct {
		of        time.Duration
		one, many text.Safe
	}{
		{24 * time.Hour, text.Const("day"), text.Const("days")},
		{time.Hour, text.Const("hour"), text.Const("hours")},
		{time.Minute, text.Const("minute"), text.Const("minutes")},
	} {
		if n := int(d / unit.of); d%unit.of == 0 && n == 1 {
			return text.Format("1 %s", unit.one)
		} else if d%unit.of == 0 {
			return text.Format("%s %s", text.Int(n), unit.many)
		}
	}
	return text.Line(d.String())
}

// source names where a fact is from, unless it is the help article.
func source(f Fact) text.Safe {
	switch {
	case f.Source == text.Const("help article"):
		return text.Safe{}
	case f.Read == "":
		return text.Format(" [%s]", f.Source)
	}
	return text.Format(" [%s; read %s; %s]", f.Source, text.Line(f.Read), certain(f.Certainty))
}

// certain says a certainty in words.
func certain(c Certainty) text.Safe {
	switch c {
	case Documented:
		return text.Const("documented")
	case InCode:
		return text.Const("seen in code or notes")
	case Unverified:
	}
	return text.Const("not verified")
}
