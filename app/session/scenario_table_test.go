package session_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"reconnect/platforms"
)

// A line is a row of the table: how a scenario goes with the wizard, and by the article.
type line struct {
	scenario
	wizard, article outcome
}

// bad says what must not be.
func (l line) bad() []string {
	all := slices.Clone(l.wizard.faults)
	if l.wizard.wrong > 0 {
		all = append(all, fmt.Sprintf("%d destructive steps that cannot cure", l.wizard.wrong))
	}
	if l.wizard.rank() < l.article.rank() {
		all = append(all, fmt.Sprintf("ends worse than the article: %s, not %s", l.wizard.ending(), l.article.ending()))
	}
	return all
}

// median is the middle of all.
func median(all []float64) float64 {
	slices.Sort(all)
	n := len(all)
	if n == 0 {
		return 0
	}
	return (all[(n-1)/2] + all[n/2]) / 2
}

// A sum is what the table says as a whole. Steps are compared where the article
// enters more than one.
type sum struct {
	rows, first, compared   int
	wizard, article         float64 // median of the steps
	wrong, wrongArticle     int
	questions, byArticle    float64
	saved                   float64 // per cent of the median
	savedEach               float64 // per cent, median over the rows
	better, same, worseEnds int
}

func sums(lines []line) sum {
	s := sum{rows: len(lines)}
	var wizard, article, saved, asked, askedArticle []float64
	for _, l := range lines {
		if l.curedFirst() {
			s.first++
		}
		s.wrong += l.wizard.wrong
		s.wrongArticle += l.article.wrong
		switch {
		case l.wizard.rank() > l.article.rank():
			s.better++
		case l.wizard.rank() == l.article.rank():
			s.same++
		default:
			s.worseEnds++
		}
		asked, askedArticle = append(asked, float64(l.wizard.questions)), append(askedArticle, float64(l.article.questions))
		if n := l.article.steps(); n > 1 {
			wizard, article = append(wizard, float64(l.wizard.steps())), append(article, float64(n))
			saved = append(saved, 100*(1-float64(l.wizard.steps())/float64(n)))
		}
	}
	s.compared, s.wizard, s.article = len(article), median(wizard), median(article)
	s.questions, s.byArticle = median(asked), median(askedArticle)
	if s.article > 0 {
		s.saved, s.savedEach = 100*(1-s.wizard/s.article), median(saved)
	}
	return s
}

// judged is what the table as a whole must not show.
func judged(lines []line) []string {
	var all []string
	s := sums(lines)
	if s.rows < 80 || s.first*3 < s.rows {
		all = append(all, fmt.Sprintf("%d rows, of which the first reconnect cures %d; want 80 and a third", s.rows, s.first))
	}
	if s.compared == 0 || s.saved < 40 {
		all = append(all, fmt.Sprintf("%.1f steps in the median where the article takes %.1f: %.0f %% fewer, want 40", s.wizard, s.article, s.saved))
	}
	for _, l := range lines {
		for _, b := range l.bad() {
			all = append(all, fmt.Sprintf("%s, %s, %s: %s", l.platform, l.cause, l.about, b))
		}
	}
	return all
}

// table is all rows, the bad ones first, then those that save least.
func table(lines []line) string {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(len(b.bad())-len(a.bad()), b.wizard.steps()-b.article.steps()-(a.wizard.steps()-a.article.steps()))
	})
	var out strings.Builder
	side := func(o outcome, first bool) string {
		end := o.end
		if o.hollow {
			end += "!"
		}
		return fmt.Sprintf("%2d %-8s %d/%d %3d %-10s", o.steps(), o.path, o.destroys(first), o.wrong, o.questions, end)
	}
	fmt.Fprintf(&out, "\n  %-9s %-19s %-36s│ wizard                      │ article\n", "platform", "hidden cause", "situation")
	fmt.Fprintf(&out, "  %-9s %-19s %-36s│ %s│ %s\n", "", "", "", "steps    destr. asked end   ", "steps    destr. asked end")
	for _, l := range lines {
		bad := l.bad()
		mark := " "
		if len(bad) > 0 {
			mark = "×"
		}
		first := l.colour == platforms.Unlisted
		fmt.Fprintf(&out, "%s %-9s %-19s %-36s│ %s│ %s\n", mark, l.platform, l.cause, l.about, side(l.wizard, first), strings.TrimSpace(side(l.article, first)))
		for _, b := range bad {
			fmt.Fprintf(&out, "      %s\n", b)
		}
	}
	s := sums(lines)
	fmt.Fprintf(&out, `
%d rows; the first reconnect cures %d (%d %%)
steps where the article enters more than one (%d rows): median %.1f, by the article %.1f: %.0f %% fewer (row by row %.0f %% in the median)
destructive steps that cannot cure: %d, by the article %d
ends: %d better than by the article, %d the same, %d worse
questions: median %.1f, by the article %.1f
Steps: R Reconnect, r once more, D Disconnect, C Clear, F Start fresh, S Support. Destructive: entered/those that cannot cure.
An end with ! only looks so: posts fail, or the wrong account is connected.
`, s.rows, s.first, 100*s.first/max(s.rows, 1), s.compared, s.wizard, s.article, s.saved, s.savedEach, s.wrong, s.wrongArticle,
		s.better, s.same, s.worseEnds, s.questions, s.byArticle)
	return out.String()
}

// TestScenariosTell shows that the table can tell: a wizard that thinks no
// further than the article fails it, and so do a worse end and a repeated
// question.
func TestScenariosTell(t *testing.T) {
	var same, best []line
	for _, s := range scenarios {
		a := byArticle(s)
		same = append(same, line{s, a, a})
		best = append(best, line{s, outcome{end: "connected"}, a})
	}
	finds(t, "the article itself", judged(same), "fewer, want 40", "destructive steps that cannot cure")
	if bad := judged(best); len(bad) > 0 {
		t.Errorf("a wizard that connects everything at once fails: %v", bad)
	}
	worse := slices.Clone(best)
	worse[0].wizard.end = "closed"
	worse[1].wizard.hollow = true
	worse[2].wizard.faults = []string{"asks twice: changed"}
	finds(t, "a worse one", judged(worse), "closed, not connected", "connected, but posts fail, not connected", "asks twice: changed")
	finds(t, "a short one", judged(best[:79]), "want 80 and a third")
	rows := strings.Split(table(worse), "\n")
	if marks := strings.Count(strings.Join(rows[3:9], "\n"), "×"); marks != 3 || strings.Count(strings.Join(rows, "\n"), "│")-4 != 2*len(worse) {
		t.Errorf("the table starts with %d bad rows, or not every row is in it:\n%s", marks, strings.Join(rows, "\n"))
	}
}

func finds(t *testing.T, what string, bad []string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(strings.Join(bad, "\n"), w) {
			t.Errorf("%s passes though it should not: want %q in %q", what, w, bad)
		}
	}
}
