package session

import (
	"bytes"
	"context"
	"image"
	_ "image/gif" // so that DecodeConfig knows it
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"reconnect/app/ladder"
	"reconnect/platforms/text"
	"reconnect/screens"
)

// What follows takes a screenshot into the case's folder.

// showScreenshot asks for a file.
func showScreenshot(_ *Session, v View) screens.Page {
	p := v.guidePage(pageScreenshot)
	p.Name, p.Kind, p.Choices, p.Do = pageScreenshot, screens.Files, nil, nil
	return p
}

// maxShot is the largest screenshot that is taken, in bytes.
const maxShot = 20 << 20

// takeScreenshot copies the image into the case's folder.
func takeScreenshot(ctx context.Context, s *Session, v View, a screens.Answer) (turn, error) {
	raw, wrong := readImage(a.Text)
	if !wrong.Empty() {
		return turn{notice: wrong}, nil
	}
	ext := strings.ToLower(filepath.Ext(a.Text))
	name, err := s.Log.Attach(ctx, v.Case, "shot"+ext, bytes.NewReader(raw), maxShot)
	if err != nil {
		return turn{}, err
	}
	d := ladder.Data{File: filepath.Base(name), Text: fileName(a.Text), Place: v.State.Place}
	return turn{events: one(ladder.ShotAdded, d), drop: true, lift: true, notice: text.Format("The screenshot is in the case's folder as %s.", text.Name(name))}, nil
}

// fileName is the name of a file that a person gave, without secrets.
func fileName(path string) text.Safe {
	name, _ := text.RedactSecrets(text.Name(path))
	return name
}

// readImage reads an image file, or says what is wrong with it.
func readImage(path string) ([]byte, text.Safe) {
	name := fileName(path)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, text.Format("%s cannot be read: there is no such file, or no permission. Check the path.", name)
	case !info.Mode().IsRegular():
		return nil, text.Format("%s is not a file. Pick an image.", name)
	case info.Size() > maxShot:
		return nil, text.Format("%s is larger than 20 MB. Pick a smaller image.", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, text.Format("%s cannot be read: no permission. Copy it elsewhere first.", name)
	}
	defer f.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(io.LimitReader(f, maxShot))
	if err != nil || !isImage(raw) {
		return nil, text.Format("%s is no image that can be read. Pick a PNG, JPEG, GIF or WebP file.", name)
	}
	return raw, text.Safe{}
}

func isImage(raw []byte) bool {
	if http.DetectContentType(raw) == "image/webp" {
		return true // the standard library cannot decode it; its signature is clear
	}
	_, _, err := image.DecodeConfig(bytes.NewReader(raw))
	return err == nil
}
