package live

import (
	"errors"
	"slices"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// What follows makes findings of what went wrong before a check could be made: at
// the login, or when a grant was to be renewed.

// The names of the findings that are no check.
const (
	SignInCheck  = "sign_in"
	RenewalCheck = "renewal"
)

// SignInFinding is what a login that brought no grant says. The platform's own
// words about the person or the account are a failure; everything else means that
// it could not be checked.
func SignInFinding(err error, now time.Time) Finding {
	f := found(err)
	f.Check, f.Title, f.At = SignInCheck, text.Const("Does the platform take the sign-in?"), now
	return f
}

// PageFinding is what the words of a page say that the platform showed instead of
// coming back, at the sign-in to an app: an error page, or a step that it asks of the
// person.
func PageFinding(s Service, app App, words text.Safe, now time.Time) Finding {
	said := (&Client{Service: s, App: app}).ownApp(explain.Explain(words, s.ID))
	return SignInFinding(&LoginError{Where: "page", Says: words, Verdict: said}, now)
}

// RenewalFinding is what the platform says to renewing a grant, or why it was not
// asked to. It is false if err is neither: then it is about this computer.
func RenewalFinding(err error, now time.Time) (Finding, bool) {
	var refused *LoginError
	var fault *Fault
	var harm *HarmError
	if !errors.As(err, &refused) && !errors.As(err, &fault) && !errors.As(err, &harm) {
		return Finding{}, false
	}
	f := found(err)
	f.Check, f.Title, f.At = RenewalCheck, text.Const("Does the platform renew the grant?"), now
	return f, true
}

// found is what an error of a login or a renewal says.
func found(err error) Finding {
	f := said(err)
	if answered(err) {
		f.Grade = platforms.Probed
	}
	return f
}

func said(err error) Finding {
	var refused *LoginError
	var fault *Fault
	var silence *TimeoutError
	var harm *HarmError
	switch {
	case errors.As(err, &refused):
		v, retry := refused.Verdict, comeBack(refused.Verdict.Cause, refused.Retry)
		f := Finding{Outcome: platforms.Unsure, Answer: refused.Says, Verdict: &v, Cause: v.Cause, Also: v.Also,
			Says: v.Meaning, Field: decided(&v), Retry: retry, Mend: unlessTold(&v, retry), Err: err}
		if v.Connection && !slices.Contains(notTheAccount, v.Cause) {
			f.Outcome, f.Err = platforms.Fail, nil
		}
		return f
	case errors.As(err, &fault):
		return Finding{Outcome: platforms.Unsure, Answer: fault.Answer, Verdict: fault.Verdict, Cause: fault.Cause(),
			Request: fault.Request, Says: text.Format("Could not check: %s.", text.Line(fault.happened())), Mend: fault.mend(), Retry: comeBack(fault.Cause(), fault.Retry), Err: err}
	case errors.As(err, &silence):
		return Finding{Outcome: platforms.Unsure, Says: text.Const("Nothing came back from the browser in time. A cancelled sign-in, a closed window and an error page look the same from here."), Err: err}
	case errors.As(err, &harm):
		return Finding{Outcome: platforms.Unsure, Says: text.Format("The access ran out, and is not renewed here. %s", harm.Reason),
			Mend: text.Const("Look at what Aibrify's dashboard shows."), Err: err}
	}
	return Finding{Outcome: platforms.Unsure, Says: text.Format("Could not check: %s.", text.Line(err.Error())), Err: err}
}
