package session

import (
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows are the words around asking the platform, as pages of the guide
// have them: {noun} and {platform} are filled in.

// askFirst is asked before anybody asks.
var askFirst = platforms.Page{
	Why: platforms.Words{
		Agent: text.Const("I would like to look at your {noun} with an app of our own. It only reads: nothing is changed, nothing is published."),
	},
	Ask: platforms.Words{
		Own:        text.Const("How shall it be asked?"),
		Agent:      text.Const("Can you sign in to {platform} now, at an address that I send you?"),
		Onboarding: text.Const("How shall it be asked?"),
	},
}

// askHeld is asked where nobody has to sign in.
var askHeld = platforms.Words{
	Own: text.Const("How shall it be asked?"), Agent: text.Const("How shall it be asked?"), Onboarding: text.Const("How shall it be asked?"),
}

// signInHere is said while the browser of this computer is waited for.
var signInHere = platforms.Page{Why: platforms.Words{
	Own:        text.Const("Allow it in the browser. {platform} asks to allow posting, as for Aibrify; nothing is posted. This page goes on by itself."),
	Agent:      text.Const("Please sign in in the browser of this computer. {platform} asks to allow posting, as for Aibrify; nothing is posted."),
	Onboarding: text.Const("Allow it in the browser. {platform} asks to allow posting, as for Aibrify; nothing is posted. This page goes on by itself."),
}}

// signInElsewhere is said where no browser comes back to this computer.
var signInElsewhere = platforms.Page{Why: platforms.Words{
	Own:        text.Const("Open the address on the device that is signed in, and allow it. It asks to allow posting, as for Aibrify; nothing is posted. The page at its end may not load: its address is needed here."),
	Agent:      text.Const("Please open the address that I send you, and allow it. It asks to allow posting, as for Aibrify; nothing is posted. The page at its end may not load: please send me its whole address."),
	Onboarding: text.Const("Open the address on the device that is signed in, and allow it. It asks to allow posting, as for Aibrify; nothing is posted. The page at its end may not load: its address is needed here."),
}}

// askingOnly is what asking does, and what it never proves.
func askingOnly(custom bool) screens.Section {
	lines := []screens.Fact{
		{Text: text.Const("It only reads: nothing is changed, nothing is published.")},
		{Text: text.Const("An app of your own is asked with. It tells about the account, and not whether Aibrify's permission is healthy.")},
		{Text: text.Const("What it finds fills answers in. You take them, or answer yourself.")},
	}
	if custom {
		lines = append(lines, screens.Fact{Text: text.Const("Other endpoints than the platform's own are asked.")})
	}
	return screens.Section{Heading: text.Const("WHAT ASKING DOES"), Lines: lines}
}
