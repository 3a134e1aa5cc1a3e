package sentry_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

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

// TestBad_Linear: no object or list of a payload takes quadratic time, whatever it stands for.
func TestBad_Linear(t *testing.T) {
	if slow || testing.Short() {
		t.Skip("takes a while")
	}
	const n = 150_000
	members := func(member string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.ReplaceAll(member, "#", jsonOf(i)))
		}
		return b.String()
	}
	const ids = `"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052"`
	head := `{"contexts":{"trace":{` + ids + `}},"transaction":"t","start_timestamp":1,"timestamp":2,"spans":[{` + ids + `,"start_timestamp":1,"timestamp":2,`
	for _, c := range []struct{ name, typ, payload string }{
		{"attributes", "span", `{"items":[{` + ids + `,"name":"x","start_timestamp":1,"end_timestamp":2,"attributes":{` + members(`"k#":{"type":"integer","value":#}`) + `}}]}`},
		{"left-over fields", "span", `{"items":[{` + ids + `,"name":"x","start_timestamp":1,"end_timestamp":2,` + members(`"k#":1`) + `}]}`},
		{"links", "span", `{"items":[{` + ids + `,"name":"x","start_timestamp":1,"end_timestamp":2,"links":[` + members(`{`+ids+`}`) + `]}]}`},
		{"data", "transaction", head + `"data":{` + members(`"k#":1`) + `}}]}`},
		{"span tags", "transaction", head + `"tags":{` + members(`"k#":1`) + `}}]}`},
		{"span tags as pairs", "transaction", head + `"tags":[` + members(`["k#",1]`) + `]}]}`},
		{"measurements", "transaction", head + `"measurements":{` + members(`"k#":{"value":1}`) + `}}]}`},
		{"spans", "transaction", `{"contexts":{"trace":{` + ids + `}},"transaction":"t","start_timestamp":1,"timestamp":2,"spans":[` + members(`{}`) + `]}`},
		{"an OpenTelemetry resource", "event", `{"contexts":{"otel":{"resource":{` + members(`"k#":"v"`) + `}}}}`},
		{"tags", "event", `{"tags":{` + members(`"k#":1`) + `}}`},
		{"exceptions", "event", `{"exception":[` + members(`{"type":"E","mechanism":{"exception_id":#,"parent_id":0}}`) + `]}`},
		{"a chain of exceptions", "event", `{"exception":[` + members(`{"type":"E","mechanism":{"exception_id":#,"parent_id":1#}}`) + `]}`},
		{"frames", "event", `{"exception":[{"type":"E","stacktrace":{"frames":[` + members(`{"function":"f#"}`) + `]}}]}`},
		{"message parameters", "event", `{"logentry":{"message":"` + strings.Repeat("%s", n) + `","params":[` + members(`"#"`) + `]}}`},
		{"one key", "event", `{` + members(`"message":"m"`) + `}`},
		{"logs of many services", "log", `{"items":[` + members(`{"timestamp":1,"body":"x","attributes":{"sentry.release":{"type":"string","value":"r#@1"}}}`) + `]}`},
		{"metrics of many names", "trace_metric", `{"items":[` + members(`{"timestamp":1,"name":"m#","type":"counter","value":1}`) + `]}`},
		{"discarded events", "client_report", `{"discarded_events":[` + members(`{"reason":"r","category":"c","quantity":1}`) + `]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			res := one(c.typ, c.payload)
			require.NotZero(t, res.Traces.SpanCount()+res.Logs.LogRecordCount()+res.Metrics.DataPointCount())
			sentry.DecodeEvent([]byte(c.payload))
			require.Less(t, time.Since(start), 20*time.Second) // linear takes tenths of a second, quadratic a minute
			require.LessOrEqual(t, len(resourcesOf(res)), 20)
		})
	}
}
