package live

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// many are spans of one trace with everything that a span can say without leaving the form of a run, but for odd, of which
// each says something else.
func many(trace, n int, odd ...func(*model.Span)) []*model.Span {
	list := make([]*model.Span, n)
	for i := range list {
		s := span(trace, i+1, with("db.system", "redis", "i", fmt.Sprint(i)))
		s.ParentSpanID, s.Op, s.Kind, s.Status, s.RawStatus = spanID(i/2), fmt.Sprintf("op %d", i%3), model.KindClient, model.StatusError, model.StatusUnset
		s.RawName, s.Flags, s.Segment, s.ReceivedTime = s.Name+" as sent", 0x300, i%2 == 0, model.Time(7)
		s.Scope = &model.InstrumentationScope{Name: "scope", Attributes: attrs("k", "v")}
		if i < len(odd) {
			odd[i](s)
		}
		list[i] = s
	}
	return list
}

// odd are spans that are kept as they are.
var odd = []func(*model.Span){
	func(s *model.Span) { s.Open = true },
	func(s *model.Span) { s.StatusMessage = "no" },
	func(s *model.Span) { s.Warnings = []string{model.WarnBadTime} },
	func(s *model.Span) { s.Events = []model.SpanEvent{{Name: "e"}} },
	func(s *model.Span) { s.Links = []model.SpanLink{{SpanID: spanID(3)}} },
	func(s *model.Span) { s.Payload, s.EventID = []byte("{}"), eventID(1) },
	func(s *model.Span) { s.EventID = eventID(2) },
	func(s *model.Span) { s.TraceState = "a=b" },
	func(s *model.Span) { s.DroppedAttributes = 1 },
	func(s *model.Span) { s.DroppedEvents = 1 },
	func(s *model.Span) { s.DroppedLinks = 1 },
	func(s *model.Span) { s.Name = string(make([]byte, 1<<16)) },
}

func clones(list []*model.Span) []*model.Span {
	out := make([]*model.Span, len(list))
	for i, s := range list {
		c := *s
		out[i] = &c
	}
	return out
}

func TestRun_SpansComeBackAsTheyWere(t *testing.T) {
	for _, n := range []int{minRun - 1, 2 * minRun, maxRun, 3*maxRun + 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := New(Limits{}, newClock().now)
			list := many(1, n, odd...)
			want := clones(list)
			s.Add(spans(list...))
			for i := range want { // these two are shared with other batches
				want[i].Scope = list[0].Scope
			}
			snap, ok := s.Trace(traceID(1))
			require.True(t, ok)
			require.Equal(t, want, snap.Spans)
			runs := s.traces[traceID(1)].runs
			require.Equal(t, n >= minRun, len(runs) > 0, "runs")
			s.check(t)
		})
	}
}

func TestRun_OneByOne(t *testing.T) {
	s := New(Limits{}, newClock().now)
	list := many(1, 100)
	want := clones(list)
	for _, sp := range list {
		s.Add(spans(sp))
	}
	require.Len(t, s.traces[traceID(1)].runs, 100/minRun)
	snap, _ := s.Trace(traceID(1))
	for i := range want {
		require.Equal(t, want[i].SpanID, snap.Spans[i].SpanID)
		require.Equal(t, want[i].Attributes, snap.Spans[i].Attributes)
	}
	s.check(t)
}

// What a reader holds on to stays the same in all later snapshots, whatever the collector of garbage does.
func TestRun_ReadersSeeTheSameSpans(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(many(1, 300, odd...)...))
	before, _ := s.Trace(traceID(1))
	runtime.GC()
	s.Add(spans(many(1, 350, odd...)[300:]...))
	after, _ := s.Trace(traceID(1))
	require.Len(t, after.Spans, 350)
	for i, sp := range before.Spans {
		require.Same(t, sp, after.Spans[i])
	}
	require.Greater(t, after.Version, before.Version)
	s.check(t)
}

// What somebody has seen is not made a run: he would see other spans than before.
func TestRun_NotOfWhatWasSeen(t *testing.T) {
	s := New(Limits{}, newClock().now)
	list := many(1, 40)
	s.Add(spans(list[:10]...))
	before, _ := s.Trace(traceID(1))
	s.Add(spans(list[10:]...))
	after, _ := s.Trace(traceID(1))
	require.Len(t, before.Spans, 10)
	require.Len(t, after.Spans, 40)
	for i, sp := range before.Spans {
		require.Same(t, sp, after.Spans[i])
	}
	require.Len(t, s.traces[traceID(1)].runs, 1)
	s.check(t)
}

func TestRun_SentAgain(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(many(1, 100)...))
	before, _ := s.Trace(traceID(1))
	again := many(1, 100)
	richer := func(s *model.Span) { s.Attributes = model.Pack(append(s.Attributes.Unpack(), attrs("z", "more")...)) }
	richer(again[50])
	s.Add(spans(again...))
	after, _ := s.Trace(traceID(1))
	require.Len(t, after.Spans, 100)
	require.Equal(t, uint64(100), s.dropped[droppedDuplicate])
	for i, sp := range after.Spans {
		if i == 50 {
			require.Equal(t, "more", sp.Attributes.Str("z"))
			require.Empty(t, before.Spans[i].Attributes.Str("z"), "a snapshot does not change")
		} else {
			require.Same(t, before.Spans[i], sp)
		}
	}
	s.check(t)
}

func TestRun_Transaction(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(many(1, 100, odd...)...))
	sp, ok := s.Transaction(eventID(1))
	require.True(t, ok)
	snap, _ := s.Trace(traceID(1))
	require.True(t, slices.Contains(snap.Spans, sp))
	require.True(t, s.HasTrace(traceID(1)))
	require.False(t, s.HasTrace(traceID(2)))
}

func TestRun_Smaller(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(many(1, 64)...))
	together := s.Bytes()
	s = New(Limits{}, newClock().now)
	for i, sp := range many(1, 64) {
		if s.Add(spans(sp)); i%8 == 7 {
			s.Trace(traceID(1)) // so that it stays as it is
		}
	}
	require.Less(t, together, s.Bytes()*2/3)
}

func TestPeek(t *testing.T) {
	s := New(Limits{}, newClock().now)
	for trace := 1; trace <= 3; trace++ {
		s.Add(spans(many(trace, 100*trace, odd...)...))
	}
	var to Scratch
	for _, trace := range []int{1, 3, 2, 1} {
		seen, ok := s.Peek(traceID(trace), &to)
		require.True(t, ok)
		kept, _ := s.Trace(traceID(trace))
		require.Equal(t, kept.Spans, seen.Spans)
		require.NotSame(t, kept.Spans[50], seen.Spans[50])
	}
	_, ok := s.Peek(traceID(4), &to)
	require.False(t, ok)
}
