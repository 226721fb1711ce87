package message

import (
	"regexp"
	"sync"

	"reconnect/app/ladder"
	"reconnect/platforms/text"
)

// A RequestID names one request at the platform, by which its support finds it.
type RequestID = ladder.RequestID

// requestID finds a name, what stands between (JSON, escaped JSON, a header, a
// query), and the id. What redaction marked is no id: the marks are not in it.
var requestID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(` +
		`fbtrace_id|x-fb-trace-id|x-fb-request-id|x-fb-debug|` + // Meta
		`log_id|logid|x-tt-logid|` + // TikTok
		`x-li-uuid|x-li-fabric-request-id|x-restli-request-id|` + // LinkedIn
		`x-transaction-id|` + // X
		`x-request-id|request[_-]?id|x-correlation-id|correlation[_-]?id|trace[_-]?id` + // any
		`)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([A-Za-z0-9][A-Za-z0-9._+/=:-]{4,127})`)
})

// RequestIDs are the ids of requests that s names, each once, in their order.
func RequestIDs(s text.Safe) []RequestID {
	var ids []RequestID
	seen := map[RequestID]bool{}
	for _, found := range requestID().FindAllStringSubmatch(s.String(), -1) {
		id := RequestID{Name: text.Line(found[1]), Value: text.Line(found[2])}
		if !seen[id] {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	return ids
}
