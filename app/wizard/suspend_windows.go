package wizard

import "os"

// notifyStops gives nothing: Windows stops no programs.
func notifyStops() chan os.Signal { return nil }

// Wakeable says no: there is nothing to wake the program.
func Wakeable() bool { return false }

// Run does nothing: the wizard comes back at once.
func (suspension) Run() error { return nil }
