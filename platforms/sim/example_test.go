package sim_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/sim"
)

type example struct {
	sim.Example
	cause platforms.Cause
}

// examples are the rows of the list of errors.
func examples(t *testing.T) []example {
	t.Helper()
	raw, err := os.ReadFile("../explain/testdata/errors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var list []example
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Platform platforms.ID
			Where    string
			Match    struct{ HTTP int }
			Example  string
			Cause    platforms.Cause
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		list = append(list, example{sim.Example{Platform: row.Platform, Where: row.Where, Text: row.Example, HTTP: row.Match.HTTP}, row.Cause})
	}
	if len(list) < 150 {
		t.Fatalf("only %d rows", len(list))
	}
	return list
}

// TestExamples lets every row of the list of errors come from the imitated platform:
// bodies word for word, with their status, redirects and pages.
func TestExamples(t *testing.T) {
	clients := map[sim.Service]*client{}
	for _, svc := range []sim.Service{sim.Facebook, sim.Instagram, sim.TikTok, sim.LinkedIn, sim.X} {
		clients[svc] = newClient(t, svc)
	}
	for _, row := range examples(t) {
		c := clients[sim.Service(row.Platform)]
		if row.Platform == "any" {
			c = clients[sim.X]
		}
		fault, body := row.Fault()
		consent, page := row.Consent()
		switch {
		case body == page:
			t.Errorf("%s %s is both or neither", row.Where, row.Text)
		case body:
			c.w.Fault(c.svc, sim.Any, fault.Once())
			e := sim.Me
			a := c.ask(e, "t")
			if a.text != row.Text {
				t.Errorf("%s: got %s want %s", row.Platform, a.text, row.Text)
			}
			if row.HTTP != 0 && a.status != row.HTTP {
				t.Errorf("status %d of %s", a.status, row.Text)
			}
			if strings.HasPrefix(row.Text, `{"error":{`) && a.status != http.StatusBadRequest {
				t.Errorf("Meta's status %d of %s", a.status, row.Text)
			}
		case page:
			c.w.ConsentOnce(c.svc, consent)
			u, text := c.visit(c.authorize(nil))
			switch {
			case row.Where == "ui" && u != nil:
				t.Errorf("%s calls back: %s", row.Text, text)
			case row.Where == "ui" && !strings.Contains(text, row.Text):
				t.Errorf("%s is not on the page %s", row.Text, text)
			case row.Where == "redirect" && (u == nil || !strings.HasPrefix(u.String(), c.redirect) || sortedQuery(u.RawQuery) != sortedQuery(row.Text)):
				t.Errorf("got %s want %s", text, row.Text)
			}
		}
	}
}

// sortedQuery is a query in the order of its names.
func sortedQuery(query string) string {
	q, err := url.ParseQuery(query)
	if err != nil {
		return err.Error()
	}
	return q.Encode()
}
