// Package ladder holds a case as a pure function of its log.
//
// Here live the places a case can be at, the kinds of event, the one table that
// says where an event leads, and the fold that makes a [State] out of a log.
// Nothing here reads a clock, a file or a guide: the same log gives the same
// state for ever. Never here: storage, words for the screen, styling.
package ladder

import "reconnect/platforms"

// A Place is where a case stands: one page of a step, or an end.
type Place string

// The places, in the order of the ladder. The ends come last.
const (
	AtStatus       Place = "status"
	AtGreen        Place = "green"   // the dashboard shows Connected
	AtBefore       Place = "before"  // not listed: what must be so before it is added
	AtChanged      Place = "changed" // what changed lately
	AtAccount      Place = "account" // which account to use
	AtReconnect    Place = "reconnect"
	AtChecks       Place = "checks" // the platform's own checks, one by one
	AtMend         Place = "mend"   // a check failed
	AtRetry        Place = "retry"  // reconnect once more
	AtDisconnect   Place = "disconnect"
	AtClear        Place = "clear"
	AtFreshAccount Place = "fresh_account" // as account, for a platform that is not listed
	AtFresh        Place = "fresh"
	AtSupport      Place = "support"
	AtProof        Place = "proof"  // connected: which account came back
	AtMissed       Place = "missed" // connected: which posts missed their time

	EndConnected Place = "resolved"
	EndNothing   Place = "nothing"
	EndSent      Place = "sent"
	EndClosed    Place = "closed"
)

// steps says to which step of the ladder a place belongs. The places after a
// connection that worked have none: they belong to the step that worked.
var steps = map[Place]platforms.Step{
	AtStatus: platforms.Status, AtGreen: platforms.Status,
	AtChanged: platforms.Reconnect, AtAccount: platforms.Reconnect, AtReconnect: platforms.Reconnect,
	AtChecks: platforms.Reconnect, AtMend: platforms.Reconnect, AtRetry: platforms.Reconnect,
	AtDisconnect: platforms.Disconnect,
	AtClear:      platforms.Clear,
	AtBefore:     platforms.Fresh, AtFreshAccount: platforms.Fresh, AtFresh: platforms.Fresh,
	AtSupport: platforms.Support, EndSent: platforms.Support,
}

// entrances are the places where a detour enters a step.
var entrances = map[platforms.Step]Place{
	platforms.Status:     AtStatus,
	platforms.Reconnect:  AtReconnect,
	platforms.Disconnect: AtDisconnect,
	platforms.Clear:      AtClear,
	platforms.Fresh:      AtFresh,
	platforms.Support:    AtSupport,
}

// Places are all places in the order of the ladder, the ends last.
func Places() []Place {
	return []Place{AtStatus, AtGreen, AtBefore, AtChanged, AtAccount, AtReconnect, AtChecks, AtMend, AtRetry,
		AtDisconnect, AtClear, AtFreshAccount, AtFresh, AtSupport, AtProof, AtMissed,
		EndConnected, EndNothing, EndSent, EndClosed}
}

// End tells whether a case at p has ended.
func (p Place) End() bool {
	switch p {
	case EndConnected, EndNothing, EndSent, EndClosed:
		return true
	default:
		return false
	}
}
