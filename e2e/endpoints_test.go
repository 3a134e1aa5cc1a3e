package e2e

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// The status says of each port by itself whether it takes connections and when data came in by it.
func TestEndpoints(t *testing.T) {
	c := startCollector(t)
	type endpoint struct {
		State string    `json:"state"`
		Last  time.Time `json:"last_time"`
	}
	look := func() map[string]endpoint {
		var status struct {
			Endpoints []struct {
				Name string `json:"name"`
				endpoint
			} `json:"endpoints"`
		}
		c.get(t, "/api/v1/status", &status)
		found := map[string]endpoint{}
		for _, e := range status.Endpoints {
			found[e.Name] = e.endpoint
		}
		return found
	}
	for _, name := range []string{"sentry", "otlp_http", "otlp_grpc"} {
		require.Equal(t, endpoint{State: "listening"}, look()[name], name)
	}
	began := time.Now()

	c.sendAll(t, testkit.ScenarioNamed(t, "node-express-errors").Requests)
	require.WithinRange(t, look()["sentry"].Last, began, time.Now())
	require.Zero(t, look()["otlp_http"].Last)

	request := ptraceotlp.NewExportRequest()
	span := request.Traces().ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID([16]byte{1})
	span.SetSpanID([8]byte{1})
	body, err := request.MarshalProto()
	require.NoError(t, err)
	resp, err := http.Post(c.OTLPHTTP+"/v1/traces", "application/x-protobuf", bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.WithinRange(t, look()["otlp_http"].Last, began, time.Now())
	require.Zero(t, look()["otlp_grpc"].Last)

	conn, err := grpc.NewClient(c.OTLPGRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer conn.Close()
	_, err = ptraceotlp.NewGRPCClient(conn).Export(context.Background(), request)
	require.NoError(t, err)
	require.WithinRange(t, look()["otlp_grpc"].Last, began, time.Now())
}
