package ptytest

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestSVG(t *testing.T) {
	t.Parallel()
	x := Start(t, own(t, "codes", `CODES=\e[H\e[1;31mred\e[m <&>\n表x ●\n╭──╮\n\e[7mback\e[m \e[48;2;1;2;3m  \e[mx\n`))
	picture := string(x.Sees("╭──╮", "back   x").SVG("reconnect <1>"))
	for _, want := range []string{
		`<title>reconnect &lt;1&gt;</title>`,
		`x="14" y="54.5" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#f0716b" font-weight="bold">red<`,
		`>&lt;&amp;&gt;<`,
		`textLength="16.8" lengthAdjust="spacingAndGlyphs" fill="#d6dbe3">表<`,
		`x="30.8"`, // what follows the wide character
		`<path d="M39.2 86L26.6 86M22.4 86L26.6 86"`,
		`fill="#010203"`,
		`fill="#14171c">back<`,
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %s in\n%s", want, picture)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v\n%s", err, picture)
		}
	}
	if other := string(x.SVG("reconnect <1>")); other != picture {
		t.Error("the same screen makes two pictures")
	}
}
