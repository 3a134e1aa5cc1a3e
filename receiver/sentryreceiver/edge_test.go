package sentryreceiver

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEdge_Preflight(t *testing.T) {
	h := start(t, nil)
	for _, path := range []string{"/stream", "/api/1/envelope/", "/api/1/integration/otlp/v1/traces", "/my/tunnel"} {
		resp := h.send(request(http.MethodOptions, path, "",
			"Origin", "http://localhost:5173", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,sentry-trace,baggage"))
		require.Equal(t, http.StatusNoContent, resp.status, path)
		require.Equal(t, "*", resp.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "content-type,sentry-trace,baggage", resp.header.Get("Access-Control-Allow-Headers"))
		require.Contains(t, resp.header.Get("Access-Control-Allow-Methods"), "POST")
		require.Equal(t, "7200", resp.header.Get("Access-Control-Max-Age"))
		require.Empty(t, resp.header.Get("Access-Control-Allow-Private-Network"))
		require.Empty(t, resp.body)
	}
}

func TestEdge_PreflightOfAPublicPage(t *testing.T) {
	h := start(t, nil)
	resp := h.send(request(http.MethodOptions, "/stream", "",
		"Origin", "https://shop.test", "Access-Control-Request-Method", "POST", "Access-Control-Request-Private-Network", "true"))
	require.Equal(t, http.StatusNoContent, resp.status)
	require.Equal(t, "true", resp.header.Get("Access-Control-Allow-Private-Network"))
	require.Contains(t, resp.header.Get("Access-Control-Allow-Headers"), "traceparent", "what the page may ask for, when it does not ask")
}

func TestEdge_OddHeaderListsAreNotEchoed(t *testing.T) {
	require.Equal(t, "content-type, x-a", wantedHeaders("content-type, x-a"))
	require.Equal(t, allowedHeaders, wantedHeaders("content-type\r\nX-Evil: 1"))
	require.Equal(t, allowedHeaders, wantedHeaders("a;b"))
	require.Equal(t, allowedHeaders, wantedHeaders(string(make([]byte, 5000))))
}

func TestEdge_PlainOptions(t *testing.T) {
	resp := start(t, nil).send(request(http.MethodOptions, "/stream", ""))
	require.Equal(t, http.StatusNoContent, resp.status)
	require.Equal(t, "GET, HEAD, POST, OPTIONS", resp.header.Get("Allow"))
	require.Empty(t, resp.header.Get("Access-Control-Allow-Origin"))
}

func TestEdge_Origins(t *testing.T) {
	listed := start(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.test"} })
	for _, c := range []struct {
		origin string
		status int
		echo   string
	}{
		{"", http.StatusOK, ""},
		{"https://shop.test", http.StatusOK, "https://shop.test"},
		{"http://localhost:5173", http.StatusOK, "http://localhost:5173"},
		{"https://other.test", http.StatusForbidden, ""},
		{"null", http.StatusForbidden, ""},
	} {
		headers := []string{"Content-Type", "text/plain"}
		if c.origin != "" {
			headers = append(headers, "Origin", c.origin)
		}
		resp := listed.post("/api/1/envelope/", event("hello"), headers...)
		require.Equal(t, c.status, resp.status, c.origin)
		require.Equal(t, c.echo, resp.header.Get("Access-Control-Allow-Origin"), c.origin)
		if c.echo != "" {
			require.Equal(t, "Origin", resp.header.Get("Vary"))
			require.Equal(t, exposedHeaders, resp.header.Get("Access-Control-Expose-Headers"))
		}
		if c.status == http.StatusForbidden {
			require.Contains(t, resp.body, "allowed_origins")
		}
	}
	require.Equal(t, 3, listed.logs.LogRecordCount())

	any := start(t, nil)
	for _, origin := range []string{"https://other.test", "null"} {
		resp := any.post("/api/1/envelope/", event("hello"), "Origin", origin)
		require.Equal(t, http.StatusOK, resp.status)
		require.Equal(t, "*", resp.header.Get("Access-Control-Allow-Origin"))
	}
}

func TestEdge_Hosts(t *testing.T) {
	h := start(t, func(c *Config) { c.AllowedHosts = append(c.AllowedHosts, "spotlight", "*.devbox.lan") })
	for host, status := range map[string]int{
		"localhost:8969":            http.StatusOK,
		"app.localhost":             http.StatusOK,
		"[::1]:8969":                http.StatusOK,
		"host.docker.internal:8969": http.StatusOK,
		"spotlight:8969":            http.StatusOK,
		"a.devbox.lan":              http.StatusOK,
		"rebind.attacker.test:8969": http.StatusForbidden,
		"192.168.1.7:8969":          http.StatusForbidden,
	} {
		resp := h.post("/stream", event("hello"), "Host", host)
		require.Equal(t, status, resp.status, host)
		if status == http.StatusForbidden {
			require.Contains(t, resp.body, "allowed_hosts")
			require.NotEmpty(t, resp.header.Get("X-Sentry-Error"))
		}
	}
}
