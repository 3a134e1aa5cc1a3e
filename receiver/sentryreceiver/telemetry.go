package sentryreceiver

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// telemetry counts what comes in and what is refused. It is safe for concurrent use.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	logger  *zap.Logger

	// Attribute sets by name and value, made once: making one costs more than counting. Their number is bounded by the
	// item types, reasons and routes that there are.
	sets sync.Map // attribute.KeyValue -> metric.MeasurementOption

	logged sync.Map // reason -> struct{}: reasons that were logged
}

func newTelemetry(set receiver.Settings) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &telemetry{builder: b, logger: set.Logger}, nil
}

func (t *telemetry) with(key, value string) metric.MeasurementOption {
	kv := attribute.String(key, value)
	if set, ok := t.sets.Load(kv); ok {
		return set.(metric.MeasurementOption)
	}
	set, _ := t.sets.LoadOrStore(kv, metric.WithAttributeSet(attribute.NewSet(kv)))
	return set.(metric.MeasurementOption)
}

func (t *telemetry) bytes(ctx context.Context, endpoint string, b *body) {
	set := t.with("endpoint", endpoint)
	t.builder.ReceiverSentryWireBytes.Add(ctx, b.wire, set)
	t.builder.ReceiverSentryInflatedBytes.Add(ctx, int64(len(b.data)), set)
}

func (t *telemetry) items(ctx context.Context, itemType string, n int) {
	if !envelope.Known(itemType) {
		itemType = "other"
	}
	t.builder.ReceiverSentryItems.Add(ctx, int64(n), t.with("item_type", itemType))
}

func (t *telemetry) salvaged(ctx context.Context, n int) {
	if n > 0 {
		t.builder.ReceiverSentrySalvaged.Add(ctx, int64(n))
	}
}

// refused counts refused items, and logs the first of each reason.
func (t *telemetry) refused(ctx context.Context, reason string, n int, fields ...zap.Field) {
	if n == 0 {
		return
	}
	t.builder.ReceiverSentryRefused.Add(ctx, int64(n), t.with("reason", reason))
	t.logOnce(reason, fields...)
}

// logOnce logs the first refusal of each reason: the next thousand would say the same.
func (t *telemetry) logOnce(reason string, fields ...zap.Field) {
	if _, before := t.logged.LoadOrStore(reason, struct{}{}); before {
		return
	}
	t.logger.Warn("refused what a client sent; further refusals for this reason are only counted", append(fields, zap.String("reason", reason))...)
}
