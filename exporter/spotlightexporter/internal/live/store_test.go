package live

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestAdd_EverythingIsFoundAgain(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	b := spans(span(1, 1), span(1, 2), span(2, 1))
	b.Events = []*model.EventRecord{failure(1, 1, "i1"), failure(2, 0, "i1"), failure(3, 9, "i2")}
	b.Logs = []*model.Log{line(1, "in a trace"), line(0, "without")}
	b.Items = []*model.Item{thing("attachment", 1, "a"), thing("attachment", 2, "b"), thing("session", 0, `{}`), thing("attachment", 77, "early")}
	b.Metrics = []*model.Metric{gauge("m", 1, 1, 2)}
	s.Add(b)

	tr, ok := s.Trace(traceID(1))
	require.True(t, ok)
	require.Len(t, tr.Spans, 2)
	require.Len(t, tr.Events, 1)
	require.Len(t, tr.Logs, 1)
	require.Len(t, tr.Items, 1)
	require.Len(t, s.Traces(), 2, "a trace of errors only is not listed")
	tr, ok = s.Trace(traceID(9))
	require.True(t, ok, "and can be opened")
	require.Empty(t, tr.Spans)

	got, next := s.Events(0, 10)
	require.Len(t, got, 3)
	require.Zero(t, next)
	require.Equal(t, eventID(3), got[0].Rec.EventID, "newest first")
	require.Len(t, s.Issues(0), 2)
	is, ok := s.Issue("i1")
	require.True(t, ok)
	require.Equal(t, 2, is.Count)
	require.Equal(t, eventID(2), is.LastEvent)

	l := s.Logs(0, 10)
	require.Len(t, l, 2)
	require.Equal(t, "without", l[0].Message)
	require.Len(t, s.Logs(l[0].ID, 10), 1)
	require.Len(t, s.ItemsOf(eventID(2)), 1)
	its, _ := s.Items(0, 10)
	require.Len(t, its, 4)
	require.Equal(t, "early", string(its[0].Payload))

	s.Add(events(failure(77, 0, "i3"))) // adopts its attachment
	ms := s.Metrics()
	require.Len(t, ms, 1)
	require.Equal(t, 2, ms[0].Series)
	require.NotEmpty(t, s.Services())

	st := s.Status()
	require.Equal(t, model.Counts{Issues: 3, Events: 4, Traces: 2, Spans: 3, Logs: 2, Metrics: 1, Services: 2, Attachments: 3, Items: 4}, st.Counts)

	c.pass(2 * time.Hour)
	s.Tick()
	st = s.Status()
	require.Equal(t, model.Counts{}, st.Counts)
	require.Zero(t, st.Bytes-s.overhead(), "everything was accounted for")
	require.EqualValues(t, map[string]uint64{"max_age": 15}, st.Evicted)
}

func TestStatus_EveryKindOfProfileIsCounted(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(items(thing("profile", 0, "a"), thing("profile_chunk", 0, "b"), thing("profile_chunk_ui", 0, "c")))
	require.Equal(t, 3, s.Status().Counts.Profiles)
}
