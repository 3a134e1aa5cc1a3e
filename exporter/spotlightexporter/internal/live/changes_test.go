package live

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestChanges(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxAge: time.Minute}, c.now)
	none, ok := s.Changes(0)
	require.True(t, ok)
	require.True(t, none.Empty())
	_, ok = s.Changes(1)
	require.False(t, ok, "of the future")

	b := spans(span(1, 1), span(2, 1))
	b.Events = []*model.EventRecord{failure(1, 1, "i")}
	b.Logs = []*model.Log{line(0, "x")}
	b.Items = []*model.Item{thing("session", 0, "{}")}
	b.Metrics = []*model.Metric{gauge("m", 1, 1)}
	s.Add(b)
	first, ok := s.Changes(0)
	require.True(t, ok)
	require.Equal(t, []model.TraceID{traceID(2), traceID(1)}, first.Traces, "in order of the last change")
	require.Equal(t, []string{"i"}, first.Issues)
	require.Equal(t, []model.EventID{eventID(1)}, first.Events)
	require.Len(t, first.Items, 1)
	require.Len(t, first.Services, 2)
	require.Equal(t, []MetricKey{{Name: "m", Type: model.MetricTypeGauge, Service: "api"}}, first.Metrics)
	require.True(t, first.Logs)
	require.True(t, first.RemovedNothing())

	s.Add(spans(span(1, 2)))
	second, _ := s.Changes(first.Seq)
	require.Equal(t, []model.TraceID{traceID(1)}, second.Traces)
	require.Empty(t, second.Events)
	require.False(t, second.Logs)

	s.Add(spans(span(1, 2))) // again
	third, _ := s.Changes(second.Seq)
	require.Empty(t, third.Traces)
	require.True(t, third.Dropped)

	c.pass(QuietAfter)
	s.Tick()
	quiet, _ := s.Changes(third.Seq)
	require.Len(t, quiet.Traces, 2, "they do not run any more")

	c.pass(time.Hour)
	s.Tick()
	last, _ := s.Changes(quiet.Seq)
	require.ElementsMatch(t, []model.TraceID{traceID(1), traceID(2)}, last.Removed.Traces)
	require.Equal(t, []model.EventID{eventID(1)}, last.Removed.Events)
	require.Equal(t, []string{"i"}, last.Removed.Issues)
	require.Len(t, last.Removed.Items, 1)
	require.Len(t, last.Removed.Services, 2)
	require.Equal(t, s.Seq(), last.Removed.LogsUpTo)
	fresh, _ := s.Changes(0)
	require.True(t, fresh.RemovedNothing() || fresh.Removed.LogsUpTo > 0 && len(fresh.Removed.Traces) == 0, "who saw nothing need not hear of its end")
}

func TestChanges_TooLongAgo(t *testing.T) {
	s := New(Limits{MaxBytes: 64 << 10}, newClock().now)
	s.Add(spans(span(1, 1)))
	since := s.Seq()
	for i := range 3 * maxGraves {
		s.Add(spans(span(i+10, 1)))
	}
	_, ok := s.Changes(since)
	require.False(t, ok)
	_, ok = s.Changes(0)
	require.True(t, ok, "who starts from nothing always can")
}

func TestSubscribe(t *testing.T) {
	s := New(Limits{}, newClock().now)
	ch := s.Subscribe()
	other := s.Subscribe()
	for range 100 {
		s.Add(spans(span(1, 1))) // nobody reads: it must not block
	}
	<-ch
	select {
	case <-ch:
		t.Fatal("one value is enough")
	default:
	}
	s.Unsubscribe(ch)
	s.NewSession()
	<-other
	select {
	case <-ch:
		t.Fatal("unsubscribed")
	default:
	}
	s.Unsubscribe(other)
	s.Unsubscribe(other)
}

// TestConcurrent reads everything while it is written. It is for the race detector: what was handed out is read, and
// must not be written.
func TestConcurrent(t *testing.T) {
	s := New(Limits{MaxBytes: 300 << 10, MaxSpansPerTrace: 50, MaxAge: time.Second}, time.Now)
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for w := range 3 {
		writers.Go(func() {
			for i := range 150 {
				n := w*1000 + i
				b := spans(span(n%5+1, n+1, open), span(n%5+1, n), span(n, 1))
				b.Events = []*model.EventRecord{failure(n+1, n%5+1, fmt.Sprint("i", n%3)), failure(5000+n, 0, "loose")}
				b.Events[0].Source = []model.EventSource{model.SourceSentry, model.SourceLog}[n%2]
				b.Logs = []*model.Log{line(n%5+1, fmt.Sprint(n)), line(0, fmt.Sprint(n))}
				b.Items = []*model.Item{thing("attachment", n+1, fmt.Sprint(n))}
				b.Metrics = []*model.Metric{gauge("m", n, 1, 2)}
				s.Add(b)
				switch i % 50 {
				case 10:
					s.PinTrace(traceID(n%5+1), w == 0)
				case 20:
					s.PinIssue("i1", w == 0)
				case 30:
					s.NewSession()
				case 40:
					s.Clear()
				case 41:
					s.Undo()
				}
				s.Tick()
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			ch := s.Subscribe()
			defer s.Unsubscribe(ch)
			var seq uint64
			for {
				select {
				case <-stop:
					return
				case <-ch:
				}
				c, ok := s.Changes(seq)
				if ok {
					seq = c.Seq
				}
				text := ""
				for _, row := range s.Traces() {
					tr, ok := s.Trace(row.TraceID)
					if !ok {
						continue
					}
					for _, sp := range tr.Spans {
						text = sp.Name + sp.Status.String()
					}
					for _, e := range tr.Events {
						text += fmt.Sprint(e.AlsoSeenAs, e.Session)
					}
					text += fmt.Sprint(len(tr.Logs), len(tr.Items))
				}
				for _, row := range s.Issues(0) {
					is, ok := s.Issue(row.IssueID)
					if !ok {
						continue
					}
					text = fmt.Sprint(is.Spark, is.Services, is.Count)
				}
				for _, sv := range s.Services() {
					text = fmt.Sprint(sv.Counts)
				}
				for _, row := range s.Metrics() {
					if m, ok := s.RecentMetric(row.MetricKey); ok {
						text = fmt.Sprint(len(m.Exports), m.Exports[0].Points)
					}
				}
				_ = text
				s.Logs(0, 10)
				s.Events(0, 10)
				s.Items(0, 10)
				s.Status()
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	s.check(t)
}
