package live

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"reconnect/platforms/text"
)

// Host is the host of an address, with its port if it names one.
func Host(address string) string { return hostOf(address) }

// Words say what happened, without the request.
func (f *Fault) Words() text.Safe { return text.Line(kindWords[f.Kind]) }

// Opens tells whether a browser may be sent to an address: one of the service's
// hosts, by https. Where endpoints were overridden, http to this computer will do.
func (s Service) Opens(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || !slices.Contains(s.Hosts(), u.Host) {
		return false
	}
	return u.Scheme == "https" || s.Custom && u.Scheme == "http" && loopback(u.Hostname())
}

// Reach asks whether the host of an address answers, whatever it says: HEAD of its
// root, without app, token or query. Skew is this computer's clock minus the
// host's; zero up to MaxSkew. The error is a [*Fault].
func Reach(ctx context.Context, address string, o Options) (skew time.Duration, err error) {
	c := New(Service{}, App{}, o)
	u, err := url.Parse(address)
	if err != nil {
		return 0, &Fault{Kind: Offline, Detail: "the endpoint is no address"}
	}
	req, err := http.NewRequest(http.MethodHead, u.Scheme+"://"+u.Host+"/", http.NoBody) //nolint:noctx // send gives it its context
	if err != nil {
		return 0, &Fault{Kind: Offline, Detail: "the endpoint is no address"}
	}
	if _, err := c.send(ctx, req, c.timeout); err != nil {
		return 0, faultOf(ctx, err)
	}
	return c.Skew(), nil
}
