package text

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Made-up tokens of the right shape.
const (
	metaToken    = "EAABwzLixnjYBO7kQ2mZCZBx4yT0pLr9VhUeDs3NfGaZCJ8cK1oWqXtZD"
	igToken      = "IGQWRPa1pKZAzBPbWxkT0xhcnVLd2s5VjR6bEhQdGxNZAzdkcE1"
	igLongToken  = "IGAAJx8T2pZC5BZAE1abCdEfGhIjKlMnOpQrStUvWxYz0123456789ZD"
	ttToken      = "act.9kR2mXv7QpLw3ZtYb6Hn!4521.va"
	ttEscaped    = "rft.9kR2mXv7QpLw3ZtYb6Hn%214521.va"
	ttCode       = "uSFLGzdcnEqKo9_2fXvQ-lHwYtRb*0!4567.e1"
	liToken      = "AQXdSP_W41_UPs5ioT_t8HESyODB4FqbkJ8LrV_5mff4gPODzOYR3pZ"
	liConf       = "WPL_AP1.pQ8zLmX4vR2tYw6K.abCD12=="
	xAppToken    = "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F"
	xOAuth1Token = "2244994945-Zk3vPq8LmXw2RtYb6HnJd5Fs9GcQaTe1UoWi7Xy"
	metaAppToken = "123456789012345|aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW"
	jwt          = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	appSecret    = "0123456789abcdef0123456789abcdef"
)

var xToken = base64.RawURLEncoding.EncodeToString([]byte("Zk3vPq8LmXw2RtYb6HnJd5Fs9GcQaTe1UoWi7XyBv4:1764000000000:1:0:at:1"))

func TestRedactRemoves(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"token " + metaToken + ".", "token [removed: access token]."},
		{"https://graph.facebook.com/me?access_token=" + metaToken + "&fields=id", "https://graph.facebook.com/me?access_token=[removed: access token]&fields=id"},
		{"access_token%3D" + metaToken + "%26x", "access_token%3D[removed: access token]%26x"},
		{strings.ToLower(metaToken), "[removed: access token]"},
		{metaToken[:30] + "\n" + metaToken[30:] + "\nError 190", "[removed: access token]\nError 190"},
		{"| " + metaToken[:30] + " |\n| " + metaToken[30:] + " |\n| bye |", "| [removed: access token] |\n| bye |"},
		{metaToken[:30] + "↵" + metaToken[30:], "[removed: access token]"},
		{"access_token=EA\n" + metaToken[2:] + "\nend", "access_token=[removed: secret]\nend"},
		{metaToken[:30] + "␀" + metaToken[30:], "[removed: access token]"},
		{metaToken[:30] + "␛[2K" + metaToken[30:], "[removed: access token]"},
		{metaAppToken, "[removed: access token]"},
		{strings.Replace(metaAppToken, "|", "%7C", 1), "[removed: access token]"},
		{"a " + igToken + " b", "a [removed: access token] b"},
		{igLongToken, "[removed: access token]"},
		{`"` + ttToken + `"`, `"[removed: access token]"`},
		{ttEscaped, "[removed: access token]"},
		{"clt.2.9kR2mXv7QpLw3ZtYb6Hn-x", "[removed: access token]"},
		{"the code " + ttCode + " x", "the code [removed: sign-in code] x"},
		{strings.NewReplacer("*", "%2A", "!", "%21").Replace(ttCode), "[removed: sign-in code]"},
		{liToken, "[removed: access token]"},
		{liConf, "[removed: access token]"},
		{xToken, "[removed: access token]"},
		{"x" + xToken, "[removed: access token]"},
		{xToken[:40] + "\n" + xToken[40:], "[removed: access token]"},
		{xAppToken, "[removed: access token]"},
		{xOAuth1Token, "[removed: access token]"},
		{"id " + jwt + ", x", "id [removed: access token], x"},
		{"-----BEGIN RSA PRIVATE KEY-----\nMIIEabc+/=\nZZ\n-----END RSA PRIVATE KEY-----\nafter", "[removed: private key]\nafter"},
		{"-----BEGIN PRIVATE KEY-----\nMIIEabc+/=", "[removed: private key]"},
		{"Authorization: Basic dXNlcjpwYXNz\nHost: x", "Authorization: [removed: secret]\nHost: x"},
		{"curl -H 'Authorization: Bearer abc.def' https://x", "curl -H 'Authorization: [removed: secret]' https://x"},
		{`{"Authorization": "OAuth abc", "a": 1}`, `{"Authorization": "[removed: secret]", "a": 1}`},
		{"sent Bearer aB3dE5fG7hJ9kL1mN3pQ ok", "sent Bearer [removed: access token] ok"},
		{"Cookie: a=b; c=d\nx", "Cookie: [removed: cookie]\nx"},
		{"Set-Cookie: a=b; Path=/", "Set-Cookie: [removed: cookie]"},
		{".tiktok.com TRUE / TRUE 1790000000 ttwid abc def", ".tiktok.com TRUE / TRUE 1790000000 ttwid [removed: cookie]"},
		{"https://ann:hunter2@example.com/", "https://ann:[removed: secret]/"},
		{"client_secret=" + appSecret + "&x=1", "client_secret=[removed: secret]&x=1"},
		{`"client_secret":"` + appSecret + `"`, `"client_secret":"[removed: secret]"`},
		{`{\"client_secret\":\"` + appSecret + `\"}`, `{\"client_secret\":\"[removed: secret]\"}`},
		{"token&quot;:&quot;abc&quot;", "token&quot;:&quot;[removed: secret]&quot;"},
		{"refresh_token%3Dabc%26x%3D1", "refresh_token%3D[removed: secret]%26x%3D1"},
		{"refresh_token%253Dabc%2526x", "refresh_token%253D[removed: secret]%2526x"},
		{"code_verifier=a.b~c", "code_verifier=[removed: secret]"},
		{"client_secret=abcdef\nfbtrace_id=Ab3\ncode=190", "client_secret=[removed: secret]\nfbtrace_id=Ab3\ncode=190"},
		{xAppToken + "\ncode=190", "[removed: access token]\ncode=190"},
		{"password: hunter2", "password: [removed: secret]"},
		{"password: swordfish", "password: [removed: secret]"},
		{`"password": "correct horse"`, `"password": "[removed: secret]"`},
		{"sessionid=abc; sessionid_ss=def;", "sessionid=[removed: secret]; sessionid_ss=[removed: secret];"},
		{"oauth_signature=\"tnnArxj06cWHq44gCs1OSKk%2FjLY%3D\"", "oauth_signature=\"[removed: secret]\""},
		{"https://x/cb?code=abcdef&state=xyz123", "https://x/cb?code=[removed: sign-in code]&state=[removed: sign-in code]"},
		{"https://x/cb#state=xyz123", "https://x/cb#state=[removed: sign-in code]"},
		{"cb%3Fcode%3Dabcdefg%26a", "cb%3Fcode%3D[removed: sign-in code]%26a"},
		{"code=abcdefg&state=xyzzyx", "code=[removed: sign-in code]&state=[removed: sign-in code]"},
		{"write to ann.lee+x@mail.example.com.", "write to [removed: e-mail address]."},
		{"<jörg@müller.de>", "<[removed: e-mail address]>"},
		{"a=ann%40example.com&b", "a=[removed: e-mail address]&b"},
		{"call +49 171 1234567 now", "call [removed: phone number] now"},
		{"+1 (212) 555-0123, (212) 555-0123, 212-555-0123", "[removed: phone number], [removed: phone number], [removed: phone number]"},
		{"0049 171 1234567; 0171/1234567; 06 12 34 56 78", "[removed: phone number]; [removed: phone number]; [removed: phone number]"},
		{"%2B491711234567", "[removed: phone number]"},
	} {
		got, removed := Redact(Block(c.in))
		if got.s != c.want || len(removed) == 0 {
			t.Errorf("%q\n got %q\nwant %q", c.in, got.s, c.want)
		}
		if again, more := Redact(got); again != got || len(more) > 0 {
			t.Errorf("twice: %q became %q", got.s, again.s)
		}
	}
}

func TestRedactKeeps(t *testing.T) {
	for _, in := range []string{
		"Error validating access token: Session has expired on Tuesday, 24-Nov-26 09:00:00 PST.",
		`{"error":{"message":"Invalid OAuth 2.0 Access Token","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"AbCdEf123_xyzQWErtyUIOp"}}`,
		"code=190", "error code: 190", "code: 190 state: disconnected", "state=disconnected",
		"?error_code=190&code=190", "error=access_denied&error_reason=user_denied",
		"log_id: 202611230915300102030405060708AB", "x-request-id: 7f3c9a52-0d1e-4b7f-8c55-2f6f0a9b1c2d",
		"page 17841400000000001 and 1029384756", "urn:li:organization:2414183 urn:li:person:yrZCpj2Z12",
		"commit 40a4059eaa13c0ffee1234567890abcdef123456", "build 1234567-40a4059eaa13c0ffee1234567890abcdef123456",
		"2026-11-24 09:15:30", "2026-11-24T09:15:30+0000", "24.11.2026 09:15", "1764000000000", "v26.0", "192.168.100.20",
		"token_type=bearer, expires_in: 7200", `"has_token":false`, "access_token_invalid: the token is not valid",
		"the session: expired", "access_token_status=expired", "error: session: disconnected", "token: ***", "token_url=https://x/y", "token: missing", "session: disconnected", "invalid_grant: Token has been revoked.",
		"@mikabakes wrote at 10:00 @ home", "charm.land/bubbletea/v2@v2.1.1", "react.development.production.min.js",
		"contact.example-company-page", "Bearer authentication is required here", "authorization: the user has not approved it",
		"AQ is short, EAA too, IGQ as well", "1 000 000 000 views", "code 190 subcode 463 trace 1234567",
		"[removed: access token] and [removed: nothing]", "65601 REVOKED_ACCESS_TOKEN", "=== token ===", "scope: user.info.basic,video.publish",
	} {
		got, removed := Redact(Block(in))
		if got.s != in || len(removed) > 0 {
			t.Errorf("%q\nbecame %q", in, got.s)
		}
	}
}

func TestRedactKnown(t *testing.T) {
	const known = `pa"ss/w+ rd&é`
	inJSON := jsonForm(known)
	for _, in := range []string{
		known, url.QueryEscape(known), url.PathEscape(known), lowerHex(url.QueryEscape(known)),
		base64.StdEncoding.EncodeToString([]byte(known)), base64.URLEncoding.EncodeToString([]byte(known)),
		base64.StdEncoding.EncodeToString([]byte("user:" + known)), base64.StdEncoding.EncodeToString([]byte("me:" + known)),
		inJSON, "pa\"ss/w\x00+ rd&é", "pa\"ss/\n  w+ rd&é", "pa\u200b\"ss\x1b[31m/w+ rd&é",
	} {
		got, removed := Redact(Block("<"+in+">"), known)
		if !strings.Contains(got.s, "[removed: secret]") || len(removed) != 1 || len(got.s) > len("<[removed: secret]>")+10 {
			t.Errorf("%q: %q", in, got.s)
		}
	}
	if got, _ := Redact(Block("a b c"), "a", "", " "); got.s != "a b c" {
		t.Errorf("short values: %q", got.s)
	}
}

func TestRedactCounts(t *testing.T) {
	got, removed := Redact(Block("ann@x.com, bob@x.com " + metaToken))
	want := []Removed{{Const("access token"), 1}, {Const("e-mail address"), 2}}
	if !slices.Equal(removed, want) {
		t.Errorf("%v of %q", removed, got.s)
	}
	kept, removed := RedactSecrets(Block("ann@x.com +49 171 1234567 " + metaToken))
	if kept.s != "ann@x.com +49 171 1234567 [removed: access token]" || len(removed) != 1 {
		t.Errorf("%q %v", kept.s, removed)
	}
}

func TestRedactStaysWithinAPaste(t *testing.T) {
	in, err := Paste(strings.Repeat("a@b.co ", MaxPaste/7))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := Redact(in)
	if len(got.s) > MaxPaste || !strings.HasSuffix(got.s, "bytes more)") {
		t.Errorf("%d bytes, ends in %q", len(got.s), got.s[len(got.s)-40:])
	}
	if again, more := Redact(got); again != got || len(more) > 0 {
		t.Error("not the same twice")
	}
}

// Secrets hidden from the eye or from a pattern by what stands between their
// letters are found all the same.
func TestRedactSeesThroughDisguise(t *testing.T) {
	tokens := []string{metaToken, igToken, igLongToken, ttToken, liToken, xAppToken, xOAuth1Token, xToken, jwt}
	fillers := []string{"\u200b", "\x1b[31m", "\x00", "\u00ad", "\u202e", "\x1b[K", "\ufe0f", "\u200d", "\x90", "\u009b1m", "\x00\u0301"}
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.SampledFrom(tokens).Draw(t, "token")
		raw := token
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			at := rapid.IntRange(0, len(raw)).Draw(t, "at")
			for at < len(raw) && !strings.Contains(token, raw[at:at+1]) {
				at++ // never inside of an earlier filler
			}
			if at > 0 && strings.ContainsAny(raw[:at], "\x1b\u009b") {
				continue
			}
			raw = raw[:at] + rapid.SampledFrom(fillers).Draw(t, "filler") + raw[at:]
		}
		got, _ := Redact(Block("see " + raw + " here"))
		for i := 0; i+12 <= len(token); i++ {
			if strings.Contains(got.s, token[i:i+12]) {
				t.Fatalf("%q left %q", raw, got.s)
			}
		}
	})
}

func TestRedactWrapped(t *testing.T) {
	for _, token := range []string{metaToken, igLongToken, liToken, xAppToken, xToken} {
		for width := 22; width < len(token); width++ {
			var lines []string
			for chunk := range slices.Chunk([]byte(token), width) {
				lines = append(lines, string(chunk))
			}
			got, _ := Redact(Block("access_token:\n" + strings.Join(lines, "\n") + "\ncode 190"))
			for i := 0; i+20 <= len(token); i++ {
				if strings.Contains(got.s, token[i:i+20]) {
					t.Errorf("at %d: %q", width, got.s)
					break
				}
			}
			if !strings.HasSuffix(got.s, "\ncode 190") {
				t.Errorf("too much: %q", got.s)
			}
		}
	}
}

// dirtyText draws text out of pieces of tokens, keys and separators.
func dirtyText() *rapid.Generator[string] {
	pieces := []string{
		metaToken, igToken, ttToken, ttCode, liToken, xToken, xAppToken, xOAuth1Token, jwt, metaAppToken, appSecret,
		"token", "_", "secret", "password", "session", "signature", "=", ":", "%3D", "%253D", `\"`, `"`, "'", "&quot;", "&", "?", "#",
		"code", "state", "Authorization: ", "Cookie: ", "Bearer ", "EAA", "AQ", "eyJ", "-----BEGIN ", "-----END X-----", "://",
		"@", "a.co", "%40", "+49", "00", "212-555-0123", "171", "-", "/", "(", ")", " ", "\n", "↵", "…", "␀", "␛[", "é", "TRUE / TRUE 1 a b",
		"[removed: secret]", "[removed: ", "]", ",", ";", "\\", "*0!1", "%", "190", "|", "abc", "Word",
	}
	return rapid.Map(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 4, -1))),
		func(p []string) string { return strings.Join(p, "") })
}

func TestRedactProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRedact(t, dirtyText().Draw(t, "raw")) })
}

func checkRedact(t failer, raw string) {
	t.Helper()
	in := Block(raw)
	out, removed := Redact(in, "known value")
	again, more := Redact(out, "known value")
	if again != out || len(more) > 0 {
		t.Fatalf("%q\nbecame %q\n  then %q", in.s, out.s, again.s)
	}
	if len(removed) == 0 && out != in {
		t.Fatalf("%q silently became %q", in.s, out.s)
	}
	checkHarmless(t, Block(out.s).s)
	for i := range len(out.s) {
		if b := out.s[i]; b < ' ' && b != '\n' {
			t.Fatalf("a packed mark in %q", out.s)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		metaToken + "\nZD", "access_token=" + liToken + "&code=abcdef", `{"secret":"a\"b"}`, ttCode, xToken, jwt,
		"Cookie: a=b", "ann@example.com +49 171 1234567", "-----BEGIN X-----\nabc\n", "token=[removed: secret]x", "a TRUE / FALSE 1 n v",
		"001000000\x0000\x00 00\x7f\x0000 00 0000 00 00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) { checkRedact(t, raw) })
}

// inputs are 1 MiB each: what people paste, and the worst that can be thought of.
func inputs() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, MaxPaste/len(s)+1)[:MaxPaste] }
	return map[string]string{
		"prose":       fill("The connection was lost on Tuesday, and nobody knows why it does not come back.\n"),
		"oneline":     fill("The connection was lost on Tuesday, and nobody knows why. "),
		"json":        fill(`{"error":{"message":"Error validating access token: Session has expired","code":190,"fbtrace_id":"AbCdEf123_xyz"},"access_token":"` + metaToken + `"}`),
		"cjk":         fill("接続が切れました。もう一度ログインしてください。"),
		"emoji":       fill("👩\u200d👩\u200d👧❤\ufe0f"),
		"marks":       fill("\u0301"),
		"A":           fill("A"),
		"=":           fill("="),
		"EAA":         fill("EAA"),
		"eyJ":         fill("eyJ"),
		"eyJ.":        fill("eyJ."),
		"digits":      fill("0123456789"),
		"@":           fill("@"),
		"a@":          fill("a@"),
		"a@b.":        fill("a@b."),
		"%40":         fill("%40"),
		"%":           fill("%"),
		"+":           fill("+1"),
		"phones":      fill("1-2 "),
		"esc":         fill("\x1b["),
		"sgr":         fill("\x1b[31"),
		"nul":         fill("\x00"),
		"csi signs":   fill("\x1b[0"),
		"newlines":    fill("\n"),
		"wrapped b64": fill("abcDEF123456789012345678901234567890abcdefghijklmnopqrstuvwxyz\n"),
		"token=":      fill("token="),
		"token='":     fill("token=' "),
		"token=q":     fill(`token="&token='x&token=`),
		"code=":       fill("code=&state="),
		"cookie":      fill("cookie:"),
		"cookie'":     fill("'cookie:\""),
		"BEGIN":       fill("-----BEGIN "),
		"bearer":      fill("bearer "),
		"TRUE":        fill("TRUE "),
		"://":         fill("://a:b"),
		"codes":       fill("*0!1"),
		"pairs":       fill("1234567890123|"),
		"dashes":      fill("123456-"),
		"removed":     fill("[removed: "),
		"marked":      fill("[removed: secret]"),
		"hex":         fill("eaa0123456789abcdef"),
		"spaces":      fill(" "),
		"wraps":       fill(" \n>|"),
		"EAA\\n":      fill("EAA\n"),
		"tokenx=":     fill("tokenx="),
		"tokenx=n":    fill("tokenx=1a\n"),
		"token mark":  fill("token=[removed: secret]"),
		"token: ":     fill("token: token"),
		"xcode=":      fill("xcode="),
		"-code=":      fill("-code="),
		"bearer+":     fill("bearer+"),
		"cookie the":  fill("cookie: the user has not "),
		"token=\\n":   fill("token='\n\""),
		"act\\n":      fill("act.\nabcdefghijklmnopqrstuvwxyz"),
		"known":       fill("knownknown valu"),
	}
}

func BenchmarkClean1MiB(b *testing.B) {
	for name, in := range inputs() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(MaxPaste)
			for b.Loop() {
				_, _ = Paste(in)
				_ = Line(in)
			}
		})
	}
}

func BenchmarkRedact1MiB(b *testing.B) {
	for name, in := range inputs() {
		b.Run(name, func(b *testing.B) {
			safe, _ := Paste(in)
			b.SetBytes(MaxPaste)
			for b.Loop() {
				Redact(safe, "known value", "another secret/value+1")
			}
		})
	}
}

func ExampleRedact() {
	s, removed := Redact(Line("Authorization: Bearer abc, code 190"))
	fmt.Println(s, removed[0].Kind)
	// Output: Authorization: [removed: secret] secret
}
