package platforms

import "slices"

// has tells whether a list of platforms has id; an empty one has all.
func has(list []ID, id ID) bool { return len(list) == 0 || slices.Contains(list, id) }

// overTests lays a platform's tests over the common ones. A test with the id of a
// common one says only what differs; the others are its own and come behind.
func overTests(common, own []Check, id ID) []Check {
	var tests []Check
	for _, c := range common {
		if !has(c.Platforms, id) {
			continue
		}
		c.Platforms = nil
		if at := slices.IndexFunc(own, func(o Check) bool { return o.ID == c.ID }); at >= 0 {
			c = mergeTest(c, own[at])
		}
		tests = append(tests, c)
	}
	for _, c := range own {
		if !slices.ContainsFunc(tests, func(o Check) bool { return o.ID == c.ID }) {
			tests = append(tests, c)
		}
	}
	return tests
}

// mergeTest is a common test with what a platform says of it. Its fact stands for
// the words, so new words come with a new fact.
func mergeTest(c, own Check) Check {
	c.Title = own.Title.Or(c.Title)
	c.Ask, c.Why, c.WhoText = own.Ask.or(c.Ask), own.Why.or(c.Why), own.WhoText.or(c.WhoText)
	if own.How != nil {
		c.How = own.How
	}
	if own.Mend != nil {
		c.Mend = own.Mend
	}
	if own.Who != "" {
		c.Who = own.Who
	}
	if own.Cause != "" {
		c.Cause = own.Cause
	}
	if own.Change != "" {
		c.Change = own.Change
	}
	if !own.Source.Empty() {
		c.Fact = own.Fact
	}
	return c
}

// overBranches lays a platform's branches over the common ones, in their order.
func overBranches(common, own []Branch, id ID) []Branch {
	var branches []Branch
	for _, b := range common {
		if !has(b.Platforms, id) {
			continue
		}
		b.Platforms = nil
		if at := slices.IndexFunc(own, func(o Branch) bool { return o.ID == b.ID }); at >= 0 {
			b = mergeBranch(b, own[at])
		}
		branches = append(branches, b)
	}
	return branches
}

func mergeBranch(b, own Branch) Branch {
	b.Label, b.Title, b.Listen = own.Label.or(b.Label), own.Title.or(b.Title), own.Listen.or(b.Listen)
	if own.Checks != nil {
		b.Checks = own.Checks
	}
	if !own.Source.Empty() {
		b.Fact = own.Fact
	}
	return b
}
