//go:build unix

package app_test

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"reconnect/app/connection"
	"reconnect/platforms"
	"reconnect/platforms/sim"
)

// A simulated is a home whose settings ask an imitation of the platforms, and
// whose browser goes there.
type simulated struct {
	t      *testing.T
	world  *sim.World
	home   string
	env    []string
	landed chan landing
	done   sync.WaitGroup

	stranger atomic.Bool            // the app's address is not registered
	bases    map[string]sim.Service // by address, of what stands before an imitation, too
}

// A landing is where the browser ended, or why nowhere.
type landing struct {
	sim.Landing
	address string
	err     error
}

// imitations are the services by the names that the imitation has for them.
var imitations = map[string]sim.Service{
	"facebook": sim.Facebook, "instagram": sim.InstagramFacebook, "instagram-login": sim.Instagram, "tiktok": sim.TikTok,
	"tiktok-business": sim.TikTokBusiness, "linkedin": sim.LinkedIn, "x": sim.X,
}

// simulate starts an imitation and writes the settings that lead to it. Secrets are
// kept in memory: each run of the program signs in anew.
func simulate(t *testing.T, services ...string) *simulated {
	t.Helper()
	s := &simulated{t: t, world: sim.New(sim.Options{Now: time.Now}), home: t.TempDir(), landed: make(chan landing, 16), bases: map[string]sim.Service{}}
	if err := s.world.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.world.Close)
	config := "custom_endpoints = true\nsecrets = \"memory\"\n"
	for _, name := range services {
		s.bases[s.world.Base(imitations[name])] = imitations[name]
		config += s.app(name)
		s.env = append(s.env, connection.Variable(name)+"="+s.world.App(imitations[name]).Secret)
	}
	path := filepath.Join(s.home, "config.toml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "RECONNECT_DATA="+filepath.Join(s.home, "data"), "PATH="+s.browser())
	return s
}

// app is the settings' table of a service.
func (s *simulated) app(name string) string {
	svc := imitations[name]
	app := s.world.App(svc)
	table := fmt.Sprintf("[apps.%s]\nclient_id = %q\n", name, app.ID)
	if app.Config != "" {
		table += fmt.Sprintf("config_id = %q\n", app.Config)
	}
	switch svc { // addresses that have to be registered, on a port that is free now
	case sim.X, sim.LinkedIn, sim.Instagram:
		table += "redirect = \"http://127.0.0.1:0/callback\"\n"
	case sim.TikTok, sim.TikTokBusiness:
		table += "redirect = \"http://127.0.0.1:*/callback/\"\n"
	default:
	}
	table += fmt.Sprintf("[apps.%s.endpoints]\n", name)
	for at, address := range s.world.Endpoints(svc).ByName() {
		table += fmt.Sprintf("%s = %q\n", at, address)
	}
	return table
}

// browser is a folder with a browser in it: it hands the address to the test, which
// follows it.
func (s *simulated) browser() string {
	dir := s.t.TempDir()
	pipe := filepath.Join(dir, "addresses")
	script := "#!/bin/sh\nprintf '%s\\n' \"$1\" >'" + pipe + "'\n"
	for _, err := range []error{
		unix.Mkfifo(pipe, 0o600),
		os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700), os.WriteFile(filepath.Join(dir, "open"), []byte(script), 0o700),
	} {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	addresses, err := os.OpenFile(pipe, os.O_RDWR, 0) // also to write, so that opening does not wait
	if err != nil {
		s.t.Fatal(err)
	}
	s.done.Add(1)
	s.t.Cleanup(func() {
		_ = addresses.Close()
		s.done.Wait()
	})
	go func() {
		defer s.done.Done()
		for lines := bufio.NewScanner(addresses); lines.Scan(); {
			s.landed <- s.follow(context.Background(), lines.Text())
		}
	}()
	return dir
}

// follow goes where a browser goes. The app's own address is registered first.
func (s *simulated) follow(ctx context.Context, address string) landing {
	u, err := url.Parse(address)
	if err != nil {
		return landing{err: err}
	}
	for base, svc := range s.bases {
		if redirect := u.Query().Get("redirect_uri"); strings.HasPrefix(address, base) && !s.stranger.Load() {
			s.world.Register(svc, redirect)
		}
	}
	at, err := s.world.Browse(ctx, address)
	return landing{at, address, err}
}

// account is the name of what a service should connect, as Aibrify has it.
func (s *simulated) account(name string) string {
	switch svc := imitations[name]; svc {
	case sim.InstagramFacebook:
		return s.world.Owner(sim.Instagram).Username
	case sim.Facebook, sim.LinkedIn:
		return "Mika Bakes"
	default:
		return s.world.Owner(svc).Username
	}
}

// platform is the platform of a service.
func (s *simulated) platform(name string) platforms.ID { return imitations[name].Platform() }

// setting puts a setting in the place of the one of that name.
func (s *simulated) setting(line string) {
	s.t.Helper()
	path := filepath.Join(s.home, "config.toml")
	raw, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	name, _, _ := strings.Cut(line, "=")
	lines := strings.Split(string(raw), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, name+"=") {
			lines[i] = line
		}
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		s.t.Fatal(err)
	}
}
