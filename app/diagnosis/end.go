package diagnosis

import (
	"regexp"
	"strconv"
	"sync"
	"time"

	"reconnect/platforms/text"
)

// An ending is a way in which platforms say when a limit ends.
type ending struct {
	pattern string // its group is a number
	end     func(n int64, from time.Time) time.Time
}

func in(unit time.Duration) func(int64, time.Time) time.Time {
	return func(n int64, from time.Time) time.Time { return from.Add(time.Duration(n) * unit) }
}

// endings are the ways, the exact ones first: Meta's business use case header
// counts minutes, Retry-After (RFC 9110 section 10.2.3) seconds, X's header is the
// time itself.
var endings = []ending{
	{`x-rate-limit-reset["']?\s*[:=]\s*["']?(\d{10})\b`, func(n int64, _ time.Time) time.Time { return time.Unix(n, 0).UTC() }},
	{`retry-after["']?\s*[:=]\s*["']?(\d{1,6})\b`, in(time.Second)},
	{`estimated_time_to_regain_access["']?\s*[:=]\s*["']?(\d{1,5})\b`, in(time.Minute)},
	{`\b(?:in|after|for)\s+(?:about\s+)?(\d{1,4})\s*seconds?\b`, in(time.Second)},
	{`\b(?:in|after|for)\s+(?:about\s+)?(\d{1,4})\s*min(?:ute)?s?\b`, in(time.Minute)},
	{`\b(?:in|after|for)\s+(?:about\s+)?(\d{1,3})\s*h(?:ou)?rs?\b`, in(time.Hour)},
}

var endingPatterns = sync.OnceValue(func() []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, e := range endings {
		all = append(all, regexp.MustCompile("(?i)"+e.pattern))
	}
	return all
})

// longest is the longest end that is believed: a month, as the longest quota.
const longest = 31 * 24 * time.Hour

// NamedEnd is when an error, recorded at from, says that its limit ends; zero if
// it does not say, or says nothing sensible.
func NamedEnd(said text.Safe, from time.Time) time.Time {
	for i, p := range endingPatterns() {
		found := p.FindStringSubmatch(said.String())
		if found == nil {
			continue
		}
		n, err := strconv.ParseInt(found[1], 10, 64)
		if err != nil {
			continue
		}
		if end := endings[i].end(n, from); n > 0 && end.After(from) && end.Before(from.Add(longest)) {
			return end
		}
	}
	return time.Time{}
}
