package ptytest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

var built = sync.OnceValues(build)

// Build builds the program at the module's root, once for each test process,
// and returns its path. The file outlives the test; the next build of the
// same checkout replaces it, so they do not pile up.
func Build(t testing.TB) string {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatalf("ptytest: %v", err)
	}
	return bin
}

func build() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := buildDir(root)
	if err != nil {
		return "", fmt.Errorf("no place for the program: %w", err)
	}
	// Test processes of several packages build at the same time: each builds
	// its own file and puts it into place in one move.
	own, err := os.MkdirTemp(dir, "building-")
	if err != nil {
		return "", fmt.Errorf("no place for the program: %w", err)
	}
	defer func() { _ = os.RemoveAll(own) }() // left behind, it is only in the way
	name := "reconnect"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	made := filepath.Join(own, name)
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", made, ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	bin := filepath.Join(dir, name)
	if err := os.Rename(made, bin); err != nil {
		return "", fmt.Errorf("put the program into place: %w", err)
	}
	return bin, nil
}

// buildDir returns a directory of this user's own that belongs to the
// checkout at root.
func buildDir(root string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return os.MkdirTemp("", "ptytest-")
	}
	sum := sha256.Sum256([]byte(root))
	dir := filepath.Join(cache, "reconnect-ptytest", fmt.Sprintf("%x", sum[:8]))
	return dir, os.MkdirAll(dir, 0o700)
}

// moduleRoot walks up from the working directory, which is the package's
// directory in a test.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}
