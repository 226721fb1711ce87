package sim

import (
	"encoding/json"
	"net/http"
	"strings"

	"reconnect/platforms"
)

// An Example is a documented answer of a platform, as a row of the list of errors
// has it: a body of the API or of the token endpoint, the query of a redirect, or
// the text of a page.
type Example struct {
	Platform platforms.ID
	Where    string // api, token, redirect, ui
	Text     string
	HTTP     int // the documented status; 0 where the platform's usual one stands in
}

// Fault lets an endpoint answer with the example. A row of a redirect or a page has
// none: [Example.Consent] is its way.
func (e Example) Fault() (Fault, bool) {
	if e.Where != "api" && e.Where != "token" {
		return Fault{}, false
	}
	return Respond(e.status(), e.Text), true
}

// Consent lets an authorize page end with the example.
func (e Example) Consent() (Consent, bool) {
	switch e.Where {
	case "redirect":
		query := strings.ReplaceAll(e.Text, "&state=st", "")
		return Consent{Answer: Refuse, Text: query}, true
	case "ui":
		return Consent{Answer: ErrorPage, Text: e.Text}, true
	}
	return Consent{}, false
}

// status is the HTTP status that comes with the example.
func (e Example) status() int {
	var body struct {
		Status any             `json:"status"`
		Code   any             `json:"code"`
		Data   json.RawMessage `json:"data"`
		Error  json.RawMessage `json:"error"`
		Errors []struct {
			Code   int `json:"code"`
			Status int `json:"status"`
		} `json:"errors"`
		Active   *bool           `json:"active"`
		Elements json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal([]byte(e.Text), &body); err != nil {
		return orElse(e.HTTP, http.StatusBadRequest)
	}
	name := ""
	_ = json.Unmarshal(body.Error, &name) // an object leaves it empty
	status, _ := body.Status.(float64)
	switch {
	case e.HTTP != 0:
		return e.HTTP
	case status != 0:
		return int(status)
	case e.Platform == platforms.TikTok:
		return tiktokStatus(e.Where, body.Error)
	case body.Active != nil, body.Elements != nil, body.Data != nil:
		return http.StatusOK
	case len(body.Errors) > 0:
		return orElse(body.Errors[0].Status, xStatus(body.Errors[0].Code))
	case name == "invalid_client", name == "unauthorized_client":
		return http.StatusUnauthorized
	}
	return http.StatusBadRequest // Meta's for everything, and the RFC's for OAuth
}

// tiktokStatus is the status for a code of TikTok's API [T-AERR, T-CRE, D]. The
// token endpoint and the API for Business say 200.
func tiktokStatus(where string, raw json.RawMessage) int {
	var inner struct {
		Code string `json:"code"`
	}
	if where == "token" || json.Unmarshal(raw, &inner) != nil {
		return http.StatusOK
	}
	switch inner.Code {
	case "access_token_invalid", "scope_not_authorized":
		return http.StatusUnauthorized
	case "scope_permission_missed", "invalid_params":
		return http.StatusBadRequest
	case "rate_limit_exceeded":
		return http.StatusTooManyRequests
	case "internal_error":
		return http.StatusInternalServerError
	case "unaudited_client_can_only_post_to_private_accounts", "url_ownership_unverified", "privacy_level_option_mismatch",
		"token_not_authorized_for_specified_publish_id":
		return http.StatusForbidden
	}
	return http.StatusOK // ok, and what creator_info says with 200 on purpose
}

// xStatus is the status for a number of X's older errors [X-ERRH, D].
func xStatus(code int) int {
	switch code {
	case 32, 89, 135, 215, 416:
		return http.StatusUnauthorized
	case 88:
		return http.StatusTooManyRequests
	case 130:
		return http.StatusServiceUnavailable
	case 131:
		return http.StatusInternalServerError
	}
	return http.StatusForbidden
}

func orElse(n, other int) int {
	if n != 0 {
		return n
	}
	return other
}
