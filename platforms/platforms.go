// Package platforms holds what is known about the platforms that Aibrify
// publishes to, and the vocabulary that every floor of the house shares.
//
// Here live platform ids, steps, causes, owners, evidence grades and outcomes,
// the guide's texts as embedded data, and the strict reading of that data. Never
// here: the terminal, storage, or what comes next in a case.
package platforms

// An ID names a platform in data, events and on the command line.
type ID string

// The platforms, in the order of the dashboard.
const (
	Instagram ID = "instagram"
	Facebook  ID = "facebook"
	TikTok    ID = "tiktok"
	LinkedIn  ID = "linkedin"
	X         ID = "x"
)

// A Step is one of the six steps of the ladder.
type Step string

// The ladder, lowest step first.
const (
	Status     Step = "status"
	Reconnect  Step = "reconnect"
	Disconnect Step = "disconnect"
	Clear      Step = "clear"
	Fresh      Step = "fresh"
	Support    Step = "support"
)

// Steps are the steps in the order of the ladder.
func Steps() []Step { return []Step{Status, Reconnect, Disconnect, Clear, Fresh, Support} }

// Title is the step's name on the screen.
func (s Step) Title() string {
	switch s {
	case Status:
		return "Status"
	case Reconnect:
		return "Reconnect"
	case Disconnect:
		return "Disconnect"
	case Clear:
		return "Clear"
	case Fresh:
		return "Start fresh"
	case Support:
		return "Support"
	}
	return string(s)
}

// A Colour is what Aibrify's dashboard shows for a connection.
type Colour string

// The colours of the dashboard. Unlisted: the platform has no row there.
const (
	Green    Colour = "green"
	Yellow   Colour = "yellow"
	Red      Colour = "red"
	Unlisted Colour = "unlisted"
)

// A Grade says how well a fact is known.
type Grade string

// The grades of evidence, weakest first.
const (
	Told   Grade = "told"   // somebody said so
	Seen   Grade = "seen"   // somebody looks at it now
	Probed Grade = "probed" // the platform was asked about the account
	Proven Grade = "proven" // Aibrify's own grant was tested
)

// An Outcome is the result of a check. Unsure and Skipped are never shown as broken.
type Outcome string

// The outcomes of a check.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unsure  Outcome = "unsure"
	Skipped Outcome = "skipped"
)

// An Audience says for whom texts are worded.
type Audience string

// The audiences.
const (
	Own        Audience = "own"        // a person on their own
	Agent      Audience = "agent"      // support staff on a call
	Onboarding Audience = "onboarding" // a guided first set-up
)

// Audiences are all audiences, the default first.
func Audiences() []Audience { return []Audience{Own, Agent, Onboarding} }

// A Certainty says how far a fact about a platform was verified.
type Certainty string

// The certainties, as the fact sheet marks them.
const (
	Documented Certainty = "documented" // read on an official page or in the help article
	InCode     Certainty = "code"       // seen in code or third-party notes
	Unverified Certainty = "unverified" // remembered; shown as "look for"
)
