package store

import (
	"context"
	"database/sql"
)

// SaveDraft keeps the text of a page, in place of what was kept of it before.
func (d *DB) SaveDraft(ctx context.Context, draft Draft) error {
	const what = "the draft was not saved"
	if d.readOnly {
		return unwritable(what, d.path, nil)
	}
	if draft.At.IsZero() {
		draft.At = d.now()
	}
	err := d.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO drafts (case_id, page, text, at) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (case_id, page) DO UPDATE SET text = ?3, at = ?4`,
			draft.Case, draft.Page, draft.Text, millis(draft.At))
		return err
	})
	return d.explain(what, err)
}

// Drafts returns the drafts of a case, by page; "" asks for those saved
// before there was a case.
func (d *DB) Drafts(ctx context.Context, caseID string) ([]Draft, error) {
	drafts, err := d.drafts(ctx, caseID)
	return drafts, d.explain("the drafts cannot be read", err)
}

func (d *DB) drafts(ctx context.Context, caseID string) ([]Draft, error) {
	rows, err := d.sql.QueryContext(ctx,
		"SELECT case_id, page, text, at FROM drafts WHERE case_id = ?1 ORDER BY page", caseID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var drafts []Draft
	for rows.Next() {
		var r Draft
		var at int64
		if err := rows.Scan(&r.Case, &r.Page, &r.Text, &at); err != nil {
			return nil, err
		}
		r.At = fromMillis(at)
		drafts = append(drafts, r)
	}
	return drafts, rows.Err()
}

const dropDraftSQL = "DELETE FROM drafts WHERE case_id = ?1 AND page = ?2"

// DropDraft forgets the draft of a page. That there is none is no error.
func (d *DB) DropDraft(ctx context.Context, caseID, page string) error {
	const what = "the draft was not dropped"
	if d.readOnly {
		return unwritable(what, d.path, nil)
	}
	err := d.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, dropDraftSQL, caseID, page)
		return err
	})
	return d.explain(what, err)
}

// dropDrafts forgets the drafts an append makes obsolete, with it.
func dropDrafts(ctx context.Context, tx *sql.Tx, a Append) error {
	for _, page := range a.Drop {
		if _, err := tx.ExecContext(ctx, dropDraftSQL, a.Case, page); err != nil {
			return err
		}
	}
	for _, page := range a.DropNew {
		if _, err := tx.ExecContext(ctx, dropDraftSQL, "", page); err != nil {
			return err
		}
	}
	return nil
}
