// Hello is the least a program can do: what starting costs without us.
package main

import "fmt"

func main() { fmt.Println("hello") }
