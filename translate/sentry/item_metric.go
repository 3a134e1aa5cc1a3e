package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// metricItem translates a container of measurements. Each is one call of the application: a counter becomes a delta sum,
// a gauge a gauge, a distribution a delta histogram of one value without buckets. The exemplar of a point names the trace
// and the span it was taken in.
func (c *call) metricItem(it *envelope.Item) bool {
	metrics := make(map[metricKey]pmetric.Metric)
	return c.container(it, c.r.parse(it.Payload), func(e node) bool { return c.measurement(e, metrics) })
}

// metricKey tells the metrics of one envelope apart: points of one metric are put together.
type metricKey struct {
	group            *group
	name, unit, kind string
}

// metricOf returns the metric of a key, made when it is new.
func (c *call) metricOf(k metricKey, metrics map[metricKey]pmetric.Metric) pmetric.Metric {
	m, ok := metrics[k]
	if ok {
		return m
	}
	m = c.metric(k.group)
	m.SetName(k.name)
	m.SetUnit(ucum(k.unit))
	switch k.kind {
	case "counter":
		sum := m.SetEmptySum()
		sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
		sum.SetIsMonotonic(true)
	case "gauge":
		m.SetEmptyGauge()
	case "distribution":
		m.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	}
	metrics[k] = m
	return m
}

// measurement translates one entry; it returns false, having made nothing, for one without name, known type or value.
func (c *call) measurement(v node, metrics map[metricKey]pmetric.Metric) bool {
	r := c.r
	var timestamp, trace, span, name, kind, value, unit, attributes node
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "timestamp":
			timestamp = e
		case "trace_id":
			trace = e
		case "span_id":
			span = e
		case "name":
			name = e
		case "type":
			kind = e
		case "value":
			value = e
		case "unit":
			unit = e
		case "attributes":
			attributes = e
		default:
			c.extra.add(k, e)
		}
	})
	key := metricKey{name: name.str(), unit: unit.str(), kind: kind.str()}
	number, ok := parseFloat(value.number())
	if !ok || key.name == "" || key.kind != "counter" && key.kind != "gauge" && key.kind != "distribution" {
		return false
	}
	attrs := c.scratchMap()
	if o := attributes; o.isObject() {
		r.attributes(attrs, o, &c.units)
	} else {
		c.leftOver("attributes", attributes)
	}
	ns, ok := timestamp.time()
	if !ok {
		c.warn(model.WarnBadTime)
		c.leftOver("timestamp", timestamp)
		ns = int64(c.now) // #nosec G115 -- a time of this century
	}
	at := pcommon.Timestamp(ns) // #nosec G115 -- never negative
	if key.kind == "counter" && number < 0 {
		c.warn(warnNegative)
	}
	f := entryFacts(attrs)
	key.group = c.groupOf(&f)
	m := c.metricOf(key, metrics)

	var exemplar pmetric.Exemplar
	var a pcommon.Map
	switch key.kind {
	case "distribution":
		p := m.Histogram().DataPoints().AppendEmpty()
		p.SetTimestamp(at)
		p.SetCount(1)
		p.SetSum(number)
		p.SetMin(number)
		p.SetMax(number)
		a, exemplar = p.Attributes(), p.Exemplars().AppendEmpty()
	default:
		var p pmetric.NumberDataPoint
		if key.kind == "counter" {
			p = m.Sum().DataPoints().AppendEmpty()
		} else {
			p = m.Gauge().DataPoints().AppendEmpty()
		}
		p.SetTimestamp(at)
		if n, ok := parseInt(value.number()); ok && isInteger(value.number()) {
			p.SetIntValue(n)
		} else {
			p.SetDoubleValue(number)
		}
		a, exemplar = p.Attributes(), p.Exemplars().AppendEmpty()
	}
	attrs.MoveTo(a)
	exemplar.SetTimestamp(at)
	exemplar.SetDoubleValue(number)
	if id, state := traceID(trace); state == idOK {
		exemplar.SetTraceID(pcommon.TraceID(id))
	} else {
		c.leftOver("trace_id", trace)
	}
	if id, state := spanID(span); state == idOK {
		exemplar.SetSpanID(pcommon.SpanID(id))
	} else {
		c.leftOver("span_id", span)
	}
	c.close(exemplar.FilteredAttributes()) // on the point they would make a series of their own
	return true
}

// ucum returns the OpenTelemetry unit of one of Sentry's; units without one stay as they are.
func ucum(unit string) string {
	switch unit {
	case "none":
		return ""
	case "nanosecond":
		return "ns"
	case "microsecond":
		return "us"
	case "millisecond":
		return "ms"
	case "second":
		return "s"
	case "minute":
		return "min"
	case "hour":
		return "h"
	case "day":
		return "d"
	case "week":
		return "wk"
	case "bit":
		return "bit"
	case "byte":
		return "By"
	case "kilobyte":
		return "kBy"
	case "kibibyte":
		return "KiBy"
	case "megabyte":
		return "MBy"
	case "mebibyte":
		return "MiBy"
	case "gigabyte":
		return "GBy"
	case "gibibyte":
		return "GiBy"
	case "percent":
		return "%"
	case "ratio":
		return "1"
	}
	return unit
}
