// Reconnect repairs the connection between Aibrify and a social platform.
package main

import (
	"context"
	"os"

	"reconnect/app"
)

// version is set when a release is built.
var version = "dev"

func main() {
	os.Exit(app.Run(context.Background(), app.Program{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Version: version}))
}
