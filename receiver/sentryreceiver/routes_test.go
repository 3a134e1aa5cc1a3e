package sentryreceiver

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRoutes_Envelope(t *testing.T) {
	h := start(t, nil)
	for _, path := range []string{
		"/api/1/envelope/", "/api/1/envelope", "/api/my-app/envelope/", "//api//1/envelope//", "/stream", "/stream/",
		"/base/path/api/1/envelope/", // a DSN with a path
		"/api/1/envelope/?sentry_key=k&sentry_version=7",
	} {
		h.reset()
		resp := h.post(path, event("hello"))
		require.Equal(t, http.StatusOK, resp.status, "%s: %s", path, resp.body)
		require.Equal(t, `{"id":"9ec79c33ec9942ab8353589fcb2e04dc"}`, resp.body, path)
		require.Equal(t, jsonType, resp.header.Get("Content-Type"))
		require.Equal(t, 1, h.logs.LogRecordCount(), path)
	}
}

func TestRoutes_Answers(t *testing.T) {
	h := start(t, nil)
	for _, c := range []struct{ name, body, want string }{
		{"nothing in it", "{}\n", "{}"},
		{"an id and nothing else", `{"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC"}`, `{"id":"9ec79c33ec9942ab8353589fcb2e04dc"}`},
		{"no event", "{}\n{\"type\":\"session\"}\n{\"sid\":\"a\"}\n", "{}"},
	} {
		resp := h.post("/stream", c.body)
		require.Equal(t, http.StatusOK, resp.status, c.name)
		require.Equal(t, c.want, resp.body, c.name)
	}
	resp := h.post("/stream", "{}\n{\"type\":\"event\"}\n{\"message\":\"no id\"}\n")
	require.Regexp(t, `^\{"id":"[0-9a-f]{32}"\}$`, resp.body, "an id is made up")
}

func TestRoutes_Tunnel(t *testing.T) {
	h := start(t, nil)
	body := `{"dsn":"http://tunnelkey@localhost:8969/77"}` + "\n{\"type\":\"event\"}\n{\"message\":\"through a tunnel\"}\n"
	for _, path := range []string{"/monitoring", "/monitoring?o=1&p=77", "/a/b/c/d/e/f/g/h/i/j", "/api/unheard/of"} {
		h.reset()
		require.Equal(t, http.StatusOK, h.post(path, body).status, path)
		require.Contains(t, h.stored(), "through a tunnel")
		require.Equal(t, "77", h.resource()["sentry.project"])
		require.Equal(t, "tunnelkey", h.resource()["sentry.public_key"])
		require.Equal(t, "tunnel", h.resource()["sentry.received_from"])
	}
	require.Equal(t, http.StatusOK, h.post("/monitoring", `{"dsn":"http://k@h/1"}`).status, "an envelope without items")
	for _, notEnvelope := range []string{"", "hello", `{"resourceSpans":[]}`, "a=b"} {
		resp := h.post("/v1/traces", notEnvelope)
		require.Equal(t, http.StatusNotFound, resp.status, notEnvelope)
		require.Contains(t, resp.body, "no endpoint has this path")
	}
}

func TestRoutes_Methods(t *testing.T) {
	h := start(t, func(c *Config) { c.OverlayURL = "http://localhost:8970" })
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
		says         string
	}{
		{"GET", "/api/1/envelope/", http.StatusMethodNotAllowed, "POST, OPTIONS", "takes POST"},
		{"PUT", "/api/1/envelope/", http.StatusMethodNotAllowed, "POST, OPTIONS", "takes POST"},
		{"DELETE", "/api/1/store/", http.StatusMethodNotAllowed, "POST, GET, OPTIONS", "takes POST and GET"},
		{"GET", "/stream", http.StatusMethodNotAllowed, "POST, OPTIONS", "open http://localhost:8970"},
		{"POST", "/health", http.StatusMethodNotAllowed, "GET, OPTIONS", "takes GET"},
		{"PATCH", "/anything", http.StatusMethodNotAllowed, "POST, OPTIONS", "takes POST"},
		{"GET", "/anything", http.StatusNotFound, "", "nothing is served here"},
		{"GET", "/favicon.ico", http.StatusNotFound, "", "nothing is served here"},
	} {
		resp := h.send(request(c.method, c.path, ""))
		require.Equal(t, c.status, resp.status, "%s %s", c.method, c.path)
		require.Equal(t, c.allow, resp.header.Get("Allow"))
		require.Contains(t, resp.body, c.says)
	}
	require.Zero(t, h.records())
}

func TestRoutes_Pages(t *testing.T) {
	with := start(t, func(c *Config) { c.OverlayURL = "http://localhost:8970/" })
	resp := with.send(request("GET", "/", ""))
	require.Equal(t, http.StatusFound, resp.status)
	require.Equal(t, "http://localhost:8970/", resp.header.Get("Location"))

	without := start(t, nil)
	resp = without.send(request("GET", "/", ""))
	require.Equal(t, http.StatusOK, resp.status)
	require.Contains(t, resp.body, "SENTRY_SPOTLIGHT")

	resp = with.send(request("GET", "/health", ""))
	require.Equal(t, http.StatusOK, resp.status)
	require.Equal(t, "OK", resp.body)
	resp = with.send(request("HEAD", "/health/", ""))
	require.Equal(t, http.StatusOK, resp.status)
	require.Empty(t, resp.body)
}
