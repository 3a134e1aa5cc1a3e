package sentry_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// fuzzedTypes are the item types that FuzzEnvelopeItem chooses from.
var fuzzedTypes = [...]string{
	"event", "transaction", "span", "log", "trace_metric", "statsd", "otel_span", "otel_log", "session", "sessions", "check_in",
	"client_report", "feedback", "user_report", "attachment", "replay_event", "replay_recording", "profile", "profile_chunk",
	"raw_security", "nel", "form_data", "from_the_future", "",
}

// everyPayload calls add for the payloads of both corpora, once for each item type and scenario or case.
func everyPayload(f *testing.F, add func(selector uint8, payload []byte)) {
	selector := map[string]uint8{}
	for i, typ := range fuzzedTypes {
		selector[typ] = uint8(i)
	}
	seeds := func(name string, recs []recorded) {
		seen := map[string]bool{}
		for _, rec := range recs {
			for _, it := range rec.env.Items {
				i, ok := selector[it.Type]
				if !ok {
					i = selector["from_the_future"]
				}
				if !seen[it.Type] && len(it.Payload) < 20_000 {
					seen[it.Type] = true
					add(i, it.Payload)
				}
			}
		}
	}
	for _, s := range testkit.Corpus(f) {
		seeds(s.Name, corpus(f, s))
	}
	for _, c := range testkit.CorpusBad(f) {
		if rec, ok := recordedOf(f, c.Request); ok {
			seeds(c.Name, []recorded{rec})
		}
	}
}

// FuzzEnvelopeItem: whatever the payload of an item, it ends up in a record that is well-formed, and comes back byte for
// byte where it is one record.
func FuzzEnvelopeItem(f *testing.F) {
	everyPayload(f, func(selector uint8, payload []byte) { f.Add(selector, payload) })
	tr := sentry.NewTranslator(sentry.Options{})
	f.Fuzz(func(t *testing.T, selector uint8, payload []byte) {
		typ := fuzzedTypes[int(selector)%len(fuzzedTypes)]
		header, err := json.Marshal(map[string]any{"type": typ, "meta_length": selector / 4})
		require.NoError(t, err)
		res := tr.Envelope(envelope.Envelope{Header: []byte(`{}`), Items: []envelope.Item{{Type: typ, Header: header, Payload: payload}}}, sentry.Request{Received: received})
		spans, logs, points := res.Traces.SpanCount(), res.Logs.LogRecordCount(), res.Metrics.DataPointCount()

		for _, s := range spansOf(res) {
			require.False(t, s.TraceID().IsEmpty())
			require.False(t, s.SpanID().IsEmpty())
			wantUTF8(t, s.Attributes())
			require.True(t, utf8.ValidString(s.Name()))
		}
		for _, lr := range logsOf(res) {
			require.NotZero(t, lr.ObservedTimestamp())
			require.True(t, lr.Timestamp() != 0 || typ == "otel_log", "OTLP allows records without a time")
			wantUTF8(t, lr.Attributes())
		}
		for _, m := range resourcesOf(res) {
			require.NotEmpty(t, attr(m, "service.name"))
			wantUTF8(t, m)
		}
		switch typ {
		case "span", "log", "trace_metric", "statsd":
		case "transaction":
			require.Positive(t, spans+logs)
			if spans > 0 {
				payloadAttr, _ := spansOf(res)[0].Attributes().Get("sentry.payload")
				require.Equal(t, string(payload), string(bytesOf(payloadAttr)))
			}
		case "otel_span", "otel_log":
			require.Equal(t, 1, spans+logs)
		default:
			require.Positive(t, spans+logs)
			if logs == 1 {
				lr := logsOf(res)[0]
				meta, ok := lr.Attributes().Get("sentry.attachment.meta")
				if !ok {
					meta = pcommon.NewValueEmpty()
				}
				require.Equal(t, string(payload), string(bytesOf(meta))+string(bytesOf(lr.Body())))
			}
		}
		// It survives OTLP, the JSON form of which refuses what is not well-formed.
		traces, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(res.Traces)
		require.NoError(t, err)
		again, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(traces)
		require.NoError(t, err)
		require.Equal(t, spans, again.SpanCount())
		text, err := (&plog.JSONMarshaler{}).MarshalLogs(res.Logs)
		require.NoError(t, err)
		require.True(t, utf8.Valid(text))
		metrics, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(res.Metrics)
		require.NoError(t, err)
		m, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(metrics)
		require.NoError(t, err)
		require.Equal(t, points, m.DataPointCount())
	})
}

func wantUTF8(t *testing.T, m pcommon.Map) {
	t.Helper()
	keys := map[string]bool{}
	for k, v := range m.All() {
		require.False(t, keys[k], "%q twice", k)
		keys[k] = true
		require.True(t, utf8.ValidString(k), "%q", k)
		if v.Type() == pcommon.ValueTypeStr {
			require.True(t, utf8.ValidString(v.Str()), "%q = %q", k, v.Str())
		}
	}
}

// FuzzDecodeEvent: any payload gives an event with a title that can be shown.
func FuzzDecodeEvent(f *testing.F) {
	everyPayload(f, func(_ uint8, payload []byte) { f.Add(payload) })
	f.Fuzz(func(t *testing.T, payload []byte) {
		ev, _ := sentry.DecodeEvent(payload)
		require.NotEmpty(t, ev.Title)
		require.True(t, utf8.ValidString(ev.Title))
		require.LessOrEqual(t, len(ev.Value), 1024)
		require.NotNil(t, ev.Exceptions)
		require.NotNil(t, ev.Breadcrumbs)
		text, err := json.Marshal(ev)
		require.NoError(t, err)
		require.True(t, utf8.Valid(text))
		part, _ := sentry.DecodeForIssue(payload)
		require.Equal(t, ev.EventSummary, part.EventSummary)
	})
}
