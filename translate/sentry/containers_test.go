package sentry_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// TestCorpus_Containers: every field of every entry of a container is in the pdata, compared with another parser's
// reading of the body.
func TestCorpus_Containers(t *testing.T) {
	seen := map[string]int{}
	everyEnvelope(t, func(t *testing.T, rec recorded, res sentry.Result) {
		spans, logs := spansOf(res), logsOf(res)
		points := pointsOf(res)
		for _, it := range rec.env.Items {
			if it.Type != "span" && it.Type != "log" && it.Type != "trace_metric" {
				continue
			}
			body := parsed(t, it.Payload).(map[string]any)
			entries, ok := body["items"].([]any)
			if !ok {
				continue
			}
			for _, e := range entries {
				entry := e.(map[string]any)
				seen[it.Type]++
				switch it.Type {
				case "span":
					s := spans[0]
					spans = spans[1:]
					wantAttributes(t, s.Attributes(), entry, "is_segment")
					require.Equal(t, entry["name"], s.Name())
					require.Equal(t, entry["trace_id"], s.TraceID().String())
					require.Equal(t, entry["span_id"], s.SpanID().String())
					require.Equal(t, orEmpty(entry["parent_span_id"]), s.ParentSpanID().String())
					require.Equal(t, strings.ToLower(s.Status().Code().String()), orEmpty(entry["status"]))
					wantTime(t, entry["start_timestamp"], s.StartTimestamp())
					wantTime(t, entry["end_timestamp"], s.EndTimestamp())
					require.Equal(t, entry["is_segment"] == true, attr(s.Attributes(), "sentry.is_segment") == "true")
					links, _ := entry["links"].([]any)
					require.Equal(t, len(links), s.Links().Len())
					for i, l := range links {
						link := l.(map[string]any)
						require.Equal(t, link["span_id"], s.Links().At(i).SpanID().String())
						require.Equal(t, link["trace_id"], s.Links().At(i).TraceID().String())
						require.Equal(t, link["sampled"] == true, s.Links().At(i).Flags() == 1)
						wantAttributes(t, s.Links().At(i).Attributes(), link)
					}
				case "log":
					lr := logs[0]
					logs = logs[1:]
					wantAttributes(t, lr.Attributes(), entry)
					require.Equal(t, entry["body"], lr.Body().Str())
					require.Equal(t, entry["trace_id"], lr.TraceID().String())
					require.Equal(t, entry["level"], lr.SeverityText())
					require.Equal(t, string(entry["severity_number"].(json.Number)), strconv.Itoa(int(lr.SeverityNumber())))
					wantTime(t, entry["timestamp"], lr.Timestamp())
				case "trace_metric":
					wantPoint(t, points, entry)
				}
			}
		}
	})
	t.Log(seen)
	require.Greater(t, seen["span"], 400)
	require.Greater(t, seen["log"], 15)
	require.Greater(t, seen["trace_metric"], 10)
}

func orEmpty(v any) string {
	s, _ := v.(string)
	return s
}

func wantTime(t *testing.T, want any, got pcommon.Timestamp) {
	t.Helper()
	require.Equal(t, nanos(t, want), got)
}

// nanos reads a timestamp of a body by cutting its text.
func nanos(t *testing.T, v any) pcommon.Timestamp {
	t.Helper()
	switch v := v.(type) {
	case json.Number:
		whole, frac, _ := strings.Cut(string(v), ".")
		ns, err := strconv.ParseUint(whole+(frac + "000000000")[:9], 10, 64)
		require.NoError(t, err)
		return pcommon.Timestamp(ns)
	case string:
		at, err := time.Parse(time.RFC3339Nano, v)
		require.NoError(t, err)
		return pcommon.NewTimestampFromTime(at)
	}
	t.Fatalf("no time: %v", v)
	return 0
}

// wantAttributes checks the typed attributes of an entry against those of a record, which may have the given further
// ones, and those about the envelope.
func wantAttributes(t *testing.T, got pcommon.Map, entry map[string]any, further ...string) {
	t.Helper()
	attributes, _ := entry["attributes"].(map[string]any)
	units := map[string]string{}
	for k, a := range attributes {
		want := a
		if typed, ok := a.(map[string]any); ok {
			want = typed["value"]
			if unit, ok := typed["unit"].(string); ok {
				units[k] = unit
			}
		}
		v, ok := got.Get(k)
		if !ok {
			v, ok = got.Get(map[string]string{
				"db.name": "db.namespace", "db.statement": "db.query.text", "db.system": "db.system.name", "sentry.transaction": "sentry.segment.name",
			}[k])
		}
		require.True(t, ok, k)
		require.Equal(t, jsonOf(want), jsonOf(v.AsRaw()), k)
	}
	if len(units) > 0 {
		require.JSONEq(t, jsonOf(units), attr(got, "sentry.attribute_units"))
	}
	extra := 0
	for _, k := range append(further, "sentry.envelope.header", "sentry.sent_at", "sentry.attribute_units") {
		if _, ok := got.Get(k); ok {
			extra++
		}
		if _, ok := got.Get("sentry." + k); ok {
			extra++
		}
	}
	require.LessOrEqual(t, got.Len(), len(attributes)+extra)
}

// point is a data point of any type with the metric it belongs to.
type point struct {
	metric   pmetric.Metric
	at       pcommon.Timestamp
	value    float64
	attrs    pcommon.Map
	exemplar pmetric.Exemplar
}

func pointsOf(res sentry.Result) (out []point) {
	for _, m := range metricsOf(res) {
		var numbers pmetric.NumberDataPointSlice
		switch m.Type() {
		case pmetric.MetricTypeHistogram:
			for _, p := range m.Histogram().DataPoints().All() {
				out = append(out, point{m, p.Timestamp(), p.Sum(), p.Attributes(), p.Exemplars().At(0)})
			}
			continue
		case pmetric.MetricTypeSum:
			numbers = m.Sum().DataPoints()
		default:
			numbers = m.Gauge().DataPoints()
		}
		for _, p := range numbers.All() {
			v := p.DoubleValue()
			if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
				v = float64(p.IntValue())
			}
			out = append(out, point{m, p.Timestamp(), v, p.Attributes(), p.Exemplars().At(0)})
		}
	}
	return out
}

func wantPoint(t *testing.T, points []point, entry map[string]any) {
	t.Helper()
	value, err := entry["value"].(json.Number).Float64()
	require.NoError(t, err)
	kinds := map[any]pmetric.MetricType{"counter": pmetric.MetricTypeSum, "gauge": pmetric.MetricTypeGauge, "distribution": pmetric.MetricTypeHistogram}
	for _, p := range points {
		if p.metric.Name() != entry["name"] || p.value != value || p.metric.Type() != kinds[entry["type"]] || p.at != nanos(t, entry["timestamp"]) {
			continue
		}
		wantAttributes(t, p.attrs, entry)
		require.Equal(t, entry["trace_id"], p.exemplar.TraceID().String())
		require.Equal(t, orEmpty(entry["span_id"]), p.exemplar.SpanID().String())
		require.Equal(t, value, p.exemplar.DoubleValue())
		return
	}
	t.Fatalf("no point for %v", entry)
}

// TestTransactions: a transaction's spans are where its payload says.
func TestTransactions(t *testing.T) {
	n := 0
	for _, s := range testkit.Corpus(t) {
		for _, rec := range corpus(t, s) {
			for _, it := range rec.env.Items {
				if it.Type != "transaction" {
					continue
				}
				n++
				res := one("transaction", string(it.Payload))
				spans := spansOf(res)
				body := parsed(t, it.Payload).(map[string]any)
				trace := body["contexts"].(map[string]any)["trace"].(map[string]any)
				require.Equal(t, body["transaction"], spans[0].Name())
				require.Equal(t, trace["span_id"], spans[0].SpanID().String())
				require.Equal(t, trace["trace_id"], spans[0].TraceID().String())
				require.Equal(t, orEmpty(trace["parent_span_id"]), spans[0].ParentSpanID().String())
				require.Equal(t, orEmpty(trace["op"]), attr(spans[0].Attributes(), "sentry.op"))
				wantTime(t, body["start_timestamp"], spans[0].StartTimestamp())
				wantTime(t, body["timestamp"], spans[0].EndTimestamp())
				children, _ := body["spans"].([]any)
				for i, c := range children {
					child, span := c.(map[string]any), spans[i+1]
					require.Equal(t, child["span_id"], span.SpanID().String())
					require.Equal(t, orEmpty(child["parent_span_id"]), span.ParentSpanID().String())
					wantTime(t, child["start_timestamp"], span.StartTimestamp())
					wantTime(t, child["timestamp"], span.EndTimestamp())
					if d := orEmpty(child["description"]); d != "" {
						require.Equal(t, d, span.Name())
					}
					require.Empty(t, attr(span.Attributes(), "sentry.payload"))
				}
			}
		}
	}
	require.Greater(t, n, 10)
}
