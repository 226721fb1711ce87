package platforms

import (
	"slices"
	"strings"
	"sync"

	"reconnect/platforms/text"
)

// A Service is one platform as a value: its id and what is known about it. One
// Go file names it, one folder of data describes it.
//
// The copies of a Service share one guide, which is read when it is first asked
// for. It is safe for concurrent use; nobody changes a Guide that was handed out.
type Service struct {
	ID    ID
	Name  text.Safe // as the guide has it, without reading the guide
	guide func() Guide
}

// Guide is the platform's guide, the common pages with its own words in them.
// The embedded data is checked by a test, so that it panics on broken data only
// in a program that was built past its tests. To try edited data, use [Validate].
func (s Service) Guide() Guide { return s.guide() }

// services are made once, so that each reads its guide once. Making one reads nothing.
var services = []Service{instagram(), facebook(), tiktok(), linkedin(), x()}

// All are the platforms in the order of the dashboard.
func All() []Service { return slices.Clone(services) }

// Get is the platform called id. Case does not matter, and "twitter" is X.
// Another name is an [*UnknownPlatform].
func Get(id string) (Service, error) {
	name := ID(strings.ToLower(strings.TrimSpace(id)))
	if name == "twitter" {
		name = X
	}
	for _, s := range services {
		if s.ID == name {
			return s, nil
		}
	}
	return Service{}, &UnknownPlatform{Name: id, Known: IDs()}
}

// IDs are the ids of all platforms in the order of the dashboard.
func IDs() []ID { return []ID{Instagram, Facebook, TikTok, LinkedIn, X} }

// UnknownPlatform says that no platform is called Name.
type UnknownPlatform struct {
	Name  string
	Known []ID
}

func (e *UnknownPlatform) Error() string {
	known := make([]string, len(e.Known))
	for i, id := range e.Known {
		known[i] = string(id)
	}
	return "no platform is called " + quote(e.Name) + "; known are " + strings.Join(known, ", ")
}

// known gives s the guide of its data folder, read on first use.
func known(s Service) Service {
	s.guide = sync.OnceValue(func() Guide { return ownGuide(s.ID) })
	return s
}
