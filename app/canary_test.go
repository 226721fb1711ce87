package app_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"reconnect/app/ptytest"
)

// canaries are access tokens of every shape that the platforms give, put together
// here so that no scanner takes this file for a leak.
func canaries() []string {
	i := 0
	word := func(n int) string { i++; return strings.Repeat(fmt.Sprintf("Canary%c", 'A'+i), n) }
	return []string{
		"EAA" + word(6),
		"1234567890123456|" + word(4),
		"IGQV" + word(5),
		"IGAA" + word(5),
		"act." + word(5) + "!4321",
		"rft." + word(5),
		"AQ" + word(8),
		"AAAAAAAAAAAAAAAAAAAAAA" + word(7),
		"12345678-" + word(5),
		"eyJ" + word(3) + "." + "eyJ" + word(3) + "." + word(4),
	}
}

// noCanary wants no token, and no long piece of one, among bytes.
func noCanary(t *testing.T, where string, got []byte) {
	t.Helper()
	for _, c := range canaries() {
		if bytes.Contains(got, []byte(c)) || bytes.Contains(got, []byte(c[len(c)-20:])) {
			t.Errorf("%s has %s", where, c)
		}
	}
}

// TestCanary pastes tokens wherever text can be given. While it is typed a person
// sees it; the draft of it, the event, the files, the reports and every later
// screen do not have it.
func TestCanary(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	all := "begin\naccess_token=" + strings.Join(canaries(), "\nthen ") + "\nend of it"
	x := at(t, home, data, ptytest.Options{})
	x.Press("e").Sees("take it").Paste(all).Sees("end of it").Signal(syscall.SIGTERM)
	ends(t, x, 0)
	if said := drafts(t, data); !strings.Contains(said, "begin") || !strings.Contains(said, "end of it") {
		t.Errorf("the draft is %q", said)
	}
	noCanary(t, "files with a draft", folderBytes(t, data))

	x = at(t, home, data, ptytest.Options{})
	x.Press("e").Sees("end of it").Press("ctrl+s").SeesSaved(5).Sees("Reconnect Instagram").Press("m").Sees("Support message").Press("1").Sees("complete").Press("ctrl+c")
	ends(t, x, 0)
	noCanary(t, "screen", x.AllOutput())

	x = at(t, home, data, ptytest.Options{})
	x.Press("n").Sees("take it").Paste(all).Sees("end of it").Press("ctrl+s").SeesSaved(6).Sees("The note is saved")
	x.Press("m").Sees("Correct the account").Press("5").Sees("The account in Aibrify").Paste(canaries()[0]).Sees("CanaryB").Press("ctrl+c")
	ends(t, x, 0)
	noCanary(t, "files with a form", folderBytes(t, data))
	for where, got := range reports(t, home, data) {
		noCanary(t, where, got)
	}
}

// TestCanaryPlain gives a token to every field of the plain face, and to the name
// of a screenshot.
func TestCanaryPlain(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := oneCase(t, home)
	for i, c := range canaries() {
		shot := filepath.Join(home, strings.ReplaceAll(c, "|", "%7C")+".png")
		writeFile(t, shot, "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
		script := fmt.Sprintf("e\n%[1]s\n.\nn\n%[1]s\n.\nm\nCorrect the account\n%[1]s\n%[1]s\n%[1]s\nm\nWait until a time\n%[1]s\n4h\n%[1]s\n1\nm\nAdd a screenshot\n%[2]s\nm\nSupport message\nq\n", c, shot)
		out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--plain", "--case", onlyCase(t, data).ID},
			Env: []string{"RECONNECT_DATA=" + data}}, script)
		if code != 0 {
			t.Fatalf("code %d %s\n%s", code, errs, out)
		}
		noCanary(t, fmt.Sprintf("plain face, token %d", i), []byte(out))
	}
	noCanary(t, "files", folderBytes(t, data))
	for where, got := range reports(t, home, data) {
		noCanary(t, where, got)
	}
}
