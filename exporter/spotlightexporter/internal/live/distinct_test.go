package live

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Different spans with one id are all kept, whatever the order they come in; copies are not.
func TestSpans_OneIDForDifferentSpans(t *testing.T) {
	named := func(name string) *model.Span {
		return span(1, 1, func(s *model.Span) { s.Name, s.Open = name, false })
	}
	for _, order := range [][]string{{"a", "b", "c"}, {"c", "b", "a"}, {"a", "b", "a", "c", "b", "a"}} {
		s := New(Limits{}, newClock().now)
		for _, name := range order {
			s.Add(spans(named(name)))
		}
		snap, ok := s.Trace(traceID(1))
		require.True(t, ok)
		names, ids := map[string]int{}, map[model.SpanID]bool{}
		for _, sp := range snap.Spans {
			names[sp.Name]++
			ids[sp.SpanID] = true
		}
		require.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1}, names, order)
		require.Len(t, ids, 3)
	}
}
