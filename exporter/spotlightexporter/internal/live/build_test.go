package live

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that stands still until a test moves it.
type clock struct{ t time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time        { return c.t }
func (c *clock) pass(d time.Duration)  { c.t = c.t.Add(d) }
func (c *clock) at() model.Time        { return model.TimeOf(c.t) }
func traceID(n int) (id model.TraceID) { binary.BigEndian.PutUint64(id[8:], uint64(n)); return id }
func spanID(n int) (id model.SpanID)   { binary.BigEndian.PutUint64(id[:], uint64(n)); return id }
func eventID(n int) (id model.EventID) { binary.BigEndian.PutUint64(id[8:], uint64(n)); return id }

// attrs makes sorted attributes of pairs.
func attrs(pairs ...string) model.Attributes {
	var a model.Attributes
	for i := 0; i < len(pairs); i += 2 {
		a = append(a, model.Attribute{Key: pairs[i], Value: model.String(pairs[i+1])})
	}
	return a.Sort()
}

func resource(pairs ...string) *model.Resource { return &model.Resource{Attributes: attrs(pairs...)} }

// process is a resource of a service's process.
func process(service, pid string) *model.Resource {
	return resource("service.name", service, "host.name", "laptop", "process.pid", pid, "telemetry.sdk.name", "opentelemetry")
}

func span(trace, id int, opts ...func(*model.Span)) *model.Span {
	s := &model.Span{TraceID: traceID(trace)}
	s.SpanID = spanID(id)
	s.Name, s.Kind, s.Status, s.Service, s.Origin = fmt.Sprintf("span %d", id), model.KindInternal, model.StatusUnset, "api", model.OriginOTel
	s.StartTime, s.DurationNS = model.Time(1e18+id), 1000
	for _, o := range opts {
		o(s)
	}
	return s
}

func with(pairs ...string) func(*model.Span) {
	return func(s *model.Span) { s.Attributes = model.Pack(attrs(pairs...)) }
}

// failure is an error event.
func failure(id, trace int, issue string, opts ...func(*model.EventRecord)) *model.EventRecord {
	e := &model.EventRecord{Source: model.SourceSentry, Payload: []byte(`{"event_id":"x"}`)}
	e.EventID, e.TraceID, e.IssueID = eventID(id), traceID(trace), issue
	e.Type, e.Level, e.Title, e.Value, e.Service, e.Origin = model.EventError, model.LevelError, "Error", "boom", "api", model.OriginSentry
	e.Time = model.Time(1e18 + id)
	for _, o := range opts {
		o(e)
	}
	return e
}

func line(trace int, text string, opts ...func(*model.Log)) *model.Log {
	l := &model.Log{Body: model.String(text)}
	l.Message, l.Level, l.Service, l.Origin, l.TraceID = text, model.LevelInfo, "api", model.OriginOTel, traceID(trace)
	for _, o := range opts {
		o(l)
	}
	return l
}

func thing(kind string, event int, payload string) *model.Item {
	i := &model.Item{Payload: []byte(payload)}
	i.Type, i.Service, i.Origin, i.EventID, i.Size = kind, "api", model.OriginSentry, eventID(event), len(payload)
	return i
}

func gauge(name string, at int, values ...float64) *model.Metric {
	m := &model.Metric{Name: name, Type: model.MetricTypeGauge, Service: "api", Origin: model.OriginOTel}
	for i, v := range values {
		val := model.Double(v)
		m.Points = append(m.Points, model.MetricPoint{Time: model.Time(1e18 + at), Value: &val, Attributes: attrs("series", fmt.Sprint(i))})
	}
	return m
}

func spans(list ...*model.Span) *model.Batch         { return &model.Batch{Spans: list} }
func events(list ...*model.EventRecord) *model.Batch { return &model.Batch{Events: list} }
func logs(list ...*model.Log) *model.Batch           { return &model.Batch{Logs: list} }
func items(list ...*model.Item) *model.Batch         { return &model.Batch{Items: list} }
func metrics(list ...*model.Metric) *model.Batch     { return &model.Batch{Metrics: list} }
