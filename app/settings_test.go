package app

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestWrongSettings: each error names the line and the column, what is wrong there,
// and what is right. What looks like a secret is sent to where secrets are kept, and
// its value is in no error.
func TestWrongSettings(t *testing.T) {
	const facebook = "[apps.facebook]\nclient_id = \"1\"\n"
	for _, row := range []struct {
		name, file, at string
		says           []string
	}{
		{"unknown", "as = \"own\"\n  colour = 1", "line 2, column 3", []string{`no setting "colour"`, "linkedin_version, [apps.NAME] and [feed]"}},
		{"redirect", facebook + "redirect = \"localhost/callback\"", "line 3, column 1", []string{"apps.facebook.redirect is wrong", "it is no address"}},
		{"no such port", facebook + "redirect = \"http://127.0.0.1:99999/x\"", "line 3, column 1", []string{"apps.facebook.redirect is wrong", "no number up to 65535"}},
		{"no redirect", "[apps.instagram-login]\nclient_id = \"1\"", "line 1, column 7", []string{"apps.instagram-login.redirect is missing: Instagram takes no address of this computer", "reconnect guide app instagram"}},
		{"unknown of an app", facebook + "app_id = 1", "line 3, column 1", []string{`"apps.facebook.app_id"`, "Known under [apps.facebook] are client_id, redirect"}},
		{"unknown of an app in braces", "apps.facebook = {client_id = \"1\", app_id = 1}", "line 1, column 35", []string{`"apps.facebook.app_id"`, "Known under [apps.facebook]"}},
		{"unknown of the feed", "[feed]\npath = 1", "line 2, column 1", []string{"Known under [feed] are file, url and command"}},
		{"a secret of an app that may have none", "[apps.x]\nclient_id = \"1\"\nclient_secret = \"canary\"", "line 3, column 1",
			[]string{"Put confidential = true in its place", "RECONNECT_SECRET_X"}},
		{"a secret of an app", facebook + "client_secret = \"canary\"", "line 3, column 1",
			[]string{"A secret never belongs in this file", "reconnect login facebook", "RECONNECT_SECRET_FACEBOOK"}},
		{"a secret of another app", "[apps.tiktok-business]\nPassword = \"canary\"", "line 2, column 1", []string{"reconnect login tiktok-business", "RECONNECT_SECRET_TIKTOK_BUSINESS"}},
		{"a token of the feed", "[feed]\ntoken = \"canary\"", "line 2, column 1", []string{"A secret never belongs in this file", "reconnect login feed"}},
		{"a secret on top", "access_token = \"canary\"", "line 1, column 1", []string{"reconnect login NAME", "RECONNECT_SECRET_NAME"}},

		{"no TOML", "as = \"own\"\nname = [1", "line 2, column 9", []string{"the list is not whole: a comma or the closing ] is missing. Mend that line"}},
		{"no closing quote", "as = \"own\ndata = \"/a\"", "line 1, column 10", []string{"the closing quote is missing. Mend that line"}},
		{"no closing quote in the end", "as = 'own", "line 1, column 9", []string{"the closing quote is missing"}},
		{"no quotes", "as = own", "line 1, column 6", []string{`a text is in straight quotes ("own")`}},
		{"other quotes", "as = “own”", "line 1, column 6", []string{`a text is in straight quotes ("own")`}},
		{"no value", "as =", "line 1, column 4", []string{"the value after = is missing"}},
		{"no value, and more", "as =\nplain = true", "line 1, column 5", []string{"no value"}},
		{"no equals sign", "as \"own\"", "line 1, column 4", []string{"= is missing after the name"}},
		{"two in a line", "as = \"own\" plain = true", "line 1, column 12", []string{"something stands after the value"}},
		{"no closing bracket", "[feed\nurl = 1", "line 1, column 6", []string{"the closing bracket of the table is missing"}},
		{"a folder as Windows has it", `data = "C:\Users"`, "line 1, column 11", []string{`Write it twice, or put the text between ' and '`}},
		{"twice", "as = \"own\"\nas = \"own\"", "line 2, column 1", []string{"that name stands in the file twice"}},
		{"an endpoint of no name", "custom_endpoints = true\n[apps.x]\nclient_id = \"1\"\nendpoints = {apy = \"https://example.com\"}", "line 4, column 14",
			[]string{"apps.x.endpoints.apy is no endpoint of X. Known are authorize, token, refresh, api, revoke"}},
		{"an endpoint of others", "custom_endpoints = true\n[apps.x]\nclient_id = \"1\"\nendpoints = {introspect = \"https://example.com\"}", "line 4, column 14",
			[]string{"is no endpoint of X"}},
		{"no switch", "plain = \"yes\"", "line 1, column 9", []string{"plain is true or false, without quotes"}},
		{"no text", "\ndata = 3", "line 2, column 8", []string{"data is a text in quotes"}},
		{"no app", "[apps]\nfacebook = \"1\"", "line 2, column 12", []string{"apps.facebook is a table: [apps.facebook]"}},
		{"no wording", "\nas = \"pirate\"", "line 2, column 1", []string{`as = "pirate" is no wording. Known are own`}},
		{"no place", "secrets = \"disk\"", "line 1, column 1", []string{`secrets = "disk"`, "Known are keyring, file and memory"}},
		{"a month with a dash", "linkedin_version = \"2026-07\"", "line 1, column 1", []string{`Write "202607": year and month, without a dash`}},
		{"no month", "linkedin_version = \"July\"", "line 1, column 1", []string{`Write "202607"`}},

		{"no service", facebook + "[apps.myspace]\nclient_id = \"1\"", "line 3, column 7", []string{"apps.myspace is no service", "tiktok-business"}},
		{"no client id", "\n[apps.facebook]\naibrify_app = true", "line 2, column 7", []string{"apps.facebook.client_id is missing"}},
		{"a secret where there is none", "[apps.linkedin-native]\nclient_id = \"1\"\nconfidential = true", "line 3, column 1", []string{"is for X alone"}},
		{"endpoints unasked for", facebook + "[apps.facebook.endpoints]\napi = \"https://example.com\"", "line 3, column 16", []string{"endpoints need custom_endpoints = true"}},
		{"an endpoint that is none", "custom_endpoints = true\n" + facebook + "[apps.facebook.endpoints]\ntoken = \"https://example.com\"\n api = \"http://example.com\"",
			"line 6, column 2", []string{"apps.facebook.endpoints.api is wrong: only https is taken"}},
		{"an endpoint with a password", "custom_endpoints = true\n" + facebook + "endpoints = {api = \"https://me:canary@example.com\"}", "line 4, column 14", []string{"it holds a user or a password"}},

		{"an empty feed", facebook + "[feed]", "line 3, column 2", []string{"feed names nothing. Set exactly one of file, url and command"}},
		{"a feed of nothing", "feed.command = []", "line 1, column 1", []string{"Set exactly one of file, url and command"}},
		{"two feeds", "[feed]\nfile = \"/a\"\nurl = \"https://example.com\"", "line 1, column 2", []string{"takes exactly one of file, url and command"}},
		{"half a path", "[feed]\nfile = \"a\"", "line 2, column 1", []string{"feed.file is no whole path"}},
		{"half an address", "[feed]\nurl = \"example.com\"", "line 2, column 1", []string{"feed.url is no whole address, such as https://"}},
		{"an address with a password", "[feed]\nurl = \"https://me:canary@example.com\"", "line 2, column 1", []string{"feed.url has a name or a password in it", "Remove them", "reconnect login feed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := written(t, row.file)
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, part := range append(row.says, "config.toml, "+row.at+": ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("lacks %q: %v", part, err)
				}
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("a secret is in it: %v", err)
			}
		})
	}
}

// written are the settings of a file.
func written(t *testing.T, file string) (settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return options{config: path}.settings()
}

// TestPartialSettings: with an error comes what is right beside it.
func TestPartialSettings(t *testing.T) {
	s, err := written(t, "data = \"/of/cases\"\nsecrets = \"memory\"\nlinkedin_version = \"07\"\n[feed]\n[apps.x]\nclient_id = \"1\"\n[apps.facebook]\n")
	if err == nil || !s.partial || s.file == "" || s.data != "/of/cases" && os.Getenv("RECONNECT_DATA") == "" ||
		s.live.secrets != "memory" || len(s.live.apps) != 1 || s.live.apps["x"].ClientID != "1" || s.live.linkedInVersion != "" {
		t.Errorf("%v: %+v", err, s)
	}
	if s, err := written(t, ""); err != nil || s.partial {
		t.Errorf("%v: %+v", err, s)
	}
}

// TestKnownSettings: an error about an unknown key names all that are known, and no other.
func TestKnownSettings(t *testing.T) {
	for known, of := range map[string]any{knownSettings: configFile{}, knownOfApps: appTable{}, knownOfFeed: feedTable{}} {
		named := strings.FieldsFunc(strings.NewReplacer(" and ", " ", ".NAME", "").Replace(known), func(r rune) bool { return strings.ContainsRune(", []", r) })
		var there []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(of)) {
			if key := f.Tag.Get("toml"); key != "" {
				there = append(there, key)
			}
		}
		slices.Sort(named)
		slices.Sort(there)
		if !slices.Equal(named, there) {
			t.Errorf("named %v, there are %v", named, there)
		}
	}
}
