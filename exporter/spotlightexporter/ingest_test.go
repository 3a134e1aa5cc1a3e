package spotlightexporter

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// The ids of largeTransaction, which numbered overwrites.
const (
	transactionEvent = "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1"
	transactionTrace = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
)

// largeTransaction is the envelope of a transaction with a hundred spans, of some 57 KB.
func largeTransaction() []byte {
	type object = map[string]any
	spans := make([]object, 100)
	for i := range spans {
		at := 1795290000 + float64(i)/200
		spans[i] = object{
			"trace_id": transactionTrace, "span_id": fmt.Sprintf("b1b1b1b1%08x", i+1), "parent_span_id": fmt.Sprintf("b1b1b1b1%08x", i/4),
			"op": "db.query", "description": fmt.Sprintf("SELECT id, total, status, created_at FROM orders WHERE customer = $1 AND page = %d", i),
			"start_timestamp": at, "timestamp": at + 0.012, "status": "ok", "origin": "auto.db.postgres", "tags": object{"service": "checkout-api"},
			"data": object{
				"db.system": "postgresql", "db.name": "shop", "db.operation": "SELECT", "server.address": "localhost", "server.port": 5432,
				"sentry.op": "db.query", "thread.id": fmt.Sprint(i), "thread.name": "main",
			},
		}
	}
	payload, err := json.Marshal(object{
		"event_id": transactionEvent, "type": "transaction", "transaction": "POST /api/checkout", "platform": "node", "environment": "development",
		"release": "checkout-api@1.4.2", "start_timestamp": 1795290000, "timestamp": 1795290001, "spans": spans, "server_name": "laptop",
		"contexts": object{"trace": object{"trace_id": transactionTrace, "span_id": "b1b1b1b100000000", "op": "http.server", "status": "ok"}},
		"sdk":      object{"name": "sentry.javascript.node", "version": "9.40.0"},
	})
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, "{\"event_id\":%q}\n{\"type\":\"transaction\",\"length\":%d}\n%s\n", transactionEvent, len(payload), payload)
}

// numbered writes body with ids of its own to dst, whose memory it uses.
func numbered(dst, body []byte, n int) []byte {
	dst = append(dst[:0], body...)
	raw := [16]byte{7, 12: byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	for _, id := range [...]string{transactionEvent, transactionTrace} {
		for rest := dst; ; {
			at := bytes.Index(rest, []byte(id))
			if at < 0 {
				break
			}
			hex.Encode(rest[at:], raw[:])
			rest = rest[at+len(id):]
		}
	}
	return dst
}

// BenchmarkIngest is what a transaction of a hundred spans costs from its envelope to a full store, without the network:
// framing, translation to pdata and from it, the store with all its indexes, and the oldest records that leave. CPU-us/op
// has the garbage collector in it, which ns/op on a machine of several cores has not.
func BenchmarkIngest(b *testing.B) {
	for _, full := range []bool{false, true} {
		b.Run(fmt.Sprintf("full=%t", full), func(b *testing.B) {
			config := testConfig()
			if !full {
				config.MaxBytes = 16 << 20
			}
			s, err := newSpotlight(config, exportertest.NewNopSettings(metadata.Type))
			require.NoError(b, err)
			defer func() { _ = s.Shutdown(context.Background()) }()
			translator := sentry.NewTranslator(sentry.Options{})
			body := largeTransaction()
			n, text := 0, []byte(nil)
			ingest := func() {
				n++
				text = numbered(text, body, n)
				env, err := envelope.Parse(text, envelope.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				res := translator.Envelope(env, sentry.Request{Endpoint: "envelope", Project: "1", Received: time.Now()})
				_ = s.consumeTraces(context.Background(), res.Traces)
			}
			for s.store.Bytes() < int64(config.MaxBytes)/10*9 {
				ingest()
			}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			before := testkit.CPUTime()
			for b.Loop() {
				ingest()
			}
			b.ReportMetric(float64((testkit.CPUTime()-before).Microseconds())/float64(b.N), "cpu-us/op")
		})
	}
}
