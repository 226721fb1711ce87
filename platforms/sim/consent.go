package sim

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// An Answer is what the person in the browser does.
type Answer string

// The answers. All but Allow, Cancel, CancelLogin and Refuse never call back.
const (
	Allow       Answer = ""
	Cancel      Answer = "cancel"       // presses Cancel at the permissions
	CancelLogin Answer = "cancel-login" // turns away at the login; only LinkedIn says so
	Refuse      Answer = "refuse"       // the platform redirects with the query in Text
	ErrorPage   Answer = "error-page"   // the platform shows Text
	Checkpoint  Answer = "checkpoint"   // the platform asks for a security step
	Silence     Answer = "silence"      // the login page stays open
)

// Consent is how the person in the browser meets the next authorize pages.
type Consent struct {
	Answer Answer
	Person string   // signed in instead of the one who is; by id
	Untick []string // permissions and Facebook Page ids that are left out
	// Text is the page of ErrorPage, or the query of Refuse without its state:
	// error=access_denied&error_type=non_sandbox_target
	Text string
}

// Consent says how the authorize pages of a service are met from now on.
func (w *World) Consent(svc Service, c Consent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.consent[svc.Site()] = c
}

// ConsentOnce says how one authorize page is met, before what Consent says.
func (w *World) ConsentOnce(svc Service, c Consent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue[svc.Site()] = append(w.queue[svc.Site()], c)
}

// SignIn says who is signed in in the browser.
func (w *World) SignIn(svc Service, person string) {
	w.Edit(func(s *State) { s.SignedIn[svc.Site()] = person })
}

// next is the consent for one authorize page. The world is locked.
func (w *World) next(site Service) Consent {
	if q := w.queue[site]; len(q) > 0 {
		w.queue[site] = q[1:]
		return q[0]
	}
	return w.consent[site]
}

// A Landing is where a browser ended: at the app's redirect, or on a page.
type Landing struct {
	Address string // the redirect with its query, as a person would paste it; empty on a page
	Page    string // the page's text
	Status  int
}

// Visit opens an authorize address as a browser does, and stops at the redirect
// instead of following it.
func (w *World) Visit(ctx context.Context, address string) (Landing, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return visit(ctx, client, address)
}

// Browse opens an authorize address as a browser does, the redirect to the app's
// listener with it.
func (w *World) Browse(ctx context.Context, address string) (Landing, error) {
	return visit(ctx, &http.Client{}, address)
}

func visit(ctx context.Context, client *http.Client, address string) (Landing, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Landing{}, fmt.Errorf("open the authorize page: %w", err)
	}
	res, err := client.Do(req)
	if err != nil {
		return Landing{}, fmt.Errorf("open the authorize page: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return Landing{}, fmt.Errorf("read the authorize page: %w", err)
	}
	return Landing{res.Header.Get("Location"), string(body), res.StatusCode}, nil
}
