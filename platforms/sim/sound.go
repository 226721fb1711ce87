package sim

import (
	"maps"
	"slices"
	"time"
)

// The people and things of a sound world. Mika owns them; Ada owns nothing.
const (
	facebookMika, facebookAda   = "100000000000101", "100000000000202"
	instagramMika, instagramAda = "17841405822304915", "17841405822309999" // odd, and above 2^53
	tiktokMika, tiktokAda       = "u-7c1e6f0b-mika", "u-2a9d4c55-ada"
	linkedinMika, linkedinAda   = "AbC123mika", "XyZ789ada"
	xMika, xAda                 = "2244994945", "1730000000000000001"

	firstPage    = "1029384756"
	secondPage   = "5647382910" // owned by the portfolio
	portfolio    = "8800110022"
	firstCompany = "12345678"
)

// AllTasks are the tasks of full control of a Facebook Page [M-PAGES, C].
func AllTasks() []string {
	return []string{"ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MESSAGING", "MODERATE"}
}

// Scopes are what publishing needs on a service, and what its checks read.
func Scopes(svc Service) []string {
	switch svc {
	case Facebook:
		return []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management"}
	case InstagramFacebook:
		return []string{"instagram_basic", "instagram_content_publish", "pages_show_list", "pages_read_engagement", "business_management"}
	case Instagram:
		return []string{"instagram_business_basic", "instagram_business_content_publish"}
	case TikTok:
		return []string{"user.info.basic", "user.info.profile", "video.publish", "video.upload"}
	case TikTokBusiness:
		return []string{"user.info.basic", "user.info.username", "user.account.type", "video.publish"}
	case LinkedIn:
		return []string{"openid", "profile", "w_organization_social", "r_organization_social", "rw_organization_admin"}
	case X:
		return []string{"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"}
	}
	return nil
}

func owner(svc Service) string {
	return map[Service]string{Facebook: facebookMika, Instagram: instagramMika, TikTok: tiktokMika, LinkedIn: linkedinMika, X: xMika}[svc.Site()]
}

func stranger(svc Service) string {
	return map[Service]string{Facebook: facebookAda, Instagram: instagramAda, TikTok: tiktokAda, LinkedIn: linkedinAda, X: xAda}[svc.Site()]
}

// firstApp is the client id of the app that a service knows from the start.
func firstApp(svc Service) string {
	return map[Service]string{
		Facebook: "1234567890123456", InstagramFacebook: "1234567890123456", Instagram: "9876543210987654",
		TikTok: "awsim0123456789abc", TikTokBusiness: "7300000000000000001", LinkedIn: "77abcsimclient0",
		X: "c2ltLWNsaWVudC1pZC0wMTIz",
	}[svc]
}

// sound is a world in which every check passes after a login.
func sound() *State {
	s := &State{
		People: map[Service]map[string]*Person{}, Apps: map[Service]map[string]*App{}, Tokens: map[string]*Issued{},
		SignedIn: map[Service]string{}, Outage: map[Service]bool{}, Limited: map[Service]bool{},
		Usage: map[Service]int{Facebook: 7, Instagram: 3}, QuotaUsed: 3,
		codes: map[string]*code{}, calls: map[string][]time.Time{},
	}
	for _, site := range sites() {
		mika := &Person{ID: owner(site), Name: "Mika Bakes", Username: "mikabakes", Type: BusinessType, TwoFactor: true}
		if site == LinkedIn || site == Facebook {
			mika.Name = "Mika Novak"
		}
		ada := &Person{ID: stranger(site), Name: "Ada Stray", Username: "adastray", Type: PersonalType}
		s.People[site] = map[string]*Person{mika.ID: mika, ada.ID: ada}
		s.SignedIn[site], s.Apps[site] = mika.ID, map[string]*App{}
	}
	s.People[Instagram][instagramMika].Type = CreatorType
	for _, svc := range Services() {
		app := soundApp(svc)
		s.Apps[svc.Site()][app.ID] = app
	}
	s.Pages = map[string]*Page{
		firstPage: {ID: firstPage, Name: "Mika Bakes", Instagram: instagramMika, Tasks: map[string][]string{facebookMika: AllTasks()}},
		secondPage: {ID: secondPage, Name: "Mika Bakes Wholesale", Business: portfolio,
			Tasks: map[string][]string{facebookMika: AllTasks()}},
	}
	s.Businesses = map[string]*Business{portfolio: {ID: portfolio, Name: "Mika Novak Ltd", People: []string{facebookMika}}}
	s.Organizations = map[string]*Company{firstCompany: {ID: firstCompany, Name: "Mika Bakes", Vanity: "mika-bakes"}}
	s.Roles = []*Role{{linkedinMika, firstCompany, "ADMINISTRATOR", "APPROVED"}}
	return s
}

// What the guides of the platforms, platforms/tiktok/README.md and its like, have
// people register.
const (
	tiktokRegistered   = "http://127.0.0.1:*/tiktok/callback/"
	linkedinRegistered = "http://127.0.0.1:8976/linkedin/callback"
	xRegistered        = "http://127.0.0.1:8977/x/callback"
)

// soundApp is the operator's own app on a service.
func soundApp(svc Service) *App {
	app := &App{ID: firstApp(svc), Name: "Operator's app", Secret: "sim-secret-of-" + string(svc), ReuseKills: true}
	switch svc {
	case Facebook, InstagramFacebook:
		app.Secret, app.Testers = "sim-secret-of-facebook", []string{facebookMika, facebookAda}
	case Instagram:
		app.Testers = []string{instagramMika, instagramAda}
	case TikTok:
		app.Native, app.Redirects = true, []string{tiktokRegistered, "http://127.0.0.1:*/callback/"}
	case TikTokBusiness:
		app.Business, app.Redirects = true, []string{tiktokRegistered}
	case LinkedIn:
		app.Native, app.Redirects = true, []string{linkedinRegistered}
	case X:
		app.Redirects = []string{xRegistered}
		app.Public, app.Secret, app.Bearer = true, "", "AAAAAAAAAAAAAAAAAAAAAsimBearer0123456789012345678901234567890123456789"
	}
	return app
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
