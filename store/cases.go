package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// A Query asks for a page of cases, newest first: the case with the newest
// event comes first. The zero value asks for the first page of all cases.
type Query struct {
	Open  bool      // only open cases
	DueBy time.Time // only waiting cases that are due at this time; zero: all
	Ended bool      // with DueBy: ended cases that are due to be looked at again, and no open ones
	Group string    // only cases of this group; "": all

	// Before is the Mark of the last case of the page before; 0: from the
	// newest. Paging by it costs the same on every page and skips or repeats
	// nothing that stays where it is.
	Before int64
	Limit  int // cases a page, at most maxPage; 0: 50
}

const (
	defaultPage = 50
	maxPage     = 1000
)

const caseColumns = "id, platform, account, customer, step, open, due, opened, updated, seq, grp, mark"

// Case returns the summary of one case. Ids are compared without regard to
// (ASCII) case. The error is [ErrUnknownCase], with the id, if there is none.
func (d *DB) Case(ctx context.Context, id string) (Summary, error) {
	row := d.sql.QueryRowContext(ctx, "SELECT "+caseColumns+" FROM cases WHERE id = ?1", id)
	s, err := scanSummary(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Summary{}, unknownCase(id)
	}
	return s, d.explain("the case cannot be read", err)
}

// Cases returns one page of summaries.
func (d *DB) Cases(ctx context.Context, q Query) ([]Summary, error) {
	cases, err := d.cases(ctx, q)
	return cases, d.explain("the list of cases cannot be read", err)
}

func (d *DB) cases(ctx context.Context, q Query) ([]Summary, error) {
	text, args := q.sql()
	rows, err := d.sql.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cases []Summary
	for rows.Next() {
		s, err := scanSummary(rows)
		if err != nil {
			return nil, err
		}
		cases = append(cases, s)
	}
	return cases, rows.Err()
}

// Three statements, each of which walks an index from the mark downwards and
// stops at the limit. The list of all cases merges the open with the closed.
const (
	openSQL = "SELECT " + caseColumns + ` FROM cases
		WHERE open = ?4 AND mark < ?1 AND (?3 IS NULL OR due <= ?3)
		ORDER BY mark DESC LIMIT ?2`

	groupSQL = "SELECT " + caseColumns + ` FROM cases
		WHERE grp <> '' AND grp = ?4 AND mark < ?1 AND (NOT ?5 OR open = 1) AND (?3 IS NULL OR due <= ?3)
		ORDER BY mark DESC LIMIT ?2`

	allSQL = `SELECT * FROM (SELECT ` + caseColumns + ` FROM cases WHERE open = 1 AND mark < ?1 ORDER BY mark DESC LIMIT ?2)
		UNION ALL
		SELECT * FROM (SELECT ` + caseColumns + ` FROM cases WHERE open = 0 AND mark < ?1 ORDER BY mark DESC LIMIT ?2)
		ORDER BY mark DESC LIMIT ?2`
)

// sql chooses the statement and gives its parameters.
func (q Query) sql() (string, []any) {
	before, limit := q.Before, q.Limit
	if before <= 0 {
		before = math.MaxInt64
	}
	if limit <= 0 {
		limit = defaultPage
	}
	due := sql.NullInt64{Int64: millis(q.DueBy), Valid: !q.DueBy.IsZero()}
	open := q.Open || due.Valid
	args := []any{before, min(limit, maxPage), due, q.Group, open}
	switch {
	case q.Group != "":
		return groupSQL, args
	case open:
		return openSQL, append(args[:3:3], !q.Ended)
	}
	return allSQL, args[:2]
}

func scanSummary(row interface{ Scan(...any) error }) (Summary, error) {
	var s Summary
	var due sql.NullInt64
	var opened, updated int64
	err := row.Scan(&s.ID, &s.Platform, &s.Account, &s.Customer, &s.Step, &s.Open,
		&due, &opened, &updated, &s.Seq, &s.Group, &s.Mark)
	if err != nil {
		return Summary{}, err
	}
	s.Opened, s.Updated = fromMillis(opened), fromMillis(updated)
	if due.Valid {
		s.Due = fromMillis(due.Int64)
	}
	return s, nil
}

func unknownCase(id string) error {
	return &Error{What: fmt.Sprintf("there is no case %q", id), kind: ErrUnknownCase,
		Do: "reconnect cases lists the cases there are."}
}

// openedSQL reads the whole table: that takes milliseconds, is asked for before a
// step that destroys something only, and needs no index that every answer would
// have to write.
const openedSQL = `SELECT count(DISTINCT CASE
		WHEN customer <> '' THEN 'c' || customer
		WHEN account <> '' THEN 'a' || account
		ELSE '' END)
	FROM cases WHERE platform = ?1 AND opened >= ?2 AND opened < ?3 AND id <> ?4
	AND (?5 = '' OR EXISTS (SELECT 1 FROM events, json_each(?6) AS has
		WHERE case_id = cases.id AND kind = ?5 AND instr(data, has.value)))`

// Opened asks whose cases were opened.
type Opened struct {
	Platform    string
	From, Until time.Time // from inclusive, until exclusive
	Except      string    // not this case
	Kind        string    // only cases with an event of this kind; empty: all
	Data        []string  // whose data has one of these in it
}

// Opened counts whose cases were opened: by customer, else by account. One who
// opens five counts once.
func (d *DB) Opened(ctx context.Context, q Opened) (int, error) {
	has, err := json.Marshal(q.Data)
	if err != nil {
		return 0, err // for a list of texts there is none
	}
	var n int
	row := d.sql.QueryRowContext(ctx, openedSQL, q.Platform, millis(q.From), millis(q.Until), q.Except, q.Kind, string(has))
	return n, d.explain("the cases cannot be counted", row.Scan(&n))
}
