package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A call is one request as a handler sees it.
type call struct {
	r       *http.Request
	base    string // of this server
	query   url.Values
	form    url.Values // of the body only
	json    obj
	consent *Consent
	who     string // for the log: set by the handler that finds out
}

// param is a parameter of the query or the body.
func (c *call) param(name string) string {
	if v := c.form.Get(name); v != "" {
		return v
	}
	return c.query.Get(name)
}

// bearer is the token of the Authorization header; with other says that the header
// is there in another scheme.
func (c *call) bearer() (token string, other bool) {
	header := c.r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	if header != "" && !strings.EqualFold(scheme, "Bearer") {
		return "", true
	}
	return strings.TrimSpace(token), false
}

// A handler answers a call. It runs under the world's lock.
type handler func(*State, *call) reply

// A route is a pattern of net/http with what answers there.
type route struct {
	pattern  string
	endpoint Endpoint
	handle   handler
}

// routes are what the server of a site answers, and what is said when nothing is
// there, the platform is down, or it throttles.
func routes(site Service) (list []route, missing, down, limited handler) {
	switch site {
	case Facebook:
		return facebookRoutes(), graphMissing, graphDown, graphLimited
	case Instagram:
		return instagramRoutes(), graphMissing, graphDown, graphLimited
	case TikTok:
		return tiktokRoutes(), tiktokMissing, tiktokDown, tiktokLimited
	case LinkedIn:
		return linkedinRoutes(), linkedinMissing, linkedinDown, linkedinLimited
	default:
		return xRoutes(), xMissing, xDown, xLimited
	}
}

// Handler is the server of a service, for a test that wants to serve it itself.
func (w *World) Handler(svc Service) http.Handler {
	site := svc.Site()
	mux := http.NewServeMux()
	list, missing, down, limited := routes(site)
	for _, r := range list {
		mux.Handle(r.pattern, w.serve(site, r.endpoint, r.handle, down, limited))
	}
	mux.Handle("/", w.serve(site, unknown, missing, down, limited))
	return mux
}

// serve answers the requests of one endpoint: a fault first, then an outage or a
// limit, then what the platform says.
func (w *World) serve(site Service, e Endpoint, handle, down, limited handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, 1<<20)
		c := &call{r: r, base: "http://" + r.Host, query: r.URL.Query(), form: url.Values{}}
		if !readBody(c) {
			page(http.StatusBadRequest, "Bad Request").write(rw)
			return
		}
		e := kindOf(e, c)
		fault := w.take(site, e)
		w.mu.Lock()
		rw.Header().Set("Date", w.state.now().Add(w.skew).UTC().Format(http.TimeFormat))
		if fault != nil {
			w.note(site, e, c, 0)
			w.mu.Unlock()
			fault.serve(rw, r)
			return
		}
		var answer reply
		switch {
		case w.state.Outage[site] && e == Authorize:
			answer = page(http.StatusServiceUnavailable, "Service Unavailable")
		case w.state.Outage[site]:
			answer = down(w.state, c)
		case w.state.Limited[site] && e.api():
			answer = limited(w.state, c)
		default:
			if e == Authorize {
				next := w.next(site)
				c.consent = &next
			}
			answer = handle(w.state, c)
		}
		w.note(site, e, c, answer.status)
		w.mu.Unlock()
		answer.write(rw)
	})
}

// kindOf tells apart what platforms answer at one address.
func kindOf(e Endpoint, c *call) Endpoint {
	if e != Token {
		return e
	}
	switch grant := c.param("grant_type"); {
	case grant == "refresh_token":
		return Refresh
	case strings.HasSuffix(grant, "exchange_token"):
		return Exchange
	}
	return e
}

// meet is what every authorize page does once its parameters are right: who is
// signed in, and whether they come so far as to be asked. Where they do not, stop
// is the page they look at, and the app hears nothing.
func (s *State) meet(site Service, c *call, redirect string) (p *Person, stop *reply) {
	stopAt := func(r reply) (*Person, *reply) { return nil, &r }
	id := s.SignedIn[site]
	if c.consent.Person != "" {
		id = c.consent.Person
	}
	p = s.person(site, id)
	if p == nil {
		return stopAt(page(http.StatusOK, "Log in to continue."))
	}
	c.who = p.ID
	switch answer := c.consent.Answer; {
	case answer == Silence:
		return stopAt(page(http.StatusOK, "Log in to continue."))
	case answer == ErrorPage:
		return stopAt(page(http.StatusOK, c.consent.Text))
	case answer == Refuse:
		query, err := url.ParseQuery(c.consent.Text)
		if err != nil {
			return stopAt(page(http.StatusInternalServerError, "sim: Refuse needs a query: "+err.Error()))
		}
		query.Set("state", c.query.Get("state"))
		return stopAt(back(redirect, query, ""))
	case answer == Checkpoint, p.Condition == Checkpointed, p.Condition == Unconfirmed:
		return stopAt(page(http.StatusOK, "Confirm it is you. We need a security step before you can go on."))
	}
	return p, nil
}

// loopback tells whether a redirect is http to a host with a port of its own.
func loopback(redirect string, hosts ...string) bool {
	u, err := url.Parse(redirect)
	return err == nil && u.Scheme == "http" && u.User == nil && u.Fragment == "" && slices.Contains(hosts, u.Hostname())
}

// after tells whether a code is older than its lifetime.
func (s *State) after(c *code, lifetime time.Duration) bool { return s.now().Sub(c.at) > lifetime }
