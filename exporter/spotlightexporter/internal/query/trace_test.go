package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTrace(t *testing.T) {
	w := shop()
	tr, ok := w.Trace(traceID(1), true)
	require.True(t, ok)
	require.Len(t, tr.Spans, 3)
	require.Equal(t, "/cart", tr.RootName)
	require.Len(t, tr.Events, 2)
	require.Len(t, tr.Logs, 1)
	require.Equal(t, 1, tr.LogCount)
	require.Equal(t, "/api/pay", tr.Spans[2].Attributes.Str("http.route"))
	slim, _ := w.Trace(traceID(1), false)
	require.Nil(t, slim.Spans[2].SpanDetails)
	require.Equal(t, tr.Spans[2].SpanFacts, slim.Spans[2].SpanFacts)
	again, _ := w.Trace(traceID(1), true)
	require.Same(t, tr, again, "what did not change is not made again")

	sp, ok := w.Span(traceID(1), spanID(3))
	require.True(t, ok)
	require.Equal(t, "/api/pay", sp.Attributes.Str("http.route"))
	require.Equal(t, []model.EventID{eventID(1), eventID(2)}, sp.Errors)
	require.NotContains(t, jsonOf(t, tr), "null")
	_, ok = w.Span(traceID(1), spanID(77))
	require.False(t, ok)
	_, ok = w.Trace(traceID(77), false)
	require.False(t, ok)

	w.add(failure(8, 50, 1, "i", "E", "only an error", ""))
	tr, ok = w.Trace(traceID(50), true)
	require.True(t, ok, "a trace of which only an error arrived can be opened")
	require.Len(t, tr.Events, 1)
	require.Equal(t, traceID(50), tr.TraceID)
	require.NotContains(t, jsonOf(t, tr), "null")
}

func TestTrace_SaysWhatWasDropped(t *testing.T) {
	w := newWorld(live.Limits{MaxSpansPerTrace: 3})
	for i := range 5 {
		w.add(span(1, i+1, 0, "api", "x", i, i+1))
	}
	tr, _ := w.Trace(traceID(1), false)
	require.Contains(t, tr.Warnings, fmt.Sprintf(model.WarnSpansCapped, 2))
	require.Contains(t, w.Traces(Filter{}).Items[0].Warnings, fmt.Sprintf(model.WarnSpansCapped, 2))
}

// reader is a browser that has opened a trace: it applies frames and knows nothing else.
type reader struct {
	version uint64
	trace   model.Trace
	spans   map[model.SpanID]model.TraceSpan
	missing map[model.SpanID]model.MissingParent
	events  map[model.EventID]model.EventSummary
	logs    map[uint64]model.LogMark
	bytes   int
	frames  int
	wholes  int
}

func (r *reader) read(t require.TestingT, w *world, id model.TraceID) {
	f, ok := w.TraceFrame(id, r.version)
	require.True(t, ok)
	if f == nil {
		return
	}
	r.frames++
	r.bytes += len(jsonOf(t, f))
	if f.Whole {
		r.wholes++
		r.spans, r.missing = map[model.SpanID]model.TraceSpan{}, map[model.SpanID]model.MissingParent{}
		r.events, r.logs = map[model.EventID]model.EventSummary{}, map[uint64]model.LogMark{}
	}
	require.Greater(t, f.Version, r.version)
	r.version, r.trace = f.Version, *f.Trace
	for _, id := range f.Removed {
		delete(r.missing, id)
	}
	for _, s := range f.Trace.Spans {
		r.spans[s.SpanID] = s
	}
	for _, m := range f.Trace.MissingParents {
		r.missing[m.SpanID] = m
	}
	for _, c := range f.Facts {
		s := r.spans[c.SpanID]
		s.SpanFacts = c.SpanFacts
		r.spans[c.SpanID] = s
	}
	for _, e := range f.Trace.Events {
		r.events[e.EventID] = e
	}
	for _, l := range f.Trace.Logs {
		r.logs[l.ID] = l
	}
}

// compare compares what the reader has with the whole trace.
func (r *reader) compare(t require.TestingT, w *world, id model.TraceID) {
	whole, ok := w.Trace(id, false)
	require.True(t, ok)
	require.Len(t, r.spans, len(whole.Spans))
	for _, s := range whole.Spans {
		got := r.spans[s.SpanID]
		got.Depth, got.Descendants = s.Depth, s.Descendants // follow from the parents
		require.Equal(t, s, got)
	}
	require.Len(t, r.missing, len(whole.MissingParents))
	require.Len(t, r.events, len(whole.Events))
	for _, e := range whole.Events {
		require.Equal(t, e, r.events[e.EventID])
	}
	require.Len(t, r.logs, len(whole.Logs))
	sum := whole.TraceSummary
	sum.Mini, r.trace.Mini = nil, nil // comes with the row in the list
	require.Equal(t, sum, r.trace.TraceSummary)
	require.Equal(t, whole.Version, r.version)
}

func TestTraceFrame_AReaderHasTheWholeTrace(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		w := newWorld(live.Limits{})
		w.add(span(1, 1, 0, "web", "page", 0, 1000))
		var eager, lazy reader
		ids := rnd.Perm(60)
		for i, id := range ids {
			id += 2
			parent := 1 + rnd.IntN(id)
			if parent == id {
				parent = 1
			}
			from := rnd.IntN(900)
			w.add(span(1, id, parent, []string{"web", "api", "db"}[rnd.IntN(3)], fmt.Sprint("call ", id%4), from, from+rnd.IntN(100)))
			switch rnd.IntN(6) {
			case 0:
				w.add(failure(1000+i, 1, id, "i", "E", "v", ""))
			case 1:
				w.add(failure(2000+i, 1, id, "i", "E", "v", "", func(e *model.EventRecord) { e.Source, e.Payload = model.SourceLog, nil }))
			case 2:
				w.add(line(1, id, model.LevelInfo, fmt.Sprint(i)))
			case 3:
				w.add(span(1, id, parent, "api", "sent again", from, from+200)) // more than before
			}
			w.pass(50 * time.Millisecond)
			eager.read(t, w, traceID(1))
			eager.compare(t, w, traceID(1))
			if rnd.IntN(5) == 0 {
				lazy.read(t, w, traceID(1))
				lazy.compare(t, w, traceID(1))
			}
		}
		w.pass(time.Minute)
		w.store.Tick()
		eager.read(t, w, traceID(1))
		eager.compare(t, w, traceID(1))
		lazy.read(t, w, traceID(1))
		lazy.compare(t, w, traceID(1))
		f, ok := w.TraceFrame(traceID(1), eager.version)
		require.True(t, ok)
		require.Nil(t, f, "nothing changed")
	}
	_, ok := newWorld(live.Limits{}).TraceFrame(traceID(1), 0)
	require.False(t, ok)
}

func TestTraceFrame_WhoIsTooFarBehindGetsTheWhole(t *testing.T) {
	w := newWorld(live.Limits{})
	var slow, fast reader
	w.add(span(1, 1, 0, "web", "page", 0, 1000))
	slow.read(t, w, traceID(1))
	for i := range maxMarks + 10 {
		w.add(span(1, i+2, 1, "web", "x", i, i+1))
		fast.read(t, w, traceID(1))
	}
	slow.read(t, w, traceID(1))
	slow.compare(t, w, traceID(1))
	fast.compare(t, w, traceID(1))
	require.Equal(t, []int{2, 1}, []int{slow.wholes, fast.wholes})
}

// growing makes the spans of a trace of requests: each a server span with nine below it, as instrumentations make them.
func growing(requests int) (batches [][]any) {
	for r := range requests {
		base := 10 + r*10
		at := r * 20
		b := []any{span(1, base, 1, "api", fmt.Sprint("GET /api/orders/", r), at, at+15, kind(model.KindServer), func(s *model.Span) { s.Op = "http.server" }, with("http.route", "/api/orders/{id}"))}
		for k := 1; k < 10; k++ {
			b = append(b, span(1, base+k, base+(k-1)/3, []string{"api", "db"}[k%2], fmt.Sprintf("SELECT * FROM orders WHERE id = %d AND part = %d", r, k), at+k, at+k+2,
				kind(model.KindClient), func(s *model.Span) { s.Op = "db" }))
		}
		batches = append(batches, b)
	}
	return batches
}

func TestTraceFrame_BytesOfAGrowingTrace(t *testing.T) {
	flat := func() (batches [][]any) { // gaps between all of them: self time in as many pieces
		for r := range 200 {
			var b []any
			for k := range 10 {
				n := r*10 + k
				b = append(b, span(1, n+10, 1, "api", fmt.Sprintf("SELECT * FROM orders WHERE id = %d AND part = %d", r, k), n*2, n*2+1, func(s *model.Span) { s.Op = "db" }))
			}
			batches = append(batches, b)
		}
		return batches
	}
	chain := func() (batches [][]any) {
		for r := range 200 {
			var b []any
			for k := range 10 {
				n := r*10 + k
				b = append(b, span(1, n+2, n+1, "api", fmt.Sprint("layer ", n), n, 4000-n))
			}
			batches = append(batches, b)
		}
		return batches
	}
	for name, make := range map[string]func() [][]any{"requests": func() [][]any { return growing(200) }, "flat": flat, "chain": chain} {
		for _, shuffled := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", shuffled ", shuffled), func(t *testing.T) {
				w := newWorld(live.Limits{})
				var r reader
				batches := make()
				if shuffled {
					rand.New(rand.NewPCG(1, 1)).Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
				}
				w.add(span(1, 1, 0, "web", "page", 0, 4100, kind(model.KindInternal)))
				for _, b := range batches {
					w.add(b...)
					r.read(t, w, traceID(1))
				}
				w.pass(time.Minute)
				w.store.Tick()
				r.read(t, w, traceID(1))
				r.compare(t, w, traceID(1))
				whole, _ := w.Trace(traceID(1), false)
				size := len(jsonOf(t, &model.TraceFrame{TraceID: traceID(1), Whole: true, Trace: whole}))
				t.Logf("%d frames, %d KiB, whole %d KiB: %.2f times", r.frames, r.bytes>>10, size>>10, float64(r.bytes)/float64(size))
				require.LessOrEqual(t, float64(r.bytes), 2*float64(size))
			})
		}
	}
}

func TestTraceCache_LetsGoOfWhatLeft(t *testing.T) {
	w := newWorld(live.Limits{MaxAge: time.Minute})
	for i := range 3 * maxTrees {
		w.add(span(i+1, 1, 0, "api", "x", 0, 1))
		_, ok := w.Trace(traceID(i+1), true)
		require.True(t, ok)
	}
	require.LessOrEqual(t, len(w.traces.trees), maxTrees)
	w.pass(time.Hour)
	w.store.Tick()
	require.Empty(t, w.traces.trees)
}

func TestTraceCache_ManySpans(t *testing.T) {
	w := newWorld(live.Limits{})
	for n := 1; n <= 5; n++ {
		var b []any
		for i := range 15_000 {
			b = append(b, span(n, i+1, min(i, 1), "api", "x", i, i+1))
		}
		w.add(b...)
		_, ok := w.Trace(traceID(n), false)
		require.True(t, ok)
	}
	total := 0
	for _, tr := range w.traces.trees {
		total += tr.spans
	}
	require.LessOrEqual(t, total, maxTreeSpans)
	require.NotEmpty(t, w.traces.trees)
}

// BenchmarkTraces lists 10,000 traces of five spans: all of them, with rows that are known, and with rows that are not.
func BenchmarkTraces(b *testing.B) {
	w := newWorld(live.Limits{MaxBytes: 1 << 30})
	for i := range 10_000 {
		w.add(span(i+1, 1, 0, "web", "page", 0, 100), span(i+1, 2, 1, "web", "call", 1, 90, kind(model.KindClient)), span(i+1, 3, 2, "api", "serve", 2, 80, kind(model.KindServer)),
			span(i+1, 4, 3, "api", "SELECT 1", 3, 4), span(i+1, 5, 3, "api", "SELECT 2", 4, 5))
	}
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		w.Traces(Filter{Limit: MaxLimit})
		for b.Loop() {
			require.Len(b, w.Traces(Filter{Limit: MaxLimit}).Items, 10_000)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		start := testkit.CPUTime()
		defer func() {
			b.ReportMetric(float64((testkit.CPUTime()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		}()
		for b.Loop() {
			w.traces.now, w.traces.old = map[model.TraceID]*traceRow{}, nil
			require.Len(b, w.Traces(Filter{Limit: MaxLimit}).Items, 10_000)
		}
	})
	b.Run("query", func(b *testing.B) {
		for b.Loop() {
			require.Len(b, w.Traces(Filter{Limit: MaxLimit, Q: "service:api dur:>=100ms"}).Items, 10_000)
		}
	})
}

// BenchmarkTraceFrame adds ten spans to an open trace of 10,000 and makes the frame of what changed.
func BenchmarkTraceFrame(b *testing.B) {
	w := newWorld(live.Limits{MaxSpansPerTrace: 1 << 20, MaxBytes: 1 << 30})
	w.add(span(1, 1, 0, "web", "page", 0, 100_000_000))
	batches := growing(1000)
	for _, batch := range batches {
		w.add(batch...)
	}
	f, _ := w.TraceFrame(traceID(1), 0)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		batch := growing(1)[0]
		for _, r := range batch {
			s := r.(*model.Span)
			s.SpanID[0], s.SpanID[1], s.SpanID[2] = byte(n+1), byte((n+1)>>8), byte((n+1)>>16)
			if s.ParentSpanID != spanID(1) {
				copy(s.ParentSpanID[:3], s.SpanID[:3])
			}
			s.StartTime += model.Time(20_000+n*20) * ms
		}
		n++
		w.add(batch...)
		b.StartTimer()
		next, ok := w.TraceFrame(traceID(1), f.Version)
		require.True(b, ok)
		require.False(b, next.Whole)
		f = next
	}
	require.True(b, slices.ContainsFunc(w.traces.trees, func(t *traceTree) bool { return t.spans > 10_000 }))
}
