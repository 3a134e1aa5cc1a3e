package serve

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
)

const (
	chunksPerRequest  = 64
	maxUploadRequest  = 32 << 20
	uploadConcurrency = 8
	maxAssembleBody   = 4 << 20 // 40 digits for each of 100,000 chunks
)

func (s *server) uploadOptions(w http.ResponseWriter, r *http.Request) {
	answerJSON(w, http.StatusOK, map[string]any{
		"url":              baseURL(r) + r.URL.Path,
		"chunkSize":        sources.ChunkSize,
		"chunksPerRequest": chunksPerRequest,
		"maxFileSize":      s.Uploads.Limit(),
		"maxRequestSize":   maxUploadRequest,
		"concurrency":      uploadConcurrency,
		"hashAlgorithm":    "sha1",
		"compression":      []string{"gzip"},
		"accept":           []string{"sources", "release_files", "artifact_bundles", "artifact_bundles_v2"},
	})
}

// baseURL is this server as the client called it; its Host has been checked.
func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// uploadChunks takes the parts file (plain) and file_gzip of a form; each is named by the SHA-1 of its content.
func (s *server) uploadChunks(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUploadRequest+1<<20) // and the headers of the parts
	form, err := r.MultipartReader()
	if err != nil {
		fail(w, http.StatusBadRequest, "chunks come as multipart/form-data")
		return
	}
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fail(w, http.StatusBadRequest, "the form cannot be read: "+err.Error())
			return
		}
		if n == chunksPerRequest {
			fail(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("more than %d chunks in one request", chunksPerRequest))
			return
		}
		if err := s.takeChunk(part); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
	}
	answerJSON(w, http.StatusOK, map[string]any{})
}

func (s *server) takeChunk(part *multipart.Part) error {
	var content io.Reader = part
	switch part.FormName() {
	case "file":
	case "file_gzip":
		zr, err := gzip.NewReader(part)
		if err != nil {
			return fmt.Errorf("chunk %.40s is not gzip", part.FileName())
		}
		content = zr
	default:
		return nil // another field of the form
	}
	data, err := io.ReadAll(io.LimitReader(content, sources.ChunkSize+1))
	if err != nil {
		return fmt.Errorf("chunk %.40s cannot be read: %w", part.FileName(), err)
	}
	return s.Uploads.AddChunk(part.FileName(), data)
}

func (s *server) assemble(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Checksum string   `json:"checksum"`
		Chunks   []string `json:"chunks"`
		Version  string   `json:"version"`
		Dist     string   `json:"dist"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAssembleBody)).Decode(&in); err != nil {
		fail(w, http.StatusBadRequest, "the body is not a JSON object with checksum and chunks")
		return
	}
	for i := range in.Chunks {
		in.Chunks[i] = strings.ToLower(in.Chunks[i])
	}
	state, missing, detail := s.Uploads.Assemble(in.Checksum, in.Chunks, in.Version, in.Dist)
	if missing == nil {
		missing = []string{}
	}
	out := map[string]any{"state": state, "missingChunks": missing}
	if detail != "" {
		out["detail"] = detail
	}
	answerJSON(w, http.StatusOK, out)
}

// answerJSON writes v; unlike the answers of the API it has no ETag.
func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
