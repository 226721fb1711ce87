package ptytest

import (
	"os"
	"path/filepath"
	"testing"
)

// environment makes the directories inside o.Home and returns the variables
// of a run: nothing of the machine's own, then o.Env.
func (o Options) environment(t testing.TB) []string {
	t.Helper()
	env := []string{
		"TERM=xterm-256color",
		"LANG=C.UTF-8",
		"TZ=UTC",
		"HOME=" + o.Home,
		"USERPROFILE=" + o.Home,
	}
	for _, d := range []struct{ name, path string }{
		{"PATH", "bin"},
		{"TMPDIR", "tmp"},
		{"XDG_CONFIG_HOME", ".config"},
		{"XDG_CACHE_HOME", ".cache"},
		{"XDG_DATA_HOME", ".local/share"},
		{"XDG_STATE_HOME", ".local/state"},
		{"XDG_RUNTIME_DIR", "run"},
	} {
		path := filepath.Join(o.Home, filepath.FromSlash(d.path))
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatalf("ptytest: cannot make the program's home: %v", err)
		}
		env = append(env, d.name+"="+path)
	}
	if root := os.Getenv("SYSTEMROOT"); root != "" { // Windows starts nothing without it
		env = append(env, "SYSTEMROOT="+root)
	}
	return append(env, o.Env...)
}
