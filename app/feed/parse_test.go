package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func example(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestExample: the example of the README is the one that is read here.
func TestExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), string(example(t))) {
		t.Error("the README has another example")
	}
	f, err := parse(example(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	want := Feed{At: time.Date(2026, 11, 23, 8, 15, 42, 0, time.UTC), Connections: []Connection{
		{Platform: platforms.Instagram, Account: text.Const("@example.bakery"), Colour: platforms.Green, Expires: time.Date(2027, 1, 20, 8, 0, 0, 0, time.UTC)},
		{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Red,
			Error: text.Const("(#190) The session has been invalidated because the user changed the password.")},
		{Platform: platforms.X, Account: text.Const("@examplebakery"), Colour: platforms.Yellow},
	}}
	if got, want := shownAs(t, f), shownAs(t, want); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func shownAs(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// feedOf is a feed with the rows given.
func feedOf(rows ...string) string {
	return `{"schema":1,"at":"2026-11-23T11:00:00Z","connections":[` + strings.Join(rows, ",") + `]}`
}

const row = `{"platform":"x","account":"@cafe","status":"connected"}`

// TestStrict: what does not belong there is an error that names the field.
func TestStrict(t *testing.T) {
	deep := strings.Repeat("[", 32) + strings.Repeat("]", 32)
	with := func(more string) string { return feedOf(strings.TrimSuffix(row, "}") + "," + more + "}") }
	for _, c := range []struct{ name, in, says string }{
		{"empty", "", "it is empty"},
		{"spaces", " \n\t", "it is empty"},
		{"page", "<!DOCTYPE html><html><body>Sign in</body></html>", "it is a page and no JSON"},
		{"list", "[" + feedOf() + "]", "it is no JSON object"},
		{"word", "connected", "it is no JSON object"},
		{"cut", feedOf(row)[:60], "it breaks off"},
		{"cut in a text", feedOf(row)[:70], "it breaks off"},
		{"broken", "{\"schema\":1,\n\"at\": now}", "it is broken JSON in line 2"},
		{"two", feedOf() + "\n" + feedOf(), "it is broken JSON in line 2"},
		{"no UTF-8", strings.Replace(feedOf(row), "cafe", "caf\xe9", 1), "it is not in UTF-8"},
		{"large", feedOf(row) + strings.Repeat(" ", 1<<20), "it is larger than 1 MiB"},
		{"deep", `{"schema":1,"at":` + deep + `}`, "deeper than 32 levels"},
		{"very deep", `{"a":` + strings.Repeat("[", 20_000), "deeper than 32 levels"},
		{"not quite so deep", `{"schema":1,"at":` + deep[1:63] + `}`, "at is a list, and has to be a text"},

		{"no schema", `{"at":"2026-11-23T11:00:00Z","connections":[]}`, "schema is missing"},
		{"other schema", `{"schema":2,"tenants":[]}`, `schema is "2", and this program reads schema 1`},
		{"schema as text", strings.Replace(feedOf(), "1,", `"1",`, 1), `schema is "\"1\""`},
		{"schema twice", strings.Replace(feedOf(), `{`, `{"schema":1,`, 1), "schema is there twice"},
		{"schema in capitals", strings.Replace(feedOf(), `schema`, `Schema`, 1), `"Schema" is no field here`},
		{"schema null", strings.Replace(feedOf(), "1", "null", 1), `schema is "null"`},

		{"unknown field", strings.Replace(feedOf(), `"at"`, `"tenant":3,"at"`, 1), `"tenant" is no field here. Known are at, connections, schema`},
		{"no at", `{"schema":1,"connections":[]}`, "at is missing"},
		{"no connections", `{"schema":1,"at":"2026-11-23T11:00:00Z"}`, "connections is missing"},
		{"at is a number", strings.Replace(feedOf(), `"2026-11-23T11:00:00Z"`, `1795431342`, 1), "at is a number, and has to be a text"},
		{"at without zone", strings.Replace(feedOf(), `00Z`, `00`, 1), `at is "2026-11-23T11:00:00", and has to be a time`},
		{"at ahead", strings.Replace(feedOf(), `11:00:00Z`, `12:05:01Z`, 1), "at is 5 minutes ahead of this computer's clock"},
		{"at long ago", strings.Replace(feedOf(), `2026`, `2025`, 1), "at is more than a year ago"},
		{"connections null", `{"schema":1,"at":"2026-11-23T11:00:00Z","connections":null}`, "connections is null, and has to be a list"},
		{"connections as an object", `{"schema":1,"at":"2026-11-23T11:00:00Z","connections":{}}`, "connections is an object, and has to be a list"},

		{"row is a text", feedOf(`"x"`), "connections[0] is a text, and has to be an object"},
		{"second row is a list", feedOf(row, `[]`), "connections[1] is a list, and has to be an object"},
		{"no platform", feedOf(`{"account":"a","status":"warning"}`), "connections[0].platform is missing"},
		{"no account", feedOf(`{"platform":"x","status":"warning"}`), "connections[0].account is missing"},
		{"no status", feedOf(`{"platform":"x","account":"a"}`), "connections[0].status is missing"},
		{"unknown platform", feedOf(strings.Replace(row, `"x"`, `"myspace"`, 1)), `connections[0].platform is "myspace", which is no platform. Known are facebook, instagram, linkedin, tiktok, x`},
		{"unknown status", feedOf(strings.Replace(row, `connected`, `ok`, 1)), `connections[0].status is "ok", which is no status. Known are connected, disconnected, warning`},
		{"status by colour", feedOf(strings.Replace(row, `"connected"`, `true`, 1)), "connections[0].status is true or false, and has to be a text"},
		{"field twice", with(`"status":"warning"`), "connections[0].status is there twice"},
		{"field twice, escaped", with(`"st\u0061tus":"warning"`), "connections[0].status is there twice"},
		{"unknown field of a row", with(`"Status":"warning"`), `connections[0]."Status" is no field here`},
		{"account of signs", feedOf(strings.Replace(row, `@cafe`, ` @\u200b `, 1)), "connections[0].account names nobody"},
		{"same account", feedOf(row, strings.Replace(row, "@cafe", "CAFE ", 1)), "connections[1].account is the same account as connections[0]"},
		{"expires null", with(`"expires":null`), "connections[0].expires is null, and has to be a text"},
		{"expires a day", with(`"expires":"2026-12-01"`), `connections[0].expires is "2026-12-01", and has to be a time`},
		{"expires never", with(`"expires":"0001-01-01T00:00:00Z"`), "connections[0].expires is 0001-01-01, when no permission ends"},
		{"error is a number", with(`"error":190`), "connections[0].error is a number, and has to be a text"},
		{"a token in a wrong place", feedOf(strings.Replace(row, `connected`, "EAAB"+strings.Repeat("x", 40), 1)), "[removed: access token]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := parse([]byte(c.in), noon)
			var said *Error
			if !errors.As(err, &said) || said.What == "" || said.Do == "" {
				t.Fatalf("got %v, %v", f, err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %q,\nand not   %q", err, c.says)
			}
			if strings.Contains(err.Error(), strings.Repeat("x", 30)) {
				t.Errorf("it says a secret: %v", err)
			}
			if len(f.Connections) > 0 {
				t.Errorf("something of it is used: %v", f)
			}
		})
	}
}

// TestTaken: what is unusual and right is taken.
func TestTaken(t *testing.T) {
	for name, in := range map[string]string{
		"byte order mark":   "\uFEFF" + feedOf(row),
		"no connections":    feedOf(),
		"five minutes":      strings.Replace(feedOf(row), "11:00:00Z", "12:05:00Z", 1),
		"another zone":      strings.Replace(feedOf(row), "11:00:00Z", "23:30:00.5+12:00", 1),
		"same name twice":   feedOf(row, strings.Replace(row, `"x"`, `"tiktok"`, 1)),
		"nearly a megabyte": feedOf(row) + strings.Repeat(" ", 1<<20-len(feedOf(row))),
	} {
		if _, err := parse([]byte(in), noon); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCleaned: what comes in is cleaned, and what is secret is taken out.
func TestCleaned(t *testing.T) {
	in := feedOf(`{"platform":"facebook","account":"Caf\u00e9\u202e \u001b[31mred owner@example.com","status":"disconnected",` +
		`"error":"(#190) \u001b]0;x\u0007 for owner@example.com:\naccess_token=abcdefgh12345678 and hunter2secret"}`)
	f, err := parse([]byte(in), noon, "hunter2secret")
	if err != nil {
		t.Fatal(err)
	}
	c := f.Connections[0]
	if got := c.Account.String(); strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, "owner@example.com") {
		t.Errorf("account %q", got)
	}
	got := c.Error.String()
	for _, secret := range []string{"abcdefgh12345678", "hunter2secret", "owner@example.com", "\x1b", "\a"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is still in %q", secret, got)
		}
	}
	if !strings.Contains(got, "(#190)") || !strings.Contains(got, "\n") {
		t.Errorf("the words are gone: %q", got)
	}
}

func TestFind(t *testing.T) {
	ig := func(name string) Connection {
		return Connection{Platform: platforms.Instagram, Account: text.Line(name)}
	}
	one := Feed{Connections: []Connection{ig("@cafe"), {Platform: platforms.X, Account: text.Const("@other")}}}
	two := Feed{Connections: []Connection{ig("@cafe"), ig("Bar Central")}}
	for _, c := range []struct {
		feed    Feed
		account string
		want    string // empty: none
	}{
		{one, "@cafe", "@cafe"}, {one, " CAFE", "@cafe"}, {one, "", "@cafe"}, {one, "Café Central", "@cafe"},
		{two, "cafe", "@cafe"}, {two, "bar  central", "Bar Central"}, {two, "", ""}, {two, "caf", ""},
		{Feed{}, "", ""}, {Feed{Connections: one.Connections[1:]}, "@other", ""},
	} {
		got, ok := c.feed.Find(platforms.Instagram, text.Line(c.account))
		if got.Account.String() != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, %v", c.account, got.Account, ok)
		}
	}
}

func TestStale(t *testing.T) {
	f := Feed{At: noon}
	for age, want := range map[time.Duration]bool{0: false, -time.Minute: false, StaleAfter: false, StaleAfter + 1: true} {
		if got := f.Stale(noon.Add(age)); got != want {
			t.Errorf("after %v: %v", age, got)
		}
	}
}

// FuzzFeed: whatever comes in, it ends in a feed that holds to the format, or in
// an error for a person; and what was taken is taken again.
func FuzzFeed(f *testing.F) {
	f.Add(example(f))
	for _, in := range []string{feedOf(), feedOf(row, row), `{"schema":1`, "<html>", "{}", `{"schema":1,"at":[[[]]]}`, "\uFEFF" + feedOf(row), feedOf(row) + "\v",
		feedOf(`{"platform":"x","account":"\ud800","status":"connected","error":"access_token=abcdefgh12345678"}`)} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := parse(raw, noon)
		if err != nil {
			if said := (*Error)(nil); !errors.As(err, &said) || text.Line(err.Error()).Empty() || len(got.Connections) > 0 {
				t.Fatalf("%q: %v, %v", raw, err, got)
			}
			return
		}
		if !json.Valid([]byte(strings.TrimPrefix(string(raw), "\uFEFF"))) {
			t.Fatalf("%q is no JSON", raw)
		}
		again, err := parse([]byte(wire(t, got)), noon)
		if err != nil || shownAs(t, again) != shownAs(t, got) {
			t.Fatalf("%q\nonce  %s\ntwice %s, %v", raw, shownAs(t, got), shownAs(t, again), err)
		}
	})
}

// wire writes a feed as it comes in.
func wire(t testing.TB, f Feed) string {
	t.Helper()
	words := map[platforms.Colour]string{}
	for word, c := range colours {
		words[c] = word
	}
	var rows []string
	for _, c := range f.Connections {
		one := map[string]any{"platform": c.Platform, "account": c.Account, "status": words[c.Colour]}
		if !c.Expires.IsZero() {
			one["expires"] = c.Expires
		}
		if !c.Error.Empty() {
			one["error"] = c.Error
		}
		rows = append(rows, shownAs(t, one))
	}
	return fmt.Sprintf(`{"schema":1,"at":%s,"connections":[%s]}`, shownAs(t, f.At), strings.Join(rows, ","))
}
