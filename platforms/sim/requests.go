package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// A Request is one line of the log: who asked what. Tokens, codes, verifiers and
// secrets are taken out of it.
type Request struct {
	At       time.Time
	Site     Service
	Endpoint Endpoint
	Method   string
	Path     string
	Query    string // of the address
	Form     string // of the body
	Who      string // the person behind the token or at the browser; empty if nobody was found
	Token    string // a fingerprint of the bearer token, the same for the same token
	Basic    bool   // the client sent an Authorization: Basic header
	Version  string // the LinkedIn-Version header
	Status   int    // 0 for a fault
}

// Requests is the log so far, oldest first.
func (w *World) Requests() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// Forget empties the log.
func (w *World) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = nil
}

// Await waits until the endpoint was asked n times since the log was last emptied.
func (w *World) Await(ctx context.Context, svc Service, e Endpoint, n int) error {
	for {
		w.mu.Lock()
		asked, found := w.asked, 0
		for _, r := range w.requests {
			if r.Site == svc.Site() && covers(e, r.Endpoint) {
				found++
			}
		}
		w.mu.Unlock()
		if found >= n {
			return nil
		}
		select {
		case <-asked:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// note writes a call into the log. The world is locked.
func (w *World) note(site Service, e Endpoint, c *call, status int) {
	token, _ := c.bearer()
	if token == "" {
		token = c.r.Header.Get("Access-Token")
	}
	if token == "" {
		token = c.param("access_token")
	}
	who := c.who
	if t := w.state.Tokens[token]; t != nil && who == "" {
		who = t.Person
	}
	_, _, basic := c.r.BasicAuth()
	w.requests = append(w.requests, Request{
		At: w.state.now(), Site: site, Endpoint: e, Method: c.r.Method, Path: c.r.URL.Path,
		Query: redacted(c.query), Form: redacted(c.form), Who: who, Token: fingerprint(token),
		Basic: basic, Version: c.r.Header.Get("LinkedIn-Version"), Status: status,
	})
	close(w.asked)
	w.asked = make(chan struct{})
}

// fingerprint tells tokens apart and gives none away.
func fingerprint(token string) string {
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:4])
}

// redacted is a query without the values that are secret.
func redacted(v url.Values) string {
	shown := url.Values{}
	for name, values := range v {
		switch name {
		case "client_id", "client_key", "redirect_uri", "scope", "response_type", "response_mode", "grant_type",
			"code_challenge_method", "auth_type", "config_id", "disable_auto_auth", "force_reauth", "force_authentication",
			"enable_fb_login", "extras", "fields", "user.fields", "limit", "after", "q", "role", "state_filter",
			"start", "count", "projection", "business_id", "token_type_hint":
			shown[name] = values
		default:
			shown[name] = []string{"[redacted]"}
		}
	}
	return shown.Encode()
}

// readBody reads what was posted: a form, or JSON whose texts are kept as a form.
func readBody(c *call) bool {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch {
	case c.r.Body == nil || c.r.Body == http.NoBody:
		return true
	case kind == "application/json":
		if c.r.ContentLength == 0 {
			return true
		}
		if err := json.NewDecoder(c.r.Body).Decode(&c.json); err != nil {
			return c.r.ContentLength < 0 && c.json == nil // an empty body of unknown length
		}
		for name, value := range c.json {
			if text, ok := value.(string); ok {
				c.form.Set(name, text)
			}
		}
		return true
	default:
		err := c.r.ParseForm()
		c.form = c.r.PostForm
		return err == nil
	}
}
