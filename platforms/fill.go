package platforms

import "reconnect/platforms/text"

// Vars are values of placeholders by name.
type Vars = map[string]text.Safe

// Fill is a copy of w with the placeholders filled in.
func (w Words) Fill(vars Vars) Words {
	return Words{w.Own.Fill(vars), w.Agent.Fill(vars), w.Onboarding.Fill(vars)}
}

// Fill is a copy of n with the placeholders filled in.
func (n Note) Fill(vars Vars) Note {
	n.Text = n.Text.Fill(vars)
	return n
}

// Fill is a copy of in with the placeholders filled in.
func (in Instruction) Fill(vars Vars) Instruction {
	in.Text = in.Text.Fill(vars)
	in.Warn = in.Warn.Fill(vars)
	return in
}

// Fill is a copy of c with the placeholders filled in.
func (c Choice) Fill(vars Vars) Choice {
	c.Label, c.Means, c.Listen = c.Label.Fill(vars), c.Means.Fill(vars), c.Listen.Fill(vars)
	return c
}

// Fill is a copy of i with the placeholders filled in.
func (i Impact) Fill(vars Vars) Impact {
	i.Stops, i.Deleted, i.Stays = i.Stops.Fill(vars), i.Deleted.Fill(vars), i.Stays.Fill(vars)
	i.Falls, i.Unknown = i.Falls.Fill(vars), i.Unknown.Fill(vars)
	return i
}

// Fill is a copy of p with the placeholders filled in.
func (p Page) Fill(vars Vars) Page {
	p.Title, p.Why, p.Ask = p.Title.Fill(vars), p.Why.Fill(vars), p.Ask.Fill(vars)
	p.Do, p.Choices, p.More = fill(p.Do, vars), fill(p.Choices, vars), fill(p.More, vars)
	if p.Impact != nil {
		i := p.Impact.Fill(vars)
		p.Impact = &i
	}
	return p
}

// Fill is a copy of c with the placeholders filled in.
func (c Check) Fill(vars Vars) Check {
	c.Title, c.Ask, c.Why, c.WhoText = c.Title.Fill(vars), c.Ask.Fill(vars), c.Why.Fill(vars), c.WhoText.Fill(vars)
	c.How, c.Mend = fill(c.How, vars), fill(c.Mend, vars)
	return c
}

// Fill is a copy of c with the placeholders filled in.
func (c Change) Fill(vars Vars) Change {
	c.Label, c.Means = c.Label.Fill(vars), c.Means.Fill(vars)
	return c
}

// Fill is a copy of b with the placeholders filled in.
func (b Branch) Fill(vars Vars) Branch {
	b.Label, b.Title, b.Listen = b.Label.Fill(vars), b.Title.Fill(vars), b.Listen.Fill(vars)
	return b
}

// Fill is a copy of g with the placeholders filled in.
func (g Guide) Fill(vars Vars) Guide {
	pages := make(map[string]Page, len(g.Pages))
	for name, p := range g.Pages {
		pages[name] = p.Fill(vars)
	}
	g.Pages = pages
	g.Before, g.Checks, g.Changes = fill(g.Before, vars), fill(g.Checks, vars), fill(g.Changes, vars)
	g.Tests, g.Branches = fill(g.Tests, vars), fill(g.Branches, vars)
	g.Expiry, g.Outage = g.Expiry.Fill(vars), g.Outage.Fill(vars)
	return g
}

// fill fills in every item of a list.
func fill[T interface{ Fill(Vars) T }](items []T, vars Vars) []T {
	var filled []T
	for _, item := range items {
		filled = append(filled, item.Fill(vars))
	}
	return filled
}
