package app

import "golang.org/x/sys/windows"

// hide stops the console from showing what is typed, until show is called. Nobody
// stops a program there, so again is not needed.
func hide(fd int, _ func()) (show func()) {
	console := windows.Handle(fd)
	var before uint32
	if windows.GetConsoleMode(console, &before) != nil || windows.SetConsoleMode(console, before&^windows.ENABLE_ECHO_INPUT) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleMode(console, before) } // a console that is gone needs none
}
