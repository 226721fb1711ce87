package platforms

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"reconnect/platforms/text"
)

// fits is the row that holds, worked out as whoever reads the table does it.
func fits(c Cause, id ID, next Step, tried ...string) (Detour, bool) {
	for _, d := range Detours() {
		if d.Cause == c && (len(d.Platforms) == 0 || slices.Contains(d.Platforms, id)) &&
			(d.Next == "" || d.Next == next) && (d.Tried == "" || slices.Contains(tried, d.Tried)) {
			return d, true
		}
	}
	return Detour{}, false
}

// TestDetours is what the fact sheet says to do, and what would do harm.
func TestDetours(t *testing.T) {
	const none = Step("")
	all := []Step{Reconnect, Disconnect, Clear, Fresh}
	reset, only := all[1:], all[:1]
	for _, test := range []struct {
		cause Cause
		on    []ID
		next  Step
		tried string
		do    Move
		to    Step
		owner Owner
		cures []Step
		wait  time.Duration
	}{
		{cause: TokenExpired, do: GoOn, owner: Person, cures: all},
		{cause: TokenExpired, tried: "failed", do: GoOn, owner: Person, cures: all},
		{cause: TokenExpired, tried: "mended", do: SkipTo, to: Disconnect, owner: Person, cures: reset},
		{cause: PasswordChanged, do: GoOn, owner: Person, cures: all},
		{cause: PermissionRevoked, do: GoOn, owner: Person, cures: all},
		{cause: AccountChanged, on: []ID{Facebook, LinkedIn}, do: FixFirst, to: Reconnect, owner: Admin, cures: only},
		{cause: AccountChanged, on: []ID{Instagram, TikTok}, do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: AccountChanged, on: []ID{X}, do: GoOn, owner: Person, cures: all},
		{cause: AccountChanged, on: []ID{Instagram, Facebook, TikTok, LinkedIn}, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: MissingPermission, do: GoOn, owner: Person, cures: all},
		{cause: MissingPermission, on: []ID{Instagram, Facebook, TikTok}, tried: "failed", do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: MissingPermission, on: []ID{Instagram, Facebook, TikTok}, tried: "mended", do: SkipTo, to: Disconnect, owner: Person, cures: reset},
		{cause: MissingPermission, on: []ID{LinkedIn, X}, tried: "failed", do: AskSupport, owner: Aibrify},
		{cause: WrongAccountType, on: []ID{Instagram, TikTok, Facebook, LinkedIn}, do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: WrongAccountType, on: []ID{Instagram, TikTok}, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: NotAdmin, do: FixFirst, to: Reconnect, owner: Admin, cures: only},
		{cause: NotAdmin, tried: "failed", do: FixFirst, to: Reconnect, owner: Admin, cures: only},
		{cause: NotAdmin, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: WrongAccount, do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: WrongAccount, on: []ID{Instagram, Facebook}, tried: "mended", do: SkipTo, to: Disconnect, owner: Person, cures: reset},
		{cause: WrongAccount, on: []ID{TikTok, LinkedIn, X}, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: NotLinked, on: []ID{Instagram}, do: FixFirst, to: Reconnect, owner: Admin, cures: only},
		{cause: NotLinked, on: []ID{Instagram}, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: NotLinked, on: []ID{Facebook, TikTok, LinkedIn, X}, do: GoOn, owner: Person, cures: all},
		{cause: UserCancelled, do: GoOn, owner: Person, cures: []Step{Reconnect, Fresh}},
		{cause: UserCancelled, tried: "failed", do: GoOn, owner: Person, cures: []Step{Reconnect, Fresh}},
		{cause: AppMisconfigured, do: AskSupport, owner: Aibrify},
		{cause: AppMisconfigured, next: Support, tried: "failed", do: AskSupport, owner: Aibrify},
		{cause: AppMisconfigured, next: "fix", do: FixFirst, to: Reconnect, owner: Operator, cures: only},
		{cause: AppMisconfigured, next: "fix", tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: AppMisconfigured, next: Reconnect, do: GoOn, owner: Person, cures: only},
		{cause: AppMisconfigured, next: Reconnect, tried: "failed", do: AskSupport, owner: Aibrify},
		{cause: RateLimited, on: []ID{X}, next: "wait", do: WaitUntil, owner: Platform, wait: 15 * time.Minute},
		{cause: RateLimited, on: []ID{X}, next: Support, do: AskSupport, owner: Aibrify},
		{cause: RateLimited, on: []ID{TikTok}, do: WaitUntil, owner: Platform, wait: 24 * time.Hour},
		{cause: RateLimited, on: []ID{LinkedIn}, do: WaitUntil, owner: Platform}, // at midnight UTC
		{cause: RateLimited, on: []ID{Instagram, Facebook}, do: WaitUntil, owner: Platform, wait: time.Hour},
		{cause: RateLimited, tried: "waited", do: AskSupport, owner: Aibrify},
		{cause: PlatformOutage, do: WaitUntil, owner: Platform, wait: time.Hour},
		{cause: PlatformOutage, next: "wait", tried: "failed", do: WaitUntil, owner: Platform, wait: time.Hour},
		{cause: PlatformOutage, tried: "waited", do: AskSupport, owner: Aibrify},
		{cause: PlatformOutage, next: "fix", do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: PlatformOutage, next: "fix", tried: "mended", do: WaitUntil, owner: Platform, wait: time.Hour},
		{cause: SecurityCheckpoint, do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: SecurityCheckpoint, tried: "mended", do: AskSupport, owner: Aibrify},
		{cause: AccountRestricted, next: Support, do: AskSupport, owner: Platform},
		{cause: AccountRestricted, next: "wait", do: WaitUntil, owner: Platform, wait: 24 * time.Hour},
		{cause: AccountRestricted, next: "wait", tried: "waited", do: AskSupport, owner: Platform},
		{cause: AccountRestricted, next: "fix", do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: AccountRestricted, next: "fix", tried: "mended", do: AskSupport, owner: Platform},
		{cause: AccountRestricted, on: []ID{Facebook}, do: FixFirst, to: Reconnect, owner: Person, cures: only},
		{cause: AccountRestricted, on: []ID{Instagram, TikTok, LinkedIn, X}, do: AskSupport, owner: Platform},
		{cause: UnknownCause, do: GoOn, owner: Person, cures: all},
		{cause: UnknownCause, next: Support, tried: "waited", do: GoOn, owner: Person, cures: all},
	} {
		on := test.on
		if on == nil {
			on = IDs()
		}
		for _, id := range on {
			d, ok := fits(test.cause, id, test.next, test.tried)
			if !ok || d.Do != test.do || d.To != test.to || d.Owner != test.owner || d.Wait != test.wait || !slices.Equal(d.Cures, test.cures) {
				t.Errorf("%s on %s, next %q, tried %q: %s by %s to %q, cures %v, wait %v; want %s by %s to %q, cures %v, wait %v",
					test.cause, id, test.next, test.tried, d.Do, d.Owner, d.To, d.Cures, d.Wait, test.do, test.owner, test.to, test.cures, test.wait)
			}
		}
	}
	if _, ok := fits("bad luck", X, none); ok {
		t.Error("a cause that is not there has a row")
	}
}

// TestDetoursHold walks every cause on every platform with everything an error can
// offer: each state has a row with what its move needs, nobody climbs where the move
// is not theirs, and no walk goes round.
func TestDetoursHold(t *testing.T) {
	leaves := map[Move]string{GoOn: "failed", FixFirst: "mended", WaitUntil: "waited"}
	for _, c := range Causes() {
		for _, id := range IDs() {
			for _, next := range append(Steps(), "", "wait", "fix") {
				var tried []string
				for range 5 {
					d, ok := fits(c, id, next, tried...)
					if !ok {
						t.Fatalf("%s on %s, next %q, tried %v: no row", c, id, next, tried)
					}
					holds(t, d, id)
					word := leaves[d.Do]
					if word == "" || d.Do == GoOn && slices.Contains(tried, word) {
						tried = nil // the ladder leads on, or support does
						break
					}
					tried = append(tried, word)
				}
				if tried != nil {
					t.Errorf("%s on %s, next %q goes round: %v", c, id, next, tried)
				}
			}
		}
	}
}

// holds tells whether a row has what its move needs on a platform.
func holds(t *testing.T, d Detour, id ID) {
	t.Helper()
	s, err := Get(string(id))
	if err != nil {
		t.Fatal(err)
	}
	destroys := slices.ContainsFunc(d.Cures, func(s Step) bool { return s != Reconnect })
	if destroys && (d.Owner == Platform || d.Owner == Aibrify) {
		t.Errorf("%s on %s is the move of %s, and lets somebody destroy: %v", d.Cause, id, d.Owner, d.Cures)
	}
	switch d.Do {
	case FixFirst:
		g := s.Guide()
		asks := slices.ContainsFunc(slices.Concat(g.Checks, g.Tests), func(c Check) bool {
			return c.Cause == d.Cause && len(c.Mend) > 0 && !c.Ask.Own.Empty()
		})
		if !asks && (len(d.Mend) == 0 || d.See.Own.Empty()) {
			t.Errorf("%s on %s: nobody says how to put it right, and how to see it", d.Cause, id)
		}
	case WaitUntil:
		if d.Wait < time.Minute && d.At == "" || d.Early.Own.Empty() {
			t.Errorf("%s on %s: waits %v, until %q", d.Cause, id, d.Wait, d.Early.Own)
		}
	case GoOn, SkipTo, AskSupport:
	default:
		t.Errorf("%s on %s: no move %q", d.Cause, id, d.Do)
	}
}

// TestRules is what single facts say, platform by platform.
func TestRules(t *testing.T) {
	says := func(id ID, when, is string) map[Cause]int {
		found := map[Cause]int{}
		for _, r := range Rules() {
			if r.When != when || r.Is != is || len(r.Platforms) > 0 && !slices.Contains(r.Platforms, id) {
				continue
			}
			for _, c := range r.For {
				found[c] += r.Weight.Points()
			}
			for _, c := range r.Against {
				found[c] -= r.Weight.Points()
			}
		}
		return found
	}
	for _, test := range []struct {
		on       ID
		when, is string
		want     map[Cause]int
	}{
		{Facebook, "change", "password", map[Cause]int{PasswordChanged: 4}},
		{X, "change", "password", map[Cause]int{PasswordChanged: 2}},
		{TikTok, "change", "password", map[Cause]int{PasswordChanged: 2}},
		{X, "change", "username", map[Cause]int{AccountChanged: 2}},
		{LinkedIn, "change", "role", map[Cause]int{NotAdmin: 4}},
		{Instagram, "change", "account_type", map[Cause]int{WrongAccountType: 4}},
		{TikTok, "change", "account_type", map[Cause]int{WrongAccountType: 2}},
		{X, "change", "app_removed", map[Cause]int{PermissionRevoked: 4}},
		{X, "tried", "not_offered", map[Cause]int{WrongAccount: 4}},
		{Facebook, "tried", "not_offered", map[Cause]int{NotAdmin: 2, MissingPermission: 2, WrongAccount: 2}},
		{Facebook, "tried", "no_page", map[Cause]int{MissingPermission: 4}},
		{LinkedIn, "tried", "security", map[Cause]int{SecurityCheckpoint: 4}},
		{TikTok, "tried", "two_factor", map[Cause]int{SecurityCheckpoint: 4}},
		{X, "tried", "popup", map[Cause]int{UserCancelled: 4}},
		{X, "tried", "error", map[Cause]int{}},
		{Facebook, "returned", "other", map[Cause]int{WrongAccount: 8}},
		{Facebook, "returned", "same", map[Cause]int{WrongAccount: -4}},
		{X, "incident", "down", map[Cause]int{PlatformOutage: 8}},
		{TikTok, "incident", "down", map[Cause]int{PlatformOutage: 4}},
		{LinkedIn, "incident", "up", map[Cause]int{PlatformOutage: -4}},
		{TikTok, "cases", "spike", map[Cause]int{PlatformOutage: 4}},
		{Instagram, "cases", "shared", map[Cause]int{PasswordChanged: 2, PermissionRevoked: 2, TokenExpired: 2}},
		{LinkedIn, "cases", "shared", map[Cause]int{}},
	} {
		if got := says(test.on, test.when, test.is); !maps.Equal(got, test.want) {
			t.Errorf("%s, %s %s: says %v, want %v", test.on, test.when, test.is, got, test.want)
		}
	}
	for _, s := range All() {
		g := s.Guide()
		for _, c := range g.Changes {
			if len(says(s.ID, "change", c.ID)) == 0 {
				t.Errorf("%s: no rule says what the change %s speaks for", s.ID, c.ID)
			}
		}
		for _, b := range g.Branches {
			if len(says(s.ID, "tried", b.ID)) == 0 {
				t.Errorf("%s: no rule says what the branch %s speaks for", s.ID, b.ID)
			}
		}
	}
	for _, r := range Rules() {
		if r.Weight == Decisive && r.When == "change" {
			t.Errorf("%s: what somebody tells is decisive", r.ID)
		}
	}
}

// TestBranches wants the tests of a branch to ask for what the answer speaks for.
func TestBranches(t *testing.T) {
	for _, s := range All() {
		g := s.Guide()
		for _, b := range g.Branches {
			var likely []Cause
			for _, r := range Rules() {
				if r.When == "tried" && r.Is == b.ID && has(r.Platforms, s.ID) {
					likely = append(likely, r.For...)
				}
			}
			for _, id := range b.Checks {
				c, _ := g.Check(id)
				if id == b.Checks[0] && !slices.Contains(likely, c.Cause) {
					t.Errorf("%s, %s: first comes %s for %s, which the answer does not speak for: %v", s.ID, b.ID, id, c.Cause, likely)
				}
			}
		}
	}
	for id, want := range map[ID][]string{
		Facebook: {"ticked", "admin", "login", "portfolio", "published"},
		LinkedIn: {"admin", "role", "login", "page"},
		X:        {"login"},
	} {
		s, _ := Get(string(id))
		if b, ok := s.Guide().Branch("not_offered"); !ok || !slices.Equal(b.Checks, want) {
			t.Errorf("%s: not_offered looks at %v, want %v", id, b.Checks, want)
		}
	}
	tiktok, _ := Get("tiktok")
	if _, ok := tiktok.Guide().Check("outage"); ok {
		t.Error("TikTok has no status page, and a test for it")
	}
	if _, ok := tiktok.Guide().Branch("no_page"); ok {
		t.Error("TikTok has no Pages, and a branch for them")
	}
	x, _ := Get("x")
	if c, ok := x.Guide().Check("outage"); !ok || c.How[0].Link != x.Guide().Outage.Link {
		t.Errorf("X: the test for an outage looks at %v", c.How)
	}
	if c, ok := x.Guide().Check("password"); !ok || c.Cause != PasswordChanged {
		t.Error("X: a check of its own is not found")
	}
}

// TestOver looks at what a platform's tests and branches take from the common ones.
func TestOver(t *testing.T) {
	fact := func(source text.Safe) Fact { return Fact{Source: source, Certainty: Unverified} }
	word := func(s text.Safe) Words { return Words{s, s, s} }
	common := []Check{
		{ID: "a", Title: text.Const("common"), Ask: word(text.Const("common?")), Who: Person, Cause: WrongAccount,
			How: []Instruction{{ID: "look"}}, Mend: []Instruction{{ID: "mend"}}, Fact: fact(text.Const("one"))},
		{ID: "b", Platforms: []ID{X}}, {ID: "c", Platforms: []ID{TikTok, LinkedIn}},
	}
	own := []Check{
		{ID: "a", Ask: word(text.Const("own?")), How: []Instruction{{ID: "own"}}, Who: Admin, Fact: fact(text.Const("two"))},
		{ID: "d"},
	}
	tests := overTests(common, own, X)
	var ids string
	for _, c := range tests {
		ids += c.ID
		if c.Platforms != nil {
			t.Errorf("%s still names platforms", c.ID)
		}
	}
	a := tests[0]
	if ids != "abd" || a.Title.String() != "common" || a.Ask.Own.String() != "own?" || a.How[0].ID != "own" ||
		a.Mend[0].ID != "mend" || a.Who != Admin || a.Cause != WrongAccount || a.Source.String() != "two" {
		t.Errorf("tests are %s: %+v", ids, a)
	}
	branches := []Branch{
		{ID: "popup", Label: word(text.Const("common")), Checks: []string{"a"}, Fact: fact(text.Const("one"))},
		{ID: "no_page", Platforms: []ID{Facebook}},
	}
	got := overBranches(branches, []Branch{{ID: "popup", Checks: []string{"d"}}}, X)
	if len(got) != 1 || got[0].Label.Own.String() != "common" || !slices.Equal(got[0].Checks, []string{"d"}) || got[0].Source.String() != "one" {
		t.Errorf("branches are %+v", got)
	}
	if common[0].Ask.Own.String() != "common?" || branches[0].Checks[0] != "a" {
		t.Error("it changed the common ones")
	}
}

// TestFillTables wants the placeholders filled in, in copies.
func TestFillTables(t *testing.T) {
	vars := Vars{"platform": text.Const("X"), "noun": text.Const("account")}
	w := func() Words { return Words{Own: text.Const("{platform}")} }
	g := Guide{
		Tests:    []Check{{Ask: w(), How: []Instruction{{Text: w()}}}},
		Branches: []Branch{{Label: w(), Title: w(), Listen: w()}},
	}
	f := g.Fill(vars)
	b := f.Branches[0]
	for _, got := range []Words{f.Tests[0].Ask, f.Tests[0].How[0].Text, b.Label, b.Title, b.Listen} {
		if got.Own.String() != "X" {
			t.Errorf("filled in is %q", got.Own)
		}
	}
	if g.Branches[0].Label != w() || g.Tests[0].How[0].Text != w() {
		t.Error("Fill changed the guide")
	}
}

// TestCaution wants TikTok's stricter pause, and the times as text in JSON.
func TestCaution(t *testing.T) {
	c := OwnCaution()
	for id, want := range map[ID]int{TikTok: 1, X: 3, Instagram: 3} {
		rows := c.For(id).CoolDown
		if len(rows) != 1 || rows[0].After != want || rows[0].Within != time.Hour || rows[0].Wait != 15*time.Minute {
			t.Errorf("%s: cools down by %+v", id, rows)
		}
	}
	if c.Settle.Wait != 5*time.Minute || c.Spike.Within != 2*time.Hour || c.Spike.Usual != 14*24*time.Hour ||
		c.Spike.Times != 3 || c.Spike.Least != 4 || c.Spike.Look != 2*time.Hour {
		t.Errorf("caution is %+v", c)
	}
	raw, err := json.Marshal(c.For(TikTok))
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	spike := back["spike"].(map[string]any)
	row := back["coolDown"].([]any)[0].(map[string]any)
	if row["wait"] != "15m" || row["within"] != "1h" || row["certainty"] != "unverified" ||
		spike["usual"] != "336h" || spike["look"] != "2h" || back["settle"].(map[string]any)["wait"] != "5m" {
		t.Errorf("in JSON it is %s", raw)
	}
	for d, want := range map[time.Duration]string{15 * time.Minute: "15 minutes", time.Hour: "1 hour", 36 * time.Hour: "36 hours", 336 * time.Hour: "14 days", time.Second: "1s"} {
		if got := spanWords(d).String(); got != want {
			t.Errorf("%v in words is %q, want %q", d, got, want)
		}
	}
}

// TestTablesAreCopies changes what was handed out.
func TestTablesAreCopies(t *testing.T) {
	d, r, c := Detours(), Rules(), OwnCaution()
	d[0], r[0] = Detour{}, Rule{}
	c.CoolDown[0].After = 99
	if reflect.DeepEqual(Detours()[0], d[0]) || reflect.DeepEqual(Rules()[0], r[0]) || OwnCaution().CoolDown[0].After == 99 {
		t.Error("a change went into the table")
	}
}
