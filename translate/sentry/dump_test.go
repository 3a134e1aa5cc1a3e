package sentry_test

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// dumper writes results as text for the golden files: everything, but long texts as their size and hash, a resource once,
// and the attributes of no more than three segments and three other spans.
type dumper struct {
	strings.Builder
	resources map[string]int
	shown     map[bool]int // segments and other spans so far
}

func (b *dumper) dump(res sentry.Result) {
	if b.shown == nil {
		b.shown = map[bool]int{}
	}
	fmt.Fprintf(b, "items %s id=%s\n", jsonOf(res.Items), res.EventID)
	for _, w := range res.Warnings {
		fmt.Fprintf(b, "  ! %s\n", w)
	}
	for _, rs := range res.Traces.ResourceSpans().All() {
		dumpResource(b, "spans", rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				_, segment := s.Attributes().Get("sentry.event_id")
				segment = segment || attr(s.Attributes(), "sentry.is_segment") == "true"
				b.shown[segment]++
				dumpSpan(b, s, b.shown[segment] <= 3)
			}
		}
	}
	for _, rl := range res.Logs.ResourceLogs().All() {
		dumpResource(b, "logs", rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				dumpLog(b, lr)
			}
		}
	}
	for _, rm := range res.Metrics.ResourceMetrics().All() {
		dumpResource(b, "metrics", rm.Resource())
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				dumpMetric(b, m)
			}
		}
	}
}

func dumpResource(b *dumper, signal string, r pcommon.Resource) {
	var text dumper
	dumpMap(&text, "    ", r.Attributes())
	if n, seen := b.resources[text.String()]; seen {
		fmt.Fprintf(b, "%s of resource %d\n", signal, n)
		return
	}
	if b.resources == nil {
		b.resources = map[string]int{}
	}
	b.resources[text.String()] = len(b.resources) + 1
	fmt.Fprintf(b, "%s of resource %d:\n%s", signal, len(b.resources), text.String())
}

func dumpSpan(b *dumper, s ptrace.Span, full bool) {
	duration := "open"
	if s.EndTimestamp() != 0 {
		duration = s.EndTimestamp().AsTime().Sub(s.StartTimestamp().AsTime()).String()
	}
	fmt.Fprintf(b, "  span %q %s %s\n", clip(s.Name()), s.Kind(), s.Status().Code())
	fmt.Fprintf(b, "      %s %s<%s %s %s %d attributes\n", s.TraceID(), s.SpanID(), s.ParentSpanID(), stamp(s.StartTimestamp()), duration, s.Attributes().Len())
	if m := s.Status().Message(); m != "" {
		fmt.Fprintf(b, "      status message %q\n", m)
	}
	for _, l := range s.Links().All() {
		fmt.Fprintf(b, "      link %s %s %d\n", l.TraceID(), l.SpanID(), l.Flags())
		dumpMap(b, "        ", l.Attributes())
	}
	if full {
		dumpMap(b, "      ", s.Attributes())
	}
}

func dumpLog(b *dumper, lr plog.LogRecord) {
	fmt.Fprintf(b, "  log %q %s %s(%q)\n", lr.EventName(), stamp(lr.Timestamp()), lr.SeverityNumber(), lr.SeverityText())
	if !lr.TraceID().IsEmpty() {
		fmt.Fprintf(b, "      %s %s\n", lr.TraceID(), lr.SpanID())
	}
	fmt.Fprintf(b, "      body %s\n", show(lr.Body()))
	dumpMap(b, "      ", lr.Attributes())
}

func dumpMetric(b *dumper, m pmetric.Metric) {
	fmt.Fprintf(b, "  metric %q %q %s\n", m.Name(), m.Unit(), m.Type())
	dumpMap(b, "      metadata ", m.Metadata())
	exemplars := func(all pmetric.ExemplarSlice) {
		for _, e := range all.All() {
			fmt.Fprintf(b, "        exemplar %g %s %s\n", e.DoubleValue(), e.TraceID(), e.SpanID())
			dumpMap(b, "          ", e.FilteredAttributes())
		}
	}
	numbers := func(all pmetric.NumberDataPointSlice) {
		for _, p := range all.All() {
			fmt.Fprintf(b, "      %s %d %g\n", stamp(p.Timestamp()), p.IntValue(), p.DoubleValue())
			dumpMap(b, "        ", p.Attributes())
			exemplars(p.Exemplars())
		}
	}
	switch m.Type() {
	case pmetric.MetricTypeSum:
		numbers(m.Sum().DataPoints())
	case pmetric.MetricTypeGauge:
		numbers(m.Gauge().DataPoints())
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			fmt.Fprintf(b, "      %s count=%d sum=%g min=%g max=%g\n", stamp(p.Timestamp()), p.Count(), p.Sum(), p.Min(), p.Max())
			dumpMap(b, "        ", p.Attributes())
			exemplars(p.Exemplars())
		}
	}
}

func dumpMap(b *dumper, indent string, m pcommon.Map) {
	var lines []string
	for k, v := range m.All() {
		lines = append(lines, fmt.Sprintf("%s%s = %s\n", indent, k, show(v)))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
}

func show(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return fmt.Sprintf("%q", clip(v.Str()))
	case pcommon.ValueTypeBytes:
		return "bytes " + clip(fmt.Sprintf("%x", v.Bytes().AsRaw()))
	}
	return v.Type().String() + " " + clip(v.AsString())
}

func clip(s string) string {
	const limit = 160
	if len(s) <= limit {
		return s
	}
	return fmt.Sprintf("%.40s... %d bytes %x", s, len(s), sha256.Sum256([]byte(s)))[:40+30]
}

func stamp(t pcommon.Timestamp) string { return t.AsTime().Format(time.RFC3339Nano) }
