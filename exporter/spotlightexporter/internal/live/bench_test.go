package live

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// template makes batches like those of an OpenTelemetry SDK: 100 spans with 10 attributes, of perTrace spans a trace.
type template struct {
	n, perTrace int
	res         *model.Resource
	scope       *model.InstrumentationScope
	keys        [10]string
}

func newTemplate(perTrace int) *template {
	t := &template{perTrace: perTrace, res: process("api", "42"), scope: &model.InstrumentationScope{Name: "lib"}}
	for i := range t.keys {
		t.keys[i] = fmt.Sprintf("attribute.number.%d", i)
	}
	return t
}

func (tp *template) batch(n int) *model.Batch {
	b := &model.Batch{Spans: make([]*model.Span, n)}
	for i := range b.Spans {
		s := span(tp.n/tp.perTrace+1, tp.n+1)
		tp.n++
		s.Name = "GET /api/orders/{id}"
		s.Resource, s.Scope = tp.res, tp.scope
		attrs := make(model.Attributes, len(tp.keys))
		for k := range tp.keys {
			attrs[k] = model.Attribute{Key: tp.keys[k], Value: model.String(fmt.Sprintf("value %d of %d", k, tp.n))}
		}
		s.Attributes = model.Pack(attrs)
		b.Spans[i] = s
	}
	return b
}

// BenchmarkAdd stores batches of 100 spans with 10 attributes in a store that is full, so that as much leaves as comes.
func BenchmarkAdd(b *testing.B) {
	for _, perTrace := range []int{1, 10, 1000} {
		b.Run(fmt.Sprintf("spans_per_trace=%d", perTrace), func(b *testing.B) {
			s := New(Limits{MaxBytes: 32 << 20}, time.Now)
			tp := newTemplate(perTrace)
			for s.Status().Evicted[evictedBytes] == 0 {
				s.Add(tp.batch(100))
			}
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				batch := tp.batch(100)
				b.StartTimer()
				s.Add(batch)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/span")
		})
	}
}

// BenchmarkSnapshot adds 10 spans to an open trace of 10,000 and looks at it.
func BenchmarkSnapshot(b *testing.B) {
	s := New(Limits{MaxSpansPerTrace: 1 << 30, MaxBytes: 8 << 30}, time.Now)
	tp := newTemplate(1 << 30)
	s.Add(tp.batch(10_000))
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		batch := tp.batch(10)
		b.StartTimer()
		s.Add(batch)
		_, ok := s.Trace(traceID(1))
		require.True(b, ok)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}

// TestBytesAreHonest compares the store's own accounting with the heap, for different kinds of data.
func TestBytesAreHonest(t *testing.T) {
	big := make([]byte, 1<<20)
	tests := map[string]func(s *Store, n int){
		"spans, one in a trace":     func(s *Store, n int) { s.Add(newTemplateAt(n, 1).batch(100)) },
		"spans, 1,000 in a trace":   func(s *Store, n int) { s.Add(newTemplateAt(n, 1000).batch(100)) },
		"spans without attributes":  func(s *Store, n int) { s.Add(bare(n, 1)) },
		"bare spans, 500 a trace":   func(s *Store, n int) { s.Add(bare(n, 500)) },
		"logs without a trace":      func(s *Store, n int) { s.Add(textLogs(n, 0)) },
		"logs in traces":            func(s *Store, n int) { s.Add(textLogs(n, 1)) },
		"events":                    func(s *Store, n int) { s.Add(payloads(n, 2000)) },
		"small events, many issues": func(s *Store, n int) { s.Add(payloads(n, 20)) },
		"attachments": func(s *Store, n int) {
			s.Add(items(thing("attachment", n+1, fmt.Sprint(n, string(big[:100<<10])))))
		},
		"items":   func(s *Store, n int) { s.Add(items(thing("session", 0, fmt.Sprint(n)))) },
		"metrics": func(s *Store, n int) { s.Add(metrics(manyPoints(n))) },
		"metrics, a new series each": func(s *Store, n int) {
			m := manyPoints(n)
			for i := range m.Points {
				m.Points[i].Attributes = attrs("id", fmt.Sprint(n, i))
			}
			s.Add(metrics(m))
		},
		"a large resource each, and a small span": func(s *Store, n int) {
			sp := span(n+1, 1)
			sp.Resource = resource("service.name", "api", "process.pid", fmt.Sprint(n), "text", string(big[:60_000])+fmt.Sprint(n))
			s.Add(spans(sp))
		},
		"large scopes, metric names, issues, kinds": func(s *Store, n int) {
			long := string(big[:20_000]) + fmt.Sprint(n)
			sp := span(n+1, 1)
			sp.Scope = &model.InstrumentationScope{Name: long}
			b := spans(sp)
			b.Metrics = []*model.Metric{gauge(long, n, 1)}
			b.Events = []*model.EventRecord{failure(n+1, 0, fmt.Sprint(n), func(e *model.EventRecord) { e.Title, e.Value = long+"t", long+"v" })}
			b.Items = []*model.Item{thing(long, 0, "x")}
			s.Add(b)
		},
		"a resource each": func(s *Store, n int) {
			sp := span(n+1, 1)
			sp.Resource = resource("service.name", "api", "process.pid", fmt.Sprint(n), "text", string(big[:2000])+fmt.Sprint(n))
			s.Add(spans(sp))
		},
	}
	for name, add := range tests {
		t.Run(name, func(t *testing.T) {
			const limit = 24 << 20
			before := heap()
			s := New(Limits{MaxBytes: limit}, time.Now)
			for n := 0; s.evicted[evictedBytes] < 1000 && n < 2_000_000; n += 1 {
				add(s, n)
			}
			bytes, used := s.Bytes(), heap()-before
			t.Logf("accounted %.1f MiB, heap %.1f MiB, ratio %.2f", float64(bytes)/(1<<20), float64(used)/(1<<20), float64(used)/float64(bytes))
			require.LessOrEqual(t, bytes, int64(limit))
			require.Less(t, float64(used), 1.25*float64(bytes)+(4<<20), "more memory than the store says")
			require.Greater(t, float64(used), 0.6*float64(bytes), "the store could keep more")
			runtime.KeepAlive(s)
		})
	}
}

func newTemplateAt(n, perTrace int) *template {
	tp := newTemplate(perTrace)
	tp.n = n * 100
	return tp
}

func bare(n, perTrace int) *model.Batch {
	b := &model.Batch{}
	for i := range 100 {
		id := n*100 + i
		s := span(id/perTrace+1, id+1)
		b.Spans = append(b.Spans, s)
	}
	return b
}

func textLogs(n, trace int) *model.Batch {
	b := &model.Batch{}
	for i := range 100 {
		l := line(0, fmt.Sprintf("something happened at %d in the course of %d", i, n))
		if trace > 0 {
			l.TraceID = traceID(n/3 + 1)
		}
		l.Body = model.String(l.Message)
		l.Attributes = attrs("thread", fmt.Sprintf("pool-%d", i), "class", "com.example.Orders")
		b.Logs = append(b.Logs, l)
	}
	return b
}

func payloads(n, size int) *model.Batch {
	b := &model.Batch{}
	for i := range 20 {
		id := n*20 + i + 1
		e := failure(id, id/3, fmt.Sprintf("issue %d", id/2))
		e.Payload = make([]byte, size)
		b.Events = append(b.Events, e)
	}
	return b
}

func manyPoints(n int) *model.Metric {
	values := make([]float64, 50)
	for i := range values {
		values[i] = float64(n)
	}
	return gauge(fmt.Sprintf("metric %d", n%20), n, values...)
}
