package frompdata

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// drawMap fills m with attributes: well-known keys with values of any kind, and any other.
func drawMap(t *rapid.T, m pcommon.Map, depth int) {
	var keys []string
	for _, row := range factKeys {
		keys = append(keys, row.keys...)
	}
	key := rapid.OneOf(rapid.SampledFrom(keys), rapid.String())
	for range rapid.IntRange(0, 12).Draw(t, "attributes") {
		drawValue(t, m.PutEmpty(key.Draw(t, "key")), depth)
	}
}

func drawValue(t *rapid.T, v pcommon.Value, depth int) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"GET", "http://localhost:8969/stream", "https://shop.test/a?b", "SELECT 1 FROM x", "postgresql", "OK", "NOT_FOUND", "500", "{}", "true", "exception",
	}))
	switch rapid.IntRange(0, 7+min(depth, 2)).Draw(t, "kind") {
	case 0, 1, 2, 3:
		v.SetStr(text.Draw(t, "text"))
	case 4:
		v.SetInt(rapid.Int64().Draw(t, "int"))
	case 5:
		v.SetDouble(rapid.Float64().Draw(t, "double"))
	case 6:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case 7:
		v.SetEmptyBytes().FromRaw(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
	case 8:
		drawMap(t, v.SetEmptyMap(), depth-1)
	case 9:
		list := v.SetEmptySlice()
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			drawValue(t, list.AppendEmpty(), depth-1)
		}
	}
}

func drawTime(t *rapid.T) pcommon.Timestamp {
	return pcommon.Timestamp(rapid.OneOf(
		rapid.Uint64(), rapid.Just(uint64(0)), rapid.Uint64Range(1_700_000_000_000_000_000, 1_700_000_000_000_001_000),
	).Draw(t, "time"))
}

// Whatever the fields hold: every span is there, and has what every reader relies on.
func TestTraces_AnySpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		td, span := newSpan(rapid.SampledFrom([]string{"test", "github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver"}).Draw(t, "scope"),
			rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"GET", "GET localhost", "SELECT"})).Draw(t, "name"), "", "")
		span.SetKind(ptrace.SpanKind(rapid.Int32Range(-1, 7).Draw(t, "kind")))
		span.Status().SetCode(ptrace.StatusCode(rapid.Int32Range(-1, 4).Draw(t, "code")))
		span.SetStartTimestamp(drawTime(t))
		span.SetEndTimestamp(drawTime(t))
		drawMap(t, td.ResourceSpans().At(0).Resource().Attributes(), 2)
		drawMap(t, span.Attributes(), 2)
		for range rapid.IntRange(0, 2).Draw(t, "events") {
			e := span.Events().AppendEmpty()
			e.SetName(rapid.SampledFrom([]string{"exception", "retry"}).Draw(t, "event"))
			e.SetTimestamp(drawTime(t))
			drawMap(t, e.Attributes(), 1)
		}
		b := Traces(td, Options{Received: arrival, OwnEndpoints: []string{"localhost:8969"}})
		if len(b.Spans)+b.Dropped[DroppedOwnTraffic] != 1 {
			t.Fatalf("%d spans, dropped %v", len(b.Spans), b.Dropped)
		}
		for _, s := range b.Spans {
			if s.Name == "" || s.Service == "" || s.Kind == 0 || s.Status == 0 || s.DurationNS < 0 || s.TraceID.IsZero() || !sorted(s.Attributes.Unpack()) {
				t.Fatalf("%+v", s)
			}
			if s.Open != (span.EndTimestamp() == 0) {
				t.Fatal("open")
			}
		}
		text, err := json.Marshal(b)
		if err != nil || !json.Valid(text) {
			t.Fatalf("%v %s", err, text)
		}
	})
}

func FuzzTraces(f *testing.F) {
	seedCorpus(f, "/v1/traces")
	f.Fuzz(func(t *testing.T, body []byte) {
		td, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces(body)
		if err != nil {
			return
		}
		n := td.SpanCount()
		b := Traces(td, Options{Received: arrival, OwnEndpoints: []string{"localhost:8969"}, MaxRecords: 1000})
		require.LessOrEqual(t, len(b.Spans)+len(b.Events), 1000)
		require.GreaterOrEqual(t, len(b.Spans)+b.Dropped[DroppedLimit]+b.Dropped[DroppedOwnTraffic], n)
		checkBatch(t, b)
		valid(t, b)
	})
}

func FuzzLogs(f *testing.F) {
	seedCorpus(f, "/v1/logs")
	f.Fuzz(func(t *testing.T, body []byte) {
		ld, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(body)
		if err != nil {
			return
		}
		b := Logs(ld, Options{Received: arrival, MaxRecords: 1000})
		require.LessOrEqual(t, len(b.Logs)+len(b.Items), 1000)
		checkBatch(t, b)
		valid(t, b)
	})
}

func FuzzMetrics(f *testing.F) {
	seedCorpus(f, "/v1/metrics")
	f.Fuzz(func(t *testing.T, body []byte) {
		md, err := new(pmetric.ProtoUnmarshaler).UnmarshalMetrics(body)
		if err != nil {
			return
		}
		b := Metrics(md, Options{Received: arrival, MaxRecords: 1000})
		require.LessOrEqual(t, len(b.Metrics), 1000)
		valid(t, b)
	})
}

func valid(t *testing.T, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	require.True(t, json.Valid(text))
}

// seedCorpus adds every request of the corpus that becomes the signal of an OTLP path, as OTLP.
func seedCorpus(f *testing.F, path string) {
	f.Helper()
	for _, scenario := range testkit.Corpus(f) {
		for _, r := range scenario.Requests {
			d, ok := decode(f, r)
			if !ok {
				continue
			}
			var body []byte
			var err error
			switch path {
			case "/v1/traces":
				body, err = new(ptrace.ProtoMarshaler).MarshalTraces(d.traces)
			case "/v1/logs":
				body, err = new(plog.ProtoMarshaler).MarshalLogs(d.logs)
			default:
				body, err = new(pmetric.ProtoMarshaler).MarshalMetrics(d.metrics)
			}
			require.NoError(f, err)
			if len(body) > 0 && len(body) < 64<<10 {
				f.Add(body)
			}
		}
	}
}
