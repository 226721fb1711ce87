package live

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// Limits of a call (security.md, HTTP).
const (
	connectTime   = 10 * time.Second
	callTime      = 30 * time.Second
	maxTries      = 3
	firstWait     = 500 * time.Millisecond // before the second try, then twice that
	maxRetryAfter = 60 * time.Second
)

// A Client asks one platform with one app. It is safe for concurrent use.
type Client struct {
	Service Service
	App     App

	http    *http.Client
	timeout time.Duration
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	jitter  func(time.Duration) time.Duration
	linger  time.Duration // how long the clean page may still be fetched
	wait    time.Duration // for the browser

	mu      sync.Mutex
	skew    time.Duration
	held    map[string]time.Time   // address of an API → not to be asked before
	secrets map[string]text.Secret // by fingerprint: to take out of whatever comes back
	renewed map[string]successor   // by the fingerprint of a spent grant
	fits    bool                   // the platform took the app's secret

	renewing sync.Mutex
}

// New is a client for s and app. It panics without a clock. Overridden endpoints must have been checked by
// [Service.Override], which is the only way to get them.
func New(s Service, app App, o Options) *Client {
	c := &Client{
		Service: s, App: app, timeout: cmp.Or(o.Timeout, callTime), now: o.Now, sleep: o.Sleep, jitter: o.Jitter,
		linger: cmp.Or(o.Linger, 2*time.Second), wait: cmp.Or(o.Wait, LoginTime),
		held: map[string]time.Time{}, secrets: map[string]text.Secret{}, renewed: map[string]successor{},
	}
	if c.now == nil {
		panic("live.New: Options.Now is nil")
	}
	if c.sleep == nil {
		c.sleep = pause
	}
	if c.jitter == nil {
		c.jitter = func(d time.Duration) time.Duration { return rand.N(d) + 1 }
	}
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	c.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.know(app.Secret.Reveal())
	return c
}

// newTransport verifies TLS by the system's roots and connects within 10 s.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connectTime}).DialContext,
		TLSHandshakeTimeout:    connectTime,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// know makes secrets values that are taken out of every answer.
func (c *Client) know(secrets ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range secrets {
		if s != "" {
			c.secrets[fingerprint(s)] = text.NewSecret(s)
		}
	}
}

// accept notes that the platform took the app's secret.
func (c *Client) accept() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fits = true
}

// Accepted tells whether the platform took the app's secret, as far as it was asked.
func (c *Client) Accepted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fits && !c.App.Secret.Empty()
}

// clean makes what a platform said safe to show and store.
func (c *Client) clean(raw string) text.Safe {
	safe, _ := text.Redact(text.Block(raw), c.known()...)
	return safe
}

// named does the same for what names an account: an id that looks like a phone
// number stays.
func (c *Client) named(raw string) text.Safe {
	safe, _ := text.RedactSecrets(text.Line(raw), c.known()...)
	return safe
}

// known are the secrets that this client has seen.
func (c *Client) known() []string {
	c.mu.Lock()
	known := make([]string, 0, len(c.secrets))
	for _, s := range c.secrets {
		known = append(known, s.Reveal())
	}
	c.mu.Unlock()
	return known
}

// Skew is this computer's clock minus the platform's, as the last answer had it;
// zero up to MaxSkew.
func (c *Client) Skew() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// A call is one request to a platform.
type call struct {
	method string
	url    string // without query
	query  url.Values
	form   url.Values  // body as a form
	json   any         // body as JSON
	bearer text.Secret // goes only to the host of url
	header map[string]string
	basic  bool // the app's id and secret in an Authorization header
	once   bool // never a second try
	plain  bool // success may come without a body: revoke
}

// An answer is what came back and was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	json   value
}

// name is the request as it may be shown: no query, no user, no secrets.
func (c *Client) name(r call) text.Safe {
	u, err := url.Parse(r.url)
	if err != nil {
		return text.Join(" ", text.Line(r.method), text.Const("an address that is none"))
	}
	return c.named(r.method + " " + u.Host + u.EscapedPath())
}

// do asks and returns an answer that the platform calls a success. Anything else
// is a [*Fault]. All tries together have the time of one call; a wait that the
// platform asked for does not count.
func (c *Client) do(ctx context.Context, r call) (answer, error) {
	left := c.timeout
	for try := 1; ; try++ {
		began := c.now()
		a, err := c.try(ctx, r, left)
		left -= c.now().Sub(began)
		if err == nil {
			return a, nil
		}
		f := faultOf(ctx, err)
		f.Request = c.name(r)
		again := r.method == http.MethodGet && !r.once && try < maxTries && transient(f)
		if !again || left <= 0 {
			return a, c.dated(r, f)
		}
		asked := time.Duration(0)
		if !f.Retry.IsZero() {
			asked = max(f.Retry.Sub(c.now()), 0)
		}
		if asked > maxRetryAfter {
			return a, f
		}
		if c.sleep(ctx, asked+c.jitter(firstWait<<(try-1))) != nil { // "0" is not at once, and not all come together
			return a, &Fault{Kind: faultOf(ctx, ctx.Err()).Kind, Request: f.Request}
		}
	}
}

// dated is a fault with when to come back, where only the platform's counters told.
func (c *Client) dated(r call, f *Fault) *Fault {
	if until := c.heldUntil(r.url); f.Retry.IsZero() && f.Cause() == platforms.RateLimited && until.After(c.now()) {
		f.Retry = until
	}
	return f
}

// transient tells what a second try may cure. A time-out has used up its time,
// and a limit without Retry-After is not to be pressed.
func transient(f *Fault) bool {
	switch {
	case f.Kind == Offline || f.Kind == CutBody:
		return true
	case f.Status == http.StatusTooManyRequests:
		return !f.Retry.IsZero()
	}
	return f.Status == 500 || f.Status == 502 || f.Status == 503 || f.Status == 504
}

// try asks once.
func (c *Client) try(ctx context.Context, r call, limit time.Duration) (answer, error) {
	if until := c.heldUntil(r.url); until.After(c.now()) {
		return answer{}, &Fault{Kind: Held, Retry: until}
	}
	req, err := c.request(r)
	if err != nil {
		return answer{}, err
	}
	a, err := c.send(ctx, req, limit)
	if err != nil {
		return a, err
	}
	c.heed(r.url, a.header)
	return c.judge(a, r.plain)
}

// request builds the request. Secrets go only where the call says.
func (c *Client) request(r call) (*http.Request, error) {
	u, err := url.Parse(r.url)
	if err != nil {
		return nil, &Fault{Kind: Offline, Detail: "the endpoint is no address"}
	}
	u.RawQuery = r.query.Encode()
	body, kind := []byte(nil), ""
	switch {
	case r.json != nil:
		if body, err = json.Marshal(r.json); err != nil {
			return nil, &Fault{Kind: WrongType}
		}
		kind = "application/json; charset=UTF-8"
	case r.form != nil:
		body, kind = []byte(r.form.Encode()), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequest(r.method, u.String(), bytes.NewReader(body)) //nolint:noctx // send gives it its context
	if err != nil {
		return nil, &Fault{Kind: Offline, Detail: "the endpoint is no address"}
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	if !r.bearer.Empty() {
		c.know(r.bearer.Reveal())
		req.Header.Set("Authorization", "Bearer "+r.bearer.Reveal())
	}
	if r.basic {
		req.SetBasicAuth(url.QueryEscape(c.App.ClientID), url.QueryEscape(c.App.Secret.Reveal()))
	}
	return req, nil
}

// send makes the call within its time and reads the body through the cap.
func (c *Client) send(outer context.Context, req *http.Request, limit time.Duration) (answer, error) {
	ctx, cancel := context.WithTimeout(outer, limit)
	defer cancel()
	req = req.WithContext(ctx)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, sendFault(outer, ctx, err)
	}
	defer res.Body.Close() //nolint:errcheck // reading told what there was to tell
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	a := answer{status: res.StatusCode, header: res.Header, body: body}
	c.measure(res.Header)
	switch {
	case len(body) > maxBody:
		return a, &Fault{Kind: TooLarge, Status: a.status}
	case err != nil:
		f := sendFault(outer, ctx, err)
		if f.Kind == Offline {
			f.Kind = CutBody
		}
		f.Status = a.status
		return a, f
	}
	return a, nil
}

// sendFault tells the end of the call's own time from the end of the caller's.
func sendFault(outer, inner context.Context, err error) *Fault {
	f := faultOf(outer, err)
	if f.Kind == Offline && errors.Is(inner.Err(), context.DeadlineExceeded) {
		return &Fault{Kind: TimedOut}
	}
	return f
}

// measure compares the clocks (security.md, Tokens).
func (c *Client) measure(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	skew := c.now().Sub(date).Round(time.Second)
	if skew.Abs() <= MaxSkew {
		skew = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew = skew
}

// judge tells a success from an error, by the status and by what the body says.
func (c *Client) judge(a answer, plain bool) (answer, error) {
	if a.status >= 300 && a.status < 400 {
		return a, &Fault{Kind: Redirected, Status: a.status}
	}
	ok := a.status >= 200 && a.status < 300
	if plain && ok && len(bytes.TrimSpace(a.body)) == 0 {
		return a, nil
	}
	v, err := parse(a.body)
	a.json = v
	switch {
	case err != nil && ok:
		f := faultOf(context.Background(), err)
		f.Status, f.Answer = a.status, c.excerpt(a.body)
		return a, f
	case err != nil:
		return a, c.mute(a, err)
	case !ok || says(v):
		return a, c.refused(a)
	}
	return a, nil
}

// says tells whether a body with a status of success is an error all the same:
// TikTok's error.code other than "ok" (fact sheet 3.2), its Business API's code
// other than 0, an OAuth error, or X's errors without data.
func says(v value) bool {
	e := v.at("error")
	switch {
	case e.at("code").there():
		return e.at("code").text() != "ok"
	case e.there():
		return e.text() != "" || len(e.list()) > 0
	case v.at("errors").there() && !v.at("data").there():
		return true
	case v.at("request_id").there() && v.at("code").there():
		return v.at("code").int() != 0
	}
	return false
}

// refused is the platform's own error, explained.
func (c *Client) refused(a answer) *Fault {
	f := &Fault{Kind: Refused, Status: a.status, Worded: true, Answer: c.clean(string(a.body))}
	f.Verdict = c.explain(a.status, f.Answer)
	f.Retry = c.retryAt(a.header)
	return f
}

// mute is an error status without JSON: a proxy's page, or nothing at all.
func (c *Client) mute(a answer, parsing error) *Fault {
	f := &Fault{Kind: Unavailable, Status: a.status, Answer: c.excerpt(a.body), Retry: c.retryAt(a.header)}
	if a.status < 500 && a.status != http.StatusTooManyRequests {
		f.Kind = faultOf(context.Background(), parsing).Kind
	}
	return f
}

// explain reads an error as a person would have pasted it.
func (c *Client) explain(status int, said text.Safe) *explain.Verdict {
	in := text.Format("HTTP %s\n%s", text.Int(status), said)
	if status >= 200 && status < 300 {
		in = said
	}
	v := explain.Explain(in, c.Service.ID)
	return &v
}

// excerpt is the beginning of a body that is no error in the platform's own form.
func (c *Client) excerpt(body []byte) text.Safe {
	const enough = 2048
	return c.clean(strings.ToValidUTF8(string(body[:min(len(body), enough)]), "\uFFFD"))
}

// retryAt is when the platform says to come back: Retry-After in seconds or as a
// date, or X's x-rate-limit-reset.
func (c *Client) retryAt(h http.Header) time.Time {
	now := c.now()
	if s := h.Get("Retry-After"); s != "" {
		if n, err := strconv.Atoi(s); err == nil && n >= 0 {
			return now.Add(time.Duration(min(n, 365*24*3600)) * time.Second)
		}
		if t, err := http.ParseTime(s); err == nil {
			return t
		}
	}
	if n, err := strconv.ParseInt(h.Get("X-Rate-Limit-Reset"), 10, 64); err == nil && n > 0 && n < 1<<40 {
		return time.Unix(n, 0).UTC()
	}
	return time.Time{}
}

// heed reads the platform's limits, so that the next call is not made into a wall
// (fact sheet 1.2, rate state; 5.2, limits).
func (c *Client) heed(address string, h http.Header) {
	until := time.Time{}
	switch {
	case h.Get("X-Rate-Limit-Remaining") == "0":
		until = c.retryAt(h)
	default:
		for _, name := range []string{"X-App-Usage", "X-Business-Use-Case-Usage"} {
			if full, minutes := usage(h.Get(name)); full {
				until = c.now().Add(max(time.Duration(minutes)*time.Minute, time.Minute))
			}
		}
		if h.Get("X-App-Usage") != "" || h.Get("X-Business-Use-Case-Usage") != "" {
			address = hostOf(address) // Meta counts the app, not the address
		}
	}
	if until.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[address] = until
}

// usage reads Meta's header: any percentage of 100 is full. minutes is how long
// until access comes back, 0 if it does not say.
func usage(raw string) (full bool, minutes int64) {
	if raw == "" || len(raw) > 16<<10 {
		return false, 0
	}
	v, err := parse([]byte(raw))
	if err != nil {
		return false, 0
	}
	var walk func(any)
	walk = func(in any) {
		switch in := in.(type) {
		case map[string]any:
			for _, name := range []string{"call_count", "total_time", "total_cputime"} {
				full = full || value{in[name]}.int() >= 100
			}
			minutes = max(minutes, value{in["estimated_time_to_regain_access"]}.int())
			for _, each := range in {
				walk(each)
			}
		case []any:
			for _, each := range in {
				walk(each)
			}
		}
	}
	walk(v.v)
	return full, min(minutes, 60*24*31)
}

func (c *Client) heldUntil(address string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, b := c.held[address], c.held[hostOf(address)]
	if a.After(b) {
		return a
	}
	return b
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
