package live

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"reconnect/platforms/text"
)

// FuzzParse: what the strict reader takes is JSON, and reading it never panics.
func FuzzParse(f *testing.F) {
	for _, s := range []string{tokenAnswer, page1, permission, `{"a":[1,{"b":null}]}`, `{"a":1,"a":2}`, "[[", "{}x", "{}\v", "<html>", `{"code":0,"request_id":"1"}`} {
		f.Add([]byte(s))
	}
	c := New(tiktokBusiness(), testApp(), testOptions())
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := parse(body)
		if err == nil && !json.Valid(body) {
			t.Errorf("%q is no JSON", body)
		}
		says(v)
		usage(string(body))
		if g, err := c.grant(v, c.now()); err == nil && !sendable(g.Access.Reveal()) {
			t.Errorf("a token that cannot be sent: %q", g.Access.Reveal())
		}
		_ = rowOf(v)
	})
}

// FuzzRedirect: no query is taken without the state.
func FuzzRedirect(f *testing.F) {
	state := strings.Repeat("s", 43)
	for _, s := range []string{"code=c&state=" + state, "code=c", "error=access_denied&state=" + state, "state=" + state + "&state=" + state, "code=c&state=%73" + state[1:], "a;b", "%zz"} {
		f.Add(s)
	}
	c := New(x(), testApp(), testOptions())
	f.Fuzz(func(t *testing.T, raw string) {
		l := &Login{client: c, state: text.NewSecret(state), prompt: Prompt{Until: c.now().Add(LoginTime)}, got: make(chan callback, 1)}
		_, took := l.take(raw)
		q, err := url.ParseQuery(raw)
		if took && (err != nil || len(q["state"]) != 1 || q.Get("state") != state || len(q["code"]) > 1) {
			t.Errorf("%q was taken", raw)
		}
		if _, again := l.take(raw); took && again {
			t.Errorf("%q was taken twice", raw)
		}
	})
}
