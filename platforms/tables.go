package platforms

// Detours are what to do about each cause, in the order in which they are tried.
func Detours() []Detour { return nil }

// Rules are what facts say about causes.
func Rules() []Rule { return nil }

// OwnCaution are the figures that no source gives.
func OwnCaution() Caution { return Caution{} }
