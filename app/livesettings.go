package app

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store/secrets"
)

// liveSettings are the settings of asking the platforms.
type liveSettings struct {
	apps            map[string]connection.App
	custom          bool // some endpoints are not the platforms' own
	secrets         secrets.Place
	linkedInVersion string
	feed            feedTable
}

// set tells whether there is anything to ask.
func (s liveSettings) set() bool { return len(s.apps) > 0 || s.feed.source().Set() }

// appTable is [apps.NAME]: an OAuth app of one's own. NAME is a service.
type appTable struct {
	ClientID   string            `toml:"client_id"`
	AibrifyApp bool              `toml:"aibrify_app"`
	LiveScopes []string          `toml:"live_scopes"`
	Redirect   string            `toml:"redirect"`
	ConfigID   string            `toml:"config_id"`
	Endpoints  map[string]string `toml:"endpoints"`

	Confidential bool `toml:"confidential"`
}

// feedTable is [feed]: where to read what Aibrify's dashboard shows. One of the
// three is set.
type feedTable struct {
	File    string   `toml:"file"`
	URL     string   `toml:"url"`
	Command []string `toml:"command"`
}

// source is where that is.
func (t feedTable) source() feed.Source {
	return feed.Source{File: t.File, URL: t.URL, Command: t.Command}
}

// live takes the settings of asking the platforms, each that is right. The error is
// the first that is wrong.
func (c configFile) live() (liveSettings, error) {
	s := liveSettings{apps: map[string]connection.App{}}
	var errs []error
	take := func(wrong error, put func()) {
		if errs = append(errs, wrong); wrong == nil {
			put()
		}
	}
	take(c.wrongSecrets(), func() { s.secrets = secrets.Place(c.Secrets) })
	take(c.wrongVersion(), func() { s.linkedInVersion = c.LinkedInVersion })
	for _, name := range slices.Sorted(maps.Keys(c.Apps)) {
		t := c.Apps[name]
		take(c.wrongApp(name, t), func() {
			s.apps[name], s.custom = t.app(), s.custom || len(t.Endpoints) > 0
		})
	}
	take(c.wrongFeed(), func() { s.feed = c.Feed })
	return s, cmp.Or(errs...)
}

// app is the app of a table.
func (t appTable) app() connection.App {
	return connection.App{ClientID: t.ClientID, Aibrify: t.AibrifyApp, LiveScopes: t.LiveScopes,
		Redirect: t.Redirect, ConfigID: t.ConfigID, Endpoints: t.Endpoints, Confidential: t.Confidential}
}

func (c configFile) wrongSecrets() error {
	if slices.Contains([]secrets.Place{secrets.Auto, secrets.Keyring, secrets.File, secrets.Memory}, secrets.Place(c.Secrets)) {
		return nil
	}
	return c.wrong("secrets", "= %q is no place for secrets. Known are keyring, file and memory", text.Line(c.Secrets))
}

var (
	month    = regexp.MustCompile(`^20[0-9]{2}(0[1-9]|1[0-2])$`)
	notDigit = regexp.MustCompile(`[^0-9]+`)
)

func (c configFile) wrongVersion() error {
	if c.LinkedInVersion == "" || month.MatchString(c.LinkedInVersion) {
		return nil
	}
	right := notDigit.ReplaceAllString(c.LinkedInVersion, "")
	if !month.MatchString(right) {
		right = "202607"
	}
	return c.wrong("linkedin_version", "= %q is not how LinkedIn writes a month. Write %q: year and month, without a dash", text.Line(c.LinkedInVersion), right)
}

// wrongApp says what is wrong with [apps.NAME].
func (c configFile) wrongApp(name string, t appTable) error {
	service, ok := connection.Find(name)
	key := "apps." + name
	switch {
	case !ok:
		return c.wrong(key, "is no service. Known are %s", strings.Join(connection.Names(), ", "))
	case strings.TrimSpace(t.ClientID) == "":
		return c.wrong(key+".client_id", "is missing. The platform's developer console shows it")
	case t.Confidential && !service.Either:
		return c.wrong(key+".confidential", "is for X alone, whose apps have a client secret or none. Remove that line")
	case len(t.Endpoints) > 0 && !c.CustomEndpoints:
		return c.wrong(key+".endpoints", "need custom_endpoints = true above the first table. Then every screen and report says that other endpoints are asked")
	}
	switch err := service.Redirects(t.Redirect); {
	case err != nil && t.Redirect == "":
		return c.wrong(key+".redirect", "is missing: %s. How to register an app: reconnect guide app %s", reasonOf(err), service.ID)
	case err != nil:
		return c.wrong(key+".redirect", "is wrong: %s. Mend that line", reasonOf(err))
	}
	for _, at := range slices.Sorted(maps.Keys(t.Endpoints)) {
		if names := endpointNames(service); !slices.Contains(names, at) {
			return c.wrong(key+".endpoints."+at, "is no endpoint of %s. Known are %s", service.Name, strings.Join(names, ", "))
		}
		if _, err := service.Override(map[string]string{at: t.Endpoints[at]}); err != nil {
			return c.wrong(key+".endpoints."+at, "is wrong: %s. Mend that line", reasonOf(err))
		}
	}
	return nil
}

// endpointNames are the endpoints that a service has, as the settings call them.
func endpointNames(s connection.Service) []string {
	var names []string
	for _, used := range usesOf(s.Endpoints) {
		if used.address != "" {
			names = append(names, used.name)
		}
	}
	return names
}

// reasonOf is what is wrong, without the name of the setting that the error has.
func reasonOf(err error) text.Safe {
	if config, ok := errors.AsType[*live.ConfigError](err); ok {
		return text.Line(config.Reason)
	}
	return text.Line(err.Error())
}

// wrongFeed says what is wrong with [feed].
func (c configFile) wrongFeed() error {
	source := c.Feed.source()
	problem := source.Problem()
	if _, there := c.at["feed"]; there && !source.Set() {
		problem = "names nothing. Set exactly one of " + knownOfFeed
	}
	key := "feed"
	if word, rest, _ := strings.Cut(problem, " "); slices.Contains([]string{"file", "url"}, word) {
		key, problem = "feed."+word, rest
	}
	if problem == "" {
		return nil
	}
	return c.wrong(key, "%s", problem)
}
