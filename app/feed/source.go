package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"      //nolint:depguard // the feed is Aibrify's, no platform's: platforms know nothing of it
	"net/http" //nolint:depguard // the same
	"net/url"  //nolint:depguard // the same
	"os"
	"path/filepath"
	"strings"
	"time"

	"reconnect/platforms/text"
)

// connectTime is for making a connection (security.md, HTTP).
const connectTime = 10 * time.Second

// read reads the feed, with no time-out of its own.
func (s Source) read(ctx context.Context, token text.Secret) (Feed, error) {
	raw, known, err := s.raw(ctx, token)
	if err != nil {
		return Feed{}, err
	}
	f, err := parse(raw, s.now(), known...)
	var wrong *Error
	if errors.As(err, &wrong) { // what is wrong in it has no name of its own
		err = unread(s.name()+": "+wrong.Why, wrong.Do)
	}
	return f, err
}

// raw is what the source gives, up to one byte more than is read, and what to take
// out of its texts.
func (s Source) raw(ctx context.Context, token text.Secret) (raw []byte, known []string, err error) {
	switch {
	case s.File != "":
		raw, err = s.file()
	case s.URL != "":
		return s.fetch(ctx, token)
	case len(s.Command) > 0:
		raw, err = s.run(ctx)
	default:
		err = unread("nobody said where it is", "Name it under [feed] in config.toml.")
	}
	return raw, nil, err
}

func (s Source) file() ([]byte, error) {
	info, err := os.Stat(s.File)
	if err == nil && !info.Mode().IsRegular() {
		return nil, unread(s.name()+" is no ordinary file", "Name a file under [feed] in config.toml.")
	}
	if err != nil {
		return nil, s.fileError(err)
	}
	f, err := os.Open(s.File)
	if err != nil {
		return nil, s.fileError(err)
	}
	defer f.Close() //nolint:errcheck // only read
	raw, err := capped(f)
	if err != nil {
		return nil, s.fileError(err)
	}
	return raw, nil
}

func (s Source) fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return unread(s.name()+" is not there", "Look whether what writes it has run, or name another file under [feed] in config.toml.")
	case errors.Is(err, fs.ErrPermission):
		return unread(s.name()+" may not be read", "Check its permissions.")
	}
	return unread(s.name()+" cannot be read", "Check that it is a file, and its disk.")
}

// capped reads up to one byte more than a feed may have.
func capped(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, maxBody+1)) }

// fetch asks URL. The token goes to its host alone, and no redirect is followed.
func (s Source) fetch(ctx context.Context, token text.Secret) (raw []byte, known []string, err error) {
	req, err := s.request(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	client := s.client()
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, s.callError(err)
	}
	defer res.Body.Close() //nolint:errcheck // reading told what there was to tell
	if res.StatusCode != http.StatusOK {
		return nil, nil, s.refused(res.StatusCode, !token.Empty())
	}
	raw, err = capped(res.Body)
	if err != nil {
		return nil, nil, unread("the answer of "+s.name()+" broke off", "Try again; if it stays so, ask those who run it.")
	}
	if !token.Empty() {
		known = append(known, token.Reveal())
	}
	return raw, known, nil
}

// token is what to ask with, empty if there is none.
func (s Source) token(ctx context.Context) (text.Secret, error) {
	if s.Token == nil {
		return text.Secret{}, nil
	}
	token, err := s.Token(ctx)
	if err != nil {
		words, _ := text.Redact(text.Line(err.Error()))
		return token, &Error{What: what, Why: "its token could not be had: " + strings.TrimSuffix(words.String(), "."), Err: err}
	}
	odd := func(c rune) bool { return c <= ' ' || c > '~' }
	if strings.ContainsFunc(token.Reveal(), odd) {
		return text.Secret{}, unread("its token has characters that no token has", newToken)
	}
	return token, nil
}

const newToken = "Give the right one with: reconnect login feed."

// request is the call, which has the token in one header and nowhere else.
func (s Source) request(ctx context.Context, token text.Secret) (*http.Request, error) {
	if err := s.address(); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil) //nolint:forbidigo // Aibrify is asked here, and no platform
	if err != nil {
		return nil, unread("url is no whole address", inSettings)
	}
	req.Header.Set("Accept", "application/json")
	if !token.Empty() {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	return req, nil
}

const inSettings = "Mend url under [feed] in config.toml."

// address tells whether URL may be asked.
func (s Source) address() error {
	if wrong := wrongAddress(s.URL); wrong != "" {
		return unread(wrong, inSettings)
	}
	return nil
}

// wrongAddress says why an address may not be asked, empty if it may: over TLS, or
// on this computer.
func wrongAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return "url is no whole address, such as https://aibrify.example/connections.json"
	case u.User != nil:
		return "url has a name or a password in it, and an address is shown. Remove them: a token goes in with reconnect login feed"
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return ""
	}
	return "url does not begin with https://, and plain http goes to this computer only"
}

// Problem says what is wrong with where a feed comes from, empty if nothing is. It
// asks nobody.
func (s Source) Problem() string {
	ways := 0
	for _, on := range []bool{s.File != "", s.URL != "", len(s.Command) > 0} {
		if on {
			ways++
		}
	}
	switch {
	case ways > 1:
		return "takes exactly one of file, url and command"
	case s.File != "" && !filepath.IsAbs(s.File):
		return "file is no whole path. Begin it with the folder it is in"
	case s.URL != "":
		return wrongAddress(s.URL)
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// host is the host of an address, all of it that is shown.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "the address"
	}
	return text.Line(u.Host).String()
}

// client asks once, follows nobody and keeps no cookies.
func (s Source) client() *http.Client { //nolint:forbidigo // Aibrify is asked here, and no platform
	var c http.Client //nolint:forbidigo // the same
	if s.Client != nil {
		c = *s.Client
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Jar = nil
	if c.Transport == nil {
		c.Transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: connectTime}).DialContext,
			TLSHandshakeTimeout:    connectTime,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true, // it is asked once
		}
	}
	return &c
}

// callError says why there was no answer. The error itself is not shown: it has
// the address with its query.
func (s Source) callError(err error) error {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &name):
		return unread("the name "+s.name()+" was not found", "Check the network, and url under [feed] in config.toml.")
	case errors.As(err, &certificate):
		return unread("the certificate of "+s.name()+" was not accepted", "Check this computer's clock; else ask those who run it.")
	}
	return unread("no connection to "+s.name()+" could be made", "Check the network, then try again.")
}

// refused says what a status means.
func (s Source) refused(status int, withToken bool) error {
	at := fmt.Sprintf("%s (HTTP %d)", s.name(), status)
	switch {
	case status >= 300 && status < 400:
		return unread(at+" sends elsewhere, and nobody follows with a token", "Set url under [feed] to the address where it is.")
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		if withToken {
			return unread(at+" did not accept the token", newToken)
		}
		return unread(at+" wants a token", "Give it with: reconnect login feed.")
	case status == http.StatusNotFound || status == http.StatusGone:
		return unread(at+" has nothing at that address", inSettings)
	case status == http.StatusTooManyRequests:
		return unread(at+" was asked too often", "Ask it less often.")
	case status >= 500:
		return unread(at+" is in trouble", "Nothing is wrong here. Ask again in some minutes.")
	}
	return unread(at+" gave no feed", "Open the address yourself and see what comes.")
}
