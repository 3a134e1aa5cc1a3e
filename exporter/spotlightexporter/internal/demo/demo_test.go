package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOrder(t *testing.T) {
	for _, fails := range []bool{false, true} {
		now := time.Now()
		order := Order(now, fails)
		spans, logs := 0, 0
		ids := map[string]bool{}
		for _, td := range order.Traces {
			for _, rs := range td.ResourceSpans().All() {
				for _, ss := range rs.ScopeSpans().All() {
					for _, s := range ss.Spans().All() {
						spans++
						ids[s.SpanID().String()] = true
						require.Equal(t, order.TraceID.String(), s.TraceID().String())
						require.False(t, s.EndTimestamp().AsTime().After(now), "nothing is of the future")
					}
				}
			}
		}
		for _, ld := range order.Logs {
			logs += ld.LogRecordCount()
		}
		require.Equal(t, len(steps), spans)
		require.Len(t, ids, spans)
		require.Equal(t, fails, !order.EventID.IsZero())
		if fails {
			require.Equal(t, 4, logs, "three logs and the error")
		} else {
			require.Equal(t, 3, logs)
		}
	}
}

// Every step but the first has a parent that is told before it and that it does not outlive.
func TestSteps(t *testing.T) {
	known := map[string]step{}
	for i, s := range steps {
		require.Less(t, s.from, s.to, s.key)
		require.NotContains(t, known, s.key)
		known[s.key] = s
		if i == 0 {
			require.Equal(t, took, time.Duration(s.to)*time.Millisecond)
			continue
		}
		parent, ok := known[s.parent]
		require.True(t, ok, s.key)
		require.GreaterOrEqual(t, s.from, parent.from, s.key)
		require.LessOrEqual(t, s.to, parent.to, s.key)
	}
}
