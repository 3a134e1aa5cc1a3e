package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// BenchmarkHandler is a request through everything but the network: otelhttp, CORS, decoding, framing, translation, and
// pipelines that do nothing. The budget for all of the product, store and WebSocket included, is 0.2 ms of CPU for the
// error and 0.5 ms for the transaction.
func BenchmarkHandler(b *testing.B) {
	for _, c := range []struct {
		name, encoding string
		body           []byte
	}{
		{"error=21.7KB", "", envelopeOf("event", errorEvent(30, 50))},
		{"error=21.7KB,gzip", "gzip", gzipped(envelopeOf("event", errorEvent(30, 50)))},
		{"transaction=57.8KB,spans=100", "", envelopeOf("transaction", transactionEvent(100))},
		{"empty", "", []byte("{}\n")},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := &harness{t: b, silent: true}
			h.startWith(nil, pipelines{consumertest.NewNop(), consumertest.NewNop(), consumertest.NewNop()})
			handler := h.server.http.Handler
			body := bytes.NewReader(c.body)
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			before := testkit.CPUTime()
			for b.Loop() {
				body.Reset(c.body)
				r := httptest.NewRequest(http.MethodPost, "/api/1/envelope/?sentry_key=k&sentry_version=7&sentry_client=sentry.javascript.node%2F9.40.0", io.NopCloser(body))
				r.Host = "localhost:8969"
				r.ContentLength = int64(len(c.body))
				if c.encoding != "" {
					r.Header.Set("Content-Encoding", c.encoding)
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
			b.ReportMetric(float64((testkit.CPUTime()-before).Microseconds())/float64(b.N), "cpu-us/op") // wall time lies on a busy machine
		})
	}
}

// BenchmarkDecode is reading and decompressing a body alone.
func BenchmarkDecode(b *testing.B) {
	plain := envelopeOf("transaction", transactionEvent(100))
	for _, c := range []struct {
		encoding string
		body     []byte
	}{{"identity", plain}, {"gzip", gzipped(plain)}, {"br", brotlied(plain)}, {"zstd", zstandard(plain)}, {"deflate", zlibbed(plain)}} {
		b.Run(c.encoding, func(b *testing.B) {
			bs := newBodies(&createDefaultConfig().(*Config).Limits)
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			r := httptest.NewRequest(http.MethodPost, "/stream", http.NoBody)
			r.Header.Set("Content-Encoding", c.encoding)
			body := bytes.NewReader(c.body)
			for b.Loop() {
				body.Reset(c.body)
				r.Body = io.NopCloser(body)
				got, err := bs.read(r, true)
				if err != nil || len(got.data) != len(plain) {
					b.Fatal(err, len(got.data))
				}
				got.release()
			}
		})
	}
}

func envelopeOf(itemType string, payload map[string]any) []byte {
	body, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, `{"event_id":"5e7d10ad00000001000000000000002a","sent_at":"2026-11-21T19:00:00.000Z","dsn":"http://public@localhost:8969/1","sdk":{"name":"sentry.javascript.node","version":"9.40.0"},"trace":{"trace_id":"5e7d10ad000000010000000000000001","public_key":"public","environment":"development"}}`+
		"\n{\"type\":%q,\"length\":%d}\n%s\n", itemType, len(body), body)
}

var words = strings.Fields("checkout cart order payment session invoice customer address shipping discount catalog product price stock token refresh upload worker queue render layout bundle module handler request response cache lookup query insert update")

func phrase(r *rand.Rand, n int) string {
	s := make([]string, n)
	for i := range s {
		s[i] = words[r.Intn(len(words))]
	}
	return strings.Join(s, " ")
}

// errorEvent is an error as a Node SDK sends it, with source context on its last eight frames.
func errorEvent(frames, crumbs int) map[string]any {
	type obj = map[string]any
	r := rand.New(rand.NewSource(7)) // #nosec G404 -- the same text every time
	list := make([]any, frames)
	for i := range list {
		w := words[r.Intn(len(words))]
		f := obj{
			"function": w + ".run", "filename": "/srv/app/src/" + w + ".js", "abs_path": "/srv/app/src/" + phrase(r, 1) + "/" + w + ".js",
			"module": "src." + w, "lineno": 10 + r.Intn(400), "colno": 1 + r.Intn(80), "in_app": i%3 != 0, "platform": "javascript",
		}
		if i >= frames-8 {
			f["context_line"] = "    const result = await " + w + "Client.fetch(" + w + "Id, { retries: 3 });"
			f["pre_context"] = []string{"  async function load" + w + "(id) {", "    // " + phrase(r, 5), "    if (!id) {", "      throw new TypeError('missing id');", "    }"}
			f["post_context"] = []string{"    if (!result.ok) {", "      return null;", "    }", "    return result.body;", "  }"}
			f["vars"] = obj{"id": r.Intn(1e6), "retries": 3, "state": phrase(r, 3)}
		}
		list[i] = f
	}
	trail := make([]any, crumbs)
	for i := range trail {
		trail[i] = obj{
			"timestamp": 1795290000.25 + float64(i), "category": "fetch", "level": "info", "type": "http", "message": phrase(r, 6),
			"data": obj{"url": "/api/" + phrase(r, 1) + "/" + fmt.Sprint(r.Intn(9999)), "status_code": 200, "method": "GET"},
		}
	}
	return obj{
		"event_id": "5e7d10ad00000001000000000000002a", "timestamp": 1795290000.5, "platform": "node", "level": "error", "environment": "development",
		"release": "checkout-api@1.4.2", "server_name": "dev-1", "transaction": "POST /api/checkout", "logger": "root",
		"exception": obj{"values": []any{obj{
			"type": "TypeError", "value": "Cannot read properties of undefined (reading 'total')",
			"stacktrace": obj{"frames": list}, "mechanism": obj{"type": "generic", "handled": false},
		}}},
		"breadcrumbs": trail,
		"contexts": obj{
			"trace":   obj{"trace_id": "5e7d10ad000000010000000000000001", "span_id": "5e7d10ad00000001", "op": "http.server"},
			"runtime": obj{"name": "node", "version": "v20.20.2"}, "os": obj{"name": "Linux", "version": "6.1.0"},
			"device": obj{"arch": "x64", "memory_size": 25769803776, "processor_count": 2}, "culture": obj{"locale": "en-US", "timezone": "UTC"},
		},
		"tags":    obj{"service": "checkout-api", "region": "local", "feature": "checkout-v2"},
		"user":    obj{"id": "42", "email": "dev@example.test", "ip_address": "127.0.0.1"},
		"request": obj{"method": "POST", "url": "http://localhost:3000/api/checkout", "headers": obj{"accept": "*/*", "user-agent": "Mozilla/5.0"}, "data": obj{"cart": 17, "note": phrase(r, 12)}},
		"extra":   obj{"attempt": 2, "note": phrase(r, 10)},
		"modules": obj{"express": "4.19.2", "pg": "8.11.5", "react": "18.3.1"},
		"sdk":     obj{"name": "sentry.javascript.node", "version": "9.40.0", "integrations": []string{"Http", "Express", "Console", "LinkedErrors"}},
	}
}

// transactionEvent is a transaction as a Node SDK of the line before streamed spans sends it.
func transactionEvent(spans int) map[string]any {
	type obj = map[string]any
	r := rand.New(rand.NewSource(11)) // #nosec G404 -- the same text every time
	list := make([]any, spans)
	for i := range list {
		op := []string{"db", "http.client", "cache.get", "function", "view.render"}[i%5]
		description := phrase(r, 4)
		if op == "db" {
			description = "SELECT id, name, total, created_at FROM " + phrase(r, 1) + " WHERE customer_id = $1 AND status IN ($2, $3) ORDER BY created_at DESC LIMIT 50"
		}
		list[i] = obj{
			"span_id": fmt.Sprintf("5e7d10ad%08x", i+2), "parent_span_id": "5e7d10ad00000001", "trace_id": "5e7d10ad000000010000000000000001",
			"op": op, "description": description, "start_timestamp": 1795290000.1 + float64(i)/100, "timestamp": 1795290000.15 + float64(i)/100,
			"status": "ok", "origin": "auto.http.otel.http", "tags": obj{"service": "checkout-api"},
			"data": obj{"sentry.op": op, "sentry.origin": "auto.http.otel.http", "thread.id": "1", "thread.name": "main", "server.address": "inventory.local", "server.port": 8080, "db.system": "postgresql", "code.function": phrase(r, 1)},
		}
	}
	return obj{
		"event_id": "5e7d10ad00000001000000000000002a", "type": "transaction", "transaction": "POST /api/checkout", "transaction_info": obj{"source": "route"},
		"start_timestamp": 1795290000.0, "timestamp": 1795290001.2, "platform": "node", "environment": "development", "release": "checkout-api@1.4.2",
		"contexts": obj{"trace": obj{
			"trace_id": "5e7d10ad000000010000000000000001", "span_id": "5e7d10ad00000001", "op": "http.server", "status": "ok",
			"data": obj{"http.request.method": "POST", "http.response.status_code": 200, "url": "http://localhost:3000/api/checkout"},
		}, "runtime": obj{"name": "node", "version": "v20"}, "os": obj{"name": "Linux"}},
		"spans": list, "tags": obj{"service": "checkout-api"}, "measurements": obj{"ttfb": obj{"value": 31.4, "unit": "millisecond"}},
		"sdk": obj{"name": "sentry.javascript.node", "version": "9.40.0"}, "server_name": "checkout-api",
	}
}

func TestBenchmarkBodies_AreAsLargeAsTheBudgetsSay(t *testing.T) {
	require.InDelta(t, 21_700, len(envelopeOf("event", errorEvent(30, 50))), 1_500)
	require.InDelta(t, 57_800, len(envelopeOf("transaction", transactionEvent(100))), 6_000)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}
