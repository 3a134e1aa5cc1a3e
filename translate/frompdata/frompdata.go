package frompdata

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options are the circumstances of one call. The zero value means the documented defaults.
type Options struct {
	// Received is when the data arrived; records without a usable time get it. The zero time leaves them without one.
	Received time.Time

	// OwnEndpoints are the addresses (host:port) our own receivers listen on. Client spans that describe a POST to one of
	// their ingest paths are dropped: an SDK that traces its own sending would feed itself without end.
	OwnEndpoints []string

	// MaxRecords bounds spans, log records or metric points of one call; what is beyond it is counted in Batch.Dropped.
	// 0 means DefaultMaxRecords. An empty span costs 2 bytes on the wire and some 400 in memory, so a small body could
	// otherwise fill the machine.
	MaxRecords int
}

// DefaultMaxRecords is the bound of Options.MaxRecords: ten times what the batch processor sends by default.
const DefaultMaxRecords = 100_000

// The reasons of Batch.Dropped.
const (
	DroppedOwnTraffic = "own_traffic" // spans of an SDK's own requests to us, see Options.OwnEndpoints
	DroppedLimit      = "batch_limit" // beyond Options.MaxRecords
	DroppedNoData     = "no_data"     // metrics without a type, points with absurdly many buckets
)

// Traces translates spans, and the exceptions recorded on them.
func Traces(td ptrace.Traces, opts Options) *model.Batch {
	return build(opts, func(b *builder) { b.traces(td) })
}

// Logs translates log records, among them Sentry's events and items.
func Logs(ld plog.Logs, opts Options) *model.Batch {
	return build(opts, func(b *builder) { b.logs(ld) })
}

// Metrics translates metrics of every OTLP type.
func Metrics(md pmetric.Metrics, opts Options) *model.Batch {
	return build(opts, func(b *builder) { b.metrics(md) })
}
