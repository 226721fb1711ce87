package explain

// A kind is what a field of an error means, whatever a tool calls it.
type kind uint8

const (
	notAField kind = iota
	kindCode
	kindSubcode
	kindHTTP
	kindError   // a symbolic code: invalid_grant, REVOKED_ACCESS_TOKEN
	kindType    // the family of errors: OAuthException
	kindReason  // a further word of a redirect
	kindState   // what an introspection answers: revoked, is_valid
	kindMessage // words of the platform
	kindID      // what support asks for
	kindTime    // when it happened
)

// String is the name of the kind in a report.
func (k kind) String() string {
	return [...]string{"", "code", "subcode", "http", "error", "error_type", "reason", "state", "message", "request_id", "time"}[k]
}

// fieldNames are the names under which platforms, libraries and log lines write
// a field: in lower case, without the signs between the words.
func fieldNames() map[string]kind {
	names := map[string]kind{}
	for k, list := range map[kind][]string{
		kindCode: {
			"code", "errorcode", "errcode", "serviceerrorcode", "codigo", "código", "códigodeerror",
			"codice", "fehlercode", "foutcode", "kod", "kód", "apicode", "twittercode", "graphcode",
		},
		kindSubcode: {"subcode", "errorsubcode", "suberrorcode", "suberror", "fbsubcode"},
		kindHTTP: {
			"http", "status", "statuscode", "httpstatus", "httpcode", "httpstatuscode", "responsecode",
			"responsestatus", "httpresponsecode",
		},
		kindError: {
			"error", "err", "errorname", "title", "errormsg", "autherror", "fehler", "erreur", "erro", "errore", "fout",
		},
		kindType:   {"type", "errortype", "exceptiontype", "errorclass"},
		kindReason: {"reason", "errorreason", "failreason", "publishfailreason"},
		kindState:  {"isvalid"},
		kindMessage: {
			"message", "errormessage", "errordescription", "description", "detail", "details", "errorusermsg",
			"errorusertitle", "msg", "statusmsg", "autherrordescription", "errmsg", "usermessage", "errortitle",
		},
		kindID: {
			"fbtraceid", "xfbtraceid", "fbtrace", "logid", "xttlogid", "requestid", "xrequestid", "xliuuid", "xlitrackingid",
			"xfbdebug", "traceid", "xtransactionid", "transactionid", "xfbrequestid", "imprid", "xlifabric",
		},
		kindTime: {"timestamp", "date", "datetime", "time", "occurredat", "createdat", "ts"},
	} {
		for _, name := range list {
			names[name] = k
		}
	}
	return names
}

// beforeCode are words that make the number behind "code" something else.
func beforeCode(word string) bool {
	switch word {
	case "exit", "zip", "postal", "country", "verification", "security", "confirmation", "auth", "authorization",
		"area", "qr", "login", "sms", "dial", "pin", "coupon", "discount", "language", "source", "byte", "key":
		return true
	}
	return false
}

// beforeStatus are words that make the number behind them an HTTP status.
func beforeStatus(word string) bool {
	switch word {
	case "replied", "answered", "returned", "response", "responded", "with", "got", "status", "http", "error", "code",
		"a", "an", "gave", "returns", "gives", "received", "says", "fehler", "erreur", "statuscode", "failed", "stopped":
		return true
	}
	return false
}

// afterStatus are the first words of the phrases that stand behind a status.
func afterStatus(word string) bool {
	switch word {
	case "unauthorized", "forbidden", "bad", "internal", "not", "too", "service", "gateway", "payment", "upgrade",
		"client", "server", "error", "conflict", "unauthorised", "authorization":
		return true
	}
	return false
}
