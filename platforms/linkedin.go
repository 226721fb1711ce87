package platforms

import "reconnect/platforms/text"

// linkedin is LinkedIn. What is known about it lies in the folder linkedin.
func linkedin() Service { return known(Service{ID: LinkedIn, Name: text.Const("LinkedIn")}) }
