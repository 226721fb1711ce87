package secrets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"reconnect/store"
	"reconnect/store/private"
)

// Kinds of failure, for errors.Is. Every one comes inside a [*store.Error],
// which says what happened, why, and what to do. No error has a secret or a
// passphrase in it: of the words that a keyring or a library answers, none is
// passed on.
var (
	ErrUnknown      = errors.New("there is no such secret")
	ErrTooBig       = errors.New("the secret is too big")
	ErrInvalid      = errors.New("the name or the secret is not valid")
	ErrKeyring      = errors.New("the keyring cannot be used")
	ErrLocked       = errors.New("the keyring is locked")
	ErrHangs        = errors.New("the keyring does not answer")
	ErrPassphrase   = errors.New("the passphrase does not open the file")
	ErrNoPassphrase = errors.New("nobody can be asked for the passphrase")
	ErrDamaged      = errors.New("the file is damaged")
	ErrNewer        = errors.New("the file is newer than the program")
	ErrTooHard      = errors.New("the file asks for too much work")
	ErrSymlink      = errors.New("the file is a symbolic link")
	ErrPermission   = errors.New("no permission")
	ErrFull         = errors.New("the disk takes no more")
	ErrBusy         = errors.New("another program holds the secret")
)

// fault is an error whose first part, what happened, the Keeper fills in.
func fault(kind error, why, do string) *store.Error {
	return &store.Error{Why: why, Do: do, Err: kind}
}

// named says what happened. Errors that are not ours stay as they are.
func named(what string, err error) error {
	var e *store.Error
	if errors.As(err, &e) && e.What == "" {
		whole := *e
		whole.What = what
		return &whole
	}
	return err
}

// explainFile tells the meaning of an error of the file system at path.
func explainFile(path string, err error) error {
	var own *store.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG), private.IsQuota(err):
		return fault(ErrFull, "the disk took no more data: it is full, over a quota or a size limit, or failing",
			fmt.Sprintf("Free some space on the disk of %s, then try again. What was saved before is safe.", path))
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fault(ErrPermission, fmt.Sprintf("%s is not yours to use, or write-protected", path),
			"Give yourself access to it, or choose another folder with --data.")
	}
	// The file system's words name a path and a reason. The bytes are not in them.
	return &store.Error{Why: err.Error(), Do: "Run reconnect doctor and report what it prints.", Err: err}
}

func damaged(path, why string) error {
	return fault(ErrDamaged, fmt.Sprintf("%s is damaged: %s", path, why),
		"It was left as it is. Put a copy of it from a backup in its place, or move it away and sign in again.")
}

func newer(path string, found, known int) error {
	return fault(ErrNewer, fmt.Sprintf("%s has format %d, this program knows up to %d", path, found, known),
		"Start the newer reconnect that made it. It was left as it is.")
}
