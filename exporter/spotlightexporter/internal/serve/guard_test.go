package serve

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
)

// concrete makes a request path of a row's pattern.
func concrete(path string) string {
	for strings.Contains(path, "{") {
		open, end := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:open] + "0" + path[end+1:]
	}
	return path
}

// DNS rebinding, pages of other origins, sandboxed frames: nobody gets past Guard on any row.
func TestGuard_EveryRow(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	seq := w.store.Seq()
	for _, row := range routes {
		for _, c := range []struct{ header, want string }{
			{"Host: rebind.attacker.test:8970", "allowed_hosts"},
			{"Host: 192.168.1.5:8970", "allowed_hosts"},
			{"Host: localhost.attacker.test", "allowed_hosts"},
			{"Origin: https://attacker.test", "allowed_origins"},
			{"Origin: http://localhost.attacker.test:8970", "allowed_origins"},
			{"Origin: null", "allowed_origins"},
		} {
			rec := w.ask(row.method, concrete(row.path), c.header, "Accept: text/html")
			wantError(t, rec, http.StatusForbidden, c.want)
			require.Empty(t, rec.Header().Get("Access-Control-Allow-Origin"))
		}
		if changes(row.method) {
			wantError(t, w.ask(row.method, concrete(row.path), "Sec-Fetch-Site: cross-site"), http.StatusForbidden, "another site")
		}
	}
	require.Equal(t, seq, w.store.Seq(), "something was changed by a request that was refused")
}

func TestGuard_CORS(t *testing.T) {
	w := newWorld(t, hostcheck.Options{AllowedOrigins: []string{"https://app.test"}})
	for _, origin := range []string{"http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000", "http://shop.localhost", "https://app.test"} {
		rec := w.ask("GET", "/api/v1/traces", "Origin: "+origin)
		require.Equal(t, 200, rec.Code, origin)
		require.Equal(t, origin, rec.Header().Get("Access-Control-Allow-Origin"))
		require.Empty(t, rec.Header().Get("Access-Control-Allow-Credentials"))
		require.Contains(t, rec.Header().Values("Vary"), "Origin")

		pre := w.ask("OPTIONS", "/api/v1/data", "Origin: "+origin, "Access-Control-Request-Method: DELETE",
			"Access-Control-Request-Headers: authorization", "Access-Control-Request-Private-Network: true")
		require.Equal(t, http.StatusNoContent, pre.Code)
		require.Equal(t, origin, pre.Header().Get("Access-Control-Allow-Origin"))
		require.Contains(t, pre.Header().Get("Access-Control-Allow-Methods"), "DELETE")
		require.Contains(t, pre.Header().Get("Access-Control-Allow-Headers"), "Authorization")
		require.Equal(t, "true", pre.Header().Get("Access-Control-Allow-Private-Network"))

		require.Equal(t, 200, w.ask("POST", "/api/v1/test", "Origin: "+origin, "Sec-Fetch-Site: cross-site").Code)
	}
	refused := w.ask("OPTIONS", "/api/v1/data", "Origin: https://attacker.test", "Access-Control-Request-Method: DELETE")
	wantError(t, refused, http.StatusForbidden, "allowed_origins")
	require.Empty(t, w.ask("GET", "/api/v1/traces").Header().Get("Access-Control-Allow-Origin"))
}

func TestGuard_AllowedHost(t *testing.T) {
	w := newWorld(t, hostcheck.Options{AllowedHosts: []string{"devbox.lan"}})
	rec := w.ask("GET", "/", "Host: devbox.lan:8970")
	require.Equal(t, 200, rec.Code)
	require.Contains(t, rec.Header().Get("Content-Security-Policy"), "ws://devbox.lan:8970")
}

func TestConnectSource(t *testing.T) {
	require.Equal(t, "connect-src 'self' ws://[::1]:8970 wss://[::1]:8970", connectSource("[::1]:8970"))
	for _, host := range []string{"", "a b", "x; script-src *", "x'", "x\ny", "x:port", "[x]"} {
		require.Equal(t, "connect-src 'self'", connectSource(host), host)
	}
}

// A program on this machine, which sends no Origin, is let in: that is what an authenticator is for.
func TestGuard_Programs(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	require.Equal(t, 200, w.ask("GET", "/api/v1/traces").Code)
	require.Equal(t, 200, w.ask("POST", "/api/v1/test").Code)
	require.Equal(t, 200, w.ask("POST", "/api/v1/test", "Sec-Fetch-Site: none").Code)
}
