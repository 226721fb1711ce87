package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"reconnect/app/connection"
	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/app/message"
	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
	"reconnect/store"
)

// schema is the number of the shape of --json.
const schema = 1

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// A caseLine is a case as --json lists it.
type caseLine struct {
	ID       string     `json:"id"`
	Platform string     `json:"platform"`
	Account  text.Safe  `json:"account"`
	Customer text.Safe  `json:"customer,omitzero"`
	Step     text.Safe  `json:"step"`
	Open     bool       `json:"open"`
	Due      *time.Time `json:"due,omitempty"`
	Opened   time.Time  `json:"opened"`
	Updated  time.Time  `json:"updated"`
	Events   int        `json:"events"`
}

func lineOf(s store.Summary) caseLine {
	l := caseLine{ID: s.ID, Platform: s.Platform, Account: text.Line(s.Account), Customer: text.Line(s.Customer),
		Step: text.Line(s.Step), Open: s.Open, Opened: s.Opened, Updated: s.Updated, Events: s.Seq}
	if !s.Due.IsZero() {
		l.Due = &s.Due
	}
	return l
}

// casesCommand lists cases and shows one.
func (p Program) casesCommand(o *options) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "cases", Short: "List cases, or show one", Args: noArgs,
		Example: "reconnect cases\nreconnect cases --all --json\nreconnect cases show 7QK2",
		RunE:    func(c *cobra.Command, _ []string) error { return p.listCases(c, *o, all) },
	}
	c.Flags().BoolVar(&all, "all", false, "ended cases, too")
	c.PersistentFlags().BoolVar(&o.json, "json", false, "print JSON")
	list := &cobra.Command{Use: "list", Short: "List cases", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.listCases(c, *o, all) }}
	list.Flags().BoolVar(&all, "all", false, "ended cases, too")
	show := &cobra.Command{Use: "show ID", Short: "Show a case with all its events", Args: exactArg("the id of one case"),
		RunE: func(c *cobra.Command, args []string) error { return p.showCase(c, *o, args[0]) }}
	c.AddCommand(list, show)
	return c
}

func (p Program) listCases(c *cobra.Command, o options, all bool) error {
	s, err := o.settings()
	if err != nil {
		return err
	}
	db, err := s.readable(c.Context())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	found, err := everyCase(c.Context(), db, store.Query{Open: !all})
	if err != nil {
		return err
	}
	lines := []caseLine{}
	for _, one := range found {
		lines = append(lines, lineOf(one))
	}
	if o.json {
		return writeJSON(c.OutOrStdout(), map[string]any{"schema": schema, "cases": lines})
	}
	return printCases(c.OutOrStdout(), lines, time.Now())
}

// everyCase is all that q asks for, read page by page.
func everyCase(ctx context.Context, db *store.DB, q store.Query) ([]store.Summary, error) {
	var all []store.Summary
	q.Limit = 500
	for {
		page, err := db.Cases(ctx, q)
		if all = append(all, page...); err != nil || len(page) < q.Limit {
			return all, err
		}
		q.Before = page[len(page)-1].Mark
	}
}

func printCases(out io.Writer, lines []caseLine, now time.Time) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(out, "No case is open. Start one with: reconnect")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CASE\tPLATFORM\tACCOUNT\tSTEP\tLAST\tDUE") //nolint:errcheck // Flush tells
	for _, l := range lines {
		due := ""
		switch {
		case l.Due == nil:
		case l.Open && !now.Before(*l.Due):
			due = "due now"
		default:
			due = localTime(*l.Due)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, l.Platform, //nolint:errcheck // Flush tells
			text.Join(" · ", l.Account, l.Customer), l.Step, localTime(l.Updated), due)
	}
	return w.Flush()
}

// localTime is t where the terminal is, with its offset: a report may be read elsewhere.
func localTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04 -07:00") }

// A diagnosed is a diagnosis with the advice that follows where the case stands;
// none if the ladder's own step is right.
type diagnosed struct {
	diagnosis.Diagnosis
	Advice *diagnosis.Advice `json:"advice"`
}

// An evidence is a fact with the causes that it speaks for and against.
type evidence struct {
	diagnosis.Fact
	For     []platforms.Cause `json:"for,omitempty"`
	Against []platforms.Cause `json:"against,omitempty"`
}

// evidenceOf is each fact of d once, in the order of its events.
func evidenceOf(d diagnosis.Diagnosis) []evidence {
	all := []evidence{}
	at := func(f diagnosis.Fact) *evidence {
		i := slices.IndexFunc(all, func(e evidence) bool { return e.Seq == f.Seq && e.Rule == f.Rule })
		if i < 0 {
			i, all = len(all), append(all, evidence{Fact: f})
		}
		return &all[i]
	}
	for _, p := range d.Suspects {
		for _, f := range p.For {
			e := at(f)
			e.For = append(e.For, p.Cause)
		}
		for _, f := range p.Against {
			e := at(f)
			e.Against = append(e.Against, p.Cause)
		}
	}
	slices.SortStableFunc(all, func(a, b evidence) int { return cmp.Or(a.Seq-b.Seq, strings.Compare(a.Rule, b.Rule)) })
	return all
}

// showCase prints a case, what its facts say, and its events.
func (p Program) showCase(c *cobra.Command, o options, id string) error {
	loaded, err := o.load(c, id)
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(c.OutOrStdout(), loaded.document(time.Now()))
	}
	if err := printCases(c.OutOrStdout(), []caseLine{lineOf(loaded.sum)}, time.Now()); err != nil {
		return err
	}
	for _, part := range []text.Safe{loaded.weighed(time.Now()), session.Timeline(loaded.log, loaded.state, time.Time{}.Local())} { // every time with its day
		if _, err := fmt.Fprintf(c.OutOrStdout(), "\n%s\n", part); err != nil {
			return err
		}
	}
	return nil
}

// document is l as JSON shows it.
func (l loadedCase) document(now time.Time) map[string]any {
	d, advice, complete := session.Weighed(l.state, l.log, l.kin, l.sibling, now)
	said := diagnosed{Diagnosis: d}
	if !advice.None() {
		said.Advice = &advice
	}
	return map[string]any{"schema": schema, "case": lineOf(l.sum), "events": l.log,
		"diagnosis": said, "evidence": evidenceOf(d), "completeness": complete}
}

// weighed is what the facts of l say now, a line each: to what they point, what is
// advised, and what support would still ask.
func (l loadedCase) weighed(now time.Time) text.Safe {
	d, a, complete := session.Weighed(l.state, l.log, l.kin, l.sibling, now)
	lines := []text.Safe{message.Pointed(d)}
	if !a.None() {
		move := moves[a.Move].Fill(map[string]text.Safe{"to": text.Line(a.To.Title()), "until": text.Line(localTime(a.Until))})
		lines = append(lines, text.Format("advised: %s. %s", move, a.Why))
	}
	lines = append(lines, text.Format("complete %s of 100", text.Int(complete.Score)))
	if next := complete.Next.Question; !next.Empty() {
		lines = append(lines, text.Format("support would ask next: %s", next))
	}
	return text.Join("\n", lines...)
}

// moves are what is advised, in words.
var moves = map[platforms.Move]text.Safe{
	platforms.FixFirst: text.Const("put it right first"), platforms.WaitUntil: text.Const("wait until {until}"),
	platforms.SkipTo: text.Const("go straight to {to}"), platforms.AskSupport: text.Const("go straight to {to}"),
}

// A loadedCase is a case read from the store.
type loadedCase struct {
	sum   store.Summary
	log   []ladder.Event
	state ladder.State
	kin   []store.Summary // the other cases of its group

	sibling ladder.State // the one of them on the same login
}

func (o options) load(c *cobra.Command, id string) (loadedCase, error) {
	s, err := o.settings()
	if err != nil {
		return loadedCase{}, err
	}
	db, err := s.readable(c.Context())
	if err != nil {
		return loadedCase{}, err
	}
	defer db.Close() //nolint:errcheck // only read
	var l loadedCase
	if l.sum, err = db.Case(c.Context(), id); err != nil {
		return l, err
	}
	if l.log, l.state, err = session.Load(c.Context(), db, l.sum.ID); err != nil || l.state.Group == "" {
		return l, err
	}
	l.kin, err = db.Cases(c.Context(), store.Query{Group: l.state.Group})
	l.kin = slices.DeleteFunc(l.kin, func(k store.Summary) bool { return k.ID == l.sum.ID })
	if err == nil {
		l.sibling, err = session.Sibling(c.Context(), db, l.state, l.kin)
	}
	return l, err
}

// messageCommand prints the support message of a case.
func (p Program) messageCommand(o *options) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use: "message ID", Short: "Print the support message of a case", Args: exactArg("the id of one case"),
		Example: "reconnect message 7QK2\nreconnect message 7QK2 --format md",
		RunE: func(c *cobra.Command, args []string) error {
			if o.json {
				format = "json"
			}
			return p.printMessage(c, *o, args[0], format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, md or json")
	c.Flags().BoolVar(&o.json, "json", false, "the same as --format json")
	complete(c, "format", []string{"text", "md", "json"})
	return c
}

func (p Program) printMessage(c *cobra.Command, o options, id, format string) error {
	render, ok := map[string]func(message.Message) string{
		"text": func(m message.Message) string { return message.Text(m).String() },
		"md":   func(m message.Message) string { return message.Markdown(m).String() },
		"json": func(m message.Message) string { return string(message.JSON(m)) },
	}[format]
	if !ok {
		return usage("%q is no format. Known are text, md and json", text.Line(format))
	}
	l, err := o.load(c, id)
	if err != nil {
		return err
	}
	svc, err := platforms.Get(string(l.state.Platform))
	if err != nil {
		return err
	}
	m := message.Of(l.sum.ID, l.state, l.log, svc.Guide(), time.Now()).With(session.Linked(l.kin)...)
	_, err = fmt.Fprintln(c.OutOrStdout(), strings.TrimRight(render(m), "\n"))
	return err
}

// guideCommand prints the guide, or checks an edited one.
func (p Program) guideCommand(o *options) *cobra.Command {
	var check string
	c := &cobra.Command{
		Use: "guide [PLATFORM]", Short: "Print the whole guide, or check an edited one",
		Example:   "reconnect guide instagram\nreconnect guide tiktok --as agent\nreconnect guide --check ./my-guide",
		ValidArgs: platformNames(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("reconnect guide takes one platform, or none for all")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if check != "" {
				return checkGuide(c, *o, check)
			}
			return p.printGuide(c, *o, args)
		},
	}
	c.Flags().StringVar(&o.as, "as", "", "wording: own, agent or onboarding")
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	c.Flags().StringVar(&check, "check", "", "validate the edited guide files in this folder")
	complete(c, "as", audienceNames())
	c.AddCommand(p.gapsCommand(o), p.appGuideCommand())
	return c
}

// appGuideCommand prints how to register an app of one's own.
func (p Program) appGuideCommand() *cobra.Command {
	return &cobra.Command{
		Use: "app SERVICE", Short: "Print how to register an OAuth app of your own, to ask with",
		Example: "reconnect guide app facebook\nreconnect guide app tiktok-business", ValidArgs: connection.Names(), Args: exactArg("one service"),
		RunE: func(c *cobra.Command, args []string) error {
			s, known := connection.Find(args[0])
			if !known {
				return usage("%q is no service. Known are %s", text.Line(args[0]), strings.Join(connection.Names(), ", "))
			}
			_, err := fmt.Fprintln(p.folded(c), platforms.AppGuide(s.ID))
			return err
		},
	}
}

func (p Program) printGuide(c *cobra.Command, o options, names []string) error {
	a, err := audience(o.as)
	if err != nil {
		return err
	}
	services := platforms.All()
	if len(names) == 1 {
		one, err := platform(names[0])
		if err != nil {
			return err
		}
		services = []platforms.Service{one}
	}
	if o.json {
		var docs []platforms.Document
		for _, s := range services {
			docs = append(docs, platforms.DocumentOf(s))
		}
		return writeJSON(c.OutOrStdout(), map[string]any{"schema": schema, "platforms": docs})
	}
	for _, s := range services {
		if _, err := fmt.Fprintln(c.OutOrStdout(), platforms.Markdown(s, a)); err != nil {
			return err
		}
	}
	return nil
}

// checkGuide tells everything that is wrong with edited guide files.
func checkGuide(c *cobra.Command, o options, dir string) error {
	folder, err := guideFolder(dir)
	if err != nil {
		return err
	}
	problems := platforms.Validate(folder)
	if found, _ := fs.Glob(folder, "*/errors.json"); len(found) > 0 { // the pattern is well formed, so there is no error
		problems = byFile(append(problems, explain.Validate(folder)...))
	}
	if err := printProblems(c.OutOrStdout(), o.json, problems); err != nil {
		return err
	}
	switch len(problems) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("the guide has one problem. Mend it and check again")
	}
	return fmt.Errorf("the guide has %d problems. Mend them and check again", len(problems))
}

// guideFolder is a folder of edited guide files.
func guideFolder(dir string) (fs.FS, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder that can be read. Name the folder with common/guide.json in it", text.Name(dir))
	}
	return os.DirFS(dir), nil
}

// byFile sorts problems of guides and of errors by folder: the common one, the
// platforms as everywhere, and what is no platform. In a folder the guide is first.
func byFile(problems []error) []error {
	folders := append([]string{"common"}, platformNames()...)
	key := func(err error) (int, string) {
		var p *platforms.Problem
		if !errors.As(err, &p) {
			return len(folders), ""
		}
		folder, name, _ := strings.Cut(p.File, "/")
		at := slices.Index(folders, folder)
		if at < 0 {
			return len(folders), p.File
		}
		return at, name
	}
	slices.SortStableFunc(problems, func(a, b error) int {
		at, name := key(a)
		at2, name2 := key(b)
		return cmp.Or(at-at2, strings.Compare(name2, name))
	})
	return problems
}

// printProblems writes one problem a line, or that there is none.
func printProblems(out io.Writer, asJSON bool, problems []error) error {
	lines := []text.Safe{}
	for _, p := range problems {
		lines = append(lines, text.Block(p.Error()))
	}
	if asJSON {
		return writeJSON(out, map[string]any{"schema": schema, "problems": lines})
	}
	if len(lines) == 0 {
		lines = append(lines, text.Const("The guide is fine."))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(out, l); err != nil {
			return err
		}
	}
	return nil
}
