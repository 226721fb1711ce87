package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// The guard is in the statement: it writes a row only if the case's last
// event is still the one the writer has seen. Two programs need no lock.
const insertEventSQL = `
INSERT INTO events (case_id, seq, at, kind, by, data)
SELECT ?1, ?2 + 1, ?3, ?4, ?5, ?6
WHERE ?2 = (SELECT coalesce(max(seq), 0) FROM events WHERE case_id = ?1)`

const upsertCaseSQL = `
INSERT INTO cases (id, platform, account, customer, step, open, due, opened, updated, seq, grp, mark)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1 + max(
	(SELECT coalesce(max(mark), 0) FROM cases WHERE open = 0),
	(SELECT coalesce(max(mark), 0) FROM cases WHERE open = 1)))
ON CONFLICT (id) DO UPDATE SET
	platform = ?2, account = ?3, customer = ?4, step = ?5, open = ?6, due = ?7,
	updated = ?9, seq = ?10, grp = ?11, mark = excluded.mark`

func (d *DB) prepareStatements(ctx context.Context) (err error) {
	if d.insertEvent, err = d.sql.PrepareContext(ctx, insertEventSQL); err != nil {
		return err
	}
	d.upsertCase, err = d.sql.PrepareContext(ctx, upsertCaseSQL)
	return err
}

// Append writes all appends in one transaction and returns the last Seq of
// each case. When it returns without an error they are on the disk; with one,
// none of them is. The error is [ErrStale] if a case has events the writer
// has not seen, [ErrTaken] if a new case's id exists, [ErrUnknownCase] if
// After names an event of a case that does not exist.
//
// It is not interrupted half-way: a context that ends while it runs is
// noticed by the next call.
func (d *DB) Append(ctx context.Context, appends ...Append) ([]int, error) {
	if d.readOnly {
		return nil, unwritable("the answer was not saved", d.path, nil)
	}
	for _, a := range appends {
		if err := a.check(); err != nil {
			return nil, err
		}
	}
	last := make([]int, len(appends))
	err := d.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for i, a := range appends {
			seq, err := d.appendOne(ctx, tx, a)
			if err != nil {
				return err
			}
			last[i] = seq
		}
		return nil
	})
	if err != nil {
		return nil, d.explain("the answer was not saved", err)
	}
	return last, nil
}

func (d *DB) appendOne(ctx context.Context, tx *sql.Tx, a Append) (int, error) {
	insert := tx.StmtContext(ctx, d.insertEvent) //nolint:sqlclosecheck // the transaction closes it
	now := d.now()
	at, seq := now, a.After
	for _, e := range a.Events {
		if at = e.At; at.IsZero() {
			at = now
		}
		r, err := insert.ExecContext(ctx, a.Case, seq, millis(at), e.Kind, e.By, string(e.Data))
		if err != nil {
			return 0, err
		}
		if n, err := r.RowsAffected(); err != nil {
			return 0, err
		} else if n == 0 {
			return 0, d.refused(ctx, tx, a)
		}
		seq++
	}
	s := a.Summary
	if s.Opened.IsZero() {
		s.Opened = now
	}
	if s.Updated.IsZero() {
		s.Updated = at
	}
	due := sql.NullInt64{Int64: millis(s.Due), Valid: !s.Due.IsZero()}
	_, err := tx.StmtContext(ctx, d.upsertCase).ExecContext(ctx, a.Case, s.Platform, s.Account, s.Customer, //nolint:sqlclosecheck // the transaction closes it
		s.Step, s.Open, due, millis(s.Opened), millis(s.Updated), seq, s.Group)
	if err != nil {
		return 0, err
	}
	return seq, dropDrafts(ctx, tx, a)
}

// refused says why the guard wrote nothing.
func (d *DB) refused(ctx context.Context, tx *sql.Tx, a Append) error {
	var seq int
	err := tx.QueryRowContext(ctx, "SELECT seq FROM cases WHERE id = ?1", a.Case).Scan(&seq)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return unknownCase(a.Case)
	case err != nil:
		return err
	case a.After == 0:
		return &Error{What: fmt.Sprintf("case %s was not opened", a.Case), Why: "a case with this id exists already",
			Do: "Open it, or take another id.", kind: ErrTaken}
	}
	return &Error{What: "the answer was not saved", kind: ErrStale,
		Why: fmt.Sprintf("case %s moved on elsewhere, from #%d to #%d", a.Case, a.After, seq),
		Do:  "Read the case again and answer what it asks now."}
}

func (a Append) check() error {
	invalid := func(why string) error {
		return &Error{What: "the answer was not saved", Why: why, kind: ErrInvalid,
			Do: "This is a defect of the program; please report it."}
	}
	switch {
	case a.Case == "":
		return invalid("the case has no id")
	case a.After < 0:
		return invalid("the last event seen has a negative number")
	case len(a.Events) == 0:
		return invalid("there is no event to save")
	}
	for _, e := range a.Events {
		if e.Kind == "" {
			return invalid("an event has no kind")
		}
		if len(e.Data) > 0 && !json.Valid(e.Data) {
			return invalid(fmt.Sprintf("the data of event %q is not JSON", e.Kind))
		}
	}
	return nil
}

// Events returns the events of a case with a Seq greater than after, in
// order. The error is [ErrUnknownCase] if there is no such case.
func (d *DB) Events(ctx context.Context, caseID string, after int) ([]Event, error) {
	events, err := d.events(ctx, caseID, after)
	if err != nil {
		return nil, d.explain("the case cannot be read", err)
	}
	if len(events) == 0 {
		if _, err := d.Case(ctx, caseID); err != nil {
			return nil, err
		}
	}
	return events, nil
}

func (d *DB) events(ctx context.Context, caseID string, after int) ([]Event, error) {
	rows, err := d.sql.QueryContext(ctx, `
		SELECT seq, at, kind, by, data FROM events
		WHERE case_id = ?1 AND seq > ?2 ORDER BY seq`, caseID, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		var at int64
		var data string
		if err := rows.Scan(&e.Seq, &at, &e.Kind, &e.By, &data); err != nil {
			return nil, err
		}
		e.At = fromMillis(at)
		if data != "" {
			e.Data = json.RawMessage(data)
		}
		events = append(events, e)
	}
	return events, rows.Err()
}
