package serve

import (
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// itemTypes are the item types behind the lists that have a name of their own.
var itemTypes = struct{ attachments, profiles, replays string }{
	attachments: "attachment",
	profiles:    "profile",
	replays:     "replay",
}

func (s *server) attachments(w http.ResponseWriter, r *http.Request) {
	list(s, w, r, s.itemsOf(itemTypes.attachments))
}

func (s *server) profiles(w http.ResponseWriter, r *http.Request) {
	list(s, w, r, s.itemsOf(itemTypes.profiles))
}

func (s *server) replays(w http.ResponseWriter, r *http.Request) {
	list(s, w, r, s.itemsOf(itemTypes.replays))
}

// itemsOf is the list of items of some types.
func (s *server) itemsOf(types string) func(query.Filter) model.Page[model.ItemSummary] {
	return func(f query.Filter) model.Page[model.ItemSummary] {
		if f.Type == "" {
			f.Type = types
		}
		return s.Query.Items(f)
	}
}

// item answers with an item's metadata, or with its payload.
func (s *server) item(w http.ResponseWriter, r *http.Request) {
	if isOn(r, "raw", false) {
		s.payload(w, r)
		return
	}
	if item, ok := s.itemOf(w, r); ok {
		s.answer(w, r, item)
	}
}

// payload answers with an item's payload, byte for byte.
func (s *server) payload(w http.ResponseWriter, r *http.Request) {
	if item, ok := s.itemOf(w, r); ok {
		raw(w, r, item.Payload, payloadType(item.Payload), item.Type+"-"+strconv.FormatUint(item.ID, 10))
	}
}

// profile answers with a profile, as it came or with its frames resolved.
func (s *server) profile(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("resolved") != "1" {
		s.payload(w, r)
		return
	}
	item, ok := s.itemOf(w, r)
	if !ok {
		return
	}
	resolved, err := s.ResolveProfile(item.Payload, item.Time.Std())
	if err != nil {
		fail(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	raw(w, r, resolved, "application/json", item.Type+"-"+strconv.FormatUint(item.ID, 10)+".json")
}

// attachment answers with a file. Its name and type are what a stranger wrote: the name is a label, never a path, and only
// types that cannot run anything are passed on.
func (s *server) attachment(w http.ResponseWriter, r *http.Request) {
	if item, ok := s.itemOf(w, r); ok {
		raw(w, r, item.Payload, safeType(item.ContentType), fileName(item.Title, item.ID))
	}
}

func (s *server) itemOf(w http.ResponseWriter, r *http.Request) (*model.Item, bool) {
	id, ok := numberOf(w, r, "item")
	if !ok {
		return nil, false
	}
	item, ok := s.Query.Item(id)
	if !ok {
		notFound(w, "item", r.PathValue("id"))
	}
	return item, ok
}

// raw sends bytes of strangers: as a download, in a sandbox, never to be taken for something else.
func raw(w http.ResponseWriter, r *http.Request, body []byte, contentType, name string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", disposition(name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600") // a record never changes
	sendBody(w, r, body)
}

// safeTypes are the types an attachment may be served as; everything else is application/octet-stream. No HTML, XML or
// SVG: those can carry scripts.
var safeTypes = map[string]string{
	"image/png":         "image/png",
	"image/jpeg":        "image/jpeg",
	"image/gif":         "image/gif",
	"image/webp":        "image/webp",
	"image/avif":        "image/avif",
	"image/bmp":         "image/bmp",
	"video/mp4":         "video/mp4",
	"video/webm":        "video/webm",
	"text/plain":        "text/plain; charset=utf-8",
	"text/csv":          "text/plain; charset=utf-8",
	"application/json":  "application/json",
	"application/gzip":  "application/gzip",
	"application/zip":   "application/zip",
	"application/pdf":   "application/pdf",
	"application/x-dmp": "application/x-dmp",
}

func safeType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "application/octet-stream"
	}
	if strings.HasSuffix(kind, "+json") {
		return "application/json"
	}
	if safe, ok := safeTypes[kind]; ok {
		return safe
	}
	return "application/octet-stream"
}

// fileName makes a file name of what a stranger called a file.
func fileName(name string, id uint64) string {
	const most = 150 // bytes; file systems stop at 255
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_' // Cf: U+202E turns exe.txt around
		}
		return r
	}, name)
	for len(name) > most {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	if name == "" || name == "_" {
		return "attachment-" + strconv.FormatUint(id, 10)
	}
	return name
}

// disposition makes a download of an answer (RFC 6266).
func disposition(name string) string {
	if v := mime.FormatMediaType("attachment", map[string]string{"filename": name}); v != "" {
		return v
	}
	return "attachment"
}
