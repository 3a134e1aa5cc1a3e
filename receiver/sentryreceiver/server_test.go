package sentryreceiver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver/internal/metadata"
)

func TestServer_SignalsShareOne(t *testing.T) {
	ctx := context.Background()
	factory := NewFactory()
	cfg := factory.CreateDefaultConfig()
	cfg.(*Config).ServerConfig.NetAddr.Endpoint = "localhost:0"
	set := receivertest.NewNopSettings(metadata.Type)
	sink := consumertest.NewNop()
	traces, err := factory.CreateTraces(ctx, set, cfg, sink)
	require.NoError(t, err)
	logs, err := factory.CreateLogs(ctx, set, cfg, sink)
	require.NoError(t, err)
	metrics, err := factory.CreateMetrics(ctx, set, cfg, sink)
	require.NoError(t, err)
	require.Same(t, traces, logs)
	require.Same(t, traces, metrics)
	for _, c := range []component.Component{traces, logs, metrics} {
		require.NoError(t, c.Start(ctx, componenttest.NewNopHost()))
	}
	for _, c := range []component.Component{traces, logs, metrics} {
		require.NoError(t, c.Shutdown(ctx))
	}
	require.Zero(t, running.Len())
}

func TestServer_LocalhostIsBothFamilies(t *testing.T) {
	if l, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Skip("no IPv6 here")
	} else {
		require.NoError(t, l.Close())
	}
	h := start(t, func(c *Config) { c.ServerConfig.NetAddr.Endpoint = "localhost:0" })
	port := strconv.Itoa(h.server.listeners[0].Addr().(*net.TCPAddr).Port)
	for _, host := range []string{"127.0.0.1", "[::1]", "localhost"} {
		resp, err := sdk.Get("http://" + host + ":" + port + "/health")
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
}

func TestServer_PortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = taken.Addr().String()
	s, err := newServer(cfg, receivertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.ErrorContains(t, s.Start(context.Background(), componenttest.NewNopHost()), "address already in use")
	require.NoError(t, s.Shutdown(context.Background()))
}

func TestServer_BadPolicy(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.AllowedHosts = []string{""}
	_, err := NewFactory().CreateLogs(context.Background(), receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "allowed_hosts")
	require.Zero(t, running.Len())
}

// statusHost remembers the status events it is told.
type statusHost struct {
	component.Host
	fatal      atomic.Pointer[componentstatus.Event]
	extensions map[component.ID]component.Component
}

func (h *statusHost) Report(e *componentstatus.Event)                     { h.fatal.Store(e) }
func (h *statusHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

func TestServer_ReportsThatItDied(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = "127.0.0.1:0"
	s, err := newServer(cfg, receivertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	host := &statusHost{Host: componenttest.NewNopHost()}
	require.NoError(t, s.Start(context.Background(), host))
	require.NoError(t, s.listeners[0].Close())
	require.Eventually(t, func() bool { return host.fatal.Load() != nil }, 5*time.Second, time.Millisecond)
	require.Equal(t, componentstatus.StatusFatalError, host.fatal.Load().Status())
	require.NoError(t, s.Shutdown(context.Background()))
}

// guard lets in who says please.
type guard struct {
	component.StartFunc
	component.ShutdownFunc
}

func (guard) Authenticate(ctx context.Context, headers map[string][]string) (context.Context, error) {
	if len(headers["X-Please"]) == 0 {
		return ctx, errors.New("say please")
	}
	return ctx, nil
}

// TestServer_Authenticator checks that confighttp's own authentication works, and that preflights, which carry no
// credentials, pass it.
func TestServer_Authenticator(t *testing.T) {
	id := component.MustNewID("guard")
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = "127.0.0.1:0"
	cfg.ServerConfig.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
	s, err := newServer(cfg, receivertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	s.next = next{consumertest.NewNop(), consumertest.NewNop(), consumertest.NewNop()}
	host := &statusHost{Host: componenttest.NewNopHost(), extensions: map[component.ID]component.Component{id: guard{}}}
	require.NoError(t, s.Start(context.Background(), host))
	defer func() { require.NoError(t, s.Shutdown(context.Background())) }()
	h := &harness{t: t, url: "http://" + s.listeners[0].Addr().String()}
	defer sdk.CloseIdleConnections()

	require.Equal(t, http.StatusUnauthorized, h.post("/stream", event("x")).status)
	require.Equal(t, http.StatusOK, h.post("/stream", event("x"), "X-Please", "1").status)
	preflight := h.send(request(http.MethodOptions, "/stream", "", "Origin", "http://localhost:5173", "Access-Control-Request-Method", "POST"))
	require.Equal(t, http.StatusNoContent, preflight.status)
}

// TestServer_ShutdownWaitsForRequests shuts down while a pipeline is at work.
func TestServer_ShutdownWaitsForRequests(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = "127.0.0.1:0"
	s, err := newServer(cfg, receivertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	slow := newSlowLogs()
	s.next.logs = slow
	require.NoError(t, s.Start(context.Background(), componenttest.NewNopHost()))
	h := &harness{t: t, url: "http://" + s.listeners[0].Addr().String()}
	defer sdk.CloseIdleConnections()

	answered := make(chan int, 1)
	go func() { answered <- h.post("/stream", event("x")).status }()
	<-slow.entered
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	select {
	case <-stopped:
		t.Fatal("did not wait")
	case <-time.After(50 * time.Millisecond):
	}
	close(slow.leave)
	require.NoError(t, <-stopped)
	require.Equal(t, http.StatusOK, <-answered)
}
