package wizard

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reconnect/app/session"
	"reconnect/platforms"
	"reconnect/store"
)

// opened is a wizard on the board of a new case, on a real store.
func opened(t *testing.T) Model {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &session.Session{Log: db, Now: time.Now, Audience: platforms.Own}
	v, err := s.New(ctx, platforms.Instagram)
	if err != nil {
		t.Fatal(err)
	}
	m := New(ctx, Options{Now: time.Now})
	next, _ := m.Update(openedMsg{session: s, view: v})
	return next.(Model)
}

func press(m Model, key rune) Model {
	next, _ := m.Update(tea.KeyPressMsg{Code: key, Text: string(key)})
	return next.(Model)
}

// TestBoardIsThisWindows marks rows of the board while the store changes: what was
// marked here stays, and what another window marks does not come in.
func TestBoardIsThisWindows(t *testing.T) {
	m := press(opened(t), '3')
	marked := m.screen.Draft()
	other, err := m.session.New(m.ctx, platforms.Instagram)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.session.Draft(m.ctx, other, other.Page.Name, `{"tiktok":"green"}`); err != nil {
		t.Fatal(err)
	}
	m = press(m, 'j')
	m = press(m, '2')
	msg := m.refresh()()
	next, _ := m.Update(msg)
	m = next.(Model)
	if got := m.screen.Draft(); got == marked || got == "" || got == `{"tiktok":"green"}` {
		t.Errorf("after a change elsewhere the board holds %s", got)
	}
	if want := press(press(press(opened(t), '3'), 'j'), '2').screen.Draft(); m.screen.Draft() != want {
		t.Errorf("the board holds %s, want %s", m.screen.Draft(), want)
	}
}

// TestFoundIsSeenFirst: a key pressed before what was found is there is no answer to it.
func TestFoundIsSeenFirst(t *testing.T) {
	for finding, stays := range map[bool]bool{true: true, false: false} {
		m := opened(t)
		before := m.screen.Draft()
		m.busy, m.finding = true, finding
		m = press(m, '3')
		next, _ := m.Update(savedMsg{view: m.view})
		if got := next.(Model).screen.Draft(); (got == before) != stays {
			t.Errorf("found %v: the page holds %q after %q", finding, got, before)
		}
	}
}
