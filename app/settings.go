package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"

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
}

// configFile is config.toml. An unknown key is an error that names its line.
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
}

// maxConfig is the most that is read of a settings file, in bytes.
const maxConfig = 64 << 10

// settings reads the settings file and lays environment and flags over it.
func (o options) settings() (settings, error) {
	path, asked := o.config, o.config != ""
	if !asked {
		path = filepath.Join(folder("XDG_CONFIG_HOME", ".config"), "config.toml")
	}
	file, err := readConfig(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		path, err = "", nil
	}
	if err != nil {
		return settings{}, err
	}
	s := settings{file: path, plain: file.Plain || o.plain, name: file.Name}
	s.data = first(o.data, os.Getenv("RECONNECT_DATA"), file.Data, folder("XDG_STATE_HOME", ".local/state"))
	s.audience, err = audience(first(o.as, file.As))
	if err == nil {
		s.live, err = file.live(path)
	} else if o.as == "" {
		err = fmt.Errorf("%s: as = %q is no wording. Known are %s", path, text.Line(file.As), strings.Join(audienceNames(), ", "))
	}
	if s.name == "" {
		s.name = first(os.Getenv("USER"), os.Getenv("USERNAME"))
	}
	return s, err
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
	var c configFile
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
	d := toml.NewDecoder(strings.NewReader(string(raw))).DisallowUnknownFields()
	return c, configError(path, d.Decode(&c))
}

// knownSettings are the settings, for an error about another one.
const knownSettings = "as, plain, data, name, secrets, custom_endpoints, linkedin_version, [apps.NAME] and [feed]"

// configError names the line and the key that are wrong.
func configError(path string, err error) error {
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		e := unknown.Errors[0]
		line, _ := e.Position()
		return fmt.Errorf("%s, line %d: there is no setting %q. Known are %s", path, line, strings.Join(e.Key(), "."), knownSettings)
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		return fmt.Errorf("%s, line %d: %s. Mend that line", path, line, configWords(wrong))
	}
	return err
}

// configWords says what is wrong with a line, in the words of the file.
func configWords(wrong *toml.DecodeError) string {
	key := strings.Join(wrong.Key(), ".")
	if !strings.Contains(wrong.Error(), "cannot decode") {
		return strings.TrimPrefix(wrong.Error(), "toml: ")
	}
	kinds := map[string]string{
		"plain": "true or false, without quotes", "custom_endpoints": "true or false, without quotes", "aibrify_app": "true or false, without quotes",
		"live_scopes": `a list of texts: ["one", "two"]`, "command": `a list of texts: ["program", "--json"]`,
	}
	if kind, ok := kinds[key[strings.LastIndex(key, ".")+1:]]; ok {
		return key + " is " + kind
	}
	return key + " is a text in quotes"
}
