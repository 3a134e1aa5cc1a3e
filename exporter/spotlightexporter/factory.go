package spotlightexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/sharedcomponent"
)

// NewFactory returns the factory of the exporter.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(metadata.Type, createDefaultConfig,
		exporter.WithTraces(createTraces, metadata.TracesStability),
		exporter.WithLogs(createLogs, metadata.LogsStability),
		exporter.WithMetrics(createMetrics, metadata.MetricsStability),
	)
}

// running holds one exporter per configuration: the Collector asks once for each signal.
var running sharedcomponent.Map[*Config, *spotlight]

func shared(set exporter.Settings, cfg component.Config) (*sharedcomponent.Component[*spotlight], error) {
	config := cfg.(*Config)
	return running.LoadOrStore(config, func() (*spotlight, error) { return newSpotlight(config, set) })
}

func createTraces(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Traces, error) {
	c, err := shared(set, cfg)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewTraces(ctx, set, cfg, c.Unwrap().consumeTraces, options(c)...)
}

func createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	c, err := shared(set, cfg)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewLogs(ctx, set, cfg, c.Unwrap().consumeLogs, options(c)...)
}

func createMetrics(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Metrics, error) {
	c, err := shared(set, cfg)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewMetrics(ctx, set, cfg, c.Unwrap().consumeMetrics, options(c)...)
}

// options of every signal. Neither queue nor retry: the store is in this process, takes everything, and a queue with
// several consumers would only lose the order of arrival.
func options(c component.Component) []exporterhelper.Option {
	return []exporterhelper.Option{
		exporterhelper.WithStart(c.Start),
		exporterhelper.WithShutdown(c.Shutdown),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}),
	}
}
