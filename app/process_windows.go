package app

import "os"

// private does nothing: new files inherit the rights of the person's folder.
func private() {}

// ends are the signals that end the plain face.
func ends() []os.Signal { return []os.Signal{os.Interrupt} }
