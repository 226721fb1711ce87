package sim

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A Fault is what an endpoint does instead of answering as the platform would.
type Fault struct {
	// Times is after how many requests the fault is over; 0 is never.
	Times int
	serve func(http.ResponseWriter, *http.Request)
}

// armed is a fault in place.
type armed struct {
	site     Service
	endpoint Endpoint
	left     int
	fault    Fault
}

// Fault puts a fault in place, before those that are there. [API] and [Any] stand
// for several endpoints.
func (w *World) Fault(svc Service, e Endpoint, f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append([]*armed{{svc.Site(), e, f.Times, f}}, w.faults...)
}

// Repair takes away every fault of a service.
func (w *World) Repair(svc Service) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = slices.DeleteFunc(w.faults, func(a *armed) bool { return a.site == svc.Site() })
}

// covers tells whether an endpoint of a fault stands for another.
func covers(wide, e Endpoint) bool { return wide == Any || wide == e || wide == API && e.api() }

// take is the fault that a request meets, or nil.
func (w *World) take(site Service, e Endpoint) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, a := range w.faults {
		if a.site != site || !covers(a.endpoint, e) {
			continue
		}
		if a.left--; a.left == 0 {
			w.faults = slices.Delete(w.faults, i, i+1)
		}
		return &a.fault
	}
	return nil
}

// Once is the fault for one request only.
func (f Fault) Once() Fault {
	f.Times = 1
	return f
}

// Respond answers with a status, a body of JSON or text, and headers in pairs.
func Respond(status int, body string, headers ...string) Fault {
	return Fault{serve: func(rw http.ResponseWriter, _ *http.Request) {
		kind := "text/plain; charset=utf-8"
		if strings.HasPrefix(strings.TrimSpace(body), "{") {
			kind = "application/json; charset=utf-8"
		}
		rw.Header().Set("Content-Type", kind)
		for i := 0; i+1 < len(headers); i += 2 {
			rw.Header().Set(headers[i], headers[i+1])
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
	}}
}

// HTML answers with a page of a proxy in front of the platform.
func HTML(status int) Fault {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return Respond(status, "<html><head><title>"+text+"</title></head><body><center><h1>"+text+"</h1></center></body></html>",
		"Content-Type", "text/html")
}

// TooMany answers 429, with a Retry-After header unless it is empty: seconds, or a date.
func TooMany(retryAfter string) Fault {
	if retryAfter == "" {
		return Respond(http.StatusTooManyRequests, `{"message":"Too Many Requests"}`)
	}
	return Respond(http.StatusTooManyRequests, `{"message":"Too Many Requests"}`, "Retry-After", retryAfter)
}

// Slow answers nothing until release is closed, then 200 and {}. It ends early
// when the client gives up or the world is closed. A nil channel is never closed.
func Slow(release <-chan struct{}) Fault {
	return Fault{serve: func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
			_, _ = io.WriteString(rw, "{}")
		case <-r.Context().Done():
		}
	}}
}

// SlowBody sends headers and the start of a body, and then nothing more until
// release is closed.
func SlowBody(release <-chan struct{}) Fault {
	return Fault{serve: func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, `{"data":`)
		_ = http.NewResponseController(rw).Flush()
		select {
		case <-release:
			_, _ = io.WriteString(rw, "{}}")
		case <-r.Context().Done():
		}
	}}
}

// Endless sends JSON that never ends.
func Endless() Fault { return Huge(1 << 62) }

// Huge sends a JSON text of n bytes and more; 1 << 30 is a gigabyte.
func Huge(n int64) Fault {
	return Fault{serve: func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(rw, `{"data":{"id":"`); err != nil {
			return
		}
		chunk := []byte(strings.Repeat("a", 64<<10))
		for sent := int64(0); sent < n; sent += int64(len(chunk)) {
			if _, err := rw.Write(chunk); err != nil {
				return // the client is gone
			}
		}
		_, _ = io.WriteString(rw, `"}}`)
	}}
}

// Deep sends JSON that is nested n levels deep.
func Deep(n int) Fault {
	return Respond(http.StatusOK, `{"data":`+strings.Repeat("[", n)+strings.Repeat("]", n)+"}")
}

// BrokenJSON sends JSON that is none.
func BrokenJSON() Fault { return Respond(http.StatusOK, `{"data":{"id":"100",,"name":}`) }

// Empty sends 200 and nothing.
func Empty() Fault {
	return Respond(http.StatusOK, "", "Content-Type", "application/json")
}

// DuplicateKeys sends JSON in which the keys that matter are there twice.
func DuplicateKeys() Fault {
	return Respond(http.StatusOK, `{"id":"100","id":"200","sub":"100","sub":"200","access_token":"a","access_token":"b",`+
		`"data":{"id":"100","id":"200"},"data":{"id":"300"},"error":{"code":"ok"},"error":{"code":"ok"}}`)
}

// WrongTypes sends JSON whose values are of other types than documented.
func WrongTypes() Fault {
	return Respond(http.StatusOK, `{"id":100,"sub":[],"access_token":7,"expires_in":"soon","data":"none","elements":{},"error":[]}`)
}

// Cut promises more than it sends, and closes the connection.
func Cut() Fault {
	return Fault{serve: func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		rw.Header().Set("Content-Length", "4096")
		_, _ = io.WriteString(rw, `{"data":[{"id":"1029384756","na`)
		_ = http.NewResponseController(rw).Flush()
		panic(http.ErrAbortHandler) // closes the connection, and net/http keeps quiet about it
	}}
}

// Closed closes the connection without an answer.
func Closed() Fault {
	return Fault{serve: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}
}

// RedirectLoop redirects to the same address for ever.
func RedirectLoop() Fault {
	return Fault{serve: func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}}
}

// RedirectTo redirects to another address, such as one of another host.
func RedirectTo(address string) Fault {
	return Fault{serve: func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, address, http.StatusTemporaryRedirect)
	}}
}
