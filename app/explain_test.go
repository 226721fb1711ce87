package app_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"reconnect/app/ptytest"
	"reconnect/platforms/text"
)

// TestExplainKeys holds the documented shape of explain --json.
func TestExplainKeys(t *testing.T) {
	t.Parallel()
	out, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"explain", "--json", "code 190, subcode 492, fbtrace_id=AbCdEfGhIj"}}, "")
	if code != 0 {
		t.Fatalf("%d, %s", code, errs)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"also", "cause", "confidence", "connection", "fields", "ids", "meaning", "next", "owner", "platform", "schema", "signature", "source"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
}

// TestExplainTooMuch refuses what is larger than can be taken, with its size.
func TestExplainTooMuch(t *testing.T) {
	t.Parallel()
	_, errs, code := ptytest.Run(t, ptytest.Options{Bin: ptytest.Build(t), Args: []string{"explain", "-"}}, strings.Repeat("x", text.MaxPaste+1))
	if code != 1 || !strings.Contains(errs, "1 MiB can be taken") {
		t.Errorf("%d, %s", code, errs)
	}
}
