package live

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Different events with one id are all kept: the one that came last is found by the id.
func TestEvents_OneIDForDifferentEvents(t *testing.T) {
	s := New(Limits{}, newClock().now)
	with := func(title, payload string) *model.EventRecord {
		return failure(1, 1, "an issue", func(r *model.EventRecord) { r.Title, r.Payload = title, []byte(payload) })
	}
	for _, title := range []string{"a", "b", "a", "b", "c", "b"} { // copies of what was renamed are still copies
		s.Add(events(with(title, title)))
	}
	rows, _ := s.Events(0, 10)
	require.Len(t, rows, 3)
	ids := map[model.EventID]bool{}
	for _, row := range rows {
		ids[row.Rec.EventID] = true
		found, ok := s.Event(row.Rec.EventID)
		require.True(t, ok)
		require.Same(t, row.Rec, found)
		if row.Rec.EventID != eventID(1) {
			require.Contains(t, row.Rec.Warnings, model.WarnEventIDTaken)
		}
	}
	require.Len(t, ids, 3)
	last, _ := s.Event(eventID(1))
	require.Equal(t, "c", last.Title)
}

// A copy that came another way is not another event, even where a pipeline changed its payload.
func TestEvents_CopiesAreOne(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(events(failure(1, 1, "an issue", func(r *model.EventRecord) { r.Title, r.Payload = "a", []byte(`{"user":"jane"}`) })))
	s.Add(events(failure(1, 1, "an issue", func(r *model.EventRecord) { r.Title, r.Payload = "a", []byte(`{"user":"****"}`) })))
	rows, _ := s.Events(0, 10)
	require.Len(t, rows, 1)
}
