package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/draft"
	"reconnect/platforms/text"
	"reconnect/store"
)

// What follows is what people recorded with g: where the guide does not match the screen.

// gapsCommand lists the gaps of all cases, or drafts corrections of them.
func (p Program) gapsCommand(o *options) *cobra.Command {
	var diff bool
	var dir string
	c := &cobra.Command{
		Use: "gaps", Short: "List where users saw something else, or draft the corrections", Args: noArgs,
		Long: "gaps lists where users recorded that the guide does not match their screen, the most frequent first.\n" +
			"--diff prints draft corrections of the guide files. Edit them after applying: nobody verified them.",
		Example: "reconnect guide gaps\nreconnect guide gaps --diff > gaps.diff && patch -p1 < gaps.diff",
		RunE: func(c *cobra.Command, _ []string) error {
			if diff && o.json {
				return usage("--diff is no JSON. Take one of --diff and --json")
			}
			return p.tellGaps(c, *o, diff, dir)
		},
	}
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	c.Flags().BoolVar(&diff, "diff", false, "print draft corrections as a unified diff")
	c.Flags().StringVar(&dir, "dir", "", "go by the edited guide files in this folder")
	return c
}

func (p Program) tellGaps(c *cobra.Command, o options, diff bool, dir string) error {
	guides, err := guidesIn(dir)
	if err != nil {
		return err
	}
	all, unread, err := o.sightings(c.Context())
	if err != nil {
		return err
	}
	gaps, out := draft.Group(all), c.OutOrStdout()
	switch {
	case diff:
		err = printDrafts(out, c.ErrOrStderr(), guides, gaps)
	case o.json:
		err = writeJSON(out, map[string]any{"schema": schema, "gaps": gapLines(guides, gaps)})
	default:
		err = printGaps(out, gapLines(guides, gaps))
	}
	if err != nil {
		return err
	}
	return unread.err()
}

// guidesIn are the guide files in dir, or those of this program.
func guidesIn(dir string) (*draft.Guides, error) {
	if dir == "" {
		return draft.Read(platforms.Raw())
	}
	folder, err := guideFolder(dir)
	if err != nil {
		return nil, err
	}
	guides, err := draft.Read(folder)
	if err != nil {
		err = fmt.Errorf("%w. See all with: reconnect guide --check %s", err, text.Block(dir))
	}
	return guides, err
}

// leftOut are cases whose log this program cannot read.
type leftOut []error

func (l leftOut) err() error {
	if len(l) == 0 {
		return nil
	}
	return fmt.Errorf("%s left out: %w", counted(len(l), "unreadable case"), l[0])
}

// sightings are the gaps in all logs. A log that cannot be read hides no other one.
func (o options) sightings(ctx context.Context) (all []draft.Sighting, unread leftOut, err error) {
	s, err := o.settings()
	if err != nil {
		return nil, nil, err
	}
	db, err := s.readable(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	cases, err := everyCase(ctx, db, store.Query{})
	if err != nil {
		return nil, nil, err
	}
	for _, one := range cases {
		log, state, err := session.Load(ctx, db, one.ID)
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case err != nil:
			unread = append(unread, err)
		default:
			all = append(all, sightingsOf(one.ID, log, state)...)
		}
	}
	return all, unread, nil
}

// sightingsOf are the gaps in one log.
func sightingsOf(id string, log []ladder.Event, s ladder.State) []draft.Sighting {
	var all []draft.Sighting
	var stood map[int]ladder.State
	for _, e := range s.Gaps {
		page := e.Data.Page
		if page == "" { // older programs did not record it
			if stood == nil {
				stood = message.Before(log)
			}
			page = pageAt(stood[e.Seq])
		}
		if name, ok := guideNames[page]; ok {
			page = name
		}
		all = append(all, draft.Sighting{Platform: platforms.ID(safeName(string(s.Platform))), Page: safeName(page),
			Item: safeName(e.Data.Item), Text: e.Data.Text, Case: safeName(id), At: e.At.UTC()})
	}
	return all
}

// safeName is a name from a log, made safe.
func safeName(name string) string { return text.Line(name).String() }

// guideNames are the guide's names of pages that the screen calls otherwise.
var guideNames = map[string]string{string(ladder.AtFreshAccount): "account", "board": "status", "message": "support"}

// pageAt is the page of a case that stands like s.
func pageAt(s ladder.State) string {
	switch s.Place {
	case ladder.AtChecks:
		return "check." + s.Pending()
	case ladder.AtMend:
		return "mend." + s.Failing()
	default:
		return string(s.Place)
	}
}

// A gapLine is a gap beside what the guide says now. Words is empty where the
// guide has no such instruction.
type gapLine struct {
	draft.Gap
	Words text.Safe `json:"words"`
	File  string    `json:"file,omitempty"`
	Line  int       `json:"line,omitempty"`
}

func gapLines(guides *draft.Guides, gaps []draft.Gap) []gapLine {
	lines := []gapLine{}
	for _, g := range gaps {
		l := gapLine{Gap: g}
		if place, ok := guides.Find(g); ok {
			l.Words, l.File, l.Line = place.Words, place.File, place.Line
			if svc, err := platforms.Get(string(g.Platform)); err == nil {
				l.Words = l.Words.Fill(svc.Guide().Vars())
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// noGap is said where nobody recorded one.
const noGap = "No gap is recorded."

func printGaps(out io.Writer, lines []gapLine) error {
	blocks := []string{noGap}
	if len(lines) > 0 {
		blocks = nil
	}
	for _, l := range lines {
		blocks = append(blocks, l.String())
	}
	_, err := fmt.Fprintln(out, strings.Join(blocks, "\n\n"))
	return err
}

// String is the gap as the list shows it.
func (l gapLine) String() string {
	type row struct{ name, text string }
	rows := []row{
		{"The guide says", l.Words.String()},
		{"It stands in", fmt.Sprintf("%s, line %d", l.File, l.Line)},
		{"Reported", fmt.Sprintf("%s in %s: %s", counted(l.Count, "time"), counted(len(l.Cases), "case"), strings.Join(l.Cases, ", "))},
		{"When", when(l.First, l.Last)},
	}
	if l.File == "" {
		rows = slices.Replace(rows, 0, 2, row{"No draft", l.Missing().String()})
	}
	for i, s := range l.Seen {
		name := ""
		if i == 0 {
			name = "Seen instead"
		}
		rows = append(rows, row{name, fmt.Sprintf("%d × %s", s.Count, text.Line(s.Text.String()))})
	}
	said := gapTitle(l.Gap, l.File != "")
	for _, r := range rows {
		said += fmt.Sprintf("\n  %-16s%s", r.name, r.text)
	}
	return said
}

// when is a span of time.
func when(first, last time.Time) string {
	if from, to := localTime(first), localTime(last); from != to {
		return from + " to " + to
	}
	return localTime(last)
}

// gapTitle names platform, page and instruction, as far as the guide has it.
func gapTitle(g draft.Gap, known bool) string {
	name := string(g.Platform)
	if svc, err := platforms.Get(name); err == nil {
		name = svc.Name.String()
	}
	item := g.Item
	if !known && item == platforms.WholePage {
		item = "the whole page"
	}
	return fmt.Sprintf("%s, %s, %s", name, g.Page, item)
}

// printDrafts writes the diff on out, and on errs what it leaves out.
func printDrafts(out, errs io.Writer, guides *draft.Guides, gaps []draft.Gap) error {
	if len(gaps) == 0 {
		_, err := fmt.Fprintln(errs, noGap)
		return err
	}
	files, left := guides.Correct(gaps)
	for _, f := range files {
		if _, err := io.WriteString(out, f.Diff()); err != nil {
			return err
		}
	}
	for _, l := range left {
		_, known := guides.Find(l.Gap)
		if _, err := fmt.Fprintf(errs, "No draft for %s: %s.\n", gapTitle(l.Gap, known), l.Why); err != nil {
			return err
		}
	}
	return nil
}
