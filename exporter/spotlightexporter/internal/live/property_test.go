package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// mirror is a reader that starts with the lists and then follows the changes. It keeps what the lists of all sessions
// would show.
type mirror struct {
	seq      uint64
	traces   map[model.TraceID]uint64
	issues   map[string]uint64
	events   map[model.EventID]string
	items    map[uint64]bool
	services map[string]uint64
	logs     map[uint64]model.TraceID
	resyncs  int
}

func (m *mirror) start(s *Store) {
	m.seq = s.Seq()
	m.traces, m.issues, m.events = map[model.TraceID]uint64{}, map[string]uint64{}, map[model.EventID]string{}
	m.items, m.services, m.logs = map[uint64]bool{}, map[string]uint64{}, map[uint64]model.TraceID{}
	for _, t := range s.Traces() {
		m.traces[t.TraceID] = t.Version
	}
	for _, is := range s.Issues(0) {
		m.issues[is.IssueID] = is.Version
	}
	page, _ := s.Events(0, 1<<20)
	for _, e := range page {
		m.events[e.Rec.EventID] = fmt.Sprint(e.Rec.AlsoSeenAs)
	}
	its, _ := s.Items(0, 1<<20)
	for _, it := range its {
		m.items[it.ID] = true
	}
	for _, sv := range s.Services() {
		m.services[sv.ID] = sv.Version
	}
	for _, l := range s.Logs(0, 1<<20) {
		m.logs[l.ID] = l.TraceID
	}
}

// follow applies what changed, by what Changes says alone and the records it names.
func (m *mirror) follow(t require.TestingT, s *Store) {
	c, ok := s.Changes(m.seq)
	if !ok || c.Reset {
		m.resyncs++
		m.start(s)
		return
	}
	for _, id := range c.Removed.Traces {
		delete(m.traces, id)
		for l, trace := range m.logs {
			if trace == id {
				delete(m.logs, l)
			}
		}
	}
	for _, id := range c.Removed.Issues {
		delete(m.issues, id)
	}
	for _, id := range c.Removed.Events {
		delete(m.events, id)
	}
	for _, id := range c.Removed.Items {
		delete(m.items, id)
	}
	for _, id := range c.Removed.Services {
		delete(m.services, id)
	}
	for _, id := range c.Traces {
		tr, ok := s.Trace(id)
		require.True(t, ok)
		m.traces[id] = tr.Version
	}
	for _, id := range c.Issues {
		is, ok := s.Issue(id)
		require.True(t, ok)
		m.issues[id] = is.Version
	}
	for _, id := range c.Events {
		e, ok := s.Event(id)
		require.True(t, ok)
		m.events[id] = fmt.Sprint(e.AlsoSeenAs)
	}
	for _, id := range c.Items {
		m.items[id] = true
	}
	for _, id := range c.Services {
		sv, ok := s.Service(id)
		require.True(t, ok)
		m.services[id] = sv.Version
	}
	if c.Logs {
		for _, l := range s.Logs(0, 1<<20) {
			if l.ID > m.seq {
				m.logs[l.ID] = l.TraceID
			}
		}
	}
	m.seq = c.Seq
}

// compare compares what the reader has with what it would get now.
func (m *mirror) compare(t require.TestingT, s *Store) {
	var now mirror
	now.start(s)
	require.Equal(t, now.traces, m.traces, "traces")
	require.Equal(t, now.issues, m.issues, "issues")
	require.Equal(t, now.events, m.events, "events")
	require.Equal(t, now.items, m.items, "items")
	require.Equal(t, now.services, m.services, "services")
	for id := range now.logs { // logs without a trace may be gone without notice, see Removed.LogsUpTo
		require.Contains(t, m.logs, id)
	}
}

// TestProperties does anything in any order and checks after every step that the store's books are right, that its
// bounds hold, and that a reader who follows the changes has what a new reader gets.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		limits := Limits{MaxBytes: int64(rapid.SampledFrom([]int{60 << 10, 200 << 10, 10 << 20}).Draw(t, "max_bytes")), MaxAge: time.Minute, MaxSpansPerTrace: 12}
		s := New(limits, c.now)
		var readers [2]mirror
		for i := range readers {
			readers[i].start(s)
		}
		small := rapid.IntRange(0, 6)
		services := []*model.Resource{process("api", "1"), process("api", "2"), process("web", "3"), nil, resource("service.name", "page", "browser.language", "de")}
		res := func() *model.Resource { return rapid.SampledFrom(services).Draw(t, "process") }
		event := func() *model.EventRecord {
			e := failure(rapid.IntRange(1, 40).Draw(t, "event"), small.Draw(t, "trace"), rapid.SampledFrom([]string{"", "i1", "i2", "i3"}).Draw(t, "issue"))
			e.SpanID = spanID(rapid.IntRange(0, 2).Draw(t, "span"))
			e.Source = rapid.SampledFrom([]model.EventSource{model.SourceSentry, model.SourceLog, model.SourceSpanEvent}).Draw(t, "source")
			e.Time += model.Time(rapid.IntRange(0, 120).Draw(t, "ms")) * 1_000_000
			e.Value = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "value")
			e.Resource = res()
			return e
		}
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				s.check(t)
				readers[0].follow(t, s)
				readers[0].compare(t, s)
			},
			"lag": func(t *rapid.T) { // this one follows now and then only
				readers[1].follow(t, s)
				readers[1].compare(t, s)
			},
			"add": func(t *rapid.T) {
				b := &model.Batch{}
				for range rapid.IntRange(0, 20).Draw(t, "spans") {
					sp := span(small.Draw(t, "trace"), rapid.IntRange(1, 15).Draw(t, "span"))
					sp.Resource = res()
					sp.DurationNS = int64(small.Draw(t, "duration"))
					if rapid.IntRange(0, 9).Draw(t, "transaction") == 0 {
						sp.EventID, sp.Payload = eventID(100+int(sp.SpanID[7])), []byte("{}")
					}
					b.Spans = append(b.Spans, sp)
				}
				for range rapid.IntRange(0, 3).Draw(t, "events") {
					b.Events = append(b.Events, event())
				}
				for range rapid.IntRange(0, 5).Draw(t, "logs") {
					n++
					l := line(small.Draw(t, "trace"), fmt.Sprint("log ", rapid.IntRange(n-3, n).Draw(t, "text")))
					l.Resource = res()
					b.Logs = append(b.Logs, l)
				}
				for range rapid.IntRange(0, 3).Draw(t, "items") {
					n++
					it := thing("attachment", rapid.IntRange(0, 40).Draw(t, "of"), fmt.Sprint(rapid.IntRange(n-3, n).Draw(t, "content")))
					it.TraceID = traceID(small.Draw(t, "trace"))
					b.Items = append(b.Items, it)
				}
				for range rapid.IntRange(0, 2).Draw(t, "metrics") {
					n++
					b.Metrics = append(b.Metrics, gauge(fmt.Sprint("m", small.Draw(t, "metric")), n, 1, 2))
				}
				s.Add(b)
			},
			"time":  func(t *rapid.T) { c.pass(time.Duration(rapid.IntRange(0, 20).Draw(t, "seconds")) * time.Second) },
			"tick":  func(*rapid.T) { s.Tick() },
			"pin":   func(t *rapid.T) { s.PinTrace(traceID(small.Draw(t, "trace")), rapid.Bool().Draw(t, "on")) },
			"hold":  func(t *rapid.T) { s.PinIssue(fmt.Sprint("i", small.Draw(t, "issue")), rapid.Bool().Draw(t, "on")) },
			"hide":  func(t *rapid.T) { s.HideIssue(fmt.Sprint("i", small.Draw(t, "issue")), rapid.Bool().Draw(t, "on")) },
			"new":   func(*rapid.T) { s.NewSession() },
			"clear": func(*rapid.T) { s.Clear() },
			"undo":  func(*rapid.T) { s.Undo() },
		})
	})
}
