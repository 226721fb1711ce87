package secrets

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// serviceVar asks for the test with the real Secret Service: "1" starts a bus of
// its own, "inside" is the test on that bus. .ci/run sets it; what is missing then
// is a failure and no skip.
const serviceVar = "RECONNECT_TEST_KEYRING"

// TestSecretService runs TestOnPrivateBus under a session bus and a home of its
// own, so that nobody's keyring is touched.
func TestSecretService(t *testing.T) {
	if os.Getenv(serviceVar) != "1" {
		t.Skip("set " + serviceVar + "=1 to test with gnome-keyring on a private bus, as .ci/run does")
	}
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%v; on Debian: apt-get install dbus gnome-keyring", err)
		}
	}
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", os.Args[0], "-test.run=^TestOnPrivateBus$", "-test.v", "-test.timeout=60s")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, serviceVar + "=inside"}
	cmd.WaitDelay = 5 * time.Second // nobody who is left behind holds the output open
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestOnPrivateBus")) {
		t.Fatalf("on the private bus: %v", err)
	}
}

func TestOnPrivateBus(t *testing.T) {
	if os.Getenv(serviceVar) != "inside" {
		t.Skip("started by TestSecretService")
	}
	ctx, dir := t.Context(), t.TempDir()
	if _, err := os.Stat(filepath.Join(os.Getenv("HOME"), ".local")); err == nil {
		t.Fatal("this is somebody's home")
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	startKeyring(t, bus)

	o := Options{Dir: dir, Go: beside, NoPrompt: true}
	k := opened(t, o)
	if k.Place() != Keyring || k.Where() != "the keyring of this computer" || k.Fallback() != nil {
		t.Fatalf("%s, %v", k.Where(), k.Fallback())
	}
	most := strings.Repeat("\x00\xff\n'\"", maxSecret/5) + "end"
	put(t, k, "grant/facebook/12", "CanaryCanaryCanary")
	put(t, k, "grant/linkedin/urn:li:organization:7", most)
	put(t, k, "client/facebook", "first")
	now, err := k.Update(ctx, "client/facebook", func(old Secret) (Secret, error) { return NewSecret(old.Reveal() + " second"), nil })
	if err != nil || now.Reveal() != "first second" {
		t.Errorf("%q, %v", now.Reveal(), err)
	}
	k = opened(t, o) // as another program
	wantSecret(t, k, "grant/facebook/12", "CanaryCanaryCanary")
	wantSecret(t, k, "grant/linkedin/urn:li:organization:7", most)
	wantSecret(t, k, "client/facebook", "first second")
	_, err = k.Get(ctx, "client/x")
	wantKind(t, err, ErrUnknown)
	if names, err := k.List(ctx); err != nil || !slices.Equal(names, []string{"client/facebook", "grant/facebook/12", "grant/linkedin/urn:li:organization:7"}) {
		t.Errorf("names %q, %v", names, err)
	}
	if got := entries(t, bus, "grant/facebook/12"); !slices.Equal(got, []string{"CanaryCanaryCanary"}) {
		t.Errorf("whoever asks the service himself finds %q", got)
	}
	if err := k.Delete(ctx, "client/facebook"); err != nil {
		t.Error(err)
	}
	if got := entries(t, bus, "client/facebook"); len(got) != 0 {
		t.Errorf("after it was deleted the service still has %q", got)
	}
	noCanaryUnder(t, dir)
	noCanaryUnder(t, os.Getenv("HOME")) // gnome-keyring's own file

	// Locked: with nobody there at once, with somebody there in time, and never
	// another place instead.
	lockKeyring(t, bus)
	for _, o.NoPrompt = range []bool{true, false} {
		for _, o.Place = range []Place{Auto, Keyring} {
			o.Timeout = 500 * time.Millisecond
			_, err := Open(ctx, o)
			if !errors.Is(err, ErrLocked) && (o.NoPrompt || !errors.Is(err, ErrHangs)) {
				t.Errorf("locked: %v", err)
			}
		}
	}
	if names, err := k.List(ctx); err != nil || len(names) != 2 {
		t.Errorf("names of a locked keyring %q, %v", names, err)
	}
}

// startKeyring starts gnome-keyring with an open keyring and waits until it serves.
func startKeyring(t *testing.T, bus *dbus.Conn) {
	t.Helper()
	owners := make(chan *dbus.Signal, 16)
	bus.Signal(owners)
	if err := bus.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretService)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin, cmd.Stderr = strings.NewReader("password of the keyring"), os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	limit := time.After(20 * time.Second)
	for {
		select {
		case s := <-owners:
			if s.Name == "org.freedesktop.DBus.NameOwnerChanged" && len(s.Body) == 3 && s.Body[2] != "" {
				bus.RemoveSignal(owners)
				return
			}
		case <-limit:
			t.Fatal("gnome-keyring does not serve the Secret Service")
		}
	}
}

// entries are the secrets of that user name in all keyrings, read without go-keyring.
func entries(t *testing.T, bus *dbus.Conn, name string) []string {
	t.Helper()
	service := bus.Object(secretService, secretPath)
	var open, locked []dbus.ObjectPath
	if err := service.CallWithContext(t.Context(), secretIface+".SearchItems", 0, map[string]string{"username": name}).Store(&open, &locked); err != nil {
		t.Fatal(err)
	}
	var nothing dbus.Variant
	var session dbus.ObjectPath
	if err := service.CallWithContext(t.Context(), secretIface+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&nothing, &session); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, path := range append(open, locked...) {
		var s struct {
			Session     dbus.ObjectPath
			Parameters  []byte
			Value       []byte
			ContentType string
		}
		if err := bus.Object(secretService, path).CallWithContext(t.Context(), "org.freedesktop.Secret.Item.GetSecret", 0, session).Store(&s); err != nil {
			t.Fatal(err)
		}
		found = append(found, string(s.Value))
	}
	return found
}

func lockKeyring(t *testing.T, bus *dbus.Conn) {
	t.Helper()
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := bus.Object(secretService, secretPath).CallWithContext(t.Context(), secretIface+".Lock", 0, []dbus.ObjectPath{secretLogin}).Store(&done, &prompt)
	if err != nil || len(done) != 1 {
		t.Fatalf("locked %v, %v", done, err)
	}
}

func noCanaryUnder(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte("CanaryCanary")) {
			t.Errorf("the secret is in %s", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files under %s, %v", files, dir, err)
	}
}

// TestNoBus: without a bus, or with one that does not let the program in, the
// file is taken, nothing is started, and it is said why.
func TestNoBus(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	for _, address := range []string{"unix:path=" + gone, "nonsense", "unix:path=" + filepath.Dir(gone)} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		o := options(t.TempDir(), Auto, nil)
		k := opened(t, o)
		if k.Place() != File {
			t.Errorf("%s: secrets go to %s", address, k.Where())
		}
		wantKind(t, k.Fallback(), ErrKeyring)
		o.Place = Keyring
		_, err := Open(t.Context(), o)
		wantKind(t, err, ErrKeyring)
	}
}

// TestSilentBus: a bus that takes the connection and never says a word is an
// error in time, and the connection is given up.
func TestSilentBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	for _, p := range []Place{Auto, Keyring} {
		ended := make(chan error, 1)
		beside(func() {
			conn, err := silent.Accept()
			if err == nil {
				_, err = io.Copy(io.Discard, conn)
			}
			ended <- err
		}, func(err error) { ended <- err })
		o := options(t.TempDir(), p, nil)
		o.Timeout = 50 * time.Millisecond
		_, err := Open(t.Context(), o)
		wantKind(t, err, ErrHangs)
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the connection stays open")
		}
	}
}
