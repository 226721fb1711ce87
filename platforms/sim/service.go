package sim

import (
	"maps"

	"reconnect/platforms"
)

// A Service is one product that is imitated. Two of them can be one platform.
type Service string

// The services.
const (
	Facebook          Service = "facebook"
	InstagramFacebook Service = "instagram-facebook" // variant A, with Facebook Login
	Instagram         Service = "instagram"          // variant B, with Instagram Login
	TikTok            Service = "tiktok"             // Login Kit and Content Posting API
	TikTokBusiness    Service = "tiktok-business"    // TikTok API for Business
	LinkedIn          Service = "linkedin"
	X                 Service = "x"
)

// Services are all services.
func Services() []Service {
	return []Service{Facebook, InstagramFacebook, Instagram, TikTok, TikTokBusiness, LinkedIn, X}
}

// sites are the services that have a server of their own.
func sites() []Service { return []Service{Facebook, Instagram, TikTok, LinkedIn, X} }

// Platform is the platform that the service belongs to.
func (s Service) Platform() platforms.ID {
	switch s {
	case InstagramFacebook:
		return platforms.Instagram
	case TikTokBusiness:
		return platforms.TikTok
	default:
		return platforms.ID(s)
	}
}

// Site is the service whose logins, apps, grants and server this one uses.
func (s Service) Site() Service {
	switch s {
	case InstagramFacebook:
		return Facebook
	case TikTokBusiness:
		return TikTok
	default:
		return s
	}
}

// An Endpoint names what a request is for, in faults and in the log of requests.
type Endpoint string

// The endpoints.
const (
	Authorize  Endpoint = "authorize"
	Token      Endpoint = "token"      // a code for a token
	Refresh    Endpoint = "refresh"    // a refresh token, or Instagram's renewal
	Exchange   Endpoint = "exchange"   // Meta: a short token for a long one
	Revoke     Endpoint = "revoke"     // on Facebook: DELETE /{user}/permissions
	Introspect Endpoint = "introspect" // debug_token, introspectToken, token_info

	Me              Endpoint = "me"          // who is it: /me, user/info, userinfo, users/me
	Permissions     Endpoint = "permissions" // Facebook /me/permissions
	Accounts        Endpoint = "accounts"    // Facebook /me/accounts
	Businesses      Endpoint = "businesses"  // Facebook /me/businesses
	OwnedPages      Endpoint = "owned_pages" // Facebook /{business}/owned_pages
	ClientPages     Endpoint = "client_pages"
	Object          Endpoint = "object"                   // Meta /{page} or /{instagram account}
	PublishingLimit Endpoint = "content_publishing_limit" // Instagram
	CreatorInfo     Endpoint = "creator_info"             // TikTok
	BusinessAccount Endpoint = "business"                 // TikTok business/get
	Roles           Endpoint = "roles"                    // LinkedIn organizationAcls
	Organization    Endpoint = "organization"             // LinkedIn

	API     Endpoint = "api"     // in a fault: every endpoint from Me on
	Any     Endpoint = "*"       // in a fault: every endpoint
	unknown Endpoint = "unknown" // no such path
)

// api tells whether an endpoint is one of those that live checks ask.
func (e Endpoint) api() bool {
	switch e {
	case Authorize, Token, Refresh, Exchange, Revoke, Introspect:
		return false
	default:
		return true
	}
}

// Endpoints are the addresses of a service. What it does not have is empty.
type Endpoints struct {
	Authorize  string
	Token      string
	Exchange   string // Meta: the long-lived exchange
	Refresh    string
	Revoke     string // Facebook: DELETE, with {user} to be filled in
	Introspect string
	API        string // the base that paths such as /me are added to; no slash at the end
	Native     string // LinkedIn: the authorize page for native apps
}

// ByName are the endpoints by the names that settings have for them. What a service
// does not have is left out.
func (e Endpoints) ByName() map[string]string {
	all := map[string]string{"authorize": e.Authorize, "token": e.Token, "exchange": e.Exchange, "refresh": e.Refresh,
		"revoke": e.Revoke, "introspect": e.Introspect, "api": e.API}
	maps.DeleteFunc(all, func(_, address string) bool { return address == "" })
	return all
}

// endpoints are the addresses of a service on the server at base.
func (s Service) endpoints(base string) Endpoints {
	switch s {
	case Facebook, InstagramFacebook:
		graph := base + "/" + graphVersion
		return Endpoints{
			Authorize: graph + "/dialog/oauth", Token: graph + "/oauth/access_token",
			Exchange: graph + "/oauth/access_token", Revoke: graph + "/{user}/permissions",
			Introspect: graph + "/debug_token", API: graph,
		}
	case Instagram:
		return Endpoints{
			Authorize: base + "/oauth/authorize", Token: base + "/oauth/access_token",
			Exchange: base + "/access_token", Refresh: base + "/refresh_access_token",
			API: base + "/" + graphVersion,
		}
	case TikTok:
		return Endpoints{
			Authorize: base + "/v2/auth/authorize/", Token: base + "/v2/oauth/token/",
			Refresh: base + "/v2/oauth/token/", Revoke: base + "/v2/oauth/revoke/", API: base + "/v2",
		}
	case TikTokBusiness:
		api := base + "/open_api/v1.3"
		return Endpoints{
			Authorize: base + "/v2/auth/authorize/", Token: api + "/tt_user/oauth2/token/",
			Refresh: api + "/tt_user/oauth2/refresh_token/", Revoke: api + "/tt_user/oauth2/revoke/",
			Introspect: api + "/tt_user/token_info/get/", API: api,
		}
	case LinkedIn:
		return Endpoints{
			Authorize: base + "/oauth/v2/authorization", Native: base + "/oauth/native-pkce/authorization",
			Token: base + "/oauth/v2/accessToken", Refresh: base + "/oauth/v2/accessToken",
			Revoke: base + "/oauth/v2/revoke", Introspect: base + "/oauth/v2/introspectToken", API: base,
		}
	case X:
		return Endpoints{
			Authorize: base + "/i/oauth2/authorize", Token: base + "/2/oauth2/token",
			Refresh: base + "/2/oauth2/token", Revoke: base + "/2/oauth2/revoke", API: base + "/2",
		}
	}
	return Endpoints{}
}
