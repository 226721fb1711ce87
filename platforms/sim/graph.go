package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// graphVersion is the current version of Meta's Graph API, of 29 July 2026 [M-VER, D].
const graphVersion = "v26.0"

// longLife is how long Meta's exchanged tokens live: 60 days [M-LONG, M-IGAT, D].
const longLife = 60 * 24 * time.Hour

// A graphError is Meta's error. Its status is usually 400, even for a dead token
// [M-ERR, D; status C].
type graphError struct {
	Code, Subcode int
	Message       string
	Transient     bool
}

// graphFail is the answer for an error, in Meta's shape, with the header that
// Meta adds to bearer errors [U].
func graphFail(s *State, e graphError) reply {
	inner := obj{"message": e.Message, "type": "OAuthException", "code": e.Code, "fbtrace_id": s.random(letters, 23)}
	if e.Subcode != 0 {
		inner["error_subcode"] = e.Subcode
	}
	status := http.StatusBadRequest
	if e.Transient {
		inner["is_transient"], status = true, http.StatusInternalServerError
	}
	answer := say(status, obj{"error": inner})
	if e.Code == 190 {
		answer = answer.with("WWW-Authenticate", fmt.Sprintf("OAuth \"Facebook Platform\" \"invalid_token\" %q", e.Message))
	}
	return answer
}

func graphMissing(s *State, c *call) reply {
	return graphFail(s, graphError{Code: 100, Message: "Unsupported request - method type: " + strings.ToLower(c.r.Method)})
}

// graphDown is code 2, a temporary problem of the service [M-ERR, D].
func graphDown(s *State, _ *call) reply {
	return graphFail(s, graphError{Code: 2, Message: "Service temporarily unavailable", Transient: true})
}

// graphLimited is code 4 with usage at 100 % [M-RATE, D/C].
func graphLimited(s *State, c *call) reply {
	return usage(graphFail(s, graphError{Code: 4, Message: "(#4) Application request limit reached"}), 100, c)
}

// usage adds the headers that tell how much of the quota is used [M-RATE, C].
func usage(r reply, percent int, c *call) reply {
	regain := 0
	if percent >= 100 {
		regain = 15
	}
	return r.with("X-App-Usage", fmt.Sprintf(`{"call_count":%d,"total_time":%d,"total_cputime":%d}`, percent, percent/2, percent/3)).
		with("X-Business-Use-Case-Usage", fmt.Sprintf(
			`{"1029384756":[{"type":"pages","call_count":%d,"total_cputime":%d,"total_time":%d,"estimated_time_to_regain_access":%d}]}`,
			percent, percent/3, percent/2, regain)).
		with("facebook-api-version", graphVersion)
}

// version matches the part of a path that names a version. v20.0 ended on 24 September 2026, and
// the newest is v26.0 [M-VER, D].
var version = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v2[1-6]\.0$`) })

// graphToken is the token that a call was made with: in the header, or as a parameter.
func graphToken(c *call) string {
	if token, _ := c.bearer(); token != "" {
		return token
	}
	return c.param("access_token")
}

// dead is what is wrong with a token of Meta, or nil. Its codes and their order
// are M-ERR's; D unless marked.
func (s *State) dead(t *Issued) *graphError {
	const begin = "Error validating access token: "
	p, site := s.person(t.Site, t.Person), "facebook"
	if t.Site == Instagram {
		site = "instagram"
	}
	switch g := s.Grant(t.Site, t.App, t.Person); {
	case t.Ending == Removed, t.Ending == Revoked, g == nil:
		return &graphError{190, 458, begin + "The user has not authorized application " + t.App + ".", false}
	case p.Condition == Checkpointed:
		e := &graphError{190, 459, begin + "You cannot access the app till you log in to www." + site + ".com and follow the instructions given.", false}
		if site == "instagram" {
			e.Subcode = 0 // seen without one [C]
		}
		return e
	case p.Condition == Unconfirmed:
		return &graphError{190, 464, begin + "Sessions for the user are not allowed because the user is not a confirmed user.", false}
	case t.Ending == PasswordChanged:
		return &graphError{190, 460, begin + "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.", false}
	case t.Ending == LoggedOut:
		return &graphError{190, 467, begin + "The session is invalid because the user logged out.", false}
	case t.Ending == Inactive: // C
		return &graphError{190, 493, begin + "The app is inactive for this user.", false}
	case t.Ending != Alive:
		return &graphError{190, 0, "Access token has expired", false}
	case s.over(t):
		const layout = "Monday, 02-Jan-06 15:04:05 MST"
		return &graphError{190, 463, begin + "Session has expired on " + t.Expires.UTC().Format(layout) +
			". The current time is " + s.now().UTC().Format(layout) + ".", false}
	case p.Condition == Limited && t.Site == Instagram:
		return &graphError{25, 2207050, "The Instagram account is restricted.", false}
	case p.Condition == Limited: // C
		return &graphError{368, 1404112, "For security reasons, your account has limited access to the site for a few days", false}
	case s.now().After(g.DataUntil):
		// data calls fail after data_access_expires_at [C]; with which code is U
		return &graphError{10, 0, "(#10) Application does not have permission for this action", false}
	}
	return nil
}

// A field is one of ?fields=id,name,owner{id}.
type field struct {
	name string
	sub  []field
}

// fieldsOf reads a list of fields.
func fieldsOf(text string) []field {
	list, _ := readFields(text)
	return list
}

func readFields(text string) (list []field, rest string) {
	for text != "" {
		end := strings.IndexAny(text, ",{}")
		if end < 0 {
			end = len(text)
		}
		f := field{name: strings.TrimSpace(text[:end])}
		text = text[end:]
		if strings.HasPrefix(text, "{") {
			f.sub, text = readFields(text[1:])
		}
		if f.name != "" {
			list = append(list, f)
		}
		if strings.HasPrefix(text, "}") {
			return list, text[1:]
		}
		text = strings.TrimPrefix(text, ",")
	}
	return list, ""
}

// picked is an object with the fields asked for only. known tells which it could
// have; the first that it cannot is an error [composed]. The id is always there.
func picked(full obj, fields []field, kind string, known ...string) (obj, *graphError) {
	some := obj{"id": full["id"]}
	for _, f := range fields {
		value, ok := full[f.name]
		if !ok {
			if strings.Contains(" "+strings.Join(known, " ")+" ", " "+f.name+" ") {
				continue
			}
			return nil, &graphError{Code: 100, Message: "(#100) Tried accessing nonexisting field (" + f.name + ") on node type (" + kind + ")"}
		}
		if inner, ok := value.(obj); ok && f.sub != nil {
			less, err := picked(inner, f.sub, "IGUser")
			if err != nil {
				return nil, err
			}
			value = less
		} else if ok {
			value = obj{"id": inner["id"]}
		}
		some[f.name] = value
	}
	return some, nil
}

// number is a JSON number of digits that no float can hold.
func number(digits string) json.Number { return json.Number(digits) }
