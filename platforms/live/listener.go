package live

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A listener waits for the browser on the loopback interface, for one login only.
type listener struct {
	login   *Login
	host    string // the only Host header that is answered
	path    string
	port    int
	server  *http.Server
	sockets []net.Listener
	once    sync.Once
	paged   chan struct{} // closed when the clean page was fetched
}

// listen opens the port of s: on 127.0.0.1, or for localhost on ::1 as well, since
// the name may lead to either (RFC 8252, section 8.3).
func listen(l *Login, s spot) (*listener, error) {
	open, port, err := sockets(s.host, s.port)
	if err != nil {
		return nil, err
	}
	in := &listener{
		login: l, port: port, path: s.path, sockets: open, paged: make(chan struct{}),
		host: strings.TrimSuffix(s.host+":"+strconv.Itoa(port), ":80"), // as browsers write it
	}
	in.server = &http.Server{
		Handler: in, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: headerTime,
		MaxHeaderBytes: maxQuery - 4096, // net/http adds 4096
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	in.server.SetKeepAlivesEnabled(false)
	for _, socket := range open {
		go guard(func() { _ = in.server.Serve(socket) }) // ends with close, and says just that
	}
	return in, nil
}

const headerTime = 5 * time.Second

// sockets are open ports of the same number on each address of host.
func sockets(host string, port int) ([]net.Listener, int, error) {
	addresses := []string{strings.Trim(host, "[]")}
	if host == "localhost" {
		addresses = []string{"127.0.0.1", "::1"}
	}
	const tries = 16 // a free port of one may be taken on the other
	var err error
	for range tries {
		var open []net.Listener
		if open, err = bind(addresses, port); err == nil {
			return open, open[0].Addr().(*net.TCPAddr).Port, nil
		}
		if port != 0 {
			break
		}
	}
	return nil, 0, &PortError{Port: port, Taken: taken(err)}
}

func bind(addresses []string, port int) ([]net.Listener, error) {
	var open []net.Listener
	for _, address := range addresses {
		l, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port))) //nolint:noctx // it does not wait
		switch {
		case err == nil:
			open, port = append(open, l), l.Addr().(*net.TCPAddr).Port
		case len(open) > 0 && !taken(err):
			// A computer without IPv6 has no ::1, and nobody else can have it either.
		default:
			for _, l := range open {
				_ = l.Close()
			}
			return nil, err
		}
	}
	return open, nil
}

// taken tells that another program has a port. 10048 is what Windows calls it.
func taken(err error) bool {
	number, ok := errors.AsType[syscall.Errno](err)
	return errors.Is(err, syscall.EADDRINUSE) || ok && number == 10048
}

// donePath is the clean page, without anything of the redirect.
const donePath = "/done"

// page echoes nothing.
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>reconnect</title>` +
	`<p>The answer arrived. You can close this page and go back to the terminal.</p></html>`

// ServeHTTP takes the one right answer. Everything else gets 400, and the wait
// goes on.
func (in *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	right := r.Method == http.MethodGet && r.Host == in.host
	if right && r.URL.EscapedPath() == in.path {
		if back, ok := in.login.take(r.URL.RawQuery); ok {
			h.Set("Location", donePath)
			reply(w, http.StatusSeeOther)
			in.login.answer(back)
			return
		}
	}
	switch {
	case right && r.URL.Path == donePath && r.URL.RawQuery == "":
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
		if in.login.taken() {
			in.once.Do(func() { close(in.paged) })
		}
	default:
		reply(w, http.StatusBadRequest)
		if r.URL.Path != "/favicon.ico" { // a browser asks for it by itself
			in.login.reject()
		}
	}
}

// reply answers before anybody acts on what came in: the listener may close then.
func reply(w http.ResponseWriter, status int) {
	w.WriteHeader(status)
	_ = http.NewResponseController(w).Flush() // who cannot be told any more needs no answer
}

// taken tells whether the answer came.
func (l *Login) taken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used
}

// reject counts a wrong answer. After maxBad of them the login starts again.
func (l *Login) reject() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bad++; l.bad == maxBad && !l.used {
		l.used = true
		close(l.flooded)
	}
}

// awaitPage waits until the clean page was fetched, for at most limit.
func (in *listener) awaitPage(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-in.paged:
		_ = in.server.Shutdown(ctx) // lets it be written to its end
	case <-ctx.Done():
	}
}

// close closes the port at once, also where the server has not begun to serve it.
func (in *listener) close() {
	_ = in.server.Close()
	for _, socket := range in.sockets {
		_ = socket.Close()
	}
}

// guard runs f in a goroutine that cannot take the program down. What f was to
// bring is then missed by its time-out.
func guard(f func()) {
	defer func() { _ = recover() }()
	f()
}

// loopback tells whether a host is this computer.
func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
