package sentry_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// recorded is an envelope of the corpus with the request it came in.
type recorded struct {
	name string
	env  envelope.Envelope
	req  sentry.Request
}

// corpus returns everything in a scenario that is or becomes an envelope. Encodings other than gzip and base64(zlib), and
// multipart bodies, are the receiver's work and left out.
func corpus(tb testing.TB, s testkit.Scenario) (out []recorded) {
	tb.Helper()
	for _, r := range s.Requests {
		if rec, ok := recordedOf(tb, r); ok {
			out = append(out, rec)
		}
	}
	return out
}

func recordedOf(tb testing.TB, r testkit.Request) (recorded, bool) {
	tb.Helper()
	query, _ := url.ParseQuery(r.Query)
	project, endpoint := "", strings.Trim(r.Path, "/")
	if parts := strings.Split(endpoint, "/"); len(parts) >= 3 && parts[0] == "api" {
		project, endpoint = parts[1], parts[2]
	}
	rec := recorded{name: r.Name, req: sentry.Request{
		Endpoint: endpoint, Project: project, PublicKey: query.Get("sentry_key"), Client: query.Get("sentry_client"),
		PeerAddr: "192.0.2.7", Received: received,
	}}
	body := r.Body
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return rec, false // truncated or not compressed at all
		}
		const most = 64 << 20 // bombs are the receiver's work too
		if body, err = io.ReadAll(io.LimitReader(z, most)); err != nil || len(body) == most {
			return rec, false
		}
	default:
		return rec, false
	}
	switch {
	case r.Method != "POST":
		return rec, false
	case endpoint == "envelope" || endpoint == "stream":
		env, err := envelope.Parse(body, envelope.Limits{})
		if err != nil {
			return rec, false
		}
		rec.env = env
	case endpoint == "store":
		if len(body) > 0 && body[0] != '{' {
			packed, err := base64.StdEncoding.DecodeString(string(body))
			if err != nil {
				return rec, false
			}
			if z, err := zlib.NewReader(bytes.NewReader(packed)); err == nil {
				packed, err = io.ReadAll(z)
				require.NoError(tb, err)
			}
			body = packed
		}
		rec.env = oneItem("event", string(body))
	case endpoint == "security":
		rec.env = oneItem("raw_security", string(body))
	case endpoint == "nel":
		rec.env = oneItem("nel", string(body))
	default:
		return rec, false
	}
	return rec, true
}

// oneItem is an envelope of one item, as the receiver makes it of a request without framing.
func oneItem(itemType, payload string) envelope.Envelope {
	return envelope.Envelope{Header: []byte("{}"), Items: []envelope.Item{item(itemType, payload)}}
}

func item(itemType, payload string) envelope.Item {
	return envelope.Item{Type: itemType, Header: []byte(`{"type":"` + itemType + `"}`), Payload: []byte(payload)}
}

func translate(env envelope.Envelope) sentry.Result {
	return sentry.NewTranslator(sentry.Options{}).Envelope(env, sentry.Request{
		Endpoint: "envelope", Project: "1", PublicKey: "key", PeerAddr: "192.0.2.7", Received: received,
	})
}

// one translates one item and returns its records.
func one(itemType, payload string) sentry.Result { return translate(oneItem(itemType, payload)) }

func spansOf(res sentry.Result) (out []ptrace.Span) {
	for _, rs := range res.Traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				out = append(out, s)
			}
		}
	}
	return out
}

func logsOf(res sentry.Result) (out []plog.LogRecord) {
	for _, rl := range res.Logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				out = append(out, lr)
			}
		}
	}
	return out
}

func metricsOf(res sentry.Result) (out []pmetric.Metric) {
	for _, rm := range res.Metrics.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				out = append(out, m)
			}
		}
	}
	return out
}

// resourcesOf returns the resources of a result, one for each signal of each process.
func resourcesOf(res sentry.Result) (out []pcommon.Map) {
	for _, rs := range res.Traces.ResourceSpans().All() {
		out = append(out, rs.Resource().Attributes())
	}
	for _, rl := range res.Logs.ResourceLogs().All() {
		out = append(out, rl.Resource().Attributes())
	}
	for _, rm := range res.Metrics.ResourceMetrics().All() {
		out = append(out, rm.Resource().Attributes())
	}
	return out
}

// bytesOf returns a payload as it was put into pdata.
func bytesOf(v pcommon.Value) []byte {
	if v.Type() == pcommon.ValueTypeBytes {
		return v.Bytes().AsRaw()
	}
	return []byte(v.Str())
}

// attr returns an attribute as text, "" when it is missing.
func attr(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

func warningsOf(m pcommon.Map) (out []string) {
	v, ok := m.Get("sentry.warnings")
	if !ok {
		return nil
	}
	for _, w := range v.Slice().All() {
		out = append(out, w.Str())
	}
	return out
}

// parsed is a payload read by another parser than ours.
func parsed(tb testing.TB, payload []byte) (v any) {
	tb.Helper()
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.UseNumber()
	require.NoError(tb, dec.Decode(&v), "%.200s", payload)
	return v
}

// jsonOf writes anything as compact JSON with sorted keys.
func jsonOf(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(err)
	}
	return strings.TrimSpace(b.String())
}
