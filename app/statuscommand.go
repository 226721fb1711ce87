package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/app/status"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// statusTime is how long status takes at the most, unless --timeout says otherwise.
const statusTime = 60 * time.Second

// A statusQuery is what status was asked for.
type statusQuery struct {
	platform platforms.ID // empty: all
	json     bool
	changes  bool // only what changed since the last run with it
	ics      string
	offline  bool // ask nobody
	paid     bool // also where it costs money
	timeout  time.Duration
}

// toStdout is the name of the calendar that goes where the rows would.
const toStdout = "-"

// statusCommand says how every connection stands.
func (p Program) statusCommand(o *options) *cobra.Command {
	var q statusQuery
	c := &cobra.Command{
		Use: "status [PLATFORM]", Short: "Show how every connection stands, and when it ends",
		Long: "status says of every connection its colour, what that rests on, when it\n" +
			"ends, and what to do. It reads what Aibrify shows, asks the platforms\n" +
			"with the grants that reconnect login got, and reads the cases.\n" +
			"Connected, Warning and Disconnected are what Aibrify shows; Connected with\n" +
			"a word behind it is shown as Connected, and more is known. Account ready,\n" +
			"needs a look and account not ready are what your own app finds.\n" +
			"It asks nobody for a passphrase, so it can run by itself.\n" +
			"Exit codes: 0 all is fine (green), 3 something needs attention (yellow),\n" +
			"4 something is broken (red), 5 something could not be checked, or no\n" +
			"connection is known here.",
		Example:   "reconnect status\nreconnect status instagram --json\nreconnect status --changes\nreconnect status --ics=ends.ics",
		ValidArgs: platformNames(),
		Args:      onePlatform,
		RunE: func(c *cobra.Command, args []string) error {
			q.platform, q.json = platforms.ID(strings.Join(args, "")), o.json
			return p.status(c, *o, q)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&q.changes, "changes", false, "print only what changed since the last run with --changes")
	f.StringVar(&q.ics, "ics", "", "print the ends as a calendar, or write a file: --ics=FILE")
	f.Lookup("ics").NoOptDefVal = toStdout
	f.BoolVar(&q.offline, "offline", false, "ask nobody; tell what was known")
	f.BoolVar(&q.paid, "paid", false, "make calls that cost money, too")
	f.DurationVar(&q.timeout, "timeout", statusTime, "how long all of it may take")
	return c
}

// onePlatform takes the name of a platform, or none.
func onePlatform(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("%s takes one platform, or none for all", c.CommandPath())
	}
	if len(args) == 0 {
		return nil
	}
	_, err := platform(args[0])
	if c.Flags().Changed("ics") && strings.HasSuffix(args[0], ".ics") {
		return usage("a calendar is written with its name after an equals sign: --ics=%s", text.Line(args[0]))
	}
	return err
}

// wrong tells what does not go together.
func (q statusQuery) wrong() error {
	switch {
	case q.timeout <= 0:
		return usage("--timeout has to be longer than nothing, such as 60s")
	case q.offline && q.paid:
		return usage("--offline asks nobody, and --paid asks for money. Take one of them")
	case q.ics == toStdout && (q.json || q.changes):
		return usage("--ics prints a calendar and nothing else. Write it to a file beside the rest: --ics=FILE")
	}
	return nil
}

func (p Program) status(c *cobra.Command, o options, q statusQuery) error {
	if err := q.wrong(); err != nil {
		return err
	}
	s, err := o.settings()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(c.Context(), ends()...)
	defer stop()
	db, err := s.readable(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // what was to be kept is durable
	asks := connections(s, db, nil)
	defer asks.Close()
	return statusOf(ctx, statusRun{query: q, now: time.Now, db: db, asks: asks, feed: feedSource(s, asks),
		note: s.customNote(), apps: slices.Sorted(maps.Keys(s.live.apps)), brief: s.live.secrets == secrets.Memory,
		out: p.statusOut(c, q)})
}

// statusOut is where the report goes: folded for a person at a terminal, as it is for
// another program.
func (p Program) statusOut(c *cobra.Command, q statusQuery) io.Writer {
	if q.json || q.ics == toStdout {
		return c.OutOrStdout()
	}
	return p.folded(c)
}

// A statusRun is what one run of status works with.
type statusRun struct {
	query statusQuery
	now   func() time.Time
	db    *store.DB
	asks  *connection.Connections
	feed  feed.Source
	note  text.Safe // about other endpoints; empty: the platforms' own
	apps  []string  // the services that an app is set up for
	brief bool      // what they grant ends with the program
	out   io.Writer
}

// statusOf gathers what is known and tells it. Its error may be an [exitWith].
func statusOf(ctx context.Context, r statusRun) error {
	known, notes, err := gather(ctx, r)
	if err != nil {
		return err
	}
	if !r.query.offline && ctx.Err() == nil {
		var looked []text.Safe
		if known, looked, err = r.lookAgain(ctx, known); err != nil {
			return err
		}
		notes = append(looked, notes...)
	}
	if ctx.Err() != nil {
		return &endedError{ctx.Err()}
	}
	rows := slices.DeleteFunc(status.Rows(known), func(row status.Row) bool {
		return r.query.platform != "" && row.Platform != "" && row.Platform != r.query.platform
	})
	told := statusReport{rows: rows, notes: notes, at: known.Now}
	if err := r.calendar(told); err != nil {
		return err
	}
	switch {
	case r.query.ics == toStdout:
	case r.query.changes:
		err = r.tellChanges(ctx, told)
	default:
		err = r.tell(told)
	}
	if err != nil {
		return err
	}
	return told.ends()
}

// An endedError says that somebody ended the asking.
type endedError struct{ error }

func (e *endedError) Error() string {
	return "told to end before everything was asked. Run it again; nothing was changed"
}

func (e *endedError) Unwrap() error { return e.error }

// A statusReport is what one run of status found.
type statusReport struct {
	rows    []status.Row
	changes []text.Safe
	notes   []text.Safe
	at      time.Time
}

// ends is how the run ends: with the code of the worst colour.
func (r statusReport) ends() error {
	codes := map[platforms.Colour]int{platforms.Yellow: ExitAttention, platforms.Red: ExitBroken, status.Unknown: ExitUnchecked}
	if code, bad := codes[status.Worst(r.rows)]; bad {
		return exitWith(code)
	}
	return nil
}

// tell prints the rows.
func (r statusRun) tell(told statusReport) error {
	if r.query.json {
		return writeJSON(r.out, r.document(told))
	}
	body := status.Fold(nothingKnown, "")
	if len(told.rows) > 0 {
		body = status.Text(told.rows, told.at)
	}
	var notes []text.Safe
	for _, note := range append(told.notes, r.howToLook(), told.proposal(), told.notProven(), r.custom(told.rows)) {
		if !note.Empty() {
			notes = append(notes, status.Fold(note, ""))
		}
	}
	_, err := fmt.Fprintln(r.out, text.Join("\n\n", body, text.Join("\n", notes...)))
	return err
}

// nothingKnown is the page without a row. Its exit code is that of what could not be
// checked: a job that watches the wrong folder is not to go on saying that all is fine.
var nothingKnown = text.Const("No connection is known here: no case, no grant, nothing that Aibrify shows. So nothing could be checked.")

// proposal says whose the 14 days are, if a row rests on them.
func (r statusReport) proposal() text.Safe {
	if !slices.ContainsFunc(r.rows, func(row status.Row) bool { return row.Proposal }) {
		return text.Safe{}
	}
	return text.Format("The warning %s days before an end is our own proposal, no rule of Aibrify or of a platform.", text.Int(live.SoonDays))
}

// notProven is what every report with a probe in it says.
var notProven = text.Const("What an app finds is about the account. It does not prove that Aibrify's own permission is healthy.")

func (r statusReport) notProven() text.Safe {
	if !slices.ContainsFunc(r.rows, status.Row.Probed) {
		return text.Safe{}
	}
	return notProven
}

// custom says that other endpoints were asked than the platforms' own, if a row rests
// on that, also if the settings no longer have them.
func (r statusRun) custom(rows []status.Row) text.Safe {
	if !isCustom(rows) {
		return text.Safe{}
	}
	return r.note.Or(text.Const("Other endpoints than the platforms' own were asked."))
}

func isCustom(rows []status.Row) bool {
	return slices.ContainsFunc(rows, func(row status.Row) bool { return row.Custom })
}

// howToLook says how it could look by itself, if nothing is set up for that and it
// was to look.
func (r statusRun) howToLook() text.Safe {
	if len(r.apps) > 0 || r.feed.Set() || r.query.offline {
		return text.Safe{}
	}
	return text.Const("It cannot look by itself yet. Name what Aibrify shows under [feed] in config.toml, or an app of your own under [apps.NAME], and sign in with: reconnect login NAME.")
}

// document is what --json prints.
func (r statusRun) document(told statusReport) map[string]any {
	d := map[string]any{"schema": schema, "at": told.at.UTC(), "custom": isCustom(told.rows), "rows": told.rows, "worst": status.Worst(told.rows)}
	if r.query.changes {
		d["changes"] = told.changes
	}
	if len(told.notes) > 0 {
		d["notes"] = told.notes
	}
	return d
}

// lastRun is the name of the record of what was told last, by platform.
func (r statusRun) lastRun() string {
	if r.query.platform == "" {
		return "status/last"
	}
	return "status/last/" + string(r.query.platform)
}

// tellChanges prints what changed since it was told last. It is remembered once it is printed: told twice is better than never.
func (r statusRun) tellChanges(ctx context.Context, told statusReport) error {
	var before []status.Row
	if _, err := r.recall(ctx, r.lastRun(), &before); err != nil {
		return err
	}
	told.changes = status.Changes(before, told.rows)
	if err := r.tellChanged(told); err != nil {
		return err
	}
	return r.remember(ctx, r.lastRun(), told.rows)
}

// tellChanged prints the changes. That there is none is an answer to a program, and
// nothing to tell a person.
func (r statusRun) tellChanged(told statusReport) error {
	switch {
	case r.query.json:
		return writeJSON(r.out, r.document(told))
	case len(told.changes) == 0:
		return nil
	}
	for _, change := range append(told.changes, r.custom(told.rows)) {
		for _, line := range change.Lines() {
			if line.Empty() {
				continue
			}
			if _, err := fmt.Fprintln(r.out, status.Fold(line, "")); err != nil {
				return err
			}
		}
	}
	return nil
}

// remember keeps v under a name. In a store that is only read nothing is kept.
func (r statusRun) remember(ctx context.Context, name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	err = r.db.PutRecord(context.WithoutCancel(ctx), store.Record{Name: name, Data: raw, At: r.now()})
	if errors.Is(err, store.ErrReadOnly) {
		return nil
	}
	return err
}

// recall reads into v what was kept under a name, and tells whether there was
// anything. What another version kept in another form counts as nothing.
func (r statusRun) recall(ctx context.Context, name string, v any) (bool, error) {
	records, err := r.db.Records(context.WithoutCancel(ctx), name) // at the end of the time, too: it is what is left
	if err != nil {
		return false, err
	}
	for _, one := range records {
		if one.Name == name {
			return json.Unmarshal(one.Data, v) == nil, nil
		}
	}
	return false, nil
}

// calendar prints the ends as a calendar, or writes it to a file, if that was asked for.
func (r statusRun) calendar(told statusReport) error {
	if r.query.ics == "" {
		return nil
	}
	content := status.Calendar(told.rows, told.at)
	if r.query.ics == toStdout {
		_, err := io.WriteString(r.out, content)
		return err
	}
	if err := writeWhole(r.query.ics, content); err != nil {
		return fmt.Errorf("the calendar was not written to %s: %w. Check the folder, and name another file with --ics=FILE", text.Line(r.query.ics), bare(err))
	}
	return nil
}

// bare is an error of a file without its path.
func bare(err error) error {
	var link *os.LinkError
	var path *os.PathError
	switch {
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &path):
		return path.Err
	}
	return err
}

// writeWhole writes a file for this user alone: whoever reads it finds the old
// content or the new one.
func writeWhole(name, content string) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".reconnect-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
