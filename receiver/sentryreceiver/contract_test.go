package sentryreceiver

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// sender is an SDK that sends again what it was told to send again.
type sender struct {
	t    *testing.T
	url  string
	body string // with %s for a unique id
	n    atomic.Int64
}

func (*sender) Start() {}
func (*sender) Stop()  { sdk.CloseIdleConnections() }

func (s *sender) Generate() []receivertest.UniqueIDAttrVal {
	id := receivertest.UniqueIDAttrVal(fmt.Sprintf("id-%d", s.n.Add(1)))
	for {
		resp, err := sdk.Post(s.url, "application/x-sentry-envelope", strings.NewReader(fmt.Sprintf(s.body, id)))
		require.NoError(s.t, err)
		require.NoError(s.t, resp.Body.Close())
		if resp.StatusCode != http.StatusServiceUnavailable {
			require.Equal(s.t, http.StatusOK, resp.StatusCode)
			return []receivertest.UniqueIDAttrVal{id}
		}
	}
}

// TestConsumeContract is the Collector's contract between receivers and pipelines: nothing lost, nothing twice, what can
// be sent again is sent again.
func TestConsumeContract(t *testing.T) {
	for signal, body := range map[pipeline.Signal]string{
		pipeline.SignalLogs: "{}\n{\"type\":\"log\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.log+json\"}\n" +
			`{"items":[{"timestamp":1795290000.1,"level":"info","body":"x","attributes":{"test_id":{"type":"string","value":"%s"}}}]}` + "\n",
		pipeline.SignalTraces: "{}\n{\"type\":\"span\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.span.v2+json\"}\n" +
			`{"version":2,"items":[{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"1111111111111111","name":"s","status":"ok","start_timestamp":1795290000,"end_timestamp":1795290001,"attributes":{"test_id":{"type":"string","value":"%s"}}}]}` + "\n",
		pipeline.SignalMetrics: "{}\n{\"type\":\"trace_metric\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.trace-metric+json\"}\n" +
			`{"items":[{"timestamp":1795290000.1,"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","name":"orders","type":"counter","value":1,"attributes":{"test_id":{"type":"string","value":"%s"}}}]}` + "\n",
	} {
		t.Run(signal.String(), func(t *testing.T) {
			free, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			cfg.ServerConfig.NetAddr.Endpoint = free.Addr().String()
			require.NoError(t, free.Close())
			receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
				T: t, Factory: NewFactory(), Signal: signal, Config: cfg, GenerateCount: 50,
				Generator: &sender{t: t, url: "http://" + cfg.ServerConfig.NetAddr.Endpoint + "/stream", body: body},
			})
		})
	}
}

// slowLogs is a pipeline that is at work until it is told to leave.
type slowLogs struct {
	consumer.Logs
	entered, leave chan struct{}
}

func newSlowLogs() *slowLogs {
	return &slowLogs{entered: make(chan struct{}, 1), leave: make(chan struct{})}
}

func (s *slowLogs) ConsumeLogs(context.Context, plog.Logs) error {
	s.entered <- struct{}{}
	<-s.leave
	return nil
}
