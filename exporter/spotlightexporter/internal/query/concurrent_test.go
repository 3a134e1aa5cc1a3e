package query

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// TestConcurrent asks everything while it changes. It is for the race detector: answers are encoded, that is read to
// the last field, and must not be written any more.
func TestConcurrent(t *testing.T) {
	store := live.New(live.Limits{MaxBytes: 2 << 20}, time.Now)
	q := New(store, Options{})
	done := make(chan struct{})
	var readers sync.WaitGroup
	ask := func(f func() any) {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					jsonOf(t, f())
				}
			}
		})
	}
	var version, seq uint64
	ask(func() any {
		f, _ := q.TraceFrame(traceID(1), version)
		if f != nil {
			version = f.Version
		}
		return f
	})
	ask(func() any {
		lists, now, ok := q.Delta(seq)
		if !ok {
			lists, now = q.Snapshot()
		}
		seq = now
		return lists
	})
	ask(func() any { tr, _ := q.Trace(traceID(1), true); return tr })
	ask(func() any {
		return []any{q.Traces(Filter{Q: "is:orphan"}), q.Issues(Filter{Q: "tag.a:b"}), q.Services(Filter{})}
	})
	ask(func() any {
		ev, _ := q.Event(eventID(7))
		is, _ := q.Issue("i1")
		sp, _ := q.Span(traceID(1), spanID(3))
		return []any{ev, is, sp, q.Metrics(Filter{}), q.Logs(Filter{Q: "5"}), q.Items(Filter{})}
	})
	for i := range 300 {
		store.Add(&model.Batch{
			Spans:   []*model.Span{span(1, i+1, i/3, "api", fmt.Sprint(i), i, i+5, open(i%7 == 0)), span(1, max(1, i-7), i/4, "web", "again", i, i+9), span(i+2, 1, 0, "web", "x", 0, 1)},
			Events:  []*model.EventRecord{failure(i+1, i%3, i, fmt.Sprint("i", i%3), "E", "v", `,"tags":{"a":"b"}`)},
			Logs:    []*model.Log{line(i%3, i, model.LevelInfo, fmt.Sprint(i))},
			Items:   []*model.Item{thing("attachment", i, "a", fmt.Sprint(i))},
			Metrics: []*model.Metric{gauge("m", i, 1)},
		})
		if i%50 == 0 {
			store.Tick()
		}
	}
	close(done)
	readers.Wait()
	require.NotZero(t, seq)
}

func open(yes bool) func(*model.Span) {
	return func(s *model.Span) {
		if yes {
			s.Open, s.DurationNS = true, 0
		}
	}
}
