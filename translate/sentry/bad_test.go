package sentry_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// everything is all text of a result: what a developer could find in it.
func everything(t *testing.T, res sentry.Result) string {
	t.Helper()
	var b strings.Builder
	traces, err := (&ptrace.JSONMarshaler{}).MarshalTraces(res.Traces)
	require.NoError(t, err)
	logs, err := (&plog.JSONMarshaler{}).MarshalLogs(res.Logs)
	require.NoError(t, err)
	metrics, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(res.Metrics)
	require.NoError(t, err)
	b.Write(traces)
	b.Write(logs)
	b.Write(metrics)
	for _, lr := range logsOf(res) {
		b.Write(bytesOf(lr.Body())) // bytes are base64 in JSON
		b.WriteByte('\n')
	}
	return b.String()
}

// TestBad_Survivors: of every hostile envelope, what must survive does, in a record that is a record.
func TestBad_Survivors(t *testing.T) {
	n := 0
	for _, c := range testkit.CorpusBad(t) {
		rec, ok := recordedOf(t, c.Request)
		if !ok || len(rec.env.Items) == 0 {
			continue
		}
		n++
		t.Run(c.Name, func(t *testing.T) {
			res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
			text := everything(t, res)
			for _, marker := range c.MustKeep {
				require.Contains(t, text, marker)
			}
			require.NotZero(t, res.Traces.SpanCount()+res.Logs.LogRecordCount()+res.Metrics.DataPointCount())
			for _, m := range resourcesOf(res) {
				require.NotEmpty(t, attr(m, "service.name"))
			}
			for _, s := range spansOf(res) {
				require.False(t, s.TraceID().IsEmpty())
				require.False(t, s.SpanID().IsEmpty())
				require.NotEmpty(t, s.Name())
			}
			for _, lr := range logsOf(res) {
				ev, _ := sentry.DecodeEvent(bytesOf(lr.Body()))
				require.NotEmpty(t, ev.Title)
				_, err := json.Marshal(ev)
				require.NoError(t, err)
			}
		})
	}
	require.Greater(t, n, 35)
}

func TestBad_Marks(t *testing.T) {
	for _, c := range []struct {
		name   string
		marker string // of the record that must carry the warning
		want   string
	}{
		{"event-bad-json", "", model.WarnUnparsable},
		{"event-is-array", "", model.WarnUnparsable},
		{"event-deep-nesting", "keep-bm", "values nested deeper than 200 levels were cut"},
		{"event-bad-timestamps", "keep-bq", model.WarnBadTime},
		{"event-huge-numbers", "keep-bo", model.WarnBadTime},
		{"event-id-missing", "keep-bu", model.WarnMadeUpEventID},
		{"unknown-item-type", "", model.WarnUnknownItemType},
		{"container-one-bad-entry", "keep-ca2", "its trace id is malformed; it is shown without a trace"},
		{"container-one-bad-entry", "null", "this entry of a container is not what its type promises; its text is kept"},
		{"two-events", "keep-be2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, bad := range testkit.CorpusBad(t) {
				if bad.Name != c.name {
					continue
				}
				rec, _ := recordedOf(t, bad.Request)
				res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
				found := false
				for _, lr := range logsOf(res) {
					if !strings.Contains(lr.Body().AsString(), c.marker) {
						continue
					}
					for _, w := range warningsOf(lr.Attributes()) {
						found = found || w == c.want
					}
					if c.want == "" {
						require.Empty(t, warningsOf(lr.Attributes()))
						found = true
					}
				}
				require.True(t, found, "%q", c.want)
				return
			}
			t.Fatal("no such case")
		})
	}
}

// TestBad_TwoEvents: the header's id goes to the first event, the second keeps its own.
func TestBad_TwoEvents(t *testing.T) {
	env := oneItem("event", `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","message":"a","timestamp":1795290000}`)
	env.Header = []byte(`{"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC"}`)
	env.Items = append(env.Items,
		item("event", `{"event_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","message":"b","timestamp":1795290000}`),
		item("event", `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","message":"c","timestamp":1795290000}`),
		item("event", `{"message":"d","timestamp":1795290000}`),
		item("event", `{"message":"d","timestamp":1795290000}`))
	res := translate(env)
	require.Equal(t, "9ec79c33ec9942ab8353589fcb2e04dc", res.EventID)
	ids := map[string]bool{}
	for i, lr := range logsOf(res) {
		id := attr(lr.Attributes(), "sentry.event_id")
		require.Len(t, id, 32)
		require.False(t, ids[id], "event %d has the id of another", i)
		ids[id] = true
	}
	require.Len(t, ids, 5)
	require.True(t, ids["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
}

// TestBad_ManyKeys: objects of many keys take linear time.
func TestBad_ManyKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"items":[{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052","name":"x","start_timestamp":1795290000,"end_timestamp":1795290001,"attributes":{"k":{"type":"integer","value":0}`)
	for i := range 100_000 {
		b.WriteString(`,"`)
		b.WriteString(strings.Repeat("k", i%5))
		b.WriteString(jsonOf(i))
		b.WriteString(`":{"type":"integer","value":1,"unit":"byte"}`)
	}
	b.WriteString(`}}]}`)
	res := one("span", b.String())
	span := spansOf(res)[0]
	require.Greater(t, span.Attributes().Len(), 100_000)
	require.Equal(t, "1", attr(span.Attributes(), "kk17"))
	require.Contains(t, attr(span.Attributes(), "sentry.attribute_units"), `"kk17":"byte"`)

	var tags strings.Builder
	tags.WriteString("a@none:1|c|#x:0")
	for i := range 100_000 {
		tags.WriteString(",t" + jsonOf(i) + ":v")
	}
	res = one("statsd", tags.String())
	require.Equal(t, 100_001, metricsOf(res)[0].Sum().DataPoints().At(0).Attributes().Len())
}
