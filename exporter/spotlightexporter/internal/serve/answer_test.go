package serve

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
)

type emptyFS struct{}

func (emptyFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func jsonText(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func TestAnswer_ETag(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	for _, path := range []string{"/api/v1/traces", "/api/v1/issues", "/api/v1/logs?limit=5", "/api/v1/traces/" + traceText, "/api/v1/sessions"} {
		first := w.ask("GET", path)
		tag := first.Header().Get("ETag")
		require.NotEmpty(t, tag, path)
		require.Equal(t, http.StatusNotModified, w.ask("GET", path, "If-None-Match: "+tag).Code)
		require.Equal(t, http.StatusNotModified, w.ask("GET", path, `If-None-Match: "x", `+tag).Code)
		require.Equal(t, http.StatusOK, w.ask("GET", path, `If-None-Match: "x"`).Code)
		w.store.NewSession() // something changed
		require.Equal(t, http.StatusOK, w.ask("GET", path, "If-None-Match: "+tag).Code)
	}
	require.Empty(t, w.ask("GET", "/api/v1/status").Header().Get("ETag"))
	require.Empty(t, w.ask("GET", "/api/v1/traces/"+unknownText).Header().Get("ETag"), "an error is not to be kept")
}

func TestAnswer_Gzip(t *testing.T) {
	large := strings.Repeat("spotlight ", minGzip/10+1)
	s := &server{}
	s.Logger = nopLogger()
	for _, c := range []struct {
		remote, accept string
		size           int
		want           bool
	}{
		{"192.168.1.5:1", "gzip", len(large), true},
		{"192.168.1.5:1", "gzip", minGzip / 2, false},
		{"127.0.0.1:1", "gzip", len(large), false},
		{"[::1]:1", "gzip", len(large), false},
		{"@", "gzip", len(large), true}, // a Unix socket
		{"192.168.1.5:1", "", len(large), false},
		{"192.168.1.5:1", "br, deflate", len(large), false},
		{"192.168.1.5:1", "gzip;q=0", len(large), false},
		{"192.168.1.5:1", "gzip; q=0.5, *;q=0", len(large), true},
		{"192.168.1.5:1", "*", len(large), true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = c.remote
		r.Header.Set("Accept-Encoding", c.accept)
		rec := httptest.NewRecorder()
		s.answer(rec, r, large[:c.size])
		got := rec.Body.Bytes()
		require.Equal(t, c.want, rec.Header().Get("Content-Encoding") == "gzip", "%+v", c)
		if c.want {
			require.Empty(t, rec.Header().Get("Content-Length"))
			zr, err := gzip.NewReader(bytes.NewReader(got))
			require.NoError(t, err)
			got = []byte(body(t, zr))
		}
		require.Equal(t, `"`+large[:c.size]+"\"\n", string(got))
	}
}

func TestAnswer_WhatCannotBeEncoded(t *testing.T) {
	s := &server{}
	s.Logger = nopLogger()
	rec := httptest.NewRecorder()
	s.answer(rec, httptest.NewRequest(http.MethodGet, "/", http.NoBody), func() {})
	wantError(t, rec, http.StatusInternalServerError, "could not be encoded")
}

func TestRaw_IsByteForByteAndHarmless(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	for _, c := range []struct{ path, contentType, body string }{
		{"/api/v1/events/" + eventText + "?raw=1", "application/json", payloadText},
		{"/api/v1/attachments/" + w.idOf("attachment"), "application/octet-stream", scriptText},
		{"/api/v1/profiles/" + w.idOf("profile"), "application/json", `{"profile":{}}`},
		{"/api/v1/replays/" + w.idOf("replay_recording"), "application/octet-stream", "{}\n\x00\xff"},
	} {
		rec := w.ask("GET", c.path, "Accept-Encoding: gzip")
		require.Equal(t, 200, rec.Code)
		require.Equal(t, c.body, rec.Body.String())
		require.Equal(t, c.contentType, rec.Header().Get("Content-Type"))
		require.Equal(t, "nosniff", rec.Header().Get("X-Content-Type-Options"))
		require.Equal(t, "default-src 'none'; sandbox", rec.Header().Get("Content-Security-Policy"))
		require.True(t, strings.HasPrefix(rec.Header().Get("Content-Disposition"), "attachment"))
		require.Equal(t, fmt.Sprint(len(c.body)), rec.Header().Get("Content-Length"))
	}
	require.Equal(t, `attachment; filename="pass wd.html"`, w.ask("GET", "/api/v1/attachments/"+w.idOf("attachment")).Header().Get("Content-Disposition"))
}

func TestFileName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"log.txt", "log.txt"},
		{"../../etc/passwd", "passwd"},
		{`C:\Users\jane\crash.dmp`, "crash.dmp"},
		{"..", "attachment-7"},
		{"", "attachment-7"},
		{"/", "attachment-7"},
		{".htaccess", "htaccess"},
		{"a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x=1"},
		{"gpj.\u202eexe", "gpj._exe"},
		{"bad\xffutf8", "bad_utf8"},
		{strings.Repeat("ä", 200), strings.Repeat("ä", 75)},
		{`a"b;c`, "a_b;c"},
	} {
		require.Equal(t, c.want, fileName(c.name, 7), "%q", c.name)
	}
	require.Equal(t, `attachment; filename*=utf-8''%C3%A4.txt`, disposition("ä.txt"))
	require.Equal(t, `attachment; filename="a_b;c"`, disposition(fileName(`a"b;c`, 1)))
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a", "../b", "\x00", "ä\u202e", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := fileName(name, 1)
		require.NotEmpty(t, got)
		require.LessOrEqual(t, len(got), 150)
		require.NotContains(t, got, "/")
		require.NotContains(t, got, `\`)
		require.False(t, strings.HasPrefix(got, "."), got)
		require.NotRegexp(t, `[\r\n\x00]`, disposition(got))
	})
}

func TestSafeType(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"image/png", "image/png"},
		{"IMAGE/PNG; x=1", "image/png"},
		{"text/plain; charset=latin1", "text/plain; charset=utf-8"},
		{"application/json", "application/json"},
		{"application/vnd.sentry.x+json", "application/json"},
		{"text/html", "application/octet-stream"},
		{"image/svg+xml", "application/octet-stream"},
		{"application/xhtml+xml", "application/octet-stream"},
		{"text/javascript", "application/octet-stream"},
		{"", "application/octet-stream"},
		{";;", "application/octet-stream"},
	} {
		require.Equal(t, c.want, safeType(c.in), c.in)
	}
}
