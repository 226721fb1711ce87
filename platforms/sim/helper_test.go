package sim_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"reconnect/platforms/sim"
)

// client is a client of the imitated platforms, as plain as it can be.
type client struct {
	t        *testing.T
	w        *sim.World
	svc      sim.Service
	app      sim.App
	e        sim.Endpoints
	redirect string
	verifier string
	scopes   []string
}

type values = map[string]string

func newClient(t *testing.T, svc sim.Service) *client {
	t.Helper()
	w := sim.Started(t)
	c := &client{t: t, w: w, svc: svc, app: w.App(svc), e: w.Endpoints(svc), scopes: sim.Scopes(svc),
		verifier: strings.Repeat("v", 40) + "-._~9"}
	switch svc {
	case sim.Facebook, sim.InstagramFacebook:
		c.redirect = "http://localhost:41234/cb"
	case sim.TikTok:
		c.redirect = "http://127.0.0.1:41234/callback/"
	case sim.TikTokBusiness:
		c.redirect = "https://tool.invalid/tiktok/"
		w.Register(svc, c.redirect)
	default:
		c.redirect = "http://127.0.0.1:41234/callback"
		w.Register(svc, c.redirect)
	}
	return c
}

func base64of(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func hexof(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return hex.EncodeToString(sum[:])
}

// authorize is the authorize address, with changes: an empty value takes a
// parameter away.
func (c *client) authorize(changes values) string {
	q := url.Values{"client_id": {c.app.ID}, "redirect_uri": {c.redirect}, "response_type": {"code"}, "state": {"st"}}
	switch c.svc {
	case sim.TikTok, sim.TikTokBusiness:
		q.Del("client_id")
		q.Set("client_key", c.app.ID)
		q.Set("scope", strings.Join(c.scopes, ","))
		if c.svc == sim.TikTok {
			q.Set("code_challenge", hexof(c.verifier))
			q.Set("code_challenge_method", "S256")
		}
	case sim.X:
		q.Set("scope", strings.Join(c.scopes, " "))
		q.Set("code_challenge", base64of(c.verifier))
		q.Set("code_challenge_method", "S256")
	case sim.LinkedIn:
		q.Set("scope", strings.Join(c.scopes, " "))
	default:
		q.Set("scope", strings.Join(c.scopes, ","))
	}
	change(q, changes)
	return c.e.Authorize + "?" + q.Encode()
}

func change(q url.Values, changes values) {
	for name, value := range changes {
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
	}
}

// visit is where a browser lands: the redirect, or the page's text.
func (c *client) visit(address string) (*url.URL, string) {
	c.t.Helper()
	l, err := c.w.Visit(c.t.Context(), address)
	if err != nil {
		c.t.Fatal(err)
	}
	if l.Address == "" {
		return nil, l.Page
	}
	u, err := url.Parse(l.Address)
	if err != nil {
		c.t.Fatal(err)
	}
	return u, l.Address
}

// code logs in and is the code.
func (c *client) code(changes values) string {
	c.t.Helper()
	u, text := c.visit(c.authorize(changes))
	if u == nil || u.Query().Get("code") == "" {
		c.t.Fatalf("%s: no code: %s", c.svc, text)
	}
	if got := u.Query().Get("state"); got != "st" {
		c.t.Fatalf("state %q", got)
	}
	return u.Query().Get("code")
}

// an answer of an endpoint.
type answer struct {
	status int
	text   string
	json   map[string]any
	header http.Header
}

// has tells whether an answer says a piece, whatever the blanks.
func (a answer) has(piece string) bool { return strings.Contains(a.text, piece) }

func (a answer) str(name string) string { text, _ := a.json[name].(string); return text }

func (c *client) do(method, address, kind, body string, headers ...string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Basic" {
			id, secret, _ := strings.Cut(headers[i+1], ":")
			req.SetBasicAuth(id, secret)
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, text: string(raw), header: res.Header}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	_ = d.Decode(&a.json) // pages are no JSON
	return a
}

func (c *client) get(address string, headers ...string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, address, "", "", headers...)
}

func (c *client) post(address string, form url.Values, headers ...string) answer {
	c.t.Helper()
	return c.do(http.MethodPost, address, "application/x-www-form-urlencoded", form.Encode(), headers...)
}

func (c *client) postJSON(address string, body values, headers ...string) answer {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(http.MethodPost, address, "application/json", string(text), headers...)
}

// exchange asks the token endpoint for a code's tokens, with changes.
func (c *client) exchange(code string, changes values) answer {
	c.t.Helper()
	q := url.Values{"grant_type": {"authorization_code"}, "client_id": {c.app.ID}, "client_secret": {c.app.Secret},
		"code": {code}, "redirect_uri": {c.redirect}}
	switch c.svc {
	case sim.TikTok:
		q.Del("client_id")
		q.Set("client_key", c.app.ID)
		q.Set("code_verifier", c.verifier)
	case sim.X:
		q.Del("client_secret")
		q.Set("code_verifier", c.verifier)
	case sim.TikTokBusiness:
		body := values{"grant_type": "authorization_code", "client_id": c.app.ID, "client_secret": c.app.Secret,
			"auth_code": code, "redirect_uri": c.redirect}
		for name, value := range changes {
			body[name] = value
		}
		return c.postJSON(c.e.Token, body)
	case sim.Facebook, sim.InstagramFacebook:
		q.Del("grant_type")
		change(q, changes)
		return c.get(c.e.Token + "?" + q.Encode())
	default:
	}
	change(q, changes)
	return c.post(c.e.Token, q)
}

// tokens of an answer.
func (c *client) tokens(a answer) sim.Tokens {
	c.t.Helper()
	body := a.json
	if data, ok := body["data"].(map[string]any); ok {
		body = data
	}
	access, _ := body["access_token"].(string)
	refresh, _ := body["refresh_token"].(string)
	if access == "" {
		c.t.Fatalf("%s: no token: %d %s", c.svc, a.status, a.text)
	}
	return sim.Tokens{Access: access, Refresh: refresh}
}

// login goes the whole way once.
func (c *client) login() sim.Tokens {
	c.t.Helper()
	got := c.tokens(c.exchange(c.code(nil), nil))
	if c.svc == sim.Facebook || c.svc == sim.InstagramFacebook {
		if a := c.get(c.e.API+"/me/accounts?fields=access_token", "Authorization", "Bearer "+got.Access); a.status == http.StatusOK {
			if data, _ := a.json["data"].([]any); len(data) > 0 {
				got.Page, _ = data[0].(map[string]any)["access_token"].(string)
			}
		}
	}
	return got
}

// refresh asks for new tokens.
func (c *client) refresh(token string) answer {
	c.t.Helper()
	q := url.Values{"grant_type": {"refresh_token"}, "client_id": {c.app.ID}, "client_secret": {c.app.Secret}, "refresh_token": {token}}
	switch c.svc {
	case sim.TikTok:
		q.Del("client_id")
		q.Set("client_key", c.app.ID)
	case sim.X:
		q.Del("client_secret")
	case sim.TikTokBusiness:
		return c.postJSON(c.e.Refresh, values{"grant_type": "refresh_token", "client_id": c.app.ID,
			"client_secret": c.app.Secret, "refresh_token": token})
	case sim.Instagram:
		return c.get(c.e.Refresh + "?grant_type=ig_refresh_token&access_token=" + token)
	default:
	}
	return c.post(c.e.Refresh, q)
}

const (
	page1   = "1029384756"
	page2   = "5647382910"
	company = "12345678"
	igID    = "17841405822304915"
)

// ask is the usual request to an endpoint of the API.
func (c *client) ask(e sim.Endpoint, token string) answer {
	c.t.Helper()
	auth := []string{"Authorization", "Bearer " + token}
	get := func(path string, more ...string) answer { return c.get(c.e.API+path, append(auth, more...)...) }
	meta := c.svc.Platform() != "tiktok" && c.svc != sim.LinkedIn && c.svc != sim.X
	switch {
	case e == sim.Refresh:
		return c.refresh(token)
	case e == sim.Introspect && c.svc == sim.LinkedIn:
		return c.post(c.e.Introspect, url.Values{"client_id": {c.app.ID}, "client_secret": {c.app.Secret}, "token": {token}})
	case e == sim.Introspect && c.svc == sim.TikTokBusiness:
		return c.postJSON(c.e.Introspect, values{"app_id": c.app.ID, "access_token": token})
	case e == sim.Introspect && meta:
		return c.get(c.e.Introspect+"?input_token="+token, "Authorization", "Bearer "+c.app.ID+"|"+c.app.Secret)
	case e == sim.Me && c.svc == sim.Instagram:
		return get("/me?fields=user_id,username,account_type,name")
	case e == sim.Me && meta:
		return get("/me?fields=id,name")
	case e == sim.Permissions:
		return get("/me/permissions")
	case e == sim.Accounts:
		return get("/me/accounts?fields=id,name,tasks,access_token,instagram_business_account{id,username}&limit=100")
	case e == sim.Businesses:
		return get("/me/businesses")
	case e == sim.OwnedPages:
		return get("/8800110022/owned_pages?fields=id,name,access_token")
	case e == sim.ClientPages:
		return get("/8800110022/client_pages")
	case e == sim.Object && c.svc == sim.Facebook:
		return get("/" + page1 + "?fields=id,name,is_published")
	case e == sim.Object:
		return get("/" + igID + "?fields=id,username,name")
	case e == sim.PublishingLimit:
		return get("/" + igID + "/content_publishing_limit?fields=quota_usage,config")
	case e == sim.Me && c.svc == sim.TikTok:
		return get("/user/info/?fields=open_id,union_id,display_name,avatar_url,username,is_verified")
	case e == sim.CreatorInfo:
		return c.do(http.MethodPost, c.e.API+"/post/publish/creator_info/query/", "application/json; charset=UTF-8", "", auth...)
	case e == sim.BusinessAccount:
		var open string
		if a := c.ask(sim.Introspect, token); a.json["data"] != nil {
			open, _ = a.json["data"].(map[string]any)["creator_id"].(string)
		}
		return c.get(c.e.API+"/business/get/?business_id="+url.QueryEscape(open)+"&fields="+
			url.QueryEscape(`["is_business_account","username","display_name"]`), "Access-Token", token)
	case e == sim.Me && c.svc == sim.LinkedIn:
		return get("/v2/userinfo")
	case e == sim.Roles:
		return get("/rest/organizationAcls?q=roleAssignee", "LinkedIn-Version", "202607", "X-Restli-Protocol-Version", "2.0.0")
	case e == sim.Organization:
		return get("/v2/organizations/" + company + "?projection=(id,localizedName,vanityName)")
	case e == sim.Me && c.svc == sim.X:
		return get("/users/me?user.fields=username,name,protected,verified,verified_type,created_at")
	}
	c.t.Fatalf("%s: no request for %s", c.svc, e)
	return answer{}
}

// newServer serves h and is its address.
func newServer(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
