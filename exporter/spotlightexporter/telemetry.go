package spotlightexporter

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// report registers the metrics of metadata.yaml. They are read when somebody collects them.
func (s *spotlight) report() error {
	t := s.telemetry
	byKey := func(key string, counts func() map[string]uint64) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			for value, n := range counts() {
				o.Observe(int64(n), metric.WithAttributes(attribute.String(key, value)))
			}
			return nil
		}
	}
	one := func(value func() int64) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(value())
			return nil
		}
	}
	return errors.Join(
		t.RegisterExporterSpotlightStoreBytesCallback(one(func() int64 { return s.store.Status().Bytes })),
		t.RegisterExporterSpotlightRecordsCallback(byKey("kind", func() map[string]uint64 { return s.store.Status().Received })),
		t.RegisterExporterSpotlightDroppedCallback(byKey("reason", func() map[string]uint64 { return s.store.Status().Dropped })),
		t.RegisterExporterSpotlightEvictedCallback(byKey("reason", func() map[string]uint64 { return s.store.Status().Evicted })),
		t.RegisterExporterSpotlightClientsCallback(one(func() int64 { return int64(s.hub.Clients()) })),
		t.RegisterExporterSpotlightFramesCallback(one(func() int64 { return int64(s.hub.Stats().Frames) })),
		t.RegisterExporterSpotlightFramesMissedCallback(one(func() int64 { return int64(s.hub.Stats().Missed) })),
		t.RegisterExporterSpotlightResyncsCallback(byKey("reason", func() map[string]uint64 { return s.hub.Stats().Resyncs })),
	)
}
