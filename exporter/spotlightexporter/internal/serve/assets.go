package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// assets are the files of the overlay's build. A file is read and compressed when it is first asked for, and kept.
type assets struct {
	files fs.FS
	mu    sync.Mutex
	kept  map[string]*asset
}

// asset is one file, ready to be sent.
type asset struct {
	contentType string
	tag         string // ETag: hash of the content
	plain, gzip []byte // gzip is nil where it does not help
}

func newAssets(files fs.FS) *assets { return &assets{files: files, kept: map[string]*asset{}} }

// get returns the file with this name, nil if there is none.
func (a *assets) get(name string) *asset {
	if !fs.ValidPath(name) || name == "." {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if f, ok := a.kept[name]; ok {
		return f
	}
	body, err := fs.ReadFile(a.files, name)
	if err != nil {
		return nil // names that do not exist are not kept: strangers make them up
	}
	sum := sha256.Sum256(body)
	f := &asset{contentType: contentType(name), tag: `"` + hex.EncodeToString(sum[:8]) + `"`, plain: body}
	var packed bytes.Buffer
	zw, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	_, _ = zw.Write(body)
	if zw.Close() == nil && packed.Len() < len(body)*9/10 {
		f.gzip = bytes.Clone(packed.Bytes())
	}
	a.kept[name] = f
	return f
}

// contentType does not ask the machine's MIME tables: some say text/plain for .js, and nosniff would then block it.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// overlay serves the files of the build. A path that is no file and that a browser navigates to is a view of the
// overlay: it gets the page, which reads the path.
func (s *server) overlay(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	f := s.assets.get(name)
	page := name == "index.html"
	if f == nil {
		if name != "" && !wantsPage(r) {
			fail(w, http.StatusNotFound, "there is no "+clip(r.URL.Path)+"; the overlay is at /, GET /api/v1 lists what else there is")
			return
		}
		f, page = s.assets.get("index.html"), true
		if f == nil {
			fail(w, http.StatusNotFound, "this build has no overlay; the API is at /api/v1")
			return
		}
		w.Header().Add("Vary", "Accept")
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("ETag", f.tag)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") { // Vite puts a hash of the content into these names
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if page {
		h.Set("Content-Security-Policy", s.policy+"; "+connectSource(r.Host))
	} else {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // any page may load the overlay; what it shows is guarded
	}
	if notModified(w, r, f.tag) {
		return
	}
	body := f.plain
	if f.gzip != nil {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
	}
	sendBody(w, r, body)
}

// wantsPage reports whether a browser navigates: scripts, styles and fetches do not ask for HTML.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}
