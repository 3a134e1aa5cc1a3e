package query

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// browser applies the lists of frames, as the overlay does, and knows nothing else.
type browser struct {
	seq      uint64
	traces   map[model.TraceID]model.TraceSummary
	issues   map[string]model.Issue
	events   map[model.EventID]model.EventSummary
	logs     map[uint64]model.LogSummary
	items    map[uint64]model.ItemSummary
	services map[string]model.Service
	metrics  map[string]model.MetricSummary
	counts   model.Counts
	session  int
	deltas   int
	resyncs  int
}

func (b *browser) empty() {
	b.traces, b.issues, b.events = map[model.TraceID]model.TraceSummary{}, map[string]model.Issue{}, map[model.EventID]model.EventSummary{}
	b.logs, b.items = map[uint64]model.LogSummary{}, map[uint64]model.ItemSummary{}
	b.services, b.metrics = map[string]model.Service{}, map[string]model.MetricSummary{}
}

func (b *browser) apply(l *model.Lists) {
	if r := l.Removed; r != nil {
		if r.All {
			b.empty()
		}
		for _, id := range r.Traces {
			delete(b.traces, id)
		}
		for _, id := range r.Issues {
			delete(b.issues, id)
		}
		for _, id := range r.Events {
			delete(b.events, id)
		}
		for _, id := range r.Items {
			delete(b.items, id)
		}
		for _, id := range r.Services {
			delete(b.services, id)
		}
		for _, m := range r.Metrics {
			delete(b.metrics, m.Name+string(m.Type)+m.Service)
		}
	}
	for _, x := range l.Traces {
		b.traces[x.TraceID] = x
	}
	for _, x := range l.Issues {
		b.issues[x.IssueID] = x
	}
	for _, x := range l.Events {
		b.events[x.EventID] = x
	}
	for _, x := range l.Logs {
		b.logs[x.ID] = x
	}
	for _, x := range l.Items {
		b.items[x.ID] = x
	}
	for _, x := range l.Services {
		b.services[x.ID] = x
	}
	for _, x := range l.Metrics {
		b.metrics[x.Name+string(x.Type)+x.Service] = x
	}
	if l.Counts != nil {
		b.counts = *l.Counts
	}
	if l.Session != nil {
		b.session = l.Session.Number
	}
}

func (b *browser) follow(w *world) {
	lists, seq, ok := w.Delta(b.seq)
	if !ok {
		b.resyncs++
		b.empty()
		lists, seq = w.Snapshot()
	}
	if lists != nil {
		b.deltas++
		b.apply(lists)
	}
	b.seq = seq
}

// TestDelta_AReaderHasTheLists follows a store in which anything happens, and compares with what a new reader gets.
func TestDelta_AReaderHasTheLists(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		limits := live.Limits{MaxAge: 30 * time.Second}
		if seed%2 == 1 {
			limits.MaxBytes = 400 << 10
		}
		w := newWorld(limits)
		var eager, lazy browser
		for _, b := range []*browser{&eager, &lazy} {
			b.empty()
			lists, seq := w.Snapshot()
			b.apply(lists)
			b.seq = seq
		}
		for i := range 150 {
			n := rnd.IntN(12) + 1
			switch rnd.IntN(14) {
			case 0, 1, 2:
				w.add(span(n, i+1, rnd.IntN(3), []string{"web", "api"}[n%2], fmt.Sprint("op ", i%5), i, i+rnd.IntN(50)), span(n, i+1, 0, "api", "again", i, i+1))
			case 3:
				w.add(failure(i+1, n, 1, fmt.Sprint("i", n%3), "E", "v", ""), failure(i+1000, n, 1, fmt.Sprint("i", n%3), "E", "v", "", func(e *model.EventRecord) { e.Source, e.Payload = model.SourceLog, nil }))
			case 4:
				w.add(line(n%3, 0, model.LevelInfo, fmt.Sprint(i)), line(0, 0, model.LevelInfo, fmt.Sprint(i)))
			case 5:
				w.add(thing("attachment", rnd.IntN(i+1), "a", fmt.Sprint(i)), gauge("m", i, 1))
			case 6:
				w.store.PinTrace(traceID(n), rnd.IntN(2) == 0)
			case 7:
				w.store.PinIssue(fmt.Sprint("i", n%3), rnd.IntN(2) == 0)
			case 8:
				if rnd.IntN(8) == 0 {
					w.store.NewSession()
				}
			case 9:
				if rnd.IntN(8) == 0 {
					w.store.Clear()
				}
			case 10:
				w.store.Undo()
			case 11:
				w.store.HideIssue(fmt.Sprint("i", n%3), rnd.IntN(2) == 0)
			default:
				w.pass(time.Duration(rnd.IntN(4000)) * time.Millisecond)
				w.store.Tick()
			}
			eager.follow(w)
			compareBrowser(t, w, &eager)
			if rnd.IntN(10) == 0 {
				lazy.follow(w)
				compareBrowser(t, w, &lazy)
			}
		}
		w.pass(2 * time.Second)
		w.store.Tick()
		for _, b := range []*browser{&eager, &lazy} {
			b.follow(w)
			compareBrowser(t, w, b)
			compareServices(t, w, b)
		}
		require.Zero(t, eager.resyncs)
	}
}

// compareBrowser compares what a browser shows of the present session with a snapshot of it.
func compareBrowser(t *testing.T, w *world, b *browser) {
	t.Helper()
	lists, seq := w.Snapshot()
	require.Equal(t, seq, b.seq)
	require.Zero(t, lists.Skipped)
	require.Equal(t, *lists.Counts, b.counts)
	require.Equal(t, lists.Session.Number, b.session)
	traces, issues, events, items := 0, 0, 0, 0
	for _, x := range b.traces {
		if x.Session == b.session || x.Pinned {
			traces++
		}
	}
	for _, x := range b.issues {
		if x.Session == b.session || x.Pinned {
			issues++
		}
	}
	for _, x := range b.events {
		if x.Session == b.session {
			events++
		}
	}
	for _, x := range b.items {
		if x.Session == b.session {
			items++
		}
	}
	require.Equal(t, []int{len(lists.Traces), len(lists.Issues), len(lists.Events), len(lists.Items)}, []int{traces, issues, events, items})
	for _, x := range lists.Traces {
		require.Equal(t, x, b.traces[x.TraceID])
	}
	for _, x := range lists.Issues {
		require.Equal(t, x, b.issues[x.IssueID])
	}
	for _, x := range lists.Events {
		require.Equal(t, x, b.events[x.EventID])
	}
	for _, x := range lists.Logs {
		require.Equal(t, x, b.logs[x.ID])
	}
	for _, x := range lists.Items {
		require.Equal(t, x, b.items[x.ID])
	}
	for _, x := range lists.Metrics {
		require.Equal(t, x, b.metrics[x.Name+string(x.Type)+x.Service])
	}
	for _, x := range lists.Services {
		require.Contains(t, b.services, x.ID)
	}
}

// compareServices compares processes, of which changes are told at most once a second.
func compareServices(t *testing.T, w *world, b *browser) {
	t.Helper()
	for _, x := range w.Services(Filter{}).Items {
		got := b.services[x.ID]
		got.Findings, x.Findings = nil, nil // made anew every two seconds
		require.Equal(t, x, got)
	}
}

func TestDelta_SaysWhenNothingChanged(t *testing.T) {
	w := shop()
	_, seq := w.Snapshot()
	lists, next, ok := w.Delta(seq)
	require.True(t, ok)
	require.Nil(t, lists)
	require.Equal(t, seq, next)
	w.add(line(0, 0, model.LevelInfo, "one"))
	lists, next, _ = w.Delta(seq)
	require.Len(t, lists.Logs, 1)
	require.Empty(t, lists.Services, "of a process it is told once a second")
	require.Empty(t, lists.Traces)
	require.Nil(t, lists.Removed)
	w.pass(time.Second)
	w.store.Tick()
	lists, next, _ = w.Delta(next)
	require.NotEmpty(t, lists.Services)
	_, _, ok = w.Delta(next + 100)
	require.False(t, ok)
	w.pass(live.QuietAfter + time.Second)
	w.store.Tick()
	lists, _, _ = w.Delta(next)
	require.NotNil(t, lists)
	for _, tr := range lists.Traces {
		require.Equal(t, traceID(3), tr.TraceID, "only the one that was incomplete says something else now")
		require.False(t, tr.Open)
	}
}

func TestDelta_IsBounded(t *testing.T) {
	w := newWorld(live.Limits{})
	_, seq := w.Snapshot()
	var records []any
	for i := range 3000 {
		records = append(records, span(i+1, 1, 0, "api", "x", i, i+1), failure(i+1, 0, 0, fmt.Sprint("i", i), "E", "v", ""), line(0, 0, model.LevelInfo, fmt.Sprint(i)),
			thing("session", 0, "", fmt.Sprint(i)), gauge(fmt.Sprint("m", i), 1, 1))
	}
	w.add(records...)
	lists, _, ok := w.Delta(seq)
	require.True(t, ok)
	require.Len(t, lists.Traces, maxFrameTraces)
	require.Len(t, lists.Events, maxFrameEvents)
	require.Len(t, lists.Logs, maxFrameLogs)
	require.Equal(t, traceID(3000), lists.Traces[0].TraceID, "the newest")
	require.Equal(t, 4*2000+2500+2000, lists.Skipped, "traces, issues, events, logs; items; metrics")
	require.Less(t, len(jsonOf(t, lists)), 8<<20)
	snap, _ := w.Snapshot()
	require.Len(t, snap.Traces, maxFrameTraces)
	require.Positive(t, snap.Skipped)
}
