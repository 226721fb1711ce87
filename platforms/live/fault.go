package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reconnect/platforms"
	"reconnect/platforms/explain"
	"reconnect/platforms/text"
)

// A Kind says why the platform could not be asked, or what its answer was.
type Kind string

// The kinds of a Fault.
const (
	Offline      Kind = "offline"       // no connection
	NoName       Kind = "no_name"       // the name was not found
	BadTLS       Kind = "tls"           // the certificate or the handshake
	WrongClock   Kind = "clock"         // a certificate that is not valid at this computer's time
	TimedOut     Kind = "timeout"       // the time-out ended it
	Cancelled    Kind = "cancelled"     // the caller ended it
	Redirected   Kind = "redirected"    // the API sent elsewhere, which is not followed
	TooLarge     Kind = "too_large"     // more than 1 MiB
	EmptyBody    Kind = "empty"         // no body
	CutBody      Kind = "cut"           // the connection ended in mid-body
	NotJSON      Kind = "not_json"      // HTML or another text
	BrokenJSON   Kind = "broken_json"   // begins as JSON and is none
	TooDeep      Kind = "too_deep"      // more than 32 levels
	DuplicateKey Kind = "duplicate_key" // a key twice, so nobody knows which one counts
	WrongType    Kind = "wrong_type"    // a field missing or of another type
	Held         Kind = "held"          // not asked, because the platform's limit is used up
	Refused      Kind = "refused"       // the platform answered with an error of its own
	Unavailable  Kind = "unavailable"   // a status without words: 5xx, 429
)

// A Fault is why a call brought no usable answer. It holds neither token nor
// query, and no error of another library, because those print both.
type Fault struct {
	Kind    Kind
	Request text.Safe // method, host and path
	Status  int       // HTTP status; 0 without an answer
	Detail  string    // our own words
	Answer  text.Safe // the platform's answer word for word, redacted
	Verdict *explain.Verdict
	Retry   time.Time // when the platform says to come back
	// Worded: the platform itself said what is wrong, in its own error format.
	Worded bool
}

var kindWords = map[Kind]string{
	Offline:      "no connection could be made",
	NoName:       "the name of the host was not found",
	BadTLS:       "the connection is not secure: the certificate was not accepted",
	WrongClock:   "the certificate is not valid at the time that this computer's clock shows; check the clock",
	TimedOut:     "no whole answer came in time",
	Cancelled:    "it was cancelled",
	Redirected:   "the answer sends elsewhere, and API calls follow nobody",
	TooLarge:     "the answer is larger than 1 MiB, or its headers than 64 KiB",
	EmptyBody:    "the answer is empty",
	CutBody:      "the answer broke off",
	NotJSON:      "the answer is no JSON",
	BrokenJSON:   "the answer is broken JSON",
	TooDeep:      "the answer is nested deeper than 32 levels",
	DuplicateKey: "the answer has a key twice",
	WrongType:    "the answer is not of the documented form",
	Held:         "not asked, because the platform's limit is used up",
	Refused:      "the platform refused",
	Unavailable:  "the platform cannot answer now",
}

// kindMends are what to do about what a person can do something about.
var kindMends = map[Kind]text.Safe{
	Offline: network, NoName: network, BadTLS: network,
	WrongClock: text.Const("Set the clock of this computer right, then ask again."),
	TimedOut:   text.Const("Ask again. If it stays so, check the network of this computer."),
	Cancelled:  {},
}

var (
	network = text.Const("Check the network, a proxy and the clock of this computer, then ask again.")
	between = text.Const("Ask again in an hour. If it stays so, see whether a proxy answers in the platform's place.")
)

// mend is what to do where the platform itself said nothing, not even when to come back.
func (f *Fault) mend() text.Safe {
	how, known := kindMends[f.Kind]
	switch {
	case f.Worded, !f.Retry.IsZero():
		return text.Safe{}
	case known:
		return how
	}
	return between
}

// answered tells whether whoever was asked said anything.
func answered(err error) bool {
	fault, isFault := errors.AsType[*Fault](err)
	return err == nil || isFault && fault.Status != 0 || as[*LoginError](err)
}

// Error is what happened, for a caller.
func (f *Fault) Error() string {
	if f.Request.Empty() {
		return f.happened()
	}
	return f.Request.String() + ": " + f.happened()
}

// happened is the same without the request.
func (f *Fault) happened() string {
	s := kindWords[f.Kind]
	if f.Status != 0 {
		s += " (HTTP " + strconv.Itoa(f.Status) + ")"
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// Unwrap lets errors.Is find the end of a context.
func (f *Fault) Unwrap() error {
	if f.Kind == TimedOut {
		return context.DeadlineExceeded
	}
	if f.Kind == Cancelled {
		return context.Canceled
	}
	return nil
}

// Cause is the cause that the fault names, empty if none.
func (f *Fault) Cause() platforms.Cause {
	switch {
	case f.Verdict != nil && f.Verdict.Cause != platforms.UnknownCause:
		return f.Verdict.Cause
	case f.Kind == Held || f.Status == 429:
		return platforms.RateLimited
	case f.Status >= 500:
		return platforms.PlatformOutage
	}
	return ""
}

// faultOf turns an error of net/http into a fault. ctx is the caller's, so that
// the end of a call's own time-out is told from the caller's.
func faultOf(ctx context.Context, err error) *Fault {
	var known *Fault
	if errors.As(err, &known) {
		return known
	}
	for _, k := range netKinds {
		if k.is(ctx, err) {
			return &Fault{Kind: k.kind}
		}
	}
	return &Fault{Kind: Offline}
}

// netKinds are asked in this order.
var netKinds = []struct {
	kind Kind
	is   func(context.Context, error) bool
}{
	{Cancelled, func(ctx context.Context, _ error) bool { return errors.Is(ctx.Err(), context.Canceled) }},
	{TimedOut, func(ctx context.Context, err error) bool {
		return ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || timeout(err)
	}},
	{NoName, func(_ context.Context, err error) bool { return as[*net.DNSError](err) }},
	{WrongClock, expired},
	{BadTLS, func(_ context.Context, err error) bool {
		return as[*tls.CertificateVerificationError](err) || as[x509.UnknownAuthorityError](err) ||
			as[x509.HostnameError](err) || as[x509.CertificateInvalidError](err) ||
			as[tls.RecordHeaderError](err) || as[tls.AlertError](err)
	}},
	{TooLarge, func(_ context.Context, err error) bool { // net/http has no error of a type for it, and two texts
		return strings.Contains(err.Error(), "server response headers exceeded") || strings.Contains(err.Error(), "response header list larger")
	}},
	{Offline, func(_ context.Context, err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
}

func as[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}

func timeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// expired tells a certificate that is out of its time: mostly the clock here.
func expired(_ context.Context, err error) bool {
	var c x509.CertificateInvalidError
	return errors.As(err, &c) && c.Reason == x509.Expired
}
