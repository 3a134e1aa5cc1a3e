package sentryreceiver

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// fuzzHandler is the whole receiver but its port, with small limits.
func fuzzHandler(f *testing.F) (*server, http.Handler) {
	f.Helper()
	h := &harness{t: f, silent: true}
	h.startWith(func(c *Config) {
		c.Limits.MaxEnvelopeBytes = 256 << 10
		c.Limits.MaxInflightBytes = 64 << 20
		for itemType := range c.Limits.ItemBytes {
			c.Limits.ItemBytes[itemType] = bytesize.Bytes(64 << 10)
		}
	}, pipelines{consumertest.NewNop(), consumertest.NewNop(), consumertest.NewNop()})
	return h.server, h.server.http.Handler
}

func serve(t *testing.T, s *server, handler http.Handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.Host = "localhost"
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	require.Less(t, w.Code, 500, "no 5xx for bad data: %s", w.Body)
	require.NotEqual(t, http.StatusTooManyRequests, w.Code)
	require.True(t, s.bodies.idle(), "all memory was given back")
	return w
}

var fuzzEncodings = []string{"", "gzip", "deflate", "br", "zstd", "lzma", "gzip, br"}

// FuzzBody sends any bytes under any encoding to the endpoint of envelopes.
func FuzzBody(f *testing.F) {
	s, handler := fuzzHandler(f)
	for _, r := range testkit.ScenarioNamed(f, "synthetic-encodings").Requests {
		for i := range fuzzEncodings {
			f.Add(uint8(i), r.Body)
		}
	}
	for _, c := range testkit.CorpusBad(f) {
		if len(c.Body) < 4<<10 {
			f.Add(uint8(0), c.Body)
			f.Add(uint8(1), gzipped(c.Body))
			f.Add(uint8(3), brotlied(c.Body))
			f.Add(uint8(4), zstandard(c.Body)[:len(zstandard(c.Body))*3/4])
		}
	}
	f.Fuzz(func(t *testing.T, encoding uint8, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/1/envelope/", bytes.NewReader(body))
		r.Header.Set("Content-Encoding", fuzzEncodings[int(encoding)%len(fuzzEncodings)])
		w := serve(t, s, handler, r)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType}, w.Code)
	})
}

var fuzzPaths = []string{
	"/stream", "/api/1/envelope/", "/api/1/store/", "/api/1/security/", "/api/1/nel/", "/api/1/minidump/", "/api/1/unreal/k/",
	"/api/1/events/9ec79c33ec9942ab8353589fcb2e04dc/attachments/", "/api/1/cron/slug/k/", "/api/1/integration/otlp/v1/traces/",
	"/api/1/otlp/v1/logs", "/api/1/otlp/v1/metrics", "/a/tunnel",
}

// FuzzEndpoints sends any bytes with any content type and query to any endpoint.
func FuzzEndpoints(f *testing.F) {
	s, handler := fuzzHandler(f)
	for i := range fuzzPaths {
		f.Add(uint8(i), "application/json", "status=ok&sentry_key=k", []byte(`{"type":"event","message":"m"}`))
		f.Add(uint8(i), "application/x-protobuf", "", []byte("\x0a\x04\x12\x02\x12\x00"))
		f.Add(uint8(i), "multipart/form-data; boundary=XX", "", testkit.ScenarioNamed(f, "synthetic-endpoints").Requests[2].Body)
	}
	for _, name := range []string{"synthetic-endpoints", "synthetic-irregular-store", "synthetic-items", "go-sentry-otlp"} {
		for _, r := range testkit.ScenarioNamed(f, name).Requests {
			for i := range fuzzPaths {
				f.Add(uint8(i), r.Header.Get("Content-Type"), r.Query, r.Body)
			}
		}
	}
	f.Fuzz(func(t *testing.T, path uint8, contentType, query string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, fuzzPaths[int(path)%len(fuzzPaths)], bytes.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Sentry-Auth", query)
		serve(t, s, handler, r)

		r = httptest.NewRequest(http.MethodGet, fuzzPaths[int(path)%len(fuzzPaths)], http.NoBody)
		r.URL.RawQuery = query
		serve(t, s, handler, r)
	})
}
