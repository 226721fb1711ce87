package screens

import (
	"image/color"

	"charm.land/bubbles/v2/help"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"

	"reconnect/platforms"
)

// A Theme is every style there is. Pages take styles from it and make none.
// Build one for dark and one for light and hand out the pointers.
type Theme struct {
	Plain  lipgloss.Style // what is read
	Brand  lipgloss.Style // the product's name
	Title  lipgloss.Style // the one bold line
	Muted  lipgloss.Style // everything secondary
	Accent lipgloss.Style // the cursor and what it stands on
	Key    lipgloss.Style // a key that works here
	Good   lipgloss.Style // ●
	Warn   lipgloss.Style // ▲ and warnings
	Broken lipgloss.Style // ■ and what is wrong
	Rule   lipgloss.Style // lines that part
	Notice lipgloss.Style // something happened
	Code   lipgloss.Style // the code for the phone: light on dark whatever the terminal has

	Form *huh.Styles // for forms; one pointer for all of them
	Help help.Styles // for the full help
}

// NewTheme is the theme for a dark or a light terminal.
func NewTheme(dark bool) *Theme {
	pick := lipgloss.LightDark(dark)
	ink := func(onLight, onDark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(onLight), lipgloss.Color(onDark)))
	}
	t := &Theme{
		Plain:  lipgloss.NewStyle(),
		Title:  lipgloss.NewStyle().Bold(true),
		Brand:  ink("#5A3FC0", "#A996FF"),
		Accent: ink("#5A3FC0", "#A996FF"),
		Key:    ink("#33363D", "#D5D8E0"),
		Muted:  ink("#62666F", "#8B909C"),
		Good:   ink("#0A6B31", "#3DDC84"),
		Warn:   ink("#8A5300", "#F2B84B"),
		Broken: ink("#B3202A", "#FF7A80"),
		Rule:   ink("#B9BCC4", "#4A4E58"),
		Notice: ink("#0B5C8A", "#6CC7F5"),
		Code:   lipgloss.NewStyle().Foreground(lipgloss.Color("#FFFFFF")).Background(lipgloss.Color("#000000")),
		Help:   help.DefaultStyles(dark),
	}
	t.Help.FullKey, t.Help.FullDesc, t.Help.FullSeparator = t.Key, t.Muted, t.Rule
	t.Form = t.form()
	return t
}

// form are the styles of a form, made of the theme's own.
func (t *Theme) form() *huh.Styles {
	s := huh.ThemeBase(true)
	s.FieldSeparator = lipgloss.NewStyle().SetString("\n\n")
	for _, field := range []*huh.FieldStyles{&s.Focused, &s.Blurred} {
		field.Base = lipgloss.NewStyle().PaddingLeft(2)
		field.Title, field.Description = t.Plain, t.Muted
		field.ErrorIndicator = t.Broken.SetString("")
		field.ErrorMessage = t.Broken
		field.Option, field.SelectedOption, field.UnselectedOption = t.Plain, t.Plain, t.Plain
		field.SelectSelector = t.Accent.SetString("▸ ")
		field.MultiSelectSelector = t.Accent.SetString("▸ ")
		field.SelectedPrefix = t.Good.SetString("[x] ")
		field.UnselectedPrefix = t.Muted.SetString("[ ] ")
		field.TextInput.Prompt, field.TextInput.Placeholder = t.Accent, t.Muted
		field.TextInput.Text, field.TextInput.Cursor = t.Plain, t.Accent
	}
	s.Blurred.SelectSelector = lipgloss.NewStyle().SetString("  ")
	s.Blurred.MultiSelectSelector = lipgloss.NewStyle().SetString("  ")
	s.Focused.Base = lipgloss.NewStyle().PaddingLeft(1).
		Border(lipgloss.Border{Left: "┃"}, false, false, false, true).
		BorderForeground(t.Accent.GetForeground())
	s.Focused.Title = t.Title
	return s
}

// cursor is the colour of the text cursor.
func (t *Theme) cursor() color.Color { return t.Accent.GetForeground() }

// colour is the style for a colour of the dashboard.
func (t *Theme) colour(c platforms.Colour) lipgloss.Style {
	switch c {
	case platforms.Green:
		return t.Good
	case platforms.Yellow:
		return t.Warn
	case platforms.Red:
		return t.Broken
	case platforms.Unlisted:
	}
	return t.Muted
}

// sign is the sign for a colour of the dashboard; ? stands for not looked at.
func sign(c platforms.Colour) string {
	switch c {
	case platforms.Green:
		return "●"
	case platforms.Yellow:
		return "▲"
	case platforms.Red:
		return "■"
	case platforms.Unlisted:
		return "–"
	}
	return "?"
}
