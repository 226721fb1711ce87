package sim

import (
	"slices"

	"reconnect/platforms"
)

// A Trouble is a way in which a world hides a cause. It is put on the owner and the
// first app, Page and company of a service.
type Trouble struct {
	Service Service
	Cause   platforms.Cause
	Name    string
	// Looks is the cause that the platform's answer speaks for, where it does not
	// tell them apart. Empty: the same.
	Looks platforms.Cause
	// At is the endpoint that tells, and Shows a piece of its answer; Lacks is a
	// piece of the sound answer that is gone. Authorize tells by its redirect or
	// page, Token by its error.
	At           Endpoint
	Shows, Lacks string
	// Concludes is the condition of the list of errors that it brings about: what is
	// to be concluded from an answer that is no error. Empty: it is told by an error.
	Concludes string
	ByPage    bool // asked with the Page's token
	// Login: it shows only after another login. Relogin: tokens ended, so after
	// mending somebody has to log in again.
	Login, Relogin bool

	breaks, mends func(*World)
}

// Troubles are the troubles of a service. The first of a cause is the one that
// [World.Break] makes.
func Troubles(svc Service) []Trouble {
	var list []Trouble
	switch svc {
	case Facebook:
		list = append(metaTroubles(svc), facebookTroubles()...)
	case InstagramFacebook:
		list = append(metaTroubles(svc), instagramFacebookTroubles()...)
	case Instagram:
		list = append(metaTroubles(svc), instagramTroubles()...)
	case TikTok:
		list = tiktokTroubles()
	case TikTokBusiness:
		list = tiktokBusinessTroubles()
	case LinkedIn:
		list = linkedinTroubles()
	case X:
		list = xTroubles()
	}
	list = append(everywhere(svc), list...)
	for i := range list {
		list[i].Service = svc
		if list[i].Looks == "" {
			list[i].Looks = list[i].Cause
		}
	}
	return list
}

// Break hides a cause in the world. It is false if the service has no such trouble.
func (w *World) Break(svc Service, cause platforms.Cause) bool {
	t, ok := first(svc, cause)
	if ok {
		w.Apply(t)
	}
	return ok
}

// Mend puts every trouble of a cause right.
func (w *World) Mend(svc Service, cause platforms.Cause) bool {
	found := false
	for _, t := range Troubles(svc) {
		if t.Cause == cause {
			w.Undo(t)
			found = true
		}
	}
	return found
}

func first(svc Service, cause platforms.Cause) (Trouble, bool) {
	list := Troubles(svc)
	at := slices.IndexFunc(list, func(t Trouble) bool { return t.Cause == cause })
	if at < 0 {
		return Trouble{}, false
	}
	return list[at], true
}

// Apply hides a trouble in the world.
func (w *World) Apply(t Trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.breaks(w)
}

// Undo puts a trouble right.
func (w *World) Undo(t Trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.mends(w)
}

// on is a change of the state only.
func on(f func(*State)) func(*World) { return func(w *World) { f(w.state) } }

// nothing is the mending of what another login mends.
func nothing(*World) {}

// mine is the owner, and ours the first app of a service.
func (s *State) mine(svc Service) *Person { return s.person(svc.Site(), owner(svc)) }
func (s *State) ours(svc Service) *App    { return s.app(svc.Site(), firstApp(svc)) }

// condition is a trouble of the owner's account.
func condition(svc Service, c Condition) (breaks, mends func(*World)) {
	set := func(c Condition) func(*World) { return on(func(s *State) { s.mine(svc).Condition = c }) }
	return set(c), set(Sound)
}

// withdraw is a scope that the owner's grants and tokens lack, and that the owner
// unticks at the next login, too.
func withdraw(svc Service, scope string) (breaks, mends func(*World)) {
	move := func(w *World, lost bool) {
		site, person := svc.Site(), owner(svc)
		for _, g := range w.state.Grants {
			if g.Site != site || g.Person != person {
				continue
			}
			if lost && slices.Contains(g.Scopes, scope) {
				g.Scopes, g.Declined = without(g.Scopes, []string{scope}), append(g.Declined, scope)
			}
			if !lost && slices.Contains(g.Declined, scope) {
				g.Scopes, g.Declined = append(g.Scopes, scope), without(g.Declined, []string{scope})
			}
		}
		for _, t := range w.state.Tokens {
			switch {
			case t.Site != site || t.Person != person:
			case lost && slices.Contains(t.Scopes, scope):
				t.Scopes, t.lost = without(t.Scopes, []string{scope}), append(t.lost, scope)
			case !lost && slices.Contains(t.lost, scope):
				t.Scopes, t.lost = append(t.Scopes, scope), without(t.lost, []string{scope})
			}
		}
		w.meets(site, Consent{Untick: []string{scope}}, lost)
	}
	return func(w *World) { move(w, true) }, func(w *World) { move(w, false) }
}

// answers is a trouble of how the person meets the authorize page.
func answers(svc Service, c Consent) (breaks, mends func(*World)) {
	return func(w *World) { w.meets(svc.Site(), c, true) }, func(w *World) { w.meets(svc.Site(), c, false) }
}

// meets lets the person meet the authorize pages so, or no more if they still do.
func (w *World) meets(site Service, c Consent, so bool) {
	now := w.consent[site]
	switch {
	case so:
		w.consent[site] = c
	case now.Answer == c.Answer && slices.Equal(now.Untick, c.Untick):
		w.consent[site] = Consent{}
	}
}

// ends is a trouble that ends the owner's tokens. Another login mends it.
func ends(svc Service, why Ending) (breaks, mends func(*World)) {
	return on(func(s *State) { s.End(svc, owner(svc), why) }), nothing
}

// made puts a trouble together.
func made(cause platforms.Cause, name string, at Endpoint, shows string, breaks, mends func(*World)) Trouble {
	return Trouble{Cause: cause, Name: name, At: at, Shows: shows, breaks: breaks, mends: mends}
}

func (t Trouble) lacks(piece string) Trouble          { t.Lacks = piece; return t }
func (t Trouble) byPage() Trouble                     { t.ByPage = true; return t }
func (t Trouble) concludes(condition string) Trouble  { t.Concludes = condition; return t }
func (t Trouble) login() Trouble                      { t.Login = true; return t }
func (t Trouble) relogin() Trouble                    { t.Relogin = true; return t }
func (t Trouble) looks(cause platforms.Cause) Trouble { t.Looks = cause; return t }

// everywhere are the troubles that every service has.
func everywhere(svc Service) []Trouble {
	site := svc.Site()
	type shape struct{ cancel, down, limited string }
	at := map[Service]shape{
		Facebook:          {"error_reason=user_denied", `"code":2`, `"code":4,`},
		InstagramFacebook: {"error_reason=user_denied", `"code":2`, `"code":4,`},
		Instagram:         {"error_reason=user_denied", `"code":2`, `"code":4,`},
		TikTok:            {"error=access_denied", "internal_error", "rate_limit_exceeded"},
		TikTokBusiness:    {"error=access_denied", "System error", "Too many requests"},
		LinkedIn:          {"error=user_cancelled_authorize", "INTERNAL_SERVER_ERROR", "TOO_MANY_REQUESTS"},
		X:                 {"error=access_denied", "Service Unavailable", "Too Many Requests"},
	}[svc]
	ask := Me
	if svc == TikTokBusiness {
		ask = BusinessAccount
	}
	cancel, mend := answers(svc, Consent{Answer: Cancel})
	list := []Trouble{
		made(platforms.UserCancelled, "cancelled", Authorize, at.cancel, cancel, mend),
		made(platforms.PlatformOutage, "down", ask, at.down,
			on(func(s *State) { s.Outage[site] = true }), on(func(s *State) { s.Outage[site] = false })),
		made(platforms.RateLimited, "throttled", ask, at.limited,
			on(func(s *State) { s.Limited[site] = true }), on(func(s *State) { s.Limited[site] = false })),
	}
	if svc != X { // its app from the start has no secret
		list = append(list, made(platforms.AppMisconfigured, "secret changed", Token, wrongSecret(svc),
			on(func(s *State) { s.ours(svc).Secret = "another-" + soundApp(svc).Secret }),
			on(func(s *State) { s.ours(svc).Secret = soundApp(svc).Secret })))
	}
	list = append(list, made(platforms.AppMisconfigured, "redirect not registered", Authorize, unregistered(svc),
		func(w *World) {
			app := w.state.ours(svc)
			if w.mended[app.ID] != nil {
				return
			}
			kept, live := app.Redirects, app.Live
			app.Redirects, app.Live = nil, true
			w.mended[app.ID] = func() { app.Redirects, app.Live = append(kept, app.Redirects...), live }
		}, func(w *World) {
			id := firstApp(svc)
			if mend := w.mended[id]; mend != nil {
				mend()
				delete(w.mended, id)
			}
		}))
	if svc == TikTok || svc == TikTokBusiness || svc == LinkedIn {
		breaks, mends := condition(svc, Checkpointed)
		list = append(list, made(platforms.SecurityCheckpoint, "asked to confirm at the login", Authorize, "Confirm it is you", breaks, mends))
	}
	if svc != InstagramFacebook {
		shows, endpoint, lacks, condition := "", ask, owner(svc), ""
		switch svc {
		case Facebook:
			shows, endpoint, lacks, condition = `{"data":[]}`, Accounts, "", "page_list_empty"
		case LinkedIn:
			shows, endpoint, lacks, condition = `"elements":[]`, Roles, "", "role_list_empty"
		case TikTokBusiness:
			lacks = "mikabakes"
		default:
		}
		list = append(list, made(platforms.WrongAccount, "signed in as somebody else", endpoint, shows,
			on(func(s *State) { s.SignedIn[site] = stranger(svc); s.person(site, stranger(svc)).Type = BusinessType }),
			on(func(s *State) { s.SignedIn[site] = owner(svc); s.person(site, stranger(svc)).Type = PersonalType }),
		).lacks(lacks).concludes(condition).login())
	}
	return list
}

// unregistered is what a page says about a redirect that is not registered.
func unregistered(svc Service) string {
	switch svc.Site() {
	case Facebook:
		return "redirect URI is not whitelisted"
	case Instagram:
		return "Invalid redirect_uri"
	case TikTok:
		return "try again: redirect_uri"
	case LinkedIn:
		return "does not match the registered value"
	default:
		return "weren't able to give access to the App"
	}
}

// wrongSecret is what the token endpoint says about a wrong secret.
func wrongSecret(svc Service) string {
	switch svc {
	case TikTok, LinkedIn:
		return "invalid_client"
	case TikTokBusiness:
		return "Invalid client_id or client_secret."
	default:
		return "Error validating client secret"
	}
}

// metaTroubles are those of a login with Facebook or Instagram.
func metaTroubles(svc Service) []Trouble {
	expire := on(func(s *State) { s.Expire(svc, owner(svc)) })
	password, _ := ends(svc, PasswordChanged)
	logout, _ := ends(svc, LoggedOut)
	unused, _ := ends(svc, Inactive)
	check, uncheck := condition(svc, Checkpointed)
	restrict, free := condition(svc, Limited)
	shows := "till you log in to www.facebook.com"
	limited := `"error_subcode":1404112`
	if svc == Instagram {
		shows, limited = "till you log in to www.instagram.com", `"error_subcode":2207050`
	}
	return []Trouble{
		made(platforms.TokenExpired, "expired", Me, `"error_subcode":463`, expire, nothing).relogin(),
		made(platforms.TokenExpired, "logged out", Me, `"error_subcode":467`, logout, nothing).relogin(),
		made(platforms.TokenExpired, "app long unused", Me, `"error_subcode":493`, unused, nothing).relogin(),
		made(platforms.PasswordChanged, "password changed", Me, `"error_subcode":460`, password, nothing).relogin(),
		made(platforms.PermissionRevoked, "app removed", Me, `"error_subcode":458`,
			on(func(s *State) { s.RemoveApp(svc, owner(svc)) }), nothing).relogin(),
		made(platforms.SecurityCheckpoint, "checkpoint", Me, shows, check, uncheck),
		made(platforms.AccountRestricted, "limited for some days", Me, limited, restrict, free),
	}
}

// tasks are those of the owner on the first Page; none is no role.
func tasks(list ...string) func(*World) {
	return on(func(s *State) {
		p := s.Pages[firstPage]
		if len(list) == 0 {
			delete(p.Tasks, facebookMika)
			return
		}
		p.Tasks[facebookMika] = list
	})
}

// unticked is the first Page left out in the dialog, and after mending not.
func unticked() (breaks, mends func(*World)) {
	set := func(out bool) func(*World) {
		return func(w *World) {
			w.meets(Facebook, Consent{Untick: []string{firstPage}}, out)
			for _, g := range w.state.Grants {
				if g.Site != Facebook || g.Person != facebookMika {
					continue
				}
				g.Unticked = without(g.Unticked, []string{firstPage})
				if out {
					g.Unticked = append(g.Unticked, firstPage)
				}
			}
		}
	}
	return set(true), set(false)
}

// lapsed is a permission that was not used for 90 days.
func lapsed(scope string) (breaks, mends func(*World)) {
	set := func(list ...string) func(*World) {
		return on(func(s *State) {
			for _, g := range s.Grants {
				if g.Site == Facebook && g.Person == facebookMika {
					g.Lapsed = list
				}
			}
		})
	}
	return set(scope), set()
}

func facebookTroubles() []Trouble {
	declined, granted := withdraw(Facebook, "pages_manage_posts")
	hidden, shown := withdraw(Facebook, "pages_show_list")
	out, in := unticked()
	old, used := lapsed("pages_show_list")
	doubt, confirm := condition(Facebook, Unconfirmed)
	page := func(f func(*Page)) func(*World) { return on(func(s *State) { f(s.Pages[firstPage]) }) }
	return []Trouble{
		made(platforms.SecurityCheckpoint, "not a confirmed user", Me, `"error_subcode":464`, doubt, confirm),
		made(platforms.NotAdmin, "role lost", Me, `"error_subcode":492`, tasks(), tasks(AllTasks()...)).byPage(),
		made(platforms.NotAdmin, "task access only", Accounts, `"tasks":["CREATE_CONTENT","MODERATE"]`,
			tasks("CREATE_CONTENT", "MODERATE"), tasks(AllTasks()...)),
		made(platforms.NotAdmin, "two-factor login demanded", Me, "must be an administrator, editor, or moderator",
			on(func(s *State) { s.Pages[firstPage].TwoFactor, s.mine(Facebook).TwoFactor = true, false }),
			on(func(s *State) { s.Pages[firstPage].TwoFactor, s.mine(Facebook).TwoFactor = false, true })).byPage(),
		made(platforms.MissingPermission, "permission declined", Permissions,
			`{"permission":"pages_manage_posts","status":"declined"}`, declined, granted),
		made(platforms.MissingPermission, "Page not ticked", Me, "must be granted before impersonating", out, in).byPage(),
		made(platforms.MissingPermission, "Pages may not be listed", Accounts, `"code":200`, hidden, shown),
		made(platforms.MissingPermission, "90 days unused", Accounts, `"code":10`, old, used),
		made(platforms.AccountChanged, "Page deleted", Me, "belongs to a Page that is not accessible",
			page(func(p *Page) { p.Deleted = true }), page(func(p *Page) { p.Deleted = false })).byPage(),
		made(platforms.AccountChanged, "Page unpublished", Object, `"is_published":false`,
			page(func(p *Page) { p.Unpublished = true }), page(func(p *Page) { p.Unpublished = false })),
		made(platforms.AppMisconfigured, "app not active", Authorize, "App not active",
			on(func(s *State) { s.ours(Facebook).Disabled = true }), on(func(s *State) { s.ours(Facebook).Disabled = false })),
		made(platforms.AppMisconfigured, "configuration needed", Authorize, "needs at least one supported permission",
			on(func(s *State) { s.ours(Facebook).Config = "777" }), on(func(s *State) { s.ours(Facebook).Config = "" })),
		made(platforms.AppMisconfigured, "scope not approved", Authorize, "Invalid Scopes: pages_manage_posts",
			on(func(s *State) {
				s.ours(Facebook).Scopes = []string{"pages_show_list", "pages_read_engagement", "business_management"}
			}),
			on(func(s *State) { s.ours(Facebook).Scopes = nil })),
	}
}

func instagramFacebookTroubles() []Trouble {
	declined, granted := withdraw(InstagramFacebook, "instagram_content_publish")
	hidden, shown := withdraw(InstagramFacebook, "instagram_basic")
	link := func(id string) func(*World) { return on(func(s *State) { s.Pages[firstPage].Instagram = id }) }
	kind := func(t Type) func(*World) { return on(func(s *State) { s.person(Instagram, instagramMika).Type = t }) }
	state := func(c Condition) func(*World) {
		return on(func(s *State) { s.person(Instagram, instagramMika).Condition = c })
	}
	return []Trouble{
		made(platforms.NotLinked, "link to the Page cut", Accounts, "", link(""), link(instagramMika)).lacks("instagram_business_account").concludes("instagram_business_account_absent"),
		made(platforms.WrongAccountType, "personal account", Accounts, "", kind(PersonalType), kind(CreatorType)).lacks("instagram_business_account"),
		made(platforms.AccountChanged, "account gone", Object, `"error_subcode":33`,
			on(func(s *State) { s.Pages[firstPage].Instagram = "17841400000000000" }), link(instagramMika)),
		made(platforms.WrongAccount, "another account linked", Accounts, `"username":"adastray"`,
			on(func(s *State) {
				s.Pages[firstPage].Instagram = instagramAda
				s.person(Instagram, instagramAda).Type = BusinessType
			}), on(func(s *State) {
				s.Pages[firstPage].Instagram = instagramMika
				s.person(Instagram, instagramAda).Type = PersonalType
			})),
		made(platforms.NotAdmin, "role lost", Me, `"error_subcode":492`, tasks(), tasks(AllTasks()...)).byPage(),
		made(platforms.NotAdmin, "task access only", Accounts, `"tasks":["MODERATE"]`, tasks("MODERATE"), tasks(AllTasks()...)),
		made(platforms.MissingPermission, "permission declined", Permissions,
			`{"permission":"instagram_content_publish","status":"declined"}`, declined, granted),
		made(platforms.MissingPermission, "account may not be read", Object, `"code":200`, hidden, shown),
		made(platforms.AccountRestricted, "Instagram account restricted", Object, `"error_subcode":2207050`, state(Limited), state(Sound)),
		made(platforms.RateLimited, "publishing quota used up", PublishingLimit, `"quota_usage":50`,
			on(func(s *State) { s.QuotaUsed = 50 }), on(func(s *State) { s.QuotaUsed = 3 })),
	}
}

func instagramTroubles() []Trouble {
	declined, granted := withdraw(Instagram, "instagram_business_content_publish")
	hidden, shown := withdraw(Instagram, "instagram_business_basic")
	kind := func(t Type) func(*World) { return on(func(s *State) { s.mine(Instagram).Type = t }) }
	return []Trouble{
		made(platforms.WrongAccountType, "personal account", Me, "not an Instagram Business", kind(PersonalType), kind(CreatorType)),
		made(platforms.WrongAccountType, "personal account, told by its type", Me, `"account_type":"PERSONAL"`,
			on(func(s *State) { s.PersonalTold, s.mine(Instagram).Type = true, PersonalType }),
			on(func(s *State) { s.PersonalTold, s.mine(Instagram).Type = false, CreatorType })),
		made(platforms.MissingPermission, "publishing unticked", Token, "", declined, granted).lacks("instagram_business_content_publish").login(),
		made(platforms.MissingPermission, "account may not be read", Me, `"code":200`, hidden, shown),
		made(platforms.AppMisconfigured, "not a tester", Authorize, "Insufficient+developer+role",
			on(func(s *State) { s.ours(Instagram).Testers = nil }),
			on(func(s *State) { s.ours(Instagram).Testers = soundApp(Instagram).Testers })),
	}
}

func tiktokTroubles() []Trouble {
	declined, granted := withdraw(TikTok, "video.publish")
	profile, again := withdraw(TikTok, "user.info.profile")
	superseded, _ := ends(TikTok, Superseded)
	state := func(c Condition, cause platforms.Cause, name, shows string) Trouble {
		breaks, mends := condition(TikTok, c)
		return made(cause, name, CreatorInfo, shows, breaks, mends)
	}
	app := func(f func(*App)) func(*World) { return on(func(s *State) { f(s.ours(TikTok)) }) }
	return []Trouble{
		made(platforms.TokenExpired, "expired", Me, "access_token_invalid", on(func(s *State) { s.Expire(TikTok, tiktokMika) }), nothing).relogin(),
		made(platforms.TokenExpired, "refresh token lost to another login", Refresh, "invalid_grant", superseded, nothing).relogin(),
		made(platforms.PermissionRevoked, "app removed", Me, "access_token_invalid",
			on(func(s *State) { s.RemoveApp(TikTok, tiktokMika) }), nothing).relogin().looks(platforms.TokenExpired),
		made(platforms.MissingPermission, "publishing unticked", CreatorInfo, "scope_not_authorized", declined, granted),
		made(platforms.MissingPermission, "profile unticked", Me, "scope_permission_missed", profile, again),
		state(Banned, platforms.AccountRestricted, "banned from posting", "spam_risk_user_banned_from_posting"),
		state(Capped, platforms.RateLimited, "daily cap of posts", "spam_risk_too_many_posts"),
		state(Pending, platforms.RateLimited, "too many drafts", "spam_risk_too_many_pending_share"),
		made(platforms.RateLimited, "app's posting users used up", CreatorInfo, "reached_active_user_cap",
			app(func(a *App) { a.Full = true }), app(func(a *App) { a.Full = false })),
		made(platforms.AppMisconfigured, "sandbox without this account", Authorize, "error_type=non_sandbox_target",
			app(func(a *App) { a.Sandbox = true }), app(func(a *App) { a.Sandbox = false })),
		made(platforms.AppMisconfigured, "scope not approved", Authorize, "error=invalid_scope",
			app(func(a *App) { a.Scopes = []string{"user.info.basic"} }), app(func(a *App) { a.Scopes = nil })),
	}
}

func tiktokBusinessTroubles() []Trouble {
	kind := func(t Type) func(*World) { return on(func(s *State) { s.mine(TikTokBusiness).Type = t }) }
	return []Trouble{
		made(platforms.TokenExpired, "expired", BusinessAccount, "Access token has expired",
			on(func(s *State) { s.Expire(TikTokBusiness, tiktokMika) }), nothing).relogin(),
		made(platforms.PermissionRevoked, "app removed", BusinessAccount, "Access token is incorrect",
			on(func(s *State) { s.RemoveApp(TikTokBusiness, tiktokMika) }), nothing).relogin(),
		made(platforms.WrongAccountType, "personal account", BusinessAccount, `"is_business_account":false`, kind(PersonalType), kind(BusinessType)).concludes("is_business_account_false"),
	}
}

func linkedinTroubles() []Trouble {
	hidden, shown := withdraw(LinkedIn, "rw_organization_admin")
	nameless, named := withdraw(LinkedIn, "profile")
	superseded, _ := ends(LinkedIn, Superseded)
	role := func(name, state string) func(*World) {
		return on(func(s *State) { s.Roles[0].Role, s.Roles[0].State = name, state })
	}
	cancel, mend := answers(LinkedIn, Consent{Answer: CancelLogin})
	sound := role("ADMINISTRATOR", "APPROVED")
	company := func(off bool) func(*World) {
		return on(func(s *State) { s.Organizations[firstCompany].Deactivated = off })
	}
	return []Trouble{
		made(platforms.TokenExpired, "expired", Me, "EXPIRED_ACCESS_TOKEN", on(func(s *State) { s.Expire(LinkedIn, linkedinMika) }), nothing).relogin(),
		made(platforms.PermissionRevoked, "app removed", Me, "REVOKED_ACCESS_TOKEN",
			on(func(s *State) { s.RemoveApp(LinkedIn, linkedinMika) }), nothing).relogin(),
		made(platforms.PermissionRevoked, "superseded by a login with other scopes", Introspect, `"status":"revoked"`, superseded, nothing).relogin(),
		made(platforms.NotAdmin, "role too weak", Roles, `"role":"ANALYST"`, role("ANALYST", "APPROVED"), sound).concludes("role_not_administrator"),
		made(platforms.AccountChanged, "role taken away", Roles, `"state":"REVOKED"`, role("ADMINISTRATOR", "REVOKED"), sound).concludes("role_state_not_approved"),
		made(platforms.AccountChanged, "role not approved yet", Roles, `"state":"REQUESTED"`, role("ADMINISTRATOR", "REQUESTED"), sound),
		made(platforms.AccountChanged, "company Page gone", Organization, "RESOURCE_NOT_FOUND", company(true), company(false)),
		made(platforms.MissingPermission, "organization scope missing", Roles, "partnerApiOrganizationAcls.FINDER-roleAssignee", hidden, shown),
		made(platforms.MissingPermission, "profile missing", Me, "Not enough permissions to access: userinfo", nameless, named),
		made(platforms.UserCancelled, "cancelled at the login", Authorize, "error=user_cancelled_login", cancel, mend),
		made(platforms.AppMisconfigured, "scope not approved", Authorize, "error=unauthorized_scope_error",
			on(func(s *State) { s.ours(LinkedIn).Scopes = []string{"openid", "profile"} }),
			on(func(s *State) { s.ours(LinkedIn).Scopes = nil })),
	}
}

func xTroubles() []Trouble {
	hidden, shown := withdraw(X, "users.read")
	superseded, _ := ends(X, Superseded)
	lock, unlock := condition(X, Locked)
	suspend, free := condition(X, Suspended)
	suspend1, free1 := condition(X, SuspendedV1)
	app := func(f func(*App)) func(*World) { return on(func(s *State) { f(s.ours(X)) }) }
	return []Trouble{
		made(platforms.TokenExpired, "expired", Me, `"status":401`, on(func(s *State) { s.Expire(X, xMika) }), nothing).relogin(),
		made(platforms.TokenExpired, "superseded by another login", Refresh, "Value passed for the token was invalid", superseded, nothing).relogin(),
		made(platforms.PermissionRevoked, "app removed", Me, `"status":401`,
			on(func(s *State) { s.RemoveApp(X, xMika) }), nothing).relogin().looks(platforms.TokenExpired),
		made(platforms.SecurityCheckpoint, "locked", Me, `"code":326`, lock, unlock),
		made(platforms.AccountRestricted, "suspended", Me, "user-suspended", suspend, free),
		made(platforms.AccountRestricted, "suspended, older code", Me, `"code":64`, suspend1, free1),
		made(platforms.MissingPermission, "may not read the account", Me, "not-authorized-for-resource", hidden, shown),
		made(platforms.AppMisconfigured, "no credits", Me, "CreditsDepleted",
			app(func(a *App) { a.NoCredits = true }), app(func(a *App) { a.NoCredits = false })),
		made(platforms.AppMisconfigured, "not enrolled", Me, "client-not-enrolled",
			app(func(a *App) { a.Unenrolled = true }), app(func(a *App) { a.Unenrolled = false })),
		made(platforms.AppMisconfigured, "app suspended", Me, `"code":416`,
			app(func(a *App) { a.Disabled = true }), app(func(a *App) { a.Disabled = false })),
	}
}
