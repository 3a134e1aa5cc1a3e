package query

import (
	"cmp"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// sparkValues is how many values the sparkline of a metric has.
const sparkValues = 20

// Metrics returns summaries of metrics, in order of name, service and type.
func (q *Query) Metrics(f Filter) model.Page[model.MetricSummary] {
	page := model.Page[model.MetricSummary]{Seq: q.store.Seq(), Items: []model.MetricSummary{}}
	ask := parse(f.Q, metricList, &page.Warnings)
	in := q.sessions(&f)
	rows := q.store.Metrics()
	slices.SortFunc(rows, func(a, b live.MetricRow) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Type, b.Type))
	})
	limit := f.limit()
	for _, r := range rows {
		if !in.has(in.table.Of(r.Newest)) || r.Version <= f.Since || f.Service != "" && r.Service != f.Service || f.Type != "" && string(r.Type) != f.Type {
			continue
		}
		m, ok := q.store.RecentMetric(r.MetricKey)
		if !ok {
			continue
		}
		sum := metricRow(m)
		if f.After != 0 && sum.LastTime <= f.After || !ask.Empty() && !ask.Match(&metricRecord{snap: m, sum: &sum}) {
			continue
		}
		if len(page.Items) == limit {
			page.Truncated = true
			break
		}
		page.Items = append(page.Items, sum)
	}
	return page
}

// metricRow makes the row of a metric of its newest exports.
func metricRow(m *live.MetricSnapshot) model.MetricSummary {
	sum := model.MetricSummary{Name: m.Name, Type: m.Type, Service: m.Service, Series: m.Series, Points: m.Points}
	for _, x := range m.Exports {
		if x.Unit != "" {
			sum.Unit = x.Unit
		}
		var total float64
		var at model.Time
		known := false
		for i := range x.Points {
			if v, ok := pointValue(&x.Points[i]); ok {
				total, known = total+v, true
			}
			at = max(at, x.Points[i].Time)
		}
		if sum.LastTime = max(sum.LastTime, at); !known {
			continue
		}
		if m.Type == model.MetricTypeGauge && len(x.Points) > 0 { // a sum of gauges means nothing
			total /= float64(len(x.Points))
		}
		sum.LastValue = &total
		if sum.Spark = append(sum.Spark, total); len(sum.Spark) > sparkValues {
			sum.Spark = sum.Spark[1:]
		}
	}
	return sum
}

// pointValue returns the one number a point is drawn with: its value, else the mean of what it counted.
func pointValue(p *model.MetricPoint) (float64, bool) {
	switch {
	case p.Value != nil:
		return p.Value.Double(), true
	case p.Sum != nil && p.Count > 0:
		return *p.Sum / float64(p.Count), true
	case p.Count > 0:
		return float64(p.Count), true
	}
	return 0, false
}

// Metric returns a metric's points, oldest first, one Metric for each process and instrumentation scope. An empty
// service means all.
func (q *Query) Metric(name, service string) ([]model.Metric, bool) {
	type source struct {
		res     *model.Resource
		scope   *model.InstrumentationScope
		kind    model.MetricType
		service string
	}
	place := map[source]int{}
	list := []model.Metric{}
	for _, m := range q.store.Metrics() {
		if m.Name != name || service != "" && m.Service != service {
			continue
		}
		whole, ok := q.store.Metric(m.MetricKey)
		if !ok {
			continue
		}
		for _, x := range whole.Exports {
			key := source{x.Resource, x.Scope, x.Type, x.Service}
			i, known := place[key]
			if !known {
				i = len(list)
				place[key] = i
				head := *x
				head.Points = []model.MetricPoint{}
				list = append(list, head)
			}
			list[i].Points = append(list[i].Points, x.Points...)
		}
	}
	for i := range list {
		slices.SortStableFunc(list[i].Points, func(a, b model.MetricPoint) int { return cmp.Compare(a.Time, b.Time) })
		for k := range list[i].Points {
			if list[i].Points[k].Attributes == nil {
				list[i].Points[k].Attributes = model.Attributes{}
			}
		}
	}
	return list, len(list) > 0
}
