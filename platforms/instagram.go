package platforms

import "reconnect/platforms/text"

// instagram is Instagram. What is known about it lies in the folder instagram.
func instagram() Service { return known(Service{ID: Instagram, Name: text.Const("Instagram")}) }
