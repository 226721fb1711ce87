package store

import (
	"context"
	"sync"
)

// changes counts what happened to the file. data_version moves when another
// connection commits, never for our own commits, and its values compare only
// within one connection: so own commits are counted beside it, and a new
// connection counts as a change.
type changes struct {
	mu      sync.Mutex
	count   int64
	version int64
	conn    any
}

func (c *changes) own() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
}

func (c *changes) seen(conn any, version int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != conn || c.version != version {
		c.conn, c.version = conn, version
		c.count++
	}
	return c.count
}

// Changes returns a number that is greater than the one before if any program
// has changed the database in between. It reads no rows: ask once a second.
func (d *DB) Changes(ctx context.Context) (int64, error) {
	n, err := d.dataVersion(ctx)
	return n, d.explain("the case database cannot be read", err)
}

func (d *DB) dataVersion(ctx context.Context) (int64, error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	var version int64
	if err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return 0, err
	}
	var n int64
	err = conn.Raw(func(driver any) error {
		n = d.changes.seen(driver, version)
		return nil
	})
	return n, err
}
