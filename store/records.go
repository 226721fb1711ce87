package store

import (
	"context"
	"database/sql"
	"encoding/json"
)

// PutRecord keeps data under a name, in place of what was kept there before.
func (d *DB) PutRecord(ctx context.Context, r Record) error {
	return d.putRecord(ctx, r, `
		INSERT INTO records (name, data, at) VALUES (?1, ?2, ?3)
		ON CONFLICT (name) DO UPDATE SET data = ?2, at = ?3`)
}

// ReplaceRecord keeps data in place of what is kept under the name. A record that was
// dropped stays so, which is no error.
func (d *DB) ReplaceRecord(ctx context.Context, r Record) error {
	return d.putRecord(ctx, r, "UPDATE records SET data = ?2, at = ?3 WHERE name = ?1")
}

func (d *DB) putRecord(ctx context.Context, r Record, statement string) error {
	const what = "the record was not saved"
	if d.readOnly {
		return unwritable(what, d.path, nil)
	}
	if r.At.IsZero() {
		r.At = d.now()
	}
	err := d.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, r.Name, string(r.Data), millis(r.At))
		return err
	})
	return d.explain(what, err)
}

// Records returns the records whose names begin with prefix, by name.
func (d *DB) Records(ctx context.Context, prefix string) ([]Record, error) {
	records, err := d.records(ctx, prefix)
	return records, d.explain("the records cannot be read", err)
}

func (d *DB) records(ctx context.Context, prefix string) ([]Record, error) {
	rows, err := d.sql.QueryContext(ctx,
		"SELECT name, data, at FROM records WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", prefix)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []Record
	for rows.Next() {
		var r Record
		var data string
		var at int64
		if err := rows.Scan(&r.Name, &data, &at); err != nil {
			return nil, err
		}
		r.Data, r.At = json.RawMessage(data), fromMillis(at)
		records = append(records, r)
	}
	return records, rows.Err()
}

// DropRecord forgets a record. That there is none is no error.
func (d *DB) DropRecord(ctx context.Context, name string) error {
	const what = "the record was not dropped"
	if d.readOnly {
		return unwritable(what, d.path, nil)
	}
	err := d.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM records WHERE name = ?1", name)
		return err
	})
	return d.explain(what, err)
}
