package text

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// minKnown is the shortest known value that is taken out, in bytes.
const minKnown = 4

// findKnown finds the known values in t in each of their spellings, also with
// signs and line breaks inside.
func findKnown(t string, known []string) []span {
	forms := spellings(known)
	if len(forms) == 0 {
		return nil
	}
	var spans []span
	for _, form := range forms {
		spans = append(spans, occurrences(t, form)...)
	}
	view, dropped := squeeze(t, true)
	if dropped == nil {
		return spans
	}
	var broken []span
	for _, form := range forms {
		form, _ = squeeze(form, true)
		broken = append(broken, occurrences(view, form)...)
	}
	stretch(broken, dropped)
	return append(spans, broken...)
}

func occurrences(t, form string) []span {
	var spans []span
	for at := 0; form != ""; {
		i := strings.Index(t[at:], form)
		if i < 0 {
			break
		}
		spans = append(spans, span{at + i, at + i + len(form), secret})
		at += i + len(form)
	}
	return spans
}

// spellings are the known values as they are, as cleaning leaves them, in URL,
// JSON and base64 form.
func spellings(known []string) []string {
	var forms []string
	for _, k := range known {
		k = strings.TrimSpace(k)
		if len(k) < minKnown {
			continue
		}
		forms = append(forms, k, lines(k, MaxPaste).s, jsonForm(k))
		for _, u := range []string{url.QueryEscape(k), url.PathEscape(k)} {
			forms = append(forms, u, lowerHex(u), url.QueryEscape(u))
		}
		for shift := range 3 {
			forms = append(forms, base64Form(k, shift)...)
		}
	}
	slices.Sort(forms)
	forms = slices.Compact(forms)
	return slices.DeleteFunc(forms, func(f string) bool { return len(f) < minKnown })
}

func jsonForm(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b[1 : len(b)-1])
}

// lowerHex writes the hexadecimal digits of percent escapes small.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// base64Form is what s looks like inside of base64, when shift bytes stand
// before it in its group of three. Only the characters that depend on s alone
// are part of it; the whole text of s comes as its own form.
func base64Form(s string, shift int) []string {
	padded := append(make([]byte, shift), s...)
	var forms []string
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		whole := enc.EncodeToString(padded)
		inner := whole[[]int{0, 2, 3}[shift]:]
		if len(padded)%3 != 0 {
			inner = inner[:len(inner)-1]
		}
		if shift == 0 {
			forms = append(forms, whole)
		}
		if len(inner) >= 8 {
			forms = append(forms, inner)
		}
	}
	return forms
}
