package live

import (
	"errors"
	"slices"
	"strings"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// The list of errors speaks of Aibrify's app, since that is whose connection is
// mended. What follows says the same of an app of one's own, where it is the one
// that asked.

// refusesSecret are the signatures that say, at the token endpoint, that the
// credentials of the app do not fit.
var refusesSecret = []string{
	"facebook.token.error-validating-client-secret", "linkedin.token.invalid-client", "tiktok.token.invalid-client",
	"x.token.invalid-client", "common.token.invalid-client", "common.words.client",
}

// wantsSecret are those that say so of an app from which no secret came.
var wantsSecret = []string{"x.token.unauthorized-client"}

// ownApp is a verdict in the words of whoever owns the app that asked: what is
// wrong with that app is theirs to mend.
func (c *Client) ownApp(v explain.Verdict) explain.Verdict {
	if c.App.Aibrify {
		return v
	}
	v.Meaning = text.Line(strings.NewReplacer(
		"That is Aibrify's to mend", "That is yours to mend",
		"Only Aibrify can", "Only you can",
		"The person can do nothing about it.", "That is yours to mend.",
		"The app's own password does not fit.", "The client secret of your app does not fit.",
		"Aibrify's app", "your app", "Aibrify's daily", "Your app's daily",
		"The app ", "Your app ", "the app's", "your app's", "The app's", "Your app's", "of the app ", "of your app ",
	).Replace(v.Meaning.String()))
	v.Meaning = text.Line(sentence(v.Meaning.String()))
	if v.Cause != platforms.AppMisconfigured {
		return v
	}
	v.Owner = platforms.Operator
	if v.Next.Step == platforms.Support {
		do, known := ownMends[v.Signature]
		if !known {
			do = text.Format("Compare the settings of your app at %s with those in config.toml.", c.Service.Name)
		}
		v.Next = explain.Next{Step: explain.Fix, Do: []text.Safe{do, text.Const("This says nothing of Aibrify's connection.")}}
	}
	return v
}

var addCredits = text.Const("Add credits for your app in X's developer console.")

// ownMends are what mends an app of one's own where its settings are not what is
// wrong, by the signature (fact sheet 5.3).
var ownMends = map[string]text.Safe{
	"x.api.402":                     addCredits,
	"x.api.credits":                 addCredits,
	"x.words.credits":               addCredits,
	"x.api.client-not-enrolled.403": text.Const("Put your app into Pay-per-use and Production in X's developer console."),
	"x.api.416":                     text.Const("X suspended your app. Look in X's developer console what it asks for."),
}

// sentence is words that begin with a capital.
func sentence(words string) string {
	if rest, found := strings.CutPrefix(words, "your "); found {
		return "Your " + rest
	}
	return words
}

// ownGrant is a verdict about a grant that an app of one's own was given: that it
// ended says nothing of Aibrify's, unless a new password ended both.
func (c *Client) ownGrant(v explain.Verdict) explain.Verdict {
	if c.App.Aibrify {
		return v
	}
	switch v.Cause {
	case platforms.TokenExpired, platforms.PermissionRevoked:
		v.Meaning = ended(v.Meaning)
		v.Next = explain.Next{Step: platforms.Reconnect, Do: []text.Safe{again}}
	case platforms.PasswordChanged:
		v.Next = explain.Next{Step: platforms.Reconnect, Do: []text.Safe{again,
			text.Const("If Aibrify's connection is older than the new password, reconnect it, too.")}}
	default:
		return c.ownApp(v)
	}
	return v
}

var again = text.Const("Sign in again with your app.")

// ended says why the sign-in of one's own app is over.
func ended(why text.Safe) text.Safe {
	words := why.String()
	for _, about := range []string{" Aibrify may no longer act for this person.", " Aibrify may no longer act for it."} {
		words = strings.TrimSuffix(words, about)
	}
	for _, begin := range []string{"The ", "Access "} {
		if rest, found := strings.CutPrefix(words, begin); found {
			words = strings.ToLower(begin) + rest
		}
	}
	return text.Format("The sign-in of your own app has ended: %s That says nothing of Aibrify's.", text.Line(words))
}

// owned is an error of a login or a renewal with the verdict in such words.
func owned(err error, word func(explain.Verdict) explain.Verdict) error {
	var refused *LoginError
	if !errors.As(err, &refused) {
		return err
	}
	next := *refused
	next.Verdict = word(refused.Verdict)
	return &next
}

// mended is what to do by a verdict, empty if it says nothing.
func mended(v *explain.Verdict) text.Safe {
	if v == nil {
		return text.Safe{}
	}
	return text.Join(" ", v.Next.Do...)
}

// unlessTold is the same where the platform may have said when to come back: then that
// time counts, and none of ours.
func unlessTold(v *explain.Verdict, until time.Time) text.Safe {
	if !until.IsZero() {
		return text.Safe{}
	}
	return mended(v)
}

// passes tells whether a cause is one that time mends.
func passes(cause platforms.Cause) bool {
	return slices.Contains([]platforms.Cause{platforms.RateLimited, platforms.PlatformOutage}, cause)
}

// comeBack is when to ask again. A time that a platform names beside another cause
// is about its calls, and mends nothing.
func comeBack(cause platforms.Cause, at time.Time) time.Time {
	if !passes(cause) {
		return time.Time{}
	}
	return at
}
