-- Times are Unix milliseconds. Ids compare without regard to case, because
-- people read them to each other on the phone.

-- +goose Up
CREATE TABLE cases (
	id       TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
	platform TEXT NOT NULL,
	account  TEXT NOT NULL,
	customer TEXT NOT NULL,
	step     TEXT NOT NULL,
	open     INTEGER NOT NULL CHECK (open IN (0, 1)),
	due      INTEGER, -- NULL: not waiting
	opened   INTEGER NOT NULL,
	updated  INTEGER NOT NULL,
	seq      INTEGER NOT NULL, -- last event of the case
	mark     INTEGER NOT NULL, -- grows with every append to any case; orders lists
	grp      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every index is one more page to write and sync with every answer, so one
-- serves the list of open cases and, twice, the list of all.
CREATE INDEX cases_by_mark ON cases (open, mark);
CREATE INDEX cases_by_group ON cases (grp, mark) WHERE grp <> '';

-- Without rowid, a case's events lie together, and the key is the table.
CREATE TABLE events (
	case_id TEXT NOT NULL COLLATE NOCASE
		REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED, -- the summary follows its events
	seq     INTEGER NOT NULL CHECK (seq > 0),
	at      INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	by      TEXT NOT NULL,
	data    TEXT NOT NULL, -- JSON, or ''
	PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN
	SELECT raise(ABORT, 'events are never changed');
END;
-- +goose StatementEnd

CREATE TABLE drafts (
	case_id TEXT NOT NULL COLLATE NOCASE, -- '': no case yet
	page    TEXT NOT NULL,
	text    TEXT NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (case_id, page)
) STRICT, WITHOUT ROWID;
