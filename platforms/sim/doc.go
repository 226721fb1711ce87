// Package sim imitates the platforms over real HTTP, for tests and for practice:
// Facebook, Instagram (through Facebook Login and through Instagram Login), TikTok
// (Login Kit and API for Business), LinkedIn and X.
//
// Here live the authorize pages, the token, revoke and introspection endpoints,
// the read-only endpoints that live checks ask, the state behind them (people,
// Pages, roles, links, apps, grants, tokens, a clock), troubles that hide a cause
// in that state, and faults of the wire. Never here: a real platform's address,
// the client side, the terminal, storage, a wall clock, sleeping. Nothing is
// published here, and nothing leaves 127.0.0.1.
//
// What is imitated is what the fact sheet says (platforms.md, 23 November 2026).
// Its marks stand in the comments: D documented, C seen in code or notes, U
// remembered. Where the sheet is silent a comment says "composed".
//
// # Use
//
//	w := sim.Started(t)                     // or sim.New(sim.Options{}) and w.Start(ctx)
//	e := w.Endpoints(sim.Facebook)          // authorize, token, exchange, revoke, introspect, API base
//	app := w.App(sim.Facebook)              // client id, secret, redirects
//	w.Register(sim.X, "http://127.0.0.1:8123/callback") // beside those that the guides have people register
//	w.Consent(sim.Facebook, sim.Consent{Answer: sim.Cancel})
//	landed, err := w.Visit(ctx, authorizeURL) // a browser that stops at the redirect
//	landed, err = w.Browse(ctx, authorizeURL) // a browser that follows it to the listener
//	w.Break(sim.Facebook, platforms.NotAdmin) // hide a cause
//	w.Mend(sim.Facebook, platforms.NotAdmin)  // put it right
//	w.Edit(func(s *sim.State) { s.Pages["1029384756"].Unpublished = true })
//	w.Fault(sim.Facebook, sim.Me, sim.HTML(502))
//	w.Advance(61 * 24 * time.Hour)
//	w.Requests()                              // what was asked, secrets taken out
//
// A new world is sound: Mika owns everything in it, and every check passes after
// a login. Ada, the stranger, owns nothing. Services that share a host share its
// logins, apps and grants: [InstagramFacebook] is [Facebook] with other scopes, and
// [TikTokBusiness] shares TikTok's authorize page.
//
// The clock stands still until [World.Advance], or is the caller's own. Answers
// carry it in their Date header, with [World.Skew] added.
//
// [Troubles] lists every way in which the state can hide a cause. A trouble that
// ended tokens is mended by logging in again, as on the real platforms. What no
// state brings about, such as an error of publishing, comes from an [Example].
//
// # Not imitated
//
// Publishing, webhooks, OAuth 1.0a, LinkedIn's organizationAuthorizations and
// id_token, Facebook's OIDC flow, response_type=token and the onboarding helper of
// IG_API_ONBOARDING, TikTok's login for mobile, LinkedIn's skipping of the consent
// page (here the consent always answers), Meta's automatic upgrade of old versions,
// X's credits by the call, TLS.
package sim
