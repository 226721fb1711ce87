package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"reconnect/app/session"
	"reconnect/app/wizard"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store"
)

// children are the other programs that this binary can be.
func children() map[string]func() int {
	all := map[string]func() int{"crash": crashing}
	for name, run := range systemChildren() {
		all[name] = run
	}
	return all
}

// secret is what a crash must not print.
const secret = "EAAB" + "sbCS1iHgBAKcanarycanarycanary1234"

// crashing is the wizard with a page, a command or a start that panics.
func crashing() int {
	dir := filepath.Join(os.Getenv("HOME"), "data")
	open := func(ctx context.Context) (*session.Session, session.View, error) {
		if len(os.Args) > 1 && os.Args[1] == "open" {
			panic(secret)
		}
		db, err := store.Open(ctx, dir, store.Options{})
		s := &session.Session{Log: db, Now: time.Now, Dir: dir}
		return s, session.View{Page: crashingPage()}, err
	}
	browse := func(context.Context, string) error { panic(fmt.Errorf("cannot open %s", secret)) }
	_, err := wizard.Run(context.Background(), wizard.Options{Open: open, Browse: browse, Now: time.Now}, os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func crashingPage() screens.Page {
	if os.Args[1] == "command" {
		return screens.Page{Name: "command", Kind: screens.Steps, Title: text.Const("A link"), Choices: []screens.Choice{{ID: "x", Label: text.Const("an answer")}},
			Links: []screens.Link{{URL: text.Const("https://example.com/")}}, Actions: []screens.Action{{Act: screens.OpenURL}}}
	}
	return screens.Page{Name: "page", Kind: screens.Form, Title: text.Const("A form"), Fields: []screens.Field{{ID: "x", Kind: screens.Word,
		Label: text.Const("Word"), Check: func(typed string) text.Safe { panic(typed + secret) }}}}
}
