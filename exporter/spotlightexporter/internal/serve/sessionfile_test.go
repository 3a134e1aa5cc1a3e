package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
)

func (w *world) sendFile(path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8970"+path, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

func TestSessionFile(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	out := w.ask("GET", "/api/v1/session/export")
	require.Equal(t, "application/x-ndjson", out.Header().Get("Content-Type"))
	require.Regexp(t, `^attachment; filename=spotlight-session-1-\d{4}-\d\d-\d\d\.ndjson$`, out.Header().Get("Content-Disposition"))
	file := out.Body.String()

	require.Equal(t, http.StatusOK, w.ask("DELETE", "/api/v1/data").Code)
	require.Equal(t, http.StatusNotFound, w.ask("GET", "/api/v1/traces/"+traceText).Code)
	answer := decoded(t, w.sendFile("/api/v1/session/import", file))
	require.EqualValues(t, 3, answer["session"], "a session of its own")
	require.EqualValues(t, 1, answer["spans"])
	require.Equal(t, http.StatusOK, w.ask("GET", "/api/v1/traces/"+traceText).Code)
	require.Equal(t, payloadText, w.ask("GET", "/api/v1/events/"+eventText+"?raw=1").Body.String())

	again := decoded(t, w.sendFile("/api/v1/session/import?continue=1", file))
	require.EqualValues(t, 3, again["session"], "a further part of a file goes where the first went")
}

func TestSessionFile_Refused(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	const head = "{\"spotlight\":1}\n"
	wantError(t, w.sendFile("/api/v1/session/import", head, "Origin: https://evil.test"), http.StatusForbidden, "")
	wantError(t, w.sendFile("/api/v1/session/import", head, "Sec-Fetch-Site: cross-site"), http.StatusForbidden, "another site")
	wantError(t, w.sendFile("/api/v1/session/import", head+`{"log":{"message":"a"}}`+"\n{\n"), http.StatusBadRequest, "line 3: not a record: unexpected end of JSON input; what came before it was taken in (records: 1)")

	large := http.MaxBytesHandler(w.handler, 1<<20)
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8970/api/v1/session/import", strings.NewReader(head+strings.Repeat(" ", 2<<20)))
	rec := httptest.NewRecorder()
	large.ServeHTTP(rec, r)
	wantError(t, rec, http.StatusRequestEntityTooLarge, "larger than 1 MiB; the overlay's settings send it in parts")

	rec = w.ask("GET", "/api/v1/session/export", "Origin: https://evil.test")
	require.Equal(t, http.StatusForbidden, rec.Code)
}
