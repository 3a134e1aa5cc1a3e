package hub

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestRepeats(t *testing.T) {
	begin := time.Unix(1_700_000_000, 0)
	at := func(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }
	one := &live.Changes{Traces: []model.TraceID{traceID(1)}}
	two := &live.Changes{Traces: []model.TraceID{traceID(1), traceID(2)}}
	r := newRepeats()

	require.Equal(t, at(0).Add(hold), r.due(&live.Changes{Dropped: true}, at(0)), "a count can wait")
	require.Equal(t, at(0).Add(hold), r.due(&live.Changes{Dropped: true}, at(60)), "but not for ever")
	require.False(t, r.due(one, at(60)).After(at(60)), "what is new is sent at once")
	r.sent(one, at(60))
	require.Equal(t, at(60).Add(hold), r.due(one, at(70)), "what was just sent is held")
	require.False(t, r.due(two, at(80)).After(at(80)), "together with something new it is sent")
	require.False(t, r.due(one, at(60).Add(hold)).After(at(60).Add(hold)))
	for _, urgent := range []live.Changes{
		{Events: []model.EventID{eventID(1)}}, {Transactions: []model.EventID{eventID(1)}}, {Issues: []string{"a"}}, {Items: []uint64{1}}, {Logs: true}, {Session: true}, {Reset: true},
		{Removed: model.Removed{Traces: []model.TraceID{traceID(1)}}},
	} {
		urgent.Traces = one.Traces
		require.Equal(t, at(70), r.due(&urgent, at(70)), "%+v", urgent)
	}

	r.sent(&live.Changes{Services: []string{"s"}, Metrics: []live.MetricKey{{Name: "m"}}}, at(70))
	require.Equal(t, at(70).Add(hold), r.due(&live.Changes{Services: []string{"s"}}, at(75)))
	require.Equal(t, at(70).Add(hold), r.due(&live.Changes{Metrics: []live.MetricKey{{Name: "m"}}}, at(75)))
	r.sent(&live.Changes{}, at(1000))
	require.Empty(t, r.traces, "what is long ago is forgotten")
	require.Empty(t, r.services)
	require.Empty(t, r.metrics)
}

func TestPauseAfter(t *testing.T) {
	require.Equal(t, minPause, pauseAfter(500, 20*time.Microsecond))
	require.Equal(t, 125*time.Millisecond, pauseAfter(1<<20, time.Millisecond), "a megabyte at 8 MiB a second")
	require.Equal(t, 30*time.Millisecond, pauseAfter(500, 10*time.Millisecond), "three times what it took")
	require.Equal(t, maxPause, pauseAfter(100<<20, time.Minute))
}
