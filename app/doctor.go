package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
)

// A finding is one line of the doctor: what was looked at and what was found.
// It holds nothing that must not stand in a bug report.
type finding struct {
	Part    string    `json:"part"`    // program, terminal, settings, folder, database, and those of aboutLive
	Outcome string    `json:"outcome"` // fine, attention, broken
	Found   text.Safe `json:"found"`
	Do      text.Safe `json:"do,omitzero"`
}

// doctorCommand looks at everything the program stands on.
func (p Program) doctorCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use: "doctor", Short: "Check terminal, settings, database, secrets, browser and network", Args: noArgs,
		Long: "Check terminal, settings, folder and database, and what asking the\n" +
			"platforms stands on: the place for secrets, the browser, the apps that\n" +
			"are set up and their addresses, and the feed, which is read.\n" +
			"Without an app no platform is asked. Nobody is asked for a passphrase.\n" +
			"The report is safe to paste into a bug report: it names no account, no\n" +
			"case and no person.",
		RunE: func(c *cobra.Command, _ []string) error { return p.doctor(c, *o) },
	}
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return c
}

func (p Program) doctor(c *cobra.Command, o options) error {
	findings := []finding{p.aboutProgram(), p.aboutTerminal()}
	s, err := o.settings()
	findings = append(findings, aboutSettings(s, err))
	findings = append(findings, aboutData(c.Context(), s)...) // also where the settings are wrong: most of it needs none
	findings = append(findings, aboutLive(c.Context(), s)...)
	hidden := o.hider(s)
	for i := range findings {
		findings[i].Found, findings[i].Do = hidden.hide(findings[i].Found), hidden.hide(findings[i].Do)
	}
	if o.json {
		if err := writeJSON(c.OutOrStdout(), map[string]any{"schema": schema, "findings": findings}); err != nil {
			return err
		}
	} else if err := printFindings(c.OutOrStdout(), p.columns(), findings); err != nil {
		return err
	}
	for _, f := range findings {
		if f.Outcome == "broken" {
			return fmt.Errorf("not everything is fine. See the part called %s, marked ■", f.Part)
		}
	}
	return nil
}

// A hider takes out of a report what names a person: folders and who is logged in.
type hider struct {
	paths *strings.Replacer
	user  *regexp.Regexp // nil if the name is unknown, or too short to be one
}

func (o options) hider(s settings) hider {
	home, _ := os.UserHomeDir() // without one there is nothing to hide
	var pairs []string
	for _, p := range []struct{ path, name string }{
		{s.data, "(data folder)"}, {o.data, "(data folder)"}, {s.file, "(settings file)"}, {o.config, "(settings file)"},
		{s.live.feed.File, "(feed file)"}, {home, "~"},
	} {
		if full, err := filepath.Abs(p.path); p.path != "" && err == nil && full != "/" {
			pairs = append(pairs, full, p.name)
			if len(p.path) > 2 && p.path != full {
				pairs = append(pairs, p.path, p.name) // an error names it as it was given
			}
		}
	}
	if host := live.Host(s.live.feed.URL); host != "" {
		pairs = append(pairs, host, "(feed address)")
	}
	h := hider{paths: strings.NewReplacer(pairs...)}
	if user := first(os.Getenv("USER"), os.Getenv("USERNAME"), os.Getenv("LOGNAME"), currentUser()); len(user) > 2 {
		h.user = regexp.MustCompile(`\b` + regexp.QuoteMeta(user) + `\b`)
	}
	return h
}

func (h hider) hide(s text.Safe) text.Safe {
	said := h.paths.Replace(s.String())
	if h.user != nil {
		said = h.user.ReplaceAllString(said, "(user)")
	}
	return text.Line(said)
}

// columns is how wide the terminal is, 0 where there is none.
func (p Program) columns() int {
	width, _, err := term.GetSize(int(p.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// printFindings prints a line each, folded below its first word where a terminal is
// narrower.
func printFindings(to io.Writer, width int, findings []finding) error {
	const column = "            "
	signs := map[string]string{"fine": "●", "attention": "▲", "broken": "■"}
	for _, f := range findings {
		said := strings.TrimPrefix(foldLine(column+f.Found.String(), width), column)
		line := fmt.Sprintf("%s %-9s %s", signs[f.Outcome], f.Part, said)
		if !f.Do.Empty() {
			line += "\n" + foldLine(column+f.Do.String(), width)
		}
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}

func (p Program) aboutProgram() finding {
	return finding{Part: "program", Outcome: "fine",
		Found: text.Line(fmt.Sprintf("reconnect %s, %s, %s/%s", p.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH))}
}

func (p Program) aboutTerminal() finding {
	f := finding{Part: "terminal", Outcome: "fine"}
	width, height, err := term.GetSize(int(p.Stdout.Fd()))
	profile := colorprofile.Detect(p.Stdout, os.Environ())
	switch {
	case err != nil || !p.fullScreen():
		f.Outcome, f.Found = "attention", text.Const("no terminal for the full screen: the plain face is used")
		f.Do = text.Const("Run reconnect in a terminal window for the full screen.")
	case width < 60 || height < 20:
		f.Outcome, f.Found = "attention", text.Line(fmt.Sprintf("%d×%d is small", width, height))
		f.Do = text.Const("Make the window at least 60 columns and 20 lines; 80×24 shows every page whole.")
	default:
		f.Found = text.Line(fmt.Sprintf("%d×%d, TERM=%s, colours: %s", width, height, os.Getenv("TERM"), profile))
	}
	return f
}

func aboutSettings(s settings, err error) finding {
	f := finding{Part: "settings", Outcome: "fine"}
	switch {
	case err != nil:
		f.Outcome, f.Found = "broken", text.Line(err.Error())
		f.Do = text.Const("No other command starts until that is mended. The lines below rest on what could be read.")
	case s.file == "":
		f.Found = text.Const("no settings file: defaults are used")
	default:
		f.Found = text.Const("config.toml is fine")
	}
	return f
}

func aboutData(ctx context.Context, s settings) []finding {
	db, err := s.readable(ctx)
	if err != nil {
		var e *store.Error
		f := finding{Part: "database", Outcome: "broken", Found: text.Line(err.Error())}
		if errors.As(err, &e) {
			f.Found, f.Do = text.Line(e.What+": "+e.Why), text.Line(e.Do)
		}
		return []finding{f}
	}
	defer db.Close() //nolint:errcheck // only read
	info, err := db.Info(ctx)
	if err != nil {
		return []finding{{Part: "database", Outcome: "broken", Found: text.Line(err.Error())}}
	}
	return []finding{aboutFolder(info), aboutDatabase(info)}
}

func aboutFolder(i store.Info) finding {
	f := finding{Part: "folder", Outcome: "fine", Found: text.Line(fmt.Sprintf("writable, %s free", size(i.Free)))}
	switch {
	case i.ReadOnly:
		f.Outcome, f.Found, f.Do = "broken", text.Const("cannot be written"), text.Const("Check its permissions, or name another with --data.")
	case i.Network:
		f.Outcome, f.Found = "attention", text.Const("on a network file system: slower, and one computer at a time")
		f.Do = text.Const("A folder on this computer's own disk is safer: --data.")
	case i.Free >= 0 && i.Free < 50<<20:
		f.Outcome, f.Do = "attention", text.Const("Free some space, so that no answer is refused.")
	}
	return f
}

func aboutDatabase(i store.Info) finding {
	f := finding{Part: "database", Outcome: "fine", Found: text.Line(fmt.Sprintf("%s, journal %s, synchronous %s, schema %d of %d, SQLite %s, %s, %s, check %s",
		size(i.Size), i.Journal, i.Synchronous, i.Schema, i.Known, i.SQLite, counted(i.Cases, "case"), counted(i.Events, "event"), i.Check))}
	if !strings.EqualFold(i.Check, "ok") {
		f.Outcome, f.Do = "broken", text.Const("Copy the folder away first, then ask for help with the copy. Nothing was changed.")
	}
	return f
}

// size is n bytes in the unit that keeps the number small.
func size(n int64) string {
	if n < 0 {
		return "unknown space"
	}
	amount, unit := float64(n)/(1<<20), "MB"
	for _, larger := range []string{"GB", "TB"} {
		if amount >= 1023.5 {
			amount, unit = amount/1024, larger
		}
	}
	if amount < 9.95 {
		return fmt.Sprintf("%.1f %s", amount, unit)
	}
	return fmt.Sprintf("%.0f %s", amount, unit)
}

// counted is n things, in words.
func counted[N int | int64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
