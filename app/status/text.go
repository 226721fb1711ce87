package status

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"reconnect/platforms/text"
)

// Width is what the lines of a report keep to, in cells.
const Width = 80

// Text is the rows for a person: a line each that can be read down its columns, and
// below it, set in, why, when it ends, and what to do.
func Text(rows []Row, now time.Time) text.Safe {
	names, accounts, states := 0, 0, 0
	for _, r := range rows {
		names = max(names, wide(platformName(r.Platform)))
		accounts = max(accounts, min(wide(r.Account), longAccount))
		states = max(states, wide(r.State))
	}
	var lines []text.Safe
	for _, r := range rows {
		name := text.Join(" ", sign(r.Colour), padded(platformName(r.Platform), names))
		head := text.Join("  ", name, padded(r.Account, accounts), padded(r.State, states), r.Rests)
		details := r.details(now)
		if wide(head) > Width {
			head = text.Join("  ", name, padded(r.Account, accounts), r.State)
			details = append([]text.Safe{sentence(r.Rests)}, details...)
		}
		if wide(head) > Width {
			head = Fold(head, "")
		}
		lines = append(lines, head)
		for _, d := range details {
			lines = append(lines, Fold(d, "    "))
		}
	}
	return text.Join("\n", lines...)
}

func wide(s text.Safe) int { return ansi.StringWidth(s.String()) }

// longAccount is the widest that the accounts' column gets, in cells.
const longAccount = 40

// padded is s with spaces up to a width.
func padded(s text.Safe, width int) text.Safe {
	return text.Line(s.String() + strings.Repeat(" ", max(width-ansi.StringWidth(s.String()), 0)))
}

// details are the lines below a row: why, when it ends, and what to do.
func (r Row) details(now time.Time) []text.Safe {
	k := Known{Now: now}
	var why []text.Safe
	if !r.plain {
		why = append(why, r.Reason)
	}
	for _, e := range r.Expires {
		why = append(why, text.Format("%s %s.", whose(e), k.endWords(e)))
	}
	return slices.DeleteFunc([]text.Safe{text.Join(" ", why...), r.todo()}, text.Safe.Empty)
}

// whose says whose permission ends.
func whose(e End) text.Safe {
	switch e.Of {
	case OfAibrify:
		return text.Const("Aibrify's permission")
	case OfAibrifysApp:
		return text.Format("The grant of Aibrify's app that is held here (%s)", text.Line(e.Service))
	}
	return text.Format("The grant of your own app (%s)", text.Line(e.Service))
}

// Fold folds s at its spaces, so that it is whole at Width, each line set in. A
// word that is longer than a line stays whole: a command is there to be copied.
func Fold(s text.Safe, in string) text.Safe {
	lines := []string{}
	for _, word := range strings.Fields(s.String()) {
		last := len(lines) - 1
		if last >= 0 && ansi.StringWidth(lines[last])+1+ansi.StringWidth(word) <= Width {
			lines[last] += " " + word
		} else {
			lines = append(lines, in+word)
		}
	}
	return text.Block(strings.Join(lines, "\n"))
}
