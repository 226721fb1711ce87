package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reconnect/app/session"
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
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, args []string) error { return p.explain(c, *o, x, args) },
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
	for _, is := range []bool{len(args) > 0, c.Flags().Changed("file"), c.Flags().Changed("batch"), x.list} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return usage("TEXT, --file, --batch and --list exclude each other. Use one of them")
	case given == 1 && len(args) == 0 && !x.list && x.file+x.batch == "":
		return usage("the name of the file is empty. Name the file to read")
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
	in := p.Stdin
	switch {
	case file != "":
		f, err := open(file)
		if err != nil {
			return "", err
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
		return "", unreadable(in.Name(), err)
	}
	if len(raw) > text.MaxPaste {
		rest, _ := io.CopyN(io.Discard, in, maxCount) // it ends early: only the size is wanted
		return "", &text.TooLarge{Size: len(raw) + int(rest), Max: text.MaxPaste}
	}
	return string(raw), nil
}

// maxCount is how much of what is too much is counted: an input may have no end.
const maxCount = 1 << 30

func open(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return f, nil
}

// unreadable words why a file cannot be read, with its name once.
func unreadable(name string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%s cannot be read: %w. Check the name, and that it is a file you may read", text.Line(name), err)
}

// tellVerdict writes a verdict for a person.
func tellVerdict(out io.Writer, v explain.Verdict) error {
	w := bufio.NewWriter(out)
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) } //nolint:errcheck // Flush tells
	say("%s", headline(v))
	if v.Signature != "" { // else it says what the headline says
		say("%s", v.Meaning)
	}
	if len(v.Also) > 0 {
		say("It can also be: %s.", causes(v.Also))
	}
	if len(v.Questions) > 0 {
		say("\nThese answers would tell:")
	}
	for _, q := range v.Questions {
		say("  ? %s", q)
	}
	say("")
	if v.Cause != platforms.UnknownCause {
		say("Whose move: %s.", session.OwnerWords(v.Owner))
	}
	say("Next step: %s.", session.NextWords(v.Next.Step))
	for i, do := range v.Next.Do {
		say("  %d. %s", i+1, do)
	}
	if len(v.IDs) > 0 {
		say("\nGive this to support:")
	}
	for _, id := range v.IDs {
		say("  %s", text.Join(", ", text.Format("%s %s", id.Name, id.Value), id.Time))
	}
	if len(v.Secrets) > 0 {
		say("\nTaken out of the text:")
	}
	for _, r := range v.Secrets {
		say("  %s (%d)", r.Kind, r.Count)
	}
	tellRecord(say, v.Fields)
	return w.Flush()
}

// headline is the cause in words, how sure it is, and the platform.
func headline(v explain.Verdict) string {
	on := ""
	if s, err := platforms.Get(string(v.Platform)); err == nil {
		on = ", on " + s.Guide().Name.String()
	}
	switch {
	case !v.Connection:
		return "No connection problem" + on + "."
	case v.Cause == platforms.UnknownCause && on == "":
		return "The text tells neither the cause nor the platform."
	case v.Cause == platforms.UnknownCause:
		return "The text does not tell the cause" + on + "."
	case on == "":
		on = ". The text does not tell the platform"
	}
	cause := causes([]platforms.Cause{v.Cause})
	return fmt.Sprintf("%s, %s%s.", strings.ToUpper(cause[:1])+cause[1:], v.Confidence, on)
}

func causes(list []platforms.Cause) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = strings.ReplaceAll(string(c), "_", " ")
	}
	return strings.Join(words, ", ")
}

// tellRecord writes which fields decided and by what rules, and where those stand.
func tellRecord(say func(string, ...any), fields []explain.Field) {
	if len(fields) == 0 {
		return
	}
	say("\nWhy:")
	var lines, sources []string
	for _, f := range fields {
		line := fmt.Sprintf("  %-10s  %s = %s", f.Role, f.Name, f.Value)
		if f.Rule != "" {
			line += fmt.Sprintf("  (%s)", f.Rule)
		}
		lines = once(lines, line)
		if !f.Source.Empty() {
			sources = once(sources, fmt.Sprintf("  %s: %s", f.Rule, sourced(f.Source, f.Read)))
		}
	}
	for _, line := range lines {
		say("%s", line)
	}
	if len(sources) > 0 {
		say("\nSources:")
	}
	for _, line := range sources {
		say("%s", line)
	}
}

// once adds line to lines that do not have it.
func once(lines []string, line string) []string {
	if slices.Contains(lines, line) {
		return lines
	}
	return append(lines, line)
}

// sourced is a source with the day it was read.
func sourced(source text.Safe, read string) string {
	if read == "" {
		return source.String() + ", not verified"
	}
	return source.String() + ", read " + read
}

// listSignatures writes every known error with its source.
func listSignatures(out io.Writer, asJSON bool, only platforms.ID) error {
	list := slices.DeleteFunc(explain.List(), func(s explain.Signature) bool { return only != "" && s.Platform != only })
	if asJSON {
		return writeJSON(out, map[string]any{"schema": schema, "signatures": list})
	}
	w := bufio.NewWriter(out)
	for _, s := range list {
		on := string(s.Platform)
		if on == "" {
			on = "any"
		}
		fmt.Fprintf(w, "%s  %s  %s  %s\n  match: %s\n  %s\n  source: %s\n", //nolint:errcheck // Flush tells
			s.ID, on, s.Cause, s.Certainty, matchWords(s.Match), s.Meaning, sourced(s.Source, s.Read))
	}
	return w.Flush()
}

// matchWords says what a signature asks for.
func matchWords(m explain.Match) string {
	var asks []string
	add := func(what, value string) {
		if value != "" {
			asks = append(asks, what+" "+value)
		}
	}
	add("code", m.Code)
	add("subcode", m.Subcode)
	add("http", m.HTTP)
	add("error", m.Error)
	add("type", m.Type)
	add("state", m.State)
	add("given", m.Given)
	add("a live check finds", m.Condition)
	quoted := make([]string, len(m.Contains))
	for i, phrase := range m.Contains {
		quoted[i] = `"` + phrase + `"`
	}
	add("the words", strings.Join(quoted, " or "))
	add("near each other", strings.Join(m.Say, " + "))
	add("not beside", strings.Join(m.Unless, "|"))
	return strings.Join(asks, ", ")
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
		f, err := open(name)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	lines := batchLines{in: bufio.NewReaderSize(in, 64<<10)}
	out := json.NewEncoder(c.OutOrStdout())
	out.SetEscapeHTML(false)
	bad := 0
	for number := 1; ; number++ {
		line, err := lines.next()
		switch {
		case err == io.EOF:
			return badLines(bad)
		case err != nil && !errors.Is(err, errLong):
			return unreadable(in.Name(), err)
		case err == nil && len(line) == 0:
			continue
		}
		var a answer
		if err == nil {
			a, err = answerLine(line, hint)
		}
		if err != nil {
			bad++
			said := strings.TrimRight(err.Error(), ".")
			fmt.Fprintf(c.ErrOrStderr(), "reconnect: line %d: %s.\n", number, text.Line(said)) //nolint:errcheck // there is nowhere else to say it
			continue
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func badLines(n int) error {
	switch n {
	case 0:
		return nil
	case 1:
		return errors.New("one line could not be explained. Mend it; the others are done")
	}
	return fmt.Errorf("%d lines could not be explained. Mend them; the others are done", n)
}

var errLong = errors.New("it is longer than 8 MiB. Shorten it")

// batchLines reads line after line, and of a line that is too long no more than that.
type batchLines struct {
	in   *bufio.Reader
	line []byte
}

// next is the next line without the space around it, good until the one after it.
func (b *batchLines) next() ([]byte, error) {
	b.line = b.line[:0]
	long := false
	for {
		part, err := b.in.ReadSlice('\n')
		if long = long || len(b.line)+len(part) > maxLine; !long {
			b.line = append(b.line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && (long || len(b.line) > 0): // the last line, without its end
		case err != nil:
			return nil, err
		}
		if long {
			return nil, errLong
		}
		return bytes.TrimSpace(bytes.TrimPrefix(b.line, []byte("\ufeff"))), nil
	}
}

// answerLine explains one line of a batch.
func answerLine(line []byte, hint platforms.ID) (answer, error) {
	var q question
	var kind *json.UnmarshalTypeError
	switch err := json.Unmarshal(line, &q); {
	case errors.As(err, &kind) && kind.Field != "":
		return answer{}, fmt.Errorf("%s must be a string, and is a %s", text.Line(kind.Field), text.Line(kind.Value))
	case err != nil:
		return answer{}, errors.New(`it is no JSON object like {"id":"1","text":"code 190"}`)
	case q.Text == nil:
		return answer{}, errors.New("the text is missing")
	}
	id, err := answerID(q.ID)
	if err != nil {
		return answer{}, err
	}
	if q.Platform != "" && q.Platform != string(explain.UnknownPlatform) {
		s, err := platforms.Get(q.Platform)
		if err != nil {
			return answer{}, err
		}
		hint = s.ID
	}
	v, _, err := explain.Paste(*q.Text, hint)
	return answer{id, v}, err
}

// answerID is the id as it came, with what no terminal should see escaped.
func answerID(raw json.RawMessage) (json.RawMessage, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, errors.New("the id is missing")
	}
	if raw[0] != '"' && raw[0] != '-' && !unicode.IsDigit(rune(raw[0])) {
		return nil, errors.New("the id must be a string or a number")
	}
	var id []byte
	for _, r := range string(raw) {
		switch high, low := utf16.EncodeRune(r); {
		case unicode.IsPrint(r):
			id = utf8.AppendRune(id, r)
		case r > 0xffff:
			id = fmt.Appendf(id, `\u%04x\u%04x`, high, low)
		default:
			id = fmt.Appendf(id, `\u%04x`, r)
		}
	}
	return id, nil
}
