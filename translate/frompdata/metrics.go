package frompdata

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// metrics translates md.
func (b *builder) metrics(md pmetric.Metrics) {
	for i := range md.ResourceMetrics().Len() {
		rm := md.ResourceMetrics().At(i)
		resourceSet := false
		for j := range rm.ScopeMetrics().Len() {
			sm := rm.ScopeMetrics().At(j)
			if sm.Metrics().Len() == 0 {
				continue
			}
			if !resourceSet && b.records > 0 {
				b.setResource(rm.Resource(), rm.SchemaUrl())
				resourceSet = true
			}
			if b.records > 0 {
				b.setScope(sm.Scope(), sm.SchemaUrl())
			}
			for k := range sm.Metrics().Len() {
				b.metric(sm.Metrics().At(k))
			}
		}
	}
}

// metric translates one metric with its points.
func (b *builder) metric(m pmetric.Metric) {
	if !b.take() {
		b.drop(DroppedLimit, 1+pointsOf(m))
		return
	}
	out := &model.Metric{
		Name:        model.Cut(b.text(m.Name()), maxName),
		Description: b.text(m.Description()),
		Unit:        b.text(m.Unit()),
		Service:     b.source.service,
		Origin:      originOf(b.source.sentry),
		Metadata:    b.attributes(m.Metadata()),
		Resource:    b.source.resource,
		Scope:       b.source.scope,
	}
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		out.Type = model.MetricTypeGauge
		out.Points = b.numbers(m.Gauge().DataPoints())
	case pmetric.MetricTypeSum:
		out.Type = model.MetricTypeSum
		out.Monotonic = m.Sum().IsMonotonic()
		out.Temporality = temporality(m.Sum().AggregationTemporality())
		out.Points = b.numbers(m.Sum().DataPoints())
	case pmetric.MetricTypeHistogram:
		out.Type = model.MetricTypeHistogram
		out.Temporality = temporality(m.Histogram().AggregationTemporality())
		out.Points = b.histograms(m.Histogram().DataPoints())
	case pmetric.MetricTypeExponentialHistogram:
		out.Type = model.MetricTypeExpHistogram
		out.Temporality = temporality(m.ExponentialHistogram().AggregationTemporality())
		out.Points = b.expHistograms(m.ExponentialHistogram().DataPoints())
	case pmetric.MetricTypeSummary:
		out.Type = model.MetricTypeSummary
		out.Points = b.summaries(m.Summary().DataPoints())
	default:
		b.drop(DroppedNoData, 1)
		return
	}
	b.warn = 0 // metrics have no place for warnings
	b.batch.Metrics = append(b.batch.Metrics, out)
}

// pointsOf returns how many points a metric has.
func pointsOf(m pmetric.Metric) int {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		return m.Gauge().DataPoints().Len()
	case pmetric.MetricTypeSum:
		return m.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		return m.Histogram().DataPoints().Len()
	case pmetric.MetricTypeExponentialHistogram:
		return m.ExponentialHistogram().DataPoints().Len()
	case pmetric.MetricTypeSummary:
		return m.Summary().DataPoints().Len()
	}
	return 0
}

func temporality(t pmetric.AggregationTemporality) string {
	switch t {
	case pmetric.AggregationTemporalityDelta:
		return "delta"
	case pmetric.AggregationTemporalityCumulative:
		return "cumulative"
	}
	return ""
}

// points makes room for n points, fewer when the call's bound is met.
func (b *builder) points(n int) []model.MetricPoint {
	fit := min(n, b.records)
	b.records -= fit
	b.drop(DroppedLimit, n-fit)
	return make([]model.MetricPoint, fit)
}

func (b *builder) numbers(points pmetric.NumberDataPointSlice) []model.MetricPoint {
	out := b.points(points.Len())
	for i := range out {
		p, o := points.At(i), &out[i]
		b.point(o, p.Timestamp(), p.StartTimestamp(), p.Attributes(), p.Flags())
		switch p.ValueType() {
		case pmetric.NumberDataPointValueTypeInt:
			o.Value = new(model.Int(p.IntValue()))
		case pmetric.NumberDataPointValueTypeDouble:
			o.Value = new(model.Double(p.DoubleValue()))
		}
		b.exemplars(o, p.Exemplars())
	}
	return out
}

func (b *builder) histograms(points pmetric.HistogramDataPointSlice) []model.MetricPoint {
	out := b.points(points.Len())
	for i := range out {
		p, o := points.At(i), &out[i]
		b.point(o, p.Timestamp(), p.StartTimestamp(), p.Attributes(), p.Flags())
		o.Count = p.Count()
		o.Sum = optional(p.HasSum(), p.Sum())
		o.Min = optional(p.HasMin(), p.Min())
		o.Max = optional(p.HasMax(), p.Max())
		if p.BucketCounts().Len() <= maxBuckets && p.ExplicitBounds().Len() <= maxBuckets {
			o.Bounds = p.ExplicitBounds().AsRaw()
			for k := range o.Bounds {
				o.Bounds[k] = finite(o.Bounds[k])
			}
			o.Buckets = p.BucketCounts().AsRaw()
		} else {
			b.drop(DroppedNoData, 1)
		}
		b.exemplars(o, p.Exemplars())
	}
	return out
}

func (b *builder) expHistograms(points pmetric.ExponentialHistogramDataPointSlice) []model.MetricPoint {
	out := b.points(points.Len())
	for i := range out {
		p, o := points.At(i), &out[i]
		b.point(o, p.Timestamp(), p.StartTimestamp(), p.Attributes(), p.Flags())
		o.Count = p.Count()
		o.Sum = optional(p.HasSum(), p.Sum())
		o.Min = optional(p.HasMin(), p.Min())
		o.Max = optional(p.HasMax(), p.Max())
		o.Scale = p.Scale()
		o.ZeroCount = p.ZeroCount()
		o.ZeroThreshold = finite(p.ZeroThreshold())
		o.Positive = b.expBuckets(p.Positive())
		o.Negative = b.expBuckets(p.Negative())
		b.exemplars(o, p.Exemplars())
	}
	return out
}

func (b *builder) expBuckets(e pmetric.ExponentialHistogramDataPointBuckets) *model.ExpBuckets {
	n := e.BucketCounts().Len()
	if n > maxBuckets {
		b.drop(DroppedNoData, 1)
		return nil
	}
	if n == 0 && e.Offset() == 0 {
		return nil
	}
	counts := e.BucketCounts().AsRaw()
	if counts == nil {
		counts = []uint64{}
	}
	return &model.ExpBuckets{Offset: e.Offset(), Counts: counts}
}

func (b *builder) summaries(points pmetric.SummaryDataPointSlice) []model.MetricPoint {
	out := b.points(points.Len())
	for i := range out {
		p, o := points.At(i), &out[i]
		b.point(o, p.Timestamp(), p.StartTimestamp(), p.Attributes(), p.Flags())
		o.Count = p.Count()
		o.Sum = optional(true, p.Sum())
		n := b.fit(p.QuantileValues().Len(), new(maxElements))
		o.Quantiles = make([]model.Quantile, 0, n)
		for j := range n {
			q := p.QuantileValues().At(j)
			if !math.IsNaN(q.Value()) { // Prometheus' word for a quantile of nothing
				o.Quantiles = append(o.Quantiles, model.Quantile{Quantile: finite(q.Quantile()), Value: finite(q.Value())})
			}
		}
	}
	return out
}

// point fills what points of every type have.
func (b *builder) point(o *model.MetricPoint, at, start pcommon.Timestamp, attrs pcommon.Map, flags pmetric.DataPointFlags) {
	o.Time = b.timeOf(at)
	o.StartTime = optionalTime(start)
	o.Attributes = b.attributes(attrs) // of its own: points leave the store one by one
	b.drop(DroppedLimit, b.dropped)
	o.Flags = uint32(flags)
}

// exemplars translates the exemplars of a point. The exemplar of a Sentry metric says in which span it was recorded.
func (b *builder) exemplars(o *model.MetricPoint, exemplars pmetric.ExemplarSlice) {
	n := b.fit(exemplars.Len(), new(maxElements))
	if n == 0 {
		return
	}
	o.Exemplars = make([]model.Exemplar, n)
	for i := range o.Exemplars {
		e := exemplars.At(i)
		out := &o.Exemplars[i]
		out.Time = b.timeOf(e.Timestamp())
		out.TraceID = model.TraceID(e.TraceID())
		out.SpanID = model.SpanID(e.SpanID())
		out.Attributes = b.attributes(e.FilteredAttributes())
		b.drop(DroppedLimit, b.dropped)
		switch e.ValueType() {
		case pmetric.ExemplarValueTypeInt:
			out.Value = model.Int(e.IntValue())
		case pmetric.ExemplarValueTypeDouble:
			out.Value = model.Double(e.DoubleValue())
		}
	}
	if b.source.sentry && n == 1 {
		o.TraceID, o.SpanID = o.Exemplars[0].TraceID, o.Exemplars[0].SpanID
	}
}

// optional returns a number that may be missing. NaN is no number, and JSON cannot write it.
func optional(has bool, v float64) *float64 {
	if !has || math.IsNaN(v) {
		return nil
	}
	return new(finite(v))
}

// finite returns v as JSON can write it: the largest numbers for the infinities, 0 for NaN. (The values of gauges and sums
// are model.Values, which have words for all three.)
func finite(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, -math.MaxFloat64), math.MaxFloat64)
}
