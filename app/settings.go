package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"reconnect/app/connection"
	"reconnect/platforms"
	"reconnect/platforms/text"
)

// settings are what config.toml, the environment and the flags say together.
type settings struct {
	data     string // folder for cases
	file     string // the settings file that was read; empty if there is none
	audience platforms.Audience
	plain    bool
	name     string // who is at the keyboard
	live     liveSettings
	partial  bool // the file is wrong somewhere: what could not be taken from it is missing
}

// configFile is config.toml. An unknown key is an error that names its place.
type configFile struct {
	As    string `toml:"as"`
	Plain bool   `toml:"plain"`
	Data  string `toml:"data"`
	Name  string `toml:"name"`

	Apps            map[string]appTable `toml:"apps"`
	CustomEndpoints bool                `toml:"custom_endpoints"`
	Secrets         string              `toml:"secrets"`
	LinkedInVersion string              `toml:"linkedin_version"`
	Feed            feedTable           `toml:"feed"`

	path string
	at   where
}

// maxConfig is the most that is read of a settings file, in bytes.
const maxConfig = 64 << 10

// settings reads the settings file and lays environment and flags over it. With an
// error comes what could be taken of it all the same, for who looks at the rest.
func (o options) settings() (settings, error) {
	path, asked := o.config, o.config != ""
	if !asked {
		path = filepath.Join(folder("XDG_CONFIG_HOME", ".config"), "config.toml")
	}
	file, err := readConfig(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		file.path, err = "", nil
	}
	s := settings{file: file.path, plain: file.Plain || o.plain, name: first(file.Name, os.Getenv("USER"), os.Getenv("USERNAME"))}
	s.data = first(o.data, os.Getenv("RECONNECT_DATA"), file.Data, folder("XDG_STATE_HOME", ".local/state"))
	var words, rest error
	s.audience, words = file.audience(o.as)
	s.live, rest = file.live()
	err = cmp.Or(err, words, rest)
	s.partial = err != nil
	return s, err
}

// audience is the wording of the flag, or else of the file.
func (c configFile) audience(flag string) (platforms.Audience, error) {
	found, err := audience(first(flag, c.As))
	if err != nil && flag == "" {
		err = c.wrong("as", "= %q is no wording. Known are %s", text.Line(c.As), strings.Join(audienceNames(), ", "))
	}
	return found, err
}

// wrong is the error for a key, with its place in the file.
func (c configFile) wrong(key, format string, args ...any) error {
	place := c.path
	if at, known := c.at.of(key); known {
		place = fmt.Sprintf("%s, %s", c.path, at)
	}
	return fmt.Errorf("%s: %s %s", place, text.Line(key), fmt.Sprintf(format, args...))
}

// folder is the program's folder in the XDG base folder that env names.
func folder(env, otherwise string) string {
	base := os.Getenv(env)
	if !filepath.IsAbs(base) { // the XDG rules have relative ones ignored
		home, err := os.UserHomeDir()
		if err != nil {
			home = "."
		}
		base = filepath.Join(home, filepath.FromSlash(otherwise))
	}
	return filepath.Join(base, "reconnect")
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func readConfig(path string) (configFile, error) {
	c := configFile{path: path}
	f, err := os.Open(path)
	if err != nil {
		return c, fmt.Errorf("the settings file cannot be read: %w. Check the path and its permissions", err)
	}
	defer f.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	switch {
	case err != nil:
		return c, fmt.Errorf("the settings file cannot be read: %w. Check the path", err)
	case len(raw) > maxConfig:
		return c, fmt.Errorf("%s is larger than 64 KiB. A settings file has a few lines; check the path", path)
	}
	c.at = spots(raw)
	d := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields()
	return c, c.unread(d.Decode(&c))
}

// unread names the place and the key that are wrong.
func (c configFile) unread(err error) error {
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		e := unknown.Errors[0]
		line, column := e.Position()
		at := spot{line, column}
		return fmt.Errorf("%s, %s: %s", c.path, at, unknownWords(c.at.whole(e.Key(), at)))
	case errors.As(err, &wrong):
		line, column := wrong.Position()
		return fmt.Errorf("%s, %s: %s. Mend that line", c.path, spot{line, column}, configWords(wrong))
	}
	return err
}

// The settings there are, for an error about another one.
const (
	knownSettings = "as, plain, data, name, secrets, custom_endpoints, linkedin_version, [apps.NAME] and [feed]"
	knownOfApps   = "client_id, redirect, config_id, confidential, aibrify_app, live_scopes and endpoints"
	knownOfFeed   = "file, url and command"
)

// unknownWords say what to do about a key that is no setting.
func unknownWords(key []string) string {
	table, name, last := key[0], "NAME", key[len(key)-1]
	if table == "apps" && len(key) > 1 {
		name = text.Line(key[1]).String()
	}
	there := fmt.Sprintf("there is no setting %q. ", text.Line(strings.Join(key, ".")))
	switch {
	case likeSecret(last) && table == "feed":
		return there + "A secret never belongs in this file. Remove the line, and run: reconnect login feed. It asks for the token and keeps it"
	case likeSecret(last):
		remove := "Remove the line"
		if s, _ := connection.Find(name); s.Either {
			remove = "Put confidential = true in its place"
		}
		return there + fmt.Sprintf("A secret never belongs in this file. %s, and run: reconnect login %s. It asks for the secret and keeps it. "+
			"Or set the environment variable %s", remove, name, connection.Variable(name))
	case table == "apps" && len(key) > 2:
		return there + fmt.Sprintf("Known under [apps.%s] are %s", name, knownOfApps)
	case table == "feed" && len(key) > 1:
		return there + "Known under [feed] are " + knownOfFeed
	}
	return there + "Known are " + knownSettings
}

// likeSecret tells whether a key is called as secrets are.
func likeSecret(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{"secret", "token", "passw", "passphrase", "api_key", "apikey"}, func(part string) bool { return strings.Contains(key, part) })
}

// configWords says what is wrong with a line, in the words of the file.
func configWords(wrong *toml.DecodeError) string {
	key := strings.Join(wrong.Key(), ".")
	if !strings.Contains(wrong.Error(), "cannot decode") {
		return brokenWords(strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	kinds := map[string]string{
		"plain": "true or false, without quotes", "custom_endpoints": "true or false, without quotes", "aibrify_app": "true or false, without quotes",
		"confidential": "true or false, without quotes",
		"live_scopes":  `a list of texts: ["one", "two"]`, "command": `a list of texts: ["program", "--json"]`,
		"apps": "a table for each app: [apps.NAME]", "feed": "a table: [feed]", "endpoints": "a table: [apps.NAME.endpoints]",
	}
	last := key[strings.LastIndex(key, ".")+1:]
	if _, service := connection.Find(last); service {
		return fmt.Sprintf("%s is a table: [apps.%s]", key, last)
	}
	if kind, ok := kinds[last]; ok {
		return key + " is " + kind
	}
	return key + " is a text in quotes"
}

// broken are what the reader of TOML says most often of a line that is none, in part,
// and the same for a person.
var broken = []struct{ part, words string }{
	{"strings cannot have new lines", "the closing quote is missing"},
	{"unterminated", "the closing quote is missing"},
	{"string not terminated by", "the three closing quotes are missing"},
	{"escape", `\ in "…" begins a sign of its own. Write it twice, or put the text between ' and '`},
	{"at start of value", `what stands after = is no value: a text is in straight quotes ("own"), a switch is true or false, a list is in [ ]`},
	{"expected value", "the value after = is missing"},
	{"expected '=' after key", "= is missing after the name of the setting"},
	{"expected newline but got", "something stands after the value. Each setting has a line of its own, and a text one quote on each side"},
	{"at start of key", "the line does not begin with the name of a setting"},
	{"to close", "the closing bracket of the table is missing"},
	{"already", "that name stands in the file twice"},
	{"array", "the list is not whole: a comma or the closing ] is missing"},
	{"inline table is incomplete", "the closing } is missing"},
}

// brokenWords are the words for what the reader of TOML says; its own, where it is rare.
func brokenWords(said string) string {
	for _, b := range broken {
		if strings.Contains(said, b.part) {
			return b.words
		}
	}
	return said
}
