package platforms

import "reconnect/platforms/text"

// facebook is Facebook. What is known about it lies in the folder facebook.
func facebook() Service { return known(Service{ID: Facebook, Name: text.Const("Facebook")}) }
