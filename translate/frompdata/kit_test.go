package frompdata

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

var arrival = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// put writes "key=value key=value" into m: whole numbers become integers, true and false booleans. A + in a value stands
// for a space; a value that begins with ' is text whatever follows.
func put(m pcommon.Map, pairs string) {
	for pair := range strings.FieldsSeq(pairs) {
		key, value, _ := strings.Cut(pair, "=")
		value = strings.ReplaceAll(value, "+", " ")
		if text, ok := strings.CutPrefix(value, "'"); ok {
			m.PutStr(key, text)
		} else if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			m.PutInt(key, n)
		} else if value == "true" || value == "false" {
			m.PutBool(key, value == "true")
		} else {
			m.PutStr(key, value)
		}
	}
}

var kinds = map[string]ptrace.SpanKind{
	"": ptrace.SpanKindUnspecified, "internal": ptrace.SpanKindInternal, "server": ptrace.SpanKindServer,
	"client": ptrace.SpanKindClient, "producer": ptrace.SpanKindProducer, "consumer": ptrace.SpanKindConsumer,
}

// newSpan returns traces with one plausible span, and the span.
func newSpan(scope, name, kind, attrs string) (ptrace.Traces, ptrace.Span) {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	put(rs.Resource().Attributes(), "service.name=shop")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName(scope)
	s := ss.Spans().AppendEmpty()
	s.SetTraceID(pcommon.TraceID{1})
	s.SetSpanID(pcommon.SpanID{2})
	s.SetName(name)
	s.SetKind(kinds[kind])
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(arrival.Add(-time.Second)))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(arrival))
	put(s.Attributes(), attrs)
	return td, s
}

// otelSpan translates one span of an OpenTelemetry SDK.
func otelSpan(t *testing.T, name, kind, attrs string) *model.Span {
	t.Helper()
	td, _ := newSpan("test", name, kind, attrs)
	return onlySpan(t, td)
}

// sentrySpan translates one span of the Sentry receiver.
func sentrySpan(t *testing.T, name, kind, attrs string) *model.Span {
	t.Helper()
	td, _ := newSpan(conventions.ScopeName, name, kind, attrs)
	return onlySpan(t, td)
}

func onlySpan(t *testing.T, td ptrace.Traces) *model.Span {
	t.Helper()
	b := Traces(td, Options{Received: arrival})
	require.Len(t, b.Spans, 1)
	return b.Spans[0]
}

// newRecord returns logs with one record, and the record.
func newRecord(scope, attrs string) (plog.Logs, plog.LogRecord) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	put(rl.Resource().Attributes(), "service.name=shop")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(scope)
	r := sl.LogRecords().AppendEmpty()
	r.SetTimestamp(pcommon.NewTimestampFromTime(arrival))
	put(r.Attributes(), attrs)
	return ld, r
}
