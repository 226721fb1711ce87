package live

import (
	"net/url"
	"testing"
)

// TestRegistered: a registered address is sent as it is, with only an open port put in.
// Where the browser landed is known all the same.
func TestRegistered(t *testing.T) {
	for _, row := range []struct {
		registered, sent string
		listens          bool
		landed           string
	}{
		{"http://127.0.0.1:8989", "http://127.0.0.1:8989", true, "http://127.0.0.1:8989/"},
		{"http://127.0.0.1:8989/cb/", "http://127.0.0.1:8989/cb/", true, "http://127.0.0.1:8989/cb/"},
		{"http://localhost/cb", "http://localhost/cb", true, "http://localhost/cb"},
		{"http://localhost:80", "http://localhost:80", true, "http://localhost/"},
		{"http://127.0.0.1:*/cb", "http://127.0.0.1:7/cb", true, "http://127.0.0.1:7/cb"},
		{"http://[::1]:0", "http://[::1]:7", true, "http://[::1]:7/"},
		{"https://localhost:8443/cb", "https://localhost:8443/cb", false, "https://localhost:8443/cb"},
		{"https://app.example", "https://app.example", false, "https://app.example/"},
	} {
		s, err := x().spot(row.registered)
		if s.port == 0 {
			s.port = 7
		}
		if err != nil || s.address() != row.sent || s.listen != row.listens || x().Listens(row.registered) != row.listens {
			t.Errorf("%s: sent %s, listens %v %v, %v", row.registered, s.address(), s.listen, x().Listens(row.registered), err)
		}
		c := New(x(), testApp(), testOptions())
		c.App.Redirect = row.registered
		l := start(t, c, Ask{NoListener: true})
		p := l.Prompt()
		landed := row.landed
		if s.port == 7 {
			landed = landing(p.Redirect)
		}
		q := url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}}
		if query(t, p.URL).Get("redirect_uri") != p.Redirect || l.Paste(landed+"?"+q.Encode()) != nil {
			t.Errorf("%s: %s was not taken for %s", row.registered, landed, p.Redirect)
		}
	}
}
