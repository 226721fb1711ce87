package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"

	"reconnect/store/private"
)

// The files of a case lie in dir/files/ID, under names the store gives.
const filesName = "files"

var (
	// An id that names a folder may be nothing a file system gives a meaning.
	folderID  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
	extension = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)
	plainWord = regexp.MustCompile(`^[a-z]{1,16}$`)
)

var pictures = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".heic": true}

// Attach copies a file of at most limit bytes into the folder of a case and
// returns its new name, "files/ID/shot-1.png", relative to the store's
// folder. Of the old name the ending is kept; of a file that is no picture also
// the rest, if that is one plain word: "message.txt" becomes "message-1.txt".
// When it returns, the file is on the disk, so that the event naming it may
// follow. The error is [ErrTooBig] past the limit; nothing is left behind then.
func (d *DB) Attach(ctx context.Context, caseID, name string, r io.Reader, limit int64) (string, error) {
	const what = "the file was not attached"
	if d.readOnly {
		return "", unwritable(what, d.path, nil)
	}
	id := strings.ToLower(caseID)
	if !folderID.MatchString(id) {
		return "", &Error{What: what, Why: fmt.Sprintf("case id %q cannot name a folder", caseID),
			Do: "This is a defect of the program; please report it.", kind: ErrInvalid}
	}
	d.files.Lock()
	defer d.files.Unlock()
	root, err := os.OpenRoot(d.dir)
	if err != nil {
		return "", explainFile(what, d.dir, err)
	}
	defer root.Close()
	folder := path.Join(filesName, id)
	if err := makeCaseFolder(root, folder); err != nil {
		return "", explainFile(what, d.dir, err)
	}
	attached, err := copyInto(ctx, root, folder, name, r, limit)
	switch {
	case errors.Is(err, ErrTooBig):
		return "", &Error{What: what, Why: fmt.Sprintf("it is bigger than %d bytes", limit),
			Do: "Attach a smaller file or a cut-out of the picture.", kind: ErrTooBig}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "", err
	case err != nil:
		return "", explainFile(what, d.dir, err)
	}
	return attached, nil
}

// File opens a file that Attach named. A name that leads out of the files of
// the cases is refused, by links too. The caller closes it.
func (d *DB) File(name string) (*os.File, error) {
	const what = "the file cannot be opened"
	root, err := os.OpenRoot(d.dir)
	if err != nil {
		return nil, explainFile(what, d.dir, err)
	}
	defer root.Close()
	files, err := root.OpenRoot(filesName)
	if err != nil {
		return nil, explainFile(what, d.dir, err)
	}
	defer files.Close()
	rest, ok := strings.CutPrefix(name, filesName+"/")
	if !ok {
		return nil, explainFile(what, d.dir, fmt.Errorf("%q is not a file of a case", name))
	}
	f, err := files.Open(rest)
	if err != nil {
		return nil, explainFile(what, d.dir, err)
	}
	return f, nil
}

// makeCaseFolder makes the folder and both names that lead to it durable.
func makeCaseFolder(root *os.Root, folder string) error {
	for _, dir := range []string{path.Dir(folder), folder} {
		err := root.Mkdir(dir, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := root.Chmod(dir, 0o700); err != nil { // the umask may have taken bits we need
			return err
		}
		if err := private.SyncDir(root, path.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

func copyInto(ctx context.Context, root *os.Root, folder, old string, r io.Reader, limit int64) (_ string, err error) {
	f, name, err := createNext(root, folder, old)
	if err != nil {
		return "", err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = root.Remove(name)
		}
	}()
	n, err := io.Copy(f, io.LimitReader(whileOpen{ctx, r}, limit+1))
	switch {
	case err != nil:
		return "", err
	case n > limit:
		return "", ErrTooBig
	}
	if err := f.Chmod(0o600); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	return name, private.SyncDir(root, folder)
}

// createNext makes the first file of its row, as shot-1, shot-2 …, that is free.
// Another program that takes the same number loses or wins in the same call.
func createNext(root *os.Root, folder, old string) (*os.File, string, error) {
	ext := strings.ToLower(path.Ext(old))
	if !extension.MatchString(ext) {
		ext = ".bin"
	}
	stem := strings.TrimSuffix(old, path.Ext(old))
	switch {
	case pictures[ext]:
		stem = "shot"
	case !plainWord.MatchString(stem):
		stem = "file"
	}
	for i := 1; ; i++ {
		name := path.Join(folder, fmt.Sprintf("%s-%d%s", stem, i, ext))
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
}

// whileOpen reads until its context ends.
type whileOpen struct {
	ctx context.Context
	r   io.Reader
}

func (w whileOpen) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
