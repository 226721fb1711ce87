package ladder

import (
	"maps"
	"slices"
	"strings"

	"reconnect/platforms"
)

// An on is an event as the table knows it: its kind and, behind a slash, its answer.
type on string

// onAny stands for every answer of a kind.
const onAny = "*"

// failures are the ways an attempt to connect can end without a connection.
var failures = []string{"warning", "disconnected", "error", "not_offered", "other",
	"no_page", "popup", "security", "two_factor", "wrong_account"}

// table says where each event leads from each place. What is not in it is
// refused. The ends have no row. A detour, a wait, a close and back work at every
// open place and stand in [Next] once.
var table = map[Place]map[on]Place{
	AtStatus: {
		"status.seen/green":    AtGreen,
		"status.seen/yellow":   AtChanged,
		"status.seen/red":      AtChanged,
		"status.seen/unlisted": AtBefore,
	},
	AtGreen: {
		"status.seen/failing":   AtChanged,
		"case.resolved/nothing": EndNothing,
	},
	AtBefore:       {"before.ready/*": AtFreshAccount},
	AtFreshAccount: {"account.chosen/*": AtFresh},
	AtChanged:      {"change.seen/*": AtAccount},
	AtAccount:      {"account.chosen/*": AtReconnect},
	AtReconnect:    connect(AtChecks),
	AtChecks: {
		"check.done/pass":    AtChecks,
		"check.done/unsure":  AtChecks,
		"check.done/skipped": AtChecks,
		"check.done/fail":    AtMend,
	},
	AtMend: {
		"check.mended/mended": AtChecks,
		"check.mended/go_on":  AtChecks,

		"check.mended/overruled": AtChecks,
	},
	AtRetry: connect(AtDisconnect),
	AtDisconnect: {
		"step.attempted/done":      AtClear,
		"step.attempted/gone":      AtClear,
		"step.attempted/stuck":     AtSupport,
		"step.attempted/connected": AtProof,
	},
	AtClear: {
		"step.attempted/done":      AtFresh,
		"step.attempted/absent":    AtFresh,
		"step.attempted/stuck":     AtFresh,
		"step.attempted/connected": AtProof,
	},
	AtFresh: connect(AtSupport),
	AtSupport: {
		"message.sent/*":           EndSent,
		"step.attempted/connected": AtProof,
	},
	AtProof: {
		"account.returned/same":   AtMissed,
		"account.returned/unsure": AtMissed,
		"account.returned/other":  AtAccount,
		"status.seen/yellow":      AtChecks, // it did not stay connected
		"status.seen/red":         AtChecks,
	},
	AtMissed: {
		"case.resolved/connected": EndConnected,
		"status.seen/yellow":      AtChecks,
		"status.seen/red":         AtChecks,
	},
}

// connect is the row of a step that tries to connect: Connected is proven next,
// everything else leads to after.
func connect(after Place) map[on]Place {
	row := map[on]Place{"step.attempted/connected": AtProof}
	for _, f := range failures {
		row[on("step.attempted/"+f)] = after
	}
	return row
}

// limits end what would otherwise go round: the wrong account twice needs somebody else.
var limits = []struct {
	on    on
	times int
	to    Place
}{
	{"account.returned/other", 2, AtSupport},
}

// lookUp finds where kind and answer lead from p. What was tried before the case
// asked for it leads where trying it leads.
func lookUp(p Place, kind Kind, answer string) (Place, bool) {
	if kind == AlreadyTried {
		kind = Attempted
	}
	row := table[p]
	if to, ok := row[on(string(kind)+"/"+answer)]; ok {
		return to, true
	}
	to, ok := row[on(string(kind)+"/"+onAny)]
	if ok {
		return to, true
	}
	// Connected can be seen at any time, whoever mended it.
	if kind == StatusSeen && answer == string(platforms.Green) && !p.End() && steps[p] != "" && p != AtStatus && p != AtGreen {
		return AtProof, true
	}
	return "", false
}

// A Move is an event that the table knows at a place.
type Move struct {
	Kind   Kind
	Answer string // empty: any
}

// Moves are the events that lead on from p, in a fixed order.
func Moves(p Place) []Move {
	var moves []Move
	for _, key := range slices.Sorted(maps.Keys(table[p])) {
		kind, answer, _ := strings.Cut(string(key), "/")
		if answer == onAny {
			answer = ""
		}
		moves = append(moves, Move{Kind(kind), answer})
	}
	return moves
}
