package app

import (
	"strings"
	"testing"
	"time"

	"reconnect/app/session"
	"reconnect/platforms/text"
)

// TestDue: a case whose waiting time is over says so; an ended one does not wait.
func TestDue(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.Local)
	early, late := now.Add(-time.Minute), now.Add(time.Hour)
	line := caseLine{ID: "7QK2", Platform: "x", Account: text.Const("Example"), Step: text.Const("Reconnect, waiting"), Open: true, Updated: now}
	for want, of := range map[string]struct {
		due  *time.Time
		open bool
	}{
		"due now":       {&early, true},
		localTime(late): {&late, true},
		localTime(now):  {nil, true}, // the last column is empty then
		"2026-11-23 08:59" + now.Format(" -07:00"): {&early, false},
	} {
		line.Due, line.Open = of.due, of.open
		var out strings.Builder
		if err := printCases(&out, []caseLine{line}, now); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimRight(out.String(), " \n"); !strings.HasSuffix(got, "  "+want) {
			t.Errorf("want %q at the end of\n%s", want, got)
		}
	}
}

func TestHowToReturn(t *testing.T) {
	v := session.View{Case: "75EP"}
	for want, o := range map[string]options{
		"Go on with: reconnect --case 75EP":                            {},
		"Go on with: reconnect --case 75EP --data /tmp/my-cases":       {data: "/tmp/my-cases"},
		"Go on with: reconnect --case 75EP --data d --config set.toml": {data: "d", config: "set.toml"},
	} {
		if got := howToReturn(v, o); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := endOf(session.View{}, options{}); got != "" {
		t.Errorf("without a case it says %q", got)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{-1: "unknown space", 0: "0.0 MB", 150_000: "0.1 MB", 50 << 20: "50 MB",
		81_428_322_714: "76 GB", 1<<30 - 1: "1.0 GB", 9 << 30: "9.0 GB", 3 << 40: "3.0 TB"} {
		if got := size(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
	if one, two := counted(1, "case"), counted(2, "case"); one != "1 case" || two != "2 cases" {
		t.Errorf("%q, %q", one, two)
	}
}
