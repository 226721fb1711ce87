package secrets

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretPrints(t *testing.T) {
	const word = "EAAcanary"
	s := NewSecret(word)
	type holder struct {
		Shown  Secret
		hidden Secret
		List   []Secret
		Keyed  map[string]Secret
		Ptr    *Secret
	}
	h := holder{s, s, []Secret{s}, map[string]Secret{"k": s}, &s}
	var said bytes.Buffer
	for _, verb := range "vsdxXqpTtbcoOUeEfFgG" {
		for _, flags := range []string{"", "+", "#", "-40", "040.3"} {
			format := "%" + flags + string(verb)
			one := fmt.Sprintf(format, s)
			if verb != 'T' && verb != 'p' && one != redacted {
				t.Errorf("%s prints %q", format, one)
			}
			fmt.Fprintf(&said, format+format+format+"\n", s, h, &h)
		}
	}
	for _, v := range []any{s, h, &h} {
		raw, err := json.Marshal(v)
		if err != nil || !bytes.Contains(raw, []byte(redacted)) {
			t.Errorf("JSON %s, %v", raw, err)
		}
		said.Write(raw)
	}
	raw, err := xml.Marshal(s)
	if err != nil {
		t.Error(err)
	}
	said.Write(raw)
	slog.New(slog.NewTextHandler(&said, nil)).Info("x", "s", s, "h", h)
	slog.New(slog.NewJSONHandler(&said, nil)).Info("x", "s", s, "h", h)
	for _, form := range []string{word, fmt.Sprintf("%x", word), fmt.Sprintf("%X", word), strings.Trim(fmt.Sprint([]byte(word)), "[]")} {
		if strings.Contains(said.String(), form) {
			t.Errorf("%q was printed", form)
		}
	}
}

func TestSecretWipe(t *testing.T) {
	s := NewSecret("word")
	copied, own, under := s, s.clone(), s.bytes()
	if !s.Equal(NewSecret("word")) || s.Equal(NewSecret("ward")) || s.Empty() || s.Reveal() != "word" {
		t.Error("it is not the secret")
	}
	s.Wipe()
	if !s.Empty() || !copied.Empty() || string(under) != "\x00\x00\x00\x00" {
		t.Errorf("left: %q", under)
	}
	if own.Reveal() != "word" {
		t.Error("the clone was wiped, too")
	}
	Secret{}.Wipe()
	if !(Secret{}).Empty() || (Secret{}).Reveal() != "" {
		t.Error("the zero value is not empty")
	}
}
