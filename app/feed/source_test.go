package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"reconnect/platforms/text"
)

// TestMain is also the command that a source runs.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "feed-command" {
		os.Exit(command(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// command prints what its arguments say.
func command(args []string) int {
	switch args[0] {
	case "print":
		fmt.Print(args[1])
	case "env":
		for _, v := range os.Environ() {
			if strings.HasPrefix(v, "RECONNECT_") {
				fmt.Fprintln(os.Stderr, "it has", v)
				return 1
			}
		}
		in, err := io.ReadAll(os.Stdin)
		fmt.Print(args[1], strings.Repeat("!", len(in)))
		if err != nil {
			return 1
		}
	case "fail":
		fmt.Print(feedOf(row))
		fmt.Fprintln(os.Stderr, "\x1b[31mno access_token=abcdefgh12345678 for you\nsecond line")
		return 7
	case "killed":
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		fmt.Fprintln(os.Stderr, err)
		select {}
	case "endless":
		for {
			if _, err := fmt.Print(strings.Repeat(" ", 4096)); err != nil {
				return 1
			}
		}
	case "hang":
		r, w, err := os.Pipe()
		if err != nil {
			return 1
		}
		_, _ = r.Read(make([]byte, 1)) // nobody writes
		_ = w.Close()
	case "leave": // a program that holds on to the output
		if err := (&exec.Cmd{Path: os.Args[0], Args: []string{"", "feed-command", "hang"}, Stdout: os.Stdout}).Start(); err != nil {
			return 1
		}
		fmt.Println("left")
	}
	return 0
}

func source(t testing.TB) Source {
	t.Helper()
	return Source{Now: func() time.Time { return noon }}
}

func commanded(t testing.TB, args ...string) Source {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := source(t)
	s.Command = append([]string{self, "feed-command"}, args...)
	return s
}

func filed(t testing.TB, content string) Source {
	t.Helper()
	s := source(t)
	s.File = filepath.Join(t.TempDir(), "private folder", "feed.json")
	if err := os.Mkdir(filepath.Dir(s.File), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.File, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// served asks h over TLS, with a token.
func served(t testing.TB, h http.HandlerFunc) Source {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	s := source(t)
	s.URL, s.Client = server.URL+"/feed?tenant=7", server.Client()
	s.Token = func(context.Context) (text.Secret, error) { return text.NewSecret(canary), nil }
	return s
}

const canary = "tok-canary-0123456789abcdef"

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client may have gone
	}
}

// readable fails unless s gives the one row.
func readable(t *testing.T, s Source) {
	t.Helper()
	f, err := s.Read(t.Context())
	if err != nil || len(f.Connections) != 1 || f.Connections[0].Account != text.Const("@cafe") {
		t.Errorf("got %v, %v", f, err)
	}
}

// refuses fails unless s ends in an error for a person that says part and no secret.
func refuses(t *testing.T, s Source, part string) {
	t.Helper()
	f, err := s.Read(t.Context())
	var said *Error
	if !errors.As(err, &said) || said.What == "" || said.Why == "" || len(f.Connections) > 0 {
		t.Fatalf("got %v, %v", f, err)
	}
	if !strings.Contains(err.Error(), part) {
		t.Errorf("it says %q,\nand not   %q", err, part)
	}
	for _, secret := range []string{canary, "tenant=7", "abcdefgh12345678", "\x1b", "second line"} {
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, said, said), secret) {
			t.Errorf("it says %q: %v", secret, err)
		}
	}
}

func TestSet(t *testing.T) {
	if (Source{}).Set() {
		t.Error("nothing is set")
	}
	for _, s := range []Source{{File: "f"}, {URL: "u"}, {Command: []string{"c"}}} {
		if !s.Set() {
			t.Errorf("%v is not set", s)
		}
	}
	refuses(t, Source{}, "nobody said where it is")
}

func TestFile(t *testing.T) {
	readable(t, filed(t, feedOf(row)))
	refuses(t, filed(t, ""), "it is empty")
	cut := filed(t, feedOf(row)[:50])
	refuses(t, cut, cut.File+": it breaks off")
	s := filed(t, feedOf(row))
	s.File += ".gone"
	refuses(t, s, s.File+" is not there")
	s.File = t.TempDir()
	refuses(t, s, "is no ordinary file")
}

// TestAddress: the token goes in the header, and the answer is read.
func TestAddress(t *testing.T) {
	s := served(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") != "Bearer "+canary || strings.Contains(req.URL.String(), canary) || req.Method != http.MethodGet {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, feedOf(row))
	})
	readable(t, s)
	s.Token = nil
	refuses(t, s, "(HTTP 401) wants a token")
}

// TestLoopback: plain http goes to this computer, and nowhere else.
func TestLoopback(t *testing.T) {
	server := httptest.NewServer(answering(http.StatusOK, feedOf(row)))
	defer server.Close()
	s := source(t)
	s.URL = server.URL
	readable(t, s)
	for address, part := range map[string]string{
		"http://aibrify.example/feed":       "does not begin with https://",
		"http://127.0.0.1.example/feed":     "does not begin with https://",
		"http://localhost/feed":             "does not begin with https://",
		"ftp://127.0.0.1/feed":              "does not begin with https://",
		"https://user:pass@aibrify.example": "url has a name or a password in it",
		"https://":                          "url is no whole address",
		"https://%zz":                       "url is no whole address",
		"feed":                              "url is no whole address",
	} {
		refuses(t, Source{URL: address}, part)
	}
}

// TestAnswers: each answer that is no feed is told apart.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"html", answering(200, "<html>Sign in</html>"), "it is a page and no JSON"},
		{"empty", answering(200, ""), "it is empty"},
		{"no content", answering(204, ""), "gave no feed"},
		{"broken", answering(200, `{"schema":1;}`), "it is broken JSON"},
		{"cut json", answering(200, feedOf(row)[:60]), "it breaks off"},
		{"cut body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = io.WriteString(w, feedOf(row))
		}, "broke off"},
		{"large", answering(200, feedOf(row)+strings.Repeat(" ", 2<<20)), "it is larger than 1 MiB"},
		{"refused", answering(401, canary), "did not accept the token"},
		{"forbidden", answering(403, canary), "did not accept the token"},
		{"gone", answering(404, feedOf(row)), "has nothing at that address"},
		{"too often", answering(429, ""), "was asked too often"},
		{"trouble", answering(503, "<html>"), "is in trouble"},
		{"teapot", answering(418, feedOf(row)), "gave no feed"},
		{"echo", answering(200, strings.Replace(feedOf(row), "connected", canary, 1)), `is "[removed`},
		{"closed", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, "no connection to 127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) { refuses(t, served(t, c.answer), c.says) })
	}
}

// TestRedirect: nobody is followed, so no other host sees the token.
func TestRedirect(t *testing.T) {
	var asked atomic.Int32
	other := served(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, feedOf(row))
	})
	s := served(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, other.URL, http.StatusFound) })
	refuses(t, s, "(HTTP 302) sends elsewhere")
	if asked.Load() != 0 {
		t.Error("it was followed")
	}
}

// TestCertificate: TLS is verified, also with no client given.
func TestCertificate(t *testing.T) {
	s := served(t, answering(200, feedOf(row)))
	s.Client = nil
	s.Token = nil
	refuses(t, s, "the certificate of 127.0.0.1")
}

func TestToken(t *testing.T) {
	s := served(t, answering(200, feedOf(row)))
	locked := errors.New("the keyring is locked. Unlock it, then start again. access_token=abcdefgh12345678")
	s.Token = func(context.Context) (text.Secret, error) { return text.Secret{}, locked }
	refuses(t, s, "its token could not be had: the keyring is locked")
	if _, err := s.Read(t.Context()); !errors.Is(err, locked) {
		t.Error("why is lost")
	}
	s.Token = func(context.Context) (text.Secret, error) { return text.NewSecret(canary + "\nX-Other: 1"), nil }
	refuses(t, s, "its token has characters that no token has")
}

func TestCommand(t *testing.T) {
	readable(t, commanded(t, "print", feedOf(row)))
	t.Setenv("RECONNECT_SECRET_FACEBOOK", canary)
	readable(t, commanded(t, "env", feedOf(row)))
	refuses(t, commanded(t, "print", ""), "it is empty")
	refuses(t, commanded(t, "fail"), "the command feed.test ended with exit code 7 and said: ")
	refuses(t, commanded(t, "killed"), "the command feed.test was ended by a signal")
	refuses(t, commanded(t, "endless"), "it is larger than 1 MiB")
	refuses(t, commanded(t, "leave"), "left a program behind")
	refuses(t, Source{Command: []string{"reconnect-no-such-program"}}, "there is no program called reconnect-no-such-program")
	refuses(t, Source{Command: []string{t.TempDir()}}, "cannot be started")
}

// TestTime: whatever hangs, Read ends.
func TestTime(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	hang := func(ctx context.Context) {
		select {
		case <-ctx.Done():
		case <-release:
		}
	}
	begun := served(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.WriteString(w, `{"schema":1,`)
		w.(http.Flusher).Flush()
		hang(req.Context())
	})
	silent := served(t, func(_ http.ResponseWriter, req *http.Request) { hang(req.Context()) })
	deaf := served(t, answering(200, ""))
	deaf.Token = func(context.Context) (text.Secret, error) { <-release; return text.Secret{}, nil } // hears no context
	for name, s := range map[string]Source{"body": begun, "answer": silent, "command": commanded(t, "hang")} {
		s.Timeout = 400 * time.Millisecond // half of it is for ending the command
		t.Run(name, func(t *testing.T) {
			refuses(t, s, "gave no whole answer within 400ms")
			if _, err := s.Read(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			s.Timeout = time.Hour // more than there is
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Read(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	deaf.Timeout = 400 * time.Millisecond // no time for who types, and an end for whoever asks
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := deaf.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the token: %v", err)
	}
}

// TestFault: a fault of the program is an error, too.
func TestFault(t *testing.T) {
	s := served(t, answering(200, ""))
	s.Token = func(context.Context) (text.Secret, error) { panic(canary) }
	refuses(t, s, "reconnect itself failed")
}
