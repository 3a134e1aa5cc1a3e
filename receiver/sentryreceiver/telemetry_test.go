package sentryreceiver

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// counted returns a counter by the value of one of its attributes.
func (h *harness) counted(metric, attribute string) map[string]int64 {
	h.t.Helper()
	got, err := h.numbers.GetMetric(metric)
	require.NoError(h.t, err)
	m := map[string]int64{}
	for _, p := range got.Data.(metricdata.Sum[int64]).DataPoints {
		value := ""
		for _, kv := range p.Attributes.ToSlice() {
			if string(kv.Key) == attribute {
				value = kv.Value.AsString()
			}
		}
		m[value] += p.Value
	}
	return m
}

func TestTelemetry(t *testing.T) {
	h := start(t, nil)
	plain := "{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"session\"}\n{}\njunk\n{\"type\":\"session\",\"length\":2}\n{}\n{\"type\":\"of_the_future\"}\n{}\n"
	body := string(gzipped([]byte(plain)))
	require.Equal(t, http.StatusOK, h.post("/stream", body, "Content-Encoding", "gzip").status)
	require.Equal(t, map[string]int64{"event": 1, "session": 2, "other": 1}, h.counted("otelcol_receiver_sentry_items", "item_type"))
	require.Equal(t, map[string]int64{"": 1}, h.counted("otelcol_receiver_sentry_salvaged", ""))
	require.Equal(t, map[string]int64{"stream": int64(len(body))}, h.counted("otelcol_receiver_sentry_wire_bytes", "endpoint"))
	require.Equal(t, map[string]int64{"stream": int64(len(plain))}, h.counted("otelcol_receiver_sentry_inflated_bytes", "endpoint"))
	require.Equal(t, map[string]int64{"http": 4}, h.counted("otelcol_receiver_accepted_log_records", "transport"))

	for range 3 {
		require.Equal(t, http.StatusBadRequest, h.post("/stream", "junk").status)
	}
	require.Equal(t, http.StatusBadRequest, h.post("/stream", "").status)
	require.Equal(t, http.StatusForbidden, h.post("/stream", "", "Host", "attacker.test").status)
	require.Equal(t, http.StatusNotFound, h.send(request("GET", "/favicon.ico", "")).status)
	require.Equal(t, map[string]int64{"not_an_envelope": 3, "empty_body": 1, "host": 1}, h.counted("otelcol_receiver_sentry_refused", "reason"))

	// A fault is logged once, however often it happens.
	require.Equal(t, 3, h.said.FilterMessageSnippet("refused what a client sent").Len())
	require.Equal(t, 1, h.said.FilterMessageSnippet("SDKs can send here").Len())
}

// TestTelemetry_Corpus checks that nothing real is refused.
func TestTelemetry_Corpus(t *testing.T) {
	h := start(t, nil)
	for _, s := range testkit.Corpus(t) {
		for _, r := range s.Requests {
			if !r.IsOTLP() {
				h.send(r)
			}
		}
	}
	_, err := h.numbers.GetMetric("otelcol_receiver_sentry_refused")
	require.Error(t, err, "a counter that never counted is not there")
	_, err = h.numbers.GetMetric("otelcol_receiver_sentry_salvaged")
	require.Error(t, err)
}

func TestTelemetry_NoPipeline(t *testing.T) {
	h := &harness{t: t}
	logs := new(consumertest.LogsSink)
	h.startWith(nil, pipelines{logs: logs})
	for _, s := range testkit.Corpus(t)[:4] {
		for _, r := range s.Requests {
			require.Equal(t, 2, h.send(r).status/100, r.Name)
		}
	}
	require.Positive(t, logs.LogRecordCount())
	require.Positive(t, h.counted("otelcol_receiver_sentry_refused", "reason")["no_pipeline"])
	require.Equal(t, 2, h.said.FilterMessageSnippet("no pipeline takes this signal").Len(), "said at the start, for traces and metrics")
}
