// Package session takes a person through a case: it says which page is shown,
// takes its answer, makes the events durable, and says which page is next.
//
// It is the one driver of both faces, the full screen and the plain one, and the
// only place where the ladder, the guide and the store meet. Never here: SQL,
// HTTP, styling, or what a key does.
package session

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"time"

	"reconnect/app/diagnosis"
	"reconnect/app/ladder"
	"reconnect/platforms"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// Log is what a session needs of a store. [store.DB] is one.
type Log interface {
	Append(ctx context.Context, appends ...store.Append) ([]int, error)
	Events(ctx context.Context, caseID string, after int) ([]store.Event, error)
	Case(ctx context.Context, id string) (store.Summary, error)
	Cases(ctx context.Context, q store.Query) ([]store.Summary, error)
	SaveDraft(ctx context.Context, d store.Draft) error
	Drafts(ctx context.Context, caseID string) ([]store.Draft, error)
	DropDraft(ctx context.Context, caseID, page string) error
	Changes(ctx context.Context) (int64, error)
	Opened(ctx context.Context, q store.Opened) (int, error)
	Attach(ctx context.Context, caseID, name string, r io.Reader, limit int64) (string, error)
}

// A Session is one person at work. It is safe for use by one command at a time.
type Session struct {
	Log      Log
	Now      func() time.Time
	By       text.Safe          // who is at the keyboard, for the log
	Audience platforms.Audience // the wording new cases start with
	Dir      string             // the state folder, to name saved files
	Prober   Prober             // asks in place of a person; nil if nothing is set up
}

// A View is where a person is. It is never changed; an answer gives a new one.
type View struct {
	Page     screens.Page
	Audience platforms.Audience
	Case     string // id; empty outside of a case
	State    ladder.State
	Log      []ladder.Event
	Since    time.Time // when this case was taken up in this program, for the clock on a call

	Diagnosis diagnosis.Diagnosis // of the case
	Advice    diagnosis.Advice    // where it stands; the zero Advice if the ladder is right

	Task *Task // is to be run, and its end handed to Session.Done; nil if there is none

	ways  []Way  // to ask
	took  string // the id of the way that was taken last
	found *Found // by the task

	layers  []layer
	drafts  map[string]string
	open    []store.Summary // open cases, due ones first
	again   []store.Summary // ended cases to be looked at again, outside of a case
	kin     []store.Summary // other cases of the same group
	sibling ladder.State    // the linked case on the same login, if there is one
	falls   []screens.Fact  // what else falls with the login, before it is removed
	changes int64
	at      time.Time // when it was read
	now     time.Time // when it was made a page
	notice  text.Safe
}

// A layer is a page laid over the case's own: an error, a note, the timeline.
type layer struct {
	name string
	item string // what it is about
}

// Start is the view of somebody who just came: the open cases, and new ones.
func (s *Session) Start(ctx context.Context) (View, error) {
	v := View{Audience: s.Audience}
	return s.refreshed(ctx, v)
}

// Open is the view of the case id, at the step of its last durable event.
func (s *Session) Open(ctx context.Context, id string) (View, error) {
	sum, err := s.Log.Case(ctx, id)
	if err != nil {
		return View{}, err
	}
	return s.enter(ctx, View{Audience: s.Audience}, sum.ID)
}

// New is the view of the board for a new case, with the cursor on platform if given.
func (s *Session) New(ctx context.Context, platform platforms.ID) (View, error) {
	v, err := s.Start(ctx)
	if err != nil {
		return v, err
	}
	v.layers = []layer{{name: pageBoard, item: string(platform)}}
	return s.refreshed(ctx, v)
}

// enter is v in the case id.
func (s *Session) enter(ctx context.Context, v View, id string) (View, error) {
	before := v
	v.Case, v.layers, v.Since = id, nil, s.Now()
	v, err := s.refreshed(ctx, v)
	if err != nil {
		return v, err
	}
	if v, err = s.lookAround(ctx, before, v); err != nil {
		return v, err
	}
	return s.shown(v), nil
}

// leave is v out of its case, at the start.
func (v View) leave() View {
	return View{Audience: v.Audience, notice: v.notice}
}

// refreshed reads again what v shows. The notice is shown once.
func (s *Session) refreshed(ctx context.Context, v View) (View, error) {
	// The mark is taken first: what changes while reading is looked at again.
	changes, err := s.Log.Changes(ctx)
	if err != nil {
		return v, err
	}
	v.changes, v.at = changes, s.Now()
	if v.open, err = s.Log.Cases(ctx, store.Query{Open: true}); err != nil {
		return v, err
	}
	sortDueFirst(v.open, s.Now())
	if v.Case == "" {
		v.State, v.Log, v.kin = ladder.State{}, nil, nil
		if v.again, err = s.dueLooks(ctx); err != nil {
			return v, err
		}
	} else if v.Log, v.State, err = Load(ctx, s.Log, v.Case); err != nil {
		return v, err
	}
	return s.around(ctx, v)
}

// around reads what belongs to a case beside its log: drafts and linked cases.
func (s *Session) around(ctx context.Context, v View) (View, error) {
	v.Audience, v.kin, v.sibling = s.Audience, nil, ladder.State{}
	if v.State.Group != "" {
		all, err := s.Log.Cases(ctx, store.Query{Group: v.State.Group})
		if err != nil {
			return v, err
		}
		v.kin = slices.DeleteFunc(all, func(c store.Summary) bool { return c.ID == v.Case })
		v.sortKin()
		if v.sibling, err = s.readSibling(ctx, v); err != nil {
			return v, err
		}
	}
	var err error
	if v.falls, err = s.readFalls(ctx, v); err != nil {
		return v, err
	}
	if v.drafts, err = s.draftsOf(ctx, v.Case); err != nil {
		return v, err
	}
	return s.shown(v), nil
}

// Changed tells whether any program changed the store since v was made, or a case
// that v shows became due.
func (s *Session) Changed(ctx context.Context, v View) (bool, error) {
	now, err := s.Log.Changes(ctx)
	return now != v.changes || v.becameDue(s.Now()), err
}

// becameDue tells whether a waiting time that v shows ended since v was read.
func (v View) becameDue(now time.Time) bool {
	due := func(until time.Time) bool { return !until.IsZero() && until.After(v.at) && !until.After(now) }
	return v.State.Wait != nil && due(v.State.Wait.Until) || due(v.Advice.Until) ||
		slices.ContainsFunc(v.open, func(c store.Summary) bool { return due(c.Due) })
}

// Lists tells whether v only lists cases, so that it can be read again at any time.
func (v View) Lists() bool { return v.Case == "" && (v.name() == pageStart || v.name() == pageEnded) }

// Known is v, with nothing of it changed, as of the reading that gave newer.
func (v View) Known(newer View) View {
	v.changes, v.at = newer.changes, newer.at
	return v
}

// Refresh is v as things are now. If the case moved on elsewhere, it says so.
func (s *Session) Refresh(ctx context.Context, v View) (View, error) {
	before := v.State
	v.notice = text.Safe{}
	next, err := s.refreshed(ctx, v)
	if err != nil {
		return next, err
	}
	if next.State.Seq == before.Seq {
		if v.Case != "" {
			next.notice = next.nowDue(v.at, next.at)
		}
		return s.shown(next), nil
	}
	if next.State.Place != before.Place || next.State.LedHere().Seq != before.LedHere().Seq {
		next.layers = surviving(next.layers)
		next.notice = text.Format("Another window moved this case on. It is at %s now.", placeTitle(next.State))
	} else {
		next.notice = text.Const("Another window added to this case.")
	}
	return s.shown(next), nil
}

// surviving are the layers that make sense although the case moved on: what is
// written stays, what was an answer to the step goes.
func surviving(layers []layer) []layer {
	var kept []layer
	for _, l := range layers {
		switch l.name {
		case pageError:
			l.item = "" // the error is still worth recording; the answer it was for is not
		case pageTried, pageCount, pageWait, pageGoto, pageMore:
			return kept
		}
		kept = append(kept, l)
	}
	return kept
}

// Answer takes the answer to v's page. The new view is shown only after its
// events are durable. If that fails, the error says why, and v still holds.
func (s *Session) Answer(ctx context.Context, v View, a screens.Answer) (View, error) {
	v.notice = text.Safe{}
	t, err := s.turn(ctx, v, a)
	if err != nil {
		return v, err
	}
	next, err := s.commit(ctx, v, t, a)
	if errors.Is(err, store.ErrStale) && !movesCase(t.events) {
		next, err = s.addNow(ctx, v, t, a)
	}
	var refusal *ladder.Refusal
	switch {
	case errors.Is(err, store.ErrStale):
		return s.movedOn(ctx, v, a)
	case errors.As(err, &refusal):
		v.notice = refusal.Reason
		return s.shown(v), nil
	case err != nil:
		return v, err
	}
	if next.Case == v.Case && next.Case != "" {
		if next, err = s.lookAround(ctx, v, next); err != nil {
			return next, err
		}
		next.at = s.Now()
		next.notice = next.notice.Or(next.nowDue(v.at, next.at))
		return s.around(ctx, next) // what was written is folded already
	}
	if next, err = s.refreshed(ctx, next); err != nil {
		return next, err
	}
	if next, err = s.lookAround(ctx, v, next); err != nil {
		return next, err
	}
	return s.shown(next), nil
}

// addNow commits t, which moves nothing, to the case as it is now. A tick is for
// the page it was made on: if the case has left that, it comes too late.
func (s *Session) addNow(ctx context.Context, v View, t turn, a screens.Answer) (View, error) {
	log, state, err := Load(ctx, s.Log, v.Case)
	switch {
	case err != nil:
		return v, err
	case a.Tick != "" && state.TickKey(a.Tick) != v.State.TickKey(a.Tick):
		return v, store.ErrStale
	}
	v.Log, v.State = log, state
	return s.commit(ctx, v, t, a)
}

func movesCase(events []ladder.Event) bool {
	return slices.ContainsFunc(events, func(e ladder.Event) bool { return e.Kind.Moves() })
}

// turn is what a does, without doing it.
func (s *Session) turn(ctx context.Context, v View, a screens.Answer) (turn, error) {
	if a.Act != "" {
		return s.act(ctx, v, a)
	}
	r := v.room()
	if a.Tick != "" {
		return v.tick(a.Tick), nil
	}
	return r.take(ctx, s, v, a)
}

// name is the name of the page that v shows.
func (v View) name() string {
	switch {
	case len(v.layers) > 0:
		return v.layers[len(v.layers)-1].name
	case v.Case == "":
		return pageStart
	case !v.Advice.None():
		return pageAdvice
	case v.needsSnapshot():
		return pageSnapshot
	}
	return string(v.State.Place)
}

// item is what the page on top is about.
func (v View) item() string {
	if len(v.layers) == 0 {
		return ""
	}
	return v.layers[len(v.layers)-1].item
}

// shown is v with its page.
func (s *Session) shown(v View) View {
	v = s.diagnosed(v)
	if !slices.ContainsFunc(v.layers, func(l layer) bool { return l.name == pageVerify }) {
		v.Task, v.found, v.ways, v.took = nil, nil, nil, ""
	}
	r := v.room()
	v.Page = r.show(s, v)
	if v.Page.Name == "" {
		v.Page.Name = v.name()
	}
	if len(v.Page.Side) == 0 && v.Case != "" && len(v.layers) == 0 {
		v.Page.Side = v.side(platforms.Page{})
	}
	v.Page.Notice = v.notice.Or(v.Page.Notice)
	v.Page.Head = s.head(v)
	v.Page.Draft, v.Page.Over = v.drafts[v.Page.Name], len(v.layers) > 0
	if len(v.Page.Actions) == 0 {
		v.Page.Actions = s.actions(v)
	}
	return v
}

// diagnosed is v with what its facts say now. What a recorded error says is part
// of the advice that rests on it, and is not told twice.
func (s *Session) diagnosed(v View) View {
	v.Diagnosis, v.Advice, v.now = diagnosis.Diagnosis{}, diagnosis.Advice{}, s.Now()
	if v.Case == "" {
		return v
	}
	g := guideOf(v.State.Platform)
	v.Diagnosis = diagnosis.Of(v.State, v.Log, g)
	v.Advice = v.Diagnosis.Advise(v.State, g, v.now, v.sharing()...)
	if len(v.layers) == 1 && v.layers[0].name == pageVerdict && v.Advice.RestsOn(v.State.Errors) {
		v.layers = nil
	}
	return v
}

// NewID is a short random case id: four characters that nobody mixes up.
func NewID() string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 4)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return string(raw)
}
