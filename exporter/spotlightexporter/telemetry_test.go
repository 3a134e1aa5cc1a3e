package spotlightexporter

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadatatest"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
	s, err := newSpotlight(testConfig(), metadatatest.NewSettings(tel))
	require.NoError(t, err)
	require.NoError(t, s.Start(context.Background(), componenttest.NewNopHost()))
	defer func() { require.NoError(t, s.Shutdown(context.Background())) }()

	require.NoError(t, s.consumeTraces(context.Background(), someTraces()))
	s.store.Add(&model.Batch{Dropped: map[string]int{"own_traffic": 3}})

	ignore := metricdatatest.IgnoreTimestamp()
	point := func(n int64, key, value string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attribute.String(key, value))}
	}
	metadatatest.AssertEqualExporterSpotlightClients(t, tel, []metricdata.DataPoint[int64]{{}}, ignore)
	metadatatest.AssertEqualExporterSpotlightFrames(t, tel, []metricdata.DataPoint[int64]{{}}, ignore)
	metadatatest.AssertEqualExporterSpotlightFramesMissed(t, tel, []metricdata.DataPoint[int64]{{}}, ignore)
	metadatatest.AssertEqualExporterSpotlightRecords(t, tel, []metricdata.DataPoint[int64]{point(1, "kind", "spans"), point(1, "kind", "events")}, ignore)
	metadatatest.AssertEqualExporterSpotlightDropped(t, tel, []metricdata.DataPoint[int64]{point(3, "reason", "own_traffic")}, ignore)
	metadatatest.AssertEqualExporterSpotlightResyncs(t, tel, []metricdata.DataPoint[int64]{
		point(0, "reason", "slow_client"), point(0, "reason", "expired"), point(0, "reason", "restarted"),
	}, ignore)
	bytes, err := tel.GetMetric("otelcol_exporter_spotlight_store_bytes")
	require.NoError(t, err)
	require.Positive(t, bytes.Data.(metricdata.Gauge[int64]).DataPoints[0].Value)
}
