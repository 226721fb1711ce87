// Package app is the command line: it reads flags and settings, opens the store,
// and hands over to the wizard, the plain face or a report.
//
// Below it, in packages of their own: the ladder and the support message, which
// are pure; the session, which drives both faces; the wizard and the plain face.
// Never here: SQL, HTTP, styling, the ladder's rules.
package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"reconnect/app/crash"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// The exit codes. The last three are of check and status alone, and the worst
// wins: broken before unchecked before attention.
const (
	ExitFine      = 0
	ExitFailed    = 1
	ExitUsage     = 2
	ExitAttention = 3 // yellow
	ExitBroken    = 4 // red
	ExitUnchecked = 5 // could not check
)

// A Program is what a run works with: its arguments and its surroundings.
type Program struct {
	Args           []string
	Stdin          *os.File
	Stdout, Stderr *os.File
	Version        string
}

// Run runs the program and returns its exit code.
func Run(ctx context.Context, p Program) (code int) {
	settle()
	defer func() {
		if err := crash.Of(recover()); err != nil {
			p.tellError("reconnect", err)
			code = ExitFailed
		}
	}()
	var o options
	root := p.command(&o)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { p.help(ctx, c) })
	if of, err := p.start(root, p.Args).ExecuteContextC(ctx); err != nil {
		p.tellError(of.CommandPath(), err)
		return exitCode(err)
	}
	return ExitFine
}

// start gives a tree of commands its surroundings.
func (p Program) start(root *cobra.Command, args []string) *cobra.Command {
	root.SilenceErrors, root.SilenceUsage, root.Version = true, true, p.Version
	root.SetArgs(args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return root
}

// help prints the help of c. Fang is for help alone: before it prints an error it
// asks the terminal for its colours, and waits for an answer among what is typed.
func (p Program) help(ctx context.Context, c *cobra.Command) {
	var o options
	args := append(strings.Fields(c.CommandPath())[1:], "--help")
	err := fang.Execute(ctx, p.start(p.command(&o), args), fang.WithVersion(p.Version), fang.WithoutManpage())
	if err != nil {
		p.tellError("reconnect", err)
	}
}

// usageError marks an error of the command line itself.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// uncheckedError marks an error that leaves nothing to ask with.
type uncheckedError struct{ error }

func (e uncheckedError) Unwrap() error { return e.error }

// exitWith ends the program with a code after a report that has said everything.
type exitWith int

func (e exitWith) Error() string { return fmt.Sprintf("the report says it: code %d", int(e)) }

// duration is what the language says of a time that it cannot read.
var duration = regexp.MustCompile(`: time: .*$`)

// flagWords is an error of a flag in words.
func flagWords(err error) error {
	return errors.New(duration.ReplaceAllString(err.Error(), ": write a time such as 30s or 2m"))
}

func exitCode(err error) int {
	var wrong usageError
	var said exitWith
	var unchecked uncheckedError
	switch {
	case err == nil:
		return ExitFine
	case errors.As(err, &said):
		return int(said)
	case errors.As(err, &unchecked):
		return ExitUnchecked
	case errors.As(err, &wrong):
		return ExitUsage
	}
	return ExitFailed
}

// tellError writes what happened in a command, why, and what to do.
func (p Program) tellError(command string, err error) {
	var report exitWith
	if errors.As(err, &report) {
		return
	}
	w := folded(p.Stderr, p.Stderr)
	said := strings.TrimRight(err.Error(), ".")
	_, _ = fmt.Fprintf(w, "reconnect: %s.\n", text.Block(said)) // there is nowhere else to say it
	var wrong usageError
	if errors.As(err, &wrong) {
		_, _ = fmt.Fprintf(w, "See %s --help.\n", command)
	}
}

// options are the flags that all commands know.
type options struct {
	data     string
	config   string
	plain    bool
	as       string
	platform string
	openCase string
	json     bool
}

// command is the whole tree of commands.
func (p Program) command(o *options) *cobra.Command {
	root := &cobra.Command{
		Use:   "reconnect",
		Short: "Repair the connection between Aibrify and a social platform",
		Long: "reconnect walks you from a broken connection in Aibrify to one that works again, step by step,\n" +
			"or to a complete message for support. It saves every step. Leave at any time, and come back.",
		Example: "reconnect\nreconnect --platform instagram --as agent\nreconnect cases\nreconnect message 7QK2",
		Args:    noArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return p.wizard(c.Context(), *o) },
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{flagWords(err)} })
	all := root.PersistentFlags()
	all.StringVar(&o.data, "data", "", "folder for cases (else $RECONNECT_DATA, else the state folder)")
	all.StringVar(&o.config, "config", "", "settings file (else config.toml in the config folder)")
	own := root.Flags()
	own.BoolVar(&o.plain, "plain", false, "numbered prompts on plain lines, for screen readers and pipes")
	own.StringVar(&o.as, "as", "", "wording: own, agent (on a call) or onboarding")
	own.StringVar(&o.platform, "platform", "", "start a new case on this platform")
	own.StringVar(&o.openCase, "case", "", "open this case")
	complete(root, "as", audienceNames())
	complete(root, "platform", platformNames())
	root.AddCommand(p.explainCommand(o), p.casesCommand(o), p.guideCommand(o), p.messageCommand(o),
		p.loginCommand(o), p.checkCommand(o), p.statusCommand(o), p.logoutCommand(o), p.doctorCommand(o))
	strict(root)
	return root
}

// strict makes Cobra's own commands refuse what they do not know.
func strict(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args, c.RunE = noArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				if _, left, err := root.Find(args); err != nil || len(left) > 0 {
					return usage("there is no help about %q", text.Line(strings.Join(args, " ")))
				}
				return nil
			}
		}
	}
}

// complete offers values for a flag in the shell.
func complete(c *cobra.Command, flag string, values []string) {
	offer := cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	if err := c.RegisterFlagCompletionFunc(flag, offer); err != nil {
		panic(err) // the flag has no such name: a defect that every test finds
	}
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%q is no command of %s", text.Line(args[0]), c.CommandPath())
	}
	return nil
}

func exactArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("%s needs %s", c.CommandPath(), what)
		}
		return nil
	}
}

func platformNames() []string {
	var names []string
	for _, id := range platforms.IDs() {
		names = append(names, string(id))
	}
	return names
}

func audienceNames() []string {
	var names []string
	for _, a := range platforms.Audiences() {
		names = append(names, string(a))
	}
	return names
}

// audience reads the wording that was asked for.
func audience(name string) (platforms.Audience, error) {
	for _, a := range platforms.Audiences() {
		if name == string(a) {
			return a, nil
		}
	}
	if name == "" {
		return platforms.Own, nil
	}
	return "", usage("%q is no wording. Known are %s", text.Line(name), strings.Join(audienceNames(), ", "))
}

// platform reads a platform's name.
func platform(name string) (platforms.Service, error) {
	s, err := platforms.Get(name)
	if err != nil {
		return s, usageError{err}
	}
	return s, nil
}

// explainEnd words an end of the plain face that nobody asked it for.
func explainEnd(err error, last string) error {
	const kept = "Everything answered before is saved; what was begun on the last page is not"
	switch {
	case errors.Is(err, screens.ErrEnd):
		return fmt.Errorf("the input ended before there was an answer. %s%s", kept, last)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("told to end before there was an answer. %s%s", kept, last)
	}
	return err
}

// readable opens the store for reading. A store that cannot be written is still read.
func (s settings) readable(ctx context.Context) (*store.DB, error) {
	db, err := store.Open(ctx, s.data, store.Options{})
	if errors.Is(err, store.ErrReadOnly) {
		return store.Open(ctx, s.data, store.Options{ReadOnly: true})
	}
	return db, err
}
