package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1" // #nosec G505 -- the checksum of Sentry's upload protocol
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

const (
	chunkPath    = "/api/0/organizations/acme/chunk-upload/"
	assemblePath = "/api/0/organizations/acme/artifactbundle/assemble/"
)

func (w *world) post(path, contentType string, body []byte) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8970", "127.0.0.1:5000"
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer any")
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

// form packs a chunk as sentry-cli does.
func form(t *testing.T, field, name string, content []byte) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(field, name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return m.FormDataContentType(), b.Bytes()
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func sum(data []byte) string {
	s := sha1.Sum(data) // #nosec G401
	return hex.EncodeToString(s[:])
}

type assembled struct {
	State         string   `json:"state"`
	MissingChunks []string `json:"missingChunks"`
	Detail        string   `json:"detail"`
}

func (w *world) assemble(t *testing.T, checksum string, chunks ...string) assembled {
	t.Helper()
	body, err := json.Marshal(map[string]any{"checksum": checksum, "chunks": chunks, "projects": []string{"web"}})
	require.NoError(t, err)
	rec := w.post(assemblePath, "application/json", body)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	var out assembled
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &out))
	return out
}

// The requests that sentry-cli sends, in their order.
func TestUpload(t *testing.T) {
	for _, field := range []string{"file", "file_gzip"} {
		w := newWorld(t, hostcheck.Options{})
		bundle, err := os.ReadFile(filepath.Join(testkit.DebugIDVectors(t), "upload", "bundle-sentry-cli-3.8.0.bin"))
		require.NoError(t, err)
		options := decoded(t, w.ask("GET", chunkPath))
		require.Equal(t, "http://localhost:8970"+chunkPath, options["url"])
		require.Equal(t, []any{"gzip"}, options["compression"])

		got := w.assemble(t, sum(bundle), sum(bundle))
		require.Equal(t, assembled{State: "not_found", MissingChunks: []string{sum(bundle)}}, got)
		content := bundle
		if field == "file_gzip" {
			content = gzipped(t, bundle)
		}
		contentType, body := form(t, field, sum(bundle), content)
		require.Equal(t, http.StatusOK, w.post(chunkPath, contentType, body).Code)
		require.Equal(t, assembled{State: "ok", MissingChunks: []string{}}, w.assemble(t, sum(bundle), sum(bundle)))
	}
}

func TestUpload_Refuses(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	for _, c := range []struct {
		name, field, sum string
		content          []byte
		status           int
		want             string
	}{
		{"a wrong checksum", "file", sum([]byte("other")), []byte("chunk"), 400, "has the SHA-1"},
		{"a path for a name", "file", "../../etc/passwd", []byte("chunk"), 400, "has the SHA-1"},
		{"no gzip", "file_gzip", sum([]byte("chunk")), []byte("chunk"), 400, "is not gzip"},
		{"a bomb", "file_gzip", sum(nil), gzipped(t, make([]byte, 100<<20)), 400, "the limit is"},
	} {
		contentType, body := form(t, c.field, c.sum, c.content)
		wantError(t, w.post(chunkPath, contentType, body), c.status, c.want)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := range chunksPerRequest + 1 {
		data := fmt.Appendf(nil, "%d", i)
		part, err := m.CreateFormFile("file", sum(data))
		require.NoError(t, err)
		_, err = part.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, m.Close())
	wantError(t, w.post(chunkPath, m.FormDataContentType(), b.Bytes()), http.StatusRequestEntityTooLarge, "more than 64 chunks")
	require.Equal(t, "error", w.assemble(t, "nonsense").State)
	require.Equal(t, "error", w.assemble(t, sum([]byte("x")), sum([]byte("0"))).State)
}

// Bundler plugins would keep what they are told of an organisation, for its real server, too.
func TestUpload_OrganizationIsNotAnswered(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	require.Equal(t, http.StatusNotFound, w.ask("GET", "/api/0/organizations/acme/").Code)
}

// A page of another site can neither upload nor ask.
func TestUpload_OtherSites(t *testing.T) {
	w := newWorld(t, hostcheck.Options{})
	require.Equal(t, http.StatusForbidden, w.ask("POST", assemblePath, "Origin: https://evil.example").Code)
	require.Equal(t, http.StatusForbidden, w.ask("POST", assemblePath, "Sec-Fetch-Site: cross-site").Code)
}
