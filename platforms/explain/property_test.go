package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reconnect/platforms"
)

// A known text is one whose verdict is right, so that its variations must get the
// same.
type known struct {
	text  string
	given platforms.ID
}

func knownTexts(t testing.TB) []known {
	var list []known
	for _, r := range lines[row](t, "testdata/errors.jsonl") {
		if _, ok := r.Match["condition"]; !ok {
			list = append(list, known{r.Example, r.given()})
		}
	}
	for _, d := range lines[sample](t, "testdata/errors-dev.jsonl") {
		list = append(list, known{d.Text, ""})
	}
	return list
}

func verdict(t interface{ Fatalf(string, ...any) }, s string, given platforms.ID) Verdict {
	v, _, err := Paste(s, given)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return v
}

// stays checks that a variation of a known text gets the verdict of the text.
func stays(t *testing.T, vary func(*rapid.T, known) (string, bool)) {
	texts := knownTexts(t)
	tried := 0
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(texts).Draw(rt, "text")
		other, ok := vary(rt, k)
		if !ok {
			return
		}
		tried++
		was, now := verdict(rt, k.text, k.given), verdict(rt, other, k.given)
		if was.Cause != now.Cause || was.Platform != now.Platform || was.Connection != now.Connection {
			rt.Fatalf("%s/%s (%s) became %s/%s (%s)\n%s\n%s", was.Platform, was.Cause, was.Signature, now.Platform, now.Cause, now.Signature, k.text, other)
		}
	})
	if tried == 0 {
		t.Error("no text could be varied")
	}
}

func TestReorderedKeys(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var out bytes.Buffer
		if !strings.HasPrefix(s, "{") || shuffle(rt, d, &out) != nil || d.More() {
			return "", false
		}
		return out.String(), true
	})
}

// shuffle writes one JSON value with the keys of its objects in another order.
func shuffle(rt *rapid.T, d *json.Decoder, out *bytes.Buffer) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return json.NewEncoder(out).Encode(token)
	}
	var parts []string
	for d.More() {
		var part bytes.Buffer
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			fmt.Fprintf(&part, "%q:", key)
		}
		if err := shuffle(rt, d, &part); err != nil {
			return err
		}
		parts = append(parts, strings.TrimSpace(part.String()))
	}
	end, err := d.Token()
	if err != nil {
		return err
	}
	if open == '{' {
		parts = rapid.Permutation(parts).Draw(rt, "order")
	}
	fmt.Fprintf(out, "%s%s%s", open, strings.Join(parts, ","), end)
	return nil
}

func TestEscapedAgain(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		for range rapid.IntRange(1, 2).Draw(rt, "times") {
			quoted, err := json.Marshal(s)
			if err != nil {
				return "", false
			}
			s = `{"body":` + string(quoted) + `}`
		}
		return s, true
	})
}

// noises are lines of a log around an error. None of their numbers is a code.
var noises = []string{
	"2026-11-%02d 08:%02d:42.190 ERROR [worker-%d] ",
	"[%02d/Nov/2026:10:%02d:00 +0000] app[%d]: ",
	"E, [2026-11-%02dT08:%02d:10.511870 #%d] ERROR -- : ",
	"Nov %02d 08:%02d:42 host app[%d]: ",
	"at /srv/app/src/post.js:%d:%d pid %d\n",
	"10.0.%d.%d:%d \"POST /publish\" 2048 bytes in 463 ms\n",
}

func TestLogNoise(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		number := rapid.IntRange(10, 59)
		line := func(name string) string {
			f := rapid.SampledFrom(noises).Draw(rt, name)
			return fmt.Sprintf(f, number.Draw(rt, "a"), number.Draw(rt, "b"), number.Draw(rt, "c")*100)
		}
		return line("before") + s + "\n" + line("behind") + "done", true
	})
}

func TestOtherIDs(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		var out strings.Builder
		changed := false
		for i := 0; i < len(s); {
			end := i
			for end < len(s) && digit(s[end]) {
				end++
			}
			if end-i < 8 {
				end = max(end, i+1)
				out.WriteString(s[i:end])
			} else {
				changed = true
				for range end - i {
					out.WriteByte(byte('1' + rapid.IntRange(0, 8).Draw(rt, "digit")))
				}
			}
			i = end
		}
		return out.String(), changed
	})
}

func TestUnrelatedNumbers(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		n := strconv.Itoa(rapid.SampledFrom([]int{1, 2, 4, 10, 17, 32, 64, 88, 89, 102, 130, 190, 200, 326, 368, 458, 460, 463, 492, 65601}).Draw(rt, "number"))
		f := rapid.SampledFrom([]string{
			" took=%s ms", " size: %s", "\nport %s", " v%s.0", "\nline %s", " (%s bytes)", "\nid=%s", " retry=%s", " build #%s", "\n%s items", "\nmain.go:%s", "\nexit code %s",
		}).Draw(rt, "form")
		return s + fmt.Sprintf(f, n), true
	})
}

func TestCutBehindWhatDecides(t *testing.T) {
	stays(t, func(rt *rapid.T, k known) (string, bool) {
		s := k.text
		view, changed := decoded(s)
		if changed || view != s || strings.Contains(s, "removed") {
			return "", false
		}
		v := verdict(rt, s, k.given)
		end := 0
		for _, f := range v.Fields {
			if f.Role != Irrelevant {
				end = max(end, f.at+len(f.Name.String())+len(f.Value.String())+6)
			}
		}
		if end == 0 || end >= len(s) || v.Cause == platforms.UnknownCause {
			return "", false
		}
		end = rapid.IntRange(end, len(s)).Draw(rt, "end")
		for end < len(s) && digit(s[end]) && digit(s[end-1]) {
			end++ // half a number is another number
		}
		return s[:end], true
	})
}

func TestRandomIsNeverCertain(t *testing.T) {
	pieces := []string{"{", "}", `"`, ":", ",", "[", "]", "=", "&", "code", "error", "status", "message", "190", "460", "200", "true", " ", "\n", `\`, "%22"}
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30), func(p []string) string { return strings.Join(p, "") })).Draw(rt, "text")
		v := verdict(rt, s, "")
		if v.Confidence == Certain {
			rt.Fatalf("certain of %q: %s", s, v.Signature)
		}
		mustHold(rt, v)
	})
}

func TestRandomJSONIsNeverCertain(t *testing.T) {
	leaf := rapid.OneOf(
		rapid.Map(rapid.IntRange(-1, 99999), func(n int) any { return n }),
		rapid.Map(rapid.StringMatching(`[a-z]{1,12}( [a-z]{1,8})?`), func(s string) any { return s }),
		rapid.Just[any](nil), rapid.Just[any](true))
	names := rapid.SampledFrom([]string{"code", "error", "error_subcode", "status", "message", "type", "id", "data", "errors", "reason", "value"})
	rapid.Check(t, func(rt *rapid.T) {
		object := rapid.MapOfN(names, leaf, 0, 6).Draw(rt, "inner")
		raw, err := json.Marshal(map[string]any{names.Draw(rt, "name"): object, "size": leaf.Draw(rt, "size")})
		if err != nil {
			rt.Fatal(err)
		}
		if v := verdict(rt, string(raw), ""); v.Confidence == Certain {
			rt.Fatalf("certain of %s: %s", raw, v.Signature)
		}
	})
}
