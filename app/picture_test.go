package app_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"reconnect/app/ptytest"
	"reconnect/platforms"
)

var update = flag.Bool("update", false, "draw the README's picture anew")

// picture is the README's: the program on a call, at the step that mends most connections.
var picture = filepath.Join("..", ".github", "reconnect.svg")

// TestPicture draws the README's picture with the running program and compares
// it with the one in the repository. After a wanted change:
//
//	go test ./app -run TestPicture -update
func TestPicture(t *testing.T) {
	t.Parallel()
	svc, err := platforms.Get("facebook")
	if err != nil {
		t.Fatal(err)
	}
	x := ptytest.Start(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"--platform", string(svc.ID), "--as", "agent"},
		Width: 116, Height: 36, Env: []string{"COLORTERM=truecolor"}})
	w := walk{screenWalker{t, x}, svc}
	w.toReconnect(platforms.Red)
	x.Sees(w.title("reconnect"), "saved #").Press("space").SeesSaved(5).Press("j", "space").SeesSaved(6).Press("j").Sees("▸   3")
	got := settled(x.SVG("reconnect --platform facebook --as agent"))
	if *update {
		if err := os.MkdirAll(filepath.Dir(picture), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the program draws now. If the change is wanted: go test ./app -run TestPicture -update\nThe screen:\n%s", picture, x.Screen())
	}
}

// settled replaces what differs from run to run by something as wide: the id of
// the case, and the clock of the call.
func settled(svg []byte) []byte {
	svg = regexp.MustCompile(`case [2-9A-HJ-NP-Z]{4}\b`).ReplaceAll(svg, []byte("case 7QK2"))
	return regexp.MustCompile(`\b\d\d:[0-5]\d\b`).ReplaceAll(svg, []byte("02:41"))
}
