package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reconnect/app/connection"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store/secrets"
)

// checking are the flags of check.
type checking struct {
	selection
	id      string
	token   string
	paid    bool
	only    []string
	timeout time.Duration
}

// checkCommand asks the platforms about the account, with the grants that are held
// or with a token that somebody pastes.
func (p Program) checkCommand(o *options) *cobra.Command {
	var q checking
	c := &cobra.Command{
		Use: "check [SERVICE]", Short: "Ask the platforms whether an account is ready to be connected",
		Long: "Ask the platforms, with the grants that reconnect login got, whether an\n" +
			"account has what a connection needs: the sign-in, the permissions, the role,\n" +
			"the type of account. It only reads and changes nothing. It tells about the\n" +
			"account with an app of your own, and never that Aibrify's own permission is\nhealthy.\n" +
			servicesHelp() + inHelp("Checks for --only:", checkNames(connection.Services())) +
			"Exit codes: 0 the account is ready (green), 3 something needs attention\n" +
			"(yellow), 4 something is broken (red), 5 something could not be checked.",
		Example: "reconnect check\nreconnect check facebook --account \"Mika Bakes\"\nreconnect check x --paid --json\n" +
			"pbpaste | reconnect check linkedin --token -",
		ValidArgs: connection.Names(), Args: serviceArg(false),
		RunE: func(c *cobra.Command, args []string) error {
			q.selection = selected(args, q.account)
			return p.check(c, *o, q)
		},
	}
	flags := c.Flags()
	flags.StringVar(&q.account, "account", "", "the account that should be connected, as Aibrify names it")
	flags.StringVar(&q.id, "id", "", "its id: of the Page, the organization or the account")
	flags.BoolVar(&q.paid, "paid", false, "make calls that cost money, too; what they cost is told before")
	flags.StringVar(&q.token, "token", "", "- inspects a token from a pipe or a hidden prompt, and forgets it")
	flags.StringSliceVar(&q.only, "only", nil, "only the checks of these names")
	flags.DurationVar(&q.timeout, "timeout", 0, "end after this time, such as 30s; without it each call has its own")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Lookup("timeout").DefValue = "" // zero is none, and no time of zero
	complete(c, "only", checkNames(connection.Services()))
	return c
}

// checkNames are the names of the checks of services, each once.
func checkNames(of []connection.Service) []string {
	var names []string
	for _, s := range of {
		for _, k := range s.Checks {
			names = once(names, k.ID)
		}
	}
	return names
}

// usable tells what is wrong with the flags.
func (q checking) usable() error {
	of := slices.DeleteFunc(connection.Services(), func(s connection.Service) bool {
		name := strings.Split(q.name, "/")[0]
		return name != "" && name != s.Key && name != string(s.ID)
	})
	known := checkNames(of)
	for _, name := range q.only {
		if !slices.Contains(known, name) {
			return usage("%q is no check here. Known are %s", text.Line(name), strings.Join(known, ", "))
		}
	}
	switch {
	case q.token != "" && q.token != "-":
		return usage("a token is never an argument, because others on this computer can see those. Give --token - and pipe it in, or paste it when asked")
	case q.token != "" && (q.name == "" || isKey(q.name)):
		return usage("--token needs the name of the service that the token is for")
	case q.timeout < 0:
		return usage("--timeout is a time such as 30s")
	}
	return nil
}

func (p Program) check(c *cobra.Command, o options, q checking) error {
	if err := q.usable(); err != nil {
		return err
	}
	ctx, r, err := p.live(c, o)
	if err != nil {
		return err
	}
	defer r.close()
	if q.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, q.timeout)
		defer cancel()
	}
	if q.token != "" {
		return r.inspect(ctx, q)
	}
	chosen, err := r.chosen(ctx, q.selection)
	if err != nil {
		if r.json { // no report is an answer, too
			err = errors.Join(err, r.print([]checked{}))
		}
		return uncheckedError{err}
	}
	var found []checked
	for _, h := range chosen {
		name := text.Safe{}
		if len(chosen) > 1 {
			name = heldLine(h)
		}
		r.costs(h.Service, q)
		found = append(found, r.ask(ctx, h, q.plan(p.progress(name))))
		if cancelled(ctx) {
			return errStopped
		}
	}
	return r.report(found)
}

// errStopped is the end of a check that somebody stopped.
var errStopped = errors.New("stopped before everything was asked. Nothing was changed")

// chosen are the grants to ask with. One that was verified for nobody yet, or for
// another account of the same person, may serve for the account, too.
func (r *liveRun) chosen(ctx context.Context, s selection) ([]connection.Held, error) {
	all, err := r.Held(ctx)
	if err != nil {
		return nil, err
	}
	if found := s.of(all); len(found) > 0 {
		return found, nil
	}
	found := s.named(all)
	if len(found) == 1 && s.name != "" && found[0].Unnamed() {
		found[0].For = text.Line(s.account) // nobody said so far what of the person's it is for
	}
	if len(found) > 0 {
		return found, nil
	}
	return nil, r.none(s)
}

// plan is what is asked with a grant.
func (q checking) plan(progress func(live.Progress)) live.Plan {
	return live.Plan{Target: live.Target{ID: q.id, Name: text.Line(q.account).String()}, Paid: q.paid, Only: q.only, Progress: progress}
}

// progress tells check by check how far it is, where somebody looks. The name of the
// grant stands before its checks, if there are several.
func (p Program) progress(name text.Safe) func(live.Progress) {
	if !term.IsTerminal(int(p.Stderr.Fd())) {
		return nil
	}
	return func(at live.Progress) {
		if at.At == 1 && at.Finding == nil && !name.Empty() {
			_, _ = fmt.Fprintln(p.Stderr, name) // nothing depends on it
		}
		if at.Finding == nil {
			_, _ = fmt.Fprintf(p.Stderr, "%d of %d  %s\n", at.At, at.Of, at.Check.Title)
		}
	}
}

// costs tells what asking a service costs, before it is asked.
func (r *liveRun) costs(service string, q checking) {
	if s, ok := connection.Find(service); ok && q.paid && !s.Costs().Empty() {
		r.say(text.Format("Asking %s costs money: %s.", s.Name, s.Costs()))
	}
}

// ask makes the checks with a grant that is held. An error is about this computer.
func (r *liveRun) ask(ctx context.Context, h connection.Held, plan live.Plan) checked {
	var report live.Report
	err := r.unlocked(func() (err error) {
		h, report, err = r.Check(ctx, h, plan)
		return err
	})
	if report.Findings == nil {
		report = live.Report{Platform: h.Platform(), Variant: h.Grant.Variant, Custom: r.IsCustom(h.Service), Findings: []live.Finding{},
			Grant: h.Grant, Health: live.Health{Colour: live.UnknownColour}}
	}
	return checked{Key: h.Key, Service: h.Service, Fingerprint: h.Fingerprint, Account: h.Name(), Report: report, Error: reason(err)}
}

// reason is an error as part of a report.
func reason(err error) text.Safe {
	switch {
	case err == nil:
		return text.Safe{}
	case errors.Is(err, context.DeadlineExceeded):
		return text.Const("the time that --timeout gave was over")
	}
	return text.Line(strings.TrimRight(err.Error(), "."))
}

// unasked is the report of a service of which nothing could be asked.
func unasked(s connection.Service) live.Report {
	return live.Report{Platform: s.ID, Variant: s.Variant, Custom: s.Custom, Findings: []live.Finding{},
		Grant: live.Grant{Platform: s.ID, Variant: s.Variant, Pasted: true}, Health: live.Health{Colour: live.UnknownColour}}
}

// inspect makes the checks with a token that somebody pastes, and forgets it.
func (r *liveRun) inspect(ctx context.Context, q checking) error {
	s, err := r.SetUp(q.name)
	if err != nil {
		return err
	}
	token, err := r.program.given(ctx, text.Format("Token of %s (it does not show, is looked at and forgotten)", s.Name))
	if err != nil {
		return stopped(err)
	}
	r.costs(s.Key, q)
	var report live.Report
	err = r.unlocked(func() (err error) {
		report, err = r.Inspect(ctx, s.Key, token, q.plan(r.program.progress(text.Safe{})))
		return err
	})
	switch {
	case errors.Is(err, secrets.ErrPassphrase):
		return r.report([]checked{{Service: s.Key, Report: unasked(s), Error: reason(err)}})
	case err != nil:
		return err
	case cancelled(ctx):
		return errStopped
	}
	g := report.Grant
	return r.report([]checked{{Service: s.Key, Fingerprint: g.Fingerprint(), Account: connection.Held{Grant: g}.Account(), Report: report}})
}

// A checked is what was found with a grant, as --json prints it.
type checked struct {
	Key         string    `json:"key,omitempty"` // empty for a pasted token
	Service     string    `json:"service"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	Account     text.Safe `json:"account,omitzero"`
	live.Report
	Error text.Safe `json:"error,omitzero"` // what on this computer was in the way
}

// code is the exit code that a report stands for. Where this computer was in the way
// of asking at all, that is could not check.
func (k checked) code() int {
	code := k.colour()
	if k.Error.Empty() || len(k.Findings) == 0 {
		return code
	}
	return worst(code, ExitFailed)
}

// colour is the exit code for what the platform said. That the end of a grant is
// not known, as of a pasted token, does not make the checks unsure.
func (k checked) colour() int {
	answered := slices.ContainsFunc(k.Findings, func(f live.Finding) bool { return f.Outcome != platforms.Skipped && f.Err == nil })
	leftOut := slices.ContainsFunc(k.Findings, func(f live.Finding) bool { return f.Outcome == platforms.Skipped })
	switch {
	case k.Health.Colour == platforms.Red:
		return ExitBroken
	case k.held() || !answered || leftOut && !k.Asked(), k.Health.Colour == live.UnknownColour && k.Failed() != nil: // its own grant ended
		return ExitUnchecked
	case k.Health.Colour == platforms.Yellow:
		return ExitAttention
	}
	return ExitFine
}

// held tells whether something was to be asked, and got no answer.
func (k checked) held() bool {
	return slices.ContainsFunc(k.Findings, live.Finding.Open)
}

// worst is the code that wins: red before what failed on this computer, before could
// not check, before yellow.
func worst(codes ...int) int {
	order := []int{ExitFine, ExitAttention, ExitUnchecked, ExitFailed, ExitBroken}
	return slices.MaxFunc(append(codes, ExitFine), func(a, b int) int { return slices.Index(order, a) - slices.Index(order, b) })
}

// report prints what was found. Its error is the exit code, and nothing else.
func (r *liveRun) report(found []checked) error {
	if err := r.print(found); err != nil {
		return err
	}
	code := codeOf(found)
	if code == ExitFine {
		return nil
	}
	return exitWith(code)
}

// codeOf is the worst code. What was left out because it costs money does not count
// where others were asked.
func codeOf(found []checked) int {
	code := ExitFine
	some := slices.ContainsFunc(found, checked.Asked)
	for _, k := range found {
		if spared := !k.Asked() && !k.held() && k.Error.Empty() && k.costs(); !spared || !some {
			code = worst(code, k.code())
		}
	}
	return code
}

func (r *liveRun) print(found []checked) error {
	custom := slices.ContainsFunc(found, func(k checked) bool { return k.Custom })
	if r.json {
		return writeJSON(r.out, map[string]any{"schema": schema, "custom": custom, "reports": found})
	}
	for _, k := range found {
		if err := tellChecked(r.out, k); err != nil {
			return err
		}
	}
	var notes []text.Safe
	if custom {
		notes = append(notes, r.settings.customNote())
	}
	if slices.ContainsFunc(found, checked.Asked) {
		notes = append(notes, limits)
	}
	if slices.ContainsFunc(found, func(k checked) bool { return k.Asked() && slices.ContainsFunc(k.Findings, graded) }) {
		notes = append(notes, justNow)
	}
	if len(notes) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(r.out, text.Join("\n", notes...))
	return err
}

// graded tells whether a finding rests on an answer.
func graded(f live.Finding) bool { return f.Grade != "" }

// limits are what every report of something that was asked says of itself.
var limits = text.Const("This tells about the account. It does not prove that Aibrify's own permission is healthy.\n" +
	"It only read. Nothing was published and nothing was changed.")

// justNow is what a report says beside it in which something was answered.
var justNow = text.Const("The evidence is probed: the platform was asked just now. What each yes rests on is in --json.")
