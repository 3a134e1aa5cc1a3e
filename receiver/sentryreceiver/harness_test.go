package sentryreceiver

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/sharedcomponent"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver/internal/metadata"
)

// harness is a started receiver whose pipelines are sinks.
type harness struct {
	t      testing.TB
	server *server
	url    string // http://127.0.0.1:port

	traces  *consumertest.TracesSink
	logs    *consumertest.LogsSink
	metrics *consumertest.MetricsSink
	said    *observer.ObservedLogs
	numbers *componenttest.Telemetry
	silent  bool // no telemetry: as it runs on a laptop
}

// pipelines replaces the sinks of a harness; a nil field means no pipeline for that signal.
type pipelines struct {
	traces  consumer.Traces
	logs    consumer.Logs
	metrics consumer.Metrics
}

func start(t testing.TB, configure func(*Config)) *harness {
	t.Helper()
	h := &harness{t: t, traces: new(consumertest.TracesSink), logs: new(consumertest.LogsSink), metrics: new(consumertest.MetricsSink)}
	h.startWith(configure, pipelines{h.traces, h.logs, h.metrics})
	return h
}

func (h *harness) startWith(configure func(*Config), to pipelines) {
	h.t.Helper()
	factory := NewFactory()
	cfg := factory.CreateDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = "127.0.0.1:0"
	if configure != nil {
		configure(cfg)
	}
	require.NoError(h.t, cfg.Validate())
	set := receivertest.NewNopSettings(metadata.Type)
	if !h.silent {
		h.numbers = componenttest.NewTelemetry()
		set.TelemetrySettings = h.numbers.NewTelemetrySettings()
		core, said := observer.New(zapcore.DebugLevel)
		set.Logger, h.said = zap.New(core), said
	}

	ctx := context.Background()
	var shared *sharedcomponent.Component[*server]
	if to.traces != nil {
		c, err := factory.CreateTraces(ctx, set, cfg, to.traces)
		require.NoError(h.t, err)
		shared = c.(*sharedcomponent.Component[*server])
	}
	if to.logs != nil {
		c, err := factory.CreateLogs(ctx, set, cfg, to.logs)
		require.NoError(h.t, err)
		shared = c.(*sharedcomponent.Component[*server])
	}
	if to.metrics != nil {
		c, err := factory.CreateMetrics(ctx, set, cfg, to.metrics)
		require.NoError(h.t, err)
		shared = c.(*sharedcomponent.Component[*server])
	}
	require.NoError(h.t, shared.Start(ctx, componenttest.NewNopHost()))
	h.server = shared.Unwrap()
	h.url = "http://" + h.server.listeners[0].Addr().String()
	h.t.Cleanup(func() {
		require.NoError(h.t, shared.Shutdown(ctx))
		sdk.CloseIdleConnections()
		if !h.silent {
			require.NoError(h.t, h.numbers.Shutdown(ctx))
		}
	})
}

// sdk follows no redirect and never compresses or decompresses by itself.
var sdk = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type response struct {
	status int
	header http.Header
	body   string
}

func (h *harness) send(r testkit.Request) response {
	h.t.Helper()
	var body io.Reader = bytes.NewReader(r.Body)
	if r.Chunked {
		body = struct{ io.Reader }{body} // of unknown length
	}
	req, err := http.NewRequest(r.Method, h.url+r.URL(), body)
	require.NoError(h.t, err)
	if r.Header != nil {
		req.Header = r.Header.Clone()
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	resp, err := sdk.Do(req)
	require.NoError(h.t, err, r.Name)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err, r.Name)
	return response{resp.StatusCode, resp.Header, string(text)}
}

// post sends body to path with headers given as name, value, name, value...
func (h *harness) post(path, body string, headers ...string) response {
	h.t.Helper()
	return h.send(request(http.MethodPost, path, body, headers...))
}

func request(method, path, body string, headers ...string) testkit.Request {
	path, query, _ := strings.Cut(path, "?")
	r := testkit.Request{Name: method + " " + path, Method: method, Path: path, Query: query, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// reset empties the sinks.
func (h *harness) reset() {
	h.traces.Reset()
	h.logs.Reset()
	h.metrics.Reset()
}

// stored is every text and every run of bytes in the sinks, one per line.
func (h *harness) stored() string {
	var b strings.Builder
	walkMap := func(m pcommon.Map) {
		for k, v := range m.All() {
			b.WriteString(k + "\n" + text0(v) + "\n")
		}
	}
	for _, td := range h.traces.AllTraces() {
		for _, rs := range td.ResourceSpans().All() {
			walkMap(rs.Resource().Attributes())
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					b.WriteString(span.Name() + "\n")
					walkMap(span.Attributes())
				}
			}
		}
	}
	for _, ld := range h.logs.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			walkMap(rl.Resource().Attributes())
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					b.WriteString(lr.EventName() + "\n" + text0(lr.Body()) + "\n")
					walkMap(lr.Attributes())
				}
			}
		}
	}
	for _, md := range h.metrics.AllMetrics() {
		for _, rm := range md.ResourceMetrics().All() {
			walkMap(rm.Resource().Attributes())
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					b.WriteString(m.Name() + "\n")
					walkMap(m.Metadata())
				}
			}
		}
	}
	return b.String()
}

func text0(v pcommon.Value) string {
	if v.Type() == pcommon.ValueTypeBytes {
		return string(v.Bytes().AsRaw())
	}
	return v.AsString()
}

// records counts what is in the sinks.
func (h *harness) records() int {
	return h.traces.SpanCount() + h.logs.LogRecordCount() + h.metrics.DataPointCount()
}

// resource returns the resource attributes of everything in the sinks, of the first that has any.
func (h *harness) resource() map[string]any {
	for _, td := range h.traces.AllTraces() {
		return td.ResourceSpans().At(0).Resource().Attributes().AsRaw()
	}
	for _, ld := range h.logs.AllLogs() {
		return ld.ResourceLogs().At(0).Resource().Attributes().AsRaw()
	}
	for _, md := range h.metrics.AllMetrics() {
		return md.ResourceMetrics().At(0).Resource().Attributes().AsRaw()
	}
	return nil
}

// event is an envelope with one small event.
func event(message string) string {
	return "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n{\"type\":\"event\"}\n{\"message\":\"" + message + "\"}\n"
}
