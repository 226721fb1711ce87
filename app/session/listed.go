package session

import (
	"encoding/json"
	"slices"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// What follows is Aibrify's own list, kept from the board until the cases that it
// fills in are open, so that what it shows of an account is not typed again.

// boardList is the draft that keeps it, beside the draft of the board.
const boardList = pageBoard + ".list"

// A list is what Aibrify showed of all connections.
type list struct {
	At    time.Time
	Shows []Shown
}

// asJSON is l as a draft.
func (l list) asJSON() string {
	raw, err := json.Marshal(l)
	if err != nil { // never: it is text and times
		return ""
	}
	return string(raw)
}

// listed is the list that filled the rows of the board in. One that cannot be read
// is none: the rows still hold.
func (v View) listed() list {
	var l list
	if v.Case != "" || json.Unmarshal([]byte(v.drafts[boardList]), &l) != nil {
		return list{}
	}
	return l
}

// worst is the colour of a platform's worst connection; empty if there is none.
func (l list) worst(id platforms.ID) platforms.Colour {
	var found platforms.Colour
	for _, s := range l.Shows {
		if s.Platform == id && (found == "" || worst[s.Colour] < worst[found]) {
			found = s.Colour
		}
	}
	return found
}

// of are the connections behind a row, if it still has the colour that was read: the
// troubled ones, the worst first, or else one that is well.
func (l list) of(r rowSeen) []Shown {
	if l.worst(r.platform) != r.colour {
		return nil
	}
	own := slices.DeleteFunc(slices.Clone(l.Shows), func(s Shown) bool { return s.Platform != r.platform })
	if r.colour == platforms.Green {
		return own[:min(1, len(own))]
	}
	own = slices.DeleteFunc(own, func(s Shown) bool { return s.Colour == platforms.Green })
	slices.SortStableFunc(own, func(a, b Shown) int { return worst[a.Colour] - worst[b.Colour] })
	return own
}

// names are the platforms that are in the list, or those that are not.
func (l list) names(in bool) text.Safe {
	var names []text.Safe
	for _, svc := range platforms.All() {
		if (l.worst(svc.ID) != "") == in {
			names = append(names, svc.Guide().Name)
		}
	}
	return text.Join(", ", names...)
}
