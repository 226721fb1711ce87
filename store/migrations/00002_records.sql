-- What is remembered beside the cases: which grants are held and until when, what
-- was told last. No secret is ever in here.

-- +goose Up
CREATE TABLE records (
	name TEXT NOT NULL PRIMARY KEY,
	data TEXT NOT NULL, -- JSON
	at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
