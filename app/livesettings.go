package app

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"reconnect/app/connection"
	"reconnect/app/feed"
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

// live checks the settings of asking the platforms. An error names the file and the key.
func (c configFile) live(path string) (liveSettings, error) {
	s := liveSettings{apps: map[string]connection.App{}, secrets: secrets.Place(c.Secrets), linkedInVersion: c.LinkedInVersion, feed: c.Feed}
	wrong := func(key, format string, args ...any) (liveSettings, error) {
		return liveSettings{}, fmt.Errorf("%s: %s %s", path, key, fmt.Sprintf(format, args...))
	}
	if !slices.Contains([]secrets.Place{secrets.Auto, secrets.Keyring, secrets.File, secrets.Memory}, s.secrets) {
		return wrong("secrets", "= %q is no place for secrets. Known are keyring, file and memory", text.Line(c.Secrets))
	}
	if c.LinkedInVersion != "" && !month.MatchString(c.LinkedInVersion) {
		return wrong("linkedin_version", "= %q is no month. Write it as 202607", text.Line(c.LinkedInVersion))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Apps)) {
		t := c.Apps[name]
		service, ok := connection.Find(name)
		key := "apps." + text.Line(name).String()
		switch {
		case !ok:
			return wrong(key, "is no service. Known are %s", strings.Join(connection.Names(), ", "))
		case strings.TrimSpace(t.ClientID) == "":
			return wrong(key+".client_id", "is missing. The platform's developer console shows it")
		case len(t.Endpoints) > 0 && !c.CustomEndpoints:
			return wrong(key+".endpoints", "need custom_endpoints = true above the first table. Then every screen and report says that other endpoints are asked")
		}
		if _, err := service.Override(t.Endpoints); len(t.Endpoints) > 0 && err != nil {
			return wrong(key+".endpoints", "are wrong: %v", err)
		}
		s.custom = s.custom || len(t.Endpoints) > 0
		s.apps[name] = connection.App{ClientID: t.ClientID, Aibrify: t.AibrifyApp, LiveScopes: t.LiveScopes,
			Redirect: t.Redirect, ConfigID: t.ConfigID, Endpoints: t.Endpoints}
	}
	if problem := c.Feed.source().Problem(); problem != "" {
		return wrong("feed", "%s", problem)
	}
	return s, nil
}

var month = regexp.MustCompile(`^20[0-9]{2}(0[1-9]|1[0-2])$`)
