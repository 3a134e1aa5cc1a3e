package hostcheck

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func policy(t *testing.T, o Options) *Policy {
	t.Helper()
	p, err := New(o)
	require.NoError(t, err)
	return p
}

func request(host string, origins ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Host = host
	r.Header["Origin"] = origins
	if len(origins) == 0 {
		r.Header.Del("Origin")
	}
	return r
}

func TestHostAllowed(t *testing.T) {
	listed := Options{
		AllowedHosts: []string{"devbox.lan", "*.preview.test", "exact.test:8969", "10.0.0.7"},
		Endpoint:     "workstation.lan:8969",
	}
	for _, c := range []struct {
		options Options
		host    string
		want    bool
	}{
		{Options{}, "localhost", true},
		{Options{}, "localhost:8969", true},
		{Options{}, "LOCALHOST:1", true},
		{Options{}, "localhost.:8969", true}, // root dot
		{Options{}, "app.localhost:3000", true},
		{Options{}, "127.0.0.1", true},
		{Options{}, "127.8.9.10:1234", true},
		{Options{}, "[::1]:8969", true},
		{Options{}, "[::1]", true},
		{Options{}, "[::ffff:127.0.0.1]:8969", true},
		{Options{}, "", true}, // HTTP/1.0
		{Options{}, "attacker.test", false},
		{Options{}, "localhost.attacker.test", false},
		{Options{}, "notlocalhost", false},
		{Options{}, "127.0.0.1.attacker.test", false},
		{Options{}, "0.0.0.0:8969", false},
		{Options{}, "192.168.1.5:8969", false},
		{Options{}, "[fe80::1%25lo]:8969", false},
		{listed, "devbox.lan", true},
		{listed, "DevBox.LAN:9999", true},
		{listed, "sub.devbox.lan", false},
		{listed, "pr-12.preview.test:80", true},
		{listed, "preview.test", false},
		{listed, "preview.test.attacker.test", false},
		{listed, "exact.test:8969", true},
		{listed, "exact.test:8970", false},
		{listed, "exact.test", false},
		{listed, "10.0.0.7:8969", true},
		{listed, "workstation.lan:8969", true},
		{Options{Endpoint: "0.0.0.0:8969"}, "0.0.0.0:8969", false},
		{Options{Endpoint: "[::]:8969"}, "attacker.test", false},
		{Options{Endpoint: ":8969"}, "attacker.test", false},
		{Options{AllowedHosts: []string{"*"}}, "attacker.test", true},
	} {
		require.Equal(t, c.want, policy(t, c.options).HostAllowed(request(c.host)), "host %q with %+v", c.host, c.options)
	}
}

func TestOriginAllowed(t *testing.T) {
	listed := Options{AllowedOrigins: []string{"https://app.test", "http://any.test:*", "http://*.preview.test:3000", "chrome-extension://abcdef"}}
	for _, c := range []struct {
		options Options
		host    string
		origins []string
		want    bool
	}{
		{Options{}, "localhost:8970", nil, true},
		{Options{}, "localhost:8970", []string{"http://localhost:3000"}, true},
		{Options{}, "localhost:8970", []string{"https://localhost:3000"}, true},
		{Options{}, "localhost:8970", []string{"http://127.0.0.1:5173"}, true},
		{Options{}, "localhost:8970", []string{"http://[::1]:5173"}, true},
		{Options{}, "localhost:8970", []string{"http://shop.localhost"}, true},
		{Options{}, "localhost:8970", []string{"null"}, false},
		{Options{}, "localhost:8970", []string{""}, false},
		{Options{}, "localhost:8970", []string{"http://attacker.test"}, false},
		{Options{}, "localhost:8970", []string{"http://localhost.attacker.test"}, false},
		{Options{}, "localhost:8970", []string{"http://localhost@attacker.test"}, false},
		{Options{}, "localhost:8970", []string{"http://localhost/x"}, false},
		{Options{}, "localhost:8970", []string{"file://localhost"}, false},
		{Options{}, "localhost:8970", []string{"http://localhost:3000", "http://attacker.test"}, false},
		{Options{}, "devbox.lan:8970", []string{"http://devbox.lan:8970"}, true}, // our own page
		{Options{}, "devbox.lan:8970", []string{"http://devbox.lan:3000"}, false},
		{Options{}, "devbox.lan", []string{"https://devbox.lan"}, true}, // behind a TLS proxy
		{Options{}, "devbox.lan", []string{"http://devbox.lan:8000"}, false},
		{listed, "localhost", []string{"https://app.test"}, true},
		{listed, "localhost", []string{"https://app.test:443"}, true},
		{listed, "localhost", []string{"HTTPS://APP.test"}, true},
		{listed, "localhost", []string{"http://app.test"}, false},
		{listed, "localhost", []string{"https://app.test:8443"}, false},
		{listed, "localhost", []string{"http://any.test"}, true},
		{listed, "localhost", []string{"http://any.test:12"}, true},
		{listed, "localhost", []string{"https://any.test:12"}, false},
		{listed, "localhost", []string{"http://pr-1.preview.test:3000"}, true},
		{listed, "localhost", []string{"http://pr-1.preview.test"}, false},
		{listed, "localhost", []string{"chrome-extension://abcdef"}, true},
		{listed, "localhost", []string{"null"}, false},
		{Options{AllowedOrigins: []string{"*"}}, "localhost", []string{"null"}, true},
		{Options{AllowedOrigins: []string{"*"}}, "localhost", []string{"http://attacker.test"}, true},
		{Options{AllowedOrigins: []string{"http://[::1]:*", "*://lan.test:*"}}, "localhost", []string{"https://lan.test:1"}, true},
	} {
		require.Equal(t, c.want, policy(t, c.options).OriginAllowed(request(c.host, c.origins...)), "origin %q at host %q with %+v", c.origins, c.host, c.options)
	}
}

func TestNew_Errors(t *testing.T) {
	for _, c := range []struct {
		options Options
		want    string
	}{
		{Options{AllowedHosts: []string{"http://devbox.lan"}}, `allowed_hosts: "http://devbox.lan" is not a host`},
		{Options{AllowedHosts: []string{""}}, `allowed_hosts: "" names no host`},
		{Options{AllowedHosts: []string{":8969"}}, `allowed_hosts: ":8969" names no host`},
		{Options{AllowedOrigins: []string{"app.test"}}, `allowed_origins: "app.test" is not an origin`},
		{Options{AllowedOrigins: []string{"https://app.test/path"}}, `allowed_origins: "https://app.test/path" is more than an origin`},
		{Options{AllowedOrigins: []string{"https://"}}, `allowed_origins: "https://" is more than an origin`},
	} {
		_, err := New(c.options)
		require.ErrorContains(t, err, c.want)
	}
}

func TestHandler(t *testing.T) {
	served := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h := policy(t, Options{}).Handler(served)
	for _, c := range []struct {
		r      *http.Request
		status int
		reason string
	}{
		{request("localhost:8970"), http.StatusNoContent, ""},
		{request("localhost:8970", "http://localhost:3000"), http.StatusNoContent, ""},
		{request("rebind.attacker.test:8970"), http.StatusForbidden, `add \"rebind.attacker.test\" to allowed_hosts`},
		{request("localhost:8970", "https://attacker.test"), http.StatusForbidden, `origin \"https://attacker.test\" is neither loopback nor allowed; add it to allowed_origins`},
		{request(strings.Repeat("a", 5000)), http.StatusForbidden, `aaa...`},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, c.r)
		require.Equal(t, c.status, w.Code)
		require.Contains(t, w.Body.String(), c.reason)
		require.Less(t, w.Body.Len(), 1000)
	}
}

func FuzzPolicy(f *testing.F) {
	for _, s := range []string{"localhost:1", "[::1]:2", "a.test", "http://*:*", "https://app.test", "null", "*", "http://[::1%25x]:3"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, host, orig string) {
		strict, err := New(Options{})
		require.NoError(t, err)
		r := request(host, orig)
		// What a strict policy refuses it must be able to explain, and a policy that lists the name allows it.
		if reason := strict.RefuseHost(r); reason != "" {
			require.Contains(t, reason, "allowed_hosts")
			name, _ := splitHost(host)
			if p, err := New(Options{AllowedHosts: []string{name}}); err == nil && !strings.ContainsAny(name, "*:[]%./") {
				require.True(t, p.HostAllowed(r), name)
			}
		}
		strict.RefuseOrigin(r)
		_, _ = New(Options{AllowedHosts: []string{host}, AllowedOrigins: []string{orig}, Endpoint: host})
	})
}
