//go:build !unix

package ptytest

import (
	"os"
	"os/exec"
)

// There are no pseudo-terminals here: Start skips the test. Run works.

func inTerminal(*exec.Cmd)      {}
func withoutTerminal(*exec.Cmd) {}

func killGroup(p *os.Process) { _ = p.Kill() }

func exitCode(s *os.ProcessState) int { return s.ExitCode() }

func pollable(f *os.File) (*os.File, error) { return f, nil }
