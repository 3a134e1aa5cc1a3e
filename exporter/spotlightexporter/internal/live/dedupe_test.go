package live

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func open(s *model.Span)   { s.Open, s.DurationNS = true, 0 }
func long(s *model.Span)   { s.DurationNS = 5000 }
func failed(s *model.Span) { s.Status = model.StatusError }
func txn(s *model.Span)    { s.EventID, s.Payload = eventID(7), []byte(`{"type":"transaction"}`) }

func TestResent(t *testing.T) {
	tests := map[string]struct {
		a, b     *model.Span
		want     *model.Span
		conflict bool
	}{
		"the same again":                 {span(1, 1), span(1, 1), span(1, 1), false},
		"started, then ended":            {span(1, 1, open), span(1, 1), span(1, 1), false},
		"more attributes":                {span(1, 1, with("a", "1")), span(1, 1, with("a", "1", "b", "2")), span(1, 1, with("a", "1", "b", "2")), false},
		"another status than none":       {span(1, 1), span(1, 1, failed), span(1, 1, failed), false},
		"another duration":               {span(1, 1), span(1, 1, long), span(1, 1, long), true},
		"another value":                  {span(1, 1, with("a", "1", "b", "1")), span(1, 1, with("a", "2")), span(1, 1, with("a", "1", "b", "1")), true},
		"a transaction and a bare copy":  {span(1, 1, txn), span(1, 1), span(1, 1, txn), false},
		"a transaction that is not over": {span(1, 1, txn, open), span(1, 1, with("a", "1")), span(1, 1, with("a", "1"), txn), false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.conflict {
				tc.want.Warnings = []string{model.WarnResent}
			}
			for _, order := range [][2]*model.Span{{tc.a, tc.b}, {tc.b, tc.a}} {
				for _, together := range []bool{true, false} {
					s := New(Limits{}, newClock().now)
					one, two := *order[0], *order[1]
					if together {
						s.Add(spans(&one, &two))
					} else {
						s.Add(spans(&one))
						s.Add(spans(&two))
					}
					s.Add(spans(span(1, 2)))
					tr, ok := s.Trace(traceID(1))
					require.True(t, ok)
					require.Len(t, tr.Spans, 2)
					require.Equal(t, tc.want, tr.Spans[0])
					if !tr.Spans[0].EventID.IsZero() {
						sp, ok := s.Transaction(eventID(7))
						require.True(t, ok)
						require.Equal(t, tc.want.Payload, sp.Payload)
					}
					s.check(t)
				}
			}
		})
	}
}

func TestResent_SnapshotsDoNotChange(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(spans(span(1, 1, open), span(1, 2)))
	before, _ := s.Trace(traceID(1))
	same, _ := s.Trace(traceID(1))
	require.Same(t, before, same, "what did not change is not made again")
	s.Add(spans(span(1, 1), span(1, 3)))
	after, _ := s.Trace(traceID(1))
	require.Len(t, before.Spans, 2)
	require.True(t, before.Spans[0].Open)
	require.Len(t, after.Spans, 3)
	require.False(t, after.Spans[0].Open)
	require.Same(t, before.Spans[1], after.Spans[1])
	require.Greater(t, after.Version, before.Version)
}

func TestDuplicates(t *testing.T) {
	sequenced := func(n int64) func(*model.Log) {
		return func(l *model.Log) {
			l.Time, l.Attributes = 5, model.Attributes{{Key: attrSequence, Value: model.Int(n)}}
		}
	}
	at := func(t model.Time) func(*model.Log) { return func(l *model.Log) { l.Time = t } }
	session := func(payload string) *model.Item { return thing("session", 0, payload) }
	tests := []struct {
		name       string
		batches    []*model.Batch
		stored     int
		duplicates uint64
	}{
		{"an event twice", []*model.Batch{events(failure(1, 1, "i")), events(failure(1, 1, "i"))}, 1, 1},
		{"an event twice at once", []*model.Batch{events(failure(1, 0, "i"), failure(1, 0, "i"))}, 1, 1},
		{"a log sent again", []*model.Batch{logs(line(1, "x", at(5))), logs(line(1, "x", at(5)))}, 1, 1},
		{"two equal logs of one moment", []*model.Batch{logs(line(1, "x", at(5)), line(1, "x", at(5)))}, 2, 0},
		{"both sent again", []*model.Batch{logs(line(1, "x", at(5)), line(1, "x", at(5))), logs(line(1, "x", at(5)), line(1, "x", at(5)))}, 2, 2},
		{"equal logs with numbers", []*model.Batch{logs(line(1, "x", sequenced(1)), line(1, "x", sequenced(2)), line(1, "x", sequenced(2)))}, 2, 1},
		{"equal logs of two moments", []*model.Batch{logs(line(1, "x", at(5))), logs(line(1, "x", at(6)))}, 2, 0},
		{"equal logs of two traces", []*model.Batch{logs(line(1, "x", at(5))), logs(line(2, "x", at(5)))}, 2, 0},
		{"an attachment twice", []*model.Batch{items(thing("attachment", 1, "x")), items(thing("attachment", 1, "x"))}, 1, 1},
		{"one attachment of two events", []*model.Batch{items(thing("attachment", 1, "x")), items(thing("attachment", 2, "x"))}, 2, 0},
		{"a session's update twice", []*model.Batch{items(session(`{"sid":"a","timestamp":"t1","seq":1}`)), items(session(`{"sid":"a","timestamp":"t1","seq":1,"more":1}`))}, 1, 1},
		{"two updates of a session", []*model.Batch{items(session(`{"sid":"a","timestamp":"t1"}`)), items(session(`{"sid":"a","timestamp":"t2"}`))}, 2, 0},
		{"an export of points twice", []*model.Batch{metrics(gauge("m", 1, 1, 2)), metrics(gauge("m", 1, 1, 2))}, 2, 2},
		{"equal points of one moment", []*model.Batch{metrics(gauge("m", 1, 1, 2), gauge("m", 1, 1, 2))}, 4, 0},
		{"points of two moments", []*model.Batch{metrics(gauge("m", 1, 1, 2)), metrics(gauge("m", 2, 1, 2))}, 4, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s := New(Limits{}, newClock().now)
			for _, b := range tc.batches {
				s.Add(b)
			}
			c := s.Status().Counts
			points := 0
			for _, m := range s.Metrics() {
				points += m.Points
			}
			require.Equal(t, tc.stored, c.Events+c.Logs+c.Items+points)
			require.Equal(t, tc.duplicates, s.Status().Dropped[droppedDuplicate])
			s.check(t)
		})
	}
}

func TestDuplicates_AreForgotten(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	add := func() int {
		s.Add(logs(line(1, "x", func(l *model.Log) { l.Time = 5 })))
		return s.Status().Counts.Logs
	}
	require.Equal(t, 1, add())
	c.pass(59 * time.Second)
	require.Equal(t, 1, add())
	c.pass(5 * time.Minute)
	s.Add(logs(line(1, "y")))
	c.pass(5 * time.Minute)
	require.Equal(t, 3, add())
	s.Clear()
	require.Equal(t, 1, add(), "what is sent again after a clear is wanted again")
}

func TestEvent_RicherCopyWins(t *testing.T) {
	poor := func() *model.EventRecord {
		return failure(1, 1, "a", func(e *model.EventRecord) { e.Source, e.Payload = model.SourceSpanEvent, nil })
	}
	rich := func() *model.EventRecord { return failure(1, 1, "b") }
	for _, order := range [][]*model.EventRecord{{poor(), rich()}, {rich(), poor()}} {
		s := New(Limits{}, newClock().now)
		for _, e := range order {
			s.Add(events(e))
		}
		e, ok := s.Event(eventID(1))
		require.True(t, ok)
		require.Equal(t, model.SourceSentry, e.Source)
		require.Len(t, s.Issues(0), 1)
		require.Equal(t, "b", s.Issues(0)[0].IssueID)
		s.check(t)
	}
}
