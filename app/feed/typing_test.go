package feed

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"reconnect/platforms/text"
)

// TestTyping: the time of the feed does not run while a person is asked for what opens
// its token.
func TestTyping(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer s.Close()
	asked := false
	src := Source{URL: s.URL, Token: func(ctx context.Context) (text.Secret, error) {
		_, limited := ctx.Deadline()
		if asked = true; limited {
			t.Error("whoever types has to hurry")
		}
		return text.NewSecret("abc"), ctx.Err()
	}}
	if _, err := src.Read(t.Context()); err == nil || !asked {
		t.Errorf("an empty answer was taken, or nobody was asked: %v", err)
	}
}
