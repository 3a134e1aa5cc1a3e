package spotlightexporter

import (
	"context"
	"errors"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/demo"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/serve"
)

// sendTest is the overlay's "Send a test trace": it consumes the telemetry of an order in a shop like that of any pipeline.
func (s *spotlight) sendTest(ctx context.Context, kind string) (serve.Sent, error) {
	order := demo.Order(s.now(), kind == "error")
	var errs []error
	for _, td := range order.Traces {
		errs = append(errs, s.consumeTraces(ctx, td))
	}
	for _, ld := range order.Logs {
		errs = append(errs, s.consumeLogs(ctx, ld))
	}
	for _, md := range order.Metrics {
		errs = append(errs, s.consumeMetrics(ctx, md))
	}
	return serve.Sent{TraceID: order.TraceID, EventID: order.EventID}, errors.Join(errs...)
}
