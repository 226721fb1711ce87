package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"reconnect/app/ptytest"
	"reconnect/platforms"
)

// roleLost says that the login has no role on the Page any more.
const roleLost = `{"error":{"message":"The user associated with the Page access token does not have an appropriate role on the Page.",` +
	`"type":"OAuthException","code":190,"error_subcode":492,"fbtrace_id":"AbCdEfGhIjKlMnOp"}}`

// TestVerdict pastes an error in the middle of Reconnect: it is explained while it
// stands there and with its reasons after, it offers its next step, it survives
// kill -9, and it is in the message word for word.
func TestVerdict(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	options := ptytest.Options{Bin: ptytest.Build(t), Home: home, Args: []string{"--platform", "facebook"},
		Env: []string{"RECONNECT_DATA=" + filepath.Join(home, "data")}}
	svc, err := platforms.Get("facebook")
	if err != nil {
		t.Fatal(err)
	}
	const pasted = "Publishing failed\n" + roleLost
	x := ptytest.Start(t, options)
	x.Sees("What does Aibrify show?").Press("home")
	walk{screenWalker{t, x}, svc}.toReconnect(platforms.Red)
	x.Sees("Reconnect Facebook").Press("e").Sees("The exact error").Paste(pasted)
	x.Sees("not admin, certain", "an admin of the Page").Press("ctrl+s")
	x.Sees(fixFirst, "not admin, certain", "An Admin of the Page", putRight, "saved #5").Press("w")
	x.Sees("WHAT POINTS WHERE").Press("end").Sees("WHAT THE ERROR'S FIELDS SAY", "492: decisive").Press("b").Sees("How do you go on?")
	id := strings.Fields(strings.SplitN(x.Screen(), "case ", 2)[1])[0]
	x.Kill()

	options.Args = []string{"--case", id}
	x = ptytest.Start(t, options)
	x.Sees(fixFirst, "saved #5").Press("w").Sees("not admin, certain").Press("b", "q").Wait()

	options.Args = []string{"message", id}
	out, errs, code := ptytest.Run(t, options, "")
	if code != 0 {
		t.Fatalf("message: %d, %s", code, errs)
	}
	for line := range strings.SplitSeq(pasted, "\n") {
		if !strings.Contains(out, line) {
			t.Errorf("the message does not have %q:\n%s", line, out)
		}
	}
	if !strings.Contains(out, "not admin, certain") {
		t.Errorf("the message does not say what the error reads as:\n%s", out)
	}
}
