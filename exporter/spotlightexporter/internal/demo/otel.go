package demo

import (
	"encoding/hex"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const library = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

// resource is the process of the orders service.
func resource(r pcommon.Resource) {
	a := r.Attributes()
	a.PutStr("service.name", orders)
	a.PutStr("service.version", version)
	a.PutStr("deployment.environment.name", "development")
	a.PutStr("telemetry.sdk.name", "opentelemetry")
	a.PutStr("telemetry.sdk.language", "go")
	a.PutStr("telemetry.sdk.version", "1.44.0")
	a.PutStr("process.runtime.name", "go")
	a.PutInt("process.pid", 4711)
}

func (o *order) otelTraces() ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	resource(rs.Resource())
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName(library)
	for _, s := range of(orders) {
		span := ss.Spans().AppendEmpty()
		span.SetTraceID(o.traceID())
		span.SetSpanID(spanID(o.span(s.key)))
		span.SetParentSpanID(spanID(o.span(s.parent)))
		span.SetName(s.name)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(o.at(s.from)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(o.at(s.to)))
		a := span.Attributes()
		switch s.op {
		case "http.server":
			span.SetKind(ptrace.SpanKindServer)
			a.PutStr("http.request.method", "POST")
			a.PutStr("http.route", "/orders")
			a.PutStr("url.path", "/orders")
			a.PutInt("http.response.status_code", int64(o.status(s.key)))
		case "http.client":
			span.SetKind(ptrace.SpanKindClient)
			a.PutStr("http.request.method", "POST")
			a.PutStr("url.full", "http://payments:8000/charges")
			a.PutStr("server.address", "payments")
			a.PutInt("http.response.status_code", int64(o.status(s.key)))
		case "db":
			span.SetKind(ptrace.SpanKindClient)
			a.PutStr("db.system.name", "postgresql")
			a.PutStr("db.namespace", "shop")
			a.PutStr("db.query.text", s.statement)
		}
		if o.failed(s.key) {
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Status().SetMessage("payment was not authorized")
		}
	}
	return td
}

func (o *order) otelLogs() plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	resource(rl.Resource())
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("demo/orders")
	log := func(ms int, key string, severity plog.SeverityNumber, text, body string) pcommon.Map {
		r := sl.LogRecords().AppendEmpty()
		r.SetTimestamp(pcommon.NewTimestampFromTime(o.at(ms)))
		r.SetTraceID(o.traceID())
		r.SetSpanID(spanID(o.span(key)))
		r.SetSeverityNumber(severity)
		r.SetSeverityText(text)
		r.Body().SetStr(body)
		return r.Attributes()
	}
	log(50, "create", plog.SeverityNumberInfo, "INFO", "order received").PutInt("order.items", 6)
	log(110, "create", plog.SeverityNumberDebug, "DEBUG", "all items in stock").PutStr("warehouse", "east")
	if o.fails {
		log(582, "create", plog.SeverityNumberError, "ERROR", "payment failed, order rolled back").PutInt("http.response.status_code", 504)
	} else {
		log(582, "create", plog.SeverityNumberInfo, "INFO", "order placed").PutStr("order.id", "1042")
	}
	return ld
}

func (o *order) otelMetrics() pmetric.Metrics {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	resource(rm.Resource())
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(library)
	end := pcommon.NewTimestampFromTime(o.at(588))

	placed := sm.Metrics().AppendEmpty()
	placed.SetName("demo.orders")
	placed.SetDescription("Orders by outcome")
	placed.SetUnit("{order}")
	sum := placed.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	p := sum.DataPoints().AppendEmpty()
	p.SetTimestamp(end)
	p.SetIntValue(1)
	outcome := "placed"
	if o.fails {
		outcome = "payment_failed"
	}
	p.Attributes().PutStr("outcome", outcome)

	duration := sm.Metrics().AppendEmpty()
	duration.SetName("http.server.request.duration")
	duration.SetUnit("s")
	h := duration.SetEmptyHistogram()
	h.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	d := h.DataPoints().AppendEmpty()
	d.SetTimestamp(end)
	d.SetCount(1)
	seconds := (542 * time.Millisecond).Seconds() // of the step "create"
	d.SetSum(seconds)
	d.ExplicitBounds().FromRaw([]float64{0.1, 0.25, 0.5, 1})
	d.BucketCounts().FromRaw([]uint64{0, 0, 0, 1, 0})
	d.Attributes().PutStr("http.route", "/orders")
	x := d.Exemplars().AppendEmpty()
	x.SetTimestamp(end)
	x.SetDoubleValue(seconds)
	x.SetTraceID(o.traceID())
	x.SetSpanID(spanID(o.span("create")))
	return md
}

func (o *order) traceID() (id pcommon.TraceID) {
	_, _ = hex.Decode(id[:], []byte(o.trace)) // we made it
	return id
}

func spanID(text string) (id pcommon.SpanID) {
	_, _ = hex.Decode(id[:], []byte(text)) // we made it
	return id
}
