package explain

import (
	"slices"
	"testing"
	"unicode/utf8"

	"reconnect/platforms"
	"reconnect/platforms/text"
)

func seeds(f *testing.F) {
	for _, r := range lines[row](f, "testdata/errors.jsonl") {
		f.Add(r.Example)
	}
	for _, d := range lines[sample](f, "testdata/errors-dev.jsonl") {
		f.Add(d.Text)
	}
}

// FuzzExplain: whatever is pasted, a verdict keeps its promises.
func FuzzExplain(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		if len(raw) > 64<<10 {
			return
		}
		v, _, err := Paste(raw, "")
		if err != nil {
			t.Fatal(err)
		}
		mustHold(t, v)
	})
}

// mustHold tests what is true of every verdict.
func mustHold(t interface{ Errorf(string, ...any) }, v Verdict) {
	if (v.Confidence == Unknown) != (v.Cause == platforms.UnknownCause) {
		t.Errorf("confidence %s of cause %s", v.Confidence, v.Cause)
	}
	if !slices.Contains(platforms.Causes(), v.Cause) || !slices.Contains(platforms.Owners(), v.Owner) {
		t.Errorf("cause %q, owner %q", v.Cause, v.Owner)
	}
	if v.Platform != UnknownPlatform && !slices.Contains(platforms.IDs(), v.Platform) {
		t.Errorf("platform %q", v.Platform)
	}
	if v.Meaning.Empty() || v.Next.Step == "" || len(v.Next.Do) == 0 || len(v.Next.Do) > 4 {
		t.Errorf("says %q, %s, %v", v.Meaning, v.Next.Step, v.Next.Do)
	}
	if unclear := v.Cause == platforms.UnknownCause && v.Connection; unclear != (len(v.Questions) > 0) || len(v.Questions) > maxQuestions {
		t.Errorf("%d questions at cause %s", len(v.Questions), v.Cause)
	}
	if slices.Contains(v.Also, v.Cause) || len(v.Also) > maxAlso {
		t.Errorf("%s also %v", v.Cause, v.Also)
	}
}

// FuzzRead: the fields stand where they say, in parts that cover the text.
func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		if len(raw) > 64<<10 {
			return
		}
		clean := text.Block(raw).String()
		view, _ := decoded(clean)
		if len(view) > len(clean) {
			t.Fatalf("decoding made %d bytes of %d", len(view), len(clean))
		}
		from := 0
		for _, r := range read(view, own()) {
			if r.from != from || r.to < r.from {
				t.Fatalf("a part from %d to %d behind %d", r.from, r.to, from)
			}
			from = r.to
			for _, f := range r.fields {
				if f.at < r.from || f.at >= r.to || utf8.ValidString(view) && !utf8.ValidString(f.value) {
					t.Fatalf("field %q = %q at %d in %d–%d", f.name, f.value, f.at, r.from, r.to)
				}
			}
		}
		if from != len(view) {
			t.Fatalf("the parts end at %d of %d", from, len(view))
		}
		if folded := fold(view); len(folded.out) > 2*len(view)+2 {
			t.Fatalf("folding made %d bytes of %d", len(folded.out), len(view))
		}
	})
}
