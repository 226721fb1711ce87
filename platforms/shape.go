package platforms

import "slices"

// A Shape says which page there is and which answers it takes. What the answers
// lead to, the ladder decides; the data words them.
type Shape struct {
	Page    string
	Step    Step     // the step of the ladder it belongs to; empty for a page beside it
	Choices []string // ids
}

// tries are the answers to every page that ends with a look at the dashboard.
var tries = []string{"connected", "warning", "disconnected", "error", "not_offered", "other"}

// shapes are the pages in the order in which a person can meet them.
var shapes = []Shape{
	{"status", Status, []string{"green", "yellow", "red", "unlisted"}},
	{"green", Status, []string{"nothing", "failing"}},
	{"before", Fresh, []string{"ready"}},
	{"changed", Reconnect, nil},
	{"account", Reconnect, nil},
	{"reconnect", Reconnect, tries},
	{"check", Reconnect, []string{"pass", "fail", "unsure", "skipped"}},
	{"mend", Reconnect, []string{"mended", "other_person", "go_on"}},
	{"retry", Reconnect, tries},
	{"disconnect", Disconnect, []string{"done", "gone", "stuck", "connected"}},
	{"clear", Clear, []string{"done", "absent", "stuck", "connected"}},
	{"fresh", Fresh, tries},
	{"support", Support, []string{"sent", "connected"}},
	{"proof", "", []string{"same", "other", "unsure"}},
	{"missed", "", []string{"none", "some", "unsure"}},
	{"resolved", "", nil},
	{"nothing", "", nil},
	{"sent", "", nil},
	{"closed", "", nil},
	{"wait", "", nil},
	{"waiting", "", []string{"over", "early", "longer"}},
	{"error", "", nil},
	{"note", "", nil},
	{"gap", "", nil},
	{"tried", "", nil},
	{"screenshot", "", nil},
	{"correct", "", nil},
	{"close", "", []string{"given_up", "duplicate", "mistake"}},
	{"leave", "", nil},
}

// changeIDs are what may have changed lately.
var changeIDs = []string{"password", "username", "role", "owner", "account_type", "app_removed", "devices"}

// Shapes are all pages of a guide, in the order in which a person can meet them.
func Shapes() []Shape { return slices.Clone(shapes) }

// shapeOf is the shape of a page, if there is such a page.
func shapeOf(page string) (Shape, bool) {
	for _, s := range shapes {
		if s.Page == page {
			return s, true
		}
	}
	return Shape{}, false
}
