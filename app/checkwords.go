package app

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"reconnect/app/connection"
	"reconnect/app/message"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// outcomes are the outcomes of a check with their signs.
var outcomes = map[platforms.Outcome]text.Safe{
	platforms.Pass: text.Const("● yes"), platforms.Fail: text.Const("■ no"),
	platforms.Unsure: text.Const("? could not check"), platforms.Skipped: text.Const("· not checked"),
}

// couldNotCheck is how words begin that stand beside others which say that already.
const couldNotCheck = "Could not check: "

// tellChecked writes a report for a person.
func tellChecked(out io.Writer, k checked) error {
	w := bufio.NewWriter(out)
	say := func(line text.Safe) { fmt.Fprintln(w, line) } //nolint:errcheck // Flush tells
	say(k.head())
	for rest := k.Findings; len(rest) > 0; rest = rest[alike(rest):] {
		if n := alike(rest); n > 1 {
			say(text.Format("  %s  %s checks. %s", outcomes[rest[0].Outcome], text.Int(n), rest[0].Says))
		} else {
			tellFinding(say, rest[0])
		}
	}
	if k.Skew != 0 {
		say(text.Format("  ▲ Look: %s. Set it right, because ends and sign-ins depend on it.", clockWords(k.Skew)))
	}
	if !k.Error.Empty() {
		say(text.Format("  ? This computer was in the way: %s.", k.Error))
	}
	say(k.summary())
	if rest := k.unanswered(); !rest.Empty() {
		say(rest)
	}
	say(text.Safe{})
	return w.Flush()
}

// alike is how many findings at the beginning were left out for one and the same
// reason; 1 for any other.
func alike(findings []live.Finding) int {
	n := 1
	for f := findings[0]; n < len(findings) && f.Outcome == platforms.Skipped && !f.Says.Empty() && findings[n].Outcome == f.Outcome && findings[n].Says == f.Says; {
		n++
	}
	return n
}

// head names the grant that a report is about.
func (k checked) head() text.Safe {
	name := text.Line(k.Service)
	if s, err := platforms.Get(string(k.Platform)); err == nil {
		name = s.Guide().Name
	}
	which := text.Line(first(k.Key, k.Service))
	if k.Grant.Pasted {
		which = text.Format("%s, a pasted token", which)
	}
	mark := text.Safe{}
	if k.Fingerprint != "" {
		mark = text.Format("fingerprint %s", text.Line(k.Fingerprint))
	}
	who := k.Account
	if who.String() == k.Key {
		who = text.Safe{} // the platform did not tell yet who signed in
	}
	return text.Format("%s (%s)", text.Join(" · ", name, who), text.Join(", ", which, mark))
}

// tellFinding writes a check on a line: what it found or, where it found nothing, what
// it would have asked. What is not in order has below it what it rests on, and what
// follows.
func tellFinding(say func(text.Safe), f live.Finding) {
	found := f.Says
	if f.Outcome == platforms.Unsure || f.Outcome == platforms.Skipped {
		found = text.Join(" ", f.Title, unprefixed(f.Says, couldNotCheck))
	}
	say(text.Format("  %s  %s", outcomes[f.Outcome], found))
	if f.Outcome == platforms.Fail || f.Open() {
		tellEvidence(say, f)
	}
}

// unprefixed is words without a beginning that stands before them already.
func unprefixed(words text.Safe, beginning string) text.Safe {
	rest, found := strings.CutPrefix(words.String(), beginning)
	if !found || rest == "" {
		return words
	}
	return text.Line(strings.ToUpper(rest[:1]) + rest[1:])
}

// tellEvidence writes what a finding rests on, what mends it, and what was answered.
func tellEvidence(say func(text.Safe), f live.Finding) {
	retry, cause := text.Safe{}, text.Safe{}
	if !f.Retry.IsZero() {
		retry = text.Line(localTime(f.Retry))
	}
	if f.Cause != "" && f.Cause != platforms.UnknownCause {
		cause = message.CausesWords(f.Cause, f.Also)
	}
	for _, part := range []struct{ name, words text.Safe }{
		{text.Const("cause"), cause}, {text.Const("how to mend it"), f.Mend}, {text.Const("ask again from"), retry},
		{text.Const("it rests on"), f.Field}, {text.Const("asked"), f.Request}, {text.Const("evidence"), text.Line(string(f.Grade))},
	} {
		if !part.words.Empty() {
			say(text.Format("      %s: %s", part.name, part.words))
		}
	}
	if f.Untold {
		say(text.Const("      to say it: --account NAME, or --id"))
	}
	if f.Answer.Empty() {
		return
	}
	say(text.Const("      the platform's own words:"))
	for _, line := range f.Answer.Lines() {
		say(text.Format("        %s", line))
	}
}

// summary is the colour with its reason. What is broken, what could not be checked
// and what was not checked are three things.
func (k checked) summary() text.Safe {
	reason := k.Health.Reason
	switch code := k.colour(); {
	case code == ExitBroken:
		return text.Format("  ■ Red: %s", reason)
	case code == ExitAttention:
		return text.Format("  ▲ Yellow: %s", reason)
	case code == ExitUnchecked && (k.Asked() || k.held()):
		return text.Format("  ? Could not check everything. %s", unprefixed(reason, couldNotCheck))
	case code == ExitUnchecked && k.Error.Empty() && k.costs():
		return text.Format("  · Not checked: nothing of this was asked of the platform. reconnect check %s --paid asks, and costs money.", text.Line(k.Service))
	case code == ExitUnchecked:
		return text.Const("  · Not checked: nothing of this was asked of the platform.")
	case k.Health.Colour == platforms.Green:
		return text.Format("  ● Green: %s", reason)
	}
	return text.Format("  ● Nothing wrong was found. %s", reason)
}

// costs tells whether asking costs money.
func (k checked) costs() bool {
	s, ok := connection.Find(k.Service)
	return ok && !s.Costs().Empty()
}

// unanswered counts the checks that brought no answer, beside a colour that does not
// say so.
func (k checked) unanswered() text.Safe {
	n := 0
	if code := k.colour(); code != ExitFine && code != ExitAttention {
		return text.Safe{}
	}
	for _, f := range k.Findings {
		if f.Outcome == platforms.Skipped || f.Outcome == platforms.Unsure {
			n++
		}
	}
	if n == 0 {
		return text.Safe{}
	}
	return text.Format("    %s of %s checks brought no answer.", text.Int(n), text.Int(len(k.Findings)))
}

// clockWords say that a clock is off.
func clockWords(by time.Duration) text.Safe {
	side := text.Const("ahead of")
	if by < 0 {
		side = text.Const("behind")
	}
	return text.Format("the clock of this computer is %s %s the platform's", text.Line(by.Abs().Round(time.Second).String()), side)
}
