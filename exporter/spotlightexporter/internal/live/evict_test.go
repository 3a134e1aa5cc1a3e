package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// fat is a span of some 10 KiB.
func fat(trace, id int) *model.Span {
	return span(trace, id, with("text", string(make([]byte, 10<<10))))
}

func traceIDs(s *Store) (ids []int) {
	for _, t := range s.Traces() {
		ids = append(ids, int(t.TraceID[15]))
	}
	return ids
}

func TestEvict_OldestActivityLeavesFirstWithEverything(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxBytes: 100 << 10, MaxBytesPerTrace: 100 << 10}, c.now)
	for i := 1; i <= 5; i++ {
		b := spans(fat(i, 1))
		b.Events = []*model.EventRecord{failure(i, i, "i")}
		b.Logs = []*model.Log{line(i, "hello")}
		b.Items = []*model.Item{thing("attachment", i, fmt.Sprint("file ", i))}
		s.Add(b)
	}
	require.Equal(t, []int{5, 4, 3, 2, 1}, traceIDs(s))
	s.Add(spans(span(1, 2))) // the oldest trace is active again
	for i := 6; i <= 9; i++ {
		s.Add(spans(fat(i, 1)))
	}
	s.check(t)
	require.Equal(t, []int{9, 8, 7, 6, 1, 5, 4}, traceIDs(s))
	_, ok := s.Event(eventID(2))
	require.False(t, ok)
	require.Len(t, s.Logs(0, 100), 3)
	its, _ := s.Items(0, 100)
	require.Len(t, its, 3)
	require.EqualValues(t, 2*4, s.Status().Evicted[evictedBytes])
	is, _ := s.Issue("i")
	require.Equal(t, 5, is.Count, "what occurred has occurred")
	require.Len(t, is.Events, 3)
}

func TestEvict_WithoutATraceByAgeAmongTheOthers(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxBytes: 64 << 10, MaxBytesPerTrace: 64 << 10}, c.now)
	long := string(make([]byte, 10<<10))
	s.Add(logs(line(0, long+"1")))
	s.Add(spans(fat(1, 1)))
	s.Add(items(thing("session", 0, long)))
	s.Add(events(failure(1, 0, "i", func(e *model.EventRecord) { e.Payload = []byte(long) })))
	left := func() string {
		its, _ := s.Items(0, 9)
		evs, _ := s.Events(0, 9)
		return fmt.Sprint(len(s.Logs(0, 9)), len(s.Traces()), len(its), len(evs))
	}
	require.Equal(t, "1 1 1 1", left())
	for i, want := range []string{"0 2 1 1", "0 2 1 1", "0 3 0 1", "0 4 0 0"} {
		s.Add(spans(fat(10+i, 1)))
		require.Equal(t, want, left(), i)
	}
}

func TestEvict_PinnedLeaveLast(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxBytes: 60 << 10, MaxBytesPerTrace: 60 << 10, MaxAge: time.Minute}, c.now)
	s.Add(spans(fat(1, 1), fat(2, 1)))
	require.True(t, s.PinTrace(traceID(1), true))
	require.False(t, s.PinTrace(traceID(99), true))
	for i := 3; i < 20; i++ {
		s.Add(spans(fat(i, 1)))
	}
	require.Contains(t, traceIDs(s), 1)
	require.NotContains(t, traceIDs(s), 2)
	c.pass(time.Hour)
	s.Tick()
	require.Equal(t, []int{1}, traceIDs(s), "nor does age take it")
	for i := 3; i < 20; i++ {
		s.Add(spans(fat(i, 1)))
		s.PinTrace(traceID(i), true)
	}
	s.Add(spans(span(20, 1)))
	require.NotContains(t, traceIDs(s), 1, "the bound stays a bound when everything is pinned")
	s.Add(spans(fat(99, 1)))
	require.Contains(t, traceIDs(s), 99, "and what is new has room")
	s.check(t)
}

func TestPinIssue_KeepsItsNewestEvent(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxAge: time.Minute}, c.now)
	s.Add(events(failure(1, 1, "i"), failure(2, 2, "i"), failure(3, 3, "other")))
	require.True(t, s.PinIssue("i", true))
	c.pass(time.Hour)
	s.Tick()
	_, one := s.Event(eventID(1))
	_, two := s.Event(eventID(2))
	_, three := s.Event(eventID(3))
	require.Equal(t, "false true false", fmt.Sprint(one, two, three))
	s.Add(events(failure(4, 4, "i")))
	c.pass(time.Hour)
	s.Tick()
	_, two = s.Event(eventID(2))
	_, four := s.Event(eventID(4))
	require.Equal(t, "false true", fmt.Sprint(two, four), "the next one takes its place")
	require.True(t, s.PinIssue("i", false))
	s.Tick()
	require.Empty(t, s.Issues(0))
	s.check(t)
}

func TestLimits_OneTraceCannotTakeEverything(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxSpansPerTrace: 10}, c.now)
	for i := range 25 {
		s.Add(spans(span(1, i+1)))
	}
	tr, _ := s.Trace(traceID(1))
	require.Len(t, tr.Spans, 10)
	require.Equal(t, 15, tr.SpansDropped)
	require.EqualValues(t, 15, s.Status().Dropped[droppedSpans])

	s = New(Limits{MaxBytes: 400 << 10}, c.now) // a quarter for one trace
	s.Add(spans(span(2, 1)))
	for i := range 50 {
		b := spans(fat(1, i+1))
		b.Logs = []*model.Log{line(1, fmt.Sprint(string(make([]byte, 5<<10)), i))}
		s.Add(b)
	}
	tr, _ = s.Trace(traceID(1))
	require.LessOrEqual(t, tr.Bytes, int64(100<<10))
	require.Positive(t, tr.SpansDropped)
	require.Positive(t, tr.LogsDropped)
	s.Add(events(failure(1, 1, "i")))
	_, ok := s.Event(eventID(1))
	require.True(t, ok, "an error still has room")
	require.Len(t, s.Traces(), 2)
	s.Add(spans(span(3, 1, with("text", string(make([]byte, 300<<10))))))
	require.Len(t, s.Traces(), 2)
	require.EqualValues(t, 1, s.Status().Dropped[droppedLarge])
	s.check(t)
}

func TestAdd_WithoutATraceID(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(span(0, 1)))
	require.EqualValues(t, 1, s.Status().Dropped[droppedNoTraceID])
	s.CountDropped("own traffic", 3)
	s.Add(&model.Batch{Dropped: map[string]int{"max_records": 7}})
	require.EqualValues(t, map[string]uint64{droppedNoTraceID: 1, "own traffic": 3, "max_records": 7}, s.Dropped())
}

// TestFlood sends far more than fits, of every kind, in a few huge batches.
func TestFlood(t *testing.T) {
	s := New(Limits{MaxBytes: 4 << 20}, time.Now)
	for round := range 3 {
		b := &model.Batch{}
		for i := range 30_000 {
			id := round*30_000 + i + 1
			b.Spans = append(b.Spans, span(id/7+1, id))
			if i%10 == 0 {
				b.Events = append(b.Events, failure(id, id/7+1, fmt.Sprint(id%50)))
				b.Logs = append(b.Logs, line(id%3, fmt.Sprint("line ", id)))
				b.Items = append(b.Items, thing("attachment", id, fmt.Sprint(id)))
				b.Metrics = append(b.Metrics, gauge(fmt.Sprint("m", id%20), id, 1, 2, 3))
			}
		}
		s.Add(b)
		s.check(t)
	}
	require.Positive(t, s.Status().Evicted[evictedBytes])
	require.NotEmpty(t, s.Metrics(), "what came last")
}
