package session_test

import (
	"slices"

	"reconnect/platforms"
)

// An outcome is how a case went: with the wizard, or by the article.
type outcome struct {
	path      string // the steps entered, a letter each: see letters
	wrong     int    // destructive steps entered where they could not cure
	questions int
	end       string   // connected, nothing, sent, closed; hollow if it is not so
	hollow    bool     // it ended well on the screen only: posts fail, or the wrong account is connected
	faults    []string // questions asked twice, and where it could not go on
}

// letters are the steps that count. The look at the status does not: both take it
// once in every case. Support counts. The second reconnect is one of its own.
var letters = map[string]string{
	"reconnect": "R", "retry": "r", "disconnect": "D", "clear": "C", "fresh": "F", "support": "S",
}

// destructive are the steps that take something away. Adding what was never
// connected takes nothing away.
func destructive(step string, first bool) bool {
	return step == "disconnect" || step == "clear" || step == "fresh" && !first
}

func (o outcome) steps() int { return len(o.path) }

func (o outcome) destroys(first bool) int {
	n := 0
	for name, letter := range letters {
		for _, l := range o.path {
			if string(l) == letter && destructive(name, first) {
				n++
			}
		}
	}
	return n
}

// enter counts a step that begins while the world is as it is.
func (o *outcome) enter(w *world, step string) {
	o.path += letters[step]
	if destructive(step, w.first()) && !w.resetCures() {
		o.wrong++
	}
}

func (w *world) first() bool { return w.scenario.colour == platforms.Unlisted }

// rank puts the ends in order. An end that is not so is worse than any.
func (o outcome) rank() int {
	if o.hollow {
		return 0
	}
	return map[string]int{"closed": 1, "sent": 2, "connected": 3, "nothing": 3}[o.end]
}

// byArticle is how a case goes for somebody who follows the help article word by
// word. It never waits, never looks at an error, and asks nobody what to do.
//
// Where the article leaves it open, it is read in its own favour: what its checks
// can find and the person can mend now is mended; only then reconnecting is tried
// once more; for Instagram, what was removed on Facebook is not removed again;
// whoever sees green although posts fail goes on with the standard fix; and of two
// platforms on one login, the one that mends the other comes first.
func byArticle(s scenario) outcome {
	w := s.world()
	var o outcome
	for {
		o.end, o.hollow = "connected", false
		for _, p := range slices.DeleteFunc([]platforms.ID{s.platform, w.linked}, func(p platforms.ID) bool { return p == "" }) {
			if end := w.followed(&o, p); end != "connected" {
				o.end = end
			}
			o.hollow = o.hollow || o.end != "sent" && !w.sound(p)
		}
		if o.end == "sent" || !w.breaksAgain() {
			return o
		}
	}
}

// followed takes p through the article. It gives the end.
func (w *world) followed(o *outcome, p platforms.ID) string {
	try := func(step string) bool {
		o.enter(w, step)
		o.questions++
		return w.connect(p).answer == "connected"
	}
	o.questions++ // which colour it shows
	connecting := "reconnect"
	switch {
	case w.connected[p]:
		return "connected" // by the other one
	case w.status(p) == platforms.Green && w.well:
		return "nothing"
	case w.first():
		connecting = "fresh"
	}
	switch {
	case w.tried > 0: // that is what they come from
		o.enter(w, connecting)
	case try(connecting):
		return "connected"
	}
	if w.looksAt(o, p) && try(again(connecting)) {
		return "connected"
	}
	if connecting == "fresh" || !w.fromScratch(o, p, try) {
		o.enter(w, "support")
		o.questions++
		return "sent"
	}
	return "connected"
}

// again is the letter of a step that is tried once more.
func again(step string) string {
	if step == "reconnect" {
		return "retry"
	}
	return step
}

// looksAt goes through the article's checks. It tells whether something was mended.
func (w *world) looksAt(o *outcome, p platforms.ID) bool {
	svc, err := platforms.Get(string(p))
	if err != nil {
		return false
	}
	mended := false
	for _, c := range svc.Guide().Checks {
		o.questions++
		before := w.fixed
		if w.check(c.ID) == platforms.Fail {
			mended = w.mend(c.ID) || mended
		}
		mended = mended || w.fixed != before
	}
	return mended
}

// fromScratch is what the article says for when reconnecting does not work.
func (w *world) fromScratch(o *outcome, p platforms.ID, try func(string) bool) bool {
	take := func(step string) {
		o.enter(w, step)
		o.questions++
	}
	if p == platforms.Instagram { // "disconnecting and reconnecting via Facebook's connected apps"
		take("clear")
		w.removed = true
		if try("retry") {
			return true
		}
	}
	take("disconnect")
	if p != platforms.Instagram {
		take("clear")
		w.removed = true
	}
	return try("fresh")
}
