package live

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"reconnect/platforms"
)

// TestIntrospectRefused: that LinkedIn does not take the app's secret says nothing of the
// grant, whatever words come with it.
func TestIntrospectRefused(t *testing.T) {
	for _, body := range []string{`{"error":"invalid_client"}`, `{"message":"Unauthorized","status":401}`, `{"anything":1}`} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "introspectToken") {
				answering(401, body)(w, r)
				return
			}
			answering(200, `{"sub":"AbC","name":"Mika Novak"}`)(w, r)
		})
		c := testClient(t, platforms.LinkedIn, "", f.URL)
		r := c.Verify(t.Context(), testGrant(c), Plan{Only: []string{"token", "login"}})
		token, login := r.Finding("token"), r.Finding("login")
		if token.Outcome != platforms.Unsure || token.Cause != platforms.AppMisconfigured || login.Outcome != platforms.Pass {
			t.Errorf("%s: %+v, login %s", body, token, login.Outcome)
		}
	}
}

// TestHeaders: headers without an end are an answer that is too large.
func TestHeaders(t *testing.T) {
	f := newFake(t, answering(200, `{}`, "X-Long", strings.Repeat("x", 80<<10)))
	_, err := testClient(t, platforms.X, "", f.URL).do(t.Context(), call{method: http.MethodGet, url: f.URL + "/2"})
	if fault, ok := errors.AsType[*Fault](err); !ok || fault.Kind != TooLarge || f.count("") != 1 {
		t.Errorf("%v, asked %d times", err, f.count(""))
	}
}

// TestRetryAfterNothing: a platform that says to come back at once is given a moment.
func TestRetryAfterNothing(t *testing.T) {
	f := newFake(t, answering(503, `{}`, "Retry-After", "0"))
	c := testClient(t, platforms.X, "", f.URL)
	var waits []time.Duration
	c.jitter = func(d time.Duration) time.Duration { return d }
	c.sleep = func(ctx context.Context, d time.Duration) error { waits = append(waits, d); return ctx.Err() }
	_, _ = c.do(t.Context(), call{method: http.MethodGet, url: f.URL + "/2"})
	if len(waits) != 2 || waits[0] < firstWait || waits[1] < 2*firstWait {
		t.Errorf("waits %v", waits)
	}
}
