package spotlightexporter

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/peer"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestPorts(t *testing.T) {
	clock := time.Unix(1_800_000_000, 0)
	cfg := testConfig()
	var p *ports
	sentry := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { p.arrived(context.WithoutCancel(r.Context())) }))
	defer sentry.Close()
	otlp, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer otlp.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())

	cfg.Ingest = IngestConfig{SentryURL: sentry.URL + "/", OTLPHTTPURL: "http://" + closed.Addr().String(), OTLPGRPCURL: "http://" + otlp.Addr().String()}
	cfg.OwnEndpoints = []string{strings.TrimPrefix(sentry.URL, "http://"), closed.Addr().String(), otlp.Addr().String()}
	p = newPorts(cfg, func() time.Time { return clock })
	state := func() (states []model.EndpointState, came []model.Time) {
		for _, e := range p.endpoints() {
			states, came = append(states, e.State), append(came, e.LastTime)
		}
		return states, came
	}

	states, came := state()
	require.Equal(t, []model.EndpointState{model.EndpointListening, model.EndpointUnreachable, model.EndpointListening}, states)
	require.Equal(t, []model.Time{0, 0, 0}, came)

	resp, err := http.Get(sentry.URL)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	_, came = state()
	require.Equal(t, []model.Time{model.TimeOf(clock), 0, 0}, came, "servers leave the local address of the connection")

	p.arrived(peer.NewContext(context.Background(), &peer.Peer{LocalAddr: otlp.Addr()}))
	p.arrived(context.Background()) // behind a batch processor: nobody knows
	_, came = state()
	require.Equal(t, []model.Time{model.TimeOf(clock), 0, model.TimeOf(clock)}, came)

	require.NoError(t, otlp.Close())
	states, _ = state()
	require.Equal(t, model.EndpointListening, states[2], "asked at most once a second")
	clock = clock.Add(knockEvery)
	states, _ = state()
	require.Equal(t, model.EndpointUnreachable, states[2])
}

// An address that is told to SDKs may be another one than the port has here: outside of a container, behind a proxy.
func TestPorts_NotOfThisCollector(t *testing.T) {
	cfg := testConfig()
	cfg.Ingest = IngestConfig{SentryURL: "http://localhost:18969", OTLPHTTPURL: "https://dev.test/otlp"}
	p := newPorts(cfg, time.Now)
	require.Equal(t, cfg.endpoints(), p.endpoints())
}
