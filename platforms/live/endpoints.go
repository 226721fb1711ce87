package live

import (
	"net/url"
	"slices"
	"strings"
)

// fields are the endpoints by the names they have in the settings.
func (e *Endpoints) fields() map[string]*string {
	return map[string]*string{
		"authorize": &e.Authorize, "token": &e.Token, "exchange": &e.Exchange, "refresh": &e.Refresh,
		"revoke": &e.Revoke, "introspect": &e.Introspect, "api": &e.API,
	}
}

// Override is s with other endpoints, by name: authorize, token, exchange, refresh,
// revoke, introspect, api. The result is marked as custom. Only https is taken, and
// plain http to this computer. Another name or address is a [*ConfigError]. It is
// the caller who looks at custom_endpoints first.
func (s Service) Override(by map[string]string) (Service, error) {
	known := s.Endpoints.fields()
	for name, address := range by {
		field, ok := known[name]
		if !ok {
			return Service{}, &ConfigError{"endpoint " + quoted(name), "there is none of this name"}
		}
		if *field == "" {
			return Service{}, &ConfigError{"endpoint " + quoted(name), s.Name.String() + " has none"}
		}
		if err := endpoint(address); err != nil {
			return Service{}, &ConfigError{"endpoint " + quoted(name), err.Error()}
		}
		*field = strings.TrimSuffix(address, "/")
		if name != "api" {
			*field = address
		}
		s.Custom = true
	}
	return s, nil
}

type addressError string

func (e addressError) Error() string { return string(e) }

// endpoint tells what is wrong with an address, or nothing.
func endpoint(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return addressError("it is no whole address")
	case u.User != nil:
		return addressError("it holds a user or a password")
	case u.RawQuery != "" || u.Fragment != "":
		return addressError("it has a query or a fragment")
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return addressError("only https is taken, and http to this computer")
}

// Listens tells whether a login to s can come back to this computer, with redirect
// as the app's own address, if it has one. Otherwise a person pastes.
func (s Service) Listens(redirect string) bool {
	if redirect == "" {
		return !s.Redirect.PasteOnly
	}
	at, err := s.spot(redirect)
	return err == nil && at.listen
}

// Hosts are the hosts that s talks to, for opening the browser and for the report.
func (s Service) Hosts() []string {
	var hosts []string
	seen := map[string]bool{}
	for _, address := range []string{s.Endpoints.Authorize, s.Endpoints.Token, s.Endpoints.API, s.Endpoints.Introspect} {
		if h := hostOf(address); h != "" && !seen[h] {
			hosts, seen[h] = append(hosts, h), true
		}
	}
	return hosts
}

// home is a fingerprint of the hosts that get a grant's tokens, empty for the
// platform's own.
func (s Service) home() string {
	if !s.Custom {
		return ""
	}
	own := s.Endpoints
	own.Authorize = "" // it gets none
	var hosts []string
	for _, address := range own.fields() {
		if u, err := url.Parse(*address); err == nil && u.Host != "" {
			hosts = append(hosts, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(hosts)
	return fingerprint(strings.Join(slices.Compact(hosts), " "))
}

// Minted tells whether g was given to this app, at the hosts that s asks. The token
// of another one is to be sent nowhere. A pasted one is asked with where the person
// who pasted it says.
func (s Service) Minted(app App, g Grant) bool {
	return g.Pasted || g.Platform == s.ID && g.Variant == s.Variant && g.Client == fingerprint(app.ClientID) &&
		g.Custom == s.Custom && g.Home == s.home()
}

func quoted(s string) string { return "\"" + clip(s) + "\"" }
