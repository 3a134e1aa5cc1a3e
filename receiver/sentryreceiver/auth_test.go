package sentryreceiver

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAuth sends an event with every form of authentication there is. All are taken, and all become labels.
func TestAuth(t *testing.T) {
	h := start(t, func(c *Config) {
		c.Projects = map[string]ProjectConfig{"7": {ServiceName: "by-project"}, "keyed": {ServiceName: "by-key"}}
	})
	withDSN := `{"dsn":"http://dsnkey:secret@localhost:8969/path/9"}` + "\n{\"type\":\"event\"}\n{\"message\":\"m\"}\n"
	for _, c := range []struct {
		name, path, body     string
		headers              []string
		key, project, client any
	}{
		{"none", "/stream", event("m"), nil, nil, nil, nil},
		{"path only", "/api/1/envelope/", event("m"), nil, nil, "1", nil},
		{"X-Sentry-Auth", "/api/1/envelope/", event("m"), []string{"X-Sentry-Auth", "Sentry sentry_key=k, sentry_version=7, sentry_client=sentry.go/0.50.0"}, "k", "1", "sentry.go/0.50.0"},
		{"X-Sentry-Auth of raven-go", "/api/1/envelope/", event("m"), []string{"X-Sentry-Auth", "Sentry sentry_version=4, sentry_client=raven-go/1.0, sentry_key=k, sentry_secret=s"}, "k", "1", "raven-go/1.0"},
		{"X-Sentry-Auth without blanks", "/api/1/envelope/", event("m"), []string{"X-Sentry-Auth", "sentry sentry_key=k,sentry_version=7,sentry_client=a%2F1"}, "k", "1", "a/1"},
		{"X-Sentry-Auth without its first word", "/api/1/envelope/", event("m"), []string{"X-Sentry-Auth", `sentry_key="k" sentry_client=a/1`}, "k", "1", "a/1"},
		{"X-Sentry-Auth is junk", "/api/1/envelope/", event("m"), []string{"X-Sentry-Auth", "%%% ,,= Sentry"}, nil, "1", nil},
		{"Authorization", "/api/1/envelope/", event("m"), []string{"Authorization", "Sentry sentry_key=k, sentry_client=a/1"}, "k", "1", "a/1"},
		{"Basic", "/api/1/envelope/", event("m"), []string{"Authorization", "Basic azo="}, "k", "1", nil},
		{"Basic is junk", "/api/1/envelope/", event("m"), []string{"Authorization", "Basic !!!"}, nil, "1", nil},
		{"Bearer", "/api/1/envelope/", event("m"), []string{"Authorization", "Bearer token"}, nil, "1", nil},
		{"query", "/api/1/envelope/?sentry_version=7&sentry_client=sentry.javascript.browser%2F11.12.0&sentry_key=k", event("m"), nil, "k", "1", "sentry.javascript.browser/11.12.0"},
		{"query is junk", "/api/1/envelope/?sentry_key=k&%zz=%", event("m"), nil, "k", "1", nil},
		{"dsn of the envelope", "/stream", withDSN, nil, "dsnkey", "9", nil},
		{"dsn fills what is missing", "/api/1/envelope/", withDSN, nil, "dsnkey", "1", nil},
		{"dsn is junk", "/stream", "{\"dsn\":\"::\"}\n{\"type\":\"event\"}\n{\"message\":\"m\"}\n", nil, nil, nil, nil},
		{"header before query", "/api/1/envelope/?sentry_key=q", event("m"), []string{"X-Sentry-Auth", "Sentry sentry_key=h"}, "h", "1", nil},
		{"user agent of an SDK", "/api/1/envelope/", event("m"), []string{"User-Agent", "sentry.python/1.9.10"}, nil, "1", "sentry.python/1.9.10"},
		{"user agent of a browser", "/api/1/envelope/", event("m"), []string{"User-Agent", "Mozilla/5.0"}, nil, "1", nil},
		{"key in the path", "/api/1/cron/nightly/k?status=ok", "", nil, "k", "1", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.reset()
			resp := h.post(c.path, c.body, c.headers...)
			require.Equal(t, 2, resp.status/100, resp.body)
			r := h.resource()
			require.Equal(t, c.key, r["sentry.public_key"], "key")
			require.Equal(t, c.project, r["sentry.project"], "project")
			require.Equal(t, c.client, r["sentry.client"], "client")
		})
	}

	for path, want := range map[string]string{
		"/api/7/envelope/":                     "by-project",
		"/api/7/envelope/?sentry_key=keyed":    "by-project",
		"/api/any/envelope/?sentry_key=keyed":  "by-key",
		"/api/7/store/":                        "by-project",
		"/api/7/integration/otlp/v1/traces":    "by-project",
		"/api/7/otlp/v1/logs?sentry_key=keyed": "by-project",
	} {
		h.reset()
		body, kind := event("m"), "text/plain"
		switch path {
		case "/api/7/store/":
			body = `{"message":"m"}`
		case "/api/7/integration/otlp/v1/traces":
			body, kind = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"s"}]}]}]}`, jsonType
		case "/api/7/otlp/v1/logs?sentry_key=keyed":
			body, kind = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}`, jsonType
		}
		require.Equal(t, http.StatusOK, h.post(path, body, "Content-Type", kind).status, path)
		require.Equal(t, want, h.resource()["service.name"], path)
	}
}

func TestPeer(t *testing.T) {
	require.Equal(t, "127.0.0.1", peer("127.0.0.1:1234"))
	require.Equal(t, "::1", peer("[::1]:1234"))
	require.Equal(t, "127.0.0.1", peer("[::ffff:127.0.0.1]:1234"))
	require.Empty(t, peer("@"))
}

func TestDSNOf(t *testing.T) {
	for _, c := range []struct{ dsn, key, project string }{
		{"http://k@localhost:8969/1", "k", "1"},
		{"https://k:s@host/base/path/my-app/", "k", "my-app"},
		{"http://localhost/1", "", "1"},
		{"http://k@localhost", "k", ""},
		{"", "", ""},
		{"http://[::1", "", ""},
	} {
		key, project := dsnOf(c.dsn)
		require.Equal(t, c.key, key, c.dsn)
		require.Equal(t, c.project, project, c.dsn)
	}
}
