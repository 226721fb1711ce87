package platforms

import (
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// nexts are what the next step of a recorded error can be.
func nexts() []Step { return append(Steps(), "wait", "fix") }

// kindWords are what Is can name for each sort of fact.
func kindWords() map[string][]string {
	return map[string][]string{
		"status":   {"green", "yellow", "red", "unlisted", "failing"},
		"change":   changeIDs,
		"tried":    append(slices.Clone(tries), BranchIDs()...),
		"returned": {"same", "other"},
		"incident": {"down", "up"},
		"cases":    {"spike", "shared"},
	}
}

// checkTables reads and tests the tables. guides are the whole guides that could
// be read.
func checkTables(from fs.FS, guides map[ID]Guide) []error {
	caution, f := readCaution(from)
	if !f.unread {
		f.checkCaution(caution)
	}
	problems := f.sorted()
	detours, f := readDetours(from)
	if !f.unread {
		f.checkDetours(detours, guides)
	}
	problems = append(problems, f.sorted()...)
	rules, f := readRules(from)
	if !f.unread {
		f.checkRules(rules, guides)
	}
	return append(problems, f.sorted()...)
}

func (f *file) checkCaution(c Caution) {
	f.vars = longest()
	all := false
	for i, row := range c.CoolDown {
		path := fmt.Sprintf("coolDown[%d]", i)
		if all {
			f.bad(path, "the row before it holds for all platforms, so this one is never used")
		}
		all = all || len(row.Platforms) == 0
		f.checkPlatforms(under(path, "platforms"), row.Platforms)
		f.positive(under(path, "after"), row.After)
		f.lasts(under(path, "within"), row.Within)
		f.lasts(under(path, "wait"), row.Wait)
		f.checkReason(path, row.Reason, row.Fact)
	}
	if !all {
		f.bad("coolDown", "a row for all platforms is missing")
	}
	f.lasts("settle.wait", c.Settle.Wait)
	f.checkReason("settle", c.Settle.Reason, c.Settle.Fact)
	f.lasts("spike.within", c.Spike.Within)
	f.lasts("spike.usual", c.Spike.Usual)
	f.lasts("spike.look", c.Spike.Look)
	f.positive("spike.times", c.Spike.Times)
	f.positive("spike.least", c.Spike.Least)
	if c.Spike.Usual <= c.Spike.Within {
		f.bad("spike.usual", "this must be longer than within")
	}
	f.checkReason("spike", c.Spike.Reason, c.Spike.Fact)
}

func (f *file) checkReason(path string, reason Words, fact Fact) {
	f.need(under(path, "reason"), reason.Own)
	f.fit(under(path, "reason"), reason, maxWhy)
	f.checkFact(path, fact)
}

func (f *file) positive(path string, n int) {
	if n <= 0 && !f.hasProblem(path) {
		f.bad(path, "this must be a whole number from 1")
	}
}

func (f *file) lasts(path string, d time.Duration) {
	if d <= 0 && !f.hasProblem(path) {
		f.bad(path, `the time is missing, such as "15m"`)
	}
}

// hasProblem tells whether something is wrong with the field already.
func (f *file) hasProblem(path string) bool {
	return slices.ContainsFunc(f.problems, func(err error) bool {
		p, ok := err.(*Problem)
		return ok && p.Field == path
	})
}

func (f *file) checkPlatforms(path string, ids []ID) {
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !slices.Contains(IDs(), id) {
			f.bad(at, "%v", &UnknownPlatform{Name: string(id), Known: IDs()})
		}
		if slices.Contains(ids[:i], id) {
			f.bad(at, "%s is there twice", id)
		}
	}
}

func (f *file) checkCauses(path string, causes []Cause) {
	for i, c := range causes {
		if !slices.Contains(Causes(), c) || c == UnknownCause {
			f.bad(fmt.Sprintf("%s[%d]", path, i), "no such cause %q", c)
		}
	}
}

func (f *file) checkRules(rules []Rule, guides map[ID]Guide) {
	f.vars = longest()
	if len(rules) == 0 {
		f.bad("rules", "the rules are missing")
	}
	var seen []string
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d]", i)
		switch {
		case r.ID == "":
			f.bad(under(path, "id"), "the id is missing")
		case slices.Contains(seen, r.ID):
			f.bad(under(path, "id"), "the rule %q is there twice", r.ID)
		}
		seen = append(seen, r.ID)
		f.checkRule(path, r, guides)
	}
}

func (f *file) checkRule(path string, r Rule, guides map[ID]Guide) {
	f.checkPlatforms(under(path, "platforms"), r.Platforms)
	if words, ok := kindWords()[r.When]; !ok {
		f.bad(under(path, "when"), "no sort of fact %q; known are %s", r.When, list(RuleKinds()))
	} else if r.Is != "" && !slices.Contains(words, r.Is) {
		f.bad(under(path, "is"), "%s has no %q; it has %s", r.When, r.Is, list(words))
	}
	f.checkCauses(under(path, "for"), r.For)
	f.checkCauses(under(path, "against"), r.Against)
	if len(r.For)+len(r.Against) == 0 {
		f.bad(path, "it speaks neither for nor against a cause")
	}
	for i, c := range r.Against {
		if slices.Contains(r.For, c) {
			f.bad(fmt.Sprintf("%s.against[%d]", path, i), "it speaks for %s, too", c)
		}
	}
	if r.Weight.Points() == 0 {
		f.bad(under(path, "weight"), `this must be "weak", "strong" or "decisive"`)
	}
	f.need(under(path, "says"), r.Says.Own)
	f.fit(under(path, "says"), r.Says, maxSays)
	f.checkFact(path, r.Fact)
	f.checkAsked(path, r, guides)
}

// checkAsked tells whether the platforms of a rule ask for what it is about.
func (f *file) checkAsked(path string, r Rule, guides map[ID]Guide) {
	asks := func(g Guide) bool {
		switch {
		case r.When == "change" && slices.Contains(changeIDs, r.Is):
			return slices.ContainsFunc(g.Changes, func(c Change) bool { return c.ID == r.Is })
		case r.When == "tried" && slices.Contains(BranchIDs(), r.Is):
			_, ok := g.Branch(r.Is)
			return ok
		}
		return true
	}
	asked := false
	for _, id := range IDs() {
		g, ok := guides[id]
		if !ok {
			return // that file has a problem of its own
		}
		asked = asked || asks(g)
		if slices.Contains(r.Platforms, id) && !asks(g) {
			f.bad(under(path, "is"), "%s has no %s %q", id, r.When, r.Is)
		}
	}
	if !asked {
		f.bad(under(path, "is"), "no platform has a %s %q", r.When, r.Is)
	}
}

func (f *file) checkDetours(detours []Detour, guides map[ID]Guide) {
	f.vars = longest()
	for i, d := range detours {
		path := fmt.Sprintf("detours[%d]", i)
		f.checkDetour(path, d)
		f.checkFix(path, d, guides)
		if !slices.ContainsFunc(IDs(), func(id ID) bool { return d.used(detours[:i], id) }) {
			f.bad(path, "the rows before it leave nothing for it, so it is never used")
		}
	}
	for _, c := range Causes() {
		for _, id := range IDs() {
			f.checkRound(detours, c, id)
		}
	}
}

// used tells whether a row can be reached on a platform behind the rows before it.
func (d Detour) used(before []Detour, id ID) bool {
	if !has(d.Platforms, id) {
		return false
	}
	return !slices.ContainsFunc(before, func(o Detour) bool {
		return o.Cause == d.Cause && has(o.Platforms, id) &&
			(o.Next == "" || o.Next == d.Next) && (o.Tried == "" || o.Tried == d.Tried)
	})
}

// rowFor is the row for a cause on a platform, by the recorded error's next step
// and what was tried; -1 if there is none.
func rowFor(detours []Detour, c Cause, id ID, next Step, tried string) int {
	return slices.IndexFunc(detours, func(d Detour) bool {
		return d.Cause == c && has(d.Platforms, id) && (d.Next == "" || d.Next == next) && (d.Tried == "" || d.Tried == tried)
	})
}

// checkRound tells whether a cause has a row on a platform whatever is known, and
// whether no row leads round: what was put right or waited for and came again is
// neither put right nor waited for once more.
func (f *file) checkRound(detours []Detour, c Cause, id ID) {
	if rowFor(detours, c, id, "", "") < 0 {
		f.bad("detours", "%s has no row on %s that holds whatever was tried", c, id)
		return
	}
	for _, next := range append(nexts(), "") {
		for _, t := range []struct {
			tried string
			do    Move
			says  string
		}{{"mended", FixFirst, "put right"}, {"waited", WaitUntil, "waited for"}} {
			if at := rowFor(detours, c, id, next, t.tried); detours[at].Do == t.do {
				path := fmt.Sprintf("detours[%d]", at)
				if text := fmt.Sprintf("what was %s and came again would go round: a row with tried %q must come before", t.says, t.tried); !f.hasText(path, text) {
					f.bad(path, "%s", text)
				}
			}
		}
	}
}

// hasText tells whether this very problem is noted already.
func (f *file) hasText(path, text string) bool {
	return slices.ContainsFunc(f.problems, func(err error) bool {
		p, ok := err.(*Problem)
		return ok && p.Field == path && p.Text == text
	})
}

func (f *file) checkDetour(path string, d Detour) {
	if !slices.Contains(Causes(), d.Cause) {
		f.bad(under(path, "cause"), "no such cause %q", d.Cause)
	}
	f.checkPlatforms(under(path, "platforms"), d.Platforms)
	if d.Next != "" && !slices.Contains(nexts(), d.Next) {
		f.bad(under(path, "next"), "no such next step %q", d.Next)
	}
	if d.Tried != "" && !slices.Contains(TriedWords(), d.Tried) {
		f.bad(under(path, "tried"), "this must be one of %s", list(TriedWords()))
	}
	if !slices.Contains(Owners(), d.Owner) {
		f.bad(under(path, "owner"), "no such owner %q", d.Owner)
	}
	f.checkReason(path, d.Reason, d.Fact)
	f.fit(under(path, "see"), d.See, maxAsk)
	f.fit(under(path, "early"), d.Early, maxAsk)
	f.checkDo(under(path, "mend"), d.Mend)
	for i, s := range d.Cures {
		if at := fmt.Sprintf("%s.cures[%d]", path, i); !slices.Contains(curing(), s) {
			f.bad(at, "no step %q that can cure; there are %s", s, list(curing()))
		}
	}
	f.checkMove(path, d)
}

// curing are the steps that can cure something.
func curing() []Step { return []Step{Reconnect, Disconnect, Clear, Fresh} }

// checkMove tells whether a row has what its move needs, and no more.
func (f *file) checkMove(path string, d Detour) {
	destroys := slices.ContainsFunc(d.Cures, func(s Step) bool { return s != Reconnect })
	switch d.Do {
	case GoOn:
		if len(d.Cures) == 0 {
			f.bad(under(path, "cures"), "the steps that can cure it are missing")
		}
	case FixFirst:
		if destroys {
			f.bad(under(path, "cures"), "what has to be put right first, no other step can cure")
		}
	case WaitUntil, AskSupport:
		if len(d.Cures) > 0 {
			f.bad(under(path, "cures"), "with this move no step can cure it")
		}
	case SkipTo:
		if !slices.Contains(d.Cures, d.To) {
			f.bad(under(path, "cures"), "the step that it goes on to must be one that can cure it")
		}
	default:
		f.bad(under(path, "do"), `this must be "continue", "fix", "wait", "skip" or "support"`)
		return
	}
	f.only(path, "to", d.To != "", d.Do == FixFirst || d.Do == SkipTo)
	f.only(path, "wait", d.Wait > 0 || d.At != "" || f.hasProblem(under(path, "wait")), d.Do == WaitUntil)
	if _, err := time.Parse("15:04", d.At); d.At != "" && err != nil {
		f.bad(under(path, "at"), `this must be a time of day in UTC, as "00:00"`)
	}
	f.only(path, "early", !d.Early.Own.Empty(), d.Do == WaitUntil)
	if d.To != "" && !slices.Contains(curing(), d.To) {
		f.bad(under(path, "to"), "no step %q to go on at; there are %s", d.To, list(curing()))
	}
	f.only(path, "request", !d.Request.Empty(), d.Do == FixFirst && d.Owner == Admin)
	if d.Do != FixFirst && (len(d.Mend) > 0 || !d.See.Own.Empty()) {
		f.bad(path, "only what has to be put right has mend and see")
	}
}

// only wants a field exactly where the move needs it.
func (f *file) only(path, name string, there, needed bool) {
	switch {
	case needed && !there:
		f.bad(under(path, name), "the field is missing with this move")
	case !needed && f.has(under(path, name)):
		f.bad(under(path, name), "no such field with this move")
	}
}

// checkFix wants to know how to put something right, and how to see that it is:
// from the row, or from a check of each platform.
func (f *file) checkFix(path string, d Detour, guides map[ID]Guide) {
	own := len(d.Mend) > 0
	if own == d.See.Own.Empty() {
		f.bad(path, "mend and see belong together")
	}
	if d.Do != FixFirst || own {
		return
	}
	for _, id := range IDs() {
		g, ok := guides[id]
		if !ok || !has(d.Platforms, id) {
			continue
		}
		asks := func(c Check) bool { return c.Cause == d.Cause }
		if !slices.ContainsFunc(g.Checks, asks) && !slices.ContainsFunc(g.Tests, asks) {
			f.bad(path, "%s has no check for %s, so mend and see are missing", id, d.Cause)
		}
	}
}
