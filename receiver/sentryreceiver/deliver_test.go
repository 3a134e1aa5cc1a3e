package sentryreceiver

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// both is an envelope that gives a log record and a span.
const both = "{}\n{\"type\":\"session\"}\n{}\n{\"type\":\"span\"}\n" +
	`{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"1111111111111111","start_timestamp":1795290000,"timestamp":1795290001}` + "\n"

func TestDeliver(t *testing.T) {
	busy, never := errors.New("memory is full"), consumererror.NewPermanent(errors.New("no such index: secret-host"))
	for _, c := range []struct {
		name         string
		traces, logs error
		status       int
		refused      map[string]int64
	}{
		{"all well", nil, nil, http.StatusOK, nil},
		{"busy", busy, nil, http.StatusServiceUnavailable, map[string]int64{"pipeline_busy": 1}},
		{"busy, for one signal", nil, busy, http.StatusServiceUnavailable, map[string]int64{"pipeline_busy": 1}},
		{"never", never, never, http.StatusOK, map[string]int64{"pipeline_refused": 1}},
		{"never, and busy", never, busy, http.StatusServiceUnavailable, map[string]int64{"pipeline_refused": 1, "pipeline_busy": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &harness{t: t}
			h.startWith(nil, pipelines{consumertest.NewErr(c.traces), consumertest.NewErr(c.logs), consumertest.NewNop()})
			resp := h.post("/stream", both)
			require.Equal(t, c.status, resp.status, resp.body)
			require.NotContains(t, resp.body, "secret", "what a pipeline says stays here")
			require.Empty(t, resp.header.Get("Retry-After"), "SDKs would fall silent for that long")
			if c.refused != nil {
				require.Equal(t, c.refused, h.counted("otelcol_receiver_sentry_refused", "reason"))
				require.Equal(t, len(c.refused), h.said.FilterMessageSnippet("refused what a client sent").Len())
			}

			for kind, body := range map[string]string{jsonType: `{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}`} {
				resp := h.post("/api/1/otlp/v1/traces", body, "Content-Type", kind)
				want := http.StatusOK
				if errors.Is(c.traces, busy) {
					want = http.StatusServiceUnavailable
					require.Contains(t, resp.body, `"code":14`)
				}
				require.Equal(t, want, resp.status)
			}
		})
	}
}

// TestDeliver_Context checks what a pipeline learns of the request: who sent it, and never that it is over.
func TestDeliver_Context(t *testing.T) {
	h := &harness{t: t}
	var seen context.Context
	logs, err := consumer.NewLogs(func(ctx context.Context, _ plog.Logs) error { seen = ctx; return nil })
	require.NoError(t, err)
	h.startWith(func(c *Config) { c.ServerConfig.IncludeMetadata = true }, pipelines{logs: logs})
	require.Equal(t, http.StatusOK, h.post("/stream", event("x"), "X-Test", "value").status)
	require.NoError(t, seen.Err())
	require.Nil(t, seen.Done())
	info := client.FromContext(seen)
	require.Equal(t, "127.0.0.1", info.Addr.String())
	require.Equal(t, []string{"value"}, info.Metadata.Get("x-test"))
}
