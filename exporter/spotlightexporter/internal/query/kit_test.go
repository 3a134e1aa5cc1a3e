package query

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a store with the questions about it, on a clock that a test moves.
type world struct {
	*Query
	store *live.Store
	t     time.Time
}

func newWorld(limits live.Limits) *world {
	w := &world{t: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.t }
	w.store = live.New(limits, now)
	w.Query = New(w.store, Options{Version: "test", Now: now})
	return w
}

func (w *world) pass(d time.Duration) { w.t = w.t.Add(d) }

// add stores records of any kind.
func (w *world) add(records ...any) {
	b := &model.Batch{}
	for _, r := range records {
		switch r := r.(type) {
		case *model.Span:
			b.Spans = append(b.Spans, r)
		case *model.EventRecord:
			b.Events = append(b.Events, r)
		case *model.Log:
			b.Logs = append(b.Logs, r)
		case *model.Item:
			b.Items = append(b.Items, r)
		case *model.Metric:
			b.Metrics = append(b.Metrics, r)
		default:
			panic(fmt.Sprintf("%T", r))
		}
	}
	w.store.Add(b)
}

func traceID(n int) (id model.TraceID) { binary.BigEndian.PutUint64(id[8:], uint64(n)); return id }
func spanID(n int) (id model.SpanID)   { binary.BigEndian.PutUint64(id[:], uint64(n)); return id }
func eventID(n int) (id model.EventID) { binary.BigEndian.PutUint64(id[8:], uint64(n)); return id }

func attrs(pairs ...any) model.Attributes {
	var a model.Attributes
	for i := 0; i < len(pairs); i += 2 {
		v := model.Value{}
		switch x := pairs[i+1].(type) {
		case string:
			v = model.String(x)
		case int:
			v = model.Int(int64(x))
		}
		a = append(a, model.Attribute{Key: pairs[i].(string), Value: v})
	}
	return a.Sort()
}

var origin = model.TimeOf(time.Date(2026, 11, 21, 11, 59, 0, 0, time.UTC))

const ms = model.Time(time.Millisecond)

// span is a span of a service: from and to are milliseconds from origin.
func span(trace, id, parent int, service, name string, from, to int, opts ...func(*model.Span)) *model.Span {
	s := &model.Span{TraceID: traceID(trace)}
	s.SpanID, s.Name, s.Kind, s.Status, s.Service, s.Origin = spanID(id), name, model.KindInternal, model.StatusUnset, service, model.OriginOTel
	if parent != 0 {
		s.ParentSpanID = spanID(parent)
	}
	s.StartTime, s.DurationNS = origin+model.Time(from)*ms, int64(model.Time(to-from)*ms)
	s.Resource = &model.Resource{Attributes: attrs("service.name", service, "host.name", service+"-host", "process.pid", 1, "telemetry.sdk.name", "opentelemetry", "telemetry.sdk.language", "go")}
	for _, o := range opts {
		o(s)
	}
	return s
}

func kind(k model.SpanKind) func(*model.Span) { return func(s *model.Span) { s.Kind = k } }
func with(pairs ...any) func(*model.Span) {
	return func(s *model.Span) { s.Attributes = model.Pack(attrs(pairs...)) }
}
func failed(s *model.Span)     { s.Status = model.StatusError }
func sentrySpan(s *model.Span) { s.Origin = model.OriginSentry }

// failure is a Sentry error with a payload made of fields.
func failure(id, trace, span int, issue, kind, value string, fields string, opts ...func(*model.EventRecord)) *model.EventRecord {
	payload := fmt.Sprintf(`{"event_id":"%s","platform":"node","exception":{"values":[{"type":%q,"value":%q}]}%s}`, eventID(id), kind, value, fields)
	e := &model.EventRecord{Source: model.SourceSentry, Payload: []byte(payload), How: "frames"}
	e.EventID, e.TraceID, e.IssueID = eventID(id), traceID(trace), issue
	if span != 0 {
		e.SpanID = spanID(span)
	}
	e.Type, e.Level, e.Title, e.Value, e.Service, e.Origin = model.EventError, model.LevelError, kind, value, "api", model.OriginSentry
	e.Time = origin + model.Time(id)*ms
	e.Resource = &model.Resource{Attributes: attrs("service.name", "api", "telemetry.sdk.name", "sentry.javascript.node", "service.instance.id", "s1")}
	for _, o := range opts {
		o(e)
	}
	return e
}

func line(trace, span int, level model.Level, text string, pairs ...any) *model.Log {
	l := &model.Log{Body: model.String(text), Attributes: attrs(pairs...)}
	l.Message, l.Level, l.Service, l.Origin, l.TraceID = text, level, "api", model.OriginOTel, traceID(trace)
	if span != 0 {
		l.SpanID = spanID(span)
	}
	l.Time = origin
	return l
}

func thing(kind string, event int, title, payload string) *model.Item {
	i := &model.Item{Payload: []byte(payload)}
	i.Type, i.Service, i.Origin, i.EventID, i.Size, i.Title = kind, "api", model.OriginSentry, eventID(event), len(payload), title
	return i
}

func gauge(name string, at int, values ...float64) *model.Metric {
	m := &model.Metric{Name: name, Unit: "ms", Type: model.MetricTypeGauge, Service: "api", Origin: model.OriginOTel}
	for i, v := range values {
		val := model.Double(v)
		m.Points = append(m.Points, model.MetricPoint{Time: origin + model.Time(at)*1000*ms, Value: &val, Attributes: attrs("series", i)})
	}
	return m
}

// jsonOf returns v as JSON, for comparing and for measuring.
func jsonOf(t require.TestingT, v any) string {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
