package frompdata

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const pythonStack = "Traceback (most recent call last):\n  File \"/srv/shop/a.py\", line 3, in f\n    g()\nValueError: boom\n"

func TestTraces_ExceptionEventBecomesAnEvent(t *testing.T) {
	td, span := newSpan("shop", "x", "internal", "")
	put(td.ResourceSpans().At(0).Resource().Attributes(), "telemetry.sdk.language=python service.version=1.2 deployment.environment=dev")
	ev := span.Events().AppendEmpty()
	ev.SetName("exception")
	ev.SetTimestamp(pcommon.NewTimestampFromTime(arrival.Add(-time.Millisecond)))
	put(ev.Attributes(), "exception.type=ValueError exception.message=boom exception.escaped=False")
	ev.Attributes().PutStr("exception.stacktrace", pythonStack)
	span.Events().AppendEmpty().SetName("retry")
	span.Events().AppendEmpty().SetName("exception") // without attributes it is no exception

	b := Traces(td, Options{Received: arrival})
	require.Len(t, b.Spans[0].Events, 3)
	require.Len(t, b.Events, 1)
	e := b.Events[0]
	require.Equal(t, model.SourceSpanEvent, e.Source)
	require.Equal(t, model.EventError, e.Type)
	require.Equal(t, model.LevelError, e.Level)
	require.Equal(t, model.OriginOTel, e.Origin)
	require.Equal(t, b.Spans[0].TraceID, e.TraceID)
	require.Equal(t, b.Spans[0].SpanID, e.SpanID)
	require.Equal(t, "ValueError", e.Title)
	require.Equal(t, "boom", e.Value)
	require.Nil(t, e.Handled)
	require.Nil(t, e.Payload)
	require.Equal(t, "shop", e.Service)
	require.Equal(t, "python", e.Platform)
	require.Equal(t, "shop@1.2", e.Release)
	require.Equal(t, "dev", e.Environment)
	require.Equal(t, model.TimeOf(arrival.Add(-time.Millisecond)), e.Time)
	require.Equal(t, model.TimeOf(arrival), e.ReceivedTime)
	require.Len(t, e.Exceptions, 1)
	require.Equal(t, "f", e.Exceptions[0].Frames[0].Function)
	require.Equal(t, pythonStack, e.Exceptions[0].RawStack)
	require.Equal(t, "ValueError", e.Attributes.Str("exception.type"))
	require.Same(t, b.Spans[0].Resource, e.Resource)

	again := Traces(td, Options{Received: arrival.Add(time.Hour)})
	require.Equal(t, e.EventID, again.Events[0].EventID, "a span that is sent again makes the same event")
	put(ev.Attributes(), "exception.message=other")
	require.NotEqual(t, e.EventID, Traces(td, Options{Received: arrival}).Events[0].EventID)
}

func TestLogs_ExceptionBecomesAnEventAndStaysALog(t *testing.T) {
	ld, r := newRecord("shop.orders", "exception.type=ValueError exception.message=boom exception.stacktrace="+strings.ReplaceAll("at f", " ", "+"))
	r.Body().SetStr("order failed")
	r.SetSeverityNumber(plog.SeverityNumberFatal)
	r.SetTraceID(pcommon.TraceID{1})
	b := Logs(ld, Options{Received: arrival})
	require.Len(t, b.Logs, 1)
	require.Len(t, b.Events, 1)
	l, e := b.Logs[0], b.Events[0]
	require.Equal(t, e.EventID, l.EventID)
	require.Equal(t, model.SourceLog, e.Source)
	require.Equal(t, model.LevelFatal, e.Level)
	require.Equal(t, "order failed", l.Message)
	require.Equal(t, "shop.orders", l.Logger)
	require.Equal(t, "boom", e.Message)

	td, span := newSpan("shop", "x", "", "")
	ev := span.Events().AppendEmpty()
	ev.SetName("exception")
	ev.SetTimestamp(r.Timestamp())
	put(ev.Attributes(), "exception.type=ValueError exception.message=boom")
	r.SetSpanID(span.SpanID())
	require.NotEqual(t, Logs(ld, Options{}).Events[0].EventID, Traces(td, Options{}).Events[0].EventID, "two reports of one failure are two records")
}

func TestLogs_ExceptionWithoutStackHasThePlaceOfTheLog(t *testing.T) {
	for _, attrs := range []string{
		"code.file.path=/srv/a.py code.line.number=7 code.function.name=f", "code.filepath=/srv/a.py code.lineno=7 code.function=f",
	} {
		ld, _ := newRecord("shop", "exception.message=boom "+attrs)
		e := Logs(ld, Options{}).Events[0]
		require.Equal(t, []model.Frame{{Function: "f", Filename: "/srv/a.py", AbsPath: "/srv/a.py", Line: 7}}, e.Exceptions[0].Frames)
		require.Equal(t, "boom", e.Title)
		require.Equal(t, model.LevelError, e.Level)
	}
}

func TestLogs_ExceptionByEventName(t *testing.T) {
	ld, r := newRecord("shop", "")
	r.SetEventName("exception")
	r.Body().SetStr("it broke")
	b := Logs(ld, Options{})
	require.Len(t, b.Events, 1)
	require.Equal(t, "it broke", b.Events[0].Message)
	require.Equal(t, model.LevelError, b.Logs[0].Level)
}

func TestLogs_LevelsAndMessages(t *testing.T) {
	for _, c := range []struct {
		number plog.SeverityNumber
		text   string
		want   model.Level
	}{
		{1, "", model.LevelTrace}, {5, "", model.LevelDebug}, {12, "", model.LevelInfo}, {13, "", model.LevelWarning}, {20, "", model.LevelError},
		{24, "", model.LevelFatal}, {0, "WARN", model.LevelWarning}, {0, "Critical", model.LevelFatal}, {0, "what", model.LevelInfo}, {0, "", model.LevelInfo},
		{25, "", model.LevelInfo}, {-1, "error", model.LevelError},
	} {
		require.Equal(t, c.want, levelOf(c.number, c.text, model.LevelInfo), "%d %q", c.number, c.text)
	}
	ld, r := newRecord("", "")
	require.Empty(t, Logs(ld, Options{}).Logs[0].Message)
	r.SetEventName("user.login")
	require.Equal(t, "user.login", Logs(ld, Options{}).Logs[0].Message)
	r.Body().SetEmptyMap().PutStr("msg", "hello")
	require.Equal(t, "hello", Logs(ld, Options{}).Logs[0].Message)
	r.Body().SetEmptyMap().PutInt("n", 1)
	require.Equal(t, `{"n":1}`, Logs(ld, Options{}).Logs[0].Message)
	r.Body().SetStr(strings.Repeat("é", maxMessage))
	require.Len(t, Logs(ld, Options{}).Logs[0].Message, maxMessage)
	require.Len(t, Logs(ld, Options{}).Logs[0].Body.Str(), 2*maxMessage)
}

func TestLogs_Times(t *testing.T) {
	ld, r := newRecord("", "")
	seen := pcommon.NewTimestampFromTime(arrival.Add(-time.Minute))
	r.SetTimestamp(0)
	r.SetObservedTimestamp(seen)
	l := Logs(ld, Options{Received: arrival}).Logs[0]
	require.Equal(t, model.TimeOf(seen.AsTime()), l.Time)
	require.Empty(t, l.Warnings, "a log without a time of its own is nothing unusual")
	r.SetTimestamp(5)
	l = Logs(ld, Options{Received: arrival}).Logs[0]
	require.Equal(t, model.TimeOf(seen.AsTime()), l.Time)
	require.Equal(t, []string{model.WarnBadTime}, l.Warnings)
	r.SetObservedTimestamp(0)
	require.Equal(t, model.TimeOf(arrival), Logs(ld, Options{Received: arrival}).Logs[0].Time)
}

func TestLogs_SentryEvent(t *testing.T) {
	const payload = `{"event_id":"fc6d8c0c43fc4630ad850ee518f1b9d0","n":1.10}`
	ld, r := newRecord(conventions.ScopeName, "sentry.item.type=event sentry.event_id=fc6d8c0c43fc4630ad850ee518f1b9d0 exception.type=TypeError "+
		"exception.message=boom sentry.exception.handled=false sentry.platform=javascript")
	put(ld.ResourceLogs().At(0).Resource().Attributes(), "sentry.release=shop@2 sentry.environment=dev")
	r.Attributes().PutEmptySlice(conventions.Warnings).AppendEmpty().SetStr("it came late")
	r.SetEventName(conventions.EventException)
	r.SetSeverityNumber(plog.SeverityNumberError)
	r.Body().SetStr(payload)
	for range 2 { // with the scope, and after a processor lost it
		b := Logs(ld, Options{Received: arrival})
		require.Empty(t, b.Logs)
		require.Len(t, b.Events, 1)
		e := b.Events[0]
		require.Equal(t, payload, string(e.Payload))
		require.Equal(t, "fc6d8c0c43fc4630ad850ee518f1b9d0", e.EventID.String())
		require.Equal(t, model.SourceSentry, e.Source)
		require.Equal(t, model.OriginSentry, e.Origin)
		require.Equal(t, model.EventError, e.Type)
		require.Equal(t, [4]string{"TypeError", "boom", "javascript", "shop@2"}, [4]string{e.Title, e.Value, e.Platform, e.Release})
		require.Equal(t, "dev", e.Environment)
		require.False(t, *e.Handled)
		require.Nil(t, e.Exceptions)
		require.Equal(t, []string{"it came late"}, e.Warnings)
		_, kept := e.Attributes.Get(conventions.Warnings)
		require.False(t, kept)
		ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName("")
	}
}

func TestLogs_SentryMessageWithoutID(t *testing.T) {
	ld, r := newRecord(conventions.ScopeName, "sentry.item.type=event sentry.item.title=hello")
	r.SetEventName(conventions.EventMessage)
	r.Body().SetEmptyBytes().FromRaw([]byte{'{', 0xff, '}'})
	e := Logs(ld, Options{}).Events[0]
	require.Equal(t, model.EventMessage, e.Type)
	require.Equal(t, "hello", e.Title)
	require.Equal(t, model.LevelInfo, e.Level)
	require.Nil(t, e.Handled)
	require.Equal(t, []byte{'{', 0xff, '}'}, e.Payload)
	require.False(t, e.EventID.IsZero())
	require.Equal(t, []string{model.WarnMadeUpEventID}, e.Warnings)
	require.Equal(t, e.EventID, Logs(ld, Options{}).Events[0].EventID)
}

func TestLogs_SentryItems(t *testing.T) {
	ld, r := newRecord(conventions.ScopeName, "sentry.item.type=attachment sentry.item.title=a.png sentry.item.content_type=image/png sentry.event_id=fc6d8c0c43fc4630ad850ee518f1b9d0")
	r.SetEventName("sentry.attachment")
	r.SetTraceID(pcommon.TraceID{7})
	r.Body().SetEmptyBytes().FromRaw([]byte("\x00\n\xff"))
	b := Logs(ld, Options{})
	require.Empty(t, b.Logs)
	require.Empty(t, b.Events)
	i := b.Items[0]
	require.Equal(t, [3]string{"attachment", "a.png", "image/png"}, [3]string{i.Type, i.Title, i.ContentType})
	require.Equal(t, "\x00\n\xff", string(i.Payload))
	require.Equal(t, 3, i.Size)
	require.Equal(t, model.TraceID{7}, i.TraceID)
	require.Equal(t, "fc6d8c0c43fc4630ad850ee518f1b9d0", i.EventID.String())

	ld, r = newRecord(conventions.ScopeName, "") // only the event name left
	r.SetEventName("sentry.hologram")
	r.Body().SetEmptyMap().PutInt("n", 1) // a processor parsed it
	i = Logs(ld, Options{}).Items[0]
	require.Equal(t, [2]string{"hologram", "hologram"}, [2]string{i.Type, i.Title})
	require.Equal(t, `{"n":1}`, string(i.Payload))
}

func TestLogs_SentryLogs(t *testing.T) {
	ld, r := newRecord(conventions.ScopeName, "sentry.trace.parent_span_id=00f067aa0ba902b7 sentry.logger=shop")
	r.Body().SetStr("hello")
	l := Logs(ld, Options{}).Logs[0]
	require.Equal(t, model.OriginSentry, l.Origin)
	require.Equal(t, "00f067aa0ba902b7", l.SpanID.String())
	require.Equal(t, "shop", l.Logger)

	put(r.Attributes(), "sentry.item.type=otel_log") // an OTLP log inside an envelope may have any event name
	r.SetEventName("sentry.anything")
	require.Len(t, Logs(ld, Options{}).Logs, 1)
}

func TestTraces_SentryTransaction(t *testing.T) {
	s := sentrySpan(t, "GET /", "server", "sentry.event_id=fc6d8c0c43fc4630ad850ee518f1b9d0 sentry.payload={\"a\":1} sentry.warnings=hm sentry.op=http.server")
	require.Equal(t, `{"a":1}`, string(s.Payload))
	require.Equal(t, "fc6d8c0c43fc4630ad850ee518f1b9d0", s.EventID.String())
	require.True(t, s.Segment)
	require.Equal(t, []string{"hm"}, s.Warnings)
	require.Equal(t, model.Attributes{
		{Key: "sentry.event_id", Value: model.String("fc6d8c0c43fc4630ad850ee518f1b9d0")}, {Key: "sentry.op", Value: model.String("http.server")},
	}, s.Attributes.Unpack())
}

func TestMetrics_SentryMetricNamesItsSpan(t *testing.T) {
	md := pmetric.NewMetrics()
	sm := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(conventions.ScopeName)
	m := sm.Metrics().AppendEmpty()
	p := m.SetEmptySum().DataPoints().AppendEmpty()
	p.SetIntValue(3)
	x := p.Exemplars().AppendEmpty()
	x.SetTraceID(pcommon.TraceID{1})
	x.SetSpanID(pcommon.SpanID{2})
	b := Metrics(md, Options{Received: arrival})
	got := b.Metrics[0].Points[0]
	require.Equal(t, model.TraceID{1}, got.TraceID)
	require.Equal(t, model.SpanID{2}, got.SpanID)
	require.Equal(t, model.Int(3), *got.Value)
	require.Equal(t, model.TimeOf(arrival), got.Time)
	require.Equal(t, "unknown_service", b.Metrics[0].Service)

	sm.Metrics().AppendEmpty().SetName("nothing in it")
	require.Equal(t, map[string]int{DroppedNoData: 1}, Metrics(md, Options{}).Dropped)
}

func TestMetrics_NumbersThatJSONCannotWrite(t *testing.T) {
	md := pmetric.NewMetrics()
	metrics := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	s := metrics.AppendEmpty().SetEmptySummary().DataPoints().AppendEmpty()
	s.SetSum(math.NaN())
	for _, v := range []float64{math.NaN(), math.Inf(1), 3} {
		q := s.QuantileValues().AppendEmpty()
		q.SetQuantile(0.5)
		q.SetValue(v)
	}
	h := metrics.AppendEmpty().SetEmptyHistogram().DataPoints().AppendEmpty()
	h.SetMax(math.Inf(1))
	h.SetMin(math.Inf(-1))
	h.ExplicitBounds().FromRaw([]float64{1, math.Inf(1)})
	metrics.AppendEmpty().SetEmptyExponentialHistogram().DataPoints().AppendEmpty().SetZeroThreshold(math.NaN())
	metrics.AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty().SetDoubleValue(math.NaN())

	b := Metrics(md, Options{})
	require.Nil(t, b.Metrics[0].Points[0].Sum)
	require.Equal(t, []model.Quantile{{Quantile: 0.5, Value: math.MaxFloat64}, {Quantile: 0.5, Value: 3}}, b.Metrics[0].Points[0].Quantiles)
	require.Equal(t, math.MaxFloat64, *b.Metrics[1].Points[0].Max)
	require.Equal(t, []float64{1, math.MaxFloat64}, b.Metrics[1].Points[0].Bounds)
	text, err := json.Marshal(b)
	require.NoError(t, err)
	require.Contains(t, string(text), `"value":"NaN"`)
}
