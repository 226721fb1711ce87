package connection

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"reconnect/platforms"
	"reconnect/platforms/live"
	"reconnect/platforms/text"
)

// TestWrongSecret: a typed secret is kept only when the platform took it. One that is
// refused is forgotten, and the error says what to do.
func TestWrongSecret(t *testing.T) {
	for _, service := range []string{"facebook", "instagram-login", "tiktok", "linkedin"} {
		t.Run(service, func(t *testing.T) {
			h := at(t, service)
			right, typed, asked := h.world.App(imitations[service]).Secret, "wrong", 0
			h.options.Secret = nil
			h.options.Ask = func(context.Context, Service) (text.Secret, error) {
				asked++
				return text.NewSecret(typed), nil
			}
			name := "client/" + service
			kept := func() bool {
				names, err := h.kept.List(t.Context())
				return err == nil && slices.Contains(names, name)
			}
			h.refused(service, "It was forgotten, and the next sign-in asks for it.")
			if kept() || asked != 1 {
				t.Fatalf("kept %v, asked %d times", kept(), asked)
			}
			typed = right
			h.login(service, text.Safe{})
			h.login(service, text.Safe{})
			if !kept() || asked != 2 {
				t.Fatalf("kept %v, asked %d times", kept(), asked)
			}
			h.clients = map[string]*live.Client{} // another run of the program
			h.world.Break(imitations[service], platforms.AppMisconfigured)
			h.refused(service, "It was forgotten, and the next sign-in asks for it.")
			if kept() {
				t.Error("a secret that does not fit is kept")
			}
			h.world.Mend(imitations[service], platforms.AppMisconfigured)
			h.login(service, text.Safe{})
			for _, want := range []bool{true, false} {
				if forgotten, err := h.ForgetApp(t.Context(), service); forgotten != want || err != nil || kept() {
					t.Errorf("forgotten: %v %v", forgotten, err)
				}
			}
			h.options.Secret = func(string) text.Secret { return text.NewSecret("set") }
			h.refused(service, "It stands in "+Variable(service)+": set the right one there.")
		})
	}
}

// refused wants the platform to refuse the client secret at a sign-in.
func (h *home) refused(service, says string) {
	h.t.Helper()
	var refused *live.LoginError
	_, err := h.try(service, text.Safe{})
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "The client secret of your app does not fit. "+says) {
		h.t.Fatalf("the error is %v", err)
	}
	if v := refused.Verdict; v.Owner != platforms.Operator || v.Cause != platforms.AppMisconfigured || strings.Contains(text.Join(" ", v.Next.Do...).String(), "support") {
		h.t.Errorf("%s %s %v", v.Owner, v.Cause, v.Next)
	}
}

// TestForgetApp forgets what is kept under the name of a service, also of one without
// an app.
func TestForgetApp(t *testing.T) {
	h := at(t)
	if forgotten, err := h.ForgetApp(t.Context(), "x"); forgotten || err != nil {
		t.Errorf("nothing was kept: %v %v", forgotten, err)
	}
	if _, err := h.ForgetApp(t.Context(), "myspace"); err == nil {
		t.Error("no service is called so")
	}
}
