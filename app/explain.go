package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// explaining are the flags of explain.
type explaining struct {
	file, batch, platform string
	list                  bool
}

// explainCommand says what an error means. It opens no case and no database.
func (p Program) explainCommand(o *options) *cobra.Command {
	var x explaining
	c := &cobra.Command{
		Use: "explain [TEXT|-]", Short: "Say what an error means: platform, cause, whose move, next step",
		Long: "Say what an error means: platform, cause, whose move, and the next step, with the reasons.\n" +
			"Give the text, - for standard input, or a file. Tokens and secrets in it are taken out first.\n" +
			"A text that does not tell is an answer, too: then the questions that would tell are asked.",
		Example: "reconnect explain \"code 190, subcode 460\"\npbpaste | reconnect explain -\n" +
			"reconnect explain --file error.txt --platform instagram --json\nreconnect explain --list",
		RunE: func(c *cobra.Command, args []string) error { return p.explain(c, *o, x, args) },
	}
	flags := c.Flags()
	flags.StringVar(&x.file, "file", "", "read the error from this file")
	flags.StringVar(&x.batch, "batch", "", "read {\"id\",\"platform\",\"text\"} lines from this file, or - for standard input; print JSON lines")
	flags.StringVar(&x.platform, "platform", "", "the platform, if it is known")
	flags.BoolVar(&x.list, "list", false, "list every known error with its source")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	complete(c, "platform", platformNames())
	return c
}

func (p Program) explain(c *cobra.Command, o options, x explaining, args []string) error {
	hint, err := hinted(x.platform)
	if err != nil {
		return err
	}
	given := 0
	for _, is := range []bool{len(args) > 0, x.file != "", x.batch != "", x.list} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return usage("TEXT, --file, --batch and --list exclude each other. Use one of them")
	case x.list:
		return listSignatures(c.OutOrStdout(), o.json, hint)
	case x.batch != "":
		return p.explainBatch(c, x.batch, hint)
	}
	raw, err := p.errorText(x.file, args)
	if err != nil {
		return err
	}
	v, _, err := explain.Paste(raw, hint)
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(c.OutOrStdout(), v)
	}
	return tellVerdict(c.OutOrStdout(), v)
}

// hinted reads the platform that was given, if any.
func hinted(name string) (platforms.ID, error) {
	if name == "" {
		return "", nil
	}
	s, err := platform(name)
	return s.ID, err
}

// errorText is the text to explain: from the arguments, a file, or standard input.
func (p Program) errorText(file string, args []string) (string, error) {
	in := io.Reader(p.Stdin)
	switch {
	case file != "":
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("%s cannot be read: there is no such file, or no permission. Check the path", text.Line(file))
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	case len(args) > 0 && !(len(args) == 1 && args[0] == "-"):
		return strings.Join(args, " "), nil
	case len(args) == 0 && term.IsTerminal(int(p.Stdin.Fd())):
		return "", usage("there is nothing to explain. Give the text in quotes, - for standard input, or --file")
	}
	// One byte more than can be taken, so that too much is seen to be too much.
	raw, err := io.ReadAll(io.LimitReader(in, text.MaxPaste+1))
	if err != nil {
		return "", fmt.Errorf("the text cannot be read: %w", err)
	}
	return string(raw), nil
}

// tellVerdict writes a verdict for a person.
func tellVerdict(out io.Writer, v explain.Verdict) error {
	w := bufio.NewWriter(out)
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) } //nolint:errcheck // Flush tells
	cause := strings.ReplaceAll(string(v.Cause), "_", " ")
	switch {
	case !v.Connection:
		say("No connection problem, on %s.", v.Platform)
	case v.Cause == platforms.UnknownCause:
		say("The text does not tell the cause. Platform: %s.", v.Platform)
	default:
		say("%s, %s, on %s.", strings.ToUpper(cause[:1])+cause[1:], v.Confidence, v.Platform)
	}
	say("%s", v.Meaning)
	if len(v.Also) > 0 {
		say("Or: %s.", causes(v.Also))
	}
	say("")
	if v.Cause != platforms.UnknownCause {
		say("Whose move: %s. Next step: %s.", v.Owner, v.Next.Step)
	}
	for i, do := range v.Next.Do {
		say("%d. %s", i+1, do)
	}
	for _, q := range v.Questions {
		say("? %s", q)
	}
	for _, r := range v.Secrets {
		say("Taken out: %d × %s.", r.Count, r.Kind)
	}
	for _, id := range v.IDs {
		say("Tell support: %s", text.Join(" ", id.Name, id.Value, id.Time))
	}
	tellRecord(say, v.Fields)
	return w.Flush()
}

func causes(list []platforms.Cause) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = strings.ReplaceAll(string(c), "_", " ")
	}
	return strings.Join(words, ", ")
}

// tellRecord writes which fields decided, and by what rule.
func tellRecord(say func(string, ...any), fields []explain.Field) {
	if len(fields) == 0 {
		return
	}
	say("\nWhy:")
	for _, f := range fields {
		line := fmt.Sprintf("  %-10s  %s = %s", f.Role, f.Name, f.Value)
		if f.Rule != "" {
			line += fmt.Sprintf("  (%s)", text.Join(", ", text.Line(f.Rule), f.Source, text.Line(f.Read)))
		}
		say("%s", line)
	}
}

// listSignatures writes every known error with its source.
func listSignatures(out io.Writer, asJSON bool, only platforms.ID) error {
	list := []explain.Signature{}
	for _, s := range explain.List() {
		if only == "" || s.Platform == only {
			list = append(list, s)
		}
	}
	if asJSON {
		return writeJSON(out, map[string]any{"schema": schema, "signatures": list})
	}
	w := bufio.NewWriter(out)
	for _, s := range list {
		on := string(s.Platform)
		if on == "" {
			on = "any"
		}
		match, err := json.Marshal(s.Match)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s  %s  %s  %s\n  %s\n  %s\n  source: %s\n", s.ID, on, s.Cause, s.Certainty, //nolint:errcheck // Flush tells
			match, s.Meaning, text.Join(", ", s.Source, text.Line(s.Read)))
	}
	return w.Flush()
}

// A question is a line of a batch; its answer is a verdict with the same id.
type (
	question struct {
		ID       json.RawMessage `json:"id"`
		Platform string          `json:"platform"`
		Text     *string         `json:"text"`
	}
	answer struct {
		ID json.RawMessage `json:"id"`
		explain.Verdict
	}
)

// maxLine is the longest line of a batch: a text of the most that is taken, escaped.
const maxLine = 8 * text.MaxPaste

// explainBatch explains a JSON object a line. A bad line is told and does not end it.
func (p Program) explainBatch(c *cobra.Command, name string, hint platforms.ID) error {
	in := p.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("%s cannot be read: there is no such file, or no permission. Check the path", text.Line(name))
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	out := json.NewEncoder(c.OutOrStdout())
	out.SetEscapeHTML(false)
	bad, number := 0, 0
	for lines.Scan() {
		number++
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		a, err := answerLine(lines.Bytes(), hint)
		if err != nil {
			bad++
			fmt.Fprintf(c.ErrOrStderr(), "reconnect: line %d: %s.\n", number, text.Line(err.Error())) //nolint:errcheck // there is nowhere else to say it
			continue
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d is longer than 8 MiB. Split the file", number+1)
	case err != nil:
		return fmt.Errorf("the batch cannot be read: %w", err)
	case bad == 1:
		return errors.New("one line could not be explained. Mend it; the others are done")
	case bad > 1:
		return fmt.Errorf("%d lines could not be explained. Mend them; the others are done", bad)
	}
	return nil
}

// answerLine explains one line of a batch.
func answerLine(line []byte, hint platforms.ID) (answer, error) {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return answer{}, fmt.Errorf("it is no JSON object with id and text: %w", err)
	}
	if len(q.ID) == 0 || q.Text == nil {
		return answer{}, errors.New("id and text are needed")
	}
	if q.Platform != "" && q.Platform != string(explain.UnknownPlatform) {
		s, err := platforms.Get(q.Platform)
		if err != nil {
			return answer{}, err
		}
		hint = s.ID
	}
	v, _, err := explain.Paste(*q.Text, hint)
	return answer{q.ID, v}, err
}
