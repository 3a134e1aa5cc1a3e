package frompdata

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTraces_StatusIsDerivedWhenUnset(t *testing.T) {
	for _, c := range []struct {
		kind, attrs string
		failed      bool
	}{
		{"server", "http.response.status_code=500", true},
		{"server", "http.status_code=503", true},
		{"server", "http.response.status_code=404", false},
		{"client", "http.response.status_code=404", true},
		{"client", "http.status_code=399", false},
		{"client", "http.response.status_code='200", false}, // text
		{"client", "http.response.status_code='500", true},
		{"internal", "http.response.status_code=404", false},
		{"client", "rpc.grpc.status_code=5", true},
		{"server", "rpc.grpc.status_code=5", false},
		{"server", "rpc.grpc.status_code=13", true},
		{"server", "rpc.grpc.status_code=99", true},
		{"client", "rpc.grpc.status_code=0", false},
		{"client", "rpc.response.status_code=OK", false},
		{"client", "rpc.response.status_code=NOT_FOUND", true},
		{"server", "rpc.response.status_code=NOT_FOUND", false},
		{"server", "rpc.connect_rpc.error_code=internal", true},
		{"client", "rpc.response.status_code=-32601", true},
		{"internal", "error.type=ValueError", true},
		{"server", "error.type='404", false},
		{"server", "error.type='500", true},
		{"client", "error.type=timeout", true},
		{"internal", "error=true", true},
		{"internal", "error=false", false},
		{"internal", "", false},
	} {
		s := otelSpan(t, "x", c.kind, c.attrs)
		if c.failed {
			require.Equal(t, model.StatusError, s.Status, "%s %q", c.kind, c.attrs)
			require.Equal(t, model.StatusUnset, s.RawStatus)
		} else {
			require.Equal(t, model.StatusUnset, s.Status, "%s %q", c.kind, c.attrs)
			require.Empty(t, s.RawStatus)
		}
	}
}

func TestTraces_StatusOfTheSenderStays(t *testing.T) {
	td, span := newSpan("test", "x", "client", "http.response.status_code=404")
	span.Status().SetCode(ptrace.StatusCodeOk)
	s := onlySpan(t, td)
	require.Equal(t, model.StatusOK, s.Status)
	require.Empty(t, s.RawStatus)

	span.Status().SetCode(ptrace.StatusCodeError)
	span.Status().SetMessage("boom")
	s = onlySpan(t, td)
	require.Equal(t, model.StatusError, s.Status)
	require.Equal(t, "boom", s.StatusMessage)
	require.Empty(t, s.RawStatus)

	span.Status().SetCode(77)
	require.Equal(t, model.StatusUnset, rawStatus(77))
}

func TestTraces_ExceptionEventMakesAnError(t *testing.T) {
	td, span := newSpan("test", "x", "internal", "")
	ev := span.Events().AppendEmpty()
	ev.SetName("exception")
	ev.SetTimestamp(span.EndTimestamp())
	put(ev.Attributes(), "exception.type=ValueError")
	s := onlySpan(t, td)
	require.Equal(t, model.StatusError, s.Status)
	require.Equal(t, model.StatusUnset, s.RawStatus)

	span.Status().SetCode(ptrace.StatusCodeOk) // the developer knows that it was handled
	require.Equal(t, model.StatusOK, onlySpan(t, td).Status)
}

func TestTraces_TimesAndIDs(t *testing.T) {
	at := model.TimeOf(arrival)
	ns := func(n model.Time) pcommon.Timestamp { return pcommon.Timestamp(n) }
	for _, c := range []struct {
		what       string
		start, end pcommon.Timestamp
		wantStart  model.Time
		duration   int64
		open       bool
		warning    string
	}{
		{"as it should be", ns(at), ns(at + 5), at, 5, false, ""},
		{"no duration", ns(at), ns(at), at, 0, false, ""},
		{"not ended", ns(at), 0, at, 0, true, ""},
		{"ends before it starts", ns(at), ns(at - 5), at, 0, false, model.WarnEndBeforeStart},
		{"no start: its end is all we know", 0, ns(at - 7), at - 7, 0, false, model.WarnBadTime},
		{"no times", 0, 0, at, 0, true, model.WarnBadTime},
		{"milliseconds instead of nanoseconds", ns(at / 1e6), ns(at/1e6 + 5), at, 5, false, model.WarnBadTime},
		{"beyond 2262", 1 << 63, 1<<63 + 5, at, 0, false, model.WarnBadTime},
		{"ends beyond 2262", ns(at), 1 << 63, at, 0, false, model.WarnBadTime},
	} {
		td, span := newSpan("test", "x", "", "")
		span.SetStartTimestamp(c.start)
		span.SetEndTimestamp(c.end)
		s := onlySpan(t, td)
		require.Equal(t, c.wantStart, s.StartTime, c.what)
		require.Equal(t, c.duration, s.DurationNS, c.what)
		require.Equal(t, c.open, s.Open, c.what)
		if c.warning == "" {
			require.Empty(t, s.Warnings, c.what)
		} else {
			require.Equal(t, []string{c.warning}, s.Warnings, c.what)
		}
	}
}

func TestTraces_ZeroIDsAreMadeUpTheSameEachTime(t *testing.T) {
	td, span := newSpan("test", "x", "", "")
	span.SetTraceID(pcommon.TraceID{})
	span.SetSpanID(pcommon.SpanID{})
	one, two := onlySpan(t, td), onlySpan(t, td)
	require.False(t, one.TraceID.IsZero())
	require.False(t, one.SpanID.IsZero())
	require.Equal(t, one.TraceID, two.TraceID)
	require.Equal(t, one.SpanID, two.SpanID)
	require.Equal(t, []string{model.WarnZeroTraceID, model.WarnZeroSpanID}, one.Warnings)
	span.SetName("y")
	require.NotEqual(t, one.TraceID, onlySpan(t, td).TraceID)
}

func TestTraces_ServiceIsNeverEmpty(t *testing.T) {
	for attrs, want := range map[string]string{
		"service.name=shop":             "shop",
		"service.name=7":                "7",
		"":                              "unknown_service",
		"telemetry.sdk.language=python": "unknown_service:python",
		"process.executable.name=node":  "unknown_service:node",
		"service.name=":                 "unknown_service",
		"service.name=unknown_service":  "unknown_service",
	} {
		td := ptrace.NewTraces()
		rs := td.ResourceSpans().AppendEmpty()
		put(rs.Resource().Attributes(), attrs)
		rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		require.Equal(t, want, onlySpan(t, td).Service, attrs)
	}
}
