package model

// MetricType is the type of a metric's points.
type MetricType string

// The metric types of OTLP.
const (
	MetricTypeGauge        MetricType = "gauge"
	MetricTypeSum          MetricType = "sum"
	MetricTypeHistogram    MetricType = "histogram"
	MetricTypeExpHistogram MetricType = "exponential_histogram"
	MetricTypeSummary      MetricType = "summary"
)

// Metric is one metric of one resource and instrumentation scope with the points of one export.
type Metric struct {
	Name        string                `json:"name"`
	Description string                `json:"description,omitempty"`
	Unit        string                `json:"unit,omitempty"`
	Type        MetricType            `json:"type"`
	Monotonic   bool                  `json:"monotonic,omitempty"`
	Temporality string                `json:"temporality,omitempty"` // delta, cumulative
	Service     string                `json:"service"`
	Origin      Origin                `json:"origin"`
	Metadata    Attributes            `json:"metadata,omitempty"`
	Points      []MetricPoint         `json:"points"`
	Resource    *Resource             `json:"resource,omitempty"`
	Scope       *InstrumentationScope `json:"scope,omitempty"`
	Session     int                   `json:"session"`
}

// MetricPoint is one data point. Which fields are set depends on the metric's type.
type MetricPoint struct {
	Time          Time        `json:"time"`
	StartTime     Time        `json:"start_time,omitzero"`
	Attributes    Attributes  `json:"attributes" tstype:",required"`
	Value         *Value      `json:"value,omitempty" tstype:"AttributeValue"` // gauge and sum
	Count         uint64      `json:"count,omitempty"`
	Sum           *float64    `json:"sum,omitempty"`
	Min           *float64    `json:"min,omitempty"`
	Max           *float64    `json:"max,omitempty"`
	Bounds        []float64   `json:"bounds,omitempty"`  // histogram: upper bounds
	Buckets       []uint64    `json:"buckets,omitempty"` // histogram: one more than bounds
	Scale         int32       `json:"scale,omitempty"`
	ZeroCount     uint64      `json:"zero_count,omitempty"`
	ZeroThreshold float64     `json:"zero_threshold,omitempty"`
	Positive      *ExpBuckets `json:"positive,omitempty"`
	Negative      *ExpBuckets `json:"negative,omitempty"`
	Quantiles     []Quantile  `json:"quantiles,omitempty"`
	Exemplars     []Exemplar  `json:"exemplars,omitempty"`
	Flags         uint32      `json:"flags,omitempty"`
	TraceID       TraceID     `json:"trace_id,omitzero"` // of a Sentry trace_metric
	SpanID        SpanID      `json:"span_id,omitzero"`
}

// ExpBuckets are the buckets of one side of an exponential histogram.
type ExpBuckets struct {
	Offset int32    `json:"offset"`
	Counts []uint64 `json:"counts"`
}

// Quantile is one value of a summary.
type Quantile struct {
	Quantile float64 `json:"quantile"`
	Value    float64 `json:"value"`
}

// Exemplar is a measurement with the trace it was taken in.
type Exemplar struct {
	Time       Time       `json:"time"`
	Value      Value      `json:"value" tstype:"AttributeValue"`
	TraceID    TraceID    `json:"trace_id,omitzero"`
	SpanID     SpanID     `json:"span_id,omitzero"`
	Attributes Attributes `json:"attributes,omitempty"`
}

// MetricID is what the list of metrics has one row for.
type MetricID struct {
	Name    string     `json:"name"`
	Type    MetricType `json:"type"`
	Service string     `json:"service"`
}

// MetricSummary is one row of the list of metrics: all series of one name, type and service.
type MetricSummary struct {
	Name      string     `json:"name"`
	Type      MetricType `json:"type"`
	Unit      string     `json:"unit,omitempty"`
	Service   string     `json:"service"`
	Series    int        `json:"series"`
	Points    int        `json:"points"`
	LastValue *float64   `json:"last_value,omitempty"`
	LastTime  Time       `json:"last_time"`
	Spark     []float64  `json:"spark,omitempty"` // newest 20 values, oldest first
}
