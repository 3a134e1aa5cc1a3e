package serve

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// fail answers with {"error": text}. The text says what is wrong and what to do, and never is an internal error.
func fail(w http.ResponseWriter, status int, text string) {
	body, _ := json.Marshal(map[string]string{"error": text}) // two strings: cannot fail
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Encoding")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// Fail answers what is refused before a route is reached: by the authenticator, or a body that cannot be decompressed.
// It has the signature of confighttp.WithErrorHandler.
func Fail(w http.ResponseWriter, _ *http.Request, text string, status int) { fail(w, status, text) }

// notFound answers for an id that is not in the store.
func notFound(w http.ResponseWriter, what, id string) {
	fail(w, http.StatusNotFound, what+" "+clip(id)+" is not in the store: it was evicted or cleared, or has not arrived")
}

// answer writes v as JSON.
func (s *server) answer(w http.ResponseWriter, r *http.Request, v any) {
	buf := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buf)
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false) // read by JSON parsers only, and nosniff
	if err := enc.Encode(v); err != nil {
		s.Logger.Error("answer could not be encoded", zap.String("path", r.URL.Path), zap.Error(err))
		fail(w, http.StatusInternalServerError, "the answer could not be encoded; see the Collector's log")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // may be kept, must be asked about (ETag)
	}
	s.write(w, r, buf.Bytes())
}

// write sends a body, compressed where that helps. The headers are set.
func (s *server) write(w http.ResponseWriter, r *http.Request, body []byte) {
	if len(body) < minGzip || fromLoopback(r) {
		sendBody(w, r, body)
		return
	}
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if !acceptsGzip(r) {
		sendBody(w, r, body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	if r.Method == http.MethodHead {
		return
	}
	zw := gzips.Get().(*gzip.Writer)
	defer gzips.Put(zw)
	zw.Reset(w)
	_, _ = zw.Write(body)
	_ = zw.Close()
}

// sendBody sends a body as it is.
func sendBody(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

const (
	minGzip       = 16 << 10 // less fits into a few packets
	maxKeptBuffer = 4 << 20  // a larger buffer is left to the garbage collector
)

// fromLoopback reports whether the client is on this machine. It gets nothing compressed: a trace of 20,000 spans, 9 MB,
// takes three times as long that way (BenchmarkAnswer).
func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" || coding == "*" {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(params), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	gzips   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return w }}
)

func putBuffer(b *bytes.Buffer) {
	if b.Cap() <= maxKeptBuffer {
		buffers.Put(b)
	}
}

// unchanged answers 304 when the client already has what the store would say. It must be called before anything is read
// from the store, or a change in between would be hidden for good.
func (s *server) unchanged(w http.ResponseWriter, r *http.Request) bool {
	tag := `W/"` + s.Store.ID() + "-" + strconv.FormatUint(s.Query.Seq(), 10) + `"`
	w.Header().Set("ETag", tag)
	return notModified(w, r, tag)
}

func notModified(w http.ResponseWriter, r *http.Request, tag string) bool {
	for part := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(part), "W/") == strings.TrimPrefix(tag, "W/") {
			w.Header().Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// clip keeps what we echo of a request short.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return model.Cut(s, most) + "..."
	}
	return s
}
