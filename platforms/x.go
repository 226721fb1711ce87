package platforms

import "reconnect/platforms/text"

// x is X. What is known about it lies in the folder x.
func x() Service { return known(Service{ID: X, Name: text.Const("X")}) }
