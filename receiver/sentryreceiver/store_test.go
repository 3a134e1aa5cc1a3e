package sentryreceiver

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStore(t *testing.T) {
	h := start(t, nil)
	const json = `{"event_id":"b2c3d4e5f60718293a4b5c6d7e8f9012","message":"in the store"}`
	std, raw, web := base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding
	for _, c := range []struct{ name, body, contentType string }{
		{"JSON", json, "application/json"},
		{"JSON as text", json, "text/plain;charset=UTF-8"},
		{"byte order mark and blanks", "\xef\xbb\xbf \n" + json + "\n", ""},
		{"base64 of zlib", std.EncodeToString(zlibbed([]byte(json))), "application/octet-stream"},
		{"base64 of gzip", std.EncodeToString(gzipped([]byte(json))), ""},
		{"base64", std.EncodeToString([]byte(json)), ""},
		{"base64 without padding", raw.EncodeToString([]byte(json)), ""},
		{"base64 for URLs", web.EncodeToString(zlibbed([]byte(json))), ""},
		{"base64 in lines", std.EncodeToString([]byte(json))[:40] + "\r\n" + std.EncodeToString([]byte(json))[40:] + "\n", ""},
		{"zlib", string(zlibbed([]byte(json))), ""},
		{"form", "sentry_data=" + raw.EncodeToString([]byte(json)), "application/x-www-form-urlencoded"},
		{"envelope", "{\"event_id\":\"b2c3d4e5f60718293a4b5c6d7e8f9012\"}\n{\"type\":\"event\"}\n" + json + "\n", "application/x-sentry-envelope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, path := range []string{"/api/1/store/", "/api/store/"} {
				h.reset()
				resp := h.post(path, c.body, "Content-Type", c.contentType)
				require.Equal(t, http.StatusOK, resp.status, resp.body)
				require.Equal(t, `{"id":"b2c3d4e5f60718293a4b5c6d7e8f9012"}`, resp.body)
				require.Equal(t, 1, h.logs.LogRecordCount())
				require.Contains(t, h.stored(), "\n"+json+"\n", "the payload comes out byte for byte")
			}
		})
	}
}

func TestStore_Transaction(t *testing.T) {
	h := start(t, nil)
	resp := h.post("/api/1/store/", `{"type":"transaction","transaction":"GET /old","start_timestamp":1795290000,"timestamp":1795290001,`+
		`"contexts":{"trace":{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052"}},"spans":[]}`)
	require.Equal(t, http.StatusOK, resp.status)
	require.Equal(t, 1, h.traces.SpanCount())
	require.Zero(t, h.logs.LogRecordCount())
}

func TestStore_Get(t *testing.T) {
	h := start(t, nil)
	const json = `{"message":"from an image tag + more"}`
	for name, data := range map[string]string{
		"JSON":                    url.QueryEscape(json),
		"base64":                  url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(json))),
		"base64, plus as it came": strings.ReplaceAll(base64.StdEncoding.EncodeToString(zlibbed([]byte(json))), "=", "%3D"),
	} {
		h.reset()
		resp := h.send(request(http.MethodGet, "/api/1/store/?sentry_key=k&sentry_data="+data, ""))
		require.Equal(t, http.StatusOK, resp.status, "%s: %s", name, resp.body)
		require.Equal(t, "image/gif", resp.header.Get("Content-Type"))
		require.True(t, strings.HasPrefix(resp.body, "GIF89a"))
		require.Contains(t, h.stored(), json, name)
	}
	require.Equal(t, http.StatusBadRequest, h.send(request(http.MethodGet, "/api/1/store/", "")).status)
	require.Equal(t, http.StatusBadRequest, h.send(request(http.MethodGet, "/api/1/store/?sentry_data=hello", "")).status)
}

func TestStore_Refused(t *testing.T) {
	h := start(t, func(c *Config) {
		c.Limits.MaxEnvelopeBytes = 64 << 10
		c.Limits.ItemBytes["event"] = 32 << 10
	})
	bomb := base64.StdEncoding.EncodeToString(zlibbed(bytes.Repeat([]byte(" "), 1<<20)))
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"empty", "", http.StatusBadRequest},
		{"junk", "!!!", http.StatusBadRequest},
		{"list", "[1]", http.StatusBadRequest},
		{"base64 of text", base64.StdEncoding.EncodeToString([]byte("hello")), http.StatusBadRequest},
		{"base64 of a cut stream", base64.StdEncoding.EncodeToString(zlibbed([]byte(`{"message":"x"}`))[:10]), http.StatusBadRequest},
		{"bomb in base64", bomb, http.StatusRequestEntityTooLarge},
		{"too large an event", `{"message":"` + strings.Repeat("x", 40<<10) + `"}`, http.StatusRequestEntityTooLarge},
	} {
		resp := h.post("/api/1/store/", c.body)
		require.Equal(t, c.status, resp.status, "%s: %s", c.name, resp.body)
		require.NotEmpty(t, resp.header.Get("X-Sentry-Error"))
	}
	require.Zero(t, h.records())
}
