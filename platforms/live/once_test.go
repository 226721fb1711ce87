package live

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"reconnect/platforms"
)

// TestMetaOnce: what exchanges or renews a token of Meta is a GET, and is sent once all the
// same.
func TestMetaOnce(t *testing.T) {
	for _, row := range []struct {
		id      platforms.ID
		variant Variant
		grant   string // of the second exchange
	}{{platforms.Facebook, "", "fb_exchange_token"}, {platforms.Instagram, InstagramLogin, "ig_exchange_token"}, {platforms.Instagram, InstagramLogin, "ig_refresh_token"}} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.RawQuery, "grant_type="+row.grant) {
				answering(503, "", "Retry-After", "0")(w, r)
				return
			}
			answering(200, tokenAnswer)(w, r)
		})
		c := testClient(t, row.id, row.variant, f.URL)
		want := 1
		if row.grant != "ig_refresh_token" {
			c.App.Redirect = "https://app.example/cb"
			l := start(t, c, Ask{NoListener: true})
			p := l.Prompt()
			if err := l.Paste(redirectTo(p, url.Values{"code": {canaryCode}, "state": {query(t, p.URL).Get("state")}})); err != nil {
				t.Fatal(err)
			}
			if g, err := l.Wait(t.Context()); err != nil || g.Short.Empty() {
				t.Errorf("%s: %v", row.grant, err)
			}
			if n := f.count("grant_type=" + row.grant); n != want {
				t.Errorf("%s at the sign-in: sent %d times", row.grant, n)
			}
			want++
		}
		if row.grant == "ig_exchange_token" {
			continue
		}
		g := testGrant(c)
		g.Issued = g.Issued.Add(-25 * hour)
		if _, err := c.Renew(t.Context(), g, nil); err == nil {
			t.Errorf("%s: renewed by 503", row.grant)
		}
		if n := f.count("grant_type=" + row.grant); n != want {
			t.Errorf("%s: sent %d times", row.grant, n-want+1)
		}
	}
}
