package store
import ("testing";"path/filepath";"time";"context";"fmt";"database/sql/driver")
func BenchmarkZZ(b *testing.B) {
	ctx := context.Background()
	mk := func(name string) func() {
		db, _ := connect(dsn(filepath.Join(b.TempDir(), "bare.db"), access{}))
		db.Exec("CREATE TABLE events (n INTEGER PRIMARY KEY, case_id TEXT, seq INT, at INT, kind TEXT, by TEXT, data TEXT) STRICT")
		db.Exec("CREATE TABLE c (n INTEGER PRIMARY KEY, case_id TEXT) STRICT")
		db.Exec("INSERT INTO c VALUES (1,'a')")
		insert, err := db.Prepare("INSERT INTO events (case_id, seq, at, kind, by, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
		if err != nil { b.Fatal(err) }
		up, _ := db.Prepare("UPDATE c SET case_id=?1 WHERE n=1")
		bg, _ := db.Prepare("BEGIN IMMEDIATE")
		cm, _ := db.Prepare("COMMIT")
		n := 0
		args := func() []any { n++; return []any{"case", n, time.Now().UnixMilli(), "k", "person", `{"n":1}`} }
		switch name {
		case "bare": return func() { insert.Exec(args()...) }
		case "tx": return func() { tx, _ := db.BeginTx(ctx, nil); tx.StmtContext(ctx, insert).ExecContext(ctx, args()...); tx.Commit() }
		case "tx2": return func() { tx, _ := db.BeginTx(ctx, nil); tx.StmtContext(ctx, insert).ExecContext(ctx, args()...); tx.StmtContext(ctx, up).ExecContext(ctx, fmt.Sprint(n)); tx.Commit() }
		case "prep": return func() { bg.ExecContext(ctx); insert.ExecContext(ctx, args()...); cm.ExecContext(ctx) }
		case "prep2": return func() { bg.ExecContext(ctx); insert.ExecContext(ctx, args()...); up.ExecContext(ctx, fmt.Sprint(n)); cm.ExecContext(ctx) }
		}
		return nil
	}
	_ = driver.ErrBadConn
	names := []string{"bare","tx","tx2","prep","prep2","append"}
	fs := map[string]func(){}
	for _, n := range names[:5] { fs[n]=mk(n) }
	d := open(b, b.TempDir(), Options{})
	seq := 0
	fs["append"] = func() { d.Append(ctx, sample("case", seq, 1)); seq++ }
	got := map[string][]time.Duration{}
	for b.Loop() { for _, n := range names { t0 := time.Now(); fs[n](); got[n]=append(got[n], time.Since(t0)) } }
	for _, n := range names { b.ReportMetric(float64(percentile(got[n],50))/1000, n) }
}
