package sim_test

import (
	"slices"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// TestTroubles hides every trouble there is, wants the documented answer, mends it,
// and wants the answer gone. Before and after, the login works.
func TestTroubles(t *testing.T) {
	for _, svc := range sim.Services() {
		for _, tr := range sim.Troubles(svc) {
			t.Run(string(svc)+"/"+string(tr.Cause)+"/"+tr.Name, func(t *testing.T) {
				c := newClient(t, svc)
				held := c.login()
				shows := func(when string, token sim.Tokens, want bool) {
					t.Helper()
					text := c.looks(tr, token)
					if tr.Shows != "" && strings.Contains(text, tr.Shows) != want {
						t.Errorf("%s: %q is there: %v\n%s", when, tr.Shows, !want, text)
					}
					if tr.Lacks != "" && strings.Contains(text, tr.Lacks) == want {
						t.Errorf("%s: %q is there: %v\n%s", when, tr.Lacks, want, text)
					}
				}
				shows("sound", held, false)
				if tr.At == sim.Refresh { // it is spent now
					held = c.login()
				}
				c.w.Apply(tr)
				now := held
				if tr.Login && tr.At != sim.Token {
					now = c.login()
				}
				shows("broken", now, true)
				c.w.Undo(tr)
				if tr.Login || tr.Relogin {
					if tr.Relogin {
						shows("mended, the old tokens", held, true)
					}
					held = c.login()
				}
				shows("mended", held, false)
			})
		}
	}
}

// looks is what the endpoint of a trouble says.
func (c *client) looks(tr sim.Trouble, held sim.Tokens) string {
	c.t.Helper()
	token := held.Access
	if tr.ByPage {
		token = held.Page
	}
	switch tr.At {
	case sim.Authorize:
		_, text := c.visit(c.authorize(nil))
		return text
	case sim.Token:
		return c.exchange(c.code(nil), nil).text
	case sim.Refresh:
		return c.refresh(held.Refresh).text
	default:
		return c.ask(tr.At, token).text
	}
}

// TestCauses wants a trouble for every cause that the list of errors knows for a
// service and that the state can hide.
func TestCauses(t *testing.T) {
	// What the answers of a service cannot tell, and no state brings about.
	none := map[sim.Service][]platforms.Cause{
		sim.TikTok: {platforms.WrongAccountType}, // only the API for Business tells
	}
	for svc, want := range map[sim.Service][]platforms.Cause{
		sim.Facebook: {platforms.TokenExpired, platforms.PasswordChanged, platforms.PermissionRevoked, platforms.AccountChanged,
			platforms.MissingPermission, platforms.NotAdmin, platforms.WrongAccount, platforms.UserCancelled, platforms.AppMisconfigured,
			platforms.RateLimited, platforms.PlatformOutage, platforms.SecurityCheckpoint, platforms.AccountRestricted},
		sim.InstagramFacebook: {platforms.TokenExpired, platforms.PasswordChanged, platforms.PermissionRevoked, platforms.AccountChanged,
			platforms.MissingPermission, platforms.WrongAccountType, platforms.NotAdmin, platforms.WrongAccount, platforms.NotLinked,
			platforms.UserCancelled, platforms.AppMisconfigured, platforms.RateLimited, platforms.PlatformOutage,
			platforms.SecurityCheckpoint, platforms.AccountRestricted},
		sim.Instagram: {platforms.TokenExpired, platforms.PasswordChanged, platforms.PermissionRevoked, platforms.MissingPermission,
			platforms.WrongAccountType, platforms.WrongAccount, platforms.UserCancelled, platforms.AppMisconfigured, platforms.RateLimited,
			platforms.PlatformOutage, platforms.SecurityCheckpoint, platforms.AccountRestricted},
		sim.TikTok: {platforms.TokenExpired, platforms.PermissionRevoked, platforms.MissingPermission, platforms.WrongAccount,
			platforms.UserCancelled, platforms.AppMisconfigured, platforms.RateLimited, platforms.PlatformOutage, platforms.AccountRestricted},
		sim.TikTokBusiness: {platforms.TokenExpired, platforms.PermissionRevoked, platforms.WrongAccountType, platforms.UserCancelled},
		sim.LinkedIn: {platforms.TokenExpired, platforms.PermissionRevoked, platforms.AccountChanged, platforms.MissingPermission,
			platforms.NotAdmin, platforms.WrongAccount, platforms.UserCancelled, platforms.AppMisconfigured, platforms.RateLimited,
			platforms.PlatformOutage},
		sim.X: {platforms.TokenExpired, platforms.PermissionRevoked, platforms.MissingPermission, platforms.WrongAccount,
			platforms.UserCancelled, platforms.AppMisconfigured, platforms.RateLimited, platforms.PlatformOutage,
			platforms.SecurityCheckpoint, platforms.AccountRestricted},
	} {
		w := sim.New(sim.Options{})
		for _, cause := range want {
			if !w.Break(svc, cause) || !w.Mend(svc, cause) {
				t.Errorf("%s has no trouble for %s", svc, cause)
			}
		}
		for _, cause := range none[svc] {
			if w.Break(svc, cause) {
				t.Errorf("%s has a trouble for %s, which it cannot tell", svc, cause)
			}
		}
	}
	for _, row := range examples(t) {
		if row.cause == platforms.UnknownCause || row.Platform == "any" {
			continue
		}
		if !slices.ContainsFunc(sim.Services(), func(svc sim.Service) bool {
			return svc.Platform() == row.Platform &&
				slices.ContainsFunc(sim.Troubles(svc), func(tr sim.Trouble) bool { return tr.Cause == row.cause })
		}) {
			t.Errorf("no trouble of %s for %s", row.Platform, row.cause)
		}
	}
}
