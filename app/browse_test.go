//go:build unix

package app

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestBrowse: a browser inherits no secret, and what else the program starts still has
// what it needs.
func TestBrowse(t *testing.T) {
	dir := t.TempDir()
	seen, name := filepath.Join(dir, "environment"), openers[""][0][0]
	if own, known := openers[runtime.GOOS]; known {
		name = own[0][0]
	}
	script := "#!/bin/sh\nexport >'" + seen + "'\necho \"$1\" >>'" + seen + "'\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("EXPORT_TOKEN", "canary")
	t.Setenv("DISPLAY", ":7")
	if err := browse(t.Context(), "https://example.com/?a=1&b=2"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(seen)
	if err != nil || strings.Contains(string(raw), "canary") || !strings.Contains(string(raw), ":7") || !strings.Contains(string(raw), "https://example.com/?a=1&b=2") {
		t.Errorf("the browser got %q, %v", raw, err)
	}
	if os.Getenv("EXPORT_TOKEN") != "canary" {
		t.Error("the program lost a variable of its own")
	}
	t.Setenv("PATH", t.TempDir())
	if err := browse(t.Context(), "https://example.com"); err == nil {
		t.Error("there is no browser, and no error")
	}
}
