package status

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

// unfolded is a content line as it was before it was folded.
func unfolded(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

// unescaped is a value as the text it was.
func unescaped(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n").Replace(s)
}

// TestFolding: a folded line is short everywhere, parts no character, and gives the
// text back.
func TestFolding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := text.Block(rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("\\;,\n:\" abcé漢🙂")), rapid.Rune())).Draw(t, "text")).String()
		line := folded("SUMMARY:" + escaped(in))
		if !strings.HasSuffix(line, "\r\n") || strings.ContainsAny(strings.ReplaceAll(line, "\r\n", ""), "\r\n") {
			t.Fatalf("line ends: %q", line)
		}
		for _, part := range strings.Split(strings.TrimSuffix(line, "\r\n"), "\r\n") {
			if len(part) > 75 || !utf8.ValidString(part) {
				t.Fatalf("%d octets: %q", len(part), part)
			}
		}
		value, ok := strings.CutPrefix(strings.TrimSuffix(unfolded(line), "\r\n"), "SUMMARY:")
		if !ok || unescaped(value) != in {
			t.Fatalf("%q became %q", in, unescaped(value))
		}
	})
}

// TestCalendar: a day for each end that is known, where the person is.
func TestCalendar(t *testing.T) {
	rows := []Row{
		{Platform: platforms.X, Account: text.Const("@cafe"), Expires: []End{
			{At: noon.Add(12 * time.Hour), Of: OfOwnApp, Service: "x"}, {At: noon.Add(60 * day), Of: OfAibrify}}},
		{Platform: platforms.TikTok, Account: text.Const("@cafe"), Expires: []End{}},
	}
	got := Calendar(rows, noon.In(time.FixedZone("west", -8*3600)))
	for part, want := range map[string]int{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n": 1, "END:VCALENDAR\r\n": 1, "BEGIN:VEVENT\r\n": 2, "TRIGGER:-P14D\r\n": 2, "DTSTAMP:20261123T120000Z\r\n": 2,
		"DTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261124\r\n": 1, // midnight in UTC is the day before, there
		"DTSTART;VALUE=DATE:20270122\r\nDTEND;VALUE=DATE:20270123\r\n": 1,
		"SUMMARY:X @cafe: Aibrify's permission ends\r\n":               1,
	} {
		if n := strings.Count(unfolded(got), part); n != want {
			t.Errorf("%d of %q in\n%s", n, part, got)
		}
	}
	past := []Row{{Platform: platforms.X, Account: text.Const("@cafe"), Expires: []End{{At: noon.Add(-day), Of: OfOwnApp, Service: "x"}, {At: noon.Add(-day), Of: OfAibrify}}}}
	if said := unfolded(Calendar(past, noon)); strings.Contains(said, "efore that day") || strings.Count(said, "It is over") != 2 {
		t.Errorf("what is over:\n%s", said)
	}
	later := rows
	later[0].Expires[0].At = noon.Add(90 * day)
	if uids(Calendar(later, noon)) != uids(got) {
		t.Error("an end that moved has another UID")
	}
}

func uids(calendar string) string {
	var all []string
	for line := range strings.SplitSeq(calendar, "\r\n") {
		if strings.HasPrefix(line, "UID:") {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}
