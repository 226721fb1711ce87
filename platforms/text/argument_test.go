package text

import "testing"

func TestArgument(t *testing.T) {
	for _, c := range []struct{ system, word, want string }{
		{"linux", "/home/me/our cases", `'/home/me/our cases'`},
		{"linux", "it's $HOME", `'it'\''s $HOME'`},
		{"linux", "@mikabakes", `@mikabakes`},
		{"linux", "", `''`},
		{"darwin", "~/cases", `'~/cases'`},
		{"windows", `C:\cases`, `C:\cases`},
		{"windows", `C:\our cases`, `"C:\our cases"`},
		{"windows", "@mikabakes", `"@mikabakes"`},
		{"windows", `a" & b`, `"a & b"`},
	} {
		if got := Argument(c.word, c.system).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.system, got, c.want)
		}
	}
}
