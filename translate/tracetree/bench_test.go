package tracetree

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// shape makes n spans of a kind of trace.
type shape struct {
	name string
	make func(n int) []*model.Span
}

func span(n, parent int, start, end int64) *model.Span {
	s := &model.Span{TraceID: model.TraceID{1}}
	s.SpanID, s.ParentSpanID = spanID(n), spanID(parent)
	s.Name, s.Op, s.Service, s.Origin = fmt.Sprintf("SELECT * FROM t WHERE id = %d", n), "db", "app", model.OriginOTel
	s.Kind, s.Status = model.KindInternal, model.StatusUnset
	s.StartTime, s.DurationNS = epoch0+model.Time(start), end-start
	s.Resource = appResource
	return s
}

var appResource = &model.Resource{Attributes: model.Attributes{{Key: "service.name", Value: model.String("app")}}}

func spanID(n int) (id model.SpanID) {
	if n == 0 {
		return id
	}
	id[0] = 0xa0
	id[5], id[6], id[7] = byte(n>>16), byte(n>>8), byte(n)
	return id
}

// services is a request through ten services, each with some depth and calls in series and in parallel.
func services(n int) []*model.Span {
	rnd := rand.New(rand.NewPCG(1, 2))
	spans := []*model.Span{span(1, 0, 0, int64(n)*ms)}
	resources := make([]*model.Resource, 10)
	for i := range resources {
		resources[i] = &model.Resource{Attributes: model.Attributes{{Key: "service.name", Value: model.String(fmt.Sprint("svc", i))}}}
	}
	for i := 2; i <= n; i++ {
		up := spans[max(0, i-2-rnd.IntN(40))]
		if len(spans) > 40 && rnd.IntN(3) > 0 {
			up = spans[rnd.IntN(len(spans))]
		}
		from := int64(up.StartTime-epoch0) + rnd.Int64N(up.DurationNS/2+1)
		s := span(i, 0, from, from+up.DurationNS/3+1000)
		s.ParentSpanID = up.SpanID
		s.Resource, s.Service = up.Resource, up.Service
		switch rnd.IntN(8) {
		case 0:
			s.Op, s.Kind = "http.client", model.KindClient
		case 1:
			k := rnd.IntN(10)
			s.Op, s.Kind, s.Service, s.Resource = "http.server", model.KindServer, fmt.Sprint("svc", k), resources[k]
		case 2, 3:
			s.Op, s.Name = "function", fmt.Sprint("step ", rnd.IntN(5))
		}
		spans = append(spans, s)
	}
	return spans
}

// flat is one root with n calls, one after the other: the worst N+1.
func flat(n int) []*model.Span {
	spans := []*model.Span{span(1, 0, 0, int64(n)*ms)}
	for i := 2; i <= n; i++ {
		spans = append(spans, span(i, 1, int64(i)*ms-ms, int64(i)*ms-ms/3))
	}
	return spans
}

// chain is n spans, each the only child of the one before.
func chain(n int) []*model.Span {
	var spans []*model.Span
	for i := 1; i <= n; i++ {
		spans = append(spans, span(i, i-1, int64(i)*1000, int64(2*n-i)*1000))
	}
	return spans
}

// orphans never got a single parent.
func orphans(n int) []*model.Span {
	var spans []*model.Span
	for i := 1; i <= n; i++ {
		spans = append(spans, span(i, n+i, int64(i)*ms, int64(i)*ms+ms))
	}
	return spans
}

var shapes = []shape{{"services", services}, {"flat", flat}, {"chain", chain}, {"orphans", orphans}}

// BenchmarkBuild assembles a trace at once. Budget: 10,000 spans in 15 ms.
func BenchmarkBuild(b *testing.B) {
	for _, sh := range shapes {
		for _, n := range []int{20, 10_000} {
			b.Run(fmt.Sprintf("%s/spans=%d", sh.name, n), func(b *testing.B) {
				spans := sh.make(n)
				rand.New(rand.NewPCG(3, 4)).Shuffle(n, func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
				b.ReportAllocs()
				defer cpuTime(b)()
				for b.Loop() {
					if tr := Build(spans, nil, Options{}).Trace(); len(tr.Spans) != n {
						b.Fatal(len(tr.Spans))
					}
				}
			})
		}
	}
}

// BenchmarkAdd adds a batch of 20 spans to an open trace of 10,000 and asks what changed. Budget: 1 ms.
func BenchmarkAdd(b *testing.B) {
	const size, batch, batches = 10_000, 20, 50
	for _, sh := range shapes {
		b.Run(fmt.Sprintf("%s/spans=%d", sh.name, size), func(b *testing.B) {
			spans := sh.make(size + batch*batches)
			rand.New(rand.NewPCG(3, 4)).Shuffle(len(spans), func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
			b.ReportAllocs()
			var tree *Tree
			var used time.Duration
			k, version := batches, uint64(0)
			for b.Loop() {
				if k == batches {
					b.StopTimer()
					tree, k = New(Options{}), 0
					tree.Sync(spans[:size], nil)
					version = tree.Delta(0).Version
					runtime.GC() // what building it left behind is not the batch's
					b.StartTimer()
				}
				k++
				start := testkit.CPUTime()
				tree.Sync(spans[:size+k*batch], nil)
				d := tree.Delta(version)
				version = d.Version
				_ = tree.Summary()
				used += testkit.CPUTime() - start
				if len(d.Rows) != batch {
					b.Fatal(len(d.Rows))
				}
			}
			b.ReportMetric(float64(used.Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// cpuTime reports what an operation takes of all processors: the number to compare on a machine that does other work.
func cpuTime(b *testing.B) (report func()) {
	start := testkit.CPUTime()
	return func() {
		b.ReportMetric(float64((testkit.CPUTime()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	}
}

// BenchmarkSummariser is what a row in a list of small traces costs. Budget: a list of 10,000 in 20 ms.
func BenchmarkSummariser(b *testing.B) {
	for _, n := range []int{1, 5, 20} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			spans := services(n)
			var s Summariser
			b.ReportAllocs()
			for b.Loop() {
				if sum := s.Summary(spans, nil, Options{}); sum.SpanCount != n {
					b.Fatal("lost spans")
				}
			}
		})
	}
}

// BenchmarkSummary is what a row in the list of traces costs.
func BenchmarkSummary(b *testing.B) {
	for _, n := range []int{20, 10_000} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			tree := Build(services(n), nil, Options{})
			b.ReportAllocs()
			for b.Loop() {
				if tree.Summary().SpanCount != n {
					b.Fatal("lost spans")
				}
			}
		})
	}
}
