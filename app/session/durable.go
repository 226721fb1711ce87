package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// A turn is what an answer does. Its events become durable in one transaction
// before anything of it is shown.
type turn struct {
	events []ladder.Event // in this case; numbers and times are filled in
	opened []opening      // new cases
	lay    *layer         // a page to lay on top
	lift   bool           // take the page off the top
	clear  bool           // take all pages off
	enter  string         // a case to go to
	leave  bool           // go to the start
	notice text.Safe
	drop   bool // the draft of this page is answered
	as     platforms.Audience

	ways []Way // to ask
	task *Task // to be run
}

// An opening is a new case with its first events.
type opening struct {
	platform platforms.ID
	group    string
	customer text.Safe
	events   []ladder.Event
}

// An eventLog has the events of cases.
type eventLog interface {
	Events(ctx context.Context, caseID string, after int) ([]store.Event, error)
}

// Load reads a case's log and folds it.
func Load(ctx context.Context, log eventLog, id string) ([]ladder.Event, ladder.State, error) {
	rows, err := log.Events(ctx, id, 0)
	if err != nil {
		return nil, ladder.State{}, err
	}
	events := make([]ladder.Event, len(rows))
	for i, row := range rows {
		if events[i], err = decode(row); err != nil {
			return nil, ladder.State{}, fmt.Errorf("event %d of case %s cannot be read: %w. The log is unchanged; a newer version of reconnect may read it", row.Seq, id, err)
		}
	}
	state, err := ladder.Replay(events)
	if err != nil {
		return nil, state, fmt.Errorf("case %s cannot be read: %w. The log is unchanged; a newer version of reconnect may read it", id, err)
	}
	return events, state, nil
}

func decode(row store.Event) (ladder.Event, error) {
	e := ladder.Event{Seq: row.Seq, At: row.At, Kind: ladder.Kind(row.Kind), By: text.Line(row.By)}
	return e, json.Unmarshal(row.Data, &e.Data)
}

func encode(e ladder.Event) (store.Event, error) {
	data, err := json.Marshal(e.Data)
	return store.Event{At: e.At, Kind: string(e.Kind), By: e.By.String(), Data: data}, err
}

// commit makes t durable and gives the view that follows, not yet read again.
func (s *Session) commit(ctx context.Context, v View, t turn, a screens.Answer) (View, error) {
	appends, v, err := s.appends(v, &t, a)
	if err != nil {
		return v, err
	}
	if len(appends) > 0 {
		if _, err := s.Log.Append(ctx, appends...); err != nil {
			return v, err
		}
	}
	if t.as != "" {
		s.Audience, v.Audience = t.as, t.as
	}
	if t.notice.String() != "" {
		v.notice = t.notice
	}
	return s.follow(v, t), nil
}

// follow lays, lifts, enters and leaves, as t says.
func (s *Session) follow(v View, t turn) View {
	if t.ways != nil {
		v.ways, v.Task, v.found = t.ways, t.task, nil
	}
	switch {
	case t.leave:
		return v.leave()
	case t.enter != "":
		v.Case, v.layers, v.Since = t.enter, nil, s.Now()
		return v
	case t.clear:
		v.layers = nil
	case t.task != nil: // one page of v at a time
		v.layers = v.beneathVerify()
	case t.lift && len(v.layers) > 0:
		v.layers = slices.Clone(v.layers[:len(v.layers)-1])
	}
	if t.lay != nil {
		v.layers = append(slices.Clone(v.layers), *t.lay)
	}
	return v
}

// appends is what to write for t, and v as it is once that is written. A refused
// event fails the whole turn.
func (s *Session) appends(v View, t *turn, a screens.Answer) ([]store.Append, View, error) {
	var all []store.Append
	if len(t.events) > 0 {
		one, log, state, err := s.extend(v.Case, v.State, t.events)
		if err != nil {
			return nil, v, err
		}
		v.Log, v.State = append(slices.Clone(v.Log), log...), state
		if t.drop {
			one.Drop = []string{a.Page}
		}
		all = append(all, one)
	}
	for i, o := range t.opened {
		id := NewID()
		if i == 0 && t.enter == newCase {
			t.enter = id
		}
		one, _, _, err := s.extend(id, ladder.State{}, append([]ladder.Event{s.opening(o)}, o.events...))
		if err != nil {
			return nil, v, err
		}
		if i == 0 && v.Case == "" {
			one.DropNew = []string{a.Page, boardList}
		}
		all = append(all, one)
	}
	return all, v, nil
}

// newCase in turn.enter stands for the first case that the turn opens.
const newCase = "new"

// opening is the first event of a new case.
func (s *Session) opening(o opening) ladder.Event {
	return ladder.Event{Kind: ladder.CaseOpened, Data: ladder.Data{Platform: o.platform, Audience: s.Audience,
		Customer: o.customer, Group: o.group, Checks: checkIDs(o.platform)}}
}

// checkIDs are the checks that a case asks before anything is removed: the help
// article's own, then whether the platform itself has a fault.
func checkIDs(id platforms.ID) []string {
	var ids []string
	for _, c := range guideOf(id).Checks {
		ids = append(ids, c.ID)
	}
	for _, c := range guideOf(id).Tests {
		if c.Cause == platforms.PlatformOutage {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// extend folds events onto state and gives what to write, what was added, and the
// state after it. Checks that an earlier answer settles are answered with it, so
// that nothing is asked twice.
func (s *Session) extend(id string, state ladder.State, events []ladder.Event) (store.Append, []ladder.Event, ladder.State, error) {
	one := store.Append{Case: id, After: state.Seq}
	events = together(events)
	var added []ladder.Event
	for len(events) > 0 {
		e := events[0]
		e.Seq, e.At, e.By = state.Seq+1, s.Now().UTC().Truncate(time.Millisecond), s.By
		next, err := ladder.Next(state, e)
		if err != nil {
			return one, nil, state, err
		}
		row, err := encode(e)
		if err != nil {
			return one, nil, state, err
		}
		one.Events, added = append(one.Events, row), append(added, e)
		state, events = next, events[1:]
		if len(events) == 0 && e.Kind != ladder.WentBack {
			events = settled(state)
		}
	}
	one.Summary = summary(id, state)
	return one, added, state, nil
}

// together marks what moves the case in one turn as belonging to the first of it:
// one answer is taken back as one.
func together(events []ladder.Event) []ladder.Event {
	events = slices.Clone(events)
	moved := false
	for i, e := range events {
		events[i].Data.With = moved && e.Kind.Moves() && e.Kind != ladder.WentBack
		moved = moved || e.Kind.Moves() && e.Kind != ladder.CaseOpened
	}
	return events
}

// settled is the answer to what the case asks next, if it was given before: to a
// check by what changed lately, and after reopening or another look at the
// dashboard what changed and which login to use. Going back finds the question.
func settled(s ladder.State) []ladder.Event {
	switch {
	case s.Wait != nil:
		return nil
	case s.Place == ladder.AtBefore && s.Visits[s.Place] > 1:
		return one(ladder.BeforeReady, ladder.Data{Place: s.Place})
	case s.Place == ladder.AtChanged && s.Changed:
		return one(ladder.ChangeSeen, ladder.Data{Items: s.Changes, Place: s.Place, Grade: platforms.Told})
	case (s.Place == ladder.AtAccount || s.Place == ladder.AtFreshAccount) && !s.LoginName().Empty():
		return one(ladder.AccountChosen, ladder.Data{Account: s.AccountName(), Text: s.LoginName(), Place: s.Place, Grade: platforms.Told})
	}
	return settledCheck(s)
}

func settledCheck(s ladder.State) []ladder.Event {
	open := s.Open()
	i := slices.IndexFunc(open, func(id string) bool {
		check, ok := checkOf(s.Platform, id)
		return ok && check.Change != ""
	})
	if s.Place != ladder.AtChecks || i < 0 {
		return nil
	}
	check, _ := checkOf(s.Platform, open[i])
	d := ladder.Data{Item: check.ID, Answer: string(platforms.Pass), Grade: platforms.Told}
	switch {
	case s.FirstTime(), s.Shown > s.Round: // nothing was connected before, or it was since
		d.Answer, d.Grade = string(platforms.Skipped), ""
	case !s.Changed || slices.Contains(s.Changes, "unsure"):
		return nil
	case slices.Contains(s.Changes, check.Change):
		d.Answer = string(platforms.Fail)
	}
	return []ladder.Event{{Kind: ladder.CheckDone, Data: d}}
}

// summary is what lists show of a case.
func summary(id string, s ladder.State) store.Summary {
	sum := store.Summary{ID: id, Platform: string(s.Platform), Account: s.AccountName().String(),
		Customer: s.CustomerName().String(), Step: placeTitle(s).String(), Open: !s.IsEnded(), Group: s.Group,
		Opened: s.Opened}
	sum.Due = s.NextLook()
	if s.Wait != nil {
		sum.Due = s.Wait.Until
	}
	return sum
}

// movedOn keeps an answer that came too late as a draft and shows where the case
// is now. Nothing of it is stored over the other's event.
func (s *Session) movedOn(ctx context.Context, v View, a screens.Answer) (View, error) {
	kept := staleText(v, a)
	draft, _ := text.Redact(kept)
	// Each has a name of its own: two late answers to one page are both kept.
	page := fmt.Sprintf("%s%06d.%s", keptPrefix, v.State.Seq, NewID())
	if err := s.Log.SaveDraft(ctx, store.Draft{Case: v.Case, Page: page, Text: draft.String(), At: s.Now()}); err != nil {
		return v, err
	}
	if a.Text != "" {
		if err := s.Draft(ctx, v, a.Page, a.Text); err != nil {
			return v, err
		}
	}
	next, err := s.Refresh(ctx, v)
	if err != nil {
		return next, err
	}
	next.notice = text.Format("Another window moved this case on to %s. Your answer is kept as a draft: m, kept answers.", placeTitle(next.State))
	return s.shown(next), nil
}

// keptPrefix marks drafts that are answers which came too late.
const keptPrefix = "kept."

// staleText is an answer in words, to keep it.
func staleText(v View, a screens.Answer) text.Safe {
	said := text.Block(a.Text)
	for _, c := range v.Page.Choices {
		if c.ID == a.Pick {
			said = c.Label
		}
	}
	if a.Values != nil {
		raw, err := json.Marshal(a.Values)
		if err == nil {
			said = text.Block(string(raw))
		}
	}
	return text.Format("%s: %s", v.Page.Title, said.Or(text.Line(a.Tick+string(a.Act))))
}

// Draft keeps what is typed on a page and not yet answered.
func (s *Session) Draft(ctx context.Context, v View, page, typed string) error {
	if typed == "" {
		return s.Log.DropDraft(ctx, v.Case, page)
	}
	safe, err := text.Paste(typed)
	var large *text.TooLarge
	if errors.As(err, &large) {
		return err
	}
	clean, _ := text.RedactSecrets(safe)
	return s.Log.SaveDraft(ctx, store.Draft{Case: v.Case, Page: page, Text: clean.String(), At: s.Now()})
}

func (s *Session) draftsOf(ctx context.Context, id string) (map[string]string, error) {
	rows, err := s.Log.Drafts(ctx, id)
	if err != nil {
		return nil, err
	}
	drafts := make(map[string]string, len(rows))
	for _, d := range rows {
		drafts[d.Page] = d.Text
	}
	return drafts, nil
}
