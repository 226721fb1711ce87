package explain

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"reconnect/platforms/text"
)

// body is an error answer of 2 KB as it stands in a log: one error, with much
// beside it that decides nothing.
var body = func() string {
	var b strings.Builder
	b.WriteString(`{"request":{"method":"POST","path":"/v26.0/1029384756/feed","headers":{"content-type":"application/json","accept":"*/*"},"params":[`)
	for i := range 24 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"name":"field","value":"some value of a post","size":1024,"ok":true}`)
	}
	b.WriteString(`]},"error":{"message":"Error validating access token: The user has not authorized application 1234567890.","type":"OAuthException",`)
	b.WriteString(`"code":190,"error_subcode":458,"fbtrace_id":"AbCdEfGhIjKlMnOpQrStUvW"}}`)
	return b.String()
}()

func BenchmarkDecode2K(b *testing.B) {
	raw := []byte(body)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExplain2K reports the cost as a multiple of decoding the same text.
func BenchmarkExplain2K(b *testing.B) {
	in := text.Block(body)
	if v := Explain(in, ""); v.Signature != "facebook.api.190.458" {
		b.Fatal(v.Signature)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	var explaining, decoding time.Duration
	raw := []byte(body)
	for b.Loop() { // in turns, so that both meet the same load
		start := time.Now()
		Explain(in, "")
		half := time.Now()
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			b.Fatal(err)
		}
		explaining += half.Sub(start)
		decoding += time.Since(half)
	}
	b.ReportMetric(float64(explaining)/float64(decoding), "×decode")
	b.ReportMetric(float64(explaining.Nanoseconds())/float64(b.N), "ns/explain")
}

// BenchmarkRedact2K is what redaction costs beside it.
func BenchmarkRedact2K(b *testing.B) {
	in := text.Block(body)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		text.Redact(in)
	}
}

// large are pastes of 1 MiB, some made to be hard.
func large() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, text.MaxPaste/len(s)) }
	return map[string]string{
		"log":      fill("2026-11-23 08:15:42 INFO worker[811] posted 12 items to https://graph.facebook.com/v26.0/me/feed in 31 ms\n"),
		"errors":   fill(`{"error":{"message":"(#200) Permissions error","type":"OAuthException","code":200}}` + "\n"),
		"codes":    fill("code:1,code:2,"),
		"words":    fill("password changed not linked page "),
		"letters":  fill("a b "),
		"quotes":   fill(`message="`),
		"escapes":  fill(`\"\u00fc%25%32%35&quot;`),
		"brackets": fill("(#1"),
		"accents":  fill("ế contraseña "),
		"one word": fill("passwordpassword"),
		"cjk":      fill("密码已更改"),
	}
}

func BenchmarkExplain1M(b *testing.B) {
	for name, s := range large() {
		b.Run(name, func(b *testing.B) {
			in, err := text.Paste(s)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				Explain(in, "")
			}
		})
	}
}

// TestLarge holds every paste of 1 MiB under a second and eight times its size.
func TestLarge(t *testing.T) {
	Explain(text.Const("warm"), "")
	for name, s := range large() {
		in, err := text.Paste(s)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		Explain(in, "")
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(s))
		t.Logf("%-9s %6.1f ms, %.2f times the text in memory", name, float64(took.Microseconds())/1000, times)
		if took > time.Second || times > 8 {
			t.Errorf("%s: %v and %.1f times the text", name, took, times)
		}
	}
}
