package spotlightexporter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func testConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = "localhost:0"
	cfg.Announce = false
	return cfg
}

// signals is one exporter with its three signals, started.
type signals struct {
	traces  exporter.Traces
	logs    exporter.Logs
	metrics exporter.Metrics
	base    string // http://host:port
}

func start(t *testing.T, cfg *Config, set exporter.Settings) signals {
	t.Helper()
	ctx := context.Background()
	f := NewFactory()
	var s signals
	var err error
	s.traces, err = f.CreateTraces(ctx, set, cfg)
	require.NoError(t, err)
	s.logs, err = f.CreateLogs(ctx, set, cfg)
	require.NoError(t, err)
	s.metrics, err = f.CreateMetrics(ctx, set, cfg)
	require.NoError(t, err)
	for _, c := range []component.Component{s.traces, s.logs, s.metrics} {
		require.NoError(t, c.Start(ctx, componenttest.NewNopHost()))
	}
	t.Cleanup(func() {
		for _, c := range []component.Component{s.traces, s.logs, s.metrics} {
			require.NoError(t, c.Shutdown(ctx))
		}
	})
	shared, err := running.LoadOrStore(cfg, func() (*spotlight, error) { return nil, errors.New("not shared") })
	require.NoError(t, err)
	s.base = "http://" + shared.Unwrap().addr().String()
	return s
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.StatusCode, "%s: %s", url, body)
	return string(body)
}

const (
	traceText = "0af7651916cd43dd8448eb211c80319c"
	eventText = "fc6d8c0c43fc4630ad850ee518f1b9d0"
)

// someTraces is one OpenTelemetry span with an exception.
func someTraces() ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	id, _ := model.ParseTraceID(traceText)
	span.SetTraceID(pcommon.TraceID(id))
	span.SetSpanID(pcommon.SpanID{1})
	span.SetName("GET /cart")
	span.SetKind(ptrace.SpanKindServer)
	now := time.Now()
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-time.Second)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
	e := span.Events().AppendEmpty()
	e.SetName("exception")
	e.SetTimestamp(pcommon.NewTimestampFromTime(now))
	e.Attributes().PutStr("exception.type", "IOError")
	e.Attributes().PutStr("exception.message", "disk 7 is full")
	return td
}

// someLogs is one Sentry error as the receiver makes it.
func someLogs() plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "shop")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(conventions.ScopeName)
	r := sl.LogRecords().AppendEmpty()
	r.SetEventName(conventions.EventException)
	r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	r.SetSeverityNumber(plog.SeverityNumberError)
	r.Attributes().PutStr(conventions.EventID, eventText)
	r.Attributes().PutStr(conventions.ItemType, "event")
	r.Body().SetStr(`{"event_id":"` + eventText + `","level":"error","platform":"python","exception":{"values":[` +
		`{"type":"KeyError","value":"'sku'","mechanism":{"type":"flask","handled":false},"stacktrace":{"frames":[` +
		`{"filename":"flask/app.py","function":"dispatch","lineno":9,"in_app":false},{"filename":"shop/cart.py","function":"add","lineno":12,"in_app":true}]}}]}}`)
	return ld
}

func TestExporter_FromConsumeToAPI(t *testing.T) {
	s := start(t, testConfig(), exportertest.NewNopSettings(metadata.Type))
	ctx := context.Background()
	require.NoError(t, s.traces.ConsumeTraces(ctx, someTraces()))
	require.NoError(t, s.logs.ConsumeLogs(ctx, someLogs()))

	require.Contains(t, get(t, s.base+"/api/v1/traces/"+traceText), `"GET /cart"`)
	require.Contains(t, get(t, s.base+"/api/v1/events/"+eventText+"?raw=1"), `{"event_id":"`+eventText+`","level"`)
	var issues model.Page[model.Issue]
	require.NoError(t, json.Unmarshal([]byte(get(t, s.base+"/api/v1/issues")), &issues))
	require.Len(t, issues.Items, 2)
	titles := map[string]model.Issue{}
	for _, i := range issues.Items {
		titles[i.Title] = i
	}
	require.Equal(t, "disk 7 is full", titles["IOError"].Value)
	require.Equal(t, []model.Origin{model.OriginOTel}, titles["IOError"].Origins)
	key := titles["KeyError"]
	require.Equal(t, "'sku'", key.Value)
	require.Contains(t, key.Culprit, "shop/cart.py:12")
	require.True(t, key.Unhandled)
	require.Equal(t, "frames", key.How)
	require.Contains(t, get(t, s.base+"/"), "<html")
}

func TestExporter_WebSocket(t *testing.T) {
	s := start(t, testConfig(), exportertest.NewNopSettings(metadata.Type))
	url := "ws" + strings.TrimPrefix(s.base, "http") + "/ws"

	// A page of another site, on a socket that no CORS would stop.
	_, response, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {"https://attacker.test"}})
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusForbidden, response.StatusCode)

	dialer := websocket.Dialer{Subprotocols: []string{model.Subprotocol}}
	conn, _, err := dialer.Dial(url, http.Header{"Origin": {"http://localhost:5173"}})
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.WriteJSON(model.ClientFrame{Type: model.RequestSubscribe}))
	require.NoError(t, s.logs.ConsumeLogs(context.Background(), someLogs()))
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for seen := false; !seen; {
		_, text, err := conn.ReadMessage()
		require.NoError(t, err)
		seen = bytes.Contains(text, []byte(eventText))
	}
}

func TestExporter_SendTest(t *testing.T) {
	s := start(t, testConfig(), exportertest.NewNopSettings(metadata.Type))
	post := func(kind string) (sent struct{ TraceID, EventID string }) {
		r, err := http.Post(s.base+"/api/v1/test?kind="+kind, "", nil)
		require.NoError(t, err)
		defer r.Body.Close()
		require.Equal(t, http.StatusOK, r.StatusCode)
		var body struct {
			TraceID string `json:"trace_id"`
			EventID string `json:"event_id"`
		}
		require.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		return struct{ TraceID, EventID string }(body)
	}
	fine := post("trace")
	require.Empty(t, fine.EventID)
	var trace model.Trace
	require.NoError(t, json.Unmarshal([]byte(get(t, s.base+"/api/v1/traces/"+fine.TraceID)), &trace))
	require.Equal(t, 19, trace.SpanCount)
	require.Zero(t, trace.ErrorCount)
	require.Equal(t, []string{"demo-web", "demo-gateway", "demo-orders", "demo-payments"}, trace.Services)
	require.True(t, trace.Complete)
	require.ElementsMatch(t, []model.Origin{model.OriginSentry, model.OriginOTel}, trace.Origins)
	require.Empty(t, trace.MissingParents)

	failed := post("error")
	var event model.Event
	require.NoError(t, json.Unmarshal([]byte(get(t, s.base+"/api/v1/events/"+failed.EventID)), &event))
	require.Equal(t, "AcquirerTimeout", event.Exceptions[0].Type)
	require.Equal(t, "TimeoutError", event.Exceptions[1].Type)
	require.Equal(t, failed.TraceID, event.TraceID.String())
	require.GreaterOrEqual(t, len(event.Breadcrumbs), 3)
	require.Contains(t, get(t, s.base+"/api/v1/logs?trace="+failed.TraceID), "payment failed")
	require.Contains(t, get(t, s.base+"/api/v1/metrics"), "demo.orders")
	require.Contains(t, get(t, s.base+"/api/v1/services"), "demo-payments")
}

// Signals of one configuration share one exporter, two configurations do not.
func TestExporter_SharedBySignals(t *testing.T) {
	t.Run("two configurations", func(t *testing.T) {
		a := start(t, testConfig(), exportertest.NewNopSettings(metadata.Type))
		b := start(t, testConfig(), exportertest.NewNopSettings(metadata.Type))
		require.NotEqual(t, a.base, b.base)
		require.Equal(t, 2, running.Len())
	})
	require.Zero(t, running.Len(), "what was shut down is forgotten")
}

func TestExporter_PortIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	cfg := testConfig()
	cfg.ServerConfig.NetAddr.Endpoint = taken.Addr().String()
	traces, err := NewFactory().CreateTraces(context.Background(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	err = traces.Start(context.Background(), componenttest.NewNopHost())
	require.ErrorContains(t, err, "endpoint: ")
	require.ErrorContains(t, err, "set another endpoint")
	require.NoError(t, traces.Shutdown(context.Background()))
}

func TestExporter_UnknownAuthenticator(t *testing.T) {
	cfg := testConfig()
	cfg.ServerConfig.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: component.MustNewID("basicauth")}})
	traces, err := NewFactory().CreateTraces(context.Background(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.ErrorContains(t, traces.Start(context.Background(), componenttest.NewNopHost()), "basicauth")
	require.NoError(t, traces.Shutdown(context.Background()))
}

// authenticator lets in who knows the word.
type authenticator struct {
	component.StartFunc
	component.ShutdownFunc
}

func (authenticator) Authenticate(ctx context.Context, headers map[string][]string) (context.Context, error) {
	if v := headers["Authorization"]; len(v) == 1 && v[0] == "Bearer sesame" {
		return ctx, nil
	}
	return ctx, errors.New("who are you")
}

type authHost struct{ component.Host }

func (authHost) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{component.MustNewID("sesame"): authenticator{}}
}

func TestExporter_Authenticator(t *testing.T) {
	cfg := testConfig()
	cfg.ServerConfig.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: component.MustNewID("sesame")}})
	s, err := newSpotlight(cfg, exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.NoError(t, s.Start(context.Background(), authHost{componenttest.NewNopHost()}))
	defer func() { require.NoError(t, s.Shutdown(context.Background())) }()
	url := "http://" + s.addr().String() + "/api/v1/status"

	ask := func(method, key, value string) *http.Response {
		r, err := http.NewRequest(method, url, nil)
		require.NoError(t, err)
		r.Header.Set(key, value)
		r.Header.Set("Origin", "http://localhost:3000")
		r.Header.Set("Access-Control-Request-Method", "GET")
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		if answer.StatusCode == http.StatusUnauthorized {
			var body map[string]string
			require.NoError(t, json.NewDecoder(answer.Body).Decode(&body))
			require.Equal(t, "who are you", body["error"])
		}
		return answer
	}
	require.Equal(t, http.StatusUnauthorized, ask("GET", "Authorization", "Bearer x").StatusCode)
	require.Equal(t, http.StatusOK, ask("GET", "Authorization", "Bearer sesame").StatusCode)
	require.Equal(t, http.StatusNoContent, ask("OPTIONS", "X-Other", "").StatusCode, "a preflight carries no credentials")
}

// statusHost remembers what components report.
type statusHost struct {
	component.Host
	mu     sync.Mutex
	events []*componentstatus.Event
}

func (h *statusHost) Report(e *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

func TestExporter_ServerThatDiesIsReported(t *testing.T) {
	s, err := newSpotlight(testConfig(), exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	host := &statusHost{Host: componenttest.NewNopHost()}
	require.NoError(t, s.Start(context.Background(), host))
	require.NoError(t, s.listeners[0].Close())
	require.Eventually(t, func() bool {
		host.mu.Lock()
		defer host.mu.Unlock()
		return len(host.events) == 1 && host.events[0].Status() == componentstatus.StatusFatalError
	}, 5*time.Second, time.Millisecond)
	require.NoError(t, s.Shutdown(context.Background()))
}

func TestExporter_ShutdownWithClients(t *testing.T) {
	s, err := newSpotlight(testConfig(), exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.NoError(t, s.Start(context.Background(), componenttest.NewNopHost()))
	for range 3 {
		conn, _, err := websocket.DefaultDialer.Dial("ws://"+s.addr().String()+"/ws", nil)
		require.NoError(t, err)
		defer conn.Close()
	}
	begin := time.Now()
	require.NoError(t, s.Shutdown(context.Background()))
	require.Less(t, time.Since(begin), time.Second)
	require.NoError(t, s.Shutdown(context.Background()))
	require.NoError(t, s.consumeTraces(context.Background(), someTraces()), "a late record is harmless")
}

func TestExporter_Logs(t *testing.T) {
	core, logs := observer.New(zap.InfoLevel)
	set := exportertest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	cfg := testConfig()
	cfg.ServerConfig.NetAddr.Endpoint = "0.0.0.0:0"
	s, err := newSpotlight(cfg, set)
	require.NoError(t, err)
	require.NoError(t, s.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, s.Shutdown(context.Background()))
	require.Equal(t, 1, logs.FilterMessage("overlay is ready").Len())
	require.Equal(t, 1, logs.FilterLevelExact(zap.WarnLevel).FilterMessageSnippet("everybody who can reach this address").Len())
}

func TestAnnounce(t *testing.T) {
	var b bytes.Buffer
	announce(&b, "http://localhost:8970", createDefaultConfig().(*Config).Ingest)
	require.Equal(t, `
  Spotlight    http://localhost:8970       open it in a browser
  Sentry SDKs  http://localhost:8969       SENTRY_SPOTLIGHT=1, or DSN http://spotlight@localhost:8969/1
  OTLP/HTTP    http://localhost:4318       OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318
  OTLP/gRPC    http://localhost:4317
  Agents       http://localhost:8970/mcp   Model Context Protocol, for coding agents

`, b.String())
	b.Reset()
	announce(&b, "http://localhost:8970", IngestConfig{SentryURL: "http://devbox.lan:9000/"})
	require.Contains(t, b.String(), "SENTRY_SPOTLIGHT=http://devbox.lan:9000/stream, or DSN http://spotlight@devbox.lan:9000/1")
	require.NotContains(t, b.String(), "OTLP")
}

func TestOverlayURL(t *testing.T) {
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8970}
	for _, c := range []struct {
		endpoint string
		tls      bool
		want     string
	}{
		{"localhost:8970", false, "http://localhost:8970"},
		{"localhost:0", false, "http://localhost:8970"},
		{"0.0.0.0:8970", false, "http://localhost:8970"},
		{"[::]:8970", false, "http://localhost:8970"},
		{":8970", false, "http://localhost:8970"},
		{"127.0.0.1:8970", false, "http://127.0.0.1:8970"},
		{"[::1]:8970", true, "https://[::1]:8970"},
		{"devbox.lan:8970", true, "https://devbox.lan:8970"},
	} {
		require.Equal(t, c.want, overlayURL(addr, c.endpoint, c.tls), c.endpoint)
	}
	require.Equal(t, "/tmp/x.sock", overlayURL(&net.UnixAddr{Name: "/tmp/x.sock", Net: "unix"}, "/tmp/x.sock", false))
}
