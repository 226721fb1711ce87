package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// obj is a JSON object.
type obj = map[string]any

// A reply is an answer that is ready to be sent.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// with is the reply with a header more.
func (r reply) with(name, value string) reply {
	r.header.Set(name, value)
	return r
}

func (r reply) write(rw http.ResponseWriter) {
	for name, values := range r.header {
		rw.Header()[name] = values
	}
	rw.WriteHeader(r.status)
	_, _ = rw.Write(r.body) // the client may be gone
}

// say is a reply in JSON.
func say(status int, body any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // only maps, slices, texts and numbers come here
	}
	return reply{status, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, text}
}

// page is a reply for eyes: the text of a web page, as a person could paste it.
func page(status int, text string) reply {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return reply{status, http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		[]byte("<!doctype html>\n<html><head><title>sim</title></head><body><p>" + text + "</p></body></html>\n")}
}

// back sends the browser back to the app. tail comes behind the query.
func back(redirect string, query url.Values, tail string) reply {
	sep := "?"
	if strings.Contains(redirect, "?") {
		sep = "&"
	}
	return reply{http.StatusFound, http.Header{"Location": {redirect + sep + query.Encode() + tail}}, nil}
}
