package screens

import (
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// safe is a text of a test.
func safe(s string) text.Safe { return text.Block(s) }

func sampleHead() Head {
	head := Head{Platform: safe("Facebook"), Account: safe("Example Bakery"), Case: "7QK2", Saved: 9}
	states := []StopState{Done, Here, Ahead, Ahead, Ahead, Ahead}
	for i, step := range platforms.Steps() {
		head.Rail = append(head.Rail, Stop{step, states[i]})
	}
	return head
}

func sampleActions() []Action {
	return []Action{
		{Act: Back}, {Act: Tried}, {Act: Error}, {Act: Note}, {Act: Gap},
		{Act: Verify, Off: safe("There is no app to check with: run reconnect login facebook first.")},
	}
}

// sampleSteps is a working step as full as one gets: six instructions, a
// warning, three facts, six answers.
func sampleSteps() Page {
	return Page{
		Name:  "reconnect",
		Kind:  Steps,
		Head:  sampleHead(),
		Title: safe("Reconnect Facebook"),
		Tag:   safe("attempt 1 of 2"),
		Why:   safe("Most broken connections are fixed here. It takes about two minutes."),
		Do: []Instruction{
			{ID: "open", Text: safe("Open Dashboard → Settings → Connected Platforms"), Ticked: true},
			{ID: "click", Text: safe(`Click "Reconnect" next to Facebook`), Ticked: true},
			{ID: "login", Text: safe("Log in as owner@example, who connected it in March"), Note: safe("told"), Warn: safe("Not with another account: Facebook takes whoever is logged in.")},
			{ID: "approve", Text: safe("Approve everything, and leave every Page ticked")},
			{ID: "return", Text: safe("You are sent back to Aibrify")},
			{ID: "wait", Text: safe("Wait until the dashboard shows Connected")},
		},
		Facts: []Fact{
			{Label: safe("stops"), Text: safe("publishing to this Page until it is connected again")},
			{Label: safe("stays"), Text: safe("posts in the calendar"), Grade: platforms.Seen},
			{Label: safe("not known"), Text: safe("whether Aibrify keeps the channel's settings")},
		},
		Ask: safe("What do you see now?"),
		Choices: []Choice{
			{ID: "green", Label: safe("Connected"), Colour: platforms.Green},
			{ID: "yellow", Label: safe("Warning"), Colour: platforms.Yellow},
			{ID: "red", Label: safe("still Disconnected"), Colour: platforms.Red},
			{ID: "error", Label: safe("an error")},
			{ID: "notoffered", Label: safe("my Page is not offered")},
			{ID: "other", Label: safe("something else")},
		},
		Side: []Section{
			{Heading: safe("WHAT WE KNOW"), Lines: []Fact{
				{Text: safe("red since Sunday"), Grade: platforms.Seen},
				{Text: safe("password changed on Friday"), Grade: platforms.Told},
			}},
			{Heading: safe("WHY THIS HAPPENS"), Lines: []Fact{{Text: safe("A new password ends every permission that was given with the old one. A new login mends it.")}}},
		},
		Actions: sampleActions(),
		Links:   []Link{{Label: safe("Connected Platforms"), URL: safe("https://aibrify.example/settings/platforms")}},
	}
}

func sampleFrame(width, height int) Frame {
	return Frame{Width: width, Height: height, Theme: NewTheme(true), Now: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)}
}

// samples are one page of each kind.
func samples() []Page {
	return []Page{sampleSteps(), sampleGate(), sampleCases(), sampleBoard(), sampleForm(), sampleWriting(), sampleFiles(), sampleReading()}
}

func sampleGate() Page {
	return Page{
		Name:  "gate",
		Kind:  Steps,
		Head:  sampleHead(),
		Title: safe("Disconnect Facebook?"),
		Tag:   safe("held back"),
		Why:   safe("It cannot help now. The login owner@example lost its role on the Page (seen), and a new connection needs an admin of the Page."),
		Facts: []Fact{
			{Label: safe("Whose move"), Text: safe(`an admin of the Page "Example Bakery"`)},
			{Label: safe("What"), Text: safe("Page settings → Page access → give that login full control")},
			{Label: safe("Then"), Text: safe("come back here: Reconnect will do, nothing need be disconnected")},
		},
		Choices: []Choice{
			{ID: "copy", Label: safe("copy a message for the admin")},
			{ID: "wait", Label: safe("wait, look again tomorrow 09:00")},
			{ID: "admin", Label: safe("it is admin again: Reconnect")},
		},
		Actions: []Action{{Act: Back}, {Act: Why}, {Act: Anyway, Label: safe("disconnect anyway")}},
	}
}

func sampleCases() Page {
	return Page{
		Name:  "start",
		Kind:  Cases,
		Head:  Head{Saved: 0},
		Title: safe("Welcome back"),
		Why:   safe("Two cases are open, one is due."),
		Items: []Item{
			{ID: "7QK2", Platform: safe("Instagram"), Account: safe("@example.bakery"), Step: safe("Reconnect, 2nd try"), When: safe("due now"), Due: true, Note: safe("waiting is over: Instagram's limit reset at 14:30")},
			{ID: "8ABC", Platform: safe("LinkedIn"), Account: safe("Brightside GmbH"), Step: safe("Checks"), When: safe("2 days")},
			{ID: "new", Platform: safe("New case")},
			{ID: "connect", Platform: safe("Connect"), Account: safe("a platform for the first time")},
		},
		Actions: []Action{{Act: Aud, Label: safe("audience: on my own")}},
	}
}

func sampleBoard() Page {
	head := sampleHead()
	head.Platform, head.Account, head.Case, head.Saved = safe("New case"), safe(""), "", 1
	head.Rail[0].State, head.Rail[1].State = Here, Ahead
	return Page{
		Name:  "status",
		Kind:  Board,
		Head:  head,
		Title: safe("What does Aibrify show?"),
		Why:   safe("Open Dashboard → Settings → Connected Platforms and copy the colours here."),
		Rows: []Row{
			{Platform: platforms.Instagram, Name: safe("Instagram"), Colour: platforms.Red},
			{Platform: platforms.Facebook, Name: safe("Facebook"), Colour: platforms.Red},
			{Platform: platforms.TikTok, Name: safe("TikTok"), Colour: platforms.Green},
			{Platform: platforms.LinkedIn, Name: safe("LinkedIn"), Colour: platforms.Yellow, Fixed: true},
			{Platform: platforms.X, Name: safe("X")},
		},
		Choices: []Choice{
			{ID: "green", Label: safe("Connected"), Means: safe("no action needed")},
			{ID: "yellow", Label: safe("Warning"), Means: safe("expires soon: reconnect is recommended")},
			{ID: "red", Label: safe("Disconnected"), Means: safe("posts are not published")},
			{ID: "unlisted", Label: safe("not listed")},
		},
		Actions: []Action{{Act: Back}, {Act: Note}},
	}
}

func sampleForm() Page {
	return Page{
		Name:  "account",
		Kind:  Form,
		Head:  sampleHead(),
		Title: safe("Which account is it?"),
		Why:   safe("It is written down before the click and compared after it."),
		Fields: []Field{
			{ID: "login", Kind: Word, Label: safe("Facebook login"), Help: safe("the address that is used to log in"), Required: true},
			{ID: "posts", Kind: Number, Label: safe("Posts that wait")},
			{ID: "kind", Kind: Pick, Label: safe("Kind of account"), Required: true, Options: []Choice{
				{ID: "personal", Label: safe("personal")}, {ID: "business", Label: safe("business")}, {ID: "creator", Label: safe("creator")}}},
			{ID: "changed", Kind: PickAny, Label: safe("What changed lately?"), Options: []Choice{
				{ID: "password", Label: safe("the password")}, {ID: "role", Label: safe("a role on the Page")}}},
		},
		Actions: []Action{{Act: Why}},
		Side:    []Section{{Heading: safe("WHY"), Lines: []Fact{{Text: safe("A wrong account is the usual reason that a reconnect changes nothing.")}}}},
	}
}

func sampleWriting() Page {
	return Page{
		Name:  "error",
		Kind:  Writing,
		Head:  sampleHead(),
		Title: safe("The exact error"),
		Why:   safe("Paste it as it is, with its numbers. Tokens and codes are taken out."),
	}
}

func sampleFiles() Page {
	return Page{
		Name:  "shot",
		Kind:  Files,
		Head:  sampleHead(),
		Title: safe("A screenshot for support"),
		Why:   safe("It is copied to the case. Cover what is nobody's business first."),
	}
}

func sampleReading() Page {
	body := "Platform    Facebook, Page \"Example Bakery\"\nProblem     Reconnect ends with the error below, 3 tries, last 14:31\n\n"
	for range 12 {
		body += "The login that connected the Page lost its role there, and a new connection needs somebody who has full control of it.\n\n"
	}
	return Page{
		Name:    "message",
		Kind:    Reading,
		Head:    sampleHead(),
		Title:   safe("Message to your team"),
		Tag:     safe("complete 86 of 100"),
		Body:    safe(body),
		Ask:     safe("Is it right?"),
		Choices: []Choice{{ID: "sent", Label: safe("I sent it in Messages")}, {ID: "question", Label: safe("answer a question first")}},
		Actions: []Action{{Act: Copy}, {Act: Save}, {Act: Edit}, {Act: Shot}, {Act: Back}},
	}
}
