package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
)

func nopLogger() *zap.Logger { return zap.NewNop() }

// answerCase is one request to a row. {item} in the path stands for the id of the item of that type.
type answerCase struct {
	path   string
	status int
	want   string // in the body, or in the error
}

// rows has at least one case for every row of the table; TestRoutes fails for a row without one.
var rows = map[string][]answerCase{
	"GET /health":         {{"/health", 200, "OK"}},
	"GET /ws":             {{"/ws", 101, ""}},
	"POST /mcp":           {{"/mcp", 415, "Model Context Protocol"}},
	"GET /api/v1":         {{"/api/v1", 200, `"/api/v1/traces/{trace_id}"`}},
	"GET /api/v1/status":  {{"/api/v1/status", 200, `"version":"1.2.3"`}},
	"GET /api/v1/traces":  {{"/api/v1/traces", 200, traceText}, {"/api/v1/traces?service=other", 200, `"items":[]`}, {"/api/v1/traces?limit=0", 400, "limit=0: want a number from 1"}},
	"GET /api/v1/issues":  {{"/api/v1/issues", 200, issueText}, {"/api/v1/issues?level=loud", 400, "level=loud: want trace, debug"}},
	"GET /api/v1/events":  {{"/api/v1/events", 200, eventText}, {"/api/v1/events?trace=" + traceText, 200, eventText}, {"/api/v1/events?trace=xyz", 400, "trace=xyz: want 32 hex digits"}},
	"GET /api/v1/logs":    {{"/api/v1/logs", 200, `"hello"`}, {"/api/v1/logs?trace=" + traceText + "&span=" + spanText, 200, `"hello"`}, {"/api/v1/logs?before=x", 400, "before=x: want a number"}, {"/api/v1/logs?a=%", 400, "cannot be read"}},
	"GET /api/v1/metrics": {{"/api/v1/metrics", 200, "http.server/requests"}, {"/api/v1/metrics?session=none", 400, "want the number of a session, current or all"}},
	"GET /api/v1/traces/{trace_id}": {
		{"/api/v1/traces/" + traceText, 200, `"http.route"`},
		{"/api/v1/traces/" + traceText[:8], 200, traceText},
		{"/api/v1/traces/" + unknownText, 404, "trace " + unknownText + " is not in the store"},
		{"/api/v1/traces/xyz", 404, "trace xyz is not in the store"},
	},
	"GET /api/v1/traces/{trace_id}/spans/{span_id}": {
		{"/api/v1/traces/" + traceText + "/spans/" + spanText, 200, `"http.route"`},
		{"/api/v1/traces/" + traceText + "/spans/1111111111111111", 404, "span 1111111111111111 is not in the store"},
		{"/api/v1/traces/" + unknownText + "/spans/" + spanText, 404, "is not in the store"},
	},
	"POST /api/v1/traces/{trace_id}/pin":                                       {{"/api/v1/traces/" + traceText + "/pin", 200, `"seq"`}, {"/api/v1/traces/" + unknownText + "/pin", 404, "is not in the store"}},
	"POST /api/v1/traces/{trace_id}/unpin":                                     {{"/api/v1/traces/" + traceText + "/unpin", 200, `"seq"`}, {"/api/v1/traces/xyz/unpin", 404, "is not in the store"}},
	"GET /api/v1/issues/{issue_id}":                                            {{"/api/v1/issues/" + issueText, 200, eventText}, {"/api/v1/issues/none", 404, "issue none is not in the store"}},
	"POST /api/v1/issues/{issue_id}/pin":                                       {{"/api/v1/issues/" + issueText + "/pin", 200, `"seq"`}, {"/api/v1/issues/none/pin", 404, "issue none"}},
	"POST /api/v1/issues/{issue_id}/unpin":                                     {{"/api/v1/issues/" + issueText + "/unpin", 200, `"seq"`}},
	"POST /api/v1/issues/{issue_id}/hide":                                      {{"/api/v1/issues/" + issueText + "/hide", 200, `"seq"`}},
	"POST /api/v1/issues/{issue_id}/show":                                      {{"/api/v1/issues/" + issueText + "/show", 200, `"seq"`}},
	"GET /api/v1/events/{event_id}":                                            {{"/api/v1/events/" + eventText, 200, `"Boom"`}, {"/api/v1/events/" + eventText + "?raw=1", 200, payloadText}, {"/api/v1/events/" + otelText + "?raw=1", 404, "has no payload"}, {"/api/v1/events/" + unknownText, 404, "event " + unknownText}, {"/api/v1/events/" + unknownText + "?raw=1", 404, "event " + unknownText}, {"/api/v1/events/xyz", 404, "event xyz"}, {"/api/v1/events/" + eventText + "?policy=js11", 200, `"Boom"`}, {"/api/v1/events/" + eventText + "?policy=java", 400, "use spec, js11, python2 or go0"}},
	"GET /api/v1/logs/{id}":                                                    {{"/api/v1/logs/99999999", 404, "log 99999999 is not in the store"}, {"/api/v1/logs/xyz", 404, "ids are numbers"}},
	"GET /api/v1/metrics/{name...}":                                            {{"/api/v1/metrics/http.server/requests", 200, `"points"`}, {"/api/v1/metrics/http.server%2Frequests", 200, `"points"`}, {"/api/v1/metrics/none", 404, "metric none"}},
	"GET /api/v1/services":                                                     {{"/api/v1/services", 200, `"shop"`}},
	"GET /api/v1/services/{id...}":                                             {{"/api/v1/services/none", 404, "service none"}},
	"GET /api/v1/items":                                                        {{"/api/v1/items", 200, `"replay_event"`}, {"/api/v1/items?type=profile", 200, `"checkout"`}},
	"GET /api/v1/items/{id}":                                                   {{"/api/v1/items/{profile}", 200, `"checkout"`}, {"/api/v1/items/{profile}?raw=1", 200, `{"profile":{}}`}, {"/api/v1/items/0", 404, "item 0"}},
	"GET /api/v1/attachments":                                                  {{"/api/v1/attachments", 200, "pass wd"}},
	"GET /api/v1/attachments/{id}":                                             {{"/api/v1/attachments/{attachment}", 200, scriptText}},
	"GET /api/v1/profiles":                                                     {{"/api/v1/profiles", 200, `"checkout"`}},
	"GET /api/v1/profiles/{id}":                                                {{"/api/v1/profiles/{profile}", 200, `{"profile":{}}`}, {"/api/v1/profiles/{profile}?resolved=1", 422, "no list profile.frames"}},
	"GET /api/v1/replays":                                                      {{"/api/v1/replays", 200, `"replay_recording"`}},
	"GET /api/v1/replays/{id}":                                                 {{"/api/v1/replays/{replay_recording}", 200, "{}\n\x00\xff"}},
	"GET /api/v1/sessions":                                                     {{"/api/v1/sessions", 200, `"number":1`}},
	"POST /api/v1/session":                                                     {{"/api/v1/session", 200, `"seq"`}},
	"GET /api/v1/session/export":                                               {{"/api/v1/session/export", 200, `{"spotlight":1,"version":"1.2.3"`}, {"/api/v1/session/export?session=all", 200, eventText}, {"/api/v1/session/export?session=1", 200, traceText}, {"/api/v1/session/export?session=7", 404, "there is no session 7"}, {"/api/v1/session/export?session=x", 404, "there is no session x"}},
	"POST /api/v1/session/import":                                              {{"/api/v1/session/import", 400, "this is no session file"}},
	"DELETE /api/v1/data":                                                      {{"/api/v1/data", 200, `"seq"`}},
	"POST /api/v1/undo":                                                        {{"/api/v1/undo", 409, "no clear to take back"}},
	"POST /api/v1/test":                                                        {{"/api/v1/test", 200, traceText}, {"/api/v1/test?kind=error", 200, eventText}, {"/api/v1/test?kind=joke", 400, "want trace or error"}},
	"POST /api/0/organizations/{org}/releases/":                                {{"/api/0/organizations/acme/releases/", 201, `"projects":[]`}},
	"PUT /api/0/organizations/{org}/releases/{version}/":                       {{"/api/0/organizations/acme/releases/1.2.3/", 200, `"version":"1.2.3"`}},
	"GET /api/0/{$}":                                                           {{"/api/0/", 200, `"scopes"`}, {"/api/0/users/", 404, "there is no /api/0/users/"}},
	"GET /api/0/projects/{org}/{project}/releases/":                            {{"/api/0/projects/acme/shop/releases/", 200, `[]`}},
	"POST /api/0/projects/{org}/{project}/releases/":                           {{"/api/0/projects/acme/shop/releases/", 201, `"dateCreated":"20`}},
	"PUT /api/0/projects/{org}/{project}/releases/{version}/":                  {{"/api/0/projects/acme/shop/releases/1.2.3/", 200, `"version":"1.2.3"`}},
	"DELETE /api/0/organizations/{org}/releases/{version}/":                    {{"/api/0/organizations/acme/releases/1.2.3/", 204, ``}},
	"DELETE /api/0/projects/{org}/{project}/releases/{version}/":               {{"/api/0/projects/acme/shop/releases/1.2.3/", 204, ``}},
	"GET /api/0/organizations/{org}/releases/{version}/previous-with-commits/": {{"/api/0/organizations/acme/releases/1.2.3/previous-with-commits/", 200, `{}`}},
	"GET /api/0/organizations/{org}/releases/{version}/deploys/":               {{"/api/0/organizations/acme/releases/1.2.3/deploys/", 200, `[]`}},
	"POST /api/0/organizations/{org}/releases/{version}/deploys/":              {{"/api/0/organizations/acme/releases/1.2.3/deploys/", 400, "with an environment"}},
	"GET /api/0/organizations/{org}/chunk-upload/":                             {{"/api/0/organizations/acme/chunk-upload/", 200, `"hashAlgorithm":"sha1"`}},
	"POST /api/0/organizations/{org}/chunk-upload/":                            {{"/api/0/organizations/acme/chunk-upload/", 400, "multipart/form-data"}},
	"POST /api/0/organizations/{org}/artifactbundle/assemble/":                 {{"/api/0/organizations/acme/artifactbundle/assemble/", 400, "checksum and chunks"}},
	"GET /": {{"/", 200, "<title>overlay"}, {"/overlay.js", 200, "console.log"}, {"/assets/app-1234.js", 200, "export"}, {"/assets/none.js", 404, "there is no /assets/none.js"}},
}

func TestRoutes(t *testing.T) {
	known := map[string]bool{}
	for _, row := range routes {
		name := row.method + " " + row.path
		known[name] = true
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, rows[name], "the row has no test: add one to rows")
			require.NotEmpty(t, row.doc)
			for _, c := range rows[name] {
				w := newWorld(t, hostcheck.Options{})
				path := c.path
				if open := strings.Index(path, "{"); open >= 0 {
					kind := path[open+1 : strings.Index(path, "}")]
					path = strings.Replace(path, "{"+kind+"}", w.idOf(kind), 1)
				}
				rec := w.ask(row.method, path)
				require.Equal(t, c.status, rec.Code, "%s: %s", c.path, rec.Body)
				require.Equal(t, "nosniff", rec.Header().Get("X-Content-Type-Options"))
				if c.status >= 400 {
					wantError(t, rec, c.status, c.want)
				} else {
					require.Contains(t, rec.Body.String(), c.want, c.path)
				}
				if row.method == http.MethodGet && c.status == http.StatusOK {
					head := w.ask(http.MethodHead, path)
					require.Equal(t, http.StatusOK, head.Code)
					require.Equal(t, rec.Header().Get("Content-Type"), head.Header().Get("Content-Type"))
				}
			}
		})
	}
	for name := range rows {
		require.True(t, known[name], "%s is tested and not in the table", name)
	}
}

func TestRoutes_MCP(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	ask := func(origin, host string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "http://"+host+"/mcp", strings.NewReader(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_error","arguments":{"id":"`+eventText+`"}}}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		return rec
	}
	rec := ask("", "localhost:8970")
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.Contains(t, rec.Body.String(), "# Boom: ")
	require.Contains(t, rec.Body.String(), "http://localhost:8970/errors/")
	require.Equal(t, http.StatusForbidden, ask("https://evil.example", "localhost:8970").Code, "a page on the internet must not read telemetry through it")
	require.Equal(t, http.StatusForbidden, ask("", "evil.example").Code, "nor through a name of its own")
}

func TestRoutes_LogAndServiceByID(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	log := decoded(t, w.ask("GET", "/api/v1/logs"))["items"].([]any)[0].(map[string]any)
	require.Equal(t, "hello", decoded(t, w.ask("GET", "/api/v1/logs/"+jsonText(t, log["id"])))["message"])
	service := decoded(t, w.ask("GET", "/api/v1/services"))["items"].([]any)[0].(map[string]any)
	require.Equal(t, "shop", decoded(t, w.ask("GET", "/api/v1/services/"+service["id"].(string)))["service"])
}

func TestRoutes_ClearAndUndo(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	require.Equal(t, 200, w.ask("POST", "/api/v1/traces/"+traceText+"/pin").Code)
	require.Equal(t, 200, w.ask("DELETE", "/api/v1/data").Code)
	require.Equal(t, 200, w.ask("GET", "/api/v1/traces/"+traceText).Code, "what is pinned stays")
	require.Equal(t, 404, w.ask("GET", "/api/v1/events/"+otelText).Code)
	require.Equal(t, 200, w.ask("POST", "/api/v1/undo").Code)
	require.Equal(t, 200, w.ask("GET", "/api/v1/events/"+otelText).Code)
}

func TestRoutes_WrongMethodAndPath(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/api/v1/traces", "GET, HEAD, OPTIONS"},
		{"GET", "/api/v1/data", "DELETE, OPTIONS"},
		{"PATCH", "/api/v1/test", "OPTIONS, POST"},
		{"DELETE", "/", "GET, HEAD, OPTIONS"},
		{"DELETE", "/traces/1", "GET, HEAD, OPTIONS"},
	} {
		rec := w.ask(c.method, c.path)
		wantError(t, rec, http.StatusMethodNotAllowed, c.method+" is not possible here")
		for _, m := range strings.Split(c.allow, ", ") {
			require.Contains(t, rec.Header().Get("Allow"), m)
		}
	}
	rec := w.ask("OPTIONS", "/api/v1/traces")
	require.Equal(t, http.StatusNoContent, rec.Code)
	require.Equal(t, "GET, HEAD, OPTIONS", rec.Header().Get("Allow"))
	for _, path := range []string{"/api/v1/none", "/api/none", "/api/v1/traces/a/b", "/api/"} {
		wantError(t, w.ask("GET", path, "Accept: text/html"), http.StatusNotFound, "GET /api/v1 lists what there is")
	}
}

// Every view of the overlay has a URL of its own; all of them get the page.
func TestOverlay_Views(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	for _, path := range []string{"/errors", "/errors/0123/abcd", "/traces/" + traceText + "?tab=logs", "/metrics/http.server.duration", "/settings"} {
		rec := w.ask("GET", path, "Accept: text/html,application/xhtml+xml,*/*;q=0.8")
		require.Equal(t, 200, rec.Code)
		require.Contains(t, rec.Body.String(), "<title>overlay")
		wantError(t, w.ask("GET", path, "Accept: */*"), 404, "there is no /")
	}
	for _, path := range []string{"/../go.mod", "/assets/../../go.mod", "/assets/%2e%2e/index.html", "/assets"} {
		require.NotEqual(t, 200, w.ask("GET", path).Code, path)
	}
}

func TestOverlay_Headers(t *testing.T) {
	w := newWorld(t, hostcheck.Options{AllowedOrigins: []string{"https://app.test"}})
	page := w.ask("GET", "/")
	policy := page.Header().Get("Content-Security-Policy")
	for _, part := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "form-action 'none'",
		"connect-src 'self' ws://localhost:8970 wss://localhost:8970", "frame-ancestors 'self' http://localhost:*", "https://app.test",
	} {
		require.Contains(t, policy, part)
	}
	require.NotContains(t, policy, "unsafe")
	require.Equal(t, "no-cache", page.Header().Get("Cache-Control"))
	require.Equal(t, "no-referrer", page.Header().Get("Referrer-Policy"))
	require.Equal(t, "same-site", page.Header().Get("Cross-Origin-Resource-Policy"))

	script := w.ask("GET", "/overlay.js", "Accept-Encoding: gzip, br")
	require.Equal(t, "gzip", script.Header().Get("Content-Encoding"))
	require.Equal(t, "text/javascript; charset=utf-8", script.Header().Get("Content-Type"))
	require.Equal(t, "cross-origin", script.Header().Get("Cross-Origin-Resource-Policy"))
	require.Empty(t, w.ask("GET", "/overlay.js").Header().Get("Content-Encoding"))
	again := w.ask("GET", "/overlay.js", "If-None-Match: "+script.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, again.Code)
	require.Zero(t, again.Body.Len())

	asset := w.ask("GET", "/assets/app-1234.js")
	require.Contains(t, asset.Header().Get("Cache-Control"), "immutable")
}

func TestOverlay_NotBuilt(t *testing.T) {
	s := &server{assets: newAssets(emptyFS{})}
	rec := httptest.NewRecorder()
	s.overlay(rec, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	wantError(t, rec, http.StatusNotFound, "this build has no overlay")
}
