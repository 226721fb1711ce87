package app

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reconnect/app/connection"
	"reconnect/app/crash"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
	"reconnect/screens"
	"reconnect/store/secrets"
)

// signing are the flags of login.
type signing struct {
	account                            string
	noBrowser, paste, again, reconnect bool
	qr                                 bool
}

// loginCommand signs a person in to an app of one's own and keeps the grant.
func (p Program) loginCommand(o *options) *cobra.Command {
	var q signing
	c := &cobra.Command{
		Use: "login SERVICE", Short: "Sign in to a platform with an app of your own, to check an account",
		Long: "Sign in to a platform with an app of your own, keep the grant, and check the\n" +
			"account with it. It only reads and never publishes. Where no browser of this\n" +
			"computer can answer, over SSH or with a customer on the phone, paste the\n" +
			"address that the browser landed on. \"login feed\" keeps the token of Aibrify's\nfeed.\n" + servicesHelp(feedName),
		Example: "reconnect login facebook\nreconnect login tiktok-business --account @mikabakes\n" +
			"reconnect login x --paste\nreconnect login feed",
		ValidArgs: append(connection.Names(), feedName), Args: serviceArg(true, feedName),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == feedName {
				return p.loginFeed(c, *o)
			}
			return p.login(c, *o, q, args[0])
		},
	}
	flags := c.Flags()
	flags.StringVar(&q.account, "account", "", "the account that should be connected, as Aibrify names it")
	flags.BoolVar(&q.noBrowser, "no-browser", false, "open no browser: only show the address")
	flags.BoolVar(&q.paste, "paste", false, "the browser is on another device: paste the address it landed on")
	flags.BoolVar(&q.qr, "qr", false, "show the address as a code for the phone, too")
	flags.BoolVar(&q.again, "again", false, "have the platform show its permissions once more, where it can")
	flags.BoolVar(&q.reconnect, "reconnect", false, "with Aibrify's own app: this sign-in is meant to be the reconnect itself")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	return c
}

func (p Program) login(c *cobra.Command, o options, q signing, name string) error {
	ctx, r, err := p.live(c, o)
	if err != nil {
		return err
	}
	defer r.close()
	s, err := r.SetUp(name)
	if err != nil {
		return err
	}
	where, err := r.Where(ctx)
	if err != nil {
		return err
	}
	r.announce(s, where)
	account := text.Line(q.account)
	var l *connection.Login
	err = r.unlocked(func() (err error) {
		l, err = r.Login(ctx, s.Key, account, live.Ask{NoListener: q.paste || remote(), Again: q.again, Reconnect: q.reconnect})
		return err
	})
	if err != nil {
		return notBegun(stopped(err), s)
	}
	defer l.Close()
	h, err := r.await(ctx, l, q)
	if err != nil {
		return r.noGrant(err, s)
	}
	if account.Empty() && !h.For.Empty() {
		r.say(text.Format("It takes the place of the grant for %s, and is for the same account. For another one say --account.", h.For))
	}
	r.say(text.Const("Signed in. Now the account is checked."), text.Safe{})
	err = r.verify(ctx, h)
	if r.Harms(s) {
		r.say(text.Const("The new grant is here and not in Aibrify. Now connect the account in Aibrify's dashboard."))
	}
	return err
}

// announce says before anything else what will happen.
func (r *liveRun) announce(s connection.Service, where text.Safe) {
	whose := text.Format("With the app under [apps.%s] in config.toml.", text.Line(s.Key))
	if r.IsAibrify(s.Key) {
		whose = text.Format("With Aibrify's own app (aibrify_app = true under [apps.%s] in config.toml).", text.Line(s.Key))
	}
	does := text.Const("This only reads: it never publishes, and changes nothing on the account.")
	if r.Harms(s) {
		does = text.Const("It never publishes. It can end the grant that Aibrify has, and the new one comes here: afterwards connect the account in Aibrify's dashboard.")
	}
	r.say(text.Format("Sign in to %s. %s", s.Name, does), whose, text.Format("Asked: %s.", text.Line(strings.Join(s.Hosts(), ", "))))
	if s.Custom {
		r.say(r.settings.customNote())
	}
	r.say(text.Format("Secrets are kept in %s.", where))
}

// verify makes the checks that cost nothing. That the sign-in worked stands, whatever
// they find.
func (r *liveRun) verify(ctx context.Context, h connection.Held) error {
	forgets := r.settings.live.secrets == secrets.Memory
	k := r.ask(ctx, h, checking{}.plan(r.program.progress(text.Safe{})))
	switch {
	case cancelled(ctx) && forgets:
		return errors.New("stopped before the account was checked. Nothing was kept")
	case cancelled(ctx):
		return fmt.Errorf("stopped before the account was checked. The sign-in is kept. To check: reconnect check %s", h.Key)
	}
	err := r.print([]checked{k})
	if forgets {
		r.say(text.Const("The token was in memory alone, and is forgotten with the end of this command."))
	}
	if !k.Error.Empty() && err == nil {
		err = errors.New(k.Error.String())
	}
	return err
}

// notBegun says how to go on where a sign-in could not begin.
func notBegun(err error, s connection.Service) error {
	var harm *live.HarmError
	var port *live.PortError
	var app *live.ConfigError
	switch {
	case errors.As(err, &harm):
		return fmt.Errorf("%w To say that: reconnect login %s --reconnect", err, s.Key)
	case errors.As(err, &port):
		return fmt.Errorf("%w: reconnect login %s --paste", err, s.Key)
	case errors.As(err, &app):
		return fmt.Errorf("the sign-in cannot begin: apps.%s: %w. How to register an app: reconnect guide app %s", s.Key, err, s.ID)
	}
	return err
}

// noGrant tells why a sign-in brought nothing: the platform's own words first, then
// what they mean.
func (r *liveRun) noGrant(err error, s connection.Service) error {
	var kept *live.SaveError
	var refused *live.LoginError
	var silent *live.TimeoutError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, screens.ErrEnd):
		return stopped(err)
	case errors.As(err, &kept):
		return fmt.Errorf("%w. Mend that, then sign in again: reconnect login %s", err, s.Key)
	}
	if r.json {
		if err := r.print([]checked{{Service: s.Key, Report: unsigned(err, s, r.Now())}}); err != nil {
			return err
		}
	}
	switch {
	case errors.As(err, &refused):
		return r.refused(refused)
	case errors.As(err, &silent):
		return fmt.Errorf("nothing came back from the browser within %s. If it showed an error page, have its text explained: reconnect explain \"the text\". Then sign in again", timeLeft(silent.After))
	}
	return fmt.Errorf("the sign-in could not be finished: %w. Nothing was kept. Sign in again", err)
}

// unsigned is the report of a login that brought no grant.
func unsigned(err error, s connection.Service, now time.Time) live.Report {
	r := live.Report{Platform: s.ID, Variant: s.Variant, Custom: s.Custom, Grant: live.Grant{Platform: s.ID, Variant: s.Variant},
		Findings: []live.Finding{live.SignInFinding(err, now)}}
	r.Health = live.Weigh(r.Findings, r.Grant, now)
	return r
}

// refused tells what the platform answered, word for word, and what it means.
func (r *liveRun) refused(e *live.LoginError) error {
	r.say(text.Const("The platform said:"))
	for _, line := range e.Says.Lines() {
		r.say(text.Format("  %s", line))
	}
	r.say(text.Safe{})
	v := e.Verdict
	if !e.Retry.IsZero() { // the platform's own time counts, and none of ours
		v.Next.Do = []text.Safe{text.Format("Try again from %s.", text.Line(localTime(e.Retry)))}
	}
	if err := tellVerdict(r.talk, v); err != nil {
		return err
	}
	return errors.New("the platform gave no grant. What it said and what that means stands above. Nothing was kept")
}

// await shows the address and waits for the browser, or for a pasted address. After
// too many wrong answers there is a new address.
func (r *liveRun) await(ctx context.Context, l *connection.Login, q signing) (connection.Held, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	again := func() { r.say(text.Const("Still waiting. What you paste does not show.")) }
	defer hide(int(r.program.Stdin.Fd()), again)() // a pasted address holds a code
	typed := r.lines(ctx)
	for {
		r.show(l.Service, l.Prompt(), q)
		opened := r.open(ctx, l, q)
		h, err := r.answered(ctx, l, typed, opened)
		var again *live.Restarted
		if !errors.As(err, &again) {
			return h, err
		}
		r.say(text.Safe{}, text.Const("Too many wrong answers came in. The address above is dead; this one takes its place."))
	}
}

// show shows the address on a line of its own, and as a code for the phone where that
// is asked for.
func (r *liveRun) show(s connection.Service, at live.Prompt, q signing) {
	r.say(text.Safe{})
	if q.qr {
		r.say(r.phoneCode(at.URL))
	}
	r.say(text.Const("Open this address in the browser:"), text.Safe{}, at.Text(), text.Safe{})
	if !q.qr {
		r.say(text.Const("Add --qr for a code for the phone."))
	}
	switch {
	case at.Listening:
		r.say(text.Const("If the browser lands on a page that cannot be opened, paste the address of that page here. It does not show."))
	default:
		r.say(text.Const("The browser lands on a page that may not open. Paste its whole address here, and press enter. It does not show."))
	}
	if lives := s.Lifetimes.Code; lives > 0 && lives < live.LoginTime {
		r.say(text.Format("Be quick then: the code in that address lives for %s.", timeLeft(lives)))
	}
	left := at.Until.Sub(r.Now())
	r.say(text.Format("Waiting until %s (%s). ctrl+c stops.", text.Line(at.Until.Local().Format("15:04:05")), timeLeft(left)))
}

// phoneCode is the address as a code, or why there is none.
func (r *liveRun) phoneCode(address string) text.Safe {
	terminal := r.program.Stdout
	if r.json {
		terminal = r.program.Stderr
	}
	width, height, err := term.GetSize(int(terminal.Fd()))
	if err != nil {
		return text.Const("A code for the phone is shown in a terminal only.")
	}
	code, err := screens.PhoneCode(address, width, height)
	if err != nil {
		return text.Format("There is no room for a code for the phone: %s.", text.Line(err.Error()))
	}
	return text.Block(code)
}

// timeLeft is a time in whole minutes, or in seconds below one.
func timeLeft(left time.Duration) text.Safe {
	if left < time.Minute {
		return text.Line(counted(int(left.Round(time.Second)/time.Second), "second"))
	}
	return text.Line(counted(int(left.Round(time.Minute)/time.Minute), "minute"))
}

// open sends the browser to the address. Some openers live as long as the browser,
// so it is not waited for; what became of it comes when it is known.
func (r *liveRun) open(ctx context.Context, l *connection.Login, q signing) <-chan error {
	opened := make(chan error, 1)
	address := l.Prompt().URL
	switch {
	case q.noBrowser, q.paste:
		return opened
	case remote():
		r.say(text.Const("No browser is opened here, because this terminal is reached over SSH."))
		return opened
	case !l.Service.Opens(address):
		r.say(text.Const("No browser is opened, because the address is neither https nor on this computer."))
		return opened
	}
	crash.Go(func() { opened <- browse(ctx, address) }, func(err error) { opened <- err })
	return opened
}

// openedWords say what became of opening the browser.
func openedWords(err error) text.Safe {
	switch {
	case err == nil:
		return text.Const("The browser was opened.")
	case errors.Is(err, exec.ErrNotFound):
		return text.Const("No browser was opened, because no program for that is installed. Open the address above yourself.")
	}
	return text.Format("No browser could be opened: %s. Open the address above yourself.", text.Line(err.Error()))
}

// A line is what somebody pasted, or why nothing more comes.
type line struct {
	text string
	err  error
}

// lines are the lines of the input, until ctx ends.
func (r *liveRun) lines(ctx context.Context) <-chan line {
	typed := make(chan line)
	give := func(l line) bool {
		select {
		case typed <- l:
			return true
		case <-ctx.Done():
			return false
		}
	}
	crash.Go(func() {
		for in := screens.NewLines(newInput(ctx, r.program.Stdin)); ; {
			words, err := in.Next()
			var large *text.TooLarge
			if !give(line{words, err}) || err != nil && !errors.As(err, &large) {
				return
			}
		}
	}, func(err error) { give(line{err: err}) })
	return typed
}

// answered waits for the end of a login, and takes pasted addresses meanwhile.
func (r *liveRun) answered(ctx context.Context, l *connection.Login, typed <-chan line, opened <-chan error) (connection.Held, error) {
	type end struct {
		held connection.Held
		err  error
	}
	done := make(chan end, 1)
	crash.Go(func() { h, err := l.Wait(ctx); done <- end{h, err} }, func(err error) { done <- end{err: err} })
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		select {
		case e := <-done:
			return e.held, e.err
		case err := <-opened:
			if ctx.Err() == nil {
				r.say(openedWords(err))
			}
		case <-minute.C:
			if left := l.Prompt().Until.Sub(r.Now()); left >= time.Second {
				r.say(text.Format("%s left.", timeLeft(left)))
			}
		case in := <-typed:
			if err := r.take(l, in); err != nil {
				return connection.Held{}, err
			}
		}
	}
}

// take takes a pasted address, or says what is wrong with it. Its error is the end
// of an input that was the only way.
func (r *liveRun) take(l *connection.Login, in line) error {
	var large *text.TooLarge
	switch {
	case errors.As(in.err, &large):
		r.say(text.Const("That is longer than an address can be. Copy only the line of the browser's address bar."))
		return nil
	case in.err != nil && l.Prompt().Listening, in.err == nil && strings.TrimSpace(in.text) == "":
		return nil
	case in.err != nil:
		return in.err
	}
	if err := l.Paste(in.text); err != nil {
		r.say(text.Line(err.Error()), text.Const("Paste it again. It does not show."))
		return nil
	}
	r.say(text.Const("The address was taken. The platform is asked for the grant."))
	return nil
}

// stopped words an end that came before an answer.
func stopped(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return errors.New("stopped. Nothing was kept")
	case errors.Is(err, screens.ErrEnd):
		return errors.New("the input ended before an address was pasted. Nothing was kept; run it in a terminal, or where a browser is")
	}
	return err
}

// cancelled tells whether somebody stopped the command.
func cancelled(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// loginFeed keeps the bearer token that Aibrify's feed is asked with.
func (p Program) loginFeed(c *cobra.Command, o options) error {
	ctx, r, err := p.live(c, o)
	if err != nil {
		return err
	}
	defer r.close()
	if r.settings.live.feed.URL == "" {
		return errors.New("no feed is read from an address, so it needs no token. Put its address under [feed] in config.toml: url = \"https://…\"")
	}
	where, err := r.Where(ctx)
	if err != nil {
		return err
	}
	err = r.unlocked(func() error {
		return r.PutFeedToken(ctx, func(ctx context.Context) (text.Secret, error) {
			return p.given(ctx, text.Const("Bearer token of the feed (it does not show)"))
		})
	})
	if err != nil {
		return stopped(err)
	}
	r.say(text.Format("The token of the feed is kept in %s.", where))
	if r.json {
		return writeJSON(r.out, map[string]any{"schema": schema, "feed": map[string]any{"kept": true, "where": where}})
	}
	return nil
}

// given is a secret from a pipe, or from a person at a prompt that shows nothing.
func (p Program) given(ctx context.Context, question text.Safe) (text.Secret, error) {
	if p.asker() == nil {
		return secretLine(p.Stdin)
	}
	return p.hidden(ctx, question)
}
