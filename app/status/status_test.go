package status

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"reconnect/app/connection"
	"reconnect/app/feed"
	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// fedWith is a feed with connections of X, read an hour ago.
func fedWith(of ...feed.Connection) *feed.Feed {
	for i := range of {
		of[i].Platform = platforms.X
	}
	return &feed.Feed{At: noon.Add(-time.Hour), Connections: of}
}

func shown(c platforms.Colour) feed.Connection {
	return feed.Connection{Account: text.Const("@cafe"), Colour: c}
}

// held is a grant for @cafe on X.
func held() connection.Held {
	return connection.Held{Key: "x/1", Service: "x", Fingerprint: "abcd", For: text.Const("@cafe"),
		Grant: live.Grant{Platform: platforms.X, Issued: noon.Add(-day), Expires: noon.Add(60 * day)}}
}

// probed is that grant with what its check found.
func probed(outcome platforms.Outcome, cause platforms.Cause) Grant {
	f := live.Finding{Outcome: outcome, Cause: cause, Request: text.Const("GET /2/users/me"), Says: text.Const("The token is not valid any more.")}
	if outcome == platforms.Unsure {
		f.Err, f.Says = errors.New("offline"), text.Const("Could not check: no connection.")
	}
	h := held()
	report := connection.OfAccount(live.Report{Findings: []live.Finding{f}, Grant: h.Grant, Health: live.Weigh([]live.Finding{f}, h.Grant, noon)}, noon)
	return Grant{Held: h, Report: &report}
}

// ofAibrify is a grant of Aibrify's own app.
func ofAibrify(g Grant) Grant {
	g.Aibrify = true
	return g
}

// later is a grant whose check got no answer: when to ask again, and what to do else.
func later(at time.Time, mend string) Grant {
	g := probed(platforms.Unsure, platforms.RateLimited)
	g.Report.Findings[0].Retry, g.Report.Findings[0].Mend = at, text.Line(mend)
	return g
}

// no is a grant with how to mend what its check found.
func no(g Grant) Grant {
	mend := text.Const("Ask an admin, then reconnect.")
	g.Held.Cause, g.Held.Mend = platforms.NotAdmin, mend
	if g.Report != nil {
		g.Report.Findings[0].Mend = mend
	}
	return g
}

// over is a grant that was found to be revoked.
func over(g Grant) Grant {
	g.Held.Cause, g.Held.Mend = platforms.PermissionRevoked, text.Const("Reconnect.")
	return g
}

// missed is a grant that could not be asked with an hour ago, and blip one that could
// not now.
func missed(g Grant) Grant {
	g.Held.Tried, g.Held.Missed = noon.Add(-time.Hour), text.Const("Could not check: no connection.")
	return g
}

func blip(g Grant) Grant {
	g.Report = probed(platforms.Unsure, "").Report
	g.Held.Tried, g.Held.Missed = noon, g.Report.Health.Reason
	return g
}

// nothing is a grant that was to be asked, and was not.
func nothing(g Grant) Grant {
	g.Report = probed(platforms.Skipped, "").Report
	return g
}

// local is a grant whose check found what it found without a call.
func local(g Grant) Grant {
	g.Report.Findings[0].Request = text.Safe{}
	return g
}

// sealedUp is a grant whose token is behind a passphrase.
func sealedUp(g Grant) Grant {
	g.Err = &store.Error{What: "no", Why: "locked", Err: secrets.ErrNoPassphrase}
	return g
}

func ending(in time.Duration) Grant {
	g := probed(platforms.Pass, "")
	g.Report.Grant.Expires = noon.Add(in)
	g.Report.Health = live.Weigh(g.Report.Findings, g.Report.Grant, noon)
	return g
}

func seenIn(open bool, c platforms.Colour, ago time.Duration) Case {
	return Case{Summary: store.Summary{ID: "7QK2", Platform: "x", Account: "Cafe", Open: open}, Colour: c, Seen: noon.Add(-ago), Grade: platforms.Seen}
}

func failing() Case {
	c := seenIn(true, platforms.Green, time.Hour)
	c.Failing = true
	return c
}

// TestRows: each source alone, and what they say together.
func TestRows(t *testing.T) {
	lost := Grant{Held: held(), Err: &connection.LostError{Held: held()}}
	checked := func(h live.Health, ago time.Duration) Grant {
		g := Grant{Held: held()}
		g.Held.Health, g.Held.Checked = h, noon.Add(-ago)
		return g
	}
	late := feed.Connection{Account: text.Const("@cafe"), Colour: platforms.Green, Expires: noon.Add(3 * day)}
	past := feed.Connection{Account: text.Const("@cafe"), Colour: platforms.Green, Expires: noon.Add(-day)}
	for _, c := range []struct {
		name   string
		known  Known
		colour platforms.Colour
		state  string
		says   string // part of the reason
		do     string
	}{
		{"feed green", Known{Feed: fedWith(shown(platforms.Green))}, platforms.Green, "Connected", "Aibrify shows Connected.", ""},
		{"feed yellow", Known{Feed: fedWith(shown(platforms.Yellow))}, platforms.Yellow, "Warning", "Aibrify shows Warning.", "reconnect --platform x"},
		{"feed red", Known{Feed: fedWith(feed.Connection{Account: text.Const("@cafe"), Colour: platforms.Red, Error: text.Const("Unauthorized.\nLog in.")})},
			platforms.Red, "Disconnected", "Aibrify shows Disconnected: Unauthorized. Log in.", "reconnect --platform x"},
		{"feed red, known error", Known{Feed: fedWith(feed.Connection{Account: text.Const("@cafe"), Colour: platforms.Red, Error: text.Const("Your account is suspended. code 64")})},
			platforms.Red, "Disconnected", "code 64. The account is suspended", "reconnect --platform x"},
		{"feed past its date", Known{Feed: fedWith(past)}, platforms.Yellow, "Connected, over by its date", "and its permission is over by its date.", "reconnect --platform x"},
		{"feed ends soon", Known{Feed: fedWith(late)}, platforms.Yellow, "Connected, ends soon", "and its permission ends within 14 days.", "reconnect --platform x"},
		{"probe green", Known{Grants: []Grant{probed(platforms.Pass, "")}}, platforms.Green, "account ready", "Nothing wrong was found.", ""},
		{"probe red for its grant", Known{Grants: []Grant{probed(platforms.Fail, platforms.TokenExpired)}}, Unknown, "could not check", "The sign-in of your own app has ended. That says nothing of Aibrify's.", "reconnect login x --account @cafe"},
		{"probe red for the account", Known{Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}}, platforms.Red, "account not ready", "The token is not valid any more.", "reconnect --platform x"},
		{"probe red for a grant of Aibrify's app", Known{Grants: []Grant{ofAibrify(probed(platforms.Fail, platforms.TokenExpired))}}, Unknown, "could not check",
			"The sign-in with Aibrify's app on this computer has ended.", "reconnect --platform x"},
		{"probe green with Aibrify's app", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{ofAibrify(probed(platforms.Pass, ""))}}, platforms.Green, "Connected",
			"Aibrify shows Connected; Aibrify's app finds nothing wrong.", ""},
		{"probe offline", Known{Grants: []Grant{probed(platforms.Unsure, "")}}, Unknown, "could not check", "no connection.", "reconnect check x --paid"},
		{"probe limited", Known{Grants: []Grant{later(noon.Add(time.Hour), "")}}, Unknown, "could not check", "no connection.", "from 2026-11-23 13:00 on: reconnect check x --paid"},
		{"probe limited before", Known{Grants: []Grant{later(noon.Add(-time.Hour), "")}}, Unknown, "could not check", "no connection.", "reconnect check x --paid"},
		{"probe limited for a while", Known{Grants: []Grant{later(time.Time{}, "Wait an hour.")}}, Unknown, "could not check", "no connection.", "Wait an hour."},
		{"probe ends soon", Known{Grants: []Grant{ending(3 * day)}}, platforms.Yellow, "needs a look", "Its grant ends within 14 days.", "reconnect login x --account @cafe"},
		{"probe ends later", Known{Grants: []Grant{ending(14*day + 1)}}, platforms.Green, "account ready", "Nothing wrong was found.", ""},
		{"nothing asked", Known{Grants: []Grant{probed(platforms.Skipped, "")}}, Unknown, "not checked yet", "nothing was asked this time.", "reconnect check x --paid"},
		{"token lost", Known{Grants: []Grant{lost}}, Unknown, "could not check", "Its token is no longer where it was kept.", "reconnect login x --account @cafe"},
		{"token elsewhere", Known{Grants: []Grant{{Held: held(), Err: &connection.ElsewhereError{Held: held()}}}}, Unknown, "could not check", "Its token is kept elsewhere", `Take secrets = "memory" out of config.toml.`},
		{"nobody asked for what was found", Known{Grants: []Grant{local(probed(platforms.Pass, ""))}}, Unknown, "not checked yet", "nothing was asked this time.", "reconnect check x --paid"},
		{"of another app", Known{Grants: []Grant{{Held: held(), Err: &connection.OtherAppError{Held: held()}}}}, Unknown, "could not check", "Its grant was given to another app", "reconnect login x --account @cafe"},
		{"time over", Known{Grants: []Grant{{Held: held(), Err: context.DeadlineExceeded}}}, Unknown, "could not check", "The time was over", "reconnect status --timeout 5m"},
		{"keyring locked", Known{Grants: []Grant{{Held: held(), Err: &store.Error{What: "the secret could not be read", Why: "/home/me is locked", Do: "Unlock it.", Err: secrets.ErrLocked}}}},
			Unknown, "could not check", "Its token could not be had, because the keyring is locked.", "Unlock it"},
		{"disk full", Known{Grants: []Grant{{Held: held(), Err: &store.Error{What: "the record was not saved", Why: "the disk is full", Do: "Free some space.", Err: store.ErrFull}}}},
			Unknown, "could not check", "The record was not saved: the disk is full.", "Free some space"},
		{"an error with a token in it", Known{Grants: []Grant{{Held: held(), Err: errors.New("no: access_token=abcdefgh12345678")}}}, Unknown, "could not check", "removed", ""},
		{"never checked", Known{Grants: []Grant{{Held: held(), Skipped: text.Const("asking costs")}}}, Unknown, "not checked yet", "was not asked with it yet; asking costs.", "reconnect check x --paid"},
		{"checked before", Known{Grants: []Grant{checked(live.Health{Colour: platforms.Green}, 3*day)}}, platforms.Green, "account ready", "Nothing wrong was found.", ""},
		{"checked long before", Known{Grants: []Grant{checked(live.Health{Colour: platforms.Green}, 91*day)}}, Unknown, "not checked yet", "was asked last on 2026-08-24.", "reconnect check x --paid"},
		{"red before", Known{Grants: []Grant{checked(live.Health{Colour: platforms.Red, Reason: text.Const("Locked.")}, day)}}, platforms.Red, "account not ready", "Locked.", "reconnect check x --paid"},
		{"no before, with its mend", Known{Grants: []Grant{no(checked(live.Health{Colour: platforms.Red, Reason: text.Const("Locked.")}, day))}},
			platforms.Red, "account not ready", "Locked.", "Ask an admin, then reconnect."},
		{"red before, and a blip since", Known{Grants: []Grant{missed(no(checked(live.Health{Colour: platforms.Red, Reason: text.Const("Locked.")}, day)))}},
			platforms.Red, "account not ready", "Locked; asked again on 2026-11-23 11:00, and could not check: no connection.", "Ask an admin, then reconnect."},
		{"green before, and a blip since", Known{Grants: []Grant{missed(checked(live.Health{Colour: platforms.Green}, day))}},
			platforms.Green, "account ready", "asked again on 2026-11-23 11:00, and could not check: no connection.", ""},
		{"never answered, and a blip", Known{Grants: []Grant{missed(Grant{Held: held()})}}, Unknown, "could not check", "Could not check: no connection.", "reconnect check x --paid"},
		{"red before, and a blip now", Known{Grants: []Grant{blip(no(checked(live.Health{Colour: platforms.Red, Reason: text.Const("Locked.")}, day)))}},
			Unknown, "could not check", "no connection; on 2026-11-22 12:00 it was: account not ready.", "reconnect check x --paid"},
		{"its own grant ended before", Known{Grants: []Grant{over(checked(live.Health{Colour: Unknown, Reason: text.Const("Revoked.")}, day))}},
			Unknown, "could not check", "The sign-in of your own app has ended. That says nothing of Aibrify's.", "reconnect login x --account @cafe"},

		{"no, with its mend", Known{Grants: []Grant{no(probed(platforms.Fail, platforms.NotAdmin))}}, platforms.Red, "account not ready", "The token is not valid any more.", "Ask an admin, then reconnect."},
		{"its own grant was revoked", Known{Grants: []Grant{no(probed(platforms.Fail, platforms.PermissionRevoked))}}, Unknown, "could not check", "The sign-in of your own app has ended. That says nothing of Aibrify's.", "reconnect login x --account @cafe"},
		{"its own grant lacks a permission", Known{Grants: []Grant{no(probed(platforms.Fail, platforms.MissingPermission))}}, platforms.Red, "account not ready", "", "Ask an admin, then reconnect."},
		{"feed green, no with its mend", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{no(probed(platforms.Fail, platforms.NotAdmin))}},
			platforms.Yellow, "Connected, needs a look", "your own app finds: The token", "Ask an admin, then reconnect."},
		{"feed red, no with its mend", Known{Feed: fedWith(shown(platforms.Red)), Grants: []Grant{no(probed(platforms.Fail, platforms.NotAdmin))}},
			platforms.Red, "Disconnected", "your own app finds: The token", "Ask an admin, then reconnect."},
		{"feed red, its own grant was revoked", Known{Feed: fedWith(shown(platforms.Red)), Grants: []Grant{no(probed(platforms.Fail, platforms.PermissionRevoked))}},
			platforms.Red, "Disconnected", "the sign-in of your own app has ended.", "reconnect --platform x"},
		{"open case, no with its mend", Known{Cases: []Case{seenIn(true, platforms.Red, day)}, Grants: []Grant{no(probed(platforms.Fail, platforms.NotAdmin))}},
			platforms.Red, "Disconnected", "The token", "Ask an admin, then reconnect. Its case is open: reconnect --case 7QK2"},
		{"passphrase needed", Known{Grants: []Grant{{Held: held(), Err: &store.Error{What: "no", Why: "/home/me needs it", Do: "Start.", Err: secrets.ErrNoPassphrase}}}},
			Unknown, "could not check", "is in the encrypted file, and status asks nobody for the passphrase; reconnect check x --paid does.", "reconnect check x --paid"},

		{"case red", Known{Cases: []Case{seenIn(true, platforms.Red, day)}}, platforms.Red, "Disconnected", "Aibrify showed Disconnected on 2026-11-22.", "reconnect --case 7QK2"},
		{"case without a look", Known{Cases: []Case{seenIn(true, "", 0)}}, Unknown, "not checked yet", "Nobody has looked yet.", "reconnect --case 7QK2"},
		{"case not listed", Known{Cases: []Case{seenIn(true, platforms.Unlisted, day)}}, platforms.Red, "not listed", "Aibrify showed not listed on 2026-11-22.", "reconnect --case 7QK2"},
		{"case green, posts fail", Known{Cases: []Case{failing()}}, platforms.Yellow, "Connected, posts fail", "and posts failed.", "reconnect --case 7QK2"},
		{"case ended connected", Known{Cases: []Case{seenIn(false, platforms.Green, 30*day)}}, platforms.Green, "Connected", "Aibrify showed Connected on 2026-10-24.", ""},

		{"feed green, probe red", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}},
			platforms.Yellow, "Connected, needs a look", "Aibrify shows Connected; your own app finds: The token is not valid any more.", "reconnect --platform x"},
		{"feed green, probe green", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Green, "Connected", "your own app finds nothing wrong.", ""},
		{"feed green, probe offline", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{probed(platforms.Unsure, "")}},
			platforms.Green, "Connected", "your own app could not ask", ""},
		{"feed green, own grant ends soon", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{ending(3 * day)}},
			platforms.Green, "Connected", "your own app finds: its grant ends within 14 days.", "reconnect login x --account @cafe"},
		{"feed red, probe green", Known{Feed: fedWith(shown(platforms.Red)), Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Red, "Disconnected", "your own app finds nothing wrong.", "reconnect --platform x"},
		{"feed yellow, probe red", Known{Feed: fedWith(shown(platforms.Yellow)), Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}},
			platforms.Yellow, "Warning", "your own app finds", "reconnect --platform x"},
		{"feed green, older case red", Known{Feed: fedWith(shown(platforms.Green)), Cases: []Case{seenIn(true, platforms.Red, day)}}, platforms.Green, "Connected", "Aibrify shows Connected.", ""},
		{"feed green, newer case red", Known{Feed: fedWith(shown(platforms.Green)), Cases: []Case{seenIn(true, platforms.Red, time.Minute)}},
			platforms.Red, "Disconnected", "Aibrify showed Disconnected", "reconnect --case 7QK2"},
		{"feed red, open case", Known{Feed: fedWith(shown(platforms.Red)), Cases: []Case{seenIn(true, "", 0)}}, platforms.Red, "Disconnected", "Aibrify shows Disconnected.", "reconnect --case 7QK2"},
		{"open case red, probe green", Known{Cases: []Case{seenIn(true, platforms.Red, day)}, Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Red, "Disconnected", "your own app finds nothing wrong.", "reconnect --case 7QK2"},
		{"open case yellow, probe red", Known{Cases: []Case{seenIn(true, platforms.Yellow, day)}, Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}},
			platforms.Red, "account not ready", "The token is not valid any more; Aibrify showed Warning on 2026-11-22.", "reconnect --case 7QK2"},
		{"ended case green, probe red", Known{Cases: []Case{seenIn(false, platforms.Green, day)}, Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}},
			platforms.Red, "account not ready", "The token is not valid any more.", "reconnect --platform x"},
		{"ended case green, never probed", Known{Cases: []Case{seenIn(false, platforms.Green, day)}, Grants: []Grant{{Held: held()}}}, platforms.Green, "Connected", "Aibrify showed Connected", ""},
		{"two grants", Known{Grants: []Grant{probed(platforms.Pass, ""), probed(platforms.Fail, platforms.TokenExpired), probed(platforms.Unsure, "")}},
			Unknown, "could not check", "no connection.", "reconnect check x --paid"},
		{"one grant works, another ended", Known{Grants: []Grant{probed(platforms.Pass, ""), probed(platforms.Fail, platforms.TokenExpired)}},
			platforms.Green, "account ready", "Nothing wrong was found.", ""},
		{"feed green, its own grant was revoked", Known{Feed: fedWith(shown(platforms.Green)), Grants: []Grant{probed(platforms.Fail, platforms.PermissionRevoked)}},
			platforms.Green, "Connected", "Aibrify shows Connected; the sign-in of your own app has ended.", "reconnect login x --account @cafe"},
		{"ended case green, its own grant was revoked", Known{Cases: []Case{seenIn(false, platforms.Green, day)}, Grants: []Grant{probed(platforms.Fail, platforms.PermissionRevoked)}},
			platforms.Green, "Connected", "the sign-in of your own app has ended.", "reconnect login x --account @cafe"},
		{"asked, and nothing said", Known{Grants: []Grant{checked(live.Health{}, day)}}, Unknown, "not checked yet", "was not asked with it yet.", "reconnect check x --paid"},
		{"nothing asked, checked before", Known{Grants: []Grant{nothing(checked(live.Health{Colour: platforms.Green}, day))}},
			platforms.Green, "account ready", "Nothing wrong was found; nothing was asked this time.", ""},
		{"passphrase needed, checked long before", Known{Grants: []Grant{sealedUp(checked(live.Health{Colour: platforms.Green}, day+time.Minute))}},
			Unknown, "could not check", "It was account ready then, more than a day ago; it was not asked now: its token is in the encrypted file", "reconnect check x --paid"},
		{"passphrase needed, broken long before", Known{Grants: []Grant{sealedUp(no(checked(live.Health{Colour: platforms.Red, Reason: text.Const("Locked.")}, 3*day)))}},
			platforms.Red, "account not ready", "Locked; it was not asked now: its token is in the encrypted file", "Ask an admin, then reconnect."},
		{"passphrase needed, checked before", Known{Grants: []Grant{sealedUp(checked(live.Health{Colour: platforms.Green}, day))}},
			platforms.Green, "account ready", "it was not asked now: its token is in the encrypted file, and status asks nobody for the passphrase; reconnect check x --paid does.", ""},

		{"not in the list, probe green", Known{Feed: fedWith(), Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Yellow, "not listed", "Aibrify's list does not have it under this name; your own app finds nothing wrong.", "reconnect --platform x"},
		{"not in the list, probe red", Known{Feed: fedWith(), Grants: []Grant{probed(platforms.Fail, platforms.AccountRestricted)}},
			platforms.Red, "account not ready", "Aibrify's list does not have it under this name.", "reconnect --platform x"},
		{"not in the list, never checked", Known{Feed: fedWith(), Grants: []Grant{{Held: held()}}}, platforms.Yellow, "not listed", "under this name.", "reconnect --platform x"},
		{"not in the list, ended case", Known{Feed: fedWith(), Cases: []Case{seenIn(false, platforms.Green, day)}, Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Yellow, "not listed", "your own app finds nothing wrong.", "reconnect --platform x"},
		{"not in the list, open case", Known{Feed: fedWith(), Cases: []Case{seenIn(true, platforms.Red, day)}, Grants: []Grant{probed(platforms.Pass, "")}},
			platforms.Red, "Disconnected", "Aibrify showed Disconnected", "reconnect --case 7QK2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.known.Now = noon
			rows := Rows(c.known)
			if len(rows) != 1 {
				t.Fatalf("%d rows: %+v", len(rows), rows)
			}
			r := rows[0]
			if r.Colour != c.colour || r.State.String() != c.state || !strings.Contains(r.Reason.String(), c.says) || r.Do.String() != c.do {
				t.Errorf("%s, %s\n%s\n%s", r.Colour, r.State, r.Reason, r.Do)
			}
			if r.Rests.Empty() || r.Account.Empty() || r.Expires == nil || !strings.HasSuffix(r.Reason.String(), ".") || strings.Contains(r.Reason.String(), "12345678") {
				t.Errorf("incomplete: %+v", r)
			}
			raw, err := json.Marshal(rows)
			if err != nil {
				t.Fatal(err)
			}
			var back []Row
			if err := json.Unmarshal(raw, &back); err != nil || len(Changes(back, rows)) > 0 || len(Changes(rows, back)) > 0 {
				t.Errorf("kept and read again it changed: %v, %v", err, Changes(back, rows))
			}
		})
	}
}

// TestEnds: a grant that is over has no end any more, on the page and in the calendar.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name  string
		grant Grant
		want  int
	}{
		{"works", probed(platforms.Pass, ""), 1},
		{"the account is locked", probed(platforms.Fail, platforms.AccountRestricted), 1},
		{"run out", probed(platforms.Fail, platforms.TokenExpired), 0},
		{"revoked", over(Grant{Held: connection.Held{Service: "x", Grant: held().Grant, Checked: noon, Health: live.Health{Colour: platforms.Red}}}), 0},
		{"another password", probed(platforms.Fail, platforms.PasswordChanged), 0},
		{"over by its date", ending(-day), 0},
	} {
		if rows := Rows(Known{Now: noon, Grants: []Grant{c.grant}}); len(rows[0].Expires) != c.want {
			t.Errorf("%s: %+v", c.name, rows[0])
		}
	}
}

// TestJoined: which sources speak of one connection.
func TestJoined(t *testing.T) {
	page := feed.Connection{Platform: platforms.Facebook, Account: text.Const("Example Bakery"), Colour: platforms.Green}
	other := feed.Connection{Platform: platforms.Facebook, Account: text.Const("Bar Central"), Colour: platforms.Green}
	mika := Grant{Held: connection.Held{Key: "facebook/1", Service: "facebook",
		Grant: live.Grant{Platform: platforms.Facebook, Account: live.Account{Name: text.Const("Mika")}}}}
	verified := mika
	verified.Held.For = text.Const("example bakery")
	kase := func(account string) Case {
		return Case{Summary: store.Summary{ID: "9XYZ", Platform: "facebook", Account: account, Open: true}}
	}
	for _, c := range []struct {
		name  string
		known Known
		want  string
	}{
		{"a person's grant for the only Page", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page}}, Grants: []Grant{mika}}, "Example Bakery"},
		{"a person's grant and two Pages", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page, other}}, Grants: []Grant{mika}}, "Bar Central, Example Bakery, Mika"},
		{"verified for one of two", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page, other}}, Grants: []Grant{verified}}, "Bar Central, Example Bakery"},
		{"a case by name", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page}}, Cases: []Case{kase("@EXAMPLE BAKERY")}}, "Example Bakery"},
		{"a case of somebody else", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page}}, Cases: []Case{kase("Somebody")}}, "Example Bakery, Somebody"},
		{"a case without a name", Known{Feed: &feed.Feed{At: noon, Connections: []feed.Connection{page}}, Cases: []Case{kase("")}}, "Example Bakery"},
		{"a case alone without a name", Known{Cases: []Case{kase("")}}, "case 9XYZ"},
		{"a case of who signed in", Known{Grants: []Grant{mika}, Cases: []Case{kase("mika")}}, "Mika"},
	} {
		c.known.Now = noon
		var names []string
		for _, r := range Rows(c.known) {
			names = append(names, r.Account.String())
		}
		if got := strings.Join(names, ", "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestAbout: a feed that cannot be read, or is old, is a row of its own; what it
// showed before is told as of then.
func TestAbout(t *testing.T) {
	unread := &feed.Error{What: "what Aibrify shows could not be read", Why: "/of/feed.json is not there", Do: "Look."}
	locked := &feed.Error{What: unread.What, Why: "its token could not be had: /home/me", Err: &store.Error{What: "no", Why: "/home/me", Err: secrets.ErrNoPassphrase}}
	old := fedWith(shown(platforms.Green))
	old.At = noon.Add(-3 * day)
	for _, c := range []struct {
		name  string
		known Known
		says  []string
		worst platforms.Colour
	}{
		{"not read, never before", Known{FeedErr: unread}, []string{"/of/feed.json is not there."}, Unknown},
		{"its token locked", Known{FeedErr: locked}, []string{"Its token is in the encrypted file, and status asks nobody for the passphrase."}, Unknown},
		{"not read, but before", Known{FeedErr: unread, Feed: fedWith(shown(platforms.Green))},
			[]string{"/of/feed.json is not there; what it showed on 2026-11-23 11:00 is used.", "Aibrify shows Connected."}, Unknown},
		{"old", Known{Feed: old}, []string{"It was written on 2026-11-20 12:00, more than a day ago.", "Aibrify showed Connected on 2026-11-20."}, Unknown},
		{"old, offline", Known{Feed: old, Offline: true}, []string{"Aibrify showed Connected on 2026-11-20."}, platforms.Green},
	} {
		c.known.Now = noon
		rows := Rows(c.known)
		var says []string
		for _, r := range rows {
			says = append(says, r.Reason.String())
		}
		if got, want := strings.Join(says, "\n"), strings.Join(c.says, "\n"); got != want || Worst(rows) != c.worst {
			t.Errorf("%s: %s\n%s", c.name, Worst(rows), got)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		of   []platforms.Colour
		want platforms.Colour
	}{
		{nil, Unknown},
		{[]platforms.Colour{platforms.Green, platforms.Green}, platforms.Green},
		{[]platforms.Colour{platforms.Green, platforms.Yellow}, platforms.Yellow},
		{[]platforms.Colour{Unknown, platforms.Yellow}, Unknown},
		{[]platforms.Colour{Unknown, platforms.Red, platforms.Yellow}, platforms.Red},
	} {
		var rows []Row
		for _, colour := range c.of {
			rows = append(rows, Row{Colour: colour})
		}
		if got := Worst(rows); got != c.want {
			t.Errorf("%v: %s", c.of, got)
		}
	}
}

func TestChanges(t *testing.T) {
	row := func(c platforms.Colour, state string, cause platforms.Cause) Row {
		return Row{Platform: platforms.X, Account: text.Const("@cafe"), Colour: c, State: text.Line(state), Reason: text.Const("Because."), Cause: cause, By: byApp}
	}
	green, red, expired := row(platforms.Green, "Connected", ""), row(platforms.Red, "Disconnected", ""), row(platforms.Red, "Disconnected", platforms.TokenExpired)
	red.Do, expired.Do = text.Const("reconnect login x"), text.Const("reconnect login x")
	moved := green
	moved.Expires, moved.Account, moved.By = []End{{At: noon}}, text.Const("Cafe"), byFeed
	for _, c := range []struct {
		name        string
		before, now []Row
		want        string
	}{
		{"first", nil, []Row{green}, "● X @cafe: Connected. Because."},
		{"nothing", []Row{green}, []Row{green}, ""},
		{"a date moved on", []Row{green}, []Row{moved}, ""},
		{"another says the same", []Row{green}, []Row{row(platforms.Green, "account ready", "")}, ""},
		{"not listed any more", []Row{red}, []Row{row(platforms.Red, "not listed", "")}, "■ X @cafe: not listed, was Disconnected. Because."},
		{"broke", []Row{green}, []Row{red}, "■ X @cafe: Disconnected, was Connected. Because.\n→ reconnect login x"},
		{"another reason", []Row{red}, []Row{expired}, "■ X @cafe: still Disconnected, for another reason. Because.\n→ reconnect login x"},
		{"gone", []Row{red}, nil, "· X @cafe: no longer known here; it was Disconnected."},
		{"the feed again", []Row{{Account: text.Const("what Aibrify shows"), Colour: Unknown}}, nil, "● what Aibrify shows: can be read again."},
	} {
		var got []string
		for _, s := range Changes(c.before, c.now) {
			got = append(got, s.String())
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestErrorChanges: another error of the same connection is another reason.
func TestErrorChanges(t *testing.T) {
	rows := func(said string) []Row {
		f := fedWith(feed.Connection{Account: text.Const("Cafe"), Colour: platforms.Red, Error: text.Line(said)})
		f.Connections[0].Platform = platforms.Facebook
		return Rows(Known{Now: noon, Feed: f})
	}
	before, now := rows("code 190, subcode 460"), rows("code 190, subcode 458")
	if before[0].Cause != platforms.PasswordChanged || now[0].Cause != platforms.PermissionRevoked {
		t.Errorf("%s, %s", before[0].Cause, now[0].Cause)
	}
	if got := Changes(before, now); len(got) != 1 || !strings.Contains(got[0].String(), "for another reason") {
		t.Errorf("%v", got)
	}
}

// TestWidth: no line is wider than a terminal, whatever the accounts are called.
func TestWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("ab@.漢é")), 1, 12, -1), 1, 40)
		var of []feed.Connection
		for _, c := range rapid.SliceOfN(rapid.SampledFrom([]platforms.Colour{platforms.Green, platforms.Yellow, platforms.Red}), 1, 4).Draw(t, "colours") {
			of = append(of, feed.Connection{Account: text.Line(strings.Join(words.Draw(t, "account"), " ")), Colour: c,
				Error: text.Line(strings.Join(words.Draw(t, "error"), " ")), Expires: noon.Add(30 * day)})
		}
		k := Known{Now: noon, Feed: fedWith(of...), Grants: []Grant{probed(platforms.Fail, "")}}
		for _, line := range Text(Rows(k), noon).Lines() {
			if w := ansi.StringWidth(line.String()); w > Width {
				t.Fatalf("%d cells: %s", w, line)
			}
		}
	})
}
