package session

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// What follows are the pages outside of a case: the start and the status board.

// showStart lists the open cases, those whose waiting time is over on top.
func showStart(s *Session, v View) screens.Page {
	p := screens.Page{Kind: screens.Cases, Title: text.Const("Welcome to reconnect."), Why: startWhy(v.open, s.Now())}
	if len(v.open) > 0 {
		p.Title = text.Const("Welcome back.")
	}
	for _, c := range v.again {
		p.Items = append(p.Items, lookItem(c, s.Now()))
	}
	for _, c := range v.open {
		p.Items = append(p.Items, item(c, s.Now()))
	}
	p.Items = append(p.Items,
		screens.Item{ID: pageBoard, Platform: text.Const("New case"), Account: text.Const("a connection shows a problem")},
		screens.Item{ID: pageConnect, Platform: text.Const("Connect"), Account: text.Const("a platform for the first time")},
		screens.Item{ID: pageEnded, Platform: text.Const("Ended cases"), Account: text.Const("read or reopen")})
	p.Tag = audienceWords(v.Audience)
	return p
}

func startWhy(open []store.Summary, now time.Time) text.Safe {
	due := 0
	for _, c := range open {
		if isDue(c, now) {
			due++
		}
	}
	switch {
	case len(open) == 0:
		return text.Const("No case is open. A new case takes about two minutes.")
	case len(open) == 1:
		return dueWords(text.Const("One case is open"), due)
	}
	return dueWords(text.Format("%s cases are open", text.Int(len(open))), due)
}

func dueWords(open text.Safe, due int) text.Safe {
	switch due {
	case 0:
		return text.Format("%s.", open)
	case 1:
		return text.Format("%s, one is due.", open)
	}
	return text.Format("%s, %s are due.", open, text.Int(due))
}

func isDue(c store.Summary, now time.Time) bool { return !c.Due.IsZero() && !now.Before(c.Due) }

func item(c store.Summary, now time.Time) screens.Item {
	i := screens.Item{ID: c.ID, Platform: guideOf(platforms.ID(c.Platform)).Name,
		Account: text.Join(" · ", text.Line(c.Account), text.Line(c.Customer)).Or(text.Format("case %s", text.Line(c.ID))),
		Step:    text.Line(c.Step), When: ago(c.Updated, now)}
	switch {
	case !c.Open && !c.Due.IsZero():
		i.Note = text.Format("to be looked at again at %s", clock(c.Due, now))
	case isDue(c, now):
		i.Due, i.When = true, text.Const("due now")
		i.Note = text.Format("waiting is over since %s", clock(c.Due, now))
	case !c.Due.IsZero():
		i.Note = text.Format("waits until %s", clock(c.Due, now))
	}
	return i
}

// sortDueFirst puts due cases on top, the longest due first, and keeps the others newest first.
func sortDueFirst(cases []store.Summary, now time.Time) {
	slices.SortStableFunc(cases, func(a, b store.Summary) int {
		switch da, db := isDue(a, now), isDue(b, now); {
		case da && db:
			return a.Due.Compare(b.Due)
		case da:
			return -1
		case db:
			return 1
		}
		return 0
	})
}

// audienceWords name an audience on the screen.
func audienceWords(a platforms.Audience) text.Safe {
	switch a {
	case platforms.Agent:
		return text.Const("on a call")
	case platforms.Onboarding:
		return text.Const("onboarding")
	case platforms.Own:
	}
	return text.Const("on my own")
}

func takeStart(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	switch a.Pick {
	case pageBoard, pageConnect, pageEnded:
		return turn{lay: &layer{name: a.Pick}}, nil
	}
	return turn{enter: a.Pick}, nil
}

// showEnded lists the cases that ended, the newest first.
func showEnded(s *Session, v View) screens.Page {
	p := screens.Page{Kind: screens.Cases, Title: text.Const("Ended cases"), Why: text.Const("Open one to read it or to reopen it.")}
	all, err := s.Log.Cases(context.Background(), store.Query{Limit: 200})
	if err != nil {
		p.Notice = text.Line(err.Error())
	}
	for _, c := range all {
		if !c.Open {
			p.Items = append(p.Items, item(c, s.Now()))
		}
	}
	if len(p.Items) == 0 {
		p.Why = text.Const("No case has ended yet.")
	}
	return p
}

func takeEnded(_ context.Context, _ *Session, _ View, a screens.Answer) (turn, error) {
	return turn{enter: a.Pick}, nil
}

// showBoard is the status check: the dashboard's own list. In a case, its own
// row is the one that counts; other troubled rows open linked cases.
func showBoard(_ *Session, v View) screens.Page {
	if v.waiting() {
		return showWaiting(nil, v)
	}
	g := guideOf(v.State.Platform)
	if v.Case == "" {
		g = platforms.All()[0].Guide()
		g.Pages = map[string]platforms.Page{"status": commonStatus()}
	}
	status := g.Pages["status"].Fill(v.vars())
	p := screens.Page{Name: pageBoard, Kind: screens.Board, Title: status.Title, Why: v.look(status), Ask: v.say(status.Ask), Side: v.side(status)}
	for _, c := range status.Choices {
		p.Choices = append(p.Choices, v.choice(c))
	}
	for _, svc := range platforms.All() {
		row := screens.Row{Platform: svc.ID, Name: svc.Guide().Name}
		if v.Case != "" && svc.ID == v.State.Platform && v.State.LedHere().Kind != ladder.DetourTaken { // then it is looked at anew
			row.Colour = cmp.Or(v.State.Colour, v.markedBefore())
		}
		p.Rows = append(p.Rows, row)
	}
	p.At = v.item()
	if v.Case != "" {
		p.Name, p.At, p.Facts = string(ladder.AtStatus), string(v.State.Platform), v.standing(inTheWay)
	}
	return p
}

// markedBefore is the colour that was marked last and taken back; empty if none was.
func (v View) markedBefore() platforms.Colour {
	for _, e := range slices.Backward(v.Log) {
		if e.Kind == ladder.StatusSeen && e.Seq > v.State.Round && slices.Contains(v.State.Struck, e.Seq) {
			return platforms.Colour(e.Data.Answer)
		}
	}
	return ""
}

// look is where to look and what for, as sentences.
func (v View) look(status platforms.Page) text.Safe {
	var said text.Safe
	for _, d := range status.Do {
		said = text.Join(" ", said, text.Format("%s.", v.say(d.Text)))
	}
	return text.Join(" ", said, v.say(status.Why))
}

// commonStatus is what the guide says about the status of any platform.
func commonStatus() platforms.Page {
	all := platforms.All()
	page := all[0].Guide().Pages["status"]
	page.More = slices.DeleteFunc(slices.Clone(page.More), func(n platforms.Note) bool {
		return slices.ContainsFunc(all, func(s platforms.Service) bool {
			return !slices.Contains(s.Guide().Pages["status"].More, n)
		})
	})
	return page
}

// worst is the order in which troubled rows are repaired.
var worst = map[platforms.Colour]int{platforms.Red: 0, platforms.Unlisted: 1, platforms.Yellow: 2, platforms.Green: 3}

// takeBoard opens a case for every troubled row, linked, worst first.
func takeBoard(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	if v.waiting() {
		return takeWaiting(ctx, s, v, a)
	}
	rows := troubled(a)
	if len(rows) == 0 {
		return turn{notice: text.Const("Mark at least one row first: 1 green, 2 yellow, 3 red, 4 not listed.")}, nil
	}
	t := turn{drop: true, clear: true}
	group := v.State.Group
	for _, r := range rows {
		if v.Case != "" && r.platform == v.State.Platform {
			t.events = append(v.statusEvents(r.colour, a), shared(r, rows)...)
			continue
		}
		t.opened = append(t.opened, v.openings(r, rows, a)...)
	}
	if group == "" && len(t.opened) > 1 {
		group = NewID() + NewID()
	}
	for i := range t.opened {
		t.opened[i].group = group
	}
	if v.Case == "" {
		t.enter = newCase
	}
	t.notice = v.openedNotice(rows, len(t.opened))
	return t, nil
}

// openings are the cases that a row opens: one for each troubled connection that
// Aibrify's own list shows, with what it shows of it, else one.
func (v View) openings(r rowSeen, rows []rowSeen, a screens.Answer) []opening {
	var all []opening
	read := v.listed()
	for _, shown := range read.of(r) {
		events := alertEvents(a)
		if !shown.Account.Empty() {
			events = append(events, ladder.Event{Kind: ladder.CaseCorrected, Data: ladder.Data{Account: shown.Account, Grade: platforms.Seen}})
		}
		if !shown.Error.Empty() {
			events = append(events, shownError(shown.Error, r.platform)...)
		}
		events = append(events, ladder.Event{Kind: ladder.StatusSeen,
			Data: ladder.Data{Answer: string(shown.Colour), Grade: platforms.Seen, Text: asOf(read.At, v.now)}})
		all = append(all, opening{platform: r.platform, events: append(events, shared(r, rows)...)})
	}
	if len(all) == 0 {
		all = []opening{{platform: r.platform, customer: v.State.Customer, events: append(v.statusEvents(r.colour, a), shared(r, rows)...)}}
	}
	return all
}

// openedNotice says that several cases were opened and which comes first, or that
// the platform has an open case already.
func (v View) openedNotice(rows []rowSeen, opened int) text.Safe {
	first := guideOf(rows[0].platform).Name
	if cases := max(len(rows), opened); cases > 1 {
		return text.Join(" ", text.Format("%s linked cases are open.", text.Int(cases)), oneLogin(rows),
			text.Format("We start with %s.", first))
	}
	for _, c := range v.open {
		if platforms.ID(c.Platform) == rows[0].platform && v.Case == "" {
			return text.Format("Case %s on %s is open, too. If it is the same account, close this one as a duplicate.", text.Line(c.ID), first)
		}
	}
	return text.Safe{}
}

type rowSeen struct {
	platform platforms.ID
	colour   platforms.Colour
}

// troubled are the rows that need a case, in the order that mends most: first
// those whose login mends others, too, then the worst. If every marked row is
// green, it is the row under the cursor, or the first.
func troubled(a screens.Answer) []rowSeen {
	var rows, green []rowSeen
	for _, svc := range platforms.All() {
		seen := rowSeen{svc.ID, platforms.Colour(a.Values[string(svc.ID)])}
		switch {
		case seen.colour == "":
		case seen.colour == platforms.Green && a.Values["at"] == string(svc.ID):
			green = append([]rowSeen{seen}, green...)
		case seen.colour == platforms.Green:
			green = append(green, seen)
		default:
			rows = append(rows, seen)
		}
	}
	if len(rows) == 0 && len(green) > 0 {
		return green[:1]
	}
	slices.SortStableFunc(rows, func(a, b rowSeen) int {
		return cmp.Or(mends(b, rows)-mends(a, rows), worst[a.colour]-worst[b.colour])
	})
	return rows
}

// statusEvents are the notices and the colour that were seen.
func (v View) statusEvents(c platforms.Colour, a screens.Answer) []ladder.Event {
	return append(alertEvents(a), ladder.Event{Kind: ladder.StatusSeen, Data: ladder.Data{Answer: string(c), Grade: v.grade()}})
}

// alertEvents are the notices that were seen.
func alertEvents(a screens.Answer) []ladder.Event {
	var events []ladder.Event
	for _, alert := range []string{"banner", "email"} {
		if seen := a.Values["alert"]; seen == alert || seen == "both" {
			events = append(events, ladder.Event{Kind: ladder.AlertSeen, Data: ladder.Data{Answer: alert, Grade: platforms.Told}})
		}
	}
	return events
}

// showConnect asks which platforms to connect for the first time.
func showConnect(_ *Session, v View) screens.Page {
	p := screens.Page{Kind: screens.Form, Title: text.Const("Connect a platform for the first time"),
		Why: text.Const("Each starts with what must be so before; then it is added. Several follow one another.")}
	f := screens.Field{ID: "platforms", Kind: screens.PickAny, Label: text.Const("Which platforms?"), Required: true}
	for _, svc := range platforms.All() {
		f.Options = append(f.Options, screens.Choice{ID: string(svc.ID), Label: svc.Guide().Name})
	}
	p.Fields = []screens.Field{f}
	return p
}

func takeConnect(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	board := screens.Answer{Page: a.Page, Values: map[string]string{}}
	for _, id := range splitIDs(a.Values["platforms"]) {
		board.Values[id] = string(platforms.Unlisted)
	}
	if len(board.Values) == 0 {
		return turn{}, fmt.Errorf("no platform was chosen. Pick at least one")
	}
	return takeBoard(ctx, s, v, board)
}
