package platforms

import (
	"embed"
	"io/fs"
)

// ErrorData are the error signatures as support writers wrote them. Package
// explain decodes them when it is first asked; embedding decodes nothing.
//
//go:embed common/errors.json instagram/errors.json facebook/errors.json tiktok/errors.json linkedin/errors.json x/errors.json
var ErrorData embed.FS

// A Sheet is a data file of another package, read as strictly as the guides: what
// is wrong with it names file, line and field.
type Sheet struct{ f *file }

// ReadSheet reads the file called name into v, a pointer to a struct.
func ReadSheet(from fs.FS, name string, v any) Sheet { return Sheet{open(from, name, v)} }

// Read tells whether the file could be read at all.
func (s Sheet) Read() bool { return !s.f.unread }

// Bad notes a problem of a field, such as signatures[2].cause.
func (s Sheet) Bad(path, format string, args ...any) { s.f.bad(path, format, args...) }

// Line is where a field stands.
func (s Sheet) Line(path string) int { return s.f.lines[path] }

// Problems are all problems, each a [*Problem], in the order of the lines.
func (s Sheet) Problems() []error { return s.f.sorted() }
