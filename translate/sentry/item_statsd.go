package sentry

import (
	"bytes"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// statsdItem translates Sentry's statsd dialect (JavaScript SDKs up to 8), one bucket of 10 s a line:
//
//	name@unit:value:value|type|#tag:value,tag|T1732200000
//
// Types are c (counter), d (distribution), s (set of integers) and g (gauge: last:min:max:sum:count). All values of a line
// are kept: in the exemplars of its point. A line that is none becomes a record.
func (c *call) statsdItem(it *envelope.Item) bool {
	metrics := make(map[metricKey]pmetric.Metric)
	for line := range bytes.Lines(it.Payload) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		if c.statsdLine(string(line), metrics) {
			continue
		}
		c.warnings = c.warnings[:0]
		c.warn(warnBadEntry)
		lr := c.record(it, line, false)
		lr.SetTimestamp(c.sent())
		c.close(lr.Attributes())
	}
	c.warnings = c.warnings[:0]
	return true
}

func (c *call) statsdLine(line string, metrics map[metricKey]pmetric.Metric) bool {
	c.r.utf8 = false // line by line
	head, rest, ok := strings.Cut(line, "|")
	name, list, hasValues := strings.Cut(head, ":")
	if !ok || !hasValues || name == "" {
		return false
	}
	name, unit, _ := strings.Cut(name, "@")
	typ, rest, _ := strings.Cut(rest, "|")
	var values []float64
	for text := range strings.SplitSeq(list, ":") {
		v, ok := parseFloat([]byte(text))
		if !ok {
			return false
		}
		values = append(values, v)
	}
	at := c.now
	var tags string
	for part := range strings.SplitSeq(rest, "|") {
		switch {
		case strings.HasPrefix(part, "#"):
			tags = part[1:]
		case strings.HasPrefix(part, "T"):
			if ns, ok := parseUnix([]byte(part[1:])); ok {
				at = pcommon.Timestamp(ns) // #nosec G115 -- never negative
			} else {
				c.warn(model.WarnBadTime)
			}
		}
	}
	key := metricKey{group: c.own(), name: c.r.copy([]byte(name)), unit: c.r.copy([]byte(unit))}
	var a pcommon.Map
	var exemplars pmetric.ExemplarSlice
	switch typ {
	case "d":
		key.kind = "distribution"
		p := c.metricOf(key, metrics).Histogram().DataPoints().AppendEmpty()
		p.SetTimestamp(at)
		p.SetCount(uint64(len(values)))
		sum, low, high := values[0], values[0], values[0]
		for _, v := range values[1:] {
			sum, low, high = sum+v, min(low, v), max(high, v)
		}
		p.SetSum(sum)
		p.SetMin(low)
		p.SetMax(high)
		a, exemplars = p.Attributes(), p.Exemplars()
	case "c":
		key.kind = "counter"
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		p := c.metricOf(key, metrics).Sum().DataPoints().AppendEmpty()
		p.SetTimestamp(at)
		p.SetDoubleValue(sum)
		a, exemplars = p.Attributes(), p.Exemplars()
	case "g", "s":
		key.kind = "gauge"
		p := c.metricOf(key, metrics).Gauge().DataPoints().AppendEmpty()
		p.SetTimestamp(at)
		p.SetDoubleValue(values[0])
		if typ == "s" {
			p.SetIntValue(distinct(values))
		}
		a, exemplars = p.Attributes(), p.Exemplars()
	default:
		return false
	}
	for i, v := range values {
		e := exemplars.AppendEmpty()
		e.SetTimestamp(at)
		e.SetDoubleValue(v)
		if typ == "g" && i < len(gaugeParts) && len(values) == len(gaugeParts) {
			e.FilteredAttributes().PutStr(conventions.GaugePart, gaugeParts[i])
		}
	}
	c.statsdTags(a, tags)
	return true
}

func (c *call) statsdTags(a pcommon.Map, tags string) {
	if tags == "" {
		return
	}
	raw := make(map[string]any)
	for tag := range strings.SplitSeq(tags, ",") {
		k, v, _ := strings.Cut(tag, ":")
		k, v = validText(k), validText(statsdEscapes.Replace(v))
		switch own := &c.own().facts; k {
		case "release":
			first(&own.release, v)
		case "environment":
			first(&own.environment, v)
		}
		raw[k] = v
		if len(raw) <= manyKeys {
			a.PutStr(k, v)
		}
	}
	if len(raw) > manyKeys {
		_ = a.FromRaw(raw) // texts only
	}
}

// gaugeParts are the values of a gauge's line, in their order.
var gaugeParts = [...]string{"last", "min", "max", "sum", "count"}

var statsdEscapes = strings.NewReplacer(`\u{7c}`, "|", `\u{2c}`, ",", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\\`, `\`)

func distinct(values []float64) int64 {
	seen := make(map[float64]struct{}, len(values))
	for _, v := range values {
		seen[v] = struct{}{}
	}
	return int64(len(seen))
}
