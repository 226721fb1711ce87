package screens

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"

	"reconnect/platforms/text"
)

// Keys are the keys of a page. A kind takes those it has; an act that does not
// apply to the page is not among them: it neither matches nor shows in the help.
type Keys struct {
	Up, Down, Enter, Tick, Pick          key.Binding
	Colour, Alert, Search                key.Binding
	PageUp, PageDown, First, Last        key.Binding
	Take, Esc, Drop, Next, Folder, Other key.Binding // of text fields and files
	Quit                                 key.Binding // ctrl+c works even while letters are text

	Acts []ActKey // in the order of the bottom line
}

// An ActKey is the key of an act and the words for it here.
type ActKey struct {
	Act  Act
	Off  text.Safe // why it cannot be done now; empty if it can
	Long string    // the words for it in the whole help
	Bind key.Binding
}

// actKeys declares the key of every act, once.
func actKeys() []ActKey {
	bind := func(act Act, short, long string, keys ...string) ActKey {
		return ActKey{Act: act, Long: long, Bind: key.NewBinding(key.WithKeys(keys...), key.WithHelp(keys[0], short))}
	}
	return []ActKey{
		bind(Back, "back", "take the last answer back", "b"),
		bind(Tried, "tried", "I have already tried this", "t"),
		bind(Error, "error", "note the exact error", "e"),
		bind(Note, "note", "write a note", "n"),
		bind(OpenURL, "open", "open the link in the browser", "o"),
		bind(Copy, "copy", "copy the link, or the message", "c"),
		bind(Phone, "phone", "show a code for the phone", "Q"),
		bind(Verify, "verify", "verify live with the platform", "v"),
		bind(Why, "why", "the facts, the rule, the source", "w"),
		bind(Gap, "differs", "the guide does not match my screen", "g"),
		bind(Anyway, "anyway", "take the ladder as written", "!"),
		bind(More, "more", "message, timeline, wait, other steps, close", "m"),
		bind(Edit, "own words", "put own words above the message", "i"),
		bind(Shot, "screenshot", "add a screenshot", "p"),
		bind(Save, "save", "save the message as a file", "s"),
		bind(Aud, "audience", "for whom the texts are worded", "a"),
		bind(Help, "help", "all keys of this page", "?", "f1"),
		bind(Leave, "leave", "leave: the case is saved", "q"),
	}
}

// newKeys are all keys with their help; the kinds switch off what they do not have.
func newKeys(p Page) Keys {
	bind := func(shown, help string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, help))
	}
	return Keys{
		Up:       bind("", "", "up", "k", "left"), // told together with Down
		Down:     bind("↑↓", "move", "down", "j", "right"),
		Tick:     bind("space", "tick", "space"),
		Enter:    bind("enter", "answer", "enter"),
		Pick:     bind("1–9", "pick", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Colour:   bind("1–4", "● ▲ ■ –", "1", "2", "3", "4"),
		Alert:    bind("x", "banner", "x"),
		Search:   bind("/", "search", "/"),
		PageUp:   bind("pgup", "page up", "pgup"),
		PageDown: bind("pgdn", "page down", "pgdown", "space"),
		First:    bind("home", "first", "home"),
		Last:     bind("end", "last", "end"),
		Take:     bind("ctrl+s", "take it", "ctrl+s"),
		Esc:      bind("esc", "leave it", "esc"),
		Drop:     bind("ctrl+x", "drop what was pasted", "ctrl+x"),
		Next:     bind("tab", "next", "tab"),
		Folder:   bind("backspace", "folder above", "backspace"),
		Other:    bind("tab", "list or path", "tab"),
		Quit:     bind("ctrl+c", "leave", "ctrl+c"),
		Acts:     pageActs(p),
	}
}

// pageActs are the acts of p with their keys, each once.
func pageActs(p Page) []ActKey {
	declared := map[Act]ActKey{}
	for _, k := range actKeys() {
		declared[k.Act] = k
	}
	var acts []ActKey
	for _, a := range actions(p) {
		k, ok := declared[a.Act]
		if !ok {
			continue
		}
		delete(declared, a.Act)
		k.Off = a.Off
		if a.Act == Back && p.Over {
			k.Long = "leave this page"
			k.Bind.SetKeys("b", "esc")
		}
		if !a.Label.Empty() {
			k.Long = a.Label.String()
			k.Bind.SetHelp(k.Bind.Help().Key, k.Long)
		}
		acts = append(acts, k)
	}
	return acts
}

// actions are the actions of p, then what its links and its second pane make
// possible, then help and leave, which always work.
func actions(p Page) []Action {
	last := []Action{{Act: Help}, {Act: Leave}}
	var all []Action
	for _, a := range p.Actions {
		switch a.Act {
		case Help:
			last[0] = a
		case Leave:
			last[1] = a
		default:
			all = append(all, a)
		}
	}
	if len(p.Links) > 0 {
		all = append(all, Action{Act: OpenURL}, Action{Act: Copy}, Action{Act: Phone})
	}
	if len(p.Side) > 0 && p.Kind != Reading {
		all = append(all, Action{Act: Why})
	}
	if p.Kind == Form || p.Kind == Writing || p.Kind == Files {
		all = append(all, Action{Act: Back}) // a field can always be left
	}
	return append(all, last...)
}

// pickHelp is Pick with help for n choices, off if there is none.
func (k Keys) pickHelp(n int) key.Binding {
	b := k.Pick
	b.SetEnabled(n > 0)
	switch {
	case n == 1:
		b.SetHelp("1", "pick")
	case n < 9:
		b.SetHelp("1–"+strconv.Itoa(n), "pick")
	}
	return b
}

// act is the act whose key was pressed.
func (k Keys) act(press keyPress) (ActKey, bool) {
	for _, a := range k.Acts {
		if key.Matches(press, a.Bind) {
			return a, true
		}
	}
	return ActKey{}, false
}

// shown are the bindings of the acts that can be done now.
func (k Keys) shown() []key.Binding {
	var out []key.Binding
	for _, a := range k.Acts {
		if a.Off.Empty() {
			out = append(out, a.Bind)
		}
	}
	return out
}

// short is the bottom line: what is particular to the kind, then the acts.
func (k Keys) short(own ...key.Binding) []key.Binding { return append(own, k.shown()...) }

// behind is the bottom line with what the page itself names behind the acts, so that
// it goes first where not all fits.
func (k Keys) behind(more []key.Binding, own ...key.Binding) []key.Binding {
	line := k.short(own...)
	return slices.Insert(line, len(line)-2, more...) // help and leave stay last
}

// full is the whole help in two columns.
func (k Keys) full(own ...key.Binding) [][]key.Binding {
	var acts []key.Binding
	for _, a := range k.Acts {
		if a.Off.Empty() {
			acts = append(acts, named(a.Bind, a.shown(), a.Long))
		}
	}
	return [][]key.Binding{append(own, k.Quit), acts}
}

// shown are the keys of a in the whole help.
func (a ActKey) shown() string {
	if a.Act == Back && slices.Contains(a.Bind.Keys(), "esc") {
		return a.Bind.Help().Key + " esc"
	}
	return a.Bind.Help().Key
}

// named is b with other words for it.
func named(b key.Binding, shown, help string) key.Binding {
	b.SetHelp(shown, help)
	return b
}

// typingHelp are help and leave by the keys that work while letters are text.
func (k Keys) typingHelp() []key.Binding {
	return []key.Binding{key.NewBinding(key.WithKeys("f1"), key.WithHelp("f1", "help")), k.Quit}
}
