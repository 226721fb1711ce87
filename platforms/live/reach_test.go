package live

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestReach tells apart why a host cannot be reached. Any answer of HTTP will do,
// and nothing but the root is asked for.
func TestReach(t *testing.T) {
	var asked []string
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String())
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		http.Redirect(w, r, "http://127.0.0.1:1/elsewhere", http.StatusFound)
	}))
	defer plain.Close()
	strange := httptest.NewTLSServer(http.NotFoundHandler())
	defer strange.Close()
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, row := range []struct {
		name, address string
		ctx           context.Context
		kind          Kind // empty: it answers
	}{
		{"answers", plain.URL + "/path?token=1", t.Context(), ""},
		{"certificate", strange.URL, t.Context(), BadTLS},
		{"nobody listens", gone.URL, t.Context(), Offline},
		{"no name", "https://nowhere.invalid/", t.Context(), NoName},
		{"slow", slow.URL, t.Context(), TimedOut},
		{"stopped", plain.URL, stopped, Cancelled},
		{"no address", "http://[::1", t.Context(), Offline},
	} {
		skew, err := Reach(row.ctx, row.address, Options{Now: time.Now, Timeout: 500 * time.Millisecond})
		var fault *Fault
		if errors.As(err, &fault) != (row.kind != "") || fault != nil && (fault.Kind != row.kind || fault.Words().Empty()) {
			t.Errorf("%s: %v", row.name, err)
		}
		if row.kind == "" && skew.Round(time.Minute) != time.Hour {
			t.Errorf("%s: skew %s", row.name, skew)
		}
	}
	if len(asked) != 1 || asked[0] != "HEAD /" {
		t.Errorf("asked: %q", asked)
	}
}

// TestOpens sends a browser only where a login leads.
func TestOpens(t *testing.T) {
	own := facebook()
	custom, err := own.Override(map[string]string{"authorize": "http://127.0.0.1:8080/dialog"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string][2]bool{
		"https://www.facebook.com/v26.0/dialog/oauth?a=1": {true, false},
		"http://www.facebook.com/v26.0/dialog/oauth":      {false, false},
		"https://www.facebook.com.example/":               {false, false},
		"https://someone@www.facebook.com/":               {false, false},
		"http://127.0.0.1:8080/dialog?a=1":                {false, true},
		"http://127.0.0.1:8081/dialog":                    {false, false},
		"file:///etc/passwd":                              {false, false},
		"--version":                                       {false, false},
	} {
		if got := [2]bool{own.Opens(address), custom.Opens(address)}; got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
